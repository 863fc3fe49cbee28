//! The answer of `analyze`.

use std::io::{self, Write};

use split_analyzer::plan::VerdictKind;
use split_analyzer::report::{PackageReport, Report, package_label};

use super::{BOLD, CAUTION, GOOD, Rows, WIDTH, labelled, paragraph, plan};
use crate::render::prose::provenance;
use crate::render::prose::sentences;
use crate::render::prose::words::{end_cut, number, sentence, share};

/// Packages of the overview that is given when nothing is to be done.
const OVERVIEW: usize = 8;
/// Columns for a package's name.
const NAME: usize = 28;
/// Reasons.
const CAUSES: usize = 3;

/// Writes the verdict, the most worthwhile plan, and why.
pub(crate) fn analysis(report: &Report, out: &mut dyn Write) -> io::Result<()> {
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
        paragraph(out, 0, anstyle::Style::new(), &end_cut(&sentence, WIDTH))?;
    }
    let levers = sentences::levers(report);
    if let Some(first) = levers.first() {
        let more = levers.len() - 1;
        let rest = if more > 0 { format!(" (+{more}, see --format json)") } else { String::new() };
        labelled(out, "Cheaper", &format!("{first}{rest}"), 2)?;
    }
    let deployables = sentences::deployables(report);
    if !deployables.is_empty() {
        labelled(out, "Binaries", &deployables, 2)?;
    }
    labelled(out, "Figures", &provenance::provenance(report).join(" "), 3)?;
    if let Some(real) = provenance::real(report) {
        labelled(out, "Seconds", &real, 2)?;
    }
    if let Some(trouble) = sentences::diagnostics(report) {
        labelled(out, "Input", &trouble, 1)?;
    }
    Ok(())
}

/// Why, and what else was weighed. The first cause is left out when the headline has `said` it.
fn causes(package: &PackageReport, said: bool, out: &mut dyn Write) -> io::Result<()> {
    let causes = package.verdict.causes.iter().skip(usize::from(said));
    let why: Vec<_> = causes.take(CAUSES).map(|c| sentence(&c.detail)).collect();
    if !why.is_empty() {
        labelled(out, "Why", &why.join(" "), 3)?;
    }
    match sentences::alternatives(package) {
        Some(text) => labelled(out, "Or", &text, 2),
        None => Ok(()),
    }
}

/// The packages that cost most, each with the reason why it stays.
fn overview(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let kept = || report.packages.iter().filter(|p| p.verdict.kind == VerdictKind::Keep);
    let shown = kept().take(OVERVIEW);
    let longest =
        shown.clone().map(|p| package_label(report, p).chars().count()).max().unwrap_or(0).min(NAME);
    let room = WIDTH - longest - 23;
    let rows = shown.map(|p| {
        let reason = p.verdict.causes.first().map(|c| end_cut(&c.detail, room)).unwrap_or_default();
        vec![end_cut(&package_label(report, p), NAME), number(p.lines), share(p.cost_share), reason]
    });
    let rows = rows.collect();
    writeln!(out)?;
    let header = ["package", "lines", "cost", "kept because"];
    Rows { header: &header, rows, numbers: &[1, 2] }.write(out, 2)?;
    match kept().count().saturating_sub(OVERVIEW) {
        0 => Ok(()),
        more => writeln!(out, "  … and {more} more, see --format json"),
    }
}
