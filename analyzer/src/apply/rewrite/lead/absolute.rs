//! Whole paths: what a name is, written so that code elsewhere finds it.

use std::collections::BTreeSet;

use super::{DEPTH, Lead, Leads};
use crate::apply::rewrite::statements::{Import, named};
use crate::apply::source::syntax::{Decl, DeclKind, Leaf, Segment, Use};
use crate::apply::source::tree::ROOT;
use crate::ids::{PlanCrateId, SourceModuleId};

/// Where an import leads that begins at another one.
pub(in crate::apply) enum Through {
    /// There, as a crate has to write it.
    Path(String),
    /// Above the crate.
    Above,
}

impl Leads<'_> {
    /// The whole path that an import of a module stands for, as a crate has to write it.
    pub(super) fn absolute(
        &self,
        module: SourceModuleId,
        (statement, leaf): (&Use, &Leaf),
        name: &str,
        krate: PlanCrateId,
        depth: usize,
    ) -> Option<String> {
        let depth = depth.checked_sub(1)?;
        let mut names: Vec<&str> = leaf.segments.iter().map(|s| s.name.as_str()).collect();
        if leaf.is_glob() {
            names.pop();
            names.push(name);
        } else if names.len() > 1 && names.last() == Some(&"self") {
            names.pop();
        }
        let Some((base, at)) = self.start(module, &names) else {
            let colon = if statement.colon { "::" } else { "" };
            return Some(format!("{colon}{}", names.join("::")));
        };
        match self.from(base, &names, at, krate, depth) {
            Lead::Write { segments, path } => {
                Some([&[path.as_str()], &names[segments.min(names.len())..]].concat().join("::"))
            }
            Lead::Same => {
                let (end, at) = self.walk(base, &names, at);
                let inner = self.tree.inner_path(end);
                let start = if inner.is_empty() { "crate".to_owned() } else { format!("crate::{inner}") };
                Some([&[start.as_str()], &names[at..]].concat().join("::"))
            }
            Lead::Above(_) => None,
        }
    }

    /// A path of code of a module, as code at the root of a crate writes it.
    pub(in crate::apply) fn path_from(
        &self,
        module: SourceModuleId,
        segments: &[Segment],
        krate: PlanCrateId,
    ) -> Option<String> {
        let names: Vec<&str> = segments.iter().map(|s| s.name.as_str()).collect();
        let (base, at) = self.start(module, &names)?;
        let rooted = |end: SourceModuleId, at: usize| {
            let inner = self.tree.inner_path(end);
            let start = if inner.is_empty() { "crate".to_owned() } else { format!("crate::{inner}") };
            [&[start.as_str()], &names[at.min(names.len())..]].concat().join("::")
        };
        let (end, walked) = self.walk(base, &names, at);
        Some(match self.from(base, &names, at, krate, DEPTH) {
            Lead::Write { segments, path } => {
                [&[path.as_str()], &names[segments.min(names.len())..]].concat().join("::")
            }
            Lead::Same | Lead::Above(_) => rooted(end, walked),
        })
    }

    /// Likewise what a leaf of an import brings in, each with its new name. Of a glob over a module of another crate it is what is
    /// wanted of it: that may be private there, or an import.
    pub(in crate::apply) fn leaf_from(
        &self,
        module: SourceModuleId,
        (statement, leaf): (&Use, &Leaf),
        krate: PlanCrateId,
        words: &BTreeSet<&str>,
    ) -> Vec<Import> {
        self.leaf_within(module, (statement, leaf), krate, words, DEPTH)
    }

    fn leaf_within(
        &self,
        module: SourceModuleId,
        (statement, leaf): (&Use, &Leaf),
        krate: PlanCrateId,
        words: &BTreeSet<&str>,
        depth: usize,
    ) -> Vec<Import> {
        if leaf.is_glob()
            && depth > 0
            && let Some(behind) = self.behind_glob(module, leaf)
            && behind != module
        {
            let here = self.layout.home[behind] == krate;
            let body = &self.tree.modules[behind].body;
            // Traits count without being named.
            let wanted = |d: &&Decl| words.contains(d.name.as_str()) || d.is_trait;
            let decls = body.decls.iter().filter(|d| d.kind == DeclKind::Item).filter(wanted);
            // What is for the tests of one crate another one does not see.
            let for_tests = self.tree.is_module_for_tests(behind);
            let decls = decls.filter(|_| !here && !for_tests);
            let own = decls.map(|d| Import::of(self.exposed(behind, &d.name, krate)).under(&d.cfgs));
            // What the module itself has by an import nobody else sees there.
            let leaves = body.uses.iter().flat_map(|u| u.leaves.iter().map(move |leaf| (u, leaf)));
            let may_be_trait = |u: &Use, leaf: &Leaf| {
                let of_others = || u.cfgs.is_empty() && self.may_be_trait_of_others(behind, leaf);
                leaf.rename.is_none() && (self.is_trait(behind, leaf, depth) || of_others())
            };
            let imported = leaves
                .filter(|(u, leaf)| leaf.is_glob() || words.contains(leaf.name()) || may_be_trait(u, leaf));
            let imported =
                imported.flat_map(|(u, leaf)| self.leaf_within(behind, (u, leaf), krate, words, depth - 1));
            // Code that is included nobody here sees: all of it is brought in.
            let opens =
                |leaf: &Leaf| self.behind_glob(behind, leaf).is_some_and(|inner| self.has_unseen(inner));
            let shown = || body.uses.iter().filter(|u| !u.vis.is_empty()).flat_map(|u| &u.leaves);
            let unseen = self.is_reachable(behind) && (self.has_unseen(behind) || shown().any(opens));
            let unseen = here || unseen;
            let whole = unseen.then(|| {
                let path = self.path_for(krate, self.layout.home[behind], behind);
                Import::of(format!("{path}::*"))
            });
            return own.chain(imported.collect::<Vec<_>>()).chain(whole).collect();
        }
        // What lies above, or beside, is wanted by other code; what these tests name they have by a dev-dependency.
        if matches!(self.leaf(module, leaf, krate, DEPTH), Lead::Above(_)) {
            let wanted = words.contains(leaf.name()) || self.brings_trait(module, leaf);
            if leaf.is_glob() || !wanted {
                return Vec::new();
            }
            let path = self.by_tests(|| self.path_from(module, &leaf.segments, krate));
            let name = named(statement, leaf, path.as_deref().map(|path| (leaf.segments.len(), path)));
            return vec![name.under(&statement.cfgs)];
        }
        let path = self.path_from(module, &leaf.segments, krate);
        let path = match path.is_none().then(|| self.through_import(module, leaf, krate)).flatten() {
            Some(Through::Above) => return Vec::new(),
            Some(Through::Path(through)) => Some(through),
            None => path,
        };
        let path = path.map(|path| path.trim_end_matches("::self").to_owned());
        let name = named(statement, leaf, path.as_deref().map(|path| (leaf.segments.len(), path)));
        vec![name.under(&statement.cfgs)]
    }

    /// What a leaf leads to that begins at what another import of its module brings in: `use io::Read;` beside `use std::io;`.
    /// `None` for any other.
    pub(in crate::apply) fn through_import(
        &self,
        module: SourceModuleId,
        leaf: &Leaf,
        krate: PlanCrateId,
    ) -> Option<Through> {
        let (first, rest) = leaf.segments.split_first()?;
        let (around, statement, other) = self.imported(module, &first.name, DEPTH)?;
        let itself = other.segments.first().map(|segment| &segment.bytes) == Some(&first.bytes);
        // `use indexmap::indexmap;` brings a macro of the crate: the crate is meant.
        let of_crate = other.segments.len() > 1 && other.segments[0].name == first.name;
        if rest.is_empty() || itself || of_crate {
            return None;
        }
        let Some(path) = self.absolute(around, (statement, other), &first.name, krate, DEPTH) else {
            return Some(Through::Above);
        };
        let rest: String = rest.iter().map(|segment| format!("::{}", segment.name)).collect();
        Some(Through::Path(path + &rest))
    }

    /// The import that brings a name into a module, by a glob over a module of the crate as well.
    fn imported(
        &self,
        module: SourceModuleId,
        name: &str,
        depth: usize,
    ) -> Option<(SourceModuleId, &Use, &Leaf)> {
        let depth = depth.checked_sub(1)?;
        let leaves =
            || self.tree.modules[module].body.uses.iter().flat_map(|u| u.leaves.iter().map(move |l| (u, l)));
        if let Some((statement, leaf)) = leaves().find(|(_, leaf)| !leaf.is_glob() && leaf.name() == name) {
            return Some((module, statement, leaf));
        }
        let parent = |module: &SourceModuleId| self.tree.modules[*module].parent;
        leaves().filter(|(_, leaf)| leaf.is_glob()).find_map(|(_, leaf)| {
            let behind = self.behind_glob(module, leaf).filter(|&behind| behind != module)?;
            // A module sees what those around it keep for themselves.
            let around = std::iter::successors(Some(module), parent).any(|around| around == behind);
            self.imported(behind, name, depth).filter(|(_, u, _)| around || !u.vis.is_empty())
        })
    }

    /// Whether an import brings in a trait of the crate.
    pub(in crate::apply) fn brings_trait(&self, module: SourceModuleId, leaf: &Leaf) -> bool {
        self.is_trait(module, leaf, DEPTH)
    }

    /// The same, with so many modules to go through at most.
    fn is_trait(&self, module: SourceModuleId, leaf: &Leaf, depth: usize) -> bool {
        let names: Vec<&str> = leaf.segments.iter().map(|s| s.name.as_str()).collect();
        let Some((base, at)) = self.start(module, &names) else { return false };
        let (end, at) = self.walk(base, &names, at);
        names.get(at).is_some_and(|name| at + 1 == names.len() && self.has_trait(end, name, depth))
    }

    /// Whether a module has a trait of the crate by a name, whether it declares that or not.
    fn has_trait(&self, module: SourceModuleId, name: &str, depth: usize) -> bool {
        let body = &self.tree.modules[module].body;
        let brings = |leaf: &Leaf, depth: usize| {
            if leaf.is_glob() {
                let behind = self.behind_glob(module, leaf).filter(|&behind| behind != module);
                behind.is_some_and(|behind| self.has_trait(behind, name, depth))
            } else {
                leaf.name() == name
                    && (self.is_trait(module, leaf, depth) || self.may_be_trait_of_others(module, leaf))
            }
        };
        body.decls.iter().any(|d| d.is_trait && d.name == name)
            || depth
                .checked_sub(1)
                .is_some_and(|depth| body.uses.iter().flat_map(|u| &u.leaves).any(|leaf| brings(leaf, depth)))
    }

    /// Whether an import is of another package, by a name that a trait may have.
    fn may_be_trait_of_others(&self, module: SourceModuleId, leaf: &Leaf) -> bool {
        let names: Vec<&str> = leaf.segments.iter().map(|s| s.name.as_str()).collect();
        self.base(module, &names).is_none()
            && self.tree.child(module, names[0]).is_none()
            && leaf.name().starts_with(char::is_uppercase)
    }

    /// Whether a module includes code.
    fn has_unseen(&self, module: SourceModuleId) -> bool {
        let text = &self.tree.file_of(module).text;
        let calls = self.tree.modules[module].body.decls.iter().filter(|d| d.kind == DeclKind::Nameless);
        calls.into_iter().any(|decl| text[decl.item.clone()].starts_with("include!"))
    }

    /// Whether other crates see a module in the one around it: it is public, becomes so, or is declared afresh.
    pub(in crate::apply) fn is_public(&self, module: SourceModuleId) -> bool {
        let data = &self.tree.modules[module];
        let Some(parent) = data.parent else { return true };
        let afresh = parent == ROOT || self.layout.home[parent] != self.layout.home[module];
        let decls = &self.tree.modules[parent].body.decls;
        let mut of_module = decls.iter().filter(|d| {
            d.kind == DeclKind::Module && data.decl.as_ref().is_some_and(|decl| decl.name == d.name)
        });
        let file = self.tree.modules[parent].file;
        afresh || of_module.any(|d| d.public || self.widened.contains(&(file, d.vis.start)))
    }

    fn is_reachable(&self, module: SourceModuleId) -> bool {
        let parent = |module: &SourceModuleId| self.tree.modules[*module].parent;
        std::iter::successors(Some(module), parent).all(|module| self.is_public(module))
    }

    /// The path of an item by which others can name it: its own, or that of a re-export in a module around.
    pub(in crate::apply) fn exposed(&self, module: SourceModuleId, name: &str, krate: PlanCrateId) -> String {
        let owner = self.layout.of_item(module, name);
        let parent = |module: &SourceModuleId| self.tree.modules[*module].parent;
        let around = std::iter::successors(Some(module), parent).find(|&around| {
            let uses = self.tree.modules[around].body.uses.iter().filter(|u| !u.vis.is_empty());
            let mut leaves = uses.flat_map(|u| &u.leaves);
            self.layout.home[around] == owner
                && self.is_reachable(around)
                && leaves.any(|leaf| leaf.name() == name)
        });
        let shown = around.filter(|_| !self.is_reachable(module)).unwrap_or(module);
        format!("{}::{name}", self.path_for(krate, owner, shown))
    }

    /// The path of a module of `owner` as code of a crate writes it.
    fn path_for(&self, krate: PlanCrateId, owner: PlanCrateId, module: SourceModuleId) -> String {
        match (owner == krate, self.tree.inner_path(module)) {
            (false, _) => self.path_in(owner, module),
            (true, "") => "crate".to_owned(),
            (true, inner) => format!("crate::{inner}"),
        }
    }

    /// `other_crate::a::b`.
    pub(in crate::apply) fn path_in(&self, krate: PlanCrateId, module: SourceModuleId) -> String {
        let (name, inner) = (self.layout.crates[krate].lib_name(), self.tree.inner_path(module));
        if inner.is_empty() { name } else { format!("{name}::{inner}") }
    }
}
