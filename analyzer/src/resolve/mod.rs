//! Names: module tree, scopes, imports, paths and methods, down to references between items.
//!
//! Phases: `collect` builds the module tree and every definition, `cfg` evaluated and (`item_macros`) macros
//! expanded; `imports` resolves imports, globs and path-based macros to a fixpoint; `types` reads signatures,
//! fields and `impl`s; `walker` walks every item, in parallel, and notes what it refers to (`value_paths` for paths,
//! `infer`, `patterns`, `calls` and `method_calls` for bodies, `blocks` for what they declare, `body_macros` for macro
//! calls in them); `finish` turns the working tables into a [`Resolution`]. Broken input is data: what can't be followed is counted by cause.

mod blocks;
mod body_macros;
mod bounds;
mod calls;
mod collect;
mod def;
mod finish;
mod imports;
mod infer;
mod item_macros;
mod lookup;
mod mentions;
mod method_calls;
mod model;
mod overloads;
mod path;
mod patterns;
mod print;
mod re_exports;
mod shared;
mod stdlib;
mod ty;
mod types;
mod unfollowed;
mod value_paths;
mod walker;

#[cfg(test)]
mod tests;

pub use model::{
    Confidence, Crate, File, ImplHeader, Item, ItemKind, Module, OpenMethod, ReExport, RefKind, Reference,
    Resolution, Unresolved, UnresolvedCause, Visibility,
};

use crate::diagnostic::Diagnostic;
use crate::discover::Repository;
use crate::parse::{SourceTree, with_deep_stack};

/// Resolves every name of a repository.
///
/// The result does not depend on the number of threads.
pub fn resolve(repository: &Repository, sources: &SourceTree) -> (Resolution, Vec<Diagnostic>) {
    with_deep_stack(|| {
        let names = || {
            let mut collector = collect::Collector::collect(repository, sources);
            collector.resolve_imports();
            collector
        };
        // Names are one thread's work; what files mention depends on none of them.
        let (collector, files) = rayon::join(names, || mentions::files(repository, sources));
        let types = types::Types::new(&collector.world);
        (finish::finish(&types, files), collector.diagnostics)
    })
}
