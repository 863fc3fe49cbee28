//! What an analysis may use: counts that stand for work, memory, time, and a token to stop it from outside.
//!
//! Counts decide what is left out, so that a result never depends on a clock or a machine. Memory, time and the token only
//! decide whether there is a result.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::time::{Duration, Instant};

/// How often memory and time are looked at: a choice; reading one's own memory takes some 30 µs.
const EVERY: Duration = Duration::from_millis(10);

/// What an analysis may use.
#[derive(Debug, Clone, Default)]
pub struct Budget {
    /// What is counted.
    pub limits: Limits,
    /// Bytes of memory that the process may have (resident); watched on Linux only, see [`memory_used`].
    pub memory: Option<u64>,
    /// Time that the analysis may take.
    pub time: Option<Duration>,
    /// Stops the analysis from outside.
    pub cancel: CancelToken,
}

/// Limits of what is counted. They are choices, far above what the repositories tried so far need (the largest has a million
/// lines; `split-benches survey` runs many). What is beyond a limit is left out with a diagnostic that names its place;
/// the rest is analysed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Items, imports and macro calls at module level, of the whole repository; a file that is a module twice counts twice.
    pub items: u64,
    /// Those among them that a crate has already, since a file is a module or is included more than once.
    pub copied_items: u64,
    /// Names that modules have by globs, each counted for each module.
    pub glob_names: u64,
    /// Expansions that one macro call written in item position leads to, itself included.
    pub call_expansions: u32,
    /// Tokens that these expansions are made of.
    pub call_tokens: u64,
    /// Tokens that all macro calls in item position make.
    pub tokens: u64,
    /// Tokens that macro calls in the body of one item make.
    pub body_tokens: u64,
    /// Expressions that are walked in one item, each with the size of its type, and types that are read for them.
    pub body_steps: u64,
    /// Source files that are read. Which ones are beyond would be for threads to say, so one more ends the analysis:
    /// [`StopCause::Files`].
    pub files: u64,
    /// Bytes of source files that are read, likewise: [`StopCause::Bytes`].
    pub bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            items: 20_000_000,
            copied_items: 50_000,
            glob_names: 4_000_000,
            call_expansions: 20_000,
            call_tokens: 4_000_000,
            tokens: 40_000_000,
            body_tokens: 2_000_000,
            body_steps: 5_000_000,
            files: 500_000,
            bytes: 4_000_000_000,
        }
    }
}

/// Stops an analysis from outside: clones are the same token.
#[derive(Debug, Clone, Default)]
pub struct CancelToken {
    own: Arc<AtomicBool>,
    /// The one that this was made [from](Self::child).
    parent: Option<Arc<AtomicBool>>,
}

/// Whether both are the same token.
impl PartialEq for CancelToken {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.own, &other.own)
    }
}

impl Eq for CancelToken {}

impl CancelToken {
    /// A token that nobody has cancelled.
    pub fn new() -> Self {
        Self::default()
    }

    /// Stops all that was begun with this token, soon: [`Error::Stopped`](crate::Error::Stopped).
    pub fn cancel(&self) {
        self.own.store(true, Ordering::Relaxed);
    }

    /// A token that is cancelled with this one, and can be by itself.
    pub(crate) fn child(&self) -> Self {
        Self { own: Arc::default(), parent: Some(Arc::clone(&self.own)) }
    }

    /// Whether it was cancelled.
    pub fn is_cancelled(&self) -> bool {
        let cancelled = |flag: &Arc<AtomicBool>| flag.load(Ordering::Relaxed);
        cancelled(&self.own) || self.parent.as_ref().is_some_and(cancelled)
    }
}

/// Why an analysis was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StopCause {
    /// By its [`CancelToken`].
    Cancelled,
    /// It took longer than [`Budget::time`].
    Time(Duration),
    /// The process had more memory than [`Budget::memory`], in bytes.
    Memory(u64),
    /// There are more source files than [`Limits::files`].
    Files(u64),
    /// The source files have more bytes than [`Limits::bytes`].
    Bytes(u64),
}

impl fmt::Display for StopCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cancelled => f.write_str("it was cancelled"),
            Self::Time(limit) => write!(f, "it took more than {} s, the limit", limit.as_secs_f64()),
            Self::Memory(limit) => {
                write!(f, "it needed more than {:.0} MB of memory, the limit", *limit as f64 / 1e6)
            }
            Self::Files(limit) => write!(f, "there are more than {limit} source files, the limit"),
            Self::Bytes(limit) => {
                write!(f, "there are more than {:.0} MB of source files, the limit", *limit as f64 / 1e6)
            }
        }
    }
}

/// Bytes of memory that this process has (resident); `None` where the platform doesn't say.
pub fn memory_used() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

