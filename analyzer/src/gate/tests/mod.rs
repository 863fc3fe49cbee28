//! Rules, budgets and the baseline, on codes and reports of a few lines.

mod renames;

use serde_json::{Value, json};

use super::*;
use crate::config::{Configuration, FILE_NAME, Lint, LintLevel};
use crate::report::{Code, CodeItem, CodeModule, Crossing, Outside, OutsideUse, Report};

/// `app::a.f>app::b.g*3`: an item of a module refers to one of another, so often. The package is the path's first name.
/// Items whose last names begin with the same letter look the same.
fn code(text: &'static str) -> Code<'static> {
    struct Need {
        ends: [(&'static str, &'static str); 2],
        references: u32,
        line: u32,
    }
    let end = |text: &'static str| (text.split_once('.').unwrap().0, text);
    let needs: Vec<Need> = text
        .split_whitespace()
        .zip(1..)
        .map(|(need, line)| {
            let (need, references) = need.split_once('*').unwrap_or((need, "1"));
            let (from, to) = need.split_once('>').unwrap();
            Need { ends: [end(from), end(to)], references: references.parse().unwrap(), line }
        })
        .collect();
    let mut names: Vec<&str> = needs.iter().flat_map(|need| need.ends.map(|(module, _)| module)).collect();
    names.sort_unstable();
    names.dedup();
    let place = |name: &str| names.iter().position(|other| *other == name).unwrap() as u32;
    let package = |path: &'static str| path.split("::").next().unwrap();
    let mut packages: Vec<&str> = names.iter().map(|path| package(path)).collect();
    packages.dedup();
    let module = |&path: &&'static str| CodeModule {
        path,
        package: package(path),
        file: "src/lib.rs",
        lines: 10,
        krate: packages.iter().position(|other| *other == package(path)).unwrap() as u32,
    };
    let crossing = |need: &Need| Crossing {
        from_module: place(need.ends[0].0),
        to_module: place(need.ends[1].0),
        from: need.ends[0].1,
        to: need.ends[1].1,
        file: "src/lib.rs",
        line: need.line,
        references: need.references,
    };
    let mut crossings: Vec<Crossing<'_>> = needs.iter().map(crossing).collect();
    crossings.sort_unstable();
    let mut items: Vec<CodeItem<'_>> = needs
        .iter()
        .flat_map(|need| need.ends.map(|(_, path)| CodeItem { path, shape: shape(path) }))
        .collect();
    items.sort_unstable();
    items.dedup();
    Code { modules: names.iter().map(module).collect(), crossings, items, ..Code::default() }
}

fn shape(path: &str) -> String {
    path.rsplit("::").next().unwrap().chars().take(1).collect()
}

/// The least that a report of the first version has: it must be read for ever.
fn first_report() -> Value {
    json!({
        "schema_version": 1,
        "tool": { "name": "split-advisor", "version": "0.1.0" },
        "settings": { "target": "x86_64-unknown-linux-gnu", "jobs": 8, "seed": 0, "package": null, "crates": null },
        "repository": {
            "workspaces": [], "packages": 1, "targets": 1, "files": 2, "lines": 30, "modules": 2, "items": 4,
            "references": {
                "resolved": 90, "guessed": 0, "external": 8, "unresolved": 2, "unresolved_by_cause": [],
                "followed_share": 0.98
            }
        },
        "packages": [], "levers": [], "deployables": [],
        "costs": { "source": "modelled", "modes": [] },
        "diagnostics": []
    })
}

fn report(change: impl FnOnce(&mut Value)) -> Report {
    let mut report = first_report();
    change(&mut report);
    serde_json::from_value(report).unwrap()
}

fn checked(
    code: &Code<'_>,
    report: &Report,
    configuration: &str,
    baseline: Option<&Baseline>,
) -> CheckReport {
    let (configuration, problems) = Configuration::parse(FILE_NAME, configuration);
    check(&CheckInput {
        report,
        code,
        configuration: &configuration,
        problems: &problems,
        baseline: baseline.map(|baseline| (BASELINE_FILE, baseline)),
    })
}

/// New findings: `lint from>to@line`.
fn found(check: &CheckReport) -> String {
    let one = |finding: &Finding| {
        let ends = [finding.from.as_str(), finding.to.as_deref().unwrap_or("")].join(">");
        format!("{} {ends}@{}", finding.lint.name(), finding.line)
    };
    check.new_findings().map(one).collect::<Vec<_>>().join(", ")
}

