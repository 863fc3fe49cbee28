//! Which dependencies and features each file mentions: what a crate made of it would need in its manifest.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use ustr::{Ustr, ustr};

use super::bound::bound_of;
use super::macro_use::MacroUse;
use super::shapes::state_fields;
use super::tables::TableNames;
use crate::discover::{DependencyKind, Repository, above};
use crate::ids::{FileId, IdVec};
use crate::parse::tree::{
    Arm, ArmLabel, CallForm, Dispatch, Expr, FilePath, FilePathKind, Name, NamedCall, NodeKind,
};
use crate::parse::{ItemTree, SourceFile, SourceTree};
use crate::resolve::model::{ExternalCall, File};

/// The files as the result shows them.
pub(in crate::resolve) fn files(repository: &Repository, sources: &SourceTree) -> IdVec<FileId, File> {
    let dependencies: FxHashSet<Ustr> = repository
        .packages
        .iter()
        .flat_map(|package| &package.dependencies)
        .map(|dependency| ustr(&dependency.extern_name))
        .collect();
    let elsewhere: FxHashSet<Ustr> = repository
        .packages
        .iter()
        .flat_map(|package| &package.dependencies)
        .filter(|dependency| dependency.local.is_none() && dependency.kind != DependencyKind::Dev)
        .map(|dependency| ustr(&dependency.extern_name))
        .collect();
    // Of the repository's own macros references tell.
    let local = repository.packages.iter().flat_map(|p| &p.dependencies).filter(|d| d.local.is_some());
    let local: FxHashSet<Ustr> = local.map(|d| ustr(&d.extern_name)).collect();
    let macro_use = MacroUse::of(sources);
    let tables = TableNames::of(sources);
    let fields: FxHashSet<Name> = sources.files.iter().flat_map(|file| state_fields(&file.tree)).collect();
    let dirs: BTreeSet<&str> = repository.packages.iter().map(|package| package.dir.as_str()).collect();
    let package_dir = |file: &str| above(file).find_map(|dir| dirs.get(dir).copied()).unwrap_or_default();
    let (mut set, none): (BTreeMap<&str, BTreeSet<Name>>, _) = Default::default();
    for file in sources.files.iter().filter(|file| !file.tree.set_cfgs.is_empty()) {
        set.entry(package_dir(&file.path)).or_default().extend(&file.tree.set_cfgs);
    }
    let all: Vec<&SourceFile> = sources.files.iter().collect();
    let files: Vec<File> = all
        .into_par_iter()
        .map(|file| File {
            path: file.path.clone(),
            lines: file.lines,
            bytes: file.bytes,
            generated: file.generated,
            unread: file.unread,
            dependencies: dependencies_of(file, (&dependencies, &local), &macro_use),
            outside: outside_of(&file.tree, &elsewhere),
            features: features_of(&file.tree),
            paths: paths_of(&file.tree, set.get(package_dir(&file.path)).unwrap_or(&none)),
            bound: bound_of(file, &macro_use),
            dispatches: dispatches_of(&file.tree),
            named_calls: named_calls_of(&file.tree, &dependencies),
            bindings: file.tree.bindings.clone(),
            tasks: file.tree.tasks.clone(),
            tables: tables.of_file(file),
            variables: file.tree.variables.clone(),
            field_uses: field_uses_of(&file.tree, &fields),
        })
        .collect();
    files.into_iter().collect()
}

/// Names of dependencies that a path or import begins with, or whose macros are in scope without one. A module of the same
/// name would count too: rather one dependency too many in a manifest than one too few.
fn dependencies_of(
    file: &SourceFile,
    (dependencies, local): (&FxHashSet<Ustr>, &FxHashSet<Ustr>),
    macro_use: &MacroUse,
) -> Vec<String> {
    let tree = &file.tree;
    let mut found = macro_use.called(&file.path, tree);
    found.retain(|name| !local.contains(&ustr(name)));
    let mut note = |name: Ustr| {
        if dependencies.contains(&name) {
            found.insert(name.as_str());
        }
    };
    let paths = tree.paths.iter().filter(|path| path.segments.len() > 1 || path.global);
    paths.for_each(|path| note(path.segments.first().name));
    for node in &tree.items {
        match &node.kind {
            NodeKind::Use(imports) => {
                imports.iter().filter_map(|import| import.path.first()).for_each(|name| note(*name));
            }
            NodeKind::ExternCrate(name) => note(*name),
            _ => {}
        }
    }
    found.into_iter().map(str::to_owned).collect()
}

