//! What says which programs are deployed: Dockerfiles, Compose, workflows, recipes, manifests, read as texts.
//!
//! Each form is read by a file of its own into [`Findings`](model::Findings); `join` follows them from the build of an image over
//! its recipe to the program that it starts. What isn't understood is counted, never guessed.

mod commands;
mod features;
mod forms;
mod image;
mod join;
mod model;
mod programs;
mod standing;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use commands::scripts::Scripts;
use forms::dockerfile::Recipe;
use forms::recipes::{Recipes, Tool};
use join::Join;
use model::{Findings, Missed, Place};
use programs::Programs;
use standing::standing;

use super::deployed::Standing;
use crate::config::Configuration;
use crate::diagnostic::Diagnostic;
use crate::discover::{DeploymentFile, DeploymentForm, Repository};

/// Which programs are deployed, under which names and in which roles, and which are not, each with what says so.
pub(crate) fn evidence(repository: &Repository, files: &[DeploymentFile]) -> (Standing, Vec<Diagnostic>) {
    let programs = Programs::new(repository);
    let mut found = Findings::default();
    let of = |form: DeploymentForm| files.iter().filter(move |file| file.form == form);
    let pairs = |forms: &[DeploymentForm]| -> Vec<(&str, &str)> {
        let of = files.iter().filter(|file| forms.contains(&file.form));
        of.map(|file| (file.path.as_str(), file.text.as_str())).collect()
    };
    let scripts = read_scripts(&pairs(&[DeploymentForm::Script]), files);
    let mut recipes = BTreeMap::new();
    for file in of(DeploymentForm::Dockerfile) {
        let recipe = Recipe::read(&file.text);
        if let Some((line, message)) = &recipe.error {
            found.broken(&file.path, *line, message);
        }
        recipes.insert(file.path.as_str(), recipe);
    }
    forms::compose::ComposeFiles::read(&pairs(&[DeploymentForm::Compose]), &mut found).take(&mut found);
    let workflows = pairs(&[DeploymentForm::Workflow, DeploymentForm::Action]);
    forms::workflow::Workflows::read(&workflows, &scripts, &mut found).take(&mut found);
    for recipes in scripts.recipes.values() {
        for name in recipes.names() {
            let commands: Vec<_> = recipes
                .own_commands(name)
                .into_iter()
                .map(|c| (Place::new(&recipes.file, c.line), c))
                .collect();
            commands::findings::Commands { commands: &commands, ships: None, chosen: &[] }.take(&mut found);
        }
    }
    for file in files {
        let (path, text) = (file.path.as_str(), file.text.as_str());
        match file.form {
            DeploymentForm::HelmTemplate => found.miss(Missed::HelmTemplate, Place::new(path, 1)),
            DeploymentForm::Yaml => forms::kubernetes::take(path, text, &mut found),
            DeploymentForm::Gitlab => forms::gitlab::take(path, text, &scripts, &mut found),
            DeploymentForm::Hcl => forms::hcl::bake(path, text, &mut found),
            DeploymentForm::Terraform => forms::hcl::terraform(path, text, &mut found),
            DeploymentForm::Systemd => forms::plain::systemd(path, text, &mut found),
            DeploymentForm::Procfile => forms::plain::procfile(path, text, &mut found),
            DeploymentForm::Fly => forms::plain::fly(path, text, &mut found),
            DeploymentForm::Lists => forms::lists::take(path, text, &programs, &mut found),
            _ => {}
        }
    }
    forms::helm::take_all(&pairs(&[DeploymentForm::Helm]), &mut found);
    forms::kustomize::Kustomizations::read(&pairs(&[DeploymentForm::Yaml])).apply(&mut found);
    let joined = Join::new(&programs, &scripts, &recipes).all(&mut found);
    let mut diagnostics = found.counted();
    diagnostics.append(&mut found.diagnostics);
    let mut standing = standing(repository, joined);
    for file in of(DeploymentForm::Configuration) {
        let (configuration, problems) = Configuration::parse(&file.path, &file.text);
        diagnostics.extend(problems);
        let services = &configuration.services;
        diagnostics.extend(forms::configuration::apply(&file.path, services, &programs, &mut standing));
    }
    diagnostics.extend(features::others(repository, &standing, &found.features));
    diagnostics.sort();
    diagnostics.dedup();
    (standing, diagnostics)
}

fn read_scripts<'a>(texts: &[(&'a str, &'a str)], files: &'a [DeploymentFile]) -> Scripts<'a> {
    let mut scripts = Scripts { texts: texts.iter().copied().collect(), recipes: BTreeMap::new() };
    for file in files {
        let tool = match file.form {
            DeploymentForm::Just => Tool::Just,
            DeploymentForm::Make => Tool::Make,
            _ => continue,
        };
        let dir = file.path.rsplit_once('/').map_or("", |(dir, _)| dir);
        let kind = if tool == Tool::Just { "just" } else { "make" };
        let recipes = Recipes::read(&file.path, &file.text, tool);
        scripts.recipes.entry(format!("{kind}:{dir}")).or_insert(recipes);
    }
    scripts
}
