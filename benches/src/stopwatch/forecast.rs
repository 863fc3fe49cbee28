//! `forecast`: builds of applications that happened, against what the simulation says of them: from the sources alone, and with
//! what a build before has left in the target directory.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::Deserialize;
use split_analyzer::cost::import::CostInput;
use split_analyzer::cost::measured::{UnitCost, UnitMode, UnitTargetKind};
use split_analyzer::cost::{Costs, Mode};
use split_analyzer::discover::{BuiltOptions, DiscoverOptions, TargetKind};
use split_analyzer::ids::{CrateId, Id, UnitId};
use split_analyzer::simulate::{
    External, Machine, UnitGraph, UnitOptions, Units, edit, simulate_on, unit_graph,
};
use split_analyzer::{Codebase, Options};

use crate::fit::solve::statistics::{median, quantile};

/// Arguments of `forecast`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Builds that happened, as a list of [`Case`]s in JSON.
    cases: PathBuf,
    /// Also print every unit.
    #[arg(long)]
    units: bool,
}

/// A build with one job that happened.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Case {
    /// What the application is called.
    app: String,
    /// Its checkout.
    dir: PathBuf,
    /// What cargo was told of features.
    #[serde(default)]
    features: Vec<String>,
    #[serde(default)]
    no_default_features: bool,
    /// What cargo was asked to do.
    mode: Mode,
    /// The file that was edited before; else the workspace's own crates were built from nothing.
    #[serde(default)]
    edit: Option<String>,
    /// Cargo's page of the build.
    page: PathBuf,
    /// Seconds from the call of cargo to its end, if it built nothing but the workspace's own crates; else these count with
    /// the time they took.
    #[serde(default)]
    seconds: Option<f64>,
    /// The target directory as it was before.
    #[serde(default)]
    before: Option<PathBuf>,
}

/// What was said of a build, and what it took.
struct Row {
    case: Case,
    units: usize,
    measured_s: f64,
    source: Forecast,
    stamps: Option<Forecast>,
}

#[derive(Clone, Copy)]
struct Forecast {
    seconds: f64,
    /// Four of five times it is no further off than by this factor.
    interval: f64,
}

impl Forecast {
    fn off(self, measured_s: f64) -> f64 {
        (self.seconds / measured_s).ln().abs()
    }

    fn holds(self, measured_s: f64) -> bool {
        self.off(measured_s) <= self.interval.ln()
    }

    fn cell(self, measured_s: f64) -> String {
        format!(
            "{:.1} s ({:.1} to {:.1}{}) | ×{:.2}",
            self.seconds,
            self.seconds / self.interval,
            self.seconds * self.interval,
            if self.holds(measured_s) { "" } else { ", missed" },
            self.seconds / measured_s
        )
    }
}

/// Prints a row for each build, and how far off they are.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(&args.cases).with_context(|| args.cases.display().to_string())?;
    let cases: Vec<Case> = serde_json::from_str(&text)?;
    let mut known = BTreeMap::new();
    let rows = cases
        .into_iter()
        .map(|case| row(case, &mut known, args.units))
        .collect::<anyhow::Result<Vec<_>>>()?;
    println!(
        "| application | `cargo …` | | units | measured | from source (80 %) | | with stamps (80 %) | |\n\
         |---|---|---|---|---|---|---|---|---|"
    );
    for row in &rows {
        println!(
            "| {} | {} | {} | {} | {:.1} s | {} | {} |",
            row.case.app,
            command(row.case.mode),
            row.case.edit.as_ref().map_or_else(|| "clean".to_owned(), |file| format!("`{file}`")),
            row.units,
            row.measured_s,
            row.source.cell(row.measured_s),
            row.stamps.map_or_else(|| "– | ".to_owned(), |stamps| stamps.cell(row.measured_s))
        );
    }
    summary(&rows);
    Ok(())
}

fn command(mode: Mode) -> &'static str {
    match mode {
        Mode::Check => "check",
        Mode::Dev => "build",
        Mode::Release => "build --release",
        Mode::Test => "test --no-run",
    }
}

/// Which rows count.
type Class = fn(&Row) -> bool;

