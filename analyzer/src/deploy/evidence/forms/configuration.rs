//! `[services]` of `split-advisor.toml`: what is deployed beside what the files say, what is not, and what it is called.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::deploy::deployed::{DeployedProgram, Evidence, EvidenceKind, NotDeployed, OtherProgram, Standing};
use crate::deploy::evidence::programs::Programs;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::ids::TargetId;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    services: Services,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Services {
    /// Programs that are deployed, though no file says so.
    add: Vec<Spanned<Added>>,
    /// Names of those that are not.
    drop: Vec<Spanned<String>>,
    /// Other names for some.
    rename: BTreeMap<String, Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Added {
    binary: String,
    name: Option<String>,
    package: Option<String>,
    role: Option<String>,
}

/// Changes what the files say; what means nothing is a diagnostic at its line.
pub(in crate::deploy::evidence) fn apply(
    path: &str,
    text: &str,
    programs: &Programs<'_>,
    standing: &mut Standing,
) -> Vec<Diagnostic> {
    let line = |start: usize| {
        let before = text.as_bytes()[..start.min(text.len())].iter();
        u32::try_from(before.filter(|byte| **byte == b'\n').count() + 1).unwrap_or(u32::MAX)
    };
    let wrong = |start: usize, message: String| {
        Diagnostic::new(Severity::Error, Code::InvalidConfig, message).at(path).line(line(start))
    };
    let file: File = match toml::from_str(text) {
        Ok(file) => file,
        Err(error) => {
            let start = error.span().map_or(0, |span| span.start);
            return vec![wrong(start, format!("not used: {}", error.message()))];
        }
    };
    let mut diagnostics = Vec::new();
    for name in &file.services.drop {
        if !drop_program(name.get_ref(), programs, standing) {
            let message = format!("`{}` is not deployed: there is nothing to leave out", name.get_ref());
            diagnostics.push(wrong(name.span().start, message));
        }
    }
    for (from, to) in &file.services.rename {
        match standing.deployed.iter_mut().find(|program| program.name == *from) {
            Some(program) => program.name.clone_from(to.get_ref()),
            None => diagnostics
                .push(wrong(to.span().start, format!("nothing that is deployed is called `{from}`"))),
        }
    }
    for added in &file.services.add {
        let start = added.span().start;
        match find(added.get_ref(), programs) {
            Some(target) => add(added.get_ref(), target, (path, line(start)), programs, standing),
            None => {
                let message = format!("no package here builds one binary `{}`", added.get_ref().binary);
                diagnostics.push(wrong(start, message));
            }
        }
    }
    standing.deployed.sort_by(|a, b| (a.target, &a.role, &a.name).cmp(&(b.target, &b.role, &b.name)));
    diagnostics
}

/// By the name of the deployable or of the binary.
fn drop_program(name: &str, programs: &Programs<'_>, standing: &mut Standing) -> bool {
    let is = |program: &DeployedProgram| program.name == name || programs.name(program.target) == name;
    let (dropped, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut standing.deployed).into_iter().partition(is);
    standing.deployed = kept;
    let known = standing.others.iter().any(|other| programs.name(other.target) == name);
    let any = !dropped.is_empty();
    for program in dropped {
        if !standing.deployed.iter().any(|kept| kept.target == program.target) {
            let (target, evidence) = (program.target, program.evidence);
            standing.others.retain(|other| other.target != target);
            standing.others.push(OtherProgram { target, why: NotDeployed::Dropped, evidence });
        }
    }
    standing.others.sort_by_key(|other| other.target);
    any || known
}

fn find(added: &Added, programs: &Programs<'_>) -> Option<TargetId> {
    let repository = programs.repository();
    let fits = |target: &TargetId| {
        let package = &repository.packages[repository.targets[*target].package].name;
        added.package.as_ref().is_none_or(|name| name == package)
    };
    let mut found = programs.named(&added.binary).iter().copied().filter(fits);
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

fn add(
    added: &Added,
    target: TargetId,
    (file, line): (&str, u32),
    programs: &Programs<'_>,
    standing: &mut Standing,
) {
    let evidence = Evidence {
        file: file.to_owned(),
        line,
        what: format!("services.add: {}", added.binary),
        kind: EvidenceKind::Starts,
    };
    standing.others.retain(|other| other.target != target);
    let default = match &added.role {
        Some(role) => format!("{} {role}", programs.name(target)),
        None => programs.name(target).to_owned(),
    };
    let name = added.name.clone().unwrap_or(default);
    let same = |program: &&mut DeployedProgram| program.target == target && program.role == added.role;
    match standing.deployed.iter_mut().find(same) {
        Some(program) => {
            program.evidence.push(evidence);
            program.evidence.sort();
            program.name = name;
        }
        None => standing.deployed.push(DeployedProgram {
            target,
            name,
            role: added.role.clone(),
            services: Vec::new(),
            evidence: vec![evidence],
        }),
    }
}
