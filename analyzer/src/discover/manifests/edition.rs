//! The edition that a manifest says, as far as it can be read without cargo.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::manifest::Manifest;
use crate::discover::model::Edition;

/// The edition of a package; `workspaces` are those that may have one to inherit, the likeliest first.
///
/// A workspace above counts even if it excludes the package or cargo refuses it: what is inherited is not the oldest
/// edition, which is what a manifest means that says nothing.
pub(in crate::discover) fn edition<'a>(
    package: &Table,
    workspaces: impl Iterator<Item = &'a Manifest>,
) -> Edition {
    let own = package.get("edition");
    match own {
        None => Edition::E2015,
        Some(Value::String(name)) => named(name),
        Some(_) => {
            let mut above =
                workspaces.filter_map(|m| m.workspace()?.get("package")?.get("edition")?.as_str());
            above.next().map_or(Edition::E2021, named)
        }
    }
}

/// The manifests known above a directory, and its own, the nearest first.
pub(in crate::discover) fn above<'a>(
    dir: &'a Path,
    known: &'a BTreeMap<PathBuf, Manifest>,
) -> impl Iterator<Item = &'a Manifest> {
    dir.ancestors().filter_map(|dir| known.get(dir))
}

fn named(edition: &str) -> Edition {
    match edition {
        "2015" => Edition::E2015,
        "2018" => Edition::E2018,
        "2021" => Edition::E2021,
        // One that is newer than this program.
        _ => Edition::E2024,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn editions_are_named_inherited_or_where_nothing_is_said_the_oldest() {
        let manifest = |dir: &str, text: &str| {
            (PathBuf::from(dir), Manifest { dir: dir.into(), table: text.parse().unwrap() })
        };
        let known = BTreeMap::from([
            manifest("/r", "[workspace]\nexclude = ['w']\n[workspace.package]\nedition = '2024'"),
            manifest("/r/w", "[workspace]\n[package]"),
            manifest("/s", "[workspace]"),
        ]);
        let cases = [
            ("/r/a", "edition = '2018'", Edition::E2018),
            ("/r/a", "edition.workspace = true", Edition::E2024),
            ("/r/a", "edition = { workspace = true }", Edition::E2024),
            // The nearest says nothing of editions, and excluded is not the same as old.
            ("/r/w/b", "edition.workspace = true", Edition::E2024),
            ("/r/a", "", Edition::E2015),
            ("/r/a", "edition = 2018", Edition::E2024),
            ("/s/a", "edition.workspace = true", Edition::E2021),
            ("/t", "edition.workspace = true", Edition::E2021),
        ];
        for (dir, text, expected) in cases {
            let found = edition(&text.parse().unwrap(), above(Path::new(dir), &known));
            assert_eq!(found, expected, "{dir} {text}");
        }
    }
}
