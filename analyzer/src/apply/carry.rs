//! From a plan to commits: the order of the steps.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::Done;
use super::options::{Applied, ApplyOptions, Delivery};
use super::outcome::Outcome;
use super::planned::Planned;
use super::rewrite::draft::Draft;
use super::work::{Compiled, Step, Work, moved};
use super::worktree::Repository;
use crate::base::{ReadOptions, ToolOptions};
use crate::error::{Error, Result};
use crate::report::{AppliedCommit, ApplyReport};

/// Carries out what `plan_in` has planned for a directory, the same one as `path` in a working tree of its own; `plan_in` is
/// asked for the whole plan, or for some of its crates.
///
/// # Errors
/// Without git or a repository with a commit, where something is in the way of what is asked, and those of `plan_in`. The
/// user's working tree is as it was.
pub(crate) fn carry_out(
    path: &Path,
    (reading, tools): (&ReadOptions, &ToolOptions),
    asked: &ApplyOptions,
    plan_in: PlanIn<'_>,
) -> Result<Applied> {
    let failed = |message: String| Error::NotApplied { path: path.to_owned(), message };
    let given = path.canonicalize().map_err(|source| Error::Unreadable { path: path.to_owned(), source })?;
    let repository = Repository::around(&given, tools).map_err(failed)?;
    if asked.delivery == Delivery::InPlace {
        repository.check_clean().map_err(failed)?;
    }
    let begun = Begun::new(&given, &repository, (reading, tools), asked, plan_in)?;
    let branch = Branch::of(&asked.delivery, &begun.work.planned.package, &repository).map_err(failed)?;
    let Begun { work, place } = begun;
    if asked.stacked {
        let order = work.order().map_err(failed)?;
        return Stack { work, order, plan_in: &|crates| plan_in(&place, Some(crates)) }.run(branch, failed);
    }
    let run = || work.run()?.deliver(branch);
    run().map_err(failed)
}

/// What plans a directory: all of the plan, or these of its crates.
pub(crate) type PlanIn<'p> = &'p dyn Fn(&Path, Option<&BTreeSet<String>>) -> Result<Planned>;

/// A working tree, and the plan for it.
pub(super) struct Begun<'a> {
    pub(super) work: Work<'a>,
    /// The directory that was given, in that working tree.
    pub(super) place: PathBuf,
}

impl<'a> Begun<'a> {
    pub(super) fn new(
        given: &Path,
        repository: &'a Repository,
        (reading, tools): (&'a ReadOptions, &'a ToolOptions),
        asked: &'a ApplyOptions,
        plan_in: PlanIn<'_>,
    ) -> Result<Self> {
        let failed = |message: String| Error::NotApplied { path: given.to_owned(), message };
        let scratch = repository.scratch().map_err(failed)?;
        let inner = given.strip_prefix(&repository.top).unwrap_or(Path::new(""));
        let dir = scratch
            .dir
            .canonicalize()
            .map_err(|source| Error::Unreadable { path: scratch.dir.clone(), source })?;
        let place = dir.join(inner);
        let mut planned = plan_in(&place, None)?;
        planned.choose(asked.edits.as_ref()).map_err(failed)?;
        let mut work =
            Work { repository, scratch, dir, planned, reading, tools, asked, before: OnceCell::new() };
        work.find_users().map_err(failed)?;
        Ok(Self { work, place })
    }
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
        // Without `..`, which a reader would have to work out.
        let around = dir.parent().and_then(|around| around.canonicalize().ok());
        let dir = around.zip(dir.file_name()).map_or_else(|| dir.clone(), |(around, name)| around.join(name));
        if repository.has_branch(&name) {
            return Err(format!("there is a branch `{name}` already: --branch gives another name"));
        }
        if dir.symlink_metadata().is_ok() {
            return Err(format!("{} is there already: --worktree names another directory", dir.display()));
        }
        Ok(Some(Self { name, dir }))
    }
}

