//! Scripted histories, replayed.

use std::fs;
use std::path::Path;

use crate::cost::Mode;
use crate::history::tests::git;
use crate::report::{CommitsReport, RepeatedReport, RepeatedWorkReport};
use crate::{Options, analyze};

/// One change: files to write, files to remove, files to rename.
#[derive(Default)]
struct Change<'a> {
    write: &'a [(&'a str, &'a str)],
    remove: &'a [&'a str],
    rename: &'a [(&'a str, &'a str)],
}

fn commit(dir: &Path, change: &Change<'_>) {
    for path in change.remove {
        fs::remove_file(dir.join(path)).unwrap();
    }
    for (from, to) in change.rename {
        fs::create_dir_all(dir.join(to).parent().unwrap()).unwrap();
        fs::rename(dir.join(from), dir.join(to)).unwrap();
    }
    for (path, text) in change.write {
        let path = dir.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    git(dir, &["add", "-A"]);
    git(dir, &["commit", "-q", "--allow-empty", "-m", "m"]);
}

fn manifest(name: &str, rest: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n{rest}")
}

fn lock(serde: &str) -> String {
    let registry = "registry+https://github.com/rust-lang/crates.io-index";
    let local = |name: &str, below: &str| {
        format!("[[package]]\nname = \"{name}\"\nversion = \"0.1.0\"\ndependencies = [{below}]\n\n")
    };
    format!(
        "version = 4\n\n{}{}{}[[package]]\nname = \"serde\"\nversion = \"{serde}\"\nsource = \"{registry}\"\n\n{}",
        local("app", "\"core\", \"mid\""),
        local("core", ""),
        local("mid", "\"core\", \"serde\""),
        local("tool", ""),
    )
}

/// `app` needs `mid` and `core`, `mid` needs `core`; `tool` is alone.
fn repository(dir: &Path) {
    git(dir, &["init", "-q"]);
    let path = |name: &str| format!("{name} = {{ path = \"../{name}\" }}\n");
    let text = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    let files = [
        ("Cargo.toml", "[workspace]\nmembers = [\"*\"]\nexclude = [\"target\", \"doc\"]\nresolver = \"3\"\n"),
        ("Cargo.lock", text(lock("1.0.0"))),
        ("core/Cargo.toml", text(manifest("core", ""))),
        ("core/src/lib.rs", "pub mod a;\npub mod b;\n"),
        ("core/src/a.rs", "pub fn a() {}\n"),
        ("core/src/b.rs", "pub fn b() -> &'static str { include_str!(\"b.txt\") }\n"),
        ("core/src/b.txt", "b"),
        (
            "mid/Cargo.toml",
            text(manifest("mid", &format!("[dependencies]\nserde = \"1\"\n{}", path("core")))),
        ),
        ("mid/src/lib.rs", "pub fn m() { core::a::a() }\n"),
        (
            "app/Cargo.toml",
            text(manifest("app", &format!("[dependencies]\n{}{}", path("core"), path("mid")))),
        ),
        ("app/src/main.rs", "fn main() { mid::m() }\n"),
        ("tool/Cargo.toml", text(manifest("tool", ""))),
        ("tool/src/lib.rs", "pub fn t() {}\n"),
    ];
    commit(dir, &Change { write: &files, ..Change::default() });
}

fn replayed(dir: &Path, options: impl FnOnce(&mut Options)) -> Option<CommitsReport> {
    let mut asked = Options { built: None, ..Options::new(dir) };
    options(&mut asked);
    analyze(&asked).unwrap().report().commits
}

#[test]
fn each_commit_compiles_what_it_changes_and_what_depends_on_that() {
    let bumped = lock("1.0.9");
    let with_bin = manifest("tool", "[[bin]]\nname = \"t\"\npath = \"src/t.rs\"\n");
    type Case<'a> = (&'a str, Change<'a>, Option<f64>);
    let write = |files: &'static [(&'static str, &'static str)]| Change { write: files, ..Change::default() };
    let cases: [Case<'_>; 13] = [
        ("a source at the bottom", write(&[("core/src/a.rs", "pub fn a() { }\n")]), Some(3.0)),
        ("one in the middle", write(&[("mid/src/lib.rs", "pub fn m() { core::a::a(); }\n")]), Some(2.0)),
        ("one at the top", write(&[("app/src/main.rs", "fn main() { mid::m(); }\n")]), Some(1.0)),
        (
            "two that have nothing in common",
            write(&[("app/src/main.rs", "fn main() {}\n"), ("tool/src/lib.rs", "\n")]),
            Some(2.0),
        ),
        ("what a source includes", write(&[("core/src/b.txt", "c")]), Some(3.0)),
        ("what nothing includes", write(&[("core/src/other.txt", "c")]), None),
        ("a workflow and a document", write(&[(".github/workflows/ci.yml", "c"), ("README.md", "r")]), None),
        ("a bump", Change { write: &[("Cargo.lock", &bumped)], ..Change::default() }, Some(2.0)),
        (
            "a profile",
            write(&[(
                "Cargo.toml",
                "[workspace]\nmembers = [\"*\"]\nexclude = [\"target\", \"doc\"]\nresolver = \"3\"\n[profile.dev]\ndebug = 0\n",
            )]),
            Some(4.0),
        ),
        (
            "a manifest",
            Change {
                write: &[("tool/Cargo.toml", &with_bin), ("tool/src/t.rs", "fn main() {}\n")],
                ..Change::default()
            },
            Some(1.0),
        ),
        (
            "a rename",
            Change { rename: &[("core/src/a.rs", "core/src/a/mod.rs")], ..Change::default() },
            Some(3.0),
        ),
        (
            "a source that is gone",
            Change { remove: &["core/src/other.txt"], write: &[("mid/src/old.rs", "")], ..Change::default() },
            Some(2.0),
        ),
        ("a toolchain", write(&[("rust-toolchain.toml", "[toolchain]\nchannel = \"stable\"\n")]), Some(4.0)),
    ];
    let dir = tempfile::tempdir().unwrap();
    repository(dir.path());
    // The first commit is only the newest where nothing else concerns a build.
    for (what, change, expected) in cases {
        commit(dir.path(), &change);
        let found = replayed(dir.path(), |options| options.commits = 1).unwrap();
        let newest = replayed(dir.path(), |options| {
            options.commits = 1;
            options.history.max_commits = 1;
        });
        assert_eq!(newest.as_ref().map(|report| report.packages_rebuilt.p50), expected, "{what}");
        assert_eq!(found.replayed, 1, "{what}");
    }
    // A toolchain file would be read by who runs cargo here.
    commit(dir.path(), &Change { remove: &["rust-toolchain.toml", "mid/src/old.rs"], ..Change::default() });
    let all = replayed(dir.path(), |_| ()).unwrap();
    assert_eq!((all.looked_at, all.replayed, all.gone_files, all.packages), (15, 13, 1, 4));
    let files: Vec<(&str, u32, u32)> =
        all.files.iter().map(|file| (file.path.as_str(), file.commits, file.packages)).collect();
    assert!(files.contains(&("core/src/a/mod.rs", 3, 3)), "{files:?}");
    assert!(!files.iter().any(|file| file.0 == "core/src/a.rs"), "{files:?}");
    assert_eq!(all.packages_rebuilt.p90, 4.0);
    assert_eq!(all.plans, Vec::<String>::new());
}

#[test]
fn with_a_plan_a_commit_compiles_what_its_crate_and_those_above_hold() {
    let dir = tempfile::tempdir().unwrap();
    git(dir.path(), &["init", "-q"]);
    let own = manifest("shop", "");
    let write = |files: &[(&str, &str)]| commit(dir.path(), &Change { write: files, ..Change::default() });
    let functions = |name: &str| (0..40).map(|n| format!("pub fn {name}{n}() {{}}\n")).collect::<String>();
    let (cart, price) = (functions("c"), functions("p"));
    write(&[
        ("Cargo.toml", &own),
        ("src/lib.rs", "pub mod cart;\npub mod price;\n"),
        ("src/cart.rs", &cart),
        ("src/price.rs", &price),
    ]);
    for n in 0..4 {
        write(&[("src/price.rs", &format!("{price}// {n}\n"))]);
    }
    let report = replayed(dir.path(), |options| options.crates = Some(2)).unwrap();
    assert_eq!((report.plans.as_slice(), report.replayed), (&["shop".to_owned()][..], 5));
    // Today it is one package; of the two crates a change of the lower one is one of the other, too.
    let planned = report.packages_rebuilt_planned.unwrap();
    assert_eq!((report.packages_rebuilt.p50, planned.p50), (1.0, 2.0));
    for build in &report.builds {
        assert!(build.planned.is_some_and(|planned| planned.p50 > 0.0), "{build:?}");
    }
    // Too few commits for a pace.
    assert_eq!((report.per_week, report.week), (None, None));
}

#[test]
fn with_a_plan_each_crate_has_tests_of_its_own() {
    let dir = tempfile::tempdir().unwrap();
    git(dir.path(), &["init", "-q"]);
    let own = manifest("shop", "");
    let write = |files: &[(&str, &str)]| commit(dir.path(), &Change { write: files, ..Change::default() });
    let tested = |name: &str, tests: bool| {
        let functions: String = (0..40).map(|n| format!("pub fn {name}{n}() {{}}\n")).collect();
        let tests = if tests { "#[cfg(test)]\nmod tests {\n#[test]\nfn works() {}\n}\n" } else { "" };
        format!("{functions}{tests}")
    };
    write(&[
        ("Cargo.toml", &own),
        ("src/lib.rs", "pub mod cart;\npub mod price;\n"),
        ("src/main.rs", "fn main() { shop::cart::c0() }\n"),
        ("src/cart.rs", &tested("c", true)),
        ("src/price.rs", &tested("p", true)),
        ("tests/it.rs", "#[test]\nfn it() { shop::price::p0() }\n"),
    ]);
    for n in 0..3 {
        write(&[("src/price.rs", &format!("{}// {n}\n", tested("p", true)))]);
    }
    let report = replayed(dir.path(), |options| options.crates = Some(3)).unwrap();
    let shown = |of: &RepeatedReport| {
        let work = |work: &RepeatedWorkReport| {
            assert!(work.seconds.p50 > 0.0 && work.week_min.is_none(), "{work:?}");
            (work.all, work.programs.p50)
        };
        (of.mode, work(&of.today), of.planned.as_ref().map(work))
    };
    // The library's and the integration test; then those of two crates of three, of which one is built, and the integration test.
    assert_eq!(report.retests.as_ref().map(shown), Some((Mode::Test, (2, 2.0), Some((3, 2.0)))));
    assert_eq!(report.relinks.as_ref().map(shown), Some((Mode::Dev, (1, 1.0), Some((1, 1.0)))));
    let checked = replayed(dir.path(), |options| options.modes = vec![Mode::Check]).unwrap();
    assert_eq!((checked.retests, checked.relinks), (None, None));
    // Nobody has a pace of four commits at once; given one, a week is known.
    let paced = replayed(dir.path(), |options| options.commits_per_week = Some(20.0)).unwrap();
    assert!(paced.retests.is_some_and(|of| of.today.week_min.is_some()));
}

#[test]
fn without_commits_or_without_git_the_analysis_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("src")).unwrap();
    fs::write(dir.path().join("src/lib.rs"), "pub fn f() {}\n").unwrap();
    fs::write(dir.path().join("Cargo.toml"), manifest("a", "")).unwrap();
    assert_eq!(replayed(dir.path(), |_| ()), None);
    repository(dir.path());
    assert_eq!(replayed(dir.path(), |options| options.commits = 0), None);
    let none = |options: &mut Options| options.history.since = Some("2099-01-01".to_owned());
    assert_eq!(replayed(dir.path(), none), None);
}

