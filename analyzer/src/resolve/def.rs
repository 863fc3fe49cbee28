//! The working tables of resolution: definitions, modules with their scopes, imports.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::model::Visibility;
use crate::bug::Bug;
use crate::diagnostic::Diagnostic;
use crate::discover::{CfgExpr, Edition, Repository};
use crate::ids::{CrateId, FileId, Id, IdVec, ModuleId};
use crate::parse::tree::{ItemTree, MacroId, Name, Node, NodeId};
use crate::parse::{MacroRules, SourceTree};

/// A definition: an item at module level or an associated item.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct DefId(pub(super) u32);

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
pub(super) struct TreeId(pub(super) u32);

/// What a name can mean.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Def {
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
pub(super) enum DefKind {
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
pub(super) struct DefData {
    pub(super) name: Name,
    pub(super) kind: DefKind,
    pub(super) module: ModuleId,
    pub(super) tree: TreeId,
    pub(super) node: NodeId,
    /// The `impl` or trait around an associated item.
    pub(super) parent: Option<DefId>,
    pub(super) test: bool,
    pub(super) vis: Visibility,
    /// The textual macro scope it stands in.
    pub(super) legacy: LegacyScope,
    /// Whether its `cfg` holds. Where it doesn't, nothing can name it, but what it names is followed.
    pub(super) compiled: bool,
}

/// A place in the chain of `macro_rules!` definitions; 0 is the empty chain.
pub(super) type LegacyScope = u32;

/// One name in scope.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Entry {
    pub(super) def: Def,
    pub(super) vis: Visibility,
    pub(super) glob: bool,
    pub(super) test: bool,
}

/// A name in the three namespaces.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub(super) struct PerNs {
    pub(super) types: Option<Entry>,
    pub(super) values: Option<Entry>,
    pub(super) macros: Option<Entry>,
}

impl PerNs {
    pub(super) fn is_none(&self) -> bool {
        self.types.is_none() && self.values.is_none() && self.macros.is_none()
    }

    pub(super) fn get(&self, ns: Ns) -> Option<Def> {
        match ns {
            Ns::Types => self.types,
            Ns::Values => self.values,
            Ns::Macros => self.macros,
        }
        .map(|e| e.def)
    }

    pub(super) fn types(def: Def) -> Self {
        let entry = Entry { def, vis: Visibility::Public, glob: false, test: false };
        PerNs { types: Some(entry), ..PerNs::default() }
    }

    /// The same name in all namespaces.
    pub(super) fn all(def: Def) -> Self {
        let entry = Some(Entry { def, vis: Visibility::Public, glob: false, test: false });
        PerNs { types: entry, values: entry, macros: entry }
    }

    pub(super) fn or(self, other: PerNs) -> PerNs {
        PerNs {
            types: self.types.or(other.types),
            values: self.values.or(other.values),
            macros: self.macros.or(other.macros),
        }
    }

    /// What is found, in the order types, values, macros.
    pub(super) fn defs(&self) -> impl Iterator<Item = Def> + use<> {
        [self.types, self.values, self.macros].into_iter().flatten().map(|e| e.def)
    }
}

/// A namespace.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Ns {
    Types,
    Values,
    Macros,
}

/// A module while names are being resolved.
#[derive(Debug)]
pub(super) struct ModData {
    pub(super) krate: CrateId,
    pub(super) parent: Option<ModuleId>,
    pub(super) name: Name,
    pub(super) file: FileId,
    pub(super) tree: TreeId,
    pub(super) inline: bool,
    pub(super) test: bool,
    pub(super) vis: Visibility,
    pub(super) line: u32,
    pub(super) end_line: u32,
    pub(super) scope: FxHashMap<Name, PerNs>,
    /// When the scope changed last, by [`World::clock`].
    pub(super) version: u32,
    pub(super) children: Vec<ModuleId>,
    pub(super) defs: Vec<DefId>,
    pub(super) imports: Vec<u32>,
    pub(super) globs: Vec<u32>,
    /// Macro calls in it (and in its `impl`s), by index.
    pub(super) calls: Vec<u32>,
    /// Whether a glob of something outside the repository may bring in any name, and for whom.
    pub(super) ext_glob: Option<Visibility>,
    /// Traits imported as `_`.
    pub(super) unnamed: Vec<DefId>,
}

/// A crate while names are being resolved.
#[derive(Debug)]
pub(super) struct CrateData {
    pub(super) root: ModuleId,
    pub(super) edition: Edition,
    /// Names of other crates: local ones by id.
    pub(super) externs: FxHashMap<Name, Option<CrateId>>,
    /// Macros brought in by `#[macro_use] extern crate`.
    pub(super) macro_use: Vec<CrateId>,
    /// Whether `#![cfg(…)]` of its root doesn't hold, so that rustc would compile nothing of it.
    pub(super) inactive: bool,
}

