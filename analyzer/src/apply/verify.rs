//! A plan on the stopwatch: builds before it and after it, in turn, beside what was predicted.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::Done;
use super::carry::{Begun, Carried, PlanIn};
use super::options::{ApplyOptions, Delivery};
use super::stopwatch::Timed;
use super::worktree::Repository;
use crate::base::load::last_minute;
use crate::base::{FileTree, ReadOptions, ToolOptions};
use crate::cost::Mode;
use crate::error::{Error, Result};
use crate::report::{SCHEMA_VERSION, Tool, VerifiedBuild, VerifiedTime, VerifyReport, WhatIfReport};

/// What is asked of `verify`.
#[derive(Debug, Clone)]
pub struct VerifyOptions {
    /// What cargo does.
    pub mode: Mode,
    /// Parallel jobs.
    pub jobs: u32,
    /// How often everything is built; the median counts.
    pub runs: u32,
    /// Files that are edited, relative to the analysed directory; by default the longest of each crate of the plan.
    pub files: Vec<String>,
    /// Where cargo builds: `before` and `after` in this directory; by default within the working trees, which go in the end.
    pub target_dir: Option<PathBuf>,
    /// More arguments for cargo: features, `--offline`.
    pub cargo_arguments: Vec<String>,
}

impl Default for VerifyOptions {
    /// Three runs of `cargo check` on two jobs: the median of three leaves one disturbance out.
    fn default() -> Self {
        let (files, target_dir, cargo_arguments) = (Vec::new(), None, Vec::new());
        Self { mode: Mode::Check, jobs: 2, runs: 3, files, target_dir, cargo_arguments }
    }
}

/// Predicts from what a build of a directory has left in a target directory.
pub(crate) type Forecast<'f> = &'f dyn Fn(&Path, &Path) -> Result<WhatIfReport>;

/// Carries a plan out in a working tree of its own, builds it and what was before in turn, and takes everything away again.
///
/// # Errors
/// Those of [`carry_out`](super::carry_out); where the plan doesn't compile, or only part of it can be carried out; what
/// cargo reports.
pub(crate) fn verify(
    path: &Path,
    (reading, tools): (&ReadOptions, &ToolOptions),
    asked: &VerifyOptions,
    plan_in: PlanIn<'_>,
    forecast: Forecast<'_>,
) -> Result<VerifyReport> {
    let failed = |message: String| Error::NotApplied { path: path.to_owned(), message };
    let given = path.canonicalize().map_err(|source| Error::Unreadable { path: path.to_owned(), source })?;
    let load_before = last_minute();
    let repository = Repository::around(&given, tools).map_err(failed)?;
    let before = repository.scratch_named("-before").map_err(failed)?;
    let of = |side: &str| asked.target_dir.as_ref().map(|dir| dir.join(side));
    let apply = ApplyOptions {
        delivery: Delivery::Patch,
        target_dir: of("after"),
        cargo_arguments: asked.cargo_arguments.clone(),
        keep_apart: true,
        ..ApplyOptions::default()
    };
    let Begun { work, .. } = Begun::new(&given, &repository, (reading, tools), &apply, plan_in)?;
    let carried = work.run().map_err(failed)?;
    check(&carried).map_err(failed)?;
    let dir =
        before.dir.canonicalize().map_err(|source| Error::Unreadable { path: before.dir.clone(), source })?;
    let inner = given.strip_prefix(&repository.top).unwrap_or(Path::new(""));
    let sides = Sides::new(&carried, &dir, [of("before"), of("after")]);
    let [before, after] = sides.timed(asked, tools);
    let built = || {
        for side in [&before, &after] {
            side.build(&[])?;
        }
        let fresh_s = [before.build(&[])?, after.build(&[])?];
        before.clean()?;
        // With one job each unit has the machine to itself.
        Timed { jobs: 1, ..before.clone() }.build(&["--timings"])?;
        Ok(fresh_s)
    };
    let fresh_s = built().map_err(failed)?;
    let predicted = forecast(&dir.join(inner), before.target_dir)?;
    let edits = edits(&carried, &dir, &dir.join(inner), &asked.files).map_err(failed)?;
    let builds = in_turn([&before, &after], &edits, asked.runs, &predicted).map_err(failed)?;
    Ok(VerifyReport {
        schema_version: SCHEMA_VERSION,
        tool: Tool::current(),
        package: carried.report.package.clone(),
        mode: asked.mode,
        jobs: asked.jobs,
        runs: asked.runs,
        load_before,
        fresh_s,
        builds,
        applied: carried.report,
    })
}

/// Only a plan that is whole is what was predicted.
fn check(carried: &Carried<'_>) -> Done<()> {
    let report = &carried.report;
    if let Some(together) = report.together.first() {
        return Err(format!(
            "{} would stay one crate, because of work for people: what is predicted is the whole plan \
             (--crate leaves crates out)",
            together.join(", ")
        ));
    }
    match (report.compiles, report.errors.first()) {
        (Some(true), _) => Ok(()),
        _ if report.errors_before.is_some_and(|errors| errors > 0) => Err(format!(
            "`{}` does not compile as it is with these arguments for cargo (what it needs goes behind `--`,              `--features` for instance)",
            report.package
        )),
        (_, Some(error)) => Err(format!(
            "the plan does not compile as carried out: {}:{}: {}; `apply` lists all",
            error.file, error.line, error.message
        )),
        _ => Err("the plan does not compile as carried out".to_owned()),
    }
}

