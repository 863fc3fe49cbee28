//! What doesn't hang on a crate's items: linking, runs of build scripts, packages from elsewhere.

use std::collections::BTreeMap;

use crate::cost::knowledge::External;
use crate::cost::{Cost, Costs, Mode};
use crate::discover::TargetKind;
use crate::ids::{CrateId, IdVec};

use super::observe::{ExternalSample, Sample, Samples};
use super::phases::Compiled;

/// Seconds of linking, as far as known.
#[derive(Debug, Default)]
pub(super) struct Links {
    own: BTreeMap<(CrateId, Compiled), f64>,
    /// What the model has for each crate, in each mode and for the host.
    modelled: BTreeMap<Compiled, IdVec<CrateId, f64>>,
    /// The median of what is known over what the model has, where any is known.
    ratios: BTreeMap<Compiled, f64>,
    /// No more than that, where only whole programs are known: the median of their seconds over what the model has for them.
    most: BTreeMap<Compiled, f64>,
    /// Of such programs no more than their own seconds have room for.
    shares: BTreeMap<(CrateId, Compiled), f64>,
}

impl Links {
    pub(super) fn new(samples: &Samples, modelled: &[Costs], kinds: &IdVec<CrateId, TargetKind>) -> Self {
        let own: BTreeMap<(CrateId, Compiled), f64> = samples
            .links
            .iter()
            .filter_map(|(&key, seconds)| Some((key, median(seconds.clone())?)))
            .collect();
        let mut usual: BTreeMap<Compiled, IdVec<CrateId, f64>> = BTreeMap::new();
        for costs in modelled {
            let all = |host| costs.crates.ids().map(|krate| costs.usual_link_s(krate, host)).collect();
            usual.insert(Compiled::Target(costs.mode), all(false));
            usual.insert(Compiled::Host, all(true));
        }
        let ratio = |(&compiled, usual): (&Compiled, &IdVec<CrateId, f64>)| {
            let known = own.iter().filter(|(key, _)| key.1 == compiled);
            let known =
                known.filter_map(|(key, seconds)| Some((seconds, usual.get(key.0).filter(|u| **u > 0.0)?)));
            Some((compiled, median(known.map(|(seconds, usual)| seconds / usual).collect())?))
        };
        let ratios = usual.iter().filter_map(ratio).collect();
        let (mut most, mut shares) = (BTreeMap::new(), BTreeMap::new());
        for costs in modelled {
            let compiled = Compiled::Target(costs.mode);
            let wholes = wholes(samples, costs, kinds);
            let ratios = wholes.iter().map(|whole| whole.whole_s / (whole.compiled_s + whole.link_s));
            most.extend(median(ratios.collect()).map(|ratio| (compiled, ratio)));
            for whole in wholes {
                let slot: &mut f64 = shares.entry((whole.krate, compiled)).or_insert(f64::INFINITY);
                *slot = slot.min(whole.link_share_s());
            }
        }
        Self { own, ratios, most, shares, modelled: usual }
    }

    /// Known over modelled; `usual` where none is known, or less where programs took less as a whole.
    pub(super) fn ratio(&self, compiled: Compiled, usual: f64) -> f64 {
        let most = || self.most.get(&compiled).map_or(usual, |most| usual.min(*most));
        self.ratios.get(&compiled).copied().unwrap_or_else(most)
    }

    fn modelled(&self, krate: CrateId, compiled: Compiled) -> Option<f64> {
        self.modelled.get(&compiled)?.get(krate).copied()
    }

    /// The seconds of a crate's own linking: seen, or seen in a `dev` build and brought into proportion.
    pub(super) fn own(&self, krate: CrateId, compiled: Compiled) -> Option<f64> {
        self.own.get(&(krate, compiled)).copied().or_else(|| {
            let of_dev = Compiled::Target(Mode::Dev);
            let dev = self.own.get(&(krate, of_dev))?;
            let modelled = self.modelled(krate, of_dev).filter(|dev| *dev > 0.0)?;
            Some(dev * self.modelled(krate, compiled)? / modelled)
        })
    }

    /// Likewise, or what is usual.
    pub(super) fn of(&self, krate: CrateId, compiled: Compiled) -> f64 {
        let usual = || self.modelled(krate, compiled).unwrap_or_default() * self.ratio(compiled, 1.0);
        let room = || self.shares.get(&(krate, compiled)).copied().unwrap_or(f64::INFINITY);
        self.own(krate, compiled).unwrap_or_else(|| usual().min(room()))
    }
}

/// A program of which only the whole is known, compiled from nothing or again.
struct Whole {
    krate: CrateId,
    whole_s: f64,
    /// What the model has for it: without linking, and the link.
    compiled_s: f64,
    link_s: f64,
}

impl Whole {
    /// What linking takes of it if the model is off by the same factor in both.
    fn link_share_s(&self) -> f64 {
        link_share_s(self.whole_s, self.compiled_s, self.link_s)
    }
}

