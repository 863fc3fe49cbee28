//! Servers, consumers, schedulers and lambdas that a program starts: one for each function that starts some, and one for each task.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use super::known;
use super::model::{Activity, Role, RoleKind, Topic};
use super::program::{Program, calls_any, only_call};
use super::variables::Variables;
use crate::deploy::reach::{Reached, Start};
use crate::ids::{CrateId, DefinitionId, FileId};
use crate::parse::tree::{Binding, Task};
use crate::resolve::{DefinitionKind, File};

/// Functions that what wraps a queue reaches, and wrappers within each other. Choices: it takes messages, and does nothing with them.
const WRAPPER: usize = 40;
const MOST_WRAPPERS: usize = 3;

/// What one function, or one task in it, starts.
#[derive(Debug, Clone)]
pub(super) struct Group {
    /// The function.
    pub(super) of: DefinitionId,
    /// The lines of the task; `None` for the function itself.
    pub(super) task: Option<RangeInclusive<u32>>,
    /// What is started: the first call of each kind.
    calls: Vec<(RoleKind, FileId, u32, String)>,
    pub(super) topics: Vec<Topic>,
}

impl Group {
    pub(super) fn kinds(&self) -> impl Iterator<Item = RoleKind> + '_ {
        self.calls.iter().map(|call| call.0)
    }

    /// Whether it runs where this start leads.
    pub(super) fn is_in(&self, start: &Start, reached: &Reached) -> bool {
        let left_out = |lines: &RangeInclusive<u32>| self.calls.iter().all(|call| lines.contains(&call.2));
        let without = start.without.get(&self.of).into_iter().flatten();
        reached.contains(self.of) && !without.into_iter().any(left_out)
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
        let activity = Activity { kinds, topics: self.topics.clone(), routes: Vec::new() };
        Role {
            name: short_name(program, self.named(program)),
            kind,
            of: self.of,
            entry: self.entry(program),
            file,
            line,
            evidence,
            activity,
        }
    }

    /// A consumer in a method that only wraps a queue begins where that is called, if it is called in one place.
    pub(super) fn at_caller(self, program: Program<'_>, linked: &dyn Fn(CrateId) -> bool) -> Self {
        if self.task.is_some() || self.kinds().any(|kind| kind != RoleKind::Consumer) {
            return self;
        }
        let mut of = self.of;
        for _ in 0..MOST_WRAPPERS {
            let reached = program.reach.from(&Start::of(of), linked);
            let functions = reached.definitions().filter(|&id| program.is_function(id)).count();
            let callers = callers(program, of);
            match callers[..] {
                [only] if functions <= WRAPPER && only != program.main => of = only,
                _ => break,
            }
        }
        Self { of, ..self }
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

/// Of the functions that some lines name the one that runs most.
fn largest_call(program: Program<'_>, of: DefinitionId, lines: &RangeInclusive<u32>) -> Option<DefinitionId> {
    let used = program.resolution.uses.of(of).iter().filter(|used| lines.contains(&used.line));
    let named: BTreeSet<DefinitionId> =
        used.map(|used| used.to).filter(|&to| program.is_function(to)).collect();
    named.into_iter().max_by_key(|id| (program.reach.size(*id), std::cmp::Reverse(*id)))
}

/// The reached functions that name a function.
fn callers(program: Program<'_>, of: DefinitionId) -> Vec<DefinitionId> {
    let names = |id: &DefinitionId| program.resolution.uses.of(*id).iter().any(|used| used.to == of);
    program.reached.definitions().filter(|&id| id != of && program.is_function(id)).filter(names).collect()
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
