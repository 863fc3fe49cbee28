//! Gives ids: raw workspaces to the [`Repository`], with features unified and local dependencies linked.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use ignore::gitignore::Gitignore;

use super::invalid_names;
use super::lock;
use super::manifests::manifest::Manifest;
use super::manifests::raw::{RawDependency, RawPackage, RawWorkspace};
use super::model::{CfgSet, Dependency, Package, Repository, Target, TargetKind, Workspace};
use super::options::DiscoverOptions;
use super::paths::{in_dir, relative};
use super::settings::configuration::Configuration;
use super::settings::features::{Enabled, option_features, unify};
use super::settings::profiles;
use super::settings::rustflags::rust_flags;
use super::tree::reading::Reading;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::ids::{Id, PackageId, WorkspaceId};

/// A package with what was worked out for it.
struct Prepared {
    raw: RawPackage,
    enabled: Enabled,
    /// Directory of the local package that each dependency is.
    local_dirs: Vec<Option<PathBuf>>,
    manifest: String,
    workspace: WorkspaceId,
}

/// Puts everything below `root` into order; packages outside of it only take part in feature unification.
pub(super) fn assemble(
    reading: &Reading,
    mut workspaces: Vec<RawWorkspace>,
    exclude: &Gitignore,
    cfg: CfgSet,
    options: &DiscoverOptions,
    diagnostics: &mut Vec<Diagnostic>,
) -> Repository {
    let mut used = BTreeSet::new();
    let root = reading.root.as_path();
    let index = lock::Index::of(options.cargo_home.as_deref(), &options.reading);
    let files = reading.files.clone();
    let mut repository = Repository {
        root: root.to_owned(),
        files,
        cfg,
        one_platform: options.target.is_some(),
        index,
        ..Repository::default()
    };
    let mut prepared: Vec<Prepared> = Vec::new();
    workspaces.sort_by_cached_key(|w| relative(root, &w.dir));
    invalid_names::leave_out(root, &mut workspaces, diagnostics);
    for workspace in workspaces {
        // The root manifest has been read before, or cargo has explained what is wrong with it.
        let top = reading.manifest(&workspace.dir.join("Cargo.toml")).ok();
        let id = WorkspaceId::from_index(repository.workspaces.len());
        let dir = workspace.dir.clone();
        let mut packages = prepare(root, id, workspace, top.as_ref(), options, &mut used);
        // A workspace of the directory may have members beside it.
        let beside = options.reading.follow_outside && dir.starts_with(root);
        packages
            .retain(|p| (beside || p.raw.dir.starts_with(root)) && !is_excluded(root, &p.raw.dir, exclude));
        if packages.is_empty() {
            continue;
        }
        prepared.extend(packages);
        let configuration = Configuration::read(reading, &dir, options.cargo_home.as_deref(), diagnostics);
        repository.workspaces.push(Workspace {
            locked: lock::read(reading, &dir, diagnostics),
            dir: relative(root, &dir),
            members: Vec::new(),
            profiles: profiles::profiles(
                top.as_ref().map(|t| &t.table),
                &configuration,
                &rust_flags(&configuration, &repository.cfg),
            ),
        });
    }
    prepared.sort_by(|a, b| a.manifest.cmp(&b.manifest));
    add_packages(&mut repository, prepared);
    link_locked(&mut repository);
    let unpacked = lock::Unpacked::of(options.cargo_home.as_deref(), &options.reading);
    name_libraries(&mut repository, &unpacked);
    follow_locked(&mut repository, diagnostics);
    duplicates(&repository, diagnostics);
    unknown_features(&repository, options, &used, diagnostics);
    repository
}

/// Patterns say nothing of what lies beside the root.
fn is_excluded(root: &Path, dir: &Path, exclude: &Gitignore) -> bool {
    dir.starts_with(root) && exclude.matched_path_or_any_parents(dir, true).is_ignore()
}

