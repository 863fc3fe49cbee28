//! What git remembers: which commits changed which files, and which files change together.
//!
//! The history is read by the `git` command in a form that runs nothing the repository names and fetches nothing; no
//! git or no repository is a diagnostic, and the analysis goes on without.

mod changes;
mod co_change;
mod code_owners;
mod directory;
mod git;
mod log;
mod model;
mod objects;
mod pattern;
mod renames;
mod snapshot;
#[cfg(test)]
pub(crate) mod tests;

use std::path::Path;

pub use changes::{ChangedFile, Changes, ChangesOptions, changes};
pub use code_owners::CodeOwners;
pub(crate) use git::hardened as hardened_git;
pub use model::{CoChange, Commit, GitObject, History, HistoryOf, HistoryOptions};
pub(crate) use objects::texts;
pub use snapshot::{Snapshot, common_commit, snapshot};

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
    let problem = |severity, message| vec![Diagnostic::new(severity, Code::NoHistory, message)];
    match read(root, options) {
        Ok((mut history, mailmap)) => {
            history.co_changes = co_change::count(&history);
            let mut problems = Vec::new();
            if !mailmap {
                let message = ".mailmap can't be read: a person counts once for each address";
                problems.extend(problem(Severity::Warning, message.to_owned()));
            }
            if let Some(since) = options.since.as_ref().filter(|_| history.commits.is_empty()) {
                let message =
                    format!("no commit since `{since}`: git reads dates such as 2026-01-31 or 3.months");
                problems.extend(problem(Severity::Info, message));
            }
            (history, problems)
        }
        Err(Reason::Asked(message)) => {
            (History::default(), problem(Severity::Info, format!("no git history: {message}")))
        }
        Err(Reason::Broken(message)) => {
            (History::default(), problem(Severity::Warning, format!("no git history: {message}")))
        }
    }
}

/// The commits of what git has printed, with the co-changes.
#[cfg(any(fuzzing, test))]
pub(crate) fn of_log(output: &[u8]) -> Option<History> {
    let mut history = log::parse(output, &[], &Default::default()).ok()?;
    history.max_files_per_commit = HistoryOptions::default().max_files_per_commit;
    history.co_changes = co_change::count(&history);
    Some(history)
}

/// Why there is no history.
#[derive(Debug)]
enum Reason {
    /// Git says so: there is no repository, no commit, no git.
    Asked(String),
    /// Git can't be asked, or can't be understood.
    Broken(String),
}

/// The history without co-changes, and whether authors are those of `.mailmap`.
fn read(root: &Path, options: &HistoryOptions) -> Result<(History, bool), Reason> {
    let of = options.of.as_ref();
    let root = of.map_or(root, |of| &of.root);
    let directory = directory::GitDirectory::look(root, &options.reading).map_err(Reason::Broken)?;
    let output = git::log(root, &directory, options, of.map_or("HEAD", |of| &of.newest))?;
    let newer = match of.filter(|of| of.files != of.newest) {
        Some(of) => git::log(root, &directory, options, &format!("{}..{}", of.newest, of.files))?,
        None => Vec::new(),
    };
    let (head, shallow) = git::head_and_edge(root, options);
    let head = of.map(|of| of.files.clone()).or(head);
    let history = log::parse(&output, &newer, &shallow).map_err(|why| Reason::Broken(why.to_owned()))?;
    let max_files_per_commit = options.max_files_per_commit;
    Ok((History { max_files_per_commit, head, ..history }, directory.mailmap))
}
