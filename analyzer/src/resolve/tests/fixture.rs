//! Fixtures: several files in one string, and the repository that they are.
//!
//! A line `//- /path key:value…` begins a file. With `crate:name` the file is the root of a target:
//! `edition:2015` (2024 without it), `kind:lib|proc-macro|bin|test|build`, `package:name` (the crate's own without
//! it), `deps:a,b=c` (`b` is what code calls the package `c`), `features:x,y` (switched on). A fixture without such
//! lines is one library, `k`.

use std::collections::BTreeSet;
use std::path::Path;

use crate::base::{FileTree, ReadOptions};
use crate::discover::{
    CfgSet, Dependency, DependencyKind, Edition, Package, Repository, Target, TargetKind, Workspace,
};
use crate::ids::{IdVec, PackageId, TargetId, WorkspaceId};

/// A file of a fixture.
struct Source<'a> {
    path: &'a str,
    keys: Vec<(&'a str, &'a str)>,
    text: String,
}

impl<'a> Source<'a> {
    fn key(&self, name: &str) -> Option<&'a str> {
        self.keys.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
    }

    fn list(&self, name: &str) -> Vec<&'a str> {
        self.key(name).map(|value| value.split(',').collect()).unwrap_or_default()
    }
}

/// Writes a fixture's files below `root`; the repository they make.
pub(super) fn repository(root: &Path, fixture: &str) -> Repository {
    let sources = split(fixture);
    for source in &sources {
        let path = root.join(source.path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, &source.text).unwrap();
    }
    let mut packages: IdVec<PackageId, Package> = IdVec::new();
    let mut targets: IdVec<TargetId, Target> = IdVec::new();
    for source in &sources {
        let Some(krate) = source.key("crate") else { continue };
        let name = source.key("package").unwrap_or(krate);
        let edition = edition(source.key("edition"));
        let package = packages.ids().find(|id| packages[*id].name == name);
        let package = package.unwrap_or_else(|| packages.push(package_of(name, source, edition)));
        let target = Target {
            package,
            name: krate.to_owned(),
            crate_name: krate.replace('-', "_"),
            kind: kind(source.key("kind")),
            src: source.path.to_owned(),
            edition,
            required_features: Vec::new(),
            enabled: true,
            tested: true,
            doctested: true,
        };
        packages[package].targets.push(targets.push(target));
    }
    let ids: Vec<(PackageId, String)> =
        packages.iter_enumerated().map(|(id, p)| (id, p.name.clone())).collect();
    for package in packages.iter_mut() {
        for dependency in &mut package.dependencies {
            dependency.local = ids.iter().find(|(_, name)| *name == dependency.package).map(|(id, _)| *id);
        }
    }
    let workspace = Workspace {
        dir: String::new(),
        members: packages.ids().collect(),
        locked: IdVec::new(),
        profiles: std::collections::BTreeMap::new(),
    };
    Repository {
        root: root.to_owned(),
        files: FileTree::new(root.canonicalize().unwrap(), ReadOptions::default()),
        workspaces: vec![workspace].into(),
        packages,
        targets,
        rust_files: sources.iter().map(|s| s.path.to_owned()).collect(),
        cfg: CfgSet::for_triple("x86_64-unknown-linux-gnu"),
        ..Repository::default()
    }
}

fn split(fixture: &str) -> Vec<Source<'_>> {
    let mut sources: Vec<Source<'_>> = Vec::new();
    for line in fixture.trim_start_matches('\n').lines() {
        if let Some(header) = line.strip_prefix("//- /") {
            let (path, keys) = header.split_once(' ').unwrap_or((header, ""));
            let keys = keys.split_whitespace().map(|key| key.split_once(':').unwrap()).collect();
            sources.push(Source { path, keys, text: String::new() });
            continue;
        }
        if sources.is_empty() {
            sources.push(Source { path: "lib.rs", keys: vec![("crate", "k")], text: String::new() });
        }
        let source = sources.last_mut().unwrap();
        source.text.push_str(line);
        source.text.push('\n');
    }
    sources
}

fn package_of(name: &str, source: &Source<'_>, edition: Edition) -> Package {
    let features: BTreeSet<String> = source.list("features").into_iter().map(str::to_owned).collect();
    let dir = source.path.rsplit_once('/').map_or("", |(dir, _)| dir).trim_end_matches("/src");
    Package {
        name: name.to_owned(),
        version: "0.1.0".to_owned(),
        manifest: format!("{dir}/Cargo.toml").trim_start_matches('/').to_owned(),
        dir: dir.to_owned(),
        workspace: WorkspaceId(0),
        edition,
        features: features.iter().map(|f| (f.clone(), Vec::new())).collect(),
        enabled_features: features,
        dependencies: source.list("deps").into_iter().map(dependency).collect(),
        targets: Vec::new(),
        publishable: true,
        links: None,
    }
}

fn dependency(text: &str) -> Dependency {
    let (extern_name, package) = text.split_once('=').unwrap_or((text, text));
    Dependency {
        extern_name: extern_name.replace('-', "_"),
        package: package.to_owned(),
        local: None,
        kind: DependencyKind::Normal,
        optional: false,
        enabled: true,
        target: None,
        features: Vec::new(),
        default_features: true,
        switched_features: Vec::new(),
    }
}

fn edition(text: Option<&str>) -> Edition {
    match text {
        Some("2015") => Edition::E2015,
        Some("2018") => Edition::E2018,
        Some("2021") => Edition::E2021,
        None => Edition::E2024,
        Some(other) => panic!("edition {other}"),
    }
}

fn kind(text: Option<&str>) -> TargetKind {
    match text {
        None | Some("lib") => TargetKind::Lib,
        Some("proc-macro") => TargetKind::ProcMacro,
        Some("bin") => TargetKind::Bin,
        Some("test") => TargetKind::Test,
        Some("build") => TargetKind::BuildScript,
        Some(other) => panic!("kind {other}"),
    }
}
