//! What one program does under several names: the commands of its `main`, and the servers, consumers and schedulers that it starts.
//!
//! A command is an arm of a `match`: what it alone names is its own, what stands around the `match` belongs to all. A server, a consumer
//! or a scheduler is known by a call of a crate that does such work (`known`), and begins with the function that calls it, or
//! with the task that it is called in.

mod clocks;
mod commands;
mod known;
mod model;
mod nested;
mod places;
mod program;
mod routes;
mod started;
mod switches;
#[cfg(test)]
mod tests;
mod variables;

pub use model::{Activity, Role, RoleKind, Route, Topic};
pub(super) use places::Places;
pub(super) use program::Program;
use program::Run;

use std::collections::{BTreeMap, BTreeSet};

use super::reach::{Reached, Start};
use crate::ids::{CrateId, DefinitionId};

/// Roles of one program that are looked at: more are no services. A choice.
const MOST_ROLES: usize = 64;
/// What is started and reaches less of its program's files is housekeeping: it counts in what the program does. A choice.
const LEAST_FILES: f64 = 0.05;

/// Commands that each run this share of the program's functions tell nothing apart. A choice.
const NEARLY_ALL: f64 = 0.95;

/// A role with what it reaches.
pub(super) struct FoundRole {
    pub(super) role: Role,
    pub(super) reached: Reached,
    pub(super) start: Start,
    /// The function that it has its name from; `None` for what is chosen by another name.
    named: Option<DefinitionId>,
}

/// The roles of a program, commands first, and what it does as a whole.
pub(super) fn roles(program: Program<'_>, linked: &dyn Fn(CrateId) -> bool) -> (Vec<FoundRole>, Activity) {
    let all = started::groups(program);
    let all = started::together(all.into_iter().flat_map(|group| group.at_callers(program, linked)));
    let start = Start::of(program.main);
    let run = Run { reached: program.reached, start: &start };
    let whole = activity(program, run, &all, &all.iter().collect::<Vec<_>>());
    let commands = commands::commands(program).into_iter().take(MOST_ROLES).collect();
    let (mut found, mut single) = found_chosen(program, &all, commands, linked);
    let services = switches::services(program, &found).into_iter().take(MOST_ROLES).collect();
    let (services, of_services) = found_chosen(program, &all, services, linked);
    found.extend(services);
    single.extend(of_services);
    // What is one command's only work is no other role.
    let apart = apart_by_commands(&found);
    let chosen: Vec<(&FoundRole, BTreeSet<DefinitionId>)> =
        found.iter().map(|own| (own, clocks::work_of(program, &own.role))).collect();
    let is_work = |(at, group): &(usize, &started::Group)| {
        let is_command = chosen.iter().any(|(own, _)| group.is_all_of(&own.role));
        let runs = |own: &FoundRole| group.is_in(&own.start, &own.reached);
        let inside = || apart.iter().any(|&own| runs(&found[own]));
        // What ticks inside of commands is the work of one of them, or nobody's.
        let mut around = chosen.iter().filter(|(own, _)| group.only_ticks() && runs(own)).peekable();
        let nobodys = around.peek().is_some() && !around.any(|(_, work)| work.contains(&group.of));
        !is_command && !single.contains(at) && !inside() && !nobodys
    };
    let groups: Vec<&started::Group> = match all.len() {
        1 => Vec::new(),
        _ => all.iter().enumerate().filter(is_work).map(|(_, group)| group).collect(),
    };
    let of_groups = found_started(program, &all, &groups, linked);
    let most = MOST_ROLES.saturating_sub(found.len());
    found.extend(of_groups.into_iter().take(most));
    name_apart(program, &mut found);
    (found, whole)
}

