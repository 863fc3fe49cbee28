//! Tests of measured seconds in the place of modelled ones.

use crate::cost::tests::world;
use crate::cost::{Cost, CostSource, Costs, Mode, model};
use crate::discover::Repository;
use crate::ids::{CrateId, ItemId};
use crate::resolve::Resolution;

use super::*;

/// A library of package `name`, checked in so many seconds.
fn checked(name: &str, seconds: f64) -> UnitCost {
    UnitCost {
        package: name.into(),
        version: "1.0.0".into(),
        member: Some(true),
        host: Some(false),
        target: UnitTarget::new(UnitTargetKind::Lib, name),
        mode: UnitMode::Check,
        end_s: Some(seconds),
        cpu: Some(CpuSeconds { frontend_s: seconds, ..CpuSeconds::default() }),
        ..UnitCost::default()
    }
}

fn file(units: Vec<UnitCost>) -> CostsFile {
    let build = BuildRecord { mode: BuildMode::Check, profile: "dev".into(), ..BuildRecord::default() };
    CostsFile { schema_version: COSTS_VERSION, build, units, ..CostsFile::default() }
}

/// Items of sizes 1 and 3 in `a`, of 2 in `b`, of 5 in `c`.
fn costs() -> (Repository, Resolution, Costs) {
    let (repository, resolution) = world(&[(0, 1, false), (0, 3, false), (1, 2, false), (2, 5, false)], &[]);
    let costs = model(&repository, &resolution, Mode::Check);
    (repository, resolution, costs)
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9 * a.abs().max(b.abs()).max(1.0)
}

#[test]
fn measured_crates_are_exact_and_the_others_follow_the_machine() {
    let (repository, resolution, mut costs) = costs();
    let before = costs.clone();
    let slow = 3.0;
    let seconds = |krate: u32| before.crates[CrateId(krate)].frontend_s * slow;
    let units = vec![checked("a", seconds(0)), checked("b", seconds(1))];
    let applied = apply(&file(units), &repository, &resolution, &mut costs);
    assert_eq!((applied.measured, applied.modelled), (2, 1));
    assert!(close(applied.calibration, slow), "{applied:?}");
    assert_eq!(costs.source, CostSource::Measured);
    for krate in 0..2 {
        assert!(close(costs.crates[CrateId(krate)].frontend_s, seconds(krate)), "crate {krate}");
    }
    let item = |costs: &Costs, item: u32| costs.items[ItemId(item)].frontend_s;
    assert!(close(item(&costs, 1) / item(&costs, 0), item(&before, 1) / item(&before, 0)));
    // What isn't known: items by the calibration, what doesn't hang on them by the machine.
    assert!(close(item(&costs, 3), item(&before, 3) * slow));
    let fixed = |costs: &Costs| costs.crates[CrateId(2)].frontend_s - item(costs, 3);
    assert!(close(fixed(&costs), fixed(&before) * costs.machine));
    assert!(close(costs.overhead.crate_s, before.overhead.crate_s * costs.machine));
}

/// Seconds of two crates by how much they are off the model; whether the machine is said to be slower than the reference.
#[test]
fn the_machine_is_what_the_model_s_error_can_t_explain() {
    for (off, slower) in [([1.0, 1.0], false), ([1.2, 1.2], false), ([3.0, 3.0], true), ([0.3, 0.3], false)] {
        let (repository, resolution, mut costs) = costs();
        let full = costs.crates.clone();
        let unit = |at: u32| ["a", "b"][at as usize];
        let units = [0, 1].map(|at| checked(unit(at), full[CrateId(at)].frontend_s * off[at as usize]));
        let calibration = apply(&file(units.to_vec()), &repository, &resolution, &mut costs).calibration;
        assert_eq!(costs.machine > 1.0, slower, "{off:?}");
        let explained = (calibration / costs.machine).ln().abs();
        assert!(
            explained <= costs.error_factor.ln() && costs.machine.ln() * calibration.ln() >= 0.0,
            "{off:?}"
        );
    }
}

