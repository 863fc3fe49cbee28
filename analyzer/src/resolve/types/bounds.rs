//! What is known of a type parameter or an associated type: bounds, projections, supertraits.

use super::fuel;
use super::head::Head;
use super::head::head;
use super::lower::{bound_depth, is_name};
use super::shared::{Shared, Weigh as _};
use super::table::{Cx, MAX_DEPTH, Types};
use super::ty::{Subst, TraitRef, Ty};
use crate::parse::tree::{Generics, Name, NodeKind};
use crate::resolve::names::def::{Def, DefId, DefKind};
use crate::resolve::names::path::NAMES;

impl Types<'_, '_> {
    /// `<base>::name`.
    pub(in crate::resolve) fn project(&self, cx: &Cx<'_>, base: Ty, name: Name) -> Ty {
        let Some(cx) = &cx.deeper() else { return Ty::Unknown };
        match &base {
            Ty::Adt(..) | Ty::Tuple(_) | Ty::Ext(..) => {
                if let Some(def) = head(&base).and_then(|h| self.assoc_type(cx, h, &base, name)) {
                    return self.assoc_ty(cx, def, &base);
                }
                match (&base, name.as_str()) {
                    (Ty::Ext(..), "Item") => super::stdlib::element(&base),
                    (Ty::Ext(..), "Target") => base.arg(0),
                    _ => Ty::Unknown,
                }
            }
            Ty::Param(owner, param) => {
                for bound in self.bounds_at(*owner, *param, bound_depth(cx)) {
                    if let Some(ty) = bound.binding(name.as_str()) {
                        return ty.clone();
                    }
                }
                Ty::projection(base, name)
            }
            Ty::Bounds(bounds) => {
                let bound = bounds.iter().find_map(|b| b.binding(name.as_str()).cloned());
                bound.unwrap_or_else(|| Ty::projection(base, name))
            }
            Ty::Proj(_) => Ty::projection(base, name),
            Ty::Unknown | Ty::Fn(_) | Ty::Local => Ty::Unknown,
        }
    }

    /// Projections carried out as far as they now can be.
    pub(in crate::resolve) fn normalize(&self, cx: &Cx<'_>, ty: &Ty) -> Ty {
        match ty {
            Ty::Proj(proj) => {
                let base = self.normalize(cx, &proj.base);
                self.project(cx, base, proj.name)
            }
            Ty::Unknown | Ty::Param(..) | Ty::Local => ty.clone(),
            _ => ty.map(&mut |t| self.normalize(cx, t)),
        }
    }

    fn assoc_type(&self, cx: &Cx<'_>, head: Head, base: &Ty, name: Name) -> Option<DefId> {
        let all = self.in_trait_impls.get(&(head, name)).into_iter().chain(self.inherent.get(&(head, name)));
        let mut candidates =
            all.flatten().filter(|d| self.world.defs[**d].kind == DefKind::TypeAlias).copied();
        self.of_type(&mut candidates, base, &cx.generics)
    }

    pub(in crate::resolve) fn assoc_ty(&self, cx: &Cx<'_>, def: DefId, base: &Ty) -> Ty {
        let NodeKind::TypeAlias(_, Some(ty)) = &self.world.node(def).kind else { return Ty::Unknown };
        let own = Cx { depth: cx.depth, ..self.cx_of(def) };
        let ty = self.lower(&own, self.world.tree(self.world.defs[def].tree), *ty);
        fuel::spend(ty.weight());
        let Some(around) = self.world.defs[def].parent.and_then(|p| self.impl_around(p)) else { return ty };
        let mut subst = Subst::default();
        self.unify(&around.self_ty, base, &mut subst);
        self.forget(&subst.apply(&ty), around.def)
    }

    /// The bounds of a type parameter; for `Self` of a trait, the trait itself.
    pub(in crate::resolve) fn bounds(&self, owner: DefId, name: Name) -> Vec<TraitRef> {
        self.bounds_at(owner, name, MAX_DEPTH / 2)
    }

    /// Bounds that a function's where clause puts on a parameter of the `impl` around it.
    pub(in crate::resolve) fn bounds_in(&self, cx: &Cx<'_>, owner: DefId, name: Name) -> Vec<TraitRef> {
        let mut out = self.bounds(owner, name);
        for def in cx.generics.iter().flatten().filter(|d| **d != owner) {
            let tree = self.world.tree(self.world.defs[*def].tree);
            if let Some(generics) = self.generics(*def) {
                let wheres = generics.wheres.iter().filter(|(ty, _)| is_name(tree, *ty, name));
                out.extend(wheres.flat_map(|w| &w.1).filter_map(|b| self.trait_ref(cx, tree, *b)));
            }
        }
        out
    }

    /// What the trait says of its associated type: `type Name: Bound`.
    pub(in crate::resolve) fn assoc_bounds(&self, trait_def: DefId, name: Name) -> Vec<TraitRef> {
        let Some(&def) = self.in_traits.get(&(trait_def, name)) else { return Vec::new() };
        let NodeKind::TypeAlias(bounds, _) = &self.world.node(def).kind else { return Vec::new() };
        let tree = self.world.tree(self.world.defs[def].tree);
        let cx = self.cx_of(def);
        bounds.iter().filter_map(|b| self.trait_ref(&cx, tree, *b)).collect()
    }

    /// The traits that a trait requires.
    pub(in crate::resolve) fn supertraits(&self, def: DefId) -> Vec<TraitRef> {
        let NodeKind::Trait(supers, _) = &self.world.node(def).kind else { return Vec::new() };
        if !fuel::take() {
            return Vec::new();
        }
        let tree = self.world.tree(self.world.defs[def].tree);
        let cx = self.cx_of(def);
        let mut out: Vec<TraitRef> = supers.iter().filter_map(|s| self.trait_ref(&cx, tree, *s)).collect();
        if let Some(generics) = self.generics(def) {
            let wheres = generics.wheres.iter().filter(|(ty, _)| is_name(tree, *ty, NAMES.self_type));
            out.extend(wheres.flat_map(|w| &w.1).filter_map(|b| self.trait_ref(&cx, tree, *b)));
        }
        out
    }

    pub(in crate::resolve) fn bounds_at(&self, owner: DefId, name: Name, depth: u32) -> Vec<TraitRef> {
        let mut out = Vec::new();
        if name == NAMES.self_type && self.world.defs[owner].kind == DefKind::Trait {
            out.push(TraitRef {
                def: Def::Item(owner),
                args: self.own_params(owner),
                bindings: Shared::default(),
            });
            return out;
        }
        let tree = self.world.tree(self.world.defs[owner].tree);
        let cx = Cx { depth, ..self.cx_of(owner) };
        let mut read = |generics: &Generics| {
            let own = generics.types.iter().filter(|p| p.name == name).flat_map(|p| &p.bounds);
            let wheres = generics.wheres.iter().filter(|(ty, _)| is_name(tree, *ty, name)).flat_map(|w| &w.1);
            out.extend(own.chain(wheres).filter_map(|b| self.trait_ref(&cx, tree, *b)));
        };
        if let Some(generics) = self.generics(owner) {
            read(generics);
        }
        out
    }
}
