//! Which of what a change affects can run code that changed. Advice for what to deploy and to test first: cargo compiles all of it
//! the same.
//!
//! A program can if it reaches (`reach`) what changed in a source, or anything in one that names a changed file. Where a change is more
//! than sources, or does its work by itself, everybody who links the package can: manifests, lock files and settings, build
//! scripts, procedural macros, sources that are gone, and macro calls at module level that nobody names.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::entry::Entries;
use super::links::{linked, needed_packages, running_packages};
use super::reach::{Reach, Start};
use crate::affected::{Affected, Cause, Touched};
use crate::discover::{Repository, TargetKind};
use crate::ids::{CrateId, DefinitionId, FileId, Id, IdVec, PackageId, TargetId};
use crate::parse::{FileUse, Lines};
use crate::resolve::{ItemKind, Resolution};

/// What is known of the code.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Code<'a> {
    pub(crate) repository: &'a Repository,
    pub(crate) resolution: &'a Resolution,
    /// The targets that compile each file.
    pub(crate) uses: &'a BTreeMap<String, Vec<FileUse>>,
    /// The sources that name a changed file.
    pub(crate) mentions: &'a BTreeMap<String, BTreeSet<String>>,
    /// Of changed sources the lines of all that changed in them, where that is single functions, types and the like.
    pub(crate) parts: Option<&'a BTreeMap<String, Vec<Lines>>>,
}

impl<'a> Code<'a> {
    /// The sources of a package that a path is, or that name it; none for what is more than sources, such as a manifest. What
    /// names it elsewhere is for the package there.
    pub(super) fn sources(self, package: PackageId, path: &'a str) -> Vec<&'a str> {
        self.sources_of(path, |used| self.repository.targets[used.target].package == package)
    }

    fn sources_of(self, path: &'a str, is_meant: impl Fn(&FileUse) -> bool) -> Vec<&'a str> {
        let is_own = |source: &str| self.uses.get(source).is_some_and(|uses| uses.iter().any(&is_meant));
        match self.uses.contains_key(path) {
            true => vec![path],
            false if self.is_manifest(path) => Vec::new(),
            false => {
                let named = self.mentions.get(path).into_iter().flatten().map(String::as_str);
                named.filter(|source| is_own(source)).collect()
            }
        }
    }

    fn is_manifest(self, path: &str) -> bool {
        path.ends_with("Cargo.toml")
            && self.repository.packages.iter().any(|package| package.manifest == path)
    }
}

/// Says of each affected package and program whether it can run code that changed.
pub(crate) fn mark_reach(code: Code<'_>, touched: &Touched, affected: &mut Affected) {
    let changed = Changes::new(code).of(touched);
    let (reach, entries) = (Reach::new(code.resolution), Entries::new(code.resolution));
    let runs = |package: PackageId, roots: &[CrateId], start: &Start| {
        let packages = needed_packages(code.repository, package);
        let is_linked = |other: CrateId| roots.contains(&other) || linked(code.repository, &packages, other);
        let reached = reach.from(start, &is_linked);
        let running = running_packages(code.repository, &packages, package, &reached.crates(code.resolution));
        changed.concerns(&running)
            || changed.is_in(&reached.files(code.resolution))
            || changed.definitions.iter().any(|&definition| reached.contains(definition))
    };
    affected.packages.par_iter_mut().for_each(|affected| {
        let targets = code.repository.packages[affected.package].targets.iter();
        let runs_itself = |kind| matches!(kind, TargetKind::Lib | TargetKind::ProcMacro | TargetKind::Bin);
        let roots: Vec<CrateId> = targets
            .filter(|&&target| runs_itself(code.repository.targets[target].kind))
            .map(|target| CrateId::from_index(target.index()))
            .collect();
        affected.runs_changed_code =
            Some(runs(affected.package, &roots, &entries.whole(roots.iter().copied())));
    });
    affected.deployables.par_iter_mut().for_each(|affected| {
        let package = code.repository.targets[affected.target].package;
        let krate = CrateId::from_index(affected.target.index());
        let by_itself = changed.is_more_of(affected.target);
        affected.runs_changed_code = Some(by_itself || runs(package, &[krate], &entries.program(krate)));
    });
}

/// What has changed, as far as it is for reach to say.
pub(super) struct Changed {
    /// Sources, and those that name what changed.
    files: BTreeSet<FileId>,
    /// What changed in other sources.
    definitions: BTreeSet<DefinitionId>,
    /// Packages of which everybody who links them may run something that changed.
    whole: BTreeSet<PackageId>,
    /// Targets of which more than sources changed.
    targets: BTreeSet<FileUse>,
}

impl Changed {
    /// Whether more than sources changed of one of some packages.
    pub(super) fn concerns(&self, packages: &[PackageId]) -> bool {
        self.whole.iter().any(|package| packages.binary_search(package).is_ok())
    }

    /// Whether more than sources changed of a program itself.
    pub(super) fn is_more_of(&self, program: TargetId) -> bool {
        self.targets.contains(&FileUse { target: program, test: false })
    }

    /// Whether one of some files (sorted) changed.
    pub(super) fn is_in(&self, files: &[FileId]) -> bool {
        self.files.iter().any(|file| files.binary_search(file).is_ok())
    }
}

/// Looks changes up: made once for all of them.
pub(super) struct Changes<'a> {
    code: Code<'a>,
    of_path: BTreeMap<&'a str, FileId>,
    by_itself: BTreeSet<FileId>,
    /// What lies in sources of which parts are known to have changed.
    in_parts: BTreeMap<FileId, Vec<DefinitionId>>,
}

impl<'a> Changes<'a> {
    pub(super) fn new(code: Code<'a>) -> Self {
        let files = code.resolution.files.iter_enumerated();
        let of_path: BTreeMap<&str, FileId> = files.map(|(id, file)| (file.path.as_str(), id)).collect();
        let in_parts = in_parts(code, &of_path);
        Self { code, of_path, by_itself: by_itself(code.resolution), in_parts }
    }

