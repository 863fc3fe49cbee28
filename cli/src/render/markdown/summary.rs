//! The short form for a pull request: what matters first, details folded, and no more than a comment has room for.

use std::io::{self, Write};

use split_analyzer::plan::VerdictKind;
use split_analyzer::report::{PackageReport, PlanReport, Report, cutting, package_label};

use super::super::escape::code;
use super::sentence;
use crate::render::prose::words::{
    counted, end_cut, number, percent, percent_range, scenario, seconds, share, verdict,
};
use crate::render::prose::{kept, provenance, sentences, work};

/// Bytes of the whole. A choice: a comment of a screen, far below what any forge takes.
const MOST: usize = 4_000;
/// Characters of a sentence, and of a name in a cell: ours are shorter, a repository's names need not be.
const SENTENCE: usize = 500;
const NAME: usize = 80;
/// Crates and packages that are listed.
const CRATES: usize = 8;
const PACKAGES: usize = 10;
/// Pieces of work.
const EDITS: usize = 8;

/// Writes the summary: less than four thousand bytes, whatever the repository's names are.
pub(crate) fn summary(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { text: String::new() };
    page.line(&format!("**{}**\n\n", short(&sentences::headline(report))));
    let first = report.packages.first();
    if let Some((package, plan)) = first.and_then(|p| Some((p, p.plan.as_ref()?))) {
        if package.verdict.kind == VerdictKind::Keep {
            page.line("What a split would look like all the same:\n\n");
        }
        savings(package, &mut page);
        page.line(&format!("Work: {}.\n\n", short(&work::in_short(plan))));
        crates(plan, &mut page);
        edits(plan, &mut page);
    }
    packages(report, &mut page);
    let helps = sentences::levers(report);
    page.folded("What helps without a split", "", helps.iter().map(|lever| format!("- {}\n", short(lever))));
    let figures = provenance::provenance(report).into_iter().chain(provenance::real(report));
    page.folded("How the figures come about", "", figures.map(|line| format!("- {}\n", short(&line))));
    if let Some(trouble) = sentences::diagnostics(report) {
        page.line(&format!("{}\n", short(&trouble)));
    }
    out.write_all(page.text.as_bytes())
}

fn savings(package: &PackageReport, page: &mut Page) {
    let rows = package.savings.iter().filter(|saving| saving.significant).map(|s| {
        format!(
            "| {}, `{}` | {} | {} | {} ({}) |\n",
            scenario(s.scenario),
            s.mode.command(),
            seconds(s.before_s.p50),
            seconds(s.after_s.p50),
            percent(s.saved_pct.p50),
            percent_range(s.saved_pct)
        )
    });
    let rows: String = rows.collect();
    if rows.is_empty() {
        page.line("No build gets faster by more than the noise.\n\n");
    } else {
        page.line(&format!(
            "| build | before | after | saved (80 % interval) |\n| --- | --- | --- | --- |\n{rows}\n"
        ));
    }
}

fn crates(plan: &PlanReport, page: &mut Page) {
    let row = |krate: &split_analyzer::report::PlanCrateReport| {
        let lists = [&krate.modules, &krate.depends_on].map(|names| few(names));
        format!(
            "| {} | {} | {} | {} | {} |\n",
            name(&krate.name),
            number(krate.lines),
            share(krate.cost_share),
            lists[0],
            lists[1]
        )
    };
    let head = "| crate | lines | cost | modules | depends on |\n| --- | --- | --- | --- | --- |\n";
    page.folded(
        &format!("{}, dependencies first", counted(plan.crates.len() as u64, "crate")),
        head,
        listed(&plan.crates, CRATES, row),
    );
}

fn edits(plan: &PlanReport, page: &mut Page) {
    let edits: Vec<_> = cutting(plan).collect();
    let row =
        |(edit, first): &(&split_analyzer::report::PlanEditReport, &split_analyzer::report::CutReport)| {
            format!("- {}: {}\n", name(&format!("{}:{}", first.file, first.line)), short(&edit.detail))
        };
    page.folded("What has to come first", "", listed(&edits, EDITS, row));
}

fn packages(report: &Report, page: &mut Page) {
    let row = |package: &PackageReport| {
        let kind = verdict(package.verdict.kind);
        let because = match package.verdict.kind {
            VerdictKind::Keep => kept::because(package),
            _ => package.verdict.causes.first().map(|cause| cause.detail.clone()).unwrap_or_default(),
        };
        let cost = share(package.cost_share);
        format!("| {} | {cost} | {kind} | {} |\n", name(&package_label(report, package)), short(&because))
    };
    let head = "| package | cost | verdict | because |\n| --- | --- | --- | --- |\n";
    page.folded(
        &counted(report.packages.len() as u64, "package"),
        head,
        listed(&report.packages, PACKAGES, row),
    );
}

/// The first of a list, and how many are left.
fn listed<T>(all: &[T], most: usize, row: impl Fn(&T) -> String) -> impl Iterator<Item = String> {
    let more = all.len().saturating_sub(most);
    let rest = (more > 0).then(|| format!("\n… and {more} more in the JSON report.\n"));
    all.iter().take(most).map(row).chain(rest).collect::<Vec<_>>().into_iter()
}

fn few(names: &[String]) -> String {
    const NAMED: usize = 3;
    let shown: Vec<String> = names.iter().take(NAMED).map(|one| name(one)).collect();
    let more = names.len().saturating_sub(NAMED);
    let rest = if more > 0 { format!(" (+{more})") } else { String::new() };
    if shown.is_empty() { "–".to_owned() } else { shown.join(", ") + &rest }
}

fn name(text: &str) -> String {
    code(&end_cut(text, NAME))
}

/// A sentence of ours, escaped; nothing of it stays open where it is cut.
fn short(text: &str) -> String {
    sentence(&end_cut(text, SENTENCE))
}

/// What is written so far: no part goes beyond [`MOST`].
struct Page {
    text: String,
}

impl Page {
    fn fits(&self, more: usize) -> bool {
        self.text.len() + more < MOST
    }

    /// All or nothing.
    fn line(&mut self, text: &str) {
        if self.fits(text.len()) {
            self.text.push_str(text);
        }
    }

    /// A part that is shown on a click, with as many rows as there is room for; left out without any.
    fn folded(&mut self, title: &str, head: &str, rows: impl Iterator<Item = String>) {
        const END: &str = "\n</details>\n\n";
        const CUT: &str = "\n… and more in the JSON report.\n";
        let mut part = format!("<details><summary>{title}</summary>\n\n{head}");
        let empty = part.len();
        for row in rows {
            if !self.fits(part.len() + row.len() + CUT.len() + END.len()) {
                part.push_str(CUT);
                break;
            }
            part.push_str(&row);
        }
        part.push_str(END);
        if part.len() > empty + END.len() && self.fits(part.len()) {
            self.text.push_str(&part);
        }
    }
}