fn prepare(
    root: &Path,
    id: WorkspaceId,
    workspace: RawWorkspace,
    top: Option<&Manifest>,
    options: &DiscoverOptions,
    used: &mut BTreeSet<String>,
) -> Vec<Prepared> {
    let patches = top.map(Manifest::patches).unwrap_or_default();
    let local_dir = |d: &RawDependency| d.path.clone().or_else(|| patches.get(&d.package).cloned());
    let position: BTreeMap<&Path, usize> =
        workspace.packages.iter().enumerate().map(|(i, p)| (p.dir.as_path(), i)).collect();
    let local_dirs: Vec<Vec<Option<PathBuf>>> =
        workspace.packages.iter().map(|p| p.dependencies.iter().map(local_dir).collect()).collect();
    let find = |dir: &Option<PathBuf>| dir.as_deref().and_then(|d| position.get(d).copied());
    let local: Vec<Vec<Option<usize>>> =
        local_dirs.iter().map(|dirs| dirs.iter().map(find).collect()).collect();
    let packages: Vec<&RawPackage> = workspace.packages.iter().collect();
    let enabled = unify(&packages, &local, options, used);
    let parts = workspace.packages.into_iter().zip(enabled).zip(local_dirs);
    parts
        .map(|((raw, enabled), local_dirs)| {
            let manifest = relative(root, &raw.dir.join("Cargo.toml"));
            Prepared { raw, enabled, local_dirs, manifest, workspace: id }
        })
        .collect()
}

fn add_packages(repository: &mut Repository, prepared: Vec<Prepared>) {
    let ids: BTreeMap<PathBuf, PackageId> =
        prepared.iter().enumerate().map(|(i, p)| (p.raw.dir.clone(), PackageId::from_index(i))).collect();
    // The name code uses for a local package is that of its library, unless the dependency renames it.
    let lib_names: Vec<Option<String>> = prepared.iter().map(|p| lib_name(&p.raw)).collect();
    for package in prepared {
        let id = PackageId::from_index(repository.packages.len());
        repository.workspaces[package.workspace].members.push(id);
        let locals: Vec<Option<PackageId>> =
            package.local_dirs.iter().map(|d| ids.get(d.as_ref()?).copied()).collect();
        let dependencies = package.raw.dependencies.iter().zip(locals);
        let mut dependencies: Vec<Dependency> = dependencies
            .map(|(raw, local)| {
                let lib = local.and_then(|l| lib_names[l.index()].as_deref());
                dependency(raw, local, lib, &package.enabled)
            })
            .collect();
        sort(&mut dependencies);
        let targets = add_targets(repository, id, &package);
        let Prepared { raw, enabled, manifest, workspace, .. } = package;
        repository.packages.push(Package {
            dir: relative(&repository.root, &raw.dir),
            name: raw.name,
            version: raw.version,
            manifest,
            workspace,
            edition: raw.edition,
            features: raw.features,
            enabled_features: enabled.features,
            dependencies,
            targets,
            publishable: raw.publishable,
            links: raw.links,
        });
    }
}

fn lib_name(package: &RawPackage) -> Option<String> {
    let is_lib = |kind| matches!(kind, TargetKind::Lib | TargetKind::ProcMacro);
    package.targets.iter().find(|t| is_lib(t.kind)).map(|t| t.name.replace('-', "_"))
}

fn dependency(
    raw: &RawDependency,
    local: Option<PackageId>,
    lib: Option<&str>,
    enabled: &Enabled,
) -> Dependency {
    let extern_name = if raw.renamed { &raw.key } else { lib.unwrap_or(&raw.package) };
    Dependency {
        extern_name: extern_name.replace('-', "_"),
        package: raw.package.clone(),
        local,
        kind: raw.kind,
        optional: raw.optional,
        enabled: !raw.optional || enabled.dependencies.contains(&raw.key),
        target: raw.target.clone(),
        features: raw.features.clone(),
        default_features: raw.default_features,
        switched_features: enabled.asked_of(&raw.key).collect(),
    }
}

fn add_targets(repository: &mut Repository, id: PackageId, package: &Prepared) -> Vec<crate::ids::TargetId> {
    let mut raw: Vec<_> = package.raw.targets.iter().collect();
    raw.sort_by(|a, b| (a.kind, &a.name, &a.src).cmp(&(b.kind, &b.name, &b.src)));
    raw.into_iter()
        .map(|target| {
            repository.targets.push(Target {
                package: id,
                name: target.name.clone(),
                crate_name: target.name.replace('-', "_"),
                kind: target.kind,
                src: relative(&repository.root, &target.src),
                edition: target.edition,
                required_features: target.required_features.clone(),
                enabled: target.required_features.iter().all(|f| package.enabled.satisfies(f)),
                tested: target.tested,
                doctested: target.doctested,
            })
        })
        .collect()
}

