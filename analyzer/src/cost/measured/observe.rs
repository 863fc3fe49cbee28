//! Which known seconds are of which crate.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use crate::cost::{CostSource, Mode};
use crate::discover::{Repository, TargetKind};
use crate::ids::{CrateId, IdVec};
use crate::resolve::Resolution;

use super::phases::Compiled;
use super::work::{Work, work};
use super::{BuildMode, CostsFile, UnitCost, UnitMode, UnitTargetKind};

/// The crates of a repository as files name them.
pub(super) struct Crates<'a> {
    by_name: BTreeMap<(&'a str, UnitTargetKind, &'a str), CrateId>,
    scripts: BTreeMap<&'a str, CrateId>,
    /// Modules of each crate: no more threads generate its code.
    modules: IdVec<CrateId, u32>,
}

impl<'a> Crates<'a> {
    pub(super) fn new(repository: &'a Repository, resolution: &Resolution) -> Self {
        let (mut by_name, mut scripts) = (BTreeMap::new(), BTreeMap::new());
        for (id, krate) in resolution.crates.iter_enumerated() {
            let target = &repository.targets[krate.target];
            let package = repository.packages[target.package].name.as_str();
            by_name.insert((package, kind_of(target.kind), target.crate_name.as_str()), id);
            if target.kind == TargetKind::BuildScript {
                scripts.insert(package, id);
            }
        }
        let mut modules = IdVec::from_elem(0, resolution.crates.len());
        for module in resolution.modules.iter().filter(|m| !m.test) {
            modules[module.krate] += 1;
        }
        Self { by_name, scripts, modules }
    }

    /// The crate that a unit compiles.
    pub(super) fn of(&self, unit: &UnitCost) -> Option<CrateId> {
        let key = (unit.package.as_str(), unit.target.kind, unit.target.name.as_str());
        self.by_name.get(&key).copied().filter(|_| unit.member != Some(false))
    }

    /// The work of a file's units.
    pub(super) fn work(&self, file: &CostsFile) -> Vec<Option<Work>> {
        work(file, &|unit| {
            let units = unit.rustc.as_ref().and_then(|rustc| rustc.codegen_units);
            let most = units.unwrap_or(DEFAULT_CODEGEN_UNITS);
            self.of(unit).map_or(most, |krate| self.modules[krate].clamp(1, most))
        })
    }
}

/// `codegen-units` of a profile that isn't incremental (the Cargo Book, "Profiles"); incremental ones have more.
const DEFAULT_CODEGEN_UNITS: u32 = 16;

/// What is known of one crate in one mode or for the host, from one file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    pub(super) source: CostSource,
    /// Of the call of cargo, which may be another than that of the crate: what is for the host is compiled in all of them, with
    /// debugging information where the target needs the same unit.
    pub(super) call: Option<Mode>,
    pub(super) work: Work,
}

impl Sample {
    /// Of the best source, and of these of the calls in a mode where there is any, the median by all seconds; of an even
    /// number the larger.
    pub(super) fn best(samples: &[Self], call: Option<Mode>) -> Option<Self> {
        let source = samples.iter().map(|s| s.source).min()?;
        let of_best = |s: &&Self| s.source == source;
        let call = call.map(|call| if call == Mode::Test { Mode::Dev } else { call });
        let of_call = |s: &&Self| call.is_some() && s.call == call;
        let mut all: Vec<Self> = samples.iter().filter(of_best).filter(of_call).copied().collect();
        if all.is_empty() {
            all = samples.iter().filter(of_best).copied().collect();
        }
        all.sort_by(|a, b| a.work.total_s().total_cmp(&b.work.total_s()));
        all.get(all.len() / 2).copied()
    }
}

/// What a file says of packages from elsewhere.
#[derive(Debug, Clone)]
pub(super) struct ExternalSample {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) compiled: Compiled,
    pub(super) sample: Sample,
}

