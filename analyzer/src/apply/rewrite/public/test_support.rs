//! What one crate compiles for its tests alone and tests of crates above use. Nobody else's tests see it under `cfg(test)`, so
//! the crate gets a feature that has it too, and the tests switch that on by a dev-dependency.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::apply::rewrite::layout::{Layout, Widened};
use crate::apply::rewrite::text::{line_at, words};
use crate::apply::source::test_only::TestOnly;
use crate::apply::source::tree::Tree;
use crate::ids::{PlanCrateId, SourceFileId, SourceModuleId};
use crate::report::{PlanItemReport, PlanReport};

/// The feature.
pub(in crate::apply) const FEATURE: &str = "test-support";

/// For the tests of others, too.
const OR_FEATURE: &str = "any(test, feature = \"test-support\")";
/// Always: a field is part of its type or is not, whoever compiles that.
const ALWAYS: &str = "all()";

/// What the feature has.
#[derive(Debug, Default)]
pub(in crate::apply) struct TestSupport {
    /// What each `test` of a `cfg` becomes, by its first byte.
    pub(in crate::apply) conditions: BTreeMap<(SourceFileId, usize), &'static str>,
    /// Crates with the feature, and those whose tests want it.
    pub(in crate::apply) users: BTreeMap<PlanCrateId, BTreeSet<PlanCrateId>>,
    /// Identifiers of what each crate has for the feature.
    pub(in crate::apply) words: BTreeMap<PlanCrateId, BTreeSet<String>>,
    /// Features of the package that tests want of a crate, by that and their own.
    pub(in crate::apply) features: BTreeMap<(PlanCrateId, PlanCrateId), BTreeSet<String>>,
    /// Paths of modules, and of items of them, that it has something of: `m::name`.
    pub(in crate::apply) supported: BTreeSet<String>,
}

/// Something for tests alone, and whose it is.
struct Gated<'a> {
    file: SourceFileId,
    krate: PlanCrateId,
    what: &'a TestOnly,
    words: BTreeSet<&'a str>,
    /// Whether an edit of the plan has it there for tests of others.
    listed: bool,
}

impl Gated<'_> {
    fn declares(&self, name: &str) -> bool {
        self.what.names.iter().any(|(own, _)| own == name)
    }
}

impl TestSupport {
    /// What tests of one crate use of another; what of it is not public goes to `widened`.
    pub(in crate::apply) fn of(
        tree: &Tree,
        layout: &Layout,
        plan: &PlanReport,
        widened: &mut Widened,
    ) -> Self {
        let gated = gated(tree, layout, plan);
        let mut out = Self::default();
        let mut open: BTreeSet<usize> = BTreeSet::new();
        for user in layout.crates.ids() {
            let used = words_of_tests(tree, layout, user);
            for (at, one) in gated.iter().enumerate().filter(|(_, one)| !one.what.without_tests) {
                let below = one.krate != user && layout.crates[user].below.contains(&one.krate);
                let own = |name: &str| {
                    one.listed || one.what.derives || !is_plain(tree, layout, &gated, one.krate, name)
                };
                let wanted = |name: &str| used.contains(name) && own(name);
                // The plan knows of what is called without being named.
                let whole = one.what.or_feature.is_some() || one.what.names.is_empty();
                let called = one.listed && whole && !used.is_empty();
                if !below || !(called || one.what.names.iter().any(|(name, _)| wanted(name))) {
                    continue;
                }
                // What a feature has anyway needs none of its own.
                if let Some(feature) = &one.what.or_feature {
                    out.features.entry((one.krate, user)).or_default().insert(feature.clone());
                    continue;
                }
                open.insert(at);
                out.users.entry(one.krate).or_default().insert(user);
            }
        }
        // Who has the feature may need anything that its types derive.
        let derived = |one: &Gated<'_>| one.what.derives && out.users.contains_key(&one.krate);
        open.extend((0..gated.len()).filter(|&at| derived(&gated[at])));
        close(&gated, layout, &mut open);
        let have = out.features.keys().map(|&(krate, _)| krate).collect();
        out.note_features(tree, &gated, &have);
        let always = always(&gated, layout);
        open.extend(always.iter().copied());
        for (at, one) in open.iter().map(|&at| (at, &gated[at])) {
            let becomes = if always.contains(&at) { ALWAYS } else { OR_FEATURE };
            out.words.entry(one.krate).or_default().extend(one.words.iter().map(|&word| word.to_owned()));
            // Where it is, what there is in its place without tests is not.
            for other in std::iter::once(one).chain(alternatives(tree, &gated, at)) {
                let starts = other.what.conditions.iter().map(|test| (other.file, test.start));
                out.conditions.extend(starts.map(|place| (place, becomes)));
            }
            if one.what.derives {
                continue;
            }
            for &module in &tree.files[one.file].modules {
                let data = &tree.modules[module];
                let declared = |name: &str, line: u32| one.what.names.contains(&(name.to_owned(), line));
                for decl in data.body.decls.iter().filter(|d| declared(&d.name, d.line)) {
                    out.supported.insert(format!("{}::{}", data.path, decl.name));
                    if !decl.public {
                        widened.insert((one.file, decl.vis.start));
                    }
                }
            }
        }
        out
    }
}