/// Connects the lock files' path packages to the packages found.
fn link_locked(repository: &mut Repository) {
    let packages = &repository.packages;
    let mut same: BTreeMap<(&str, &str), Vec<PackageId>> = BTreeMap::new();
    for (id, package) in packages.iter_enumerated() {
        same.entry((&package.name, &package.version)).or_default().push(id);
    }
    for (index, data) in repository.workspaces.iter_mut().enumerate() {
        let workspace = WorkspaceId::from_index(index);
        for locked in data.locked.iter_mut().filter(|l| l.source.is_none()) {
            let same = same.get(&(&*locked.name, &*locked.version)).map(Vec::as_slice).unwrap_or_default();
            let member = same.iter().find(|id| packages[**id].workspace == workspace).copied();
            // A path dependency may be a member of another workspace, if that can be told from name and version.
            locked.package = member.or(match same {
                [only] => Some(*only),
                _ => None,
            });
        }
    }
}

/// The order of dependencies: by what code calls them.
fn sort(dependencies: &mut [Dependency]) {
    dependencies
        .sort_by(|a, b| (&a.extern_name, a.kind, &a.target).cmp(&(&b.extern_name, b.kind, &b.target)));
}

/// Gives dependencies on published packages the names of their libraries, as far as their sources lie on this machine.
fn name_libraries(repository: &mut Repository, unpacked: &lock::Unpacked) {
    let mut known: BTreeMap<(String, WorkspaceId), Option<String>> = BTreeMap::new();
    let (workspaces, packages) = (&repository.workspaces, &mut repository.packages);
    for package in packages.iter_mut() {
        let locked = &workspaces[package.workspace].locked;
        for dependency in package.dependencies.iter_mut().filter(|d| d.local.is_none()) {
            if dependency.extern_name != dependency.package.replace('-', "_") {
                continue;
            }
            let name = &dependency.package;
            let library = known.entry((name.clone(), package.workspace)).or_insert_with(|| {
                let mut versions = locked.iter().filter(|l| l.name == *name && l.source.is_some());
                let library = versions.find_map(|locked| unpacked.library(name, &locked.version));
                library.or_else(|| unpacked.library_of_any(name))
            });
            if let Some(library) = library {
                dependency.extern_name.clone_from(library);
            }
        }
        sort(&mut package.dependencies);
    }
}

/// Tells in the lock files what builds take of them.
fn follow_locked(repository: &mut Repository, diagnostics: &mut Vec<Diagnostic>) {
    for id in repository.workspaces.ids() {
        let mut locked = std::mem::take(&mut repository.workspaces[id].locked);
        let unknown = lock::follow(repository, &mut locked);
        if unknown > 0 {
            let published = locked.iter().filter(|package| package.checksum.is_some()).count();
            let message = format!(
                "of {published} published packages {unknown} are not in cargo's index on this machine (`cargo fetch` looks them \
                 up): of these every platform, feature and test counts, in cold builds and in what a new version concerns"
            );
            let place = in_dir(&repository.workspaces[id].dir, "Cargo.lock");
            diagnostics.push(Diagnostic::new(Severity::Info, Code::NotInIndex, message).at(place));
        }
        repository.workspaces[id].locked = locked;
    }
}

/// Packages of one name in different workspaces: both are analysed, but a name alone no longer says which is meant.
fn duplicates(repository: &Repository, diagnostics: &mut Vec<Diagnostic>) {
    let mut first: BTreeMap<&str, &Package> = BTreeMap::new();
    for package in &repository.packages {
        let Some(other) = first.get(package.name.as_str()) else {
            first.insert(&package.name, package);
            continue;
        };
        let message =
            format!("package `{}` is also defined by {}; both are analysed", package.name, other.manifest);
        let diagnostic = Diagnostic::new(Severity::Info, Code::DuplicatePackage, message);
        diagnostics.push(diagnostic.at(package.manifest.as_str()));
    }
}

fn unknown_features(
    repository: &Repository,
    options: &DiscoverOptions,
    used: &BTreeSet<String>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if repository.packages.is_empty() {
        return;
    }
    for feature in option_features(options).filter(|f| !used.contains(*f)) {
        let message = format!("no package has the feature `{feature}`");
        diagnostics.push(Diagnostic::new(Severity::Warning, Code::InvalidConfig, message));
    }
}
