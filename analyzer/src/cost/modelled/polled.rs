//! Asynchronous code of others that a program compiles.
//!
//! An `async fn` becomes machine code where it is polled, in the end by the runtime that `main` starts. So a program of thirty lines
//! takes seconds: it has the code of the futures of the libraries below it. Of seven programs with little asynchronous code themselves
//! it grew with the square root of the `.await`s of their workspaces' libraries (`benches/README.md`, "Programs"): the more these are,
//! the more of them are behind boxes that a library fills. It is a cost of `main`, which stays where it is whatever a plan moves.

use super::dependencies::normal;
use crate::discover::{Repository, TargetKind};
use crate::ids::{CrateId, IdVec, PackageId};
use crate::parse::ItemFeatures;
use crate::resolve::Resolution;

/// What a program polls, in the unit of the model, of so many `.await`s in the local libraries that it loads.
pub fn polled(awaits: u32) -> f64 {
    f64::from(awaits).sqrt()
}

/// The `.await`s of the local libraries that each program loads; 0 of what is no program. `features` are those of each crate.
pub(super) fn awaits_below(
    repository: &Repository,
    resolution: &Resolution,
    features: &dyn Fn(CrateId) -> ItemFeatures,
) -> IdVec<CrateId, u32> {
    let mut of_library: IdVec<PackageId, u32> = IdVec::from_elem(0, repository.packages.len());
    for krate in resolution.crates.ids() {
        let target = &repository.targets[resolution.crates[krate].target];
        if target.kind == TargetKind::Lib {
            of_library[target.package] = features(krate).awaits;
        }
    }
    let of_package: IdVec<PackageId, u32> =
        repository.packages.ids().map(|package| below(repository, package, &of_library)).collect();
    let of_crate = |krate: CrateId| {
        let target = &repository.targets[resolution.crates[krate].target];
        if target.kind == TargetKind::Bin { of_package[target.package] } else { 0 }
    };
    resolution.crates.ids().map(of_crate).collect()
}

/// The sum over the libraries of a package and of all local ones that it depends on.
fn below(repository: &Repository, package: PackageId, of_library: &IdVec<PackageId, u32>) -> u32 {
    let mut seen: IdVec<PackageId, bool> = IdVec::from_elem(false, repository.packages.len());
    let (mut open, mut sum) = (vec![package], 0_u32);
    seen[package] = true;
    while let Some(at) = open.pop() {
        sum = sum.saturating_add(of_library[at]);
        for to in normal(repository, at).filter_map(|(_, local)| local) {
            if !std::mem::replace(&mut seen[to], true) {
                open.push(to);
            }
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::{Mode, model};
    use crate::resolve::tests::read;

    #[test]
    fn a_program_polls_what_the_libraries_below_it_await() {
        let (repository, resolution) = read(
            "//- /main.rs crate:app kind:bin deps:api
fn main() { api::run(); }
//- /api/lib.rs crate:api deps:store
//- /store/lib.rs crate:store
//- /other/lib.rs crate:other
",
        );
        let name = |krate: CrateId| repository.targets[resolution.crates[krate].target].name.as_str();
        let features = |krate: CrateId| {
            let awaits = match name(krate) {
                "app" => 100,
                "api" => 7,
                "store" => 9,
                _ => 1000,
            };
            ItemFeatures { awaits, ..ItemFeatures::default() }
        };
        let found = awaits_below(&repository, &resolution, &features);
        let of =
            |wanted: &str| resolution.crates.ids().find(|&krate| name(krate) == wanted).map(|k| found[k]);
        assert_eq!((of("app"), of("api"), of("other")), (Some(16), Some(0), Some(0)));
        assert_eq!(polled(16), 4.0);
    }

    #[test]
    fn what_is_polled_is_paid_by_main() {
        let awaits = "work().await; ".repeat(36);
        let (repository, resolution) = read(&format!(
            "//- /main.rs crate:app kind:bin deps:api
fn main() {{ api::run(); }}
fn other() {{ api::run(); }}
//- /api/lib.rs crate:api
pub async fn run() {{ {awaits} }}
async fn work() {{}}
"
        ));
        let main = resolution.items.ids().find(|&item| resolution.items[item].path == "app::main").unwrap();
        let other = resolution.items.ids().find(|&item| resolution.items[item].path == "app::other").unwrap();
        let more = |mode: Mode| {
            let costs = model(&repository, &resolution, mode);
            costs.items[main].total_s() - costs.items[other].total_s()
        };
        // Six units of 0.28 s in `dev`; a check makes no code.
        assert!((1.0..3.0).contains(&more(Mode::Dev)), "{}", more(Mode::Dev));
        assert!(more(Mode::Release) > more(Mode::Dev));
        assert!(more(Mode::Check).abs() < 1e-9, "{}", more(Mode::Check));
    }
}
