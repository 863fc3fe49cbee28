//! Whether the package stays on top of its new crates though some of them need what the plan leaves with it: where that is
//! little, it is cut or moved down, as far as cuts are assumed; else the package really lies below.

use crate::ids::{GroupId, IdVec};
use crate::plan::cuts::fixes::{HANDFUL, MOST_OF_CRATE};
use crate::plan::partition::groups::Groups;

/// Whether what others need of the crate at position `residual`, with all that this needs of it and the `impl`s that would
/// have to go along, is no more of it than a fix may move. `of_group` is the crate of each group.
pub(super) fn little_is_needed(groups: &Groups, of_group: &IdVec<GroupId, usize>, residual: usize) -> bool {
    let stays = |group: GroupId| of_group[group] == residual;
    let arcs = groups.out.arcs();
    let mut queue: Vec<GroupId> =
        arcs.filter(|&(from, to, _)| !stays(from) && stays(to)).map(|(_, to, _)| to).collect();
    let mut needed: IdVec<GroupId, bool> = IdVec::from_elem(false, groups.len());
    while let Some(group) = queue.pop() {
        if !std::mem::replace(&mut needed[group], true) {
            let along = groups.out.row(group).iter().map(|&(to, _)| to);
            queue.extend(along.chain(groups.followers[group].iter().copied()).filter(|&g| stays(g)));
        }
    }
    let lines = |of: &dyn Fn(GroupId) -> bool| -> f64 {
        let groups_of = groups.ids().filter(|&group| of(group));
        groups_of.map(|group| f64::from(groups.lines[group])).sum()
    };
    lines(&|group| needed[group]) <= (lines(&stays) * MOST_OF_CRATE).max(f64::from(HANDFUL))
}
