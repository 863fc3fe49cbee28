//! What a user's words name: a package, a file, a module or an item.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::base::likeness::nearest;
use crate::discover::Repository;
use crate::error::{Error, Result};
use crate::ids::{CrateId, IdVec, ItemId, ModuleId};
use crate::resolve::Resolution;

/// Candidates that an error message lists.
const SHOWN: usize = 5;

/// What was named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SelectionKind {
    /// An item.
    Item,
    /// A module with everything below it.
    Module,
    /// A file.
    File,
    /// A package with all its targets.
    Package,
}

/// Items that a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// The full name.
    pub name: String,
    /// What it is.
    pub kind: SelectionKind,
    /// Its items, sorted; a module's own item included.
    pub items: Vec<ItemId>,
}

/// Finds what `query` names: an item or module by path (`a::x::f`), a file by path, a package by name. When
/// nothing has exactly this name, the end of a path will do (`x::f`, `x.rs`), if only one has it.
///
/// # Errors
/// [`Error::UnknownName`] when nothing or more than one thing is meant; it lists what comes close.
pub fn select(repository: &Repository, resolution: &Resolution, query: &str) -> Result<Selection> {
    let query = query.trim_start_matches("./");
    let exact = matching(repository, resolution, &|name, _| name == query);
    if let Some(selection) = exact.into_iter().min_by_key(|s| precedence(s, query)) {
        return Ok(selection);
    }
    let ends = |name: &str, separator: &str| {
        name.strip_suffix(query).is_some_and(|head| !query.is_empty() && head.ends_with(separator))
    };
    let mut close = matching(repository, resolution, &ends);
    if close.len() == 1 {
        return Ok(close.remove(0));
    }
    let mut names: Vec<_> = close.iter().map(|s| format!("`{}`", s.name)).collect();
    names.dedup();
    if names.is_empty() {
        let all = all_names(repository, resolution);
        let like = nearest(query, all.iter().map(String::as_str)).into_iter().map(|name| format!("`{name}`"));
        let shown = like.collect::<Vec<_>>().join(", ");
        return Err(Error::UnknownName { name: query.to_owned(), close: 0, shown });
    }
    Err(Error::UnknownName { name: query.to_owned(), close: names.len(), shown: shown(&names) })
}

/// An item before the module of its name (`fn x` and `mod x` may coexist), a package before its root module.
fn precedence(selection: &Selection, query: &str) -> (bool, SelectionKind) {
    let bare = !query.contains("::");
    (bare && selection.kind != SelectionKind::Package, selection.kind)
}

fn shown(names: &[String]) -> String {
    let mut text = names.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        text.push_str(", …");
    }
    text
}

/// The names that there are: of modules, items, files and packages.
fn all_names(repository: &Repository, resolution: &Resolution) -> BTreeSet<String> {
    let items = resolution.items.iter().map(|item| &item.path);
    let modules = resolution.modules.iter().map(|module| &module.path);
    let files = resolution.files.iter().map(|file| &file.path);
    let packages = repository.packages.iter().map(|package| &package.name);
    items.chain(modules).chain(files).chain(packages).map(|name| name.to_string()).collect()
}

/// Everything whose name satisfies `is(name, separator)`, one selection per kind and name.
fn matching(
    repository: &Repository,
    resolution: &Resolution,
    is: &dyn Fn(&str, &str) -> bool,
) -> Vec<Selection> {
    let mut found = Selections::default();
    for (id, item) in resolution.items.iter_enumerated() {
        let own = resolution.modules[item.module].item == id;
        if !own && is(&item.path, "::") {
            found.add(&item.path, SelectionKind::Item, [id]);
        }
    }
    for (id, module) in resolution.modules.iter_enumerated() {
        if is(&module.path, "::") {
            found.add(&module.path, SelectionKind::Module, below(resolution, id));
        }
    }
    for (id, file) in resolution.files.iter_enumerated() {
        if is(&file.path, "/") {
            let items = resolution.items.iter_enumerated().filter(|(_, i)| i.file == id).map(|(id, _)| id);
            found.add(&file.path, SelectionKind::File, items);
        }
    }
    let package_of = packages(repository, resolution);
    for (id, package) in repository.packages.iter_enumerated() {
        if is(&package.name, "/") {
            let inside = |&(_, item): &(ItemId, &crate::resolve::Item)| {
                package_of[resolution.modules[item.module].krate] == id
            };
            let items = resolution.items.iter_enumerated().filter(inside).map(|(id, _)| id);
            found.add(&package.name, SelectionKind::Package, items);
        }
    }
    found.0
}

fn packages(repository: &Repository, resolution: &Resolution) -> IdVec<CrateId, crate::ids::PackageId> {
    resolution.crates.iter().map(|krate| repository.targets[krate.target].package).collect()
}

/// The items of a module and of all modules below it.
fn below(resolution: &Resolution, module: ModuleId) -> Vec<ItemId> {
    let (mut items, mut open) = (Vec::new(), vec![module]);
    while let Some(id) = open.pop() {
        let module = &resolution.modules[id];
        items.push(module.item);
        items.extend_from_slice(&module.items);
        open.extend_from_slice(&module.children);
    }
    items
}

#[derive(Default)]
struct Selections(Vec<Selection>);

impl Selections {
    /// Things of one kind and name (a lib and a bin of one crate name, `cfg` duplicates) count as one.
    fn add(&mut self, name: &str, kind: SelectionKind, items: impl IntoIterator<Item = ItemId>) {
        let same = |s: &Selection| s.kind == kind && s.name == name;
        let at = self.0.iter().position(same).unwrap_or_else(|| {
            self.0.push(Selection { name: name.to_owned(), kind, items: Vec::new() });
            self.0.len() - 1
        });
        let all = &mut self.0[at].items;
        all.extend(items);
        all.sort();
        all.dedup();
    }
}
