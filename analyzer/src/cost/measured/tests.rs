//! Tests of measured seconds in the place of modelled ones.

use crate::cost::tests::world;
use crate::cost::{Basis, Cost, CostSource, Costs, Mode, model};
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

/// Items of sizes 100 and 300 in `a`, of 200 in `b`, of 500 in `c`: seconds, so that little of a crate is fixed.
fn costs() -> (Repository, Resolution, Costs) {
    let items = [(0, 100, false), (0, 300, false), (1, 200, false), (2, 500, false)];
    let (repository, resolution) = world(&items, &[]);
    let costs = model(&repository, &resolution, Mode::Check);
    (repository, resolution, costs)
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9 * a.abs().max(b.abs()).max(1.0)
}

/// Puts the seconds of one file into costs; returns how many crates it has.
fn apply(file: &CostsFile, repository: &Repository, resolution: &Resolution, costs: &mut Costs) -> usize {
    let known = [KnownSeconds::Build(file)];
    let (mut all, found) = with_known(vec![costs.clone()], &known, repository, resolution);
    *costs = all.remove(0);
    found[0]
}

#[test]
fn measured_crates_are_exact_and_the_others_follow() {
    let (repository, resolution, mut costs) = costs();
    let before = costs.clone();
    let slow = 3.0;
    let seconds = |krate: u32| before.crates[CrateId(krate)].frontend_s * slow;
    let units = vec![checked("a", seconds(0)), checked("b", seconds(1))];
    assert_eq!(apply(&file(units), &repository, &resolution, &mut costs), 2);
    assert_eq!(costs.source, CostSource::Measured);
    assert_eq!([0, 1, 2].map(|c| costs.basis(CrateId(c))), [Basis::Known, Basis::Known, Basis::OtherCrates]);
    for krate in 0..2 {
        assert!(close(costs.crates[CrateId(krate)].frontend_s, seconds(krate)), "crate {krate}");
    }
    let item = |costs: &Costs, item: u32| costs.items[ItemId(item)].frontend_s;
    assert!(close(item(&costs, 1) / item(&costs, 0), item(&before, 1) / item(&before, 0)));
    // What isn't known: items by what the known crates show, drawn to the model; what doesn't hang on them by the machine.
    let other = item(&costs, 3) / item(&before, 3);
    assert!((2.0..3.05).contains(&other), "{other}");
    let fixed = |costs: &Costs| costs.crates[CrateId(2)].frontend_s - item(costs, 3);
    assert!(close(fixed(&costs), fixed(&before) * costs.machine) && costs.machine > 1.0);
    assert!(close(costs.overhead.crate_s, before.overhead.crate_s * costs.machine));
    assert!(costs.crate_error_factor(CrateId(2)) > costs.crate_error_factor(CrateId(0)));
}

/// Seconds of `a` and `b` in a `dev` build; nothing was checked.
#[test]
fn one_mode_scales_the_others() {
    let (repository, resolution, _) = costs();
    let modelled: Vec<Costs> =
        Mode::FITTED.iter().map(|&mode| model(&repository, &resolution, mode)).collect();
    let unit = |krate: u32| {
        let cost = modelled[1].crates[CrateId(krate)];
        let cpu =
            CpuSeconds { frontend_s: cost.frontend_s * 9.0, codegen_s: cost.codegen_s * 9.0, link_s: 0.0 };
        let name = ["a", "b"][krate as usize];
        UnitCost { mode: UnitMode::Build, cpu: Some(cpu), ..checked(name, 1.0) }
    };
    let mut dev = file(vec![unit(0), unit(1)]);
    dev.build.mode = BuildMode::Build;
    let known = [KnownSeconds::Build(&dev)];
    let (scaled, found) = with_known(modelled.clone(), &known, &repository, &resolution);
    assert_eq!(found, [2]);
    let bases = |costs: &Costs| [0, 1, 2].map(|krate| costs.basis(CrateId(krate)));
    assert_eq!(bases(&scaled[0]), [Basis::OtherBuilds, Basis::OtherBuilds, Basis::OtherCrates]);
    assert_eq!(bases(&scaled[1]), [Basis::Known, Basis::Known, Basis::OtherCrates]);
    for (modelled, scaled) in modelled.iter().zip(&scaled) {
        for krate in resolution.crates.ids() {
            let ratio = scaled.crates[krate].frontend_s / modelled.crates[krate].frontend_s;
            assert!((3.5..9.5).contains(&ratio), "{:?} {krate:?}: {ratio}", scaled.mode);
        }
    }
    let sure = |costs: &Costs| costs.crate_error_factor(CrateId(0));
    assert!(
        sure(&scaled[0]) > sure(&scaled[1]),
        "a check that was scaled is less sure than a build that was seen"
    );
    assert_eq!(scaled[0].source, CostSource::Modelled);
}

