//! Names: module tree, scopes, imports, paths and methods, down to references between items.

mod model;

pub use model::{
    Confidence, Crate, File, ImplHeader, Item, ItemKind, Module, RefKind, Reference, Resolution, Unresolved,
    UnresolvedCause, Visibility,
};
