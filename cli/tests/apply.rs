//! `apply` by the real binary, with the real git and cargo: a plan becomes commits that compile.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking too")]

mod run;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use run::Fixture;
use serde_json::Value;

/// A fixture with its sources in `repo`, as a repository with one commit; what lies beside it is not the user's.
struct Repository {
    fixture: Fixture,
}

impl Repository {
    fn of(name: &str) -> Self {
        let fixture = Fixture::empty();
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures").join(name);
        let repo = fixture.path("repo");
        assert!(Command::new("cp").arg("-R").arg(&from).arg(&repo).status().unwrap().success());
        Self::committed(fixture)
    }

    /// A package of one file, with a plan that takes modules of it to a crate `names-low`.
    fn with(code: &str, modules: &str) -> Self {
        let fixture = Fixture::empty();
        fs::create_dir_all(fixture.path("repo/src")).unwrap();
        let features = "[features]\ndefault = [\"std\"]\nstd = []\n";
        let manifest =
            format!("[package]\nname = \"names\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n{features}");
        let plan = format!("[[crate]]\nname = \"names-low\"\nfrom = \"names\"\nmodules = [{modules}]\n");
        let files = [("src/lib.rs", code), ("Cargo.toml", &manifest), ("plan.toml", &plan)];
        for (path, text) in files {
            fs::write(fixture.path("repo").join(path), text).unwrap();
        }
        Self::committed(fixture)
    }

    fn committed(fixture: Fixture) -> Self {
        let repo = fixture.path("repo");
        fs::write(repo.join(".gitignore"), "target\n").unwrap();
        let repository = Self { fixture };
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository.git(&["add", "--all"]);
        repository.git(&["commit", "--quiet", "--message=first"]);
        repository
    }

    /// What git says in the user's working tree.
    fn git(&self, arguments: &[&str]) -> String {
        self.git_in("repo", arguments)
    }

    fn git_in(&self, dir: &str, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .args(["-c", "user.name=t", "-c", "user.email=t@example.org", "-C"])
            .arg(self.fixture.path(dir))
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn apply(&self, plan: &str, more: &[&str]) -> run::Answer {
        let fixed = ["apply", "repo", "--plan", plan];
        self.fixture.run(&[&fixed[..], more].concat())
    }

    /// What the user has: the commit, the branches, and no change.
    fn standing(&self) -> (String, String, String) {
        (
            self.git(&["rev-parse", "HEAD"]),
            self.git(&["branch", "--list"]),
            self.git(&["status", "--porcelain"]),
        )
    }

    fn report(&self, plan: &str, more: &[&str]) -> (i32, Value) {
        let answer = self.apply(plan, &[more, &["--format", "json"]].concat());
        let report = serde_json::from_str(&answer.stdout).unwrap_or_else(|_| panic!("{}", answer.stderr));
        (answer.code, report)
    }
}

/// Tests that a workspace has and that pass.
fn passed_tests(dir: &Path) -> u32 {
    let output = Command::new("cargo")
        .args(["test", "--workspace", "--offline", "--quiet"])
        .current_dir(dir)
        .env_remove("CARGO_TARGET_DIR")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let results = text.lines().filter_map(|line| line.strip_prefix("test result: ok. "));
    results.map(|line| line.split(' ').next().unwrap().parse::<u32>().unwrap()).sum()
}

/// The recommended plan of a repository, in as many crates.
fn recommended(repository: &Repository, crates: &str) {
    let analyze =
        ["analyze", "repo", "--no-built", "--crates", crates, "--out", "report", "--format", "json"];
    repository.fixture.run(&analyze).success();
}

#[test]
fn a_plan_becomes_commits_that_compile_and_pass_the_same_tests() {
    let repository = Repository::of("shop");
    recommended(&repository, "5");
    let before = repository.standing();
    let (code, report) = repository.report("report/plan.toml", &["--worktree", "split"]);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!((&report["compiles"], report["errors"].as_array().unwrap().len()), (&true.into(), 0));
    assert_eq!(before.0, report["base"]);
    // A new branch, and nothing else.
    let after = repository.standing();
    assert_eq!((&before.0, &before.2), (&after.0, &after.2));
    assert!(after.1.contains("split/shop"), "{}", after.1);
    let crates: Vec<&str> =
        report["crates"].as_array().unwrap().iter().map(|k| k["directory"].as_str().unwrap()).collect();
    let expected = ["crates/shop-catalog", "crates/shop-core", "crates/shop-customers", "crates/shop-orders"];
    assert_eq!(crates, expected);
    // Moves, then code, then manifests.
    let commits = repository.git_in("split", &["log", "--format=%H", "--reverse", "HEAD", "^main"]);
    let commits: Vec<&str> = commits.lines().collect();
    assert_eq!(commits.len(), 3);
    let moves = repository.git_in("split", &["show", "--format=", "--name-status", "-M100%", commits[0]]);
    assert!(moves.lines().all(|line| line.starts_with("R100")), "{moves}");
    let of_commit = |commit: &str| repository.git_in("split", &["show", "--format=", "--name-only", commit]);
    let is_manifest = |line: &str| line.ends_with("Cargo.toml") || line.ends_with("Cargo.lock");
    assert!(of_commit(commits[1]).lines().all(|line| !is_manifest(line)));
    assert!(of_commit(commits[2]).lines().all(is_manifest));
    assert_eq!(repository.git_in("split", &["status", "--porcelain"]), "");
    let original = passed_tests(&repository.fixture.path("repo"));
    assert_eq!((passed_tests(&repository.fixture.path("split")), original > 10), (original, true));
    insta::assert_snapshot!(
        repository.git_in("split", &["diff", commits[0], "HEAD", "--", "*/lib.rs", "*.toml"])
    );
}

#[test]
fn comments_and_lines_that_need_no_change_stay() {
    let repository = Repository::of("shop");
    let patch = repository.apply("repo/plans/base.toml", &["--dry-run"]).success().stdout;
    let changed = |line: &&str| {
        let sign = line.starts_with('-') || line.starts_with('+');
        sign && !line.starts_with("---") && !line.starts_with("+++")
    };
    let (mut removed, mut added) = (Vec::new(), Vec::new());
    for file in patch.split("\ndiff --git ").filter(|file| file.contains("rename from")) {
        let lines = file.lines().filter(changed);
        lines.for_each(|line| match line.strip_prefix('-') {
            Some(line) => removed.push(line),
            None => added.push(line.trim_start_matches('+')),
        });
    }
    assert!(!removed.is_empty());
    let code = |line: &&&str| !line.trim().starts_with("//");
    assert!(removed.iter().all(|line| code(&line)), "{removed:#?}");
    // Nothing but paths, imports and visibility.
    let known = ["use ", "crate::", "super::", "pub", "shop_base::", "mod ", "macro_export"];
    for line in removed.iter().chain(&added).filter(|line| !line.trim().is_empty() && line.trim() != "}") {
        let wide = line.trim_start().starts_with("fn ") || line.trim_start().starts_with("const ");
        assert!(wide || known.iter().any(|word| line.contains(word)), "{line}");
    }
}

#[test]
fn what_is_work_for_people_is_left_and_said() {
    let repository = Repository::of("tangled");
    recommended(&repository, "9");
    let answer = repository.apply("report/plan.toml", &["--worktree", "split"]);
    assert_eq!(answer.code, 1, "{}", answer.stderr);
    for expected in [
        "stay one crate",
        "Left for people",
        "(src/game.rs:",
        "it compiles, and something of the plan is left",
    ] {
        assert!(answer.stdout.contains(expected), "no `{expected}`:\n{}", answer.stdout);
    }
}

#[test]
fn a_patch_and_in_place_come_to_the_same() {
    let repository = Repository::of("shop");
    let plan = "repo/plans/base.toml";
    let before = repository.standing();
    let patched = repository.apply(plan, &["--patch", "split.patch", "--no-check"]).success();
    assert!(patched.stdout.contains("split.patch, for `git apply`"), "{}", patched.stdout);
    assert_eq!(before, repository.standing());
    repository.git(&["clone", "--quiet", ".", "../other"]);
    repository.git_in("other", &["apply", "--index", "../split.patch"]);
    repository.apply(plan, &["--in-place", "--no-check"]).success();
    let tree = repository.git(&["rev-parse", "HEAD^{tree}"]);
    assert_eq!(repository.git_in("other", &["write-tree"]), tree);
    assert_eq!(repository.git(&["status", "--porcelain"]), "");
    assert_ne!(repository.git(&["rev-parse", "HEAD"]), before.0);
}

#[test]
fn what_is_in_the_way_is_said_and_nothing_changes() {
    let repository = Repository::of("shop");
    let plan = "repo/plans/base.toml";
    fs::create_dir(repository.fixture.path("there")).unwrap();
    repository.git(&["branch", "taken"]);
    let before = repository.standing();
    let cases: &[(&str, &[&str], &str)] = &[
        (plan, &["--worktree", "there"], "is there already: --worktree"),
        (plan, &["--branch", "taken"], "there is a branch `taken` already"),
        (plan, &["--crate", "nothing"], "it has no crate `nothing`"),
        ("repo/plans/misnamed.toml", &[], "the plan can't be done"),
    ];
    for (plan, more, expected) in cases {
        let answer = repository.apply(plan, &[*more, &["--no-check"]].concat());
        assert_eq!(answer.code, 2, "{more:?}: {}", answer.stdout);
        assert!(answer.stderr.contains(expected), "{more:?}: {}", answer.stderr);
        assert_eq!(before, repository.standing(), "{more:?}");
    }
    fs::write(repository.fixture.path("repo/src/lib.rs"), "// changed\n").unwrap();
    let answer = repository.apply(plan, &["--in-place", "--no-check"]);
    assert!(answer.code == 2 && answer.stderr.contains("not committed"), "{}", answer.stderr);
    let old = Repository::of("shop");
    let manifest = old.fixture.path("repo/Cargo.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace("edition = \"2024\"", "edition = \"2015\"")).unwrap();
    old.git(&["commit", "--all", "--quiet", "--message=second"]);
    let answer = old.apply(plan, &["--no-check"]);
    assert!(answer.code == 2 && answer.stderr.contains("of edition 2015"), "{}", answer.stderr);
    let alone = Fixture::copy("shop");
    let answer = alone.run(&["apply", ".", "--plan", "plans/base.toml"]);
    assert!(answer.code == 2 && answer.stderr.contains("not a git repository"), "{}", answer.stderr);
}

