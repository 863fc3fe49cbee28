//! What goes to stderr: errors and partial trouble.

use std::io::Write;

use anstyle::{AnsiColor, Style};
use split_analyzer::Diagnostic;
use split_analyzer::diagnostic::Severity;

use crate::render::prose::words::{clean, counted};

/// Diagnostics printed one by one behind an answer; the report has them all.
const SHOWN: usize = 10;

/// Prints why a run failed.
pub(crate) fn error(error: &anyhow::Error) {
    print("error", AnsiColor::Red, &format!("{error:#}"));
}

/// Prints what a run could not do, though it went on.
pub(crate) fn warning(text: &str) {
    print("warning", AnsiColor::Yellow, text);
}

/// Prints what may be worth knowing.
pub(crate) fn note(text: &str) {
    Message::note(text.to_owned()).print();
}

/// Prints errors and warnings, worst first; notes are only in the report.
pub(crate) fn print_all(diagnostics: &[Diagnostic]) {
    Trouble { ahead: Vec::new(), behind: messages(diagnostics) }.print_behind();
}

/// Lines of trouble that stand before an answer.
const AHEAD: usize = 2;

/// What is said of the input before the answer, and what after it: who asks wants the answer first.
pub(crate) struct Trouble {
    ahead: Vec<Message>,
    behind: Vec<Message>,
}

impl Trouble {
    /// Errors and warnings on a screen of so many columns, worst first. If they have no room on two lines, the last line says how
    /// many come later.
    pub(crate) fn of(diagnostics: &[Diagnostic], columns: usize) -> Self {
        let all = messages(diagnostics);
        let mut room = AHEAD;
        let mut fits = 0;
        for (i, message) in all.iter().enumerate() {
            let reserved = usize::from(i + 1 < all.len());
            let lines = message.lines(columns);
            if lines + reserved > room {
                break;
            }
            room -= lines;
            fits += 1;
        }
        let mut ahead = all;
        let behind = ahead.split_off(fits);
        if !behind.is_empty() {
            let problems = counted(behind.len() as u64, if fits > 0 { "more problem" } else { "problem" });
            ahead.push(Message::note(format!("{problems} with the input: see below the answer")));
        }
        Self { ahead, behind }
    }

    pub(crate) fn print_ahead(&self) {
        self.ahead.iter().for_each(Message::print);
    }

    pub(crate) fn print_behind(&self) {
        self.behind.iter().take(SHOWN).for_each(Message::print);
        if self.behind.len() > SHOWN {
            let more = counted((self.behind.len() - SHOWN) as u64, "more problem");
            Message::note(format!("{more}: all of them are in the JSON report")).print();
        }
    }
}

struct Message {
    label: &'static str,
    color: AnsiColor,
    text: String,
}

impl Message {
    fn note(text: String) -> Self {
        Self { label: "note", color: AnsiColor::Cyan, text }
    }

    /// Lines that a terminal makes of it.
    fn lines(&self, columns: usize) -> usize {
        (self.label.len() + 2 + clean(&self.text).chars().count()).div_ceil(columns.max(1))
    }

    fn print(&self) {
        print(self.label, self.color, &self.text);
    }
}

/// Errors and warnings, worst first.
fn messages(diagnostics: &[Diagnostic]) -> Vec<Message> {
    let mut worth: Vec<_> = diagnostics.iter().filter(|d| d.severity != Severity::Info).collect();
    worth.sort();
    let message = |diagnostic: &Diagnostic| {
        let (label, color) = match diagnostic.severity {
            Severity::Error => ("error", AnsiColor::Red),
            Severity::Warning | Severity::Info => ("warning", AnsiColor::Yellow),
        };
        Message { label, color, text: diagnostic.to_string() }
    };
    worth.into_iter().map(message).collect()
}

/// Stderr may be closed; then nobody is left to read it.
fn print(label: &str, color: AnsiColor, text: &str) {
    let style: Style = color.on_default().bold();
    let _ = writeln!(anstream::stderr(), "{style}{label}{style:#}: {}", clean(text));
}

#[cfg(test)]
mod tests {
    use split_analyzer::diagnostic::Code;

    use super::*;

    #[test]
    fn two_lines_of_trouble_stand_before_an_answer_and_the_rest_behind_it() {
        let short = || Diagnostic::new(Severity::Warning, Code::SyntaxError, "short");
        let long = || Diagnostic::new(Severity::Error, Code::SyntaxError, "word ".repeat(60));
        let note = || Diagnostic::new(Severity::Info, Code::SyntaxError, "only in the report");
        for (found, ahead, behind) in [
            (vec![], 0, 0),
            (vec![note()], 0, 0),
            (vec![short()], 1, 0),
            (vec![short(), short()], 2, 0),
            (vec![short(), short(), short()], 2, 2),
            (vec![long()], 1, 1),
            (vec![short(), long(), long()], 1, 3),
        ] {
            let trouble = Trouble::of(&found, 80);
            let lines: usize = trouble.ahead.iter().map(|message| message.lines(80)).sum();
            assert!(lines <= AHEAD, "{lines} lines");
            assert_eq!((trouble.ahead.len(), trouble.behind.len()), (ahead, behind), "{found:?}");
        }
    }
}