/// What an incremental rebuild of one crate took.
#[derive(Debug, Clone, Copy)]
pub(super) struct EditSample {
    pub(super) krate: CrateId,
    pub(super) compiled: Compiled,
    /// Whether its own sources had changed.
    pub(super) changed: bool,
    pub(super) work: Work,
}

/// Everything that builds say.
#[derive(Debug, Default)]
pub(super) struct Samples {
    pub(super) crates: BTreeMap<(CrateId, Compiled), Vec<Sample>>,
    pub(super) externals: Vec<ExternalSample>,
    /// Seconds of linking for each crate that is linked, by the profile.
    pub(super) links: BTreeMap<(CrateId, Compiled), Vec<f64>>,
    /// Runs of the repository's own build scripts, and all runs.
    pub(super) runs: BTreeMap<CrateId, Vec<f64>>,
    pub(super) all_runs: Vec<f64>,
    pub(super) edits: Vec<EditSample>,
    /// Crates compiled with their tests, whole and again.
    pub(super) harnesses: BTreeMap<CrateId, Vec<Sample>>,
    pub(super) harness_edits: Vec<EditSample>,
    /// Libraries that a `dev` build compiled for the target and once more for the host.
    pub(super) twice_in_dev: Vec<CrateId>,
}

impl Samples {
    /// Whether there is none.
    pub(super) fn are_empty(&self) -> bool {
        let builds = self.crates.is_empty() && self.externals.is_empty();
        builds && self.all_runs.is_empty() && self.edits.is_empty()
    }

    /// Adds a build; returns how many of the repository's crates it has.
    pub(super) fn add(&mut self, file: &CostsFile, source: CostSource, crates: &Crates<'_>) -> usize {
        let mut found: BTreeMap<(CrateId, Compiled), Work> = BTreeMap::new();
        let call = call(file);
        for (unit, work) in file.units.iter().zip(crates.work(file)) {
            let Some(work) = work else { continue };
            if unit.mode == UnitMode::Run {
                self.add_run(unit, work, crates);
                continue;
            }
            if let (UnitMode::Test, Some(Mode::Dev), Some(krate)) = (unit.mode, call, crates.of(unit)) {
                self.harnesses.entry(krate).or_default().push(Sample { source, call, work });
            }
            let Some(mut compiled) = compiled(file, unit) else { continue };
            match crates.of(unit) {
                Some(krate) => {
                    // In a `dev` build nothing tells the two apart where the file doesn't: their profile is the same.
                    let second = unit.host.is_none() && found.contains_key(&(krate, compiled));
                    if second && compiled == Compiled::Target(Mode::Dev) {
                        compiled = Compiled::Host;
                    }
                    if work.link_s > 0.0 {
                        self.links.entry((krate, compiled)).or_default().push(work.link_s);
                    }
                    let slot = found.entry((krate, compiled)).or_insert(work);
                    // Built more often with different features: the costlier one.
                    if slot.total_s() < work.total_s() {
                        *slot = work;
                    }
                }
                None if unit.member == Some(false) => {
                    let (name, version) = (unit.package.clone(), unit.version.clone());
                    let library = matches!(unit.target.kind, UnitTargetKind::Lib | UnitTargetKind::ProcMacro);
                    if library {
                        let sample = Sample { source, call, work };
                        self.externals.push(ExternalSample { name, version, compiled, sample });
                    }
                }
                None => {}
            }
        }
        if file.cost_mode() == Some(Mode::Dev) {
            self.share_in_dev(&mut found);
        }
        let count = found.keys().map(|key| key.0).collect::<BTreeSet<_>>().len();
        for (key, work) in found {
            self.crates.entry(key).or_default().push(Sample { source, call, work });
        }
        count
    }

