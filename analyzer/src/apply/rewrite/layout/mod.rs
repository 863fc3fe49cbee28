//! Who takes what: a plan's crates over the modules of the package that is split.

mod blocks;
mod calls;
pub(super) mod entries;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;

use self::blocks::{find_impls, find_test};
use self::calls::{call_of, with_calls};
use self::entries::{entries_of_modules, reach};
use crate::apply::Done;
use crate::apply::planned::Tie;
use crate::apply::rewrite::extension::{Extension, extensions};
use crate::apply::rewrite::pass::Passed;
use crate::apply::rewrite::text::words;
use crate::apply::source::syntax::{Decl, DeclKind};
use crate::apply::source::tree::{ROOT, Tree};
use crate::ids::{Id, IdVec, PlanCrateId, SourceFileId, SourceModuleId};
use crate::report::{AppliedEdit, PlanEditReport, PlanItemReport, PlanReport};

/// A crate of the plan as it is carried out.
#[derive(Debug, Clone, Default)]
pub(in crate::apply) struct NewCrate {
    pub(in crate::apply) package: String,
    pub(in crate::apply) residual: bool,
    /// Crates that the plan says it depends on, and what those depend on.
    pub(in crate::apply) below: BTreeSet<PlanCrateId>,
    /// Those that it depends on directly.
    pub(in crate::apply) deps: BTreeSet<PlanCrateId>,
    /// Packages from elsewhere that it has, as code names them, and whether for tests alone.
    pub(in crate::apply) packages: BTreeMap<String, bool>,
    /// Entries of the plan: more than one where a cut has been left in and its crates stay together.
    pub(in crate::apply) entries: Vec<usize>,
}

impl NewCrate {
    pub(in crate::apply) fn lib_name(&self) -> String {
        self.package.replace('-', "_")
    }
}

/// An item that leaves the module it is written in.
#[derive(Debug, Clone)]
pub(in crate::apply) struct Moved {
    pub(in crate::apply) module: SourceModuleId,
    /// Empty of what nobody imports by name: an `impl`, a macro's call.
    pub(in crate::apply) name: String,
    pub(in crate::apply) kind: DeclKind,
    /// In the module's file, attributes and documentation included.
    pub(in crate::apply) bytes: Range<usize>,
    pub(in crate::apply) krate: PlanCrateId,
    /// Of a macro's call: what the plan says that it writes.
    pub(in crate::apply) written: BTreeSet<String>,
}

/// Declarations to make public: file and first byte of the visibility.
pub(in crate::apply) type Widened = BTreeSet<(SourceFileId, usize)>;

/// A plan over a module tree.
#[derive(Debug)]
pub(in crate::apply) struct Layout {
    pub(in crate::apply) crates: IdVec<PlanCrateId, NewCrate>,
    /// The crate of each module's own contents.
    pub(in crate::apply) home: IdVec<SourceModuleId, PlanCrateId>,
    /// Crates that hold something in or below each module.
    pub(in crate::apply) holders: IdVec<SourceModuleId, BTreeSet<PlanCrateId>>,
    pub(in crate::apply) moved: Vec<Moved>,
    /// Unit tests that move to a crate above, whatever module that puts them in.
    pub(in crate::apply) tests: Vec<Moved>,
    /// Methods that become a trait in a crate above.
    pub(in crate::apply) extensions: Vec<Extension>,
    /// What is left for people.
    pub(in crate::apply) left: Vec<LeftEdit>,
    /// Crates that stay one, because of cuts between them or since they do not compile apart.
    pub(in crate::apply) together: Vec<Vec<String>>,
}

/// Work that is not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::apply) struct LeftEdit {
    /// Ids of the plan's edits that ask for it; none for what the plan does not know.
    pub(in crate::apply) edits: Vec<String>,
    /// The kind of these edits, or `unread`.
    pub(in crate::apply) kind: &'static str,
    pub(in crate::apply) why: String,
}

impl LeftEdit {
    fn of(edit: &PlanEditReport, kind: &'static str, why: String) -> Self {
        Self { edits: vec![edit.id.clone()], kind, why }
    }

    /// What the plan's edits of a kind ask for of an item.
    pub(in crate::apply) fn asked(
        plan: &PlanReport,
        kind: &'static str,
        item: &str,
        line: u32,
        why: String,
    ) -> Self {
        let about = |edit: &&PlanEditReport| {
            edit.kind == kind && edit.items.first().is_some_and(|i| i.item == item && i.line == line)
        };
        Self { edits: plan.edits.iter().filter(about).map(|edit| edit.id.clone()).collect(), kind, why }
    }
}