fn summary(rows: &[Row]) {
    println!(
        "\n| builds | | source: median, 80 % | within 2.5 | inside | stamps: median error, 80 % | inside |\n\
         |---|---|---|---|---|---|---|"
    );
    let classes: [(&str, Class); 9] = [
        ("all", |_| true),
        ("clean", |r| r.case.edit.is_none()),
        ("edits", |r| r.case.edit.is_some()),
        ("clean check", |r| r.case.edit.is_none() && r.case.mode == Mode::Check),
        ("clean build", |r| r.case.edit.is_none() && r.case.mode == Mode::Dev),
        ("clean test", |r| r.case.edit.is_none() && r.case.mode == Mode::Test),
        ("edits, check", |r| r.case.edit.is_some() && r.case.mode == Mode::Check),
        ("edits, build", |r| r.case.edit.is_some() && r.case.mode == Mode::Dev),
        ("edits, test", |r| r.case.edit.is_some() && r.case.mode == Mode::Test),
    ];
    for (name, counts) in classes {
        let of = |of: fn(&Row) -> Option<Forecast>| -> Vec<(Forecast, f64)> {
            let rows = rows.iter().filter(|row| counts(row));
            rows.filter_map(|row| Some((of(row)?, row.measured_s))).collect()
        };
        let (source, stamps) = (of(|row| Some(row.source)), of(|row| row.stamps));
        let share = |all: &[(Forecast, f64)], holds: fn(&(Forecast, f64)) -> bool| {
            100.0 * all.iter().filter(|f| holds(f)).count() as f64 / all.len().max(1) as f64
        };
        let factor =
            |all: &[(Forecast, f64)], at: f64| quantile(all.iter().map(|(f, m)| f.off(*m)), at).exp();
        let error = |all: &[(Forecast, f64)], at: f64| {
            100.0 * quantile(all.iter().map(|(f, m)| (f.seconds / m - 1.0).abs()), at)
        };
        if source.is_empty() {
            continue;
        }
        println!(
            "| {name} | {} | ×{:.2}, ×{:.2} | {:.0} % | {:.0} % | {:.0} %, {:.0} % of {} | {:.0} % |",
            source.len(),
            median(source.iter().map(|(f, m)| f.off(*m))).exp(),
            factor(&source, 0.8),
            share(&source, |(f, m)| f.off(*m) <= 2.5_f64.ln()),
            share(&source, |(f, m)| f.holds(*m)),
            error(&stamps, 0.5),
            error(&stamps, 0.8),
            stamps.len(),
            share(&stamps, |(f, m)| f.holds(*m)),
        );
    }
}

/// Code that was read, by the checkout and the target directory.
type Read = BTreeMap<(PathBuf, Option<PathBuf>), Codebase>;

fn row(case: Case, known: &mut Read, units: bool) -> anyhow::Result<Row> {
    let (mut measured, mut left) = ((0, 0.0), None);
    let mut source = None;
    for before in [None, case.before.clone()] {
        if source.is_some() && before.is_none() {
            continue;
        }
        let key = (case.dir.clone(), before.clone());
        if !known.contains_key(&key) {
            known.insert(key.clone(), read(&case, before.as_deref())?);
        }
        let code = &known[&key];
        let page = own_units(&case, code)?;
        let costs = code.costs_from(&[case.mode], &[])?.into_iter().next().context("costs")?;
        let forecast = forecast(&case, code, &costs, &page, units)?;
        if before.is_none() {
            let all: f64 = page.iter().filter_map(UnitCost::duration_s).sum();
            measured = (page.len(), case.seconds.unwrap_or(all));
            source = Some(forecast);
        } else {
            left = Some(forecast);
        }
    }
    let source = source.context("a forecast")?;
    Ok(Row { case, units: measured.0, measured_s: measured.1, source, stamps: left })
}

fn read(case: &Case, before: Option<&Path>) -> anyhow::Result<Codebase> {
    let options = Options {
        path: case.dir.clone(),
        discover: DiscoverOptions {
            features: case.features.clone(),
            no_default_features: case.no_default_features,
            ..DiscoverOptions::default()
        },
        built: before.map(|dir| BuiltOptions {
            target_dir: Some(dir.to_owned()),
            only_target_dir: true,
            // The page would tell the seconds that are asked for.
            pages: 0,
            ..BuiltOptions::default()
        }),
        ..Options::default()
    };
    let code = split_analyzer::read(&options)?;
    if before.is_some() && code.built.builds.is_empty() {
        bail!("{}: nothing of a build is left: {:?}", case.app, code.built.refused);
    }
    Ok(code)
}

/// What the page says of the workspace's own crates.
fn own_units(case: &Case, code: &Codebase) -> anyhow::Result<Vec<UnitCost>> {
    let bytes = std::fs::read(&case.page).with_context(|| case.page.display().to_string())?;
    let input = CostInput::Timings { path: case.page.clone(), bytes, log: None };
    let mut units = input.read(&code.repository)?.units;
    units.retain(|unit| unit.member == Some(true));
    Ok(units)
}

/// What makes a unit of the page one of the graph: package, target, name, and whether it is a test harness.
type Key = (String, UnitTargetKind, String, bool);

fn key(unit: &UnitCost) -> Key {
    let harness = matches!(unit.mode, UnitMode::Test | UnitMode::CheckTest);
    (unit.package.clone(), unit.target.kind, unit.target.name.clone(), harness)
}

