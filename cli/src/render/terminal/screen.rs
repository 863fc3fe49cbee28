//! What is written on, and how wide it is.

use std::io::{self, Write};

/// Columns where nobody says how many there are: of a pipe, or a file.
const USUAL: usize = 100;
/// Fewer have no room for a table, and longer lines are hard to read.
const LEAST: usize = 60;
const MOST: usize = 200;

/// A stream of so many columns.
pub(crate) struct Screen<'a> {
    out: &'a mut dyn Write,
    pub(super) width: usize,
}

impl<'a> Screen<'a> {
    /// At least 60 columns, at most 200.
    pub(crate) fn new(out: &'a mut dyn Write, columns: usize) -> Self {
        Self { out, width: columns.clamp(LEAST, MOST) }
    }
}

impl Write for Screen<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Columns of stdout: what `COLUMNS` says, else the terminal's, else 100.
pub(crate) fn columns() -> usize {
    let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.trim().parse().ok());
    let of_terminal = || terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
    said.filter(|&columns| columns > 0).or_else(of_terminal).unwrap_or(USUAL)
}
