//! Bodies: what each expression refers to, with types as light as names allow.

use std::sync::Arc;

use super::def::{Def, DefId, DefKind, Ns};
use super::lookup::{Found, MethodOn};
use super::model::{RefKind, UnresolvedCause};
use super::path::NAMES;
use super::stdlib::{self, Yields};
use super::ty::{FnTy, Subst, TraitRef, Ty};
use super::walker::{PathValue, Walker};
use crate::parse::tree::{
    Block, Closure, Expr, ExprId, ItemTree, Literal, MethodCall, Name, NodeKind, Pat, PatId, PathId, Stmt,
};
use ustr::ustr;

impl Walker<'_, '_, '_> {
    /// The type of an expression; everything in it is referred to on the way.
    pub(super) fn expr(&mut self, t: &ItemTree, id: ExprId, expected: &Ty) -> Ty {
        match &t[id] {
            Expr::Missing => Ty::Unknown,
            Expr::Path(path) => {
                let value = self.path(t, *path, Ns::Values);
                self.value_ty(value, expected)
            }
            Expr::Lit(literal) => literal_ty(*literal),
            Expr::Call(callee, args) => self.call(t, *callee, args, expected),
            Expr::Method(call) => self.method_call(t, call, expected),
            Expr::Field(base, name, line) => {
                let base = self.expr(t, *base, &Ty::Unknown);
                self.field(&base, *name, *line)
            }
            Expr::Deref(inner) => {
                let ty = self.expr(t, *inner, &Ty::Unknown);
                match &ty {
                    Ty::Ext(name, args) if stdlib::is_pointer(name.as_str()) => {
                        args.first().cloned().unwrap_or(Ty::Unknown)
                    }
                    // References are transparent here, so that this may be one; auto-dereference goes on if not.
                    _ => ty,
                }
            }
            Expr::Ref(inner) => self.expr(t, *inner, expected),
            Expr::Unary(inner, op) => {
                let ty = self.expr(t, *inner, &Ty::Unknown);
                self.operator(&ty, op.method, op.line);
                ty
            }
            Expr::Binary(left, right, op) => {
                let left = self.expr(t, *left, &Ty::Unknown);
                self.expr(t, *right, &left);
                self.operator(&left, op.method, op.line);
                match left {
                    Ty::Adt(..) => match self.types.project(&self.cx(), left.clone(), ustr("Output")) {
                        Ty::Unknown => left,
                        output => output,
                    },
                    other => other,
                }
            }
            Expr::Compare(left, right, op) => {
                let left = self.expr(t, *left, &Ty::Unknown);
                self.expr(t, *right, &left);
                self.operator(&left, op.method, op.line);
                Ty::ext("bool", [])
            }
            Expr::Assign(left, right, op) => {
                let left_ty = self.expr(t, *left, &Ty::Unknown);
                let right = self.expr(t, *right, &left_ty);
                self.operator(&left_ty, op.method, op.line);
                if left_ty.has_unknown() {
                    self.learn(t, *left, right);
                }
                Ty::unit()
            }
            Expr::Block(block) => self.block(t, block, expected),
            Expr::Async(block) => {
                let inner = stdlib::awaited(expected);
                let saved = std::mem::replace(&mut self.returns, inner.clone());
                let ty = self.block(t, block, &inner);
                self.returns = saved;
                Ty::ext("Future", [ty])
            }
            Expr::If(cond, then, other) => {
                let mark = self.locals.len();
                self.expr(t, *cond, &Ty::Unknown);
                let ty = self.expr(t, *then, expected);
                self.locals.truncate(mark);
                match other {
                    Some(other) => {
                        let other = self.expr(t, *other, expected);
                        ty.or(other)
                    }
                    None => Ty::unit(),
                }
            }
            Expr::Let(pat, value) => {
                let ty = self.expr(t, *value, &Ty::Unknown);
                self.bind(t, *pat, &ty);
                Ty::ext("bool", [])
            }
            Expr::While(cond, body) => {
                let mark = self.locals.len();
                self.expr(t, *cond, &Ty::Unknown);
                self.expr(t, *body, &Ty::Unknown);
                self.locals.truncate(mark);
                Ty::unit()
            }
            Expr::Loop(body) => {
                let saved = self.breaks.replace(Ty::Unknown);
                self.expr(t, *body, &Ty::Unknown);
                std::mem::replace(&mut self.breaks, saved).unwrap_or(Ty::Unknown)
            }
            Expr::For(pat, over, body) => {
                let over = self.expr(t, *over, &Ty::Unknown);
                let item = self.element(&over);
                let mark = self.locals.len();
                self.bind(t, *pat, &item);
                let saved = self.breaks.take();
                self.expr(t, *body, &Ty::Unknown);
                self.breaks = saved;
                self.locals.truncate(mark);
                Ty::unit()
            }
            Expr::Match(on, arms) => {
                let on = self.expr(t, *on, &Ty::Unknown);
                let mut ty = Ty::Unknown;
                for (pat, body) in arms {
                    let mark = self.locals.len();
                    self.bind(t, *pat, &on);
                    let arm = self.expr(t, *body, expected);
                    self.locals.truncate(mark);
                    ty = ty.or(arm);
                }
                ty
            }
            Expr::Closure(closure) => self.closure(t, closure, &[], &Ty::Unknown),
            Expr::Struct(path, fields, rest) => self.struct_literal(t, *path, fields, *rest, expected),
            Expr::Tuple(items) => {
                let types = items.iter().enumerate().map(|(i, e)| self.expr(t, *e, &expected.arg(i)));
                Ty::Tuple(types.collect())
            }
            Expr::Array(items) => {
                let mut item = expected.arg(0);
                for e in items {
                    let ty = self.expr(t, *e, &item);
                    item = item.or(ty);
                }
                Ty::ext("[]", [item])
            }
            Expr::Repeat(item, len) => {
                self.expr(t, *len, &Ty::Unknown);
                Ty::ext("[]", [self.expr(t, *item, &expected.arg(0))])
            }
            Expr::Index(base, index, line) => {
                let base = self.expr(t, *base, &Ty::Unknown);
                self.expr(t, *index, &Ty::Unknown);
                self.operator(&base, "index", *line);
                self.indexed(&base, matches!(t[*index], Expr::Range(..)))
            }
            Expr::Cast(inner, ty) => {
                self.expr(t, *inner, &Ty::Unknown);
                self.type_ref(t, *ty)
            }
            Expr::Range(from, to) => {
                let mut ty = Ty::Unknown;
                for e in [from, to].into_iter().flatten() {
                    let end = self.expr(t, *e, &Ty::Unknown);
                    ty = ty.or(end);
                }
                Ty::ext("Iter", [ty])
            }
            Expr::Try(inner) => {
                let ty = self.expr(t, *inner, &Ty::Unknown);
                let ty = self.types.normalize(&self.cx(), &ty);
                stdlib::tried(&ty)
            }
            Expr::Await(inner, line) => {
                let ty = self.expr(t, *inner, &Ty::Unknown);
                let ty = self.types.normalize(&self.cx(), &ty);
                self.operator(&ty, "poll", *line);
                self.awaited(&ty)
            }
            Expr::Diverge(inner) => {
                if let Some(inner) = inner {
                    let returns = self.returns.clone();
                    let ty = self.expr(t, *inner, &returns);
                    if let Some(breaks) = self.breaks.take() {
                        self.breaks = Some(breaks.or(ty));
                    }
                }
                Ty::Unknown
            }
            Expr::Macro(call) => self.macro_call(t, *call, expected),
            Expr::Cfg(cfgs, inner) => {
                if self.compiled(cfgs) {
                    self.expr(t, *inner, expected)
                } else {
                    Ty::Unknown
                }
            }
        }
    }

    /// Refers to the method that an operator stands for, where the repository implements it for the type.
    fn operator(&mut self, ty: &Ty, method: &'static str, line: u32) {
        if let (Ty::Adt(..), false) = (ty, method.is_empty())
            && let Some(def) = self.types.operator(ty, ustr(method))
        {
            self.refer(def, line, RefKind::Method);
        }
    }

    fn awaited(&mut self, ty: &Ty) -> Ty {
        let known = stdlib::awaited(ty);
        if !known.is_unknown() {
            return known;
        }
        match ty {
            Ty::Adt(..) => self.types.project(&self.cx(), ty.clone(), ustr("Output")),
            Ty::Param(..) => {
                let bounds = self.types.bounds_of(&self.cx(), ty);
                bounds.iter().find_map(|b| b.binding("Output").cloned()).unwrap_or(Ty::Unknown)
            }
            _ => Ty::Unknown,
        }
    }

    /// What iterating over a value yields.
    pub(super) fn element(&mut self, ty: &Ty) -> Ty {
        let ty = self.types.normalize(&self.cx(), ty);
        let known = stdlib::element(&ty);
        if !known.is_unknown() {
            return known;
        }
        match &ty {
            Ty::Adt(..) => match self.types.project(&self.cx(), ty.clone(), ustr("Item")) {
                Ty::Unknown => self.types.deref(&self.cx(), &ty).map_or(Ty::Unknown, |t| stdlib::element(&t)),
                item => item,
            },
            Ty::Param(..) | Ty::Proj(_) => {
                let bounds = self.types.bounds_of(&self.cx(), &ty);
                bounds.iter().find_map(|b| b.binding("Item").cloned()).unwrap_or(Ty::Unknown)
            }
            _ => Ty::Unknown,
        }
    }

    fn indexed(&mut self, base: &Ty, by_range: bool) -> Ty {
        let known = stdlib::index(base, by_range);
        if !known.is_unknown() {
            return known;
        }
        match base {
            Ty::Adt(..) => match self.types.project(&self.cx(), base.clone(), ustr("Output")) {
                Ty::Unknown => {
                    self.types.deref(&self.cx(), base).map_or(Ty::Unknown, |t| stdlib::index(&t, by_range))
                }
                output => output,
            },
            _ => Ty::Unknown,
        }
    }

    pub(super) fn block(&mut self, t: &ItemTree, block: &Block, expected: &Ty) -> Ty {
        let mark = self.locals.len();
        let scopes = self.enter_block(t, block);
        for stmt in &block.stmts {
            self.stmt(t, stmt);
        }
        let ty = match block.tail {
            Some(tail) => self.expr(t, tail, expected),
            None => Ty::unit(),
        };
        self.leave_block(scopes);
        self.locals.truncate(mark);
        let diverges = block.tail.is_none()
            && matches!(block.stmts.last(), Some(Stmt::Expr(e)) if matches!(t[*e], Expr::Diverge(_)));
        if diverges { Ty::Unknown } else { ty }
    }

    pub(super) fn stmt(&mut self, t: &ItemTree, stmt: &Stmt) {
        match stmt {
            Stmt::Let(pat, ty, init, diverge) => {
                let declared = ty.map_or(Ty::Unknown, |ty| self.type_ref(t, ty));
                let value = init.map_or(Ty::Unknown, |e| self.expr(t, e, &declared));
                if let Some(e) = diverge {
                    self.expr(t, *e, &Ty::Unknown);
                }
                self.bind(t, *pat, &declared.or(value));
            }
            Stmt::Expr(e) => {
                self.expr(t, *e, &Ty::Unknown);
            }
            Stmt::Cfg(cfgs, inner) => {
                if self.compiled(cfgs) {
                    self.stmt(t, inner);
                }
            }
            Stmt::Macro(call) => {
                self.macro_call(t, *call, &Ty::Unknown);
            }
        }
    }

    /// The type of a closure, given what its caller passes and wants.
    pub(super) fn closure(&mut self, t: &ItemTree, closure: &Closure, given: &[Ty], wanted: &Ty) -> Ty {
        let mark = self.locals.len();
        let mut params = Vec::new();
        for (i, pat) in closure.params.iter().enumerate() {
            let given = given.get(i).cloned().unwrap_or(Ty::Unknown);
            params.push(self.bind(t, *pat, &given));
        }
        let declared = closure.ret.map_or(Ty::Unknown, |ty| self.type_ref(t, ty));
        let wanted = declared.clone().or(wanted.clone());
        let saved = std::mem::replace(&mut self.returns, wanted.clone());
        let breaks = self.breaks.take();
        let body = self.expr(t, closure.body, &wanted);
        self.breaks = breaks;
        self.returns = saved;
        self.locals.truncate(mark);
        let ret = declared.or(body);
        let ret = if closure.is_async { Ty::ext("Future", [ret]) } else { ret };
        Ty::Fn(Arc::new(FnTy { params, ret }))
    }

    /// Binds a pattern's names; the pattern's type as far as it is known.
    pub(super) fn bind(&mut self, t: &ItemTree, id: PatId, ty: &Ty) -> Ty {
        match &t[id] {
            Pat::Wild => {}
            Pat::Bind(name, sub, line) => {
                let constant = name.as_str().starts_with(|c: char| c.is_uppercase());
                if constant && sub.is_none() && self.constant_pattern(*name, *line) {
                    return ty.clone();
                }
                self.locals.push((*name, ty.clone()));
                if let Some(sub) = sub {
                    self.bind(t, *sub, ty);
                }
            }
            Pat::Path(path) => {
                self.path(t, *path, Ns::Values);
            }
            Pat::TupleStruct(path, pats, rest) => {
                let value = self.path(t, *path, Ns::Values);
                for (i, pat) in pats.iter().enumerate() {
                    // Behind `..` positions count from the end.
                    let after = rest.is_some_and(|r| i >= r as usize);
                    let at = if after { (i + self.arity(&value)).checked_sub(pats.len()) } else { Some(i) };
                    let field = at.map_or(Ty::Unknown, |at| self.position(&value, at, ty));
                    self.bind(t, *pat, &field);
                }
            }
            Pat::Struct(path, fields) => {
                let value = self.path(t, *path, Ns::Types);
                let (of, variant) = self.ctor_ty(&value, ty);
                for (name, pat, line) in fields {
                    let field = self.field_of(&of, variant, *name, *line);
                    self.bind(t, *pat, &field);
                }
            }
            Pat::Tuple(pats, rest) => {
                let parts: Vec<Ty> = match ty {
                    Ty::Tuple(parts) => parts.to_vec(),
                    _ => Vec::new(),
                };
                for (i, pat) in pats.iter().enumerate() {
                    let after = rest.is_some_and(|r| i >= r as usize);
                    let i = if after { (i + parts.len()).checked_sub(pats.len()) } else { Some(i) };
                    let part = i.and_then(|i| parts.get(i)).cloned().unwrap_or(Ty::Unknown);
                    self.bind(t, *pat, &part);
                }
            }
            Pat::Ref(inner) => return self.bind(t, *inner, ty),
            Pat::Slice(pats) => {
                let item = self.element(ty);
                for pat in pats {
                    // `rest @ ..` is the slice itself.
                    let rest = matches!(&t[*pat], Pat::Bind(_, Some(sub), _) if matches!(t[*sub], Pat::Wild));
                    self.bind(t, *pat, if rest { ty } else { &item });
                }
            }
            Pat::Or(pats) => {
                for pat in pats {
                    self.bind(t, *pat, ty);
                }
            }
            Pat::Expr(exprs) => {
                for e in exprs {
                    self.expr(t, *e, &Ty::Unknown);
                }
            }
            Pat::Typed(pat, declared) => {
                let declared = self.type_ref(t, *declared).or(ty.clone());
                self.bind(t, *pat, &declared);
                return declared;
            }
            Pat::Guard(pat, guard) => {
                self.bind(t, *pat, ty);
                self.expr(t, *guard, &Ty::Unknown);
            }
            Pat::Macro(call) => {
                self.macro_call(t, *call, &Ty::Unknown);
            }
        }
        ty.clone()
    }

    /// What a constructor makes: its type (with the arguments that the context knows) and variant.
    fn ctor_ty(&mut self, value: &PathValue, context: &Ty) -> (Ty, Option<u32>) {
        match value {
            PathValue::Ctor(def, variant, own) => match context {
                Ty::Adt(of, _) if of == def => (context.clone(), *variant),
                _ => (own.clone(), *variant),
            },
            PathValue::Type(ty) => match (ty, context) {
                (Ty::Adt(a, _), Ty::Adt(b, _)) if a == b => (context.clone(), None),
                _ => (ty.clone(), None),
            },
            _ => (Ty::Unknown, None),
        }
    }

    /// How many fields a constructor of the repository has; 0 where that is not known.
    fn arity(&self, value: &PathValue) -> usize {
        match value {
            PathValue::Ctor(def, variant, _) => self.types.raw_fields(*def, *variant).len(),
            _ => 0,
        }
    }

    /// The type of a tuple pattern's position.
    fn position(&mut self, value: &PathValue, i: usize, context: &Ty) -> Ty {
        match value {
            PathValue::Ext(_, name) => {
                let context = self.types.normalize(&self.cx(), context);
                match name.as_str() {
                    "Some" | "Ok" | "Continue" | "Ready" => context.arg(0),
                    "Err" => context.arg(1),
                    _ => Ty::Unknown,
                }
            }
            _ => {
                let (of, variant) = self.ctor_ty(value, context);
                match of {
                    Ty::Adt(def, args) => {
                        self.types.field(def, &args, variant, ustr(&i.to_string())).unwrap_or(Ty::Unknown)
                    }
                    _ => Ty::Unknown,
                }
            }
        }
    }

    /// A field of a constructor, referred to.
    fn field_of(&mut self, of: &Ty, variant: Option<u32>, name: Name, line: u32) -> Ty {
        let Ty::Adt(def, args) = of else { return Ty::Unknown };
        let Some(ty) = self.types.field(*def, args, variant, name) else { return Ty::Unknown };
        self.refer_field(*def, name, line);
        ty
    }

    /// `base.name`.
    fn field(&mut self, base: &Ty, name: Name, line: u32) -> Ty {
        let cx = self.cx();
        let mut ty = self.types.normalize(&cx, base);
        for _ in 0..8 {
            match &ty {
                Ty::Adt(def, args) => {
                    if let Some(field) = self.types.field(*def, args, None, name) {
                        self.refer_field(*def, name, line);
                        return field;
                    }
                }
                Ty::Tuple(parts) => {
                    if let Some(part) = name.as_str().parse().ok().and_then(|i: usize| parts.get(i)) {
                        return part.clone();
                    }
                }
                Ty::Ext(outer, args)
                    if name == "0" && matches!(outer.as_str(), "Reverse" | "Wrapping" | "Saturating") =>
                {
                    return args.first().cloned().unwrap_or(Ty::Unknown);
                }
                Ty::Unknown => {
                    if !name.as_str().starts_with(|c: char| c.is_ascii_digit()) {
                        self.unresolved(name.as_str(), line, UnresolvedCause::UnknownField);
                    }
                    return Ty::Unknown;
                }
                _ => {}
            }
            match self.types.deref(&cx, &ty) {
                Some(next) => ty = self.types.normalize(&cx, &next),
                None => break,
            }
        }
        Ty::Unknown
    }

    fn struct_literal(
        &mut self,
        t: &ItemTree,
        path: PathId,
        fields: &[(Name, ExprId, u32)],
        rest: Option<ExprId>,
        expected: &Ty,
    ) -> Ty {
        let value = self.path(t, path, Ns::Types);
        let (of, variant) = self.ctor_ty(&value, expected);
        let mut subst = Subst::default();
        for (name, e, line) in fields {
            let field = self.field_of(&of, variant, *name, *line);
            let ty = self.expr(t, *e, &field);
            if let Ty::Adt(def, _) = &of
                && of.has_unknown()
                && let Some(pattern) = self.types.raw_field(*def, variant, *name)
            {
                self.types.unify(&pattern, &ty, &mut subst);
            }
        }
        if let Some(rest) = rest {
            self.expr(t, rest, &of);
        }
        match &of {
            Ty::Adt(def, _) => self.filled(*def, &subst, of.clone()),
            _ => of,
        }
    }

    /// `Adt(def, …)` with unknown arguments taken from what was learnt.
    fn filled(&self, def: DefId, subst: &Subst, known: Ty) -> Ty {
        if subst.is_empty() {
            return known;
        }
        let learnt = self.types.forget(&subst.apply(&self.types.adt(def)), def);
        known.or(learnt)
    }

    fn value_ty(&mut self, value: PathValue, expected: &Ty) -> Ty {
        match value {
            PathValue::Local(ty) | PathValue::Const(ty) => ty,
            PathValue::Ctor(def, variant, ty) => {
                let fields = self.types.raw_fields(def, variant);
                if fields.is_empty() {
                    return ty.or(expected.clone());
                }
                let params = fields.iter().map(|f| self.types.forget(f, def)).collect();
                Ty::Fn(Arc::new(FnTy { params, ret: ty }))
            }
            PathValue::Fn(found) => {
                let Some(sig) = self.types.sig(found.def) else { return Ty::Unknown };
                let done = |ty: &Ty| self.finish_ty(found.def, &found.subst, ty);
                Ty::Fn(Arc::new(FnTy { params: sig.params.iter().map(done).collect(), ret: done(&sig.ret) }))
            }
            PathValue::Ext(_, name) => match name.as_str() {
                "None" => expected.clone().or(Ty::ext("Option", [Ty::Unknown])),
                _ => Ty::Unknown,
            },
            PathValue::Type(ty) => ty,
            PathValue::Unknown => Ty::Unknown,
        }
    }

    fn call(&mut self, t: &ItemTree, callee: ExprId, args: &[ExprId], expected: &Ty) -> Ty {
        let Expr::Path(path) = &t[callee] else {
            let callee = self.expr(t, callee, &Ty::Unknown);
            return self.call_value(t, &callee, args);
        };
        match self.path(t, *path, Ns::Values) {
            PathValue::Fn(found) => self.call_fn(
                t,
                found,
                None,
                args,
                expected,
                t[*path].segments.last().and_then(|s| s.args.as_deref()),
            ),
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
                self.filled(def, &subst, context)
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

    fn each(&mut self, t: &ItemTree, args: &[ExprId]) {
        for e in args {
            self.expr(t, *e, &Ty::Unknown);
        }
    }

    /// Calls a value: a closure, a function pointer, something bounded by `Fn`.
    fn call_value(&mut self, t: &ItemTree, callee: &Ty, args: &[ExprId]) -> Ty {
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
    pub(super) fn callable(&self, ty: &Ty) -> Option<(Vec<Ty>, Ty)> {
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
    fn finish_ty(&self, def: DefId, subst: &Subst, ty: &Ty) -> Ty {
        let mut ty = subst.apply(ty);
        ty = self.types.normalize(&self.cx(), &ty);
        for owner in [Some(def), self.types.world.defs[def].parent].into_iter().flatten() {
            // Inside the callee itself its parameters mean themselves.
            if !self.generics.contains(&Some(owner)) {
                ty = self.types.forget(&ty, owner);
            }
        }
        ty
    }

    /// Calls a function of the repository; `receiver` for method calls.
    pub(super) fn call_fn(
        &mut self,
        t: &ItemTree,
        found: Found,
        receiver: Option<&Ty>,
        args: &[ExprId],
        expected: &Ty,
        turbofish: Option<&crate::parse::tree::GenericArgs>,
    ) -> Ty {
        let Found { def, mut subst } = found;
        let Some(sig) = self.types.sig(def) else {
            self.each(t, args);
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
            // `Trait::method(value)`: the value tells what `Self` is. Walked twice only for its type.
            let mark = self.mark();
            let ty = self.expr(t, *first, &Ty::Unknown);
            self.reset(mark);
            subst.bind(parent, NAMES.self_type, ty);
        }
        // Plain arguments first: they fix the parameters that closures are given.
        for closures in [false, true] {
            for (i, e) in args.iter().enumerate() {
                let is_closure = matches!(t[*e], Expr::Closure(_));
                if is_closure != closures {
                    continue;
                }
                let param = params.get(i).cloned().unwrap_or(Ty::Unknown);
                let ty = match &t[*e] {
                    Expr::Closure(closure) => {
                        let (given, want) = self.closure_shape(def, &subst, &param);
                        let ty = self.closure(t, closure, &given, &want);
                        self.unify_closure(def, &param, &ty, &mut subst);
                        ty
                    }
                    _ => {
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
        let before = self.finish_ty(def, &subst, &sig.ret);
        before.or(expected.clone())
    }

    /// What a value for parameter `name: Iterator<Item = X>` or `Into<X>` tells about `X`.
    fn unify_bounds(&mut self, owner: DefId, name: Name, ty: &Ty, subst: &mut Subst) {
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
    fn closure_shape(&mut self, def: DefId, subst: &Subst, param: &Ty) -> (Vec<Ty>, Ty) {
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

    fn unify_closure(&mut self, def: DefId, param: &Ty, closure: &Ty, subst: &mut Subst) {
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

    fn method_call(&mut self, t: &ItemTree, call: &MethodCall, expected: &Ty) -> Ty {
        let receiver = self.expr(t, call.receiver, &Ty::Unknown);
        if let Some(args) = &call.turbofish {
            self.generic_args(t, args);
        }
        let on = self.types.method(&self.cx(), &receiver, call.name);
        match on {
            MethodOn::Found(found) => {
                self.refer(found.def, call.line, RefKind::Method);
                self.call_fn(t, found, Some(&receiver), &call.args, expected, call.turbofish.as_deref())
            }
            MethodOn::Std(ty, method) => self.std_method(t, call, &ty, method, expected),
            MethodOn::Nothing | MethodOn::Unknown => self.odd_method(t, call, &receiver, expected),
        }
    }

    /// A method that no table knows on this receiver.
    fn odd_method(&mut self, t: &ItemTree, call: &MethodCall, receiver: &Ty, expected: &Ty) -> Ty {
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
        // A field may be meant that is called: `(self.f)(x)` has no name, so this is a method all the same.
        match (&ty, name) {
            (Ty::Unknown, _) => {
                self.guess(call);
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
                self.each(t, &call.args);
                Ty::Unknown
            }
        }
    }

    fn std_method(
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
                        None => Ty::Unknown,
                    };
                    let arg = self.expr(t, *e, &wanted);
                    if let Ty::Fn(fun) = &arg {
                        result.get_or_insert_with(|| fun.ret.clone());
                    }
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
                    "parse" => Ty::ext("Result", [want.clone().or(expected.arg(0)), Ty::Unknown]),
                    _ => stdlib::collected(&want, &item),
                }
            }
            Yields::Expected => expected.clone(),
        }
    }

    /// What a later statement tells about a local variable.
    fn learn(&mut self, t: &ItemTree, place: ExprId, ty: Ty) {
        let Expr::Path(path) = &t[place] else { return };
        let path = &t[*path];
        if let [only] = &path.segments[..]
            && let Some((_, known)) = self.locals.iter_mut().rev().find(|(name, _)| *name == only.name)
        {
            *known = std::mem::replace(known, Ty::Unknown).or(ty);
        }
    }

    /// A method on an unknown receiver.
    fn guess(&mut self, call: &MethodCall) {
        let candidates = self.types.methods.get(&call.name).map(Vec::as_slice).unwrap_or_default();
        if candidates.is_empty() {
            return;
        }
        self.unresolved(call.name.as_str(), call.line, UnresolvedCause::UnknownReceiver);
    }

    /// `NAME` in a pattern: a constant, unit struct or variant in scope.
    fn constant_pattern(&mut self, name: Name, line: u32) -> bool {
        let Some(walk) = self.types.walk(&self.cx(), &[name], false, Ns::Values) else { return false };
        match walk.found.get(Ns::Values) {
            Some(Def::Item(def)) => {
                let kind = match &self.types.world.node(def).kind {
                    NodeKind::Const(..) | NodeKind::Static(..) => RefKind::Value,
                    NodeKind::Struct(_) => RefKind::Type,
                    _ => return false,
                };
                self.refer(def, line, kind);
                true
            }
            Some(Def::Variant(def, _)) => {
                self.refer(def, line, RefKind::Type);
                true
            }
            Some(Def::Ext(ext)) => ext == "None",
            _ => false,
        }
    }
}

fn literal_ty(literal: Literal) -> Ty {
    match literal {
        Literal::Str => Ty::ext("str", []),
        Literal::ByteStr => Ty::ext("[]", [Ty::ext("u8", [])]),
        Literal::Char => Ty::ext("char", []),
        Literal::Bool => Ty::ext("bool", []),
        Literal::Int | Literal::Float | Literal::Other => Ty::Unknown,
    }
}
