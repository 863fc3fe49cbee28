//! Parts of one program that could be services of their own, each with what is in the way.
//!
//! A candidate is a role that does a service's work (`entries`), or routes whose handlers lie together. Both it and the rest are
//! followed from where they start; code with data goes to the side that uses it more (`sides`), and what then crosses is listed:
//! calls and types (`crossing`), tables and transactions (`tables`), state and signatures (`blockers`). Whether it is proposed is
//! decided once (`weigh`), and again at other prices. Readiness is a list of facts with places, never one number.

mod blockers;
mod crossing;
mod entries;
mod facts;
mod model;
mod prices;
mod scores;
mod sides;
mod steps;
mod tables;
#[cfg(test)]
mod tests;
mod weigh;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

pub use model::{
    Blocker, BlockerKind, Candidate, CandidateRedeploys, Crossing, CrossingType, Located, Scores, Side,
    Stability, Step, StepKind, TablePlace, TableSides, Transaction, Variable,
};

use self::entries::{Entry, by_roles, by_routes};
use self::facts::Facts;
use self::prices::Prices;
use self::sides::{Ground, Uncut, running_files};
use self::weigh::{Known, Weighed};
use super::deployed::Standing;
use super::links::{linked, needed_packages, running_packages};
use super::model::Deployable;
use super::reach::{Reach, Reached, Start};
use super::roles::Places;
use crate::discover::Repository;
use crate::ids::{CrateId, FileId, Id, PackageId, TargetId};
use crate::resolve::Resolution;

/// A package is a candidate's already if it alone runs so many of the files that the program runs of it. A choice.
const OWN_PACKAGE: f64 = 0.5;

/// The candidates of all programs that are deployed, those of one program behind each other, those with most code first.
pub(crate) fn candidates(
    repository: &Repository,
    resolution: &Resolution,
    programs: &[Deployable],
    standing: &Standing,
) -> Vec<Candidate> {
    let deployed: BTreeSet<TargetId> = standing.deployed.iter().map(|program| program.target).collect();
    let may = |program: &&Deployable| {
        !program.auxiliary
            && deployed.contains(&program.target)
            && (program.roles.len() > 1 || program.running.activity.routes.len() > 1)
    };
    let programs: Vec<&Deployable> = programs.iter().filter(may).collect();
    if programs.is_empty() {
        return Vec::new();
    }
    let (reach, places) = (Reach::new(resolution), Places::new(resolution));
    let facts = Facts::new(resolution, &places);
    let of_program = |program: &&Deployable| {
        let packages = needed_packages(repository, program.package);
        let krate = CrateId::from_index(program.target.index());
        let is_linked = |other: CrateId| other == krate || linked(repository, &packages, other);
        let reached = program.entry.map(|main| reach.from(&Start::process(main), &is_linked));
        let reached = reached.unwrap_or_default();
        let ground =
            Ground { resolution, reach: &reach, facts: &facts, linked: &is_linked, program: &reached };
        let started = started(standing, program.target);
        let roles = uncut(ground, by_roles(program, &started));
        let mut found = weighed(ground, without_largest(ground, roles));
        found.extend(weighed(ground, uncut(ground, by_routes(program, resolution, &places, &facts))));
        found.retain(|(entry, _, weighed)| weighed.pays(entry, Prices::default()));
        let sheet = |(entry, uncut, weighed): (Entry, Uncut, Weighed)| {
            let sheet =
                Sheet { ground, repository, program, packages: &packages, entry: &entry, uncut: &uncut };
            sheet.candidate(&weighed)
        };
        let mut found: Vec<Candidate> = found.into_iter().map(sheet).collect();
        found.sort_by(|a, b| b.own_share.total_cmp(&a.own_share).then_with(|| a.name.cmp(&b.name)));
        found
    };
    let of_each: Vec<Vec<Candidate>> = programs.par_iter().map(of_program).collect();
    let mut all: Vec<Candidate> = of_each.into_iter().flatten().collect();
    name_apart(repository, &mut all);
    all
}

/// Roles that deployment files start.
fn started(standing: &Standing, target: TargetId) -> BTreeSet<&str> {
    let own = standing.deployed.iter().filter(|of| of.target == target);
    own.filter_map(|of| of.role.as_deref()).collect()
}