/// Kinds of edits that are carried out wherever they are asked for.
const CARRIED_OUT: [&str; 8] = [
    "move-items",
    "drop-re-export",
    "widen",
    "export-macro",
    "other-path",
    "keep-path",
    "move-file",
    "user-manifest",
];

impl Layout {
    /// `root` is what the plan's files are relative to.
    pub(in crate::apply) fn new(
        plan: &PlanReport,
        (unasked, tied): (&BTreeMap<String, &'static str>, &[Tie]),
        passed: &Passed,
        tree: &Tree,
        root: &Path,
    ) -> Done<Self> {
        let (mut extensions, mut refused) = extensions(plan, unasked, tree, root);
        refused.extend(passed.refused.iter().cloned());
        let extended: BTreeSet<String> = extensions.iter().map(|extension| extension.edit.clone()).collect();
        let done = |edit: &PlanEditReport| {
            let possible = CARRIED_OUT.contains(&edit.kind.as_str())
                || extended.contains(&edit.id)
                || passed.done.contains(&edit.id);
            possible && !unasked.contains_key(&edit.id)
        };
        let (crates, of_entry, together) = crates(plan, &done, tied)?;
        if !crates.iter().any(|krate| krate.residual) {
            return Err("the plan has no crate that stays".to_owned());
        }
        if crates.len() == 1 {
            let why: Vec<String> = refused.iter().map(|(id, why)| format!("\n{id}: {why}")).collect();
            return Err(format!(
                "all crates of the plan stay one, because of references between them that are work for people; \
                 `what-if --assume-cuts` lists them{}",
                why.concat()
            ));
        }
        let mut left: Vec<LeftEdit> = plan
            .edits
            .iter()
            .filter(|edit| !done(edit))
            // What would part crates that stay one is not needed.
            .filter(|edit| !edit.cuts.is_empty() || !is_within(plan, &of_entry, edit))
            .filter(|edit| edit.kind != "move-tests" && !moves_module(plan, tree, edit))
            .map(|edit| {
                let refused = refused.iter().find(|(id, _)| *id == edit.id).map(|(_, why)| why.as_str());
                let why = unasked.get(&edit.id).copied().or(refused).unwrap_or(AppliedEdit::FOR_PEOPLE);
                LeftEdit::of(edit, "", why.to_owned())
            })
            .collect();
        let mut home: IdVec<SourceModuleId, PlanCrateId> = IdVec::new();
        entries_of_modules(plan, tree).iter().for_each(|&entry| {
            home.push(of_entry[entry]);
        });
        let entry =
            |name: &str| plan.crates.iter().position(|krate| krate.name == name).map(|at| of_entry[at]);
        let mut moved: BTreeMap<(SourceModuleId, usize), Moved> = BTreeMap::new();
        // Those that the plan has elsewhere already come first: a cut's edit may take one of them further.
        let (of_plan, of_cuts): (Vec<&PlanEditReport>, Vec<&PlanEditReport>) = plan
            .edits
            .iter()
            .filter(|edit| edit.kind == "move-items" && done(edit))
            .partition(|edit| edit.cuts.is_empty());
        for edit in of_plan.into_iter().chain(of_cuts) {
            let Some(krate) = entry(&edit.krate) else { continue };
            for item in &edit.items {
                match find(tree, root, item) {
                    Some(mut found) => {
                        let key = (found.module, found.bytes.start);
                        // A call may write several of them.
                        found.written.extend(moved.remove(&key).into_iter().flat_map(|other| other.written));
                        moved.insert(key, Moved { krate, ..found });
                    }
                    None => left.push(LeftEdit::of(
                        edit,
                        "move-items",
                        format!("{} ({}:{}) was not found", item.item, item.file, item.line),
                    )),
                }
            }
        }
        // An `impl` that goes with its type, or a test with what it tests, has no edit of its own.
        for (at, krate) in plan.crates.iter().enumerate() {
            let moves = plan.edits.iter().filter(|edit| edit.kind == "move-items");
            let placed: BTreeSet<&String> = moves.flat_map(|e| &e.items).map(|i| &i.item).collect();
            let asked = |item: &&String| !placed.contains(item);
            for (module, bytes) in krate.items.iter().filter(asked).flat_map(|item| find_impls(tree, item)) {
                let (name, kind, written) = (String::new(), DeclKind::Nameless, BTreeSet::new());
                let block = Moved { module, name, kind, bytes, krate: of_entry[at], written };
                moved.entry((module, block.bytes.start)).or_insert(block);
            }
            for (module, decl) in krate.items.iter().filter(asked).filter_map(|item| find_test(tree, item)) {
                let (name, kind, bytes) = (decl.name.clone(), decl.kind, decl.item.clone());
                let test = Moved { module, name, kind, bytes, krate: of_entry[at], written: BTreeSet::new() };
                moved.entry((module, test.bytes.start)).or_insert(test);
            }
        }
        let mut tests = Vec::new();
        for test in &plan.test_moves {
            let item = PlanItemReport {
                item: test.item.clone(),
                file: test.file.clone(),
                line: test.line,
                end_line: test.end_line,
            };
            match find(tree, root, &item).zip(entry(&test.to_crate)) {
                // Both crates may have stayed one.
                Some((found, krate)) if home[found.module] == krate => {}
                // It is text that its callers have; those that move take it along.
                Some((found, _)) if found.kind == DeclKind::Macro => {}
                Some((found, krate)) => tests.push(Moved { krate, ..found }),
                None => {
                    let why = format!("{} ({}:{}) was not found", test.item, test.file, test.line);
                    left.push(LeftEdit::asked(plan, "move-tests", &test.item, test.line, why));
                }
            }
        }
        let moved = moved.into_values().filter(|item| home[item.module] != item.krate).collect();
        let mut moved = with_calls(tree, moved);
        for call in moved.iter_mut().filter(|item| !item.written.is_empty()) {
            let entries = crates[call.krate].entries.iter().flat_map(|&entry| &plan.crates[entry].modules);
            let modules = written_modules(tree, call, entries);
            call.written.extend(modules);
        }
        for extension in &mut extensions {
            extension.krate = of_entry[extension.entry];
        }
        // Both crates may have stayed one.
        extensions.retain(|extension| {
            let (module, start) = (extension.module, extension.header.start);
            let block = moved.iter().find(|item| item.module == module && item.bytes.contains(&start));
            block.map_or(home[module], |block| block.krate) != extension.krate
        });
        let mut holders: IdVec<SourceModuleId, BTreeSet<PlanCrateId>> = IdVec::new();
        home.iter().for_each(|&krate| {
            holders.push(BTreeSet::from([krate]));
        });
        for item in &moved {
            holders[item.module].insert(item.krate);
        }
        for extension in &extensions {
            holders[extension.module].insert(extension.krate);
        }
        // Where tests of what stays have a copy of helpers, the module around these is there.
        let residual = crates.iter_enumerated().find(|(_, krate)| krate.residual).map(|(id, _)| id);
        let stays = |name: &String| residual.is_some_and(|id| crates[id].package == *name);
        let copied = plan.test_support.iter().filter(|s| s.to_crate.is_none() && !s.bound);
        for helper in copied.filter(|s| s.users.iter().any(stays)) {
            let module = tree.modules.iter().find(|module| module.path == helper.item);
            if let Some(around) = module.and_then(|module| module.parent) {
                holders[around].extend(residual);
            }
        }
        for id in tree.modules.ids().rev() {
            if let Some(parent) = tree.modules[id].parent {
                let below = holders[id].clone();
                holders[parent].extend(below);
            }
        }
        Ok(Self { crates, home, holders, moved, tests, extensions, left, together })
    }

    /// The plan's new crates, each after those that it depends on; those that stay one together.
    pub(in crate::apply) fn order(&self, plan: &PlanReport) -> Vec<Vec<String>> {
        let residual = self.residual();
        let mut placed = BTreeSet::from([residual]);
        let mut order = Vec::new();
        loop {
            let ready = |id: &PlanCrateId| !placed.contains(id) && self.crates[*id].deps.is_subset(&placed);
            let Some(next) = self.crates.ids().find(ready) else { return order };
            placed.insert(next);
            order.push(self.crates[next].entries.iter().map(|&at| plan.crates[at].name.clone()).collect());
        }
    }

    /// Where `krate` finds a module that it doesn't hold: the crates below it that hold something of it.
    pub(in crate::apply) fn providers(&self, module: SourceModuleId, krate: PlanCrateId) -> Vec<PlanCrateId> {
        self.crates[krate].below.intersection(&self.holders[module]).copied().collect()
    }

    /// The crate that stays.
    pub(in crate::apply) fn residual(&self) -> PlanCrateId {
        self.home[ROOT]
    }

    /// Items that left a module for a crate.
    pub(in crate::apply) fn moved_to(
        &self,
        module: SourceModuleId,
        krate: PlanCrateId,
    ) -> impl Iterator<Item = &Moved> {
        self.moved.iter().filter(move |m| m.module == module && m.krate == krate)
    }

    /// The crate that has what stands at a place of a file.
    pub(in crate::apply) fn owner_at(
        &self,
        tree: &Tree,
        file: SourceFileId,
        at: usize,
    ) -> Option<PlanCrateId> {
        let module = tree.module_at(file, at)?;
        let moved = self.moved.iter().find(|m| m.module == module && m.bytes.contains(&at));
        Some(moved.map_or(self.home[module], |moved| moved.krate))
    }

    /// The test that leaves for another crate with what stands at a place of a file.
    pub(in crate::apply) fn moved_test_at(
        &self,
        tree: &Tree,
        file: SourceFileId,
        at: usize,
    ) -> Option<&Moved> {
        self.tests.iter().find(|test| tree.modules[test.module].file == file && test.bytes.contains(&at))
    }

    /// Where the item of a module lies.
    pub(in crate::apply) fn of_item(&self, module: SourceModuleId, name: &str) -> PlanCrateId {
        let mut moved = self.moved.iter().filter(|m| m.module == module);
        let found = moved.find(|m| m.name == name || m.written.contains(name));
        found.map_or(self.home[module], |moved| moved.krate)
    }
}

/// Whether both crates of an edit stay one.
fn is_within(plan: &PlanReport, of_entry: &[PlanCrateId], edit: &PlanEditReport) -> bool {
    let of = |name: &str| plan.crates.iter().position(|krate| krate.name == name).map(|at| of_entry[at]);
    let from = edit.from_crate.as_deref().and_then(of);
    if from.is_some() && from == of(&edit.krate) {
        return true;
    }
    // A helper of tests that only those of its own crate use.
    let helper = edit.items.first().and_then(|item| {
        let mut all = plan.test_support.iter();
        all.find(|helper| helper.item == item.item && helper.line == item.line)
    });
    let is_helper = ["test-support", "test-feature"].contains(&edit.kind.as_str());
    helper.filter(|_| is_helper).is_some_and(|helper| {
        let own = of(&helper.from_crate);
        own.is_some() && helper.users.iter().all(|user| of(user) == own)
    })
}

/// Whether it moves a module of helpers for tests.
fn moves_module(plan: &PlanReport, tree: &Tree, edit: &PlanEditReport) -> bool {
    let supports = |item: &PlanItemReport| {
        let moves = plan.test_support.iter().any(|s| s.item == item.item && s.to_crate.is_some());
        moves && tree.modules.iter().any(|module| module.path == item.item)
    };
    edit.kind == "test-support" && edit.items.first().is_some_and(supports)
}

/// The item that the plan names by its first line.
fn find(tree: &Tree, root: &Path, item: &PlanItemReport) -> Option<Moved> {
    let file = root.join(&item.file);
    for (id, module) in tree.modules.iter_enumerated().filter(|(_, m)| tree.files[m.file].path == file) {
        let here = |decl: &&Decl| {
            decl.item_line == item.line
                && matches!(decl.kind, DeclKind::Item | DeclKind::Macro | DeclKind::Nameless)
        };
        if let Some(decl) = module.body.decls.iter().find(here) {
            let (name, kind, bytes) = match call_of(&module.body, decl) {
                Some(call) => (String::new(), DeclKind::Nameless, call),
                None => (decl.name.clone(), decl.kind, decl.item.clone()),
            };
            let called = item.item.rsplit("::").next().filter(|_| kind == DeclKind::Nameless);
            let written = called.filter(|_| !item.item.contains('<')).map(str::to_owned);
            let written = written.into_iter().collect();
            return Some(Moved { module: id, name, kind, bytes, krate: PlanCrateId(0), written });
        }
        // What the arguments of a call declare goes with the call.
        let last = item.item.rsplit("::").next().unwrap_or_default();
        let inside = |decl: &&Decl| {
            decl.kind == DeclKind::Item
                && decl.name == last
                && (item.line..=item.end_line).contains(&decl.line)
                && module.body.decls.iter().any(|d| d.kind == DeclKind::Nameless && d.item == decl.item)
        };
        if let Some(decl) = module.body.decls.iter().find(inside) {
            return Some(Moved {
                module: id,
                name: String::new(),
                kind: DeclKind::Nameless,
                bytes: decl.item.clone(),
                krate: PlanCrateId(0),
                written: BTreeSet::from([decl.name.clone()]),
            });
        }
    }
    None
}

type Crates = (IdVec<PlanCrateId, NewCrate>, Vec<PlanCrateId>, Vec<Vec<String>>);

/// Modules of a plan's crate that a macro's call writes: nobody reads them, and the call names them.
fn written_modules<'p>(
    tree: &Tree,
    call: &Moved,
    modules: impl Iterator<Item = &'p String>,
) -> BTreeSet<String> {
    let words = words(&tree.file_of(call.module).tokens, &call.bytes, &[]);
    let around = &tree.modules[call.module].path;
    let own = modules.filter_map(|path| path.strip_prefix(around.as_str())?.strip_prefix("::"));
    let unread = |name: &&str| words.contains(name) && tree.child(call.module, name).is_none();
    own.filter(unread).map(str::to_owned).collect()
}

