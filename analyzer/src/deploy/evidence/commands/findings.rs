//! What the commands of a workflow, a recipe or a script do for a deployment: build images, build programs, take them elsewhere.

use super::cargo::{CargoCommand, Does};
use super::shell::{Command, Env, is_known, joined};
use crate::deploy::evidence::image::shown;
use crate::deploy::evidence::model::{Findings, ImageBuild, Missed, Named, Place, Step};
use crate::deploy::evidence::programs::built_at;

/// Commands that belong together: of a job, or of a recipe.
pub(in crate::deploy::evidence) struct Commands<'a> {
    pub(in crate::deploy::evidence) commands: &'a [(Place, Command)],
    /// What takes what they build elsewhere, if something beside them does.
    pub(in crate::deploy::evidence) ships: Option<String>,
    /// Values of a matrix that they were made with.
    pub(in crate::deploy::evidence) chosen: &'a [(Place, String)],
}

impl Commands<'_> {
    /// Adds what they say.
    pub(in crate::deploy::evidence) fn take(&self, found: &mut Findings) {
        let own = || self.commands.iter().find_map(|(_, command)| ships(command));
        let ships = self.ships.clone().or_else(own);
        for (place, command) in self.commands {
            if let Some(build) = image_build(command, place, self.chosen) {
                match build {
                    Some(build) => found.image_builds.push(build),
                    None => found.miss(Missed::Recipe, place.clone()),
                }
            } else if let Some(cargo) = CargoCommand::read(command) {
                let ships = match cargo.does {
                    Does::Deploy => Some(shown(&command.words)),
                    Does::Run => None,
                    _ => ships.clone(),
                };
                let chosen = self.chosen.to_vec();
                found.steps.push(Step { place: place.clone(), command: command.clone(), ships, chosen });
            } else if super::findings::ships(command).is_some() {
                for word in &command.words[1..] {
                    if let Some(name) = built_at(word).filter(|name| is_known(name)) {
                        let what = shown(&command.words);
                        found.named.push(Named { place: place.clone(), name: name.to_owned(), what });
                    }
                }
            }
        }
    }
}

/// How a command takes something elsewhere.
pub(in crate::deploy::evidence) fn ships(command: &Command) -> Option<String> {
    let words: Vec<&str> = command.words.iter().take(4).map(String::as_str).collect();
    let program = words[0].rsplit('/').next().unwrap_or_default();
    let second = words.get(1).copied().unwrap_or_default();
    let ships = match program {
        "scp" | "rsync" | "kubectl" | "helm" | "helmfile" | "flyctl" | "fly" | "sam" | "serverless"
        | "sls" | "cdk" | "skaffold" | "wrangler" | "heroku" | "nomad" | "ansible-playbook" | "twine"
        | "kamal" | "pulumi" => true,
        "docker" | "podman" | "buildah" | "skopeo" => {
            (matches!(second, "push" | "copy") || words.contains(&"--push")) && !is_local(&command.words)
        }
        "gh" => second == "release",
        "aws" | "gcloud" | "gsutil" | "az" | "doctl" | "oc" => {
            !matches!(second, "auth" | "configure" | "sts" | "login" | "version" | "ecr" | "config")
        }
        "terraform" | "tofu" | "terragrunt" => second == "apply",
        "goreleaser" => second == "release",
        _ => false,
    };
    ships.then(|| words[..words.len().min(2)].join(" "))
}

/// Whether a registry of the machine itself is meant: that of a cluster for tests.
fn is_local(words: &[String]) -> bool {
    let local = ["localhost:", "localhost/", "127.0.0.1:", "kind-registry:", "registry.local"];
    words
        .iter()
        .any(|word| local.iter().any(|start| word.split("://").last().is_some_and(|w| w.starts_with(start))))
}

