//! What code names of packages that are not of this repository: by paths and imports as they are written, and through modules that
//! import it, tests aside.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::number::count;
use crate::discover::{DependencyKind, Package, Repository};
use crate::ids::{CrateId, FileId, Id, IdVec, ItemId, ModuleId};
use crate::resolve::{Item, PassedMeaning, Resolution};

/// What is named, and what could be.
#[derive(Debug, Clone, Default)]
pub struct Outside<'a> {
    /// Packages from elsewhere that some package here depends on, tests aside, as paths spell them; sorted.
    pub packages: BTreeSet<String>,
    /// Sorted by modules, then by items: one entry for each pair.
    pub uses: Vec<OutsideUse<'a>>,
}

/// A path into another package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OutsideUse<'a> {
    /// Position of its module in [`Code::modules`](super::Code::modules).
    pub from_module: u32,
    /// The item that names it; of an import the module.
    pub from: &'a str,
    /// What is named, the package's own name first: `sqlx::query`.
    pub to: String,
    /// The file of the first time.
    pub file: &'a str,
    /// Its line, from 1.
    pub line: u32,
    /// How many lines there are.
    pub references: u32,
}

/// Reads it; `place` says where modules are among those of the code.
pub(super) fn outside<'a>(
    repository: &Repository,
    resolution: &'a Resolution,
    place: &IdVec<ModuleId, Option<u32>>,
) -> Outside<'a> {
    let real: Vec<BTreeMap<&str, String>> = repository.packages.iter().map(names).collect();
    let packages = real.iter().flat_map(|names| names.values().cloned()).collect();
    let around = Around::new(resolution);
    let mut found: Vec<OutsideUse<'a>> = Vec::new();
    let mut note = |item: ItemId, line: u32, path: &str| {
        let item = &resolution.items[item];
        let module = &resolution.modules[item.module];
        let Some(from_module) = place[item.module].filter(|_| !item.test) else { return };
        let package = repository.targets[resolution.crates[module.krate].target].package;
        let (first, rest) = path.split_once("::").unwrap_or((path, ""));
        let Some(name) = real[package.index()].get(first) else { return };
        // A module of that name is what the path means.
        if module.children.iter().any(|&child| resolution.modules[child].name == first) {
            return;
        }
        let to = if rest.is_empty() { name.clone() } else { format!("{name}::{rest}") };
        let file = resolution.files[item.file].path.as_str();
        found.push(OutsideUse { from_module, from: &item.path, to, file, line, references: 1 });
    };
    for (id, file) in resolution.files.iter_enumerated() {
        for (line, path) in &file.outside {
            around
                .innermost(resolution, id, *line)
                .into_iter()
                .for_each(|item| note(item, *line, path.as_str()));
        }
    }
    // Names that come by a module which imports them.
    for passed in &resolution.passed_names {
        if let PassedMeaning::Outside(Some(path)) = &passed.meant {
            passed.takers.iter().for_each(|taker| note(taker.item, taker.line, path));
        }
    }
    found.sort_unstable();
    found.dedup();
    let same = |a: &OutsideUse<'_>, b: &OutsideUse<'_>| {
        (a.from_module, a.from, &a.to) == (b.from_module, b.from, &b.to)
    };
    let one = |run: &[OutsideUse<'a>]| OutsideUse { references: count(run.len()), ..run[0].clone() };
    Outside { packages, uses: found.chunk_by(same).map(one).collect() }
}

/// Packages from elsewhere by the names that code gives them.
fn names(package: &Package) -> BTreeMap<&str, String> {
    let real =
        package.dependencies.iter().filter(|one| one.local.is_none() && one.kind != DependencyKind::Dev);
    real.map(|one| (one.extern_name.as_str(), one.package.replace('-', "_"))).collect()
}

/// Items by file.
struct Around(BTreeMap<FileId, Vec<ItemId>>);

impl Around {
    fn new(resolution: &Resolution) -> Self {
        let mut of: BTreeMap<FileId, Vec<ItemId>> = BTreeMap::new();
        for (id, item) in resolution.items.iter_enumerated() {
            of.entry(item.file).or_default().push(id);
        }
        Self(of)
    }

    /// The smallest item around a line, for each crate that the file is part of.
    fn innermost(&self, resolution: &Resolution, file: FileId, line: u32) -> Vec<ItemId> {
        let mut of: BTreeMap<CrateId, ItemId> = BTreeMap::new();
        let length = |item: &Item| item.end_line.saturating_sub(item.line);
        for &id in self.0.get(&file).into_iter().flatten() {
            let item = &resolution.items[id];
            if !(item.line..=item.end_line).contains(&line) {
                continue;
            }
            let best = of.entry(resolution.modules[item.module].krate).or_insert(id);
            if length(item) < length(&resolution.items[*best]) {
                *best = id;
            }
        }
        of.into_values().collect()
    }
}
