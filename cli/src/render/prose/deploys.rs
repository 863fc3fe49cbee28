//! What commits deploy again, in sentences and rows.

use split_analyzer::plan::VerdictKind;
use split_analyzer::report::{
    DeployCommitsReport, DeployNumbers, DeploySplitReport, DeployableReport, DeploysReport, Report,
    has_services, most_needless_deploys,
};

use super::words::{counted, listed, seconds, share};

/// From so many on a share of them says more than their number. A choice.
const FEW_DEPLOYS: u32 = 50;

/// Owners that a row names.
const OWNERS: usize = 2;

/// How many programs a commit deploys again, and how many it has to; `None` without commits or programs.
pub(crate) fn summary(report: &Report) -> Option<String> {
    Some(sentences(report.deploys.as_ref().filter(|_| has_services(report))?))
}

/// The same of what was counted.
pub(crate) fn sentences(deploys: &DeploysReport) -> String {
    let parts =
        [Some(all(deploys)), week(deploys), after_plan(deploys), needless(deploys), pipeline(deploys)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The columns of [`split_row`].
pub(crate) const SPLIT_HEADER: [&str; 6] =
    ["package", "as crates for programs", "cuts", "saves deploys a week", "minutes", "of asked"];
/// Those of them that hold numbers.
pub(crate) const SPLIT_NUMBERS: [usize; 4] = [2, 3, 4, 5];

/// Crates of a split that a row names.
const CRATES: usize = 3;

/// What splitting shared packages by who runs what saves; `None` where there is nothing to save.
pub(crate) fn splits(deploys: &DeploysReport) -> Option<String> {
    let first = deploys.splits.first()?;
    let pays = |of: &&DeploySplitReport| of.verdict != VerdictKind::Keep;
    let assumed = if first.week.deploy_s_assumed { " (assumed)" } else { "" };
    let verdict = match deploys.splits.iter().filter(pays).count() {
        0 => "none gives its work back by that alone".to_owned(),
        1 if deploys.splits.len() == 1 => "that gives its work back".to_owned(),
        n => format!("{n} of {} give their work back", deploys.splits.len()),
    };
    Some(format!(
        "Programs are built from {} of which each runs a part: apart by who runs what, `{}` saves {:.0} deploys a week, at {}{assumed} \
         each; {verdict}.",
        counted(deploys.splits.len() as u64, "package"),
        first.package,
        first.week.deploys,
        seconds(first.week.deploy_s),
    ))
}

/// A package with its crates, each with the number of programs that are built from it.
pub(crate) fn split_row(of: &DeploySplitReport) -> Vec<String> {
    let crates: Vec<String> = of
        .crates
        .iter()
        .filter(|krate| krate.lines > 0)
        .map(|krate| format!("{}: {}", krate.name, krate.programs.len()))
        .collect();
    vec![
        of.package.clone(),
        listed(&crates, CRATES),
        of.cuts.len().to_string(),
        format!("{:.1}", of.week.deploys),
        format!("{:.0}", of.week.saved_min),
        format!("{:.0}", of.week.asked_min),
    ]
}

fn all(deploys: &DeploysReport) -> String {
    match deploys.programs {
        1 => format!(
            "Of {}, {} deploy the program again by the packages that it is built from; after {} it runs something that \
             changed.",
            counted(deploys.replayed, "commit"),
            deploys.deploys_today,
            deploys.deploys_needed
        ),
        programs => format!(
            "An average commit deploys {:.1} of {programs} programs again by the packages that they are built from; {:.1} run \
             something that it changes.",
            deploys.redeployed_today, deploys.needed
        ),
    }
}

fn week(deploys: &DeploysReport) -> Option<String> {
    let week = deploys.week?;
    // As in the table beside it, where whole numbers would say nothing.
    let digits = usize::from(week.today < 10.0);
    Some(format!(
        "That is {:.digits$} deploys a week, of which {:.digits$} are needed.",
        week.today, week.needed
    ))
}

/// What the pipeline carries, where deploys weigh: with one commit after another, and one deploy after another.
fn pipeline(deploys: &DeploysReport) -> Option<String> {
    let pipeline = deploys.pipeline.filter(|_| deploys.programs > 1)?;
    let DeployNumbers { today, needed, .. } = pipeline.commits_a_day;
    let assumed = if pipeline.deploy_s_assumed { ", assumed" } else { "" };
    Some(format!(
        "A pipeline that builds {} a commit and deploys {} a service{assumed}, one after another, carries {today:.0} commits a day; \
         {needed:.0} with the needed deploys alone.",
        seconds(pipeline.build_s),
        seconds(pipeline.deploy_s),
    ))
}

fn after_plan(deploys: &DeploysReport) -> Option<String> {
    let after = deploys.after_plan.filter(|after| deploys.redeployed_today - after >= 0.05)?;
    Some(format!(
        "With the plans carried out, and every program on the crates that it uses, it would be {after:.1} by packages."
    ))
}

fn needless(deploys: &DeploysReport) -> Option<String> {
    let first = deploys.needless.first()?;
    let all = deploys.deploys_today.saturating_sub(deploys.deploys_needed);
    Some(match all {
        FEW_DEPLOYS.. => format!(
            "Changes of `{}` alone make {} of the {all} deploys that run nothing new.",
            first.package,
            share(first.share)
        ),
        _ => format!(
            "Changes of `{}` alone make {} of the {} that run nothing new.",
            first.package,
            first.redeploys,
            counted(all, "deploy")
        ),
    })
}

/// The columns of [`rows`] that hold numbers.
pub(crate) const NUMBERS: [usize; 3] = [1, 2, 3];

/// Programs and roles with most deploys that run nothing new, and how many more there are, those without anything of their own too.
pub(crate) fn rows(report: &Report, shown: usize) -> (Vec<Vec<String>>, usize) {
    let all = most_needless_deploys(report);
    let row = |(program, commits): &(&DeployableReport, DeployCommitsReport)| {
        let [today, needed] = often(report.deploys.as_ref(), *commits);
        vec![
            program.name.clone(),
            today,
            needed,
            format!("{} of {}", program.own_files.len(), program.files.len()),
            listed(&program.owners, OWNERS),
        ]
    };
    let counted = report.deployables.iter().filter(|of| !of.auxiliary && of.commits.is_some()).count();
    (all.iter().take(shown).map(row).collect(), counted - all.len().min(shown))
}

/// Deploys a week, today and needed; over all commits where the pace isn't known.
pub(crate) fn often(deploys: Option<&DeploysReport>, of: DeployCommitsReport) -> [String; 2] {
    [of.redeployed_today, of.needed].map(|commits| a_week(deploys, commits))
}

/// A week, or over all commits where the pace isn't known.
pub(crate) fn a_week(deploys: Option<&DeploysReport>, commits: u32) -> String {
    let per_week = deploys.and_then(|deploys| Some(deploys.per_week? / f64::from(deploys.replayed.max(1))));
    match per_week {
        Some(week) => format!("{:.1}", f64::from(commits) * week),
        None => commits.to_string(),
    }
}

/// The columns of [`rows`]: deploys are counted over all commits where the pace isn't known.
pub(crate) fn header(report: &Report) -> [&'static str; 5] {
    ["program", deploys_column(report.deploys.as_ref()), "needed", "own files", "owner"]
}

/// What the number of deploys is called.
pub(crate) fn deploys_column(deploys: Option<&DeploysReport>) -> &'static str {
    match deploys.and_then(|deploys| deploys.per_week) {
        Some(_) => "deploys a week",
        None => "deploys",
    }
}
