//! References to what isn't there to be seen: paths into a module that end at a name which a macro or a build script writes.

use super::against::Against;
use crate::resolve::{Resolution, Unresolved, UnresolvedCause};

/// The last names of the paths, from the lines of the references.
pub(in crate::plan) fn generated_names(resolution: &Resolution, pair: &Against<'_>) -> Vec<String> {
    let (missed, file) = (&resolution.unresolved, resolution.items[pair.from].file);
    let at = |line: u32| -> &[Unresolved] {
        let start = missed.partition_point(|miss| (miss.file, miss.line) < (file, line));
        let len = missed[start..].partition_point(|miss| (miss.file, miss.line) == (file, line));
        &missed[start..start + len]
    };
    let misses = pair.references.iter().flat_map(|r| at(r.line));
    let paths = misses.filter(|miss| miss.cause == UnresolvedCause::MissingInModule);
    let last = |miss: &Unresolved| Some(miss.text.rsplit("::").next()?.to_owned());
    let mut names: Vec<String> = paths.filter_map(last).collect();
    names.sort_unstable();
    names.dedup();
    names
}
