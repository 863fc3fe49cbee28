//! Files and directories that macros look for beside the package's manifest, and directories of which macros include files by names
//! that are put together: they stay, and code that goes to another crate names them from there.

use std::ops::Range;
use std::path::{Path, PathBuf};

use super::Named;
use crate::apply::planned::Planned;
use crate::apply::rewrite::layout::Layout;
use crate::apply::rewrite::manifest::relative;
use crate::apply::source::tokens::{Token, TokenKind};
use crate::apply::source::tree::{SourceFile, Tree};
use crate::discover::normalize;
use crate::ids::{IdVec, PlanCrateId, SourceFileId};

/// Macros that embed a directory of migrations, this one where none is given (the documentation of sqlx, of refinery and of
/// diesel_migrations).
const MIGRATIONS: (&[&str], &str) = (&["migrate", "embed_migrations"], "migrations");

/// What macros of sqlx that read a query from a file begin with (its documentation).
const QUERY_FILE: &str = "query_file";

/// What `cargo sqlx prepare` writes: looked for beside the manifest, and then in the workspace's root (its documentation).
const OFFLINE: &str = ".sqlx";

/// What `include_dir!` has in its text in place of the manifest's directory (its documentation).
const MANIFEST_DIR: &str = "$CARGO_MANIFEST_DIR/";

/// More queries than these are not one package's.
const MOST_QUERIES: usize = 20_000;

/// What a path is relative to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Base {
    /// The manifest's directory.
    Manifest,
    /// That of the file that it is written in.
    File,
}

