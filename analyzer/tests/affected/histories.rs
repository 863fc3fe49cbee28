//! Which commits are compared, and what is said where there is nothing to compare.

use std::path::Path;

use split_analyzer::affected::Depth;
use split_analyzer::history::ChangesOptions;
use split_analyzer::report::AffectedReport;
use split_analyzer::{AffectedOptions, Options, affected};

use super::repository::{commit, git, packages, repository, since, write};

fn append(dir: &Path, path: &str) {
    let text = std::fs::read_to_string(dir.join(path)).unwrap_or_default();
    write(dir, path, &format!("{text}//\n"));
}

fn with(dir: &Path, change: impl FnOnce(&mut AffectedOptions)) -> AffectedReport {
    let mut asked = AffectedOptions::since("main");
    change(&mut asked);
    affected(&Options::new(dir), &asked).unwrap()
}

fn error(dir: &Path, revision: &str) -> String {
    since(dir, revision).unwrap_err().to_string()
}

/// `main` goes on after `side` has parted from it, and is merged into it later.
#[test]
fn the_commit_at_which_two_parted() {
    let (_guard, dir) = repository();
    git(&dir, &["checkout", "-q", "-b", "side"]);
    append(&dir, "crates/opt/src/lib.rs");
    commit(&dir);
    git(&dir, &["checkout", "-q", "main"]);
    append(&dir, "lone/src/lib.rs");
    commit(&dir);
    git(&dir, &["checkout", "-q", "side"]);
    assert_eq!(packages(&since(&dir, "main").unwrap()), ["asker", "opt"]);
    let direct = with(&dir, |asked| asked.changes.direct = true);
    assert_eq!(packages(&direct), ["asker", "lone", "opt"]);
    git(&dir, &["merge", "-q", "--no-ff", "-m", "merge", "main"]);
    let merged = since(&dir, "main").unwrap();
    assert_eq!(packages(&merged), ["asker", "opt"]);
    assert_eq!(merged.changed_files, ["crates/opt/src/lib.rs"]);
    // A merge commit against its own parent: what the other side brought.
    assert_eq!(packages(&since(&dir, "HEAD^1").unwrap()), ["lone"]);
}

#[test]
fn chains_and_depth() {
    let (_guard, dir) = repository();
    git(&dir, &["checkout", "-q", "-b", "side"]);
    append(&dir, "crates/base/src/a.rs");
    commit(&dir);
    let report = since(&dir, "main").unwrap();
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../../schema/affected.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let written = serde_json::to_value(&report).unwrap();
    let errors: Vec<_> = validator.iter_errors(&written).map(|e| e.to_string()).collect();
    assert!(errors.is_empty() && !validator.is_valid(&serde_json::json!({})), "{errors:?}");
    let shown: Vec<String> = report
        .packages
        .iter()
        .map(|p| {
            let because: Vec<String> =
                p.because.iter().map(|b| b.package.clone().or(b.file.clone()).unwrap_or_default()).collect();
            format!("{} {} {}", p.name, p.distance, because.join(","))
        })
        .collect();
    assert_eq!(shown, ["base 0 crates/base/src/a.rs", "devuser 1 base", "mid 1 base", "app 2 mid"]);
    let deployed: Vec<&str> = report.deployables.iter().map(|d| d.name.as_str()).collect();
    assert_eq!(deployed, ["app", "extra"]);
    assert_eq!(report.deployables[0].because[0].package.as_deref(), Some("mid"));
    let depth = |depth| packages(&with(&dir, |asked| asked.depth = depth));
    assert_eq!(depth(Depth::None), ["base"]);
    assert_eq!(depth(Depth::Direct), ["base", "devuser(tests)", "mid"]);
    let jobs = with(&dir, |asked| asked.jobs = Some(2)).jobs.unwrap();
    let packed: usize = jobs.iter().map(|job| job.packages.len()).sum();
    assert_eq!((jobs.len(), packed), (2, 4));
    assert!(jobs.iter().all(|job| job.seconds > 0.0));
}

#[test]
fn what_the_user_says_concerns_nobody() {
    let (_guard, dir) = repository();
    git(&dir, &["checkout", "-q", "-b", "side"]);
    append(&dir, "Makefile");
    append(&dir, "crates/opt/src/lib.rs");
    commit(&dir);
    let ignored = with(&dir, |asked| asked.ignore = vec!["/Makefile".to_owned(), "crates/opt".to_owned()]);
    assert_eq!(packages(&ignored), Vec::<String>::new());
    let mut asked = AffectedOptions::since("main");
    asked.ignore = vec!["{".to_owned()];
    assert!(affected(&Options::new(&dir), &asked).unwrap_err().to_string().contains("is no ignore pattern"));
}

