//! A commit that is not checked out: its files, and its history.

use std::path::{Path, PathBuf};

use super::options::Options;
use crate::discover::is_read;
use crate::error::{Error, Result};
use crate::history::{HistoryOf, HistoryOptions, Snapshot, common_commit, snapshot};

/// The files of a commit of the repository that [`Options::path`] lies in: those that an analysis reads.
///
/// # Errors
/// Those of [`snapshot`], and [`Error::Unreadable`] for the path.
pub fn files_at(options: &Options, revision: &str) -> Result<Snapshot> {
    let root = root(&options.path)?;
    snapshot(&root, revision, is_read, (&options.history.reading, &options.history.tools))
}

/// The newest commit that two commits (hashes) of the repository have in common; `None` where the clone has none.
///
/// # Errors
/// [`Error::Unreadable`] for the path.
pub fn common_commit_at(options: &Options, commits: [&str; 2]) -> Result<Option<String>> {
    Ok(common_commit(&root(&options.path)?, commits, &options.history.tools))
}

/// How the history of a commit is read whose files were written elsewhere: that of `newest`, which is the commit or one before it, with
/// paths as they are called in the commit. Two commits that are given the same `newest` are compared by the same changes.
///
/// # Errors
/// [`Error::Unreadable`] for the path.
pub fn history_of(options: &Options, commit: &str, newest: &str) -> Result<HistoryOptions> {
    let root = root(&options.path)?;
    let of = HistoryOf { root, newest: newest.to_owned(), files: commit.to_owned() };
    Ok(HistoryOptions { of: Some(of), ..options.history.clone() })
}

/// The directory of a path, without links.
fn root(path: &Path) -> Result<PathBuf> {
    let unreadable = |source| Error::Unreadable { path: path.to_owned(), source };
    let path = path.canonicalize().map_err(unreadable)?;
    Ok(match path.is_dir() {
        true => path,
        false => path.parent().unwrap_or(&path).to_owned(),
    })
}
