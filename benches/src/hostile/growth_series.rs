//! What grows: generators of repositories and graphs of any size.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// A kind of input of any size.
pub(crate) struct Series {
    pub(crate) name: &'static str,
    /// The smaller of the two sizes: large enough that starting up is little of it.
    pub(crate) small: usize,
    /// The arguments in front of the path.
    pub(crate) command: &'static [&'static str],
    /// The file that is given; the directory without.
    pub(crate) file: Option<&'static str>,
    pub(crate) write: fn(&Path, usize) -> std::io::Result<()>,
}

const ANALYZE: &[&str] = &["analyze"];
const GRAPH: &[&str] = &["graph", "--level", "crate"];
const SIMULATE: &[&str] = &["simulate", "--mode", "dev", "--jobs", "4", "--scenario", "clean"];
const COLD: &[&str] = &["simulate", "--mode", "dev", "--jobs", "4", "--scenario", "cold"];

/// All of them.
pub(crate) const SERIES: &[Series] = &[
    Series { name: "packages, simulated", small: 200, command: SIMULATE, file: None, write: packages },
    Series { name: "packages, analysed", small: 100, command: ANALYZE, file: None, write: packages },
    Series { name: "functions in a chain", small: 5_000, command: ANALYZE, file: None, write: functions },
    Series { name: "impls and calls", small: 2_000, command: GRAPH, file: None, write: impls },
    Series { name: "impls of From, calls", small: 2_000, command: GRAPH, file: None, write: overloads },
    Series { name: "generic parameters", small: 10_000, command: GRAPH, file: None, write: parameters },
    Series { name: "arguments", small: 20_000, command: GRAPH, file: None, write: arguments },
    Series { name: "bounds of dyn", small: 10_000, command: GRAPH, file: None, write: bounds },
    Series { name: "macros and calls", small: 2_000, command: GRAPH, file: None, write: macros },
    Series { name: "modules", small: 2_000, command: GRAPH, file: None, write: modules },
    Series { name: "dependencies", small: 20_000, command: GRAPH, file: None, write: dependencies },
    Series { name: "features", small: 150, command: GRAPH, file: None, write: features },
    Series { name: "lock file, cold build", small: 10_000, command: COLD, file: None, write: locked },
    Series {
        name: "path, clustered",
        small: 10_000,
        command: &["cluster"],
        file: Some("graph.json"),
        write: path,
    },
    Series {
        name: "path, clustered acyclic",
        small: 10_000,
        command: &["cluster", "--acyclic"],
        file: Some("graph.json"),
        write: path,
    },
];

fn package(dir: &Path, manifest: &str, code: &str) -> std::io::Result<()> {
    fs::create_dir_all(dir.join("src"))?;
    fs::write(
        dir.join("Cargo.toml"),
        format!("[package]\nname = \"grown\"\nversion = \"0.1.0\"\nedition = \"2021\"\n{manifest}"),
    )?;
    fs::write(dir.join("src/lib.rs"), code)
}

/// Lines made from numbers.
fn lines(size: usize, line: impl Fn(usize) -> String) -> String {
    (0..size).fold(String::new(), |mut all, i| {
        all.push_str(&line(i));
        all.push('\n');
        all
    })
}

/// Each package has a library and a binary and depends on the three before it.
fn packages(dir: &Path, size: usize) -> std::io::Result<()> {
    fs::write(dir.join("Cargo.toml"), "[workspace]\nmembers = [\"p*\"]\nresolver = \"2\"\n")?;
    for i in 0..size {
        let own = dir.join(format!("p{i}"));
        fs::create_dir_all(own.join("src"))?;
        let mut manifest =
            format!("[package]\nname = \"p{i}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[dependencies]\n");
        for below in i.saturating_sub(3)..i {
            let _ = writeln!(manifest, "p{below} = {{ path = \"../p{below}\" }}");
        }
        fs::write(own.join("Cargo.toml"), manifest)?;
        fs::write(own.join("src/lib.rs"), "pub struct S;\npub fn f() -> S { S }\n")?;
        fs::write(own.join("src/main.rs"), format!("fn main() {{ p{i}::f(); }}\n"))?;
    }
    Ok(())
}

fn functions(dir: &Path, size: usize) -> std::io::Result<()> {
    package(
        dir,
        "",
        &lines(size, |i| format!("pub fn f{i}() {{ f{}() }}", i + 1 - usize::from(i + 1 == size))),
    )
}

