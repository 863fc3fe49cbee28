//! `cluster`: clusters of any graph.

use std::io;
use std::path::Path;

use anyhow::Context;
use split_analyzer::Error;
use split_analyzer::base::read::{read_given_text, read_stream, text};
use split_analyzer::cluster::{ClusterOptions, ClusterReport, NamedGraph, cluster, parse};

use crate::Exit;
use crate::args::{ClusterArgs, Limits};
use crate::output::{OutDir, to_stdout};
use crate::render::answer::Answer;

/// Reads the graph and clusters it.
pub(crate) fn run(args: &ClusterArgs) -> anyhow::Result<Exit> {
    let out_dir = args.out.as_ref().map(|dir| OutDir::new(dir, None)).transpose()?;
    let graph = read(&args.graph, &args.limits)?;
    let options = ClusterOptions {
        acyclic: args.acyclic,
        resolution: args.resolution,
        count: args.count.map(|n| n.get() as usize),
        seed: args.seed,
        ..ClusterOptions::default()
    };
    let report = ClusterReport::new(&graph, &cluster(&graph.graph, &options));
    let answered = Answer::Clusters { report: &report, graph: &graph };
    if let Some(dir) = &out_dir {
        answered.write_files(dir)?;
    }
    to_stdout(|out| answered.write(args.format, out))?;
    Ok(Exit::Done)
}

fn read(path: &Path, limits: &Limits) -> anyhow::Result<NamedGraph> {
    let (name, text) = if path == Path::new("-") {
        (Path::new("<stdin>"), read_stream(io::stdin().lock(), limits.given()).and_then(text))
    } else {
        (path, read_given_text(path, limits.given()))
    };
    let text = text.map_err(io::Error::from).with_context(|| format!("cannot read {}", name.display()))?;
    parse(&text).map_err(|error| match error {
        Error::InvalidInput { line, message, .. } => {
            Error::InvalidInput { path: name.to_path_buf(), line, message }.into()
        }
        other => other.into(),
    })
}
