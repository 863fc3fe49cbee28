//! The door to programs: cargo and git, found in absolute directories of `PATH` alone, with a limit on their time and on
//! what they print, in a process group that ends as a whole.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::budget::CancelToken;

/// How programs are run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolOptions {
    /// A program that takes longer is ended, and its answer does without.
    pub timeout: Duration,
    /// One that prints more bytes, to either stream, is ended as well.
    pub max_output: u64,
    /// Ends what runs, with its children, and lets nothing else begin. A whole analysis puts the token of its
    /// [`Budget`](super::budget::Budget) here, which its time and memory cancel, too.
    pub cancel: CancelToken,
}

impl Default for ToolOptions {
    /// A minute: cargo answers in 0.04 s for nushell, git in 2 s for 41,000 commits. 128 MiB: cargo says about 1 MB for
    /// nushell, git some 200 bytes for each file of a commit.
    fn default() -> Self {
        Self { timeout: Duration::from_secs(60), max_output: 128 << 20, cancel: CancelToken::default() }
    }
}

/// The process groups of the programs that run; nothing once [`end_all`] was called. A signal ends this process alone: they
/// are in groups of their own.
static GROUPS: Mutex<Option<BTreeSet<u32>>> = Mutex::new(Some(BTreeSet::new()));

fn groups() -> MutexGuard<'static, Option<BTreeSet<u32>>> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends every program that runs, with its children, and lets no other begin: for a process that is about to end.
pub fn end_all() {
    groups().take().into_iter().flatten().for_each(end_group);
}

#[cfg(unix)]
fn end_group(leader: u32) {
    use nix::sys::signal::{Signal, killpg};
    if let Ok(id) = i32::try_from(leader) {
        // Nobody may be left in it.
        let _ = killpg(nix::unistd::Pid::from_raw(id), Signal::SIGKILL);
    }
}

/// Without groups: children end when they find their streams closed.
#[cfg(not(unix))]
fn end_group(_leader: u32) {}

/// What a program said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
}

/// Why a program gave no answer.
#[derive(Debug)]
pub(crate) enum NoAnswer {
    /// It is in no absolute directory of `PATH`.
    Absent(String),
    NotStarted(io::Error),
    /// It took longer than the limit.
    TooSlow(Duration),
    /// It printed more than this many bytes.
    TooMuch(u64),
    /// Its answer was wanted no more.
    Unwanted,
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent(name) => write!(f, "no `{name}` in the absolute directories of PATH"),
            Self::NotStarted(error) => write!(f, "it can't be started: {error}"),
            Self::TooSlow(limit) => {
                write!(f, "there was no answer within {} s (--tool-timeout)", limit.as_secs_f64())
            }
            Self::TooMuch(limit) => write!(f, "it printed more than {} MiB", limit >> 20),
            Self::Unwanted => f.write_str("it was ended"),
        }
    }
}

/// Where a program is: in the first absolute directory of `PATH` that has it. A relative one (`.` most of all) may be the
/// repository's.
pub fn find(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    absolute_directories().map(|dir| dir.join(&file)).find(|path| is_executable(path))
}

/// A command that runs a program by its absolute path, and passes on no relative directory of `PATH`.
pub(crate) fn command(name: &str) -> Result<Command, NoAnswer> {
    let path = find(name).ok_or_else(|| NoAnswer::Absent(name.to_owned()))?;
    Ok(command_at(&path))
}

/// Likewise for a path that is known.
pub(crate) fn command_at(path: &Path) -> Command {
    let mut command = Command::new(path);
    command.env("PATH", absolute_path());
    command
}

fn absolute_path() -> OsString {
    std::env::join_paths(absolute_directories()).unwrap_or_default()
}

fn absolute_directories() -> impl Iterator<Item = PathBuf> {
    absolute(&std::env::var_os("PATH").unwrap_or_default()).into_iter()
}

fn absolute(path: &OsStr) -> Vec<PathBuf> {
    std::env::split_paths(path).filter(|dir| dir.is_absolute()).collect()
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
}

/// Runs a command to its end, or to one of the limits; `unwanted` ends it, too.
pub(crate) fn run(
    command: &mut Command,
    options: &ToolOptions,
    unwanted: &AtomicBool,
) -> Result<Said, NoAnswer> {
    run_with(command, Vec::new(), options, unwanted)
}

