//! Where programs and libraries begin.

use super::reach::Start;
use crate::ids::{CrateId, DefinitionId, IdVec};
use crate::resolve::{Resolution, Uses};

/// What of each crate runs by itself, or may be called from outside.
pub(super) struct Entries<'a> {
    resolution: &'a Resolution,
    /// All definitions of each crate, tests aside.
    own: IdVec<CrateId, Vec<DefinitionId>>,
}

impl<'a> Entries<'a> {
    pub(super) fn new(resolution: &'a Resolution) -> Self {
        let mut own = IdVec::from_elem(Vec::new(), resolution.crates.len());
        for (id, definition) in resolution.uses.definitions.iter_enumerated() {
            if !definition.test {
                own[resolution.modules[resolution.items[definition.item].module].krate].push(id);
            }
        }
        Self { resolution, own }
    }

    /// The `main` of a program, where it is written as one.
    pub(super) fn main(&self, krate: CrateId) -> Option<DefinitionId> {
        let root = self.resolution.crates[krate].root;
        let items = self.resolution.modules[root].items.iter();
        items.copied().find(|&item| self.resolution.items[item].is_main()).map(Uses::of_item)
    }

    /// A program: its `main`, or all of it where something else makes that.
    pub(super) fn program(&self, krate: CrateId) -> Start {
        match self.main(krate) {
            Some(main) => Start::process(main),
            None => self.whole([krate]),
        }
    }

    /// All that is in some crates.
    pub(super) fn whole(&self, crates: impl IntoIterator<Item = CrateId>) -> Start {
        let roots = crates.into_iter().flat_map(|krate| self.own[krate].iter().copied()).collect();
        Start { roots, ..Start::default() }
    }
}
