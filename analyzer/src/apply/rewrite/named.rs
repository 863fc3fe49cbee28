//! What the files of a crate name, as they are written: features and packages from elsewhere. Its manifest has to have them.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;

use crate::apply::source::test_only::test_code;
use crate::apply::source::tokens::{Token, TokenKind, flat};

/// What the files of a crate name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::apply) struct Named {
    pub(in crate::apply) features: BTreeSet<String>,
    /// Packages that code names.
    pub(in crate::apply) packages: BTreeSet<String>,
    /// Those that code for tests names.
    pub(in crate::apply) of_tests: BTreeSet<String>,
}

impl Named {
    /// Adds what a file names. `externs` has the package behind each name that code may begin a path with.
    pub(in crate::apply) fn add(&mut self, text: &str, externs: &BTreeMap<String, String>) {
        self.features.extend(features(text).map(str::to_owned));
        let Ok(stream) = text.parse::<TokenStream>() else { return };
        let tokens = flat(stream);
        let found = tokens.iter().enumerate().filter_map(|(at, token)| match &token.kind {
            TokenKind::Ident(name) if begins(&tokens, at) => Some((token, externs.get(name)?)),
            _ => None,
        });
        let found: Vec<(&Token, &String)> = found.collect();
        if found.is_empty() {
            return;
        }
        let tests = syn::parse_file(text).map(|file| test_code(&file)).unwrap_or_default();
        for (token, package) in found {
            let for_tests = tests.iter().any(|bytes| bytes.contains(&token.bytes.start));
            let packages = if for_tests { &mut self.of_tests } else { &mut self.packages };
            packages.insert(package.clone());
        }
    }
}

/// Whether a path, or an import of one name alone, begins at a token.
fn begins(tokens: &[Token], at: usize) -> bool {
    let kind = |at: Option<usize>| at.and_then(|at| tokens.get(at)).map(|token| &token.kind);
    let colon = |at: Option<usize>| kind(at) == Some(&TokenKind::Punct(':'));
    let word = |at: Option<usize>| match kind(at) {
        Some(TokenKind::Ident(word)) => Some(word.as_str()),
        _ => None,
    };
    let before = |n: usize| at.checked_sub(n);
    if colon(before(1)) && colon(before(2)) {
        // `::name` is a path from the root of all crates, `a::name` isn't.
        let end = |n: usize| before(n).map(|at| tokens[at].bytes.clone());
        let goes_on = matches!(kind(before(3)), Some(TokenKind::Ident(_) | TokenKind::Punct('>')))
            && end(3).map(|bytes| bytes.end) == end(2).map(|bytes| bytes.start);
        return !goes_on && colon(Some(at + 1));
    }
    let follows = colon(Some(at + 1)) && colon(Some(at + 2));
    let declared = matches!(word(before(1)), Some("use" | "crate")) && word(before(1)) != word(Some(at));
    kind(before(1)) != Some(&TokenKind::Punct('.')) && (follows || declared)
}

/// Features that a text names in conditions, in the code of docs as well.
fn features(text: &str) -> impl Iterator<Item = &str> {
    text.split("feature").skip(1).filter_map(|part| {
        let value = part.trim_start().strip_prefix('=')?.trim_start().strip_prefix('"')?;
        value.split_once('"').map(|(name, _)| name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Named {
        let externs = [("log", "log"), ("ini", "rust-ini"), ("serde_json", "serde_json"), ("tower", "tower")];
        let externs = externs.into_iter().map(|(name, package)| (name.to_owned(), package.to_owned()));
        let mut named = Named::default();
        named.add(text, &externs.collect());
        named
    }

    #[test]
    fn packages_that_code_begins_paths_with() {
        let cases = [
            ("use ini::Ini;", "rust-ini"),
            ("use ini;", "rust-ini"),
            ("use ::ini::Ini as I;", "rust-ini"),
            ("extern crate ini;", "rust-ini"),
            ("macro_rules! l { ($l:ident) => { #[cfg(feature = \"log\")] log::$l!(1) } }", "log"),
            ("fn f() { let x: <A as B>::log = 1; a::log::b(); self.log::<u8>(); s.log.x }", ""),
            ("/// `log::x`\nfn log() {} // log::info!()", ""),
            ("mod ini; use crate::ini::A; use self::ini::B; use {serde_json::json};", "serde_json"),
        ];
        for (text, expected) in cases {
            let packages = named(text).packages.into_iter().collect::<Vec<_>>().join(" ");
            assert_eq!(packages, expected, "{text}");
        }
    }

    #[test]
    fn what_tests_name_is_told_apart() {
        let found = named("fn f() { log::a() } #[cfg(test)] mod tests { use tower::Service; }");
        assert_eq!(found.packages, BTreeSet::from(["log".to_owned()]));
        assert_eq!(found.of_tests, BTreeSet::from(["tower".to_owned()]));
    }

    #[test]
    fn features_in_code_and_docs() {
        let found = named("#![cfg(feature = \"a\")]\n/// # #[cfg(feature=\"b-c\")]\nfn f(feature: u8) {}");
        assert_eq!(found.features.into_iter().collect::<Vec<_>>(), ["a", "b-c"]);
    }
}
