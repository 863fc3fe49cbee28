//! The commits of the past, placed among the packages of today: what each has changed of what is still there.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use toml::Table;

use super::options::Options;
use super::versions::Reader;
use crate::affected::{Bump, Depth, Input, Rules, Strays, VARIABLES, bumped, touched};
use crate::base::ToolOptions;
use crate::base::number::count;
use crate::deploy::ServicesInput;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::discover::{Repository, Workspace, above, in_dir, manifest_table};
use crate::history::{ChangedFile, CodeOwners, Commit, GitObject, History, texts};
use crate::ids::{PackageId, PathId, TargetId};
use crate::parse::{FileUse, SourceTree, WholeScripts, file_uses, mentions};
use crate::plan::{PackageAdvice, PlanInput, commits_per_week};
use crate::replay::{Pace, PlacedCommit};
use crate::report::ReplayedHistory;

/// What old manifests and lock files may take, newest first: some hundred lock files of a large workspace. A choice; what is
/// beyond counts as unchanged and is counted.
const MOST_BYTES: u64 = 64 << 20;

/// How many commits are replayed, and how often they come.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub(super) commits: usize,
    pub(super) commits_per_week: Option<f64>,
    pub(super) edits_per_commit: f64,
}

impl Wanted {
    pub(super) fn of(options: &Options) -> Self {
        Self {
            commits: options.commits,
            commits_per_week: options.commits_per_week,
            edits_per_commit: options.edits_per_commit,
        }
    }
}

/// The commits with what places them.
#[derive(Debug, Default)]
pub(super) struct PastCommits {
    pub(super) commits: Vec<PlacedCommit>,
    pub(super) uses: BTreeMap<String, Vec<FileUse>>,
    pub(super) mentions: BTreeMap<String, BTreeSet<String>>,
    pub(super) pace: Pace,
    pub(super) code_owners: Option<CodeOwners>,
    /// How many commits were looked at for these.
    pub(super) looked_at: u32,
    /// Commits that concern nothing of what is there today, as far as that is known.
    pub(super) of_nothing: u32,
    /// Sources that commits changed and that are no more.
    pub(super) gone_files: u32,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Places the newest commits that concern a build.
pub(super) fn past_commits(
    repository: &Repository,
    sources: &SourceTree,
    history: &History,
    git: (&Path, &ToolOptions),
    wanted: &Wanted,
) -> PastCommits {
    if history.commits.is_empty() || wanted.commits == 0 {
        return PastCommits::default();
    }
    let rules = match Rules::new(&[]) {
        Ok(rules) => rules,
        Err(why) => {
            let problem = Diagnostic::new(Severity::Warning, Code::NoHistory, why.to_string());
            return PastCommits { diagnostics: vec![problem], ..PastCommits::default() };
        }
    };
    let uses = file_uses(repository, sources);
    let now = Now::new(history, sources);
    let unlinked = now.paths.iter().copied().filter(|path| !uses.contains_key(*path));
    let unlinked: BTreeSet<&str> = unlinked.chain(VARIABLES).collect();
    let named = mentions(repository, sources, &unlinked.into_iter().collect::<Vec<_>>());
    let scripts = WholeScripts::new(repository, |target| files_of(&uses, target));
    let place =
        Place { repository, uses: &uses, mentions: &named, scripts: &scripts, rules: &rules, now: &now };
    let chosen: Vec<(usize, &Commit)> = history
        .commits
        .iter()
        .enumerate()
        .filter(|(_, commit)| commit.paths.iter().any(|&path| place.may_build(now.of(path))))
        .take(wanted.commits)
        .collect();
    let looked_at = chosen.last().map_or(0, |&(at, _)| at + 1);
    let (old, unread) = old_texts(repository, history, &chosen, git);
    let removed = removed(repository, &now);
    let tables = Tables::default();
    let placed: Vec<PlacedCommit> = chosen
        .par_iter()
        .map(|(_, commit)| place.commit(commit, history, (&old, &tables), &removed))
        .collect();
    let all = placed.len();
    let (code_owners, too_many) = code_owners(repository, sources);
    let commits: Vec<PlacedCommit> = placed.into_iter().filter(|commit| !commit.touched.is_empty()).collect();
    let counted = wanted.commits_per_week.or_else(|| commits_per_week(history));
    let share = commits.len() as f64 / looked_at.max(1) as f64;
    let gone: BTreeSet<&str> = chosen
        .iter()
        .flat_map(|(_, commit)| commit.paths.iter().map(|&path| now.of(path)))
        .filter(|path| path.ends_with(".rs") && !uses.contains_key(*path))
        .collect();
    PastCommits {
        pace: Pace {
            commits_per_week: counted.map(|all| all * share),
            edits_per_commit: wanted.edits_per_commit,
        },
        code_owners,
        looked_at: count(looked_at),
        of_nothing: count(all - commits.len()),
        gone_files: count(gone.len()),
        diagnostics: not_read(unread).into_iter().chain(too_many).collect(),
        commits,
        mentions: named,
        uses,
    }
}

impl PastCommits {
    /// What programs are replayed with.
    pub(super) fn services<'a>(
        &'a self,
        plan: PlanInput<'a>,
        deployed: &'a BTreeSet<TargetId>,
        advice: &'a [PackageAdvice],
    ) -> ServicesInput<'a> {
        ServicesInput {
            plan,
            deployed,
            advice,
            commits: &self.commits,
            code_owners: self.code_owners.as_ref(),
            uses: &self.uses,
            mentions: &self.mentions,
            commits_per_week: self.pace.commits_per_week,
        }
    }

    /// What was looked at, for the report.
    pub(super) fn looked_at(&self) -> ReplayedHistory {
        ReplayedHistory {
            looked_at: self.looked_at,
            of_nothing: self.of_nothing,
            gone_files: self.gone_files,
        }
    }
}

