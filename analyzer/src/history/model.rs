//! Commits and the files they changed.

use crate::base::{ReadOptions, ToolOptions};
use crate::ids::{AuthorId, IdVec, PathId};

/// How much history to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryOptions {
    /// How many of the repository's latest commits to look at, merges not counted. The bound is on the repository
    /// rather than the analysed directory, so that a directory that rarely changes can't make git walk everything.
    pub max_commits: usize,
    /// Commits that change more files than this say nothing about which of them belong together.
    pub max_files_per_commit: usize,
    /// Which of git's own files may be read.
    pub reading: ReadOptions,
    /// How git is run.
    pub tools: ToolOptions,
}

impl Default for HistoryOptions {
    fn default() -> Self {
        Self {
            max_commits: 1000,
            max_files_per_commit: 30,
            reading: ReadOptions::default(),
            tools: ToolOptions::default(),
        }
    }
}

/// The part of the git history that concerns the analysed directory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// The commit that is checked out.
    pub head: Option<String>,
    /// Newest first. Merges are left out, and so are commits whose parents a shallow clone lacks (they seem to add
    /// every file) and commits that changed nothing here.
    pub commits: Vec<Commit>,
    /// Paths relative to the analysed directory, with `/`, sorted. Some exist no more.
    pub paths: IdVec<PathId, String>,
    /// For each path, how many of the commits changed it.
    pub changes: IdVec<PathId, u32>,
    /// Pairs of `.rs` files that changed in one commit, sorted.
    pub co_changes: Vec<CoChange>,
    /// How many people wrote the commits.
    pub authors: u32,
}

/// One commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Its hash.
    pub hash: String,
    /// When it was committed, in seconds since 1970 (UTC).
    pub time: i64,
    /// Who wrote it; numbered by first appearance in [`History::commits`].
    pub author: AuthorId,
    /// What it changed, sorted.
    pub paths: Vec<PathId>,
}

/// How often two files changed together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CoChange {
    /// The first of the two by path.
    pub a: PathId,
    /// The other one.
    pub b: PathId,
    /// Number of commits that changed both.
    pub commits: u32,
}

impl History {
    /// The id of a path, if the history mentions it.
    pub fn path_id(&self, path: &str) -> Option<PathId> {
        let position = self.paths.as_slice().binary_search_by(|p| p.as_str().cmp(path)).ok()?;
        Some(crate::ids::Id::from_index(position))
    }
}
