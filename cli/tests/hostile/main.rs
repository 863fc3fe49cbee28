//! Hostile inputs: the real binary is given each, and has to say what is wrong, go on with the rest, and take neither long
//! nor much. The inputs are made here; none of them is a file of this repository.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

mod case;
mod deployment;
mod files;
mod given;
mod numbers;
mod programs;
mod syntax;
mod words;
mod writing;

use case::{Case, check};

/// Every room, by kind.
const ROOMS: [fn() -> Vec<Case>; 8] = [
    deployment::cases,
    files::cases,
    given::cases,
    numbers::cases,
    programs::cases,
    syntax::cases,
    words::cases,
    writing::cases,
];

#[test]
fn files_of_the_repository() {
    check(&files::cases());
}

#[test]
fn files_of_deployment_and_settings() {
    check(&deployment::cases());
}

#[test]
fn files_that_the_user_names() {
    check(&given::cases());
}

#[test]
fn numbers_out_of_their_range() {
    check(&numbers::cases());
}

#[test]
fn cargo_and_git() {
    check(&programs::cases());
}

#[test]
fn code_that_is_none() {
    check(&syntax::cases());
}

#[test]
fn words_that_mean_nothing_or_mislead() {
    check(&words::cases());
}

#[test]
fn places_to_write_to() {
    check(&writing::cases());
}

#[test]
fn there_are_enough_of_them() {
    let all: usize = ROOMS.iter().map(|room| room().len()).sum();
    assert!(all >= 120, "{all}");
}
