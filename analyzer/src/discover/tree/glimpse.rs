//! What is known of a repository before cargo has answered.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use crate::base::FileTree;
use crate::discover::manifests::manifest::Manifest;
use crate::discover::model::Edition;
use crate::discover::paths::relative;

/// The walk's files, and the manifests' editions as far as they can be read without cargo.
pub(crate) struct Glimpse {
    /// The directory that is analysed.
    pub(crate) root: PathBuf,
    /// The same as the place that files are read from.
    pub(crate) files: FileTree,
    /// All `.rs` files, relative to it.
    pub(crate) rust_files: Vec<String>,
    /// Directories of packages, relative to it, with their editions: a guess, but mostly a right one.
    pub(crate) editions: Vec<(String, Edition)>,
}

/// The edition of each manifest that has a package.
pub(in crate::discover) fn editions(
    root: &Path,
    manifests: &BTreeMap<PathBuf, Manifest>,
) -> Vec<(String, Edition)> {
    let packages = manifests.values().filter_map(|manifest| Some((manifest, manifest.package()?)));
    packages
        .map(|(manifest, package)| {
            let above = || manifest.dir.ancestors().filter_map(|dir| manifests.get(dir)?.workspace());
            let inherited = || above().next()?.get("package")?.as_table().and_then(named);
            let edition = match package.get("edition") {
                Some(Value::Table(_)) => inherited(),
                _ => named(package),
            };
            let edition = edition.unwrap_or(Edition::E2015);
            (relative(root, &manifest.dir), edition)
        })
        .collect()
}

/// The edition that a `[package]` or `[workspace.package]` names.
fn named(table: &Table) -> Option<Edition> {
    match table.get("edition").and_then(Value::as_str)? {
        "2015" => Some(Edition::E2015),
        "2018" => Some(Edition::E2018),
        "2021" => Some(Edition::E2021),
        _ => Some(Edition::E2024),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn editions_are_named_inherited_or_the_oldest() {
        let manifest = |dir: &str, text: &str| {
            (PathBuf::from(dir), Manifest { dir: dir.into(), table: text.parse().unwrap() })
        };
        let manifests = BTreeMap::from([
            manifest("/r", "[workspace]\n[workspace.package]\nedition = '2024'"),
            manifest("/r/a", "[package]\nedition = '2018'"),
            manifest("/r/b", "[package]\nedition.workspace = true"),
            manifest("/r/c", "[package]"),
            manifest("/r/d", "[workspace]\n[package]"),
        ]);
        let found = editions(Path::new("/r"), &manifests);
        let expected =
            [("a", Edition::E2018), ("b", Edition::E2024), ("c", Edition::E2015), ("d", Edition::E2015)];
        assert_eq!(found, expected.map(|(dir, edition)| (dir.to_owned(), edition)));
    }
}
