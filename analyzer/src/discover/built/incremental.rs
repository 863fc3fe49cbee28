//! The directories of incremental compilation: `incremental/CRATE-ID/s-TIME-RANDOM-HASH` (rustc's
//! `rustc_incremental::persist::fs`, whose times are microseconds since 1970 in base 36).

use std::path::Path;

use super::budget::Budget;
use super::{IncrementalCache, Stamp};

/// The crates' directories, sorted by name.
pub(super) fn caches(dir: &Path, budget: &mut Budget) -> Vec<IncrementalCache> {
    let mut all = Vec::new();
    for (name, path) in budget.directories(dir) {
        let Some((krate, _id)) = name.rsplit_once('-') else { continue };
        let born =
            std::fs::symlink_metadata(&path).and_then(|metadata| metadata.created()).ok().map(Stamp::of);
        let sessions = budget.entries(&path).iter().filter_map(|name| session(name)).collect();
        all.push(IncrementalCache { krate: krate.to_owned(), born, sessions });
    }
    all
}

/// When a session began; `None` for one that never ended (`…-working`), and for lock files.
fn session(name: &str) -> Option<Stamp> {
    let mut parts = name.strip_prefix("s-")?.split('-');
    let (time, _random, hash) = (parts.next()?, parts.next()?, parts.next()?);
    if hash == "working" || name.ends_with(".lock") || parts.next().is_some() {
        return None;
    }
    let micros = i64::from_str_radix(time, 36).ok()?;
    Some(Stamp(micros.checked_mul(1000)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_sessions() {
        let cases = [
            ("s-hcxy5zbt0g-0k2xv1c-3qkqf0x4yzp9k1m2", true),
            ("s-hcxy5zbt0g-0k2xv1c-working", false),
            ("s-hcxy5zbt0g-0k2xv1c.lock", false),
            ("s-hcxy5zbt0g", false),
            ("x-1-2-3", false),
            ("s--2-3", false),
            ("s-zzzzzzzzzzzzzzzz-2-3", false),
        ];
        for (name, known) in cases {
            assert_eq!(session(name).is_some(), known, "{name}");
        }
        // 2023-11-14T22:13:20Z is 1,700,000,000 s.
        assert_eq!(
            session("s-gqmgz01ts0-1-2").map(|s| s.0),
            i64::from_str_radix("gqmgz01ts0", 36).ok().map(|m| m * 1000)
        );
    }
}
