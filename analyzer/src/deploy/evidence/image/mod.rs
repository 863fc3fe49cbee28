//! What is in an image, and what it starts: the stages of a Dockerfile evaluated with given arguments.
//!
//! Files are followed by their paths as far as these are known, and by their names beyond that: a program keeps its name
//! unless a `COPY` or `cp` gives it another one.

mod copies;

use std::collections::{BTreeMap, BTreeSet};

use super::commands::cargo::{CargoCommand, Does};
use super::commands::scripts::Scripts;
use super::commands::shell::{Command, Env, Shell, assignments, filled, joined, tidy};
use super::features::built_with;
use super::forms::dockerfile::{Recipe, Stage, Step, Words};
use super::model::{Findings, Missed, Place};
use super::programs::{Programs, Selected};
use crate::ids::TargetId;

/// Files of programs in one stage: a choice.
const MOST_FILES: usize = 5_000;

/// A program at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ProgramFile {
    pub(super) target: TargetId,
    /// Whether somebody chose it: by name in a build, or by its own path in a copy.
    chosen: bool,
    /// Whether the path is a link to it: its name may say what it does.
    pub(super) link: bool,
    pub(super) place: Place,
    pub(super) what: String,
}

/// What a stage has in it at its end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Image {
    /// `ARG`s and `ENV`.
    pub(super) env: Env,
    dir: String,
    /// Directories of the container, and those of the repository that were copied there.
    mounts: Vec<(String, String)>,
    /// By path.
    files: BTreeMap<String, ProgramFile>,
    /// Builds, wherever what they build goes.
    pub(super) built: Vec<ProgramFile>,
    pub(super) entrypoint: Option<(Place, Vec<String>)>,
    pub(super) cmd: Option<(Place, Vec<String>)>,
    /// Whether cargo runs in it, or in what it is made from.
    cargo: bool,
}

/// What a recipe is evaluated with.
pub(super) struct Evaluation<'a> {
    pub(super) programs: &'a Programs<'a>,
    pub(super) scripts: &'a Scripts<'a>,
    /// The recipe's path.
    pub(super) file: &'a str,
    /// The directory that it is built from, relative to the root.
    pub(super) context: &'a str,
    pub(super) args: &'a Env,
    /// Images that other recipes here make, by name.
    pub(super) others: &'a BTreeMap<String, Image>,
}

impl Image {
    /// The programs that are in it because somebody put them there.
    pub(super) fn packed(&self) -> impl Iterator<Item = &ProgramFile> {
        self.files.values().filter(|file| file.chosen)
    }

    /// Whether another one has the same programs in it and starts the same.
    pub(super) fn starts_like(&self, other: &Self) -> bool {
        let words = |part: &Option<(Place, Vec<String>)>| part.as_ref().map(|(_, words)| words.clone());
        let starts = |of: &Self| (words(&of.entrypoint), words(&of.cmd));
        let programs = |of: &Self| of.packed().map(|file| file.target).collect::<BTreeSet<TargetId>>();
        starts(self) == starts(other) && programs(self) == programs(other)
    }

    /// The program at a path, or of that name wherever it is.
    pub(super) fn program(&self, path: &str) -> Option<&ProgramFile> {
        let exact = joined(Some(&self.dir), path).and_then(|path| self.files.get(&path));
        exact.or_else(|| {
            let name = base(path);
            self.files.iter().find(|(at, _)| base(at) == name).map(|(_, file)| file)
        })
    }

    /// Whether something of the repository was copied into it.
    pub(super) fn has_sources(&self) -> bool {
        !self.mounts.is_empty()
    }

    /// The path within the repository of what was copied to a path.
    pub(super) fn in_repository(&self, path: &str) -> Option<String> {
        let path = joined(Some(&self.dir), path)?;
        let inside = |(to, from): &(String, String)| {
            let rest = path.strip_prefix(to.as_str())?;
            let rest = if to == "/" { path.as_str() } else { rest };
            (rest.is_empty() || rest.starts_with('/'))
                .then(|| tidy(&format!("{from}/{}", rest.trim_start_matches('/'))))
        };
        let longest =
            self.mounts.iter().filter(|(to, _)| path.starts_with(to.as_str())).max_by_key(|(to, _)| to.len());
        longest.and_then(inside).map(|path| path.trim_start_matches('/').to_owned())
    }

