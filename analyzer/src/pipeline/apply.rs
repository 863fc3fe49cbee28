//! A described split, carried out: the pipeline up to the plan, in a working tree of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::codebase::{Codebase, discovered, release};
use super::gather::{Gathered, Past, gather};
use super::options::Options;
use super::progress::Stage;
use super::what_if::{Known, what_if};
use crate::apply::{Applied, ApplyOptions, Planned, VerifyOptions, carry_out, verify as compare};
use crate::budget::Watch;
use crate::cost::Mode;
use crate::discover::{BuiltOptions, Edition, Package, TargetKind, directory};
use crate::error::{Error, Result};
use crate::ids::Id;
use crate::plan::{PlanFile, Scenario, WhatIfOptions};
use crate::report::{VerifyReport, WhatIfPackage, WhatIfReport};
use crate::resolve::Module;

/// Carries out a split of one package that the user describes: in a new working tree with a branch, as a patch, or on what is
/// checked out.
///
/// The plan is judged as by [`what_if`](crate::what_if()), with references against its order taken to be cut: what these
/// ask of people is left, and [reported](crate::report::ApplyReport). Unless [`ApplyOptions::check`] says otherwise the
/// result is compiled, which runs the package's build scripts and procedural macros.
///
/// # Errors
/// [`Error::NotApplied`] without a git repository, where the plan can't be done, and where something is in the way; those
/// of [`what_if`](crate::what_if()). What is checked out is then as it was.
pub fn apply(options: &Options, file: &PlanFile, asked: &ApplyOptions) -> Result<Applied> {
    let root = directory(&options.path)?;
    let plan_in = |root: &Path, crates: Option<&BTreeSet<String>>| plan_of(options, file, root, crates);
    carry_out(&root, (&options.discover.reading, &options.discover.tools), asked, &plan_in)
}

/// Carries a split out as [`apply`] does, in working trees that go in the end, and builds what was before and what is after in
/// turn: clean, and after an edit of a file of each crate. The prediction is that of [`what_if`](crate::what_if()) from the
/// units of one build before, with one job.
///
/// # Errors
/// Those of [`apply`]; where only part of the plan can be carried out, or does not compile.
pub fn verify(options: &Options, file: &PlanFile, asked: &VerifyOptions) -> Result<VerifyReport> {
    let root = directory(&options.path)?;
    let plan_in = |root: &Path, crates: Option<&BTreeSet<String>>| plan_of(options, file, root, crates);
    let forecast = |before: &Path, target: &Path| {
        let built = BuiltOptions {
            target_dir: Some(target.to_owned()),
            only_target_dir: true,
            ..options.built.clone().unwrap_or_default()
        };
        let options = Options {
            path: before.to_owned(),
            modes: vec![asked.mode],
            built: Some(built),
            ..options.clone()
        };
        let scenarios = vec![Scenario::Clean, Scenario::Edit];
        let asked = WhatIfOptions {
            scenarios,
            jobs: vec![asked.jobs],
            assume_cuts: true,
            ..WhatIfOptions::default()
        };
        what_if(&options, file, &asked)
    };
    compare(&root, (&options.discover.reading, &options.discover.tools), asked, &plan_in, &forecast)
}

/// The plan for a directory, or for some of its crates.
fn plan_of(
    options: &Options,
    file: &PlanFile,
    root: &Path,
    crates: Option<&BTreeSet<String>>,
) -> Result<Planned> {
    let options = Options { path: root.to_owned(), modes: vec![Mode::Check], built: None, ..options.clone() };
    let mut file = file.clone();
    if let Some(crates) = crates {
        file.crates.retain(|krate| krate.stays() || crates.contains(&krate.name.text));
    }
    planned(&options, &file)
}

fn planned(options: &Options, file: &PlanFile) -> Result<Planned> {
    let watch = Watch::begin(&options.budget);
    let past = Past::begin(options, &watch);
    let Gathered { codebase, history, costs, diagnostics, sources } =
        gather(discovered(options, &watch)?, past, options, &watch)?;
    let _span = options.on_stage.begin(Stage::Plan);
    let known = Known {
        codebase: &codebase,
        history: &history,
        costs: &costs,
        diagnostics: &diagnostics,
        times: None,
        files: false,
    };
    let asked = WhatIfOptions { scenarios: Vec::new(), assume_cuts: true, ..WhatIfOptions::default() };
    let report = known.judged(file, &asked)?;
    release(sources);
    let failed = |message: String| Error::NotApplied { path: options.path.clone(), message };
    let package = only(report).map_err(failed)?;
    target(&options.path, &codebase, package).map_err(failed)
}

