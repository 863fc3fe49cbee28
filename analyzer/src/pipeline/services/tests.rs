//! Packages whose split saves deploys, over scripted histories.

use std::fs;
use std::path::Path;

use crate::history::tests::git;
use crate::plan::{CauseKind, VerdictKind};
use crate::report::{DeploySplitReport, Report, deploy_split};
use crate::{Options, analyze, services};

fn commit(dir: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = dir.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    git(dir, &["add", "-A"]);
    git(dir, &["commit", "-q", "-m", "m"]);
}

fn manifest(name: &str, common: bool) -> String {
    let common = if common { "[dependencies]\ncommon = { path = \"../common\" }\n" } else { "" };
    format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n{common}")
}

/// `web` and `worker` are built from `common`, and each runs a module of it beside `base`; `jobs` may use `web`.
fn repository(dir: &Path, of_jobs: &str) {
    git(dir, &["init", "-q"]);
    let (common, web, worker) = (manifest("common", false), manifest("web", true), manifest("worker", true));
    let jobs = format!("pub fn run() {{ super::base::log() }}\n{of_jobs}");
    commit(
        dir,
        &[
            ("Cargo.toml", "[workspace]\nmembers = [\"common\", \"web\", \"worker\"]\nresolver = \"3\"\n"),
            ("Procfile", "web: target/release/web\nworker: target/release/worker\n"),
            ("common/Cargo.toml", &common),
            ("common/src/lib.rs", "pub mod base;\npub mod jobs;\npub mod web;\n"),
            ("common/src/base.rs", "pub fn log() {}\n"),
            ("common/src/jobs.rs", &jobs),
            ("common/src/web.rs", "pub fn serve() { super::base::log() }\npub struct Page;\n"),
            ("web/Cargo.toml", &web),
            ("web/src/main.rs", "fn main() { common::web::serve() }\n"),
            ("worker/Cargo.toml", &worker),
            ("worker/src/main.rs", "fn main() { common::jobs::run() }\n"),
        ],
    );
    for n in 0..6 {
        let text = format!("pub fn serve() {{ super::base::log() }}\npub struct Page;\n// {n}\n");
        commit(dir, &[("common/src/web.rs", &text)]);
    }
    for n in 0..4 {
        commit(dir, &[("common/src/jobs.rs", &format!("{jobs}// {n}\n"))]);
    }
}

fn options(dir: &Path, commits_per_week: f64) -> Options {
    Options { built: None, commits_per_week: Some(commits_per_week), ..Options::new(dir) }
}

fn verdict(report: &Report) -> (VerdictKind, Option<CauseKind>) {
    let common = report.packages.iter().find(|package| package.name == "common").unwrap();
    (common.verdict.kind, common.verdict.causes.first().map(|cause| cause.kind))
}

/// `crate: programs`, those that hold code.
fn crates(split: &DeploySplitReport) -> Vec<String> {
    let holding = split.crates.iter().filter(|krate| krate.lines > 0);
    holding.map(|krate| format!("{}: {}", krate.name, krate.programs.join(" "))).collect()
}

#[test]
fn a_package_of_which_each_program_runs_a_part_is_split_for_the_deploys() {
    let dir = tempfile::tempdir().unwrap();
    repository(dir.path(), "");
    let report = analyze(&options(dir.path(), 110.0)).unwrap().report();
    let deploys = report.deploys.as_ref().unwrap();
    let [split] = &deploys.splits[..] else { panic!("{:?}", deploys.splits) };
    assert_eq!(crates(split), ["common-base: web worker", "common-web: web", "common-jobs: worker"]);
    // The first of eleven commits deploys both programs, with the plan too; the others both today, and then one.
    assert_eq!((split.programs, split.cuts.len(), split.blockers), (2, 0, 0));
    assert_eq!((split.redeployed_today, split.after_split, split.needed), (2.0, 1.09, 1.09));
    // Ten deploys a week of two minutes for each of the ten commits.
    assert_eq!((split.week.deploys, split.week.saved_min, split.week.deploy_s), (100.0, 200.0, 120.0));
    assert!(split.week.deploy_s_assumed && split.week.asked_min < 10.0, "{:?}", split.week);
    // Builds of so few lines gain nothing.
    assert_eq!(verdict(&report), (VerdictKind::Split, Some(CauseKind::Deploys)));
    assert_eq!(report.packages[0].name, "common");
    assert_eq!(deploy_split(&report, &report.packages[0]), Some(split));
    let plan = report.packages[0].plan.as_ref().unwrap();
    let manifests = plan.edits.iter().filter(|edit| edit.manifest.is_some()).count();
    assert_eq!((plan.crates.len(), manifests), (4, 2), "the users depend on what they use");
    assert_eq!(report.commits.unwrap().plans, ["common"]);
    assert_eq!((deploys.redeployed_today, deploys.after_plan), (2.0, Some(1.09)));
    // The same without an analysis, and no verdict with it.
    let services = services(&options(dir.path(), 110.0), None).unwrap();
    assert_eq!(services.deploys.unwrap().splits, std::slice::from_ref(split));
}

#[test]
fn it_stays_where_its_work_would_not_come_back() {
    let dir = tempfile::tempdir().unwrap();
    repository(dir.path(), "");
    let report = analyze(&options(dir.path(), 1.0)).unwrap().report();
    assert_eq!(report.deploys.as_ref().unwrap().splits, []);
    assert_ne!(verdict(&report).1, Some(CauseKind::Deploys));
    // A deploy of an hour is worth more.
    fs::write(dir.path().join("split-advisor.toml"), "[services.deploy]\ndefault = 3600\n").unwrap();
    let report = analyze(&options(dir.path(), 1.0)).unwrap().report();
    assert_eq!(verdict(&report), (VerdictKind::Split, Some(CauseKind::Deploys)));
    let split = &report.deploys.as_ref().unwrap().splits[0];
    assert_eq!((split.week.deploy_s, split.week.deploy_s_assumed), (3600.0, false));
}

#[test]
fn what_keeps_the_parts_together_is_cut_or_keeps_them() {
    let dir = tempfile::tempdir().unwrap();
    // What the worker doesn't run ties its module to the other one.
    repository(dir.path(), "pub fn report() -> super::web::Page { super::web::Page }\n");
    let report = analyze(&options(dir.path(), 110.0)).unwrap().report();
    let split = &report.deploys.as_ref().unwrap().splits[0];
    assert_eq!(split.needed, 1.09);
    // The worker would be built from the page's module, too: only commits of the jobs spare a program a deploy.
    assert!(split.after_split > 1.09 && split.after_split < 2.0, "{split:?}");
}
