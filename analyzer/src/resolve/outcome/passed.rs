//! Names that code takes from modules which only bring them in, and where these names are from.
//!
//! A reference ends at the definition, whichever path was written. Where the module on that path comes to lie in another
//! crate, the path has to be written anew all the same.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use crate::discover::Edition;
use crate::ids::{CrateId, IdVec, ItemId, ModuleId};
use crate::parse::tree::{Name, NodeKind};
use crate::resolve::model::{BorrowedName, PassedMeaning, PassedName, Resolution, Taker, Visibility};
use crate::resolve::names::def::{Def, DefId, ImportData, PerNs, World};
use crate::resolve::names::path::{NAMES, Passed};

/// Longest chain of imports that is followed: a choice, above what people write.
const MAX_CHAIN: usize = 8;

/// The names by module and name, each with all places that take it from there; and the places that take one from another crate
/// which has it from yet another.
pub(in crate::resolve) fn passed_names(
    world: &World<'_>,
    ids: &IdVec<DefId, ItemId>,
    resolution: &Resolution,
    noted: Vec<(Passed, Taker)>,
) -> (Vec<PassedName>, Vec<BorrowedName>) {
    let origins = Origins { world };
    let mut sources: FxHashMap<(ModuleId, Name), Vec<ModuleId>> = FxHashMap::default();
    let mut taken: BTreeMap<(ModuleId, &str), (Passed, BTreeSet<Taker>)> = BTreeMap::new();
    let mut borrowed: BTreeSet<BorrowedName> = BTreeSet::new();
    for (passed, taker) in noted {
        let own = resolution.items[taker.item].module == passed.module;
        let here = origins.krate(passed.module);
        let elsewhere = resolution.modules[resolution.items[taker.item].module].krate != here;
        let lenders = if elsewhere { vec![passed.module] } else { origins.lenders(passed, own) };
        let lends = |module: &ModuleId| origins.krate_of(passed.def) != Some(origins.krate(*module));
        borrowed.extend(lenders.into_iter().filter(lends).map(|module| BorrowedName { module, taker }));
        if elsewhere {
            continue;
        }
        let named = [passed.module];
        let modules: &[ModuleId] = if own {
            let key = (passed.module, passed.name);
            sources.entry(key).or_insert_with(|| origins.sources(passed.module, passed.name))
        } else {
            &named
        };
        for &module in modules {
            let key = (module, passed.name.as_str());
            taken.entry(key).or_insert((Passed { module, ..passed }, BTreeSet::new())).1.insert(taker);
        }
    }
    let taken = taken.into_values().map(|(passed, takers)| PassedName {
        module: passed.module,
        name: passed.name.as_str().to_owned(),
        visibility: origins.visibility(passed),
        meant: origins.meaning(ids, resolution, passed),
        takers: takers.into_iter().collect(),
    });
    (taken.collect(), borrowed.into_iter().collect())
}

/// Where names are from.
struct Origins<'w, 'a> {
    world: &'w World<'a>,
}

impl Origins<'_, '_> {
    fn krate(&self, module: ModuleId) -> CrateId {
        self.world.modules[module].krate
    }

    /// Where something is defined; `None` outside of the repository.
    fn krate_of(&self, def: Def) -> Option<CrateId> {
        match def {
            Def::Module(module) => Some(self.krate(module)),
            Def::Item(id) | Def::Variant(id, _) => Some(self.krate(self.world.defs[id].module)),
            Def::Prim(_) | Def::Ext(_) => None,
        }
    }

    /// The modules of other crates that a name came from which a glob brought into one.
    fn lenders(&self, Passed { module, name, .. }: Passed, own: bool) -> Vec<ModuleId> {
        let data = &self.world.modules[module];
        if !own || self.imports(&data.imports).any(|import| import.alias == name) {
            return Vec::new();
        }
        let globbed = self.imports(&data.globs).filter_map(|import| match import.found.types?.def {
            Def::Module(source) if self.krate(source) != self.krate(module) => Some(source),
            _ => None,
        });
        globbed.filter(|&source| self.passes(source, name)).collect()
    }

    fn imports(&self, list: &[u32]) -> impl Iterator<Item = &ImportData> {
        list.iter().map(|&index| &self.world.imports[index as usize]).filter(|import| import.compiled)
    }

    /// The modules that a name came through which a glob brought into one: each has it by an import too.
    fn sources(&self, module: ModuleId, name: Name) -> Vec<ModuleId> {
        let (mut found, mut at) = (Vec::new(), module);
        while found.len() < MAX_CHAIN {
            let data = &self.world.modules[at];
            if self.imports(&data.imports).any(|import| import.alias == name) {
                break;
            }
            let globbed = self.imports(&data.globs).filter_map(|import| match import.found.types?.def {
                Def::Module(source) if self.krate(source) == self.krate(module) => Some(source),
                _ => None,
            });
            let passes = |source: &ModuleId| {
                *source != module && !found.contains(source) && self.passes(*source, name)
            };
            let Some(next) = globbed.into_iter().find(passes) else { break };
            found.push(next);
            at = next;
        }
        found
    }

