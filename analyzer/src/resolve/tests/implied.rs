//! What the language calls without a name.

use super::check;

/// A fixture of types, code, and what that code's function `f` refers to besides the types it names.
#[track_caller]
fn calls(types: &str, f: &str, expected: &str) {
    let fixture = format!("{types}\n{f}");
    let found = super::references(&fixture);
    let implied =
        |line: &&String| line.starts_with("k::f ") && line.contains("::<impl ") && !line.ends_with(" impl");
    let found: Vec<&str> =
        found.iter().filter(implied).map(|line| line.trim_start_matches("k::f -> k::")).collect();
    assert_eq!(found.join("\n"), expected, "{fixture}");
}

#[test]
fn a_dereference_calls_its_impl_unless_it_may_be_of_a_reference() {
    let types = r"
use std::ops::Deref;
pub struct Inner { n: u8 }
impl Inner { fn m(&self) {} }
pub struct Conn(Inner);
impl Deref for Conn { type Target = Inner; fn deref(&self) -> &Inner { loop {} } }
fn get() -> Result<Conn, ()> { loop {} }
fn take(inner: &Inner) {}
struct Holder { conn: Conn }
fn made() -> Conn { loop {} }
fn lent(h: &Holder) -> &Conn { &h.conn }
impl Holder { fn made(&self) -> Conn { loop {} } fn lent(&self) -> &Conn { &self.conn } }
";
    for (f, expected) in [
        ("fn f(c: Conn) { take(&*c); }", "<impl Deref for Conn> method"),
        (
            "fn f() -> Result<(), ()> { let mut c = get()?; take(&mut *c); Ok(()) }",
            "<impl Deref for Conn> method",
        ),
        ("fn f(c: &Conn) { take(&**c); }", "<impl Deref for Conn> method"),
        ("fn f() { let mut c = made(); take(&mut *c); }", "<impl Deref for Conn> method"),
        ("fn f() { take(&*made()); }", "<impl Deref for Conn> method"),
        ("fn f(h: Holder) { take(&*h.made()); }", "<impl Deref for Conn> method\n<impl Holder> method"),
        // The reference's own.
        ("fn f(c: &Conn) { let x = &*c; }", ""),
        ("fn f(h: Holder) { let x = lent(&h); let y = &*x; }", ""),
        ("fn f(h: Holder) { let x = &*h.lent(); }", "<impl Holder> method"),
        // What a constructor from elsewhere makes of a value is not that value.
        ("fn f() { let x = Wrap(made()); let y = &*x; }", ""),
        ("fn f(c: Conn) { c.m(); }", "<impl Deref for Conn> method\n<impl Inner> method"),
        ("fn f(c: Conn) { c.n; }", "<impl Deref for Conn> method"),
        ("fn f(i: Inner) { i.m(); }", "<impl Inner> method"),
    ] {
        calls(types, f, expected);
    }
}

#[test]
fn what_every_type_may_have_is_not_reached_through_a_deref() {
    let types = r"
#[derive(Clone)]
pub struct Names(Vec<u8>);
impl std::ops::Deref for Names { type Target = Vec<u8>; fn deref(&self) -> &Vec<u8> { &self.0 } }
";
    calls(types, "fn f(n: Names) { n.clone(); }", "");
    calls(types, "fn f(n: Names) { n.iter(); }", "<impl Deref for Names> method");
}

