//! Numbers over commits, and sentences about them.

use super::*;
use crate::cost::Mode;
use crate::ids::PackageId;

#[test]
fn percentiles_are_numbers_that_occur() {
    let of = |numbers: &[f64]| {
        let found = Distribution::of(numbers.iter().copied());
        (found.p50, found.p90, found.mean)
    };
    assert_eq!(of(&[]), (0.0, 0.0, 0.0));
    assert_eq!(of(&[3.0]), (3.0, 3.0, 3.0));
    assert_eq!(of(&[2.0, 1.0]), (1.0, 2.0, 1.5));
    let ten: Vec<f64> = (1..=10).rev().map(f64::from).collect();
    assert_eq!(of(&ten), (5.0, 9.0, 5.5));
}

#[test]
fn a_reason_has_both_kinds_of_builds() {
    let same = |s: f64| Distribution::of([s]);
    let planned = PlannedCommits {
        package: PackageId(0),
        commits: 12,
        unplaced: 0,
        mode: Mode::Check,
        edit: Some((same(2.0), same(1.5))),
        ci: (same(9.0), same(7.0)),
    };
    assert_eq!(
        planned.reason(40),
        "12 of the last 40 commits change it: `cargo check` after one takes incrementally a median 2.0 s today and 1.5 s \
         with the plan (one in ten 2.0 s and 1.5 s), in full a median 9.0 s today and 7.0 s with the plan (one in ten 9.0 s \
         and 7.0 s)"
    );
    let release = PlannedCommits { commits: 1, mode: Mode::Release, edit: None, ..planned };
    assert_eq!(
        release.reason(40),
        "1 of the last 40 commits changes it: `cargo build --release` after one takes in full a median 9.0 s today and 7.0 s \
         with the plan (one in ten 9.0 s and 7.0 s)"
    );
}
