//! The answer of `services`.

use std::io::{self, Write};

use split_analyzer::report::{CandidateReport, DeploysReport, ServicesReport};

use super::{BOLD, Rows, Screen, labelled, paragraph};
use crate::render::prose::deploys::{SPLIT_HEADER, SPLIT_NUMBERS, sentences, split_row};
use crate::render::prose::services::{Table, headline, inside, others, table};
use crate::render::prose::{candidates, deploys};

/// Deployables that are shown.
const SHOWN: usize = 60;
/// Characters that what a deployment file says has to have.
const ROOM: usize = 48;
/// Packages whose split saves deploys.
const SPLITS: usize = 5;
/// Lines of each list of a readiness sheet.
const LINES: usize = 8;

/// Writes what is deployed, each with the strongest line that says so.
pub(crate) fn services(report: &ServicesReport, out: &mut Screen<'_>) -> io::Result<()> {
    paragraph(out, 0, BOLD, &headline(report))?;
    let units = report.units();
    if !units.is_empty() {
        writeln!(out)?;
        let shown = &units[..units.len().min(SHOWN)];
        let whole = table(shown, report.deploys.as_ref(), true);
        // Where there is no room for what a line says, its place has to do.
        let has_room = whole.width_before_last() + ROOM <= out.width;
        let Table { header, rows, numbers } =
            if has_room { whole } else { table(shown, report.deploys.as_ref(), false) };
        Rows { header: &header, rows, numbers: &numbers }.write_names(out, 2)?;
        if units.len() > SHOWN {
            writeln!(out, "  … and {} more, see --format json", units.len() - SHOWN)?;
        }
        writeln!(out)?;
    }
    for text in inside(report) {
        labelled(out, "Inside", &text)?;
    }
    if let Some(text) = others(&report.other_binaries) {
        labelled(out, "Others", &text)?;
    }
    if let Some(deploys) = report.deploys.as_ref().filter(|_| !units.is_empty()) {
        labelled(out, "Deploys", &sentences(deploys))?;
        splits(deploys, SPLITS, out)?;
    }
    for of in &report.candidate_services {
        candidate(of, out)?;
    }
    Ok(())
}

/// Packages whose split saves deploys.
pub(super) fn splits(deploys: &DeploysReport, shown: usize, out: &mut Screen<'_>) -> io::Result<()> {
    let Some(summary) = deploys::splits(deploys) else { return Ok(()) };
    labelled(out, "Shared", &summary)?;
    let rows = deploys.splits.iter().take(shown).map(split_row).collect();
    Rows { header: &SPLIT_HEADER, rows, numbers: &SPLIT_NUMBERS }.write_names(out, 2)
}

/// The readiness sheet of what could be a service of its own.
fn candidate(of: &CandidateReport, out: &mut Screen<'_>) -> io::Result<()> {
    writeln!(out)?;
    paragraph(out, 0, BOLD, &candidates::heading(of, &of.name))?;
    paragraph(out, 2, anstyle::Style::new(), &candidates::made_of(of))?;
    for fact in candidates::sheet(of, LINES) {
        write!(out, "  ")?;
        labelled(out, fact.label, &fact.text)?;
        for (place, text) in fact.lines {
            let line = if place.is_empty() { text } else { format!("{place}  {text}") };
            paragraph(out, 4, anstyle::Style::new(), &line)?;
        }
    }
    Ok(())
}
