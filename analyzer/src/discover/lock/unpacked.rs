//! What published packages are called by code: their library may have another name than they have (`md-5`: `md5`).
//!
//! `registry/src/REGISTRY/NAME-VERSION/` of cargo's home has the sources of each package that was built, and there the manifest that
//! cargo wrote when it was published: it always has a `[lib]` table for a library, with its name. It is read as data.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::index::MOST_REGISTRIES;
use crate::base::{FileTree, ReadOptions};

/// Entries of a registry's folder that are looked at. Some ten thousand are many.
const MOST_PACKAGES: usize = 200_000;

/// Sources of published packages.
#[derive(Debug, Clone, Default)]
pub(in crate::discover) struct Unpacked {
    files: FileTree,
    /// Each registry's folder, sorted.
    folders: Vec<PathBuf>,
    /// Versions of each package, listed where they are asked for.
    versions: OnceCell<BTreeMap<String, Vec<String>>>,
}

impl Unpacked {
    /// Those of a cargo home.
    pub(in crate::discover) fn of(home: Option<&Path>, reading: &ReadOptions) -> Self {
        let registries = home.and_then(|home| std::fs::read_dir(home.join("registry/src")).ok());
        let folders = registries.into_iter().flatten().flatten().map(|entry| entry.path());
        let mut folders: Vec<PathBuf> = folders.filter(|folder| folder.is_dir()).collect();
        folders.sort();
        folders.truncate(MOST_REGISTRIES);
        Self { files: FileTree::everywhere(reading), folders, versions: OnceCell::new() }
    }

    /// The name of a package's library, of any version there is.
    pub(in crate::discover) fn library_of_any(&self, name: &str) -> Option<String> {
        let versions = self.versions.get_or_init(|| self.list()).get(name)?;
        versions.iter().find_map(|version| self.library(name, version))
    }

    fn list(&self) -> BTreeMap<String, Vec<String>> {
        let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for folder in &self.folders {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten().take(MOST_PACKAGES) {
                if let Some((name, version)) = entry.file_name().to_str().and_then(parts) {
                    all.entry(name.to_owned()).or_default().push(version.to_owned());
                }
            }
        }
        all.values_mut().for_each(|versions| versions.sort());
        all
    }

    /// The name of a version's library, as code writes it.
    pub(in crate::discover) fn library(&self, name: &str, version: &str) -> Option<String> {
        let is_part = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'+');
        if name.is_empty() || version.is_empty() || !name.bytes().chain(version.bytes()).all(is_part) {
            return None;
        }
        let file = format!("{name}-{version}/Cargo.toml");
        let found = self.folders.iter().find_map(|folder| self.files.read(&folder.join(&file)).ok())?;
        library_of(std::str::from_utf8(&found).ok()?)
    }
}

/// Name and version of a folder: `md-5-0.10.6`.
fn parts(folder: &str) -> Option<(&str, &str)> {
    let is_version = |text: &str| {
        let mut numbers = text.split('.');
        let mut number = || numbers.next().is_some_and(|number| number.parse::<u64>().is_ok());
        number()
            && number()
            && numbers.next().is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let cuts = folder.match_indices('-').map(|(at, _)| (&folder[..at], &folder[at + 1..]));
    cuts.into_iter().find(|(_, version)| is_version(version))
}

/// The name in a published manifest's `[lib]` table: cargo writes a key on a line.
fn library_of(manifest: &str) -> Option<String> {
    let (_, table) = manifest.split_once("\n[lib]")?;
    let lines = table.lines().skip(1).map(str::trim).take_while(|line| !line.starts_with('['));
    let value = |line: &str| {
        let value = line.strip_prefix("name")?.trim_start().strip_prefix('=')?.trim();
        Some(value.strip_prefix('"')?.strip_suffix('"')?.replace('-', "_"))
    };
    lines.filter_map(value).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_of_published_manifests() {
        let cases = [
            ("[package]\nname = \"md-5\"\n\n[lib]\nname = \"md5\"\npath = \"src/lib.rs\"\n", Some("md5")),
            ("[package]\nname = \"a\"\n\n[lib]\npath = \"src/lib.rs\"\n\n[[bin]]\nname = \"b\"\n", None),
            ("[package]\nname = \"a\"\n\n[lib]\nname = \"a-b\"\n", Some("a_b")),
            ("[package]\nname = \"a\"\n\n[[bin]]\nname = \"b\"\n", None),
            ("\n[lib]\nname = 'odd'\n", None),
        ];
        for (manifest, expected) in cases {
            assert_eq!(library_of(manifest).as_deref(), expected, "{manifest}");
        }
    }

    #[test]
    fn a_version_of_a_cargo_home() {
        let home = tempfile::tempdir().unwrap();
        let package = home.path().join("registry/src/index.example-0123/rust-ini-0.21.1");
        std::fs::create_dir_all(&package).unwrap();
        let manifest = "[package]\nname = \"rust-ini\"\n\n[lib]\nname = \"ini\"\n";
        std::fs::write(package.join("Cargo.toml"), manifest).unwrap();
        let unpacked = Unpacked::of(Some(home.path()), &ReadOptions::default());
        assert_eq!(unpacked.library("rust-ini", "0.21.1").as_deref(), Some("ini"));
        assert_eq!(unpacked.library("rust-ini", "0.21.2"), None);
        assert_eq!(unpacked.library_of_any("rust-ini").as_deref(), Some("ini"));
        assert_eq!(unpacked.library_of_any("rust"), None);
        assert_eq!(parts("md-5-0.10.6"), Some(("md-5", "0.10.6")));
        assert_eq!(parts("toml_edit-0.25.20+spec-1.1.0"), Some(("toml_edit", "0.25.20+spec-1.1.0")));
        assert_eq!(parts("a-1"), None);
        assert_eq!(unpacked.library("../rust-ini", "0.21.1"), None);
        assert_eq!(Unpacked::of(None, &ReadOptions::default()).library("rust-ini", "0.21.1"), None);
    }
}
