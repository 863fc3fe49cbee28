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

#[test]
fn an_impl_for_all_of_a_trait_has_it_as_its_bound() {
    let cases = [
        ("impl<X: A> B for X {}", vec!["k::A"]),
        ("impl<X> B for X where X: A + ?Sized {}", vec!["k::A"]),
        ("impl<X: A> B for &X {}", vec![]),
        ("impl<X: Clone> B for X {}", vec![]),
        ("impl<X: A> B for Vec<X> {}", vec![]),
        ("impl<X: A> C<u8> for X {}", vec![]),
        ("impl B for String {}", vec![]),
    ];
    for (code, expected) in cases {
        let resolution = resolved(&format!("pub trait A {{}} pub trait B {{}} pub trait C<T> {{}} {code}"));
        let headers = resolution.items.iter().filter_map(|item| item.imp.as_ref());
        let bounds = headers.flat_map(|header| &header.bound_items);
        let bounds: Vec<&str> = bounds.map(|&item| resolution.items[item].path.as_str()).collect();
        assert_eq!(bounds, expected, "{code}");
    }
}

#[test]
fn what_bounds_the_arguments_of_a_trait() {
    let cases = [
        ("impl<X: Into<V>> From<X> for E {}", vec!["k::V"]),
        ("impl<X> From<X> for E where X: A {}", vec!["k::A"]),
        ("impl<X: Into<V>> From<Vec<X>> for E {}", vec![]),
        ("impl<X: Into<u8>> From<X> for E {}", vec![]),
    ];
    for (code, expected) in cases {
        let resolution = resolved(&format!("pub trait A {{}} pub struct V; pub struct E; {code}"));
        let headers = resolution.items.iter().filter_map(|item| item.imp.as_ref());
        let bounds = headers.flat_map(|header| &header.argument_bounds);
        let bounds: Vec<&str> = bounds.map(|&item| resolution.items[item].path.as_str()).collect();
        assert_eq!(bounds, expected, "{code}");
    }
}

#[test]
fn what_docs_include_is_a_file_that_is_read() {
    let resolution = resolved(
        "#![doc = include_str!(\"../docs/a.md\")] #[doc = include_str!(\"b.md\")] pub struct S; #[doc = \"c.md\"] pub struct T;",
    );
    let calls = resolution.files.iter().flat_map(|file| &file.paths).map(|path| path.call.as_str());
    let calls: Vec<&str> = calls.collect();
    assert_eq!(calls, ["include_str!(\"../docs/a.md\")", "include_str!(\"b.md\")"]);
}
