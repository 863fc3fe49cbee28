//! From a plan to commits: the order of the steps.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::DocumentMut;

use super::Done;
use super::check::Check;
use super::planned::Planned;
use super::repair::{Repairs, errors};
use super::rewrite::draft::{Draft, draft};
use super::rewrite::layout::LeftEdit;
use super::rewrite::manifest::add_dependency;
use super::worktree::{Repository, Scratch};
use crate::base::{FileTree, ReadOptions, ToolOptions};
use crate::error::{Error, Result};
use crate::report::{AppliedCommit, AppliedCrate, AppliedEdit, ApplyReport, Repair, SCHEMA_VERSION, Tool};

/// Where a plan that was carried out goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// A new working tree with a branch of its own: by default beside the repository, on `split/PACKAGE`.
    Worktree {
        /// Its directory, which must not be there yet.
        dir: Option<PathBuf>,
        /// The branch, which must not be there yet.
        branch: Option<String>,
    },
    /// Nowhere: [`Applied::patch`] has it.
    Patch,
    /// On top of what is checked out, which must be clean.
    InPlace,
}

/// What is asked of `apply`.
#[derive(Debug, Clone)]
pub struct ApplyOptions {
    /// Where it goes.
    pub delivery: Delivery,
    /// Whether it is compiled (`cargo check --all-targets`, which runs build scripts and procedural macros), and what
    /// that shows to be missing is made good.
    pub check: bool,
    /// Checks at most, one after the other.
    pub rounds: u32,
    /// Where cargo builds; by default within the new working tree.
    pub target_dir: Option<PathBuf>,
    /// More arguments for `cargo check`: features, `--offline`.
    pub cargo_arguments: Vec<String>,
}

impl Default for ApplyOptions {
    /// A branch in a new working tree, compiled. Twenty checks are a choice: each has to mend something for another to begin.
    fn default() -> Self {
        let delivery = Delivery::Worktree { dir: None, branch: None };
        Self { delivery, check: true, rounds: 20, target_dir: None, cargo_arguments: Vec::new() }
    }
}

/// A plan carried out.
#[derive(Debug, Clone)]
pub struct Applied {
    /// What was done, and what is left.
    pub report: ApplyReport,
    /// All of it as one patch for `git apply`.
    pub patch: Vec<u8>,
}

/// Carries out what `plan_in` has planned for a directory: the same one as `path`, in a working tree of its own.
///
/// # Errors
/// Without git or a repository with a commit, where something is in the way of what is asked, and those of `plan_in`. The
/// user's working tree is as it was.
pub(crate) fn carry_out(
    path: &Path,
    (reading, tools): (&ReadOptions, &ToolOptions),
    asked: &ApplyOptions,
    plan_in: impl FnOnce(&Path) -> Result<Planned>,
) -> Result<Applied> {
    let failed = |message: String| Error::NotApplied { path: path.to_owned(), message };
    let given = path.canonicalize().map_err(|source| Error::Unreadable { path: path.to_owned(), source })?;
    let repository = Repository::around(&given, tools).map_err(failed)?;
    if asked.delivery == Delivery::InPlace {
        repository.check_clean().map_err(failed)?;
    }
    let scratch = repository.scratch().map_err(failed)?;
    let inner = given.strip_prefix(&repository.top).unwrap_or(Path::new(""));
    let dir = scratch
        .dir
        .canonicalize()
        .map_err(|source| Error::Unreadable { path: scratch.dir.clone(), source })?;
    let planned = plan_in(&dir.join(inner))?;
    let branch = Branch::of(&asked.delivery, &planned.package, &repository).map_err(failed)?;
    let work = Work { repository: &repository, scratch, dir, planned, reading, tools, asked };
    work.run(branch).map_err(failed)
}

/// The branch of a delivery, and the directory of its working tree.
struct Branch {
    name: String,
    dir: PathBuf,
}

impl Branch {
    fn of(delivery: &Delivery, package: &str, repository: &Repository) -> Done<Option<Self>> {
        let Delivery::Worktree { dir, branch } = delivery else { return Ok(None) };
        let name = branch.clone().unwrap_or_else(|| format!("split/{package}"));
        let of_repository = repository.top.file_name().unwrap_or_default().to_string_lossy();
        let beside = || repository.top.with_file_name(format!("{of_repository}-split-{package}"));
        let dir = dir.clone().unwrap_or_else(beside);
        let dir = std::path::absolute(&dir).map_err(|error| format!("{}: {error}", dir.display()))?;
        if repository.has_branch(&name) {
            return Err(format!("there is a branch `{name}` already: --branch gives another name"));
        }
        if dir.symlink_metadata().is_ok() {
            return Err(format!("{} is there already: --worktree names another directory", dir.display()));
        }
        Ok(Some(Self { name, dir }))
    }
}

/// Everything that the steps need.
struct Work<'a> {
    repository: &'a Repository,
    scratch: Scratch<'a>,
    /// The new working tree; canonical.
    dir: PathBuf,
    planned: Planned,
    reading: &'a ReadOptions,
    tools: &'a ToolOptions,
    asked: &'a ApplyOptions,
}

