//! Why a figure changed, as far as two reports say.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::words::counted;
use crate::report::{
    BackEdgeReport, CostlyPackageReport, CriticalUnit, Report, SimulatedBuild, package_label,
};

/// The causes of one figure, a field of [`TrendPoint`](crate::gate::TrendPoint), most first. Those of a critical path are with its
/// [build](super::model::BuildChange::because).
pub(super) fn why(figure: &str, old: &Report, new: &Report) -> Vec<String> {
    match figure {
        "lines" | "clean_build_s" => grown(old, new),
        "packages" => come_and_gone(old, new),
        "largest_cycle" | "back_edges" => closed_cycles(old, new),
        "rebuild_p90_s" => spread(old, new),
        "redeploys_per_commit" => redeployed(old, new),
        _ => Vec::new(),
    }
}

fn most_first(mut changes: Vec<(f64, String)>) -> Vec<String> {
    changes.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    changes.into_iter().take(CAUSES).map(|(_, said)| said).collect()
}

/// What both know of something by its name, and what one of them knows.
fn pairs<'a, T>(
    old: &'a BTreeMap<String, T>,
    new: &'a BTreeMap<String, T>,
) -> impl Iterator<Item = (&'a str, Option<&'a T>, Option<&'a T>)> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    names.into_iter().map(|name| (name.as_str(), old.get(name), new.get(name)))
}

/// Packages with more or fewer lines.
fn grown(old: &Report, new: &Report) -> Vec<String> {
    let lines = |report: &Report| -> BTreeMap<String, u32> {
        report.packages.iter().map(|package| (package_label(report, package), package.lines)).collect()
    };
    let (old, new) = (lines(old), lines(new));
    let changes = pairs(&old, &new).filter_map(|(name, before, after)| {
        let said = match (before, after) {
            (Some(before), Some(after)) if before != after => {
                format!("`{name}` has {after} lines in place of {before}")
            }
            (None, Some(after)) => format!("`{name}` is new, with {}", counted(*after, "line")),
            (Some(before), None) => format!("`{name}` is gone, with {}", counted(*before, "line")),
            _ => return None,
        };
        Some((f64::from(after.copied().unwrap_or(0).abs_diff(before.copied().unwrap_or(0))), said))
    });
    most_first(changes.collect())
}

fn come_and_gone(old: &Report, new: &Report) -> Vec<String> {
    let names = |report: &Report| -> BTreeMap<String, ()> {
        report.packages.iter().map(|package| (package_label(report, package), ())).collect()
    };
    let (old, new) = (names(old), names(new));
    let changes = pairs(&old, &new).filter_map(|(name, before, after)| match (before, after) {
        (None, _) => Some(format!("`{name}` is new")),
        (_, None) => Some(format!("`{name}` is gone")),
        _ => None,
    });
    changes.take(CAUSES).collect()
}

/// Dependencies that close a cycle in one of them alone; those that came before those that went.
fn closed_cycles(old: &Report, new: &Report) -> Vec<String> {
    fn closing(report: &Report) -> BTreeMap<(&str, &str), &BackEdgeReport> {
        let cycles = report.structure.iter().flat_map(|structure| &structure.cycles);
        let edges = cycles.flat_map(|cycle| &cycle.back_edges);
        edges.map(|edge| ((edge.from.as_str(), edge.to.as_str()), edge)).collect()
    }
    let (old, new) = (closing(old), closing(new));
    let come = new.iter().filter(|(ends, _)| !old.contains_key(*ends)).map(|(_, edge)| {
        let BackEdgeReport { from, to, file, line, .. } = edge;
        format!("`{from}` needs `{to}` at {file}:{line}, which closes a cycle")
    });
    let gone = old.keys().filter(|ends| !new.contains_key(*ends));
    let gone = gone.map(|(from, to)| format!("`{from}` closes a cycle with `{to}` no more"));
    come.chain(gone).take(CAUSES).collect()
}

/// Packages whose change compiles more or fewer than it did.
fn spread(old: &Report, new: &Report) -> Vec<String> {
    fn costly(report: &Report) -> BTreeMap<String, &CostlyPackageReport> {
        let packages = report.commits.iter().flat_map(|commits| &commits.costly_packages);
        packages.map(|package| (package.manifest.clone(), package)).collect()
    }
    let (old, new) = (costly(old), costly(new));
    let changes = pairs(&old, &new).filter_map(|(_, before, after)| {
        let (before, after) = (before?, after?);
        let packages = match before.packages == after.packages {
            true => String::new(),
            false => format!("{} in place of {}, ", counted(after.packages, "package"), before.packages),
        };
        let change = (after.ci_s - before.ci_s).abs();
        (!packages.is_empty() || change >= 0.05).then(|| {
            let (name, now, then) = (&after.name, after.ci_s, before.ci_s);
            let said =
                format!("a change of `{name}` compiles {packages}{now:.1} s of CI in place of {then:.1} s");
            (change * f64::from(after.commits), said)
        })
    });
    most_first(changes.collect())
}

/// Programs that more or fewer of the commits deploy again.
fn redeployed(old: &Report, new: &Report) -> Vec<String> {
    fn programs(report: &Report) -> BTreeMap<String, [u32; 2]> {
        let programs = report.deployables.iter().filter(|of| of.role.is_none() && !of.auxiliary);
        let known = programs.filter_map(|of| Some((of.name.clone(), of.commits.as_ref()?)));
        known.map(|(name, commits)| (name, [commits.redeployed_today, commits.replayed])).collect()
    }
    let (old, new) = (programs(old), programs(new));
    let changes = pairs(&old, &new).filter_map(|(name, before, after)| {
        let of = |[some, all]: &[u32; 2]| format!("{some} of {}", counted(*all, "commit"));
        let said = match (before, after) {
            (Some(before), Some(after)) if before != after => {
                format!("`{name}` is deployed again by {} in place of {}", of(after), of(before))
            }
            (None, Some(after)) => format!("`{name}` is new: {} deploy it again", of(after)),
            (Some(before), None) => format!("`{name}` is gone: {} deployed it again", of(before)),
            _ => return None,
        };
        let share =
            |of: Option<&[u32; 2]>| of.map_or(0.0, |[some, all]| f64::from(*some) / f64::from((*all).max(1)));
        Some(((share(after) - share(before)).abs(), said))
    });
    most_first(changes.collect())
}

/// Causes that are named.
const CAUSES: usize = 4;

/// What differs on the critical paths, most seconds first.
pub(super) fn on_the_path(before: &SimulatedBuild, after: &SimulatedBuild) -> Vec<String> {
    let seconds = |build: &SimulatedBuild| -> BTreeMap<String, f64> {
        let took = |unit: &CriticalUnit| (unit.name.clone(), unit.end_s - unit.start_s);
        build.critical_path.iter().map(took).collect()
    };
    let (old, new) = (seconds(before), seconds(after));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let changes: Vec<(f64, String)> = names
        .into_iter()
        .filter_map(|name| {
            let (before, after) = (old.get(name), new.get(name));
            let change = after.unwrap_or(&0.0) - before.unwrap_or(&0.0);
            let said = match (before, after) {
                (None, Some(s)) => format!("{name} is on the critical path by now ({s:.1} s)"),
                (Some(s), None) => format!("{name} is on it no more ({s:.1} s)"),
                // Less is not seen in what is said.
                (Some(a), Some(b)) if (a - b).abs() >= 0.1 => {
                    format!("{name} takes {b:.1} s in place of {a:.1} s")
                }
                _ => return None,
            };
            Some((change.abs(), said))
        })
        .collect();
    most_first(changes)
}
