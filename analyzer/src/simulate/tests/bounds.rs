//! What holds of every schedule, on random graphs.

use proptest::prelude::*;

use super::*;
use crate::cost::{Mode, incremental_shares};
use crate::ids::Id;

/// Random unit graphs whose edges point to earlier units. Seconds are quarters, so sums are exact.
fn graphs(threads: u32) -> impl Strategy<Value = UnitGraph> {
    let seconds = || (0_u32..40).prop_map(|q| f64::from(q) / 4.0);
    let edges = proptest::collection::vec((any::<prop::sample::Index>(), 0..3_usize), 0..4);
    let unit = (seconds(), seconds(), seconds(), 1..=threads, edges, 0..10_u32);
    proptest::collection::vec(unit, 1..40).prop_map(|rows| {
        let mut graph = UnitGraph::default();
        for (frontend_s, codegen_s, link_s, codegen_threads, edges, fresh) in rows {
            let before = graph.units.len();
            let mut dependencies: Vec<_> = edges
                .iter()
                .filter(|_| before > 0)
                .map(|(to, kind)| {
                    let awaited = [Awaited::Metadata, Awaited::All, Awaited::Closure][*kind];
                    (UnitId::from_index(to.index(before)), awaited)
                })
                .collect();
            dependencies.sort_unstable();
            dependencies.dedup();
            let link_s = if codegen_s > 7.0 { link_s } else { 0.0 };
            let name = format!("u{before}");
            let fresh = fresh == 0;
            graph.units.push(Unit {
                name,
                frontend_s,
                codegen_s,
                codegen_threads,
                // As often as not something of each.
                lto_s: if codegen_s > 5.0 { link_s } else { 0.0 },
                lto_threads: codegen_threads,
                link_s,
                dependencies,
                fresh,
                ..Unit::default()
            });
        }
        graph
    })
}

/// The longest chain of units if each had all threads it can use: no schedule is shorter.
fn longest_path_s(graph: &UnitGraph, threads: u32) -> f64 {
    let mut done: Vec<(f64, f64)> = Vec::new();
    for unit in expanded(graph).units.iter() {
        let ready = unit.dependencies.iter().fold(0.0, |latest: f64, &(to, artifact)| {
            let (metadata, all) = done[to.index()];
            latest.max(if artifact == Awaited::Metadata { metadata } else { all })
        });
        let codegen_s = unit.codegen_s / f64::from(unit.codegen_threads.min(threads));
        let lto_s = unit.lto_s / f64::from(unit.lto_threads.min(threads));
        let (frontend_s, rest_s) =
            if unit.fresh { (0.0, 0.0) } else { (unit.frontend_s, codegen_s + lto_s + unit.link_s) };
        done.push((ready + frontend_s, ready + frontend_s + rest_s));
    }
    done.iter().fold(0.0, |latest: f64, &(_, all)| latest.max(all))
}

const CLOSE: f64 = 1e-6;

