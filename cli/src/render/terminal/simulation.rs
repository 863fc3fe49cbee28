//! The answer of `simulate`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use split_analyzer::cost::Mode;
use split_analyzer::plan::Scenario;
use split_analyzer::report::{SimulatedBuild, SimulationReport};

use super::{BOLD, Rows, Screen, labelled, paragraph};
use crate::render::prose::simulation::{
    critical_path, enough_jobs, running_tests, simulation_headline, simulation_source, simulation_terms,
};
use crate::render::prose::words::{clean, counted, scenario, seconds, sentence};

/// Workspaces that are shown.
const WORKSPACES: usize = 3;

/// Writes wall times, a row for each kind of build, a column for each number of jobs.
pub(crate) fn simulation(report: &SimulationReport, out: &mut Screen<'_>) -> io::Result<()> {
    paragraph(out, 0, BOLD, &simulation_headline(report))?;
    let mut workspaces: BTreeMap<&str, Vec<&SimulatedBuild>> = BTreeMap::new();
    for build in &report.builds {
        workspaces.entry(&build.workspace).or_default().push(build);
    }
    let many = workspaces.len() > 1;
    let work = |builds: &[&SimulatedBuild]| builds.iter().map(|b| b.work_s).fold(0.0, f64::max);
    let mut largest_first: Vec<_> = workspaces.iter().collect();
    largest_first.sort_by(|a, b| work(b.1).total_cmp(&work(a.1)));
    for (dir, builds) in largest_first.into_iter().take(WORKSPACES) {
        writeln!(out)?;
        if many {
            writeln!(out, "{BOLD}{}{BOLD:#}", clean(dir))?;
        }
        table(builds, out)?;
    }
    if workspaces.len() > WORKSPACES {
        let more = counted((workspaces.len() - WORKSPACES) as u64, "more workspace");
        writeln!(out, "… and {more}, see --format json")?;
    }
    writeln!(out)?;
    if let Some(path) = critical_path(report) {
        labelled(out, "Critical path", &path)?;
    }
    if let Some(jobs) = enough_jobs(report) {
        labelled(out, "Jobs", &sentence(&jobs))?;
    }
    if let Some(terms) = simulation_terms(report) {
        labelled(out, "Edits", &terms)?;
    }
    if let Some(tests) = running_tests(report) {
        labelled(out, "Tests", &sentence(&tests))?;
    }
    labelled(out, "Figures", &simulation_source(report))
}

fn table(builds: &[&SimulatedBuild], out: &mut Screen<'_>) -> io::Result<()> {
    let mut rows: BTreeMap<(Scenario, Mode), BTreeMap<u32, &SimulatedBuild>> = BTreeMap::new();
    for build in builds {
        rows.entry((build.scenario, build.mode)).or_default().insert(build.jobs, build);
    }
    let mut jobs: Vec<u32> = builds.iter().map(|b| b.jobs).collect();
    jobs.sort_unstable();
    jobs.dedup();
    let heads: Vec<String> = jobs.iter().map(|&j| counted(j, "job")).collect();
    let mut header = vec!["build", "units", "core seconds"];
    header.extend(heads.iter().map(String::as_str));
    let cells = rows.iter().map(|(&(what, mode), by_jobs)| {
        let any = by_jobs.values().next();
        let mut row = vec![
            format!("{}, {}", scenario(what), mode.command()),
            any.map(|b| b.units.to_string()).unwrap_or_default(),
            any.map(|b| seconds(b.work_s)).unwrap_or_default(),
        ];
        row.extend(
            jobs.iter().map(|j| by_jobs.get(j).map(|b| seconds(b.makespan_s.p50)).unwrap_or_default()),
        );
        row
    });
    let rows = cells.collect();
    let numbers: Vec<usize> = (1..header.len()).collect();
    Rows { header: &header, rows, numbers: &numbers }.write(out, 2)
}
