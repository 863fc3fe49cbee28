//! What changed between two reports, and why.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::trend::TrendPoint;
use crate::cost::{CostSource, Mode};
use crate::plan::VerdictKind;
use crate::report::{
    CriticalUnit, PackageReport, Report, SCHEMA_VERSION, SimulatedBuild, StructureReport, Tool, package_label,
};

/// The answer of `diff`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DiffReport {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// What made the report.
    pub tool: Tool,
    /// The older one in figures.
    pub old: TrendPoint,
    /// The newer one.
    pub new: TrendPoint,
    /// Figures of both that differ.
    pub figures: Vec<FigureChange>,
    /// Verdicts that differ, and packages that only one of them has.
    pub verdicts: Vec<VerdictChange>,
    /// Dependencies of packages, then of modules, that only one of them has.
    pub needs: Vec<NeedChange>,
    /// Builds whose time differs.
    pub builds: Vec<BuildChange>,
    /// Programs and roles that only one of them has, by name.
    pub services: Vec<ServiceChange>,
    /// What decides figures beside the code and differs: then a figure may change with no change of code.
    pub not_the_code: Vec<String>,
}

/// Which of the two has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// The newer one.
    Gained,
    /// The older one.
    Lost,
}

/// A figure that differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FigureChange {
    /// What it is: a field of [`TrendPoint`].
    pub figure: String,
    /// Before; absent where it was not known.
    pub before: Option<f64>,
    /// After.
    pub after: Option<f64>,
}

/// A verdict that differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VerdictChange {
    /// The package, with its directory where others have its name.
    pub package: String,
    /// Before; absent for a new package.
    pub before: Option<VerdictKind>,
    /// After; absent for one that is no more.
    pub after: Option<VerdictKind>,
    /// The newer verdict's first cause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

/// A dependency that only one of them has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NeedChange {
    /// Which one.
    pub change: Change,
    /// Whether it is one between packages; else between modules.
    pub of_packages: bool,
    /// The dependent.
    pub from: String,
    /// The dependency.
    pub to: String,
    /// Whether its ends are in one cycle of modules here and not in the other report: it closes one, or did.
    pub closes_cycle: bool,
}

/// A program or role that only one of them has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ServiceChange {
    /// Which one.
    pub change: Change,
    /// Its name.
    pub name: String,
}

/// A build whose time differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BuildChange {
    /// Its workspace.
    pub workspace: String,
    /// check, dev or release.
    pub mode: Mode,
    /// Parallel jobs; more than a build can use where it waits for its critical path alone.
    pub jobs: u32,
    /// Seconds before.
    pub before_s: f64,
    /// Seconds after.
    pub after_s: f64,
    /// Core seconds before.
    pub work_before_s: f64,
    /// Core seconds after.
    pub work_after_s: f64,
    /// Why: what is on the critical path by now or no more, and what takes longer or shorter there.
    pub because: Vec<String>,
}

/// Seconds: what differs by less is noise for people, as it is for a verdict ([`PlanOptions::noise_floor_s`]).
///
/// [`PlanOptions::noise_floor_s`]: crate::plan::PlanOptions::noise_floor_s
const NOISE_S: f64 = 0.1;

impl DiffReport {
    /// The builds whose difference is more than noise, the largest first.
    pub fn notable_builds(&self) -> Vec<&BuildChange> {
        let change = |build: &BuildChange| (build.after_s - build.before_s).abs();
        let mut notable: Vec<_> = self.builds.iter().filter(|build| change(build) >= NOISE_S).collect();
        notable.sort_by(|a, b| change(b).total_cmp(&change(a)));
        notable
    }
}

/// Compares two reports.
pub fn diff(old: (&str, &Report), new: (&str, &Report)) -> DiffReport {
    let points = [old, new].map(|(label, report)| TrendPoint::new(label, report, Mode::Dev));
    let [old_point, new_point] = points;
    let (old, new) = (old.1, new.1);
    DiffReport {
        schema_version: SCHEMA_VERSION,
        tool: Tool::current(),
        figures: figures(&old_point, &new_point),
        old: old_point,
        new: new_point,
        verdicts: verdicts(old, new),
        needs: needs(old, new),
        builds: builds(old, new),
        services: services(old, new),
        not_the_code: not_the_code(old, new),
    }
}

fn figures(old: &TrendPoint, new: &TrendPoint) -> Vec<FigureChange> {
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
    let pairs = of(old).into_iter().zip(of(new));
    let differ = pairs.filter(|((_, before), (_, after))| before != after);
    differ
        .map(|((name, before), (_, after))| FigureChange { figure: name.to_owned(), before, after })
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

/// Dependencies of packages (`true`) and modules.
type Needs<'a> = BTreeSet<(bool, &'a str, &'a str)>;

fn needs_of(structure: &StructureReport) -> Needs<'_> {
    let mut needs = Needs::new();
    for module in &structure.modules {
        for &to in &module.needs {
            let Some(to) = structure.modules.get(to as usize) else { continue };
            needs.insert((false, &module.path, &to.path));
            if module.package != to.package {
                needs.insert((true, &module.package, &to.package));
            }
        }
    }
    needs
}

