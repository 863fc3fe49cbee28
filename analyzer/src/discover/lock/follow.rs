//! Which packages of a lock file a build of its workspace takes. The file lists what any feature, any platform and any test may need; the index
//! says which of it is optional or for a platform only. Features are unified as in the workspace's own packages (`settings::features`).
//!
//! What the index doesn't know (git, other registries, nothing looked up on this machine) takes all that the file lists for it, with every
//! feature: no package is lost.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::index::{Published, PublishedDependency};
use crate::discover::model::{CfgSet, DependencyKind, LockedPackage, Repository};
use crate::discover::settings::cfg::target_applies;
use crate::ids::{Id, IdVec, LockedId};

type Locked = IdVec<LockedId, LockedPackage>;

/// Fills in [`LockedPackage::followed`], [`LockedPackage::built`] and [`LockedPackage::tested`]. How many published packages
/// that are taken, and depend on others, the index lacks.
pub(in crate::discover) fn follow(repository: &Repository, locked: &mut Locked) -> usize {
    let index = &repository.index;
    let published = |package: &LockedPackage| {
        let checksum = package.checksum.as_deref().filter(|_| !index.is_empty())?;
        index.published(&package.name, &package.version, checksum)
    };
    let known: Vec<Option<Published>> = locked.as_slice().par_iter().map(published).collect();
    let known: IdVec<LockedId, Option<Published>> = known.into_iter().collect();
    let taken = |platform: Option<&CfgSet>, tests: bool| -> IdVec<LockedId, Vec<LockedId>> {
        let taken = Followed::new(repository, locked, &known, platform, tests).all();
        taken.into_vec().into_iter().map(|taken| taken.into_iter().collect()).collect()
    };
    let here = Some(&repository.cfg);
    let (mut built, mut tested) = (taken(here, false), taken(here, true));
    let mut followed = if repository.one_platform { tested.clone() } else { taken(None, true) };
    for (id, package) in locked.iter_mut().enumerate() {
        let id = LockedId::from_index(id);
        package.followed = std::mem::take(&mut followed[id]);
        package.built = std::mem::take(&mut built[id]);
        package.tested = std::mem::take(&mut tested[id]);
    }
    let taken: BTreeSet<LockedId> = locked.iter().flat_map(|package| &package.followed).copied().collect();
    let is_unknown = |package: &LockedPackage, known: &Option<Published>| {
        package.checksum.is_some() && known.is_none() && !package.dependencies.is_empty()
    };
    taken.into_iter().filter(|&id| is_unknown(&locked[id], &known[id])).count()
}

struct Followed<'a> {
    repository: &'a Repository,
    locked: &'a Locked,
    known: &'a IdVec<LockedId, Option<Published>>,
    /// `None` for all platforms together.
    platform: Option<&'a CfgSet>,
    /// Whether dev-dependencies count.
    tests: bool,
    on: IdVec<LockedId, On>,
    taken: IdVec<LockedId, BTreeSet<LockedId>>,
    todo: Vec<LockedId>,
}

/// What is on in a package from elsewhere.
#[derive(Debug, Clone, Default)]
struct On {
    reached: bool,
    every_feature: bool,
    features: BTreeSet<String>,
}

impl<'a> Followed<'a> {
    fn new(
        repository: &'a Repository,
        locked: &'a Locked,
        known: &'a IdVec<LockedId, Option<Published>>,
        platform: Option<&'a CfgSet>,
        tests: bool,
    ) -> Self {
        Self {
            repository,
            locked,
            known,
            platform,
            tests,
            on: IdVec::from_elem(On::default(), locked.len()),
            taken: IdVec::from_elem(BTreeSet::new(), locked.len()),
            todo: Vec::new(),
        }
    }

    /// What each package takes of those that the file lists for it.
    fn all(mut self) -> IdVec<LockedId, BTreeSet<LockedId>> {
        for id in self.locked.ids() {
            self.local(id);
        }
        while let Some(id) = self.todo.pop() {
            match &self.known[id] {
                Some(published) => self.known(id, published),
                None => self.unknown(id),
            }
        }
        self.taken
    }

    fn applies(&self, target: Option<&str>) -> bool {
        self.platform.is_none_or(|cfg| target.is_none_or(|target| target_applies(target, cfg)))
    }