#[test]
fn a_toolchain_is_everything() {
    let (_guard, dir) = repository();
    git(&dir, &["checkout", "-q", "-b", "side"]);
    append(&dir, "rust-toolchain.toml");
    commit(&dir);
    let report = since(&dir, "main").unwrap();
    assert!(report.everything);
    assert_eq!(report.because.unwrap().file.as_deref(), Some("rust-toolchain.toml"));
    assert_eq!(report.packages.len() as u32, report.packages_in_all);
}

#[test]
fn a_directory_of_the_repository() {
    let (_guard, dir) = repository();
    git(&dir, &["checkout", "-q", "-b", "side"]);
    append(&dir, "crates/base/src/a.rs");
    commit(&dir);
    // `mid` depends on what lies outside of its directory.
    assert_eq!(packages(&since(&dir.join("crates/mid"), "main").unwrap()), ["mid"]);
    assert_eq!(packages(&since(&dir.join("crates/devuser"), "main").unwrap()), ["devuser(tests)"]);
    assert_eq!(packages(&since(&dir.join("crates/opt"), "main").unwrap()), Vec::<String>::new());
    append(&dir, "rust-toolchain.toml");
    commit(&dir);
    assert_eq!(packages(&since(&dir.join("crates/opt"), "main").unwrap()), ["opt"]);
}

#[test]
fn submodules() {
    let (_guard, dir) = repository();
    let link = |commit: &str, path: &str| {
        git(&dir, &["update-index", "--add", "--cacheinfo", &format!("160000,{commit},{path}")]);
        git(&dir, &["commit", "-q", "-m", "m"]);
    };
    link(&"1".repeat(40), "vendor");
    link(&"1".repeat(40), "crates/base/data");
    git(&dir, &["checkout", "-q", "-b", "side"]);
    link(&"2".repeat(40), "crates/base/data");
    assert_eq!(packages(&since(&dir, "main").unwrap()), ["base(run)"]);
    link(&"2".repeat(40), "vendor");
    write(&dir, "vendor/sub/Cargo.toml", "[package]\nname = \"sub\"\nversion = \"0.1.0\"\n[workspace]\n");
    write(&dir, "vendor/sub/src/lib.rs", "");
    assert_eq!(packages(&since(&dir, "main").unwrap()), ["base(run)", "sub"]);
    std::fs::remove_dir_all(dir.join("vendor")).unwrap();
    // Without a package in it nobody knows who reads it.
    let report = since(&dir, "main").unwrap();
    assert!(report.packages.len() > 10, "{:?}", packages(&report));
}

#[test]
fn nothing_to_compare_says_what_to_fetch() {
    let (_guard, dir) = repository();
    append(&dir, "crates/opt/src/lib.rs");
    commit(&dir);
    for (revision, expected) in [
        ("origin/main", "git knows no commit `origin/main` here; `git fetch origin main` may bring it"),
        ("v1.0", "`git fetch origin` may bring it"),
        ("$(x)/y", "`git fetch origin` may bring it"),
        ("", "git knows no commit ``"),
        ("--output=x", "git knows no commit `--output=x`"),
        ("HEAD:Cargo.toml", "git knows no commit"),
    ] {
        let said = error(&dir, revision);
        assert!(said.contains(expected), "{revision}: {said}");
    }
    let url = format!("file://{}", dir.display());
    let clones = tempfile::tempdir().unwrap();
    git(clones.path(), &["clone", "-q", "--depth", "1", &url, "shallow"]);
    let said = error(&clones.path().join("shallow"), "HEAD~1");
    assert!(said.contains("this clone is shallow: `git fetch --unshallow origin`"), "{said}");

    git(&dir, &["checkout", "-q", "--orphan", "other"]);
    commit(&dir);
    let said = error(&dir, "main");
    assert!(said.contains("have no commit in common here; --direct compares the two as they are"), "{said}");
    let mut asked =
        AffectedOptions { changes: ChangesOptions::since("main~1"), ..AffectedOptions::since("") };
    asked.changes.direct = true;
    assert_eq!(packages(&affected(&Options::new(&dir), &asked).unwrap()), ["asker", "opt"]);

    let plain = tempfile::tempdir().unwrap();
    write(plain.path(), "Cargo.toml", "[package]\nname = \"x\"\n");
    write(plain.path(), "src/lib.rs", "");
    let said = error(plain.path(), "main");
    assert!(said.contains("no commits to compare: not a git repository"), "{said}");
}

