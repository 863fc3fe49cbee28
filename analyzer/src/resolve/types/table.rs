//! Which `impl`s, traits and members there are, and where names and types are read.

use std::sync::{Arc, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};

use super::fuel;
use super::head::{Head, head};
use super::overloads::Overloads;
use super::ty::{Args, InScope, TraitRef, Ty};
use crate::bug::caught;
use crate::diagnostic::Diagnostic;
use crate::ids::{IdVec, ModuleId};
use crate::parse::MacroRules;
use crate::parse::tree::{Generics, Name, NodeKind};
use crate::resolve::names::def::{Def, DefId, DefKind, Ns, PerNs, World};
use crate::resolve::names::linked::Linked;
use crate::resolve::names::path::{NAMES, Walk};

/// Aliases and projections nested deeper are taken for endless.
pub(in crate::resolve) const MAX_DEPTH: u32 = 24;

/// So many parameters are looked through; of more there is a set, so that `struct S<A, B, …> { a: A, b: B, … }` takes no
/// time that grows with their square. A choice.
pub(in crate::resolve) const FEW_PARAMETERS: usize = 16;

/// Names that a block declares or imports.
#[derive(Debug, Default)]
pub(in crate::resolve) struct BlockScope {
    pub(in crate::resolve) names: FxHashMap<Name, BlockName>,
    pub(in crate::resolve) globs: Vec<Def>,
    /// Traits imported as `_`.
    pub(in crate::resolve) unnamed: Vec<DefId>,
}

/// What a name declared in a block means.
#[derive(Debug, Clone, Copy)]
pub(in crate::resolve) enum BlockName {
    /// An item of the block, in these namespaces.
    Own { types: bool, values: bool },
    /// An import; whether a macro's body made it by `$crate`.
    Import(PerNs, bool),
}

/// Where names and types are read: a module, the generics and `Self` around, blocks outermost first.
#[derive(Clone)]
pub(in crate::resolve) struct Cx<'b> {
    pub(in crate::resolve) module: ModuleId,
    /// The function (or type) and the `impl` or trait around it.
    pub(in crate::resolve) generics: InScope,
    pub(in crate::resolve) self_ty: Option<Ty>,
    pub(in crate::resolve) blocks: &'b [BlockScope],
    pub(in crate::resolve) depth: u32,
}

impl Cx<'_> {
    pub(in crate::resolve) fn deeper(&self) -> Option<Self> {
        (self.depth < MAX_DEPTH && fuel::take()).then(|| Cx { depth: self.depth + 1, ..self.clone() })
    }
}

/// An `impl` block.
#[derive(Debug)]
pub(in crate::resolve) struct ImplData {
    pub(in crate::resolve) def: DefId,
    pub(in crate::resolve) self_ty: Ty,
    pub(in crate::resolve) trait_ref: Option<TraitRef>,
}

/// A function's types.
#[derive(Debug)]
pub(in crate::resolve) struct Sig {
    pub(in crate::resolve) has_self: bool,
    pub(in crate::resolve) params: Vec<Ty>,
    pub(in crate::resolve) ret: Ty,
    /// Whether the result is named by a path, so that it is no reference.
    pub(in crate::resolve) gives_value: bool,
}

