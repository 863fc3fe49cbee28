//! A library taken apart along labels that somebody else gives its files, by who runs what: worked out down to items, with the
//! work that it takes. Its users depend on the crates themselves, which is what such a split is for.

use std::collections::BTreeMap;

use super::advise::{close_look, layout, unplanned};
use super::candidates::frontier::{Subject, Variant};
use super::hub;
use super::verdict::{fine_as_is, is_clean};
use super::week::{Terms, pace};
use crate::discover::TargetKind;
use crate::ids::{BlockId, FileId, PackageId, WorkspaceId};
use crate::plan::boundary::user_manifests::{user_edits, user_manifests};
use crate::plan::index::Index;
use crate::plan::input::{PlanInput, PlanOptions};
use crate::plan::model::{Candidate, PackageAdvice, Plan, Week};
use crate::plan::partition::blocks::Blocks;
use crate::plan::partition::groups::Groups;
use crate::plan::partition::search::{SearchKind, arranged};
use crate::plan::predict::direct::users_of_parts;
use crate::plan::predict::evaluate::Builds;
use crate::plan::targets::kind;

/// What all packages are taken apart with.
pub(crate) struct Separator<'a> {
    input: &'a PlanInput<'a>,
    options: &'a PlanOptions,
    index: Index,
    builds: BTreeMap<WorkspaceId, Builds>,
}

/// A package that can be taken apart.
pub(crate) struct Separable<'a> {
    subject: Subject<'a>,
    blocks: Blocks,
}

/// A package in parts.
pub(crate) struct Apart {
    variant: Variant,
    /// What its plan is made of, and the work of its users.
    pub(crate) candidate: Candidate,
    /// What it has to give back, and within which time.
    pub(crate) terms: Week,
    /// Whether it takes no more than splits that maintainers carried out.
    pub(crate) clean: bool,
}

impl<'a> Separator<'a> {
    /// For these packages.
    pub(crate) fn new(input: &'a PlanInput<'a>, options: &'a PlanOptions, packages: &[PackageId]) -> Self {
        let workspace = |&package: &PackageId| input.repository.packages[package].workspace;
        let mut builds = BTreeMap::new();
        for workspace in packages.iter().map(workspace) {
            builds.entry(workspace).or_insert_with(|| Builds::new(input, workspace, options.jobs));
        }
        Self { input, options, index: Index::new(input.repository, input.resolution), builds }
    }

    /// `None` for what has no library of several modules, or isn't among the packages that this was made for.
    pub(crate) fn separable(&self, package: PackageId) -> Option<Separable<'_>> {
        let (input, index, options) = (self.input, &self.index, self.options);
        let krate = index.targets.planned(package)?;
        let builds = self.builds.get(&input.repository.packages[package].workspace)?;
        if kind(input.repository, krate) != TargetKind::Lib {
            return None;
        }
        let groups = Groups::new(input, index, krate);
        let blocks = Blocks::new(input, index, krate, &groups, &options.prices);
        let subject = Subject { input, index, options, builds, package, krate, groups };
        (blocks.len() > 1).then_some(Separable { subject, blocks })
    }
}

impl Separable<'_> {
    /// The files that hold its modules, the root's aside.
    pub(crate) fn files(&self) -> Vec<FileId> {
        let resolution = self.subject.input.resolution;
        let root = resolution.modules[resolution.crates[self.subject.krate].root].file;
        let modules = self.blocks.module.iter();
        let mut files: Vec<FileId> = modules.map(|&module| resolution.modules[module].file).collect();
        files.sort_unstable();
        files.dedup();
        files.retain(|&file| file != root);
        files
    }

    /// One crate for each label, what has none stays. `None` if no more than one crate comes of it.
    pub(crate) fn apart(&self, labels: &BTreeMap<FileId, usize>) -> Option<Apart> {
        let subject = &self.subject;
        let clusters = self.clusters(labels);
        let count = clusters.iter().max().map_or(0, |&last| last + 1);
        let layering = arranged(&self.blocks, count, &|block| clusters[block.0 as usize]);
        let variant = subject.variant(&self.blocks, &layering, SearchKind::Varied);
        if variant.assembled.crates.len() < 2 {
            return None;
        }
        let users = users_of_parts(subject.input, subject.index, subject.krate, &variant.assembled);
        let dependents = hub::users(subject.input, subject.package);
        let users = users.keys().filter(|user| dependents.contains(user)).count() as u32;
        let candidate = Candidate { edits: variant.candidate.edits + users, ..variant.candidate.clone() };
        let pace = pace(subject.input, subject.index, subject.krate, subject.options);
        let terms = Terms::new(pace, &candidate, subject.options).week(&[]);
        Some(Apart { clean: is_clean(&variant), candidate, terms, variant })
    }

    /// The cluster of each block, dense; 0 is what stays. What only the root defines and others use lies below all.
    fn clusters(&self, labels: &BTreeMap<FileId, usize>) -> Vec<usize> {
        let resolution = self.subject.input.resolution;
        let root = resolution.crates[self.subject.krate].root;
        let label = |block: BlockId| {
            let module = self.blocks.module[block];
            match (block == Blocks::ROOT, module == root) {
                (true, _) => None,
                (false, true) => Some(usize::MAX),
                _ => labels.get(&resolution.modules[module].file).copied(),
            }
        };
        let mut used: Vec<usize> = self.blocks.ids().filter_map(label).collect();
        used.sort_unstable();
        used.dedup();
        let dense = |label: usize| used.partition_point(|&other| other < label) + 1;
        self.blocks.ids().map(|block| label(block).map_or(0, dense)).collect()
    }

    /// The crates alone, for a look at what they are good for.
    pub(crate) fn sketch(&self, apart: &Apart) -> PackageAdvice {
        let plan = Plan { crates: apart.variant.assembled.crates.clone(), ..Plan::default() };
        PackageAdvice {
            plan: Some(plan),
            ..unplanned((self.subject.package, self.subject.krate), fine_as_is(String::new()))
        }
    }

    /// The plan with all its work, that of its users included.
    pub(crate) fn plan(&self, apart: &Apart) -> Plan {
        let Subject { input, index, package, .. } = self.subject;
        let assembled = &apart.variant.assembled;
        let mut plan = self.subject.plan(&apart.variant);
        plan.boundary_edits.extend(user_edits(user_manifests((input, index), package, assembled), assembled));
        plan
    }

    /// Makes a split the one that is advised: its plan, its builds, and its place among the candidates.
    pub(crate) fn advise(&self, apart: &Apart, plan: Plan, advice: &mut PackageAdvice) {
        let builds = close_look(&self.subject, &apart.variant, true);
        advice.savings = builds.into_iter().map(|build| build.saving).collect();
        advice.krate = self.subject.krate;
        advice.plan = Some(plan);
        advice.frontier.iter_mut().for_each(|candidate| candidate.recommended = false);
        advice.frontier.push(Candidate { recommended: true, ..apart.candidate.clone() });
        advice.layouts.push(layout(apart.variant.assembled.crates.clone()));
        advice.direct_users = None;
    }
}