#[test]
fn a_directory_in_the_place_of_a_new_crate_is_kept() {
    let repository = Repository::of("shop");
    let there = repository.fixture.path("repo/crates/shop-base");
    fs::create_dir_all(&there).unwrap();
    fs::write(there.join("Cargo.toml"), "# somebody's\n").unwrap();
    repository.git(&["add", "--all"]);
    repository.git(&["commit", "--quiet", "--message=second"]);
    let answer = repository.apply("repo/plans/base.toml", &["--no-check"]);
    assert_eq!(answer.code, 2, "{}", answer.stdout);
    assert!(answer.stderr.contains("crates/shop-base is there already"), "{}", answer.stderr);
}

#[test]
fn what_is_not_read_or_not_moved_is_left_by_its_name() {
    let repository = Repository::of("shop");
    fs::write(repository.fixture.path("repo/src/broken.rs"), "fn f( {\n").unwrap();
    let root = repository.fixture.path("repo/src/lib.rs");
    let text = fs::read_to_string(&root).unwrap();
    // The file that the catalogue includes is named by what stays.
    fs::write(&root, format!("{text}\nmod broken;\nconst STARTER: &str = \"starter.csv\";\n")).unwrap();
    repository.git(&["add", "--all"]);
    repository.git(&["commit", "--quiet", "--message=second"]);
    recommended(&repository, "5");
    let (code, report) = repository.report("report/plan.toml", &["--no-check"]);
    assert_eq!(code, 1, "{report:#}");
    let left: Vec<&Value> =
        report["edits"].as_array().unwrap().iter().filter(|edit| edit["done"] == false).collect();
    let of =
        |kind: &str| left.iter().find(|edit| edit["kind"] == kind).unwrap_or_else(|| panic!("{left:#?}"));
    assert!(of("unread")["detail"].as_str().unwrap().starts_with("src/broken.rs:1: "), "{left:#?}");
    let file = of("move-file");
    assert!(file["id"].as_str().unwrap().starts_with('e'), "{file:#}");
    assert!(file["why"].as_str().unwrap().starts_with("src/catalog/starter.csv "), "{file:#}");
}

