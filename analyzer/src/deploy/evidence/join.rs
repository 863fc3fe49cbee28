//! What the files say, joined: which programs are deployed, and what says so.

use std::collections::{BTreeMap, BTreeSet};

use super::commands::cargo::{CargoCommand, Does};
use super::commands::role::{role, variables};
use super::commands::scripts::Scripts;
use super::commands::shell::{Env, is_known};
use super::commands::start::{Started, Starter};
use super::forms::dockerfile::{Recipe, Step};
use super::image::{Evaluation, Image, ProgramFile, image_name, note, shown};
use super::model::{ContainerStart, Findings, ImageBuild, ImageOf, Place};
use super::programs::Programs;
use crate::deploy::deployed::{Evidence, EvidenceKind};
use crate::ids::TargetId;

/// What is found of one program.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// Not of a start with certain arguments.
    pub(super) evidence: BTreeSet<Evidence>,
    /// By what the arguments say of its role; `None` without any that do.
    pub(super) starts: BTreeMap<Option<String>, Start>,
}

/// The starts of a program in one role.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Start {
    pub(super) evidence: BTreeSet<Evidence>,
    /// What it is called where it is started.
    pub(super) services: BTreeSet<String>,
}

/// What joins.
pub(super) struct Join<'a> {
    programs: &'a Programs<'a>,
    scripts: &'a Scripts<'a>,
    recipes: &'a BTreeMap<&'a str, Recipe>,
    found: BTreeMap<TargetId, Found>,
}

/// An image that is built with certain arguments.
struct Made {
    image: Image,
    /// Of all stages.
    built: Vec<ProgramFile>,
    dir: String,
}

impl<'a> Join<'a> {
    pub(super) fn new(
        programs: &'a Programs<'a>,
        scripts: &'a Scripts<'a>,
        recipes: &'a BTreeMap<&'a str, Recipe>,
    ) -> Self {
        Self { programs, scripts, recipes, found: BTreeMap::new() }
    }

    /// The programs with what is found of each.
    pub(super) fn all(mut self, findings: &mut Findings) -> BTreeMap<TargetId, Found> {
        let others = self.named_images(&findings.image_builds);
        let builds = std::mem::take(&mut findings.image_builds);
        let made: Vec<Option<Made>> =
            builds.iter().map(|build| self.made(build, &others, findings)).collect();
        for (build, made) in builds.iter().zip(&made) {
            if let Some(made) = made {
                self.image(made, Some(build));
            }
        }
        let mut unbuilt = Vec::new();
        let built: BTreeSet<&str> =
            builds.iter().filter_map(|build| Some(self.recipe(&build.dockerfile)?.0)).collect();
        for (path, recipe) in self.recipes.iter().filter(|(path, _)| !built.contains(*path)) {
            for made in self.unbuilt(path, recipe, &others, findings) {
                self.image(&made, None);
                unbuilt.push(made);
            }
        }
        let all: Vec<&Made> = made.iter().flatten().chain(&unbuilt).collect();
        let by_name: BTreeMap<&str, &Made> = builds
            .iter()
            .zip(&made)
            .flat_map(|(build, made)| {
                build.images.iter().filter_map(move |name| Some((image_name(name), made.as_ref()?)))
            })
            .collect();
        let mut started = Vec::new();
        for start in &findings.starts {
            let of = match &start.image {
                ImageOf::Built(index) => made[*index].as_ref(),
                ImageOf::Named(name) => {
                    of_name(&by_name, name).or_else(|| self.of_program(&all, start, name))
                }
                ImageOf::Unknown => None,
            };
            started.extend(self.container(start, of).into_iter().map(|of| (start, of)));
        }
        self.containers(started);
        self.programs_started(findings);
        self.steps(findings);
        self.names(findings);
        self.lists(findings);
        self.found
    }

