//! A package's plan: its crates, what has to be cut first, and what it gains.

use std::collections::BTreeMap;
use std::io::{self, Write};

use split_analyzer::cost::Mode;
use split_analyzer::plan::{Saving, Scenario};
use split_analyzer::report::{
    CutReport, PackageReport, PlanCrateReport, PlanEditReport, PlanReport, cutting,
};

use super::{BOLD, DIM, Rows, Screen, labelled, paragraph, reference};
use crate::render::prose::boundary::silent;
use crate::render::prose::words::{
    change_s, clean, counted, listed, number, percent, percent_range, scenario, sentence, share, wrap,
};
use crate::render::prose::work;

/// Crates of a plan that are shown.
const CRATES: usize = 6;
/// Columns of the numbers of a crate and of what lies between columns.
const NUMBERS: usize = 23;
/// Modules that are named of a crate which others need, and crates of which they are.
const SHARED: usize = 8;
const SHARED_CRATES: usize = 3;
/// The least columns for what a crate holds.
const HOLDS: usize = 20;
/// Pieces of work that are shown, three lines each or more.
const EDITS: usize = 2;
/// The same where the work is what was asked for.
pub(super) const MANY_EDITS: usize = 10;

/// Writes the crates and the work.
pub(super) fn plan(package: &PackageReport, out: &mut Screen<'_>) -> io::Result<()> {
    let Some(plan) = &package.plan else { return Ok(()) };
    writeln!(out)?;
    let (lines, share) = (counted(package.lines, "line"), share(package.cost_share));
    let title = format!("{}: {lines}, {share} of the compile cost of all packages here", package.name);
    paragraph(out, 0, BOLD, &title)?;
    crates(plan, &package.name, out)?;
    if let Some(note) = &plan.note {
        labelled(out, "Note", &sentence(note))?;
    }
    work(plan, out)?;
    edits(plan, EDITS, out)
}

pub(super) fn crates(plan: &PlanReport, package: &str, out: &mut Screen<'_>) -> io::Result<()> {
    let shown = shown(plan.crates.len(), CRATES);
    let crates = &plan.crates[..shown];
    let width =
        |cell: &dyn Fn(&PlanCrateReport) -> String| crates.iter().map(|c| cell(c).chars().count()).max();
    // Names have the room that they take; what is held has half of the rest, and what is needed the other half and more.
    let room = (out.width - NUMBERS).saturating_sub(width(&|krate| krate.name.clone()).unwrap_or(0));
    let holds = |krate: &PlanCrateReport| holds(krate, HOLDS.max(room / 2));
    let room = room.saturating_sub(width(&holds).unwrap_or(0));
    let rows = crates.iter().map(|krate| {
        let depends_on = fitting(&short_names(&krate.depends_on, package), room);
        vec![krate.name.clone(), number(krate.lines), share(krate.cost_share), holds(krate), depends_on]
    });
    let header = ["crate", "lines", "cost", "holds", "depends on"];
    Rows { header: &header, rows: rows.collect(), numbers: &[1, 2] }.write_names(out, 2)?;
    hidden_crates(&plan.crates[shown..], out)?;
    match shared(plan, &|krate| holds(krate)) {
        Some(text) => labelled(out, "Shared", &text),
        None => Ok(()),
    }
}

fn hidden_crates(hidden: &[PlanCrateReport], out: &mut Screen<'_>) -> io::Result<()> {
    let facade = if hidden.iter().any(|c| c.residual && c.lines == 0) { " and the facade" } else { "" };
    match hidden.len() - usize::from(!facade.is_empty()) {
        0 if facade.is_empty() => Ok(()),
        more => writeln!(out, "  … and {}{facade}, see --format json", counted(more as u64, "more crate")),
    }
}

/// What crates hold that others of the plan need, where a row has no room for all names: whose code it is decides whether that is
/// right.
fn shared(plan: &PlanReport, row: &dyn Fn(&PlanCrateReport) -> String) -> Option<String> {
    let is_needed = |krate: &&PlanCrateReport| {
        let needs = |other: &PlanCrateReport| !other.residual && other.depends_on.contains(&krate.name);
        !krate.residual && plan.crates.iter().any(needs)
    };
    // Of a crate of very many modules a few names say nothing.
    let is_cut = |krate: &&PlanCrateReport| modules(krate).len() <= SHARED && row(krate).contains("(+");
    let text = |krate: &PlanCrateReport| format!("`{}` has {}", krate.name, listed(&modules(krate), SHARED));
    let all: Vec<String> = plan.crates.iter().filter(is_needed).filter(is_cut).map(text).collect();
    let shown = all.get(..SHARED_CRATES).unwrap_or(&all);
    (!all.is_empty()).then(|| format!("{}: others of these need some of it.", shown.join("; ")))
}

/// A crate's modules, below its root.
fn modules(krate: &PlanCrateReport) -> Vec<&str> {
    krate.modules.iter().map(|m| m.split_once("::").map_or(&**m, |(_, m)| m)).collect()
}

/// How many of `all` rows to show: a line that says "and 1 more" may as well be that one.
fn shown(all: usize, most: usize) -> usize {
    if all == most + 1 { all } else { all.min(most) }
}

/// `a-core` or `a_core` of package `a` as `core`: the first column has the full names.
fn short_names(names: &[String], package: &str) -> Vec<String> {
    let short = |name: &String| match name.strip_prefix(package) {
        Some(rest) if rest.starts_with(['-', '_']) => rest[1..].to_owned(),
        _ => name.clone(),
    };
    names.iter().map(short).collect()
}

