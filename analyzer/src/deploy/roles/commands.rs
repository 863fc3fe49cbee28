//! Commands: the arms of the `match` by which a program chooses what to do.
//!
//! It is over an enum that a parser of command lines is derived for, or over texts in a function that asks for arguments or
//! subcommands. Where such texts become variants of an enum that is matched later, the enum's variants are the commands.
//! Of several the one nearest to `main` counts, in calls. A process has one command, so that all matches over the enum take its
//! arm.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::RangeInclusive;

use super::model::{Activity, Role, RoleKind};
use super::program::{Program, calls_any, largest_call, only_call};
use crate::deploy::reach::Start;
use crate::ids::{DefinitionId, FileId, ItemId};
use crate::parse::tree::{Arm, ArmLabel, CallForm, Dispatch};
use crate::resolve::{CommandEnum, CommandVariant, ItemKind, Uses};

/// What a program does that is given no command.
const DEFAULT: &str = "default";

/// Commands that hold commands that hold commands. A choice.
const MOST_FLATTENED: u32 = 4;

/// Calls between `main` and a `match` over what a configuration says. A choice.
const EARLY: u32 = 3;

/// What a `match` tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Axis {
    /// The variants of an enum.
    Enum(ItemId),
    /// The texts of one `match`: its function and line.
    Texts(DefinitionId, u32),
}

/// A `match` over commands.
pub(super) struct Choice<'a> {
    pub(super) of: DefinitionId,
    pub(super) file: FileId,
    pub(super) dispatch: &'a Dispatch,
}

/// The commands of a program, by the order of their arms, each with where it starts; none if there are fewer than two.
pub(super) fn commands(program: Program<'_>) -> Vec<(Role, Start)> {
    let choices = choices(program, false);
    let depths = depths(program);
    let nearest = |choices: &Vec<Choice<'_>>| {
        let depth = |choice: &Choice<'_>| depths.get(&choice.of).copied().unwrap_or(u32::MAX);
        choices.iter().map(|choice| (depth(choice), choice.file, choice.dispatch.line)).min()
    };
    let several = choices.iter().filter(|(_, choices)| {
        choices
            .iter()
            .any(|choice| choice.dispatch.arms.iter().filter(|arm| does(program, choice, arm)).count() > 1)
    });
    let Some((&axis, _)) = several.min_by_key(|(_, choices)| nearest(choices)) else {
        return Vec::new();
    };
    let found = Found { program, choices: &choices, depths: &depths };
    let mut commands = found.of(axis, Start::process(program.main), MOST_FLATTENED);
    let mut known = BTreeSet::new();
    commands.retain(|(role, _)| known.insert(role.name.clone()));
    // Without a command it may do what one of its commands does.
    let work = |role: &Role| role.entry.or(role.calls);
    let is_named = |role: &Role| role.name != DEFAULT;
    let named: BTreeSet<DefinitionId> =
        commands.iter().filter(|(role, _)| is_named(role)).filter_map(|(role, _)| work(role)).collect();
    commands.retain(|(role, _)| is_named(role) || work(role).is_none_or(|of| !named.contains(&of)));
    commands
}

/// What commands are made from.
struct Found<'a> {
    program: Program<'a>,
    choices: &'a BTreeMap<Axis, Vec<Choice<'a>>>,
    depths: &'a BTreeMap<DefinitionId, u32>,
}

