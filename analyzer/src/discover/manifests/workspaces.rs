//! From the manifests in a tree to workspaces with their packages: whom to ask cargo for, and what to do when it
//! refuses.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::barred;
use super::barred::Barred;
use super::cargo::Cargo;
use super::manifest::Manifest;
use super::raw::RawWorkspace;
use super::tolerant;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::discover::model::Edition;
use crate::discover::options::DiscoverOptions;
use crate::discover::paths::relative;
use crate::discover::tree::glimpse::editions;
use crate::discover::tree::reading::{Entry, Reading};

/// Cargo's answer for the manifest a workspace begins with.
pub(in crate::discover) type Answer = Result<RawWorkspace, Diagnostic>;

/// Asks cargo about the manifest that a workspace begins with, unless it would open what may not be read.
pub(in crate::discover) fn first(reading: &Reading, entry: Entry, cargo: &Cargo<'_>) -> First {
    let refused = entry.manifest.as_ref().map(|m| barred::members(reading, m)).unwrap_or_default();
    let answer = match refused.first() {
        Some((path, _)) => Err(barred::not_asked(&reading.root, &entry.path, path)),
        None => cargo.first(&entry.path),
    };
    First { path: entry.path, answer, refused }
}

/// What was asked while the walk went on.
pub(in crate::discover) struct First {
    pub(in crate::discover) path: PathBuf,
    pub(in crate::discover) answer: Answer,
    /// Members that may not be read.
    pub(in crate::discover) refused: Vec<(PathBuf, Diagnostic)>,
}

/// Everything that the walk's manifests lead to, unordered. `told` is given the packages' likely editions; `first` waits
/// for the answer about the [entry](Reading::entry), which `cargo` was asked for while the walk went on.
pub(in crate::discover) fn collect(
    reading: &Reading,
    paths: &[PathBuf],
    told: impl FnOnce(Vec<(String, Edition)>),
    first: impl FnOnce() -> Option<First>,
    cargo: &Cargo<'_>,
    options: &DiscoverOptions,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<RawWorkspace> {
    let root = reading.root.as_path();
    let read: Vec<_> = paths.par_iter().map(|p| reading.manifest(p)).collect();
    let mut scan = Scan::new(reading);
    for (path, manifest) in paths.iter().zip(read) {
        match manifest {
            Ok(manifest) => drop(scan.manifests.insert(manifest.dir.clone(), manifest)),
            Err(diagnostic) => {
                scan.barred.add(path, &diagnostic);
                diagnostics.push(diagnostic);
            }
        }
    }
    if scan.barred.opened_for(root).is_some() {
        // It may be opening that very manifest.
        cargo.stop_first();
    }
    told(editions(root, &scan.manifests));
    let own = root.join("Cargo.toml");
    let mut others: Vec<Manifest> =
        scan.manifests.values().filter(|m| m.workspace().is_some() && m.path() != own).cloned().collect();
    let unasked = beyond(&mut others, options.max_lone_packages);
    let answers = scan.ask(&others, cargo, diagnostics);
    if let Some(first) = first() {
        diagnostics.extend(first.refused.into_iter().map(|(_, problem)| problem));
        let barred = scan.barred.opened_for(first.path.parent().unwrap_or(root));
        let answer = match barred {
            Some(by) => Err(barred::not_asked(root, &first.path, by)),
            None => first.answer,
        };
        scan.take(&first.path, answer, diagnostics);
    }
    scan.take_all(&others, answers, diagnostics);
    scan.read(&unasked, diagnostics);
    scan.lone_packages(cargo, options, diagnostics);
    scan.workspaces
}

/// Takes the workspaces out that are one package each (test fixtures, where there are many), but for the `most` nearest to
/// the root.
fn beyond(workspaces: &mut Vec<Manifest>, most: usize) -> Vec<Manifest> {
    let is_single =
        |m: &Manifest| m.package().is_some() && !m.workspace().is_some_and(|w| w.contains_key("members"));
    let mut single: Vec<Manifest> = workspaces.extract_if(.., |m| is_single(m)).collect();
    single.sort_by_key(|m| (m.dir.components().count(), m.dir.clone()));
    let rest = single.split_off(single.len().min(most));
    workspaces.append(&mut single);
    workspaces.sort_by(|a, b| a.dir.cmp(&b.dir));
    rest
}

struct Scan<'a> {
    reading: &'a Reading,
    root: &'a Path,
    manifests: BTreeMap<PathBuf, Manifest>,
    /// Those that may not be read.
    barred: Barred,
    /// Directories of packages that belong to a workspace already.
    covered: BTreeSet<PathBuf>,
    workspaces: Vec<RawWorkspace>,
}

impl<'a> Scan<'a> {
    fn new(reading: &'a Reading) -> Self {
        Self {
            reading,
            root: &reading.root,
            manifests: BTreeMap::new(),
            barred: Barred::default(),
            covered: BTreeSet::new(),
            workspaces: Vec::new(),
        }
    }

