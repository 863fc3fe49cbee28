//! Why one part of the code depends on another: the references, or the shortest chain of them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use fixedbitset::FixedBitSet;
use serde::{Deserialize, Serialize};

use super::select::{Selection, SelectionKind};
use crate::base::number::count;
use crate::ids::{Id, IdVec, ItemId, ModuleId};
use crate::report::model::SCHEMA_VERSION;
use crate::report::plans::files::file_of;
use crate::resolve::{Confidence, PassedMeaning, RefKind, Reference, Resolution};

/// The contract of `explain --format json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExplainReport {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// The dependent.
    pub from: Explained,
    /// The dependency.
    pub to: Explained,
    /// Every reference from `from` to `to`, by file and line.
    pub references: Vec<Place>,
    /// The same summed up by module: from which to which, most references first. Modules are folded into those above them
    /// until there are few pairs.
    #[serde(default)]
    pub modules: Vec<ModuleReferences>,
    /// Where `from` takes a name from `to` that is defined elsewhere: the references are to where that is, yet without `to` these
    /// lines don't compile. By file and line.
    #[serde(default)]
    pub names_taken: Vec<NameTaken>,
    /// When there is no reference: the shortest chain of references from `from` to `to`; empty when there
    /// is none either.
    pub chain: Vec<Hop>,
}

/// One side of the question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Explained {
    /// Its full name.
    pub name: String,
    /// What it is.
    pub kind: SelectionKind,
    /// Number of items in it.
    pub items: u32,
}

/// All references from one module to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ModuleReferences {
    /// The module that refers.
    pub from: String,
    /// The module referred to.
    pub to: String,
    /// How many references.
    pub references: u32,
    /// How many of them are compiled for tests only.
    pub tests: u32,
    /// File of the first.
    pub file: String,
    /// Its line.
    pub line: u32,
}

/// A reference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Place {
    /// The file it stands in.
    pub file: String,
    /// Its line.
    pub line: u32,
    /// The item that refers.
    pub from: String,
    /// The item referred to.
    pub to: String,
    /// What kind of reference.
    pub kind: RefKind,
    /// Whether it is compiled for tests only.
    pub test: bool,
    /// How it was found.
    pub confidence: Confidence,
}

/// A place that takes a name from a module which has it by an import.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NameTaken {
    /// The file it stands in.
    pub file: String,
    /// Its line.
    pub line: u32,
    /// The item that names it.
    pub from: String,
    /// The module that it is taken from.
    pub module: String,
    /// Whether it is compiled for tests only.
    pub test: bool,
}

/// A step of a chain.
pub type Hop = Place;

/// Lists the references from `from` to `to`. What the two have in common is not a dependency: of a module
/// and its own package, only references that leave the module count.
pub fn explain(resolution: &Resolution, from: &Selection, to: &Selection) -> ExplainReport {
    let (a, b) = (set(resolution, from), set(resolution, to));
    let shared = |item: ItemId| a.contains(item.index()) && b.contains(item.index());
    let direct = resolution.references.iter().filter(|r| {
        a.contains(r.from.index()) && b.contains(r.to.index()) && !(shared(r.from) && shared(r.to))
    });
    let direct: Vec<&Reference> = direct.collect();
    let mut references: Vec<_> = direct.iter().map(|r| place(resolution, r)).collect();
    references.sort();
    let chain = if references.is_empty() { chain(resolution, from, &a, &b) } else { Vec::new() };
    ExplainReport {
        schema_version: SCHEMA_VERSION,
        from: explained(from),
        to: explained(to),
        references,
        modules: by_module(resolution, &direct),
        names_taken: names_taken(resolution, &a, &b),
        chain,
    }
}

/// Names that `a` takes from modules of `b` which are defined neither there nor in what both have in common.
fn names_taken(resolution: &Resolution, a: &FixedBitSet, b: &FixedBitSet) -> Vec<NameTaken> {
    let is_of = |module: ModuleId, set: &FixedBitSet| set.contains(resolution.modules[module].item.index());
    let lends = |module: ModuleId| is_of(module, b) && !is_of(module, a);
    let is_elsewhere = |meant: &PassedMeaning| match meant {
        PassedMeaning::Outside(_) => true,
        PassedMeaning::Item(item) | PassedMeaning::Variant(item, _) => {
            !a.contains(item.index()) && !b.contains(item.index())
        }
    };
    let passed = resolution.passed_names.iter().filter(|of| is_elsewhere(&of.meant));
    let passed = passed.flat_map(|of| of.takers.iter().map(|&taker| (of.module, taker)));
    let borrowed = resolution.borrowed_names.iter().map(|of| (of.module, of.taker));
    let taken = passed.chain(borrowed);
    let taken = taken.filter(|&(module, taker)| a.contains(taker.item.index()) && lends(module));
    let named = taken.map(|(module, taker)| NameTaken {
        file: file_of(resolution, taker.item).to_owned(),
        line: taker.line,
        from: resolution.items[taker.item].path.clone(),
        module: resolution.modules[module].path.clone(),
        test: taker.test,
    });
    named.collect::<BTreeSet<_>>().into_iter().collect()
}

/// Pairs of modules that help; of more, modules are folded. A choice.
const PAIRS: usize = 12;

fn by_module(resolution: &Resolution, references: &[&Reference]) -> Vec<ModuleReferences> {
    let module = |item: ItemId| resolution.modules[resolution.items[item].module].path.as_str();
    let deepest =
        references.iter().flat_map(|r| [r.from, r.to]).map(|item| segments(module(item)).count()).max();
    let mut pairs = Vec::new();
    for depth in (2..=deepest.unwrap_or_default().max(2)).rev() {
        let folded = summed(resolution, references, &|item| first(module(item), depth));
        // A single pair is what was asked about.
        if folded.len() == 1 && pairs.len() > 1 {
            break;
        }
        pairs = folded;
        if pairs.len() <= PAIRS {
            break;
        }
    }
    pairs
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split("::")
}

