//! What the language calls without a name: `*x`, `for`, `?`, and methods of the standard library that call
//! an `impl` of the repository (`into`, `parse`, `collect`, `sort`). Followed where the types are known.

use super::walker::Walker;
use crate::parse::tree::{
    Expr, ExprId, ItemTree, MacroArgs, MacroId, MacroPart, MethodCall, Name, PathId, ShownValue,
};
use crate::resolve::model::RefKind;
use crate::resolve::names::def::DefId;
use crate::resolve::types::stdlib::{is_map, is_pointer};
use crate::resolve::types::ty::{InScope, Ty};
use ustr::ustr;

/// A trait of the standard library, and its method that is called.
type Called = (&'static str, &'static str);

const DEREF: Called = ("Deref", "deref");
const DEFAULT: Called = ("Default", "default");
const DROP: Called = ("Drop", "drop");
const EQ: Called = ("PartialEq", "eq");
const ORD: Called = ("Ord", "cmp");
const HASH: Called = ("Hash", "hash");

impl Walker<'_, '_, '_> {
    /// Refers to the method of the `impl` of a trait from outside for exactly this type, if the repository has one.
    fn implied(&mut self, ty: &Ty, (of, method): Called, given: &[Ty], line: u32) -> bool {
        let found = self.types.of_outside_trait(ustr(of), ty, ustr(method), given, &self.scope.generics);
        if let Some(def) = found {
            self.refer(def, line, RefKind::Method);
        }
        found.is_some()
    }

    /// A dereference through types of the repository, to get at a field or method of what is behind.
    pub(in crate::resolve) fn passed(&mut self, passed: &[Ty], line: u32) {
        for ty in passed {
            self.implied(ty, DEREF, &[], line);
        }
    }

    /// `*e`. References are transparent here, so that only what can be no reference is dereferenced by its `impl`.
    pub(in crate::resolve) fn dereferenced(&mut self, t: &ItemTree, inner: ExprId, ty: &Ty) -> Option<Ty> {
        let Ty::Adt(..) = ty else { return None };
        if !self.is_owned(t, inner) {
            return None;
        }
        let target = self.types.deref(&self.cx(), ty)?;
        self.implied(ty, DEREF, &[], line_of(t, inner)).then_some(target)
    }

    /// Whether an expression's value is known to be no reference.
    pub(in crate::resolve) fn is_owned(&self, t: &ItemTree, e: ExprId) -> bool {
        match &t[e] {
            Expr::Path(path) => match &t[*path].segments[..] {
                [only] => {
                    let at = self.scope.locals.iter().rposition(|(name, _)| *name == only.name);
                    at.is_some_and(|at| self.scope.owned.binary_search(&at).is_ok())
                }
                _ => false,
            },
            // `*e` of a reference is what it points to; only of that can another one be asked.
            Expr::Deref(_) | Expr::Struct(..) | Expr::Await(..) | Expr::Try(_) => true,
            // What the function that was called last, this one, says that it gives.
            Expr::Call(..) | Expr::Method(_) => self.scope.given == Some((self.spent.depth + 1, true)),
            Expr::Field(base, _, _) => {
                matches!(&t[*base], Expr::Path(path) if t[*path].segments.first().name == "self")
            }
            _ => false,
        }
    }

    /// Marks the variable that was bound last as one that holds its value, not a reference.
    pub(in crate::resolve) fn owns(&mut self, before: usize) {
        // They are sorted.
        let kept = self.scope.owned.partition_point(|at| *at < before);
        self.scope.owned.truncate(kept);
        if self.scope.locals.len() == before + 1 {
            self.scope.owned.push(before);
        }
    }

    /// `for … in e`.
    pub(in crate::resolve) fn iterated(&mut self, over: &Ty, line: u32) {
        let _ = self.implied(over, ("IntoIterator", "into_iter"), &[], line)
            || self.implied(over, ("Iterator", "next"), &[], line);
    }

    /// `e.await` of what isn't a future itself.
    pub(in crate::resolve) fn awaits(&mut self, ty: &Ty, line: u32) {
        self.implied(ty, ("IntoFuture", "into_future"), &[], line);
    }

    /// `e?`: the error becomes the function's.
    pub(in crate::resolve) fn tries(&mut self, ty: &Ty, line: u32) {
        let is_result = |ty: &Ty| matches!(ty, Ty::Ext(name, _) if *name == "Result");
        if is_result(ty) && is_result(&self.scope.returns) {
            let (from, to) = (ty.arg(1), self.scope.returns.arg(1));
            self.converted(&from, &to, ("From", "from"), line);
        }
    }

    /// A conversion between two types that are known.
    fn converted(&mut self, from: &Ty, to: &Ty, (of, method): Called, line: u32) {
        if from.is_unknown() || from == to {
            return;
        }
        if let Some(def) = self.types.conversion(from, to, ustr(of), ustr(method), &self.scope.generics) {
            self.refer(def, line, RefKind::Method);
        }
    }

    /// `map(Into::into)`: a conversion into what the call is wanted for; where that isn't known here, whoever takes the call's result
    /// may [settle](Self::settle) it.
    pub(in crate::resolve) fn converts(
        &mut self,
        t: &ItemTree,
        function: ExprId,
        from: Option<&Ty>,
        to: &Ty,
    ) {
        let Expr::Path(path) = &t[function] else { return };
        let names: Vec<&str> = t[*path].segments.iter().map(|segment| segment.name.as_str()).collect();
        let (Some(from), [.., "Into", "into"] | [.., "From", "from"]) = (from, &names[..]) else { return };
        if to.is_unknown() {
            self.scope.unsettled = Some((function, from.clone()));
        } else {
            self.converted(from, to, ("From", "from"), t[*path].line);
        }
    }

    /// What a conversion by such a call is for, once that is known.
    pub(in crate::resolve) fn settle(&mut self, t: &ItemTree, call: ExprId, to: &Ty, line: u32) {
        let Expr::Method(call) = &t[call] else { return };
        let of_call = |(function, _): &(ExprId, Ty)| call.args.contains(function);
        if let Some((_, from)) = self.scope.unsettled.take_if(|unsettled| of_call(unsettled)) {
            self.converted(&from, to, ("From", "from"), line);
        }
    }

    /// What a method of the standard library calls; `result` is the call's type.
    pub(in crate::resolve) fn std_calls(&mut self, t: &ItemTree, call: &MethodCall, on: &Ty, result: &Ty) {
        let line = call.line;
        if call.name.as_str() == "collect" {
            let item = self.element(result);
            self.settle(t, call.receiver, &item, line);
        }
        if self.looks_up(call.name, on, line) {
            return;
        }
        match call.name.as_str() {
            "into" => self.converted(on, result, ("From", "from"), line),
            "try_into" => self.converted(on, &result.arg(0), ("TryFrom", "try_from"), line),
            "parse" => {
                self.implied(&result.arg(0), ("FromStr", "from_str"), &[], line);
            }
            "collect" => {
                self.implied(result, ("FromIterator", "from_iter"), &[], line);
            }
            "sum" => {
                self.implied(result, ("Sum", "sum"), &[], line);
            }
            "to_string" => {
                self.implied(on, ("Display", "fmt"), &[], line);
            }
            "unwrap_or_default" | "or_default" => {
                self.implied(result, DEFAULT, &[], line);
            }
            "contains" | "dedup" => {
                self.implied(&on.arg(0), EQ, &[], line);
            }
            "sort" | "sort_unstable" | "binary_search" | "max" | "min" => {
                self.implied(&on.arg(0), ORD, &[], line);
            }
            _ => {}
        }
    }

    /// A collection finds a place by its elements or keys: whether that is what a method does.
    fn looks_up(&mut self, method: Name, on: &Ty, line: u32) -> bool {
        let Ty::Ext(collection, _) = on else { return false };
        let by: &[Called] = match collection.as_str() {
            "BTreeMap" | "BTreeSet" => &[ORD],
            "BinaryHeap" if matches!(method.as_str(), "push" | "pop") => &[ORD],
            "HashSet" | "IndexSet" | "FxHashSet" | "AHashSet" | "DashSet" => &[HASH, EQ],
            name if is_map(name) => &[HASH, EQ],
            _ => return false,
        };
        let looks = matches!(
            method.as_str(),
            "get"
                | "get_mut"
                | "insert"
                | "remove"
                | "entry"
                | "contains_key"
                | "contains"
                | "push"
                | "pop"
                | "replace"
        );
        if looks {
            for &called in by {
                self.implied(&on.arg(0), called, &[], line);
            }
        }
        looks
    }

    /// What a macro of the standard library calls on what it is given.
    pub(in crate::resolve) fn macro_calls(&mut self, t: &ItemTree, id: MacroId, name: Name, types: &[Ty]) {
        let MacroArgs::Parts(parts) = &t[id].args else { return };
        let line = t[t[id].path].line;
        match name.as_str() {
            "assert_eq" | "assert_ne" | "debug_assert_eq" | "debug_assert_ne" => {
                if let [left, right, ..] = types {
                    self.implied(left, EQ, &[left.clone(), right.clone()], line);
                    self.shown(left, "Debug", line);
                    self.shown(right, "Debug", line);
                }
            }
            "dbg" => types.iter().for_each(|ty| self.shown(ty, "Debug", line)),
            _ => {}
        }
        let shows =
            parts.iter().filter_map(|part| if let MacroPart::Shows(all) = part { Some(all) } else { None });
        for shown in shows.flatten() {
            let ty = match shown.value {
                ShownValue::Part(at) => types.get(at as usize).cloned(),
                ShownValue::Variable(name) => {
                    let known = self.scope.locals.iter().rev().find(|(own, _)| *own == name);
                    known.map(|(_, ty)| ty.clone())
                }
            };
            ty.iter().for_each(|ty| self.shown(ty, shown.by, line));
        }
    }

    /// A value in a format string: its own `impl`, that of what a pointer leads to, and of all that a collection shows.
    fn shown(&mut self, ty: &Ty, by: &'static str, line: u32) {
        match ty {
            Ty::Adt(..) => {
                self.implied(ty, (by, "fmt"), &[], line);
            }
            Ty::Ext(name, args) if by == "Debug" || is_pointer(name.as_str()) => {
                args.iter().for_each(|arg| self.shown(arg, by, line));
            }
            Ty::Tuple(args) if by == "Debug" => args.iter().for_each(|arg| self.shown(arg, by, line)),
            _ => {}
        }
    }

    /// A value of a type is made, so that it is dropped somewhere.
    pub(in crate::resolve) fn makes(&mut self, ty: &Ty, t: &ItemTree, path: PathId) {
        if !t[path].from_body {
            self.implied(ty, DROP, &[], t[path].line);
        }
    }

    /// `drop(value)`.
    pub(in crate::resolve) fn drops(&mut self, given: &[Ty], line: u32) {
        if let [value] = given {
            self.implied(value, DROP, &[], line);
        }
    }

    /// `2.0 * v`: an operator whose left side is of the standard library, its right side of the repository.
    pub(in crate::resolve) fn foreign_left(&mut self, left: &Ty, method: Name, right: &Ty, line: u32) {
        if let (Ty::Ext(..), Ty::Adt(..)) = (left, right)
            && let Some(def) = self.types.foreign_operator(left, method, right)
        {
            self.refer(def, line, RefKind::Method);
        }
    }
}

