//! Paths through modules: scopes, extern prelude, std prelude, editions.

use rustc_hash::FxHashMap;
use std::sync::LazyLock;
use ustr::{Ustr, ustr};

use super::def::{Def, DefKind, Entry, Ns, PerNs, World};
use crate::discover::Edition;
use crate::ids::{CrateId, Id as _, ModuleId};
use crate::parse::tree::{Name, NodeKind};

/// Names that are written often in the code below.
pub(in crate::resolve) struct Names {
    pub(in crate::resolve) krate: Name,
    pub(in crate::resolve) dollar_crate: Name,
    pub(in crate::resolve) this: Name,
    pub(in crate::resolve) sup: Name,
    pub(in crate::resolve) self_type: Name,
    pub(in crate::resolve) underscore: Name,
    pub(in crate::resolve) empty: Name,
    pub(in crate::resolve) serialize: Name,
    pub(in crate::resolve) deserialize: Name,
}

pub(in crate::resolve) static NAMES: LazyLock<Names> = LazyLock::new(|| Names {
    krate: ustr("crate"),
    dollar_crate: ustr("$crate"),
    this: ustr("self"),
    sup: ustr("super"),
    self_type: ustr("Self"),
    underscore: ustr("_"),
    empty: ustr(""),
    serialize: ustr("serialize"),
    deserialize: ustr("deserialize"),
});

/// What a name means without any declaration: one table, so that a name that means nothing is looked up once.
#[derive(Clone, Copy, Default)]
struct Builtin {
    /// A crate of the toolchain.
    krate: bool,
    prelude: bool,
    primitive: bool,
}

static BUILTINS: LazyLock<FxHashMap<Name, Builtin>> = LazyLock::new(|| {
    let mut builtins: FxHashMap<Name, Builtin> = FxHashMap::default();
    CRATES.iter().for_each(|name| builtins.entry(ustr(name)).or_default().krate = true);
    PRELUDE.iter().for_each(|name| builtins.entry(ustr(name)).or_default().prelude = true);
    PRIMITIVES.iter().for_each(|name| builtins.entry(ustr(name)).or_default().primitive = true);
    builtins
});

fn builtin(name: Name) -> Builtin {
    BUILTINS.get(&name).copied().unwrap_or_default()
}

/// Whether a name is one of a prelude: of the standard library's items, macros, derives and attributes.
pub(in crate::resolve) fn is_std_name(name: Name) -> bool {
    builtin(name).prelude
}

/// Crates of the toolchain.
const CRATES: &[&str] = &["std", "core", "alloc", "proc_macro", "test"];

/// <https://doc.rust-lang.org/reference/types.html#primitive-types>
const PRIMITIVES: &[&str] = &[
    "bool", "char", "str", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128",
    "isize", "f16", "f32", "f64", "f128",
];

/// <https://doc.rust-lang.org/std/prelude/>, types, traits, functions and macros.
const PRELUDE: &[&str] = &[
    "Option",
    "Some",
    "None",
    "Result",
    "Ok",
    "Err",
    "Box",
    "String",
    "Vec",
    "ToOwned",
    "ToString",
    "AsMut",
    "AsRef",
    "From",
    "Into",
    "Default",
    "Iterator",
    "Extend",
    "IntoIterator",
    "DoubleEndedIterator",
    "ExactSizeIterator",
    "Copy",
    "Send",
    "Sized",
    "Sync",
    "Unpin",
    "Drop",
    "Fn",
    "FnMut",
    "FnOnce",
    "drop",
    "Clone",
    "PartialEq",
    "PartialOrd",
    "Eq",
    "Ord",
    "Debug",
    "Hash",
    "TryFrom",
    "TryInto",
    "FromIterator",
    "Future",
    "IntoFuture",
    "AsyncFn",
    "AsyncFnMut",
    "AsyncFnOnce",
    "size_of",
    "size_of_val",
    "align_of",
    "align_of_val",
    "assert",
    "assert_eq",
    "assert_ne",
    "cfg",
    "column",
    "compile_error",
    "concat",
    "dbg",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "env",
    "eprint",
    "eprintln",
    "file",
    "format",
    "format_args",
    "include",
    "include_bytes",
    "include_str",
    "line",
    "matches",
    "module_path",
    "option_env",
    "panic",
    "print",
    "println",
    "stringify",
    "thread_local",
    "todo",
    "try",
    "unimplemented",
    "unreachable",
    "vec",
    "write",
    "writeln",
    "is_x86_feature_detected",
    "global_asm",
    "asm",
    "addr_of",
    "macro_rules",
    "derive",
    "test",
    "bench",
    "global_allocator",
    "test_case",
    "cfg_attr",
    "concat_idents",
    "trace_macros",
    "log_syntax",
    "assert_matches",
    "pin",
    "cfg_select",
];

