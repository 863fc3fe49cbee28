//! The page of `cargo build --timings`.
//!
//! Its script holds the units as JSON (`const UNIT_DATA = […]`). As of cargo 1.95 `mode` is only `todo` or
//! `run-custom-build`; what a unit is stands in `target`: nothing for a library, `NAME "KIND"` for other targets,
//! `build-script`, each followed by `(check)`, `(test)`, `(check-test)` or `(run)`. Fresh units have no duration.
//! `unblocked_units` say only which unit came free first: no dependency graph. Seconds are those on the wall, in
//! hundredths: a page of a build with `-j1` is best.

use std::path::Path;

use serde::Deserialize;

use crate::base::number::SECONDS;
use crate::discover::Repository;
use crate::error::{Error, Result};

use super::super::measured::{
    BuildMode, BuildRecord, COSTS_VERSION, CostsFile, Origin, Origins, UnitCost, UnitMode, UnitTarget,
    UnitTargetKind,
};
use super::units;

/// Where the units are.
const MARK: &str = "UNIT_DATA =";

/// A unit of the page; what isn't read is left out.
#[derive(Deserialize)]
struct RawUnit {
    name: String,
    version: String,
    mode: String,
    target: String,
    start: f64,
    duration: f64,
    /// Until cargo 1.90.
    #[serde(default)]
    rmeta_time: Option<f64>,
    #[serde(default)]
    features: Option<Vec<String>>,
    #[serde(default)]
    sections: Option<Vec<(String, Section)>>,
}

/// A phase of a unit, in seconds from its start.
#[derive(Deserialize)]
struct Section {
    start: f64,
    #[serde(default)]
    end: Option<f64>,
}

/// Reads a page. Fresh units are left out: they cost what another build paid.
pub(super) fn read(path: &Path, bytes: &[u8], repository: &Repository) -> Result<CostsFile> {
    let page = String::from_utf8_lossy(bytes);
    let invalid = |line: usize, message: String| Error::InvalidInput { path: path.to_owned(), line, message };
    let at = page
        .find(MARK)
        .ok_or_else(|| invalid(0, "not a page of `cargo build --timings`: it has no UNIT_DATA".to_owned()))?;
    let data = &page[at + MARK.len()..];
    let first_line = page[..at].matches('\n').count();
    // The script goes on after the array.
    let mut stream = serde_json::Deserializer::from_str(data).into_iter::<Vec<RawUnit>>();
    let raw = match stream.next() {
        Some(Ok(units)) => units,
        Some(Err(e)) => return Err(invalid(first_line + e.line(), format!("UNIT_DATA can't be read: {e}"))),
        None => return Err(invalid(first_line + 1, "UNIT_DATA is empty".to_owned())),
    };
    if let Some(message) = raw.iter().enumerate().find_map(|(position, unit)| wrong(position, unit)) {
        return Err(invalid(first_line + 1, message));
    }
    let mut read: Vec<UnitCost> =
        raw.iter().filter(|unit| !is_fresh(unit)).filter_map(|unit| unit_cost(unit, repository)).collect();
    read.sort_by(|a, b| a.start_s.total_cmp(&b.start_s));
    let build = build(&page, &raw, &read);
    if build.mode == BuildMode::Check {
        mark_host(&mut read);
    }
    Ok(CostsFile { schema_version: COSTS_VERSION, build, units: read, modules: Vec::new() })
}

/// The first of a unit's figures that is out of its range, with its place in UNIT_DATA.
fn wrong(position: usize, unit: &RawUnit) -> Option<String> {
    let phases = unit.sections.iter().flatten().flat_map(|(_, section)| [Some(section.start), section.end]);
    let figures =
        [("start", Some(unit.start)), ("duration", Some(unit.duration)), ("rmeta_time", unit.rmeta_time)];
    let mut figures = figures.into_iter().chain(phases.map(|seconds| ("sections", seconds)));
    let (field, wrong) = figures.find_map(|(field, seconds)| Some((field, SECONDS.wrong(seconds?)?)))?;
    Some(format!("UNIT_DATA[{position}].{field}, {} {}: {wrong}", unit.name, unit.version))
}

/// A unit that had nothing to do: no time, and no phases either.
fn is_fresh(unit: &RawUnit) -> bool {
    unit.duration == 0.0 && unit.mode != "run-custom-build"
}

