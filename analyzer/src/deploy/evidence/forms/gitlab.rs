//! GitLab's pipelines: jobs with their scripts, what they extend, and their matrices.

use std::rc::Rc;

use super::expressions::MOST_COMBINATIONS;
use super::yaml::{Node, Yaml};
use crate::deploy::evidence::commands::findings::Commands;
use crate::deploy::evidence::commands::scripts::Scripts;
use crate::deploy::evidence::commands::shell::{Command, Env, Shell, joined};
use crate::deploy::evidence::model::{Findings, Place};

/// Jobs that extend jobs (GitLab allows eleven).
const MOST_EXTENDS: u32 = 11;
/// Keys at the top that are no jobs.
const NO_JOBS: [&str; 9] =
    ["stages", "variables", "include", "workflow", "default", "image", "services", "cache", "spec"];

/// Adds what a pipeline says.
pub(in crate::deploy::evidence) fn take(path: &str, text: &str, scripts: &Scripts<'_>, found: &mut Findings) {
    let yaml = Yaml::read(text);
    if let Some((line, message)) = &yaml.error {
        found.broken(path, *line, message);
    }
    let Some(top) = yaml.documents.first() else { return };
    for (name, _, job) in top.entries() {
        // A name that begins with a dot is a template.
        if NO_JOBS.contains(&name) || name.starts_with('.') || !job.is_map() {
            continue;
        }
        let layers = layers(top, job, MOST_EXTENDS);
        for chosen in matrix(path, &layers) {
            let mut env = variables(top);
            layers.iter().rev().for_each(|layer| env.extend(variables(layer)));
            env.extend(chosen.iter().map(|(_, name, value)| (name.clone(), value.clone())));
            env.insert("CI_PROJECT_DIR".to_owned(), "/".to_owned());
            let commands = commands(path, &layers, &env, scripts);
            let values: Vec<(Place, String)> = chosen
                .into_iter()
                .map(|(place, name, value)| (place, format!("matrix {name}: {value}")))
                .collect();
            Commands { commands: &commands, ships: None, chosen: &values }.take(found);
        }
    }
}

/// A job and those that it extends, itself first.
fn layers(top: &Node, job: &Rc<Node>, left: u32) -> Vec<Rc<Node>> {
    let mut found = vec![Rc::clone(job)];
    let bases = job.get("extends").map(|extends| extends.texts()).unwrap_or_default();
    for (base, _) in bases.iter().rev().filter(|_| left > 0 && bases.len() <= 11) {
        if let Some(base) = top.get(base).filter(|_| found.len() < 100) {
            found.extend(layers(top, base, if bases.len() > 1 { left.min(3) - 1 } else { left - 1 }));
        }
    }
    found
}

fn variables(node: &Node) -> Env {
    let entries = node.get("variables").map(|variables| variables.entries()).unwrap_or_default();
    let value = |node: &Rc<Node>| node.text().or_else(|| node.text_at(&["value"])).map(str::to_owned);
    entries.into_iter().filter_map(|(name, _, node)| Some((name.to_owned(), value(node)?))).collect()
}

/// The values of `parallel: matrix:`, each with its place; one without any.
fn matrix(path: &str, layers: &[Rc<Node>]) -> Vec<Vec<(Place, String, String)>> {
    let Some(matrix) = layers.iter().find_map(|layer| layer.at(&["parallel", "matrix"])) else {
        return vec![Vec::new()];
    };
    let mut found = Vec::new();
    for entry in matrix.items() {
        let mut all: Vec<Vec<(Place, String, String)>> = vec![Vec::new()];
        for (name, _, values) in entry.entries() {
            let mut next = Vec::new();
            for combination in &all {
                for (value, line) in values.texts() {
                    let mut combination = combination.clone();
                    combination.push((Place::new(path, line), name.to_owned(), value.to_owned()));
                    next.push(combination);
                }
            }
            next.truncate(MOST_COMBINATIONS);
            all = next;
        }
        found.extend(all);
    }
    found.truncate(MOST_COMBINATIONS);
    found
}

/// The commands of a job; one shell runs all of them.
fn commands(path: &str, layers: &[Rc<Node>], env: &Env, scripts: &Scripts<'_>) -> Vec<(Place, Command)> {
    let mut found = Vec::new();
    let mut dir = Some(String::new());
    for key in ["before_script", "script", "after_script"] {
        let Some(script) = layers.iter().find_map(|layer| layer.get(key)) else { continue };
        for (text, line) in script.texts() {
            let shell = Shell { env: env.clone(), dir: dir.clone(), line, ..Shell::default() };
            for command in shell.read(text) {
                let own = command.dir.clone();
                let inside = |path: &str| {
                    joined(own.as_deref(), path).map(|path| path.trim_start_matches('/').to_owned())
                };
                let called = scripts.called(&command, &inside, own.as_deref());
                dir.clone_from(&command.dir);
                found.push((Place::new(path, command.line), command));
                found.extend(called);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_extend_others_and_have_matrices() {
        let text = "variables: {PROFILE: release}\n.build:\n  script:\n    - cargo build --profile $PROFILE --bin $BIN\n    - docker build -f docker/$BIN/Dockerfile --build-arg V=$V .\n\
                    ship:\n  extends: .build\n  variables: {V: '1'}\n  parallel:\n    matrix:\n      - BIN: [web, worker]\n";
        let mut found = Findings::default();
        take(".gitlab-ci.yml", text, &Scripts::default(), &mut found);
        let steps: Vec<_> = found.steps.iter().map(|step| step.command.words.join(" ")).collect();
        assert_eq!(
            steps,
            ["cargo build --profile release --bin web", "cargo build --profile release --bin worker"]
        );
        let files: Vec<_> =
            found.image_builds.iter().map(|build| (build.dockerfile.as_str(), build.args.len())).collect();
        assert_eq!(files, [("docker/web/Dockerfile", 1), ("docker/worker/Dockerfile", 1)]);
        assert_eq!(found.steps[1].chosen[0].1, "matrix BIN: worker");
    }

    #[test]
    fn circles_end() {
        let text = "a: {extends: [b, b, b], script: [x]}\nb: {extends: [a, a, a]}\n";
        let mut found = Findings::default();
        take(".gitlab-ci.yml", text, &Scripts::default(), &mut found);
        assert!(found.steps.is_empty());
    }
}
