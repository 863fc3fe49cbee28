//! Tables that the texts and attributes of a file name, variables of the environment and files that its attributes do. What macros make is
//! left out.

use ustr::ustr;

use crate::parse::lower::Lower;
use crate::parse::lower::attrs::{Meta, unquote};
use crate::parse::sql;
use crate::parse::syntax::parser::SyntaxKind::*;
use crate::parse::tree::{FilePath, FilePathKind, Name, TableAccess, TableUse};

/// Bytes of a text that is read: longer ones are data. A choice.
const LONGEST_QUERY: usize = 32 << 10;

impl Lower<'_> {
    /// Notes the tables in the texts of a file.
    pub(in crate::parse::lower) fn note_queries(&mut self) {
        if self.tokens.source.is_none() {
            return;
        }
        for token in (0..self.tokens.len()).filter(|&token| self.tokens.kind(token) == STRING) {
            let text = self.tokens.text(token);
            if text.len() > LONGEST_QUERY {
                continue;
            }
            let line = self.line(token);
            for (table, access) in sql::tables(&unquote(text)) {
                self.tree.tables.push(TableUse { line, table: ustr(&table), access });
            }
        }
    }

    /// Notes `#[sea_orm(table_name = "x")]`, `#[diesel(table_name = x)]`, `#[arg(env = "X")]`.
    pub(in crate::parse::lower) fn note_data(&mut self, meta: &Meta) {
        if self.tokens.source.is_none() || meta.names != 1 {
            return;
        }
        let line = self.line(meta.path.start);
        match self.tokens.text(meta.path.start) {
            "sea_orm" | "diesel" => {
                let table = self.named_value(meta, "table_name");
                self.tree.tables.extend(table.map(|table| TableUse {
                    line,
                    table,
                    access: TableAccess::Rows,
                }));
            }
            "arg" | "clap" | "structopt" => {
                let name = self.named_value(meta, "env");
                self.tree.variables.extend(name.map(|name| (line, name)));
            }
            "envconfig" => {
                let name = self.named_value(meta, "from");
                self.tree.variables.extend(name.map(|name| (line, name)));
            }
            "doc" => {
                let file = self.included_text(&meta.rest).map(|file| format!("include_str!(\"{file}\")"));
                let path = |call| FilePath { line, call, kind: FilePathKind::File };
                self.tree.file_paths.extend(file.map(path));
            }
            name => {
                let file = match name {
                    "grammar" | "folder" => {
                        self.string_value(&meta.rest).map(|file| format!("{name} = \"{file}\""))
                    }
                    "template" => {
                        self.named_value(meta, "path").map(|file| format!("{name}(path = \"{file}\")"))
                    }
                    _ => None,
                };
                let path = |call| FilePath { line, call: format!("#[{call}]"), kind: FilePathKind::File };
                self.tree.file_paths.extend(file.map(path));
            }
        }
    }

    /// `x` of `= include_str!("x")`.
    fn included_text(&self, rest: &std::ops::Range<u32>) -> Option<String> {
        let text = |at: u32| (at < rest.end).then(|| self.tokens.text(at));
        let call = (rest.start..rest.end).find(|&at| text(at) == Some("include_str"))?;
        let string =
            (call + 3 < rest.end).then_some(call + 3).filter(|&at| self.tokens.kind(at) == STRING)?;
        Some(unquote(self.tokens.text(string)).to_string())
    }

    /// `x` of `(name = "x")` and of `(name = schema::x)`.
    fn named_value(&self, meta: &Meta, name: &str) -> Option<Name> {
        let parts = self.split_commas(self.parenthesized(&meta.rest)?);
        let is_named = |part: &std::ops::Range<u32>| {
            self.tokens.text(part.start) == name
                && part.start + 2 < part.end
                && self.tokens.kind(part.start + 1) == EQ
        };
        let last = parts.into_iter().find(is_named)?.end - 1;
        match self.tokens.kind(last) {
            STRING => Some(ustr(&unquote(self.tokens.text(last)))),
            IDENT => Some(self.tokens.name(last)),
            _ => None,
        }
    }
}
