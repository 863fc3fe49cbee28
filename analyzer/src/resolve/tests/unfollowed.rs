//! Imports that nothing follows hold code together; those that other references follow leave that to these.

use super::{line, resolved};

const SCENE: &str = "
mod a {
    pub trait Ext { fn ext(&self) {} }
    pub struct S;
    impl S { pub fn new() -> S { S } }
    impl Ext for S {}
    impl Ext for u8 {}
    pub enum E { A, B }
    pub fn f() {}
}
";

/// The structural imports below `scene`, in order.
fn unfollowed(code: &str) -> Vec<String> {
    let resolution = resolved(&format!("{SCENE}{code}"));
    let imports =
        resolution.references.iter().filter(|r| r.structural && line(&resolution, r).contains(" import"));
    imports.map(|r| line(&resolution, r)).collect()
}

#[test]
fn an_import_that_nothing_follows_holds_code_together() {
    let cases: &[(&str, &[&str])] = &[
        // Followed.
        ("mod m { use crate::a::f; fn g() { f(); } }", &[]),
        ("mod m { use crate::a::E; fn g(e: E) { match e { E::A | E::B => {} } } }", &[]),
        ("mod m { use crate::a::E::*; fn g() { A; } }", &[]),
        ("mod m { use crate::a::Ext; fn g<T: Ext>(t: T) {} }", &[]),
        ("mod m { use crate::a::Ext as _; fn g(n: u8) { n.ext(); } }", &[]),
        ("mod m { use crate::a::{Ext, S}; fn g() { S::new().ext(); } }", &[]),
        ("mod m { use crate::a; fn g() { a::f(); } }", &[]),
        // A module below brings it in.
        ("mod m { use crate::a::f; mod n { use super::*; fn g() { f(); } } }", &[]),
        ("mod m { fn g() { use crate::a::f; f(); } }", &[]),
        // Not followed: the receiver is another package's, the use is in tokens that nobody can read.
        ("mod m { use crate::a::Ext; fn g(x: other::X) { x.ext(); } }", &["k::m -> k::a::Ext import"]),
        ("mod m { use crate::a::Ext as _; fn g() { other::x().ext(); } }", &["k::m -> k::a::Ext import"]),
        ("mod m { use crate::a::f; }", &["k::m -> k::a::f import"]),
        ("mod m { fn g() { use crate::a::Ext; other::x().ext(); } }", &["k::m::g -> k::a::Ext import"]),
        ("mod m { use crate::a::{S, f}; fn g(s: S) {} }", &["k::m -> k::a::f import"]),
        // Somebody else's use doesn't follow it.
        ("mod m { use crate::a::f; } mod n { fn g() { crate::a::f(); } }", &["k::m -> k::a::f import"]),
        ("mod m { use crate::a::f; #[test] fn g() { f(); } }", &["k::m -> k::a::f import"]),
        // Who re-exports depends on it in another way, tests in none.
        ("mod m { pub use crate::a::f; }", &[]),
        ("mod m { pub(crate) use crate::a::f; }", &[]),
        ("#[cfg(test)] mod m { use crate::a::f; }", &[]),
    ];
    for (code, expected) in cases {
        assert_eq!(unfollowed(code), *expected, "{code}");
    }
}

/// `caller: method method`, a line for each caller of a method that was not followed.
fn open(code: &str) -> Vec<String> {
    let resolution = resolved(code);
    let path = |definition: crate::ids::DefinitionId| {
        let definition = &resolution.uses.definitions[definition];
        format!("{}.{}", resolution.items[definition.item].path.trim_start_matches("k::"), definition.name)
    };
    let of = |open: &crate::resolve::OpenMethod| -> Vec<String> {
        let methods: Vec<String> = open.methods.iter().map(|&method| path(method)).collect();
        open.callers.iter().map(|&(of, _)| format!("{}: {}", path(of), methods.join(" "))).collect()
    };
    let mut found: Vec<String> = resolution.open_methods.iter().flat_map(of).collect();
    found.sort();
    found
}

#[test]
fn open_methods_are_those_called_on_who_knows_what() {
    let found = open(&format!(
        "{SCENE}
mod m {{
    use super::a::Ext;
    fn f(x: other::X) {{ x.ext(); x.unheard_of(); }}
    fn g() {{ super::a::S::parse().ext(); }}
    fn h(s: super::a::S) {{ s.ext(); }}
    fn takes_more(x: other::X) {{ x.ext(1); }}
    #[test] fn t(x: other::X) {{ x.ext(); }}
}}"
    ));
    assert_eq!(found, ["m::f.f: a::Ext.ext", "m::g.g: a::Ext.ext"]);
}

#[test]
fn what_is_known_of_a_receiver_narrows_what_its_method_may_be() {
    let all = "f.f: <impl S>.go <impl R>.go t::Go.go t::Stay.go";
    for (code, expected) in [
        ("fn f() { other::make().go() }", Some(all)),
        ("fn f(x: std::sync::Arc<_>) { x.go() }", Some(all)),
        // A type from outside has what traits in scope give it, or what it holds has.
        ("fn f(x: std::net::TcpStream) { x.go() }", None),
        ("use t::Go; fn f(x: std::net::TcpStream) { x.go() }", Some("f.f: t::Go.go")),
        ("use t::{Go, Stay}; fn f(x: std::net::TcpStream) { x.go() }", Some("f.f: t::Go.go t::Stay.go")),
        ("fn f(x: std::sync::Weak<S>) { x.go() }", Some("f.f: <impl S>.go")),
        ("fn f(x: std::sync::Weak<std::sync::Weak<S>>) { x.go() }", Some("f.f: <impl S>.go")),
        ("fn f(x: std::ops::ControlFlow<S, R>) { x.go() }", Some(all)),
        ("fn f(x: std::sync::Weak<std::net::TcpStream>) { x.go() }", None),
        ("fn f(x: Vec<S>) { x.go() }", None),
        // One of the repository has what was found, or what a macro writes.
        ("struct T; fn f(x: T) { x.go() }", None),
        ("use t::Go; struct T; fn f(x: T) { x.go() }", Some("f.f: t::Go.go")),
        ("#[derive(other::Deref)] struct T(S); fn f(x: T) { x.go() }", Some(all)),
        ("fn f<P: Clone>(x: P) { x.go() }", None),
        ("fn f(x: &dyn std::any::Any) { x.go() }", None),
    ] {
        let methods = "struct S; impl S { fn go(&self) {} } struct R; impl R { fn go(&self) {} }
            mod t { pub trait Go { fn go(&self); } pub trait Stay { fn go(&self); } }";
        assert_eq!(open(&format!("{code}\n{methods}")), Vec::from_iter(expected), "{code}");
    }
}
