//! Levers in how the workspace is cut today: crates too small to pay for themselves, and dependencies between its own
//! packages that hold up the build and hang on few references.

use std::collections::{BTreeMap, BTreeSet};

use super::merge::better_merged;
use crate::base::words::{and_more, counted};
use crate::discover::{DependencyKind, TargetKind};
use crate::ids::{IdVec, ItemId, ModuleId, PackageId, UnitId, WorkspaceId};
use crate::plan::advice::today::Today;
use crate::plan::input::{PlanInput, PlanOptions};
use crate::plan::model::{Lever, LeverKind};
use crate::resolve::{BorrowedName, Reference};
use crate::simulate::{Awaited, UnitGraph};

/// A dependency that more references hold is no matter of an afternoon: taste, as a plan's few cuts are.
const FEW_REFERENCES: usize = 24;
/// Dependencies and packages that a sentence names.
const NAMED: usize = 3;
/// Dependencies that are tried by simulation for each workspace: a choice. Each try costs a build of all units.
const TRIED: usize = 48;
/// Dependencies shown for each workspace.
const SHOWN: usize = 3;

/// The levers of one workspace, for the first mode that has costs.
pub(in crate::plan) fn structure(
    input: &PlanInput<'_>,
    options: &PlanOptions,
    workspace: WorkspaceId,
) -> Vec<Lever> {
    let Some(costs) = input.costs.first() else { return Vec::new() };
    if input.repository.workspaces[workspace].members.len() < 2 {
        return Vec::new();
    }
    let today = Today::new(input, options, workspace, costs);
    let small = today.merges();
    let said: Vec<PackageId> = small.iter().flat_map(|lever| lever.packages.clone()).collect();
    let merged = better_merged(&today, &said);
    today.dependencies().into_iter().chain(small).chain(merged).collect()
}

