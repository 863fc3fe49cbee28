//! Where a service could begin: roles of a program that do a service's work, and routes whose handlers lie together.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{Facts, TableAt};
use crate::deploy::model::{Deployable, RunningRole};
use crate::deploy::reach::{Reached, Start};
use crate::deploy::roles::{Places, RoleKind, Route};
use crate::ids::{DefinitionId, FileId, ModuleId};
use crate::resolve::Resolution;

/// Groups of routes that are looked at, those with most routes first. A choice: more services than these aren't planned at once.
const MOST_GROUPS: usize = 24;
/// A part with more of the handlers is taken apart once more.
const MOST_OF_ALL: f64 = 0.5;

/// What may become a service: what it starts from, and what the rest does.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) roles: Vec<String>,
    pub(super) routes: Vec<Route>,
    pub(super) own: Vec<Start>,
    pub(super) rest: Vec<Start>,
    /// What these reach, where that is known already.
    pub(super) known: Option<(Reached, Reached)>,
    pub(super) apart: bool,
    /// Where it begins.
    pub(super) begins: (DefinitionId, FileId, u32),
}

/// The roles of a program that could be services, all with what is left.
pub(super) fn by_roles(program: &Deployable, started: &BTreeSet<&str>) -> Vec<Entry> {
    let Some(main) = program.entry else { return Vec::new() };
    // Where deployment files start several roles, the others are none that is deployed.
    let known = program.roles.iter().filter(|role| started.contains(role.role.name.as_str())).count();
    let works = |role: &&RunningRole| match role.role.kind {
        RoleKind::Subcommand if known > 1 => started.contains(role.role.name.as_str()),
        RoleKind::Subcommand => {
            !role.role.activity.kinds.is_empty() || started.contains(role.role.name.as_str())
        }
        _ => true,
    };
    let services: Vec<&RunningRole> = program.roles.iter().filter(works).collect();
    let entry = |role: &RunningRole| {
        let apart = role.role.kind.is_chosen();
        let (own, rest) = if apart { command(program, role) } else { part(main, program, role) };
        Entry {
            name: short(&role.role.name),
            roles: vec![role.role.name.clone()],
            routes: role.role.activity.routes.clone(),
            known: apart.then(|| (role.reached.clone(), others_reach(program, role))),
            own,
            rest,
            apart,
            begins: (
                role.role.entry.or(role.role.calls).unwrap_or(role.role.of),
                role.role.file,
                role.role.line,
            ),
        }
    };
    // What is started inside of a command is that command's work, if commands are told apart, and so with services.
    let several = |kind: RoleKind| services.iter().filter(|role| role.role.kind == kind).count() > 1;
    let mut chosen = [RoleKind::Service, RoleKind::Subcommand].into_iter().filter(|&kind| several(kind));
    let chosen = if known > 1 { Some(RoleKind::Subcommand) } else { chosen.next() };
    let inside = |role: &&&RunningRole| match chosen {
        Some(kind) => role.role.kind == kind,
        None => !role.role.kind.is_chosen(),
    };
    let found: Vec<Entry> = services.iter().filter(inside).map(|role| entry(role)).collect();
    if found.len() < 2 { Vec::new() } else { found }
}

/// A command or service, and all others of its kind.
fn command(program: &Deployable, own: &RunningRole) -> (Vec<Start>, Vec<Start>) {
    let others = program.roles.iter().filter(|other| other.role.kind == own.role.kind);
    let others = others.filter(|other| other.role.name != own.role.name);
    (vec![own.start.clone()], others.map(|other| other.start.clone()).collect())
}

fn others_reach(program: &Deployable, own: &RunningRole) -> Reached {
    let others = program.roles.iter().filter(|other| other.role.kind == own.role.kind);
    let others = others.filter(|other| other.role.name != own.role.name);
    others.map(|other| other.reached.clone()).reduce(|all, one| all.and(&one)).unwrap_or_default()
}

/// What is started in a function or a task, and the program without it.
fn part(main: DefinitionId, program: &Deployable, own: &RunningRole) -> (Vec<Start>, Vec<Start>) {
    let mut rest = Start::process(main);
    match &own.start.alone[..] {
        alone @ [_, ..] => {
            for (of, lines) in alone {
                rest.without.entry(*of).or_default().push(lines.clone());
            }
        }
        [] => {
            rest.barred.insert(own.role.of);
            let tasks = program.roles.iter().flat_map(|other| &other.start.lines);
            rest.lines.extend(tasks.filter(|(of, _)| *of == own.role.of).cloned());
            if own.role.of == main {
                rest.roots.clear();
            }
        }
    }
    (vec![own.start.clone()], vec![rest])
}

