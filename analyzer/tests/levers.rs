//! Levers in how a workspace is cut: a dependency that hangs on one reference, a crate too small for its overhead.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

use std::fs;

use split_analyzer::cost::{Costs, Mode};
use split_analyzer::history::{Commit, History};
use split_analyzer::ids::{AuthorId, Id, PathId};
use split_analyzer::plan::{LeverKind, PlanInput, PlanOptions, levers};
use split_analyzer::{Codebase, Options, read};

/// Functions that take a while to compile.
fn functions(name: &str, count: usize) -> String {
    (0..count)
        .map(|i| {
            format!(
                "pub fn {name}{i}(x: u64) -> u64 {{\n    let y = x.wrapping_mul({i}) + 1;\n    \
                 if y > x {{ y - x }} else {{ x - y }}\n}}\n"
            )
        })
        .collect()
}

/// `app` refers to `engine` once; `engine` alone uses `ids`, one line of code.
fn workspace() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let package = |name: &str, dependencies: &str| {
        format!(
            "[package]\nname = \"{name}\"\nedition = \"2024\"\npublish = false\n[dependencies]\n{dependencies}"
        )
    };
    write("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"app\", \"engine\", \"ids\"]\n");
    write("app/Cargo.toml", &package("app", "engine = { path = \"../engine\" }\n"));
    write("engine/Cargo.toml", &package("engine", "ids = { path = \"../ids\" }\n"));
    write("ids/Cargo.toml", &package("ids", ""));
    write("ids/src/lib.rs", "pub struct Id(pub u64);\n");
    write(
        "engine/src/lib.rs",
        &format!("pub fn first(id: ids::Id) -> u64 {{ id.0 }}\n{}", functions("e", 400)),
    );
    write("app/src/lib.rs", &format!("pub fn run() -> u64 {{ engine::e7(1) }}\n{}", functions("a", 400)));
    dir
}

fn input<'a>(codebase: &'a Codebase, costs: &'a [Costs]) -> PlanInput<'a> {
    let Codebase { repository, resolution, graph, .. } = codebase;
    PlanInput { repository, resolution, graph, costs, history: None }
}

#[test]
fn a_dependency_on_one_reference_and_a_crate_of_one_line_are_named() {
    let dir = workspace();
    let codebase = read(&Options::new(dir.path())).unwrap();
    let costs = codebase.costs(&[Mode::Check]);
    let input = input(&codebase, &costs);
    let found = |floor: f64| {
        let options = PlanOptions { min_cost_s: floor, noise_floor_pct: floor, ..PlanOptions::default() };
        let of_structure = [LeverKind::DropDependency, LeverKind::MergeCrates];
        let all = levers(&input, &options).into_iter();
        all.filter(|lever| of_structure.contains(&lever.kind)).collect::<Vec<_>>()
    };
    let all = found(0.01);
    let dropped = all.iter().find(|lever| lever.kind == LeverKind::DropDependency).unwrap();
    assert!(
        dropped.detail.contains("`app` waits for `engine`, and one reference holds it: app/src/lib.rs:1;"),
        "{}",
        dropped.detail
    );
    assert!(dropped.saved_pct.unwrap().p50 > 10.0);
    let merged = all.iter().find(|lever| lever.kind == LeverKind::MergeCrates).unwrap();
    assert!(merged.detail.contains("one library costs less than"), "{}", merged.detail);
    assert!(merged.detail.contains("merging `ids` into `engine` saves"), "{}", merged.detail);
    assert!(found(60.0).is_empty(), "nothing is worth saying below the noise");
}

/// A history of commits that change these files.
fn history(commits: &[&[&str]]) -> History {
    let paths = ["app/src/lib.rs", "engine/src/lib.rs", "ids/src/lib.rs"];
    let id = |path: &&str| PathId::from_index(paths.binary_search(path).unwrap());
    let commit = |changed: &&[&str]| Commit {
        hash: String::new(),
        time: 0,
        author: AuthorId::from_index(0),
        paths: changed.iter().map(id).collect(),
        objects: Vec::new(),
    };
    History {
        commits: commits.iter().map(commit).collect(),
        paths: paths.iter().map(|path| (*path).to_owned()).collect(),
        ..History::default()
    }
}