/// A budget in force, from the beginning of an analysis to its end.
#[derive(Debug, Clone)]
pub(crate) struct Watch {
    limits: Limits,
    time: Option<Duration>,
    memory: Option<u64>,
    /// The budget's token.
    cancel: CancelToken,
    /// Cancelled with it, and by whatever else ends the analysis.
    token: CancelToken,
    stop: Arc<AtomicU8>,
}

const GO_ON: u8 = 0;
const OUT_OF_TIME: u8 = 1;
const OUT_OF_MEMORY: u8 = 2;
const TOO_MANY_FILES: u8 = 3;
const TOO_MANY_BYTES: u8 = 4;

impl Default for Watch {
    fn default() -> Self {
        Self::begin(&Budget::default())
    }
}

impl Watch {
    /// Time counts from here.
    pub(crate) fn begin(budget: &Budget) -> Self {
        let Budget { limits, memory, time, cancel } = budget.clone();
        let token = cancel.child();
        let watch = Self { limits, time, memory, cancel, token, stop: Arc::new(AtomicU8::new(GO_ON)) };
        if watch.time.is_some() || watch.memory.is_some() {
            let (begun, stop, token) = (Instant::now(), Arc::downgrade(&watch.stop), watch.token.clone());
            let look = move || {
                while let Some(stop) = stop.upgrade() {
                    let late = time.is_some_and(|limit| begun.elapsed() > limit);
                    let large = memory.is_some_and(|limit| memory_used().is_some_and(|used| used > limit));
                    if late || large {
                        stop.store(if late { OUT_OF_TIME } else { OUT_OF_MEMORY }, Ordering::Relaxed);
                        token.cancel();
                        return;
                    }
                    drop(stop);
                    std::thread::sleep(EVERY);
                }
            };
            // Without a thread nobody looks: the caller's own limits are the last resort then.
            let _ = std::thread::Builder::new().name("watch".to_owned()).spawn(look);
        }
        watch
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Whether to come to an end, whatever is left. Cheap enough to be asked for every item.
    pub(crate) fn stopped(&self) -> bool {
        self.token.is_cancelled()
    }

    /// Cancelled by whatever ends this analysis: for programs and for stages that know no watch.
    pub(crate) fn token(&self) -> CancelToken {
        self.token.clone()
    }

    /// Ends the analysis if this is more than may be read.
    pub(crate) fn has_read(&self, files: u64, bytes: u64) {
        let cause = if files > self.limits.files {
            TOO_MANY_FILES
        } else if bytes > self.limits.bytes {
            TOO_MANY_BYTES
        } else {
            return;
        };
        // The first cause counts.
        let _ = self.stop.compare_exchange(GO_ON, cause, Ordering::Relaxed, Ordering::Relaxed);
        self.token.cancel();
    }

    /// Why to come to an end, if so.
    pub(crate) fn cause(&self) -> Option<StopCause> {
        match self.stop.load(Ordering::Relaxed) {
            OUT_OF_TIME => self.time.map(StopCause::Time),
            OUT_OF_MEMORY => self.memory.map(StopCause::Memory),
            TOO_MANY_FILES => Some(StopCause::Files(self.limits.files)),
            TOO_MANY_BYTES => Some(StopCause::Bytes(self.limits.bytes)),
            _ => self.cancel.is_cancelled().then_some(StopCause::Cancelled),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_watch_stops_for_the_first_cause() {
        let watch = Watch::default();
        assert!(!watch.stopped() && watch.cause().is_none());

        let budget = Budget::default();
        let watch = Watch::begin(&budget);
        budget.cancel.cancel();
        assert!(watch.stopped());
        assert_eq!(watch.cause(), Some(StopCause::Cancelled));
        assert!(watch.token().is_cancelled());

        let watch = Watch::begin(&Budget { time: Some(Duration::ZERO), ..Budget::default() });
        while !watch.stopped() {
            std::thread::yield_now();
        }
        assert_eq!(watch.cause(), Some(StopCause::Time(Duration::ZERO)));
        assert!(watch.token().is_cancelled());

        let budget =
            Budget { limits: Limits { files: 3, bytes: 100, ..Limits::default() }, ..Budget::default() };
        for (files, bytes, cause) in [
            (3, 100, None),
            (4, 0, Some(StopCause::Files(3))),
            (0, 101, Some(StopCause::Bytes(100))),
            (4, 101, Some(StopCause::Files(3))),
        ] {
            let watch = Watch::begin(&budget);
            watch.has_read(files, bytes);
            assert_eq!((watch.stopped(), watch.cause()), (cause.is_some(), cause));
        }
        assert!(!budget.cancel.is_cancelled(), "the caller's own token");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn memory_is_watched() {
        assert!(memory_used().unwrap() > 1 << 20);
        let watch = Watch::begin(&Budget { memory: Some(1), ..Budget::default() });
        while !watch.stopped() {
            std::thread::yield_now();
        }
        assert_eq!(watch.cause(), Some(StopCause::Memory(1)));
    }
}
