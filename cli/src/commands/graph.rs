//! `graph`: who depends on whom.

use std::io::{self, Write};

use anyhow::bail;
use split_analyzer::report::{GraphPart, GraphReport, PICTURE_NODES};

use super::{options, say};
use crate::Exit;
use crate::args::{GraphArgs, GraphFormat, LevelArg};
use crate::diagnostics;
use crate::output::OutDir;
use crate::progress::Progress;
use crate::render::graph::{dot, graphml, mermaid};
use crate::render::json;
use crate::render::prose::pictures;

/// Draws the graph.
pub(crate) fn run(args: &GraphArgs) -> anyhow::Result<Exit> {
    if args.unresolved && args.format != GraphFormat::Json {
        bail!("--unresolved needs --format json: the other formats have no place for it");
    }
    if args.depth.is_some() && args.level != LevelArg::Module {
        bail!("--depth needs --level module: it folds modules into those above them");
    }
    let out_dir = args.out.as_ref().map(|dir| OutDir::new(dir, Some(&args.input.path))).transpose()?;
    let progress = Progress::start();
    let codebase = split_analyzer::read(&options(&args.input, progress.on_stage()))?;
    let package = args.package.as_deref().map(|name| codebase.package(name)).transpose()?;
    let part = GraphPart { package, depth: args.depth };
    let graph = codebase.part_of_graph(args.level.into(), part, args.unresolved);
    drop(progress);
    let drawn = matches!(args.format, GraphFormat::Dot | GraphFormat::Mermaid);
    if drawn && graph.nodes.len() > PICTURE_NODES {
        let smaller = codebase.smaller_pictures(args.level.into(), part);
        diagnostics::note(&pictures::too_large(graph.nodes.len(), &smaller));
    }
    let write = |out: &mut dyn Write| render(args.format, &graph, out);
    match &out_dir {
        Some(dir) => {
            dir.write(format!("graph.{}", extension(args.format)), write)?;
            say(&args.input, &codebase.diagnostics, |_| Ok(()))
        }
        None => say(&args.input, &codebase.diagnostics, write),
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
