//! Whether `cfg`s can hold in a build without tests.

use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Token};

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
