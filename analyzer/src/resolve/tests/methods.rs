//! Method calls and fields: which `impl` or trait a receiver's type leads to.

use super::check;

#[test]
fn method_on_self() {
    check(
        r"
struct S;
fn g() {}
impl S { fn a(&self) { self.b(); } }
mod m { impl super::S { pub fn b(&self) {} } }
",
        "
        k::<impl S> -> k::m::<impl S> method
        ",
    );
}

#[test]
fn method_on_a_parameter() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn f(s: S) { s.m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn method_behind_references() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn f(s: &&mut S) { (&s).m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn the_receivers_type_decides() {
    check(
        r"
struct A;
struct B;
impl A { fn m(&self) {} }
impl B { fn m(&self) {} }
fn f(b: B) { b.m(); }
",
        "
        k::f -> k::<impl B> method
        k::f -> k::B type
        ",
    );
}

#[test]
fn field_of_self() {
    check(
        r"
struct A { n: u8 }
struct S { a: A }
impl S { fn m(&self) -> u8 { self.a.n } }
",
        "
        k::<impl S> -> k::A field
        k::<impl S> -> k::S field
        k::S -> k::A type
        ",
    );
}

#[test]
fn tuple_fields() {
    check(
        r"
struct A(u8);
struct S(A, u8);
fn f(s: S) -> u8 { (s.0).0 }
",
        "
        k::S -> k::A type
        k::f -> k::A field
        k::f -> k::S field
        k::f -> k::S type
        ",
    );
}

#[test]
fn method_on_a_field() {
    check(
        r"
struct A;
impl A { fn m(&self) {} }
struct S { a: A }
fn f(s: S) { s.a.m(); }
",
        "
        k::S -> k::A type
        k::f -> k::<impl A> method
        k::f -> k::S field
        k::f -> k::S type
        ",
    );
}

#[test]
fn field_of_a_generic_struct() {
    check(
        r"
struct A;
impl A { fn m(&self) {} }
struct W<T> { inner: T }
fn f(w: W<A>) { w.inner.m(); }
",
        "
        k::f -> k::<impl A> method
        k::f -> k::A type
        k::f -> k::W field
        k::f -> k::W type
        ",
    );
}

#[test]
fn call_of_a_function_in_a_field() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
struct H { make: fn() -> S }
fn f(h: H) { (h.make)().m(); }
",
        "
        k::H -> k::S type
        k::f -> k::<impl S> method
        k::f -> k::H field
        k::f -> k::H type
        ",
    );
}

