//! Who owns a file: CODEOWNERS as GitHub and GitLab read it. Of the lines whose pattern matches a path the last one counts; in a
//! file of GitLab's with sections, the last one of each section. Patterns differ ([`Dialect`]); neither has `!` or `[ ]`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::pattern::{Dialect, Pattern};
use crate::base::{FileTree, ReadOptions, Refused};

/// Where it is looked for: the first that is there counts.
const PLACES: [&str; 4] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];
/// Rules that are read; the largest files known have some thousands. A choice.
const MOST_RULES: usize = 20_000;

/// Steps of matching, at most: thousands of rules times tens of thousands of files take a thousandth of it, since most patterns begin
/// with a directory. A choice.
const MOST_STEPS: u64 = 40_000_000_000;

/// The rules of a CODEOWNERS file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CodeOwners {
    /// Its path below the top of the work tree.
    pub file: String,
    rules: Vec<Rule>,
    /// How many sections have rules.
    sections: usize,
    /// Lines that are no rule: patterns with `!` or `[ ]`.
    pub skipped: u32,
    /// The analysed directory below the top of the work tree: empty, or with `/` at its end.
    prefix: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    section: usize,
    pattern: Pattern,
    owners: Vec<String>,
}

impl CodeOwners {
    /// Looks for the file of the repository that `root` (canonical) lies in; `None` without one.
    ///
    /// # Errors
    /// The place of a file that is there and can't be read, and why.
    pub(crate) fn find(root: &Path, options: &ReadOptions) -> Result<Option<Self>, (&'static str, Refused)> {
        let top = root.ancestors().find(|dir| dir.join(".git").symlink_metadata().is_ok());
        let Some((top, prefix)) = top.and_then(|top| Some((top, root.strip_prefix(top).ok()?.to_str()?)))
        else {
            return Ok(None);
        };
        let files = FileTree::new(top, options.clone());
        let prefix = prefix.replace('\\', "/");
        let prefix = if prefix.is_empty() { prefix } else { prefix + "/" };
        let is_there = |path: &str| top.join(path).symlink_metadata().is_ok();
        let gitlab = !is_there(".github") && (is_there(".gitlab-ci.yml") || is_there(".gitlab"));
        for place in PLACES {
            let text = match files.read_text(&top.join(place)) {
                Err(Refused::Absent) => continue,
                read => read.map_err(|why| (place, why))?,
            };
            let dialect = if gitlab { Dialect::GitLab } else { dialect(place, &text) };
            return Ok(Some(Self { prefix, ..Self::parse((place, &text), dialect) }));
        }
        Ok(None)
    }

    /// Reads the rules.
    fn parse((file, text): (&str, &str), dialect: Dialect) -> Self {
        let mut found = Self { file: file.to_owned(), ..Self::default() };
        // Sections of one name are one, whatever the case.
        let mut sections: BTreeMap<String, usize> = BTreeMap::from([(String::new(), 0)]);
        let (mut section, mut default): (usize, Vec<String>) = (0, Vec::new());
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some((name, owners)) = header(line).filter(|_| dialect == Dialect::GitLab) {
                let next = sections.len();
                section = *sections.entry(name.to_lowercase()).or_insert(next);
                default = owners;
                continue;
            }
            let mut words = words(line).into_iter();
            let pattern = words.next().unwrap_or_default();
            let owners: Vec<String> = words.take_while(|word| !word.starts_with('#')).collect();
            match Pattern::new(&pattern, dialect).filter(|_| found.rules.len() < MOST_RULES) {
                Some(pattern) => {
                    // In a section a line without owners has the section's; elsewhere nobody owns what it matches.
                    let owners = if owners.is_empty() { default.clone() } else { owners };
                    found.rules.push(Rule { section, pattern, owners });
                }
                None => found.skipped += 1,
            }
        }
        found.sections = found.rules.iter().map(|rule| rule.section).collect::<BTreeSet<_>>().len();
        found
    }

    /// Whether as many paths can be matched in a time that somebody waits: by their characters, which bound the steps.
    pub(crate) fn can_match(&self, characters: u64) -> bool {
        let rules: u64 = self.rules.iter().map(|rule| rule.pattern.len()).sum();
        rules.saturating_mul(characters) <= MOST_STEPS
    }

    /// The owners of a path (relative to the analysed directory), sorted.
    pub fn of(&self, path: &str) -> Vec<&str> {
        let path = format!("{}{path}", self.prefix);
        let mut last: BTreeMap<usize, &Rule> = BTreeMap::new();
        for rule in self.rules.iter().rev() {
            if last.len() == self.sections {
                break;
            }
            if !last.contains_key(&rule.section) && rule.pattern.matches(&path) {
                last.insert(rule.section, rule);
            }
        }
        let mut owners: Vec<&str> =
            last.values().flat_map(|rule| rule.owners.iter().map(String::as_str)).collect();
        owners.sort_unstable();
        owners.dedup();
        owners
    }
}

