//! Other packages of the repository that use items of one.

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::{ItemId, PackageId};
use crate::plan::index::references_to;
use crate::plan::input::PlanInput;
use crate::resolve::RefKind;

/// Who uses an item from outside of its package.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::plan) struct OutsideUse {
    /// The packages, sorted.
    pub(in crate::plan) users: BTreeSet<PackageId>,
    /// Their references, imports that others follow aside.
    pub(in crate::plan) references: u32,
}

/// Which other packages use each of these items, tests included. Items that none uses are left out.
pub(in crate::plan) fn outside_uses(
    input: &PlanInput<'_>,
    package: PackageId,
    items: &BTreeSet<ItemId>,
) -> BTreeMap<ItemId, OutsideUse> {
    let mut found: BTreeMap<ItemId, OutsideUse> = BTreeMap::new();
    for r in references_to(input, items).filter(|r| r.structural) {
        let module = input.resolution.items[r.from].module;
        let target = input.resolution.crates[input.resolution.modules[module].krate].target;
        let user = input.repository.targets[target].package;
        let by_value = matches!(r.kind, RefKind::Method | RefKind::Field);
        if user != package && !by_value {
            let entry = found.entry(r.to).or_default();
            entry.users.insert(user);
            entry.references += 1;
        }
    }
    found
}
