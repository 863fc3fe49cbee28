//! Whether the package stays on top of its new crates though some of them need what the plan leaves with it: where that is
//! little, it is cut or moved down, as far as cuts are assumed; else the package really lies below.

use crate::plan::cuts::fixes::MOST_OF_CRATE;
use crate::plan::partition::groups::Groups;

/// Whether what others need of the crate at position `residual`, with all that this needs of it and the `impl`s that would
/// have to go along, is no more of it than a fix may move. `of_group` is the crate of each group.
pub(super) fn little_is_needed(groups: &Groups, of_group: &[usize], residual: usize) -> bool {
    let stays = |group: u32| of_group[group as usize] == residual;
    let arcs = groups.out.arcs();
    let mut queue: Vec<u32> =
        arcs.filter(|&(from, to, _)| !stays(from) && stays(to)).map(|(_, to, _)| to).collect();
    let mut needed = vec![false; groups.len()];
    while let Some(group) = queue.pop() {
        if !std::mem::replace(&mut needed[group as usize], true) {
            let along = groups.out.row(group).iter().map(|&(to, _)| to);
            queue.extend(along.chain(groups.followers[group as usize].iter().copied()).filter(|&g| stays(g)));
        }
    }
    let lines = |of: &dyn Fn(u32) -> bool| -> f64 {
        let groups_of = (0..groups.len() as u32).filter(|&group| of(group));
        groups_of.map(|group| f64::from(groups.lines[group as usize])).sum()
    };
    lines(&|group| needed[group as usize]) <= lines(&stays) * MOST_OF_CRATE
}
