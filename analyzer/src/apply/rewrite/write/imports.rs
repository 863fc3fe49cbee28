//! Imports as a crate of the plan has to write them.

use std::collections::BTreeSet;

use crate::apply::rewrite::lead::absolute::Through;
use crate::apply::rewrite::lead::{BUILT_IN, Lead, Leads, View};
use crate::apply::rewrite::statements::{Import, named, statements};
use crate::apply::rewrite::text::indent_at;
use crate::apply::source::spans::Splice;
use crate::apply::source::syntax::{Decl, DeclKind, Leaf, Use};
use crate::ids::{PlanCrateId, SourceModuleId};

/// What is around an import.
pub(in crate::apply) struct Code<'a> {
    /// Its file.
    pub(in crate::apply) text: &'a str,
    /// The identifiers of its module's code, which say what is wanted of a glob that leads up.
    pub(in crate::apply) words: &'a BTreeSet<&'a str>,
    /// Of an import for tests: the identifiers of the tests that stay, which can have what is above by a dev-dependency.
    pub(in crate::apply) for_tests: Option<&'a BTreeSet<&'a str>>,
}

impl Leads<'_> {
    /// The change of a `use` statement of `module` for `krate`; nothing if it goes on meaning what it did.
    pub(in crate::apply) fn import(
        &self,
        module: SourceModuleId,
        statement: &Use,
        krate: PlanCrateId,
        code: &Code<'_>,
    ) -> Option<Splice> {
        // What no test wants that stays is brought in for tests that go.
        // A trait is wanted without being named.
        let of_tests = |leaf: &Leaf| {
            code.for_tests.map(|words| words.contains(leaf.name()) || self.brings_trait(module, leaf))
        };
        let unwanted = |leaf: &Leaf| !leaf.is_glob() && of_tests(leaf) == Some(false);
        let of_leaf = |leaf: &Leaf| {
            let seen = || self.of_leaf(module, leaf, krate);
            if unwanted(leaf) { self.quietly(seen) } else { seen() }
        };
        let lead = |leaf: &Leaf| match of_leaf(leaf) {
            Lead::Above(_) if of_tests(leaf) == Some(true) => {
                self.by_tests(|| self.of_leaf(module, leaf, krate))
            }
            lead => lead,
        };
        let leads: Vec<Lead> = statement.leaves.iter().map(lead).collect();
        if leads.iter().all(|lead| *lead == Lead::Same) {
            return None;
        }
        let several = |(leaf, lead): (&Leaf, &Lead)| match lead {
            Lead::Write { segments, .. } => self.several(module, leaf, *segments, krate),
            _ => Vec::new(),
        };
        let several: Vec<Vec<Import>> = statement.leaves.iter().zip(&leads).map(several).collect();
        if several.iter().all(Vec::is_empty)
            && let Some(splice) = one_head(statement, &leads)
        {
            return Some(splice);
        }
        let mut paths = Vec::new();
        for ((leaf, lead), several) in statement.leaves.iter().zip(leads).zip(several) {
            match lead {
                _ if !several.is_empty() => paths.extend(several),
                Lead::Same => paths.push(named(statement, leaf, None)),
                Lead::Write { segments, path } => paths.push(named(statement, leaf, Some((segments, &path)))),
                Lead::Above(_) if leaf.is_glob() => {
                    let mut names = self.expanded(module, leaf, krate, code.words, 0);
                    names.extend(code.for_tests.map_or_else(Vec::new, |words| {
                        let mut more = self.by_tests(|| self.expanded(module, leaf, krate, words, 0));
                        // Traits that come along unasked are no reason for a dev-dependency.
                        let known = |name: &Import| names.iter().any(|other| other.name() == name.name());
                        more.retain(|name| words.contains(name.name()) && !known(name));
                        more
                    }));
                    // What the module declares or imports by name goes before what a glob has.
                    names.retain(|name| {
                        let name = name.name();
                        !self.imports_by_name(module, name) && !self.declares(module, name)
                    });
                    paths.extend(names);
                }
                // Who needs it can't have it: the compiler names the places.
                Lead::Above(_) => {}
            }
        }
        if paths.is_empty() {
            return Some(Splice::remove(code.text, statement.whole.clone()));
        }
        let indent = indent_at(code.text, statement.whole.start);
        let cfgs = statement.cfgs.replace('\n', &format!("\n{indent}"));
        let lines = statements(&statement.vis, &paths);
        let lines: Vec<String> =
            lines.into_iter().map(|line| line.replace('\n', &format!("\n{indent}"))).collect();
        Some(Splice::new(statement.bytes.clone(), lines.join(&format!("\n{indent}{cfgs}"))))
    }

    /// Whether a module declares a name.
    pub(in crate::apply) fn declares(&self, module: SourceModuleId, name: &str) -> bool {
        let kinds = [DeclKind::Item, DeclKind::Module];
        self.tree.modules[module].body.decls.iter().any(|d| d.name == name && kinds.contains(&d.kind))
    }

    /// What a glob over a module above brings in of what lies in or below a crate, as far as its code names it. Traits count
    /// without being named.
    pub(in crate::apply) fn expanded(
        &self,
        module: SourceModuleId,
        leaf: &Leaf,
        krate: PlanCrateId,
        words: &BTreeSet<&str>,
        nested: usize,
    ) -> Vec<Import> {
        match self.behind_glob(module, leaf) {
            Some(behind) if nested < 8 => {
                let parent = |module: &SourceModuleId| self.tree.modules[*module].parent;
                let inside = std::iter::successors(Some(module), parent).any(|around| around == behind);
                let mut names = self.names_of(behind, (krate, inside), words, nested);
                // What imports all that is around it has its own already.
                let own = format!("crate::{}::*", self.tree.inner_path(module));
                names.retain(|name| name.path != own);
                names
            }
            _ => Vec::new(),
        }
    }

    /// Whether an import of a module brings in a name without a glob.
    pub(in crate::apply) fn imports_by_name(&self, module: SourceModuleId, name: &str) -> bool {
        let mut leaves = self.tree.modules[module].body.uses.iter().flat_map(|u| &u.leaves);
        leaves.any(|leaf| !leaf.is_glob() && leaf.name() == name)
    }

    /// Names that a module has and that code of a crate below it wants: each with the path to it. `inside`: whether that code
    /// stands within the module, and sees what is private there.
    pub(in crate::apply) fn names_of(
        &self,
        module: SourceModuleId,
        (krate, inside): (PlanCrateId, bool),
        words: &BTreeSet<&str>,
        nested: usize,
    ) -> Vec<Import> {
        let body = &self.tree.modules[module].body;
        let mut found: Vec<Import> = Vec::new();
        let seen = |d: &&Decl| d.kind == DeclKind::Item && (inside || d.public || !d.vis.is_empty());
        for decl in body.decls.iter().filter(seen) {
            let owner = self.layout.of_item(module, &decl.name);
            let wanted = words.contains(decl.name.as_str()) || decl.is_trait;
            match self.view(owner, krate) {
                View::Below if wanted => {
                    let path = format!("{}::{}", self.path_in(owner, module), decl.name);
                    found.push(Import::of(path).under(&decl.cfgs));
                }
                View::Own if wanted => {
                    let inner = self.tree.inner_path(module);
                    let path = if inner.is_empty() { "crate".to_owned() } else { format!("crate::{inner}") };
                    found.push(Import::of(format!("{path}::{}", decl.name)).under(&decl.cfgs));
                }
                _ => {}
            }
        }
        // What calls of macros import.
        let here = (module, String::new())..;
        let of_packages = self.of_packages.range(here).take_while(|((other, _), _)| *other == module);
        let known = |name: &str| self.declares(module, name) || self.imports_by_name(module, name);
        for ((_, name), path) in of_packages.filter(|((_, name), _)| !known(name)) {
            if words.contains(name.as_str()) {
                found.push(Import::known_as(path.clone(), name));
            }
        }
        // What calls of macros write that an edit takes elsewhere.
        for item in self.layout.moved.iter().filter(|item| item.module == module) {
            let wanted = item.written.iter().filter(|name| words.contains(name.as_str()));
            if self.view(item.krate, krate) == View::Below {
                let around = self.path_in(item.krate, module);
                found.extend(wanted.map(|name| Import::of(format!("{around}::{name}"))));
            }
        }
        for &child in &self.tree.modules[module].children {
            let Some(decl) = &self.tree.modules[child].decl else { continue };
            if !words.contains(decl.name.as_str()) {
                continue;
            }
            let cfgs = self.tree.modules[child].cfgs();
            if self.layout.home[child] == krate {
                let path = format!("crate::{}", self.tree.inner_path(child));
                found.push(Import::of(path).under(&cfgs));
            } else if let Some(&owner) = self.layout.providers(child, krate).first() {
                found.push(Import::of(self.path_in(owner, child)).under(&cfgs));
            }
        }
        let uses = body.uses.iter().filter(|u| inside || !u.vis.is_empty());
        for (statement, leaf) in uses.flat_map(|u| u.leaves.iter().map(move |leaf| (u, leaf))) {
            let segments: Vec<&str> = leaf.segments.iter().map(|s| s.name.as_str()).collect();
            let relative = segments[0] != "crate" && self.start(module, &segments).is_some();
            if leaf.is_glob() {
                let names = match self.of_leaf(module, leaf, krate) {
                    Lead::Above(_) => self.expanded(module, leaf, krate, words, nested + 1),
                    Lead::Same if relative => {
                        let path = self.path_from(module, &leaf.segments, krate);
                        vec![named(statement, leaf, path.as_deref().map(|path| (leaf.segments.len(), path)))]
                    }
                    Lead::Same => vec![named(statement, leaf, None)],
                    Lead::Write { segments, path } => vec![named(statement, leaf, Some((segments, &path)))],
                };
                found.extend(names.into_iter().map(|name| name.under(&statement.cfgs)));
                continue;
            }
            // A trait is wanted without being named; under a `cfg` that of another package may not be there.
            let there = statement.cfgs.is_empty() || BUILT_IN.contains(&segments[0]);
            let may_be_trait = leaf.name().starts_with(char::is_uppercase) && there;
            if !words.contains(leaf.name()) && !may_be_trait {
                continue;
            }
            let name = match self.of_leaf(module, leaf, krate) {
                // Elsewhere a relative path means something else.
                Lead::Same if relative => {
                    let path = self.path_from(module, &leaf.segments, krate);
                    named(statement, leaf, path.as_deref().map(|path| (leaf.segments.len(), path)))
                }
                Lead::Same => match self.through_import(module, leaf, krate) {
                    Some(Through::Above) => continue,
                    Some(Through::Path(path)) => named(statement, leaf, Some((leaf.segments.len(), &path))),
                    None => named(statement, leaf, None),
                },
                Lead::Write { segments, path } => {
                    let several = self.several(module, leaf, segments, krate);
                    if !several.is_empty() {
                        found.extend(several.into_iter().map(|name| name.under(&statement.cfgs)));
                        continue;
                    }
                    named(statement, leaf, Some((segments, &path)))
                }
                Lead::Above(_) => continue,
            };
            found.push(name.under(&statement.cfgs));
        }
        let mut seen = BTreeSet::new();
        found.retain(|path| seen.insert(path.clone()));
        found
    }
}

/// The change where all names of a statement begin with the same segments, and these become one path.
fn one_head(statement: &Use, leads: &[Lead]) -> Option<Splice> {
    let Lead::Write { segments, path } = leads.first()? else { return None };
    let same = leads.iter().all(|lead| lead == &leads[0]);
    let first = statement.leaves.first()?;
    let head = first.segments.get(..*segments)?;
    let shared = statement.leaves.iter().all(|leaf| leaf.segments.get(..*segments) == Some(head));
    let whole = statement.leaves.iter().any(|leaf| leaf.segments.len() == *segments && leaf.rename.is_none());
    // A whole path that ends in another name now has to keep the one that it brought in.
    let renames = path.rsplit("::").next() != head.last().map(|segment| segment.name.as_str());
    if !same || !shared || (whole && (statement.leaves.len() > 1 || renames)) {
        return None;
    }
    Some(Splice::new(head.first()?.bytes.start..head.last()?.bytes.end, path.clone()))
}