#[test]
fn conversions_and_traits_of_the_standard_library() {
    let types = r#"
use std::fmt; use std::str::FromStr;
struct A; struct B; struct C; struct E; struct V; struct L; struct N;
impl From<u8> for N { fn from(_: u8) -> N { N } }
impl From<A> for B { fn from(_: A) -> B { B } }
impl From<C> for B { fn from(_: C) -> B { B } }
impl From<A> for String { fn from(_: A) -> String { loop {} } }
impl From<E> for C { fn from(_: E) -> C { C } }
impl FromStr for A { type Err = E; fn from_str(_: &str) -> Result<A, E> { loop {} } }
impl fmt::Display for A { fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result { loop {} } }
impl FromIterator<A> for L { fn from_iter<I>(_: I) -> L { L } }
impl IntoIterator for L { type Item = A; type IntoIter = std::vec::IntoIter<A>; fn into_iter(self) -> Self::IntoIter { loop {} } }
impl PartialEq for A { fn eq(&self, _: &A) -> bool { true } }
impl Ord for A { fn cmp(&self, _: &A) -> std::cmp::Ordering { loop {} } }
impl std::hash::Hash for A { fn hash<H>(&self, _: &mut H) {} }
use std::collections::*;
impl Default for V { fn default() -> V { V } }
impl std::ops::Mul<V> for f32 { type Output = V; fn mul(self, v: V) -> V { v } }
fn e() -> Result<A, E> { loop {} }
"#;
    for (f, expected) in [
        ("fn f(a: A) -> B { a.into() }", "<impl From<A> for B> method"),
        ("fn f(c: C) { let b: B = c.into(); }", "<impl From<C> for B> method"),
        ("fn f(a: A) -> String { a.into() }", "<impl From<A> for String> method"),
        ("fn f(b: B) -> String { b.into() }", ""),
        ("fn f() -> Result<A, C> { e()?; e() }", "<impl From<E> for C> method"),
        ("fn f() -> Result<A, E> { e()?; e() }", ""),
        ("fn f() -> N { 1u8.into() }", "<impl From<u8> for N> method"),
        ("fn f() -> N { 1.into() }", ""),
        ("fn f() -> N { let x = 0x1f_u8; x.into() }", "<impl From<u8> for N> method"),
        ("fn f(a: Option<A>) -> Option<B> { a.map(Into::into) }", "<impl From<A> for B> method"),
        ("fn f() -> Result<A, C> { e().map_err(Into::into) }", "<impl From<E> for C> method"),
        ("fn f() -> Result<A, C> { e().map_err(From::from)?; loop {} }", "<impl From<E> for C> method"),
        (
            "fn f(v: Vec<A>) -> Vec<B> { v.into_iter().map(Into::into).collect() }",
            "<impl From<A> for B> method",
        ),
        (
            "fn f(v: Vec<A>) { let b: Vec<B> = v.into_iter().map(From::from).collect(); }",
            "<impl From<A> for B> method",
        ),
        ("fn f(v: Vec<B>) -> Vec<String> { v.into_iter().map(Into::into).collect() }", ""),
        ("fn f(s: &str) { let a: A = s.parse().unwrap(); }", "<impl FromStr for A> method"),
        ("fn f(s: &str) { s.parse::<A>(); }", "<impl FromStr for A> method"),
        ("fn f(s: &str) { s.parse::<u8>(); }", ""),
        ("fn f(a: A) { a.to_string(); }", "<impl Display for A> method"),
        ("fn f(v: Vec<A>) { let l: L = v.into_iter().collect(); }", "<impl FromIterator<A> for L> method"),
        ("fn f(l: L) { for a in l {} }", "<impl IntoIterator for L> method"),
        ("fn f(v: Vec<A>, a: A) { v.contains(&a); }", "<impl PartialEq for A> method"),
        ("fn f(a: A, b: A) { assert_eq!(a, b); }", "<impl PartialEq for A> method"),
        ("fn f(v: Vec<A>) { v.sort(); }", "<impl Ord for A> method"),
        (
            "fn f(m: HashMap<A, V>, a: A) { m.get(&a); }",
            "<impl Hash for A> method\n<impl PartialEq for A> method",
        ),
        (
            "fn f(m: &mut HashSet<A>, a: A) { m.insert(a); }",
            "<impl Hash for A> method\n<impl PartialEq for A> method",
        ),
        ("fn f(m: &mut BTreeMap<A, V>, a: A) { m.remove(&a); }", "<impl Ord for A> method"),
        ("fn f(m: &mut BinaryHeap<A>, a: A) { m.push(a); }", "<impl Ord for A> method"),
        ("fn f(m: HashMap<V, A>) { m.len(); }", ""),
        ("fn f(o: Option<V>) { o.unwrap_or_default(); }", "<impl Default for V> method"),
        ("fn f(x: f32, v: V) { x * v; }", "<impl Mul<V> for f32> method"),
    ] {
        calls(types, f, expected);
    }
}

