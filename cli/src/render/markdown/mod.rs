//! Markdown for pull requests and pages. Everything that came from the repository is escaped.

mod analysis;
mod boundary;
mod commits;
mod gates;
mod others;
mod services;
mod summary;
mod what_if;

use std::io::{self, Write};

use super::answer::Answer;
use super::escape::markdown;

pub(crate) use analysis::analysis;
pub(crate) use gates::{check, diff, trend};
pub(crate) use others::{clusters, explanation, simulation};
pub(crate) use services::services;
pub(crate) use summary::summary;
pub(crate) use what_if::what_if;

/// An answer as a page.
pub(super) fn answer(answer: &Answer<'_>, out: &mut dyn Write) -> io::Result<()> {
    match *answer {
        Answer::Analysis { report, summary: true } => summary(report, out),
        Answer::Analysis { report, summary: false, .. } => analysis(report, out),
        Answer::Explanation { report, .. } => explanation(report, out),
        Answer::Clusters { report, .. } => clusters(report, out),
        Answer::Simulation(report) => simulation(report, out),
        Answer::WhatIf(report) => what_if(report, out),
    }
}

/// A table; cells are Markdown already.
fn table(
    out: &mut dyn Write,
    header: &[&str],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> io::Result<()> {
    writeln!(out, "| {} |", header.join(" | "))?;
    writeln!(out, "|{}", " --- |".repeat(header.len()))?;
    for row in rows {
        writeln!(out, "| {} |", row.join(" | "))?;
    }
    writeln!(out)
}

/// A sentence in which names stand between backquotes: these become code, the rest is escaped.
fn sentence(text: &str) -> String {
    let mut parts = text.split('`');
    let mut written = markdown(parts.next().unwrap_or_default());
    while let Some(name) = parts.next() {
        match parts.next() {
            Some(rest) => {
                written.push_str(&super::escape::code(name));
                written.push_str(&markdown(rest));
            }
            None => written.push_str(&markdown(&format!("`{name}"))),
        }
    }
    written
}
