//! Levers cheaper than a split: profile settings of the workspace's own root manifest, and how it is cut today.

use std::collections::BTreeMap;

use super::structure::structure;
use crate::cost::{Costs, Mode};
use crate::discover::{Profile, ProfiledPackage};
use crate::ids::{CrateId, Id, WorkspaceId};
use crate::plan::advice::advise::package_cost;
use crate::plan::advice::targets::shared::shared_modules;
use crate::plan::input::{PlanInput, PlanOptions};
use crate::plan::model::{Interval, Lever, LeverKind};
use crate::plan::targets::Targets;
use crate::simulate::{UnitGraph, clean_units, machine_of, simulate_on};

/// What cargo's release profile has by default (the Cargo Book, "Profiles").
const DEFAULT_CODEGEN_UNITS: u32 = 16;
/// How much more processor time a release build takes with 16 code-generation units than with one, of all its work
/// (`benches/README.md`, "Levers").
const WORK_OF_MANY_UNITS: f64 = 0.32;

/// Percent of a clean dev build's processor time that `debug = "line-tables-only"` saves against `debug = 2`: least, mean and
/// most of the two measured (`benches/README.md`, "Levers").
const SAVED_BY_LINE_TABLES: Interval = Interval { p10: 6.0, p50: 16.0, p90: 26.0 };

/// Percent of a clean release build's processor time that leaving LTO off saves, and of the rebuild after an edit: least,
/// mean and most of the two workspaces measured (`benches/README.md`, "Levers"). With `fat` libraries are not translated to
/// machine code before the link, so that a clean build may even be less work with it; its rebuilds were measured in one
/// workspace only, hence no figure.
const SAVED_BY_NO_THIN_LTO: Interval = Interval { p10: 2.0, p50: 20.0, p90: 38.0 };
const EDIT_SAVED_BY_NO_THIN_LTO: Interval = Interval { p10: 39.0, p50: 51.5, p90: 64.0 };
const EDIT_SAVED_BY_NO_FAT_LTO: Interval = Interval { p10: 25.0, p50: 39.5, p90: 54.0 };
/// Cargo's own profiles.
const BUILT_IN: [&str; 4] = ["bench", "dev", "release", "test"];

/// Percent of a clean dev build's processor time that `opt-level = 0` saves in a workspace without other packages, against 1
/// and against 3 (the same section).
const SAVED_BY_NO_OPTIMISATION: Interval = Interval { p10: 71.0, p50: 73.0, p90: 75.0 };

/// Workspaces that are a smaller share of the repository's cost get no levers: fixtures of tests, mostly. A choice.
const LEAST_SHARE: f64 = 0.01;

/// Settings that slow builds down beyond cargo's defaults, or that most development builds can do without; crates
/// better merged and dependencies better dropped; for each workspace, or that of the package that is asked for.
pub fn levers(input: &PlanInput<'_>, options: &PlanOptions) -> Vec<Lever> {
    let mut levers = Vec::new();
    let targets = Targets::new(input.repository, input.resolution);
    let all_s: f64 = input.repository.workspaces.ids().map(|workspace| cost_s(input, workspace)).sum();
    let asked = options.package.map(|package| input.repository.packages[package].workspace);
    let counts = |workspace| match asked {
        Some(asked) => was_read(input, workspace) && workspace == asked,
        None => was_read(input, workspace) && cost_s(input, workspace) >= LEAST_SHARE * all_s,
    };
    let workspaces = input.repository.workspaces.iter_enumerated();
    for (workspace, data) in workspaces.filter(|&(workspace, _)| counts(workspace)) {
        levers.extend(lto(workspace, &data.profiles));
        if let Some(release) = data.profiles.get("release") {
            levers.extend(codegen_units(input, options, workspace, &release.with_flags()));
        }
        if let Some(dev) = data.profiles.get("dev") {
            let dev = of_most_work(input, workspace, dev);
            levers.extend(development(workspace, &dev, codegen_share(input, workspace)));
        }
        levers.extend(structure(input, options, workspace));
        levers.extend(shared_modules(input, options, workspace, &targets));
    }
    let share = |lever: &Lever| if all_s > 0.0 { cost_s(input, lever.workspace) / all_s } else { 1.0 };
    levers.sort_by(|a, b| usefulness(b, share(b)).total_cmp(&usefulness(a, share(a))));
    levers
}

/// The rank of a lever: percent that it saves, of the build where that is most, as a share of all that the repository builds. First
/// of all come files that are compiled several times, where that can be felt: work is done for nothing there, and a split builds on
/// it; what cargo does for everybody comes last.
fn usefulness(lever: &Lever, share: f64) -> f64 {
    let figures = lever.saved_pct.into_iter().chain(lever.edit_saved_pct);
    let most = share * figures.map(|saved| saved.p50).fold(0.0, f64::max);
    match lever.kind {
        LeverKind::ShareModules if most > 0.0 => most + 100.0,
        _ if lever.by_default => most - 100.0,
        _ => most,
    }
}

