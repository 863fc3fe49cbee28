//! The manifests of a plan's crates: what the plan lists, as the package's own manifest writes it, with order and comments
//! kept.

mod features;
mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, Value, value};

use self::features::{all_dependencies, features_of, keys_of, pass_features_on};
use self::support::support_tests;
use super::build_script::BuildScripts;
use super::layout::Layout;
use super::named::Named;
use super::public::test_support::TestSupport;
use crate::apply::Done;
use crate::discover::normalize;
use crate::ids::{IdVec, PlanCrateId};
use crate::plan::Need;
use crate::report::PlanReport;

/// The package that is split.
pub(in crate::apply) struct Package<'a> {
    pub(in crate::apply) directory: &'a Path,
    /// Its manifest, and that of the workspace's root, if it is another one.
    pub(in crate::apply) manifest: &'a str,
    pub(in crate::apply) root: Option<(&'a Path, &'a str)>,
}

/// What the sources say of each crate.
pub(in crate::apply) struct Facts<'a> {
    /// What it is, in a sentence.
    pub(in crate::apply) about: &'a IdVec<PlanCrateId, String>,
    /// What its files name.
    pub(in crate::apply) named: &'a IdVec<PlanCrateId, Named>,
    /// The crates with a copy of the build script.
    pub(in crate::apply) build_scripts: &'a BuildScripts,
    pub(in crate::apply) test_support: &'a TestSupport,
    /// A crate, and one above it that its tests name.
    pub(in crate::apply) above_tests: &'a BTreeSet<(PlanCrateId, PlanCrateId)>,
}

/// What a new crate's library has as the package's.
const OF_LIBRARIES: [&str; 5] = ["harness", "bench", "doctest", "test", "doc"];

/// Keys of `[package]` that new crates take over.
const TAKEN_OVER: [&str; 9] = [
    "version",
    "authors",
    "edition",
    "rust-version",
    "license",
    "repository",
    "homepage",
    "publish",
    "resolver",
];

