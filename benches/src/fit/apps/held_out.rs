//! `fit held-out`: what the analyzer says of applications that no fit has seen, from their sources alone, against what they
//! took.

use std::collections::BTreeMap;

use anyhow::Context;
use split_analyzer::cost::{Costs, Mode};
use split_analyzer::discover::TargetKind;
use split_analyzer::ids::CrateId;
use split_analyzer::{Codebase, Options};

use crate::fit::apps::build::{Apps, Crate, Kind, name_and_dir};
use crate::fit::solve::part::LEAST_S;
use crate::fit::solve::statistics::median;

/// One crate or a whole application.
struct Row {
    what: String,
    mode: Mode,
    predicted_s: f64,
    measured_s: f64,
    /// The factor of the interval that the analyzer gives.
    interval: f64,
}

impl Row {
    fn off(&self) -> f64 {
        (self.predicted_s / self.measured_s).ln().abs()
    }

    fn inside(&self) -> bool {
        self.off() <= self.interval.ln()
    }

    fn line(&self) -> String {
        let mode = if self.mode == Mode::Check { "check" } else { "dev" };
        format!(
            "| {} | {mode} | {:.1} s | {:.1} s | ×{:.2} | {:.1} to {:.1} s | {} |",
            self.what,
            self.predicted_s,
            self.measured_s,
            self.predicted_s / self.measured_s,
            self.predicted_s / self.interval,
            self.predicted_s * self.interval,
            if self.inside() { "yes" } else { "no" }
        )
    }
}

/// Prints the tables: each own crate, and the sum of each application.
pub(crate) fn compare(apps: &Apps, dirs: &[String]) -> anyhow::Result<()> {
    let (mut crates, mut wholes) = (Vec::new(), Vec::new());
    for text in dirs {
        let (name, dir) = name_and_dir(text)?;
        let app =
            apps.apps.iter().find(|a| a.name == name && a.held_out).context("a held-out application")?;
        let options = Options { path: dir, discover: super::build::features_of(app), ..Options::default() };
        let code = split_analyzer::read(&options)?;
        for costs in code.costs(&[Mode::Check, Mode::Dev]) {
            let rows = rows(&code, &costs, apps.crates.iter().filter(|c| c.member && c.app == name));
            let sum = |of: fn(&Row) -> f64| rows.iter().map(of).sum::<f64>();
            if !rows.is_empty() {
                wholes.push(Row {
                    what: name.clone(),
                    mode: costs.mode,
                    predicted_s: sum(|r| r.predicted_s),
                    measured_s: sum(|r| r.measured_s),
                    interval: costs.build_error_factor(),
                });
            }
            crates.extend(rows.into_iter().filter(|r| r.measured_s >= LEAST_S));
        }
    }
    print("application", &wholes);
    print("crate", &crates);
    Ok(())
}

fn print(what: &str, rows: &[Row]) {
    println!(
        "| {what} | mode | predicted | measured | factor | interval | inside |\n|---|---|---|---|---|---|---|"
    );
    rows.iter().for_each(|row| println!("{}", row.line()));
    let share = |of: &dyn Fn(&Row) -> bool| {
        100.0 * rows.iter().filter(|r| of(r)).count() as f64 / rows.len().max(1) as f64
    };
    println!(
        "\nmedian factor {:.2}; {:.0} % within 2.5, {:.0} % inside the interval, of {}\n",
        median(rows.iter().map(Row::off)).exp(),
        share(&|r| r.off() <= 2.5_f64.ln()),
        share(&Row::inside),
        rows.len()
    );
}

/// Each own crate that was built as people build it.
fn rows<'a>(code: &Codebase, costs: &Costs, measured: impl Iterator<Item = &'a Crate>) -> Vec<Row> {
    let by_name: BTreeMap<(&str, Kind, &str), CrateId> = code
        .resolution
        .crates
        .iter_enumerated()
        .filter_map(|(id, krate)| {
            let target = &code.repository.targets[krate.target];
            let kind = match target.kind {
                TargetKind::Lib => Kind::Lib,
                TargetKind::Bin => Kind::Bin,
                _ => return None,
            };
            let package = &code.repository.packages[target.package];
            Some(((package.name.as_str(), kind, target.crate_name.as_str()), id))
        })
        .collect();
    measured
        .filter_map(|krate| {
            let id = by_name.get(&(krate.package.as_str(), krate.kind, krate.name.as_str()))?;
            let run = krate.runs.iter().find(|r| r.mode == costs.mode && r.incremental)?;
            Some(Row {
                what: format!(
                    "{} ({})",
                    krate.package,
                    if krate.kind == Kind::Bin { "program" } else { "library" }
                ),
                mode: costs.mode,
                predicted_s: costs.crates[*id].total_s(),
                measured_s: run.frontend_s + run.codegen_s.unwrap_or_default(),
                interval: costs.crate_error_factor(*id),
            })
        })
        .collect()
}
