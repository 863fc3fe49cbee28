//! `Cargo.lock`, versions 1 to 4.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::base::{Refused, read};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::discover::manifests::manifest::{line_at, one_line};
use crate::discover::model::LockedPackage;
use crate::discover::paths::relative;
use crate::discover::tree::reading::Reading;
use crate::ids::{Id, IdVec, LockedId};

#[derive(Deserialize)]
struct LockFile {
    #[serde(default)]
    package: Vec<Entry>,
    /// Version 1 keeps the root package apart (before Cargo 0.19).
    root: Option<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    name: String,
    version: String,
    source: Option<String>,
    checksum: Option<String>,
    #[serde(default)]
    dependencies: Vec<String>,
}

/// The packages of `dir`'s lock file in its order. `package` is left `None`.
pub(in crate::discover) fn read(
    reading: &Reading,
    dir: &Path,
    diagnostics: &mut Vec<Diagnostic>,
) -> IdVec<LockedId, LockedPackage> {
    let path = dir.join("Cargo.lock");
    let shown = relative(&reading.root, &path);
    let text = match reading.read(&path).and_then(read::text) {
        Ok(text) => text,
        Err(Refused::Absent) => {
            let message = "no lock file: external packages are known by the manifests only";
            diagnostics.push(Diagnostic::new(Severity::Info, Code::NoLockFile, message).at(shown));
            return IdVec::new();
        }
        Err(refused) => {
            diagnostics.push(refused.diagnostic(Severity::Warning).at(shown));
            return IdVec::new();
        }
    };
    parse(&text).unwrap_or_else(|(line, message)| {
        let diagnostic = Diagnostic::new(Severity::Warning, Code::InvalidLockFile, message).at(shown);
        diagnostics.push(line.map_or(diagnostic.clone(), |l| diagnostic.line(l)));
        IdVec::new()
    })
}

/// The packages of a lock file; an error has its line, if that is known.
pub(in crate::discover) fn parse(
    text: &str,
) -> Result<IdVec<LockedId, LockedPackage>, (Option<u32>, String)> {
    let file: LockFile = toml::from_str(text)
        .map_err(|e| (e.span().map(|s| line_at(text, s.start)), one_line(e.message())))?;
    let entries: Vec<Entry> = file.package.into_iter().chain(file.root).collect();
    let mut by_name: BTreeMap<&str, Vec<LockedId>> = BTreeMap::new();
    for (index, entry) in entries.iter().enumerate() {
        by_name.entry(&entry.name).or_default().push(LockedId::from_index(index));
    }
    let find = |reference: &String| find(&entries, &by_name, reference);
    let dependencies: Vec<Vec<LockedId>> =
        entries.iter().map(|e| e.dependencies.iter().filter_map(find).collect()).collect();
    let packages = entries.into_iter().zip(dependencies);
    Ok(packages
        .map(|(e, dependencies)| LockedPackage {
            source: e.source,
            checksum: e.checksum,
            ..LockedPackage::new(e.name, e.version, dependencies)
        })
        .collect())
}

/// What `name`, `name version` or `name version (source)` refers to.
fn find(entries: &[Entry], by_name: &BTreeMap<&str, Vec<LockedId>>, reference: &str) -> Option<LockedId> {
    let mut words = reference.split(' ');
    let name = words.next()?;
    let version = words.next();
    let source = words.next().map(|s| s.trim_start_matches('(').trim_end_matches(')'));
    let fits = |id: &&LockedId| {
        let entry = &entries[id.index()];
        version.is_none_or(|v| v == entry.version)
            && source.is_none_or(|s| entry.source.as_deref().is_some_and(|e| same_source(e, s)))
    };
    by_name.get(name)?.iter().find(fits).copied()
}

/// A git source is locked with its commit after `#`, which a reference leaves out.
fn same_source(locked: &str, referred: &str) -> bool {
    locked == referred || locked.split('#').next() == referred.split('#').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges(text: &str) -> Vec<String> {
        let packages = parse(text).unwrap();
        let name = |id: LockedId| format!("{} {}", packages[id].name, packages[id].version);
        let edge = |p: &LockedPackage| {
            p.dependencies.iter().map(|d| format!("{} -> {}", p.name, name(*d))).collect()
        };
        packages.iter().flat_map(|p| -> Vec<String> { edge(p) }).collect()
    }

    const R: &str = "registry+https://github.com/rust-lang/crates.io-index";

    #[test]
    fn all_versions() {
        let v1 = format!(
            "[[package]]\nname='a'\nversion='0.1.0'\ndependencies=['b 1.0.0 ({R})']\n[[package]]\nname='b'\nversion='1.0.0'\nsource='{R}'\n[metadata]\n'checksum b 1.0.0 ({R})'='00'\n"
        );
        assert_eq!(edges(&v1), ["a -> b 1.0.0"]);
        let root = format!(
            "[root]\nname='a'\nversion='0.1.0'\ndependencies=['b 1.0.0 ({R})']\n[[package]]\nname='b'\nversion='1.0.0'\nsource='{R}'\n"
        );
        assert_eq!(edges(&root), ["a -> b 1.0.0"]);
        for version in [3, 4] {
            let text = format!(
                "version={version}\n[[package]]\nname='a'\nversion='0.1.0'\ndependencies=['b 2.0.0','c']\n[[package]]\nname='b'\nversion='1.0.0'\nsource='{R}'\n[[package]]\nname='b'\nversion='2.0.0'\nsource='{R}'\ndependencies=['b 1.0.0']\n[[package]]\nname='c'\nversion='1.0.0'\nsource='git+https://h/c?branch=main#abc'\n"
            );
            assert_eq!(edges(&text), ["a -> b 2.0.0", "a -> c 1.0.0", "b -> b 1.0.0"]);
        }
        let two_sources = format!(
            "version=4\n[[package]]\nname='a'\nversion='0.1.0'\ndependencies=['b 1.0.0 (git+https://h/b)']\n[[package]]\nname='b'\nversion='1.0.0'\nsource='{R}'\n[[package]]\nname='b'\nversion='1.0.0'\nsource='git+https://h/b#abc'\n"
        );
        let packages = parse(&two_sources).unwrap();
        assert_eq!(packages[LockedId(0)].dependencies, [LockedId(2)]);
    }

    #[test]
    fn broken_ones_name_the_line() {
        assert_eq!(parse("version = 4\n[[package]]\nname = \n").unwrap_err().0, Some(3));
        assert!(parse("[[package]]\nname='a'\n").is_err());
        assert!(parse("").unwrap().is_empty());
    }
}
