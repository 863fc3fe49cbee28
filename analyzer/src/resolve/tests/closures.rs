//! Closures' parameters and results.

use super::check;

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