    /// A package of the repository: its manifest says what it takes.
    fn local(&mut self, id: LockedId) {
        let Some(package) = self.locked[id].package else { return };
        let repository = self.repository;
        for dependency in repository.packages[package].dependencies.iter().filter(|d| d.enabled) {
            let is_needed = self.tests || dependency.kind != DependencyKind::Dev;
            if !(is_needed && self.applies(dependency.target.as_deref())) {
                continue;
            }
            let default = dependency.default_features.then_some("default");
            let features = dependency.features.iter().chain(&dependency.switched_features);
            let features: Vec<&str> = features.map(String::as_str).chain(default).collect();
            self.take(id, &dependency.package, &features);
        }
    }

    /// All that the file lists.
    fn unknown(&mut self, id: LockedId) {
        let locked = self.locked;
        for &below in &locked[id].dependencies {
            self.taken[id].insert(below);
            let on = &mut self.on[below];
            if !(on.reached && on.every_feature) {
                (on.reached, on.every_feature) = (true, true);
                self.reach(below);
            }
        }
    }

    fn known(&mut self, id: LockedId, published: &Published) {
        let on = self.on[id].clone();
        let switched = Switched::new(published, &on);
        for dependency in published.dependencies.iter().filter(|d| !d.is_dev()) {
            if switched.is_on(dependency) && self.applies(dependency.target.as_deref()) {
                self.take(id, dependency.package(), &switched.asked_of(dependency));
            }
        }
    }

    /// A dependency with features that are asked of it.
    fn take(&mut self, id: LockedId, package: &str, features: &[&str]) {
        let locked = self.locked;
        for &below in locked[id].dependencies.iter().filter(|&&below| locked[below].name == package) {
            self.taken[id].insert(below);
            let on = &mut self.on[below];
            let mut is_new = !std::mem::replace(&mut on.reached, true);
            for feature in features {
                is_new |= !on.features.contains(*feature) && on.features.insert((*feature).to_owned());
            }
            if is_new {
                self.reach(below);
            }
        }
    }

    fn reach(&mut self, id: LockedId) {
        if self.locked[id].package.is_none() {
            self.todo.push(id);
        }
    }
}

/// What features of a published package switch on.
#[derive(Default)]
struct Switched<'a> {
    every_feature: bool,
    dependencies: BTreeSet<&'a str>,
    /// Features asked of dependencies, by the name in the manifest.
    asked: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

impl<'a> Switched<'a> {
    fn new(published: &'a Published, on: &'a On) -> Self {
        let mut switched = Self { every_feature: on.every_feature, ..Self::default() };
        let mut seen: BTreeSet<&str> = on.features.iter().map(String::as_str).collect();
        if on.every_feature {
            seen.extend(published.features());
        }
        let mut todo: Vec<&str> = seen.iter().copied().collect();
        while let Some(feature) = todo.pop() {
            let Some(values) = published.feature(feature) else {
                // An optional dependency is a feature of its name.
                switched.dependencies.insert(feature);
                continue;
            };
            for value in values {
                todo.extend(switched.value(published, value).filter(|feature| seen.insert(feature)));
            }
        }
        switched
    }

    /// An entry of the feature table; the feature that it switches on itself.
    fn value(&mut self, published: &Published, value: &'a str) -> Option<&'a str> {
        if let Some(dependency) = value.strip_prefix("dep:") {
            self.dependencies.insert(dependency);
            return None;
        }
        let Some((key, feature)) = value.split_once('/') else { return Some(value) };
        let (dependency, weak) = key.strip_suffix('?').map_or((key, false), |key| (key, true));
        self.asked.entry(dependency).or_default().insert(feature);
        if weak {
            return None;
        }
        self.dependencies.insert(dependency);
        published.feature(dependency).is_some().then_some(dependency)
    }

    fn is_on(&self, dependency: &PublishedDependency) -> bool {
        self.every_feature || !dependency.optional || self.dependencies.contains(dependency.name.as_str())
    }

    fn asked_of(&self, dependency: &'a PublishedDependency) -> Vec<&'a str> {
        let own = dependency.features.iter().map(String::as_str);
        let further = self.asked.get(dependency.name.as_str()).into_iter().flatten().copied();
        own.chain(dependency.default_features.then_some("default")).chain(further).collect()
    }
}
