//! The answers of `check`, `diff` and `trend`.

use std::io::{self, Write};

use split_analyzer::gate::{Change, CheckReport, DiffReport, Finding, TrendReport};

use super::{BOLD, CAUTION, DIM, GOOD, Rows, Screen, paragraph};
use crate::render::prose::gates::{
    GATE_HEADER, asked, build_change, diff_headline, figure_causes, figure_rows, gate_row, headline,
    replayed, trend_rows, trend_terms, verdict_rows, way_out,
};
use crate::render::prose::words::{clean, counted, listed};

/// New findings that are shown: all of them are in the JSON report.
const FINDINGS: usize = 50;
/// Where there is no baseline yet, most of them will go into it.
const FIRST_FINDINGS: usize = 10;
/// Programs and roles of a difference.
const PROGRAMS: usize = 12;
/// Dependencies of a difference.
const NEEDS: usize = 40;

/// Writes how the check ended, then what is new.
pub(crate) fn check(report: &CheckReport, allow_degraded: bool, out: &mut Screen<'_>) -> io::Result<()> {
    let style = if report.passed(allow_degraded) { GOOD } else { CAUTION };
    paragraph(out, 0, style, &headline(report, allow_degraded))?;
    for lack in &report.degraded {
        paragraph(out, 0, CAUTION, &format!("Degraded: {}", lack.message))?;
    }
    writeln!(out)?;
    let rows = asked(report).map(gate_row).collect();
    Rows { header: &GATE_HEADER, rows, numbers: &[2, 3, 4, 5] }.write_names(out, 2)?;
    if let Some(way_out) = way_out(report) {
        writeln!(out)?;
        paragraph(out, 0, DIM, &way_out)?;
    }
    let new: Vec<&Finding> = report.new_findings().collect();
    let most = if report.baseline.is_some() { FINDINGS } else { FIRST_FINDINGS };
    for found in new.iter().take(most) {
        writeln!(out)?;
        writeln!(
            out,
            "{BOLD}{}:{}{BOLD:#}  {}: {}",
            clean(&found.file),
            found.line,
            found.level.name(),
            found.lint.name()
        )?;
        paragraph(out, 2, anstyle::Style::new(), &found.message)?;
        if let Some(reason) = &found.reason {
            paragraph(out, 2, DIM, &format!("because: {reason}"))?;
        }
    }
    if new.len() > most {
        let more = counted((new.len() - most) as u64, "more finding");
        writeln!(out, "\n… and {more}, see --format json")?;
    }
    Ok(())
}

/// Writes what differs.
pub(crate) fn diff(report: &DiffReport, out: &mut Screen<'_>) -> io::Result<()> {
    paragraph(out, 0, BOLD, &diff_headline(report))?;
    for cause in &report.not_the_code {
        paragraph(out, 0, CAUTION, &format!("Not of the code: {cause}"))?;
    }
    let rows = figure_rows(report);
    if !rows.is_empty() {
        writeln!(out)?;
        Rows { header: &["figure", "before", "after"], rows, numbers: &[1, 2] }.write(out, 2)?;
        for cause in figure_causes(report) {
            paragraph(out, 2, DIM, &cause)?;
        }
        if let Some(replayed) = replayed(report) {
            paragraph(out, 2, DIM, &replayed)?;
        }
    }
    if !report.verdicts.is_empty() {
        writeln!(out)?;
        let header = &["package", "before", "after", "because"];
        Rows { header, rows: verdict_rows(report), numbers: &[] }.write_names(out, 2)?;
    }
    for change in report.notable_builds() {
        paragraph(out, 0, anstyle::Style::new(), &build_change(change))?;
    }
    for (change, word) in [(Change::Gained, "New"), (Change::Lost, "Gone")] {
        let services = report.services.iter().filter(|service| service.change == change);
        let names: Vec<String> = services.map(|service| clean(&service.name).into_owned()).collect();
        if !names.is_empty() {
            let what = if names.len() == 1 { "program or role" } else { "programs and roles" };
            paragraph(
                out,
                0,
                anstyle::Style::new(),
                &format!("{word} {what}: {}.", listed(&names, PROGRAMS)),
            )?;
        }
    }
    if !report.needs.is_empty() {
        writeln!(out)?;
    }
    for need in report.needs.iter().take(NEEDS) {
        let sign = if need.change == Change::Gained { "+" } else { "-" };
        let cycle = match (need.closes_cycle, need.change) {
            (false, _) => "",
            (true, Change::Gained) => " (closes a cycle)",
            (true, Change::Lost) => " (closed a cycle)",
        };
        paragraph(out, 2, anstyle::Style::new(), &format!("{sign} {} → {}{cycle}", need.from, need.to))?;
    }
    if report.needs.len() > NEEDS {
        writeln!(out, "  … and {} more, see --format json", report.needs.len() - NEEDS)?;
    }
    Ok(())
}

/// Writes the table.
pub(crate) fn trend(report: &TrendReport, out: &mut Screen<'_>) -> io::Result<()> {
    let (header, rows) = trend_rows(report);
    Rows { header: &header, rows, numbers: &[1, 2, 3, 4, 5, 6, 7, 8, 9] }.write_names(out, 0)?;
    paragraph(out, 0, DIM, &trend_terms(report))
}
