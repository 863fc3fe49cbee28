//! Workflow commands of GitHub: findings as annotations of a step ("Workflow commands for GitHub Actions").

use std::io::{self, Write};

use split_analyzer::config::LintLevel;
use split_analyzer::gate::Finding;

use crate::render::prose::words::clean;

/// "10 warning annotations and 10 error annotations per step" (GitHub, "Limits for annotations").
pub(super) const MOST: usize = 10;

/// Writes new findings: at most ten errors and ten warnings, and how many there are more.
pub(crate) fn annotations(findings: &[Finding], out: &mut dyn Write) -> io::Result<()> {
    for (level, command) in [(LintLevel::Deny, "error"), (LintLevel::Warn, "warning")] {
        let mine: Vec<&Finding> = findings.iter().filter(|f| f.level == level && !f.accepted).collect();
        // The last of ten says how many are left out.
        let shown = if mine.len() > MOST { MOST - 1 } else { mine.len() };
        for finding in &mine[..shown] {
            writeln!(
                out,
                "::{command} file={},line={},title={}::{}",
                property(&finding.file),
                finding.line,
                property(finding.lint.name()),
                data(&finding.message)
            )?;
        }
        let more = mine.len() - shown;
        if more > 0 {
            writeln!(out, "::{command} title=split-advisor::{more} more findings: see the report")?;
        }
    }
    Ok(())
}

/// The text of a command, as `@actions/core` escapes it.
fn data(text: &str) -> String {
    clean(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command, likewise.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
