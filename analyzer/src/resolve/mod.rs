//! Names: module tree, scopes, imports, paths and methods, down to references between items.
//!
//! Rooms, in the order in which they work; each sees those before it only:
//!
//! - `names`: `collect` builds every definition, `cfg` evaluated and (`item_macros`) macros expanded, in the module tree
//!   of each crate (`crates`, `modules`); `imports` resolves imports, globs and path-based macros to a fixpoint.
//! - `types`: `table` knows `impl`s, traits and members, `lower` reads written types, `signatures` those of functions and
//!   fields, `unify` compares types, `lookup` finds members, `stdlib` knows the standard library's.
//! - `bodies`: `walked` walks every item, in parallel, and `walker` notes what it refers to (`value_paths` for paths,
//!   `infer`, `patterns`, `calls` and `method_calls` for bodies, `blocks` for what they declare, `body_macros` for macro
//!   calls in them, `helper_paths` for those in attributes that derives read).
//! - `outcome`: `finish` turns the working tables into a [`Resolution`], `unfollowed` finds imports that nothing follows.
//!
//! Broken input is data: what can't be followed is counted by cause.

mod bodies;
mod model;
mod names;
mod outcome;
mod types;
mod uses;

#[cfg(test)]
pub(crate) mod tests;

pub use model::{
    BorrowedName, BoundKind, CommandEnum, CommandVariant, Confidence, Crate, CrateBound, ExternalCall, File,
    ImplHeader, Item, ItemKind, Making, Member, Module, Obstacle, ObstacleKind, OpenMethod, PassedMeaning,
    PassedName, ReExport, RefKind, Reference, Resolution, Shape, Signature, State, StateKind, Taker,
    Unresolved, UnresolvedCause, Visibility,
};
pub use outcome::left_out::{read_in_part, unlinked_files};
pub use uses::{Definition, DefinitionKind, Use, Uses};

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
        let mut collector = names::collector::Collector::collect(repository, sources, watch);
        collector.resolve_imports();
        collector
    };
    // Names are one thread's work; what files mention depends on none of them.
    let (collector, files) = rayon::join(names, || outcome::mentions::files(repository, sources));
    let types = types::table::Types::new(&collector.world);
    let (resolution, problems) = outcome::finish::finish(&types, files, watch);
    (resolution, collector.diagnostics.into_iter().chain(problems).collect())
}