/// The contents of old manifests and lock files may be missing: then nothing is known of them, and nothing is fetched.
#[test]
fn a_clone_without_old_contents() {
    let (_guard, dir) = repository();
    let edit = |path: &str, from: &str, to: &str| {
        let text = std::fs::read_to_string(dir.join(path)).unwrap();
        write(&dir, path, &text.replacen(from, to, 1));
    };
    edit("crates/opt/Cargo.toml", "slow", "slower");
    append(&dir, "crates/asker/src/lib.rs");
    commit(&dir);
    git(&dir, &["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", dir.display());
    let clones = tempfile::tempdir().unwrap();
    git(clones.path(), &["clone", "-q", "--filter=blob:none", &url, "partial"]);
    let report = since(&clones.path().join("partial"), "HEAD~1").unwrap();
    assert_eq!(packages(&report), ["asker", "opt"]);
    let said: Vec<&str> = report.diagnostics.iter().filter_map(|d| d.path.as_deref()).collect();
    assert!(said.contains(&"crates/opt/Cargo.toml"), "{:?}", report.diagnostics);
}

#[test]
fn another_commit_than_the_one_that_is_checked_out() {
    let (_guard, dir) = repository();
    append(&dir, "crates/opt/src/lib.rs");
    commit(&dir);
    append(&dir, "lone/src/lib.rs");
    commit(&dir);
    let mut asked = AffectedOptions::since("HEAD~2");
    asked.changes.head = Some("HEAD~1".to_owned());
    let report = affected(&Options::new(&dir), &asked).unwrap();
    assert_eq!(packages(&report), ["asker", "opt"]);
    assert!(report.diagnostics.iter().any(|d| d.message.contains("is not checked out")));
    assert_eq!(report.head, git(&dir, &["rev-parse", "HEAD~1"]));
}

/// Writes a package's manifest.
fn package(dir: &Path, name: &str, rest: &str) {
    let head = "version = \"0.1.0\"\nedition = \"2024\"\n";
    write(dir, &format!("{name}/Cargo.toml"), &format!("[package]\nname = \"{name}\"\n{head}{rest}"));
}

#[test]
fn reach_goes_by_what_changed_in_a_source() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().canonicalize().unwrap();
    let package = |name: &str, rest: &str| package(&dir, name, rest);
    write(&dir, "Cargo.toml", "[workspace]\nmembers = [\"*\"]\nresolver = \"3\"\n");
    package("util", "");
    let util = "pub fn a() {}\npub fn b() { c() }\nfn c() {}\npub struct S;\nimpl S {\n    pub fn one(&self) {}\n    pub fn two(&self) {}\n}\n\
                impl Drop for S {\n    fn drop(&mut self) {}\n}\n";
    write(&dir, "util/src/lib.rs", util);
    for (program, body) in
        [("one", "util::a()"), ("two", "util::b()"), ("three", "util::S.one()"), ("four", "util::S.two()")]
    {
        package(program, "[dependencies]\nutil = { path = \"../util\" }\n");
        write(&dir, &format!("{program}/src/main.rs"), &format!("fn main() {{ {body} }}\n"));
    }
    git(&dir, &["init", "-q", "-b", "main"]);
    commit(&dir);
    for (from, to, expected) in [
        ("pub fn a() {}", "pub fn a() { loop {} }", &["one"][..]),
        ("fn c() {}", "fn c() { loop {} }", &["two"]),
        ("pub fn one(&self) {}", "pub fn one(&self) { loop {} }", &["three"]),
        ("fn drop(&mut self) {}", "fn drop(&mut self) { loop {} }", &["four", "three"]),
        ("pub fn a() {}", "/// New.\npub fn a() {}", &[]),
        ("pub fn a() {}", "pub fn a() {}\nfn nobodys() {}", &[]),
        // More than single items.
        ("pub fn a() {}", "use std::fmt;\npub fn a() {}", &["four", "one", "three", "two"]),
    ] {
        git(&dir, &["checkout", "-q", "-B", "side", "main"]);
        write(&dir, "util/src/lib.rs", &util.replacen(from, to, 1));
        commit(&dir);
        let report = with(&dir, |asked| asked.reach = true);
        assert_eq!(report.deployables.len(), 4, "cargo compiles all of them: {to}");
        let running = report.deployables.iter().filter(|program| program.runs_changed_code == Some(true));
        assert_eq!(running.map(|program| program.name.as_str()).collect::<Vec<_>>(), expected, "{to}");
    }
}

