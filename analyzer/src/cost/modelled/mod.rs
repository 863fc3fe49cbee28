//! Costs from item features: the third-best source, and the one that is always there.

mod coefficients;
mod correction;
mod dependencies;
mod explanatory;
mod fitted;
mod harness;
mod polled;
mod table;

pub use correction::{Correction, TRAIT_NAMES, TRAITS, traits};
pub use dependencies::dependency_counts;
pub use explanatory::{EXPLANATORY, EXPLANATORY_NAMES, explanatory};
pub use harness::for_tests;
pub use polled::polled;

use coefficients::{Coefficients, ErrorFactors, own_cost};
use polled::awaits_below;

use crate::discover::Repository;
use crate::ids::{CrateId, IdVec, ItemId};
use crate::parse::ItemFeatures;
use crate::resolve::{Item, Resolution};

use super::settings::apply_settings;
use super::{Cost, CostSource, Costs, Knowledge, Mode, Overhead};

/// Models the cost of every item and crate for `mode`, in core seconds of the machine that the coefficients
/// were fitted on: shares are better than seconds.
///
/// An item costs the sum of its explanatory variables times fitted coefficients, and a program's `main` what it polls of the libraries
/// below it; test code costs nothing
/// (it is not compiled in these modes). A crate costs its items and a fixed overhead that grows with what it
/// depends on. Not modelled: monomorphisation of one crate's generics in another beyond what goes with the
/// caller's own calls, macros that expand to far more than is written, code that a build script generates. Profiles count by
/// their [`setting_factors`](super::setting_factors); link-time optimisation is a phase of the units that link.
pub fn model(repository: &Repository, resolution: &Resolution, mode: Mode) -> Costs {
    match mode {
        Mode::Check | Mode::Dev | Mode::Release => modelled(repository, resolution, mode),
        Mode::Test => for_tests(repository, resolution, &modelled(repository, resolution, Mode::Dev)),
    }
}

fn modelled(repository: &Repository, resolution: &Resolution, mode: Mode) -> Costs {
    let table = table::of(mode);
    let host_table = table::of(Mode::Dev);
    let crates = sizes(repository, resolution);
    let (target, host) = (priced(table, resolution, &crates), priced(host_table, resolution, &crates));
    let mut costs = Costs {
        mode,
        source: CostSource::Modelled,
        crate_sources: IdVec::from_elem(CostSource::Modelled, resolution.crates.len()),
        calibration: None,
        machine: 1.0,
        measured_modules: 0,
        known: Knowledge::default(),
        error_factor: error_factor(&table.errors, &crates, &target.crates),
        build_factor: error_factor(&table.build_errors, &crates, &target.crates),
        crates: target.crates,
        twice_in_dev: Vec::new(),
        test_items: IdVec::new(),
        harnesses: IdVec::new(),
        host_crates: host.crates,
        items: target.items,
        overhead: overhead(table, host_table),
        loaded: crates.iter().map(|size| size.dependencies).collect(),
    };
    apply_settings(repository, resolution, &mut costs);
    costs
}

/// A crate as a whole.
struct Size {
    /// Summed over its items, those for tests only left out.
    features: ItemFeatures,
    /// Packages that it loads.
    dependencies: usize,
    /// Of a program what it polls.
    polled: f64,
}

fn sizes(repository: &Repository, resolution: &Resolution) -> IdVec<CrateId, Size> {
    let depths = dependency_counts(repository);
    let mut sizes: IdVec<CrateId, Size> = resolution
        .crates
        .iter()
        .map(|krate| Size {
            features: ItemFeatures::default(),
            dependencies: depths[repository.targets[krate.target].package],
            polled: 0.0,
        })
        .collect();
    for item in resolution.items.iter().filter(|item| !item.test) {
        sizes[resolution.modules[item.module].krate].features += item.features;
    }
    let awaits = awaits_below(repository, resolution, &|krate| sizes[krate].features);
    for (size, awaits) in sizes.iter_mut().zip(awaits.iter()) {
        size.polled = polled(*awaits);
    }
    sizes
}

/// What items and crates cost.
struct Priced {
    items: IdVec<ItemId, Cost>,
    crates: IdVec<CrateId, Cost>,
}

fn priced(table: &Coefficients, resolution: &Resolution, sizes: &IdVec<CrateId, Size>) -> Priced {
    let factors: IdVec<CrateId, Cost> = sizes
        .iter()
        .map(|size| {
            let traits = traits(&size.features, size.dependencies);
            Cost {
                frontend_s: table.frontend_correction.factor(&traits),
                codegen_s: table.codegen_correction.factor(&traits),
            }
        })
        .collect();
    let mut crates: IdVec<CrateId, Cost> =
        sizes.iter().map(|size| fixed_cost(table, size.dependencies)).collect();
    let items = resolution.items.iter().map(|item| {
        let krate = resolution.modules[item.module].krate;
        let (own, factor) = (item_cost(table, item), factors[krate]);
        let mut cost = Cost {
            frontend_s: own.frontend_s * factor.frontend_s,
            codegen_s: own.codegen_s * factor.codegen_s,
        };
        // What a program polls is made for its `main`, wherever the rest of it goes.
        if item.is_main() && item.module == resolution.crates[krate].root {
            cost.frontend_s += table.polled_s * sizes[krate].polled;
            cost.codegen_s += table.polled_codegen_s * sizes[krate].polled;
        }
        crates[krate] += cost;
        cost
    });
    Priced { items: items.collect(), crates }
}

/// That of the crates, weighted by what they cost.
fn error_factor(errors: &ErrorFactors, sizes: &IdVec<CrateId, Size>, costs: &IdVec<CrateId, Cost>) -> f64 {
    let (mut sum, mut all) = (0.0, 0.0);
    for (size, cost) in sizes.iter().zip(costs) {
        sum += cost.total_s() * errors.of(size.dependencies).ln();
        all += cost.total_s();
    }
    if all > 0.0 { (sum / all).exp() } else { errors.few }
}

/// The cost of one item; of what exists for tests only none.
fn item_cost(table: &Coefficients, item: &Item) -> Cost {
    if item.test { Cost::default() } else { own_cost(table, item) }
}

/// What a crate costs apart from its items.
fn fixed_cost(table: &Coefficients, dependencies: usize) -> Cost {
    Cost {
        frontend_s: table.crate_s + table.per_dependency_s * dependencies as f64,
        codegen_s: table.crate_codegen_s + table.per_dependency_codegen_s * dependencies as f64,
    }
}

fn overhead(table: &Coefficients, host: &Coefficients) -> Overhead {
    Overhead {
        crate_s: table.crate_s + table.crate_codegen_s,
        per_dependency_s: table.per_dependency_s,
        link_s: table.link_s,
        link_per_dependency_s: table.link_per_dependency_s,
        host_link_s: host.link_s,
        build_script_s: fitted::BUILD_SCRIPT_S,
        external: table.external,
        external_host: host.external,
    }
}
