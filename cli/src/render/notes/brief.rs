//! What such a note says, once for all receivers: texts as they are, names in them between backquotes.

use split_analyzer::plan::VerdictKind;
use split_analyzer::report::{PackageReport, PlanReport, Report, cutting, package_label};

use crate::render::prose::words::{
    clean, counted, end_cut, listed, number, percent, percent_range, scenario, seconds, share, verdict,
};
use crate::render::prose::{commits, deploys, kept, provenance, sentences, work};

/// Characters of a sentence, and of a cell: ours are shorter, a repository's names need not be.
const SENTENCE: usize = 600;
const CELL: usize = 200;
/// Rows of a table: what people read in a note.
const ROWS: usize = 20;

/// A note in parts.
pub(crate) struct Brief {
    /// What matters, in one sentence.
    pub(crate) headline: String,
    pub(crate) parts: Vec<Part>,
}

/// A part of a note, most important first.
pub(crate) enum Part {
    /// A title for what follows.
    Heading(String),
    /// A sentence.
    Text(String),
    /// Sentences.
    List(Vec<String>),
    /// A header and rows of as many cells.
    Table(Vec<&'static str>, Vec<Vec<String>>),
}

impl Brief {
    /// Of a report.
    pub(crate) fn new(report: &Report) -> Self {
        let mut brief = Self { headline: text(&sentences::headline(report), SENTENCE), parts: Vec::new() };
        let first = report.packages.first();
        if let Some((package, plan)) = first.and_then(|package| Some((package, package.plan.as_ref()?))) {
            brief.savings(package);
            brief.text(&format!("Work: {}.", work::in_short(plan)));
            brief.crates(plan);
            brief.edits(plan);
        }
        brief.packages(report);
        brief.list("What helps without a split", sentences::levers(report));
        let paces = [commits::summary(report), deploys::summary(report)];
        brief.list("Commits and deploys", paces.into_iter().flatten());
        let figures = provenance::provenance(report).into_iter().chain(provenance::real(report));
        brief.list("How the figures come about", figures);
        if let Some(trouble) = sentences::diagnostics(report) {
            brief.text(&trouble);
        }
        brief
    }

    fn text(&mut self, said: &str) {
        self.parts.push(Part::Text(text(said, SENTENCE)));
    }

    fn list(&mut self, title: &str, items: impl IntoIterator<Item = String>) {
        let items: Vec<String> = items.into_iter().take(ROWS).map(|item| text(&item, SENTENCE)).collect();
        if !items.is_empty() {
            self.parts.push(Part::Heading(title.to_owned()));
            self.parts.push(Part::List(items));
        }
    }

    fn table<T>(
        &mut self,
        title: &str,
        header: Vec<&'static str>,
        all: &[T],
        row: impl Fn(&T) -> Vec<String>,
    ) {
        if all.is_empty() {
            return;
        }
        self.parts.push(Part::Heading(title.to_owned()));
        let cut = |cells: Vec<String>| cells.iter().map(|cell| text(cell, CELL)).collect();
        self.parts.push(Part::Table(header, all.iter().take(ROWS).map(|one| cut(row(one))).collect()));
        if all.len() > ROWS {
            self.parts.push(Part::Text(format!("… and {} more in the report.", all.len() - ROWS)));
        }
    }

    fn savings(&mut self, package: &PackageReport) {
        let real: Vec<_> = package.savings.iter().filter(|saving| saving.significant).collect();
        if real.is_empty() {
            return self.text("No build gets faster by more than the noise.");
        }
        self.table("Builds", vec!["build", "before", "after", "saved (80 % interval)"], &real, |s| {
            vec![
                format!("{}, `{}`", scenario(s.scenario), s.mode.command()),
                seconds(s.before_s.p50),
                seconds(s.after_s.p50),
                format!("{} ({})", percent(s.saved_pct.p50), percent_range(s.saved_pct)),
            ]
        });
    }

    fn crates(&mut self, plan: &PlanReport) {
        let title = format!("{}, dependencies first", counted(plan.crates.len() as u64, "crate"));
        self.table(&title, vec!["crate", "lines", "cost", "modules", "depends on"], &plan.crates, |krate| {
            let lists = [&krate.modules, &krate.depends_on]
                .map(|names| if names.is_empty() { "–".to_owned() } else { listed(names, 3) });
            let [modules, needs] = lists;
            vec![format!("`{}`", krate.name), number(krate.lines), share(krate.cost_share), modules, needs]
        });
    }

    fn edits(&mut self, plan: &PlanReport) {
        let edits =
            cutting(plan).map(|(edit, first)| format!("`{}:{}`: {}", first.file, first.line, edit.detail));
        self.list("What has to come first", edits);
    }

    fn packages(&mut self, report: &Report) {
        let title = counted(report.packages.len() as u64, "package");
        let header = vec!["package", "cost", "verdict", "because"];
        self.table(&title, header, &report.packages, |package| {
            let because = match package.verdict.kind {
                VerdictKind::Keep => kept::because(package),
                _ => package.verdict.causes.first().map(|cause| cause.detail.clone()).unwrap_or_default(),
            };
            let name = format!("`{}`", package_label(report, package));
            vec![name, share(package.cost_share), verdict(package.verdict.kind).to_owned(), because]
        });
    }
}

fn text(said: &str, most: usize) -> String {
    end_cut(&clean(said), most)
}

/// The pieces of a text, and whether each is a name that stood between backquotes.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let closed = text.matches('`').count() / 2 * 2;
    text.split('`')
        .enumerate()
        .map(move |(at, piece)| (piece, at % 2 == 1 && at < closed))
        .filter(|(p, _)| !p.is_empty())
}