impl<'a> Work<'a> {
    /// Moves, code and manifests, a commit each.
    pub(super) fn run(mut self) -> Done<Carried<'a>> {
        let mut commits = Vec::new();
        let package = self.planned.package.clone();
        let mut after_moves = String::new();
        let step = self.step(|work, drawn| {
            let subject = format!("Move files of {package} to {} crates", drawn.crates.len());
            commits.clear();
            work.commit(moved(drawn), subject, &mut commits)?;
            after_moves = work.scratch.head()?;
            Ok(())
        })?;
        self.commit(step.sources(), format!("Split {package}: imports, paths and visibility"), &mut commits)?;
        self.commit(
            self.manifests(&step),
            format!("Split {package}: manifests of the new crates"),
            &mut commits,
        )?;
        let Step { drawn, compiled, lines_moved } = step;
        let users = self.direct(&drawn, &mut commits)?;
        let lines_changed = self.scratch.changed_lines(&after_moves)?;
        let report = self.report(&drawn, Outcome { compiled, users, commits, lines_moved, lines_changed });
        Ok(Carried { work: self, drawn, report })
    }

    /// Manifests that were written, and the lock file where git has it.
    fn manifests<'s>(&'s self, step: &'s Step) -> impl Iterator<Item = &'s Path> {
        let lock = self.planned.lock.as_path();
        let lock = Some(lock).filter(|lock| self.scratch.tracks(lock));
        step.drawn.manifests.keys().map(PathBuf::as_path).chain(lock)
    }
}

/// A plan that lies in commits of the working tree.
pub(super) struct Carried<'a> {
    pub(super) work: Work<'a>,
    pub(super) drawn: Draft,
    pub(super) report: ApplyReport,
}

impl Carried<'_> {
    fn deliver(self, branch: Option<Branch>) -> Done<Applied> {
        let Self { work, mut report, .. } = self;
        let patch = work.scratch.patch()?;
        match branch {
            Some(Branch { name, dir }) => {
                work.scratch.keep(&dir, &name)?;
                report.branch = Some(name);
                report.worktree = Some(dir.display().to_string());
            }
            None if work.asked.delivery == Delivery::InPlace => {
                work.repository.forward(&work.scratch.head()?)?;
            }
            None => {}
        }
        Ok(Applied { report, patch })
    }
}

/// A plan in one commit for each crate. Each is the plan for the crates so far, carried out on what the user has.
struct Stack<'a, 'p> {
    work: Work<'a>,
    /// New crates in the order of their dependencies, with those that stay one together.
    order: Vec<Vec<String>>,
    plan_in: &'p dyn Fn(&BTreeSet<String>) -> Result<Planned>,
}

impl Stack<'_, '_> {
    fn run(mut self, branch: Option<Branch>, failed: impl Fn(String) -> Error) -> Result<Applied> {
        let (mut so_far, mut commits) = (BTreeSet::new(), Vec::new());
        let mut broken: Option<Compiled> = None;
        let mut last = None;
        for crates in std::mem::take(&mut self.order) {
            so_far.extend(crates.iter().cloned());
            self.work.scratch.restore().map_err(&failed)?;
            self.work.planned = (self.plan_in)(&so_far)?;
            self.work.find_users().map_err(&failed)?;
            let step = self.one(&crates, &mut commits).map_err(&failed)?;
            if step.compiled.compiles == Some(false) && broken.is_none() {
                broken = Some(step.compiled.clone());
            }
            last = Some(step);
        }
        let Some(Step { drawn, compiled, lines_moved }) = last else {
            return Err(failed("the plan has no new crate".to_owned()));
        };
        let compiled = match broken {
            Some(broken) => Compiled { compiles: Some(false), errors: broken.errors, ..compiled },
            None => compiled,
        };
        let work = self.work;
        let finish = || {
            let users = work.direct(&drawn, &mut commits)?;
            let lines_changed = work.scratch.changed_lines(&work.repository.head)?;
            let outcome = Outcome { compiled, users, commits, lines_moved, lines_changed };
            let report = work.report(&drawn, outcome);
            Carried { work, drawn, report }.deliver(branch)
        };
        finish().map_err(&failed)
    }

    fn one(&mut self, crates: &[String], commits: &mut Vec<AppliedCommit>) -> Done<Step> {
        let step = self.work.step(|_, _| Ok(()))?;
        let all = step.moved().chain(step.sources()).chain(self.work.manifests(&step));
        let package = &self.work.planned.package;
        self.work.commit(all, format!("Split {} off {package}", crates.join(" and ")), commits)?;
        Ok(step)
    }
}
