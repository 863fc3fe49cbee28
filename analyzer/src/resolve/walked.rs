//! Walks all items and modules, in parallel: references as the result has them, and what could not be followed.

use rayon::prelude::*;

use super::def::{DefId, Ns};
use super::model::{Confidence, Module, RefKind, Reference, Resolution, Unresolved};
use super::ty::Ty;
use super::types::Types;
use super::walker::Walker;
use crate::bug::caught;
use crate::diagnostic::Diagnostic;
use crate::ids::{FileId, IdVec, ItemId, ModuleId};
use crate::parse::tree::{ItemTree, MacroId, Name};

/// Items walked by one task at a time.
const CHUNK: usize = 128;

/// What walking a few items found.
#[derive(Default)]
pub(super) struct Walked {
    pub(super) references: Vec<Reference>,
    /// Methods called where it isn't known on which type, and by whom.
    pub(super) open: Vec<(Name, ItemId)>,
    pub(super) unresolved: Vec<Unresolved>,
    pub(super) external: usize,
    /// What went wrong.
    pub(super) problems: Vec<Diagnostic>,
}

impl Walked {
    fn take(
        &mut self,
        walker: Walker<'_, '_, '_>,
        (ids, modules): (&IdVec<DefId, ItemId>, &IdVec<ModuleId, Module>),
        from: ItemId,
        test: bool,
        file: FileId,
    ) {
        self.references.extend(walker.refs.iter().filter_map(|r| {
            let to = ids[r.to];
            (to != from && to.0 != u32::MAX).then_some(Reference {
                from,
                line: r.line,
                to,
                kind: r.kind,
                test,
                confidence: match r {
                    _ if r.guess => Confidence::Guess,
                    _ if r.expanded => Confidence::Expanded,
                    _ => Confidence::Exact,
                },
                restricted: r.restricted,
                structural: r.kind != RefKind::Import,
                shown: r.shown,
            })
        }));
        self.references.extend(walker.misses.iter().filter_map(|miss| {
            let (module, kind) = miss.into?;
            let (to, confidence) = (modules[module].item, Confidence::Unseen);
            let (line, restricted, structural) = (miss.line, false, true);
            (to != from).then_some(Reference {
                from,
                line,
                to,
                kind,
                test,
                confidence,
                restricted,
                structural,
                shown: false,
            })
        }));
        self.references.extend(walker.named_modules.iter().filter_map(|&(module, line)| {
            let (to, kind, confidence) = (modules[module].item, RefKind::Type, Confidence::Expanded);
            let (restricted, structural, shown) = (false, true, false);
            let reference =
                Reference { from, line, to, kind, test, confidence, restricted, structural, shown };
            (to != from).then_some(reference)
        }));
        let misses = walker.misses.into_iter();
        self.unresolved.extend(misses.map(|m| Unresolved {
            file,
            line: m.line,
            text: m.text,
            cause: m.cause,
        }));
        let methods = walker.open.into_iter().filter(|name| walker.types.methods.contains_key(name));
        self.open.extend(methods.map(|name| (name, from)).filter(|_| !test));
        self.external += walker.external;
    }
}

/// Definitions with all that is in them.
pub(super) fn walk_definitions(
    types: &Types<'_, '_>,
    ids: &IdVec<DefId, ItemId>,
    resolution: &Resolution,
) -> Vec<Walked> {
    let defs: Vec<DefId> = types.world.defs.ids().collect();
    let walk = |chunk: &[DefId]| {
        let mut out = Walked::default();
        for &def in chunk {
            let data = &types.world.defs[def];
            let walked = caught(|| {
                let mut walker = Walker::new(types, data.module, data.legacy);
                walker.off = !data.compiled;
                walker.definition(def);
                walker
            });
            let item = &resolution.items[ids[def]];
            let test = data.test || item.test || resolution.modules[data.module].test;
            match walked {
                Ok(walker) => out.take(walker, (ids, &resolution.modules), ids[def], test, item.file),
                Err(bug) => out.problems.push(types.world.bug_at(&bug, "following what this names", def)),
            }
        }
        out
    };
    // Each chunk by itself: rayon would share out the last quarters whole, and one core would wait for the other.
    defs.par_chunks(CHUNK).with_max_len(1).map(walk).collect()
}

/// Imports, and macro calls in item position.
pub(super) fn walk_modules(
    types: &Types<'_, '_>,
    ids: &IdVec<DefId, ItemId>,
    resolution: &Resolution,
) -> Vec<Walked> {
    let modules: Vec<ModuleId> = types.world.modules.ids().collect();
    let walk = |chunk: &[ModuleId]| {
        let mut out = Walked::default();
        for &id in chunk {
            // Its references up to there are kept: they are true.
            if let Err(bug) = caught(|| walk_module(types, ids, resolution, id, &mut out)) {
                let module = &resolution.modules[id];
                let problem = bug.diagnostic(&format!("following the imports of `{}`", module.path));
                out.problems.push(problem.at(resolution.files[module.file].path.clone()));
            }
        }
        out
    };
    modules.par_chunks(CHUNK).with_max_len(1).map(walk).collect()
}

fn walk_module(
    types: &Types<'_, '_>,
    ids: &IdVec<DefId, ItemId>,
    resolution: &Resolution,
    id: ModuleId,
    out: &mut Walked,
) {
    let world = types.world;
    let module = &world.modules[id];
    let own = resolution.modules[id].item;
    for &index in module.imports.iter().chain(&module.globs) {
        let import = &world.imports[index as usize];
        let mut walker = Walker::new(types, id, 0);
        walker.off = !import.compiled;
        walker.import(&import.path, import.global, import.line);
        out.take(walker, (ids, &resolution.modules), own, import.test || module.test, module.file);
    }
    for call in module.calls.iter().map(|c| &world.calls[*c as usize]) {
        let mut walker = Walker::new(types, id, call.legacy);
        walker.off = !call.compiled;
        walker.loose_call(world.tree(call.tree), call.call, call.done);
        let from = call.owner.map_or(own, |def| ids[def]);
        out.take(
            walker,
            (ids, &resolution.modules),
            from,
            call.test || module.test,
            world.file_of(call.tree),
        );
    }
    if module.parent.is_none() {
        let tree = world.tree(module.tree).clone();
        let mut walker = Walker::new(types, id, 0);
        walker.attributes(&tree, &tree.attributes);
        out.take(walker, (ids, &resolution.modules), own, module.test, module.file);
    }
}

impl Walker<'_, '_, '_> {
    /// One import of a module.
    fn import(&mut self, path: &[Name], global: bool, line: u32) {
        let walk = self.types.world.walk(self.module_id(), path, global, true);
        if walk.used < path.len() || walk.found.is_none() {
            self.note_walk(&walk, line, Ns::Types, path.len());
            self.missing(path, line, Ns::Types, &walk);
        } else {
            for (_, def) in &walk.visited {
                self.note_def(*def, line);
            }
            self.note_imported(&walk.found, line);
        }
        for r in &mut self.refs {
            r.kind = RefKind::Import;
        }
        self.misses
            .iter_mut()
            .filter_map(|miss| miss.into.as_mut())
            .for_each(|into| into.1 = RefKind::Import);
    }

    /// A macro call at module level or in an `impl`.
    fn loose_call(&mut self, tree: &ItemTree, call: MacroId, done: bool) {
        if done {
            self.macro_name(tree, call);
        } else {
            self.macro_call(tree, call, &Ty::Unknown);
        }
    }
}
