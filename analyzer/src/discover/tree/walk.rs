//! One walk over the tree: manifests, `.rs` files and what may say what is deployed, without what is ignored or built.

use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use walkdir::{DirEntry, WalkDir};

use super::reading::Reading;
use crate::base::Refused;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::discover::deployment;
use crate::discover::paths::relative;

/// What a walk finds.
pub(in crate::discover) struct Walk {
    /// Absolute paths of all `Cargo.toml`s, sorted.
    pub(in crate::discover) manifests: Vec<PathBuf>,
    /// All `.rs` files, relative, sorted.
    pub(in crate::discover) rust_files: Vec<String>,
    /// Files that may say what is deployed, likewise.
    pub(in crate::discover) deployment_files: Vec<String>,
    pub(in crate::discover) diagnostics: Vec<Diagnostic>,
}

/// Directories in which version control systems keep their data.
const VCS_DIRS: [&str; 7] = [".git", ".hg", ".svn", ".jj", ".bzr", ".pijul", "_darcs"];

/// Walks `root` (canonical). Links to directories are not followed, so that nothing is found twice and no loop can
/// catch the walk; a link that leads to one of its own parents is reported. What is named like a manifest or a file
/// of deployment but is no file is found, too: reading it says what is wrong.
pub(in crate::discover) fn walk(reading: &Reading, exclude: &Gitignore) -> Walk {
    let root = reading.root.as_path();
    let mut found = Walk {
        manifests: Vec::new(),
        rust_files: Vec::new(),
        deployment_files: Vec::new(),
        diagnostics: Vec::new(),
    };
    let mut ignores = Ignores::above(reading, exclude);
    let mut entries = WalkDir::new(root).into_iter();
    while let Some(entry) = entries.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                found.diagnostics.push(unreadable(root, &error));
                continue;
            }
        };
        if entry.depth() > 0 && ignores.skip(&entry) {
            if entry.file_type().is_dir() {
                entries.skip_current_dir();
            }
        } else if entry.file_type().is_dir() {
            ignores.enter(&entry);
        } else {
            found.add(root, entry);
        }
    }
    found.diagnostics.append(&mut ignores.diagnostics);
    found.manifests.sort_unstable();
    found.rust_files.sort_unstable();
    found.deployment_files.sort_unstable();
    found.diagnostics.sort();
    found
}

impl Walk {
    fn add(&mut self, root: &Path, entry: DirEntry) {
        let linked = entry.path_is_symlink();
        if linked && let Some(diagnostic) = loop_at(root, entry.path()) {
            self.diagnostics.push(diagnostic);
            return;
        }
        let name = entry.file_name();
        let manifest = name == "Cargo.toml";
        if !manifest && entry.path().extension().is_none_or(|e| e != "rs") {
            let path = relative(root, entry.path());
            self.deployment_files.extend(deployment::form(&path).is_some().then_some(path));
            return;
        }
        if linked && self.dangles(root, entry.path()) {
            return;
        }
        let is_file = if linked { entry.path().is_file() } else { entry.file_type().is_file() };
        if manifest {
            self.manifests.push(entry.into_path());
        } else if is_file {
            self.rust_files.push(relative(root, entry.path()));
        }
    }

    /// Whether a link named like a file leads to nothing, which is reported, or to a directory.
    fn dangles(&mut self, root: &Path, path: &Path) -> bool {
        match path.metadata() {
            Ok(data) => data.is_dir(),
            Err(error) => {
                let message = format!("cannot follow the link: {error}");
                let diagnostic = Diagnostic::new(Severity::Warning, Code::Unreadable, message);
                self.diagnostics.push(diagnostic.at(relative(root, path)));
                true
            }
        }
    }
}

/// A link to a directory above itself, or to itself.
fn loop_at(root: &Path, link: &Path) -> Option<Diagnostic> {
    let loops = match link.canonicalize() {
        Ok(target) => target.is_dir() && link.starts_with(&target),
        // `ErrorKind::FilesystemLoop` exists but can't be named yet (rust-lang/rust#86442).
        Err(error) => format!("{:?}", error.kind()) == "FilesystemLoop",
    };
    loops.then(|| {
        Diagnostic::new(
            Severity::Warning,
            Code::SymlinkLoop,
            "symbolic link to a parent of its own: not followed",
        )
        .at(relative(root, link))
    })
}

