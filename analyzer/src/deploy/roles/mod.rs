//! What one program does under several names: the commands of its `main`, and the servers, consumers and schedulers that it starts.
//!
//! A command is an arm of a `match`: what it alone names is its own, what stands around the `match` belongs to all. A server, a consumer
//! or a scheduler is known by a call of a crate that does such work (`known`), and begins with the function that calls it, or
//! with the task that it is called in.

mod commands;
mod known;
mod model;
mod places;
mod program;
mod routes;
mod started;
#[cfg(test)]
mod tests;

pub use model::{Activity, Role, RoleKind, Route, Topic};
pub(super) use places::Places;
pub(super) use program::Program;

use std::collections::BTreeSet;

use super::reach::{Reached, Start};
use crate::ids::{CrateId, DefinitionId};

/// Roles of one program that are looked at: more are no services. A choice.
const MOST_ROLES: usize = 64;
/// What is started and reaches less of its program's files is housekeeping: it counts in what the program does. A choice.
const LEAST_FILES: f64 = 0.05;

/// A role with what it reaches.
pub(super) struct FoundRole {
    pub(super) role: Role,
    pub(super) reached: Reached,
    pub(super) start: Start,
}

/// The roles of a program, commands first, and what it does as a whole.
pub(super) fn roles(program: Program<'_>, linked: &dyn Fn(CrateId) -> bool) -> (Vec<FoundRole>, Activity) {
    let all = started::groups(program);
    let all: Vec<started::Group> = all.into_iter().map(|group| group.at_caller(program, linked)).collect();
    let whole = activity(program, program.reached, &all.iter().collect::<Vec<_>>());
    let mut found = Vec::new();
    let mut single = Vec::new();
    let commands: Vec<(Role, Start)> = commands::commands(program).into_iter().take(MOST_ROLES).collect();
    let named: Vec<BTreeSet<DefinitionId>> =
        commands.iter().map(|(_, start)| commands::named(program, start)).collect();
    for ((role, start), own) in commands.into_iter().zip(&named) {
        let reached = program.reach.from(&start, linked);
        // What only a name on something of unknown type leads to is the work of the command that names it.
        let is_own = |of: &DefinitionId| own.contains(of) || named.iter().all(|named| !named.contains(of));
        let is_inside = |group: &started::Group| group.is_in(&start, &reached) && is_own(&group.of);
        let inside: Vec<usize> = (0..all.len()).filter(|&group| is_inside(&all[group])).collect();
        // What one server does is what its command does.
        if let [only] = inside[..] {
            single.push(only);
        }
        let groups: Vec<&started::Group> = inside.iter().map(|&group| &all[group]).collect();
        let activity = activity(program, &reached, &groups);
        found.push(FoundRole { role: Role { activity, ..role }, reached, start });
    }
    let alone = all.len() == 1;
    let files = |reached: &Reached| reached.files(program.resolution).len() as f64;
    let least = LEAST_FILES * files(program.reached);
    for (at, group) in all.iter().enumerate() {
        if alone || single.contains(&at) || found.len() >= MOST_ROLES {
            continue;
        }
        let start = group.start(&all);
        let reached = program.reach.from(&start, linked);
        let role = group.role(program);
        // A task that runs all that its function does is no other role.
        let same = |other: &FoundRole| other.role.kind == role.kind && other.reached == reached;
        if files(&reached) < least || found.iter().any(same) {
            continue;
        }
        let activity = Activity { routes: routes::routes(program, &reached), ..role.activity.clone() };
        found.push(FoundRole { role: Role { activity, ..role }, reached, start });
    }
    (found, whole)
}

fn activity(program: Program<'_>, reached: &Reached, groups: &[&started::Group]) -> Activity {
    let mut kinds: Vec<RoleKind> = Vec::new();
    let mut topics = Vec::new();
    for group in groups {
        kinds.extend(group.kinds());
        topics.extend(group.topics.iter().cloned());
    }
    kinds.sort_unstable();
    kinds.dedup();
    Activity { kinds, topics, routes: routes::routes(program, reached) }
}
