//! Recipes of `make` and `just`: their commands with variables filled in.

use std::collections::{BTreeMap, BTreeSet};

use crate::deploy::evidence::commands::shell::{Command, Env, Shell, UNKNOWN};

/// Variables within variables, and recipes that need recipes.
const MOST_DEPTH: u32 = 8;
/// Characters of a line with its variables filled in.
const MOST_CHARACTERS: usize = 20_000;

/// Whose syntax a file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::deploy::evidence) enum Tool {
    Make,
    Just,
}

/// The recipes of a file.
#[derive(Debug)]
pub(in crate::deploy::evidence) struct Recipes {
    pub(in crate::deploy::evidence) file: String,
    /// The file's directory, in which recipes run.
    dir: String,
    tool: Tool,
    variables: Env,
    by_name: BTreeMap<String, Recipe>,
    first: Option<String>,
}

#[derive(Debug, Clone, Default)]
struct Recipe {
    needs: Vec<String>,
    /// Parameters with their defaults (just).
    parameters: Vec<(String, Option<String>)>,
    lines: Vec<(u32, String)>,
}

impl Recipes {
    /// Reads a file.
    pub(in crate::deploy::evidence) fn read(file: &str, text: &str, tool: Tool) -> Self {
        let dir = file.rsplit_once('/').map_or("", |(dir, _)| dir).to_owned();
        let (variables, by_name, first) = (BTreeMap::new(), BTreeMap::new(), None);
        let mut found = Self { file: file.to_owned(), dir, tool, variables, by_name, first };
        let mut current: Vec<String> = Vec::new();
        for (line, text) in joined_lines(text) {
            if text.starts_with([' ', '\t']) {
                let text = text.trim().to_owned();
                for name in current.iter().filter(|_| !text.is_empty() && !text.starts_with('#')) {
                    found.by_name.entry(name.clone()).or_default().lines.push((line, text.clone()));
                }
                continue;
            }
            if text.trim().is_empty() || text.starts_with(['#', '[', '@']) && tool == Tool::Make {
                continue;
            }
            if let Some((name, value)) = variable(&text) {
                found.variables.entry(name).or_insert(value);
            } else if let Some((head, needs)) =
                text.split_once(':').filter(|(_, rest)| !rest.starts_with('='))
            {
                current = found.head(head, needs.trim_start_matches(':'));
            }
        }
        found
    }

    fn head(&mut self, head: &str, needs: &str) -> Vec<String> {
        let words: Vec<&str> = head.split_whitespace().collect();
        let needs: Vec<String> =
            needs.split_whitespace().map(|word| word.trim_matches(['(', ')']).to_owned()).collect();
        let (names, parameters) = match self.tool {
            Tool::Make => (words.clone(), Vec::new()),
            Tool::Just => {
                (words.first().copied().into_iter().collect(), words[words.len().min(1)..].to_vec())
            }
        };
        let names: Vec<String> =
            names.into_iter().map(|name| name.trim_start_matches('@').to_owned()).collect();
        for name in names.iter().filter(|name| !name.starts_with('.')) {
            let recipe = self.by_name.entry(name.clone()).or_default();
            recipe.needs.extend(needs.iter().cloned());
            recipe.parameters = parameters.iter().map(|word| parameter(word)).collect();
            self.first.get_or_insert_with(|| name.clone());
        }
        names
    }

    /// The names of all recipes.
    pub(in crate::deploy::evidence) fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    /// The commands of a recipe (the first one without a name) and of those that it needs; `set` has variables that its caller
    /// sets.
    pub(in crate::deploy::evidence) fn commands(
        &self,
        name: Option<&str>,
        arguments: &[&str],
        set: &Env,
    ) -> Vec<Command> {
        let Some(name) = name.or(self.first.as_deref()) else { return Vec::new() };
        let mut found = Vec::new();
        self.collect(name, arguments, set, &mut BTreeSet::new(), &mut found);
        found
    }

    /// The commands of a recipe alone.
    pub(in crate::deploy::evidence) fn own_commands(&self, name: &str) -> Vec<Command> {
        let mut done =
            self.by_name.get(name).map(|recipe| recipe.needs.iter().cloned().collect()).unwrap_or_default();
        let mut found = Vec::new();
        self.collect(name, &[], &Env::new(), &mut done, &mut found);
        found
    }

    fn collect(
        &self,
        name: &str,
        arguments: &[&str],
        set: &Env,
        done: &mut BTreeSet<String>,
        found: &mut Vec<Command>,
    ) {
        if !done.insert(name.to_owned()) || done.len() > 100 {
            return;
        }
        let Some((recipe, stem)) = self.find(name) else { return };
        for need in &recipe.needs {
            self.collect(&need.replace('%', &stem), &[], set, done, found);
        }
        let mut variables = self.variables.clone();
        variables.extend(set.iter().map(|(name, value)| (name.clone(), value.clone())));
        variables.insert("*".to_owned(), stem);
        variables.insert("@".to_owned(), name.to_owned());
        for (i, (name, default)) in recipe.parameters.iter().enumerate() {
            let given = arguments.get(i).map(|word| (*word).to_owned());
            let value = given.or_else(|| default.clone()).unwrap_or_else(|| UNKNOWN.to_string());
            variables.insert(name.clone(), value);
        }
        for (line, text) in &recipe.lines {
            let text = text.trim_start_matches(['@', '-', '+']).trim_start();
            let text = match self.tool {
                Tool::Make => make_filled(text, &variables, 0),
                Tool::Just => just_filled(text, &variables),
            };
            let shell =
                Shell { env: set.clone(), dir: Some(self.dir.clone()), line: *line, ..Shell::default() };
            found.extend(shell.read(&text));
        }
    }