#[test]
fn method_chain() {
    check(
        r"
struct S;
impl S { fn a(self) -> T { T } }
struct T;
impl T { fn b(self) -> u8 { 1 } }
fn f(s: S) { s.a().b(); }
",
        "
        k::<impl S> -> k::T type
        k::f -> k::<impl S> method
        k::f -> k::<impl T> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn trait_method_reaches_the_impl_of_a_known_type() {
    check(
        r"
trait T { fn m(&self); }
struct S;
impl T for S { fn m(&self) {} }
fn f(s: S) { s.m(); }
",
        "
        k::f -> k::<impl T for S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn default_method_reaches_the_trait() {
    check(
        r"
trait T { fn m(&self) {} }
struct S;
impl T for S {}
fn f(s: S) { s.m(); }
",
        "
        k::f -> k::S type
        k::f -> k::T method
        ",
    );
}

#[test]
fn overridden_default_method_reaches_the_impl() {
    check(
        r"
trait T { fn m(&self) {} }
struct S;
impl T for S { fn m(&self) {} }
fn f(s: S) { s.m(); }
",
        "
        k::f -> k::<impl T for S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn inherent_method_before_the_traits() {
    check(
        r"
trait T { fn m(&self); }
struct S;
impl T for S { fn m(&self) {} }
impl S { fn m(&self) {} }
fn f(s: S) { s.m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn trait_must_be_in_scope() {
    check(
        r"
mod a { pub trait T { fn m(&self); } }
mod b { pub trait T { fn m(&self); } }
struct S;
impl a::T for S { fn m(&self) {} }
mod c { impl crate::b::T for crate::S { fn m(&self) {} } }
use b::T;
fn f(s: S) { s.m(); }
",
        "
        k::f -> k::S type
        k::f -> k::c::<impl T for S> method
        ",
    );
}

#[test]
fn trait_imported_in_a_block() {
    check(
        r"
mod a { pub trait T { fn m(&self) {} } impl T for u8 {} }
fn f(n: u8) { use a::T; n.m(); }
fn g(n: u8) { n.m(); }
",
        "
        k::f -> k::a::T method
        ",
    );
}

#[test]
fn method_of_a_bound() {
    check(
        r"
trait T { fn m(&self); }
fn f<X: T>(x: X) { x.m(); }
",
        "
        k::f -> k::T method
        k::f -> k::T type
        ",
    );
}

#[test]
fn method_of_a_bound_in_a_where_clause() {
    check(
        r"
trait T { fn m(&self); }
fn f<X>(x: &X) where X: T { x.m(); }
",
        "
        k::f -> k::T method
        k::f -> k::T type
        ",
    );
}

#[test]
fn method_of_a_bound_of_the_impl() {
    check(
        r"
trait T { fn m(&self); }
struct S<X>(X);
impl<X: T> S<X> { fn a(&self) { self.0.m(); } }
",
        "
        k::<impl S<X>> -> k::S field
        k::<impl S<X>> -> k::T method
        k::<impl S<X>> -> k::T type
        ",
    );
}

#[test]
fn bounds_need_no_import() {
    check(
        r"
mod a { pub trait T { fn m(&self); } }
fn f<X: a::T>(x: X) { x.m(); }
",
        "
        k::f -> k::a::T method
        k::f -> k::a::T type
        ",
    );
}

#[test]
fn method_of_a_supertrait() {
    check(
        r"
trait A { fn m(&self); }
trait B: A {}
fn f<X: B>(x: X) { x.m(); }
",
        "
        k::f -> k::A method
        k::f -> k::B type
        ",
    );
}

#[test]
fn method_of_a_supertrait_on_self() {
    check(
        r"
trait A { fn m(&self); }
trait B: A { fn n(&self) { self.m(); } }
",
        "
        k::B -> k::A impl
        k::B -> k::A method
        ",
    );
}

#[test]
fn method_of_impl_trait() {
    check(
        r"
trait T { fn m(&self); }
fn f(x: impl T) { x.m(); }
fn g() -> impl T { todo!() }
fn h() { g().m(); }
",
        "
        k::f -> k::T method
        k::f -> k::T type
        k::g -> k::T type
        k::h -> k::T method
        k::h -> k::g call
        ",
    );
}

#[test]
fn method_of_dyn_trait() {
    check(
        r"
trait T { fn m(&self); }
fn f(x: &dyn T, y: Box<dyn T>) { x.m(); y.m(); }
",
        "
        k::f -> k::T method
        k::f -> k::T type
        ",
    );
}

#[test]
fn inherent_method_of_dyn_trait() {
    check(
        r"
trait T {}
impl dyn T { fn m(&self) {} }
fn f(x: &dyn T) { x.m(); }
",
        "
        k::f -> k::<impl dyn T> method
        k::f -> k::T type
        ",
    );
}

#[test]
fn blanket_impl() {
    check(
        r"
trait T { fn m(&self); }
impl<X: Clone> T for X { fn m(&self) {} }
#[derive(Clone)]
struct S;
fn f(s: S) { s.m(); }
",
        "
        k::f -> k::<impl T for X> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn blanket_impl_for_what_into_iterator_gives() {
    check(
        r"
trait More: Iterator { fn m(self) -> usize; }
impl<X: Iterator> More for X { fn m(self) -> usize { 1 } }
fn f<I: IntoIterator>(i: I) -> usize { i.into_iter().m() }
fn g(i: impl IntoIterator<Item = u8>) -> usize { i.into_iter().m() }
",
        "
        k::f -> k::<impl More for X> method
        k::g -> k::<impl More for X> method
        ",
    );
}

#[test]
fn blanket_impl_with_a_bound_of_the_repository() {
    check(
        r"
trait A {}
trait T { fn m(&self); }
impl<X: A> T for X { fn m(&self) {} }
struct S;
impl A for S {}
fn f(s: S) { s.m(); }
",
        "
        k::<impl T for X> -> k::A type
        k::f -> k::<impl T for X> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn blanket_impl_whose_bound_does_not_hold() {
    check(
        r"
trait A {}
trait T { fn m(&self); }
impl<X: A> T for X { fn m(&self) {} }
struct S;
impl S { fn deref_me(&self) {} }
fn f(s: S) { s.deref_me(); }
",
        "
        k::<impl T for X> -> k::A type
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn extension_trait_on_a_std_type() {
    check(
        r"
trait Ext { fn m(&self); }
impl Ext for str { fn m(&self) {} }
impl<T> Ext for Vec<T> { fn m(&self) {} }
fn f(s: &str, v: Vec<u8>) { s.m(); v.m(); }
",
        "
        k::f -> k::<impl Ext for Vec<T>> method
        k::f -> k::<impl Ext for str> method
        ",
    );
}

#[test]
fn extension_trait_on_iterators() {
    check(
        r"
trait Ext: Iterator { fn m(self) -> u8 where Self: Sized { 1 } }
impl<I: Iterator> Ext for I {}
fn f(v: Vec<u8>) { v.iter().m(); }
",
        "
        k::f -> k::Ext method
        ",
    );
}

#[test]
fn deref_to_another_type() {
    check(
        r"
use std::ops::Deref;
struct A;
impl A { fn m(&self) {} }
struct S(A);
impl Deref for S { type Target = A; fn deref(&self) -> &A { &self.0 } }
fn f(s: S) { s.m(); }
",
        "
        k::<impl Deref for S> -> k::A type
        k::<impl Deref for S> -> k::S field
        k::S -> k::A type
        k::f -> k::<impl A> method
        k::f -> k::S type
        k::f -> k::<impl Deref for S> method
        ",
    );
}

#[test]
fn own_method_before_the_one_behind_deref() {
    check(
        r"
use std::ops::Deref;
struct A;
impl A { fn m(&self) {} }
struct S;
impl S { fn m(&self) {} }
impl Deref for S { type Target = A; fn deref(&self) -> &A { todo!() } }
fn f(s: S) { s.m(); }
",
        "
        k::<impl Deref for S> -> k::A type
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn smart_pointers_are_transparent() {
    check(
        r"
use std::{rc::Rc, sync::Arc};
struct S { n: u8 }
impl S { fn m(&self) {} }
fn f(a: Box<S>, b: Rc<S>, c: Arc<Box<S>>) { a.m(); b.m(); c.m(); c.n; }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S field
        k::f -> k::S type
        ",
    );
}

#[test]
fn locks_and_cells() {
    check(
        r"
use std::{cell::RefCell, sync::{Mutex, RwLock}};
struct S;
impl S { fn m(&self) {} }
fn f(a: Mutex<S>) { a.lock().unwrap().m(); }
fn g(a: RefCell<S>) { a.borrow().m(); }
fn h(a: RwLock<S>) { a.read().unwrap().m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        k::g -> k::<impl S> method
        k::g -> k::S type
        k::h -> k::<impl S> method
        k::h -> k::S type
        ",
    );
}

#[test]
fn methods_of_std_types_name_nothing() {
    check(
        r"
struct S;
impl S { fn push(&self) {} fn len(&self) {} }
fn f(v: Vec<u8>, s: String) { v.len(); s.len(); let mut w = Vec::new(); w.push(1); }
",
        "",
    );
}

#[test]
fn methods_of_derived_traits_name_nothing() {
    check(
        r"
#[derive(Clone, PartialEq)]
struct S;
struct T;
impl T { fn clone(&self) {} }
fn f(s: S) { s.clone(); }
",
        "
        k::f -> k::S type
        ",
    );
}

#[test]
fn clone_keeps_the_type() {
    check(
        r"
#[derive(Clone)]
struct S;
impl S { fn m(&self) {} }
fn f(s: &S) { s.clone().m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn operator_reaches_the_impl() {
    check(
        r"
use std::ops::Add;
struct S;
impl Add for S { type Output = S; fn add(self, other: S) -> S { S } }
fn f(a: S, b: S) { a + b; }
",
        "
        k::<impl Add for S> -> k::S type
        k::f -> k::<impl Add for S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn operator_gives_its_output() {
    check(
        r"
use std::ops::Mul;
struct S;
struct T;
impl T { fn m(&self) {} }
impl Mul<u8> for S { type Output = T; fn mul(self, n: u8) -> T { T } }
fn f(s: S) { (s * 2).m(); }
",
        "
        k::<impl Mul<u8> for S> -> k::T type
        k::f -> k::<impl Mul<u8> for S> method
        k::f -> k::<impl T> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn compound_assignment_and_negation() {
    check(
        r"
use std::ops::{AddAssign, Neg, Not};
struct S;
impl AddAssign<u8> for S { fn add_assign(&mut self, n: u8) {} }
impl Neg for S { type Output = u8; fn neg(self) -> u8 { 1 } }
fn f(mut s: S) { s += 1; -s; }
",
        "
        k::f -> k::<impl AddAssign<u8> for S> method
        k::f -> k::<impl Neg for S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn comparison_reaches_the_impl() {
    check(
        r"
struct S;
impl PartialEq for S { fn eq(&self, other: &S) -> bool { true } }
fn f(a: S, b: S) -> bool { a == b }
",
        "
        k::<impl PartialEq for S> -> k::S type
        k::f -> k::<impl PartialEq for S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn index_reaches_the_impl() {
    check(
        r"
use std::ops::Index;
struct S;
struct T;
impl T { fn m(&self) {} }
impl Index<usize> for S { type Output = T; fn index(&self, i: usize) -> &T { todo!() } }
fn f(s: S) { s[0].m(); }
",
        "
        k::<impl Index<usize> for S> -> k::T type
        k::f -> k::<impl Index<usize> for S> method
        k::f -> k::<impl T> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn field_visibility_is_restricted() {
    check(
        r"
mod a { pub struct S { pub n: u8 } impl S { pub fn m(self: Box<Self>) {} } }
fn f(s: Box<a::S>) -> u8 { s.m(); 1 }
",
        "
        k::f -> k::a::<impl S> method
        k::f -> k::a::S type
        ",
    );
}

#[test]
fn raw_pointer_reads() {
    check(
        r"
struct S { n: u8 }
unsafe fn f(s: *const S) -> u8 { unsafe { (*s).n } }
",
        "
        k::f -> k::S field
        k::f -> k::S type
        ",
    );
}
