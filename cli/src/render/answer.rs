//! The answers that come in every [`Format`], and the one place that picks the renderer.

use std::io::{self, Write};

use split_analyzer::cluster::{ClusterReport, NamedGraph};
use split_analyzer::gate::{CheckReport, all_findings, report_findings};
use split_analyzer::report::{
    ExplainReport, PageInput, Report, SimulationReport, WhatIfReport, plan_toml, recommended,
};

use super::notes::{Brief, confluence, jira, notion, slack};
use super::terminal::{Screen, columns};
use super::{findings, html, json, markdown, openmetrics, terminal};
use crate::args::{Format, ReportFormat};
use crate::output::OutDir;

/// A finished answer.
#[derive(Clone, Copy)]
pub(crate) enum Answer<'a> {
    /// Of `analyze`; as Markdown, the short form is asked for or not.
    Analysis { report: &'a Report, summary: bool },
    /// Of `explain`; every reference is asked for or not.
    Explanation { report: &'a ExplainReport, all: bool },
    /// Of `cluster`.
    Clusters { report: &'a ClusterReport, graph: &'a NamedGraph },
    /// Of `simulate`.
    Simulation(&'a SimulationReport),
    /// Of `what-if`.
    WhatIf(&'a WhatIfReport),
}

impl Answer<'_> {
    /// Writes it in the format.
    ///
    /// # Errors
    /// Those of the output.
    pub(crate) fn write(&self, format: Format, out: &mut dyn Write) -> io::Result<()> {
        match format {
            Format::Terminal => terminal::answer(self, &mut Screen::new(out, columns())),
            Format::Json => json::answer(self, out),
            Format::Markdown => markdown::answer(self, out),
        }
    }

    /// Writes the files of `--out`: one for each format that is a file, and what belongs to the answer beside it.
    ///
    /// # Errors
    /// Those of the files, by name.
    pub(crate) fn write_files(&self, dir: &OutDir) -> anyhow::Result<()> {
        for (format, extension) in [(Format::Json, "json"), (Format::Markdown, "md")] {
            dir.write(format!("{}.{extension}", self.stem()), |out| self.whole().write(format, out))?;
        }
        Ok(())
    }

    /// The same answer in full.
    fn whole(self) -> Self {
        match self {
            Answer::Analysis { report, .. } => Answer::Analysis { report, summary: false },
            other => other,
        }
    }

    /// The name of its files.
    fn stem(&self) -> &'static str {
        match self {
            Answer::Analysis { .. } => "report",
            Answer::Explanation { .. } => "explain",
            Answer::Clusters { .. } => "clusters",
            Answer::Simulation(_) => "simulation",
            Answer::WhatIf(_) => "what-if",
        }
    }
}

/// The answer of `analyze` in all its formats.
#[derive(Clone, Copy)]
pub(crate) struct Analysed<'a> {
    pub(crate) report: &'a Report,
    /// What a page shows beside the report; there where one is wanted.
    pub(crate) page: Option<&'a PageInput>,
    /// What a check of it has found: among the findings and the figures of the files.
    pub(crate) check: Option<&'a CheckReport>,
}

impl Analysed<'_> {
    /// Writes it; as Markdown, the short form is asked for or not.
    ///
    /// # Errors
    /// Those of the output.
    pub(crate) fn write(self, format: ReportFormat, summary: bool, out: &mut dyn Write) -> io::Result<()> {
        let Self { report, .. } = self;
        let answer = Answer::Analysis { report, summary };
        match format {
            ReportFormat::Terminal => answer.write(Format::Terminal, out),
            ReportFormat::Json => answer.write(Format::Json, out),
            ReportFormat::Markdown => answer.write(Format::Markdown, out),
            ReportFormat::Html => match self.page {
                Some(page) => html::page(report, page, out),
                None => Err(io::Error::other("a page was not prepared")),
            },
            ReportFormat::Sarif => findings::sarif(&report.tool, &report_findings(report), out),
            ReportFormat::Openmetrics => openmetrics::openmetrics(report, None, out),
            ReportFormat::Github => findings::annotations(&report_findings(report), out),
            ReportFormat::Gitlab => findings::code_quality(&report_findings(report), out),
            ReportFormat::Slack => slack(&Brief::new(report), out),
            ReportFormat::Jira => jira(&Brief::new(report), out),
            ReportFormat::Confluence => confluence(&Brief::new(report), out),
            ReportFormat::Notion => notion(&Brief::new(report), out),
        }
    }

    /// Writes the files of `--out`.
    ///
    /// # Errors
    /// Those of the files, by name.
    pub(crate) fn write_files(self, dir: &OutDir) -> anyhow::Result<()> {
        let Self { report, page, check } = self;
        Answer::Analysis { report, summary: false }.write_files(dir)?;
        if page.is_some() {
            dir.write("report.html", |out| self.write(ReportFormat::Html, false, out))?;
        }
        dir.write("summary.md", |out| markdown::summary(report, out))?;
        let found = all_findings(report, check);
        dir.write("report.sarif", |out| findings::sarif(&report.tool, &found, out))?;
        dir.write("metrics.txt", |out| openmetrics::openmetrics(report, check, out))?;
        if let Some(plan) = recommended(report).and_then(|package| plan_toml(report, package)) {
            dir.write("plan.toml", |out| out.write_all(plan.as_bytes()))?;
        }
        Ok(())
    }
}
