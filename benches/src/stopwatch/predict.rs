//! `predict`: real builds with one and two jobs, each predicted from the other.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use anyhow::{Context, bail};
use split_analyzer::cost::measured::{BuildMode, CostsFile, Outcome, UnitCost, UnitMode, parse_costs};
use split_analyzer::measure::{MeasureOptions, measure};
use split_analyzer::simulate::{Machine, Seconds, measured_graph, simulate_on};

/// Arguments of `predict`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Checkouts and what to do there: `DIR=check` or `DIR=build`.
    #[arg(required = true, value_name = "DIR=MODE")]
    workspaces: Vec<String>,
    /// Where the measured costs are kept; what is there already is not measured again.
    #[arg(long, default_value = "out/predict")]
    costs: PathBuf,
    /// More arguments for cargo.
    #[arg(last = true)]
    cargo_arguments: Vec<String>,
}

/// The jobs that are compared.
const JOBS: [u32; 2] = [1, 2];

/// One workspace, built with one job and with two.
struct Pair {
    name: String,
    builds: [CostsFile; 2],
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let pairs = args.workspaces.iter().map(|w| Pair::new(w, args)).collect::<anyhow::Result<Vec<_>>>()?;
    println!("| workspace | units | from | to | predicted | real | error | ideal machine |");
    println!("|---|---|---|---|---|---|---|---|");
    let mut errors = Vec::new();
    for (i, pair) in pairs.iter().enumerate() {
        // The machine is known from the other workspaces only.
        let others: Vec<&Pair> = pairs.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, p)| p).collect();
        let host = if others.is_empty() { host(&[pair]) } else { host(&others) };
        for (from, to) in [(0, 1), (1, 0)] {
            let real_s = makespan_s(&pair.builds[to]);
            let predicted_s = predict_s(&pair.builds[from], JOBS[to], &host);
            let ideal_s = predict_s(&pair.builds[from], JOBS[to], &IDEAL);
            let error = predicted_s / real_s - 1.0;
            errors.push(error.abs());
            println!(
                "| {} | {} | -j{} | -j{} | {predicted_s:.1} s | {real_s:.1} s | {:+.1} % | {:+.1} % |",
                pair.name,
                pair.builds[0].units.len(),
                JOBS[from],
                JOBS[to],
                error * 100.0,
                (ideal_s / real_s - 1.0) * 100.0
            );
        }
    }
    errors.sort_by(f64::total_cmp);
    let all = host(&pairs.iter().collect::<Vec<_>>());
    println!(
        "\nmedian error {:.1} %, worst {:.1} %; with two jobs {:+.0} % on the wall, {:+.0} % of processor time; {:.1} ms a unit",
        errors[errors.len() / 2] * 100.0,
        errors[errors.len() - 1] * 100.0,
        all.machine.contention * 100.0,
        all.cpu_contention * 100.0,
        all.machine.start_s * 1e3
    );
    Ok(())
}

/// Cores of their own, and no time for cargo.
const IDEAL: Host = Host { machine: Machine::IDEAL, cpu_contention: 0.0 };

fn predict_s(file: &CostsFile, jobs: u32, host: &Host) -> f64 {
    let graph = measured_graph(file, Seconds::Work { contention: host.cpu_contention });
    simulate_on(&graph, jobs, &host.machine).makespan_s
}

/// Seconds from the start of the first unit to the end of the last.
fn makespan_s(file: &CostsFile) -> f64 {
    let first = file.units.iter().map(|u| u.start_s).fold(f64::INFINITY, f64::min);
    file.units.iter().filter_map(|u| u.end_s).fold(0.0, f64::max) - first
}

/// What two jobs do to one machine, and what cargo takes between units.
#[derive(Clone, Copy)]
struct Host {
    machine: Machine,
    /// How much more *processor* time a unit takes when it is not alone. [`Machine::contention`] is about the clock on
    /// the wall, in which processes also wait for a core that something else uses.
    cpu_contention: f64,
}

/// Medians over workspaces that were built both ways.
fn host(pairs: &[&Pair]) -> Host {
    let median = |of: &dyn Fn(&Pair) -> f64| {
        let mut all: Vec<f64> = pairs.iter().map(|p| of(p)).collect();
        all.sort_by(f64::total_cmp);
        // The mean of the middle two, if there is no middle one.
        (all[(all.len() - 1) / 2] + all[all.len() / 2]) / 2.0
    };
    let start_s = median(&|Pair { builds: [one, _], .. }| {
        let busy_s: f64 = one.units.iter().filter_map(UnitCost::duration_s).sum();
        (makespan_s(one) - busy_s) / one.units.len() as f64
    });
    let growth = |of: fn(&CostsFile) -> f64, [one, two]: &[CostsFile; 2]| {
        ((of(two) / of(one) - 1.0) / together(two)).max(0.0)
    };
    let contention = median(&|p| growth(frontend_s, &p.builds));
    Host {
        machine: Machine { cores: 2, contention, start_s, before_s: 0.0 },
        cpu_contention: median(&|p| growth(cpu_s, &p.builds)),
    }
}

/// The share of a build's time in which two units ran.
fn together(file: &CostsFile) -> f64 {
    let busy_s: f64 = file.units.iter().filter_map(UnitCost::duration_s).sum();
    (busy_s / makespan_s(file) - 1.0).clamp(0.01, 1.0)
}

/// Seconds on the wall that all front ends took: they are serial, so only what else runs changes them.
fn frontend_s(file: &CostsFile) -> f64 {
    let compiles = file.units.iter().filter(|u| u.mode != UnitMode::Run);
    compiles.filter_map(|u| u.frontend_s().or(u.duration_s())).sum()
}

fn cpu_s(file: &CostsFile) -> f64 {
    file.units.iter().filter_map(|u| u.cpu).map(|c| c.total_s()).sum()
}

impl Pair {
    fn new(workspace: &str, args: &Args) -> anyhow::Result<Self> {
        let (dir, mode) = workspace.split_once('=').context("DIR=MODE")?;
        let mode = match mode {
            "check" => BuildMode::Check,
            "build" => BuildMode::Build,
            _ => bail!("{mode}: check or build"),
        };
        let name = Path::new(dir).file_name().context("a directory")?.to_string_lossy().into_owned();
        let build = |jobs: u32| {
            let path = args.costs.join(format!("{name}-j{jobs}.json"));
            if path.exists() {
                return Ok(parse_costs(&path, &fs::read(&path)?)?);
            }
            let options = MeasureOptions {
                path: dir.into(),
                mode,
                jobs: Some(jobs),
                quiet: true,
                cargo_arguments: args.cargo_arguments.clone(),
                ..MeasureOptions::default()
            };
            let scratch = tempfile::tempdir()?;
            let wrapper = std::env::current_exe()?;
            let measured = measure(&options, &wrapper, scratch.path(), &AtomicBool::new(false))?;
            if measured.costs.build.outcome != Outcome::Complete {
                bail!("{name}: the build failed: {}", measured.messages);
            }
            fs::create_dir_all(&args.costs)?;
            fs::write(&path, serde_json::to_string_pretty(&measured.costs)?)?;
            anyhow::Ok(measured.costs)
        };
        Ok(Self { name: name.clone(), builds: [build(JOBS[0])?, build(JOBS[1])?] })
    }
}