#[test]
fn hooks_of_the_repository_are_not_run() {
    let repository = Repository::of("shop");
    let trap = repository.fixture.path("sprung");
    let hooks = repository.fixture.path("repo/.git/hooks");
    for hook in
        ["pre-commit", "commit-msg", "post-commit", "post-checkout", "reference-transaction", "post-merge"]
    {
        let path = hooks.join(hook);
        fs::write(&path, format!("#!/bin/sh\ntouch {}\n", trap.display())).unwrap();
        #[cfg(unix)]
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    }
    repository.apply("repo/plans/base.toml", &["--in-place", "--no-check"]).success();
    assert!(!trap.exists());
}

#[test]
#[cfg(unix)]
fn a_run_that_is_killed_leaves_the_working_tree_as_it_was() {
    let repository = Repository::of("shop");
    let before = repository.standing();
    // Moments of a run that takes about half a second.
    for milliseconds in [20, 60, 120, 180, 240, 300, 360, 420, 500, 700] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_split-advisor"))
            .args(["apply", "repo", "--plan", "repo/plans/base.toml", "--no-check", "--worktree"])
            .arg(format!("split-{milliseconds}"))
            .arg("--branch")
            .arg(format!("b-{milliseconds}"))
            .current_dir(repository.fixture.path(""))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(milliseconds));
        child.kill().unwrap();
        child.wait().unwrap();
        let after = repository.standing();
        assert_eq!((&before.0, &before.2), (&after.0, &after.2), "after {milliseconds} ms");
    }
    repository
        .apply("repo/plans/base.toml", &["--no-check", "--worktree", "last", "--branch", "last"])
        .success();
}

#[test]
fn methods_that_need_what_is_above_become_a_trait_there() {
    let repository = Repository::of("press");
    let (code, report) = repository.report("repo/plans/model.toml", &["--worktree", "split"]);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(report["edits"][0]["kind"], "split-impl");
    // What tests of the crate above use of the one below has a feature there.
    let manifests = repository.git_in("split", &["diff", "main", "HEAD", "--", "*.toml"]);
    assert!(manifests.contains("test-support = []"), "{manifests}");
    assert!(manifests.contains("features = [\"test-support\"]"), "{manifests}");
    let original = passed_tests(&repository.fixture.path("repo"));
    assert_eq!((passed_tests(&repository.fixture.path("split")), original), (original, 2));
    insta::assert_snapshot!(repository.git_in("split", &["diff", "-M", "main", "HEAD", "--", "*.rs"]));
}

#[test]
fn what_lies_above_is_passed_in_by_callers() {
    let repository = Repository::of("ferry");
    let (code, report) = repository.report("repo/plans/fares.toml", &["--worktree", "split"]);
    assert_eq!(code, 0, "{report:#}");
    let freed = |kind: &str| {
        let edits = report["edits"].as_array().unwrap().iter();
        edits.filter(|edit| edit["kind"] == kind && edit["done"] == true).count()
    };
    assert_eq!((freed("pass-function"), freed("pass-value")), (1, 3), "{report:#}");
    assert_eq!(report["repairs"].as_array().unwrap().len(), 0, "{report:#}");
    let original = passed_tests(&repository.fixture.path("repo"));
    assert_eq!((passed_tests(&repository.fixture.path("split")), original), (original, 5));
    insta::assert_snapshot!(repository.git_in("split", &["diff", "-M", "main", "HEAD", "--", "*.rs"]));
}

#[test]
fn nothing_is_passed_where_a_signature_can_not_change() {
    let cases = [
        (
            "mod fares;",
            "pub mod fares;",
            "lib.rs",
            "pub(crate) fn shown",
            "pub fn shown",
            "is part of what the package offers",
        ),
        (
            "pub fn sign",
            "pub const SHOWN: fn(u32) -> String = fares::shown;\n\npub fn sign",
            "desk.rs",
            "",
            "",
            "names `shown` in another way than by a call",
        ),
        (
            "mod tests {\n",
            "mod tests {\n    #[test]\n    fn plain() {\n        shown(1);\n    }\n\n",
            "tickets.rs",
            "",
            "",
            "tests of ferry::tickets::tests call it",
        ),
    ];
    for (old, new, file, in_fares, by, why) in cases {
        let repository = Repository::of("ferry");
        let change = |file: &str, old: &str, new: &str| {
            let path = repository.fixture.path("repo/src").join(file);
            let text = fs::read_to_string(&path).unwrap();
            assert!(text.contains(old), "{file}: {old}");
            fs::write(&path, text.replacen(old, new, 1)).unwrap();
        };
        change(file, old, new);
        change("fares.rs", in_fares, by);
        repository.git(&["commit", "--quiet", "--all", "--message=second"]);
        let before = repository.standing();
        let answer = repository.apply("repo/plans/fares.toml", &["--no-check"]);
        assert_eq!(answer.code, 2, "{}", answer.stdout);
        assert!(answer.stderr.contains(why), "no `{why}`: {}", answer.stderr);
        assert_eq!(before, repository.standing());
    }
}

#[test]
fn a_trait_stands_for_a_type_that_lies_above() {
    let repository = Repository::of("mill");
    let (code, report) = repository.report("repo/plans/orders.toml", &["--worktree", "split"]);
    assert_eq!(code, 0, "{report:#}");
    let edits = report["edits"].as_array().unwrap().iter();
    let freed: Vec<&Value> = edits.filter(|edit| edit["kind"] == "invert").collect();
    assert!(freed.len() == 1 && freed[0]["done"] == true, "{report:#}");
    // The module that all of its code left keeps an import.
    let mut repairs = report["repairs"].as_array().unwrap().iter();
    assert!(repairs.all(|r| r["what"].as_str().unwrap().starts_with("unused import")), "{report:#}");
    let original = passed_tests(&repository.fixture.path("repo"));
    assert_eq!((passed_tests(&repository.fixture.path("split")), original), (original, 3));
    insta::assert_snapshot!(repository.git_in("split", &["diff", "-M", "main", "HEAD", "--", "*.rs"]));
}

