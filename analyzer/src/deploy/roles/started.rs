//! Servers, consumers, schedulers and lambdas that a program starts: one for each function that starts some, and one for each task.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use super::known;
use super::model::{Activity, Role, RoleKind, Topic};
use super::program::{Program, calls_any, largest_call, only_call};
use super::variables::Variables;
use crate::deploy::reach::{Reached, Start};
use crate::ids::{CrateId, DefinitionId, FileId};
use crate::parse::tree::{Binding, Task};
use crate::resolve::{DefinitionKind, File, ObstacleKind};

/// Functions that what wraps a queue reaches, and wrappers within each other. Choices: it takes messages, and does nothing with them.
const WRAPPER: usize = 40;
const MOST_WRAPPERS: usize = 3;
/// Places that one function is given something to serve in. A choice.
const MOST_CALLERS: usize = 16;

/// What one function, or one task in it, starts.
#[derive(Debug, Clone)]
pub(super) struct Group {
    /// The function.
    pub(super) of: DefinitionId,
    /// The lines of the task; `None` for the function itself.
    pub(super) task: Option<RangeInclusive<u32>>,
    /// What is started: the first call of each kind.
    calls: Vec<(RoleKind, FileId, u32, String)>,
    /// The line of the function that leads there, where they stand in a function that it calls.
    at: Option<u32>,
    pub(super) topics: Vec<Topic>,
}

impl Group {
    pub(super) fn kinds(&self) -> impl Iterator<Item = RoleKind> + '_ {
        self.calls.iter().map(|call| call.0)
    }

    /// Whether it only does something by the clock.
    pub(super) fn only_ticks(&self) -> bool {
        self.kinds().all(|kind| kind == RoleKind::Scheduler)
    }

    /// Whether it runs where this start leads.
    pub(super) fn is_in(&self, start: &Start, reached: &Reached) -> bool {
        self.is_among(start, |of| reached.contains(of))
    }

    /// The same of some functions that it leads to.
    pub(super) fn is_among(&self, start: &Start, leads_to: impl Fn(DefinitionId) -> bool) -> bool {
        let left_out = |lines: &RangeInclusive<u32>| match self.at {
            Some(line) => lines.contains(&line),
            None => self.calls.iter().all(|call| lines.contains(&call.2)),
        };
        let without = start.without.get(&self.of).into_iter().flatten();
        leads_to(self.of) && !without.into_iter().any(left_out)
    }

    /// What it reaches from: without the other tasks of the same function. What a server answers is made before its task.
    pub(super) fn start(&self, program: Program<'_>, all: &[Self]) -> Start {
        let Some(task) = &self.task else {
            let tasks = all.iter().filter(|other| other.of == self.of && other.task.is_some());
            let without: Vec<RangeInclusive<u32>> = tasks.filter_map(|other| other.task.clone()).collect();
            let without =
                if without.is_empty() { BTreeMap::new() } else { BTreeMap::from([(self.of, without)]) };
            return Start { without, ..Start::of(self.of) };
        };
        let (mut behind, mut alone) = (Vec::new(), Vec::new());
        if let Some((file, task)) = self.server_task(program, task) {
            let variables = Variables::of(program, self.of, file);
            (behind, alone) = (variables.behind_task(task), variables.for_task_alone(task));
        }
        let with = |made: Vec<&Binding>| {
            let made = made.into_iter().map(|of| (self.of, of.line..=of.end_line));
            std::iter::once((self.of, task.clone())).chain(made).collect()
        };
        Start { lines: with(behind), alone: with(alone), ..Start::default() }
    }

    /// The task, where a server is started in it.
    fn server_task<'a>(
        &self,
        program: Program<'a>,
        lines: &RangeInclusive<u32>,
    ) -> Option<(FileId, &'a Task)> {
        let &(_, file, ..) = self.calls.iter().find(|call| call.0 == RoleKind::Server)?;
        let mut tasks = program.resolution.files[file].tasks.iter();
        Some((file, tasks.find(|task| (task.line, task.end_line) == (*lines.start(), *lines.end()))?))
    }

    pub(super) fn role(&self, program: Program<'_>) -> Role {
        // What it does beside a server's work, or a consumer's, is part of that.
        let telling = self.calls.iter().min_by_key(|call| (call.0, call.2));
        let (kind, file, line, evidence) = telling.unwrap_or(&self.calls[0]).clone();
        let mut kinds: Vec<RoleKind> = self.kinds().collect();
        kinds.sort_unstable();
        kinds.dedup();
        let activity = Activity { kinds, topics: self.topics.clone(), ..Activity::default() };
        Role {
            name: short_name(program, self.named(program)),
            kind,
            of: self.of,
            entry: self.entry(program),
            file,
            line,
            end_line: line,
            calls: None,
            evidence,
            activity,
        }
    }

    /// What is in a macro, or in a function that only wraps a queue or serves what it is given, begins where that is called.
    pub(super) fn at_callers(self, program: Program<'_>, linked: &dyn Fn(CrateId) -> bool) -> Vec<Self> {
        let callers = if program.is_function(self.of) { Vec::new() } else { callers(program, self.of) };
        if !callers.is_empty() && callers.len() <= MOST_CALLERS {
            let at = |(of, line)| Self { of, task: None, at: Some(line), ..self.clone() };
            return callers.into_iter().map(at).collect();
        }
        let only_serves = self.kinds().all(|kind| kind == RoleKind::Server);
        if only_serves { self.at_givers(program) } else { vec![self.at_caller(program, linked)] }
    }

    /// A server whose function is given what it serves, as a closure or a value of any type, begins where that is given.
    fn at_givers(self, program: Program<'_>) -> Vec<Self> {
        let (mut open, mut found) = (vec![(self, 0)], Vec::new());
        while let Some((group, hop)) = open.pop() {
            let givers = if hop < MOST_WRAPPERS { givers(program, group.of) } else { Vec::new() };
            if givers.is_empty() || givers.len() > MOST_CALLERS {
                found.push(group);
                continue;
            }
            let at_giver =
                |&(of, line): &(DefinitionId, u32)| Self { of, task: None, at: Some(line), ..group.clone() };
            open.extend(givers.iter().map(at_giver).map(|giver| (giver, hop + 1)));
        }
        found.reverse();
        found
    }

    /// A consumer in a method that only wraps a queue begins where that is called, if it is called in one place.
    fn at_caller(self, program: Program<'_>, linked: &dyn Fn(CrateId) -> bool) -> Self {
        if self.task.is_some() || self.kinds().any(|kind| kind != RoleKind::Consumer) {
            return self;
        }
        let (mut of, mut at) = (self.of, self.at);
        for _ in 0..MOST_WRAPPERS {
            let reached = program.reach.from(&Start::of(of), linked);
            let functions = reached.definitions().filter(|&id| program.is_function(id)).count();
            let callers = callers(program, of);
            match callers[..] {
                [(only, line)] if functions <= WRAPPER && only != program.main => {
                    (of, at) = (only, Some(line));
                }
                _ => break,
            }
        }
        Self { of, at, ..self }
    }

    /// Whether a role is this function.
    pub(super) fn is_all_of(&self, role: &Role) -> bool {
        self.task.is_none() && role.entry == Some(self.of)
    }

    /// The function itself; a task where it is one call. A server's task is what it serves, too, and that is made elsewhere.
    fn entry(&self, program: Program<'_>) -> Option<DefinitionId> {
        match &self.task {
            Some(_) if self.kinds().any(|kind| kind == RoleKind::Server) => None,
            Some(lines) => only_call(program, self.of, lines),
            None => Some(self.of),
        }
    }

    /// What it has its name from: the function that it is; of a task what it serves, else the largest part of what it calls.
    pub(super) fn named(&self, program: Program<'_>) -> DefinitionId {
        match (&self.task, self.entry(program)) {
            (_, Some(entry)) => entry,
            (Some(lines), None) if self.kinds().all(|kind| kind != RoleKind::Server) => {
                largest_call(program, self.of, lines).unwrap_or(self.of)
            }
            (_, None) => self.of,
        }
    }
}

