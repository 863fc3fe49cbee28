//! Whether `cfg`s can hold in a build without tests.

use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Lit, Meta, Token};

/// Whether an attribute does not keep something from a build without tests.
pub(super) fn holds_elsewhere(attribute: &Attribute) -> bool {
    !attribute.path().is_ident("cfg") || attribute.parse_args().as_ref().map_or(true, may_hold)
}

/// Whether a predicate can hold where `test` does not.
pub(super) fn may_hold(predicate: &Meta) -> bool {
    let parts = || match predicate {
        Meta::List(list) => list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok(),
        _ => None,
    };
    match predicate.path().get_ident().map(ToString::to_string).as_deref() {
        Some("test") => false,
        Some("all") => parts().is_none_or(|parts| parts.iter().all(may_hold)),
        Some("any") => parts().is_none_or(|parts| parts.iter().any(may_hold)),
        _ => true,
    }
}

/// Whether an attribute does not keep something from tests.
pub(super) fn holds_in_tests(attribute: &Attribute) -> bool {
    !attribute.path().is_ident("cfg") || attribute.parse_args().as_ref().map_or(true, may_hold_in_tests)
}

/// Whether a predicate can hold where `test` does.
fn may_hold_in_tests(predicate: &Meta) -> bool {
    let Meta::List(list) = predicate else { return true };
    let parts = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
    let Ok(parts) = parts else { return true };
    match list.path.get_ident().map(ToString::to_string).as_deref() {
        Some("not") => parts.iter().all(|part| !part.path().is_ident("test")),
        Some("all") => parts.iter().all(may_hold_in_tests),
        Some("any") => parts.iter().any(may_hold_in_tests),
        _ => true,
    }
}

/// The feature by which something is there without tests: of `#[cfg(any(test, feature = "x"))]` it is `x`.
pub(super) fn feature_beside_tests(attributes: &[Attribute]) -> Option<String> {
    let beside = |attribute: &Attribute| {
        let Ok(Meta::List(list)) = attribute.parse_args::<Meta>() else { return None };
        let parts = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok()?;
        let tests = list.path.is_ident("any") && parts.iter().any(|part| part.path().is_ident("test"));
        parts.iter().filter(|_| tests).find_map(|part| match part {
            Meta::NameValue(pair) if pair.path.is_ident("feature") => match &pair.value {
                Expr::Lit(literal) => match &literal.lit {
                    Lit::Str(name) => Some(name.value()),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        })
    };
    let mut cfgs = attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    let only = cfgs.next().filter(|_| cfgs.next().is_none())?;
    beside(only)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_tests_and_without() {
        let cases = [
            ("test", true, false),
            ("not(test)", false, true),
            ("any(test, feature = \"a\")", true, true),
            ("all(test, unix)", true, false),
            ("all(not(test), unix)", false, true),
            ("any(not(test), unix)", true, true),
            ("unix", true, true),
        ];
        for (text, in_tests, elsewhere) in cases {
            let predicate = syn::parse_str::<Meta>(text).unwrap();
            assert_eq!(
                (may_hold_in_tests(&predicate), may_hold(&predicate)),
                (in_tests, elsewhere),
                "{text}"
            );
        }
    }

    #[test]
    fn a_feature_that_is_as_good_as_tests() {
        let cases = [
            ("#[cfg(any(test, feature = \"a\"))]", Some("a")),
            ("#[cfg(any(feature = \"a\", test))]", Some("a")),
            ("#[cfg(all(test, feature = \"a\"))]", None),
            ("#[cfg(any(test, unix))]", None),
            ("#[cfg(test)]", None),
            ("#[cfg(any(test, feature = \"a\"))] #[cfg(unix)]", None),
        ];
        for (text, feature) in cases {
            let item = syn::parse_str::<syn::ItemFn>(&format!("{text} fn f() {{}}")).unwrap();
            assert_eq!(feature_beside_tests(&item.attrs).as_deref(), feature, "{text}");
        }
    }
}
