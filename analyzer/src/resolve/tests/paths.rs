//! Paths through types: associated functions, constants and types, `Self`, trait paths.

use super::check;

#[test]
fn associated_function_reaches_its_impl() {
    check(
        r"
struct S;
impl S { fn new() -> u8 { 1 } }
fn f() { S::new(); }
",
        "
        k::f -> k::<impl S> call
        k::f -> k::S type
        ",
    );
}

#[test]
fn associated_function_among_several_impls() {
    check(
        r"
struct S;
impl S { fn a() {} }
mod m { impl super::S { pub fn b() {} } }
fn f() { S::b(); }
",
        "
        k::f -> k::S type
        k::f -> k::m::<impl S> call
        ",
    );
}

#[test]
fn associated_function_through_an_alias() {
    check(
        r"
mod a { pub struct S; impl S { pub fn new() {} } }
type T = a::S;
fn f() { T::new(); }
",
        "
        k::T -> k::a::S type
        k::f -> k::T type
        k::f -> k::a::<impl S> call
        ",
    );
}

#[test]
fn associated_constant() {
    check(
        r"
struct S;
impl S { const N: u8 = 1; }
fn f() -> u8 { S::N }
",
        "
        k::f -> k::<impl S> value
        k::f -> k::S type
        ",
    );
}

#[test]
fn associated_constant_of_a_trait() {
    check(
        r"
trait T { const N: u8; }
fn f<X: T>() -> u8 { X::N }
",
        "
        k::f -> k::T type
        k::f -> k::T value
        ",
    );
}

#[test]
fn self_type_path() {
    check(
        r"
struct S;
fn g() {}
impl S { fn new() { g(); } }
mod m { impl super::S { pub fn b() { Self::new(); } } }
",
        "
        k::<impl S> -> k::g call
        k::m::<impl S> -> k::<impl S> call
        ",
    );
}

#[test]
fn self_as_a_constructor() {
    check(
        r"
struct S(u8);
impl S { fn new() { Self(1).m(); } }
mod m { impl super::S { pub fn m(&self) {} } }
",
        "
        k::<impl S> -> k::S field
        k::<impl S> -> k::m::<impl S> method
        ",
    );
}

#[test]
fn self_variant() {
    check(
        r"
enum E { A, B }
impl E { fn new() -> Self { Self::A } }
",
        "
        k::<impl E> -> k::E type
        ",
    );
}

#[test]
fn self_in_a_trait() {
    check(
        r"
trait T { fn a() {} fn b() { Self::a(); } }
",
        "",
    );
}

#[test]
fn self_associated_type() {
    check(
        r"
trait A {}
struct X;
trait T { type O; fn m(&self) -> Self::O; }
struct S;
impl T for S { type O = X; fn m(&self) -> Self::O { X } }
",
        "
        k::<impl T for S> -> k::X type
        k::<impl T for S> -> k::T type
        ",
    );
}

#[test]
fn trait_path_reaches_the_trait() {
    check(
        r"
trait T { fn m(&self); }
fn f<X: T>(x: X) { T::m(&x); }
",
        "
        k::f -> k::T call
        k::f -> k::T type
        ",
    );
}

#[test]
fn qualified_path_reaches_the_impl_of_a_known_type() {
    check(
        r"
trait T { fn m(); }
struct S;
impl T for S { fn m() {} }
fn f() { <S as T>::m(); }
",
        "
        k::f -> k::<impl T for S> call
        k::f -> k::S type
        k::f -> k::T type
        ",
    );
}

#[test]
fn qualified_path_reaches_the_trait_of_a_parameter() {
    check(
        r"
trait T { fn m(); }
fn f<X: T>() { <X as T>::m(); }
",
        "
        k::f -> k::T call
        k::f -> k::T type
        ",
    );
}

#[test]
fn qualified_path_to_a_default_method() {
    check(
        r"
trait T { fn m() {} }
struct S;
impl T for S {}
fn f() { <S as T>::m(); }
",
        "
        k::f -> k::S type
        k::f -> k::T call
        k::f -> k::T type
        ",
    );
}

#[test]
fn qualified_path_picks_the_trait() {
    check(
        r"
trait A { fn m(); }
trait B { fn m(); }
struct S;
impl A for S { fn m() {} }
impl B for S { fn m() {} }
fn f() { <S as B>::m(); }
",
        "
        k::f -> k::<impl B for S> call
        k::f -> k::B type
        k::f -> k::S type
        ",
    );
}

