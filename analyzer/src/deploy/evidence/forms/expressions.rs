//! GitHub's expressions (`${{ … }}`), as far as values are written down: matrices, environments, inputs, alternatives.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::yaml::{Node, Yaml};
use crate::deploy::evidence::commands::shell::{Env, UNKNOWN};
use crate::deploy::evidence::model::Place;

/// Combinations of one matrix: what GitHub makes at most.
pub(in crate::deploy::evidence) const MOST_COMBINATIONS: usize = 256;

/// What expressions are worked out with.
#[derive(Debug, Clone, Default)]
pub(in crate::deploy::evidence) struct Context {
    /// The values of matrices, with their places: those of callers as well.
    pub(in crate::deploy::evidence) chosen: Vec<(Place, String)>,
    pub(in crate::deploy::evidence) matrix: BTreeMap<String, Rc<Node>>,
    pub(in crate::deploy::evidence) env: Env,
    pub(in crate::deploy::evidence) inputs: Env,
}

impl Context {
    /// A text with its expressions filled in.
    pub(in crate::deploy::evidence) fn filled(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find("${{") {
            out.push_str(&rest[..at]);
            let inside = &rest[at + 3..];
            let end = inside.find("}}").unwrap_or(inside.len());
            match self.value(inside[..end].trim()) {
                Some(value) => out.push_str(&value),
                None => out.push(UNKNOWN),
            }
            rest = inside.get(end + 2..).unwrap_or_default();
        }
        out.push_str(rest);
        out
    }

    /// The value of an expression, if it is written down.
    fn value(&self, expression: &str) -> Option<String> {
        // The first alternative that has a value.
        let mut alternatives = expression.split("||").map(str::trim);
        if expression.contains("||") {
            return alternatives.find_map(|one| self.value(one).filter(|value| !value.is_empty()));
        }
        if let Some(text) = expression.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) {
            return (!text.contains('\'')).then(|| text.to_owned());
        }
        if let Some(arguments) = expression.strip_prefix("format(").and_then(|rest| rest.strip_suffix(')')) {
            return self.format(arguments);
        }
        let (scope, path) = expression.split_once('.')?;
        let fine = |c: char| c.is_alphanumeric() || "_-.".contains(c);
        if !path.chars().all(fine) {
            return None;
        }
        match scope {
            "matrix" => {
                let mut keys = path.split('.');
                let mut node = self.matrix.get(keys.next()?)?;
                for key in keys {
                    node = node.get(key)?;
                }
                node.text().map(str::to_owned)
            }
            "env" => self.env.get(path).cloned(),
            "inputs" => self.inputs.get(path).cloned(),
            _ => None,
        }
        .filter(|value| !value.contains(UNKNOWN))
    }

    fn format(&self, arguments: &str) -> Option<String> {
        let mut parts = arguments.split(',').map(str::trim);
        let mut text = parts.next()?.trim_matches('\'').to_owned();
        for (i, part) in parts.enumerate() {
            text = text.replace(&format!("{{{i}}}"), &self.value(part)?);
        }
        Some(text)
    }
}

/// A combination of a matrix's values.
pub(in crate::deploy::evidence) type Combination = BTreeMap<String, Rc<Node>>;

/// The combinations of a `strategy.matrix`; nothing if it is worked out when the workflow runs.
pub(in crate::deploy::evidence) fn combinations(
    matrix: &Node,
    context: &Context,
) -> Option<Vec<Combination>> {
    let written = |node: &Rc<Node>| -> Option<Rc<Node>> {
        let Some(text) = node.text() else { return Some(Rc::clone(node)) };
        from_json(&context.filled_json(text)?, node.line)
    };
    let matrix = written(&Rc::clone(&matrix_node(matrix)))?;
    let mut found: Vec<Combination> = vec![BTreeMap::new()];
    let (mut axes, mut unknown) = (false, false);
    for (key, _, value) in matrix.entries() {
        if matches!(key, "include" | "exclude") {
            continue;
        }
        let Some(values) = written(value) else {
            unknown = true;
            continue;
        };
        axes = true;
        let mut next = Vec::new();
        for combination in &found {
            for item in values.items().iter().take(MOST_COMBINATIONS) {
                let mut combination = combination.clone();
                combination.insert(key.to_owned(), Rc::clone(item));
                next.push(combination);
            }
        }
        next.truncate(MOST_COMBINATIONS);
        found = next;
    }
    if !axes {
        found.clear();
    }
    let include = matrix.get("include").and_then(written);
    for item in include.iter().flat_map(|node| node.items()).take(MOST_COMBINATIONS) {
        add_included(item, &matrix, &mut found);
    }
    (!unknown || !found.is_empty()).then_some(found)
}

