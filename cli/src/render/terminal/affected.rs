//! The answer of `affected`.

use std::io::{self, Write};

use split_analyzer::affected::Part;
use split_analyzer::report::{AffectedReport, Reason};

use super::{BOLD, Rows, Screen, labelled, paragraph};
use crate::render::prose::words::{counted, listed};

/// Packages that are shown.
const PACKAGES: usize = 25;

/// Writes what has to be compiled, tested and deployed.
pub(crate) fn affected(report: &AffectedReport, out: &mut Screen<'_>) -> io::Result<()> {
    paragraph(out, 0, BOLD, &headline(report))?;
    if !report.packages.is_empty() {
        packages(report, out)?;
    }
    if !report.tests.is_empty() {
        let mut names: Vec<String> = report.tests.iter().map(|test| test.package.clone()).collect();
        names.dedup();
        let text = format!("{} of {}", counted(report.tests.len() as u64, "target"), listed(&names, 8));
        labelled(out, "Tests", &text)?;
    }
    if !report.deployables.is_empty() {
        let names: Vec<String> = report.deployables.iter().map(|d| d.name.clone()).collect();
        labelled(out, "Deploys", &listed(&names, 8))?;
        reach(report, out)?;
    }
    Ok(())
}

/// Which of the programs can run what changed, if that was asked.
fn reach(report: &AffectedReport, out: &mut Screen<'_>) -> io::Result<()> {
    if report.deployables.iter().all(|program| program.runs_changed_code.is_none()) {
        return Ok(());
    }
    let running = report.deployables.iter().filter(|program| program.runs_changed_code == Some(true));
    let names: Vec<String> = running.map(|program| program.name.clone()).collect();
    let text = match names.len() {
        0 => "none of these can run code that changed, as far as it can be followed.".to_owned(),
        n if n == report.deployables.len() => "all of these can run code that changed.".to_owned(),
        _ => format!(
            "of these can run code that changed: {}. Advice only: all of them are built anew.",
            listed(&names, 8)
        ),
    };
    labelled(out, "Runs", &text)
}

fn headline(report: &AffectedReport) -> String {
    let short = |hash: &str| hash.get(..9).unwrap_or(hash).to_owned();
    let changed = counted(report.changed_files.len() as u64, "file");
    let between = format!("{changed} changed between {} and {}", short(&report.base), short(&report.head));
    if let Some(because) = &report.because {
        return format!("Everything is affected, by {}; {between}.", reason(because));
    }
    let packages = format!("{} of {} packages", report.packages.len(), report.packages_in_all);
    match (report.packages.is_empty(), report.tests.is_empty()) {
        (true, true) => format!("Nothing is affected; {between}."),
        (true, false) => format!("Nothing is compiled again, but tests may read what changed; {between}."),
        _ => format!("{packages} are compiled again, at least in part; {between}."),
    }
}

fn packages(report: &AffectedReport, out: &mut Screen<'_>) -> io::Result<()> {
    let rows = report.packages.iter().take(PACKAGES).map(|package| {
        let first = package.because.first().map(reason).unwrap_or_default();
        let more = package.because.len().saturating_sub(1);
        let rest = if more > 0 { format!(" (+{more})") } else { String::new() };
        let part = match package.part {
            Part::Library => "all",
            Part::Programs => "programs",
            Part::Tests => "tests",
        };
        vec![package.name.clone(), part.to_owned(), package.distance.to_string(), first + &rest]
    });
    let header = ["package", "part", "distance", "because of"];
    Rows { header: &header, rows: rows.collect(), numbers: &[2] }.write_names(out, 2)?;
    match report.packages.len().saturating_sub(PACKAGES) {
        0 => Ok(()),
        more => writeln!(out, "  … and {more} more, see --format json"),
    }
}

fn reason(reason: &Reason) -> String {
    match (&reason.package, &reason.locked, &reason.file) {
        (Some(package), ..) => package.clone(),
        (None, Some(locked), Some(file)) => format!("{locked} in {file}"),
        (None, _, Some(file)) => file.clone(),
        (None, ..) => String::new(),
    }
}
