//! GitHub's workflows and composite actions: jobs with their matrices, steps with their environments, reusable workflows with
//! what they are called with.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::expressions::{Combination, Context, combinations};
use super::yaml::{Node, Yaml};
use crate::deploy::evidence::commands::findings::{Commands, ships as taken_by};
use crate::deploy::evidence::commands::scripts::Scripts;
use crate::deploy::evidence::commands::shell::{Command, Env, Shell, is_known, joined, tidy};
use crate::deploy::evidence::model::{Findings, ImageBuild, Missed, Named, Place};
use crate::deploy::evidence::programs::built_at;

/// Workflows that call workflows, and actions that call actions (GitHub allows ten).
const MOST_DEPTH: u32 = 6;
/// Jobs and actions that are looked at, each combination of a matrix for itself.
const MOST_RUNS: u32 = 5_000;

/// Actions that take what a job built elsewhere, by a part of their name.
const SHIPPING: [&str; 22] = [
    "release",
    "deploy",
    "docker/build-push-action",
    "upload-rust-binary",
    "publish",
    "scp-",
    "ssh-",
    "s3-",
    "rsync",
    "flyctl",
    "kubectl",
    "k8s",
    "helm",
    "ecs-",
    "ecr",
    "lambda",
    "wrangler",
    "azure/",
    "skopeo",
    "cloudfront",
    "push-to",
    "buildah",
];

/// Words of paths that are no program's.
const REPORTS: [&str; 14] = [
    "log",
    "logs",
    "report",
    "reports",
    "coverage",
    "lcov",
    "junit",
    "results",
    "screenshots",
    "profile",
    "criterion",
    "snapshots",
    "sarif",
    "sbom",
];

/// All workflows and actions of a repository.
pub(in crate::deploy::evidence) struct Workflows<'a> {
    files: BTreeMap<&'a str, Rc<Node>>,
    scripts: &'a Scripts<'a>,
}

impl<'a> Workflows<'a> {
    /// Reads the files.
    pub(in crate::deploy::evidence) fn read(
        files: &[(&'a str, &'a str)],
        scripts: &'a Scripts<'a>,
        found: &mut Findings,
    ) -> Self {
        let mut read = BTreeMap::new();
        for (path, text) in files {
            let yaml = Yaml::read(text);
            if let Some((line, message)) = &yaml.error {
                found.broken(path, *line, message);
            }
            read.extend(yaml.documents.into_iter().next().map(|document| (*path, document)));
        }
        Self { files: read, scripts }
    }

    /// Adds what they say. Workflows that are only called count with what they are called with, if anything here calls them.
    pub(in crate::deploy::evidence) fn take(&self, found: &mut Findings) {
        let mut runs = Runs { workflows: self, left: MOST_RUNS, called: BTreeSet::new(), found };
        let only_called = |node: &Node| {
            let on = node.get("on").or_else(|| node.get("true"));
            let events = on.map_or_else(Vec::new, |on| {
                let mut events: Vec<String> =
                    on.entries().iter().map(|(key, ..)| (*key).to_owned()).collect();
                events.extend(on.texts().iter().map(|(event, _)| (*event).to_owned()));
                events
            });
            !events.is_empty() && events.iter().all(|event| event == "workflow_call")
        };
        let workflows = || self.files.iter().filter(|(_, node)| node.get("jobs").is_some());
        for (path, node) in workflows().filter(|(_, node)| !only_called(node)) {
            runs.workflow(path, node, &Context::default(), 0);
        }
        let left: Vec<_> =
            workflows().filter(|(path, node)| only_called(node) && !runs.called.contains(**path)).collect();
        for (path, node) in left {
            runs.workflow(path, node, &Context::default(), 0);
        }
    }
}

struct Runs<'a, 'f> {
    workflows: &'a Workflows<'a>,
    left: u32,
    /// Workflows that others call.
    called: BTreeSet<&'a str>,
    found: &'f mut Findings,
}

