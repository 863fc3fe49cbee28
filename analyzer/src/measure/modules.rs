//! The second build of `measure --modules`: what single modules of the workspace's crates cost.
//!
//! Profiles are written while other units run and rustc keeps a log, so their seconds are only shares: they are scaled to
//! what the first build, which nothing disturbed, measured of the same unit.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::{env, fs};

use crate::cost::measured::{ModuleCost, UnitCost, UnitStatus, UnitTarget};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::error::{Error, Result};

use super::arguments;
use super::child::run;
use super::collect::{micros, mode, target};
use super::invocation::{Invocation, MeasureOptions, Places};
use super::profile::{ModuleTimes, Phase};
use super::profiled::{self, BOOTSTRAP, EVENTS, ProfiledUnit, READABLE_UNITS};
use super::record::Work;

/// Below the directory of a measurement.
pub(super) const PROFILES_DIR: &str = "profiles";

/// Costs of modules, and what kept others from being measured.
pub(super) type Modules = (Vec<ModuleCost>, Vec<Diagnostic>);

/// Builds the members once more, profiled, into the target directory of the first build, whose units are `units`.
///
/// # Errors
/// [`Error::Unreadable`] if the directory can't be written to, or if cargo can't be started.
pub(super) fn measure_modules(
    options: &MeasureOptions,
    wrapper: &Path,
    target: &Path,
    units: &[UnitCost],
    stop: &AtomicBool,
) -> Result<Modules> {
    let profiles = target.with_file_name(PROFILES_DIR);
    if let Err(why) = allowed(options) {
        return Ok((Vec::new(), vec![trouble(format!("modules are not measured: {why}"))]));
    }
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |source| Error::Unreadable { path, source }
    };
    fs::create_dir_all(&profiles).map_err(unreadable(&profiles))?;
    let invocation = invocation(options, wrapper, target, &profiles);
    let (status, _) =
        run(&invocation, options.quiet, stop).map_err(unreadable(Path::new(&invocation.command[0])))?;
    let profiled = profiled::read(&profiles).map_err(unreadable(&profiles))?;
    fs::remove_dir_all(&profiles).map_err(unreadable(&profiles))?;
    let mut diagnostics: Vec<Diagnostic> = profiled.iter().filter_map(unread).collect();
    if !status.success() {
        diagnostics
            .push(trouble("the second build, which tells modules apart, did not come to a good end".into()));
    }
    Ok((module_costs(units, &profiled), diagnostics))
}

/// The command of the second build.
pub(super) fn invocation(
    options: &MeasureOptions,
    wrapper: &Path,
    target: &Path,
    profiles: &Path,
) -> Invocation {
    let invocation = options.profiled_invocation(Places { target, records: profiles, wrapper });
    let (name, value) = BOOTSTRAP;
    let added = format!(
        "{name}={value} rustc … -Zself-profile=… {EVENTS}; where code is generated without LTO also {READABLE_UNITS}, \
         -Cincremental=… unless cargo gives it, and -Ccodegen-units=256 where cargo gives fewer"
    );
    Invocation { rustc: Some(added), ..invocation }
}

/// Asks the compiler whether it takes the flags.
fn allowed(options: &MeasureOptions) -> std::result::Result<(), String> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut command = Command::new(&rustc);
    command.args([EVENTS, READABLE_UNITS, "--print=sysroot"]).env(BOOTSTRAP.0, BOOTSTRAP.1);
    let output =
        command.current_dir(options.dir()).output().map_err(|e| format!("{}: {e}", rustc.display()))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let first = said.lines().find(|line| line.contains("error")).or(said.lines().next()).unwrap_or_default();
    Err(format!("this compiler does not take `-Zself-profile` and what goes with it ({})", first.trim()))
}

fn trouble(message: String) -> Diagnostic {
    Diagnostic::new(Severity::Warning, Code::NoModuleCosts, message)
}

fn unread(unit: &ProfiledUnit) -> Option<Diagnostic> {
    let why = unit.times.as_ref().err()?;
    Some(trouble(format!("the modules of {} are not measured: {why}", unit.started.package)))
}

/// Seconds of modules, those of each unit scaled to what the unit took in the first build.
fn module_costs(units: &[UnitCost], profiled: &[ProfiledUnit]) -> Vec<ModuleCost> {
    // Compiled twice, for the host or with other features: the costlier one, as for crates.
    let mut best: BTreeMap<(&str, UnitTarget), (f64, Vec<ModuleCost>)> = BTreeMap::new();
    for one in profiled {
        let (Ok(times), Some(unit)) = (&one.times, first_build(units, one)) else { continue };
        let (frontend_s, codegen_s) = seconds(unit);
        let slot = best.entry((&unit.package, unit.target.clone())).or_default();
        if frontend_s + codegen_s > slot.0 {
            *slot = (frontend_s + codegen_s, scaled(unit, times, frontend_s, codegen_s));
        }
    }
    best.into_values().flat_map(|(_, modules)| modules).collect()
}

