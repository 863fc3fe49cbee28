//! Names across crates: dependencies, renames, `extern crate`, the extern prelude.

use super::check;

#[test]
fn path_into_a_dependency() {
    check(
        r"
//- /k/lib.rs crate:k deps:b
fn g() { b::f(); }
//- /b/lib.rs crate:b
pub fn f() {}
",
        "
        k::g -> b::f call
        ",
    );
}

#[test]
fn a_crate_that_is_no_dependency_is_not_in_scope() {
    check(
        r"
//- /k/lib.rs crate:k
fn g() { b::f(); }
//- /b/lib.rs crate:b
pub fn f() {}
",
        "",
    );
}

#[test]
fn hyphens_become_underscores() {
    check(
        r"
//- /k/lib.rs crate:k deps:my-b
fn g() { my_b::f(); }
//- /b/lib.rs crate:my-b
pub fn f() {}
",
        "
        k::g -> my_b::f call
        ",
    );
}

#[test]
fn renamed_dependency() {
    check(
        r"
//- /k/lib.rs crate:k deps:x=b
fn g() { x::f(); }
//- /b/lib.rs crate:b
pub fn f() {}
",
        "
        k::g -> b::f call
        ",
    );
}

#[test]
fn extern_crate_as() {
    check(
        r"
//- /k/lib.rs crate:k deps:b
extern crate b as x;
mod m { fn g() { x::f(); } }
//- /b/lib.rs crate:b
pub fn f() {}
",
        "
        k::m::g -> b::f call
        ",
    );
}

#[test]
fn extern_crate_in_edition_2015() {
    check(
        r"
//- /k/lib.rs crate:k deps:b edition:2015
extern crate b;
mod m { use b::f; fn g() { f(); ::b::f(); } }
//- /b/lib.rs crate:b
pub fn f() {}
",
        "
        k::m::g -> b::f call
        ",
    );
}

#[test]
fn extern_crate_self_as() {
    check(
        r"
extern crate self as me;
pub fn f() {}
mod m { fn g() { me::f(); } }
",
        "
        k::m::g -> k::f call
        ",
    );
}

#[test]
fn extern_crate_in_a_module_is_local_to_it() {
    check(
        r"
//- /k/lib.rs crate:k deps:b
mod m { pub extern crate b as x; }
fn g() { m::x::f(); }
//- /b/lib.rs crate:b
pub fn f() {}
",
        "
        k::g -> b::f call
        ",
    );
}

#[test]
fn module_shadows_the_extern_prelude() {
    check(
        r"
//- /k/lib.rs crate:k deps:b
mod b { pub fn f() {} }
fn g() { b::f(); }
//- /b/lib.rs crate:b
pub fn f() {}
",
        "
        k::g -> k::b::f call
        ",
    );
}

#[test]
fn reexport_of_another_crates_item() {
    check(
        r"
//- /k/lib.rs crate:k deps:b
fn g() { b::f(); }
//- /b/lib.rs crate:b deps:c
pub use c::f;
//- /c/lib.rs crate:c
pub fn f() {}
",
        "
        k::g -> c::f call
        ",
    );
}

#[test]
fn reexport_of_a_whole_crate() {
    check(
        r"
//- /k/lib.rs crate:k deps:b
fn g() { b::c::f(); }
//- /b/lib.rs crate:b deps:c
pub use c;
//- /c/lib.rs crate:c
pub fn f() {}
",
        "
        k::g -> c::f call
        ",
    );
}

#[test]
fn pub_extern_crate() {
    check(
        r"
//- /k/lib.rs crate:k deps:b
fn g() { b::inner::f(); }
//- /b/lib.rs crate:b deps:c
pub extern crate c as inner;
//- /c/lib.rs crate:c
pub fn f() {}
",
        "
        k::g -> c::f call
        ",
    );
}

