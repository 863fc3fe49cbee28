//! What cargo's own records leave open about a unit, looked up among the packages of the repository.

use crate::discover::{Repository, TargetKind};

use super::super::measured::{UnitTarget, UnitTargetKind};

/// The library of a package by the package's name; of a package from elsewhere what cargo would call it.
pub(super) fn library(repository: &Repository, package: &str) -> UnitTarget {
    let found = member(repository, package).into_iter().flat_map(|p| &repository.packages[p].targets);
    let library = found
        .map(|&target| &repository.targets[target])
        .find(|target| matches!(target.kind, TargetKind::Lib | TargetKind::ProcMacro));
    match library {
        Some(target) if target.kind == TargetKind::ProcMacro => {
            UnitTarget::new(UnitTargetKind::ProcMacro, &target.crate_name)
        }
        Some(target) => UnitTarget::new(UnitTargetKind::Lib, &target.crate_name),
        None => UnitTarget::new(UnitTargetKind::Lib, crate_name(package)),
    }
}

/// The repository's own package of this name.
pub(super) fn member(repository: &Repository, package: &str) -> Option<crate::ids::PackageId> {
    repository.packages.ids().find(|&id| repository.packages[id].name == package)
}

/// The kind by the word that cargo uses for it in both records.
pub(super) fn kind(word: &str) -> Option<UnitTargetKind> {
    Some(match word {
        "lib" => UnitTargetKind::Lib,
        "bin" => UnitTargetKind::Bin,
        "test" => UnitTargetKind::Test,
        "bench" => UnitTargetKind::Bench,
        "example" => UnitTargetKind::Example,
        "build-script" | "custom-build" => UnitTargetKind::BuildScript,
        _ => return None,
    })
}

/// A name as code has it.
pub(super) fn crate_name(name: &str) -> String {
    name.replace('-', "_")
}

/// The profiles `test` and `bench` are `dev` and `release` unless a manifest says otherwise (the Cargo Book,
/// "Profiles"); what they cost is reported under these.
pub(super) fn profile(name: &str) -> String {
    match name {
        "test" | "debug" => "dev",
        "bench" => "release",
        other => other,
    }
    .to_owned()
}