impl<'a> Runs<'a, '_> {
    /// A workflow with inputs, or with the defaults of its own.
    fn workflow(&mut self, path: &'a str, node: &'a Node, caller: &Context, depth: u32) {
        let chosen = caller.chosen.clone();
        let mut context = Context { inputs: defaults(node), chosen, ..Context::default() };
        self.lists(path, node);
        context.inputs.extend(caller.inputs.iter().map(|(name, value)| (name.clone(), value.clone())));
        add_env(node, &mut context);
        let jobs = node.get("jobs").map(|jobs| jobs.entries()).unwrap_or_default();
        let released = self.released(&jobs);
        for (name, _, job) in jobs {
            let matrix = job.at(&["strategy", "matrix"]);
            let all = match matrix {
                None => Some(vec![Combination::new()]),
                Some(matrix) => combinations(matrix, &context),
            };
            let Some(all) = all else {
                let line = matrix.map_or(job.line, |matrix| matrix.line);
                self.found.miss(Missed::Matrix, Place::new(path, line));
                self.job(path, (node, job), released.contains(name), &context, depth);
                continue;
            };
            for matrix in all {
                let mut chosen = context.chosen.clone();
                chosen.extend(values(path, &matrix));
                let context = Context { matrix, chosen, ..context.clone() };
                self.job(path, (node, job), released.contains(name), &context, depth);
            }
        }
    }

    /// Jobs whose artifacts others release: what a job that takes something elsewhere needs, directly or not.
    fn released<'n>(&self, jobs: &[(&'n str, u32, &'n Rc<Node>)]) -> BTreeSet<&'n str> {
        let needs = |job: &'n Node| -> Vec<&'n str> {
            job.get("needs")
                .map_or_else(Vec::new, |needs| needs.texts().iter().map(|(name, _)| *name).collect())
        };
        let ships = |job: &Node| {
            let steps = job.get("steps").map_or(&[][..], |steps| steps.items());
            let run = |step: &Node| {
                let text = step.text_at(&["run"]).unwrap_or_default();
                Shell::default().read(text).iter().any(|command| taken_by(command).is_some())
            };
            steps.iter().any(|step| shipping_action(step).is_some() || run(step))
        };
        let mut found = BTreeSet::new();
        let mut todo: Vec<&str> =
            jobs.iter().filter(|(_, _, job)| ships(job)).flat_map(|(_, _, job)| needs(job)).collect();
        while let Some(name) = todo.pop() {
            if found.insert(name) {
                let of = jobs.iter().filter(|(other, ..)| *other == name);
                todo.extend(of.flat_map(|(_, _, job)| needs(job)));
            }
        }
        found
    }

    /// Inputs that have a list by default: of programs, maybe.
    fn lists(&mut self, path: &str, node: &Node) {
        for (_, _, input) in inputs(node) {
            let Some(default) = input.get("default") else { continue };
            let names: Vec<String> = default
                .text()
                .unwrap_or_default()
                .split([',', ' '])
                .filter(|n| !n.is_empty())
                .map(str::to_owned)
                .collect();
            let list = (Place::new(path, default.line), names);
            if list.1.len() >= 2 && !self.found.lists.contains(&list) {
                self.found.lists.push(list);
            }
        }
    }

    fn job(
        &mut self,
        path: &'a str,
        (workflow, job): (&Node, &Node),
        is_for_release: bool,
        context: &Context,
        depth: u32,
    ) {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 || depth > MOST_DEPTH {
            return;
        }
        let mut context = context.clone();
        add_env(job, &mut context);
        if let Some(uses) = job.get("uses") {
            let with = with(job, &context);
            self.pictures(path, uses, &with, &context.chosen);
            let local = uses.text().and_then(|uses| uses.strip_prefix("./"));
            if let Some((&callee, node)) = local.and_then(|local| self.workflows.files.get_key_value(local)) {
                self.called.insert(callee);
                let inputs = with.into_iter().map(|(name, (value, _))| (name, value)).collect();
                let caller = Context { inputs, chosen: context.chosen, ..Context::default() };
                self.workflow(callee, node, &caller, depth + 1);
            }
            return;
        }
        let default = ["defaults", "run", "working-directory"];
        let dir = job.text_at(&default).or_else(|| workflow.text_at(&default)).unwrap_or_default();
        let dir = tidy(&context.filled(dir));
        let steps = job.get("steps").map_or(&[][..], |steps| steps.items());
        let releases = is_of_releases(path) || is_for_release;
        let uploads = releases && steps.iter().any(|step| uploads_what_was_built(step));
        let action = steps.iter().find_map(|step| shipping_action(step));
        let ships = action.or_else(|| uploads.then(|| "uploads it".to_owned()));
        self.steps(path, steps, (&context, &dir), ships, depth);
    }

    /// The steps of a job or of an action.
    fn steps(
        &mut self,
        path: &'a str,
        steps: &[Rc<Node>],
        (context, dir): (&Context, &str),
        ships: Option<String>,
        depth: u32,
    ) {
        let chosen = &context.chosen;
        let mut commands: Vec<(Place, Command)> = Vec::new();
        for step in steps {
            let mut context = context.clone();
            add_env(step, &mut context);
            let own = step.text_at(&["working-directory"]).map(|dir| tidy(&context.filled(dir)));
            if let Some(run) = step.get("run") {
                let dir = own.unwrap_or_else(|| dir.to_owned());
                let text = context.filled(run.text().unwrap_or_default());
                commands.extend(self.shell(path, &text, run.line, &context.env, &dir));
            }
            let Some(uses) = step.get("uses") else { continue };
            let with = with(step, &context);
            self.pictures(path, uses, &with, chosen);
            self.call(path, uses, (with, &context), ships.clone(), depth);
        }
        Commands { commands: &commands, ships, chosen }.take(self.found);
    }

    /// A composite action of this repository.
    fn call(
        &mut self,
        path: &'a str,
        uses: &Node,
        (with, context): (With, &Context),
        ships: Option<String>,
        depth: u32,
    ) {
        let Some(local) = uses.text().and_then(|uses| uses.strip_prefix("./")) else { return };
        let files = &self.workflows.files;
        let action = ["action.yml", "action.yaml"]
            .into_iter()
            .find_map(|name| files.get_key_value(tidy(&format!("{local}/{name}")).as_str()));
        let Some((&file, action)) = action.filter(|(file, _)| **file != path) else { return };
        self.left = self.left.saturating_sub(1);
        if self.left == 0 || depth > MOST_DEPTH {
            return;
        }
        let mut inputs = defaults(action);
        inputs.extend(with.into_iter().map(|(name, (value, _))| (name, value)));
        // An action sees no matrix, but it is called for a value of one.
        let context = Context {
            inputs,
            env: context.env.clone(),
            chosen: context.chosen.clone(),
            ..Context::default()
        };
        let steps: Vec<Rc<Node>> =
            action.at(&["runs", "steps"]).map(|steps| steps.items().to_vec()).unwrap_or_default();
        self.steps(file, &steps, (&context, ""), ships, depth + 1);
    }

    /// The commands of a text, with those of the scripts and recipes that it calls.
    fn shell(&self, path: &str, text: &str, line: u32, env: &Env, dir: &str) -> Vec<(Place, Command)> {
        let mut env = env.clone();
        env.insert("GITHUB_WORKSPACE".to_owned(), "/".to_owned());
        let shell = Shell { env, dir: Some(dir.to_owned()), line, ..Shell::default() };
        let mut found = Vec::new();
        for command in shell.read(text) {
            let own = command.dir.clone();
            let inside =
                |path: &str| joined(own.as_deref(), path).map(|path| path.trim_start_matches('/').to_owned());
            let called = self.workflows.scripts.called(&command, &inside, own.as_deref());
            found.push((Place::new(path, command.line), command));
            found.extend(called);
        }
        found
    }

    /// What an action or reusable workflow is given that says which image it builds, or which programs.
    fn pictures(&mut self, path: &str, uses: &Node, with: &With, chosen: &[(Place, String)]) {
        let short = |key: &str| key.to_ascii_lowercase().replace(['-', '_'], "");
        let find = |keys: &[&str]| with.iter().find(|(key, _)| keys.contains(&short(key).as_str()));
        let value =
            |keys: &[&str]| find(keys).map(|(_, (value, _))| value.as_str()).filter(|v| !v.trim().is_empty());
        let place = Place::new(path, uses.line);
        let name = uses.text().unwrap_or_default();
        let name = name.split('@').next().unwrap_or(name);
        let file = value(&["file", "dockerfile", "dockerfilepath", "dockerfilename", "containerfiles"]);
        let file = file.filter(|file| file.to_ascii_lowercase().contains("file"));
        let args = value(&["buildargs", "dockerbuildargs", "buildarguments", "extraargs"]);
        let builds = name.contains("build-push") || name.contains("buildah-build") || name.contains("kaniko");
        if builds || file.is_some() || (args.is_some() && name.to_ascii_lowercase().contains("build")) {
            let context = value(&["context", "dockercontext", "buildcontext", "path", "workdir"])
                .filter(|c| is_known(c));
            let context = tidy(context.filter(|context| !context.contains("://")).unwrap_or("."));
            let file = match file.map(|file| file.trim_start_matches("./")) {
                None => tidy(&format!("{context}/Dockerfile")),
                Some(file) if file.contains('/') => tidy(file),
                Some(file) => tidy(&format!("{context}/{file}")),
            };
            if !is_known(&file) {
                self.found.miss(Missed::Recipe, place);
                return;
            }
            let images = value(&["tags", "images", "image", "imagename", "tag"]).unwrap_or_default();
            self.found.image_builds.push(ImageBuild {
                what: format!("uses {name}"),
                place,
                dockerfile: file,
                context,
                target: value(&["target"]).filter(|target| is_known(target)).map(str::to_owned),
                args: arguments(args.unwrap_or_default()),
                images: images
                    .split([',', '\n'])
                    .map(|image| image.trim().to_owned())
                    .filter(|i| !i.is_empty())
                    .collect(),
                chosen: chosen.to_vec(),
            });
            return;
        }
        if shipping_name(name) {
            for (key, (value, line)) in with {
                let names = matches!(
                    short(key).as_str(),
                    "bin" | "bins" | "binary" | "binaries" | "binaryname" | "binname"
                );
                let words = value.split([',', '\n', ' ']).map(str::trim).filter(|word| is_known(word));
                for word in words {
                    let named = if names { Some(word) } else { built_at(word) };
                    if let Some(named) = named.filter(|named| !named.is_empty()) {
                        let what = format!("uses {name}, {key}: {word}");
                        self.found.named.push(Named {
                            place: Place::new(path, *line),
                            name: named.to_owned(),
                            what,
                        });
                    }
                }
            }
        }
    }
}

