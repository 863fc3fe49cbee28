//! Measured seconds in the place of modelled ones.

use std::collections::BTreeMap;

use crate::cost::{Cost, CostSource, Costs, Mode};
use crate::discover::{Repository, TargetKind};
use crate::ids::{CrateId, IdVec};
use crate::resolve::Resolution;

use super::share::{module_costs, share_out};
use super::{CostsFile, Origin, UnitCost, UnitMode, UnitStatus, UnitTargetKind};

/// How much of a repository a costs file covers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Applied {
    /// Crates that were measured.
    pub measured: usize,
    /// Crates that keep modelled costs, times [`calibration`](Self::calibration).
    pub modelled: usize,
    /// Measured seconds / modelled seconds of the crates that were measured: how much slower than the reference
    /// machine this one is. 1 if nothing was measured.
    pub calibration: f64,
}

/// Replaces modelled costs by measured ones wherever a unit of the file compiles a crate of the repository in the
/// mode of `costs`; every other modelled figure is multiplied by the machine's calibration.
///
/// A crate's measured seconds are shared out to its items in the proportions of the model; where the file has
/// costs of its modules, to modules in the proportions of these and within each in those of the model. Seconds are
/// processor seconds where they were measured, else those on the wall. Nothing happens if the file is of another mode.
pub fn apply(
    file: &CostsFile,
    repository: &Repository,
    resolution: &Resolution,
    costs: &mut Costs,
) -> Applied {
    let mut measured = measured_crates(file, repository, resolution, costs);
    if costs.mode == Mode::Dev {
        costs.twice_in_dev = shared_in_dev(resolution, repository, &mut measured);
    }
    let known: Vec<CrateId> = measured.ids().filter(|&c| measured[c].target.is_some()).collect();
    let calibration = calibration(costs, &measured, &known);
    let machine = machine(costs, calibration, &measured, &known);
    let applied =
        Applied { measured: known.len(), modelled: resolution.crates.len() - known.len(), calibration };
    if known.is_empty() && measured.iter().all(|m| m.host.is_none()) {
        return applied;
    }
    scale_everything(costs, resolution, calibration, machine);
    measured_overhead(file, costs);
    let modules = module_costs(file, resolution, repository);
    for krate in resolution.crates.ids() {
        if let Some(host) = measured[krate].host {
            let (link_s, modelled) = (costs.overhead.host_link_s, costs.host_crates[krate]);
            costs.host_crates[krate] = host.without_linking(link_s, modelled);
        }
        if let Some(target) = measured[krate].target {
            let seconds = target.without_linking(costs.overhead.link_s, costs.crates[krate]);
            costs.measured_modules += share_out(costs, resolution, krate, seconds, &modules);
        }
    }
    costs.source = source(file);
    costs.calibration = Some(calibration);
    costs.machine = machine;
    for &krate in &known {
        costs.crate_sources[krate] = costs.source;
    }
    applied
}

/// Measured if this tool stood between cargo and rustc; else of a build that happened anyway, or imported.
fn source(file: &CostsFile) -> CostSource {
    let from = |origin: Origin| file.units.iter().any(|unit| unit.origins.times == origin);
    if from(Origin::Wrapper) {
        CostSource::Measured
    } else if from(Origin::Stamps) {
        CostSource::Built
    } else {
        CostSource::Imported
    }
}

/// What was measured of one crate.
#[derive(Debug, Clone, Copy, Default)]
struct MeasuredCrate {
    target: Option<Seen>,
    host: Option<Seen>,
}

/// What was seen of one unit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    cost: Cost,
    /// Whether that is all one, linking included: pages of timings know no phases of units without metadata.
    lumped: bool,
}

impl Seen {
    /// The phases; a lump is shared out as the model has them.
    pub(super) fn without_linking(self, link_s: f64, modelled: Cost) -> Cost {
        if !self.lumped || modelled.total_s() <= 0.0 {
            return self.cost;
        }
        let scale = (self.cost.total_s() - link_s).max(0.0) / modelled.total_s();
        scaled(modelled, scale, scale)
    }
}

