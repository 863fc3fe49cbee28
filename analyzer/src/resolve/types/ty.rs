//! Types, as far as names need them: references and pointers are transparent, lifetimes are gone.

use std::sync::Arc;

use super::shared::{MAX_WEIGHT, Shared, Weigh, total};
use crate::parse::tree::Name;
use crate::resolve::names::def::{Def, DefId};
use ustr::ustr;

/// The definitions whose parameters are in scope: a function or type, and the `impl` or trait around it.
pub(in crate::resolve) type InScope = [Option<DefId>; 2];

/// A type.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::resolve) enum Ty {
    /// Not known.
    Unknown,
    /// A struct, enum or union of the repository.
    Adt(DefId, Args),
    /// Anything outside the repository, by its last name; `[]` for slices and arrays.
    Ext(Name, Args),
    /// A tuple.
    Tuple(Args),
    /// A closure or function pointer.
    Fn(Arc<FnTy>),
    /// A type parameter, or `Self` of a trait.
    Param(DefId, Name),
    /// `impl A + B`, `dyn A + B`.
    Bounds(Shared<TraitRef>),
    /// `<T>::Name`, where `T` doesn't say yet.
    Proj(Arc<Proj>),
    /// Declared inside a body: known to be nothing else.
    Local,
}

/// Generic arguments.
pub(in crate::resolve) type Args = Shared<Ty>;

/// Parameters and return type of something callable.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::resolve) struct FnTy {
    pub(in crate::resolve) params: Vec<Ty>,
    pub(in crate::resolve) ret: Ty,
    weight: u32,
}

/// An associated type of a type that doesn't say yet.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::resolve) struct Proj {
    pub(in crate::resolve) base: Ty,
    pub(in crate::resolve) name: Name,
    weight: u32,
}

/// A trait with its arguments, as a bound.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::resolve) struct TraitRef {
    pub(in crate::resolve) def: Def,
    pub(in crate::resolve) args: Args,
    pub(in crate::resolve) bindings: Shared<(Name, Ty)>,
}

impl TraitRef {
    /// The type bound to an associated type.
    pub(in crate::resolve) fn binding(&self, name: &str) -> Option<&Ty> {
        self.bindings.iter().find(|(n, _)| *n == name).map(|(_, ty)| ty)
    }

    /// Whether it is a trait from elsewhere by this name.
    pub(in crate::resolve) fn is_foreign(&self, name: &str) -> bool {
        matches!(self.def, Def::Ext(own) if own == name)
    }

    /// Parameters and result of `Fn(A) -> B` and its like.
    pub(in crate::resolve) fn callable(&self) -> Option<(&[Ty], Ty)> {
        let Def::Ext(name) = self.def else { return None };
        let known =
            matches!(name.as_str(), "Fn" | "FnMut" | "FnOnce" | "AsyncFn" | "AsyncFnMut" | "AsyncFnOnce");
        known.then(|| (&self.args[..], self.binding("Output").cloned().unwrap_or(Ty::Unknown)))
    }
}

impl Weigh for Ty {
    fn weight(&self) -> u32 {
        1 + match self {
            Ty::Adt(_, args) | Ty::Ext(_, args) | Ty::Tuple(args) => args.weight(),
            Ty::Fn(fun) => fun.weight,
            Ty::Bounds(bounds) => bounds.weight(),
            Ty::Proj(proj) => proj.weight,
            Ty::Unknown | Ty::Param(..) | Ty::Local => 0,
        }
    }

    fn forgotten(&self) -> Self {
        Ty::Unknown
    }
}

impl Weigh for (Name, Ty) {
    fn weight(&self) -> u32 {
        self.1.weight()
    }

    fn forgotten(&self) -> Self {
        (self.0, Ty::Unknown)
    }
}

impl Weigh for TraitRef {
    fn weight(&self) -> u32 {
        1 + self.args.weight() + self.bindings.weight()
    }

    fn forgotten(&self) -> Self {
        Self { def: self.def, args: Args::default(), bindings: Shared::default() }
    }
}

/// What generic parameters stand for.
#[derive(Clone, Debug, Default)]
pub(in crate::resolve) struct Subst {
    pairs: Vec<((DefId, Name), Ty)>,
}

impl Subst {
    pub(in crate::resolve) fn get(&self, owner: DefId, name: Name) -> Option<&Ty> {
        self.pairs.iter().find(|(key, _)| *key == (owner, name)).map(|(_, ty)| ty)
    }

    /// Binds a parameter, unless it is bound to something better.
    pub(in crate::resolve) fn bind(&mut self, owner: DefId, name: Name, ty: Ty) {
        if ty == Ty::Unknown {
            return;
        }
        match self.pairs.iter_mut().find(|(key, _)| *key == (owner, name)) {
            Some((_, old)) => {
                if old.has_unknown() && !ty.has_unknown() {
                    *old = ty;
                }
            }
            None => self.pairs.push(((owner, name), ty)),
        }
    }