/// Of so many seconds those of linking, in the proportion of modelled ones.
pub(super) fn link_share_s(whole_s: f64, compiled_s: f64, link_s: f64) -> f64 {
    if link_s > 0.0 { whole_s * link_s / (compiled_s + link_s) } else { 0.0 }
}

fn wholes(samples: &Samples, costs: &Costs, kinds: &IdVec<CrateId, TargetKind>) -> Vec<Whole> {
    let compiled = Compiled::Target(costs.mode);
    let is_program = |krate: CrateId| kinds[krate] == TargetKind::Bin;
    let whole = samples.crates.iter().filter(|((krate, of), _)| is_program(*krate) && *of == compiled);
    let whole = whole.flat_map(|(&(krate, _), all)| {
        all.iter().map(move |sample| (sample.work, krate, costs.crates[krate].total_s()))
    });
    let again = samples.edits.iter().filter(|edit| is_program(edit.krate) && edit.compiled == compiled);
    let again = again.map(|edit| {
        let Cost { frontend_s, codegen_s } = costs.crates[edit.krate];
        let (frontend_s, codegen_s) = costs.incremental().again((frontend_s, codegen_s), edit.changed);
        (edit.work, edit.krate, frontend_s + codegen_s)
    });
    let lumps = whole.chain(again).filter(|(work, ..)| work.lumped).map(|(work, krate, compiled_s)| Whole {
        krate,
        whole_s: work.frontend_s,
        compiled_s,
        link_s: costs.usual_link_s(krate, false),
    });
    lumps.filter(|whole| whole.link_s > 0.0).collect()
}

/// Puts everything that doesn't hang on items into the costs of one mode: medians of what is known, and each one's own.
pub(super) fn apply(costs: &mut Costs, samples: &Samples, links: &Links) {
    let machine = costs.machine;
    let mode = Compiled::Target(costs.mode);
    let o = &mut costs.overhead;
    for seconds in [&mut o.crate_s, &mut o.per_dependency_s, &mut o.build_script_s] {
        *seconds *= machine;
    }
    let linking = links.ratio(mode, machine);
    o.link_s *= linking;
    o.link_per_dependency_s *= linking;
    o.host_link_s *= links.ratio(Compiled::Host, machine);
    for cost in [&mut o.external, &mut o.external_host] {
        *cost = Cost { frontend_s: cost.frontend_s * machine, codegen_s: cost.codegen_s * machine };
    }
    if let Some(run_s) = median(samples.all_runs.clone()) {
        o.build_script_s = run_s;
    }
    for (script, seconds) in &samples.runs {
        costs.known.runs.extend(median(seconds.clone()).map(|run_s| (*script, run_s)));
    }
    for &(krate, _) in links.own.keys() {
        let host = links.own.contains_key(&(krate, Compiled::Host));
        let own = links.own(krate, if host { Compiled::Host } else { mode });
        costs.known.links.extend(own.map(|link_s| (krate, link_s)));
    }
    for &(krate, compiled) in links.shares.keys().filter(|key| key.1 == mode) {
        costs.known.links.entry(krate).or_insert_with(|| links.of(krate, compiled));
    }
    externals(costs, &samples.externals);
}

/// Packages from elsewhere: each its own seconds, and the medians for the others.
fn externals(costs: &mut Costs, samples: &[ExternalSample]) {
    for host in [false, true] {
        let compiled = if host { Compiled::Host } else { Compiled::Target(costs.mode) };
        let slot = if host { &mut costs.overhead.external_host } else { &mut costs.overhead.external };
        let usual = *slot;
        let mut packages: BTreeMap<(String, String), Vec<Sample>> = BTreeMap::new();
        for external in samples.iter().filter(|external| external.compiled == compiled) {
            let key = (external.name.clone(), external.version.clone());
            packages.entry(key).or_default().push(external.sample);
        }
        let known = packages.into_iter().filter_map(|(key, samples)| {
            let best = Sample::best(&samples, Some(costs.mode))?;
            Some((key, best.work.phases(0.0, usual)))
        });
        let known: Vec<((String, String), Cost)> = known.collect();
        let part = |of: fn(&Cost) -> f64| median(known.iter().map(|(_, cost)| of(cost)).collect());
        if let (Some(frontend_s), Some(codegen_s)) = (part(|c| c.frontend_s), part(|c| c.codegen_s)) {
            *slot = Cost { frontend_s, codegen_s };
        }
        for (key, cost) in known {
            let external: &mut External = costs.known.externals.entry(key).or_default();
            let slot = if host { &mut external.host } else { &mut external.target };
            *slot = Some(cost);
        }
    }
}

/// The median, where there is one; of an even number the upper.
pub(super) fn median(mut seconds: Vec<f64>) -> Option<f64> {
    seconds.sort_by(f64::total_cmp);
    seconds.get(seconds.len() / 2).copied()
}
