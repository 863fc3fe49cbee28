//! Which sources name a file by a literal: `include_str!("x")`, `rerun-if-changed=x`, `#[template(path = "x")]`,
//! `migrate!("./migrations")`, or any other text that is the way to it.

use std::collections::{BTreeMap, BTreeSet};

use ra_ap_rustc_lexer::{FrontmatterAllowed, LiteralKind, TokenKind, tokenize};
use rayon::prelude::*;

use super::load::SourceTree;
use super::location::join;
use crate::base::FileTree;
use crate::discover::{Repository, above};

/// Macros that without an argument read the package's `migrations` (the documentation of sqlx and diesel_migrations).
const MIGRATES: [&str; 2] = ["migrate", "embed_migrations"];
const MIGRATIONS: &str = "./migrations";

/// For each of `paths` (relative to the root, or variables such as `CARGO_PKG_NAME`) the sources that name it, or a directory that it is
/// in.
///
/// A literal is tried from the source's own directory, from its package's, as macros and build scripts do, from the package's
/// `templates`, and from the directories above.
pub(crate) fn mentions(
    repository: &Repository,
    sources: &SourceTree,
    paths: &[&str],
) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    if paths.is_empty() {
        return found;
    }
    let wanted = Wanted::new(paths);
    let dirs: BTreeSet<&str> = repository.packages.iter().map(|package| package.dir.as_str()).collect();
    let files: Vec<&str> = sources.files.iter().map(|file| file.path.as_str()).collect();
    let of_file = |file: &&str| {
        let text = text(repository, file).unwrap_or_default();
        let package = above(file).find(|dir| dirs.contains(dir)).unwrap_or_default();
        let named: BTreeSet<usize> =
            literals(&text).into_iter().flat_map(|literal| wanted.named(&literal, file, package)).collect();
        named.into_iter().map(|index| (index, (*file).to_owned())).collect::<Vec<_>>()
    };
    for (index, file) in files.par_iter().flat_map_iter(of_file).collect::<Vec<_>>() {
        found.entry(paths[index].to_owned()).or_default().insert(file);
    }
    found
}

/// The paths that are looked for.
struct Wanted<'a> {
    paths: &'a [&'a str],
    /// Those that have a component of this name.
    by_component: BTreeMap<&'a str, Vec<usize>>,
}

impl<'a> Wanted<'a> {
    fn new(paths: &'a [&'a str]) -> Self {
        let mut by_component: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, path) in paths.iter().enumerate() {
            for component in path.split('/') {
                by_component.entry(component).or_default().push(index);
            }
        }
        Self { paths, by_component }
    }

    /// Which of the paths a literal means, in a source of a package.
    fn named(&self, literal: &str, source: &str, package: &str) -> Vec<usize> {
        // No path: a variable of the package that is compiled.
        if literal.starts_with("CARGO_PKG_") {
            return self.by_component.get(literal).cloned().unwrap_or_default();
        }
        let literal = rerun_path(literal).unwrap_or(literal);
        let literal = literal.strip_prefix("$CARGO_MANIFEST_DIR").unwrap_or(literal);
        // What follows `env!("CARGO_MANIFEST_DIR")` begins with a slash; a pattern means the directory before it.
        let fixed: Vec<&str> =
            literal.split('/').take_while(|part| !part.contains(['*', '?', '{'])).collect();
        let mut plain = fixed.iter().filter(|part| !matches!(**part, "" | "." | ".."));
        let Some(last) = plain.next_back() else { return Vec::new() };
        let Some(candidates) = self.by_component.get(last) else { return Vec::new() };
        let path = fixed.join("/");
        let path = path.trim_matches('/');
        let own = source.rsplit_once('/').map_or("", |(dir, _)| dir);
        let templates = join(package, "templates");
        // From there up nobody writes `..`, and a name alone means too much: every repository has a `README.md`.
        let goes_up = fixed.contains(&"..");
        let higher = above(package).filter(|_| path.contains('/'));
        let others = [templates.as_str()].into_iter().chain(higher).filter(|_| !goes_up);
        let bases = [own, package].into_iter().chain(others);
        let means: BTreeSet<String> = bases
            .map(|base| join(base, path))
            .filter(|path| !path.is_empty() && !is_inside(package, path))
            .collect();
        candidates
            .iter()
            .copied()
            .filter(|&index| means.iter().any(|path| is_inside(self.paths[index], path)))
            .collect()
    }
}

