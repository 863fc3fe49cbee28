//! The answer of `what-if`.

use std::io::{self, Write};

use split_analyzer::plan::{Outcome, PlanPlace};
use split_analyzer::report::WhatIfReport;

use super::super::escape::{code, markdown};
use super::analysis::write_plan;
use super::{sentence, table};
use crate::render::prose::forecasts;
use crate::render::prose::words::{percent, percent_range, scenario, seconds, sentence as sentence_of};

/// Writes everything: reasons or forecasts, the plan, the notes.
pub(crate) fn what_if(report: &WhatIfReport, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# A described split\n\n**{}**\n", sentence(&sentence_of(&forecasts::headline(report))))?;
    for refusal in &report.refusals {
        writeln!(out, "- {}", sentence(&sentence_of(&refusal.detail)))?;
        places(&refusal.places, refusal.place_count as usize, out)?;
    }
    if let Some(way_out) = forecasts::way_out(report) {
        writeln!(out, "\n{}\n", sentence(&sentence_of(&way_out)))?;
    }
    if !report.forecasts.is_empty() {
        forecast_table(report, out)?;
    }
    for package in &report.packages {
        writeln!(out, "## {}\n", code(&package.name))?;
        write_plan(&package.plan, out)?;
    }
    if !report.notes.is_empty() {
        writeln!(out, "## Notes\n")?;
        for note in &report.notes {
            writeln!(out, "- {}", sentence(&sentence_of(&note.detail)))?;
            places(&note.places, note.places.len(), out)?;
        }
        writeln!(out)?;
    }
    if let Some(tests) = forecasts::tests(report) {
        writeln!(out, "Tests: {}\n", sentence(&sentence_of(&tests)))?;
    }
    writeln!(out, "{}", sentence(&forecasts::provenance(report)))
}

fn places(places: &[PlanPlace], all: usize, out: &mut dyn Write) -> io::Result<()> {
    for place in places {
        writeln!(out, "  - {}: {}", code(&format!("{}:{}", place.file, place.line)), sentence(&place.what))?;
    }
    if all > places.len() { writeln!(out, "  - … and {} more", all - places.len()) } else { Ok(()) }
}

fn forecast_table(report: &WhatIfReport, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## Builds\n")?;
    let rows = report.forecasts.iter().map(|f| {
        let saved = match f.outcome {
            Outcome::None => "none above the noise".to_owned(),
            Outcome::Faster => format!("{} ({})", percent(f.saved_pct.p50), percent_range(f.saved_pct)),
            Outcome::Slower => format!("{} more ({})", percent(-f.saved_pct.p50), percent_range(f.saved_pct)),
        };
        let range = |time: split_analyzer::plan::Interval| {
            format!("{} ({} to {})", seconds(time.p50), seconds(time.p10), seconds(time.p90))
        };
        vec![
            markdown(&f.workspace),
            scenario(f.scenario).to_owned(),
            format!("`{}`", f.mode.command()),
            f.jobs.to_string(),
            range(f.before.time_s),
            range(f.after.time_s),
            saved,
        ]
    });
    let header = ["workspace", "build", "command", "jobs", "before", "after", "saved (80 % interval)"];
    table(out, &header, rows)?;
    if let Some(shown) = forecasts::shown(report) {
        writeln!(out, "The critical path of {}:\n", sentence(&forecasts::build(shown)))?;
        for (label, build) in [("before", &shown.before), ("after", &shown.after)] {
            writeln!(
                out,
                "- {label}: {}",
                sentence(&forecasts::chain(&build.critical_path, build.time_s.p50))
            )?;
        }
        writeln!(out)?;
    }
    match forecasts::edits(report) {
        Some(edits) => writeln!(out, "Edits: {}.\n", sentence(&edits)),
        None => Ok(()),
    }
}
