//! The real binary, run on small workspaces.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// Two workspaces in one: `core` has a syntax error, `app` is a binary that needs it.
fn workspace() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "Cargo.toml", "[workspace]\nmembers = [\"core\", \"app\"]\nresolver = \"3\"\n");
    write(
        dir.path(),
        "core/Cargo.toml",
        "[package]\nname = \"core-a\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
    );
    write(dir.path(), "core/src/lib.rs", "pub mod money;\npub mod order;\n");
    write(
        dir.path(),
        "core/src/money.rs",
        "pub struct Cents(pub u64);\nimpl Cents {\n    pub fn add(&mut self) {}\n}\n",
    );
    write(
        dir.path(),
        "core/src/order.rs",
        "use crate::money::Cents;\n\npub fn place(mut c: Cents) {\n    c.add();\n}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn t() {\n        super::place(crate::money::Cents(1));\n    }\n}\n",
    );
    write(
        dir.path(),
        "app/Cargo.toml",
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\ncore-a = { path = \"../core\" }\n",
    );
    write(
        dir.path(),
        "app/src/main.rs",
        "fn main() {\n    core_a::order::place(core_a::money::Cents(1));\n}\n",
    );
    dir
}

fn write(dir: &Path, path: &str, text: &str) {
    let path = dir.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn command(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_split-advisor"));
    command.args(args).current_dir(dir).env_remove("RUST_BACKTRACE").stdin(Stdio::null());
    command
}

fn run(dir: &Path, args: &[&str]) -> Output {
    command(dir, args).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn json(output: &Output) -> Value {
    assert_eq!(output.status.code(), Some(0), "{}", stderr(output));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// All files below a directory with their contents.
fn contents(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(contents(&path));
        } else {
            all.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
    all.sort();
    all
}

#[test]
fn analyze_answers_in_every_format() {
    let dir = workspace();
    let terminal = run(dir.path(), &["analyze"]);
    assert_eq!(terminal.status.code(), Some(0), "{}", stderr(&terminal));
    assert!(stdout(&terminal).starts_with("Keep it as it is"), "{}", stdout(&terminal));
    assert!(!stdout(&terminal).contains('\u{1b}'), "no colours without a terminal");
    assert!(stdout(&terminal).lines().count() <= 40);
    let report = json(&run(dir.path(), &["analyze", "--format", "json"]));
    assert_eq!(report["schema_version"], 1);
    assert_eq!(report["packages"].as_array().unwrap().len(), 2);
    assert_eq!(report["deployables"][0]["packages"], serde_json::json!(["app", "core-a"]));
    assert_eq!(report["costs"]["source"], "modelled");
    let markdown = run(dir.path(), &["analyze", "--format", "markdown"]);
    assert!(stdout(&markdown).starts_with("# Split analysis"));
}

#[test]
fn a_path_may_be_given_from_elsewhere() {
    let (dir, elsewhere) = (workspace(), tempfile::tempdir().unwrap());
    let path = dir.path().to_str().unwrap();
    let there = run(elsewhere.path(), &["analyze", path, "--format", "json"]);
    let here = run(dir.path(), &["analyze", "--format", "json"]);
    assert_eq!(stdout(&there), stdout(&here));
    assert!(!stdout(&there).contains(path), "absolute paths stay out of the report");
}

#[test]
fn a_plan_of_n_crates_is_given_whatever_the_verdict() {
    let dir = workspace();
    let args = ["analyze", "--package", "core-a", "--crates", "2", "--format", "json"];
    let report = json(&run(dir.path(), &args));
    assert_eq!(report["packages"].as_array().unwrap().len(), 1);
    assert_eq!(report["packages"][0]["verdict"]["kind"], "keep");
    assert_eq!(report["packages"][0]["plan"]["crates"].as_array().unwrap().len(), 2);
}

#[test]
fn of_a_lone_package_the_number_of_crates_is_enough() {
    let dir = workspace();
    let report = json(&run(dir.path(), &["analyze", "core", "--crates", "2", "--format", "json"]));
    assert_eq!(report["packages"][0]["plan"]["crates"].as_array().unwrap().len(), 2);
}

#[test]
fn two_runs_are_identical() {
    let dir = workspace();
    for args in [
        &["analyze", "--format", "json"][..],
        &["graph", "--level", "item"],
        &["simulate", "--format", "json"],
        &["explain", "--from", "app", "--to", "core-a", "--format", "json"],
    ] {
        let (first, second) = (run(dir.path(), args), run(dir.path(), args));
        assert!(!first.stdout.is_empty());
        assert_eq!(stdout(&first), stdout(&second), "{args:?}");
    }
}

#[test]
fn nothing_is_written_outside_of_out() {
    let (dir, elsewhere) = (workspace(), tempfile::tempdir().unwrap());
    let before = contents(dir.path());
    let out = elsewhere.path().join("a/report");
    let output = run(dir.path(), &["analyze", "--out", out.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).starts_with("Keep"), "the answer is printed too");
    for args in [&["graph"][..], &["explain", "--from", "app", "--to", "core-a"], &["simulate"]] {
        assert_eq!(run(dir.path(), args).status.code(), Some(0));
    }
    assert_eq!(contents(dir.path()), before);
    let written: Vec<_> = contents(elsewhere.path()).into_iter().map(|(path, _)| path).collect();
    let expected = ["metrics.txt", "report.html", "report.json", "report.md", "report.sarif", "summary.md"]
        .map(|f| out.join(f).display().to_string());
    assert_eq!(written, expected);
    let report: Value = serde_json::from_slice(&fs::read(out.join("report.json")).unwrap()).unwrap();
    assert_eq!(report["tool"]["name"], "split-advisor");
}

#[test]
fn an_out_directory_that_cannot_be_made_is_a_clear_error() {
    let dir = workspace();
    let output = run(dir.path(), &["analyze", "--out", "Cargo.toml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("Cargo.toml"), "{}", stderr(&output));
}

#[test]
fn graphs_of_every_level_and_format() {
    let dir = workspace();
    for level in ["item", "module", "file", "crate"] {
        let graph = json(&run(dir.path(), &["graph", "--level", level]));
        assert_eq!((&graph["level"], &graph["root"]), (&level.into(), &".".into()));
        assert!(!graph["edges"].as_array().unwrap().is_empty(), "{level}");
        for (format, start) in [("dot", "digraph"), ("mermaid", "flowchart"), ("graphml", "<?xml")] {
            let text = stdout(&run(dir.path(), &["graph", "--level", level, "--format", format]));
            assert!(text.starts_with(start), "{text}");
        }
    }
    let graph = json(&run(dir.path(), &["graph", "--level", "file"]));
    let id = |path: &str| {
        let nodes = graph["nodes"].as_array().unwrap();
        nodes.iter().find(|n| n["path"] == path).unwrap_or_else(|| panic!("{path}"))["id"].clone()
    };
    let edges = graph["edges"].as_array().unwrap();
    let edge = |from: &str, to: &str| edges.iter().find(|e| e["from"] == id(from) && e["to"] == id(to));
    let inner = edge("core/src/order.rs", "core/src/money.rs").expect("order needs money");
    assert_eq!(inner["test_weight"], 1);
    assert_eq!(inner["kinds"]["method"], 1);
    assert!(edge("app/src/main.rs", "core/src/order.rs").is_some(), "across crates");
    assert!(edge("core/src/lib.rs", "core/src/money.rs").is_none(), "`mod` is no reference");
}

#[test]
fn a_part_of_a_graph_is_drawn() {
    let dir = workspace();
    let nodes = |args: &[&str]| {
        let graph = json(&run(dir.path(), args));
        let nodes = graph["nodes"].as_array().unwrap().iter();
        nodes.map(|n| n["path"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(nodes(&["graph", "--package", "core-a", "--depth", "0"]), ["core_a"]);
    let whole = nodes(&["graph", "--package", "core-a"]);
    assert!(whole.contains(&"core_a::money".to_owned()), "{whole:?}");
    // By its directory, and with who uses it.
    let crates = nodes(&["graph", "--package", "core", "--level", "crate"]);
    assert_eq!(crates, ["app/src/main.rs", "core/src/lib.rs"]);
    let graph = json(&run(dir.path(), &["graph", "--depth", "0"]));
    let (edges, all) = (graph["edges"].as_array().unwrap(), json(&run(dir.path(), &["graph"])));
    let sum = |graph: &Value, from: &str, to: &str| {
        let path =
            |id: &Value| graph["nodes"][id.as_u64().unwrap() as usize]["path"].as_str().unwrap().to_owned();
        let between = |e: &&Value| path(&e["from"]).starts_with(from) && path(&e["to"]).starts_with(to);
        let edges = graph["edges"].as_array().unwrap().iter().filter(between);
        edges.map(|e| e["weight"].as_u64().unwrap()).sum::<u64>()
    };
    assert_eq!(edges.len(), 1, "{graph}");
    assert_eq!(sum(&graph, "app", "core_a"), sum(&all, "app", "core_a"));
    let lines = |graph: &Value| {
        graph["nodes"].as_array().unwrap().iter().map(|n| n["lines"].as_u64().unwrap()).sum::<u64>()
    };
    assert_eq!(lines(&graph), lines(&all));
}

#[test]
fn modules_without_code_of_their_own_have_their_fan_too() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "Cargo.toml", "[package]\nname = \"deep\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
    write(dir.path(), "src/lib.rs", "pub mod top;\npub mod other;\npub mod base;\n");
    write(
        dir.path(),
        "src/top.rs",
        "pub mod a { pub fn f() { crate::base::g(); super::b::h(); } }\npub mod b { pub fn h() {} }\n",
    );
    write(dir.path(), "src/other.rs", "pub fn o() { crate::top::a::f(); crate::top::b::h(); }\n");
    write(dir.path(), "src/base.rs", "pub fn g() {}\n");
    let graph = json(&run(dir.path(), &["graph"]));
    let fan = |path: &str| {
        let node = graph["nodes"].as_array().unwrap().iter().find(|n| n["path"] == path).unwrap();
        ["fan_in", "fan_out", "fan_in_below", "fan_out_below"].map(|field| node[field].as_u64().unwrap())
    };
    assert_eq!(fan("deep::top"), [0, 0, 1, 1]);
    assert_eq!(fan("deep::top::a"), [1, 2, 1, 2]);
    assert_eq!(fan("deep::top::b"), [2, 0, 2, 0]);
    assert_eq!(fan("deep::other"), [0, 2, 0, 2]);
    assert_eq!(fan("deep"), [0, 0, 0, 0]);
}

#[test]
fn drawings_frame_packages_and_say_when_they_are_too_large() {
    let dir = workspace();
    let dot = stdout(&run(dir.path(), &["graph", "--format", "dot"]));
    assert!(dot.contains("subgraph cluster_0 {\n    label=\"core-a\";"), "{dot}");
    let mermaid = stdout(&run(dir.path(), &["graph", "--format", "mermaid"]));
    assert!(mermaid.contains("subgraph p0[\"core-a\"]") && mermaid.contains("\n  end\n"), "{mermaid}");
    let large = tempfile::tempdir().unwrap();
    write(
        large.path(),
        "Cargo.toml",
        "[package]\nname = \"wide\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
    );
    let inner: String = (0..70).map(|i| format!("pub mod m{i} {{ pub fn f() {{}} }}\n")).collect();
    write(large.path(), "src/lib.rs", &format!("pub mod all {{\n{inner}}}\n"));
    for (format, said) in [("dot", true), ("mermaid", true), ("json", false)] {
        let output = run(large.path(), &["graph", "--format", format]);
        let expected =
            "72 nodes are too many for a picture to help (more than 60): ask for `--depth 1` (2 nodes)";
        assert_eq!(stderr(&output).contains(expected), said, "{format}: {}", stderr(&output));
    }
}

#[test]
fn a_graph_goes_to_a_file() {
    let (dir, out) = (workspace(), tempfile::tempdir().unwrap());
    let args = ["graph", "--format", "dot", "--out", out.path().to_str().unwrap()];
    let output = run(dir.path(), &args);
    assert!(output.stdout.is_empty());
    assert!(fs::read_to_string(out.path().join("graph.dot")).unwrap().starts_with("digraph"));
}

#[test]
fn explain_names_the_line() {
    let dir = workspace();
    let args = ["explain", "--from", "order", "--to", "core_a::money::Cents", "--format", "json"];
    let report = json(&run(dir.path(), &args));
    let lines: Vec<_> =
        report["references"].as_array().unwrap().iter().map(|r| r["line"].as_u64().unwrap()).collect();
    assert!(lines.contains(&3) && lines.contains(&11), "{report}");
    let text = stdout(&run(dir.path(), &args[..5]));
    assert!(text.contains("core/src/order.rs:3"), "{text}");
    let output = run(dir.path(), &["explain", "--from", "nothing", "--to", "order"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("nothing here is named `nothing`"), "{}", stderr(&output));
}

#[test]
fn simulate_predicts_every_combination() {
    let dir = workspace();
    let args =
        ["simulate", "--jobs", "1,4", "--mode", "check,dev", "--scenario", "clean,edit", "--format", "json"];
    let builds = json(&run(dir.path(), &args))["builds"].clone();
    let builds = builds.as_array().unwrap();
    assert_eq!(builds.len(), 8);
    for build in builds {
        let wall = &build["makespan_s"];
        assert!(wall["p10"].as_f64() <= wall["p50"].as_f64() && wall["p50"].as_f64() > Some(0.0), "{build}");
    }
}

/// Two triangles with one edge between them.
const TRIANGLES: &str = r#"{"nodes":[{"id":"a"},{"id":"b"},{"id":"c"},{"id":"x"},{"id":"y"},{"id":"z"}],
"edges":[{"from":"a","to":"b","weight":5},{"from":"b","to":"c","weight":5},{"from":"a","to":"c","weight":5},
{"from":"x","to":"y","weight":5},{"from":"y","to":"z","weight":5},{"from":"x","to":"z","weight":5},
{"from":"c","to":"x","weight":1}]}"#;

#[test]
fn cluster_reads_a_file_or_stdin() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "g.json", TRIANGLES);
    let from_file = json(&run(dir.path(), &["cluster", "g.json", "--acyclic"]));
    assert_eq!(from_file["clusters"], serde_json::json!([["a", "b", "c"], ["x", "y", "z"]]));
    assert_eq!(from_file["order"], serde_json::json!([0, 1]));
    let mut child = command(dir.path(), &["cluster", "-", "--acyclic"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(TRIANGLES.as_bytes()).unwrap();
    assert_eq!(json(&child.wait_with_output().unwrap()), from_file);
    for (format, start) in [("terminal", "2 clusters of 6 nodes"), ("markdown", "2 clusters")] {
        let text = stdout(&run(dir.path(), &["cluster", "g.json", "--acyclic", "--format", format]));
        assert!(text.starts_with(start), "{text}");
    }
}

#[test]
fn a_graph_of_ours_can_be_clustered() {
    let dir = workspace();
    let graph = run(dir.path(), &["graph", "--level", "module"]);
    fs::write(dir.path().join("g.json"), &graph.stdout).unwrap();
    let clusters = json(&run(dir.path(), &["cluster", "g.json"]));
    let nodes: usize =
        clusters["clusters"].as_array().unwrap().iter().map(|c| c.as_array().unwrap().len()).sum();
    assert_eq!(nodes, json(&graph)["nodes"].as_array().unwrap().len());
    let names: Vec<&str> = clusters["names"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|c| c.as_array().unwrap())
        .map(|n| n.as_str().unwrap())
        .collect();
    assert!(names.contains(&"core_a::money"), "{names:?}");
    let text = stdout(&run(dir.path(), &["cluster", "g.json", "--format", "terminal"]));
    assert!(text.contains("core_a::money"), "{text}");
}

#[test]
fn bad_arguments_are_refused_with_2() {
    let dir = workspace();
    for (args, message) in [
        (&["analyze", "--jobs", "0"][..], "--jobs"),
        (&["analyze", "--crates", "1"], "--crates"),
        (&["analyze", "--format", "xml"], "--format"),
        (&["analyze", "--package", "nope"], "no package named `nope`"),
        (&["analyze", "does/not/exist"], "does/not/exist"),
        (&["analyze", "app/src/main.rs"], "main.rs"),
        (&["analyse"], "analyse"),
        (&["graph", "--level", "town"], "--level"),
        (&["graph", "--format", "dot", "--unresolved"], "--unresolved needs --format json"),
        (&["analyze", "--summary"], "--summary needs --format markdown"),
        (&["graph", "--level", "file", "--depth", "1"], "--depth needs --level module"),
        (&["graph", "--package", "nope"], "no package named `nope`"),
        (&["graph", "--exclude", "[z"], "`[z` is no exclude pattern"),
        (&["explain", "--from", "order"], "--to"),
        (&["explain", "--from", "ordr", "--to", "money"], "did you mean `core_a::order`"),
        (&["simulate", "--jobs", "1,0"], "--jobs"),
        (&["simulate", "--mode", "fast"], "--mode"),
        (&["cluster"], "GRAPH.json"),
        (&["cluster", "nope.json"], "nope.json"),
        (&["cluster", "Cargo.toml"], "Cargo.toml:1"),
        (&["cluster", "-", "--resolution", "-1"], "--resolution"),
    ] {
        let output = run(dir.path(), args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(output.stdout.is_empty(), "{args:?}: data on stdout");
        assert!(stderr(&output).contains(message), "{args:?}: {}", stderr(&output));
    }
}

#[test]
fn partial_trouble_is_reported_and_strict_makes_it_a_failure() {
    let dir = workspace();
    write(dir.path(), "core/src/money.rs", "pub struct Cents(pub u64);\nfn broken( {\n");
    let output = run(dir.path(), &["analyze", "--format", "json"]);
    assert!(stderr(&output).contains("core/src/money.rs:2"), "{}", stderr(&output));
    let report = json(&output);
    assert_eq!(report["diagnostics"][0]["code"], "syntax-error");
    assert_eq!(report["diagnostics"][0]["path"], "core/src/money.rs");
    let strict = run(dir.path(), &["analyze", "--strict", "--format", "json"]);
    assert_eq!(strict.status.code(), Some(2));
    assert_eq!(strict.stdout, output.stdout, "the answer is the same");
}

#[test]
fn a_directory_without_rust_is_a_clear_error() {
    let dir = tempfile::tempdir().unwrap();
    for command in ["analyze", "graph", "simulate"] {
        let output = run(dir.path(), &[command]);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).starts_with("error: no Cargo.toml in"), "{}", stderr(&output));
    }
}

#[test]
fn a_reader_that_stops_early_is_no_failure() {
    let dir = workspace();
    let mut child = command(dir.path(), &["graph", "--level", "item", "--format", "graphml"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!((child.wait().unwrap().code(), &*said), (Some(0), ""));
}

#[test]
fn help_has_examples() {
    let dir = tempfile::tempdir().unwrap();
    for command in ["analyze", "graph", "explain", "cluster", "simulate"] {
        let output = run(dir.path(), &[command, "--help"]);
        assert_eq!(output.status.code(), Some(0));
        assert!(stdout(&output).contains("Examples:\n  split-advisor "), "{command}");
    }
    assert!(stdout(&run(dir.path(), &["--help"])).contains("Exit codes"));
}

#[test]
#[cfg(target_os = "linux")]
fn limits_of_the_user_end_a_run_without_an_answer() {
    let dir = workspace();
    for (limit, said) in [
        (["--timeout", "0.000001"], "it took more than 0.000001 s, the limit"),
        (["--max-memory", "1k"], "it needed more than 0 MB of memory, the limit"),
    ] {
        for command in ["analyze", "graph", "simulate"] {
            let output = run(dir.path(), &[&[command], &limit[..]].concat());
            assert_eq!(output.status.code(), Some(2), "{command} {limit:?}");
            assert!(stderr(&output).contains(said), "{}", stderr(&output));
            assert_eq!(stdout(&output), "", "{command} {limit:?}");
        }
    }
    let generous = run(dir.path(), &["analyze", "--timeout", "600", "--max-memory", "8G"]);
    assert_eq!(generous.status.code(), Some(0), "{}", stderr(&generous));
    for wrong in [["--timeout", "0"], ["--timeout", "NaN"], ["--max-memory", "much"], ["--max-memory", "0"]] {
        assert_eq!(run(dir.path(), &[&["analyze"], &wrong[..]].concat()).status.code(), Some(2), "{wrong:?}");
    }
}
