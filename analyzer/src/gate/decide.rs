//! From findings to an answer.

use super::baseline::Baseline;
use super::budgets::{Budgeted, Measured, budgets};
use super::code_rules::code_rules;
use super::data::lacking;
use super::model::{CheckReport, CheckStatus, Degraded, Finding, GateReport, GateStatus};
use super::renames::ModuleNames;
use crate::base::number::count;
use crate::config::{Configuration, Lint, LintLevel};
use crate::diagnostic::Diagnostic;
use crate::report::{Code, Report, SCHEMA_VERSION, Tool};

/// What a check looks at.
#[derive(Debug, Clone, Copy)]
pub struct CheckInput<'a> {
    /// The finished analysis.
    pub report: &'a Report,
    /// The names of its code.
    pub code: &'a Code<'a>,
    /// What the repository asks of itself.
    pub configuration: &'a Configuration,
    /// What is wrong with that.
    pub problems: &'a [Diagnostic],
    /// What passes, with the name of the file.
    pub baseline: Option<(&'a str, &'a Baseline)>,
}

/// Checks.
pub fn check(input: &CheckInput<'_>) -> CheckReport {
    let CheckInput { report, code, configuration, .. } = *input;
    let written = input.baseline.map_or(&[][..], |(_, baseline)| &baseline.order);
    let names = ModuleNames::find(code, written);
    let (mut findings, problems) = code_rules(code, configuration, &names.order(written));
    let Budgeted { measured, found, lacking: unknown } = budgets(report, configuration);
    findings.extend(found);
    findings.sort_by(|a, b| order(a).cmp(&order(b)));
    let slack = configuration.check.slack_percent.as_ref().map_or(0.0, |slack| slack.value / 100.0);
    let baseline =
        input.baseline.map(|(file, baseline)| baseline.settle(file, &mut findings, slack, (code, &names)));
    tolerate_back_edges(&mut findings, configuration);
    findings.sort_by(|a, b| order(a).cmp(&order(b)));
    let mut degraded = lacking(report, &configuration.check);
    degraded.extend(unknown);
    let gates: Vec<GateReport> = Lint::ALL
        .into_iter()
        .filter(|lint| *lint != Lint::Blocker)
        .map(|lint| gate(lint, configuration, &findings, &measured))
        .collect();
    let mut diagnostics = report.diagnostics.clone();
    diagnostics.extend(problems.into_iter().chain(input.problems.iter().cloned()));
    diagnostics.sort();
    diagnostics.dedup();
    CheckReport {
        schema_version: SCHEMA_VERSION,
        tool: Tool::current(),
        status: status(&gates, &degraded),
        gates,
        findings,
        degraded,
        baseline,
        commit: report.settings.commit.clone(),
        diagnostics,
    }
}

type Order<'a> = (bool, LintLevel, Lint, &'a str, u32, &'a str, Option<&'a str>);

fn order(finding: &Finding) -> Order<'_> {
    let Finding { accepted, level, lint, file, line, from, to, .. } = finding;
    (*accepted, *level, *lint, file, *line, from, to.as_deref())
}

/// A budget of new back edges lets so many pass.
fn tolerate_back_edges(findings: &mut [Finding], configuration: &Configuration) {
    let most = configuration.budgets.new_back_edges.as_ref().map_or(0, |most| most.value);
    let is_new = |finding: &&mut Finding| finding.lint == Lint::BackEdge && !finding.accepted;
    let new: Vec<&mut Finding> = findings.iter_mut().filter(is_new).collect();
    if new.len() <= most as usize {
        for finding in new {
            finding.level = LintLevel::Warn;
        }
    }
}

fn gate(
    lint: Lint,
    configuration: &Configuration,
    findings: &[Finding],
    measured: &[Measured],
) -> GateReport {
    let mine = || findings.iter().filter(move |finding| finding.lint == lint);
    let budget = measured.iter().find(|measured| measured.lint == lint);
    let new = || mine().filter(|finding| !finding.accepted);
    let is_asked = match lint {
        Lint::Layer => !configuration.layers.order.is_empty(),
        Lint::Forbidden => !configuration.forbidden.is_empty(),
        Lint::BackEdge => true,
        _ => budget.is_some(),
    };
    let level = configuration.level(lint);
    let worst = new().map(|finding| finding.level).min();
    let status = match worst {
        _ if !is_asked || level == LintLevel::Allow => GateStatus::Off,
        Some(LintLevel::Deny) => GateStatus::Failed,
        Some(_) => GateStatus::Warned,
        None if budget.is_some_and(|budget| budget.value.is_none() && needs_history(lint)) => {
            GateStatus::Unknown
        }
        None => GateStatus::Passed,
    };
    GateReport {
        lint,
        level,
        status,
        limit: budget.map(|budget| budget.limit),
        value: budget.and_then(|budget| budget.value),
        new: count(new().count()),
        accepted: count(mine().count() - new().count()),
    }
}

/// A repository without cycles keeps to any budget of them; one without a history is not known to.
fn needs_history(lint: Lint) -> bool {
    matches!(lint, Lint::CriticalPath | Lint::RebuildP90 | Lint::RedeploysPerCommit)
}

fn status(gates: &[GateReport], degraded: &[Degraded]) -> CheckStatus {
    match gates.iter().any(|gate| gate.status == GateStatus::Failed) {
        true => CheckStatus::Failed,
        false if degraded.is_empty() => CheckStatus::Passed,
        false => CheckStatus::Degraded,
    }
}