fn impls(dir: &Path, size: usize) -> std::io::Result<()> {
    let types =
        lines(size, |i| format!("pub struct S{i}; impl T for S{i} {{}} pub fn g{i}(s: S{i}) {{ s.m() }}"));
    package(dir, "", &format!("pub trait T {{ fn m(&self) {{}} }}\n{types}"))
}

fn overloads(dir: &Path, size: usize) -> std::io::Result<()> {
    let types = lines(size, |i| {
        format!(
            "pub struct S{i}; impl From<S{i}> for All {{ fn from(_: S{i}) -> Self {{ All }} }} pub fn g{i}(s: S{i}) {{ All::from(s); }}"
        )
    });
    package(dir, "", &format!("pub struct All;\n{types}"))
}

fn parameters(dir: &Path, size: usize) -> std::io::Result<()> {
    let names = lines(size, |i| format!("T{i},"));
    let fields = lines(size, |i| format!("f{i}: T{i},"));
    package(dir, "", &format!("pub struct S<{names}> {{ {fields} }}\n"))
}

fn arguments(dir: &Path, size: usize) -> std::io::Result<()> {
    let all: Vec<String> = (0..size).map(|i| format!("a{i}: u8")).collect();
    package(dir, "", &format!("pub fn f({}) {{}}\n", all.join(", ")))
}

fn bounds(dir: &Path, size: usize) -> std::io::Result<()> {
    let traits = lines(size, |i| format!("pub trait T{i} {{}}"));
    let sum: Vec<String> = (0..size).map(|i| format!("T{i}")).collect();
    package(dir, "", &format!("{traits}pub fn f(x: &dyn {}) {{ x.m(); x.n() }}\n", sum.join(" + ")))
}

fn macros(dir: &Path, size: usize) -> std::io::Result<()> {
    let code = lines(size, |i| format!("macro_rules! m{i} {{ () => {{ pub fn f{i}() {{}} }} }} m{i}!();"));
    let calls = lines(size, |i| format!("pub fn g{i}() {{ f{i}() }}"));
    package(dir, "", &format!("{code}{calls}"))
}

fn modules(dir: &Path, size: usize) -> std::io::Result<()> {
    let each =
        |i: usize| format!("pub mod m{i} {{ use super::*; pub fn f() {{ m{}::f() }} }}", (i + 1) % size);
    package(dir, "", &lines(size, each))
}

fn dependencies(dir: &Path, size: usize) -> std::io::Result<()> {
    // Cargo gives up on a manifest that needs what isn't there; it is read without cargo then.
    package(dir, &format!("[dependencies]\n{}", lines(size, |i| format!("d{i} = \"1\""))), "pub fn f() {}\n")
}

fn features(dir: &Path, size: usize) -> std::io::Result<()> {
    let all: Vec<String> = (0..size).map(|i| format!("\"f{i}\"")).collect();
    let all = all.join(", ");
    let table = lines(size, |i| format!("f{i} = [{all}]"));
    package(dir, &format!("[features]\ndefault = [\"f0\"]\n{table}"), "pub fn f() {}\n")
}

/// A lock file of packages from elsewhere, each depending on the next three.
fn locked(dir: &Path, size: usize) -> std::io::Result<()> {
    package(dir, "[dependencies]\nd0 = \"1\"\n", "pub fn f() {}\n")?;
    let source = "registry+https://github.com/rust-lang/crates.io-index";
    let entry = |i: usize| {
        let below: Vec<String> = (i + 1..size.min(i + 4)).map(|j| format!("\"d{j}\"")).collect();
        let below = below.join(", ");
        format!(
            "[[package]]\nname = \"d{i}\"\nversion = \"1.0.0\"\nsource = \"{source}\"\ndependencies = [{below}]\n"
        )
    };
    let own = "[[package]]\nname = \"grown\"\nversion = \"0.1.0\"\ndependencies = [\"d0\"]\n";
    fs::write(dir.join("Cargo.lock"), format!("version = 4\n{own}{}", lines(size, entry)))
}

fn path(dir: &Path, size: usize) -> std::io::Result<()> {
    let nodes: Vec<String> = (0..size).map(|i| format!("{{\"id\":\"{i}\",\"name\":\"{i}\"}}")).collect();
    let edges: Vec<String> =
        (1..size).map(|i| format!("{{\"from\":\"{}\",\"to\":\"{i}\",\"weight\":1}}", i - 1)).collect();
    let graph = format!("{{\"nodes\":[{}],\"edges\":[{}]}}", nodes.join(","), edges.join(","));
    fs::write(dir.join("graph.json"), graph)
}
