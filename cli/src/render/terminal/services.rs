//! The answer of `services`.

use std::io::{self, Write};

use split_analyzer::report::ServicesReport;

use super::{BOLD, Rows, Screen, labelled, paragraph};
use crate::render::prose::services::{HEADER, headline, others, row};

/// Deployables that are shown.
const SHOWN: usize = 60;

/// Writes what is deployed, each with the strongest line that says so.
pub(crate) fn services(report: &ServicesReport, out: &mut Screen<'_>) -> io::Result<()> {
    paragraph(out, 0, BOLD, &headline(report))?;
    let units = report.units();
    if !units.is_empty() {
        writeln!(out)?;
        let rows = units.iter().take(SHOWN).map(|of| row(of)).collect();
        Rows { header: &HEADER, rows, numbers: &[] }.write_names(out, 2)?;
        if units.len() > SHOWN {
            writeln!(out, "  … and {} more, see --format json", units.len() - SHOWN)?;
        }
        writeln!(out)?;
    }
    match others(&report.other_binaries) {
        Some(text) => labelled(out, "Others", &text),
        None => Ok(()),
    }
}
