//! Servers, consumers, schedulers and lambdas that a program starts: one for each function that starts some, and one for each task.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::known;
use super::model::{Activity, Role, RoleKind, Topic};
use super::program::{Program, calls_any, only_call};
use crate::deploy::reach::{Reached, Start};
use crate::ids::{CrateId, DefinitionId, FileId};
use crate::resolve::{DefinitionKind, ExternalCall, File};

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

    /// What it reaches from: without the other tasks of the same function.
    pub(super) fn start(&self, all: &[Self]) -> Start {
        let tasks = all.iter().filter(|other| other.of == self.of && other.task != self.task);
        let without: Vec<RangeInclusive<u32>> = match &self.task {
            Some(_) => Vec::new(),
            None => tasks.filter_map(|other| other.task.clone()).collect(),
        };
        let without = if without.is_empty() { BTreeMap::new() } else { BTreeMap::from([(self.of, without)]) };
        match &self.task {
            Some(lines) => Start { lines: vec![(self.of, lines.clone())], ..Start::default() },
            None => Start { without, ..Start::of(self.of) },
        }
    }

    pub(super) fn role(&self, program: Program<'_>) -> Role {
        let (kind, file, line, evidence) = self.calls[0].clone();
        let mut kinds: Vec<RoleKind> = self.kinds().collect();
        kinds.sort_unstable();
        kinds.dedup();
        let activity = Activity { kinds, topics: self.topics.clone(), routes: Vec::new() };
        Role {
            name: self.name(program),
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

    /// The function itself; a task where it is one call.
    fn entry(&self, program: Program<'_>) -> Option<DefinitionId> {
        match &self.task {
            Some(lines) => only_call(program, self.of, lines),
            None => Some(self.of),
        }
    }

    fn name(&self, program: Program<'_>) -> String {
        match (&self.task, self.entry(program)) {
            (_, Some(entry)) => short_name(program, entry),
            (Some(lines), None) => format!("{}:{}", short_name(program, self.of), lines.start()),
            (None, None) => short_name(program, self.of),
        }
    }
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

/// All that a program starts, by function, then by line.
pub(super) fn groups(program: Program<'_>) -> Vec<Group> {
    let mut found: BTreeMap<(DefinitionId, Option<(u32, u32)>), Group> = BTreeMap::new();
    for (id, file) in program.resolution.files.iter_enumerated() {
        for external in &file.named_calls {
            let call = &external.call;
            let task = task_around(file, call.line, call.end_line);
            let Some(kind) = known::started(external, file, task.is_some()) else { continue };
            let owners = program.places.at(id, call.line);
            let Some(of) = owners.into_iter().find(|&of| program.reached.contains(of)) else { continue };
            let task = task.filter(|task| is_within(program, of, task));
            // A task that does nothing of the repository's is no work of its own.
            if task.is_some_and(|(first, last)| !calls_any(program, of, &(first..=last))) {
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

/// The innermost task that a call stands in.
fn task_around(file: &File, line: u32, end_line: u32) -> Option<(u32, u32)> {
    let spawns = |external: &&ExternalCall| {
        let call = &external.call;
        known::spawns(external) && call.line <= line && end_line <= call.end_line && call.end_line > call.line
    };
    let tasks = file.named_calls.iter().filter(spawns).map(|spawn| (spawn.call.line, spawn.call.end_line));
    tasks.min_by_key(|&(first, last)| (last - first, first))
}

fn is_within(program: Program<'_>, of: DefinitionId, &(first, last): &(u32, u32)) -> bool {
    let definition = &program.resolution.uses.definitions[of];
    definition.line <= first && last <= definition.end_line
}
