//! The cheapest way to remove a reference that runs against the order, with the reason in a sentence.

use petgraph::Direction;
use petgraph::graph::EdgeReference;
use petgraph::visit::EdgeRef;

use super::against::{Against, against};
use super::closure::{Closure, Ground};
use crate::ids::{Id, ItemId};
use crate::plan::index::item_lines;
use crate::plan::index::references_of;
use crate::plan::input::PlanInput;
use crate::plan::model::{Cut, Fix};
use crate::plan::partition::groups::Groups;
use crate::plan::partition::place::Placement;
use crate::resolve::{Item, ItemKind, RefKind, Reference, Visibility};

/// Up to so many lines, moving code is cheaper than changing it: about a screen or two. A choice.
const FEW_LINES: u32 = 120;
/// Code of more lines is not moved to get rid of a reference: about a file. A choice.
pub(in crate::plan) const MANY_LINES: u32 = 400;
/// Nor is more than this share of a crate, which would undo the split. A choice.
pub(in crate::plan) const MOST_OF_CRATE: f64 = 1.0 / 3.0;
/// A function that reads one value has no more lines. A choice.
const GETTER_LINES: u32 = 15;
/// Items, lines and the like that a sentence names: the rest is counted. A choice.
const NAMED: usize = 3;

/// All cuts of a placement, ordered by item.
pub(in crate::plan) fn cuts(input: &PlanInput<'_>, groups: &Groups, placement: &Placement) -> Vec<Cut> {
    let fixes = Fixes::new(input, groups, placement);
    against(input, groups, placement)
        .into_iter()
        .map(|pair| {
            let (fix, detail) = fixes.cheapest(&pair);
            let lines = pair.references.iter().map(|r| r.line).collect();
            Cut { from: pair.from, to: pair.to, lines, fix, detail }
        })
        .collect()
}

/// What fixes are judged by.
pub(in crate::plan) struct Fixes<'a> {
    pub(in crate::plan) input: &'a PlanInput<'a>,
    pub(in crate::plan) groups: &'a Groups,
    pub(in crate::plan) placement: &'a Placement,
    /// Lines of each crate.
    lines: Vec<u32>,
}

pub(in crate::plan) type Found = Option<(Fix, String)>;

impl<'a> Fixes<'a> {
    pub(in crate::plan) fn new(
        input: &'a PlanInput<'a>,
        groups: &'a Groups,
        placement: &'a Placement,
    ) -> Self {
        let mut lines = vec![0; placement.crates as usize];
        for (&level, own) in placement.level.iter().zip(&groups.lines) {
            lines[level as usize] += own;
        }
        Self { input, groups, placement, lines }
    }

    /// The rules, cheapest fix first: code that few lines move as it is, then code that has to change.
    pub(in crate::plan) fn cheapest(&self, pair: &Against<'_>) -> (Fix, String) {
        if self.item(pair.to).kind == ItemKind::Module {
            return self.unseen(pair);
        }
        let short_move = || self.move_down(pair, FEW_LINES).or_else(|| self.move_up(pair, FEW_LINES));
        let long_move = || self.move_down(pair, MANY_LINES).or_else(|| self.move_up(pair, MANY_LINES));
        self.dev_crate(pair)
            .or_else(short_move)
            .or_else(|| self.pass_value(pair))
            .or_else(|| self.split_impl(pair))
            .or_else(long_move)
            .or_else(|| self.pass_function(pair))
            .unwrap_or_else(|| self.invert(pair))
    }

