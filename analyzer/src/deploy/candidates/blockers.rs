//! What is in the way of a service of its own: state in the memory of both, transactions and tables of both, signatures that can't
//! be sent.

use std::collections::BTreeMap;

use super::facts::is_function;
use super::model::{Blocker, BlockerKind, Crossing, Located, TableSides, Transaction};
use super::sides::{Ground, Sides, functions};
use crate::deploy::reach::Reached;
use crate::ids::{DefinitionId, ItemId};
use crate::resolve::{ObstacleKind, State, StateKind, Uses};

/// What is known of a cut so far.
pub(super) struct Found<'a> {
    pub(super) crossing: &'a [Crossing],
    pub(super) tables: &'a [TableSides],
    pub(super) transactions: &'a [Transaction],
    /// Whether both already run in processes of their own.
    pub(super) apart: bool,
}

/// All that is in the way, most so first.
pub(super) fn blockers(ground: Ground<'_>, sides: &Sides, found: &Found<'_>) -> Vec<Blocker> {
    let mut all = statics(ground, sides);
    if !found.apart {
        all.extend(fields(ground, sides));
        all.extend(made(ground, sides));
    }
    all.extend(found.transactions.iter().map(|of| transaction(ground, of)));
    all.extend(found.crossing.iter().flat_map(|of| signature(ground, of)));
    all.extend(found.tables.iter().filter_map(table));
    all.sort_by(|a, b| {
        (a.kind, a.file, a.line, &a.what, &a.detail).cmp(&(b.kind, b.file, b.line, &b.what, &b.detail))
    });
    all.dedup();
    all
}

fn blocker(ground: Ground<'_>, kind: BlockerKind, state: &State, what: String) -> Blocker {
    let file = ground.resolution.items[state.item].file;
    Blocker { kind, what, detail: state.ty.clone(), file, line: state.line }
}

fn statics(ground: Ground<'_>, sides: &Sides) -> Vec<Blocker> {
    let of_both = |state: &&State| {
        let id = Uses::of_item(state.item);
        state.field.is_none() && sides.own.contains(id) && sides.rest.contains(id)
    };
    let of = |state: &State| {
        let kind = match state.kind {
            StateKind::Changing => BlockerKind::Static,
            StateKind::Channel => BlockerKind::Channel,
            StateKind::Pool => BlockerKind::Pool,
            StateKind::Once => BlockerKind::Once,
        };
        blocker(ground, kind, state, ground.resolution.items[state.item].path.clone())
    };
    ground.resolution.states.iter().filter(of_both).map(of).collect()
}

/// Fields of structs that both have, each read or written by both.
fn fields(ground: Ground<'_>, sides: &Sides) -> Vec<Blocker> {
    let resolution = ground.resolution;
    let has = |reached: &Reached, item: ItemId| reached.contains(Uses::of_item(item));
    let both = |state: &&State| has(&sides.own, state.item) && has(&sides.rest, state.item);
    let mut names: BTreeMap<&str, Vec<DefinitionId>> = BTreeMap::new();
    for (&id, fields) in &ground.facts.fields {
        fields.iter().for_each(|(name, _)| names.entry(name.as_str()).or_default().push(id));
    }
    let of_struct = |id: DefinitionId, item: ItemId| {
        let around = resolution.items[resolution.uses.definitions[id].item].imp.as_ref();
        around.is_some_and(|header| header.self_item == Some(item))
            || resolution.uses.of(id).iter().any(|used| used.to == Uses::of_item(item))
    };
    let of = |state: &State| {
        let name = state.field?;
        let uses = |reached: &Reached| {
            let users = names.get(name.as_str()).into_iter().flatten();
            users.into_iter().any(|&id| reached.contains(id) && of_struct(id, state.item))
        };
        let kind = match state.kind {
            StateKind::Changing => BlockerKind::Lock,
            StateKind::Channel => BlockerKind::Channel,
            StateKind::Pool => BlockerKind::Pool,
            StateKind::Once => return None,
        };
        let what = format!("{}.{name}", resolution.items[state.item].path);
        (uses(&sides.own) && uses(&sides.rest)).then(|| blocker(ground, kind, state, what))
    };
    resolution.states.iter().filter(|state| state.field.is_some()).filter(both).filter_map(of).collect()
}

