//! What a user's words name: a package, a target of it.

use std::path::Path;

use super::options::WantedTarget;
use crate::base::likeness::nearest;
use crate::discover::{Repository, Target, TargetKind};
use crate::error::{Error, Result};
use crate::ids::{CrateId, Id, PackageId};

/// Packages that an error lists whole.
const FEW_PACKAGES: usize = 12;

/// By name; by directory or manifest where a name isn't enough. `root` is what errors name.
pub(crate) fn find_package(repository: &Repository, name: &str, root: &Path) -> Result<PackageId> {
    let packages = &repository.packages;
    let named: Vec<PackageId> = packages.ids().filter(|&id| packages[id].name == name).collect();
    let path = name.strip_prefix("./").unwrap_or(name);
    let dir = path.strip_suffix("/Cargo.toml").unwrap_or(path).trim_end_matches('/');
    let found = match named[..] {
        [package] => Some(package),
        // The root's own directory has no name.
        [] => packages.ids().find(|&id| !dir.is_empty() && packages[id].dir == dir),
        _ => {
            let places: Vec<&str> = named.iter().map(|&id| packages[id].manifest.as_str()).collect();
            let places = places.join(" or ");
            return Err(Error::AmbiguousPackage { name: name.to_owned(), path: root.to_owned(), places });
        }
    };
    found.ok_or_else(|| {
        let mut names: Vec<_> = repository.packages.iter().map(|p| p.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let near = nearest(name, names.iter().copied());
        if names.len() > FEW_PACKAGES && !near.is_empty() {
            names = near;
        }
        let (name, path) = (name.to_owned(), root.to_owned());
        Error::UnknownPackage { name, path, available: names.join(", ") }
    })
}

/// The library or a binary, if it is built: of a package, or of the only one that has it.
pub(crate) fn find_target(
    repository: &Repository,
    package: Option<PackageId>,
    wanted: &WantedTarget,
) -> Result<(PackageId, CrateId)> {
    let is_wanted = |target: &Target| match wanted {
        WantedTarget::Lib => target.kind == TargetKind::Lib,
        WantedTarget::Bin(name) => target.kind == TargetKind::Bin && target.name == *name,
    };
    let built = || repository.targets.iter_enumerated().filter(|(_, target)| target.enabled);
    let here = |target: &Target| package.is_none_or(|package| target.package == package);
    let found: Vec<(PackageId, CrateId)> = built()
        .filter(|(_, target)| here(target) && is_wanted(target))
        .map(|(id, target)| (target.package, CrateId::from_index(id.index())))
        .collect();
    let message = match (&found[..], package) {
        (&[found], _) => return Ok(found),
        ([], Some(package)) => {
            let own = built().filter(|(_, target)| target.package == package);
            let own: Vec<String> = own.filter_map(|(_, target)| shown(target)).collect();
            let own =
                if own.is_empty() { "neither a library nor a binary".to_owned() } else { own.join(", ") };
            format!("`{}` builds {own} with these features", repository.packages[package].name)
        }
        ([], None) => "no package builds one with these features".to_owned(),
        (several, _) => {
            let names: Vec<&str> = several
                .iter()
                .take(FEW_PACKAGES)
                .map(|&(id, _)| repository.packages[id].name.as_str())
                .collect();
            format!("{} packages have one, name the package too: {}", several.len(), names.join(", "))
        }
    };
    let target = match wanted {
        WantedTarget::Lib => "library".to_owned(),
        WantedTarget::Bin(name) => format!("binary `{name}`"),
    };
    Err(Error::UnknownTarget { target, message })
}

fn shown(target: &Target) -> Option<String> {
    match target.kind {
        TargetKind::Lib => Some("a library".to_owned()),
        TargetKind::Bin => Some(format!("the binary `{}`", target.name)),
        _ => None,
    }
}
