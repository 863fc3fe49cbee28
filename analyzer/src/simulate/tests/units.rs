//! Unit graphs of small workspaces.

use super::*;
use crate::cost::{Cost, CostSource, Costs, Mode, Overhead};
use crate::discover::{
    CfgSet, Dependency, DependencyKind, Edition, LockedPackage, Overrides, Package, Profile, Repository,
    Settings, Target, TargetKind, Workspace,
};
use crate::ids::{CrateId, Id, IdVec, ItemId, LockedId, ModuleId, PackageId, TargetId, WorkspaceId};
use crate::resolve::{Crate, Resolution};

/// One line per package: `name: target… | dependency…`. Targets: `lib`, `bin`, `macro`, `script`.
/// Dependencies: a name (`+name` for the build script's, `~name` for tests only, `?name` for one switched off);
/// names that are no package of the workspace stand for packages from elsewhere. Package `p` depends on the
/// external packages whose names it lists; these depend on `x-sys` if they are named `x`.
fn world(text: &str) -> (Repository, Resolution) {
    let lines: Vec<(&str, &str, &str)> = text
        .lines()
        .map(|line| {
            let (name, rest) = line.trim().split_once(": ").unwrap();
            let (targets, dependencies) = rest.split_once('|').unwrap_or((rest, ""));
            (name, targets, dependencies)
        })
        .collect();
    let id_of = |name: &str| lines.iter().position(|l| l.0 == name).map(PackageId::from_index);
    let mut repository = Repository { cfg: CfgSet::default(), ..Repository::default() };
    let mut resolution = Resolution::default();
    for (i, &(name, targets, dependencies)) in lines.iter().enumerate() {
        let package = PackageId::from_index(i);
        let mut own = Vec::new();
        for target in targets.split_whitespace() {
            let kind = match target {
                "lib" => TargetKind::Lib,
                "bin" => TargetKind::Bin,
                "macro" => TargetKind::ProcMacro,
                "test" => TargetKind::Test,
                "example" => TargetKind::Example,
                _ => TargetKind::BuildScript,
            };
            let reruns = target == "script-of-all";
            let id = TargetId::from_index(repository.targets.len());
            own.push(repository.targets.push(target_of(package, name, kind)));
            let root = ModuleId(0);
            resolution.crates.push(Crate { target: id, name: name.into(), root, reruns });
        }
        let dependencies = dependencies.split_whitespace().map(|d| dependency(d, &id_of)).collect();
        repository.packages.push(package_of(name, own, dependencies));
    }
    repository.workspaces.push(workspace(&repository));
    (repository, resolution)
}

fn target_of(package: PackageId, name: &str, kind: TargetKind) -> Target {
    Target {
        package,
        name: name.into(),
        crate_name: name.into(),
        kind,
        src: String::new(),
        edition: Edition::E2024,
        required_features: Vec::new(),
        enabled: true,
        tested: kind.tested_by_default(),
        doctested: matches!(kind, TargetKind::Lib | TargetKind::ProcMacro),
    }
}

fn dependency(text: &str, id_of: &dyn Fn(&str) -> Option<PackageId>) -> Dependency {
    let name = text.trim_start_matches(['+', '~', '?']);
    Dependency {
        extern_name: name.into(),
        package: name.into(),
        local: id_of(name),
        kind: match text.as_bytes()[0] {
            b'+' => DependencyKind::Build,
            b'~' => DependencyKind::Dev,
            _ => DependencyKind::Normal,
        },
        optional: text.starts_with('?'),
        enabled: !text.starts_with('?'),
        target: None,
        features: Vec::new(),
        default_features: true,
        switched_features: Vec::new(),
    }
}

fn package_of(name: &str, targets: Vec<TargetId>, dependencies: Vec<Dependency>) -> Package {
    Package {
        name: name.into(),
        version: "1.0.0".into(),
        manifest: format!("{name}/Cargo.toml"),
        dir: name.into(),
        workspace: WorkspaceId(0),
        edition: Edition::E2024,
        features: Default::default(),
        enabled_features: Default::default(),
        dependencies,
        targets,
        publishable: true,
        links: None,
    }
}

