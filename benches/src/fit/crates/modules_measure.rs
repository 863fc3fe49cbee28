//! `fit measure-modules`: what the modules of published crates take, by `split-advisor measure`'s own means.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use anyhow::{Context, ensure};
use serde::{Deserialize, Serialize};
use split_analyzer::cost::Mode;
use split_analyzer::cost::measured::{BuildMode, CostsFile, UnitCost, UnitMode, UnitTargetKind};
use split_analyzer::measure::{MeasureOptions, measure};

use crate::fit::crates::incremental::{copy, sources};
use crate::fit::crates::scratch::Scratch;

/// Libraries with many modules: parsers, data structures, text, concurrency, networks, serialization, command lines.
const CRATES: [&str; 35] = [
    "aho-corasick",
    "bstr",
    "chrono",
    "clap_builder",
    "comfy-table",
    "criterion",
    "fancy-regex",
    "globset",
    "h2",
    "http",
    "hyper",
    "ignore",
    "indexmap",
    "indicatif",
    "insta",
    "itertools",
    "leiden-rs",
    "memchr",
    "minijinja",
    "nom",
    "num-bigint",
    "petgraph",
    "proptest",
    "quick-xml",
    "rayon",
    "regex-automata",
    "regex-syntax",
    "serde_json",
    "similar",
    "time",
    "tokio",
    "toml",
    "toml_edit",
    "tracing-subscriber",
    "winnow",
];

/// What is switched on beside the defaults, so that most of a crate is compiled.
const FEATURES: [&str; 5] = ["tokio/full", "hyper/full", "time/formatting", "time/parsing", "winnow/simd"];

/// Everything measured, as it is kept in `benches/data/`.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct ModuleData {
    /// `rustc -V`.
    pub(crate) rustc: String,
    /// Number of processors.
    pub(crate) cores: usize,
    /// By name and mode.
    pub(crate) crates: Vec<MeasuredModules>,
}

/// A library's modules.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct MeasuredModules {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) features: Vec<String>,
    pub(crate) mode: Mode,
    /// Processor seconds of the whole library: front end, code generation.
    pub(crate) seconds: (f64, f64),
    /// Those of each module, modules below it left out.
    pub(crate) modules: BTreeMap<String, (f64, f64)>,
}

/// Measures all modes and writes them down.
pub(crate) fn measure_modules(path: &Path) -> anyhow::Result<()> {
    let scratch = workspace()?;
    let mut data = ModuleData::default();
    for (mode, build) in [(Mode::Check, BuildMode::Check), (Mode::Dev, BuildMode::Build)] {
        let options = MeasureOptions {
            path: scratch.dir.path().to_owned(),
            mode: build,
            features: FEATURES.map(str::to_owned).to_vec(),
            modules: true,
            quiet: true,
            ..MeasureOptions::default()
        };
        let dir = tempfile::tempdir()?;
        let stop = AtomicBool::new(false);
        let measured = measure(&options, &std::env::current_exe()?, dir.path(), &stop)?;
        for diagnostic in &measured.diagnostics {
            println!("{diagnostic}");
        }
        ensure!(!measured.costs.modules.is_empty(), "nothing was measured: {}", measured.messages);
        data.rustc = measured.costs.build.rustc.clone().unwrap_or_default();
        data.cores = measured.costs.build.cores.unwrap_or_default() as usize;
        data.crates.extend(rows(&measured.costs, mode));
        println!("{mode:?}: {} modules", measured.costs.modules.len());
    }
    data.crates.sort_by(|a, b| (&a.name, a.mode).cmp(&(&b.name, b.mode)));
    let text = serde_json::to_string_pretty(&data)?;
    std::fs::write(path, text + "\n").with_context(|| path.display().to_string())
}

/// A workspace of copies: only members are told apart by module.
fn workspace() -> anyhow::Result<Scratch> {
    let scratch = Scratch::new()?;
    let wanted: String = CRATES.iter().map(|name| format!("{name} = \"*\"\n")).collect();
    scratch.package("all", &wanted, "src/lib.rs", "")?;
    scratch.write("Cargo.toml", "[workspace]\nresolver = \"2\"\nmembers = [\"all\"]\n")?;
    let mut members = String::new();
    for (name, dir) in sources(&scratch)? {
        let copied = scratch.dir.path().join(&name);
        if CRATES.contains(&name.as_str()) && !copied.exists() {
            copy(&dir, &copied)?;
            let manifest = std::fs::read_to_string(dir.join("Cargo.toml"))?;
            scratch.write(&format!("{name}/Cargo.toml"), &without_tests(&manifest))?;
            members += &format!("\"{name}\", ");
        }
    }
    scratch.write("Cargo.toml", &format!("[workspace]\nresolver = \"2\"\nmembers = [{members}]\n"))?;
    Ok(scratch)
}

/// A manifest without what only tests need: these would be downloaded.
fn without_tests(manifest: &str) -> String {
    let mut kept = String::new();
    let mut keep = true;
    for line in manifest.lines() {
        if line.starts_with('[') {
            let only_tests = ["[[test]]", "[[bench]]", "[[example]]", "[workspace"];
            keep =
                !line.contains("dev-dependencies") && !only_tests.iter().any(|head| line.starts_with(head));
        }
        if keep {
            kept += line;
            kept.push('\n');
        }
    }
    kept
}

fn rows(costs: &CostsFile, mode: Mode) -> Vec<MeasuredModules> {
    let library = |unit: &&UnitCost| {
        unit.member == Some(true)
            && unit.target.kind == UnitTargetKind::Lib
            && matches!(unit.mode, UnitMode::Check | UnitMode::Build)
    };
    let row = |unit: &UnitCost| {
        let of_unit = |m: &&split_analyzer::cost::measured::ModuleCost| {
            m.package == unit.package && m.target == unit.target
        };
        let cpu = unit.cpu?;
        Some(MeasuredModules {
            name: unit.package.clone(),
            version: unit.version.clone(),
            features: unit.features.clone().unwrap_or_default(),
            mode,
            seconds: (cpu.frontend_s, cpu.codegen_s),
            modules: costs
                .modules
                .iter()
                .filter(of_unit)
                .map(|m| (m.path.clone(), (m.frontend_s, m.codegen_s)))
                .collect(),
        })
    };
    let rows: BTreeMap<String, MeasuredModules> =
        costs.units.iter().filter(library).filter_map(row).map(|row| (row.name.clone(), row)).collect();
    rows.into_values().filter(|row| row.modules.len() > 1).collect()
}

/// Reads what was written down.
pub(crate) fn read(path: &Path) -> anyhow::Result<ModuleData> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    Ok(serde_json::from_str(&text)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_tests_need_is_left_out_of_a_manifest() {
        let manifest = "[package]\nname = \"a\"\n[[test]]\nname = \"t\"\n[dependencies.b]\nversion = \"1\"\n\
                        [target.x.dev-dependencies.c]\nversion = \"2\"\n[features]\nd = [\n\"e\"]\n";
        let kept = "[package]\nname = \"a\"\n[dependencies.b]\nversion = \"1\"\n[features]\nd = [\n\"e\"]\n";
        assert_eq!(without_tests(manifest), kept);
    }
}