fn unreadable(root: &Path, error: &walkdir::Error) -> Diagnostic {
    let message = error.io_error().map_or_else(|| error.to_string(), |e| format!("cannot read: {e}"));
    let path = error.path().map_or_else(String::new, |p| relative(root, p));
    Diagnostic::new(Severity::Error, Code::Unreadable, message).at(path)
}

/// The `.gitignore`s that apply at the current place of the walk.
struct Ignores<'a> {
    reading: &'a Reading,
    exclude: &'a Gitignore,
    /// Ignore files that could not be read.
    diagnostics: Vec<Diagnostic>,
    /// Outermost first, with the depth of their directory (0 for the root and for what lies above it).
    stack: Vec<(usize, Gitignore)>,
}

impl<'a> Ignores<'a> {
    /// The ignore files of the git repository's directories above `root`, and its `info/exclude`. Files of the user's
    /// own (`core.excludesFile`) are left alone: the result must not depend on whose machine this runs on.
    fn above(reading: &'a Reading, exclude: &'a Gitignore) -> Self {
        let mut ignores = Self { reading, exclude, diagnostics: Vec::new(), stack: Vec::new() };
        let root = reading.root.as_path();
        if let Some(top) = root.ancestors().find(|d| d.join(".git").exists()) {
            let common = git_common_dir(reading, &top.join(".git"));
            ignores.push(0, top, &common.join("info/exclude"));
            let mut above: Vec<_> = root.ancestors().skip(1).take_while(|d| d.starts_with(top)).collect();
            above.reverse();
            above.into_iter().for_each(|dir| ignores.push(0, dir, &dir.join(".gitignore")));
        }
        ignores
    }

    /// Adds the patterns of a file, which hold in and below `dir`.
    fn push(&mut self, depth: usize, dir: &Path, file: &Path) {
        let text = match self.reading.read(file) {
            Ok(bytes) => bytes,
            Err(Refused::Absent) => return,
            Err(refused) => {
                let at = relative(&self.reading.root, file);
                self.diagnostics.push(refused.diagnostic(Severity::Warning).at(at));
                return;
            }
        };
        let mut builder = GitignoreBuilder::new(dir);
        for line in String::from_utf8_lossy(&text).trim_start_matches('\u{feff}').lines() {
            // Errors of single patterns: git skips such lines, too.
            let _ = builder.add_line(None, line);
        }
        self.stack.extend(builder.build().ok().map(|patterns| (depth, patterns)));
    }

    fn enter(&mut self, dir: &DirEntry) {
        self.leave(dir.depth());
        self.push(dir.depth(), dir.path(), &dir.path().join(".gitignore"));
    }

    /// Forgets the ignore files of directories at `depth` and deeper: the walk has left them.
    fn leave(&mut self, depth: usize) {
        while self.stack.last().is_some_and(|(d, _)| *d >= depth && *d > 0) {
            self.stack.pop();
        }
    }

    fn skip(&mut self, entry: &DirEntry) -> bool {
        self.leave(entry.depth());
        let is_dir = entry.file_type().is_dir();
        if self.exclude.matched(entry.path(), is_dir).is_ignore() {
            return true;
        }
        if is_dir && (VCS_DIRS.iter().any(|v| entry.file_name() == *v) || is_build_dir(entry.path())) {
            return true;
        }
        let verdict = self.stack.iter().rev().map(|(_, g)| g.matched(entry.path(), is_dir));
        verdict.into_iter().find(|m| !m.is_none()).is_some_and(|m| m.is_ignore())
    }
}

/// Where git keeps what all worktrees share: `.git` itself, or what a worktree's `.git` file points to.
fn git_common_dir(reading: &Reading, dot_git: &Path) -> PathBuf {
    if dot_git.is_dir() {
        return dot_git.to_owned();
    }
    let Ok(bytes) = reading.read(dot_git) else { return dot_git.to_owned() };
    let text = String::from_utf8_lossy(&bytes);
    let Some(git_dir) = text.trim().strip_prefix("gitdir:") else { return dot_git.to_owned() };
    let git_dir = dot_git.with_file_name("").join(git_dir.trim());
    let worktrees = git_dir.parent().filter(|p| p.ends_with("worktrees"));
    worktrees.and_then(Path::parent).map_or(git_dir.clone(), Path::to_owned)
}

/// A directory that holds build products: marked as a cache (<https://bford.info/cachedir/>), or cargo's own.
fn is_build_dir(dir: &Path) -> bool {
    (dir.ends_with("target") && dir.with_file_name("Cargo.toml").is_file())
        || dir.join("CACHEDIR.TAG").is_file()
}
