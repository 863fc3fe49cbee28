//! Tables without borders.

use std::io::{self, Write};

use anstyle::Style;
use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, Table, Width, presets};

use super::{DIM, Screen};
use crate::render::prose::words::clean;

/// A header, rows, and which columns hold numbers. What has no room in a cell wraps.
pub(super) struct Rows<'a> {
    pub(super) header: &'a [&'a str],
    pub(super) rows: Vec<Vec<String>>,
    pub(super) numbers: &'a [usize],
}

/// Characters between columns.
const GAP: usize = 2;
/// Characters that a column has in any case, and those that are kept free for one whose cells are as long. Choices.
const LEAST: usize = 12;
const ENOUGH: usize = 20;

impl Rows<'_> {
    /// How wide each column but the first has to be that no word of it is broken, as far as there is room for it.
    fn bounds(&self, mut room: usize) -> Vec<Option<u16>> {
        let longest = |text: &str| text.split_whitespace().map(|word| word.chars().count()).max();
        let cells = |column: usize| self.rows.iter().filter_map(move |row| row.get(column));
        let header = self.header.iter().enumerate().skip(1);
        let widths = header.map(|(column, head)| {
            let words = cells(column).map(String::as_str).chain([*head]).filter_map(longest);
            let word = words.max().unwrap_or_default();
            let whole = cells(column).map(|cell| cell.chars().count()).max().unwrap_or_default();
            (word + GAP, word.max(whole) + GAP)
        });
        let widths: Vec<(usize, usize)> = widths.collect();
        let mut bounds = Vec::new();
        for (column, &(word, _)) in widths.iter().enumerate() {
            let others = widths[column + 1..].iter().map(|&(_, whole)| whole.min(ENOUGH)).sum::<usize>();
            let fits = word + others <= room;
            room = room.saturating_sub(if fits { word } else { LEAST });
            bounds.push(u16::try_from(word).ok().filter(|_| fits));
        }
        bounds
    }

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
        let first = if whole { longest.unwrap_or_default() + GAP } else { LEAST };
        let bounds = self.bounds((out.width - indent).saturating_sub(first));
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(u16::try_from(out.width - indent).unwrap_or(u16::MAX));
        table.set_header(self.header.iter().map(|h| (*h).to_owned()));
        for row in self.rows {
            table.add_row(row.iter().map(|cell| Cell::new(clean(cell))));
        }
        for (i, column) in table.column_iter_mut().enumerate() {
            column.set_padding((0, GAP as u16));
            if whole && i == 0 {
                column.set_constraint(ColumnConstraint::ContentWidth);
            } else if i > 0
                && let Some(width) = bounds[i - 1]
            {
                column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(width)));
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
