//! `apply`: a plan carried out, as a branch, a patch, or in place.

use std::collections::BTreeSet;

use split_analyzer::Error;
use split_analyzer::apply::{ApplyOptions, Delivery};
use split_analyzer::plan::PlanFile;

use super::what_if::plan_of;
use super::{given_text, options};
use crate::Exit;
use crate::args::{ApplyArgs, ApplyFormat, Limits, Split};
use crate::output::{OutDir, to_stdout};
use crate::progress::Progress;
use crate::render::terminal::{Screen, columns};
use crate::render::{json, terminal};

/// Carries it out; what is left makes the exit code 1.
pub(crate) fn run(args: &ApplyArgs) -> anyhow::Result<Exit> {
    let patch =
        args.patch.as_deref().map(|path| OutDir::of_file(path, Some(&args.input.path))).transpose()?;
    let plan = chosen(&args.split, &args.input.limits)?;
    let delivery = if args.in_place {
        Delivery::InPlace
    } else if args.patch.is_some() || args.dry_run {
        Delivery::Patch
    } else {
        Delivery::Worktree { dir: args.worktree.clone(), branch: args.branch.clone() }
    };
    let target_dir = args.target_dir.as_deref().map(std::path::absolute).transpose()?;
    let check = !args.no_check && !args.dry_run;
    let asked = ApplyOptions {
        delivery,
        stacked: args.stacked,
        edits: args.edits.as_ref().map(|edits| edits.iter().cloned().collect()),
        direct_users: args.direct_users,
        check,
        keep_apart: args.keep_apart,
        target_dir,
        cargo_arguments: args.cargo_arguments.clone(),
        ..ApplyOptions::default()
    };
    let progress = Progress::start();
    let mut applied = split_analyzer::apply(&options(&args.input, progress.on_stage()), &plan, &asked)?;
    drop(progress);
    if let Some((dir, name)) = patch {
        dir.write(name, |out| out.write_all(&applied.patch))?;
        applied.report.patch = args.patch.as_ref().map(|path| path.display().to_string());
    }
    if args.dry_run {
        to_stdout(|out| out.write_all(&applied.patch))?;
    } else {
        to_stdout(|out| match args.format {
            ApplyFormat::Terminal => terminal::applied(&applied.report, &mut Screen::new(out, columns())),
            ApplyFormat::Json => json::write(&applied.report, out),
        })?;
    }
    Ok(if applied.report.is_whole() { Exit::Done } else { Exit::Unmet })
}

/// The plan, of the crates that are asked for.
pub(super) fn chosen(split: &Split, limits: &Limits) -> anyhow::Result<PlanFile> {
    let mut plan = plan_of(&split.plan, &given_text(&split.plan, limits)?)?;
    let names = &split.krate;
    let known: BTreeSet<String> = plan.crates.iter().map(|krate| krate.name.text.clone()).collect();
    if let Some(unknown) = names.iter().find(|name| !known.contains(*name)) {
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let message = format!("it has no crate `{unknown}`; there are: {}", known.join(", "));
        return Err(Error::InvalidInput { path: plan.path, line: 0, message }.into());
    }
    if !names.is_empty() {
        plan.crates.retain(|krate| krate.stays() || names.contains(&krate.name.text));
    }
    Ok(plan)
}
