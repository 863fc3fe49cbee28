//! Numbers that are infinite, negative, absurd or none at all.

use super::case::{Case, case};

const SECONDS: &str = "from 0 to 10000000 is allowed";
const WEIGHTS: &str = "0, or from 1e-12 to 1e12 is allowed";

pub(crate) fn cases() -> Vec<Case> {
    [costs(), pages(), logs(), graphs(), arguments()].into_iter().flatten().collect()
}

fn costs() -> Vec<Case> {
    let unit = |more: &str| {
        format!(
            r#"{{"package":"pit","version":"0.1.0","target":{{"kind":"lib","name":"pit"}},"mode":"build","origins":{{"times":"wrapper"}},{more}}}"#
        )
    };
    let file = |build: &str, units: &[&str], modules: &str| {
        let units: Vec<String> = units.iter().map(|more| unit(more)).collect();
        format!(
            r#"{{"schema_version":1,"build":{{"mode":"build","profile":"dev"{build}}},"units":[{}]{modules}}}"#,
            units.join(",")
        )
    };
    let with = |what: &str, text: String| {
        case(format!("costs: {what}")).file("c.json", text).arg(&["--costs", "c.json"]).fails().says("c.json")
    };
    let one = |what: &str, more: &str| with(what, file("", &[more], ""));
    let circle = [
        r#""start_s":0,"end_s":1,"dependencies":[{"unit":1,"artifact":"all"}]"#,
        r#""start_s":1,"end_s":2,"dependencies":[{"unit":0,"artifact":"all"}]"#,
    ];
    let module = r#","modules":[{"package":"pit","target":{"kind":"lib","name":"pit"},"path":"pit","frontend_s":-1,"codegen_s":0}]"#;
    vec![
        one("NaN", r#""start_s":NaN"#).says("not a costs file"),
        one("overflow", r#""start_s":1e999"#).says("out of range"),
        one("negative", r#""start_s":-1"#).says("units[0].start_s").says(SECONDS),
        one("1e308", r#""start_s":0,"end_s":1e308"#).says("units[0].end_s").says(SECONDS),
        one("metadata", r#""start_s":0,"metadata_s":1e300,"end_s":1e301"#).says("units[0].metadata_s"),
        one("backwards", r#""start_s":2,"end_s":1"#).says("its times are not in order"),
        one(
            "processor time",
            r#""start_s":0,"end_s":1,"cpu":{"frontend_s":1e308,"codegen_s":1e308,"link_s":0}"#,
        )
        .says("units[0].cpu.frontend_s"),
        one("memory", r#""start_s":0,"end_s":1,"peak_memory_bytes":-1"#).says("not a costs file"),
        one("unknown unit", r#""start_s":0,"end_s":1,"dependencies":[{"unit":7,"artifact":"all"}]"#)
            .says("no unit 7 to depend on"),
        with("circle", file("", &circle, "")).says("its dependencies lead back to it"),
        with("wall", file(r#","wall_s":1e308"#, &[r#""start_s":0,"end_s":1"#], "")).says("build.wall_s"),
        with("module", file("", &[r#""start_s":0,"end_s":1"#], module)).says("modules[0].frontend_s"),
        with("version", file("", &[], "").replace("\"schema_version\":1", "\"schema_version\":4294967295"))
            .says("version 4294967295"),
    ]
}

fn pages() -> Vec<Case> {
    let page = |what: &str, more: &str| {
        let text = format!(
            "<script>\nconst UNIT_DATA = [{{\"i\":0,\"name\":\"pit\",\"version\":\"0.1.0\",\"mode\":\"todo\",\
             \"target\":\"\",{more}}}];\n</script>"
        );
        case(format!("page: {what}"))
            .file("t.html", text)
            .arg(&["--timings", "t.html"])
            .fails()
            .says("t.html:2")
    };
    vec![
        page("NaN", r#""start":NaN,"duration":1"#).says("UNIT_DATA can't be read"),
        page("overflow", r#""start":0,"duration":1e999"#).says("UNIT_DATA can't be read"),
        page("1e308", r#""start":0,"duration":1e308"#).says("UNIT_DATA[0].duration").says(SECONDS),
        page("negative", r#""start":-1,"duration":1"#).says("UNIT_DATA[0].start").says(SECONDS),
        page("phase", r#""start":0,"duration":1,"sections":[["frontend",{"start":0,"end":1e308}]]"#)
            .says("UNIT_DATA[0].sections"),
        page("metadata", r#""start":0,"duration":1,"rmeta_time":-5"#).says("UNIT_DATA[0].rmeta_time"),
    ]
}

fn logs() -> Vec<Case> {
    let log = |what: &str, dependencies: &str, more: &str| {
        let text = format!(
            "{{\"reason\":\"build-started\",\"command\":[\"cargo\"],\"host\":\"h\",\"jobs\":1,\"profile\":\"dev\"}}\n\
             {{\"reason\":\"unit-registered\",\"package_id\":\"path+file:///x#pit@0.1.0\",\"target\":{{\"name\":\"pit\",\
             \"kind\":\"lib\"}},\"mode\":\"build\",\"index\":0,\"dependencies\":[{dependencies}]}}\n{more}\n"
        );
        case(format!("log: {what}"))
            .file("b.jsonl", text)
            .arg(&["--build-analysis", "b.jsonl"])
            .fails()
            .says("b.jsonl")
    };
    let started = |elapsed: &str| format!(r#"{{"reason":"unit-started","index":0,"elapsed":{elapsed}}}"#);
    let ended = format!("{}\n{}", started("5"), r#"{"reason":"unit-finished","index":0,"elapsed":1}"#);
    vec![
        log("1e308", "", &started("1e308")).says("b.jsonl:3").says(SECONDS),
        log("negative", "", &started("-1")).says("b.jsonl:3").says(SECONDS),
        log("NaN", "", &started("NaN")).says("b.jsonl:3"),
        log("unknown unit", "", r#"{"reason":"unit-started","index":7,"elapsed":1}"#)
            .says("unit 7 was never registered"),
        log("unknown dependency", "7", &started("1"))
            .says("b.jsonl:2")
            .says("unit 7, which was never registered"),
        log("backwards", "", &ended).says("its times are not in order"),
        log(
            "itself",
            "0",
            &format!("{}\n{}", started("1"), r#"{"reason":"unit-finished","index":0,"elapsed":2}"#),
        )
        .says("no unit 0 to depend on"),
    ]
}

fn graphs() -> Vec<Case> {
    let graph = |node: &str, edge: &str| {
        let text = format!(
            "{{\"nodes\":[{{\"id\":1,\"weight\":{node}}},{{\"id\":2}},{{\"id\":3}}],\n\"edges\":[{{\"from\":1,\"to\":2,\
             \"weight\":{edge}}},{{\"from\":2,\"to\":3,\"weight\":1}}]}}"
        );
        case(format!("graph: {node} {edge}")).args(&["cluster", "-"]).stdin(&text).fails().says("<stdin>")
    };
    vec![
        graph("1", "1e154").says(WEIGHTS).says("<stdin>:2"),
        graph("1", "1e308").says(WEIGHTS),
        graph("1", "-1").says(WEIGHTS),
        graph("1", "1e-200").says(WEIGHTS),
        graph("1e300", "1").says(WEIGHTS).says("<stdin>:1"),
        graph("1", "1e999").says("out of range"),
        graph("1", "NaN").says("<stdin>:2"),
    ]
}

fn arguments() -> Vec<Case> {
    let argument = |option: &str, value: &str| {
        case(format!("{option} {value}")).arg(&[option, value]).fails().says(option)
    };
    let cluster = |option: &str, value: &str| {
        case(format!("cluster {option} {value}")).args(&["cluster", "-", option, value]).fails().says(option)
    };
    vec![
        argument("--max-effort", "NaN").says("a number of edits, zero or more"),
        argument("--max-effort", "-1").says("a number of edits, zero or more"),
        argument("--max-effort", "inf").says("a number of edits, zero or more"),
        argument("--min-saving", "NaN").says("a number of seconds, zero or more"),
        argument("--jobs", "0"),
        argument("--jobs", "99999999999"),
        argument("--crates", "1"),
        argument("--crates", "1001"),
        argument("--seed", "x"),
        argument("--tool-timeout", "0"),
        argument("--max-file-size", "0"),
        cluster("--resolution", "NaN"),
        cluster("--resolution", "0"),
        cluster("--count", "0"),
    ]
}