/// A workspace whose lock file has the local packages first, then those from elsewhere.
fn workspace(repository: &Repository) -> Workspace {
    let mut names: Vec<String> = repository.packages.iter().map(|p| p.name.clone()).collect();
    let local = names.len();
    for package in &repository.packages {
        for dependency in package.dependencies.iter().filter(|d| d.local.is_none()) {
            names.extend([dependency.package.clone(), format!("{}-sys", dependency.package)]);
        }
    }
    let id = |name: &str| names.iter().position(|n| n == name).map(LockedId::from_index);
    let below = |i: usize, name: &str| match repository.packages.get(PackageId::from_index(i)) {
        Some(package) => package.dependencies.iter().filter_map(|d| id(&d.package)).collect(),
        None => id(&format!("{name}-sys")).into_iter().collect(),
    };
    let locked = names.iter().enumerate().map(|(i, name)| LockedPackage {
        source: (i >= local).then(|| "registry".into()),
        package: (i < local).then(|| PackageId::from_index(i)),
        ..LockedPackage::new(name, "1.0.0", below(i, name))
    });
    Workspace {
        dir: String::new(),
        members: repository.packages.ids().collect(),
        locked: locked.collect(),
        profiles: Default::default(),
    }
}

fn costs(resolution: &Resolution, mode: Mode) -> Costs {
    let codegen_s = if mode == Mode::Check { 0.0 } else { 2.0 };
    let every =
        |frontend_s, codegen_s| IdVec::from_elem(Cost { frontend_s, codegen_s }, resolution.crates.len());
    Costs {
        mode,
        source: CostSource::Modelled,
        crate_sources: IdVec::new(),
        calibration: None,
        machine: 1.0,
        measured_modules: 0,
        items: IdVec::<ItemId, Cost>::new(),
        crates: every(1.0, codegen_s),
        host_crates: every(1.0, 2.0),
        twice_in_dev: Vec::new(),
        test_items: IdVec::new(),
        harnesses: IdVec::new(),
        overhead: Overhead {
            link_s: if mode == Mode::Check { 0.0 } else { 0.5 },
            host_link_s: 0.25,
            build_script_s: 0.125,
            external: Cost { frontend_s: 3.0, codegen_s: 0.0 },
            ..Overhead::default()
        },
        loaded: IdVec::new(),
        known: Default::default(),
        error_factor: 1.0,
        build_factor: 1.0,
    }
}

/// `unit: dependency…` with [`mark`]s, an edge for each unit of a closure.
fn show(text: &str, mode: Mode, external: External) -> (String, Units) {
    let (repository, resolution) = world(text);
    let options = UnitOptions { workspace: WorkspaceId(0), external };
    let units = unit_graph(&repository, &resolution, &costs(&resolution, mode), options);
    let shown = expanded(&units.graph);
    let line = |unit: &Unit| {
        let needs = unit.dependencies.iter();
        let needs = needs.map(|&(to, awaited)| format!(" {}{}", shown.units[to].name, mark(awaited)));
        format!("{}:{}\n", unit.name, needs.collect::<String>())
    };
    (shown.units.iter().map(line).collect(), units)
}

fn check(text: &str, mode: Mode, expected: &str) -> Units {
    let (found, units) = show(text, mode, External::Cached);
    let expected: String =
        expected.lines().map(|l| l.trim()).filter(|l| !l.is_empty()).map(|l| format!("{l}\n")).collect();
    assert_eq!(found, expected, "{text}");
    units
}

#[test]
fn libraries_wait_for_metadata_and_binaries_for_everything_below() {
    check(
        "a: lib | far
         b: lib | a ~c
         c: lib bin | b ?a",
        Mode::Dev,
        "a (lib):
         b (lib): a (lib)
         c (lib): b (lib)
         c (bin): a (lib)! b (lib)! c (lib)!",
    );
}

#[test]
fn checking_links_nothing() {
    let units = check(
        "a: lib
         b: lib bin | a",
        Mode::Check,
        "a (lib):
         b (lib): a (lib)
         b (bin): a (lib) b (lib)",
    );
    assert!(units.graph.units.iter().all(|u| u.codegen_s == 0.0 && u.link_s == 0.0));
}

#[test]
fn macros_and_build_scripts_are_compiled_in_full_even_to_check() {
    let units = check(
        "a: lib
         m: macro | a
         b: lib script | m +a",
        Mode::Check,
        "a (lib):
         a (lib, for the host):
         m (proc macro): a (lib, for the host)!
         b (lib): m (proc macro)! b (build script run)!
         b (build script): a (lib, for the host)!
         b (build script run): b (build script)!",
    );
    let seconds: Vec<(f64, f64)> = units.graph.units.iter().map(|u| (u.codegen_s, u.link_s)).collect();
    assert_eq!(seconds, [(0.0, 0.0), (2.0, 0.0), (2.0, 0.25), (0.0, 0.0), (2.0, 0.25), (0.0, 0.0)]);
    assert_eq!(units.compiling(CrateId(0)).collect::<Vec<_>>(), [UnitId(0), UnitId(1)]);
    assert_eq!(units.compiling(CrateId(1)).collect::<Vec<_>>(), [UnitId(2)]);
    assert_eq!(units.compiling(CrateId(3)).collect::<Vec<_>>(), [UnitId(4)]);
}