/// Whether a path is `dir` or lies below it.
fn is_inside(path: &str, dir: &str) -> bool {
    path.strip_prefix(dir).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What a directive for cargo tells to look at: `cargo:rerun-if-changed=x`, `cargo::rerun-if-changed=x`.
pub(super) fn rerun_path(literal: &str) -> Option<&str> {
    let rest = literal.strip_prefix("cargo:")?;
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    Some(rest.strip_prefix("rerun-if-changed=")?.trim_end())
}

pub(super) fn text(repository: &Repository, file: &str) -> Option<String> {
    let files: &FileTree = &repository.files;
    let bytes = files.read(&repository.root.join(file)).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// The string literals of a source without quotes; escapes are left as they are written.
pub(super) fn literals(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut at = 0;
    // How much of `migrate!()` has been read.
    let mut read = 0;
    for token in tokenize(source, FrontmatterAllowed::No) {
        let end = at + token.len as usize;
        let text = source.get(at..end).unwrap_or_default();
        if let TokenKind::Literal { kind: LiteralKind::Str { .. } | LiteralKind::RawStr { .. }, .. } =
            token.kind
        {
            found.push(text.trim_start_matches('r').trim_matches('#').trim_matches('"').to_owned());
        }
        read = match (read, token.kind) {
            (_, TokenKind::Ident) => u8::from(MIGRATES.contains(&text)),
            (n, TokenKind::Whitespace) => n,
            (1, TokenKind::Bang) => 2,
            (2, TokenKind::OpenParen) => 3,
            (3, TokenKind::CloseParen) => {
                found.push(MIGRATIONS.to_owned());
                0
            }
            _ => 0,
        };
        at = end;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_that_mean_a_path() {
        for (literal, source, package, path, expected) in [
            ("../README.md", "crates/a/src/lib.rs", "crates/a", "crates/a/README.md", true),
            ("x.txt", "crates/a/src/lib.rs", "crates/a", "crates/a/src/x.txt", true),
            ("x.txt", "crates/a/src/lib.rs", "crates/a", "crates/b/src/x.txt", false),
            ("/data/x.txt", "crates/a/src/lib.rs", "crates/a", "crates/a/data/x.txt", true),
            ("$CARGO_MANIFEST_DIR/assets", "a/src/lib.rs", "a", "a/assets/css/x.css", true),
            ("index.html", "a/src/lib.rs", "a", "a/templates/index.html", true),
            ("./migrations", "a/src/db.rs", "a", "a/migrations/1_init.sql", true),
            ("cargo:rerun-if-changed=proto/x.proto", "a/build.rs", "a", "a/proto/x.proto", true),
            ("cargo::rerun-if-changed=../proto/", "a/build.rs", "a", "proto/x.proto", true),
            ("tests/ui/*.rs", "a/tests/ui.rs", "a", "a/tests/ui/one.rs", true),
            ("../fixtures", "cli/tests/cli.rs", "cli", "fixtures/shop/src/lib.rs", true),
            ("docs/x.md", "a/src/lib.rs", "a", "docs/x.md", true),
            // A name alone means nothing above the package, and nothing names the package itself.
            ("docs", "a/src/lib.rs", "a", "docs/x.md", false),
            ("README.md", "a/src/lib.rs", "a", "README.md", false),
            ("docs", "a/src/lib.rs", "a", "a/docs/x.md", true),
            ("../README.md", "crates/a/src/lib.rs", "crates/a", "README.md", false),
            ("..", "a/src/lib.rs", "a", "a/x.md", false),
            ("a", "crates/a/src/lib.rs", "crates/a", "crates/a/x.md", false),
            ("README", "a/src/lib.rs", "a", "a/README.md", false),
        ] {
            let paths = [path];
            let found = Wanted::new(&paths).named(literal, source, package);
            assert_eq!(!found.is_empty(), expected, "{literal} in {source}: {path}");
        }
    }

    #[test]
    fn literals_of_a_source() {
        let source =
            "// \"no\"\nfn f() { g(\"a/b\", r#\"c\"#, 'x', b\"d\", \"e\\\"f\") } /* \"no\" */ \"open";
        assert_eq!(literals(source), ["a/b", "c", "e\\\"f", "open"]);
        let source = "fn f() { sqlx::migrate!().run(); embed_migrations! ( ); migrate!(\"./db\"); migrate(); /* migrate!() */ }";
        assert_eq!(literals(source), ["./migrations", "./migrations", "./db"]);
    }
}
