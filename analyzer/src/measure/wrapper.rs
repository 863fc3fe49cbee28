//! The program as `RUSTC_WRAPPER`: runs rustc, passes everything through, and writes down what it took.
//!
//! Cargo runs build scripts by itself, without a wrapper. So when one has been linked, a script takes the place of its
//! executable, which calls the program with the path of the real one; without the environment of a measured build it
//! runs the real one directly. This needs `/bin/sh`; elsewhere the runs of build scripts are not measured.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::cost::measured::CpuSeconds;

use super::arguments::{UnitCall, expand, is_build_script, parse};
use super::exit::code_of;
use super::profiled::{self, PROFILES};
use super::record::{Clock, Ended, INNER, RECORDS, Slot, Started, Work, started};
use super::watch::{self, Moment, Seen};

/// The first argument when the program stands for a build script.
const SCRIPT: &str = "--split-advisor-build-script";

/// Does the work of a wrapper if the program was started as one (the environment of a measured build says so), and
/// returns the exit code to end with; `None` if this is an ordinary start.
///
/// # Errors
/// What the operating system says when rustc or the build script can't be started.
pub fn run_as_wrapper() -> Option<io::Result<u8>> {
    let args: Vec<OsString> = env::args_os().skip(1).collect();
    if let Some(profiles) = env::var_os(PROFILES) {
        return Some(profiled::run(Path::new(&profiles), &args));
    }
    let records = PathBuf::from(env::var_os(RECORDS)?);
    let (first, rest) = args.split_first()?;
    Some(if first == SCRIPT { run_script(&records, rest) } else { run_rustc(&records, first, rest) })
}

fn run_rustc(records: &Path, rustc: &OsStr, args: &[OsString]) -> io::Result<u8> {
    let mut command = match env::var_os(INNER) {
        Some(inner) => {
            let mut command = Command::new(inner);
            command.arg(rustc);
            command
        }
        None => Command::new(rustc),
    };
    command.args(args);
    let texts = expand(args);
    let (Some(call), Some(clock)) = (parse(&texts), Clock::from_env()) else {
        return Ok(code_of(command.status()?));
    };
    let started = Started { work: Work::Rustc(texts), ..started(clock) };
    let slot = Slot::open(records, &started)?;
    let (status, ended) = observe(command.stderr(Stdio::piped()), clock, call.generates_code())?;
    if status.success() && is_build_script(&call) {
        stand_before(&call)?;
    }
    slot.close(&ended)?;
    Ok(code_of(status))
}

fn run_script(records: &Path, args: &[OsString]) -> io::Result<u8> {
    let Some((real, rest)) = args.split_first() else { return Ok(2) };
    let mut command = Command::new(real);
    command.args(rest);
    let Some(clock) = Clock::from_env() else { return Ok(code_of(command.status()?)) };
    let started = Started { work: Work::Script(real.to_string_lossy().into_owned()), ..started(clock) };
    let slot = Slot::open(records, &started)?;
    let (status, ended) = observe(&mut command, clock, false)?;
    slot.close(&ended)?;
    Ok(code_of(status))
}

/// Runs a command to its end; the moment of the metadata is when rustc announces it on its stderr, which is what cargo's
/// pipelining goes by.
fn observe(command: &mut Command, clock: Clock, generates_code: bool) -> io::Result<(ExitStatus, Ended)> {
    let mut child = command.spawn()?;
    let pid = child.id();
    let over = AtomicBool::new(false);
    let (metadata, seen) = std::thread::scope(|scope| {
        let watcher = generates_code.then(|| scope.spawn(|| watch::watch(pid, clock, &over)));
        let metadata = pass_messages(&mut child, clock);
        watch::wait_for_end(pid);
        over.store(true, Ordering::Relaxed);
        let seen = watcher.and_then(|w| w.join().ok()).unwrap_or_default();
        metadata.map(|metadata| (metadata, seen))
    })?;
    let end_s = clock.now_s();
    let own_cpu_s = watch::cpu_s(pid);
    let status = child.wait()?;
    Ok((status, ended(status, end_s, metadata, seen, own_cpu_s)))
}

/// Copies the child's stderr, if it is ours, and returns when the metadata was announced.
fn pass_messages(child: &mut Child, clock: Clock) -> io::Result<Option<Moment>> {
    let Some(stderr) = child.stderr.take() else { return Ok(None) };
    let mut metadata = None;
    let mut reader = BufReader::new(stderr);
    let mut line = Vec::new();
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line)? == 0 {
            return Ok(metadata);
        }
        if announces_metadata(&line) {
            metadata = Some(Moment::now(clock, child.id()));
        }
        let mut err = io::stderr().lock();
        err.write_all(&line)?;
        err.flush()?;
    }
}

/// Whether a line of rustc's messages says that the metadata has been written.
fn announces_metadata(line: &[u8]) -> bool {
    // Parsing every diagnostic as JSON would be a waste: such a message is short and begins with its type.
    let Ok(text) = std::str::from_utf8(line) else { return false };
    text.starts_with("{\"$message_type\":\"artifact\"") && text.contains("\"emit\":\"metadata\"")
}

