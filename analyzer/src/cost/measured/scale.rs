//! All crates' seconds, by those that are known.

use std::collections::BTreeMap;

use crate::cost::errors::{REPEATED_BUILD_FACTOR, student_p90};
use crate::cost::knowledge::{Basis, CratePhase, Scaling};
use crate::cost::{Cost, CostSource, Costs, CrateKind, IncrementalShares, Mode, incremental_shares};
use crate::discover::{Repository, TargetKind};
use crate::ids::{CrateId, IdVec, ItemId, ModuleId};
use crate::resolve::Resolution;

use super::fixed::{self, Links};
use super::machine::machine_hint;
use super::observe::{EditSample, Sample, Samples};
use super::phases::Compiled;
use super::ratios::{MachineHint, Modelled, Observation, Observed, Predicted, Ratios};
use super::rebuilds;
use super::share::{scaled, share_out};
use super::split::{Split, splits};
use super::work::Work;

/// What crates are predicted from.
pub(super) struct Scale<'a> {
    resolution: &'a Resolution,
    samples: &'a Samples,
    kinds: IdVec<CrateId, TargetKind>,
    items: IdVec<CrateId, Vec<ItemId>>,
    modelled: BTreeMap<Compiled, IdVec<CrateId, Split>>,
    known: BTreeMap<(CrateId, Compiled), Sample>,
    observed: IdVec<CrateId, Observed>,
    predicted: IdVec<CrateId, Predicted>,
    hint: Option<MachineHint>,
    ratios: Ratios,
    links: Links,
}

impl<'a> Scale<'a> {
    pub(super) fn new(
        modelled: &[Costs],
        repository: &Repository,
        resolution: &'a Resolution,
        samples: &'a Samples,
    ) -> Self {
        let kinds: IdVec<CrateId, TargetKind> =
            resolution.crates.iter().map(|krate| repository.targets[krate.target].kind).collect();
        let links = Links::new(samples, modelled, &kinds);
        let hint = machine_hint(&samples.externals);
        let mut items: IdVec<CrateId, Vec<ItemId>> = IdVec::from_elem(Vec::new(), kinds.len());
        for (item, data) in resolution.items.iter_enumerated() {
            items[resolution.modules[data.module].krate].push(item);
        }
        let modelled = splits(modelled, &items);
        let known: BTreeMap<(CrateId, Compiled), Sample> = samples
            .crates
            .iter()
            .filter_map(|(&key, samples)| Some((key, Sample::best(samples, None)?)))
            .collect();
        let nothing = |&kind: &TargetKind| Observed { kind: CrateKind::of(kind), observations: Vec::new() };
        let mut observed: IdVec<CrateId, Observed> = kinds.iter().map(nothing).collect();
        for (&(krate, compiled), sample) in &known {
            let Some(split) = modelled.get(&compiled).map(|of| of[krate]) else { continue };
            let link_s = if kinds[krate] == TargetKind::Lib { 0.0 } else { links.of(krate, compiled) };
            observed[krate].observations.extend(observations(sample.work, &split.phases(compiled), link_s));
        }
        let whole: Vec<CrateId> = known.keys().map(|key| key.0).collect();
        // Of some nothing but rebuilds is left in a target directory: they say how long the whole takes, if not well.
        for edit in samples.edits.iter().filter(|e| whole.binary_search(&e.krate).is_err()) {
            let shares = incremental_shares(edit.compiled.mode());
            let Some(split) = modelled.get(&edit.compiled).map(|of| of[edit.krate]) else { continue };
            observed[edit.krate].observations.extend(of_rebuild(edit, &split.phases(edit.compiled), shares));
        }
        let all: Vec<Observed> = observed.iter().cloned().collect();
        let ratios = Ratios::new(&all, hint);
        let predicted = observed.iter().map(|observed| ratios.predict(observed)).collect();
        Self { resolution, samples, kinds, items, modelled, known, observed, predicted, hint, ratios, links }
    }

