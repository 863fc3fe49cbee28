//! One case per rule of the language: a fixture, and who refers to whom in it.

mod attributes;
mod bindings;
mod broken;
mod closures;
mod control_flow;
mod crates;
mod fixture;
mod generics;
mod implied;
mod imports;
mod items;
mod language;
mod left_out;
mod limits;
mod macros;
mod methods;
mod modules;
mod outside;
mod overloads;
mod paths;
mod patterns;
mod properties;
mod re_exports;
mod std_shapes;
mod undeclared;
mod unfollowed;
mod unseen;
mod unseen_homes;
mod uses;
mod written;

use std::collections::BTreeSet;

use super::{Confidence, Reference, Resolution, resolve};
use crate::diagnostic::Diagnostic;
use crate::discover::Repository;
use crate::parse;

/// Checks the references of a fixture (see [`fixture`]) against the expected lines `from -> to kind`.
///
/// They are all there are, repetitions aside, but for imports and headers of `impl`s: these are compared where a
/// case expects one, since the others have them only to set their scene. `test` behind the kind marks a reference that only
/// tests make; `guess` one that was not found by the language's rules; `unseen` one that leads into a module only.
#[track_caller]
fn check(fixture: &str, expect: &str) {
    let found = references(fixture);
    let passed_over: Vec<&str> = SCENE.into_iter().filter(|kind| !has_kind(expect, kind)).collect();
    let compared = |l: &&str| !passed_over.iter().any(|kind| has_kind(l, kind));
    let found: BTreeSet<&str> = found.iter().map(String::as_str).filter(compared).collect();
    let expected: BTreeSet<&str> = expect.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let list = |lines: Vec<&&str>| lines.into_iter().map(|l| format!("    {l}\n")).collect::<String>();
    assert!(
        found == expected,
        "missing:\n{}not expected:\n{}",
        list(expected.difference(&found).collect()),
        list(found.difference(&expected).collect()),
    );
}

/// Kinds of reference that most cases have and few are about.
const SCENE: [&str; 2] = ["import", "impl"];

fn has_kind(lines: &str, kind: &str) -> bool {
    lines.lines().any(|line| {
        let mut words = line.split_whitespace().rev();
        words.find(|word| !matches!(*word, "test" | "guess" | "unseen")) == Some(kind)
    })
}

fn resolved(fixture: &str) -> Resolution {
    read(fixture).1
}

/// The repository that a fixture is (see [`fixture`]), and what its names mean.
pub(crate) fn read(fixture: &str) -> (Repository, Resolution) {
    let dir = tempfile::tempdir().unwrap();
    let repository = fixture::repository(dir.path(), fixture);
    let (sources, problems) = parse::load(&repository);
    assert_eq!(problems, [], "the fixture parses");
    let resolution = resolve(&repository, &sources).0;
    (repository, resolution)
}

/// The references and problems of a fixture that may be broken.
fn broken(fixture: &str) -> (BTreeSet<String>, Vec<Diagnostic>) {
    let dir = tempfile::tempdir().unwrap();
    let repository = fixture::repository(dir.path(), fixture);
    let (sources, mut problems) = parse::load(&repository);
    let (resolution, found) = resolve(&repository, &sources);
    problems.extend(found);
    (resolution.references.iter().map(|r| line(&resolution, r)).collect(), problems)
}

fn references(fixture: &str) -> BTreeSet<String> {
    let resolution = resolved(fixture);
    resolution.references.iter().map(|r| line(&resolution, r)).collect()
}

fn line(resolution: &Resolution, r: &Reference) -> String {
    let (from, to) = (&resolution.items[r.from].path, &resolution.items[r.to].path);
    let test = if r.test { " test" } else { "" };
    let guess = match r.confidence {
        Confidence::Guess => " guess",
        Confidence::Unseen => " unseen",
        Confidence::Exact | Confidence::Expanded => "",
    };
    format!("{from} -> {to} {}{test}{guess}", r.kind.name())
}
