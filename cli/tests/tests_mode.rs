//! `--mode test`: what `cargo test --no-run` compiles, by the real binary.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking too")]

mod run;

use run::Fixture;
use serde_json::Value;

fn builds(report: &Value, key: &str) -> Vec<(String, String, f64)> {
    let text = |b: &Value, key: &str| b[key].as_str().unwrap().to_owned();
    let all = report[key].as_array().unwrap().iter();
    all.map(|b| {
        let seconds = if key == "builds" { &b["makespan_s"] } else { &b["before"]["time_s"] };
        (text(b, "mode"), text(b, "scenario"), seconds["p50"].as_f64().unwrap())
    })
    .collect()
}

fn seconds(builds: &[(String, String, f64)], mode: &str, scenario: &str) -> f64 {
    builds.iter().find(|b| b.0 == mode && b.1 == scenario).unwrap().2
}

#[test]
fn tests_take_longer_than_the_build_and_are_rebuilt_after_an_edit() {
    for fixture in ["shop", "services"] {
        let fixture = Fixture::copy(fixture);
        let report =
            fixture.run(&["simulate", "--jobs", "2", "--mode", "dev,test", "--format", "json"]).json();
        let all = builds(&report, "builds");
        for scenario in ["clean", "edit"] {
            let (dev, test) = (seconds(&all, "dev", scenario), seconds(&all, "test", scenario));
            assert!(test > dev, "{scenario}: {dev} {test}");
        }
        assert!(seconds(&all, "test", "edit") < seconds(&all, "test", "clean"));
    }
}

#[test]
fn a_split_is_predicted_for_tests_too() {
    let fixture = Fixture::copy("shop");
    let arguments = ["what-if", ".", "--plan", "plans/base.toml", "--mode", "dev,test", "--jobs", "2"];
    let report = fixture.run(&[&arguments[..], &["--format", "json"]].concat()).json();
    let all = builds(&report, "forecasts");
    assert!(seconds(&all, "test", "clean") > seconds(&all, "dev", "clean"));
    let screen = fixture.run(&arguments).success().stdout;
    assert!(screen.contains("clean build, cargo test --no-run"), "{screen}");
}

#[test]
fn four_commands_fit_on_the_screen() {
    let arguments = ["analyze", ".", "--crates", "2", "--mode", "check,dev,release,test"];
    let screen = Fixture::copy("shop").run(&arguments).success().stdout;
    assert!(screen.lines().all(|line| line.chars().count() <= 100), "{screen}");
    let rows: Vec<&str> = screen.lines().filter(|line| line.trim_start().starts_with("cargo ")).collect();
    assert_eq!(rows.len(), 4, "{screen}");
    assert!(screen.contains("clean build") && rows[3].contains("cargo test --no-run"), "{screen}");
}

/// A library of two modules, one above the other, with tests in each and around them.
fn two_modules() -> Fixture {
    let fixture = Fixture::empty();
    let test = "#[cfg(test)]\nmod tests {\n    #[test]\n    fn t() {}\n}\n";
    for (path, text) in [
        (
            "Cargo.toml",
            "[workspace]\n[package]\nname = 'app'\nversion = '0.1.0'\nedition = '2024'\n".to_owned(),
        ),
        ("src/lib.rs", "pub mod base;\npub mod top;\n".to_owned()),
        ("src/base.rs", format!("pub fn f() {{}}\n{test}")),
        ("src/top.rs", format!("pub fn g() {{ crate::base::f() }}\n{test}")),
        ("tests/it.rs", "#[test]\nfn whole() { app::top::g() }\n".to_owned()),
        ("plan.toml", "[[crate]]\nname = 'app-base'\nfrom = 'app'\nmodules = ['app::base']\n".to_owned()),
        (
            "junit.xml",
            "<testsuites><testsuite name='app'><testcase name='base::tests::t' time='2'/>\
             <testcase name='top::tests::t' time='4'/></testsuite><testsuite name='app::it'>\
             <testcase name='whole' time='8'/></testsuite><testsuite name='gone'>\
             <testcase name='else::t' time='1'/></testsuite></testsuites>"
                .to_owned(),
        ),
        (
            "libtest.json",
            "     Running unittests src/lib.rs (target/debug/deps/app-0a)\n\
             {\"type\":\"suite\",\"event\":\"started\",\"test_count\":2}\n\
             {\"type\":\"test\",\"event\":\"ok\",\"name\":\"base::tests::t\",\"exec_time\":2.0}\n\
             {\"type\":\"test\",\"event\":\"ok\",\"name\":\"top::tests::t\",\"exec_time\":4.0}\n\
             {\"type\":\"suite\",\"event\":\"started\",\"test_count\":1}\n\
             {\"type\":\"test\",\"event\":\"ok\",\"name\":\"whole\",\"exec_time\":8.0}\n\
             {\"type\":\"suite\",\"event\":\"started\",\"test_count\":1}\n\
             {\"type\":\"test\",\"event\":\"ok\",\"name\":\"else::t\",\"exec_time\":1.0}\n"
                .to_owned(),
        ),
        ("bad.xml", "<testsuites>\n<testsuite name='app'>\n<testcase name='t' time='-1'/>".to_owned()),
    ] {
        let path = fixture.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    fixture
}

#[test]
fn which_tests_run_after_an_edit() {
    let fixture = two_modules();
    for times in ["junit.xml", "libtest.json"] {
        let simulate = ["simulate", "--mode", "check", "--jobs", "1", "--test-times", times];
        let report = fixture.run(&[&simulate[..], &["--format", "json"]].concat()).json();
        let tests = &report["tests"];
        assert_eq!((&tests["total_s"], &tests["unknown_s"]), (&15.0.into(), &1.0.into()), "{times}");
        let app = &tests["packages"][0];
        assert_eq!(
            (&app["tests"], &app["seconds"], &app["after_edit_s"]),
            (&3.into(), &14.0.into(), &14.0.into())
        );
        let screen = fixture.run(&simulate).success().stdout;
        assert!(screen.contains("Tests  All run for 15.0 s in sum"), "{screen}");

        let what_if =
            ["what-if", ".", "--plan", "plan.toml", "--mode", "check", "--jobs", "1", "--test-times", times];
        let report = fixture.run(&[&what_if[..], &["--format", "json"]].concat()).json();
        let edits = report["test_runs"]["edits"].as_array().unwrap();
        let of = |name: &str| {
            let edit = edits.iter().find(|e| e["crate"] == name).unwrap();
            (edit["before_s"].as_f64().unwrap(), edit["after_s"].as_f64().unwrap(), edit["spared"].clone())
        };
        // What lies above is compiled again with what it depends on, and so are its tests; not the other way round.
        assert_eq!(of("app-base"), (14.0, 14.0, Value::Array(Vec::new())), "{times}");
        assert_eq!(of("app"), (14.0, 12.0, vec!["app-base (lib, test)"].into()), "{times}");
        let screen = fixture.run(&what_if).success().stdout;
        assert!(screen.contains("Tests  An edit lets"), "{screen}");
    }
}

#[test]
fn a_file_of_tests_that_is_none_is_refused_with_its_line() {
    let fixture = two_modules();
    for (file, said) in
        [("bad.xml", "bad.xml:3: "), ("src/lib.rs", "no test with a time"), ("gone.xml", "gone.xml")]
    {
        let answer = fixture.run(&["simulate", "--test-times", file]);
        assert_eq!(answer.code, 2, "{}", answer.stdout);
        assert!(answer.stderr.contains(said), "{}", answer.stderr);
    }
}
