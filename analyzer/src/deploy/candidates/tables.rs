//! Tables by the sides that use them, and transactions over tables of both.

use std::collections::BTreeMap;

use super::facts::TableAt;
use super::model::{Side, TablePlace, TableSides, Transaction};
use super::sides::{Ground, Sides, functions};
use crate::parse::tree::Name;

/// How a side uses a table.
#[derive(Default)]
struct Used {
    writes: u32,
    reads: u32,
    first: Option<TablePlace>,
}

impl Used {
    fn add(&mut self, at: &TableAt) {
        match at.reads {
            true => self.reads += 1,
            false => self.writes += 1,
        }
        let place = TablePlace { reads: at.reads, file: at.file, line: at.line };
        self.first = self.first.into_iter().chain([place]).min();
    }
}

/// The tables of both sides, by name.
pub(super) fn tables(ground: Ground<'_>, cut: &Sides) -> Vec<TableSides> {
    let mut found: BTreeMap<&str, [Used; 2]> = BTreeMap::new();
    for (at, side) in [Side::Candidate, Side::Rest].into_iter().enumerate() {
        let reached = cut.side(side);
        for (_, used) in ground.facts.tables.iter().filter(|(id, _)| reached.contains(**id)) {
            for one in used {
                found.entry(one.table.as_str()).or_default()[at].add(one);
            }
        }
    }
    let sides = |(name, [own, rest]): (&str, [Used; 2])| {
        let (mine, theirs) = ((own.writes, own.reads), (rest.writes, rest.reads));
        let known = cut.homes.get(&Name::from(name)).copied();
        let home = known.unwrap_or(if mine > theirs { Side::Candidate } else { Side::Rest });
        TableSides { name: name.to_owned(), home, own: own.first, rest: rest.first }
    };
    found.into_iter().map(sides).collect()
}

/// How many transactions both sides run, and those over tables of both.
pub(super) fn transactions(
    ground: Ground<'_>,
    sides: &Sides,
    tables: &[TableSides],
) -> (u32, Vec<Transaction>) {
    let home: BTreeMap<&str, Side> = tables.iter().map(|table| (table.name.as_str(), table.home)).collect();
    let reached = sides.own.clone().and(&sides.rest);
    let (mut all, mut across) = (0, Vec::new());
    for id in functions(ground, &reached) {
        let Some(&line) = ground.facts.begins.get(&id).and_then(|lines| lines.iter().min()) else { continue };
        all += 1;
        let tables = ground.facts.tables_below(ground.resolution, id, line);
        let mut of: Vec<(String, Side)> = tables
            .into_iter()
            .filter_map(|table| Some((table.as_str().to_owned(), *home.get(table.as_str())?)))
            .collect();
        of.sort_by_key(|(name, side)| (*side, name.clone()));
        let both = [Side::Candidate, Side::Rest].iter().all(|side| of.iter().any(|(_, own)| own == side));
        if both {
            let file = ground.resolution.items[ground.resolution.uses.definitions[id].item].file;
            across.push(Transaction { of: id, file, line, tables: of });
        }
    }
    across.sort_by_key(|of| (of.file, of.line));
    (all, across)
}
