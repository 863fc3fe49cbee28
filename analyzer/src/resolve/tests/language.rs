//! What cuts across the rest: `cfg` inside bodies, `test` marks, newer syntax, broken code.

use super::check;

#[test]
fn block_import_under_a_cfg_that_fails() {
    check(
        r"
mod a { pub fn x() {} }
mod b { pub fn x() {} }
fn f() {
    #[cfg(windows)]
    use a::x;
    #[cfg(unix)]
    use b::x;
    x();
}
",
        "
        k::f -> k::b::x call
        ",
    );
}

#[test]
fn import_under_a_cfg_that_fails() {
    check(
        r"
mod a { pub fn x() {} }
mod b { pub fn x() {} }
#[cfg(windows)]
use a::x;
#[cfg(unix)]
use b::x;
fn f() { x(); }
",
        "
        k -> k::a::x import
        k -> k::b::x import
        k::f -> k::b::x call
        ",
    );
}

#[test]
fn method_under_a_cfg_that_fails() {
    check(
        r"
struct S;
impl S {
    #[cfg(windows)]
    fn m(&self) { g(); }
    #[cfg(unix)]
    fn m(&self) { h(); }
}
fn g() {}
fn h() {}
",
        "
        k::<impl S> -> k::g call
        k::<impl S> -> k::h call
        ",
    );
}

#[test]
fn macro_under_a_cfg_that_fails() {
    check(
        r"
#[cfg(windows)]
macro_rules! m { () => { fn a() {} } }
#[cfg(unix)]
macro_rules! m { () => { fn b() {} } }
m!();
fn f() { b(); }
",
        "
        k::b -> k::m macro
        k::f -> k::b call
        ",
    );
}

#[test]
fn test_function_inside_code() {
    check(
        r"
mod tests {
    #[test]
    fn t() { super::g(); }
    fn u() { super::g(); }
}
fn g() {}
",
        "
        k::tests::t -> k::g call test
        k::tests::u -> k::g call
        ",
    );
}

#[test]
fn test_module_in_a_file() {
    check(
        r"
//- /lib.rs crate:k
#[cfg(test)]
mod tests;
fn g() {}
//- /tests.rs
fn t() { crate::g(); }
",
        "
        k::tests::t -> k::g call test
        ",
    );
}

#[test]
fn cfg_test_method_is_marked() {
    check(
        r"
struct S;
impl S { #[cfg(test)] fn m(&self) { g(); } }
fn g() {}
",
        "
        k::<impl S> -> k::g call test
        ",
    );
}

#[test]
fn cfg_all_test_is_marked() {
    check(
        r#"
//- /lib.rs crate:k features:x
#[cfg(all(test, feature = "x"))]
fn f() { g(); }
fn g() {}
"#,
        "
        k::f -> k::g call test
        ",
    );
}

#[test]
fn async_functions_and_closures() {
    check(
        r"
async fn g() {}
async fn f() { let c = async || { g().await }; c().await; }
",
        "
        k::f -> k::g call
        ",
    );
}

#[test]
fn const_and_unsafe_blocks() {
    check(
        r"
const N: u8 = 1;
unsafe fn g() {}
fn f() { const { N }; unsafe { g() } }
",
        "
        k::f -> k::N value
        k::f -> k::g call
        ",
    );
}

#[test]
fn labelled_breaks() {
    check(
        r"
fn g() -> u8 { 1 }
fn f() -> u8 { 'a: { if true { break 'a g(); } 2 } }
",
        "
        k::f -> k::g call
        ",
    );
}

#[test]
fn if_let_chains() {
    check(
        r"
struct S { n: Option<u8> }
fn g() -> Option<S> { None }
fn h(n: u8) -> bool { true }
fn f() { if let Some(s) = g() && let Some(n) = s.n && h(n) {} }
",
        "
        k::f -> k::S field
        k::f -> k::g call
        k::f -> k::h call
        k::g -> k::S type
        ",
    );
}

#[test]
fn ranges() {
    check(
        r"
const LOW: usize = 1;
fn high() -> usize { 3 }
fn f() { for i in LOW..high() {} }
",
        "
        k::f -> k::LOW value
        k::f -> k::high call
        ",
    );
}

#[test]
fn impl_trait_in_an_argument_with_use_bounds() {
    check(
        r"
trait T {}
struct S;
fn f<'a>(s: &'a S) -> impl T + use<'a> { todo!() }
",
        "
        k::f -> k::S type
        k::f -> k::T type
        ",
    );
}

#[test]
fn generic_associated_types() {
    check(
        r"
trait Lend { type Item<'a> where Self: 'a; fn next<'a>(&'a mut self) -> Self::Item<'a>; }
struct S;
impl S { fn m(&self) {} }
struct L;
impl Lend for L { type Item<'a> = &'a S; fn next<'a>(&'a mut self) -> &'a S { todo!() } }
fn f(mut l: L) { l.next().m(); }
",
        "
        k::<impl Lend for L> -> k::S type
        k::f -> k::<impl Lend for L> method
        k::f -> k::<impl S> method
        k::f -> k::L type
        ",
    );
}

