//! The steps of a plan that is carried out: files move and are written in a working tree, and are compiled.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::DocumentMut;

use super::Done;
use super::check::Check;
use super::options::ApplyOptions;
use super::planned::Planned;
use super::repair::{Repairs, errors};
use super::rewrite::draft::{Draft, draft};
use super::rewrite::manifest::add_dependency;
use super::worktree::{Repository, Scratch};
use crate::base::{FileTree, ReadOptions, ToolOptions};
use crate::report::{AppliedCommit, LeftError, Repair};

/// Everything that the steps need.
pub(super) struct Work<'a> {
    pub(super) repository: &'a Repository,
    pub(super) scratch: Scratch<'a>,
    /// The new working tree; canonical.
    pub(super) dir: PathBuf,
    pub(super) planned: Planned,
    pub(super) reading: &'a ReadOptions,
    pub(super) tools: &'a ToolOptions,
    pub(super) asked: &'a ApplyOptions,
    /// Errors that the package has as it is, once that has been asked.
    pub(super) before: OnceCell<Done<Vec<LeftError>>>,
}

/// What checks have come to.
#[derive(Debug, Clone, Default)]
pub(super) struct Compiled {
    pub(super) compiles: Option<bool>,
    pub(super) repairs: Vec<Repair>,
    pub(super) errors: Vec<LeftError>,
    pub(super) touched: BTreeSet<PathBuf>,
}

/// A plan that lies in the working tree.
pub(super) struct Step {
    pub(super) drawn: Draft,
    pub(super) compiled: Compiled,
    /// Lines in files that moved.
    pub(super) lines_moved: u32,
}

impl Step {
    /// Both ends of every file that moved.
    pub(super) fn moved(&self) -> impl Iterator<Item = &Path> {
        moved(&self.drawn)
    }

    /// Files of code that were written, or are no more.
    pub(super) fn sources(&self) -> impl Iterator<Item = &Path> {
        let is_manifest = |path: &&Path| path.file_name().is_some_and(|name| name == "Cargo.toml");
        let all = self.drawn.sources.keys().chain(&self.drawn.gone).chain(&self.compiled.touched);
        all.map(PathBuf::as_path).filter(move |path| !is_manifest(path))
    }
}

pub(super) fn moved(drawn: &Draft) -> impl Iterator<Item = &Path> {
    drawn.renames.iter().flat_map(|(from, to)| [from.as_path(), to.as_path()])
}

impl Work<'_> {
    /// Draws a plan up, moves its files, writes and compiles them; `after_moves` is called once they have moved.
    pub(super) fn once(&self, after_moves: &mut impl FnMut(&Self, &Draft) -> Done<()>) -> Done<Step> {
        let read = |path: &Path| self.text(path);
        let drawn = draft(&self.planned, &read)?;
        if let Some(there) = drawn.crates.values().find(|dir| dir.symlink_metadata().is_ok()) {
            return Err(format!("{} is there already: a new crate can't be", self.shown(there)));
        }
        let lines_moved = self.rename(&drawn)?;
        after_moves(self, &drawn)?;
        for (path, text) in drawn.sources.iter().chain(&drawn.manifests) {
            self.write(path, text)?;
        }
        for path in &drawn.gone {
            fs::remove_file(path).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        let compiled = if self.asked.check { self.compile(&drawn)? } else { Compiled::default() };
        Ok(Step { drawn, compiled, lines_moved })
    }

    /// The new crates in the order of their dependencies, with those that stay one together.
    pub(super) fn order(&self) -> Done<Vec<Vec<String>>> {
        draft(&self.planned, &|path| self.text(path)).map(|drawn| drawn.order)
    }

    pub(super) fn text(&self, path: &Path) -> Done<String> {
        let tree = FileTree::new(&self.dir, self.reading.clone());
        tree.read_text(path).map_err(|why| format!("{}: {why}", self.shown(path)))
    }

    pub(super) fn shown(&self, path: &Path) -> String {
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

    pub(super) fn write(&self, path: &Path, text: &str) -> Done<()> {
        self.place(path)?;
        fs::write(path, text).map_err(|error| format!("{}: {error}", self.shown(path)))
    }

    /// Moves files; how many lines they have.
    pub(super) fn rename(&self, drawn: &Draft) -> Done<u32> {
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

    pub(super) fn commit<'p>(
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
    pub(super) fn compile(&self, drawn: &Draft) -> Done<Compiled> {
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
            let round = repairs.round(&checked);
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

    /// Where cargo builds within the working tree, relative to it.
    pub(super) fn target(&self) -> String {
        let workspace = self.planned.workspace.parent().unwrap_or(&self.dir);
        workspace.strip_prefix(&self.dir).unwrap_or(Path::new("")).join("target").display().to_string()
    }

    /// Errors of the package as the user has it, asked the same.
    pub(super) fn errors_before(&self) -> Result<&[LeftError], &str> {
        let before = self.before.get_or_init(|| self.ask_before());
        before.as_ref().map(Vec::as_slice).map_err(String::as_str)
    }

    fn ask_before(&self) -> Done<Vec<LeftError>> {
        let before = self.repository.scratch_named("-as-it-was")?;
        let dir = before.dir.canonicalize().map_err(|error| format!("{}: {error}", before.dir.display()))?;
        let there = |path: &Path| match path.strip_prefix(&self.dir) {
            // Nothing joined would be a slash at the end, which cargo takes for another place.
            Ok(inner) if inner.as_os_str().is_empty() => dir.clone(),
            Ok(inner) => dir.join(inner),
            Err(_) => path.to_owned(),
        };
        let workspace = there(self.planned.workspace.parent().unwrap_or(&self.dir));
        let own = there(self.planned.manifest.parent().unwrap_or(&self.dir));
        let target = self.asked.target_dir.clone().unwrap_or_else(|| self.dir.join(self.target()));
        let check = Check {
            workspace: &workspace,
            packages: &BTreeMap::from([(self.planned.package.clone(), own)]),
            target_dir: Some(&target),
            arguments: &self.asked.cargo_arguments,
            tools: self.tools,
        };
        let checked = check.run()?;
        if !checked.success && checked.diagnostics.is_empty() {
            return Err(format!("cargo check: {}", checked.cargo));
        }
        Ok(errors(&checked.diagnostics, &workspace, &dir))
    }

    /// Gives a crate a dependency that the package has.
    fn depend(&self, krate: &Path, name: &str) -> Done<()> {
        let path = krate.join("Cargo.toml");
        let parsed = |path: &Path| -> Done<DocumentMut> {
            self.text(path)?.parse().map_err(|error| format!("{}: {error}", self.shown(path)))
        };
        let (mut manifest, own) = (parsed(&path)?, parsed(&self.planned.manifest)?);
        let from = self.planned.manifest.parent().unwrap_or(&self.dir);
        let package = self.planned.externs.get(name).map_or(name, String::as_str);
        if add_dependency(&mut manifest, &own, package, (from, krate)) {
            self.write(&path, &manifest.to_string())?;
        }
        Ok(())
    }
}