    fn ground(&self) -> Ground<'a> {
        Ground { input: self.input, groups: self.groups, placement: self.placement }
    }

    pub(in crate::plan) fn item(&self, id: ItemId) -> &Item {
        &self.input.resolution.items[id]
    }

    /// A helper that only tests use belongs to none of the crates.
    fn dev_crate(&self, pair: &Against<'_>) -> Found {
        let group = self.groups.of(pair.from)?;
        let helper = self.item(pair.from);
        let named = |word: &str| word.starts_with("test") || word.starts_with("mock");
        let for_tests = helper.path.split("::").any(named) || helper.visibility != Visibility::Public;
        if !for_tests || !self.groups.into.row(group).is_empty() {
            return None;
        }
        let items = &self.groups.items[group as usize];
        let outside = |from: ItemId| items.binary_search(&from).is_err();
        let all = self.input.resolution.references.iter();
        let uses = all.filter(|r| items.binary_search(&r.to).is_ok() && outside(r.from));
        let (test, other): (Vec<&Reference>, Vec<&Reference>) =
            uses.filter(|r| r.structural).partition(|r| r.test);
        if test.is_empty() || !other.is_empty() {
            return None;
        }
        let why = format!(
            "make `{}` a crate of its own that others have as a dev-dependency: only tests use it ({}), so it may lie \
             above everything that it needs",
            helper.name,
            counted(test.len(), "reference")
        );
        Some((Fix::DevCrate, why))
    }

    /// The item referred to, with all that it needs, below.
    fn move_down(&self, pair: &Against<'_>, most: u32) -> Found {
        let (g_from, g_to) = (self.groups.of(pair.from)?, self.groups.of(pair.to)?);
        let level = self.placement.level[g_from as usize];
        let most = most.min(self.movable(g_to));
        let closure = self.ground().down(g_to, level, most)?;
        let up = self.up(pair, most);
        if up.is_some_and(|up| up.lines < closure.lines) {
            return None;
        }
        let (source, target) = (self.item(pair.from), self.item(pair.to));
        let why = match self.others(&closure) {
            None => format!(
                "move `{}` ({} lines) down: it uses nothing above `{}`",
                moved(target),
                closure.lines,
                source.name
            ),
            Some(others) => format!(
                "move `{}` down with what it needs ({others}; {} lines together): none of it uses anything else above \
                 `{}`",
                moved(target),
                closure.lines,
                source.name
            ),
        };
        Some((Fix::MoveItem, why + &self.facade(pair, &closure)))
    }

    /// What is said of those who know a moved item by its old path.
    fn facade(&self, pair: &Against<'_>, closure: &Closure) -> String {
        let target = self.item(pair.to);
        let module = &self.input.resolution.modules[target.module];
        let Some(group) = self.groups.of(pair.to) else { return String::new() };
        let users = self.groups.into.row(group).iter();
        let stay = users
            .filter(|(user, _)| !closure.groups.contains(user) && self.groups.of(pair.from) != Some(*user));
        let references: u32 = stay.map(|&(_, references)| references).sum();
        if references == 0 || target.visibility != Visibility::Public || target.kind == ItemKind::Impl {
            return String::new();
        }
        format!(
            "; a `pub use` in `{}` keeps the path of {}",
            module.path,
            counted(references as usize, "other reference")
        )
    }

    /// The referring item, with all that needs it, above.
    pub(in crate::plan) fn move_up(&self, pair: &Against<'_>, most: u32) -> Found {
        let closure = self.up(pair, most)?;
        let (source, target) = (self.item(pair.from), self.item(pair.to));
        let why = match self.others(&closure) {
            None => {
                let users = self.groups.into.row(closure.groups[0]).len();
                format!(
                    "move `{}` ({} lines) up to `{}`: {}",
                    source.name,
                    closure.lines,
                    target.name,
                    match users {
                        0 => "nothing uses it".to_owned(),
                        1 => "its only user is there too".to_owned(),
                        n => format!("its {n} users are there too"),
                    }
                )
            }
            Some(others) => format!(
                "move `{}` up to `{}` with what hangs on it ({others}; {} lines together): nothing else below uses it",
                source.name, target.name, closure.lines
            ),
        };
        Some((Fix::MoveUp, why))
    }

    fn up(&self, pair: &Against<'_>, most: u32) -> Option<Closure> {
        let (g_from, g_to) = (self.groups.of(pair.from)?, self.groups.of(pair.to)?);
        let level = self.placement.level[g_to as usize];
        let most = most.min(self.movable(g_from));
        self.ground().up(g_from, level, most)
    }

    /// Lines that may leave the crate of a group.
    fn movable(&self, group: u32) -> u32 {
        let lines = self.lines[self.placement.level[group as usize] as usize];
        ((f64::from(lines) * MOST_OF_CRATE) as u32).max(self.groups.lines[group as usize])
    }

    /// The groups that a moved one takes along, by the names of their first items.
    fn others(&self, closure: &Closure) -> Option<String> {
        let names: Vec<String> = closure.groups[1..]
            .iter()
            .map(|&group| format!("`{}`", self.item(self.groups.items[group as usize][0]).name))
            .collect();
        (!names.is_empty()).then(|| listed(&names))
    }

    /// A constant, a static, or a function that only reads one.
    fn pass_value(&self, pair: &Against<'_>) -> Found {
        let target = self.item(pair.to);
        let name = &target.name;
        let is_value = |item: &Item| matches!(item.kind, ItemKind::Const | ItemKind::Static);
        if is_value(target) {
            let why = format!(
                "pass what `{name}` holds into `{}`, as an argument or a field of a configuration: a value needs no \
                 path to where it is defined",
                self.item(pair.from).name
            );
            return Some((Fix::PassValue, why));
        }
        // A closure is how a function works on a thread's own state.
        if target.kind != ItemKind::Fn || item_lines(target) > GETTER_LINES || target.features.closures > 0 {
            return None;
        }
        let reads = references_of(self.input.resolution, pair.to).iter().filter(|r| !r.test);
        let calls = reads.clone().any(|r| r.kind == RefKind::Call && self.item(r.to).kind == ItemKind::Fn);
        let value = reads.map(|r| self.item(r.to)).find(|item| is_value(item))?;
        let why = format!(
            "pass what `{name}` returns in, as an argument or a field of a configuration: all it does is to read `{}`",
            value.name
        );
        (!calls).then_some((Fix::PassValue, why))
    }

    /// An inherent `impl` of which the references touch a small part.
    fn split_impl(&self, pair: &Against<'_>) -> Found {
        let source = self.item(pair.from);
        let inherent = source.imp.as_ref().is_some_and(|header| !header.is_trait);
        let lines = lines(pair);
        let splittable = inherent && item_lines(source) as usize > 4 * lines.len();
        splittable.then(|| {
            let why = format!(
                "move the methods at line{} {} of `{}` up, as an extension trait or free functions: the rest of the block \
                 ({} lines) does not need `{}`{}",
                if lines.len() == 1 { "" } else { "s" },
                listed(&lines),
                source.name,
                item_lines(source),
                self.item(pair.to).name,
                match self.callers(pair.from) {
                    0 => String::new(),
                    n => format!(
                        "; of {} to it from code that stays below, those to these methods have to go up as well",
                        counted(n, "reference")
                    ),
                }
            );
            (Fix::SplitImpl, why)
        })
    }

    /// References to an item from others of its crate and of those below. Which member of a block a reference means isn't
    /// kept, so these may be to what stays.
    fn callers(&self, item: ItemId) -> usize {
        let level = |item: ItemId| self.groups.of(item).map(|group| self.placement.level[group as usize]);
        let own = level(item);
        let from = |edge: &EdgeReference<'_, _, _>| ItemId::from_index(edge.source().index());
        let edges = self.input.graph.edges_directed((item.index() as u32).into(), Direction::Incoming);
        let below =
            edges.filter(|edge| from(edge) != item && level(from(edge)).is_some_and(|l| Some(l) <= own));
        below.map(|edge| edge.weight().structural as usize).sum()
    }

    /// A plain function is no method of anything that a trait could stand for.
    fn pass_function(&self, pair: &Against<'_>) -> Found {
        let (source, target) = (self.item(pair.from), self.item(pair.to));
        let runs = matches!(source.kind, ItemKind::Fn | ItemKind::Impl | ItemKind::Trait);
        (runs && target.kind == ItemKind::Fn).then(|| {
            let why = format!(
                "take `{}` as an argument of `{}` (a closure or a function pointer, {}) and pass it in from above: more than \
                 {MANY_LINES} lines hang on it, too many to move down",
                target.name,
                source.name,
                counted(pair.references.len(), "call")
            );
            (Fix::PassFunction, why)
        })
    }

    fn invert(&self, pair: &Against<'_>) -> (Fix, String) {
        let (source, target) = (self.item(pair.from), self.item(pair.to));
        let subject = subject(&target.name);
        match target.kind {
            ItemKind::Trait => {
                let why = format!(
                    "move the trait `{}` down and leave its impls above: what its signatures name there becomes an associated \
                     type",
                    target.name
                );
                return (Fix::MoveItem, why);
            }
            ItemKind::Macro => {
                let why = format!("move the macro `{}` down with what its body names", target.name);
                return (Fix::MoveItem, why);
            }
            _ => {}
        }
        if let Some(name) = trait_name(target) {
            let why = format!(
                "take `impl {name}` or `dyn {name}` in `{}`, in place of `{subject}`: that trait is all that is used of it \
                 here",
                source.name
            );
            return (Fix::InvertThroughTrait, why);
        }
        let (new, needs) = (camel(subject), format!("what `{}` needs of `{subject}`", source.name));
        let holds = matches!(source.kind, ItemKind::Struct | ItemKind::Enum | ItemKind::Union);
        let take = match (holds, target.generic) {
            (true, true) => format!("hold a type parameter with the bound `{new}` in place of `{subject}`"),
            (true, false) => format!("hold a `Box<dyn {new}>` or a type parameter in place of `{subject}`"),
            (false, true) => format!("take it as a type parameter with the bound `{new}`"),
            (false, false) => format!("take it as `&dyn {new}` or a type parameter"),
        };
        (
            Fix::InvertThroughTrait,
            format!("define a trait `{new}` below with {needs}, implement it above, and {take}"),
        )
    }
}

/// What moves: a type, where an inherent `impl` of it is meant.
fn moved(item: &Item) -> &str {
    match &item.imp {
        Some(header) if !header.is_trait => subject(&item.name),
        _ => &item.name,
    }
}

/// The trait of a trait `impl`.
fn trait_name(item: &Item) -> Option<&str> {
    item.imp.as_ref().filter(|header| header.is_trait)?;
    item.name.strip_prefix("impl ")?.split_once(" for ").map(|(name, _)| name)
}

/// `impl Trait for Type` and `impl Type` are reached through a method of the type.
fn subject(name: &str) -> &str {
    let last = name.split_once(" for ").map_or_else(|| name.trim_start_matches("impl "), |(_, of)| of);
    let last = last.trim_start_matches(['<', '&']);
    last.split('<').next().unwrap_or(last)
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

fn lines(pair: &Against<'_>) -> Vec<String> {
    let mut lines: Vec<u32> = pair.references.iter().map(|r| r.line).collect();
    lines.dedup();
    lines.iter().map(u32::to_string).collect()
}

/// The first few of a list.
pub(in crate::plan) fn listed(names: &[String]) -> String {
    let more = names.len().saturating_sub(NAMED);
    let shown = names[..names.len() - more].join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}

fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}
