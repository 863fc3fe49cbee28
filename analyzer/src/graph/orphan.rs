//! Where an `impl` may live: the orphan rule, and inherent impls.

use super::model::{ImplChoice, TieCause};
use crate::ids::{CrateId, ItemId};
use crate::resolve::{ImplHeader, Item, Resolution};

/// Where an `impl` block may live, seen from the crates to be split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Home {
    /// No item of these crates constrains it.
    Anywhere,
    /// With this item only.
    With(ItemId, TieCause),
    /// With any of these items, sorted.
    OneOf(Vec<ItemId>),
}

/// The trait impls of these crates that may go with more than one item. All others are tied: see
/// [`atoms`](super::atoms). Ordered by impl.
pub fn impl_choices(resolution: &Resolution, crates: &[CrateId]) -> Vec<ImplChoice> {
    let mut choices = Vec::new();
    for (imp, item) in resolution.items.iter_enumerated() {
        let Some(header) = &item.imp else { continue };
        if !in_crates(resolution, imp, crates) {
            continue;
        }
        if let Home::OneOf(hosts) = home(resolution, item, header, crates) {
            choices.push(ImplChoice { imp, hosts });
        }
    }
    choices
}

/// Every `impl` of these crates that the language ties to some of their items, with all its possible hosts: one for
/// most, several for those of [`impl_choices`]. Ordered by impl.
pub fn impl_hosts(resolution: &Resolution, crates: &[CrateId]) -> Vec<ImplChoice> {
    let mut found = Vec::new();
    for (imp, item) in resolution.items.iter_enumerated() {
        let Some(header) = item.imp.as_ref().filter(|_| in_crates(resolution, imp, crates)) else { continue };
        let hosts = match home(resolution, item, header, crates) {
            Home::Anywhere => continue,
            Home::With(host, _) => vec![host],
            Home::OneOf(hosts) => hosts,
        };
        found.push(ImplChoice { imp, hosts });
    }
    found
}

/// Whether an item belongs to one of the crates.
pub(super) fn in_crates(resolution: &Resolution, item: ItemId, crates: &[CrateId]) -> bool {
    crates.contains(&resolution.modules[resolution.items[item].module].krate)
}

/// The homes that the language allows an `impl`.
pub(super) fn home(resolution: &Resolution, imp: &Item, header: &ImplHeader, crates: &[CrateId]) -> Home {
    let local = |item: Option<ItemId>| item.filter(|&item| in_crates(resolution, item, crates));
    let self_item = local(header.self_item);
    let unseen = header.unseen_items.iter().filter_map(|&item| local(Some(item)));
    if !header.is_trait {
        return self_item
            .or_else(|| unseen.clone().next())
            .map_or(Home::Anywhere, |item| Home::With(item, TieCause::InherentImpl));
    }
    let trait_item = local(header.trait_item);
    let mut hosts: Vec<ItemId> = trait_item.into_iter().chain(self_item).chain(unseen).collect();
    // `impl<T> Trait<Local> for T` may not leave the trait's crate, `impl<T> Trait<Local> for Vec<T>` may.
    if header.covered || header.self_item.is_some() || trait_item.is_none() || !imp.generic {
        hosts.extend(header.argument_items.iter().filter_map(|&item| local(Some(item))));
    }
    hosts.sort_unstable();
    hosts.dedup();
    match hosts[..] {
        [] => Home::Anywhere,
        [host] => Home::With(host, TieCause::OrphanRule),
        _ => Home::OneOf(hosts),
    }
}
