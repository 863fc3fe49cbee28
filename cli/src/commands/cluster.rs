//! `cluster`: clusters of any graph.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use anyhow::Context;
use split_analyzer::Error;
use split_analyzer::cluster::{ClusterOptions, ClusterReport, NamedGraph, cluster, parse};

use crate::Exit;
use crate::args::{ClusterArgs, Format};
use crate::output::{to_file, to_stdout};
use crate::render::{json, markdown, terminal};

/// Reads the graph and clusters it.
pub(crate) fn run(args: &ClusterArgs) -> anyhow::Result<Exit> {
    let graph = read(&args.graph)?;
    let options = ClusterOptions {
        acyclic: args.acyclic,
        resolution: args.resolution,
        count: args.count.map(|n| n.get() as usize),
        seed: args.seed,
        ..ClusterOptions::default()
    };
    let report = ClusterReport::new(&graph, &cluster(&graph.graph, &options));
    if let Some(dir) = &args.out {
        to_file(dir, "clusters.json", |out| json::write_compact(&report, out))?;
        to_file(dir, "clusters.md", |out| markdown::clusters(&report, out))?;
    }
    to_stdout(|out| match args.format {
        Format::Terminal => terminal::clusters(&report, &graph, out),
        Format::Json => json::write_compact(&report, out),
        Format::Markdown => markdown::clusters(&report, out),
    })?;
    Ok(Exit::Done)
}

fn read(path: &Path) -> anyhow::Result<NamedGraph> {
    let (name, text) = if path == Path::new("-") {
        let mut text = String::new();
        (Path::new("<stdin>"), io::stdin().read_to_string(&mut text).map(|_| text))
    } else {
        (path, fs::read_to_string(path))
    };
    let text = text.with_context(|| format!("cannot read {}", name.display()))?;
    parse(&text).map_err(|error| match error {
        Error::InvalidInput { line, message, .. } => {
            Error::InvalidInput { path: name.to_path_buf(), line, message }.into()
        }
        other => other.into(),
    })
}
