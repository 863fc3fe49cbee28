//! Seconds of applications that were built on different days, as on one machine.
//!
//! The machine was busier on some days than on others. Packages that several applications load, and that were measured by themselves,
//! say by how much: the logarithm of a crate's front end is its own plus the day's.

use std::collections::BTreeMap;

use split_analyzer::cost::Mode;

use crate::fit::apps::build::{Apps, Kind};
use crate::fit::crates::measure::Data;
use crate::fit::solve::part::LEAST_S;
use crate::fit::solve::statistics::median;

/// Shared packages that say something of a day. A choice.
const ENOUGH: usize = 10;

/// Rounds of fitting crates and days in turn; it settles after about ten.
const ROUNDS: usize = 50;

/// Who measured a package: an application, or `fit measure`.
type Who<'a> = Option<&'a str>;

/// The same figures in seconds of the machine as it was for `data`.
pub(crate) fn on_one_machine(data: &Data, apps: &Apps) -> Apps {
    let factors = factors(&shared(data, apps));
    let mut crates = apps.crates.clone();
    for krate in &mut crates {
        let factor = factors.get(&Some(krate.app.as_str())).copied().unwrap_or(1.0);
        for run in &mut krate.runs {
            run.frontend_s /= factor;
            run.codegen_s = run.codegen_s.map(|seconds| seconds / factor);
            run.link_s = run.link_s.map(|seconds| seconds / factor);
        }
    }
    Apps {
        rustc: apps.rustc.clone(),
        cores: apps.cores,
        apps: apps.apps.clone(),
        counts: apps.counts.clone(),
        crates,
    }
}

/// By how much a day makes a prediction wrong that is right on average: the standard deviation of the logarithms of the applications' days.
pub(crate) fn spread(data: &Data, apps: &Apps) -> f64 {
    let factors = factors(&shared(data, apps));
    let days: Vec<f64> =
        factors.iter().filter(|(who, _)| who.is_some()).map(|(_, factor)| factor.ln()).collect();
    let mean = days.iter().sum::<f64>() / days.len().max(1) as f64;
    (days.iter().map(|day| (day - mean).powi(2)).sum::<f64>() / days.len().max(1) as f64).sqrt()
}

/// A factor that four of five predictions keep on one machine, with what the day adds to that.
pub(crate) fn on_any_day(factor: f64, spread: f64) -> f64 {
    /// Within so many standard deviations lie four of five values of a normal distribution.
    const FOUR_OF_FIVE: f64 = 1.2816;
    (factor.ln().powi(2) + (FOUR_OF_FIVE * spread).powi(2)).sqrt().exp()
}

/// Front ends of `dev` builds by package and version, of those that several measured: the logarithms, each of one measurer the mean
/// over sets of features.
fn shared<'a>(data: &'a Data, apps: &'a Apps) -> Vec<BTreeMap<Who<'a>, f64>> {
    let mut all: BTreeMap<(&str, &str), BTreeMap<Who<'a>, Vec<f64>>> = BTreeMap::new();
    let mut add = |package: (&'a str, &'a str), who: Who<'a>, seconds: f64| {
        if seconds >= LEAST_S {
            all.entry(package).or_default().entry(who).or_default().push(seconds.ln());
        }
    };
    for krate in apps.crates.iter().filter(|krate| !krate.member && krate.kind == Kind::Lib) {
        let dev = krate.runs.iter().filter(|run| run.mode == Mode::Dev && !run.incremental);
        let least = dev.map(|run| run.frontend_s).reduce(f64::min);
        add((&krate.package, &krate.version), Some(&krate.app), least.unwrap_or_default());
    }
    for krate in &data.crates {
        let seconds = krate.seconds.get(&Mode::Dev).map_or(0.0, |parts| parts.0);
        add((&krate.name, &krate.version), None, seconds);
    }
    let mean = |logs: Vec<f64>| logs.iter().sum::<f64>() / logs.len() as f64;
    let several = all.into_values().filter(|by| by.len() > 1);
    several.map(|by| by.into_iter().map(|(who, logs)| (who, mean(logs))).collect()).collect()
}

/// By how much longer each took than `fit measure`, of those that share enough packages.
fn factors<'a>(shared: &[BTreeMap<Who<'a>, f64>]) -> BTreeMap<Who<'a>, f64> {
    let mut packages: BTreeMap<Who<'a>, usize> = BTreeMap::new();
    for who in shared.iter().flat_map(|by| by.keys()) {
        *packages.entry(*who).or_default() += 1;
    }
    let mut days: BTreeMap<Who<'a>, f64> = packages
        .iter()
        .filter(|(who, packages)| who.is_none() || **packages >= ENOUGH)
        .map(|(&who, _)| (who, 0.0))
        .collect();
    for _ in 0..ROUNDS {
        let day = |who: &Who<'a>| days.get(who).copied().unwrap_or_default();
        let own = |by: &BTreeMap<Who<'a>, f64>| {
            by.iter().map(|(who, log)| log - day(who)).sum::<f64>() / by.len() as f64
        };
        let own: Vec<f64> = shared.iter().map(own).collect();
        let left =
            |who: Who<'a>| median(shared.iter().zip(&own).filter_map(|(by, own)| Some(by.get(&who)? - own)));
        days = days.keys().map(|&who| (who, left(who))).collect();
    }
    let reference = days.get(&None).copied().unwrap_or_default();
    days.into_iter().map(|(who, day)| (who, (day - reference).exp())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_day_is_known_by_what_others_measured_too() {
        // Twenty packages of different sizes; `b` took half as long again, `c` shares too few.
        let by = |n: usize| {
            let own = 0.2 + n as f64 / 10.0;
            let mut by = BTreeMap::from([(None, own), (Some("a"), own), (Some("b"), own + 1.5_f64.ln())]);
            if n < 5 {
                by.insert(Some("c"), own + 3.0);
            }
            by
        };
        let factors = factors(&(0..20).map(by).collect::<Vec<_>>());
        let close = |who: Who<'_>, expected: f64| (factors[&who] - expected).abs() < 0.01;
        assert!(close(None, 1.0) && close(Some("a"), 1.0) && close(Some("b"), 1.5), "{factors:?}");
        assert_eq!(factors.get(&Some("c")), None);
    }

    #[test]
    fn a_day_adds_to_what_is_off() {
        assert_eq!(on_any_day(2.0, 0.0), 2.0);
        assert!((on_any_day(1.0, 0.1) - 1.137).abs() < 1e-3);
        assert!(on_any_day(2.0, 0.2) < 2.0 * on_any_day(1.0, 0.2));
    }
}
