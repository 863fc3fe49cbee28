//! Code that is none: the file is reported, and the rest is still read.

use super::case::{Case, case};

pub(crate) fn cases() -> Vec<Case> {
    let broken = |text: &str| {
        let name = format!("broken: {}", text.chars().take(40).collect::<String>());
        case(name).file("src/m.rs", text).says("src/m.rs").says("\"schema_version\"")
    };
    let items = [
        "type A = <;",
        "struct S { a: < }",
        "fn f(x: ::) {}",
        "impl < {}",
        "enum E { A(<) }",
        "use ;",
        "use a::{",
        "trait T { fn",
        "macro_rules! m { ($x:",
        "fn f() { a.b.(; }",
        "#[cfg(",
        "mod { mod {",
    ];
    let nested = ["(", "[", "{", "<", "fn f() {", "mod a {", "&", "Box<"];
    items
        .iter()
        .map(|text| broken(text))
        .chain(nested.map(|open| broken(&format!("const C: u8 = {};", open.repeat(20_000)))))
        .collect()
}
