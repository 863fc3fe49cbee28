//! From written types to [`Ty`].

use super::fuel;
use super::shared::{Shared, Weigh as _};
use super::table::{Cx, FEW_PARAMETERS, MAX_DEPTH, Types};
use super::ty::{Args, TraitRef, Ty};
use crate::parse::tree::{GenericArgs, ItemTree, Name, NodeKind, Path, PathId, TypeId, TypeRef};
use crate::resolve::names::def::{Def, DefId, DefKind, Ns};
use crate::resolve::names::path::NAMES;

/// What following a bound or a parameter's default costs of that depth. `T: Trait<T::Assoc>` leads from a bound to
/// itself, once for each time that it is written, so that few rounds must do.
const BOUND_DEPTH: u32 = 6;

impl Types<'_, '_> {
    /// The generic parameter of this name around here.
    pub(in crate::resolve) fn param(&self, cx: &Cx<'_>, name: Name) -> Option<Ty> {
        cx.generics.iter().flatten().find_map(|def| {
            let generics = self.generics(*def)?;
            let there = match generics.types.len() {
                0..=FEW_PARAMETERS => generics.types.iter().any(|p| p.name == name),
                _ => self.parameters.contains(&(*def, name)),
            };
            there.then_some(Ty::Param(*def, name))
        })
    }

    pub(in crate::resolve) fn lower(&self, cx: &Cx<'_>, tree: &ItemTree, id: TypeId) -> Ty {
        let list = |ids: &[TypeId]| -> Vec<Ty> { ids.iter().map(|t| self.lower(cx, tree, *t)).collect() };
        match &tree[id] {
            TypeRef::Path(path) => self.path_ty(cx, tree, *path),
            TypeRef::Ref(inner) | TypeRef::Ptr(inner) => self.lower(cx, tree, *inner),
            TypeRef::Slice(inner) | TypeRef::Array(inner, _) => Ty::ext("[]", [self.lower(cx, tree, *inner)]),
            TypeRef::Tuple(items) => Ty::Tuple(list(items).into()),
            TypeRef::Fn(params, ret) => {
                let ret = ret.map_or_else(Ty::unit, |r| self.lower(cx, tree, r));
                Ty::callable(list(params), ret)
            }
            TypeRef::Impl(bounds) | TypeRef::Dyn(bounds) => {
                Ty::Bounds(bounds.iter().filter_map(|b| self.trait_ref(cx, tree, *b)).collect())
            }
            TypeRef::Macro(_) | TypeRef::Never | TypeRef::Infer => Ty::Unknown,
        }
    }

    /// A trait used as a bound.
    pub(in crate::resolve) fn trait_ref(
        &self,
        cx: &Cx<'_>,
        tree: &ItemTree,
        path: PathId,
    ) -> Option<TraitRef> {
        let path = &tree[path];
        let names: Vec<Name> = path.segments.names();
        let walk = self.walk(cx, &names, path.global, Ns::Types)?;
        let def = if walk.used == names.len() { walk.found.get(Ns::Types) } else { None };
        let def = def.unwrap_or_else(|| Def::Ext(path.segments.last().name));
        let args = path.segments.last().args.as_deref();
        let (args, bindings) = match args {
            Some(args) => (
                self.lower_args(cx, tree, args),
                args.bindings.iter().map(|(n, t)| (*n, self.lower(cx, tree, *t))).collect(),
            ),
            None => (Args::default(), Shared::default()),
        };
        Some(TraitRef { def, args, bindings })
    }

    pub(in crate::resolve) fn lower_args(&self, cx: &Cx<'_>, tree: &ItemTree, args: &GenericArgs) -> Args {
        args.types.iter().map(|t| self.lower(cx, tree, *t)).collect()
    }

    fn path_ty(&self, cx: &Cx<'_>, tree: &ItemTree, id: PathId) -> Ty {
        let Some(cx) = &cx.deeper() else { return Ty::Unknown };
        let path = &tree[id];
        if let Some((qself, _)) = path.qself {
            let base = self.lower(cx, tree, qself);
            let name = path.segments.last().name;
            return self.project(cx, base, name);
        }
        self.path_ty_from(cx, tree, path)
    }

    fn path_ty_from(&self, cx: &Cx<'_>, tree: &ItemTree, path: &Path) -> Ty {
        let first = path.segments.first().name;
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
                let names: Vec<Name> = path.segments.names();
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
    pub(in crate::resolve) fn def_ty(&self, cx: &Cx<'_>, def: Def, args: Option<Args>) -> Ty {
        match def {
            Def::Prim(name) => Ty::Ext(name, Args::default()),
            Def::Ext(name) => Ty::Ext(name, args.unwrap_or_default()),
            Def::Variant(def, _) => self.with_args(cx, def, args),
            Def::Item(id) => match self.world.defs[id].kind {
                DefKind::Struct | DefKind::Enum | DefKind::Union => self.with_args(cx, id, args),
                DefKind::TypeAlias => self.alias(cx, id, args),
                DefKind::Trait => Ty::Bounds(Shared::from([TraitRef {
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

    pub(in crate::resolve) fn cx_without_self(&self, def: DefId) -> Cx<'static> {
        let module = self.world.defs[def].module;
        Cx { module, generics: [Some(def), None], self_ty: None, blocks: &[], depth: MAX_DEPTH / 2 }
    }

    fn alias(&self, cx: &Cx<'_>, id: DefId, args: Option<Args>) -> Ty {
        let NodeKind::TypeAlias(_, Some(ty)) = &self.world.node(id).kind else { return Ty::Unknown };
        let own = Cx { depth: cx.depth, ..self.cx_of(id) };
        let Some(own) = own.deeper() else { return Ty::Unknown };
        let ty = self.lower(&own, self.world.tree(self.world.defs[id].tree), *ty);
        fuel::spend(ty.weight());
        let args = self.with_defaults(cx, id, args);
        self.forget(&self.bind_params(id, &args).apply(&ty), id)
    }
}

/// How deep a bound or a default met here is read.
pub(in crate::resolve) fn bound_depth(cx: &Cx<'_>) -> u32 {
    cx.depth.max(MAX_DEPTH / 2 - BOUND_DEPTH) + BOUND_DEPTH
}

/// Whether a written type is just this name.
pub(in crate::resolve) fn is_name(tree: &ItemTree, ty: TypeId, name: Name) -> bool {
    match &tree[ty] {
        TypeRef::Path(path) => {
            let path = &tree[*path];
            path.qself.is_none() && matches!(&path.segments[..], [only] if only.name == name)
        }
        _ => false,
    }
}
