//! Finding members of types: methods through auto-dereference, associated items by path.

use super::head::Head;
use super::head::head;
use super::stdlib;
use super::table::{Cx, ImplData, Types};
use super::ty::{InScope, Subst, TraitRef, Ty};
use super::unify::{compatible, compatible_in};
use crate::parse::tree::{Expr, Name, NodeKind, TypeRef};
use crate::resolve::names::def::{Def, DefId, DefKind};
use crate::resolve::names::path::NAMES;
use ustr::ustr;

/// Most dereferences tried.
pub(super) const MAX_DEREFS: usize = 8;

/// Blanket `impl`s that stand on one another, as far as they are followed: `impl<T: A> B for T`, `impl<T: B> C for T`.
const MAX_BLANKETS: u32 = 4;

/// A member that was found.
pub(in crate::resolve) struct FoundMember {
    pub(in crate::resolve) def: DefId,
    /// What the parameters of the `impl` or trait around it stand for.
    pub(in crate::resolve) subst: Subst,
    /// Whether the path names the trait's arguments: no other `impl` is meant, whatever the call's arguments are.
    pub(in crate::resolve) settled: bool,
}

/// Where looking for a method on a type ended.
pub(in crate::resolve) enum MethodOn {
    /// At a method of the repository.
    Found(FoundMember),
    /// At a type whose methods the standard library defines.
    Std(Ty, stdlib::Method),
    /// At a known type without such a method that is known.
    Nothing,
    /// At a type that is not known.
    Unknown,
}

impl Types<'_, '_> {
    /// One step of auto-dereference.
    pub(in crate::resolve) fn deref(&self, cx: &Cx<'_>, ty: &Ty) -> Option<Ty> {
        match ty {
            Ty::Ext(name, args) if stdlib::is_pointer(name.as_str()) || *name == "Lock" => {
                args.first().cloned()
            }
            Ty::Ext(..) => stdlib::borrowed(ty),
            Ty::Adt(..) => {
                let target = self.project(cx, ty.clone(), ustr("Target"));
                (!target.is_unknown() && target != *ty).then_some(target)
            }
            Ty::Param(..) | Ty::Bounds(_) => self.bounds_of(cx, ty).iter().find_map(|b| match b.def {
                Def::Ext(n) if n == "Deref" || n == "DerefMut" => b.binding("Target").cloned(),
                Def::Ext(n) if n == "AsRef" || n == "Borrow" => None,
                _ => None,
            }),
            _ => None,
        }
    }

    /// The bounds that are known of a type.
    pub(in crate::resolve) fn bounds_of(&self, cx: &Cx<'_>, ty: &Ty) -> Vec<TraitRef> {
        match ty {
            Ty::Param(owner, name) => self.bounds_in(cx, *owner, *name),
            Ty::Bounds(bounds) => bounds.to_vec(),
            Ty::Proj(proj) => {
                let mut out = Vec::new();
                for bound in self.bounds_of(cx, &proj.base) {
                    if let Def::Item(def) = bound.def {
                        out.extend(self.assoc_bounds(def, proj.name));
                        for sup in self.supertraits(def) {
                            if let Def::Item(sup) = sup.def {
                                out.extend(self.assoc_bounds(sup, proj.name));
                            }
                        }
                    }
                }
                out.extend(self.projection_bounds(cx, proj.name));
                out
            }
            _ => Vec::new(),
        }
    }

    /// `where T::Name: Bound` around here.
    fn projection_bounds(&self, cx: &Cx<'_>, name: Name) -> Vec<TraitRef> {
        let mut out = Vec::new();
        for def in cx.generics.iter().flatten() {
            let tree = self.world.tree(self.world.defs[*def].tree);
            let Some(generics) = self.generics(*def) else { continue };
            for (ty, bounds) in &generics.wheres {
                // `for<'a> &'a mut T::Name: Bound`: references are transparent.
                let mut ty = *ty;
                while let TypeRef::Ref(inner) = tree[ty] {
                    ty = inner;
                }
                let TypeRef::Path(path) = &tree[ty] else { continue };
                let path = &tree[*path];
                let projects = path.segments.len() > 1 || path.qself.is_some();
                if projects && path.segments.last().name == name {
                    out.extend(bounds.iter().filter_map(|b| self.trait_ref(cx, tree, *b)));
                }
            }
        }
        out
    }

