//! Sources made wrong at random, any number of them: nothing may panic, and all must end soon.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use walkdir::WalkDir;

use crate::mutation_batch::{Depth, Wrong, read};
use crate::mutation_mutate::{Random, mutate};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Directories whose `.rs` files are changed; without any, the working directory and the registry's sources
    dirs: Vec<PathBuf>,
    /// How many changed files are read
    #[arg(long, default_value_t = 10_000)]
    files: usize,
    /// Where the random numbers begin
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many files are read at once
    #[arg(long, default_value_t = 250)]
    batch: usize,
    /// Read as far as the report, not only to the references
    #[arg(long)]
    whole: bool,
    /// Where the changed files are written; those of the last batch stay
    #[arg(long, default_value = "target/mutants")]
    scratch: PathBuf,
}

/// Larger files hold the same code more often.
const MOST_BYTES: u64 = 40_000;
/// A batch that takes longer is looked at file by file.
const BATCH_LIMIT: Duration = Duration::from_secs(120);
/// A single file that takes longer is a finding.
const FILE_LIMIT: Duration = Duration::from_secs(10);

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    split_analyzer::keep_panics();
    let sources = sources(&args.dirs)?;
    println!("{} sources, seed {}", sources.len(), args.seed);
    let depth = if args.whole { Depth::Report } else { Depth::References };
    let begin = Instant::now();
    let (mut done, mut findings, mut slowest) = (0, 0, Duration::ZERO);
    while done < args.files {
        // Each batch has a seed of its own, so that one can be made again alone.
        let mut random = Random::new(args.seed.wrapping_add(done as u64));
        let count = args.batch.min(args.files - done);
        let mutants: Vec<String> = (0..count).map(|_| mutant(&sources, &mut random)).collect();
        let start = Instant::now();
        if let Err(wrong) = read(&args.scratch, &mutants, depth, BATCH_LIMIT) {
            findings += findings_of(&args.scratch, &mutants, depth, wrong, args.seed + done as u64)?;
        }
        slowest = slowest.max(start.elapsed());
        done += count;
        if done % (20 * args.batch) == 0 {
            println!("{done} files, {findings} findings, {:.0} s", begin.elapsed().as_secs_f64());
        }
    }
    let (took, slowest) = (begin.elapsed().as_secs_f64(), slowest.as_secs_f64());
    println!("{done} files, {findings} findings, {took:.0} s; the slowest batch took {slowest:.1} s");
    if findings > 0 { bail!("{findings} findings") } else { Ok(()) }
}

fn mutant(sources: &[PathBuf], random: &mut Random) -> String {
    let mut pick = || {
        let bytes = std::fs::read(&sources[random.below(sources.len())]).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let (text, other) = (pick(), pick());
    mutate(&text, &other, random)
}

/// Each file alone: those that are to blame are kept beside the scratch directory.
fn findings_of(
    scratch: &Path,
    mutants: &[String],
    depth: Depth,
    wrong: Wrong,
    seed: u64,
) -> anyhow::Result<usize> {
    let mut found = 0;
    for (i, mutant) in mutants.iter().enumerate() {
        let Err(wrong) = read(scratch, std::slice::from_ref(mutant), depth, FILE_LIMIT) else { continue };
        let kept = scratch.with_extension(format!("{seed}-{i}.rs"));
        std::fs::write(&kept, mutant).with_context(|| format!("cannot write {}", kept.display()))?;
        println!("{}: {}", kept.display(), said(&wrong));
        found += 1;
    }
    if found == 0 {
        println!("seed {seed}: only all {} files together: {}", mutants.len(), said(&wrong));
        found = 1;
    }
    Ok(found)
}

fn said(wrong: &Wrong) -> &str {
    match wrong {
        Wrong::Panic(said) => said,
        Wrong::Hang => "took too long",
    }
}

fn sources(dirs: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut dirs = dirs.to_vec();
    if dirs.is_empty() {
        let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
        let home = home.or_else(|| Some(Path::new(&std::env::var_os("HOME")?).join(".cargo")));
        dirs = vec![PathBuf::from("."), home.context("no home directory")?.join("registry/src")];
    }
    let mut files = Vec::new();
    for dir in &dirs {
        let walk =
            WalkDir::new(dir).sort_by_file_name().into_iter().filter_entry(|e| e.file_name() != "target");
        for entry in walk.flatten() {
            let rust = entry.path().extension().is_some_and(|extension| extension == "rs");
            if rust && entry.metadata().is_ok_and(|data| data.is_file() && data.len() <= MOST_BYTES) {
                files.push(entry.into_path());
            }
        }
    }
    if files.is_empty() { bail!("no .rs file in {dirs:?}") } else { Ok(files) }
}
