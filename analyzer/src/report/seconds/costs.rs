//! What the crates cost, and where the seconds come from.

use std::collections::BTreeMap;

use crate::cost::{Basis, CostSource, Costs, Scaling};
use crate::discover::{Repository, TargetKind};
use crate::report::model::{CostsReport, CrateCost, ModeCost, ScaledCost};
use crate::report::numbers::round;
use crate::resolve::Resolution;

pub(in crate::report) fn costs(
    repository: &Repository,
    resolution: &Resolution,
    costs: &[Costs],
) -> CostsReport {
    // The weakest source names the whole: `CostSource` is ordered best first.
    let source = costs.iter().map(|c| c.source).max().unwrap_or(CostSource::Modelled);
    CostsReport {
        source,
        modes: costs.iter().map(|c| mode_cost(repository, resolution, c)).collect(),
        ..CostsReport::default()
    }
}

fn mode_cost(repository: &Repository, resolution: &Resolution, costs: &Costs) -> ModeCost {
    let built = |kind| matches!(kind, TargetKind::Lib | TargetKind::ProcMacro | TargetKind::Bin);
    let (mut frontend_s, mut codegen_s) = (0.0, 0.0);
    let mut by_source: BTreeMap<CostSource, f64> = BTreeMap::new();
    let mut crates = Vec::new();
    let mut bases: BTreeMap<Basis, u64> = BTreeMap::new();
    for (id, krate) in resolution.crates.iter_enumerated() {
        let target = &repository.targets[krate.target];
        if built(target.kind) {
            let cost = costs.crates.get(id).copied().unwrap_or_default();
            frontend_s += cost.frontend_s;
            codegen_s += cost.codegen_s;
            let source = costs.crate_sources.get(id).copied().unwrap_or(CostSource::Modelled);
            *by_source.entry(source).or_default() += cost.total_s();
            crates.push(CrateCost {
                package: repository.packages[target.package].name.clone(),
                target: target.name.clone(),
                frontend_s: round(cost.frontend_s, 3),
                codegen_s: round(cost.codegen_s, 3),
                source,
                basis: costs.basis(id),
                error_factor: round(costs.crate_error_factor(id), 2),
            });
            *bases.entry(costs.basis(id)).or_default() += 1;
        }
    }
    if costs.calibration.is_none() {
        crates.clear();
        bases.clear();
    }
    let most = by_source.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).map(|(source, _)| source);
    ModeCost {
        mode: costs.mode,
        frontend_s: round(frontend_s, 3),
        codegen_s: round(codegen_s, 3),
        error_factor: round(costs.build_error_factor(), 2),
        source: most.unwrap_or(costs.source),
        calibration: costs.calibration.map(|factor| round(factor, 3)),
        measured_modules: costs.measured_modules as u64,
        bases,
        scaled: costs.known.scaling.iter().map(scaled_cost).collect(),
        crates,
    }
}

fn scaled_cost(scaling: &Scaling) -> ScaledCost {
    ScaledCost {
        kind: scaling.kind,
        phase: scaling.phase,
        known: scaling.known as u64,
        factor: round(scaling.factor, 2),
        error_factor: round(scaling.error_factor, 2),
    }
}
