//! The working tables of resolution: definitions, modules with their scopes, imports.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::bug::Bug;
use crate::diagnostic::Diagnostic;
use crate::discover::{CfgExpr, Edition, Repository};
use crate::ids::{CrateId, FileId, Id, IdVec, ModuleId};
use crate::parse::tree::{ItemTree, MacroId, Name, Node, NodeId, NodeKind};
use crate::parse::{MacroRules, SourceTree};
use crate::resolve::model::Visibility;

/// A definition: an item at module level or an associated item.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(in crate::resolve) struct DefId(pub(in crate::resolve) u32);

impl Id for DefId {
    fn from_index(index: usize) -> Self {
        DefId(u32::try_from(index).expect("fewer than 2^32 definitions"))
    }
    fn index(self) -> usize {
        self.0 as usize
    }
}

/// A tree of facts: those of files first, in file order, then those of macro expansions.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(in crate::resolve) struct TreeId(pub(in crate::resolve) u32);

/// What a name can mean.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(in crate::resolve) enum Def {
    /// A module (or a crate, by its root).
    Module(ModuleId),
    /// An item.
    Item(DefId),
    /// A variant of an enum, by position.
    Variant(DefId, u32),
    /// A primitive type.
    Prim(Name),
    /// Something outside the repository, by its last name.
    Ext(Name),
}

/// What kind of definition.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(in crate::resolve) enum DefKind {
    Fn,
    Struct,
    Enum,
    Union,
    Trait,
    Impl,
    TypeAlias,
    Const,
    Static,
    Macro,
}

/// A definition.
#[derive(Debug)]
pub(in crate::resolve) struct DefData {
    pub(in crate::resolve) name: Name,
    pub(in crate::resolve) kind: DefKind,
    pub(in crate::resolve) module: ModuleId,
    pub(in crate::resolve) tree: TreeId,
    pub(in crate::resolve) node: NodeId,
    /// The `impl` or trait around an associated item.
    pub(in crate::resolve) parent: Option<DefId>,
    pub(in crate::resolve) test: bool,
    pub(in crate::resolve) vis: Visibility,
    /// The textual macro scope it stands in.
    pub(in crate::resolve) legacy: LegacyScope,
    /// Whether its `cfg` holds. Where it doesn't, nothing can name it, but what it names is followed.
    pub(in crate::resolve) compiled: bool,
}

/// A place in the chain of `macro_rules!` definitions; 0 is the empty chain.
pub(in crate::resolve) type LegacyScope = u32;

/// One name in scope.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(in crate::resolve) struct Entry {
    pub(in crate::resolve) def: Def,
    pub(in crate::resolve) vis: Visibility,
    pub(in crate::resolve) glob: bool,
    pub(in crate::resolve) test: bool,
}

/// A name in the three namespaces.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub(in crate::resolve) struct PerNs {
    pub(in crate::resolve) types: Option<Entry>,
    pub(in crate::resolve) values: Option<Entry>,
    pub(in crate::resolve) macros: Option<Entry>,
}

impl PerNs {
    pub(in crate::resolve) fn is_none(&self) -> bool {
        self.types.is_none() && self.values.is_none() && self.macros.is_none()
    }

    pub(in crate::resolve) fn get(&self, ns: Ns) -> Option<Def> {
        match ns {
            Ns::Types => self.types,
            Ns::Values => self.values,
            Ns::Macros => self.macros,
        }
        .map(|e| e.def)
    }

    pub(in crate::resolve) fn types(def: Def) -> Self {
        let entry = Entry { def, vis: Visibility::Public, glob: false, test: false };
        PerNs { types: Some(entry), ..PerNs::default() }
    }

    /// The same name in all namespaces.
    pub(in crate::resolve) fn all(def: Def) -> Self {
        let entry = Some(Entry { def, vis: Visibility::Public, glob: false, test: false });
        PerNs { types: entry, values: entry, macros: entry }
    }

    /// The same name in all namespaces, by a glob.
    pub(in crate::resolve) fn by_glob(def: Def) -> Self {
        let entry = Some(Entry { def, vis: Visibility::Public, glob: true, test: false });
        PerNs { types: entry, values: entry, macros: entry }
    }

    /// Whether a glob brought in what is found.
    pub(in crate::resolve) fn is_by_glob(&self) -> bool {
        [self.types, self.values, self.macros].into_iter().flatten().next().is_some_and(|entry| entry.glob)
    }

    pub(in crate::resolve) fn or(self, other: PerNs) -> PerNs {
        PerNs {
            types: self.types.or(other.types),
            values: self.values.or(other.values),
            macros: self.macros.or(other.macros),
        }
    }

