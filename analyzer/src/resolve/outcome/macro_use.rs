//! Crates whose macros are in scope without an import, by `#[macro_use] extern crate`.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;

use crate::parse::SourceTree;
use crate::parse::tree::{ItemTree, Name, NodeKind, PathId};
use crate::resolve::names::path::is_std_name;

/// What some crates export, by their documentation: other names are not theirs.
const EXPORTS: &[(&str, &[&str])] = &[
    ("log", &["trace", "debug", "info", "warn", "error", "log", "log_enabled"]),
    ("serde", &["Serialize", "Deserialize", "forward_to_deserialize_any", "serde_if_integer128"]),
    ("serde_derive", &["Serialize", "Deserialize"]),
    ("serde_json", &["json"]),
    ("lazy_static", &["lazy_static"]),
    ("bitflags", &["bitflags"]),
    ("anyhow", &["anyhow", "bail", "ensure"]),
    ("pest_derive", &["Parser"]),
    ("cfg_if", &["cfg_if"]),
    ("quote", &["quote", "quote_spanned"]),
];

/// By the directory below which they are in scope.
pub(super) struct MacroUse {
    crates: BTreeMap<String, BTreeSet<&'static str>>,
    /// Macros that the repository defines itself.
    defined: FxHashSet<Name>,
}

impl MacroUse {
    /// As the sources declare it. A crate's root stands at the top of its files.
    pub(super) fn of(sources: &SourceTree) -> Self {
        let mut found = Self { crates: BTreeMap::new(), defined: FxHashSet::default() };
        for file in &sources.files {
            for node in &file.tree.items {
                match &node.kind {
                    NodeKind::ExternCrate(name) if node.flags.macro_use => {
                        found
                            .crates
                            .entry(directory(&file.path).to_owned())
                            .or_default()
                            .insert(name.as_str());
                    }
                    NodeKind::Macro(_) => {
                        found.defined.insert(node.name);
                    }
                    _ => {}
                }
            }
        }
        found
    }

    pub(super) fn crates(&self, path: &str) -> BTreeSet<&'static str> {
        let around =
            |dir: &str| dir.is_empty() || path.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'));
        let of_dirs = self.crates.iter().filter(|(dir, _)| around(dir)).map(|(_, crates)| crates);
        of_dirs.flatten().copied().collect()
    }

    /// Of these the ones that a file may have a macro, a derive or an attribute from: rather one too many than one too few.
    pub(super) fn called(&self, path: &str, tree: &ItemTree) -> BTreeSet<&'static str> {
        let crates = self.crates(path);
        if crates.is_empty() {
            return crates;
        }
        let names = self.unknown_names(tree);
        let imported = imported(tree);
        let exports = |krate: &str| EXPORTS.iter().find(|(name, _)| *name == krate).map(|(_, names)| *names);
        let known: BTreeSet<&str> =
            crates.iter().filter_map(|krate| exports(krate)).flatten().copied().collect();
        let has = |krate: &&'static str| match exports(krate) {
            Some(exported) => names.iter().any(|name| exported.contains(name)),
            None => names.iter().any(|name| !known.contains(name) && !imported.contains(name)),
        };
        crates.into_iter().filter(has).collect()
    }

    /// Plain names of macros that are neither the repository's nor in a prelude.
    fn unknown_names(&self, tree: &ItemTree) -> BTreeSet<&'static str> {
        let calls = tree.macros.iter().map(|call| call.path);
        let attributes = tree.items.iter().flat_map(|node| node.attributes.iter().copied());
        let plain = |id: PathId| match &tree[id].segments {
            segments if segments.len() == 1 => Some(segments.first().name),
            _ => None,
        };
        let unknown = |name: &Name| !self.defined.contains(name) && !is_std_name(*name);
        calls.chain(attributes).filter_map(plain).filter(unknown).map(|name| name.as_str()).collect()
    }
}

/// Names that imports anywhere in a file bring in.
fn imported(tree: &ItemTree) -> FxHashSet<&'static str> {
    let mut names = FxHashSet::default();
    for node in &tree.items {
        if let NodeKind::Use(imports) = &node.kind {
            names.extend(imports.iter().map(|import| import.alias.as_str()));
        }
    }
    names
}

fn directory(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(dir, _)| dir)
}
