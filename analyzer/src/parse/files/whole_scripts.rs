//! Packages whose build script runs again after a change of any of their files: it says nothing of files, or names what it looks at only
//! when it runs. What a manifest's `include` and `exclude` leave out of the package is none of them (the Cargo Book, "Build Scripts: Change
//! Detection").

use std::collections::BTreeMap;
use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use rayon::prelude::*;
use toml::{Table, Value};

use super::mentions::{literals, rerun_path, text};
use crate::discover::{Repository, TargetKind, manifest_table};
use crate::ids::{PackageId, TargetId};

/// Those packages.
#[derive(Debug, Default)]
pub(crate) struct WholeScripts {
    of: BTreeMap<PackageId, Listed>,
}

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
            let looks_at_all = is_whole(repository, &files_of(id));
            looks_at_all.then(|| (package, Listed::new(repository, package)))
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
        self.of.get(&package).is_some_and(|listed| listed.has(inside))
    }
}

fn is_whole(repository: &Repository, files: &[String]) -> bool {
    let texts: Vec<String> = files.iter().filter_map(|file| text(repository, file)).collect();
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