/// The commands that do a service's work, where several do: these tell the program's services apart, and what goes on inside of them
/// is no role. Where one does, its parts are.
fn apart_by_commands(found: &[FoundRole]) -> Vec<usize> {
    let works =
        |own: &FoundRole| own.role.kind == RoleKind::Subcommand && !own.role.activity.kinds.is_empty();
    let serving = found.iter().filter(|own| works(own)).count();
    let is_chosen = |at: &usize| found[*at].role.kind.is_chosen();
    if serving > 1 { (0..found.len()).filter(is_chosen).collect() } else { Vec::new() }
}

/// What a program starts beside its commands. What answers and what takes messages comes first: a loop by the clock is a role only
/// where none of these calls it.
fn found_started(
    program: Program<'_>,
    all: &[started::Group],
    groups: &[&started::Group],
    linked: &dyn Fn(CrateId) -> bool,
) -> Vec<FoundRole> {
    let files = |reached: &Reached| reached.files(program.resolution).len() as f64;
    let least = LEAST_FILES * files(program.reached);
    let depths = commands::depths(program);
    let mut found: Vec<(usize, FoundRole)> = Vec::new();
    let mut serving: Vec<(Start, BTreeSet<DefinitionId>)> = Vec::new();
    let serves = |group: &started::Group| group.kinds().any(RoleKind::serves);
    let (first, then): (Vec<usize>, Vec<usize>) = (0..groups.len()).partition(|&at| serves(groups[at]));
    for at in first.into_iter().chain(then) {
        let group = groups[at];
        let start = group.start(program, all);
        if !serves(group) {
            let inside =
                serving.iter().any(|(start, called)| group.is_among(start, |of| called.contains(&of)));
            if inside || !clocks::is_started_for(program, group, &start, &depths) {
                continue;
            }
        }
        // All that is named may have been made in the rest of the process, but for what nothing makes there.
        let reached = program.reach.from(&start, linked).both(program.reached);
        let role = group.role(program);
        // A task that runs all that its function does is no other role.
        let same = |(_, other): &(usize, FoundRole)| other.role.kind == role.kind && other.reached == reached;
        if files(&reached) < least || found.iter().any(same) {
            continue;
        }
        let run = Run { reached: &reached, start: &start };
        let activity = answering(program, run, all, role.activity.clone());
        if serves(group) {
            serving.push((start.clone(), commands::called(program, &start)));
        }
        let named = Some(group.named(program));
        found.push((at, FoundRole { role: Role { activity, ..role }, reached, start, named }));
    }
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, role)| role).collect()
}

/// How many modules stand before a name at most. A choice.
const MOST_MODULES: usize = 3;

/// Of what is started under one name each gets as many of its modules before it as tell it from the others, or its line behind
/// where these are the same.
fn name_apart(program: Program<'_>, found: &mut [FoundRole]) {
    for modules in 1..=MOST_MODULES {
        for at in twice(found) {
            if let Some(named) = found[at].named {
                found[at].role.name = started::name_within(program, named, modules);
            }
        }
    }
    for at in twice(found) {
        let FoundRole { role, named, .. } = &mut found[at];
        let name = named.map_or_else(|| role.name.clone(), |id| started::name_within(program, id, 0));
        role.name = format!("{name}:{}", role.line);
    }
}

/// What has the name of another, chosen ones aside.
fn twice(found: &[FoundRole]) -> Vec<usize> {
    let mut of: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, own) in found.iter().enumerate() {
        of.entry(&own.role.name).or_default().push(at);
    }
    let several = of.into_values().filter(|all| all.len() > 1).flatten();
    several.filter(|&at| !found[at].role.kind.is_chosen()).collect()
}

