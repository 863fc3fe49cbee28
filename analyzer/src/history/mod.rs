//! What git remembers: which commits changed which files, and which files change together.
//!
//! The history is read by the `git` command in a form that runs nothing the repository names and fetches nothing; no
//! git or no repository is a diagnostic, and the analysis goes on without.

mod co_change;
mod git;
mod log;
mod model;
#[cfg(test)]
mod tests;

use std::path::Path;

pub use model::{CoChange, Commit, History, HistoryOptions};

use crate::diagnostic::{Code, Diagnostic, Severity};

/// The commits that changed something in or below `root`, newest first.
///
/// ```
/// use split_analyzer::history::{HistoryOptions, history};
///
/// let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
/// let (history, diagnostics) = history(here, &HistoryOptions::default());
/// // Without git, or outside of a repository, there is a diagnostic and no commit.
/// assert!(diagnostics.is_empty() || history.commits.is_empty());
/// for pair in history.co_changes.iter().filter(|p| p.commits > 5) {
///     let _together = (&history.paths[pair.a], &history.paths[pair.b]);
/// }
/// ```
pub fn history(root: &Path, options: &HistoryOptions) -> (History, Vec<Diagnostic>) {
    match git::log(root, options.max_commits) {
        Ok(output) => {
            let shallow = git::shallow_commits(root);
            let mut history = log::parse(&output, &shallow);
            history.co_changes = co_change::count(&history, options.max_files_per_commit);
            (history, Vec::new())
        }
        Err(message) => {
            let message = format!("no git history: {message}");
            (History::default(), vec![Diagnostic::new(Severity::Info, Code::NoHistory, message)])
        }
    }
}