/// The first so many segments of a path.
fn first(path: &str, depth: usize) -> String {
    segments(path).take(depth).collect::<Vec<_>>().join("::")
}

fn summed(
    resolution: &Resolution,
    references: &[&Reference],
    module: &dyn Fn(ItemId) -> String,
) -> Vec<ModuleReferences> {
    let mut pairs: BTreeMap<(String, String), ModuleReferences> = BTreeMap::new();
    for reference in references {
        let (from, to) = (module(reference.from), module(reference.to));
        let (file, line) = (file_of(resolution, reference.from), reference.line);
        let pair = pairs.entry((from.clone(), to.clone())).or_insert_with(|| ModuleReferences {
            from,
            to,
            references: 0,
            tests: 0,
            file: file.to_owned(),
            line,
        });
        pair.references += 1;
        pair.tests += u32::from(reference.test);
        if (file, line) < (pair.file.as_str(), pair.line) {
            (pair.file, pair.line) = (file.to_owned(), line);
        }
    }
    let mut pairs: Vec<ModuleReferences> = pairs.into_values().collect();
    pairs.sort_by_key(|pair| Reverse(pair.references));
    pairs
}

fn explained(selection: &Selection) -> Explained {
    let items = count(selection.items.len());
    Explained { name: selection.name.clone(), kind: selection.kind, items }
}

fn set(resolution: &Resolution, selection: &Selection) -> FixedBitSet {
    let mut set = FixedBitSet::with_capacity(resolution.items.len());
    set.extend(selection.items.iter().map(|i| i.index()));
    set
}

fn place(resolution: &Resolution, reference: &Reference) -> Place {
    Place {
        file: file_of(resolution, reference.from).to_owned(),
        line: reference.line,
        from: resolution.items[reference.from].path.clone(),
        to: resolution.items[reference.to].path.clone(),
        kind: reference.kind,
        test: reference.test,
        confidence: reference.confidence,
    }
}

/// The shortest chain, over code outside tests if there is one.
fn chain(resolution: &Resolution, from: &Selection, a: &FixedBitSet, b: &FixedBitSet) -> Vec<Hop> {
    let path = shortest(resolution, from, a, b, false).or_else(|| shortest(resolution, from, a, b, true));
    path.unwrap_or_default().into_iter().map(|r| place(resolution, r)).collect()
}

/// Breadth first from all items of `from`; references are sorted by their `from`, so ties are broken by index.
fn shortest<'a>(
    resolution: &'a Resolution,
    from: &Selection,
    a: &FixedBitSet,
    b: &FixedBitSet,
    tests: bool,
) -> Option<Vec<&'a Reference>> {
    let mut came_by: IdVec<ItemId, Option<&Reference>> = IdVec::from_elem(None, resolution.items.len());
    let mut seen = a.clone();
    let mut open: VecDeque<ItemId> = from.items.iter().copied().collect();
    while let Some(item) = open.pop_front() {
        for reference in outgoing(&resolution.references, item).iter().filter(|r| tests || !r.test) {
            if seen.put(reference.to.index()) {
                continue;
            }
            came_by[reference.to] = Some(reference);
            if b.contains(reference.to.index()) {
                return Some(trace(&came_by, reference.to));
            }
            open.push_back(reference.to);
        }
    }
    None
}

fn outgoing(references: &[Reference], item: ItemId) -> &[Reference] {
    let start = references.partition_point(|r| r.from < item);
    let end = references.partition_point(|r| r.from <= item);
    &references[start..end]
}

fn trace<'a>(came_by: &IdVec<ItemId, Option<&'a Reference>>, last: ItemId) -> Vec<&'a Reference> {
    let mut path = Vec::new();
    let mut at = last;
    while let Some(reference) = came_by[at] {
        path.push(reference);
        at = reference.from;
    }
    path.reverse();
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::code::select::select;
    use crate::resolve::tests::read;

    fn names_taken(from: &str, to: &str) -> Vec<String> {
        let (repository, resolution) = read(
            "//- /base/lib.rs crate:base
pub struct Thing;
//- /facade/lib.rs crate:facade deps:base
pub use base::Thing;
pub struct Own;
pub mod inner { pub use crate::Own; }
//- /app/lib.rs crate:app deps:facade,base
mod names;
fn f(_: facade::Thing) { g::<base::Thing>() }
fn g<T>() {}
fn h(_: names::Thing, _: facade::inner::Own) {}
#[cfg(test)] mod tests { use facade::Thing; }
//- /app/names.rs
pub use base::*;
pub use base::Thing;
",
        );
        let selection = |query| select(&repository, &resolution, query).unwrap();
        let report = explain(&resolution, &selection(from), &selection(to));
        let line = |of: &NameTaken| {
            format!("{}:{} {} {}{}", of.file, of.line, of.from, of.module, if of.test { " test" } else { "" })
        };
        report.names_taken.iter().map(line).collect()
    }

    #[test]
    fn names_that_are_defined_elsewhere_are_taken_all_the_same() {
        assert_eq!(
            names_taken("app", "facade"),
            ["app/lib.rs:2 app::f facade", "app/lib.rs:5 app::tests facade test"],
            "`facade::inner::Own` is defined there"
        );
        assert_eq!(names_taken("app::h", "app::names"), ["app/lib.rs:4 app::h app::names"]);
        assert_eq!(names_taken("app", "base"), Vec::<String>::new());
    }
}