#[test]
fn impl_blocks_for_generic_traits() {
    check(
        r"
struct S;
struct A;
struct B;
trait Conv<T> { fn conv(&self) -> T; }
impl Conv<A> for S { fn conv(&self) -> A { A } }
fn f(s: S) { let a: A = s.conv(); }
",
        "
        k::<impl Conv<A> for S> -> k::A type
        k::f -> k::<impl Conv<A> for S> method
        k::f -> k::A type
        k::f -> k::S type
        ",
    );
}

#[test]
fn const_expression_in_a_generic_argument() {
    check(
        r"
const N: usize = 2;
struct W<const M: usize>;
impl W<N> { fn m(&self) {} }
fn f(w: W<N>) { w.m(); }
",
        "
        k::<impl W<N>> -> k::N impl
        k::<impl W<N>> -> k::W impl
        k::f -> k::<impl W<N>> method
        k::f -> k::N value
        k::f -> k::W type
        ",
    );
}

#[test]
fn trait_alias_of_function_pointers() {
    check(
        r"
type Run = fn(&S) -> T;
struct S;
struct T;
impl T { fn m(&self) {} }
fn f(run: Run, s: S) { run(&s).m(); }
",
        "
        k::Run -> k::S type
        k::Run -> k::T type
        k::f -> k::<impl T> method
        k::f -> k::Run type
        k::f -> k::S type
        ",
    );
}

#[test]
fn opaque_type_in_a_struct_field() {
    check(
        r"
trait T { fn m(&self); }
struct S { t: Box<dyn T + Send> }
fn f(s: S) { s.t.m(); }
",
        "
        k::S -> k::T type
        k::f -> k::S field
        k::f -> k::S type
        k::f -> k::T method
        ",
    );
}

#[test]
fn unknown_names_do_not_stop_the_rest() {
    check(
        r"
fn f(x: Missing) { x.a(); missing::b(); g(); }
fn g() {}
",
        "
        k::f -> k::g call
        k::f -> k type unseen
        ",
    );
}

#[test]
fn ambiguous_globs_still_name_one() {
    check(
        r"
mod a { pub fn f() {} }
use a::*;
use self::a::*;
fn g() { f(); }
",
        "
        k::g -> k::a::f call
        ",
    );
}

#[test]
fn doc_comments_name_nothing() {
    check(
        r"
/// See [`g`] and [crate::h].
fn f() {}
fn g() {}
fn h() {}
",
        "",
    );
}

#[test]
fn string_literals_name_nothing() {
    check(
        r#"
fn f() -> &'static str { "g() and h::i()" }
fn g() {}
"#,
        "",
    );
}

#[test]
fn inline_format_arguments_name_locals_only() {
    check(
        r#"
fn x() {}
fn f(x: u8) { println!("{x}"); }
"#,
        "",
    );
}

