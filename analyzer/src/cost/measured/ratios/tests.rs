//! Tests of what known seconds say of others.

use super::*;
use crate::cost::CrateKind::{Binary, Library, ProcMacro};

const DEV: [Phase; 2] = [Phase::DevFrontend, Phase::DevCodegen];

fn modelled(phase: Phase, items_s: f64) -> Modelled {
    Modelled { phase, fixed_s: 0.0, items_s }
}

fn seen(phase: Phase, items_s: f64, known_s: f64) -> Observation {
    Observation { phases: vec![modelled(phase, items_s)], known_s, variance: 0.0 }
}

/// A crate of a second of front end and half a second of code generation, by how much longer each took.
fn built(kind: CrateKind, frontend: f64, codegen: f64) -> Observed {
    Observed { kind, observations: vec![seen(DEV[0], 1.0, frontend), seen(DEV[1], 0.5, 0.5 * codegen)] }
}

fn unknown(kind: CrateKind) -> Observed {
    Observed { kind, observations: Vec::new() }
}

fn items(ratios: &Ratios, krate: &Observed, phase: Phase) -> f64 {
    ratios.predict(krate).items(phase)
}

/// How much longer known libraries took than modelled, and between which factors another library's is predicted.
#[test]
fn few_are_drawn_to_the_model_and_many_speak_for_themselves() {
    type Case<'a> = (&'a [f64], f64, f64);
    let cases: [Case<'_>; 6] = [
        (&[], 1.0, 1.0),
        (&[1.0], 0.97, 1.03),
        (&[9.0], 3.0, 9.0),
        (&[9.0, 9.0, 9.0], 6.5, 9.1),
        (&[9.0; 12], 8.3, 9.1),
        (&[0.2; 12], 0.19, 0.25),
    ];
    for (known, low, high) in cases {
        let crates: Vec<Observed> = known.iter().map(|&factor| built(Library, factor, factor)).collect();
        let ratios = Ratios::new(&crates, None);
        for phase in DEV {
            let found = items(&ratios, &unknown(Library), phase);
            assert!((low..=high).contains(&found), "{known:?} {phase:?}: {found}");
        }
    }
}

#[test]
fn what_one_mode_shows_scales_the_others() {
    let crates: Vec<Observed> = (0..6).map(|_| built(Library, 6.0, 6.0)).collect();
    let ratios = Ratios::new(&crates, None);
    for phase in [Phase::CheckFrontend, Phase::ReleaseFrontend, Phase::HostFrontend] {
        let (own, other) = (items(&ratios, &crates[0], phase), items(&ratios, &unknown(Library), phase));
        assert!((3.0..7.0).contains(&own) && (3.0..7.0).contains(&other), "{phase:?}: {own} {other}");
    }
}

/// A crate that is further off than the others in one mode is so in the other, and less sure there.
#[test]
fn a_crate_s_own_factor_goes_along() {
    let mut crates: Vec<Observed> = (0..6).map(|_| built(Library, 2.0, 2.0)).collect();
    crates.push(built(Library, 6.0, 6.0));
    let ratios = Ratios::new(&crates, None);
    let (slow, usual) = (&crates[6], &crates[0]);
    let check = |krate| items(&ratios, krate, Phase::CheckFrontend);
    assert!(check(slow) > 1.4 * check(usual), "{} {}", check(slow), check(usual));
    let own = |krate: &Observed, phase| ratios.predict(krate).variance(&[modelled(phase, 1.0)]).own;
    assert!(own(slow, Phase::CheckFrontend) > own(slow, Phase::DevFrontend));
    assert!(own(&unknown(Library), Phase::CheckFrontend) > own(slow, Phase::CheckFrontend));
}

#[test]
fn kinds_differ_as_far_as_they_were_seen_to() {
    let mut crates: Vec<Observed> = (0..8).map(|_| built(Library, 2.0, 2.0)).collect();
    crates.extend((0..8).map(|_| built(Binary, 6.0, 6.0)));
    let ratios = Ratios::new(&crates, None);
    let [library, binary, macros] = [Library, Binary, ProcMacro].map(|k| items(&ratios, &unknown(k), DEV[0]));
    assert!(library < 2.5 && binary > 4.5, "{library} {binary}");
    assert!((library..binary).contains(&macros), "{macros} of a kind that wasn't seen");
}

