//! Packages whose build script runs again after a change of any of their files: it says nothing of files, or names what it looks at only
//! when it runs. What a manifest's `include` and `exclude` leave out of the package is none of them (the Cargo Book, "Build Scripts: Change
//! Detection").

use std::collections::BTreeMap;
use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use ra_ap_rustc_lexer::{FrontmatterAllowed, TokenKind, tokenize};
use rayon::prelude::*;
use toml::{Table, Value};

use super::mentions::{literals, rerun_path, text};
use crate::discover::{DependencyKind, Repository, TargetKind, manifest_table};
use crate::ids::{PackageId, TargetId};

/// Those packages.
#[derive(Debug, Default)]
pub(crate) struct WholeScripts {
    of: BTreeMap<PackageId, Whole>,
}

#[derive(Debug)]
struct Whole {
    listed: Listed,
    /// Whether the script may read a file.
    reads: bool,
}

/// What a script reads files by, or runs programs that do; packages that it depends on may do either.
const READ_BY: [&str; 8] =
    ["fs", "File", "OpenOptions", "Command", "include", "include_str", "include_bytes", "libc"];

/// Which files are of a package.
#[derive(Debug)]
enum Listed {
    Included(Gitignore),
    AllBut(Gitignore),
}

impl WholeScripts {
    /// `files_of` are the sources of a script.
    pub(crate) fn new(repository: &Repository, files_of: impl Fn(TargetId) -> Vec<String> + Sync) -> Self {
        let scripts: Vec<(TargetId, PackageId)> = repository
            .targets
            .iter_enumerated()
            .filter(|(_, target)| target.kind == TargetKind::BuildScript)
            .map(|(id, target)| (id, target.package))
            .collect();
        let whole = |&(id, package): &(TargetId, PackageId)| {
            let files = files_of(id);
            let texts: Vec<String> = files.iter().filter_map(|file| text(repository, file)).collect();
            let depends =
                || repository.packages[package].dependencies.iter().any(|d| d.kind == DependencyKind::Build);
            let reads = || texts.len() < files.len() || texts.iter().any(|text| may_read(text)) || depends();
            is_whole(&texts)
                .then(|| (package, Whole { listed: Listed::new(repository, package), reads: reads() }))
        };
        Self { of: scripts.par_iter().filter_map(whole).collect() }
    }

    /// The packages, each with nothing said of which files.
    pub(crate) fn packages(&self) -> impl Iterator<Item = PackageId> {
        self.of.keys().copied()
    }

    /// Whether a package's script runs again after a change of a path of the package.
    pub(crate) fn runs_after(&self, repository: &Repository, package: PackageId, path: &str) -> bool {
        let dir = repository.packages[package].dir.as_str();
        let inside = path.strip_prefix(dir).unwrap_or(path).trim_start_matches('/');
        self.of.get(&package).is_some_and(|whole| whole.listed.has(inside))
    }

    /// Whether what such a script says may hang on what the files of the package hold: one that only prints what it has says
    /// the same however often it runs.
    pub(crate) fn reads(&self, package: PackageId) -> bool {
        self.of.get(&package).is_some_and(|whole| whole.reads)
    }
}

/// Whether a script of these files runs again after a change of any file of its package.
pub(crate) fn reruns_after_any<'a>(repository: &Repository, files: impl Iterator<Item = &'a str>) -> bool {
    is_whole(&files.filter_map(|file| text(repository, file)).collect::<Vec<_>>())
}

fn may_read(source: &str) -> bool {
    let mut at = 0;
    tokenize(source, FrontmatterAllowed::No).any(|token| {
        let text = source.get(at..at + token.len as usize).unwrap_or_default();
        at += token.len as usize;
        token.kind == TokenKind::Ident && READ_BY.contains(&text)
    })
}

fn is_whole(texts: &[String]) -> bool {
    let directives: Vec<String> =
        texts.iter().flat_map(|text| literals(text)).filter(|l| l.contains("rerun-if-")).collect();
    let named_later =
        directives.iter().any(|l| rerun_path(l).is_some_and(|path| path.is_empty() || path.contains('{')));
    directives.is_empty() || named_later
}

impl Listed {
    fn new(repository: &Repository, package: PackageId) -> Self {
        let table = manifest_table(repository, &repository.packages[package].manifest).unwrap_or_default();
        let patterns = |key: &str| patterns(&table, key);
        match patterns("include") {
            Some(include) => Self::Included(include),
            None => Self::AllBut(patterns("exclude").unwrap_or_else(Gitignore::empty)),
        }
    }

    fn has(&self, path: &str) -> bool {
        let matches = |rules: &Gitignore| rules.matched_path_or_any_parents(path, false).is_ignore();
        match self {
            // Manifests are of every package.
            Self::Included(rules) => matches!(path, "Cargo.toml" | "Cargo.lock") || matches(rules),
            Self::AllBut(rules) => !matches(rules),
        }
    }
}

/// The patterns of a manifest under a key; `None` without any, or where they are inherited.
fn patterns(table: &Table, key: &str) -> Option<Gitignore> {
    let lines = table.get("package")?.get(key)?.as_array()?;
    if lines.is_empty() {
        return None;
    }
    let mut builder = GitignoreBuilder::new(Path::new(""));
    for line in lines.iter().filter_map(Value::as_str) {
        builder.add_line(None, line).ok()?;
    }
    builder.build().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_that_read_nothing() {
        for (source, reads) in [
            ("fn main() { println!(\"cargo:rustc-check-cfg=cfg(x)\"); }", false),
            (
                "// fs, File\nfn main() { if std::env::var_os(\"X\").is_some() { println!(\"include\") } }",
                false,
            ),
            ("fn main() { std::fs::read_to_string(\"x\").unwrap(); }", true),
            ("use std::process::Command as C; fn main() {}", true),
            ("fn main() { println!(\"{}\", include_str!(\"x\")) }", true),
        ] {
            assert_eq!(may_read(source), reads, "{source}");
        }
    }

    #[test]
    fn files_of_a_package() {
        let listed = |text: &str, path: &str| {
            let table: Table = format!("[package]\n{text}\n").parse().unwrap();
            let listed = match patterns(&table, "include") {
                Some(include) => Listed::Included(include),
                None => Listed::AllBut(patterns(&table, "exclude").unwrap_or_else(Gitignore::empty)),
            };
            listed.has(path)
        };
        let include = "include = ['src/**/*', '/README.md', '!**/tests/**']";
        for (text, path, expected) in [
            ("", "CHANGELOG.md", true),
            (include, "CHANGELOG.md", false),
            (include, "src/a/b.rs", true),
            (include, "src/tests/b.rs", false),
            (include, "README.md", true),
            (include, "docs/README.md", false),
            (include, "Cargo.toml", true),
            ("exclude = ['docs/', '*.png']", "docs/a/b.md", false),
            ("exclude = ['docs/', '*.png']", "a/b.png", false),
            ("exclude = ['docs/', '*.png']", "src/lib.rs", true),
            ("include = []", "CHANGELOG.md", true),
            ("include.workspace = true", "CHANGELOG.md", true),
        ] {
            assert_eq!(listed(text, path), expected, "{text} {path}");
        }
    }
}