/// What is made in a function that names something of each side: it is handed to both.
fn made(ground: Ground<'_>, sides: &Sides) -> Vec<Blocker> {
    let (own, rest) = (sides.own.without(&sides.rest), sides.rest.without(&sides.own));
    let mut found = Vec::new();
    for (&id, made) in &ground.facts.made {
        if !is_function(ground.resolution, id) || !(sides.own.contains(id) || sides.rest.contains(id)) {
            continue;
        }
        let names = |side: &Reached| {
            let used = ground.resolution.uses.of(id).iter();
            used.into_iter().any(|used| side.contains(used.to) && is_function(ground.resolution, used.to))
        };
        if !names(&own) || !names(&rest) {
            continue;
        }
        for one in made {
            let kind = match one.kind {
                StateKind::Changing | StateKind::Once => BlockerKind::Lock,
                StateKind::Channel => BlockerKind::Channel,
                StateKind::Pool => BlockerKind::Pool,
            };
            let detail = "made where both are started".to_owned();
            found.push(Blocker { kind, what: one.what.clone(), detail, file: one.file, line: one.line });
        }
    }
    found
}

fn transaction(ground: Ground<'_>, of: &Transaction) -> Blocker {
    let names: Vec<&str> = of.tables.iter().map(|(name, _)| name.as_str()).collect();
    let what = name_of(ground, of.of);
    Blocker { kind: BlockerKind::Transaction, what, detail: names.join(", "), file: of.file, line: of.line }
}

/// Of a function that is called across.
fn signature(ground: Ground<'_>, of: &Crossing) -> impl Iterator<Item = Blocker> {
    let definition = ground.resolution.uses.definitions[of.to];
    let file = ground.resolution.items[definition.item].file;
    of.obstacles.iter().map(move |(kind, detail)| {
        let kind = match kind {
            ObstacleKind::Closure => BlockerKind::Closure,
            ObstacleKind::Dyn => BlockerKind::Dyn,
            ObstacleKind::Handle => BlockerKind::Handle,
            ObstacleKind::Borrow => BlockerKind::Borrow,
            ObstacleKind::Generic | ObstacleKind::Pointer => BlockerKind::Generic,
        };
        Blocker { kind, what: name_of(ground, of.to), detail: detail.clone(), file, line: definition.line }
    })
}

fn table(of: &TableSides) -> Option<Blocker> {
    let own = of.own.filter(|of| !of.reads)?;
    of.rest.filter(|of| !of.reads)?;
    Some(Blocker {
        kind: BlockerKind::Table,
        what: of.name.clone(),
        detail: "written by both".to_owned(),
        file: own.file,
        line: own.line,
    })
}

/// `a::x::f`, `a::x::Type::f`.
pub(super) fn name_of(ground: Ground<'_>, id: DefinitionId) -> String {
    let resolution = ground.resolution;
    let definition = &resolution.uses.definitions[id];
    let item = &resolution.items[definition.item];
    match Uses::of_item(definition.item) == id {
        true => item.path.clone(),
        false => format!("{}::{}::{}", resolution.modules[item.module].path, item.subject(), definition.name),
    }
}

/// Work around handlers that both run.
pub(super) fn middleware(ground: Ground<'_>, sides: &Sides) -> Vec<Located> {
    let both = ground.facts.around.iter().filter(|&&id| sides.own.contains(id) && sides.rest.contains(id));
    let of = |&id: &DefinitionId| {
        let definition = &ground.resolution.uses.definitions[id];
        let item = &ground.resolution.items[definition.item];
        let what = if item.imp.is_some() { item.name.clone() } else { name_of(ground, id) };
        Located { what, file: item.file, line: definition.line }
    };
    let mut found: Vec<Located> = both.map(of).collect();
    found.sort();
    found
}

/// Functions of each side that only it runs.
pub(super) fn own_functions(ground: Ground<'_>, sides: &Sides) -> (usize, usize) {
    let count = |of: Reached| functions(ground, &of).count();
    (count(sides.own.without(&sides.rest)), count(sides.rest.without(&sides.own)))
}
