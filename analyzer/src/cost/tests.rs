//! Tests of the modelled costs.

use super::*;
use crate::discover::{
    Dependency, DependencyKind, Edition, LockedPackage, Package, Repository, Target, TargetKind, Workspace,
};
use crate::ids::{CrateId, FileId, Id, ItemId, LockedId, ModuleId, PackageId, TargetId, WorkspaceId};
use crate::parse::ItemFeatures;
use crate::resolve::{Crate, Item, ItemKind, Module, Resolution, Visibility};

const MODES: [Mode; 3] = [Mode::Check, Mode::Dev, Mode::Release];

/// Name, kind, whether it is switched on.
pub(super) type Declared<'a> = (&'a str, DependencyKind, bool);

fn features(scale: u32) -> ItemFeatures {
    ItemFeatures {
        tokens: 400 * scale,
        fns: 4 * scale,
        generic_fns: scale,
        closures: 2 * scale,
        exprs: 100 * scale,
        calls: 30 * scale,
        method_calls: 15 * scale,
        match_arms: 5 * scale,
        macro_calls: 3 * scale,
        std_macro_calls: 2 * scale,
        derives: scale,
        std_derived: 4 * scale,
        trait_impls: scale,
        fields: 3 * scale,
        types: 20 * scale,
        ..ItemFeatures::default()
    }
}

fn item(module: u32, scale: u32, test: bool) -> Item {
    Item {
        module: ModuleId(module),
        file: FileId(0),
        kind: ItemKind::Fn,
        name: String::new(),
        path: String::new(),
        line: 1,
        end_line: 1,
        visibility: Visibility::Public,
        test,
        imp: None,
        macro_export: false,
        signature: None,
        by_macro: false,
        compiled: true,
        generic: false,
        features: features(scale),
    }
}

