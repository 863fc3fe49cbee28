//! What the manifest of each new crate needs: dependencies and features, as far as its files mention them
//! or its items refer to them.

use std::collections::{BTreeMap, BTreeSet};

use crate::discover::{Dependency, DependencyKind};
use crate::ids::{CrateId, FileId, IdVec, ItemId, PackageId, PlanCrateId};
use crate::plan::index::Index;
use crate::plan::index::references_of;
use crate::plan::input::PlanInput;
use crate::plan::model::{Need, PlanCrate};
use crate::resolve::{BoundKind, PassedMeaning, RefKind};

/// Fills in [`PlanCrate::dependencies`] and [`PlanCrate::features`]. A file with items in several crates counts for
/// each of them, and a dependency that none of the package's files mentions for all of them.
pub(in crate::plan) fn fill_needs(
    input: &PlanInput<'_>,
    index: &Index,
    package: PackageId,
    crates: &mut IdVec<PlanCrateId, PlanCrate>,
) {
    let declared: BTreeSet<&str> =
        input.repository.packages[package].features.keys().map(String::as_str).collect();
    let all = crates.iter().flat_map(|krate| &krate.all_items).map(|&item| input.resolution.items[item].file);
    let all: BTreeSet<FileId> = all.collect();
    let named = all.iter().flat_map(|&file| &input.resolution.files[file].dependencies);
    let named: BTreeSet<&str> = named.map(String::as_str).collect();
    for krate in crates.iter_mut() {
        let mut files: Vec<FileId> =
            krate.all_items.iter().map(|&item| input.resolution.items[item].file).collect();
        files.dedup();
        let files: BTreeSet<FileId> = files.into_iter().collect();
        let files = || files.iter().map(|&file| &input.resolution.files[file]);
        let mut mentioned: BTreeSet<&str> =
            files().flat_map(|f| &f.dependencies).map(String::as_str).collect();
        mentioned.extend(passed_crates(input, krate));
        let local = local_packages(input, index, krate);
        let of_docs = files().flat_map(|f| &f.bound).filter(|bound| bound.kind == BoundKind::DocTest);
        let of_docs: BTreeSet<&str> = of_docs.map(|bound| bound.what.as_str()).collect();
        krate.dependencies = needs(input, package, (&mentioned, &of_docs), &named, &local);
        let features: BTreeSet<&str> = files().flat_map(|f| &f.features).map(String::as_str).collect();
        krate.features = features.intersection(&declared).map(|&name| name.to_owned()).collect();
    }
}

/// Crates whose names come to a crate's items through modules that import them: once these lie elsewhere, the name is taken
/// from where it is defined.
fn passed_crates<'a>(input: &PlanInput<'a>, krate: &PlanCrate) -> impl Iterator<Item = &'a str> {
    let resolution = input.resolution;
    let outside = resolution.passed_names.iter().filter_map(|passed| match &passed.meant {
        PassedMeaning::Outside(Some(path)) => Some((path.split("::").next()?, &passed.takers)),
        _ => None,
    });
    let own = |item: &ItemId| krate.all_items.binary_search(item).is_ok();
    outside.filter(move |(_, takers)| takers.iter().any(|taker| own(&taker.item))).map(|(name, _)| name)
}

/// Packages of the repository that a crate's items refer to, whether only tests do: a re-export of the package that is split
/// may have brought the name, so that no file mentions where it is from.
fn local_packages(input: &PlanInput<'_>, index: &Index, krate: &PlanCrate) -> BTreeMap<PackageId, bool> {
    let mut packages: BTreeMap<PackageId, bool> = BTreeMap::new();
    let package_of = |krate: CrateId| input.repository.targets[input.resolution.crates[krate].target].package;
    for &item in &krate.all_items {
        let own = index.crate_of[item];
        for r in references_of(input.resolution, item) {
            let other = index.crate_of[r.to];
            // What is reached through a value needs no name.
            if other != own && !matches!(r.kind, RefKind::Method | RefKind::Field) {
                let for_tests = packages.entry(package_of(other)).or_insert(true);
                *for_tests &= r.test;
            }
        }
    }
    packages
}

fn needs(
    input: &PlanInput<'_>,
    package: PackageId,
    (mentioned, of_docs): (&BTreeSet<&str>, &BTreeSet<&str>),
    named: &BTreeSet<&str>,
    local: &BTreeMap<PackageId, bool>,
) -> Vec<Need> {
    let dev = |d: &Dependency| d.kind == DependencyKind::Dev;
    let referred = |d: &Dependency| {
        let for_tests = d.local.and_then(|package| local.get(&package));
        for_tests.is_some_and(|&for_tests| for_tests == dev(d) || !for_tests)
    };
    // A library may have another name than its package, and what macros of other packages write is to be read nowhere. Of
    // the repository's own packages references tell.
    let unseen = |d: &Dependency| {
        let always = d.kind == DependencyKind::Normal && !d.optional && d.target.is_none();
        always && d.local.is_none() && !named.contains(d.extern_name.as_str())
    };
    let code = |d: &Dependency| mentioned.contains(d.extern_name.as_str()) || referred(d) || unseen(d);
    // Examples in docs are tests.
    let docs = |d: &Dependency| d.local.is_none() && of_docs.contains(d.extern_name.as_str());
    let wanted = |d: &&Dependency| d.kind != DependencyKind::Build && (code(d) || docs(d));
    let mut needs: Vec<Need> = input.repository.packages[package]
        .dependencies
        .iter()
        .filter(wanted)
        .map(|dependency| Need {
            package: dependency.package.clone(),
            features: dependency.features.clone(),
            optional: dependency.optional && code(dependency),
            dev: dev(dependency) || !code(dependency),
        })
        .collect();
    // What code outside tests needs too is no dev-dependency.
    needs.sort_by(|a, b| (&a.package, a.dev).cmp(&(&b.package, b.dev)));
    needs.dedup_by(|later, first| later.package == first.package);
    needs
}
