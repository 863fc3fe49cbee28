//! What becomes public: what the plan lists, by its lines.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;

use super::written::widen_written;
use crate::apply::rewrite::layout::{Layout, Moved, Widened};
use crate::apply::rewrite::text::{line_start, words};
use crate::apply::source::syntax::{Decl, DeclKind};
use crate::apply::source::tokens::TokenKind;
use crate::apply::source::tree::Tree;
use crate::ids::{PlanCrateId, SourceModuleId};
use crate::report::{PlanReport, WideningReport};

/// Makes public what an edit of the plan parts from the code of its own module that names it.
pub(in crate::apply) fn widen_parted(tree: &Tree, layout: &Layout, widened: &mut Widened) {
    for item in &layout.moved {
        let data = &tree.modules[item.module];
        let file = &tree.files[data.file];
        let around = data.inside.clone().unwrap_or(0..file.text.len());
        let parted: Vec<Range<usize>> =
            layout.moved.iter().filter(|m| m.module == item.module).map(|m| m.bytes.clone()).collect();
        let here = words(&file.tokens, &item.bytes, &[]);
        let rest = words(&file.tokens, &around, &parted);
        let home = layout.home[item.module];
        let hidden = data.body.decls.iter().filter(|d| d.kind == DeclKind::Item && !d.public);
        for decl in hidden {
            let owner = layout.of_item(item.module, &decl.name);
            let below = |other: PlanCrateId| layout.crates[other].below.contains(&owner);
            let by_rest = decl.item == item.bytes && below(home) && rest.contains(decl.name.as_str());
            let by_item = decl.item != item.bytes && below(item.krate) && here.contains(decl.name.as_str());
            if by_rest || by_item {
                widened.insert((data.file, decl.vis.start));
            }
        }
    }
}

/// Makes public what a module has under one of several `cfg`s by an import, where what it has by another import goes to another crate:
/// whoever takes the name writes all of these paths then.
pub(in crate::apply) fn widen_alternatives(tree: &Tree, layout: &Layout, widened: &mut Widened) {
    for (id, module) in tree.modules.iter_enumerated() {
        let mut of_name: BTreeMap<&str, Vec<SourceModuleId>> = BTreeMap::new();
        let under_cfgs = module.body.uses.iter().filter(|statement| !statement.cfgs.is_empty());
        for leaf in under_cfgs.flat_map(|statement| &statement.leaves).filter(|leaf| !leaf.is_glob()) {
            let own =
                leaf.segments.iter().map(|segment| segment.name.as_str()).skip_while(|name| *name == "self");
            if let [child, name] = own.collect::<Vec<_>>()[..]
                && let Some(child) = tree.child(id, child)
            {
                of_name.entry(name).or_default().push(child);
            }
        }
        for (name, children) in of_name {
            if children.iter().all(|child| layout.home[*child] == layout.home[children[0]]) {
                continue;
            }
            for child in children {
                let declared = tree.modules[child].decl.as_ref().map(|decl| decl.name.as_str());
                let of_module =
                    module.body.decls.iter().filter(|d| {
                        d.kind == DeclKind::Module && Some(d.name.as_str()) == declared && !d.public
                    });
                widened.extend(of_module.map(|decl| (module.file, decl.vis.start)));
                let inner = &tree.modules[child];
                let items = inner
                    .body
                    .decls
                    .iter()
                    .filter(|d| d.kind == DeclKind::Item && d.name == name && !d.public);
                widened.extend(items.map(|decl| (inner.file, decl.vis.start)));
            }
        }
    }
}

/// Makes public what methods name that leave their type's crate: fields and methods of the type, items beside it.
pub(in crate::apply) fn widen_extended(tree: &Tree, layout: &Layout, widened: &mut Widened) {
    for extension in &layout.extensions {
        let module = &tree.modules[extension.module];
        let tokens = &tree.files[module.file].tokens;
        let named: BTreeSet<&str> =
            extension.methods.iter().flat_map(|method| words(tokens, &method.whole, &[])).collect();
        let leaves = |decl: &Decl| extension.methods.iter().any(|m| m.whole.contains(&decl.vis.start));
        let start = extension.header.start;
        let with_block = |moved: &&Moved| moved.module == extension.module && moved.bytes.contains(&start);
        let moved = layout.moved.iter().find(with_block);
        let base = moved.map_or(layout.home[extension.module], |moved| moved.krate);
        for other in tree
            .modules
            .ids()
            .filter(|&id| layout.home[id] == base || layout.moved_to(id, base).next().is_some())
        {
            let data = &tree.modules[other];
            let wanted = |decl: &&Decl| {
                let of_type = match decl.kind {
                    DeclKind::Field => decl.owner.as_deref() == Some(extension.of_name.as_str()),
                    DeclKind::Member => true,
                    DeclKind::Item => other == extension.module,
                    _ => false,
                };
                of_type && !decl.public && named.contains(decl.name.as_str()) && !leaves(decl)
            };
            widened.extend(data.body.decls.iter().filter(wanted).map(|decl| (data.file, decl.vis.start)));
        }
    }
}