#[test]
fn no_trait_stands_for_what_is_more_than_its_methods() {
    let cases = [
        ("lib.rs", "mod orders;", "pub mod orders;", "`quote` is part of what the package offers"),
        (
            "orders.rs",
            "let each = store",
            "let of: &Store = store;\n    let each = of",
            "`quote` names `Store` elsewhere than as a reference that it takes",
        ),
        (
            "orders.rs",
            "let mut bill =",
            "std::mem::take(store);\n    let mut bill =",
            "`serve` does more with `store` than to call its methods",
        ),
        (
            "orders.rs",
            "let mut bill = Vec::new();",
            "let mut bill = vec![format!(\"{store:?}\")];",
            "`serve` does more with `store` than to call its methods",
        ),
        ("store.rs", "price(&self, grain: Grain)", "price(&self, grain: impl Into<Grain>)", "is not plain"),
        (
            "store.rs",
            "pub fn left(&self",
            "pub fn left(&'static self",
            "`left` of `Store` does not borrow it",
        ),
        (
            "store.rs",
            "impl Store {",
            "/// Of this one.\npub trait StoreAccess {}\n\nimpl Store {",
            "there is a `StoreAccess` already",
        ),
    ];
    for (file, old, new, why) in cases {
        let repository = Repository::of("mill");
        let path = repository.fixture.path("repo/src").join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(old), "{file}: {old}");
        fs::write(&path, text.replacen(old, new, 1)).unwrap();
        if file == "lib.rs" {
            let orders = repository.fixture.path("repo/src/orders.rs");
            let text = fs::read_to_string(&orders).unwrap();
            fs::write(&orders, text.replace("pub(crate) fn", "pub fn")).unwrap();
        }
        repository.git(&["commit", "--quiet", "--all", "--message=second"]);
        let answer = repository.apply("repo/plans/orders.toml", &["--no-check"]);
        assert_eq!(answer.code, 2, "{new}: {}", answer.stdout);
        let said: String = answer.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(why), "no `{why}`: {said}");
    }
}

#[test]
fn what_is_found_without_a_path_is_found_across_the_border() {
    let repository = Repository::of("bindery");
    let (code, report) = repository.report("repo/plans/sheet.toml", &["--worktree", "split"]);
    assert_eq!(code, 0, "{report:#}");
    let repairs: Vec<&str> =
        report["repairs"].as_array().unwrap().iter().map(|r| r["file"].as_str().unwrap()).collect();
    assert_eq!(repairs, ["crates/bindery-check/src/cover.rs"]);
    let original = passed_tests(&repository.fixture.path("repo"));
    assert_eq!((passed_tests(&repository.fixture.path("split")), original), (original, 5));
    insta::assert_snapshot!(
        repository.git_in("split", &["diff", "-M", "main", "HEAD", "--", "*.rs", "*.toml"])
    );
}

/// Helpers for tests that use what is private stay with that: what stays gets a copy, or has them by a feature.
#[test]
fn helpers_of_tests_stay_with_what_is_private() {
    let low = "mod inner;\n#[cfg(any(fuzzing, test))]\npub(crate) mod fuzzing;\npub fn g() -> u8 {\n    inner::f()\n}\n#[cfg(test)]\npub(crate) mod tests;\npub struct S;\n#[cfg(any(fuzzing, test))]\nimpl S {\n    pub fn given() -> u8 {\n        0\n    }\n}\n";
    let fuzzing = "pub fn run() -> u8 {\n    crate::low::fuzzing::go() + crate::low::S::given()\n}\n#[test]\nfn runs() {\n    assert_eq!(run(), 1);\n}\n";
    let high = "pub mod low;\n#[cfg(any(fuzzing, test))]\npub mod fuzzing;\n#[cfg(test)]\nmod tests {\n    use crate::low::tests::help;\n    #[test]\n    fn t() {\n        assert_eq!(help(), 2);\n    }\n}\n";
    let tests = "use super::*;\npub(crate) fn help() -> u8 {\n    2\n}\n#[test]\nfn it() {\n    assert_eq!(inner::f() + help(), 3);\n}\n";
    let repository = Repository::with(high, "\"names::low\"");
    let repo = repository.fixture.path("repo");
    let files = [
        ("src/low/mod.rs", low),
        ("src/fuzzing.rs", fuzzing),
        ("src/low/inner.rs", "pub(crate) fn f() -> u8 {\n    1\n}\n"),
        ("src/low/fuzzing.rs", "use super::{g, inner};\npub fn go() -> u8 {\n    g();\n    inner::f()\n}\n"),
        ("src/low/tests.rs", tests),
    ];
    fs::create_dir_all(repo.join("src/low")).unwrap();
    for (path, text) in files {
        fs::write(repo.join(path), text).unwrap();
    }
    let manifest = fs::read_to_string(repo.join("Cargo.toml")).unwrap();
    fs::write(repo.join("Cargo.toml"), manifest + "\n[lints.rust]\nunexpected_cfgs = \"allow\"\n").unwrap();
    repository.git(&["add", "--all"]);
    repository.git(&["commit", "--quiet", "--message=second"]);
    let (code, report) = repository.report("repo/plan.toml", &["--worktree", "split"]);
    assert_eq!(code, 0, "{report:#}");
    let original = passed_tests(&repo);
    assert_eq!((passed_tests(&repository.fixture.path("split")), original), (original, 3));
    insta::assert_snapshot!(repository.git_in("split", &["diff", "-M", "main", "HEAD", "--", "*.rs"]));
}