/// `worker` of `start-worker` and of `run_worker`.
fn short(name: &str) -> String {
    let rest = ["start", "run", "serve"].into_iter().find_map(|verb| {
        let rest = name.strip_prefix(verb)?;
        rest.strip_prefix(['-', '_']).filter(|rest| !rest.is_empty())
    });
    rest.unwrap_or(name).to_owned()
}

/// Routes whose handlers lie together, apart from the rest of them.
pub(super) fn by_routes(
    program: &Deployable,
    resolution: &Resolution,
    places: &Places,
    facts: &Facts,
) -> Vec<Entry> {
    let Some(main) = program.entry else { return Vec::new() };
    let routes: Vec<&Route> =
        program.running.activity.routes.iter().filter(|route| route.handler.is_some()).collect();
    let mut groups: Vec<Group<'_>> = groups(&routes, resolution);
    groups.sort_by_key(|group| (std::cmp::Reverse(group.routes.len()), group.name.clone()));
    groups.truncate(MOST_GROUPS);
    if groups.len() < 2 {
        return Vec::new();
    }
    let mut groups = merged(groups, facts, resolution);
    // The larger part of the routes is what is left of the program.
    groups.retain(|group| group.routes.len() * 2 <= routes.len());
    let declaring = declaring(&routes, places);
    let entry = |group: &Group<'_>| {
        let handlers: BTreeSet<DefinitionId> =
            group.routes.iter().filter_map(|route| route.handler).collect();
        // A function that declares none but these routes goes with them.
        let routers = declaring.iter().filter(|(_, of)| of.is_subset(&handlers)).map(|(router, _)| *router);
        let roots: BTreeSet<DefinitionId> =
            handlers.iter().copied().chain(routers).filter(|&of| of != main).collect();
        let first = group.routes.first()?;
        Some(Entry {
            name: group.name.clone(),
            roles: Vec::new(),
            routes: group.routes.iter().map(|route| (*route).clone()).collect(),
            own: vec![Start { roots: roots.iter().copied().collect(), ..Start::default() }],
            rest: vec![Start { barred: roots, ..Start::process(main) }],
            known: None,
            apart: false,
            begins: (first.handler?, first.file, first.line),
        })
    };
    groups.iter().filter_map(entry).collect()
}

struct Group<'a> {
    name: String,
    /// The module that its handlers lie in, if they lie in one.
    module: Option<ModuleId>,
    routes: Vec<&'a Route>,
}

/// The handlers of each function that declares routes.
fn declaring(routes: &[&Route], places: &Places) -> BTreeMap<DefinitionId, BTreeSet<DefinitionId>> {
    let mut found: BTreeMap<DefinitionId, BTreeSet<DefinitionId>> = BTreeMap::new();
    for route in routes {
        for router in places.at(route.file, route.line) {
            found.entry(router).or_default().extend(route.handler);
        }
    }
    found
}

/// By the modules of the handlers, those that hold most taken apart; by the paths where the handlers lie in one module.
fn groups<'a>(routes: &[&'a Route], resolution: &Resolution) -> Vec<Group<'a>> {
    let modules: Vec<Vec<ModuleId>> = routes.iter().map(|route| modules_around(route, resolution)).collect();
    let mut open = vec![((0..routes.len()).collect::<Vec<usize>>(), 0)];
    let mut found: Vec<(String, Option<ModuleId>, Vec<usize>)> = Vec::new();
    while let Some((members, depth)) = open.pop() {
        let mut parts: BTreeMap<Option<ModuleId>, Vec<usize>> = BTreeMap::new();
        members.iter().for_each(|&at| parts.entry(modules[at].get(depth).copied()).or_default().push(at));
        for (module, part) in parts {
            let Some(module) = module else { continue };
            let deeper = part.iter().any(|&at| modules[at].len() > depth + 1);
            if deeper
                && (part.len() as f64 > MOST_OF_ALL * routes.len() as f64 || members.len() == part.len())
            {
                open.push((part, depth + 1));
            } else {
                found.push((resolution.modules[module].name.clone(), Some(module), part));
            }
        }
    }
    if found.len() < 2 {
        found = by_paths(routes);
    }
    let group = |(name, module, of): (String, Option<ModuleId>, Vec<usize>)| Group {
        name,
        module,
        routes: of.into_iter().map(|at| routes[at]).collect(),
    };
    found.into_iter().map(group).collect()
}

