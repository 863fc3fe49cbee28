//! `plan.toml`: a split described by the user.
//!
//! ```toml
//! [[crate]]
//! name = "shop-catalog"               # of the new package
//! from = "shop"                       # the package it is taken from
//! modules = ["shop::catalog"]         # each with everything below it
//! items = ["shop::Error"]             # single items taken out of their module
//! ```
//!
//! A `[[crate]]` whose name is that of its package names what stays, though a module around it leaves.

use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

use crate::error::{Error, Result};

/// A described split, as written: nothing in it is checked against a repository yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanFile {
    /// The file, as messages name it.
    pub path: PathBuf,
    /// Whether packages stay above the crates that are taken from them, whatever these need of them; else they do where that is
    /// little.
    pub on_top: bool,
    /// The new crates, in the file's order; at least one.
    pub crates: Vec<DescribedCrate>,
}

/// One `[[crate]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribedCrate {
    /// Name of the new package.
    pub name: Named,
    /// Name of the package it is taken from.
    pub from: Named,
    /// Paths of modules, each taken with everything below it that no other entry names.
    pub modules: Vec<Named>,
    /// Paths of single items.
    pub items: Vec<Named>,
}

impl DescribedCrate {
    /// Whether this is the package itself: what it names stays, though a module around it leaves.
    pub fn stays(&self) -> bool {
        self.name.text == self.from.text
    }
}

/// A word of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The word, without spaces around it.
    pub text: String,
    /// Its line, from 1.
    pub line: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPlan {
    #[serde(default, rename = "on-top")]
    on_top: bool,
    #[serde(rename = "crate")]
    crates: Vec<RawCrate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCrate {
    name: Spanned<String>,
    from: Spanned<String>,
    #[serde(default)]
    modules: Vec<Spanned<String>>,
    #[serde(default)]
    items: Vec<Spanned<String>>,
}

impl PlanFile {
    /// Reads the text of a plan; `path` is only for messages.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] with the line when it is no TOML, lacks a field, or has one that is not known.
    pub fn parse(path: &Path, text: &str) -> Result<Self> {
        let lines = Lines::new(text);
        let invalid =
            |line: usize, message: String| Error::InvalidInput { path: path.to_path_buf(), line, message };
        let raw: RawPlan = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(0, |span| lines.of(&span) as usize);
            invalid(line, error.message().to_owned())
        })?;
        if raw.crates.is_empty() {
            return Err(invalid(1, "it describes no crate: write a `[[crate]]`".to_owned()));
        }
        let all = |words: &[Spanned<String>]| words.iter().map(|word| lines.named(word)).collect();
        let crates = raw.crates.iter().map(|krate| DescribedCrate {
            name: lines.named(&krate.name),
            from: lines.named(&krate.from),
            modules: all(&krate.modules),
            items: all(&krate.items),
        });
        Ok(Self { path: path.to_path_buf(), on_top: raw.on_top, crates: crates.collect() })
    }
}

/// Where each line starts.
struct Lines(Vec<usize>);

impl Lines {
    fn new(text: &str) -> Self {
        Self(std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect())
    }

    /// The line of a range's start, from 1.
    fn of(&self, span: &Range<usize>) -> u32 {
        self.0.partition_point(|&start| start <= span.start) as u32
    }

    fn named(&self, word: &Spanned<String>) -> Named {
        Named { text: word.get_ref().trim().to_owned(), line: self.of(&word.span()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<PlanFile> {
        PlanFile::parse(Path::new("plan.toml"), text)
    }

    #[test]
    fn words_keep_their_lines() {
        let text = "# a plan\n[[crate]]\nname = \"a-b\"\nfrom = 'a'\nmodules = [\n  \"a::b\",\n  \"a::c\", # both\n]\n";
        let plan = parse(text).unwrap();
        assert!(!plan.on_top && parse(&format!("on-top = true\n{text}")).unwrap().on_top);
        let krate = &plan.crates[0];
        assert_eq!((krate.name.text.as_str(), krate.name.line), ("a-b", 3));
        assert_eq!((krate.from.text.as_str(), krate.from.line), ("a", 4));
        let modules: Vec<_> = krate.modules.iter().map(|m| (m.text.as_str(), m.line)).collect();
        assert_eq!(modules, [("a::b", 6), ("a::c", 7)]);
        assert!(krate.items.is_empty());
    }

    #[test]
    fn broken_plans_are_refused_with_their_line() {
        let head = "[[crate]]\nname = \"x\"\n";
        let cases = [
            ("", "plan.toml:", "crate"),
            ("crate = []", "plan.toml:1: ", "describes no crate"),
            ("[[crate]\nname = 1", "plan.toml:1: ", ""),
            (&format!("{head}from = 1\n"), "plan.toml:3: ", "string"),
            (&format!("{head}from = \"a\"\nmodule = []\n"), "plan.toml:4: ", "unknown field `module`"),
            (&format!("{head}from = \"a\"\nmodules = \"a::b\"\n"), "plan.toml:4: ", "sequence"),
            (&format!("{head}from = \"a\"\n\n[[krate]]\n"), "plan.toml:5: ", "unknown field `krate`"),
            (head, "plan.toml:1: ", "missing field `from`"),
            (&format!("on-top = 1\n{head}from = \"a\"\n"), "plan.toml:1: ", "boolean"),
        ];
        for (text, start, part) in cases {
            let said = parse(text).unwrap_err().to_string();
            assert!(said.starts_with(start) && said.contains(part), "{text:?}: {said}");
        }
    }
}
