//! Walks one item: its header, signature and body, and notes every reference to another definition.

use super::def::{Def, DefId, DefKind, LegacyScope, Ns, PerNs};
use super::lookup::Found;
use super::model::{RefKind, UnresolvedCause, Visibility};
use super::path::{NAMES, Walk, crate_marker, marked_crate};
use super::ty::{Subst, Ty};
use super::types::{BlockName, BlockScope, Cx, Types};
use crate::ids::ModuleId;
use crate::parse::tree::{
    Block, Expr, ExprId, FieldNode, FnNode, GenericArgs, Generics, ItemTree, MacroArgs, MacroId, MacroPart,
    Name, Node, NodeId, NodeKind, PathId, TypeId, TypeRef, Vis,
};
use crate::parse::{Fragment, MacroRules, parse_fragment, parse_macro_arguments};

/// Macros in bodies may call macros; deeper is taken for endless.
const MAX_EXPANSION_DEPTH: u32 = 24;

/// A reference from the item being walked.
#[derive(Clone, Copy, Debug)]
pub(super) struct RawRef {
    pub(super) to: DefId,
    pub(super) line: u32,
    pub(super) kind: RefKind,
    pub(super) guess: bool,
    pub(super) restricted: bool,
}

/// A reference that was not followed.
#[derive(Clone, Debug)]
pub(super) struct RawUnresolved {
    pub(super) line: u32,
    pub(super) text: String,
    pub(super) cause: UnresolvedCause,
}

/// What a path means as a value or pattern.
pub(super) enum PathValue {
    /// A local variable.
    Local(Ty),
    /// A function of the repository.
    Fn(Found),
    /// A struct or variant of the repository, with the type it makes.
    Ctor(DefId, Option<u32>, Ty),
    /// A constant or static.
    Const(Ty),
    /// A type (of a struct literal or pattern).
    Type(Ty),
    /// Something outside: the type or module it belongs to, and its name.
    Ext(Ty, Name),
    /// Not known.
    Unknown,
}

/// Walks one item.
pub(super) struct Walker<'w, 'a, 't> {
    pub(super) types: &'t Types<'w, 'a>,
    pub(super) refs: Vec<RawRef>,
    pub(super) misses: Vec<RawUnresolved>,
    pub(super) external: usize,
    pub(super) locals: Vec<(Name, Ty)>,
    pub(super) returns: Ty,
    /// The type of the loop around, where a `break` can give one.
    pub(super) breaks: Option<Ty>,
    pub(super) generics: [Option<DefId>; 2],
    module: ModuleId,
    self_ty: Option<Ty>,
    blocks: Vec<BlockScope>,
    block_macros: Vec<(Name, MacroRules)>,
    legacy: LegacyScope,
    expansions: u32,
    /// Whether references out of macro bodies (by `$crate`) are being passed over.
    loose: bool,
}

impl<'w, 'a, 't> Walker<'w, 'a, 't> {
    pub(super) fn new(types: &'t Types<'w, 'a>, module: ModuleId, legacy: LegacyScope) -> Self {
        Walker {
            types,
            refs: Vec::new(),
            misses: Vec::new(),
            external: 0,
            locals: Vec::new(),
            returns: Ty::Unknown,
            breaks: None,
            generics: [None, None],
            module,
            self_ty: None,
            blocks: Vec::new(),
            block_macros: Vec::new(),
            legacy,
            expansions: 0,
            loose: false,
        }
    }