/// Whose files are; not where that takes too long to find out.
fn code_owners(repository: &Repository, sources: &SourceTree) -> (Option<CodeOwners>, Option<Diagnostic>) {
    let owners = match CodeOwners::find(&repository.root, repository.files.options()) {
        Ok(Some(owners)) => owners,
        Ok(None) => return (None, None),
        Err((place, why)) => {
            let message = format!("{why}: whose files are is left out");
            return (None, Some(Diagnostic::new(Severity::Warning, why.code(), message).at(place)));
        }
    };
    if owners.can_match(sources.files.iter().map(|file| file.path.len() as u64).sum()) {
        return (Some(owners), None);
    }
    let message = format!("{} has too many rules for so many files: whose they are is left out", owners.file);
    (None, Some(Diagnostic::new(Severity::Info, Code::NoHistory, message)))
}

fn files_of(uses: &BTreeMap<String, Vec<FileUse>>, target: TargetId) -> Vec<String> {
    let of_target = uses.iter().filter(|(_, uses)| uses.iter().any(|used| used.target == target));
    of_target.map(|(file, _)| file.clone()).collect()
}

/// What each path of the past is called today.
struct Now<'a> {
    paths: Vec<&'a str>,
}

impl<'a> Now<'a> {
    fn new(history: &'a History, sources: &SourceTree) -> Self {
        let there: BTreeSet<&str> = sources.files.iter().map(|file| file.path.as_str()).collect();
        let now = |path| history.paths[history.now(path, |path| there.contains(path))].as_str();
        Self { paths: history.paths.ids().map(now).collect() }
    }

    fn of(&self, path: PathId) -> &'a str {
        self.paths[path.0 as usize]
    }
}

/// Directories with a manifest in the past and no package today.
fn removed(repository: &Repository, now: &Now<'_>) -> BTreeSet<String> {
    let there: BTreeSet<&str> = repository
        .packages
        .iter()
        .map(|package| package.dir.as_str())
        .chain(repository.workspaces.iter().map(|workspace| workspace.dir.as_str()))
        .collect();
    let dirs = now.paths.iter().filter_map(|path| manifest_dir(path));
    dirs.filter(|dir| !there.contains(dir)).map(str::to_owned).collect()
}

fn manifest_dir(path: &str) -> Option<&str> {
    let dir = path.strip_suffix("Cargo.toml")?;
    if dir.is_empty() { Some("") } else { dir.strip_suffix('/') }
}

/// Manifests as they are, read once.
#[derive(Default)]
struct Tables {
    known: Mutex<BTreeMap<String, Option<Arc<Table>>>>,
}

impl Tables {
    fn now(&self, repository: &Repository, path: &str) -> Option<Arc<Table>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let read = || manifest_table(repository, path).map(Arc::new);
        known.entry(path.to_owned()).or_insert_with(read).clone()
    }
}

/// The contents of manifests and lock files of packages that are still there, by hash, and how many could not be had.
fn old_texts(
    repository: &Repository,
    history: &History,
    chosen: &[(usize, &Commit)],
    (root, tools): (&Path, &ToolOptions),
) -> (BTreeMap<String, String>, Result<u32, String>) {
    let packages = repository.packages.iter().map(|package| package.dir.as_str());
    let workspaces = repository.workspaces.iter().map(|workspace| workspace.dir.as_str());
    let dirs: BTreeSet<&str> = packages.chain(workspaces).collect();
    let mut seen = BTreeSet::new();
    let mut hashes: Vec<&str> = Vec::new();
    for (_, commit) in chosen {
        for (&path, objects) in commit.paths.iter().zip(&commit.objects) {
            let (dir, name) = history.paths[path].rsplit_once('/').unwrap_or(("", &history.paths[path]));
            if !matches!(name, "Cargo.toml" | "Cargo.lock") || !dirs.contains(dir) {
                continue;
            }
            for object in objects.iter().flatten() {
                if let GitObject::Blob(hash) = object
                    && seen.insert(hash)
                {
                    hashes.push(hash);
                }
            }
        }
    }
    match texts(root, tools, &hashes, MOST_BYTES) {
        Ok(texts) => {
            let unread = count(hashes.len().saturating_sub(texts.len()));
            (texts, Ok(unread))
        }
        Err(why) => (BTreeMap::new(), Err(why)),
    }
}

