//! What the `impl`s of one trait for one type have under one name, so that a call finds the one that takes its arguments
//! without asking each: `From<A>`, `From<B>` and so on, thousands of them where a macro writes them.

use rustc_hash::FxHashMap;

use super::head::{Head, head};
use super::ty::Ty;
use crate::resolve::names::def::DefId;

/// The same item in every `impl` of one trait, in the order in which they are written.
#[derive(Debug, Default)]
pub(in crate::resolve) struct Overloads {
    pub(in crate::resolve) all: Vec<DefId>,
    /// Those whose first parameter (without `self`) is a type of one head.
    by_first: FxHashMap<Head, Vec<DefId>>,
    /// Those whose first parameter may be more than that.
    open: Vec<DefId>,
}

impl Overloads {
    /// A list of one.
    pub(in crate::resolve) fn one(def: DefId) -> Self {
        Self { all: vec![def], by_first: FxHashMap::default(), open: vec![def] }
    }

    /// Adds the next one, whose first parameter (without `self`) is this.
    pub(in crate::resolve) fn push(&mut self, def: DefId, first: Option<&Ty>) {
        self.all.push(def);
        match first.and_then(narrow) {
            Some(head) => self.by_first.entry(head).or_default().push(def),
            None => self.open.push(def),
        }
    }

    /// All that may take this as their first argument, in order; more where the type says little.
    pub(in crate::resolve) fn for_first(&self, given: Option<&Ty>) -> Vec<DefId> {
        let Some(head) = given.and_then(narrow) else { return self.all.clone() };
        let mut found = self.open.clone();
        found.extend(self.by_first.get(&head).into_iter().flatten());
        found.sort_unstable();
        found
    }
}

/// The head of a type that only types of the same head are `compatible` with, but for those that aren't known.
fn narrow(ty: &Ty) -> Option<Head> {
    matches!(ty, Ty::Adt(..) | Ty::Ext(..) | Ty::Tuple(_)).then(|| head(ty))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;
    use crate::resolve::types::ty::Args;

    /// Candidates are counted, not seconds.
    #[test]
    fn a_call_asks_those_that_may_take_its_argument() {
        let ids: Vec<DefId> = (0..10_000).map(DefId::from_index).collect();
        let ty = |i: usize| Ty::Adt(ids[i], Args::default());
        // One for each type, and a generic one in the midst of them.
        let generic = ids[5_000];
        let mut overloads = Overloads::default();
        for (i, &def) in ids.iter().enumerate() {
            let first = if def == generic { Ty::Param(def, ustr::ustr("T")) } else { ty(i) };
            overloads.push(def, Some(&first));
        }
        for (given, candidates) in [
            (Some(ty(7)), vec![ids[7], generic]),
            (Some(ty(9_000)), vec![generic, ids[9_000]]),
            (Some(Ty::ext("Vec", [ty(7)])), vec![generic]),
            (Some(Ty::Unknown), ids.clone()),
            (None, ids.clone()),
        ] {
            assert!(overloads.for_first(given.as_ref()) == candidates, "{given:?}");
        }
    }
}
