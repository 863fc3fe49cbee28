//! Modules by what they cost, and who refers to whom among them, down to the lines.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::kind;
use crate::cost::Costs;
use crate::ids::{FileId, Id, IdVec, ItemId, ModuleId};
use crate::plan::PlanInput;

/// The map. Modules are numbered as in [`Resolution::modules`](crate::resolve::Resolution::modules); those of test targets,
/// examples and build scripts are left out.
#[derive(Debug, Clone, Serialize)]
pub struct CodeMap {
    /// The mode of the seconds; absent without costs.
    pub mode: Option<crate::cost::Mode>,
    /// The modules, parents before children.
    pub modules: MapModules,
    /// Files that modules and references name.
    pub files: Vec<String>,
    /// Names of items that references lead to.
    pub items: Vec<String>,
    /// From, to, number of references, and how many of them follow: each with file, line and item. Tests, and imports that
    /// other references follow, are left out.
    pub arcs: Vec<Vec<u32>>,
    /// How many references are counted, and how many are listed.
    pub references: (u64, u64),
}

/// Modules, a list for each of their facts.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MapModules {
    /// Numbers.
    pub id: Vec<u32>,
    /// The crate.
    pub krate: Vec<u32>,
    /// The number of the module around it; 0 for none, else one more than that.
    pub parent: Vec<u32>,
    /// Their own names.
    pub name: Vec<String>,
    /// Positions in [`CodeMap::files`].
    pub file: Vec<u32>,
    /// Lines of their own items, tests aside.
    pub lines: Vec<u32>,
    /// Front end and code generation of their own items, milliseconds of one core.
    pub frontend_ms: Vec<f64>,
    /// Likewise.
    pub codegen_ms: Vec<f64>,
    /// 1 for a module of tests.
    pub test: Vec<u8>,
}

/// References that are listed at most, and a page's bytes for them: about 12 each.
const LISTED: usize = 24_000;

pub(super) fn map(input: &PlanInput<'_>, costs: Option<&Costs>) -> CodeMap {
    let resolution = input.resolution;
    let shown: IdVec<ModuleId, bool> = resolution
        .modules
        .iter()
        .map(|module| {
            let target = &input.repository.targets[resolution.crates[module.krate].target];
            kind(target.kind).is_some()
        })
        .collect();
    let mut files = Numbered::default();
    let modules = modules(input, costs, &shown, &mut files);
    let mut items = Numbered::default();
    let (arcs, references) = arcs(input, &shown, &mut files, &mut items);
    CodeMap {
        mode: costs.map(|costs| costs.mode),
        modules,
        files: files.names(|&file: &FileId| resolution.files[file].path.clone()),
        items: items.names(|&item: &ItemId| resolution.items[item].name.clone()),
        arcs,
        references,
    }
}

fn modules(
    input: &PlanInput<'_>,
    costs: Option<&Costs>,
    shown: &IdVec<ModuleId, bool>,
    files: &mut Numbered<FileId>,
) -> MapModules {
    let resolution = input.resolution;
    let mut sums: IdVec<ModuleId, (u32, f64, f64)> = IdVec::from_elem((0, 0.0, 0.0), shown.len());
    for (id, item) in resolution.items.iter_enumerated().filter(|(_, item)| !item.test) {
        let sum = &mut sums[item.module];
        if item.kind != crate::resolve::ItemKind::Module {
            sum.0 += (item.end_line + 1).saturating_sub(item.line);
        }
        if let Some(cost) = costs.map(|costs| costs.items[id]) {
            sum.1 += cost.frontend_s;
            sum.2 += cost.codegen_s;
        }
    }
    let mut all = MapModules::default();
    let ms = |seconds: f64| (seconds * 1e4).round() / 10.0;
    for (id, module) in resolution.modules.iter_enumerated().filter(|(id, _)| shown[*id]) {
        let (lines, frontend_s, codegen_s) = sums[id];
        all.id.push(id.0);
        all.krate.push(module.krate.0);
        all.parent.push(module.parent.map_or(0, |parent| parent.0 + 1));
        all.name.push(module.name.clone());
        all.file.push(files.number(module.file));
        all.lines.push(lines);
        all.frontend_ms.push(ms(frontend_s));
        all.codegen_ms.push(ms(codegen_s));
        all.test.push(u8::from(module.test));
    }
    all
}

/// Arcs between modules. References within one crate are listed first: they are what a split of it has to do with.
fn arcs(
    input: &PlanInput<'_>,
    shown: &IdVec<ModuleId, bool>,
    files: &mut Numbered<FileId>,
    items: &mut Numbered<ItemId>,
) -> (Vec<Vec<u32>>, (u64, u64)) {
    let resolution = input.resolution;
    let module = |item: ItemId| resolution.items[item].module;
    let mut of_arc: BTreeMap<Arc, Places> = BTreeMap::new();
    for reference in resolution.references.iter().filter(|r| !r.test && r.structural) {
        let (from, to) = (module(reference.from), module(reference.to));
        if from != to && shown[from] && shown[to] {
            let place = (resolution.items[reference.from].file, reference.line, reference.to);
            *of_arc.entry((from, to)).or_default().entry(place).or_default() += 1;
        }
    }
    let listed = listed(input, &of_arc);
    let (mut counted, mut named) = (0, 0);
    let mut arcs = Vec::with_capacity(of_arc.len());
    for (&(from, to), places) in &of_arc {
        let count: u32 = places.values().sum();
        counted += u64::from(count);
        let mut arc = vec![from.0, to.0, count];
        if listed.contains(&(from, to)) {
            named += u64::from(count);
            for &(file, line, item) in places.keys() {
                arc.extend([files.number(file), line, items.number(item)]);
            }
        }
        arcs.push(arc);
    }
    (arcs, (counted, named))
}

/// From one module to another.
type Arc = (ModuleId, ModuleId);

/// How often each item is referred to, by file and line.
type Places = BTreeMap<(FileId, u32, ItemId), u32>;

/// The arcs whose references are listed: those within crates first, then those with fewest references, so that as many as
/// possible are whole.
fn listed(input: &PlanInput<'_>, of_arc: &BTreeMap<Arc, Places>) -> BTreeSet<Arc> {
    let krate = |module: ModuleId| input.resolution.modules[module].krate;
    let mut order: Vec<(bool, usize, Arc)> =
        of_arc.iter().map(|(&arc, places)| (krate(arc.0) != krate(arc.1), places.len(), arc)).collect();
    order.sort_unstable();
    let mut room = LISTED;
    let mut listed = BTreeSet::new();
    for (_, places, arc) in order {
        if places <= room {
            room -= places;
            listed.insert(arc);
        }
    }
    listed
}

/// Things by the order in which they were first named.
struct Numbered<I> {
    of: BTreeMap<I, u32>,
}

impl<I> Default for Numbered<I> {
    fn default() -> Self {
        Self { of: BTreeMap::new() }
    }
}

impl<I: Id> Numbered<I> {
    fn number(&mut self, of: I) -> u32 {
        let next = self.of.len() as u32;
        *self.of.entry(of).or_insert(next)
    }

    fn names(self, name: impl Fn(&I) -> String) -> Vec<String> {
        let mut all: Vec<(u32, I)> = self.of.into_iter().map(|(of, number)| (number, of)).collect();
        all.sort_unstable_by_key(|&(number, _)| number);
        all.iter().map(|(_, of)| name(of)).collect()
    }
}
