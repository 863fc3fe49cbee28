//! Code whose `cfg` fails: nothing can name it, but what it names by path is followed.

use super::{check, resolved};

#[test]
fn nothing_names_it() {
    check(
        r"
#[cfg(windows)]
pub struct S;
#[cfg(windows)]
impl S { pub fn new() {} }
fn f() { S::new(); }
",
        "k::f -> k value unseen",
    );
}

#[test]
fn its_methods_and_fields_are_passed_over() {
    check(
        r"
struct S { n: u8 }
impl S { fn m(&self) {} }
#[cfg(windows)]
fn f(s: S) { s.m(); s.n; }
",
        "
        k::f -> k::S type
        ",
    );
}

#[test]
fn an_impl_is_tied_to_its_type_and_gives_it_nothing() {
    check(
        r"
struct S;
#[cfg(windows)]
impl S { fn m(&self) { g(); } }
fn f(s: &S) { s.m(); }
fn g() {}
",
        "
        k::<impl S> -> k::S impl
        k::<impl S> -> k::g call
        k::f -> k::S type
        ",
    );
}

#[test]
fn an_impl_does_not_answer_for_a_trait() {
    check(
        r"
trait T { fn t(&self) {} }
struct S;
#[cfg(windows)]
impl T for S { fn t(&self) {} }
#[cfg(unix)]
impl T for S { fn t(&self) {} }
fn f(s: S) { s.t(); }
",
        "
        k::<impl T for S> -> k::S impl
        k::<impl T for S> -> k::T impl
        k::f -> k::<impl T for S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn a_local_of_a_statement_does_not_hide_the_one_that_is_compiled() {
    check(
        r"
struct A;
impl A { fn m(&self) {} }
struct B;
impl B { fn m(&self) {} }
fn f() {
    #[cfg(unix)]
    let x = A;
    #[cfg(windows)]
    let x = B;
    x.m();
}
",
        "
        k::f -> k::A type
        k::f -> k::B type
        k::f -> k::<impl A> method
        ",
    );
}

#[test]
fn an_import_brings_nothing_into_scope() {
    check(
        r"
mod a { pub fn x() {} }
mod b { pub fn x() {} }
#[cfg(windows)]
use a::x;
fn f() { x(); }
",
        "
        k -> k::a::x import
        ",
    );
}

#[test]
fn a_macro_is_not_expanded_and_a_call_is_followed() {
    check(
        r"
macro_rules! make { ($n:ident) => { fn $n() {} } }
#[cfg(windows)]
make!(g);
fn f() { g(); }
",
        "
        k -> k::make macro
        ",
    );
}

#[test]
fn a_whole_crate_names_other_crates_only() {
    check(
        r"
//- /a.rs crate:a
pub fn x() {}
pub fn g() {}
//- /t.rs crate:t kind:test deps:a
#![cfg(windows)]
use a::x;
fn own() {}
fn f() { a::g(); x(); own(); }
",
        "
        t -> a::x import test
        t::f -> a::g call test
        ",
    );
}

#[test]
fn is_test_code_where_its_cfg_needs_test() {
    check(
        r"
#[cfg(all(test, windows))]
fn f() { h(); }
#[cfg(windows)]
fn i() { h(); }
fn h() {}
",
        "
        k::f -> k::h call test
        k::i -> k::h call
        ",
    );
}

#[test]
fn it_costs_nothing() {
    let resolution = resolved(
        r"
#[cfg(windows)]
fn f() { let n = 1; }
#[cfg(unix)]
fn g() { let n = 1; }
",
    );
    let of = |name: &str| resolution.items.iter().find(|i| i.name == name).unwrap();
    assert!(!of("f").compiled && of("g").compiled);
    assert_eq!(of("f").features.tokens, 0);
    assert!(of("g").features.tokens > 0);
}

#[test]
fn what_only_documentation_is_given_binds_nothing() {
    let source = |cfg: &str| format!("#[cfg({cfg})]\nuse crate::m::S;\nmod m {{ pub struct S; }}");
    check(&source("doc"), "");
    check(&source("all(doc, unix)"), "");
    check(&source("any(doc, windows)"), "k -> k::m::S import");
}