    /// What is found, in the order types, values, macros.
    pub(in crate::resolve) fn defs(&self) -> impl Iterator<Item = Def> + use<> {
        [self.types, self.values, self.macros].into_iter().flatten().map(|e| e.def)
    }
}

/// A namespace.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(in crate::resolve) enum Ns {
    Types,
    Values,
    Macros,
}

/// A module while names are being resolved.
#[derive(Debug)]
pub(in crate::resolve) struct ModData {
    pub(in crate::resolve) krate: CrateId,
    pub(in crate::resolve) parent: Option<ModuleId>,
    pub(in crate::resolve) name: Name,
    pub(in crate::resolve) file: FileId,
    pub(in crate::resolve) tree: TreeId,
    pub(in crate::resolve) inline: bool,
    pub(in crate::resolve) test: bool,
    pub(in crate::resolve) vis: Visibility,
    pub(in crate::resolve) line: u32,
    pub(in crate::resolve) end_line: u32,
    pub(in crate::resolve) scope: FxHashMap<Name, PerNs>,
    /// When the scope changed last, by [`World::clock`].
    pub(in crate::resolve) version: u32,
    pub(in crate::resolve) children: Vec<ModuleId>,
    pub(in crate::resolve) defs: Vec<DefId>,
    pub(in crate::resolve) imports: Vec<u32>,
    pub(in crate::resolve) globs: Vec<u32>,
    /// Macro calls in it (and in its `impl`s), by index.
    pub(in crate::resolve) calls: Vec<u32>,
    /// Whether a glob of something outside the repository may bring in any name, and for whom.
    pub(in crate::resolve) ext_glob: Option<Visibility>,
    /// Traits imported as `_`.
    pub(in crate::resolve) unnamed: Vec<DefId>,
    /// Whether a build script writes part of it that isn't there to be read.
    pub(in crate::resolve) made_in_part: bool,
}

/// A crate while names are being resolved.
#[derive(Debug)]
pub(in crate::resolve) struct CrateData {
    pub(in crate::resolve) root: ModuleId,
    pub(in crate::resolve) edition: Edition,
    /// Names of other crates: local ones by id.
    pub(in crate::resolve) externs: FxHashMap<Name, Option<CrateId>>,
    /// Macros brought in by `#[macro_use] extern crate`.
    pub(in crate::resolve) macro_use: Vec<CrateId>,
    /// Whether `#![cfg(…)]` of its root doesn't hold, so that rustc would compile nothing of it.
    pub(in crate::resolve) inactive: bool,
}

/// One flattened import.
#[derive(Debug)]
pub(in crate::resolve) struct ImportData {
    pub(in crate::resolve) module: ModuleId,
    pub(in crate::resolve) path: Box<[Name]>,
    pub(in crate::resolve) global: bool,
    pub(in crate::resolve) alias: Name,
    pub(in crate::resolve) glob: bool,
    pub(in crate::resolve) vis: Visibility,
    pub(in crate::resolve) test: bool,
    pub(in crate::resolve) compiled: bool,
    pub(in crate::resolve) line: u32,
    pub(in crate::resolve) found: PerNs,
    /// For a glob: the version of its source that was copied last.
    pub(in crate::resolve) copied: u32,
    /// Whose scopes `found` was read from.
    pub(in crate::resolve) trail: Vec<ModuleId>,
    /// When: [`World::clock`] and [`World::epoch`].
    pub(in crate::resolve) followed: Option<(u32, u32)>,
}

/// A macro call at module level (or in an `impl`) that stays a call.
#[derive(Debug)]
pub(in crate::resolve) struct LooseCall {
    /// The `impl` or trait it stands in, or the first item that it makes.
    pub(in crate::resolve) owner: Option<DefId>,
    pub(in crate::resolve) tree: TreeId,
    pub(in crate::resolve) call: MacroId,
    pub(in crate::resolve) test: bool,
    pub(in crate::resolve) legacy: LegacyScope,
    /// Whether its arguments became items, so that only the macro's own name is left to refer to.
    pub(in crate::resolve) done: bool,
    /// Whether they became items as they are, since what the macro makes of them isn't known.
    pub(in crate::resolve) hoisted: bool,
    pub(in crate::resolve) compiled: bool,
}

/// A tree, borrowed from a file or owned by an expansion.
#[derive(Clone)]
pub(in crate::resolve) enum TreeRef<'a> {
    File(&'a ItemTree),
    Expanded(Arc<ItemTree>),
}

impl std::ops::Deref for TreeRef<'_> {
    type Target = ItemTree;
    fn deref(&self) -> &ItemTree {
        match self {
            TreeRef::File(tree) => tree,
            TreeRef::Expanded(tree) => tree,
        }
    }
}

