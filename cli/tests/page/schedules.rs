//! Seconds of the page are the library's.

use serde_json::{Value, json};
use split_analyzer::ids::{IdVec, UnitId};
use split_analyzer::simulate::{Awaited, Machine, Unit, UnitGraph, simulate_on};

use crate::browser::Browser;

/// More than rounding, less than the millisecond that is promised.
const SAME_S: f64 = 1e-6;

/// Numbers of a multiplicative generator (Park & Miller, 1988): any would do.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0 * 48_271 % 2_147_483_647;
        self.0 % below
    }

    /// Mostly short, sometimes nothing, often the same as others, so that units end at one moment.
    fn seconds(&mut self) -> f64 {
        match self.next(4) {
            0 => 0.0,
            1 => self.next(3) as f64,
            _ => self.next(5000) as f64 / 1000.0,
        }
    }
}

fn random_graph(numbers: &mut Numbers) -> UnitGraph {
    let count = 1 + numbers.next(40);
    let mut units: IdVec<UnitId, Unit> = IdVec::new();
    for at in 0..count {
        let mut dependencies = Vec::new();
        for _ in 0..numbers.next(4).min(at) {
            let awaited = [Awaited::Metadata, Awaited::All, Awaited::Closure][numbers.next(3) as usize];
            dependencies.push((UnitId(numbers.next(at) as u32), awaited));
        }
        dependencies.sort_unstable();
        dependencies.dedup();
        units.push(Unit {
            name: format!("unit {at}"),
            frontend_s: numbers.seconds(),
            codegen_s: numbers.seconds(),
            codegen_threads: 1 + numbers.next(16) as u32,
            codegen_serial: numbers.next(20) as f64 / 100.0,
            lto_s: if numbers.next(6) == 0 { numbers.seconds() } else { 0.0 },
            lto_threads: 1 + numbers.next(4) as u32,
            link_s: if numbers.next(4) == 0 { numbers.seconds() } else { 0.0 },
            fresh: numbers.next(10) == 0,
            dependencies,
            ..Unit::default()
        });
    }
    UnitGraph { units }
}

fn as_data(graph: &UnitGraph) -> Value {
    let kind = |awaited| match awaited {
        Awaited::Metadata => 0,
        Awaited::All => 1,
        Awaited::Closure => 2,
    };
    let unit = |unit: &Unit| {
        json!([
            unit.name,
            unit.frontend_s,
            unit.codegen_s,
            unit.codegen_threads,
            unit.codegen_serial,
            unit.lto_s,
            unit.lto_threads,
            unit.link_s,
            2 * u8::from(unit.fresh),
            null,
            unit.dependencies.iter().map(|&(id, of)| 3 * id.0 + kind(of)).collect::<Vec<u32>>(),
        ])
    };
    graph.units.iter().map(unit).collect()
}

pub(crate) fn random_builds_take_what_the_library_says(browser: &mut Browser) {
    let mut numbers = Numbers(20_260_601);
    let mut asked = Vec::new();
    let mut expected = Vec::new();
    for _ in 0..200 {
        let graph = random_graph(&mut numbers);
        let jobs = 1 + numbers.next(12) as u32;
        let machine = Machine {
            cores: [jobs, 2, u32::MAX][numbers.next(3) as usize],
            contention: numbers.next(3) as f64 / 10.0,
            start_s: numbers.next(3) as f64 / 100.0,
            before_s: numbers.next(2) as f64 / 10.0,
        };
        let data = json!({"cores": machine.cores, "contention": machine.contention,
            "start": machine.start_s, "before": machine.before_s});
        asked.push(json!([as_data(&graph), jobs, data]));
        expected.push(simulate_on(&graph, jobs, &machine));
    }
    let found = browser.eval(&format!(
        "{}.map(([rows, jobs, machine]) => {{ const s = splitAdvisor.simulate(rows.map(splitAdvisor.unitOf), jobs, machine); \
         return [s.makespan, s.start, s.metadata, s.end, s.path]; }})",
        json!(asked)
    ));
    for (at, expected) in expected.iter().enumerate() {
        let found = &found[at];
        let near = |value: &Value, expected: f64| (value.as_f64().unwrap() - expected).abs() < SAME_S;
        assert!(near(&found[0], expected.makespan_s), "graph {at}: {found} {}", expected.makespan_s);
        for (unit, span) in expected.spans.iter().enumerate() {
            let same = near(&found[1][unit], span.start_s)
                && near(&found[2][unit], span.metadata_s)
                && near(&found[3][unit], span.end_s);
            assert!(same, "graph {at}, unit {unit}: {span:?}");
        }
        let path: Vec<u32> = expected.critical_path.iter().map(|id| id.0).collect();
        assert_eq!(found[4], json!(path), "graph {at}");
    }
}

/// What the page works out for the plan of the report is what the report says of it.
pub(crate) fn predictions_are_those_of_the_report(browser: &mut Browser) {
    let compared = browser.eval(
        "(() => { const { data, predicted } = splitAdvisor; const pkg = data.report.packages[0];
            return pkg.savings.map((saving) => { const of = predicted(saving.mode, saving.jobs);
                return [saving.scenario, saving.mode, saving.before_s.p50, saving.after_s.p50, ...of[saving.scenario]]; }); })()",
    );
    let pairs = browser.eval(
        "(() => { const best = splitAdvisor.data.report.packages[0].frontier.find((one) => one.recommended);
            return [splitAdvisor.plan.arrangement().pairs, best.cuts - best.re_exports]; })()",
    );
    assert_eq!(pairs[0], pairs[1], "pairs of items against the order");
    let rows = compared.as_array().unwrap();
    assert!(rows.len() >= 6, "{compared}");
    for row in rows {
        let number = |at: usize| row[at].as_f64().unwrap();
        // The report has milliseconds.
        assert!((number(2) - number(4)).abs() < 0.001, "{row}");
        assert!((number(3) - number(5)).abs() < 0.001, "{row}");
    }
}
