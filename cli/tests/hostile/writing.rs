//! Places to write to that the repository has prepared.

use super::case::{Case, case};

const LINK: &str = "there is a link in its place";

pub(crate) fn cases() -> Vec<Case> {
    [directories(), files(), measured(), full_disk()].into_iter().flatten().collect()
}

fn out(name: &str, dir: &str) -> Case {
    case(name).arg(&["--out", dir])
}

fn directories() -> Vec<Case> {
    vec![
        out("out: link", "report").link("report", "..").fails().says("it is a link").keeps("../report.json"),
        out("out: link, with a slash", "report/").link("report", "..").fails().says("it is a link"),
        out("out: below a link", "a/report").link("a", "..").fails().says("it is a link").keeps("../report"),
        out("out: pipe", "report").pipe("report").fails().says("it is a pipe, not a directory"),
        out("out: file", "report").file("report", "").fails().says("not a directory"),
        out("out: link to nothing", "report")
            .link("report", "gone")
            .fails()
            .says("it is a link")
            .keeps("gone"),
        out("out: no name", "").fails().says("a value is required for '--out <DIR>'"),
        out("out: new", "a/b").says("\"schema_version\""),
    ]
}

fn files() -> Vec<Case> {
    let json = "report/report.json";
    let graph = "{\"nodes\":[{\"id\":1}],\"edges\":[]}";
    vec![
        out("report.json: link", "report").link(json, "../../victim").fails().says(LINK),
        out("report.md: link", "report").link("report/report.md", "../../victim").fails().says(LINK),
        out("report.json: link to nothing", "report").link(json, "../gone").fails().says(LINK).keeps("gone"),
        out("report.json: pipe", "report").pipe(json).fails().says("there is a pipe in its place"),
        out("report.json: socket", "report").socket(json).fails().says("there is a socket in its place"),
        out("report.json: directory", "report").dir(json).fails().says("there is a directory in its place"),
        out("report.json: an old one", "report").file(json, "old").says("\"schema_version\""),
        case("graph.json: link")
            .args(&["graph", "--out", "g"])
            .link("g/graph.json", "../../victim")
            .fails()
            .says(LINK),
        case("clusters.json: link")
            .args(&["cluster", "-", "--out", "c"])
            .stdin(graph)
            .link("c/clusters.json", "../../victim")
            .fails()
            .says(LINK),
        case("simulation.json: link")
            .args(&["simulate", "--out", "s"])
            .link("s/simulation.json", "../../victim")
            .fails()
            .says(LINK),
        case("explain.json: link")
            .args(&["explain", "--from", "pit::m", "--to", "pit::f", "--out", "e"])
            .link("e/explain.json", "../../victim")
            .fails()
            .says(LINK),
        case("what-if.json: link")
            .file("plan.toml", "[[crate]]\nname = 'n'\nfrom = 'pit'\nmodules = ['pit::m']\n")
            .args(&["what-if", "--plan", "plan.toml", "--out", "w"])
            .link("w/what-if.json", "../../victim")
            .fails()
            .says(LINK),
    ]
}

fn measured() -> Vec<Case> {
    let measure = |name: &str| case(name).args(&["measure", "--quiet"]).fails();
    vec![
        measure("costs.json: link").link("costs.json", "../victim").says(LINK),
        measure("costs.json: pipe").pipe("costs.json").says("there is a pipe in its place"),
        measure("costs: below a link").link("a", "..").arg(&["--out", "a/costs.json"]).says("it is a link"),
        measure("costs: no file").arg(&["--out", ".."]).says("names no file"),
        measure("target: link").link("t", "..").arg(&["--target-dir", "t"]).says("it is a link"),
        measure("target: full").arg(&["--target-dir", "src"]).says("is not empty"),
        measure("nothing there").arg(&["gone"]).says("there is no such directory"),
    ]
}

fn full_disk() -> Vec<Case> {
    let full = |args: &[&str]| case(format!("full disk: {args:?}")).args(args).full().fails();
    vec![
        full(&["--help"]).says("cannot write to stdout"),
        full(&["--version"]).says("cannot write to stdout"),
        full(&["analyze", "--help"]).says("cannot write to stdout"),
        full(&["help"]).says("cannot write to stdout"),
        full(&["analyze"]).says("No space left"),
        full(&["graph"]).says("No space left"),
    ]
}
