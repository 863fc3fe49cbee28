//! The targets of a package beside each other: which of them a split takes apart, and which compile the same files.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::discover::{Repository, TargetKind};
use crate::ids::{CrateId, FileId, Id, IdVec, ModuleId, PackageId, TargetId};
use crate::resolve::Resolution;

/// What the targets of each package hold.
#[derive(Debug, Clone, Default)]
pub(super) struct Targets {
    /// The library and the enabled binaries of each package, the one to be planned first.
    of_package: IdVec<PackageId, Vec<CrateId>>,
    /// The files of each crate's modules with what they hold, its root's and those of tests aside.
    files: IdVec<CrateId, BTreeMap<FileId, Size>>,
    /// What each crate's modules hold outside of its root.
    pub(super) sizes: IdVec<CrateId, Size>,
    /// Binaries that use the library of their package, or compile files of it.
    bound: BTreeSet<CrateId>,
}

/// Modules with code, and their lines; tests and the root aside.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Size {
    pub(super) lines: u32,
    pub(super) modules: u32,
}

/// Files that several targets of a package declare with `mod`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct SharedFiles {
    /// The crates that compile any of them, the library first, then the binary that has most modules.
    pub(super) crates: Vec<CrateId>,
    /// Each file, with those of `crates` that compile it.
    pub(super) files: BTreeMap<FileId, Vec<CrateId>>,
}

impl Targets {
    pub(super) fn new(repository: &Repository, resolution: &Resolution) -> Self {
        let mut targets = Self {
            of_package: IdVec::from_elem(Vec::new(), repository.packages.len()),
            files: IdVec::from_elem(BTreeMap::new(), resolution.crates.len()),
            sizes: IdVec::from_elem(Size::default(), resolution.crates.len()),
            bound: uses_of_libraries(repository, resolution),
        };
        targets.fill_modules(resolution);
        for package in repository.packages.ids() {
            targets.of_package[package] = targets.ordered(repository, package);
        }
        targets
    }

    /// The crate of a package that a split would take apart. Its library, else the enabled binary that has most modules;
    /// a binary also where it has more than the library and is a program of its own, which neither uses the library nor
    /// shares files with it.
    pub(super) fn planned(&self, package: PackageId) -> Option<CrateId> {
        self.all(package).first().copied()
    }

    /// The library and the enabled binaries, the planned one first.
    pub(super) fn all(&self, package: PackageId) -> &[CrateId] {
        self.of_package.get(package).map_or(&[], Vec::as_slice)
    }

    /// What each of them can be taken apart of by itself, with what of it those before have not. A binary that uses the library of
    /// its package can't: a new crate below it would use the package that it belongs to.
    pub(super) fn apart(&self, package: PackageId) -> Vec<(CrateId, Size)> {
        let mut before: BTreeSet<FileId> = BTreeSet::new();
        let mut apart = Vec::new();
        for (at, &krate) in self.all(package).iter().enumerate() {
            let own = self.own(krate, &before);
            before.extend(self.files[krate].keys());
            if at == 0 || (own.modules > 1 && !self.bound.contains(&krate)) {
                apart.push((krate, own));
            }
        }
        apart
    }

    /// Binaries with modules of their own that use the library of their package.
    pub(super) fn bound(&self, package: PackageId) -> impl Iterator<Item = (CrateId, Size)> {
        let others = self.all(package).iter().skip(1).filter(|&krate| self.bound.contains(krate));
        let library = self.all(package).first().map(|&first| self.files[first].keys().copied().collect());
        let library: BTreeSet<FileId> = library.unwrap_or_default();
        others.map(move |&krate| (krate, self.own(krate, &library))).filter(|(_, own)| own.modules > 1)
    }

    /// What a crate holds outside of these files.
    fn own(&self, krate: CrateId, others: &BTreeSet<FileId>) -> Size {
        let mut own = self.sizes[krate];
        for (_, size) in self.files[krate].iter().filter(|(file, _)| others.contains(file)) {
            own.lines = own.lines.saturating_sub(size.lines);
            own.modules = own.modules.saturating_sub(size.modules);
        }
        own
    }

