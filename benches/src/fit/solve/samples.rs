//! What the fits learn from: crates, what the model reads of them, and what they took.

use std::collections::{BTreeMap, BTreeSet};

use split_analyzer::cost::{
    EXPLANATORY, Mode, SettingFactors, TRAITS, explanatory, polled, setting_factors, traits,
};
use split_analyzer::discover::{Overrides, Profile};
use split_analyzer::parse::ItemFeatures;

use crate::fit::apps::build::{Apps, Crate, Kind, Run};

/// One crate in one mode.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sample {
    pub(crate) name: String,
    /// What is left out together: an application's own crates, or all versions of a published one.
    pub(crate) group: String,
    /// Whether the group is an application's.
    pub(crate) member: bool,
    pub(crate) dependencies: usize,
    /// Of an application's program what it polls, as the model counts it; 0 of others.
    pub(crate) polled: f64,
    pub(crate) variables: [f64; EXPLANATORY],
    pub(crate) traits: [f64; TRAITS],
    /// Seconds, those of a crate without items included; absent where they weren't measured.
    pub(crate) frontend_s: Option<f64>,
    pub(crate) codegen_s: Option<f64>,
}

impl Sample {
    /// Of a crate without runs.
    pub(crate) fn of(krate: &Crate, names: &[String]) -> anyhow::Result<Self> {
        let features = features(krate, names)?;
        let group = if krate.member { &krate.app } else { &krate.package };
        let program = if krate.kind == Kind::Bin { " (program)" } else { "" };
        Ok(Self {
            name: format!("{}{program}", krate.package),
            group: group.clone(),
            member: krate.member,
            dependencies: krate.dependencies,
            polled: 0.0,
            variables: explanatory(&features),
            traits: traits(&features, krate.dependencies),
            frontend_s: None,
            codegen_s: None,
        })
    }
}

/// The crates that are fitted to: all but those of applications that are held out.
pub(crate) fn samples(apps: &Apps, mode: Mode) -> anyhow::Result<Vec<Sample>> {
    let held_out: Vec<&str> = apps.apps.iter().filter(|a| a.held_out).map(|a| a.name.as_str()).collect();
    let mut samples = Vec::new();
    let left_out = |c: &Crate| c.member && held_out.contains(&c.app.as_str());
    let fitted = |c: &&Crate| !(c.kind.is_test() || left_out(c));
    for krate in apps.crates.iter().filter(fitted) {
        let of_mode = || krate.runs.iter().filter(|run| run.mode == mode);
        // As the model is of builds that aren't incremental; where there is none, what incremental compilation adds is taken off.
        let incremental = of_mode().all(|run| run.incremental);
        let added = if incremental { incremental_factors(mode) } else { SettingFactors::NONE };
        let least = |of: &dyn Fn(&Run) -> Option<f64>| {
            of_mode().filter(|run| run.incremental == incremental).filter_map(of).reduce(f64::min)
        };
        let frontend_s = least(&|run| Some(run.frontend_s / added.frontend));
        let of_code = |run: &Run| run.codegen_s.filter(|_| run.debuginfo == default_debuginfo(mode));
        let codegen_s = least(&|run| Some(of_code(run)? / added.codegen));
        if frontend_s.is_some() {
            // A check makes no code.
            let is_program = krate.kind == Kind::Bin && mode != Mode::Check;
            let polled = if is_program { polled(awaits_below(apps, krate)) } else { 0.0 };
            samples.push(Sample { frontend_s, codegen_s, polled, ..Sample::of(krate, &apps.counts)? });
        }
    }
    Ok(samples)
}

/// The `.await`s of an application's own libraries that a program of it loads.
fn awaits_below(apps: &Apps, program: &Crate) -> u32 {
    let Some(awaits) = apps.counts.iter().position(|name| name == "awaits") else { return 0 };
    let is_own = |krate: &&Crate| krate.member && krate.kind == Kind::Lib && krate.app == program.app;
    let own: BTreeMap<&str, &Crate> =
        apps.crates.iter().filter(is_own).map(|krate| (krate.package.as_str(), krate)).collect();
    let mut open: Vec<&str> = program.direct.iter().chain([&program.package]).map(String::as_str).collect();
    let (mut seen, mut sum) = (BTreeSet::new(), 0);
    while let Some(package) = open.pop() {
        let Some(krate) = own.get(package).filter(|_| seen.insert(package)) else { continue };
        sum += krate.counts[awaits];
        open.extend(krate.direct.iter().map(String::as_str));
    }
    sum
}

/// What the model multiplies with where a profile is incremental, and cargo's own otherwise.
fn incremental_factors(mode: Mode) -> SettingFactors {
    let release = mode == Mode::Release;
    let profile = Profile {
        opt_level: if release { "3" } else { "0" }.into(),
        debug: default_debuginfo(mode).to_string(),
        lto: "false".into(),
        codegen_units: if release { 16 } else { 256 },
        incremental: true,
        panic: "unwind".into(),
        split_debuginfo: None,
        overrides: Overrides::default(),
    };
    setting_factors(mode, &profile, false)
}

/// `-C debuginfo` of cargo's profiles as they are.
pub(crate) fn default_debuginfo(mode: Mode) -> u8 {
    if mode == Mode::Dev { 2 } else { 0 }
}

/// The counts of a crate by name.
fn features(krate: &Crate, names: &[String]) -> anyhow::Result<ItemFeatures> {
    let map = names.iter().cloned().zip(krate.counts.iter().map(|&n| serde_json::Value::from(n))).collect();
    Ok(serde_json::from_value(serde_json::Value::Object(map))?)
}