/// How far a path of modules got: what each segment means, and the segments that are left.
pub(in crate::resolve) struct Walk {
    /// What the last resolved segment means.
    pub(in crate::resolve) found: PerNs,
    /// How many segments are resolved.
    pub(in crate::resolve) used: usize,
    /// Items (not modules) met on the way before the last resolved segment, with their segment's position.
    pub(in crate::resolve) visited: Vec<(usize, Def)>,
    /// Whether it starts at a name that a macro's body imported by `$crate`: the macro's reference, not its caller's.
    pub(in crate::resolve) hidden: bool,
    /// The module that has nothing of the next name, where the path is broken there.
    pub(in crate::resolve) broken: Option<ModuleId>,
    /// Names that it takes from modules which only bring them in.
    pub(in crate::resolve) passed: Vec<Passed>,
}

/// A name that a module has by an import.
#[derive(Clone, Copy, Debug)]
pub(in crate::resolve) struct Passed {
    pub(in crate::resolve) module: ModuleId,
    pub(in crate::resolve) name: Name,
    pub(in crate::resolve) def: Def,
}

impl Walk {
    /// At a first segment that is known.
    pub(in crate::resolve) fn begun(found: PerNs, used: usize, hidden: bool) -> Self {
        Walk { found, used, visited: Vec::new(), hidden, broken: None, passed: Vec::new() }
    }
}

