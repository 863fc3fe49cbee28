//! Which of several `impl`s of one trait for one type a call means: `From<A>` and `From<B>`, `Add<A>` and `Add<B>`.

use rustc_hash::FxHashMap;

use super::walker::{PathValue, Walker};
use crate::parse::tree::{Expr, ExprId, ItemTree, Name};
use crate::resolve::names::def::{Def, DefId};
use crate::resolve::types::head::{Head, head};
use crate::resolve::types::lookup::FoundMember;
use crate::resolve::types::overloads::Overloads;
use crate::resolve::types::table::Types;
use crate::resolve::types::ty::{InScope, Subst, TraitRef, Ty};
use crate::resolve::types::unify::{compatible, compatible_in};

/// What the arguments say about a call.
pub(in crate::resolve) enum Meant {
    /// This function, and the arguments' types where they had to be looked at.
    Fn(FoundMember, Option<Vec<Ty>>),
    /// An `impl` from outside the repository, with the signature of this one.
    Outside(FoundMember),
}

impl Types<'_, '_> {
    /// The items of this name in `impl`s of a trait for types of this head; nothing where there can be no choice.
    fn overloads_of(&self, head: Head, name: Name, of: Def) -> Option<&Overloads> {
        let by_trait = self.overloads.get(&(head, name))?.get_or_init(|| {
            let mut by_trait: FxHashMap<Def, Overloads> = FxHashMap::default();
            for &def in self.in_trait_impls(head, name) {
                let around = self.world.defs[def].parent.and_then(|p| self.impl_around(p));
                let Some(TraitRef { def: of, .. }) = around.and_then(|i| i.trait_ref.as_ref()) else {
                    continue;
                };
                let overloads: &mut Overloads = by_trait.entry(*of).or_default();
                overloads.push(def, self.first_parameter(def).as_ref());
            }
            by_trait
        });
        by_trait.get(&of)
    }

    fn first_parameter(&self, def: DefId) -> Option<Ty> {
        let sig = self.sig(def)?;
        sig.params.get(usize::from(sig.has_self)).cloned()
    }

    /// The first whose parameters (without `self`) can take these; one that names its types before a generic one.
    fn takes(
        &self,
        overloads: &Overloads,
        given: &[Ty],
        rigid: &InScope,
        wanted: impl Fn(&DefId) -> bool,
    ) -> Option<DefId> {
        let first = overloads.all.first().and_then(|def| self.sig(*def)).and_then(|sig| {
            let params =
                sig.params.len().checked_sub(usize::from(sig.has_self)).filter(|&params| params > 0)?;
            given.get(given.len().saturating_sub(params))
        });
        let fits = |def: &&DefId| {
            let Some(sig) = self.sig(**def) else { return false };
            let params = &sig.params[usize::from(sig.has_self).min(sig.params.len())..];
            let given = &given[given.len().saturating_sub(params.len())..];
            params.iter().zip(given).all(|(param, ty)| compatible_in(param, ty, rigid))
        };
        let plain = |def: &&DefId| {
            self.sig(**def).is_some_and(|sig| !sig.params.iter().any(|p| matches!(p, Ty::Param(..))))
        };
        let candidates = overloads.for_first(first);
        let mut fitting = candidates.iter().filter(|def| wanted(def)).filter(&fits);
        let first = fitting.clone().next().copied();
        fitting.find(plain).copied().or(first)
    }

    /// The same item in every `impl` of the same trait for a type like this one, and whether there may be more elsewhere;
    /// nothing where there is no choice.
    fn overloads(&self, def: DefId) -> Option<(&Overloads, bool)> {
        let imp = self.world.defs[def].parent.and_then(|p| self.impl_around(p))?;
        let of = imp.trait_ref.as_ref()?.def;
        // `impl From<Own> for usize`: the other package's own `impl`s are not known.
        let foreign = matches!((&imp.self_ty, of), (Ty::Ext(..), Def::Ext(_)));
        let overloads = self.overloads_of(head(&imp.self_ty)?, self.world.defs[def].name, of)?;
        (overloads.all.len() > 1 || foreign).then_some((overloads, foreign))
    }

    /// The item of the `impl` of a trait from outside for a type of the repository that takes these arguments.
    pub(in crate::resolve) fn of_outside_trait(
        &self,
        of: Name,
        own: &Ty,
        name: Name,
        given: &[Ty],
        rigid: &InScope,
    ) -> Option<DefId> {
        let Ty::Adt(..) = own else { return None };
        let head = head(own)?;
        let for_own = |def: &DefId| {
            let around = self.world.defs[*def].parent.and_then(|p| self.impl_around(p));
            around.is_some_and(|i| {
                compatible_in(&i.self_ty, own, rigid)
                    && matches!(i.trait_ref, Some(TraitRef { def: Def::Ext(name), .. }) if name == of)
            })
        };
        let only;
        let overloads = match self.overloads_of(head, name, Def::Ext(of)) {
            Some(overloads) => overloads,
            None => {
                only = Overloads::one(*self.in_trait_impls(head, name).first()?);
                &only
            }
        };
        let first = *overloads.all.iter().find(|def| for_own(def))?;
        let given = if self.sig(first)?.has_self { given.get(1..).unwrap_or_default() } else { given };
        self.takes(overloads, given, rigid, for_own)
    }