    /// Whether a module has a name, and not as its own.
    fn passes(&self, module: ModuleId, name: Name) -> bool {
        let found = self.world.in_module(module, name);
        match found.is_none() {
            true => self.world.modules[module].ext_glob.is_some(),
            false => self.world.passed_on(module, &found).is_some(),
        }
    }

    fn visibility(&self, Passed { module, name, .. }: Passed) -> Visibility {
        let found = self.world.in_module(module, name);
        let entry = [found.types, found.values, found.macros].into_iter().flatten().next();
        let by_glob = self.world.modules[module].ext_glob;
        entry.map(|entry| entry.vis).or(by_glob).unwrap_or(Visibility::Within(module))
    }

    fn meaning(
        &self,
        ids: &IdVec<DefId, ItemId>,
        resolution: &Resolution,
        Passed { module, name, def }: Passed,
    ) -> PassedMeaning {
        let inside = |at: ModuleId| self.krate(at) == self.krate(module);
        let own = |def: DefId| inside(self.world.defs[def].module);
        match def {
            Def::Module(inner) if inside(inner) => PassedMeaning::Item(resolution.modules[inner].item),
            Def::Item(def) if own(def) => PassedMeaning::Item(ids[def]),
            Def::Variant(def, index) if own(def) => match &self.world.node(def).kind {
                NodeKind::Enum(variants) => {
                    let variant = variants.get(index as usize).map_or(name, |variant| variant.name);
                    PassedMeaning::Variant(ids[def], variant.as_str().to_owned())
                }
                _ => PassedMeaning::Item(ids[def]),
            },
            _ => PassedMeaning::Outside(self.outside(module, name, 0)),
        }
    }

    /// The path from outside of its crate that a name means in a module.
    fn outside(&self, module: ModuleId, name: Name, depth: usize) -> Option<String> {
        if depth > MAX_CHAIN {
            return None;
        }
        let data = &self.world.modules[module];
        let mut named =
            self.imports(&data.imports).filter(|import| import.alias == name && !import.found.is_none());
        if let Some(import) = named.next() {
            return self.leads_outside(import, &import.path, depth);
        }
        let mut globbed = self.imports(&data.globs).filter_map(|import| self.by_glob(import, name, depth));
        match (globbed.next(), globbed.next()) {
            (Some(path), None) => Some(path),
            (Some(_), Some(_)) => None,
            (None, _) => self.declared(self.world.in_module(module, name)),
        }
    }

    /// `extern crate other as name;`
    fn declared(&self, found: PerNs) -> Option<String> {
        match found.types?.def {
            Def::Ext(name) => Some(name.as_str().to_owned()),
            Def::Module(root) => Some(self.world.modules[root].name.as_str().to_owned()),
            _ => None,
        }
    }

    fn by_glob(&self, import: &ImportData, name: Name, depth: usize) -> Option<String> {
        match import.found.types?.def {
            Def::Module(source) if self.krate(source) == self.krate(import.module) => {
                let has = source != import.module && self.passes(source, name);
                has.then(|| self.outside(source, name, depth + 1))?
            }
            Def::Module(source) => {
                let has = !self.world.in_module(source, name).is_none();
                let path: Vec<Name> = import.path.iter().copied().chain([name]).collect();
                has.then(|| self.leads_outside(import, &path, depth))?
            }
            Def::Ext(_) => {
                let path: Vec<Name> = import.path.iter().copied().chain([name]).collect();
                self.leads_outside(import, &path, depth)
            }
            _ => None,
        }
    }

    /// What a path of an import means as a path that every crate with the dependency may write.
    fn leads_outside(&self, import: &ImportData, path: &[Name], depth: usize) -> Option<String> {
        let names = &*NAMES;
        let world = self.world;
        let first = *path.first()?;
        let text = || path.iter().map(|name| name.as_str()).collect::<Vec<_>>().join("::");
        let (mut at, mut used) = (import.module, 0);
        if import.global {
            return Some(text());
        }
        if first == names.krate {
            (at, used) = (world.root(at), 1);
        } else if first == names.this || first == names.sup {
            used = usize::from(first == names.this);
            while path.get(used) == Some(&names.sup) {
                at = world.modules[at].parent?;
                used += 1;
            }
        } else {
            if world.crates[self.krate(at)].edition == Edition::E2015 {
                at = world.root(at);
            }
            // `use other;` finds the crate, and not itself.
            let krate = world.extern_crate(self.krate(at), first);
            let own = world.in_module(at, first);
            if own.is_none() || (krate.is_some() && own.types.map(|entry| entry.def) == krate) {
                return Some(text());
            }
        }
        while let Some(&name) = path.get(used) {
            let found = world.in_module(at, name);
            match found.types.map(|entry| entry.def) {
                Some(Def::Module(inner)) if world.modules[inner].parent == Some(at) => {
                    (at, used) = (inner, used + 1)
                }
                _ => {
                    let before = self.outside(at, name, depth + 1)?;
                    let rest = path[used + 1..].iter().map(|name| name.as_str());
                    return Some(std::iter::once(before.as_str()).chain(rest).collect::<Vec<_>>().join("::"));
                }
            }
        }
        None
    }
}