/// Commands or services, and the groups that are all that one of them starts: what one server does is what its command does.
fn found_chosen(
    program: Program<'_>,
    all: &[started::Group],
    commands: Vec<(Role, Start)>,
    linked: &dyn Fn(CrateId) -> bool,
) -> (Vec<FoundRole>, Vec<usize>) {
    let reached: Vec<Reached> = commands.iter().map(|(_, start)| program.reach.from(start, linked)).collect();
    // They only choose what it does it with.
    let functions =
        |reached: &Reached| reached.definitions().filter(|&id| program.is_function(id)).count() as f64;
    let nearly_all = NEARLY_ALL * functions(program.reached);
    if reached.iter().all(|own| functions(own) >= nearly_all) {
        return (Vec::new(), Vec::new());
    }
    let mut single = Vec::new();
    let inside = inside_commands(program, all, &commands, &reached);
    let role = |(((role, start), reached), inside): (((Role, Start), Reached), Vec<usize>)| {
        if let [only] = inside[..] {
            single.push(only);
        }
        let groups: Vec<&started::Group> = inside.iter().map(|&group| &all[group]).collect();
        let activity = activity(program, Run { reached: &reached, start: &start }, all, &groups);
        FoundRole { role: Role { activity, ..role }, reached, start, named: None }
    };
    let found = commands.into_iter().zip(reached).zip(inside).map(role).collect();
    (found, single)
}

/// Which groups are the work of each command: of the commands that name one, else of the only one that comes to it. What several
/// come to by a name on something of unknown type may be anybody's, and what ticks is the work of those that call it (`clocks`).
fn inside_commands(
    program: Program<'_>,
    all: &[started::Group],
    commands: &[(Role, Start)],
    reached: &[Reached],
) -> Vec<Vec<usize>> {
    let named: Vec<BTreeSet<DefinitionId>> =
        commands.iter().map(|(_, start)| commands::named(program, start)).collect();
    let work: Vec<BTreeSet<DefinitionId>> =
        commands.iter().map(|(role, _)| clocks::work_of(program, role)).collect();
    let mut inside = vec![Vec::new(); commands.len()];
    for (at, group) in all.iter().enumerate() {
        let runs: Vec<usize> =
            (0..commands.len()).filter(|&own| group.is_in(&commands[own].1, &reached[own])).collect();
        let by_name: Vec<usize> =
            runs.iter().copied().filter(|&own| named[own].contains(&group.of)).collect();
        let ticks = group.only_ticks();
        let whose = match (&by_name[..], &runs[..]) {
            _ if ticks => runs.into_iter().filter(|&own| work[own].contains(&group.of)).collect(),
            ([], [_]) => runs,
            ([], _) => Vec::new(),
            _ => by_name,
        };
        whose.into_iter().for_each(|own| inside[own].push(at));
    }
    inside
}

/// What some groups do, all of which run.
fn activity(
    program: Program<'_>,
    run: Run<'_>,
    all: &[started::Group],
    groups: &[&started::Group],
) -> Activity {
    let mut kinds: Vec<RoleKind> = Vec::new();
    let mut topics = Vec::new();
    for group in groups {
        kinds.extend(group.kinds());
        topics.extend(group.topics.iter().cloned());
    }
    kinds.sort_unstable();
    kinds.dedup();
    answering(program, run, all, Activity { kinds, topics, ..Activity::default() })
}

/// With what it answers: who has routes and comes to a call that starts a server is one, wherever that call is. A command that only
/// writes down what the routes are is none.
fn answering(program: Program<'_>, run: Run<'_>, all: &[started::Group], mut activity: Activity) -> Activity {
    let (routes, routes_not_understood) = routes::routes(program, run);
    let is_server = |group: &&started::Group| group.kinds().any(|kind| kind == RoleKind::Server);
    let mut servers = all.iter().filter(is_server).peekable();
    let starts = servers.peek().is_none() || servers.any(|group| group.is_in(run.start, run.reached));
    let answers = !routes.is_empty() || routes_not_understood > 0;
    if answers && starts && !activity.kinds.contains(&RoleKind::Server) {
        activity.kinds.push(RoleKind::Server);
        activity.kinds.sort_unstable();
    }
    Activity { routes, routes_not_understood, ..activity }
}
