//! The `RUSTC_WRAPPER` of `fit apps`: runs rustc and records its processor time, for dependencies without generating
//! their code, for an application's own crates in several ways.
//!
//! Crates that nobody of the application wrote, and that are built for the target, get rustc's backend without code
//! (`-Zcodegen-backend=dummy`): the front end and the metadata are the real ones, so that the application's crates
//! instantiate what they really would. Their executables can't be linked then; they are compiled to objects. Processor
//! time is read from `/proc/PID/stat`, so this part is for Linux; its resolution is 10 ms.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context;
use serde::{Deserialize, Serialize};

use crate::fit::crates::wrapper::read_stat;

/// The environment variable that names the file to append records to; its presence makes a wrapper of us.
pub(crate) const RECORD: &str = "SPLIT_FIT_APPS_RECORD";
/// Whether dependencies get no code.
pub(crate) const NO_CODE: &str = "SPLIT_FIT_APPS_NO_CODE";
/// In which further ways an application's own crates are compiled: names of [`Variant`], with commas.
pub(crate) const VARIANTS: &str = "SPLIT_FIT_APPS_VARIANTS";

/// How a call of rustc differs from cargo's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Variant {
    /// Not at all.
    Build,
    /// A dependency without code.
    BuildNoCode,
    /// Incremental.
    BuildIncremental,
    /// As far as metadata.
    Check,
    /// The same, incremental.
    CheckIncremental,
}

impl Variant {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Variant::Build => "build",
            Variant::BuildNoCode => "build-no-code",
            Variant::BuildIncremental => "build-incremental",
            Variant::Check => "check",
            Variant::CheckIncremental => "check-incremental",
        }
    }

    fn further(name: &str) -> Option<Self> {
        [Variant::BuildIncremental, Variant::Check, Variant::CheckIncremental]
            .into_iter()
            .find(|v| v.name() == name)
    }
}

/// One call of rustc, as a line of JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Call {
    /// `CARGO_PKG_NAME` and `CARGO_PKG_VERSION`.
    pub(crate) package: String,
    pub(crate) version: String,
    /// `--crate-name`; `--crate-type`, joined by `+`, or `test`.
    pub(crate) krate: String,
    pub(crate) kind: String,
    /// The root file.
    pub(crate) src: String,
    /// Features that are on, sorted.
    pub(crate) features: Vec<String>,
    /// Hashes in the names of the files of `--extern`, and of its own files.
    pub(crate) externs: Vec<String>,
    pub(crate) hash: String,
    pub(crate) variant: Variant,
    /// `-C opt-level`, `-C debuginfo`; empty where not given.
    pub(crate) opt_level: String,
    pub(crate) debuginfo: String,
    pub(crate) incremental: bool,
    /// Whether cargo builds the profile `release`.
    #[serde(default)]
    pub(crate) release: bool,
    /// Processor seconds until the metadata was announced or code generation began, if either was seen; of all of rustc;
    /// of the processes that it called.
    pub(crate) frontend_s: f64,
    pub(crate) frontend_known: bool,
    pub(crate) cpu_s: f64,
    pub(crate) link_s: f64,
}

impl Call {
    /// Whether the application itself has the source.
    pub(crate) fn is_member(&self) -> bool {
        !self.src.contains("/registry/src/")
    }

    fn is_script(&self) -> bool {
        self.krate.starts_with("build_script_")
    }
}

