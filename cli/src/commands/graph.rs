//! `graph`: who depends on whom.

use std::io::{self, Write};

use anyhow::bail;
use split_analyzer::report::GraphReport;

use super::{answer, options};
use crate::Exit;
use crate::args::{GraphArgs, GraphFormat};
use crate::output::OutDir;
use crate::progress::Progress;
use crate::render::graph::{dot, graphml, mermaid};
use crate::render::json;

/// Draws the graph.
pub(crate) fn run(args: &GraphArgs) -> anyhow::Result<Exit> {
    if args.unresolved && args.format != GraphFormat::Json {
        bail!("--unresolved needs --format json: the other formats have no place for it");
    }
    let out_dir = args.out.as_ref().map(|dir| OutDir::new(dir, Some(&args.input.path))).transpose()?;
    let progress = Progress::start();
    let codebase = split_analyzer::read(&options(&args.input, progress.on_stage()))?;
    let graph = codebase.graph_report(args.level.into(), args.unresolved);
    drop(progress);
    let write = |out: &mut dyn Write| render(args.format, &graph, out);
    match &out_dir {
        Some(dir) => {
            dir.write(format!("graph.{}", extension(args.format)), write)?;
            answer(&args.input, &codebase.diagnostics, |_| Ok(()))
        }
        None => answer(&args.input, &codebase.diagnostics, write),
    }
}

fn render(format: GraphFormat, graph: &GraphReport, out: &mut dyn Write) -> io::Result<()> {
    match format {
        GraphFormat::Json => json::write_compact(graph, out),
        GraphFormat::Dot => dot::write(graph, out),
        GraphFormat::Mermaid => mermaid::write(graph, out),
        GraphFormat::Graphml => graphml::write(graph, out),
    }
}

fn extension(format: GraphFormat) -> &'static str {
    match format {
        GraphFormat::Json => "json",
        GraphFormat::Dot => "dot",
        GraphFormat::Mermaid => "mmd",
        GraphFormat::Graphml => "graphml",
    }
}
