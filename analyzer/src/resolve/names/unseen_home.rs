//! Where a name is defined that nobody sees: by a build script or a macro, in the module that names it or in one whose names
//! it brings in.

use super::def::World;
use crate::ids::ModuleId;
use crate::parse::tree::Name;

/// Most imports of imports followed.
const MAX_IMPORTS: u32 = 8;

impl World<'_> {
    /// The module that must define the first of these names, which is in no scope: not foreign, since whatever another
    /// package defines is imported, by name or by a glob. `None` where that may be so.
    pub(in crate::resolve) fn unseen_home(&self, module: ModuleId, names: &[Name]) -> Option<ModuleId> {
        self.home_of(module, *names.first()?, MAX_IMPORTS)
    }

    fn home_of(&self, module: ModuleId, name: Name, left: u32) -> Option<ModuleId> {
        let data = &self.modules[module];
        if data.ext_glob.is_some() || left == 0 {
            return None;
        }
        let imports = data.imports.iter().map(|&index| &self.imports[index as usize]);
        if let Some(import) = imports.clone().find(|import| !import.glob && import.alias == name) {
            let walk = self.walk(import.module, &import.path, import.global, true);
            let last = walk.broken.filter(|_| walk.used + 1 == import.path.len());
            return last
                .map(|at| self.home_of(at, *import.path.last().unwrap_or(&name), left - 1).unwrap_or(at));
        }
        if data.made_in_part {
            return Some(module);
        }
        // A glob of a module that a build script writes in part brings it in, if any does.
        let globs = data.globs.iter().map(|&index| &self.imports[index as usize]);
        let mut sources = globs.filter_map(|glob| {
            let walk = self.walk(glob.module, &glob.path, glob.global, true);
            let def = (walk.used == glob.path.len()).then_some(walk.found.types)??.def;
            if let super::def::Def::Module(source) = def { Some(source) } else { None }
        });
        Some(sources.find(|source| self.modules[*source].made_in_part).unwrap_or(module))
    }
}
