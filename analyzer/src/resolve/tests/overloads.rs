//! One trait implemented for one type several times: the arguments tell which `impl` is meant.

use super::check;

const TYPES: &str = r"
struct A;
struct B;
struct C;
struct T;
impl From<A> for T { fn from(_: A) -> T { T } }
impl From<B> for T { fn from(_: B) -> T { T } }
";

fn with_types(code: &str, expect: &str) {
    let header = "
        k::<impl From<A> for T> -> k::A type
        k::<impl From<A> for T> -> k::T type
        k::<impl From<B> for T> -> k::B type
        k::<impl From<B> for T> -> k::T type
        ";
    check(&format!("{TYPES}{code}"), &format!("{header}{expect}"));
}

#[test]
fn the_argument_chooses() {
    with_types(
        "fn f(b: B) { T::from(b); }",
        "
        k::f -> k::B type
        k::f -> k::T type
        k::f -> k::<impl From<B> for T> call
        ",
    );
}

#[test]
fn an_unknown_argument_leaves_the_first() {
    with_types(
        "fn f() { T::from(unknown()); }",
        "
        k::f -> k::T type
        k::f -> k::<impl From<A> for T> call
        ",
    );
}

#[test]
fn an_argument_of_none_of_them_means_none_of_them() {
    with_types(
        "fn f(c: C) { T::from(c).m(); }
impl T { fn m(&self) {} }",
        "
        k::f -> k::C type
        k::f -> k::T type
        k::f -> k::<impl T> method
        ",
    );
}

#[test]
fn what_is_called_on_the_argument_counts_once() {
    with_types(
        "fn f() { T::from(b()); }
fn b() -> B { B }",
        "
        k::b -> k::B type
        k::f -> k::T type
        k::f -> k::b call
        k::f -> k::<impl From<B> for T> call
        ",
    );
}

#[test]
fn a_type_of_the_standard_library_has_impls_of_its_own() {
    check(
        r"
struct S;
impl From<S> for usize { fn from(_: S) -> usize { 0 } }
fn f(flag: bool) { usize::from(flag); }
fn g(s: S) { usize::from(s); }
",
        "
        k::<impl From<S> for usize> -> k::S type
        k::g -> k::S type
        k::g -> k::<impl From<S> for usize> call
        ",
    );
}

#[test]
fn the_right_operand_chooses() {
    check(
        r"
use std::ops::Add;
struct A;
struct B;
struct T;
impl Add<A> for T { type Output = T; fn add(self, _: A) -> T { T } }
impl Add<B> for T { type Output = T; fn add(self, _: B) -> T { T } }
fn f(t: T, b: B) { let _ = t + b; }
",
        "
        k::<impl Add<A> for T> -> k::A type
        k::<impl Add<A> for T> -> k::T type
        k::<impl Add<B> for T> -> k::B type
        k::<impl Add<B> for T> -> k::T type
        k::f -> k::B type
        k::f -> k::T type
        k::f -> k::<impl Add<B> for T> method
        ",
    );
}

#[test]
fn a_method_of_a_trait_with_arguments() {
    check(
        r"
trait Visit<X> { fn visit(&self, x: X); }
struct A;
struct B;
struct T;
impl Visit<A> for T { fn visit(&self, x: A) {} }
impl Visit<B> for T { fn visit(&self, x: B) {} }
fn f(t: T) { t.visit(B); }
",
        "
        k::<impl Visit<A> for T> -> k::A type
        k::<impl Visit<B> for T> -> k::B type
        k::f -> k::B type
        k::f -> k::T type
        k::f -> k::<impl Visit<B> for T> method
        ",
    );
}

#[test]
fn a_generic_impl_comes_last() {
    check(
        r"
trait Take<X> { fn take(x: X); }
struct A;
struct T;
struct Wrap<X>(X);
impl<X> Take<Wrap<X>> for T { fn take(x: Wrap<X>) {} }
impl Take<A> for T { fn take(x: A) {} }
fn f() { T::take(A); }
",
        "
        k::<impl Take<A> for T> -> k::A type
        k::<impl Take<Wrap<X>> for T> -> k::Wrap type
        k::f -> k::A type
        k::f -> k::T type
        k::f -> k::<impl Take<A> for T> call
        ",
    );
}

#[test]
fn an_impl_of_a_package_that_is_not_linked_is_none() {
    // What `low` calls can't be written in `top`, which depends on it.
    check(
        r"
//- /low/lib.rs crate:low
pub struct Problem;
fn f() -> Problem { Problem::from(other::thing()) }
//- /top/lib.rs crate:top deps:low
pub struct Own;
impl From<Own> for low::Problem { fn from(_: Own) -> low::Problem { loop {} } }
fn g(x: Own) -> low::Problem { x.into() }
",
        "
        low::f -> low::Problem type
        top::<impl From<Own> for Problem> -> low::Problem type
        top::<impl From<Own> for Problem> -> top::Own type
        top::g -> low::Problem type
        top::g -> top::<impl From<Own> for Problem> method
        top::g -> top::Own type
        ",
    );
}