#[test]
fn glob_of_another_crate_brings_public_items_only() {
    check(
        r"
//- /k/lib.rs crate:k deps:b
mod a { pub fn f() {} }
use a::*;
use b::*;
fn g() { f(); h(); }
//- /b/lib.rs crate:b
pub(crate) fn f() {}
pub fn h() {}
",
        "
        k::g -> b::h call
        k::g -> k::a::f call
        ",
    );
}

#[test]
fn crate_means_the_own_crate() {
    check(
        r"
//- /k/lib.rs crate:k deps:b
fn f() {}
fn g() { b::h(); crate::f(); }
//- /b/lib.rs crate:b
fn f() {}
pub fn h() { crate::f(); }
",
        "
        b::h -> b::f call
        k::g -> b::h call
        k::g -> k::f call
        ",
    );
}

#[test]
fn method_of_another_crates_type() {
    check(
        r"
//- /k/lib.rs crate:k deps:b
fn g(s: b::S) { s.m(); }
//- /b/lib.rs crate:b
pub struct S;
impl S { pub fn m(&self) {} }
",
        "
        k::g -> b::<impl S> method
        k::g -> b::S type
        ",
    );
}

#[test]
fn impl_of_another_crates_trait() {
    check(
        r"
//- /k/lib.rs crate:k deps:b
struct S;
impl b::T for S { fn m(&self) {} }
//- /b/lib.rs crate:b
pub trait T { fn m(&self); }
",
        "
        k::<impl T for S> -> b::T impl
        k::<impl T for S> -> k::S impl
        ",
    );
}

#[test]
fn proc_macro_derive() {
    check(
        r"
//- /k/lib.rs crate:k deps:m
#[derive(m::Shape)]
struct S;
//- /m/lib.rs crate:m kind:proc-macro
#[proc_macro_derive(Shape)]
pub fn derive_shape(input: TokenStream) -> TokenStream { input }
",
        "
        k::S -> m::derive_shape macro
        m::derive_shape -> m type unseen
        ",
    );
}

#[test]
fn imported_proc_macro_derive() {
    check(
        r"
//- /k/lib.rs crate:k deps:m
use m::Shape;
#[derive(Clone, Shape)]
struct S;
//- /m/lib.rs crate:m kind:proc-macro
#[proc_macro_derive(Shape, attributes(shape))]
pub fn derive_shape(input: TokenStream) -> TokenStream { input }
",
        "
        k::S -> m::derive_shape macro
        m::derive_shape -> m type unseen
        ",
    );
}

#[test]
fn derive_helper_attributes_name_nothing() {
    check(
        r"
//- /k/lib.rs crate:k deps:m
mod shape {}
#[derive(m::Shape)]
struct S { #[shape] x: u8 }
//- /m/lib.rs crate:m kind:proc-macro
#[proc_macro_derive(Shape, attributes(shape))]
pub fn derive_shape(input: TokenStream) -> TokenStream { input }
",
        "
        k::S -> m::derive_shape macro
        m::derive_shape -> m type unseen
        ",
    );
}

#[test]
fn proc_macro_attribute() {
    check(
        r"
//- /k/lib.rs crate:k deps:m
use m::traced;
#[traced]
fn f() { h(); }
#[m::traced]
fn g() {}
fn h() {}
//- /m/lib.rs crate:m kind:proc-macro
#[proc_macro_attribute]
pub fn traced(attribute: TokenStream, item: TokenStream) -> TokenStream { item }
",
        "
        k::f -> k::h call
        k::f -> m::traced macro
        k::g -> m::traced macro
        m::traced -> m type unseen
        ",
    );
}

#[test]
fn function_like_proc_macro() {
    check(
        r"
//- /k/lib.rs crate:k deps:m
fn f() { m::sql!(select); }
//- /m/lib.rs crate:m kind:proc-macro
#[proc_macro]
pub fn sql(input: TokenStream) -> TokenStream { input }
",
        "
        k::f -> m::sql macro
        m::sql -> m type unseen
        ",
    );
}
