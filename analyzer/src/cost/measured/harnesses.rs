//! Seconds of crates compiled with their tests.

use std::collections::BTreeMap;

use crate::cost::{Cost, Costs};
use crate::ids::CrateId;

use super::observe::{Sample, Samples};
use super::rebuilds;

/// How many harnesses the model counts as where known ones say how far it is off a codebase: single ones are off by 1.5, half of
/// them by more (`benches/README.md`, "Harnesses"), and codebases by about as much.
const MODEL_WORTH: f64 = 1.0;
/// What is below this is the runner and the clock.
const LEAST_S: f64 = 0.3;

/// Known seconds in the place of the model's; what these show is what the model's others are multiplied by.
pub(super) fn apply(costs: &mut Costs, samples: &Samples) {
    let mut known: BTreeMap<CrateId, Cost> = BTreeMap::new();
    let mut logs: Vec<f64> = Vec::new();
    for (&krate, samples) in &samples.harnesses {
        let Some(Sample { work, .. }) = Sample::best(samples, None) else { continue };
        let modelled = costs.harnesses[krate];
        let cost = work.phases(costs.usual_link_s(krate, false), modelled);
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
