//! The main job against its floor: reading and parsing the same files with syn alone, on as many threads.
//!
//! Each run is a process of its own, so that peaks of memory are separate and neither variant profits from the
//! other's warm allocator. Variants alternate, so that a slow spell of the machine hits all of them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use split_analyzer::discover::{DiscoverOptions, discover};
use split_analyzer::parse;
use split_analyzer::{OnStage, Options, Stage, analyze};

use crate::process;

/// Stack of a thread that runs syn's recursive parser, as the analysis has it.
const STACK: usize = 512 << 20;

/// What to compare.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Directory to analyse.
    path: PathBuf,
    /// How often each variant runs.
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// Threads of each variant; by default as many as there are cores.
    #[arg(long, default_value_t = 0)]
    threads: usize,
}

/// One measured run.
#[derive(clap::Args)]
pub(crate) struct RunArgs {
    variant: Variant,
    path: PathBuf,
    /// A file that lists the source files, one a line.
    list: PathBuf,
    threads: usize,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Variant {
    /// Reading the files and `syn::parse_file`, the syntax tree dropped at once.
    Syn,
    /// Discovery and the facts of all files.
    Facts,
    /// The whole analysis, report included.
    Analyze,
}

impl Variant {
    const ALL: [Variant; 3] = [Variant::Syn, Variant::Facts, Variant::Analyze];

    fn name(self) -> &'static str {
        match self {
            Variant::Syn => "syn",
            Variant::Facts => "facts",
            Variant::Analyze => "analyze",
        }
    }
}

/// What a run reports to the process that started it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Measured {
    seconds: f64,
    cpu_seconds: Option<f64>,
    peak_bytes: Option<u64>,
    files: usize,
    bytes: u64,
    lines: u64,
    /// Files that syn alone refuses: parts of another file that `include!` brings in, for example.
    refused: usize,
    /// Wall seconds of each stage of an analysis, in order.
    stages: Vec<(String, f64)>,
}

/// Runs one variant and prints a line of JSON.
pub(crate) fn run(args: &RunArgs) -> Result<()> {
    let list = std::fs::read_to_string(&args.list).with_context(|| args.list.display().to_string())?;
    let files: Vec<PathBuf> = list.lines().map(PathBuf::from).collect();
    rayon::ThreadPoolBuilder::new().num_threads(args.threads).stack_size(STACK).build_global()?;
    let start = Instant::now();
    let mut measured = match args.variant {
        Variant::Syn => syn_alone(&files)?,
        Variant::Facts => facts(&args.path)?,
        Variant::Analyze => whole(&args.path)?,
    };
    measured.seconds = start.elapsed().as_secs_f64();
    measured.cpu_seconds = process::cpu_seconds();
    measured.peak_bytes = process::peak_memory();
    println!("{}", serde_json::to_string(&measured)?);
    Ok(())
}

fn syn_alone(files: &[PathBuf]) -> Result<Measured> {
    let one = |path: &PathBuf| -> Result<Measured> {
        let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
        let text = String::from_utf8_lossy(&bytes);
        let refused = usize::from(syn::parse_file(&text).is_err());
        // Spans keep every source in a thread-local map until this is called.
        proc_macro2::extra::invalidate_current_thread_spans();
        let lines = text.lines().count() as u64;
        Ok(Measured { files: 1, bytes: bytes.len() as u64, lines, refused, ..Measured::default() })
    };
    files.par_iter().map(one).try_reduce(Measured::default, |a, b| {
        Ok(Measured {
            files: a.files + b.files,
            bytes: a.bytes + b.bytes,
            lines: a.lines + b.lines,
            refused: a.refused + b.refused,
            ..a
        })
    })
}

fn facts(path: &Path) -> Result<Measured> {
    let (repository, _) = discover(path, &DiscoverOptions::default())?;
    let (sources, _) = parse::load(&repository);
    let files = sources.files.len();
    Ok(Measured { files, ..Measured::default() })
}

fn whole(path: &Path) -> Result<Measured> {
    let begun: Arc<Mutex<Vec<(Stage, Instant)>>> = Arc::default();
    let on_stage = {
        let begun = Arc::clone(&begun);
        OnStage::new(move |stage| lock(&begun).push((stage, Instant::now())))
    };
    let analysis = analyze(&Options { on_stage, ..Options::new(path) })?;
    let report = analysis.report();
    // As the binary does it: the process ends.
    std::mem::forget(analysis);
    let bytes = serde_json::to_string(&report)?.len() as u64;
    let stages = durations(&lock(&begun), Instant::now());
    Ok(Measured { files: report.repository.files as usize, bytes, stages, ..Measured::default() })
}

