//! The `RUSTC_WRAPPER` of `fit measure`: runs rustc and records its processor time.
//!
//! Processor time is read from `/proc/PID/stat`, so this part is for Linux; its resolution is 10 ms. The
//! moment of the metadata is when rustc announces the `.rmeta` file among its JSON messages, which is what
//! cargo's pipelining goes by.

use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::Context;

/// The environment variable that names the file to append records to; its presence makes a wrapper of us.
pub(crate) const RECORD: &str = "SPLIT_FIT_RECORD";

/// Clock ticks a second in `/proc`, fixed by the kernel's interface to user space.
const TICKS_PER_S: f64 = 100.0;

/// One call of rustc, as a line of JSON.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Call {
    /// `CARGO_PKG_NAME` and `CARGO_PKG_VERSION`.
    pub(crate) package: String,
    pub(crate) version: String,
    /// `--crate-name`, `--crate-type`.
    pub(crate) krate: String,
    pub(crate) crate_type: String,
    /// The root file as rustc was given it, resolved against its working directory.
    pub(crate) src: String,
    /// The values of `--cfg`, features among them.
    pub(crate) cfgs: Vec<String>,
    /// Whether it generates code (`--emit` has `link`), and how hard it optimizes (`-C opt-level`, "" for 0).
    pub(crate) codegen: bool,
    pub(crate) opt_level: String,
    /// Processor seconds until the metadata was announced, and of the whole process.
    pub(crate) metadata_cpu_s: Option<f64>,
    pub(crate) cpu_s: f64,
    /// Processor seconds of the processes that rustc called: the linker.
    pub(crate) children_cpu_s: f64,
    /// The same by the clock on the wall.
    pub(crate) metadata_wall_s: Option<f64>,
    pub(crate) wall_s: f64,
}

/// Runs the rustc that the arguments name, passing everything through.
pub(crate) fn run(args: Vec<OsString>, record: &OsString) -> anyhow::Result<ExitCode> {
    let mut args = args.into_iter().skip(1);
    let rustc = args.next().context("the compiler to run")?;
    let args: Vec<OsString> = args.collect();
    let start = Instant::now();
    let mut child = Command::new(rustc).args(&args).stderr(Stdio::piped()).spawn()?;
    let stderr = child.stderr.take().context("rustc's messages")?;
    let mut metadata = None;
    for line in BufReader::new(stderr).split(b'\n') {
        let line = line?;
        let text = String::from_utf8_lossy(&line);
        if text.contains(r#""artifact":"#) && text.contains(r#""emit":"metadata""#) {
            metadata = Some((cpu(child.id()).0, start.elapsed().as_secs_f64()));
        }
        let mut err = std::io::stderr().lock();
        err.write_all(&line)?;
        err.write_all(b"\n")?;
    }
    // Its messages have ended: the process is done or about to be. Wait until it is a zombie, which still
    // has its times, before reaping it.
    let (cpu_s, children_cpu_s) = last_cpu(child.id());
    let status = child.wait()?;
    let wall_s = start.elapsed().as_secs_f64();
    if status.success()
        && let Some(call) = describe(&args)
    {
        let call = Call {
            metadata_cpu_s: metadata.map(|m| m.0),
            metadata_wall_s: metadata.map(|m| m.1),
            cpu_s,
            children_cpu_s,
            wall_s,
            ..call
        };
        let mut file = OpenOptions::new().create(true).append(true).open(record)?;
        writeln!(file, "{}", serde_json::to_string(&call)?)?;
    }
    Ok(ExitCode::from(status.code().and_then(|c| u8::try_from(c).ok()).unwrap_or(1)))
}

/// What a call compiles; `None` for calls that only ask the compiler about itself.
fn describe(args: &[OsString]) -> Option<Call> {
    let args: Vec<String> = args.iter().map(|a| a.to_string_lossy().into_owned()).collect();
    let value = |flag: &str| args.iter().position(|a| a == flag).and_then(|i| args.get(i + 1)).cloned();
    let src = args.iter().find(|a| a.ends_with(".rs") && !a.starts_with('-'))?;
    let package = std::env::var("CARGO_PKG_NAME").ok()?;
    let values =
        |flag: &str| args.windows(2).filter(|w| w[0] == flag).map(|w| w[1].clone()).collect::<Vec<_>>();
    Some(Call {
        package,
        version: std::env::var("CARGO_PKG_VERSION").unwrap_or_default(),
        krate: value("--crate-name")?,
        crate_type: value("--crate-type").unwrap_or_default(),
        src: std::path::absolute(src).ok()?.to_string_lossy().into_owned(),
        cfgs: values("--cfg"),
        codegen: args.iter().any(|a| a.starts_with("--emit=") && a.ends_with("link")),
        opt_level: args
            .iter()
            .find_map(|a| a.strip_prefix("opt-level="))
            .map_or_else(String::new, str::to_owned),
        metadata_cpu_s: None,
        cpu_s: 0.0,
        children_cpu_s: 0.0,
        metadata_wall_s: None,
        wall_s: 0.0,
    })
}

/// Processor seconds of a process and of its children that it waited for.
fn cpu(pid: u32) -> (f64, f64) {
    read_stat(pid).map_or((0.0, 0.0), |s| (s.own_s, s.children_s))
}

fn last_cpu(pid: u32) -> (f64, f64) {
    let mut last = (0.0, 0.0);
    while let Some(stat) = read_stat(pid) {
        last = (stat.own_s, stat.children_s);
        if stat.zombie {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    last
}

/// A process, its processor seconds and those of its children that it waited for.
pub(crate) struct Stat {
    pub(crate) zombie: bool,
    pub(crate) own_s: f64,
    pub(crate) children_s: f64,
}

/// Fields 3, 14 to 17 of `/proc/PID/stat` (see proc_pid_stat(5)).
pub(crate) fn read_stat(pid: u32) -> Option<Stat> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |i: usize| fields.get(i)?.parse::<f64>().ok();
    Some(Stat {
        zombie: *fields.first()? == "Z",
        own_s: (ticks(11)? + ticks(12)?) / TICKS_PER_S,
        children_s: (ticks(13)? + ticks(14)?) / TICKS_PER_S,
    })
}
