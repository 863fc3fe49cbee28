//! A running process seen from outside: its processor time, when it starts to generate code, when it links.
//!
//! Units that make no metadata (binaries, procedural macros, build scripts) don't say when their front end is done.
//! On Linux the names of rustc's threads do: the thread `coordinator` is spawned when code generation begins
//! (`rustc_codegen_ssa/src/back/write.rs`), and the linker is rustc's first child process. Elsewhere nothing is known.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::record::Clock;

/// How often a process is looked at: small beside the 20 ms that linking the least program takes, and a thousandth of
/// a core for a look of some 20 µs.
#[cfg(target_os = "linux")]
const PERIOD: Duration = Duration::from_millis(4);

/// A moment in a process: seconds from the start of the build, and processor seconds of the process until then.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Moment {
    pub(super) at_s: f64,
    pub(super) cpu_s: Option<f64>,
}

impl Moment {
    pub(super) fn now(clock: Clock, pid: u32) -> Self {
        Self { at_s: clock.now_s(), cpu_s: cpu_s(pid) }
    }
}

/// What was seen of a process.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Seen {
    pub(super) codegen: Option<Moment>,
    pub(super) link: Option<Moment>,
}

/// Looks at a process until somebody says that it has ended.
#[cfg(target_os = "linux")]
pub(super) fn watch(pid: u32, clock: Clock, ended: &AtomicBool) -> Seen {
    let mut seen = Seen::default();
    while !ended.load(Ordering::Relaxed) && (seen.codegen.is_none() || seen.link.is_none()) {
        let threads = threads(pid);
        if seen.codegen.is_none() && threads.iter().any(|t| t.name == "coordinator") {
            seen.codegen = Some(Moment::now(clock, pid));
        }
        if seen.link.is_none() && threads.iter().any(|t| t.has_children) {
            seen.link = Some(Moment::now(clock, pid));
        }
        std::thread::sleep(PERIOD);
    }
    seen
}

#[cfg(not(target_os = "linux"))]
pub(super) fn watch(_: u32, _: Clock, _: &AtomicBool) -> Seen {
    Seen::default()
}

#[cfg(target_os = "linux")]
struct Thread {
    name: String,
    has_children: bool,
}

/// The threads of a process, from `/proc/PID/task` (proc_pid_task(5)).
#[cfg(target_os = "linux")]
fn threads(pid: u32) -> Vec<Thread> {
    let Ok(tasks) = std::fs::read_dir(format!("/proc/{pid}/task")) else { return Vec::new() };
    let text = |path: std::path::PathBuf| std::fs::read_to_string(path).unwrap_or_default();
    tasks
        .flatten()
        .map(|task| Thread {
            name: text(task.path().join("comm")).trim_end().to_owned(),
            has_children: !text(task.path().join("children")).trim().is_empty(),
        })
        .collect()
}

/// Processor seconds that a process has used so far, its children left out; also of one that has ended but was not
/// yet waited for.
#[cfg(target_os = "linux")]
pub(super) fn cpu_s(pid: u32) -> Option<f64> {
    let pid = nix::unistd::Pid::from_raw(i32::try_from(pid).ok()?);
    let time = nix::time::ClockId::pid_cpu_clock_id(pid).ok()?.now().ok()?;
    Some(time.tv_sec() as f64 + time.tv_nsec() as f64 * 1e-9)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn cpu_s(_: u32) -> Option<f64> {
    None
}

/// Waits until a process has ended, and leaves it to be waited for: its times can still be read.
#[cfg(target_os = "linux")]
pub(super) fn wait_for_end(pid: u32) {
    use nix::sys::wait::{Id, WaitPidFlag, waitid};
    if let Ok(pid) = i32::try_from(pid) {
        let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT;
        while waitid(Id::Pid(nix::unistd::Pid::from_raw(pid)), flags) == Err(nix::errno::Errno::EINTR) {}
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn wait_for_end(_: u32) {}

/// Processor seconds and peak memory in bytes of all children that were waited for; of a wrapper's only child, once
/// it has been.
#[cfg(unix)]
pub(super) fn children_usage() -> Option<(f64, u64)> {
    use nix::sys::resource::{UsageWho, getrusage};
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).ok()?;
    let seconds = |t: nix::sys::time::TimeVal| t.tv_sec() as f64 + t.tv_usec() as f64 * 1e-6;
    // Kilobytes, but bytes on Apple's systems (getrusage(2)).
    let unit = if cfg!(target_vendor = "apple") { 1 } else { 1024 };
    let peak = u64::try_from(usage.max_rss()).unwrap_or_default() * unit;
    Some((seconds(usage.user_time()) + seconds(usage.system_time()), peak))
}

#[cfg(not(unix))]
pub(super) fn children_usage() -> Option<(f64, u64)> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_process_that_has_ended_still_has_its_time() {
        let script = "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done";
        let mut child = std::process::Command::new("sh").args(["-c", script]).spawn().unwrap();
        wait_for_end(child.id());
        let used = cpu_s(child.id()).unwrap();
        assert!(used > 0.001, "{used}");
        child.wait().unwrap();
        assert_eq!(cpu_s(child.id()), None);
    }

    #[test]
    fn a_child_of_a_process_is_seen() {
        let mut child = std::process::Command::new("sh").args(["-c", "sleep 0.2; true"]).spawn().unwrap();
        let (pid, ended) = (child.id(), AtomicBool::new(false));
        let seen = std::thread::scope(|scope| {
            let watcher = scope.spawn(|| watch(pid, Clock::start(), &ended));
            child.wait().unwrap();
            ended.store(true, Ordering::Relaxed);
            watcher.join().unwrap()
        });
        assert!(seen.link.is_some() && seen.codegen.is_none(), "{seen:?}");
    }
}