/// The cycle of each module that is part of one.
fn cycles_of(structure: &StructureReport) -> BTreeMap<&str, usize> {
    let path = |&module: &u32| structure.modules.get(module as usize).map(|module| module.path.as_str());
    let cycles = structure.cycles.iter().enumerate();
    cycles.flat_map(|(at, cycle)| cycle.modules.iter().filter_map(path).map(move |path| (path, at))).collect()
}

fn needs(old: &Report, new: &Report) -> Vec<NeedChange> {
    // Without both nothing can be said.
    let (Some(old), Some(new)) = (&old.structure, &new.structure) else { return Vec::new() };
    let (old, new) = ((needs_of(old), cycles_of(old)), (needs_of(new), cycles_of(new)));
    type Side<'a> = (Needs<'a>, BTreeMap<&'a str, usize>);
    let only = |change, here: &Side<'_>, there: &Side<'_>| -> Vec<NeedChange> {
        let is_cycle =
            |side: &Side<'_>, from, to| side.1.get(from).is_some_and(|at| side.1.get(to) == Some(at));
        let missing = here.0.difference(&there.0);
        missing
            .map(|&(of_packages, from, to)| NeedChange {
                change,
                of_packages,
                from: from.to_owned(),
                to: to.to_owned(),
                closes_cycle: !of_packages && is_cycle(here, from, to) && !is_cycle(there, from, to),
            })
            .collect()
    };
    let mut changes = only(Change::Gained, &new, &old);
    changes.extend(only(Change::Lost, &old, &new));
    changes.sort_by(|a, b| {
        let key = |c: &NeedChange| (!c.of_packages, c.change, !c.closes_cycle);
        key(a).cmp(&key(b)).then_with(|| (&a.from, &a.to).cmp(&(&b.from, &b.to)))
    });
    changes
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
            because: because(before, after),
        });
    }
    changes
}

/// Causes that are named.
const CAUSES: usize = 4;

/// What differs on the critical paths, most seconds first.
fn because(before: &SimulatedBuild, after: &SimulatedBuild) -> Vec<String> {
    let seconds = |build: &SimulatedBuild| -> BTreeMap<String, f64> {
        let took = |unit: &CriticalUnit| (unit.name.clone(), unit.end_s - unit.start_s);
        build.critical_path.iter().map(took).collect()
    };
    let (old, new) = (seconds(before), seconds(after));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let mut changes: Vec<(f64, String)> = names
        .into_iter()
        .filter_map(|name| {
            let (before, after) = (old.get(name), new.get(name));
            let change = after.unwrap_or(&0.0) - before.unwrap_or(&0.0);
            let said = match (before, after) {
                (None, Some(s)) => format!("{name} is on the critical path by now ({s:.1} s)"),
                (Some(s), None) => format!("{name} is on it no more ({s:.1} s)"),
                (Some(a), Some(b)) if (a - b).abs() >= 0.05 => {
                    format!("{name} takes {b:.1} s in place of {a:.1} s")
                }
                _ => return None,
            };
            Some((change.abs(), said))
        })
        .collect();
    changes.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    changes.into_iter().take(CAUSES).map(|(_, said)| said).collect()
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

fn not_the_code(old: &Report, new: &Report) -> Vec<String> {
    let mut causes = Vec::new();
    let mut differs = |what: &str, before: String, after: String| {
        if before != after {
            causes.push(format!("{what}: {before}, then {after}"));
        }
    };
    differs("the tool's version", old.tool.version.clone(), new.tool.version.clone());
    differs("jobs", old.settings.jobs.to_string(), new.settings.jobs.to_string());
    differs("the platform", old.settings.target.clone(), new.settings.target.clone());
    differs("features", features(old), features(new));
    differs("paths left out", old.settings.exclude.join(", "), new.settings.exclude.join(", "));
    for mode in &old.costs.modes {
        let Some(other) = new.costs.modes.iter().find(|other| other.mode == mode.mode) else { continue };
        let what = format!("where the seconds of `{}` come from", mode.mode.command());
        differs(&what, source(mode.source).to_owned(), source(other.source).to_owned());
        let factor = |of: Option<f64>| of.map_or("none".to_owned(), |factor| format!("{factor:.2}"));
        let what = format!("the factor that modelled seconds of `{}` are multiplied by", mode.mode.command());
        differs(&what, factor(mode.calibration), factor(other.calibration));
    }
    causes
}

fn source(source: CostSource) -> &'static str {
    match source {
        CostSource::Measured => "a build under observation",
        CostSource::Imported => "a page or log of cargo's",
        CostSource::Built => "a build that happened anyway",
        CostSource::Modelled => "the model",
    }
}

fn features(report: &Report) -> String {
    let settings = &report.settings;
    let mut all = settings.features.clone();
    all.extend(settings.all_features.then(|| "all".to_owned()));
    all.extend(settings.no_default_features.then(|| "no default ones".to_owned()));
    all.sort();
    if all.is_empty() { "the default ones".to_owned() } else { all.join(", ") }
}