/// The reached functions that name a function, each with the first line where it does.
pub(super) fn callers(program: Program<'_>, of: DefinitionId) -> Vec<(DefinitionId, u32)> {
    let line = |id: DefinitionId| {
        let used = program.resolution.uses.of(id).iter().filter(|used| used.to == of);
        Some((id, used.map(|used| used.line).min()?))
    };
    program.reached.definitions().filter(|&id| id != of && program.is_function(id)).filter_map(line).collect()
}

/// Who gives a function what it serves: its callers, if by its signature it is given a closure, or a value of any type and does little
/// itself; `main` is none of them.
fn givers(program: Program<'_>, of: DefinitionId) -> Vec<(DefinitionId, u32)> {
    let is_given = program.resolution.shapes.get(&of).is_some_and(|shape| {
        shape.obstacles.iter().any(|own| match own.kind {
            ObstacleKind::Closure => true,
            ObstacleKind::Generic => program.reach.size(of) <= WRAPPER,
            _ => false,
        })
    });
    let givers = if is_given { callers(program, of) } else { Vec::new() };
    if givers.iter().any(|giver| giver.0 == program.main) { Vec::new() } else { givers }
}

/// `run`, or `Worker::run`.
fn short_name(program: Program<'_>, id: DefinitionId) -> String {
    let definition = &program.resolution.uses.definitions[id];
    let item = &program.resolution.items[definition.item];
    match definition.kind {
        DefinitionKind::Item => item.name.clone(),
        _ => format!("{}::{}", item.subject(), definition.name),
    }
}

/// The same behind the last of its modules: `pack::run`, a crate's root aside.
pub(super) fn name_within(program: Program<'_>, id: DefinitionId, modules: usize) -> String {
    let item = &program.resolution.items[program.resolution.uses.definitions[id].item];
    let path = &program.resolution.modules[item.module].path;
    let inside: Vec<&str> = path.split("::").skip(1).collect();
    let last = &inside[inside.len().saturating_sub(modules)..];
    let name = short_name(program, id);
    last.iter().copied().chain([name.as_str()]).collect::<Vec<_>>().join("::")
}