/// Templates that a derive compiles go along, with those that they extend; where crates share one, all stay and are looked for there.
#[test]
fn templates_go_along_or_are_looked_for_where_they_stay() {
    let cases =
        [("alone", &["base.html", "page.html"][..], None), ("{% extends \"base.html\" %}", &[], Some(()))];
    for (list, moved, configured) in cases {
        let of = |module: &str| {
            let name = if module == "low" { "page" } else { "list" };
            format!(
                "pub mod {module} {{\n    /// A page.\n    #[derive(askama::Template)]\n    #[template(path = \"{name}.html\")]\n    pub struct Page;\n}}\n"
            )
        };
        let repository = Repository::with(&(of("low") + &of("high")), "\"names::low\"");
        let repo = repository.fixture.path("repo");
        let page = "{% extends \"base.html\" %}{% block a %}{% endblock %}";
        let manifest = fs::read_to_string(repo.join("Cargo.toml")).unwrap();
        let files = [
            ("Cargo.toml", format!("{manifest}\n[dependencies]\naskama = {{ path = \"askama\" }}\n")),
            (
                "askama/Cargo.toml",
                "[package]\nname = \"askama\"\nversion = \"0.1.0\"\nedition = \"2021\"\n".to_owned(),
            ),
            ("askama/src/lib.rs", "//! Stands for askama.\n".to_owned()),
            ("templates/base.html", "{% block a %}{% endblock %}".to_owned()),
            ("templates/page.html", page.to_owned()),
            ("templates/list.html", list.to_owned()),
        ];
        for (path, text) in files {
            fs::create_dir_all(repo.join(path).parent().unwrap()).unwrap();
            fs::write(repo.join(path), text).unwrap();
        }
        repository.git(&["add", "--all"]);
        repository.git(&["commit", "--quiet", "--message=second"]);
        let (code, report) = repository.report("repo/plan.toml", &["--worktree", "split", "--no-check"]);
        assert_ne!(code, 2, "{report:#}");
        let split = repository.fixture.path("split");
        let here: Vec<bool> = ["base.html", "page.html"]
            .map(|name| split.join("crates/names-low/templates").join(name).exists())
            .into();
        assert_eq!(here, ["base.html", "page.html"].map(|name| moved.contains(&name)), "{list}");
        let written = fs::read_to_string(split.join("crates/names-low/askama.toml")).ok();
        assert_eq!(written.as_deref(), configured.map(|()| "[general]\ndirs = [\"../../templates\"]\n"));
        assert!(split.join("templates/list.html").exists());
        // What isn't there is left, and said.
        fs::remove_file(repo.join("templates/page.html")).unwrap();
        repository.git(&["commit", "--all", "--quiet", "--message=third"]);
        let more = ["--worktree", "third", "--branch", "third", "--no-check"];
        let (code, report) = repository.report("repo/plan.toml", &more);
        assert_eq!(code, 1, "{report:#}");
        let said = report.to_string();
        assert!(said.contains("there is no template `page.html`"), "{report:#}");
    }
}

#[test]
fn what_macros_write_is_found_where_it_went() {
    let repository = Repository::of("foundry");
    let (code, report) = repository.report("repo/plans/tools.toml", &["--worktree", "split"]);
    assert_eq!(code, 0, "{report:#}");
    let original = passed_tests(&repository.fixture.path("repo"));
    assert_eq!((passed_tests(&repository.fixture.path("split")), original), (original, 5));
    insta::assert_snapshot!(repository.git_in("split", &["diff", "-M", "main", "HEAD", "--", "*.rs"]));
}

#[test]
fn what_is_declared_twice_is_one_module() {
    let repository = Repository::of("beacon");
    let (code, report) = repository.report("repo/plans/lamp.toml", &["--worktree", "split"]);
    assert_eq!(code, 0, "{report:#}");
    let original = passed_tests(&repository.fixture.path("repo"));
    assert_eq!((passed_tests(&repository.fixture.path("split")), original), (original, 1));
    insta::assert_snapshot!(repository.git_in("split", &["diff", "-M", "main", "HEAD", "--", "*.rs"]));
}

#[test]
fn errors_that_were_there_before_are_not_the_plans() {
    let repository = Repository::of("bindery");
    let tests = repository.fixture.path("repo/tests/shop.rs");
    let text = fs::read_to_string(&tests).unwrap();
    fs::write(&tests, text + "\n#[test]\nfn broken() {\n    nothing();\n}\n").unwrap();
    repository.git(&["commit", "--all", "--quiet", "--message=second"]);
    let (code, report) = repository.report("repo/plans/sheet.toml", &["--worktree", "split"]);
    assert_eq!((code, &report["errors_before"]), (1, &1.into()), "{report:#}");
    let said = repository.fixture.run(&["verify", "repo", "--plan", "repo/plans/sheet.toml"]);
    assert!(said.code == 2 && said.stderr.contains("does not compile as it is"), "{}", said.stderr);
    let before = repository.fixture.path(".repo.split-advisor-as-it-was");
    assert!(!before.exists());
    // Where that can't be looked at, it is said why.
    fs::write(&before, "").unwrap();
    let (code, report) =
        repository.report("repo/plans/sheet.toml", &["--worktree", "second", "--branch", "second"]);
    let why = report["errors_before_unknown"].as_str().unwrap();
    assert!(code == 1 && report.get("errors_before").is_none() && why.contains("in the way"), "{report:#}");
}

#[test]
fn what_does_not_compile_apart_stays_one_and_the_rest_is_split() {
    let repository = Repository::of("shop");
    recommended(&repository, "5");
    let module = repository.fixture.path("repo/src/customers/mod.rs");
    let text = fs::read_to_string(&module).unwrap();
    // No rewriting makes that true in another package.
    let asserted = "\nconst _: () = assert!(env!(\"CARGO_PKG_NAME\").len() == 4);\n";
    fs::write(&module, text + asserted).unwrap();
    repository.git(&["commit", "--all", "--quiet", "--message=second"]);
    let (code, report) = repository.report("report/plan.toml", &["--worktree", "split"]);
    assert_eq!((code, &report["compiles"]), (1, &true.into()), "{report:#}");
    assert_eq!(
        report["together"],
        serde_json::json!([["shop-customers", "shop-catalog", "shop-orders", "shop"]])
    );
    let left: Vec<&str> = report["edits"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|e| e["done"] == false)
        .map(|e| e["detail"].as_str().unwrap())
        .collect();
    let why = "`shop` and `shop-customers` do not compile apart: src/customers/mod.rs E0080 evaluation panicked: \
               assertion failed: env!(\"CARGO_PKG_NAME\").len() == 4";
    assert_eq!(left, [why]);
    let original = passed_tests(&repository.fixture.path("repo"));
    assert_eq!((passed_tests(&repository.fixture.path("split")), original > 10), (original, true));
    // Whoever wants to mend it by hand has all crates, and the error.
    let apart = ["--worktree", "second", "--branch", "second", "--keep-apart"];
    let (code, report) = repository.report("report/plan.toml", &apart);
    let errors = report["errors"].as_array().unwrap();
    assert_eq!((code, &report["compiles"], errors.len()), (1, &false.into(), 1), "{report:#}");
    assert_eq!(report["crates"].as_array().unwrap().len(), 4);
}

