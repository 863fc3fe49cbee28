//! What programs need of the repository once plans are carried out: of a package that is split the crates that they name, as the
//! lines of the plan for their manifests say, and what these depend on. A program of the package itself needs all of it.

use std::collections::{BTreeMap, BTreeSet};

use crate::affected::{Cause, Touched};
use crate::discover::{DependencyKind, Package, TargetKind};
use crate::ids::{CrateId, Id, IdVec, ItemId, PackageId, PlanCrateId, TargetId};
use crate::parse::FileUse;
use crate::plan::{CarriedOut, PackageAdvice, Placements, Plan, PlanInput};

/// A package that stays whole, or a crate of one that is split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Whole(PackageId),
    Of(PackageId, PlanCrateId),
}

/// The sources of a package that a path is, or that name it.
type Sources<'a, 't> = dyn Fn(PackageId, &'t str) -> Vec<&'t str> + 'a;

/// The packages as plans leave them.
pub(super) struct AfterPlan<'a> {
    input: PlanInput<'a>,
    plans: BTreeMap<PackageId, &'a Plan>,
    placements: BTreeMap<CrateId, Placements>,
    /// Where the items of planned crates go.
    of_item: IdVec<ItemId, Option<Part>>,
    /// What each crate names of others, and each crate of a plan of other packages.
    named: BTreeMap<CrateId, BTreeSet<Part>>,
    named_by_part: BTreeMap<Part, BTreeSet<Part>>,
}