/// Core seconds of everything that a workspace's members build, in the first mode.
fn cost_s(input: &PlanInput<'_>, workspace: WorkspaceId) -> f64 {
    let members = &input.repository.workspaces[workspace].members;
    members.iter().map(|&member| package_cost(input, member)).sum()
}

/// A profile as most of the members' work is built with it, by what it says of single packages.
fn of_most_work(input: &PlanInput<'_>, workspace: WorkspaceId, profile: &Profile) -> Profile {
    let mut shares: BTreeMap<(String, String, bool), (f64, Profile)> = BTreeMap::new();
    for &member in &input.repository.workspaces[workspace].members {
        let data = &input.repository.packages[member];
        let package = ProfiledPackage { name: &data.name, version: &data.version, member: true };
        let mut own = profile.for_unit(package, false);
        // Advice says where a flag stands.
        own.overrides.flags.clone_from(&profile.overrides.flags);
        let key = (own.debug.clone(), own.opt_level.clone(), own.incremental);
        shares.entry(key).or_insert((0.0, own)).0 += package_cost(input, member);
    }
    let most = shares.into_values().max_by(|(one, _), (other, _)| one.total_cmp(other));
    most.filter(|(cost, _)| *cost > 0.0).map_or_else(|| profile.with_flags(), |(_, own)| own)
}

/// Whether anything of a workspace's code was found: of one that could not be read nothing is known.
fn was_read(input: &PlanInput<'_>, workspace: WorkspaceId) -> bool {
    let members = input.repository.workspaces[workspace].members.iter();
    members.flat_map(|&member| &input.repository.packages[member].targets).any(|target| {
        let root = input.resolution.crates.get(CrateId::from_index(target.index())).map(|krate| krate.root);
        root.map(|root| &input.resolution.modules[root])
            .is_some_and(|root| !root.items.is_empty() || !root.children.is_empty())
    })
}

/// Link-time optimisation, which compiles everything again in the rebuild after an edit, whatever changed.
fn lto(workspace: WorkspaceId, profiles: &BTreeMap<String, Profile>) -> Option<Lever> {
    let profile = profiles.get("release").filter(|profile| profile.has_lto())?;
    // Who has an optimised profile without it has taken the advice.
    let optimised = |p: &Profile| p.opt_level != "0" && !p.has_lto();
    if profiles.iter().any(|(name, own)| !BUILT_IN.contains(&name.as_str()) && optimised(own)) {
        return None;
    }
    let (value, clean, edit, parallel) = if profile.lto == "thin" {
        ("`lto = \"thin\"`", Some(SAVED_BY_NO_THIN_LTO), EDIT_SAVED_BY_NO_THIN_LTO, "")
    } else {
        // Of a clean build there is no figure: more work in one workspace without it, less in the other.
        let parallel = "`lto = \"thin\"` runs in parallel, and ";
        ("Full LTO (`lto = true` or `\"fat\"`)", None, EDIT_SAVED_BY_NO_FAT_LTO, parallel)
    };
    let detail = format!(
        "{value} compiles everything again while linking, which no split shortens: {parallel}`lto = false` in a \
         profile of its own for test builds leaves it to the builds that ship"
    );
    Some(Lever {
        workspace,
        packages: Vec::new(),
        kind: LeverKind::Lto,
        profile: "release".to_owned(),
        by_default: false,
        detail,
        saved_pct: clean,
        edit_saved_pct: Some(edit),
    })
}

fn codegen_units(
    input: &PlanInput<'_>,
    options: &PlanOptions,
    workspace: WorkspaceId,
    profile: &Profile,
) -> Option<Lever> {
    if profile.codegen_units >= DEFAULT_CODEGEN_UNITS {
        return None;
    }
    // What a number between costs in work was not measured.
    let release = input.costs.iter().find(|costs| costs.mode == Mode::Release && profile.codegen_units == 1);
    let saved = release.map(|costs| saved_by_parallel_codegen(input, options, workspace, costs));
    if saved.is_some_and(|saved| saved.p50 <= 0.0) {
        return None;
    }
    let flag = profile.overrides.flags.written("codegen-units");
    let setting = flag.unwrap_or_else(|| format!("`codegen-units = {}`", profile.codegen_units));
    let detail = format!(
        "{setting} leaves code generation of each crate on {} core{} ({DEFAULT_CODEGEN_UNITS} by default): more \
         units are more work ({:.0} % for 16 in place of one) and optimise a little less, but idle cores share it",
        profile.codegen_units,
        if profile.codegen_units == 1 { "" } else { "s" },
        100.0 * WORK_OF_MANY_UNITS
    );
    Some(Lever {
        workspace,
        packages: Vec::new(),
        kind: LeverKind::CodegenUnits,
        profile: "release".to_owned(),
        by_default: false,
        detail,
        saved_pct: saved,
        edit_saved_pct: None,
    })
}

