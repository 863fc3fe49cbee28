//! Walks one item: its header, signature and body, and notes every reference to another definition.

use super::allowance::Allowance;
use super::members::needs_test;
use super::state::{Flags, Notes, RawRef, RawUnresolved, Scope, Spent};
use crate::ids::ModuleId;
use crate::parse::tree::{
    FieldNode, FnNode, GenericArgs, Generics, ItemTree, Name, Node, NodeKind, Pat, PathId, TypeId, TypeRef,
    Vis,
};
use crate::resolve::model::{RefKind, UnresolvedCause, Visibility};
use crate::resolve::names::def::{DefId, LegacyScope, Ns};
use crate::resolve::types::lookup::FoundMember;
use crate::resolve::types::table::{Cx, Types};
use crate::resolve::types::ty::Ty;

/// What a path means as a value or pattern.
pub(in crate::resolve) enum PathValue {
    /// A local variable.
    Local(Ty),
    /// A function of the repository.
    Fn(FoundMember),
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
pub(in crate::resolve) struct Walker<'w, 'a, 't> {
    pub(in crate::resolve) types: &'t Types<'w, 'a>,
    pub(in crate::resolve) notes: Notes,
    pub(in crate::resolve) scope: Scope,
    pub(in crate::resolve) flags: Flags,
    pub(in crate::resolve) spent: Spent,
}

impl<'w, 'a, 't> Walker<'w, 'a, 't> {
    pub(in crate::resolve) fn new(
        types: &'t Types<'w, 'a>,
        module: ModuleId,
        legacy: LegacyScope,
        allowance: Allowance,
    ) -> Self {
        let scope = Scope {
            module,
            legacy,
            generics: [None, None],
            self_ty: None,
            locals: Vec::new(),
            owned: Vec::new(),
            given: None,
            unsettled: None,
            returns: Ty::Unknown,
            breaks: None,
            blocks: Vec::new(),
            block_macros: Vec::new(),
        };
        let spent = Spent { allowance, expansions: 0, depth: 0, expanded: 0, limit_noted: false };
        Walker { types, notes: Notes::default(), scope, flags: Flags::default(), spent }
    }

