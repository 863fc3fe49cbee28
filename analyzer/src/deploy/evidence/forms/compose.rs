//! Docker Compose: services with what they are built from and what they start.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::yaml::{Node, Yaml};
use crate::deploy::evidence::commands::shell::{Env, Shell, filled, is_known, joined};
use crate::deploy::evidence::model::{ContainerStart, Findings, ImageBuild, ImageOf, Place};

/// Services that extend each other.
const MOST_EXTENDS: u32 = 8;

/// All Compose files of a repository.
pub(in crate::deploy::evidence) struct ComposeFiles<'a>(BTreeMap<&'a str, Rc<Node>>);

impl<'a> ComposeFiles<'a> {
    pub(in crate::deploy::evidence) fn read(files: &[(&'a str, &'a str)], found: &mut Findings) -> Self {
        let mut read = BTreeMap::new();
        for (path, text) in files {
            let yaml = Yaml::read(text);
            if let Some((line, message)) = &yaml.error {
                found.broken(path, *line, message);
            }
            read.extend(yaml.documents.into_iter().next().map(|document| (*path, document)));
        }
        Self(read)
    }

    /// Adds what they say.
    pub(in crate::deploy::evidence) fn take(&self, found: &mut Findings) {
        for (path, top) in &self.0 {
            for (name, line, service) in
                top.get("services").map(|services| services.entries()).unwrap_or_default()
            {
                let layers = self.layers(path, service, MOST_EXTENDS);
                Service { path, name, line, layers: &layers }.take(found);
            }
        }
    }

    /// A service and those that it extends, each with its file; the service itself first.
    fn layers(&self, path: &str, service: &Rc<Node>, left: u32) -> Vec<(String, Rc<Node>)> {
        let mut layers = vec![(path.to_owned(), Rc::clone(service))];
        let Some(extends) = service.get("extends").filter(|_| left > 0) else { return layers };
        let name = extends.text().or_else(|| extends.text_at(&["service"])).unwrap_or_default();
        let file = extends.text_at(&["file"]).and_then(|file| joined(Some(dir_of(path)), file));
        let file = file.unwrap_or_else(|| path.to_owned());
        if let Some(base) = self.0.get(file.as_str()).and_then(|top| top.at(&["services", name])) {
            layers.extend(self.layers(&file, base, left - 1));
        }
        layers
    }
}

struct Service<'a> {
    path: &'a str,
    name: &'a str,
    line: u32,
    layers: &'a [(String, Rc<Node>)],
}

impl Service<'_> {
    fn take(&self, found: &mut Findings) {
        let env = Env::new();
        let what = format!("compose service {}", self.name);
        let image = self.get("image").and_then(|(_, node)| Some(interpolated(node.text()?, &env)));
        let mut built = None;
        if let Some((file, build)) = self.get("build") {
            built = self.build(file, build, &what, &image);
        }
        let image = match (built, image) {
            (Some(build), _) => {
                found.image_builds.push(build);
                ImageOf::Built(found.image_builds.len() - 1)
            }
            (None, Some(image)) => ImageOf::Named(image),
            (None, None) => ImageOf::Unknown,
        };
        let entrypoint = self.get("entrypoint").and_then(|(_, node)| words(node));
        let command = self.get("command");
        let line =
            command.map_or(self.line, |(file, node)| if file == self.path { node.line } else { self.line });
        let mut environment = Env::new();
        for (_, layer) in self.layers.iter().rev() {
            for (name, value, _) in layer.get("environment").map(|env| env.pairs()).unwrap_or_default() {
                environment.extend(value.map(|value| (name.to_owned(), interpolated(value, &env))));
            }
        }
        found.starts.push(ContainerStart {
            place: Place::new(self.path, line),
            what,
            service: self.name.to_owned(),
            image,
            entrypoint,
            command: command.and_then(|(_, node)| words(node)),
            env: environment,
        });
    }

    /// A key of the service itself, or of what it extends; with the file that has it.
    fn get(&self, key: &str) -> Option<(&str, &Rc<Node>)> {
        self.layers.iter().find_map(|(file, layer)| Some((file.as_str(), layer.get(key)?)))
    }

    fn build(&self, file: &str, build: &Rc<Node>, what: &str, image: &Option<String>) -> Option<ImageBuild> {
        let none = Env::new();
        let text = |key: &str| build.text_at(&[key]).map(|text| interpolated(text, &none));
        let context = build.text().map(|text| interpolated(text, &none)).or_else(|| text("context"));
        let context = context.unwrap_or_else(|| ".".to_owned());
        if !is_known(&context) || context.contains("://") {
            return None;
        }
        let context = joined(Some(dir_of(file)), &context)?;
        let dockerfile = text("dockerfile").unwrap_or_else(|| "Dockerfile".to_owned());
        let dockerfile = joined(Some(&context), &dockerfile)?;
        let mut args = Env::new();
        // Arguments of what is extended count where the service sets no own ones.
        for (_, layer) in self.layers.iter().rev() {
            for (name, value, _) in layer.at(&["build", "args"]).map(|args| args.pairs()).unwrap_or_default()
            {
                args.extend(value.map(|value| (name.to_owned(), interpolated(value, &none))));
            }
        }
        Some(ImageBuild {
            place: Place::new(file, build.line),
            what: what.to_owned(),
            dockerfile,
            context,
            target: text("target"),
            args,
            images: image.iter().cloned().chain([self.name.to_owned()]).collect(),
            chosen: Vec::new(),
        })
    }
}

