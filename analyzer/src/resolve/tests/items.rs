//! Items: signatures, fields, `impl` headers, bounds, constants, what blocks declare.

use super::check;

#[test]
fn types_of_a_signature() {
    check(
        r"
struct A;
struct B;
fn f(a: A) -> B { B }
",
        "
        k::f -> k::A type
        k::f -> k::B type
        ",
    );
}

#[test]
fn types_behind_references_and_in_containers() {
    check(
        r"
struct A;
struct B;
struct C;
fn f(a: &mut A, b: Vec<Option<B>>, c: [(u8, *const C); 2]) {}
",
        "
        k::f -> k::A type
        k::f -> k::B type
        k::f -> k::C type
        ",
    );
}

#[test]
fn function_pointer_types() {
    check(
        r"
struct A;
struct B;
struct S { f: fn(A) -> B }
",
        "
        k::S -> k::A type
        k::S -> k::B type
        ",
    );
}

#[test]
fn fields_of_structs_and_variants() {
    check(
        r"
struct A;
struct B;
struct S(A);
enum E { V(A), W { b: B } }
",
        "
        k::E -> k::A type
        k::E -> k::B type
        k::S -> k::A type
        ",
    );
}

#[test]
fn union_fields() {
    check(
        r"
struct A;
union U { a: std::mem::ManuallyDrop<A>, n: u8 }
",
        "
        k::U -> k::A type
        ",
    );
}

#[test]
fn enum_discriminants() {
    check(
        r"
const N: u8 = 3;
#[repr(u8)]
enum E { A = N }
",
        "
        k::E -> k::N value
        ",
    );
}

#[test]
fn array_lengths() {
    check(
        r"
const N: usize = 3;
struct S([u8; N]);
fn f() -> [u8; N] { [0; N] }
",
        "
        k::S -> k::N value
        k::f -> k::N value
        ",
    );
}

#[test]
fn const_generic_arguments() {
    check(
        r"
const N: usize = 3;
struct S<const M: usize>;
fn f(s: S<{ N + 1 }>) {}
",
        "
        k::f -> k::N value
        k::f -> k::S type
        ",
    );
}

#[test]
fn const_parameter_shadows_a_constant() {
    check(
        r"
const N: usize = 3;
fn f<const N: usize>() -> [u8; N] { [0; N] }
",
        "",
    );
}

#[test]
fn type_parameter_shadows_a_type() {
    check(
        r"
struct T;
fn f<T>(t: T) {}
fn g(t: T) {}
",
        "
        k::g -> k::T type
        ",
    );
}

#[test]
fn defaults_of_parameters() {
    check(
        r"
struct A;
struct S<T = A>(T);
",
        "
        k::S -> k::A type
        ",
    );
}

#[test]
fn bounds_of_parameters() {
    check(
        r"
trait A {}
trait B {}
fn f<X: A + B>(x: X) {}
struct S<Y: A>(Y);
",
        "
        k::S -> k::A type
        k::f -> k::A type
        k::f -> k::B type
        ",
    );
}

#[test]
fn where_clauses() {
    check(
        r"
trait A {}
struct S<T>(T);
fn f<X>(x: X) where X: A, S<X>: Clone {}
",
        "
        k::f -> k::A type
        k::f -> k::S type
        ",
    );
}

#[test]
fn higher_ranked_bounds() {
    check(
        r"
trait A<'a> {}
fn f<X>(x: X) where for<'a> X: A<'a> {}
",
        "
        k::f -> k::A type
        ",
    );
}

#[test]
fn impl_trait_and_dyn_trait() {
    check(
        r"
trait A {}
trait B {}
fn f(a: impl A) -> Box<dyn B> { todo!() }
",
        "
        k::f -> k::A type
        k::f -> k::B type
        ",
    );
}

#[test]
fn types_bound_to_associated_types() {
    check(
        r"
struct S;
fn f(i: impl Iterator<Item = S>) {}
",
        "
        k::f -> k::S type
        ",
    );
}

#[test]
fn supertraits() {
    check(
        r"
trait A {}
trait B: A {}
",
        "
        k::B -> k::A impl
        ",
    );
}

#[test]
fn impl_header() {
    check(
        r"
struct S;
trait T<X> {}
struct A;
impl T<A> for S {}
",
        "
        k::<impl T<A> for S> -> k::A impl
        k::<impl T<A> for S> -> k::S impl
        k::<impl T<A> for S> -> k::T impl
        ",
    );
}