/// Names of a path into another package that are kept: a rule names no more.
const OUTSIDE_NAMES: usize = 3;

/// What paths and imports name of packages from elsewhere. What a macro's body wrote is the macro's.
fn outside_of(tree: &ItemTree, packages: &FxHashSet<Ustr>) -> Vec<(u32, Name)> {
    let mut found: Vec<(u32, Name)> = Vec::new();
    let mut note = |line: u32, names: &mut dyn Iterator<Item = Name>| {
        let Some(first) = names.next().filter(|first| packages.contains(first)) else { return };
        let rest = names.take(OUTSIDE_NAMES - 1);
        let path = rest.fold(first.as_str().to_owned(), |path, name| path + "::" + name.as_str());
        found.push((line, ustr(&path)));
    };
    for path in tree.paths.iter().filter(|path| !path.from_body) {
        if path.segments.len() > 1 || path.global {
            note(path.line, &mut path.segments.iter().map(|segment| segment.name));
        }
    }
    for node in &tree.items {
        match &node.kind {
            NodeKind::Use(imports) => {
                imports.iter().for_each(|import| note(import.line, &mut import.path.iter().copied()));
            }
            NodeKind::ExternCrate(name) => note(node.line, &mut std::iter::once(*name)),
            _ => {}
        }
    }
    found.sort_unstable_by(|a, b| (a.0, a.1.as_str()).cmp(&(b.0, b.1.as_str())));
    found.dedup();
    found
}

/// The calls that mean a file, the outermost of one line only: `include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), …))`
/// is one. And code under a `cfg` that the package's build script sets.
fn paths_of(tree: &ItemTree, set: &BTreeSet<Name>) -> Vec<FilePath> {
    let mut paths = tree.file_paths.clone();
    if !set.is_empty() {
        paths.extend(under_set_cfgs(tree, set));
    }
    paths.sort_by_key(|path| (path.line, std::cmp::Reverse(path.call.len())));
    paths.dedup_by(|inner, outer| inner.line == outer.line && outer.call.contains(&inner.call));
    paths
}

/// Where predicates name one of these.
fn under_set_cfgs(tree: &ItemTree, set: &BTreeSet<Name>) -> Vec<FilePath> {
    let names = |predicate: &str| {
        // What stands between quotes is a value.
        let plain = predicate.split('"').step_by(2);
        let words = plain.flat_map(|text| text.split(|c: char| !(c.is_alphanumeric() || c == '_')));
        words.filter(|word| !word.is_empty()).any(|word| set.contains(&ustr(word)))
    };
    let of_file = tree.cfgs.iter().map(|predicate| (1, *predicate, ""));
    let of_items = tree.items.iter().flat_map(|node| node.cfgs.iter().map(|cfg| (node.line, *cfg, "")));
    let calls = tree.cfg_calls.iter().map(|&(line, predicate)| (line, predicate, "!"));
    let all = of_file.chain(of_items).chain(calls).filter(|(_, predicate, _)| names(predicate.as_str()));
    let path = |(line, predicate, bang): (u32, Name, &str)| FilePath {
        line,
        call: format!("cfg{bang}({predicate})"),
        kind: FilePathKind::BuildScript,
    };
    all.map(path).collect()
}

fn dispatches_of(tree: &ItemTree) -> Vec<Dispatch> {
    let mut dispatches: Vec<Dispatch> =
        tree.dispatches.iter().filter(|dispatch| !is_part(dispatch)).cloned().collect();
    // `if`s of one function tell apart what a `match` does.
    let mut parts: BTreeMap<(u32, u32), Vec<Arm>> = BTreeMap::new();
    for part in tree.dispatches.iter().filter(|dispatch| is_part(dispatch)) {
        let functions = tree.items.iter().filter(|node| matches!(node.kind, NodeKind::Fn(_)));
        let around = functions.filter(|node| (node.line..=node.end_line).contains(&part.line));
        if let Some(function) = around.min_by_key(|node| node.end_line - node.line) {
            parts.entry((function.line, function.end_line)).or_default().extend(part.arms.iter().cloned());
        }
    }
    for mut arms in parts.into_values() {
        arms.sort_by_key(|arm| arm.line);
        let apart = arms.windows(2).all(|two| two[0].end_line <= two[1].line);
        let several = apart && arms.len() > 1;
        if let Some(line) = arms.first().map(|arm| arm.line).filter(|_| several) {
            dispatches.push(Dispatch { line, switch: false, arms: arms.into() });
        }
    }
    dispatches.sort_by_key(|dispatch| dispatch.line);
    dispatches
}