#[test]
fn intervals_shrink_with_more_crates_and_grow_with_their_spread() {
    let sd = |factors: &[f64]| {
        let crates: Vec<Observed> = factors.iter().map(|&f| built(Library, f, f)).collect();
        let ratios = Ratios::new(&crates, None);
        let variance = ratios.predict(&unknown(Library)).variance(&[modelled(DEV[0], 1.0)]);
        (variance.shared.sqrt(), variance.own.sqrt())
    };
    let alike = |n| vec![3.0; n];
    for (fewer, more) in [(0, 1), (1, 3), (3, 10), (10, 100)] {
        let (few, many) = (sd(&alike(fewer)), sd(&alike(more)));
        assert!(many.0 < few.0 && many.1 < 1.05 * few.1, "{fewer} {few:?}, {more} {many:?}");
    }
    let apart: Vec<f64> = (0..10).map(|i| if i % 2 == 0 { 1.0 } else { 9.0 }).collect();
    assert!(sd(&apart).1 > 1.5 * sd(&alike(10)).1);
}

/// Everything known times k: what depends on items is predicted times k, for any k.
#[test]
fn scaling_what_is_known_scales_what_is_predicted() {
    let crates = |k: f64| -> Vec<Observed> {
        (0..20).map(|i| built(Library, k * (1.0 + f64::from(i % 5) / 5.0), k)).collect()
    };
    let predicted = |k: f64| {
        let ratios = Ratios::new(&crates(k), None);
        DEV.map(|phase| items(&ratios, &unknown(Library), phase))
    };
    let one = predicted(1.0);
    for k in [0.1, 0.5, 2.0, 8.0, 50.0] {
        for (scaled, one) in predicted(k).into_iter().zip(one) {
            assert!((scaled / one / k).ln().abs() < 0.06, "{k}: {one} {scaled}");
        }
    }
}

/// What was seen of a crate is what is predicted of it, but for what builds of one thing differ by.
#[test]
fn a_known_crate_keeps_its_seconds() {
    let crates: Vec<Observed> =
        [(2.0, 3.0), (9.0, 1.0), (0.5, 0.5)].map(|(f, c)| built(Library, f, c)).into();
    let ratios = Ratios::new(&crates, None);
    for krate in &crates {
        for o in &krate.observations {
            let found = ratios.predict(krate).seconds(o.phases[0]);
            assert!((found / o.known_s).ln().abs() < 0.2, "{} {found}", o.known_s);
        }
    }
}

/// What doesn't depend on items follows the machine, of which packages from elsewhere tell most.
#[test]
fn the_machine_is_told_from_the_codebase() {
    let crates: Vec<Observed> = (0..10).map(|_| built(Library, 8.0, 8.0)).collect();
    let sure = |factor: f64| Some(MachineHint { log_ratio: factor.ln(), variance: 1e-4 });
    let machine = |hint| Ratios::new(&crates, hint).machine().exp();
    assert!((machine(sure(1.0)) - 1.0).abs() < 0.05);
    assert!((machine(sure(4.0)) - 4.0).abs() < 0.2);
    let unsure = machine(None);
    assert!(unsure > 1.05 && unsure < 4.0, "{unsure}");
    // Nothing but packages from elsewhere is known: a restored cache.
    let cached = Ratios::new(&[], sure(3.0));
    let phase = Modelled { phase: DEV[0], fixed_s: 1.0, items_s: 1.0 };
    assert!((cached.predict(&unknown(Library)).seconds(phase) - 6.0).abs() < 0.1);
    let left = cached.predict(&unknown(Library)).variance(&[phase]);
    assert!(left.shared > 0.0 && left.own > 0.0);
}

/// A small crate is mostly fixed costs: nine times as slow a large one doesn't make it so.
#[test]
fn fixed_costs_are_no_items() {
    let large: Vec<Observed> = (0..10).map(|_| built(Library, 9.0, 9.0)).collect();
    let ratios = Ratios::new(&large, Some(MachineHint { log_ratio: 0.0, variance: 1e-4 }));
    let predicted = ratios.predict(&unknown(Library));
    let small = Modelled { phase: DEV[0], fixed_s: 0.05, items_s: 0.01 };
    assert!(predicted.seconds(small) < 0.15);
}

/// Phases that are known together only are shared out as all others say.
#[test]
fn a_lump_has_no_phases_of_its_own() {
    let lump =
        Observation { phases: DEV.map(|phase| modelled(phase, 1.0)).into(), known_s: 8.0, variance: 0.0 };
    let mut crates: Vec<Observed> = (0..10).map(|_| built(Library, 6.0, 2.0)).collect();
    crates.push(Observed { kind: Library, observations: vec![lump] });
    let ratios = Ratios::new(&crates, None);
    let [frontend, codegen] = DEV.map(|phase| items(&ratios, &crates[10], phase));
    assert!((frontend + codegen - 8.0).abs() < 1.0, "{frontend} {codegen}");
    assert!(frontend > 1.8 * codegen, "{frontend} {codegen}");
}