#[test]
fn serde_with_attribute_is_no_path() {
    check(
        r#"
struct S { #[doc = "g"] x: u8 }
fn g() {}
"#,
        "",
    );
}

#[test]
fn shadowed_std_macro() {
    check(
        r"
macro_rules! vec { () => { 1 } }
fn f() { vec!(); }
",
        "
        k::f -> k::vec macro
        ",
    );
}

#[test]
fn nested_functions_share_no_locals() {
    check(
        r"
fn x() {}
fn f() {
    let x = 1;
    fn inner() { x(); }
}
",
        "
        k::f -> k::x call
        ",
    );
}

#[test]
fn nested_functions_share_no_generics() {
    check(
        r"
struct T;
impl T { fn m(&self) {} }
fn f<T>() {
    fn inner(t: crate::T) { t.m(); }
}
",
        "
        k::f -> k::<impl T> method
        k::f -> k::T type
        ",
    );
}

#[test]
fn struct_update_through_self() {
    check(
        r"
#[derive(Default)]
struct S { a: u8 }
mod m { impl super::S { pub fn m(self) -> super::S { super::S { a: 1, ..self } } } }
",
        "
        k::m::<impl S> -> k::S field
        k::m::<impl S> -> k::S type
        ",
    );
}

#[test]
fn tests_directory_modules() {
    check(
        r"
//- /src/lib.rs crate:k
pub fn f() {}
//- /tests/t.rs crate:t package:k kind:test
mod common;
fn g() { common::h(); }
//- /tests/common/mod.rs
pub fn h() { k::f(); }
",
        "
        t::common::h -> k::f call test
        t::g -> t::common::h call test
        ",
    );
}

#[test]
fn build_script_does_not_see_dependencies() {
    check(
        r"
//- /k/src/lib.rs crate:k deps:b
fn g() { b::f(); }
//- /k/build.rs crate:build package:k kind:build
fn main() { b::f(); }
//- /b/lib.rs crate:b
pub fn f() {}
",
        "
        k::g -> b::f call
        ",
    );
}

#[test]
fn cfg_on_a_statement() {
    check(
        r"
fn f() {
    #[cfg(windows)]
    g();
    #[cfg(unix)]
    h();
}
fn g() {}
fn h() {}
",
        "
        k::f -> k::g call
        k::f -> k::h call
        ",
    );
}

#[test]
fn cfg_on_an_expression_of_a_block() {
    check(
        r"
fn f() -> u8 {
    #[cfg(windows)]
    { g() }
    #[cfg(unix)]
    { h() }
}
fn g() -> u8 { 1 }
fn h() -> u8 { 2 }
",
        "
        k::f -> k::g call
        k::f -> k::h call
        ",
    );
}

#[test]
fn cfg_on_a_match_arm() {
    check(
        r"
fn f(n: u8) {
    match n {
        #[cfg(windows)]
        0 => g(),
        _ => h(),
    }
}
fn g() {}
fn h() {}
",
        "
        k::f -> k::g call
        k::f -> k::h call
        ",
    );
}

#[test]
fn cfg_on_a_field() {
    check(
        r"
struct A;
struct B;
struct S {
    #[cfg(windows)]
    a: A,
    b: B,
}
",
        "
        k::S -> k::A type
        k::S -> k::B type
        ",
    );
}

#[test]
fn block_item_under_a_cfg_that_fails() {
    check(
        r"
fn f() {
    #[cfg(windows)]
    fn inner() { g(); }
    #[cfg(unix)]
    fn inner() { h(); }
    inner();
}
fn g() {}
fn h() {}
",
        "
        k::f -> k::h call
        ",
    );
}

#[test]
fn variant_under_a_cfg_that_fails() {
    check(
        r"
struct A;
struct B;
enum E {
    #[cfg(windows)]
    V(A),
    #[cfg(unix)]
    V(B),
}
",
        "
        k::E -> k::A type
        k::E -> k::B type
        ",
    );
}

#[test]
fn inline_format_argument_of_a_constant() {
    check(
        r#"
const N: u8 = 1;
fn f() { println!("{N}"); }
"#,
        "
        k::f -> k::N value
        ",
    );
}

#[test]
fn braces_in_other_strings_name_nothing() {
    check(
        r#"
const N: u8 = 1;
fn g(s: &str) {}
fn f() { g("{N}"); assert!(true, "{{N}}"); }
"#,
        "
        k::f -> k::g call
        ",
    );
}

#[test]
fn later_assignment_types_an_option() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn f() { let mut o = None; g(&o); o = Some(S); if let Some(s) = o { s.m(); } }
fn g(o: &Option<S>) {}
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        k::f -> k::g call
        k::g -> k::S type
        ",
    );
}

#[test]
fn into_reaches_the_from_impl() {
    check(
        r"
struct A;
struct B;
impl From<A> for B { fn from(a: A) -> B { B } }
fn f(a: A) -> B { a.into() }
",
        "
        k::<impl From<A> for B> -> k::A type
        k::<impl From<A> for B> -> k::B type
        k::f -> k::A type
        k::f -> k::B type
        k::f -> k::<impl From<A> for B> method
        ",
    );
}

#[test]
fn nested_collections() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn f(v: Vec<Vec<S>>) { for row in &v { for s in row { s.m(); } } let all: Vec<&S> = v.iter().flatten().collect(); all[0].m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn turbofish_of_a_method() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
struct P;
impl P { fn get<T>(&self) -> Option<T> { None } }
fn f(p: P) { p.get::<S>().unwrap().m(); }
",
        "
        k::f -> k::<impl P> method
        k::f -> k::<impl S> method
        k::f -> k::P type
        k::f -> k::S type
        ",
    );
}

#[test]
fn default_of_a_parameter_types_a_field() {
    check(
        r"
struct A;
impl A { fn m(&self) {} }
struct W<T = A>(T);
fn f(w: W) { w.0.m(); }
",
        "
        k::W -> k::A type
        k::f -> k::<impl A> method
        k::f -> k::W field
        k::f -> k::W type
        ",
    );
}

#[test]
fn impl_for_tuples_and_closures() {
    check(
        r"
trait T { fn m(&self); }
impl T for (u8, u8) { fn m(&self) {} }
impl<F: Fn()> T for F { fn m(&self) {} }
fn f(p: (u8, u8)) { p.m(); (|| {}).m(); }
",
        "
        k::f -> k::<impl T for (u8, u8)> method
        k::f -> k::<impl T for F> method
        ",
    );
}

#[test]
fn supertrait_of_a_dyn_trait() {
    check(
        r"
trait A { fn m(&self); }
trait B: A {}
fn f(b: &dyn B) { b.m(); }
",
        "
        k::f -> k::A method
        k::f -> k::B type
        ",
    );
}

#[test]
fn associated_constant_in_a_pattern() {
    check(
        r"
struct S;
impl S { const N: u8 = 1; }
fn f(n: u8) { match n { S::N => {} _ => {} } }
",
        "
        k::f -> k::<impl S> value
        k::f -> k::S type
        ",
    );
}

#[test]
fn enum_glob_inside_its_own_impl() {
    check(
        r"
enum E { A, B }
impl E { fn f(&self) -> u8 { use E::*; match self { A => 1, B => g() } } }
fn g() -> u8 { 2 }
",
        "
        k::<impl E> -> k::E type
        k::<impl E> -> k::g call
        ",
    );
}