/// The clean build simulated with the default number of code-generation units in place of one.
fn saved_by_parallel_codegen(
    input: &PlanInput<'_>,
    options: &PlanOptions,
    workspace: WorkspaceId,
    costs: &Costs,
) -> Interval {
    let mut graph = clean_units((input.repository, input.resolution), costs, workspace).graph;
    let machine = machine_of(input.repository, workspace, options.jobs);
    let makespan_s = |graph: &UnitGraph| simulate_on(graph, options.jobs, &machine).makespan_s;
    let before = makespan_s(&graph);
    for unit in graph.units.iter_mut().filter(|unit| unit.codegen_s > 0.0) {
        unit.codegen_s += WORK_OF_MANY_UNITS * (unit.frontend_s + unit.codegen_s);
        unit.codegen_threads = DEFAULT_CODEGEN_UNITS;
    }
    let after = makespan_s(&graph);
    let pct = if before > 0.0 { 100.0 * (before - after) / before } else { 0.0 };
    // What is left can't be less than nothing: its logarithm is off by the factor.
    let (left, factor) = (1.0 - pct / 100.0, costs.error_factor.max(1.0));
    let saved = |power: f64| 100.0 * (1.0 - left.powf(power));
    Interval { p10: saved(factor.recip()), p50: pct, p90: saved(factor) }
}

/// What share of the work of a development build of the members' crates is code generation, where that mode has costs.
fn codegen_share(input: &PlanInput<'_>, workspace: WorkspaceId) -> Option<f64> {
    let costs = input.costs.iter().find(|costs| costs.mode == Mode::Dev)?;
    let members = input.repository.workspaces[workspace].members.iter();
    let (mut codegen_s, mut all_s) = (0.0, 0.0);
    for &target in members.flat_map(|&member| &input.repository.packages[member].targets) {
        if let Some(cost) = costs.crates.get(CrateId::from_index(target.index())) {
            codegen_s += cost.codegen_s;
            all_s += cost.total_s();
        }
    }
    (all_s > 0.0).then(|| codegen_s / all_s)
}

fn development(workspace: WorkspaceId, profile: &Profile, codegen_share: Option<f64>) -> Vec<Lever> {
    let lever = |kind, detail: String, saved_pct, edit_saved_pct| Lever {
        workspace,
        packages: Vec::new(),
        kind,
        profile: "dev".to_owned(),
        by_default: false,
        detail,
        saved_pct,
        edit_saved_pct,
    };
    let flags = &profile.overrides.flags;
    let mut levers = Vec::new();
    if matches!(profile.debug.as_str(), "2" | "true" | "full") {
        // Discovery writes cargo's default as 2.
        let flag = flags.written("debuginfo");
        let by_default = profile.debug == "2" && flag.is_none();
        let saving = match flag {
            Some(_) => "`line-tables-only`",
            None => "`debug = \"line-tables-only\"`",
        };
        let writes = flag.unwrap_or_else(|| match by_default {
            true => "full debug information, cargo's default".to_owned(),
            false => format!("`debug = {}`", profile.debug),
        });
        let has = match codegen_share {
            Some(share) => {
                format!(
                    "{:.0} % of the work of a `cargo build` is code generation, with {writes}",
                    100.0 * share
                )
            }
            None => format!("a `cargo build` has {writes}"),
        };
        let detail = format!("{has}: {saving} keeps backtraces and shortens code generation and linking");
        let own = lever(LeverKind::DebugInfo, detail, Some(SAVED_BY_LINE_TABLES), None);
        levers.push(Lever { by_default, ..own });
    }
    if !matches!(profile.opt_level.as_str(), "0") {
        let (setting, moved) = match flags.written("opt-level") {
            Some(flag) => (flag, "in its place "),
            None => (format!("`opt-level = {}`", profile.opt_level), ""),
        };
        levers.push(lever(
            LeverKind::OptLevel,
            format!(
                "{setting} optimises development builds: {moved}`[profile.dev.package.\"*\"]` can keep that for \
                 dependencies, which are built once, and leave it off for the crates here"
            ),
            matches!(profile.opt_level.as_str(), "1" | "2" | "3").then_some(SAVED_BY_NO_OPTIMISATION),
            None,
        ));
    }
    if !profile.incremental {
        levers.push(lever(
            LeverKind::Incremental,
            "`incremental = false` compiles a changed crate from scratch after every edit".to_owned(),
            None,
            None,
        ));
    }
    levers
}