/// Types of everything, made when asked for.
pub(in crate::resolve) struct Types<'w, 'a> {
    pub(in crate::resolve) world: &'w World<'a>,
    pub(in crate::resolve) impls: Vec<ImplData>,
    pub(in crate::resolve) impl_of: FxHashMap<DefId, usize>,
    pub(in crate::resolve) by_head: FxHashMap<Head, Vec<usize>>,
    pub(in crate::resolve) inherent: FxHashMap<(Head, Name), Vec<DefId>>,
    pub(in crate::resolve) in_trait_impls: FxHashMap<(Head, Name), Vec<DefId>>,
    pub(in crate::resolve) in_traits: FxHashMap<(DefId, Name), DefId>,
    /// Names of what `impl<T> Trait for T` gives to every type, by itself or by its trait.
    pub(in crate::resolve) blanket: FxHashSet<Name>,
    /// The parameters of what has more than [`FEW_PARAMETERS`].
    pub(in crate::resolve) parameters: FxHashSet<(DefId, Name)>,
    /// What the `impl`s of one trait for types of one head have under one name, where there may be a choice.
    pub(in crate::resolve) overloads: FxHashMap<(Head, Name), OnceLock<FxHashMap<Def, Overloads>>>,
    /// Methods of traits for types from outside that hand on to the type's own, by head and name.
    pub(in crate::resolve) shadowed: FxHashSet<(Head, Name)>,
    /// Methods (functions with `self`) by name.
    pub(in crate::resolve) methods: FxHashMap<Name, Vec<DefId>>,
    pub(in crate::resolve) sigs: IdVec<DefId, OnceLock<Arc<Sig>>>,
    pub(in crate::resolve) fields: IdVec<DefId, OnceLock<Arc<[Ty]>>>,
    pub(in crate::resolve) rules: FxHashMap<DefId, OnceLock<Option<MacroRules>>>,
    /// Traits of the repository in each module's scope, sorted.
    pub(in crate::resolve) traits: IdVec<ModuleId, Vec<DefId>>,
    /// Whose `impl`s each package may mean.
    pub(in crate::resolve) linked: Linked,
    /// What went wrong here.
    pub(in crate::resolve) problems: Vec<Diagnostic>,
}

impl<'w, 'a> Types<'w, 'a> {
    pub(in crate::resolve) fn new(world: &'w World<'a>) -> Self {
        let (mut types, traits) = rayon::join(|| Self::without_traits(world), || traits_in_scope(world));
        types.traits = traits;
        types
    }

    fn without_traits(world: &'w World<'a>) -> Self {
        let mut types = Types {
            world,
            impls: Vec::new(),
            impl_of: FxHashMap::default(),
            by_head: FxHashMap::default(),
            inherent: FxHashMap::default(),
            in_trait_impls: FxHashMap::default(),
            in_traits: FxHashMap::default(),
            blanket: FxHashSet::default(),
            parameters: many_parameters(world),
            overloads: FxHashMap::default(),
            shadowed: FxHashSet::default(),
            methods: FxHashMap::default(),
            sigs: world.defs.iter().map(|_| OnceLock::new()).collect(),
            fields: world.defs.iter().map(|_| OnceLock::new()).collect(),
            traits: IdVec::new(),
            linked: Linked::new(world.repository),
            problems: Vec::new(),
            rules: world
                .defs
                .iter_enumerated()
                .filter(|(_, d)| d.kind == DefKind::Macro)
                .map(|(id, _)| (id, OnceLock::new()))
                .collect(),
        };
        types.find_impls();
        types.find_members();
        types.blanket = types.blanket_names();
        types.find_overloads();
        types
    }

    fn find_impls(&mut self) {
        for def in self.world.defs.ids() {
            if self.world.defs[def].kind != DefKind::Impl {
                continue;
            }
            let NodeKind::Impl(imp) = &self.world.node(def).kind else { continue };
            let tree = self.world.tree(self.world.defs[def].tree);
            let cx = Cx {
                module: self.world.defs[def].module,
                generics: [None, Some(def)],
                self_ty: None,
                blocks: &[],
                depth: 0,
            };
            let header = fuel::with(fuel::SIGNATURE, || {
                caught(|| {
                    let self_ty = self.lower(&cx, tree, imp.self_ty);
                    let with_self = Cx { self_ty: Some(self_ty.clone()), ..cx };
                    let trait_ref = imp.trait_path.and_then(|p| self.trait_ref(&with_self, tree, p));
                    (self_ty, trait_ref)
                })
            });
            let (self_ty, trait_ref) = header.unwrap_or_else(|bug| {
                self.problems.push(self.world.bug_at(&bug, "reading this `impl`", def));
                (Ty::Unknown, None)
            });
            let index = self.impls.len();
            if let Some(head) = head(&self_ty).filter(|_| self.world.defs[def].compiled) {
                self.by_head.entry(head).or_default().push(index);
            }
            self.impl_of.insert(def, index);
            self.impls.push(ImplData { def, self_ty, trait_ref });
        }
    }

