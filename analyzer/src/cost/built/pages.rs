//! Pages of `cargo --timings` that lie in target directories: of clean builds whose times later ones have written over.

use std::collections::BTreeSet;

use super::model::{BuiltCosts, BuiltPlace, UnitCounts};
use crate::cost::import::CostInput;
use crate::cost::measured::{CostsFile, UnitCost, UnitMode};
use crate::discover::{BuiltDirs, Repository};

/// The share of the packages from elsewhere that a clean build compiles: features and platforms leave some out. A rebuild
/// compiles none of them, or what was just added.
const CLEAN: f64 = 0.8;

/// Pages of clean builds. A page doesn't say what was compiled whole: a build that compiled nearly all packages from elsewhere
/// that are known of did so with the repository's own as well.
pub(super) fn pages(dirs: &BuiltDirs, repository: &Repository, builds: &[BuiltCosts]) -> Vec<BuiltCosts> {
    let mut found = Vec::new();
    for page in &dirs.pages {
        let input = CostInput::Timings { path: page.path.clone(), bytes: page.bytes.clone(), log: None };
        let Ok(costs) = input.read(repository) else { continue };
        let alike = |build: &&BuiltCosts| {
            (&build.place.profile, build.costs.build.mode) == (&costs.build.profile, costs.build.mode)
        };
        let known = builds.iter().filter(alike).map(|build| elsewhere(&build.costs).len()).max().unwrap_or(0);
        let compiled = elsewhere(&costs).len();
        if compiled == 0 || (compiled as f64) < CLEAN * known as f64 {
            continue;
        }
        let own = costs.units.iter().filter(|unit| unit.member == Some(true)).count() as u64;
        let counts = UnitCounts { whole: costs.units.len() as u64, own, ..UnitCounts::default() };
        let place = BuiltPlace {
            directory: page.shown.clone(),
            triple: None,
            profile: costs.build.profile.clone(),
            workspaces: page.workspaces.clone(),
        };
        found.push(BuiltCosts { place, newest: page.written.seconds(), counts, costs });
    }
    found
}

/// The packages from elsewhere of which something was compiled.
fn elsewhere(file: &CostsFile) -> BTreeSet<(&str, &str)> {
    let compiled = |unit: &&UnitCost| unit.member == Some(false) && unit.mode != UnitMode::Run;
    file.units.iter().filter(compiled).map(|unit| (unit.package.as_str(), unit.version.as_str())).collect()
}
