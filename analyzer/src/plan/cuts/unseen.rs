//! Fixes of references to what isn't there to be seen: paths into a module that end at a name which a macro or a build
//! script writes.

use super::against::Against;
use super::fixes::{Fixes, MANY_LINES, listed};
use crate::plan::model::Fix;
use crate::resolve::{Unresolved, UnresolvedCause};

impl Fixes<'_> {
    /// For a reference to a module as a whole. What is meant can't be moved by itself: nobody sees it.
    pub(in crate::plan) fn unseen(&self, pair: &Against<'_>) -> (Fix, String) {
        let names = self.unseen_names(pair);
        let what = if names.is_empty() { "what a path names".to_owned() } else { listed(&names) };
        let written = format!(
            "{what} in the module `{}` can't be seen (a macro or a build script writes it, or it is switched off)",
            self.item(pair.to).path
        );
        match self.move_up(pair, MANY_LINES) {
            Some((fix, why)) => (fix, format!("{why}; {written}")),
            None => {
                (Fix::PassValue, format!("pass it in from above, or move what writes it down: {written}"))
            }
        }
    }

    /// The last names of the paths, from the lines of the references.
    fn unseen_names(&self, pair: &Against<'_>) -> Vec<String> {
        let (missed, file) = (&self.input.resolution.unresolved, self.item(pair.from).file);
        let at = |line: u32| -> &[Unresolved] {
            let start = missed.partition_point(|miss| (miss.file, miss.line) < (file, line));
            let len = missed[start..].partition_point(|miss| (miss.file, miss.line) == (file, line));
            &missed[start..start + len]
        };
        let misses = pair.references.iter().flat_map(|r| at(r.line));
        let paths = misses.filter(|miss| miss.cause == UnresolvedCause::MissingInModule);
        let last = |miss: &Unresolved| Some(format!("`{}`", miss.text.rsplit("::").next()?));
        let mut names: Vec<String> = paths.filter_map(last).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}