#[test]
fn a_blanket_impl_takes_nothing_from_the_standard_library() {
    let types = r"
trait Curve<T> { fn at(&self, t: f32) -> T; }
impl<T, F: Fn(f32) -> T> Curve<T> for F { fn at(&self, t: f32) -> T { self(t) } }
trait CurveExt<T>: Curve<T> { fn map(&self) {} fn zip(&self) {} fn graph(&self) {} fn get(&self) {} }
impl<C: Curve<T>, T> CurveExt<T> for C {}
struct Line;
impl Curve<f32> for Line { fn at(&self, t: f32) -> f32 { t } }
struct Steps;
impl Iterator for Steps { type Item = u8; fn next(&mut self) -> Option<u8> { None } }
";
    for (f, expected) in [
        ("fn f(n: u8) { (0..n).map(|x| x); }", ""),
        ("fn f(v: Vec<u8>) { v.iter().zip(v.iter()); }", ""),
        ("fn f(v: Vec<u8>) { v.get(0); v.graph(); }", ""),
        ("fn f(v: Option<u8>) { v.map(|x| x); }", ""),
        ("fn f(s: Steps) { s.map(|x| x); }", ""),
        ("fn f(l: Line) { l.map(); }", "k::f -> k::CurveExt method"),
        ("fn f() { (|t: f32| t).graph(); }", "k::f -> k::CurveExt method"),
    ] {
        let found = super::references(&format!("{types}\n{f}"));
        let found: Vec<&str> = found
            .iter()
            .map(String::as_str)
            .filter(|l| l.starts_with("k::f ") && l.contains("CurveExt"))
            .collect();
        assert_eq!(found.join("\n"), expected, "{f}");
    }
}

#[test]
fn an_operator_in_a_loop_counts_once() {
    check(
        r"
struct S;
impl Iterator for S { type Item = u8; fn next(&mut self) -> Option<u8> { None } }
fn f(s: S) { for _ in s {} }
",
        "
        k::f -> k::S type
        k::f -> k::<impl Iterator for S> method
        ",
    );
}

