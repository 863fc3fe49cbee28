//! A line on the terminal that says what is being done, when it takes over a second.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use split_analyzer::{OnStage, Stage};

/// A run shorter than this shows nothing.
const QUIET: Duration = Duration::from_secs(1);

/// The line; gone when dropped.
pub(crate) struct Progress(Arc<Mutex<Line>>);

struct Line {
    start: Instant,
    stage: Option<Stage>,
    bar: Option<ProgressBar>,
    done: bool,
}

impl Progress {
    /// Starts to wait for the second to pass. Without a terminal on stderr, nothing is ever shown.
    pub(crate) fn start() -> Self {
        let line = Line { start: Instant::now(), stage: None, bar: None, done: false };
        let progress = Self(Arc::new(Mutex::new(line)));
        if console_is_terminal() {
            let line = Arc::clone(&progress.0);
            // Not joined: it ends by itself, and a short run must not wait for it.
            std::thread::spawn(move || {
                std::thread::sleep(QUIET);
                lock(&line).show();
            });
        }
        progress
    }

    /// What the library is to call.
    pub(crate) fn on_stage(&self) -> OnStage {
        let line = Arc::clone(&self.0);
        OnStage::new(move |stage| lock(&line).set(stage))
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        let mut line = lock(&self.0);
        line.done = true;
        if let Some(bar) = line.bar.take() {
            bar.finish_and_clear();
        }
    }
}

impl Line {
    fn show(&mut self) {
        if self.done {
            return;
        }
        let bar = ProgressBar::new_spinner().with_elapsed(self.start.elapsed());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        self.bar = Some(bar);
        if let Some(stage) = self.stage {
            self.set(stage);
        }
    }

    fn set(&mut self, stage: Stage) {
        self.stage = Some(stage);
        if let Some(bar) = &self.bar {
            bar.set_message(stage.to_string());
        }
    }
}

fn console_is_terminal() -> bool {
    std::io::IsTerminal::is_terminal(&std::io::stderr())
}

fn lock(line: &Mutex<Line>) -> std::sync::MutexGuard<'_, Line> {
    line.lock().unwrap_or_else(PoisonError::into_inner)
}
