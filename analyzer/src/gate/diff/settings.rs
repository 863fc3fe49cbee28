//! What decides figures beside the code.

use crate::cost::CostSource;
use crate::report::{Report, utc};

/// What decides figures beside the code and differs; `same_commits` where the same ones were meant to be replayed.
pub(super) fn not_the_code(old: &Report, new: &Report, same_commits: bool) -> Vec<String> {
    let mut causes = Vec::new();
    let mut differs = |what: &str, before: String, after: String| {
        if before != after {
            causes.push(format!("{what}: {before}, then {after}"));
        }
    };
    differs("the tool's version", old.tool.version.clone(), new.tool.version.clone());
    differs("jobs", old.settings.jobs.to_string(), new.settings.jobs.to_string());
    differs("the platform", old.settings.target.clone(), new.settings.target.clone());
    differs("features", features(old), features(new));
    differs("paths left out", old.settings.exclude.join(", "), new.settings.exclude.join(", "));
    if !same_commits {
        differs("commits replayed", replayed(old), replayed(new));
    }
    for mode in &old.costs.modes {
        let Some(other) = new.costs.modes.iter().find(|other| other.mode == mode.mode) else { continue };
        let what = format!("where the seconds of `{}` come from", mode.mode.command());
        differs(&what, source(mode.source).to_owned(), source(other.source).to_owned());
        let factor = |of: Option<f64>| of.map_or("none".to_owned(), |factor| format!("{factor:.2}"));
        let what = format!("the factor that modelled seconds of `{}` are multiplied by", mode.mode.command());
        differs(&what, factor(mode.calibration), factor(other.calibration));
    }
    causes
}

/// Which commits rebuilds and deploys are of: those of a commit that is newer are others.
fn replayed(report: &Report) -> String {
    let day = |time: i64| utc(time).chars().take_while(|c| *c != 'T').collect::<String>();
    report.commits.as_ref().map_or("none".to_owned(), |commits| {
        let (first, last) = (day(commits.first_time), day(commits.last_time));
        format!("{} from {first} to {last}", commits.replayed)
    })
}

fn source(source: CostSource) -> &'static str {
    match source {
        CostSource::Measured => "a build under observation",
        CostSource::Imported => "a page or log of cargo's",
        CostSource::Built => "a build that happened anyway",
        CostSource::Modelled => "the model",
    }
}

fn features(report: &Report) -> String {
    let settings = &report.settings;
    let mut all = settings.features.clone();
    all.extend(settings.all_features.then(|| "all".to_owned()));
    all.extend(settings.no_default_features.then(|| "no default ones".to_owned()));
    all.sort();
    if all.is_empty() { "the default ones".to_owned() } else { all.join(", ") }
}
