//! What a page shows beside the report: the code's map, the units of its builds, and what it takes to work a plan out again.
//! No contract: it goes with the page of the same version.

mod builds;
mod map;

use std::collections::BTreeSet;

use serde::Serialize;

use crate::cost::Costs;
use crate::discover::{DependencyKind, Package, Repository, TargetKind};
use crate::ids::{Id, WorkspaceId};
use crate::plan::{PackageAdvice, PlanInput, Workbench, workbenches};
use crate::resolve::Resolution;

use super::model::Report;
pub use builds::{PageBuild, PageMode, PageUnit};
pub use map::{CodeMap, MapModules};

/// Everything of a page but the report.
#[derive(Debug, Clone, Serialize)]
pub struct PageInput {
    /// The packages, by number.
    pub packages: Vec<PagePackage>,
    /// The crates that builds compile: number, package, name, and whether it is a `lib`, `bin` or `proc-macro`.
    pub crates: Vec<(u32, u32, String, &'static str)>,
    /// The workspaces whose builds are shown.
    pub builds: Vec<PageBuild>,
    /// Modules and the references between them.
    pub map: CodeMap,
    /// For packages with candidates, those first that the report names first.
    pub workbenches: Vec<Workbench>,
}

impl PageInput {
    /// Of an analysis and its report.
    pub fn new(input: &PlanInput<'_>, advice: &[PackageAdvice], report: &Report) -> Self {
        let repository = input.repository;
        let place = |advice: &&PackageAdvice| {
            let manifest = &repository.packages[advice.package].manifest;
            report.packages.iter().position(|package| package.manifest == *manifest)
        };
        let mut advice: Vec<&PackageAdvice> = advice.iter().collect();
        advice.sort_by_key(place);
        let workspaces: Vec<WorkspaceId> =
            advice.iter().map(|advice| repository.packages[advice.package].workspace).collect();
        Self {
            packages: repository.packages.iter().map(PagePackage::new).collect(),
            crates: crates(repository, input.resolution),
            builds: builds::builds(input, &workspaces),
            map: map::map(input, input.costs.iter().max_by_key(preferred)),
            workbenches: workbenches(input, &advice),
        }
    }
}

/// A package and what it is built from.
#[derive(Debug, Clone, Serialize)]
pub struct PagePackage {
    /// Its name.
    pub name: String,
    /// Its directory; empty for the analysed directory itself.
    pub dir: String,
    /// Packages of the repository that it depends on, dev-dependencies aside.
    pub dependencies: Vec<u32>,
}

impl PagePackage {
    fn new(package: &Package) -> Self {
        let built_from = package.dependencies.iter().filter(|d| d.enabled && d.kind != DependencyKind::Dev);
        let dependencies: BTreeSet<u32> = built_from.filter_map(|d| Some(d.local?.0)).collect();
        Self {
            name: package.name.clone(),
            dir: package.dir.clone(),
            dependencies: dependencies.into_iter().collect(),
        }
    }
}

/// The seconds that people think in: those of `cargo build`, where they are there.
fn preferred(costs: &&Costs) -> bool {
    costs.mode == crate::cost::Mode::Dev
}

fn crates(repository: &Repository, resolution: &Resolution) -> Vec<(u32, u32, String, &'static str)> {
    let row = |(id, krate): (crate::ids::CrateId, &crate::resolve::Crate)| {
        let target = &repository.targets[krate.target];
        Some((id.index() as u32, target.package.0, krate.name.clone(), kind(target.kind)?))
    };
    resolution.crates.iter_enumerated().filter_map(row).collect()
}

/// What kinds of targets a page shows; tests, examples and the like are left out.
pub(super) fn kind(kind: TargetKind) -> Option<&'static str> {
    match kind {
        TargetKind::Lib => Some("lib"),
        TargetKind::Bin => Some("bin"),
        TargetKind::ProcMacro => Some("proc-macro"),
        _ => None,
    }
}