impl TestSupport {
    /// What of these crates their tests' features have.
    fn note_features(&mut self, tree: &Tree, gated: &[Gated<'_>], crates: &BTreeSet<PlanCrateId>) {
        for one in gated.iter().filter(|one| one.what.or_feature.is_some() && crates.contains(&one.krate)) {
            for &module in &tree.files[one.file].modules {
                let path = &tree.modules[module].path;
                self.supported.extend(one.what.names.iter().map(|(name, _)| format!("{path}::{name}")));
            }
        }
    }
}

/// Everything for tests alone, with its crate, and what there is without them.
fn gated<'a>(tree: &'a Tree, layout: &Layout, plan: &PlanReport) -> Vec<Gated<'a>> {
    // What could move as well is there by the feature: who has it then doesn't lose it.
    let edits =
        plan.edits.iter().filter(|edit| ["test-feature", "test-support"].contains(&edit.kind.as_str()));
    let items: Vec<&PlanItemReport> = edits.filter_map(|edit| edit.items.first()).collect();
    let mut all = Vec::new();
    for (file, source) in tree.files.iter_enumerated() {
        // What goes with tests is among them.
        let leaves = |what: &&TestOnly| layout.moved_test_at(tree, file, what.node.start).is_some();
        let here = source.test_only.iter().filter(|what| !leaves(what));
        for what in here.filter(|what| !imports_foreign(tree, file, what)) {
            if let Some(krate) = layout.owner_at(tree, file, what.node.start) {
                let mut words = words(&source.tokens, &what.node, &[]);
                words.extend(words_of_file(tree, file, what));
                let first = line_at(&source.text, what.node.start);
                let named = |item: &&PlanItemReport| {
                    let is = |(name, line): &(String, u32)| {
                        (first..=*line).contains(&item.line) && item.item.rsplit("::").next() == Some(name)
                    };
                    what.names.iter().any(is)
                };
                let last = line_at(&source.text, what.node.end);
                // An `impl` has no name.
                let whole = what.or_feature.is_some() || what.names.is_empty();
                let within = |item: &&PlanItemReport| whole && (first..=last).contains(&item.line);
                let mut here = items.iter().filter(|item| source.path.ends_with(&item.file));
                let module = |item: &&PlanItemReport| {
                    let mut modules = tree.modules.iter().filter(|module| module.path == item.item);
                    modules.any(|module| {
                        let declared = module.parent.is_some_and(|around| tree.modules[around].file == file);
                        declared
                            && has_all(tree, layout, krate, module.file)
                            && what.names.iter().any(|(name, _)| item.item.ends_with(&format!("::{name}")))
                    })
                };
                let listed = here.any(|item| named(item) || within(item)) || items.iter().any(module);
                all.push(Gated { file, krate, what, words, listed });
            }
        }
    }
    all
}