    fn evaluation<'e>(
        &'e self,
        file: &'e str,
        context: &'e str,
        args: &'e Env,
        others: &'e BTreeMap<String, Image>,
    ) -> Evaluation<'e> {
        Evaluation { programs: self.programs, scripts: self.scripts, file, context, args, others }
    }

    /// Images that recipes here make, by name: for recipes that begin with them.
    fn named_images(&self, builds: &[ImageBuild]) -> BTreeMap<String, Image> {
        let none = BTreeMap::new();
        let mut found = BTreeMap::new();
        for build in builds.iter().filter(|build| !build.images.is_empty()) {
            if let Some(made) = self.made(build, &none, &mut Findings::default()) {
                for name in build.images.iter().map(|name| image_name(name)).filter(|name| is_known(name)) {
                    found.insert(name.to_owned(), made.image.clone());
                }
            }
        }
        found
    }

    fn made(
        &self,
        build: &ImageBuild,
        others: &BTreeMap<String, Image>,
        findings: &mut Findings,
    ) -> Option<Made> {
        let Some((file, recipe)) = self.recipe(&build.dockerfile) else {
            if is_known(&build.dockerfile) {
                findings.miss(super::model::Missed::Recipe, build.place.clone());
            }
            return None;
        };
        let evaluation = self.evaluation(file, &build.context, &build.args, others);
        let mut stages = evaluation.stages(recipe, findings);
        let named = build.target.as_deref().and_then(|target| {
            recipe
                .stages
                .iter()
                .position(|stage| stage.name.as_deref().is_some_and(|n| n.eq_ignore_ascii_case(target)))
        });
        let at = named.or(stages.len().checked_sub(1))?;
        let built = stages.iter().flat_map(|stage| stage.built.iter().cloned()).collect();
        Some(Made { image: stages.swap_remove(at), built, dir: build.context.clone() })
    }

    /// The recipe at a path; some paths are relative to where a tool is called, not to the file that has them.
    fn recipe(&self, path: &str) -> Option<(&'a str, &'a Recipe)> {
        let mut ends = std::iter::successors(Some(path), |path| path.split_once('/').map(|(_, rest)| rest));
        ends.find_map(|end| self.recipes.get_key_value(end).map(|(path, recipe)| (*path, recipe)))
    }

    /// The images of a recipe that nothing here builds: its last stage, and others that start something and that no stage uses.
    fn unbuilt(
        &self,
        path: &str,
        recipe: &Recipe,
        others: &BTreeMap<String, Image>,
        findings: &mut Findings,
    ) -> Vec<Made> {
        let args = Env::new();
        let context = self.programs.workspace_dir(path.rsplit_once('/').map_or("", |(dir, _)| dir));
        let stages = self.evaluation(path, &context, &args, others).stages(recipe, findings);
        let built: Vec<ProgramFile> = stages.iter().flat_map(|stage| stage.built.iter().cloned()).collect();
        let last = stages.len().saturating_sub(1);
        let leaf = |at: usize| at == last || (starts(recipe, at) && !is_used(recipe, at));
        let mut leaves: Vec<usize> = (0..stages.len()).filter(|&at| leaf(at)).collect();
        // One to look into a program stands beside that which runs.
        if leaves.iter().any(|&at| !is_to_debug(recipe, at)) {
            leaves.retain(|&at| !is_to_debug(recipe, at));
        }
        let leaves = stages.into_iter().enumerate().filter(|(at, _)| leaves.contains(at));
        leaves.map(|(_, image)| Made { image, built: built.clone(), dir: context.clone() }).collect()
    }

    /// What an image has in it, and what it starts by itself.
    fn image(&mut self, made: &Made, build: Option<&ImageBuild>) {
        let mut inside: BTreeSet<TargetId> = BTreeSet::new();
        let mut packed: BTreeSet<(TargetId, &Place)> = BTreeSet::new();
        for file in made.image.packed() {
            inside.insert(file.target);
            packed.insert((file.target, &file.place));
            self.add(file.target, EvidenceKind::Packs, &file.place, &file.what);
        }
        let entrypoint = made.image.entrypoint.as_ref();
        let cmd = made.image.cmd.as_ref();
        if let Some((place, _)) = entrypoint.or(cmd) {
            let words = self.command(None, None, &made.image);
            let shown = shown(&words);
            let keyword = if entrypoint.is_some() { "ENTRYPOINT" } else { "CMD" };
            for started in self.started(&words, &Env::new(), &made.image, &made.dir) {
                inside.insert(started.target);
                self.start(started, EvidenceKind::Starts, place, &format!("{keyword} {shown}"), None);
            }
        }
        let others = made.built.iter().filter(|file| !packed.contains(&(file.target, &file.place)));
        for file in others.filter(|file| inside.contains(&file.target)) {
            self.add(file.target, EvidenceKind::Builds, &file.place, &file.what);
        }
        let Some(build) = build else { return };
        for target in inside {
            self.add(target, EvidenceKind::Builds, &build.place, &build.what);
            self.chosen(target, &build.chosen);
        }
    }

    /// The words that a container starts with: Docker's rule that an own entrypoint leaves the image's `CMD` out.
    fn command(
        &self,
        entrypoint: Option<&[String]>,
        command: Option<&[String]>,
        image: &Image,
    ) -> Vec<String> {
        let own = |part: &Option<(Place, Vec<String>)>| {
            part.as_ref().map(|(_, words)| words.clone()).unwrap_or_default()
        };
        let mut words = entrypoint.map_or_else(|| own(&image.entrypoint), <[String]>::to_vec);
        match command {
            Some(command) => words.extend_from_slice(command),
            None if entrypoint.is_none() => words.extend(own(&image.cmd)),
            None => {}
        }
        words
    }

    fn started(&self, words: &[String], env: &Env, image: &Image, dir: &str) -> Vec<Started> {
        Starter { programs: self.programs, scripts: self.scripts, image, dir }.started(words, env)
    }

    /// The image of a name that is a program's, where recipes here start that program: made elsewhere from them. Without a
    /// command of the container's own the recipes have to agree on theirs.
    fn of_program<'m>(&self, all: &[&'m Made], start: &ContainerStart, name: &str) -> Option<&'m Made> {
        let name = image_name(name).rsplit('/').next().filter(|name| is_known(name))?;
        let target = self.programs.one(name, "")?;
        let starts = |made: &Made| {
            let words = self.command(None, None, &made.image);
            let started = self.started(&words, &Env::new(), &made.image, &made.dir);
            made.image.entrypoint.is_some() && started.iter().any(|of| of.target == target)
        };
        let entrypoint = |made: &Made| made.image.entrypoint.as_ref().map(|(_, words)| words.clone());
        let mut found = all.iter().copied().filter(|made| starts(made));
        let first = found.next()?;
        let agrees = |other: &Made| match start.command {
            Some(_) => entrypoint(other) == entrypoint(first),
            None => other.image.starts_like(&first.image),
        };
        found.all(agrees).then_some(first)
    }

    fn container(&self, start: &ContainerStart, made: Option<&Made>) -> Vec<Started> {
        let none = Image::default();
        let (image, dir) = made.map_or((&none, ""), |made| (&made.image, made.dir.as_str()));
        let words = self.command(start.entrypoint.as_deref(), start.command.as_deref(), image);
        self.started(&words, &start.env, image, dir)
    }

    /// What containers start. A variable chooses a role where one file starts a program with several of its values: what
    /// tells a staging system from the real one stands in files of their own.
    fn containers(&mut self, all: Vec<(&ContainerStart, Started)>) {
        let mut values: BTreeMap<(TargetId, &str, &str), BTreeSet<&str>> = BTreeMap::new();
        for (start, started) in &all {
            for (name, value) in variables(&start.env) {
                values.entry((started.target, &start.place.file, name)).or_default().insert(value);
            }
        }
        for (start, started) in all {
            let chooses = |name: &str| {
                values
                    .get(&(started.target, start.place.file.as_str(), name))
                    .is_some_and(|all| all.len() > 1)
            };
            let chosen = variables(&start.env).find(|(name, _)| chooses(name));
            let link = match chosen {
                Some((name, value)) if role(&started.arguments).is_none() => {
                    started.link.or_else(|| Some(format!("{name}={value}")))
                }
                _ => started.link,
            };
            let started = Started { link, ..started };
            self.start(started, EvidenceKind::Starts, &start.place, &start.what, Some(&start.service));
        }
    }

    fn programs_started(&mut self, findings: &Findings) {
        let none = Image::default();
        for program in &findings.programs {
            let dir = program.command.dir.as_deref().unwrap_or_default();
            for started in self.started(&program.command.words, &program.command.env, &none, dir) {
                let service = program.service.as_deref();
                self.start(started, EvidenceKind::Starts, &program.place, &program.what, service);
            }
        }
    }

    fn steps(&mut self, findings: &mut Findings) {
        for step in std::mem::take(&mut findings.steps) {
            let Some(cargo) = CargoCommand::read(&step.command) else { continue };
            let dir = step.command.dir.as_deref().map(|dir| dir.trim_start_matches('/'));
            let selected = self.programs.of_cargo(&cargo, dir);
            if step.ships.is_some() || cargo.does == Does::Deploy {
                note(&selected, &cargo, &step.place, findings);
            }
            let words = shown(&step.command.words);
            for &target in selected.targets.iter().filter(|_| selected.chosen) {
                match &step.ships {
                    Some(ships) if *ships != words => {
                        self.add(target, EvidenceKind::Ships, &step.place, &format!("{words} ({ships})"));
                    }
                    Some(_) => self.add(target, EvidenceKind::Ships, &step.place, &words),
                    None => self.add(target, EvidenceKind::Builds, &step.place, &words),
                }
                self.chosen(target, &step.chosen);
            }
        }
    }

    fn names(&mut self, findings: &mut Findings) {
        for named in std::mem::take(&mut findings.named) {
            match self.programs.one(&named.name, "") {
                Some(target) => self.add(target, EvidenceKind::Ships, &named.place, &named.what),
                None => findings.miss(super::model::Missed::Foreign, named.place),
            }
        }
    }

    /// Elements of lists: a program's name, or that of the package with its programs.
    fn lists(&mut self, findings: &Findings) {
        for (place, names) in &findings.lists {
            let targets: Option<Vec<TargetId>> =
                names.iter().map(|name| self.programs.one(name, "")).collect();
            for (target, name) in targets.into_iter().flatten().zip(names) {
                self.add(target, EvidenceKind::Lists, place, &format!("lists {name}"));
            }
        }
        for listed in &findings.listed {
            let targets = match self.programs.one(&listed.name, "") {
                Some(target) => vec![target],
                None => self.programs.of_package(&listed.name),
            };
            for target in targets {
                self.add(target, EvidenceKind::Lists, &listed.place, &listed.what);
            }
        }
    }

    /// The values of a matrix that name a program or its package.
    fn chosen(&mut self, target: TargetId, chosen: &[(Place, String)]) {
        let repository = self.programs.repository();
        let package = &repository.packages[repository.targets[target].package].name;
        let name = self.programs.name(target);
        for (place, what) in chosen {
            let value = what.split_once(": ").map_or("", |(_, value)| value);
            if value == name || value == package {
                self.add(target, EvidenceKind::Builds, place, what);
            }
        }
    }

    fn add(&mut self, target: TargetId, kind: EvidenceKind, place: &Place, what: &str) {
        self.found.entry(target).or_default().evidence.insert(evidence(kind, place, what));
    }

    fn start(
        &mut self,
        started: Started,
        kind: EvidenceKind,
        place: &Place,
        what: &str,
        service: Option<&str>,
    ) {
        let found = self.found.entry(started.target).or_default();
        let called = started.link.or_else(|| role(&started.arguments));
        let start = found.starts.entry(called).or_default();
        start.evidence.insert(evidence(kind, place, what));
        start.services.extend(service.map(str::to_owned));
    }
}

