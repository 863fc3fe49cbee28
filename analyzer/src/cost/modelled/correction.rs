//! What the sum over a crate's items doesn't explain: a factor of the whole crate, from what it is like as a whole.
//!
//! The same syntax costs more in a crate that loads many packages: what it calls are others' generics, instantiated there,
//! and the traits whose impls are searched have more of them. So the items' costs of a crate are multiplied by
//! `exp(constant + Σ weight × trait)`. All items alike: shares within a crate stay sums over items.

use crate::parse::ItemFeatures;

/// Number of traits of a crate.
pub const TRAITS: usize = 3;

/// Their names, in the order of [`traits`].
pub const TRAIT_NAMES: [&str; TRAITS] = ["packages loaded", "generic share", "impls"];

/// What a crate is like as a whole: `features` summed over its items, and the packages that it loads, directly or not.
///
/// The logarithm of one more than the packages, the share of functions that are generic, and trait impls for each
/// hundred tokens. Its size is none of them: among published crates large ones cost less than the sum of their items
/// (much of them are tables and documentation tests), which says nothing of large applications.
pub fn traits(features: &ItemFeatures, dependencies: usize) -> [f64; TRAITS] {
    let share = |part: u32, whole: u32| (f64::from(part) / f64::from(whole.max(1))).min(1.0);
    [
        (dependencies as f64).ln_1p(),
        share(features.generic_fns, features.fns),
        100.0 * share(features.trait_impls, features.tokens),
    ]
}

/// A fitted factor.
#[derive(Debug, Clone, Copy)]
pub struct Correction {
    /// The logarithm for a crate whose traits are all 0.
    pub constant: f64,
    /// For each trait.
    pub weights: [f64; TRAITS],
    /// Ranges of the traits in the crates fitted on. Outside of them nothing is known: a trait counts as if it were
    /// at the border.
    pub least: [f64; TRAITS],
    /// See [`least`](Self::least).
    pub most: [f64; TRAITS],
}

impl Correction {
    /// What a crate's items are multiplied by.
    pub fn factor(&self, traits: &[f64; TRAITS]) -> f64 {
        let sum = (0..TRAITS).map(|i| self.weights[i] * traits[i].clamp(self.least[i], self.most[i]));
        (self.constant + sum.sum::<f64>()).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALF: Correction =
        Correction { constant: -0.5, weights: [0.5, -1.0, 0.0], least: [0.0; TRAITS], most: [2.0, 0.5, 9.0] };

    #[test]
    fn weights_add_up_within_what_was_seen() {
        let with = |dependencies, generic_fns| {
            let features = ItemFeatures { fns: 100, generic_fns, ..ItemFeatures::default() };
            HALF.factor(&traits(&features, dependencies)).ln()
        };
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
        close(with(0, 0), -0.5);
        close(with(1, 0), -0.5 + 0.5 * 2.0_f64.ln());
        close(with(1, 50), with(1, 0) - 0.5);
        close(with(1, 100), with(1, 50));
        close(with(10_000, 0), -0.5 + 0.5 * 2.0);
    }

    #[test]
    fn nothing_is_divided_by_nothing() {
        assert_eq!(traits(&ItemFeatures::default(), 0), [0.0; TRAITS]);
    }
}
