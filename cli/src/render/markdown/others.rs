//! The answers of `explain`, `simulate` and `cluster`.

use std::io::{self, Write};

use split_analyzer::cluster::{ClusterReport, NodeKey};
use split_analyzer::report::{ExplainReport, ModuleReferences, SimulationReport};

use super::super::escape::code;
use super::{sentence, table};
use crate::render::prose::sentences::explain_headline;
use crate::render::prose::simulation::{
    critical_path, enough_jobs, running_tests, simulation_headline, simulation_source, simulation_terms,
};
use crate::render::prose::words::{scenario, seconds, sentence as sentence_of};

/// Writes every reference.
pub(crate) fn explanation(report: &ExplainReport, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "**{}**\n", sentence(&explain_headline(report)))?;
    if report.modules.len() > 1 {
        let row = |pair: &ModuleReferences| {
            let (references, tests) = (pair.references.to_string(), pair.tests.to_string());
            vec![
                code(&pair.from),
                code(&pair.to),
                references,
                tests,
                code(&format!("{}:{}", pair.file, pair.line)),
            ]
        };
        let header = ["from module", "to module", "references", "of these in tests", "first at"];
        table(out, &header, report.modules.iter().map(row))?;
    }
    let places = report.references.iter().chain(&report.chain);
    let rows: Vec<_> = places
        .map(|p| {
            let place = code(&format!("{}:{}", p.file, p.line));
            let test = if p.test { "test" } else { "" };
            vec![place, code(&p.from), code(&p.to), p.kind.name().to_owned(), test.to_owned()]
        })
        .collect();
    if !rows.is_empty() {
        table(out, &["place", "from", "to", "kind", ""], rows)?;
    }
    let taken = report.names_taken.iter().map(|name| {
        let test = if name.test { "test" } else { "" };
        vec![
            code(&format!("{}:{}", name.file, name.line)),
            code(&name.from),
            code(&name.module),
            test.to_owned(),
        ]
    });
    if taken.len() == 0 { Ok(()) } else { table(out, &["place", "from", "takes a name from", ""], taken) }
}

/// Writes every build.
pub(crate) fn simulation(report: &SimulationReport, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "**{}**\n", sentence(&simulation_headline(report)))?;
    let rows = report.builds.iter().map(|b| {
        let wall = b.makespan_s;
        vec![
            code(&b.workspace),
            scenario(b.scenario).to_owned(),
            format!("`{}`", b.mode.command()),
            b.jobs.to_string(),
            seconds(wall.p50),
            format!("{} to {}", seconds(wall.p10), seconds(wall.p90)),
            seconds(b.work_s),
        ]
    });
    let header = ["workspace", "build", "command", "jobs", "wall time", "80 % interval", "core seconds"];
    table(out, &header, rows)?;
    if let Some(path) = critical_path(report) {
        writeln!(out, "Critical path: {}\n", sentence(&path))?;
    }
    for said in [enough_jobs(report), simulation_terms(report), running_tests(report)].into_iter().flatten() {
        writeln!(out, "{}\n", sentence(&sentence_of(&said)))?;
    }
    writeln!(out, "{}", sentence(&simulation_source(report)))
}

/// Writes the clusters, dependents first.
pub(crate) fn clusters(report: &ClusterReport, out: &mut dyn Write) -> io::Result<()> {
    let m = &report.metrics;
    let shape = if m.acyclic { "a DAG" } else { "with cycles" };
    writeln!(
        out,
        "{} clusters, {shape}; modularity {:.3}, {:.1} % of weight between clusters, {:.1} % against the order.\n",
        report.clusters.len(),
        m.modularity,
        m.cut_share * 100.0,
        m.back_edge_share * 100.0
    )?;
    let id = |key: &NodeKey| match key {
        NodeKey::Number(n) => n.to_string(),
        NodeKey::Text(text) => text.clone(),
    };
    let rows = report.order.iter().filter_map(|&i| report.clusters.get(i as usize).map(|c| (i, c))).map(
        |(i, cluster)| {
            let ids = || cluster.iter().map(|key| code(&id(key))).collect();
            let named = report.names.get(i as usize);
            let names: Vec<String> = named.map_or_else(ids, |names| names.iter().map(|n| code(n)).collect());
            vec![i.to_string(), cluster.len().to_string(), names.join(", ")]
        },
    );
    table(out, &["cluster", "nodes", "names"], rows)
}
