//! HCL: targets of Bake, and what of Terraform names images, commands and paths to what cargo builds.

use std::collections::BTreeMap;

use hcl_edit::Span;
use hcl_edit::expr::{Expression, ObjectKey, TraversalOperator};
use hcl_edit::structure::{Block, Body};
use hcl_edit::template::Element;

use super::expressions::MOST_COMBINATIONS;
use crate::deploy::evidence::commands::shell::{Env, UNKNOWN, joined};
use crate::deploy::evidence::model::{ContainerStart, Findings, ImageBuild, ImageOf, Named, Place};
use crate::deploy::evidence::programs::built_at;

/// Levels of blocks and values.
const MOST_DEPTH: usize = 70;
/// Targets that inherit targets.
const MOST_INHERITED: u32 = 8;

/// A file, or where and why it is not understood.
fn parsed(path: &str, text: &str, found: &mut Findings) -> Option<Body> {
    // The parser has limits of its own for nesting and operators.
    match text.parse::<Body>() {
        Ok(body) => Some(body),
        Err(error) => {
            let line = u32::try_from(error.location().line()).unwrap_or(u32::MAX);
            found.broken(path, line, error.message());
            None
        }
    }
}

/// The lines of offsets.
struct Lines<'a>(&'a str);

impl Lines<'_> {
    fn of(&self, spanned: &impl Span) -> u32 {
        let start = spanned.span().map_or(0, |span| span.start.min(self.0.len()));
        u32::try_from(self.0.as_bytes()[..start].iter().filter(|byte| **byte == b'\n').count() + 1)
            .unwrap_or(u32::MAX)
    }
}

/// `docker-bake.hcl`: targets with their arguments, matrices and what they inherit.
pub(in crate::deploy::evidence) fn bake(path: &str, text: &str, found: &mut Findings) {
    let Some(body) = parsed(path, text, found) else { return };
    let lines = Lines(text);
    let mut variables = Env::new();
    let mut targets: BTreeMap<&str, &Block> = BTreeMap::new();
    for block in body.blocks() {
        let label = block.labels.first().map(|label| label.as_str()).unwrap_or_default();
        match block.ident.as_str() {
            "variable" => {
                let default =
                    block.body.get_attribute("default").map(|attribute| shown(&attribute.value, &variables));
                variables.extend(default.map(|default| (label.to_owned(), default)));
            }
            "target" => drop(targets.insert(label, block)),
            _ => {}
        }
    }
    let inherited: Vec<String> = targets
        .values()
        .flat_map(|block| {
            texts(block.body.get_attribute("inherits").map(|attribute| &attribute.value), &variables)
        })
        .collect();
    for (name, block) in &targets {
        // What others inherit and has no name for its image is a base.
        if inherited.iter().any(|other| other == name) && block.body.get_attribute("tags").is_none() {
            continue;
        }
        for values in matrix(block, &variables) {
            let mut all = variables.clone();
            all.extend(values.iter().map(|(key, value)| (key.clone(), value.clone())));
            let mut build = Target::default();
            build.inherit(block, &targets, &all, MOST_INHERITED);
            let dir = path.rsplit_once('/').map_or("", |(dir, _)| dir);
            let context = joined(Some(dir), build.context.as_deref().unwrap_or(".")).unwrap_or_default();
            let dockerfile = joined(Some(&context), build.dockerfile.as_deref().unwrap_or("Dockerfile"));
            let place = Place::new(path, lines.of(&block.ident));
            let chosen =
                values.into_iter().map(|(key, value)| (place.clone(), format!("matrix {key}: {value}")));
            found.image_builds.push(ImageBuild {
                what: format!("bake target {name}"),
                dockerfile: dockerfile.unwrap_or_default(),
                context,
                target: build.target,
                args: build.args,
                images: build.images,
                chosen: chosen.collect(),
                place,
            });
        }
    }
}