/// One `if` of several.
fn is_part(dispatch: &Dispatch) -> bool {
    !dispatch.switch && matches!(&*dispatch.arms, [arm] if matches!(&*arm.labels, [ArmLabel::Text(_)]))
}

fn named_calls_of(tree: &ItemTree, dependencies: &FxHashSet<Ustr>) -> Vec<ExternalCall> {
    if tree.named_calls.is_empty() {
        return Vec::new();
    }
    let mut imported: FxHashMap<Name, Name> = FxHashMap::default();
    for node in &tree.items {
        if let NodeKind::Use(imports) = &node.kind {
            imported.extend(imports.iter().filter_map(|import| Some((import.alias, *import.path.first()?))));
        }
    }
    let external = |call: &NamedCall| {
        let first = call.path.first().filter(|_| call.form == CallForm::Path)?;
        let first = imported.get(first).unwrap_or(first);
        dependencies.contains(first).then_some(*first)
    };
    let calls =
        tree.named_calls.iter().map(|call| ExternalCall { krate: external(call), call: call.clone() });
    let mut calls: Vec<ExternalCall> = calls.collect();
    calls.sort_by_key(|external| external.call.line);
    calls
}

/// Where some fields are named, by line.
fn field_uses_of(tree: &ItemTree, fields: &FxHashSet<Name>) -> Vec<(u32, Name)> {
    let named = tree.exprs.iter().filter_map(|expr| match expr {
        Expr::Field(_, name, line) if fields.contains(name) => Some((*line, *name)),
        _ => None,
    });
    let mut named: Vec<(u32, Name)> = named.collect();
    named.sort_unstable_by(|a, b| (a.0, a.1.as_str()).cmp(&(b.0, b.1.as_str())));
    named.dedup();
    named
}

/// Features that a `cfg` of the file or of an item in it names.
fn features_of(tree: &ItemTree) -> Vec<String> {
    let predicates = tree.cfgs.iter().chain(tree.items.iter().flat_map(|node| node.cfgs.iter()));
    let found: BTreeSet<&str> = predicates.flat_map(|predicate| features_in(predicate.as_str())).collect();
    found.into_iter().map(str::to_owned).collect()
}

/// `a` in `all(feature = "a", unix)`.
fn features_in(predicate: &'static str) -> impl Iterator<Item = &'static str> {
    predicate.match_indices("feature").filter_map(|(at, word)| {
        let (before, rest) = (&predicate[..at], &predicate[at + word.len()..]);
        if before.ends_with('_') {
            return None;
        }
        let value = rest.trim_start().strip_prefix('=')?.trim_start().strip_prefix('"')?;
        value.split('"').next()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outermost_path_of_a_line() {
        let path = |line, call: &str| FilePath { line, call: call.to_owned(), kind: FilePathKind::File };
        let manifest = "env!(\"CARGO_MANIFEST_DIR\")";
        let outer = format!("include_bytes!(concat!({manifest},\"/x\"))");
        let file_paths =
            vec![path(3, manifest), path(3, &outer), path(3, "include_str!(\"y\")"), path(1, manifest)];
        let tree = ItemTree { file_paths, ..ItemTree::default() };
        let found: Vec<(u32, String)> =
            paths_of(&tree, &BTreeSet::new()).into_iter().map(|p| (p.line, p.call)).collect();
        assert_eq!(found, [(1, manifest.to_owned()), (3, outer), (3, "include_str!(\"y\")".to_owned())]);
    }

    #[test]
    fn features_of_a_predicate() {
        let cases: &[(&str, &[&str])] = &[
            ("unix", &[]),
            ("feature = \"a\"", &["a"]),
            ("all (feature=\"a\" , not (feature = \"b-c\"))", &["a", "b-c"]),
            ("target_feature = \"sse2\"", &[]),
            ("feature", &[]),
        ];
        for (predicate, expected) in cases {
            let found: Vec<&str> = features_in(predicate).collect();
            assert_eq!(found, *expected, "{predicate}");
        }
    }
}
