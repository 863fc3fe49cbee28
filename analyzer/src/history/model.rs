//! Commits and the files they changed.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::base::{ReadOptions, ToolOptions};
use crate::ids::{AuthorId, IdVec, PathId};

/// How much history to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryOptions {
    /// How many of the repository's latest commits to look at, merges not counted. The bound is on the repository
    /// rather than the analysed directory, so that a directory that rarely changes can't make git walk everything.
    pub max_commits: usize,
    /// Read no older commits: a date as git reads it.
    pub since: Option<String>,
    /// Commits that change more files than this say nothing about which of them belong together.
    pub max_files_per_commit: usize,
    /// Which of git's own files may be read.
    pub reading: ReadOptions,
    /// How git is run.
    pub tools: ToolOptions,
    /// Whose history it is, where that is not what is checked out in the analysed directory.
    pub of: Option<HistoryOf>,
}

/// The history of a commit whose files were written elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryOf {
    /// The directory of the repository that stands for the analysed one (canonical).
    pub root: PathBuf,
    /// The hash of the newest commit that is read.
    pub newest: String,
    /// The hash of the commit that the files are of: renames since `newest` are followed up to it.
    pub files: String,
}

impl Default for HistoryOptions {
    fn default() -> Self {
        Self {
            max_commits: 1000,
            since: None,
            max_files_per_commit: 30,
            reading: ReadOptions::default(),
            tools: ToolOptions::default(),
            of: None,
        }
    }
}

/// The part of the git history that concerns the analysed directory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// Commits that change more files say nothing about which of them belong together:
    /// [`HistoryOptions::max_files_per_commit`].
    pub max_files_per_commit: usize,
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
    /// Where a path went when it was last renamed: seen by its content, or by a name that only one file had.
    pub renamed: BTreeMap<PathId, PathId>,
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
    /// What each of these was before, and is after it; `None` where there was nothing.
    pub objects: Vec<[Option<GitObject>; 2]>,
}

/// What a path stands for in a commit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum GitObject {
    /// A file or link: the hash of its content.
    Blob(String),
    /// A submodule: the commit that it is at.
    Submodule(String),
}

impl GitObject {
    /// By git's mode; `None` for nothing.
    pub(super) fn of_mode(mode: &str, hash: &str) -> Option<Self> {
        match mode {
            "000000" => None,
            "160000" => Some(Self::Submodule(hash.to_owned())),
            _ => Some(Self::Blob(hash.to_owned())),
        }
    }
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
    /// Whether a commit changes so much that it says nothing about what belongs together.
    pub(crate) fn is_bulk(&self, commit: &Commit) -> bool {
        commit.paths.len() > self.max_files_per_commit
    }

    /// The id of a path, if the history mentions it.
    pub fn path_id(&self, path: &str) -> Option<PathId> {
        let position = self.paths.as_slice().binary_search_by(|p| p.as_str().cmp(path)).ok()?;
        Some(crate::ids::Id::from_index(position))
    }

    /// What a path is called by now: its renames are followed to the first path that `exists`, or to the last.
    pub fn now(&self, path: PathId, exists: impl Fn(&str) -> bool) -> PathId {
        /// Nobody renames a file more often, and renames may form a circle.
        const MOST_RENAMES: usize = 32;
        let mut path = path;
        for _ in 0..MOST_RENAMES {
            match self.renamed.get(&path) {
                Some(&next) if !exists(&self.paths[path]) => path = next,
                _ => break,
            }
        }
        path
    }
}
