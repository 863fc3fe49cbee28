//! The answer of `analyze`: every package with a plan in full.

use std::io::{self, Write};

use split_analyzer::plan::{Candidate, Saving, VerdictKind};
use split_analyzer::report::{
    DeployableKind, DeploysReport, PackageReport, PlanCrateReport, PlanReport, Report, cutting, package_label,
};

use super::super::escape::{code, markdown};
use super::commits::commits;
use super::services::candidate_services;
use super::{boundary, sentence, table};
use crate::render::prose::deploys;
use crate::render::prose::provenance;
use crate::render::prose::sentences;
use crate::render::prose::words;
use crate::render::prose::words::{
    counted, number, percent, percent_range, scenario, seconds, share, verdict,
};

/// Rows of a long list; the rest is in the JSON.
pub(super) const ROWS: usize = 50;

/// Writes the whole report.
pub(crate) fn analysis(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# Split analysis\n\n**{}**\n", sentence(&sentences::headline(report)))?;
    overview(report, out)?;
    for package in report.packages.iter().filter(|p| p.plan.is_some()) {
        write_package(package, out)?;
    }
    levers(report, out)?;
    commits(report, out)?;
    deployables(report, out)?;
    deployed(report, out)?;
    candidate_services(&report.candidate_services, out)?;
    writeln!(out, "## How the figures come about\n")?;
    for line in provenance::provenance(report).into_iter().chain(provenance::real(report)) {
        writeln!(out, "- {}", sentence(&line))?;
    }
    let tool = &report.tool;
    writeln!(out, "- Made by {} {} for {}.\n", tool.name, tool.version, code(&report.settings.target))?;
    diagnostics(report, out)
}

fn overview(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## Packages\n")?;
    let rows = report.packages.iter().take(ROWS).map(|p| {
        let because = p.verdict.causes.first().map(|c| sentence(&c.detail)).unwrap_or_default();
        let kind = verdict(p.verdict.kind).to_owned();
        vec![code(&package_label(report, p)), number(p.lines), share(p.cost_share), kind, because]
    });
    table(out, &["package", "lines", "share of compile cost", "verdict", "because"], rows)?;
    more(report.packages.len(), out)
}

pub(super) fn more(all: usize, out: &mut dyn Write) -> io::Result<()> {
    match all.saturating_sub(ROWS) {
        0 => Ok(()),
        rest => writeln!(out, "… and {rest} more in the JSON report.\n"),
    }
}

fn write_package(package: &PackageReport, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## {}\n", code(&package.name))?;
    writeln!(out, "Verdict: **{}**.\n", verdict(package.verdict.kind))?;
    for cause in &package.verdict.causes {
        writeln!(out, "- {}", sentence(&words::sentence(&cause.detail)))?;
    }
    if package.verdict.kind == VerdictKind::MeasureFirst {
        writeln!(out, "- {}", sentence(&sentences::settle(package)))?;
    }
    writeln!(out)?;
    if let Some(plan) = &package.plan {
        write_plan(plan, out)?;
    }
    savings(&package.savings, out)?;
    frontier(&package.frontier, out)
}

