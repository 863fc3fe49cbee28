//! Numbers that an option takes.

pub(super) fn positive(text: &str) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| format!("`{text}` is not a number"))?;
    if number.is_finite() && number > 0.0 { Ok(number) } else { Err("must be above 0".to_owned()) }
}

/// A number of edits.
pub(super) fn edits(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(edits) if edits.is_finite() && edits >= 0.0 => Ok(edits),
        _ => Err("a number of edits, zero or more, is needed".to_owned()),
    }
}

/// A number of seconds.
pub(super) fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds.is_finite() && seconds >= 0.0 => Ok(seconds),
        _ => Err("a number of seconds, zero or more, is needed".to_owned()),
    }
}
