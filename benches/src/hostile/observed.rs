//! A child process under observation: processor time and the most memory that it had resident, and an end to both.

use std::fs::File;
use std::io::{Read, Seek};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::process;

/// How often is looked: a choice; a run shorter than that may end unseen.
const EVERY: Duration = Duration::from_millis(2);

/// What is too much.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Most {
    pub(crate) time: Duration,
    pub(crate) bytes: u64,
}

/// How a child ran.
#[derive(Debug)]
pub(crate) struct Observed {
    /// Processor seconds of it and of those that it waited for.
    pub(crate) cpu_s: f64,
    pub(crate) peak_bytes: u64,
    /// `None` if it was ended for taking too much.
    pub(crate) status: Option<ExitStatus>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

/// Runs a command to its end, or to what is too much.
pub(crate) fn run(command: &mut Command, most: Most) -> Result<Observed> {
    // Files, so that a child that says much never waits for a reader.
    let (mut stdout, mut stderr) = (tempfile::tempfile()?, tempfile::tempfile()?);
    command.stdin(Stdio::null()).stdout(stdout.try_clone()?).stderr(stderr.try_clone()?);
    let (begun, cpu) = (Instant::now(), process::children_cpu_seconds().unwrap_or(0.0));
    let mut child = command.spawn().with_context(|| format!("{command:?}"))?;
    let (peak_bytes, status) = observe(&mut child, begun, most)?;
    let cpu_s = process::children_cpu_seconds().unwrap_or(cpu) - cpu;
    let stderr = String::from_utf8_lossy(&all(&mut stderr)?).into_owned();
    Ok(Observed { cpu_s, peak_bytes, status, stdout: all(&mut stdout)?, stderr })
}

fn observe(child: &mut Child, begun: Instant, most: Most) -> Result<(u64, Option<ExitStatus>)> {
    let mut peak = 0;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok((peak, Some(status)));
        }
        peak = peak.max(process::peak_memory_of(child.id()).unwrap_or(0));
        if begun.elapsed() > most.time || peak > most.bytes {
            child.kill()?;
            child.wait()?;
            return Ok((peak, None));
        }
        std::thread::sleep(EVERY);
    }
}

fn all(file: &mut File) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}