/// The combinations of a target's `matrix`.
fn matrix(block: &Block, variables: &Env) -> Vec<Vec<(String, String)>> {
    let mut found: Vec<Vec<(String, String)>> = vec![Vec::new()];
    let Some(Expression::Object(object)) =
        block.body.get_attribute("matrix").map(|attribute| &attribute.value)
    else {
        return found;
    };
    for (key, value) in object.iter() {
        let (Some(key), Expression::Array(values)) = (key_name(key), value.expr()) else { continue };
        let mut next = Vec::new();
        for combination in &found {
            for item in values.iter() {
                let mut combination = combination.clone();
                match item {
                    Expression::Object(item) => {
                        for (inner, value) in item.iter() {
                            let inner = key_name(inner).unwrap_or_default();
                            combination.push((format!("{key}.{inner}"), shown(value.expr(), variables)));
                        }
                    }
                    item => combination.push((key.clone(), shown(item, variables))),
                }
                next.push(combination);
            }
        }
        next.truncate(MOST_COMBINATIONS);
        found = next;
    }
    found
}

#[derive(Default)]
struct Target {
    context: Option<String>,
    dockerfile: Option<String>,
    target: Option<String>,
    args: Env,
    images: Vec<String>,
}

impl Target {
    /// What a target has, over what it inherits.
    fn inherit(&mut self, block: &Block, targets: &BTreeMap<&str, &Block>, variables: &Env, left: u32) {
        let attribute = |name: &str| block.body.get_attribute(name).map(|attribute| &attribute.value);
        for base in texts(attribute("inherits"), variables).iter().filter(|_| left > 0) {
            if let Some(base) = targets.get(base.as_str()) {
                self.inherit(base, targets, variables, left - 1);
            }
        }
        let set = |field: &mut Option<String>, name: &str| {
            if let Some(value) = attribute(name) {
                *field = Some(shown(value, variables));
            }
        };
        set(&mut self.context, "context");
        set(&mut self.dockerfile, "dockerfile");
        set(&mut self.target, "target");
        if let Some(Expression::Object(args)) = attribute("args") {
            for (key, value) in args.iter() {
                self.args.extend(key_name(key).map(|key| (key, shown(value.expr(), variables))));
            }
        }
        let tags = texts(attribute("tags"), variables);
        if !tags.is_empty() {
            self.images = tags;
        }
    }
}

/// Terraform: every block in which a string is the path of what cargo builds, and containers of ECS, Cloud Run and Nomad.
pub(in crate::deploy::evidence) fn terraform(path: &str, text: &str, found: &mut Findings) {
    let Some(body) = parsed(path, text, found) else { return };
    let lines = Lines(text);
    let mut locals = Env::new();
    for block in body.blocks() {
        let label = block.labels.first().map(|label| label.as_str()).unwrap_or_default();
        match block.ident.as_str() {
            "variable" => {
                let default =
                    block.body.get_attribute("default").map(|attribute| shown(&attribute.value, &locals));
                locals.extend(default.map(|default| (format!("var.{label}"), default)));
            }
            "locals" => {
                for attribute in block.body.attributes() {
                    let value = shown(&attribute.value, &locals);
                    locals.insert(format!("local.{}", attribute.key.as_str()), value);
                }
            }
            _ => {}
        }
    }
    for block in body.blocks() {
        let labels: Vec<&str> = block.labels.iter().map(|label| label.as_str()).collect();
        let name = labels.last().copied().unwrap_or_default();
        let mut reading = Terraform { path, lines: &lines, locals: &locals, name, found };
        reading.body(&block.body, MOST_DEPTH);
    }
}

struct Terraform<'a, 'f> {
    path: &'a str,
    lines: &'a Lines<'a>,
    locals: &'a Env,
    /// The resource that is read.
    name: &'a str,
    found: &'f mut Findings,
}