fn measured_crates(
    file: &CostsFile,
    repository: &Repository,
    resolution: &Resolution,
    costs: &Costs,
) -> IdVec<CrateId, MeasuredCrate> {
    let mut found = IdVec::from_elem(MeasuredCrate::default(), resolution.crates.len());
    if file.cost_mode() != Some(costs.mode) {
        return found;
    }
    let by_name: BTreeMap<(&str, UnitTargetKind, &str), CrateId> = resolution
        .crates
        .iter_enumerated()
        .map(|(id, krate)| {
            let target = &repository.targets[krate.target];
            let package = &repository.packages[target.package];
            ((package.name.as_str(), kind_of(target.kind), target.crate_name.as_str()), id)
        })
        .collect();
    for unit in file.units.iter().filter(|u| counts(u)) {
        let key = (unit.package.as_str(), unit.target.kind, unit.target.name.as_str());
        let Some(&krate) = by_name.get(&key) else { continue };
        let Some(seen) = seen(unit) else { continue };
        // In a `dev` build nothing tells the two apart where the file doesn't: their profile is the same.
        let second = costs.mode == Mode::Dev && unit.host.is_none() && found[krate].target.is_some();
        let host = unit.host.unwrap_or(second)
            || matches!(unit.target.kind, UnitTargetKind::ProcMacro | UnitTargetKind::BuildScript);
        let slot = if host { &mut found[krate].host } else { &mut found[krate].target };
        // Built more often with different features: the costlier one.
        if slot.is_none_or(|old| old.cost.total_s() < seen.cost.total_s()) {
            *slot = Some(seen);
        }
    }
    found
}

/// Libraries compiled both for the target and for the host; what only the host needs is the target's as well, since a
/// `dev` build has one unit for both.
fn shared_in_dev(
    resolution: &Resolution,
    repository: &Repository,
    found: &mut IdVec<CrateId, MeasuredCrate>,
) -> Vec<CrateId> {
    let mut twice = Vec::new();
    for (id, krate) in resolution.crates.iter_enumerated() {
        let measured = &mut found[id];
        if repository.targets[krate.target].kind != TargetKind::Lib || measured.host.is_none() {
            continue;
        }
        if measured.target.is_some() {
            twice.push(id);
        } else {
            measured.target = measured.host;
        }
    }
    twice
}

/// Whether a unit compiles a crate as the modes of [`Costs`] do.
fn counts(unit: &UnitCost) -> bool {
    unit.status == UnitStatus::Done
        && unit.member != Some(false)
        && matches!(unit.mode, UnitMode::Check | UnitMode::Build)
}

pub(super) fn seen(unit: &UnitCost) -> Option<Seen> {
    let cost = cost_of(unit)?;
    let kinds = [UnitTargetKind::ProcMacro, UnitTargetKind::BuildScript, UnitTargetKind::Bin];
    let links = unit.mode == UnitMode::Build && kinds.contains(&unit.target.kind);
    let told = unit.cpu.is_some() || unit.link_start_s.is_some() || unit.frontend_s().is_some();
    Some(Seen { cost, lumped: links && !told })
}

