//! Whether git may be asked: it opens the files of its directory itself, whatever they are, and waits for a pipe.

use std::path::{Path, PathBuf};

use crate::base::{FileTree, ReadOptions, Refused};

/// A git directory without anything in it that git would wait for.
pub(super) struct GitDirectory {
    /// The `.mailmap` of its work tree may be read, or there is none.
    pub(super) mailmap: bool,
}

/// Directories of a git directory in which git opens whatever it finds.
const OPENED: [&str; 5] = ["", "info", "objects", "objects/info", "objects/pack"];

/// How deep configurations may include each other: as git has it (`MAX_INCLUDE_DEPTH` of its `config.c`).
const MAX_INCLUDES: usize = 10;

impl GitDirectory {
    /// Looks at the git directory that `root` lies in, if there is one: what there is to say without it, git says.
    /// `Err` names what git would wait for.
    pub(super) fn look(root: &Path, options: &ReadOptions) -> Result<Self, String> {
        let files = FileTree::everywhere(options);
        let holds_git = |dir: &&Path| dir.join(".git").symlink_metadata().is_ok();
        let Some(top) = root.ancestors().find(holds_git) else { return Ok(Self { mailmap: true }) };
        let dot_git = top.join(".git");
        harmless(&dot_git)?;
        let own = pointed_to(&files, &dot_git);
        let common = match files.read_text(&own.join("commondir")) {
            Ok(text) => own.join(text.trim_end()),
            Err(_) => own.clone(),
        };
        for dir in [&own, &common] {
            for below in OPENED {
                all_harmless(&dir.join(below))?;
            }
            head(&files, dir, &common)?;
            for config in ["config", "config.worktree"] {
                includes(&files, &dir.join(config), MAX_INCLUDES)?;
            }
        }
        let mailmap = matches!(files.check(&top.join(".mailmap")), Ok(()) | Err(Refused::Absent));
        Ok(Self { mailmap })
    }
}

/// What a `.git` file points to (`gitdir: …`), or the directory itself.
fn pointed_to(files: &FileTree, dot_git: &Path) -> PathBuf {
    if dot_git.is_dir() {
        return dot_git.to_owned();
    }
    let text = files.read_text(dot_git).unwrap_or_default();
    let target = text.trim().strip_prefix("gitdir:").map(str::trim);
    target.map_or_else(|| dot_git.to_owned(), |target| dot_git.with_file_name("").join(target))
}

/// The branch that `HEAD` names.
fn head(files: &FileTree, dir: &Path, common: &Path) -> Result<(), String> {
    let text = files.read_text(&dir.join("HEAD")).unwrap_or_default();
    let branch = text.trim_end().strip_prefix("ref:").map(str::trim);
    let places = branch.into_iter().flat_map(|branch| [dir.join(branch), common.join(branch)]);
    places.into_iter().try_for_each(|path| harmless(&path))
}

fn all_harmless(dir: &Path) -> Result<(), String> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok);
    // A directory says for nothing what its entries are; only what is no plain file is worth a look.
    let odd = entries.filter(|e| e.file_type().is_ok_and(|t| !t.is_file() && !t.is_dir()));
    odd.map(|e| e.path()).try_for_each(|path| harmless(&path))
}

/// No pipe and no device, links followed. A socket can't be opened, so that git does not wait for it: its own monitor of
/// files has one there.
fn harmless(path: &Path) -> Result<(), String> {
    let Ok(data) = path.metadata() else { return Ok(()) };
    match crate::base::read::name(&data.file_type()) {
        what @ ("a pipe" | "a device") => Err(format!("{} is {what}: git is not called", shown(path))),
        _ => Ok(()),
    }
}

/// The end of the path, from `.git` on: what lies above is the machine's.
fn shown(path: &Path) -> String {
    let parts: Vec<_> = path.components().collect();
    let from = parts.iter().position(|part| part.as_os_str() == ".git");
    parts[from.unwrap_or(0)..].iter().collect::<PathBuf>().display().to_string()
}

/// Files that a configuration includes, whatever the condition.
fn includes(files: &FileTree, config: &Path, depth: usize) -> Result<(), String> {
    harmless(config)?;
    let Some(depth) = depth.checked_sub(1) else { return Ok(()) };
    let Ok(bytes) = files.read(config) else { return Ok(()) };
    for target in included(&String::from_utf8_lossy(&bytes)) {
        let path = match target.strip_prefix("~/") {
            Some(rest) => std::env::home_dir().unwrap_or_default().join(rest),
            None => config.with_file_name("").join(&target),
        };
        includes(files, &path, depth)?;
    }
    Ok(())
}

/// The values of `path` in sections `include` and `includeIf`: as much of git's syntax as that takes.
fn included(config: &str) -> Vec<String> {
    let mut inside = false;
    let mut found = Vec::new();
    for line in config.lines() {
        let mut rest = line.trim();
        if let Some(section) = rest.strip_prefix('[') {
            let (head, after) = section.rsplit_once(']').unwrap_or((section, ""));
            let name = head.split([' ', '"', '.']).next().unwrap_or_default().to_lowercase();
            inside = name == "include" || name == "includeif";
            rest = after.trim();
        }
        let Some((key, value)) = rest.split_once('=').filter(|_| inside) else { continue };
        if key.trim().eq_ignore_ascii_case("path") {
            found.push(value.trim().trim_matches('"').to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn includes_are_found() {
        let config = "[core]\n\tpath = no\n[include]\n\tpath = a\n[includeIf \"gitdir:/x/\"]\n path=\"b c\"\n\
                      [INCLUDE] PATH = d\n[user]\npath = no\n";
        assert_eq!(included(config), ["a", "b c", "d"]);
    }
}