/// What each entry reaches, and the rest.
fn uncut(ground: Ground<'_>, entries: Vec<Entry>) -> Vec<(Entry, Uncut)> {
    let uncut = |entry: Entry| {
        let uncut = Uncut::new(ground, &entry);
        (entry, uncut)
    };
    entries.into_par_iter().map(uncut).collect()
}

/// The largest role is what is left of the program, whether it could be a service or not.
fn without_largest(ground: Ground<'_>, mut roles: Vec<(Entry, Uncut)>) -> Vec<(Entry, Uncut)> {
    let sizes: Vec<usize> = roles.iter().map(|(_, uncut)| uncut.own_functions(ground)).collect();
    if let Some(largest) = (0..roles.len()).rev().max_by_key(|&at| sizes[at]) {
        roles.remove(largest);
    }
    roles
}

/// The cuts of those entries that have something of their own, and leave something.
fn weighed(ground: Ground<'_>, entries: Vec<(Entry, Uncut)>) -> Vec<(Entry, Uncut, Weighed)> {
    let weighed = |(entry, uncut): (Entry, Uncut)| {
        uncut.is_apart(ground).then(|| {
            let weighed = Weighed::new(ground, &entry, &uncut, Prices::default());
            (entry, uncut, weighed)
        })
    };
    entries.into_par_iter().filter_map(weighed).collect()
}

/// Of two with one name each gets its program's in front.
fn name_apart(repository: &Repository, all: &mut [Candidate]) {
    let names: Vec<String> = all.iter().map(|of| of.name.clone()).collect();
    for of in all {
        if names.iter().filter(|name| **name == of.name).count() > 1 {
            let kind = if of.roles.is_empty() { " routes" } else { "" };
            of.name = format!("{} {}{kind}", repository.targets[of.program].name, of.name);
        }
    }
}

/// What a readiness sheet is made from.
struct Sheet<'a> {
    ground: Ground<'a>,
    repository: &'a Repository,
    program: &'a Deployable,
    packages: &'a [PackageId],
    entry: &'a Entry,
    uncut: &'a Uncut,
}

