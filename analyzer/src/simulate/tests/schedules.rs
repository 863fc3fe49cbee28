//! Schedules computed by hand.

use super::*;

fn path(schedule: &Schedule) -> Vec<u32> {
    schedule.critical_path.iter().map(|u| u.0).collect()
}

/// Name, units, jobs, makespan, critical path.
type Case<'a> = (&'a str, &'a [Row<'a>], u32, f64, &'a [u32]);

#[test]
fn shared_cores_slow_everything_down() {
    // 0 for 2 s; 1 for 4 s, the last two alone.
    let rows = graph(&[(2.0, 0.0, 1, 0.0, ""), (4.0, 0.0, 1, 0.0, "")]);
    let cases = [
        (Machine::IDEAL, 2, 4.0),
        (Machine { cores: 2, contention: 0.5, start_s: 0.0, before_s: 0.0 }, 2, 2.0 * 1.5 + 2.0),
        (Machine { cores: 2, contention: 0.5, start_s: 0.0, before_s: 0.0 }, 1, 6.0),
        (Machine { cores: 1, contention: 0.5, start_s: 0.0, before_s: 0.0 }, 2, 6.0),
        (Machine { cores: 4, contention: 0.0, start_s: 0.25, before_s: 0.0 }, 1, 6.5),
        (Machine { cores: 4, contention: 0.0, start_s: 0.25, before_s: 0.5 }, 1, 7.0),
    ];
    for (machine, jobs, expected) in cases {
        let schedule = simulate_on(&rows, jobs, &machine);
        assert!((schedule.makespan_s - expected).abs() < 1e-9, "{machine:?}: {}", schedule.makespan_s);
    }
}

#[test]
fn hand_computed_schedules() {
    let cases: &[Case<'_>] = &[
        ("nothing", &[], 4, 0.0, &[]),
        ("one unit", &[(2.0, 3.0, 1, 1.0, "")], 1, 6.0, &[0]),
        ("no jobs is one job", &[(2.0, 0.0, 1, 0.0, "")], 0, 2.0, &[0]),
        ("two units, one job", &[(2.0, 0.0, 1, 0.0, ""), (3.0, 0.0, 1, 0.0, "")], 1, 5.0, &[0, 1]),
        ("two units, two jobs", &[(2.0, 0.0, 1, 0.0, ""), (3.0, 0.0, 1, 0.0, "")], 2, 3.0, &[1]),
        ("pipelining", &[(2.0, 10.0, 1, 0.0, ""), (3.0, 1.0, 1, 0.0, "M0")], 2, 12.0, &[0]),
        ("no pipelining", &[(2.0, 10.0, 1, 0.0, ""), (3.0, 1.0, 1, 0.0, "A0")], 2, 16.0, &[0, 1]),
        (
            "pipelining needs a second job",
            &[(2.0, 10.0, 1, 0.0, ""), (3.0, 1.0, 1, 0.0, "M0")],
            1,
            16.0,
            &[0, 1],
        ),
        ("code generation on two threads", &[(1.0, 8.0, 2, 0.0, "")], 2, 5.0, &[0]),
        ("never more threads than it has units", &[(1.0, 8.0, 2, 0.0, "")], 8, 5.0, &[0]),
        ("never more threads than jobs", &[(1.0, 8.0, 16, 0.0, "")], 4, 3.0, &[0]),
        ("linking is serial", &[(1.0, 8.0, 4, 2.0, "")], 4, 5.0, &[0]),
        // 0 generates code alone until 1 ends at 3 and its token is free: 6 of 8 core seconds are left for two.
        ("a token freed late", &[(1.0, 8.0, 2, 0.0, ""), (3.0, 0.0, 1, 0.0, "")], 2, 6.0, &[0]),
        // 1 and 2 are ready at 1; 1 has a dependent and goes first, though 2 is longer. Then 3, ready at 2, is
        // taken before 2, its equal that has waited longer.
        (
            "priority counts dependents, not seconds",
            &[
                (1.0, 0.0, 1, 0.0, ""),
                (1.0, 0.0, 1, 0.0, "M0"),
                (9.0, 0.0, 1, 0.0, "M0"),
                (1.0, 0.0, 1, 0.0, "M1"),
            ],
            1,
            12.0,
            &[0, 1, 3, 2],
        ),
        // A diamond: 1 and 2 side by side, 3 waits for both.
        (
            "diamond",
            &[
                (1.0, 0.0, 1, 0.0, ""),
                (2.0, 0.0, 1, 0.0, "M0"),
                (5.0, 0.0, 1, 0.0, "M0"),
                (1.0, 0.0, 1, 0.0, "M1 M2"),
            ],
            2,
            7.0,
            &[0, 2, 3],
        ),
        // The binary waits for the code of the library below the library it names.
        (
            "a binary waits for code two levels down",
            &[(1.0, 9.0, 1, 0.0, ""), (1.0, 1.0, 1, 0.0, "M0"), (1.0, 1.0, 1, 1.0, "A0 A1")],
            4,
            13.0,
            &[0, 2],
        ),
        // Build script compiled (0), run (1), library (2).
        (
            "build script",
            &[(1.0, 1.0, 1, 1.0, ""), (2.0, 0.0, 1, 0.0, "A0"), (3.0, 0.0, 1, 0.0, "A1")],
            8,
            8.0,
            &[0, 1, 2],
        ),
        // 0 generates code from 1 on and could use the tokens of 1 and 2, but cargo passes them on to 2 and 3.
        (
            "cargo keeps the token of a unit that ended",
            &[(1.0, 6.0, 4, 0.0, ""), (2.0, 0.0, 1, 0.0, ""), (4.0, 0.0, 1, 0.0, ""), (1.0, 0.0, 1, 0.0, "")],
            2,
            7.0,
            &[1, 2, 3],
        ),
        // A unit without any work: it passes its artifacts on at once.
        ("no work", &[(0.0, 0.0, 1, 0.0, ""), (1.0, 0.0, 1, 0.0, "M0 A0")], 1, 1.0, &[0, 1]),
        (
            "a cycle never starts",
            &[(1.0, 0.0, 1, 0.0, "M1"), (1.0, 0.0, 1, 0.0, "M0"), (2.0, 0.0, 1, 0.0, "")],
            1,
            2.0,
            &[2],
        ),
    ];
    for (name, rows, jobs, makespan, critical) in cases {
        let schedule = simulate(&graph(rows), *jobs);
        assert!((schedule.makespan_s - makespan).abs() < 1e-9, "{name}: {} s", schedule.makespan_s);
        assert_eq!(path(&schedule), *critical, "{name}");
    }
}