/// The line that an expression begins at; 0 where nothing in it says so, or where a macro's body wrote it.
pub(in crate::resolve) fn line_of(t: &ItemTree, mut e: ExprId) -> u32 {
    loop {
        e = match &t[e] {
            Expr::Path(path) | Expr::Struct(path, _) => return t[*path].line,
            Expr::Field(_, _, line) | Expr::Index(_, _, line) | Expr::Await(_, line) => return *line,
            Expr::Method(call) => return call.line,
            Expr::Unary(_, op) | Expr::Binary(_, _, op) | Expr::Compare(_, _, op) => return op.line,
            Expr::Macro(call) => return t[t[*call].path].line,
            Expr::Call(inner, _)
            | Expr::Deref(inner)
            | Expr::Ref(inner)
            | Expr::Cast(inner, _)
            | Expr::Try(inner) => *inner,
            _ => return 0,
        };
    }
}

impl crate::resolve::types::table::Types<'_, '_> {
    /// The method that turns one type into another, where the repository writes it for these very two.
    fn conversion(&self, from: &Ty, to: &Ty, of: Name, method: Name, rigid: &InScope) -> Option<DefId> {
        match (from, to) {
            (_, Ty::Adt(..)) => self.of_outside_trait(of, to, method, std::slice::from_ref(from), rigid),
            (Ty::Adt(..), Ty::Ext(..)) => self.foreign_operator(to, method, from),
            _ => None,
        }
    }
}