#[test]
fn one_commit_for_each_crate_each_of_which_compiles() {
    let repository = Repository::of("shop");
    recommended(&repository, "5");
    let (code, report) = repository.report("report/plan.toml", &["--stacked", "--worktree", "split"]);
    assert_eq!(code, 0, "{report:#}");
    let commits = repository.git_in("split", &["log", "--format=%s", "--reverse", "HEAD", "^main"]);
    let commits: Vec<&str> = commits.lines().collect();
    assert_eq!(commits.len(), report["crates"].as_array().unwrap().len(), "{commits:?}");
    assert!(
        commits.iter().all(|subject| subject.starts_with("Split shop-") && subject.ends_with(" off shop"))
    );
    // The end is what the plan comes to in one go.
    repository.report("report/plan.toml", &["--worktree", "whole", "--branch", "whole"]);
    let differs = repository.git(&["diff", "--stat", "split/shop", "whole"]);
    assert_eq!(differs, "");
    // On the way nothing is lost, either.
    repository.git_in("split", &["checkout", "--quiet", "HEAD~2"]);
    assert!(passed_tests(&repository.fixture.path("split")) > 10);
}

/// `counter` uses nothing but what has moved, `planner` both parts, `scanner` calls the package by another name.
#[test]
fn users_depend_on_the_new_crates_themselves() {
    let repository = Repository::of("depot");
    let arguments = ["--direct-users", "--worktree", "split"];
    let (code, report) = repository.report("repo/plans/stock.toml", &arguments);
    assert_eq!((code, &report["compiles"]), (1, &Value::Bool(true)), "{report}");
    let users = report["users"].as_array().unwrap();
    let said = |name: &str| users.iter().find(|user| user["package"] == name).unwrap();
    for (name, parted, left) in
        [("counter", true, None), ("planner", false, None), ("scanner", false, Some("has another name"))]
    {
        let user = said(name);
        assert_eq!(user["parted"], parted, "{user}");
        assert_eq!(user["crates"].as_array().unwrap().len(), usize::from(left.is_none()), "{user}");
        let why = user["why"].as_str();
        assert_eq!(why.is_some(), left.is_some(), "{user}");
        assert!(left.is_none_or(|left| why.unwrap().contains(left)), "{user}");
    }
    let commits = repository.git_in("split", &["log", "--format=%s", "HEAD", "^main"]);
    assert_eq!(commits.lines().next(), Some("Depend on crates of depot directly"));
    assert_eq!(repository.git_in("split", &["status", "--porcelain"]), "");
    let original = passed_tests(&repository.fixture.path("repo"));
    assert_eq!((passed_tests(&repository.fixture.path("split")), original), (original, 2));
    insta::assert_snapshot!(
        repository.git_in("split", &["show", "--format=", "HEAD", "--", "*.rs", "*/Cargo.toml"])
    );
}

/// What the root re-exports is followed to a new crate whatever that is called; a source that can't be read may name the package,
/// so that its package stays as it was.
#[test]
fn users_are_rewritten_only_where_all_of_them_is_known() {
    let repository = Repository::of("depot");
    let plan = fs::read_to_string(repository.fixture.path("repo/plans/stock.toml")).unwrap();
    fs::write(repository.fixture.path("plan.toml"), plan.replace("depot-stock", "crates-stock")).unwrap();
    fs::write(repository.fixture.path("repo/planner/src/odd.rs"), b"// \xff depot\n").unwrap();
    repository.git(&["add", "--all"]);
    repository.git(&["commit", "--quiet", "--message=second"]);
    let patch = repository.apply("plan.toml", &["--direct-users", "--dry-run"]).stdout;
    assert!(patch.contains("+use crates_stock::stock::{Shelf, empty};"), "{patch}");
    assert!(!patch.contains("b/planner/"), "{patch}");
}

/// An optional dependency is a feature of its own name: an example that asks for it finds it in the crate that it went to, which
/// doesn't have the dependency.
#[test]
fn examples_find_the_features_of_the_package() {
    let repository = Repository::of("depot");
    let path = |inner: &str| repository.fixture.path("repo").join(inner);
    let change = |inner: &str, from: &str, to: &str| {
        let text = fs::read_to_string(path(inner)).unwrap();
        assert!(text.contains(from), "{text}");
        fs::write(path(inner), text.replacen(from, to, 1)).unwrap();
    };
    fs::create_dir_all(path("labels/src")).unwrap();
    fs::write(path("labels/Cargo.toml"), "[package]\nname = \"labels\"\nedition = \"2024\"\n").unwrap();
    fs::write(path("labels/src/lib.rs"), "").unwrap();
    change("Cargo.toml", "\"depot\"", "\"depot\", \"labels\"");
    let manifest = fs::read_to_string(path("depot/Cargo.toml")).unwrap();
    let more = "\n[features]\ndefault = [\"labels\"]\n\n[dependencies]\n\
                labels = { path = \"../labels\", optional = true }\n";
    fs::write(path("depot/Cargo.toml"), manifest + more).unwrap();
    let example = "/// ```\n/// #[cfg(not(feature = \"labels\"))]\n/// compile_error!(\"no labels\");\n\
                   /// assert_eq!(depot::stock::empty(\"a\").boxes, 0);\n/// ```\npub fn empty";
    change("depot/src/stock.rs", "pub fn empty", example);
    assert_eq!(passed_tests(&path("")), 3);
    repository.git(&["add", "--all"]);
    repository.git(&["commit", "--quiet", "--message=second"]);
    let (code, report) = repository.report("repo/plans/stock.toml", &["--worktree", "split"]);
    assert_eq!((code, &report["compiles"]), (0, &Value::Bool(true)), "{report}");
    assert_eq!(passed_tests(&repository.fixture.path("split")), 3);
}

/// What a user's macro makes of the old name no source shows: the compiler does, and the user stays as it was.
#[test]
fn a_user_that_does_not_compile_so_stays_as_it_was() {
    let repository = Repository::of("depot");
    let path = repository.fixture.path("repo/counter/src/lib.rs");
    let text = fs::read_to_string(&path).unwrap();
    let more = "\nmacro_rules! shelf {\n    ($part:ident) => { depot::$part::Shelf };\n}\n\n\
                /// The same shelf, by two names.\npub fn same(shelf: shelf!(stock)) -> depot::Shelf {\n    shelf\n}\n";
    fs::write(&path, text + more).unwrap();
    // A type of its own of the same name hides the package's module.
    let scanner = repository.fixture.path("repo/scanner/src/lib.rs");
    fs::write(
        &scanner,
        "use depot::stock::empty;\nmod depot_stock {}\npub fn f() -> u32 { empty(\"a\").boxes }\n",
    )
    .unwrap();
    repository.git(&["commit", "--quiet", "--all", "--message=second"]);
    let (code, report) =
        repository.report("repo/plans/stock.toml", &["--direct-users", "--stacked", "--worktree", "split"]);
    assert_eq!((code, &report["compiles"]), (1, &Value::Bool(true)), "{report}");
    let users = report["users"].as_array().unwrap();
    let of = |name: &str| users.iter().find(|user| user["package"] == name).unwrap();
    // It still names the package, so that it goes on depending on it.
    assert_eq!((of("counter")["parted"].as_bool(), of("counter")["why"].as_str()), (Some(false), None));
    let why = of("scanner")["why"].as_str().unwrap();
    assert!(why.contains("did not compile: scanner/src/lib.rs:1:"), "{why}");
    let after = repository.git_in("split", &["diff", "main", "HEAD", "--", "scanner"]);
    assert_eq!(after, "");
    assert_eq!(passed_tests(&repository.fixture.path("split")), 2);
}

