//! Numbers and directories as the report writes them.

use crate::plan::Interval;

/// Rounds to a number of decimals; no negative zero, and no NaN or infinity (JSON has none).
pub(super) fn round(x: f64, digits: i32) -> f64 {
    let scale = 10_f64.powi(digits);
    let rounded = (x * scale).round() / scale;
    if rounded.is_finite() { rounded + 0.0 } else { 0.0 }
}

/// A directory's path, `.` for the analysed directory itself.
pub(super) fn dir(dir: &str) -> String {
    if dir.is_empty() { ".".to_owned() } else { dir.to_owned() }
}

/// Rounds an interval's ends.
pub(super) fn interval(interval: Interval, digits: i32) -> Interval {
    Interval {
        p10: round(interval.p10, digits),
        p50: round(interval.p50, digits),
        p90: round(interval.p90, digits),
    }
}

/// A float as a sortable integer; six digits are more than the report shows.
pub(super) fn order_key(x: f64) -> i64 {
    (x * 1e6).round() as i64
}
