//! One unit's files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::budget::{Budget, plain, written};
use super::{Output, Stamp, StampedUnit};
use crate::discover::Repository;

/// Where one unit's files are.
pub(super) struct UnitFiles {
    pub(super) package: String,
    pub(super) hash: String,
    /// The directory of its fingerprint.
    pub(super) fingerprint: PathBuf,
    /// Where what it makes may lie.
    pub(super) artifacts: Vec<PathBuf>,
    /// Where its build script ran, if it is the run of one.
    pub(super) run: PathBuf,
}

/// Packages of which units count, and what has to be read of them.
pub(super) struct Wanted<'a> {
    /// How many versions the lock files hold.
    versions: BTreeMap<&'a str, usize>,
    own: BTreeSet<&'a str>,
    /// Whether there is a lock file at all.
    locked: bool,
}

impl<'a> Wanted<'a> {
    pub(super) fn new(repository: &'a Repository) -> Self {
        let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for package in repository.workspaces.iter().flat_map(|workspace| &workspace.locked) {
            versions.entry(&package.name).or_default().insert(&package.version);
        }
        Self {
            locked: !versions.is_empty(),
            versions: versions.into_iter().map(|(name, versions)| (name, versions.len())).collect(),
            own: repository.packages.iter().map(|package| package.name.as_str()).collect(),
        }
    }

    /// Whether a build of the repository's workspaces has such a package: directories may be shared with others.
    fn has(&self, package: &str) -> bool {
        !self.locked || self.own.contains(package) || self.versions.contains_key(package)
    }

    /// Whether only its source says which of several packages of this name it is.
    fn ambiguous(&self, package: &str) -> bool {
        self.versions.get(package).is_none_or(|&versions| versions > 1)
    }
}

/// The units that ended well.
pub(super) fn units(files: &[UnitFiles], wanted: &Wanted<'_>, budget: &mut Budget) -> Vec<StampedUnit> {
    let of_packages = files.iter().filter(|files| wanted.has(&files.package));
    of_packages.flat_map(|files| units_in(files, wanted, budget)).collect()
}

/// As a rule there is one; targets whose files have no hash in their names share a directory.
fn units_in(files: &UnitFiles, wanted: &Wanted<'_>, budget: &mut Budget) -> Vec<StampedUnit> {
    let names = budget.entries(&files.fingerprint);
    let fingerprints: Vec<&str> = names.iter().filter_map(|name| name.strip_suffix(".json")).collect();
    let shared = fingerprints.len() > 1;
    let of = |&file: &&str| unit(files, file, shared, wanted, budget);
    fingerprints.iter().filter_map(of).collect()
}

fn unit(
    files: &UnitFiles,
    file: &str,
    shared: bool,
    wanted: &Wanted<'_>,
    budget: &mut Budget,
) -> Option<StampedUnit> {
    // Documentation is none of ours.
    if file.starts_with("doc-") || file.starts_with("test-doc-") {
        return None;
    }
    let path = files.fingerprint.join(file);
    let ended = written(&path)?;
    // Cargo empties it when it starts the unit again.
    let fingerprint = fingerprint(&budget.head(&path, 16)?)?;
    let details = budget.read(&path.with_file_name(format!("{file}.json")))?;
    let run = file.starts_with("run-");
    let dep_info = files.fingerprint.join(format!("dep-{file}"));
    let started = if run {
        written(&files.run.join("invoked.timestamp"))
    } else if shared {
        // Cargo sets its time back to the start.
        written(&dep_info)
    } else {
        written(&files.fingerprint.join("invoked.timestamp"))
    };
    let (output, metadata) = if run { (Output::Gone, None) } else { output(files, file) };
    let own = wanted.own.contains(files.package.as_str());
    let source = if !run && wanted.ambiguous(&files.package) { source(files, file, budget) } else { None };
    Some(StampedUnit {
        package: files.package.clone(),
        hash: files.hash.clone(),
        file: file.to_owned(),
        fingerprint,
        details,
        started,
        ended,
        metadata,
        output,
        source,
        clippy: own && !run && names_clippy(&dep_info, budget),
    })
}

