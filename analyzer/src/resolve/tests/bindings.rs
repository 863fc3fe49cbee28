//! Types of bindings, seen through the methods that are called on them.

use super::check;

#[test]
fn annotated_binding() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn f() { let s: S = todo!(); s.m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn binding_of_a_struct_literal() {
    check(
        r"
struct S { n: u8 }
impl S { fn m(&self) {} }
fn f() { let s = S { n: 1 }; s.m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S field
        k::f -> k::S type
        ",
    );
}

#[test]
fn binding_of_a_tuple_struct_and_a_unit_struct() {
    check(
        r"
struct A(u8);
struct B;
impl A { fn m(&self) {} }
impl B { fn m(&self) {} }
fn f() { let a = A(1); let b = B; a.m(); b.m(); }
",
        "
        k::f -> k::<impl A> method
        k::f -> k::<impl B> method
        k::f -> k::A type
        k::f -> k::A field
        k::f -> k::B type
        ",
    );
}

#[test]
fn binding_of_a_constructor() {
    check(
        r"
struct S;
impl S { fn new() -> Self { S } fn m(&self) {} }
fn f() { let s = S::new(); s.m(); }
",
        "
        k::<impl S> -> k::S type
        k::f -> k::<impl S> call
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn return_type_of_a_function() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn g() -> S { S }
fn f() { g().m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::g call
        k::g -> k::S type
        ",
    );
}

#[test]
fn constant_and_static_types() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
const C: S = S;
static T: S = S;
fn f() { C.m(); T.m(); }
",
        "
        k::C -> k::S type
        k::T -> k::S type
        k::f -> k::<impl S> method
        k::f -> k::C value
        k::f -> k::T value
        ",
    );
}

#[test]
fn tuple_field() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn f(t: (u8, S)) { t.1.m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn name_of_two_types_is_not_guessed() {
    check(
        r"
struct A;
struct B;
impl A { fn only(&self) {} }
impl B { fn both(&self) {} }
impl A { fn both(&self) {} }
fn f() { unknown().both(); }
",
        "",
    );
}

#[test]
fn type_declared_in_a_block_has_its_own_methods() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn f() {
    struct S;
    impl S { fn m(&self) {} }
    S.m();
}
",
        "",
    );
}
