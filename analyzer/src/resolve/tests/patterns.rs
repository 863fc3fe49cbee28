//! What patterns bind, seen through the methods that are called on it.

use super::check;

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
        k::f -> k::S field
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
        k::f -> k::S field
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