impl Terraform<'_, '_> {
    fn body(&mut self, body: &Body, left: usize) {
        if left == 0 {
            return;
        }
        let text =
            |name: &str| body.get_attribute(name).map(|attribute| shown(&attribute.value, self.locals));
        if let Some(image) = body.get_attribute("image") {
            let list = |name: &str| {
                let words = texts(body.get_attribute(name).map(|attribute| &attribute.value), self.locals);
                (!words.is_empty()).then_some(words)
            };
            let service =
                text("name").filter(|name| !name.contains(UNKNOWN)).unwrap_or_else(|| self.name.to_owned());
            let start = ContainerStart {
                place: Place::new(self.path, self.lines.of(image)),
                what: format!("container of {}", self.name),
                service,
                image: ImageOf::Named(shown(&image.value, self.locals)),
                entrypoint: list("command").or_else(|| list("entryPoint")),
                command: list("args"),
                env: Env::new(),
            };
            self.found.starts.push(start);
        }
        for attribute in body.attributes() {
            self.value(&attribute.value, left);
        }
        for block in body.blocks() {
            self.body(&block.body, left - 1);
        }
    }

    fn value(&mut self, value: &Expression, left: usize) {
        if left == 0 {
            return;
        }
        match value {
            Expression::Array(items) => items.iter().for_each(|item| self.value(item, left - 1)),
            Expression::FuncCall(call) => call.args.iter().for_each(|item| self.value(item, left - 1)),
            Expression::Object(object) => {
                self.container(object);
                object.iter().for_each(|(_, value)| self.value(value.expr(), left - 1));
            }
            Expression::String(_) | Expression::StringTemplate(_) => {
                let text = shown(value, self.locals);
                if let Some(name) = built_at(&text) {
                    let what = format!("{}: {}", self.name, text.replace(UNKNOWN, "…"));
                    let place = Place::new(self.path, self.lines.of(value));
                    self.found.named.push(Named { place, name: name.to_owned(), what });
                }
            }
            _ => {}
        }
    }

    /// A container definition of ECS, as `jsonencode` has it.
    fn container(&mut self, object: &hcl_edit::expr::Object) {
        let get = |name: &str| {
            let mut entries = object.iter();
            entries.find(|(key, _)| key_name(key).as_deref() == Some(name)).map(|(_, value)| value.expr())
        };
        let Some(image) = get("image") else { return };
        let list = |name: &str| {
            let words = texts(get(name), self.locals);
            (!words.is_empty()).then_some(words)
        };
        let name = get("name").map(|name| shown(name, self.locals)).filter(|name| !name.contains(UNKNOWN));
        let start = ContainerStart {
            place: Place::new(self.path, self.lines.of(image)),
            what: format!("container of {}", self.name),
            service: name.unwrap_or_else(|| self.name.to_owned()),
            image: ImageOf::Named(shown(image, self.locals)),
            entrypoint: list("entryPoint"),
            command: list("command"),
            env: Env::new(),
        };
        self.found.starts.push(start);
    }
}

fn key_name(key: &ObjectKey) -> Option<String> {
    match key {
        ObjectKey::Ident(ident) => Some(ident.as_str().to_owned()),
        ObjectKey::Expression(Expression::String(text)) => Some(text.as_str().to_owned()),
        ObjectKey::Expression(Expression::Variable(name)) => Some(name.as_str().to_owned()),
        ObjectKey::Expression(_) => None,
    }
}

/// The strings of a list, or the one string.
fn texts(value: Option<&Expression>, variables: &Env) -> Vec<String> {
    match value {
        Some(Expression::Array(items)) => items.iter().map(|item| shown(item, variables)).collect(),
        Some(value) => vec![shown(value, variables)],
        None => Vec::new(),
    }
}

