//! What to discover, and for which features and target.

use std::path::{Path, PathBuf};

use cfg_expr::targets::get_builtin_target_by_triple;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::model::CfgSet;
use crate::base::{ReadOptions, ToolOptions};
use crate::error::{Error, Result};

/// Options of [`discover`](super::discover).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscoverOptions {
    /// Features to switch on, as for `cargo build --workspace --features`: `a`, `package/a`, several in one string.
    pub features: Vec<String>,
    /// Every feature of every member.
    pub all_features: bool,
    /// Leave the members' default features off (a dependent may still ask for them).
    pub no_default_features: bool,
    /// The triple to analyse for; the host's without it.
    pub target: Option<String>,
    /// Flags that hold besides the target's own, as for `rustc --cfg`: `tokio_unstable`, `backend="simd"`.
    pub cfgs: Vec<String>,
    /// What to leave out besides what `.gitignore` does: lines in the same syntax, relative to the root.
    pub exclude: Vec<String>,
    /// How many packages outside of any `[workspace]`, and how many that are a workspace each, cargo is asked about;
    /// further ones (test fixtures, as a rule) are read without it. One call takes about 40 ms (`time cargo metadata
    /// --no-deps` on nushell, 2 cores), and two run at once there: the default keeps each kind under half a second.
    pub max_lone_packages: usize,
    /// Cargo's home, whose `config.toml` may set profiles; that of nobody without it. Its files are read, nothing is run.
    pub cargo_home: Option<PathBuf>,
    /// Which files may be read, of this stage and of all that read what it finds.
    pub reading: ReadOptions,
    /// How cargo is run.
    pub tools: ToolOptions,
}

/// Cargo's home as cargo finds it (the Cargo Book, "Cargo Home").
pub fn cargo_home() -> Option<PathBuf> {
    let own = std::env::var_os("CARGO_HOME").filter(|home| !home.is_empty()).map(PathBuf::from);
    own.or_else(|| Some(std::env::home_dir()?.join(".cargo")))
}

impl Default for DiscoverOptions {
    fn default() -> Self {
        Self {
            features: Vec::new(),
            all_features: false,
            no_default_features: false,
            target: None,
            cfgs: Vec::new(),
            exclude: Vec::new(),
            max_lone_packages: 16,
            cargo_home: None,
            reading: ReadOptions::default(),
            tools: ToolOptions::default(),
        }
    }
}

impl DiscoverOptions {
    /// The `cfg`s that hold.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for a triple that nobody knows, and for what is no flag.
    pub(super) fn cfg(&self) -> Result<CfgSet> {
        let mut set = match self.target.as_deref() {
            None => CfgSet::host(),
            Some(triple) if get_builtin_target_by_triple(triple).is_some() => CfgSet::for_triple(triple),
            Some(other) => {
                let expected = "a triple of `rustc --print target-list`, such as x86_64-unknown-linux-gnu,";
                return Err(invalid("target", other, expected));
            }
        };
        for text in &self.cfgs {
            set.flags.insert(
                flag(text)
                    .ok_or_else(|| invalid("cfg", text, "a name, or a name and a value (key=\"value\"),"))?,
            );
        }
        Ok(set)
    }

    /// What is left out of `root`.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for what is no pattern.
    pub(super) fn exclusions(&self, root: &Path) -> Result<Gitignore> {
        let mut builder = GitignoreBuilder::new(root);
        builder.allow_unclosed_class(false);
        let expected = "a pattern as in .gitignore";
        for line in &self.exclude {
            let says_nothing = line.trim().is_empty() || line.starts_with('#');
            if says_nothing || builder.add_line(None, line).is_err() {
                return Err(invalid("exclude pattern", line, expected));
            }
        }
        builder.build().map_err(|_| invalid("exclude pattern", &self.exclude.join(" "), expected))
    }
}

fn invalid(option: &'static str, value: &str, expected: &'static str) -> Error {
    Error::InvalidOption { option, value: value.to_owned(), expected }
}

/// `name` or `key="value"`, quotes optional (a shell may have eaten them).
fn flag(text: &str) -> Option<(String, Option<String>)> {
    let (key, value) = match text.split_once('=') {
        Some((key, value)) => (key.trim(), Some(value.trim().trim_matches('"'))),
        None => (text.trim(), None),
    };
    let mut letters = key.chars();
    let is_name = letters.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && letters.all(|c| c.is_alphanumeric() || c == '_');
    let is_value = value.is_none_or(|v| !v.contains(['"', '\\']));
    (is_name && is_value).then(|| (key.to_owned(), value.map(str::to_owned)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_nothing_is_refused() {
        let cases: &[(&str, &[&str], &[&str], &str)] = &[
            (
                "x86_64-unknown-linux-gnu",
                &["tokio_unstable", "backend=\"simd\"", "a = b", "e="],
                &["*.rs", "!x", "[az]"],
                "",
            ),
            ("nope", &[], &[], "`nope` is no target"),
            ("", &[], &[], "`` is no target"),
            ("x86_64-unknown-linux-gnu", &["("], &[], "`(` is no cfg"),
            ("x86_64-unknown-linux-gnu", &[""], &[], "`` is no cfg"),
            ("x86_64-unknown-linux-gnu", &["a b"], &[], "`a b` is no cfg"),
            ("x86_64-unknown-linux-gnu", &["k=\"v\"w\""], &[], "is no cfg"),
            ("x86_64-unknown-linux-gnu", &[], &["[z"], "`[z` is no exclude pattern"),
            ("x86_64-unknown-linux-gnu", &[], &["{"], "`{` is no exclude pattern"),
            ("x86_64-unknown-linux-gnu", &[], &[""], "`` is no exclude pattern"),
        ];
        for (target, cfgs, exclude, expected) in cases {
            let options = DiscoverOptions {
                target: Some((*target).to_owned()),
                cfgs: cfgs.iter().map(|c| (*c).to_owned()).collect(),
                exclude: exclude.iter().map(|e| (*e).to_owned()).collect(),
                ..DiscoverOptions::default()
            };
            let found = options.cfg().and_then(|_| options.exclusions(Path::new("/r")));
            let said = found.map_or_else(|error| error.to_string(), |_| String::new());
            assert!(
                said.contains(expected) && said.is_empty() == expected.is_empty(),
                "{target} {cfgs:?} {exclude:?}: {said}"
            );
        }
    }
}
