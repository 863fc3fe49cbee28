//! Known seconds in the place of modelled ones, and what they say of all others.

use crate::cost::{CostSource, Costs};
use crate::discover::Repository;
use crate::resolve::Resolution;

use super::harnesses;
use super::observe::{Crates, Samples};
use super::scale::Scale;
use super::share::module_costs;
use super::{CostsFile, Origin};

/// Seconds of a real build.
#[derive(Debug, Clone, Copy)]
pub enum KnownSeconds<'a> {
    /// Its units were compiled whole.
    Build(&'a CostsFile),
    /// An incremental rebuild.
    Edit {
        /// The units that were compiled again.
        file: &'a CostsFile,
        /// Positions of those whose own sources had changed; the others depend on them.
        edited: &'a [u32],
    },
}

/// Puts known seconds in the place of modelled ones, in all modes at once, and scales what isn't known by what is.
///
/// * A crate built in a mode has its known seconds there: of several builds those of the best source
///   ([`CostSource`] is ordered), of these the median. They are processor seconds where these were measured; else
///   those on the wall, less what other units that ran at the time explain. What is compiled for the host has those of a call
///   in the mode, where there was one. They are shared out to its items in the
///   proportions of the model; where a file has costs of modules, to modules in these and within each in those of the model.
/// * All other crates have the model's seconds times what the known ones show, by kind of crate and phase; a crate
///   that was built in another mode, for the host, or incrementally, above all times what that shows of itself. What doesn't
///   hang on a crate's items is multiplied by the machine's part only, about which packages from elsewhere say most
///   ([`Costs::machine`]).
/// * Packages from elsewhere, linking and runs of build scripts have their own seconds, the others the median of what is
///   known.
///
/// `modelled` has the modes that are wanted; a build in another one is of no use. Returns also how many of the repository's
/// crates each input has.
pub fn with_known(
    modelled: Vec<Costs>,
    known: &[KnownSeconds<'_>],
    repository: &Repository,
    resolution: &Resolution,
) -> (Vec<Costs>, Vec<usize>) {
    let crates = Crates::new(repository, resolution);
    let mut samples = Samples::default();
    let mut counts = Vec::new();
    for known in known {
        counts.push(match known {
            KnownSeconds::Build(file) => samples.add(file, source(file), &crates),
            KnownSeconds::Edit { file, edited } => samples.add_edit(file, edited, &crates),
        });
    }
    if samples.are_empty() {
        return (modelled, counts);
    }
    let scale = Scale::new(&modelled, repository, resolution, &samples);
    let modules = |costs: &Costs| {
        let files = known.iter().filter_map(|known| match known {
            KnownSeconds::Build(file) if file.cost_mode() == Some(costs.mode) => Some(*file),
            KnownSeconds::Build(_) | KnownSeconds::Edit { .. } => None,
        });
        files.flat_map(|file| module_costs(file, resolution, repository)).collect()
    };
    let costs = modelled.into_iter().map(|costs| {
        let modules = modules(&costs);
        scale.costs(costs, &modules)
    });
    (costs.collect(), counts)
}

/// Puts known seconds of tests in the place of those that [`for_tests`](crate::cost::for_tests) has: each harness that was compiled
/// has its own, whole and after an edit, and the others the model's times what these show.
///
/// `costs` are of [`Mode::Test`](crate::cost::Mode::Test); of a build only its harnesses are looked at.
pub fn with_known_tests(
    mut costs: Costs,
    known: &[KnownSeconds<'_>],
    repository: &Repository,
    resolution: &Resolution,
) -> Costs {
    let crates = Crates::new(repository, resolution);
    let mut samples = Samples::default();
    for known in known {
        match known {
            KnownSeconds::Build(file) => samples.add(file, source(file), &crates),
            KnownSeconds::Edit { file, edited } => samples.add_edit(file, edited, &crates),
        };
    }
    harnesses::apply(&mut costs, &samples);
    costs
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