impl Found<'_> {
    /// The commands that an axis tells apart, from where all of them start. One that only holds other commands gives its place to
    /// these.
    fn of(&self, axis: Axis, from: Start, deeper: u32) -> Vec<(Role, Start)> {
        let program = self.program;
        let Some(choices) = self.choices.get(&axis) else { return Vec::new() };
        let Some(first) = self.first(choices) else { return Vec::new() };
        let is_command = |arm: &&Arm| !arm.labels.is_empty() || matches!(axis, Axis::Enum(_));
        let mut found = Vec::new();
        for arm in first.dispatch.arms.iter().filter(is_command) {
            let start = start(program, axis, &arm.labels, choices, from.clone());
            let held = deeper.checked_sub(1).zip(self.flattened(axis, arm));
            let inner = held.map(|(deeper, held)| self.of(held, start.clone(), deeper)).unwrap_or_default();
            if !inner.is_empty() {
                found.extend(inner);
            } else if does(program, first, arm) {
                let lines = arm.line..=arm.end_line;
                let role = Role {
                    name: command_name(program, axis, &arm.labels),
                    kind: RoleKind::Subcommand,
                    of: first.of,
                    entry: only_call(program, first.of, &lines),
                    file: first.file,
                    line: arm.line,
                    end_line: arm.end_line,
                    calls: largest_call(program, first.of, &lines),
                    evidence: arm.labels.first().map_or_else(|| "no command".to_owned(), written),
                    activity: Activity::default(),
                };
                found.push((role, start));
            }
        }
        found
    }

    /// The `match` that says what commands do: one with several arms that do something, the nearest to `main`.
    fn first<'c>(&self, choices: &'c [Choice<'c>]) -> Option<&'c Choice<'c>> {
        choices.iter().min_by_key(|choice| {
            let does = choice.dispatch.arms.iter().filter(|arm| does(self.program, choice, arm)).count();
            let depth = self.depths.get(&choice.of).copied().unwrap_or(u32::MAX);
            (std::cmp::Reverse(does.min(2)), depth, choice.dispatch.line)
        })
    }

    /// The commands that an arm's variant holds in its place.
    fn flattened(&self, axis: Axis, arm: &Arm) -> Option<Axis> {
        let Axis::Enum(item) = axis else { return None };
        let resolution = self.program.resolution;
        let own = resolution.commands.iter().find(|of| of.item == item)?;
        let is_own = |variant: &&CommandVariant| {
            let named = |label| matches!(label, &ArmLabel::Variant(_, name) if name == variant.name);
            variant.flattened && arm.labels.iter().any(named)
        };
        let lines = own.variants.iter().find(is_own)?.lines;
        let named = resolution.uses.of(Uses::of_item(item)).iter();
        let named = named.filter(|used| (lines.0..=lines.1).contains(&used.line));
        named
            .map(|used| Axis::Enum(resolution.uses.definitions[used.to].item))
            .find(|held| self.choices.contains_key(held))
    }
}

