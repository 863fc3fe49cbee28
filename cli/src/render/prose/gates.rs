//! Sentences about checks, differences and trends.

use split_analyzer::config::Lint;
use split_analyzer::gate::{
    BuildChange, Change, CheckReport, CheckStatus, DiffReport, FigureChange, GateReport, GateStatus,
    TrendPoint, TrendReport,
};

use super::words::{counted, number, seconds, share, verdict};

/// How a check ended, in one sentence.
pub(crate) fn headline(report: &CheckReport, allow_degraded: bool) -> String {
    let new = report.new_findings().count() as u64;
    let accepted = report.findings.len() as u64 - new;
    let passed = match accepted {
        0 => String::new(),
        n => {
            format!(" {} of the baseline {} left.", counted(n, "finding"), if n == 1 { "is" } else { "are" })
        }
    };
    match report.status {
        CheckStatus::Passed if new > 0 => format!("Passed with {}.{passed}", counted(new, "new finding")),
        CheckStatus::Passed => format!("Passed: nothing new.{passed}"),
        CheckStatus::Failed => format!("Failed: {}.{passed}", counted(new, "new finding")),
        CheckStatus::Degraded if allow_degraded => {
            format!("Passed, though too little is known to be sure.{passed}")
        }
        CheckStatus::Degraded => format!("Failed: too little is known to pass.{passed}"),
    }
}

/// What can be done about a failure.
pub(crate) fn way_out(report: &CheckReport) -> Option<String> {
    let [gone, renamed] = report
        .baseline
        .as_ref()
        .map_or([0, 0], |baseline| [baseline.gone.len() as u64, baseline.renamed.len() as u64]);
    match report.status {
        CheckStatus::Failed if report.baseline.is_none() => {
            Some("There is no baseline: `--accept REASON` writes one with what is there today.".to_owned())
        }
        CheckStatus::Failed => Some("`--accept REASON` adds what is new to the baseline.".to_owned()),
        CheckStatus::Degraded => Some("`--allow-degraded` passes all the same.".to_owned()),
        CheckStatus::Passed if gone > 0 => {
            let what = counted(gone, "finding");
            Some(format!(
                "{what} of the baseline {} gone: `--prune` takes {} out.",
                if gone == 1 { "is" } else { "are" },
                if gone == 1 { "it" } else { "them" }
            ))
        }
        CheckStatus::Passed if renamed > 0 => Some(format!(
            "{} of the baseline {} another name by now: `--prune` writes it.",
            counted(renamed, "finding"),
            if renamed == 1 { "has" } else { "have" }
        )),
        CheckStatus::Passed => None,
    }
}

/// A gate in a table: what, how it ended, figure, budget, new, accepted.
pub(crate) fn gate_row(gate: &GateReport) -> Vec<String> {
    let figure = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| of_lint(gate.lint, value));
    vec![
        gate.lint.name().to_owned(),
        status(gate.status).to_owned(),
        figure(gate.value),
        figure(gate.limit),
        gate.new.to_string(),
        gate.accepted.to_string(),
    ]
}

/// The header of these rows.
pub(crate) const GATE_HEADER: [&str; 6] = ["gate", "", "most", "budget", "new", "accepted"];

/// Gates that were asked for.
pub(crate) fn asked(report: &CheckReport) -> impl Iterator<Item = &GateReport> {
    report.gates.iter().filter(|gate| gate.status != GateStatus::Off)
}

fn of_lint(lint: Lint, value: f64) -> String {
    match lint {
        Lint::CriticalPath | Lint::RebuildP90 => seconds(value),
        Lint::RedeploysPerCommit => format!("{value:.2}"),
        _ => format!("{value:.0}"),
    }
}

fn status(status: GateStatus) -> &'static str {
    match status {
        GateStatus::Passed => "passed",
        GateStatus::Warned => "warns",
        GateStatus::Failed => "FAILED",
        GateStatus::Unknown => "not known",
        GateStatus::Off => "off",
    }
}

/// What differs between two reports, in one sentence.
pub(crate) fn diff_headline(diff: &DiffReport) -> String {
    let needs =
        |change: Change| diff.needs.iter().filter(|need| need.change == change && !need.of_packages).count();
    let (gained, lost) = (needs(Change::Gained) as u64, needs(Change::Lost) as u64);
    let closing = diff.needs.iter().filter(|n| n.change == Change::Gained && n.closes_cycle).count() as u64;
    let cycles = match closing {
        0 => String::new(),
        n => format!(", {} of which {} a cycle", number(n), if n == 1 { "closes" } else { "close" }),
    };
    if diff.figures.is_empty() && diff.verdicts.is_empty() && diff.needs.is_empty() && diff.builds.is_empty()
    {
        return "Nothing that a report says is different.".to_owned();
    }
    format!(
        "{} between modules gained{cycles}, {} lost; {} changed.",
        counted(gained, "dependency"),
        number(lost),
        counted(diff.verdicts.len() as u64, "verdict"),
    )
}

/// A figure that differs: what, before, after.
fn figure_row(change: &FigureChange) -> Vec<String> {
    let shown =
        |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| of_figure(&change.figure, value));
    vec![change.figure.trim_end_matches("_s").replace('_', " "), shown(change.before), shown(change.after)]
}

fn of_figure(figure: &str, value: f64) -> String {
    match figure {
        name if name.ends_with("_s") => seconds(value),
        "followed_share" => share(value),
        "redeploys_per_commit" => format!("{value:.2}"),
        _ => format!("{value:.0}"),
    }
}

/// Figures that differ as people read them: what, before, after.
pub(crate) fn figure_rows(diff: &DiffReport) -> Vec<Vec<String>> {
    shown_figures(diff).map(figure_row).collect()
}

