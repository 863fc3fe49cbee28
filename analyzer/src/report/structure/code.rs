//! References between items of different modules, by name: what rules about code look at.

use std::collections::BTreeMap;

use super::outside::{Outside, outside};
use crate::base::number::count;
use crate::discover::{DependencyKind, Repository, TargetKind};
use crate::graph::Reachability;
use crate::history::History;
use crate::ids::{Id, IdVec, ModuleId, PathId};
use crate::parse::ItemFeatures;
use crate::resolve::{Confidence, Item, ItemKind, Resolution};

/// Modules of libraries and programs, and all references from one to another, tests aside. What is a guess, what only a macro's body
/// wrote, and what no dependency of packages allows (a call of a trait may mean any impl of it) is left out: a rule that fails
/// has to be right.
#[derive(Debug, Clone, Default)]
pub struct Code<'a> {
    /// Sorted by path, then by package and file.
    pub modules: Vec<CodeModule<'a>>,
    /// Sorted by modules, then by items: one entry for each pair of items.
    pub crossings: Vec<Crossing<'a>>,
    /// All items of these modules, sorted by path; where rules are checked.
    pub items: Vec<CodeItem<'a>>,
    /// What is named of packages from elsewhere; where rules are checked.
    pub outside: Outside<'a>,
    /// What files of modules were called before git saw them renamed: the name now, and the one before; where rules are checked.
    pub renamed_files: BTreeMap<&'a str, &'a str>,
}

/// An item, as far as it can be recognised under another name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CodeItem<'a> {
    /// `shop::orders::place`
    pub path: &'a str,
    /// What doesn't change when it, or what it names, is renamed: its kind, functions, expressions and fields. Empty for the
    /// declarations of a module, which are known by its name alone.
    pub shape: String,
}

/// A module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CodeModule<'a> {
    /// `shop::orders`
    pub path: &'a str,
    /// Its package.
    pub package: &'a str,
    /// Its file.
    pub file: &'a str,
    /// Lines of its own items.
    pub lines: u32,
    /// Its crate: modules of others have other numbers.
    pub krate: u32,
}

/// References from one item to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Crossing<'a> {
    /// Position in [`Code::modules`] of the dependent's module.
    pub from_module: u32,
    /// Of the dependency's.
    pub to_module: u32,
    /// The dependent's path.
    pub from: &'a str,
    /// The dependency's.
    pub to: &'a str,
    /// The file of the first reference.
    pub file: &'a str,
    /// Its line, from 1.
    pub line: u32,
    /// How many there are.
    pub references: u32,
}

