//! Who uses what, function by function: finer than references between items, where an `impl` is one.

use crate::ids::{DefinitionId, Id, IdVec, ItemId};
use crate::parse::tree::Name;

/// An item, or an associated item of an `impl` or a trait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Definition {
    /// The item; of an associated item the `impl` or trait around it.
    pub item: ItemId,
    /// Its own name; empty for an `impl`.
    pub name: Name,
    /// What it is.
    pub kind: DefinitionKind,
    /// First line, from 1, attributes and docs included.
    pub line: u32,
    /// Last line, inclusive.
    pub end_line: u32,
    /// Whether it exists under `cfg(test)` only.
    pub test: bool,
    /// Whether it is a method: there must be a value to call it on.
    pub takes_self: bool,
}

/// What a definition is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefinitionKind {
    /// An item: of an `impl` or trait its header alone.
    Item,
    /// An associated function.
    Function,
    /// An associated constant.
    Constant,
    /// An associated type.
    Type,
}

/// One definition naming another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    /// What is named.
    pub to: DefinitionId,
    /// The line where it is, from 1.
    pub line: u32,
}

/// What each definition names outside of tests. Imports are left out, but those that no reference follows.
#[derive(Debug, Clone, Default)]
pub struct Uses {
    /// Items first, with the numbers that they have, then associated items, those of one item one after the other.
    pub definitions: IdVec<DefinitionId, Definition>,
    /// Where the associated items of each item begin.
    members: Vec<u32>,
    /// Where what each definition names begins.
    starts: Vec<u32>,
    list: Vec<Use>,
}

impl Uses {
    /// From what names what, in any order; associated items come in the order of their items.
    pub(crate) fn new(
        items: usize,
        definitions: IdVec<DefinitionId, Definition>,
        mut found: Vec<(DefinitionId, Use)>,
    ) -> Self {
        found.sort_unstable();
        found.dedup();
        let begins = starts(definitions.len(), found.iter().map(|(from, _)| from.index()), 0);
        let associated = definitions.iter().skip(items).map(|definition| definition.item.index());
        let members = starts(items, associated, items);
        Self { definitions, members, starts: begins, list: found.into_iter().map(|(_, used)| used).collect() }
    }

    /// What a definition names, sorted.
    pub fn of(&self, definition: DefinitionId) -> &[Use] {
        let at = definition.index();
        &self.list[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    /// The associated items of an `impl` or a trait.
    pub fn members(&self, item: ItemId) -> impl DoubleEndedIterator<Item = DefinitionId> + use<> {
        let at = item.index();
        (self.members[at] as usize..self.members[at + 1] as usize).map(DefinitionId::from_index)
    }

    /// An item as a definition.
    pub fn of_item(item: ItemId) -> DefinitionId {
        DefinitionId::from_index(item.index())
    }
}

/// Where the run of each number below `count` begins among sorted numbers, which begin at `first`, and where the last one ends.
fn starts(count: usize, sorted: impl Iterator<Item = usize>, first: usize) -> Vec<u32> {
    let mut starts = Vec::with_capacity(count + 1);
    let mut at = first as u32;
    for number in sorted {
        while starts.len() <= number {
            starts.push(at);
        }
        at += 1;
    }
    starts.resize(count + 1, at);
    starts
}

#[cfg(test)]
mod tests {
    use super::starts;

    #[test]
    fn runs_of_sorted_numbers() {
        for (count, sorted, first, expected) in [
            (0, vec![], 0, vec![0]),
            (2, vec![], 3, vec![3, 3, 3]),
            (3, vec![0, 0, 2], 0, vec![0, 2, 2, 3]),
            (3, vec![1], 5, vec![5, 5, 6, 6]),
        ] {
            assert_eq!(starts(count, sorted.into_iter(), first), expected);
        }
    }
}