/// What checks have come to.
#[derive(Default)]
struct Compiled {
    compiles: Option<bool>,
    repairs: Vec<Repair>,
    errors: Vec<crate::report::LeftError>,
    touched: BTreeSet<PathBuf>,
}

impl<'a> Work<'a> {
    fn run(self, branch: Option<Branch>) -> Done<Applied> {
        let read = |path: &Path| self.text(path);
        let drawn = draft(&self.planned, &read)?;
        if let Some(there) = drawn.crates.values().find(|dir| dir.symlink_metadata().is_ok()) {
            return Err(format!("{} is there already: a new crate can't be", self.shown(there)));
        }
        let mut commits = Vec::new();
        let new = drawn.crates.len();
        let package = &self.planned.package;
        let lines_moved = self.rename(&drawn)?;
        let moved = drawn.renames.iter().flat_map(|(from, to)| [from.as_path(), to.as_path()]);
        self.commit(moved, format!("Move files of {package} to {new} crates"), &mut commits)?;
        let after_moves = self.scratch.head()?;
        for (path, text) in drawn.sources.iter().chain(&drawn.manifests) {
            self.write(path, text)?;
        }
        for path in &drawn.gone {
            fs::remove_file(path).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        let compiled = if self.asked.check { self.compile(&drawn)? } else { Compiled::default() };
        let is_manifest = |path: &&Path| path.file_name().is_some_and(|name| name == "Cargo.toml");
        let sources = drawn.sources.keys().chain(&drawn.gone).chain(&compiled.touched).map(PathBuf::as_path);
        let sources = sources.filter(|path| !is_manifest(path));
        self.commit(sources, format!("Split {package}: imports, paths and visibility"), &mut commits)?;
        let lock = self.planned.workspace.with_file_name("Cargo.lock");
        let lock = Some(lock.as_path()).filter(|lock| self.scratch.tracks(lock));
        let manifests = drawn.manifests.keys().map(PathBuf::as_path).chain(lock);
        self.commit(manifests, format!("Split {package}: manifests of the new crates"), &mut commits)?;
        let report = self.report(&drawn, compiled, (commits, lines_moved), &after_moves)?;
        self.deliver(branch, report)
    }

    fn deliver(self, branch: Option<Branch>, mut report: ApplyReport) -> Done<Applied> {
        let patch = self.scratch.patch()?;
        match branch {
            Some(Branch { name, dir }) => {
                self.scratch.keep(&dir, &name)?;
                report.branch = Some(name);
                report.worktree = Some(dir.display().to_string());
            }
            None if self.asked.delivery == Delivery::InPlace => {
                self.repository.forward(&self.scratch.head()?)?;
            }
            None => {}
        }
        Ok(Applied { report, patch })
    }

    fn text(&self, path: &Path) -> Done<String> {
        let tree = FileTree::new(&self.dir, self.reading.clone());
        tree.read_text(path).map_err(|why| format!("{}: {why}", self.shown(path)))
    }

    fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.dir).unwrap_or(path).display().to_string()
    }

    /// A file's directory, made where it is not there; nothing on the way may be a link.
    fn place(&self, path: &Path) -> Done<()> {
        let inner = path
            .strip_prefix(&self.dir)
            .map_err(|_| format!("{} is outside of the repository", path.display()))?;
        let mut at = self.dir.clone();
        for part in inner {
            at.push(part);
            if at.symlink_metadata().is_ok_and(|data| data.is_symlink()) {
                return Err(format!("{} is a link: nothing is written through it", self.shown(&at)));
            }
        }
        let parent = path.parent().unwrap_or(&self.dir);
        fs::create_dir_all(parent).map_err(|error| format!("{}: {error}", self.shown(parent)))
    }

    fn write(&self, path: &Path, text: &str) -> Done<()> {
        self.place(path)?;
        fs::write(path, text).map_err(|error| format!("{}: {error}", self.shown(path)))
    }

    /// Moves files; how many lines they have.
    fn rename(&self, drawn: &Draft) -> Done<u32> {
        let mut lines = 0;
        for (from, to) in &drawn.renames {
            self.place(to)?;
            if to.symlink_metadata().is_ok() {
                return Err(format!("{} is there already", self.shown(to)));
            }
            lines += self.text(from).map_or(0, |text| text.lines().count() as u32);
            fs::rename(from, to).map_err(|error| format!("{}: {error}", self.shown(from)))?;
        }
        for (from, _) in &drawn.renames {
            // Of a directory with something in it this fails, as it should.
            let around = from.ancestors().skip(1).take_while(|dir| *dir != self.dir);
            for dir in around {
                if fs::remove_dir(dir).is_err() {
                    break;
                }
            }
        }
        Ok(lines)
    }

    fn commit<'p>(
        &self,
        paths: impl Iterator<Item = &'p Path>,
        subject: String,
        commits: &mut Vec<AppliedCommit>,
    ) -> Done<()> {
        let inner: Vec<&Path> = paths.filter_map(|path| path.strip_prefix(&self.dir).ok()).collect();
        if let Some(hash) = self.scratch.commit(inner.into_iter(), &subject)? {
            commits.push(AppliedCommit { hash, subject });
        }
        Ok(())
    }

    /// Checks, and makes good what a check shows to be missing, as long as that gets on.
    fn compile(&self, drawn: &Draft) -> Done<Compiled> {
        let workspace = self.planned.workspace.parent().unwrap_or(&self.dir);
        let mut crates = drawn.crates.clone();
        let own = self.planned.manifest.parent().unwrap_or(&self.dir).to_owned();
        crates.insert(self.planned.package.clone(), own);
        let read = |path: &Path| self.text(path);
        let repairs = Repairs {
            workspace,
            top: &self.dir,
            crates: &crates,
            externs: &self.planned.externs,
            read: &read,
        };
        let check = Check {
            workspace,
            packages: &crates,
            target_dir: self.asked.target_dir.as_deref(),
            arguments: &self.asked.cargo_arguments,
            tools: self.tools,
        };
        let mut out = Compiled::default();
        let mut seen: BTreeSet<Repair> = BTreeSet::new();
        for _ in 0..self.asked.rounds.max(1) {
            let checked = check.run()?;
            out.compiles = Some(checked.success);
            out.errors = errors(&checked.diagnostics, workspace, &self.dir);
            if !checked.success && out.errors.is_empty() {
                return Err(format!("cargo check: {}", checked.cargo));
            }
            let round = repairs.round(&checked.diagnostics);
            let new: Vec<Repair> =
                round.done.into_iter().filter(|repair| seen.insert(repair.clone())).collect();
            if new.is_empty() {
                break;
            }
            for (path, text) in &round.files {
                self.write(path, text)?;
                out.touched.insert(path.clone());
            }
            for (krate, name) in &round.dependencies {
                self.depend(&crates[krate], name)?;
            }
            out.repairs.extend(new);
        }
        out.repairs.sort();
        Ok(out)
    }

    /// Gives a crate a dependency that the package has.
    fn depend(&self, krate: &Path, name: &str) -> Done<()> {
        let path = krate.join("Cargo.toml");
        let parsed = |path: &Path| -> Done<DocumentMut> {
            self.text(path)?.parse().map_err(|error| format!("{}: {error}", self.shown(path)))
        };
        let (mut manifest, own) = (parsed(&path)?, parsed(&self.planned.manifest)?);
        let from = self.planned.manifest.parent().unwrap_or(&self.dir);
        if add_dependency(&mut manifest, &own, name, (from, krate)) {
            self.write(&path, &manifest.to_string())?;
        }
        Ok(())
    }

    fn report(
        &self,
        drawn: &Draft,
        compiled: Compiled,
        (commits, lines_moved): (Vec<AppliedCommit>, u32),
        after_moves: &str,
    ) -> Done<ApplyReport> {
        // What is not found to be made public a macro writes: whether it has to be, the compiler says.
        let judged = compiled.compiles == Some(true);
        let left: Vec<&LeftEdit> =
            drawn.left.iter().filter(|left| !(judged && left.kind == "widen")).collect();
        // Paths of the working tree are no paths of the user's.
        let said = |why: &str| why.replace(&format!("{}/", self.dir.display()), "");
        let mut edits: Vec<AppliedEdit> = Vec::new();
        for edit in &self.planned.plan.edits {
            let why = left.iter().find(|left| left.edits.contains(&edit.id)).map(|left| said(&left.why));
            let first = edit.items.first().filter(|_| why.is_some());
            edits.push(AppliedEdit {
                id: edit.id.clone(),
                kind: edit.kind.clone(),
                done: why.is_none(),
                detail: edit.detail.clone(),
                place: first.map(|item| format!("{}:{}", item.file, item.line)),
                why,
            });
        }
        for other in left.iter().filter(|left| left.edits.is_empty()) {
            let (id, kind, detail) = (String::new(), other.kind.to_owned(), said(&other.why));
            edits.push(AppliedEdit { id, kind, done: false, detail, place: None, why: None });
        }
        let crates = drawn
            .crates
            .iter()
            .map(|(name, dir)| AppliedCrate { name: name.clone(), directory: self.shown(dir) });
        Ok(ApplyReport {
            schema_version: SCHEMA_VERSION,
            tool: Tool::current(),
            package: self.planned.package.clone(),
            crates: crates.collect(),
            base: self.repository.head.clone(),
            commits,
            branch: None,
            worktree: None,
            patch: None,
            together: drawn.together.clone(),
            edits,
            files_moved: drawn.renames.len() as u32,
            lines_moved,
            lines_changed: self.scratch.changed_lines(after_moves)?,
            compiles: compiled.compiles,
            repairs: compiled.repairs,
            errors: compiled.errors,
        })
    }
}
