//! What makes a described split impossible as it is, and what is only worth knowing.

use std::collections::{BTreeMap, VecDeque};

use super::super::input::PlanInput;
use super::super::model::{Cut, Plan, Widening};
use super::arrange::{Arrangement, Orphan};
use super::model::{PlanNote, PlanNoteKind, PlanPlace, Refusal, RefusalKind};
use crate::ids::{ItemId, PlanCrateId};
use crate::plan::boundary::re_exports::home_of;
use crate::plan::boundary::test_work::TestWork;
use crate::plan::edit::EditKind;
use crate::plan::partition::assemble::Assembled;
use crate::resolve::{Confidence, ItemKind, RefKind, Reference};

/// Places that one reason lists; the rest are counted.
const PLACES: usize = 20;

/// One package's arrangement with the names of its crates, by position.
pub(super) struct Judged<'a> {
    pub(super) input: &'a PlanInput<'a>,
    pub(super) arrangement: &'a Arrangement,
    pub(super) names: &'a [String],
    pub(super) tests: &'a TestWork,
}

impl Judged<'_> {
    /// Crates into which nothing goes, impls in the wrong crate, cycles.
    pub(super) fn refusals(&self) -> Vec<Refusal> {
        self.orphans().chain(self.cycles()).collect()
    }

    fn orphans(&self) -> impl Iterator<Item = Refusal> + '_ {
        self.arrangement.orphans.iter().map(|orphan| {
            let hosts = orphan.hosts.iter().map(|&host| {
                self.at_item(host, format!("`{}`, in `{}`", self.path(host), self.crate_of(host)))
            });
            let imp = self.at_item(orphan.imp, format!("in `{}`", self.names[orphan.at]));
            let places: Vec<PlanPlace> = [imp].into_iter().chain(hosts).collect();
            Refusal {
                kind: RefusalKind::OrphanedImpl,
                detail: self.orphan_detail(orphan),
                place_count: places.len() as u32,
                places,
            }
        })
    }

    fn orphan_detail(&self, orphan: &Orphan) -> String {
        let imp = &self.input.resolution.items[orphan.imp];
        let mut homes: Vec<&str> = orphan.hosts.iter().map(|&host| self.crate_of(host)).collect();
        homes.sort_unstable();
        homes.dedup();
        let (rule, other) = match &imp.imp {
            Some(header) if !header.is_trait => (
                "an inherent `impl` must be in the crate of its type",
                "write an extension trait or free functions in its place",
            ),
            // For a type parameter it already is for all types.
            Some(header) if imp.generic && !header.covered && header.self_item.is_none() => (
                "a trait's `impl` for a type parameter must be in the crate of the trait",
                "write one for each type in its place",
            ),
            _ => (
                "a trait's `impl` must be in the crate of the trait or of the type",
                "write it once for all types there",
            ),
        };
        format!(
            "`{}` would lie in `{}`, but {rule}: name `{}` among the items of `{}`, or {other}",
            imp.name,
            self.names[orphan.at],
            imp.path,
            homes.join("` or `")
        )
    }

    /// One reason for each pair of crates with references against the order: these, and the shortest way back.
    fn cycles(&self) -> impl Iterator<Item = Refusal> + '_ {
        self.arrangement.back_arcs().map(|(from, to)| {
            let path = self.shortest_path(to, from);
            let back = self.references(from, to);
            let forward: Vec<PlanPlace> = path
                .windows(2)
                .filter_map(|hop| self.references(hop[0], hop[1]).into_iter().next())
                .collect();
            let place_count = (back.len() + forward.len()) as u32;
            let names: Vec<String> =
                [from].iter().chain(&path).map(|&c| format!("`{}`", self.names[c])).collect();
            let hops = [from].into_iter().chain(path.iter().copied()).collect::<Vec<_>>();
            let counts: Vec<String> = hops
                .windows(2)
                .map(|hop| {
                    self.arrangement.arcs.get(&(hop[0], hop[1])).copied().unwrap_or_default().to_string()
                })
                .collect();
            let detail = format!(
                "{} form a cycle, of {} references: fewest are to cut from `{}` to `{}`",
                names.join(" → "),
                counts.join(" and "),
                self.names[from],
                self.names[to],
            );
            let shown = PLACES.saturating_sub(forward.len()).max(1);
            let places = back.into_iter().take(shown).chain(forward).collect();
            Refusal { kind: RefusalKind::Cycle, detail, places, place_count }
        })
    }

    /// One reason for each crate that would re-export from crates that need it.
    pub(super) fn re_exports(&self, plan: &Plan, assembled: &Assembled) -> Vec<Refusal> {
        // One that leads up only once other cuts are made is work of theirs.
        let leads_up = |cut: &Cut| {
            let ends = [cut.from, cut.to].map(|item| home_of(self.input, assembled, item));
            matches!(ends, [Some(from), Some(to)] if from < to)
        };
        let is_re_export =
            |cut: &&Cut| matches!(plan.edits[cut.edit].kind, EditKind::DropReExport { .. }) && leads_up(cut);
        let mut of_crate: BTreeMap<PlanCrateId, Vec<PlanPlace>> = BTreeMap::new();
        for cut in plan.cuts.iter().filter(is_re_export) {
            let Some(home) = home_of(self.input, assembled, cut.from) else { continue };
            let (from, to) = (self.path(cut.from), self.path(cut.to));
            let at = |&line: &u32| PlanPlace {
                line,
                ..self.at_item(cut.from, format!("`{from}` re-exports `{to}`"))
            };
            of_crate.entry(home).or_default().extend(cut.lines.iter().map(at));
        }
        let refusal = |(home, mut places): (PlanCrateId, Vec<PlanPlace>)| {
            let place_count = places.len() as u32;
            places.truncate(PLACES);
            Refusal {
                kind: RefusalKind::Cycle,
                detail: format!("`{}` would re-export from crates that need it", assembled.crates[home].name),
                places,
                place_count,
            }
        };
        of_crate.into_iter().map(refusal).collect()
    }

    /// Crates from `from` to `to` along references, both included.
    fn shortest_path(&self, from: usize, to: usize) -> Vec<usize> {
        let mut before: BTreeMap<usize, usize> = BTreeMap::new();
        let mut queue = VecDeque::from([from]);
        while let Some(at) = queue.pop_front() {
            if at == to {
                break;
            }
            for &(_, next) in self.arrangement.arcs.keys().filter(|arc| arc.0 == at) {
                if next != from && !before.contains_key(&next) {
                    before.insert(next, at);
                    queue.push_back(next);
                }
            }
        }
        let mut path: Vec<usize> = std::iter::successors(Some(to), |at| before.get(at).copied()).collect();
        path.reverse();
        path
    }

    /// The references of one crate to another, in the order of items.
    fn references(&self, from: usize, to: usize) -> Vec<PlanPlace> {
        let counts = |r: &&Reference| !r.test && r.structural && self.runs(r, from, to);
        let own = self.input.resolution.references.iter().filter(counts);
        let is_binary = |r: &&Reference| {
            from == self.arrangement.residual() && self.arrangement.of_item.get(&r.to) == Some(&to)
        };
        own.chain(self.arrangement.of_binaries.iter().filter(is_binary))
            .map(|r| self.at_reference(r))
            .collect()
    }

    /// Whether a reference runs between two crates, orphans put where they may be.
    fn runs(&self, reference: &Reference, from: usize, to: usize) -> bool {
        let place = |item: ItemId| self.arrangement.groups.of(item).map(|g| self.arrangement.of_group[g]);
        place(reference.from) == Some(from) && place(reference.to) == Some(to)
    }

    /// Cycles that only tests make, crates that the residual one can't re-export, impls and macros to see to.
    pub(super) fn notes(&self, widenings: &[Widening], assumed: bool) -> Vec<PlanNote> {
        let mut notes: Vec<PlanNote> = self.test_only_cycles();
        notes.extend(self.not_reexported());
        if assumed {
            notes.extend(self.arrangement.orphans.iter().map(|orphan| self.moved(orphan)));
        }
        let items = widenings.iter().filter(|widening| widening.re_export.is_none());
        notes.extend(items.filter_map(|widening| self.macro_to_export(widening.item)));
        notes
    }

    fn test_only_cycles(&self) -> Vec<PlanNote> {
        let place = |item: ItemId| self.arrangement.groups.of(item).map(|g| self.arrangement.of_group[g]);
        let mut pairs: BTreeMap<(usize, usize), Vec<PlanPlace>> = BTreeMap::new();
        for r in self.input.resolution.references.iter().filter(|r| r.test && r.structural) {
            let Some(pair) = place(r.from).zip(place(r.to)) else { continue };
            let against = self.arrangement.level[pair.0] < self.arrangement.level[pair.1];
            if against && self.tests.stays(r) && !self.arrangement.arcs.contains_key(&pair) {
                pairs.entry(pair).or_default().push(self.at_reference(r));
            }
        }
        let note = |((from, to), mut places): ((usize, usize), Vec<PlanPlace>)| {
            let detail = format!(
                "only tests of `{}` need `{}` ({} reference{}): a dev-dependency, for which cargo allows the cycle",
                self.names[from],
                self.names[to],
                places.len(),
                if places.len() == 1 { "" } else { "s" },
            );
            places.truncate(PLACES);
            PlanNote { kind: PlanNoteKind::TestOnlyCycle, detail, places }
        };
        pairs.into_iter().map(note).collect()
    }

    fn not_reexported(&self) -> Option<PlanNote> {
        let residual = self.arrangement.residual();
        let level = &self.arrangement.level;
        let above: Vec<usize> = (0..residual).filter(|&krate| level[krate] > level[residual]).collect();
        let first = *above.first()?;
        let names: Vec<String> = above.iter().map(|&krate| format!("`{}`", self.names[krate])).collect();
        let detail = format!(
            "{} need{} what stays in `{}`, so `{}` can't re-export {}: whoever uses {} depends on {} directly",
            names.join(", "),
            if above.len() == 1 { "s" } else { "" },
            self.names[residual],
            self.names[residual],
            if above.len() == 1 { "it" } else { "them" },
            if above.len() == 1 { "it" } else { "one of them" },
            if above.len() == 1 { "it" } else { "that one" },
        );
        let places = self.references(first, residual).into_iter().take(1).collect();
        Some(PlanNote { kind: PlanNoteKind::NotReexported, detail, places })
    }

    fn moved(&self, orphan: &Orphan) -> PlanNote {
        let imp = &self.input.resolution.items[orphan.imp];
        let group = self.arrangement.groups.of(orphan.imp);
        let to = group.map_or(orphan.at, |g| self.arrangement.of_group[g]);
        let detail = format!(
            "`{}` is taken to be moved from `{}` to `{}`",
            imp.name, self.names[orphan.at], self.names[to]
        );
        let places = vec![self.at_item(orphan.imp, format!("`{}`", imp.path))];
        PlanNote { kind: PlanNoteKind::ImplMoved, detail, places }
    }

    fn macro_to_export(&self, item: ItemId) -> Option<PlanNote> {
        let data = &self.input.resolution.items[item];
        (data.kind == ItemKind::Macro && !data.macro_export).then(|| PlanNote {
            kind: PlanNoteKind::MacroToExport,
            detail: format!(
                "`{}!` is found by textual order: it has to be exported with `#[macro_export]`",
                data.name
            ),
            places: vec![self.at_item(item, format!("`{}`", data.path))],
        })
    }

    fn path(&self, item: ItemId) -> &str {
        &self.input.resolution.items[item].path
    }

    fn crate_of(&self, item: ItemId) -> &str {
        &self.names[self.arrangement.of_item[&item]]
    }

    fn at_item(&self, item: ItemId, what: String) -> PlanPlace {
        let data = &self.input.resolution.items[item];
        PlanPlace { file: self.input.resolution.files[data.file].path.clone(), line: data.line, what }
    }

    fn at_reference(&self, reference: &Reference) -> PlanPlace {
        let file = self.input.resolution.items[reference.from].file;
        let refers = match reference.confidence {
            Confidence::Unseen => "names what is not to be seen in",
            _ if reference.kind == RefKind::Import => "imports, for what was not followed,",
            _ => "refers to",
        };
        PlanPlace {
            file: self.input.resolution.files[file].path.clone(),
            line: reference.line,
            what: format!("`{}` {refers} `{}`", self.path(reference.from), self.path(reference.to)),
        }
    }
}
