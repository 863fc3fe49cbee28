//! Blockers: references against the order that no move of an item and no widened visibility removes.

use super::against::Against;
use super::choose::Choice;
use crate::graph::TieCause;
use crate::ids::ItemId;
use crate::plan::index::references_of;
use crate::plan::input::PlanInput;
use crate::plan::model::Blocker;
use crate::resolve::{ImplHeader, Item, ItemKind, RefKind, Resolution};

/// The blockers among what runs against the order of a plan and no move removes, ordered by item; at most one for each item.
pub(in crate::plan) fn blockers(input: &PlanInput<'_>, choice: &Choice<'_>) -> Vec<Blocker> {
    let stays = choice.changed().into_iter();
    let mut found: Vec<Blocker> = stays.filter_map(|pair| blocker(input.resolution, pair)).collect();
    found.sort_by_key(|blocker| blocker.item);
    found.dedup_by_key(|blocker| blocker.item);
    found
}

fn blocker(resolution: &Resolution, cut: &Against<'_>) -> Option<Blocker> {
    let (source, target) = (&resolution.items[cut.from], &resolution.items[cut.to]);
    if in_header(source, (cut.to, target)) {
        let detail = format!(
            "`{}` names `{}`, which lies above, but the orphan rule keeps it with its trait or its type below: write it \
             once for all types there (a generic `impl` with a bound), or bring `{}` down",
            source.name, target.name, target.name
        );
        return Some(Blocker { cause: TieCause::OrphanRule, item: cut.from, detail });
    }
    let mutual = is_type(source) && is_type(target) && holds(resolution, cut.to, cut.from);
    mutual.then(|| Blocker {
        cause: TieCause::Cycle,
        item: cut.from,
        detail: format!(
            "the definitions of `{}` and `{}` name each other, so that no move parts them: one of the two has to change",
            source.name, target.name
        ),
    })
}

/// Whether a trait `impl` names the type in its header, but may not live with it: `B` in `impl T for A<B>`.
fn in_header(source: &Item, (id, target): (ItemId, &Item)) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let at_home = |header: &ImplHeader| header.self_item == Some(id) || header.argument_items.contains(&id);
    source.imp.as_ref().is_some_and(|header| header.is_trait && !at_home(header))
        && is_type(target)
        && source.name.split(|c| !is_word(c)).any(|word| word == target.name)
}

fn is_type(item: &Item) -> bool {
    matches!(item.kind, ItemKind::Struct | ItemKind::Enum | ItemKind::Union)
}

/// Whether the definition of one type names the other one.
fn holds(resolution: &Resolution, holder: ItemId, held: ItemId) -> bool {
    let named = |kind| matches!(kind, RefKind::Type | RefKind::Field);
    references_of(resolution, holder).iter().any(|r| r.to == held && !r.test && named(r.kind))
}
