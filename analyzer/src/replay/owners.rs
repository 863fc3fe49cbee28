//! Whose the crates are, which commits concern several owners at once (today by package, with a plan by crate), and which crates of a
//! plan the same commits change.

use std::collections::{BTreeMap, BTreeSet};

use super::builds::CommitBuilds;
use super::model::{CrateOwners, OwnerShare, Owners, PartedWork};
use super::together::{LEAST_COMMITS, LEAST_SHARE};
use crate::base::number::count;
use crate::history::{CodeOwners, History};
use crate::ids::{AuthorId, FileId, IdVec, ItemId, PackageId, PathId};
use crate::plan::{PackageAdvice, PlanInput};

/// Who has a smaller share of a crate's lines is not said to own it. A choice.
const LEAST_LINES: f64 = 0.1;

/// `None` without a history.
pub(super) fn owners(
    input: &PlanInput<'_>,
    code_owners: Option<&CodeOwners>,
    advice: &[&PackageAdvice],
    commits: &[CommitBuilds],
) -> Option<Owners> {
    let world = World::new(input, input.history?, code_owners);
    let mut of_package: BTreeMap<PackageId, Vec<ItemId>> = BTreeMap::new();
    for (id, item) in input.resolution.items.iter_enumerated() {
        let target = input.resolution.crates[input.resolution.modules[item.module].krate].target;
        of_package.entry(input.repository.targets[target].package).or_default().push(id);
    }
    let today: BTreeMap<PackageId, Vec<Part<'_>>> = of_package
        .iter()
        .map(|(&package, items)| {
            (package, vec![world.part(input.repository.packages[package].name.clone(), items)])
        })
        .collect();
    let mut planned = today.clone();
    let mut crates = Vec::new();
    let mut parted = Vec::new();
    for advice in advice {
        let Some(plan) = &advice.plan else { continue };
        let part = |krate: &crate::plan::PlanCrate| world.part(krate.name.clone(), &krate.all_items);
        let parts: Vec<Part<'_>> = plan.crates.iter().map(part).collect();
        crates.extend(parts.iter().map(|part| world.crate_owners(advice.package, part)));
        parted.extend(world.parted(advice.package, &parts));
        planned.insert(advice.package, parts);
    }
    let crossing = |parts: &BTreeMap<PackageId, Vec<Part<'_>>>| {
        let several = |commit: &&CommitBuilds| world.concerned(commit, parts).len() > 1;
        count(commits.iter().filter(several).count())
    };
    Some(Owners {
        file: code_owners.map(|owners| owners.file.clone()),
        skipped: code_owners.map_or(0, |owners| owners.skipped),
        crossing: code_owners.map(|_| crossing(&today)),
        crossing_planned: code_owners.filter(|_| !crates.is_empty()).map(|_| crossing(&planned)),
        crates,
        parted,
    })
}

/// A package, or a crate of a plan.
#[derive(Clone)]
struct Part<'a> {
    name: String,
    files: BTreeSet<FileId>,
    /// By share of the lines, most first.
    owners: Vec<(&'a str, f64)>,
}

impl<'a> Part<'a> {
    fn owned_by(&self) -> impl Iterator<Item = &'a str> {
        self.owners.iter().filter(|&&(_, share)| share >= LEAST_LINES).map(|&(owner, _)| owner)
    }
}

struct World<'a> {
    input: &'a PlanInput<'a>,
    history: &'a History,
    of_file: IdVec<FileId, Vec<&'a str>>,
    file_of: BTreeMap<&'a str, FileId>,
}

impl<'a> World<'a> {
    fn new(input: &'a PlanInput<'a>, history: &'a History, code_owners: Option<&'a CodeOwners>) -> Self {
        let files = &input.resolution.files;
        let owners = |path: &str| code_owners.map_or_else(Vec::new, |owners| owners.of(path));
        Self {
            input,
            history,
            of_file: files.iter().map(|file| owners(&file.path)).collect(),
            file_of: files.iter_enumerated().map(|(id, file)| (file.path.as_str(), id)).collect(),
        }
    }

