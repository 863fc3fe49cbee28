//! What is said of simulated builds.

use split_analyzer::plan::Scenario;
use split_analyzer::report::{CriticalUnit, PackageTests, SimulatedBuild, SimulationReport};
use split_analyzer::simulate::Cache;

use super::provenance::source_of_seconds;
use super::words::{capitalized, change_s, counted, seconds};

/// The answer of `simulate` in one sentence: what more jobs bring.
pub(crate) fn simulation_headline(report: &SimulationReport) -> String {
    let Some(most) = largest(report) else {
        return "There is no build to predict.".to_owned();
    };
    let what = |b: &SimulatedBuild| capitalized(&b.scenario.build_name(b.mode));
    format!(
        "{} with {} takes about {} ({} to {}) and keeps {:.1} cores busy.",
        what(most),
        counted(most.jobs, "job"),
        seconds(most.makespan_s.p50),
        seconds(most.makespan_s.p10),
        seconds(most.makespan_s.p90),
        most.parallelism,
    )
}

/// The build with most jobs, and of these with most work.
fn largest(report: &SimulationReport) -> Option<&SimulatedBuild> {
    report.builds.iter().max_by(|a, b| a.jobs.cmp(&b.jobs).then(a.work_s.total_cmp(&b.work_s)))
}

/// What the build of the headline waits for, in order; the longest units.
pub(crate) fn critical_path(report: &SimulationReport) -> Option<String> {
    longest_units(&largest(report)?.critical_path)
}

/// The longest units of a critical path, in order.
pub(crate) fn longest_units(path: &[CriticalUnit]) -> Option<String> {
    const UNITS: usize = 6;
    let mut longest: Vec<(usize, f64)> =
        path.iter().enumerate().map(|(i, u)| (i, u.end_s - u.start_s)).collect();
    longest.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    longest.truncate(UNITS);
    longest.sort_unstable_by_key(|&(i, _)| i);
    let names: Vec<_> = longest.iter().map(|&(i, s)| format!("{} {}", path[i].name, seconds(s))).collect();
    let more = path.len() - names.len();
    let rest = if more > 0 { format!(" (and {more} shorter)") } else { String::new() };
    (!names.is_empty()).then(|| format!("{}{rest}", names.join(" → ")))
}

/// Where a simulation's seconds come from.
pub(crate) fn simulation_source(report: &SimulationReport) -> String {
    format!("{} Medians; the 80 % intervals are in --format json.", source_of_seconds(&report.costs))
}

/// How long tests run, all of them and after an edit.
pub(crate) fn running_tests(report: &SimulationReport) -> Option<String> {
    const PACKAGES: usize = 3;
    let tests = report.tests.as_ref()?;
    let of = |p: &PackageTests| {
        format!("`{}` {} ({} after an edit of it)", p.package, seconds(p.seconds), seconds(p.after_edit_s))
    };
    let shown: Vec<String> = tests.packages.iter().take(PACKAGES).map(of).collect();
    let unknown = if tests.unknown_s > 0.0 {
        format!("; {} are of tests whose crate was not found", seconds(tests.unknown_s))
    } else {
        String::new()
    };
    Some(format!(
        "all run for {} in sum, those that an edit compiles again for {}: {}{unknown}",
        seconds(tests.total_s),
        seconds(tests.after_edit_s),
        shown.join(", ")
    ))
}

/// What an edit is, and what is cached, where that plays a part.
pub(crate) fn simulation_terms(report: &SimulationReport) -> Option<String> {
    let edits = report.builds.iter().any(|b| b.scenario == Scenario::Edit) || report.cache != Cache::None;
    let weights = if report.edits_by_history { "the commits that touched each" } else { "their lines" };
    let edit = format!("A change is one of one crate: the mean over the crates, weighted by {weights}.");
    let cached = match report.cache {
        Cache::None => "",
        Cache::Crate => " A clean build finds every crate cached that the change doesn't reach.",
        Cache::Relink => {
            " What the change doesn't touch is cached; what depends on it is only linked again, which cargo can't do today."
        }
    };
    edits.then(|| format!("{edit}{cached}"))
}

/// From how many jobs on more of them gain nothing, for the build that people wait for most: a clean one.
pub(crate) fn enough_jobs(report: &SimulationReport) -> Option<String> {
    /// A gain of less is none: it is below what repeating a build shows.
    const SAME: f64 = 1.05;
    let most = largest(report)?;
    let mut row: Vec<&SimulatedBuild> = report
        .builds
        .iter()
        .filter(|b| (&b.workspace, b.scenario, b.mode) == (&most.workspace, most.scenario, most.mode))
        .collect();
    row.sort_by_key(|b| b.jobs);
    let (first, last) = (row.first()?, row.last()?);
    let enough = row.iter().find(|b| b.makespan_s.p50 <= SAME * last.makespan_s.p50)?;
    if first.jobs == last.jobs {
        return None;
    }
    Some(if enough.jobs < last.jobs {
        format!(
            "more than {} gain nothing ({} with {}, {} with {}): what waits for each other sets the pace.",
            counted(enough.jobs, "job"),
            seconds(enough.makespan_s.p50),
            enough.jobs,
            seconds(last.makespan_s.p50),
            last.jobs
        )
    } else {
        format!(
            "every step up to {} still gains: {} with {}.",
            counted(last.jobs, "job"),
            change_s(first.makespan_s.p50, last.makespan_s.p50),
            last.jobs
        )
    })
}