/// The build script goes along with what includes its output, imports keep their `cfg`s and the names that the root gives other
/// crates, an `impl` is found whatever lifetimes it has, and a test that moves leaves what it tests where it was.
#[test]
fn what_code_hangs_on_goes_along() {
    let repository = Repository::of("atlas");
    let (code, report) = repository.report("repo/plans/view.toml", &["--worktree", "split"]);
    assert_eq!((code, &report["compiles"]), (0, &Value::Bool(true)), "{report}");
    let original = passed_tests(&repository.fixture.path("repo"));
    assert_eq!((passed_tests(&repository.fixture.path("split")), original), (original, 2));
    let read = |inner: &str| fs::read_to_string(repository.fixture.path("split").join(inner)).unwrap();
    assert_eq!(read("atlas-chart/build.rs"), read("atlas/build.rs"));
    assert!(!repository.fixture.path("split/atlas-view/build.rs").exists());
    insta::assert_snapshot!(read("atlas-view/src/chart.rs") + &read("atlas-view/src/moved_tests.rs"));
    let without = Command::new("cargo")
        .current_dir(repository.fixture.path("split"))
        .args(["check", "--offline", "--quiet", "--package", "atlas", "--no-default-features"])
        .output()
        .unwrap();
    assert!(without.status.success(), "{}", String::from_utf8_lossy(&without.stderr));
}

/// Values of a `#[non_exhaustive]` struct are made otherwise, names under several `cfg`s are written by all of their paths, files that
/// several modules or targets declare are found, and tests have what is compiled for tests alone.
#[test]
fn what_a_border_makes_hard_is_written_otherwise() {
    let repository = Repository::of("harbor");
    let (code, report) = repository.report("repo/plans/quay.toml", &["--worktree", "split"]);
    assert_eq!((code, &report["compiles"]), (0, &Value::Bool(true)), "{report:#}");
    let original = passed_tests(&repository.fixture.path("repo"));
    assert_eq!((passed_tests(&repository.fixture.path("split")), original), (original, 4));
    let read = |inner: &str| fs::read_to_string(repository.fixture.path("split").join(inner)).unwrap();
    let written =
        ["harbor-ship/src/ship.rs", "harbor/src/main.rs", "harbor/tests/outside.rs", "harbor/src/tests.rs"];
    insta::assert_snapshot!(written.map(read).join("// ----\n"));
    for features in ["--no-default-features", "--features=flags"] {
        let checked = Command::new("cargo")
            .current_dir(repository.fixture.path("split"))
            .args(["check", "--offline", "--quiet", "--workspace", features])
            .output()
            .unwrap();
        assert!(checked.status.success(), "{features}: {}", String::from_utf8_lossy(&checked.stderr));
    }
}

#[test]
fn what_tests_macros_and_imports_name_is_found_where_it_lies() {
    let repository = Repository::of("lighthouse");
    let (code, report) = repository.report("repo/plans/oil.toml", &["--worktree", "split"]);
    assert_eq!((code, &report["compiles"]), (0, &Value::Bool(true)), "{report:#}");
    let original = passed_tests(&repository.fixture.path("repo"));
    assert_eq!((passed_tests(&repository.fixture.path("split")), original), (original, 8));
    let read = |inner: &str| fs::read_to_string(repository.fixture.path("split").join(inner)).unwrap();
    let written = [
        "lighthouse/src/lib.rs",
        "lighthouse/Cargo.toml",
        "lighthouse-glass/Cargo.toml",
        "lighthouse-lamp/Cargo.toml",
        "lighthouse-lamp/src/lib.rs",
        "lighthouse-lamp/src/lamp/macros.rs",
        "lighthouse-lamp/src/moved_tests.rs",
    ];
    insta::assert_snapshot!(written.map(read).join("// ----\n"));
}

#[test]
fn names_that_stand_for_others_are_found_below() {
    let cases = [
        // A module whose file would be the crate's root.
        (
            "pub mod lib { pub fn two() -> u8 { 2 } }\npub mod low { pub fn f() -> u8 { crate::lib::two() } }\npub mod top { pub fn g() -> u8 { crate::low::f() } }\n",
            "\"names::lib\", \"names::low\"",
        ),
        // What the call of a macro imports from another package.
        (
            "macro_rules! bring { ($($path:path),*) => { $(pub use $path;)* } }\npub mod facade { bring!(::std::collections::BTreeMap); pub fn size() -> usize { crate::low::f().len() } }\npub mod low { use crate::facade::BTreeMap; pub fn f() -> BTreeMap<u8, u8> { BTreeMap::new() } }\n",
            "\"names::low\"",
        ),
        // A module that its parent keeps to itself, of the name of a function that a glob brings.
        (
            "pub mod all { mod sort { pub struct S; impl S { pub fn f() -> u8 { crate::sort() } } } pub use sort::S; }\npub use all::*;\npub use utils::*;\npub mod utils { pub fn sort() -> u8 { 2 } }\npub mod top { pub fn g() -> u8 { crate::sort() } }\n",
            "\"names::all\", \"names::utils\"",
        ),
        // A module in the place of the standard library, where that is not there.
        (
            "#![cfg_attr(not(feature = \"std\"), no_std)]\n#[cfg(not(feature = \"std\"))]\nmod std { pub use core::*; }\nuse std::fmt::Debug;\npub mod low { use super::*; pub fn f() -> impl Debug { 2 } }\npub mod top { pub fn g() -> impl core::fmt::Debug { crate::low::f() } }\n",
            "\"names::low\"",
        ),
    ];
    for (code, modules) in cases {
        let repository = Repository::with(code, modules);
        let (status, report) = repository.report("repo/plan.toml", &["--worktree", "split"]);
        assert_eq!((status, &report["compiles"]), (0, &true.into()), "{code}\n{report:#}");
    }
}

