//! The units of the simulation against those of the real cargo, for this project's fixtures.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use split_analyzer::cost::Mode;
use split_analyzer::ids::WorkspaceId;
use split_analyzer::simulate::{External, UnitOptions, unit_graph};
use split_analyzer::{Options, read};

/// `target (kind): target (kind)…` for each unit of the workspace's own, sorted; of what it waits for the members' units.
fn of_cargo(dir: &Path, command: &[&str]) -> Option<BTreeSet<String>> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(command)
        // Only a plan is made; a stable cargo makes it too where it is told to be another.
        .args(["--workspace", "--unit-graph", "-Zunstable-options", "--offline"])
        .env("RUSTC_BOOTSTRAP", "1")
        .current_dir(dir)
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let graph: Value = serde_json::from_slice(&output.stdout).ok()?;
    let units = graph["units"].as_array()?;
    let names: Vec<Option<String>> = units.iter().map(name).collect();
    let line = |(unit, name): (&Value, &Option<String>)| {
        let dependencies = unit["dependencies"].as_array()?.iter();
        let below: BTreeSet<&str> =
            dependencies.filter_map(|d| names[d["index"].as_u64()? as usize].as_deref()).collect();
        Some(format!("{}: {}", name.clone()?, below.into_iter().collect::<Vec<_>>().join(", ")))
    };
    Some(units.iter().zip(&names).filter_map(line).collect())
}

/// As the simulation calls it; `None` for what it has no unit for (the run of documentation's examples).
fn name(unit: &Value) -> Option<String> {
    let target = &unit["target"];
    let (kind, mode) = (target["kind"][0].as_str()?, unit["mode"].as_str()?);
    let name = target["name"].as_str()?;
    let package = unit["pkg_id"].as_str()?;
    let kind = match kind {
        "custom-build" if mode == "run-custom-build" => {
            let package =
                package.rsplit(['/', '#']).find(|part| !part.starts_with(|c: char| c.is_ascii_digit()))?;
            return Some(format!("{package} (build script run)"));
        }
        "custom-build" => "build script",
        "proc-macro" => "proc macro",
        "bin" | "test" | "example" | "bench" => kind,
        _ => "lib",
    };
    match mode {
        "doctest" => None,
        "test" if kind != "test" => Some(format!("{name} ({kind}, test)")),
        _ => Some(format!("{name} ({kind})")),
    }
}

/// The same of the simulation. A unit that links waits for all that is below it: of that cargo's edges are a part.
fn of_simulation(dir: &Path, mode: Mode) -> Vec<(String, BTreeSet<String>)> {
    let codebase = read(&Options::new(dir)).unwrap();
    let costs = codebase.costs(&[mode]);
    let options = UnitOptions { workspace: WorkspaceId(0), external: External::Cached };
    let units = unit_graph(&codebase.repository, &codebase.resolution, &costs[0], options);
    let graph = &units.graph;
    let below = |unit: &split_analyzer::simulate::Unit| {
        unit.dependencies.iter().map(|&(to, _)| graph.units[to].name.clone()).collect()
    };
    graph.units.iter().map(|unit| (unit.name.clone(), below(unit))).collect()
}

fn compare(dir: &Path) -> Option<()> {
    for (mode, command) in
        [(Mode::Check, &["check"][..]), (Mode::Dev, &["build"]), (Mode::Test, &["test", "--no-run"])]
    {
        let cargo = of_cargo(dir, command)?;
        let simulated = of_simulation(dir, mode);
        let names = |lines: &BTreeSet<String>| -> BTreeSet<String> {
            lines.iter().map(|line| line.split_once(": ").unwrap().0.to_owned()).collect()
        };
        let own: BTreeSet<String> = simulated.iter().map(|(name, _)| name.clone()).collect();
        assert_eq!(own, names(&cargo), "{} {mode:?}", dir.display());
        for line in &cargo {
            let (name, below) = line.split_once(": ").unwrap();
            let (_, ours) = simulated.iter().find(|(own, _)| own == name).unwrap();
            for needed in below.split(", ").filter(|needed| !needed.is_empty()) {
                assert!(ours.contains(needed), "{} {mode:?}: {name} waits for {needed}", dir.display());
            }
        }
    }
    Some(())
}

/// A workspace with all that `cargo test` treats in its own way.
fn workspace() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in [
        ("Cargo.toml", "[workspace]\nresolver = '3'\nmembers = ['a', 'b', 'c', 'm']\n"),
        (
            "a/Cargo.toml",
            "[package]\nname = 'a'\nedition = '2024'\n[dependencies]\nm = { path = '../m' }\n[dev-dependencies]\nb = { path = '../b' }\n",
        ),
        ("a/build.rs", "fn main() {}"),
        ("a/src/lib.rs", "pub fn f() {}\n#[cfg(test)]\nmod tests { #[test] fn t() {} }"),
        ("a/src/main.rs", "fn main() {}"),
        ("a/tests/whole.rs", "#[test] fn t() { a::f() }"),
        ("a/examples/shown.rs", "fn main() {}"),
        ("a/benches/fast.rs", "fn main() {}"),
        ("b/Cargo.toml", "[package]\nname = 'b'\nedition = '2024'\n[dependencies]\na = { path = '../a' }\n"),
        ("b/src/lib.rs", ""),
        (
            "c/Cargo.toml",
            "[package]\nname = 'c'\nedition = '2024'\n[lib]\ndoctest = false\n[[bin]]\nname = 'untested'\ntest = false\npath = 'src/main.rs'\n[[example]]\nname = 'e'\ntest = true\n",
        ),
        ("c/src/lib.rs", ""),
        ("c/src/main.rs", "fn main() {}"),
        ("c/examples/e.rs", "fn main() {}"),
        ("m/Cargo.toml", "[package]\nname = 'm'\nedition = '2024'\n[lib]\nproc-macro = true\n"),
        ("m/src/lib.rs", ""),
    ] {
        let path = dir.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    dir
}

#[test]
fn units_are_those_of_cargo() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures");
    let fixtures = ["services", "shop", "tangled", "tidy"].map(|name| fixtures.join(name));
    let made = workspace();
    let dirs: Vec<PathBuf> = fixtures.into_iter().chain([made.path().to_owned()]).collect();
    for dir in dirs {
        // Fixtures have no lock file of their own to be written: cargo gets a copy.
        let copy = tempfile::tempdir().unwrap();
        copy_dir(&dir, copy.path());
        if compare(copy.path()).is_none() {
            eprintln!("skipped: this cargo makes no unit graph");
            return;
        }
    }
}

fn copy_dir(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_name() == "target" {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            copy_dir(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