/// An expression's text, with what is not known marked.
fn shown(value: &Expression, variables: &Env) -> String {
    let variable = |name: &str| variables.get(name).cloned().unwrap_or_else(|| UNKNOWN.to_string());
    match value {
        Expression::String(text) => text.as_str().to_owned(),
        Expression::Number(number) => number.value().to_string(),
        Expression::Bool(value) => value.value().to_string(),
        Expression::Variable(name) => variable(name.as_str()),
        Expression::Traversal(traversal) => {
            let Expression::Variable(first) = &traversal.expr else { return UNKNOWN.to_string() };
            let mut path = first.as_str().to_owned();
            for operator in traversal.operators.iter() {
                match operator.value() {
                    TraversalOperator::GetAttr(name) => {
                        path.push('.');
                        path.push_str(name.as_str());
                    }
                    _ => return UNKNOWN.to_string(),
                }
            }
            variable(&path)
        }
        Expression::StringTemplate(template) => {
            let part = |element: &Element| match element {
                Element::Literal(text) => text.as_str().to_owned(),
                Element::Interpolation(interpolation) => shown(&interpolation.expr, variables),
                Element::Directive(_) => UNKNOWN.to_string(),
            };
            template.iter().map(part).collect()
        }
        Expression::Parenthesis(inner) => shown(inner.inner(), variables),
        _ => UNKNOWN.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_of_bake() {
        let text = "variable \"TAG\" { default = \"1\" }\ntarget \"base\" {\n  dockerfile = \"docker/Dockerfile\"\n  args = { V = \"x\", BIN = \"none\" }\n}\n\
                    target \"app\" {\n  inherits = [\"base\"]\n  name = \"app-${bin}\"\n  matrix = { bin = [\"web\", \"worker\"] }\n  args = { BIN = bin }\n  \
                    tags = [\"org/${bin}:${TAG}\"]\n}\n";
        let mut found = Findings::default();
        bake("docker-bake.hcl", text, &mut found);
        let all: Vec<_> = found
            .image_builds
            .iter()
            .map(|b| {
                format!("{}:{} {} {:?} {:?}", b.place.file, b.place.line, b.dockerfile, b.args, b.images)
            })
            .collect();
        assert_eq!(
            all,
            [
                "docker-bake.hcl:6 docker/Dockerfile {\"BIN\": \"web\", \"V\": \"x\"} [\"org/web:1\"]",
                "docker-bake.hcl:6 docker/Dockerfile {\"BIN\": \"worker\", \"V\": \"x\"} [\"org/worker:1\"]",
            ]
        );
    }

    #[test]
    fn resources_of_terraform() {
        let text = "locals { root = \"..\" }\nresource \"aws_lambda_function\" \"resize\" {\n  filename = \"${local.root}/target/lambda/resize/bootstrap.zip\"\n}\n\
                    resource \"aws_ecs_task_definition\" \"jobs\" {\n  container_definitions = jsonencode([{\n    name = \"worker\"\n    image = \"org/app:${var.tag}\"\n    \
                    command = [\"work\"]\n  }])\n}\n";
        let mut found = Findings::default();
        terraform("main.tf", text, &mut found);
        let named: Vec<_> = found.named.iter().map(|named| (named.name.as_str(), named.place.line)).collect();
        assert_eq!(named, [("resize", 3)]);
        let start = &found.starts[0];
        assert_eq!(
            (start.service.as_str(), start.command.as_deref()),
            ("worker", Some(&["work".into()][..]))
        );
    }

    #[test]
    fn what_is_broken_or_hostile_has_a_line() {
        for (text, line) in [
            ("a = \n", 1),
            ("x = 1\ntarget \"a\" {\n", 3),
            (&*format!("a = {}", "[".repeat(5_000)), 1),
            (&*format!("a = {}x", "!".repeat(9_000)), 1),
        ] {
            let mut found = Findings::default();
            bake("x.hcl", text, &mut found);
            let diagnostic = found.diagnostics.first().unwrap_or_else(|| panic!("{:.40}", text));
            assert!(diagnostic.line.unwrap() <= line, "{diagnostic}");
        }
    }
}