    pub(in crate::resolve) fn cx(&self) -> Cx<'_> {
        Cx {
            module: self.scope.module,
            generics: self.scope.generics,
            self_ty: self.scope.self_ty.clone(),
            blocks: &self.scope.blocks,
            depth: 0,
        }
    }

    /// Line 0 marks what a macro's body mentions: the macro refers to it, not who calls it.
    pub(in crate::resolve) fn refer(&mut self, to: DefId, line: u32, kind: RefKind) {
        if line == 0 || (self.flags.off && matches!(kind, RefKind::Method | RefKind::Field)) {
            return;
        }
        let restricted = matches!(self.types.world.defs[to].vis, Visibility::Within(_));
        let made = self.types.world.node(to).flags.from_body;
        self.note(RawRef {
            to,
            line,
            kind,
            guess: self.flags.loose,
            expanded: made,
            restricted,
            shown: self.flags.shown,
            field: None,
        });
    }

    /// Refers to a variant of an enum.
    pub(in crate::resolve) fn refer_variant(&mut self, to: DefId, index: u32, line: u32) {
        let NodeKind::Enum(variants) = &self.types.world.node(to).kind else { return };
        if line > 0 {
            let restricted = matches!(self.types.world.defs[to].vis, Visibility::Within(_));
            let variant = variants.get(index as usize);
            let made = variant.is_some_and(|variant| variant.from_body);
            let of_tests = variant.filter(|variant| needs_test(&variant.cfgs));
            let kind = RefKind::Type;
            self.note(RawRef {
                to,
                line,
                kind,
                guess: self.flags.loose,
                expanded: made,
                restricted,
                shown: self.flags.shown,
                field: of_tests.map(|variant| variant.name),
            });
        }
    }

    /// The constructor of a tuple struct and `..rest` of a struct need every field, named or not: those of which not everybody may
    /// name them.
    pub(in crate::resolve) fn refer_hidden_fields(&mut self, to: DefId, line: u32) {
        let NodeKind::Struct(fields) = &self.types.world.node(to).kind else { return };
        let hidden = fields.iter().filter(|field| field.vis != Vis::Public).map(|field| field.name);
        hidden.collect::<Vec<Name>>().into_iter().for_each(|name| self.refer_field(to, name, line));
    }

    /// Refers to a field of a struct or variant.
    pub(in crate::resolve) fn refer_field(&mut self, to: DefId, name: Name, line: u32) {
        if line == 0 || self.flags.off {
            return;
        }
        let (restricted, made) = match &self.types.world.node(to).kind {
            NodeKind::Struct(fields) | NodeKind::Union(fields) => {
                let field = fields.iter().find(|f| f.name == name);
                (field.is_some_and(|f| f.vis != Vis::Public), field.is_some_and(|f| f.from_body))
            }
            NodeKind::Enum(variants) => {
                let field = variants.iter().flat_map(|v| &v.fields).find(|f| f.name == name);
                (false, field.is_some_and(|f| f.from_body))
            }
            _ => (false, false),
        };
        let kind = RefKind::Field;
        self.note(RawRef {
            to,
            line,
            kind,
            guess: self.flags.loose,
            expanded: made,
            restricted,
            shown: self.flags.shown,
            field: Some(name),
        });
    }

    fn note(&mut self, reference: RawRef) {
        if !self.types.linked.may_mean(self.types.world, self.scope.module, reference.to) {
            self.notes.external += 1;
            return;
        }
        let expanded = reference.expanded || self.flags.expanded_path;
        self.notes.refs.push(RawRef { expanded, ..reference });
    }

    /// Whether code under these `cfg` predicates is compiled.
    pub(in crate::resolve) fn compiled(&self, cfgs: &[Name]) -> bool {
        cfgs.iter().all(|cfg| self.types.world.holds(self.scope.module, *cfg))
    }

    /// Walks what stands under these predicates, which may not hold.
    pub(in crate::resolve) fn under<R>(&mut self, cfgs: &[Name], walk: impl FnOnce(&mut Self) -> R) -> R {
        let off = self.flags.off;
        self.flags.off |= !self.compiled(cfgs);
        let result = walk(self);
        self.flags.off = off;
        result
    }

    pub(in crate::resolve) fn module_id(&self) -> ModuleId {
        self.scope.module
    }

    /// Walks what users of the item see, if anybody else may use the part of it that it belongs to.
    fn showing<R>(&mut self, shown: bool, walk: impl FnOnce(&mut Self) -> R) -> R {
        let before = std::mem::replace(&mut self.flags.shown, shown);
        let result = walk(self);
        self.flags.shown = before;
        result
    }

    /// Attributes of a whole file.
    pub(in crate::resolve) fn attributes(&mut self, t: &ItemTree, paths: &[PathId]) {
        for path in paths {
            self.path_only(t, *path, Ns::Macros);
        }
    }

    pub(in crate::resolve) fn unresolved(&mut self, text: &str, line: u32, cause: UnresolvedCause) {
        self.miss(RawUnresolved { line, text: text.to_owned(), cause, into: None });
    }

    pub(in crate::resolve) fn miss(&mut self, miss: RawUnresolved) {
        if miss.line > 0 && !self.flags.off {
            self.notes.misses.push(miss);
        }
    }

    /// Walks a definition at module level, everything inside it included.
    pub(in crate::resolve) fn definition(&mut self, def: DefId) {
        let data = &self.types.world.defs[def];
        #[cfg(test)]
        crate::bug::trip(data.name.as_str(), "walk");
        let tree = self.types.world.tree(data.tree).clone();
        let cx = self.types.cx_of(def);
        (self.scope.generics, self.scope.self_ty) = (cx.generics, cx.self_ty);
        if data.parent.is_some() {
            // Associated items see the generics of the function and of what is around it.
            self.scope.generics = [Some(def), data.parent];
        }
        self.node(&tree, &tree[data.node]);
    }

    pub(in crate::resolve) fn node(&mut self, t: &ItemTree, node: &Node) {
        for path in &node.attributes {
            self.path_only(t, *path, Ns::Macros);
        }
        if let Some(generics) = &node.generics {
            self.generics_of(t, generics);
        }
        match &node.kind {
            NodeKind::Fn(f) => self.function(t, f, !self.is_private_member(node)),
            NodeKind::Struct(fields) | NodeKind::Union(fields) => {
                self.helper_paths(t, &node.helpers);
                self.fields(t, fields, false);
            }
            NodeKind::Enum(variants) => {
                self.helper_paths(t, &node.helpers);
                for variant in variants {
                    self.under(&variant.cfgs, |walker| {
                        walker.helper_paths(t, &variant.helpers);
                        walker.fields(t, &variant.fields, true);
                        if let Some(e) = variant.discriminant {
                            walker.expr(t, e, &Ty::Unknown);
                        }
                    });
                }
            }
            NodeKind::Trait(supers, _) => self.bounds(t, supers, RefKind::Impl),
            NodeKind::Impl(imp) => {
                let mark = self.notes.refs.len();
                self.type_ref(t, imp.self_ty);
                if let Some(path) = imp.trait_path {
                    self.path_only(t, path, Ns::Types);
                }
                for r in &mut self.notes.refs[mark..] {
                    r.kind = RefKind::Impl;
                }
            }
            NodeKind::TypeAlias(bounds, ty) => {
                self.bounds(t, bounds, RefKind::Type);
                if let Some(ty) = ty {
                    self.showing(true, |walker| walker.type_ref(t, *ty));
                }
            }
            NodeKind::Const(ty, value) | NodeKind::Static(ty, value) => {
                let shown = !self.is_private_member(node);
                let declared =
                    self.showing(shown, |walker| ty.map_or(Ty::Unknown, |ty| walker.type_ref(t, ty)));
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

    pub(in crate::resolve) fn generics_of(&mut self, t: &ItemTree, generics: &Generics) {
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

    pub(in crate::resolve) fn bounds(&mut self, t: &ItemTree, bounds: &[PathId], kind: RefKind) {
        let mark = self.notes.refs.len();
        for path in bounds {
            self.path_only(t, *path, Ns::Types);
        }
        if kind != RefKind::Type {
            for r in &mut self.notes.refs[mark..] {
                r.kind = kind;
            }
        }
    }

    /// Whether it is an associated item that only the module around may use. Those of a trait are as visible as the trait.
    fn is_private_member(&self, node: &Node) -> bool {
        let parent = self.scope.generics[1].map(|parent| &self.types.world.node(parent).kind);
        node.vis == Vis::Inherited && matches!(parent, Some(NodeKind::Impl(_)))
    }

    /// A struct's fields are seen by those who may name them, all of a variant's (`shown`) by everybody.
    pub(in crate::resolve) fn fields(&mut self, t: &ItemTree, fields: &[FieldNode], shown: bool) {
        for field in fields {
            self.under(&field.cfgs, |walker| {
                walker.showing(shown || field.vis != Vis::Inherited, |walker| walker.type_ref(t, field.ty));
                for path in &field.attributes {
                    walker.path_only(t, *path, Ns::Macros);
                }
                walker.helper_paths(t, &field.helpers);
            });
        }
    }

    pub(in crate::resolve) fn function(&mut self, t: &ItemTree, f: &FnNode, shown: bool) {
        let mark = self.scope.locals.len();
        let (params, ret) = self.showing(shown, |walker| {
            let params: Vec<Ty> = f.params.iter().map(|(_, ty)| walker.type_ref(t, *ty)).collect();
            (params, f.ret.map_or_else(Ty::unit, |ty| walker.type_ref(t, ty)))
        });
        for ((pat, written), ty) in f.params.iter().zip(&params) {
            let before = self.scope.locals.len();
            self.bind(t, *pat, ty);
            if matches!(t[*pat], Pat::Bind(..)) && matches!(t[*written], TypeRef::Path(_)) {
                self.owns(before);
            }
        }
        let saved = std::mem::replace(&mut self.scope.returns, ret.clone());
        let breaks = self.scope.breaks.take();
        if let Some(body) = f.body {
            self.expr(t, body, &ret);
        }
        self.scope.breaks = breaks;
        self.scope.returns = saved;
        self.scope.locals.truncate(mark);
    }

    /// A written type: everything it names is referred to.
    pub(in crate::resolve) fn type_ref(&mut self, t: &ItemTree, id: TypeId) -> Ty {
        self.note_type(t, id);
        self.types.lower(&self.cx(), t, id)
    }

    pub(in crate::resolve) fn note_type(&mut self, t: &ItemTree, id: TypeId) {
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

    pub(in crate::resolve) fn generic_args(&mut self, t: &ItemTree, args: &GenericArgs) {
        for ty in args.types.iter().chain(args.bindings.iter().map(|(_, ty)| ty)) {
            self.note_type(t, *ty);
        }
        for e in &args.consts {
            self.expr(t, *e, &Ty::Unknown);
        }
        self.bounds(t, &args.bounds, RefKind::Type);
    }

    /// Notes what a path refers to.
    pub(in crate::resolve) fn path_only(&mut self, t: &ItemTree, id: PathId, ns: Ns) {
        let mark = self.notes.refs.len();
        self.path(t, id, ns);
        if ns == Ns::Macros {
            // Derives and attributes are functions where they are defined, and called as macros.
            self.notes.refs[mark..].iter_mut().for_each(|r| r.kind = RefKind::Macro);
        }
    }
}
