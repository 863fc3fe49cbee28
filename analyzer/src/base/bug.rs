//! Panics caught at the border of a stage: a mistake of ours in one file or crate must not cost the answer about the rest.
//!
//! What is caught is reported as a diagnostic ([`Code::Bug`]). Results never depend on whether [`keep_panics`] was called,
//! only the diagnostic's words do: without it the place is not known, and Rust's default hook prints the panic.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::error::{Error, Result};

/// A panic that was caught.
#[derive(Debug)]
pub(crate) struct Bug {
    /// What it said, with the place in our code where it is known.
    message: String,
}

impl Bug {
    /// The error where nothing is left without what was being done.
    pub(crate) fn error(self, doing: &'static str) -> Error {
        Error::Bug { doing, said: self.message }
    }

    /// The diagnostic; `doing` completes "a bug in split-advisor while …".
    pub(crate) fn diagnostic(&self, doing: &str) -> Diagnostic {
        let message = format!(
            "a bug in split-advisor while {doing}, which is left out; please report it ({})",
            self.message
        );
        Diagnostic::new(Severity::Error, Code::Bug, message)
    }
}

thread_local! {
    /// Borders around the code that this thread runs.
    static OWN: Cell<usize> = const { Cell::new(0) };
}

/// Borders around code that other threads help with.
static SHARED: AtomicUsize = AtomicUsize::new(0);

/// What panics inside of borders said, with their places, until they are caught.
static KEPT: Mutex<Vec<(String, String)>> = Mutex::new(Vec::new());

/// Runs work that stays on this thread. What it was changing when it panicked may be half done.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, Bug> {
    OWN.set(OWN.get() + 1);
    let result = catch_unwind(AssertUnwindSafe(work));
    OWN.set(OWN.get() - 1);
    result.map_err(bug)
}

/// Runs work that other threads may help with.
pub(crate) fn caught_anywhere<T>(work: impl FnOnce() -> T) -> Result<T, Bug> {
    SHARED.fetch_add(1, Ordering::SeqCst);
    let result = catch_unwind(AssertUnwindSafe(work));
    SHARED.fetch_sub(1, Ordering::SeqCst);
    result.map_err(bug)
}

/// Runs work and turns a panic into [`Error::Bug`]. For programs, around what is between the stages; these catch their own
/// panics.
///
/// # Errors
/// [`Error::Bug`] where it panicked; `doing` completes "a bug in split-advisor while …".
pub fn catch_bugs<T>(doing: &'static str, work: impl FnOnce() -> T) -> Result<T> {
    caught_anywhere(work).map_err(|bug| bug.error(doing))
}

/// Keeps the message of a panic that a stage will catch, in place of printing it. Other panics go to the hook that was there
/// before. For programs, once, before anything else.
pub fn keep_panics() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if OWN.get() > 0 || SHARED.load(Ordering::SeqCst) > 0 {
            keep(info);
        } else {
            before(info);
        }
    }));
}

fn keep(info: &PanicHookInfo<'_>) {
    let place = info.location().map_or_else(String::new, ToString::to_string);
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    kept.push((said(info.payload()).to_owned(), place));
}

fn bug(payload: Box<dyn Any + Send>) -> Bug {
    let said = said(&*payload);
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let at = kept.iter().rposition(|(message, _)| message == said);
    let place = at.map(|at| kept.swap_remove(at).1).filter(|place| !place.is_empty());
    let message = place.map_or_else(|| said.to_owned(), |place| format!("{place}: {said}"));
    Bug { message }
}

/// What `panic!` was given.
fn said(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("it gave no reason")
}

/// Panics where a test asks for it by a name.
#[cfg(test)]
pub(crate) fn trip(name: &str, stage: &str) {
    assert!(!name.contains(&format!("trip_{stage}")), "tripped in {stage}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_diagnostic() {
        let list: Vec<u8> = Vec::new();
        let bug = caught(|| list[list.len()]).unwrap_err();
        let found = bug.diagnostic("counting");
        assert_eq!((found.severity, found.code), (Severity::Error, Code::Bug));
        assert!(
            found.message.contains("while counting") && found.message.contains("out of bounds"),
            "{found}"
        );
        assert_eq!(caught(|| 1).unwrap(), 1);
    }

    #[test]
    fn a_panic_on_another_thread_is_caught_where_it_is_waited_for() {
        let bug = caught_anywhere(|| rayon::join(|| (), || panic!("of number {}", 7))).unwrap_err();
        assert!(bug.diagnostic("joining").message.contains("of number 7"));
    }
}