fn shown_figures(diff: &DiffReport) -> impl Iterator<Item = &FigureChange> {
    let differs = |row: Vec<String>| row[1] != row[2];
    diff.figures.iter().filter(move |change| differs(figure_row(change)))
}

/// Why these differ, as far as the reports say: a sentence for each. What is said of one is not said of the next again.
pub(crate) fn figure_causes(diff: &DiffReport) -> Vec<String> {
    let mut said: Vec<&Vec<String>> = Vec::new();
    let mut sentences = Vec::new();
    for change in shown_figures(diff).filter(|change| !change.because.is_empty()) {
        if !said.contains(&&change.because) {
            sentences.push(format!("{}: {}.", figure_row(change)[0], change.because.join("; ")));
            said.push(&change.because);
        }
    }
    sentences
}

/// Which commits rebuilds and deploys are of.
pub(crate) fn replayed(diff: &DiffReport) -> Option<String> {
    let common: String = diff.common_commit.as_ref()?.chars().take(12).collect();
    let known = diff.new.rebuild_p90_s.or(diff.new.redeploys_per_commit);
    known.map(|_| {
        format!(
            "Rebuilds and deploys are of the same commits, the latest up to {common}, which both have, among the packages of each."
        )
    })
}

/// A verdict that differs: package, before, after, because.
pub(crate) fn verdict_rows(diff: &DiffReport) -> Vec<Vec<String>> {
    let row = |change: &split_analyzer::gate::VerdictChange| {
        let [before, after] = [change.before, change.after].map(|kind| kind.map_or("–", verdict).to_owned());
        vec![change.package.clone(), before, after, change.because.clone().unwrap_or_default()]
    };
    diff.verdicts.iter().map(row).collect()
}

/// A build that differs, in one sentence.
pub(crate) fn build_change(change: &BuildChange) -> String {
    let workspace = if change.workspace == "." { String::new() } else { format!(" of {}", change.workspace) };
    let because = match change.because.as_slice() {
        [] => String::new(),
        causes => format!(": {}", causes.join("; ")),
    };
    format!(
        "A clean `{}`{workspace} with {} takes {} in place of {} ({} of work in place of {}){because}.",
        change.mode.command(),
        if change.jobs >= 1000 {
            "as many jobs as it can use".to_owned()
        } else {
            counted(change.jobs, "job")
        },
        seconds(change.after_s),
        seconds(change.before_s),
        seconds(change.work_after_s),
        seconds(change.work_before_s)
    )
}

/// A figure of a trend.
pub(crate) struct TrendFigure {
    /// At the head of a column of a narrow table.
    pub(crate) short: &'static str,
    /// Where there is room.
    pub(crate) name: &'static str,
    /// What a report says.
    pub(crate) value: fn(&TrendPoint) -> Option<f64>,
    /// As people read it.
    pub(crate) show: fn(f64) -> String,
}

/// The figures of a trend, in their order.
pub(crate) static TREND_FIGURES: [TrendFigure; 9] = {
    const fn of(
        short: &'static str,
        name: &'static str,
        value: fn(&TrendPoint) -> Option<f64>,
        show: fn(f64) -> String,
    ) -> TrendFigure {
        TrendFigure { short, name, value, show }
    }
    fn whole(value: f64) -> String {
        format!("{value:.0}")
    }
    [
        of("lines", "lines", |point| Some(point.lines as f64), |value| number(value.round() as u64)),
        of("modules", "modules", |point| Some(f64::from(point.modules)), whole),
        of("cycle", "modules of the largest cycle", |point| point.largest_cycle.map(f64::from), whole),
        of("back", "dependencies that close a cycle", |point| point.back_edges.map(f64::from), whole),
        of("clean", "clean build", |point| point.clean_build_s, seconds),
        of("critical", "its critical path", |point| point.critical_path_s, seconds),
        of("p90", "rebuild, nine in ten", |point| point.rebuild_p90_s, seconds),
        of(
            "deploys",
            "binaries deployed per commit",
            |point| point.redeploys_per_commit,
            |value| format!("{value:.2}"),
        ),
        of("split", "packages to split", |point| Some(f64::from(point.to_split)), whole),
    ]
};

/// The figures of a trend: a header, and a row for each report.
pub(crate) fn trend_rows(trend: &TrendReport) -> (Vec<&'static str>, Vec<Vec<String>>) {
    let header = ["report"].into_iter().chain(TREND_FIGURES.iter().map(|figure| figure.short)).collect();
    let shown = |point: &TrendPoint, figure: &TrendFigure| {
        (figure.value)(point).map_or_else(|| "–".to_owned(), figure.show)
    };
    let row = |point: &TrendPoint| {
        let figures = TREND_FIGURES.iter().map(|figure| shown(point, figure));
        [point.label.clone()].into_iter().chain(figures).collect()
    };
    (header, trend.points.iter().map(row).collect())
}

/// What a page of a trend is about.
pub(crate) fn trend_headline(trend: &TrendReport) -> String {
    match trend.points.as_slice() {
        [] => "No report".to_owned(),
        [only] => format!("One report: {}", only.label),
        [first, .., last] => {
            format!("{} reports, from {} to {}", trend.points.len(), first.label, last.label)
        }
    }
}

/// What the columns mean.
pub(crate) fn trend_terms(trend: &TrendReport) -> String {
    format!(
        "cycle: modules of the largest one; back: dependencies that close a cycle; clean, critical: a clean `{}`, and one with as \
         many jobs as it can use; p90: rebuild after a commit that nine in ten don't exceed; deploys: binaries that a commit \
         deploys again; split: packages that should be.",
        trend.mode.command()
    )
}
