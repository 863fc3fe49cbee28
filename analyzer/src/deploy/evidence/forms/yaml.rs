//! YAML as a loose tree with lines: anchors, aliases and merges (`<<`) are followed, a file may hold many documents.
//!
//! An alias shares the node that it means, so that no file gets larger than it is; what walks the tree is bounded by its own
//! depth.

use std::collections::BTreeMap;
use std::rc::Rc;

use saphyr_parser::{Event, Parser, ScalarStyle};

/// Nodes of one file: a choice, far above the largest manifests.
const MOST_NODES: usize = 300_000;
/// Levels of one file.
const MOST_DEPTH: usize = 60;
/// Merges of merges.
const MOST_MERGES: u32 = 8;

/// A node.
#[derive(Debug)]
pub(in crate::deploy::evidence) struct Node {
    /// Its line, from 1; of a block scalar that of the first line of its text.
    pub(in crate::deploy::evidence) line: u32,
    value: Value,
}

#[derive(Debug)]
enum Value {
    Scalar(String),
    List(Vec<Rc<Node>>),
    Map(Vec<(Rc<Node>, Rc<Node>)>),
}

/// What a file holds, and where and how its syntax ends too early.
#[derive(Debug, Default)]
pub(in crate::deploy::evidence) struct Yaml {
    pub(in crate::deploy::evidence) documents: Vec<Rc<Node>>,
    pub(in crate::deploy::evidence) error: Option<(u32, String)>,
}

impl Yaml {
    /// Reads a file; what stands before an error counts.
    pub(in crate::deploy::evidence) fn read(text: &str) -> Self {
        Self::read_at(text, 1)
    }

    /// Reads a text that stands at a line of a file.
    pub(in crate::deploy::evidence) fn read_at(text: &str, first: u32) -> Self {
        let mut found = Self::default();
        let mut reading = Reading::default();
        let mut parser = Parser::new_from_str(text);
        while let Some(event) = parser.next_event() {
            match event {
                Ok((event, span)) => {
                    let line = u32::try_from(span.start.line()).unwrap_or(u32::MAX).saturating_add(first - 1);
                    if let Err(error) = reading.take(event, line) {
                        found.error = Some((line, error.to_owned()));
                        break;
                    }
                }
                Err(error) => {
                    let line = u32::try_from(error.marker().line()).unwrap_or(u32::MAX);
                    found.error = Some((line, error.info().to_owned()));
                    break;
                }
            }
        }
        found.documents = reading.documents;
        found
    }
}

/// A list or map that is still open, with its anchor and line.
struct Open {
    anchor: usize,
    line: u32,
    nodes: Vec<Rc<Node>>,
    is_map: bool,
}

#[derive(Default)]
struct Reading {
    documents: Vec<Rc<Node>>,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Rc<Node>>,
    nodes: usize,
}

impl Reading {
    fn take(&mut self, event: Event<'_>, line: u32) -> Result<(), &'static str> {
        self.nodes += 1;
        if self.nodes > MOST_NODES {
            return Err("more values than are read");
        }
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let null = matches!(style, ScalarStyle::Plain) && matches!(&*text, "~" | "null");
                let text = if null { String::new() } else { text.into_owned() };
                let node = Node { line, value: Value::Scalar(text) };
                self.add(anchor, Rc::new(node));
            }
            Event::Alias(anchor) => {
                // An alias within what it means has no node yet: it is left out.
                let node = self.anchors.get(&anchor).cloned();
                self.add(
                    0,
                    node.unwrap_or_else(|| Rc::new(Node { line, value: Value::Scalar(String::new()) })),
                );
            }
            Event::SequenceStart(anchor, _) => self.begin(anchor, line, false)?,
            Event::MappingStart(anchor, _) => self.begin(anchor, line, true)?,
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = self.open.pop() {
                    let value = if open.is_map {
                        let mut nodes = open.nodes.into_iter();
                        let mut entries = Vec::new();
                        while let (Some(key), Some(value)) = (nodes.next(), nodes.next()) {
                            entries.push((key, value));
                        }
                        Value::Map(entries)
                    } else {
                        Value::List(open.nodes)
                    };
                    self.add(open.anchor, Rc::new(Node { line: open.line, value }));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn begin(&mut self, anchor: usize, line: u32, is_map: bool) -> Result<(), &'static str> {
        if self.open.len() >= MOST_DEPTH {
            return Err("nested deeper than is read");
        }
        self.open.push(Open { anchor, line, nodes: Vec::new(), is_map });
        Ok(())
    }

    fn add(&mut self, anchor: usize, node: Rc<Node>) {
        if anchor > 0 {
            self.anchors.insert(anchor, Rc::clone(&node));
        }
        match self.open.last_mut() {
            Some(open) => open.nodes.push(node),
            None => self.documents.push(node),
        }
    }
}

impl Node {
    /// A node made of others' text.
    pub(in crate::deploy::evidence) fn scalar(text: impl Into<String>, line: u32) -> Rc<Self> {
        Rc::new(Self { line, value: Value::Scalar(text.into()) })
    }

