//! Paths into modules whose last name isn't there to be seen: references to the module.

use super::check;

#[test]
fn the_deepest_module_that_is_there_is_referred_to() {
    let cases = [
        ("fn f() { crate::a::b::MADE; }", "k::f -> k::a::b value unseen"),
        ("fn f() { crate::a::gone::deep::MADE; }", "k::f -> k::a value unseen"),
        ("fn f(x: a::Made) {}", "k::f -> k::a type unseen"),
        ("fn f() { a::made!(); }", "k::f -> k::a macro unseen"),
        ("fn f() { MADE(); }", "k::f -> k value unseen"),
        // A name that begins small may be a variable that a macro binds.
        ("fn f() { made(); }", ""),
        ("fn f(x: Made) {}", "k::f -> k type unseen"),
        (
            "mod c { use crate::a::Made; fn f(x: Made) {} }",
            "k::c -> k::a import unseen\nk::c::f -> k::a type unseen",
        ),
        // Of a glob of another package it may come from there.
        ("use std::io::*; fn f(x: Made) {}", ""),
        ("fn f() { a::b::g(); }", "k::f -> k::a::b::g call"),
        ("mod c { fn f() { use crate::a::b::MADE; MADE; } }", "k::c::f -> k::a::b import unseen"),
        (
            "mod c { fn f() { super::a::MADE; self::HERE; } }",
            "k::c::f -> k::a value unseen\nk::c::f -> k::c value unseen",
        ),
        ("#[test] fn f() { a::MADE; }", "k::f -> k::a value test unseen"),
        // What isn't compiled may mean what isn't compiled.
        ("#[cfg(windows)] fn f() { a::MADE; }", ""),
        // A glob of another package may hold anything.
        ("mod c { pub use std::collections::*; } fn f() { c::MADE; }", ""),
    ];
    for (code, expected) in cases {
        check(&format!("mod a {{ pub mod b {{ pub fn g() {{}} }} }}\n{code}"), expected);
    }
}

#[test]
fn another_crate_has_modules_too() {
    check(
        r"
//- /k.rs crate:k deps:l
fn f() { l::a::MADE; l::MADE; }
//- /l.rs crate:l
pub mod a {}
",
        "
        k::f -> l value unseen
        k::f -> l::a value unseen
        ",
    );
}

#[test]
fn what_a_macro_names_by_its_crate_is_not_its_callers() {
    check(
        r"
//- /k.rs crate:k deps:l
fn f() { l::m!(); }
//- /l.rs crate:l
pub mod a {}
#[macro_export]
macro_rules! m { () => { $crate::a::MADE } }
",
        "
        k::f -> l::m macro
        l::m -> l::a macro unseen
        ",
    );
}
