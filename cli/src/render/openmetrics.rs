//! OpenMetrics 1.0 text: figures for a dashboard. Families in a fixed order, units as suffixes, `# EOF` at the end.

use std::fmt::Write as _;
use std::io::{self, Write};

use split_analyzer::cost::Mode;
use split_analyzer::gate::{CheckReport, CheckStatus, GateStatus, TrendReport};
use split_analyzer::plan::VerdictKind;
use split_analyzer::replay::ReplayedScenario;
use split_analyzer::report::{Report, package_label};

use super::prose::words::clean;

/// A gauge with its samples.
struct Family {
    name: &'static str,
    /// The unit, which the name ends in; empty for none.
    unit: &'static str,
    help: &'static str,
    samples: Vec<(Vec<(&'static str, String)>, f64)>,
}

impl Family {
    fn new(name: &'static str, unit: &'static str, help: &'static str) -> Self {
        Self { name, unit, help, samples: Vec::new() }
    }

    fn one(mut self, value: f64) -> Self {
        self.samples.push((Vec::new(), value));
        self
    }

    fn maybe(self, value: Option<f64>) -> Self {
        match value {
            Some(value) => self.one(value),
            None => self,
        }
    }

    fn each(mut self, samples: impl Iterator<Item = (Vec<(&'static str, String)>, f64)>) -> Self {
        self.samples.extend(samples);
        self
    }

    /// Nothing for a family without samples.
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { name, unit, help, samples } = self;
        if samples.is_empty() {
            return Ok(());
        }
        writeln!(out, "# TYPE split_advisor_{name} gauge")?;
        if !unit.is_empty() {
            writeln!(out, "# UNIT split_advisor_{name} {unit}")?;
        }
        writeln!(out, "# HELP split_advisor_{name} {help}")?;
        for (labels, value) in samples {
            writeln!(out, "split_advisor_{name}{} {value}", braces(labels))?;
        }
        Ok(())
    }
}

/// Figures of a report; with a check how that ended.
pub(crate) fn openmetrics(
    report: &Report,
    check: Option<&CheckReport>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut about = vec![("version", report.tool.version.clone())];
    about.extend(report.settings.commit.clone().map(|commit| ("commit", commit)));
    info(&about, out)?;
    for family in families(report).iter().chain(&check.map(gates).unwrap_or_default()) {
        family.write(out)?;
    }
    writeln!(out, "# EOF")
}

/// Figures of many reports, told apart by the label `report`.
pub(crate) fn trend(trend: &TrendReport, out: &mut dyn Write) -> io::Result<()> {
    info(&[("version", trend.tool.version.clone())], out)?;
    type Figure = fn(&split_analyzer::gate::TrendPoint) -> Option<f64>;
    let figures: [(&'static str, &'static str, &'static str, Figure); 11] = [
        ("source_lines", "lines", "Lines of Rust", |p| Some(p.lines as f64)),
        ("packages", "", "Packages", |p| Some(f64::from(p.packages))),
        ("modules", "", "Modules", |p| Some(f64::from(p.modules))),
        ("followed_ratio", "ratio", FOLLOWED, |p| Some(p.followed_share)),
        ("largest_cycle_modules", "modules", CYCLE, |p| p.largest_cycle.map(f64::from)),
        ("back_edges", "", BACK, |p| p.back_edges.map(f64::from)),
        ("clean_build_seconds", "seconds", CLEAN, |p| p.clean_build_s),
        ("critical_path_seconds", "seconds", CRITICAL, |p| p.critical_path_s),
        ("rebuild_p90_seconds", "seconds", REBUILD, |p| p.rebuild_p90_s),
        ("redeploys_per_commit", "", REDEPLOYS, |p| p.redeploys_per_commit),
        ("packages_to_split", "", "Packages that should be split", |p| Some(f64::from(p.to_split))),
    ];
    for (name, unit, help, figure) in figures {
        // One name twice would be one series with two values.
        let mut seen = std::collections::BTreeMap::<&str, u32>::new();
        let mut samples = Vec::new();
        for point in &trend.points {
            let times = seen.entry(&point.label).and_modify(|times| *times += 1).or_insert(1);
            let label = if *times > 1 { format!("{} ({times})", point.label) } else { point.label.clone() };
            let mut labels = vec![("report", label)];
            labels.extend(point.commit.clone().map(|commit| ("commit", commit)));
            samples.extend(figure(point).map(|value| (labels, value)));
        }
        Family::new(name, unit, help).each(samples.into_iter()).write(out)?;
    }
    writeln!(out, "# EOF")
}

const FOLLOWED: &str = "References that were followed, of all";
const CYCLE: &str = "Modules of the largest cycle";
const BACK: &str = "Dependencies between modules that close a cycle";
const CLEAN: &str = "Predicted clean build of the workspace's crates";
const CRITICAL: &str = "Predicted clean build with as many jobs as it can use";
const REBUILD: &str = "Predicted rebuild after a commit that nine in ten do not exceed";
const REDEPLOYS: &str = "Binaries that an average commit deploys again";

fn info(labels: &[(&'static str, String)], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# TYPE split_advisor info")?;
    writeln!(out, "# HELP split_advisor What made these figures, and of which commit")?;
    writeln!(out, "split_advisor_info{} 1", braces(labels))
}

fn families(report: &Report) -> Vec<Family> {
    let repository = &report.repository;
    let cycles = report.structure.as_ref().map(|structure| &structure.cycles);
    let largest = cycles.map(|all| all.iter().map(|cycle| cycle.modules.len()).max().unwrap_or(0) as f64);
    let back = cycles.map(|all| all.iter().map(|cycle| cycle.back_edges.len()).sum::<usize>() as f64);
    let many = report.builds.iter().map(|build| build.jobs).max().unwrap_or(0);
    let of_build = |build: &split_analyzer::report::SimulatedBuild, jobs: bool| {
        let mut labels = vec![("workspace", build.workspace.clone()), ("mode", mode(build.mode).to_owned())];
        labels.extend(jobs.then(|| ("jobs", build.jobs.to_string())));
        (labels, build.makespan_s.p50)
    };
    let clean = report.builds.iter().filter(|build| build.jobs != many).map(|build| of_build(build, true));
    let critical =
        report.builds.iter().filter(|build| build.jobs == many).map(|build| of_build(build, false));
    let rebuilds = report.commits.iter().flat_map(|commits| &commits.builds).flat_map(|build| {
        let labels = |quantile: &str| {
            let scenario = match build.scenario {
                ReplayedScenario::Edit => "edit",
                ReplayedScenario::Ci => "ci",
            };
            vec![
                ("mode", mode(build.mode).to_owned()),
                ("scenario", scenario.to_owned()),
                ("quantile", quantile.to_owned()),
            ]
        };
        [(labels("0.5"), build.today.p50), (labels("0.9"), build.today.p90)]
    });
    let mut names = std::collections::BTreeMap::<String, f64>::new();
    for package in &report.packages {
        names.insert(package_label(report, package), f64::from(package.lines));
    }
    let package_lines = names.into_iter().map(|(name, lines)| (vec![("package", name)], lines));
    let deploys = report.deploys.as_ref();
    let verdict = |kind: VerdictKind| {
        let mine =
            report.packages.iter().filter(|package| package.verdict.kind == kind && !package.auxiliary);
        (vec![("verdict", verdict_label(kind).to_owned())], mine.count() as f64)
    };
    let kinds =
        [VerdictKind::Split, VerdictKind::UntangleFirst, VerdictKind::MeasureFirst, VerdictKind::Keep];
    vec![
        Family::new("source_lines", "lines", "Lines of Rust").one(repository.lines as f64),
        Family::new("packages", "", "Packages").one(f64::from(repository.packages)),
        Family::new("modules", "", "Modules").one(f64::from(repository.modules)),
        Family::new("items", "", "Items").one(f64::from(repository.items)),
        Family::new("followed_ratio", "ratio", FOLLOWED).one(repository.references.followed_share),
        Family::new("unresolved_references", "", "References that were not followed")
            .one(repository.references.unresolved as f64),
        Family::new("package_lines", "lines", "Lines of a package outside of tests").each(package_lines),
        Family::new("verdict_packages", "packages", "Packages by verdict")
            .each(kinds.into_iter().map(verdict)),
        Family::new("largest_cycle_modules", "modules", CYCLE).maybe(largest),
        Family::new("back_edges", "", BACK).maybe(back),
        Family::new("clean_build_seconds", "seconds", CLEAN).each(clean),
        Family::new("critical_path_seconds", "seconds", CRITICAL).each(critical),
        Family::new("rebuild_seconds", "seconds", "Predicted rebuild after a commit, by quantile")
            .each(rebuilds),
        Family::new("redeploys_per_commit", "", REDEPLOYS).maybe(deploys.map(|of| of.redeployed_today)),
        Family::new(
            "needed_deploys_per_commit",
            "",
            "Binaries that run something that an average commit changes",
        )
        .maybe(deploys.map(|of| of.needed)),
    ]
}

fn gates(check: &CheckReport) -> Vec<Family> {
    let asked = || check.gates.iter().filter(|gate| gate.status != GateStatus::Off);
    let of_gate = |value: fn(&split_analyzer::gate::GateReport) -> f64| {
        asked().map(move |gate| (vec![("gate", gate.lint.name().to_owned())], value(gate)))
    };
    let passed = f64::from(u8::from(check.status == CheckStatus::Passed));
    vec![
        Family::new("check_passed", "", "1 if the check passed with enough data").one(passed),
        Family::new("gate_new_findings", "", "Findings that the baseline does not have")
            .each(of_gate(|gate| f64::from(gate.new))),
        Family::new("gate_accepted_findings", "", "Findings that the baseline has")
            .each(of_gate(|gate| f64::from(gate.accepted))),
    ]
}

fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Check => "check",
        Mode::Dev => "dev",
        Mode::Release => "release",
        Mode::Test => "test",
    }
}

fn verdict_label(kind: VerdictKind) -> &'static str {
    match kind {
        VerdictKind::Split => "split",
        VerdictKind::UntangleFirst => "untangle-first",
        VerdictKind::MeasureFirst => "measure-first",
        VerdictKind::Keep => "keep",
    }
}

/// `{name="value"}`, values escaped as the format has it.
fn braces(labels: &[(&'static str, String)]) -> String {
    let mut text = String::new();
    for (name, value) in labels {
        let separator = if text.is_empty() { "{" } else { "," };
        let value = clean(value).replace('\\', "\\\\").replace('"', "\\\"");
        let _ = write!(text, "{separator}{name}=\"{value}\"");
    }
    if !text.is_empty() {
        text.push('}');
    }
    text
}
