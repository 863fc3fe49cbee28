//! `fit measure`: builds published crates and writes down what each took.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use serde::{Deserialize, Serialize};
use split_analyzer::cost::Mode;

use crate::fit::crates::scratch::{Run, Scratch};
use crate::fit::crates::wrapper::Call;
use crate::fit::features::Published;

/// Everything measured, as it is kept in `benches/data/`.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Data {
    /// `rustc -V`.
    pub(crate) rustc: String,
    /// Number of processors.
    pub(crate) cores: usize,
    /// Published libraries, by name and version.
    pub(crate) crates: Vec<Measured>,
    /// Libraries that contain nothing but `extern crate`.
    pub(crate) trivial: Vec<Trivial>,
    /// Seconds of each run of a build script.
    pub(crate) build_scripts_s: Vec<f64>,
    /// Incremental rebuilds.
    #[serde(default)]
    pub(crate) incremental: Vec<crate::fit::crates::incremental::Rebuild>,
}

/// A library and what it took.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Measured {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) features: Vec<String>,
    /// Processor seconds up to the metadata, and after it; the least of all rounds. By mode.
    pub(crate) seconds: BTreeMap<Mode, (f64, f64)>,
}

impl Measured {
    pub(crate) fn published(&self) -> Published<'_> {
        Published { name: &self.name, version: &self.version, features: &self.features }
    }
}

/// A crate without items.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Trivial {
    pub(crate) mode: Mode,
    /// Whether it is an executable.
    pub(crate) bin: bool,
    /// Crates that it loads, those below the ones it names included.
    pub(crate) dependencies: usize,
    /// Wall seconds up to the metadata, of the whole call, and processor seconds of the linker.
    pub(crate) metadata_s: f64,
    pub(crate) total_s: f64,
    pub(crate) linker_s: f64,
}

/// Name, version, features.
type Key = (String, String, Vec<String>);
type Seconds = BTreeMap<Key, BTreeMap<Mode, (f64, f64)>>;

impl Trivial {
    /// Seconds of front end and of code generation.
    pub(crate) fn parts(&self) -> (f64, f64) {
        match self.mode {
            Mode::Check => (self.total_s, 0.0),
            Mode::Dev | Mode::Release | Mode::Test => (self.metadata_s, self.total_s - self.metadata_s),
        }
    }
}

const MODES: [(Mode, &[&str]); 3] =
    [(Mode::Check, &["check"]), (Mode::Dev, &["build"]), (Mode::Release, &["build", "--release"])];

/// Builds everything `rounds` times for each mode.
pub(crate) fn measure(rounds: usize, path: &Path) -> anyhow::Result<()> {
    let mut seconds = Seconds::new();
    let mut data =
        Data { rustc: version()?, cores: std::thread::available_parallelism()?.get(), ..Data::default() };
    data.incremental = crate::fit::crates::incremental::measure()?;
    let scratch = Scratch::of_published_crates()?;
    data.build_scripts_s = build_scripts(&scratch)?;
    for (mode, arguments) in MODES {
        for _ in 0..rounds {
            if scratch.target().exists() {
                std::fs::remove_dir_all(scratch.target())?;
            }
            let calls = scratch.cargo(&Run { arguments, incremental: false })?;
            for call in calls.iter().filter(|c| counts(c, mode)) {
                let key = (call.package.clone(), call.version.clone(), features(call));
                let metadata_s = call.metadata_cpu_s.unwrap_or(call.cpu_s);
                let (frontend_s, codegen_s) = if mode == Mode::Check {
                    (call.cpu_s, 0.0)
                } else {
                    (metadata_s, call.cpu_s - metadata_s)
                };
                let best = seconds.entry(key).or_default().entry(mode).or_insert((f64::MAX, f64::MAX));
                *best = (best.0.min(frontend_s), best.1.min(codegen_s));
            }
            println!("{mode:?}: {} calls of rustc", calls.len());
        }
        data.trivial.extend(trivial(&scratch, mode, arguments)?);
        data.crates = table(&seconds);
        write(&data, path)?;
    }
    Ok(())
}

fn table(seconds: &Seconds) -> Vec<Measured> {
    let row = |((name, version, features), seconds): (&Key, &BTreeMap<Mode, (f64, f64)>)| Measured {
        name: name.clone(),
        version: version.clone(),
        features: features.clone(),
        seconds: seconds.clone(),
    };
    seconds.iter().map(row).collect()
}

