//! Answers for people: the verdict first, that of `analyze` on one screen of 40 lines of 100 columns.
//!
//! Written with colours; the stream takes them out where they aren't wanted. Nothing is cut that the columns have room for:
//! sentences wrap, and so do names that are longer than a line.

mod affected;
mod analysis;
mod apply;
mod clustering;
mod explanation;
mod gates;
mod measurement;
mod plan;
mod screen;
mod services;
mod simulation;
mod table;
mod verify;
mod what_if;

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::answer::Answer;
use super::prose::words::{clean, end_cut, wrap};

pub(crate) use affected::affected;
pub(crate) use analysis::analysis;
pub(crate) use apply::applied;
pub(crate) use clustering::clusters;
pub(crate) use explanation::explanation;
pub(crate) use gates::{check, diff, trend};
pub(crate) use measurement::{invocation, measurement};
pub(crate) use screen::{Screen, columns};
pub(crate) use services::services;
pub(crate) use simulation::simulation;
pub(crate) use verify::verified;
pub(crate) use what_if::what_if;

use table::Rows;

/// An answer on a screen.
pub(super) fn answer(answer: &Answer<'_>, out: &mut Screen<'_>) -> io::Result<()> {
    match *answer {
        Answer::Analysis { report, .. } => analysis(report, out),
        Answer::Explanation { report, all } => explanation(report, all, out),
        Answer::Clusters { report, graph } => clusters(report, graph, out),
        Answer::Simulation(report) => simulation(report, out),
        Answer::WhatIf(report) => what_if(report, out),
    }
}

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const CAUTION: Style = AnsiColor::Yellow.on_default().bold();

/// Characters of the longest text: no sentence of ours has as many, but a name in one may.
const MOST: usize = 2_000;

/// A paragraph, wrapped; all its lines are indented. What is not harmless is taken out first.
fn paragraph(out: &mut Screen<'_>, indent: usize, style: Style, text: &str) -> io::Result<()> {
    for line in wrapped(text, out.width - indent) {
        writeln!(out, "{:indent$}{style}{line}{style:#}", "")?;
    }
    Ok(())
}

/// Text that starts with a label, the following lines below its text.
fn labelled(out: &mut Screen<'_>, label: &str, text: &str) -> io::Result<()> {
    let indent = label.chars().count() + 2;
    for (i, line) in wrapped(text, out.width - indent).into_iter().enumerate() {
        match i {
            0 => writeln!(out, "{BOLD}{label}{BOLD:#}  {line}")?,
            _ => writeln!(out, "{:indent$}{line}", "")?,
        }
    }
    Ok(())
}

/// A reference with its place, on one line if it has room, else on as many as its ends need: both are always whole.
fn reference(out: &mut Screen<'_>, (file, line): (&str, u32), from: &str, to: &str) -> io::Result<()> {
    let (at, from, to) = (format!("{}:{line}", clean(file)), clean(from), clean(to));
    let length = |text: &str| text.chars().count();
    let ends = length(&from) + 3 + length(&to);
    if 2 + length(&at) + 2 + ends <= out.width {
        return writeln!(out, "  {at}  {from} → {to}");
    }
    for line in wrapped(&at, out.width - 2) {
        writeln!(out, "  {line}")?;
    }
    if 4 + ends <= out.width {
        return writeln!(out, "    {from} → {to}");
    }
    for line in wrapped(&from, out.width - 4) {
        writeln!(out, "    {line}")?;
    }
    for (i, line) in wrapped(&to, out.width - 6).iter().enumerate() {
        writeln!(out, "    {} {line}", if i == 0 { "→" } else { " " })?;
    }
    Ok(())
}

fn wrapped(text: &str, width: usize) -> Vec<String> {
    wrap(&end_cut(&clean(text), MOST), width)
}