/// What the plan wants to be public, without methods that only crates want which stay one with their own: others
/// would have to name them, as they need not name a type, or a field (`..old`).
pub(in crate::apply) fn listed_for_others<'p>(
    tree: &Tree,
    layout: &Layout,
    plan: &'p PlanReport,
) -> Vec<&'p WideningReport> {
    let all = plan.visibility.iter();
    if layout.together.is_empty() {
        return all.collect();
    }
    let mut named: BTreeMap<PlanCrateId, BTreeSet<&str>> = BTreeMap::new();
    for (id, file) in tree.files.iter_enumerated() {
        for token in &file.tokens {
            let TokenKind::Ident(name) = &token.kind else { continue };
            let at = token.bytes.start;
            let moved = layout
                .tests
                .iter()
                .find(|test| tree.modules[test.module].file == id && test.bytes.contains(&at));
            let krate = moved.map(|test| test.krate).or_else(|| layout.owner_at(tree, id, at));
            if let Some(krate) = krate {
                named.entry(krate).or_default().insert(name);
            }
        }
    }
    let for_others = |listed: &&WideningReport| {
        let name = listed.item.rsplit("::").next().unwrap_or(&listed.item);
        let file = tree.files.iter_enumerated().find(|(_, file)| file.path.ends_with(&listed.file));
        let own = file.and_then(|(id, file)| layout.owner_at(tree, id, line_start(&file.text, listed.line)));
        let is = |kinds: &[DeclKind]| {
            let modules = file.iter().flat_map(|(_, file)| &file.modules);
            let mut decls = modules.flat_map(|&id| &tree.modules[id].body.decls).filter(|d| d.name == name);
            decls.any(|decl| kinds.contains(&decl.kind))
        };
        let is_method = is(&[DeclKind::Member]) && !is(&[DeclKind::Item, DeclKind::Macro, DeclKind::Field]);
        !is_method
            || own.is_none()
            || named.iter().any(|(krate, words)| Some(*krate) != own && words.contains(name))
    };
    all.filter(for_others).collect()
}

/// Makes public what the plan lists at a line.
pub(in crate::apply) fn widen(
    tree: &Tree,
    root: &Path,
    listed: &WideningReport,
    widened: &mut Widened,
) -> bool {
    let name = listed.item.rsplit("::").next().unwrap_or(&listed.item);
    // A module is listed with its own file, and declared in the one above.
    if let Some(module) = tree.modules.iter().find(|m| m.path == listed.item)
        && let Some(parent) = module.parent.map(|parent| &tree.modules[parent])
    {
        let of_module = parent.body.decls.iter().filter(|d| d.kind == DeclKind::Module && d.name == name);
        widened.extend(of_module.filter(|d| !d.public).map(|d| (parent.file, d.vis.start)));
        return true;
    }
    let file = root.join(&listed.file);
    widen_named(tree, &file, listed.line, name, widened)
        || widen_written(tree, &file, (listed.line, name), widened)
}

/// The declaration of this name that begins at or after a line, and next to it.
fn widen_named(tree: &Tree, file: &Path, line: u32, name: &str, widened: &mut Widened) -> bool {
    let modules = tree.modules.iter().filter(|m| tree.files[m.file].path == file);
    let decls = modules.flat_map(|m| m.body.decls.iter().map(move |d| (m.file, d)));
    let glob = |d: &Decl| d.kind == DeclKind::Import && d.name == "*" && d.line == line;
    let named: Vec<_> = decls
        .filter(|(_, d)| {
            // What a macro writes has the visibility that the macro gives it.
            let by_macro = d.kind == DeclKind::Item && d.public && d.vis.is_empty();
            let named = d.name == name || (name == "*" && glob(d));
            named && d.kind != DeclKind::Nameless && !by_macro && d.line >= line
        })
        .collect();
    let key = |decl: &Decl| (decl.line, decl.kind == DeclKind::Import);
    let Some(next) = named.iter().map(|(_, decl)| key(decl)).min() else { return false };
    // Once for each module that the file is.
    let next = named.iter().filter(|(_, decl)| key(decl) == next && !decl.public);
    widened.extend(next.map(|(file, decl)| (*file, decl.vis.start)));
    true
}
