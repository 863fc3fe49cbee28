//! What changed between two reports, and why.

mod model;
mod needs;
mod settings;
mod why;

use std::collections::{BTreeMap, BTreeSet};

pub use self::model::{
    BuildChange, Change, DiffReport, FigureChange, NeedChange, ServiceChange, VerdictChange,
};
use self::needs::needs;
use self::settings::not_the_code;
use self::why::{on_the_path, why};
use super::trend::TrendPoint;
use crate::cost::Mode;
use crate::plan::VerdictKind;
use crate::report::{PackageReport, Report, SCHEMA_VERSION, SimulatedBuild, Tool, package_label};

/// Compares two reports, each with what it is called; `common_commit` as in [`DiffReport::common_commit`].
pub fn diff(old: (&str, &Report), new: (&str, &Report), common_commit: Option<&str>) -> DiffReport {
    let points = [old, new].map(|(label, report)| TrendPoint::new(label, report, Mode::Dev));
    let [old_point, new_point] = points;
    let (old, new) = (old.1, new.1);
    DiffReport {
        schema_version: SCHEMA_VERSION,
        tool: Tool::current(),
        figures: figures((&old_point, old), (&new_point, new)),
        old: old_point,
        new: new_point,
        verdicts: verdicts(old, new),
        needs: needs(old, new),
        builds: builds(old, new),
        services: services(old, new),
        not_the_code: not_the_code(old, new, common_commit.is_some()),
        common_commit: common_commit.map(str::to_owned),
    }
}

fn figures(old: (&TrendPoint, &Report), new: (&TrendPoint, &Report)) -> Vec<FigureChange> {
    let known = |n: u32| Some(f64::from(n));
    let of = |point: &TrendPoint| -> Vec<(&'static str, Option<f64>)> {
        vec![
            ("lines", Some(point.lines as f64)),
            ("packages", known(point.packages)),
            ("modules", known(point.modules)),
            ("followed_share", Some(point.followed_share)),
            ("largest_cycle", point.largest_cycle.map(f64::from)),
            ("back_edges", point.back_edges.map(f64::from)),
            ("clean_build_s", point.clean_build_s),
            ("critical_path_s", point.critical_path_s),
            ("rebuild_p90_s", point.rebuild_p90_s),
            ("redeploys_per_commit", point.redeploys_per_commit),
            ("deployables", known(point.deployables)),
            ("to_split", known(point.to_split)),
        ]
    };
    let pairs = of(old.0).into_iter().zip(of(new.0));
    let differ = pairs.filter(|((_, before), (_, after))| before != after);
    differ
        .map(|((name, before), (_, after))| {
            let because = why(name, old.1, new.1);
            FigureChange { figure: name.to_owned(), before, after, because }
        })
        .collect()
}

fn verdicts(old: &Report, new: &Report) -> Vec<VerdictChange> {
    let of = |report: &Report| -> BTreeMap<String, (VerdictKind, Option<String>)> {
        let one = |package: &PackageReport| {
            let because = package.verdict.causes.first().map(|cause| cause.detail.clone());
            (package_label(report, package), (package.verdict.kind, because))
        };
        report.packages.iter().map(one).collect()
    };
    let (old, new) = (of(old), of(new));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    names
        .into_iter()
        .map(|name| VerdictChange {
            package: name.clone(),
            before: old.get(name).map(|(kind, _)| *kind),
            after: new.get(name).map(|(kind, _)| *kind),
            because: new.get(name).and_then(|(_, because)| because.clone()),
        })
        .filter(|change| change.before != change.after)
        .collect()
}

fn builds(old: &Report, new: &Report) -> Vec<BuildChange> {
    let mut changes = Vec::new();
    for after in &new.builds {
        let same = |b: &&SimulatedBuild| {
            (&b.workspace, b.mode, b.jobs, b.scenario)
                == (&after.workspace, after.mode, after.jobs, after.scenario)
        };
        let Some(before) = old.builds.iter().find(same) else { continue };
        if before.makespan_s.p50 == after.makespan_s.p50 && before.work_s == after.work_s {
            continue;
        }
        changes.push(BuildChange {
            workspace: after.workspace.clone(),
            mode: after.mode,
            jobs: after.jobs,
            before_s: before.makespan_s.p50,
            after_s: after.makespan_s.p50,
            work_before_s: before.work_s,
            work_after_s: after.work_s,
            because: on_the_path(before, after),
        });
    }
    changes
}

fn services(old: &Report, new: &Report) -> Vec<ServiceChange> {
    let of = |report: &Report| -> BTreeSet<String> {
        let real = report.deployables.iter().filter(|of| !of.auxiliary);
        real.map(|of| of.name.clone()).collect()
    };
    let (old, new) = (of(old), of(new));
    let change = |change| move |name: &String| ServiceChange { change, name: name.clone() };
    let gained = new.difference(&old).map(change(Change::Gained));
    gained.chain(old.difference(&new).map(change(Change::Lost))).collect()
}