/// The same unit in the first build. Its hash is another one, since cargo keeps the two builds apart.
fn first_build<'a>(units: &'a [UnitCost], one: &ProfiledUnit) -> Option<&'a UnitCost> {
    let Work::Rustc(args) = &one.started.work else { return None };
    let call = arguments::parse(args)?;
    let (target, mode) = (target(&one.started, Some(&call)), mode(Some(&call)));
    let same = |unit: &&UnitCost| {
        let package = (&unit.package, &unit.version) == (&one.started.package, &one.started.version);
        let what = package && unit.target == target && unit.mode == mode && unit.status == UnitStatus::Done;
        what && unit.features.as_ref() == Some(&call.features) && unit.rustc.as_ref() == Some(&call.costly)
    };
    let total = |unit: &&UnitCost| seconds(unit).0 + seconds(unit).1;
    units.iter().filter(same).max_by(|a, b| total(a).total_cmp(&total(b)))
}

/// Front end and code generation, without linking.
fn seconds(unit: &UnitCost) -> (f64, f64) {
    if let Some(cpu) = unit.cpu {
        return (cpu.frontend_s, cpu.codegen_s);
    }
    let all = unit.duration_s().unwrap_or_default() - unit.link_s().unwrap_or_default();
    let frontend = unit.frontend_s().unwrap_or(all);
    (frontend, (all - frontend).max(0.0))
}

fn scaled(unit: &UnitCost, times: &ModuleTimes, frontend_s: f64, codegen_s: f64) -> Vec<ModuleCost> {
    let part = |phase: &Phase, path: &str, of: f64| {
        let own = phase.modules.get(path).copied().unwrap_or_default();
        if phase.total_s > 0.0 { micros(own / phase.total_s * of) } else { 0.0 }
    };
    let paths = times.frontend.modules.keys();
    paths
        .map(|path| ModuleCost {
            package: unit.package.clone(),
            target: unit.target.clone(),
            path: path.clone(),
            frontend_s: part(&times.frontend, path, frontend_s),
            codegen_s: part(&times.codegen, path, codegen_s),
        })
        .collect()
}

/// Where the profiles of a measurement below `dir` go.
pub(super) fn profiles_dir(dir: &Path) -> PathBuf {
    dir.join(PROFILES_DIR)
}

#[cfg(test)]
mod tests {
    use super::super::record::Started;
    use super::*;
    use crate::cost::measured::{CpuSeconds, UnitMode, UnitTargetKind};

    const ARGS: &str = "--crate-name shop src/lib.rs --crate-type lib --emit=dep-info,metadata,link \
        --out-dir t/debug/deps -C extra-filename=-";

    fn unit(features: &[&str], frontend_s: f64, status: UnitStatus) -> UnitCost {
        let words: Vec<String> = format!("{ARGS}1").split_whitespace().map(str::to_owned).collect();
        UnitCost {
            package: "shop".into(),
            version: "1.0.0".into(),
            target: UnitTarget::new(UnitTargetKind::Lib, "shop"),
            mode: UnitMode::Build,
            features: Some(features.iter().map(|&f| f.to_owned()).collect()),
            rustc: arguments::parse(&words).map(|call| call.costly),
            cpu: Some(CpuSeconds { frontend_s, codegen_s: 1.0, link_s: 0.5 }),
            status,
            ..UnitCost::default()
        }
    }

    fn profiled(more: &str, modules: &[(&str, f64, f64)]) -> ProfiledUnit {
        let args = format!("{ARGS}2 {more}");
        let phase = |part: fn(&(&str, f64, f64)) -> f64, total_s| Phase {
            total_s,
            modules: modules.iter().map(|m| (m.0.to_owned(), part(m))).collect(),
        };
        ProfiledUnit {
            started: Started {
                package: "shop".into(),
                version: "1.0.0".into(),
                work: Work::Rustc(args.split_whitespace().map(str::to_owned).collect()),
                ..Started::default()
            },
            times: Ok(ModuleTimes { frontend: phase(|m| m.1, 10.0), codegen: phase(|m| m.2, 40.0) }),
        }
    }

    #[test]
    fn seconds_of_a_profile_are_scaled_to_those_of_the_first_build() {
        let costs = module_costs(
            &[unit(&[], 2.0, UnitStatus::Done)],
            &[profiled("", &[("shop", 1.0, 0.0), ("shop::a", 5.0, 20.0)])],
        );
        let shown: Vec<_> = costs.iter().map(|c| (c.path.as_str(), c.frontend_s, c.codegen_s)).collect();
        assert_eq!(shown, [("shop", 0.2, 0.0), ("shop::a", 1.0, 0.5)]);
    }

    #[test]
    fn the_unit_with_the_same_arguments_counts_and_the_costlier_of_two() {
        let one = |more| profiled(more, &[("shop", 10.0, 0.0)]);
        let feature = "--cfg feature=\"x\"";
        let done = UnitStatus::Done;
        let cases = [
            (vec![unit(&[], 2.0, done)], vec![one(feature)], vec![]),
            (vec![unit(&[], 2.0, UnitStatus::Failed)], vec![one("")], vec![]),
            (vec![unit(&[], 2.0, done)], vec![one("-C opt-level=3")], vec![]),
            (vec![unit(&[], 2.0, done), unit(&["x"], 3.0, done)], vec![one(""), one(feature)], vec![3.0]),
            (vec![unit(&["x"], 2.0, done), unit(&[], 3.0, done)], vec![one(""), one(feature)], vec![3.0]),
        ];
        for (units, profiled, expected) in cases {
            let seconds: Vec<f64> = module_costs(&units, &profiled).iter().map(|c| c.frontend_s).collect();
            assert_eq!(seconds, expected);
        }
    }
}