    /// A method of this name, through auto-dereference.
    /// `passed` takes the types that were dereferenced to get there.
    pub(in crate::resolve) fn method(
        &self,
        cx: &Cx<'_>,
        receiver: &Ty,
        name: Name,
        passed: &mut Vec<Ty>,
    ) -> MethodOn {
        let mut ty = self.normalize(cx, receiver);
        let mut outcome = MethodOn::Unknown;
        for _ in 0..MAX_DEREFS {
            if ty.is_unknown() {
                return outcome;
            }
            if let Some(found) = self.member(cx, &ty, name, true) {
                return MethodOn::Found(found);
            }
            let std = stdlib::method(&ty, name.as_str());
            let own = match &ty {
                // A pointer's own methods are few; most calls go through it.
                Ty::Ext(outer, _) if stdlib::is_pointer(outer.as_str()) => {
                    std.is_some()
                        && matches!(
                            name.as_str(),
                            "clone" | "as_ref" | "as_mut" | "borrow" | "into_owned" | "to_mut"
                        )
                }
                _ => std.is_some(),
            };
            if let (true, Some(std)) = (own, std) {
                return MethodOn::Std(ty, std);
            }
            if matches!(ty, Ty::Adt(..) | Ty::Ext(..) | Ty::Local | Ty::Tuple(_) | Ty::Fn(_)) {
                outcome = MethodOn::Nothing;
            }
            match self.deref(cx, &ty) {
                Some(next) => {
                    let next = self.normalize(cx, &next);
                    passed.push(std::mem::replace(&mut ty, next));
                }
                None => break,
            }
        }
        outcome
    }

    /// The method of an `impl` of an operator's trait for exactly this type.
    pub(in crate::resolve) fn operator(&self, ty: &Ty, method: Name, rigid: &InScope) -> Option<DefId> {
        self.written_operator(ty, method, rigid)
            .or_else(|| self.written_operator(ty, ustr(stands_on(method.as_str())?), rigid))
    }

    fn written_operator(&self, ty: &Ty, method: Name, rigid: &InScope) -> Option<DefId> {
        let candidates = self.in_trait_impls(head(ty)?, method);
        let external = |def: &&DefId| {
            let around = self.world.defs[**def].parent.and_then(|p| self.impl_around(p));
            around.is_some_and(|i| {
                compatible_in(&i.self_ty, ty, rigid)
                    && matches!(&i.trait_ref, Some(TraitRef { def: Def::Ext(_), .. }))
            })
        };
        candidates.iter().find(external).copied()
    }

    /// Whether the methods of an `impl`'s trait can be called here: the trait is in scope, or not of the repository.
    fn usable(&self, cx: &Cx<'_>, imp: &ImplData) -> bool {
        match &imp.trait_ref {
            Some(TraitRef { def: Def::Item(def), .. }) => self.trait_in_scope(cx, *def),
            // By the orphan rule one side is the repository's: this trait is, but its code isn't there to be read.
            Some(TraitRef { args, .. }) if args.is_empty() => !matches!(imp.self_ty, Ty::Ext(..)),
            _ => true,
        }
    }

    /// The item of this name in the `impl` of one trait with these arguments for this type.
    pub(in crate::resolve) fn member_of_trait(
        &self,
        cx: &Cx<'_>,
        ty: &Ty,
        (trait_def, args): (DefId, &[Ty]),
        name: Name,
    ) -> Option<FoundMember> {
        if matches!(ty, Ty::Param(..)) {
            return None;
        }
        let is_one = |of: &TraitRef| {
            let mut pairs = of.args.iter().zip(args);
            of.def == Def::Item(trait_def)
                && pairs.all(|(own, asked)| compatible_in(own, asked, &cx.generics))
        };
        let of_trait = |def: &&DefId| {
            let around = self.world.defs[**def].parent.and_then(|p| self.impl_around(p));
            around.is_some_and(|i| {
                compatible_in(&i.self_ty, ty, &cx.generics) && i.trait_ref.as_ref().is_some_and(is_one)
            })
        };
        let find = |head| self.in_trait_impls(head, name).iter().find(of_trait);
        let def = head(ty).and_then(find).or_else(|| find(Head::Blanket))?;
        Some(FoundMember { settled: !args.is_empty(), ..self.found(*def, ty) })
    }

