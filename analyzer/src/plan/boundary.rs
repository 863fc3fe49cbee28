//! What has to become visible across the boundaries of a plan.

use std::collections::BTreeMap;

use super::assemble::Assembled;
use super::groups::Groups;
use super::input::PlanInput;
use super::model::Widening;
use crate::ids::{Id, ItemId};
use crate::resolve::{ItemKind, RefKind};

/// Items with restricted visibility that another crate of the plan refers to, and `macro_rules!` that it would no
/// longer find by textual order. References that are cut anyway don't count.
pub(super) fn widenings(input: &PlanInput<'_>, groups: &Groups, assembled: &Assembled) -> Vec<Widening> {
    let mut needed: BTreeMap<ItemId, u32> = BTreeMap::new();
    let references = &input.resolution.references;
    for (item, group) in groups.of_items() {
        let crosses = groups
            .out
            .row(group)
            .iter()
            .any(|&(to, _)| assembled.of_group[to as usize] < assembled.of_group[group as usize]);
        if !crosses {
            continue;
        }
        let start = references.partition_point(|r| r.from.index() < item.index());
        for r in references[start..].iter().take_while(|r| r.from == item) {
            if r.test || r.kind == RefKind::Import {
                continue;
            }
            let target = &input.resolution.items[r.to];
            let hidden = r.restricted || (target.kind == ItemKind::Macro && !target.macro_export);
            let Some(to) = groups.of(r.to).filter(|_| hidden) else { continue };
            if assembled.of_group[to as usize] < assembled.of_group[group as usize] {
                *needed.entry(r.to).or_default() += 1;
            }
        }
    }
    needed.into_iter().map(|(item, references)| Widening { item, references }).collect()
}
