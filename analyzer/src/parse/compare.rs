//! Which parts of a source differ from an older text of it: functions, types, associated items, one by one.
//!
//! Comments, docs, space and order make no difference. Where more than single items differ, or one that may run without being
//! named, nothing less than the whole source has changed.

use std::collections::{BTreeMap, BTreeSet};

use ra_ap_rustc_lexer::{FrontmatterAllowed, TokenKind, tokenize};

use super::text::parse;
use super::tree::{ItemTree, NodeId, NodeKind};
use crate::discover::{CfgExpr, Edition, Repository};

/// First and last line, from 1.
pub(crate) type Lines = (u32, u32);

/// Attributes of which nothing runs by itself; those of derives are among them.
const QUIET: [&str; 24] = [
    "allow",
    "arg",
    "clap",
    "cold",
    "command",
    "default",
    "deny",
    "deprecated",
    "derive",
    "doc",
    "error",
    "expect",
    "forbid",
    "from",
    "inline",
    "instrument",
    "must_use",
    "non_exhaustive",
    "repr",
    "serde",
    "source",
    "strum",
    "track_caller",
    "warn",
];

/// [`changed_parts`] of a file as it is now; `None` also where it can't be read.
pub(crate) fn parts_of(
    repository: &Repository,
    path: &str,
    before: &str,
    edition: Edition,
) -> Option<Vec<Lines>> {
    let bytes = repository.files.read(&repository.root.join(path)).ok()?;
    changed_parts(before, std::str::from_utf8(&bytes).ok()?, edition)
}

/// The lines in `after` of what is new there or differs from `before`, sorted; `None` where that is more than single items.
fn changed_parts(before: &str, after: &str, edition: Edition) -> Option<Vec<Lines>> {
    let (old, new) = (Parts::of(before, edition)?, Parts::of(after, edition)?);
    if old.rest != new.rest {
        return None;
    }
    let known: BTreeSet<(&Key, &str)> = old.list.iter().map(|part| (&part.key, part.text.as_str())).collect();
    let is_new = |part: &&Part| !known.contains(&(&part.key, part.text.as_str()));
    let changed: Vec<&Part> = new.list.iter().filter(is_new).collect();
    let kept: BTreeSet<&Key> = new.list.iter().map(|part| &part.key).collect();
    let gone = old.list.iter().filter(|part| !kept.contains(&part.key));
    if gone.clone().any(|part| part.key.is_bound) || changed.iter().any(|part| !is_quiet(&part.text)) {
        return None;
    }
    let mut lines: Vec<Lines> = changed.into_iter().map(|part| part.lines).collect();
    lines.sort_unstable();
    lines.dedup();
    Some(lines)
}

/// What makes a part the same in both texts.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    /// The modules, or the header of the `impl` or trait around it.
    around: String,
    name: String,
    /// Whether something else may be meant without it where nobody writes another name: associated items, `impl`s, macros.
    is_bound: bool,
}

#[derive(Debug)]
struct Part {
    key: Key,
    text: String,
    lines: Lines,
}

