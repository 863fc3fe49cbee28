//! The sentence for what goes through a trait: what of that the language lets do.

use super::work::Sentences;
use crate::ids::ItemId;
use crate::plan::Edit;
use crate::resolve::{DefinitionKind, Item, ItemKind, RefKind, Uses};

/// Traits of the standard library that a trait object can have, by its documentation.
const OBJECT_SAFE: [&str; 18] = [
    "Any", "AsRef", "AsMut", "Binary", "BufRead", "Debug", "Deref", "DerefMut", "Display", "Drop", "Error",
    "Fn", "FnMut", "Future", "Iterator", "Read", "ToString", "Write",
];

/// How code below uses what lies above.
struct Used {
    /// Whether it makes values of the type, or calls functions of it without one.
    made: bool,
    /// Whether it reads fields.
    fields: bool,
    /// Whether all that there is are imports.
    imported: bool,
}

impl Sentences<'_> {
    pub(super) fn invert(&self, edit: &Edit, target: ItemId, (name, exists): (&str, bool)) -> String {
        let used = self.used(edit);
        let of = self.item(target).subject();
        if used.imported {
            return format!(
                "drop the import of `{of}` from {}, or move up what needs it there: nothing that can be followed uses it \
                 (what a macro is given may)",
                self.names(&edit.items)
            );
        }
        if exists {
            let object = if !used.made && self.may_be_object(target, name) {
                format!("`impl {name}` or `dyn {name}`")
            } else {
                format!("a type parameter with the bound `{name}`")
            };
            return format!(
                "take {object} in {}, in place of `{of}`: that trait is all that is used of it there",
                self.names(&edit.items)
            );
        }
        let is_type = |item: &&Item| matches!(item.kind, ItemKind::Struct | ItemKind::Enum | ItemKind::Union);
        let holders: Vec<&Item> = edit.items.iter().map(|&item| self.item(item)).filter(is_type).collect();
        let holds = !holders.is_empty();
        // What a derive writes for a type calls the same of each field: `clap::Args`, `Clone`, `Deserialize`.
        let derived = holders.iter().any(|item| item.features.derives > 0);
        let generic = self.item(target).generic;
        let take = match (holds, used.made) {
            (true, made) if derived => format!(
                "hold a type parameter with the bound `{name}` in place of `{of}` (what is derived for the type asks the same \
                 of it: of pointers to `dyn {name}`, `Arc` and `Rc` have `Clone`, and none has much more{})",
                if made { "; and what makes one moves up" } else { "" }
            ),
            (true, _) if generic => {
                format!("hold a type parameter with the bound `{name}` in place of `{of}`")
            }
            (true, _) => format!("hold a `Box<dyn {name}>` or a type parameter in place of `{of}`"),
            (false, _) if generic => format!("take it as a type parameter with the bound `{name}`"),
            (false, true) => {
                format!("have it handed in, as `Box<dyn {name}>` or by a function that makes it")
            }
            (false, false) => format!("take it as `&dyn {name}` or a type parameter"),
        };
        let made = match used.made && holds && !derived {
            true => "; what makes one moves up",
            false => "",
        };
        let need = if edit.items.len() == 1 { "needs" } else { "need" };
        let fields = if used.fields { " (methods in place of fields)" } else { "" };
        format!(
            "define a trait `{name}` below with what {} {need} of `{of}`{fields}, implement it above, and {take}{made}",
            self.names(&edit.items)
        )
    }

    fn used(&self, edit: &Edit) -> Used {
        let (resolution, uses) = (self.resolution, &self.resolution.uses);
        let mut used = Used { made: false, fields: false, imported: true };
        for &cut in &edit.cuts {
            let cut = &self.plan.cuts[cut as usize];
            let all = &resolution.references;
            let start = all.partition_point(|r| r.from < cut.from);
            let own = all[start..].iter().take_while(|r| r.from == cut.from);
            for reference in own.filter(|r| r.to == cut.to && !r.test) {
                used.fields |= reference.kind == RefKind::Field;
                used.imported &= reference.kind == RefKind::Import;
            }
            let parts = std::iter::once(Uses::of_item(cut.from)).chain(uses.members(cut.from));
            for part in parts.filter(|&part| !uses.definitions[part].test) {
                let start = resolution.makings.partition_point(|made| made.by < part);
                let mut own = resolution.makings[start..].iter().take_while(|made| made.by == part);
                used.made |= own.any(|made| made.what == cut.to);
                used.made |= uses.of(part).iter().any(|other| {
                    let named = &uses.definitions[other.to];
                    named.item == cut.to && named.kind == DefinitionKind::Function && !named.takes_self
                });
            }
        }
        used
    }

    /// Whether a trait object can have the trait of an `impl`, as far as that is known.
    fn may_be_object(&self, imp: ItemId, name: &str) -> bool {
        let of = self.item(imp).imp.as_ref().and_then(|header| header.trait_item);
        let uses = &self.resolution.uses;
        match of {
            Some(of) => uses.members(of).all(|member| uses.definitions[member].takes_self),
            None => {
                let name = name.split('<').next().unwrap_or(name);
                OBJECT_SAFE.contains(&name.rsplit("::").next().unwrap_or(name))
            }
        }
    }
}