/// The manifests of all crates and of the workspace, by their path.
pub(in crate::apply) fn manifests(
    package: &Package<'_>,
    plan: &PlanReport,
    layout: &Layout,
    directories: &IdVec<PlanCrateId, PathBuf>,
    &Facts { about, named, build_scripts, test_support, above_tests }: &Facts<'_>,
) -> Done<Vec<(PathBuf, String)>> {
    let own: DocumentMut = parsed(package.manifest)?;
    let root: Option<DocumentMut> = package.root.map(|(_, text)| parsed(text)).transpose()?;
    let inherited =
        root.as_ref().unwrap_or(&own).get("workspace").and_then(|w| w.get("dependencies")).cloned();
    let mut of_crates: IdVec<PlanCrateId, DocumentMut> = IdVec::new();
    for (id, krate) in layout.crates.iter_enumerated() {
        if krate.residual {
            of_crates.push(own.clone());
            continue;
        }
        let needs = krate.entries.iter().flat_map(|&entry| &plan.crates[entry].dependencies);
        let (dev, normal): (Vec<_>, Vec<_>) = needs.partition(|need| need.dev);
        let of_need = |need: &&Need| need.package.clone();
        let of_code = named[id].packages.iter().cloned();
        // Tests ask for features of their own, and have what is optional elsewhere.
        let of_tests = of_code.clone().chain(named[id].of_tests.iter().cloned());
        let wanted = Wanted {
            normal: normal.iter().map(of_need).chain(of_code).collect(),
            dev: dev.iter().map(of_need).chain(of_tests).collect(),
            build: build_scripts.of_crates.contains_key(&id),
            inherited: inherited.as_ref(),
            from: package.directory,
            to: &directories[id],
        };
        let listed = krate.entries.iter().flat_map(|&entry| &plan.crates[entry].features);
        let features: BTreeSet<&str> = listed.chain(&named[id].features).map(String::as_str).collect();
        of_crates.push(new_manifest(&own, (&krate.package, &about[id]), &wanted, &features));
    }
    let version = published_version(&own);
    for (id, krate) in layout.crates.iter_enumerated() {
        // A name that came by a module of imports is taken from where it is now.
        let is_named = |&dep: &PlanCrateId| named[id].packages.contains(&layout.crates[dep].package);
        let deps: BTreeSet<PlanCrateId> =
            krate.deps.iter().copied().chain(krate.below.iter().copied().filter(is_named)).collect();
        if deps.is_empty() {
            continue;
        }
        let dependencies = table_of(&mut of_crates[id], "dependencies");
        for dep in deps {
            let mut entry = InlineTable::new();
            entry.insert("path", relative(&directories[id], &directories[dep]).into());
            if let Some(version) = &version {
                entry.insert("version", version.as_str().into());
            }
            dependencies.insert(&layout.crates[dep].package, value(entry));
        }
    }
    for (id, krate) in layout.crates.iter_enumerated() {
        let is_named = |dep: &&PlanCrateId| named[id].of_tests.contains(&layout.crates[**dep].package);
        for &dep in krate.below.iter().filter(is_named).filter(|dep| !krate.deps.contains(dep)) {
            let mut entry = InlineTable::new();
            entry.insert("path", relative(&directories[id], &directories[dep]).into());
            let name = &layout.crates[dep].package;
            table_of(&mut of_crates[id], "dev-dependencies").insert(name, value(entry));
        }
    }
    pass_features_on(layout, &mut of_crates);
    support_tests(layout, test_support, directories, &mut of_crates);
    // Without a version, so that a crate can be published before those above it.
    for &(krate, above) in above_tests {
        let mut entry = InlineTable::new();
        entry.insert("path", relative(&directories[krate], &directories[above]).into());
        table_of(&mut of_crates[krate], "dev-dependencies")
            .insert(&layout.crates[above].package, value(entry));
    }
    let new: Vec<&PathBuf> = layout
        .crates
        .iter_enumerated()
        .filter(|(_, k)| !k.residual)
        .map(|(id, _)| &directories[id])
        .collect();
    let mut written = Vec::new();
    match (package.root, root) {
        (Some((path, _)), Some(mut root)) => {
            add_members(&mut root, path.parent().unwrap_or(path), &new);
            written.push((path.to_owned(), root.to_string()));
        }
        _ => add_members(&mut of_crates[layout.residual()], package.directory, &new),
    }
    for (id, manifest) in of_crates.iter_enumerated() {
        written.push((directories[id].join("Cargo.toml"), manifest.to_string()));
    }
    Ok(written)
}

pub(super) fn parsed(text: &str) -> Done<DocumentMut> {
    text.parse().map_err(|error| format!("the manifest: {error}"))
}

/// What a new crate needs of the package's dependencies.
struct Wanted<'a> {
    normal: BTreeSet<String>,
    dev: BTreeSet<String>,
    /// Whether it has the build script, with all that this needs.
    build: bool,
    inherited: Option<&'a Item>,
    from: &'a Path,
    to: &'a Path,
}

