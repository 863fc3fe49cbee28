//! Targets of a package as cargo finds them: what the manifest declares, and what lies at the usual places (the Cargo
//! book, "Cargo Targets: Target auto-discovery").

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::manifest::{Manifest, strings};
use super::raw::RawTarget;
use crate::discover::model::{Edition, TargetKind};
use crate::discover::paths::normalize;

/// All targets of the package.
pub(in crate::discover) fn targets(manifest: &Manifest, package: &str, edition: Edition) -> Vec<RawTarget> {
    let finder = Finder { manifest, package, edition };
    let mut targets: Vec<RawTarget> = finder.lib().into_iter().collect();
    targets.extend(finder.listed("bin", "autobins", TargetKind::Bin, &["src/bin"]));
    targets.extend(finder.listed("example", "autoexamples", TargetKind::Example, &["examples"]));
    targets.extend(finder.listed("test", "autotests", TargetKind::Test, &["tests"]));
    targets.extend(finder.listed("bench", "autobenches", TargetKind::Bench, &["benches"]));
    targets.extend(finder.build_script());
    targets
}

struct Finder<'a> {
    manifest: &'a Manifest,
    package: &'a str,
    edition: Edition,
}

impl Finder<'_> {
    fn lib(&self) -> Option<RawTarget> {
        let table = self.manifest.table.get("lib").and_then(Value::as_table);
        if table.is_none() && self.package_flag("autolib") == Some(false) {
            return None;
        }
        let empty = Table::new();
        let table = table.unwrap_or(&empty);
        let path = self.path_of(table).unwrap_or_else(|| self.manifest.dir.join("src/lib.rs"));
        let proc_macro =
            ["proc-macro", "proc_macro"].iter().any(|k| table.get(*k).and_then(Value::as_bool) == Some(true))
                || strings(table.get("crate-type")).iter().any(|t| t == "proc-macro");
        let kind = if proc_macro { TargetKind::ProcMacro } else { TargetKind::Lib };
        path.is_file().then(|| {
            let name = table.get("name").and_then(Value::as_str).unwrap_or(self.package);
            self.target(table, &name.replace('-', "_"), kind, path)
        })
    }

    /// The targets of one kind: those in `[[section]]` tables, then those found, unless `flag` forbids it.
    fn listed(&self, section: &str, flag: &str, kind: TargetKind, dirs: &[&str]) -> Vec<RawTarget> {
        let found = self.found(kind, dirs);
        let tables = self.manifest.table.get(section).and_then(Value::as_array);
        let mut targets: Vec<RawTarget> = Vec::new();
        for table in tables.into_iter().flatten().filter_map(Value::as_table) {
            let Some(name) = table.get("name").and_then(Value::as_str) else { continue };
            let usual = || found.iter().find(|(n, _)| n == name).map(|(_, path)| path.clone());
            if let Some(path) = self.path_of(table).or_else(usual) {
                targets.push(self.target(table, name, kind, path));
            }
        }
        // Up to 2015, declaring one target of a kind switches the search for that kind off.
        let search = self.package_flag(flag).unwrap_or(self.edition != Edition::E2015 || tables.is_none());
        if search {
            let names: BTreeSet<String> = targets.iter().map(|t| t.name.clone()).collect();
            let paths: BTreeSet<PathBuf> = targets.iter().map(|t| t.src.clone()).collect();
            let new = found.into_iter().filter(|(name, path)| !names.contains(name) && !paths.contains(path));
            targets.extend(new.map(|(name, path)| self.target(&Table::new(), &name, kind, path)));
        }
        targets
    }

    /// Names and root files at the usual places: `DIR/*.rs`, `DIR/*/main.rs`, and `src/main.rs` for a binary.
    fn found(&self, kind: TargetKind, dirs: &[&str]) -> Vec<(String, PathBuf)> {
        let mut found = Vec::new();
        let main = self.manifest.dir.join("src/main.rs");
        if kind == TargetKind::Bin && main.is_file() {
            found.push((self.package.to_owned(), main));
        }
        for dir in dirs {
            for path in sorted_entries(&self.manifest.dir.join(dir)) {
                let hidden = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
                let root = if path.is_dir() { path.join("main.rs") } else { path.clone() };
                let is_root = root.extension().is_some_and(|e| e == "rs") && root.is_file();
                if let Some(name) = path.file_stem().filter(|_| is_root && !hidden) {
                    found.push((name.to_string_lossy().into_owned(), root));
                }
            }
        }
        found
    }

    fn build_script(&self) -> Option<RawTarget> {
        let value = self.manifest.package().and_then(|p| p.get("build"));
        let path = match value {
            Some(Value::Boolean(false)) => return None,
            Some(Value::String(path)) => path.as_str(),
            _ => "build.rs",
        };
        let path = normalize(&self.manifest.dir.join(path));
        let stem = path.file_stem().map_or("build".into(), |s| s.to_string_lossy());
        let name = format!("build-script-{stem}");
        path.is_file().then(|| self.target(&Table::new(), &name, TargetKind::BuildScript, path.clone()))
    }

    fn target(&self, table: &Table, name: &str, kind: TargetKind, src: PathBuf) -> RawTarget {
        let edition = match table.get("edition").and_then(Value::as_str) {
            Some("2015") => Edition::E2015,
            Some("2018") => Edition::E2018,
            Some("2021") => Edition::E2021,
            Some(_) => Edition::E2024,
            None => self.edition,
        };
        let required_features = strings(table.get("required-features"));
        let flag = |key: &str| table.get(key).and_then(Value::as_bool);
        let tested = flag("test").unwrap_or(kind.tested_by_default());
        let library = matches!(kind, TargetKind::Lib | TargetKind::ProcMacro);
        // Only what has an `rlib` can be linked into an example (cargo's `Target::doctestable`).
        let crate_types = strings(table.get("crate-type"));
        let linkable = crate_types.is_empty()
            || crate_types.iter().any(|t| ["lib", "rlib", "proc-macro"].contains(&&**t));
        let doctested = library && linkable && flag("doctest").unwrap_or(true);
        RawTarget { name: name.to_owned(), kind, src, edition, required_features, tested, doctested }
    }

    fn path_of(&self, table: &Table) -> Option<PathBuf> {
        let path = table.get("path").and_then(Value::as_str)?;
        Some(normalize(&self.manifest.dir.join(path)))
    }

    fn package_flag(&self, key: &str) -> Option<bool> {
        self.manifest.package()?.get(key)?.as_bool()
    }
}

fn sorted_entries(dir: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> =
        std::fs::read_dir(dir).into_iter().flatten().filter_map(|e| Some(e.ok()?.path())).collect();
    paths.sort_unstable();
    paths
}