    /// An associated item that a trait of the repository gives to exactly this type from outside.
    pub(in crate::resolve) fn own_trait_member(
        &self,
        cx: &Cx<'_>,
        ty: &Ty,
        name: Name,
    ) -> Option<FoundMember> {
        let Ty::Ext(outer, _) = ty else { return None };
        let own = |def: &&DefId| {
            let around = self.world.defs[**def].parent.and_then(|p| self.impl_around(p));
            around.is_some_and(|i| {
                i.self_ty == *ty
                    && matches!(&i.trait_ref, Some(TraitRef { def: Def::Item(def), .. }) if self.trait_in_scope(cx, *def))
            })
        };
        let def = self.in_trait_impls(Head::Ext(*outer), name).iter().find(own)?;
        Some(self.found(*def, ty))
    }

    /// Whether a trait's method for a type from outside hands on to a method of the same name (`self.name(…)`): that must be
    /// the type's own, and comes first.
    pub(super) fn hands_on(&self, def: DefId) -> bool {
        let NodeKind::Fn(node) = &self.world.node(def).kind else { return false };
        let tree = self.world.tree(self.world.defs[def].tree);
        let Some(Expr::Block(block)) = node.body.map(|body| &tree[body]) else { return false };
        let Some(Expr::Method(call)) = block.tail.map(|tail| &tree[tail]) else { return false };
        let on_self = matches!(&tree[call.receiver], Expr::Path(path)
            if matches!(&tree[*path].segments[..], [only] if only.name == NAMES.this));
        call.name == self.world.defs[def].name && on_self
    }

    /// An associated item of exactly this type; `method`: only functions with `self`.
    pub(in crate::resolve) fn member(
        &self,
        cx: &Cx<'_>,
        ty: &Ty,
        name: Name,
        method: bool,
    ) -> Option<FoundMember> {
        let fits =
            |def: &&DefId| !method || matches!(&self.world.node(**def).kind, NodeKind::Fn(f) if f.has_self);
        match ty {
            Ty::Param(..) | Ty::Proj(_) => {
                return self.member_of_bounds(ty, &self.bounds_of(cx, ty), name, method);
            }
            Ty::Bounds(bounds) => {
                if let Some(found) = self.member_of_bounds(ty, bounds, name, method) {
                    return Some(found);
                }
            }
            // Its own `impl`s are not known, but what everything has, it has too.
            Ty::Local => return self.blanket(cx, ty, name, method),
            _ => {}
        }
        let head = head(ty)?;
        let pick = |defs: &mut dyn Iterator<Item = &DefId>| {
            self.of_type(&mut defs.filter(&fits).copied(), ty, &cx.generics)
        };
        if let Some(def) = pick(&mut self.inherent(head, name).iter()) {
            return Some(self.found(def, ty));
        }
        // The same method of one trait with several arguments: which one is not known, the first is taken.
        let usable = |def: &&DefId| {
            let around = self.world.defs[**def].parent.and_then(|p| self.impl_around(p));
            around.is_some_and(|i| self.usable(cx, i))
        };
        if matches!(ty, Ty::Ext(..)) && self.shadowed.contains(&(head, name)) {
            return None;
        }
        if let Some(def) = pick(&mut self.in_trait_impls(head, name).iter().filter(usable)) {
            return Some(self.found(def, ty));
        }
        for imp in self.impls_of(head) {
            let Some(TraitRef { def: Def::Item(trait_def), .. }) = imp.trait_ref else { continue };
            if let Some(def) = self.in_trait_itself(trait_def, name).filter(|d| fits(&d))
                && self.trait_in_scope(cx, trait_def)
            {
                let mut found = self.found(def, ty);
                self.unify(&imp.self_ty, ty, &mut found.subst);
                if let Some(trait_ref) = &imp.trait_ref {
                    let args = trait_ref.args.iter().map(|a| found.subst.apply(a)).collect::<Vec<_>>();
                    found.subst.extend(&self.bind_params(trait_def, &args));
                }
                return Some(found);
            }
        }
        self.blanket(cx, ty, name, method)
    }