impl Today<'_> {
    /// Dependencies on the critical path without which a clean build would be shorter, the best first.
    fn dependencies(&self) -> Vec<Lever> {
        let of_unit = self.package_of_units();
        let mut found: Vec<(f64, PackageId, PackageId)> = Vec::new();
        for (user, dependency) in self.holding_up() {
            let (Some(&from), Some(&to)) = (of_unit.get(&user), of_unit.get(&dependency)) else { continue };
            let after_s = self.makespan_without(user, dependency);
            if self.worthwhile(after_s) {
                found.push((after_s, from, to));
            }
        }
        found.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
        found
            .into_iter()
            .filter_map(|(after_s, from, to)| self.dependency(after_s, from, to))
            .take(SHOWN)
            .collect()
    }

    /// Dependencies between two units of the critical path, of a user and what it waits for: those first without which the
    /// user could begin soonest.
    fn holding_up(&self) -> Vec<(UnitId, UnitId)> {
        let schedule = self.simulate(&self.units.graph);
        let path: BTreeSet<UnitId> = schedule.critical_path.iter().copied().collect();
        let awaited_until = |&(dependency, awaited): &(UnitId, Awaited)| match awaited {
            Awaited::Metadata => schedule.spans[dependency].metadata_s,
            Awaited::All | Awaited::Closure => schedule.spans[dependency].end_s,
        };
        let mut found: Vec<(f64, UnitId, UnitId)> = Vec::new();
        for &user in &path {
            let dependencies = &self.units.graph.units[user].dependencies;
            for held in dependencies.iter().filter(|(dependency, _)| path.contains(dependency)) {
                let others = dependencies.iter().filter(|other| other.0 != held.0).map(awaited_until);
                let sooner_s = schedule.spans[user].start_s - others.fold(0.0, f64::max);
                found.push((sooner_s, user, held.0));
            }
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
        found.into_iter().take(TRIED).map(|(_, user, dependency)| (user, dependency)).collect()
    }

    fn makespan_without(&self, user: UnitId, dependency: UnitId) -> f64 {
        let mut graph = self.units.graph.clone();
        graph.units[user].dependencies.retain(|&(unit, _)| unit != dependency);
        self.simulate(&graph).makespan_s
    }

    fn dependency(&self, after_s: f64, from: PackageId, to: PackageId) -> Option<Lever> {
        // Features choose it: whoever builds without it has it dropped already.
        let declared = self.input.repository.packages[from].dependencies.iter();
        if declared.filter(|d| d.local == Some(to)).any(|d| d.optional) {
            return None;
        }
        let (references, taken) = (self.references(from, to), self.taken(from, to)?);
        if references.len() + taken.len() > FEW_REFERENCES {
            return None;
        }
        let packages = &self.input.repository.packages;
        let places = self.places(references.iter().map(|r| (r.from, r.line)));
        let named = and_more(&places, NAMED);
        let held = match (references.len(), places.len()) {
            (0, _) if taken.is_empty() => {
                "no reference to it was found (macros and build scripts may hide one)".to_owned()
            }
            (0, _) => "nothing that it defines is named".to_owned(),
            (1, _) => format!("one reference holds it: {named}"),
            (n, lines) if n == lines => format!("{n} references hold it: {named}"),
            (n, lines) => format!("{n} references in {} hold it: {named}", counted(lines as u64, "line")),
        };
        let lines = if taken.len() == 1 { "line takes" } else { "lines take" };
        let by_it = match taken.len() {
            0 => String::new(),
            n => format!("; {n} {lines} from it what others define ({})", and_more(&taken, NAMED)),
        };
        Some(Lever {
            workspace: self.workspace,
            packages: vec![from, to],
            kind: LeverKind::DropDependency,
            profile: "dev".to_owned(),
            by_default: false,
            detail: format!(
                "`{}` waits for `{}`, and {held}{by_it}; without it a clean cargo check takes {after_s:.1} s in place of {:.1} s",
                packages[from].name, packages[to].name, self.before_s
            ),
            saved_pct: Some(self.saved_pct(after_s)),
            edit_saved_pct: None,
        })
    }

    /// References of a package's library to another's, tests and imports aside.
    fn references(&self, from: PackageId, to: PackageId) -> Vec<&Reference> {
        let resolution = self.input.resolution;
        let target_of = |item: ItemId| self.target_of(resolution.items[item].module);
        let holds = |r: &&Reference| {
            target_of(r.from) == (from, TargetKind::Lib) && target_of(r.to).0 == to && !r.test && r.structural
        };
        resolution.references.iter().filter(holds).collect()
    }

    /// Where a package's library takes names from another that are not defined there. None where features choose what these
    /// mean: that is what the other is for.
    fn taken(&self, from: PackageId, to: PackageId) -> Option<Vec<String>> {
        let resolution = self.input.resolution;
        let takes = |b: &&BorrowedName| {
            let taker = self.target_of(resolution.items[b.taker.item].module);
            let lender = self.target_of(b.module).0;
            taker == (from, TargetKind::Lib) && lender == to && !b.taker.test
        };
        let taken: Vec<&BorrowedName> = resolution.borrowed_names.iter().filter(takes).collect();
        let is_chosen =
            |b: &&BorrowedName| !resolution.files[resolution.modules[b.module].file].features.is_empty();
        let places = taken.iter().map(|b| (b.taker.item, b.taker.line)).collect::<BTreeSet<_>>();
        (!taken.iter().any(is_chosen)).then(|| self.places(places))
    }

    fn target_of(&self, module: ModuleId) -> (PackageId, TargetKind) {
        let resolution = self.input.resolution;
        let target =
            &self.input.repository.targets[resolution.crates[resolution.modules[module].krate].target];
        (target.package, target.kind)
    }

    /// Lines of items, each once.
    fn places(&self, of: impl IntoIterator<Item = (ItemId, u32)>) -> Vec<String> {
        let resolution = self.input.resolution;
        let mut seen = BTreeSet::new();
        of.into_iter()
            .map(|(item, line)| format!("{}:{line}", resolution.files[resolution.items[item].file].path))
            .filter(|place| seen.insert(place.clone()))
            .collect()
    }

    /// Libraries that cost less than a crate costs by itself, each with one user in the workspace to join.
    fn merges(&self) -> Option<Lever> {
        let small = self.small();
        let overhead = self.costs.overhead.crate_s;
        let work_s = overhead * small.len() as f64;
        if work_s < self.options.min_cost_s {
            return None;
        }
        let after_s = self.simulate(&self.merged(&small)).makespan_s;
        let packages = &self.input.repository.packages;
        let pair = |&(part, user): &(PackageId, PackageId)| {
            format!("`{}` into `{}`", packages[part].name, packages[user].name)
        };
        let named: Vec<String> = small.iter().map(pair).collect();
        Some(Lever {
            workspace: self.workspace,
            packages: small.iter().map(|&(part, _)| part).collect(),
            kind: LeverKind::MergeCrates,
            profile: "dev".to_owned(),
            by_default: false,
            detail: format!(
                "{} less than the {overhead:.2} s that any crate costs by itself, with one user here: merging \
                 {} saves {work_s:.1} core seconds of each clean build ({:.1} s to {after_s:.1} s with {} jobs)",
                if small.len() == 1 {
                    "one library costs".to_owned()
                } else {
                    format!("{} libraries cost", small.len())
                },
                and_more(&named, NAMED),
                self.before_s,
                self.options.jobs
            ),
            saved_pct: self.worthwhile(after_s).then(|| self.saved_pct(after_s)),
            edit_saved_pct: None,
        })
    }

    /// Small libraries that are not to be published, with their only user, by package.
    fn small(&self) -> Vec<(PackageId, PackageId)> {
        let repository = self.input.repository;
        let mut users: IdVec<PackageId, Vec<PackageId>> =
            IdVec::from_elem(Vec::new(), repository.packages.len());
        for (user, package) in repository.packages.iter_enumerated() {
            let used = package.dependencies.iter().filter(|d| d.enabled && d.kind != DependencyKind::Dev);
            for to in used.filter_map(|d| d.local).filter(|&to| to != user) {
                users[to].push(user);
            }
        }
        self.package_of_units()
            .into_iter()
            .filter(|&(unit, _)| {
                let unit = &self.units.graph.units[unit];
                unit.frontend_s + unit.codegen_s < 2.0 * self.costs.overhead.crate_s
            })
            .filter_map(|(_, package)| {
                users[package].dedup();
                let data = &repository.packages[package];
                let lone =
                    data.targets.iter().filter(|&&t| repository.targets[t].kind == TargetKind::Bin).count()
                        == 0;
                match users[package][..] {
                    [user] if lone && !data.publishable && data.workspace == self.workspace => {
                        Some((package, user))
                    }
                    _ => None,
                }
            })
            .collect()
    }

    /// Today's graph with the work of each part done by its user. The part's unit stays, at no cost.
    fn merged(&self, small: &[(PackageId, PackageId)]) -> UnitGraph {
        let units: BTreeMap<PackageId, UnitId> =
            self.package_of_units().into_iter().map(|(unit, package)| (package, unit)).collect();
        let mut graph = self.units.graph.clone();
        for (part, user) in small {
            let (Some(&part), Some(&user)) = (units.get(part), units.get(user)) else { continue };
            let moved = std::mem::take(&mut graph.units[part].frontend_s) - self.costs.overhead.crate_s;
            graph.units[user].frontend_s += moved.max(0.0);
            graph.units[user].codegen_s += std::mem::take(&mut graph.units[part].codegen_s);
        }
        graph
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::{Cost, Mode};
    use crate::graph::ItemGraph;
    use crate::plan::tests::crates::costs;
    use crate::resolve::tests::read;

    /// What is said of dropping the last package's dependency in a chain of three that take five seconds each.
    fn dropped(fixture: &str, optional: bool) -> Option<String> {
        let (mut repository, resolution) = read(fixture);
        for package in repository.packages.iter_mut() {
            package.dependencies.iter_mut().for_each(|dependency| dependency.optional = optional);
        }
        let mut costs = costs(&resolution, Mode::Check);
        let each = Cost { frontend_s: 5.0, codegen_s: 0.0 };
        costs.crates = IdVec::from_elem(each, resolution.crates.len());
        costs.host_crates = costs.crates.clone();
        costs.error_factor = 1.01;
        costs.build_factor = 1.01;
        let (graph, costs) = (ItemGraph::default(), [costs]);
        let input = PlanInput {
            repository: &repository,
            resolution: &resolution,
            graph: &graph,
            costs: &costs,
            history: None,
        };
        let named = |id: PackageId| repository.packages[id].name.as_str();
        let found = structure(&input, &PlanOptions::default(), WorkspaceId(0));
        let of_app = found.into_iter().find(|lever| {
            lever.kind == LeverKind::DropDependency
                && lever.packages.iter().map(|&id| named(id)).eq(["app", "facade"])
        });
        of_app.map(|lever| lever.detail.split("; without").next().unwrap_or_default().to_owned())
    }

    #[test]
    fn what_is_taken_from_a_facade_holds_the_dependency_too() {
        let text = |facade: &str, uses: &str| {
            format!(
                "//- /base/lib.rs crate:base
pub struct Thing;
pub struct Other;
//- /facade/lib.rs crate:facade deps:base
{facade}
pub fn own() {{}}
//- /app/lib.rs crate:app deps:facade
{uses}
"
            )
        };
        let (plain, chosen) =
            ("pub use base::{Thing, Other};", "#[cfg(feature = \"x\")] pub fn f() {} pub use base::Thing;");
        let waits = |what: &str| Some(format!("`app` waits for `facade`, and {what}"));
        let none = "no reference to it was found (macros and build scripts may hide one)";
        for (facade, uses, expected) in [
            (plain, "", waits(none)),
            (plain, "fn f() { facade::own() }", waits("one reference holds it: app/lib.rs:1")),
            (
                plain,
                "use facade::Thing;\nfn f(_: Thing, _: Thing) { facade::own() }\nfn g(_: facade::Other) {}",
                waits(
                    "one reference holds it: app/lib.rs:2; 2 lines take from it what others define (app/lib.rs:1, app/lib.rs:3)",
                ),
            ),
            (
                plain,
                "use facade::Thing;\nfn f(_: Thing) {}\n#[cfg(test)] use facade::Other;",
                waits(
                    "nothing that it defines is named; 1 line takes from it what others define (app/lib.rs:1)",
                ),
            ),
            // It is there to choose.
            (chosen, "use facade::Thing;\nfn f(_: Thing) {}", None),
            (plain, &"fn f(_: facade::Thing) {}\n".repeat(25), None),
        ] {
            assert_eq!(dropped(&text(facade, uses), false), expected, "{uses}");
            assert_eq!(dropped(&text(facade, uses), true), None, "features choose it");
        }
    }
}
