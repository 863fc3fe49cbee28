//! The log of `cargo -Zbuild-analysis`: one JSON object a line; `reason` says which kind.
//!
//! Cargo's `util/log_message.rs` has the messages. Unlike a page of timings it knows the dependency graph of the units;
//! it doesn't say which check of a target is that of its tests: of two alike, that on which something depends, else
//! the first, is the plain one.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::base::number::SECONDS;
use crate::cost::Artifact;
use crate::discover::Repository;
use crate::error::{Error, Result};

use super::super::measured::{
    BuildMode, BuildRecord, COSTS_VERSION, CostsFile, Origin, Origins, Outcome, UnitCost, UnitDependency,
    UnitMode, UnitStatus, UnitTarget, UnitTargetKind,
};
use super::units;

/// The messages that are read; others are skipped.
#[derive(Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
enum Message {
    BuildStarted(Started),
    UnitRegistered(Registered),
    UnitStarted {
        index: u32,
        elapsed: f64,
    },
    UnitRmetaFinished {
        index: u32,
        elapsed: f64,
    },
    UnitSectionStarted {
        index: u32,
        elapsed: f64,
        section: String,
    },
    UnitFinished {
        index: u32,
        elapsed: f64,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Started {
    command: Vec<String>,
    host: String,
    jobs: u32,
    #[serde(default)]
    num_cpus: Option<u32>,
    profile: String,
    #[serde(default)]
    rustc_version: String,
}

#[derive(Deserialize)]
struct Registered {
    package_id: String,
    target: RegisteredTarget,
    mode: String,
    index: u32,
    #[serde(default)]
    features: Vec<String>,
    #[serde(default)]
    dependencies: Vec<u32>,
}

#[derive(Deserialize)]
struct RegisteredTarget {
    name: String,
    kind: String,
}

/// When a unit did what.
#[derive(Default)]
struct Times {
    start: Option<f64>,
    metadata: Option<f64>,
    codegen: Option<f64>,
    link: Option<f64>,
    end: Option<f64>,
}

/// Reads a log. Units that were not started (fresh ones) are left out.
pub(super) fn read(path: &Path, bytes: &[u8], repository: &Repository) -> Result<CostsFile> {
    let text = String::from_utf8_lossy(bytes);
    let invalid = |line: usize, message: String| Error::InvalidInput { path: path.to_owned(), line, message };
    let mut started = None;
    let mut registered: BTreeMap<u32, Registered> = BTreeMap::new();
    let mut lines: BTreeMap<u32, usize> = BTreeMap::new();
    let mut times: BTreeMap<u32, Times> = BTreeMap::new();
    for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
        let message: Message = serde_json::from_str(text)
            .map_err(|e| invalid(line, format!("not a message of `cargo -Zbuild-analysis`: {e}")))?;
        let of = |index: u32, elapsed: f64| -> Result<()> {
            if !registered.contains_key(&index) {
                return Err(invalid(line, format!("unit {index} was never registered")));
            }
            match SECONDS.wrong(elapsed) {
                None => Ok(()),
                Some(wrong) => Err(invalid(line, format!("elapsed of unit {index} {wrong}"))),
            }
        };
        match message {
            Message::BuildStarted(build) => started = Some(build),
            Message::UnitRegistered(unit) => {
                lines.insert(unit.index, line);
                registered.insert(unit.index, unit);
            }
            Message::UnitStarted { index, elapsed } => {
                of(index, elapsed)?;
                times.entry(index).or_default().start = Some(elapsed);
            }
            Message::UnitRmetaFinished { index, elapsed } => {
                of(index, elapsed)?;
                times.entry(index).or_default().metadata = Some(elapsed);
            }
            Message::UnitSectionStarted { index, elapsed, section } => {
                of(index, elapsed)?;
                let times = times.entry(index).or_default();
                match section.as_str() {
                    "codegen" => times.codegen = Some(elapsed),
                    "link" => times.link = Some(elapsed),
                    _ => {}
                }
            }
            Message::UnitFinished { index, elapsed } => {
                of(index, elapsed)?;
                times.entry(index).or_default().end = Some(elapsed);
            }
            Message::Other => {}
        }
    }
    let Some(started) = started else {
        return Err(invalid(0, "not a log of `cargo -Zbuild-analysis`: no build starts in it".to_owned()));
    };
    for (index, unit) in &registered {
        if let Some(to) = unit.dependencies.iter().find(|to| !registered.contains_key(to)) {
            let message = format!("unit {index} depends on unit {to}, which was never registered");
            return Err(invalid(lines[index], message));
        }
    }
    let units = collect(&registered, &times, repository);
    let check = registered.values().any(|unit| unit.mode == "check");
    let complete = units.iter().all(|unit| unit.status == UnitStatus::Done);
    let build = BuildRecord {
        command: command(started.command),
        mode: if check { BuildMode::Check } else { BuildMode::Build },
        profile: units::profile(&started.profile),
        jobs: Some(started.jobs),
        cores: started.num_cpus,
        rustc: Some(format!("rustc {}", started.rustc_version)),
        host: Some(started.host),
        wall_s: units.iter().filter_map(|unit| unit.end_s).max_by(f64::total_cmp),
        outcome: if complete { Outcome::Complete } else { Outcome::Interrupted },
        ..BuildRecord::default()
    };
    Ok(CostsFile { schema_version: COSTS_VERSION, build, units, modules: Vec::new() })
}

/// The command without the paths of the machine that ran it.
fn command(words: Vec<String>) -> Vec<String> {
    let mut words = words.into_iter();
    let program = words.next().map(|word| word.rsplit(['/', '\\']).next().unwrap_or(&word).to_owned());
    program.into_iter().chain(words.filter(|word| !word.contains('/'))).collect()
}

fn collect(
    registered: &BTreeMap<u32, Registered>,
    times: &BTreeMap<u32, Times>,
    repository: &Repository,
) -> Vec<UnitCost> {
    let mut order: Vec<(u32, f64)> =
        times.iter().filter_map(|(&index, times)| Some((index, times.start?))).collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    let position: BTreeMap<u32, u32> = order.iter().zip(0..).map(|(&(index, _), at)| (index, at)).collect();
    let tests = checks_of_tests(registered);
    let check = registered.values().any(|unit| unit.mode == "check");
    order
        .iter()
        .filter_map(|&(index, start_s)| {
            let (raw, times) = (&registered[&index], &times[&index]);
            let (package, version) = package(&raw.package_id);
            let (target, mode) = target(raw, &package, repository, tests.contains(&index))?;
            let dependencies = raw.dependencies.iter().filter_map(|to| {
                let artifact = artifact(&target, mode, &registered[to]);
                Some(UnitDependency { unit: *position.get(to)?, artifact })
            });
            let host = match mode {
                UnitMode::Build if check => Some(true),
                UnitMode::Check | UnitMode::CheckTest => Some(false),
                _ => None,
            };
            Some(UnitCost {
                member: Some(units::member(repository, &package).is_some()),
                package,
                version,
                dependencies: Some(dependencies.collect()),
                target,
                mode,
                host,
                features: Some(raw.features.clone()),
                start_s,
                metadata_s: times.metadata,
                codegen_start_s: times.codegen.filter(|_| times.metadata.is_none()),
                link_start_s: times.link,
                end_s: times.end,
                status: if times.end.is_some() { UnitStatus::Done } else { UnitStatus::Interrupted },
                origins: Origins {
                    times: Origin::BuildAnalysis,
                    dependencies: Some(Origin::BuildAnalysis),
                    ..Origins::default()
                },
                ..UnitCost::default()
            })
        })
        .collect()
}

/// What a unit needs of another: everything where one of them runs or links, else its metadata.
fn artifact(user: &UnitTarget, mode: UnitMode, dependency: &Registered) -> Artifact {
    let links = user.kind != UnitTargetKind::Lib && !matches!(mode, UnitMode::Check | UnitMode::CheckTest);
    let library = dependency.target.kind == "lib" && dependency.mode != "run-custom-build";
    if library && !links { Artifact::Metadata } else { Artifact::All }
}

/// Units that check a target's tests, though the log calls them as it calls those of the target itself.
fn checks_of_tests(registered: &BTreeMap<u32, Registered>) -> Vec<u32> {
    let needed: std::collections::BTreeSet<u32> =
        registered.values().flat_map(|unit| unit.dependencies.iter().copied()).collect();
    let mut alike: BTreeMap<(&str, &str, &str, &[String]), Vec<u32>> = BTreeMap::new();
    for unit in registered.values().filter(|unit| unit.mode == "check") {
        let target = (unit.package_id.as_str(), unit.target.kind.as_str(), unit.target.name.as_str());
        alike.entry((target.0, target.1, target.2, &unit.features)).or_default().push(unit.index);
    }
    let mut tests = Vec::new();
    for ((_, kind, ..), units) in alike {
        let plain = units.iter().find(|unit| needed.contains(unit)).or(units.first()).copied();
        let only_tests = matches!(kind, "test" | "bench");
        tests.extend(units.into_iter().filter(|&unit| only_tests || Some(unit) != plain));
    }
    tests
}

fn target(
    raw: &Registered,
    package: &str,
    repository: &Repository,
    of_tests: bool,
) -> Option<(UnitTarget, UnitMode)> {
    let mode = match raw.mode.as_str() {
        "run-custom-build" => UnitMode::Run,
        "check" if of_tests => UnitMode::CheckTest,
        "check" => UnitMode::Check,
        "build" => UnitMode::Build,
        "test" => UnitMode::Test,
        _ => return None,
    };
    let target = match units::kind(&raw.target.kind)? {
        // The log doesn't tell a procedural macro from a library; the manifest does.
        UnitTargetKind::Lib => {
            UnitTarget { name: units::crate_name(&raw.target.name), ..units::library(repository, package) }
        }
        kind => UnitTarget::new(kind, units::crate_name(&raw.target.name)),
    };
    Some((target, mode))
}

/// Name and version in a package id: `…/dir#1.0.0` or `…#name@1.0.0`.
fn package(id: &str) -> (String, String) {
    let (url, fragment) = id.rsplit_once('#').unwrap_or((id, ""));
    if let Some((name, version)) = fragment.rsplit_once('@') {
        return (name.to_owned(), version.to_owned());
    }
    let url = url.split('?').next().unwrap_or(url);
    let name = url.trim_end_matches('/').rsplit('/').next().unwrap_or(url);
    (name.to_owned(), fragment.to_owned())
}
