//! Members that a split may have to open to others: fields and associated items that are not `pub` or exist for tests only, and variants
//! that do.
//!
//! A reference ends at an item, and an `impl` can't be made `pub`: so these few keep their own name and line.

use rustc_hash::FxHashMap;

use crate::discover::CfgExpr;
use crate::ids::{IdVec, ItemId, MemberId};
use crate::parse::tree::{Name, NodeKind};
use crate::resolve::model::{Member, Visibility};
use crate::resolve::names::def::{DefId, World};

/// Finds the member that a reference names.
#[derive(Default)]
pub(in crate::resolve) struct Members {
    of_definition: FxHashMap<DefId, MemberId>,
    of_field: FxHashMap<(DefId, Name), MemberId>,
}

impl Members {
    /// The member of an associated item, of a field of a struct or of a variant; one that is `pub` if it exists for tests only.
    pub(in crate::resolve) fn find(&self, to: DefId, field: Option<Name>) -> Option<MemberId> {
        match field {
            Some(name) => self.of_field.get(&(to, name)).copied(),
            None => self.of_definition.get(&to).copied(),
        }
    }
}

/// Whether one of these predicates holds in tests only.
pub(in crate::resolve) fn needs_test(cfgs: &[Name]) -> bool {
    cfgs.iter().any(|cfg| CfgExpr::parse(cfg).needs_test())
}

/// All members that are not `pub`, or for tests only, in the order of definitions.
pub(in crate::resolve) fn members(
    world: &World<'_>,
    ids: &IdVec<DefId, ItemId>,
) -> (IdVec<MemberId, Member>, Members) {
    let (mut all, mut members) = (IdVec::new(), Members::default());
    let mut add = |def: DefId, name: Name, line: u32, (visibility, test)| {
        (visibility != Visibility::Public || test).then(|| {
            all.push(Member { item: ids[def], name: name.as_str().to_owned(), line, visibility, test })
        })
    };
    for (def, data) in world.defs.iter_enumerated() {
        let node = world.node(def);
        let around = data.parent.filter(|&parent| matches!(world.node(parent).kind, NodeKind::Impl(_)));
        if let Some(around) = around {
            let test = data.test && !world.defs[around].test;
            let id = add(def, data.name, node.line, (data.vis, test));
            members.of_definition.extend(id.map(|id| (def, id)));
        }
        if let NodeKind::Enum(variants) = &node.kind {
            for variant in variants.iter().filter(|variant| !data.test && needs_test(&variant.cfgs)) {
                let id = add(def, variant.name, variant.lines.0, (Visibility::Public, true));
                members.of_field.extend(id.map(|id| ((def, variant.name), id)));
            }
        }
        if let NodeKind::Struct(fields) | NodeKind::Union(fields) = &node.kind {
            for field in fields {
                let test = !data.test && needs_test(&field.cfgs);
                let visibility = world.visibility(data.module, &field.vis);
                let id = add(def, field.name, field.line, (visibility, test));
                members.of_field.extend(id.map(|id| ((def, field.name), id)));
            }
        }
    }
    (all, members)
}