fn new_manifest(
    own: &DocumentMut,
    (name, about): (&str, &str),
    wanted: &Wanted<'_>,
    features: &BTreeSet<&str>,
) -> DocumentMut {
    let mut manifest = DocumentMut::new();
    let mut head = Table::new();
    head.insert("name", value(name));
    let of_package = own.get("package").and_then(Item::as_table_like);
    for key in TAKEN_OVER {
        if let Some(item) = of_package.and_then(|table| table.get(key)) {
            head.insert(key, plain(item));
        }
    }
    head.insert("description", value(about));
    if let Some(script) = of_package.and_then(|table| table.get("build")).filter(|_| wanted.build) {
        head.insert("build", plain(script));
    }
    manifest.insert("package", Item::Table(head));
    // How tests of the library are built and run.
    let mut lib = Table::new();
    let of_lib = own.get("lib").and_then(Item::as_table_like);
    for key in OF_LIBRARIES {
        if let Some(item) = of_lib.and_then(|table| table.get(key)) {
            lib.insert(key, plain(item));
        }
    }
    if !lib.is_empty() {
        manifest.insert("lib", Item::Table(lib));
    }
    let mut keys: Vec<(String, bool)> = Vec::new();
    let mut tables: Vec<(Option<String>, &str, Table)> = Vec::new();
    let for_build = wanted.for_build(own);
    let sections = [
        ("dependencies", &wanted.normal),
        ("dev-dependencies", &wanted.dev),
        ("build-dependencies", &for_build),
    ];
    for (section, packages) in sections {
        let chosen = wanted.section(own.as_item(), section, packages);
        if section != "dev-dependencies" {
            keys.extend(keys_of(&chosen));
        }
        tables.push((None, section, chosen));
    }
    for (cfg, of_target) in
        own.get("target").and_then(Item::as_table_like).into_iter().flat_map(TableLike::iter)
    {
        for (section, packages) in sections {
            let chosen = wanted.section(of_target, section, packages);
            if section != "dev-dependencies" {
                keys.extend(keys_of(&chosen));
            }
            tables.push((Some(cfg.to_owned()), section, chosen));
        }
    }
    let own_features = own.get("features").and_then(Item::as_table_like);
    let mut table = own_features.map(|own| features_of(own, features, &keys)).unwrap_or_default();
    // An optional dependency that the crate doesn't have is a feature all the same where its code, or an example, asks for it.
    let optional = all_dependencies(own).into_iter().filter(|(_, optional)| *optional).map(|(key, _)| key);
    for name in optional.filter(|name| features.contains(name.as_str())) {
        if !table.contains_key(&name) && !keys.iter().any(|(key, _)| *key == name) {
            table.insert(&name, value(Array::new()));
        }
    }
    let features = table;
    if !features.is_empty() {
        manifest.insert("features", Item::Table(features));
    }
    for (cfg, section, table) in tables {
        if table.is_empty() {
            continue;
        }
        match cfg {
            None => {
                manifest.insert(section, Item::Table(table));
            }
            Some(cfg) => {
                let targets = table_of(&mut manifest, "target");
                targets.set_implicit(true);
                let mut around = Table::new();
                around.set_implicit(true);
                let entry = targets.entry(&cfg).or_insert(Item::Table(around));
                if let Some(entry) = entry.as_table_mut() {
                    entry.insert(section, Item::Table(table));
                }
            }
        }
    }
    if own.get("lints").is_some_and(|lints| lints.get("workspace").is_some()) {
        let mut lints = Table::new();
        lints.insert("workspace", value(true));
        manifest.insert("lints", Item::Table(lints));
    } else if let Some(lints) = own.get("lints") {
        manifest.insert("lints", plain(lints));
    }
    manifest
}

/// An item without the place that it had in its document, which would put tables in that order.
fn plain(item: &Item) -> Item {
    let mut item = item.clone();
    if let Some(table) = item.as_table_mut() {
        table.set_position(None);
        let keys: Vec<String> = table.iter().map(|(key, _)| key.to_owned()).collect();
        for key in keys {
            if let Some(inner) = table.get_mut(&key) {
                *inner = plain(inner);
            }
        }
    }
    item
}

impl Wanted<'_> {
    /// What the build script needs, by keys as code writes them.
    fn for_build(&self, own: &DocumentMut) -> BTreeSet<String> {
        let targets = own.get("target").and_then(Item::as_table_like).into_iter().flat_map(TableLike::iter);
        let tables = std::iter::once(own.as_item()).chain(targets.map(|(_, of_target)| of_target));
        let tables = tables.filter(|_| self.build).filter_map(|table| table.get("build-dependencies"));
        let keys = tables.filter_map(Item::as_table_like).flat_map(TableLike::iter);
        keys.map(|(key, _)| key.replace('-', "_")).collect()
    }

    /// What a section of the manifest, or of a platform in it, comes to. Tests have what code that stays elsewhere needs too.
    fn section(&self, of: &Item, section: &str, packages: &BTreeSet<String>) -> Table {
        let mut chosen = self.chosen(of.get(section), packages);
        if section != "dev-dependencies" {
            return chosen;
        }
        let in_code = self.chosen(of.get("dependencies"), &self.normal);
        for (key, mut item) in self.chosen(of.get("dependencies"), packages) {
            if in_code.contains_key(&key) || chosen.contains_key(&key) {
                continue;
            }
            if let Some(table) = item.as_table_like_mut() {
                table.remove("optional");
            }
            chosen.insert(&key, item);
        }
        chosen
    }

    /// The entries of these packages, with relative paths as the new crate has to write them.
    fn chosen(&self, dependencies: Option<&Item>, packages: &BTreeSet<String>) -> Table {
        let mut chosen = Table::new();
        for (key, item) in dependencies.and_then(Item::as_table_like).into_iter().flat_map(TableLike::iter) {
            let of_workspace = || self.inherited?.get(key)?.get("package");
            let package = item.get("package").or_else(of_workspace).and_then(Item::as_str).unwrap_or(key);
            if !packages.contains(package) && !packages.contains(&key.replace('-', "_")) {
                continue;
            }
            let mut item = plain(item);
            if let Some(path) = item.get("path").and_then(Item::as_str) {
                let path = relative(self.to, &normalize(&self.from.join(path)));
                if let Some(table) = item.as_table_like_mut() {
                    table.insert("path", value(path));
                }
            }
            chosen.insert(key, item);
        }
        chosen
    }
}