pub(super) fn write_plan(plan: &PlanReport, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "### Crates, dependencies first\n")?;
    let codes = |names: &[String]| {
        let shown: Vec<_> = names.iter().take(ROWS).map(|n| code(n)).collect();
        let rest = names.len() - shown.len();
        let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
        if names.is_empty() { "–".to_owned() } else { shown.join(", ") + &more }
    };
    let rows = plan.crates.iter().map(|c| {
        let (lines, cost) = (number(c.lines), share(c.cost_share));
        vec![code(&c.name), lines, cost, codes(&c.modules), codes(&c.items), codes(&c.depends_on)]
    });
    table(out, &["crate", "lines", "cost", "modules", "items moved", "depends on"], rows)?;
    needs(plan, out)?;
    edits(plan, out)?;
    if !plan.visibility.is_empty() {
        writeln!(out, "### To be made visible\n")?;
        for w in plan.visibility.iter().take(ROWS) {
            let place = code(&format!("{}:{}", w.file, w.line));
            let of_tests = if w.tests_only { " of tests" } else { "" };
            writeln!(out, "- {} ({place}): {}{of_tests}", code(&w.item), counted(w.references, "reference"))?;
        }
        writeln!(out)?;
        more(plan.visibility.len(), out)?;
    }
    boundary::work(plan, out)?;
    if !plan.statics.is_empty() {
        writeln!(out, "### Statics used across a boundary\n")?;
        for s in plan.statics.iter().take(ROWS) {
            let place = code(&format!("{}:{}", s.file, s.line));
            writeln!(out, "- {} ({place}): {}", code(&s.item), counted(s.references, "reference"))?;
        }
        writeln!(out)?;
        more(plan.statics.len(), out)?;
    }
    if !plan.paths.is_empty() {
        writeln!(out, "### Paths to files that move\n")?;
        for p in plan.paths.iter().take(ROWS) {
            let place = code(&format!("{}:{}", p.file, p.line));
            writeln!(out, "- {} ({place}), to {}", code(&p.call), code(&p.krate))?;
        }
        writeln!(out)?;
        more(plan.paths.len(), out)?;
    }
    if let Some(note) = &plan.note {
        writeln!(out, "{}\n", sentence(note))?;
    }
    if !plan.blockers.is_empty() {
        writeln!(out, "### To be resolved by hand\n")?;
        for b in plan.blockers.iter().take(ROWS) {
            let place = code(&format!("{}:{}", b.file, b.line));
            writeln!(out, "- {} ({place}): {}", code(&b.item), sentence(&b.detail))?;
        }
        writeln!(out)?;
        more(plan.blockers.len(), out)?;
    }
    Ok(())
}

/// What the manifests of the new crates need of the old one's.
fn needs(plan: &PlanReport, out: &mut dyn Write) -> io::Result<()> {
    let named = |c: &&PlanCrateReport| !(c.residual || c.dependencies.is_empty() && c.features.is_empty());
    let crates: Vec<_> = plan.crates.iter().filter(named).collect();
    if crates.is_empty() {
        return Ok(());
    }
    writeln!(out, "### What their manifests need\n")?;
    for krate in crates {
        let dependencies = krate.dependencies.iter().map(|need| {
            let with = if need.features.is_empty() {
                String::new()
            } else {
                format!(" with {}", need.features.iter().map(|f| code(f)).collect::<Vec<_>>().join(", "))
            };
            let optional = if need.optional { " (optional)" } else { "" };
            let dev = if need.dev { " (for tests)" } else { "" };
            format!("{}{with}{optional}{dev}", code(&need.package))
        });
        let features = krate.features.iter().map(|feature| format!("feature {}", code(feature)));
        let all: Vec<_> = dependencies.chain(features).collect();
        writeln!(out, "- {}: {}", code(&krate.name), all.join("; "))?;
    }
    writeln!(out)
}

fn edits(plan: &PlanReport, out: &mut dyn Write) -> io::Result<()> {
    if plan.cuts.is_empty() {
        return Ok(());
    }
    writeln!(out, "### What has to come first\n")?;
    let rows = cutting(plan).take(ROWS).map(|(edit, first)| {
        let place = code(&format!("{}:{}", first.file, first.line));
        let what = format!("**{}**: {}", edit.kind, sentence(&edit.detail));
        let dependency = format!("{} → {}", code(&first.from), code(&first.to));
        vec![what, edit.cuts.len().to_string(), place, dependency]
    });
    table(out, &["what to do", "dependencies cut", "first at", "first dependency"], rows)?;
    more(cutting(plan).count(), out)
}

fn savings(savings: &[Saving], out: &mut dyn Write) -> io::Result<()> {
    if savings.is_empty() {
        return Ok(());
    }
    writeln!(out, "### Time\n")?;
    let rows = savings.iter().map(|s| {
        let saved = if s.significant {
            format!("{} ({})", percent(s.saved_pct.p50), percent_range(s.saved_pct))
        } else {
            "none above the noise".to_owned()
        };
        let what = scenario(s.scenario).to_owned();
        let (before, after) = (seconds(s.before_s.p50), seconds(s.after_s.p50));
        vec![what, format!("`{}`", s.mode.command()), s.jobs.to_string(), before, after, saved]
    });
    table(out, &["build", "command", "jobs", "before", "after", "saved (80 % interval)"], rows)
}