/// `None` for what is neither compiled nor a build script's run (documentation).
fn unit_cost(raw: &RawUnit, repository: &Repository) -> Option<UnitCost> {
    let (target, mode) = target(raw, repository)?;
    let end_s = raw.start + raw.duration;
    let within = |s: f64| (raw.start + s).min(end_s);
    let section = |name: &str| {
        let found = raw.sections.iter().flatten().find(|(section, _)| section == name);
        found.map(|(_, section)| section)
    };
    // The page calls the time until metadata `frontend`; of units that make none it knows no phases.
    let frontend = section("frontend").and_then(|s| s.end).or(raw.rmeta_time);
    Some(UnitCost {
        package: raw.name.clone(),
        version: raw.version.clone(),
        member: Some(units::member(repository, &raw.name).is_some()),
        target,
        mode,
        features: raw.features.clone(),
        start_s: raw.start,
        metadata_s: frontend.map(within),
        link_start_s: section("link").map(|s| within(s.start)),
        end_s: Some(end_s),
        origins: Origins { times: Origin::Timings, ..Origins::default() },
        ..UnitCost::default()
    })
}

/// What a unit is, from ` api "bin" (check)` and the like.
fn target(raw: &RawUnit, repository: &Repository) -> Option<(UnitTarget, UnitMode)> {
    let text = raw.target.trim();
    let (what, action) = match text.rsplit_once('(').filter(|_| text.ends_with(')')) {
        Some((what, action)) => (what.trim(), action.trim_end_matches(')')),
        None => (text, ""),
    };
    let mode = match (raw.mode.as_str(), action) {
        ("run-custom-build", _) | (_, "run") => UnitMode::Run,
        (_, "check") => UnitMode::Check,
        (_, "check-test") => UnitMode::CheckTest,
        (_, "test") => UnitMode::Test,
        (_, "" | "lib") => UnitMode::Build,
        _ => return None,
    };
    let words: Vec<&str> = what.split_whitespace().map(|word| word.trim_matches('"')).collect();
    let named = |word: &str, name: &str| Some(UnitTarget::new(units::kind(word)?, units::crate_name(name)));
    let target = match words[..] {
        [] | ["lib"] => units::library(repository, &raw.name),
        ["build-script"] | ["build", "script"] => {
            UnitTarget::new(UnitTargetKind::BuildScript, "build_script_build")
        }
        [_, "lib"] => units::library(repository, &raw.name),
        // The name comes first since cargo 1.92, the kind before.
        [name, word] if what.ends_with('"') && !what.contains(&format!("\"{name}\"")) => {
            named(word, name).or_else(|| named(name, word))?
        }
        [word, name] => named(word, name)?,
        _ => return None,
    };
    Some((target, mode))
}

fn build(page: &str, raw: &[RawUnit], read: &[UnitCost]) -> BuildRecord {
    let cell = |label: &str| {
        let (_, rest) = page.split_once(&format!("<td>{label}:</td><td>"))?;
        Some(rest.split_once("</td>")?.0.trim())
    };
    let number = |text: &str, label: &str| -> Option<u32> {
        let digits: String = text.split_once(label)?.1.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    };
    let concurrency = cell("Max concurrency").unwrap_or_default();
    let check = raw.iter().any(|unit| unit.target.contains("(check"));
    let seconds = |text: &str| text.split('s').next().and_then(|s| s.trim().parse::<f64>().ok());
    BuildRecord {
        mode: if check { BuildMode::Check } else { BuildMode::Build },
        profile: units::profile(cell("Profile").unwrap_or("dev")),
        jobs: number(concurrency, "jobs="),
        cores: number(concurrency, "ncpu="),
        rustc: cell("rustc").map(|text| text.split("<br>").next().unwrap_or(text).to_owned()),
        host: cell("rustc").and_then(|text| {
            let (_, rest) = text.split_once("Host: ")?;
            Some(rest.split("<br>").next().unwrap_or(rest).to_owned())
        }),
        wall_s: cell("Total time")
            .filter(|text| !text.contains('m'))
            .and_then(seconds)
            .or_else(|| read.iter().filter_map(|unit| unit.end_s).max_by(f64::total_cmp)),
        ..BuildRecord::default()
    }
}

/// In a check, what is compiled in full is needed by the build itself: procedural macros and what they need.
fn mark_host(units: &mut [UnitCost]) {
    for unit in units {
        match unit.mode {
            UnitMode::Build => unit.host = Some(true),
            UnitMode::Check | UnitMode::CheckTest => unit.host = Some(false),
            UnitMode::Test | UnitMode::Run => {}
        }
    }
}