/// Runs the rustc that the arguments name.
pub(crate) fn run(args: Vec<OsString>, record: &OsString) -> anyhow::Result<ExitCode> {
    let mut args = args.into_iter().skip(1);
    let rustc = args.next().context("the compiler to run")?;
    let args: Vec<String> = args.map(|a| a.to_string_lossy().into_owned()).collect();
    let Some(call) = describe(&args) else { return Ok(code(Command::new(rustc).args(&args).status()?)) };
    let plan = Plan::of(&args, &call);
    let mut command = Command::new(&rustc);
    command.args(&plan.arguments);
    if plan.variant == Variant::BuildNoCode {
        command.env("RUSTC_BOOTSTRAP", "1");
    }
    let (status, seen) = observe(&mut command, true)?;
    if !status.success() && plan.variant == Variant::BuildNoCode {
        // What the backend can't do is compiled in full, and not recorded.
        return Ok(code(Command::new(&rustc).args(&args).status()?));
    }
    if !status.success() {
        return Ok(code(status));
    }
    if let Some(executable) = &plan.executable {
        std::fs::write(executable, "")?;
    }
    append(record, &call, plan.variant, &args, &seen)?;
    let whole = plan.generates_code && !call.is_script() && call.kind != "test" && !call.release;
    if call.is_member() && plan.for_target && whole {
        further(&rustc, &args, &call, record)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What is run in the place of a call.
struct Plan {
    arguments: Vec<String>,
    variant: Variant,
    for_target: bool,
    generates_code: bool,
    /// The executable that cargo expects and nobody links.
    executable: Option<PathBuf>,
}

impl Plan {
    fn of(args: &[String], call: &Call) -> Self {
        let generates_code = args.iter().any(|a| a.starts_with("--emit=") && a.contains("link"));
        let for_target = args.iter().any(|a| a == "--target") || std::env::var_os(NO_CODE).is_none();
        let mut plan = Plan {
            arguments: args.to_vec(),
            variant: if generates_code { Variant::Build } else { Variant::Check },
            for_target,
            generates_code,
            executable: None,
        };
        let loads_code = matches!(call.kind.as_str(), "bin" | "test" | "proc-macro");
        if std::env::var_os(NO_CODE).is_none() || !for_target || !generates_code || call.kind == "proc-macro"
        {
            return plan;
        }
        if call.is_member() && loads_code {
            let to_objects =
                |a: &String| if a.starts_with("--emit=") { a.replace("link", "obj") } else { a.clone() };
            plan.arguments = args.iter().map(to_objects).collect();
            let dir = args.iter().position(|a| a == "--out-dir").and_then(|i| args.get(i + 1));
            plan.executable = dir.map(|dir| Path::new(dir).join(format!("{}-{}", call.krate, call.hash)));
        } else if !call.is_member() {
            plan.arguments.push("-Zcodegen-backend=dummy".into());
            plan.variant = Variant::BuildNoCode;
        }
        plan
    }
}

/// The other ways.
fn further(rustc: &OsString, args: &[String], call: &Call, record: &OsString) -> anyhow::Result<()> {
    let wanted = std::env::var(VARIANTS).unwrap_or_default();
    for variant in wanted.split(',').filter_map(Variant::further) {
        let scratch = tempfile::tempdir()?;
        let changed = changed(args, variant, scratch.path());
        let (status, seen) = observe(Command::new(rustc).args(&changed), false)?;
        if status.success() {
            append(record, call, variant, &changed, &seen)?;
        }
    }
    Ok(())
}

/// The arguments for another way of compiling, into a directory of its own.
fn changed(args: &[String], variant: Variant, scratch: &Path) -> Vec<String> {
    let mut out = Vec::new();
    let mut args = args.iter().peekable();
    while let Some(arg) = args.next() {
        let next = args.peek().map(|a| a.as_str());
        match arg.as_str() {
            "--out-dir" => {
                args.next();
                out.extend([arg.clone(), scratch.display().to_string()]);
            }
            "-C" if next.is_some_and(|n| n.starts_with("incremental=")) => drop(args.next()),
            emit if emit.starts_with("--emit=") => out.push(match variant {
                Variant::Check | Variant::CheckIncremental => "--emit=dep-info,metadata".to_owned(),
                _ => emit.replace("link", "obj"),
            }),
            _ => out.push(arg.clone()),
        }
    }
    if matches!(variant, Variant::BuildIncremental | Variant::CheckIncremental) {
        out.extend(["-C".to_owned(), format!("incremental={}", scratch.join("incremental").display())]);
    }
    out
}

/// What a call compiles; `None` for calls that only ask the compiler about itself.
fn describe(args: &[String]) -> Option<Call> {
    let all = |flag: &str| args.windows(2).filter(|w| w[0] == flag).map(|w| w[1].clone()).collect::<Vec<_>>();
    let src = args.iter().find(|a| a.ends_with(".rs") && !a.starts_with('-'))?;
    let krate = all("--crate-name").into_iter().next().filter(|name| name != "___")?;
    let test = args.iter().any(|a| a == "--test");
    let feature = |cfg: &String| Some(cfg.strip_prefix("feature=\"")?.strip_suffix('"')?.to_owned());
    let features: BTreeSet<String> = all("--cfg").iter().filter_map(feature).collect();
    let hash_of = |e: &String| {
        let stem = e.rsplit('/').next()?.split('.').next()?;
        stem.rfind('-').map(|dash| stem[dash + 1..].to_owned())
    };
    let hash = args.iter().find_map(|a| a.strip_prefix("extra-filename=-")).unwrap_or_default();
    Some(Call {
        package: std::env::var("CARGO_PKG_NAME").ok()?,
        version: std::env::var("CARGO_PKG_VERSION").unwrap_or_default(),
        krate,
        kind: match all("--crate-type") {
            _ if test => "test".into(),
            // A test with a harness of its own.
            types if types.is_empty() => "bin".into(),
            types => types.join("+"),
        },
        src: std::path::absolute(src).ok()?.to_string_lossy().into_owned(),
        features: features.into_iter().collect(),
        externs: all("--extern").iter().filter_map(hash_of).collect(),
        hash: hash.to_owned(),
        variant: Variant::Build,
        opt_level: String::new(),
        debuginfo: String::new(),
        incremental: false,
        release: all("--out-dir").iter().any(|dir| Path::new(dir).iter().any(|part| part == "release")),
        frontend_s: 0.0,
        frontend_known: false,
        cpu_s: 0.0,
        link_s: 0.0,
    })
}

fn append(
    record: &OsString,
    call: &Call,
    variant: Variant,
    args: &[String],
    seen: &Seen,
) -> anyhow::Result<()> {
    let flag = |name: &str| args.iter().find_map(|a| a.strip_prefix(name)).unwrap_or_default().to_owned();
    let call = Call {
        variant,
        opt_level: flag("opt-level="),
        debuginfo: flag("debuginfo="),
        incremental: args.iter().any(|a| a.starts_with("incremental=")),
        frontend_s: seen.frontend_s.unwrap_or(seen.cpu_s),
        frontend_known: seen.frontend_s.is_some(),
        cpu_s: seen.cpu_s,
        link_s: seen.link_s,
        ..call.clone()
    };
    let mut file = OpenOptions::new().create(true).append(true).open(record)?;
    file.write_all((serde_json::to_string(&call)? + "\n").as_bytes())?;
    Ok(())
}

fn code(status: ExitStatus) -> ExitCode {
    ExitCode::from(status.code().and_then(|c| u8::try_from(c).ok()).unwrap_or(1))
}

/// Processor seconds of a process.
#[derive(Default)]
struct Seen {
    frontend_s: Option<f64>,
    cpu_s: f64,
    link_s: f64,
}

/// How often a process is looked at for the thread that code generation begins with.
const PERIOD: Duration = Duration::from_millis(8);

/// Runs a command to its end. The front end is done when the metadata is announced, or else when the thread
/// `coordinator` appears (`rustc_codegen_ssa/src/back/write.rs`).
fn observe(command: &mut Command, pass_on: bool) -> anyhow::Result<(ExitStatus, Seen)> {
    command.stderr(Stdio::piped());
    if !pass_on {
        command.stdout(Stdio::null());
    }
    let mut child = command.spawn()?;
    let pid = child.id();
    let stderr = child.stderr.take().context("rustc's messages")?;
    let over = AtomicBool::new(false);
    let frontend_s = std::thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                if generates_code(pid) {
                    return read_stat(pid).map(|s| s.own_s);
                }
                std::thread::sleep(PERIOD);
            }
            None
        });
        let mut metadata = None;
        for line in BufReader::new(stderr).split(b'\n') {
            let Ok(line) = line else { break };
            let text = String::from_utf8_lossy(&line);
            if text.starts_with(r#"{"$message_type":"artifact""#) && text.contains(r#""emit":"metadata""#) {
                metadata = read_stat(pid).map(|s| s.own_s);
            }
            if pass_on {
                let mut err = std::io::stderr().lock();
                let written = err.write_all(&line).and_then(|()| err.write_all(b"\n"));
                if written.is_err() {
                    break;
                }
            }
        }
        // Its messages have ended: it is about to be a zombie, which still has its times.
        while read_stat(pid).is_some_and(|s| !s.zombie) {
            std::thread::sleep(Duration::from_millis(1));
        }
        over.store(true, Ordering::Relaxed);
        metadata.or(watcher.join().unwrap_or_default())
    });
    let last = read_stat(pid);
    let status = child.wait()?;
    let (cpu_s, link_s) = last.map_or((0.0, 0.0), |s| (s.own_s, s.children_s));
    Ok((status, Seen { frontend_s, cpu_s, link_s }))
}

