//! The answer of `verify`.

use std::io;

use anstyle::Style;
use split_analyzer::report::{VerifiedBuild, VerifyReport};

use super::{BOLD, Rows, Screen, labelled, paragraph};
use crate::render::prose::words::{counted, seconds};

/// Processors that may be busy beside: an idle machine has its own little work. A choice.
const IDLE_LOAD: f64 = 0.5;

/// Writes predictions beside what was measured.
pub(crate) fn verified(report: &VerifyReport, out: &mut Screen<'_>) -> io::Result<()> {
    let crates = counted(report.applied.crates.len() as u64, "new crate");
    let error = match report.median_error() {
        Some(error) => format!("predictions are off by {:.0} % in the median", 100.0 * error),
        None => "nothing of it was predicted".to_owned(),
    };
    let headline = format!("`{}` as {crates} and itself, built: {error}.", report.package);
    paragraph(out, 0, BOLD, &headline)?;
    let runs = counted(u64::from(report.runs), "run");
    let how = format!(
        "`{}` with {}, {runs} in turn; medians of the time on the wall. The prediction rests on one build before.",
        report.mode.command(),
        counted(u64::from(report.jobs), "job")
    );
    paragraph(out, 0, Style::new(), &how)?;
    if let Some(load) = report.load_before.filter(|load| *load > IDLE_LOAD) {
        labelled(
            out,
            "Load",
            &format!("{load:.1} processors were busy in the minute before: times may be too long"),
        )?;
    }
    let [before, after] = report.fresh_s.map(seconds);
    let cargo = format!(
        "{before} before and {after} after with nothing to do: part of every time, and of no prediction"
    );
    labelled(out, "Cargo", &cargo)?;
    let header = ["build, and as predicted", "before", "after", "saved"];
    let rows = report.builds.iter().map(|build| {
        let [before, after] = [&build.before, &build.after];
        let percent = before.predicted_s.zip(after.predicted_s).map(|(before, after)| saved(before, after));
        vec![
            name(build),
            both(seconds(before.measured_s), before.predicted_s.map(seconds)),
            both(seconds(after.measured_s), after.predicted_s.map(seconds)),
            both(saved(before.measured_s, after.measured_s), percent),
        ]
    });
    Rows { header: &header, rows: rows.collect(), numbers: &[1, 2, 3] }.write_names(out, 2)
}

fn name(build: &VerifiedBuild) -> String {
    match (&build.file, &build.krate) {
        (Some(file), Some(krate)) => format!("{file} edited ({krate})"),
        _ => "clean".to_owned(),
    }
}

/// What was measured, with what was predicted.
fn both(measured: String, predicted: Option<String>) -> String {
    predicted.map_or_else(|| measured.clone(), |predicted| format!("{measured} ({predicted})"))
}

fn saved(before_s: f64, after_s: f64) -> String {
    if before_s > 0.0 { format!("{:.0} %", 100.0 * (1.0 - after_s / before_s)) } else { "–".to_owned() }
}