#[test]
fn layers_see_only_those_below() {
    let layers = "[layers]\norder = [[\"cli\", \"web\"], \"domain\", \"domain::base\"]\n";
    for (text, expected) in [
        ("cli::a.f>domain::x.g web::a.f>domain::x.g", ""),
        ("domain::x.g>cli::a.f", "layer domain::x.g>cli::a.f@1"),
        ("cli::a.f>web::b.g", "layer cli::a.f>web::b.g@1"),
        ("cli::a.f>cli::b.g", ""),
        ("domain::x.g>domain::base::y.h", ""),
        ("domain::base::y.h>domain::x.g", "layer domain::base::y.h>domain::x.g@1"),
        ("cli::a.f>other::x.g other::x.g>cli::a.f", ""),
    ] {
        // Each name has to mean something.
        let all = format!("{text} cli::z.z>domain::z.z web::z.z>domain::z.z domain::z.z>domain::base::z.z");
        let code = code(Box::leak(all.into_boxed_str()));
        let check = checked(&code, &report(|_| ()), layers, None);
        assert_eq!(found(&check), expected, "{text}: {:?}", check.diagnostics);
        assert!(check.diagnostics.is_empty(), "{:?}", check.diagnostics);
    }
}

#[test]
fn forbidden_dependencies_have_exceptions_with_reasons() {
    let code = code("app::a.f>db::x.g app::b.h>db::x.g app::a.f>app::b.h");
    let rule = "[[forbidden]]\nfrom = \"app\"\nto = \"db\"\nreason = \"tested without\"\n";
    let all = "forbidden app::a.f>db::x.g@1, forbidden app::b.h>db::x.g@2";
    let check = checked(&code, &report(|_| ()), rule, None);
    assert_eq!(found(&check), all);
    assert_eq!(check.findings[0].reason.as_deref(), Some("tested without"));
    for (except, expected) in [
        ("{ from = \"app::a\", to = \"db\", reason = \"r\" }", "forbidden app::b.h>db::x.g@2"),
        ("{ from = \"app::b.h\", to = \"db::x.g\", reason = \"r\" }", "forbidden app::a.f>db::x.g@1"),
        ("{ from = \"app\", to = \"db\", reason = \"r\" }", ""),
    ] {
        let check = checked(&code, &report(|_| ()), &format!("{rule}except = [{except}]\n"), None);
        assert_eq!(found(&check), expected, "{except}");
    }
    let warn = checked(&code, &report(|_| ()), &format!("{rule}[lints]\nforbidden = \"warn\"\n"), None);
    assert_eq!((warn.status, warn.new_findings().count()), (CheckStatus::Passed, 2));
    let off = checked(&code, &report(|_| ()), &format!("{rule}[lints]\nforbidden = \"allow\"\n"), None);
    assert_eq!((off.status, off.findings.len()), (CheckStatus::Passed, 0));
}

#[test]
fn packages_from_elsewhere_can_be_forbidden() {
    let used = |from: &'static str, to: &str, line| OutsideUse {
        from_module: 0,
        from,
        to: to.to_owned(),
        file: "src/lib.rs",
        line,
        references: 1,
    };
    let code = Code {
        outside: Outside {
            packages: ["serde_json", "sqlx", "tokio"].map(str::to_owned).into(),
            uses: vec![used("app::a", "sqlx::Pool", 7), used("app::a.f", "tokio::fs::read", 8)],
        },
        ..code("app::a.f>app::b.g")
    };
    for (rule, expected) in [
        ("from = \"app::a\"\nto = \"sqlx\"", "forbidden app::a>sqlx::Pool@7"),
        ("from = \"app\"\nto = \"tokio::fs\"", "forbidden app::a.f>tokio::fs::read@8"),
        ("from = \"app\"\nto = \"tokio::net\"", ""),
        ("from = \"app::b\"\nto = \"sqlx\"", ""),
        ("from = \"app\"\nto = \"serde-json\"", ""),
        (
            "from = \"app\"\nto = \"sqlx\"\nexcept = [{ from = \"app::a\", to = \"sqlx::Pool\", reason = \"r\" }]",
            "",
        ),
    ] {
        let check =
            checked(&code, &report(|_| ()), &format!("[[forbidden]]\nreason = \"r\"\n{rule}\n"), None);
        assert_eq!((found(&check).as_str(), check.diagnostics.len()), (expected, 0), "{rule}: {check:?}");
    }
    let unknown = "[[forbidden]]\nreason = \"r\"\nfrom = \"app\"\nto = \"sqly\"\n";
    let said = checked(&code, &report(|_| ()), unknown, None).diagnostics[0].message.clone();
    assert!(
        said.contains("no package that one here depends on") && said.contains("did you mean `sqlx`"),
        "{said}"
    );
    // A rule is about code of this repository.
    let turned = "[[forbidden]]\nreason = \"r\"\nfrom = \"sqlx\"\nto = \"app\"\n";
    assert_eq!(checked(&code, &report(|_| ()), turned, None).diagnostics.len(), 1);
}