#[test]
fn a_build_script_that_reads_nothing_says_the_same_again() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().canonicalize().unwrap();
    let package = |name: &str, rest: &str| package(&dir, name, rest);
    write(&dir, "Cargo.toml", "[workspace]\nmembers = [\"*\"]\nresolver = \"3\"\n");
    let print = "println!(\"cargo:rustc-check-cfg=cfg(fast)\");";
    for (library, program, script) in [
        ("talks", "one", print.to_owned()),
        ("reads", "two", format!("std::fs::read(\"notes.txt\").unwrap(); {print}")),
    ] {
        package(library, "");
        write(&dir, &format!("{library}/src/lib.rs"), "pub fn f() {}\n");
        write(&dir, &format!("{library}/build.rs"), &format!("fn main() {{ {script} }}\n"));
        write(&dir, &format!("{library}/notes.txt"), "n\n");
        write(&dir, &format!("{library}/page.html"), "p\n");
        package(program, &format!("[dependencies]\n{library} = {{ path = \"../{library}\" }}\n"));
        write(&dir, &format!("{program}/src/main.rs"), &format!("fn main() {{ {library}::f() }}\n"));
    }
    git(&dir, &["init", "-q", "-b", "main"]);
    commit(&dir);
    for (path, compiled, running) in [
        ("talks/notes.txt", "one", &[][..]),
        ("talks/page.html", "one", &[]),
        ("talks/src/gone.rs", "one", &["one"]),
        ("talks/build.rs", "one", &["one"]),
        ("reads/notes.txt", "two", &["two"]),
        ("reads/page.html", "two", &["two"]),
    ] {
        git(&dir, &["checkout", "-q", "-B", "side", "main"]);
        let before = std::fs::read_to_string(dir.join(path)).unwrap_or_default();
        write(&dir, path, &format!("{before}\nfn more() {{}}\n"));
        commit(&dir);
        let report = with(&dir, |asked| asked.reach = true);
        assert!(report.packages.iter().any(|package| package.name == compiled), "cargo compiles it: {path}");
        let found = report.deployables.iter().filter(|program| program.runs_changed_code == Some(true));
        assert_eq!(found.map(|program| program.name.as_str()).collect::<Vec<_>>(), running, "{path}");
    }
}

#[test]
fn reach_tells_who_runs_what_changed() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().canonicalize().unwrap();
    let package = |name: &str, rest: &str| package(&dir, name, rest);
    write(&dir, "Cargo.toml", "[workspace]\nmembers = [\"*\"]\nresolver = \"3\"\n");
    package("util", "");
    write(&dir, "util/src/lib.rs", "pub mod a;\npub mod b;\npub mod registered;\npub mod text;\n");
    write(&dir, "util/src/a.rs", "pub fn a() {}\n");
    write(&dir, "util/src/b.rs", "pub fn b() { super::a::a() }\n");
    write(&dir, "util/src/text.rs", "pub fn t() -> &'static str { include_str!(\"text.txt\") }\n");
    write(&dir, "util/src/text.txt", "t\n");
    write(&dir, "util/src/registered.rs", "inventory::submit! { crate::a::a }\n");
    for (program, body) in [("one", "util::a::a()"), ("two", "util::b::b()"), ("three", "util::text::t();")] {
        package(program, "[dependencies]\nutil = { path = \"../util\" }\n");
        write(&dir, &format!("{program}/src/main.rs"), &format!("fn main() {{ {body} }}\n"));
    }
    git(&dir, &["init", "-q", "-b", "main"]);
    commit(&dir);
    for (path, expected) in [
        ("util/src/a.rs", &["one", "two"][..]),
        ("util/src/b.rs", &["two"]),
        ("util/src/text.txt", &["three"]),
        ("util/src/registered.rs", &["one", "three", "two"]),
        ("util/Cargo.toml", &["one", "three", "two"]),
        ("two/src/main.rs", &["two"]),
        ("two/Cargo.toml", &["two"]),
        ("Cargo.toml", &["one", "three", "two"]),
    ] {
        git(&dir, &["checkout", "-q", "-B", "side", "main"]);
        let text = std::fs::read_to_string(dir.join(path)).unwrap();
        let more = match path {
            "Cargo.toml" => "[profile.dev]\nopt-level = 1\n",
            _ if path.ends_with("toml") => "[lints.rust]\nunused = \"warn\"\n",
            _ => "use std::fmt;\n",
        };
        write(&dir, path, &format!("{text}{more}"));
        commit(&dir);
        let report = with(&dir, |asked| asked.reach = true);
        let running = report.deployables.iter().filter(|program| program.runs_changed_code == Some(true));
        assert_eq!(running.map(|program| program.name.as_str()).collect::<Vec<_>>(), expected, "{path}");
        let util = report.packages.iter().find(|package| package.name == "util");
        assert!(util.is_none_or(|util| util.runs_changed_code == Some(true)), "{path}");
        let without = with(&dir, |_| ());
        assert!(without.packages.iter().all(|package| package.runs_changed_code.is_none()), "{path}");
    }
}