/// `docker build` and its like: what it builds, or nothing if its recipe is not known.
fn image_build(command: &Command, place: &Place, chosen: &[(Place, String)]) -> Option<Option<ImageBuild>> {
    let words = &command.words;
    let program = words[0].rsplit('/').next().unwrap_or_default();
    let at = match program {
        "docker" | "podman" | "nerdctl" | "finch" => words.iter().take(4).position(|word| word == "build")?,
        "buildah" => words
            .iter()
            .take(3)
            .position(|word| matches!(word.as_str(), "build" | "bud" | "build-using-dockerfile"))?,
        "depot" => words.iter().take(3).position(|word| word == "build")?,
        _ => return None,
    };
    let (mut file, mut context, mut target) = (None, None, None);
    let (mut args, mut images) = (Env::new(), Vec::new());
    let mut rest = words[at + 1..].iter();
    while let Some(word) = rest.next() {
        let (option, own) = match word.split_once('=').filter(|(option, _)| option.starts_with("--")) {
            Some((option, value)) => (option, Some(value.to_owned())),
            None => (word.as_str(), None),
        };
        let mut value = || own.clone().or_else(|| rest.next().cloned()).unwrap_or_default();
        match option {
            "-f" | "--file" => file = Some(value()),
            "-t" | "--tag" => images.push(value()),
            "--target" => target = Some(value()),
            "--build-arg" => {
                let text = value();
                if let Some((name, value)) = text.split_once('=') {
                    args.insert(name.to_owned(), value.to_owned());
                } else if let Some(value) = command.env.get(&text) {
                    args.insert(text.clone(), value.clone());
                }
            }
            "--platform" | "--cache-from" | "--cache-to" | "--output" | "-o" | "--secret" | "--ssh"
            | "--label" | "--network" | "--progress" | "--builder" | "--build-context" | "--add-host"
            | "-m" | "--memory" | "--iidfile" | "--metadata-file" => drop(value()),
            option if option.starts_with('-') => {}
            word => context = Some(word.to_owned()),
        }
    }
    let dir = command.dir.as_deref();
    let context =
        joined(dir, context.as_deref().unwrap_or(".")).map(|path| path.trim_start_matches('/').to_owned());
    let file = match file {
        Some(file) => joined(dir, &file),
        None => joined(context.as_deref(), "Dockerfile"),
    };
    let Some((context, file)) = context.zip(file) else { return Some(None) };
    Some(Some(ImageBuild {
        place: place.clone(),
        what: shown(words),
        dockerfile: file.trim_start_matches('/').to_owned(),
        context,
        target: target.filter(|target| is_known(target)),
        args,
        images,
        chosen: chosen.to_vec(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deploy::evidence::commands::shell::Shell;

    fn builds(text: &str) -> Vec<String> {
        let shell = Shell { dir: Some("ops".to_owned()), ..Shell::default() };
        let commands: Vec<_> = shell.read(text).into_iter().map(|c| (Place::new("x", c.line), c)).collect();
        let mut found = Findings::default();
        Commands { commands: &commands, ships: None, chosen: &[] }.take(&mut found);
        let image = |b: ImageBuild| {
            format!("{} in {} {:?} {:?} {:?}", b.dockerfile, b.context, b.target, b.args, b.images)
        };
        let named = found.named.into_iter().map(|named| named.name);
        let steps = found
            .steps
            .into_iter()
            .map(|step| format!("{} ships {:?}", step.command.words.join(" "), step.ships));
        found.image_builds.into_iter().map(image).chain(named).chain(steps).collect()
    }

    #[test]
    fn commands_build_and_ship() {
        let cases: [(&str, &[&str]); 8] = [
            ("docker build .", &["ops/Dockerfile in ops None {} []"]),
            (
                "docker buildx build --platform x -f ../docker/web/Dockerfile --target run --build-arg BIN=web -t a/web:1 --push ..",
                &["docker/web/Dockerfile in  Some(\"run\") {\"BIN\": \"web\"} [\"a/web:1\"]"],
            ),
            (
                "BIN=web docker build --build-arg BIN x",
                &["ops/x/Dockerfile in ops/x None {\"BIN\": \"web\"} []"],
            ),
            ("cargo build --bin a", &["cargo build --bin a ships None"]),
            (
                "cargo build --bin a && gh release upload x",
                &["cargo build --bin a ships Some(\"gh release\")"],
            ),
            ("cargo build --bin a && docker push localhost:5001/a", &["cargo build --bin a ships None"]),
            ("scp target/release/web host:/srv", &["web"]),
            ("cargo lambda deploy a", &["cargo lambda deploy a ships Some(\"cargo lambda deploy a\")"]),
        ];
        for (text, expected) in cases {
            assert_eq!(builds(text), expected, "{text}");
        }
    }
}
