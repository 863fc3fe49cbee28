//! Who may name something, by what is written before it.

use super::def::{Def, Ns, World};
use super::path::NAMES;
use crate::ids::ModuleId;
use crate::parse::tree::Vis;
use crate::resolve::model::Visibility;

impl World<'_> {
    /// The visibility of what stands in a module.
    pub(in crate::resolve) fn visibility(&self, module: ModuleId, vis: &Vis) -> Visibility {
        let n = &*NAMES;
        match vis {
            Vis::Public => Visibility::Public,
            Vis::Inherited => Visibility::Within(module),
            Vis::In(path) => match &path[..] {
                [first] if *first == n.this => Visibility::Within(module),
                [first] if *first == n.sup => {
                    Visibility::Within(self.modules[module].parent.unwrap_or(module))
                }
                path => {
                    let found = self.walk(module, path, false, true).found.get(Ns::Types);
                    match found {
                        Some(Def::Module(m)) if self.is_within(module, m) => Visibility::Within(m),
                        _ => Visibility::Within(self.root(module)),
                    }
                }
            },
        }
    }
}