    /// The same node, sharing what is below it.
    pub(in crate::deploy::evidence) fn shallow(&self) -> Rc<Self> {
        let value = match &self.value {
            Value::Scalar(text) => Value::Scalar(text.clone()),
            Value::List(items) => Value::List(items.clone()),
            Value::Map(entries) => Value::Map(entries.clone()),
        };
        Rc::new(Self { line: self.line, value })
    }

    /// A scalar's text.
    pub(in crate::deploy::evidence) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// The elements of a list; nothing for others.
    pub(in crate::deploy::evidence) fn items(&self) -> &[Rc<Self>] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// Whether it is a map.
    pub(in crate::deploy::evidence) fn is_map(&self) -> bool {
        matches!(self.value, Value::Map(_))
    }

    /// The entries of a map, own ones before those of merges; nothing for others.
    pub(in crate::deploy::evidence) fn entries(&self) -> Vec<(&str, u32, &Rc<Self>)> {
        let mut found = Vec::new();
        self.collect(&mut found, MOST_MERGES);
        found
    }

    fn collect<'a>(&'a self, found: &mut Vec<(&'a str, u32, &'a Rc<Self>)>, merges: u32) {
        let Value::Map(entries) = &self.value else { return };
        for (key, value) in entries {
            let Some(text) = key.text().filter(|text| *text != "<<") else { continue };
            if !found.iter().any(|(known, ..)| *known == text) {
                found.push((text, key.line, value));
            }
        }
        let merged = entries.iter().filter(|(key, _)| key.text() == Some("<<"));
        for (_, from) in merged.take(if merges > 0 { usize::MAX } else { 0 }) {
            from.collect(found, merges - 1);
            // As many as a file has aliases, each of which may merge as many: bounded by taking few.
            from.items().iter().take(20).for_each(|item| item.collect(found, merges - 1));
        }
    }

    /// The value of a key.
    pub(in crate::deploy::evidence) fn get(&self, key: &str) -> Option<&Rc<Self>> {
        self.find(key, MOST_MERGES)
    }

    fn find(&self, key: &str, merges: u32) -> Option<&Rc<Self>> {
        let Value::Map(entries) = &self.value else { return None };
        let own = entries.iter().find(|(known, _)| known.text() == Some(key)).map(|(_, value)| value);
        if own.is_some() || merges == 0 {
            return own;
        }
        let mut merged = entries.iter().filter(|(key, _)| key.text() == Some("<<"));
        merged.find_map(|(_, from)| {
            let in_list = || from.items().iter().take(20).find_map(|item| item.find(key, merges - 1));
            from.find(key, merges - 1).or_else(in_list)
        })
    }

    /// The value at the end of a path of keys.
    pub(in crate::deploy::evidence) fn at(&self, path: &[&str]) -> Option<&Rc<Self>> {
        let (first, rest) = path.split_first()?;
        let value = self.get(first)?;
        if rest.is_empty() { Some(value) } else { value.at(rest) }
    }

    /// The text at the end of a path of keys.
    pub(in crate::deploy::evidence) fn text_at(&self, path: &[&str]) -> Option<&str> {
        self.at(path)?.text()
    }

