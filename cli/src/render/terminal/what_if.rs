//! The answer of `what-if`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use split_analyzer::cost::Mode;
use split_analyzer::plan::{Outcome, PlanPlace, Refusal, Scenario};
use split_analyzer::report::{ForecastReport, WhatIfReport};

use super::{BOLD, CAUTION, DIM, GOOD, Rows, Screen, labelled, paragraph, plan, wrapped};
use crate::render::prose::forecasts;
use crate::render::prose::words::{clean, counted, scenario, sentence};

/// Packages whose crates are shown.
const PACKAGES: usize = 2;
/// Reasons that are shown.
const REFUSALS: usize = 4;
/// Places of each.
const PLACES: usize = 3;
/// Columns for the name of a build, and for its change.
const BUILD: usize = 26;
const CHANGE: usize = 18;
/// Notes that are shown.
const NOTES: usize = 2;

/// Writes the forecast, or why there is none.
pub(crate) fn what_if(report: &WhatIfReport, out: &mut Screen<'_>) -> io::Result<()> {
    let any = |outcome| report.forecasts.iter().any(|f| f.outcome == outcome);
    let style = if !report.predicted || any(Outcome::Slower) {
        CAUTION
    } else if any(Outcome::Faster) {
        GOOD
    } else {
        BOLD
    };
    paragraph(out, 0, style, &forecasts::headline(report))?;
    if !report.predicted {
        return refused(report, out);
    }
    for package in report.packages.iter().take(PACKAGES) {
        writeln!(out)?;
        plan::crates(&package.plan, &package.name, out)?;
        plan::work(&package.plan, out)?;
        plan::edits(&package.plan, plan::MANY_EDITS, out)?;
    }
    if report.packages.len() > PACKAGES {
        let more = counted((report.packages.len() - PACKAGES) as u64, "more package");
        writeln!(out, "… and {more}, see --format json")?;
    }
    writeln!(out)?;
    table(report, out)?;
    writeln!(out)?;
    if let Some(shown) = forecasts::shown(report) {
        let chain = |build: &split_analyzer::plan::ForecastBuild| {
            forecasts::chain(&build.critical_path, build.time_s.p50)
        };
        paragraph(
            out,
            0,
            DIM,
            &sentence(&format!("The critical path of {}", forecasts::build(shown))).replace('.', ":"),
        )?;
        labelled(out, "Before", &chain(&shown.before))?;
        labelled(out, "After", &chain(&shown.after))?;
    }
    if let Some(edits) = forecasts::edits(report) {
        labelled(out, "Edits", &edits)?;
    }
    if let Some(tests) = forecasts::tests(report) {
        labelled(out, "Tests", &sentence(&tests))?;
    }
    for note in report.notes.iter().take(NOTES) {
        labelled(out, "Note", &sentence(&note.detail))?;
    }
    if report.notes.len() > NOTES {
        let more = counted((report.notes.len() - NOTES) as u64, "more note");
        writeln!(out, "… and {more}, see --format json")?;
    }
    labelled(out, "Figures", &forecasts::provenance(report))
}

fn refused(report: &WhatIfReport, out: &mut Screen<'_>) -> io::Result<()> {
    for refusal in report.refusals.iter().take(REFUSALS) {
        writeln!(out)?;
        paragraph(out, 2, anstyle::Style::new(), &sentence(&refusal.detail))?;
        places(refusal, out)?;
    }
    if report.refusals.len() > REFUSALS {
        let more = counted((report.refusals.len() - REFUSALS) as u64, "more reason");
        writeln!(out, "\n  … and {more}, see --format json")?;
    }
    if let Some(way_out) = forecasts::way_out(report) {
        writeln!(out)?;
        for package in report.packages.iter().take(PACKAGES) {
            plan::work(&package.plan, out)?;
            plan::edits(&package.plan, plan::MANY_EDITS, out)?;
        }
        paragraph(out, 0, anstyle::Style::new(), &sentence(&way_out))?;
    }
    Ok(())
}

/// The first places and, of a cycle, the last one: there the other way round starts.
fn places(refusal: &Refusal, out: &mut Screen<'_>) -> io::Result<()> {
    let places = &refusal.places;
    let shown: Vec<&PlanPlace> = match places.len() {
        0..=PLACES => places.iter().collect(),
        all => places[..PLACES - 1].iter().chain([&places[all - 1]]).collect(),
    };
    let left = (refusal.place_count as usize).saturating_sub(shown.len());
    for place in shown {
        let (at, what) = (format!("{}:{}", clean(&place.file), place.line), clean(&place.what));
        if 6 + at.chars().count() + what.chars().count() <= out.width {
            writeln!(out, "    {at}  {DIM}{what}{DIM:#}")?;
            continue;
        }
        for line in wrapped(&at, out.width - 4) {
            writeln!(out, "    {line}")?;
        }
        paragraph(out, 6, DIM, &what)?;
    }
    if left > 0 { writeln!(out, "    {DIM}… and {left} more{DIM:#}") } else { Ok(()) }
}

/// A row for each kind of build, a column for each number of jobs.
fn table(report: &WhatIfReport, out: &mut Screen<'_>) -> io::Result<()> {
    let mut rows: BTreeMap<(&str, Scenario, Mode), BTreeMap<u32, &ForecastReport>> = BTreeMap::new();
    for f in &report.forecasts {
        rows.entry((&f.workspace, f.scenario, f.mode)).or_default().insert(f.jobs, f);
    }
    let many = report.forecasts.iter().any(|f| f.workspace != report.forecasts[0].workspace);
    let mut jobs = report.settings.jobs.clone();
    jobs.sort_unstable();
    jobs.dedup();
    // Most jobs last: they are what builds run with.
    let most = (out.width.saturating_sub(BUILD) / CHANGE).max(1);
    jobs.drain(..jobs.len().saturating_sub(most));
    let heads: Vec<String> = jobs.iter().map(|&j| counted(j, "job")).collect();
    let mut header = vec!["build"];
    header.extend(heads.iter().map(String::as_str));
    let cells = rows.iter().map(|(&(workspace, what, mode), by_jobs)| {
        let place = if many { format!(", {workspace}") } else { String::new() };
        let mut row = vec![format!("{}, {}{place}", scenario(what), mode.command())];
        row.extend(jobs.iter().map(|j| by_jobs.get(j).map(|f| forecasts::change(f)).unwrap_or_default()));
        row
    });
    let rows = cells.take(12).collect();
    Rows { header: &header, rows, numbers: &[] }.write(out, 2)
}