#[test]
fn what_one_thread_does_alone_no_other_speeds_up() {
    for (serial, threads, jobs, expected) in [
        (0.0, 2, 2, 5.0),
        (0.5, 2, 2, 7.0),
        (0.5, 2, 1, 9.0),
        (1.0, 8, 8, 9.0),
        // 8 s at 4 / (1 + 0.5 × 3).
        (0.5, 4, 4, 6.0),
    ] {
        let mut rows = graph(&[(1.0, 8.0, threads, 0.0, "")]);
        rows.units[UnitId(0)].codegen_serial = serial;
        let makespan_s = simulate(&rows, jobs).makespan_s;
        assert!((makespan_s - expected).abs() < 1e-9, "{serial} {threads} {jobs}: {makespan_s}");
    }
}

/// Code generation, then link-time optimisation on as many threads as it may have, then the linker.
#[test]
fn link_time_optimisation_is_a_phase_of_its_own() {
    let with = |lto_threads, jobs| {
        let mut rows = graph(&[(1.0, 4.0, 4, 0.0, ""), (1.0, 2.0, 2, 1.0, "A0")]);
        let bin = &mut rows.units[UnitId(1)];
        (bin.lto_s, bin.lto_threads) = (8.0, lto_threads);
        simulate(&rows, jobs)
    };
    for (lto_threads, jobs, expected) in
        [(1, 1, 17.0), (1, 4, 13.0), (16, 4, 7.0), (2, 4, 9.0), (16, 1, 17.0)]
    {
        let schedule = with(lto_threads, jobs);
        assert_eq!(schedule.makespan_s, expected, "{lto_threads} threads, -j{jobs}");
        assert_eq!(schedule.work_s, 17.0);
    }
    // Another unit's end gives it a thread.
    let mut rows = graph(&[(1.0, 0.0, 1, 1.0, ""), (5.0, 0.0, 1, 0.0, "")]);
    (rows.units[UnitId(0)].lto_s, rows.units[UnitId(0)].lto_threads) = (8.0, 2);
    assert_eq!(simulate(&rows, 2).spans[UnitId(0)].end_s, 5.0 + 4.0 / 2.0 + 1.0);
}

#[test]
fn rebuilds_are_incremental_where_the_profile_is() {
    let shares =
        IncrementalShares { changed_frontend: 0.5, changed_codegen: 0.25, ..IncrementalShares::NONE };
    let mut rows = graph(&[(2.0, 4.0, 1, 0.0, "")]);
    let seconds = |rows: &UnitGraph| {
        let again = edit(rows, &[UnitId(0)], shares);
        let whole = simulate(&again, 1).makespan_s;
        assert_eq!(edit_s(rows, &[UnitId(0)], shares, 1, &Machine::IDEAL), whole);
        whole
    };
    assert_eq!(seconds(&rows), 2.0);
    rows.units[UnitId(0)].from_scratch = true;
    assert_eq!(seconds(&rows), 6.0);
}