/// Everything that is known while names are being resolved.
pub(in crate::resolve) struct World<'a> {
    pub(in crate::resolve) repository: &'a Repository,
    pub(in crate::resolve) sources: &'a SourceTree,
    pub(in crate::resolve) trees: Vec<TreeRef<'a>>,
    pub(in crate::resolve) tree_files: Vec<FileId>,
    pub(in crate::resolve) crates: IdVec<CrateId, CrateData>,
    pub(in crate::resolve) modules: IdVec<ModuleId, ModData>,
    pub(in crate::resolve) defs: IdVec<DefId, DefData>,
    pub(in crate::resolve) imports: Vec<ImportData>,
    pub(in crate::resolve) calls: Vec<LooseCall>,
    /// `macro_rules!` in textual order: parent, name, definition.
    pub(in crate::resolve) legacy: Vec<(LegacyScope, Name, DefId)>,
    pub(in crate::resolve) rules: FxHashMap<DefId, MacroRules>,
    /// Counts changes of scopes.
    pub(in crate::resolve) clock: u32,
    /// Counts changes of anything else that names are looked up by: crates' names, [`World::settled`].
    pub(in crate::resolve) epoch: u32,
    /// Whether all imports are followed, so that a name a module still lacks comes through a glob of another package.
    pub(in crate::resolve) settled: bool,
}

impl<'a> World<'a> {
    pub(in crate::resolve) fn tree(&self, id: TreeId) -> &TreeRef<'a> {
        &self.trees[id.0 as usize]
    }

    pub(in crate::resolve) fn node(&self, def: DefId) -> &Node {
        let data = &self.defs[def];
        &self.tree(data.tree)[data.node]
    }

    /// The rules of a macro, as its definition is written.
    pub(in crate::resolve) fn read_rules(&self, def: DefId) -> Option<MacroRules> {
        let node = self.node(def);
        let NodeKind::Macro(rules) = node.kind else { return None };
        let rules = MacroRules::parse(self.tree(self.defs[def].tree).tokens(rules))?;
        Some(if node.flags.local_inner_macros { rules.with_local_inner_macros() } else { rules })
    }

    /// A mistake of ours in a definition, with its place.
    pub(in crate::resolve) fn bug_at(&self, bug: &Bug, doing: &str, def: DefId) -> Diagnostic {
        let file = &self.sources.files[self.file_of(self.defs[def].tree)];
        bug.diagnostic(doing).at(file.path.clone()).line(self.node(def).line)
    }

    pub(in crate::resolve) fn file_of(&self, tree: TreeId) -> FileId {
        self.tree_files[tree.0 as usize]
    }

    /// Whether a `cfg` predicate can hold in a module, under test or not.
    pub(in crate::resolve) fn holds(&self, module: ModuleId, cfg: Name) -> bool {
        let krate = self.modules[module].krate;
        let package = self.repository.targets.as_slice()[krate.index()].package;
        let features = &self.repository.packages[package].enabled_features;
        let expr = CfgExpr::parse(cfg.as_str());
        [true, false]
            .into_iter()
            .any(|test| expr.eval(&self.repository.cfg, features, Some(test)) != Some(false))
    }

    /// The `macro_rules!` of this name before a place in the text.
    pub(in crate::resolve) fn legacy_macro(&self, mut scope: LegacyScope, name: Name) -> Option<DefId> {
        while scope != 0 {
            let (parent, own, def) = self.legacy[scope as usize];
            if own == name {
                return Some(def);
            }
            scope = parent;
        }
        None
    }

    /// Whether an import would be followed to where it was followed before.
    pub(in crate::resolve) fn is_unchanged(&self, import: &ImportData) -> bool {
        let Some((clock, epoch)) = import.followed else { return false };
        epoch == self.epoch && import.trail.iter().all(|module| self.modules[*module].version <= clock)
    }

    /// Notes that a module's scope has changed.
    pub(in crate::resolve) fn changed(&mut self, module: ModuleId) {
        self.clock += 1;
        self.modules[module].version = self.clock;
    }

    /// Whether `inner` is `outer` or below it.
    pub(in crate::resolve) fn is_within(&self, mut inner: ModuleId, outer: ModuleId) -> bool {
        loop {
            if inner == outer {
                return true;
            }
            match self.modules[inner].parent {
                Some(parent) => inner = parent,
                None => return false,
            }
        }
    }

    pub(in crate::resolve) fn visible(&self, vis: Visibility, from: ModuleId) -> bool {
        match vis {
            Visibility::Public => true,
            Visibility::Within(module) => self.is_within(from, module),
        }
    }
}
