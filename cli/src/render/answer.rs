//! The answers that come in every [`Format`], and the one place that picks the renderer.

use std::io::{self, Write};

use split_analyzer::cluster::{ClusterReport, NamedGraph};
use split_analyzer::report::{
    ExplainReport, PageInput, Report, SimulationReport, WhatIfReport, plan_toml, recommended,
};

use super::terminal::{Screen, columns};
use super::{html, json, markdown, terminal};
use crate::args::Format;
use crate::output::OutDir;

/// Said where a page of another answer is asked for.
const NO_PAGE: &str = "there is a page of `analyze` alone: take another --format";

/// A finished answer.
#[derive(Clone, Copy)]
pub(crate) enum Answer<'a> {
    /// Of `analyze`; as Markdown, the short form is asked for or not. What a page needs is there where one is asked for.
    Analysis { report: &'a Report, summary: bool, page: Option<&'a PageInput> },
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
            Format::Html => match *self {
                Answer::Analysis { report, page: Some(page), .. } => html::page(report, page, out),
                _ => Err(io::Error::new(io::ErrorKind::Unsupported, NO_PAGE)),
            },
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
        let Answer::Analysis { report, page, .. } = *self else { return Ok(()) };
        if page.is_some() {
            dir.write("report.html", |out| self.write(Format::Html, out))?;
        }
        dir.write("summary.md", |out| markdown::summary(report, out))?;
        if let Some(plan) = recommended(report).and_then(|package| plan_toml(report, package)) {
            dir.write("plan.toml", |out| out.write_all(plan.as_bytes()))?;
        }
        Ok(())
    }

    /// The same answer in full.
    fn whole(self) -> Self {
        match self {
            Answer::Analysis { report, page, .. } => Answer::Analysis { report, summary: false, page },
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
