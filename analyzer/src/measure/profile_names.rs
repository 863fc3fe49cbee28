//! Which module an event of rustc's profile belongs to, by its label and arguments.
//!
//! An event has a label and arguments. Queries name the definition that they are about in one of several ways
//! (`shop::a::f`, `DefId(0:7 ~ shop[1f]::a::f)`), code generation names its unit after the module
//! (`-Zhuman-readable-cgu-names`), procedural macros the place where they are called.

use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;

/// Between an event's label and its arguments (`measureme::event_id::SEPARATOR_BYTE`).
const SEPARATOR: char = '\u{1e}';

/// Whose the time of an event is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Owner {
    /// That of these modules, in equal parts.
    Modules(Rc<[usize]>),
    /// Whoever the event around it belongs to.
    Around,
    /// The crate's as a whole.
    Nobody,
    /// It waits for other threads.
    Waiting,
    /// Not rustc's work on the crate: linking, the profile itself; with all that is within.
    NoWork,
}

/// The modules of a crate, and how events name them.
pub(super) struct Names<'a> {
    krate: &'a str,
    /// The directory of the root file.
    root: &'a Path,
    /// Positions by path, the crate's name first.
    modules: BTreeMap<String, usize>,
}

impl<'a> Names<'a> {
    /// Finds the modules: rustc asks the same of each of them.
    pub(super) fn new(krate: &'a str, src: &'a str, texts: &[String]) -> Self {
        let keys = texts.iter().filter_map(|text| text.split(SEPARATOR).nth(1));
        let keys = keys.filter_map(|key| key.strip_prefix("LocalModDefId("));
        let mut paths: Vec<String> = keys.filter_map(def_path).map(|p| p.join("::")).collect();
        paths.push(krate.to_owned());
        paths.sort();
        paths.dedup();
        let modules = paths.into_iter().enumerate().map(|(i, path)| (path, i)).collect();
        Self { krate, root: Path::new(src).parent().unwrap_or(Path::new("")), modules }
    }

    /// The paths of all modules, sorted.
    pub(super) fn modules(&self) -> Vec<String> {
        self.modules.keys().cloned().collect()
    }

    /// Whose an event is.
    pub(super) fn owner(&self, text: &str) -> Owner {
        let mut parts = text.split(SEPARATOR);
        let label = parts.next().unwrap_or_default();
        match (label, parts.next()) {
            ("link" | "self_profile_alloc_query_strings", _) => Owner::NoWork,
            ("codegen_crate" | "LLVM_passes", _) => Owner::Waiting,
            ("expand_proc_macro" | "expand_derive_proc_macro_outer", Some(_)) => {
                parts.next().and_then(|place| self.of_place(place)).map_or(Owner::Nobody, Owner::Modules)
            }
            (_, Some(unit)) if label.starts_with("codegen_module") || label.starts_with("LLVM_") => {
                self.of_codegen_unit(unit).map_or(Owner::Nobody, Owner::Modules)
            }
            (_, Some(key)) => self.of_key(key),
            // The session, which no module asks for.
            (_, None) if label.starts_with("incr_comp_persist") || label == "serialize_dep_graph" => {
                Owner::Nobody
            }
            (_, None) => Owner::Around,
        }
    }

    /// By a query's key. A query about a crate as a whole, or about another one's definitions, runs once, for whoever comes
    /// first.
    fn of_key(&self, key: &str) -> Owner {
        let Some(path) = def_path(key) else { return Owner::Around };
        // A crate's number reads like its root module, which is asked about as a module only.
        let whole = path.len() == 1 && !key.contains("DefId(");
        if path[0] != self.krate || whole {
            return Owner::Nobody;
        }
        self.nearest(path[1..].iter().copied()).map_or(Owner::Nobody, |m| Owner::Modules([m].into()))
    }

    /// `shop.0f1e-a-b.volatile`: the instances of module `a::b`, generic ones apart. Small units are merged
    /// (`x--y`). Instances of other crates' generics are named after these: `core.0f1e-in-shop.0f1e-iter`.
    fn of_codegen_unit(&self, unit: &str) -> Option<Rc<[usize]>> {
        let of_one = |unit: &str| {
            let rest = unit.strip_prefix(self.krate)?.strip_prefix('.')?;
            let (hash, path) = rest.split_once(['-', '.']).unwrap_or((rest, ""));
            let path = path.trim_end_matches("volatile").trim_end_matches('.');
            let foreign = path == "in" || path.starts_with("in-") || path.ends_with("fallback.cgu");
            let hashed = !hash.is_empty() && hash.chars().all(|c| c.is_ascii_hexdigit());
            if foreign || !hashed || path.starts_with("crate.") {
                return None;
            }
            self.nearest(path.split('-').filter(|name| !name.is_empty()))
        };
        let modules: Vec<usize> = unit.split("--").filter_map(of_one).collect();
        (!modules.is_empty()).then(|| modules.into())
    }

    /// By a place in the sources, `lib/src/a/b.rs:1:10: 1:26`, the usual place of module `a::b`.
    fn of_place(&self, place: &str) -> Option<Rc<[usize]>> {
        let file = Path::new(place.split(".rs:").next()?);
        let relative = file.strip_prefix(self.root).ok()?;
        let names = relative.iter().map(|part| part.to_str().unwrap_or_default());
        self.nearest(names).map(|m| [m].into())
    }