    fn part(&self, name: String, items: &[ItemId]) -> Part<'a> {
        let mut lines: BTreeMap<&'a str, f64> = BTreeMap::new();
        let (mut all, mut files) = (0.0, BTreeSet::new());
        for &item in items {
            let item = &self.input.resolution.items[item];
            let own = f64::from((item.end_line + 1).saturating_sub(item.line));
            files.insert(item.file);
            all += own;
            for owner in &self.of_file[item.file] {
                *lines.entry(owner).or_default() += own;
            }
        }
        let mut owners: Vec<(&str, f64)> = lines.into_iter().map(|(owner, own)| (owner, own / all)).collect();
        // Equals stay in the order of their names.
        owners.sort_by(|a, b| b.1.total_cmp(&a.1));
        Part { name, files, owners }
    }

    fn crate_owners(&self, package: PackageId, part: &Part<'_>) -> CrateOwners {
        let paths: BTreeSet<PathId> = part
            .files
            .iter()
            .filter_map(|&file| self.history.path_id(&self.input.resolution.files[file].path))
            .collect();
        let mut by_author: BTreeMap<AuthorId, u32> = BTreeMap::new();
        for commit in &self.history.commits {
            if commit.paths.iter().any(|path| paths.contains(path)) {
                *by_author.entry(commit.author).or_default() += 1;
            }
        }
        let commits: u32 = by_author.values().sum();
        let most = by_author.values().max().copied().unwrap_or_default();
        let share = |&(owner, share): &(&str, f64)| OwnerShare { owner: owner.to_owned(), share };
        CrateOwners {
            package,
            krate: part.name.clone(),
            owners: part.owners.iter().filter(|(_, share)| *share >= LEAST_LINES).map(share).collect(),
            commits,
            authors: count(by_author.len()),
            main_author_share: f64::from(most) / f64::from(commits.max(1)),
        }
    }

    /// The owners of all that a commit changes: of a package in parts those of the parts, where its files are known.
    fn concerned(
        &self,
        commit: &CommitBuilds,
        parts: &BTreeMap<PackageId, Vec<Part<'a>>>,
    ) -> BTreeSet<&'a str> {
        let files: BTreeSet<FileId> =
            commit.files.iter().filter_map(|(path, _)| self.file_of.get(path.as_str()).copied()).collect();
        let mut owners = BTreeSet::new();
        for (package, _) in &commit.packages {
            let all = parts.get(package).map_or(&[][..], Vec::as_slice);
            let changed: Vec<&Part<'a>> = all.iter().filter(|part| !part.files.is_disjoint(&files)).collect();
            let changed = if changed.is_empty() { all.iter().collect() } else { changed };
            owners.extend(changed.iter().flat_map(|part| part.owned_by()));
        }
        owners
    }

    /// Pairs of crates of one plan that the same commits change.
    fn parted(&self, package: PackageId, parts: &[Part<'_>]) -> Vec<PartedWork> {
        let mut alone = vec![0_u32; parts.len()];
        let mut both: BTreeMap<(usize, usize), u32> = BTreeMap::new();
        let path_of = |file: &FileId| self.history.path_id(&self.input.resolution.files[*file].path);
        let paths: Vec<BTreeSet<PathId>> =
            parts.iter().map(|part| part.files.iter().filter_map(path_of).collect()).collect();
        for commit in self.history.commits.iter().filter(|commit| !self.history.is_bulk(commit)) {
            let changes = |at: &usize| commit.paths.iter().any(|path| paths[*at].contains(path));
            let changed: Vec<usize> = (0..parts.len()).filter(changes).collect();
            for (position, &a) in changed.iter().enumerate() {
                alone[a] += 1;
                for &b in &changed[position + 1..] {
                    *both.entry((a, b)).or_default() += 1;
                }
            }
        }
        let share =
            |a: usize, b: usize, commits: u32| f64::from(commits) / f64::from(alone[a].min(alone[b]).max(1));
        let strong = both
            .into_iter()
            .filter(|&((a, b), commits)| commits >= LEAST_COMMITS && share(a, b, commits) >= LEAST_SHARE);
        let mut found: Vec<PartedWork> = strong
            .map(|((a, b), commits)| {
                let of_b: BTreeSet<&str> = parts[b].owned_by().collect();
                PartedWork {
                    package,
                    crates: [parts[a].name.clone(), parts[b].name.clone()],
                    owners: parts[a]
                        .owned_by()
                        .filter(|owner| of_b.contains(owner))
                        .map(str::to_owned)
                        .collect(),
                    commits,
                    share: share(a, b, commits),
                }
            })
            .collect();
        found.sort_by_key(|work| std::cmp::Reverse(work.commits));
        found
    }
}