/// A finished unit's seconds without those of linking, as far as these are known.
fn cost_of(unit: &UnitCost) -> Option<Cost> {
    if let Some(cpu) = unit.cpu {
        return Some(Cost { frontend_s: cpu.frontend_s, codegen_s: cpu.codegen_s });
    }
    let all = unit.duration_s()? - unit.link_s().unwrap_or(0.0);
    let frontend_s = unit.frontend_s().unwrap_or(all);
    Some(Cost { frontend_s, codegen_s: (all - frontend_s).max(0.0) })
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

fn calibration(costs: &Costs, measured: &IdVec<CrateId, MeasuredCrate>, known: &[CrateId]) -> f64 {
    let real: f64 = known.iter().filter_map(|&c| measured[c].target).map(|seen| seen.cost.total_s()).sum();
    let modelled: f64 = known.iter().map(|&c| costs.crates[c].total_s()).sum();
    if real > 0.0 && modelled > 0.0 { real / modelled } else { 1.0 }
}

/// What of the calibration the model's own error can't explain, and the machine must. That error shrinks with the number
/// of crates, as errors of independent ones do; crates count by their seconds.
fn machine(
    costs: &Costs,
    calibration: f64,
    measured: &IdVec<CrateId, MeasuredCrate>,
    known: &[CrateId],
) -> f64 {
    let seconds = || known.iter().filter_map(|&c| measured[c].target).map(|seen| seen.cost.total_s());
    let (sum, squares) = (seconds().sum::<f64>(), seconds().map(|s| s * s).sum::<f64>());
    if squares == 0.0 {
        return 1.0;
    }
    let crates = sum * sum / squares;
    let unexplained = calibration.ln().abs() - costs.error_factor.max(1.0).ln() / crates.sqrt();
    (calibration.ln().signum() * unexplained.max(0.0)).exp()
}

/// Items by the calibration, what doesn't hang on them by the machine.
fn scale_everything(costs: &mut Costs, resolution: &Resolution, calibration: f64, machine: f64) {
    let mut fixed = costs.crates.clone();
    for (item, data) in resolution.items.iter_enumerated() {
        let crate_cost = &mut fixed[resolution.modules[data.module].krate];
        crate_cost.frontend_s -= costs.items[item].frontend_s;
        crate_cost.codegen_s -= costs.items[item].codegen_s;
    }
    for cost in costs.items.iter_mut().chain(costs.crates.iter_mut()).chain(costs.host_crates.iter_mut()) {
        *cost = scaled(*cost, calibration, calibration);
    }
    for (cost, fixed) in costs.crates.iter_mut().zip(&fixed) {
        *cost += scaled(*fixed, machine - calibration, machine - calibration);
    }
    let o = &mut costs.overhead;
    for seconds in
        [&mut o.crate_s, &mut o.per_dependency_s, &mut o.link_s, &mut o.host_link_s, &mut o.build_script_s]
    {
        *seconds *= machine;
    }
    o.external = scaled(o.external, machine, machine);
    o.external_host = scaled(o.external_host, machine, machine);
}

pub(super) fn scaled(cost: Cost, frontend: f64, codegen: f64) -> Cost {
    Cost { frontend_s: cost.frontend_s * frontend, codegen_s: cost.codegen_s * codegen }
}

/// Fixed costs that the file tells: medians of what was measured.
fn measured_overhead(file: &CostsFile, costs: &mut Costs) {
    let done = || file.units.iter().filter(|u| u.status == UnitStatus::Done);
    let link = |unit: &UnitCost| unit.link_s().or(unit.cpu.map(|c| c.link_s)).filter(|s| *s > 0.0);
    let host = |unit: &&UnitCost| {
        matches!(unit.target.kind, UnitTargetKind::ProcMacro | UnitTargetKind::BuildScript)
    };
    let bin = |unit: &&UnitCost| unit.target.kind == UnitTargetKind::Bin;
    let o = &mut costs.overhead;
    set(&mut o.link_s, done().filter(bin).filter_map(link).collect());
    set(&mut o.host_link_s, done().filter(host).filter_map(link).collect());
    let runs = done().filter(|u| u.mode == UnitMode::Run);
    set(&mut o.build_script_s, runs.filter_map(UnitCost::duration_s).collect());
    let external = || {
        done()
            .filter(|u| u.member == Some(false) && u.target.kind == UnitTargetKind::Lib)
            .filter(|u| matches!(u.mode, UnitMode::Check | UnitMode::Build))
    };
    let of_host = |wanted: bool| external().filter(move |u| u.host == Some(wanted)).filter_map(cost_of);
    for (slot, wanted) in [(&mut o.external, false), (&mut o.external_host, true)] {
        set(&mut slot.frontend_s, of_host(wanted).map(|c| c.frontend_s).collect());
        set(&mut slot.codegen_s, of_host(wanted).map(|c| c.codegen_s).collect());
    }
}

/// The median, where there is one.
fn set(slot: &mut f64, mut seconds: Vec<f64>) {
    seconds.sort_by(f64::total_cmp);
    if let Some(&median) = seconds.get(seconds.len() / 2) {
        *slot = median;
    }
}
