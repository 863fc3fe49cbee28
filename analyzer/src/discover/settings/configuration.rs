//! Cargo's configuration (`.cargo/config.toml`), read as data: nothing that it names is run.
//!
//! Cargo merges the files of the directory it is called in and of all above it, the nearest first, then that of its home
//! (the Cargo Book, "Configuration: Hierarchical structure"). `include`, `--config` and variables of the environment are
//! not followed.

use std::path::{Path, PathBuf};

use toml::{Table, Value};

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::discover::manifests::manifest::one_line;
use crate::discover::paths::relative;
use crate::discover::tree::reading::Reading;

/// A file of more bytes is no configuration that anybody wrote.
const MOST_BYTES: u64 = 1 << 20;

/// The files that hold for a directory, the nearest first.
#[derive(Debug, Clone, Default)]
pub(in crate::discover) struct Configuration {
    layers: Vec<Layer>,
}

/// One file.
#[derive(Debug, Clone)]
struct Layer {
    /// The folder that it stands in.
    folder: PathBuf,
    /// What it is called where it is spoken of.
    shown: String,
    table: Table,
}

impl Configuration {
    /// Reads what cargo would, called in `dir`; `home` is cargo's home, if it is to be read. A file that can't be used is a
    /// diagnostic, with a path relative to the root (or below `$CARGO_HOME`).
    pub(in crate::discover) fn read(
        reading: &Reading,
        dir: &Path,
        home: Option<&Path>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Self {
        let above = dir.ancestors().map(|dir| dir.join(".cargo"));
        let of_home = home.filter(|home| !dir.ancestors().any(|dir| dir.join(".cargo") == **home));
        let folders = above.map(|folder| (folder, false)).chain(of_home.map(|h| (h.to_owned(), true)));
        let mut layers = Vec::new();
        for (folder, is_home) in folders {
            let Some(path) = file_in(&folder) else { continue };
            let shown = if is_home || Some(folder.as_path()) == home {
                "$CARGO_HOME/config.toml".to_owned()
            } else {
                relative(&reading.root, &path)
            };
            match read_table(reading, &path) {
                Ok(table) => layers.push(Layer { folder, shown, table }),
                Err(why) => {
                    let message = format!("cargo's configuration is not taken into account: {why}");
                    diagnostics
                        .push(Diagnostic::new(Severity::Warning, Code::InvalidConfig, message).at(shown));
                }
            }
        }
        Self { layers }
    }

    /// One file that isn't on disk.
    #[cfg(any(fuzzing, test))]
    pub(in crate::discover) fn of(folder: &Path, table: Table) -> Self {
        let shown = ".cargo/config.toml".to_owned();
        Self { layers: vec![Layer { folder: folder.to_owned(), shown, table }] }
    }

    /// The value at a path of keys, from each file that has one, the nearest first.
    pub(in crate::discover) fn values<'a>(&'a self, keys: &'a [&'a str]) -> impl Iterator<Item = &'a Value> {
        self.values_of_files(keys).map(|(_, value)| value)
    }

    /// Likewise, with what each file is called.
    pub(in crate::discover) fn values_of_files<'a>(
        &'a self,
        keys: &'a [&'a str],
    ) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let of = move |layer: &'a Layer| Some((layer.shown.as_str(), descend(&layer.table, keys)?));
        self.layers.iter().filter_map(of)
    }

    /// The nearest path at a path of keys; a relative one starts at the directory that `.cargo` is in (the Cargo Book,
    /// "Configuration: Config-relative paths").
    pub(in crate::discover) fn path(&self, keys: &[&str]) -> Option<PathBuf> {
        let mut found = self.layers.iter().filter_map(|Layer { folder, table, .. }| {
            let text = descend(table, keys)?.as_str().filter(|text| !text.is_empty())?;
            // What begins with a variable isn't relative.
            Some(if text.starts_with('{') { PathBuf::from(text) } else { folder.parent()?.join(text) })
        });
        found.next()
    }
}

fn descend<'a>(table: &'a Table, keys: &[&str]) -> Option<&'a Value> {
    let (first, rest) = keys.split_first()?;
    rest.iter().try_fold(table.get(*first)?, |value, key| value.as_table()?.get(*key))
}

/// Cargo takes the name without an extension first (the Cargo Book, "Configuration").
fn file_in(folder: &Path) -> Option<PathBuf> {
    ["config", "config.toml"].into_iter().map(|name| folder.join(name)).find(|path| path.is_file())
}

fn read_table(reading: &Reading, path: &Path) -> Result<Table, String> {
    let bytes = reading.read(path).map_err(|refused| format!("it {refused}"))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(format!("more than {MOST_BYTES} bytes"));
    }
    let text = String::from_utf8(bytes).map_err(|_| "not UTF-8".to_owned())?;
    text.parse::<Table>().map_err(|e| one_line(e.message()))
}
