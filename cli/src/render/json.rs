//! JSON: the library's reports as they are.

use std::io::{self, Write};

use serde::Serialize;

/// Writes a report, indented, with a line break at the end.
pub(crate) fn write(report: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, report)?;
    writeln!(out)
}

/// Writes a report on one line: a graph may have a million edges.
pub(crate) fn write_compact(report: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, report)?;
    writeln!(out)
}
