//! The answer of `services`: every line that says so.

use std::io::{self, Write};

use split_analyzer::report::{CandidateReport, ServicesReport};

use super::super::escape::code;
use super::analysis::{ROWS, deploy_splits};
use super::{sentence, table};
use crate::render::prose::candidates;
use crate::render::prose::deploys::{a_week, deploys_column, often, sentences};
use crate::render::prose::services::{headline, inside, kind, others};

/// Writes what is deployed, with all evidence.
pub(crate) fn services(report: &ServicesReport, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "**{}**\n", sentence(&headline(report)))?;
    for of in report.units() {
        writeln!(out, "## {}\n", code(&of.name))?;
        let called: Vec<String> = of.services.iter().map(|service| code(service)).collect();
        let called =
            if called.is_empty() { String::new() } else { format!(", called {}", called.join(", ")) };
        writeln!(out, "Binary {} of package {}{called}.\n", code(&of.target), code(&of.package))?;
        if let Some(commits) = of.commits {
            let [today, needed] = often(report.deploys.as_ref(), commits);
            let column = deploys_column(report.deploys.as_ref());
            let deploys = report.deploys.as_ref();
            let planned =
                commits.after_plan.map(|after| format!(", {} with the plans", a_week(deploys, after)));
            writeln!(out, "{today} {column} by packages, {needed} needed{}.\n", planned.unwrap_or_default())?;
        }
        if of.evidence.is_empty() {
            writeln!(out, "No deployment file names it.\n")?;
            continue;
        }
        let rows = of.evidence.iter().map(|evidence| {
            let place = code(&format!("{}:{}", evidence.file, evidence.line));
            vec![place, kind(evidence.kind).to_owned(), code(&evidence.what)]
        });
        table(out, &["place", "does", "what it says"], rows)?;
    }
    for text in inside(report) {
        writeln!(out, "{}\n", sentence(&text))?;
    }
    if let Some(text) = others(&report.other_binaries) {
        writeln!(out, "{}", sentence(&text))?;
    }
    if let Some(deploys) = report.deploys.as_ref().filter(|_| !report.units().is_empty()) {
        writeln!(out, "\n## What commits deploy again\n\n{}\n", sentence(&sentences(deploys)))?;
        deploy_splits(deploys, out)?;
    }
    candidate_services(&report.candidate_services, out)
}

/// The readiness sheets of what could be services of their own.
pub(super) fn candidate_services(found: &[CandidateReport], out: &mut dyn Write) -> io::Result<()> {
    for of in found {
        writeln!(
            out,
            "\n## {}\n\n{}\n",
            candidates::heading(of, &code(&of.name)),
            sentence(&candidates::made_of(of))
        )?;
        for fact in candidates::sheet(of, ROWS) {
            writeln!(out, "**{}.** {}\n", fact.label, sentence(&fact.text))?;
            for (place, text) in &fact.lines {
                match place.is_empty() {
                    true => writeln!(out, "- {}", sentence(text))?,
                    false => writeln!(out, "- {}: {}", code(place), sentence(text))?,
                }
            }
            if !fact.lines.is_empty() {
                writeln!(out)?;
            }
        }
    }
    Ok(())
}
