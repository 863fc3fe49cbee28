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

#[test]
fn open_methods_are_those_called_on_who_knows_what() {
    let resolution = resolved(&format!(
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
    let path = |definition: crate::ids::DefinitionId| {
        let definition = &resolution.uses.definitions[definition];
        format!("{} {}", resolution.items[definition.item].path, definition.name)
    };
    let [open] = &resolution.open_methods[..] else { panic!("{:?}", resolution.open_methods) };
    assert_eq!(open.name, "ext");
    let callers: Vec<String> = open.callers.iter().map(|&(caller, _)| path(caller)).collect();
    assert_eq!(callers, ["k::m::f f", "k::m::g g"]);
    assert_eq!(open.methods.iter().map(|&method| path(method)).collect::<Vec<_>>(), ["k::a::Ext ext"]);
}
