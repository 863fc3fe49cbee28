//! Imports that others may name too.

use super::resolved;

#[test]
fn what_others_may_name_is_a_re_export() {
    let cases = [
        ("pub use crate::low::Thing;", "up 1 -> low::Thing"),
        ("\npub(crate) use crate::low::Thing as Other;", "up 2 -> low::Thing"),
        ("pub use crate::low::{make, Thing};", "up 1 -> low::Thing, up 1 -> low::make"),
        ("pub use crate::low::*;", "up 1 -> low *"),
        ("pub use crate::low as down;", "up 1 -> low"),
        ("pub use crate::facade::Thing;", "up 1 -> low::Thing"),
        ("pub use crate::low::Kind::*;", "up 1 -> low::Kind *"),
        ("#[cfg(test)] pub use crate::low::Thing;", "up 1 -> low::Thing test"),
        ("use crate::low::Thing;", ""),
        ("pub(self) use crate::low::Thing;", ""),
        ("pub use std::fmt::Debug;", ""),
        ("pub fn f() { use crate::low::Thing; }", ""),
    ];
    for (up, expected) in cases {
        let resolution = resolved(&format!(
            "//- /a/lib.rs crate:a\npub mod up;\npub mod low;\npub mod facade {{ pub use crate::low::Thing; }}\n\
             //- /a/up.rs\n{up}\n\
             //- /a/low.rs\npub struct Thing;\npub fn make() {{}}\npub enum Kind {{ A, B }}\n"
        ));
        let local = |path: &str| path.trim_start_matches("a::").to_owned();
        let shown: Vec<String> = resolution
            .re_exports
            .iter()
            .filter(|r| resolution.modules[r.module].name == "up")
            .map(|r| {
                let (glob, test) = (if r.glob { " *" } else { "" }, if r.test { " test" } else { "" });
                let module = local(&resolution.modules[r.module].path);
                format!("{module} {} -> {}{glob}{test}", r.line, local(&resolution.items[r.to].path))
            })
            .collect();
        assert_eq!(shown.join(", "), expected, "{up}");
    }
}
