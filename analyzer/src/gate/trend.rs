//! Figures of many reports side by side.

use serde::{Deserialize, Serialize};

use super::budgets::MANY_JOBS;
use crate::base::number::count;
use crate::cost::Mode;
use crate::plan::VerdictKind;
use crate::replay::ReplayedScenario;
use crate::report::{Report, SCHEMA_VERSION, Tool};

/// The answer of `trend`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TrendReport {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// What made the report.
    pub tool: Tool,
    /// The mode that seconds are of.
    pub mode: Mode,
    /// One entry for each report, in their order.
    pub points: Vec<TrendPoint>,
}

/// What one report says in figures. What it doesn't know is absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TrendPoint {
    /// What it is called: the file's name, as far as it is its own.
    pub label: String,
    /// The commit that was analysed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Lines of Rust.
    pub lines: u64,
    /// Packages.
    pub packages: u32,
    /// Modules.
    pub modules: u32,
    /// Share of references that were followed, 0 to 1.
    pub followed_share: f64,
    /// Modules of the largest cycle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub largest_cycle: Option<u32>,
    /// Dependencies that close cycles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back_edges: Option<u32>,
    /// Seconds of a clean build with the jobs of the report, of all workspaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clean_build_s: Option<f64>,
    /// Of one with as many jobs as it can use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub critical_path_s: Option<f64>,
    /// Seconds that nine in ten rebuilds after a commit don't exceed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rebuild_p90_s: Option<f64>,
    /// Binaries that an average commit deploys again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redeploys_per_commit: Option<f64>,
    /// Binaries that are deployed.
    pub deployables: u32,
    /// Packages that should be split.
    pub to_split: u32,
}

/// Puts reports side by side; each with what it is called.
pub fn trend(reports: &[(String, Report)], mode: Mode) -> TrendReport {
    TrendReport {
        schema_version: SCHEMA_VERSION,
        tool: Tool::current(),
        mode,
        points: reports.iter().map(|(label, report)| TrendPoint::new(label, report, mode)).collect(),
    }
}

impl TrendPoint {
    /// Of one report.
    pub fn new(label: &str, report: &Report, mode: Mode) -> Self {
        let cycles = report.structure.as_ref().map(|structure| &structure.cycles);
        let clean = |many: bool| {
            let mine = report.builds.iter().filter(|b| b.mode == mode && (b.jobs == MANY_JOBS) == many);
            mine.map(|build| build.makespan_s.p50).reduce(|sum, s| sum + s).map(|s| (s * 1e3).round() / 1e3)
        };
        let builds = report.commits.iter().flat_map(|commits| &commits.builds);
        let mut rebuilds = builds.filter(|b| b.mode == mode && b.scenario == ReplayedScenario::Edit);
        let programs = report.deployables.iter().filter(|of| of.role.is_none() && !of.auxiliary);
        let split = report.packages.iter().filter(|p| p.verdict.kind == VerdictKind::Split && !p.auxiliary);
        Self {
            label: label.to_owned(),
            commit: report.settings.commit.clone(),
            lines: report.repository.lines,
            packages: report.repository.packages,
            modules: report.repository.modules,
            followed_share: report.repository.references.followed_share,
            largest_cycle: cycles.map(|all| count(all.iter().map(|c| c.modules.len()).max().unwrap_or(0))),
            back_edges: cycles.map(|all| count(all.iter().map(|cycle| cycle.back_edges.len()).sum())),
            clean_build_s: clean(false),
            critical_path_s: clean(true),
            rebuild_p90_s: rebuilds.next().map(|build| build.today.p90),
            redeploys_per_commit: report.deploys.as_ref().map(|deploys| deploys.redeployed_today),
            deployables: count(programs.count()),
            to_split: count(split.count()),
        }
    }
}