#[test]
fn whose_the_crates_are_and_what_changes_together() {
    let dir = tempfile::tempdir().unwrap();
    git(dir.path(), &["init", "-q"]);
    let own = manifest("shop", "");
    let write = |files: &[(&str, &str)]| commit(dir.path(), &Change { write: files, ..Change::default() });
    let functions = |name: &str| (0..40).map(|n| format!("pub fn {name}{n}() {{}}\n")).collect::<String>();
    let (cart, price) = (functions("c"), functions("p"));
    write(&[
        ("Cargo.toml", &own),
        (".github/CODEOWNERS", "* @base\n/src/cart.rs @cart\n/src/price.rs @price\n![a] @odd\n"),
        ("src/lib.rs", "pub mod cart;\npub mod price;\n"),
        ("src/cart.rs", &cart),
        ("src/price.rs", &price),
    ]);
    for n in 0..6 {
        write(&[("src/cart.rs", &format!("{cart}// {n}\n")), ("src/price.rs", &format!("{price}// {n}\n"))]);
    }
    for n in 6..9 {
        write(&[("src/price.rs", &format!("{price}// {n}\n"))]);
    }
    let many: Vec<(String, String)> = (0..40).map(|n| (format!("data/{n}.txt"), n.to_string())).collect();
    let mut bulk: Vec<(&str, &str)> =
        many.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    bulk.extend([("src/cart.rs", cart.as_str()), ("src/price.rs", price.as_str())]);
    write(&bulk);
    let report = replayed(dir.path(), |options| options.crates = Some(3)).unwrap();
    let owners = report.owners.unwrap();
    assert_eq!((owners.file.as_deref(), owners.skipped), (Some(".github/CODEOWNERS"), 1));
    // Today each commit is one of both teams' package; with the plan the three of one file are one team's.
    assert_eq!((owners.crossing, owners.crossing_planned), (Some(11), Some(8)));
    let shown: Vec<(&str, Vec<&str>, u32, u32)> = owners
        .crates
        .iter()
        .map(|of| {
            let names = of.owners.iter().map(|share| share.owner.as_str()).collect();
            (of.krate.as_str(), names, of.commits, of.authors)
        })
        .collect();
    let rows = [
        ("shop-cart", vec!["@cart"], 8, 1),
        ("shop-price", vec!["@price"], 11, 1),
        ("shop", vec!["@base"], 1, 1),
    ];
    assert_eq!(shown, rows);
    let parted: Vec<_> =
        owners.parted.iter().map(|work| (&work.crates, work.commits, &work.owners)).collect();
    assert_eq!(parted, [(&["shop-cart".to_owned(), "shop-price".to_owned()], 7, &Vec::new())]);
    let together = report.together.unwrap();
    assert_eq!((together.bulk_commits, together.found, together.pairs.len()), (1, 1, 1));
    let pair = &together.pairs[0];
    assert_eq!(pair.files, ["src/cart.rs", "src/price.rs"]);
    assert_eq!((pair.commits, pair.tied, pair.parted), (7, false, true));
}