    /// The costs of one mode; `modules` are those whose part of their crate was measured.
    pub(super) fn costs(&self, mut costs: Costs, modules: &BTreeMap<ModuleId, Cost>) -> Costs {
        let before = costs.crates.clone();
        // Build scripts alone, say, tell nothing of crates.
        let informed = self.ratios.crates > 0 || self.hint.is_some();
        if informed {
            self.scale(&mut costs);
            costs.machine = self.ratios.machine().exp();
        }
        fixed::apply(&mut costs, self.samples, &self.links);
        if informed {
            self.put(&mut costs, modules);
            self.rate(&mut costs);
            costs.calibration = Some(calibration(&before, &costs));
        }
        let link_s = |krate, compiled| self.link_s(krate, compiled);
        rebuilds::apply(&mut costs, &self.samples.edits, &self.kinds, &link_s);
        if costs.mode == Mode::Dev {
            costs.twice_in_dev = self.samples.twice_in_dev.clone();
            costs.twice_in_dev.sort_unstable();
            costs.twice_in_dev.dedup();
        }
        costs
    }

    /// Multiplies the model's seconds by what is predicted.
    fn scale(&self, costs: &mut Costs) {
        let factors = |predicted: &Predicted, compiled: Compiled| {
            let (frontend, codegen) = compiled.phases();
            (predicted.items(frontend), codegen.map_or(1.0, |phase| predicted.items(phase)))
        };
        let mode = Compiled::Target(costs.mode);
        for (krate, predicted) in self.predicted.iter_enumerated() {
            let (frontend, codegen) = factors(predicted, mode);
            for &item in &self.items[krate] {
                costs.items[item] = scaled(costs.items[item], frontend, codegen);
            }
            for (cost, compiled) in
                [(&mut costs.crates[krate], mode), (&mut costs.host_crates[krate], Compiled::Host)]
            {
                if let Some(of) = self.modelled.get(&compiled) {
                    *cost = of[krate].predicted(predicted, compiled);
                }
            }
        }
    }

    /// Puts known seconds in the place of scaled ones.
    fn put(&self, costs: &mut Costs, modules: &BTreeMap<ModuleId, Cost>) {
        let mut sources: BTreeMap<CostSource, f64> = BTreeMap::new();
        for (krate, &kind) in self.kinds.iter_enumerated() {
            let link_s = |compiled| self.link_s(krate, compiled);
            let of_host = self.samples.crates.get(&(krate, Compiled::Host));
            if let Some(sample) = of_host.and_then(|all| Sample::best(all, Some(costs.mode))) {
                let link_s = link_s(Compiled::Host);
                costs.host_crates[krate] = sample.work.phases(link_s, costs.host_crates[krate]);
            }
            let wanted = wanted(kind, costs.mode);
            let Some(sample) = self.known.get(&(krate, wanted)) else { continue };
            let real = match wanted {
                Compiled::Host => costs.host_crates[krate],
                Compiled::Target(_) => sample.work.phases(link_s(wanted), costs.crates[krate]),
            };
            let of_crate = (krate, self.items[krate].as_slice());
            costs.measured_modules += share_out(costs, self.resolution, of_crate, real, modules);
            costs.crate_sources[krate] = sample.source;
            *sources.entry(sample.source).or_default() += real.total_s();
        }
        let most = sources.into_iter().max_by(|a, b| a.1.total_cmp(&b.1));
        costs.source = most.map_or(CostSource::Modelled, |(source, _)| source);
    }

    /// Seconds of linking that are part of a lump.
    fn link_s(&self, krate: CrateId, compiled: Compiled) -> f64 {
        if self.kinds[krate] == TargetKind::Lib { 0.0 } else { self.links.of(krate, compiled) }
    }

    /// Says of every figure what it rests on and how sure it is.
    fn rate(&self, costs: &mut Costs) {
        let student = student_p90(self.ratios.freedom());
        let factor = |variance: f64| (student * variance.sqrt()).exp();
        let all: f64 = costs.crates.iter().map(|cost| cost.total_s()).sum();
        let mut shared = 0.0;
        for (krate, &kind) in self.kinds.iter_enumerated() {
            let wanted = wanted(kind, costs.mode);
            let basis = self.basis(krate, wanted);
            costs.known.bases.insert(krate, basis);
            if basis == Basis::Known {
                costs.known.errors.insert(krate, REPEATED_BUILD_FACTOR);
                continue;
            }
            let Some(split) = self.modelled.get(&wanted).map(|of| of[krate]) else { continue };
            let variance = self.predicted[krate].variance(&split.phases(wanted));
            costs.known.errors.insert(krate, factor(variance.own));
            if all > 0.0 {
                shared += costs.crates[krate].total_s() / all * variance.shared.sqrt();
            }
        }
        costs.known.shared_error = Some((student * shared).exp());
        costs.known.scaling = self.scaling(costs.mode, &factor);
    }

