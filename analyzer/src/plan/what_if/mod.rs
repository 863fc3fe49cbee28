//! A split that the user describes: can it be done, and what would it do to the builds.
//!
//! Names become modules and items ([`names`]); every item gets a crate and the crates an order ([`arrange`]); what makes
//! that impossible is reported with its places ([`legal`]); what is possible is simulated ([`forecast`](super::predict::forecast)) with its intervals
//! ([`uncertainty`](super::predict::uncertainty)).

mod arrange;
mod legal;
mod model;
mod names;
mod top;

use std::collections::BTreeSet;

pub use model::{DescribedSplit, PlanNote, PlanNoteKind, PlanPlace, Refusal, RefusalKind, WhatIf};

use super::boundary::dead_paths;
use super::boundary::manifest::fill_needs;
use super::boundary::user_manifests::{user_edits, user_manifests};
use super::describe::PlanFile;
use super::draft::{Draft, Placed};
use super::index::Index;
use super::input::{PlanInput, WhatIfOptions};
use super::partition::assemble::{Assembled, assemble};
use super::partition::place::Placement;
use super::predict::forecast::forecasts;
use super::predict::pair::Split;
use super::predict::test_runs::test_runs;
use super::sharers::sharers;
use crate::base::words::and_more;
use crate::cost::import::TestTimes;
use crate::discover::TargetKind;
use crate::ids::{CrateId, FileId, Id, PackageId, PlanCrateId};
use crate::resolve::Unresolved;
use crate::simulate::{Scenario, UNKNOWN_COLD, knows_cold};
use arrange::Arrangement;
use legal::Judged;
use names::{Described, resolve_names};

/// Judges a described split, and predicts it unless it is refused.
///
/// The package that is split keeps its name and what the plan doesn't take. It re-exports the new crates, so that its
/// users stay as they are; only where new crates need it, so that it can't, do their users depend on them directly.
/// Items, modules and references are as the analysed features and target have them.
pub fn what_if(input: &PlanInput<'_>, file: &PlanFile, options: &WhatIfOptions) -> WhatIf {
    what_if_with_tests(input, file, options, None)
}

/// The same; where it is known how long tests ran, the answer says which of them run after an edit.
pub fn what_if_with_tests(
    input: &PlanInput<'_>,
    file: &PlanFile,
    options: &WhatIfOptions,
    times: Option<&TestTimes>,
) -> WhatIf {
    let index = Index::new(input.repository, input.resolution);
    let (described, refusals) = resolve_names(input, &index, file);
    let mut answer = WhatIf { refusals, ..WhatIf::default() };
    if !answer.refusals.is_empty() {
        return answer;
    }
    let mut splits = Vec::new();
    for (&of, described) in &described {
        splits.push(add_package(input, &index, of, described, (options, file.on_top), &mut answer));
    }
    if options.assume_cuts {
        answer.refusals.retain(|refusal| !refusal.kind.can_be_cut());
    }
    if answer.refusals.is_empty() {
        answer.forecasts = forecasts(input, &index, &splits, options);
        answer.notes.extend(no_cold_build(input, &splits, options));
        answer.test_runs = times.map(|times| test_runs(input, &index, &splits, times));
    }
    answer
}

fn add_package(
    input: &PlanInput<'_>,
    index: &Index,
    (package, krate): (PackageId, CrateId),
    described: &Described,
    (options, on_top): (&WhatIfOptions, bool),
    answer: &mut WhatIf,
) -> Split {
    let order = (options.assume_cuts, on_top);
    let arrangement = Arrangement::new(input, index, (package, krate), described, order);
    let own_name = input.repository.packages[package].name.clone();
    let names: Vec<String> =
        described.crates.iter().map(|named| named.text.clone()).chain([own_name]).collect();
    let level = |position: usize| arrangement.level[position];
    let placement = Placement::described(
        arrangement.of_group.iter().map(|&position| level(position)).collect(),
        names.len(),
        level(arrangement.residual()),
    );
    let mut assembled = assemble(input, index, (package, krate), &arrangement.groups, &placement);
    rename(&mut assembled, &arrangement, &names);
    fill_needs(input, index, package, &mut assembled.crates);
    let draft = Draft::new(Placed {
        input,
        index,
        package,
        krate,
        groups: &arrangement.groups,
        placement: &placement,
        assembled: &assembled,
    });
    let mut plan = draft.plan();
    if options.direct_users {
        let manifests = user_manifests((input, index), package, &assembled);
        plan.boundary_edits.extend(user_edits(manifests, &assembled));
    }
    let judged = Judged { input, arrangement: &arrangement, names: &names, tests: &draft.tests };
    answer.refusals.extend(judged.refusals());
    answer.refusals.extend(judged.re_exports(&plan, &assembled));
    answer.notes.extend(lost_note(input, krate));
    answer.notes.extend(shared_files(input, index, (package, krate), &assembled));
    answer.notes.extend(judged.notes(&plan.visibility, options.assume_cuts));
    answer.splits.push(DescribedSplit { package, plan });
    Split { package, krate, assembled, direct_users: options.direct_users }
}