    /// The first of these items whose `impl` is for this type; where none is, the first of all, since types may be read too
    /// narrowly. No `impl` for a type is one for all (`impl Tr for Pool<Own>` and a `Pool<DB>`).
    pub(super) fn of_type(
        &self,
        defs: &mut dyn Iterator<Item = DefId>,
        ty: &Ty,
        rigid: &InScope,
    ) -> Option<DefId> {
        let mut first = None;
        // Only as far as the first that will do: there may be thousands.
        for def in defs {
            let around = self.world.defs[def].parent.and_then(|p| self.impl_around(p));
            if !around.is_some_and(|i| compatible(&i.self_ty, ty)) {
                first.get_or_insert(def);
            } else if around.is_some_and(|i| compatible_in(&i.self_ty, ty, rigid)) {
                return Some(def);
            }
        }
        first
    }

    /// Methods of `impl<T: Bound> Trait for T`.
    fn blanket(&self, cx: &Cx<'_>, ty: &Ty, name: Name, method: bool) -> Option<FoundMember> {
        if !self.blanket.contains(&name) || self.is_std_first(ty, name) {
            return None;
        }
        let fits =
            |def: &&DefId| !method || matches!(&self.world.node(**def).kind, NodeKind::Fn(f) if f.has_self);
        let defs = self.in_trait_impls(Head::Blanket, name).iter().filter(&fits);
        for def in defs {
            let Some(imp) = self.world.defs[*def].parent.and_then(|p| self.impl_around(p)) else { continue };
            if self.usable(cx, imp) && self.satisfies(cx, ty, &imp.self_ty) {
                return Some(self.found(*def, ty));
            }
        }
        for imp in self.impls_of(Head::Blanket) {
            let Some(TraitRef { def: Def::Item(trait_def), .. }) = imp.trait_ref else { continue };
            if let Some(def) = self.in_trait_itself(trait_def, name).filter(|d| fits(&d))
                && self.trait_in_scope(cx, trait_def)
                && self.satisfies(cx, ty, &imp.self_ty)
            {
                return Some(self.found(def, ty));
            }
        }
        None
    }

    /// Whether the standard library gives a type this method itself, or by a trait that is always in scope: a blanket `impl`
    /// with the same name would then be an error of the code.
    fn is_std_first(&self, ty: &Ty, name: Name) -> bool {
        let iterates = match ty {
            Ty::Ext(outer, _) => {
                if stdlib::method(ty, name.as_str()).is_some() {
                    return true;
                }
                matches!(outer.as_str(), "Range" | "RangeInclusive" | "RangeFrom")
                    || stdlib::is_iterator(outer.as_str())
            }
            Ty::Adt(def, _) => self.impls_of(Head::Adt(*def)).any(is_of_iterator),
            Ty::Bounds(bounds) => bounds.iter().any(|bound| is_iterator(bound.def)),
            _ => false,
        };
        iterates && stdlib::of_iterator(&Ty::Unknown, name.as_str()).is_some()
    }

    /// Whether a type may meet the bounds of a blanket `impl`'s parameter: traits of the repository are checked,
    /// others are taken for met.
    fn satisfies(&self, cx: &Cx<'_>, ty: &Ty, param: &Ty) -> bool {
        self.satisfies_at(cx, ty, param, 0)
    }

    fn satisfies_at(&self, cx: &Cx<'_>, ty: &Ty, param: &Ty, depth: u32) -> bool {
        let Ty::Param(owner, name) = param else { return true };
        self.bounds(*owner, *name).iter().all(|bound| match bound.def {
            Def::Item(wanted) => *ty == Ty::Local || self.implements(cx, ty, wanted, depth),
            Def::Ext(name) => self.may_implement(ty, name),
            _ => true,
        })
    }

