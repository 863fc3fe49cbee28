//! Cargo's two layouts of a target directory: where each unit's files are (cargo's `layout.rs`).
//!
//! `PROFILE/.fingerprint/PACKAGE-HASH/`, `PROFILE/deps/` and `PROFILE/build/PACKAGE-HASH/`; since `-Zbuild-dir-new-layout`
//! `PROFILE/build/PACKAGE/HASH/{fingerprint,out,run}/`. With `--target` all of it stands in a directory of the triple.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::budget::{Budget, is_real_dir, plain, written};
use super::locate::TargetDir;
use super::unit::{UnitFiles, Wanted, units};
use super::{BuiltDir, BuiltDirs, LeftOutDir, Stamp, TimingsPage, incremental};
use crate::discover::Repository;

/// Directories of a target directory that are no profile.
const OTHERS: [&str; 4] = ["doc", "package", "tmp", "cargo-timings"];

/// Reads a target directory, and what is built in directories of it.
pub(super) fn read(
    repository: &Repository,
    place: &TargetDir,
    pages_wanted: usize,
    budget: &mut Budget,
    found: &mut BuiltDirs,
) {
    let wanted = Wanted::new(repository);
    let before = found.dirs.len();
    read_target_dir(&place.dir, &place.shown, place, &wanted, budget, found);
    found.pages.extend(pages(place, pages_wanted, budget));
    if budget.is_spent() {
        let reason = "more files than are read; what was found until then counts".to_owned();
        found.left_out.push(LeftOutDir { dir: place.shown.clone(), reason });
    } else if found.dirs.len() == before && !place.workspaces.is_empty() {
        let reason = "no build has left anything in it".to_owned();
        found.left_out.push(LeftOutDir { dir: place.shown.clone(), reason });
    }
}

/// The newest pages of `cargo --timings`.
fn pages(place: &TargetDir, wanted: usize, budget: &mut Budget) -> Vec<TimingsPage> {
    let dir = place.dir.join("cargo-timings");
    // `cargo-timing.html` is the newest of the others once more.
    let is_page = |name: &String| name.starts_with("cargo-timing-") && name.ends_with(".html");
    let names = budget.entries(&dir).into_iter().filter(is_page);
    let mut all: Vec<_> = names.filter_map(|name| Some((written(&dir.join(&name))?, name))).collect();
    all.sort_unstable_by(|a, b| b.cmp(a));
    let read = |(written, name): (Stamp, String)| {
        let path = dir.join(&name);
        let bytes = budget.read(&path)?;
        let shown = format!("{}/cargo-timings/{name}", place.shown);
        Some(TimingsPage { shown, path, written, workspaces: place.workspaces.clone(), bytes })
    };
    all.into_iter().take(wanted).filter_map(read).collect()
}

fn read_target_dir(
    dir: &Path,
    shown: &str,
    place: &TargetDir,
    wanted: &Wanted<'_>,
    budget: &mut Budget,
    found: &mut BuiltDirs,
) {
    let rustc = rustc(dir, budget);
    let mut read = |triple: Option<&str>, profile: &str, path: &Path, budget: &mut Budget| {
        let units = units(&unit_files(path, budget), wanted, budget);
        if !units.is_empty() {
            found.dirs.push(BuiltDir {
                target_dir: shown.to_owned(),
                workspaces: place.workspaces.clone(),
                triple: triple.map(str::to_owned),
                profile_dir: profile.to_owned(),
                rustc: rustc.clone(),
                units,
                incremental: incremental::caches(&path.join("incremental"), budget),
            });
        }
    };
    let mut nested = Vec::new();
    for (name, path) in budget.directories(dir) {
        if is_profile(&path) {
            read(None, &name, &path, budget);
        } else if plain(&path.join(".rustc-info.json")).is_some() {
            // A target directory in this one: rust-analyzer's own, as a rule.
            nested.push((name, path));
        } else if !OTHERS.contains(&name.as_str()) {
            for (profile, path) in budget.directories(&path) {
                if is_profile(&path) {
                    read(Some(&name), &profile, &path, budget);
                }
            }
        }
    }
    for (name, path) in nested.into_iter().filter(|_| dir == place.dir) {
        read_target_dir(&path, &format!("{shown}/{name}"), place, wanted, budget, found);
    }
}

/// Whether cargo builds a profile in this directory.
fn is_profile(dir: &Path) -> bool {
    is_real_dir(&dir.join(".fingerprint")) || plain(&dir.join(".cargo-build-lock")).is_some()
}

/// Where the files of all units are, in either layout.
fn unit_files(profile: &Path, budget: &mut Budget) -> Vec<UnitFiles> {
    let (deps, build) = (profile.join("deps"), profile.join("build"));
    let mut all = Vec::new();
    for (name, path) in budget.directories(&profile.join(".fingerprint")) {
        let Some((package, hash)) = name.rsplit_once('-').filter(|(_, hash)| is_hash(hash)) else { continue };
        all.push(UnitFiles {
            fingerprint: path,
            artifacts: vec![deps.clone(), profile.join("examples"), build.join(&name)],
            run: build.join(&name),
            package: package.to_owned(),
            hash: hash.to_owned(),
        });
    }
    for (package, path) in budget.directories(&build) {
        // In the old layout these are `PACKAGE-HASH`, with no directories named by a hash in them.
        for (hash, unit) in budget.directories(&path).into_iter().filter(|(hash, _)| is_hash(hash)) {
            all.push(UnitFiles {
                fingerprint: unit.join("fingerprint"),
                artifacts: vec![unit.join("out")],
                run: unit.join("run"),
                package: package.clone(),
                hash,
            });
        }
    }
    all
}

fn is_hash(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// What cargo keeps of `rustc -vV` in a target directory: that of the newest build.
fn rustc(target_dir: &Path, budget: &mut Budget) -> String {
    #[derive(Deserialize)]
    struct Info {
        outputs: std::collections::BTreeMap<String, Output>,
    }
    #[derive(Deserialize)]
    struct Output {
        #[serde(default)]
        stdout: String,
    }
    let path: PathBuf = target_dir.join(".rustc-info.json");
    let info = budget.read(&path).and_then(|bytes| serde_json::from_slice::<Info>(&bytes).ok());
    let mut outputs = info.into_iter().flat_map(|info| info.outputs.into_values());
    outputs.find(|output| output.stdout.starts_with("rustc ")).map(|output| output.stdout).unwrap_or_default()
}
