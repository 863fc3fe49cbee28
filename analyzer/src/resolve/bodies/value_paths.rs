//! Paths in bodies, signatures and headers: what they refer to, and what they mean as a value.

use super::state::RawUnresolved;
use super::walker::{PathValue, Walker};
use crate::parse::tree::{ItemTree, Name, PathId, TypeId};
use crate::resolve::model::{RefKind, UnresolvedCause};
use crate::resolve::names::def::{Def, DefId, DefKind, Ns, PerNs};
use crate::resolve::names::path::{NAMES, Walk, marked_crate};
use crate::resolve::types::lookup::FoundMember;
use crate::resolve::types::ty::{Subst, Ty};

impl Walker<'_, '_, '_> {
    /// Notes what a path refers to; what it means.
    pub(in crate::resolve) fn path(&mut self, t: &ItemTree, id: PathId, ns: Ns) -> PathValue {
        let around = std::mem::replace(&mut self.flags.expanded_path, t[id].from_body);
        let value = self.path_here(t, id, ns);
        self.flags.expanded_path = around;
        if let PathValue::Ctor(def, None, _) = &value
            && ns == Ns::Values
        {
            self.refer_hidden_fields(*def, t[id].line);
        }
        value
    }

    /// The same in an expression: a constructor or variant makes a value, whoever calls it.
    pub(in crate::resolve) fn value_path(&mut self, t: &ItemTree, id: PathId) -> PathValue {
        let value = self.path(t, id, Ns::Values);
        if let PathValue::Ctor(def, ..) = &value {
            self.notes.made.push((*def, t[id].line));
        }
        value
    }

    pub(in crate::resolve) fn path_here(&mut self, t: &ItemTree, id: PathId, ns: Ns) -> PathValue {
        let path = &t[id];
        for segment in &path.segments {
            if let Some(args) = &segment.args {
                self.generic_args(t, args);
            }
        }
        if let Some((qself, position)) = path.qself {
            let mark = self.notes.mark();
            let value = self.qualified(t, id, qself, position, ns);
            if marked_crate(path.segments.first().name).is_some() {
                self.notes.reset(mark);
            }
            return value;
        }
        let n = &*NAMES;
        let first = path.segments.first().name;
        if !path.global {
            if ns == Ns::Values
                && path.segments.len() == 1
                && let Some((_, ty)) = self.scope.locals.iter().rev().find(|(name, _)| *name == first)
            {
                return PathValue::Local(ty.clone());
            }
            let start = if first == n.self_type {
                Some(self.scope.self_ty.clone().unwrap_or(Ty::Unknown))
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
        let names: Vec<Name> = path.segments.names();
        let Some(walk) = self.types.walk(&self.cx(), &names, path.global, ns) else {
            return PathValue::Type(Ty::Local);
        };
        self.walked(t, id, &walk, &names, ns)
    }

    pub(in crate::resolve) fn is_const_param(&self, name: Name) -> bool {
        self.scope.generics.iter().flatten().any(|def| {
            self.types.generics(*def).is_some_and(|g| g.consts.iter().any(|(own, _)| *own == name))
        })
    }

    /// `<T as Trait>::name`.
    pub(in crate::resolve) fn qualified(
        &mut self,
        t: &ItemTree,
        id: PathId,
        qself: TypeId,
        position: u8,
        ns: Ns,
    ) -> PathValue {
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
                    let cx = self.cx();
                    let of = path.segments.get(position - 1).and_then(|segment| segment.args.as_deref());
                    let args = of.map(|args| self.types.lower_args(&cx, t, args)).unwrap_or_default();
                    let own = self.types.member_of_trait(&cx, &ty, (trait_def, &args), last.name);
                    let found = own.or_else(|| {
                        let def = self.types.in_trait(trait_def, last.name, 0)?;
                        let mut subst = Subst::default();
                        subst.bind(trait_def, NAMES.self_type, ty.clone());
                        Some(FoundMember { def, subst, settled: !args.is_empty() })
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
    pub(in crate::resolve) fn rest_of_path(
        &mut self,
        t: &ItemTree,
        id: PathId,
        mut ty: Ty,
        used: usize,
        ns: Ns,
    ) -> PathValue {
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
            self.refer_variant(def, index, path.line);
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
                ) || (matches!(name, "parse" | "parse_from" | "from_args")
                    && self.is_command_line(&ty));
                let fallible = matches!(
                    name,
                    "from_str" | "try_from" | "try_parse" | "try_parse_from" | "parse_from" | "deserialize"
                );
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

    /// Whether a parser of command lines is derived for a type: its functions make one, or end the program.
    fn is_command_line(&self, ty: &Ty) -> bool {
        let Ty::Adt(def, _) = ty else { return false };
        let world = self.types.world;
        let tree = world.tree(world.defs[*def].tree);
        let mut derives = world.node(*def).attributes.iter();
        derives
            .any(|&path| matches!(tree[path].segments.last().name.as_str(), "Parser" | "StructOpt" | "Clap"))
    }

    pub(in crate::resolve) fn member_value(&mut self, found: FoundMember, line: u32) -> PathValue {
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
                match self.declared(found.def) {
                    Some(def) => self.refer(def, line, RefKind::Type),
                    None => self.notes.external += 1,
                }
                PathValue::Unknown
            }
        }
    }

    /// An associated type is declared by its trait, whichever `impl` says what it is; `None` for a trait from outside.
    fn declared(&self, def: DefId) -> Option<DefId> {
        let types = self.types;
        let imp = types.world.defs[def].parent.and_then(|parent| types.impl_around(parent));
        match imp.and_then(|imp| imp.trait_ref.as_ref()).map(|of| of.def) {
            Some(Def::Item(of)) => types.in_trait_itself(of, types.world.defs[def].name),
            Some(_) => None,
            None => Some(def),
        }
    }

    /// Notes the items that a walk met.
    pub(in crate::resolve) fn note_walk(&mut self, walk: &Walk, line: u32, ns: Ns, len: usize) {
        for (_, def) in &walk.visited {
            self.note_def(*def, line);
        }
        if walk.used == 0 {
            return;
        }
        self.note_passed(walk, line);
        let ns = if walk.used == len { ns } else { Ns::Types };
        let def = walk.found.get(ns).or_else(|| walk.found.defs().next());
        if let Some(def) = def {
            self.note_def(def, line);
        }
    }

    /// Notes the names that a path takes from modules which only bring them in.
    pub(in crate::resolve) fn note_passed(&mut self, walk: &Walk, line: u32) {
        if line > 0 && !self.flags.off && !self.flags.loose && !self.flags.expanded_path {
            self.notes.passed.extend(walk.passed.iter().map(|&passed| (passed, line)));
        }
    }

    /// Notes what an import names. A trait that brings its derive macro along is what is meant: who derives says so.
    pub(in crate::resolve) fn note_imported(&mut self, found: &PerNs, line: u32) {
        let meant = found.defs().find(|def| !matches!(def, Def::Module(_)));
        if let Some(def) = meant.or_else(|| found.defs().next()) {
            self.note_def(def, line);
        }
    }

    pub(in crate::resolve) fn note_def(&mut self, def: Def, line: u32) {
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
            Def::Variant(id, index) => self.refer_variant(id, index, line),
            Def::Ext(_) => self.notes.external += 1,
            Def::Module(_) | Def::Prim(_) => {}
        }
    }

    pub(in crate::resolve) fn walked(
        &mut self,
        t: &ItemTree,
        id: PathId,
        walk: &Walk,
        names: &[Name],
        ns: Ns,
    ) -> PathValue {
        let path = &t[id];
        let from_macro = walk.hidden || names.first().is_some_and(|f| marked_crate(*f).is_some());
        let mark = self.notes.mark();
        self.note_walk(walk, path.line, ns, names.len());
        if walk.found.is_none() || walk.used == 0 {
            if !self.flags.loose {
                self.missing(names, path.line, ns, walk);
                self.missing_here(names, path.line, ns, walk);
            }
            return PathValue::Unknown;
        }
        let value = self.walked_value(t, id, walk, names, ns);
        if from_macro {
            // What a macro's body names by `$crate` is the macro's own reference.
            self.notes.reset(mark);
        }
        value
    }

    /// A name that nothing defines or imports is of the module, or of one whose names it brings in. One that begins small may
    /// be a variable that a macro binds.
    fn missing_here(&mut self, names: &[Name], line: u32, ns: Ns, walk: &Walk) {
        let large =
            names.first().is_some_and(|first| first.as_str().starts_with(|c: char| c.is_ascii_uppercase()));
        // An import of the body leads elsewhere, and says so itself.
        if names
            .first()
            .is_some_and(|first| self.scope.blocks.iter().any(|block| block.names.contains_key(first)))
        {
            return;
        }
        let noted = self.notes.misses.last_mut().filter(|miss| miss.line == line && miss.into.is_none());
        if let (true, true, 0, Some(miss)) = (large, ns != Ns::Macros, walk.used, noted) {
            let kind = if ns == Ns::Types { RefKind::Type } else { RefKind::Value };
            miss.into = self.types.world.unseen_home(self.scope.module, names).map(|home| (home, kind));
        }
    }

    pub(in crate::resolve) fn missing(&mut self, names: &[Name], line: u32, ns: Ns, walk: &Walk) {
        let (world, used) = (self.types.world, walk.used);
        if used == 0 && ns == Ns::Macros && names.len() == 1 {
            // Derives and attributes of crates that a glob brought in.
            return;
        }
        if world.modules[self.scope.module].ext_glob.is_some() && used == 0 {
            self.notes.external += 1;
            return;
        }
        let cause = if used > 0 { UnresolvedCause::MissingInModule } else { UnresolvedCause::UnknownName };
        let text = names.iter().map(|n| n.as_str()).collect::<Vec<_>>().join("::");
        let kind = match ns {
            Ns::Types => RefKind::Type,
            Ns::Values => RefKind::Value,
            Ns::Macros => RefKind::Macro,
        };
        // What a macro's body names by `$crate` is the macro's own business.
        let hidden = walk.hidden || names.first().is_some_and(|first| marked_crate(*first).is_some());
        let into = walk.broken.filter(|_| !hidden).map(|module| (module, kind));
        self.miss(RawUnresolved { line, text, cause, into });
    }

    pub(in crate::resolve) fn walked_value(
        &mut self,
        t: &ItemTree,
        id: PathId,
        walk: &Walk,
        names: &[Name],
        ns: Ns,
    ) -> PathValue {
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
                let found = found.map(|def| FoundMember { def, subst: Subst::default(), settled: false });
                return found.map_or(PathValue::Unknown, |f| self.member_value(f, path.line));
            }
            return self.rest_of_path(t, id, ty, walk.used, ns);
        }
        let def = walk.found.get(ns).or_else(|| walk.found.defs().next());
        match def {
            Some(Def::Item(def)) => match self.types.world.defs[def].kind {
                DefKind::Fn => PathValue::Fn(FoundMember { def, subst: Subst::default(), settled: false }),
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
                // `Command::own()`: a trait of the repository may be implemented for what is outside.
                if let Some(found) = self.types.own_trait_member(&cx, &qualifier, name) {
                    return self.member_value(found, path.line);
                }
                PathValue::Ext(qualifier, name)
            }
            Some(Def::Prim(_) | Def::Module(_)) | None => PathValue::Unknown,
        }
    }
}