    fn find_members(&mut self) {
        for (def, data) in self.world.defs.iter_enumerated() {
            let Some(parent) = data.parent.filter(|_| data.compiled) else { continue };
            let is_method = matches!(&self.world.node(def).kind, NodeKind::Fn(f) if f.has_self);
            if is_method {
                self.methods.entry(data.name).or_default().push(def);
            }
            match self.impl_of.get(&parent) {
                Some(&index) => {
                    let NodeKind::Impl(node) = &self.world.node(parent).kind else { continue };
                    let table =
                        if node.trait_path.is_some() { &mut self.in_trait_impls } else { &mut self.inherent };
                    if let Some(head) = head(&self.impls[index].self_ty) {
                        table.entry((head, data.name)).or_default().push(def);
                    }
                }
                None => {
                    self.in_traits.entry((parent, data.name)).or_insert(def);
                }
            }
        }
    }

    fn find_overloads(&mut self) {
        let outside = |head: &Head| matches!(head, Head::Ext(_));
        let tables = self.in_trait_impls.iter();
        let shadowed = tables
            .clone()
            .filter(|((head, _), defs)| outside(head) && defs.iter().any(|def| self.hands_on(*def)))
            .map(|(key, _)| *key);
        let shadowed = shadowed.collect();
        let choices = tables.filter(|((head, _), defs)| outside(head) || defs.len() > 1);
        let overloads = choices.map(|(key, _)| (*key, OnceLock::new())).collect();
        (self.shadowed, self.overloads) = (shadowed, overloads);
    }

    fn blanket_names(&self) -> FxHashSet<Name> {
        let own =
            self.in_trait_impls.keys().filter(|(head, _)| *head == Head::Blanket).map(|(_, name)| *name);
        let traits: FxHashSet<DefId> = self
            .impls_of(Head::Blanket)
            .filter_map(|imp| match imp.trait_ref.as_ref()?.def {
                Def::Item(def) => Some(def),
                _ => None,
            })
            .collect();
        let of_traits = self.in_traits.keys().filter(|(def, _)| traits.contains(def)).map(|(_, name)| *name);
        own.chain(of_traits).collect()
    }

    /// The rules of a macro of the repository.
    pub(in crate::resolve) fn rules(&self, def: DefId) -> Option<&MacroRules> {
        let rules = self.rules.get(&def)?.get_or_init(|| match &self.world.node(def).kind {
            NodeKind::Macro(_) => self.world.read_rules(def),
            _ => None,
        });
        rules.as_ref()
    }

    /// The `impl` that an associated item stands in.
    pub(in crate::resolve) fn impl_around(&self, def: DefId) -> Option<&ImplData> {
        self.impl_of.get(&def).map(|&i| &self.impls[i])
    }