impl<'a> Code<'a> {
    /// Names what was resolved.
    pub(crate) fn new(repository: &'a Repository, resolution: &'a Resolution) -> Self {
        let (modules, place) = modules(repository, resolution);
        let needs = package_needs(repository);
        let package = |module: ModuleId| {
            let target = resolution.crates[resolution.modules[module].krate].target;
            repository.targets[target].package
        };
        let linked = |from: ModuleId, to: ModuleId| {
            let (from, to) = (package(from), package(to));
            from == to || needs.reaches(count(from.index()), count(to.index()))
        };
        let mut found: Vec<Crossing<'a>> = Vec::new();
        for reference in &resolution.references {
            if reference.test || !reference.structural || !is_certain(reference.confidence) {
                continue;
            }
            let (from, to) = (&resolution.items[reference.from], &resolution.items[reference.to]);
            let (Some(from_module), Some(to_module)) = (place[from.module], place[to.module]) else {
                continue;
            };
            if from_module == to_module || from.test || !linked(from.module, to.module) {
                continue;
            }
            found.push(Crossing {
                from_module,
                to_module,
                from: &from.path,
                to: &to.path,
                file: &resolution.files[from.file].path,
                line: reference.line,
                references: 1,
            });
        }
        found.sort_unstable();
        let pair = |c: &Crossing<'a>| (c.from_module, c.to_module, c.from, c.to);
        let one = |run: &[Crossing<'a>]| Crossing { references: count(run.len()), ..run[0] };
        let crossings = found.chunk_by(|a, b| pair(a) == pair(b)).map(one).collect();
        Self { modules, crossings, ..Self::default() }
    }

    /// The same, with all that rules look at.
    pub(crate) fn for_rules(
        repository: &'a Repository,
        resolution: &'a Resolution,
        history: &'a History,
    ) -> Self {
        let place = modules(repository, resolution).1;
        let real = resolution.items.iter().filter(|item| place[item.module].is_some() && !item.test);
        let mut items: Vec<CodeItem<'a>> =
            real.map(|item| CodeItem { path: &item.path, shape: shape(item) }).collect();
        items.sort_unstable();
        let path = |id: PathId| history.paths[id].as_str();
        let renamed_files = history.renamed.iter().map(|(&from, &to)| (path(to), path(from))).collect();
        let outside = outside(repository, resolution, &place);
        Self { items, outside, renamed_files, ..Self::new(repository, resolution) }
    }

    /// The items of a path: several impls may have one.
    pub fn items_of(&self, path: &str) -> &[CodeItem<'a>] {
        let from = self.items.partition_point(|item| item.path < path);
        let all = &self.items[from..];
        &all[..all.partition_point(|item| item.path == path)]
    }

    /// The references of each pair of modules, never none.
    pub fn by_modules(&self) -> impl Iterator<Item = &[Crossing<'a>]> {
        self.crossings.chunk_by(|a, b| (a.from_module, a.to_module) == (b.from_module, b.to_module))
    }
}

fn shape(item: &Item) -> String {
    let ItemFeatures { fns, exprs, fields, .. } = &item.features;
    let kind = match item.kind {
        ItemKind::Module => return String::new(),
        ItemKind::Fn => "fn",
        ItemKind::Struct => "struct",
        ItemKind::Enum => "enum",
        ItemKind::Union => "union",
        ItemKind::Trait => "trait",
        ItemKind::Impl => "impl",
        ItemKind::TypeAlias => "type",
        ItemKind::Const => "const",
        ItemKind::Static => "static",
        ItemKind::Macro => "macro",
    };
    format!("{kind} {fns} {exprs} {fields}")
}

fn is_certain(confidence: Confidence) -> bool {
    !matches!(confidence, Confidence::Guess | Confidence::Expanded | Confidence::Unseen)
}

/// Which packages are built with which, tests aside: these may need each other in a circle.
fn package_needs(repository: &Repository) -> Reachability {
    let mut arcs = Vec::new();
    for (id, package) in repository.packages.iter_enumerated() {
        let built = package.dependencies.iter().filter(|dependency| dependency.kind != DependencyKind::Dev);
        let local = built.filter_map(|dependency| dependency.local);
        arcs.extend(local.map(|to| (count(id.index()), count(to.index()))));
    }
    Reachability::new(repository.packages.len(), &arcs)
}

/// The modules, and where each of the resolution's is among them.
fn modules<'a>(
    repository: &'a Repository,
    resolution: &'a Resolution,
) -> (Vec<CodeModule<'a>>, IdVec<ModuleId, Option<u32>>) {
    let mut named: Vec<(CodeModule<'a>, ModuleId)> = Vec::new();
    for (id, module) in resolution.modules.iter_enumerated() {
        let target = &repository.targets[resolution.crates[module.krate].target];
        if module.test || !matches!(target.kind, TargetKind::Lib | TargetKind::Bin | TargetKind::ProcMacro) {
            continue;
        }
        let own = module.items.iter().map(|&item| &resolution.items[item]);
        let lines = own.filter(|item| !item.test && item.kind != ItemKind::Module);
        named.push((
            CodeModule {
                path: &module.path,
                package: &repository.packages[target.package].name,
                file: &resolution.files[module.file].path,
                lines: lines.map(|item| item.end_line.saturating_sub(item.line) + 1).sum(),
                krate: count(module.krate.index()),
            },
            id,
        ));
    }
    named.sort_unstable();
    let mut place = IdVec::from_elem(None, resolution.modules.len());
    for (at, &(_, id)) in named.iter().enumerate() {
        place[id] = Some(count(at));
    }
    (named.into_iter().map(|(module, _)| module).collect(), place)
}