impl<'a> AfterPlan<'a> {
    /// `None` without a plan.
    pub(super) fn new(input: &PlanInput<'a>, advice: &[&'a PackageAdvice]) -> Option<Self> {
        let plans: BTreeMap<PackageId, &Plan> =
            advice.iter().filter_map(|advice| Some((advice.package, advice.plan.as_ref()?))).collect();
        if plans.is_empty() {
            return None;
        }
        let mut of_item = IdVec::from_elem(None, input.resolution.items.len());
        for (&package, plan) in &plans {
            for (id, krate) in plan.crates.iter_enumerated() {
                krate.all_items.iter().for_each(|&item| of_item[item] = Some(Part::Of(package, id)));
            }
        }
        let mut after = Self {
            input: *input,
            plans,
            placements: CarriedOut::new(input, advice).placements(),
            of_item,
            named: BTreeMap::new(),
            named_by_part: BTreeMap::new(),
        };
        after.find_named();
        Some(after)
    }

    fn find_named(&mut self) {
        for r in self.input.resolution.references.iter().filter(|r| r.structural && !r.test) {
            let (from, to) = (self.krate(r.from), self.krate(r.to));
            let target = self.part(r.to);
            if from == to || !self.is_library(to) {
                continue;
            }
            match self.of_item[r.from] {
                Some(part) => drop(self.named_by_part.entry(part).or_default().insert(target)),
                None => drop(self.named.entry(from).or_default().insert(target)),
            }
        }
    }

    fn krate(&self, item: ItemId) -> CrateId {
        self.input.resolution.modules[self.input.resolution.items[item].module].krate
    }

    fn is_library(&self, krate: CrateId) -> bool {
        let kind = self.input.repository.targets[TargetId::from_index(krate.index())].kind;
        matches!(kind, TargetKind::Lib | TargetKind::ProcMacro)
    }

    fn part(&self, item: ItemId) -> Part {
        let package = self.input.repository.targets[TargetId::from_index(self.krate(item).index())].package;
        self.of_item[item].unwrap_or(Part::Whole(package))
    }

    /// What a program needs.
    pub(super) fn program(&self, target: TargetId) -> BTreeSet<Part> {
        let package = self.input.repository.targets[target].package;
        let krate = CrateId::from_index(target.index());
        if self.placements.contains_key(&krate) {
            return self.closed(self.all(package));
        }
        let named = self.named.get(&krate).cloned().unwrap_or_default();
        match self.plans.contains_key(&package) {
            // It stays in the package, which keeps the rest on top and needs all of it.
            true => self.closed(named.into_iter().chain(self.all(package)).collect()),
            false => self.closed(BTreeSet::from([Part::Whole(package)])),
        }
    }

    fn all(&self, package: PackageId) -> BTreeSet<Part> {
        let crates = self.plans.get(&package).map(|plan| plan.crates.ids()).into_iter().flatten();
        crates.map(|id| Part::Of(package, id)).collect()
    }

    fn closed(&self, start: BTreeSet<Part>) -> BTreeSet<Part> {
        let mut closed = BTreeSet::new();
        let mut open: Vec<Part> = start.into_iter().collect();
        while let Some(part) = open.pop() {
            if closed.insert(part) {
                open.extend(self.dependencies(part));
            }
        }
        closed
    }

    fn dependencies(&self, part: Part) -> BTreeSet<Part> {
        let packages = &self.input.repository.packages;
        match part {
            Part::Whole(package) => {
                let named: BTreeSet<Part> = packages[package]
                    .targets
                    .iter()
                    .filter_map(|target| self.named.get(&CrateId::from_index(target.index())))
                    .flatten()
                    .copied()
                    .collect();
                local(&packages[package]).flat_map(|of| self.of_dependency(of, &named)).collect()
            }
            Part::Of(package, id) => {
                let krate = &self.plans[&package].crates[id];
                let named = self.named_by_part.get(&part).cloned().unwrap_or_default();
                let needs = krate.dependencies.iter().filter(|need| !need.dev).flat_map(|need| {
                    let own = packages[package].dependencies.iter();
                    own.filter(|own| own.package == need.package && own.enabled).filter_map(|own| own.local)
                });
                let others = needs.flat_map(|of| self.of_dependency(of, &named));
                let own = krate.depends_on.iter().map(|&id| Part::Of(package, id));
                own.chain(others).collect()
            }
        }
    }

    /// A dependency: of one that is split what is named of it, or all where it isn't known.
    fn of_dependency(&self, package: PackageId, named: &BTreeSet<Part>) -> BTreeSet<Part> {
        if !self.plans.contains_key(&package) {
            return BTreeSet::from([Part::Whole(package)]);
        }
        let is_of = |part: &&Part| matches!(part, Part::Of(of, _) if *of == package);
        let named: BTreeSet<Part> = named.iter().filter(is_of).copied().collect();
        if named.is_empty() { self.all(package) } else { named }
    }

    /// What a commit changes. `sources` are those of a package that a path is, or that name it.
    pub(super) fn changed<'t>(&self, touched: &'t Touched, sources: &Sources<'_, 't>) -> BTreeSet<Part> {
        let mut changed = BTreeSet::new();
        for (&package, causes) in &touched.packages {
            let placements = self.placements.iter().find(|(krate, _)| {
                self.input.repository.targets[TargetId::from_index(krate.index())].package == package
            });
            let Some((_, placements)) = placements else {
                changed.insert(Part::Whole(package));
                continue;
            };
            changed.extend(
                placed_all(placements, causes, &|path| sources(package, path))
                    .map(|id| Part::Of(package, id)),
            );
        }
        for (used, causes) in touched.targets.iter().filter(|(used, _)| !used.test) {
            let package = self.input.repository.targets[used.target].package;
            if let Some(placements) = self.placements.get(&CrateId::from_index(used.target.index())) {
                changed.extend(
                    placed_all(placements, causes, &|path| sources(package, path))
                        .map(|id| Part::Of(package, id)),
                );
            }
        }
        changed
    }

    /// Whether a commit that changes some parts deploys a program again that needs others.
    pub(super) fn deploys(
        &self,
        touched: &Touched,
        changed: &BTreeSet<Part>,
        (program, needed): (TargetId, &BTreeSet<Part>),
    ) -> bool {
        self.is_changed_itself(touched, program) || changed.iter().any(|part| needed.contains(part))
    }

    /// Whether a program itself changes, as one that isn't split: of one that is, its parts do.
    fn is_changed_itself(&self, touched: &Touched, target: TargetId) -> bool {
        let split = self.placements.contains_key(&CrateId::from_index(target.index()));
        !split && touched.targets.contains_key(&FileUse { target, test: false })
    }
}

/// The crates of a plan that some causes change; all where one can't be placed.
fn placed_all<'t>(
    placements: &Placements,
    causes: &'t BTreeSet<Cause>,
    sources: &dyn Fn(&'t str) -> Vec<&'t str>,
) -> impl Iterator<Item = PlanCrateId> + use<> {
    let of_cause = |cause: &'t Cause| match cause {
        Cause::File(path) => placed(placements, &sources(path)),
        Cause::Locked { .. } | Cause::Package(_) => None,
    };
    let each: Option<Vec<_>> = causes.iter().map(of_cause).collect();
    let all = each.map(|each| each.into_iter().flatten().collect()).unwrap_or_else(|| placements.all());
    all.into_iter()
}

fn placed(placements: &Placements, sources: &[&str]) -> Option<BTreeSet<PlanCrateId>> {
    let each: Option<Vec<_>> = sources.iter().map(|source| placements.of(source)).collect();
    each.filter(|each| !each.is_empty()).map(|each| each.into_iter().flatten().collect())
}

fn local(package: &Package) -> impl Iterator<Item = PackageId> + '_ {
    let dependencies = package.dependencies.iter();
    dependencies.filter(|d| d.enabled && d.kind != DependencyKind::Dev).filter_map(|d| d.local)
}
