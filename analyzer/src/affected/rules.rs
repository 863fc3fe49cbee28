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

/// Outside of packages documents, pictures and the settings of editors and bots concern nobody either. In one they may be what
/// its tests read. Settings of Clippy change no build; they are for a run over everything.
const NEUTRAL_OUTSIDE: &[&str] = &[
    "*.md",
    "*.rst",
    "*.adoc",
    "*.png",
    "*.jpg",
    "*.jpeg",
    "*.gif",
    "*.svg",
    "*.webp",
    "*.ico",
    "clippy.toml",
    ".clippy.toml",
    "deny.toml",
    "AUTHORS*",
    ".vscode/",
    ".idea/",
    ".zed/",
    ".devcontainer/",
    "codecov.yml",
    ".codecov.yml",
    "renovate.json*",
    "typos.toml",
    "_typos.toml",
    ".github/**",
    "!.github/workflows/**",
    "!.github/actions/**",
    // Versions for other languages' tools.
    "poetry.lock",
    "uv.lock",
    "Pipfile.lock",
    "requirements*.txt",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "bun.lockb",
    "deno.lock",
    "go.sum",
    "Gemfile.lock",
    "composer.lock",
    "mix.lock",
    "gradle.lockfile",
    "Package.resolved",
    "Podfile.lock",
    "pubspec.lock",
];

/// What runs cargo, starts what it built, or packs it: outside of packages it may change how tests and programs run, but no
/// build reads it unless a source or build script names it.
const RUNNERS: &[&str] = &[
    ".github/",
    ".gitlab-ci.yml",
    ".gitlab/",
    ".circleci/",
    ".buildkite/",
    ".woodpecker*",
    ".travis.yml",
    ".cirrus.yml",
    ".drone.yml",
    "appveyor.yml",
    ".appveyor.yml",
    "azure-pipelines*.yml",
    "cloudbuild*.y*ml",
    "Jenkinsfile*",
    "bors.toml",
    "triagebot.toml",
    ".pre-commit-config.yaml",
    "Makefile*",
    "GNUmakefile",
    "*.mk",
    "[Jj]ustfile",
    ".justfile",
    "*.just",
    "Taskfile*.y*ml",
    "*.sh",
    "*.bash",
    "*.zsh",
    "*.fish",
    "*.ps1",
    "*.bat",
    "*.cmd",
    "*.py",
    "*.rb",
    "Dockerfile*",
    "*.Dockerfile",
    "*.dockerfile",
    "Containerfile*",
    ".dockerignore",
    "docker-compose*.y*ml",
    "compose*.y*ml",
    "docker-bake.*",
    "Procfile",
    "*.service",
    "*.tf",
    "*.sample",
    "*.example",
    // Other languages' tools pack what cargo built (maturin, napi) or test it.
    "pyproject.toml",
    "setup.cfg",
    "tox.ini",
    "Pipfile",
    "package.json",
    "pnpm-workspace.yaml",
    "tsconfig*.json",
    "go.mod",
    "go.work*",
    "Gemfile",
    "composer.json",
    "pom.xml",
    "*.gradle",
    "*.gradle.kts",
    "gradlew",
];

/// Files that concern nobody.
#[derive(Debug, Clone)]
pub struct Rules {
    own: Gitignore,
    neutral: Gitignore,
    outside: Gitignore,
    runners: Gitignore,
}

/// Whom a file in no package concerns that no source names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stray {
    /// Nobody.
    Nobodys,
    /// Whoever tests and packs what is around: nothing is compiled.
    Runner,
    /// Everybody around: data that a macro or a build script may read by a name that it puts together.
    Everybodys,
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
            outside: usual(NEUTRAL_OUTSIDE)?,
            runners: usual(RUNNERS)?,
        })
    }

    /// The user says that it concerns nobody.
    pub(super) fn ignores(&self, path: &str) -> bool {
        // Patterns say nothing of what lies beside the root.
        !path.starts_with("../") && self.own.matched_path_or_any_parents(path, false).is_ignore()
    }

    /// By its name it concerns nobody in its package.
    pub(super) fn is_neutral(&self, path: &str) -> bool {
        self.neutral.matched(path, false).is_ignore()
    }

    /// Whom it concerns by its name outside of any package.
    pub(super) fn stray(&self, path: &str) -> Stray {
        // Patterns say nothing of what lies beside the root.
        let matches = |rules: &Gitignore| {
            !path.starts_with("../") && rules.matched_path_or_any_parents(path, false).is_ignore()
        };
        if self.is_neutral(path) || matches(&self.outside) {
            Stray::Nobodys
        } else if matches(&self.runners) {
            Stray::Runner
        } else {
            Stray::Everybodys
        }
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
        for (path, neutral, stray) in [
            ("README.md", true, Stray::Nobodys),
            ("crates/a/README", true, Stray::Nobodys),
            ("crates/a/LICENSE-MIT", true, Stray::Nobodys),
            ("docs/guide.md", false, Stray::Nobodys),
            ("assets/logo.svg", false, Stray::Nobodys),
            (".vscode/settings.json", false, Stray::Nobodys),
            (".github/dependabot.yml", false, Stray::Nobodys),
            (".github/ISSUE_TEMPLATE/bug.yml", false, Stray::Nobodys),
            (".github/workflows/ci.yml", false, Stray::Runner),
            (".github/actions/setup/action.yml", false, Stray::Runner),
            (".gitlab-ci.yml", false, Stray::Runner),
            (".circleci/config.yml", false, Stray::Runner),
            ("Makefile", false, Stray::Runner),
            ("justfile", false, Stray::Runner),
            ("scripts/run.sh", false, Stray::Runner),
            ("tools/check.py", false, Stray::Runner),
            ("docker/Dockerfile.web", false, Stray::Runner),
            ("config/local.toml.sample", false, Stray::Runner),
            // What a build may read.
            ("proto/a.proto", false, Stray::Everybodys),
            ("migrations/1.sql", false, Stray::Everybodys),
            (".sqlx/query-1.json", false, Stray::Everybodys),
            ("config/local.toml", false, Stray::Everybodys),
            ("VERSION", false, Stray::Everybodys),
            ("flake.lock", false, Stray::Everybodys),
            ("../ci.sh", false, Stray::Everybodys),
        ] {
            assert_eq!(rules.is_neutral(path), neutral, "{path}");
            assert_eq!(rules.stray(path), stray, "{path}");
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