/// Packages `a`, `b`, `c` with a library each; `items` are (package, size, test).
pub(super) fn world(
    items: &[(u32, u32, bool)],
    dependencies: &[&[Declared<'_>]],
) -> (Repository, Resolution) {
    let mut repository = Repository::default();
    let mut resolution = Resolution::default();
    for (i, name) in ["a", "b", "c"].into_iter().enumerate() {
        let own = dependencies.get(i).copied().unwrap_or_default();
        repository.packages.push(package(name, TargetId::from_index(i), own));
        repository.targets.push(Target {
            package: PackageId::from_index(i),
            name: name.into(),
            crate_name: name.into(),
            kind: TargetKind::Lib,
            src: String::new(),
            edition: Edition::E2024,
            required_features: Vec::new(),
            enabled: true,
            tested: true,
            doctested: true,
        });
        let id = u32::try_from(i).unwrap();
        let krate = Crate { target: TargetId(id), name: name.into(), root: ModuleId(id), reruns: false };
        let krate = resolution.crates.push(krate);
        resolution.modules.push(Module {
            krate,
            parent: None,
            name: name.into(),
            path: name.into(),
            file: FileId(0),
            inline: false,
            test: false,
            visibility: Visibility::Public,
            item: crate::ids::ItemId(0),
            children: Vec::new(),
            items: Vec::new(),
        });
    }
    repository.workspaces.push(Workspace {
        dir: String::new(),
        members: repository.packages.ids().collect(),
        locked: Default::default(),
        profiles: Default::default(),
    });
    for &(module, scale, test) in items {
        resolution.items.push(item(module, scale, test));
    }
    (repository, resolution)
}

fn package(name: &str, target: TargetId, dependencies: &[Declared<'_>]) -> Package {
    Package {
        name: name.into(),
        version: "1.0.0".into(),
        manifest: format!("{name}/Cargo.toml"),
        dir: name.into(),
        workspace: WorkspaceId(0),
        edition: Edition::E2024,
        features: Default::default(),
        enabled_features: Default::default(),
        dependencies: dependencies
            .iter()
            .map(|&(package, kind, enabled)| Dependency {
                extern_name: package.into(),
                package: package.into(),
                local: ["a", "b", "c"].iter().position(|&n| n == package).map(PackageId::from_index),
                kind,
                optional: !enabled,
                enabled,
                target: None,
                features: Vec::new(),
                default_features: true,
                switched_features: Vec::new(),
            })
            .collect(),
        targets: vec![target],
        publishable: true,
        links: None,
    }
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-3)
}

#[test]
fn a_crate_costs_its_items_and_something_fixed() {
    let (repository, resolution) = world(&[(0, 3, false), (0, 5, false), (1, 7, false)], &[]);
    for mode in MODES {
        let costs = model(&repository, &resolution, mode);
        let [a, b, c] = [0, 1, 2].map(|i| costs.crates.as_slice()[i]);
        let items = costs.items.as_slice();
        assert!(close(a.total_s() - c.total_s(), items[0].total_s() + items[1].total_s()));
        assert!(close(b.total_s() - c.total_s(), items[2].total_s()));
        assert!(close(c.total_s(), costs.overhead.crate_s));
        assert!(items.iter().all(|c| c.frontend_s > 0.0), "{mode:?}");
        assert_eq!(items.iter().all(|c| c.codegen_s > 0.0), mode != Mode::Check, "{mode:?}");
        assert!(costs.error_factor > 1.0);
    }
}

#[test]
fn cost_is_linear_in_the_features() {
    let (repository, resolution) = world(&[(0, 1, false), (0, 10, false)], &[]);
    for mode in MODES {
        let costs = model(&repository, &resolution, mode);
        let items = costs.items.as_slice();
        assert!(close(items[0].frontend_s * 10.0, items[1].frontend_s));
        assert!(close(items[0].codegen_s * 10.0, items[1].codegen_s));
    }
}

#[test]
fn tests_cost_nothing() {
    let (repository, resolution) = world(&[(0, 3, true)], &[]);
    for mode in MODES {
        let costs = model(&repository, &resolution, mode);
        assert_eq!(costs.items.as_slice(), [Cost::default()]);
        assert_eq!(costs.crates.as_slice()[0], costs.crates.as_slice()[2]);
    }
}

#[test]
fn for_the_host_everything_is_a_dev_build() {
    let (repository, resolution) = world(&[(0, 3, false)], &[]);
    let dev = model(&repository, &resolution, Mode::Dev);
    assert_eq!(dev.host_crates, dev.crates);
    for mode in MODES {
        let costs = model(&repository, &resolution, mode);
        assert_eq!(costs.host_crates, dev.crates);
        assert_eq!(costs.overhead.host_link_s, dev.overhead.link_s);
        assert_eq!(costs.overhead.link_s == 0.0, mode == Mode::Check);
    }
}

#[test]
fn generic_code_costs_its_definer_less_code_generation() {
    let mut generic = features(10);
    generic.generic_fns = generic.fns;
    let concrete = ItemFeatures { generic_fns: 0, ..generic };
    for mode in [Mode::Dev, Mode::Release] {
        let codegen = |features: &ItemFeatures| {
            let (repository, mut resolution) = world(&[(0, 1, false)], &[]);
            resolution.items.iter_mut().for_each(|i| i.features = *features);
            model(&repository, &resolution, mode).items.as_slice()[0].codegen_s
        };
        assert!(codegen(&generic) < codegen(&concrete), "{mode:?}");
    }
}

#[test]
fn each_dependency_costs_its_metadata_once() {
    use DependencyKind::{Build, Dev, Normal};
    // Declared dependencies of a, b, c, and how many packages a loads.
    let cases: &[(&[&[Declared<'_>]], usize)] = &[
        (&[&[]], 0),
        (&[&[("x", Normal, true)]], 1),
        (&[&[("x", Normal, false), ("y", Dev, true), ("z", Build, true)]], 0),
        (&[&[("b", Normal, true)], &[("c", Normal, true), ("x", Normal, true)], &[("x", Normal, true)]], 3),
        (&[&[("b", Normal, true)], &[("a", Normal, true)]], 2),
    ];
    for (dependencies, expected) in cases {
        let (repository, resolution) = world(&[], dependencies);
        let costs = model(&repository, &resolution, Mode::Check);
        let above = costs.crates.as_slice()[0].frontend_s - costs.overhead.crate_s;
        let expected = *expected as f64 * costs.overhead.per_dependency_s;
        assert!(close(above, expected), "{dependencies:?}: {above}");
    }
}

#[test]
fn the_lock_file_counts_what_lies_below() {
    let (mut repository, resolution) = world(&[], &[&[("x", DependencyKind::Normal, true)]]);
    let row = |name: &str, dependencies: &[u32], package: Option<u32>| LockedPackage {
        package: package.map(PackageId),
        ..LockedPackage::new(name, "1.0.0", dependencies.iter().map(|&d| LockedId(d)).collect())
    };
    // a depends on x and, for its tests only, on y; x on z.
    repository.workspaces[WorkspaceId(0)].locked =
        vec![row("a", &[1, 2], Some(0)), row("x", &[3], None), row("y", &[3], None), row("z", &[], None)]
            .into();
    let costs = model(&repository, &resolution, Mode::Check);
    let above = costs.crates.as_slice()[0].frontend_s - costs.overhead.crate_s;
    assert!(close(above, 2.0 * costs.overhead.per_dependency_s), "{above}");
}

/// A harness is the crate and its tests; everything else is a `dev` build, whatever was measured of it.
#[test]
fn harnesses_pay_for_tests_at_the_rate_of_their_crate() {
    let (repository, resolution) = world(&[(0, 4, false), (0, 2, true), (1, 4, false), (2, 2, true)], &[]);
    let tests = model(&repository, &resolution, Mode::Test);
    let mut dev = model(&repository, &resolution, Mode::Dev);
    assert_eq!((&tests.crates, &tests.items), (&dev.crates, &dev.items));
    let of = |costs: &Costs, krate: u32| {
        let krate = CrateId(krate);
        let cost = costs.crates[krate];
        // Next to no code without tests, most of it with them.
        let (frontend, codegen) = if krate == CrateId(1) { (0.7, 0.1) } else { (1.1, 0.8) };
        costs.harnesses[krate].total_s() - frontend * cost.frontend_s - codegen * cost.codegen_s - 0.09
    };
    assert!(of(&tests, 0) > 0.0);
    assert!(of(&tests, 1).abs() < 1e-9);
    // Half as much code, half as much time, of the front end three tenths of that; of a crate of tests alone as much as elsewhere.
    let own = dev.items[ItemId(0)];
    let expected = 0.5 * (0.3 * own.frontend_s + own.codegen_s);
    assert!((of(&tests, 0) / expected - 1.0).abs() < 0.2, "{} {expected}", of(&tests, 0));
    assert!((of(&tests, 0) - of(&tests, 2)).abs() < 1e-9);
    // Measured three times as slow.
    for cost in dev.items.iter_mut().chain(dev.crates.iter_mut()) {
        (cost.frontend_s, cost.codegen_s) = (3.0 * cost.frontend_s, 3.0 * cost.codegen_s);
    }
    let slower = for_tests(&repository, &resolution, &dev);
    for krate in 0..3 {
        assert!((of(&slower, krate) - 3.0 * of(&tests, krate)).abs() < 1e-9, "{krate}");
    }
}
