//! What goes to stderr: errors and partial trouble.

use std::io::Write;

use anstyle::{AnsiColor, Style};
use split_analyzer::Diagnostic;
use split_analyzer::diagnostic::Severity;

use crate::render::prose::words::{clean, counted};

/// Diagnostics printed one by one; the report has them all.
const SHOWN: usize = 10;

/// Prints why a run failed.
pub(crate) fn error(error: &anyhow::Error) {
    print("error", AnsiColor::Red, &format!("{error:#}"));
}

/// Prints what a run could not do, though it went on.
pub(crate) fn warning(text: &str) {
    print("warning", AnsiColor::Yellow, text);
}

/// Prints errors and warnings, worst first; notes are only in the report.
pub(crate) fn print_all(diagnostics: &[Diagnostic]) {
    let mut worth: Vec<_> = diagnostics.iter().filter(|d| d.severity != Severity::Info).collect();
    worth.sort();
    for diagnostic in worth.iter().take(SHOWN) {
        let (label, color) = match diagnostic.severity {
            Severity::Error => ("error", AnsiColor::Red),
            Severity::Warning | Severity::Info => ("warning", AnsiColor::Yellow),
        };
        print(label, color, &diagnostic.to_string());
    }
    if worth.len() > SHOWN {
        let more = counted((worth.len() - SHOWN) as u64, "more problem");
        print("note", AnsiColor::Cyan, &format!("{more}: all of them are in the JSON report"));
    }
}

/// Stderr may be closed; then nobody is left to read it.
fn print(label: &str, color: AnsiColor, text: &str) {
    let style: Style = color.on_default().bold();
    let _ = writeln!(anstream::stderr(), "{style}{label}{style:#}: {}", clean(text));
}