/// A script that names the files it looks at doesn't run after a change of a source; one that names none does, and with it all of
/// the package is compiled again, whichever target was changed.
#[test]
fn a_script_that_looks_at_everything_runs_again() {
    let again = |script: &str| {
        let (_, units) = show(&format!("a: lib bin {script}\n c: bin | a"), Mode::Dev, External::Cached);
        let changed: Vec<UnitId> = units.changed_with(CrateId(1)).collect();
        let rebuilt = rebuild_set(&units.graph, &changed);
        rebuilt.iter().map(|&unit| units.graph.units[unit].name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(again("script"), ["a (bin)"]);
    assert_eq!(again("script-of-all"), ["a (lib)", "a (bin)", "c (bin)", "a (build script run)"]);
}

#[test]
fn a_dev_build_shares_units_between_host_and_target() {
    check(
        "a: lib
         m: macro | a
         b: bin | a m",
        Mode::Dev,
        "a (lib):
         m (proc macro): a (lib)!
         b (bin): a (lib)! m (proc macro)!",
    );
}

#[test]
fn packages_from_elsewhere_are_units_of_a_cold_build_only() {
    let text = "a: lib | far
                b: lib | a";
    check(text, Mode::Check, "a (lib):\nb (lib): a (lib)");
    let (found, units) = show(text, Mode::Check, External::Estimated);
    assert_eq!(
        found,
        "a (lib): far 1.0.0 (external)\nb (lib): a (lib)\nfar 1.0.0 (external): far-sys 1.0.0 (external)\n\
         far-sys 1.0.0 (external):\n"
    );
    assert_eq!(simulate(&units.graph, 4).makespan_s, 3.0 + 3.0 + 1.0 + 1.0);
}

#[test]
fn a_cold_build_is_known_by_the_lock_file() {
    let workspace = WorkspaceId(0);
    for (text, alone) in [("a: lib | far\nb: lib | a", false), ("a: lib\nb: lib | a", true)] {
        let (mut repository, _) = world(text);
        assert!(knows_cold(&repository, workspace), "{text}");
        repository.workspaces[workspace].locked = IdVec::default();
        assert_eq!(knows_cold(&repository, workspace), alone, "{text}");
    }
}

#[test]
fn an_unknown_workspace_has_no_units() {
    let (repository, resolution) = world("a: lib");
    let options = UnitOptions { workspace: WorkspaceId(7), external: External::Cached };
    let units = unit_graph(&repository, &resolution, &costs(&resolution, Mode::Dev), options);
    assert!(units.graph.units.is_empty());
    assert_eq!(units.compiling(CrateId(0)).count(), 0);
}

/// A harness of each target with tests; libraries for who uses them and for their documentation; programs for integration
/// tests; examples.
#[test]
fn tests_are_harnesses() {
    let units = check(
        "a: lib bin test example | ~b
         b: lib | a
         m: macro",
        Mode::Test,
        "a (lib):
         a (bin): a (lib)!
         a (example): a (lib)! b (lib)!
         b (lib): a (lib)
         m (proc macro):
         a (lib, test): a (lib)! b (lib)!
         a (bin, test): a (lib)! b (lib)!
         a (test): a (lib)! a (bin)! b (lib)!
         b (lib, test): a (lib)!
         m (proc macro, test):",
    );
    // An edit of the library compiles it twice, and all that needs it.
    let of_a: Vec<&str> = units.compiling(CrateId(0)).map(|u| units.graph.units[u].name.as_str()).collect();
    assert_eq!(of_a, ["a (lib)", "a (lib, test)"]);
    let rebuilt = rebuild_set(&units.graph, &units.compiling(CrateId(4)).collect::<Vec<_>>());
    let names: Vec<&str> = rebuilt.iter().map(|&u| units.graph.units[u].name.as_str()).collect();
    assert_eq!(
        names,
        ["a (example)", "b (lib)", "a (lib, test)", "a (bin, test)", "a (test)", "b (lib, test)"]
    );
}

/// The units of a world whose workspace has these profiles.
fn with_profiles(text: &str, mode: Mode, profiles: &[(&str, Profile)], external: External) -> Units {
    let (mut repository, resolution) = world(text);
    let workspace = &mut repository.workspaces[WorkspaceId(0)];
    workspace.profiles = profiles.iter().map(|(name, p)| ((*name).to_owned(), p.clone())).collect();
    let options = UnitOptions { workspace: WorkspaceId(0), external };
    unit_graph(&repository, &resolution, &costs(&resolution, mode), options)
}

fn profile(lto: &str, incremental: bool) -> Profile {
    Profile {
        opt_level: "0".into(),
        debug: "2".into(),
        lto: lto.into(),
        codegen_units: if incremental { 256 } else { 16 },
        incremental,
        panic: "unwind".into(),
        split_debuginfo: None,
        overrides: Overrides::default(),
    }
}

fn names(units: &Units) -> Vec<&str> {
    units.graph.units.iter().map(|u| u.name.as_str()).collect()
}

#[test]
fn a_profile_decides_what_is_shared_and_what_is_incremental() {
    let text = "a: lib
                m: macro | a
                b: lib | m a";
    let plain = profile("false", true);
    let mut optimized = plain.clone();
    optimized.opt_level = "1".into();
    let mut host_too = optimized.clone();
    host_too.overrides.host.opt_level = Some("1".into());
    let mut only_b = plain.clone();
    let own = Settings { opt_level: Some("2".into()), incremental: Some(false), ..Settings::default() };
    only_b.overrides.packages.insert("b".into(), own);
    let shared = ["a (lib)", "m (proc macro)", "b (lib)"];
    let apart = ["a (lib)", "a (lib, for the host)", "m (proc macro)", "b (lib)"];
    for (dev, expected, from_scratch) in [
        (&plain, &shared[..], 0),
        (&optimized, &apart[..], 0),
        (&host_too, &shared[..], 0),
        (&only_b, &shared[..], 1),
        (&profile("false", false), &shared[..], 3),
    ] {
        let units = with_profiles(text, Mode::Dev, &[("dev", dev.clone())], External::Cached);
        assert_eq!(names(&units), expected, "{dev:?}");
        assert_eq!(units.graph.units.iter().filter(|u| u.from_scratch).count(), from_scratch, "{dev:?}");
    }
}

#[test]
fn executables_end_with_link_time_optimisation_of_all_they_link() {
    let text = "a: lib | far
                b: lib
                m: macro
                app: bin lib | a m";
    let lto = |value: &str| {
        let profiles = [("release", profile(value, false))];
        let units = with_profiles(text, Mode::Release, &profiles, External::Cached);
        let of = |name: &str| {
            let unit = units.graph.units.iter().find(|u| u.name == name).unwrap();
            (unit.lto_s, unit.lto_threads)
        };
        assert_eq!([of("a (lib)").0, of("m (proc macro)").0, of("app (lib)").0], [0.0; 3], "{value}");
        of("app (bin)")
    };
    let (thin, fat) = (lto("thin"), lto("fat"));
    assert_eq!(lto("false").0, 0.0);
    assert_eq!(lto("off").0, 0.0);
    assert!(thin.0 > 0.0 && fat.0 > 0.0, "{thin:?} {fat:?}");
    // Of the workspace `a`, `app` as a library and as a program; `far` and `far-sys` of elsewhere; not `b`, and no macro.
    assert_eq!((thin.1, fat.1), (5, 1));
    // A dev build has none, unless its profile says so.
    let dev = with_profiles(text, Mode::Dev, &[("release", profile("fat", false))], External::Cached);
    assert!(dev.graph.units.iter().all(|u| u.lto_s == 0.0));
}

/// Many packages, each with a binary that links all below it: edges are counted, not seconds.
#[test]
fn edges_grow_with_the_packages_and_not_with_their_square() {
    let edges = |packages: usize| {
        let needs = |i: usize| (i.saturating_sub(3)..i).map(|below| format!(" p{below}")).collect::<String>();
        let text: Vec<String> = (0..packages).map(|i| format!("p{i}: lib bin |{}", needs(i))).collect();
        let (repository, resolution) = world(&text.join("\n"));
        let options = UnitOptions { workspace: WorkspaceId(0), external: External::Cached };
        let units = unit_graph(&repository, &resolution, &costs(&resolution, Mode::Dev), options).graph.units;
        assert_eq!(units.len(), 2 * packages);
        units.iter().map(|unit| unit.dependencies.len()).sum::<usize>()
    };
    // Three dependencies of each library, of each binary these and the library; fewer at the beginning.
    assert_eq!((edges(30), edges(300)), (7 * 30 - 12, 7 * 300 - 12));
}
