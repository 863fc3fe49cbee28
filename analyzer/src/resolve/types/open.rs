//! What a method may be that no table knows on its receiver: the less, the more is known of the receiver's type.
//!
//! On a type that is known, a method of the repository that was not found can only be a trait's, by an `impl` that a derive or another
//! macro writes, and then the trait is in scope. A type from outside may also stand for a type that it holds, by a `Deref` that
//! nobody sees here.

use ustr::ustr;

use super::head::Head;
use super::lookup::{MAX_DEREFS, MethodOn};
use super::stdlib;
use super::table::{Cx, Types};
use super::ty::{Args, TraitRef, Ty};
use crate::parse::tree::Name;
use crate::resolve::names::def::{Def, DefId, DefKind};

/// Arguments of types from outside that are looked into, one inside the other.
const MAX_INSIDE: u32 = 4;

/// Which methods of the repository a call may mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::resolve) enum MayBe {
    /// None: the method is somebody else's.
    Nothing,
    /// Those of traits: of several in scope.
    OfTraits,
    /// This one.
    Only(DefId),
    /// All of its name.
    Anything,
}

impl Types<'_, '_> {
    /// What a method of this name may be that was not found on a type.
    pub(in crate::resolve) fn may_be(&self, cx: &Cx<'_>, receiver: &Ty, name: Name) -> MayBe {
        let mut ty = self.normalize(cx, receiver);
        for _ in 0..MAX_DEREFS {
            match self.deref(cx, &ty) {
                Some(next) => ty = self.normalize(cx, &next),
                None => return self.may_be_on(cx, &ty, name),
            }
        }
        MayBe::Anything
    }

    /// The same of what dereferences to nothing that is known.
    fn may_be_on(&self, cx: &Cx<'_>, ty: &Ty, name: Name) -> MayBe {
        match ty {
            Ty::Unknown | Ty::Proj(_) | Ty::Local => MayBe::Anything,
            Ty::Ext(outer, args) => {
                either(self.of_traits(cx, name), self.may_be_inside(cx, *outer, args, name, 0))
            }
            Ty::Adt(def, _) if self.derefs_unseen(*def) => MayBe::Anything,
            // What no bound is known of may have any.
            Ty::Bounds(bounds) if bounds.is_empty() => MayBe::Anything,
            Ty::Adt(..) | Ty::Tuple(_) | Ty::Fn(_) | Ty::Param(..) | Ty::Bounds(_) => {
                self.of_traits(cx, name)
            }
        }
    }

    /// The methods of the traits in scope.
    fn of_traits(&self, cx: &Cx<'_>, name: Name) -> MayBe {
        let in_scope = |def: &&DefId| {
            let around = self.world.defs[**def].parent;
            around.is_some_and(|of| self.world.defs[of].kind == DefKind::Trait && self.trait_in_scope(cx, of))
        };
        let mut found = self.methods.get(&name).into_iter().flatten().filter(in_scope);
        match (found.next(), found.next()) {
            (None, _) => MayBe::Nothing,
            (Some(&only), None) => MayBe::Only(only),
            (Some(_), Some(_)) => MayBe::OfTraits,
        }
    }

    /// What may be had through a type from outside that holds others.
    fn may_be_inside(&self, cx: &Cx<'_>, outer: Name, args: &Args, name: Name, depth: u32) -> MayBe {
        if args.is_empty() {
            let unsaid = stdlib::is_std_pointer(outer.as_str());
            return if unsaid { MayBe::Anything } else { MayBe::Nothing };
        }
        if stdlib::is_data(outer.as_str()) {
            return MayBe::Nothing;
        }
        if depth == MAX_INSIDE {
            return MayBe::Anything;
        }
        let on = |arg: &Ty| match self.method(cx, arg, name, &mut Vec::new()) {
            MethodOn::Found(found) => MayBe::Only(found.def),
            MethodOn::Std(..) => MayBe::Nothing,
            MethodOn::Unknown | MethodOn::Nothing => match arg {
                Ty::Ext(outer, args) => self.may_be_inside(cx, *outer, args, name, depth + 1),
                _ => self.may_be(cx, arg, name),
            },
        };
        args.iter().map(on).reduce(either).unwrap_or(MayBe::Nothing)
    }

    /// Whether a type of the repository dereferences to what nobody knows.
    fn derefs_unseen(&self, def: DefId) -> bool {
        let is_deref = |of: &TraitRef| matches!(of.def, Def::Ext(name) if name == "Deref");
        let mut impls = self.impls_of(Head::Adt(def));
        if impls.any(|imp| imp.trait_ref.as_ref().is_some_and(is_deref)) {
            return true;
        }
        let tree = self.world.tree(self.world.defs[def].tree);
        let attributes = self.world.node(def).attributes.iter();
        attributes.map(|&path| tree[path].segments.last().name).any(|name| name == ustr("Deref"))
    }
}

/// What is either of both.
fn either(a: MayBe, b: MayBe) -> MayBe {
    match (a, b) {
        (MayBe::Nothing, of) | (of, MayBe::Nothing) => of,
        _ if a == b => a,
        _ => MayBe::Anything,
    }
}
