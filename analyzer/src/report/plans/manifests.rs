//! What the manifests of a package's users say, as lines.

use crate::discover::{DependencyKind, Repository};
use crate::ids::PackageId;
use crate::plan::{AddedDependency, UserManifest};
use crate::report::model::ManifestEditReport;

pub(in crate::report) fn manifest_edit(
    repository: &Repository,
    user: PackageId,
    manifest: &UserManifest,
) -> ManifestEditReport {
    let user = &repository.packages[user];
    let split = &repository.packages[manifest.package].dir;
    let lines = |kind: DependencyKind| {
        let own = manifest.adds.iter().filter(move |added| added.kind == kind);
        own.map(|added| line(added, &relative(&user.dir, &beside(split, &added.krate)))).collect()
    };
    ManifestEditReport {
        file: user.manifest.clone(),
        dependencies: lines(DependencyKind::Normal),
        dev_dependencies: lines(DependencyKind::Dev),
        build_dependencies: lines(DependencyKind::Build),
        keeps_in: manifest.keeps.map(|kind| table(kind).to_owned()),
    }
}

/// The table of a manifest that holds dependencies of a kind.
pub(super) fn table(kind: DependencyKind) -> &'static str {
    match kind {
        DependencyKind::Normal => "dependencies",
        DependencyKind::Dev => "dev-dependencies",
        DependencyKind::Build => "build-dependencies",
    }
}

/// The directory of a new crate: beside the package, or below it where that is the whole repository.
fn beside(split: &str, krate: &str) -> String {
    match split.rsplit_once('/') {
        Some((around, _)) => format!("{around}/{krate}"),
        None => krate.to_owned(),
    }
}

/// `shop-core = { path = "../shop-core", features = ["a"] }`
fn line(added: &AddedDependency, path: &str) -> String {
    let mut text = format!("{} = {{ path = \"{path}\"", added.krate);
    if !added.default_features {
        text += ", default-features = false";
    }
    if !added.features.is_empty() {
        let features: Vec<String> = added.features.iter().map(|feature| format!("\"{feature}\"")).collect();
        text += &format!(", features = [{}]", features.join(", "));
    }
    if added.optional {
        text += ", optional = true";
    }
    text + " }"
}

/// The way from one directory to another; both relative to the repository, `""` for itself.
fn relative(from: &str, to: &str) -> String {
    let parts =
        |path: &str| path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let (from, to) = (parts(from), parts(to));
    let same = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from[same..].iter().map(|_| "..".to_owned());
    up.chain(to[same..].iter().cloned()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_between_directories() {
        for (from, to, expected) in [
            ("user", "inn-base", "../inn-base"),
            ("crates/user", "crates/inn-base", "../inn-base"),
            ("", "crates/inn-base", "crates/inn-base"),
            ("tools/deep/user", "crates/inn-base", "../../../crates/inn-base"),
            ("inn", "inn/base", "base"),
        ] {
            assert_eq!(relative(from, to), expected, "{from} {to}");
        }
        let places = [("crates/inn", "crates/inn-base"), ("inn", "inn-base"), ("", "inn-base")];
        for (split, expected) in places {
            assert_eq!(beside(split, "inn-base"), expected, "{split}");
        }
    }
}
