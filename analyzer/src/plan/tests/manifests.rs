//! What the manifests of new crates need.

use super::{World, shop};
use crate::discover::{Dependency, DependencyKind, LockedPackage};
use crate::ids::{ItemId, PackageId, WorkspaceId};
use crate::plan::PlanOptions;

fn dependency(name: &str, kind: DependencyKind) -> Dependency {
    Dependency {
        extern_name: name.replace('-', "_"),
        package: name.to_owned(),
        local: None,
        kind,
        optional: false,
        enabled: true,
        target: None,
        features: vec!["derive".to_owned()],
        default_features: true,
        switched_features: Vec::new(),
    }
}

#[test]
fn each_crate_needs_what_its_files_mention() {
    let mut world = World::new("mod low\nfn f 1500\nmod high\nfn g 1500 -> low::f*3\n");
    let package = &mut world.repository.packages[PackageId(0)];
    package.dependencies.push(dependency("some-json", DependencyKind::Dev));
    package.dependencies.push(dependency("some-json", DependencyKind::Normal));
    package.dependencies.push(dependency("test-kit", DependencyKind::Dev));
    package.dependencies.push(dependency("cc", DependencyKind::Build));
    package.features.insert("fast".to_owned(), Vec::new());
    for file in world.resolution.files.iter_mut() {
        if file.path == "src/low.rs" {
            file.dependencies = vec!["cc".to_owned(), "some_json".to_owned(), "std".to_owned()];
            file.features = vec!["fast".to_owned(), "gone".to_owned()];
        } else if file.path == "src/high.rs" {
            file.dependencies = vec!["test_kit".to_owned()];
        }
    }
    let options = PlanOptions { package: Some(PackageId(0)), crates: Some(2), ..PlanOptions::default() };
    let plan = world.advise(&options).plan.unwrap();
    let needs = |item: &str| {
        let holds = |id: &ItemId| world.path(*id).ends_with(item);
        let krate = plan.crates.iter().find(|krate| krate.all_items.iter().any(holds)).unwrap();
        let needs: Vec<(String, bool)> =
            krate.dependencies.iter().map(|need| (need.package.clone(), need.dev)).collect();
        (needs, krate.features.clone())
    };
    assert_eq!(needs("low::f"), (vec![("some-json".to_owned(), false)], vec!["fast".to_owned()]));
    assert_eq!(needs("high::g"), (vec![("test-kit".to_owned(), true)], Vec::new()));
}

#[test]
fn a_dependency_that_no_file_mentions_is_needed_by_all() {
    let mut world = World::new("mod low\nfn f 1500\nmod high\nfn g 1500 -> low::f*3\n");
    let package = &mut world.repository.packages[PackageId(0)];
    let quiet = |name| dependency(name, DependencyKind::Normal);
    package.dependencies.push(quiet("md-5"));
    package.dependencies.push(quiet("named"));
    package.dependencies.push(Dependency { optional: true, ..quiet("optional") });
    package.dependencies.push(Dependency { target: Some("cfg(windows)".into()), ..quiet("elsewhere") });
    package.dependencies.push(Dependency { local: Some(PackageId(0)), ..quiet("own") });
    for file in world.resolution.files.iter_mut().filter(|file| file.path == "src/low.rs") {
        file.dependencies = vec!["named".to_owned()];
    }
    let options = PlanOptions { package: Some(PackageId(0)), crates: Some(2), ..PlanOptions::default() };
    let plan = world.advise(&options).plan.unwrap();
    let mut needs: Vec<String> = plan
        .crates
        .iter()
        .map(|krate| {
            krate.dependencies.iter().map(|need| need.package.as_str()).collect::<Vec<_>>().join(" ")
        })
        .collect();
    needs.sort();
    needs.dedup();
    assert_eq!(needs, ["md-5", "md-5 named"]);
}

#[test]
fn a_new_crate_takes_the_name_of_no_package_from_elsewhere() {
    let mut world = shop("");
    let named = |world: &World| {
        let plan = world.plan(None);
        plan.crates.iter().map(|krate| krate.name.clone()).collect::<Vec<_>>()
    };
    assert!(named(&world).contains(&"app-catalog".to_owned()));
    world.repository.packages[PackageId(0)]
        .dependencies
        .push(dependency("app-catalog", DependencyKind::Normal));
    let locked = LockedPackage::new("app-billing", "1.0.0", Vec::new());
    world.repository.workspaces[WorkspaceId(0)].locked.push(locked);
    let names = named(&world);
    assert_eq!(names.len(), 4);
    assert!(
        !names.contains(&"app-catalog".to_owned()) && !names.contains(&"app-billing".to_owned()),
        "{names:?}"
    );
}
