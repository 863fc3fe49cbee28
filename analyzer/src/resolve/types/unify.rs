//! Types against types: what binds parameters, what may be the same, what `impl`s are looked up by.

use super::table::Types;
use super::ty::{InScope, Subst, TraitRef, Ty};
use crate::resolve::names::def::{Def, DefId};

impl Types<'_, '_> {
    /// Binds the parameters in `pattern` so that it becomes `ty`, as far as they fit.
    pub(in crate::resolve) fn unify(&self, pattern: &Ty, ty: &Ty, subst: &mut Subst) {
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

    /// Parameters of a definition bound to arguments, in order.
    pub(in crate::resolve) fn bind_params(&self, def: DefId, args: &[Ty]) -> Subst {
        let mut subst = Subst::default();
        let params = self.generics(def).map(|g| &g.types[..]).unwrap_or_default();
        for (param, arg) in params.iter().zip(args) {
            subst.bind(def, param.name, arg.clone());
        }
        subst
    }

    /// The type with parameters of `owner` that are still there made unknown.
    pub(in crate::resolve) fn forget(&self, ty: &Ty, owner: DefId) -> Ty {
        match ty {
            Ty::Param(def, _) if *def == owner => Ty::Unknown,
            _ => ty.map(&mut |t| self.forget(t, owner)),
        }
    }
}

/// Whether an `impl`'s self type may be this type.
pub(in crate::resolve) fn compatible(pattern: &Ty, ty: &Ty) -> bool {
    compatible_in(pattern, ty, &[None, None])
}

/// Likewise, read where the parameters of these definitions are in scope: there they stand for any type, so that an `impl` for
/// one type isn't meant (`impl Tr for Pool<Own>` and a `Pool<DB>`).
pub(in crate::resolve) fn compatible_in(pattern: &Ty, ty: &Ty, rigid: &InScope) -> bool {
    let all = |x: &[Ty], y: &[Ty]| x.iter().zip(y).all(|(x, y)| compatible_in(x, y, rigid));
    match (pattern, ty) {
        (Ty::Unknown | Ty::Param(..) | Ty::Proj(_), _) | (_, Ty::Unknown | Ty::Proj(_)) => true,
        (_, Ty::Param(owner, _)) => !rigid.contains(&Some(*owner)),
        (Ty::Adt(a, x), Ty::Adt(b, y)) => a == b && all(x, y),
        (Ty::Ext(a, x), Ty::Ext(b, y)) => a == b && all(x, y),
        (Ty::Tuple(x), Ty::Tuple(y)) => x.len() == y.len() && all(x, y),
        (Ty::Bounds(_), Ty::Bounds(_)) | (Ty::Fn(_), Ty::Fn(_)) | (Ty::Local, Ty::Local) => true,
        _ => false,
    }
}
