//! What a reference against the order can be mended with, and what each costs.

use std::collections::BTreeSet;

use super::against::Against;
use super::closure::{Closure, Layout};
use super::generated_names::generated_names;
use super::methods::{Leaving, implements_foreign, leaving};
use crate::ids::{GroupId, IdVec, ItemId, LevelId};
use crate::plan::edit::EditKind;
use crate::plan::index::{item_lines, references_of, references_to};
use crate::plan::input::PlanInput;
use crate::plan::partition::groups::Groups;
use crate::plan::partition::place::Placement;
use crate::resolve::{Item, ItemKind, RefKind, Reference, Visibility};

/// Up to so many lines, moving code is cheaper than changing it: about a screen or two. A choice.
const FEW_LINES: u32 = 120;
/// So many lines may leave what remains of a package, however short it is: an alias, a constant with its type. A choice.
pub(in crate::plan) const HANDFUL: u32 = 5;
/// Code of more lines is not moved to get rid of a reference: about a file. A choice.
pub(in crate::plan) const MANY_LINES: u32 = 400;
/// Nor is more than this share of a crate, which would undo the split. A choice.
pub(in crate::plan) const MOST_OF_CRATE: f64 = 1.0 / 3.0;
/// A function that reads one value has no more lines. A choice.
const GETTER_LINES: u32 = 15;
/// What a piece of work costs beside others: an order of preference, not a measurement. A short move is cheaper than any
/// change of code, one of many lines than a function or a type that has to come from above.
const MOVE: f64 = 1.0;
const LONG_MOVE: f64 = 2.0;
const DEV_CRATE: f64 = 1.0;
const PASS_VALUE: f64 = 2.5;
const SPLIT_IMPL: f64 = 2.8;
const PASS_FUNCTION: f64 = 5.5;
const MOVE_TRAIT: f64 = 5.8;
const INVERT: f64 = 6.0;
const KEEP_TOGETHER: f64 = 10.0;

/// What fixes are judged by: where everything lies at the moment.
pub(in crate::plan) struct Fixes<'a> {
    pub(in crate::plan) input: &'a PlanInput<'a>,
    pub(in crate::plan) groups: &'a Groups,
    pub(in crate::plan) placement: Placement,
    /// Lines of each crate.
    lines: IdVec<LevelId, u32>,
}

impl<'a> Fixes<'a> {
    pub(in crate::plan) fn new(input: &'a PlanInput<'a>, groups: &'a Groups, placement: &Placement) -> Self {
        let mut lines = IdVec::from_elem(0, placement.crates);
        for (&level, own) in placement.level.iter().zip(&groups.lines) {
            lines[level] += own;
        }
        Self { input, groups, placement: placement.clone(), lines }
    }

    pub(in crate::plan) fn level(&self, group: GroupId) -> LevelId {
        self.placement.level[group]
    }

