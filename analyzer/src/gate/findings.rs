//! What a report says that lies on a line of code: cycles, the references that close them, and what stands in the way of a plan.
//! Nothing of it fails; it is for those who show findings beside the code.

use std::collections::BTreeSet;

use super::model::{CheckReport, Finding};
use crate::base::words::counted;
use crate::config::{Lint, LintLevel};
use crate::report::Report;

/// The findings, gravest first.
pub fn report_findings(report: &Report) -> Vec<Finding> {
    let mut found = Vec::new();
    for package in &report.packages {
        for blocker in package.plan.iter().flat_map(|plan| &plan.blockers) {
            found.push(Finding {
                from: blocker.item.clone(),
                message: blocker.detail.clone(),
                ..finding(Lint::Blocker, LintLevel::Warn, &blocker.file, blocker.line)
            });
        }
    }
    let cycles = report.structure.iter().flat_map(|structure| &structure.cycles);
    for cycle in cycles.clone() {
        let Some(first) = cycle.back_edges.first() else { continue };
        let modules = cycle.modules.len();
        let less =
            counted(cycle.back_edges.len() as u64, "dependency").replace("dependencys", "dependencies");
        let message = format!(
            "{modules} modules of `{}` all need each other, by {} references; {less} against the order close the cycle",
            cycle.package, cycle.references
        );
        found.push(Finding {
            from: cycle.package.clone(),
            value: Some(modules as f64),
            message,
            ..finding(Lint::LargestCycle, LintLevel::Warn, &first.file, first.line)
        });
    }
    for edge in cycles.flat_map(|cycle| &cycle.back_edges) {
        let message = format!(
            "`{}` refers to `{}`: `{}` needs `{}` ({}), which needs it too, directly or not",
            edge.from_item,
            edge.to_item,
            edge.from,
            edge.to,
            counted(edge.references, "reference")
        );
        found.push(Finding {
            from: edge.from_item.clone(),
            to: Some(edge.to_item.clone()),
            references: Some(edge.references),
            message,
            ..finding(Lint::BackEdge, LintLevel::Allow, &edge.file, edge.line)
        });
    }
    found
}

/// Those of a check, then what else the report says; new ones before accepted ones, the gravest first.
pub fn all_findings(report: &Report, check: Option<&CheckReport>) -> Vec<Finding> {
    let mut found: Vec<Finding> = check.iter().flat_map(|check| check.findings.iter().cloned()).collect();
    let key = |finding: &Finding| (finding.lint, finding.from.clone(), finding.to.clone());
    let known: BTreeSet<_> = found.iter().map(key).collect();
    found.extend(report_findings(report).into_iter().filter(|finding| !known.contains(&key(finding))));
    found.sort_by_key(|finding| (finding.accepted, finding.level));
    found
}

fn finding(lint: Lint, level: LintLevel, file: &str, line: u32) -> Finding {
    Finding {
        lint,
        level,
        accepted: false,
        from: String::new(),
        to: None,
        file: file.to_owned(),
        line,
        references: None,
        value: None,
        limit: None,
        message: String::new(),
        reason: None,
    }
}
