//! Values of Helm charts: which images a chart starts, under the keys that hold them.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::yaml::{Node, Yaml};
use crate::deploy::evidence::commands::shell::Env;
use crate::deploy::evidence::model::{ContainerStart, Findings, ImageOf, Place};

/// Levels of a file.
const MOST_DEPTH: u32 = 8;

/// Adds the images of all files of values. `image:` is a name, or a map with a `repository`; `command` and `args` beside it are the
/// container's, as charts have them.
pub(in crate::deploy::evidence) fn take_all(files: &[(&str, &str)], found: &mut Findings) {
    let dir = |path: &str| path.rsplit_once('/').map_or("", |(dir, _)| dir).to_owned();
    let is_chart = |path: &str| {
        path.rsplit('/').next().is_some_and(|name| name.to_ascii_lowercase().starts_with("chart."))
    };
    let charts = files.iter().filter(|(path, _)| is_chart(path)).filter_map(|(path, text)| {
        let name = Yaml::read(text).documents.first()?.text_at(&["name"])?.to_owned();
        Some((dir(path), name))
    });
    let charts: BTreeMap<String, String> = charts.collect();
    for (path, text) in files.iter().filter(|(path, _)| !is_chart(path)) {
        let chart = charts
            .get(&dir(path))
            .map_or_else(|| path.rsplit('/').nth(1).unwrap_or_default(), String::as_str);
        take(path, text, chart, found);
    }
}

fn take(path: &str, text: &str, chart: &str, found: &mut Findings) {
    let yaml = Yaml::read(text);
    if let Some((line, message)) = &yaml.error {
        found.broken(path, *line, message);
    }
    for document in &yaml.documents {
        walk(path, document, chart, MOST_DEPTH, found);
    }
}

fn walk(path: &str, node: &Rc<Node>, service: &str, depth: u32, found: &mut Findings) {
    if depth == 0 {
        return;
    }
    for (key, line, value) in node.entries() {
        if key == "image" {
            found.starts.extend(start(path, node, (value, line), service));
        } else {
            walk(path, value, key, depth - 1, found);
        }
    }
}

fn start(
    path: &str,
    around: &Node,
    (image, line): (&Rc<Node>, u32),
    service: &str,
) -> Option<ContainerStart> {
    let text = |node: Option<&Rc<Node>>| {
        node.and_then(|node| Some(node.text()?.to_owned())).filter(|text| !text.is_empty())
    };
    let name = match image.text() {
        Some(name) => name.to_owned(),
        None => {
            let repository = text(image.get("repository")).or_else(|| text(image.get("name")))?;
            match text(image.get("registry")) {
                Some(registry) => format!("{registry}/{repository}"),
                None => repository,
            }
        }
    };
    let line = image.get("repository").map_or(line, |node| node.line);
    let words = |key: &str| {
        let items = around.get(key)?.items();
        let words: Vec<String> = items.iter().filter_map(|item| Some(item.text()?.to_owned())).collect();
        (!words.is_empty()).then_some(words)
    };
    (!name.is_empty() && !name.contains("{{")).then(|| ContainerStart {
        place: Place::new(path, line),
        what: format!("Helm values, image {name}"),
        service: service.to_owned(),
        image: ImageOf::Named(name),
        entrypoint: words("command"),
        command: words("args"),
        env: Env::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_with_what_they_start() {
        let values = "replicas: 2\nimage:\n  repository: acme/web\n  tag: \"1\"\nworker:\n  image: {registry: ghcr.io, repository: acme/jobs}\n  \
                      args: [work, --fast]\nsidecar:\n  image: \"{{ .Values.x }}\"\nold:\n  image: acme/old:2\nnone:\n  image: {}\n";
        let mut found = Findings::default();
        let files = [
            ("charts/x/Chart.yaml", "name: shop\n"),
            ("charts/x/values.yaml", values),
            ("y/values.yaml", "image: z/y\n"),
        ];
        take_all(&files, &mut found);
        let shown: Vec<_> = found
            .starts
            .iter()
            .map(|start| (start.service.as_str(), &start.image, start.place.line, start.command.as_deref()))
            .collect();
        let named = |name: &str| ImageOf::Named(name.to_owned());
        let args = ["work".to_owned(), "--fast".to_owned()];
        assert_eq!(
            shown,
            [
                ("shop", &named("acme/web"), 3, None),
                ("worker", &named("ghcr.io/acme/jobs"), 6, Some(&args[..])),
                ("old", &named("acme/old:2"), 11, None),
                ("y", &named("z/y"), 1, None),
            ]
        );
    }
}