/// A procedural macro of which a page tells one figure: linking is a part of it, and counts once.
#[test]
fn a_lump_holds_linking() {
    for (seconds, told) in [(2.0, false), (0.05, false), (2.0, true)] {
        let (repository, resolution, mut costs) = costs();
        let mut whole =
            UnitCost { mode: UnitMode::Build, host: Some(true), cpu: None, ..checked("a", seconds) };
        whole.link_start_s = told.then_some(seconds - 0.5);
        whole.target = UnitTarget::new(UnitTargetKind::Bin, "a");
        let lumped = super::apply::seen(&whole).unwrap();
        let (link_s, modelled) = (costs.overhead.host_link_s, Cost { frontend_s: 3.0, codegen_s: 1.0 });
        let cost = lumped.without_linking(link_s, modelled);
        let expected = if told { seconds - 0.5 } else { f64::max(seconds - link_s, 0.0) };
        assert!(close(cost.total_s(), expected), "{seconds} {told}: {cost:?}");
        assert_eq!(cost.codegen_s > 0.0, !told && seconds > link_s, "{seconds} {told}: {cost:?}");
        apply(&file(vec![whole]), &repository, &resolution, &mut costs);
        assert_eq!(costs.calibration, None, "no crate is a binary here");
    }
}

#[test]
fn what_does_not_count_changes_nothing() {
    let whole = || checked("a", 9.0);
    let cases = [
        ("nothing", vec![]),
        ("a package from elsewhere", vec![UnitCost { member: Some(false), ..whole() }]),
        ("a failed unit", vec![UnitCost { status: UnitStatus::Failed, ..whole() }]),
        ("tests", vec![UnitCost { mode: UnitMode::CheckTest, ..whole() }]),
        ("another target", vec![UnitCost { target: UnitTarget::new(UnitTargetKind::Bin, "a"), ..whole() }]),
        ("another name", vec![checked("z", 9.0)]),
    ];
    for (name, units) in cases {
        let (repository, resolution, mut costs) = costs();
        let before = costs.crates.clone();
        let applied = apply(&file(units), &repository, &resolution, &mut costs);
        assert_eq!((applied.measured, applied.calibration), (0, 1.0), "{name}");
        assert_eq!((costs.crates, costs.source), (before, CostSource::Modelled), "{name}");
    }
    let (repository, resolution, mut costs) = costs();
    let mut built = file(vec![whole()]);
    built.build.mode = BuildMode::Build;
    assert_eq!(apply(&built, &repository, &resolution, &mut costs).measured, 0, "another mode");
}

#[test]
fn the_costlier_of_two_units_of_a_crate_counts() {
    let (repository, resolution, mut costs) = costs();
    let units = vec![checked("a", 1.0), checked("a", 2.0), checked("a", 1.5)];
    apply(&file(units), &repository, &resolution, &mut costs);
    assert_eq!(costs.crates[CrateId(0)], Cost { frontend_s: 2.0, codegen_s: 0.0 });
}

/// What of the seconds of `a` its items share: the fixed part is the machine's, items are slower by the calibration.
fn of_items(seconds: f64, modelled: &Costs, costs: &Costs) -> f64 {
    let fixed = modelled.overhead.crate_s;
    let items = (modelled.crates[CrateId(0)].frontend_s - fixed) * costs.calibration.unwrap();
    seconds * items / (items + fixed * costs.machine)
}

