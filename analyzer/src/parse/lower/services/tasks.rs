//! What runs beside the rest: what is given to `spawn`, the arguments of `join!`; with the variables that carry things into it. Read
//! off the tokens of files, like calls.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::parse::syntax::parser::SyntaxKind::*;
use rustc_hash::FxHashSet;

use super::entries::NESTS;
use crate::parse::lower::Lower;
use crate::parse::tree::{Binding, Name, NamedCall, Task};

/// Tasks and variables of a file: more is no code that people write. Choices; together with the length of a call they bound the time.
const MOST_TASKS: usize = 400;
const MOST_BINDINGS: usize = 4_000;
/// Variables that one statement names.
const MOST_NAMES: usize = 64;
/// Tokens of what a `let` gives its name to.
const LONGEST_PATTERN: u32 = 64;

impl Lower<'_> {
    /// Notes the tasks of a file, and its variables if they may be in a task or a router.
    pub(in crate::parse::lower) fn note_tasks(&mut self) {
        if self.tokens.source.is_none() {
            return;
        }
        let tasks = self.tasks();
        let nests = |call: &NamedCall| NESTS.contains(&call.name());
        if tasks.is_empty() && !self.tree.named_calls.iter().any(nests) {
            return;
        }
        let bindings = self.bindings();
        let known: FxHashSet<Name> = bindings.iter().map(|(name, _)| *name).collect();
        let lines = |of: &Range<u32>| (self.line(of.start), self.line(of.end.saturating_sub(1)));
        let task = |(of, joined): (Range<u32>, bool)| {
            let (line, end_line) = lines(&of);
            Task { line, end_line, joined, names: self.variables(of, &known) }
        };
        let binding = |(name, of): (Name, Range<u32>)| {
            let (line, end_line) = lines(&of);
            Binding { name, line, end_line, names: self.variables(of, &known) }
        };
        let tasks: Vec<Task> = tasks.into_iter().map(task).collect();
        let bindings: Vec<Binding> = bindings.into_iter().map(binding).collect();
        (self.tree.tasks, self.tree.bindings) = (tasks, bindings);
    }

    /// The tokens of each task, and whether it is joined.
    fn tasks(&self) -> Vec<(Range<u32>, bool)> {
        let mut found = Vec::new();
        let starts = |at: &u32| {
            self.tokens.kind(*at) == IDENT && {
                let name = self.tokens.name(*at);
                matches!(name.as_str(), "spawn" | "spawn_local" | "join" | "try_join")
            }
        };
        for at in (0..self.tokens.len()).filter(starts).take(MOST_TASKS) {
            match self.tokens.name(at).as_str() {
                "spawn" | "spawn_local" => {
                    let end = self.arguments_behind(at).and_then(|open| self.close_of(open));
                    found.extend(end.map(|end| (at..end + 1, false)));
                }
                "join" | "try_join" if self.kind_at(at + 1) == Some(BANG) => {
                    let parts = self.close_of(at + 2).map(|end| self.parts(at + 3..end)).unwrap_or_default();
                    let line = |of: &Range<u32>| (self.line(of.start), self.line(of.end - 1));
                    // Lines are what tells tasks apart.
                    if parts.windows(2).all(|two| line(&two[0]).1 < line(&two[1]).0) {
                        found.extend(parts.into_iter().map(|of| (of, true)));
                    }
                }
                _ => {}
            }
        }
        found.truncate(MOST_TASKS);
        found
    }

    fn kind_at(&self, at: u32) -> Option<crate::parse::syntax::parser::SyntaxKind> {
        (at < self.tokens.len()).then(|| self.tokens.kind(at))
    }

    /// What stands between the commas of some tokens.
    fn parts(&self, within: Range<u32>) -> Vec<Range<u32>> {
        let (mut parts, mut depth, mut start) = (Vec::new(), 0_u32, within.start);
        for t in within.clone() {
            match self.tokens.kind(t) {
                L_PAREN | L_BRACK | L_CURLY => depth += 1,
                R_PAREN | R_BRACK | R_CURLY => depth = depth.saturating_sub(1),
                COMMA if depth == 0 => {
                    parts.push(start..t);
                    start = t + 1;
                }
                _ => {}
            }
        }
        parts.push(start..within.end);
        parts.retain(|part| !part.is_empty());
        parts
    }

    /// Each variable with the statement that gives it something.
    fn bindings(&self) -> Vec<(Name, Range<u32>)> {
        let mut found = Vec::new();
        for at in (0..self.tokens.len()).filter(|&at| self.gives(at)).take(MOST_BINDINGS) {
            let Some(end) = self.statement_end(at) else { continue };
            match self.tokens.kind(at) {
                IDENT => found.push((self.tokens.name(at), at..end)),
                _ => found.extend(self.bound(at + 1).into_iter().map(|name| (name, at..end))),
            }
        }
        found.truncate(MOST_BINDINGS);
        found
    }

    /// Whether a statement begins here that gives a variable something: `let x = …;`, `x = …;`.
    fn gives(&self, at: u32) -> bool {
        let before = at.checked_sub(1).map(|before| self.tokens.kind(before));
        match self.tokens.kind(at) {
            LET_KW => !matches!(before, Some(IF_KW | WHILE_KW | AMP)),
            IDENT if matches!(before, Some(SEMICOLON | L_CURLY | R_CURLY)) => {
                self.kind_at(at + 1) == Some(EQ) && !matches!(self.kind_at(at + 2), Some(EQ | R_ANGLE))
            }
            _ => false,
        }
    }

    /// The names that a `let` gives, up to its type or its value.
    fn bound(&self, at: u32) -> Vec<Name> {
        let end = self.tokens.len().min(at + LONGEST_PATTERN);
        let stops = |t: &u32| matches!(self.tokens.kind(*t), EQ | SEMICOLON | COLON);
        let pattern = at..(at..end).find(stops).unwrap_or(at);
        pattern.filter(|&t| self.tokens.kind(t) == IDENT).map(|t| self.tokens.name(t)).collect()
    }

    /// Behind the semicolon that ends a statement.
    fn statement_end(&self, at: u32) -> Option<u32> {
        let mut depth = 0_u32;
        let end = self.tokens.len().min(at + super::entries::LONGEST_CALL);
        for t in at..end {
            match self.tokens.kind(t) {
                L_PAREN | L_BRACK | L_CURLY => depth += 1,
                R_PAREN | R_BRACK | R_CURLY if depth == 0 => return None,
                R_PAREN | R_BRACK | R_CURLY => depth -= 1,
                SEMICOLON if depth == 0 => return Some(t + 1),
                _ => {}
            }
        }
        None
    }

    /// The known variables among some tokens, fields and methods left out.
    fn variables(&self, within: Range<u32>, known: &FxHashSet<Name>) -> Box<[Name]> {
        let is_variable = |&t: &u32| {
            self.tokens.kind(t) == IDENT && (t == 0 || self.tokens.kind(t - 1) != DOT) && {
                let name = self.tokens.name(t);
                known.contains(&name)
            }
        };
        let names: BTreeSet<&str> =
            within.filter(is_variable).map(|t| self.tokens.name(t)).map(|name| name.as_str()).collect();
        names.into_iter().take(MOST_NAMES).map(Name::from).collect()
    }

    /// The bodies of `loop` and `while`, the outermost of each.
    pub(in crate::parse::lower) fn loops(&self) -> Vec<Range<u32>> {
        let mut found: Vec<Range<u32>> = Vec::new();
        let begins = |at: &u32| matches!(self.tokens.kind(*at), LOOP_KW | WHILE_KW);
        for at in (0..self.tokens.len()).filter(begins).take(MOST_BINDINGS) {
            if found.last().is_some_and(|last| at < last.end) {
                continue;
            }
            let open = (at + 1..self.tokens.len().min(at + LONGEST_PATTERN))
                .find(|&t| matches!(self.tokens.kind(t), L_CURLY | SEMICOLON))
                .filter(|&t| self.tokens.kind(t) == L_CURLY);
            found.extend(open.and_then(|open| Some(open..self.close_of(open)? + 1)));
        }
        found
    }
}