#[test]
fn impl_of_a_foreign_trait() {
    check(
        r"
struct A;
struct B;
impl From<A> for B { fn from(a: A) -> B { B } }
",
        "
        k::<impl From<A> for B> -> k::A impl
        k::<impl From<A> for B> -> k::A type
        k::<impl From<A> for B> -> k::B impl
        k::<impl From<A> for B> -> k::B type
        ",
    );
}

#[test]
fn impl_for_a_reference() {
    check(
        r"
struct S;
trait T {}
impl T for &S {}
",
        "
        k::<impl T for &S> -> k::S impl
        k::<impl T for &S> -> k::T impl
        ",
    );
}

#[test]
fn unsafe_and_negative_impls() {
    check(
        r"
struct S;
unsafe impl Send for S {}
impl !Sync for S {}
",
        "
        k::<impl Send for S> -> k::S impl
        k::<impl Sync for S> -> k::S impl
        ",
    );
}

#[test]
fn default_methods_of_a_trait() {
    check(
        r"
trait T { fn m(&self) { f(); } }
fn f() {}
",
        "
        k::T -> k::f call
        ",
    );
}

#[test]
fn associated_type_of_an_impl() {
    check(
        r"
struct A;
struct S;
impl Iterator for S { type Item = A; fn next(&mut self) -> Option<A> { None } }
",
        "
        k::<impl Iterator for S> -> k::A type
        ",
    );
}

#[test]
fn associated_type_bounds_of_a_trait() {
    check(
        r"
trait A {}
trait T { type X: A; }
",
        "
        k::T -> k::A type
        ",
    );
}

#[test]
fn type_alias() {
    check(
        r"
struct S<T>(T);
type A = S<u8>;
fn f(a: A) {}
",
        "
        k::A -> k::S type
        k::f -> k::A type
        ",
    );
}

#[test]
fn constants_and_statics() {
    check(
        r"
struct S;
const C: S = S;
static T: u8 = f();
const fn f() -> u8 { 1 }
fn g() { C; T; }
",
        "
        k::C -> k::S type
        k::T -> k::f call
        k::g -> k::C value
        k::g -> k::T value
        ",
    );
}

#[test]
fn extern_block() {
    check(
        r#"
mod a { unsafe extern "C" { pub fn f(s: *const crate::S); pub static N: u8; } }
struct S;
fn g() { unsafe { a::f(std::ptr::null()); a::N; } }
"#,
        "
        k::a::f -> k::S type
        k::g -> k::a::N value
        k::g -> k::a::f call
        ",
    );
}

#[test]
fn struct_literals() {
    check(
        r"
struct A;
struct S { a: A }
fn f() -> u8 { let s = S { a: A }; 1 }
",
        "
        k::S -> k::A type
        k::f -> k::A type
        k::f -> k::S field
        k::f -> k::S type
        ",
    );
}

#[test]
fn struct_literal_with_the_rest_of_another() {
    check(
        r"
#[derive(Default)]
struct S { a: u8, b: u8 }
fn f() -> u8 { let s = S { a: 1, ..g() }; 1 }
fn g() -> S { S::default() }
",
        "
        k::f -> k::S field
        k::f -> k::S type
        k::f -> k::g call
        k::g -> k::S type
        ",
    );
}

#[test]
fn shorthand_fields_read_locals() {
    check(
        r"
struct S { a: u8 }
fn a() {}
fn f(a: u8) { S { a }; }
",
        "
        k::f -> k::S field
        k::f -> k::S type
        ",
    );
}

#[test]
fn variant_literals() {
    check(
        r"
enum E { A(u8), B { x: u8 }, C }
fn f() { E::A(1); E::B { x: 1 }; E::C; }
",
        "
        k::f -> k::E field
        k::f -> k::E type
        ",
    );
}

#[test]
fn variant_as_a_function() {
    check(
        r"
enum E { A(u8) }
fn f(v: Vec<u8>) { v.into_iter().map(E::A); }
",
        "
        k::f -> k::E type
        ",
    );
}

#[test]
fn patterns() {
    check(
        r"
struct S { x: u8 }
struct P(u8, u8);
enum E { A, B(u8) }
const N: u8 = 1;
fn f(n: u8) {
    let S { x } = g();
    let P(a, ..) = h();
    match i() { E::A => {} E::B(N) => {} E::B(_) => {} }
}
fn g() -> S { todo!() }
fn h() -> P { todo!() }
fn i() -> E { todo!() }
",
        "
        k::f -> k::P field
        k::f -> k::E type
        k::f -> k::N value
        k::f -> k::P type
        k::f -> k::S field
        k::f -> k::S type
        k::f -> k::g call
        k::f -> k::h call
        k::f -> k::i call
        k::g -> k::S type
        k::h -> k::P type
        k::i -> k::E type
        ",
    );
}

