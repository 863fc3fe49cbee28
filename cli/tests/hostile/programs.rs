//! Programs that are not what they seem, and repositories that would make git wait.

use super::case::{Case, case};

/// For what would wait for ever.
const SHORT: [&str; 2] = ["--tool-timeout", "1"];
const TRACE: &str = "touch trace; exit 1";

pub(crate) fn cases() -> Vec<Case> {
    [lookups(), answers(), git_directories(), git_settings()].into_iter().flatten().collect()
}

fn lookups() -> Vec<Case> {
    vec![
        case("./git in PATH").script("git", TRACE).path(".:+").keeps("trace"),
        case("./cargo in PATH").script("cargo", TRACE).path(".:+").keeps("trace"),
        case("./git in an empty entry of PATH").script("git", TRACE).path(":+").keeps("trace"),
        case("bin/git in PATH").script("bin/git", TRACE).path("bin:+").keeps("trace"),
        case("nothing in PATH")
            .path("")
            .says("no `cargo` in the absolute directories of PATH")
            .says("no git history"),
        case("relative PATH").script("cargo", TRACE).path(".").says("no `cargo`").keeps("trace"),
    ]
}

/// Programs in an absolute directory, which is taken as the user's choice.
fn answers() -> Vec<Case> {
    let git = |name: &str, body: &str| case(format!("git: {name}")).script("bin/git", body).path("{}/bin:+");
    let cargo =
        |name: &str, body: &str| case(format!("cargo: {name}")).script("bin/cargo", body).path("{}/bin:+");
    let slow = "there was no answer within 1 s (--tool-timeout)";
    let much = "it printed more than 128 MiB";
    vec![
        git("waits", "sleep 600").arg(&SHORT).says(slow),
        git("leaves a child waiting", "sleep 600 & sleep 600").arg(&SHORT).says(slow),
        git("closes its streams and waits", "exec >&- 2>&-; sleep 600").arg(&SHORT).says(slow),
        git("chatters", "exec yes").says(much),
        git("chatters on stderr", "exec yes >&2").says(much),
        git("fails", "exit 1").says("no git history"),
        git("is killed", "kill -9 $$").says("no git history"),
        git("prints nonsense", "echo nonsense").says("git printed what is no log"),
        git("prints half a log", "printf '\\001abc 1 a@b\\000'").says("git printed what is no log"),
        git("prints zeros", "head -c 100000 /dev/zero").says("\"schema_version\""),
        cargo("waits", "sleep 600").arg(&SHORT).says(slow),
        cargo("leaves a child waiting", "sleep 600 & exec sleep 600").arg(&SHORT).says(slow),
        cargo("chatters", "exec yes").says(much),
        cargo("chatters on stderr", "exec yes >&2").says(much),
        cargo("fails without a reason", "exit 1").says("cargo rejects it without a reason"),
        cargo("prints nonsense", "echo nonsense").says("cargo gave no usable answer"),
        cargo("prints nothing", "exit 0").says("cargo gave no usable answer"),
        cargo("is killed", "kill -9 $$").says("Cargo.toml"),
    ]
}

fn git_directories() -> Vec<Case> {
    let pipe = |path: &str| {
        case(format!("git: pipe at {path}"))
            .git()
            .pipe(path)
            .says("no git history")
            .says("is a pipe: git is not called")
    };
    vec![
        pipe(".git"),
        pipe(".git/HEAD"),
        pipe(".git/config"),
        pipe(".git/shallow"),
        pipe(".git/packed-refs"),
        pipe(".git/index"),
        pipe(".git/commondir"),
        pipe(".git/objects/info/alternates"),
        pipe(".git/objects/pack/pack-1.idx"),
        case("git: HEAD names a pipe")
            .git()
            .file(".git/HEAD", "ref: refs/heads/p\n")
            .pipe(".git/refs/heads/p")
            .says("is a pipe: git is not called"),
        case("git: configuration is a device")
            .git()
            .link(".git/config", "/dev/zero")
            .says("is a device: git is not called"),
        case("git: .mailmap is a pipe").git().pipe(".mailmap").says(".mailmap can't be read"),
        case("git: .mailmap of ten gigabytes").git().sparse(".mailmap").says(".mailmap can't be read"),
        case("git: .git points to itself").file(".git", "gitdir: .git\n").says("no git history"),
        case("git: .git points to a device").file(".git", "gitdir: /dev/zero\n").says("no git history"),
        case("git: .git is a device").link(".git", "/dev/zero").says("is a device: git is not called"),
    ]
}

fn git_settings() -> Vec<Case> {
    let with_pipe = |key: &str| {
        case(format!("git: {key} is a pipe")).git().pipe("p").setting(key, "{}/p").never("no git history")
    };
    vec![
        with_pipe("mailmap.file"),
        with_pipe("core.excludesFile"),
        with_pipe("core.attributesFile"),
        with_pipe("diff.orderFile"),
        case("git: include.path is a pipe")
            .git()
            .setting("include.path", "p")
            .pipe(".git/p")
            .says("is a pipe: git is not called"),
        case("git: includeIf is a pipe")
            .git()
            .setting("includeIf.gitdir:/.path", "{}/p")
            .pipe("p")
            .says("is a pipe: git is not called"),
        case("git: included includes a pipe")
            .git()
            .setting("include.path", "c")
            .file(".git/c", "[include]\npath = p\n")
            .pipe(".git/p")
            .says("is a pipe: git is not called"),
        case("git: mailmap.blob").git().setting("mailmap.blob", "HEAD:src/lib.rs").never("no git history"),
        case("git: log in another encoding")
            .git()
            .setting("i18n.logOutputEncoding", "UTF-16")
            .never("no git history"),
    ]
}
