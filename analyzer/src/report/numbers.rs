//! Numbers as the report writes them.

/// Rounds to a number of decimals; no negative zero, and no NaN or infinity (JSON has none).
pub(super) fn round(x: f64, digits: i32) -> f64 {
    let scale = 10_f64.powi(digits);
    let rounded = (x * scale).round() / scale;
    if rounded.is_finite() { rounded + 0.0 } else { 0.0 }
}

/// A length as the report's integer.
pub(super) fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}
