//! A package that several programs are built from: who runs what of it, and which commits deploy whom for its sake alone.

use std::collections::{BTreeMap, BTreeSet};

use fixedbitset::FixedBitSet;

use super::Replayed;
use crate::affected::Cause;
use crate::deploy::redeploys::Redeployed;
use crate::ids::{FileId, PackageId};

/// Commits that change the same files of a package, and whom they deploy for nothing else.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Change {
    /// Positions in [`Shared::files`]; none where a commit changes more than these.
    pub(super) files: BTreeSet<usize>,
    /// How many such commits each program is deployed by, in the order of the programs.
    pub(super) deploys: Vec<u32>,
}

/// What is known of such a package.
#[derive(Debug, Clone)]
pub(super) struct Shared {
    pub(super) package: PackageId,
    pub(super) files: Vec<FileId>,
    /// The programs that run something of each file, as positions in all that count.
    pub(super) users: Vec<FixedBitSet>,
    pub(super) changes: Vec<Change>,
}

impl Shared {
    /// `None` where no commit deploys anybody for its sake alone.
    pub(super) fn new(
        replayed: &Replayed<'_>,
        programs: &[Redeployed],
        package: PackageId,
        files: Vec<FileId>,
    ) -> Option<Self> {
        let place: BTreeMap<FileId, usize> = files.iter().enumerate().map(|(at, &file)| (file, at)).collect();
        let mut users = vec![FixedBitSet::with_capacity(programs.len()); files.len()];
        for (program, of) in programs.iter().enumerate() {
            for at in of.files.iter().filter_map(|file| place.get(file)) {
                users[*at].insert(program);
            }
        }
        // What is of the package itself needs all of it, whatever becomes of it.
        let others = |program: &Redeployed| {
            let own = replayed.code.repository.targets[program.target].package == package;
            !own && program.packages.binary_search(&package).is_ok()
        };
        let mut changes: BTreeMap<BTreeSet<usize>, Vec<u32>> = BTreeMap::new();
        for commit in replayed.commits {
            let Some(causes) = commit.touched.packages.get(&package) else { continue };
            let Some(changed) = changed(replayed, package, causes, &place) else { continue };
            let mut deploys = vec![0; programs.len()];
            for (program, of) in programs.iter().enumerate().filter(|(_, program)| others(program)) {
                let alone =
                    !of.is_own(&commit.touched) && of.below(&commit.touched).all(|other| other == package);
                deploys[program] = u32::from(alone);
            }
            let sum = changes.entry(changed).or_insert_with(|| vec![0; programs.len()]);
            sum.iter_mut().zip(deploys).for_each(|(sum, own)| *sum += own);
        }
        let changes: Vec<Change> = changes
            .into_iter()
            .filter(|(_, deploys)| deploys.iter().any(|&own| own > 0))
            .map(|(files, deploys)| Change { files, deploys })
            .collect();
        (!changes.is_empty()).then_some(Self { package, files, users, changes })
    }

    /// The most that a split can save, as the sum of what each deploy that it saves is worth: whoever runs nothing of the changed
    /// files isn't deployed.
    pub(super) fn most(&self, worth: &[f64]) -> f64 {
        let of_change = |change: &Change| -> f64 {
            let deploys = change.deploys.iter().enumerate();
            let idle = deploys
                .filter(|&(program, _)| !change.files.iter().any(|&file| self.users[file].contains(program)));
            idle.map(|(program, &often)| f64::from(often) * worth[program]).sum()
        };
        self.changes.iter().map(of_change).sum()
    }
}

/// The files of the package that some causes change; `None` where one changes more than these.
fn changed(
    replayed: &Replayed<'_>,
    package: PackageId,
    causes: &BTreeSet<Cause>,
    place: &BTreeMap<FileId, usize>,
) -> Option<BTreeSet<usize>> {
    let of_cause = |cause: &Cause| {
        let Cause::File(path) = cause else { return None };
        let sources = replayed.code.sources(package, path);
        let files: Option<Vec<usize>> =
            sources.iter().map(|source| place.get(replayed.of_path.get(source)?).copied()).collect();
        files.filter(|files| !files.is_empty())
    };
    let each: Option<Vec<Vec<usize>>> = causes.iter().map(of_cause).collect();
    Some(each?.into_iter().flatten().collect())
}
