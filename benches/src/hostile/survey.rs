//! Many repositories, one analysis each: processor time, peak memory, exit code, diagnostics.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::hostile::observed;
use crate::hostile::observed::{Most, Observed};

/// What to analyse.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Directories to analyse.
    #[arg(required = true)]
    dirs: Vec<PathBuf>,
    /// The program.
    #[arg(long, default_value = "target/release/split-advisor")]
    binary: PathBuf,
    /// Seconds after which a run is ended.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Megabytes at which a run is ended.
    #[arg(long, default_value_t = 4_000)]
    megabytes: u64,
    /// List only what takes more than a second of processor time or 300 MB, fails or is ended.
    #[arg(long)]
    outliers: bool,
}

/// Runs each, and prints a line for each.
pub(crate) fn run(args: &Args) -> Result<()> {
    let most = Most { time: Duration::from_secs(args.seconds), bytes: args.megabytes * 1_000_000 };
    println!(
        "{:>8} {:>8} {:>9} {:>6} {:>8} {:>7}  directory",
        "cpu s", "MB", "lines", "exit", "limits", "other"
    );
    let (mut all, mut bad, mut slowest, mut largest) = (0, 0, 0f64, 0f64);
    for dir in &args.dirs {
        let line = survey(&args.binary, dir, most)?;
        all += 1;
        bad += usize::from(line.exit.is_none());
        (slowest, largest) = (slowest.max(line.cpu_s), largest.max(line.megabytes));
        if !args.outliers || line.is_outlier() {
            line.print(dir);
        }
    }
    println!(
        "{all} analysed, {bad} ended for taking too much or by a signal; slowest {slowest:.2} s, largest {largest:.0} MB"
    );
    Ok(())
}

struct Line {
    cpu_s: f64,
    megabytes: f64,
    lines: u64,
    /// `None` if it was ended.
    exit: Option<i32>,
    /// Diagnostics of limits that were reached, and others.
    diagnostics: (usize, usize),
}

impl Line {
    /// 2 is the answer to a directory without a usable package.
    fn is_outlier(&self) -> bool {
        self.cpu_s > 1.0
            || self.megabytes > 300.0
            || self.diagnostics.0 > 0
            || !matches!(self.exit, Some(0 | 2))
    }

    fn print(&self, dir: &Path) {
        let exit = self.exit.map_or_else(|| "ended".to_owned(), |code| code.to_string());
        let (limits, other) = self.diagnostics;
        let dir = dir.display();
        println!(
            "{:>8.2} {:>8.0} {:>9} {exit:>6} {limits:>8} {other:>7}  {dir}",
            self.cpu_s, self.megabytes, self.lines
        );
    }
}

fn survey(binary: &Path, dir: &Path, most: Most) -> Result<Line> {
    let mut command = Command::new(binary);
    command.arg("analyze").arg(dir).args(["--format", "json"]);
    let Observed { cpu_s, peak_bytes, status, stdout, .. } = observed::run(&mut command, most)?;
    let exit = status.and_then(|status| status.code());
    let report: serde_json::Value = match exit {
        Some(0) => serde_json::from_slice(&stdout).with_context(|| dir.display().to_string())?,
        _ => serde_json::Value::Null,
    };
    let codes = report["diagnostics"].as_array().into_iter().flatten().map(|d| d["code"].as_str());
    let of_limit = |code: &Option<&str>| matches!(code, Some("limit-reached" | "macro-limit"));
    let (limits, other): (Vec<_>, Vec<_>) = codes.partition(of_limit);
    let packages = report["packages"].as_array().into_iter().flatten();
    Ok(Line {
        cpu_s,
        megabytes: peak_bytes as f64 / 1e6,
        lines: packages.filter_map(|package| package["lines"].as_u64()).sum(),
        exit,
        diagnostics: (limits.len(), other.len()),
    })
}