fn not_read(unread: Result<u32, String>) -> Option<Diagnostic> {
    let message = match unread {
        Ok(0) => return None,
        Ok(unread) => format!(
            "{unread} manifests and lock files of old commits were not read (a partial clone lacks them, or they are too \
             many): the commits count as if their lock file had not changed, and as a change of all of the package"
        ),
        Err(why) => format!("manifests and lock files of old commits can't be read: {why}"),
    };
    Some(Diagnostic::new(Severity::Info, Code::NoHistory, message))
}

struct Place<'a> {
    repository: &'a Repository,
    uses: &'a BTreeMap<String, Vec<FileUse>>,
    mentions: &'a BTreeMap<String, BTreeSet<String>>,
    scripts: &'a WholeScripts,
    rules: &'a Rules,
    now: &'a Now<'a>,
}

impl Place<'_> {
    /// Whether cargo may compile something for the sake of a path: a source, a manifest, a lock file, a setting, what a source
    /// names, or what a build script looks at.
    fn may_build(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or_default();
        let by_name = path.ends_with(".rs")
            || matches!(name, "Cargo.toml" | "Cargo.lock" | "rust-toolchain" | "rust-toolchain.toml")
            || path.split('/').any(|part| part == ".cargo");
        by_name || self.mentions.contains_key(path) || self.is_for_a_script(path)
    }

    fn is_for_a_script(&self, path: &str) -> bool {
        let dirs: Vec<&str> = above(path).collect();
        let around = |package: &PackageId| dirs.contains(&self.repository.packages[*package].dir.as_str());
        let mut packages = self.scripts.packages().filter(around);
        packages.any(|package| self.scripts.runs_after(self.repository, package, path))
    }

    fn commit(
        &self,
        commit: &Commit,
        history: &History,
        (old, tables): (&BTreeMap<String, String>, &Tables),
        removed: &BTreeSet<String>,
    ) -> PlacedCommit {
        let files: Vec<ChangedFile> = commit
            .paths
            .iter()
            .zip(&commit.objects)
            .map(|(&path, [before, after])| ChangedFile {
                path: self.now.of(path).to_owned(),
                before: before.clone(),
                // A source that is there today is what its targets compile, whether it came back later or not.
                after: after.clone().or_else(|| before.clone()),
            })
            .collect();
        let text = |object: &GitObject| match object {
            GitObject::Blob(hash) => old.get(hash).map(|text| Cow::Borrowed(text.as_str())),
            GitObject::Submodule(_) => None,
        };
        let reader = Reader {
            repository: self.repository,
            text: &text,
            now: &|path| tables.now(self.repository, path),
            features: None,
        };
        let manifests: Vec<ChangedFile> = commit
            .paths
            .iter()
            .zip(&commit.objects)
            .filter(|(path, _)| manifest_dir(&history.paths[**path]).is_some())
            .map(|(&path, [before, after])| ChangedFile {
                path: history.paths[path].clone(),
                before: before.clone(),
                after: after.clone(),
            })
            .collect();
        let workspaces = reader.versions(&manifests).workspaces;
        let (touched, affected) = touched(&Input {
            repository: self.repository,
            uses: self.uses,
            mentions: self.mentions,
            whole_scripts: self.scripts,
            files: &files,
            workspaces: &workspaces,
            removed,
            outside: &[],
            bumps: &self.bumps(commit, history, old),
            rules: self.rules,
            strays: Strays::Nobody,
            programs: None,
            depth: Depth::Transitive,
        });
        PlacedCommit {
            hash: commit.hash.clone(),
            time: commit.time,
            touched,
            retested: count(affected.tests.len()),
            relinked: count(affected.deployables.len()),
        }
    }

    fn bumps(&self, commit: &Commit, history: &History, old: &BTreeMap<String, String>) -> Vec<Bump> {
        let text = |object: &Option<GitObject>| match object {
            Some(GitObject::Blob(hash)) => old.get(hash).map(String::as_str),
            _ => None,
        };
        let of_workspace = |(workspace, data): (_, &Workspace)| {
            let path = history.path_id(&in_dir(&data.dir, "Cargo.lock"))?;
            let at = commit.paths.binary_search(&path).ok()?;
            let [before, after] = &commit.objects[at];
            Some(Bump { workspace, packages: bumped(text(before)?, text(after)?) })
        };
        self.repository.workspaces.iter_enumerated().filter_map(of_workspace).collect()
    }
}
