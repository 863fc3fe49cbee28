//! Git: a working tree beside the user's, commits in it, and how they come back. What the user has checked out is touched
//! by [`Repository::forward`] alone.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use super::Done;
use crate::base::{ToolOptions, programs};
use crate::history::hardened_git;

/// A repository, and the commit that is checked out.
#[derive(Debug, Clone)]
pub(super) struct Repository {
    /// Its outermost directory.
    pub(super) top: PathBuf,
    pub(super) head: String,
    tools: ToolOptions,
}

/// A working tree that is taken away again, unless it is [kept](Scratch::keep).
pub(super) struct Scratch<'a> {
    repository: &'a Repository,
    pub(super) dir: PathBuf,
    kept: bool,
}

fn git(dir: &Path, tools: &ToolOptions, arguments: &[&OsStr], input: Vec<u8>) -> Done<Vec<u8>> {
    let mut command = hardened_git(dir).map_err(|why| why.to_string())?;
    command.args(["-c", "commit.gpgSign=false", "-c", "gc.auto=0", "-c", "advice.detachedHead=false"]);
    command.args(arguments);
    let said = programs::run_with(&mut command, input, tools, &AtomicBool::new(false))
        .map_err(|why| format!("git was asked, but {why}"))?;
    if said.status.success() {
        return Ok(said.stdout);
    }
    let stderr = String::from_utf8_lossy(&said.stderr);
    let first = arguments.first().map(|a| a.to_string_lossy()).unwrap_or_default();
    Err(format!("git {first}: {}", stderr.lines().next().unwrap_or("it failed without a reason")))
}

impl Repository {
    /// The repository around a directory.
    pub(super) fn around(dir: &Path, tools: &ToolOptions) -> Done<Self> {
        let said = git(
            dir,
            tools,
            &["rev-parse".as_ref(), "--show-toplevel".as_ref(), "HEAD".as_ref()],
            Vec::new(),
        )?;
        let said = String::from_utf8_lossy(&said).into_owned();
        let mut lines = said.lines();
        let (Some(top), Some(head)) = (lines.next(), lines.next()) else {
            return Err(format!("{} is in no git repository with a commit", dir.display()));
        };
        Ok(Self { top: PathBuf::from(top), head: head.to_owned(), tools: tools.clone() })
    }

    fn run<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Done<Vec<u8>> {
        let arguments: Vec<&OsStr> = arguments.iter().map(AsRef::as_ref).collect();
        git(&self.top, &self.tools, &arguments, Vec::new())
    }

    /// Fails where tracked files differ from the commit that is checked out.
    pub(super) fn check_clean(&self) -> Done<()> {
        let said = self.run(&["status", "--porcelain", "--untracked-files=no"])?;
        match String::from_utf8_lossy(&said).lines().next() {
            None => Ok(()),
            Some(first) => {
                Err(format!("{} has changes that are not committed ({})", self.top.display(), first.trim()))
            }
        }
    }

    pub(super) fn has_branch(&self, name: &str) -> bool {
        self.run(&["rev-parse", "--verify", "--quiet", &format!("refs/heads/{name}")]).is_ok()
    }

    /// A working tree of the commit that is checked out. What an earlier run has left there goes first.
    pub(super) fn scratch(&self) -> Done<Scratch<'_>> {
        self.scratch_named("")
    }

    /// A second one, with a word at the end of its name.
    pub(super) fn scratch_named(&self, word: &str) -> Done<Scratch<'_>> {
        let name = self.top.file_name().unwrap_or_default().to_string_lossy();
        let dir = self.top.with_file_name(format!(".{name}.split-advisor{word}"));
        if dir.symlink_metadata().is_ok() {
            self.discard(&dir)?;
        }
        let arguments: [&OsStr; 6] = [
            "worktree".as_ref(),
            "add".as_ref(),
            "--quiet".as_ref(),
            "--detach".as_ref(),
            dir.as_ref(),
            self.head.as_ref(),
        ];
        self.run(&arguments)?;
        Ok(Scratch { repository: self, dir, kept: false })
    }

    fn discard(&self, dir: &Path) -> Done<()> {
        let forget: [&OsStr; 5] =
            ["worktree".as_ref(), "remove".as_ref(), "--force".as_ref(), "--force".as_ref(), dir.as_ref()];
        // A run that was ended early may have left a directory that git does not know.
        if self.run(&forget).is_err() && dir.symlink_metadata().is_ok() {
            std::fs::remove_dir_all(dir)
                .map_err(|error| format!("{} is in the way: {error}", dir.display()))?;
        }
        self.run(&["worktree", "prune"]).map(drop)
    }

    /// Takes what is checked out to a commit that follows it.
    pub(super) fn forward(&self, commit: &str) -> Done<()> {
        self.check_clean()?;
        self.run(&["merge", "--quiet", "--ff-only", commit]).map(drop)
    }
}

