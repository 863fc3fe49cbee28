//! What a program shares with others that run beside it: tables of databases, and variables of its environment.

use super::Name;

/// A place that names a table of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TableUse {
    /// Its line, from 1.
    pub line: u32,
    /// The table, without its schema; queries don't tell small letters from capitals, so that all are small.
    pub table: Name,
    /// What is done to it.
    pub access: TableAccess,
}

/// What is done to a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TableAccess {
    /// Its rows are read.
    Reads,
    /// Rows are written, changed or removed.
    Writes,
    /// It is made or changed itself, or declared.
    Makes,
    /// What is declared here stands for its rows.
    Rows,
}
