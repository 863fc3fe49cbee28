//! Seconds of crates compiled with their tests.

use std::collections::BTreeMap;

use crate::cost::{Cost, Costs};
use crate::ids::CrateId;

use super::fixed::{link_share_s, median};
use super::observe::{Sample, Samples};
use super::rebuilds;
use super::work::Work;

/// How many harnesses the model counts as where known ones say how far it is off a codebase: single ones are off by 1.5, half of
/// them by more (`benches/README.md`, "Harnesses"), and codebases by about as much.
const MODEL_WORTH: f64 = 1.0;
/// What is below this is the runner and the clock.
const LEAST_S: f64 = 0.3;

/// Known seconds in the place of the model's; what these show is what the model's others are multiplied by.
pub(super) fn apply(costs: &mut Costs, samples: &Samples) {
    if samples.harnesses.is_empty() && samples.harness_edits.is_empty() {
        return;
    }
    links(costs, samples);
    let mut known: BTreeMap<CrateId, Cost> = BTreeMap::new();
    let mut logs: Vec<f64> = Vec::new();
    for (&krate, samples) in &samples.harnesses {
        let Some(Sample { work, .. }) = Sample::best(samples, None) else { continue };
        let modelled = costs.harnesses[krate];
        let cost = work.phases(costs.harness_link_s(krate), modelled);
        if cost.total_s() > LEAST_S && modelled.total_s() > 0.0 {
            logs.push((cost.total_s() / modelled.total_s()).ln());
        }
        known.insert(krate, cost);
    }
    let factor = (logs.iter().sum::<f64>() / (MODEL_WORTH + logs.len() as f64)).exp();
    for cost in costs.harnesses.iter_mut() {
        *cost = Cost { frontend_s: cost.frontend_s * factor, codegen_s: cost.codegen_s * factor };
    }
    known.into_iter().for_each(|(krate, cost)| costs.harnesses[krate] = cost);
    rebuilds::apply_to_harnesses(costs, &samples.harness_edits);
}

/// Stamps don't tell when linking begins: of a harness it takes no more than its seconds have room for, and of others no more in
/// proportion.
fn links(costs: &mut Costs, samples: &Samples) {
    let mut rooms: BTreeMap<CrateId, f64> = BTreeMap::new();
    let mut note = |krate: CrateId, work: Work, compiled_s: f64| {
        if work.lumped {
            let room = rooms.entry(krate).or_insert(f64::INFINITY);
            *room = room.min(link_share_s(work.frontend_s, compiled_s, costs.usual_link_s(krate, false)));
        }
    };
    for (&krate, samples) in &samples.harnesses {
        samples.iter().for_each(|sample| note(krate, sample.work, costs.harnesses[krate].total_s()));
    }
    for edit in &samples.harness_edits {
        let Cost { frontend_s, codegen_s } = costs.harnesses[edit.krate];
        let again = costs.incremental().again((frontend_s, codegen_s), edit.changed);
        note(edit.krate, edit.work, again.0 + again.1);
    }
    let ratio = |(&krate, room): (&CrateId, &f64)| {
        let usual_s = costs.usual_link_s(krate, false);
        (usual_s > 0.0).then(|| (room / usual_s).min(1.0))
    };
    let Some(usual) = median(rooms.iter().filter_map(ratio).collect()) else { return };
    for krate in costs.harnesses.ids() {
        let usual_s = costs.usual_link_s(krate, false);
        let link_s = rooms.get(&krate).map_or(usual * usual_s, |room| usual_s.min(*room));
        costs.known.harness_links.insert(krate, link_s);
    }
}