impl Scratch<'_> {
    fn run<S: AsRef<OsStr>>(&self, arguments: &[S], input: Vec<u8>) -> Done<Vec<u8>> {
        let arguments: Vec<&OsStr> = arguments.iter().map(AsRef::as_ref).collect();
        git(&self.dir, &self.repository.tools, &arguments, input)
    }

    /// Commits these files as they are, or as they are no more; `None` where nothing differs.
    pub(super) fn commit<'p>(
        &self,
        paths: impl Iterator<Item = &'p Path>,
        message: &str,
    ) -> Done<Option<String>> {
        let mut list = Vec::new();
        for path in paths {
            list.extend(path.as_os_str().as_encoded_bytes());
            list.push(0);
        }
        if list.is_empty() {
            return Ok(None);
        }
        let add = ["add", "--force", "--all", "--pathspec-from-file=-", "--pathspec-file-nul"];
        self.run(&add, list)?;
        if self.run(&["diff", "--cached", "--quiet"], Vec::new()).is_ok() {
            return Ok(None);
        }
        let named = self.run(&["config", "user.email"], Vec::new()).is_ok();
        let author: &[&str] = if named {
            &[]
        } else {
            &["-c", "user.name=split-advisor", "-c", "user.email=split-advisor@localhost"]
        };
        let commit = [author, &["commit", "--quiet", "--no-verify", "-m", message]].concat();
        self.run(&commit, Vec::new())?;
        self.head().map(Some)
    }

    /// A commit that was there before, with the files of the user's; what is ignored goes too, but for one path.
    pub(super) fn back_to(&self, commit: &str, keep: &str) -> Done<()> {
        self.run(&["reset", "--hard", "--quiet", commit], Vec::new())?;
        let keep = format!("--exclude=/{keep}");
        self.run(&["clean", "-d", "-x", "--force", "--quiet", &keep], Vec::new())?;
        self.restore()
    }

    /// The files of the user's commit again, whatever has been committed since.
    pub(super) fn restore(&self) -> Done<()> {
        self.run(&["read-tree", "--reset", "-u", &self.repository.head], Vec::new()).map(drop)
    }

    pub(super) fn head(&self) -> Done<String> {
        let said = self.run(&["rev-parse", "HEAD"], Vec::new())?;
        Ok(String::from_utf8_lossy(&said).trim().to_owned())
    }

    /// Whether git tracks a file.
    pub(super) fn tracks(&self, path: &Path) -> bool {
        let arguments: [&OsStr; 4] =
            ["ls-files".as_ref(), "--error-unmatch".as_ref(), "--".as_ref(), path.as_ref()];
        self.run(&arguments, Vec::new()).is_ok()
    }

    /// The files that git has; absolute.
    pub(super) fn tracked(&self) -> Done<Vec<PathBuf>> {
        let dir = self.dir.canonicalize().map_err(|error| format!("{}: {error}", self.dir.display()))?;
        let said = self.run(&["ls-files", "-z"], Vec::new())?;
        let names = said.split(|byte| *byte == 0).filter(|name| !name.is_empty());
        Ok(names.map(|name| dir.join(String::from_utf8_lossy(name).as_ref())).collect())
    }

    /// Lines that were added and taken away since a commit.
    pub(super) fn changed_lines(&self, since: &str) -> Done<u32> {
        let diff = ["diff", "--numstat", "--find-renames", "--no-ext-diff", since, "HEAD"];
        let said = self.run(&diff, Vec::new())?;
        let number = |word: Option<&str>| word.and_then(|word| word.parse::<u32>().ok()).unwrap_or(0);
        let of_line = |line: &str| {
            let mut words = line.split('\t');
            number(words.next()) + number(words.next())
        };
        Ok(String::from_utf8_lossy(&said).lines().map(of_line).sum())
    }

    /// All commits since the repository's as one patch.
    pub(super) fn patch(&self) -> Done<Vec<u8>> {
        let since = &self.repository.head;
        self.run(
            &["diff", "--binary", "--find-renames", "--no-ext-diff", "--no-color", since, "HEAD"],
            Vec::new(),
        )
    }

    /// Makes the working tree one of the user's, on a branch of its own.
    pub(super) fn keep(mut self, dir: &Path, branch: &str) -> Done<()> {
        self.run(&["checkout", "--quiet", "-b", branch], Vec::new())?;
        let arguments: [&OsStr; 4] = ["worktree".as_ref(), "move".as_ref(), self.dir.as_ref(), dir.as_ref()];
        self.repository.run(&arguments)?;
        self.kept = true;
        Ok(())
    }
}

impl Drop for Scratch<'_> {
    fn drop(&mut self) {
        if !self.kept {
            // The next run takes away what could not be.
            let _ = self.repository.discard(&self.dir);
        }
    }
}