    /// Asks cargo about several manifests side by side; not about those that would have it open what may not be read.
    fn ask(
        &self,
        manifests: &[Manifest],
        cargo: &Cargo<'_>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Vec<Answer> {
        let one = |manifest: &Manifest| {
            let refused = barred::members(self.reading, manifest);
            let by =
                self.barred.opened_for(&manifest.dir).or(refused.first().map(|(path, _)| path.as_path()));
            let answer = match by {
                Some(by) => Err(barred::not_asked(self.root, &manifest.path(), by)),
                None => cargo.workspace(&manifest.path()),
            };
            (answer, refused)
        };
        let asked: Vec<_> = manifests.par_iter().map(one).collect();
        let mut answers = Vec::new();
        for (answer, refused) in asked {
            answers.push(answer);
            diagnostics.extend(refused.into_iter().map(|(_, problem)| problem));
        }
        answers
    }

    fn take_all(&mut self, asked: &[Manifest], answers: Vec<Answer>, diagnostics: &mut Vec<Diagnostic>) {
        for (manifest, answer) in asked.iter().zip(answers) {
            self.take(&manifest.path(), answer, diagnostics);
        }
    }

    /// Keeps an answer; after a refusal, what can be read without cargo.
    fn take(&mut self, path: &Path, answer: Answer, diagnostics: &mut Vec<Diagnostic>) {
        let workspace = answer.or_else(|refusal| {
            let manifest = self.manifest_of(path);
            push_new(diagnostics, refusal);
            manifest.and_then(|m| tolerant::workspace(self.root, &m, &self.manifests, diagnostics)).ok_or(())
        });
        let Ok(mut workspace) = workspace else { return };
        workspace.packages.retain(|p| self.covered.insert(p.dir.clone()));
        self.workspaces.push(workspace);
    }

    /// Takes workspaces in that cargo isn't asked about.
    fn read(&mut self, manifests: &[Manifest], diagnostics: &mut Vec<Diagnostic>) {
        for manifest in manifests {
            let read = tolerant::workspace(self.root, manifest, &self.manifests, diagnostics);
            if let Some(mut workspace) = read {
                workspace.packages.retain(|p| self.covered.insert(p.dir.clone()));
                self.workspaces.push(workspace);
            }
        }
    }

    /// The parsed manifest; one above the root wasn't walked.
    fn manifest_of(&self, path: &Path) -> Option<Manifest> {
        let known = path.parent().and_then(|d| self.manifests.get(d));
        known.cloned().or_else(|| self.reading.manifest(path).ok())
    }

    /// Whether a workspace above claims `dir`: one of the tree, or the one `around` it.
    fn is_enclosed(&self, dir: &Path, around: Option<&Manifest>) -> bool {
        let above = dir.ancestors().skip(1).take_while(|d| d.starts_with(self.root));
        let inside = above.filter_map(|d| self.manifests.get(d)).find(|m| m.workspace().is_some());
        inside.or(around).is_some_and(|m| !m.excludes(dir))
    }

    /// Packages that no workspace took in: test fixtures, tools of their own, forgotten members.
    fn lone_packages(
        &mut self,
        cargo: &Cargo<'_>,
        options: &DiscoverOptions,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let is_lone = |m: &&Manifest| {
            m.package().is_some() && m.workspace().is_none() && !self.covered.contains(&m.dir)
        };
        let lone: Vec<Manifest> = self.manifests.values().filter(is_lone).cloned().collect();
        let around = self.reading.around.as_ref();
        let (forgotten, mut lone): (Vec<_>, Vec<_>) =
            lone.into_iter().partition(|m| self.is_enclosed(&m.dir, around));
        // The ones nearest to the root matter most.
        lone.sort_by_key(|m| (m.dir.components().count(), m.dir.clone()));
        let unasked = lone.split_off(lone.len().min(options.max_lone_packages));
        let answers = self.ask(&lone, cargo, diagnostics);
        self.take_all(&lone, answers, diagnostics);
        for manifest in &forgotten {
            let message =
                "lies in a workspace that doesn't list it, so cargo won't build it; analysed on its own";
            push_new(
                diagnostics,
                Diagnostic::new(Severity::Info, Code::InvalidManifest, message)
                    .at(relative(self.root, &manifest.path())),
            );
        }
        for manifest in forgotten.iter().chain(&unasked) {
            let read = tolerant::workspace(self.root, manifest, &self.manifests, diagnostics);
            self.workspaces.extend(read);
        }
    }
}

/// Adds a diagnostic unless there is one of the kind for the file.
fn push_new(diagnostics: &mut Vec<Diagnostic>, new: Diagnostic) {
    if !diagnostics.iter().any(|d| d.code == new.code && d.path == new.path && d.path.is_some()) {
        diagnostics.push(new);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_single_package_workspaces_are_asked_about_and_all_that_have_members() {
        let manifest = |dir: &str, text: &str| Manifest { dir: dir.into(), table: text.parse().unwrap() };
        let single = "[workspace]\n[package]\nname = 'x'";
        let mut asked = vec![
            manifest("/r/a/b/c", single),
            manifest("/r/d", "[workspace]\nmembers = ['e']\n[package]\nname = 'd'"),
            manifest("/r/f", single),
            manifest("/r/g/h", single),
            manifest("/r/v", "[workspace]"),
        ];
        let rest = beyond(&mut asked, 1);
        let dirs = |list: &[Manifest]| list.iter().map(|m| m.dir.display().to_string()).collect::<Vec<_>>();
        assert_eq!(dirs(&asked), ["/r/d", "/r/f", "/r/v"]);
        assert_eq!(dirs(&rest), ["/r/g/h", "/r/a/b/c"]);
    }
}
