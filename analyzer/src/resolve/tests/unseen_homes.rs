//! The module that an `impl` belongs to whose type or trait nobody sees.

use super::resolved;

#[test]
fn an_unknown_type_or_trait_is_of_the_module_that_names_it() {
    let trait_above = "pub trait T {}\n";
    let made = "include!(concat!(env!(\"OUT_DIR\"), \"/made.rs\"));";
    let cases = [
        ("mod a { use crate::T; impl T for Made {} }".to_owned(), vec!["k::a"]),
        ("mod a { use crate::T; impl T for &Made {} }".to_owned(), vec!["k::a"]),
        ("mod a { struct S; impl Made for S {} }".to_owned(), vec!["k::a"]),
        ("mod a { impl Made {} }".to_owned(), vec!["k::a"]),
        (
            format!("mod g {{ {made} }} mod a {{ use crate::{{T, g::Made}}; impl T for Made {{}} }}"),
            vec!["k::g"],
        ),
        (
            format!("mod g {{ {made} }} mod a {{ use crate::{{T, g::*}}; impl T for Made {{}} }}"),
            vec!["k::g"],
        ),
        (
            format!("mod g {{ {made} }} mod a {{ use crate::{{T, g}}; impl T for g::Made {{}} }}"),
            vec!["k::g"],
        ),
        // Among the trait's arguments, where the type before it has no parameter of its own.
        ("mod a { impl From<Made> for u8 { fn from(_: Made) -> u8 { 1 } } }".to_owned(), vec!["k::a"]),
        (
            format!("mod g {{ {made} }} mod a {{ use crate::g::Made; impl From<&Made> for String {{}} }}"),
            vec!["k::g"],
        ),
        ("mod a { impl<X> From<Made> for X {} }".to_owned(), vec![]),
        ("mod a { impl From<u8> for String {} }".to_owned(), vec![]),
        // Of another package, of the prelude, a parameter.
        ("mod a { use crate::T; use std::io::Made; impl T for Made {} }".to_owned(), vec![]),
        ("mod a { use crate::T; use std::io::*; impl T for Made {} }".to_owned(), vec![]),
        ("mod a { use crate::T; impl T for String {} }".to_owned(), vec![]),
        ("mod a { use crate::T; impl<X> T for X {} }".to_owned(), vec![]),
        ("mod a { use crate::T; impl T for u8 {} }".to_owned(), vec![]),
    ];
    for (code, expected) in cases {
        let resolution = resolved(&format!("{trait_above}{code}"));
        let headers = resolution.items.iter().filter_map(|item| item.imp.as_ref());
        let homes: Vec<&str> = headers
            .flat_map(|header| &header.unseen_items)
            .map(|&item| resolution.items[item].path.as_str())
            .collect();
        assert_eq!(homes, expected, "{code}");
    }
}