    fn put(&mut self, path: String, file: ProgramFile) {
        if self.files.len() < MOST_FILES {
            self.files.insert(path, file);
        }
    }
}

impl Evaluation<'_> {
    /// All stages, in their order.
    pub(super) fn stages(&self, recipe: &Recipe, found: &mut Findings) -> Vec<Image> {
        let mut globals: Env = BTreeMap::new();
        for text in &recipe.globals {
            self.declare(text, &mut globals, None);
        }
        let mut done: Vec<Image> = Vec::new();
        for stage in &recipe.stages {
            let image = self.stage(stage, recipe, &globals, &done, found);
            done.push(image);
        }
        done
    }

    fn stage(
        &self,
        stage: &Stage,
        recipe: &Recipe,
        globals: &Env,
        done: &[Image],
        found: &mut Findings,
    ) -> Image {
        let from = filled(&stage.from, globals);
        let mut image = self.image(&from, recipe, done).cloned().unwrap_or_default();
        image.built.clear();
        image.cargo |= from.contains("rust") || from.contains("cargo");
        if image.dir.is_empty() {
            image.dir = "/".to_owned();
        }
        for (line, step) in &stage.steps {
            let place = Place::new(self.file, *line);
            match step {
                Step::Arg(text) => {
                    let mut env = std::mem::take(&mut image.env);
                    self.declare(text, &mut env, Some(globals));
                    image.env = env;
                }
                Step::Env(text) => {
                    for (name, value) in environment(text, &image.env) {
                        image.env.insert(name, value);
                    }
                }
                Step::Workdir(dir) => {
                    let dir = filled(dir, &image.env);
                    image.dir = joined(Some(&image.dir), &dir).unwrap_or_else(|| "/".to_owned());
                }
                Step::Run(words) => self.run(words, &place, &mut image, found),
                Step::Copy { from, sources, to } => {
                    let env = image.env.clone();
                    let to = filled(to, &env);
                    for source in sources {
                        let source = filled(source, &env);
                        let from = from.as_deref().map(|from| filled(from, &env));
                        self.copy(
                            from.as_deref(),
                            &source,
                            (&to, sources.len() > 1),
                            &place,
                            (recipe, done),
                            &mut image,
                        );
                    }
                }
                Step::Entrypoint(words) => {
                    image.entrypoint = Some((place, started(words)));
                    image.cmd = None;
                }
                Step::Cmd(words) => image.cmd = Some((place, started(words))),
            }
        }
        image
    }

    /// `ARG name[=value]…`
    fn declare(&self, text: &str, env: &mut Env, globals: Option<&Env>) {
        for (name, default) in assignments(text, env) {
            let written = text.contains(&format!("{name}="));
            let value = self.args.get(&name).cloned();
            let value = value.or_else(|| written.then_some(default)).or_else(|| globals?.get(&name).cloned());
            match value {
                Some(value) => drop(env.insert(name, value)),
                // What BuildKit sets by itself is some platform; nobody names programs by it.
                None => drop(env.remove(&name)),
            }
        }
    }

    /// A stage by name or number, or an image that another recipe here makes.
    fn image<'i>(&'i self, name: &str, recipe: &Recipe, done: &'i [Image]) -> Option<&'i Image> {
        let named = recipe
            .stages
            .iter()
            .take(done.len())
            .rposition(|stage| stage.name.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(name)));
        let numbered = name.parse::<usize>().ok().filter(|&at| at < done.len());
        match named.or(numbered) {
            Some(at) => done.get(at),
            None => self.others.get(image_name(name)),
        }
    }

    fn run(&self, words: &Words, place: &Place, image: &mut Image, found: &mut Findings) {
        let commands = match words {
            Words::Exec(words) => {
                let env = image.env.clone();
                vec![Command { words: words.clone(), line: place.line, dir: Some(image.dir.clone()), env }]
            }
            Words::Shell(text) => {
                let shell = Shell {
                    env: image.env.clone(),
                    dir: Some(image.dir.clone()),
                    line: place.line,
                    docker: true,
                    ..Shell::default()
                };
                shell.read(text)
            }
        };
        for command in commands {
            let place = Place::new(&place.file, command.line);
            self.command(&command, &place, image, found);
        }
    }

    fn command(&self, command: &Command, place: &Place, image: &mut Image, found: &mut Findings) {
        if let Some(cargo) = CargoCommand::read(command) {
            image.cargo = true;
            self.cargo(command, &cargo, place, image, found);
            return;
        }
        let paths: Vec<&String> = command.words[1..].iter().filter(|word| !word.starts_with('-')).collect();
        match (base(&command.words[0]), paths.as_slice()) {
            (how @ ("cp" | "mv" | "ln" | "install"), [sources @ .., to]) if !sources.is_empty() => {
                let dir = command.dir.clone();
                for source in sources {
                    let to = (to.as_str(), sources.len() > 1);
                    self.move_file((source, how == "ln"), to, dir.as_deref(), place, image);
                }
            }
            _ => {
                let inside = |path: &str| {
                    let whole = joined(command.dir.as_deref(), path)?;
                    image.in_repository(&whole)
                };
                let dir = command.dir.as_deref().and_then(|dir| image.in_repository(dir));
                for (place, inner) in self.scripts.called(command, &inside, dir.as_deref()) {
                    // Its directories are the repository's; the rest of the container's follows from them.
                    let inner = Command { dir: inner.dir.map(|dir| format!("{REPOSITORY}{dir}")), ..inner };
                    self.command(&inner, &place, image, found);
                }
            }
        }
    }

    fn cargo(
        &self,
        command: &Command,
        cargo: &CargoCommand,
        place: &Place,
        image: &mut Image,
        found: &mut Findings,
    ) {
        let dir = command.dir.as_deref().map(|dir| match dir.strip_prefix(REPOSITORY) {
            Some(dir) => dir.to_owned(),
            None => image.in_repository(dir).unwrap_or_else(|| self.context.to_owned()),
        });
        let selected = self.programs.of_cargo(cargo, dir.as_deref().or(Some(self.context)));
        note(&selected, cargo, place, found);
        let at = match (cargo.does, &cargo.root) {
            (Does::Install, Some(root)) => format!("{}/bin", tidy(root)),
            (Does::Install, None) => "/usr/local/cargo/bin".to_owned(),
            _ => format!("{}/target/release", command.dir.as_deref().unwrap_or("/app")),
        };
        for target in selected.targets {
            let what = shown(&command.words);
            let file =
                ProgramFile { target, chosen: selected.chosen, link: false, place: place.clone(), what };
            image.built.push(file.clone());
            image.put(format!("{at}/{}", self.programs.name(target)), file);
        }
    }
}

