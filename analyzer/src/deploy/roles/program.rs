//! A program whose roles are looked for.

use std::ops::RangeInclusive;

use super::places::Places;
use crate::deploy::reach::{Reach, Reached};
use crate::ids::DefinitionId;
use crate::resolve::{DefinitionKind, ItemKind, Resolution};

/// Where roles are looked for.
#[derive(Clone, Copy)]
pub(in crate::deploy) struct Program<'a> {
    pub(in crate::deploy) resolution: &'a Resolution,
    pub(in crate::deploy) reach: &'a Reach<'a>,
    pub(in crate::deploy) places: &'a Places,
    /// Its `main`.
    pub(in crate::deploy) main: DefinitionId,
    /// All that it reaches.
    pub(in crate::deploy) reached: &'a Reached,
}

impl Program<'_> {
    pub(in crate::deploy) fn is_function(&self, id: DefinitionId) -> bool {
        let definition = &self.resolution.uses.definitions[id];
        match definition.kind {
            DefinitionKind::Item => self.resolution.items[definition.item].kind == ItemKind::Fn,
            DefinitionKind::Function => true,
            DefinitionKind::Constant | DefinitionKind::Type => false,
        }
    }
}

/// Whether some lines of a definition name a function of the repository.
pub(super) fn calls_any(program: Program<'_>, of: DefinitionId, lines: &RangeInclusive<u32>) -> bool {
    let used = program.resolution.uses.of(of).iter();
    used.into_iter().any(|used| lines.contains(&used.line) && program.is_function(used.to))
}

/// The one function of the repository that some lines of a definition name, if they name one only.
pub(super) fn only_call(
    program: Program<'_>,
    of: DefinitionId,
    lines: &RangeInclusive<u32>,
) -> Option<DefinitionId> {
    let used = program.resolution.uses.of(of).iter();
    let mut named = used.filter(|used| lines.contains(&used.line) && program.is_function(used.to));
    let first = named.next()?.to;
    named.all(|used| used.to == first).then_some(first)
}
