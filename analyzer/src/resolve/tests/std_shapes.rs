//! Types through the standard library: adaptors, combinators, collections.

use super::check;

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
fn text_and_sequences_have_what_they_dereference_to() {
    for receiver in [
        "s: String) { s.t()",
        "s: &mut String) { s[1..].t()",
        "s: &str, r: Range<usize>) { s[r.clone()].t()",
        "s: Vec<u8>) { s.t()",
        "s: Vec<u8>) { s[..2].t()",
        "s: &Vec<u8>, r: Range<usize>) { s[r].t()",
    ] {
        check(
            &format!(
                r"
use std::ops::Range;
trait T {{ fn t(&self) {{}} }}
impl T for str {{}}
impl T for [u8] {{}}
fn f({receiver}; }}
"
            ),
            "
        k::<impl T for [u8]> -> k::T impl
        k::<impl T for str> -> k::T impl
        k::f -> k::T method
        ",
        );
    }
}