/// `${X:-d}`; `$$` is a dollar.
fn interpolated(text: &str, env: &Env) -> String {
    filled(&text.replace("$$", "\\$"), env)
}

/// A command as a list, or as words of a shell.
fn words(node: &Node) -> Option<Vec<String>> {
    let none = Env::new();
    if let Some(text) = node.text() {
        let text = text.replace("$$", "\\$");
        let read = Shell { line: 1, ..Shell::default() }.read(&text);
        return read.into_iter().next().map(|command| command.words);
    }
    Some(node.items().iter().filter_map(|item| Some(interpolated(item.text()?, &none))).collect())
}

fn dir_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(dir, _)| dir)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(files: &[(&str, &str)]) -> Findings {
        let mut found = Findings::default();
        ComposeFiles::read(files, &mut found).take(&mut found);
        found
    }

    #[test]
    fn services_are_built_and_started() {
        let text = "services:\n  web:\n    build:\n      context: ..\n      dockerfile: docker/web/Dockerfile\n      target: run\n      \
                    args:\n        BIN: web\n        V: ${V:-1}\n    command: serve --port 80\n  db:\n    image: postgres:${TAG}\n";
        let found = read(&[("ops/compose.yml", text)]);
        let build = &found.image_builds[0];
        assert_eq!((build.dockerfile.as_str(), build.context.as_str()), ("docker/web/Dockerfile", ""));
        assert_eq!(build.args, Env::from([("BIN".into(), "web".into()), ("V".into(), "1".into())]));
        assert_eq!(build.target.as_deref(), Some("run"));
        let [db, web] = {
            let mut starts = found.starts.clone();
            starts.sort_by(|a, b| a.service.cmp(&b.service));
            <[ContainerStart; 2]>::try_from(starts).unwrap()
        };
        assert_eq!(web.command.unwrap(), ["serve", "--port", "80"]);
        assert_eq!((web.place.line, web.image), (10, ImageOf::Built(0)));
        let ImageOf::Named(image) = db.image else { panic!("{:?}", db.image) };
        assert!(image.starts_with("postgres:"));
    }

    #[test]
    fn services_extend_others() {
        let base = "services:\n  base:\n    build: .\n    entrypoint: [app]\n    environment: [A=1, B=2]\n";
        let text = "services:\n  one:\n    extends:\n      file: base.yml\n      service: base\n    command: [work]\n    environment: {B: 3}\n  \
                    two:\n    extends: one\n    command: [serve]\n";
        let found = read(&[("base.yml", base), ("compose.yml", text)]);
        let one = found.starts.iter().find(|start| start.service == "one").unwrap();
        assert_eq!(
            (one.entrypoint.as_deref(), one.command.as_deref()),
            (Some(&["app".into()][..]), Some(&["work".into()][..]))
        );
        assert_eq!(one.env, Env::from([("A".into(), "1".into()), ("B".into(), "3".into())]));
        let two = found.starts.iter().find(|start| start.service == "two").unwrap();
        assert_eq!(
            (two.entrypoint.as_deref(), two.command.as_deref()),
            (Some(&["app".into()][..]), Some(&["serve".into()][..]))
        );
        let circle = "services:\n  a:\n    extends: b\n  b:\n    extends: a\n";
        assert_eq!(read(&[("c.yml", circle)]).starts.len(), 2);
    }

    #[test]
    fn merges_count() {
        let text = "x-app: &app\n  build: .\nservices:\n  a:\n    <<: *app\n    command: |\n      run\n";
        let found = read(&[("compose.yml", text)]);
        assert_eq!(
            (found.image_builds.len(), found.starts[0].command.as_deref()),
            (1, Some(&["run".into()][..]))
        );
    }
}