/// The modules below the crate's root, as many as there is room for, then how many single items.
fn holds(krate: &PlanCrateReport, room: usize) -> String {
    if krate.residual && krate.lines == 0 {
        return "re-exports only".to_owned();
    }
    if krate.residual {
        return "what remains".to_owned();
    }
    let names = modules(krate);
    let items = counted(krate.items.len() as u64, "item");
    match (names.is_empty(), krate.items.is_empty()) {
        (true, _) => items,
        (false, true) => fitting(&names, room),
        (false, false) => format!("{} and {items}", fitting(&names, room.saturating_sub(5 + items.len()))),
    }
}

/// As many names as fit, at least one, which may wrap; `–` for none.
fn fitting<S: AsRef<str>>(names: &[S], width: usize) -> String {
    if names.is_empty() {
        return "–".to_owned();
    }
    let fits = (1..=names.len()).rev().map(|n| listed(names, n)).find(|t| t.chars().count() <= width);
    fits.unwrap_or_else(|| listed(names, 1))
}

/// What has to be done besides moving modules, in one line.
pub(super) fn work(plan: &PlanReport, out: &mut Screen<'_>) -> io::Result<()> {
    labelled(out, "Work", &work::in_short(plan))?;
    match silent(plan) {
        Some(text) => labelled(out, "Changes", &text),
        None => Ok(()),
    }
}

/// The first pieces of the work that removes dependencies, each with the first of these.
pub(super) fn edits(plan: &PlanReport, most: usize, out: &mut Screen<'_>) -> io::Result<()> {
    for (edit, first) in cutting(plan).take(most) {
        write_edit(edit, first, out)?;
    }
    match cutting(plan).count().saturating_sub(most) {
        0 => Ok(()),
        more => writeln!(out, "  … and {more} more, see --format json"),
    }
}

fn write_edit(edit: &PlanEditReport, first: &CutReport, out: &mut Screen<'_>) -> io::Result<()> {
    let more = match edit.cuts.len() {
        0 | 1 if first.references > 1 => format!(" (×{})", first.references),
        0 | 1 => String::new(),
        n => format!(" and {} more", n - 1),
    };
    reference(out, (&first.file, first.line), &first.from, &format!("{}{more}", first.to))?;
    for (i, line) in wrap(&clean(&edit.detail), out.width - 6).iter().enumerate() {
        let lead = if i == 0 { "⇒" } else { " " };
        writeln!(out, "    {DIM}{lead} {line}{DIM:#}")?;
    }
    Ok(())
}

/// Columns of commands that a terminal has room for.
const MOST_COLUMNS: usize = 3;

/// Writes before and after: a row for each scenario, a column for each mode.
pub(super) fn savings(package: &PackageReport, out: &mut Screen<'_>) -> io::Result<()> {
    let mut cells: BTreeMap<(Scenario, u32), BTreeMap<Mode, String>> = BTreeMap::new();
    for saving in &package.savings {
        let row = cells.entry((saving.scenario, saving.jobs)).or_default();
        row.insert(saving.mode, saved(saving));
    }
    let modes: Vec<Mode> = [Mode::Check, Mode::Dev, Mode::Release, Mode::Test]
        .into_iter()
        .filter(|mode| cells.values().any(|row| row.contains_key(mode)))
        .collect();
    if modes.is_empty() {
        return Ok(());
    }
    let mut all_jobs: Vec<u32> = cells.keys().map(|&(_, jobs)| jobs).collect();
    all_jobs.dedup();
    let (title, many) = match all_jobs[..] {
        [jobs] => (format!("saved, -j{jobs}"), false),
        _ => ("saved".to_owned(), true),
    };
    writeln!(out)?;
    let suffix = |jobs: u32| if many { format!(", -j{jobs}") } else { String::new() };
    if modes.len() > MOST_COLUMNS {
        // Then a row for each command, and a column for each scenario.
        let names: Vec<String> =
            cells.keys().map(|&(what, jobs)| format!("{}{}", scenario(what), suffix(jobs))).collect();
        let header: Vec<_> = [&*title].into_iter().chain(names.iter().map(String::as_str)).collect();
        let of_mode = |mode: &Mode| {
            let cells = cells.values().map(|row| row.get(mode).cloned().unwrap_or_default());
            [mode.command().to_owned()].into_iter().chain(cells).collect()
        };
        let rows = modes.iter().map(of_mode).collect();
        return Rows { header: &header, rows, numbers: &[] }.write(out, 2);
    }
    let header: Vec<_> = [&*title].into_iter().chain(modes.iter().map(|&m| m.command())).collect();
    let rows = cells.iter().map(|(&(what, jobs), row)| {
        let first = format!("{}{}", scenario(what), suffix(jobs));
        let of = |mode| row.get(mode).cloned().unwrap_or_default();
        [first].into_iter().chain(modes.iter().map(of)).collect()
    });
    let rows = rows.collect();
    Rows { header: &header, rows, numbers: &[] }.write(out, 2)
}

/// `30 % (24–36), 40→28 s`
fn saved(saving: &Saving) -> String {
    let (before, after) = (saving.before_s.p50, saving.after_s.p50);
    if !saving.significant {
        return format!("nothing sure, {}", change_s(before, after));
    }
    let range = percent_range(saving.saved_pct).replace(" to ", "–").replace(" %", "");
    format!("{} ({range}), {}", percent(saving.saved_pct.p50), change_s(before, after))
}