/// What a file shows by itself of whose it is: GitHub's directory is GitHub's, and nobody but GitLab knows sections.
fn dialect(place: &str, text: &str) -> Dialect {
    let has_sections = || text.lines().any(|line| header(line.trim()).is_some());
    let is_gitlabs = place.starts_with(".gitlab/") || (!place.starts_with(".github/") && has_sections());
    if is_gitlabs { Dialect::GitLab } else { Dialect::GitHub }
}

/// `[Section]`, `^[Optional]`, `[Section][2] @default`: its name and default owners.
fn header(line: &str) -> Option<(&str, Vec<String>)> {
    let line = line.strip_prefix('^').unwrap_or(line).strip_prefix('[')?;
    let (name, mut rest) = line.split_once(']')?;
    if let Some((_, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        rest = after;
    }
    let said = rest.is_empty() || rest.starts_with(char::is_whitespace);
    let owners = rest.split_whitespace().take_while(|word| !word.starts_with('#')).map(str::to_owned);
    said.then(|| (name.trim(), owners.collect()))
}

/// Words, with `\ ` as a space within one.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        let escaped = c == '\\' && characters.peek().is_some_and(|&next| next == ' ' || next == '#');
        match words.last_mut() {
            Some(word) if escaped => word.extend(characters.next()),
            Some(word) if !c.is_whitespace() => word.push(c),
            Some(word) if !word.is_empty() => words.push(String::new()),
            _ => {}
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_match_wins() {
        let text = "# teams\n* @all\n*.rs @rust #inline\n/docs/ @docs a@b.org\ncrates/core/ @core\n/crates/core/gen/\n\
                    apps/* @apps\n**/logs @logs\n!*.md @no\n[a]x @no\nwith\\ space @space\n";
        let owners = CodeOwners::parse((".github/CODEOWNERS", text), Dialect::GitHub);
        assert_eq!(owners.skipped, 2);
        for (path, expected) in [
            ("README.md", &["@all"][..]),
            ("src/x.rs", &["@rust"]),
            ("docs/a/b.rs", &["@docs", "a@b.org"]),
            ("more/docs/b.txt", &["@all"]),
            ("crates/core/src/lib.rs", &["@core"]),
            ("crates/core/gen/x.rs", &[]),
            ("apps/x", &["@apps"]),
            ("apps/x/y", &["@all"]),
            ("a/logs/x.rs", &["@logs"]),
            ("with space", &["@space"]),
        ] {
            assert_eq!(owners.of(path), expected, "{path}");
        }
        let below = CodeOwners { prefix: "crates/".to_owned(), ..owners };
        assert_eq!(below.of("core/src/lib.rs"), ["@core"]);
    }

    #[test]
    fn sections_are_gitlabs() {
        let text =
            "* @all\n[Rust] @rusty\n*.rs\n/core/ @core\n^[Docs][2]\n*.md @docs\n[rust]\n/core/x.rs @x\n";
        assert_eq!(dialect("CODEOWNERS", text), Dialect::GitLab);
        let owners = CodeOwners::parse(("CODEOWNERS", text), Dialect::GitLab);
        for (path, expected) in [
            ("a.rs", &["@all", "@rusty"][..]),
            ("core/y.rs", &["@all", "@core"]),
            ("core/x.rs", &["@all", "@x"]),
            ("core/x.md", &["@all", "@core", "@docs"]),
        ] {
            assert_eq!(owners.of(path), expected, "{path}");
        }
        // GitHub knows none: such lines are no rules.
        assert_eq!(dialect(".github/CODEOWNERS", text), Dialect::GitHub);
        let github = CodeOwners::parse((".github/CODEOWNERS", text), Dialect::GitHub);
        assert_eq!(github.of("a.rs"), Vec::<&str>::new());
        assert!(github.skipped > 0);
    }
}
