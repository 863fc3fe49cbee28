//! A plan's work in one line, for all formats.

use std::collections::BTreeSet;

use split_analyzer::report::PlanReport;

use super::boundary::test_support;
use super::sentences::cutting_work;
use super::words::counted;

/// What has to be done besides moving modules, in one line.
pub(crate) fn in_short(plan: &PlanReport) -> String {
    let mut parts = cutting_work(plan);
    if !plan.visibility.is_empty() {
        let in_tests = plan.visibility.iter().filter(|w| w.tests_only).count();
        let of_tests = if in_tests > 0 { format!(" ({in_tests} for tests)") } else { String::new() };
        let items = counted(plan.visibility.len() as u64, "item");
        parts.push(format!("{items} to make `pub`{of_tests}"));
    }
    if !plan.test_moves.is_empty() {
        let to: BTreeSet<&str> = plan.test_moves.iter().map(|test| &*test.to_crate).collect();
        parts.push(format!("{} to move to {}", counted(plan.test_moves.len() as u64, "test"), quoted(&to)));
    }
    match &plan.test_support[..] {
        [] => {}
        [only] => parts.push(test_support(only, &|name| format!("`{name}`"))),
        all => {
            let names: BTreeSet<&str> = all.iter().map(|support| &*support.item).collect();
            parts.push(format!(
                "{} to move or to double ({})",
                counted(all.len() as u64, "test helper"),
                quoted(&names)
            ));
        }
    }
    if !plan.build_script.is_empty() {
        let to: BTreeSet<&str> = plan.build_script.iter().map(|need| &*need.krate).collect();
        let first = &plan.build_script[0];
        parts.push(format!(
            "the build script to move or share with {} ({}:{}: `{}`)",
            quoted(&to),
            first.file,
            first.line,
            first.call
        ));
    }
    if !plan.facade.is_empty() {
        let paths: BTreeSet<&str> = plan.facade.iter().map(|kept| &*kept.path).collect();
        parts.push(format!("{} to keep by a re-export for other packages", quoted(&paths)));
    }
    match &plan.other_paths[..] {
        [] => {}
        [only] => parts.push(match &only.write {
            Some(write) => format!("`{write}` to write for `{}`", only.name),
            None => format!("`{}` to take from elsewhere", only.name),
        }),
        [first, rest @ ..] => parts.push(format!(
            "{} to take from elsewhere than a module that only imports them (`{}` and {})",
            counted(plan.other_paths.len() as u64, "name"),
            first.name,
            counted(rest.len() as u64, "other")
        )),
    }
    let manifests = plan.edits.iter().filter(|edit| edit.manifest.is_some()).count();
    if manifests > 0 {
        parts.push(format!("{} of users to change", counted(manifests as u64, "manifest")));
    }
    if !plan.paths.is_empty() {
        parts.push(format!("{} to adjust", counted(plan.paths.len() as u64, "file path")));
    }
    if !plan.blockers.is_empty() {
        parts.push(format!("{} to resolve by hand", counted(plan.blockers.len() as u64, "blocker")));
    }
    if parts.is_empty() {
        parts.push("nothing but moving the modules".to_owned());
    }
    parts.join(", ")
}

/// Names that a line of work shows; the rest is counted.
const NAMED: usize = 3;

fn quoted(names: &BTreeSet<&str>) -> String {
    let shown: Vec<String> = names.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
    let more = names.len() - shown.len();
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{rest}", shown.join(", "))
}