    fn basis(&self, krate: CrateId, wanted: Compiled) -> Basis {
        if self.known.contains_key(&(krate, wanted)) {
            Basis::Known
        } else if !self.observed[krate].observations.is_empty() {
            Basis::OtherBuilds
        } else if self.ratios.crates > 0 {
            Basis::OtherCrates
        } else if self.hint.is_some() {
            Basis::Machine
        } else {
            Basis::Model
        }
    }

    /// What a crate of each kind that is here would be multiplied by if nothing were known of it.
    fn scaling(&self, mode: Mode, factor: &dyn Fn(f64) -> f64) -> Vec<Scaling> {
        let mut all = Vec::new();
        for kind in CrateKind::ALL {
            let of_kind = || self.observed.iter().filter(|o| o.kind == kind);
            if of_kind().next().is_none() {
                continue;
            }
            let known = of_kind().filter(|o| !o.observations.is_empty()).count();
            let unknown = self.ratios.predict(&Observed { kind, observations: Vec::new() });
            let host = matches!(kind, CrateKind::ProcMacro | CrateKind::BuildScript);
            let (frontend, codegen) = if host { Compiled::Host } else { Compiled::Target(mode) }.phases();
            let phases = [(CratePhase::FrontEnd, Some(frontend)), (CratePhase::CodeGeneration, codegen)];
            for (name, phase) in phases.into_iter().filter_map(|(name, phase)| Some((name, phase?))) {
                let variance = unknown.variance(&[Modelled { phase, fixed_s: 0.0, items_s: 1.0 }]);
                let error_factor = factor(variance.shared + variance.own);
                all.push(Scaling { kind, phase: name, known, factor: unknown.items(phase), error_factor });
            }
        }
        all
    }
}

/// What has to be known of a crate for its seconds in a mode to be known.
fn wanted(kind: TargetKind, mode: Mode) -> Compiled {
    match kind {
        TargetKind::ProcMacro | TargetKind::BuildScript => Compiled::Host,
        _ => Compiled::Target(mode),
    }
}

/// What the crates that aren't known were multiplied by, all together; if all are known, these.
fn calibration(before: &IdVec<CrateId, Cost>, costs: &Costs) -> f64 {
    let unknown = |&krate: &CrateId| costs.basis(krate) != Basis::Known;
    let some: Vec<CrateId> = before.ids().filter(unknown).collect();
    let which = if some.is_empty() { before.ids().collect() } else { some };
    let sum = |of: &IdVec<CrateId, Cost>| which.iter().map(|&krate| of[krate].total_s()).sum::<f64>();
    let (before, after) = (sum(before), sum(&costs.crates));
    if before > 0.0 { after / before } else { 1.0 }
}

/// What a rebuild says of the front end of the whole, where the phases are known.
fn of_rebuild(edit: &EditSample, phases: &[Modelled], shares: IncrementalShares) -> Option<Observation> {
    let share = if edit.changed { shares.changed_frontend } else { shares.dependent_frontend };
    let whole_s = (edit.work.frontend_s - shares.frontend_s) / share;
    let modelled = phases.first().filter(|m| m.fixed_s + m.items_s > 0.0 && whole_s > 0.0)?;
    (!edit.work.lumped).then(|| Observation {
        phases: vec![*modelled],
        known_s: whole_s,
        variance: rebuilds::FULL_OF_REBUILD,
    })
}

/// What a crate's known work says of each phase, or of all together.
fn observations(work: Work, phases: &[Modelled], link_s: f64) -> Vec<Observation> {
    let observation =
        |phases: &[Modelled], known_s: f64| Observation { phases: phases.to_vec(), known_s, variance: 0.0 };
    let known: Vec<Observation> = if work.lumped {
        vec![observation(phases, (work.frontend_s - link_s).max(0.0))]
    } else {
        let seconds = [work.frontend_s, work.codegen_s];
        phases.iter().zip(seconds).map(|(phase, known_s)| observation(&[*phase], known_s)).collect()
    };
    let modelled = |o: &Observation| o.phases.iter().map(|m| m.fixed_s + m.items_s).sum::<f64>() > 0.0;
    known.into_iter().filter(modelled).collect()
}