/// A name in code of what stays with the package.
struct Meant {
    base: Base,
    inner: String,
    /// Where the name stands, or would.
    bytes: Range<usize>,
    /// What comes before the path in the text, and after it.
    around: (&'static str, String),
}

/// How code of new crates has to name what stays with the package.
pub(super) fn of_package(
    target: &Planned,
    tree: &Tree,
    layout: &Layout,
    sources: &IdVec<PlanCrateId, PathBuf>,
) -> Named {
    let directory = target.manifest.parent().unwrap_or(&target.root);
    let mut named = Named::new();
    for (id, source) in tree.files.iter_enumerated() {
        for meant in all_meant(source) {
            let at = meant.bytes.start;
            let moved = layout.moved_test_at(tree, id, at).map(|test| test.krate);
            let krate = moved.or_else(|| layout.owner_at(tree, id, at));
            let Some(krate) = krate.filter(|&krate| !layout.crates[krate].residual) else { continue };
            let Some(own) = source.path.parent() else { continue };
            let (before, after) = match meant.base {
                Base::Manifest => (directory, sources[krate].parent().map(Path::to_owned)),
                // What tests move to is one file.
                Base::File if moved.is_some() => (own, Some(sources[krate].clone())),
                Base::File => {
                    (own, own.strip_prefix(&tree.source).ok().map(|inner| sources[krate].join(inner)))
                }
            };
            let found = normalize(&before.join(&meant.inner));
            if let Some(here) = after.filter(|_| found.exists()) {
                named.insert((id, at), (meant.bytes, text(&meant.around, &here, &found)));
            }
        }
    }
    named
}

/// Queries that were prepared for the package alone go to the workspace's root where code of new crates needs them, too.
pub(super) fn prepared_queries(target: &Planned, tree: &Tree, layout: &Layout) -> Vec<(PathBuf, PathBuf)> {
    let directory = target.manifest.parent().unwrap_or(&target.root);
    let root = target.workspace.parent().unwrap_or(&target.root);
    let (from, to) = (directory.join(OFFLINE), root.join(OFFLINE));
    let leaves = |(file, source): (SourceFileId, &SourceFile)| {
        source.tokens.windows(2).any(|pair| {
            let query = matches!(&pair[0].kind, TokenKind::Ident(name) if name.starts_with("query"));
            let owner = || layout.owner_at(tree, file, pair[0].bytes.start);
            query
                && pair[1].kind == TokenKind::Punct('!')
                && owner().is_some_and(|krate| !layout.crates[krate].residual)
        })
    };
    if from == to || to.exists() || !from.is_dir() || !tree.files.iter_enumerated().any(leaves) {
        return Vec::new();
    }
    let names = std::fs::read_dir(&from).into_iter().flatten().flatten().map(|entry| entry.file_name());
    let mut names: Vec<_> = names.take(MOST_QUERIES).collect();
    names.sort();
    names.into_iter().map(|name| (from.join(&name), to.join(name))).collect()
}

fn text((before, after): &(&str, String), here: &Path, found: &Path) -> String {
    format!("{:?}", format!("{before}{}{after}", relative(here, found)))
}

fn all_meant(source: &SourceFile) -> Vec<Meant> {
    let tokens = &source.tokens;
    let at =
        |at| in_call(source, at).or_else(|| in_attribute(source, at)).or_else(|| put_together(source, at));
    (0..tokens.len()).filter_map(at).collect()
}

/// By the macro whose name is a file's token.
fn in_call(source: &SourceFile, at: usize) -> Option<Meant> {
    let tokens = &source.tokens[at..];
    let [Token { kind: TokenKind::Ident(name), .. }, bang, open, ..] = tokens else { return None };
    if bang.kind != TokenKind::Punct('!') || !matches!(open.kind, TokenKind::Open(_)) {
        return None;
    }
    let (first, inner) = (open.bytes.end, &tokens[3..]);
    if inner.first()?.kind == TokenKind::Close && MIGRATIONS.0.contains(&name.as_str()) {
        return Some(of_manifest(MIGRATIONS.1, first..first));
    }
    let closes = inner.iter().position(|token| token.kind == TokenKind::Close)?;
    let mut literals = inner[..closes].iter().filter_map(|token| Some((token, literal(source, token)?)));
    let (token, text) = literals.next()?;
    let bytes = token.bytes.clone();
    match name.as_str() {
        "include_dir" => {
            let meant = of_manifest(text.strip_prefix(MANIFEST_DIR)?, bytes);
            Some(Meant { around: (MANIFEST_DIR, String::new()), ..meant })
        }
        name if MIGRATIONS.0.contains(&name) || name.starts_with(QUERY_FILE) => {
            Some(of_manifest(text, bytes))
        }
        _ => None,
    }
}

/// By rust-embed's attribute `#[folder = "…"]` (its documentation).
fn in_attribute(source: &SourceFile, at: usize) -> Option<Meant> {
    let [hash, open, name, equals, value, ..] = &source.tokens[at..] else { return None };
    let is = |token: &Token, kind: &TokenKind| token.kind == *kind;
    let folder = is(hash, &TokenKind::Punct('#'))
        && matches!(open.kind, TokenKind::Open(_))
        && is(name, &TokenKind::Ident("folder".to_owned()))
        && is(equals, &TokenKind::Punct('='));
    let inner = literal(source, value).filter(|text| folder && !text.contains('$'))?;
    Some(of_manifest(inner, value.bytes.clone()))
}

fn of_manifest(inner: &str, bytes: Range<usize>) -> Meant {
    Meant { base: Base::Manifest, inner: inner.to_owned(), bytes, around: ("", String::new()) }
}

/// `include_str!(concat!("texts/", $name, ".txt"))`: the directory.
fn put_together(source: &SourceFile, at: usize) -> Option<Meant> {
    let [name, bang, open, concat, again, inner, value, comma, ..] = &source.tokens[at..] else {
        return None;
    };
    let is = |token: &Token, words: &[&str]| match &token.kind {
        TokenKind::Ident(word) => words.contains(&word.as_str()),
        _ => false,
    };
    let calls = |bang: &Token, open: &Token| {
        bang.kind == TokenKind::Punct('!') && matches!(open.kind, TokenKind::Open(_))
    };
    let included = is(name, &["include", "include_str", "include_bytes"]) && calls(bang, open);
    let joined = is(concat, &["concat"]) && calls(again, inner) && comma.kind == TokenKind::Punct(',');
    let (inner, rest) = literal(source, value).filter(|_| included && joined)?.rsplit_once('/')?;
    Some(Meant {
        base: Base::File,
        inner: inner.to_owned(),
        bytes: value.bytes.clone(),
        around: ("", format!("/{rest}")),
    })
}

/// The text of a plain string.
fn literal<'s>(source: &'s SourceFile, token: &Token) -> Option<&'s str> {
    let TokenKind::Literal(_) = token.kind else { return None };
    let text = source.text[token.bytes.clone()].strip_prefix('"')?.strip_suffix('"')?;
    (!text.is_empty() && !text.contains('\\') && !text.starts_with('/')).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_macros_and_attributes_mean() {
        let cases = [
            ("static M: M = sqlx::migrate!();", Some(("migrations", ""))),
            ("static M: M = migrate!(\"./db/steps\");", Some(("./db/steps", "\"./db/steps\""))),
            ("refinery::embed_migrations!(\"steps\");", Some(("steps", "\"steps\""))),
            (
                "fn f() { sqlx::query_file_as!(User, \"sql/users.sql\", 1); }",
                Some(("sql/users.sql", "\"sql/users.sql\"")),
            ),
            (
                "static D: Dir = include_dir!(\"$CARGO_MANIFEST_DIR/ui\");",
                Some(("ui", "\"$CARGO_MANIFEST_DIR/ui\"")),
            ),
            ("#[derive(RustEmbed)]\n#[folder = \"ui/dist\"]\nstruct Ui;", Some(("ui/dist", "\"ui/dist\""))),
            (
                "macro_rules! m { ($l:literal) => { include_str!(concat!(\"../texts/a-\", $l, \".txt\")) } }",
                Some(("../texts", "\"../texts/a-\"")),
            ),
            ("const A: &str = include_str!(concat!(\"a\", \".txt\"));", None),
            ("static D: Dir = include_dir!(\"ui\");", None),
            ("fn f() { query!(\"select 1\"); migrate(\"a\"); migrate!(path); }", None),
            ("#[folder = \"$OUT_DIR/ui\"]\nstruct Ui;", None),
            ("fn f() { migrate!(\"/etc\"); }", None),
        ];
        for (text, expected) in cases {
            let tree = Tree::read(Path::new("src/lib.rs"), "a", &|_| Ok(text.to_owned())).unwrap();
            let source = tree.files.iter().next().unwrap();
            let all = all_meant(source);
            let found = all.first().map(|m| (m.inner.as_str(), &text[m.bytes.clone()]));
            assert_eq!(found, expected, "{text}");
            assert!(all.len() < 2, "{text}");
        }
        let cases = [
            ((MANIFEST_DIR, String::new()), "/w/app/ui", "\"$CARGO_MANIFEST_DIR/../app/ui\""),
            (("", "/a-".to_owned()), "/w/app/texts", "\"../app/texts/a-\""),
        ];
        for (around, found, expected) in cases {
            assert_eq!(text(&around, Path::new("/w/ui"), Path::new(found)), expected);
        }
    }
}
