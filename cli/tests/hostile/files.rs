//! Files that the repository names: modules, includes, manifests, members, lock files, ignore files.

use super::case::{Case, case};

const OUTSIDE: &str = "leads out of the analysed directory";
const PIPE: &str = "is a pipe, not a file";
const SOCKET: &str = "is a socket, not a file";
const LARGE: &str = "is larger than 64 MiB";
const MEMBER: &str = "[package]\nname = 'b'\nversion = '0.1.0'\nedition = '2024'\n";

pub(crate) fn cases() -> Vec<Case> {
    [roots(), modules(), manifests(), lock_files(), ignore_files()].into_iter().flatten().collect()
}

/// Roots of targets: where the only one can't be read, there is no file at all.
fn roots() -> Vec<Case> {
    let root = "src/lib.rs";
    let binary = "[package]\nname = 'pit'\nversion = '0.1.0'\n[[bin]]\nname = 'b'\npath = 'src/m.rs'\n";
    vec![
        case("root: pipe").pipe(root).says(PIPE),
        case("root: directory").dir(root).says("is a directory, not a file"),
        case("root: device").link(root, "/dev/zero").says(OUTSIDE).says(root),
        case("root: ten gigabytes").sparse(root).says(LARGE),
        case("root: not UTF-8").file(root, b"\xff".to_vec()).says("is not UTF-8"),
        case("root: missing").file("Cargo.toml", binary.replace("m.rs", "x.rs")).dir("src").says("src/x.rs"),
        // The library's code is no other target's.
        case("root: of a binary beside a library")
            .file("Cargo.toml", binary)
            .pipe("src/m.rs")
            .says(PIPE)
            .says("\"files\": 1,"),
        case("root: of a test").pipe("tests/t.rs").says(PIPE),
        case("root: a directory by the manifest")
            .file("Cargo.toml", "[package]\nname = 'pit'\nversion = '0.1.0'\n[lib]\npath = 'src/d'\n")
            .dir("src/d")
            .says("is a directory, not a file"),
    ]
}

fn modules() -> Vec<Case> {
    let module = "src/m.rs";
    let with = |name: &str, root: &str| case(name).file("src/lib.rs", root);
    vec![
        case("module: /dev/zero").link(module, "/dev/zero").says(OUTSIDE).says("src/m.rs"),
        case("module: /dev/random").link(module, "/dev/random").says(OUTSIDE),
        case("module: /dev/null").link(module, "/dev/null").says(OUTSIDE),
        case("module: terminal").link(module, "/dev/tty").says(OUTSIDE),
        case("module: /proc").link(module, "/proc/self/environ").says(OUTSIDE),
        case("module: /sys").link(module, "/sys/kernel/profiling").says(OUTSIDE),
        case("module: pipe").pipe(module).says(PIPE),
        case("module: link to a pipe").pipe("src/p").link(module, "p").says(PIPE),
        case("module: socket").socket(module).says(SOCKET),
        case("module: directory").dir(module).says("is a directory, not a file"),
        case("module: link outside").link(module, "../../outside.rs").says(OUTSIDE).never("from_outside"),
        case("module: absolute link outside").link(module, "/etc/passwd").says(OUTSIDE),
        case("module: link to itself").link(module, "m.rs").says("src/m.rs"),
        case("module: link to nothing").link(module, "gone.rs").says("no file for module `m`"),
        case("module: ten gigabytes").sparse(module).says(LARGE),
        case("module: over a limit")
            .file(module, vec![b' '; (1 << 20) + 1])
            .arg(&["--max-file-size", "1"])
            .says("is larger than 1 MiB"),
        case("module: not UTF-8").file(module, b"pub fn \xff() {}".to_vec()).says("is not UTF-8"),
        case("module: NUL bytes").file(module, vec![0; 1000]).says("\"schema_version\""),
        with("module in a linked directory", "pub mod sub { pub mod outside; }\n")
            .link("src/sub", "../..")
            .says(OUTSIDE),
        with("module by #[path], absolute", "#[path = \"/etc/passwd\"] mod x;").says(OUTSIDE),
        with("module by #[path], above", "#[path = \"../../outside.rs\"] mod x;").says(OUTSIDE),
        with("module by #[path], device", "#[path = \"/dev/zero\"] mod x;").says(OUTSIDE),
        with("module by #[path], pipe", "#[path = \"p\"] mod x;").pipe("src/p").says(PIPE),
        with(
            "module by #[path] of an inline module",
            "#[path = \"/\"] mod a { #[path = \"etc/passwd\"] mod x; }",
        )
        .says(OUTSIDE),
        with("include: above", "include!(\"../../outside.rs\");").says(OUTSIDE).never("from_outside"),
        with("include: pipe", "include!(\"p.rs\");").pipe("src/p.rs").says(PIPE),
        with("include: link to a device", "include!(\"p.rs\");").link("src/p.rs", "/dev/zero").says(OUTSIDE),
        with("include: ten gigabytes", "include!(\"p.rs\");").sparse("src/p.rs").says(LARGE),
        with("include: itself", "include!(\"lib.rs\");").says("nested more than"),
        case("module outside that is asked for")
            .link(module, "../../outside.rs")
            .arg(&["--follow-outside"])
            .never(OUTSIDE),
        case("device that is asked for")
            .link(module, "/dev/zero")
            .arg(&["--follow-outside"])
            .says("is a part of the system, not a file"),
        case("pipe outside that is asked for")
            .pipe("../p.rs")
            .link(module, "../../p.rs")
            .arg(&["--follow-outside"])
            .says(PIPE),
        case("strict").pipe(module).arg(&["--strict"]).fails().says(PIPE),
        case("nothing reaches it").pipe("src/loose.rs").link("src/zero.rs", "/dev/zero").never(PIPE),
        case("generated code: pipe")
            .file("src/lib.rs", "include!(concat!(env!(\"OUT_DIR\"), \"/gen.rs\"));")
            .pipe("target/debug/build/pit-1/out/gen.rs")
            .says(PIPE),
        case("generated code: target directory elsewhere")
            .file("src/lib.rs", "include!(concat!(env!(\"OUT_DIR\"), \"/gen.rs\"));")
            .file("../elsewhere/debug/build/pit-1/out/gen.rs", "pub fn g() {}")
            .link("target", "../elsewhere")
            .says(OUTSIDE),
    ]
}