/// The same with something for it to read.
pub(crate) fn run_with(
    command: &mut Command,
    input: Vec<u8>,
    options: &ToolOptions,
    unwanted: &AtomicBool,
) -> Result<Said, NoAnswer> {
    let deadline = Instant::now().checked_add(options.timeout);
    let stdin = if input.is_empty() { Stdio::null() } else { Stdio::piped() };
    command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    let until = Until { deadline, options, unwanted };
    until.go_on()?;
    let mut running = Running::begin(command)?;
    write_aside(running.child.stdin.take(), input);
    let outputs = Outputs {
        stdout: read_aside(running.child.stdout.take(), options.max_output),
        stderr: read_aside(running.child.stderr.take(), options.max_output),
    };
    let stdout = until.whole(&outputs.stdout, &mut running)?;
    let stderr = until.whole(&outputs.stderr, &mut running)?;
    let status = until.ended(&mut running)?;
    Ok(Said { status, stdout, stderr })
}

/// A child, which is ended with its group unless it has ended by itself.
struct Running {
    child: Child,
    ended: Option<ExitStatus>,
}

impl Running {
    fn begin(command: &mut Command) -> Result<Self, NoAnswer> {
        // Locked until it is noted: nothing begins behind the back of `end_all`.
        let mut groups = groups();
        let Some(groups) = groups.as_mut() else { return Err(NoAnswer::Unwanted) };
        let child = command.spawn().map_err(NoAnswer::NotStarted)?;
        groups.insert(child.id());
        Ok(Self { child, ended: None })
    }

    fn poll(&mut self) -> Option<ExitStatus> {
        if self.ended.is_none() {
            self.ended = self.child.try_wait().ok().flatten();
        }
        self.ended
    }

    fn end_group(&mut self) {
        end_group(self.child.id());
        #[cfg(not(unix))]
        let _ = self.child.kill();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(groups) = groups().as_mut() {
            groups.remove(&self.child.id());
        }
        if self.poll().is_none() {
            self.end_group();
            let _ = self.child.wait();
        }
    }
}

struct Outputs {
    stdout: Receiver<Option<Vec<u8>>>,
    stderr: Receiver<Option<Vec<u8>>>,
}

/// Reads a stream on a thread of its own: `None` for more than `limit` bytes. A thread rather than a poll, since it works on
/// every system; it ends with the stream's last writer.
fn read_aside(stream: Option<impl Read + Send + 'static>, limit: u64) -> Receiver<Option<Vec<u8>>> {
    let (sender, receiver) = mpsc::channel();
    let work = move || {
        let mut bytes = Vec::new();
        if let Some(stream) = stream {
            // What was read until an error counts: the status says whether the program is content.
            let _ = stream.take(limit.saturating_add(1)).read_to_end(&mut bytes);
        }
        let whole = bytes.len() as u64 <= limit;
        // Nobody may be waiting any more.
        let _ = sender.send(whole.then_some(bytes));
    };
    // Without a thread the channel is closed, and the stream counts as empty.
    let _ = std::thread::Builder::new().name("program".to_owned()).spawn(work);
    receiver
}

/// Writes on a thread of its own, since a program may print before it has read everything. It ends with the program.
fn write_aside(stream: Option<impl Write + Send + 'static>, input: Vec<u8>) {
    let Some(mut stream) = stream else { return };
    // Without a thread, or when the program reads no more, its answer says what it had.
    let work = move || drop(stream.write_all(&input));
    let _ = std::thread::Builder::new().name("program".to_owned()).spawn(work);
}

struct Until<'a> {
    deadline: Option<Instant>,
    options: &'a ToolOptions,
    unwanted: &'a AtomicBool,
}

/// How often it is looked whether an answer is still wanted, and whether a program has ended without closing its streams:
/// much less than anybody notices, much more than a look costs.
const LOOK: Duration = Duration::from_millis(20);

