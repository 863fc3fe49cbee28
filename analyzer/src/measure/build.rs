//! Runs the build and brings home what was recorded.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::base::load::last_minute;
use crate::cost::measured::{
    BuildMode, BuildRecord, COSTS_VERSION, CostsFile, Outcome, UnitCost, UnitStatus,
};
use crate::diagnostic::Diagnostic;
use crate::error::{Error, Result};

use super::child::run;
use super::collect::{self, micros};
use super::invocation::{self, Invocation, MeasureOptions, Places};
use super::load;
use super::modules;
use super::record::{self, Clock, INNER};

/// What a measured build gave.
#[derive(Debug, Clone)]
pub struct Measurement {
    /// The costs; without units if cargo didn't come to start one.
    pub costs: CostsFile,
    /// What cargo wrote to its stderr, where [`MeasureOptions::quiet`] kept it from being shown.
    pub messages: String,
    /// That the machine was busy, and why modules were not measured though they were asked for.
    pub diagnostics: Vec<Diagnostic>,
}

impl Measurement {
    /// The units that did not come to a good end.
    pub fn failed(&self) -> impl Iterator<Item = &UnitCost> {
        self.costs.units.iter().filter(|u| u.status != UnitStatus::Done)
    }
}

/// A directory of a measured build; what marks it as one, so that it may be emptied for the next.
const MARK: &str = ".split-advisor-measure";
/// What cargo builds into, and what the wrapper writes into, both below it.
const TARGET: &str = "target";
const RECORDS_DIR: &str = "records";

/// The commands that [`measure`] would run one after the other, with the environment that it would set (but for the time
/// of its start).
pub fn planned(options: &MeasureOptions, wrapper: &Path, dir: &Path) -> Vec<Invocation> {
    let (target, records) = (dir.join(TARGET), dir.join(RECORDS_DIR));
    let first = options.invocation(Places { target: &target, records: &records, wrapper }, None);
    let second =
        options.modules.then(|| modules::invocation(options, wrapper, &target, &modules::profiles_dir(dir)));
    std::iter::once(first).chain(second).collect()
}

/// Builds once, below `dir`, and says what each unit took; a second time where [`MeasureOptions::modules`] asks for it. `wrapper` is the program that calls
/// [`run_as_wrapper`](super::run_as_wrapper); `stop` may be set from elsewhere to end the build.
///
/// A build that fails or is stopped is no error: what was measured until then is returned.
///
/// # Errors
/// [`Error::Unreadable`] if `dir` holds anything but an earlier measurement or can't be written to, or if cargo can't
/// be started.
pub fn measure(
    options: &MeasureOptions,
    wrapper: &Path,
    dir: &Path,
    stop: &AtomicBool,
) -> Result<Measurement> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |source| Error::Unreadable { path, source }
    };
    let dir = std::path::absolute(dir).map_err(unreadable(dir))?;
    let (target, records) = prepare(&dir).map_err(unreadable(&dir))?;
    let mut costs =
        CostsFile { schema_version: COSTS_VERSION, build: describe(options), ..CostsFile::default() };
    costs.build.load_before = last_minute();
    let clock = Clock::start();
    let invocation = options.invocation(Places { target: &target, records: &records, wrapper }, Some(clock));
    let wrappers = invocation.environment.iter().filter(|(name, _)| *name == INNER);
    costs.build.wrappers = wrappers.map(|(_, value)| name_of(Path::new(value))).collect();
    let (status, messages) =
        run(&invocation, options.quiet, stop).map_err(unreadable(Path::new(&invocation.command[0])))?;
    costs.build.wall_s = Some(micros(clock.now_s()));
    costs.build.outcome = outcome(status, stop);
    costs.units = collect::units(&record::read(&records).map_err(unreadable(&records))?);
    costs.build.processor_share = load::processor_share(&costs.build, &costs.units).map(micros);
    let mut diagnostics = Vec::from_iter(load::trouble(&costs.build));
    if options.modules && !costs.units.is_empty() && costs.build.outcome != Outcome::Interrupted {
        let (modules, found) = modules::measure_modules(options, wrapper, &target, &costs.units, stop)?;
        costs.modules = modules;
        diagnostics.extend(found);
    }
    Ok(Measurement { costs, messages, diagnostics })
}

/// Makes the directories, without anything in them.
fn prepare(dir: &Path) -> io::Result<(PathBuf, PathBuf)> {
    if dir.is_symlink() {
        return Err(io::Error::other("it is a link: name the directory that is meant"));
    }
    fs::create_dir_all(dir)?;
    let mark = dir.join(MARK);
    let ours = mark.symlink_metadata().is_ok_and(|data| data.is_file());
    if !ours && fs::read_dir(dir)?.next().is_some() {
        let message = "the directory is not empty and no earlier measurement: give another one";
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, message));
    }
    if !ours {
        let mut file = fs::File::create_new(mark)?;
        file.write_all(b"A build measured by split-advisor; may be deleted.\n")?;
    }
    let places = (dir.join(TARGET), dir.join(RECORDS_DIR));
    for place in [&places.0, &places.1, &modules::profiles_dir(dir)] {
        // Of a link this takes away the link.
        if place.symlink_metadata().is_ok() {
            fs::remove_dir_all(place)?;
        }
    }
    fs::create_dir(&places.0)?;
    fs::create_dir(&places.1)?;
    Ok(places)
}

fn describe(options: &MeasureOptions) -> BuildRecord {
    let dir = options.dir();
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let verbose = output(Command::new(invocation::program(&rustc)).arg("-vV").current_dir(&dir));
    let host = verbose.as_deref().and_then(|v| v.lines().find_map(|line| line.strip_prefix("host: ")));
    let default = if options.mode == BuildMode::Test { "test" } else { "dev" };
    BuildRecord {
        command: std::iter::once("cargo".to_owned()).chain(options.arguments()).collect(),
        mode: options.mode,
        profile: options.profile.clone().unwrap_or_else(|| default.to_owned()),
        features: options.features.clone(),
        target: options.target.clone(),
        jobs: Some(options.jobs()),
        cores: Some(invocation::cores()),
        rustc: verbose.as_deref().and_then(|v| v.lines().next()).map(str::to_owned),
        cargo: output(Command::new(invocation::program(&invocation::cargo())).arg("-V").current_dir(&dir)),
        host: host.map(str::to_owned),
        ..BuildRecord::default()
    }
}

/// What a command says, if it can be run.
fn output(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|o| o.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

fn outcome(status: ExitStatus, stop: &AtomicBool) -> Outcome {
    if status.success() {
        return Outcome::Complete;
    }
    // Without an exit code: a signal.
    if stop.load(Ordering::Relaxed) || status.code().is_none() {
        Outcome::Interrupted
    } else {
        Outcome::Failed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_with_other_things_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("mine"), "x").unwrap();
        let error = prepare(dir.path()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert!(dir.path().join("mine").exists());
    }

    #[test]
    fn an_earlier_measurement_is_emptied() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path().join("new");
        let (target, records) = prepare(&dir).unwrap();
        fs::write(target.join("old"), "").unwrap();
        fs::write(records.join("old"), "").unwrap();
        prepare(&dir).unwrap();
        assert_eq!(fs::read_dir(target).unwrap().count() + fs::read_dir(records).unwrap().count(), 0);
    }
}
