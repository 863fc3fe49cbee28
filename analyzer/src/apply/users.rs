//! With `--direct-users`: other packages of the workspace depend on the new crates themselves, one commit for all of them. One that
//! doesn't compile so stays as it was.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::Done;
use super::check::Check;
use super::planned::User;
use super::repair::errors;
use super::rewrite::draft::Draft;
use super::rewrite::users::RewrittenUser;
use super::work::Work;
use crate::report::{AppliedCommit, AppliedUser, LeftError};

impl Work<'_> {
    /// Finds the packages that may be users, if that is asked.
    pub(super) fn find_users(&mut self) -> Done<()> {
        if !self.asked.direct_users {
            return Ok(());
        }
        let directories: Vec<&PathBuf> = self.planned.members.values().collect();
        let owner = |file: &Path| {
            let around = directories.iter().filter(|dir| file.starts_with(dir));
            around.max_by_key(|dir| dir.components().count()).copied()
        };
        let mut files: BTreeMap<&PathBuf, Vec<PathBuf>> = BTreeMap::new();
        let tracked = self.scratch.tracked()?;
        for file in tracked.into_iter().filter(|file| file.extension().is_some_and(|end| end == "rs")) {
            if let Some(dir) = owner(&file) {
                files.entry(dir).or_default().push(file);
            }
        }
        let others = self.planned.members.iter().filter(|(name, _)| **name != self.planned.package);
        let user = |(name, directory): (&String, &PathBuf)| {
            let files = files.get(directory).cloned().unwrap_or_default();
            User { name: name.clone(), directory: directory.clone(), files }
        };
        self.planned.users = others.map(user).collect();
        Ok(())
    }

    /// Writes the users' sources and manifests, and takes back what does not compile.
    pub(super) fn direct(&self, drawn: &Draft, commits: &mut Vec<AppliedCommit>) -> Done<Vec<AppliedUser>> {
        let mut all: Vec<Direct<'_>> = Vec::new();
        for user in &drawn.users {
            all.push(Direct::new(self, user)?);
        }
        for user in &all {
            user.write(self)?;
        }
        if self.asked.check {
            self.check_users(&mut all)?;
        }
        let changed: Vec<&Path> =
            all.iter().filter(|user| user.why.is_none()).flat_map(|user| user.paths()).collect();
        if !changed.is_empty() {
            let lock = Some(self.planned.lock.as_path()).filter(|lock| self.scratch.tracks(lock));
            let subject = format!("Depend on crates of {} directly", self.planned.package);
            self.commit(changed.into_iter().chain(lock), subject, commits)?;
        }
        Ok(all.into_iter().map(Direct::report).collect())
    }

    /// Each round takes something back, so that there are no more than two for each user.
    fn check_users(&self, all: &mut [Direct<'_>]) -> Done<()> {
        let workspace = self.planned.workspace.parent().unwrap_or(&self.dir);
        for _ in 0..=2 * all.len() {
            let packages: BTreeMap<String, PathBuf> = all
                .iter()
                .filter(|user| user.why.is_none())
                .map(|user| (user.user.name.clone(), user.user.directory.clone()))
                .collect();
            if packages.is_empty() {
                return Ok(());
            }
            let check = Check {
                workspace,
                packages: &packages,
                target_dir: self.asked.target_dir.as_deref(),
                arguments: &self.asked.cargo_arguments,
                tools: self.tools,
            };
            let checked = check.run()?;
            if checked.success {
                return Ok(());
            }
            let found = errors(&checked.diagnostics, workspace, &self.dir);
            let mut blamed = false;
            for user in all.iter_mut().filter(|user| user.why.is_none()) {
                let own = |error: &&LeftError| self.dir.join(&error.file).starts_with(&user.user.directory);
                if let Some(error) = found.iter().find(own) {
                    blamed = true;
                    let why = format!("{}:{}: {}", error.file, error.line, error.message);
                    user.take_back(self, why)?;
                }
            }
            if !blamed {
                // Something that no user is to blame for, or a manifest that cargo doesn't take.
                let why = found.first().map_or(checked.cargo, |error| error.message.clone());
                for user in all.iter_mut().filter(|user| user.why.is_none()) {
                    user.take_back(self, why.clone())?;
                }
            }
        }
        Ok(())
    }
}

/// A user in the working tree.
struct Direct<'a> {
    user: &'a RewrittenUser,
    manifest: PathBuf,
    /// What it was.
    before: BTreeMap<PathBuf, String>,
    parted: bool,
    why: Option<String>,
}

impl<'a> Direct<'a> {
    fn new(work: &Work<'_>, user: &'a RewrittenUser) -> Done<Self> {
        let manifest = user.directory.join("Cargo.toml");
        let mut before = BTreeMap::new();
        if user.why.is_none() {
            for path in user.files.keys().chain([&manifest]) {
                before.insert(path.clone(), work.text(path)?);
            }
        }
        Ok(Self { user, manifest, before, parted: user.parted.is_some(), why: user.why.clone() })
    }

    fn write(&self, work: &Work<'_>) -> Done<()> {
        if self.why.is_some() {
            return Ok(());
        }
        for (path, text) in &self.user.files {
            work.write(path, text)?;
        }
        let parted = self.user.parted.as_ref().filter(|_| self.parted);
        work.write(&self.manifest, parted.unwrap_or(&self.user.manifest))
    }

    /// First it keeps the package that was split, which macros of that may name; then all of it is as it was.
    fn take_back(&mut self, work: &Work<'_>, why: String) -> Done<()> {
        if std::mem::take(&mut self.parted) {
            return self.write(work);
        }
        for (path, text) in &self.before {
            work.write(path, text)?;
        }
        self.why = Some(format!("with the new crates' names it did not compile: {why}"));
        Ok(())
    }

    fn paths(&self) -> impl Iterator<Item = &Path> {
        self.before.keys().map(PathBuf::as_path)
    }

    fn report(self) -> AppliedUser {
        let there = self.why.is_none();
        let crates: BTreeSet<&String> = self.user.crates.iter().filter(|_| there).collect();
        AppliedUser {
            package: self.user.name.clone(),
            crates: crates.into_iter().cloned().collect(),
            parted: there && self.parted,
            why: self.why,
        }
    }
}
