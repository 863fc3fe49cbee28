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

/// A parameter that is in scope is any type: an `impl` for one type isn't meant.
#[test]
fn an_impl_for_one_type_is_none_for_all() {
    check(
        r"
struct Own;
struct Pool<D>(D);
trait Run { fn run(&self); }
impl Run for Pool<Own> { fn run(&self) {} }
fn all<D>(pool: Pool<D>) where Pool<D>: Run { pool.run(); }
fn one(pool: Pool<Own>) { pool.run(); }
fn either<D>(pool: Pool<D>, own: Pool<Own>) { own.run(); }
",
        "
        k::<impl Run for Pool<Own>> -> k::Own impl
        k::<impl Run for Pool<Own>> -> k::Pool impl
        k::<impl Run for Pool<Own>> -> k::Run impl
        k::all -> k::Pool type
        k::all -> k::Run method
        k::all -> k::Run type
        k::either -> k::<impl Run for Pool<Own>> method
        k::either -> k::Own type
        k::either -> k::Pool type
        k::one -> k::<impl Run for Pool<Own>> method
        k::one -> k::Own type
        k::one -> k::Pool type
        ",
    );
}

/// What the arguments of a trait in a path say.
#[test]
fn a_qualified_path_means_the_impl_of_its_arguments() {
    check(
        r"
struct A;
struct B;
trait Ty<D> { fn info(); fn of(bytes: &[u8]) {} }
impl Ty<A> for str { fn info() {} fn of(bytes: &[u8]) {} }
impl Ty<B> for str { fn info() {} fn of(bytes: &[u8]) {} }
impl Ty<B> for String { fn info() { <str as Ty<B>>::info(); <str as Ty<B>>::of(&[]) } }
fn any<D>() where str: Ty<D> { <str as Ty<D>>::info() }
",
        "
        k::<impl Ty<A> for str> -> k::A impl
        k::<impl Ty<A> for str> -> k::Ty impl
        k::<impl Ty<B> for String> -> k::<impl Ty<B> for str> call
        k::<impl Ty<B> for String> -> k::B impl
        k::<impl Ty<B> for String> -> k::B type
        k::<impl Ty<B> for String> -> k::Ty impl
        k::<impl Ty<B> for String> -> k::Ty type
        k::<impl Ty<B> for str> -> k::B impl
        k::<impl Ty<B> for str> -> k::Ty impl
        k::any -> k::Ty call
        k::any -> k::Ty type
        ",
    );
}

/// `where &'a mut D::Of: Run`, as a pool of connections has it.
#[test]
fn bounds_of_a_reference_to_an_associated_type() {
    check(
        r"
use std::ops::Deref;
struct Own;
trait Db { type Of; }
trait Run { fn run(&self); }
struct Held<D: Db>(D::Of);
impl<D: Db> Deref for Held<D> { type Target = D::Of; fn deref(&self) -> &D::Of { &self.0 } }
impl Run for Held<Own> { fn run(&self) {} }
fn all<D: Db>(held: Held<D>) where for<'a> &'a D::Of: Run { held.run(); }
",
        "
        k::<impl Deref for Held<D>> -> k::Db type
        k::<impl Deref for Held<D>> -> k::Held field
        k::<impl Deref for Held<D>> -> k::Held impl
        k::<impl Run for Held<Own>> -> k::Held impl
        k::<impl Run for Held<Own>> -> k::Own impl
        k::<impl Run for Held<Own>> -> k::Run impl
        k::Held -> k::Db type
        k::all -> k::Db type
        k::all -> k::Held type
        k::all -> k::Run method
        k::all -> k::Run type
        ",
    );
}