#[test]
fn names_that_mean_nothing_are_errors_and_idle_exceptions_warnings() {
    let code = code("app::orders.f>db::x.g");
    for (text, expected) in [
        (
            "[layers]\norder = [\"app\",\n\"dbb\"]\n",
            "3: `dbb` is no package or module here, and no item that modules share; did you mean `db`",
        ),
        (
            "[[forbidden]]\nfrom = \"app::order\"\nto = \"db\"\nreason = \"r\"\n",
            "2: `app::order` is no package",
        ),
        (
            "[[forbidden]]\nfrom = \"db\"\nto = \"app\"\nreason = \"r\"\nexcept = [\n{ from = \"db\", to = \"app\", reason = \"r\" }]\n",
            "6: the exception from `db` to `app` is needed no more",
        ),
    ] {
        let check = checked(&code, &report(|_| ()), text, None);
        let said: Vec<String> =
            check.diagnostics.iter().map(|d| format!("{}: {}", d.line.unwrap_or(0), d.message)).collect();
        assert!(said.len() == 1 && said[0].starts_with(expected), "{text}: {said:?}");
    }
}

const TANGLED: &str = "app::a.f>app::b.g*5 app::b.g>app::a.f app::b.h>app::c.i*2";

#[test]
fn what_is_accepted_passes_and_what_is_new_fails() {
    let (before, report) = (code(TANGLED), report(|_| ()));
    let first = checked(&before, &report, "", None);
    assert_eq!(
        (first.status, found(&first)),
        (CheckStatus::Failed, "back-edge app::b.g>app::a.f@2".to_owned())
    );
    let baseline =
        Baseline::default().accept(&first.findings, &BaselineReport::default(), "was there", &before);
    let text = baseline.to_toml();
    let baseline = Baseline::parse(std::path::Path::new("x"), &text).unwrap();
    assert_eq!(baseline.to_toml(), text);
    let again = checked(&before, &report, "", Some(&baseline));
    assert_eq!((again.status, found(&again)), (CheckStatus::Passed, String::new()));
    assert_eq!(again.findings[0].reason.as_deref(), Some("was there"));
    for (now, expected) in [
        // Lines move, and references of the same items get more.
        ("app::c.x>db::y.z app::a.f>app::b.g*5 app::b.g>app::a.f*9 app::b.h>app::c.i*2", ""),
        // Another item against the order.
        (
            "app::a.f>app::b.g*5 app::b.g>app::a.f app::b.h>app::c.i*2 app::b.new>app::a.f",
            "back-edge app::b.new>app::a.f@4",
        ),
        // A new cycle, closed by the new reference and not by the old one, though that is lighter.
        (
            "app::a.f>app::b.g*5 app::b.g>app::a.f app::b.h>app::c.i*2 app::c.i>app::b.h*7",
            "back-edge app::c.i>app::b.h@4",
        ),
        // With the order.
        ("app::a.f>app::b.g*5 app::b.g>app::a.f app::b.h>app::c.i*2 app::a.new>app::c.i", ""),
        // A cycle of a new module.
        (
            "app::a.f>app::b.g*5 app::b.g>app::a.f app::b.h>app::c.i*2 app::n.k>app::c.i*2 app::c.i>app::n.k",
            "back-edge app::c.i>app::n.k@5",
        ),
        // The old debt is paid.
        ("app::a.f>app::b.g*5 app::b.h>app::c.i*2", ""),
    ] {
        let code = code(now);
        let check = checked(&code, &report, "", Some(&baseline));
        assert_eq!(found(&check), expected, "{now}");
        assert_eq!(check.status == CheckStatus::Failed, !expected.is_empty(), "{now}");
        // Lines aside, a finding that is accepted is the same one.
        let accepted = baseline.clone().accept(&check.findings, check.baseline.as_ref().unwrap(), "r", &code);
        assert_eq!(found(&checked(&code, &report, "", Some(&accepted))), "", "{now}");
    }
    let tolerant = checked(
        &code("app::a.f>app::b.g*5 app::b.g>app::a.f app::b.new>app::a.f app::b.h>app::c.i"),
        &report,
        "[budgets]\nnew-back-edges = 1\n",
        Some(&baseline),
    );
    assert_eq!((tolerant.status, tolerant.new_findings().count()), (CheckStatus::Passed, 1));
}

