//! From the manifests in a tree to workspaces with their packages: whom to ask cargo for, and what to do when it
//! refuses.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::cargo;
use super::glimpse::editions;
use super::manifest::Manifest;
use super::model::Edition;
use super::options::DiscoverOptions;
use super::paths::relative;
use super::raw::RawWorkspace;
use super::tolerant;
use crate::diagnostic::{Code, Diagnostic, Severity};

/// Cargo's answer for the manifest a workspace begins with.
pub(super) type Answer = Result<RawWorkspace, Diagnostic>;

/// The manifest that cargo can be asked about before the walk is done: the root's own, or that of the workspace around
/// it.
pub(super) fn entry(root: &Path) -> Option<PathBuf> {
    let own = root.join("Cargo.toml");
    let is_workspace = Manifest::read(root, &own).is_ok_and(|m| m.workspace().is_some());
    if is_workspace {
        return Some(own);
    }
    enclosing(root, root).map(|m| m.path()).or_else(|| own.is_file().then_some(own))
}

/// The workspace above `dir` that doesn't exclude it.
fn enclosing(root: &Path, dir: &Path) -> Option<Manifest> {
    let above = dir.ancestors().skip(1).map(|d| d.join("Cargo.toml")).filter(|m| m.is_file());
    let mut workspaces =
        above.filter_map(|m| Manifest::read(root, &m).ok()).filter(|m| m.workspace().is_some());
    workspaces.next().filter(|m| !m.excludes(dir))
}

/// Everything that the walk's manifests lead to, unordered. `told` is given the packages' likely editions; `first` waits
/// for the answer about [`entry`], which was asked for while the walk went on.
pub(super) fn collect(
    root: &Path,
    paths: &[PathBuf],
    told: impl FnOnce(Vec<(String, Edition)>),
    first: impl FnOnce() -> Option<(PathBuf, Answer)>,
    options: &DiscoverOptions,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<RawWorkspace> {
    let read: Vec<_> = paths.par_iter().map(|p| Manifest::read(root, p)).collect();
    let mut scan =
        Scan { root, manifests: BTreeMap::new(), covered: BTreeSet::new(), workspaces: Vec::new() };
    for manifest in read {
        match manifest {
            Ok(manifest) => drop(scan.manifests.insert(manifest.dir.clone(), manifest)),
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    told(editions(root, &scan.manifests));
    let own = root.join("Cargo.toml");
    let mut others: Vec<Manifest> =
        scan.manifests.values().filter(|m| m.workspace().is_some() && m.path() != own).cloned().collect();
    let unasked = beyond(&mut others, options.max_lone_packages);
    let others: Vec<PathBuf> = others.iter().map(Manifest::path).collect();
    let answers = ask(root, &others);
    if let Some((path, answer)) = first() {
        scan.take(&path, answer, diagnostics);
    }
    scan.take_all(&others, answers, diagnostics);
    scan.read(&unasked, diagnostics);
    scan.lone_packages(options, diagnostics);
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

/// Asks cargo about several manifests side by side.
fn ask(root: &Path, paths: &[PathBuf]) -> Vec<Answer> {
    paths.par_iter().map(|p| cargo::workspace(root, p)).collect()
}

struct Scan<'a> {
    root: &'a Path,
    manifests: BTreeMap<PathBuf, Manifest>,
    /// Directories of packages that belong to a workspace already.
    covered: BTreeSet<PathBuf>,
    workspaces: Vec<RawWorkspace>,
}

impl Scan<'_> {
    fn take_all(&mut self, paths: &[PathBuf], answers: Vec<Answer>, diagnostics: &mut Vec<Diagnostic>) {
        for (path, answer) in paths.iter().zip(answers) {
            self.take(path, answer, diagnostics);
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
        known.cloned().or_else(|| Manifest::read(self.root, path).ok())
    }

    /// Whether a workspace above claims `dir`: one of the tree, or the one `around` it.
    fn is_enclosed(&self, dir: &Path, around: Option<&Manifest>) -> bool {
        let above = dir.ancestors().skip(1).take_while(|d| d.starts_with(self.root));
        let inside = above.filter_map(|d| self.manifests.get(d)).find(|m| m.workspace().is_some());
        inside.or(around).is_some_and(|m| !m.excludes(dir))
    }

    /// Packages that no workspace took in: test fixtures, tools of their own, forgotten members.
    fn lone_packages(&mut self, options: &DiscoverOptions, diagnostics: &mut Vec<Diagnostic>) {
        let is_lone = |m: &&Manifest| {
            m.package().is_some() && m.workspace().is_none() && !self.covered.contains(&m.dir)
        };
        let lone: Vec<Manifest> = self.manifests.values().filter(is_lone).cloned().collect();
        let around = enclosing(self.root, self.root);
        let (forgotten, mut lone): (Vec<_>, Vec<_>) =
            lone.into_iter().partition(|m| self.is_enclosed(&m.dir, around.as_ref()));
        // The ones nearest to the root matter most.
        lone.sort_by_key(|m| (m.dir.components().count(), m.dir.clone()));
        let unasked = lone.split_off(lone.len().min(options.max_lone_packages));
        let asked: Vec<_> = lone.iter().map(Manifest::path).collect();
        self.take_all(&asked, ask(self.root, &asked), diagnostics);
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