fn manifests() -> Vec<Case> {
    let workspace = |name: &str, members: &str| {
        case(name)
            .file("Cargo.toml", format!("[workspace]\nmembers = ['a', {members}]\nresolver = '3'\n"))
            .file("a/Cargo.toml", MEMBER.replace("'b'", "'a'"))
            .file("a/src/lib.rs", "pub fn kept() {}")
            .says("\"name\": \"a\"")
    };
    let target = |name: &str, text: &str| {
        case(name)
            .file(
                "Cargo.toml",
                format!("[package]\nname = 'pit'\nversion = '0.1.0'\nedition = '2024'\n{text}"),
            )
            .file("src/main.rs", "fn main() {}")
    };
    vec![
        workspace("member: pipe", "'b'").pipe("b/Cargo.toml").says(PIPE).says("cargo is not called"),
        workspace("member: pipe, by a pattern", "'x/*'").pipe("x/b/Cargo.toml").says(PIPE),
        workspace("member: socket", "'b'").socket("b/Cargo.toml").says(SOCKET),
        workspace("member: device", "'b'").link("b/Cargo.toml", "/dev/zero").says(OUTSIDE),
        workspace("member: ten gigabytes", "'b'").sparse("b/Cargo.toml").says(LARGE),
        workspace("member: linked manifest", "'b'")
            .file("../out/Cargo.toml", MEMBER)
            .link("b/Cargo.toml", "../../out/Cargo.toml")
            .says(OUTSIDE)
            .never("\"name\": \"b\""),
        workspace("member: above", "'../out'").file("../out/Cargo.toml", MEMBER).says(OUTSIDE),
        workspace("member: absolute", "'/dev'").says("\"name\": \"a\""),
        workspace("member: linked directory", "'b'")
            .file("../out/Cargo.toml", MEMBER)
            .link("b", "../out")
            .says(OUTSIDE)
            .never("\"name\": \"b\""),
        workspace("member: linked directory, by a pattern", "'x/*'")
            .file("../out/Cargo.toml", MEMBER)
            .link("x/b", "../../out")
            .says(OUTSIDE)
            .never("\"name\": \"b\""),
        workspace("member above that is asked for", "'../out'")
            .file("../out/Cargo.toml", format!("{MEMBER}workspace = '../repository'\n"))
            .file("../out/src/lib.rs", "pub fn out() {}")
            .arg(&["--follow-outside"])
            .says("\"name\": \"b\""),
        workspace("manifest of nobody: pipe", "").pipe("x/y/Cargo.toml").says(PIPE),
        case("workspace pointer outside")
            .file("Cargo.toml", format!("{MEMBER}workspace = '../out'\n"))
            .file("../out/Cargo.toml", "[workspace]\nmembers = ['../repository']\n")
            .says(OUTSIDE),
        case("root: pipe")
            .pipe("Cargo.toml")
            .file("a/Cargo.toml", MEMBER)
            .file("a/src/lib.rs", "")
            .says(PIPE)
            .says("\"name\": \"b\""),
        case("root: device").link("Cargo.toml", "/dev/zero").fails().says(OUTSIDE),
        case("root: ten gigabytes").sparse("Cargo.toml").fails().says(LARGE),
        case("root: directory").dir("Cargo.toml").fails().says("no Cargo.toml"),
        target("library: absolute", "[lib]\npath = '/etc/passwd'\n").says(OUTSIDE),
        target("library: above", "[lib]\npath = '../outside.rs'\n").says(OUTSIDE).never("from_outside"),
        target("binary: link outside", "[[bin]]\nname = 'x'\npath = 'x.rs'\n")
            .link("x.rs", "../outside.rs")
            .says(OUTSIDE),
        target("binary: pipe", "[[bin]]\nname = 'x'\npath = 'x.rs'\n").pipe("x.rs").says(PIPE),
        target("build script: device", "").link("build.rs", "/dev/zero").says("\"schema_version\""),
    ]
}

fn lock_files() -> Vec<Case> {
    let lock = "Cargo.lock";
    vec![
        case("lock file: pipe").pipe(lock).says(PIPE).says(lock),
        case("lock file: socket").socket(lock).says(SOCKET),
        case("lock file: device").link(lock, "/dev/zero").says(OUTSIDE),
        case("lock file: outside").link(lock, "../victim").says(OUTSIDE),
        case("lock file: ten gigabytes").sparse(lock).says(LARGE),
        case("lock file: directory").dir(lock).says("is a directory, not a file"),
        case("lock file: not UTF-8").file(lock, b"\xff".to_vec()).says("it is not UTF-8"),
    ]
}

fn ignore_files() -> Vec<Case> {
    let ignore = ".gitignore";
    vec![
        case("ignore file: pipe").pipe(ignore).says(PIPE),
        case("ignore file: device").link(ignore, "/dev/zero").says(OUTSIDE),
        case("ignore file: ten gigabytes").sparse(ignore).says(LARGE),
        case("ignore file below: pipe").pipe("src/.gitignore").says(PIPE),
        case("ignore file of git: pipe").dir(".git").pipe(".git/info/exclude").says(PIPE),
    ]
}
