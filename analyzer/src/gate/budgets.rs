//! Figures of the report against their limits.

use super::model::{Degraded, Finding};
use crate::config::{At, Configuration, FILE_NAME, Lint, LintLevel};
use crate::cost::Mode;
use crate::replay::ReplayedScenario;
use crate::report::{Report, SimulatedBuild, package_label};

/// What a budget found out.
pub(super) struct Measured {
    pub(super) lint: Lint,
    pub(super) limit: f64,
    /// The largest figure; `None` where there is none.
    pub(super) value: Option<f64>,
}

/// All budgets that are set.
pub(super) struct Budgeted {
    pub(super) measured: Vec<Measured>,
    pub(super) found: Vec<Finding>,
    pub(super) lacking: Vec<Degraded>,
}

/// A figure with what it is of.
struct Figure<'a> {
    of: String,
    value: f64,
    place: Option<(&'a str, u32)>,
    message: String,
}

/// Compares each figure with its budget.
pub(super) fn budgets(report: &Report, configuration: &Configuration) -> Budgeted {
    let budgets = &configuration.budgets;
    let mode = budgets.mode.as_ref().map_or(Mode::Dev, |mode| mode.value);
    let mut all = Budgeted { measured: Vec::new(), found: Vec::new(), lacking: Vec::new() };
    let mut hold = |lint: Lint, budget: Option<At<f64>>, figures: Vec<Figure<'_>>, lacks: &str| {
        let Some(limit) = budget else { return };
        let level = configuration.level(lint);
        if level == LintLevel::Allow {
            return;
        }
        let value = figures.iter().map(|figure| figure.value).max_by(f64::total_cmp);
        all.measured.push(Measured { lint, limit: limit.value, value });
        if value.is_none() && !lacks.is_empty() {
            all.lacking.push(Degraded { lint: Some(lint), message: lacks.to_owned() });
        }
        for figure in figures.into_iter().filter(|figure| figure.value > limit.value) {
            let (file, line) = figure.place.unwrap_or((FILE_NAME, limit.line));
            all.found.push(Finding {
                lint,
                level,
                accepted: false,
                from: figure.of,
                to: None,
                file: file.to_owned(),
                line,
                references: None,
                value: Some(figure.value),
                limit: Some(limit.value),
                message: format!("{}; the budget is {}", figure.message, limit.value),
                reason: None,
            });
        }
    };
    let whole = |at: &Option<At<u32>>| at.as_ref().map(|at| At { value: f64::from(at.value), line: at.line });
    hold(Lint::CriticalPath, budgets.critical_path_s.clone(), critical_paths(report, mode), NO_BUILDS);
    hold(Lint::RebuildP90, budgets.rebuild_p90_s.clone(), rebuilds(report, mode), NO_COMMITS);
    hold(Lint::RedeploysPerCommit, budgets.redeploys_per_commit.clone(), redeploys(report), NO_DEPLOYS);
    hold(Lint::LargestCycle, whole(&budgets.largest_cycle), cycles(report), "");
    hold(Lint::PackageLines, whole(&budgets.package_lines), packages(report), "");
    all
}

const NO_BUILDS: &str = "no clean build could be simulated, so that the critical path is not known";
const NO_COMMITS: &str =
    "no commit could be replayed, so that nothing is known of rebuilds: the clone needs a history";
const NO_DEPLOYS: &str = "no commit could be replayed, or no program is deployed, so that nothing is known of deploys: the clone needs a history";

fn critical_paths(report: &Report, mode: Mode) -> Vec<Figure<'_>> {
    let longest = |build: &&SimulatedBuild| build.mode == mode && build.jobs == MANY_JOBS;
    let figure = |build: &SimulatedBuild| {
        let names: Vec<&str> = build.critical_path.iter().map(|unit| unit.name.as_str()).collect();
        let last = names.last().copied().unwrap_or("nothing");
        let value = build.makespan_s.p50;
        let units = names.len();
        let of = match build.workspace.as_str() {
            "." => String::new(),
            dir => format!(" of {dir}"),
        };
        let message = format!(
            "the critical path of a clean `{}`{of} takes {value:.1} s, through {units} units to {last}",
            mode.command()
        );
        Figure { of: build.workspace.clone(), value, place: None, message }
    };
    report.builds.iter().filter(longest).map(figure).collect()
}

fn rebuilds(report: &Report, mode: Mode) -> Vec<Figure<'_>> {
    let builds = report.commits.iter().flat_map(|commits| &commits.builds);
    let mine = builds.filter(|build| build.mode == mode && build.scenario == ReplayedScenario::Edit);
    mine.map(|build| {
        let value = build.today.p90;
        let message = format!("one in ten `{}` after a commit takes more than {value:.1} s", mode.command());
        Figure { of: String::new(), value, place: None, message }
    })
    .collect()
}

fn redeploys(report: &Report) -> Vec<Figure<'_>> {
    let figure = |deploys: &crate::report::DeploysReport| {
        let value = deploys.redeployed_today;
        let message = format!("an average commit deploys {value:.2} of {} binaries again", deploys.programs);
        Figure { of: String::new(), value, place: None, message }
    };
    report.deploys.iter().map(figure).collect()
}

/// The largest cycle of each package.
fn cycles(report: &Report) -> Vec<Figure<'_>> {
    let mut seen = std::collections::BTreeSet::new();
    let cycles = report.structure.iter().flat_map(|structure| &structure.cycles);
    cycles
        .filter(|cycle| seen.insert(cycle.package.as_str()))
        .map(|cycle| {
            let modules = cycle.modules.len();
            let first = cycle.back_edges.first();
            let message = format!("{modules} modules of `{}` all need each other", cycle.package);
            Figure {
                of: cycle.package.clone(),
                value: modules as f64,
                place: first.map(|edge| (edge.file.as_str(), edge.line)),
                message,
            }
        })
        .collect()
}

fn packages(report: &Report) -> Vec<Figure<'_>> {
    let real = report.packages.iter().filter(|package| !package.auxiliary);
    real.map(|package| {
        let of = package_label(report, package);
        let message = format!("`{of}` has {} lines outside of tests", package.lines);
        Figure { of, value: f64::from(package.lines), place: Some((package.manifest.as_str(), 1)), message }
    })
    .collect()
}

/// Jobs of the build that waits for its critical path alone: more than any build can use.
pub(crate) const MANY_JOBS: u32 = 1024;