fn write(data: &Data, path: &Path) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(data)?;
    std::fs::write(path, text + "\n").with_context(|| path.display().to_string())
}

/// Whether a call compiles a published library for the target (not for a procedural macro or build script).
fn counts(call: &Call, mode: Mode) -> bool {
    let published = call.version != "0.0.0";
    let for_target = match mode {
        Mode::Check => !call.codegen,
        Mode::Dev | Mode::Test => true,
        Mode::Release => call.opt_level == "3",
    };
    published && call.crate_type == "lib" && for_target
}

fn features(call: &Call) -> Vec<String> {
    let mut features: Vec<String> = call
        .cfgs
        .iter()
        .filter_map(|cfg| cfg.strip_prefix("feature=\"")?.strip_suffix('"'))
        .map(str::to_owned)
        .collect();
    features.sort();
    features
}

/// How often a trivial crate is compiled; the least is kept.
const TRIVIAL_ROUNDS: usize = 5;

/// What crates without items cost: the start of the process and the metadata of dependencies.
fn trivial(scratch: &Scratch, mode: Mode, arguments: &[&str]) -> anyhow::Result<Vec<Trivial>> {
    let mut best: BTreeMap<(bool, usize), Trivial> = BTreeMap::new();
    for round in 0..TRIVIAL_ROUNDS {
        for entry in std::fs::read_dir(scratch.dir.path())? {
            for root in ["src/lib.rs", "src/main.rs"] {
                let path = entry.as_ref().map(|e| e.path().join(root));
                if let Ok(path) = path.as_ref().map_err(|_| ()).and_then(|p| p.canonicalize().map_err(|_| ()))
                {
                    let text = std::fs::read_to_string(&path)?;
                    std::fs::write(&path, format!("// {round}\n{text}"))?;
                }
            }
        }
        for call in scratch.cargo(&Run { arguments, incremental: false })? {
            let name = call.krate.trim_start_matches(char::is_alphabetic);
            let Ok(dependencies) = name.parse::<usize>() else { continue };
            if call.version != "0.0.0" {
                continue;
            }
            let bin = call.crate_type == "bin";
            let now = Trivial {
                mode,
                bin,
                dependencies,
                metadata_s: call.metadata_wall_s.unwrap_or(call.wall_s),
                total_s: call.wall_s,
                linker_s: call.children_cpu_s,
            };
            match best.entry((bin, dependencies)) {
                std::collections::btree_map::Entry::Occupied(mut old) => {
                    if now.total_s < old.get().total_s {
                        old.insert(now);
                    }
                }
                std::collections::btree_map::Entry::Vacant(slot) => {
                    slot.insert(now);
                }
            }
        }
    }
    for trivial in best.values_mut() {
        trivial.dependencies = below(scratch, trivial.dependencies)?;
    }
    Ok(best.into_values().collect())
}

/// How many packages a trivial library depends on, directly or not.
fn below(scratch: &Scratch, named: usize) -> anyhow::Result<usize> {
    let output = std::process::Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["tree", "--quiet", "--edges=normal", "--prefix=none", "--format={p}"])
        .args(["--package", &format!("trivial{named}")])
        .current_dir(scratch.dir.path())
        .output()?;
    let text = String::from_utf8(output.stdout)?;
    let packages: std::collections::BTreeSet<&str> =
        text.lines().map(|line| line.trim_end_matches(" (*)")).filter(|line| !line.is_empty()).collect();
    Ok(packages.len().saturating_sub(1))
}

/// Seconds of the build scripts of the same crates, from the timings page of a fresh build.
fn build_scripts(scratch: &Scratch) -> anyhow::Result<Vec<f64>> {
    scratch.cargo(&Run { arguments: &["check", "--timings"], incremental: false })?;
    let page = std::fs::read_to_string(scratch.target().join("cargo-timings/cargo-timing.html"))?;
    let units = page.split_once("const UNIT_DATA = ").context("the units of the timings page")?.1;
    let units = &units[..units.find("];").context("the end of the units")? + 1];
    let units: Vec<serde_json::Value> = serde_json::from_str(units)?;
    let runs = units.iter().filter(|u| u["mode"] == "run-custom-build");
    let mut seconds: Vec<f64> = runs.filter_map(|u| u["duration"].as_f64()).collect();
    seconds.sort_by(f64::total_cmp);
    Ok(seconds)
}

pub(crate) fn version() -> anyhow::Result<String> {
    let output = std::process::Command::new("rustc").arg("-V").output()?;
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
