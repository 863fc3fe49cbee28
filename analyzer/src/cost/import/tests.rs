//! Small pages and logs, written by hand after what cargo 1.95 and a nightly of 1.97 write.

use std::path::PathBuf;

use super::*;
use crate::cost::Artifact;
use crate::cost::measured::{BuildMode, UnitCost, UnitMode, UnitStatus, UnitTargetKind};
use crate::discover::{Edition, Package, Target, TargetKind};
use crate::ids::{PackageId, WorkspaceId};

/// `shop-core` with the library `core`, and `derive`, a procedural macro.
fn repository() -> Repository {
    let mut repository = Repository::default();
    let packages = [("shop-core", "core", TargetKind::Lib), ("derive", "derive", TargetKind::ProcMacro)];
    for (package, (name, target, kind)) in packages.into_iter().enumerate() {
        let package = PackageId(package as u32);
        let target = repository.targets.push(Target {
            package,
            name: target.into(),
            crate_name: target.into(),
            kind,
            src: "src/lib.rs".into(),
            edition: Edition::E2024,
            required_features: Vec::new(),
            enabled: true,
            tested: true,
            doctested: true,
        });
        repository.packages.push(Package {
            name: name.into(),
            version: "0.1.0".into(),
            manifest: "Cargo.toml".into(),
            dir: String::new(),
            workspace: WorkspaceId(0),
            edition: Edition::E2024,
            features: Default::default(),
            enabled_features: Default::default(),
            dependencies: Vec::new(),
            targets: vec![target],
            publishable: true,
            links: None,
        });
    }
    repository
}

fn timings(page: &str, log: Option<&str>) -> Result<CostsFile> {
    let log = log.map(|text| (PathBuf::from("build.log"), text.as_bytes().to_vec()));
    let input = CostInput::Timings { path: "page.html".into(), bytes: page.as_bytes().to_vec(), log };
    input.read(&repository())
}

fn analysis(log: &str) -> Result<CostsFile> {
    let input = CostInput::BuildAnalysis { path: "log.jsonl".into(), bytes: log.as_bytes().to_vec() };
    input.read(&repository())
}

/// A page around the units, each `name target start duration frontend` with `-` for no phases.
fn page(units: &[(&str, &str, f64, f64, Option<f64>)]) -> String {
    let unit = |(i, &(name, target, start, duration, frontend)): (
        usize,
        &(&str, &str, f64, f64, Option<f64>),
    )| {
        let mode = if target.contains("(run)") { "run-custom-build" } else { "todo" };
        let sections = frontend.map_or("null".to_owned(), |end| {
            format!("[[\"frontend\", {{\"start\": 0.0, \"end\": {end}}}], [\"codegen\", {{\"start\": {end}, \"end\": {duration}}}]]")
        });
        format!(
            "{{\"i\": {i}, \"name\": \"{name}\", \"version\": \"0.1.0\", \"mode\": \"{mode}\", \"target\": {target:?}, \
             \"features\": [], \"start\": {start}, \"duration\": {duration}, \"unblocked_units\": [], \
             \"unblocked_rmeta_units\": [], \"sections\": {sections}}}"
        )
    };
    let units: Vec<String> = units.iter().enumerate().map(unit).collect();
    format!(
        "<html>\n<td>Profile:</td><td>dev</td>\n<td>Max concurrency:</td><td>2 (jobs=1 ncpu=4)</td>\n\
         <td>Total time:</td><td>3.1s</td>\n<td>rustc:</td><td>rustc 1.95.0 (abc)<br>Host: x86_64-a-b<br>Target: x</td>\n\
         <script>\nconst UNIT_DATA = [\n{}\n];\nconst CONCURRENCY_DATA = [];\n</script></html>",
        units.join(",\n")
    )
}