#[test]
fn what_is_gone_is_pruned() {
    let (before, report) = (code(TANGLED), report(|_| ()));
    let found_first = checked(&before, &report, "", None).findings;
    let baseline = Baseline::default().accept(&found_first, &BaselineReport::default(), "r", &before);
    let now = code("app::a.f>app::b.g*5 app::b.h>app::c.i*2");
    let check = checked(&now, &report, "", Some(&baseline));
    let state = check.baseline.unwrap();
    assert_eq!(state.gone.len(), 1);
    let pruned = baseline.prune(&check.findings, &state, &now);
    assert!(pruned.is_empty());
    // What was paid and comes back is new.
    assert_eq!(found(&checked(&before, &report, "", Some(&pruned))), "back-edge app::b.g>app::a.f@2");
}

fn build(jobs: u32, seconds: f64) -> Value {
    json!({
        "workspace": ".", "scenario": "clean", "mode": "dev", "jobs": jobs, "units": 2,
        "makespan_s": { "p10": seconds, "p50": seconds, "p90": seconds }, "work_s": 9.0, "parallelism": 1.0,
        "critical_path": [{ "name": "app (lib)", "start_s": 0.0, "metadata_s": 1.0, "end_s": seconds }]
    })
}

/// Everything that a budget can be of.
fn measured() -> Report {
    let at = |p90: f64| json!({ "p50": 1.0, "p90": p90, "mean": 1.0 });
    report(|report| {
        report["builds"] = json!([build(8, 90.0), build(MANY_JOBS, 60.0)]);
        report["structure"] = json!({
            "modules": [],
            "cycles": [{
                "package": "app", "modules": [0, 1, 2], "lines": 30, "references": 9,
                "back_edges": [{
                    "from": "app::c", "to": "app::a", "references": 1, "from_item": "app::c::f", "to_item": "app::a::g",
                    "file": "src/c.rs", "line": 7
                }]
            }]
        });
        report["commits"] = json!({
            "replayed": 9, "looked_at": 9, "of_nothing": 0, "gone_files": 0, "first_time": 0, "last_time": 9,
            "per_week": null, "edits_per_commit": 10.0, "packages": 1, "packages_rebuilt": at(1.0), "tests": at(1.0),
            "programs": at(1.0), "plans": [], "files": [], "costly_packages": [], "everything": [],
            "everything_share": 0.0,
            "builds": [{ "scenario": "edit", "mode": "dev", "today": at(12.5) }]
        });
        report["deploys"] = json!({
            "replayed": 9, "per_week": null, "programs": 4, "redeployed_today": 2.5, "needed": 1.0, "needless": []
        });
    })
}

#[test]
fn budgets_hold_at_their_line() {
    let (code, report) = (code("app::a.f>app::b.g"), measured());
    for (budget, expected) in [
        ("critical-path-seconds = 60", ""),
        ("critical-path-seconds = 59.9", "critical-path .>@2"),
        ("mode = \"dev\"\ncritical-path-seconds = 59.9", "critical-path .>@3"),
        ("rebuild-p90-seconds = 12.5", ""),
        ("rebuild-p90-seconds = 12", "rebuild-p90 >@2"),
        ("redeploys-per-commit = 2.5", ""),
        ("redeploys-per-commit = 2", "redeploys-per-commit >@2"),
        ("largest-cycle = 3", ""),
        ("largest-cycle = 2", "largest-cycle app>@7"),
    ] {
        let check = checked(&code, &report, &format!("[budgets]\n{budget}\n"), None);
        assert_eq!(found(&check), expected, "{budget}");
        assert_eq!(check.status == CheckStatus::Failed, !expected.is_empty(), "{budget}");
    }
}

