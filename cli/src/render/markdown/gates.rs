//! `check`, `diff` and `trend` for a pull request: always shorter than a comment may be.

use std::io::{self, Write};

use split_analyzer::gate::{Change, CheckReport, DiffReport, Finding, TrendReport};

use super::super::escape::code;
use super::{sentence, table};
use crate::render::prose::gates::{
    GATE_HEADER, asked, build_change, diff_headline, figure_causes, figure_rows, gate_row, headline,
    replayed, trend_rows, trend_terms, verdict_rows, way_out,
};
use crate::render::prose::words::end_cut;

/// "Body is too long (maximum is 65536 characters)" (GitHub, of comments). What stands around the lists takes less than the rest.
pub(crate) const MOST: usize = 60_000;
/// Findings that a comment shows at once, and on a click: who has more looks at the report.
const OPEN: usize = 10;
const FOLDED: usize = 90;
/// Characters of a sentence: ours are shorter, a repository's names need not be.
const SENTENCE: usize = 1_000;

/// Writes how the check ended, then what is new.
pub(crate) fn check(report: &CheckReport, allow_degraded: bool, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::default();
    page.add(&format!("**{}**\n\n", short(&headline(report, allow_degraded))));
    for lack in &report.degraded {
        page.add(&format!("Degraded: {}\n\n", short(&lack.message)));
    }
    if let Some(way_out) = way_out(report) {
        page.add(&format!("{}\n\n", short(&way_out)));
    }
    let mut gates = Vec::new();
    table(&mut gates, &GATE_HEADER, asked(report).map(gate_row))?;
    page.add(&String::from_utf8_lossy(&gates));
    let new: Vec<&Finding> = report.new_findings().collect();
    let (open, folded) = new.split_at(new.len().min(OPEN));
    page.rows("", open.iter().map(|finding| row(finding)));
    if !folded.is_empty() {
        let shown = &folded[..folded.len().min(FOLDED)];
        page.add(&format!("\n<details><summary>{} more</summary>\n\n", folded.len()));
        page.rows("", shown.iter().map(|finding| row(finding)));
        if folded.len() > shown.len() {
            page.add(&format!("\n… and {} more in the report.\n", folded.len() - shown.len()));
        }
        page.add("\n</details>\n");
    }
    out.write_all(page.text.as_bytes())
}

fn row(finding: &Finding) -> String {
    let place = code(&format!("{}:{}", end_cut(&finding.file, SENTENCE), finding.line));
    let because = finding.reason.as_ref().map(|reason| format!(" ({})", short(reason))).unwrap_or_default();
    format!("- {} {place}: {}{because}\n", finding.lint.name(), short(&finding.message))
}

/// Writes what differs.
pub(crate) fn diff(report: &DiffReport, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::default();
    page.add(&format!("**{}**\n\n", short(&diff_headline(report))));
    for cause in &report.not_the_code {
        page.add(&format!("Not of the code: {}\n\n", short(cause)));
    }
    let escaped = |cells: Vec<String>| cells.iter().map(|cell| short(cell)).collect::<Vec<_>>();
    let rows = figure_rows(report);
    if !rows.is_empty() {
        let mut figures = Vec::new();
        table(&mut figures, &["figure", "before", "after"], rows.into_iter().map(escaped))?;
        page.add(&String::from_utf8_lossy(&figures));
        page.rows("\n", figure_causes(report).iter().map(|cause| format!("- {}\n", short(cause))));
        page.add(&replayed(report).map(|said| format!("\n{}\n", short(&said))).unwrap_or_default());
    }
    let verdicts =
        verdict_rows(report).into_iter().map(|cells| format!("| {} |\n", escaped(cells).join(" | ")));
    let head = "| package | before | after | because |\n| --- | --- | --- | --- |\n";
    page.rows(if report.verdicts.is_empty() { "" } else { head }, verdicts);
    page.rows(
        "\n",
        report.notable_builds().into_iter().map(|change| format!("- {}\n", short(&build_change(change)))),
    );
    let word = |change: Change| if change == Change::Gained { "gained" } else { "lost" };
    let services = report.services.iter();
    page.rows(
        "",
        services.map(|service| format!("- program {} {}\n", word(service.change), code(&service.name))),
    );
    let needs = report.needs.iter().map(|need| {
        let what = if need.of_packages { "package" } else { "module" };
        let cycle = match (need.closes_cycle, need.change) {
            (false, _) => "",
            (true, Change::Gained) => ", which closes a cycle",
            (true, Change::Lost) => ", which closed a cycle",
        };
        format!("- {what}: {} {} → {}{cycle}\n", word(need.change), code(&need.from), code(&need.to))
    });
    if !report.needs.is_empty() {
        page.add("\n<details><summary>Dependencies gained and lost</summary>\n\n");
        page.rows("", needs);
        page.add("\n</details>\n");
    }
    out.write_all(page.text.as_bytes())
}

/// Writes the table.
pub(crate) fn trend(report: &TrendReport, out: &mut dyn Write) -> io::Result<()> {
    let (header, rows) = trend_rows(report);
    table(out, &header, rows.into_iter().map(|cells| cells.iter().map(|cell| short(cell)).collect()))?;
    writeln!(out, "{}", short(&trend_terms(report)))
}

/// A sentence of ours, escaped.
fn short(text: &str) -> String {
    sentence(&end_cut(text, SENTENCE))
}

/// What is written so far.
#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    /// Few and short: there is always room.
    fn add(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// As many rows as there is room for.
    fn rows(&mut self, head: &str, rows: impl Iterator<Item = String>) {
        self.add(head);
        for (at, row) in rows.enumerate() {
            if self.text.len() + row.len() > MOST {
                self.add(if at == 0 {
                    "… too long for a comment.\n"
                } else {
                    "\n… and more in the report.\n"
                });
                return;
            }
            self.add(&row);
        }
    }
}
