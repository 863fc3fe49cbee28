//! Rules for files by their names: those that concern nobody, and those that concern everybody below them.

use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::error::{Error, Result};

/// Files that no build and no test reads wherever they lie, unless a source names them (`include_str!("../README.md")`).
const NEUTRAL: [&str; 22] = [
    "README*",
    "LICENSE*",
    "LICENCE*",
    "COPYING*",
    "COPYRIGHT*",
    "UNLICENSE*",
    "NOTICE*",
    "CHANGELOG*",
    "CHANGES*",
    "CONTRIBUTING*",
    "CODE_OF_CONDUCT*",
    "SECURITY*",
    "CODEOWNERS",
    ".gitignore",
    ".gitattributes",
    ".git-blame-ignore-revs",
    ".gitmodules",
    ".mailmap",
    ".editorconfig",
    ".ignore",
    "rustfmt.toml",
    ".rustfmt.toml",
];

/// Outside of packages documents concern nobody either. In one they may be what its tests read. Settings of Clippy change no
/// build; they are for a run over everything.
const NEUTRAL_OUTSIDE: [&str; 6] = ["*.md", "*.rst", "*.adoc", "clippy.toml", ".clippy.toml", "deny.toml"];

/// Files that concern nobody.
#[derive(Debug, Clone)]
pub struct Rules {
    own: Gitignore,
    neutral: Gitignore,
    outside: Gitignore,
}

impl Rules {
    /// The usual ones, and patterns of the user's in `.gitignore`'s syntax: what they match concerns nobody, whatever it is.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for what is no pattern.
    pub fn new(ignore: &[String]) -> Result<Self> {
        let usual = |patterns: &[&str]| matcher(patterns.iter().copied());
        Ok(Self {
            own: matcher(ignore.iter().map(String::as_str))?,
            neutral: usual(&NEUTRAL)?,
            outside: usual(&NEUTRAL_OUTSIDE)?,
        })
    }

    /// The user says that it concerns nobody.
    pub(super) fn ignores(&self, path: &str) -> bool {
        // Patterns say nothing of what lies beside the root.
        !path.starts_with("../") && self.own.matched_path_or_any_parents(path, false).is_ignore()
    }

    /// By its name it concerns nobody in its package, or outside of any.
    pub(super) fn is_neutral(&self, path: &str, in_package: bool) -> bool {
        let matches = |rules: &Gitignore| rules.matched(path, false).is_ignore();
        matches(&self.neutral) || (!in_package && matches(&self.outside))
    }
}

fn matcher<'a>(patterns: impl Iterator<Item = &'a str>) -> Result<Gitignore> {
    let mut builder = GitignoreBuilder::new(Path::new(""));
    builder.allow_unclosed_class(false);
    let invalid = |value: &str| Error::InvalidOption {
        option: "ignore pattern",
        value: value.to_owned(),
        expected: "a pattern as in .gitignore",
    };
    let mut all = String::new();
    for pattern in patterns {
        let says_nothing = pattern.trim().is_empty() || pattern.starts_with('#');
        if says_nothing || builder.add_line(None, pattern).is_err() {
            return Err(invalid(pattern));
        }
        all.push_str(pattern);
    }
    builder.build().map_err(|_| invalid(&all))
}

/// The directory whose packages all depend on a file: rustup's toolchain files and cargo's configuration hold below it (the
/// rustup book, "Overrides"; the Cargo Book, "Configuration: Hierarchical structure").
pub(super) fn concerns_all_below(path: &str) -> Option<&str> {
    let (dir, name) = path.rsplit_once('/').unwrap_or(("", path));
    if matches!(name, "rust-toolchain" | "rust-toolchain.toml") {
        return Some(dir);
    }
    // Whatever lies beside the configuration may be included by it, or be a linker or runner that it names.
    let at = path.find(".cargo/").filter(|&at| at == 0 || path[..at].ends_with('/'))?;
    Some(path[..at].trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_name() {
        let rules = Rules::new(&["/ci/".to_owned()]).unwrap();
        for (path, in_package, neutral) in [
            ("README.md", true, true),
            ("crates/a/README", true, true),
            ("crates/a/LICENSE-MIT", true, true),
            ("docs/guide.md", false, true),
            ("crates/a/docs/guide.md", true, false),
            ("Makefile", false, false),
            (".github/workflows/ci.yml", false, false),
        ] {
            assert_eq!(rules.is_neutral(path, in_package), neutral, "{path}");
        }
        assert!(rules.ignores("ci/x/y.sh") && !rules.ignores("a/ci/x") && !rules.ignores("../ci/x"));
        assert!(Rules::new(&["{".to_owned()]).is_err() && Rules::new(&[String::new()]).is_err());
    }

    #[test]
    fn everybody_below() {
        for (path, dir) in [
            ("rust-toolchain.toml", Some("")),
            ("a/rust-toolchain", Some("a")),
            (".cargo/config.toml", Some("")),
            ("a/b/.cargo/config", Some("a/b")),
            ("../.cargo/config.toml", Some("..")),
            ("a/x.cargo/config", None),
            ("src/lib.rs", None),
        ] {
            assert_eq!(concerns_all_below(path), dir, "{path}");
        }
    }
}
