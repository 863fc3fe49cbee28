//! The manifests of a plan's crates: dependencies and features that the plan lists, as the package's own manifest writes
//! them.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::Context;
use split_analyzer::report::PlanReport;
use toml::{Table, Value};

use super::layout::Layout;
use super::write::Changes;

/// The package that is split.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) directory: PathBuf,
    /// Its manifest before the split.
    pub(crate) manifest: Table,
    /// `[workspace.dependencies]` of the root manifest: it may call a package by another name.
    pub(crate) inherited: Table,
}

/// The manifest of each crate, in the order of the layout; the crate that stays keeps all it has.
pub(crate) fn manifests(
    package: &Package,
    plan: &PlanReport,
    layout: &Layout,
    changes: &Changes,
    directories: &[PathBuf],
) -> anyhow::Result<Vec<Table>> {
    let mut tables = Vec::new();
    for (at, krate) in layout.crates.iter().enumerate() {
        let mut table = if krate.residual {
            package.manifest.clone()
        } else {
            let entries = || krate.entries.iter().map(|&e| &plan.crates[e]);
            let needs = entries().flat_map(|e| &e.dependencies).filter(|need| !need.dev);
            let mut wanted: BTreeSet<String> = needs.map(|need| need.package.clone()).collect();
            wanted.extend(
                changes.dependencies.iter().filter(|(to, _)| *to == at).map(|(_, name)| name.clone()),
            );
            let features = entries().flat_map(|e| e.features.iter().cloned()).collect();
            new_manifest(package, &krate.package, &wanted, &features)
        };
        for &dep in &krate.deps {
            let path = directories[dep].display().to_string();
            let entry = Table::from_iter([("path".to_owned(), Value::String(path))]);
            table_at(&mut table, "dependencies").insert(layout.crates[dep].package.clone(), entry.into());
        }
        tables.push(table);
    }
    let residual = layout.crates.iter().position(|k| k.residual).context("a crate that stays")?;
    pass_features_on(residual, layout, &mut tables);
    tables[residual].remove("lints");
    Ok(tables)
}

fn new_manifest(
    package: &Package,
    name: &str,
    wanted: &BTreeSet<String>,
    features: &BTreeSet<String>,
) -> Table {
    let mut head = Table::new();
    head.insert("name".to_owned(), name.into());
    head.insert("version".to_owned(), "0.0.0".into());
    head.insert("build".to_owned(), false.into());
    for key in ["autobins", "autoexamples", "autotests", "autobenches"] {
        head.insert(key.to_owned(), false.into());
    }
    if let Some(edition) = package.manifest.get("package").and_then(|p| p.get("edition")) {
        head.insert("edition".to_owned(), edition.clone());
    }
    let mut table = Table::new();
    table.insert("package".to_owned(), head.into());
    let dependencies = chosen(package.manifest.get("dependencies"), wanted, package);
    let mut keys: Vec<(String, bool)> = keys(&dependencies);
    table.insert("dependencies".to_owned(), dependencies.into());
    let mut targets = Table::new();
    for (cfg, of_target) in package.manifest.get("target").and_then(Value::as_table).into_iter().flatten() {
        let dependencies = chosen(of_target.get("dependencies"), wanted, package);
        keys.extend(super::manifest::keys(&dependencies));
        let entry = Table::from_iter([("dependencies".to_owned(), dependencies.into())]);
        targets.insert(cfg.clone(), entry.into());
    }
    table.insert("target".to_owned(), targets.into());
    let own = package.manifest.get("features").and_then(Value::as_table);
    let features = own.map(|own| features_of(own, features, &keys)).unwrap_or_default();
    table.insert("features".to_owned(), features.into());
    table
}

/// The entries of these packages; relative paths made absolute.
fn chosen(dependencies: Option<&Value>, wanted: &BTreeSet<String>, from: &Package) -> Table {
    let all = dependencies.and_then(Value::as_table).into_iter().flatten();
    let mut chosen = Table::new();
    for (key, value) in all {
        let renamed = value.get("package").or_else(|| from.inherited.get(key)?.get("package"));
        let package = renamed.and_then(Value::as_str).unwrap_or(key);
        if !wanted.contains(package) && !wanted.contains(&key.replace('-', "_")) {
            continue;
        }
        let mut value = value.clone();
        if let Some(table) = value.as_table_mut()
            && let Some(path) = table.get("path").and_then(Value::as_str)
        {
            let path = from.directory.join(path).display().to_string();
            table.insert("path".to_owned(), path.into());
        }
        chosen.insert(key.clone(), value);
    }
    chosen
}

/// Keys of a table of dependencies, and whether each is optional.
fn keys(dependencies: &Table) -> Vec<(String, bool)> {
    let optional = |value: &Value| value.get("optional").and_then(Value::as_bool).unwrap_or(false);
    dependencies.iter().map(|(key, value)| (key.clone(), optional(value))).collect()
}

