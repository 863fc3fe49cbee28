//! Files that several targets of a package declare with `mod`: rustc compiles them once for each. A library compiles them
//! once, and they are where crates can be made of them.

use super::super::today::Today;
use crate::cost::{Cost, Costs, Mode};
use crate::discover::TargetKind;
use crate::ids::{CrateId, FileId, PackageId, UnitId, WorkspaceId};
use crate::plan::input::{PlanInput, PlanOptions};
use crate::plan::model::{Lever, LeverKind};
use crate::plan::predict::split::part_of_codegen;
use crate::plan::targets::{SharedFiles, Targets, kind};
use crate::simulate::{Awaited, NewUnit, Unit, UnitGraph, Users, edit, replace_unit};

/// Targets that a sentence names.
const NAMED: usize = 3;

/// One lever for each package of a workspace that compiles files several times, by a `cargo build`, or the first mode that
/// has costs.
pub(in crate::plan::advice) fn shared_modules(
    input: &PlanInput<'_>,
    options: &PlanOptions,
    workspace: WorkspaceId,
    targets: &Targets,
) -> Vec<Lever> {
    let dev = input.costs.iter().find(|costs| costs.mode == Mode::Dev);
    let members = &input.repository.workspaces[workspace].members;
    let shared: Vec<(PackageId, SharedFiles)> = members
        .iter()
        .filter_map(|&member| Some((member, targets.shared(input.repository, member)?)))
        .collect();
    let Some(costs) = dev.or(input.costs.first()).filter(|_| !shared.is_empty()) else { return Vec::new() };
    let today = Today::new(input, options, workspace, costs);
    shared.iter().filter_map(|(package, shared)| lever(&today, *package, shared)).collect()
}

fn lever(today: &Today<'_>, package: PackageId, shared: &SharedFiles) -> Option<Lever> {
    let after = After::new(today, shared)?;
    let options = today.options;
    let saves = |build: BeforeAfter| {
        let (saved_s, pct) = (build.before_s - build.after_s, build.saved_pct());
        let felt = saved_s >= options.noise_floor_s && pct >= options.noise_floor_pct;
        felt.then(|| today.interval(pct))
    };
    Some(Lever {
        workspace: today.workspace,
        packages: vec![package],
        kind: LeverKind::ShareModules,
        profile: "dev".to_owned(),
        by_default: false,
        detail: detail(today, package, shared, &gain(today, &after)),
        saved_pct: saves(after.clean()),
        edit_saved_pct: saves(after.edited()),
    })
}

/// `42 files of `app` are compiled 3 times, by its binaries `a`, `b` and `c`: a library target compiles them once; …`
fn detail(today: &Today<'_>, package: PackageId, shared: &SharedFiles, gain: &str) -> String {
    let count = shared.files.len();
    let most = shared.files.values().map(Vec::len).max().unwrap_or_default();
    let least = shared.files.values().map(Vec::len).min().unwrap_or_default();
    let times = match most {
        2 => "twice".to_owned(),
        n if least < n => format!("up to {n} times"),
        n => format!("{n} times"),
    };
    let (files, are, them) = if count == 1 { ("file", "is", "it") } else { ("files", "are", "them") };
    let repository = today.input.repository;
    let library = shared.crates.first().is_some_and(|&krate| kind(repository, krate) == TargetKind::Lib);
    let name = |krate: CrateId| {
        let target = &repository.targets[today.input.resolution.crates[krate].target];
        format!("`{}`", target.name)
    };
    let binaries: Vec<String> =
        shared.crates.iter().skip(usize::from(library)).map(|&krate| name(krate)).collect();
    let plural = if binaries.len() == 1 { "binary" } else { "binaries" };
    let binaries = listed(&binaries);
    let (by, instead) = if library {
        let instead = format!("with `use` of the library in place of `mod` it compiles {them} once");
        (format!("its library and its {plural} {binaries}"), instead)
    } else {
        (format!("its {plural} {binaries}"), format!("a library target compiles {them} once"))
    };
    format!(
        "{count} {files} of `{}` {are} compiled {times}, by {by}: {instead}; {gain}",
        repository.packages[package].name
    )
}

/// What a build takes, today and with a library.
#[derive(Clone, Copy)]
struct BeforeAfter {
    before_s: f64,
    after_s: f64,
}

impl BeforeAfter {
    fn saved_pct(self) -> f64 {
        if self.before_s > 0.0 { 100.0 * (self.before_s - self.after_s) / self.before_s } else { 0.0 }
    }
}

fn gain(today: &Today<'_>, after: &After<'_>) -> String {
    let command = today.costs.mode.command();
    let (work, clean, edited) = (after.work(), after.clean(), after.edited());
    if work.after_s >= work.before_s {
        return "at this size that saves no time".to_owned();
    }
    format!(
        "a clean `{command}` is {:.1} core seconds of work in place of {:.1} and takes {:.1} s in place of {:.1} s, the \
         one after an edit of such a file {:.1} s in place of {:.1} s",
        work.after_s, work.before_s, clean.after_s, clean.before_s, edited.after_s, edited.before_s
    )
}

fn listed(names: &[String]) -> String {
    match names {
        [rest @ .., last] if !rest.is_empty() && names.len() <= NAMED => {
            format!("{} and {last}", rest.join(", "))
        }
        _ if names.len() > NAMED => {
            format!("{} and {} more", names[..NAMED].join(", "), names.len() - NAMED)
        }
        _ => names.concat(),
    }
}

