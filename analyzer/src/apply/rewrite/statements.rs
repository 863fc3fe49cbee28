//! `use` statements as text.

use std::collections::BTreeSet;

use crate::apply::source::syntax::{Leaf, Use};

/// A name to import.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::apply) struct Import {
    pub(in crate::apply) path: String,
    /// Its new name; empty where it keeps the path's.
    pub(in crate::apply) rename: String,
    /// The `cfg`s that it is under, each on a line.
    pub(in crate::apply) cfgs: String,
}

impl Import {
    /// By its own name, wherever the code is compiled.
    pub(in crate::apply) fn of(path: String) -> Self {
        Self { path, rename: String::new(), cfgs: String::new() }
    }

    /// By a name that the path need not end in.
    pub(in crate::apply) fn known_as(path: String, name: &str) -> Self {
        let same = path.rsplit("::").next() == Some(name);
        let rename = if same { String::new() } else { name.to_owned() };
        Self { path, rename, cfgs: String::new() }
    }

    /// Under more `cfg`s.
    pub(in crate::apply) fn under(mut self, cfgs: &str) -> Self {
        self.cfgs.insert_str(0, cfgs);
        self
    }

    /// The name that it brings in.
    pub(in crate::apply) fn name(&self) -> &str {
        let last = self.path.rsplit("::").next().unwrap_or(&self.path);
        if self.rename.is_empty() { last } else { &self.rename }
    }
}

/// A leaf of a statement, with its first segments replaced. The statement's own `cfg`s are left to it.
pub(in crate::apply) fn named(statement: &Use, leaf: &Leaf, head: Option<(usize, &str)>) -> Import {
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
    Import { path, rename, cfgs: String::new() }
}

/// Statements for names, one for each module and each `cfg`.
pub(in crate::apply) fn statements(vis: &str, imports: &[Import]) -> Vec<String> {
    let always = |import: &Import| {
        let same = |other: &&Import| other.path == import.path && other.rename == import.rename;
        imports.iter().filter(same).any(|other| other.cfgs.is_empty())
    };
    let mut of_module: Vec<((&str, &str), Vec<String>)> = Vec::new();
    let mut seen: BTreeSet<&Import> = BTreeSet::new();
    for import in imports {
        let Import { path, rename, cfgs } = import;
        if !seen.insert(import) || (!cfgs.is_empty() && always(import)) {
            continue;
        }
        let (module, name) = path.rsplit_once("::").unwrap_or(("", path));
        let name = if rename.is_empty() { name.to_owned() } else { format!("{name} as {rename}") };
        match of_module.iter_mut().find(|(other, _)| *other == (module, cfgs) && !module.is_empty()) {
            Some((_, names)) => names.push(name),
            None => of_module.push(((module, cfgs), vec![name])),
        }
    }
    let vis = if vis.is_empty() { String::new() } else { format!("{vis} ") };
    let statement = |((module, cfgs), mut names): ((&str, &str), Vec<String>)| {
        names.sort();
        match (&names[..], module.is_empty()) {
            ([only], true) => format!("{cfgs}{vis}use {only};"),
            ([only], false) => format!("{cfgs}{vis}use {module}::{only};"),
            _ => format!("{cfgs}{vis}use {module}::{{{}}};", names.join(", ")),
        }
    };
    of_module.into_iter().map(statement).collect()
}
