//! A `Cargo.toml` as a table, and the few questions that it answers before cargo does.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use crate::base::FileTree;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::discover::paths::{normalize, relative};

/// A parsed manifest.
#[derive(Debug, Clone)]
pub(in crate::discover) struct Manifest {
    pub(in crate::discover) dir: PathBuf,
    pub(in crate::discover) table: Table,
}

impl Manifest {
    /// Reads and parses `path`; a refusal names the line.
    pub(in crate::discover) fn read(files: &FileTree, root: &Path, path: &Path) -> Result<Self, Diagnostic> {
        let place = relative(root, path);
        let bytes =
            files.read(path).map_err(|refused| refused.diagnostic(Severity::Error).at(place.as_str()))?;
        let invalid = |message: String| {
            Diagnostic::new(Severity::Error, Code::InvalidManifest, message).at(place.as_str())
        };
        let text = String::from_utf8(bytes).map_err(|e| invalid(format!("not UTF-8: {}", e.utf8_error())))?;
        let table = text.parse::<Table>().map_err(|e| {
            let diagnostic = invalid(one_line(e.message()));
            e.span().map_or(diagnostic.clone(), |span| diagnostic.line(line_at(&text, span.start)))
        })?;
        Ok(Self { dir: path.parent().unwrap_or(Path::new("")).to_owned(), table })
    }

    pub(in crate::discover) fn path(&self) -> PathBuf {
        self.dir.join("Cargo.toml")
    }

    pub(in crate::discover) fn package(&self) -> Option<&Table> {
        // `[project]` is the old name of `[package]`.
        self.table.get("package").or_else(|| self.table.get("project")).and_then(Value::as_table)
    }

    pub(in crate::discover) fn workspace(&self) -> Option<&Table> {
        self.table.get("workspace").and_then(Value::as_table)
    }

    /// Whether this workspace says that `dir` is none of its own.
    pub(in crate::discover) fn excludes(&self, dir: &Path) -> bool {
        let excluded = strings(self.workspace().and_then(|w| w.get("exclude")));
        excluded.iter().any(|e| dir.starts_with(normalize(&self.dir.join(e))))
    }

    /// Packages that `[patch]` and `[replace]` take from a directory: name to directory.
    pub(in crate::discover) fn patches(&self) -> BTreeMap<String, PathBuf> {
        let sources = self.table.get("patch").and_then(Value::as_table).into_iter().flat_map(Table::values);
        let patched = sources.filter_map(Value::as_table).flatten();
        let replaced = self.table.get("replace").and_then(Value::as_table).into_iter().flatten();
        let directory = |(key, value): (&String, &Value)| {
            let path = value.get("path")?.as_str()?;
            // A `[replace]` key is `name:version`.
            let name = value.get("package").and_then(Value::as_str).or_else(|| key.split(':').next())?;
            Some((name.to_owned(), normalize(&self.dir.join(path))))
        };
        patched.chain(replaced).filter_map(directory).collect()
    }
}

/// The strings of an array; nothing for anything else.
pub(in crate::discover) fn strings(value: Option<&Value>) -> Vec<String> {
    let items = value.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The line, from 1, of a byte offset.
pub(in crate::discover) fn line_at(text: &str, offset: usize) -> u32 {
    let before = &text.as_bytes()[..offset.min(text.len())];
    u32::try_from(before.iter().filter(|b| **b == b'\n').count() + 1).unwrap_or(u32::MAX)
}

/// A message of several lines as one.
pub(in crate::discover) fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}
