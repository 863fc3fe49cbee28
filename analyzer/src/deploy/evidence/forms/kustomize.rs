//! Kustomizations: what they call the workloads and images of the manifests that they build on.

use std::collections::{BTreeMap, BTreeSet};

use super::yaml::Yaml;
use crate::deploy::evidence::commands::shell::tidy;
use crate::deploy::evidence::model::{ContainerStart, Findings, ImageOf};

/// Kustomizations on top of each other, and ways through them. Choices: they may build on each other in a circle.
const MOST_LAYERS: usize = 6;
const MOST_WAYS: usize = 500;

/// The kustomizations of a repository, by their directories.
#[derive(Debug, Default)]
pub(in crate::deploy::evidence) struct Kustomizations {
    of_dir: BTreeMap<String, Kustomization>,
}

#[derive(Debug, Default)]
struct Kustomization {
    prefix: String,
    suffix: String,
    /// Names of images, and their new ones.
    images: Vec<(String, String)>,
    /// Files and directories that it builds on.
    resources: Vec<String>,
}

/// How a manifest ends up: one way for each kustomization that nothing else builds on.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Renames {
    prefix: String,
    suffix: String,
    images: Vec<(String, String)>,
}

impl Kustomizations {
    /// Those among some files of YAML.
    pub(in crate::deploy::evidence) fn read(files: &[(&str, &str)]) -> Self {
        let mut found = Self::default();
        for (path, text) in files {
            let (dir, name) = path.rsplit_once('/').unwrap_or(("", path));
            if matches!(name, "kustomization.yaml" | "kustomization.yml" | "Kustomization") {
                found.of_dir.insert(dir.to_owned(), Kustomization::read(dir, text));
            }
        }
        found
    }

    /// Calls the workloads of manifests as they end up, and their images as they are pulled.
    pub(in crate::deploy::evidence) fn apply(&self, found: &mut Findings) {
        if self.of_dir.is_empty() {
            return;
        }
        let mut renames: BTreeMap<String, Vec<Renames>> = BTreeMap::new();
        let starts = std::mem::take(&mut found.starts);
        for start in starts {
            let of = renames.entry(start.place.file.clone()).or_insert_with(|| self.of(&start.place.file));
            if of.is_empty() {
                found.starts.push(start);
            } else {
                found.starts.extend(of.iter().map(|renames| renames.renamed(&start)));
            }
        }
    }

    /// The ways on which a file, or the kustomization of a directory, ends up.
    fn of(&self, resource: &str) -> Vec<Renames> {
        let mut done = BTreeSet::new();
        let mut open = vec![(resource.to_owned(), Renames::default(), 0)];
        for _ in 0..MOST_WAYS {
            let Some((resource, renames, layers)) = open.pop() else { break };
            let on_top: Vec<_> =
                self.of_dir.iter().filter(|(_, of)| of.resources.contains(&resource)).collect();
            if (on_top.is_empty() && layers > 0) || layers >= MOST_LAYERS {
                done.insert(renames);
                continue;
            }
            for (dir, of) in on_top {
                open.push((dir.clone(), renames.clone().below(of), layers + 1));
            }
        }
        done.into_iter().collect()
    }
}

impl Kustomization {
    fn read(dir: &str, text: &str) -> Self {
        let mut found = Self::default();
        for document in Yaml::read(text).documents {
            let text = |key: &str| document.text_at(&[key]).unwrap_or_default().to_owned();
            (found.prefix, found.suffix) = (text("namePrefix"), text("nameSuffix"));
            for key in ["resources", "bases", "components"] {
                let items = document.get(key).map_or(&[][..], |node| node.items());
                let paths = items.iter().filter_map(|item| item.text());
                found
                    .resources
                    .extend(paths.map(|path| tidy(format!("{dir}/{path}").trim_start_matches('/'))));
            }
            for image in document.get("images").map_or(&[][..], |node| node.items()) {
                if let (Some(name), Some(new)) = (image.text_at(&["name"]), image.text_at(&["newName"])) {
                    found.images.push((name.to_owned(), new.to_owned()));
                }
            }
        }
        found
    }
}

impl Renames {
    /// With a kustomization around it.
    fn below(mut self, of: &Kustomization) -> Self {
        self.prefix = format!("{}{}", of.prefix, self.prefix);
        self.suffix = format!("{}{}", self.suffix, of.suffix);
        self.images.extend(of.images.iter().cloned());
        self
    }

    fn renamed(&self, start: &ContainerStart) -> ContainerStart {
        let image = match &start.image {
            ImageOf::Named(name) => ImageOf::Named(self.image(name)),
            other => other.clone(),
        };
        let service = format!("{}{}{}", self.prefix, start.service, self.suffix);
        ContainerStart { image, service, ..start.clone() }
    }

    /// The name that is pulled in the end; a tag stays behind.
    fn image(&self, name: &str) -> String {
        let mut name = name.to_owned();
        for (from, to) in &self.images {
            let rest = name.strip_prefix(from.as_str());
            if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '@'])) {
                name = to.clone();
            }
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deploy::evidence::commands::shell::Env;
    use crate::deploy::evidence::model::Place;

    #[test]
    fn workloads_and_images_as_they_end_up() {
        let files = [
            ("k8s/base/kustomization.yaml", "resources: [web.yaml]\nimages: [{name: app, newName: r/app}]\n"),
            (
                "k8s/prod/kustomization.yaml",
                "resources: [../base]\nnamePrefix: prod-\nimages: [{name: r/app, newName: r/web}]\n",
            ),
            ("k8s/test/kustomization.yml", "bases: [../base]\nnameSuffix: -test\n"),
            ("k8s/loop/kustomization.yml", "bases: [../loop]\n"),
        ];
        let start = |file: &str, image: &str| ContainerStart {
            place: Place::new(file, 1),
            what: String::new(),
            service: "web".to_owned(),
            image: ImageOf::Named(image.to_owned()),
            entrypoint: None,
            command: None,
            env: Env::new(),
        };
        let mut found = Findings {
            starts: vec![
                start("k8s/base/web.yaml", "app:1"),
                start("k8s/other.yaml", "app"),
                start("k8s/loop", "app"),
            ],
            ..Findings::default()
        };
        Kustomizations::read(&files).apply(&mut found);
        let shown: Vec<_> = found.starts.iter().map(|start| (start.service.as_str(), &start.image)).collect();
        let named = |name: &str| ImageOf::Named(name.to_owned());
        assert_eq!(
            shown,
            [
                ("web-test", &named("r/app")),
                ("prod-web", &named("r/web")),
                ("web", &named("app")),
                ("web", &named("app")),
            ]
        );
    }
}
