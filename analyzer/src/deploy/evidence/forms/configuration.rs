//! `[services]` of `split-advisor.toml`: what is deployed beside what the files say, what is not, and what it is called.

use crate::config::{AddedService, Services};
use crate::deploy::deployed::{DeployedProgram, Evidence, EvidenceKind, NotDeployed, OtherProgram, Standing};
use crate::deploy::evidence::programs::Programs;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::ids::TargetId;

/// Changes what the files say; what means nothing is a diagnostic at its line.
pub(in crate::deploy::evidence) fn apply(
    path: &str,
    services: &Services,
    programs: &Programs<'_>,
    standing: &mut Standing,
) -> Vec<Diagnostic> {
    let wrong = |line: u32, message: String| {
        Diagnostic::new(Severity::Error, Code::InvalidConfig, message).at(path).line(line)
    };
    let mut diagnostics = Vec::new();
    for name in &services.drop {
        if !drop_program(&name.value, programs, standing) {
            let message = format!("`{}` is not deployed: there is nothing to leave out", name.value);
            diagnostics.push(wrong(name.line, message));
        }
    }
    for (from, to) in &services.rename {
        match standing.deployed.iter_mut().find(|program| program.name == *from) {
            Some(program) => program.name.clone_from(&to.value),
            None => diagnostics.push(wrong(to.line, format!("nothing that is deployed is called `{from}`"))),
        }
    }
    for (name, seconds) in &services.deploy {
        standing.deploy_seconds.insert(name.clone(), seconds.value);
    }
    for added in &services.add {
        match find(&added.value, programs) {
            Some(target) => add(&added.value, target, (path, added.line), programs, standing),
            None => {
                let message = format!("no package here builds one binary `{}`", added.value.binary);
                diagnostics.push(wrong(added.line, message));
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

fn find(added: &AddedService, programs: &Programs<'_>) -> Option<TargetId> {
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
    added: &AddedService,
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
