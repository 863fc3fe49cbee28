//! Types through blocks, loops, `?`, `.await` and `for`.

use super::check;

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
        k::f -> k::<impl Iterator for I> method
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
