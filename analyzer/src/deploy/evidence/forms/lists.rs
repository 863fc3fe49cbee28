//! Lists in JSON and TOML whose elements name programs of this repository: what a pipeline takes its services from.

use serde_json::Value;

use crate::deploy::evidence::model::{Findings, Named, Place};
use crate::deploy::evidence::programs::Programs;

/// Keys under which an element of a list says which program it is.
const KEYS: [&str; 9] = ["bin", "binary", "service", "name", "package", "crate", "target", "app", "image"];
/// Keys of lists that say by themselves that their elements are programs.
const BINARIES: [&str; 5] = ["binaries", "binary-names", "binary_names", "bins", "executables"];
/// The smallest list under any other key: one name alone may be anything.
const LEAST: usize = 2;
/// Levels of a file.
const MOST_DEPTH: u32 = 8;

/// Adds the lists of a file in which every element names a program.
pub(in crate::deploy::evidence) fn take(
    path: &str,
    text: &str,
    programs: &Programs<'_>,
    found: &mut Findings,
) {
    // What is neither (comments, templates) is no list of services either.
    let value = match path.ends_with(".toml") {
        true => toml::from_str::<Value>(text).ok(),
        false => serde_json::from_str::<Value>(text).ok(),
    };
    if let Some(value) = value {
        let mut names = Vec::new();
        lists(&value, programs, (MOST_DEPTH, LEAST), &mut names);
        names.sort();
        names.dedup();
        for name in names {
            let quoted = format!("\"{name}\"");
            let line = text.lines().position(|line| line.contains(&quoted)).map_or(1, |at| at + 1);
            let place = Place::new(path, u32::try_from(line).unwrap_or(u32::MAX));
            found.listed.push(Named { place, what: format!("lists {name}"), name });
        }
    }
}

fn lists(value: &Value, programs: &Programs<'_>, (depth, least): (u32, usize), names: &mut Vec<String>) {
    if depth == 0 {
        return;
    }
    match value {
        Value::Array(items) => {
            let of: Vec<Option<String>> = items.iter().map(|item| name(item, programs)).collect();
            if of.len() >= least && of.iter().all(Option::is_some) {
                names.extend(of.into_iter().flatten());
            } else {
                items.iter().for_each(|item| lists(item, programs, (depth - 1, LEAST), names));
            }
        }
        Value::Object(entries) => entries.iter().for_each(|(key, value)| {
            let least = if BINARIES.contains(&key.as_str()) { 1 } else { LEAST };
            lists(value, programs, (depth - 1, least), names);
        }),
        _ => {}
    }
}

/// The program that an element names: itself, or by one of its keys.
fn name(item: &Value, programs: &Programs<'_>) -> Option<String> {
    let known = |text: &str| {
        let is = !programs.named(text).is_empty() || !programs.of_package(text).is_empty();
        (is && !text.contains('/')).then(|| text.to_owned())
    };
    match item {
        Value::String(text) => known(text),
        Value::Object(entries) => KEYS.iter().find_map(|key| known(entries.get(*key)?.as_str()?)),
        _ => None,
    }
}
