//! A stand-in for rustc that sleeps: what `scheduler` puts between the real cargo and its builds.
//!
//! It announces the metadata at the recorded moment, generates code in as many threads as cargo's jobserver has tokens
//! for ([`super::codegen`]), writes (empty) whatever files cargo expects, and "links" build scripts to shell
//! scripts that call it again. Questions about the compiler go to the real one.

use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::Context;

use crate::scheduler::codegen::generate;

/// The environment variable that names the directory with the [`TABLE`]; its presence makes a stand-in of us.
pub(crate) const REPLAY: &str = "SPLIT_BENCHES_REPLAY";
/// Lines of `hash front-end-ms codegen-ms codegen-units link-ms`; the run of the build script that was compiled as `h`
/// is `run-h`.
pub(crate) const TABLE: &str = "table";
/// One file for each unit that ran: `start end`, in nanoseconds since 1970.
pub(crate) const LOG: &str = "log";

const SCRIPT: &str = "--replay-script";

/// Plays one unit.
pub(crate) fn run(args: Vec<OsString>, replay: &OsString) -> anyhow::Result<ExitCode> {
    let begin = Instant::now();
    let args: Vec<String> = args.into_iter().skip(1).map(|a| a.to_string_lossy().into_owned()).collect();
    if args.first().is_some_and(|a| a == SCRIPT) {
        let hash = args.get(1).context("the hash of a build script")?;
        return play(Path::new(replay), &format!("run-{hash}"), begin, || Ok(()));
    }
    let Some(call) = Call::parse(&args) else {
        let (rustc, rest) = args.split_first().context("the compiler to ask")?;
        let status = Command::new(rustc).args(rest).status()?;
        return Ok(ExitCode::from(status.code().and_then(|c| u8::try_from(c).ok()).unwrap_or(1)));
    };
    let code = play(Path::new(replay), call.hash.trim_start_matches('-'), begin, || call.write_metadata())?;
    call.write_rest()?;
    Ok(code)
}

/// How long a unit sleeps for what.
struct Durations {
    frontend: Duration,
    codegen: Duration,
    codegen_units: u32,
    link: Duration,
}

impl Durations {
    fn read(replay: &Path, key: &str) -> anyhow::Result<Self> {
        let table = fs::read_to_string(replay.join(TABLE))?;
        let line = table.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(' '));
        let line = line.with_context(|| format!("no duration recorded for unit {key}"))?;
        let fields: Vec<&str> = line.split(' ').collect();
        let &[frontend, codegen, units, link] = fields.as_slice() else { anyhow::bail!("{key}: {line}") };
        let ms = |text: &str| Ok::<_, anyhow::Error>(Duration::from_secs_f64(text.parse::<f64>()? / 1e3));
        Ok(Self {
            frontend: ms(frontend)?,
            codegen: ms(codegen)?,
            codegen_units: units.parse()?,
            link: ms(link)?,
        })
    }
}

/// Sleeps until the metadata is due, for the code, and for the link.
fn play(
    replay: &Path,
    key: &str,
    begin: Instant,
    at_metadata: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<ExitCode> {
    let start = nanos();
    let durations = Durations::read(replay, key)?;
    sleep(durations.frontend.saturating_sub(begin.elapsed()));
    at_metadata()?;
    if durations.codegen > Duration::ZERO {
        generate(durations.codegen, durations.codegen_units)?;
    }
    sleep(durations.link);
    fs::write(replay.join(LOG).join(key), format!("{start} {}", nanos()))?;
    Ok(ExitCode::SUCCESS)
}

fn nanos() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos()
}

/// What has to be known of a call of rustc to write its files.
struct Call {
    name: String,
    hash: String,
    out_dir: String,
    emit: Vec<String>,
    crate_types: Vec<String>,
    test: bool,
}

impl Call {
    /// `None` for calls that compile nothing for cargo.
    fn parse(args: &[String]) -> Option<Self> {
        let value = |flag: &str| {
            let joined = args.iter().find_map(|a| a.strip_prefix(flag)?.strip_prefix('='));
            joined.or_else(|| args.windows(2).find(|w| w[0] == flag).map(|w| w[1].as_str()))
        };
        let hash = args.iter().find_map(|a| a.strip_prefix("extra-filename="))?;
        Some(Self {
            name: value("--crate-name")?.to_owned(),
            hash: hash.to_owned(),
            out_dir: value("--out-dir")?.to_owned(),
            emit: value("--emit")?.split(',').map(str::to_owned).collect(),
            crate_types: args.windows(2).filter(|w| w[0] == "--crate-type").map(|w| w[1].clone()).collect(),
            test: args.iter().any(|a| a == "--test"),
        })
    }

    fn write(&self, prefix: &str, suffix: &str, text: &str) -> anyhow::Result<String> {
        let path = format!("{}/{prefix}{}{}{suffix}", self.out_dir, self.name, self.hash);
        fs::write(&path, text).with_context(|| path.clone())?;
        Ok(path)
    }

    fn emits(&self, kind: &str) -> bool {
        self.emit.iter().any(|e| e == kind)
    }

    fn write_metadata(&self) -> anyhow::Result<()> {
        if !self.emits("metadata") {
            return Ok(());
        }
        let path = self.write("lib", ".rmeta", "")?;
        let message = serde_json::json!({"$message_type": "artifact", "artifact": path, "emit": "metadata"});
        // Serialized with sorted keys, so the type comes first as rustc has it.
        writeln!(std::io::stderr(), "{message}")?;
        Ok(())
    }

    /// Dependency information, and whatever is linked.
    fn write_rest(&self) -> anyhow::Result<()> {
        self.write("", ".d", &format!("{}/{}{}.d:\n", self.out_dir, self.name, self.hash))?;
        if !self.emits("link") {
            return Ok(());
        }
        if self.test || self.crate_types.is_empty() {
            return self.write_executable();
        }
        for kind in &self.crate_types {
            match kind.as_str() {
                "bin" => self.write_executable()?,
                "staticlib" => drop(self.write("lib", ".a", "")?),
                "proc-macro" | "dylib" | "cdylib" => drop(self.write("lib", ".so", "")?),
                _ => drop(self.write("lib", ".rlib", "")?),
            }
        }
        Ok(())
    }

    /// A shell script that plays the run of a build script, should it be one.
    fn write_executable(&self) -> anyhow::Result<()> {
        let program = std::env::current_exe()?;
        let hash = self.hash.trim_start_matches('-');
        let path =
            self.write("", "", &format!("#!/bin/sh\nexec '{}' {SCRIPT} {hash}\n", program.display()))?;
        let mut permissions = fs::metadata(&path)?.permissions();
        std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o755);
        Ok(fs::set_permissions(path, permissions)?)
    }
}
