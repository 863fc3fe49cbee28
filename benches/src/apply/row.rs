//! `apply`: the recommended plan of a package, or one of so many crates, carried out on a copy by the library, as a row of a
//! table; below it what the compiler asked for and what is left.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Context;
use split_analyzer::apply::{ApplyOptions, Delivery};
use split_analyzer::discover::cargo_home;
use split_analyzer::plan::PlanFile;
use split_analyzer::report::{ApplyReport, RepairKind, plan_file, recommended};
use split_analyzer::{Options, analyze, apply};

use super::copy::{Places, commit, copy_tree};
use super::tested::{Tested, test};

/// Arguments of `apply`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A checkout, or an unpacked crate; it is only read
    repository: PathBuf,
    /// Where the copy and the result go: a directory that is empty or not there yet
    #[arg(long)]
    into: PathBuf,
    /// The package that is split; the recommended one when left out
    #[arg(long)]
    package: Option<String>,
    /// A plan of so many crates, not the recommended one
    #[arg(long)]
    crates: Option<u32>,
    /// Where cargo builds
    #[arg(long)]
    target_dir: Option<PathBuf>,
    /// Run no tests
    #[arg(long)]
    no_tests: bool,
    /// More arguments for cargo: `--features …`, `--offline`
    #[arg(last = true)]
    cargo_arguments: Vec<String>,
}

/// Carries the plan out and prints the row.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let places = Places::within(&args.into, args.target_dir.as_deref())?;
    copy_tree(&args.repository, &places.before)?;
    let mut options =
        Options { package: args.package.clone(), crates: args.crates, ..Options::new(&places.before) };
    options.discover.cargo_home = cargo_home();
    let (package, plan) = plan(&options)?;
    let tested = |dir, packages: &[&str]| {
        (!args.no_tests).then(|| test(dir, packages, &places.target, &args.cargo_arguments)).transpose()
    };
    // Before the commit, so that this has the lock file.
    let before = tested(&places.before, &[&package])?;
    commit(&places.before)?;
    let delivery = Delivery::Worktree { dir: Some(places.after.clone()), branch: None };
    let asked = ApplyOptions {
        delivery,
        target_dir: Some(places.target.clone()),
        cargo_arguments: args.cargo_arguments.clone(),
        ..ApplyOptions::default()
    };
    let report = apply(&options, &plan, &asked)?.report;
    let mut packages: Vec<&str> = report.crates.iter().map(|krate| krate.name.as_str()).collect();
    packages.push(&report.package);
    packages.sort_unstable();
    packages.dedup();
    let after = if report.compiles == Some(true) { tested(&places.after, &packages)? } else { None };
    println!("{HEAD}\n{}", row(&report, packages.len(), before, after));
    details(&report).iter().for_each(|line| println!("{line}"));
    Ok(())
}

/// The package that is split, and its plan.
fn plan(options: &Options) -> anyhow::Result<(String, PlanFile)> {
    let report = analyze(options)?.report();
    let of_name = |name: &str| report.packages.iter().find(|p| p.name == name && p.plan.is_some());
    let package = match options.package.as_deref() {
        Some(name) => of_name(name).with_context(|| format!("`{name}` has no plan"))?,
        None => recommended(&report).context("no package with a plan")?,
    };
    let plan = plan_file(&options.path, package).context("no package with a plan")?;
    Ok((package.name.clone(), plan))
}

const HEAD: &str = "| package | crates | files moved, lines moved, lines changed | compiles | whole | tests before, after | what is left |\n\
                    |---|---|---|---|---|---|---|";

fn row(report: &ApplyReport, crates: usize, before: Option<Tested>, after: Option<Tested>) -> String {
    let compiles = match (report.compiles, report.repairs.is_empty()) {
        (Some(true), true) => "as planned".to_owned(),
        (Some(true), false) => format!("after {}", repairs(report)),
        (Some(false), _) => match report.errors_before {
            Some(before) if before > 0 => {
                format!("no: {} errors, {before} before", report.errors.len())
            }
            _ => format!("no: {} errors", report.errors.len()),
        },
        (None, _) => "not tried".to_owned(),
    };
    let whole = if report.is_whole() { "yes" } else { "no" };
    let tests = |tested: Option<Tested>| tested.map_or_else(|| "not run".to_owned(), Tested::in_words);
    format!(
        "| `{}` | {crates} | {}, {}, {} | {compiles} | {whole} | {}, {} | {} |",
        report.package,
        report.files_moved,
        report.lines_moved,
        report.lines_changed,
        tests(before),
        tests(after),
        left(report),
    )
}

/// How many repairs of each kind.
fn repairs(report: &ApplyReport) -> String {
    counted(report.repairs.iter().map(|repair| match repair.kind {
        RepairKind::Widened => "`pub`",
        RepairKind::Dependency => "dependency",
        RepairKind::Suggestion => "suggestion",
        RepairKind::Adjusted => "adjustment",
    }))
}

/// Kinds of edits and of errors that are left, and crates that stay one.
fn left(report: &ApplyReport) -> String {
    let edits = report.edits.iter().filter(|edit| !edit.done).map(|edit| edit.kind.as_str());
    let errors = report.errors.iter().map(|error| match error.code.as_str() {
        "" => "error without a code",
        code => code,
    });
    let together = report.together.iter().map(|crates| format!("{} together", crates.len()));
    let kinds = [counted(edits), counted(errors)].into_iter().filter(|kinds| !kinds.is_empty());
    kinds.chain(together).collect::<Vec<_>>().join("; ")
}

fn counted<'a>(kinds: impl Iterator<Item = &'a str>) -> String {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    kinds.for_each(|kind| *counts.entry(kind).or_default() += 1);
    counts.iter().map(|(kind, count)| format!("{count} {kind}")).collect::<Vec<_>>().join(", ")
}

/// What is left and what was made good, each with its place.
fn details(report: &ApplyReport) -> Vec<String> {
    let edits = report.edits.iter().filter(|edit| !edit.done).map(|edit| {
        let (place, why) = (edit.place.as_deref().unwrap_or(""), edit.why.as_deref().unwrap_or(""));
        format!("  left: {} {place} {} {why}", edit.kind, edit.detail)
    });
    let repairs = report.repairs.iter().map(|r| format!("  repaired: {}:{} {}", r.file, r.line, r.what));
    let errors = report
        .errors
        .iter()
        .map(|error| format!("  error: {}:{} {} {}", error.file, error.line, error.code, error.message));
    edits.chain(repairs).chain(errors).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_counted_in_their_order() {
        assert_eq!(counted(["widen", "invert", "widen"].into_iter()), "1 invert, 2 widen");
        assert_eq!(counted([].into_iter()), "");
    }
}