/// The package of a plan that can be done.
fn only(report: WhatIfReport) -> std::result::Result<WhatIfPackage, String> {
    if let Some(refusal) = report.refusals.first() {
        let more = report.refusals.len() - 1;
        let others = if more == 0 { String::new() } else { format!(" (and {more} more: see `what-if`)") };
        return Err(format!("the plan can't be done: {}{others}", refusal.detail));
    }
    let mut packages = report.packages.into_iter();
    match (packages.next(), packages.next()) {
        (Some(package), None) => Ok(package),
        (Some(first), Some(second)) => Err(format!(
            "the plan splits `{}` and `{}`: apply it for one package after the other",
            first.name, second.name
        )),
        (None, _) => Err("the plan splits no package".to_owned()),
    }
}

/// Where the parts of a plan lie.
fn target(root: &Path, codebase: &Codebase, package: WhatIfPackage) -> std::result::Result<Planned, String> {
    let repository = &codebase.repository;
    let found = repository.packages.iter().find(|p| p.manifest == package.manifest);
    let found = found.ok_or_else(|| format!("no package has the manifest {}", package.manifest))?;
    if found.edition == Edition::E2015 {
        return Err(format!(
            "`{}` is of edition 2015, in which paths begin at the root of the crate and packages are declared there: bring it \
             to 2018 first (`cargo fix --edition`)",
            package.name
        ));
    }
    let modules = package.plan.crates.iter().flat_map(|krate| &krate.modules);
    let name = modules.clone().next().map(|module| module.split("::").next().unwrap_or(module));
    let name = name.ok_or("the plan has no module")?;
    let crate_root =
        crate_root(codebase, found, name).ok_or_else(|| format!("no target is named `{name}`"))?;
    let workspace = &repository.workspaces[found.workspace];
    let of_workspace = workspace.members.iter().map(|&id| &repository.packages[id]);
    let members = of_workspace.map(|p| {
        let manifest = root.join(&p.manifest);
        (p.name.clone(), manifest.parent().unwrap_or(root).to_owned())
    });
    let members = members.collect();
    let externs = found.dependencies.iter();
    let externs = externs.map(|one| (one.extern_name.clone(), one.package.clone()));
    let targets = found.targets.iter().map(|&id| repository.targets[id].src.as_str());
    let others: BTreeSet<PathBuf> =
        targets.filter(|&src| src != crate_root).map(|src| root.join(src)).collect();
    let resolution = &codebase.resolution;
    let planned = found.targets.iter().find(|&&id| repository.targets[id].src == crate_root);
    let of_crate = |module: &&Module| planned.is_some_and(|target| target.index() == module.krate.index());
    let place = |module: &Module| {
        let line = module.inline.then(|| resolution.items[module.item].line);
        (root.join(&resolution.files[module.file].path), line)
    };
    let compiled = resolution.modules.iter().filter(of_crate).map(place).collect();
    Ok(Planned {
        root: root.to_owned(),
        package: package.name,
        manifest: root.join(&found.manifest),
        workspace: root.join(&workspace.dir).join("Cargo.toml"),
        lock: root.join(&workspace.dir).join("Cargo.lock"),
        members,
        crate_root: root.join(crate_root),
        targets: others.into_iter().collect(),
        compiled,
        externs: externs.collect(),
        plan: package.plan,
        users: Vec::new(),
        unasked: BTreeMap::new(),
        tied: Vec::new(),
    })
}

/// The root file of the target that paths of this crate begin at; the library's, where several have its name.
fn crate_root<'a>(codebase: &'a Codebase, package: &Package, name: &str) -> Option<&'a str> {
    let targets = package.targets.iter().map(|&id| &codebase.repository.targets[id]);
    let named = targets.filter(|target| target.crate_name == name);
    let kinds = named.filter(|target| matches!(target.kind, TargetKind::Lib | TargetKind::Bin));
    kinds.min_by_key(|target| target.kind == TargetKind::Bin).map(|target| target.src.as_str())
}
