//! Answers on one screen: at most 40 lines of 100 columns, the verdict first.
//!
//! Written with colours; the stream takes them out where they aren't wanted.

mod affected;
mod analysis;
mod clustering;
mod explanation;
mod measurement;
mod plan;
mod simulation;
mod what_if;

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};

use super::prose::words::{clean, end_cut, wrap};

pub(crate) use affected::affected;
pub(crate) use analysis::analysis;
pub(crate) use clustering::clusters;
pub(crate) use explanation::explanation;
pub(crate) use measurement::{invocation, measurement};
pub(crate) use simulation::simulation;
pub(crate) use what_if::what_if;

/// Columns of the screen.
const WIDTH: usize = 100;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const CAUTION: Style = AnsiColor::Yellow.on_default().bold();

/// A paragraph, wrapped; lines after the first are indented by `indent` as well. What is not harmless is
/// taken out first.
fn paragraph(out: &mut dyn Write, indent: usize, style: Style, text: &str) -> io::Result<()> {
    for line in wrap(&clean(text), WIDTH - indent) {
        writeln!(out, "{:indent$}{style}{line}{style:#}", "")?;
    }
    Ok(())
}

/// Text that starts with a label, the following lines below its text; `…` if it takes more than `lines`.
fn labelled(out: &mut dyn Write, label: &str, text: &str, lines: usize) -> io::Result<()> {
    let indent = label.chars().count() + 2;
    let mut wrapped = wrap(&clean(text), WIDTH - indent);
    if wrapped.len() > lines {
        wrapped.truncate(lines);
        if let Some(last) = wrapped.last_mut() {
            *last = end_cut(&format!("{last} …"), WIDTH - indent);
        }
    }
    for (i, line) in wrapped.into_iter().enumerate() {
        match i {
            0 => writeln!(out, "{BOLD}{label}{BOLD:#}  {line}")?,
            _ => writeln!(out, "{:indent$}{line}", "")?,
        }
    }
    Ok(())
}

/// A table without borders: a header, rows, and which columns hold numbers.
struct Rows<'a> {
    header: &'a [&'a str],
    rows: Vec<Vec<String>>,
    numbers: &'a [usize],
}

impl Rows<'_> {
    fn write(self, out: &mut dyn Write, indent: usize) -> io::Result<()> {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(u16::try_from(WIDTH - indent).unwrap_or(u16::MAX));
        table.set_header(self.header.iter().map(|h| (*h).to_owned()));
        for row in self.rows {
            table.add_row(row.iter().map(|cell| Cell::new(clean(cell))));
        }
        for (i, column) in table.column_iter_mut().enumerate() {
            column.set_padding((0, 2));
            if self.numbers.contains(&i) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        for (i, line) in table.lines().enumerate() {
            let style = if i == 0 { DIM } else { Style::new() };
            writeln!(out, "{:indent$}{style}{}{style:#}", "", line.trim_end())?;
        }
        Ok(())
    }
}