    /// Likewise for a type from outside, where the argument is one of the repository (`impl Mul<Own> for f32`).
    pub(in crate::resolve) fn foreign_operator(&self, own: &Ty, name: Name, argument: &Ty) -> Option<DefId> {
        let of_outside = |def: &&DefId| {
            let around = self.world.defs[**def].parent.and_then(|p| self.impl_around(p));
            around.is_some_and(|i| {
                compatible(&i.self_ty, own)
                    && matches!(i.trait_ref, Some(TraitRef { def: Def::Ext(_), .. }))
                    && self
                        .sig(**def)
                        .is_some_and(|sig| sig.params.last().is_some_and(|p| same_head(p, argument)))
            })
        };
        self.in_trait_impls(head(own)?, name).iter().find(of_outside).copied()
    }

    /// Of a trait from outside for a type from outside (`impl Into<Own> for Url`), the method that makes what is wanted;
    /// the other packages' own `impl`s are not known. Any other method is the one that is meant.
    pub(in crate::resolve) fn making(&self, def: DefId, expected: &Ty) -> Option<DefId> {
        let Some((overloads, true)) = self.overloads(def).filter(|_| !expected.is_unknown()) else {
            return Some(def);
        };
        let makes = |def: &&DefId| self.sig(**def).is_some_and(|sig| compatible(&sig.ret, expected));
        overloads.all.iter().find(makes).copied()
    }

    /// The operator's method of the `impl` that takes this right operand.
    pub(in crate::resolve) fn operator_with(&self, def: DefId, right: &Ty, rigid: &InScope) -> DefId {
        let chosen = self
            .overloads(def)
            .and_then(|(overloads, _)| self.takes(overloads, std::slice::from_ref(right), rigid, |_| true));
        chosen.unwrap_or(def)
    }
}

/// Whether both are the same type of the repository, arguments aside.
fn same_head(a: &Ty, b: &Ty) -> bool {
    matches!((a, b), (Ty::Adt(a, _), Ty::Adt(b, _)) if a == b)
}

impl Walker<'_, '_, '_> {
    /// Chooses by the arguments; what was noted for the first candidate is put right.
    pub(in crate::resolve) fn overloaded(
        &mut self,
        t: &ItemTree,
        found: FoundMember,
        args: &[ExprId],
    ) -> Meant {
        let types = self.types;
        let closure = args.iter().any(|e| matches!(t[*e], Expr::Closure(_)));
        let Some((overloads, foreign)) =
            types.overloads(found.def).filter(|_| !found.settled && !args.is_empty() && !closure)
        else {
            return Meant::Fn(found, None);
        };
        let noted = self.notes.refs.iter().rposition(|r| r.to == found.def);
        let given: Vec<Ty> = args.iter().map(|e| self.expr(t, *e, &Ty::Unknown)).collect();
        let known = given.iter().any(|ty| !ty.is_unknown());
        match types.takes(overloads, &given, &self.scope.generics, |_| true) {
            Some(def) if known || !foreign => {
                if let Some(at) = noted {
                    self.notes.refs[at].to = def;
                }
                let found = if def == found.def { found } else { self.moved(&found, def) };
                Meant::Fn(found, Some(given))
            }
            None if !known => Meant::Fn(found, Some(given)),
            _ => {
                if let Some(at) = noted {
                    self.notes.refs.remove(at);
                }
                self.notes.external += 1;
                Meant::Outside(found)
            }
        }
    }

    /// `.map(Own::from)`: chosen by what the place that takes the function passes to it.
    pub(in crate::resolve) fn wanted_overload(&mut self, value: PathValue, expected: &Ty) -> PathValue {
        let (PathValue::Fn(found), Ty::Fn(wanted)) = (&value, expected) else { return value };
        if found.settled || wanted.params.iter().all(Ty::is_unknown) {
            return value;
        }
        let Some((overloads, _)) = self.types.overloads(found.def) else { return value };
        match self.types.takes(overloads, &wanted.params, &self.scope.generics, |_| true) {
            Some(def) if def != found.def => {
                if let Some(at) = self.notes.refs.iter().rposition(|r| r.to == found.def) {
                    self.notes.refs[at].to = def;
                }
                PathValue::Fn(self.moved(found, def))
            }
            _ => value,
        }
    }

    /// What was learnt of the self type, for the same item of another `impl`.
    pub(in crate::resolve) fn moved(&self, found: &FoundMember, def: DefId) -> FoundMember {
        let around = |def: DefId| {
            let parent = self.types.world.defs[def].parent?;
            self.types.impl_around(parent)
        };
        let mut subst = Subst::default();
        if let (Some(from), Some(to)) = (around(found.def), around(def)) {
            self.types.unify(&to.self_ty, &found.subst.apply(&from.self_ty), &mut subst);
        }
        FoundMember { def, subst, settled: found.settled }
    }
}