fn target_kind(kind: TargetKind) -> UnitTargetKind {
    match kind {
        TargetKind::Lib => UnitTargetKind::Lib,
        TargetKind::ProcMacro => UnitTargetKind::ProcMacro,
        TargetKind::Bin => UnitTargetKind::Bin,
        TargetKind::Test => UnitTargetKind::Test,
        TargetKind::Example => UnitTargetKind::Example,
        TargetKind::Bench => UnitTargetKind::Bench,
        TargetKind::BuildScript => UnitTargetKind::BuildScript,
    }
}

/// Units of the graph that stand on the page, by what they are.
fn on_page(code: &Codebase, units: &Units, page: &[UnitCost]) -> BTreeMap<UnitId, Key> {
    let wanted: BTreeSet<Key> = page.iter().map(key).collect();
    let mut found = BTreeMap::new();
    for (id, krate) in code.resolution.crates.iter_enumerated() {
        let target = &code.repository.targets[krate.target];
        let package = code.repository.packages[target.package].name.clone();
        let key = |harness| (package.clone(), target_kind(target.kind), target.crate_name.clone(), harness);
        let plain = units.of_crate.get(id).copied().flatten().into_iter();
        let plain =
            plain.chain(units.host_of_crate.get(id).copied().flatten()).map(|unit| (unit, key(false)));
        let harness = units.harness_of_crate.get(id).copied().flatten().map(|unit| (unit, key(true)));
        found.extend(plain.chain(harness).filter(|(_, key)| wanted.contains(key)));
    }
    found
}

/// The simulation of what cargo built, with one job.
fn forecast(
    case: &Case,
    code: &Codebase,
    costs: &Costs,
    page: &[UnitCost],
    print: bool,
) -> anyhow::Result<Forecast> {
    let workspace = code.repository.workspaces.ids().next().context("a workspace")?;
    let options = UnitOptions { workspace, external: External::Cached };
    let units = unit_graph(&code.repository, &code.resolution, costs, options);
    let present = on_page(code, &units, page);
    let mut graph = units.graph.clone();
    if let Some(file) = &case.edit {
        let krate = crate_of(code, file).with_context(|| format!("{}: no crate of {file}", case.app))?;
        let changed: Vec<UnitId> = units.changed_with(krate).collect();
        graph = edit(&graph, &changed, costs.incremental());
    }
    let packages: BTreeSet<&str> = page.iter().map(|unit| unit.package.as_str()).collect();
    for id in units.graph.units.ids() {
        let unit = &mut graph.units[id];
        let run = unit.name.ends_with("(build script run)")
            && packages.iter().any(|package| unit.name.starts_with(&format!("{package} ")));
        unit.fresh |= !run && !present.contains_key(&id);
    }
    let machine = match case.seconds {
        Some(_) => Machine::usual(1, code.repository.workspaces[workspace].locked.len()),
        None => Machine { start_s: 0.0, before_s: 0.0, ..Machine::usual(1, 0) },
    };
    if print {
        print_units(case, &graph, &present, page);
    }
    let seconds = simulate_on(&graph, 1, &machine).makespan_s;
    let interval = if case.edit.is_some() { costs.edit_error_factor() } else { costs.build_error_factor() };
    Ok(Forecast { seconds, interval })
}

/// The crate that a file is compiled into.
fn crate_of(code: &Codebase, file: &str) -> Option<CrateId> {
    let mut modules = code.resolution.modules.iter();
    modules.find(|module| code.resolution.files[module.file].path == file).map(|module| module.krate)
}

/// Every unit: what was said of it, and what it took.
fn print_units(case: &Case, graph: &UnitGraph, present: &BTreeMap<UnitId, Key>, page: &[UnitCost]) {
    let what = case.edit.as_deref().unwrap_or("clean");
    for (id, unit) in graph.units.iter_enumerated().filter(|(_, unit)| !unit.fresh) {
        let of = present.get(&id);
        let same: Vec<&UnitCost> = page.iter().filter(|u| of.is_some_and(|key_| *key_ == key(u))).collect();
        let sum = |seconds: fn(&UnitCost) -> Option<f64>| same.iter().filter_map(|u| seconds(u)).sum::<f64>();
        println!(
            "unit\t{}\t{:?}\t{what}\t{}\t{}\t{:.2}\t{:.2}\t{:.2}\t{:.2}\t{:.2}",
            case.app,
            case.mode,
            id.index(),
            unit.name,
            unit.frontend_s,
            unit.codegen_s,
            unit.link_s,
            sum(UnitCost::frontend_s),
            sum(UnitCost::duration_s)
        );
    }
    for missing in page.iter().filter(|u| u.mode != UnitMode::Run && !present.values().any(|k| *k == key(u)))
    {
        println!(
            "unit\t{}\t{:?}\t{what}\tnot in the graph: {}\t{:.2}",
            case.app,
            case.mode,
            missing.title(),
            missing.duration_s().unwrap_or_default()
        );
    }
}