    /// A scalar, or the scalars of a list, each with its line.
    pub(in crate::deploy::evidence) fn texts(&self) -> Vec<(&str, u32)> {
        match &self.value {
            Value::Scalar(text) => vec![(text, self.line)],
            Value::List(items) => items.iter().filter_map(|item| Some((item.text()?, item.line))).collect(),
            Value::Map(_) => Vec::new(),
        }
    }

    /// `NAME: value` or `- NAME=value`, as environments and arguments are written; each with its line.
    pub(in crate::deploy::evidence) fn pairs(&self) -> Vec<(&str, Option<&str>, u32)> {
        let entries = self.entries().into_iter().map(|(key, line, value)| (key, value.text(), line));
        let items = self.items().iter().filter_map(|item| {
            let text = item.text()?;
            match text.split_once('=') {
                Some((key, value)) => Some((key, Some(value), item.line)),
                None => Some((text, None, item.line)),
            }
        });
        entries.chain(items).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loose_tree_with_lines() {
        let text = "a: 1\nb:\n  - x\n  - y: 2\nrun: |\n  one\n  two\n---\nc: ~\n";
        let found = Yaml::read(text);
        assert!(found.error.is_none());
        let [first, second] = found.documents.as_slice() else { panic!("{found:?}") };
        assert_eq!(first.text_at(&["a"]), Some("1"));
        let items = first.get("b").unwrap().items();
        assert_eq!((items[0].text(), items[0].line), (Some("x"), 3));
        assert_eq!(items[1].text_at(&["y"]), Some("2"));
        let run = first.get("run").unwrap();
        assert_eq!((run.text(), run.line), (Some("one\ntwo\n"), 6));
        assert_eq!(second.text_at(&["c"]), Some(""));
    }

    #[test]
    fn merges_and_anchors_are_followed() {
        let text = "base: &b\n  a: 1\n  n: 5\nmore: &m {c: 3}\none:\n  <<: *b\n  n: 2\nlist:\n  <<: [*b, *m]\nsame: *b\n";
        let found = Yaml::read(text);
        let top = &found.documents[0];
        assert_eq!(top.text_at(&["one", "a"]), Some("1"));
        assert_eq!(top.text_at(&["one", "n"]), Some("2"));
        assert_eq!(top.text_at(&["list", "c"]), Some("3"));
        assert_eq!(top.text_at(&["same", "n"]), Some("5"));
        let keys: Vec<_> = top.get("list").unwrap().entries().iter().map(|(key, ..)| *key).collect();
        assert_eq!(keys, ["a", "n", "c"]);
    }

    #[test]
    fn pairs_are_written_both_ways() {
        for text in ["a: x\nb: \"\"\n", "- a=x\n- b=\n"] {
            let found = Yaml::read(text);
            let pairs = found.documents[0].pairs();
            assert_eq!(pairs, [("a", Some("x"), 1), ("b", Some(""), 2)]);
        }
    }

    #[test]
    fn what_is_wrong_has_a_line_and_what_is_hostile_an_end() {
        let found = Yaml::read("a: 1\nb: [\n");
        assert!(found.error.is_some());
        let found = Yaml::read("a:\n\tb: 1\n");
        assert_eq!(found.error.unwrap().0, 2);
        let mut bomb = "a0: &a0 [x]\n".to_owned();
        for i in 1..60 {
            bomb += &format!("a{i}: &a{i} [{}]\n", vec![format!("*a{}", i - 1); 9].join(","));
        }
        assert_eq!(Yaml::read(&bomb).documents.len(), 1);
        let mut merges = "a0: &a0 {x: 1}\n".to_owned();
        for i in 1..60 {
            merges += &format!("a{i}: &a{i}\n  <<: [{}]\n", vec![format!("*a{}", i - 1); 3].join(","));
        }
        let found = Yaml::read(&merges);
        assert!(found.documents[0].get("a59").unwrap().get("y").is_none());
        assert!(Yaml::read(&"[".repeat(10_000)).error.is_some());
        assert!(Yaml::read(&"a: &a\n  <<: *a\n".repeat(3)).documents[0].get("a").unwrap().get("z").is_none());
    }
}