/// Marks a directory of the repository among those of a container.
const REPOSITORY: &str = "//";

/// Counts what a command of cargo names and nobody here builds.
pub(super) fn note(selected: &Selected, cargo: &CargoCommand, place: &Place, found: &mut Findings) {
    if cargo.unknown && selected.targets.is_empty() {
        found.miss(Missed::Variable, place.clone());
    }
    selected.foreign.iter().for_each(|_| found.miss(Missed::Foreign, place.clone()));
    if selected.chosen {
        found.features.extend(selected.targets.iter().filter_map(|&target| built_with(cargo, target, place)));
    }
    selected.ambiguous.iter().for_each(|_| found.miss(Missed::Ambiguous, place.clone()));
}

/// Words as people read them, not too many.
pub(super) fn shown(words: &[String]) -> String {
    let text = words.join(" ").replace(super::commands::shell::UNKNOWN, "…");
    let text: Vec<&str> = text.split_whitespace().collect();
    let text = text.join(" ");
    match text.char_indices().nth(120) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// The name of an image without registry's scheme, tag and digest.
pub(super) fn image_name(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or(image);
    let last = image.rfind('/').map_or(0, |at| at + 1);
    match image[last..].find(':') {
        Some(at) => &image[..last + at],
        None => image,
    }
}

fn base(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or(path)
}

/// `ENV A=b C=d`, or `ENV A b`.
fn environment(text: &str, env: &Env) -> Vec<(String, String)> {
    let first = text.split_whitespace().next().unwrap_or_default();
    if first.contains('=') {
        return assignments(text, env);
    }
    let rest = text.trim_start().strip_prefix(first).unwrap_or_default().trim();
    vec![(first.to_owned(), filled(rest, env))]
}

/// What a container runs.
fn started(words: &Words) -> Vec<String> {
    match words {
        Words::Exec(words) => words.clone(),
        Words::Shell(text) => vec!["/bin/sh".to_owned(), "-c".to_owned(), text.clone()],
    }
}
