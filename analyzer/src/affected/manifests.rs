//! Two versions of a manifest, compared by what they say once everything that is inherited is filled in.

use std::collections::BTreeSet;

use toml::{Table, Value};

use crate::discover::TargetKind;

/// What a difference between two manifests concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Difference {
    /// All of the package.
    Package,
    /// What is compiled for tests.
    Tests,
    /// Targets of a kind.
    Targets(TargetKind),
    /// Sources that name a variable of [`VARIABLES`].
    Naming(&'static str),
}

/// Keys of `[package]` that neither cargo nor rustc reads in a build.
const UNREAD: [&str; 6] = ["badges", "categories", "documentation", "keywords", "metadata", "publish"];
/// Keys that reach rustc in a variable alone, so that only who names it is compiled again. Cargo notes others like them (`authors`,
/// `description`) for everybody before 1.85, and macros name them (clap's, utoipa's `license`).
const IN_VARIABLES: [(&str, &str); 3] = [
    ("license-file", "CARGO_PKG_LICENSE_FILE"),
    ("readme", "CARGO_PKG_README"),
    ("rust-version", "CARGO_PKG_RUST_VERSION"),
];
/// Those variables.
pub(crate) const VARIABLES: [&str; 3] = [IN_VARIABLES[0].1, IN_VARIABLES[1].1, IN_VARIABLES[2].1];
/// Tables that mean the whole workspace.
const OF_WORKSPACE: [&str; 4] = ["workspace", "profile", "patch", "replace"];
/// Sections of dependencies; `-` may be written `_`.
const DEPENDENCIES: [&str; 5] =
    ["dependencies", "build-dependencies", "build_dependencies", "dev-dependencies", "dev_dependencies"];

/// What the differences between two versions of a package's manifest concern. `root` is the workspace's.
pub(super) fn differences(
    (before, root_before): (&Table, Option<&Table>),
    (after, root_after): (&Table, Option<&Table>),
) -> BTreeSet<Difference> {
    let (before, after) = (effective(before, root_before), effective(after, root_after));
    let mut found = BTreeSet::new();
    for key in different_keys(&before, &after) {
        let (old, new) = (before.get(key), after.get(key));
        match key {
            "badges" => {}
            "dev-dependencies" | "dev_dependencies" => drop(found.insert(Difference::Tests)),
            "test" => drop(found.insert(Difference::Targets(TargetKind::Test))),
            "bench" => drop(found.insert(Difference::Targets(TargetKind::Bench))),
            "example" => drop(found.insert(Difference::Targets(TargetKind::Example))),
            "bin" => drop(found.insert(Difference::Targets(TargetKind::Bin))),
            "package" | "project" => {
                found.extend(different(old, new).iter().filter_map(|key| of_package(key)))
            }
            "target" => {
                for platform in different(old, new) {
                    let of = |value: Option<&Value>| value.and_then(|v| v.get(&platform)).cloned();
                    let keys = different(of(old).as_ref(), of(new).as_ref());
                    let dev = |key: &String| matches!(key.as_str(), "dev-dependencies" | "dev_dependencies");
                    found.insert(if keys.iter().all(dev) { Difference::Tests } else { Difference::Package });
                }
            }
            _ => drop(found.insert(Difference::Package)),
        }
    }
    found
}

/// What a key of `[package]` concerns.
fn of_package(key: &str) -> Option<Difference> {
    if let Some((_, variable)) = IN_VARIABLES.iter().find(|(name, _)| *name == key) {
        return Some(Difference::Naming(variable));
    }
    (!UNREAD.contains(&key)).then_some(Difference::Package)
}

/// A package's manifest with what it inherits written out, and without what means the whole workspace.
fn effective(manifest: &Table, root: Option<&Table>) -> Table {
    let mut table = manifest.clone();
    OF_WORKSPACE.iter().for_each(|key| drop(table.remove(*key)));
    let Some(above) = root.and_then(|root| root.get("workspace")).and_then(Value::as_table) else {
        return table;
    };
    let dependencies = above.get("dependencies").and_then(Value::as_table);
    inherit_dependencies(&mut table, dependencies);
    for platform in
        table.get_mut("target").and_then(Value::as_table_mut).into_iter().flat_map(Table::iter_mut)
    {
        if let Some(table) = platform.1.as_table_mut() {
            inherit_dependencies(table, dependencies);
        }
    }
    for key in ["package", "project"] {
        let package = table.get_mut(key).and_then(Value::as_table_mut);
        for (key, value) in package.into_iter().flat_map(Table::iter_mut).filter(|(_, value)| inherits(value))
        {
            *value = above.get("package").and_then(|p| p.get(key)).cloned().unwrap_or(Value::Boolean(false));
        }
    }
    if table.get("lints").is_some_and(inherits) {
        let lints = above.get("lints").cloned().unwrap_or_else(|| Value::Table(Table::new()));
        table.insert("lints".to_owned(), lints);
    }
    table
}

