//! What the repository's own commits compile again, in sentences.

use split_analyzer::report::{
    CommitsReport, CostlyFileReport, RepeatedReport, RepeatedWorkReport, Report, TogetherReport,
    commit_builds, parted_together,
};
use split_analyzer::simulate::Cache;

use super::words::{counted, listed, minutes, seconds, share};

/// How many files a sentence names.
const NAMED: usize = 3;

/// All of it in a few sentences; `None` without commits.
pub(crate) fn summary(report: &Report) -> Option<String> {
    let commits = report.commits.as_ref()?;
    let parts = [
        Some(compiled(commits)),
        builds(commits),
        week(commits),
        retests(commits),
        relinks(commits),
        Some(costly(commits)),
        owners(commits),
        parted(commits),
    ];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
}

/// How much of the repository a commit compiles again.
pub(crate) fn compiled(commits: &CommitsReport) -> String {
    let pace = commits.per_week.map_or_else(String::new, |pace| format!(" ({pace:.0} a week)"));
    let last = match commits.replayed {
        1 => "The last one that concerns a build".to_owned(),
        n => format!("Of the last {n} that concern a build{pace}, a median one"),
    };
    let most = if commits.packages > 1 {
        format!(
            " {} of the {} packages of its workspace again",
            commits.packages_rebuilt.p50, commits.packages
        )
    } else {
        " its package again".to_owned()
    };
    let tenth = match commits.packages_rebuilt.p90 > commits.packages_rebuilt.p50 {
        true => format!(", one in ten {} or more", commits.packages_rebuilt.p90),
        false => String::new(),
    };
    format!("{last} compiles{most}{tenth}.")
}

/// How long that takes, and with the plan.
pub(crate) fn builds(commits: &CommitsReport) -> Option<String> {
    let (edit, ci) = commit_builds(commits)?;
    let text = format!(
        "After it `{}` takes {} (one in ten: {}) incrementally, and {} ({}) in CI that {}",
        edit.mode.command(),
        seconds(edit.today.p50),
        seconds(edit.today.p90),
        seconds(ci.today.p50),
        seconds(ci.today.p90),
        kept(commits.cache)
    );
    let planned = edit.planned.zip(ci.planned).map(|(edit, ci)| {
        format!(
            "; with {} {} ({}) and {} ({})",
            plans(commits),
            seconds(edit.p50),
            seconds(edit.p90),
            seconds(ci.p50),
            seconds(ci.p90)
        )
    });
    Some(format!("{text}{}.", planned.unwrap_or_default()))
}

/// What CI keeps.
fn kept(cache: Cache) -> &'static str {
    match cache {
        Cache::None => "keeps nothing of the workspace",
        Cache::Crate => "keeps what did not change",
        Cache::Relink => "keeps what did not change and only links what depends on the rest",
    }
}

/// What all of it takes a week.
pub(crate) fn week(commits: &CommitsReport) -> Option<String> {
    let week = commits.week.as_ref()?;
    let change = |today: f64, planned: Option<f64>| match planned {
        Some(planned) => format!("{} → {}", minutes(today), minutes(planned)),
        None => minutes(today),
    };
    Some(format!(
        "A week of edits takes {} ({} for each commit), one of CI {}.",
        change(week.edits_min, week.edits_planned_min),
        commits.edits_per_commit,
        change(week.ci_min, week.ci_planned_min)
    ))
}

/// Which tests run again.
pub(crate) fn retests(commits: &CommitsReport) -> Option<String> {
    commits.retests.as_ref().map(|tests| repeated(commits, tests, ("builds", "test program", " again")))
}

/// Which programs are linked again.
pub(crate) fn relinks(commits: &CommitsReport) -> Option<String> {
    commits.relinks.as_ref().map(|links| repeated(commits, links, ("links", "program", "")))
}

fn repeated(
    commits: &CommitsReport,
    work: &RepeatedReport,
    (does, what, again): (&str, &str, &str),
) -> String {
    let text = |work: &RepeatedWorkReport| {
        let (count, took) = if work.programs.p50 > 0.0 {
            (work.programs.p50.to_string(), format!(" in {}", seconds(work.seconds.p50)))
        } else {
            ("none".to_owned(), String::new())
        };
        format!(
            "{count} of {}{again} (one in ten: {}){took}{}",
            counted(work.all, what),
            work.programs.p90,
            a_week(work)
        )
    };
    format!("`{}` {does} {}{}.", work.mode.command(), text(&work.today), planned(commits, work, &text))
}

fn a_week(work: &RepeatedWorkReport) -> String {
    work.week_min.map_or_else(String::new, |of_week| format!(", {} a week", minutes(of_week)))
}

fn planned(
    commits: &CommitsReport,
    of: &RepeatedReport,
    text: &dyn Fn(&RepeatedWorkReport) -> String,
) -> String {
    of.planned.as_ref().map_or_else(String::new, |work| format!("; with {} {}", plans(commits), text(work)))
}

fn plans(commits: &CommitsReport) -> &'static str {
    if commits.plans.len() == 1 { "the plan" } else { "the plans" }
}

/// What costs most.
pub(crate) fn costly(commits: &CommitsReport) -> String {
    let named = |file: &CostlyFileReport| {
        let packages = match commits.packages {
            0 | 1 => String::new(),
            _ => format!(", up to {}", counted(file.packages, "package")),
        };
        format!("`{}` ({}{packages})", file.path, counted(file.commits, "commit"))
    };
    let names = |files: &[CostlyFileReport]| {
        let names: Vec<String> = files.iter().take(NAMED).map(named).collect();
        listed(&names, NAMED)
    };
    if !commits.everything.is_empty() {
        return format!(
            "{} of the cost are commits of which one file alone compiles everything again: {}.",
            share(commits.everything_share),
            names(&commits.everything)
        );
    }
    match commits.files.is_empty() {
        true => String::new(),
        false => format!("Most costly to change: {}.", names(&commits.files)),
    }
}

/// How many commits concern several owners, and what a plan does to that.
pub(crate) fn owners(commits: &CommitsReport) -> Option<String> {
    let owners = commits.owners.as_ref()?;
    let (file, crossing) = (owners.file.as_ref()?, owners.crossing?);
    let change = match owners.crossing_planned {
        Some(planned) => format!(", with the plan {planned}"),
        None => String::new(),
    };
    Some(format!(
        "By `{file}` {} of them {} packages of several owners{change}.",
        crossing,
        if crossing == 1 { "changes" } else { "change" }
    ))
}

/// What changes together and would be parted.
fn parted(commits: &CommitsReport) -> Option<String> {
    let (first, count) = parted_together(commits)?;
    let pair =
        format!("`{}` and `{}` ({})", first.files[0], first.files[1], counted(first.commits, "commit"));
    let found = counted(count as u64, "pair");
    let limits = commits.together.as_ref().map_or_else(String::new, |of| format!(" ({})", limits(of)));
    Some(format!("The plan parts {found} of files that change together{limits}: {pair}."))
}

/// What counts as changing together.
fn limits(together: &TogetherReport) -> String {
    format!(
        "in {} commits or more and {} of those of the one that changes less often; {} of more than {} files left out",
        together.least_commits,
        share(together.least_share),
        counted(together.bulk_commits, "commit"),
        together.bulk_files
    )
}

/// All that changes together, with what counts as such.
pub(crate) fn together(commits: &CommitsReport) -> Option<String> {
    let together = commits.together.as_ref().filter(|together| together.found > 0)?;
    Some(format!(
        "{} of files change together, though neither refers to the other or a plan parts them ({}).",
        counted(together.found, "pair"),
        limits(together)
    ))
}