    /// The module that the longest beginning of a path names; the root's own name is left out.
    fn nearest<'p>(&self, names: impl Iterator<Item = &'p str>) -> Option<usize> {
        let mut path = self.krate.to_owned();
        let mut found = self.modules.get(&path).copied();
        for name in names {
            path.push_str("::");
            path.push_str(name);
            match self.modules.get(&path) {
                Some(&module) => found = Some(module),
                None => break,
            }
        }
        found
    }
}

/// The definition that a query's key begins with, the crate first: of `shop::a::f`, `DefId(0:7 ~ shop[1f]::a::f)`,
/// `Instance { def: Item(DefId(0:7 ~ shop[1f]::a::f)), … }`. `None` for keys that are about something else.
fn def_path(key: &str) -> Option<Vec<&str>> {
    let text = match key.find(" ~ ") {
        Some(at) if key[..at].contains("DefId(") && !key[..at].contains(['[', '<']) => &key[at + 3..],
        _ => key,
    };
    let name = |c: char| c.is_alphanumeric() || "_:{}[]#'".contains(c);
    let end = text.find(|c| !name(c)).unwrap_or(text.len());
    let rest = &text[end..];
    // A word before a brace or a parenthesis is the name of a type of the compiler's.
    if end == 0 || rest.starts_with([' ', '(', '<']) {
        return None;
    }
    let mut path: Vec<&str> = text[..end].split("::").collect();
    path[0] = path[0].split('[').next().unwrap_or_default();
    let ident = |c: char| c.is_alphanumeric() || c == '_';
    (path[0].chars().all(ident) && !path[0].is_empty()).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(text: &str) -> String {
        let modules = ["shop[1f]", "shop[1f]::a", "shop[1f]::a::b"];
        let texts: Vec<String> =
            modules.iter().map(|m| format!("lint_mod\u{1e}LocalModDefId(DefId(0:3 ~ {m}))")).collect();
        let names = Names::new("shop", "crates/shop/src/lib.rs", &texts);
        match names.owner(&text.replace('|', "\u{1e}")) {
            Owner::Modules(found) => {
                let all = names.modules();
                found.iter().map(|&m| all[m].as_str()).collect::<Vec<_>>().join(" ")
            }
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn owners() {
        let cases = [
            ("typeck|shop::a::b::f", "shop::a::b"),
            ("typeck|shop::a::{{impl}}[1]::f::{{closure}}", "shop::a"),
            ("typeck|shop::other::f", "shop"),
            ("lint_mod|LocalModDefId(DefId(0:0 ~ shop[1f]))", "shop"),
            ("reachable_set|shop", "Nobody"),
            ("mir_pass_x|DefId(0:22 ~ shop[96fc]::a::{impl#0}::fmt)", "shop::a"),
            (
                "items_of_instance|(Instance { def: Item(DefId(0:2 ~ shop[1f]::a::b::f)), args: [u8] }, Used)",
                "shop::a::b",
            ),
            (
                "items_of_instance|(Instance { def: Item(DefId(2:2 ~ core[1f]::mem::swap)), args: [u8] }, Used)",
                "Nobody",
            ),
            ("lint_mod|LocalModDefId(DefId(0:3 ~ shop[1f]::a))", "shop::a"),
            ("crate_name|std", "Nobody"),
            ("shopping|shopping::a", "Nobody"),
            ("layout_of|PseudoCanonicalInput { typing_env: [DefId(0:1 ~ shop[1f]::a)] }", "Around"),
            ("evaluate_obligation|CanonicalQueryInput { x: DefId }", "Around"),
            ("is_copy_raw|Adt(shop::a::S, [])", "Around"),
            ("analysis|()", "Around"),
            ("mir_build", "Around"),
            ("codegen_module|shop.0f-a-b.volatile|300", "shop::a::b"),
            ("codegen_module|shop.0f", "shop"),
            ("codegen_module|shop.0f.volatile", "shop"),
            ("LLVM_module_codegen|shop.0f-a--shop.0f-a-b.volatile", "shop::a shop::a::b"),
            ("LLVM_module_codegen|shop.0f-a--core.0f-in-shop.0f-mem", "shop::a"),
            ("LLVM_module_codegen|core.0f-in-shop.0f-mem.volatile", "Nobody"),
            ("LLVM_module_codegen|shop.0f-fallback.cgu", "Nobody"),
            ("LLVM_module_codegen|shop.0f-crate.allocator", "Nobody"),
            ("LLVM_module_codegen|shop.7rcbfp3g-cgu.0", "Nobody"),
            ("expand_proc_macro|#[derive(X)]|crates/shop/src/a/b.rs:1:10: 1:26", "shop::a::b"),
            ("expand_proc_macro|#[derive(X)]|crates/shop/src/a/mod.rs:1:10: 1:26", "shop::a"),
            ("expand_proc_macro|#[derive(X)]|crates/shop/src/lib.rs:1:10: 1:26", "shop"),
            ("expand_proc_macro|x!|elsewhere/y.rs:1:10: 1:26", "Nobody"),
            ("link", "NoWork"),
            ("codegen_crate", "Waiting"),
        ];
        for (text, expected) in cases {
            assert_eq!(owner(text), expected, "{text}");
        }
    }
}