/// What something is called with, each value with its line.
type With = BTreeMap<String, (String, u32)>;

fn with(node: &Node, context: &Context) -> With {
    let entries = node.get("with").map(|with| with.entries()).unwrap_or_default();
    let value = |(key, _, value): (&str, u32, &Rc<Node>)| {
        let text = context.filled(value.text()?);
        Some((key.to_owned(), (text, value.line)))
    };
    entries.into_iter().filter_map(value).collect()
}

/// The defaults of the inputs of a workflow or action; without one an input is unknown.
fn defaults(node: &Node) -> Env {
    let mut found = Env::new();
    for (name, _, input) in inputs(node) {
        if let Some(default) = input.text_at(&["default"]) {
            found.entry(name.to_owned()).or_insert_with(|| default.to_owned());
        }
    }
    found
}

/// The inputs of a workflow or action.
fn inputs(node: &Node) -> Vec<(&str, u32, &Rc<Node>)> {
    let on = node.get("on").or_else(|| node.get("true"));
    let mut places = vec![node.get("inputs")];
    for event in ["workflow_call", "workflow_dispatch"] {
        places.push(on.and_then(|on| on.at(&[event, "inputs"])));
    }
    places.into_iter().flatten().flat_map(|inputs| inputs.entries()).collect()
}

