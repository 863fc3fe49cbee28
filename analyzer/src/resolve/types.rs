//! From written types to [`Ty`]; signatures, fields, bounds; which `impl`s there are.

use std::sync::{Arc, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};
use ustr::ustr;

use super::def::{Def, DefId, DefKind, Ns, PerNs, World};
use super::path::{NAMES, Walk};
use super::shared::Shared;
use super::ty::{Args, FnTy, Subst, TraitRef, Ty};
use crate::ids::{IdVec, ModuleId};
use crate::parse::MacroRules;
use crate::parse::tree::{
    FieldNode, GenericArgs, Generics, ItemTree, Name, NodeKind, Path, PathId, TypeId, TypeRef,
};

/// Aliases and projections nested deeper are taken for endless.
pub(super) const MAX_DEPTH: u32 = 24;
/// What following a bound or a parameter's default costs of that depth. `T: Trait<T::Assoc>` leads from a bound to
/// itself, once for each time that it is written, so that few rounds must do.
const BOUND_DEPTH: u32 = 6;

/// Names that a block declares or imports.
#[derive(Debug, Default)]
pub(super) struct BlockScope {
    pub(super) names: FxHashMap<Name, BlockName>,
    pub(super) globs: Vec<Def>,
    /// Traits imported as `_`.
    pub(super) unnamed: Vec<DefId>,
}

/// What a name declared in a block means.
#[derive(Debug, Clone, Copy)]
pub(super) enum BlockName {
    /// An item of the block, in these namespaces.
    Own { types: bool, values: bool },
    /// An import; whether a macro's body made it by `$crate`.
    Import(PerNs, bool),
}

/// Where names and types are read: a module, the generics and `Self` around, blocks outermost first.
#[derive(Clone)]
pub(super) struct Cx<'b> {
    pub(super) module: ModuleId,
    /// The function (or type) and the `impl` or trait around it.
    pub(super) generics: [Option<DefId>; 2],
    pub(super) self_ty: Option<Ty>,
    pub(super) blocks: &'b [BlockScope],
    pub(super) depth: u32,
}

impl Cx<'_> {
    pub(super) fn deeper(&self) -> Option<Self> {
        (self.depth < MAX_DEPTH).then(|| Cx { depth: self.depth + 1, ..self.clone() })
    }
}

/// What the head of an `impl`'s self type is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Head {
    Adt(DefId),
    Ext(Name),
    Trait(DefId),
    Tuple,
    /// `impl<T> Trait for T`.
    Blanket,
}

/// An `impl` block.
#[derive(Debug)]
pub(super) struct ImplData {
    pub(super) def: DefId,
    pub(super) self_ty: Ty,
    pub(super) trait_ref: Option<TraitRef>,
}

/// A function's types.
#[derive(Debug)]
pub(super) struct Sig {
    pub(super) has_self: bool,
    pub(super) params: Vec<Ty>,
    pub(super) ret: Ty,
}

/// Types of everything, made when asked for.
pub(super) struct Types<'w, 'a> {
    pub(super) world: &'w World<'a>,
    pub(super) impls: Vec<ImplData>,
    pub(super) impl_of: FxHashMap<DefId, usize>,
    pub(super) by_head: FxHashMap<Head, Vec<usize>>,
    pub(super) inherent: FxHashMap<(Head, Name), Vec<DefId>>,
    pub(super) in_trait_impls: FxHashMap<(Head, Name), Vec<DefId>>,
    pub(super) in_traits: FxHashMap<(DefId, Name), DefId>,
    /// Names of what `impl<T> Trait for T` gives to every type, by itself or by its trait.
    pub(super) blanket: FxHashSet<Name>,
    /// Methods (functions with `self`) by name.
    pub(super) methods: FxHashMap<Name, Vec<DefId>>,
    pub(super) sigs: IdVec<DefId, OnceLock<Arc<Sig>>>,
    pub(super) fields: IdVec<DefId, OnceLock<Arc<[Ty]>>>,
    pub(super) rules: FxHashMap<DefId, OnceLock<Option<MacroRules>>>,
    /// Traits of the repository in each module's scope, sorted.
    pub(super) traits: IdVec<ModuleId, Vec<DefId>>,
}

