//! `history`: how long a long history is read, replayed, and compared: one that is made, or that of a checkout.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, ensure};
use split_analyzer::discover::{DiscoverOptions, discover};
use split_analyzer::history::{ChangesOptions, HistoryOptions, history};
use split_analyzer::{AffectedOptions, Options, affected, analyze};

use crate::process::cpu_seconds;

/// Arguments of `history`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A checkout with its history; else a repository is made
    dir: Option<PathBuf>,
    /// Commits to read, and to make
    #[arg(long, default_value_t = 40_000)]
    commits: usize,
    /// Packages to make
    #[arg(long, default_value_t = 50)]
    packages: usize,
    /// Commits to replay
    #[arg(long, default_value_t = 500)]
    replayed: usize,
    /// How often each is done; the least counts
    #[arg(long, default_value_t = 3)]
    rounds: usize,
}

/// Seconds on the wall, and of processors with git's and cargo's.
type Seconds = (f64, f64);

/// Prints a line for each question.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let made = tempfile::tempdir()?;
    let dir = match &args.dir {
        Some(dir) => dir.clone(),
        None => {
            make(made.path(), args.packages, args.commits)?;
            made.path().to_owned()
        }
    };
    let root = dir.canonicalize().with_context(|| dir.display().to_string())?;
    let line =
        |what: &str, (wall, cpu): Seconds| println!("{what}: {wall:.2} s, {cpu:.2} s of processor time");
    let reading = HistoryOptions { max_commits: args.commits, ..HistoryOptions::default() };
    let found = history(&root, &reading).0;
    println!("{} commits, {} paths", found.commits.len(), found.paths.len());
    line("read", least(args.rounds, || Ok(history(&root, &reading)))?);
    let replay = |commits: usize| {
        let options = Options {
            commits,
            history: HistoryOptions { max_commits: args.commits.min(2 * args.replayed), ..reading.clone() },
            built: None,
            ..Options::new(&root)
        };
        least(args.rounds, || Ok(analyze(&options)?.report()))
    };
    let (none, some) = (replay(0)?, replay(args.replayed)?);
    line("analyze --commits 0", none);
    line(&format!("analyze --commits {}", args.replayed), some);
    println!("replayed: {:.2} s more of processor time", some.1 - none.1);
    let since = "HEAD~1";
    let asked = AffectedOptions {
        changes: ChangesOptions { direct: true, ..ChangesOptions::since(since) },
        ..AffectedOptions::since(since)
    };
    let options = Options { built: None, ..Options::new(&root) };
    println!("{} packages affected since {since}", affected(&options, &asked)?.packages.len());
    line("discovery", least(args.rounds, || Ok(discover(&root, &DiscoverOptions::default())?))?);
    line("affected", least(args.rounds, || Ok(affected(&options, &asked)?))?);
    Ok(())
}

fn least<T>(rounds: usize, work: impl Fn() -> anyhow::Result<T>) -> anyhow::Result<Seconds> {
    let mut least = (f64::INFINITY, f64::INFINITY);
    for _ in 0..rounds.max(1) {
        let (begun, cpu) = (Instant::now(), cpu_seconds().context("/proc says nothing")?);
        drop(work()?);
        let wall = begun.elapsed().as_secs_f64();
        least = (least.0.min(wall), least.1.min(cpu_seconds().unwrap_or(cpu) - cpu));
    }
    Ok(least)
}

/// A workspace in which each package depends on the first and on the one before it, of twenty modules each. A commit changes one to
/// three of them; the newest changes the first package.
fn make(dir: &Path, packages: usize, commits: usize) -> anyhow::Result<()> {
    const MODULES: usize = 20;
    ensure!(packages > 0 && commits > 0, "there is nothing to make");
    git(dir, &["init", "--quiet"])?;
    let mut import = Command::new("git")
        .current_dir(dir)
        .args(["fast-import", "--quiet"])
        .stdin(Stdio::piped())
        .spawn()
        .context("git can't be run")?;
    let mut out = std::io::BufWriter::new(import.stdin.take().context("a pipe")?);
    let mut first: Vec<(String, String)> =
        vec![("Cargo.toml".to_owned(), "[workspace]\nmembers = [\"p*\"]\nresolver = \"3\"\n".to_owned())];
    for p in 0..packages {
        let mut manifest =
            format!("[package]\nname = \"p{p}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\n");
        for below in [0, p.saturating_sub(1)].into_iter().collect::<std::collections::BTreeSet<_>>() {
            if below != p {
                writeln!(manifest, "p{below} = {{ path = \"../p{below}\" }}")?;
            }
        }
        let modules: String = (0..MODULES).map(|m| format!("pub mod m{m};\n")).collect();
        first.extend([(format!("p{p}/Cargo.toml"), manifest), (format!("p{p}/src/lib.rs"), modules)]);
        first.extend((0..MODULES).map(|m| (format!("p{p}/src/m{m}.rs"), "pub fn f() {}\n".to_owned())));
    }
    let source = |p: usize, m: usize, commit: usize| {
        (format!("p{p}/src/m{m}.rs"), format!("pub fn f() {{}}\n// {commit}\n"))
    };
    for commit in 0..commits {
        let files = match commit {
            0 => std::mem::take(&mut first),
            last if last + 1 == commits => vec![source(0, 0, commit)],
            // Spread by steps that share no divisor with what they count.
            _ => (0..=commit % 3)
                .map(|n| source((commit * 7 + n * 3) % packages, (commit * 11 + n) % MODULES, commit))
                .collect(),
        };
        let time = 1_600_000_000 + 600 * commit;
        write!(
            out,
            "commit refs/heads/main\ncommitter a{} <a{}@x> {time} +0000\ndata 1\nm\n",
            commit % 30,
            commit % 30
        )?;
        for (path, text) in files {
            write!(out, "M 100644 inline {path}\ndata {}\n{text}\n", text.len())?;
        }
    }
    out.flush()?;
    drop(out);
    ensure!(import.wait()?.success(), "git fast-import failed");
    git(dir, &["symbolic-ref", "HEAD", "refs/heads/main"])?;
    git(dir, &["repack", "-a", "-d", "-q"])?;
    git(dir, &["reset", "--quiet", "--hard"])?;
    fs::metadata(dir.join("Cargo.toml")).context("nothing was checked out")?;
    Ok(())
}

fn git(dir: &Path, arguments: &[&str]) -> anyhow::Result<()> {
    let status = Command::new("git").current_dir(dir).args(arguments).status().context("git can't be run")?;
    ensure!(status.success(), "git {arguments:?}: {status}");
    Ok(())
}