    pub(in crate::plan) fn item(&self, id: ItemId) -> &'a Item {
        &self.input.resolution.items[id]
    }

    fn layout(&self) -> Layout<'_> {
        Layout { input: self.input, groups: self.groups, placement: &self.placement }
    }

    /// A group with all that it needs, down to a level.
    pub(in crate::plan) fn down(&self, group: GroupId, level: LevelId) -> Option<Closure> {
        self.layout().down(group, level, MANY_LINES.min(self.movable(group)))
    }

    /// A group with all that needs it, up to a level.
    pub(in crate::plan) fn up(&self, group: GroupId, level: LevelId) -> Option<Closure> {
        self.layout().up(group, level, MANY_LINES.min(self.movable(group)))
    }

    /// Lines that may leave the crate of a group. What remains may be left with next to nothing: it is then the place where
    /// users find the others.
    fn movable(&self, group: GroupId) -> u32 {
        let level = self.level(group);
        let share = (f64::from(self.lines[level]) * MOST_OF_CRATE) as u32;
        let few = if level == self.placement.residual { HANDFUL } else { 0 };
        share.max(self.groups.lines[group]).max(few)
    }

    /// Tests' references to a helper that only they use: it belongs to none of the crates.
    pub(in crate::plan) fn dev_crate(&self, group: GroupId, helper: ItemId) -> Option<EditKind> {
        let helper = self.item(helper);
        let named = |word: &str| word.starts_with("test") || word.starts_with("mock");
        let for_tests = helper.path.split("::").any(named) || helper.visibility != Visibility::Public;
        if !for_tests || !self.groups.into.row(group).is_empty() {
            return None;
        }
        let items: BTreeSet<ItemId> = self.groups.items[group].iter().copied().collect();
        let (test, other): (Vec<&Reference>, Vec<&Reference>) =
            references_to(self.input, &items).filter(|r| r.structural).partition(|r| r.test);
        (!test.is_empty() && other.is_empty()).then_some(EditKind::DevCrate { tests: test.len() as u32 })
    }

    /// How code is changed where the reference stands: the cheapest of what goes.
    pub(in crate::plan) fn change(&self, pair: &Against<'_>) -> EditKind {
        if self.item(pair.to).kind == ItemKind::Module {
            return EditKind::PassValue {
                value: pair.to,
                reads: None,
                unseen: generated_names(self.input.resolution, pair),
            };
        }
        self.pass_value(pair)
            .or_else(|| self.keep_together(pair))
            .or_else(|| self.callback(pair))
            .or_else(|| self.split_impl(pair))
            .or_else(|| self.pass_function(pair))
            .unwrap_or_else(|| self.invert(pair))
    }

    /// A constant, a static, or a function that returns what it reads of one.
    fn pass_value(&self, pair: &Against<'_>) -> Option<EditKind> {
        let target = self.item(pair.to);
        let is_value = |item: &Item| matches!(item.kind, ItemKind::Const | ItemKind::Static);
        let passed = |reads| EditKind::PassValue { value: pair.to, reads, unseen: Vec::new() };
        if is_value(target) {
            return Some(passed(None));
        }
        // What takes an argument or returns nothing is called for what it does. A closure is how a function works on a
        // thread's own state.
        let returns = target.signature.is_some_and(|signature| signature.takes == 0 && signature.returns);
        if !returns || item_lines(target) > GETTER_LINES || target.features.closures > 0 {
            return None;
        }
        let reads = references_of(self.input.resolution, pair.to).iter().filter(|r| !r.test);
        let calls = reads.clone().any(|r| r.kind == RefKind::Call && self.item(r.to).kind == ItemKind::Fn);
        let value = reads.map(|r| r.to).find(|&item| is_value(self.item(item)))?;
        (!calls).then(|| passed(Some(value)))
    }

    /// An inherent `impl` of which the references touch a small part, whose methods nobody calls who stays below.
    fn split_impl(&self, pair: &Against<'_>) -> Option<EditKind> {
        let lines = pair.lines();
        match self.leaving(pair, &lines)? {
            Leaving::Can(along) if item_lines(self.item(pair.from)) as usize > 4 * lines.len() => {
                Some(EditKind::SplitImpl { lines, along })
            }
            _ => None,
        }
    }

    /// What comes of moving the methods of an inherent `impl` up in which the references stand.
    fn leaving(&self, pair: &Against<'_>, lines: &[u32]) -> Option<Leaving> {
        self.item(pair.from).imp.as_ref().filter(|header| !header.is_trait)?;
        let above = self.groups.of(pair.to).map(|group| self.level(group));
        let stays = |item: ItemId| self.groups.of(item).is_some_and(|group| Some(self.level(group)) < above);
        Some(leaving(self.input, pair.from, lines, &stays))
    }

    /// What an `impl` of another package's trait needs, itself or by methods of its type, can't be passed in: what it takes is
    /// fixed. A trait that it names may go down all the same.
    fn keep_together(&self, pair: &Against<'_>) -> Option<EditKind> {
        let by = match self.leaving(pair, &pair.lines()) {
            Some(Leaving::Fixed(by)) => by,
            None if implements_foreign(self.item(pair.from)) => pair.from,
            _ => return None,
        };
        (!self.goes_down(pair)).then_some(EditKind::KeepTogether { target: pair.to, by })
    }

    /// What is called once and returns nothing is told of what happens: a function that is passed in does that as well.
    fn callback(&self, pair: &Against<'_>) -> Option<EditKind> {
        let listens = self.item(pair.to).signature.is_some_and(|signature| !signature.returns);
        (listens && pair.references.len() == 1).then(|| self.pass_function(pair)).flatten()
    }

    /// A plain function is no method of anything that a trait could stand for.
    fn pass_function(&self, pair: &Against<'_>) -> Option<EditKind> {
        let (source, target) = (self.item(pair.from), self.item(pair.to));
        let runs = matches!(source.kind, ItemKind::Fn | ItemKind::Impl | ItemKind::Trait);
        let calls = pair.references.len() as u32;
        (runs && target.kind == ItemKind::Fn).then_some(EditKind::PassFunction { function: pair.to, calls })
    }

    fn invert(&self, pair: &Against<'_>) -> EditKind {
        let target = self.item(pair.to);
        if self.goes_down(pair) {
            return EditKind::MoveTrait;
        }
        match trait_name(target) {
            Some(name) => EditKind::Invert { target: pair.to, name: name.to_owned(), exists: true },
            None => EditKind::Invert { target: pair.to, name: camel(target.subject()), exists: false },
        }
    }

    /// Whether it is a macro, or a trait that may leave its impls above.
    fn goes_down(&self, pair: &Against<'_>) -> bool {
        match self.item(pair.to).kind {
            ItemKind::Macro => true,
            ItemKind::Trait => self.only_declares(pair),
            _ => false,
        }
    }

    /// Whether nothing of what a trait runs by default lies above: what its signatures name can be an associated type.
    fn only_declares(&self, pair: &Against<'_>) -> bool {
        let level = self.groups.of(pair.from).map(|group| self.level(group));
        let above = |item: ItemId| self.groups.of(item).is_some_and(|group| Some(self.level(group)) > level);
        let mut references = references_of(self.input.resolution, pair.to).iter().filter(|r| !r.test);
        let runs = |kind| matches!(kind, RefKind::Call | RefKind::Method | RefKind::Field | RefKind::Value);
        !references.any(|r| r.to != pair.to && runs(r.kind) && above(r.to))
    }
}

