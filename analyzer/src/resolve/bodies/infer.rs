//! Bodies: what each expression refers to, with types as light as names allow.

use super::implied::line_of;
use super::walker::{PathValue, Walker};
use crate::parse::tree::{
    Block, Closure, Expr, ExprId, ItemTree, Literal, NUMBER_TYPES, Name, Pat, PathId, Stmt, StructLiteral,
    TypeRef,
};
use crate::resolve::model::{RefKind, UnresolvedCause};
use crate::resolve::names::def::Ns;
use crate::resolve::types::shared::Weigh as _;
use crate::resolve::types::stdlib;
use crate::resolve::types::ty::{Subst, Ty};
use ustr::ustr;

impl Walker<'_, '_, '_> {
    /// The type of an expression; everything in it is referred to on the way.
    pub(in crate::resolve) fn expr(&mut self, t: &ItemTree, id: ExprId, expected: &Ty) -> Ty {
        if !self.spent.allowance.step(1) {
            return Ty::Unknown;
        }
        self.spent.depth += 1;
        let ty = self.expr_here(t, id, expected);
        self.spent.depth -= 1;
        // What comes of a type is looked at as a whole, often more than once.
        self.spent.allowance.step(u64::from(ty.weight()));
        ty
    }

    fn expr_here(&mut self, t: &ItemTree, id: ExprId, expected: &Ty) -> Ty {
        match &t[id] {
            Expr::Missing => Ty::Unknown,
            Expr::Path(path) => {
                let value = self.value_path(t, *path);
                let value = self.wanted_overload(value, expected);
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
                self.scope.given = None;
                let ty = self.expr(t, *inner, &Ty::Unknown);
                match &ty {
                    Ty::Ext(name, args) if stdlib::is_pointer(name.as_str()) => {
                        args.first().cloned().unwrap_or(Ty::Unknown)
                    }
                    // References are transparent here, so that this may be one; auto-dereference goes on if not.
                    _ => self.dereferenced(t, *inner, &ty).unwrap_or(ty),
                }
            }
            Expr::Ref(inner) => self.expr(t, *inner, expected),
            Expr::Unary(inner, op) => {
                let ty = self.expr(t, *inner, &Ty::Unknown);
                self.operator(&ty, op.method(), op.line);
                ty
            }
            Expr::Binary(left, right, op) => {
                let left = self.expr(t, *left, &Ty::Unknown);
                let right = self.expr(t, *right, &left);
                self.operator_with(&left, op.method(), &right, op.line);
                self.foreign_left(&left, ustr(op.method()), &right, op.line);
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
                let right = self.expr(t, *right, &left);
                self.operator_with(&left, op.method(), &right, op.line);
                Ty::ext("bool", [])
            }
            Expr::Assign(left, right, op) => {
                let left_ty = self.expr(t, *left, &Ty::Unknown);
                let right = self.expr(t, *right, &left_ty);
                self.operator_with(&left_ty, op.method(), &right, op.line);
                if left_ty.has_unknown() {
                    self.learn(t, *left, right);
                }
                Ty::unit()
            }
            Expr::Block(block) => self.block(t, block, expected),
            Expr::Async(block) => {
                let inner = stdlib::awaited(expected);
                let saved = std::mem::replace(&mut self.scope.returns, inner.clone());
                let ty = self.block(t, block, &inner);
                self.scope.returns = saved;
                Ty::ext("Future", [ty])
            }
            Expr::If(cond, then, other) => {
                let mark = self.scope.locals.len();
                self.expr(t, *cond, &Ty::Unknown);
                let ty = self.expr(t, *then, expected);
                self.scope.locals.truncate(mark);
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
                let mark = self.scope.locals.len();
                self.expr(t, *cond, &Ty::Unknown);
                self.expr(t, *body, &Ty::Unknown);
                self.scope.locals.truncate(mark);
                Ty::unit()
            }
            Expr::Loop(body) => {
                let saved = self.scope.breaks.replace(Ty::Unknown);
                self.expr(t, *body, &Ty::Unknown);
                std::mem::replace(&mut self.scope.breaks, saved).unwrap_or(Ty::Unknown)
            }
            Expr::For(pat, over, body) => {
                let line = line_of(t, *over);
                let over = self.expr(t, *over, &Ty::Unknown);
                self.iterated(&over, line);
                let item = self.element(&over);
                let mark = self.scope.locals.len();
                self.bind(t, *pat, &item);
                let saved = self.scope.breaks.take();
                self.expr(t, *body, &Ty::Unknown);
                self.scope.breaks = saved;
                self.scope.locals.truncate(mark);
                Ty::unit()
            }
            Expr::Match(on, arms) => {
                let on = self.expr(t, *on, &Ty::Unknown);
                let mut ty = Ty::Unknown;
                for (pat, body) in arms {
                    let mark = self.scope.locals.len();
                    self.bind(t, *pat, &on);
                    let arm = self.expr(t, *body, expected);
                    self.scope.locals.truncate(mark);
                    ty = ty.or(arm);
                }
                ty
            }
            Expr::Closure(closure) => self.closure(t, closure, &[], &Ty::Unknown),
            Expr::Struct(path, literal) => self.struct_literal(t, *path, literal, expected),
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
                let by = self.expr(t, *index, &Ty::Unknown);
                self.operator_with(&base, "index", &by, *line);
                let by_range = matches!(t[*index], Expr::Range(..)) || stdlib::is_range(&by);
                self.indexed(&base, by_range)
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
                let wanted = wanted_inside(t, *inner, expected);
                let ty = self.expr(t, *inner, &wanted);
                let ty = self.types.normalize(&self.cx(), &ty);
                let line = line_of(t, *inner);
                self.tries(&ty, line);
                let wanted = self.scope.returns.arg(1);
                self.settle(t, *inner, &wanted, line);
                stdlib::tried(&ty)
            }
            Expr::Await(inner, line) => {
                let ty = self.expr(t, *inner, &Ty::Unknown);
                let ty = self.types.normalize(&self.cx(), &ty);
                self.operator(&ty, "poll", *line);
                self.awaits(&ty, *line);
                self.awaited(&ty)
            }
            Expr::Diverge(inner) => {
                if let Some(inner) = inner {
                    let returns = self.scope.returns.clone();
                    let ty = self.expr(t, *inner, &returns);
                    if let Some(breaks) = self.scope.breaks.take() {
                        self.scope.breaks = Some(breaks.or(ty));
                    }
                }
                Ty::Unknown
            }
            Expr::Macro(call) => self.macro_call(t, *call, expected),
            Expr::Cfg(cfgs, inner) => {
                let compiled = self.compiled(cfgs);
                let ty = self.under(cfgs, |walker| walker.expr(t, *inner, expected));
                if compiled { ty } else { Ty::Unknown }
            }
        }
    }

    /// Refers to the method that an operator stands for, where the repository implements it for the type.
    pub(in crate::resolve) fn operator(&mut self, ty: &Ty, method: &'static str, line: u32) {
        if let (Ty::Adt(..), false) = (ty, method.is_empty())
            && let Some(def) = self.types.operator(ty, ustr(method), &self.scope.generics)
        {
            self.refer(def, line, RefKind::Method);
        }
    }

    /// Likewise for an operator with a right operand, by which one of several `impl`s is chosen.
    fn operator_with(&mut self, ty: &Ty, method: &'static str, right: &Ty, line: u32) {
        if let (Ty::Adt(..), false) = (ty, method.is_empty())
            && let Some(def) = self.types.operator(ty, ustr(method), &self.scope.generics)
        {
            let def = self.types.operator_with(def, right, &self.scope.generics);
            self.refer(def, line, RefKind::Method);
        }
    }

    pub(in crate::resolve) fn awaited(&mut self, ty: &Ty) -> Ty {
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
    pub(in crate::resolve) fn element(&mut self, ty: &Ty) -> Ty {
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

    pub(in crate::resolve) fn indexed(&mut self, base: &Ty, by_range: bool) -> Ty {
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

    pub(in crate::resolve) fn block(&mut self, t: &ItemTree, block: &Block, expected: &Ty) -> Ty {
        let mark = self.scope.locals.len();
        let scopes = self.enter_block(t, block);
        for stmt in &block.stmts {
            self.stmt(t, stmt);
        }
        let ty = match block.tail {
            Some(tail) => self.expr(t, tail, expected),
            None => Ty::unit(),
        };
        self.leave_block(scopes);
        self.scope.locals.truncate(mark);
        let diverges = block.tail.is_none()
            && matches!(block.stmts.last(), Some(Stmt::Expr(e)) if matches!(t[*e], Expr::Diverge(_)));
        if diverges { Ty::Unknown } else { ty }
    }

    pub(in crate::resolve) fn stmt(&mut self, t: &ItemTree, stmt: &Stmt) {
        match stmt {
            Stmt::Let(pat, ty, init, diverge) => {
                let declared = ty.map_or(Ty::Unknown, |ty| self.type_ref(t, ty));
                self.scope.given = None;
                let value = init.map_or(Ty::Unknown, |e| self.expr(t, e, &declared));
                let owned = match (ty, init) {
                    (Some(ty), _) => matches!(t[*ty], TypeRef::Path(_)),
                    (None, Some(e)) => self.is_owned(t, *e),
                    (None, None) => false,
                };
                if let Some(e) = diverge {
                    self.expr(t, *e, &Ty::Unknown);
                }
                let before = self.scope.locals.len();
                self.bind(t, *pat, &declared.or(value));
                if owned && matches!(t[*pat], Pat::Bind(..)) {
                    self.owns(before);
                }
            }
            Stmt::Expr(e) => {
                self.expr(t, *e, &Ty::Unknown);
            }
            Stmt::Cfg(cfgs, inner) => {
                let mark = self.scope.locals.len();
                self.under(cfgs, |walker| walker.stmt(t, inner));
                if !self.compiled(cfgs) {
                    self.scope.locals.truncate(mark);
                }
            }
            Stmt::Macro(call) => {
                self.macro_call(t, *call, &Ty::Unknown);
            }
        }
    }

    /// The type of a closure, given what its caller passes and wants.
    pub(in crate::resolve) fn closure(
        &mut self,
        t: &ItemTree,
        closure: &Closure,
        given: &[Ty],
        wanted: &Ty,
    ) -> Ty {
        let mark = self.scope.locals.len();
        let mut params = Vec::new();
        for (i, pat) in closure.params.iter().enumerate() {
            let given = given.get(i).cloned().unwrap_or(Ty::Unknown);
            params.push(self.bind(t, *pat, &given));
        }
        let declared = closure.ret.map_or(Ty::Unknown, |ty| self.type_ref(t, ty));
        let wanted = declared.clone().or(wanted.clone());
        let saved = std::mem::replace(&mut self.scope.returns, wanted.clone());
        let breaks = self.scope.breaks.take();
        let body = self.expr(t, closure.body, &wanted);
        self.scope.breaks = breaks;
        self.scope.returns = saved;
        self.scope.locals.truncate(mark);
        let ret = declared.or(body);
        let ret = if closure.is_async { Ty::ext("Future", [ret]) } else { ret };
        Ty::callable(params, ret)
    }

    /// How many fields a constructor of the repository has; 0 where that is not known.
    pub(in crate::resolve) fn arity(&self, value: &PathValue) -> usize {
        match value {
            PathValue::Ctor(def, variant, _) => self.types.raw_fields(*def, *variant).len(),
            _ => 0,
        }
    }

    /// `base.name`.
    pub(in crate::resolve) fn field(&mut self, base: &Ty, name: Name, line: u32) -> Ty {
        let mut ty = self.types.normalize(&self.cx(), base);
        let mut passed = Vec::new();
        for _ in 0..8 {
            match &ty {
                Ty::Adt(def, args) => {
                    if let Some(field) = self.types.field(*def, args, None, name) {
                        self.passed(&passed, line);
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
            match self.types.deref(&self.cx(), &ty) {
                Some(next) => {
                    let next = self.types.normalize(&self.cx(), &next);
                    passed.push(std::mem::replace(&mut ty, next));
                }
                None => break,
            }
        }
        Ty::Unknown
    }

    pub(in crate::resolve) fn struct_literal(
        &mut self,
        t: &ItemTree,
        path: PathId,
        literal: &StructLiteral,
        expected: &Ty,
    ) -> Ty {
        let value = self.path(t, path, Ns::Types);
        let (of, variant) = self.ctor_ty(&value, expected);
        if let Ty::Adt(def, _) = &of {
            self.notes.made.push((*def, t[path].line));
        }
        let mut subst = Subst::default();
        for (name, e, line) in &literal.fields {
            let field = self.field_of(&of, variant, *name, *line);
            let ty = self.expr(t, *e, &field);
            if let Ty::Adt(def, _) = &of
                && of.has_unknown()
                && let Some(pattern) = self.types.raw_field(*def, variant, *name)
            {
                self.types.unify(&pattern, &ty, &mut subst);
            }
        }
        if let Some(rest) = literal.base {
            self.expr(t, rest, &of);
            if let (Ty::Adt(def, _), None) = (&of, variant) {
                self.refer_hidden_fields(*def, t[path].line);
            }
        }
        self.makes(&of, t, path);
        match &of {
            Ty::Adt(def, _) => self.filled(*def, &subst, of.clone()),
            _ => of,
        }
    }

    pub(in crate::resolve) fn value_ty(&mut self, value: PathValue, expected: &Ty) -> Ty {
        match value {
            PathValue::Local(ty) | PathValue::Const(ty) => ty,
            PathValue::Ctor(def, variant, ty) => {
                let fields = self.types.raw_fields(def, variant);
                if fields.is_empty() {
                    return ty.or(expected.clone());
                }
                let params = fields.iter().map(|f| self.types.forget(f, def)).collect();
                Ty::callable(params, ty)
            }
            PathValue::Fn(found) => {
                let Some(sig) = self.types.sig(found.def) else { return Ty::Unknown };
                let done = |ty: &Ty| self.finish_ty(found.def, &found.subst, ty);
                Ty::callable(sig.params.iter().map(done).collect(), done(&sig.ret))
            }
            PathValue::Ext(_, name) => match name.as_str() {
                "None" => expected.clone().or(Ty::ext("Option", [Ty::Unknown])),
                _ => Ty::Unknown,
            },
            PathValue::Type(ty) => ty,
            PathValue::Unknown => Ty::Unknown,
        }
    }
}

/// What is wanted of `e` in `e?` or `e.unwrap()`, for methods whose result the place decides.
pub(in crate::resolve) fn wanted_inside(t: &ItemTree, e: ExprId, expected: &Ty) -> Ty {
    match &t[e] {
        Expr::Method(call)
            if matches!(call.name.as_str(), "parse" | "try_into") && !expected.is_unknown() =>
        {
            Ty::ext("Result", [expected.clone(), Ty::Unknown])
        }
        _ => Ty::Unknown,
    }
}

fn literal_ty(literal: Literal) -> Ty {
    match literal {
        Literal::Str => Ty::ext("str", []),
        Literal::ByteStr => Ty::ext("[]", [Ty::ext("u8", [])]),
        Literal::Char => Ty::ext("char", []),
        Literal::Bool => Ty::ext("bool", []),
        Literal::Typed(at) => NUMBER_TYPES.get(usize::from(at)).map_or(Ty::Unknown, |name| Ty::ext(name, [])),
        Literal::Int | Literal::Float | Literal::Other => Ty::Unknown,
    }
}
