//! How often written types lead to other written types, within one piece of work. Aliases and associated types are read
//! where they are named, so that `type B = (A, A, A);` a dozen times over would be read 3^12 times.
//!
//! A piece of work is done by one thread from its beginning to its end, and those inside of it (a signature that is read for the
//! first time) have fuel of their own: so what comes of it doesn't depend on what other threads do.

use std::cell::Cell;

/// For one signature, one type's fields or one `impl`'s header: a choice.
pub(in crate::resolve) const SIGNATURE: u32 = 20_000;

thread_local! {
    static LEFT: Cell<u32> = const { Cell::new(u32::MAX) };
}

/// Does a piece of work with so much fuel.
pub(in crate::resolve) fn with<R>(fuel: u32, work: impl FnOnce() -> R) -> R {
    counting(fuel, work).0
}

/// The same, with what was used of the fuel.
pub(in crate::resolve) fn counting<R>(fuel: u32, work: impl FnOnce() -> R) -> (R, u32) {
    let before = LEFT.replace(fuel);
    let result = work();
    (result, fuel - LEFT.replace(before))
}

/// Uses up fuel for a type that was made: what comes next looks at the whole of it.
pub(in crate::resolve) fn spend(weight: u32) {
    LEFT.set(LEFT.get().saturating_sub(weight));
}

/// Whether another type may be read.
pub(in crate::resolve) fn take() -> bool {
    let left = LEFT.get();
    LEFT.set(left.saturating_sub(1));
    left > 0
}