impl Sheet<'_> {
    fn candidate(&self, weighed: &Weighed) -> Candidate {
        let resolution = self.ground.resolution;
        let (own, rest) = (&weighed.sides.own, &weighed.sides.rest);
        let (files, rest_files) = (own.files(resolution), rest.files(resolution));
        let (runs, rest_runs) = (running_files(self.ground, own), running_files(self.ground, rest));
        let shared_files =
            runs.iter().copied().filter(|file| rest_runs.binary_search(file).is_ok()).collect();
        let own_files: Vec<FileId> =
            runs.iter().copied().filter(|file| rest_runs.binary_search(file).is_err()).collect();
        let lines = |files: &[FileId]| files.iter().map(|&file| resolution.files[file].lines).sum::<u32>();
        let all: BTreeSet<FileId> = runs.iter().chain(&rest_runs).copied().collect();
        let all: Vec<FileId> = all.into_iter().collect();
        let running = self.running(own);
        let rest_running = self.running(rest);
        let (entry, ground) = (self.entry, self.ground);
        let known = Known::new(ground, entry, weighed);
        let across = crate::base::number::count(weighed.transactions.1.len());
        let name = |role: &String| format!("{} {role}", self.program.name);
        Candidate {
            program: self.program.target,
            name: entry.name.clone(),
            roles: entry.roles.iter().map(name).collect(),
            routes: entry.routes.clone(),
            apart: entry.apart,
            own_lines: lines(&own_files),
            own_share: f64::from(lines(&own_files)) / f64::from(lines(&all).max(1)),
            packages: running.iter().copied().filter(|of| rest_running.binary_search(of).is_ok()).collect(),
            types: crossing::types(ground, &known.crossing),
            crossing_by_name: weighed.crossing.len() - known.crossing.len(),
            tables: weighed.tables.iter().filter(|of| of.own.is_some()).cloned().collect(),
            transactions: weighed.transactions.1.clone(),
            middleware: blockers::middleware(ground, &weighed.sides),
            features: self.features(&files),
            variables: self.variables(own, rest),
            steps: steps::steps(
                ground,
                entry,
                &known.blockers,
                &known.crossing,
                (&own_files, self.to_move(&own_files)),
            ),
            scores: scores::scores(ground, &weighed.sides, &known.crossing, (weighed.transactions.0, across)),
            crossing: known.crossing,
            blockers: known.blockers,
            stability: self.stability(weighed, &own_files),
            redeploys: None,
            own_files,
            shared_files,
            files,
            rest_files,
            running,
            rest_running,
        }
    }

    /// Files of its own that lie among others' files: in the program's package, or in one of which it alone runs the smaller part.
    fn to_move(&self, own_files: &[FileId]) -> Vec<FileId> {
        let resolution = self.ground.resolution;
        let mut of_package: BTreeMap<PackageId, BTreeSet<FileId>> = BTreeMap::new();
        for id in self.ground.program.definitions() {
            let item = &resolution.items[resolution.uses.definitions[id].item];
            let krate = resolution.modules[item.module].krate;
            let package = self.repository.targets[TargetId::from_index(krate.index())].package;
            of_package.entry(package).or_default().insert(item.file);
        }
        let is_own = |file: &FileId| own_files.binary_search(file).is_ok();
        let is_apart = |package: PackageId, files: &BTreeSet<FileId>| {
            let own = files.iter().filter(|file| is_own(file)).count();
            package != self.program.package && own as f64 >= OWN_PACKAGE * files.len() as f64
        };
        let apart: BTreeSet<FileId> = of_package
            .iter()
            .filter(|(package, files)| is_apart(**package, files))
            .flat_map(|(_, files)| files.iter().copied())
            .collect();
        own_files.iter().copied().filter(|file| !apart.contains(file)).collect()
    }

    fn running(&self, reached: &Reached) -> Vec<PackageId> {
        let crates = reached.crates(self.ground.resolution);
        running_packages(self.repository, self.packages, self.program.package, &crates)
    }

    fn features(&self, files: &[FileId]) -> Vec<String> {
        let features = files.iter().flat_map(|&file| &self.ground.resolution.files[file].features);
        features.cloned().collect::<BTreeSet<String>>().into_iter().collect()
    }

    fn variables(&self, own: &Reached, rest: &Reached) -> Vec<Variable> {
        let variables = &self.ground.facts.variables;
        let read_by = |reached: &Reached| -> BTreeSet<&str> {
            let own = variables.iter().filter(|(of, _)| reached.contains(**of));
            own.flat_map(|(_, all)| all.iter().map(|(name, ..)| name.as_str())).collect()
        };
        let by_rest = read_by(rest);
        let mine = variables.iter().filter(|(of, _)| own.contains(**of)).flat_map(|(_, all)| all);
        let variable = |&(name, file, line): &(crate::parse::tree::Name, FileId, u32)| Variable {
            shared: by_rest.contains(name.as_str()),
            name: name.as_str().to_owned(),
            file,
            line,
        };
        let mut found: Vec<Variable> = mine.map(variable).collect();
        found.sort();
        found.dedup_by(|b, a| b.name == a.name);
        found
    }

    /// The same at other prices: only one of them moves the cut.
    fn stability(&self, at_usual: &Weighed, own_files: &[FileId]) -> Stability {
        let (ground, entry, usual) = (self.ground, self.entry, Prices::default());
        let mut stability = Stability { tried: 0, proposed: 0, least_overlap: 1.0 };
        for prices in usual.others() {
            stability.tried += 1;
            let moved;
            let weighed = match prices.home == usual.home {
                true => at_usual,
                false => {
                    moved = Weighed::new(ground, entry, self.uncut, prices);
                    &moved
                }
            };
            if weighed.pays(entry, prices) {
                stability.proposed += 1;
                let overlap = overlap(own_files, &files_of(ground, weighed));
                stability.least_overlap = stability.least_overlap.min(overlap);
            }
        }
        stability
    }
}

fn files_of(ground: Ground<'_>, weighed: &Weighed) -> Vec<FileId> {
    let (own, rest) = (&weighed.sides.own, &weighed.sides.rest);
    let rest = running_files(ground, rest);
    running_files(ground, own).into_iter().filter(|file| rest.binary_search(file).is_err()).collect()
}

/// The share of what either has that both have.
fn overlap(a: &[FileId], b: &[FileId]) -> f64 {
    let both = a.iter().filter(|file| b.contains(file)).count();
    let all = a.len() + b.len() - both;
    if all == 0 { 1.0 } else { both as f64 / all as f64 }
}
