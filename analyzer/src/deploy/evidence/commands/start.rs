//! Which programs a command line starts, through shells, wrappers and scripts of the repository.

use super::cargo::{CargoCommand, Does};
use super::scripts::Scripts;
use super::shell::{Command, Env, Shell, is_known, tidy};
use crate::deploy::evidence::image::Image;
use crate::deploy::evidence::programs::Programs;
use crate::ids::TargetId;

/// Shells and scripts within each other.
const MOST_DEPTH: u32 = 6;

/// Programs that start what their arguments say.
const WRAPPERS: [&str; 24] = [
    "tini",
    "dumb-init",
    "catatonit",
    "exec",
    "env",
    "nice",
    "ionice",
    "gosu",
    "su-exec",
    "setpriv",
    "timeout",
    "stdbuf",
    "nohup",
    "numactl",
    "chpst",
    "xvfb-run",
    "doppler",
    "op",
    "init",
    "docker-init",
    "s6-setuidgid",
    "sudo",
    "time",
    "aws-lambda-rie",
];

/// Programs of every image: a bare name means these, whatever the repository calls its own. POSIX utilities that scripts start.
const SYSTEM: [&str; 24] = [
    "awk", "basename", "cat", "chmod", "chown", "cp", "cut", "date", "dirname", "echo", "find", "grep",
    "head", "kill", "ls", "mkdir", "mv", "rm", "sed", "sleep", "sort", "tail", "test", "wait",
];

/// A program with its arguments.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::deploy::evidence) struct Started {
    pub(in crate::deploy::evidence) target: TargetId,
    /// The name of the link that it is started by: `argv[0]`.
    pub(in crate::deploy::evidence) link: Option<String>,
    pub(in crate::deploy::evidence) arguments: Vec<String>,
}

/// Where a command line is started.
pub(in crate::deploy::evidence) struct Starter<'a> {
    pub(in crate::deploy::evidence) programs: &'a Programs<'a>,
    pub(in crate::deploy::evidence) scripts: &'a Scripts<'a>,
    pub(in crate::deploy::evidence) image: &'a Image,
    /// The directory of the repository that names are nearest to.
    pub(in crate::deploy::evidence) dir: &'a str,
}

impl Starter<'_> {
    /// The programs of this repository that a command line starts, each once.
    pub(in crate::deploy::evidence) fn started(&self, words: &[String], env: &Env) -> Vec<Started> {
        let mut found = Vec::new();
        let mut all = self.image.env.clone();
        all.extend(env.iter().map(|(name, value)| (name.clone(), value.clone())));
        self.add(words, &all, 0, &mut found);
        found.sort();
        found.dedup();
        found
    }

    fn add(&self, words: &[String], env: &Env, depth: u32, found: &mut Vec<Started>) {
        let Some(first) = words.first().filter(|_| depth < MOST_DEPTH) else { return };
        let name = first.rsplit('/').next().unwrap_or(first);
        if matches!(name, "sh" | "bash" | "ash" | "dash" | "zsh") {
            return self.shell(words, env, depth, found);
        }
        if let Some(target) = self.program(first) {
            let file = self.image.program(first);
            let link = file.filter(|file| file.link && self.programs.name(file.target) != name);
            found.push(Started {
                target,
                link: link.map(|_| name.to_owned()),
                arguments: words[1..].to_vec(),
            });
            return;
        }
        let command =
            Command { words: words.to_vec(), line: 1, dir: Some(self.dir.to_owned()), env: env.clone() };
        if let Some(cargo) = CargoCommand::read(&command) {
            if cargo.does == Does::Run {
                let selected = self.programs.of_cargo(&cargo, Some(self.dir));
                let one = selected.targets.first().filter(|_| selected.targets.len() == 1);
                found.extend(one.map(|&target| Started { target, link: None, arguments: cargo.arguments }));
            }
            return;
        }
        if let Some(text) = self.script(first) {
            return self.text(text, &words[1..], env, depth, found);
        }
        if WRAPPERS.contains(&name) {
            for at in 1..words.len() {
                let before = found.len();
                let assigned = words[at].split_once('=').filter(|_| !words[at].starts_with('-'));
                if words[at].starts_with('-') || assigned.is_some() {
                    continue;
                }
                self.add(&words[at..], env, depth + 1, found);
                if found.len() > before {
                    return;
                }
            }
        }
    }

    /// `sh -c '…'`, or `sh script arguments`.
    fn shell(&self, words: &[String], env: &Env, depth: u32, found: &mut Vec<Started>) {
        let mut at = 1;
        let mut inline = false;
        while let Some(word) = words.get(at).filter(|word| word.starts_with(['-', '+'])) {
            inline |= !word.starts_with("--") && word.contains('c');
            // `-o pipefail`
            at += if word.ends_with('o') && !word.starts_with("--") { 2 } else { 1 };
        }
        let Some(text) = words.get(at) else { return };
        if inline {
            // The word behind the text is `$0`.
            let arguments = words.get(at + 2..).unwrap_or_default();
            self.text(text, arguments, env, depth, found);
        } else if let Some(script) = self.script(text) {
            self.text(script, &words[at + 1..], env, depth, found);
        }
    }

    fn text(&self, text: &str, arguments: &[String], env: &Env, depth: u32, found: &mut Vec<Started>) {
        let shell = Shell {
            env: env.clone(),
            arguments: Some(arguments.to_vec()),
            dir: Some("/".to_owned()),
            line: 1,
            docker: false,
        };
        for command in shell.read(text) {
            self.add(&command.words, &command.env, depth + 1, found);
        }
    }

    fn program(&self, path: &str) -> Option<TargetId> {
        if !is_known(path) {
            return None;
        }
        let here = self.image.program(path).map(|file| file.target);
        if here.is_none() && SYSTEM.contains(&path.rsplit('/').next().unwrap_or(path)) {
            return None;
        }
        here.or_else(|| self.programs.one(path, self.dir))
    }

    fn script(&self, path: &str) -> Option<&str> {
        let copied = self.image.in_repository(path).and_then(|path| self.scripts.text(&path));
        let own = || self.scripts.text(&tidy(&format!("{}/{path}", self.dir)));
        let name = path.rsplit('/').next().unwrap_or(path);
        // In an image of which nothing is known a name may be anybody's.
        let only = || self.scripts.text(self.scripts.only(name).filter(|_| self.image.has_sources())?);
        copied.or_else(own).or_else(only)
    }
}