/// Which modules of `a` were measured, with front-end seconds, and what its items get of 8 seconds: of size 1 in the root,
/// of size 3 in `a::x`.
#[test]
fn measured_modules_decide_how_seconds_are_shared_out() {
    type Case<'a> = (&'a [(&'a str, f64)], [f64; 2]);
    let cases: [Case<'_>; 5] = [
        (&[], [1.0, 3.0]),
        (&[("a", 1.0), ("a::x", 1.0)], [1.0, 1.0]),
        (&[("a", 0.0), ("a::x", 1.0)], [0.0, 1.0]),
        // Nothing was seen of either: the model.
        (&[("a", 0.0), ("a::x", 0.0)], [1.0, 3.0]),
        (&[("b::x", 5.0)], [1.0, 3.0]),
    ];
    for (modules, expected) in cases {
        let (repository, mut resolution, _) = costs();
        let mut inner = resolution.modules.iter().next().cloned().unwrap();
        inner.path = "a::x".into();
        resolution.items[ItemId(1)].module = resolution.modules.push(inner);
        let mut costs = model(&repository, &resolution, Mode::Check);
        let modelled = costs.clone();
        let mut measured = file(vec![checked("a", 8.0)]);
        let module = |&(path, frontend_s): &(&str, f64)| ModuleCost {
            package: "a".into(),
            target: UnitTarget::new(UnitTargetKind::Lib, "a"),
            path: path.into(),
            frontend_s,
            codegen_s: 0.0,
        };
        measured.modules = modules.iter().map(module).collect();
        apply(&measured, &repository, &resolution, &mut costs);
        let whole = of_items(8.0, &modelled, &costs) / (expected[0] + expected[1]);
        for (item, share) in expected.iter().enumerate() {
            let seconds = costs.items[ItemId(item as u32)].frontend_s;
            assert!(close(seconds, whole * share), "{modules:?}: item {item} gets {seconds}");
        }
        let known = modules.iter().filter(|m| m.0.starts_with('a')).count();
        assert_eq!(costs.measured_modules, known, "{modules:?}");
    }
}

/// What is measured of one module counts in full, and the rest of the crate is the model's; together they fill the crate.
#[test]
fn modules_that_were_not_measured_keep_what_the_model_says() {
    let (repository, mut resolution, _) = costs();
    let mut inner = resolution.modules.iter().next().cloned().unwrap();
    inner.path = "a::x".into();
    resolution.items[ItemId(1)].module = resolution.modules.push(inner);
    let mut costs = model(&repository, &resolution, Mode::Check);
    let modelled = costs.clone();
    let mut measured = file(vec![checked("a", 8.0)]);
    measured.modules = vec![ModuleCost {
        package: "a".into(),
        target: UnitTarget::new(UnitTargetKind::Lib, "a"),
        path: "a::x".into(),
        frontend_s: 2.0,
        codegen_s: 0.0,
    }];
    apply(&measured, &repository, &resolution, &mut costs);
    let of_items = of_items(8.0, &modelled, &costs);
    let scale = of_items / (2.0 + of_items / 4.0);
    assert!(close(costs.items[ItemId(1)].frontend_s, 2.0 * scale));
    assert!(close(costs.items[ItemId(0)].frontend_s, of_items / 4.0 * scale));
}

#[test]
fn without_processor_time_the_clock_on_the_wall_counts() {
    let (repository, resolution, mut costs) = costs();
    let unit = UnitCost { start_s: 1.0, end_s: Some(4.0), cpu: None, ..checked("a", 0.0) };
    apply(&file(vec![unit]), &repository, &resolution, &mut costs);
    assert_eq!(costs.crates[CrateId(0)].frontend_s, 3.0);
}

#[test]
fn fixed_costs_are_the_medians_of_what_was_seen() {
    let (repository, resolution, mut costs) = costs();
    let run = |seconds: f64| UnitCost {
        mode: UnitMode::Run,
        target: UnitTarget::new(UnitTargetKind::BuildScript, "build_script_build"),
        ..checked("x", seconds)
    };
    let far = |seconds: f64| UnitCost { member: Some(false), ..checked("far", seconds) };
    let units = vec![checked("a", 1.0), run(5.0), run(0.5), run(1.0), far(3.0), far(0.25), far(0.75)];
    apply(&file(units), &repository, &resolution, &mut costs);
    assert_eq!(costs.overhead.build_script_s, 1.0);
    assert_eq!(costs.overhead.external.frontend_s, 0.75);
}

#[test]
fn a_dev_build_may_compile_a_library_twice() {
    // What the file says of the host, whether the library is built apart then, its seconds for target and host.
    type Case<'a> = (&'a [(f64, Option<bool>)], bool, (f64, f64));
    let cases: [Case<'_>; 5] = [
        (&[(3.0, Some(false))], false, (3.0, f64::NAN)),
        (&[(3.0, Some(false)), (2.0, Some(true))], true, (3.0, 2.0)),
        // A page of timings doesn't tell.
        (&[(3.0, None), (2.0, None)], true, (3.0, 2.0)),
        (&[(3.0, None)], false, (3.0, f64::NAN)),
        // Only the host needs it: one unit, wherever else it is asked for.
        (&[(2.0, Some(true))], false, (2.0, 2.0)),
    ];
    for (seen, twice, expected) in cases {
        let (repository, resolution, _) = costs();
        let mut costs = model(&repository, &resolution, Mode::Dev);
        let built = |&(seconds, host): &(f64, Option<bool>)| UnitCost {
            mode: UnitMode::Build,
            host,
            ..checked("a", seconds)
        };
        let mut measured = file(seen.iter().map(built).collect());
        measured.build.mode = BuildMode::Build;
        apply(&measured, &repository, &resolution, &mut costs);
        assert_eq!(costs.twice_in_dev.contains(&CrateId(0)), twice, "{seen:?}");
        assert_eq!(costs.crates[CrateId(0)].frontend_s, expected.0, "{seen:?}");
        let host = costs.host_crates[CrateId(0)].frontend_s;
        assert!(expected.1.is_nan() || host == expected.1, "{seen:?}: {host}");
    }
}