/// A text in parts.
struct Parts<'a> {
    lines: Vec<&'a str>,
    list: Vec<Part>,
    /// What is in none of them: imports, modules, macro calls, attributes of the file.
    rest: String,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str, edition: Edition) -> Option<Self> {
        let parsed = parse(text, super::files::read::parser_edition(edition));
        if !parsed.problems.is_empty() {
            return None;
        }
        let mut parts = Self { lines: text.lines().collect(), list: Vec::new(), rest: String::new() };
        let all = (1, parts.lines.len() as u32);
        parts.rest = parts.inside(&parsed.tree, &parsed.tree.top, all, "");
        Some(parts)
    }

    /// Takes the parts out of some lines; what is left of these.
    fn inside(&mut self, tree: &ItemTree, ids: &[NodeId], (first, last): Lines, around: &str) -> String {
        let mut free: BTreeMap<u32, bool> = (first..=last).map(|line| (line, true)).collect();
        let mut left = String::new();
        for &id in ids {
            let node = &tree[id];
            let lines = (node.line, node.end_line.max(node.line));
            let tests = node.flags.test || node.cfgs.iter().any(|cfg| CfgExpr::parse(cfg).needs_test());
            let (name, is_bound) =
                (node.name.as_str(), around.starts_with("impl ") || around.starts_with("trait "));
            match &node.kind {
                _ if tests => {}
                NodeKind::Use(_) | NodeKind::ExternCrate(_) | NodeKind::Call(_) => continue,
                NodeKind::Module(module) => match &module.content {
                    None => continue,
                    Some(content) => {
                        left += &self.inside(tree, content, lines, &format!("mod {around} {name}"));
                    }
                },
                NodeKind::Impl(imp) => self.block(tree, &imp.items, lines, "impl"),
                NodeKind::Trait(_, items) => self.block(tree, items, lines, "trait"),
                kind => {
                    let is_bound = is_bound || matches!(kind, NodeKind::Macro(_));
                    let text = self.text(lines.0..=lines.1);
                    self.add(around, name, is_bound, text, lines);
                }
            }
            free.extend((lines.0..=lines.1).map(|line| (line, false)));
        }
        let free = free.into_iter().filter(|(_, free)| *free).map(|(line, _)| line);
        left + &self.text(free)
    }

    /// An `impl` or a trait: its header is a part of its own, which takes all of it along.
    fn block(&mut self, tree: &ItemTree, items: &[NodeId], lines: Lines, word: &str) {
        let inner: BTreeSet<u32> = items.iter().flat_map(|&id| tree[id].line..=tree[id].end_line).collect();
        let mut header = self.text((lines.0..=lines.1).filter(|line| !inner.contains(line)));
        if inner.contains(&lines.0) {
            let first = self.lines.get(lines.0 as usize - 1).and_then(|line| line.split('{').next());
            header = tokens(first.unwrap_or_default()) + &header;
        }
        let around = format!("{word} {header}");
        self.add(&around, "", true, header, lines);
        let left = self.inside(tree, items, lines, &around);
        // Macro calls in it.
        self.add(&around, "!", true, left, lines);
    }

    fn add(&mut self, around: &str, name: &str, is_bound: bool, text: String, lines: Lines) {
        let key = Key { around: around.to_owned(), name: name.to_owned(), is_bound };
        self.list.push(Part { key, text, lines });
    }

    /// The tokens of lines.
    fn text(&self, lines: impl IntoIterator<Item = u32>) -> String {
        let lines: Vec<&str> =
            lines.into_iter().filter_map(|line| self.lines.get(line as usize - 1).copied()).collect();
        tokens(&lines.join("\n"))
    }
}

/// The tokens of a text, one space after each; comments and docs are none.
fn tokens(text: &str) -> String {
    let (mut at, mut out) = (0, String::new());
    for token in tokenize(text, FrontmatterAllowed::No) {
        let end = at + token.len as usize;
        let says = !matches!(
            token.kind,
            TokenKind::Whitespace | TokenKind::LineComment { .. } | TokenKind::BlockComment { .. }
        );
        if says && let Some(token) = text.get(at..end) {
            out += token;
            out.push(' ');
        }
        at = end;
    }
    out
}

