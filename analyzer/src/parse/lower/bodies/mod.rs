//! What stands in bodies: expressions, patterns, statements.

mod exprs;
mod pats;
mod stmts;
