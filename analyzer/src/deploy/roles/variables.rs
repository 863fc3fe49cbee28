//! What is carried into code by the variables of the function around it: a router that is made before the task which serves it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use super::program::Program;
use crate::ids::{DefinitionId, FileId};
use crate::parse::tree::{Binding, Name, Task};
use crate::resolve::File;

/// Statements behind one piece of code. A choice: they bound the time.
const MOST_STATEMENTS: usize = 500;

/// The variables of one function.
pub(super) struct Variables<'a> {
    file: &'a File,
    lines: RangeInclusive<u32>,
    /// By name, in their order.
    named: BTreeMap<&'a str, Vec<usize>>,
}

impl<'a> Variables<'a> {
    pub(super) fn of(program: Program<'a>, function: DefinitionId, file: FileId) -> Self {
        let definition = &program.resolution.uses.definitions[function];
        let lines = definition.line..=definition.end_line;
        let file = &program.resolution.files[file];
        let mut named: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let own = file.bindings.iter().enumerate();
        for (at, of) in own.filter(|(_, of)| lines.contains(&of.line) && lines.contains(&of.end_line)) {
            named.entry(of.name.as_str()).or_default().push(at);
        }
        Self { file, lines, named }
    }

    /// What gave a variable its value on a line: the last statement before it.
    fn before(&self, name: Name, line: u32) -> Option<usize> {
        let own = self.named.get(name.as_str())?;
        own.iter().rev().copied().find(|&at| self.file.bindings[at].end_line < line)
    }

    /// The statements that give some variables their values on a line, and those that these need, by line. `named` says which
    /// variables a statement needs.
    pub(super) fn behind(
        &self,
        names: &[Name],
        line: u32,
        named: &dyn Fn(&Binding) -> Vec<Name>,
    ) -> Vec<&'a Binding> {
        self.statements(&self.reach(names, line, named))
    }

    fn statements(&self, of: &BTreeSet<usize>) -> Vec<&'a Binding> {
        of.iter().map(|&at| &self.file.bindings[at]).collect()
    }

    fn reach(&self, names: &[Name], line: u32, named: &dyn Fn(&Binding) -> Vec<Name>) -> BTreeSet<usize> {
        let mut open: Vec<(Name, u32)> = names.iter().map(|&name| (name, line)).collect();
        let mut found = BTreeSet::new();
        while let Some((name, line)) = open.pop() {
            if let Some(at) = self.before(name, line).filter(|_| found.len() < MOST_STATEMENTS)
                && found.insert(at)
            {
                let of = &self.file.bindings[at];
                open.extend(named(of).into_iter().map(|name| (name, of.line)));
            }
        }
        found
    }

    /// The statements behind a task.
    pub(super) fn behind_task(&self, task: &Task) -> Vec<&'a Binding> {
        self.behind(&task.names, task.line, &all_names)
    }

    /// Of these the ones that nothing but this task needs: no other task, and no variable that doesn't come to this one.
    pub(super) fn for_task_alone(&self, task: &Task) -> Vec<&'a Binding> {
        let own = self.reach(&task.names, task.line, &all_names);
        let lines = |of: &Task| (of.line, of.end_line);
        let tasks = || self.file.tasks.iter().filter(|other| self.lines.contains(&other.line));
        let mut others = BTreeSet::new();
        for other in tasks().filter(|other| lines(other) != lines(task)) {
            others.extend(self.reach(&other.names, other.line, &all_names));
        }
        // What waits for tasks names all of them.
        let waits = |of: &Binding| tasks().any(|task| of.line <= task.line && task.end_line <= of.end_line);
        let inside = |of: &Binding| task.line <= of.line && of.end_line <= task.end_line;
        for &at in self.named.values().flatten().filter(|at| !own.contains(at)) {
            let of = &self.file.bindings[at];
            if !waits(of) && !inside(of) {
                others.extend(self.reach(&of.names, of.line, &all_names));
            }
        }
        self.statements(&own.difference(&others).copied().collect())
    }
}

fn all_names(of: &Binding) -> Vec<Name> {
    of.names.to_vec()
}
