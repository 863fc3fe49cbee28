//! GitLab's code quality report ("Code Quality: Code Quality report format").

use std::io::{self, Write};

use serde::Serialize;
use split_analyzer::config::LintLevel;
use split_analyzer::gate::Finding;

use super::fingerprint::fingerprint;
use crate::render::json;

#[derive(Serialize)]
struct Issue<'a> {
    description: &'a str,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

/// Writes all findings, accepted ones as `info`: GitLab itself compares with the target branch.
pub(crate) fn code_quality(findings: &[Finding], out: &mut dyn Write) -> io::Result<()> {
    json::write(&findings.iter().map(issue).collect::<Vec<_>>(), out)
}

fn issue(finding: &Finding) -> Issue<'_> {
    Issue {
        description: &finding.message,
        check_name: finding.lint.name(),
        fingerprint: fingerprint(finding),
        severity: match finding.level {
            _ if finding.accepted => "info",
            LintLevel::Deny => "major",
            LintLevel::Warn => "minor",
            LintLevel::Allow => "info",
        },
        location: Location { path: &finding.file, lines: Lines { begin: finding.line.max(1) } },
    }
}