    pub(in crate::resolve) fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    pub(in crate::resolve) fn extend(&mut self, other: &Subst) {
        for ((owner, name), ty) in &other.pairs {
            self.bind(*owner, *name, ty.clone());
        }
    }

    /// The type with bound parameters replaced.
    pub(in crate::resolve) fn apply(&self, ty: &Ty) -> Ty {
        if self.is_empty() {
            return ty.clone();
        }
        match ty {
            Ty::Param(owner, name) => self.get(*owner, *name).cloned().unwrap_or_else(|| ty.clone()),
            _ => ty.map(&mut |t| self.apply(t)),
        }
    }
}

impl Ty {
    pub(in crate::resolve) fn ext<const N: usize>(name: &str, args: [Ty; N]) -> Ty {
        Ty::Ext(ustr(name), args.into())
    }

    /// A closure or function pointer. One that is too large keeps the number of its parameters.
    pub(in crate::resolve) fn callable(params: Vec<Ty>, ret: Ty) -> Ty {
        let weight = total(&params).saturating_add(ret.weight());
        if weight <= MAX_WEIGHT {
            return Ty::Fn(Arc::new(FnTy { params, ret, weight }));
        }
        let params = vec![Ty::Unknown; params.len().min(MAX_WEIGHT as usize - 1)];
        let weight = total(&params) + 1;
        Ty::Fn(Arc::new(FnTy { params, ret: Ty::Unknown, weight }))
    }

    /// `<base>::name`, not carried out; unknown if it is too large.
    pub(in crate::resolve) fn projection(base: Ty, name: Name) -> Ty {
        match base.weight() {
            weight if weight < MAX_WEIGHT => Ty::Proj(Arc::new(Proj { base, name, weight })),
            _ => Ty::Unknown,
        }
    }

    pub(in crate::resolve) fn unit() -> Ty {
        Ty::Tuple(Args::default())
    }

    pub(in crate::resolve) fn is_unknown(&self) -> bool {
        matches!(self, Ty::Unknown)
    }

    pub(in crate::resolve) fn has_unknown(&self) -> bool {
        match self {
            Ty::Unknown => true,
            Ty::Adt(_, args) | Ty::Ext(_, args) | Ty::Tuple(args) => args.iter().any(Ty::has_unknown),
            _ => false,
        }
    }

    /// The same type with `f` applied to the types directly inside it.
    pub(in crate::resolve) fn map(&self, f: &mut impl FnMut(&Ty) -> Ty) -> Ty {
        let mut all = |args: &Args| -> Args {
            if args.is_empty() { args.clone() } else { args.iter().map(&mut *f).collect() }
        };
        match self {
            Ty::Adt(def, args) => Ty::Adt(*def, all(args)),
            Ty::Ext(name, args) => Ty::Ext(*name, all(args)),
            Ty::Tuple(args) => Ty::Tuple(all(args)),
            Ty::Fn(fun) => Ty::callable(fun.params.iter().map(&mut *f).collect(), f(&fun.ret)),
            Ty::Bounds(bounds) => Ty::Bounds(
                bounds
                    .iter()
                    .map(|b| TraitRef {
                        def: b.def,
                        args: all(&b.args),
                        bindings: b
                            .bindings
                            .iter()
                            .map(|(n, t)| (*n, all(&Args::from([t.clone()]))[0].clone()))
                            .collect(),
                    })
                    .collect(),
            ),
            Ty::Proj(proj) => Ty::projection(f(&proj.base), proj.name),
            Ty::Unknown | Ty::Param(..) | Ty::Local => self.clone(),
        }
    }

    /// The first argument, if there is one.
    pub(in crate::resolve) fn arg(&self, i: usize) -> Ty {
        match self {
            Ty::Adt(_, args) | Ty::Ext(_, args) | Ty::Tuple(args) => {
                args.get(i).cloned().unwrap_or(Ty::Unknown)
            }
            _ => Ty::Unknown,
        }
    }

    /// The better known of two types for the same thing.
    pub(in crate::resolve) fn or(self, other: Ty) -> Ty {
        match (&self, &other) {
            (Ty::Unknown, _) => other,
            (Ty::Adt(a, x), Ty::Adt(b, y)) if a == b && self.has_unknown() && x.len() == y.len() => {
                Ty::Adt(*a, x.iter().zip(y.iter()).map(|(x, y)| x.clone().or(y.clone())).collect())
            }
            (Ty::Ext(a, x), Ty::Ext(b, y)) if a == b && self.has_unknown() => {
                if x.is_empty() {
                    return other;
                }
                let rest = y.iter().cloned().chain(std::iter::repeat(Ty::Unknown));
                Ty::Ext(*a, x.iter().zip(rest).map(|(x, y)| x.clone().or(y)).collect())
            }
            (Ty::Tuple(x), Ty::Tuple(y)) if self.has_unknown() && x.len() == y.len() => {
                Ty::Tuple(x.iter().zip(y.iter()).map(|(x, y)| x.clone().or(y.clone())).collect())
            }
            _ => self,
        }
    }
}
