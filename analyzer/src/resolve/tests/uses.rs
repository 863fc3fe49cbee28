//! Uses: what each function and associated item names.

use super::resolved;
use crate::ids::DefinitionId;
use crate::resolve::Resolution;

fn name(resolution: &Resolution, id: DefinitionId) -> String {
    let definition = &resolution.uses.definitions[id];
    let item = &resolution.items[definition.item].path;
    match resolution.uses.members(definition.item).any(|member| member == id) {
        true => format!("{item}.{}", definition.name),
        false => item.clone(),
    }
}

fn uses(fixture: &str) -> Vec<String> {
    let resolution = resolved(fixture);
    let of = |from| {
        let resolution = &resolution;
        let named = move |used: &crate::resolve::Use| {
            format!("{} {} -> {}", used.line, name(resolution, from), name(resolution, used.to))
        };
        resolution.uses.of(from).iter().map(named)
    };
    let mut all: Vec<String> = resolution.uses.definitions.ids().flat_map(of).collect();
    all.sort();
    all
}

#[test]
fn references_keep_the_member_that_they_come_from_and_go_to() {
    let found = uses(
        "struct S;
impl S {
    fn a(&self) { self.b(); f(); }
    fn b(&self) {}
    const C: u8 = D;
}
const D: u8 = 1;
fn f() -> u8 { S::C }
trait T { fn t(&self); fn u(&self) { self.t() } }
impl T for S { fn t(&self) { S.b() } }
fn g(x: impl T) { x.u(); S.t() }",
    );
    let expected = [
        "10 k::<impl T for S> -> k::S",
        "10 k::<impl T for S> -> k::T",
        "10 k::<impl T for S>.t -> k::<impl S>.b",
        "10 k::<impl T for S>.t -> k::S",
        "11 k::g -> k::<impl T for S>.t",
        "11 k::g -> k::S",
        "11 k::g -> k::T",
        "11 k::g -> k::T.u",
        "2 k::<impl S> -> k::S",
        "3 k::<impl S>.a -> k::<impl S>.b",
        "3 k::<impl S>.a -> k::f",
        "5 k::<impl S>.C -> k::D",
        "8 k::f -> k::<impl S>.C",
        "8 k::f -> k::S",
        "9 k::T.u -> k::T.t",
    ];
    let mut expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn tests_and_imports_that_are_followed_are_left_out() {
    let found = uses(
        "mod a { pub fn f() {} pub trait Ext { fn e(&self) {} } }
use a::f;
mod m { use crate::a::Ext; fn g(x: other::X) { x.e() } }
fn h() { f() }
#[test] fn t() { h() }",
    );
    assert_eq!(found, ["3 k::m -> k::a::Ext", "4 k::h -> k::a::f"]);
}