fn add_env(node: &Node, context: &mut Context) {
    for (name, _, value) in node.get("env").map(|env| env.entries()).unwrap_or_default() {
        if let Some(value) = value.text() {
            let value = context.filled(value);
            context.env.insert(name.to_owned(), value);
        }
    }
}

/// The values of a matrix, with their places.
fn values(path: &str, matrix: &Combination) -> Vec<(Place, String)> {
    let mut found = Vec::new();
    for (key, node) in matrix {
        if let Some(text) = node.text() {
            found.push((Place::new(path, node.line), format!("matrix {key}: {text}")));
        }
        for (inner, line, value) in node.entries() {
            if let Some(text) = value.text() {
                found.push((Place::new(path, line), format!("matrix {key}.{inner}: {text}")));
            }
        }
    }
    found
}

/// `NAME=value` lines.
fn arguments(text: &str) -> Env {
    let lines = text.lines().filter_map(|line| line.trim().split_once('='));
    lines.map(|(name, value)| (name.trim().to_owned(), value.trim().trim_matches('"').to_owned())).collect()
}

/// Whether a step uploads what the job has built: not what is left of a failure, nor reports under a name that says so.
fn uploads_what_was_built(step: &Node) -> bool {
    let uploads = step.text_at(&["uses"]).is_some_and(|uses| uses.contains("upload-artifact"));
    let after_failure = step.text_at(&["if"]).is_some_and(|when| when.contains("failure()"));
    let paths = step.text_at(&["with", "path"]).unwrap_or_default().to_ascii_lowercase();
    let mut paths = paths.lines().map(str::trim).filter(|path| !path.is_empty()).peekable();
    let is_report = |path: &str| path.split(['/', '.', '-', '_', '*']).any(|word| REPORTS.contains(&word));
    uploads && !after_failure && (paths.peek().is_none() || paths.any(|path| !is_report(path)))
}

fn shipping_action(step: &Node) -> Option<String> {
    let uses = step.text_at(&["uses"])?;
    let name = uses.split('@').next().unwrap_or(uses);
    shipping_name(name).then(|| name.to_owned())
}

fn shipping_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SHIPPING.iter().any(|part| name.contains(part)) && !name.contains("login") && !name.contains("setup")
}

/// Whether a workflow is by its name one that makes what is given away.
fn is_of_releases(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    ["release", "deploy", "publish", "dist", "nightly", "edge", "artifact", "binaries", "ship"]
        .iter()
        .any(|w| name.contains(w))
}
