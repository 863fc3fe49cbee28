//! What commits compile, test and link again, and what changes together.

use std::io::{self, Write};

use split_analyzer::replay::{Distribution, ReplayedScenario};
use split_analyzer::report::{CommitsReport, RepeatedWorkReport, Report};

use super::super::escape::code;
use super::{sentence, table};
use crate::render::prose::commits;
use crate::render::prose::words::{minutes, seconds, share};

/// The section, where there are any.
pub(super) fn commits(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let (Some(commits), Some(summary)) = (&report.commits, commits::summary(report)) else { return Ok(()) };
    writeln!(out, "## What commits compile again\n\n{}\n", sentence(&summary))?;
    let rows = commits.builds.iter().map(|build| {
        let planned = |of: fn(&Distribution) -> f64| {
            build.planned.as_ref().map_or_else(|| "–".to_owned(), |planned| seconds(of(planned)))
        };
        let kind = match build.scenario {
            ReplayedScenario::Edit => "edit, incremental",
            ReplayedScenario::Ci => "CI, in full",
        };
        vec![
            kind.to_owned(),
            format!("`{}`", build.mode.command()),
            seconds(build.today.p50),
            seconds(build.today.p90),
            planned(|planned| planned.p50),
            planned(|planned| planned.p90),
        ]
    });
    let header = [
        "after a commit",
        "command",
        "median",
        "one in ten",
        "median, with the plan",
        "one in ten, with the plan",
    ];
    table(out, &header, rows)?;
    repeated(commits, out)?;
    let rows = commits.files.iter().map(|file| {
        let (commits, packages) = (file.commits.to_string(), file.packages.to_string());
        vec![code(&file.path), commits, packages, seconds(file.ci_s), share(file.share)]
    });
    table(out, &["file", "commits", "packages", "CI after it alone", "share of all cost"], rows)?;
    let (Some(together), Some(text)) = (&commits.together, commits::together(commits)) else { return Ok(()) };
    writeln!(out, "### What changes together\n\n{}\n", sentence(&text))?;
    let rows = together.pairs.iter().map(|pair| {
        let parted = if pair.parted { "parted by the plan" } else { "" };
        let [a, b] = &pair.files;
        vec![code(a), code(b), pair.commits.to_string(), share(pair.share), parted.to_owned()]
    });
    table(out, &["file", "file", "commits of both", "share", ""], rows)
}

/// What is tested and linked again.
fn repeated(commits: &CommitsReport, out: &mut dyn Write) -> io::Result<()> {
    let both = [("tests built again", &commits.retests), ("programs linked again", &commits.relinks)];
    let rows = both.into_iter().filter_map(|(what, of)| Some((what, of.as_ref()?))).flat_map(|(what, of)| {
        let row = |when: &str, work: &RepeatedWorkReport| {
            vec![
                format!("{what}{when}"),
                work.all.to_string(),
                work.programs.p50.to_string(),
                work.programs.p90.to_string(),
                seconds(work.seconds.p50),
                seconds(work.seconds.p90),
                work.week_min.map_or_else(|| "–".to_owned(), minutes),
            ]
        };
        let planned = of.planned.as_ref().map(|work| row(", with the plan", work));
        [row("", &of.today)].into_iter().chain(planned)
    });
    let rows: Vec<Vec<String>> = rows.collect();
    let header = ["after a commit", "of", "median", "one in ten", "seconds", "one in ten", "a week"];
    if rows.is_empty() { Ok(()) } else { table(out, &header, rows) }
}