    /// Where the names in a definition are read.
    pub(in crate::resolve) fn cx_of(&self, def: DefId) -> Cx<'static> {
        let data = &self.world.defs[def];
        let (generics, around) = match data.parent {
            Some(parent) => ([Some(def), Some(parent)], parent),
            None => ([Some(def), None], def),
        };
        let self_ty = match self.world.defs[around].kind {
            DefKind::Impl => self.impl_around(around).map(|i| i.self_ty.clone()),
            DefKind::Trait => Some(Ty::Param(around, NAMES.self_type)),
            DefKind::Struct | DefKind::Enum | DefKind::Union => Some(self.adt(around)),
            _ => None,
        };
        Cx { module: data.module, generics, self_ty, blocks: &[], depth: 0 }
    }

    /// A type with its own parameters as arguments.
    pub(in crate::resolve) fn adt(&self, def: DefId) -> Ty {
        Ty::Adt(def, self.own_params(def))
    }

    pub(in crate::resolve) fn generics(&self, def: DefId) -> Option<&Generics> {
        self.world.node(def).generics.as_deref()
    }

    pub(in crate::resolve) fn own_params(&self, def: DefId) -> Args {
        let params = self.generics(def).map(|g| &g.types[..]).unwrap_or_default();
        params.iter().map(|p| Ty::Param(def, p.name)).collect()
    }

    /// A path as far as modules go, blocks of the body first.
    pub(in crate::resolve) fn walk(&self, cx: &Cx<'_>, names: &[Name], global: bool, ns: Ns) -> Option<Walk> {
        if !global && let Some(&first) = names.first() {
            for block in cx.blocks.iter().rev() {
                match block.names.get(&first) {
                    Some(BlockName::Own { types, values }) => {
                        let meant = if names.len() > 1 { Ns::Types } else { ns };
                        if (meant == Ns::Types && *types) || (meant == Ns::Values && *values) {
                            return None;
                        }
                    }
                    Some(BlockName::Import(found, hidden)) => {
                        return Some(self.world.walk_on(Walk::begun(*found, 1, *hidden), cx.module, names));
                    }
                    None => {}
                }
                for glob in &block.globs {
                    let found = match glob {
                        Def::Module(module) => self.world.in_module(*module, first),
                        Def::Item(def) => self
                            .world
                            .variant(*def, first)
                            .map(|v| PerNs { macros: None, ..PerNs::all(v) })
                            .unwrap_or_default(),
                        _ => PerNs::default(),
                    };
                    if !found.is_none() {
                        return Some(self.world.walk_on(Walk::begun(found, 1, false), cx.module, names));
                    }
                }
            }
        }
        Some(self.world.walk(cx.module, names, global, false))
    }

    /// A member of a trait, its supertraits included.
    pub(in crate::resolve) fn in_trait(&self, def: DefId, name: Name, depth: u32) -> Option<DefId> {
        if let Some(found) = self.in_traits.get(&(def, name)) {
            return Some(*found);
        }
        if depth > 8 {
            return None;
        }
        self.supertraits(def).iter().find_map(|s| match s.def {
            Def::Item(id) => self.in_trait(id, name, depth + 1),
            _ => None,
        })
    }

    /// A member of exactly this trait.
    pub(in crate::resolve) fn in_trait_itself(&self, def: DefId, name: Name) -> Option<DefId> {
        self.in_traits.get(&(def, name)).copied()
    }

    /// Whether a trait is in scope, so that its methods can be called.
    pub(in crate::resolve) fn trait_in_scope(&self, cx: &Cx<'_>, def: DefId) -> bool {
        if self.traits[cx.module].binary_search(&def).is_ok() {
            return true;
        }
        let is_it = |d: Option<Def>| d == Some(Def::Item(def));
        cx.blocks.iter().any(|block| {
            block.unnamed.contains(&def)
                || block.names.values().any(|n| matches!(n, BlockName::Import(found, _) if is_it(found.get(Ns::Types))))
                || block.globs.iter().any(|glob| {
                    matches!(glob, Def::Module(m) if self.world.modules[*m].scope.values().any(|e| is_it(e.get(Ns::Types))))
                })
        })
    }

    pub(in crate::resolve) fn inherent(&self, head: Head, name: Name) -> &[DefId] {
        self.inherent.get(&(head, name)).map(Vec::as_slice).unwrap_or_default()
    }

    pub(in crate::resolve) fn in_trait_impls(&self, head: Head, name: Name) -> &[DefId] {
        self.in_trait_impls.get(&(head, name)).map(Vec::as_slice).unwrap_or_default()
    }

    pub(in crate::resolve) fn impls_of(&self, head: Head) -> impl Iterator<Item = &ImplData> {
        self.by_head.get(&head).into_iter().flatten().map(|&i| &self.impls[i])
    }
}

fn many_parameters(world: &World<'_>) -> FxHashSet<(DefId, Name)> {
    let generics = world.defs.ids().filter_map(|def| Some((def, world.node(def).generics.as_deref()?)));
    let many = generics.filter(|(_, generics)| generics.types.len() > FEW_PARAMETERS);
    many.flat_map(|(def, generics)| generics.types.iter().map(move |p| (def, p.name))).collect()
}

fn traits_in_scope(world: &World<'_>) -> IdVec<ModuleId, Vec<DefId>> {
    let is_trait = |def: Option<Def>| match def {
        Some(Def::Item(id)) if world.defs[id].kind == DefKind::Trait => Some(id),
        _ => None,
    };
    let of_module = |module: &crate::resolve::names::def::ModData| {
        let named = module.scope.values().filter_map(|entry| is_trait(entry.get(Ns::Types)));
        let mut traits: Vec<DefId> = named.chain(module.unnamed.iter().copied()).collect();
        traits.sort_unstable();
        traits.dedup();
        traits
    };
    world.modules.iter().map(of_module).collect()
}
