//! Lists and numbers in sentences.

/// The first of some names, and how many are left: `a, b and 3 more`.
pub(crate) fn and_more(names: &[String], most: usize) -> String {
    let more = names.len().saturating_sub(most);
    let shown = names[..names.len() - more].join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}

/// `1 line`, `2 lines`
pub(crate) fn counted(number: impl Into<u64>, what: &str) -> String {
    let number = number.into();
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_counted() {
        let names: Vec<String> = ["a", "b", "c"].map(str::to_owned).to_vec();
        for (most, expected) in [(0, " and 3 more"), (2, "a, b and 1 more"), (3, "a, b, c"), (9, "a, b, c")] {
            assert_eq!(and_more(&names, most), expected);
        }
        assert_eq!((counted(1_u32, "line"), counted(0_u32, "line")), ("1 line".into(), "0 lines".into()));
    }
}
