//! Imports: renames, globs, shadowing, visibility, re-exports, editions.

use super::{check, resolved};

#[test]
fn import_of_a_function() {
    check(
        r"
mod a { pub fn f() {} }
use a::f;
fn g() { f(); }
",
        "
        k -> k::a::f import
        k::g -> k::a::f call
        ",
    );
}

#[test]
fn renamed_import() {
    check(
        r"
mod a { pub fn f() {} }
use a::f as h;
fn g() { h(); }
fn f() {}
",
        "
        k -> k::a::f import
        k::g -> k::a::f call
        ",
    );
}

#[test]
fn nested_groups() {
    check(
        r"
mod a { pub fn f() {} pub mod b { pub fn g() {} pub mod c { pub fn h() {} } } }
use a::{f, b::{self, g, c::{h as i}}};
fn x() { f(); g(); i(); b::g(); }
",
        "
        k -> k::a::b::c::h import
        k -> k::a::b::g import
        k -> k::a::f import
        k::x -> k::a::b::c::h call
        k::x -> k::a::b::g call
        k::x -> k::a::f call
        ",
    );
}

#[test]
fn self_in_a_group_imports_types_only() {
    check(
        r"
mod a { pub mod m { pub fn f() {} } pub fn m() {} }
use a::m::{self};
fn m() {}
fn g() { m(); m::f(); }
",
        "
        k::g -> k::a::m::f call
        k::g -> k::m call
        ",
    );
}