fn no_cold_build(input: &PlanInput<'_>, splits: &[Split], options: &WhatIfOptions) -> Option<PlanNote> {
    let unknown =
        |split: &Split| !knows_cold(input.repository, input.repository.packages[split.package].workspace);
    let said = options.scenarios.contains(&Scenario::Cold) && splits.iter().any(unknown);
    said.then(|| PlanNote {
        kind: PlanNoteKind::NoColdBuild,
        detail: UNKNOWN_COLD.to_owned(),
        places: Vec::new(),
    })
}

/// For each other target of the package the files that leave and that are modules of its own, too.
fn shared_files(
    input: &PlanInput<'_>,
    index: &Index,
    (package, krate): (PackageId, CrateId),
    assembled: &Assembled,
) -> Vec<PlanNote> {
    let Some(shared) = index.targets.shared(input.repository, package) else { return Vec::new() };
    let modules = &input.resolution.modules;
    let leave = assembled.of_module.iter().filter(|&(_, &home)| home != assembled.residual());
    let leaving: BTreeSet<FileId> = leave
        .map(|(&module, _)| modules[module].file)
        .filter(|file| shared.files.contains_key(file))
        .collect();
    let takers = sharers(input, index, (package, krate), assembled);
    let note = |other: CrateId, taken: bool| {
        let target = &input.repository.targets[input.resolution.crates[other].target];
        let taker = takers.iter().find(|sharer| sharer.krate == other);
        let takes = |file: &FileId| taker.is_some_and(|sharer| sharer.files.contains_key(file));
        let own = leaving.iter().filter(|file| shared.files[*file].contains(&other) && takes(file) == taken);
        let file = |file: &FileId| input.resolution.files[*file].path.clone();
        let place =
            |id| PlanPlace { file: file(id), line: 1, what: format!("also a module of `{}`", target.name) };
        let places: Vec<PlanPlace> = own.map(place).collect();
        let files = places.iter().map(|place| format!("`{}`", place.file)).collect::<Vec<_>>();
        let (are, them, need) = match files.len() {
            1 => ("is a module", "it", "it needs"),
            _ => ("are modules", "them", "they need"),
        };
        let then = if taken {
            format!("that takes {them} from the new crates in place of declaring {them}")
        } else {
            format!("that goes on compiling {them}, since {need} what only that has")
        };
        let detail = format!(
            "{} {are} of the {} `{}`, too: {then}",
            and_more(&files, NAMED_FILES),
            if target.kind == TargetKind::Lib { "library" } else { "binary" },
            target.name
        );
        (!places.is_empty()).then_some(PlanNote { kind: PlanNoteKind::SharedFiles, detail, places })
    };
    let others = shared.crates.iter().copied().filter(|&other| other != krate);
    others.flat_map(|other| [note(other, true), note(other, false)]).flatten().collect()
}

/// Files that a note names: a choice.
const NAMED_FILES: usize = 3;

/// Paths into the package that lead nowhere, all of them.
fn lost_note(input: &PlanInput<'_>, krate: CrateId) -> Option<PlanNote> {
    let at = |miss: &Unresolved| PlanPlace {
        file: input.resolution.files[miss.file].path.clone(),
        line: miss.line,
        what: format!("`{}` was not found", miss.text),
    };
    let lost = dead_paths::dead_paths(input, krate);
    let detail = dead_paths::warning(input, &lost)?;
    Some(PlanNote { kind: PlanNoteKind::LostPaths, detail, places: lost.into_iter().map(at).collect() })
}

/// Gives the crates their described names: they come in the order of levels, those without an item left out.
fn rename(assembled: &mut Assembled, arrangement: &Arrangement, names: &[String]) {
    let mut used: Vec<usize> = arrangement.of_group.clone().into_vec();
    used.push(arrangement.residual());
    used.sort_unstable_by_key(|&position| arrangement.level[position]);
    used.dedup();
    for (id, position) in used.into_iter().enumerate() {
        assembled.crates[PlanCrateId::from_index(id)].name.clone_from(&names[position]);
    }
}
