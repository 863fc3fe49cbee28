//! What holds of every plan of every crate.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::crates::World;
use crate::graph::{AtomOptions, TieCause, atoms, impl_choices};
use crate::ids::{CrateId, Id, IdVec, ItemId, PackageId, PlanCrateId};
use crate::plan::{Cause, CauseKind, PackageAdvice, Plan, PlanOptions, VerdictKind};
use crate::resolve::RefKind;

/// Up to 9 modules, some nested, up to 5 items each, with references anywhere.
pub(super) fn worlds() -> impl Strategy<Value = String> {
    let item = (0u8..6, 1u32..900, prop::collection::vec((any::<u16>(), 1u8..5), 0..4), any::<u16>());
    prop::collection::vec((any::<u16>(), prop::collection::vec(item, 1..6)), 2..10).prop_map(|modules| {
        let mut paths: Vec<String> = Vec::new();
        for (i, (nest, _)) in modules.iter().enumerate() {
            let nested = paths.get(usize::from(*nest) % (2 * i + 1));
            let path = nested.map_or(format!("m{i}"), |parent| format!("{parent}::m{i}"));
            paths.push(path);
        }
        // `T` is in every module, so that impls have something to name.
        let names: Vec<String> = modules
            .iter()
            .zip(&paths)
            .flat_map(|((_, items), path)| {
                (0..items.len()).map(move |j| format!("{path}::i{j}")).chain([format!("{path}::T")])
            })
            .collect();
        let any_of = |pick: u16| &names[usize::from(pick) % names.len()];
        let mut text = String::new();
        for ((_, items), path) in modules.iter().zip(&paths) {
            text += &format!("mod {path}\ntrait T 5\n");
            for (j, (kind, lines, targets, subject)) in items.iter().enumerate() {
                let targets: Vec<String> =
                    targets.iter().map(|&(pick, n)| format!("{}*{n}", any_of(pick))).collect();
                let keyword =
                    ["fn", "struct", "enum", "const", "pub(crate) fn", "struct"][usize::from(*kind)];
                text += &format!("{keyword} i{j} {lines} -> {}\n", targets.join(" "));
                if *kind >= 4 {
                    let module = &paths[usize::from(*subject) % paths.len()];
                    let imp =
                        if *kind == 4 { any_of(*subject).clone() } else { format!("{module}::T for i{j}") };
                    text += &format!("impl {imp} 7 -> {}\n", any_of(subject.wrapping_mul(7)));
                }
            }
        }
        text
    })
}

fn crate_of(plan: &Plan) -> IdVec<ItemId, Option<PlanCrateId>> {
    let count = plan.crates.iter().flat_map(|c| &c.all_items).map(|i| i.index() + 1).max().unwrap_or(0);
    let mut of = IdVec::from_elem(None, count);
    for (id, krate) in plan.crates.iter_enumerated() {
        for &item in &krate.all_items {
            assert_eq!(of[item], None, "placed twice");
            of[item] = Some(id);
        }
    }
    of
}

fn check_legal(world: &World, plan: &Plan) {
    let of = crate_of(plan);
    assert_eq!(of.iter().flatten().count(), world.resolution.items.len(), "every item placed");
    for (id, krate) in plan.crates.iter_enumerated() {
        assert!(krate.depends_on.iter().all(|&below| below < id), "dependencies come first");
    }
    for r in world.resolution.references.iter().filter(|r| !r.test && r.kind != RefKind::Import) {
        let (from, to) = (of[r.from].unwrap(), of[r.to].unwrap());
        let cut = plan.cuts.iter().any(|c| (c.from, c.to) == (r.from, r.to) && c.lines.contains(&r.line));
        assert_eq!(from < to, cut, "against the order exactly if cut");
        assert!(
            from <= to || plan.crates[from].depends_on.contains(&to),
            "a dependency that is used is declared"
        );
    }
    check_cuts(plan, &of);
    let planned = [CrateId(0)];
    let atoms = atoms(
        &world.resolution,
        &world.graph,
        &planned,
        &AtomOptions { max_cycle_items: 0, ..AtomOptions::default() },
    );
    for tie in
        atoms.atoms.iter().flat_map(|atom| &atom.ties).filter(|tie| tie.cause != TieCause::TextualMacro)
    {
        assert_eq!(of[tie.a], of[tie.b], "atoms stay whole");
    }
    for choice in impl_choices(&world.resolution, &planned) {
        assert!(choice.hosts.iter().any(|&host| of[host] == of[choice.imp]), "no impl is orphaned");
    }
    let mut names: Vec<&str> = plan.crates.iter().map(|c| c.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), plan.crates.len(), "names differ");
}

