//! `--timeout`, `--max-memory` and Ctrl-C: the library stops by itself; what doesn't notice is ended here, cargo and git with
//! it.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use anyhow::Context;
use split_analyzer::CancelToken;
use split_analyzer::base::programs;
use split_analyzer::budget::{StopCause, memory_used};

use crate::args::Limits;
use crate::{Exit, diagnostics};

/// How long the library has to stop by itself: a choice; it looks before each item and each file.
const GRACE: Duration = Duration::from_secs(1);
/// How often is looked: a choice.
const EVERY: Duration = Duration::from_millis(50);

/// Watches over the whole run, the answer's writing included.
///
/// # Errors
/// Where the platform doesn't say how much memory a process has, and a limit for it is given.
pub(crate) fn watch(limits: &Limits) -> anyhow::Result<()> {
    let (time, memory) = (limits.timeout, limits.max_memory);
    anyhow::ensure!(
        memory.is_none() || memory_used().is_some(),
        "--max-memory: this platform doesn't say how much memory a process has"
    );
    if time.is_none() && memory.is_none() {
        return Ok(());
    }
    let begun = Instant::now();
    std::thread::Builder::new().name("limits".to_owned()).spawn(move || {
        let mut over: Option<(StopCause, Instant)> = None;
        loop {
            match over {
                Some((cause, since)) if since.elapsed() > GRACE => {
                    diagnostics::error(&anyhow::anyhow!(
                        "stopped, since {cause}; what was written is incomplete"
                    ));
                    end(Exit::Failed);
                }
                Some(_) => {}
                None => over = exceeded(begun, time, memory).map(|cause| (cause, Instant::now())),
            }
            std::thread::sleep(EVERY);
        }
    })?;
    Ok(())
}

/// Cancelled by Ctrl-C, SIGTERM and SIGHUP.
static INTERRUPT: LazyLock<CancelToken> = LazyLock::new(CancelToken::new);

/// The token that a signal cancels.
pub(crate) fn interrupt() -> CancelToken {
    INTERRUPT.clone()
}

/// A signal stops the run: at once if it is the second.
///
/// # Errors
/// Where signals can't be caught.
pub(crate) fn catch_signals() -> anyhow::Result<()> {
    let caught = || {
        if INTERRUPT.is_cancelled() {
            end(Exit::Interrupted);
        }
        INTERRUPT.cancel();
        let last_resort = || {
            std::thread::sleep(GRACE);
            diagnostics::error(&anyhow::anyhow!("stopped by a signal; what was written is incomplete"));
            end(Exit::Interrupted);
        };
        if std::thread::Builder::new().name("interrupt".to_owned()).spawn(last_resort).is_err() {
            end(Exit::Interrupted);
        }
    };
    ctrlc::set_handler(caught).context("cannot catch Ctrl-C")
}

/// Ends the process, and cargo and git with it: they are in process groups of their own.
fn end(exit: Exit) -> ! {
    programs::end_all();
    std::process::exit(exit as i32)
}

fn exceeded(begun: Instant, time: Option<Duration>, memory: Option<u64>) -> Option<StopCause> {
    let late = time.filter(|limit| begun.elapsed() > *limit).map(StopCause::Time);
    late.or_else(|| {
        memory.filter(|limit| memory_used().is_some_and(|used| used > *limit)).map(StopCause::Memory)
    })
}

/// `2G`, `512MiB`, `1.5 GB`: bytes.
pub(crate) fn size(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}` is no size: 800M, 2G, 1.5GiB");
    let number_ends = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(number_ends);
    let number: f64 = number.parse().map_err(|_| wrong())?;
    let unit = unit.trim().to_ascii_lowercase();
    let (power, base) = match unit.trim_end_matches('b') {
        "" => (0, 1000f64),
        "k" => (1, 1000.0),
        "m" => (2, 1000.0),
        "g" => (3, 1000.0),
        "t" => (4, 1000.0),
        "ki" => (1, 1024.0),
        "mi" => (2, 1024.0),
        "gi" => (3, 1024.0),
        "ti" => (4, 1024.0),
        _ => return Err(wrong()),
    };
    let bytes = number * base.powi(power);
    if bytes >= 1.0 && bytes < u64::MAX as f64 { Ok(bytes as u64) } else { Err(wrong()) }
}

/// `30`, `0.5`: seconds.
pub(crate) fn timeout(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<f64>().ok().filter(|seconds| *seconds > 0.0);
    let duration = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    duration.ok_or_else(|| "a number of seconds above zero is needed".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read() {
        let cases = [
            ("800M", Some(800_000_000)),
            ("2g", Some(2_000_000_000)),
            ("1.5GiB", Some(1_610_612_736)),
            ("64 kb", Some(64_000)),
            ("1048576", Some(1_048_576)),
            ("", None),
            ("G", None),
            ("-1G", None),
            ("0", None),
            ("1.2.3", None),
            ("5 parsecs", None),
            ("9e99", None),
        ];
        for (text, bytes) in cases {
            assert_eq!(size(text).ok(), bytes, "{text}");
        }
    }

    #[test]
    fn timeouts_are_read() {
        assert_eq!(timeout("0.5"), Ok(Duration::from_millis(500)));
        for text in ["0", "-1", "NaN", "inf", "1e300", "soon", ""] {
            assert!(timeout(text).is_err(), "{text}");
        }
    }
}