/// Cargo writes the hash's bytes in hexadecimal, the lowest first (`util::hex::to_hex`).
fn fingerprint(text: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(text).ok().filter(|text| text.len() == 16)?;
    u64::from_str_radix(text, 16).ok().map(u64::swap_bytes)
}

/// The crate's name in file names.
fn crate_name(file: &str) -> String {
    let file = file.strip_prefix("test-").unwrap_or(file);
    let kinds = ["lib-", "bin-", "integration-test-", "example-", "bench-", "build-script-"];
    let name = kinds.iter().find_map(|kind| file.strip_prefix(kind)).unwrap_or(file);
    name.replace('-', "_")
}

fn output(files: &UnitFiles, file: &str) -> (Output, Option<Stamp>) {
    let (krate, hash) = (crate_name(file), &files.hash);
    let library = file.starts_with("lib-");
    let find =
        |name: &str| files.artifacts.iter().map(|dir| dir.join(name)).find(|path| plain(path).is_some());
    let metadata = find(&format!("lib{krate}-{hash}.rmeta")).and_then(|path| written(&path));
    if !library {
        return (if metadata.is_some() { Output::Metadata } else { Output::Code }, metadata);
    }
    if find(&format!("lib{krate}-{hash}.rlib")).is_some() {
        return (Output::Code, metadata);
    }
    if metadata.is_some() {
        return (Output::Metadata, metadata);
    }
    let dynamic = ["so", "dylib", "dll"]
        .into_iter()
        .flat_map(|extension| ["lib", ""].into_iter().map(move |prefix| (prefix, extension)));
    let mut names = dynamic.map(|(prefix, extension)| format!("{prefix}{krate}-{hash}.{extension}"));
    (if names.any(|name| find(&name).is_some()) { Output::Dynamic } else { Output::Gone }, None)
}

/// Whether the environment that it depends on is clippy's: `clippy-driver` has cargo track `CLIPPY_ARGS`.
fn names_clippy(dep_info: &Path, budget: &mut Budget) -> bool {
    let mark = b"CLIPPY_ARGS";
    budget.read(dep_info).is_some_and(|bytes| bytes.windows(mark.len()).any(|window| window == mark))
}

/// How much of rustc's list of files is read: its beginning, which names the crate's root first.
const HEAD: u64 = 4096;

/// The crate's root, out of the list of files that rustc has written.
fn source(files: &UnitFiles, file: &str, budget: &mut Budget) -> Option<String> {
    let krate = crate_name(file);
    let names = [format!("{krate}-{}.d", files.hash), format!("{krate}.d")];
    let mut paths = files.artifacts.iter().flat_map(|dir| names.iter().map(move |name| dir.join(name)));
    let bytes = budget.head(&paths.find(|path| plain(path).is_some())?, HEAD)?;
    let text = String::from_utf8_lossy(&bytes);
    let (_, list) = text.lines().next()?.split_once(": ")?;
    // A space in a path is escaped.
    let mut end = list.len();
    for (at, _) in list.match_indices(' ') {
        if !list[..at].ends_with('\\') {
            end = at;
            break;
        }
    }
    Some(list[..end].replace("\\ ", " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_written_lowest_byte_first() {
        assert_eq!(fingerprint(b"0100000000000000"), Some(1));
        assert_eq!(fingerprint(b"efcdab8967452301"), Some(0x0123_4567_89ab_cdef));
        for wrong in ["", "0100", "xx00000000000000"] {
            assert_eq!(fingerprint(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn crates_by_fingerprint() {
        let cases = [
            ("lib-split_analyzer", "split_analyzer"),
            ("bin-split-advisor", "split_advisor"),
            ("test-lib-a", "a"),
            ("test-bin-a-b", "a_b"),
            ("test-integration-test-it", "it"),
            ("example-e", "e"),
            ("bench-b", "b"),
            ("build-script-build-script-build", "build_script_build"),
        ];
        for (file, expected) in cases {
            assert_eq!(crate_name(file), expected);
        }
    }
}
