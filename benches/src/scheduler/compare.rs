//! `scheduler`: the simulated job queue against the real cargo, with a rustc that sleeps.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use split_analyzer::cost::measured::{CostsFile, UnitMode, parse_costs};
use split_analyzer::simulate::{Machine, Seconds, UnitGraph, measured_graph, simulate_on};

use crate::scheduler::stand_in::{LOG, REPLAY, TABLE};

/// Arguments of `scheduler`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A checkout and the costs that `split-advisor measure` wrote for it: `DIR=COSTS.json`.
    #[arg(required = true, value_name = "DIR=COSTS.json")]
    workspaces: Vec<String>,
    /// Numbers of jobs.
    #[arg(long, value_delimiter = ',', default_value = "1,2,4,8,16,32")]
    jobs: Vec<u32>,
    /// Real builds of each kind; each is compared.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Scales the durations to this mean, in milliseconds, in place of replaying them as they were recorded. The
    /// shorter, the more it counts that processes have to be started.
    #[arg(long)]
    unit_ms: Option<f64>,
}

/// The sleep of each unit while the overhead is found: long enough that the processors go idle in between, as they do
/// in the builds that are compared.
const CALIBRATION_S: f64 = 0.03;

/// The shortest code-generation unit that is played: sleeps are exact to some 0.1 ms.
const SHORTEST_S: f64 = 0.005;

/// One workspace, its units and how long they shall sleep.
struct Replay {
    name: String,
    dir: PathBuf,
    command: Vec<String>,
    graph: UnitGraph,
    /// What the stand-in calls each unit, by position.
    keys: Vec<String>,
    scratch: tempfile::TempDir,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    println!(
        "| workspace | units | mean | jobs | simulated | real cargo, median of {} | error |",
        args.rounds
    );
    println!("|---|---|---|---|---|---|---|");
    let (mut errors, mut starts_ms) = (Vec::new(), Vec::new());
    for workspace in &args.workspaces {
        let (dir, costs) = workspace.split_once('=').context("DIR=COSTS.json")?;
        let replay = Replay::new(Path::new(dir), Path::new(costs), args.unit_ms)?;
        let start_s = replay.overhead_s()?;
        starts_ms.push(format!("{} {:.1} ms", replay.name, start_s * 1e3));
        let machine = Machine { start_s, ..Machine::IDEAL };
        for &jobs in &args.jobs {
            let simulated_s = simulate_on(&replay.graph, jobs, &machine).makespan_s;
            let mut observed = Vec::new();
            for _ in 0..args.rounds {
                observed.push(replay.observe(jobs, &replay.graph)?);
            }
            observed.sort_by(f64::total_cmp);
            let median_s = observed[observed.len() / 2];
            let error = simulated_s / median_s - 1.0;
            errors.push(error.abs());
            println!(
                "| {} | {} | {:.0} ms | {jobs} | {simulated_s:.2} s | {median_s:.2} s ({:.2}–{:.2}) | {:+.1} % |",
                replay.name,
                replay.graph.units.len(),
                replay.mean_s() * 1e3,
                observed[0],
                observed[observed.len() - 1],
                error * 100.0
            );
        }
    }
    println!("\ncargo and process start, a unit: {}", starts_ms.join(", "));
    errors.sort_by(f64::total_cmp);
    if let Some(worst) = errors.last() {
        println!("median error {:.1} %, worst {:.1} %", errors[errors.len() / 2] * 100.0, worst * 100.0);
    }
    Ok(())
}

impl Replay {
    fn new(dir: &Path, costs: &Path, unit_ms: Option<f64>) -> anyhow::Result<Self> {
        let file = parse_costs(costs, &fs::read(costs).with_context(|| costs.display().to_string())?)?;
        let mut graph = measured_graph(&file, Seconds::Work { contention: 0.0 });
        let all_s: f64 = graph.units.iter().map(|u| u.work_s()).sum();
        let scale = unit_ms.map_or(1.0, |ms| ms / 1e3 * graph.units.len() as f64 / all_s);
        for unit in graph.units.iter_mut() {
            unit.frontend_s *= scale;
            unit.codegen_s *= scale;
            unit.link_s *= scale;
            // Sleeping needs no translation to LLVM's language first.
            unit.codegen_serial = 0.0;
            // No more threads than code-generation units of a length that a sleep keeps to.
            let most = (unit.codegen_s / SHORTEST_S).floor().max(1.0);
            unit.codegen_threads = unit.codegen_threads.min(most as u32);
        }
        let name = dir.file_name().context("a directory")?.to_string_lossy().into_owned();
        let command = file.build.command.clone();
        let keys = keys(&file)?;
        Ok(Self { name, dir: dir.to_owned(), command, graph, keys, scratch: tempfile::tempdir()? })
    }

