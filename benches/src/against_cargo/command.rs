//! `affected`: commits of a checkout built one after the other, each compared with the prediction.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use split_analyzer::discover::{CfgSet, DiscoverOptions, cargo_home};
use split_analyzer::history::ChangesOptions;
use split_analyzer::{AffectedOptions, Options, affected};

use super::fresh::check;

/// Arguments of `affected`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Checkouts with their history; they are copied and left as they are.
    #[arg(required = true, value_name = "DIR")]
    checkouts: Vec<PathBuf>,
    /// Commits of each: the latest that change a source, a manifest or a lock file, on the first parents' line.
    #[arg(long, default_value_t = 20)]
    commits: usize,
    /// Build with every feature, and predict so: without, what only a feature compiles is predicted and not compiled.
    #[arg(long)]
    all_features: bool,
    /// Where copies and target directories are made, and removed again [default: the system's].
    #[arg(long)]
    scratch: Option<PathBuf>,
}

/// Counts over commits.
#[derive(Debug, Default)]
struct Sum {
    commits: usize,
    /// Of commits that don't compile, or whose parent doesn't.
    broken: usize,
    compiled: usize,
    predicted: usize,
    missed: usize,
    extra: usize,
}

/// Builds, compares, and prints a line for each commit and each checkout.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let scratch = args.scratch.clone().unwrap_or_else(std::env::temp_dir);
    std::fs::create_dir_all(&scratch).with_context(|| format!("can't make {}", scratch.display()))?;
    let mut sums = Vec::new();
    for checkout in &args.checkouts {
        let name = checkout.file_name().context("a directory")?.to_string_lossy().into_owned();
        let place = tempfile::tempdir_in(&scratch)?;
        let dir = place.path().canonicalize()?.join(&name);
        git(checkout, &["clone", "--quiet", "--shared", "--no-checkout", ".", path(&dir)?])?;
        let sum = commits(&dir, &place.path().join("target"), args)?;
        sums.push((name, sum));
    }
    println!("\n| workspace | commits | packages compiled | predicted | missed | too many | don't compile |");
    println!("|---|---|---|---|---|---|---|");
    for (name, sum) in &sums {
        println!(
            "| {name} | {} | {} | {} | {} | {} ({:.1} %) | {} |",
            sum.commits,
            sum.compiled,
            sum.predicted,
            sum.missed,
            sum.extra,
            100.0 * sum.extra as f64 / sum.predicted.max(1) as f64,
            sum.broken
        );
    }
    Ok(())
}

fn commits(dir: &Path, target: &Path, args: &Args) -> anyhow::Result<Sum> {
    let (most, all_features) = (args.commits.to_string(), args.all_features);
    let list =
        ["rev-list", "--first-parent", "-n", &most, "HEAD", "--", "*.rs", "*Cargo.toml", "*Cargo.lock"];
    let mut chosen: Vec<String> = git(dir, &list)?.lines().map(str::to_owned).collect();
    chosen.reverse();
    let mut sum = Sum::default();
    // What is in the target directory.
    let mut built: Option<String> = None;
    for commit in &chosen {
        let parent = git(dir, &["rev-parse", &format!("{commit}^")])?.trim().to_owned();
        let mut failure = None;
        if built.as_ref() != Some(&parent) {
            git(dir, &["checkout", "--quiet", "--force", "--detach", &parent])?;
            failure = check(dir, target, all_features)?.failure;
        }
        git(dir, &["checkout", "--quiet", "--force", "--detach", commit])?;
        let found = check(dir, target, all_features)?;
        built = found.failure.is_none().then(|| commit.clone());
        if let Some(failure) = failure.or(found.failure) {
            println!("{}: it or its parent doesn't compile: {failure}", commit.get(..9).unwrap_or(commit));
            sum.broken += 1;
            continue;
        }
        let predicted = predicted(dir, &parent, all_features)?;
        let missed: Vec<&String> = found.compiled.difference(&predicted).collect();
        let extra: Vec<&String> = predicted.difference(&found.compiled).collect();
        println!(
            "{} {}: {} compiled, {} predicted; missed {missed:?}; too many {extra:?}",
            dir.file_name().unwrap_or_default().display(),
            commit.get(..9).unwrap_or(commit),
            found.compiled.len(),
            predicted.len()
        );
        sum.commits += 1;
        sum.compiled += found.compiled.len();
        sum.predicted += predicted.len();
        sum.missed += missed.len();
        sum.extra += extra.len();
    }
    Ok(sum)
}

/// Manifests of the workspace's packages that are compiled again, by `affected`.
fn predicted(dir: &Path, parent: &str, all_features: bool) -> anyhow::Result<BTreeSet<String>> {
    let changes = ChangesOptions { direct: true, ..ChangesOptions::since(parent) };
    let asked = AffectedOptions { changes, ..AffectedOptions::since(parent) };
    // Cargo builds for this machine alone, with what its own index says.
    let discover = DiscoverOptions {
        all_features,
        target: Some(CfgSet::host().triple),
        cargo_home: cargo_home(),
        ..DiscoverOptions::default()
    };
    let report = affected(&Options { built: None, discover, ..Options::new(dir) }, &asked)?;
    let members = members(dir)?;
    let manifests = report.packages.into_iter().map(|package| package.manifest);
    Ok(manifests.filter(|manifest| members.contains(manifest)).collect())
}

/// Manifests of the packages that `--workspace` means: others lie in workspaces of their own.
fn members(dir: &Path) -> anyhow::Result<BTreeSet<String>> {
    let mut command = Command::new("cargo");
    let output = command
        .current_dir(dir)
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .output()
        .context("cargo can't be run")?;
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let manifests = metadata["packages"].as_array().into_iter().flatten();
    let relative = manifests.filter_map(|package| {
        let manifest = Path::new(package["manifest_path"].as_str()?);
        Some(manifest.strip_prefix(dir).ok()?.to_str()?.to_owned())
    });
    Ok(relative.collect())
}

fn path(path: &Path) -> anyhow::Result<&str> {
    path.to_str().context("a path that is text")
}

fn git(dir: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let output = Command::new("git").current_dir(dir).args(arguments).output().context("git can't be run")?;
    if !output.status.success() {
        bail!("git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
