//! How time and memory grow with the input: each series at a size and at ten times that size.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use crate::hostile::growth_series::{SERIES, Series};
use crate::hostile::observed;
use crate::hostile::observed::{Most, Observed};

/// Which series.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Series whose names contain one of these; all without.
    names: Vec<String>,
    /// The program.
    #[arg(long, default_value = "target/release/split-advisor")]
    binary: PathBuf,
    /// Divides every size.
    #[arg(long, default_value_t = 1)]
    smaller: usize,
    /// Seconds after which a run is ended.
    #[arg(long, default_value_t = 120)]
    seconds: u64,
    /// Megabytes at which a run is ended.
    #[arg(long, default_value_t = 6_000)]
    megabytes: u64,
}

/// Prints processor time and peak memory at both sizes, and their ratios.
pub(crate) fn run(args: &Args) -> Result<()> {
    let most = Most { time: Duration::from_secs(args.seconds), bytes: args.megabytes * 1_000_000 };
    println!(
        "{:<28} {:>8} {:>16} {:>16} {:>12} {:>12}",
        "series", "n", "s: n, 10 n", "MB: n, 10 n", "time ratio", "memory ratio"
    );
    let wanted =
        |name: &str| args.names.is_empty() || args.names.iter().any(|part| name.contains(part.as_str()));
    for series in SERIES.iter().filter(|series| wanted(series.name)) {
        let small = (series.small / args.smaller).max(1);
        let (one, ten) = (measure(series, small, args, most)?, measure(series, 10 * small, args, most)?);
        let ratio =
            |a: f64, b: f64| if one.ended || ten.ended { "–".to_owned() } else { format!("{:.1}", b / a) };
        let shown =
            |m: &Measured, value: f64, digits| format!("{value:.digits$}{}", if m.ended { "+" } else { "" });
        println!(
            "{:<28} {:>8} {:>16} {:>16} {:>12} {:>12}",
            series.name,
            small,
            format!("{}, {}", shown(&one, one.seconds, 2), shown(&ten, ten.seconds, 2)),
            format!("{}, {}", shown(&one, one.megabytes, 0), shown(&ten, ten.megabytes, 0)),
            ratio(one.seconds, ten.seconds),
            ratio(one.megabytes, ten.megabytes),
        );
    }
    Ok(())
}

struct Measured {
    seconds: f64,
    megabytes: f64,
    /// Whether it was ended, by us or by itself.
    ended: bool,
}

fn measure(series: &Series, size: usize, args: &Args, most: Most) -> Result<Measured> {
    let dir = tempfile::tempdir()?;
    (series.write)(dir.path(), size)?;
    let mut command = Command::new(&args.binary);
    command.args(series.command).arg(path_of(series, dir.path()));
    let Observed { cpu_s, peak_bytes, status, stderr, .. } = observed::run(&mut command, most)?;
    let ended = !status.is_some_and(|status| status.success());
    if ended && status.is_some() {
        println!("{} at {size}: {}", series.name, stderr.lines().next().unwrap_or_default());
    }
    Ok(Measured { seconds: cpu_s, megabytes: peak_bytes as f64 / 1e6, ended })
}

fn path_of(series: &Series, dir: &Path) -> PathBuf {
    series.file.map_or_else(|| dir.to_owned(), |file| dir.join(file))
}
