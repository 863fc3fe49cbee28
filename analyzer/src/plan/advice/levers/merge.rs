//! Packages that are better one: they change together, one of them is too small for what a crate costs by itself, and the
//! build waits for both, one after the other.

use std::collections::{BTreeMap, BTreeSet};

use crate::discover::above;
use crate::history::History;
use crate::ids::{Id, PackageId, UnitId};
use crate::plan::advice::today::Today;
use crate::plan::model::{Lever, LeverKind};
use crate::simulate::UnitGraph;

/// Fewer commits change together by chance.
const ENOUGH_COMMITS: u32 = 5;
/// From this share of the commits of the one that changes less on, they always change together. A choice.
const ALWAYS: f64 = 0.8;
/// Pairs that a sentence names.
const NAMED: usize = 3;

/// Two libraries on the critical path, one the dependency of the other.
struct Pair {
    below: (UnitId, PackageId),
    above: (UnitId, PackageId),
    /// Commits that change both, and those that change the one that changes less.
    together: (u32, u32),
}

/// The lever of one workspace, of packages that aren't `said` to be merged already; `None` without a history, or where
/// nothing is gained.
pub(super) fn better_merged(today: &Today<'_>, said: &[PackageId]) -> Option<Lever> {
    let mut pairs = pairs(today, today.input.history?);
    pairs.retain(|pair| !said.contains(&pair.below.1) && !said.contains(&pair.above.1));
    let mut graph = today.units.graph.clone();
    let (mut merged, mut against): (Vec<&Pair>, Vec<String>) = (Vec::new(), Vec::new());
    for pair in &pairs {
        match between(&graph, pair) {
            None => {
                merge(&mut graph, pair, today.costs.overhead.crate_s);
                merged.push(pair);
            }
            Some(unit) => against.push(today.circle(pair, unit)),
        }
    }
    let after_s = today.simulate(&graph).makespan_s;
    if merged.is_empty() || today.before_s - after_s < today.options.noise_floor_s {
        return None;
    }
    let mut packages: Vec<PackageId> = merged.iter().flat_map(|pair| [pair.below.1, pair.above.1]).collect();
    packages.sort_unstable();
    packages.dedup();
    let saved = today.saved_pct(after_s);
    Some(Lever {
        workspace: today.workspace,
        kind: LeverKind::MergeCrates,
        profile: "dev".to_owned(),
        by_default: false,
        detail: today.sentence(&merged, &packages, &against, after_s),
        packages,
        saved_pct: (saved.p50 >= today.options.noise_floor_pct).then_some(saved),
        edit_saved_pct: None,
    })
}

/// Pairs to merge, those that change together most first.
fn pairs(today: &Today<'_>, history: &History) -> Vec<Pair> {
    let path: BTreeSet<UnitId> = today.simulate(&today.units.graph).critical_path.into_iter().collect();
    let of_unit = today.package_of_units();
    let commits = commits(today, history);
    let units = &today.units.graph.units;
    let small = |unit: UnitId| {
        let unit = &units[unit];
        unit.frontend_s + unit.codegen_s < 2.0 * today.costs.overhead.crate_s
    };
    let mut found = Vec::new();
    for &above in path.iter().filter(|unit| of_unit.contains_key(unit)) {
        for &(below, _) in units[above].dependencies.iter().filter(|(unit, _)| path.contains(unit)) {
            let (Some(&user), Some(&part)) = (of_unit.get(&above), of_unit.get(&below)) else { continue };
            let (Some(a), Some(b)) = (commits.get(&user), commits.get(&part)) else { continue };
            let together = a.intersection(b).count() as u32;
            let least = a.len().min(b.len()) as u32;
            let always = together >= ENOUGH_COMMITS && f64::from(together) >= ALWAYS * f64::from(least);
            if always && (small(above) || small(below)) {
                let pair = Pair { below: (below, part), above: (above, user), together: (together, least) };
                found.push(pair);
            }
        }
    }
    found.sort_by_key(|pair| (std::cmp::Reverse(pair.together.0), pair.below, pair.above));
    // Of three in a row two are merged: the third is another matter.
    let mut taken = BTreeSet::new();
    found.retain(|pair| {
        let free = !taken.contains(&pair.below.0) && !taken.contains(&pair.above.0);
        if free {
            taken.extend([pair.below.0, pair.above.0]);
        }
        free
    });
    found
}