fn inherit_dependencies(table: &mut Table, above: Option<&Table>) {
    for section in DEPENDENCIES {
        let entries = table.get_mut(section).and_then(Value::as_table_mut);
        for (key, value) in entries.into_iter().flat_map(Table::iter_mut).filter(|(_, value)| inherits(value))
        {
            let inherited = above.and_then(|above| above.get(key)).cloned();
            // What the package adds stands beside what it inherits.
            let own = std::mem::replace(value, Value::Boolean(false));
            *value = Value::Array(inherited.into_iter().chain([own]).collect());
        }
    }
}

/// `key.workspace = true`
fn inherits(value: &Value) -> bool {
    value.get("workspace").and_then(Value::as_bool) == Some(true)
}

/// What the differences between two versions of a root manifest concern, apart from what members inherit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RootDifferences {
    /// Every member.
    pub(super) everybody: bool,
    /// Packages by name, members or not.
    pub(super) packages: BTreeSet<String>,
}

/// Compares the tables that mean the whole workspace.
pub(super) fn root_differences(before: &Table, after: &Table) -> RootDifferences {
    let mut found = RootDifferences::default();
    let of = |key: &str| (before.get(key), after.get(key));
    let (old, new) = of("workspace");
    // Members are compared by where they are, and the rest of these by who inherits it.
    let known = ["members", "exclude", "default-members", "dependencies", "package", "lints", "metadata"];
    found.everybody |= different(old, new).iter().any(|key| !known.contains(&key.as_str()));
    for key in ["resolver", "edition"] {
        // An edition implies a resolver, wherever it is written.
        found.everybody |= own_or_inherited(before, key) != own_or_inherited(after, key);
    }
    found.everybody |= before.get("cargo-features") != after.get("cargo-features");
    let (old, new) = of("profile");
    for profile in different(old, new) {
        let of = |value: Option<&Value>| value.and_then(|v| v.get(&profile)).cloned();
        found.profile(of(old).as_ref(), of(new).as_ref());
    }
    let (old, new) = of("patch");
    for source in different(old, new) {
        let of = |value: Option<&Value>| value.and_then(|v| v.get(&source)).cloned();
        found.patches(of(old).as_ref(), of(new).as_ref());
    }
    let (old, new) = of("replace");
    found.patches(old, new);
    found
}

/// What a root's own package says, if the root has one, with what it inherits from the same file.
fn own_or_inherited<'a>(root: &'a Table, key: &str) -> Option<&'a Value> {
    let value = root.get("package")?.get(key)?;
    if inherits(value) { root.get("workspace")?.get("package")?.get(key) } else { Some(value) }
}

impl RootDifferences {
    fn profile(&mut self, before: Option<&Value>, after: Option<&Value>) {
        for key in different(before, after) {
            let of = |value: Option<&Value>| value.and_then(|v| v.get(&key)).cloned();
            if key != "package" {
                self.everybody = true;
                continue;
            }
            for spec in different(of(before).as_ref(), of(after).as_ref()) {
                self.everybody |= spec == "*";
                self.packages.insert(name_of(&spec).to_owned());
            }
        }
    }

    fn patches(&mut self, before: Option<&Value>, after: Option<&Value>) {
        for key in different(before, after) {
            let renamed = [before, after].into_iter().find_map(|v| v?.get(&key)?.get("package")?.as_str());
            self.packages.insert(renamed.unwrap_or(name_of(&key)).to_owned());
        }
    }
}

/// The name in a package specification: `name@1.2`, `https://…#name@1.2.3`.
fn name_of(spec: &str) -> &str {
    let fragment = spec.rsplit_once('#').map_or(spec, |(_, fragment)| fragment);
    let name = fragment.split('@').next().unwrap_or(fragment);
    if name.contains("://") {
        name.rsplit('/').next().unwrap_or(name)
    } else {
        name.split(':').next().unwrap_or(name)
    }
}

fn different_keys<'a>(before: &'a Table, after: &'a Table) -> BTreeSet<&'a str> {
    let keys = before.keys().chain(after.keys()).map(String::as_str);
    keys.filter(|key| before.get(*key) != after.get(*key)).collect()
}

