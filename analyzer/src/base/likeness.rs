//! Names that are like one that means nothing.

/// Names that are suggested.
const NEAREST: usize = 3;
/// How alike two names must be for a suggestion (Jaro and Winkler; cargo suggests by edit distance, which long paths
/// don't suit).
const ALIKE: f64 = 0.8;

/// What the likeness of a path's end counts of that of the whole.
const LESS_THAN_ALL: f64 = 0.98;

/// The names most like the one wanted, best first; a path whose last name is the same is very much like it.
pub(crate) fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let last = |path: &str| path.rsplit("::").next().unwrap_or_default().to_owned();
    let segments = wanted.matches("::").count() + 1;
    let likeness = |name: &str| {
        let whole = strsim::jaro_winkler(wanted, name);
        // The same last name elsewhere is what a moved module or a forgotten crate name looks like.
        if last(name) == last(wanted) {
            return whole.max(0.99);
        }
        // The end of a path is enough to name it, so that may be what was mistyped.
        whole.max(LESS_THAN_ALL * strsim::jaro_winkler(wanted, end(name, segments)))
    };
    let mut near: Vec<(f64, &str)> =
        names.map(|name| (likeness(name), name)).filter(|&(alike, _)| alike >= ALIKE).collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.len().cmp(&b.1.len())).then(a.1.cmp(b.1)));
    near.dedup_by(|a, b| a.1 == b.1);
    near.truncate(NEAREST);
    near.into_iter().map(|(_, name)| name).collect()
}

/// The last so many segments of a path.
fn end(path: &str, segments: usize) -> &str {
    path.rmatch_indices("::").nth(segments - 1).map_or(path, |(at, _)| &path[at + 2..])
}

/// `; did you mean …?`, or nothing when nothing is like it.
pub(crate) fn did_you_mean(near: &[&str]) -> String {
    let shown: Vec<String> = near.iter().map(|name| format!("`{name}`")).collect();
    if shown.is_empty() { String::new() } else { format!("; did you mean {}?", shown.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_like_a_name_is_suggested() {
        let names =
            ["shop", "shop::orders", "shop::orders::place", "shop::billing", "store", "store::orders"];
        for (wanted, expected) in [
            ("shop::order", &["shop::orders", "shop::billing", "shop::orders::place"][..]),
            ("ordrs", &["shop::orders", "store::orders"]),
            ("orders::plase", &["shop::orders::place"]),
            ("app::place", &["shop::orders::place"]),
            ("zzz", &[]),
            ("", &[]),
        ] {
            let near = nearest(wanted, names.into_iter());
            assert!(near.starts_with(&expected[..expected.len().min(1)]), "{wanted}: {near:?}");
            assert!(near.len() >= expected.len().min(2), "{wanted}: {near:?}");
            assert_eq!(near.is_empty(), expected.is_empty(), "{wanted}: {near:?}");
        }
    }
}
