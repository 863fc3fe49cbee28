//! The features of a plan's crates.

use std::collections::BTreeSet;

use toml_edit::{Array, DocumentMut, Item, Table, TableLike, Value, value};

use super::table_of;
use crate::apply::rewrite::layout::Layout;
use crate::ids::{IdVec, PlanCrateId};

/// Keys of a table of dependencies, and whether each is optional.
pub(super) fn keys_of(dependencies: &Table) -> Vec<(String, bool)> {
    let optional = |item: &Item| item.get("optional").and_then(Item::as_bool).unwrap_or(false);
    dependencies.iter().map(|(key, item)| (key.to_owned(), optional(item))).collect()
}

fn strings(item: Option<&Item>) -> Vec<String> {
    let list = item.and_then(Item::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Features that the plan lists or that switch a dependency of the crate, with what of them holds here.
pub(super) fn features_of(own: &dyn TableLike, listed: &BTreeSet<&str>, keys: &[(String, bool)]) -> Table {
    let about = |entry: &str| {
        let name = entry.strip_prefix("dep:").or_else(|| entry.split_once('/').map(|(name, _)| name));
        name.map(|name| name.trim_end_matches('?').to_owned())
    };
    let has = |key: &str| keys.iter().any(|(other, _)| other == key);
    let is_optional = |key: &str| keys.iter().any(|(other, optional)| other == key && *optional);
    // What is a feature by its own name switches no dependency of that name.
    let plain = |entry: &str| is_optional(entry) && own.get(entry).is_none();
    let switches = |entry: &str| about(entry).map_or(plain(entry), |key| has(&key));
    let declared: Vec<&str> = own
        .iter()
        .filter(|(name, item)| {
            let entries = strings(Some(item));
            listed.contains(name) || (*name != "default" && entries.iter().any(|entry| switches(entry)))
        })
        .map(|(name, _)| name)
        .collect();
    let mut features = Table::new();
    for name in &declared {
        let entries = strings(own.get(name));
        let kept: Array = entries.iter().filter(|e| switches(e) || declared.contains(&e.as_str())).collect();
        features.insert(name, value(kept));
    }
    features
}

/// The package that stays hands each of its features to the crates that declare it.
pub(super) fn pass_features_on(layout: &Layout, manifests: &mut IdVec<PlanCrateId, DocumentMut>) {
    let residual = layout.residual();
    let mut passed: Vec<(String, String)> = Vec::new();
    for (id, manifest) in manifests.iter_enumerated().filter(|(id, _)| *id != residual) {
        let declared: Vec<String> = manifest
            .get("features")
            .and_then(Item::as_table_like)
            .into_iter()
            .flat_map(TableLike::iter)
            .map(|(k, _)| k.to_owned())
            .collect();
        let features = manifest.get("features");
        let by_dep = |key: &str| {
            declared
                .iter()
                .any(|name| strings(features.and_then(|f| f.get(name))).contains(&format!("dep:{key}")))
        };
        let optional =
            all_dependencies(manifest).into_iter().filter(|(key, optional)| *optional && !by_dep(key));
        let names: BTreeSet<String> = declared.iter().cloned().chain(optional.map(|(key, _)| key)).collect();
        passed.extend(names.into_iter().map(|name| (name, layout.crates[id].package.clone())));
    }
    let implicit: BTreeSet<String> = all_dependencies(&manifests[residual])
        .into_iter()
        .filter(|(_, optional)| *optional)
        .map(|(key, _)| key)
        .collect();
    if passed.is_empty() {
        return;
    }
    let features = table_of(&mut manifests[residual], "features");
    for (name, krate) in passed {
        if !features.contains_key(&name) && implicit.contains(&name) {
            features.insert(&name, value(Array::from_iter([format!("dep:{name}")])));
        }
        if let Some(list) = features.get_mut(&name).and_then(Item::as_array_mut) {
            list.push(format!("{krate}/{name}"));
        }
    }
}

pub(super) fn all_dependencies(manifest: &DocumentMut) -> Vec<(String, bool)> {
    let of = |item: Option<&Item>| item.and_then(Item::as_table).map(keys_of).unwrap_or_default();
    let mut all = of(manifest.get("dependencies"));
    for (_, target) in
        manifest.get("target").and_then(Item::as_table_like).into_iter().flat_map(TableLike::iter)
    {
        all.extend(of(target.get("dependencies")));
    }
    all
}
