//! Cargo's index as far as it lies on this machine: what a published package depends on, for which platforms and features.
//!
//! `registry/index/REGISTRY/.cache/` of cargo's home has a file for each package that cargo has looked up: a header, then a name of a
//! version and its line of the index, each ended by a zero (cargo's `sources/registry/index/cache.rs`). It is read as data.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::base::{FileTree, ReadOptions};

/// Registries' folders that are looked into. Nobody has so many.
pub(super) const MOST_REGISTRIES: usize = 64;

/// The index.
#[derive(Debug, Clone, Default)]
pub(crate) struct Index {
    files: FileTree,
    /// Each registry's folder of packages, sorted.
    folders: Vec<PathBuf>,
}

/// A version of a package.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Published {
    cksum: String,
    #[serde(rename = "deps")]
    pub(super) dependencies: Vec<PublishedDependency>,
    #[serde(default)]
    features: BTreeMap<String, Vec<String>>,
    /// Those whose syntax older versions of cargo don't know.
    #[serde(default)]
    features2: BTreeMap<String, Vec<String>>,
}

/// What it depends on.
#[derive(Debug, Deserialize)]
pub(super) struct PublishedDependency {
    /// The name in its manifest.
    pub(super) name: String,
    /// The package, where the manifest renames it.
    package: Option<String>,
    #[serde(default)]
    pub(super) features: Vec<String>,
    #[serde(default)]
    pub(super) optional: bool,
    #[serde(default)]
    pub(super) default_features: bool,
    /// A triple, or `cfg(…)`.
    pub(super) target: Option<String>,
    /// `normal`, `build` or `dev`.
    kind: Option<String>,
}

impl PublishedDependency {
    pub(super) fn package(&self) -> &str {
        self.package.as_deref().unwrap_or(&self.name)
    }

    /// Whether only its own tests need it.
    pub(super) fn is_dev(&self) -> bool {
        self.kind.as_deref() == Some("dev")
    }
}

impl Published {
    /// What a feature switches on; `None` if it isn't declared.
    pub(super) fn feature(&self, name: &str) -> Option<impl Iterator<Item = &str>> {
        let (old, new) = (self.features.get(name), self.features2.get(name));
        (old.is_some() || new.is_some()).then(|| old.into_iter().chain(new).flatten().map(String::as_str))
    }

    pub(super) fn features(&self) -> impl Iterator<Item = &str> {
        self.features.keys().chain(self.features2.keys()).map(String::as_str)
    }
}

impl Index {
    /// That of a cargo home.
    pub(crate) fn of(home: Option<&Path>, reading: &ReadOptions) -> Self {
        let registries = home.and_then(|home| std::fs::read_dir(home.join("registry/index")).ok());
        let folders = registries.into_iter().flatten().flatten().map(|entry| entry.path().join(".cache"));
        let mut folders: Vec<PathBuf> = folders.filter(|folder| folder.is_dir()).collect();
        folders.sort();
        folders.truncate(MOST_REGISTRIES);
        Self { files: FileTree::everywhere(reading), folders }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.folders.is_empty()
    }

    /// A version of a package, if a registry has it with this checksum.
    pub(super) fn published(&self, name: &str, version: &str, checksum: &str) -> Option<Published> {
        let file = file_of(name)?;
        self.folders.iter().find_map(|folder| {
            let bytes = self.files.read(&folder.join(&file)).ok()?;
            let published: Published = serde_json::from_slice(line_of(&bytes, version)?).ok()?;
            (published.cksum == checksum).then_some(published)
        })
    }
}

/// Where a package's file lies, by its name; `None` for what is no name of a package.
fn file_of(name: &str) -> Option<String> {
    let is_part = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    if !name.bytes().all(is_part) {
        return None;
    }
    let name = name.to_ascii_lowercase();
    Some(match name.len() {
        0 => return None,
        1 => format!("1/{name}"),
        2 => format!("2/{name}"),
        3 => format!("3/{}/{name}", name.get(..1)?),
        _ => format!("{}/{}/{name}", name.get(..2)?, name.get(2..4)?),
    })
}

/// What stands behind the name of a version.
fn line_of<'a>(bytes: &'a [u8], version: &str) -> Option<&'a [u8]> {
    let mut parts = bytes.split(|&b| b == 0);
    parts.find(|part| *part == version.as_bytes())?;
    parts.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_package_lies() {
        for (name, file) in [
            ("a", Some("1/a")),
            ("ab", Some("2/ab")),
            ("abc", Some("3/a/abc")),
            ("Inflector", Some("in/fl/inflector")),
            ("winapi-util", Some("wi/na/winapi-util")),
            ("../../x", None),
            ("", None),
        ] {
            assert_eq!(file_of(name).as_deref(), file, "{name}");
        }
    }

    #[test]
    fn a_version_is_known_by_its_checksum() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("registry/index/index.example-0123/.cache/wi/na");
        std::fs::create_dir_all(&folder).unwrap();
        let line = |version: &str, features: &str| {
            format!(
                r#"{version}{}{{"name":"winapi-util","vers":"{version}","deps":[],"cksum":"c{version}"{features}}}{}"#,
                '\0', '\0'
            )
        };
        let (old, new) =
            (line("0.1.1", ""), line("0.1.11", r#","features":{"a":[]},"features2":{"a":["dep:b"]}"#));
        std::fs::write(folder.join("winapi-util"), format!("\u{3}\u{2}\0\0\0etag\0{old}{new}")).unwrap();
        let index = Index::of(Some(home.path()), &ReadOptions::default());
        let features = |version: &str, checksum: &str| {
            let published = index.published("winapi-util", version, checksum)?;
            Some(published.feature("a").map(|feature| feature.map(str::to_owned).collect::<Vec<_>>()))
        };
        assert_eq!(features("0.1.1", "c0.1.1"), Some(None));
        assert_eq!(features("0.1.11", "c0.1.11"), Some(Some(vec!["dep:b".to_owned()])));
        assert_eq!(features("0.1.11", "another"), None);
        assert_eq!(features("0.1.2", "c0.1.2"), None);
        assert!(Index::of(None, &ReadOptions::default()).is_empty());
    }
}
