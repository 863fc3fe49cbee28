//! What tests of one crate have of another: features, and the dev-dependencies that ask for them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use toml_edit::{Array, DocumentMut, InlineTable, Item, TableLike, value};

use super::{plain, relative, table_of};
use crate::apply::rewrite::layout::Layout;
use crate::apply::rewrite::public::test_support::{FEATURE, TestSupport};
use crate::ids::{IdVec, PlanCrateId};

/// The feature of what crates have for tests of those above, and the dev-dependencies that switch it on. A dev-dependency
/// names no version, so that a crate can be published before those above it.
pub(super) fn support_tests(
    layout: &Layout,
    support: &TestSupport,
    directories: &IdVec<PlanCrateId, PathBuf>,
    manifests: &mut IdVec<PlanCrateId, DocumentMut>,
) {
    for &krate in support.users.keys() {
        let has_feature = |other: &&PlanCrateId| support.users.contains_key(other);
        let below = layout.crates[krate].deps.iter().filter(has_feature);
        let mut on: Array = below.map(|&dep| format!("{}/{FEATURE}", layout.crates[dep].package)).collect();
        let words = support.words.get(&krate);
        let named = |key: &str| words.is_some_and(|words| words.contains(&key.replace('-', "_")));
        for (key, item) in optional_for_tests(&manifests[krate], &named) {
            on.push(format!("dep:{key}"));
            table_of(&mut manifests[krate], "dependencies").insert(&key, item);
        }
        table_of(&mut manifests[krate], "features").insert(FEATURE, value(on));
    }
    let mut of_pairs: BTreeMap<(PlanCrateId, PlanCrateId), BTreeSet<&str>> = BTreeMap::new();
    for (pair, features) in &support.features {
        of_pairs.entry(*pair).or_default().extend(features.iter().map(String::as_str));
    }
    for (&krate, users) in &support.users {
        users.iter().for_each(|&user| {
            of_pairs.entry((krate, user)).or_default().insert(FEATURE);
        });
    }
    for ((krate, user), features) in of_pairs {
        let mut entry = InlineTable::new();
        entry.insert("path", relative(&directories[user], &directories[krate]).into());
        entry.insert("features", Array::from_iter(features).into());
        let name = &layout.crates[krate].package;
        table_of(&mut manifests[user], "dev-dependencies").insert(name, value(entry));
    }
}

/// What only tests of a crate depend on and what it has for those of others names, as optional dependencies.
fn optional_for_tests(manifest: &DocumentMut, named: &dyn Fn(&str) -> bool) -> Vec<(String, Item)> {
    let table = |section: &str| manifest.get(section).and_then(Item::as_table_like);
    let has = |key: &str| table("dependencies").is_some_and(|table| table.contains_key(key));
    let of_tests = table("dev-dependencies").into_iter().flat_map(TableLike::iter);
    let optional = |(key, item): (&str, &Item)| {
        let mut entry = match item.as_str() {
            Some(version) => {
                let mut entry = InlineTable::new();
                entry.insert("version", version.into());
                Item::Value(entry.into())
            }
            None => plain(item),
        };
        entry.as_table_like_mut()?.insert("optional", value(true));
        Some((key.to_owned(), entry))
    };
    of_tests.filter(|(key, _)| named(key) && !has(key)).filter_map(optional).collect()
}
