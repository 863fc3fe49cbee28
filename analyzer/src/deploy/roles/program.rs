//! A program whose roles are looked for.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use super::places::Places;
use crate::deploy::reach::{Reach, Reached, Start};
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

/// What of a program runs.
#[derive(Clone, Copy)]
pub(super) struct Run<'a> {
    pub(super) reached: &'a Reached,
    /// Where it starts, if that is not all of a definition.
    pub(super) start: &'a Start,
}

impl Run<'_> {
    /// Whether a line of a definition runs.
    pub(super) fn runs(&self, id: DefinitionId, line: u32) -> bool {
        let among = |lines: &[(DefinitionId, RangeInclusive<u32>)]| {
            lines.iter().any(|(of, lines)| *of == id && lines.contains(&line))
        };
        let left_out = || self.start.without.get(&id).into_iter().flatten().any(|own| own.contains(&line));
        (self.reached.contains(id) || among(&self.start.lines)) && !left_out()
    }

    /// All of which something runs.
    pub(super) fn definitions(&self) -> impl Iterator<Item = DefinitionId> + '_ {
        let some = self.start.lines.iter().map(|(of, _)| *of).filter(|&of| !self.reached.contains(of));
        let some: BTreeSet<DefinitionId> = some.collect();
        self.reached.definitions().chain(some)
    }
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

/// Of the functions of the repository that some lines of a definition name the one that runs most.
pub(super) fn largest_call(
    program: Program<'_>,
    of: DefinitionId,
    lines: &RangeInclusive<u32>,
) -> Option<DefinitionId> {
    let used = program.resolution.uses.of(of).iter().filter(|used| lines.contains(&used.line));
    let named: BTreeSet<DefinitionId> =
        used.map(|used| used.to).filter(|&to| program.is_function(to)).collect();
    if let &[only] = &named.iter().copied().collect::<Vec<_>>()[..] {
        return Some(only);
    }
    named.into_iter().max_by_key(|id| (program.reach.size(*id), std::cmp::Reverse(*id)))
}