/// Every `match` over commands in what the program reaches, or every `if` that asks what is switched on.
pub(super) fn choices(program: Program<'_>, switches: bool) -> BTreeMap<Axis, Vec<Choice<'_>>> {
    let enums: BTreeMap<ItemId, &CommandEnum> =
        program.resolution.commands.iter().map(|of| (of.item, of)).collect();
    let mut found: BTreeMap<Axis, Vec<Choice<'_>>> = BTreeMap::new();
    for (file, data) in program.resolution.files.iter_enumerated() {
        for dispatch in data.dispatches.iter().filter(|dispatch| dispatch.switch == switches) {
            let owners = program.places.at(file, dispatch.line);
            let Some(of) = owners.into_iter().find(|&of| program.reached.contains(of)) else { continue };
            let choice = Choice { of, file, dispatch };
            if let Some(axis) = axis(program, &choice, &enums) {
                found.entry(axis).or_default().push(choice);
            }
        }
    }
    if switches {
        found.retain(|axis, _| matches!(axis, Axis::Enum(item) if enums[item].switched));
        return found;
    }
    let made = made_of_texts(program, &found);
    let depths = depths(program);
    // Where a configuration chooses what a process is, it does so at its beginning.
    let is_early = |choice: &Choice<'_>| depths.get(&choice.of).is_some_and(|&depth| depth <= EARLY);
    found.retain(|axis, choices| match axis {
        Axis::Enum(item) => {
            let configured = enums[item].configured && choices.iter().any(is_early);
            enums[item].derived || configured || made.contains(item)
        }
        Axis::Texts(..) => true,
    });
    let is_kept = |item: &ItemId| found.contains_key(&Axis::Enum(*item));
    if made.iter().any(is_kept) {
        found.retain(|axis, _| matches!(axis, Axis::Enum(_)));
    }
    found
}

/// Enums that the arms of a `match` over texts name, one arm may lack it: a command line becomes one of their variants.
fn made_of_texts(program: Program<'_>, found: &BTreeMap<Axis, Vec<Choice<'_>>>) -> BTreeSet<ItemId> {
    let mut made = BTreeSet::new();
    let texts = found.iter().filter(|(axis, _)| matches!(axis, Axis::Texts(..)));
    for choice in texts.flat_map(|(_, choices)| choices) {
        let mut arms: BTreeMap<ItemId, u32> = BTreeMap::new();
        for arm in choice.dispatch.arms.iter().filter(|arm| !arm.labels.is_empty()) {
            let used = program.resolution.uses.of(choice.of).iter();
            let used = used.filter(|used| (arm.line..=arm.end_line).contains(&used.line));
            let items: BTreeSet<ItemId> =
                used.map(|used| program.resolution.uses.definitions[used.to].item).collect();
            items.into_iter().for_each(|item| *arms.entry(item).or_default() += 1);
        }
        let labelled = choice.dispatch.arms.iter().filter(|arm| !arm.labels.is_empty()).count() as u32;
        let is_made = |&(item, arms): &(ItemId, u32)| {
            arms > 1 && arms + 1 >= labelled && program.resolution.items[item].kind == ItemKind::Enum
        };
        made.extend(arms.into_iter().filter(is_made).map(|(item, _)| item));
    }
    made
}

fn axis(program: Program<'_>, choice: &Choice<'_>, enums: &BTreeMap<ItemId, &CommandEnum>) -> Option<Axis> {
    let labels = choice.dispatch.arms.iter().flat_map(|arm| arm.labels.iter().map(move |label| (arm, label)));
    let mut texts = 0;
    for (arm, label) in labels {
        match label {
            ArmLabel::Variant(_, variant) => {
                let used = program.resolution.uses.of(choice.of).iter();
                let used = used.filter(|used| (arm.line..=arm.end_line).contains(&used.line));
                let items = used.map(|used| program.resolution.uses.definitions[used.to].item);
                let is_command = |item: &ItemId| {
                    enums.get(item).is_some_and(|of| of.variants.iter().any(|own| own.name == *variant))
                };
                if let Some(item) = items.into_iter().find(is_command) {
                    return Some(Axis::Enum(item));
                }
            }
            ArmLabel::Text(_) => texts += 1,
        }
    }
    (texts > 1 && asks_for_arguments(program, choice)).then_some(Axis::Texts(choice.of, choice.dispatch.line))
}

/// Whether the function of a `match` over texts asks for what the command line says.
fn asks_for_arguments(program: Program<'_>, choice: &Choice<'_>) -> bool {
    let definition = &program.resolution.uses.definitions[choice.of];
    let file = &program.resolution.files[choice.file];
    let clap = file.dependencies.iter().any(|own| own == "clap");
    let lines = definition.line..=definition.end_line;
    file.named_calls.iter().map(|external| &external.call).filter(|call| lines.contains(&call.line)).any(
        |call| match (call.form, call.name()) {
            (CallForm::Path, "args" | "args_os" | "current_exe") => call.on() == "env",
            (CallForm::Path, "var" | "var_os") => call.text.is_some_and(|name| chooses(name.as_str())),
            (CallForm::Method, "subcommand" | "subcommand_name" | "remove_subcommand") => clap,
            _ => false,
        },
    )
}

/// Whether a variable of the environment says what a process is, by its name.
fn chooses(variable: &str) -> bool {
    let words = ["APP", "COMPONENT", "MODE", "PROCESS", "ROLE", "SERVICE", "WORKER"];
    variable.split('_').next_back().is_some_and(|word| words.contains(&word))
}

/// Whether an arm calls a function of the repository.
pub(super) fn does(program: Program<'_>, choice: &Choice<'_>, arm: &Arm) -> bool {
    calls_any(program, choice.of, &(arm.line..=arm.end_line))
}

/// What a start comes to by references alone, nothing guessed.
pub(super) fn named(program: Program<'_>, start: &Start) -> BTreeSet<DefinitionId> {
    named_of(program, start, &|_| true)
}

/// The functions that a start comes to by calls alone.
pub(super) fn called(program: Program<'_>, start: &Start) -> BTreeSet<DefinitionId> {
    named_of(program, start, &|to| program.is_function(to))
}

fn named_of(
    program: Program<'_>,
    start: &Start,
    wanted: &dyn Fn(DefinitionId) -> bool,
) -> BTreeSet<DefinitionId> {
    let mut found: BTreeSet<DefinitionId> = start.roots.iter().copied().collect();
    let mut open: Vec<(DefinitionId, RangeInclusive<u32>)> =
        start.roots.iter().map(|&root| (root, 0..=u32::MAX)).collect();
    open.extend(start.lines.iter().cloned());
    while let Some((id, lines)) = open.pop() {
        let without = start.without.get(&id).map(Vec::as_slice).unwrap_or_default();
        for used in program.resolution.uses.of(id).iter().filter(|used| lines.contains(&used.line)) {
            let runs = !without.iter().any(|lines| lines.contains(&used.line));
            if runs && wanted(used.to) && program.reached.contains(used.to) && found.insert(used.to) {
                open.push((used.to, 0..=u32::MAX));
            }
        }
    }
    found
}

/// How many calls lie between `main` and what it names.
pub(super) fn depths(program: Program<'_>) -> BTreeMap<DefinitionId, u32> {
    let mut depths = BTreeMap::from([(program.main, 0)]);
    let mut open = VecDeque::from([program.main]);
    while let Some(id) = open.pop_front() {
        let next = depths[&id] + 1;
        for used in program.resolution.uses.of(id) {
            if !depths.contains_key(&used.to) && program.reached.contains(used.to) {
                depths.insert(used.to, next);
                open.push_back(used.to);
            }
        }
    }
    depths
}

pub(super) fn command_name(program: Program<'_>, axis: Axis, labels: &[ArmLabel]) -> String {
    let commands = match axis {
        Axis::Enum(item) => program.resolution.commands.iter().find(|of| of.item == item),
        Axis::Texts(..) => None,
    };
    let of_label = |label: &ArmLabel| match label {
        ArmLabel::Text(text) => Some(text.as_str().to_owned()),
        ArmLabel::Variant(_, name) => {
            let variant = commands?.variants.iter().find(|variant| variant.name == *name)?;
            Some(
                variant.command.map_or_else(|| kebab(variant.name.as_str()), |name| name.as_str().to_owned()),
            )
        }
    };
    let names: Vec<String> = labels.iter().filter_map(of_label).collect();
    if names.is_empty() { DEFAULT.to_owned() } else { names.join("|") }
}

pub(super) fn written(label: &ArmLabel) -> String {
    match label {
        ArmLabel::Text(text) => format!("\"{text}\""),
        ArmLabel::Variant(of, name) if of.is_empty() => name.as_str().to_owned(),
        ArmLabel::Variant(of, name) => format!("{of}::{name}"),
    }
}

/// What a start leads to without what is for other commands: their arms, and their variants of the enum.
pub(super) fn start(
    program: Program<'_>,
    axis: Axis,
    labels: &[ArmLabel],
    choices: &[Choice<'_>],
    from: Start,
) -> Start {
    let mut start = from;
    let is_own = |label: &ArmLabel| labels.iter().any(|own| last(own) == last(label));
    for choice in choices {
        let arms = &choice.dispatch.arms;
        let has_own = arms.iter().any(|arm| arm.labels.iter().any(is_own));
        let others = arms.iter().filter(|arm| match arm.labels.is_empty() {
            true => has_own,
            false => !arm.labels.iter().any(is_own),
        });
        let lines = others.map(|arm| arm.line..=arm.end_line);
        start.without.entry(choice.of).or_default().extend(lines);
    }
    if let Axis::Enum(item) = axis
        && let Some(of) = program.resolution.commands.iter().find(|of| of.item == item)
    {
        let others =
            of.variants.iter().filter(|variant| !is_own(&ArmLabel::Variant(variant.name, variant.name)));
        let lines = others.map(|variant| variant.lines.0..=variant.lines.1).collect();
        start.without.insert(Uses::of_item(item), lines);
    }
    start
}

fn last(label: &ArmLabel) -> &str {
    match label {
        ArmLabel::Text(name) | ArmLabel::Variant(_, name) => name.as_str(),
    }
}

/// `StartWorker` as `start-worker`: what clap and its peers call a variant.
fn kebab(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut out = String::with_capacity(name.len() + 4);
    for (i, &letter) in letters.iter().enumerate() {
        let begins = letter.is_uppercase()
            && i > 0
            && letters[i - 1] != '_'
            && (!letters[i - 1].is_uppercase() || letters.get(i + 1).is_some_and(|next| next.is_lowercase()));
        if begins || letter == '_' {
            out.push('-');
        }
        out.extend(letter.to_lowercase().filter(|&l| l != '_'));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::kebab;

    #[test]
    fn variants_as_a_command_line_calls_them() {
        for (name, expected) in [
            ("Serve", "serve"),
            ("StartWorker", "start-worker"),
            ("DbMigrate2", "db-migrate2"),
            ("HTTPServer", "http-server"),
            ("Run_All", "run-all"),
            ("", ""),
        ] {
            assert_eq!(kebab(name), expected, "{name}");
        }
    }
}
