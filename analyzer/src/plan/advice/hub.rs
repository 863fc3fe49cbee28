//! Hubs: packages that others depend on. What a split of one saves lies in its users, where these depend on the crates that
//! they use in place of the package that re-exports all of them.

use std::collections::{BTreeMap, BTreeSet};

use super::candidates::frontier::{Subject, Variant};
use super::week::Terms;
use crate::base::words::and_more;
use crate::cost::Mode;
use crate::discover::DependencyKind;
use crate::ids::{PackageId, PlanCrateId};
use crate::plan::boundary::user_manifests::user_manifests;
use crate::plan::index::Index;
use crate::plan::input::{PlanInput, PlanOptions};
use crate::plan::model::{Candidate, Cause, CauseKind, DirectUser, DirectUsers};
use crate::plan::predict::direct::users_of_parts;
use crate::plan::predict::evaluate::{EditWork, Prediction, Users};

/// From so many packages on that depend on it, a package is one that many depend on. A choice: the users of one can wait for
/// each other's parts.
const MANY: usize = 2;
/// Users that a sentence names, and crates of each.
const NAMED: usize = 3;

/// The packages that depend on one, of the same repository, its development dependents aside.
pub(super) fn users(input: &PlanInput<'_>, package: PackageId) -> BTreeSet<PackageId> {
    let packages = input.repository.packages.iter_enumerated();
    let uses = |(_, data): &(PackageId, &crate::discover::Package)| {
        let all = data.dependencies.iter().filter(|d| d.enabled && d.kind != DependencyKind::Dev);
        all.into_iter().any(|dependency| dependency.local == Some(package))
    };
    packages.filter(|&(id, _)| id != package).filter(uses).map(|(id, _)| id).collect()
}

/// Whether many depend on a package that could be taken apart, though it may be small itself.
pub(super) fn is_hub(
    input: &PlanInput<'_>,
    index: &Index,
    package: PackageId,
    cost_s: &dyn Fn(PackageId) -> f64,
    options: &PlanOptions,
) -> bool {
    let modules = index.targets.planned(package).map_or(0, |krate| index.targets.sizes[krate].modules);
    if modules < 2 {
        return false;
    }
    let users = users(input, package);
    users.len() >= MANY && users.into_iter().map(cost_s).sum::<f64>() >= options.min_cost_s
}

/// A plan whose users depend on its crates themselves.
pub(super) struct Direct {
    pub(super) users: BTreeMap<PackageId, BTreeSet<PlanCrateId>>,
    pub(super) predictions: Vec<Prediction>,
    /// Of the same plan, if they depend on the package as before.
    facade: Vec<Prediction>,
    /// The plan's candidate with the users' work: for each its manifest and its paths.
    pub(super) candidate: Candidate,
}

impl Direct {
    /// `None` where no package uses less than the whole.
    pub(super) fn new(subject: &Subject<'_>, variant: &Variant) -> Option<Self> {
        let (input, index, assembled) = (subject.input, subject.index, &variant.assembled);
        let mut users = users_of_parts(input, index, subject.krate, assembled);
        let dependents = self::users(input, subject.package);
        users.retain(|user, _| dependents.contains(user));
        if users.is_empty() {
            return None;
        }
        let of = |users| subject.builds.predictions((input, index), subject.krate, assembled, users);
        let (predictions, facade) = (of(Users::Direct), of(Users::Facade));
        let edits = variant.candidate.edits + users.len() as u32;
        Some(Self { users, predictions, facade, candidate: Candidate { edits, ..variant.candidate.clone() } })
    }

    /// What a rebuild after an edit of the package is, in a `cargo build` where that is predicted.
    fn work(&self, input: &PlanInput<'_>) -> Option<Rebuild<'_>> {
        let modes = input.costs.iter().zip(self.predictions.iter().zip(&self.facade));
        let mut works = modes.filter_map(|(costs, (direct, facade))| {
            let (work, facade_work) = (direct.edit_work?, facade.edit_work?);
            Some(Rebuild { mode: costs.mode, direct, facade, work, facade_work_s: facade_work.after_s })
        });
        works.clone().find(|rebuild| rebuild.mode == Mode::Dev).or_else(|| works.next())
    }

    /// As a field of the answer; `None` where that is less than the noise.
    pub(super) fn found(
        &self,
        subject: &Subject<'_>,
        variant: &Variant,
        terms: &Terms,
    ) -> Option<DirectUsers> {
        let Rebuild { mode, work, facade_work_s, .. } = self.work(subject.input)?;
        let least = work.before_s.min(facade_work_s);
        if !terms.felt((least, work.after_s)) {
            return None;
        }
        let name = |&part: &PlanCrateId| variant.assembled.crates[part].name.clone();
        let mut manifests =
            user_manifests((subject.input, subject.index), subject.package, &variant.assembled);
        let mut user = |(&package, parts): (&PackageId, &BTreeSet<PlanCrateId>)| {
            let manifest = manifests.remove(&package)?;
            Some(DirectUser { package, crates: parts.iter().map(name).collect(), manifest })
        };
        Some(DirectUsers {
            users: self.users.iter().filter_map(&mut user).collect(),
            mode,
            edit_work_before_s: work.before_s,
            edit_work_facade_s: facade_work_s,
            edit_work_after_s: work.after_s,
            counted: false,
        })
    }

    /// `2 of its users compile less if they depend on the parts that they use: …`
    pub(super) fn cause(&self, subject: &Subject<'_>, found: &DirectUsers) -> Option<Cause> {
        let Rebuild { direct, facade, .. } = self.work(subject.input)?;
        let packages = &subject.input.repository.packages;
        let user = |user: &DirectUser| {
            let crates: Vec<String> = user.crates.iter().map(|name| format!("`{name}`")).collect();
            format!("`{}` on {}", packages[user.package].name, and_more(&crates, NAMED))
        };
        let named: Vec<String> = found.users.iter().take(NAMED).map(user).collect();
        let more = match found.users.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!("; and {more} more"),
        };
        let (who, they) = match found.users.len() {
            1 => ("one of its users compiles".to_owned(), "it depends on the parts that it uses"),
            n => (format!("{n} of its users compile"), "they depend on the parts that they use"),
        };
        let detail = format!(
            "{who} less if {they} (`what-if --direct-users`: {}{more}): after an edit of `{}`, `{}` is {:.1} core seconds \
             of work ({:.1} behind the facade, {:.1} today) and takes {:.1} s ({:.1} s, {:.1} s)",
            named.join("; "),
            packages[subject.package].name,
            found.mode.command(),
            found.edit_work_after_s,
            found.edit_work_facade_s,
            found.edit_work_before_s,
            direct.after.edit_s,
            facade.after.edit_s,
            facade.before.edit_s,
        );
        Some(Cause { kind: CauseKind::DirectUsers, detail })
    }
}

/// The rebuild after an edit, in one mode.
#[derive(Clone, Copy)]
struct Rebuild<'a> {
    mode: Mode,
    direct: &'a Prediction,
    facade: &'a Prediction,
    work: EditWork,
    facade_work_s: f64,
}
