//! Tables without borders.

use std::io::{self, Write};

use anstyle::Style;
use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, Table, presets};

use super::{DIM, Screen};
use crate::render::prose::words::clean;

/// A header, rows, and which columns hold numbers. What has no room in a cell wraps.
pub(super) struct Rows<'a> {
    pub(super) header: &'a [&'a str],
    pub(super) rows: Vec<Vec<String>>,
    pub(super) numbers: &'a [usize],
}

impl Rows<'_> {
    pub(super) fn write(self, out: &mut Screen<'_>, indent: usize) -> io::Result<()> {
        self.table(out, indent, false)
    }

    /// The first column has names, which wrap only where they would take more than half of the row.
    pub(super) fn write_names(self, out: &mut Screen<'_>, indent: usize) -> io::Result<()> {
        self.table(out, indent, true)
    }

    fn table(self, out: &mut Screen<'_>, indent: usize, names: bool) -> io::Result<()> {
        let longest = self.rows.iter().filter_map(|row| row.first()).map(|name| name.chars().count()).max();
        let whole = names && longest.unwrap_or_default() <= (out.width - indent) / 2;
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(u16::try_from(out.width - indent).unwrap_or(u16::MAX));
        table.set_header(self.header.iter().map(|h| (*h).to_owned()));
        for row in self.rows {
            table.add_row(row.iter().map(|cell| Cell::new(clean(cell))));
        }
        for (i, column) in table.column_iter_mut().enumerate() {
            column.set_padding((0, 2));
            if whole && i == 0 {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
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