#[test]
fn what_format_strings_show() {
    let types = r"
use std::fmt;
pub struct A; pub struct B; #[derive(Debug)] pub struct D;
impl fmt::Display for A { fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result { loop {} } }
impl fmt::Debug for A { fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result { loop {} } }
impl fmt::LowerHex for B { fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result { loop {} } }
impl PartialEq for B { fn eq(&self, _: &B) -> bool { true } }
fn a() -> A { A }
";
    for (f, expected) in [
        (r#"fn f(a: A) { println!("{}", a); }"#, "<impl Display for A> method"),
        (r#"fn f(a: &A) -> String { format!("{a} {{}}") }"#, "<impl Display for A> method"),
        (r#"fn f(a: A, w: &mut String) { write!(w, "x {:?}", a); }"#, "<impl Debug for A> method"),
        (
            r#"fn f(a: A, b: B) { eprintln!("{1:#x} {0}", a, b); }"#,
            "<impl Display for A> method\n<impl LowerHex for B> method",
        ),
        (r#"fn f() { panic!("{name}", name = a()); }"#, "<impl Display for A> method"),
        (
            r#"fn f(b: Box<A>, v: Vec<A>) { println!("{} {:?}", b, v); }"#,
            "<impl Debug for A> method\n<impl Display for A> method",
        ),
        (r#"fn f(v: Option<(A, u8)>) { dbg!(v); }"#, "<impl Debug for A> method"),
        (r#"fn f(a: B, b: B) { assert_eq!(a, b, "{}", 1); }"#, "<impl PartialEq for B> method"),
        (r#"fn f(a: A) { tracing::info!("{}", a); }"#, "<impl Display for A> method"),
        // Derived, not shown, not that trait's, or no value of the type.
        (r#"fn f(d: D) { println!("{:?}", d); }"#, ""),
        (r#"fn f(a: A) { println!("{}", 1); drop(a); }"#, ""),
        (r#"fn f(b: B) { println!("{}", b); }"#, ""),
        (r#"fn f(a: &str) { println!("{a}"); }"#, ""),
    ] {
        let fixture = format!("//- /a.rs crate:k deps:tracing\n{types}");
        calls(&fixture, f, expected);
    }
}

#[test]
fn what_is_made_is_dropped() {
    let types = r"
pub struct Guard(u8); pub struct Lock { n: u8 } pub struct Plain;
impl Drop for Guard { fn drop(&mut self) {} }
impl Drop for Lock { fn drop(&mut self) {} }
fn guard() -> Guard { loop {} }
";
    for (f, expected) in [
        ("fn f() { Guard(1); }", "<impl Drop for Guard> method"),
        ("fn f() -> Lock { Lock { n: 1 } }", "<impl Drop for Lock> method"),
        ("fn f() { let g = guard(); drop(g); }", "<impl Drop for Guard> method"),
        ("fn f() { std::mem::drop(guard()); }", "<impl Drop for Guard> method"),
        ("fn f(l: &Lock) -> u8 { l.n }", ""),
        ("fn f() { drop(Plain); }", ""),
    ] {
        calls(types, f, expected);
    }
}

#[test]
fn indexing_and_operators() {
    let types = r"
use std::ops::{Add, AddAssign, Index, Neg, Not, Shl};
struct T; struct N;
impl Index<usize> for T { type Output = N; fn index(&self, _: usize) -> &N { loop {} } }
impl Add for N { type Output = T; fn add(self, _: N) -> T { T } }
impl AddAssign<u8> for N { fn add_assign(&mut self, _: u8) {} }
impl Neg for N { type Output = N; fn neg(self) -> N { N } }
impl Not for T { type Output = N; fn not(self) -> N { N } }
impl Shl<u8> for T { type Output = N; fn shl(self, _: u8) -> N { N } }
impl PartialEq for N { fn eq(&self, _: &N) -> bool { true } }
impl PartialOrd for N { fn partial_cmp(&self, _: &N) -> Option<std::cmp::Ordering> { None } }
";
    for (f, expected) in [
        ("fn f(t: T) { &t[1]; }", "<impl Index<usize> for T> method"),
        ("fn f(a: N, b: N) -> T { a + b }", "<impl Add for N> method"),
        ("fn f(mut a: N) { a += 1; }", "<impl AddAssign<u8> for N> method"),
        ("fn f(a: N) { -a; }", "<impl Neg for N> method"),
        ("fn f(t: T) { !t; }", "<impl Not for T> method"),
        ("fn f(t: T) { t << 1; }", "<impl Shl<u8> for T> method"),
        ("fn f(a: N, b: N) -> bool { a == b }", "<impl PartialEq for N> method"),
        ("fn f(a: N, b: N) -> bool { a != b }", "<impl PartialEq for N> method"),
        ("fn f(a: N, b: N) -> bool { a < b }", "<impl PartialOrd for N> method"),
        (
            "fn f(t: T) -> bool { t[0] == t[1] }",
            "<impl Index<usize> for T> method\n<impl PartialEq for N> method",
        ),
        ("fn f(a: N, b: N) { !(a + b); }", "<impl Add for N> method\n<impl Not for T> method"),
        ("fn f(a: u8, b: u8) -> bool { a + b == a }", ""),
    ] {
        calls(types, f, expected);
    }
}