impl<'w, 'a> Types<'w, 'a> {
    pub(super) fn new(world: &'w World<'a>) -> Self {
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
            methods: FxHashMap::default(),
            sigs: world.defs.iter().map(|_| OnceLock::new()).collect(),
            fields: world.defs.iter().map(|_| OnceLock::new()).collect(),
            traits: IdVec::new(),
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
            let self_ty = self.lower(&cx, tree, imp.self_ty);
            let with_self = Cx { self_ty: Some(self_ty.clone()), ..cx };
            let trait_ref = imp.trait_path.and_then(|p| self.trait_ref(&with_self, tree, p));
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
    pub(super) fn rules(&self, def: DefId) -> Option<&MacroRules> {
        let rules = self.rules.get(&def)?.get_or_init(|| match &self.world.node(def).kind {
            NodeKind::Macro(rules) => {
                let tree = self.world.tree(self.world.defs[def].tree);
                MacroRules::parse(tree.tokens(*rules))
            }
            _ => None,
        });
        rules.as_ref()
    }

    /// The `impl` that an associated item stands in.
    pub(super) fn impl_around(&self, def: DefId) -> Option<&ImplData> {
        self.impl_of.get(&def).map(|&i| &self.impls[i])
    }

    /// Where the names in a definition are read.
    pub(super) fn cx_of(&self, def: DefId) -> Cx<'static> {
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
    pub(super) fn adt(&self, def: DefId) -> Ty {
        Ty::Adt(def, self.own_params(def))
    }

    pub(super) fn generics(&self, def: DefId) -> Option<&Generics> {
        self.world.node(def).generics.as_deref()
    }

    pub(super) fn own_params(&self, def: DefId) -> Args {
        let params = self.generics(def).map(|g| &g.types[..]).unwrap_or_default();
        params.iter().map(|p| Ty::Param(def, p.name)).collect()
    }

    /// A path as far as modules go, blocks of the body first.
    pub(super) fn walk(&self, cx: &Cx<'_>, names: &[Name], global: bool, ns: Ns) -> Option<Walk> {
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
                        return Some(self.world.walk_on(Walk::begun(*found, 1, *hidden), names));
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
                        return Some(self.world.walk_on(Walk::begun(found, 1, false), names));
                    }
                }
            }
        }
        Some(self.world.walk(cx.module, names, global, false))
    }

    /// The generic parameter of this name around here.
    pub(super) fn param(&self, cx: &Cx<'_>, name: Name) -> Option<Ty> {
        cx.generics.iter().flatten().find_map(|def| {
            let generics = self.generics(*def)?;
            generics.types.iter().any(|p| p.name == name).then_some(Ty::Param(*def, name))
        })
    }

    pub(super) fn lower(&self, cx: &Cx<'_>, tree: &ItemTree, id: TypeId) -> Ty {
        let list = |ids: &[TypeId]| -> Vec<Ty> { ids.iter().map(|t| self.lower(cx, tree, *t)).collect() };
        match &tree[id] {
            TypeRef::Path(path) => self.path_ty(cx, tree, *path),
            TypeRef::Ref(inner) | TypeRef::Ptr(inner) => self.lower(cx, tree, *inner),
            TypeRef::Slice(inner) | TypeRef::Array(inner, _) => Ty::ext("[]", [self.lower(cx, tree, *inner)]),
            TypeRef::Tuple(items) => Ty::Tuple(list(items).into()),
            TypeRef::Fn(params, ret) => {
                let ret = ret.map_or_else(Ty::unit, |r| self.lower(cx, tree, r));
                Ty::Fn(Arc::new(FnTy { params: list(params), ret }))
            }
            TypeRef::Impl(bounds) | TypeRef::Dyn(bounds) => {
                Ty::Bounds(bounds.iter().filter_map(|b| self.trait_ref(cx, tree, *b)).collect())
            }
            TypeRef::Macro(_) | TypeRef::Never | TypeRef::Infer => Ty::Unknown,
        }
    }

    /// A trait used as a bound.
    pub(super) fn trait_ref(&self, cx: &Cx<'_>, tree: &ItemTree, path: PathId) -> Option<TraitRef> {
        let path = &tree[path];
        let names: Vec<Name> = path.segments.iter().map(|s| s.name).collect();
        let walk = self.walk(cx, &names, path.global, Ns::Types)?;
        let def = if walk.used == names.len() { walk.found.get(Ns::Types) } else { None };
        let def = def.unwrap_or_else(|| Def::Ext(*names.last().unwrap_or(&NAMES.empty)));
        let args = path.segments.last().and_then(|s| s.args.as_deref());
        let (args, bindings) = match args {
            Some(args) => (
                self.lower_args(cx, tree, args),
                args.bindings.iter().map(|(n, t)| (*n, self.lower(cx, tree, *t))).collect(),
            ),
            None => (Args::default(), Shared::default()),
        };
        Some(TraitRef { def, args, bindings })
    }

    pub(super) fn lower_args(&self, cx: &Cx<'_>, tree: &ItemTree, args: &GenericArgs) -> Args {
        args.types.iter().map(|t| self.lower(cx, tree, *t)).collect()
    }

    fn path_ty(&self, cx: &Cx<'_>, tree: &ItemTree, id: PathId) -> Ty {
        let Some(cx) = &cx.deeper() else { return Ty::Unknown };
        let path = &tree[id];
        if let Some((qself, _)) = path.qself {
            let base = self.lower(cx, tree, qself);
            let name = path.segments.last().map_or(NAMES.empty, |s| s.name);
            return self.project(cx, base, name);
        }
        self.path_ty_from(cx, tree, path)
    }

    fn path_ty_from(&self, cx: &Cx<'_>, tree: &ItemTree, path: &Path) -> Ty {
        let first = path.segments[0].name;
        let start = if path.global {
            None
        } else if first == NAMES.self_type {
            Some(cx.self_ty.clone().unwrap_or(Ty::Unknown))
        } else {
            self.param(cx, first)
        };
        let (mut ty, used) = match start {
            Some(ty) => (ty, 1),
            None => {
                let names: Vec<Name> = path.segments.iter().map(|s| s.name).collect();
                let Some(walk) = self.walk(cx, &names, path.global, Ns::Types) else { return Ty::Local };
                let Some(def) = walk.found.get(Ns::Types) else { return Ty::Unknown };
                if walk.used == 0 {
                    return Ty::Unknown;
                }
                let args = path.segments[walk.used - 1].args.as_deref();
                (self.def_ty(cx, def, args.map(|a| self.lower_args(cx, tree, a))), walk.used)
            }
        };
        for segment in &path.segments[used..] {
            ty = self.project(cx, ty, segment.name);
        }
        ty
    }

    /// The type that a definition names, with these arguments.
    pub(super) fn def_ty(&self, cx: &Cx<'_>, def: Def, args: Option<Args>) -> Ty {
        match def {
            Def::Prim(name) => Ty::Ext(name, Args::default()),
            Def::Ext(name) => Ty::Ext(name, args.unwrap_or_default()),
            Def::Variant(def, _) => self.with_args(cx, def, args),
            Def::Item(id) => match self.world.defs[id].kind {
                DefKind::Struct | DefKind::Enum | DefKind::Union => self.with_args(cx, id, args),
                DefKind::TypeAlias => self.alias(cx, id, args),
                DefKind::Trait => Ty::Bounds(Arc::new([TraitRef {
                    def,
                    args: args.unwrap_or_default(),
                    bindings: Shared::default(),
                }])),
                _ => Ty::Unknown,
            },
            Def::Module(_) => Ty::Unknown,
        }
    }

    /// An ADT with arguments; missing ones are unknown (or what the default says).
    fn with_args(&self, cx: &Cx<'_>, def: DefId, args: Option<Args>) -> Ty {
        Ty::Adt(def, self.with_defaults(cx, def, args).into())
    }

    fn with_defaults(&self, cx: &Cx<'_>, def: DefId, args: Option<Args>) -> Vec<Ty> {
        let params = self.generics(def).map(|g| &g.types[..]).unwrap_or_default();
        let given = args.unwrap_or_default();
        let mut all: Vec<Ty> = given.iter().take(params.len()).cloned().collect();
        for param in &params[all.len()..] {
            let default = param.default.map(|ty| {
                let cx = Cx { depth: bound_depth(cx), ..self.cx_without_self(def) };
                self.lower(&cx, self.world.tree(self.world.defs[def].tree), ty)
            });
            all.push(default.filter(|t| !matches!(t, Ty::Param(..))).unwrap_or(Ty::Unknown));
        }
        all
    }

    pub(super) fn cx_without_self(&self, def: DefId) -> Cx<'static> {
        let module = self.world.defs[def].module;
        Cx { module, generics: [Some(def), None], self_ty: None, blocks: &[], depth: MAX_DEPTH / 2 }
    }

    fn alias(&self, cx: &Cx<'_>, id: DefId, args: Option<Args>) -> Ty {
        let NodeKind::TypeAlias(_, Some(ty)) = &self.world.node(id).kind else { return Ty::Unknown };
        let own = Cx { depth: cx.depth, ..self.cx_of(id) };
        let Some(own) = own.deeper() else { return Ty::Unknown };
        let ty = self.lower(&own, self.world.tree(self.world.defs[id].tree), *ty);
        let args = self.with_defaults(cx, id, args);
        self.forget(&self.bind_params(id, &args).apply(&ty), id)
    }

    /// Parameters of a definition bound to arguments, in order.
    pub(super) fn bind_params(&self, def: DefId, args: &[Ty]) -> Subst {
        let mut subst = Subst::default();
        let params = self.generics(def).map(|g| &g.types[..]).unwrap_or_default();
        for (param, arg) in params.iter().zip(args) {
            subst.bind(def, param.name, arg.clone());
        }
        subst
    }

    /// The type with parameters of `owner` that are still there made unknown.
    pub(super) fn forget(&self, ty: &Ty, owner: DefId) -> Ty {
        match ty {
            Ty::Param(def, _) if *def == owner => Ty::Unknown,
            _ => ty.map(&mut |t| self.forget(t, owner)),
        }
    }

    /// A member of a trait, its supertraits included.
    pub(super) fn in_trait(&self, def: DefId, name: Name, depth: u32) -> Option<DefId> {
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
    pub(super) fn in_trait_itself(&self, def: DefId, name: Name) -> Option<DefId> {
        self.in_traits.get(&(def, name)).copied()
    }

    /// Whether a trait is in scope, so that its methods can be called.
    pub(super) fn trait_in_scope(&self, cx: &Cx<'_>, def: DefId) -> bool {
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

    pub(super) fn inherent(&self, head: Head, name: Name) -> &[DefId] {
        self.inherent.get(&(head, name)).map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn in_trait_impls(&self, head: Head, name: Name) -> &[DefId] {
        self.in_trait_impls.get(&(head, name)).map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn impls_of(&self, head: Head) -> impl Iterator<Item = &ImplData> {
        self.by_head.get(&head).into_iter().flatten().map(|&i| &self.impls[i])
    }

    pub(super) fn sig(&self, def: DefId) -> Option<Arc<Sig>> {
        let NodeKind::Fn(node) = &self.world.node(def).kind else { return None };
        let sig = self.sigs[def].get_or_init(|| {
            let cx = self.cx_of(def);
            let tree = self.world.tree(self.world.defs[def].tree);
            let params = node.params.iter().map(|(_, ty)| self.lower(&cx, tree, *ty)).collect();
            let ret = node.ret.map_or_else(Ty::unit, |r| self.lower(&cx, tree, r));
            let ret = if node.is_async { Ty::ext("Future", [ret]) } else { ret };
            Arc::new(Sig { has_self: node.has_self, params, ret })
        });
        Some(sig.clone())
    }

    /// Types of a struct's or union's fields; of an enum's, one variant after the other.
    pub(super) fn field_types(&self, def: DefId) -> Arc<[Ty]> {
        let types = self.fields[def].get_or_init(|| {
            let cx = self.cx_of(def);
            let tree = self.world.tree(self.world.defs[def].tree);
            let all: Vec<&FieldNode> = match &self.world.node(def).kind {
                NodeKind::Struct(fields) | NodeKind::Union(fields) => fields.iter().collect(),
                NodeKind::Enum(variants) => variants.iter().flat_map(|v| &v.fields).collect(),
                _ => Vec::new(),
            };
            all.into_iter().map(|f| self.lower(&cx, tree, f.ty)).collect()
        });
        types.clone()
    }

    /// Types of the fields of a struct or variant, in terms of its own parameters.
    pub(super) fn raw_fields(&self, def: DefId, variant: Option<u32>) -> Vec<Ty> {
        let all = self.field_types(def);
        let (start, len) = match (&self.world.node(def).kind, variant) {
            (NodeKind::Struct(fields) | NodeKind::Union(fields), _) => (0, fields.len()),
            (NodeKind::Enum(variants), Some(index)) => {
                let index = index as usize;
                let start = variants.iter().take(index).map(|v| v.fields.len()).sum();
                (start, variants.get(index).map_or(0, |v| v.fields.len()))
            }
            _ => (0, 0),
        };
        all.get(start..start + len).map(<[Ty]>::to_vec).unwrap_or_default()
    }

    /// The type of one field in terms of its type's own parameters.
    pub(super) fn raw_field(&self, def: DefId, variant: Option<u32>, name: Name) -> Option<Ty> {
        self.field_ty(def, variant, name)
    }

    /// The type of a field, for a value of type `Adt(def, args)`; `variant` for an enum's.
    pub(super) fn field(&self, def: DefId, args: &[Ty], variant: Option<u32>, name: Name) -> Option<Ty> {
        let ty = self.field_ty(def, variant, name)?;
        let inside = matches!(args, [Ty::Param(owner, _), ..] if *owner == def);
        if inside {
            return Some(ty);
        }
        Some(self.forget(&self.bind_params(def, args).apply(&ty), def))
    }

    fn field_ty(&self, def: DefId, variant: Option<u32>, name: Name) -> Option<Ty> {
        let mut base = 0;
        let fields: &[FieldNode] = match (&self.world.node(def).kind, variant) {
            (NodeKind::Struct(fields) | NodeKind::Union(fields), _) => fields,
            (NodeKind::Enum(variants), Some(index)) => {
                let index = index as usize;
                base = variants.iter().take(index).map(|v| v.fields.len()).sum();
                &variants.get(index)?.fields
            }
            _ => return None,
        };
        let position = fields.iter().position(|f| f.name == name)?;
        self.field_types(def).get(base + position).cloned()
    }

    /// The value of a constant or static.
    pub(super) fn value_ty(&self, def: DefId) -> Ty {
        let (NodeKind::Const(Some(ty), _) | NodeKind::Static(Some(ty), _)) = &self.world.node(def).kind
        else {
            return Ty::Unknown;
        };
        self.lower(&self.cx_of(def), self.world.tree(self.world.defs[def].tree), *ty)
    }

    /// Binds the parameters in `pattern` so that it becomes `ty`, as far as they fit.
    pub(super) fn unify(&self, pattern: &Ty, ty: &Ty, subst: &mut Subst) {
        match (pattern, ty) {
            (_, Ty::Unknown) => {}
            (Ty::Param(owner, name), _) => subst.bind(*owner, *name, ty.clone()),
            (Ty::Adt(a, x), Ty::Adt(b, y)) if a == b => {
                x.iter().zip(y.iter()).for_each(|(x, y)| self.unify(x, y, subst));
            }
            (Ty::Ext(a, x), Ty::Ext(b, y)) if a == b => {
                x.iter().zip(y.iter()).for_each(|(x, y)| self.unify(x, y, subst));
            }
            (Ty::Tuple(x), Ty::Tuple(y)) => x.iter().zip(y.iter()).for_each(|(x, y)| self.unify(x, y, subst)),
            (Ty::Fn(a), Ty::Fn(b)) => {
                a.params.iter().zip(&b.params).for_each(|(x, y)| self.unify(x, y, subst));
                self.unify(&a.ret, &b.ret, subst);
            }
            (Ty::Bounds(bounds), Ty::Fn(fun)) => {
                for (_, ret) in bounds.iter().filter_map(TraitRef::callable) {
                    self.unify(&ret, &fun.ret, subst);
                }
            }
            (Ty::Bounds(bounds), _) => {
                for bound in bounds.iter() {
                    if let Some(item) = bound.binding("Item") {
                        self.unify(item, &super::stdlib::element(ty), subst);
                    } else if let (Some(out), Ty::Ext(future, args)) = (bound.binding("Output"), ty)
                        && *future == "Future"
                        && let [result] = &args[..]
                    {
                        self.unify(out, result, subst);
                    } else if matches!(bound.def, Def::Ext(n) if n == "Into" || n == "AsRef")
                        && let [only] = &bound.args[..]
                    {
                        self.unify(only, ty, subst);
                    }
                }
            }
            (_, Ty::Ext(name, args)) if super::stdlib::is_pointer(name.as_str()) => {
                if let [inner, ..] = &args[..] {
                    self.unify(pattern, inner, subst);
                }
            }
            _ => {}
        }
    }
}

/// How deep a bound or a default met here is read.
pub(super) fn bound_depth(cx: &Cx<'_>) -> u32 {
    cx.depth.max(MAX_DEPTH / 2 - BOUND_DEPTH) + BOUND_DEPTH
}

fn traits_in_scope(world: &World<'_>) -> IdVec<ModuleId, Vec<DefId>> {
    let is_trait = |def: Option<Def>| match def {
        Some(Def::Item(id)) if world.defs[id].kind == DefKind::Trait => Some(id),
        _ => None,
    };
    let of_module = |module: &super::def::ModData| {
        let named = module.scope.values().filter_map(|entry| is_trait(entry.get(Ns::Types)));
        let mut traits: Vec<DefId> = named.chain(module.unnamed.iter().copied()).collect();
        traits.sort_unstable();
        traits.dedup();
        traits
    };
    world.modules.iter().map(of_module).collect()
}

/// Whether a written type is just this name.
pub(super) fn is_name(tree: &ItemTree, ty: TypeId, name: Name) -> bool {
    match &tree[ty] {
        TypeRef::Path(path) => {
            let path = &tree[*path];
            path.qself.is_none() && matches!(&path.segments[..], [only] if only.name == name)
        }
        _ => false,
    }
}

/// The head of a type, as `impl`s are looked up by.
pub(super) fn head(ty: &Ty) -> Option<Head> {
    match ty {
        Ty::Adt(def, _) => Some(Head::Adt(*def)),
        Ty::Ext(name, _) => Some(Head::Ext(*name)),
        Ty::Tuple(_) => Some(Head::Tuple),
        Ty::Bounds(bounds) => match bounds.first()?.def {
            Def::Item(def) => Some(Head::Trait(def)),
            Def::Ext(name) => Some(Head::Ext(name)),
            _ => None,
        },
        Ty::Param(..) => Some(Head::Blanket),
        Ty::Fn(_) => Some(Head::Ext(ustr("fn"))),
        Ty::Unknown | Ty::Proj(_) | Ty::Local => None,
    }
}

/// Whether an `impl`'s self type may be this type.
pub(super) fn compatible(pattern: &Ty, ty: &Ty) -> bool {
    match (pattern, ty) {
        (Ty::Unknown | Ty::Param(..) | Ty::Proj(_), _) | (_, Ty::Unknown | Ty::Param(..) | Ty::Proj(_)) => {
            true
        }
        (Ty::Adt(a, x), Ty::Adt(b, y)) => a == b && x.iter().zip(y.iter()).all(|(x, y)| compatible(x, y)),
        (Ty::Ext(a, x), Ty::Ext(b, y)) => a == b && x.iter().zip(y.iter()).all(|(x, y)| compatible(x, y)),
        (Ty::Tuple(x), Ty::Tuple(y)) => {
            x.len() == y.len() && x.iter().zip(y.iter()).all(|(x, y)| compatible(x, y))
        }
        (Ty::Bounds(_), Ty::Bounds(_)) | (Ty::Fn(_), Ty::Fn(_)) | (Ty::Local, Ty::Local) => true,
        _ => false,
    }
}
