//! What edits that pass something in change.

use std::collections::BTreeMap;

use crate::apply::source::spans::Splice;
use crate::ids::SourceFileId;

/// Changes of one edit.
#[derive(Debug, Default, Clone)]
pub(super) struct Changes {
    /// Places that name what is passed in.
    pub(super) replaced: Vec<(SourceFileId, Splice)>,
    /// Parameters and arguments, by the place where a list ends, and whether something stands in it.
    pub(super) added: BTreeMap<(SourceFileId, usize), (bool, Vec<String>)>,
    /// Items at the ends of files.
    pub(super) appended: Vec<(SourceFileId, String)>,
}

impl Changes {
    /// Takes the changes of one more edit, or none of them.
    pub(super) fn with(&mut self, more: Self) -> Result<(), String> {
        let meets = |(file, splice): &(SourceFileId, Splice)| {
            let taken = self.replaced.iter().filter(|(other, _)| other == file);
            let meets =
                |other: &Splice| splice.bytes.start < other.bytes.end && other.bytes.start < splice.bytes.end;
            taken.into_iter().any(|(_, other)| meets(other))
        };
        if more.replaced.iter().any(meets) {
            return Err("another edit changes the same place".to_owned());
        }
        self.replaced.extend(more.replaced);
        self.appended.extend(more.appended);
        for (at, (empty, texts)) in more.added {
            self.added.entry(at).or_insert((empty, Vec::new())).1.extend(texts);
        }
        Ok(())
    }
}