/// The commits that change each package of the workspace: of nested directories the innermost has a path.
fn commits(today: &Today<'_>, history: &History) -> BTreeMap<PackageId, BTreeSet<usize>> {
    let repository = today.input.repository;
    let of_dir: BTreeMap<&str, PackageId> =
        repository.packages.iter_enumerated().map(|(id, package)| (package.dir.as_str(), id)).collect();
    let package_of = |path: &str| above(path).find_map(|dir| of_dir.get(dir).copied());
    let of_path: Vec<Option<PackageId>> = history.paths.iter().map(|path| package_of(path)).collect();
    let mut found: BTreeMap<PackageId, BTreeSet<usize>> = BTreeMap::new();
    for (at, commit) in history.commits.iter().enumerate() {
        for package in commit.paths.iter().filter_map(|path| of_path[path.index()]) {
            found.entry(package).or_default().insert(at);
        }
    }
    found
}

/// What the upper one needs beside the lower one, and needs the lower one itself: merged, they would form a circle with it.
fn between(graph: &UnitGraph, pair: &Pair) -> Option<UnitId> {
    let (below, above) = (pair.below.0, pair.above.0);
    let direct = graph.units[above].dependencies.iter().map(|&(unit, _)| unit);
    direct.into_iter().filter(|&unit| unit != below).find(|&first| {
        let (mut seen, mut open) = (BTreeSet::from([first]), vec![first]);
        while let Some(unit) = open.pop() {
            if unit == below {
                return true;
            }
            let next = graph.units[unit].dependencies.iter().map(|&(unit, _)| unit);
            open.extend(next.filter(|&unit| seen.insert(unit)));
        }
        false
    })
}

/// The lower unit does the work of both, once less what any crate costs; whoever used the upper one uses it.
fn merge(graph: &mut UnitGraph, pair: &Pair, crate_s: f64) {
    let (below, above) = (pair.below.0, pair.above.0);
    let upper = &mut graph.units[above];
    let (frontend_s, codegen_s) = (upper.frontend_s, upper.codegen_s);
    let dependencies = std::mem::take(&mut upper.dependencies);
    (upper.frontend_s, upper.codegen_s, upper.fresh) = (0.0, 0.0, true);
    let lower = &mut graph.units[below];
    lower.frontend_s += (frontend_s - crate_s).max(0.0);
    lower.codegen_s += codegen_s;
    lower.dependencies.extend(dependencies.into_iter().filter(|&(unit, _)| unit != below));
    for unit in graph.units.iter_mut() {
        for (dependency, _) in &mut unit.dependencies {
            if *dependency == above {
                *dependency = below;
            }
        }
        unit.dependencies.sort_unstable();
        unit.dependencies.dedup();
    }
}

impl Today<'_> {
    fn sentence(&self, merged: &[&Pair], packages: &[PackageId], against: &[String], after_s: f64) -> String {
        let all = &self.input.repository.packages;
        let pair = |pair: &&Pair| {
            let (together, least) = pair.together;
            let (below, above) = (&all[pair.below.1].name, &all[pair.above.1].name);
            format!("`{below}` and `{above}` ({together} of {least} commits)")
        };
        let named: Vec<String> = merged.iter().take(NAMED).map(pair).collect();
        let more = match merged.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more pairs"),
        };
        let command = self.costs.mode.command();
        let published: Vec<String> = packages
            .iter()
            .filter(|&&package| all[package].publishable)
            .map(|&package| format!("`{}`", all[package].name))
            .collect();
        let mut forbids: Vec<String> = against.to_vec();
        if !published.is_empty() {
            forbids.push(format!(
                "{} may be published by {} own name (no `publish = false`)",
                published.join(", "),
                if published.len() == 1 { "its" } else { "their" }
            ));
        }
        let forbids =
            if forbids.is_empty() { String::new() } else { format!("; against it: {}", forbids.join("; ")) };
        format!(
            "{}{more} always change together, the build waits for one after the other, and one is too small for the {:.2} s \
             that any crate costs by itself: as one crate a clean `{command}` takes {after_s:.1} s in place of {:.1} \
             s{forbids}",
            named.join(", "),
            self.costs.overhead.crate_s,
            self.before_s
        )
    }

    fn circle(&self, pair: &Pair, unit: UnitId) -> String {
        let all = &self.input.repository.packages;
        format!(
            "`{}` and `{}` can't be one, as `{}` lies between them",
            all[pair.below.1].name, all[pair.above.1].name, self.units.graph.units[unit].name
        )
    }
}
