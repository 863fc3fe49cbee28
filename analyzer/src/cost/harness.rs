//! What `cargo test --no-run` compiles beyond a `dev` build: harnesses, each a crate with its tests.
//!
//! Costs are those of the `dev` build, measured where that is, with the settings of the profile `test`. What exists for
//! tests only is paid by the harnesses at the rate of the crate's other code: measured seconds over modelled ones.

use crate::discover::{Repository, TargetKind};
use crate::ids::{CrateId, IdVec};
use crate::resolve::Resolution;

use super::coefficients::{Coefficients, own_cost};
use super::settings::factors;
use super::{Cost, Costs, Mode, table};

/// How much of a library's code generation its harness does: a program has what its `main` reaches, and that of a harness
/// reaches the tests. Of a program next to nothing. And the code of the runner itself (`benches/README.md`, "Harnesses").
const LIBRARY_CODE: f64 = 0.6;
const PROGRAM_CODE: f64 = 0.15;
const RUNNER_S: f64 = 0.09;

/// The costs of [`Mode::Test`] from those of [`Mode::Dev`].
pub fn for_tests(repository: &Repository, resolution: &Resolution, dev: &Costs) -> Costs {
    let table = table::of(Mode::Test);
    let mut costs = Costs { mode: Mode::Test, ..dev.clone() };
    let dev_factors = factors(repository, resolution, Mode::Dev, false);
    let test_factors = factors(repository, resolution, Mode::Test, false);
    let change = |cost: &mut Cost, krate: CrateId| {
        cost.frontend_s *= test_factors[krate].frontend / dev_factors[krate].frontend;
        cost.codegen_s *= test_factors[krate].codegen / dev_factors[krate].codegen;
    };
    for krate in resolution.crates.ids() {
        change(&mut costs.crates[krate], krate);
    }
    for (item, data) in resolution.items.iter_enumerated() {
        change(&mut costs.items[item], resolution.modules[data.module].krate);
    }
    let rates = rates(resolution, table, &costs);
    costs.test_items = resolution
        .items
        .iter()
        .map(|item| {
            if !item.test {
                return Cost::default();
            }
            let krate = resolution.modules[item.module].krate;
            let (own, rate) = (own_cost(table, item), rates[krate]);
            Cost { frontend_s: own.frontend_s * rate.frontend_s, codegen_s: own.codegen_s * rate.codegen_s }
        })
        .collect();
    let mut harnesses = costs.crates.clone();
    for (krate, data) in resolution.crates.iter_enumerated() {
        let program = repository.targets[data.target].kind == TargetKind::Bin;
        let harness = &mut harnesses[krate];
        harness.codegen_s = if program {
            PROGRAM_CODE * harness.codegen_s
        } else {
            LIBRARY_CODE * harness.codegen_s + RUNNER_S * costs.machine
        };
    }
    for (item, data) in resolution.items.iter_enumerated() {
        harnesses[resolution.modules[data.module].krate] += costs.test_items[item];
    }
    costs.harnesses = harnesses;
    costs
}

/// For each crate, seconds of its items over what the model has for them, by phase; of crates without other code the
/// mean of the rest.
fn rates(resolution: &Resolution, table: &Coefficients, costs: &Costs) -> IdVec<CrateId, Cost> {
    let mut real = IdVec::from_elem(Cost::default(), resolution.crates.len());
    let mut modelled = real.clone();
    for (item, data) in resolution.items.iter_enumerated().filter(|(_, data)| !data.test) {
        let krate = resolution.modules[data.module].krate;
        real[krate] += costs.items[item];
        modelled[krate] += own_cost(table, data);
    }
    let sum = |all: &IdVec<CrateId, Cost>| {
        let mut sum = Cost::default();
        all.iter().for_each(|&cost| sum += cost);
        sum
    };
    let ratio =
        |real: f64, modelled: f64, otherwise: f64| if modelled > 0.0 { real / modelled } else { otherwise };
    let (all_real, all_modelled) = (sum(&real), sum(&modelled));
    let mean = Cost {
        frontend_s: ratio(all_real.frontend_s, all_modelled.frontend_s, 1.0),
        codegen_s: ratio(all_real.codegen_s, all_modelled.codegen_s, 1.0),
    };
    let of = |(real, modelled): (&Cost, &Cost)| Cost {
        frontend_s: ratio(real.frontend_s, modelled.frontend_s, mean.frontend_s),
        codegen_s: ratio(real.codegen_s, modelled.codegen_s, mean.codegen_s),
    };
    real.iter().zip(&modelled).map(of).collect()
}
