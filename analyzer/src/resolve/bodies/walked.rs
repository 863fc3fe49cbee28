//! Walks all items and modules, in parallel: references as the result has them, and what could not be followed.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::allowance::Allowance;
use super::members::Members;
use super::state::{Notes, OpenCall};
use super::walker::Walker;

use crate::budget::Watch;
use crate::bug::{Bug, caught};
use crate::diagnostic::Diagnostic;
use crate::ids::{DefinitionId, FileId, IdVec, ItemId, ModuleId};
use crate::parse::tree::{ItemTree, MacroId, Name};
use crate::resolve::model::{Confidence, Making, Module, RefKind, Reference, Resolution, Taker, Unresolved};
use crate::resolve::names::def::{Def, DefId, LooseCall, Ns};
use crate::resolve::names::path::Passed;
use crate::resolve::types::fuel;
use crate::resolve::types::table::Types;
use crate::resolve::types::ty::Ty;
use crate::resolve::uses::{Use, Uses};

/// Items walked by one task at a time.
const CHUNK: usize = 128;

/// What walking a few items found.
#[derive(Default)]
pub(in crate::resolve) struct Walked {
    pub(in crate::resolve) references: Vec<Reference>,
    /// The same by function, tests and imports left out.
    pub(in crate::resolve) uses: Vec<(DefinitionId, Use)>,
    /// What is made, by whom and where, tests left out.
    pub(in crate::resolve) made: Vec<Making>,
    /// Methods called where it isn't known on which type, by whom and where.
    pub(in crate::resolve) open: Vec<(OpenCall, DefinitionId)>,
    pub(in crate::resolve) unresolved: Vec<Unresolved>,
    /// Names taken from modules that only bring them in, by whom and in which line.
    pub(in crate::resolve) passed: Vec<(Passed, Taker)>,
    pub(in crate::resolve) external: usize,
    /// What went wrong.
    pub(in crate::resolve) problems: Vec<Diagnostic>,
    /// Where something was not walked to its end.
    pub(in crate::resolve) ended: Vec<(FileId, u32)>,
}

impl Walked {
    fn join(&mut self, other: Walked) {
        self.references.extend(other.references);
        self.uses.extend(other.uses);
        self.made.extend(other.made);
        self.open.extend(other.open);
        self.unresolved.extend(other.unresolved);
        self.passed.extend(other.passed);
        self.external += other.external;
        self.problems.extend(other.problems);
        self.ended.extend(other.ended);
    }

    fn take(
        &mut self,
        walker: Walker<'_, '_, '_>,
        tables: Tables<'_>,
        (from, user): (ItemId, DefinitionId),
        test: bool,
        file: FileId,
    ) {
        if !test {
            self.take_uses(&walker.notes, tables, user);
        }
        let Tables { ids, modules, members, .. } = tables;
        self.references.extend(walker.notes.refs.iter().filter_map(|r| {
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
                member: members.find(r.to, r.field),
            })
        }));
        self.references.extend(walker.notes.misses.iter().filter_map(|miss| {
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
                member: None,
            })
        }));
        self.references.extend(walker.notes.named_modules.iter().filter_map(|&(module, line)| {
            let (to, kind, confidence) = (modules[module].item, RefKind::Type, Confidence::Expanded);
            let (restricted, structural, shown) = (false, true, false);
            let reference = Reference {
                from,
                line,
                to,
                kind,
                test,
                confidence,
                restricted,
                structural,
                shown,
                member: None,
            };
            (to != from).then_some(reference)
        }));
        let passed = walker.notes.passed.iter();
        self.passed.extend(passed.map(|&(passed, line)| (passed, Taker { item: from, line, test })));
        let misses = walker.notes.misses.into_iter();
        self.unresolved.extend(misses.map(|m| Unresolved {
            file,
            line: m.line,
            text: m.text,
            cause: m.cause,
        }));
        let methods = walker.notes.open.into_iter().filter(|_| !test);
        let methods = methods.filter(|call| walker.types.methods.contains_key(&call.name));
        self.open.extend(methods.map(|call| (call, user)));
        self.external += walker.notes.external;
    }

    fn take_uses(&mut self, notes: &Notes, tables: Tables<'_>, user: DefinitionId) {
        let of_module = |module: ModuleId| Uses::of_item(tables.modules[module].item);
        let named = notes.refs.iter().filter(|r| r.kind != RefKind::Import);
        let named = named.filter_map(|r| Some((tables.definitions[r.to]?, r.line)));
        let missed = notes.misses.iter().filter_map(|miss| Some((miss.into?, miss.line)));
        let missed = missed.filter(|((_, kind), _)| *kind != RefKind::Import);
        let missed = missed.map(|((module, _), line)| (of_module(module), line));
        let modules = notes.named_modules.iter().map(|&(module, line)| (of_module(module), line));
        let all = named.chain(missed).chain(modules).filter(|&(to, _)| to != user);
        self.uses.extend(all.map(|(to, line)| (user, Use { to, line })));
        // Of what is only picked out of tokens anything may become.
        let picked = notes.refs.iter().filter(|r| r.guess).map(|r| (r.to, r.line));
        let made = notes.made.iter().copied().chain(picked);
        let made = made.filter(|&(def, line)| line > 0 && tables.ids[def].0 != u32::MAX);
        self.made.extend(made.map(|(def, line)| Making { by: user, what: tables.ids[def], line }));
    }
}

