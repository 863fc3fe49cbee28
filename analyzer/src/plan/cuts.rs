//! References that run against the order, with the cheapest way to remove each.

use super::groups::Groups;
use super::index::item_lines;
use super::input::PlanInput;
use super::model::{Cut, Fix};
use super::place::Placement;
use crate::ids::ItemId;
use crate::resolve::{ItemKind, RefKind, Reference, Resolution};

/// An item of more lines is not moved lightly.
const SMALL_ITEM_LINES: u32 = 120;

/// All cuts of a placement, ordered by item.
pub(super) fn cuts(input: &PlanInput<'_>, groups: &Groups, placement: &Placement) -> Vec<Cut> {
    // Groups with back references are few: look at their references only.
    let mut up: Vec<(u32, u32)> = placement.back_arcs(groups).map(|(from, to, _)| (from, to)).collect();
    up.sort_unstable();
    let mut sources: Vec<ItemId> =
        up.iter().flat_map(|&(from, _)| groups.items[from as usize].iter().copied()).collect();
    sources.sort_unstable();
    sources.dedup();
    let mut cuts = Vec::new();
    for from in sources {
        let mut pairs: Vec<&Reference> = references_of(input.resolution, from)
            .iter()
            .filter(|r| !r.test && r.kind != RefKind::Import)
            .filter(|r| {
                let (a, b) = (groups.of(r.from), groups.of(r.to));
                a.zip(b).is_some_and(|pair| up.binary_search(&pair).is_ok())
            })
            .collect();
        pairs.sort_by_key(|r| (r.to, r.line, r.kind));
        for run in pairs.chunk_by(|a, b| a.to == b.to) {
            cuts.push(cut(input, groups, placement, run));
        }
    }
    cuts
}

/// The references of one item: they are sorted by it.
pub(super) fn references_of(resolution: &Resolution, from: ItemId) -> &[Reference] {
    let start = resolution.references.partition_point(|r| r.from < from);
    let len = resolution.references[start..].partition_point(|r| r.from == from);
    &resolution.references[start..start + len]
}

fn cut(input: &PlanInput<'_>, groups: &Groups, placement: &Placement, run: &[&Reference]) -> Cut {
    let (from, to) = (run[0].from, run[0].to);
    let mut lines: Vec<u32> = run.iter().map(|r| r.line).collect();
    lines.sort_unstable();
    let (fix, detail) = fix(input, groups, placement, run);
    Cut { from, to, lines, fix, detail }
}

/// The rules, cheapest fix first.
fn fix(input: &PlanInput<'_>, groups: &Groups, placement: &Placement, run: &[&Reference]) -> (Fix, String) {
    let (from, to) = (run[0].from, run[0].to);
    let items = &input.resolution.items;
    let (source, target) = (&items[from], &items[to]);
    let (Some(g_from), Some(g_to)) = (groups.of(from), groups.of(to)) else {
        return (Fix::InvertThroughTrait, String::new());
    };
    let target_lines = groups.lines[g_to as usize];
    let uses_only_lower = groups.out.row(g_to).iter().all(|&(x, _)| placement.allows(g_from, x));
    let users_all_higher = groups.into.row(g_from).iter().all(|&(x, _)| placement.allows(x, g_to));
    let value = matches!(target.kind, ItemKind::Const | ItemKind::Static);
    let called = run.iter().any(|r| matches!(r.kind, RefKind::Call | RefKind::Method));
    if uses_only_lower && target_lines <= SMALL_ITEM_LINES {
        let why = format!(
            "move `{}` ({target_lines} lines) down: it uses nothing above `{}`",
            target.name, source.name
        );
        (Fix::MoveItem, why)
    } else if users_all_higher && groups.lines[g_from as usize] <= SMALL_ITEM_LINES {
        let users = groups.into.row(g_from).len();
        let why = format!(
            "move `{}` ({} lines) up to `{}`: {}",
            source.name,
            groups.lines[g_from as usize],
            target.name,
            if users == 0 {
                "nothing uses it".to_owned()
            } else {
                format!("its {users} users are there too")
            }
        );
        (Fix::MoveUp, why)
    } else if value {
        (Fix::PassValue, format!("pass `{}` in as an argument or a config field: it is a value", target.name))
    } else if source.kind == ItemKind::Impl && splittable(input, from, run) {
        let why = format!(
            "move the methods at {} of `{}` up, as an extension trait or free functions: the rest of the block \
             ({} lines) does not need `{}`",
            lines_of(run),
            source.name,
            item_lines(source),
            target.name
        );
        (Fix::SplitImpl, why)
    } else if called || target.kind == ItemKind::Fn {
        (Fix::InvertThroughTrait, invert(input, from, to))
    } else if target.kind == ItemKind::Trait {
        let why = format!("move the trait `{}` down and leave its impls above", target.name);
        (Fix::MoveItem, why)
    } else {
        (Fix::InvertThroughTrait, invert(input, from, to))
    }
}

/// An inherent `impl` of which the references touch a small part.
fn splittable(input: &PlanInput<'_>, from: ItemId, run: &[&Reference]) -> bool {
    let item = &input.resolution.items[from];
    let inherent = item.imp.as_ref().is_some_and(|header| !header.is_trait);
    let mut lines: Vec<u32> = run.iter().map(|r| r.line).collect();
    lines.dedup();
    inherent && item_lines(item) as usize > 4 * lines.len()
}

fn invert(input: &PlanInput<'_>, from: ItemId, to: ItemId) -> String {
    let items = &input.resolution.items;
    let (source, target) = (&items[from], &items[to]);
    // `impl Trait for Type` and `impl Type` are reached through a method of the type.
    let subject = target.name.rsplit(' ').next().unwrap_or(&target.name).trim_matches(['<', '>', '&']);
    let subject = subject.split('<').next().unwrap_or(subject);
    format!(
        "define a trait in the crate of `{}` with what it needs of `{subject}`, implement it above, and take it as \
         `&dyn {}` or a type parameter",
        source.name,
        camel(subject),
    )
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

fn lines_of(run: &[&Reference]) -> String {
    let mut lines: Vec<u32> = run.iter().map(|r| r.line).collect();
    lines.dedup();
    let shown: Vec<String> = lines.iter().take(3).map(u32::to_string).collect();
    let more = if lines.len() > 3 { format!(" and {} more", lines.len() - 3) } else { String::new() };
    format!("line{} {}{more}", if lines.len() == 1 { "" } else { "s" }, shown.join(", "))
}
