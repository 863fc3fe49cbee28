//! Deployable binaries: what each needs of the repository.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::entry::Entries;
use super::links::{linked, needed_packages, running_packages};
use super::model::{Deployable, Running, RunningRole};
use super::reach::{Reach, Reached};
use super::roles::{FoundRole, Places, Program, RoleKind, roles};
use crate::discover::{TargetKind, is_auxiliary_target};
use crate::ids::{CrateId, FileId, Id, ModuleId, TargetId};
use crate::plan::PlanInput;

/// Every enabled binary with the packages, modules and share of the cost that it needs: those that are deployed before those
/// that serve development, each by what they need, most first.
///
/// Modules are those with an item that the binary may run (`reach`), so code that a package holds for others doesn't count.
pub fn deployables(input: &PlanInput<'_>) -> Vec<Deployable> {
    let total = input.costs.first().map_or(0.0, |costs| costs.items.iter().map(|cost| cost.total_s()).sum());
    let (reach, entries) = (Reach::new(input.resolution), Entries::new(input.resolution));
    let places = Places::new(input.resolution);
    let targets = input.repository.targets.iter_enumerated();
    let binaries: Vec<TargetId> = targets
        .filter(|(_, target)| target.kind == TargetKind::Bin && target.enabled)
        .map(|(id, _)| id)
        .collect();
    let deployable = |id: TargetId| {
        let target = &input.repository.targets[id];
        let packages = needed_packages(input.repository, target.package);
        let krate = CrateId::from_index(id.index());
        let linked = |other: CrateId| other == krate || linked(input.repository, &packages, other);
        let reached = reach.from(&entries.program(krate), &linked);
        let auxiliary = is_auxiliary_target(input.repository, id);
        let running = |reached: &Reached, activity| Running {
            packages: running_packages(
                input.repository,
                &packages,
                target.package,
                &reached.crates(input.resolution),
            ),
            files: reached.files(input.resolution),
            cost_share: modules_cost(input, &reached.modules(input.resolution))
                / total.max(f64::MIN_POSITIVE),
            activity,
            ..Running::default()
        };
        let entry = entries.main(krate);
        let (found, activity) = match entry.filter(|_| !auxiliary) {
            Some(main) => {
                let (resolution, places) = (input.resolution, &places);
                roles(Program { resolution, reach: &reach, places, main, reached: &reached }, &linked)
            }
            None => Default::default(),
        };
        let role = |FoundRole { role, reached, start, .. }: FoundRole| RunningRole {
            running: running(&reached, role.activity.clone()),
            role,
            reached,
            start,
        };
        Deployable {
            package: target.package,
            target: id,
            auxiliary,
            name: target.name.clone(),
            packages: packages.clone(),
            modules: reached.modules(input.resolution),
            entry,
            running: running(&reached, activity),
            roles: found.into_iter().map(role).collect(),
            commands: Vec::new(),
        }
    };
    let mut found: Vec<Deployable> = binaries.into_par_iter().map(deployable).collect();
    let share = |of: &Deployable| of.running.cost_share;
    found.sort_by(|a, b| a.auxiliary.cmp(&b.auxiliary).then(share(b).total_cmp(&share(a))));
    find_own_files(&mut found);
    found
}

/// A command that runs this share of each of several services is all of them in one, where they are at most so large beside it.
/// Choices.
const ALL_OF: f64 = 0.95;
const PART_OF: f64 = 0.9;

/// Files of which one program alone runs something; of commands those that no other command and no other program runs, and of what
/// is started (which may run inside of a command) likewise. What a command runs that is several others in one isn't counted for these.
fn find_own_files(programs: &mut [Deployable]) {
    let mut by_program: BTreeMap<FileId, u32> = BTreeMap::new();
    let real = || programs.iter().filter(|program| !program.auxiliary);
    for file in real().flat_map(|program| &program.running.files) {
        *by_program.entry(*file).or_default() += 1;
    }
    let own = |files: &[FileId], of: &BTreeMap<FileId, u32>| -> Vec<FileId> {
        files.iter().copied().filter(|file| of.get(file) == Some(&1)).collect()
    };
    for program in programs.iter_mut().filter(|program| !program.auxiliary) {
        program.running.own_files = own(&program.running.files, &by_program);
        // What is chosen in one way is told apart, and what is started.
        let class = |role: &RunningRole| Some(role.role.kind).filter(|kind| kind.is_chosen());
        for own_class in [Some(RoleKind::Subcommand), Some(RoleKind::Service), None] {
            let of_class = |at: &usize| class(&program.roles[*at]) == own_class;
            let peers: Vec<usize> = (0..program.roles.len()).filter(of_class).collect();
            let is_all = |at: &usize| own_class.is_some() && is_all_in_one(&program.roles, &peers, *at);
            let (all_in_one, single): (Vec<usize>, Vec<usize>) = peers.iter().copied().partition(is_all);
            for (at, counted) in
                single.iter().map(|&at| (at, &single)).chain(all_in_one.iter().map(|&at| (at, &peers)))
            {
                let mut by_role: BTreeMap<FileId, u32> = BTreeMap::new();
                for file in counted.iter().flat_map(|&peer| &program.roles[peer].running.files) {
                    *by_role.entry(*file).or_default() += 1;
                }
                let files = own(&own(&program.roles[at].running.files, &by_role), &by_program);
                program.roles[at].running.own_files = files;
            }
        }
    }
}

/// Whether a role runs nearly all of several smaller ones that do a service's work.
fn is_all_in_one(roles: &[RunningRole], peers: &[usize], at: usize) -> bool {
    let files = &roles[at].running.files;
    let is_part = |peer: &&usize| {
        let other = &roles[**peer];
        let size = other.running.files.len() as f64;
        let both = || other.running.files.iter().filter(|file| files.binary_search(file).is_ok()).count();
        **peer != at
            && other.role.activity.serves()
            && size <= PART_OF * files.len() as f64
            && both() as f64 >= ALL_OF * size
    };
    peers.iter().filter(is_part).count() > 1
}

fn modules_cost(input: &PlanInput<'_>, modules: &[ModuleId]) -> f64 {
    let Some(costs) = input.costs.first() else { return 0.0 };
    let items = modules.iter().flat_map(|&module| &input.resolution.modules[module].items);
    items.map(|&item| costs.items[item].total_s()).sum()
}