/// On a machine that takes three times as long: linking takes no more than a program as a whole, and what is known of it counts.
#[test]
fn linking_takes_no_more_than_whole_programs_show() {
    let (mut repository, resolution, _) = costs();
    let program = CrateId(2);
    repository.targets[resolution.crates[program].target].kind = crate::discover::TargetKind::Bin;
    let modelled = model(&repository, &resolution, Mode::Dev);
    let link_s = modelled.usual_link_s(program, false);
    let whole_s = modelled.crates[program].total_s() + link_s;
    let bin = |end_s: f64, link_start_s: Option<f64>| UnitCost {
        mode: UnitMode::Build,
        target: UnitTarget::new(UnitTargetKind::Bin, "c"),
        cpu: None,
        link_start_s,
        ..checked("c", end_s)
    };
    let cases = [
        (vec![], 3.0),
        (vec![bin(1.5 * whole_s, None)], 1.5),
        (vec![bin(9.0 * whole_s, None)], 3.0),
        (vec![bin(9.0 * whole_s, Some(9.0 * whole_s - 2.0 * link_s))], 2.0),
    ];
    for (units, expected) in cases {
        let kinds = resolution.crates.iter().map(|krate| repository.targets[krate.target].kind).collect();
        let mut dev = file(units);
        dev.build.mode = BuildMode::Build;
        let mut samples = observe::Samples::default();
        samples.add(&dev, CostSource::Measured, &observe::Crates::new(&repository, &resolution));
        let links = fixed::Links::new(&samples, std::slice::from_ref(&modelled), &kinds);
        let ratio = links.ratio(phases::Compiled::Target(Mode::Dev), 3.0);
        assert!(close(ratio, expected), "{ratio} for {expected}");
    }
}

/// The best source counts, and of its builds the median.
#[test]
fn of_several_builds_the_median_of_the_best_source() {
    let (repository, resolution, modelled) = costs();
    let of = |seconds: f64, times: Origin| {
        let mut unit = checked("a", seconds);
        unit.origins.times = times;
        file(vec![unit])
    };
    let files = [
        of(9.0, Origin::Timings),
        of(2.0, Origin::Wrapper),
        of(4.0, Origin::Wrapper),
        of(3.0, Origin::Wrapper),
    ];
    let known: Vec<KnownSeconds<'_>> = files.iter().map(KnownSeconds::Build).collect();
    let (costs, found) = with_known(vec![modelled], &known, &repository, &resolution);
    assert_eq!(found, [1; 4]);
    assert_eq!(costs[0].crates[CrateId(0)].frontend_s, 3.0);
    assert_eq!(costs[0].crate_sources[CrateId(0)], CostSource::Measured);
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
        assert_eq!(apply(&file(units), &repository, &resolution, &mut costs), 0, "{name}");
        assert_eq!(costs.calibration, None, "{name}");
        assert_eq!((costs.crates, costs.source), (before, CostSource::Modelled), "{name}");
    }
}

#[test]
fn the_costlier_of_two_units_of_a_crate_counts() {
    let (repository, resolution, mut costs) = costs();
    let units = vec![checked("a", 1.0), checked("a", 2.0), checked("a", 1.5)];
    apply(&file(units), &repository, &resolution, &mut costs);
    assert_eq!(costs.crates[CrateId(0)], Cost { frontend_s: 2.0, codegen_s: 0.0 });
}