/// One flattened import.
#[derive(Debug)]
pub(super) struct ImportData {
    pub(super) module: ModuleId,
    pub(super) path: Box<[Name]>,
    pub(super) global: bool,
    pub(super) alias: Name,
    pub(super) glob: bool,
    pub(super) vis: Visibility,
    pub(super) test: bool,
    pub(super) compiled: bool,
    pub(super) line: u32,
    pub(super) found: PerNs,
    /// For a glob: the version of its source that was copied last.
    pub(super) copied: u32,
    /// Whose scopes `found` was read from.
    pub(super) trail: Vec<ModuleId>,
    /// When: [`World::clock`] and [`World::epoch`].
    pub(super) followed: Option<(u32, u32)>,
}

/// A macro call at module level (or in an `impl`) that stays a call.
#[derive(Debug)]
pub(super) struct LooseCall {
    /// The `impl` or trait it stands in.
    pub(super) owner: Option<DefId>,
    pub(super) tree: TreeId,
    pub(super) call: MacroId,
    pub(super) test: bool,
    pub(super) legacy: LegacyScope,
    /// Whether its arguments became items, so that only the macro's own name is left to refer to.
    pub(super) done: bool,
    pub(super) compiled: bool,
}

/// A tree, borrowed from a file or owned by an expansion.
#[derive(Clone)]
pub(super) enum TreeRef<'a> {
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
pub(super) struct World<'a> {
    pub(super) repository: &'a Repository,
    pub(super) sources: &'a SourceTree,
    pub(super) trees: Vec<TreeRef<'a>>,
    pub(super) tree_files: Vec<FileId>,
    pub(super) crates: IdVec<CrateId, CrateData>,
    pub(super) modules: IdVec<ModuleId, ModData>,
    pub(super) defs: IdVec<DefId, DefData>,
    pub(super) imports: Vec<ImportData>,
    pub(super) calls: Vec<LooseCall>,
    /// `macro_rules!` in textual order: parent, name, definition.
    pub(super) legacy: Vec<(LegacyScope, Name, DefId)>,
    pub(super) rules: FxHashMap<DefId, MacroRules>,
    /// Counts changes of scopes.
    pub(super) clock: u32,
    /// Counts changes of anything else that names are looked up by: crates' names, [`World::settled`].
    pub(super) epoch: u32,
    /// Whether all imports are followed, so that a name a module still lacks comes through a glob of another package.
    pub(super) settled: bool,
}

impl<'a> World<'a> {
    pub(super) fn tree(&self, id: TreeId) -> &TreeRef<'a> {
        &self.trees[id.0 as usize]
    }

    pub(super) fn node(&self, def: DefId) -> &Node {
        let data = &self.defs[def];
        &self.tree(data.tree)[data.node]
    }

    /// A mistake of ours in a definition, with its place.
    pub(super) fn bug_at(&self, bug: &Bug, doing: &str, def: DefId) -> Diagnostic {
        let file = &self.sources.files[self.file_of(self.defs[def].tree)];
        bug.diagnostic(doing).at(file.path.clone()).line(self.node(def).line)
    }

    pub(super) fn file_of(&self, tree: TreeId) -> FileId {
        self.tree_files[tree.0 as usize]
    }

    /// Whether a `cfg` predicate can hold in a module, under test or not.
    pub(super) fn holds(&self, module: ModuleId, cfg: Name) -> bool {
        let krate = self.modules[module].krate;
        let package = self.repository.targets.as_slice()[krate.index()].package;
        let features = &self.repository.packages[package].enabled_features;
        let expr = CfgExpr::parse(cfg.as_str());
        [true, false]
            .into_iter()
            .any(|test| expr.eval(&self.repository.cfg, features, Some(test)) != Some(false))
    }

    /// The `macro_rules!` of this name before a place in the text.
    pub(super) fn legacy_macro(&self, mut scope: LegacyScope, name: Name) -> Option<DefId> {
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
    pub(super) fn is_unchanged(&self, import: &ImportData) -> bool {
        let Some((clock, epoch)) = import.followed else { return false };
        epoch == self.epoch && import.trail.iter().all(|module| self.modules[*module].version <= clock)
    }

    /// Notes that a module's scope has changed.
    pub(super) fn changed(&mut self, module: ModuleId) {
        self.clock += 1;
        self.modules[module].version = self.clock;
    }

    /// Whether `inner` is `outer` or below it.
    pub(super) fn is_within(&self, mut inner: ModuleId, outer: ModuleId) -> bool {
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

    pub(super) fn visible(&self, vis: Visibility, from: ModuleId) -> bool {
        match vis {
            Visibility::Public => true,
            Visibility::Within(module) => self.is_within(from, module),
        }
    }
}