    pub(super) fn cx(&self) -> Cx<'_> {
        Cx {
            module: self.module,
            generics: self.generics,
            self_ty: self.self_ty.clone(),
            blocks: &self.blocks,
            depth: 0,
        }
    }

    /// Line 0 marks what a macro's body mentions: the macro refers to it, not who calls it.
    pub(super) fn refer(&mut self, to: DefId, line: u32, kind: RefKind) {
        if line == 0 {
            return;
        }
        let restricted = matches!(self.types.world.defs[to].vis, Visibility::Within(_));
        self.refs.push(RawRef { to, line, kind, guess: self.loose, restricted });
    }

    /// Refers to a field of a struct or variant.
    pub(super) fn refer_field(&mut self, to: DefId, name: Name, line: u32) {
        if line == 0 {
            return;
        }
        let restricted = match &self.types.world.node(to).kind {
            NodeKind::Struct(fields) | NodeKind::Union(fields) => {
                fields.iter().any(|f| f.name == name && f.vis != Vis::Public)
            }
            _ => false,
        };
        self.refs.push(RawRef { to, line, kind: RefKind::Field, guess: self.loose, restricted });
    }

    /// Whether code under these `cfg` predicates is compiled.
    pub(super) fn compiled(&self, cfgs: &[Name]) -> bool {
        cfgs.iter().all(|cfg| self.types.world.holds(self.module, *cfg))
    }

    pub(super) fn module_id(&self) -> ModuleId {
        self.module
    }

    /// Attributes of a whole file.
    pub(super) fn attributes(&mut self, t: &ItemTree, paths: &[PathId]) {
        for path in paths {
            self.path_only(t, *path, Ns::Macros);
        }
    }

    pub(super) fn unresolved(&mut self, text: &str, line: u32, cause: UnresolvedCause) {
        if line == 0 {
            return;
        }
        self.misses.push(RawUnresolved { line, text: text.to_owned(), cause });
    }

    /// How much has been noted, to take it back.
    pub(super) fn mark(&self) -> (usize, usize, usize) {
        (self.refs.len(), self.misses.len(), self.external)
    }

    pub(super) fn reset(&mut self, mark: (usize, usize, usize)) {
        self.refs.truncate(mark.0);
        self.misses.truncate(mark.1);
        self.external = mark.2;
    }

    /// Walks a definition at module level, everything inside it included.
    pub(super) fn definition(&mut self, def: DefId) {
        let data = &self.types.world.defs[def];
        let tree = self.types.world.tree(data.tree).clone();
        let cx = self.types.cx_of(def);
        (self.generics, self.self_ty) = (cx.generics, cx.self_ty);
        if data.parent.is_some() {
            // Associated items see the generics of the function and of what is around it.
            self.generics = [Some(def), data.parent];
        }
        self.node(&tree, &tree[data.node]);
    }

    fn node(&mut self, t: &ItemTree, node: &Node) {
        for path in &node.attributes {
            self.path_only(t, *path, Ns::Macros);
        }
        if let Some(generics) = &node.generics {
            self.generics_of(t, generics);
        }
        match &node.kind {
            NodeKind::Fn(f) => self.function(t, f),
            NodeKind::Struct(fields) | NodeKind::Union(fields) => self.fields(t, fields),
            NodeKind::Enum(variants) => {
                for variant in variants {
                    if !self.compiled(&variant.cfgs) {
                        continue;
                    }
                    self.fields(t, &variant.fields);
                    if let Some(e) = variant.discriminant {
                        self.expr(t, e, &Ty::Unknown);
                    }
                }
            }
            NodeKind::Trait(supers, _) => self.bounds(t, supers, RefKind::Impl),
            NodeKind::Impl(imp) => {
                let mark = self.refs.len();
                self.type_ref(t, imp.self_ty);
                if let Some(path) = imp.trait_path {
                    self.path_only(t, path, Ns::Types);
                }
                for r in &mut self.refs[mark..] {
                    r.kind = RefKind::Impl;
                }
            }
            NodeKind::TypeAlias(bounds, ty) => {
                self.bounds(t, bounds, RefKind::Type);
                if let Some(ty) = ty {
                    self.type_ref(t, *ty);
                }
            }
            NodeKind::Const(ty, value) | NodeKind::Static(ty, value) => {
                let declared = ty.map_or(Ty::Unknown, |ty| self.type_ref(t, ty));
                if let Some(value) = value {
                    self.expr(t, *value, &declared);
                }
            }
            NodeKind::Macro(_)
            | NodeKind::Module(_)
            | NodeKind::Use(_)
            | NodeKind::ExternCrate(_)
            | NodeKind::Call(_) => {}
        }
    }

    fn generics_of(&mut self, t: &ItemTree, generics: &Generics) {
        for param in &generics.types {
            self.bounds(t, &param.bounds, RefKind::Type);
            if let Some(default) = param.default {
                self.type_ref(t, default);
            }
        }
        for (_, ty) in &generics.consts {
            self.type_ref(t, *ty);
        }
        for (ty, bounds) in &generics.wheres {
            self.type_ref(t, *ty);
            self.bounds(t, bounds, RefKind::Type);
        }
    }

    fn bounds(&mut self, t: &ItemTree, bounds: &[PathId], kind: RefKind) {
        let mark = self.refs.len();
        for path in bounds {
            self.path_only(t, *path, Ns::Types);
        }
        if kind != RefKind::Type {
            for r in &mut self.refs[mark..] {
                r.kind = kind;
            }
        }
    }

    fn fields(&mut self, t: &ItemTree, fields: &[FieldNode]) {
        for field in fields {
            if !self.compiled(&field.cfgs) {
                continue;
            }
            self.type_ref(t, field.ty);
            for path in &field.attributes {
                self.path_only(t, *path, Ns::Macros);
            }
        }
    }

    pub(super) fn function(&mut self, t: &ItemTree, f: &FnNode) {
        let mark = self.locals.len();
        let params: Vec<Ty> = f.params.iter().map(|(_, ty)| self.type_ref(t, *ty)).collect();
        let ret = f.ret.map_or_else(Ty::unit, |ty| self.type_ref(t, ty));
        for ((pat, _), ty) in f.params.iter().zip(&params) {
            self.bind(t, *pat, ty);
        }
        let saved = std::mem::replace(&mut self.returns, ret.clone());
        let breaks = self.breaks.take();
        if let Some(body) = f.body {
            self.expr(t, body, &ret);
        }
        self.breaks = breaks;
        self.returns = saved;
        self.locals.truncate(mark);
    }

    /// A written type: everything it names is referred to.
    pub(super) fn type_ref(&mut self, t: &ItemTree, id: TypeId) -> Ty {
        self.note_type(t, id);
        self.types.lower(&self.cx(), t, id)
    }

    fn note_type(&mut self, t: &ItemTree, id: TypeId) {
        match &t[id] {
            TypeRef::Path(path) => self.path_only(t, *path, Ns::Types),
            TypeRef::Ref(inner) | TypeRef::Ptr(inner) | TypeRef::Slice(inner) => self.note_type(t, *inner),
            TypeRef::Array(inner, len) => {
                self.note_type(t, *inner);
                self.expr(t, *len, &Ty::Unknown);
            }
            TypeRef::Tuple(items) => items.iter().for_each(|i| self.note_type(t, *i)),
            TypeRef::Fn(params, ret) => params.iter().chain(ret).for_each(|i| self.note_type(t, *i)),
            TypeRef::Impl(bounds) | TypeRef::Dyn(bounds) => self.bounds(t, bounds, RefKind::Type),
            TypeRef::Macro(call) => {
                self.macro_call(t, *call, &Ty::Unknown);
            }
            TypeRef::Never | TypeRef::Infer => {}
        }
    }

    pub(super) fn generic_args(&mut self, t: &ItemTree, args: &GenericArgs) {
        for ty in args.types.iter().chain(args.bindings.iter().map(|(_, ty)| ty)) {
            self.note_type(t, *ty);
        }
        for e in &args.consts {
            self.expr(t, *e, &Ty::Unknown);
        }
        self.bounds(t, &args.bounds, RefKind::Type);
    }

    /// Notes what a path refers to.
    fn path_only(&mut self, t: &ItemTree, id: PathId, ns: Ns) {
        let mark = self.refs.len();
        self.path(t, id, ns);
        if ns == Ns::Macros {
            // Derives and attributes are functions where they are defined, and called as macros.
            self.refs[mark..].iter_mut().for_each(|r| r.kind = RefKind::Macro);
        }
    }

    /// Notes what a path refers to; what it means.
    pub(super) fn path(&mut self, t: &ItemTree, id: PathId, ns: Ns) -> PathValue {
        let path = &t[id];
        for segment in &path.segments {
            if let Some(args) = &segment.args {
                self.generic_args(t, args);
            }
        }
        if let Some((qself, position)) = path.qself {
            let mark = self.mark();
            let value = self.qualified(t, id, qself, position, ns);
            if path.segments.first().is_some_and(|s| marked_crate(s.name).is_some()) {
                self.reset(mark);
            }
            return value;
        }
        let n = &*NAMES;
        let Some(first) = path.segments.first().map(|s| s.name) else { return PathValue::Unknown };
        if !path.global {
            if ns == Ns::Values
                && path.segments.len() == 1
                && let Some((_, ty)) = self.locals.iter().rev().find(|(name, _)| *name == first)
            {
                return PathValue::Local(ty.clone());
            }
            let start = if first == n.self_type {
                Some(self.self_ty.clone().unwrap_or(Ty::Unknown))
            } else {
                self.types.param(&self.cx(), first)
            };
            if let Some(ty) = start {
                return self.rest_of_path(t, id, ty, 1, ns);
            }
            if self.is_const_param(first) {
                return PathValue::Const(Ty::Unknown);
            }
        }
        let names: Vec<Name> = path.segments.iter().map(|s| s.name).collect();
        let Some(walk) = self.types.walk(&self.cx(), &names, path.global, ns) else {
            return PathValue::Type(Ty::Local);
        };
        self.walked(t, id, &walk, &names, ns)
    }

    fn is_const_param(&self, name: Name) -> bool {
        self.generics.iter().flatten().any(|def| {
            self.types.generics(*def).is_some_and(|g| g.consts.iter().any(|(own, _)| *own == name))
        })
    }

    /// `<T as Trait>::name`.
    fn qualified(&mut self, t: &ItemTree, id: PathId, qself: TypeId, position: u8, ns: Ns) -> PathValue {
        let ty = self.type_ref(t, qself);
        let path = &t[id];
        let position = usize::from(position);
        if position > 0 {
            let names: Vec<Name> =
                path.segments[..position.min(path.segments.len())].iter().map(|s| s.name).collect();
            if let Some(walk) = self.types.walk(&self.cx(), &names, path.global, Ns::Types) {
                if !walk.hidden {
                    self.note_walk(&walk, path.line, Ns::Types, names.len());
                }
                if let (Some(Def::Item(trait_def)), Some(last)) =
                    (walk.found.get(Ns::Types), path.segments.get(position))
                    && walk.used == names.len()
                {
                    // The impl's when the type is known, else the trait's.
                    let own = self.types.member_of_trait(&ty, trait_def, last.name);
                    let found = own.or_else(|| {
                        let def = self.types.in_trait(trait_def, last.name, 0)?;
                        let mut subst = Subst::default();
                        subst.bind(trait_def, NAMES.self_type, ty.clone());
                        Some(Found { def, subst })
                    });
                    return found.map_or(PathValue::Unknown, |f| self.member_value(f, path.line));
                }
                if walk.found.get(Ns::Types).is_some()
                    && let (Some(last), Some(_)) =
                        (path.segments.get(position), path.segments.get(position - 1))
                {
                    let cx = self.cx();
                    if let Some(found) = self.types.member(&cx, &ty, last.name, false) {
                        return self.member_value(found, path.line);
                    }
                    return PathValue::Ext(ty, last.name);
                }
            }
            return PathValue::Unknown;
        }
        self.rest_of_path(t, id, ty, 0, ns)
    }

    /// The segments of a path after the type that its first ones name.
    fn rest_of_path(&mut self, t: &ItemTree, id: PathId, mut ty: Ty, used: usize, ns: Ns) -> PathValue {
        let path = &t[id];
        let rest = &path.segments[used.min(path.segments.len())..];
        let Some((last, between)) = rest.split_last() else {
            return match (&ty, ns) {
                (Ty::Adt(def, _), Ns::Values) => PathValue::Ctor(*def, None, ty),
                _ => PathValue::Type(ty),
            };
        };
        let cx = self.cx();
        for segment in between {
            ty = self.types.project(&cx, ty, segment.name);
        }
        let ty = self.types.normalize(&cx, &ty);
        if let Ty::Adt(def, _) = &ty
            && let Some(Def::Variant(def, index)) = self.types.world.variant(*def, last.name)
        {
            self.refer(def, path.line, RefKind::Type);
            return PathValue::Ctor(def, Some(index), ty);
        }
        if let Some(found) = self.types.member(&cx, &ty, last.name, false) {
            return self.member_value(found, path.line);
        }
        match &ty {
            Ty::Adt(..) => {
                // Derived or implemented for it elsewhere: these make the type itself.
                let name = last.name.as_str();
                let same = matches!(
                    name,
                    "default" | "from" | "new" | "clone" | "from_iter" | "max_value" | "min_value"
                );
                let fallible =
                    matches!(name, "from_str" | "try_from" | "try_parse" | "parse_from" | "deserialize");
                if same {
                    PathValue::Ext(Ty::ext("Self", [ty]), last.name)
                } else if fallible {
                    PathValue::Ext(Ty::ext("TrySelf", [ty]), last.name)
                } else if let Some(target) = self.types.deref(&self.cx(), &ty)
                    && let Some(found) = self.types.member(&self.cx(), &target, last.name, false)
                {
                    self.member_value(found, path.line)
                } else {
                    PathValue::Unknown
                }
            }
            Ty::Ext(..) => PathValue::Ext(ty, last.name),
            Ty::Param(..) | Ty::Bounds(_) | Ty::Proj(_) if ns == Ns::Types => {
                PathValue::Type(self.types.project(&self.cx(), ty, last.name))
            }
            Ty::Param(..) if matches!(last.name.as_str(), "default" | "from" | "new") => {
                PathValue::Ext(Ty::ext("Self", [ty]), last.name)
            }
            _ => PathValue::Unknown,
        }
    }

    fn member_value(&mut self, found: Found, line: u32) -> PathValue {
        let world = self.types.world;
        match world.defs[found.def].kind {
            DefKind::Fn => {
                self.refer(found.def, line, RefKind::Call);
                PathValue::Fn(found)
            }
            DefKind::Const => {
                self.refer(found.def, line, RefKind::Value);
                PathValue::Const(found.subst.apply(&self.types.value_ty(found.def)))
            }
            _ => {
                self.refer(found.def, line, RefKind::Type);
                PathValue::Unknown
            }
        }
    }

    /// Notes the items that a walk met.
    pub(super) fn note_walk(&mut self, walk: &Walk, line: u32, ns: Ns, len: usize) {
        for (_, def) in &walk.visited {
            self.note_def(*def, line);
        }
        if walk.used == 0 {
            return;
        }
        let ns = if walk.used == len { ns } else { Ns::Types };
        let def = walk.found.get(ns).or_else(|| walk.found.defs().next());
        if let Some(def) = def {
            self.note_def(def, line);
        }
    }

    pub(super) fn note_def(&mut self, def: Def, line: u32) {
        match def {
            Def::Item(id) => {
                let kind = match self.types.world.defs[id].kind {
                    DefKind::Fn => RefKind::Call,
                    DefKind::Const | DefKind::Static => RefKind::Value,
                    DefKind::Macro => RefKind::Macro,
                    _ => RefKind::Type,
                };
                self.refer(id, line, kind);
            }
            Def::Variant(id, _) => self.refer(id, line, RefKind::Type),
            Def::Ext(_) => self.external += 1,
            Def::Module(_) | Def::Prim(_) => {}
        }
    }

    fn walked(&mut self, t: &ItemTree, id: PathId, walk: &Walk, names: &[Name], ns: Ns) -> PathValue {
        let path = &t[id];
        let from_macro = walk.hidden || names.first().is_some_and(|f| marked_crate(*f).is_some());
        let mark = self.mark();
        self.note_walk(walk, path.line, ns, names.len());
        if walk.found.is_none() || walk.used == 0 {
            if !self.loose {
                self.missing(names, path.line, ns, walk.used);
            }
            return PathValue::Unknown;
        }
        let value = self.walked_value(t, id, walk, names, ns);
        if from_macro {
            // What a macro's body names by `$crate` is the macro's own reference.
            self.reset(mark);
        }
        value
    }

    pub(super) fn missing(&mut self, names: &[Name], line: u32, ns: Ns, used: usize) {
        let world = self.types.world;
        if used == 0 && ns == Ns::Macros && names.len() == 1 {
            // Derives and attributes of crates that a glob brought in.
            return;
        }
        if world.modules[self.module].ext_glob && used == 0 {
            self.external += 1;
            return;
        }
        let cause = if used > 0 { UnresolvedCause::MissingInModule } else { UnresolvedCause::UnknownName };
        let text = names.iter().map(|n| n.as_str()).collect::<Vec<_>>().join("::");
        self.unresolved(&text, line, cause);
    }

    fn walked_value(&mut self, t: &ItemTree, id: PathId, walk: &Walk, names: &[Name], ns: Ns) -> PathValue {
        let path = &t[id];
        let cx = self.cx();
        let args_at = |i: usize| {
            path.segments.get(i).and_then(|s| s.args.as_deref()).map(|a| self.types.lower_args(&cx, t, a))
        };
        if walk.used < names.len() {
            let Some(def) = walk.found.get(Ns::Types) else { return PathValue::Unknown };
            let ty = self.types.def_ty(&cx, def, args_at(walk.used - 1));
            if let Def::Item(trait_def) = def
                && self.types.world.defs[trait_def].kind == DefKind::Trait
                && walk.used + 1 == names.len()
            {
                let found = self.types.in_trait(trait_def, names[walk.used], 0);
                let found = found.map(|def| Found { def, subst: Subst::default() });
                return found.map_or(PathValue::Unknown, |f| self.member_value(f, path.line));
            }
            return self.rest_of_path(t, id, ty, walk.used, ns);
        }
        let def = walk.found.get(ns).or_else(|| walk.found.defs().next());
        match def {
            Some(Def::Item(def)) => match self.types.world.defs[def].kind {
                DefKind::Fn => PathValue::Fn(Found { def, subst: Subst::default() }),
                DefKind::Const | DefKind::Static => PathValue::Const(self.types.value_ty(def)),
                DefKind::Struct | DefKind::Enum | DefKind::Union if ns == Ns::Values => PathValue::Ctor(
                    def,
                    None,
                    self.types.def_ty(&cx, Def::Item(def), args_at(names.len() - 1)),
                ),
                DefKind::Macro | DefKind::Impl => PathValue::Unknown,
                _ => match self.types.def_ty(&cx, Def::Item(def), args_at(names.len() - 1)) {
                    Ty::Adt(of, args) => PathValue::Ctor(of, None, Ty::Adt(of, args)),
                    other => PathValue::Type(other),
                },
            },
            Some(Def::Variant(def, index)) => {
                // `Enum::<T>::Variant` and `Enum::Variant::<T>` both give the enum's arguments.
                let args = args_at(names.len() - 1).or_else(|| names.len().checked_sub(2).and_then(args_at));
                PathValue::Ctor(def, Some(index), self.types.def_ty(&cx, Def::Item(def), args))
            }
            Some(Def::Ext(name)) => {
                let outer = names.len().checked_sub(2).map(|i| (names[i], args_at(i)));
                let qualifier =
                    outer.map_or(Ty::Unknown, |(n, args)| Ty::Ext(n, args.unwrap_or_else(|| [].into())));
                PathValue::Ext(qualifier, name)
            }
            Some(Def::Prim(_) | Def::Module(_)) | None => PathValue::Unknown,
        }
    }

    /// Opens a block's scope; how many scopes and macros to close again.
    pub(super) fn enter_block(&mut self, t: &ItemTree, block: &Block) -> (usize, usize) {
        let marks = (self.blocks.len(), self.block_macros.len());
        if block.items.is_empty() {
            return marks;
        }
        let items: Vec<NodeId> =
            block.items.iter().copied().filter(|id| self.compiled(&t[*id].cfgs)).collect();
        let mut scope = BlockScope::default();
        for &id in &items {
            self.declare(t, id, &mut scope);
        }
        self.blocks.push(scope);
        for &id in &items {
            if let NodeKind::Use(imports) = &t[id].kind {
                for import in imports {
                    self.block_import(import, marks.0);
                }
            }
        }
        for &id in &items {
            self.nested(t, id);
        }
        marks
    }

    pub(super) fn leave_block(&mut self, marks: (usize, usize)) {
        self.blocks.truncate(marks.0);
        self.block_macros.truncate(marks.1);
    }

    fn declare(&mut self, t: &ItemTree, id: NodeId, scope: &mut BlockScope) {
        let node = &t[id];
        match &node.kind {
            NodeKind::Macro(text) => {
                if let Some(rules) = MacroRules::parse(text) {
                    self.block_macros.push((node.name, rules));
                }
            }
            NodeKind::Use(_) | NodeKind::Impl(_) | NodeKind::Call(_) => {}
            NodeKind::Module(module) if node.name.is_empty() => {
                for &inner in module.content.as_deref().unwrap_or_default() {
                    self.declare(t, inner, scope);
                }
            }
            _ => {
                let values =
                    matches!(node.kind, NodeKind::Fn(_) | NodeKind::Const(..) | NodeKind::Static(..));
                let both = matches!(node.kind, NodeKind::Struct(_));
                let own = BlockName::Own { types: !values, values: values || both };
                scope.names.insert(node.name, own);
            }
        }
    }

    fn block_import(&mut self, import: &crate::parse::tree::Import, scope: usize) {
        let Some(walk) = self.types.walk(&self.cx(), &import.path, import.global, Ns::Types) else { return };
        let hidden = walk.hidden || import.path.first().is_some_and(|f| marked_crate(*f).is_some());
        let mark = self.refs.len();
        for (_, def) in &walk.visited {
            self.note_def(*def, import.line);
        }
        if walk.used < import.path.len() {
            self.missing(&import.path, import.line, Ns::Types, walk.used);
            return;
        }
        let mut last = None;
        for def in walk.found.defs() {
            if last != Some(def) {
                self.note_def(def, import.line);
            }
            last = Some(def);
        }
        if hidden {
            self.refs.truncate(mark);
        }
        for r in &mut self.refs[mark..] {
            r.kind = RefKind::Import;
        }
        let scope = &mut self.blocks[scope];
        if import.glob {
            scope.globs.extend(walk.found.get(Ns::Types));
        } else if import.alias == NAMES.underscore {
            if let Some(Def::Item(def)) = walk.found.get(Ns::Types) {
                scope.unnamed.push(def);
            }
        } else {
            let old = match scope.names.get(&import.alias) {
                Some(BlockName::Import(old, _)) => *old,
                Some(BlockName::Own { .. }) => return,
                None => PerNs::default(),
            };
            scope.names.insert(import.alias, BlockName::Import(walk.found.or(old), hidden));
        }
    }

    /// An item inside a body: it belongs to the item around it.
    fn nested(&mut self, t: &ItemTree, id: NodeId) {
        let node = &t[id];
        let mut scope = BlockScope::default();
        if let Some(generics) = &node.generics {
            for param in &generics.types {
                scope.names.insert(param.name, BlockName::Own { types: true, values: false });
            }
            for (name, _) in &generics.consts {
                scope.names.insert(*name, BlockName::Own { types: false, values: true });
            }
        }
        self.blocks.push(scope);
        let locals = std::mem::take(&mut self.locals);
        let saved = self.self_ty.clone();
        match &node.kind {
            NodeKind::Impl(imp) => {
                self.node(t, node);
                self.self_ty = Some(self.types.lower(&self.cx(), t, imp.self_ty));
                for &item in &imp.items {
                    self.nested(t, item);
                }
            }
            NodeKind::Trait(_, items) => {
                self.node(t, node);
                self.self_ty = Some(Ty::Local);
                for &item in items {
                    self.nested(t, item);
                }
            }
            NodeKind::Module(module) => {
                for &item in module.content.as_deref().unwrap_or_default() {
                    self.nested(t, item);
                }
            }
            NodeKind::Call(call) => {
                self.macro_call(t, *call, &Ty::Unknown);
            }
            _ => self.node(t, node),
        }
        self.self_ty = saved;
        self.locals = locals;
        self.blocks.pop();
    }

    /// What a macro call's name means.
    fn macro_def(&mut self, t: &ItemTree, id: MacroId) -> Option<Def> {
        let path = &t[t[id].path];
        let [.., last] = &path.segments[..] else { return None };
        let single = path.segments.len() == 1 && !path.global;
        let legacy = if single { self.types.world.legacy_macro(self.legacy, last.name) } else { None };
        legacy.map(Def::Item).or_else(|| {
            let names: Vec<Name> = path.segments.iter().map(|s| s.name).collect();
            let walk = self.types.walk(&self.cx(), &names, path.global, Ns::Macros)?;
            (walk.used == names.len()).then(|| walk.found.get(Ns::Macros))?
        })
    }

    /// Refers to the macro of a call whose arguments have been taken care of.
    pub(super) fn macro_name(&mut self, t: &ItemTree, id: MacroId) {
        let path = &t[t[id].path];
        let marked = path.segments.first().is_some_and(|s| marked_crate(s.name).is_some());
        if let (Some(Def::Item(def)), false) = (self.macro_def(t, id), marked) {
            self.refer(def, path.line, RefKind::Macro);
        }
    }

    /// A macro call: the macro is referred to, its expansion or its arguments are walked.
    pub(super) fn macro_call(&mut self, t: &ItemTree, id: MacroId, expected: &Ty) -> Ty {
        let call = &t[id];
        let path = &t[call.path];
        let Some(last) = path.segments.last() else { return Ty::Unknown };
        let name = last.name;
        if path.segments.len() == 1 {
            let own = self.block_macros.iter().rposition(|(own, _)| *own == name);
            if let Some(own) = own {
                let text = call.raw.as_deref().and_then(|raw| self.block_macros[own].1.expand(raw, "crate"));
                return self.expansion(t, id, text, path.line, expected);
            }
        }
        let def = self.macro_def(t, id);
        match def {
            Some(Def::Item(def)) => {
                self.macro_name(t, id);
                let krate = self.types.world.modules[self.types.world.defs[def].module].krate;
                let rules = self.types.rules(def);
                let raw = call.raw.as_deref();
                let text = if self.expansions < MAX_EXPANSION_DEPTH {
                    rules.zip(raw).and_then(|(rules, raw)| rules.expand(raw, &crate_marker(krate)))
                } else {
                    None
                };
                self.expansion(t, id, text, path.line, expected)
            }
            Some(_) => {
                self.external += 1;
                self.arguments(t, id, name, expected)
            }
            None => {
                if !self.types.world.modules[self.module].ext_glob {
                    self.unresolved(name.as_str(), path.line, UnresolvedCause::UnknownMacro);
                }
                self.arguments(t, id, name, expected)
            }
        }
    }

    fn expansion(&mut self, t: &ItemTree, id: MacroId, text: Option<String>, line: u32, expected: &Ty) -> Ty {
        let tree = text.and_then(|text| parse_fragment(&text, Fragment::Block, line));
        let Some(tree) = tree else { return self.arguments(t, id, NAMES.empty, expected) };
        let Some(last) = tree.exprs.len().checked_sub(1) else { return Ty::Unknown };
        let Expr::Block(block) = &tree[ExprId(u32::try_from(last).unwrap_or(u32::MAX))] else {
            return Ty::Unknown;
        };
        self.expansions += 1;
        // Variables that the expansion declares are visible after it, so that no scope is opened for them.
        // Imports and items of the expansion stay too, until the block around is left.
        self.enter_block(&tree, block);
        for stmt in &block.stmts {
            self.stmt(&tree, stmt);
        }
        let ty = block.tail.map_or_else(Ty::unit, |tail| self.expr(&tree, tail, expected));
        self.expansions -= 1;
        ty
    }

    /// Walks what a macro is given; the type of the macros that everybody knows.
    pub(super) fn arguments(&mut self, t: &ItemTree, id: MacroId, name: Name, expected: &Ty) -> Ty {
        let mut first = Ty::Unknown;
        match &t[id].args {
            MacroArgs::Empty => {}
            MacroArgs::Unread => {
                let call = &t[id];
                let path = &t[call.path];
                let own = path.segments.last().map_or("m", |s| s.name.as_str());
                let read = call
                    .raw
                    .as_deref()
                    .and_then(|raw| parse_macro_arguments(own, raw, path.line, self.expansions > 0));
                if let Some((tree, id)) = read {
                    return self.arguments(&tree, id, name, expected);
                }
            }
            MacroArgs::Items(items) => {
                for &item in items {
                    self.nested(t, item);
                }
            }
            MacroArgs::Block(block) => {
                first = self.block(t, block, &Ty::Unknown);
            }
            MacroArgs::Parts(parts) => {
                for (i, part) in parts.iter().enumerate() {
                    let ty = self.part(t, part, if name == "vec" { expected.arg(0) } else { Ty::Unknown });
                    if i == 0 {
                        first = ty;
                    }
                }
            }
        }
        match name.as_str() {
            "vec" => Ty::ext("Vec", [first]).or(expected.clone()),
            "format" => Ty::ext("String", []),
            "matches" => Ty::ext("bool", []),
            "write" | "writeln" => Ty::ext("Result", [Ty::unit(), Ty::Unknown]),
            "pin" => Ty::ext("Pin", [first]),
            "dbg" | "ready" => first,
            "try" => super::stdlib::tried(&first),
            _ => Ty::Unknown,
        }
    }

    fn part(&mut self, t: &ItemTree, part: &MacroPart, expected: Ty) -> Ty {
        match part {
            MacroPart::Expr(e) => self.expr(t, *e, &expected),
            MacroPart::Match(pat, value, body) => {
                let mark = self.locals.len();
                let ty = value.map_or(Ty::Unknown, |e| self.expr(t, e, &Ty::Unknown));
                self.bind(t, *pat, &ty);
                let ty = body.map_or(Ty::Unknown, |e| self.expr(t, e, &Ty::Unknown));
                self.locals.truncate(mark);
                ty
            }
            MacroPart::Type(ty) => {
                self.type_ref(t, *ty);
                Ty::Unknown
            }
            MacroPart::Loose(path) => {
                let saved = std::mem::replace(&mut self.loose, true);
                self.path_only(t, *path, Ns::Types);
                self.loose = saved;
                Ty::Unknown
            }
        }
    }
}