/// What a package shows its users it shows at the same path, though it lies in other crates; examples in docs are such users.
#[test]
fn what_the_package_shows_is_found_where_it_was() {
    let cases = [
        // What modules re-export that went below it, by a path, by a glob, and two modules deep.
        (
            "//! ```\n//! assert_eq!(names::low::with::g() + names::seen() + names::low::deep::h(), 6);\n//! ```\n\
             pub mod top { pub fn g() -> u8 { crate::low::f() } pub fn seen() -> u8 { 2 } pub fn h() -> u8 { 2 } }\n\
             pub mod low { pub use crate::top as with; pub fn f() -> u8 { 2 } pub mod deep { pub use crate::top::h; } }\n\
             mod imp { pub use crate::top::seen; pub fn f2() -> u8 { 3 } }\npub use imp::*;\n",
            "\"names::low\", \"names::imp\"",
            1,
        ),
        // A macro beside a function of its name; a package by another name.
        (
            "//! ```\n//! assert_eq!(names::two!() + names::two(), 4);\n//! ```\n\
             pub mod low {\n/// ```\n/// # use names as other;\n/// assert_eq!(other::two!(), other::top::g());\n/// ```\n\
             #[macro_export]\nmacro_rules! two { () => { 2 } }\npub fn two() -> u8 { 2 } }\n\
             pub use low::two;\npub mod top { pub fn g() -> u8 { crate::low::two() } }\n",
            "\"names::low\"",
            2,
        ),
        // Methods whose block goes to its type and which need what stays; a test that stays with what it tests.
        (
            "pub mod shape {\n    #[derive(Clone, Copy, PartialEq)]\n    pub enum Shape { Dot }\n    pub struct Both(pub Shape, pub Shape);\n    \
             pub fn same(both: &Both) -> bool { both.0 == both.1 }\n}\n\
             pub mod pen { pub struct Pen(pub u8); pub fn pen() -> Pen { Pen(crate::draw::all() - 2) } }\n\
             pub mod draw {\n    use crate::pen::{Pen, pen};\n    use crate::shape::{Both, Shape, same};\n    pub const WIDTH: u8 = 1;\n    \
             impl Shape {\n        /// Draws.\n        pub fn draw(&self, _: &Pen) -> u8 { self.inked(&pen()) + WIDTH }\n        \
             fn inked(&self, pen: &Pen) -> u8 { match self { Shape::Dot => pen.0 } }\n    }\n    \
             pub fn all() -> u8 {\n        let mut sum = 0;\n        for _ in 0..3 {\n            \
             sum += u8::from(same(&Both(Shape::Dot, Shape::Dot)));\n        }\n        sum\n    }\n    \
             pub fn drawn() -> u8 {\n        Shape::Dot.draw(&Pen(2))\n    }\n    \
             #[test]\n    fn draws() {\n        assert_eq!(drawn(), 2);\n    }\n}\n\
             pub mod top { use crate::pen::Pen; pub fn run() -> u8 { crate::draw::all() + crate::shape::Shape::Dot.draw(&Pen(1)) } }\n",
            "\"names::shape\"]\nitems = [\"names::draw::<impl Shape>\"]\n\
             [[crate]]\nname = \"names-draw\"\nfrom = \"names\"\nmodules = [\"names::draw\", \"names::pen\"",
            1,
        ),
    ];
    for (code, modules, tests) in cases {
        let repository = Repository::with(code, modules);
        let (status, report) = repository.report("repo/plan.toml", &["--worktree", "split"]);
        assert_eq!((status, &report["compiles"]), (0, &true.into()), "{code}\n{report:#}");
        assert_eq!(passed_tests(&repository.fixture.path("split")), tests, "{code}");
    }
}

#[test]
fn only_the_edits_that_are_asked_for_are_carried_out() {
    let repository = Repository::of("press");
    let plan = "repo/plans/model.toml";
    let unknown = repository.apply(plan, &["--no-check", "--edits", "e9"]);
    assert_eq!(unknown.code, 2, "{}", unknown.stdout);
    assert!(
        unknown.stderr.contains("`e9` is no edit") && unknown.stderr.contains("there are: e1"),
        "{}",
        unknown.stderr
    );
    let none = repository.apply(plan, &["--no-check", "--edits", ""]);
    assert_eq!(none.code, 2, "{}", none.stdout);
    repository.report(plan, &["--no-check", "--edits", "e1", "--worktree", "one"]);
    assert!(repository.fixture.path("one/crates/press-model/src/model.rs").is_file());
}

#[test]
fn builds_before_and_after_are_measured_beside_the_prediction() {
    let repository = Repository::of("press");
    let before = repository.standing();
    let arguments = [
        "verify",
        "repo",
        "--plan",
        "repo/plans/model.toml",
        "--mode",
        "check",
        "--runs",
        "1",
        "--format",
        "json",
    ];
    let answer = repository.fixture.run(&arguments).success();
    let report: Value = serde_json::from_str(&answer.stdout).unwrap();
    let builds = report["builds"].as_array().unwrap();
    // Clean, and an edit in each of both crates.
    let crates: Vec<Option<&str>> = builds.iter().map(|build| build["crate"].as_str()).collect();
    assert_eq!(crates, [None, Some("press-model"), Some("press")]);
    for build in builds {
        for side in ["before", "after"] {
            let time = &build[side];
            assert!(
                time["measured_s"].as_f64().unwrap() > 0.0 && time["predicted_s"].as_f64().unwrap() > 0.0,
                "{build}"
            );
            assert_eq!(time["runs_s"].as_array().unwrap().len(), 1);
        }
    }
    assert_eq!(before, repository.standing());
    assert_eq!(repository.git(&["worktree", "list"]).lines().count(), 1);
    let unknown = repository.fixture.run(&[
        "verify",
        "repo",
        "--plan",
        "repo/plans/model.toml",
        "--edit",
        "src/none.rs",
    ]);
    assert!(unknown.code == 2 && unknown.stderr.contains("src/none.rs is no file"), "{}", unknown.stderr);
}