/// The price of a move of so many lines.
pub(in crate::plan) fn move_price(lines: u32) -> f64 {
    f64::from(lines) / f64::from(FEW_LINES) + if lines > FEW_LINES { LONG_MOVE } else { MOVE }
}

/// The price of a change where one reference stands.
pub(in crate::plan) fn change_price(kind: &EditKind) -> f64 {
    match kind {
        EditKind::DevCrate { .. } => DEV_CRATE,
        EditKind::PassValue { .. } => PASS_VALUE,
        EditKind::SplitImpl { .. } => SPLIT_IMPL,
        EditKind::PassFunction { .. } => PASS_FUNCTION,
        EditKind::MoveTrait => MOVE_TRAIT,
        EditKind::KeepTogether { .. } => KEEP_TOGETHER,
        _ => INVERT,
    }
}

/// The trait of a trait `impl`.
fn trait_name(item: &Item) -> Option<&str> {
    item.imp.as_ref().filter(|header| header.is_trait)?;
    item.name.strip_prefix("impl ")?.split_once(" for ").map(|(name, _)| name)
}

/// A name for a trait: `emit_report` becomes `EmitReport`.
fn camel(name: &str) -> String {
    if name.chars().next().is_some_and(char::is_uppercase) {
        return format!("{name}Access");
    }
    name.split('_')
        .map(|word| {
            let mut chars = word.chars();
            chars.next().map(|c| c.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
        })
        .collect()
}