/// An entry of `include` adds to the combinations that it fits, or is one of its own ("Workflow syntax": `matrix.include`).
fn add_included(item: &Rc<Node>, matrix: &Node, found: &mut Vec<Combination>) {
    let own: Combination =
        item.entries().into_iter().map(|(key, _, value)| (key.to_owned(), Rc::clone(value))).collect();
    let axis = |key: &str| key != "include" && matrix.get(key).is_some();
    let shared: Vec<&String> = own.keys().filter(|key| axis(key)).collect();
    let fits = |combination: &Combination| {
        shared.iter().all(|key| combination.get(*key).and_then(|node| node.text()) == own[*key].text())
    };
    let mut any = false;
    for combination in found.iter_mut().filter(|combination| !shared.is_empty() && fits(combination)) {
        any = true;
        for (key, value) in &own {
            combination.entry(key.clone()).or_insert_with(|| Rc::clone(value));
        }
    }
    if !any && found.len() < MOST_COMBINATIONS {
        found.push(own);
    }
}

impl Context {
    /// The JSON in `${{ fromJSON('…') }}`, or in an input that has it.
    fn filled_json(&self, text: &str) -> Option<String> {
        let inside = text.trim().strip_prefix("${{")?.strip_suffix("}}")?.trim();
        let open = inside.get(..9).filter(|start| start.eq_ignore_ascii_case("fromJSON("))?;
        self.value(inside.strip_prefix(open)?.strip_suffix(')')?.trim())
    }
}

/// A matrix that is all of one expression stays a scalar.
fn matrix_node(matrix: &Node) -> Rc<Node> {
    match matrix.text() {
        Some(text) => Node::scalar(text, matrix.line),
        None => matrix.shallow(),
    }
}

/// JSON is YAML.
fn from_json(text: &str, line: u32) -> Option<Rc<Node>> {
    let read = Yaml::read_at(text, line);
    read.documents.into_iter().next().filter(|_| read.error.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let yaml = Yaml::read(text);
        let Some(found) = combinations(&yaml.documents[0], &Context::default()) else {
            return "unknown".to_owned();
        };
        let one = |combination: Combination| {
            let pairs =
                combination.iter().map(|(key, node)| format!("{key}={}", node.text().unwrap_or("{}")));
            pairs.collect::<Vec<_>>().join(" ")
        };
        found.into_iter().map(one).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn matrices_have_combinations() {
        for (text, expected) in [
            ("{a: [1, 2], b: [x]}", "a=1 b=x\na=2 b=x"),
            ("{a: [1, 2], include: [{a: 1, c: y}, {a: 3}]}", "a=1 c=y\na=2\na=3"),
            ("{include: [{a: 1}, {a: 2}]}", "a=1\na=2"),
            ("{a: \"${{ fromJSON('[1, 2]') }}\"}", "a=1\na=2"),
            ("{a: '${{ fromJson(needs.x.outputs.y) }}'}", "unknown"),
            ("'${{ fromJson(needs.x.outputs.y) }}'", "unknown"),
            ("{a: [{name: x}]}", "a={}"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn expressions_have_values_where_they_are_written_down() {
        let yaml = Yaml::read("{service: web, image: {name: api}}");
        let mut context = Context::default();
        for (key, _, value) in yaml.documents[0].entries() {
            context.matrix.insert(key.to_owned(), Rc::clone(value));
        }
        context.env.insert("BIN".to_owned(), "worker".to_owned());
        context.inputs.insert("tag".to_owned(), String::new());
        for (text, expected) in [
            ("docker/${{ matrix.service }}/Dockerfile", "docker/web/Dockerfile"),
            ("${{matrix.image.name}}:${{ env.BIN }}", "api:worker"),
            ("${{ inputs.tag || 'latest' }}", "latest"),
            ("${{ format('{0}-x', matrix.service) }}", "web-x"),
            ("${{ github.sha }}", "?"),
            ("${{ matrix.service == 'web' && 'a' }}", "?"),
            ("${{ matrix.none", "?"),
        ] {
            assert_eq!(context.filled(text).replace(UNKNOWN, "?"), expected, "{text}");
        }
    }
}