#[test]
fn constant_in_a_pattern_is_no_binding() {
    check(
        r"
const LIMIT: u8 = 1;
fn f(n: u8) { match n { LIMIT => {} _ => {} } }
",
        "
        k::f -> k::LIMIT value
        ",
    );
}

#[test]
fn range_patterns() {
    check(
        r"
const LOW: u8 = 1;
const HIGH: u8 = 9;
fn f(n: u8) { match n { LOW..=HIGH => {} _ => {} } }
",
        "
        k::f -> k::HIGH value
        k::f -> k::LOW value
        ",
    );
}

#[test]
fn items_of_a_block_shadow_those_outside() {
    check(
        r"
fn h() {}
fn f() {
    fn h() {}
    h();
}
",
        "",
    );
}

#[test]
fn items_of_a_block_are_visible_before_they_are_written() {
    check(
        r"
fn h() {}
fn f() {
    h();
    fn h() {}
}
",
        "",
    );
}

#[test]
fn what_an_item_of_a_block_mentions_is_its_functions() {
    check(
        r"
fn f() {
    struct L { s: S }
    fn inner() { g(); }
    impl L { fn m(&self) { h(); } }
}
struct S;
fn g() {}
fn h() {}
",
        "
        k::f -> k::S type
        k::f -> k::g call
        k::f -> k::h call
        ",
    );
}

#[test]
fn impl_in_a_block_for_an_outer_type() {
    check(
        r"
struct S;
trait T { fn m(&self); }
fn f() {
    impl T for S { fn m(&self) { g(); } }
}
fn g() {}
",
        "
        k::f -> k::S impl
        k::f -> k::T impl
        k::f -> k::g call
        ",
    );
}

#[test]
fn local_variable_shadows_a_function() {
    check(
        r"
fn g() {}
fn f(g: fn()) { g(); }
",
        "",
    );
}

#[test]
fn local_variable_shadows_after_its_statement_only() {
    check(
        r"
fn g() -> u8 { 1 }
fn f() { let g = g(); g; }
",
        "
        k::f -> k::g call
        ",
    );
}

#[test]
fn local_variable_ends_with_its_block() {
    check(
        r"
fn g() {}
fn f() { { let g = 1; g; } g(); }
",
        "
        k::f -> k::g call
        ",
    );
}

#[test]
fn closure_parameter_shadows_a_function() {
    check(
        r"
fn x() {}
fn f() { let c = |x: fn()| x(); }
",
        "",
    );
}

#[test]
fn pattern_binding_shadows_a_function() {
    check(
        r"
fn x() {}
fn f(o: Option<fn()>) { if let Some(x) = o { x(); } }
",
        "",
    );
}

#[test]
fn block_function_shadows_values_only() {
    check(
        r"
mod h { pub fn i() {} }
fn f() {
    fn h() {}
    h();
    h::i();
}
",
        "
        k::f -> k::h::i call
        ",
    );
}

#[test]
fn function_parameter_does_not_shadow_a_module() {
    check(
        r"
mod p { pub fn g() {} }
fn f(p: u8) { p::g(); }
",
        "
        k::f -> k::p::g call
        ",
    );
}

#[test]
fn attributes_of_std_name_nothing() {
    check(
        r"
mod inline { }
#[inline]
#[derive(Clone, Debug)]
#[allow(dead_code)]
struct S;
",
        "",
    );
}

#[test]
fn visibility_path_names_no_reference() {
    check(
        r"
mod a { pub mod b { pub(in crate::a) fn f() {} } fn g() { b::f(); } }
",
        "
        k::a::g -> k::a::b::f call
        ",
    );
}

#[test]
fn bounds_that_mention_their_own_projection() {
    check(
        r"
trait A<X> {}
trait B { type P; }
fn f<T>(t: T) where T: A<<T as B>::P> + B { g::<T>(); }
fn g<T: B>() {}
",
        "
        k::f -> k::A type
        k::f -> k::B type
        k::f -> k::g call
        k::g -> k::B type
        ",
    );
}

#[test]
fn parameter_defaults_in_a_cycle_end() {
    check(
        r"
struct A<T = B>(T);
struct B<T = A>(T);
fn f(a: A) {}
",
        "
        k::A -> k::B type
        k::B -> k::A type
        k::f -> k::A type
        ",
    );
}