    /// Whether a type may implement a trait from outside: a type of the repository must say so.
    fn may_implement(&self, ty: &Ty, name: Name) -> bool {
        if matches!(
            name.as_str(),
            "Sized" | "Send" | "Sync" | "Unpin" | "Clone" | "Debug" | "Copy" | "Any" | "Display"
        ) {
            return true;
        }
        match ty {
            // Only what can be called is a function; what another package's type does isn't known.
            Ty::Ext(outer, _) if name.as_str().starts_with("Fn") => !stdlib::is_data(outer.as_str()),
            Ty::Tuple(_) if name.as_str().starts_with("Fn") => false,
            Ty::Ext(outer, _) if name == "Iterator" => {
                stdlib::is_iterator(outer.as_str()) || !stdlib::is_data(outer.as_str())
            }
            Ty::Adt(def, _) => self
                .impls_of(Head::Adt(*def))
                .any(|i| matches!(&i.trait_ref, Some(TraitRef { def: Def::Ext(n), .. }) if *n == name)),
            _ => true,
        }
    }

    fn implements(&self, cx: &Cx<'_>, ty: &Ty, wanted: DefId, depth: u32) -> bool {
        match ty {
            Ty::Param(..) | Ty::Proj(_) | Ty::Bounds(_) => self
                .bounds_of(cx, ty)
                .iter()
                .any(|b| b.def == Def::Item(wanted) || self.requires(b.def, wanted, 0)),
            _ => head(ty).is_some_and(|h| {
                let direct = |h| {
                    self.impls_of(h).any(|i| i.trait_ref.as_ref().is_some_and(|t| t.def == Def::Item(wanted)))
                };
                direct(h) || (depth < MAX_BLANKETS && self.covers(cx, ty, wanted, depth + 1))
            }),
        }
    }

    /// Whether a blanket `impl` of a trait holds for a type.
    fn covers(&self, cx: &Cx<'_>, ty: &Ty, wanted: DefId, depth: u32) -> bool {
        self.impls_of(Head::Blanket).any(|imp| {
            imp.trait_ref.as_ref().is_some_and(|t| t.def == Def::Item(wanted))
                && self.satisfies_at(cx, ty, &imp.self_ty, depth)
        })
    }

    fn requires(&self, def: Def, wanted: DefId, depth: u32) -> bool {
        let Def::Item(id) = def else { return false };
        depth < 8
            && self.world.defs[id].kind == DefKind::Trait
            && self
                .supertraits(id)
                .iter()
                .any(|s| s.def == Def::Item(wanted) || self.requires(s.def, wanted, depth + 1))
    }

    fn member_of_bounds(
        &self,
        ty: &Ty,
        bounds: &[TraitRef],
        name: Name,
        method: bool,
    ) -> Option<FoundMember> {
        for bound in bounds {
            let Def::Item(trait_def) = bound.def else { continue };
            if self.world.defs[trait_def].kind != DefKind::Trait {
                continue;
            }
            let fits =
                |def: &DefId| !method || matches!(&self.world.node(*def).kind, NodeKind::Fn(f) if f.has_self);
            if let Some(def) = self.in_trait(trait_def, name, 0).filter(fits) {
                let mut found = self.found(def, ty);
                found.subst.extend(&self.bind_params(trait_def, &bound.args));
                return Some(found);
            }
        }
        None
    }

    /// A member with what its surroundings' parameters stand for on `ty`.
    fn found(&self, def: DefId, ty: &Ty) -> FoundMember {
        let mut subst = Subst::default();
        if let Some(parent) = self.world.defs[def].parent {
            match self.impl_around(parent) {
                Some(imp) => self.unify(&imp.self_ty, ty, &mut subst),
                None => subst.bind(parent, NAMES.self_type, ty.clone()),
            }
        }
        FoundMember { def, subst, settled: false }
    }
}

/// The method that an operator's calls where the `impl` leaves that to the trait
/// (<https://doc.rust-lang.org/std/cmp/index.html>).
fn stands_on(method: &str) -> Option<&'static str> {
    match method {
        "ne" => Some("eq"),
        "lt" | "le" | "gt" | "ge" => Some("partial_cmp"),
        _ => None,
    }
}

/// Whether a trait is the standard library's `Iterator` or stands on it.
fn is_iterator(def: Def) -> bool {
    matches!(def, Def::Ext(name) if matches!(name.as_str(), "Iterator" | "DoubleEndedIterator" | "ExactSizeIterator"))
}

fn is_of_iterator(imp: &ImplData) -> bool {
    imp.trait_ref.as_ref().is_some_and(|of| is_iterator(of.def))
}