/// The builds when a library compiles the shared files.
struct After<'a> {
    today: &'a Today<'a>,
    graph: UnitGraph,
    /// Units that compile shared files today.
    now: Vec<UnitId>,
    /// The one that does afterwards.
    library: UnitId,
}

impl<'a> After<'a> {
    /// `None` where the build compiles fewer than two of the targets.
    fn new(today: &'a Today<'a>, shared: &SharedFiles) -> Option<Self> {
        let built: Vec<(CrateId, UnitId)> = shared
            .crates
            .iter()
            .filter_map(|&krate| Some((krate, today.units.of_crate.get(krate).copied().flatten()?)))
            .collect();
        let &[(first, unit), ref rest @ ..] = &built[..] else { return None };
        if rest.is_empty() {
            return None;
        }
        let is_library = kind(today.input.repository, first) == TargetKind::Lib;
        let (mut graph, library) =
            if is_library { (today.units.graph.clone(), unit) } else { apart(today, shared, (first, unit)) };
        for &(krate, unit) in rest {
            without(&mut graph, today, unit, (krate, cost(today, krate, |file| holds(shared, file, krate))));
            let own = &mut graph.units[unit].dependencies;
            if unit != library && own.iter().all(|&(other, _)| other != library) {
                own.push((library, Awaited::Closure));
                own.sort_unstable();
            }
        }
        Some(Self { today, graph, now: built.iter().map(|&(_, unit)| unit).collect(), library })
    }

    fn clean(&self) -> BeforeAfter {
        BeforeAfter { before_s: self.today.before_s, after_s: self.today.simulate(&self.graph).makespan_s }
    }

    fn edited(&self) -> BeforeAfter {
        let shares = self.today.costs.incremental();
        let of = |graph: &UnitGraph, changed: &[UnitId]| {
            self.today.simulate(&edit(graph, changed, shares)).makespan_s
        };
        BeforeAfter {
            before_s: of(&self.today.units.graph, &self.now),
            after_s: of(&self.graph, &[self.library]),
        }
    }

    /// Core seconds of a clean build.
    fn work(&self) -> BeforeAfter {
        let of = |graph: &UnitGraph| -> f64 {
            graph.units.iter().filter(|unit| !unit.fresh).map(Unit::work_s).sum()
        };
        BeforeAfter { before_s: of(&self.today.units.graph), after_s: of(&self.graph) }
    }
}

fn holds(shared: &SharedFiles, file: FileId, krate: CrateId) -> bool {
    shared.files.get(&file).is_some_and(|crates| crates.contains(&krate))
}

/// What the items of a crate cost that lie in such files.
fn cost(today: &Today<'_>, krate: CrateId, is: impl Fn(FileId) -> bool) -> Cost {
    let resolution = today.input.resolution;
    let mut sum = Cost::default();
    for (id, item) in resolution.items.iter_enumerated() {
        if resolution.modules[item.module].krate == krate && is(item.file) {
            sum += today.costs.items[id];
        }
    }
    sum
}

/// A new library beside the first binary: the files that this one has in common with others, and those that only others
/// have.
fn apart(today: &Today<'_>, shared: &SharedFiles, (first, unit): (CrateId, UnitId)) -> (UnitGraph, UnitId) {
    let own = cost(today, first, |file| holds(shared, file, first));
    let mut all = own;
    for &krate in &shared.crates {
        all += cost(today, krate, |file| {
            shared.files.get(&file).is_some_and(|crates| crates[0] == krate && krate != first)
        });
    }
    let graph = &today.units.graph;
    let (frontend_s, codegen_s) = left(&today.costs.crates[first], own, today.costs);
    let library = NewUnit {
        name: "library".to_owned(),
        frontend_s: all.frontend_s + fixed_s(today, first),
        codegen_s: all.codegen_s,
        codegen_threads: graph.units[unit].codegen_threads,
        depends_on: Vec::new(),
        dependencies: None,
    };
    let binary =
        NewUnit { name: "binary".to_owned(), frontend_s, codegen_s, depends_on: vec![0], ..library.clone() };
    let split = replace_unit(graph, unit, &[library, binary], &Users { facade: 1, ..Users::default() });
    (split.graph, split.units[0])
}

/// What a crate costs beyond its items.
fn fixed_s(today: &Today<'_>, krate: CrateId) -> f64 {
    let items = cost(today, krate, |_| true);
    (today.costs.crates[krate].frontend_s - items.frontend_s).max(today.costs.overhead.crate_s)
}

/// What is left of a crate without `part` of its items: never less than any crate costs.
fn left(whole: &Cost, part: Cost, costs: &Costs) -> (f64, f64) {
    let frontend_s = (whole.frontend_s - part.frontend_s).max(costs.overhead.crate_s);
    (frontend_s, part_of_codegen((whole.codegen_s - part.codegen_s).max(0.0), whole.codegen_s))
}

fn without(graph: &mut UnitGraph, today: &Today<'_>, unit: UnitId, (krate, part): (CrateId, Cost)) {
    let (frontend_s, codegen_s) = left(&today.costs.crates[krate], part, today.costs);
    graph.units[unit].frontend_s = frontend_s;
    graph.units[unit].codegen_s = codegen_s;
}