/// Copies the package's dependency on another one into a crate's manifest; whether there is one.
pub(in crate::apply) fn add_dependency(
    manifest: &mut DocumentMut,
    own: &DocumentMut,
    package: &str,
    (from, to): (&Path, &Path),
) -> bool {
    let packages = BTreeSet::from([package.to_owned()]);
    let wanted =
        Wanted { normal: BTreeSet::new(), dev: BTreeSet::new(), build: false, inherited: None, from, to };
    // What only tests have is enough for what moves with tests.
    for section in ["dependencies", "dev-dependencies"] {
        let chosen = wanted.chosen(own.get(section), &packages);
        let found = chosen.iter().next();
        if let Some((key, item)) = found {
            table_of(manifest, section).insert(key, item.clone());
            let switch = manifest.get_mut("features").and_then(Item::as_table_like_mut);
            // What only stood for the dependency is a feature by its being optional now.
            if let Some(features) = switch
                && own.get("features").is_none_or(|own| own.get(key).is_none())
            {
                features.remove(key);
            }
            return true;
        }
    }
    false
}

/// A table at the top; an inline one becomes a table.
pub(super) fn table_of<'a>(manifest: &'a mut DocumentMut, key: &str) -> &'a mut Table {
    let item = manifest.entry(key).or_insert_with(|| Item::Table(Table::new()));
    if !item.is_table() {
        let table = std::mem::take(item).into_table().unwrap_or_default();
        *item = Item::Table(table);
    }
    match item {
        Item::Table(table) => table,
        _ => unreachable!("made one above"),
    }
}

/// Makes the new crates members of the workspace, unless a pattern of its members covers them.
fn add_members(root: &mut DocumentMut, directory: &Path, new: &[&PathBuf]) {
    let workspace = table_of(root, "workspace");
    let members = workspace.entry("members").or_insert_with(|| value(Array::new()));
    let Some(list) = members.as_array_mut() else { return };
    for path in new {
        let path = relative(directory, path);
        let covered = |member: &str| {
            let (parts, own) = (member.split('/').collect::<Vec<_>>(), path.split('/').collect::<Vec<_>>());
            parts.len() == own.len()
                && parts.iter().zip(&own).all(|(part, name)| *part == "*" || part == name)
        };
        if !list.iter().filter_map(Value::as_str).any(covered) {
            let lines =
                list.iter().last().and_then(|last| last.decor().prefix()?.as_str()).map(str::to_owned);
            list.push(path);
            if let (Some(prefix), Some(last)) = (lines.filter(|p| p.contains('\n')), list.iter_mut().last()) {
                last.decor_mut().set_prefix(prefix);
            }
        }
    }
}

/// The version that dependencies on crates of a published package name beside the path.
pub(super) fn published_version(own: &DocumentMut) -> Option<String> {
    let package = own.get("package")?;
    let private = package.get("publish").and_then(Item::as_bool) == Some(false);
    package.get("version").and_then(Item::as_str).filter(|_| !private).map(str::to_owned)
}

/// A path from one directory to another, with `/` between.
pub(in crate::apply) fn relative(from: &Path, to: &Path) -> String {
    let (from, to): (Vec<_>, Vec<_>) = (from.components().collect(), to.components().collect());
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..".to_owned(), from.len() - shared);
    let down = to[shared..].iter().map(|part| part.as_os_str().to_string_lossy().into_owned());
    let parts: Vec<String> = up.chain(down).collect();
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}
