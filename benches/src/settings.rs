//! `settings`: what each setting of a profile does to front end, code generation and linking; link-time optimisation.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use anyhow::{Context, bail};
use split_analyzer::cost::measured::{
    BuildMode, CostsFile, Outcome, UnitCost, UnitMode, UnitTargetKind, parse_costs,
};
use split_analyzer::measure::{MeasureOptions, measure};

/// Arguments of `settings`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Checkouts.
    #[arg(required = true, value_name = "DIR")]
    workspaces: Vec<PathBuf>,
    /// The profile whose settings are changed: `dev` or `release`.
    #[arg(long, default_value = "dev")]
    profile: String,
    /// Settings to try, each against cargo's defaults: `debug=0`, `lto="thin"`.
    #[arg(long, value_delimiter = ',')]
    settings: Vec<String>,
    /// Where the measured costs are kept; what is there already is not measured again.
    #[arg(long, default_value = "out/settings")]
    costs: PathBuf,
    /// How often cargo's defaults are built, for the noise.
    #[arg(long, default_value = "2")]
    rounds: u32,
}

/// Cargo's defaults, said aloud so that what a manifest sets doesn't count.
const DEV: [&str; 4] = ["opt-level=0", "debug=2", "incremental=true", "panic=\"unwind\""];
const RELEASE: [&str; 6] =
    ["opt-level=3", "debug=0", "incremental=false", "codegen-units=16", "panic=\"unwind\"", "lto=false"];

/// Processor seconds of all that is compiled for the target, by phase.
#[derive(Debug, Clone, Copy, Default)]
struct Phases {
    frontend_s: f64,
    /// Of libraries.
    codegen_s: f64,
    /// Of what links, by itself.
    linked_s: f64,
    link_s: f64,
    executables: usize,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    println!(
        "| workspace | setting | front end | code generation | linker | libraries alone | link-time optimisation |"
    );
    println!("|---|---|---|---|---|---|---|");
    let mut all: BTreeMap<&str, Vec<[f64; 3]>> = BTreeMap::new();
    for dir in &args.workspaces {
        let name = dir.file_name().context("a directory")?.to_string_lossy().into_owned();
        let mut defaults = Vec::new();
        for round in 0..args.rounds.max(1) {
            let file = if round == 0 { "base".to_owned() } else { format!("base{}", round + 1) };
            defaults.push(args.build(dir, &name, &file, None)?);
        }
        let base = mean(&defaults);
        let noise = defaults.iter().map(|p| p.codegen() / base.codegen() - 1.0).fold(0.0, f64::max);
        println!(
            "| {name} | cargo's defaults | {:.2} s | {:.2} s ± {:.0} % | {:.2} s | {:.2} s | |",
            base.frontend_s,
            base.codegen(),
            100.0 * noise,
            base.link_s,
            base.codegen_s
        );
        for setting in &args.settings {
            let file: String =
                setting.chars().filter(|c| *c != '"').map(|c| if c == '=' { '_' } else { c }).collect();
            let with = args.build(dir, &name, &file, Some(setting))?;
            let ratios = [
                with.frontend_s / base.frontend_s,
                with.codegen() / base.codegen(),
                with.link_s / base.link_s,
            ];
            let bitcode = with.codegen_s / base.codegen_s;
            let optimized = (with.linked_s - bitcode * base.linked_s) / with.executables.max(1) as f64;
            let lto = if setting.starts_with("lto") {
                format!("{optimized:.2} s an executable over {:.2} s of code generation", with.codegen_s)
            } else {
                String::new()
            };
            println!(
                "| | `{setting}` | ×{:.2} | ×{:.2} | ×{:.2} | ×{bitcode:.2} | {lto} |",
                ratios[0], ratios[1], ratios[2]
            );
            all.entry(setting).or_default().push(ratios);
        }
    }
    println!("\nGeometric means (least to most):");
    for (setting, ratios) in all {
        let phase = |i: usize| spread(ratios.iter().map(|r| r[i]));
        println!("{setting}: front end {}, code generation {}, linker {}", phase(0), phase(1), phase(2));
    }
    Ok(())
}

fn spread(ratios: impl Iterator<Item = f64> + Clone) -> String {
    let count = ratios.clone().count() as f64;
    let mean = (ratios.clone().map(f64::ln).sum::<f64>() / count).exp();
    let least = ratios.clone().fold(f64::INFINITY, f64::min);
    format!("×{mean:.2} ({least:.2} to {:.2})", ratios.fold(0.0, f64::max))
}

fn mean(all: &[Phases]) -> Phases {
    let of = |part: fn(&Phases) -> f64| all.iter().map(part).sum::<f64>() / all.len() as f64;
    Phases {
        frontend_s: of(|p| p.frontend_s),
        codegen_s: of(|p| p.codegen_s),
        linked_s: of(|p| p.linked_s),
        link_s: of(|p| p.link_s),
        executables: all.first().map_or(0, |p| p.executables),
    }
}

impl Phases {
    fn new(file: &CostsFile) -> Self {
        let mut phases = Self::default();
        for unit in file.units.iter().filter(|unit| for_target(unit)) {
            let Some(cpu) = unit.cpu else { continue };
            phases.frontend_s += cpu.frontend_s;
            phases.link_s += cpu.link_s;
            if unit.target.kind == UnitTargetKind::Lib {
                phases.codegen_s += cpu.codegen_s;
            } else {
                phases.linked_s += cpu.codegen_s;
                phases.executables += 1;
            }
        }
        phases
    }

    fn codegen(&self) -> f64 {
        self.codegen_s + self.linked_s
    }
}

fn for_target(unit: &UnitCost) -> bool {
    let host = matches!(unit.target.kind, UnitTargetKind::ProcMacro | UnitTargetKind::BuildScript);
    !host && unit.mode != UnitMode::Run && unit.host != Some(true)
}

impl Args {
    fn build(&self, dir: &Path, name: &str, file: &str, setting: Option<&String>) -> anyhow::Result<Phases> {
        let path = self.costs.join(format!("{name}-{}-{file}.json", self.profile));
        if path.exists() {
            return Ok(Phases::new(&parse_costs(&path, &fs::read(&path)?)?));
        }
        let defaults: &[&str] = match self.profile.as_str() {
            "dev" => &DEV,
            "release" => &RELEASE,
            other => bail!("{other}: dev or release"),
        };
        let settings = defaults.iter().copied().chain(setting.map(String::as_str));
        let settings = settings.map(|s| format!("--config=profile.{}.{s}", self.profile));
        let options = MeasureOptions {
            path: dir.into(),
            mode: BuildMode::Build,
            profile: Some(self.profile.clone()),
            jobs: Some(2),
            quiet: true,
            cargo_arguments: ["--offline".to_owned(), "--ignore-rust-version".to_owned()]
                .into_iter()
                .chain(settings)
                .collect(),
            ..MeasureOptions::default()
        };
        let scratch = tempfile::tempdir()?;
        let measured = measure(&options, &std::env::current_exe()?, scratch.path(), &AtomicBool::new(false))?;
        if measured.costs.build.outcome != Outcome::Complete {
            bail!("{name}: the build failed: {}", measured.messages);
        }
        fs::create_dir_all(&self.costs)?;
        fs::write(&path, serde_json::to_string_pretty(&measured.costs)?)?;
        Ok(Phases::new(&measured.costs))
    }
}