/// `package kind name mode host frontend duration`
fn show(unit: &UnitCost) -> String {
    let UnitCost { package, target, mode, host, .. } = unit;
    format!(
        "{package} {:?} {} {mode:?} {host:?} {:?} {:.2}",
        target.kind,
        target.name,
        unit.frontend_s().map(|s| (s * 100.0).round() / 100.0),
        unit.duration_s().unwrap_or(-1.0)
    )
}

#[test]
fn what_a_unit_is_stands_in_its_target() {
    let cases = [
        // A library is named as its manifest has it; elsewhere it is called like its package.
        ("shop-core", "", "shop-core Lib core Build None Some(0.5) 2.00"),
        ("serde-json", "", "serde-json Lib serde_json Build None Some(0.5) 2.00"),
        ("derive", "", "derive ProcMacro derive Build None Some(0.5) 2.00"),
        ("shop-core", " (check)", "shop-core Lib core Check Some(false) Some(0.5) 2.00"),
        ("shop-core", " core \"lib\" (test)", "shop-core Lib core Test None Some(0.5) 2.00"),
        ("shop-core", " (check-test)", "shop-core Lib core CheckTest Some(false) Some(0.5) 2.00"),
        ("shop-core", " a-b \"bin\"", "shop-core Bin a_b Build None Some(0.5) 2.00"),
        ("shop-core", " bin \"a-b\"", "shop-core Bin a_b Build None Some(0.5) 2.00"),
        ("shop-core", " day \"test\" (test)", "shop-core Test day Test None Some(0.5) 2.00"),
        ("shop-core", " b \"bench\" (check-test)", "shop-core Bench b CheckTest Some(false) Some(0.5) 2.00"),
        ("shop-core", " e \"example\"", "shop-core Example e Build None Some(0.5) 2.00"),
        ("libc", " build-script", "libc BuildScript build_script_build Build None Some(0.5) 2.00"),
        ("libc", " build-script (run)", "libc BuildScript build_script_build Run None Some(0.5) 2.00"),
        ("shop-core", " (doc)", ""),
    ];
    for (name, target, expected) in cases {
        let file = timings(&page(&[(name, target, 1.0, 2.0, Some(0.5))]), None).unwrap();
        let shown: Vec<String> = file.units.iter().map(show).collect();
        assert_eq!(shown.join("\n"), expected, "{name}{target}");
    }
}

#[test]
fn a_page_is_read_with_its_build() {
    let units = [
        ("b", "", 0.5, 1.0, None),
        ("a", "", 0.0, 0.5, Some(0.25)),
        // Fresh: nothing was done. A build script may take no time.
        ("fresh", "", 0.0, 0.0, None),
        ("a", " build-script (run)", 0.0, 0.0, None),
    ];
    let file = timings(&page(&units), None).unwrap();
    let names: Vec<&str> = file.units.iter().map(|u| u.package.as_str()).collect();
    assert_eq!(names, ["a", "a", "b"]);
    let build = &file.build;
    assert_eq!((build.mode, build.profile.as_str()), (BuildMode::Build, "dev"));
    assert_eq!((build.jobs, build.cores, build.wall_s), (Some(1), Some(4), Some(3.1)));
    assert_eq!(build.rustc.as_deref(), Some("rustc 1.95.0 (abc)"));
    assert_eq!(build.host.as_deref(), Some("x86_64-a-b"));
    // A check, in which whatever is compiled in full is for the build itself.
    let file =
        timings(&page(&[("derive", "", 0.0, 1.0, None), ("shop-core", " (check)", 1.0, 1.0, None)]), None);
    let file = file.unwrap();
    assert_eq!(file.build.mode, BuildMode::Check);
    assert_eq!(file.units[0].host, Some(true));
    // What an older cargo wrote.
    let old = "const UNIT_DATA = [{\"i\":0,\"name\":\"a\",\"version\":\"1.0.0\",\"mode\":\"todo\",\"target\":\"\",\
               \"start\":0.0,\"duration\":1.5,\"rmeta_time\":0.5,\"unlocked_units\":[],\"unlocked_rmeta_units\":[]}];";
    assert_eq!(show(&timings(old, None).unwrap().units[0]), "a Lib a Build None Some(0.5) 1.50");
}