/// The keys at which two tables differ; what is no table is an empty one.
fn different(before: Option<&Value>, after: Option<&Value>) -> BTreeSet<String> {
    let table = |value: Option<&Value>| value.and_then(Value::as_table).cloned().unwrap_or_default();
    let (before, after) = (table(before), table(after));
    different_keys(&before, &after).into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table {
        text.parse().unwrap()
    }

    fn shown(member: (&str, &str), root: (&str, &str)) -> String {
        let (before, after) = (table(member.0), table(member.1));
        let (above, now) = (table(root.0), table(root.1));
        let found = differences((&before, Some(&above)), (&after, Some(&now)));
        found.iter().map(|d| format!("{d:?}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn of_a_member() {
        let base =
            "[package]\nname = 'a'\nversion.workspace = true\n[dependencies]\nserde.workspace = true\n";
        let root =
            "[workspace.package]\nversion = '1.0.0'\n[workspace.dependencies]\nserde = '1'\nlog = '1'\n";
        let cases = [
            (format!("# a comment\n{base}"), root.to_owned(), ""),
            (base.replace("name = 'a'", "name = 'a'\nkeywords = ['x']\nmetadata.y = 1"), root.to_owned(), ""),
            (base.replace("name = 'a'", "name = 'a'\nedition = '2024'"), root.to_owned(), "Package"),
            (
                base.replace("name = 'a'", "name = 'a'\nrust-version = '1.90'"),
                root.to_owned(),
                "Naming(\"CARGO_PKG_RUST_VERSION\")",
            ),
            (format!("{base}rand = '1'\n"), root.to_owned(), "Package"),
            (format!("{base}[dev-dependencies]\nrand = '1'\n"), root.to_owned(), "Tests"),
            (format!("{base}[target.'cfg(unix)'.dev-dependencies]\nrand = '1'\n"), root.to_owned(), "Tests"),
            (format!("{base}[target.'cfg(unix)'.dependencies]\nrand = '1'\n"), root.to_owned(), "Package"),
            (format!("{base}[[test]]\nname = 'x'\n"), root.to_owned(), "Targets(Test)"),
            (format!("{base}[[bin]]\nname = 'x'\n"), root.to_owned(), "Targets(Bin)"),
            (format!("{base}[features]\nx = []\n"), root.to_owned(), "Package"),
            (format!("{base}[profile.dev]\nopt-level = 1\n"), root.to_owned(), ""),
            (base.to_owned(), root.replace("serde = '1'", "serde = '1.1'"), "Package"),
            (base.to_owned(), root.replace("log = '1'", "log = '2'"), ""),
            (base.to_owned(), root.replace("1.0.0", "1.0.1"), "Package"),
            (base.to_owned(), format!("{root}[workspace.lints.rust]\nunsafe_code = 'deny'\n"), ""),
            (
                base.replace("serde.workspace = true", "serde = { workspace = true, features = ['derive'] }"),
                root.to_owned(),
                "Package",
            ),
        ];
        for (member, above, expected) in cases {
            assert_eq!(shown((base, &member), (root, &above)), expected, "{member}{above}");
        }
        let lints = "[package]\nname = 'a'\n[lints]\nworkspace = true\n";
        assert_eq!(
            shown((lints, lints), (root, &format!("{root}[workspace.lints.rust]\nx = 'deny'\n"))),
            "Package"
        );
    }

    #[test]
    fn of_a_root() {
        let base =
            "[workspace]\nmembers = ['a']\n[workspace.dependencies]\nserde = '1'\n[profile.dev]\ndebug = 1\n";
        let cases = [
            ("debug = 1", "debug = 2", true, ""),
            ("debug = 1", "debug = 1\n[profile.dev.package.serde]\nopt-level = 3", false, "serde"),
            ("debug = 1", "debug = 1\n[profile.dev.package.\"*\"]\nopt-level = 3", true, "*"),
            ("debug = 1", "debug = 1\n[profile.bench]\ndebug = 1", true, ""),
            ("debug = 1", "debug = 1\n[patch.crates-io]\nx = { path = 'x', package = 'y' }", false, "y"),
            ("debug = 1", "debug = 1\n[replace]\n'z:1.0.0' = { path = 'z' }", false, "z"),
            ("members = ['a']", "members = ['a', 'b']", false, ""),
            ("members = ['a']", "members = ['a']\nresolver = '2'", true, ""),
            ("serde = '1'", "serde = '2'", false, ""),
        ];
        for (from, to, everybody, packages) in cases {
            let found = root_differences(&table(base), &table(&base.replace(from, to)));
            let names: Vec<_> = found.packages.iter().map(String::as_str).collect();
            assert_eq!((found.everybody, names.join(" ").as_str()), (everybody, packages), "{to}");
        }
    }

    #[test]
    fn of_a_root_that_is_a_package() {
        let own = "[package]\nname = 'a'\nedition = '2021'\n[workspace]\nmembers = ['b']\n";
        let inherited = |edition: &str| {
            let package = "[package]\nname = 'a'\nedition.workspace = true\n[workspace]\nmembers = ['b']\n";
            format!("{package}[workspace.package]\nedition = '{edition}'\n")
        };
        let cases = [
            (own.to_owned(), inherited("2021"), false),
            (own.to_owned(), inherited("2024"), true),
            (inherited("2021"), own.to_owned(), false),
            (inherited("2021"), inherited("2024"), true),
            (own.to_owned(), own.replace("2021", "2024"), true),
            (own.to_owned(), own.replace("edition = '2021'\n", ""), true),
        ];
        for (before, after, everybody) in cases {
            let (before, after) = (table(&before), table(&after));
            assert_eq!(root_differences(&before, &after).everybody, everybody, "{after}");
            assert_eq!(differences((&before, Some(&before)), (&after, Some(&after))).is_empty(), !everybody);
        }
    }
}
