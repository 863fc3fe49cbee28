//! What commits deploy again, in sentences and rows.

use split_analyzer::report::{
    DeployCommitsReport, DeployNumbers, DeployableReport, DeploysReport, Report, has_services,
    most_needless_deploys,
};

use super::words::{counted, listed, seconds, share};

/// Owners that a row names.
const OWNERS: usize = 2;

/// How many programs a commit deploys again, and how many it has to; `None` without commits or programs.
pub(crate) fn summary(report: &Report) -> Option<String> {
    let deploys = report.deploys.as_ref().filter(|_| has_services(report))?;
    let parts =
        [Some(all(deploys)), week(deploys), after_plan(deploys), needless(deploys), pipeline(deploys)];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
}

fn all(deploys: &DeploysReport) -> String {
    match deploys.programs {
        1 => format!(
            "Of {}, {} deploy the program again by the packages that it is built from; after {} it runs something that \
             changed.",
            counted(deploys.replayed, "commit"),
            whole(deploys.redeployed_today, deploys.replayed),
            whole(deploys.needed, deploys.replayed)
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
    Some(format!("That is {:.0} deploys a week, of which {:.0} are needed.", week.today, week.needed))
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

fn whole(mean: f64, commits: u32) -> u32 {
    (mean * f64::from(commits)).round() as u32
}

fn after_plan(deploys: &DeploysReport) -> Option<String> {
    let after = deploys.after_plan.filter(|after| deploys.redeployed_today - after >= 0.05)?;
    Some(format!(
        "With the plans carried out, and every program on the crates that it uses, it would be {after:.1} by packages."
    ))
}

fn needless(deploys: &DeploysReport) -> Option<String> {
    let first = deploys.needless.first()?;
    Some(format!(
        "Changes of `{}` alone make {} of the deploys that run nothing new.",
        first.package,
        share(first.share)
    ))
}

/// The columns of [`rows`] that hold numbers.
pub(crate) const NUMBERS: [usize; 3] = [1, 2, 3];

/// Programs and roles with most deploys that run nothing new, and how many more there are.
pub(crate) fn rows(report: &Report, shown: usize) -> (Vec<Vec<String>>, usize) {
    let all = most_needless_deploys(report);
    let per_commit = report.deploys.as_ref().and_then(|deploys| {
        let week = deploys.per_week?;
        Some(week / f64::from(deploys.replayed.max(1)))
    });
    let row = |(program, commits): &(&DeployableReport, DeployCommitsReport)| {
        let number = |commits: u32| match per_commit {
            Some(week) => format!("{:.1}", f64::from(commits) * week),
            None => format!("{commits}"),
        };
        vec![
            program.name.clone(),
            number(commits.redeployed_today),
            number(commits.needed),
            format!("{} of {}", program.own_files.len(), program.files.len()),
            listed(&program.owners, OWNERS),
        ]
    };
    (all.iter().take(shown).map(row).collect(), all.len().saturating_sub(shown))
}

/// The columns of [`rows`]: deploys are counted over all commits where the pace isn't known.
pub(crate) fn header(report: &Report) -> [&'static str; 5] {
    match report.deploys.as_ref().and_then(|deploys| deploys.per_week) {
        Some(_) => ["program", "deploys a week", "needed", "own files", "owner"],
        None => ["program", "deploys", "needed", "own files", "owner"],
    }
}