fn generates_code(pid: u32) -> bool {
    let Ok(tasks) = std::fs::read_dir(format!("/proc/{pid}/task")) else { return false };
    let name = |task: std::fs::DirEntry| std::fs::read_to_string(task.path().join("comm"));
    tasks.flatten().any(|task| name(task).is_ok_and(|name| name.trim_end() == "coordinator"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn other_ways_change_what_is_made_and_where() {
        let args = words(
            "--crate-name a a.rs --emit=dep-info,metadata,link -C incremental=t/i --out-dir t/deps -C debuginfo=2",
        );
        let show = |variant| changed(&args, variant, Path::new("s")).join(" ");
        let cases = [
            (Variant::Check, "--crate-name a a.rs --emit=dep-info,metadata --out-dir s -C debuginfo=2"),
            (
                Variant::CheckIncremental,
                "--crate-name a a.rs --emit=dep-info,metadata --out-dir s -C debuginfo=2 -C incremental=s/incremental",
            ),
            (
                Variant::BuildIncremental,
                "--crate-name a a.rs --emit=dep-info,metadata,obj --out-dir s -C debuginfo=2 -C incremental=s/incremental",
            ),
        ];
        for (variant, expected) in cases {
            assert_eq!(show(variant), expected);
        }
    }

    #[test]
    fn names_of_variants_are_those_of_the_records() {
        for variant in [Variant::BuildIncremental, Variant::Check, Variant::CheckIncremental] {
            assert_eq!(Variant::further(variant.name()), Some(variant));
            assert_eq!(serde_json::to_string(&variant).unwrap(), format!("\"{}\"", variant.name()));
        }
    }
}