fn evidence(kind: EvidenceKind, place: &Place, what: &str) -> Evidence {
    Evidence { file: place.file.clone(), line: place.line, what: what.to_owned(), kind }
}

/// The image of a name: the whole name, or the last part of it where only one image here has that.
fn of_name<'m>(by_name: &BTreeMap<&str, &'m Made>, name: &str) -> Option<&'m Made> {
    let name = image_name(name);
    if let Some(made) = by_name.get(name) {
        return Some(made);
    }
    let last = |name: &str| name.rsplit('/').next().unwrap_or(name).to_owned();
    let own = last(name);
    if !is_known(&own) {
        return None;
    }
    let mut same = by_name.iter().filter(|(other, _)| last(other) == own).map(|(_, made)| *made);
    let first = same.next()?;
    // It is pushed to several registries, and made on several bases.
    same.all(|other| other.image.starts_like(&first.image)).then_some(first)
}

/// Whether a stage starts something by itself.
fn starts(recipe: &Recipe, at: usize) -> bool {
    recipe.stages[at].steps.iter().any(|(_, step)| matches!(step, Step::Entrypoint(_) | Step::Cmd(_)))
}

/// Whether a stage's name says that it is for looking into a program, or for tests.
fn is_to_debug(recipe: &Recipe, at: usize) -> bool {
    let name = recipe.stages[at].name.as_deref().unwrap_or_default().to_ascii_lowercase();
    name.split(['-', '_', '.']).any(|word| matches!(word, "debug" | "dev" | "development" | "test" | "tests"))
}

/// Whether another stage, but one to debug it, begins with a stage or copies from it.
fn is_used(recipe: &Recipe, at: usize) -> bool {
    let name = recipe.stages[at].name.as_deref();
    let is =
        |other: &str| name.is_some_and(|name| name.eq_ignore_ascii_case(other)) || other == at.to_string();
    let others = recipe.stages.iter().enumerate().filter(|(other, _)| !is_to_debug(recipe, *other));
    let mut others = others.map(|(_, stage)| stage);
    others.any(|stage| {
        let copies = |step: &Step| matches!(step, Step::Copy { from: Some(from), .. } if is(from));
        is(&stage.from) || stage.steps.iter().any(|(_, step)| copies(step))
    })
}