/// What the file of a module has that is declared for tests alone.
fn words_of_file<'a>(tree: &'a Tree, file: SourceFileId, what: &TestOnly) -> BTreeSet<&'a str> {
    let declared = |id: &SourceModuleId| {
        let data = &tree.modules[*id];
        let here = data.parent.is_some_and(|around| tree.modules[around].file == file);
        here && data.inside.is_none()
            && data.decl.as_ref().is_some_and(|decl| what.node.contains(&decl.whole.start))
    };
    let mut next: Vec<SourceModuleId> = tree.modules.ids().filter(declared).collect();
    let mut found = BTreeSet::new();
    while let Some(module) = next.pop() {
        let data = &tree.modules[module];
        let source = &tree.files[data.file];
        found.extend(words(&source.tokens, &(0..source.text.len()), &[]));
        next.extend(data.children.iter().filter(|child| tree.modules[**child].inside.is_none()));
    }
    found
}

/// Whether a file of tests needs no package that a crate has for its tests alone: that is not there with the feature.
fn has_all(tree: &Tree, layout: &Layout, krate: PlanCrateId, file: SourceFileId) -> bool {
    let source = &tree.files[file];
    let words = words(&source.tokens, &(0..source.text.len()), &[]);
    let for_tests = layout.crates[krate].packages.iter().filter(|(_, for_tests)| **for_tests);
    !for_tests.into_iter().any(|(name, _)| words.contains(name.as_str()))
}

/// Whether it is an import of what another package has: where the feature is on without tests, that package is not there.
fn imports_foreign(tree: &Tree, file: SourceFileId, what: &TestOnly) -> bool {
    let own = |module: SourceModuleId, name: &str| {
        ["crate", "self", "super"].contains(&name) || tree.child(module, name).is_some()
    };
    tree.files[file].modules.iter().any(|&module| {
        let mut uses = tree.modules[module].body.uses.iter().filter(|u| u.whole == what.node);
        uses.any(|u| u.leaves.iter().all(|leaf| !own(module, &leaf.segments[0].name)))
    })
}

/// What stands in place of something where there are no tests: it has its name, or lies right beside it.
fn alternatives<'g, 'a>(
    tree: &Tree,
    gated: &'g [Gated<'a>],
    at: usize,
) -> impl Iterator<Item = &'g Gated<'a>> {
    let one = &gated[at];
    let text = &tree.files[one.file].text;
    let beside = move |other: &Gated<'_>| {
        let (first, second) =
            if other.what.node.start < one.what.node.start { (other, one) } else { (one, other) };
        let between = text.get(first.what.node.end..second.what.node.start);
        between.is_some_and(|between| between.trim_matches([' ', '\n', '\r', '\t', ',', ';']).is_empty())
    };
    let same = |other: &Gated<'_>| {
        !one.what.names.is_empty() && one.what.names.iter().all(|(name, _)| other.declares(name))
    };
    let counterpart = |other: &&Gated<'_>| other.what.without_tests && !one.what.without_tests;
    gated.iter().filter(move |other| other.file == one.file).filter(counterpart).filter(move |other| {
        same(other) || (one.what.names.is_empty() && other.what.names.is_empty() && beside(other))
    })
}