#[test]
fn broken_pages_are_named_with_their_line() {
    let good = page(&[("a", "", 0.0, 1.0, None)]);
    let cases = [
        ("<html></html>".to_owned(), "page.html: not a page of `cargo build --timings`"),
        (good.replace("\"start\": 0", "\"start\": x"), "page.html:8: UNIT_DATA can't be read"),
        (
            good.replace("\"duration\"", "\"dration\""),
            "page.html:8: UNIT_DATA can't be read: missing field `duration`",
        ),
        (good[..good.find("\"duration\"").unwrap()].to_owned(), "page.html:8: UNIT_DATA can't be read: EOF"),
        (
            good.replace("\"start\": 0", "\"start\": -1"),
            "page.html:7: UNIT_DATA[0].start, a 0.1.0: is -1; from 0 to 10000000 is allowed",
        ),
        ("const UNIT_DATA =".to_owned(), "page.html:1: UNIT_DATA is empty"),
    ];
    for (text, said) in cases {
        let error = timings(&text, None).unwrap_err().to_string();
        assert!(error.starts_with(said), "{error}");
    }
}

#[test]
fn a_log_tells_the_host_and_who_needs_whom() {
    let units = [
        ("derive", "", 0.0, 1.0, None),
        ("serde", "", 0.0, 1.0, Some(0.5)),
        ("serde", "", 0.5, 1.0, Some(0.5)),
        ("shop-core", "", 1.5, 1.0, Some(0.5)),
    ];
    let log = "   Compiling serde v0.1.0
     Running `/x/rustc --crate-name serde --edition=2021 /h/registry/src/i/serde-0.1.0/src/lib.rs --crate-type lib -C extra-filename=-host`
     Running `/x/rustc --crate-name derive --edition=2024 derive/src/lib.rs --crate-type proc-macro --extern serde=/t/libserde-host.rmeta -C extra-filename=-d`
     Running `/x/rustc --crate-name serde --edition=2021 /h/registry/src/i/serde-0.1.0/src/lib.rs --crate-type lib -C opt-level=3 -C extra-filename=-t`
     Running `/x/rustc --crate-name core --edition=2024 src/lib.rs --crate-type lib -C opt-level=3 -C codegen-units=4 --extern serde=/t/libserde-t.rmeta --extern derive=/t/libderive-d.so`
    Finished";
    let file = timings(&page(&units), Some(log)).unwrap();
    let hosts: Vec<Option<bool>> = file.units.iter().map(|u| u.host).collect();
    assert_eq!(hosts, [Some(true), Some(true), Some(false), Some(false)]);
    let edges = |unit: usize| -> Vec<(u32, Artifact)> {
        file.units[unit].dependencies.iter().flatten().map(|d| (d.unit, d.artifact)).collect()
    };
    assert_eq!(edges(0), [(1, Artifact::Metadata)]);
    assert_eq!(edges(3), [(0, Artifact::All), (2, Artifact::Metadata)]);
    assert_eq!(file.units[3].rustc.as_ref().unwrap().codegen_units, Some(4));
    let wrong = timings(&page(&units), Some("   Compiling serde v0.1.0")).unwrap_err().to_string();
    assert!(wrong.starts_with("build.log: no call of rustc in it"), "{wrong}");
}

const STARTED: &str = r#"{"reason":"build-started","command":["/x/bin/cargo","check","--manifest-path","/x/Cargo.toml"],"cwd":"/x","host":"h","jobs":2,"num_cpus":4,"profile":"dev","rustc_version":"1.97.0"}"#;

