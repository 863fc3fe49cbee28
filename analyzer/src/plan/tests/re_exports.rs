//! Re-exports that would make a lower crate depend on a higher one.

use super::super::{Cut, Fix, PlanOptions};
use super::crates::World;
use super::shop;
use crate::report::sentence;

#[test]
fn a_re_export_of_something_above_is_a_cut() {
    let cases = [
        // The catalog lies below billing and shipping.
        ("mod catalog::c\npub use billing::Invoice", "catalog::c -> billing::Invoice: ReExport\n"),
        ("mod catalog::c\npub use billing::*", "catalog::c -> billing: ReExport\n"),
        ("mod catalog::c\npub use billing", "catalog::c -> billing: ReExport\n"),
        ("mod catalog::c\ntest pub use billing::Invoice", ""),
        // One entry for each pair of modules.
        (
            "mod catalog::c\npub use billing::Invoice\npub use billing::bill\npub use shipping::Parcel",
            "catalog::c -> billing::Invoice: ReExport\ncatalog::c -> shipping::Parcel: ReExport\n",
        ),
        // What lies below or in the same crate may be named by anybody.
        ("mod billing::b\npub use catalog::Product\npub use billing::Invoice", ""),
        ("mod billing::b\npub use catalog::*", ""),
        // The facade stays on top.
        ("mod prelude\npub use billing::*\npub use shipping::Parcel\npub use catalog::find", ""),
    ];
    for (more, expected) in cases {
        let more = more.replacen('\n', "\nstruct Own 300\n", usize::from(!more.starts_with("mod prelude")));
        let world = shop(&more);
        let plan = world.plan(Some(4));
        assert_eq!(world.show_cuts(&plan), expected, "{more}: {}", world.show(&plan));
    }
}

#[test]
fn a_cut_re_export_says_where_its_lines_are_and_who_takes_it_over() {
    let world =
        shop("mod catalog::c\nstruct Own 300\npub use billing::Invoice\npub use billing::bill\npub use run");
    let plan = world.plan(Some(4));
    let read = (&world.repository, &world.resolution);
    let of =
        |cut: &Cut| (cut.lines.clone(), plan.edits[cut.edit].kind.fix(), sentence(read, &plan, cut.edit));
    let cuts: Vec<(Vec<u32>, Fix, String)> = plan.cuts.iter().map(of).collect();
    let users = "for its users `app` keeps a module `app::catalog::c` that re-exports both";
    let expected = [
        (&[3][..], format!("drop the re-export of `run`, which lies above: {users}")),
        (
            &[1, 2][..],
            format!(
                "drop the re-export of `Invoice`, `bill`, which lie above: {users}, code of the new crates imports from \
                 `app-billing`"
            ),
        ),
    ];
    let expected: Vec<(Vec<u32>, Fix, String)> =
        expected.into_iter().map(|(lines, detail)| (lines.to_vec(), Fix::ReExport, detail)).collect();
    assert_eq!(cuts, expected);
}

#[test]
fn re_exports_are_cheap_to_cut() {
    let advise = |more: &str| -> (u32, u32, f64) {
        let world: World = shop(more);
        let advice = world.advise(&PlanOptions { crates: Some(4), ..PlanOptions::default() });
        let best = advice.frontier.into_iter().find(|c| c.recommended).unwrap();
        (best.cuts, best.re_exports, best.effort())
    };
    let (cuts, re_exports, effort) = advise("mod catalog::c\nstruct Own 300");
    assert_eq!((cuts, re_exports), (0, 0));
    let with = advise("mod catalog::c\nstruct Own 300\npub use billing::Invoice");
    assert_eq!((with.0, with.1), (1, 1));
    assert!((with.2 - effort - 0.1).abs() < 1e-9, "{} {effort}", with.2);
}
