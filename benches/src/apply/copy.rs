//! The repository that a plan is carried out in: a copy with one commit.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use walkdir::WalkDir;

/// Copies a checkout or an unpacked crate without its history and its builds.
pub(super) fn copy_tree(from: &Path, to: &Path) -> anyhow::Result<()> {
    if to.exists() && fs::read_dir(to)?.next().is_some() {
        bail!("{} is not empty", to.display());
    }
    let left_out = |name: &std::ffi::OsStr| name == ".git" || name == "target";
    let entries = WalkDir::new(from).into_iter().filter_entry(|e| e.depth() != 1 || !left_out(e.file_name()));
    for entry in entries {
        let entry = entry?;
        let path = to.join(entry.path().strip_prefix(from)?);
        if entry.file_type().is_dir() {
            fs::create_dir_all(&path)?;
        } else if entry.path().is_file() {
            fs::copy(entry.path(), &path).with_context(|| path.display().to_string())?;
        }
    }
    Ok(())
}

/// Commits all that a copy has, what its `.gitignore` names as well: an unpacked crate may have files that its repository
/// doesn't. The lock file comes along, so that before and after are built with the same versions.
pub(super) fn commit(copy: &Path) -> anyhow::Result<()> {
    git(copy, &["init", "--quiet"])?;
    git(copy, &["add", "--all", "--force"])?;
    let who = ["-c", "user.name=bench", "-c", "user.email=bench@localhost", "-c", "commit.gpgsign=false"];
    let commit = ["commit", "--quiet", "--no-verify", "--message", "As it is"];
    git(copy, &[who.as_slice(), commit.as_slice()].concat())
}

fn git(dir: &Path, arguments: &[&str]) -> anyhow::Result<()> {
    let status = Command::new("git").current_dir(dir).args(arguments).status().context("git can't be run")?;
    if !status.success() {
        bail!("git {} failed in {}", arguments.join(" "), dir.display());
    }
    Ok(())
}

/// The directories of one run.
pub(super) struct Places {
    pub(super) before: PathBuf,
    pub(super) after: PathBuf,
    pub(super) target: PathBuf,
}

impl Places {
    pub(super) fn within(dir: &Path, target: Option<&Path>) -> anyhow::Result<Self> {
        let dir = std::path::absolute(dir)?;
        let target = target.map(std::path::absolute).transpose()?.unwrap_or_else(|| dir.join("target"));
        Ok(Self { before: dir.join("before"), after: dir.join("after"), target })
    }
}
