//! What the manifest of each new crate needs: dependencies and features, as far as its files mention them.

use std::collections::BTreeSet;

use super::input::PlanInput;
use super::model::{Need, PlanCrate};
use crate::discover::DependencyKind;
use crate::ids::{FileId, IdVec, PackageId, PlanCrateId};

/// Fills in [`PlanCrate::dependencies`] and [`PlanCrate::features`]. A file with items in several crates counts for
/// each of them.
pub(super) fn fill_needs(
    input: &PlanInput<'_>,
    package: PackageId,
    crates: &mut IdVec<PlanCrateId, PlanCrate>,
) {
    let declared: BTreeSet<&str> =
        input.repository.packages[package].features.keys().map(String::as_str).collect();
    for krate in crates.iter_mut() {
        let mut files: Vec<FileId> =
            krate.all_items.iter().map(|&item| input.resolution.items[item].file).collect();
        files.dedup();
        let files: BTreeSet<FileId> = files.into_iter().collect();
        let files = || files.iter().map(|&file| &input.resolution.files[file]);
        let mentioned: BTreeSet<&str> = files().flat_map(|f| &f.dependencies).map(String::as_str).collect();
        krate.dependencies = needs(input, package, &mentioned);
        let features: BTreeSet<&str> = files().flat_map(|f| &f.features).map(String::as_str).collect();
        krate.features = features.intersection(&declared).map(|&name| name.to_owned()).collect();
    }
}

fn needs(input: &PlanInput<'_>, package: PackageId, mentioned: &BTreeSet<&str>) -> Vec<Need> {
    let wanted = |d: &&crate::discover::Dependency| {
        d.kind != DependencyKind::Build && mentioned.contains(d.extern_name.as_str())
    };
    let mut needs: Vec<Need> = input.repository.packages[package]
        .dependencies
        .iter()
        .filter(wanted)
        .map(|dependency| Need {
            package: dependency.package.clone(),
            features: dependency.features.clone(),
            optional: dependency.optional,
            dev: dependency.kind == DependencyKind::Dev,
        })
        .collect();
    // What code outside tests needs too is no dev-dependency.
    needs.sort_by(|a, b| (&a.package, a.dev).cmp(&(&b.package, b.dev)));
    needs.dedup_by(|later, first| later.package == first.package);
    needs
}
