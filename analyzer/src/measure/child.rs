//! Cargo, run and waited for.

use std::io;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::invocation::Invocation;

/// How long cargo may take to end by itself once somebody stopped the build.
const GRACE: Duration = Duration::from_secs(3);
/// How often the build is looked after.
const PERIOD: Duration = Duration::from_millis(20);

/// Runs cargo; its messages go to our stderr, where cargo also shows its progress, or are kept.
pub(super) fn run(
    invocation: &Invocation,
    quiet: bool,
    stop: &AtomicBool,
) -> io::Result<(ExitStatus, String)> {
    let mut command = invocation.to_command();
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command.stderr(if quiet { Stdio::piped() } else { Stdio::inherit() });
    let mut child = command.spawn()?;
    let stderr = child.stderr.take();
    std::thread::scope(|scope| {
        let reader = stderr.map(|stderr| scope.spawn(|| io::read_to_string(stderr).unwrap_or_default()));
        let status = wait(&mut child, stop)?;
        Ok((status, reader.and_then(|r| r.join().ok()).unwrap_or_default()))
    })
}

/// Waits for cargo. Ctrl-C on a terminal reaches it by itself; if it doesn't end then, it is made to.
fn wait(child: &mut Child, stop: &AtomicBool) -> io::Result<ExitStatus> {
    let mut stopped: Option<Instant> = None;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if stop.load(Ordering::Relaxed) && stopped.get_or_insert_with(Instant::now).elapsed() > GRACE {
            child.kill()?;
        }
        std::thread::sleep(PERIOD);
    }
}