fn registered(index: u32, id: &str, (kind, name): (&str, &str), mode: &str, needs: &str) -> String {
    format!(
        r#"{{"reason":"unit-registered","package_id":"{id}","target":{{"name":"{name}","kind":"{kind}"}},"mode":"{mode}","platform":"h","index":{index},"dependencies":[{needs}]}}"#
    )
}

fn event(reason: &str, index: u32, elapsed: f64) -> String {
    format!(r#"{{"reason":"{reason}","index":{index},"elapsed":{elapsed}}}"#)
}

#[test]
fn a_build_analysis_is_read_with_its_graph() {
    let own = "path+file:///x/shop#shop-core@0.1.0";
    let log = [
        STARTED.to_owned(),
        // The same words for the library and for its tests: something needs the library.
        registered(0, own, ("lib", "core"), "check", "2"),
        registered(1, own, ("lib", "core"), "check", "2"),
        registered(2, "path+file:///x/derive#0.1.0", ("lib", "derive"), "build", ""),
        registered(3, own, ("bin", "core"), "check", "1,2"),
        registered(
            4,
            "registry+https://r/index#libc@0.2.1",
            ("build-script", "build-script-build"),
            "run-custom-build",
            "",
        ),
        registered(5, "registry+https://r/index#fresh@1.0.0", ("lib", "fresh"), "check", ""),
        r#"{"reason":"unit-fingerprint","index":5,"status":"fresh"}"#.to_owned(),
        event("unit-started", 2, 0.5),
        event("unit-finished", 2, 1.5),
        event("unit-started", 1, 1.5),
        event("unit-rmeta-finished", 1, 2.5),
        event("unit-started", 0, 1.6),
        event("unit-finished", 1, 2.5),
        event("unit-finished", 0, 3.0),
        event("unit-started", 3, 3.0),
        r#"{"reason":"something-new","x":1}"#.to_owned(),
    ];
    let file = analysis(&log.join("\n")).unwrap();
    let shown: Vec<String> = file.units.iter().map(show).collect();
    assert_eq!(
        shown,
        [
            "derive ProcMacro derive Build Some(true) None 1.00",
            "shop-core Lib core Check Some(false) Some(1.0) 1.00",
            "shop-core Lib core CheckTest Some(false) None 1.40",
            "shop-core Bin core Check Some(false) None -1.00",
        ]
    );
    assert_eq!(file.units[3].status, UnitStatus::Interrupted);
    let edges: Vec<(u32, Artifact)> =
        file.units[3].dependencies.iter().flatten().map(|d| (d.unit, d.artifact)).collect();
    assert_eq!(edges, [(1, Artifact::Metadata), (0, Artifact::Metadata)]);
    assert_eq!(file.build.mode, BuildMode::Check);
    // No path of the machine is kept.
    assert_eq!(file.build.command, ["cargo", "check", "--manifest-path"]);
    assert!(
        file.units.iter().all(|u| u.mode != UnitMode::Run && u.target.kind != UnitTargetKind::BuildScript)
    );
}

#[test]
fn broken_logs_are_named_with_their_line() {
    let cases = [
        (format!("{STARTED}\nnonsense"), "log.jsonl:2: not a message of `cargo -Zbuild-analysis`"),
        (format!("{STARTED}\n{}", event("unit-started", 7, 1.0)), "log.jsonl:2: unit 7 was never registered"),
        (
            format!(
                "{STARTED}\n{}\n\n{}",
                registered(0, "a#a@1.0.0", ("lib", "a"), "build", ""),
                event("unit-started", 0, -1.0)
            ),
            "log.jsonl:4: elapsed of unit 0 is -1; from 0 to 10000000 is allowed",
        ),
        (String::new(), "log.jsonl: not a log of `cargo -Zbuild-analysis`"),
        (STARTED[..60].to_owned(), "log.jsonl:1: "),
    ];
    for (text, said) in cases {
        let error = analysis(&text).unwrap_err().to_string();
        assert!(error.starts_with(said), "{error}");
    }
}
