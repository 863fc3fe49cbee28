//! The fuzz targets of `analyzer/fuzz`, each a number of times.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, bail};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Targets; without any, all of them
    targets: Vec<String>,
    /// How often each is run
    #[arg(long, default_value_t = 1_000_000)]
    runs: u64,
    /// Runs of one process: names are interned, and kept as long as it lives
    #[arg(long, default_value_t = 100_000)]
    slice: u64,
    /// No slice of a target begins after this many seconds
    #[arg(long)]
    seconds: Option<u64>,
    /// The first slice's seed
    #[arg(long, default_value_t = 1)]
    seed: u32,
    /// The package of the targets
    #[arg(long, default_value = "analyzer/fuzz")]
    dir: PathBuf,
}

/// Each target, its dictionary, and the longest input in bytes: longer ones take longer and find the same. Of source and answers a
/// few items are enough.
const TARGETS: [(&str, &str, u32); 17] = [
    ("answer", "rust", 512),
    ("build_analysis", "json", 4096),
    ("cfg", "rust", 512),
    ("configuration", "toml", 2048),
    ("costs_file", "json", 4096),
    ("fingerprints", "json", 1024),
    ("git_log", "json", 2048),
    ("graph", "json", 1024),
    ("lock", "toml", 2048),
    ("manifests", "toml", 4096),
    ("metadata", "json", 4096),
    ("names", "rust", 256),
    ("plan", "toml", 1024),
    ("report", "json", 8192),
    ("source", "rust", 512),
    ("test_times", "json", 2048),
    ("timings", "json", 4096),
];

/// How long a single input may take, in seconds, and how much memory a process may have, in megabytes.
const LIMITS: [&str; 2] = ["-timeout=10", "-rss_limit_mb=2048"];

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    if let Some(unknown) = args.targets.iter().find(|name| TARGETS.iter().all(|(known, ..)| known != *name)) {
        bail!("no target `{unknown}`");
    }
    let mut findings = Vec::new();
    for (name, dictionary, longest) in TARGETS {
        if args.targets.is_empty() || args.targets.iter().any(|asked| asked == name) {
            let begin = Instant::now();
            let (runs, fine) = target(args, name, dictionary, longest)?;
            let (took, corpus) = (begin.elapsed().as_secs_f64(), count(&corpus(args, name)?)?);
            let ended = if fine { "" } else { ", ended by a finding" };
            println!("{name}: {runs} runs, {took:.0} s, {corpus} inputs in the corpus{ended}");
            findings.extend((!fine).then_some(name));
        }
    }
    if findings.is_empty() { Ok(()) } else { bail!("found something: {}", findings.join(", ")) }
}

/// How many runs there were, and whether none found anything.
fn target(args: &Args, name: &str, dictionary: &str, longest: u32) -> anyhow::Result<(u64, bool)> {
    let begin = Instant::now();
    let in_time = || args.seconds.is_none_or(|most| begin.elapsed().as_secs() < most);
    let mut runs = 0;
    for seed in args.seed.. {
        if runs >= args.runs || !in_time() {
            break;
        }
        // Inputs are read on the main thread, whose stack is as large as the limit of its process.
        let mut command = Command::new("sh");
        command
            .args(["-c", "ulimit -s 524288 && exec cargo \"$@\"", "fuzz"])
            // Tracing what is compared takes most of the time of these targets; the dictionaries have what it would find.
            .args(["+nightly", "fuzz", "run", "--sanitizer", "none", "--no-trace-compares", "--fuzz-dir"])
            .arg(&args.dir)
            .arg(name);
        command.arg(corpus(args, name)?).arg(args.dir.join("seeds").join(name)).arg("--").args(LIMITS);
        command.arg(format!("-dict={}", args.dir.join("dictionaries").join(dictionary).display()));
        command.arg(format!("-max_len={longest}")).arg(format!("-seed={seed}"));
        let slice = args.slice.min(args.runs - runs);
        command.arg(format!("-runs={slice}")).stdin(Stdio::null());
        let output = command.output().context("cannot run cargo")?;
        let said = String::from_utf8_lossy(&output.stderr);
        // `Done 100000 runs in 12 second(s)`.
        let done =
            said.lines().rev().find_map(|line| line.strip_prefix("Done ")?.split(' ').next()?.parse().ok());
        match done.filter(|_| output.status.success()) {
            Some(done) => runs += Ord::max(1_u64, done),
            None => {
                println!("{said}");
                return Ok((runs, false));
            }
        }
    }
    Ok((runs, true))
}

fn corpus(args: &Args, name: &str) -> anyhow::Result<PathBuf> {
    let dir = args.dir.join("corpus").join(name);
    std::fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
    Ok(dir)
}

fn count(dir: &Path) -> anyhow::Result<usize> {
    Ok(std::fs::read_dir(dir).with_context(|| dir.display().to_string())?.count())
}
