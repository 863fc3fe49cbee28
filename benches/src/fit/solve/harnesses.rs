//! `fit harnesses`: what `cargo test` compiles, from what `cargo build` took of the same crates: the factors of `cost/modelled/harness.rs`.
//!
//! A harness has the code of its crate and its tests. Seconds of the tests are those that the fit has for their items, times what the
//! crate took over what the fit has for it. Two factors for each phase, of the crate's seconds and of the tests', by non-negative
//! least squares of relative errors.

use std::fmt::Write;

use split_analyzer::cost::Mode;

use crate::fit::apps::build::{Apps, Crate, Kind};
use crate::fit::solve::fit::{Errors, Fit};
use crate::fit::solve::nnls::nnls;
use crate::fit::solve::part::{LEAST_S, Solution};
use crate::fit::solve::samples::Sample;
use crate::fit::solve::statistics::dot;

/// One phase of a harness or an integration test.
struct Row {
    name: String,
    kind: Kind,
    /// Of the crate that it tests; 0 of an integration test.
    own_s: f64,
    /// Of the tests, as the fit has them.
    tests_s: f64,
    measured_s: f64,
}

/// Tables of all that `cargo test` compiled, and the factors.
pub(crate) fn summary(apps: &Apps, dev: &Fit) -> anyhow::Result<String> {
    let mut text = String::new();
    for (phase, solution) in
        [("front end", &dev.frontend.solution), ("code generation", &dev.codegen.solution)]
    {
        let code = phase != "front end";
        let rows = rows(apps, solution, code)?;
        writeln!(text, "| {phase} | kind | crate | tests, modelled | measured |\n|---|---|---|---|---|")?;
        for row in &rows {
            let Row { name, kind, own_s, tests_s, measured_s } = row;
            writeln!(text, "| {name} | {kind:?} | {own_s:.2} s | {tests_s:.2} s | {measured_s:.2} s |")?;
        }
        writeln!(text)?;
        let groups = [
            ("libraries with tests", Kind::LibHarness, true),
            ("libraries without", Kind::LibHarness, false),
            ("programs with tests", Kind::BinHarness, true),
            ("programs without", Kind::BinHarness, false),
            ("integration tests", Kind::Test, true),
        ];
        for (name, kind, tested) in groups {
            let is_meant = |row: &&Row| {
                let most = row.own_s.max(row.tests_s).max(row.measured_s);
                row.kind == kind && (row.tests_s > 0.0) == tested && most >= LEAST_S
            };
            let own: Vec<&Row> = rows.iter().filter(is_meant).collect();
            let factors = factors(&own);
            let seen = own.iter().filter(|row| row.measured_s >= LEAST_S);
            let predicted = |row: &&Row| (factors[0] * row.own_s + factors[1] * row.tests_s, row.measured_s);
            let off = Errors::of(seen.map(predicted));
            writeln!(
                text,
                "{phase}, {name}: {:.2} × the crate + {:.2} × its tests; {} crates, ×{:.2}, ×{:.2} for four of five",
                factors[0],
                factors[1],
                own.len(),
                off.median,
                off.factor
            )?;
        }
        writeln!(text)?;
    }
    Ok(text)
}

fn rows(apps: &Apps, solution: &Solution, code: bool) -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    for test in apps.crates.iter().filter(|krate| krate.member && krate.kind.is_test()) {
        let Some(measured_s) = seconds(test, code) else { continue };
        let name = format!("{} {} {}", test.app, test.package, test.name);
        if test.kind == Kind::Test {
            let tests_s = solution.predict(&Sample::of(test, &apps.counts)?);
            rows.push(Row { name, kind: test.kind, own_s: 0.0, tests_s, measured_s });
            continue;
        }
        let is_own = |krate: &&Crate| {
            let kind = match test.kind {
                Kind::BinHarness => krate.kind == Kind::Bin,
                _ => matches!(krate.kind, Kind::Lib | Kind::ProcMacro),
            };
            krate.member
                && kind
                && (&krate.app, &krate.package, &krate.name) == (&test.app, &test.package, &test.name)
        };
        let Some(own) = apps.crates.iter().find(is_own) else { continue };
        let Some(own_s) = seconds(own, code) else { continue };
        let rate = own_s / solution.predict(&Sample::of(own, &apps.counts)?).max(1e-3);
        let only_tests = Crate { counts: test.test_counts.clone(), ..test.clone() };
        let variables = Sample::of(&only_tests, &apps.counts)?.variables;
        let tests_s = rate * dot(&solution.coefficients, &variables);
        rows.push(Row { name, kind: test.kind, own_s, tests_s, measured_s });
    }
    Ok(rows)
}

/// The least of a phase in `dev` builds that are not incremental.
fn seconds(krate: &Crate, code: bool) -> Option<f64> {
    let runs = krate.runs.iter().filter(|run| run.mode == Mode::Dev && !run.incremental);
    let seconds = runs.filter_map(|run| if code { run.codegen_s } else { Some(run.frontend_s) });
    seconds.reduce(f64::min)
}

/// Of the crate, of its tests.
fn factors(rows: &[&Row]) -> [f64; 2] {
    // As in the fit, relative errors count, those of large crates more.
    let weight = |row: &Row| row.measured_s.max(LEAST_S).powf(-0.7);
    let scaled: Vec<Vec<f64>> =
        rows.iter().map(|row| vec![row.own_s * weight(row), row.tests_s * weight(row)]).collect();
    let measured: Vec<f64> = rows.iter().map(|row| row.measured_s * weight(row)).collect();
    let found = nnls(&scaled, &measured, 0.0, None);
    [found.first().copied().unwrap_or(0.0), found.get(1).copied().unwrap_or(0.0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_of_the_crate_and_of_its_tests() {
        let row = |own_s: f64, tests_s: f64| Row {
            name: String::new(),
            kind: Kind::LibHarness,
            own_s,
            tests_s,
            measured_s: 0.6 * own_s + 1.5 * tests_s,
        };
        let rows = [row(1.0, 0.0), row(10.0, 4.0), row(2.0, 3.0)];
        let [own, tests] = factors(&rows.iter().collect::<Vec<_>>());
        assert!((own - 0.6).abs() < 1e-6 && (tests - 1.5).abs() < 1e-6, "{own} {tests}");
        assert_eq!(factors(&[]), [0.0, 0.0]);
    }
}