#[test]
fn packages_that_change_together_and_wait_for_each_other_are_better_one() {
    let dir = workspace();
    // Two users: it joins neither by being small alone.
    let manifest = fs::read_to_string(dir.path().join("app/Cargo.toml")).unwrap();
    fs::write(dir.path().join("app/Cargo.toml"), format!("{manifest}ids = {{ path = \"../ids\" }}\n"))
        .unwrap();
    let lib = fs::read_to_string(dir.path().join("app/src/lib.rs")).unwrap();
    fs::write(dir.path().join("app/src/lib.rs"), format!("{lib}pub fn id() -> ids::Id {{ ids::Id(1) }}\n"))
        .unwrap();
    let codebase = read(&Options::new(dir.path())).unwrap();
    let costs = codebase.costs(&[Mode::Check]);
    let both: &[&str] = &["engine/src/lib.rs", "ids/src/lib.rs"];
    let (engine, ids): (&[&str], &[&str]) = (&both[..1], &both[1..]);
    for (commits, together) in [
        (vec![both; 6], Some("`ids` and `engine` (6 of 6 commits) always change together")),
        (vec![both, both, both, both, both, engine, engine], Some("`ids` and `engine` (5 of 5 commits)")),
        (vec![both, both, both, both, both, engine, engine, ids, ids], None),
        (vec![both; 4], None),
        (Vec::new(), None),
    ] {
        let history = history(&commits);
        let input = PlanInput {
            repository: &codebase.repository,
            resolution: &codebase.resolution,
            graph: &codebase.graph,
            costs: &costs,
            history: Some(&history),
        };
        let options = PlanOptions { noise_floor_s: 0.01, ..PlanOptions::default() };
        let merged = levers(&input, &options).into_iter().find(|lever| lever.kind == LeverKind::MergeCrates);
        let detail = merged.as_ref().map(|lever| lever.detail.as_str());
        assert_eq!(detail.is_some(), together.is_some(), "{detail:?}");
        if let (Some(detail), Some(together)) = (detail, together) {
            assert!(detail.starts_with(together), "{detail}");
            // `publish = false`, and nothing lies between.
            assert!(!detail.contains("against it"), "{detail}");
        }
    }
}

/// Settings of single packages count as far as they are what is built.
#[test]
fn a_profile_is_what_most_of_the_work_is_built_with() {
    let cases = [
        ("", true),
        ("[profile.dev.package.app]\ndebug = 0\n[profile.dev.package.engine]\ndebug = 0\n", false),
        ("[profile.dev.package.ids]\ndebug = 0\n", true),
        ("[profile.dev.package.\"*\"]\ndebug = 0\n", true),
    ];
    for (settings, expected) in cases {
        let dir = workspace();
        let manifest = dir.path().join("Cargo.toml");
        let text = fs::read_to_string(&manifest).unwrap() + settings;
        fs::write(&manifest, text).unwrap();
        let codebase = read(&Options::new(dir.path())).unwrap();
        let costs = codebase.costs(&[Mode::Check]);
        let input = input(&codebase, &costs);
        let found = levers(&input, &PlanOptions::default());
        assert_eq!(found.iter().any(|lever| lever.kind == LeverKind::DebugInfo), expected, "{settings}");
    }
}

/// A flag for rustc is advised on where it stands.
#[test]
fn a_flag_for_rustc_is_named_with_its_file() {
    let dir = workspace();
    fs::create_dir(dir.path().join(".cargo")).unwrap();
    let flags = "[build]\nrustflags = [\"-Cdebuginfo=2\"]\n";
    fs::write(dir.path().join(".cargo/config.toml"), flags).unwrap();
    let codebase = read(&Options::new(dir.path())).unwrap();
    let costs = codebase.costs(&[Mode::Check]);
    let input = input(&codebase, &costs);
    let found = levers(&input, &PlanOptions::default());
    let lever = found.iter().find(|lever| lever.kind == LeverKind::DebugInfo).unwrap();
    assert!(!lever.by_default && lever.detail.contains(".cargo/config.toml"), "{}", lever.detail);
}
