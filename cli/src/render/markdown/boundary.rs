//! What a plan's boundaries ask of tests, build scripts and paths that others use.

use std::io::{self, Write};

use split_analyzer::report::PlanReport;

use super::super::escape::code;
use super::analysis::{ROWS, more};
use super::sentence;
use crate::render::prose::boundary::{cause, test_support};
use crate::render::prose::words::counted;

/// A list for each kind of work that there is.
pub(super) fn work(plan: &PlanReport, out: &mut dyn Write) -> io::Result<()> {
    let tests = plan.test_moves.iter().map(|test| {
        let place = code(&format!("{}:{}", test.file, test.line));
        format!("{} ({place}) to {}: {}", code(&test.item), code(&test.to_crate), sentence(cause(test.cause)))
    });
    list("Tests to move", tests.collect(), out)?;
    let support = plan.test_support.iter().map(|support| {
        let place = code(&format!("{}:{}", support.file, support.line));
        format!("{} ({place})", test_support(support, &code))
    });
    list("What tests of other crates use", support.collect(), out)?;
    let needs = plan.build_script.iter().map(|need| {
        let place = code(&format!("{}:{}", need.file, need.line));
        format!("{} ({place}), in {}", code(&need.call), code(&need.krate))
    });
    list("Code that needs the build script", needs.collect(), out)?;
    let paths = plan.facade.iter().map(|kept| {
        let users: Vec<String> = kept.users.iter().map(|user| code(user)).collect();
        format!("{}: {} of {}", code(&kept.path), counted(kept.references, "reference"), users.join(", "))
    });
    list("Paths to keep by a re-export", paths.collect(), out)?;
    let others = plan.other_paths.iter().map(|path| {
        let first = path.places.first().map(|place| code(&format!("{}:{}", place.file, place.line)));
        let more = path.places.len().saturating_sub(1) as u64;
        let more = if more > 0 { format!(" and {}", counted(more, "other place")) } else { String::new() };
        let write = path.write.as_ref().map_or("from where it is defined".to_owned(), |path| code(path));
        format!(
            "{} in {} ({}{more}): write {write}",
            code(&path.name),
            code(&path.krate),
            first.unwrap_or_default()
        )
    });
    list("Names to take from elsewhere", others.collect(), out)?;
    let manifests = plan.edits.iter().filter(|edit| edit.manifest.is_some());
    list("Manifests of users", manifests.map(|edit| sentence(&edit.detail)).collect(), out)?;
    let silent = plan.silent.iter().map(|change| {
        let place = code(&format!("{}:{}", change.file, change.line));
        format!("{place}, in {}: {}", code(&change.krate), sentence(&change.detail))
    });
    list("What changes without an error", silent.collect(), out)
}

fn list(title: &str, entries: Vec<String>, out: &mut dyn Write) -> io::Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    writeln!(out, "### {title}\n")?;
    entries.iter().take(ROWS).try_for_each(|entry| writeln!(out, "- {entry}"))?;
    writeln!(out)?;
    more(entries.len(), out)
}
