//! Scripts and recipes of the repository that commands call.

use std::collections::BTreeMap;

use super::shell::{Command, Shell, joined, tidy};
use crate::deploy::evidence::forms::recipes::Recipes;
use crate::deploy::evidence::model::Place;

/// Scripts that call scripts.
const MOST_DEPTH: u32 = 4;
/// Commands that one call leads to.
const MOST_COMMANDS: usize = 2_000;

/// Texts of scripts by path, and recipes by the directory of their file.
#[derive(Debug, Default)]
pub(in crate::deploy::evidence) struct Scripts<'a> {
    pub(in crate::deploy::evidence) texts: BTreeMap<&'a str, &'a str>,
    pub(in crate::deploy::evidence) recipes: BTreeMap<String, Recipes>,
}

impl Scripts<'_> {
    /// What a script at a path holds.
    pub(in crate::deploy::evidence) fn text(&self, path: &str) -> Option<&str> {
        self.texts.get(path).copied()
    }

    /// The script of a name that only one has.
    pub(in crate::deploy::evidence) fn only(&self, name: &str) -> Option<&str> {
        let mut all = self.texts.keys().filter(|path| path.rsplit('/').next() == Some(name));
        all.next().filter(|_| all.next().is_none()).copied()
    }

    /// The commands of the script or recipe that a command calls, with their places; empty if it is none. Directories are
    /// those of the repository. `inside` gives a path's place in the repository, `dir` is the command's own.
    pub(in crate::deploy::evidence) fn called(
        &self,
        command: &Command,
        inside: &dyn Fn(&str) -> Option<String>,
        dir: Option<&str>,
    ) -> Vec<(Place, Command)> {
        let mut found = Vec::new();
        self.follow(command, inside, dir, 0, &mut found);
        found
    }

    fn follow(
        &self,
        command: &Command,
        inside: &dyn Fn(&str) -> Option<String>,
        dir: Option<&str>,
        depth: u32,
        found: &mut Vec<(Place, Command)>,
    ) {
        if depth >= MOST_DEPTH || found.len() >= MOST_COMMANDS {
            return;
        }
        let (file, commands) = match self.recipe(command, dir) {
            Some(recipe) => recipe,
            None => match self.script(command, inside, dir) {
                Some(script) => script,
                None => return,
            },
        };
        for inner in commands {
            let own_dir = inner.dir.clone();
            let own = |path: &str| {
                joined(own_dir.as_deref(), path).map(|path| path.trim_start_matches('/').to_owned())
            };
            found.push((Place::new(&file, inner.line), inner.clone()));
            self.follow(&inner, &own, own_dir.as_deref(), depth + 1, found);
        }
    }

    fn script(
        &self,
        command: &Command,
        inside: &dyn Fn(&str) -> Option<String>,
        dir: Option<&str>,
    ) -> Option<(String, Vec<Command>)> {
        let words = &command.words;
        let shell =
            matches!(base(&words[0]), "sh" | "bash" | "dash" | "ash" | "zsh" | "." | "source" | "exec");
        let at = if shell { words.iter().skip(1).position(|word| !word.starts_with('-'))? + 1 } else { 0 };
        if shell && words[1..at].iter().any(|option| !option.starts_with("--") && option.contains('c')) {
            return None;
        }
        let path = inside(&words[at])?;
        let text = self.text(&tidy(&path))?;
        let read = Shell {
            env: command.env.clone(),
            arguments: Some(words[at + 1..].to_vec()),
            dir: Some(dir.unwrap_or_default().to_owned()),
            line: 1,
            docker: false,
        };
        Some((path, read.read(text)))
    }

    /// `make x`, `just x`.
    fn recipe(&self, command: &Command, dir: Option<&str>) -> Option<(String, Vec<Command>)> {
        let tool = base(&command.words[0]);
        if !matches!(tool, "make" | "gmake" | "just") {
            return None;
        }
        let mut dir = dir.unwrap_or_default().to_owned();
        let (mut goals, mut set) = (Vec::new(), command.env.clone());
        let mut words = command.words[1..].iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "-C" | "--directory" | "-d" | "--working-directory" => {
                    dir = joined(Some(&dir), words.next()?)?
                }
                "-f" | "-j" | "--justfile" => drop(words.next()),
                word if word.starts_with('-') => {}
                word => match word.split_once('=') {
                    Some((name, value)) => drop(set.insert(name.to_owned(), value.to_owned())),
                    None => goals.push(word),
                },
            }
        }
        let recipes = self.recipes.get(&format!("{}:{dir}", if tool == "just" { "just" } else { "make" }))?;
        let commands = if tool == "just" {
            recipes.commands(goals.first().copied(), &goals[goals.len().min(1)..], &set)
        } else if goals.is_empty() {
            recipes.commands(None, &[], &set)
        } else {
            goals.iter().flat_map(|goal| recipes.commands(Some(goal), &[], &set)).collect()
        };
        Some((recipes.file.clone(), commands))
    }
}

fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
