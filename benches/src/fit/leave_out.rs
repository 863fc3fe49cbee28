//! `leave-out`: each crate of real builds predicted from all others, and from its own seconds in another mode.

use std::path::{Path, PathBuf};

use anyhow::Context;
use split_analyzer::cost::import::CostInput;
use split_analyzer::cost::measured::{CostsFile, KnownSeconds, UnitTargetKind, with_known};
use split_analyzer::cost::{Basis, Costs, Mode};
use split_analyzer::discover::TargetKind;
use split_analyzer::ids::CrateId;
use split_analyzer::{Codebase, Options};

use crate::fit::solve::statistics::{median, quantile};

/// Crates that take less say more about the clock than about the prediction.
const LEAST_S: f64 = 0.2;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Workspaces with what is known of their builds: `DIR=FILE[,FILE…]`, pages of `--timings` or `costs.json`.
    #[arg(required = true, value_parser = workspace)]
    workspaces: Vec<(PathBuf, Vec<PathBuf>)>,
    /// Also print each crate.
    #[arg(long)]
    crates: bool,
}

fn workspace(text: &str) -> Result<(PathBuf, Vec<PathBuf>), String> {
    let (dir, files) = text.split_once('=').ok_or("no `=`")?;
    Ok((dir.into(), files.split(',').map(PathBuf::from).collect()))
}

/// One crate's seconds in one mode, real and as predicted.
struct Case {
    name: String,
    mode: Mode,
    real_s: f64,
    /// Modelled, times known / modelled seconds of all others in this mode.
    one_factor_s: f64,
    /// As [`with_known`] has it, from the others alone.
    others_s: f64,
    /// Four of five times it says to be within this factor.
    stated: f64,
    /// Likewise, with the crate's own seconds in other modes.
    other_modes_s: Option<f64>,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let mut all = Vec::new();
    for (dir, files) in &args.workspaces {
        let cases = cases(dir, files)?;
        if args.crates {
            for case in &cases {
                println!(
                    "{} {:?}: {:.2} s; one factor {:.2}, others {:.2} (×{:.2}), other modes {:?}",
                    case.name,
                    case.mode,
                    case.real_s,
                    case.one_factor_s,
                    case.others_s,
                    case.stated,
                    case.other_modes_s
                );
            }
        }
        all.extend(cases);
    }
    println!("| mode | crates | one factor | the others | within the interval stated | and other modes |");
    println!("|---|---|---|---|---|---|");
    for mode in Mode::FITTED {
        let of: Vec<&Case> = all.iter().filter(|case| case.mode == mode).collect();
        if of.is_empty() {
            continue;
        }
        let error = |seconds: &dyn Fn(&Case) -> Option<f64>| {
            let logs: Vec<f64> =
                of.iter().filter_map(|c| Some((seconds(c)? / c.real_s).ln().abs())).collect();
            if logs.is_empty() {
                return "–".to_owned();
            }
            let (middle, most) = (median(logs.iter().copied()), quantile(logs.iter().copied(), 0.8));
            format!("×{:.2}, ×{:.2}", middle.exp(), most.exp())
        };
        let within = of.iter().filter(|c| (c.others_s / c.real_s).ln().abs() <= c.stated.ln()).count();
        println!(
            "| {} | {} | {} | {} | {:.0} % | {} |",
            format!("{mode:?}").to_lowercase(),
            of.len(),
            error(&|c| Some(c.one_factor_s)),
            error(&|c| Some(c.others_s)),
            100.0 * within as f64 / of.len() as f64,
            error(&|c| c.other_modes_s)
        );
    }
    Ok(())
}

fn cases(dir: &Path, paths: &[PathBuf]) -> anyhow::Result<Vec<Case>> {
    let code = split_analyzer::read(&Options::new(dir))?;
    let modelled = code.costs(&Mode::FITTED);
    let files = paths.iter().map(|path| read(path, &code)).collect::<anyhow::Result<Vec<CostsFile>>>()?;
    let with = |files: &[CostsFile]| {
        let known: Vec<KnownSeconds<'_>> = files.iter().map(KnownSeconds::Build).collect();
        with_known(modelled.clone(), &known, &code.repository, &code.resolution).0
    };
    let real = with(&files);
    let mut cases = Vec::new();
    for krate in code.resolution.crates.ids() {
        let from_others = with(&files.iter().map(|file| without(file, krate, &code)).collect::<Vec<_>>());
        for (position, costs) in real.iter().enumerate() {
            let seconds = |costs: &[Costs]| costs[position].crates[krate].total_s();
            let known = costs.basis(krate) == Basis::Known && seconds(&real) >= LEAST_S;
            if !known || !is_library_or_binary(&code, krate) {
                continue;
            }
            let (mode, others) = (costs.mode, &from_others[position]);
            let left: Vec<CostsFile> = files
                .iter()
                .map(|f| if f.cost_mode() == Some(mode) { without(f, krate, &code) } else { f.clone() })
                .collect();
            let by_modes = with(&left);
            let stated = others.crate_error_factor(krate).ln().hypot(others.shared_error_factor().ln());
            cases.push(Case {
                name: name(&code, krate),
                mode,
                real_s: seconds(&real),
                one_factor_s: one_factor(costs, &modelled[position], krate),
                others_s: seconds(&from_others),
                stated: stated.exp(),
                other_modes_s: (by_modes[position].basis(krate) == Basis::OtherBuilds)
                    .then(|| seconds(&by_modes)),
            });
        }
    }
    Ok(cases)
}

fn read(path: &Path, code: &Codebase) -> anyhow::Result<CostsFile> {
    let (bytes, path) = (std::fs::read(path).with_context(|| path.display().to_string())?, path.to_owned());
    let input = if path.extension().is_some_and(|e| e == "html") {
        CostInput::Timings { path, bytes, log: None }
    } else {
        CostInput::Costs { path, bytes }
    };
    Ok(input.read(&code.repository)?)
}

fn is_library_or_binary(code: &Codebase, krate: CrateId) -> bool {
    let kind = code.repository.targets[code.resolution.crates[krate].target].kind;
    matches!(kind, TargetKind::Lib | TargetKind::Bin)
}

fn name(code: &Codebase, krate: CrateId) -> String {
    let target = &code.repository.targets[code.resolution.crates[krate].target];
    format!("{} {:?}", target.name, target.kind)
}

/// A file without what it has of a crate.
fn without(file: &CostsFile, krate: CrateId, code: &Codebase) -> CostsFile {
    let target = &code.repository.targets[code.resolution.crates[krate].target];
    let package = &code.repository.packages[target.package].name;
    let mut file = file.clone();
    let kind = match target.kind {
        TargetKind::Lib => UnitTargetKind::Lib,
        _ => UnitTargetKind::Bin,
    };
    file.units.retain(|unit| {
        unit.package != *package || unit.target.kind != kind || unit.target.name != target.crate_name
    });
    file
}

/// What scaling by one factor would say.
fn one_factor(real: &Costs, modelled: &Costs, krate: CrateId) -> f64 {
    let others = real.crates.ids().filter(|&other| other != krate && real.basis(other) == Basis::Known);
    let (mut known_s, mut modelled_s) = (0.0, 0.0);
    for other in others {
        known_s += real.crates[other].total_s();
        modelled_s += modelled.crates[other].total_s();
    }
    let factor = if modelled_s > 0.0 { known_s / modelled_s } else { 1.0 };
    modelled.crates[krate].total_s() * factor
}