proptest! {
    #[test]
    fn no_schedule_beats_its_bounds(graph in graphs(8), jobs in 1_u32..20) {
        let schedule = simulate(&graph, jobs);
        prop_assert!(schedule.makespan_s + CLOSE >= schedule.work_s / f64::from(jobs));
        prop_assert!(schedule.makespan_s + CLOSE >= longest_path_s(&graph, jobs));
    }

    #[test]
    fn one_job_takes_the_work_and_enough_jobs_the_longest_path(graph in graphs(8)) {
        let one = simulate(&graph, 1);
        prop_assert!((one.makespan_s - one.work_s).abs() < CLOSE);
        let many = simulate(&graph, 1000);
        prop_assert!((many.makespan_s - longest_path_s(&graph, 1000)).abs() < CLOSE);
    }

    /// A closure says the same as an edge to everything below: whole builds and what edits rebuild.
    #[test]
    fn a_closure_is_an_edge_to_each_unit_below(graph in graphs(8), jobs in 1_u32..20, at in any::<prop::sample::Index>()) {
        let each = expanded(&graph);
        prop_assert_eq!(simulate(&graph, jobs), simulate(&each, jobs));
        let changed = [UnitId::from_index(at.index(graph.units.len()))];
        prop_assert_eq!(rebuild_set(&graph, &changed), rebuild_set(&each, &changed));
        let shares = incremental_shares(Mode::Dev);
        let machine = Machine::usual(jobs, 0);
        let after = |graph: &UnitGraph| simulate_on(&relink(graph, &changed, shares), jobs, &machine);
        prop_assert_eq!(after(&graph), after(&each));
        let seconds = |graph: &UnitGraph| edit_s(graph, &changed, shares, jobs, &machine);
        prop_assert_eq!(seconds(&graph), seconds(&each));
    }

    /// Graham (1969), "Bounds on multiprocessing timing anomalies": with serial units no token is idle while
    /// a unit is ready, so the makespan is at most work / jobs + (1 - 1 / jobs) × longest path.
    #[test]
    fn list_scheduling_keeps_grahams_bound(graph in graphs(1), jobs in 1_u32..20) {
        let schedule = simulate(&graph, jobs);
        let jobs = f64::from(jobs);
        let bound = schedule.work_s / jobs + (1.0 - 1.0 / jobs) * longest_path_s(&graph, 1);
        prop_assert!(schedule.makespan_s <= bound + CLOSE, "{} > {bound}", schedule.makespan_s);
    }

    #[test]
    fn artifacts_are_waited_for_and_tokens_not_overdrawn(graph in graphs(8), jobs in 1_u32..20) {
        let schedule = simulate(&graph, jobs);
        for (id, unit) in graph.units.iter_enumerated() {
            let span = schedule.spans[id];
            for &(to, artifact) in &unit.dependencies {
                let there = schedule.spans[to];
                let ready = if artifact == Awaited::Metadata { there.metadata_s } else { there.end_s };
                prop_assert!(span.start_s >= ready);
            }
            if unit.fresh {
                prop_assert_eq!(span.end_s, span.start_s);
            } else {
                prop_assert!((span.metadata_s - span.start_s - unit.frontend_s).abs() < CLOSE);
                let fastest = unit.codegen_s / f64::from(unit.codegen_threads.min(jobs))
                    + unit.lto_s / f64::from(unit.lto_threads.min(jobs))
                    + unit.link_s;
                prop_assert!(span.end_s - span.metadata_s + CLOSE >= fastest);
            }
        }
        for span in &schedule.spans {
            let at_once = schedule.spans.iter().filter(|s| s.start_s <= span.start_s && span.start_s < s.end_s);
            prop_assert!(at_once.count() <= jobs as usize);
        }
    }

    /// Every unit of the path starts at an artifact or the end of the one before it, or when that one ends a phase of several
    /// threads (which gives tokens back), so the path has no gap and ends with the build.
    #[test]
    fn the_critical_path_has_no_gap(graph in graphs(8), jobs in 1_u32..20) {
        let schedule = simulate(&graph, jobs);
        let spans: Vec<Span> = schedule.critical_path.iter().map(|&u| schedule.spans[u]).collect();
        prop_assert!(schedule.critical_path.iter().all(|&u| !graph.units[u].fresh));
        if let (Some(first), Some(last)) = (spans.first(), spans.last()) {
            prop_assert_eq!(first.start_s, 0.0);
            prop_assert_eq!(last.end_s, schedule.makespan_s);
        }
        for (pair, unit) in spans.windows(2).zip(&schedule.critical_path) {
            let unit = &graph.units[*unit];
            let gives_back_s = pair[0].end_s - unit.link_s;
            // Where code generation ends before link-time optimisation is not in the span.
            let at_lto = unit.lto_s > 0.0 && pair[0].metadata_s < pair[1].start_s && pair[1].start_s < gives_back_s;
            let starts = [pair[0].metadata_s, pair[0].end_s, gives_back_s];
            let ended = starts.iter().any(|s| (s - pair[1].start_s).abs() < CLOSE);
            prop_assert!(ended || at_lto, "{pair:?}");
        }
    }

    #[test]
    fn the_same_graph_gives_the_same_schedule(graph in graphs(8), jobs in 1_u32..20) {
        prop_assert_eq!(simulate(&graph, jobs), simulate(&graph, jobs));
    }

    #[test]
    fn a_rebuild_is_all_dependents_and_no_more(graph in graphs(2), changed in any::<prop::sample::Index>()) {
        let changed = UnitId::from_index(changed.index(graph.units.len()));
        let dirty = rebuild_set(&graph, &[changed]);
        prop_assert!(dirty.is_sorted() && dirty.contains(&changed));
        for (id, unit) in graph.units.iter_enumerated() {
            let waits = unit.dependencies.iter().any(|d| dirty.contains(&d.0));
            prop_assert_eq!(dirty.contains(&id), waits || id == changed);
        }
        let after = edit(&graph, &[changed], IncrementalShares::NONE);
        let fresh: Vec<UnitId> = after.units.ids().filter(|&u| after.units[u].fresh).collect();
        prop_assert_eq!(fresh.len() + dirty.len(), graph.units.len());
        prop_assert!(fresh.iter().all(|u| !dirty.contains(u)));
    }

    /// What is fresh can be left out: to the bit the same seconds.
    #[test]
    fn an_edit_alone_takes_as_long_as_in_the_whole_graph(
        graph in graphs(8),
        picks in proptest::collection::vec(any::<prop::sample::Index>(), 1..3),
        jobs in 1_u32..20,
    ) {
        let changed: Vec<UnitId> = picks.iter().map(|pick| UnitId::from_index(pick.index(graph.units.len()))).collect();
        for mode in [Mode::Check, Mode::Dev, Mode::Release] {
            let shares = incremental_shares(mode);
            let machine = Machine::usual(jobs, graph.units.len());
            let whole = simulate_on(&edit(&graph, &changed, shares), jobs, &machine);
            prop_assert_eq!(edit_s(&graph, &changed, shares, jobs, &machine), whole.makespan_s);
        }
    }
}
