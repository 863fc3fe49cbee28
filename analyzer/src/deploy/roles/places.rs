//! Whose a line of a file is: the innermost function, constant, static or macro around it.

use crate::ids::{DefinitionId, FileId, Id, IdVec};
use crate::resolve::{DefinitionKind, ItemKind, Resolution};

/// What has code, by file and line.
pub(in crate::deploy) struct Places {
    /// First and last line, the innermost of those that begin on one line last.
    of_file: IdVec<FileId, Vec<(u32, u32, DefinitionId)>>,
}

impl Places {
    pub(in crate::deploy) fn new(resolution: &Resolution) -> Self {
        let mut of_file = IdVec::from_elem(Vec::new(), resolution.files.len());
        for (id, definition) in resolution.uses.definitions.iter_enumerated() {
            let item = &resolution.items[definition.item];
            let has_code = match definition.kind {
                DefinitionKind::Item => {
                    matches!(item.kind, ItemKind::Fn | ItemKind::Const | ItemKind::Static | ItemKind::Macro)
                }
                DefinitionKind::Function | DefinitionKind::Constant => true,
                DefinitionKind::Type => false,
            };
            if has_code && !definition.test {
                of_file[item.file].push((definition.line, definition.end_line, id));
            }
        }
        for file in of_file.iter_mut() {
            file.sort_unstable_by_key(|&(first, last, id)| (first, std::cmp::Reverse(last), id.index()));
        }
        Self { of_file }
    }

    /// Whose a line is. One file may be several modules: all of them count.
    pub(in crate::deploy) fn at(&self, file: FileId, line: u32) -> Vec<DefinitionId> {
        let all = &self.of_file[file];
        // Those that begin later are not around it; of the rest the last one that holds it is the innermost.
        let begun = &all[..all.partition_point(|of| of.0 <= line)];
        let Some(at) = begun.iter().rposition(|of| line <= of.1) else { return Vec::new() };
        let (first, last, _) = begun[at];
        let same = begun[..=at].iter().rev().take_while(|of| (of.0, of.1) == (first, last));
        let mut found: Vec<DefinitionId> = same.map(|of| of.2).collect();
        found.reverse();
        found
    }
}
