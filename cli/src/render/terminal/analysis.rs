//! The answer of `analyze`.

use std::io::{self, Write};

use split_analyzer::plan::VerdictKind;
use split_analyzer::report::{PackageReport, Report, package_label};

use super::services::splits;
use super::{BOLD, CAUTION, GOOD, Rows, Screen, labelled, paragraph, plan};
use crate::render::prose::words::{number, sentence, share};
use crate::render::prose::{candidates, commits, deploys, kept, provenance, sentences, services};

/// Packages of the overview that is given when nothing is to be done.
const OVERVIEW: usize = 8;
/// Programs and roles.
const DEPLOYED: usize = 8;
/// Packages whose split saves deploys.
const SPLITS: usize = 3;
/// What could be services.
const CANDIDATES: usize = 4;
/// Reasons.
const CAUSES: usize = 3;
/// What would help instead, where nothing is to be split.
const HELPS: usize = 3;

/// Writes the verdict, the most worthwhile plan, and why.
pub(crate) fn analysis(report: &Report, out: &mut Screen<'_>) -> io::Result<()> {
    let style = match report.packages.first().map(|p| p.verdict.kind) {
        Some(VerdictKind::Split) => GOOD,
        Some(VerdictKind::UntangleFirst | VerdictKind::MeasureFirst) => CAUTION,
        Some(VerdictKind::Keep) | None => BOLD,
    };
    paragraph(out, 0, style, &sentences::headline(report))?;
    if let Some(first) = report.packages.first() {
        if first.plan.is_some() {
            if first.verdict.kind == VerdictKind::Keep {
                writeln!(out, "What a split would look like all the same:")?;
            }
            plan::plan(first, out)?;
            plan::savings(first, out)?;
            let said = report.packages.len() == 1 && first.verdict.kind == VerdictKind::Keep;
            causes(first, said, out)?;
        } else if report.packages.len() > 1 {
            overview(report, out)?;
        }
    }
    writeln!(out)?;
    for sentence in sentences::others(report) {
        paragraph(out, 0, anstyle::Style::new(), &sentence)?;
    }
    levers(report, out)?;
    if let Some(commits) = commits::summary(report) {
        labelled(out, "Commits", &commits)?;
    }
    if let Some(services) = services::summary(report) {
        labelled(out, "Services", &services)?;
    }
    let deployables = sentences::deployables(report);
    if !deployables.is_empty() {
        labelled(out, "Binaries", &deployables)?;
    }
    deployed(report, out)?;
    candidate_services(report, out)?;
    labelled(out, "Figures", &provenance::provenance(report).join(" "))?;
    if let Some(real) = provenance::real(report) {
        labelled(out, "Seconds", &real)?;
    }
    if let Some(trouble) = sentences::diagnostics(report) {
        labelled(out, "Input", &trouble)?;
    }
    Ok(())
}

/// What commits deploy again, program by program where there are several or one has roles.
fn deployed(report: &Report, out: &mut Screen<'_>) -> io::Result<()> {
    let Some(summary) = deploys::summary(report) else { return Ok(()) };
    labelled(out, "Deploys", &summary)?;
    let (rows, more) = deploys::rows(report, DEPLOYED);
    if rows.len() > 1 {
        Rows { header: &deploys::header(report), rows, numbers: &deploys::NUMBERS }.write_names(out, 2)?;
        if more > 0 {
            writeln!(out, "  … and {more} more, see --format json")?;
        }
    }
    report.deploys.iter().try_for_each(|deploys| splits(deploys, SPLITS, out))
}

/// What could be a service of its own.
fn candidate_services(report: &Report, out: &mut Screen<'_>) -> io::Result<()> {
    let found = &report.candidate_services;
    let Some(summary) = candidates::summary(found) else { return Ok(()) };
    labelled(out, "Seams", &summary)?;
    let rows = found.iter().take(CANDIDATES).map(candidates::row).collect();
    Rows { header: &candidates::HEADER, rows, numbers: &candidates::NUMBERS }.write_names(out, 2)?;
    match found.len().saturating_sub(CANDIDATES) {
        0 => Ok(()),
        more => writeln!(out, "  … and {more} more, see `split-advisor services`"),
    }
}

/// What helps without a split, most useful first: more of it where there is nothing else to do.
fn levers(report: &Report, out: &mut Screen<'_>) -> io::Result<()> {
    let kept = report.packages.first().is_none_or(|package| package.plan.is_none());
    if let Some(limits) = kept::limits(report).filter(|_| kept) {
        labelled(out, "Limits", &limits)?;
    }
    if let Some(targets) = kept::targets(report).filter(|_| kept) {
        labelled(out, "Targets", &targets)?;
    }
    if let Some(hub) = kept::hub(report).filter(|_| kept) {
        labelled(out, "Users", &hub)?;
    }
    let (label, shown) = if kept { ("Helps", HELPS) } else { ("Cheaper", 1) };
    let all = sentences::levers(report);
    for (i, lever) in all.iter().take(shown).enumerate() {
        let more = all.len().saturating_sub(shown);
        let last = i + 1 == shown && more > 0;
        let rest = if last { format!(" (+{more}, see --format json)") } else { String::new() };
        let lead = if i == 0 { label.to_owned() } else { " ".repeat(label.len()) };
        labelled(out, &lead, &format!("{lever}{rest}"))?;
    }
    Ok(())
}

/// Why, and what else was weighed. The first cause is left out when the headline has `said` it.
fn causes(package: &PackageReport, said: bool, out: &mut Screen<'_>) -> io::Result<()> {
    let causes = package.verdict.causes.iter().skip(usize::from(said));
    let why: Vec<_> = causes.take(CAUSES).map(|c| sentence(&c.detail)).collect();
    if !why.is_empty() {
        labelled(out, "Why", &why.join(" "))?;
    }
    match sentences::alternatives(package) {
        Some(text) => labelled(out, "Or", &text),
        None => Ok(()),
    }
}

/// The packages that cost most, each with the reason why it stays.
fn overview(report: &Report, out: &mut Screen<'_>) -> io::Result<()> {
    let kept = || report.packages.iter().filter(|p| p.verdict.kind == VerdictKind::Keep);
    let shown = kept().take(OVERVIEW);
    let row = |p: &PackageReport| {
        vec![package_label(report, p), number(p.lines), share(p.cost_share), kept::because(p)]
    };
    let rows = shown.map(row).collect();
    writeln!(out)?;
    let header = ["package", "lines", "cost", "kept because"];
    Rows { header: &header, rows, numbers: &[1, 2] }.write_names(out, 2)?;
    match kept().count().saturating_sub(OVERVIEW) {
        0 => Ok(()),
        more => writeln!(out, "  … and {more} more, see --format json"),
    }
}
