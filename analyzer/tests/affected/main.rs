//! Scripted histories: a small repository with every kind of coupling, and what each change of it must and must not affect.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

mod histories;
mod kinds;
mod repository;