fn frontier(frontier: &[Candidate], out: &mut dyn Write) -> io::Result<()> {
    if frontier.is_empty() {
        return Ok(());
    }
    writeln!(out, "### Candidates, least effort first\n")?;
    let rows = frontier.iter().map(|c| {
        let mark = if c.recommended { "**recommended**" } else { "" };
        let counts = [c.crates, c.edits, c.cuts, c.cut_references, c.items_moved, c.visibility, c.blockers];
        let mut row: Vec<_> = counts.iter().map(u32::to_string).collect();
        row.extend([percent(c.clean_saved_pct), percent(c.edit_saved_pct), mark.to_owned()]);
        row
    });
    let header = [
        "crates",
        "changes",
        "cuts",
        "references cut",
        "items moved",
        "made visible",
        "blockers",
        "clean build saved",
        "edit saved",
        "",
    ];
    table(out, &header, rows)
}

fn levers(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let levers = sentences::levers(report);
    if levers.is_empty() {
        return Ok(());
    }
    writeln!(out, "## Cheaper than a split\n")?;
    for lever in levers {
        writeln!(out, "- {}", sentence(&lever))?;
    }
    writeln!(out)
}

fn deployed(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let Some(summary) = deploys::summary(report) else { return Ok(()) };
    writeln!(out, "## What commits deploy again\n\n{}\n", sentence(&summary))?;
    let (rows, left) = deploys::rows(report, ROWS);
    let named = rows.into_iter().map(|row| {
        let [name, rest @ ..] = &row[..] else { return row };
        std::iter::once(code(name)).chain(rest.iter().map(|text| markdown(text))).collect()
    });
    table(out, &deploys::header(report), named)?;
    more(left + ROWS, out)?;
    report.deploys.iter().try_for_each(|deploys| deploy_splits(deploys, out))
}

/// Packages whose split saves deploys, each with its cuts.
pub(super) fn deploy_splits(deploys: &DeploysReport, out: &mut dyn Write) -> io::Result<()> {
    let Some(summary) = deploys::splits(deploys) else { return Ok(()) };
    writeln!(out, "{}\n", sentence(&summary))?;
    let rows = deploys.splits.iter().map(|of| {
        let row = deploys::split_row(of);
        let [name, rest @ ..] = &row[..] else { return row };
        std::iter::once(code(name)).chain(rest.iter().map(|text| markdown(text))).collect()
    });
    table(out, &deploys::SPLIT_HEADER, rows)?;
    for of in deploys.splits.iter().filter(|of| !of.cuts.is_empty()) {
        writeln!(out, "To cut for {}:\n", code(&of.package))?;
        for cut in of.cuts.iter().take(ROWS) {
            let place = code(&format!("{}:{}", cut.file, cut.line));
            writeln!(out, "- {place}: {}", sentence(&cut.detail))?;
        }
        more(of.cuts.len(), out)?;
    }
    Ok(())
}

fn deployables(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    if report.deployables.is_empty() {
        return Ok(());
    }
    writeln!(out, "## Binaries and what they need\n")?;
    let binaries = || report.deployables.iter().filter(|d| d.kind == DeployableKind::Binary);
    let rows = binaries().take(ROWS).map(|d| {
        let (packages, modules) = (d.packages.len().to_string(), d.modules.len().to_string());
        let only = if d.auxiliary { " (for tests, fuzzing or examples)" } else { "" };
        vec![format!("{}{only}", code(&d.name)), code(&d.package), packages, modules, share(d.cost_share)]
    });
    table(out, &["binary", "package", "packages needed", "modules reached", "share of compile cost"], rows)?;
    more(binaries().count(), out)
}

fn diagnostics(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    if report.diagnostics.is_empty() {
        return Ok(());
    }
    writeln!(out, "## Trouble with the input\n")?;
    for d in report.diagnostics.iter().take(ROWS) {
        writeln!(out, "- {}", markdown(&d.to_string()))?;
    }
    writeln!(out)?;
    more(report.diagnostics.len(), out)
}