/// Whether no attribute may make a part run without being named.
fn is_quiet(text: &str) -> bool {
    text.split("# [ ").skip(1).all(|attribute| {
        let name = attribute.split(' ').next().unwrap_or_default();
        let last = attribute.split(['(', ']', '=']).next().unwrap_or_default().trim();
        let last = last.rsplit("::").next().unwrap_or_default().rsplit(':').next().unwrap_or_default().trim();
        QUIET.contains(&name) || QUIET.contains(&last)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "//! Docs.\nuse std::fmt;\nmod other;\n/// One.\npub fn one() -> u8 {\n    1\n}\n#[derive(Debug)]\npub struct Two {\n    \
                        pub a: u8,\n}\nimpl Two {\n    pub fn get(&self) -> u8 {\n        self.a\n    }\n    pub fn set(&mut self) {\n        \
                        self.a = 1;\n    }\n}\nimpl fmt::Display for Two {\n    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {\n        \
                        Ok(())\n    }\n}\n#[cfg(test)]\nmod tests {\n    use super::*;\n}\nlazy!(A);\n";

    #[test]
    fn what_differs() {
        let cases: &[(&str, &str, Option<&[Lines]>)] = &[
            ("", "", Some(&[])),
            // Comments, docs, space and order.
            ("/// One.", "/// Two. It's new.\n// And more.", Some(&[])),
            ("    1\n", "  1 // one\n", Some(&[])),
            // A body, a method, a type, a new function, a new method: those alone.
            ("    1\n", "    2\n", Some(&[(4, 7)])),
            ("        self.a = 1;", "        self.a = 2;", Some(&[(16, 18)])),
            ("    pub a: u8,", "    pub a: u8,\n    b: u8,", Some(&[(8, 12)])),
            ("#[derive(Debug)]", "#[derive(Debug, Clone)]", Some(&[(8, 11)])),
            ("lazy!(A);\n", "lazy!(A);\nfn new() {}\n", Some(&[(30, 30)])),
            ("    pub fn set(", "    fn new(&self) {}\n    pub fn set(", Some(&[(16, 16)])),
            ("    Ok(())\n", "    Err(fmt::Error)\n", Some(&[(21, 23)])),
            (
                "lazy!(A);\n",
                "lazy!(A);\nimpl Drop for Two {\n    fn drop(&mut self) {}\n}\n",
                Some(&[(30, 32), (31, 31)]),
            ),
            // What only tests have.
            ("    use super::*;\n", "    use super::*;\n    fn t() {}\n", Some(&[])),
            // A function that is gone: who called it differs too.
            ("/// One.\npub fn one() -> u8 {\n    1\n}\n", "", Some(&[])),
            // A method, an `impl`: something else may be called now.
            ("    pub fn set(&mut self) {\n        self.a = 1;\n    }\n", "", None),
            ("impl fmt::Display for Two", "impl fmt::Debug for Two", None),
            // Imports, modules, macro calls, attributes of the file, and those that may be macros.
            ("use std::fmt;", "use std::fmt::{self, Write};", None),
            ("mod other;", "", None),
            ("lazy!(A);", "lazy!(B);", None),
            ("use std::fmt;", "#![allow(unused)]\nuse std::fmt;", None),
            ("/// One.\n", "#[ctor::ctor]\n", None),
            ("/// One.\n", "#[unsafe(no_mangle)]\n", None),
            ("/// One.\n", "#[inline]\n", Some(&[(4, 7)])),
            ("/// One.\n", "#[tracing::instrument(skip(x))]\n", Some(&[(4, 7)])),
            // No Rust any more.
            ("pub fn one() -> u8 {", "pub fn one( -> {", None),
        ];
        for (from, to, expected) in cases {
            assert!(BASE.contains(from), "{from}");
            let after = BASE.replacen(from, to, 1);
            let found = changed_parts(BASE, &after, Edition::E2021);
            assert_eq!(found.as_deref(), *expected, "{from:?} -> {to:?}");
        }
    }

    #[test]
    fn odd_texts() {
        for text in ["", "\n", "fn f() {} fn g() {}", "impl X { m!(); }", "mod a { mod b { fn f() {} } }"] {
            assert_eq!(changed_parts(text, text, Edition::E2021), Some(Vec::new()), "{text:?}");
        }
        let call = changed_parts("impl X { m!(a); }", "impl X { m!(b); }", Edition::E2021);
        assert_eq!(call, Some(vec![(1, 1)]), "all of it, with what the call makes");
        let two = "impl A for X { fn f() {} }\nimpl B for X { fn f() {} }\n";
        assert_eq!(changed_parts(two, "impl A for X { fn f() {} }\n", Edition::E2021), None);
        let (before, after) = (
            "mod a {\n    mod b {\n        fn f() {}\n    }\n}\n",
            "mod a {\n    mod b {\n        fn f() { 1; }\n    }\n}\n",
        );
        assert_eq!(changed_parts(before, after, Edition::E2021), Some(vec![(3, 3)]));
    }
}
