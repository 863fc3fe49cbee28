//! The heads of types, as `impl`s are looked up by.

use ustr::ustr;

use super::ty::Ty;
use crate::parse::tree::Name;
use crate::resolve::names::def::{Def, DefId};

/// What the head of an `impl`'s self type is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(in crate::resolve) enum Head {
    Adt(DefId),
    Ext(Name),
    Trait(DefId),
    Tuple,
    /// `impl<T> Trait for T`.
    Blanket,
}

/// The head of a type, as `impl`s are looked up by.
pub(in crate::resolve) fn head(ty: &Ty) -> Option<Head> {
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
