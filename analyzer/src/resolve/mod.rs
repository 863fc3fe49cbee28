//! Names: module tree, scopes, imports, paths and methods, down to references between items.
//!
//! Phases: `collect` builds every definition, `cfg` evaluated and (`item_macros`) macros expanded, in the module tree of
//! each crate (`crates`, `modules`); `imports` resolves imports, globs and path-based macros to a fixpoint; `types` knows
//! `impl`s, traits and members, `lower` reads written types, `signatures` those of functions and fields, `unify` holds types
//! against types; `walked` walks every item, in parallel, and `walker` notes what it refers to (`value_paths` for paths,
//! `infer`, `patterns`, `calls` and `method_calls` for bodies, `blocks` for what they declare, `body_macros` for macro calls
//! in them, `helper_paths` for those in attributes that derives read); `finish` turns the working tables into a [`Resolution`], `unfollowed` finds imports that nothing follows. Broken
//! input is data: what can't be followed is counted by cause.

mod allowance;
mod blocks;
mod body_macros;
mod bounds;
mod calls;
mod collect;
mod crates;
mod def;
mod finish;
mod fuel;
mod had;
mod helper_paths;
mod imports;
mod infer;
mod item_macros;
mod left_out;
mod lookup;
mod lower;
mod mentions;
mod method_calls;
mod model;
mod modules;
mod overloads;
mod path;
mod patterns;
mod print;
mod re_exports;
mod shared;
mod signatures;
mod spending;
mod stdlib;
mod ty;
mod types;
mod unfollowed;
mod unify;
mod value_paths;
mod walked;
mod walker;

#[cfg(test)]
mod tests;

pub use left_out::{read_in_part, unlinked_files};
pub use model::{
    Confidence, Crate, File, ImplHeader, Item, ItemKind, Module, OpenMethod, ReExport, RefKind, Reference,
    Resolution, Unresolved, UnresolvedCause, Visibility,
};

use crate::budget::Watch;
use crate::bug::caught_anywhere;
use crate::diagnostic::Diagnostic;
use crate::discover::Repository;
use crate::parse::{SourceTree, with_deep_stack};

/// Resolves every name of a repository.
///
/// The result does not depend on the number of threads.
pub fn resolve(repository: &Repository, sources: &SourceTree) -> (Resolution, Vec<Diagnostic>) {
    resolve_within(repository, sources, &Watch::default())
}

/// Likewise, within limits; if the watch stops it, references are missing.
pub(crate) fn resolve_within(
    repository: &Repository,
    sources: &SourceTree,
    watch: &Watch,
) -> (Resolution, Vec<Diagnostic>) {
    let resolved = caught_anywhere(|| with_deep_stack(|| resolved(repository, sources, watch)));
    resolved.unwrap_or_else(|bug| (Resolution::default(), vec![bug.diagnostic("resolving names")]))
}

fn resolved(repository: &Repository, sources: &SourceTree, watch: &Watch) -> (Resolution, Vec<Diagnostic>) {
    let names = || {
        let mut collector = collect::Collector::collect(repository, sources, watch);
        collector.resolve_imports();
        collector
    };
    // Names are one thread's work; what files mention depends on none of them.
    let (collector, files) = rayon::join(names, || mentions::files(repository, sources));
    let types = types::Types::new(&collector.world);
    let (resolution, problems) = finish::finish(&types, files, watch);
    (resolution, collector.diagnostics.into_iter().chain(problems).collect())
}
