//! Which of what a change affects can run code that changed. Advice for what to deploy and to test first: cargo compiles all of it
//! the same.
//!
//! A program can if it reaches (`reach`) anything in a changed source, or in one that names a changed file. Where a change is more
//! than sources, or does its work by itself, everybody who links the package can: manifests, lock files and settings, build
//! scripts, procedural macros, sources that are gone, and macro calls at module level that nobody names.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::binaries::{linked, needed_packages, own_items};
use super::reach::Reach;
use crate::affected::{Affected, Cause, Touched};
use crate::discover::{Repository, TargetKind};
use crate::graph::ItemGraph;
use crate::ids::{CrateId, FileId, Id, IdVec, ItemId, PackageId};
use crate::parse::FileUse;
use crate::resolve::{ItemKind, Resolution};

/// What is known of the code.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Code<'a> {
    pub(crate) repository: &'a Repository,
    pub(crate) resolution: &'a Resolution,
    pub(crate) graph: &'a ItemGraph,
    /// The targets that compile each file.
    pub(crate) uses: &'a BTreeMap<String, Vec<FileUse>>,
    /// The sources that name a changed file.
    pub(crate) mentions: &'a BTreeMap<String, BTreeSet<String>>,
}

/// Says of each affected package and program whether it can run code that changed.
pub(crate) fn mark_reach(code: Code<'_>, touched: &Touched, affected: &mut Affected) {
    let changed = Changed::new(code, touched);
    let (reach, own) = (Reach::new(code.resolution, code.graph), own_items(code.resolution));
    let runs = |package: PackageId, roots: &[CrateId]| {
        let packages = needed_packages(code.repository, package);
        if packages.iter().any(|package| changed.whole.contains(package)) {
            return true;
        }
        let is_linked = |other: CrateId| roots.contains(&other) || linked(code.repository, &packages, other);
        let roots: Vec<ItemId> = roots.iter().flat_map(|&krate| own[krate].iter().copied()).collect();
        reach.items(&roots, &is_linked).any(|item| changed.files.contains(&code.resolution.items[item].file))
    };
    affected.packages.par_iter_mut().for_each(|affected| {
        let targets = code.repository.packages[affected.package].targets.iter();
        let runs_itself = |kind| matches!(kind, TargetKind::Lib | TargetKind::ProcMacro | TargetKind::Bin);
        let roots: Vec<CrateId> = targets
            .filter(|&&target| runs_itself(code.repository.targets[target].kind))
            .map(|target| CrateId::from_index(target.index()))
            .collect();
        affected.runs_changed_code = Some(runs(affected.package, &roots));
    });
    affected.deployables.par_iter_mut().for_each(|affected| {
        let package = code.repository.targets[affected.target].package;
        let krate = CrateId::from_index(affected.target.index());
        let own = FileUse { target: affected.target, test: false };
        affected.runs_changed_code = Some(changed.targets.contains(&own) || runs(package, &[krate]));
    });
}

/// What has changed, as far as it is for reach to say.
struct Changed {
    /// Sources, and those that name what changed.
    files: BTreeSet<FileId>,
    /// Packages of which everybody who links them may run something that changed.
    whole: BTreeSet<PackageId>,
    /// Targets of which more than sources changed.
    targets: BTreeSet<FileUse>,
}

impl Changed {
    fn new(code: Code<'_>, touched: &Touched) -> Self {
        let mut changed = Self { files: BTreeSet::new(), whole: BTreeSet::new(), targets: BTreeSet::new() };
        let of_path: BTreeMap<&str, FileId> =
            code.resolution.files.iter_enumerated().map(|(id, file)| (file.path.as_str(), id)).collect();
        let by_itself = by_itself(code.resolution);
        for (&package, causes) in &touched.packages {
            for cause in causes {
                match sources(code, cause) {
                    Some(sources) if !is_for_the_compiler(code, package, &sources) => {
                        for source in sources {
                            match of_path.get(source) {
                                Some(file) if !by_itself.contains(file) => drop(changed.files.insert(*file)),
                                _ => drop(changed.whole.insert(package)),
                            }
                        }
                    }
                    _ => drop(changed.whole.insert(package)),
                }
            }
        }
        for (&used, causes) in touched.targets.iter().filter(|(used, _)| !used.test) {
            for cause in causes {
                let files: Option<Vec<FileId>> = sources(code, cause).and_then(|sources| {
                    sources.into_iter().map(|source| of_path.get(source).copied()).collect()
                });
                match files {
                    Some(files) => changed.files.extend(files),
                    None => drop(changed.targets.insert(used)),
                }
            }
        }
        changed
    }
}

/// The sources that a cause means; `None` if it is more than sources.
fn sources<'a>(code: Code<'a>, cause: &'a Cause) -> Option<Vec<&'a str>> {
    let Cause::File(path) = cause else { return None };
    match code.uses.get(path) {
        Some(_) => Some(vec![path]),
        None => Some(code.mentions.get(path)?.iter().map(String::as_str).collect()),
    }
}

/// Whether some of the sources run while others are compiled: build scripts and procedural macros.
fn is_for_the_compiler(code: Code<'_>, package: PackageId, sources: &[&str]) -> bool {
    let uses = sources.iter().filter_map(|source| code.uses.get(*source)).flatten();
    uses.into_iter().any(|used| {
        let target = &code.repository.targets[used.target];
        target.package == package && matches!(target.kind, TargetKind::BuildScript | TargetKind::ProcMacro)
    })
}

/// Sources without items, and those with macro calls at module level: what these make may run without being named.
fn by_itself(resolution: &Resolution) -> BTreeSet<FileId> {
    let mut has_items: IdVec<FileId, bool> = IdVec::from_elem(false, resolution.files.len());
    let mut found = BTreeSet::new();
    for item in &resolution.items {
        has_items[item.file] |= item.kind != ItemKind::Module;
        if item.kind == ItemKind::Module && item.features.macro_calls > 0 && !item.test {
            found.insert(item.file);
        }
    }
    found.extend(has_items.iter_enumerated().filter(|(_, has)| !**has).map(|(file, _)| file));
    found
}
