//! The answer of `apply`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use anstyle::Style;
use split_analyzer::report::{AppliedEdit, AppliedUser, ApplyReport, Repair, RepairKind};

use super::{BOLD, Rows, Screen, labelled, paragraph};
use crate::render::prose::words::{counted, listed};

/// Rows of each table.
const ROWS: usize = 20;

/// Writes what was done, then what is left.
pub(crate) fn applied(report: &ApplyReport, out: &mut Screen<'_>) -> io::Result<()> {
    paragraph(out, 0, BOLD, &headline(report))?;
    for together in &report.together {
        let text = format!(
            "{} stay one crate: what would part them is work for people, listed below.",
            listed(together, 8)
        );
        paragraph(out, 0, Style::new(), &text)?;
    }
    labelled(out, "Where", &place(report))?;
    let crates: Vec<String> = report.crates.iter().map(|krate| krate.directory.clone()).collect();
    labelled(out, "Crates", &listed(&crates, 12))?;
    let size = format!(
        "{} moved ({}), {} added or taken away beside that",
        counted(u64::from(report.files_moved), "file"),
        counted(u64::from(report.lines_moved), "line"),
        counted(u64::from(report.lines_changed), "line")
    );
    labelled(out, "Size", &size)?;
    // What the plan does not know has no id.
    let of_plan = || report.edits.iter().filter(|edit| !edit.id.is_empty());
    let done = of_plan().filter(|edit| edit.done).count();
    labelled(out, "Edits", &format!("{done} of {} of the plan are carried out", of_plan().count()))?;
    if !report.users.is_empty() {
        labelled(out, "Users", &users(&report.package, &report.users))?;
    }
    labelled(out, "Compiles", &compiles(report))?;
    repairs(&report.repairs, out)?;
    let left: Vec<&AppliedEdit> = report.edits.iter().filter(|edit| !edit.done).collect();
    if !left.is_empty() {
        writeln!(out)?;
        paragraph(out, 0, BOLD, "Left for people")?;
        for edit in left.iter().take(ROWS) {
            let place = edit.place.as_ref().map_or(String::new(), |place| format!(" ({place})"));
            let why = edit.why.as_ref().filter(|why| **why != edit.detail && *why != AppliedEdit::FOR_PEOPLE);
            let why = why.map_or(String::new(), |why| format!("; not done: {why}"));
            paragraph(
                out,
                2,
                Style::new(),
                format!("{} {}: {}{place}{why}", edit.id, edit.kind, edit.detail).trim_start(),
            )?;
        }
        more(left.len(), out)?;
    }
    if !report.errors.is_empty() {
        writeln!(out)?;
        paragraph(out, 0, BOLD, "Errors of the compiler that are left")?;
        let rows = report.errors.iter().take(ROWS).map(|error| {
            vec![format!("{}:{}", error.file, error.line), error.code.clone(), error.message.clone()]
        });
        Rows { header: &["place", "code", "error"], rows: rows.collect(), numbers: &[] }
            .write_names(out, 2)?;
        more(report.errors.len(), out)?;
    }
    Ok(())
}

fn headline(report: &ApplyReport) -> String {
    let crates = counted(report.crates.len() as u64, "new crate");
    let state = match (report.is_whole(), report.compiles) {
        (true, Some(true)) => {
            "all of the plan is carried out, and it compiles with its tests, examples and benches"
        }
        (true, _) => "all of the plan is carried out; it was not compiled",
        (false, Some(true)) => "it compiles, and something of the plan is left",
        (false, _) => "something is left",
    };
    format!("`{}` is split into {crates} and itself: {state}.", report.package)
}

/// Who depends on which crates now, those with the same ones together.
fn users(package: &str, users: &[AppliedUser]) -> String {
    let mut alike: BTreeMap<(&[String], bool), Vec<String>> = BTreeMap::new();
    for user in users.iter().filter(|user| user.why.is_none()) {
        alike.entry((&user.crates, user.parted)).or_default().push(format!("`{}`", user.package));
    }
    let direct = alike.into_iter().map(|((crates, parted), users)| {
        let (depend, own) = if users.len() == 1 { ("depends", "itself") } else { ("depend", "themselves") };
        let parted = if parted { format!(" and no more on {package}") } else { String::new() };
        format!("{} {depend} on {} {own}{parted}", listed(&users, 8), listed(crates, 4))
    });
    let left = users
        .iter()
        .filter_map(|user| Some(format!("`{}` stays as it is: {}", user.package, user.why.as_ref()?)));
    let all: Vec<String> = direct.chain(left).collect();
    let more = all.len().saturating_sub(ROWS);
    let shown = all[..all.len() - more].join("; ");
    if more == 0 { shown } else { format!("{shown}; and {more} more, see --format json") }
}

fn place(report: &ApplyReport) -> String {
    let commits = counted(report.commits.len() as u64, "commit");
    match (&report.branch, &report.worktree, &report.patch) {
        (Some(branch), Some(dir), _) => format!("{commits} on the branch {branch}, in {dir}"),
        (_, _, Some(patch)) => format!("{patch}, for `git apply`"),
        _ => format!(
            "{commits} on top of what was checked out ({})",
            report.base.get(..9).unwrap_or(&report.base)
        ),
    }
}

fn compiles(report: &ApplyReport) -> String {
    match report.compiles {
        Some(true) => "yes (cargo check --all-targets)".to_owned(),
        Some(false) => {
            let errors = counted(report.errors.len() as u64, "error");
            match (report.errors_before, &report.errors_before_unknown) {
                (Some(before @ 1..), _) => format!(
                    "no: {errors} of the compiler; `{}` as it is has {} with the same arguments for cargo \
                     (what it needs goes behind `--`)",
                    report.package,
                    counted(u64::from(before), "error")
                ),
                (_, Some(why)) => {
                    format!(
                        "no: {errors} of the compiler; what `{}` has as it is isn't known: {why}",
                        report.package
                    )
                }
                _ => format!("no: {errors} of the compiler"),
            }
        }
        None => "not tried (--no-check)".to_owned(),
    }
}

/// What the plan had missed, or the compiler tidied up.
fn repairs(repairs: &[Repair], out: &mut Screen<'_>) -> io::Result<()> {
    let of = |kind: RepairKind| repairs.iter().filter(|repair| repair.kind == kind).count() as u64;
    if repairs.is_empty() {
        return labelled(out, "Repairs", "none");
    }
    let kinds = [
        (RepairKind::Suggestion, "change", "that the compiler suggests"),
        (RepairKind::Adjusted, "change", "of what the split left over"),
        (RepairKind::Widened, "change", "of visibility"),
        (RepairKind::Dependency, "dependency", "that a manifest lacked"),
    ];
    let there = kinds.into_iter().map(|(kind, thing, what)| (of(kind), thing, what)).filter(|(n, ..)| *n > 0);
    let text: Vec<String> = there.map(|(n, thing, what)| format!("{} {what}", counted(n, thing))).collect();
    let text = text.join(", ");
    labelled(out, "Repairs", &text)?;
    for repair in repairs.iter().filter(|repair| repair.kind != RepairKind::Suggestion).take(ROWS) {
        paragraph(out, 2, Style::new(), &format!("{}:{} {}", repair.file, repair.line, repair.what))?;
    }
    Ok(())
}

fn more(all: usize, out: &mut Screen<'_>) -> io::Result<()> {
    if all > ROWS {
        paragraph(out, 2, Style::new(), &format!("and {} more (--format json has them all)", all - ROWS))?;
    }
    Ok(())
}