    /// A recipe, and what stands for `%` in its name.
    fn find(&self, name: &str) -> Option<(&Recipe, String)> {
        if let Some(recipe) = self.by_name.get(name) {
            return Some((recipe, String::new()));
        }
        let patterns = self.by_name.iter().filter_map(|(pattern, recipe)| {
            let (before, after) = pattern.split_once('%')?;
            let stem = name.strip_prefix(before)?.strip_suffix(after)?;
            Some((recipe, stem.to_owned()))
        });
        patterns.into_iter().next()
    }
}

/// Lines with those that a backslash continues, each with its number.
fn joined_lines(text: &str) -> Vec<(u32, String)> {
    let mut found: Vec<(u32, String)> = Vec::new();
    let mut continued = false;
    for (line, text) in (1_u32..).zip(text.lines()) {
        let own = text.strip_suffix('\\');
        match found.last_mut().filter(|_| continued) {
            Some((_, before)) => {
                before.push(' ');
                before.push_str(own.unwrap_or(text).trim_start());
            }
            None => found.push((line, own.unwrap_or(text).to_owned())),
        }
        continued = own.is_some();
    }
    found
}

/// `NAME = value`, `NAME := "value"`, `export NAME ?= value`.
fn variable(text: &str) -> Option<(String, String)> {
    let at = text.find('=')?;
    let name = text[..at].trim_end_matches([':', '?', '+', '!']).trim();
    let name = name.strip_prefix("export ").unwrap_or(name).trim();
    let fine = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-".contains(c));
    let value = text[at + 1..].split(" #").next().unwrap_or_default().trim();
    let value = value.strip_prefix(['"', '\'']).and_then(|v| v.strip_suffix(['"', '\''])).unwrap_or(value);
    fine.then(|| (name.to_owned(), value.to_owned()))
}

fn parameter(word: &str) -> (String, Option<String>) {
    let word = word.trim_start_matches(['+', '*', '$']);
    match word.split_once('=') {
        Some((name, default)) => (name.to_owned(), Some(default.trim_matches(['"', '\'']).to_owned())),
        None => (word.to_owned(), None),
    }
}

/// `$(X)` and `${X}` filled in, `$$` as the shell's `$`.
fn make_filled(text: &str, variables: &Env, depth: u32) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(first) = rest.chars().next() else { break };
        match first {
            '$' => {
                out.push('$');
                rest = &rest[1..];
            }
            '(' | '{' => {
                let close = if first == '(' { ')' } else { '}' };
                let end = rest.find(close);
                let name = end.map_or("", |end| &rest[1..end]);
                rest = end.map_or("", |end| &rest[end + 1..]);
                match variables.get(name.trim()) {
                    Some(value) if depth < MOST_DEPTH => {
                        out.push_str(&make_filled(value, variables, depth + 1))
                    }
                    _ if name == "MAKE" => out.push_str("make"),
                    _ if name == "CARGO" => out.push_str("cargo"),
                    _ => out.push(UNKNOWN),
                }
            }
            c => {
                out.push_str(variables.get(c.to_string().as_str()).map_or("\u{1}", String::as_str));
                rest = &rest[c.len_utf8()..];
            }
        }
        if out.len() > MOST_CHARACTERS {
            return out;
        }
    }
    out.push_str(rest);
    out
}

/// `{{x}}` filled in.
fn just_filled(text: &str, variables: &Env) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("{{") {
        out.push_str(&rest[..at]);
        let end = rest[at..].find("}}").map_or(rest.len(), |end| at + end);
        let name = rest[at + 2..end].trim();
        match variables.get(name) {
            Some(value) => out.push_str(value),
            None if name.starts_with(['"', '\'']) => out.push_str(name.trim_matches(['"', '\''])),
            None => out.push(UNKNOWN),
        }
        rest = rest.get(end + 2..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commands(text: &str, tool: Tool, name: &str, arguments: &[&str]) -> String {
        let recipes = Recipes::read("ci/x", text, tool);
        let set = Env::from([("SET".to_owned(), "given".to_owned())]);
        let lines = recipes.commands(Some(name).filter(|name| !name.is_empty()), arguments, &set);
        let line =
            |command: Command| format!("{}:{}", command.line, command.words.join(" ").replace(UNKNOWN, "?"));
        lines.into_iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn make() {
        let text = "BIN ?= web\nALL := $(BIN) x\n.PHONY: all\nall: lib\n\t@cargo build --bin $(BIN) \\\n\t  --release\n\
                    \t-docker push $(ALL) $$HOME $(SET) $(shell date)\nlib:\n\tcargo build --lib\nbuild-%:\n\tcargo build --bin $*\n";
        for (name, expected) in [
            ("", "9:cargo build --lib\n5:cargo build --bin web --release\n7:docker push web x ? given ?"),
            ("lib", "9:cargo build --lib"),
            ("build-api", "11:cargo build --bin api"),
            ("none", ""),
        ] {
            assert_eq!(commands(text, Tool::Make, name, &[]), expected, "{name}");
        }
    }

    #[test]
    fn just() {
        let text = "bin := \"web\"\n\n# Builds it.\nbuild name=bin *flags: fmt\n  cargo build --bin {{name}} {{flags}}\n\n@fmt:\n  cargo fmt\n";
        assert_eq!(commands(text, Tool::Just, "build", &["api"]), "8:cargo fmt\n5:cargo build --bin api ?");
        assert_eq!(commands(text, Tool::Just, "fmt", &[]), "8:cargo fmt");
    }

    #[test]
    fn circles_end() {
        let text = "A = $(B)\nB = $(A)$(A)\na: b\n\tx $(A)\nb: a\n\ty\n";
        assert!(commands(text, Tool::Make, "a", &[]).starts_with("6:y\n4:x"));
    }
}