/// The modules around a route's handler, outermost first.
fn modules_around(route: &Route, resolution: &Resolution) -> Vec<ModuleId> {
    let of = route.handler.map(|handler| resolution.items[resolution.uses.definitions[handler].item].module);
    let mut modules: Vec<ModuleId> =
        std::iter::successors(of, |&module| resolution.modules[module].parent).collect();
    modules.reverse();
    modules
}

/// By the first part of their paths in which they differ.
fn by_paths(routes: &[&Route]) -> Vec<(String, Option<ModuleId>, Vec<usize>)> {
    let parts: Vec<Vec<&str>> =
        routes.iter().map(|route| route.path.split('/').filter(|part| !part.is_empty()).collect()).collect();
    let longest = parts.iter().map(Vec::len).max().unwrap_or(0);
    for depth in 0..longest {
        let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, parts) in parts.iter().enumerate() {
            if let Some(part) = parts.get(depth).filter(|part| !part.starts_with(['{', ':', '<', '*'])) {
                groups.entry(part).or_default().push(at);
            }
        }
        if groups.len() > 1 {
            return groups.into_iter().map(|(name, of)| (name.to_owned(), None, of)).collect();
        }
    }
    Vec::new()
}

/// Groups that share a table which few others use, and which one of them writes, are one.
fn merged<'a>(groups: Vec<Group<'a>>, facts: &Facts, resolution: &Resolution) -> Vec<Group<'a>> {
    let mut users: BTreeMap<&str, (BTreeSet<usize>, bool)> = BTreeMap::new();
    for (at, group) in groups.iter().enumerate() {
        for (of, used) in tables_below(group, facts, resolution) {
            // What lies among a group's code is that group's, whoever calls it.
            let home =
                groups.iter().position(|group| group.module.is_some_and(|own| is_in(of, own, resolution)));
            let (groups, writes) = users.entry(used.table.as_str()).or_default();
            groups.insert(home.unwrap_or(at));
            *writes |= !used.reads;
        }
    }
    let few = (groups.len() / 3).max(2);
    let mut of: Vec<usize> = (0..groups.len()).collect();
    for (together, writes) in users.values() {
        if *writes && together.len() > 1 && together.len() <= few && together.len() < groups.len() {
            let tied: BTreeSet<usize> = together.iter().map(|&at| of[at]).collect();
            let first = tied.first().copied().unwrap_or_default();
            of.iter_mut().filter(|own| tied.contains(own)).for_each(|own| *own = first);
        }
    }
    let mut merged: BTreeMap<usize, Group<'a>> = BTreeMap::new();
    // The largest comes first and gives its name.
    for (group, of) in groups.into_iter().zip(of) {
        merged
            .entry(of)
            .or_insert_with(|| Group { name: group.name.clone(), module: group.module, routes: Vec::new() })
            .routes
            .extend(group.routes);
    }
    merged.into_values().collect()
}

/// The places that use tables to which handlers come by what they name.
fn tables_below<'f>(
    group: &Group<'_>,
    facts: &'f Facts,
    resolution: &Resolution,
) -> Vec<(DefinitionId, &'f TableAt)> {
    let mut open: Vec<DefinitionId> = group.routes.iter().filter_map(|route| route.handler).collect();
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    while let Some(id) = open.pop() {
        if facts.touching.contains(&id) && seen.insert(id) {
            found.extend(facts.tables.get(&id).into_iter().flatten().map(|used| (id, used)));
            open.extend(resolution.uses.of(id).iter().map(|used| used.to));
        }
    }
    found
}

fn is_in(of: DefinitionId, module: ModuleId, resolution: &Resolution) -> bool {
    let own = resolution.items[resolution.uses.definitions[of].item].module;
    std::iter::successors(Some(own), |&own| resolution.modules[own].parent).any(|own| own == module)
}