/// The crates, the one that takes each entry of the plan, and what was left together: crates that a cut which is left ties
/// into a cycle stay one.
fn crates(plan: &PlanReport, done: &dyn Fn(&PlanEditReport) -> bool, tied: &[Tie]) -> Done<Crates> {
    let count = plan.crates.len();
    let at = |name: &str| plan.crates.iter().position(|krate| krate.name == name);
    let mut arcs: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); count];
    for (from, krate) in plan.crates.iter().enumerate() {
        for name in &krate.depends_on {
            arcs[from].insert(at(name).ok_or_else(|| format!("`{name}` is no crate of the plan"))?);
        }
    }
    let planned = arcs.clone();
    let done: BTreeSet<&str> =
        plan.edits.iter().filter(|edit| done(edit)).map(|edit| edit.id.as_str()).collect();
    for cut in plan.cuts.iter().filter(|cut| !done.contains(cut.edit.as_str())) {
        let ends = (cut.from_crate.as_deref().and_then(at), cut.to_crate.as_deref().and_then(at));
        if let (Some(from), Some(to)) = ends {
            arcs[from].insert(to);
        }
    }
    for tie in tied {
        if let [Some(one), Some(other)] = tie.crates.each_ref().map(|name| at(name)) {
            arcs[one].insert(other);
            arcs[other].insert(one);
        }
    }
    let reach = reach(&arcs);
    // A crate stays with those that it reaches and that reach it.
    let together = |a: usize, b: usize| a == b || (reach[a].contains(&b) && reach[b].contains(&a));
    let mut of_entry: Vec<PlanCrateId> = Vec::new();
    let mut crates: IdVec<PlanCrateId, NewCrate> = IdVec::new();
    for entry in 0..count {
        if let Some(first) = (0..entry).find(|&other| together(entry, other)) {
            let krate = of_entry[first];
            of_entry.push(krate);
            crates[krate].entries.push(entry);
            continue;
        }
        of_entry.push(PlanCrateId::from_index(crates.len()));
        crates.push(NewCrate { entries: vec![entry], ..NewCrate::default() });
    }
    let mut stay_together = Vec::new();
    for id in crates.ids() {
        let krate = &mut crates[id];
        let stays = krate.entries.iter().find(|&&entry| plan.crates[entry].residual);
        krate.residual = stays.is_some();
        krate.package = plan.crates[*stays.unwrap_or(&krate.entries[0])].name.clone();
        krate.deps = krate.entries.iter().flat_map(|&e| &planned[e]).map(|&e| of_entry[e]).collect();
        krate.below = krate.entries.iter().flat_map(|&e| &reach[e]).map(|&e| of_entry[e]).collect();
        krate.deps.remove(&id);
        krate.below.remove(&id);
        for need in krate.entries.iter().flat_map(|&e| &plan.crates[e].dependencies) {
            let dev = krate.packages.entry(need.package.replace('-', "_")).or_insert(true);
            *dev &= need.dev;
        }
        if krate.entries.len() > 1 {
            stay_together.push(krate.entries.iter().map(|&e| plan.crates[e].name.clone()).collect());
        }
    }
    // The package keeps the paths that it had, so it depends on all of them; not on those that are above it.
    let residual = crates.iter_enumerated().find(|(_, krate)| krate.residual).map(|(id, _)| id);
    if let Some(residual) = residual {
        let above = |id: &PlanCrateId| *id == residual || crates[*id].below.contains(&residual);
        let all: BTreeSet<PlanCrateId> = crates.ids().filter(|id| !above(id)).collect();
        crates[residual].below.clone_from(&all);
        crates[residual].deps = all;
    }
    Ok((crates, of_entry, stay_together))
}