    /// Files that more than one of the library and the binaries of a package compile; `None` if there are none.
    pub(super) fn shared(&self, repository: &Repository, package: PackageId) -> Option<SharedFiles> {
        let mut files: BTreeMap<FileId, Vec<CrateId>> = BTreeMap::new();
        for &krate in self.all(package) {
            for &file in self.files[krate].keys() {
                files.entry(file).or_default().push(krate);
            }
        }
        files.retain(|_, crates| crates.len() > 1);
        let compiles = |krate: &&CrateId| files.values().any(|crates| crates.contains(krate));
        let mut crates: Vec<CrateId> = self.all(package).iter().filter(compiles).copied().collect();
        crates.sort_by_key(|&krate| kind(repository, krate) != TargetKind::Lib);
        (!files.is_empty()).then_some(SharedFiles { crates, files })
    }

    fn fill_modules(&mut self, resolution: &Resolution) {
        let own = |module: ModuleId| {
            let data = &resolution.modules[module];
            !data.test && data.parent.is_some()
        };
        for (id, module) in resolution.modules.iter_enumerated().filter(|&(id, _)| own(id)) {
            let root = &resolution.modules[resolution.crates[module.krate].root];
            if module.file != root.file && !module.inline && !resolution.modules[id].items.is_empty() {
                self.files[module.krate].insert(module.file, Size::default());
            }
        }
        let mut with_code: BTreeMap<ModuleId, u32> = BTreeMap::new();
        for (id, item) in resolution.items.iter_enumerated() {
            if item.test || resolution.modules[item.module].item == id || !own(item.module) {
                continue;
            }
            *with_code.entry(item.module).or_default() += (item.end_line + 1).saturating_sub(item.line);
        }
        for (module, lines) in with_code {
            let module = &resolution.modules[module];
            let of_file = self.files[module.krate].get_mut(&module.file);
            for size in of_file.into_iter().chain([&mut self.sizes[module.krate]]) {
                size.lines += lines;
                size.modules += 1;
            }
        }
    }

    fn ordered(&mut self, repository: &Repository, package: PackageId) -> Vec<CrateId> {
        let crates: Vec<CrateId> = repository.packages[package]
            .targets
            .iter()
            .filter(|&&target| repository.targets[target].enabled)
            .map(|target| CrateId::from_index(target.index()))
            .filter(|&krate| matches!(kind(repository, krate), TargetKind::Lib | TargetKind::Bin))
            .filter(|&krate| self.sizes.get(krate).is_some())
            .collect();
        let library = crates.iter().copied().find(|&krate| kind(repository, krate) == TargetKind::Lib);
        if let Some(library) = library {
            let shares = |krate: &CrateId| {
                self.files[*krate].keys().any(|file| self.files[library].contains_key(file))
            };
            self.bound
                .extend(crates.iter().filter(|&&krate| krate != library).filter(|&krate| shares(krate)));
        }
        // What could be planned, and how much of it there is; a stable sort, so that of equals the first is planned.
        let worth = |krate: CrateId| {
            let size = if self.bound.contains(&krate) { Size::default() } else { self.sizes[krate] };
            (size.modules > 1, size)
        };
        let mut ordered = crates;
        ordered.sort_by_key(|&krate| (Reverse(worth(krate)), Some(krate) != library));
        ordered
    }
}

pub(super) fn kind(repository: &Repository, krate: CrateId) -> TargetKind {
    repository.targets[TargetId::from_index(krate.index())].kind
}

/// Binaries that refer to the library of their own package.
fn uses_of_libraries(repository: &Repository, resolution: &Resolution) -> BTreeSet<CrateId> {
    let krate = |item| resolution.modules[resolution.items[item].module].krate;
    let package = |krate: CrateId| repository.targets[resolution.crates[krate].target].package;
    let mut users = BTreeSet::new();
    for reference in &resolution.references {
        let (from, to) = (krate(reference.from), krate(reference.to));
        if from != to && kind(repository, from) == TargetKind::Bin && package(from) == package(to) {
            users.insert(from);
        }
    }
    users
}
