//! Which fitted coefficients hold for what.

use super::coefficients::{Coefficients, ErrorFactors};
use super::fitted;
use crate::cost::Mode;

impl ErrorFactors {
    /// For a crate that loads so many packages, directly or not.
    pub(super) fn of(&self, dependencies: usize) -> f64 {
        if dependencies < fitted::MANY_PACKAGES { self.few } else { self.many }
    }
}

/// The coefficients for a mode.
pub(super) fn of(mode: Mode) -> &'static Coefficients {
    match mode {
        Mode::Check => &fitted::CHECK,
        // Tests are compiled as `dev` builds are.
        Mode::Dev | Mode::Test => &fitted::DEV,
        Mode::Release => &fitted::RELEASE,
    }
}