/// Something with a body, or with the expansion of a macro: what it takes can't be known beforehand.
#[derive(Clone, Copy)]
enum Task<'a> {
    Definition(DefId),
    Call(ModuleId, &'a LooseCall),
}

/// Where everything is walked.
struct WalkInput<'t, 'w, 'a> {
    types: &'t Types<'w, 'a>,
    ids: &'t IdVec<DefId, ItemId>,
    definitions: &'t IdVec<DefId, Option<DefinitionId>>,
    resolution: &'t Resolution,
    members: &'t Members,
    watch: &'t Watch,
}

/// What names of a walker become.
#[derive(Clone, Copy)]
struct Tables<'t> {
    ids: &'t IdVec<DefId, ItemId>,
    definitions: &'t IdVec<DefId, Option<DefinitionId>>,
    modules: &'t IdVec<ModuleId, Module>,
    members: &'t Members,
}

/// Definitions with all that is in them, imports, and macro calls in item position.
pub(in crate::resolve) fn walk(
    types: &Types<'_, '_>,
    (ids, definitions): (&IdVec<DefId, ItemId>, &IdVec<DefId, Option<DefinitionId>>),
    (resolution, members): (&Resolution, &Members),
    watch: &Watch,
) -> Vec<Walked> {
    let input = WalkInput { types, ids, definitions, resolution, members, watch };
    let defs: Vec<DefId> = types.world.defs.ids().collect();
    let modules: Vec<ModuleId> = types.world.modules.ids().collect();
    // Each chunk by itself: rayon would share out the last quarters whole, and one core would wait for the other.
    let of_defs = defs.par_chunks(CHUNK).with_max_len(1).map(|defs| input.definitions(defs));
    let of_modules = modules.par_chunks(CHUNK).with_max_len(1).map(|modules| input.modules(modules));
    let parts: Vec<(Walked, Vec<Large<'_>>)> = of_defs.chain(of_modules).collect();
    let (mut found, large): (Vec<Walked>, Vec<Vec<Large<'_>>>) = parts.into_iter().unzip();
    found.push(input.again(large.into_iter().flatten()));
    found
}

/// A task that needed more than the first go gives, and what it found until then.
struct Large<'w> {
    task: Task<'w>,
    walked: Walked,
}

impl<'w> WalkInput<'_, 'w, '_> {
    fn tables(&self) -> Tables<'_> {
        Tables {
            ids: self.ids,
            definitions: self.definitions,
            modules: &self.resolution.modules,
            members: self.members,
        }
    }

    /// Who refers: an item, and more precisely what of it.
    fn user(&self, def: DefId) -> (ItemId, DefinitionId) {
        let item = self.ids[def];
        (item, self.definitions[def].unwrap_or(Uses::of_item(item)))
    }

    fn definitions(&self, defs: &[DefId]) -> (Walked, Vec<Large<'w>>) {
        let (mut out, mut large) = (Walked::default(), Vec::new());
        for &def in defs {
            self.first(Task::Definition(def), &mut out, &mut large);
        }
        (out, large)
    }

    fn modules(&self, modules: &[ModuleId]) -> (Walked, Vec<Large<'w>>) {
        let (mut out, mut large) = (Walked::default(), Vec::new());
        for &id in modules {
            // Its references up to there are kept: they are true.
            if let Err(bug) = caught(|| self.module(id, &mut out, &mut large)) {
                out.problems.push(self.problem_of_module(id, &bug));
            }
        }
        (out, large)
    }

    fn module(&self, id: ModuleId, out: &mut Walked, large: &mut Vec<Large<'w>>) {
        let (world, resolution) = (self.types.world, self.resolution);
        let tables = self.tables();
        let first = Allowance::first(self.watch.limits());
        let module = &world.modules[id];
        let own = resolution.modules[id].item;
        let own = (own, Uses::of_item(own));
        for &index in module.imports.iter().chain(&module.globs) {
            let import = &world.imports[index as usize];
            let mut walker = Walker::new(self.types, id, 0, first);
            walker.flags.off = !import.compiled;
            walker.import(&import.path, import.global, import.line);
            out.take(walker, tables, own, import.test || module.test, module.file);
        }
        for call in module.calls.iter().map(|c| &world.calls[*c as usize]) {
            self.first(Task::Call(id, call), out, large);
        }
        if module.parent.is_none() {
            let tree = world.tree(module.tree).clone();
            let mut walker = Walker::new(self.types, id, 0, first);
            walker.attributes(&tree, &tree.attributes);
            out.take(walker, tables, own, module.test, module.file);
        }
    }

    fn problem_of_module(&self, id: ModuleId, bug: &Bug) -> Diagnostic {
        let module = &self.resolution.modules[id];
        let problem = bug.diagnostic(&format!("following the imports of `{}`", module.path));
        problem.at(self.resolution.files[module.file].path.clone())
    }

    fn first(&self, task: Task<'w>, out: &mut Walked, large: &mut Vec<Large<'w>>) {
        if self.watch.stopped() {
            return;
        }
        let walker = match self.walker(task, Allowance::first(self.watch.limits())) {
            Ok(walker) => walker,
            Err(problem) => return out.problems.push(problem),
        };
        if walker.spent.allowance.ended() {
            let mut walked = Walked::default();
            self.take(&mut walked, walker, task);
            large.push(Large { task, walked });
        } else {
            self.take(out, walker, task);
        }
    }

    /// One after the other with more, as long as the reserve lasts: which come to their end doesn't depend on threads.
    fn again(&self, large: impl Iterator<Item = Large<'w>>) -> Walked {
        let limits = self.watch.limits();
        let (mut out, mut reserve) = (Walked::default(), Allowance::reserve(limits));
        for Large { task, walked } in large {
            let given = reserve.second(limits).filter(|_| !self.watch.stopped());
            let Some(given) = given else {
                out.ended.push(self.place(task));
                out.join(walked);
                continue;
            };
            let walker = match self.walker(task, given) {
                Ok(walker) => walker,
                Err(problem) => {
                    out.problems.push(problem);
                    continue;
                }
            };
            reserve = reserve.without(given, walker.spent.allowance);
            if walker.spent.allowance.ended() {
                out.ended.push(self.place(task));
            }
            self.take(&mut out, walker, task);
        }
        out
    }

    fn walker(&self, task: Task<'_>, allowance: Allowance) -> Result<Walker<'w, '_, '_>, Diagnostic> {
        // Types that lead to types are steps as well; all of them used up is one too many.
        let fuel = allowance.steps();
        let (walked, used) = fuel::counting(fuel, || caught(|| self.walker_with_fuel(task, allowance)));
        let mut walker = walked.map_err(|bug| match task {
            Task::Definition(def) => self.types.world.bug_at(&bug, "following what this names", def),
            Task::Call(id, _) => self.problem_of_module(id, &bug),
        })?;
        walker.spent.allowance.step(u64::from(used) + u64::from(used == fuel));
        Ok(walker)
    }

    fn walker_with_fuel(&self, task: Task<'_>, allowance: Allowance) -> Walker<'w, '_, '_> {
        let world = self.types.world;
        match task {
            Task::Definition(def) => {
                let data = &world.defs[def];
                let mut walker = Walker::new(self.types, data.module, data.legacy, allowance);
                walker.flags.off = !data.compiled;
                walker.definition(def);
                walker
            }
            Task::Call(module, call) => {
                let mut walker = Walker::new(self.types, module, call.legacy, allowance);
                walker.flags.off = !call.compiled;
                walker.loose_call(world.tree(call.tree), call);
                walker
            }
        }
    }

    fn take(&self, out: &mut Walked, walker: Walker<'_, '_, '_>, task: Task<'_>) {
        let (world, resolution) = (self.types.world, self.resolution);
        let tables = self.tables();
        match task {
            Task::Definition(def) => {
                let data = &world.defs[def];
                let item = &resolution.items[self.ids[def]];
                let test = data.test || item.test || resolution.modules[data.module].test;
                out.take(walker, tables, self.user(def), test, item.file);
            }
            Task::Call(id, call) => {
                let module = &world.modules[id];
                let own = resolution.modules[id].item;
                let from = call.owner.map_or((own, Uses::of_item(own)), |def| self.user(def));
                out.take(walker, tables, from, call.test || module.test, world.file_of(call.tree));
            }
        }
    }

    /// The file and line that a task begins at.
    fn place(&self, task: Task<'_>) -> (FileId, u32) {
        let world = self.types.world;
        match task {
            Task::Definition(def) => (world.file_of(world.defs[def].tree), world.node(def).line),
            Task::Call(_, call) => {
                let tree = world.tree(call.tree);
                (world.file_of(call.tree), tree[tree[call.call].path].line)
            }
        }
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
            self.note_passed(&walk, line);
        }
        for r in &mut self.notes.refs {
            r.kind = RefKind::Import;
        }
        self.notes
            .misses
            .iter_mut()
            .filter_map(|miss| miss.into.as_mut())
            .for_each(|into| into.1 = RefKind::Import);
    }

    /// A macro call at module level or in an `impl`.
    fn loose_call(&mut self, tree: &ItemTree, call: &LooseCall) {
        if call.done {
            self.macro_name(tree, call.call);
        } else {
            self.macro_call(tree, call.call, &Ty::Unknown);
        }
        if call.hoisted {
            self.imports_named(tree, call.call);
        }
    }

    /// What the module imports by a name that a macro is given whose rules aren't known: `rejection! { enum E { Imported } }`.
    fn imports_named(&mut self, tree: &ItemTree, call: MacroId) {
        let world = self.types.world;
        let tokens = tree[call].tokens.map(|range| tree.tokens(range));
        let Some(tokens) = tokens.filter(|tokens| self.spent.allowance.make(tokens.len())) else { return };
        let mut lines: FxHashMap<Name, u32> = FxHashMap::default();
        for token in tokens.iter().filter(|token| token.is_name()) {
            lines.entry(token.name()).or_insert(token.line());
        }
        let loose = std::mem::replace(&mut self.flags.loose, true);
        let imports = &world.modules[self.scope.module].imports;
        for import in imports.iter().map(|&index| &world.imports[index as usize]) {
            let named = lines.get(&import.alias).zip(import.found.get(Ns::Types));
            if let Some((&line, Def::Item(def))) = named {
                self.refer(def, line, RefKind::Type);
            }
        }
        self.flags.loose = loose;
    }
}
