//! Phase 2: imports and globs to a fixpoint, together with the macros that only paths can find.

use super::collector::Collector;
use super::def::{Def, DefKind, Entry, Ns, PerNs};
use super::path::NAMES;
use crate::bug::caught;
use crate::ids::ModuleId;
use crate::parse::tree::{Name, NodeKind};
use crate::resolve::Visibility;

/// More rounds than any chain of re-exports seen needs; a cycle of globs settles long before.
const MAX_ROUNDS: usize = 64;

impl Collector<'_> {
    /// Resolves every import; afterwards each module's scope is complete.
    pub(in crate::resolve) fn resolve_imports(&mut self) {
        if let Err(bug) = caught(|| self.rounds()) {
            self.diagnostics.push(bug.diagnostic("following imports"));
        }
        self.settle(true);
        self.report_ended_calls();
        self.report_limits();
    }

    fn rounds(&mut self) {
        for _ in 0..MAX_ROUNDS {
            if self.watch.stopped() {
                break;
            }
            let mut changed = self.round();
            if !changed {
                changed = self.expand_pending();
            }
            if !changed {
                changed = self.settle_pending();
            }
            if !changed && self.world.settled {
                break;
            }
            self.settle(!changed);
        }
    }

    fn settle(&mut self, settled: bool) {
        if self.world.settled != settled {
            self.world.settled = settled;
            self.world.epoch += 1;
        }
    }

    /// Named imports as far as they get, then each glob once: a glob copies its source anew whenever that has grown.
    fn round(&mut self) -> bool {
        let mut changed = false;
        for _ in 0..MAX_ROUNDS {
            let mut grown = false;
            for index in 0..self.world.imports.len() {
                let import = &self.world.imports[index];
                if import.compiled && !import.glob && !self.world.is_unchanged(import) {
                    grown |= self.named(index);
                }
            }
            changed |= grown;
            if !grown {
                break;
            }
        }
        for index in 0..self.world.imports.len() {
            let import = &self.world.imports[index];
            if import.compiled && import.glob && !self.watch.stopped() {
                changed |= self.glob(index);
            }
        }
        changed
    }

    /// What an import's whole path means.
    fn follow(&mut self, index: usize) -> Option<PerNs> {
        let mut trail = std::mem::take(&mut self.world.imports[index].trail);
        trail.clear();
        let import = &self.world.imports[index];
        let walk = self.world.walk_noting(import.module, &import.path, import.global, true, &mut |module| {
            trail.push(module);
        });
        let found = (walk.used == import.path.len()).then_some(walk.found);
        let import = &mut self.world.imports[index];
        import.trail = trail;
        import.followed = Some((self.world.clock, self.world.epoch));
        found
    }

    fn named(&mut self, index: usize) -> bool {
        let Some(mut found) = self.follow(index) else { return false };
        let import = &self.world.imports[index];
        let (module, alias, vis, test) = (import.module, import.alias, import.vis, import.test);
        for slot in [&mut found.types, &mut found.values, &mut found.macros] {
            *slot = slot.filter(|e| self.world.visible(e.vis, module));
        }
        if found == import.found {
            return false;
        }
        self.world.imports[index].found = found;
        if alias == NAMES.underscore {
            if let Some(Def::Item(def)) = found.get(Ns::Types)
                && self.world.defs[def].kind == DefKind::Trait
            {
                self.world.modules[module].unnamed.push(def);
            }
            return true;
        }
        self.add(module, alias, found, vis, false, test)
    }

    fn glob(&mut self, index: usize) -> bool {
        let import = &self.world.imports[index];
        let (module, vis, test) = (import.module, import.vis, import.test);
        let found = if import.path.is_empty() {
            PerNs::types(Def::Module(self.world.root(module)))
        } else if self.world.is_unchanged(import) {
            import.found
        } else {
            let Some(found) = self.follow(index) else { return false };
            found
        };
        let Some(source) = found.types else { return false };
        let copied = self.world.imports[index].copied;
        let mut changed = self.world.imports[index].found != found;
        self.world.imports[index].found = found;
        match source.def {
            Def::Module(from) => {
                let version = self.world.modules[from].version;
                if version == copied || from == module {
                    return changed;
                }
                self.world.imports[index].copied = version;
                if self.world.modules[from].ext_glob.is_some_and(|vis| self.world.visible(vis, module)) {
                    changed |= self.may_hold_anything(module, vis);
                }
                let names = names(&self.world.modules[from].scope);
                if !self.has_room(module, names.iter().map(|(name, _)| *name)) {
                    self.too_many_names(index);
                    return changed;
                }
                if copied == 0 {
                    self.world.modules[module].scope.reserve(names.len());
                }
                for (name, mut entry) in names {
                    for slot in [&mut entry.types, &mut entry.values, &mut entry.macros] {
                        *slot = slot.filter(|e| self.world.visible(e.vis, module));
                    }
                    changed |= self.add(module, name, entry, vis, true, test);
                }
            }
            Def::Item(def) if self.world.defs[def].kind == DefKind::Enum && copied == 0 => {
                self.world.imports[index].copied = 1;
                let NodeKind::Enum(variants) = &self.world.node(def).kind else { return changed };
                let names: Vec<Name> = variants.iter().map(|v| v.name).collect();
                if !self.has_room(module, names.iter().copied()) {
                    self.too_many_names(index);
                    return changed;
                }
                for (i, name) in names.into_iter().enumerate() {
                    let variant = Def::Variant(def, u32::try_from(i).unwrap_or(u32::MAX));
                    let found = PerNs { macros: None, ..PerNs::all(variant) };
                    changed |= self.add(module, name, found, vis, true, test);
                }
            }
            Def::Ext(_) => changed |= self.may_hold_anything(module, vis),
            _ => {}
        }
        changed
    }

    /// Whether a module may have these names as well.
    fn has_room(&self, module: ModuleId, names: impl ExactSizeIterator<Item = Name>) -> bool {
        let room = self.room_for_names();
        let scope = &self.world.modules[module].scope;
        names.len() as u64 <= room || names.filter(|name| !scope.contains_key(name)).count() as u64 <= room
    }

    /// Notes a glob that leads out of the repository. Whether that is news.
    fn may_hold_anything(&mut self, module: ModuleId, vis: Visibility) -> bool {
        let old = self.world.modules[module].ext_glob;
        if old.is_some_and(|old| !self.wider(vis, old)) {
            return false;
        }
        self.world.modules[module].ext_glob = Some(vis);
        self.world.changed(module);
        true
    }

    /// Whether something is visible in more places under the first visibility than under the second.
    fn wider(&self, new: Visibility, old: Visibility) -> bool {
        match (new, old) {
            (_, Visibility::Public) => false,
            (Visibility::Public, Visibility::Within(_)) => true,
            (Visibility::Within(new), Visibility::Within(old)) => {
                new != old && self.world.is_within(old, new)
            }
        }
    }

    /// Adds an imported name. Definitions and named imports shadow globs.
    fn add(
        &mut self,
        module: ModuleId,
        name: Name,
        found: PerNs,
        vis: Visibility,
        glob: bool,
        test: bool,
    ) -> bool {
        let mut slot = self.world.in_module(module, name);
        let vacant = slot == PerNs::default();
        let mut changed = false;
        for (old, new) in [
            (&mut slot.types, found.types),
            (&mut slot.values, found.values),
            (&mut slot.macros, found.macros),
        ] {
            let Some(new) = new else { continue };
            let entry = Entry { def: new.def, vis, glob, test };
            let replace = match old {
                None => true,
                Some(old) if old.def == entry.def => {
                    // The wider of two visibilities, the less conditional of two places.
                    self.wider(vis, old.vis) || (old.test && !test) || (old.glob && !glob)
                }
                Some(old) => (old.glob && !glob) || (old.test && !test && old.glob == glob),
            };
            if replace && *old != Some(entry) {
                *old = Some(entry);
                changed = true;
            }
        }
        if changed {
            self.had.glob_names += u64::from(glob && vacant);
            self.world.modules[module].scope.insert(name, slot);
            self.world.changed(module);
        }
        changed
    }
}

/// In any order: each name is added by itself.
fn names(scope: &rustc_hash::FxHashMap<Name, PerNs>) -> Vec<(Name, PerNs)> {
    scope.iter().map(|(name, entry)| (*name, *entry)).collect()
}
