//! `measure`: one build under observation.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, bail};
use split_analyzer::cost::measured::{CostsFile, Outcome};
use split_analyzer::measure::{MeasureOptions, Measurement, measure, planned};

use crate::args::MeasureArgs;
use crate::output::{OutDir, to_stdout};
use crate::render::terminal::{Screen, columns};
use crate::render::{json, terminal};
use crate::{Exit, diagnostics};

/// Builds and writes the costs.
pub(crate) fn run(args: &MeasureArgs) -> anyhow::Result<Exit> {
    let options = options(args);
    let wrapper = std::env::current_exe().context("cannot find the path of this program")?;
    if !options.path.exists() {
        bail!("cannot read {}: there is no such directory", options.path.display());
    }
    if args.dry_run {
        let dir = args.target_dir.clone().unwrap_or_else(|| std::env::temp_dir().join("split-advisor-…"));
        let invocations = planned(&options, &wrapper, &dir);
        to_stdout(|out| {
            let screen = &mut Screen::new(out, columns());
            invocations.iter().try_for_each(|one| terminal::invocation(one, screen))
        })?;
        return Ok(Exit::Done);
    }
    // A build takes long: what is in the way of its costs is said first.
    let place = match args.out.as_path() {
        stdout if stdout == Path::new("-") => None,
        file => Some(OutDir::of_file(file, Some(&args.path))?),
    };
    let measurement = build(args, &options, &wrapper)?;
    report(args, &measurement, place)
}

fn options(args: &MeasureArgs) -> MeasureOptions {
    let (mode, profile) = args.mode.build();
    MeasureOptions {
        path: args.path.clone(),
        mode,
        profile: args.profile.clone().or(profile.map(str::to_owned)),
        features: args.features.clone(),
        all_features: args.all_features,
        no_default_features: args.no_default_features,
        target: args.target.clone(),
        jobs: args.jobs.map(|j| j.get()),
        cargo_arguments: args.cargo_arguments.clone(),
        modules: args.modules,
        quiet: args.quiet,
    }
}

fn build(args: &MeasureArgs, options: &MeasureOptions, wrapper: &Path) -> anyhow::Result<Measurement> {
    let stop = Arc::new(AtomicBool::new(false));
    let handler = Arc::clone(&stop);
    ctrlc::set_handler(move || handler.store(true, Ordering::Relaxed)).context("cannot catch Ctrl-C")?;
    let temporary;
    let dir = match &args.target_dir {
        Some(dir) => dir.as_path(),
        None => {
            temporary = tempfile::Builder::new().prefix("split-advisor-").tempdir()?;
            temporary.path()
        }
    };
    Ok(measure(options, wrapper, dir, &stop)?)
}

/// Writes what there is; nothing at all is a failure.
fn report(
    args: &MeasureArgs,
    measurement: &Measurement,
    place: Option<(OutDir, &Path)>,
) -> anyhow::Result<Exit> {
    let costs = &measurement.costs;
    if costs.units.is_empty() {
        bail!("cargo built nothing, so there is nothing to measure{}", last_words(&measurement.messages));
    }
    tell_trouble(measurement);
    let Some((dir, name)) = place else {
        to_stdout(|out| json::write(costs, out))?;
        return Ok(Exit::Done);
    };
    dir.write(name, |out| json::write(costs, out))?;
    let file = args.out.display().to_string();
    to_stdout(|out| terminal::measurement(costs, &file, &mut Screen::new(out, columns())))?;
    Ok(Exit::Done)
}

fn tell_trouble(measurement: &Measurement) {
    let costs: &CostsFile = &measurement.costs;
    diagnostics::print_all(&measurement.diagnostics);
    for unit in measurement.failed() {
        let how = if unit.end_s.is_some() { "failed" } else { "was stopped" };
        diagnostics::warning(&format!("{} {how}", unit.title()));
    }
    match costs.build.outcome {
        Outcome::Complete => {}
        Outcome::Failed => {
            diagnostics::warning(&format!(
                "the build failed; what was built until then is kept{}",
                last_words(&measurement.messages)
            ));
        }
        Outcome::Interrupted => {
            diagnostics::warning("the build was stopped; what was built until then is kept")
        }
    }
    for wrapper in &costs.build.wrappers {
        diagnostics::warning(&format!(
            "`{wrapper}` took part in the build: what it has cached was not compiled"
        ));
    }
}

/// What cargo said first of what went wrong, with its place, where it was not shown.
fn last_words(messages: &str) -> String {
    let lines: Vec<&str> = messages.lines().map(str::trim).collect();
    let first = lines.iter().position(|line| line.starts_with("error")).unwrap_or_default();
    let said: Vec<&str> = lines.iter().copied().skip(first).take(2).collect();
    if said.is_empty() { String::new() } else { format!("; cargo says: {}", said.join(" ")) }
}