/// A working tree as it was and one with the plan.
struct Sides {
    workspaces: [PathBuf; 2],
    packages: [BTreeMap<String, PathBuf>; 2],
    targets: [PathBuf; 2],
}

impl Sides {
    fn new(carried: &Carried<'_>, before: &Path, targets: [Option<PathBuf>; 2]) -> Self {
        let work = &carried.work;
        let after = work.planned.workspace.parent().unwrap_or(&work.dir).to_owned();
        // Joined with nothing a path would end in a slash, by which cargo knows no package.
        let moved = |dir: &Path| -> PathBuf {
            before.join(dir.strip_prefix(&work.dir).unwrap_or(dir)).components().collect()
        };
        let own: BTreeMap<String, PathBuf> =
            work.planned.members.iter().map(|(name, dir)| (name.clone(), moved(dir))).collect();
        let mut all = work.planned.members.clone();
        all.extend(carried.drawn.crates.clone());
        let workspaces = [moved(&after), after];
        let [first, second] = targets;
        let targets = [
            first.unwrap_or_else(|| workspaces[0].join("target")),
            second.unwrap_or_else(|| workspaces[1].join("target")),
        ];
        Self { workspaces, packages: [own, all], targets }
    }

    fn timed<'s>(&'s self, asked: &'s VerifyOptions, tools: &'s ToolOptions) -> [Timed<'s>; 2] {
        [0, 1].map(|side| Timed {
            workspace: &self.workspaces[side],
            packages: &self.packages[side],
            target_dir: &self.targets[side],
            mode: asked.mode,
            jobs: asked.jobs,
            arguments: &asked.cargo_arguments,
            tools,
        })
    }
}

/// A file to edit.
struct Edited {
    /// As the plan names it.
    file: String,
    krate: String,
    /// Where it is before, and after.
    places: [PathBuf; 2],
}

/// The files that were asked for, or the longest of each crate.
fn edits(carried: &Carried<'_>, before: &Path, root: &Path, asked: &[String]) -> Done<Vec<Edited>> {
    let work = &carried.work;
    let tree = FileTree::new(root, work.reading.clone());
    let lines = |file: &str| tree.read_text(&root.join(file)).map_or(0, |text| text.lines().count());
    let mut edits = Vec::new();
    for krate in &work.planned.plan.crates {
        let of_crate = |file: &&String| asked.is_empty() || asked.contains(file);
        let files: Vec<&String> = krate.files.iter().filter(of_crate).collect();
        let longest =
            files.iter().max_by_key(|file| (lines(file), std::cmp::Reverse(file.as_str()))).copied();
        let chosen = if asked.is_empty() { longest.into_iter().collect() } else { files };
        for file in chosen {
            let there = root.join(file);
            let inner = there.strip_prefix(before).unwrap_or(&there);
            let stays = work.dir.join(inner);
            let moved = carried.drawn.renames.iter().find(|(from, _)| *from == stays);
            let after = moved.map_or(stays, |(_, to)| to.clone());
            if after.is_file() {
                let (file, krate) = (file.clone(), krate.name.clone());
                edits.push(Edited { file, krate, places: [there, after] });
            }
        }
    }
    match asked.iter().find(|file| !edits.iter().any(|edit| edit.file == **file)) {
        Some(unknown) => Err(format!("{unknown} is no file of the package that is one before and after")),
        None => Ok(edits),
    }
}

/// Everything `runs` times, before and after in turn, so that what disturbs the machine disturbs both.
fn in_turn(
    sides: [&Timed<'_>; 2],
    edits: &[Edited],
    runs: u32,
    predicted: &WhatIfReport,
) -> Done<Vec<VerifiedBuild>> {
    let mut clean: [Vec<f64>; 2] = Default::default();
    let mut edited: Vec<[Vec<f64>; 2]> = vec![Default::default(); edits.len()];
    for run in 0..runs.max(1) {
        let order = if run % 2 == 0 { [0, 1] } else { [1, 0] };
        for side in order {
            sides[side].clean()?;
            clean[side].push(sides[side].build(&[])?);
        }
        for (edit, times) in edits.iter().zip(&mut edited) {
            for side in order {
                times[side].push(sides[side].edit(&edit.places[side])?);
            }
        }
    }
    let of = |scenario| predicted.forecasts.iter().find(move |f| f.scenario == scenario);
    let of_clean = of(crate::plan::Scenario::Clean).map(|f| [f.before.time_s.p50, f.after.time_s.p50]);
    let edit = of(crate::plan::Scenario::Edit);
    let of_edit = |krate: &str| {
        let found = edit?.edits.iter().find(|e| e.krate == krate)?;
        Some([found.before_s, found.after_s])
    };
    let build =
        |file: Option<&Edited>, predicted: Option<[f64; 2]>, [before, after]: [Vec<f64>; 2]| VerifiedBuild {
            file: file.map(|edit| edit.file.clone()),
            krate: file.map(|edit| edit.krate.clone()),
            before: VerifiedTime::new(predicted.map(|p| p[0]), before),
            after: VerifiedTime::new(predicted.map(|p| p[1]), after),
        };
    let mut builds = vec![build(None, of_clean, clean)];
    builds
        .extend(edits.iter().zip(edited).map(|(edit, times)| build(Some(edit), of_edit(&edit.krate), times)));
    Ok(builds)
}
