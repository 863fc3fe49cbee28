//! How busy the machine is, as its kernel says.

/// Processes that were running or ready to, averaged over the last minute; on Linux alone.
pub(crate) fn last_minute() -> Option<f64> {
    first_number(&std::fs::read_to_string("/proc/loadavg").ok()?)
}

fn first_number(loadavg: &str) -> Option<f64> {
    loadavg.split_whitespace().next()?.parse().ok().filter(|load: &f64| load.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loadavg_is_read_as_the_kernel_writes_it() {
        assert_eq!(first_number("0.42 1.08 2.00 1/345 6789\n"), Some(0.42));
        for odd in ["", "x 1 2", "nan 1"] {
            assert_eq!(first_number(odd), None);
        }
    }
}
