//! Calls of functions, constructors, closures: arguments against signatures, and what comes back.

use super::overloads::Meant;
use super::walker::{PathValue, Walker};
use crate::parse::tree::{Expr, ExprId, ItemTree, Name};
use crate::resolve::model::RefKind;
use crate::resolve::names::def::{DefId, DefKind};
use crate::resolve::names::path::NAMES;
use crate::resolve::types::lookup::FoundMember;
use crate::resolve::types::stdlib;
use crate::resolve::types::ty::{Subst, TraitRef, Ty};

impl Walker<'_, '_, '_> {
    /// `Adt(def, …)` with unknown arguments taken from what was learnt.
    pub(in crate::resolve) fn filled(&self, def: DefId, subst: &Subst, known: Ty) -> Ty {
        if subst.is_empty() {
            return known;
        }
        let learnt = self.types.forget(&subst.apply(&self.types.adt(def)), def);
        known.or(learnt)
    }

    pub(in crate::resolve) fn call(
        &mut self,
        t: &ItemTree,
        callee: ExprId,
        args: &[ExprId],
        expected: &Ty,
    ) -> Ty {
        let Expr::Path(path) = &t[callee] else {
            let callee = self.expr(t, callee, &Ty::Unknown);
            return self.call_value(t, &callee, args);
        };
        match self.value_path(t, *path) {
            PathValue::Fn(found) => {
                let turbofish = t[*path].segments.last().args.as_deref();
                self.call_fn(t, found, None, args, expected, turbofish)
            }
            PathValue::Ctor(def, variant, own) => {
                let fields = self.types.raw_fields(def, variant);
                let context = match expected {
                    Ty::Adt(of, _) if *of == def => own.or(expected.clone()),
                    _ => own,
                };
                let mut subst = match &context {
                    Ty::Adt(_, params) => self.types.bind_params(def, params),
                    _ => Subst::default(),
                };
                for (i, e) in args.iter().enumerate() {
                    let field = fields.get(i).cloned().unwrap_or(Ty::Unknown);
                    let wanted = self.types.forget(&subst.apply(&field), def);
                    let ty = self.expr(t, *e, &wanted);
                    self.types.unify(&field, &ty, &mut subst);
                }
                let made = self.filled(def, &subst, context);
                self.makes(&made, t, *path);
                made
            }
            PathValue::Ext(qualifier, name) => {
                let wrapped = matches!(name.as_str(), "Some" | "Ok")
                    || (name == "new"
                        && matches!(&qualifier, Ty::Ext(n, _) if stdlib::is_pointer(n.as_str())));
                let want = match name.as_str() {
                    "Err" => expected.arg(1),
                    _ if wrapped => expected.arg(0),
                    _ => Ty::Unknown,
                };
                let given: Vec<Ty> = args.iter().map(|e| self.expr(t, *e, &want)).collect();
                if name == "drop" && !t[*path].from_body {
                    self.drops(&given, t[*path].line);
                }
                if !t[*path].from_body {
                    self.outside_trait(&qualifier, name, &given, expected, t[*path].line);
                }
                if let Ty::Ext(marker, own) = &qualifier {
                    match (marker.as_str(), &own[..]) {
                        ("Self", [own]) => return own.clone(),
                        ("TrySelf", [own]) => return Ty::ext("Result", [own.clone(), Ty::Unknown]),
                        _ => {}
                    }
                }
                let outer = match &qualifier {
                    Ty::Ext(n, _) => *n,
                    _ => NAMES.empty,
                };
                stdlib::call(outer.as_str(), &qualifier, name.as_str(), &given, expected)
            }
            PathValue::Local(ty) | PathValue::Const(ty) => self.call_value(t, &ty, args),
            PathValue::Type(ty) => {
                self.each(t, args);
                ty
            }
            PathValue::Unknown => {
                self.each(t, args);
                Ty::Unknown
            }
        }
    }

    /// `Default::default()`, `Iterator::next(&mut it)`: the `impl` of a trait from outside for what the arguments or the
    /// place want.
    fn outside_trait(&mut self, qualifier: &Ty, name: Name, given: &[Ty], expected: &Ty, line: u32) {
        let Ty::Ext(of, _) = qualifier else { return };
        let rigid = &self.scope.generics;
        let of_type = |own: &Ty| self.types.of_outside_trait(*of, own, name, given, rigid);
        if let Some(def) = given.first().and_then(of_type).or_else(|| of_type(expected)) {
            self.refer(def, line, RefKind::Call);
        }
    }

    pub(in crate::resolve) fn each(&mut self, t: &ItemTree, args: &[ExprId]) {
        for e in args {
            self.expr(t, *e, &Ty::Unknown);
        }
    }

    /// Calls a value: a closure, a function pointer, something bounded by `Fn`.
    pub(in crate::resolve) fn call_value(&mut self, t: &ItemTree, callee: &Ty, args: &[ExprId]) -> Ty {
        let (params, ret) = self.callable(callee).unwrap_or((Vec::new(), Ty::Unknown));
        for (i, e) in args.iter().enumerate() {
            let wanted = params.get(i).cloned().unwrap_or(Ty::Unknown);
            match &t[*e] {
                Expr::Closure(closure) => {
                    let (given, want) = self.callable(&wanted).unwrap_or((Vec::new(), Ty::Unknown));
                    self.closure(t, closure, &given, &want);
                }
                _ => {
                    self.expr(t, *e, &wanted);
                }
            }
        }
        ret
    }

    /// Parameters and result of something callable.
    pub(in crate::resolve) fn callable(&self, ty: &Ty) -> Option<(Vec<Ty>, Ty)> {
        match ty {
            Ty::Fn(fun) => Some((fun.params.clone(), fun.ret.clone())),
            Ty::Ext(name, args) if stdlib::is_pointer(name.as_str()) => self.callable(args.first()?),
            Ty::Param(..) | Ty::Bounds(_) => {
                let bounds = self.types.bounds_of(&self.cx(), ty);
                let found = bounds.iter().find_map(TraitRef::callable);
                found.map(|(params, ret)| (params.to_vec(), ret))
            }
            _ => None,
        }
    }

    /// A type out of a callee's signature, as the caller sees it: its parameters filled in or unknown.
    pub(in crate::resolve) fn finish_ty(&self, def: DefId, subst: &Subst, ty: &Ty) -> Ty {
        let mut ty = subst.apply(ty);
        ty = self.types.normalize(&self.cx(), &ty);
        for owner in [Some(def), self.types.world.defs[def].parent].into_iter().flatten() {
            // Inside the callee itself its parameters mean themselves.
            if !self.scope.generics.contains(&Some(owner)) {
                ty = self.types.forget(&ty, owner);
            }
        }
        ty
    }

    /// Calls a function of the repository; `receiver` for method calls.
    pub(in crate::resolve) fn call_fn(
        &mut self,
        t: &ItemTree,
        found: FoundMember,
        receiver: Option<&Ty>,
        args: &[ExprId],
        expected: &Ty,
        turbofish: Option<&crate::parse::tree::GenericArgs>,
    ) -> Ty {
        let (FoundMember { def, mut subst, .. }, mut evaluated) = match self.overloaded(t, found, args) {
            Meant::Fn(found, evaluated) => (found, evaluated),
            Meant::Outside(FoundMember { def, subst, .. }) => {
                let ret = self.types.sig(def).map(|sig| self.finish_ty(def, &subst, &sig.ret));
                return ret.unwrap_or(Ty::Unknown).or(expected.clone());
            }
        };
        let Some(sig) = self.types.sig(def) else {
            if evaluated.is_none() {
                self.each(t, args);
            }
            return Ty::Unknown;
        };
        if let Some(turbofish) = turbofish {
            let given = self.types.lower_args(&self.cx(), t, turbofish);
            let bound = self.types.bind_params(def, &given);
            subst.extend(&bound);
        }
        let params = if receiver.is_some() && sig.has_self {
            sig.params.get(1..).unwrap_or_default()
        } else {
            &sig.params
        };
        if let (Some(receiver), Some(own)) = (receiver, sig.params.first()) {
            self.types.unify(own, receiver, &mut subst);
        }
        if let (None, true, Some(first)) = (receiver, sig.has_self, args.first())
            && let Some(parent) = self.types.world.defs[def].parent
            && self.types.world.defs[parent].kind == DefKind::Trait
        {
            // `Trait::method(value)`: the value tells what `Self` is. Never walked twice: calls nest.
            let ty = self.expr(t, *first, &Ty::Unknown);
            subst.bind(parent, NAMES.self_type, ty.clone());
            evaluated = Some(vec![ty]);
        }
        // Plain arguments first: they fix the parameters that closures are given.
        for closures in [false, true] {
            for (i, e) in args.iter().enumerate() {
                let is_closure = matches!(t[*e], Expr::Closure(_));
                if is_closure != closures {
                    continue;
                }
                let param = params.get(i).cloned().unwrap_or(Ty::Unknown);
                let known = evaluated.as_ref().and_then(|types| types.get(i)).cloned();
                let ty = match (&t[*e], known) {
                    (_, Some(known)) => known,
                    (Expr::Closure(closure), None) => {
                        let (given, want) = self.closure_shape(def, &subst, &param);
                        let ty = self.closure(t, closure, &given, &want);
                        self.unify_closure(def, &param, &ty, &mut subst);
                        ty
                    }
                    (_, None) => {
                        let wanted = self.finish_ty(def, &subst, &param);
                        self.expr(t, *e, &wanted)
                    }
                };
                self.types.unify(&param, &ty, &mut subst);
                if let Ty::Param(owner, name) = &param {
                    self.unify_bounds(*owner, *name, &ty, &mut subst);
                }
            }
        }
        self.scope.given = Some((self.spent.depth, sig.gives_value));
        let before = self.finish_ty(def, &subst, &sig.ret);
        before.or(expected.clone())
    }

    /// What a value for parameter `name: Iterator<Item = X>` or `Into<X>` says about `X`.
    pub(in crate::resolve) fn unify_bounds(&mut self, owner: DefId, name: Name, ty: &Ty, subst: &mut Subst) {
        for bound in self.types.bounds(owner, name) {
            if let Some(item) = bound.binding("Item").cloned() {
                let element = self.element(ty);
                self.types.unify(&item, &element, subst);
            }
            if let Some(output) = bound.binding("Output").cloned()
                && bound.callable().is_none()
            {
                let result = self.awaited(ty);
                self.types.unify(&output, &result, subst);
            }
            if let (Some((_, ret)), Some((_, own))) = (bound.callable(), self.callable(ty)) {
                self.types.unify(&ret, &own, subst);
            }
        }
    }

    /// What a callee's parameter gives to a closure and wants back.
    pub(in crate::resolve) fn closure_shape(
        &mut self,
        def: DefId,
        subst: &Subst,
        param: &Ty,
    ) -> (Vec<Ty>, Ty) {
        let shape = match param {
            Ty::Param(owner, name) => {
                let cx = self.types.cx_of(def);
                let bounds = self.types.bounds_in(&cx, *owner, *name);
                bounds.iter().find_map(TraitRef::callable).map(|(p, r)| (p.to_vec(), r))
            }
            other => self.callable(other),
        };
        let Some((params, ret)) = shape else { return (Vec::new(), Ty::Unknown) };
        let params = params.iter().map(|p| self.finish_ty(def, subst, p)).collect();
        (params, self.finish_ty(def, subst, &ret))
    }

    pub(in crate::resolve) fn unify_closure(
        &mut self,
        def: DefId,
        param: &Ty,
        closure: &Ty,
        subst: &mut Subst,
    ) {
        let (Ty::Param(owner, name), Ty::Fn(fun)) = (param, closure) else { return };
        let cx = self.types.cx_of(def);
        for bound in self.types.bounds_in(&cx, *owner, *name) {
            if let Some((params, ret)) = bound.callable() {
                for (pattern, ty) in params.to_vec().iter().zip(&fun.params) {
                    self.types.unify(pattern, ty, subst);
                }
                self.types.unify(&ret, &fun.ret, subst);
                // `Fut: Future<Output = R>` of what the closure returns.
                if let Ty::Param(o, n) = ret {
                    self.unify_bounds(o, n, &fun.ret.clone(), subst);
                }
            }
        }
    }
}
