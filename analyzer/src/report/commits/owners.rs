//! Whose the crates of plans are, and which files change together: `owners` and `together` of `commits`.

use serde::{Deserialize, Serialize};

use crate::discover::Repository;
use crate::ids::PackageId;
use crate::replay::{OwnerShare, Owners, Together, TogetherPair};
use crate::report::numbers::round;

/// Whose the crates of the plans are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OwnersReport {
    /// The file that says whose files are, below the top of the work tree; absent without one.
    pub file: Option<String>,
    /// Lines of it that are no rule: patterns with `!` or `[ ]`.
    pub skipped: u32,
    /// Replayed commits that change packages of several owners (of a tenth of their lines or more). Absent without such a file.
    pub crossing: Option<u32>,
    /// The same with the plans carried out, where of a planned package the crates count that a commit changes.
    pub crossing_planned: Option<u32>,
    /// The crates of all plans.
    pub crates: Vec<CrateOwnersReport>,
    /// Pairs of crates of one plan that the same commits change: the boundary cuts through work that is done at once.
    pub parted: Vec<PartedWorkReport>,
}

/// Whose a crate of a plan is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CrateOwnersReport {
    /// The package that is split.
    pub package: String,
    /// The crate.
    #[serde(rename = "crate")]
    pub krate: String,
    /// Who owns at least a tenth of its lines, most first.
    pub owners: Vec<OwnerShare>,
    /// Commits that change its files.
    pub commits: u32,
    /// How many people wrote them.
    pub authors: u32,
    /// The share that the one of them wrote who wrote most, 0 to 1.
    pub main_author_share: f64,
}

/// Two crates of a plan that the same commits change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PartedWorkReport {
    /// The package that is split.
    pub package: String,
    /// The two crates.
    pub crates: [String; 2],
    /// Who owns both; empty where nothing says whose files are.
    pub owners: Vec<String>,
    /// Commits that change both, bulk commits aside.
    pub commits: u32,
    /// Their share of the commits of the one that changes less often, 0 to 1.
    pub share: f64,
}

/// Files that change together, and what counts as such.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TogetherReport {
    /// Commits that have to change both.
    pub least_commits: u32,
    /// Their least share of the commits of the one that changes less often, 0 to 1.
    pub least_share: f64,
    /// Commits that change more files than this are left out.
    pub bulk_files: u32,
    /// How many these are.
    pub bulk_commits: u32,
    /// How many pairs there are.
    pub found: u32,
    /// The strongest of them: those that a plan parts first, then by commits.
    pub pairs: Vec<TogetherPair>,
}

pub(super) fn together(together: &Together) -> TogetherReport {
    let pair = |pair: &TogetherPair| TogetherPair { share: round(pair.share, 3), ..pair.clone() };
    TogetherReport {
        least_commits: together.least_commits,
        least_share: together.least_share,
        bulk_files: together.bulk_files,
        bulk_commits: together.bulk_commits,
        found: together.found,
        pairs: together.pairs.iter().map(pair).collect(),
    }
}

pub(super) fn owners(repository: &Repository, owners: &Owners) -> OwnersReport {
    let name = |id: PackageId| repository.packages[id].name.clone();
    OwnersReport {
        file: owners.file.clone(),
        skipped: owners.skipped,
        crossing: owners.crossing,
        crossing_planned: owners.crossing_planned,
        crates: owners
            .crates
            .iter()
            .map(|of| CrateOwnersReport {
                package: name(of.package),
                krate: of.krate.clone(),
                owners: of
                    .owners
                    .iter()
                    .map(|one| OwnerShare { owner: one.owner.clone(), share: round(one.share, 3) })
                    .collect(),
                commits: of.commits,
                authors: of.authors,
                main_author_share: round(of.main_author_share, 3),
            })
            .collect(),
        parted: owners
            .parted
            .iter()
            .map(|work| PartedWorkReport {
                package: name(work.package),
                crates: work.crates.clone(),
                owners: work.owners.clone(),
                commits: work.commits,
                share: round(work.share, 3),
            })
            .collect(),
    }
}
