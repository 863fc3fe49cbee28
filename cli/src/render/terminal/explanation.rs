//! The answer of `explain`.

use std::io::{self, Write};

use split_analyzer::report::{ExplainReport, Place};
use split_analyzer::resolve::Confidence;

use super::{BOLD, DIM, Screen, paragraph};
use crate::render::prose::sentences::explain_headline;
use crate::render::prose::words::clean;

/// Writes every reference, by file: nothing is left out, so that it can be searched.
pub(crate) fn explanation(report: &ExplainReport, out: &mut Screen<'_>) -> io::Result<()> {
    paragraph(out, 0, BOLD, &explain_headline(report))?;
    for hop in &report.chain {
        write_place(hop, out)?;
    }
    for group in report.references.chunk_by(|a, b| a.file == b.file) {
        writeln!(out)?;
        for place in group {
            write_place(place, out)?;
        }
    }
    Ok(())
}

fn write_place(place: &Place, out: &mut Screen<'_>) -> io::Result<()> {
    let (file, from, to) = (clean(&place.file), clean(&place.from), clean(&place.to));
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
    writeln!(out, "  {file}:{}  {from} → {to}  {DIM}{notes}{DIM:#}", place.line)
}
