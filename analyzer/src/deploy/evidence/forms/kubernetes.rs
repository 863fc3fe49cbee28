//! Kubernetes manifests, Kustomize, Helm's values, SAM templates and whatever else is YAML: containers with what they start, and
//! paths to what cargo builds.

use std::rc::Rc;

use super::yaml::{Node, Yaml};
use crate::deploy::evidence::commands::shell::Env;
use crate::deploy::evidence::model::{ContainerStart, Findings, ImageOf, Named, Place};
use crate::deploy::evidence::programs::built_at;

/// Keys under which pods have their containers.
const CONTAINERS: [&str; 3] = ["containers", "initContainers", "ephemeralContainers"];
/// How deep pods lie in what makes them.
const MOST_DEPTH: u32 = 12;
/// Nodes of a file that are looked at: aliases may lead to the same ones over and over.
const MOST_STEPS: u32 = 200_000;

/// Adds what a file says; a file that is not understood and is no manifest is none of ours.
pub(in crate::deploy::evidence) fn take(path: &str, text: &str, found: &mut Findings) {
    let yaml = Yaml::read(text);
    if let Some((line, message)) = yaml.error.as_ref().filter(|_| text.contains("apiVersion:")) {
        found.broken(path, *line, message);
    }
    for document in &yaml.documents {
        let mut reading = Reading { path, left: MOST_STEPS, found };
        let name = document.text_at(&["metadata", "name"]).unwrap_or_default();
        let kind = document.text_at(&["kind"]).unwrap_or_default();
        if document.text_at(&["apiVersion"]).is_some() && kind != "CustomResourceDefinition" {
            reading.pods(document, (kind, name), MOST_DEPTH);
        }
        reading.functions(document);
    }
}

struct Reading<'a, 'f> {
    path: &'a str,
    left: u32,
    found: &'f mut Findings,
}

impl Reading<'_, '_> {
    /// The containers at any depth.
    fn pods(&mut self, node: &Node, (kind, name): (&str, &str), depth: u32) {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 || depth == 0 {
            return;
        }
        for (key, _, value) in node.entries() {
            if CONTAINERS.contains(&key) {
                let main = value.items().len();
                for container in value.items() {
                    self.container(container, (kind, name), key == "containers" && main == 1);
                }
            } else {
                self.pods(value, (kind, name), depth - 1);
            }
        }
        for item in node.items() {
            self.pods(item, (kind, name), depth - 1);
        }
    }

    /// A container; the only one of a workload is called what the workload is called.
    fn container(&mut self, container: &Rc<Node>, (kind, name): (&str, &str), only: bool) {
        let own = container.text_at(&["name"]).unwrap_or_default();
        let service = if only && !name.is_empty() { name } else { own };
        let words = |key: &str| {
            let node = container.get(key)?;
            let words: Vec<String> =
                node.items().iter().filter_map(|item| Some(item.text()?.to_owned())).collect();
            (!words.is_empty()).then_some(words)
        };
        let mut env = Env::new();
        for item in container.get("env").map_or(&[][..], |env| env.items()) {
            if let (Some(name), Some(value)) = (item.text_at(&["name"]), item.text_at(&["value"])) {
                env.insert(name.to_owned(), value.to_owned());
            }
        }
        let started = container.get("command").or_else(|| container.get("args"));
        let line = started.map_or(container.line, |node| node.line);
        self.found.starts.push(ContainerStart {
            place: Place::new(self.path, line),
            what: format!("{kind} {name}, container {own}"),
            service: service.to_owned(),
            image: container
                .text_at(&["image"])
                .map_or(ImageOf::Unknown, |name| ImageOf::Named(name.to_owned())),
            entrypoint: words("command"),
            command: words("args"),
            env,
        });
    }

    /// SAM's and Serverless' functions, by the paths to what cargo lambda builds, or the name of the binary.
    fn functions(&mut self, document: &Rc<Node>) {
        for (name, line, resource) in document.get("Resources").map(|node| node.entries()).unwrap_or_default()
        {
            let binary = ["Metadata", "BuildProperties", "Binary"];
            let code = resource.at(&["Properties", "CodeUri"]);
            let named = resource.at(&binary).and_then(|node| Some((node.text()?.to_owned(), node.line)));
            let built = code.and_then(|node| Some((built_at(node.text()?)?.to_owned(), node.line)));
            if let Some((binary, at)) = named.or(built) {
                let what = format!("function {name}: {binary}");
                self.found.named.push(Named {
                    place: Place::new(self.path, at.max(line)),
                    name: binary,
                    what,
                });
            }
        }
        for (name, _, function) in document.get("functions").map(|node| node.entries()).unwrap_or_default() {
            for key in ["handler", "artifact"] {
                let node = function.get(key).or_else(|| function.at(&["package", key]));
                let Some((text, line)) = node.and_then(|node| Some((node.text()?, node.line))) else {
                    continue;
                };
                if let Some(binary) = built_at(text) {
                    let what = format!("function {name}: {text}");
                    self.found.named.push(Named {
                        place: Place::new(self.path, line),
                        name: binary.to_owned(),
                        what,
                    });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Findings {
        let mut found = Findings::default();
        take("k8s/x.yaml", text, &mut found);
        found
    }

    #[test]
    fn containers_are_found_wherever_pods_are() {
        let pod = "containers: [{name: main, image: 'r/app:1', command: [/bin/app], args: [serve], env: [{name: A, value: b}]}]";
        for text in [
            format!(
                "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec: {{template: {{spec: {{{pod}}}}}}}\n"
            ),
            format!(
                "apiVersion: batch/v1\nkind: CronJob\nmetadata: {{name: web}}\nspec: {{jobTemplate: {{spec: {{template: {{spec: {{{pod}}}}}}}}}}}\n"
            ),
            format!("apiVersion: v1\nkind: List\nmetadata: {{name: web}}\nitems: [{{spec: {{{pod}}}}}]\n"),
        ] {
            let found = read(&text);
            let [start] = found.starts.as_slice() else { panic!("{text}") };
            assert_eq!((start.service.as_str(), &start.image), ("web", &ImageOf::Named("r/app:1".into())));
            assert_eq!(
                (start.entrypoint.as_deref(), start.command.as_deref()),
                (Some(&["/bin/app".into()][..]), Some(&["serve".into()][..]))
            );
            assert_eq!(start.env, Env::from([("A".into(), "b".into())]));
        }
    }

    #[test]
    fn functions_name_binaries() {
        let sam = "Resources:\n  Resize:\n    Type: AWS::Serverless::Function\n    Metadata:\n      BuildMethod: rust-cargolambda\n      BuildProperties:\n        Binary: resize\n  \
                   Other:\n    Properties:\n      CodeUri: ../target/lambda/other/\n";
        let names: Vec<_> = read(sam).named.into_iter().map(|named| (named.name, named.place.line)).collect();
        assert_eq!(names, [("resize".to_owned(), 7), ("other".to_owned(), 10)]);
    }

    #[test]
    fn aliases_do_not_make_it_endless() {
        let mut text = "apiVersion: v1\nkind: x\na0: &a0 [{containers: [{name: c}]}]\n".to_owned();
        for i in 1..12 {
            text += &format!("a{i}: &a{i} [{}]\n", vec![format!("*a{}", i - 1); 9].join(","));
        }
        assert!(read(&text).starts.len() <= MOST_STEPS as usize);
    }
}