/// Each stage lasts until the next one begins.
fn durations(begun: &[(Stage, Instant)], end: Instant) -> Vec<(String, f64)> {
    let ends = begun.iter().skip(1).map(|(_, start)| *start).chain([end]);
    let named = |((stage, start), end): (&(Stage, Instant), Instant)| {
        (format!("{stage:?}").to_lowercase(), end.duration_since(*start).as_secs_f64())
    };
    begun.iter().zip(ends).map(named).collect()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs all variants in turn and prints medians, ratios and peaks.
pub(crate) fn compare(args: &Args) -> Result<()> {
    ensure!(args.rounds > 0, "at least one round");
    let threads = if args.threads == 0 { rayon::current_num_threads() } else { args.threads };
    let list = SourceList::of(&args.path)?;
    let mut runs: [Vec<Measured>; Variant::ALL.len()] = Default::default();
    for _ in 0..args.rounds {
        for (variant, runs) in Variant::ALL.into_iter().zip(&mut runs) {
            runs.push(start(variant, &args.path, &list.path, threads)?);
        }
    }
    let floor = &runs[0][0];
    println!(
        "{} files, {:.2} MB, {} lines, {} threads, {} rounds, {} files refused by syn alone",
        floor.files,
        floor.bytes as f64 / 1e6,
        floor.lines,
        threads,
        args.rounds,
        floor.refused,
    );
    let base = summary(&runs[0]);
    println!("variant   median s   min s   max s   ratio   cpu s   ratio   peak MB");
    for (variant, runs) in Variant::ALL.into_iter().zip(&runs) {
        let row = summary(runs);
        let peak =
            row.peak_bytes.map_or_else(|| "?".to_owned(), |bytes| format!("{:.0}", bytes as f64 / 1e6));
        println!(
            "{:<8} {:>9.3} {:>7.3} {:>7.3} {:>7.2} {:>7.2} {:>7.2} {peak:>9}",
            variant.name(),
            row.seconds,
            row.least,
            row.most,
            row.seconds / base.seconds,
            row.cpu_seconds,
            row.cpu_seconds / base.cpu_seconds,
        );
    }
    println!("stages of analyze, median s: {}", stages(&runs[Variant::ALL.len() - 1]).join(", "));
    Ok(())
}

/// Medians of each stage.
fn stages(runs: &[Measured]) -> Vec<String> {
    let Some(first) = runs.first() else { return Vec::new() };
    let of = |index: usize| median(runs.iter().filter_map(|run| Some(run.stages.get(index)?.1)).collect());
    first.stages.iter().enumerate().map(|(index, (name, _))| format!("{name} {:.3}", of(index))).collect()
}

/// Runs one variant in a process of its own.
fn start(variant: Variant, path: &Path, list: &Path, threads: usize) -> Result<Measured> {
    let output = Command::new(std::env::current_exe()?)
        .args(["main-job-run", variant.name()])
        .args([path, list])
        .arg(threads.to_string())
        .output()?;
    ensure!(output.status.success(), "{}: {}", variant.name(), String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// What the runs of one variant come to.
struct Summary {
    /// Median wall seconds.
    seconds: f64,
    least: f64,
    most: f64,
    /// Median processor seconds; not a number where `/proc` doesn't say.
    cpu_seconds: f64,
    peak_bytes: Option<u64>,
}

fn summary(runs: &[Measured]) -> Summary {
    let wall: Vec<f64> = runs.iter().map(|run| run.seconds).collect();
    let cpu: Vec<f64> = runs.iter().map(|run| run.cpu_seconds.unwrap_or(f64::NAN)).collect();
    Summary {
        least: wall.iter().copied().fold(f64::INFINITY, f64::min),
        most: wall.iter().copied().fold(0.0, f64::max),
        seconds: median(wall),
        cpu_seconds: median(cpu),
        peak_bytes: runs.iter().filter_map(|run| run.peak_bytes).max(),
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { (values[middle - 1] + values[middle]) / 2.0 }
}

/// The files that the analysis reads, listed in a temporary file.
struct SourceList {
    path: PathBuf,
}

impl SourceList {
    fn of(root: &Path) -> Result<Self> {
        let (repository, _) = discover(root, &DiscoverOptions::default())?;
        let (sources, _) = parse::load(&repository);
        let lines: Vec<String> =
            sources.files.iter().map(|file| repository.root.join(&file.path).display().to_string()).collect();
        let path = std::env::temp_dir().join(format!("split-benches-{}.list", std::process::id()));
        std::fs::write(&path, lines.join("\n")).with_context(|| path.display().to_string())?;
        Ok(Self { path })
    }
}

impl Drop for SourceList {
    fn drop(&mut self) {
        // A list that stays behind in the temporary directory does no harm.
        let _ = std::fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_number_of_runs_lies_between() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), 2.5);
    }
}
