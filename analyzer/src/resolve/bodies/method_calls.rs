//! Method calls: of the repository by lookup, of the standard library by shape.

use super::infer::wanted_inside;
use super::state::OpenCall;
use super::walker::Walker;
use crate::parse::tree::{Expr, ExprId, ItemTree, MethodCall};
use crate::resolve::model::{RefKind, UnresolvedCause};
use crate::resolve::types::lookup::MethodOn;
use crate::resolve::types::open::MayBe;
use crate::resolve::types::stdlib;
use crate::resolve::types::stdlib::Yields;
use crate::resolve::types::ty::Ty;

/// Methods of traits that most types implement or derive: they mean the type, not what it dereferences to.
fn of_every_type(name: &str) -> bool {
    matches!(
        name,
        "clone"
            | "to_owned"
            | "borrow"
            | "borrow_mut"
            | "as_ref"
            | "as_mut"
            | "by_ref"
            | "to_string"
            | "into"
            | "try_into"
            | "hash"
            | "eq"
            | "ne"
            | "cmp"
            | "partial_cmp"
            | "fmt"
    )
}

impl Walker<'_, '_, '_> {
    pub(in crate::resolve) fn method_call(&mut self, t: &ItemTree, call: &MethodCall, expected: &Ty) -> Ty {
        let wanted = match call.name.as_str() {
            "unwrap" | "expect" => wanted_inside(t, call.receiver, expected),
            _ => Ty::Unknown,
        };
        let receiver = self.expr(t, call.receiver, &wanted);
        if let Some(args) = &call.turbofish {
            self.generic_args(t, args);
        }
        let mut passed = Vec::new();
        let on = self.types.method(&self.cx(), &receiver, call.name, &mut passed);
        if matches!(on, MethodOn::Found(_) | MethodOn::Std(..)) && !of_every_type(call.name.as_str()) {
            self.passed(&passed, call.line);
        }
        match on {
            MethodOn::Found(found) if self.types.making(found.def, expected).is_none() => {
                self.odd_method(t, call, &receiver, expected)
            }
            MethodOn::Found(found) => {
                let making = call.args.is_empty().then(|| self.types.making(found.def, expected)).flatten();
                let found = match making {
                    Some(def) if def != found.def => self.moved(&found, def),
                    _ => found,
                };
                self.refer(found.def, call.line, RefKind::Method);
                self.call_fn(t, found, Some(&receiver), &call.args, expected, call.turbofish.as_deref())
            }
            MethodOn::Std(ty, method) => {
                let result = self.std_method(t, call, &ty, method, expected);
                // What every type has, the type itself has: it is not reached through a `Deref`.
                let on = passed.first().filter(|_| of_every_type(call.name.as_str())).unwrap_or(&ty);
                self.std_calls(t, call, on, &result);
                result
            }
            MethodOn::Nothing | MethodOn::Unknown => {
                let result = self.odd_method(t, call, &receiver, expected);
                self.std_calls(t, call, &receiver, &result);
                result
            }
        }
    }

    /// A method that no table knows on this receiver.
    pub(in crate::resolve) fn odd_method(
        &mut self,
        t: &ItemTree,
        call: &MethodCall,
        receiver: &Ty,
        expected: &Ty,
    ) -> Ty {
        let cx = self.cx();
        let ty = self.types.normalize(&cx, receiver);
        let name = call.name.as_str();
        // Iterators of the repository have the standard adaptors.
        if !ty.is_unknown() {
            let item = self.element(&ty);
            if !item.is_unknown()
                && let Some(method) = stdlib::of_iterator(&item, name)
            {
                let over = Ty::ext("Iter", [item]);
                return self.std_method(t, call, &over, method, expected);
            }
        }
        // What `IntoIterator` gives is an iterator, whatever the type.
        if name == "into_iter" && matches!(ty, Ty::Param(..) | Ty::Proj(_) | Ty::Bounds(_)) {
            let bounds = self.types.bounds_of(&self.cx(), &ty);
            if bounds.iter().any(|bound| bound.is_foreign("IntoIterator")) {
                self.each(t, &call.args);
                return Ty::ext("Iter", [self.element(&ty)]);
            }
        }
        // A field may be meant that is called: `(self.f)(x)` has no name, so this is a method all the same.
        match (&ty, name) {
            (Ty::Unknown, _) => {
                self.unknown_receiver(call);
                self.each(t, &call.args);
                if matches!(name, "clone" | "to_owned" | "into") { expected.clone() } else { Ty::Unknown }
            }
            (
                _,
                "clone" | "to_owned" | "borrow" | "borrow_mut" | "as_ref" | "as_mut" | "by_ref" | "iter"
                | "into_iter" | "iter_mut",
            ) => {
                self.each(t, &call.args);
                ty
            }
            // What `pin_project` makes: the same fields, pinned.
            (_, "project" | "project_ref" | "get_mut" | "get_unchecked_mut" | "get_ref" | "as_pin_mut") => {
                self.each(t, &call.args);
                match &ty {
                    Ty::Ext(outer, _) if stdlib::is_pointer(outer.as_str()) => ty.arg(0),
                    _ => ty,
                }
            }
            (_, "into" | "try_into" | "unwrap_or_default") => {
                self.each(t, &call.args);
                expected.clone()
            }
            (_, "to_string") => Ty::ext("String", []),
            _ => {
                self.may_be(call, &ty);
                self.each(t, &call.args);
                Ty::Unknown
            }
        }
    }

    pub(in crate::resolve) fn std_method(
        &mut self,
        t: &ItemTree,
        call: &MethodCall,
        ty: &Ty,
        method: stdlib::Method,
        expected: &Ty,
    ) -> Ty {
        let mut result = None;
        let mut plain = Vec::new();
        for e in &call.args {
            match &t[*e] {
                Expr::Closure(closure) => {
                    let mut given = method.closure.clone();
                    // `fold(init, |acc, x| …)`: the accumulator is the first argument.
                    if let (Some(Ty::Unknown), Some(first)) = (given.first(), plain.first()) {
                        given[0] = Ty::clone(first);
                    }
                    let fun = self.closure(t, closure, &given, &Ty::Unknown);
                    if let Ty::Fn(fun) = fun {
                        result = Some(fun.ret.clone());
                    }
                }
                _ => {
                    let wanted = match method.teaches {
                        Some(_) if call.args.len() == 2 => ty.arg(plain.len()),
                        Some(_) => ty.arg(0),
                        None if !method.closure.is_empty() && matches!(t[*e], Expr::Path(_)) => {
                            Ty::callable(method.closure.clone(), Ty::Unknown)
                        }
                        None => Ty::Unknown,
                    };
                    let arg = self.expr(t, *e, &wanted);
                    if let Ty::Fn(fun) = &arg {
                        result.get_or_insert_with(|| fun.ret.clone());
                    }
                    let to = match &method.yields {
                        Yields::Closure => expected.clone(),
                        Yields::Inside { outer, at, .. } if *outer != "Iter" => expected.arg(*at),
                        _ => Ty::Unknown,
                    };
                    self.converts(t, *e, method.closure.last(), &to);
                    plain.push(arg);
                }
            }
        }
        if method.teaches.is_some()
            && ty.has_unknown()
            && let Ty::Ext(outer, _) = ty
        {
            let learnt = Ty::Ext(*outer, plain.clone().into());
            self.learn(t, call.receiver, ty.clone().or(learnt));
        }
        let result = result.unwrap_or(Ty::Unknown);
        match method.yields {
            Yields::Type(ty) => ty,
            Yields::Closure => result,
            Yields::Inside { outer: "OptionArg", .. } => {
                Ty::ext("Option", [plain.into_iter().next().unwrap_or(Ty::Unknown)])
            }
            Yields::Inside { outer, at: 0, other } if outer == "Result" => Ty::ext(outer, [result, other]),
            Yields::Inside { outer, at: 0, .. } => Ty::ext(outer, [result]),
            Yields::Inside { outer, other, .. } => Ty::ext(outer, [other, result]),
            Yields::Flattened => Ty::ext("Iter", [self.element(&result)]),
            Yields::Argument => plain.into_iter().next().unwrap_or(Ty::Unknown).or(result),
            Yields::Zip(t) => {
                let other = plain.first().cloned().unwrap_or(Ty::Unknown);
                let other = self.element(&other);
                Ty::ext("Iter", [Ty::Tuple([t, other].into())])
            }
            Yields::Collect(item) => {
                let turbofish = call.turbofish.as_deref().map(|a| self.types.lower_args(&self.cx(), t, a));
                let want = turbofish.and_then(|a| a.first().cloned()).unwrap_or_else(|| expected.clone());
                match call.name.as_str() {
                    "collect_vec" => Ty::ext("Vec", [item]),
                    "parse" if call.turbofish.is_none() => Ty::ext("Result", [expected.arg(0), Ty::Unknown]),
                    "parse" => Ty::ext("Result", [want, Ty::Unknown]),
                    _ => stdlib::collected(&want, &item),
                }
            }
            Yields::Expected => expected.clone(),
        }
    }

    /// What a later statement says about a local variable.
    pub(in crate::resolve) fn learn(&mut self, t: &ItemTree, place: ExprId, ty: Ty) {
        let Expr::Path(path) = &t[place] else { return };
        let path = &t[*path];
        if let [only] = &path.segments[..]
            && let Some((_, known)) = self.scope.locals.iter_mut().rev().find(|(name, _)| *name == only.name)
        {
            *known = std::mem::replace(known, Ty::Unknown).or(ty);
        }
    }

    /// A method that a known type isn't known to have.
    fn may_be(&mut self, call: &MethodCall, receiver: &Ty) {
        // No other name has to be looked for.
        if self.types.methods.contains_key(&call.name) {
            let may_be = self.types.may_be(&self.cx(), receiver, call.name);
            if may_be != MayBe::Nothing {
                self.notes.open.push(OpenCall::of(call, may_be));
            }
        }
    }

    /// A method on an unknown receiver.
    pub(in crate::resolve) fn unknown_receiver(&mut self, call: &MethodCall) {
        let candidates = self.types.methods.get(&call.name).map(Vec::as_slice).unwrap_or_default();
        if candidates.is_empty() {
            return;
        }
        self.notes.open.push(OpenCall::of(call, MayBe::Anything));
        self.unresolved(call.name.as_str(), call.line, UnresolvedCause::UnknownReceiver);
    }
}
