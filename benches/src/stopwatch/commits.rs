//! `commits`: builds after a repository's own commits, in it and in a split of it, against what the replay says of each.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use split_analyzer::cost::Mode;
use split_analyzer::cost::import::CostInput;
use split_analyzer::replay::{Replay, ReplayedCommit, ReplayedScenario};
use split_analyzer::{Options, analyze};

use crate::fit::solve::statistics::median;
use crate::process::children_cpu_seconds;

/// Arguments of `commits`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The checkout, with its history
    before: PathBuf,
    /// A working tree of the same repository, in which the plan is carried out on top of the same commit
    after: PathBuf,
    /// The package that is split
    #[arg(long)]
    package: String,
    /// The crates of the plan
    #[arg(long)]
    crates: u32,
    /// Commits to build: the latest that can be taken back in both trees
    #[arg(long, default_value_t = 10)]
    commits: usize,
    /// How often each is built; the quickest counts
    #[arg(long, default_value_t = 2)]
    runs: usize,
    /// `check` or `dev`
    #[arg(long, default_value = "dev")]
    mode: String,
    /// What `measure` wrote of the checkout; else what is left in its target directory counts, whose seconds are those of a clock
    #[arg(long)]
    costs: Option<PathBuf>,
    /// More arguments for cargo
    #[arg(last = true)]
    cargo_arguments: Vec<String>,
}

/// Processor seconds of one commit, before and after the split.
struct Row {
    hash: String,
    predicted: [f64; 2],
    measured: [f64; 2],
}

/// Prints a row for each commit, and how far off the predictions are.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let mode = match args.mode.as_str() {
        "check" => Mode::Check,
        "dev" => Mode::Dev,
        other => bail!("`{other}` is neither check nor dev"),
    };
    let trees = [Tree::new(&args.before, mode, args)?, Tree::new(&args.after, mode, args)?];
    for tree in &trees {
        tree.reset()?;
        tree.build()?.context("the tree doesn't compile")?;
    }
    let replay = replay(args, mode)?;
    let at =
        replay.builds.iter().position(|build| (build.scenario, build.mode) == (ReplayedScenario::Edit, mode));
    let at = at.context("no edits are replayed in this mode")?;
    println!(
        "| commit | before, predicted | measured | after, predicted | measured |\n|---|---|---|---|---|"
    );
    let mut rows: Vec<Row> = Vec::new();
    for commit in &replay.each {
        if rows.len() == args.commits {
            break;
        }
        let Some(predicted) = predicted(commit, at) else { continue };
        let Some(measured) = measured(&trees, &commit.hash, args.runs)? else { continue };
        let row = Row { hash: commit.hash.clone(), predicted, measured };
        let name = row.hash.get(..9).unwrap_or(&row.hash);
        let [before, after] = [0, 1].map(|i| format!("{:.2} s | {:.2} s", row.predicted[i], row.measured[i]));
        println!("| {name} | {before} | {after} |");
        rows.push(row);
    }
    let off = |of: &dyn Fn(&Row) -> f64| median(rows.iter().map(of));
    let relative = |a: f64, b: f64| 100.0 * (a / b - 1.0).abs();
    let [before, after] = [0, 1].map(|i| off(&|row: &Row| relative(row.predicted[i], row.measured[i])));
    let saved =
        off(&|row: &Row| relative(row.predicted[1] / row.predicted[0], row.measured[1] / row.measured[0]));
    println!(
        "\n{} commits; median error: before {before:.0} %, after {after:.0} %, their ratio {saved:.0} %",
        rows.len()
    );
    Ok(())
}

fn replay(args: &Args, mode: Mode) -> anyhow::Result<Replay> {
    let mut options = Options {
        package: Some(args.package.clone()),
        crates: Some(args.crates),
        jobs: 1,
        modes: vec![mode],
        ..Options::new(&args.before)
    };
    if let Some(path) = &args.costs {
        let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
        options.costs.push(CostInput::Costs { path: path.clone(), bytes });
        options.built = None;
    }
    analyze(&options)?.replay.context("no commit concerns a build")
}

/// Seconds before and after; `None` for what the plan leaves as it is, or where nobody knows what changes.
fn predicted(commit: &ReplayedCommit, at: usize) -> Option<[f64; 2]> {
    let (before, after) = (*commit.today_s.get(at)?, *commit.planned_s.as_ref()?.get(at)?);
    (before > 0.0 && after > 0.0 && before != after && !commit.unplaced).then_some([before, after])
}

/// Builds a commit in both trees; `None` if it can't be taken back there, or doesn't compile without it.
fn measured(trees: &[Tree<'_>; 2], hash: &str, runs: usize) -> anyhow::Result<Option<[f64; 2]>> {
    let mut least = [f64::INFINITY; 2];
    for _ in 0..runs.max(1) {
        for (tree, least) in trees.iter().zip(&mut least) {
            let Some(seconds) = tree.again(hash)? else { return Ok(None) };
            *least = least.min(seconds);
        }
    }
    Ok(Some(least))
}

/// A working tree at its newest commit.
struct Tree<'a> {
    dir: &'a Path,
    arguments: Vec<&'a str>,
    head: String,
}

impl<'a> Tree<'a> {
    fn new(dir: &'a Path, mode: Mode, args: &'a Args) -> anyhow::Result<Self> {
        let command = if mode == Mode::Check { "check" } else { "build" };
        let fixed = [command, "--workspace", "--offline", "--quiet", "-j1"];
        let arguments = fixed.into_iter().chain(args.cargo_arguments.iter().map(String::as_str)).collect();
        let mut tree = Self { dir, arguments, head: String::new() };
        tree.head = tree.git(&["rev-parse", "HEAD"])?.context("a commit")?.trim().to_owned();
        Ok(tree)
    }

    /// Seconds of the build after a commit, which is taken back first.
    fn again(&self, hash: &str) -> anyhow::Result<Option<f64>> {
        let without = self.git(&["revert", "--no-commit", hash])?.is_some() && self.build()?.is_some();
        self.reset()?;
        let seconds = self.build()?.context("the tree doesn't compile any more")?;
        Ok(without.then_some(seconds))
    }

    fn reset(&self) -> anyhow::Result<()> {
        self.git(&["reset", "--quiet", "--hard", &self.head])?.context("git reset failed")?;
        Ok(())
    }

    /// Processor seconds of cargo and all that it starts; `None` if it fails.
    fn build(&self) -> anyhow::Result<Option<f64>> {
        let begun = children_cpu_seconds().context("/proc says nothing")?;
        let mut command = Command::new("cargo");
        command.current_dir(self.dir).args(&self.arguments).stdin(Stdio::null()).stderr(Stdio::null());
        let status = command.status().context("cargo can't be run")?;
        let took = children_cpu_seconds().unwrap_or(begun) - begun;
        Ok(status.success().then_some(took))
    }

    fn git(&self, arguments: &[&str]) -> anyhow::Result<Option<String>> {
        let output =
            Command::new("git").current_dir(self.dir).args(arguments).output().context("git can't be run")?;
        Ok(output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned()))
    }
}
