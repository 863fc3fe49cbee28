//! Types, as light as names need them: which `impl`s and members there are, how written types are
//! read, and the shapes of the standard library.

pub(super) mod bounds;
pub(super) mod fuel;
pub(super) mod head;
pub(super) mod lookup;
pub(super) mod lower;
pub(super) mod open;
pub(super) mod overloads;
pub(super) mod shared;
pub(super) mod signatures;
pub(super) mod stdlib;
pub(super) mod table;
pub(super) mod ty;
pub(super) mod unify;
