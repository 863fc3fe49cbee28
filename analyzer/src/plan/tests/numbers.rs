//! What an answer says of other numbers of crates is what `--crates` gives.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::crates::World;
use super::properties::{COMMITS, worlds};
use crate::ids::PackageId;
use crate::plan::{Candidate, PackageAdvice, PlanOptions, VerdictKind};

/// Numbers of crates that an answer looks for.
const MOST: u32 = 6;
const WORLDS: usize = 60;

fn advice(world: &World, crates: Option<u32>) -> PackageAdvice {
    let package = Some(PackageId(0));
    world.advise(&PlanOptions { package, crates, commits_per_week: COMMITS, ..PlanOptions::default() })
}

fn chosen(advice: &PackageAdvice) -> &Candidate {
    advice.frontier.iter().find(|candidate| candidate.recommended).unwrap()
}

/// The other plans that an answer shows.
fn others(advice: &PackageAdvice) -> impl Iterator<Item = &Candidate> {
    advice.frontier.iter().filter(|candidate| !candidate.recommended)
}

/// Less is better.
fn standing(advice: &PackageAdvice) -> (VerdictKind, i64) {
    let verdict = &advice.verdict;
    let unsure = verdict.kind == VerdictKind::MeasureFirst;
    (verdict.kind, if unsure { -(100.0 * verdict.pays_share.unwrap()).round() as i64 } else { 0 })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_number_gives_what_is_said_of_it(text in worlds()) {
        let world = World::new(&text);
        let free = advice(&world, None);
        for said in others(&free) {
            let asked = advice(&world, Some(said.crates));
            prop_assert_eq!(chosen(&asked), &Candidate { recommended: true, ..said.clone() });
            let again = |of: &PackageAdvice| others(of).map(|one| one.crates).collect::<Vec<_>>();
            prop_assert!(again(&asked).iter().all(|number| *number != said.crates));
        }
    }
}

/// A close look is given to a few plans only, those that a rough one finds best: others may turn out better, rarely.
#[test]
fn hardly_any_number_gives_a_better_verdict() {
    let mut runner = TestRunner::deterministic();
    let (mut asked, mut better) = (0, Vec::new());
    for _ in 0..WORLDS {
        let text = worlds().new_tree(&mut runner).unwrap().current();
        let world = World::new(&text);
        let free = advice(&world, None);
        for number in (2..=MOST).filter(|_| !free.frontier.is_empty()) {
            let given = advice(&world, Some(number));
            asked += 1;
            better.extend((standing(&given) < standing(&free)).then(|| (standing(&given), standing(&free))));
        }
    }
    assert!(asked >= 200 && 100 * better.len() <= asked, "{asked} {better:?}");
}