    /// Adds an incremental rebuild; returns how many of the repository's crates it has.
    pub(super) fn add_edit(&mut self, file: &CostsFile, edited: &[u32], crates: &Crates<'_>) -> usize {
        let mut found = BTreeSet::new();
        for (position, (unit, work)) in file.units.iter().zip(crates.work(file)).enumerate() {
            let (Some(work), Some(krate)) = (work, crates.of(unit)) else { continue };
            let changed = edited.iter().any(|&e| e as usize == position);
            if unit.mode == UnitMode::Test && call(file) == Some(Mode::Dev) {
                let compiled = Compiled::Target(Mode::Test);
                self.harness_edits.push(EditSample { krate, compiled, changed, work });
            }
            let Some(compiled) = compiled(file, unit) else { continue };
            self.edits.push(EditSample { krate, compiled, changed, work });
            // Linking is always done in full.
            if work.link_s > 0.0 {
                self.links.entry((krate, compiled)).or_default().push(work.link_s);
            }
            found.insert(krate);
        }
        found.len()
    }

    fn add_run(&mut self, unit: &UnitCost, work: Work, crates: &Crates<'_>) {
        self.all_runs.push(work.frontend_s);
        if unit.member != Some(false)
            && let Some(&script) = crates.scripts.get(unit.package.as_str())
        {
            self.runs.entry(script).or_default().push(work.frontend_s);
        }
    }

    /// Libraries compiled both for the target and for the host; what only the host needs is the target's as well, since a
    /// `dev` build has one unit for both.
    fn share_in_dev(&mut self, found: &mut BTreeMap<(CrateId, Compiled), Work>) {
        let dev = Compiled::Target(Mode::Dev);
        let hosts: Vec<(CrateId, Work)> = found
            .iter()
            .filter(|(key, _)| key.1 == Compiled::Host)
            .map(|(key, &work)| (key.0, work))
            .collect();
        for (krate, work) in hosts {
            match found.entry((krate, dev)) {
                Entry::Occupied(_) => self.twice_in_dev.push(krate),
                Entry::Vacant(place) => {
                    place.insert(work);
                }
            }
        }
    }
}

/// The mode whose call of cargo compiles for the host as that of a file did; tests have the profile of `dev`.
fn call(file: &CostsFile) -> Option<Mode> {
    match (file.build.mode, file.build.profile.as_str()) {
        (BuildMode::Check, _) => Some(Mode::Check),
        (BuildMode::Build | BuildMode::Test, "dev" | "test") => Some(Mode::Dev),
        (BuildMode::Build | BuildMode::Test, "release" | "bench") => Some(Mode::Release),
        (BuildMode::Build | BuildMode::Test, _) => None,
    }
}

/// What a unit of a build is; `None` for tests, and for profiles of which nobody knows what they are.
fn compiled(file: &CostsFile, unit: &UnitCost) -> Option<Compiled> {
    let of_host = matches!(unit.target.kind, UnitTargetKind::ProcMacro | UnitTargetKind::BuildScript);
    match unit.mode {
        UnitMode::Check => Some(Compiled::Target(Mode::Check)),
        UnitMode::Build if of_host || unit.host == Some(true) || file.build.mode == BuildMode::Check => {
            Some(Compiled::Host)
        }
        UnitMode::Build => match file.build.profile.as_str() {
            "dev" | "test" => Some(Compiled::Target(Mode::Dev)),
            "release" | "bench" => Some(Compiled::Target(Mode::Release)),
            _ => None,
        },
        UnitMode::Test | UnitMode::CheckTest | UnitMode::Run => None,
    }
}

pub(super) fn kind_of(kind: TargetKind) -> UnitTargetKind {
    match kind {
        TargetKind::Lib => UnitTargetKind::Lib,
        TargetKind::ProcMacro => UnitTargetKind::ProcMacro,
        TargetKind::Bin => UnitTargetKind::Bin,
        TargetKind::Test => UnitTargetKind::Test,
        TargetKind::Example => UnitTargetKind::Example,
        TargetKind::Bench => UnitTargetKind::Bench,
        TargetKind::BuildScript => UnitTargetKind::BuildScript,
    }
}
