//! What one build of the program answers for a list of checkouts, as a table: run with two of them, the changes show.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use split_analyzer::plan::VerdictKind;
use split_analyzer::report::{PackageReport, Report};

/// What to ask.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The program: a build of `split-advisor`.
    #[arg(long)]
    binary: PathBuf,
    /// The same of an earlier build: its answers stand before the others.
    #[arg(long)]
    before: Option<PathBuf>,
    /// Checkouts.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
}

/// Prints the table.
pub(crate) fn run(args: &Args) -> Result<()> {
    let binaries: Vec<&PathBuf> = args.before.iter().chain([&args.binary]).collect();
    let columns = if binaries.len() == 2 { "before | after" } else { "verdict" };
    println!("| repository | {columns} | in words |\n|---|{}---|", "---|".repeat(binaries.len()));
    for path in &args.paths {
        let answers = binaries.iter().map(|binary| Answer::of(binary, path)).collect::<Result<Vec<_>>>()?;
        let verdicts: Vec<&str> = answers.iter().map(|answer| answer.verdict.as_str()).collect();
        let headline = answers.last().map_or("", |answer| answer.headline.as_str());
        println!("| {} | {} | {headline} |", name(path), verdicts.join(" | "));
    }
    Ok(())
}

/// What a repository's first package gets, and how often which verdict was given.
struct Answer {
    verdict: String,
    headline: String,
}

impl Answer {
    fn of(binary: &Path, path: &Path) -> Result<Self> {
        let run = |format: &str| {
            let output = Command::new(binary).arg("analyze").arg(path).args(["--format", format]).output()?;
            if !output.status.success() {
                bail!(
                    "{} on {}: {}",
                    binary.display(),
                    path.display(),
                    String::from_utf8_lossy(&output.stderr)
                );
            }
            Ok(output.stdout)
        };
        let report: Report = serde_json::from_slice(&run("json")?).context("no report")?;
        let markdown = String::from_utf8(run("markdown")?)?;
        let bold = markdown.lines().find_map(|line| line.strip_prefix("**")?.strip_suffix("**"));
        Ok(Self { verdict: verdict(&report), headline: bold.unwrap_or_default().replace('|', "\\|") })
    }
}

/// `split tokio; 2 of 9`: the first package, and how many have no verdict to keep.
fn verdict(report: &Report) -> String {
    let acted = |package: &&PackageReport| package.verdict.kind != VerdictKind::Keep && !package.auxiliary;
    let count = report.packages.iter().filter(acted).count();
    let all = report.packages.iter().filter(|package| !package.auxiliary).count();
    match report.packages.first().filter(acted) {
        None => "keep".to_owned(),
        Some(first) => format!("{} `{}`; {count} of {all}", kind(first.verdict.kind), first.name),
    }
}

fn kind(kind: VerdictKind) -> String {
    serde_json::to_value(kind).ok().and_then(|kind| Some(kind.as_str()?.to_owned())).unwrap_or_default()
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
