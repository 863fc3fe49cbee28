//! Members that a split may have to widen: fields and associated items that are not `pub`.
//!
//! A reference ends at an item, and an `impl` can't be made `pub`: so these few keep their own name and line.

use rustc_hash::FxHashMap;

use crate::ids::{IdVec, ItemId, MemberId};
use crate::parse::tree::{Name, NodeKind, Vis};
use crate::resolve::model::{Member, Visibility};
use crate::resolve::names::def::{DefId, World};

/// Finds the member that a reference names.
#[derive(Default)]
pub(in crate::resolve) struct Members {
    of_definition: FxHashMap<DefId, MemberId>,
    of_field: FxHashMap<(DefId, Name), MemberId>,
}

impl Members {
    /// The member of an associated item, or of a field of a struct.
    pub(in crate::resolve) fn find(&self, to: DefId, field: Option<Name>) -> Option<MemberId> {
        match field {
            Some(name) => self.of_field.get(&(to, name)).copied(),
            None => self.of_definition.get(&to).copied(),
        }
    }
}

/// All members that are not `pub`, in the order of definitions.
pub(in crate::resolve) fn members(
    world: &World<'_>,
    ids: &IdVec<DefId, ItemId>,
) -> (IdVec<MemberId, Member>, Members) {
    let (mut all, mut members) = (IdVec::new(), Members::default());
    let mut add = |def: DefId, name: Name, line: u32, visibility| {
        all.push(Member { item: ids[def], name: name.as_str().to_owned(), line, visibility })
    };
    for (def, data) in world.defs.iter_enumerated() {
        let node = world.node(def);
        let inherent = data.parent.is_some_and(|parent| matches!(world.node(parent).kind, NodeKind::Impl(_)));
        if inherent && data.vis != Visibility::Public {
            members.of_definition.insert(def, add(def, data.name, node.line, data.vis));
        }
        if let NodeKind::Struct(fields) | NodeKind::Union(fields) = &node.kind {
            for field in fields.iter().filter(|field| field.vis != Vis::Public) {
                let visibility = world.visibility(data.module, &field.vis);
                members.of_field.insert((def, field.name), add(def, field.name, field.line, visibility));
            }
        }
    }
    (all, members)
}