/// What is cut is part of a cycle: another order of the crates would not do. The package that stays is on top whatever it holds.
fn check_cuts(plan: &Plan, of: &IdVec<ItemId, Option<PlanCrateId>>) {
    let home = |item: ItemId| of.get(item).copied().flatten();
    let cuts: Vec<(PlanCrateId, PlanCrateId)> =
        plan.cuts.iter().filter_map(|cut| home(cut.from).zip(home(cut.to))).collect();
    let reaches = |from: PlanCrateId, to: PlanCrateId| {
        let (mut seen, mut queue) = (BTreeSet::from([from]), vec![from]);
        while let Some(at) = queue.pop() {
            let declared = plan.crates[at].depends_on.iter().copied();
            let cut = cuts.iter().filter(|(from, _)| *from == at).map(|&(_, to)| to);
            queue.extend(declared.chain(cut).filter(|&next| seen.insert(next)));
        }
        seen.contains(&to)
    };
    for &(from, to) in cuts.iter().filter(|(_, to)| !plan.crates[*to].residual) {
        assert!(reaches(to, from), "{from:?} -> {to:?}");
    }
}

fn check_honest(advice: &PackageAdvice) {
    let verdict = &advice.verdict;
    let certain = || advice.savings.iter().filter(|s| s.significant);
    match verdict.kind {
        VerdictKind::Split | VerdictKind::UntangleFirst => {
            assert!(certain().any(|s| s.after_s.p50 < s.before_s.p50));
            assert!(verdict.pays_share.unwrap() >= 0.8, "{verdict:?}");
        }
        VerdictKind::MeasureFirst => {
            assert!(verdict.settle.is_some() && verdict.pays_share.unwrap() > 0.2, "{verdict:?}");
        }
        // What the table calls certain is not passed over in silence.
        VerdictKind::Keep => {
            let named = |cause: &Cause| cause.detail.contains(" gains ") || cause.kind == CauseKind::Slower;
            assert!(certain().next().is_none() || verdict.causes.iter().any(named), "{advice:?}");
        }
    }
}

/// The worlds are small, builds of some seconds: they pay where much is built.
pub(super) const COMMITS: Option<f64> = Some(1000.0);

/// The properties below would hold of no plans at all, too.
#[test]
fn most_worlds_have_a_plan_and_some_pay() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let options =
        PlanOptions { package: Some(PackageId(0)), commits_per_week: COMMITS, ..PlanOptions::default() };
    let advices: Vec<PackageAdvice> = (0..120)
        .map(|_| World::new(&worlds().new_tree(&mut runner).unwrap().current()).advise(&options))
        .collect();
    let planned = advices.iter().filter(|a| a.plan.is_some()).count();
    let cut = advices.iter().filter(|a| a.plan.as_ref().is_some_and(|p| !p.cuts.is_empty())).count();
    let kinds = |kind| advices.iter().filter(|a| a.verdict.kind == kind).count();
    let paying = kinds(VerdictKind::Split) + kinds(VerdictKind::UntangleFirst);
    assert!(planned >= 100 && cut >= 20 && paying >= 5, "{planned} planned, {cut} cut, {paying} pay");
}

/// An `impl` whose type and trait go to different places in the end, one of them by work that is still to be made.
#[test]
fn no_impl_is_orphaned_by_what_settles() {
    let world = World::new(
        "mod m0\n\
            trait T 5\n\
            fn i0 1 -> \n\
            struct i1 401 -> m0::m3::m4::i0*1\n\
            struct i2 1 -> \n\
            impl m0::T for i2 7 -> m0::m3::i2\n\
            mod m1\n\
            trait T 5\n\
            fn i0 1 -> \n\
            fn i1 1 -> \n\
            fn i2 1 -> \n\
            struct i3 4 -> \n\
            impl m0::m2::T for i3 7 -> m0::m3::i2\n\
            mod m0::m2\n\
            trait T 5\n\
            fn i0 240 -> m0::i2*2 m0::m3::i0*1\n\
            fn i1 166 -> m0::T*1 m1::i0*1\n\
            const i2 320 -> m0::m3::T*1\n\
            mod m0::m3\n\
            trait T 5\n\
            struct i0 109 -> m1::i1*1\n\
            struct i1 277 -> m0::m2::i1*2\n\
            enum i2 535 -> \n\
            mod m0::m3::m4\n\
            trait T 5\n\
            enum i0 664 -> \n\
            struct i1 871 -> m0::T*4 m0::m2::i2*1 m0::m3::i1*2\n",
    );
    let options =
        PlanOptions { package: Some(PackageId(0)), commits_per_week: COMMITS, ..PlanOptions::default() };
    check_legal(&world, world.advise(&options).plan.as_ref().unwrap());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn every_plan_is_legal_and_honest(
        text in worlds(),
        crates in prop::option::of(2u32..6),
        max_effort in prop::option::of(0.0..40.0),
    ) {
        let world = World::new(&text);
        let package = Some(PackageId(0));
        let options = PlanOptions { package, crates, max_effort, commits_per_week: COMMITS, ..PlanOptions::default() };
        let advice = world.advise(&options);
        if let Some(plan) = &advice.plan {
            check_legal(&world, plan);
        }
        check_honest(&advice);
        let chosen = advice.frontier.iter().find(|candidate| candidate.recommended);
        if let (Some(chosen), Some(most), None) = (chosen, max_effort, crates) {
            prop_assert!(chosen.effort() <= most);
        }
        let again = world.advise(&options);
        prop_assert_eq!(format!("{advice:?}"), format!("{again:?}"));
    }
}
