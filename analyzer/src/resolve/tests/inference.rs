//! Types of bindings and expressions, seen through the methods that are called on them.

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
fn generic_return_type() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn id<T>(t: T) -> T { t }
fn f(s: S) { id(s).m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        k::f -> k::id call
        ",
    );
}

#[test]
fn generic_return_type_by_turbofish() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn make<T>() -> T { todo!() }
fn f() { make::<S>().m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        k::f -> k::make call
        ",
    );
}

#[test]
fn generic_return_type_inside_another() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn first<T>(v: Vec<T>) -> Option<T> { None }
fn f(v: Vec<S>) { first(v).unwrap().m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        k::f -> k::first call
        ",
    );
}

#[test]
fn generic_return_type_behind_a_reference() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn same<T>(t: &T) -> &T { t }
fn f(s: &S) { same(s).m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        k::f -> k::same call
        ",
    );
}

#[test]
fn method_of_a_generic_type_returns_its_argument() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
struct W<T>(T);
impl<T> W<T> { fn get(&self) -> &T { &self.0 } }
fn f(w: W<S>) { w.get().m(); }
",
        "
        k::<impl W<T>> -> k::W field
        k::f -> k::<impl S> method
        k::f -> k::<impl W<T>> method
        k::f -> k::S type
        k::f -> k::W type
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
fn tuple_pattern() {
    check(
        r"
struct A;
struct B;
impl A { fn m(&self) {} }
impl B { fn m(&self) {} }
fn g() -> (A, B) { (A, B) }
fn f() { let (_, b) = g(); b.m(); }
",
        "
        k::f -> k::<impl B> method
        k::f -> k::g call
        k::g -> k::A type
        k::g -> k::B type
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
fn struct_pattern() {
    check(
        r"
struct A;
impl A { fn m(&self) {} }
struct S { a: A, n: u8 }
fn f(S { a, .. }: S) { a.m(); }
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
fn struct_pattern_with_a_new_name() {
    check(
        r"
struct A;
impl A { fn m(&self) {} }
struct S { a: A }
fn f(s: S) { let S { a: x } = s; x.m(); }
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
fn tuple_struct_pattern() {
    check(
        r"
struct A;
impl A { fn m(&self) {} }
struct S(u8, A);
fn f(s: S) { let S(_, a) = s; a.m(); }
",
        "
        k::S -> k::A type
        k::f -> k::<impl A> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn variant_pattern_in_a_match() {
    check(
        r"
struct A;
impl A { fn m(&self) {} }
enum E { V(A), W { a: A } }
fn f(e: E) { match e { E::V(a) => a.m(), E::W { a } => a.m() } }
",
        "
        k::E -> k::A type
        k::f -> k::<impl A> method
        k::f -> k::E field
        k::f -> k::E type
        ",
    );
}

#[test]
fn binding_with_a_subpattern() {
    check(
        r"
enum E { A(u8), B }
impl E { fn m(&self) {} }
fn f(e: E) { match e { x @ E::A(_) => x.m(), _ => {} } }
",
        "
        k::f -> k::<impl E> method
        k::f -> k::E type
        ",
    );
}

#[test]
fn reference_and_slice_patterns() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn f(v: &[S]) { match v { [first, ..] => first.m(), [] => {} } }
fn g(o: Option<&S>) { if let Some(&ref s) = o { s.m(); } }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        k::g -> k::<impl S> method
        k::g -> k::S type
        ",
    );
}

#[test]
fn if_let_peels_an_option() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn f(o: Option<S>) { if let Some(s) = o { s.m(); } }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn let_else() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn f(o: Option<S>) { let Some(s) = o else { return; }; s.m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn let_chain() {
    check(
        r"
struct S { next: Option<Box<S>> }
impl S { fn m(&self) {} }
fn f(o: Option<S>) { if let Some(s) = o && let Some(n) = s.next { n.m(); } }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S field
        k::f -> k::S type
        ",
    );
}

#[test]
fn while_let() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn f(mut v: Vec<S>) { while let Some(s) = v.pop() { s.m(); } }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn match_on_a_result() {
    check(
        r"
struct A;
struct B;
impl A { fn m(&self) {} }
impl B { fn m(&self) {} }
fn f(r: Result<A, B>) { match r { Ok(a) => a.m(), Err(b) => b.m() } }
",
        "
        k::f -> k::<impl A> method
        k::f -> k::<impl B> method
        k::f -> k::A type
        k::f -> k::B type
        ",
    );
}

#[test]
fn value_of_a_block_an_if_and_a_match() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn g() -> S { S }
fn f(c: bool) {
    let a = { g() };
    let b = if c { g() } else { panic!() };
    let d = match c { true => g(), false => return };
    a.m(); b.m(); d.m();
}
",
        "
        k::f -> k::<impl S> method
        k::f -> k::g call
        k::g -> k::S type
        ",
    );
}

#[test]
fn value_of_a_loop() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn f() { let s = loop { break S; }; s.m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn question_mark_on_a_result() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn g() -> Result<S, u8> { Err(1) }
fn f() -> Result<(), u8> { g()?.m(); Ok(()) }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::g call
        k::g -> k::S type
        ",
    );
}

#[test]
fn question_mark_on_an_option() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn f(o: Option<S>) -> Option<u8> { o?.m(); None }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn question_mark_through_a_result_alias() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
type Result<T> = std::result::Result<T, u8>;
fn g() -> Result<S> { Err(1) }
fn f() -> Result<()> { g()?.m(); Ok(()) }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::Result type
        k::f -> k::g call
        k::g -> k::Result type
        k::g -> k::S type
        ",
    );
}

#[test]
fn await_of_an_async_function() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
async fn g() -> S { S }
async fn f() { g().await.m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::g call
        k::g -> k::S type
        ",
    );
}

#[test]
fn await_of_an_async_block() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
async fn f() { async { S }.await.m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn await_of_a_future_of_the_repository() {
    check(
        r"
use std::{future::Future, pin::Pin, task::{Context, Poll}};
struct S;
impl S { fn m(&self) {} }
struct F;
impl Future for F { type Output = S; fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<S> { Poll::Ready(S) } }
async fn f(x: F) { x.await.m(); }
",
        "
        k::<impl Future for F> -> k::S type
        k::f -> k::<impl Future for F> method
        k::f -> k::<impl S> method
        k::f -> k::F type
        ",
    );
}

#[test]
fn await_of_impl_future() {
    check(
        r"
use std::future::Future;
struct S;
impl S { fn m(&self) {} }
fn g() -> impl Future<Output = S> { async { S } }
async fn f() { g().await.m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::g call
        k::g -> k::S type
        ",
    );
}

#[test]
fn for_over_a_vector() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn f(v: Vec<S>) { for s in &v { s.m(); } for s in v.iter() { s.m(); } }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn for_over_an_array_and_a_slice() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn f(v: &[S], a: [S; 2]) { for s in v { s.m(); } for s in a { s.m(); } }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn for_over_a_map() {
    check(
        r"
use std::collections::HashMap;
struct S;
impl S { fn m(&self) {} }
fn f(h: HashMap<u8, S>) { for (_, s) in &h { s.m(); } for s in h.values() { s.m(); } }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn for_over_an_iterator_of_the_repository() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
struct I;
impl Iterator for I { type Item = S; fn next(&mut self) -> Option<S> { None } }
fn f(i: I) { for s in i { s.m(); } }
",
        "
        k::<impl Iterator for I> -> k::S type
        k::f -> k::<impl S> method
        k::f -> k::I type
        ",
    );
}

#[test]
fn for_over_impl_iterator() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn g() -> impl Iterator<Item = S> { std::iter::empty() }
fn f() { for s in g() { s.m(); } }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::g call
        k::g -> k::S type
        ",
    );
}

#[test]
fn map_closure_parameter() {
    check(
        r"
struct S;
impl S { fn m(&self) -> u8 { 1 } }
fn f(v: Vec<S>) -> Vec<u8> { v.iter().map(|s| s.m()).collect() }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn map_changes_the_item() {
    check(
        r"
struct A;
struct B;
impl A { fn b(&self) -> B { B } }
impl B { fn m(&self) {} }
fn f(v: Vec<A>) { for b in v.iter().map(|a| a.b()) { b.m(); } }
",
        "
        k::<impl A> -> k::B type
        k::f -> k::<impl A> method
        k::f -> k::<impl B> method
        k::f -> k::A type
        ",
    );
}

#[test]
fn map_by_a_function() {
    check(
        r"
struct A;
struct B;
impl B { fn m(&self) {} }
fn to(a: A) -> B { B }
fn f(v: Vec<A>) { v.into_iter().map(to).for_each(|b| b.m()); }
",
        "
        k::f -> k::<impl B> method
        k::f -> k::A type
        k::f -> k::to call
        k::to -> k::A type
        k::to -> k::B type
        ",
    );
}

#[test]
fn filter_map_peels_the_option() {
    check(
        r"
struct A;
struct B;
impl A { fn b(&self) -> Option<B> { None } }
impl B { fn m(&self) {} }
fn f(v: Vec<A>) { v.iter().filter_map(|a| a.b()).for_each(|b| b.m()); }
",
        "
        k::<impl A> -> k::B type
        k::f -> k::<impl A> method
        k::f -> k::<impl B> method
        k::f -> k::A type
        ",
    );
}

#[test]
fn flat_map_takes_the_inner_item() {
    check(
        r"
struct A { b: Vec<B> }
struct B;
impl B { fn m(&self) {} }
fn f(v: Vec<A>) { v.iter().flat_map(|a| &a.b).for_each(|b| b.m()); }
",
        "
        k::A -> k::B type
        k::f -> k::<impl B> method
        k::f -> k::A field
        k::f -> k::A type
        ",
    );
}

#[test]
fn enumerate_and_zip() {
    check(
        r"
struct A;
struct B;
impl A { fn m(&self) {} }
impl B { fn m(&self) {} }
fn f(v: Vec<A>, w: Vec<B>) {
    for (i, (a, b)) in v.iter().zip(w.iter()).enumerate() { a.m(); b.m(); }
}
",
        "
        k::f -> k::<impl A> method
        k::f -> k::<impl B> method
        k::f -> k::A type
        k::f -> k::B type
        ",
    );
}

#[test]
fn adaptors_that_keep_the_item() {
    check(
        r"
struct S;
impl S { fn m(&self) -> bool { true } }
fn f(v: Vec<S>) {
    v.iter().rev().skip(1).take(2).peekable().filter(|s| s.m()).last().unwrap().m();
}
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn find_and_position() {
    check(
        r"
struct S;
impl S { fn m(&self) -> bool { true } }
fn f(v: Vec<S>) { v.iter().find(|s| s.m()).unwrap().m(); v.iter().any(|s| s.m()); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn fold_accumulator() {
    check(
        r"
struct A;
struct S;
impl A { fn add(self, s: &S) -> A { self } fn done(&self) {} }
fn f(v: Vec<S>) { v.iter().fold(A, |a, s| a.add(s)).done(); }
",
        "
        k::<impl A> -> k::A type
        k::<impl A> -> k::S type
        k::f -> k::<impl A> method
        k::f -> k::A type
        k::f -> k::S type
        ",
    );
}

#[test]
fn collect_into_the_annotated_type() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn f(v: Vec<S>) { let w: Vec<_> = v.into_iter().collect(); w[0].m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn collect_by_turbofish() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn f(v: Vec<S>) { let w = v.into_iter().collect::<Vec<_>>(); for s in w { s.m(); } }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn sort_by_key_closure() {
    check(
        r"
struct S;
impl S { fn key(&self) -> u8 { 1 } }
fn f(mut v: Vec<S>) { v.sort_by_key(|s| s.key()); v.sort_by(|a, b| a.key().cmp(&b.key())); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn option_combinators() {
    check(
        r"
struct A;
struct B;
impl A { fn b(&self) -> B { B } }
impl B { fn m(&self) {} }
fn f(o: Option<A>) { o.as_ref().map(|a| a.b()).unwrap_or(B).m(); }
",
        "
        k::<impl A> -> k::B type
        k::f -> k::<impl A> method
        k::f -> k::<impl B> method
        k::f -> k::A type
        k::f -> k::B type
        ",
    );
}

#[test]
fn result_combinators() {
    check(
        r"
struct A;
struct E;
impl A { fn m(&self) {} }
impl E { fn m(&self) -> u8 { 1 } }
fn f(r: Result<A, E>) -> Result<(), u8> { r.map_err(|e| e.m())?.m(); Ok(()) }
",
        "
        k::f -> k::<impl A> method
        k::f -> k::<impl E> method
        k::f -> k::A type
        k::f -> k::E type
        ",
    );
}

#[test]
fn closure_parameter_from_the_callees_bound() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn with<F: FnOnce(&S)>(f: F) {}
fn f() { with(|s| s.m()); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::with call
        k::with -> k::S type
        ",
    );
}

#[test]
fn closure_parameter_from_impl_fn() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn with(f: impl Fn(S) -> u8) {}
fn f() { with(|s| { s.m(); 1 }); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::with call
        k::with -> k::S type
        ",
    );
}

#[test]
fn closure_parameter_of_a_method_in_a_where_clause() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
struct T;
impl T { fn with<F>(&self, f: F) where F: FnMut(&mut S) {} }
fn f(t: T) { t.with(|s| s.m()); }
",
        "
        k::<impl T> -> k::S type
        k::f -> k::<impl S> method
        k::f -> k::<impl T> method
        k::f -> k::T type
        ",
    );
}

#[test]
fn result_of_a_closure_fixes_the_return_type() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn run<T>(f: impl FnOnce() -> T) -> T { f() }
fn f() { run(|| S).m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        k::f -> k::run call
        ",
    );
}

#[test]
fn annotated_closure_parameter() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn f() { let c = |s: &S| s.m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn result_of_calling_a_closure() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn f() { let make = || S; make().m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn associated_type_of_a_known_impl() {
    check(
        r"
trait T { type O; fn get(&self) -> Self::O; }
struct A;
struct X;
impl X { fn m(&self) {} }
impl T for A { type O = X; fn get(&self) -> X { X } }
fn f(a: A) { a.get().m(); }
",
        "
        k::<impl T for A> -> k::X type
        k::f -> k::<impl T for A> method
        k::f -> k::<impl X> method
        k::f -> k::A type
        ",
    );
}

#[test]
fn associated_type_with_a_bound() {
    check(
        r"
trait B { fn m(&self); }
trait T { type O: B; fn get(&self) -> Self::O; }
fn f<X: T>(x: X) { x.get().m(); }
",
        "
        k::T -> k::B type
        k::f -> k::B method
        k::f -> k::T method
        k::f -> k::T type
        ",
    );
}

#[test]
fn associated_type_fixed_by_a_bound() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
trait T { type O; fn get(&self) -> Self::O; }
fn f<X: T<O = S>>(x: X) { x.get().m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        k::f -> k::T method
        k::f -> k::T type
        ",
    );
}

#[test]
fn later_assignment_types_the_binding() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn f() { let s; s = S; s.m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn box_new_keeps_the_type() {
    check(
        r"
use std::sync::{Arc, Mutex};
struct S;
impl S { fn m(&self) {} }
fn f() { let b = Box::new(S); b.m(); let a = Arc::new(Mutex::new(S)); a.lock().unwrap().m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn some_and_ok_keep_the_type() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn f() { let o = Some(S); o.unwrap().m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn cast_gives_the_type() {
    check(
        r"
struct S { n: u8 }
unsafe fn f(p: *const u8) -> u8 { unsafe { (*(p as *const S)).n } }
",
        "
        k::f -> k::S field
        k::f -> k::S type
        ",
    );
}

#[test]
fn shadowed_binding_has_the_new_type() {
    check(
        r"
struct A;
struct B;
impl A { fn b(self) -> B { B } fn m(&self) {} }
impl B { fn m(&self) {} }
fn f(x: A) { let x = x.b(); x.m(); }
",
        "
        k::<impl A> -> k::B type
        k::f -> k::<impl A> method
        k::f -> k::<impl B> method
        k::f -> k::A type
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

#[test]
fn pushed_elements_type_the_vector() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn f() { let mut v = Vec::new(); v.push(S); v[0].m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn inserted_entries_type_the_map() {
    check(
        r"
use std::collections::HashMap;
struct S;
impl S { fn m(&self) {} }
fn f() { let mut h = HashMap::new(); h.insert(1, S); for s in h.values() { s.m(); } }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn entry_of_a_map() {
    check(
        r"
use std::collections::HashMap;
struct S;
impl S { fn m(&self) {} }
fn f(mut h: HashMap<u8, S>) { h.entry(1).or_insert_with(|| S).m(); h.get_mut(&1).unwrap().m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn partition_and_min_by_key() {
    check(
        r"
struct S;
impl S { fn m(&self) -> u8 { 1 } }
fn f(v: Vec<S>) {
    let (a, b): (Vec<S>, Vec<S>) = v.into_iter().partition(|s| s.m() > 1);
    a.iter().min_by_key(|s| s.m()).unwrap().m();
}
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn chunks_and_windows() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn f(v: &[S]) { for w in v.windows(2) { w[0].m(); } v.chunks(2).for_each(|c| c[0].m()); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn slices_first_and_last() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn f(v: &[S]) { v.first().unwrap().m(); if let Some((head, rest)) = v.split_first() { head.m(); rest[0].m(); } }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn range_of_a_slice_is_a_slice() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn f(v: Vec<S>) { for s in &v[1..] { s.m(); } v[..2][0].m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn take_and_replace() {
    check(
        r"
struct S { next: Option<Box<S>> }
impl S { fn m(&self) {} }
fn f(mut s: S) { let n = s.next.take().unwrap(); n.m(); std::mem::take(&mut s.next).unwrap().m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S field
        k::f -> k::S type
        ",
    );
}

#[test]
fn option_ok_or_and_then() {
    check(
        r"
struct A;
struct B;
impl A { fn b(&self) -> Result<B, u8> { Ok(B) } }
impl B { fn m(&self) {} }
fn f(o: Option<A>) -> Result<(), u8> { o.ok_or(1u8).and_then(|a| a.b())?.m(); Ok(()) }
",
        "
        k::<impl A> -> k::B type
        k::f -> k::<impl A> method
        k::f -> k::<impl B> method
        k::f -> k::A type
        ",
    );
}

#[test]
fn iterator_collected_into_a_result() {
    check(
        r"
struct A;
struct B;
impl A { fn b(&self) -> Result<B, u8> { Ok(B) } }
impl B { fn m(&self) {} }
fn f(v: Vec<A>) -> Result<(), u8> {
    let all = v.iter().map(|a| a.b()).collect::<Result<Vec<_>, _>>()?;
    all[0].m();
    Ok(())
}
",
        "
        k::<impl A> -> k::B type
        k::f -> k::<impl A> method
        k::f -> k::<impl B> method
        k::f -> k::A type
        ",
    );
}

#[test]
fn returned_closure_of_a_bound() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn make() -> impl Fn() -> S { || S }
fn f() { make()().m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::make call
        k::make -> k::S type
        ",
    );
}

#[test]
fn trait_with_arguments_on_a_parameter() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
trait Get<T> { fn get(&self) -> T; }
fn f<G: Get<S>>(g: G) { g.get().m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::Get method
        k::f -> k::Get type
        k::f -> k::S type
        ",
    );
}

#[test]
fn self_type_of_a_trait_method() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
trait Chain: Sized { fn next(self) -> Self { self } }
impl Chain for S {}
fn f(s: S) { s.next().m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::Chain method
        k::f -> k::S type
        ",
    );
}

#[test]
fn generic_struct_learns_from_its_constructor() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
struct W<T> { t: T }
impl<T> W<T> { fn new(t: T) -> Self { W { t } } }
fn f() { W::new(S).t.m(); }
",
        "
        k::<impl W<T>> -> k::W field
        k::<impl W<T>> -> k::W type
        k::f -> k::<impl S> method
        k::f -> k::<impl W<T>> call
        k::f -> k::S type
        k::f -> k::W field
        k::f -> k::W type
        ",
    );
}

#[test]
fn generic_struct_learns_from_its_literal() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
struct W<T> { t: T }
struct P<T>(T);
fn f() { let w = W { t: S }; w.t.m(); let p = P(S); p.0.m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::P field
        k::f -> k::P type
        k::f -> k::S type
        k::f -> k::W field
        k::f -> k::W type
        ",
    );
}

#[test]
fn builder_chain() {
    check(
        r"
struct B;
impl B { fn new() -> Self { B } fn with(mut self, n: u8) -> Self { self } fn build(self) -> S { S } }
struct S;
impl S { fn m(&self) {} }
fn f() { B::new().with(1).with(2).build().m(); }
",
        "
        k::<impl B> -> k::B type
        k::<impl B> -> k::S type
        k::f -> k::<impl B> call
        k::f -> k::<impl B> method
        k::f -> k::<impl S> method
        k::f -> k::B type
        ",
    );
}

#[test]
fn from_gives_the_type_it_is_called_on() {
    check(
        r"
struct A;
struct B;
impl From<A> for B { fn from(a: A) -> B { B } }
impl B { fn m(&self) {} }
fn f(a: A) { B::from(a).m(); }
",
        "
        k::<impl From<A> for B> -> k::A type
        k::<impl From<A> for B> -> k::B type
        k::f -> k::<impl B> method
        k::f -> k::<impl From<A> for B> call
        k::f -> k::A type
        k::f -> k::B type
        ",
    );
}

#[test]
fn into_takes_the_annotated_type() {
    check(
        r"
struct A;
struct B;
impl From<A> for B { fn from(a: A) -> B { B } }
impl B { fn m(&self) {} }
fn f(a: A) { let b: B = a.into(); b.m(); }
",
        "
        k::<impl From<A> for B> -> k::A type
        k::<impl From<A> for B> -> k::B type
        k::f -> k::<impl B> method
        k::f -> k::A type
        k::f -> k::B type
        ",
    );
}

#[test]
fn try_block_like_closure() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn g() -> Result<S, u8> { Err(1) }
fn f() { let r = (|| -> Result<S, u8> { g()?.m(); g() })(); r.unwrap().m(); }
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
fn captured_binding_in_a_closure() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn f(s: S) { let c = move || s.m(); c(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn const_and_static_closure_free_tables() {
    check(
        r"
struct S { run: fn(&T) }
struct T;
impl T { fn m(&self) {} }
static TABLE: [S; 1] = [S { run: T::m }];
fn f(t: T) { (TABLE[0].run)(&t); }
",
        "
        k::S -> k::T type
        k::TABLE -> k::<impl T> call
        k::TABLE -> k::S field
        k::TABLE -> k::S type
        k::TABLE -> k::T type
        k::f -> k::S field
        k::f -> k::T type
        k::f -> k::TABLE value
        ",
    );
}

#[test]
fn rest_in_a_tuple_struct_pattern() {
    check(
        r"
struct A;
impl A { fn m(&self) {} }
struct S(u8, u8, A);
fn f(s: S) { let S(.., a) = s; a.m(); }
",
        "
        k::S -> k::A type
        k::f -> k::<impl A> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn rest_at_the_end_of_a_variant_pattern() {
    check(
        r"
struct A;
impl A { fn m(&self) {} }
enum E { V(A, u8, A) }
fn f(e: E) { let E::V(a, ..) = e; a.m(); }
",
        "
        k::E -> k::A type
        k::f -> k::<impl A> method
        k::f -> k::E type
        ",
    );
}