/// Takes in what is needed by what is in: of a crate's own for tests alone, and the places that give it its value; what types
/// derive, in the crates below too.
fn close(gated: &[Gated<'_>], layout: &Layout, open: &mut BTreeSet<usize>) {
    loop {
        let needed = |at: usize| {
            let one = &gated[at];
            if one.what.without_tests || one.what.or_feature.is_some() {
                return false;
            }
            let reaches = |other: &Gated<'_>| {
                let above = one.what.derives && layout.crates[other.krate].below.contains(&one.krate);
                other.krate == one.krate || above
            };
            let mut others = open.iter().map(|&other| &gated[other]).filter(|other| reaches(other));
            others.any(|other| {
                let named = one.what.names.iter().any(|(name, _)| other.words.contains(name.as_str()));
                let sets = one.what.names.is_empty()
                    && other.what.names.iter().any(|(name, _)| one.words.contains(name.as_str()));
                named || sets
            })
        };
        let new: Vec<usize> = (0..gated.len()).filter(|at| !open.contains(at) && needed(*at)).collect();
        if new.is_empty() {
            return;
        }
        open.extend(new);
    }
}

/// Fields that code of a crate above gives a value, or takes apart, though only for its tests: its library is compiled without
/// its tests and with the feature of the crate below. They are there always, and so is what gives them their value.
fn always(gated: &[Gated<'_>], layout: &Layout) -> BTreeSet<usize> {
    let sets = |one: &Gated<'_>, name: &str| one.what.names.is_empty() && one.words.contains(name);
    let above =
        |field: &Gated<'_>, other: &Gated<'_>| layout.crates[other.krate].below.contains(&field.krate);
    let mut always = BTreeSet::new();
    for (at, field) in gated.iter().enumerate().filter(|(_, one)| one.what.is_field) {
        let Some((name, _)) = field.what.names.first() else { continue };
        let set_above = gated.iter().any(|other| above(field, other) && sets(other, name));
        if set_above {
            always.insert(at);
            let here = |other: &Gated<'_>| other.krate == field.krate || above(field, other);
            always.extend((0..gated.len()).filter(|&at| here(&gated[at]) && sets(&gated[at], name)));
        }
    }
    always
}

/// Whether a crate has something of this name that is not for tests alone.
fn is_plain(tree: &Tree, layout: &Layout, gated: &[Gated<'_>], krate: PlanCrateId, name: &str) -> bool {
    let gated = || gated.iter().filter(|one| !one.what.derives);
    let plain = |module: SourceModuleId| {
        let data = &tree.modules[module];
        let mut decls = data.body.decls.iter().filter(|d| d.name == name);
        decls.any(|d| {
            let line = (d.name.clone(), d.line);
            let mut here = gated().filter(|one| one.file == data.file && one.declares(name));
            !here.any(|one| one.what.names.contains(&line))
        })
    };
    let own = tree.modules.ids().filter(|&id| layout.home[id] == krate && !tree.is_module_for_tests(id));
    own.into_iter().any(plain)
}

/// Identifiers of a crate's tests and of what it compiles for them.
fn words_of_tests<'a>(tree: &'a Tree, layout: &Layout, krate: PlanCrateId) -> BTreeSet<&'a str> {
    let mut ranges: Vec<(SourceFileId, Range<usize>)> = Vec::new();
    let mut found: BTreeSet<&'a str> = BTreeSet::new();
    for (id, module) in tree.modules.iter_enumerated() {
        if layout.home[id] == krate && tree.is_module_for_tests(id) {
            let all = 0..tree.files[module.file].text.len();
            ranges.push((module.file, module.inside.clone().unwrap_or(all)));
        }
    }
    for (file, source) in tree.files.iter_enumerated() {
        let own =
            source.test_only.iter().filter(|w| layout.owner_at(tree, file, w.node.start) == Some(krate));
        for what in own {
            ranges.push((file, what.node.clone()));
            found.extend(words_of_file(tree, file, what));
        }
    }
    let moved = layout.tests.iter().filter(|test| test.krate == krate);
    ranges.extend(moved.map(|test| (tree.modules[test.module].file, test.bytes.clone())));
    found.extend(ranges.iter().flat_map(|(file, range)| words(&tree.files[*file].tokens, range, &[])));
    found
}