#[test]
fn qualified_associated_type() {
    check(
        r"
trait T { type O; }
struct S;
struct X;
impl X { fn m(&self) {} }
impl T for S { type O = X; }
fn f(x: <S as T>::O) { x.m(); }
",
        "
        k::<impl T for S> -> k::X type
        k::f -> k::<impl X> method
        k::f -> k::S type
        k::f -> k::T type
        ",
    );
}

#[test]
fn qualified_path_without_a_trait() {
    check(
        r"
struct S;
impl S { fn m() {} }
fn f() { <S>::m(); }
",
        "
        k::f -> k::<impl S> call
        k::f -> k::S type
        ",
    );
}

#[test]
fn associated_function_of_a_trait_through_the_type() {
    check(
        r"
trait T { fn make() -> u8; }
struct S;
impl T for S { fn make() -> u8 { 1 } }
fn f() { S::make(); }
",
        "
        k::f -> k::<impl T for S> call
        k::f -> k::S type
        ",
    );
}

#[test]
fn associated_function_with_a_default() {
    check(
        r"
trait T { fn make() {} }
struct S;
impl T for S {}
fn f() { S::make(); }
",
        "
        k::f -> k::S type
        k::f -> k::T call
        ",
    );
}

#[test]
fn inherent_function_before_the_traits() {
    check(
        r"
trait T { fn make() {} }
struct S;
impl T for S { fn make() {} }
impl S { fn make() {} }
fn f() { S::make(); }
",
        "
        k::f -> k::<impl S> call
        k::f -> k::S type
        ",
    );
}

#[test]
fn associated_function_of_a_primitive() {
    check(
        r"
trait T { fn make() {} }
impl T for u8 { fn make() {} }
fn f() { u8::make(); }
",
        "
        k::f -> k::<impl T for u8> call
        ",
    );
}

#[test]
fn associated_function_of_a_parameter() {
    check(
        r"
trait T { fn make() -> Self; }
fn f<X: T>() { X::make(); }
",
        "
        k::f -> k::T call
        k::f -> k::T type
        ",
    );
}

#[test]
fn function_of_a_supertrait_through_a_parameter() {
    check(
        r"
trait A { fn make(); }
trait B: A {}
fn f<X: B>() { X::make(); }
",
        "
        k::f -> k::A call
        k::f -> k::B type
        ",
    );
}

#[test]
fn method_as_a_function() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn f(v: Vec<S>) { v.iter().for_each(S::m); }
",
        "
        k::f -> k::<impl S> call
        k::f -> k::S type
        ",
    );
}

#[test]
fn derived_function_is_the_types_own() {
    check(
        r"
#[derive(Default)]
struct S;
impl S { fn m(&self) {} }
fn f() { S::default().m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn turbofish_arguments() {
    check(
        r"
struct A;
struct S<T>(T);
impl<T> S<T> { fn new() {} }
fn f() { S::<A>::new(); g::<A>(); }
fn g<T>() {}
",
        "
        k::f -> k::<impl S<T>> call
        k::f -> k::A type
        k::f -> k::S type
        k::f -> k::g call
        ",
    );
}

#[test]
fn impl_is_chosen_by_its_arguments() {
    check(
        r"
struct S<T>(T);
struct A;
struct B;
impl S<A> { fn m(&self) {} }
impl S<B> { fn m(&self) {} }
fn f(s: S<B>) { s.m(); }
",
        "
        k::f -> k::<impl S<B>> method
        k::f -> k::B type
        k::f -> k::S type
        ",
    );
}

#[test]
fn enum_variant_through_an_alias() {
    check(
        r"
enum E { A }
type T = E;
fn f() { T::A; }
",
        "
        k::T -> k::E type
        k::f -> k::E type
        k::f -> k::T type
        ",
    );
}

#[test]
fn path_to_a_name_that_is_not_there() {
    check(
        r"
mod a {}
fn f() { a::missing(); g(); }
fn g() {}
",
        "
        k::f -> k::a value unseen
        k::f -> k::g call
        ",
    );
}

#[test]
fn qualified_path_passes_over_inherent_functions() {
    check(
        r"
trait T { fn m() {} }
struct S;
impl S { fn m() {} }
impl T for S {}
fn f() { <S as T>::m(); }
",
        "
        k::f -> k::S type
        k::f -> k::T call
        k::f -> k::T type
        ",
    );
}

#[test]
fn qualified_path_to_a_blanket_impl() {
    check(
        r"
trait T { fn m(); }
impl<X> T for X { fn m() {} }
struct S;
fn f() { <S as T>::m(); }
",
        "
        k::f -> k::<impl T for X> call
        k::f -> k::S type
        k::f -> k::T type
        ",
    );
}
