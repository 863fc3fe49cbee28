//! Services that a configuration switches on: the variants of an enum that `if`s ask for, several of which may be on in one process.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::FoundRole;
use super::commands::{choices, command_name, does, start, written};
use super::model::{Activity, Role, RoleKind};
use super::program::{Program, largest_call, only_call};
use crate::deploy::reach::Start;
use crate::ids::DefinitionId;

/// The parts of a program that its configuration switches on, each with where it starts: the variants that `if`s in it ask for; none
/// if there are fewer than two. Where commands tell starts apart, they are parts of the one that comes to these `if`s.
pub(super) fn services(program: Program<'_>, commands: &[FoundRole]) -> Vec<(Role, Start)> {
    let choices = choices(program, true);
    let mut found: Vec<(Role, Start)> = Vec::new();
    for (&axis, choices) in &choices {
        let comes = |own: &&FoundRole| choices.iter().all(|choice| own.reached.contains(choice.of));
        let whole = || Start::process(program.main);
        let from = commands.iter().find(comes).map_or_else(whole, |own| own.start.clone());
        // Of several `if`s for one service that counts which does most.
        let mut of_axis: BTreeMap<String, (usize, Role, Start)> = BTreeMap::new();
        for choice in choices {
            let arms = choice.dispatch.arms.iter().filter(|arm| does(program, choice, arm));
            for (arm, label) in arms.flat_map(|arm| arm.labels.iter().map(move |label| (arm, label))) {
                let labels = std::slice::from_ref(label);
                let lines = arm.line..=arm.end_line;
                let runs = runs(program, choice.of, &lines);
                let name = command_name(program, axis, labels);
                if of_axis.get(&name).is_some_and(|(most, ..)| *most >= runs) {
                    continue;
                }
                let role = Role {
                    name: name.clone(),
                    kind: RoleKind::Service,
                    of: choice.of,
                    entry: only_call(program, choice.of, &lines),
                    file: choice.file,
                    line: arm.line,
                    end_line: arm.end_line,
                    calls: largest_call(program, choice.of, &lines),
                    evidence: written(label),
                    activity: Activity::default(),
                };
                of_axis.insert(name, (runs, role, start(program, axis, labels, choices, from.clone())));
            }
        }
        if of_axis.len() > found.len().max(1) {
            found = of_axis.into_values().map(|(_, role, start)| (role, start)).collect();
        }
    }
    found
}

/// How many definitions run from some lines on.
fn runs(program: Program<'_>, of: DefinitionId, lines: &RangeInclusive<u32>) -> usize {
    let start = Start { lines: vec![(of, lines.clone())], ..Start::default() };
    program.reach.from(&start, &|_| true).definitions().count()
}
