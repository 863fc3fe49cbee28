//! What `cargo test --no-run` compiles beyond a `dev` build: harnesses, each a crate with its tests.
//!
//! Costs are those of the `dev` build, measured where that is, with the settings of the profile `test`. What exists for
//! tests only is paid by the harnesses at the rate of the crate's other code: measured seconds over modelled ones.

use crate::discover::{Repository, TargetKind};
use crate::ids::{CrateId, IdVec};
use crate::resolve::Resolution;

use super::coefficients::{Coefficients, own_cost};
use super::table;
use crate::cost::settings::factors;
use crate::cost::{Cost, Costs, Mode};

/// What a harness takes of its crate's seconds, and of what its tests' items cost.
///
/// A harness is a program: it has the code that its `main` reaches, and that reaches tests. So one without tests has next to none,
/// and collects few instances in its front end; one with tests has most of the crate's. Tests are plain code: their items cost
/// less front end than the crate's others. Measured on 30 harnesses of three applications (`benches/README.md`, "Harnesses").
struct Shares {
    frontend: f64,
    codegen: f64,
    tests_frontend: f64,
}

const WITH_TESTS: Shares = Shares { frontend: 1.1, codegen: 0.8, tests_frontend: 0.3 };
const LIBRARY_WITHOUT: Shares = Shares { frontend: 0.7, codegen: 0.1, tests_frontend: 0.0 };
const PROGRAM_WITHOUT: Shares = Shares { frontend: 0.25, codegen: 0.0, tests_frontend: 0.0 };
/// What an integration test's items cost of front end beside the same items in a library.
const INTEGRATION_FRONTEND: f64 = 0.7;
/// Code of the runner itself.
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
    let kind = |krate: CrateId| repository.targets[resolution.crates[krate].target].kind;
    let is_tested =
        |krate: CrateId| matches!(kind(krate), TargetKind::Lib | TargetKind::ProcMacro | TargetKind::Bin);
    costs.test_items = resolution
        .items
        .iter()
        .map(|item| {
            if !item.test {
                return Cost::default();
            }
            let krate = resolution.modules[item.module].krate;
            let (own, rate) = (own_cost(table, item), rates[krate]);
            let share = if is_tested(krate) { WITH_TESTS.tests_frontend } else { 1.0 };
            Cost {
                frontend_s: own.frontend_s * rate.frontend_s * share,
                codegen_s: own.codegen_s * rate.codegen_s,
            }
        })
        .collect();
    let mut with_tests = IdVec::from_elem(false, resolution.crates.len());
    for item in resolution.items.iter().filter(|item| item.test) {
        with_tests[resolution.modules[item.module].krate] = true;
    }
    let mut harnesses = costs.crates.clone();
    for krate in resolution.crates.ids() {
        let shares = match kind(krate) {
            TargetKind::Lib | TargetKind::ProcMacro | TargetKind::Bin if with_tests[krate] => WITH_TESTS,
            TargetKind::Lib | TargetKind::ProcMacro => LIBRARY_WITHOUT,
            TargetKind::Bin => PROGRAM_WITHOUT,
            _ => Shares { frontend: INTEGRATION_FRONTEND, codegen: 1.0, tests_frontend: 1.0 },
        };
        let harness = &mut harnesses[krate];
        harness.frontend_s *= shares.frontend;
        harness.codegen_s = shares.codegen * harness.codegen_s + RUNNER_S * costs.machine;
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
