//! The copy that a plan is carried out on.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use walkdir::WalkDir;

/// Copies a repository without its history and its builds; times of files are kept, so that cargo finds unchanged what is.
pub(crate) fn copy_tree(from: &Path, to: &Path) -> anyhow::Result<()> {
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
            let modified = entry.path().metadata()?.modified()?;
            fs::File::options().write(true).open(&path)?.set_modified(modified).ok();
        }
    }
    Ok(())
}

/// Gives a new crate the files of the package that are no modules of it, at the same places: `include_str!` and the like
/// find them there.
pub(crate) fn link_data(package: &Path, new: &Path, modules: &BTreeSet<&Path>) -> anyhow::Result<()> {
    let skipped = ["target", ".git", "Cargo.toml", "Cargo.lock"];
    let mut files: Vec<PathBuf> = Vec::new();
    let entries = WalkDir::new(package).into_iter().filter_entry(|entry| {
        let nested = entry.depth() > 0 && entry.path().join("Cargo.toml").is_file();
        !nested && !skipped.iter().any(|name| entry.file_name() == *name)
    });
    for entry in entries {
        let entry = entry?;
        if entry.file_type().is_file() && !modules.contains(entry.path()) {
            files.push(entry.into_path());
        }
    }
    for file in files {
        let to = new.join(file.strip_prefix(package)?);
        fs::create_dir_all(to.parent().context("a directory")?)?;
        if !to.exists() {
            fs::hard_link(&file, &to).or_else(|_| fs::copy(&file, &to).map(drop))?;
        }
    }
    Ok(())
}

/// Writes a file unless it says the same already.
pub(crate) fn write_changed(path: &Path, text: &str) -> anyhow::Result<()> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    fs::create_dir_all(path.parent().context("a directory")?)?;
    fs::write(path, text).with_context(|| path.display().to_string())
}