#[test]
fn import_takes_every_namespace() {
    check(
        r"
mod a { pub struct S { pub x: u8 } #[allow(non_snake_case)] pub fn S() {} }
use a::S;
fn g(s: S) { S(); }
",
        "
        k::g -> k::a::S call
        k::g -> k::a::S type
        ",
    );
}

#[test]
fn super_chain() {
    check(
        r"
mod a {
    pub fn f() {}
    pub mod b { pub mod c { fn g() { super::super::f(); } } }
}
",
        "
        k::a::b::c::g -> k::a::f call
        ",
    );
}

#[test]
fn self_path() {
    check(
        r"
mod a { pub fn f() {} fn g() { self::f(); } }
fn f() {}
",
        "
        k::a::g -> k::a::f call
        ",
    );
}

#[test]
fn self_super_path() {
    check(
        r"
mod a { pub fn f() {} pub mod b { pub fn f() {} fn g() { self::super::f(); } } }
",
        "
        k::a::b::g -> k::a::f call
        ",
    );
}

#[test]
fn crate_path() {
    check(
        r"
mod a { pub mod b { pub fn f() { crate::a::g(); } } fn g() {} }
",
        "
        k::a::b::f -> k::a::g call
        ",
    );
}

#[test]
fn glob_import() {
    check(
        r"
mod a { pub fn f() {} }
use a::*;
fn g() { f(); }
",
        "
        k::g -> k::a::f call
        ",
    );
}

#[test]
fn glob_import_is_shadowed_by_a_definition() {
    check(
        r"
mod a { pub fn f() {} }
use a::*;
fn f() {}
fn g() { f(); }
",
        "
        k::g -> k::f call
        ",
    );
}

#[test]
fn glob_import_is_shadowed_by_a_named_import() {
    check(
        r"
mod a { pub fn f() {} }
mod b { pub fn f() {} }
use a::*;
use b::f;
fn g() { f(); }
",
        "
        k::g -> k::b::f call
        ",
    );
}

#[test]
fn glob_import_is_shadowed_per_namespace() {
    check(
        r"
mod a { pub struct S; }
use a::*;
#[allow(non_snake_case)]
fn S() {}
fn g(s: S) { S(); }
",
        "
        k::g -> k::S call
        k::g -> k::a::S type
        ",
    );
}

#[test]
fn glob_of_a_glob() {
    check(
        r"
mod a { pub fn f() {} }
mod b { pub use crate::a::*; }
use b::*;
fn g() { f(); }
",
        "
        k::g -> k::a::f call
        ",
    );
}

#[test]
fn globs_in_a_cycle() {
    check(
        r"
mod a { pub use super::b::*; pub fn f() {} }
mod b { pub use super::a::*; pub fn g() {} }
fn x() { a::g(); b::f(); }
",
        "
        k::x -> k::a::f call
        k::x -> k::b::g call
        ",
    );
}

#[test]
fn glob_brings_modules() {
    check(
        r"
mod a { pub mod m { pub fn f() {} } }
use a::*;
fn g() { m::f(); }
",
        "
        k::g -> k::a::m::f call
        ",
    );
}

#[test]
fn glob_passes_over_private_items() {
    check(
        r"
mod a { fn f() {} }
mod b { pub fn f() {} }
use a::*;
use b::*;
fn g() { f(); }
",
        "
        k::g -> k::b::f call
        ",
    );
}

#[test]
fn glob_sees_items_visible_to_the_crate() {
    check(
        r"
mod a { pub(crate) fn f() {} }
use a::*;
fn g() { f(); }
",
        "
        k::g -> k::a::f call
        ",
    );
}

#[test]
fn glob_of_super_sees_private_items() {
    check(
        r"
fn f() {}
mod a { use super::*; fn g() { f(); } }
",
        "
        k::a::g -> k::f call
        ",
    );
}

#[test]
fn glob_respects_pub_in_path() {
    check(
        r"
mod a {
    pub mod b { pub(in crate::a) fn f() {} }
    use b::*;
    fn g() { f(); }
}
mod c { pub fn f() {} }
use a::b::*;
use c::*;
fn g() { f(); }
",
        "
        k::a::g -> k::a::b::f call
        k::g -> k::c::f call
        ",
    );
}

#[test]
fn private_imports_are_not_reexported_by_globs() {
    check(
        r"
mod a { pub fn f() {} }
mod b { use crate::a::f; pub fn h() { f() } }
mod c { pub fn f() {} }
use b::*;
use c::*;
fn g() { f(); }
",
        "
        k::b::h -> k::a::f call
        k::g -> k::c::f call
        ",
    );
}

#[test]
fn enum_glob() {
    check(
        r"
enum E { A, B }
use E::*;
fn g() -> E { let _ = A; B }
",
        "
        k::g -> k::E type
        ",
    );
}

#[test]
fn enum_glob_through_a_module() {
    check(
        r"
mod a { pub enum E { A } }
mod b { pub use crate::a::E::*; }
fn g() { b::A; }
",
        "
        k::g -> k::a::E type
        ",
    );
}

#[test]
fn import_of_a_variant() {
    check(
        r"
mod a { pub enum E { A(u8) } }
use a::E::A;
fn g() { A(1); }
",
        "
        k -> k::a::E import
        k::g -> k::a::E type
        ",
    );
}

#[test]
fn variant_under_another_name() {
    check(
        r"
mod a { pub enum E { A } }
use a::E::A as X;
fn g() { X; }
",
        "
        k::g -> k::a::E type
        ",
    );
}

#[test]
fn reexport_is_followed_to_the_definition() {
    check(
        r"
mod a { pub fn f() {} }
mod b { pub use crate::a::f; }
fn g() { b::f(); }
",
        "
        k::g -> k::a::f call
        ",
    );
}

#[test]
fn reexport_under_another_name() {
    check(
        r"
mod a { pub fn f() {} }
mod b { pub use crate::a::f as h; }
fn g() { b::h(); }
",
        "
        k::g -> k::a::f call
        ",
    );
}

#[test]
fn reexport_of_a_module() {
    check(
        r"
mod a { pub mod m { pub fn f() {} } }
mod b { pub use crate::a::m as n; }
fn g() { b::n::f(); }
",
        "
        k::g -> k::a::m::f call
        ",
    );
}

#[test]
fn imports_in_any_order() {
    check(
        r"
use b::h;
mod b { pub use crate::a::g as h; }
mod a { pub use crate::c::f as g; }
mod c { pub fn f() {} }
fn x() { h(); }
",
        "
        k::x -> k::c::f call
        ",
    );
}

#[test]
fn imports_in_a_cycle_name_nothing() {
    check(
        r"
mod a { pub use crate::b::f; }
mod b { pub use crate::a::f; }
fn g() { a::f(); }
",
        "
        k::g -> k::a value unseen
        ",
    );
}

#[test]
fn import_as_underscore_brings_methods() {
    check(
        r"
mod a { pub trait T { fn m(&self) {} } impl T for u8 {} }
use a::T as _;
fn g(n: u8) { n.m(); }
",
        "
        k::g -> k::a::T method
        ",
    );
}

#[test]
fn uniform_paths_start_at_a_sibling() {
    check(
        r"
mod a { pub mod b { pub fn f() {} } use b::f; fn g() { f(); } }
",
        "
        k::a::g -> k::a::b::f call
        ",
    );
}

#[test]
fn edition_2015_imports_start_at_the_root() {
    check(
        r"
//- /lib.rs crate:k edition:2015
mod b { pub fn f() {} }
mod a { mod b { pub fn f() {} } use b::f; fn g() { f(); } }
",
        "
        k::a::g -> k::b::f call
        ",
    );
}

#[test]
fn edition_2015_paths_in_code_are_relative() {
    check(
        r"
//- /lib.rs crate:k edition:2015
mod b { pub fn f() {} }
mod a { mod b { pub fn f() {} } fn g() { b::f(); } }
",
        "
        k::a::g -> k::a::b::f call
        ",
    );
}

#[test]
fn edition_2015_leading_colons_start_at_the_root() {
    check(
        r"
//- /lib.rs crate:k edition:2015
mod b { pub fn f() {} }
mod a { fn g() { ::b::f(); } }
",
        "
        k::a::g -> k::b::f call
        ",
    );
}

#[test]
fn edition_2018_leading_colons_name_a_crate() {
    check(
        r"
//- /k/lib.rs crate:k deps:b edition:2018
mod b { pub fn f() {} }
fn g() { ::b::f(); }
//- /b/lib.rs crate:b
pub fn f() {}
",
        "
        k::g -> b::f call
        ",
    );
}

#[test]
fn block_import() {
    check(
        r"
mod a { pub fn f() {} }
fn g() { use a::f; f(); }
fn f() {}
",
        "
        k::g -> k::a::f call
        ",
    );
}

#[test]
fn block_import_ends_with_its_block() {
    check(
        r"
mod a { pub fn f() {} }
fn g() { { use a::f; f(); } f(); }
fn f() {}
",
        "
        k::g -> k::a::f call
        k::g -> k::f call
        ",
    );
}

#[test]
fn block_glob_import() {
    check(
        r"
mod a { pub fn f() {} }
fn g() { use a::*; f(); }
",
        "
        k::g -> k::a::f call
        ",
    );
}

#[test]
fn block_enum_glob() {
    check(
        r"
enum E { A, B }
fn g(e: E) -> u8 {
    use E::*;
    match e { A => 1, B => 2 }
}
",
        "
        k::g -> k::E type
        ",
    );
}

#[test]
fn underscore_constants_do_not_collide() {
    check(
        r"
const fn f() -> u8 { 1 }
const fn h() -> u8 { 1 }
const _: u8 = f();
const _: u8 = h();
",
        "
        k::_ -> k::f call
        k::_ -> k::h call
        ",
    );
}

#[test]
fn prelude_name_is_shadowed_by_a_definition() {
    check(
        r"
struct Option;
fn g(o: Option) {}
",
        "
        k::g -> k::Option type
        ",
    );
}

#[test]
fn prelude_name_is_shadowed_by_a_glob() {
    check(
        r"
mod a { pub struct Vec; }
use a::*;
fn g(v: Vec) {}
",
        "
        k::g -> k::a::Vec type
        ",
    );
}

#[test]
fn names_of_std_are_external() {
    check(
        r"
struct HashMap;
fn g(m: std::collections::HashMap<u8, u8>) {}
",
        "",
    );
}

#[test]
fn primitive_type_is_shadowed_by_a_definition() {
    check(
        r"
#[allow(non_camel_case_types)]
struct u8;
fn g(n: u8) {}
",
        "
        k::g -> k::u8 type
        ",
    );
}

#[test]
fn a_reexport_widens_what_is_private_in_the_same_module() {
    check(
        r"
//- /lib.rs crate:k
mod m;
mod n;
//- /m.rs
macro_rules! make { ($n:ident) => { pub struct $n; } }
pub(crate) use make;
//- /n.rs
use crate::m::make;
make!(Made);
fn f(_: Made) {}
",
        "
        k::m -> k::m::make import
        k::n -> k::m::make import
        k::n::Made -> k::m::make macro
        k::n::f -> k::n::Made type
        ",
    );
}

#[test]
fn a_module_with_a_glob_of_another_package_holds_what_it_lacks() {
    let resolution = resolved(
        r"
//- /lib.rs crate:k deps:other
pub mod prelude;
pub use other::*;
pub struct Own;
//- /prelude.rs
pub use crate::{Own, Theirs};
//- /user.rs crate:u deps:k,other
use k::prelude::*;
use k::TheirsToo;
fn f(_: Own, a: Theirs, b: TheirsToo, c: k::TheirsAsWell) {}
",
    );
    assert_eq!(resolution.unresolved, []);
    let names: Vec<&str> =
        resolution.references.iter().map(|r| resolution.items[r.to].path.as_str()).collect();
    assert!(names.iter().all(|n| *n == "k::Own") && !names.is_empty(), "{names:?}");
}

#[test]
fn a_private_glob_of_another_package_is_nobody_elses() {
    let resolution = resolved(
        r"
//- /lib.rs crate:k deps:other
mod a { use other::*; }
mod b { use super::a::*; fn f(_: Theirs) {} }
",
    );
    assert_eq!(resolution.unresolved.len(), 1);
}
