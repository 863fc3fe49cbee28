//! `use` statements as text.

use std::collections::BTreeSet;

use crate::apply::source::syntax::{Leaf, Use};

/// A leaf as path and new name, with its first segments replaced.
pub(in crate::apply) fn named(statement: &Use, leaf: &Leaf, head: Option<(usize, &str)>) -> (String, String) {
    let mut names: Vec<&str> = leaf.segments.iter().map(|s| s.name.as_str()).collect();
    if names.len() > 1 && names.last() == Some(&"self") {
        names.pop();
    }
    let path = match head {
        Some((segments, path)) => {
            let mut all = vec![path];
            all.extend(&names[segments.min(names.len())..]);
            all.join("::")
        }
        None if statement.colon => format!("::{}", names.join("::")),
        None => names.join("::"),
    };
    let last = path.rsplit("::").next().unwrap_or_default();
    let rename = match &leaf.rename {
        Some(rename) if rename != last => rename.clone(),
        // The new path may end in another name.
        None if !leaf.is_glob() && leaf.name() != last => leaf.name().to_owned(),
        _ => String::new(),
    };
    (path, rename)
}

/// The name that a path with its new name brings in.
pub(in crate::apply) fn new_name((path, rename): &(String, String)) -> &str {
    let last = path.rsplit("::").next().unwrap_or(path);
    if rename.is_empty() { last } else { rename }
}

/// Statements for paths with their new names, one for each module.
pub(in crate::apply) fn statements(vis: &str, paths: &[(String, String)]) -> Vec<String> {
    let mut of_module: Vec<(String, Vec<String>)> = Vec::new();
    let mut seen: BTreeSet<(&str, &str)> = BTreeSet::new();
    for (path, rename) in paths {
        if !seen.insert((path, rename)) {
            continue;
        }
        let (module, name) = path.rsplit_once("::").unwrap_or(("", path));
        let name = if rename.is_empty() { name.to_owned() } else { format!("{name} as {rename}") };
        match of_module.iter_mut().find(|(other, _)| other == module && !module.is_empty()) {
            Some((_, names)) => names.push(name),
            None => of_module.push((module.to_owned(), vec![name])),
        }
    }
    let vis = if vis.is_empty() { String::new() } else { format!("{vis} ") };
    let statement = |(module, mut names): (String, Vec<String>)| {
        names.sort();
        match (&names[..], module.is_empty()) {
            ([only], true) => format!("{vis}use {only};"),
            ([only], false) => format!("{vis}use {module}::{only};"),
            _ => format!("{vis}use {module}::{{{}}};", names.join(", ")),
        }
    };
    of_module.into_iter().map(statement).collect()
}
