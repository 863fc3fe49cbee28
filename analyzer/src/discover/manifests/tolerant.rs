//! Reads a workspace's manifests without cargo: for the members that are sound where one broken manifest makes cargo
//! refuse them all, and where there is no cargo.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use ignore::gitignore::GitignoreBuilder;
use toml::{Table, Value};

use super::auto_targets;
use super::edition::{above, edition};
use super::manifest::{Manifest, strings};
use super::raw::{RawDependency, RawPackage, RawWorkspace};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::discover::model::DependencyKind;
use crate::discover::paths::{normalize, relative};

/// The workspace (or lone package) that begins with `top`, out of the manifests known.
pub(in crate::discover) fn workspace(
    root: &Path,
    top: &Manifest,
    known: &BTreeMap<PathBuf, Manifest>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<RawWorkspace> {
    let members = members(top, known);
    let inherit_from = top.workspace().map(|_| top);
    let mut packages = Vec::new();
    for member in members {
        match package(member, inherit_from, known) {
            Ok(package) => packages.push(package),
            Err(message) => {
                let path = relative(root, &member.path());
                if !diagnostics.iter().any(|d| d.path.as_deref() == Some(path.as_str())) {
                    diagnostics
                        .push(Diagnostic::new(Severity::Error, Code::InvalidManifest, message).at(path));
                }
            }
        }
    }
    (!packages.is_empty()).then(|| RawWorkspace { dir: top.dir.clone(), packages })
}

/// The members: those listed, and path dependencies inside of the workspace's directory (the Cargo book, "Workspaces:
/// The members and exclude fields").
fn members<'a>(top: &'a Manifest, known: &'a BTreeMap<PathBuf, Manifest>) -> Vec<&'a Manifest> {
    let mut found: BTreeMap<&Path, &Manifest> = BTreeMap::new();
    let mut todo: Vec<&Manifest> = top.package().map(|_| top).into_iter().collect();
    if let Some(workspace) = top.workspace() {
        let mut globs = GitignoreBuilder::new(&top.dir);
        for pattern in strings(workspace.get("members")) {
            // An anchored ignore pattern means the same as a member glob; one that is no glob matches nothing.
            let _ =
                globs.add_line(None, &format!("/{}", pattern.trim_start_matches("./").trim_end_matches('/')));
        }
        let listed = globs.build().ok();
        todo.extend(known.values().filter(|m| {
            m.dir != top.dir
                && m.dir.starts_with(&top.dir)
                && !top.excludes(&m.dir)
                && listed.as_ref().is_some_and(|l| l.matched(&m.dir, true).is_ignore())
        }));
    }
    while let Some(manifest) = todo.pop() {
        let nested = manifest.workspace().is_some() && manifest.dir != top.dir;
        if manifest.package().is_none() || nested || found.insert(&manifest.dir, manifest).is_some() {
            continue;
        }
        if top.workspace().is_some() {
            let paths = dependencies(manifest, Some(top)).into_iter().filter_map(|d| d.path);
            let inside = paths.filter(|p| p.starts_with(&top.dir) && !top.excludes(p));
            todo.extend(
                inside.filter_map(|p| known.get(&p)).filter(|m| !found.contains_key(m.dir.as_path())),
            );
        }
    }
    found.into_values().collect()
}

fn package(
    manifest: &Manifest,
    workspace: Option<&Manifest>,
    known: &BTreeMap<PathBuf, Manifest>,
) -> Result<RawPackage, String> {
    let table = manifest.package().ok_or("no `[package]`")?;
    let name = table.get("name").and_then(Value::as_str).ok_or("missing field `package.name`")?;
    let field = |key: &str| inherited(table, workspace, key);
    let edition = edition(table, workspace.into_iter().chain(above(&manifest.dir, known)));
    let dependencies = dependencies(manifest, workspace);
    Ok(RawPackage {
        name: name.to_owned(),
        version: field("version").and_then(Value::as_str).unwrap_or("0.0.0").to_owned(),
        dir: manifest.dir.clone(),
        edition,
        features: features(&manifest.table, &dependencies),
        targets: auto_targets::targets(manifest, name, edition),
        dependencies,
        publishable: match field("publish") {
            Some(Value::Boolean(publish)) => *publish,
            Some(Value::Array(registries)) => !registries.is_empty(),
            _ => true,
        },
        links: table.get("links").and_then(Value::as_str).map(str::to_owned),
    })
}

/// A key of `[package]`, which may say `key.workspace = true`.
fn inherited<'a>(package: &'a Table, workspace: Option<&'a Manifest>, key: &str) -> Option<&'a Value> {
    let value = package.get(key)?;
    if value.get("workspace").and_then(Value::as_bool) != Some(true) {
        return Some(value);
    }
    workspace?.workspace()?.get("package")?.get(key)
}

/// The feature table with the implicit features of optional dependencies (the Cargo book, "Features: Optional
/// dependencies").
fn features(manifest: &Table, dependencies: &[RawDependency]) -> BTreeMap<String, Vec<String>> {
    let table = manifest.get("features").and_then(Value::as_table).into_iter().flatten();
    let mut features: BTreeMap<String, Vec<String>> =
        table.map(|(name, value)| (name.clone(), strings(Some(value)))).collect();
    let hidden: BTreeSet<String> =
        features.values().flatten().filter_map(|v| v.strip_prefix("dep:")).map(str::to_owned).collect();
    for dependency in dependencies.iter().filter(|d| d.optional && !hidden.contains(&d.key)) {
        features.entry(dependency.key.clone()).or_insert_with(|| vec![format!("dep:{}", dependency.key)]);
    }
    features
}

fn dependencies(manifest: &Manifest, workspace: Option<&Manifest>) -> Vec<RawDependency> {
    let mut found = Vec::new();
    let platforms = manifest.table.get("target").and_then(Value::as_table).into_iter().flatten();
    let platforms = platforms.filter_map(|(platform, t)| Some((Some(platform), t.as_table()?)));
    for (platform, table) in std::iter::once((None, &manifest.table)).chain(platforms) {
        for (section, kind) in [
            ("dependencies", DependencyKind::Normal),
            ("dev-dependencies", DependencyKind::Dev),
            ("dev_dependencies", DependencyKind::Dev),
            ("build-dependencies", DependencyKind::Build),
            ("build_dependencies", DependencyKind::Build),
        ] {
            let entries = table.get(section).and_then(Value::as_table).into_iter().flatten();
            found.extend(entries.map(|(key, value)| {
                let mut dependency = dependency(manifest, workspace, key, value);
                dependency.kind = kind;
                dependency.target = platform.cloned();
                dependency
            }));
        }
    }
    found
}

fn dependency(manifest: &Manifest, workspace: Option<&Manifest>, key: &str, value: &Value) -> RawDependency {
    let is_inherited = value.get("workspace").and_then(Value::as_bool) == Some(true);
    let above = workspace.filter(|_| is_inherited);
    let base = above.and_then(|w| w.workspace()?.get("dependencies")?.get(key));
    let (spec, dir) = base.zip(above).map_or((value, &manifest.dir), |(b, w)| (b, &w.dir));
    let default_features =
        |v: &Value| v.get("default-features").or_else(|| v.get("default_features")).and_then(Value::as_bool);
    // A member can add features to what it inherits, not take any away.
    let mut features = strings(spec.get("features"));
    let mut default = default_features(spec).unwrap_or(true);
    if base.is_some() {
        features.extend(strings(value.get("features")));
        default |= default_features(value) == Some(true);
    }
    let package = spec.get("package").and_then(Value::as_str);
    RawDependency {
        key: key.to_owned(),
        package: package.unwrap_or(key).to_owned(),
        renamed: package.is_some(),
        path: spec.get("path").and_then(Value::as_str).map(|p| normalize(&dir.join(p))),
        kind: DependencyKind::Normal,
        optional: value.get("optional").and_then(Value::as_bool).unwrap_or(false),
        target: None,
        features,
        default_features: default,
    }
}
