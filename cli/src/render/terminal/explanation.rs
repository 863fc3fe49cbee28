//! The answer of `explain`.

use std::io::{self, Write};

use split_analyzer::report::{ExplainReport, ModuleReferences, NameTaken, Place};
use split_analyzer::resolve::Confidence;

use super::{BOLD, Rows, Screen, paragraph, reference};
use crate::render::prose::sentences::explain_headline;
use crate::render::prose::words::counted;

/// References that are listed unless all are asked for.
const FEW: usize = 40;
/// Pairs of modules that are shown.
const PAIRS: usize = 15;

/// Writes the references summed up by module, then every single one: of many only if `all` are asked for.
pub(crate) fn explanation(report: &ExplainReport, all: bool, out: &mut Screen<'_>) -> io::Result<()> {
    paragraph(out, 0, BOLD, &explain_headline(report))?;
    for hop in &report.chain {
        write_place(hop, out)?;
    }
    if report.modules.len() > 1 {
        writeln!(out)?;
        modules(&report.modules, out)?;
    }
    if report.references.len() > FEW && !all {
        let count = counted(report.references.len() as u64, "reference");
        let narrower = if report.modules.len() > 1 {
            "; for fewer, ask for two of these modules, or for items in them"
        } else {
            "; for fewer, ask for items in them"
        };
        writeln!(out)?;
        paragraph(out, 0, anstyle::Style::new(), &format!("--all lists the {count}{narrower}."))?;
        return names_taken(&report.names_taken, all, out);
    }
    for group in report.references.chunk_by(|a, b| a.file == b.file) {
        writeln!(out)?;
        for place in group {
            write_place(place, out)?;
        }
    }
    names_taken(&report.names_taken, all, out)
}

/// Lines that take a name which is defined elsewhere.
fn names_taken(names: &[NameTaken], all: bool, out: &mut Screen<'_>) -> io::Result<()> {
    if names.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    let shown = if all { names.len() } else { FEW };
    for name in names.iter().take(shown) {
        let test = if name.test { ", test only" } else { "" };
        reference(
            out,
            (&name.file, name.line),
            &name.from,
            &format!("{}  (a name from elsewhere{test})", name.module),
        )?;
    }
    match names.len().saturating_sub(shown) {
        0 => Ok(()),
        more => writeln!(out, "… and {}, see --all", counted(more as u64, "more line")),
    }
}

fn modules(pairs: &[ModuleReferences], out: &mut Screen<'_>) -> io::Result<()> {
    let row = |pair: &ModuleReferences| {
        let tests = if pair.tests > 0 { pair.tests.to_string() } else { String::new() };
        let first = format!("{}:{}", pair.file, pair.line);
        vec![pair.from.clone(), pair.to.clone(), pair.references.to_string(), tests, first]
    };
    let mut rows: Vec<Vec<String>> = pairs.iter().take(PAIRS).map(row).collect();
    let mut header = &["from module", "to module", "references", "in tests", "first at"][..];
    let widest = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([header[column].chars().count()]).max().unwrap_or_default() + 2
    };
    // Places are for who has the room.
    if 2 + (0..header.len()).map(widest).sum::<usize>() > out.width {
        header = &header[..header.len() - 1];
        rows.iter_mut().for_each(|row| row.truncate(header.len()));
    }
    Rows { header, rows, numbers: &[2, 3] }.write(out, 2)?;
    match pairs.len().saturating_sub(PAIRS) {
        0 => Ok(()),
        more => writeln!(out, "  … and {}, see --format json", counted(more as u64, "more pair")),
    }
}

fn write_place(place: &Place, out: &mut Screen<'_>) -> io::Result<()> {
    let mut notes = place.kind.name().to_owned();
    if place.test {
        notes.push_str(", test only");
    }
    match place.confidence {
        Confidence::Exact => {}
        Confidence::Expanded => notes.push_str(", by a macro"),
        Confidence::Guess => notes.push_str(", a guess"),
        Confidence::Unseen => notes.push_str(", to what is not to be seen in it"),
    }
    reference(out, (&place.file, place.line), &place.from, &format!("{}  ({notes})", place.to))
}
