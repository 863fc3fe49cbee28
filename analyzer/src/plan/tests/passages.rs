//! What has to become public so that code of one crate can name what lies in another.

use super::shop;

/// What a plan lists: items by their path, re-exports by where they stand.
fn listed(more: &str) -> Vec<String> {
    let world = shop(more);
    let plan = world.plan(None);
    let show = |w: &super::super::Widening| match w.re_export {
        Some(place) => {
            let module = world.resolution.modules[place.module].path.trim_start_matches("app::");
            let name = if place.glob { "*" } else { &world.resolution.items[w.item].name };
            format!("use {module}::{name}")
        }
        None => world.path(w.item).to_owned(),
    };
    plan.visibility.iter().map(show).collect()
}

#[test]
fn modules_and_re_exports_on_the_way_are_listed() {
    let report = "mod report\nfn report 1900 -> billing::bill*5";
    let cases: &[(&str, &[&str])] = &[
        ("mod catalog::c\nfn c 50", &[]),
        ("mod catalog::c\npub(crate) fn c 50", &["catalog::c::c"]),
        // A module that only `catalog` sees: the name must come by a re-export.
        ("private mod catalog::c\nfn c 50\nmod catalog::d\npub use catalog::c::c", &[]),
        (
            "private mod catalog::c\nfn c 50\nmod catalog::d\npub(crate) use catalog::c::c",
            &["use catalog::d::c"],
        ),
        (
            "private mod catalog::c\npub(crate) fn c 50\nmod catalog::d\npub(crate) use catalog::c::c",
            &["catalog::c::c", "use catalog::d::c"],
        ),
        // A public glob of a module whose own re-export is not public.
        (
            "private mod catalog::c\nprivate mod catalog::c::e\nfn c 50\nmod catalog::c::f\n\
             pub(crate) use catalog::c::e::c\nmod catalog::d\npub use catalog::c::f::*",
            &["use catalog::c::f::c"],
        ),
    ];
    for (catalog, expected) in cases {
        let item = if catalog.contains("::e\n") { "catalog::c::e::c" } else { "catalog::c::c" };
        assert_eq!(listed(&format!("{catalog}\n{report} {item}*3")), *expected, "{catalog}");
    }
}

#[test]
fn types_that_are_only_handed_on_are_listed() {
    let cases: &[(&str, &str, &[&str])] = &[
        // Nobody names the type that `c` returns.
        ("pub(crate) struct T 9\nfn c 50 -> shown:T", "c", &["catalog::c::T"]),
        ("struct T 9\nfn c 50 -> shown:T", "c", &[]),
        // What only the body names stays hidden.
        ("pub(crate) struct T 9\nfn c 50 -> T", "c", &[]),
        // A variant's type: who names the enum may match on it.
        ("pub(crate) struct T 9\nenum E 9 -> shown:T", "E", &["catalog::c::T"]),
        // To name a struct hands nothing on.
        ("pub(crate) struct T 9\nstruct S 9 -> shown:T", "S", &[]),
    ];
    for (catalog, used, expected) in cases {
        let report = format!("mod report\nfn report 1900 -> billing::bill*5 catalog::c::{used}*3");
        assert_eq!(listed(&format!("mod catalog::c\n{catalog}\n{report}")), *expected, "{catalog}");
    }
}

#[test]
fn what_a_re_export_above_goes_on_naming_is_listed() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("mod catalog::c\nfn c 50", "pub use catalog::c::c", &[]),
        ("mod catalog::c\npub(crate) fn c 50", "pub(crate) use catalog::c::c", &["catalog::c::c"]),
        // Nothing but the re-export takes the way through the module.
        (
            "mod catalog::c\npub(crate) mod catalog::c::e\nfn e 50",
            "pub use catalog::c::e::e",
            &["catalog::c::e"],
        ),
        (
            "mod catalog::c\npub(crate) mod catalog::c::e\nfn e 50",
            "pub(crate) use catalog::c::e",
            &["catalog::c::e"],
        ),
    ];
    for (catalog, re_export, expected) in cases {
        let report = "mod report\nfn report 1900 -> billing::bill*5";
        assert_eq!(listed(&format!("{catalog}\n{report}\n{re_export}")), *expected, "{catalog} {re_export}");
    }
}