    /// Seconds that a unit sleeps on one thread, on average.
    fn mean_s(&self) -> f64 {
        self.graph.units.iter().map(|u| u.work_s()).sum::<f64>() / self.graph.units.len() as f64
    }

    /// Seconds that cargo and the start of a process take for each unit: what is beyond the sleep when all units run one
    /// after the other and each sleeps equally long.
    fn overhead_s(&self) -> anyhow::Result<f64> {
        let mut even = self.graph.clone();
        for unit in even.units.iter_mut() {
            (unit.frontend_s, unit.codegen_s, unit.link_s) = (CALIBRATION_S, 0.0, 0.0);
        }
        Ok(self.observe(1, &even)? / even.units.len() as f64 - CALIBRATION_S)
    }

    /// Seconds from the start of the first unit to the end of the last under the real cargo.
    fn observe(&self, jobs: u32, graph: &UnitGraph) -> anyhow::Result<f64> {
        let dir = self.scratch.path();
        for used in [dir.join("target"), dir.join(LOG)] {
            if used.exists() {
                fs::remove_dir_all(&used)?;
            }
        }
        fs::create_dir(dir.join(LOG))?;
        fs::write(dir.join(TABLE), table(&self.keys, graph))?;
        let ours = |a: &&String| a.starts_with("--jobs=") || *a == "--offline";
        let arguments = self.command[1..].iter().filter(|a| !ours(a));
        let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(arguments)
            .args([format!("--jobs={jobs}"), "--offline".to_owned()])
            .current_dir(&self.dir)
            .env("RUSTC_WRAPPER", std::env::current_exe()?)
            .env("CARGO_TARGET_DIR", dir.join("target"))
            .env(REPLAY, dir)
            .stdout(Stdio::null())
            .output()?;
        if !output.status.success() {
            bail!("{}: cargo failed: {}", self.name, String::from_utf8_lossy(&output.stderr));
        }
        self.makespan_s()
    }

    fn makespan_s(&self) -> anyhow::Result<f64> {
        let (mut first, mut last, mut units) = (u128::MAX, 0, 0);
        for entry in fs::read_dir(self.scratch.path().join(LOG))? {
            let text = fs::read_to_string(entry?.path())?;
            let (start, end) = text.split_once(' ').context("two times")?;
            first = first.min(start.parse()?);
            last = last.max(end.parse()?);
            units += 1;
        }
        if units != self.graph.units.len() {
            bail!("{}: cargo built {units} units of {}: other arguments?", self.name, self.graph.units.len());
        }
        Ok((last - first) as f64 * 1e-9)
    }
}

/// The stand-in's names: the hash of a unit, or that of the script that a run executes.
fn keys(file: &CostsFile) -> anyhow::Result<Vec<String>> {
    let hash = |i: usize| file.units[i].hash.clone().context("a unit without cargo's hash");
    let of_unit = |(i, unit): (usize, &split_analyzer::cost::measured::UnitCost)| {
        if unit.mode != UnitMode::Run {
            return hash(i);
        }
        let below = unit.dependencies.iter().flatten().map(|d| d.unit as usize);
        let script = below
            .into_iter()
            .find(|&d| file.units[d].mode == UnitMode::Build && file.units[d].package == unit.package);
        Ok(format!("run-{}", hash(script.context("a run without its script")?)?))
    };
    file.units.iter().enumerate().map(of_unit).collect()
}

fn table(keys: &[String], graph: &UnitGraph) -> String {
    let mut lines = BTreeMap::new();
    for (key, unit) in keys.iter().zip(graph.units.iter()) {
        lines.insert(key, unit);
    }
    let mut text = String::new();
    for (key, unit) in lines {
        let [frontend_ms, codegen_ms, link_ms] =
            [unit.frontend_s, unit.codegen_s, unit.link_s].map(|s| s * 1e3);
        let _ =
            writeln!(text, "{key} {frontend_ms:.3} {codegen_ms:.3} {} {link_ms:.3}", unit.codegen_threads);
    }
    text
}
