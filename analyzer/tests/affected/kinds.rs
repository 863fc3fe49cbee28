//! One change of each kind. A package that a case doesn't name must not be affected.

use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use split_analyzer::report::AffectedReport;

use super::repository::{commit, git, packages, repository, since, write};

/// An edit of the repository's files.
enum Edit {
    /// Adds a line at the end; makes the file if there is none.
    Append(&'static str, &'static str),
    /// Replaces a text that has to be there.
    Replace(&'static str, &'static str, &'static str),
    Delete(&'static str),
    Rename(&'static str, &'static str),
}
use Edit::{Append, Delete, Rename, Replace};

struct Case {
    name: &'static str,
    edits: &'static [Edit],
    /// Packages that have to be affected.
    required: &'static str,
    /// Packages that may be: cargo would do without.
    tolerated: &'static str,
}

const fn case(
    name: &'static str,
    edits: &'static [Edit],
    required: &'static str,
    tolerated: &'static str,
) -> Case {
    Case { name, edits, required, tolerated }
}

/// All members of the root workspace.
const MEMBERS: &str = "above app asker base bridge devuser feat gen late mid opt scripted whole";
/// Tests of members, of which nothing is compiled.
const RUN: &str = "above(run) app(run) asker(run) base(run) bridge(run) devuser(run) feat(run) gen(run) late(run) mid(run) \
                   opt(run) scripted(run) whole(run)";
/// And of the others.
const ALL: &str =
    "above app asker base bridge devuser feat fixture gen inner late lone mid off opt scripted side whole";
/// `base` and what depends on it.
const BASE: &str = "app base devuser(tests) mid";

const CASES: &[Case] = &[
    // Sources, by who compiles them.
    case("a module", &[Append("crates/base/src/a.rs", "//")], BASE, ""),
    case("a file of a module by #[path], in no package", &[Append("shared/shared.rs", "//")], BASE, ""),
    case("an included source", &[Append("crates/base/src/more.rs", "//")], BASE, ""),
    case("a module for unit tests alone", &[Append("crates/base/src/unit.rs", "//")], "base(tests)", ""),
    case("an integration test", &[Append("crates/base/tests/api.rs", "//")], "base(tests)", ""),
    case("a benchmark", &[Append("crates/base/benches/speed.rs", "//")], "base(tests)", ""),
    case("an example", &[Append("crates/base/examples/show.rs", "//")], "base(tests)", ""),
    case("a program", &[Append("crates/app/src/cmd.rs", "//")], "app(programs)", ""),
    case("another program", &[Append("crates/app/src/bin/extra.rs", "//")], "app(programs)", ""),
    case("nothing", &[], "", ""),
    case(
        "two packages",
        &[Append("crates/opt/src/lib.rs", "//"), Append("tools/gen/src/lib.rs", "//")],
        "asker gen opt scripted",
        "",
    ),
    // Files that are gone or have moved.
    case(
        "a deleted module",
        &[Delete("crates/base/src/a.rs"), Replace("crates/base/src/lib.rs", "mod a;\n", "")],
        BASE,
        "",
    ),
    case("a deleted test", &[Delete("crates/base/tests/api.rs")], "", "base(run)"),
    case("a deleted program", &[Delete("crates/app/src/bin/extra.rs")], "app(programs)", ""),
    case("deleted data", &[Delete("crates/base/notes.txt")], "base(run)", ""),
    case(
        "a module that moved to another package",
        &[
            Rename("crates/base/src/a.rs", "crates/opt/src/a.rs"),
            Replace("crates/base/src/lib.rs", "mod a;\n", ""),
            Append("crates/opt/src/lib.rs", "mod a;"),
        ],
        "app asker base devuser(tests) mid opt",
        "",
    ),
    case(
        "a renamed module",
        &[
            Rename("crates/opt/src/lib.rs", "crates/opt/src/old.rs"),
            Append("crates/opt/src/lib.rs", "mod old;"),
        ],
        "asker opt",
        "",
    ),
    case(
        "a package that is gone",
        &[Delete("crates/bridge/Cargo.toml"), Delete("crates/bridge/src/lib.rs")],
        "",
        "",
    ),
    case(
        "a package that is new",
        &[
            Append("crates/new/Cargo.toml", "[package]\nname = \"new\"\nversion = \"0.1.0\"\n"),
            Append("crates/new/src/lib.rs", "//"),
        ],
        "new",
        "",
    ),
    case(
        "a package that moved",
        &[
            Rename("crates/opt/Cargo.toml", "crates/moved/Cargo.toml"),
            Rename("crates/opt/src/lib.rs", "crates/moved/src/lib.rs"),
            Replace("crates/asker/Cargo.toml", "../opt", "../moved"),
        ],
        "asker opt",
        "",
    ),
    // Files that a source names.
    case("include_str!", &[Append("crates/base/table.txt", "2")], BASE, ""),
    case("a README whose examples are tested", &[Append("crates/base/README.md", "2")], BASE, ""),
    case("a template", &[Append("crates/mid/templates/page.html", "<p>")], "app mid", ""),
    case("a new template", &[Append("crates/mid/templates/sub/page.html", "<p>")], "mid(run)", "app mid"),
    case("a migration, new", &[Append("crates/mid/migrations/2_more.sql", "select 2;")], "app mid", ""),
    case("what a test reads", &[Append("crates/base/tests/data/input.txt", "2")], "base(tests)", ""),
    case("what a build script looks at", &[Append("crates/scripted/proto/x.proto", "2")], "scripted", ""),
    case("what it looks at elsewhere", &[Append("proto/y.proto", "2")], "scripted", ""),
    case("what it doesn't look at", &[Append("crates/scripted/other.txt", "2")], "scripted(run)", ""),
    case("a build script", &[Append("crates/scripted/build.rs", "//")], "scripted", ""),
    case(
        "anything beside a build script that says nothing",
        &[Append("crates/whole/notes.txt", "2")],
        "whole",
        "",
    ),
    case("what it excludes from the package", &[Append("crates/whole/docs/more.txt", "2")], "whole(run)", ""),
    case("a test beside it", &[Append("crates/whole/tests/t.rs", "//")], "whole", ""),
    case("what a build script names when it runs", &[Append("crates/late/grammar/g.txt", "2")], "late", ""),
    case("a build-dependency", &[Append("tools/gen/src/lib.rs", "//")], "gen scripted", ""),
    case("data that nothing names", &[Append("crates/base/notes.txt", "2")], "base(run)", ""),
    // Documents and the like.
    case("a changelog", &[Append("crates/base/CHANGELOG.md", "2")], "", ""),
    case(
        "documents at the top",
        &[Append("README.md", "2"), Append("LICENSE", "2"), Append("docs/guide.md", "2")],
        "",
        "",
    ),
    case("how code is formatted", &[Append("rustfmt.toml", "# 2")], "", ""),
    // Dependencies of each kind.
    case("an optional dependency that is off", &[Append("crates/base/src/lib.rs", "//")], BASE, ""),
    case("a dev-dependency's user", &[Append("crates/devuser/src/lib.rs", "//")], "above devuser", ""),
    case(
        "of a path dependency in another workspace",
        &[Append("nested/inner/src/lib.rs", "//")],
        "bridge inner",
        "",
    ),
    case("beside it", &[Append("nested/side/src/lib.rs", "//")], "side", ""),
    case("a package that is excluded", &[Append("lone/src/lib.rs", "//")], "lone", ""),
    case("a fixture", &[Append("crates/app/tests/fixture/src/lib.rs", "//")], "app(run) fixture", ""),
    // The manifest of a package.
    case("a comment in a manifest", &[Append("crates/base/Cargo.toml", "# a comment")], "", ""),
    case(
        "keywords",
        &[Replace("crates/app/Cargo.toml", "[package]", "[package]\nkeywords = [\"x\"]")],
        "",
        "",
    ),
    case(
        "the least version of Rust",
        &[Replace("crates/mid/Cargo.toml", "[package]", "[package]\nrust-version = \"1.85\"")],
        "",
        "",
    ),
    case(
        "the least version of Rust, which a program names",
        &[Replace("crates/app/Cargo.toml", "[package]", "[package]\nrust-version = \"1.85\"")],
        "app(programs)",
        "",
    ),
    case(
        "an edition",
        &[Replace("crates/mid/Cargo.toml", "[package]", "[package]\nedition = \"2021\"")],
        "app mid",
        "",
    ),
    case(
        "a new dev-dependency",
        &[Append("crates/opt/Cargo.toml", "[dev-dependencies]\nlog = \"0.4\"")],
        "opt(tests)",
        "",
    ),
    case(
        "a test by name",
        &[Append("crates/base/Cargo.toml", "[[test]]\nname = \"api\"\npath = \"tests/api.rs\"")],
        "base(tests)",
        "",
    ),
    case(
        "a feature asked for",
        &[Replace("crates/asker/Cargo.toml", "\"fast\"", "\"fast\", \"slow\"")],
        "asker opt",
        "",
    ),
    case(
        "a feature no longer asked for",
        &[Replace("crates/asker/Cargo.toml", ", features = [\"fast\"]", "")],
        "asker opt",
        "",
    ),
    case(
        "a feature of a dependency from elsewhere",
        &[Replace(
            "crates/asker/Cargo.toml",
            "{ version = \"0.4\" }",
            "{ version = \"0.4\", features = [\"std\"] }",
        )],
        "app asker base devuser(tests) mid",
        "",
    ),
    case(
        "an optional dependency switched on",
        &[Append("crates/feat/Cargo.toml", "default = [\"with-base\"]")],
        "feat",
        "",
    ),
    // The root manifest by section.
    case("a comment in the root manifest", &[Append("Cargo.toml", "# a comment")], "", ""),
    case(
        "an inherited dependency",
        &[Replace("Cargo.toml", "serde = \"1\"", "serde = \"1.0.1\"")],
        "app mid",
        "",
    ),
    case(
        "a local one",
        &[Replace(
            "Cargo.toml",
            "{ path = \"crates/base\" }",
            "{ path = \"crates/base\", version = \"0.1\" }",
        )],
        "app mid",
        "",
    ),
    case(
        "one that nobody inherits",
        &[Replace("Cargo.toml", "[workspace.lints", "syn = \"2\"\n[workspace.lints")],
        "",
        "",
    ),
    case(
        "an inherited version",
        &[Replace("Cargo.toml", "version = \"0.1.0\"", "version = \"0.2.0\"")],
        BASE,
        "",
    ),
    case(
        "inherited by nobody",
        &[Replace("Cargo.toml", "license = \"MIT\"", "license = \"Apache-2.0\"")],
        "",
        "",
    ),
    case("lints", &[Replace("Cargo.toml", "\"forbid\"", "\"deny\"")], BASE, ""),
    case("a profile", &[Replace("Cargo.toml", "debug = 1", "debug = 2")], MEMBERS, ""),
    case(
        "a profile for one package",
        &[Append("Cargo.toml", "[profile.dev.package.opt]\nopt-level = 1")],
        "asker opt",
        "",
    ),
    case(
        "a profile for a package from elsewhere",
        &[Append("Cargo.toml", "[profile.dev.package.serde_core]\nopt-level = 1")],
        "app mid",
        "",
    ),
    case("a resolver", &[Replace("Cargo.toml", "\"2\"", "\"1\"")], MEMBERS, ""),
    case(
        "a patch",
        &[Append("Cargo.toml", "[patch.crates-io]\nlog = { git = \"https://example.com/log\" }")],
        "app base devuser(tests) mid",
        "asker",
    ),
    case("a package that joins", &[Replace("Cargo.toml", ", \"crates/off\"", "")], "off", ""),
    case(
        "a package that leaves",
        &[Replace("Cargo.toml", "\"crates/off\"", "\"crates/off\", \"crates/whole\"")],
        "whole",
        "",
    ),
    case("settings for other tools", &[Append("Cargo.toml", "[workspace.metadata.x]\ny = 1")], "", ""),
    case(
        "the profile of another workspace",
        &[Replace("nested/Cargo.toml", "debug = 2", "debug = 1")],
        "bridge inner side",
        "",
    ),
    // The lock file by package.
    case(
        "a bump",
        &[Replace(
            "Cargo.lock",
            "name = \"log\"\nversion = \"0.4.0\"",
            "name = \"log\"\nversion = \"0.4.1\"",
        )],
        BASE,
        "",
    ),
    case(
        "a bump below",
        &[Replace(
            "Cargo.lock",
            "name = \"serde_core\"\nversion = \"1.0.0\"",
            "name = \"serde_core\"\nversion = \"1.0.1\"",
        )],
        "app mid",
        "",
    ),
    case(
        "a bump for tests",
        &[Replace(
            "Cargo.lock",
            "name = \"rand\"\nversion = \"1.0.0\"",
            "name = \"rand\"\nversion = \"1.0.1\"",
        )],
        "devuser(tests)",
        "",
    ),
    case(
        "a bump of what is off",
        &[Replace(
            "Cargo.lock",
            "name = \"extra\"\nversion = \"1.0.0\"",
            "name = \"extra\"\nversion = \"1.0.1\"",
        )],
        "",
        "",
    ),
    case("another format", &[Replace("Cargo.lock", "version = 4", "# rewritten\nversion = 4")], "", ""),
    case("a lock file that is gone", &[Delete("Cargo.lock")], MEMBERS, ""),
    case("a broken lock file", &[Append("Cargo.lock", "[[package]]\nname = 1")], MEMBERS, ""),
    // Everybody, or everybody below.
    case("the toolchain", &[Replace("rust-toolchain.toml", "stable", "1.95")], ALL, ""),
    case("cargo's configuration", &[Append(".cargo/config.toml", "# 2")], ALL, ""),
    case("that of another workspace", &[Append("nested/.cargo/config.toml", "# 2")], "bridge inner side", ""),
    // In no package: data concerns everybody around, what runs cargo their tests, documents nobody.
    case("data of nobody's", &[Append("data/words.txt", "2")], MEMBERS, ""),
    case("a recipe", &[Append("Makefile", "# 2")], RUN, ""),
    case("a script", &[Append("scripts/check.sh", "# 2")], RUN, ""),
    case("a workflow", &[Append(".github/workflows/ci.yml", "# 2")], RUN, ""),
    case("a bot's settings", &[Append(".github/dependabot.yml", "# 2")], "", ""),
    case("a picture", &[Append("docs/logo.svg", "<svg/>")], "", ""),
];

fn apply(dir: &Path, edit: &Edit) {
    match edit {
        Append(path, line) => {
            let text = fs::read_to_string(dir.join(path)).unwrap_or_default();
            write(dir, path, &format!("{text}{line}\n"));
        }
        Replace(path, from, to) => {
            let text = fs::read_to_string(dir.join(path)).unwrap();
            assert!(text.contains(from), "{path} has no {from}");
            write(dir, path, &text.replacen(from, to, 1));
        }
        Delete(path) => fs::remove_file(dir.join(path)).unwrap(),
        Rename(from, to) => {
            fs::create_dir_all(dir.join(to).parent().unwrap()).unwrap();
            fs::rename(dir.join(from), dir.join(to)).unwrap();
        }
    }
}

/// What is wrong with an answer.
fn wrong(case: &Case, report: &AffectedReport) -> Option<String> {
    let found = packages(report);
    // Whatever is compiled again in full stands for its parts.
    let has = |list: &str, name: &str| list.split_whitespace().any(|one| one == name);
    let missed: Vec<&str> =
        case.required.split_whitespace().filter(|name| !found.iter().any(|found| found == name)).collect();
    let missed: Vec<&str> = missed
        .into_iter()
        .filter(|name| {
            let bare = name.split('(').next().unwrap_or(name);
            !(has(case.tolerated, bare) && found.iter().any(|found| found == bare))
        })
        .collect();
    let forbidden: Vec<&String> =
        found.iter().filter(|name| !has(case.required, name) && !has(case.tolerated, name)).collect();
    let fine = missed.is_empty() && forbidden.is_empty();
    (!fine).then(|| format!("{}: missed {missed:?}, forbidden {forbidden:?}", case.name))
}

#[test]
fn each_kind_of_change() {
    assert!(CASES.len() >= 50, "{}", CASES.len());
    let next = AtomicUsize::new(0);
    let problems = Mutex::new(Vec::new());
    let work = || {
        let (_guard, dir) = repository();
        let base = git(&dir, &["rev-parse", "HEAD"]);
        while let Some(case) = CASES.get(next.fetch_add(1, Ordering::Relaxed)) {
            case.edits.iter().for_each(|edit| apply(&dir, edit));
            commit(&dir);
            match since(&dir, &base) {
                Ok(report) => problems.lock().unwrap().extend(wrong(case, &report)),
                Err(error) => problems.lock().unwrap().push(format!("{}: {error}", case.name)),
            }
            git(&dir, &["reset", "-q", "--hard", &base]);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(work);
        }
    });
    let problems = problems.into_inner().unwrap();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