#[test]
fn figures_may_not_grow_beyond_what_was_accepted() {
    let code = code("app::a.f>app::b.g");
    let budget = "[budgets]\ncritical-path-seconds = 10\n";
    let at = |seconds: f64| report(|report| report["builds"] = json!([build(MANY_JOBS, seconds)]));
    let first = checked(&code, &at(60.0), budget, None);
    let baseline = Baseline::default().accept(&first.findings, &BaselineReport::default(), "r", &code);
    for (seconds, slack, passes) in
        [(60.0, 0, true), (50.0, 0, true), (60.1, 0, false), (62.0, 5, true), (64.0, 5, false)]
    {
        let text = format!("{budget}[check]\nslack-percent = {slack}\n");
        let check = checked(&code, &at(seconds), &text, Some(&baseline));
        assert_eq!(check.status == CheckStatus::Passed, passes, "{seconds} {slack}");
    }
    let shorter = checked(&code, &at(50.0), budget, Some(&baseline));
    let pruned = baseline.prune(&shorter.findings, &BaselineReport::default(), &code);
    assert_eq!(checked(&code, &at(60.0), budget, Some(&pruned)).status, CheckStatus::Failed);
}

#[test]
fn without_data_a_gate_does_not_pass() {
    let code = code("app::a.f>app::b.g");
    let low = report(|report| report["repository"]["references"]["followed_share"] = json!(0.5));
    let unread = |code: &str, path: &str| {
        let problem =
            json!({ "severity": "error", "code": code, "path": path, "line": null, "message": "m" });
        report(|report| report["diagnostics"] = json!([problem]))
    };
    for (report, text, lacks) in [
        (report(|_| ()), "", 0),
        (low.clone(), "", 1),
        (low, "[check]\nmin-followed = 0.5\n", 0),
        (unread("unreadable", "src/x.rs"), "", 1),
        (unread("unreadable", "src/x.rs"), "[check]\nmax-unread-files = 1\n", 0),
        (unread("unreadable", "deploy.yaml"), "", 0),
        (unread("syntax-error", "src/x.rs"), "", 0),
        (unread("bug", "src/x.rs"), "", 1),
        (
            report(|_| ()),
            "[budgets]\nrebuild-p90-seconds = 1\nredeploys-per-commit = 1\ncritical-path-seconds = 1\n",
            3,
        ),
        (report(|_| ()), "[budgets]\nlargest-cycle = 1\npackage-lines = 1\n", 0),
    ] {
        let check = checked(&code, &report, text, None);
        assert_eq!(check.degraded.len(), lacks, "{text} {:?}", check.degraded);
        let expected = if lacks > 0 { CheckStatus::Degraded } else { CheckStatus::Passed };
        assert_eq!(check.status, expected, "{text}");
        assert_eq!((check.passed(false), check.passed(true)), (lacks == 0, true));
    }
}