/// All that a program starts, by function, then by line.
pub(super) fn groups(program: Program<'_>) -> Vec<Group> {
    let mut found: BTreeMap<(DefinitionId, Option<(u32, u32)>), Group> = BTreeMap::new();
    let run_as_tasks = run_as_tasks(program);
    for (id, file) in program.resolution.files.iter_enumerated() {
        for external in &file.named_calls {
            let call = &external.call;
            let owners = || program.places.at(id, call.line);
            let task = task_around(file, call.line, call.end_line);
            let spawned = task.is_some() || owners().iter().any(|of| run_as_tasks.contains(of));
            let Some(kind) = known::started(external, file, spawned) else { continue };
            let Some(of) = owners().into_iter().find(|&of| program.reached.contains(of)) else { continue };
            let task = task.filter(|task| is_within(program, of, task));
            // A task that does nothing of the repository's is no work of its own.
            let works = |&(first, last): &(u32, u32)| {
                kind == RoleKind::Server || calls_any(program, of, &(first..=last))
            };
            if !task.as_ref().is_none_or(works) {
                continue;
            }
            let group = found.entry((of, task)).or_insert_with(|| Group {
                of,
                task: task.map(|(first, last)| first..=last),
                calls: Vec::new(),
                at: None,
                topics: Vec::new(),
            });
            let what = call.path.iter().map(|name| name.as_str()).collect::<Vec<_>>().join("::");
            group.calls.push((kind, id, call.line, what));
            if let (Some(text), RoleKind::Consumer | RoleKind::Scheduler) = (call.text, kind) {
                group.topics.push(Topic { name: text.as_str().to_owned(), file: id, line: call.line });
            }
        }
    }
    found.into_values().collect()
}

/// Those of one function or task as one, in their order.
pub(super) fn together(all: impl Iterator<Item = Group>) -> Vec<Group> {
    let mut found: Vec<Group> = Vec::new();
    for group in all {
        match found.iter_mut().find(|own| own.of == group.of && own.task == group.task) {
            Some(own) => {
                own.calls.extend(group.calls);
                own.topics.extend(group.topics);
            }
            None => found.push(group),
        }
    }
    found
}

/// Functions that are run as tasks of their own: `spawn(sweep(pool))`.
fn run_as_tasks(program: Program<'_>) -> BTreeSet<DefinitionId> {
    let mut found = BTreeSet::new();
    for (id, file) in program.resolution.files.iter_enumerated() {
        for task in &file.tasks {
            let lines = task.line..=task.end_line;
            for of in program.places.at(id, task.line) {
                found.extend(only_call(program, of, &lines));
            }
        }
    }
    found
}

/// The innermost task that a call stands in.
fn task_around(file: &File, line: u32, end_line: u32) -> Option<(u32, u32)> {
    let tasks = file.tasks.iter().filter(|task| task.joined || task.line < task.end_line);
    let around = tasks.filter(|task| task.line <= line && end_line <= task.end_line);
    around.map(|task| (task.line, task.end_line)).min_by_key(|&(first, last)| (last - first, first))
}

fn is_within(program: Program<'_>, of: DefinitionId, &(first, last): &(u32, u32)) -> bool {
    let definition = &program.resolution.uses.definitions[of];
    definition.line <= first && last <= definition.end_line
}

#[cfg(test)]
mod tests {
    use crate::deploy::roles::tests::names;

    #[test]
    fn a_server_begins_where_it_is_given_what_it_serves() {
        let text = |signature: &str, given: &str| {
            format!(
            "//- /main.rs crate:app kind:bin deps:hyper,hyper_util,tokio
mod server; mod api; mod admin;
fn main() {{ run(); }}
fn run() {{ api::start(); admin::start(); }}
//- /server.rs
use hyper::server::conn::http1;
pub fn start{signature} {{
    tokio::spawn(async move {{
        loop {{
            let (stream, _) = other::accept();
            tokio::spawn(async move {{ http1::Builder::new().serve_connection(stream, other::service()).await }});
        }}
    }});
}}
//- /api.rs
pub fn start() {{ crate::server::start({given}) }}
fn answer() {{}}
//- /admin.rs
pub fn start() {{ crate::server::start({given}) }}
fn answer() {{}}
"
        )
        };
        let both = ["admin::start [Server]", "api::start [Server]"].map(str::to_owned);
        let sorted = |signature: &str, given: &str| {
            let mut found = names(&text(signature, given));
            found.sort();
            found
        };
        assert_eq!(sorted("<F: Fn(u32)>(handler: F)", "move |_| answer()"), both);
        assert_eq!(sorted("(handler: impl Fn(u32))", "move |_| answer()"), both);
        assert_eq!(sorted("<S>(service: S)", "answer()"), both);
        // The only one that is started is what the program does.
        assert_eq!(sorted("(port: u16)", "1"), both[..0]);
    }
}