impl Until<'_> {
    /// Time is left, and the answer is wanted.
    fn go_on(&self) -> Result<(), NoAnswer> {
        if self.unwanted.load(Ordering::Relaxed) || self.options.cancel.is_cancelled() {
            return Err(NoAnswer::Unwanted);
        }
        match self.deadline {
            Some(deadline) if Instant::now() >= deadline => Err(NoAnswer::TooSlow(self.options.timeout)),
            _ => Ok(()),
        }
    }

    /// What comes out of a stream until its end.
    fn whole(&self, stream: &Receiver<Option<Vec<u8>>>, running: &mut Running) -> Result<Vec<u8>, NoAnswer> {
        loop {
            match stream.recv_timeout(LOOK) {
                Ok(Some(bytes)) => return Ok(bytes),
                Ok(None) => return Err(NoAnswer::TooMuch(self.options.max_output)),
                Err(RecvTimeoutError::Disconnected) => return Ok(Vec::new()),
                Err(RecvTimeoutError::Timeout) => self.go_on()?,
            }
            if running.poll().is_some() {
                // Whoever it has left behind holds the stream open.
                running.end_group();
            }
        }
    }

    fn ended(&self, running: &mut Running) -> Result<ExitStatus, NoAnswer> {
        // As a rule it ends just after its streams do.
        let mut pause = Duration::from_micros(100);
        loop {
            if let Some(status) = running.poll() {
                return Ok(status);
            }
            self.go_on()?;
            std::thread::sleep(pause);
            pause = (pause * 2).min(LOOK);
        }
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn shell(script: &str, options: &ToolOptions) -> Result<Said, NoAnswer> {
        run(command("sh").unwrap().args(["-c", script]), options, &AtomicBool::new(false))
    }

    /// Long enough for whatever ends by itself, however busy the machine is.
    fn patient() -> ToolOptions {
        ToolOptions { max_output: 1 << 20, ..ToolOptions::default() }
    }

    #[test]
    fn what_a_program_says() {
        let said = shell("echo out; echo err >&2; exit 3", &patient()).unwrap();
        assert_eq!(
            (said.status.code(), said.stdout, said.stderr),
            (Some(3), b"out\n".into(), b"err\n".into())
        );
    }

    #[test]
    fn a_program_that_waits_or_chatters_is_ended_with_its_children() {
        let short = ToolOptions { timeout: Duration::from_millis(100), ..patient() };
        for (script, options, expected) in [
            ("sleep 600", &short, "there was no answer within 0.1 s (--tool-timeout)"),
            ("sleep 600 & sleep 600", &short, "there was no answer within 0.1 s (--tool-timeout)"),
            ("exec >&- 2>&-; sleep 600", &short, "there was no answer within 0.1 s (--tool-timeout)"),
            ("yes", &patient(), "it printed more than 1 MiB"),
            ("yes >&2", &patient(), "it printed more than 1 MiB"),
            ("yes & yes >&2", &patient(), "it printed more than 1 MiB"),
        ] {
            let error = shell(script, options).map(|_| ()).unwrap_err().to_string();
            assert_eq!(error, expected, "{script}");
        }
        // What it leaves behind keeps nobody waiting.
        let said = shell("sleep 600 & echo done", &patient()).unwrap();
        assert_eq!(said.stdout, b"done\n");
    }

    #[test]
    fn an_answer_that_is_wanted_no_more() {
        let error = run(command("sleep").unwrap().arg("600"), &patient(), &AtomicBool::new(true));
        assert!(matches!(error, Err(NoAnswer::Unwanted)));
    }

    #[test]
    fn a_token_ends_what_runs_and_lets_nothing_begin() {
        let dir = tempfile::tempdir().unwrap();
        let begun = dir.path().join("begun");
        let options = patient();
        let script = format!("echo > '{}'; sleep 600", begun.display());
        std::thread::scope(|scope| {
            let run = scope.spawn(|| shell(&script, &options).map(|_| ()));
            while !begun.exists() {
                std::thread::sleep(Duration::from_millis(1));
            }
            options.cancel.cancel();
            assert!(matches!(run.join().unwrap(), Err(NoAnswer::Unwanted)));
        });
        let never = dir.path().join("never");
        let script = format!("echo > '{}'", never.display());
        assert!(matches!(shell(&script, &options), Err(NoAnswer::Unwanted)));
        assert!(!never.exists());
    }

    #[test]
    fn relative_directories_do_not_count() {
        let path = std::env::join_paths([".", "/usr/bin", "", "bin", "/bin"]).unwrap();
        assert_eq!(absolute(&path), [PathBuf::from("/usr/bin"), PathBuf::from("/bin")]);
        assert!(find("sh").is_some_and(|path| path.is_absolute()));
        assert_eq!(
            command("no-such-program").unwrap_err().to_string(),
            "no `no-such-program` in the absolute directories of PATH"
        );
    }
}
