//! Generic parameters and associated types: what arguments and bounds tell.

use super::check;

#[test]
fn generic_return_type() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn id<T>(t: T) -> T { t }
fn f(s: S) { id(s).m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        k::f -> k::id call
        ",
    );
}

#[test]
fn generic_return_type_by_turbofish() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn make<T>() -> T { todo!() }
fn f() { make::<S>().m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        k::f -> k::make call
        ",
    );
}

#[test]
fn generic_return_type_inside_another() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn first<T>(v: Vec<T>) -> Option<T> { None }
fn f(v: Vec<S>) { first(v).unwrap().m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        k::f -> k::first call
        ",
    );
}

#[test]
fn generic_return_type_behind_a_reference() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn same<T>(t: &T) -> &T { t }
fn f(s: &S) { same(s).m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        k::f -> k::same call
        ",
    );
}

#[test]
fn method_of_a_generic_type_returns_its_argument() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
struct W<T>(T);
impl<T> W<T> { fn get(&self) -> &T { &self.0 } }
fn f(w: W<S>) { w.get().m(); }
",
        "
        k::<impl W<T>> -> k::W field
        k::f -> k::<impl S> method
        k::f -> k::<impl W<T>> method
        k::f -> k::S type
        k::f -> k::W type
        ",
    );
}

#[test]
fn associated_type_of_a_known_impl() {
    check(
        r"
trait T { type O; fn get(&self) -> Self::O; }
struct A;
struct X;
impl X { fn m(&self) {} }
impl T for A { type O = X; fn get(&self) -> X { X } }
fn f(a: A) { a.get().m(); }
",
        "
        k::<impl T for A> -> k::X type
        k::f -> k::<impl T for A> method
        k::f -> k::<impl X> method
        k::f -> k::A type
        ",
    );
}

#[test]
fn associated_type_with_a_bound() {
    check(
        r"
trait B { fn m(&self); }
trait T { type O: B; fn get(&self) -> Self::O; }
fn f<X: T>(x: X) { x.get().m(); }
",
        "
        k::T -> k::B type
        k::f -> k::B method
        k::f -> k::T method
        k::f -> k::T type
        ",
    );
}

#[test]
fn associated_type_fixed_by_a_bound() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
trait T { type O; fn get(&self) -> Self::O; }
fn f<X: T<O = S>>(x: X) { x.get().m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        k::f -> k::T method
        k::f -> k::T type
        ",
    );
}

#[test]
fn trait_with_arguments_on_a_parameter() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
trait Get<T> { fn get(&self) -> T; }
fn f<G: Get<S>>(g: G) { g.get().m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::Get method
        k::f -> k::Get type
        k::f -> k::S type
        ",
    );
}

#[test]
fn self_type_of_a_trait_method() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
trait Chain: Sized { fn next(self) -> Self { self } }
impl Chain for S {}
fn f(s: S) { s.next().m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::Chain method
        k::f -> k::S type
        ",
    );
}

#[test]
fn generic_struct_learns_from_its_constructor() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
struct W<T> { t: T }
impl<T> W<T> { fn new(t: T) -> Self { W { t } } }
fn f() { W::new(S).t.m(); }
",
        "
        k::<impl W<T>> -> k::W field
        k::<impl W<T>> -> k::W type
        k::f -> k::<impl S> method
        k::f -> k::<impl W<T>> call
        k::f -> k::S type
        k::f -> k::W field
        k::f -> k::W type
        ",
    );
}

#[test]
fn generic_struct_learns_from_its_literal() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
struct W<T> { t: T }
struct P<T>(T);
fn f() { let w = W { t: S }; w.t.m(); let p = P(S); p.0.m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::P field
        k::f -> k::P type
        k::f -> k::S type
        k::f -> k::W field
        k::f -> k::W type
        ",
    );
}

#[test]
fn builder_chain() {
    check(
        r"
struct B;
impl B { fn new() -> Self { B } fn with(mut self, n: u8) -> Self { self } fn build(self) -> S { S } }
struct S;
impl S { fn m(&self) {} }
fn f() { B::new().with(1).with(2).build().m(); }
",
        "
        k::<impl B> -> k::B type
        k::<impl B> -> k::S type
        k::f -> k::<impl B> call
        k::f -> k::<impl B> method
        k::f -> k::<impl S> method
        k::f -> k::B type
        ",
    );
}

#[test]
fn from_gives_the_type_it_is_called_on() {
    check(
        r"
struct A;
struct B;
impl From<A> for B { fn from(a: A) -> B { B } }
impl B { fn m(&self) {} }
fn f(a: A) { B::from(a).m(); }
",
        "
        k::<impl From<A> for B> -> k::A type
        k::<impl From<A> for B> -> k::B type
        k::f -> k::<impl B> method
        k::f -> k::<impl From<A> for B> call
        k::f -> k::A type
        k::f -> k::B type
        ",
    );
}

#[test]
fn into_takes_the_annotated_type() {
    check(
        r"
struct A;
struct B;
impl From<A> for B { fn from(a: A) -> B { B } }
impl B { fn m(&self) {} }
fn f(a: A) { let b: B = a.into(); b.m(); }
",
        "
        k::<impl From<A> for B> -> k::A type
        k::<impl From<A> for B> -> k::B type
        k::f -> k::<impl B> method
        k::f -> k::A type
        k::f -> k::B type
        k::f -> k::<impl From<A> for B> method
        ",
    );
}
