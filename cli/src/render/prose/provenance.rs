//! Where seconds and references come from, and how far to trust them.

use split_analyzer::cost::measured::BuildMode;
use split_analyzer::cost::{Basis, CostSource, Mode};
use split_analyzer::plan::VerdictKind;
use split_analyzer::report::{BuiltReport, CostsReport, ModeCost, Report, real_seconds};

use super::words::{counted, in_turn, series};

/// Where the numbers come from and how far to trust them.
pub(crate) fn provenance(report: &Report) -> Vec<String> {
    let references = &report.repository.references;
    let all = references.resolved + references.external + references.unresolved;
    let lines = counted(report.repository.lines, "line");
    let files = counted(report.repository.files, "file");
    let packages = counted(report.repository.packages, "package");
    let mut sentences = vec![format!(
        "Read {lines} in {files} of {packages}; followed {} of {}.",
        exact_share(references.followed_share),
        counted(all, "reference"),
    )];
    sentences.push(source_of_seconds(&report.costs));
    sentences
}

/// Where the seconds come from.
pub(crate) fn source_of_seconds(costs: &CostsReport) -> String {
    let (known, modelled): (Vec<_>, Vec<_>) = costs.modes.iter().partition(|m| m.calibration.is_some());
    let mut sentences: Vec<String> = known.iter().map(|mode| known_seconds(mode, &costs.built)).collect();
    // What the fit's tables show, and no more: builds of code that it had not seen (`benches/README.md`, "fit").
    let builds = format!(
        "8 in 10 builds of code that the model had not seen were right within a factor of {}.",
        factors(&modelled)
    );
    if known.is_empty() {
        sentences.push(format!(
            "Seconds are modelled from the source, not measured: {builds} Shares and orders are more reliable."
        ));
    } else if !modelled.is_empty() {
        let names: Vec<String> = modelled.iter().map(|m| format!("`{}`", m.mode.command())).collect();
        sentences.push(format!("Those of {} are modelled, not measured: {builds}", series(&names, "and")));
    }
    sentences.join(" ")
}

/// By how much modelled seconds may be off, each mode with its own where they differ: `2.2 (\`cargo check\`) or 3.9 (…)`.
fn factors(modes: &[&ModeCost]) -> String {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for mode in modes {
        let (factor, command) =
            (format!("{:.1}", mode.error_factor.max(1.0)), format!("`{}`", mode.mode.command()));
        match groups.iter_mut().find(|(of, _)| *of == factor) {
            Some((_, commands)) => commands.push(command),
            None => groups.push((factor, vec![command])),
        }
    }
    match groups.as_slice() {
        [(factor, _)] => factor.clone(),
        several => {
            let named: Vec<String> = several
                .iter()
                .map(|(factor, commands)| format!("{factor} ({})", series(commands, "and")))
                .collect();
            series(&named, "or")
        }
    }
}

/// Of a mode whose seconds are not all the model's as it is.
fn known_seconds(mode: &ModeCost, built: &[BuiltReport]) -> String {
    let all = mode.crates.len() as u64;
    let left = mode.crates.iter().filter(|c| c.source == CostSource::Modelled).count() as u64;
    if left == all {
        return scaled_seconds(mode);
    }
    let imported = mode.crates.iter().any(|c| c.source == CostSource::Imported);
    let from = match (left_by_builds(mode.mode, built), imported) {
        (Some(left), _) => format!("those that earlier builds have left in {left}"),
        (None, true) => "those of cargo's own records".to_owned(),
        (None, false) => "measured".to_owned(),
    };
    let rest = match left {
        0 => String::new(),
        left => format!(
            " for {} of {}; the rest is modelled, times {:.2} to fit them",
            all - left,
            counted(all, "crate"),
            mode.calibration.unwrap_or(1.0)
        ),
    };
    let modules = match mode.measured_modules {
        0 => String::new(),
        modules => format!(" Within crates they fall on {} as measured.", counted(modules, "module")),
    };
    format!("Seconds of `{}` are {from}{rest}.{modules}", mode.mode.command())
}

/// How the seconds become this machine's, where they are not and the answer hasn't said so.
pub(crate) fn real(report: &Report) -> Option<String> {
    let open = report.packages.first().is_some_and(|p| p.verdict.kind == VerdictKind::MeasureFirst);
    let commands = real_seconds(&report.costs).filter(|_| !open)?;
    Some(format!("run {} to have this machine's.", in_turn(commands)))
}

/// Builds that happened anyway, of which seconds are used: where, when, and how much of them is there.
fn left_by_builds(mode: Mode, built: &[BuiltReport]) -> Option<String> {
    let of_mode =
        |build: &&BuiltReport| build.used && of_profile(mode) == (build.mode, build.profile.as_str());
    let named: Vec<String> = built
        .iter()
        .filter(|build| build.used)
        .filter(|build| mode == Mode::Check && build.mode == BuildMode::Check || of_mode(build))
        .map(|build| {
            let day = build.ended.split('T').next().unwrap_or_default();
            let units = counted(build.units.whole, "unit");
            format!("{} ({units}, the last of {day})", build.directory)
        })
        .collect();
    (!named.is_empty()).then(|| series(&named, "and"))
}

fn of_profile(mode: Mode) -> (BuildMode, &'static str) {
    match mode {
        Mode::Check => (BuildMode::Check, "dev"),
        // What is known of a `dev` build is known of tests.
        Mode::Dev | Mode::Test => (BuildMode::Build, "dev"),
        Mode::Release => (BuildMode::Build, "release"),
    }
}

/// Of a mode in which no crate's seconds are known, but something is that says how far the model is off.
fn scaled_seconds(mode: &ModeCost) -> String {
    let fitted = match mode.crates.iter().map(|c| c.basis).min() {
        Some(Basis::Known | Basis::OtherBuilds) => "other builds of the same crates",
        Some(Basis::OtherCrates) => "other crates",
        Some(Basis::Machine | Basis::Model) | None => {
            "the speed of this machine, as packages from elsewhere show it"
        }
    };
    let (times, factor) = (mode.calibration.unwrap_or(1.0), mode.error_factor);
    format!(
        "Seconds of `{}` are modelled, times {times:.2} to fit {fitted}: 8 in 10 builds take between 1/{factor:.1} and \
         {factor:.1} times as long.",
        mode.mode.command()
    )
}

/// A share close to 1 with enough digits not to become 100 %.
fn exact_share(share: f64) -> String {
    if share >= 1.0 { "all".to_owned() } else { format!("{:.1} %", (share * 1000.0).floor() / 10.0) }
}
