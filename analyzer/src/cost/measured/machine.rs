//! How fast the machine is, by published crates that were measured on the reference machine.
//!
//! Dependencies are what is always built, and all that a restored cache has. Which crate of a codebase the model is off by
//! how much nobody knows beforehand, but what `syn` takes is known: the median ratio over all such crates is the machine's.

use crate::cost::Mode;
use crate::cost::errors::{REPEATED_BUILD_FACTOR, variance_of};

use super::fixed::median;
use super::observe::ExternalSample;
use super::phases::Compiled;
use super::ratios::MachineHint;
use super::reference::{REFERENCE, VERSIONS};

/// What packages from elsewhere say of the machine; `None` if none of them was measured.
pub(super) fn machine_hint(externals: &[ExternalSample]) -> Option<MachineHint> {
    let logs: Vec<f64> = externals.iter().filter_map(log_ratio).collect();
    let middle = median(logs.clone())?;
    let apart = logs.iter().map(|log| (log - middle).abs()).collect();
    // The median absolute deviation of a normal distribution is 1/1.4826 of the standard deviation, and the variance of its
    // median π/2 of that of its mean (Huber, "Robust Statistics", 1981). Builds as a whole differ by as much as repeated ones.
    let spread = (1.4826 * median(apart).unwrap_or_default()).powi(2).max(VERSIONS);
    let variance =
        std::f64::consts::FRAC_PI_2 * spread / logs.len() as f64 + variance_of(REPEATED_BUILD_FACTOR);
    Some(MachineHint { log_ratio: middle, variance })
}

/// The front end over that on the reference machine: profiles that optimize dependencies hardly change it. Of a lump it isn't
/// known.
fn log_ratio(external: &ExternalSample) -> Option<f64> {
    let position = REFERENCE.binary_search_by(|(name, _)| (*name).cmp(&external.name)).ok()?;
    let [check, dev, release] = REFERENCE[position].1;
    let reference_s = match external.compiled {
        Compiled::Target(Mode::Check) => check,
        Compiled::Target(Mode::Dev | Mode::Test) | Compiled::Host => dev,
        Compiled::Target(Mode::Release) => release,
    };
    let work = external.sample.work;
    (!work.lumped && reference_s > 0.0 && work.frontend_s > 0.0).then(|| (work.frontend_s / reference_s).ln())
}

#[cfg(test)]
mod tests {
    use super::super::observe::Sample;
    use super::super::work::Work;
    use super::*;
    use crate::cost::CostSource;

    #[test]
    fn the_table_is_ordered() {
        assert!(REFERENCE.is_sorted_by(|a, b| a.0 < b.0));
    }

    /// How many of the table's crates took how much longer; one of them is far off.
    #[test]
    fn known_crates_tell_the_machine() {
        let sample = |(name, seconds): &(&str, [f64; 3]), factor: f64| ExternalSample {
            name: (*name).to_owned(),
            version: "1.0.0".to_owned(),
            compiled: Compiled::Target(Mode::Dev),
            sample: Sample {
                source: CostSource::Imported,
                call: Some(Mode::Dev),
                work: Work { frontend_s: seconds[1] * factor, ..Work::default() },
            },
        };
        let built = || REFERENCE.iter().filter(|krate| krate.1[1] > 0.0);
        assert!(machine_hint(&[]).is_none());
        let mut last = f64::INFINITY;
        for count in [1, 5, 50] {
            let mut externals: Vec<_> = built().take(count).map(|krate| sample(krate, 2.5)).collect();
            if count > 1 {
                externals[0] = sample(&REFERENCE[0], 100.0);
            }
            let hint = machine_hint(&externals).unwrap();
            assert!((hint.log_ratio.exp() - 2.5).abs() < 1e-9, "{count}: {hint:?}");
            assert!(hint.variance < last);
            last = hint.variance;
        }
    }
}