impl World<'_> {
    /// A name in a module, without looking further out. Visibility is the caller's business.
    pub(in crate::resolve) fn in_module(&self, module: ModuleId, name: Name) -> PerNs {
        self.modules[module].scope.get(&name).copied().unwrap_or_default()
    }

    pub(in crate::resolve) fn root(&self, module: ModuleId) -> ModuleId {
        self.crates[self.modules[module].krate].root
    }

    /// A crate's name as code of `krate` sees it.
    pub(in crate::resolve) fn extern_crate(&self, krate: CrateId, name: Name) -> Option<Def> {
        self.declared_crate(krate, name).unwrap_or_else(|| builtin(name).krate.then_some(Def::Ext(name)))
    }

    /// The crate that a dependency or `extern crate` gives this name; the outer `None` if nothing does.
    fn declared_crate(&self, krate: CrateId, name: Name) -> Option<Option<Def>> {
        let declared = self.crates[krate].externs.get(&name)?;
        Some(match declared {
            Some(local) => self.crates.get(*local).map(|c| Def::Module(c.root)),
            None => Some(Def::Ext(name)),
        })
    }

    /// A name as code in `module` sees it: its scope, the crates it depends on, the prelude.
    pub(in crate::resolve) fn in_scope(&self, module: ModuleId, name: Name) -> PerNs {
        let own = self.in_module(module, name);
        if own.types.is_some() && own.values.is_some() && own.macros.is_some() {
            return own;
        }
        let krate = self.modules[module].krate;
        let mut found = own;
        let builtin = builtin(name);
        if found.types.is_none()
            && let Some(def) =
                self.declared_crate(krate, name).unwrap_or_else(|| builtin.krate.then_some(Def::Ext(name)))
        {
            found = found.or(PerNs::types(def));
        }
        if found.macros.is_none() {
            for used in &self.crates[krate].macro_use {
                let exported = self.in_module(self.crates[*used].root, name);
                found.macros = found.macros.or(exported.macros);
            }
        }
        if builtin.prelude {
            found = found.or(PerNs::all(Def::Ext(name)));
        } else if builtin.primitive {
            found = found.or(PerNs::types(Def::Prim(name)));
        }
        found
    }

    /// A member of a definition, as `by` sees it: of a module, or a variant. Associated items need types and are found elsewhere.
    fn in_def(&self, def: Def, name: Name, by: ModuleId) -> Option<PerNs> {
        match def {
            Def::Module(module) => {
                let own = self.in_module(module, name);
                // A glob that the path's own module may not look through has nothing for it: the name is written unseen.
                let glob = self.modules[module].ext_glob.filter(|&vis| self.visible(vis, by));
                let elsewhere = self.settled && own.is_none() && glob.is_some();
                Some(if elsewhere { PerNs::all(Def::Ext(name)) } else { own })
            }
            Def::Ext(_) => Some(PerNs::all(Def::Ext(name))),
            Def::Item(id) => {
                let variant = self.variant(id, name)?;
                let entry = PerNs::all(variant);
                Some(PerNs { macros: None, ..entry })
            }
            Def::Variant(..) | Def::Prim(_) => None,
        }
    }

    /// A variant of an enum.
    pub(in crate::resolve) fn variant(&self, id: DefId, name: Name) -> Option<Def> {
        if self.defs[id].kind != DefKind::Enum {
            return None;
        }
        let NodeKind::Enum(variants) = &self.node(id).kind else { return None };
        let position = variants.iter().position(|v| v.name == name)?;
        Some(Def::Variant(id, u32::try_from(position).ok()?))
    }

    /// Where a path starts: the definition of its first segments and how many they are. `note` is given the modules whose
    /// scopes are read.
    fn start(
        &self,
        module: ModuleId,
        path: &[Name],
        global: bool,
        import: bool,
        note: &mut impl FnMut(ModuleId),
    ) -> Option<(PerNs, usize)> {
        let n = &*NAMES;
        let krate = self.modules[module].krate;
        let edition = self.crates[krate].edition;
        let first = *path.first()?;
        if global {
            let external = self.extern_crate(krate, first);
            if edition == Edition::E2015 {
                note(self.root(module));
                let own = self.in_module(self.root(module), first);
                return Some((own.or(external.map(PerNs::types).unwrap_or_default()), 1));
            }
            return external.map(|def| (PerNs::types(def), 1));
        }
        if first == n.krate || first == n.dollar_crate {
            return Some((PerNs::types(Def::Module(self.root(module))), 1));
        }
        if let Some(krate) = marked_crate(first) {
            return Some((PerNs::types(Def::Module(self.crates.get(krate)?.root)), 1));
        }
        if first == n.this || first == n.sup {
            let (mut at, mut used) = (module, usize::from(first == n.this));
            while path.get(used) == Some(&n.sup) {
                at = self.modules[at].parent?;
                used += 1;
            }
            return Some((PerNs::types(Def::Module(at)), used));
        }
        if import && edition == Edition::E2015 {
            note(self.root(module));
            let own = self.in_module(self.root(module), first);
            let external = self.extern_crate(krate, first).map(PerNs::types).unwrap_or_default();
            return Some((own.or(external), 1));
        }
        note(module);
        self.crates[krate].macro_use.iter().for_each(|used| note(self.crates[*used].root));
        let found = self.in_scope(module, first);
        if found.is_none() && self.settled && self.modules[module].ext_glob.is_some() {
            return Some((PerNs::by_glob(Def::Ext(first)), 1));
        }
        Some((found, 1))
    }

    /// Follows a path as far as modules and variants go.
    pub(in crate::resolve) fn walk(
        &self,
        module: ModuleId,
        path: &[Name],
        global: bool,
        import: bool,
    ) -> Walk {
        self.walk_noting(module, path, global, import, &mut |_| ())
    }

    /// Likewise; `note` is given the modules whose scopes are read: while none of them changes, neither does the result.
    pub(in crate::resolve) fn walk_noting(
        &self,
        module: ModuleId,
        path: &[Name],
        global: bool,
        import: bool,
        note: &mut impl FnMut(ModuleId),
    ) -> Walk {
        let (found, used) = self.start(module, path, global, import, note).unwrap_or_default();
        let mut walk = Walk::begun(found, used, false);
        // What the module itself imports by name is its own business.
        if found.is_by_glob()
            && let (Some(&name), Some(def)) = (path.first(), found.defs().next())
        {
            walk.passed.push(Passed { module, name, def });
        }
        self.walk_on_noting(walk, module, path, note)
    }

    /// The definition of a name that a module has by an import; `None` of what it declares itself.
    pub(in crate::resolve) fn passed_on(&self, module: ModuleId, found: &PerNs) -> Option<Def> {
        let def = found.defs().next()?;
        let own = match def {
            Def::Module(inner) => self.modules[inner].parent == Some(module),
            // An exported macro lies in the root, wherever it is written.
            Def::Item(id) => self.defs[id].module == module || self.defs[id].kind == DefKind::Macro,
            Def::Prim(_) => true,
            Def::Variant(..) | Def::Ext(_) => false,
        };
        (!own).then_some(def)
    }

    /// Goes on from a first segment that is known, for code in `module`.
    pub(in crate::resolve) fn walk_on(&self, walk: Walk, module: ModuleId, path: &[Name]) -> Walk {
        self.walk_on_noting(walk, module, path, &mut |_| ())
    }

    fn walk_on_noting(
        &self,
        mut walk: Walk,
        by: ModuleId,
        path: &[Name],
        note: &mut impl FnMut(ModuleId),
    ) -> Walk {
        if walk.found.is_none() {
            walk.used = 0;
            return walk;
        }
        while walk.used < path.len() {
            let Some(Entry { def, .. }) = walk.found.types else { break };
            if let Def::Module(module) = def {
                note(module);
            }
            let Some(next) = self.in_def(def, path[walk.used], by) else { break };
            if !matches!(def, Def::Module(_)) {
                walk.visited.push((walk.used - 1, def));
            }
            if next.is_none() {
                // The name isn't there: the path is broken, not type-relative.
                let broken = if let Def::Module(module) = def { Some(module) } else { None };
                return Walk { found: PerNs::default(), broken, ..walk };
            }
            if let Def::Module(module) = def
                && let Some(def) = self.passed_on(module, &next)
            {
                walk.passed.push(Passed { module, name: path[walk.used], def });
            }
            walk.found = next;
            walk.used += 1;
        }
        walk
    }

    /// A whole path in one namespace, modules and variants only.
    pub(in crate::resolve) fn resolve(
        &self,
        module: ModuleId,
        path: &[Name],
        global: bool,
        ns: Ns,
    ) -> Option<Def> {
        let walk = self.walk(module, path, global, false);
        (walk.used == path.len()).then(|| walk.found.get(ns))?
    }
}

use super::def::DefId;

/// `$crate` of a macro's home crate, as the expander writes it.
pub(in crate::resolve) fn crate_marker(krate: CrateId) -> String {
    format!("__split_crate_{}", krate.index())
}

/// The crate that a name written by [`crate_marker`] means.
pub(in crate::resolve) fn marked_crate(name: Ustr) -> Option<CrateId> {
    let number = name.as_str().strip_prefix("__split_crate_")?;
    number.parse().ok().map(CrateId)
}
