//! Which of several `impl`s of one trait for one type a call means: `From<A>` and `From<B>`, `Add<A>` and `Add<B>`.

use super::walker::{PathValue, Walker};
use crate::parse::tree::{Expr, ExprId, ItemTree, Name};
use crate::resolve::names::def::{Def, DefId};
use crate::resolve::types::head::head;
use crate::resolve::types::lookup::Found;
use crate::resolve::types::table::Types;
use crate::resolve::types::ty::{Subst, TraitRef, Ty};
use crate::resolve::types::unify::compatible;

/// What the arguments say about a call.
pub(in crate::resolve) enum Meant {
    /// This function, and the arguments' types where they had to be looked at.
    Fn(Found, Option<Vec<Ty>>),
    /// An `impl` from outside the repository, with the signature of this one.
    Outside(Found),
}

impl Types<'_, '_> {
    /// The same item in every `impl` of the same trait for a type like this one; empty where there is no choice.
    fn overloads(&self, def: DefId) -> (Vec<DefId>, bool) {
        let none = (Vec::new(), false);
        let Some(imp) = self.world.defs[def].parent.and_then(|p| self.impl_around(p)) else { return none };
        let (Some(TraitRef { def: of, .. }), Some(head)) = (&imp.trait_ref, head(&imp.self_ty)) else {
            return none;
        };
        // `impl From<Own> for usize`: the other package's own `impl`s are not known.
        let foreign = matches!((&imp.self_ty, of), (Ty::Ext(..), Def::Ext(_)));
        let same = |other: &&DefId| {
            let around = self.world.defs[**other].parent.and_then(|p| self.impl_around(p));
            around.is_some_and(|i| i.trait_ref.as_ref().is_some_and(|t| t.def == *of))
        };
        let all = self.in_trait_impls(head, self.world.defs[def].name);
        let all: Vec<DefId> = all.iter().filter(same).copied().collect();
        if all.len() > 1 || foreign { (all, foreign) } else { none }
    }

    /// The first whose parameters (without `self`) can take these; one that names its types before a generic one.
    fn takes(&self, candidates: &[DefId], given: &[Ty]) -> Option<DefId> {
        let fits = |def: &&DefId| {
            let Some(sig) = self.sig(**def) else { return false };
            let params = &sig.params[usize::from(sig.has_self).min(sig.params.len())..];
            let given = &given[given.len().saturating_sub(params.len())..];
            params.iter().zip(given).all(|(param, ty)| compatible(param, ty))
        };
        let plain = |def: &&DefId| {
            self.sig(**def).is_some_and(|sig| !sig.params.iter().any(|p| matches!(p, Ty::Param(..))))
        };
        let mut fitting = candidates.iter().filter(&fits);
        let first = fitting.clone().next().copied();
        fitting.find(plain).copied().or(first)
    }

    /// The item of the `impl` of a trait from outside for a type of the repository that takes these arguments.
    pub(in crate::resolve) fn of_outside_trait(
        &self,
        of: Name,
        own: &Ty,
        name: Name,
        given: &[Ty],
    ) -> Option<DefId> {
        let Ty::Adt(..) = own else { return None };
        let all = self.in_trait_impls(head(own)?, name).iter().filter(|def| {
            let around = self.world.defs[**def].parent.and_then(|p| self.impl_around(p));
            around.is_some_and(|i| {
                compatible(&i.self_ty, own)
                    && matches!(i.trait_ref, Some(TraitRef { def: Def::Ext(name), .. }) if name == of)
            })
        });
        let all: Vec<DefId> = all.copied().collect();
        let given =
            if self.sig(*all.first()?)?.has_self { given.get(1..).unwrap_or_default() } else { given };
        self.takes(&all, given)
    }

    /// Of a trait from outside for a type from outside (`impl Into<Own> for Url`), the method that makes what is wanted;
    /// the other packages' own `impl`s are not known. Any other method is the one that is meant.
    pub(in crate::resolve) fn making(&self, def: DefId, expected: &Ty) -> Option<DefId> {
        let (candidates, foreign) = self.overloads(def);
        if !foreign || expected.is_unknown() {
            return Some(def);
        }
        candidates.into_iter().find(|def| self.sig(*def).is_some_and(|sig| compatible(&sig.ret, expected)))
    }

    /// The operator's method of the `impl` that takes this right operand.
    pub(in crate::resolve) fn operator_with(&self, def: DefId, right: &Ty) -> DefId {
        let (candidates, _) = self.overloads(def);
        self.takes(&candidates, std::slice::from_ref(right)).unwrap_or(def)
    }
}

impl Walker<'_, '_, '_> {
    /// Chooses by the arguments; what was noted for the first candidate is put right.
    pub(in crate::resolve) fn overloaded(&mut self, t: &ItemTree, found: Found, args: &[ExprId]) -> Meant {
        let (candidates, foreign) = self.types.overloads(found.def);
        let closure = args.iter().any(|e| matches!(t[*e], Expr::Closure(_)));
        if candidates.is_empty() || args.is_empty() || closure {
            return Meant::Fn(found, None);
        }
        let noted = self.refs.iter().rposition(|r| r.to == found.def);
        let given: Vec<Ty> = args.iter().map(|e| self.expr(t, *e, &Ty::Unknown)).collect();
        let known = given.iter().any(|ty| !ty.is_unknown());
        match self.types.takes(&candidates, &given) {
            Some(def) if known || !foreign => {
                if let Some(at) = noted {
                    self.refs[at].to = def;
                }
                let found = if def == found.def { found } else { self.moved(&found, def) };
                Meant::Fn(found, Some(given))
            }
            None if !known => Meant::Fn(found, Some(given)),
            _ => {
                if let Some(at) = noted {
                    self.refs.remove(at);
                }
                self.external += 1;
                Meant::Outside(found)
            }
        }
    }

    /// `.map(Own::from)`: chosen by what the place that takes the function passes to it.
    pub(in crate::resolve) fn wanted_overload(&mut self, value: PathValue, expected: &Ty) -> PathValue {
        let (PathValue::Fn(found), Ty::Fn(wanted)) = (&value, expected) else { return value };
        if wanted.params.iter().all(Ty::is_unknown) {
            return value;
        }
        let (candidates, _) = self.types.overloads(found.def);
        match self.types.takes(&candidates, &wanted.params) {
            Some(def) if def != found.def => {
                if let Some(at) = self.refs.iter().rposition(|r| r.to == found.def) {
                    self.refs[at].to = def;
                }
                PathValue::Fn(self.moved(found, def))
            }
            _ => value,
        }
    }

    /// What was learnt of the self type, for the same item of another `impl`.
    pub(in crate::resolve) fn moved(&self, found: &Found, def: DefId) -> Found {
        let around = |def: DefId| {
            let parent = self.types.world.defs[def].parent?;
            self.types.impl_around(parent)
        };
        let mut subst = Subst::default();
        if let (Some(from), Some(to)) = (around(found.def), around(def)) {
            self.types.unify(&to.self_ty, &found.subst.apply(&from.self_ty), &mut subst);
        }
        Found { def, subst }
    }
}
