//! What a user's words name: a package.

use std::path::Path;

use crate::base::likeness::nearest;
use crate::discover::Repository;
use crate::error::{Error, Result};
use crate::ids::PackageId;

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
