//! An answer in the format that is asked for: the one place that says which formats there are, and which file each goes to.

use std::io::{self, Write};

use serde::Serialize;
use split_analyzer::cluster::{ClusterReport, NamedGraph};
use split_analyzer::report::{ExplainReport, Report, SimulationReport, WhatIfReport};

use super::{json, markdown, terminal};
use crate::args::Format;
use crate::output::OutDir;

/// What a command answers with.
pub(crate) trait Answer {
    /// Its files' name, without what says their format.
    const FILE: &'static str;
    fn terminal(&self, out: &mut dyn Write) -> io::Result<()>;
    fn markdown(&self, out: &mut dyn Write) -> io::Result<()>;
    fn json(&self, out: &mut dyn Write) -> io::Result<()>;
}

/// Writes an answer in one format.
pub(crate) fn write(answer: &impl Answer, format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Terminal => answer.terminal(out),
        Format::Json => answer.json(out),
        Format::Markdown => answer.markdown(out),
    }
}

/// Writes the files of `--out`.
pub(crate) fn write_files<A: Answer>(answer: &A, dir: &OutDir) -> anyhow::Result<()> {
    dir.write(format!("{}.json", A::FILE), |out| answer.json(out))?;
    dir.write(format!("{}.md", A::FILE), |out| answer.markdown(out))
}

/// An answer whose JSON is the library's report.
macro_rules! answers {
    ($($report:ty => $file:literal, $terminal:path, $markdown:path;)*) => {$(
        impl Answer for $report {
            const FILE: &'static str = $file;
            fn terminal(&self, out: &mut dyn Write) -> io::Result<()> {
                $terminal(self, out)
            }
            fn markdown(&self, out: &mut dyn Write) -> io::Result<()> {
                $markdown(self, out)
            }
            fn json(&self, out: &mut dyn Write) -> io::Result<()> {
                json::write(self, out)
            }
        }
    )*};
}

answers! {
    Report => "report", terminal::analysis, markdown::analysis;
    WhatIfReport => "what-if", terminal::what_if, markdown::what_if;
    SimulationReport => "simulation", terminal::simulation, markdown::simulation;
    ExplainReport => "explain", terminal::explanation, markdown::explanation;
}

/// Clusters with the graph that they are of.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct Clusters<'a> {
    pub(crate) report: &'a ClusterReport,
    #[serde(skip)]
    pub(crate) graph: &'a NamedGraph,
}

impl Answer for Clusters<'_> {
    const FILE: &'static str = "clusters";
    fn terminal(&self, out: &mut dyn Write) -> io::Result<()> {
        terminal::clusters(self.report, self.graph, out)
    }
    fn markdown(&self, out: &mut dyn Write) -> io::Result<()> {
        markdown::clusters(self.report, out)
    }
    fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        json::write_compact(self, out)
    }
}