#[test]
fn a_broken_baseline_is_an_error_at_its_line() {
    for (text, line) in [
        ("version = 1\ndebt = [\n  { lint = \"x\", from = \"a\" },\n]\n", 3),
        ("version = 1\nother = 2\n", 2),
        ("version = 2\n", 1),
        ("x", 1),
    ] {
        match Baseline::parse(std::path::Path::new("x"), text) {
            Err(crate::Error::InvalidInput { line: at, .. }) => assert_eq!(at, line, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
    let hostile = Finding {
        lint: Lint::Layer,
        level: LintLevel::Deny,
        accepted: false,
        from: "a\"\n\u{202e}\\ = [".to_owned(),
        to: Some("b\u{1b}[31m".to_owned()),
        file: String::new(),
        line: 1,
        references: None,
        value: None,
        limit: None,
        message: String::new(),
        reason: None,
    };
    let baseline =
        Baseline::default().accept(&[hostile], &BaselineReport::default(), "\"\"\"", &Code::default());
    let text = baseline.to_toml();
    assert!(!text.contains(['\u{202e}', '\u{1b}']));
    assert_eq!(Baseline::parse(std::path::Path::new("x"), &text).unwrap(), baseline);
}

#[test]
fn a_difference_says_what_and_why() {
    let needs = |needs: Value, back: Value| {
        let module = |path: &str, needs: &Value| json!({ "path": path, "package": path.split("::").next(), "file": "f", "lines": 1, "needs": needs });
        let modules =
            json!([module("app::a", &needs[0]), module("app::b", &needs[1]), module("db", &json!([]))]);
        let cycle =
            json!({ "package": "app", "modules": [0, 1], "lines": 2, "references": 2, "back_edges": back });
        json!({ "modules": modules, "cycles": if back == json!([]) { json!([]) } else { json!([cycle]) } })
    };
    let edge = json!([{
        "from": "app::b", "to": "app::a", "references": 1, "from_item": "app::b::f", "to_item": "app::a::g",
        "file": "f", "line": 1
    }]);
    let old = report(|report| {
        report["structure"] = needs(json!([[1], []]), json!([]));
        report["builds"] = json!([build(8, 10.0)]);
    });
    let new = report(|report| {
        report["structure"] = needs(json!([[1, 2], [0]]), edge);
        report["builds"] = json!([build(8, 12.0)]);
        report["settings"]["features"] = json!(["x"]);
    });
    let same = diff(("old", &old), ("old", &old), None);
    assert!(
        same.needs.is_empty()
            && same.figures.is_empty()
            && same.builds.is_empty()
            && same.not_the_code.is_empty()
    );
    let found = diff(("old", &old), ("new", &new), None);
    let shown: Vec<String> = found
        .needs
        .iter()
        .map(|need| format!("{:?} {} {} {}", need.change, need.from, need.to, need.closes_cycle))
        .collect();
    assert_eq!(shown, ["Gained app db false", "Gained app::b app::a true", "Gained app::a db false"]);
    assert_eq!((found.builds[0].before_s, found.builds[0].after_s), (10.0, 12.0));
    assert_eq!(found.builds[0].because, ["app (lib) takes 12.0 s in place of 10.0 s"]);
    assert_eq!(found.notable_builds().len(), 1);
    assert_eq!(found.not_the_code, ["features: the default ones, then x"]);
    let figure = |name: &str| found.figures.iter().find(|figure| figure.figure == name).unwrap();
    assert_eq!(figure("back_edges").because, ["`app::b` needs `app::a` at f:1, which closes a cycle"]);
    let lost = diff(("new", &new), ("old", &old), None);
    assert!(lost.needs.iter().all(|need| need.change == Change::Lost));
    // A report of before there was a structure says nothing of it.
    assert!(diff(("first", &report(|_| ())), ("new", &new), None).needs.is_empty());
}

#[test]
fn what_commits_rebuild_and_deploy_says_why_it_changed() {
    let with = |packages: u32, ci_s: f64, deployed: u32| {
        let mut report = measured();
        let commits = report.commits.as_mut().unwrap();
        commits.builds[0].today.p90 = ci_s;
        let costly = json!([{
            "name": "core", "manifest": "core/Cargo.toml", "commits": 5, "packages": packages, "ci_s": ci_s,
            "share": 0.5
        }]);
        commits.costly_packages = serde_json::from_value(costly).unwrap();
        report.deploys.as_mut().unwrap().redeployed_today = f64::from(deployed);
        let program = json!([{
            "name": "api", "package": "api", "target": "api", "auxiliary": false, "packages": [], "modules": [],
            "own_files": [], "cost_share": 0.1,
            "commits": { "replayed": 9, "redeployed_today": deployed, "needed": 1 }
        }]);
        report.deployables = serde_json::from_value(program).unwrap();
        report
    };
    let (old, new) = (with(3, 4.0, 9), with(1, 1.5, 2));
    let found = diff(("old", &old), ("new", &new), Some("abc"));
    let because = |name: &str| {
        let figure = found.figures.iter().find(|figure| figure.figure == name).unwrap();
        figure.because.join("; ")
    };
    assert_eq!(
        because("rebuild_p90_s"),
        "a change of `core` compiles 1 package in place of 3, 1.5 s of CI in place of 4.0 s"
    );
    assert_eq!(
        because("redeploys_per_commit"),
        "`api` is deployed again by 2 of 9 commits in place of 9 of 9 commits"
    );
    assert_eq!(found.common_commit.as_deref(), Some("abc"));
    // Other commits give other figures: that is said, unless they are the same ones.
    let later = {
        let mut later = new.clone();
        later.commits.as_mut().unwrap().replayed = 12;
        later
    };
    assert!(diff(("new", &new), ("later", &later), Some("abc")).not_the_code.is_empty());
    assert_eq!(
        diff(("new", &new), ("later", &later), None).not_the_code,
        ["commits replayed: 9 from 1970-01-01 to 1970-01-01, then 12 from 1970-01-01 to 1970-01-01"]
    );
}