fn ended(
    status: ExitStatus,
    end_s: f64,
    metadata: Option<Moment>,
    seen: Seen,
    own_cpu_s: Option<f64>,
) -> Ended {
    let usage = watch::children_usage();
    let frontend = metadata.or(seen.codegen);
    let cpu = usage.map(|(all_s, _)| {
        let own_s = own_cpu_s.unwrap_or(all_s);
        let frontend_s = frontend.and_then(|m| m.cpu_s).unwrap_or(own_s).min(own_s);
        CpuSeconds {
            frontend_s,
            codegen_s: own_s - frontend_s,
            // Its grain is that of two different clocks.
            link_s: (all_s - own_s).max(0.0),
        }
    });
    Ended {
        success: status.success(),
        metadata_s: metadata.map(|m| m.at_s),
        codegen_start_s: if metadata.is_none() { seen.codegen.map(|m| m.at_s) } else { None },
        link_start_s: seen.link.map(|m| m.at_s.max(frontend.map_or(0.0, |f| f.at_s))),
        end_s,
        cpu,
        peak_memory_bytes: usage.map(|(_, bytes)| bytes),
    }
}

/// The file that rustc links a build script to.
fn executable(call: &UnitCall) -> PathBuf {
    Path::new(&call.out_dir).join(format!("{}{}", call.name, call.hash))
}

/// What the real build script is renamed to.
pub(super) const REAL: &str = ".real";

/// Puts a script in the place of a build script.
#[cfg(unix)]
fn stand_before(call: &UnitCall) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let place = std::path::absolute(executable(call))?;
    let real = PathBuf::from(format!("{}{REAL}", place.display()));
    std::fs::rename(&place, &real)?;
    let (program, real) = (quoted(&env::current_exe()?), quoted(&real));
    let script = format!(
        "#!/bin/sh\n[ -n \"${RECORDS}\" ] && exec {program} {SCRIPT} {real} \"$@\"\nexec {real} \"$@\"\n"
    );
    std::fs::write(&place, script)?;
    std::fs::set_permissions(&place, std::fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn stand_before(_: &UnitCall) -> io::Result<()> {
    Ok(())
}

/// A path as one word of `sh`.
#[cfg(unix)]
fn quoted(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_lines_announce_metadata() {
        let cases = [
            (r#"{"$message_type":"artifact","artifact":"t/libx-1.rmeta","emit":"metadata"}"#, true),
            (r#"{"$message_type":"artifact","artifact":"t/x-1.d","emit":"dep-info"}"#, false),
            (r#"{"$message_type":"artifact","artifact":"t/libx-1.rlib","emit":"link"}"#, false),
            (r#"{"$message_type":"diagnostic","message":"\"emit\":\"metadata\""}"#, false),
            ("error: \"emit\":\"metadata\"", false),
            ("", false),
        ];
        for (line, expected) in cases {
            assert_eq!(announces_metadata(line.as_bytes()), expected, "{line}");
        }
        assert!(!announces_metadata(&[0xff, b'\n']));
    }

    #[test]
    fn which_calls_are_build_scripts() {
        let call = |name: &str, out_dir: &str, kind: &str| UnitCall {
            name: name.into(),
            out_dir: out_dir.into(),
            costly: crate::cost::measured::RustcArguments {
                crate_types: vec![kind.into()],
                ..Default::default()
            },
            ..UnitCall::default()
        };
        let cases = [
            (call("build_script_build", "t/debug/build/a-1", "bin"), true),
            (call("build_script_main", "t/debug/build/a-1", "bin"), true),
            (call("build_script_build", "t/debug/deps", "bin"), false),
            (call("build_script_x", "t/debug/build/a-1", "lib"), false),
            (call("a", "t/debug/build/a-1", "bin"), false),
        ];
        for (call, expected) in cases {
            assert_eq!(is_build_script(&call), expected, "{call:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn paths_are_quoted_for_the_shell() {
        assert_eq!(quoted(Path::new("/a b/it's")), r"'/a b/it'\''s'");
    }

    #[test]
    fn processor_time_is_split_at_the_metadata_or_the_start_of_code_generation() {
        let moment = |at_s, cpu_s| Moment { at_s, cpu_s: Some(cpu_s) };
        let status = ExitStatus::default();
        let seen = Seen { codegen: Some(moment(2.5, 2.0)), link: Some(moment(4.0, 4.0)) };
        let library = ended(status, 5.0, Some(moment(2.0, 1.5)), seen, Some(0.0));
        assert_eq!((library.metadata_s, library.codegen_start_s), (Some(2.0), None));
        assert_eq!(library.link_start_s, Some(4.0));
        let binary = ended(status, 5.0, None, seen, Some(0.0));
        assert_eq!((binary.metadata_s, binary.codegen_start_s), (None, Some(2.5)));
        // Never more than the process used.
        assert_eq!(binary.cpu.map_or(0.0, |cpu| cpu.frontend_s + cpu.codegen_s), 0.0);
    }
}