/// What of the seconds of `a` its items share: all but the fixed part.
fn of_items(costs: &Costs) -> f64 {
    (0..2).map(|item| costs.items[ItemId(item)].frontend_s).sum()
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
        assert!((7.5..8.0).contains(&of_items(&costs)), "{modules:?}");
        let whole = of_items(&costs) / (expected[0] + expected[1]);
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
    let mut measured = file(vec![checked("a", 8.0)]);
    measured.modules = vec![ModuleCost {
        package: "a".into(),
        target: UnitTarget::new(UnitTargetKind::Lib, "a"),
        path: "a::x".into(),
        frontend_s: 2.0,
        codegen_s: 0.0,
    }];
    apply(&measured, &repository, &resolution, &mut costs);
    let of_items = of_items(&costs);
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

/// A check compiles for the host without debugging information, a `build` with it where the target needs the same unit: each is
/// known by its own, and a mode that nobody called by any.
#[test]
fn what_is_for_the_host_is_known_by_the_call() {
    let (repository, resolution, _) = costs();
    let host = |mode: BuildMode, seconds: f64| {
        let far = UnitCost {
            member: Some(false),
            mode: UnitMode::Build,
            host: Some(true),
            ..checked("far", seconds)
        };
        let own = UnitCost { mode: UnitMode::Build, host: Some(true), ..checked("a", seconds) };
        let mut file = file(vec![own, far]);
        file.build.mode = mode;
        file
    };
    let files = [host(BuildMode::Check, 2.0), host(BuildMode::Build, 5.0)];
    for (given, expected) in [(&files[..], [2.0, 5.0, 5.0]), (&files[..1], [2.0; 3]), (&files[1..], [5.0; 3])]
    {
        let modelled = Mode::FITTED.iter().map(|&mode| model(&repository, &resolution, mode)).collect();
        let known: Vec<KnownSeconds<'_>> = given.iter().map(KnownSeconds::Build).collect();
        let (all, _) = with_known(modelled, &known, &repository, &resolution);
        for (costs, expected) in all.iter().zip(expected) {
            let external = costs.known_external("far", "1.0.0", true).unwrap();
            let own = costs.host_crates[CrateId(0)];
            assert_eq!((own.frontend_s, external.frontend_s), (expected, expected), "{:?}", costs.mode);
        }
    }
}

/// What was compiled with its tests has its own seconds, whole and again; the others are drawn to what it shows, and linking takes
/// no more than there is room for.
#[test]
fn harnesses_that_were_built_are_known() {
    let (repository, resolution, _) = costs();
    let dev = model(&repository, &resolution, Mode::Dev);
    let modelled = crate::cost::for_tests(&repository, &resolution, &dev);
    let first = CrateId(0);
    let all_s = |costs: &Costs, krate| costs.harnesses[krate].total_s() + costs.harness_link_s(krate);
    let tests = |seconds: f64| {
        let unit = UnitCost { mode: UnitMode::Test, cpu: None, ..checked("a", seconds) };
        let mut file = file(vec![unit]);
        file.build.mode = BuildMode::Test;
        file
    };
    for factor in [0.25, 4.0] {
        let whole_s = factor * all_s(&modelled, first);
        let (whole, again) = (tests(whole_s), tests(0.5 * whole_s));
        let edit = KnownSeconds::Edit { file: &again, edited: &[0] };
        let known =
            |all: &[KnownSeconds<'_>]| with_known_tests(modelled.clone(), all, &repository, &resolution);
        let (alone, both) =
            (known(&[KnownSeconds::Build(&whole)]), known(&[KnownSeconds::Build(&whole), edit]));
        assert!(close(all_s(&alone, first), whole_s), "{factor}: {}", all_s(&alone, first));
        assert!(both.harness_link_s(first) <= 0.5 * whole_s);
        let (low, high) = (factor.min(1.0), factor.max(1.0));
        for krate in [1, 2].map(CrateId) {
            let found = both.harnesses[krate].total_s() / modelled.harnesses[krate].total_s();
            assert!((low..high).contains(&found) && found != 1.0, "{krate:?}: {found}");
            assert!(both.harness_link_s(krate) <= modelled.harness_link_s(krate));
        }
        let rebuilt_s = |costs: &Costs| {
            let full = costs.harnesses[first];
            let again = costs.incremental_of_harness(first).again((full.frontend_s, full.codegen_s), true);
            again.0 + again.1 + costs.harness_link_s(first)
        };
        let off = |costs: &Costs| (rebuilt_s(costs) / (0.5 * whole_s)).ln().abs();
        assert!(off(&both) < off(&alone), "{factor}: {} {}", off(&both), off(&alone));
        assert_eq!(both.crates, modelled.crates, "nothing else changes");
    }
}

/// A program whose whole took less than the model has for its link alone.
#[test]
fn a_program_s_own_seconds_bound_its_link() {
    let (mut repository, resolution, _) = costs();
    let program = CrateId(2);
    repository.targets[resolution.crates[program].target].kind = crate::discover::TargetKind::Bin;
    let modelled = model(&repository, &resolution, Mode::Dev);
    let (link_s, compiled_s) = (modelled.usual_link_s(program, false), modelled.crates[program].total_s());
    let whole_s = 0.5 * link_s;
    let bin = UnitCost {
        mode: UnitMode::Build,
        target: UnitTarget::new(UnitTargetKind::Bin, "c"),
        cpu: None,
        ..checked("c", whole_s)
    };
    let mut dev = file(vec![bin]);
    dev.build.mode = BuildMode::Build;
    let (all, _) = with_known(vec![modelled], &[KnownSeconds::Build(&dev)], &repository, &resolution);
    let found = all[0].known_link_s(program, false).unwrap();
    assert!(close(found, whole_s * link_s / (compiled_s + link_s)), "{found}");
    assert!(close(found + all[0].crates[program].total_s(), whole_s));
}