    /// What changed in a source of which that is known.
    fn parts(&self, path: &str) -> Option<impl Iterator<Item = DefinitionId>> {
        let lines = self.code.parts?.get(path)?;
        let definitions = self.in_parts.get(self.of_path.get(path)?)?;
        let all = &self.code.resolution.uses.definitions;
        let within = |&id: &DefinitionId| {
            lines.iter().any(|&(first, last)| first <= all[id].line && all[id].end_line <= last)
        };
        Some(definitions.iter().copied().filter(within))
    }

    pub(super) fn of(&self, touched: &Touched) -> Changed {
        let Self { code, of_path, by_itself, .. } = self;
        let code = *code;
        let mut changed = Changed {
            files: BTreeSet::new(),
            definitions: BTreeSet::new(),
            whole: BTreeSet::new(),
            targets: BTreeSet::new(),
        };
        for (&package, causes) in &touched.packages {
            let same = touched.same.get(&package);
            let is_same =
                |path: &String| same.is_some_and(|same| same.contains(path)) && !code.is_manifest(path);
            for cause in causes {
                let is_own = |used: &FileUse| code.repository.targets[used.target].package == package;
                match sources(code, cause, is_own) {
                    Some(sources) if !is_for_the_compiler(code, package, &sources) => {
                        if let Cause::File(path) = cause
                            && let Some(parts) = self.parts(path)
                        {
                            changed.definitions.extend(parts);
                            continue;
                        }
                        for source in sources {
                            match of_path.get(source) {
                                Some(file) if !by_itself.contains(file) => drop(changed.files.insert(*file)),
                                _ => drop(changed.whole.insert(package)),
                            }
                        }
                    }
                    None if matches!(cause, Cause::File(path) if is_same(path)) => {}
                    _ => drop(changed.whole.insert(package)),
                }
            }
        }
        for (&used, causes) in touched.targets.iter().filter(|(used, _)| !used.test) {
            for cause in causes {
                if let Cause::File(path) = cause
                    && let Some(parts) = self.parts(path)
                {
                    changed.definitions.extend(parts);
                    continue;
                }
                let files: Option<Vec<FileId>> = sources(code, cause, |own| own.target == used.target)
                    .and_then(|sources| {
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

/// The sources that a cause means for whom it touches; `None` if it is more than sources.
fn sources<'a>(
    code: Code<'a>,
    cause: &'a Cause,
    is_meant: impl Fn(&FileUse) -> bool,
) -> Option<Vec<&'a str>> {
    let Cause::File(path) = cause else { return None };
    Some(code.sources_of(path, is_meant)).filter(|sources| !sources.is_empty())
}

/// Whether some of the sources run while others are compiled: build scripts and procedural macros.
fn is_for_the_compiler(code: Code<'_>, package: PackageId, sources: &[&str]) -> bool {
    let uses = sources.iter().filter_map(|source| code.uses.get(*source)).flatten();
    uses.into_iter().any(|used| {
        let target = &code.repository.targets[used.target];
        target.package == package && matches!(target.kind, TargetKind::BuildScript | TargetKind::ProcMacro)
    })
}

/// The definitions in sources of which parts are known to have changed.
fn in_parts(code: Code<'_>, of_path: &BTreeMap<&str, FileId>) -> BTreeMap<FileId, Vec<DefinitionId>> {
    let paths = code.parts.into_iter().flat_map(BTreeMap::keys);
    let files = paths.filter_map(|path| of_path.get(path.as_str()));
    let mut found: BTreeMap<FileId, Vec<DefinitionId>> = files.map(|&file| (file, Vec::new())).collect();
    if !found.is_empty() {
        for (id, definition) in code.resolution.uses.definitions.iter_enumerated() {
            let file = code.resolution.items[definition.item].file;
            found.entry(file).and_modify(|definitions| definitions.push(id));
        }
    }
    found
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