/// Features that the plan lists or that switch a dependency of the crate, with what of them holds here.
fn features_of(own: &Table, listed: &BTreeSet<String>, keys: &[(String, bool)]) -> Table {
    let about = |entry: &str| {
        let name = entry.strip_prefix("dep:").or_else(|| entry.split_once('/').map(|(name, _)| name));
        name.map(|name| name.trim_end_matches('?').to_owned())
    };
    let has = |key: &str| keys.iter().any(|(other, _)| other == key);
    let is_optional = |key: &str| keys.iter().any(|(other, optional)| other == key && *optional);
    let switches = |entry: &str| about(entry).map_or(is_optional(entry), |key| has(&key));
    let entries = |name: &str| {
        let list = own.get(name).and_then(Value::as_array).into_iter().flatten();
        list.filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
    };
    let declared: BTreeSet<&String> = own
        .keys()
        .filter(|name| {
            listed.contains(*name)
                || (name.as_str() != "default" && entries(name).iter().any(|e| switches(e)))
        })
        .collect();
    let mut features = Table::new();
    for name in &declared {
        let kept = entries(name).into_iter().filter(|e| switches(e) || declared.contains(e));
        features.insert((*name).clone(), Value::Array(kept.map(Value::String).collect()));
    }
    features
}

/// The package that stays hands each of its features to the crates that declare it.
fn pass_features_on(residual: usize, layout: &Layout, tables: &mut [Table]) {
    let mut passed: Vec<(String, String)> = Vec::new();
    for (at, table) in tables.iter().enumerate().filter(|(at, _)| *at != residual) {
        let declared = table.get("features").and_then(Value::as_table).into_iter().flatten();
        let explicit: BTreeSet<&String> = declared.map(|(name, _)| name).collect();
        let named = |key: &String| explicit.iter().any(|f| dep_named(table, f, key));
        let optional = all_dependencies(table).into_iter().filter(|(key, optional)| *optional && !named(key));
        let names = explicit.iter().map(|name| (*name).clone()).chain(optional.map(|(key, _)| key));
        let names: BTreeSet<String> = names.collect();
        passed.extend(names.into_iter().map(|name| (name, layout.crates[at].package.clone())));
    }
    let implicit: BTreeSet<String> = all_dependencies(&tables[residual])
        .into_iter()
        .filter(|(_, optional)| *optional)
        .map(|(key, _)| key)
        .collect();
    let features = table_at(&mut tables[residual], "features");
    for (name, krate) in passed {
        if !features.contains_key(&name) && implicit.contains(&name) {
            features.insert(name.clone(), Value::Array(vec![format!("dep:{name}").into()]));
        }
        if let Some(list) = features.get_mut(&name).and_then(Value::as_array_mut) {
            list.push(format!("{krate}/{name}").into());
        }
    }
}

fn dep_named(table: &Table, feature: &str, key: &str) -> bool {
    let list = table["features"].get(feature).and_then(Value::as_array);
    list.is_some_and(|list| list.iter().any(|e| e.as_str() == Some(&format!("dep:{key}"))))
}

fn all_dependencies(table: &Table) -> Vec<(String, bool)> {
    let of = |value: Option<&Value>| value.and_then(Value::as_table).map(keys).unwrap_or_default();
    let mut all = of(table.get("dependencies"));
    for (_, target) in table.get("target").and_then(Value::as_table).into_iter().flatten() {
        all.extend(of(target.get("dependencies")));
    }
    all
}

fn table_at<'a>(table: &'a mut Table, key: &str) -> &'a mut Table {
    let entry = table.entry(key).or_insert_with(|| Table::new().into());
    if !entry.is_table() {
        *entry = Table::new().into();
    }
    entry.as_table_mut().expect("made one above")
}

/// Makes the new crates members of the workspace.
pub(crate) fn add_members(root: &mut Table, names: &[String]) {
    let workspace = table_at(root, "workspace");
    let members = workspace.entry("members").or_insert_with(|| Value::Array(Vec::new()));
    if let Some(list) = members.as_array_mut() {
        list.extend(names.iter().map(|name| Value::String(name.clone())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_gets_what_it_needs() {
        let text = "[package]\nname = \"p\"\nedition = \"2021\"\n[features]\ndefault = [\"fast\", \"net\"]\n\
                    fast = []\nnet = [\"dep:http\", \"fast\"]\nother = [\"serde/derive\"]\n[dependencies]\n\
                    http = { version = \"1\", optional = true }\nserde = \"1\"\nren = { package = \"rand\", version = \"0\" }\n\
                    [target.'cfg(unix)'.dependencies]\nlibc = \"0\"\n";
        let package =
            Package { directory: "/p".into(), manifest: text.parse().unwrap(), inherited: Table::new() };
        let set = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<BTreeSet<String>>();
        let cases: [(&[&str], &[&str], &str, &str); 4] = [
            (&["serde"], &[], "serde", "other = [\"serde/derive\"]\n"),
            (&["http", "libc"], &[], "http libc", "net = [\"dep:http\"]\n"),
            (&["http"], &["fast"], "http", "fast = []\nnet = [\"dep:http\", \"fast\"]\n"),
            (&["rand"], &["fast"], "ren", "fast = []\n"),
        ];
        for (wanted, features, dependencies, expected) in cases {
            let table = new_manifest(&package, "p-a", &set(wanted), &set(features));
            let keys: Vec<String> = all_dependencies(&table).into_iter().map(|(key, _)| key).collect();
            assert_eq!(keys.join(" "), dependencies, "{wanted:?}");
            assert_eq!(table["features"].as_table().unwrap().to_string(), expected, "{wanted:?}");
        }
    }
}
