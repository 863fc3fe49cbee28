//! Whether cargo may be asked: it opens every member's manifest itself, whatever that is. A pipe would keep it waiting, a
//! device would fill its memory, and a link out of the analysed directory would be followed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::manifest::{Manifest, strings};
use crate::base::Refused;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::discover::paths::{normalize, relative};
use crate::discover::tree::reading::Reading;

/// Manifests that may not be read, by their directories.
#[derive(Default)]
pub(in crate::discover) struct Barred(BTreeMap<PathBuf, PathBuf>);

impl Barred {
    /// Keeps a manifest that is not read because of where or what it is.
    pub(in crate::discover) fn add(&mut self, path: &Path, problem: &Diagnostic) {
        if problem.code.is_of_reading() {
            self.0.insert(path.parent().unwrap_or(path).to_owned(), path.to_owned());
        }
    }

    /// One that cargo may open when it is asked about the manifest in `dir`: of a member below, or where it looks for the
    /// workspace above.
    pub(in crate::discover) fn opened_for(&self, dir: &Path) -> Option<&Path> {
        let below = self.0.range(dir.to_owned()..).next().filter(|(place, _)| place.starts_with(dir));
        let above = || dir.ancestors().find_map(|place| self.0.get(place));
        below.map(|(_, path)| path).or_else(above).map(PathBuf::as_path)
    }
}

/// Why cargo isn't asked about `manifest`.
pub(in crate::discover) fn not_asked(root: &Path, manifest: &Path, because_of: &Path) -> Diagnostic {
    let message = format!(
        "cargo is not called, since it would open {}: the manifests are read without it",
        relative(root, because_of)
    );
    Diagnostic::new(Severity::Warning, Code::InvalidManifest, message).at(relative(root, manifest))
}

/// Members that the manifest names and that may not be read; of patterns, what links they lead to. The rest lies in the
/// directory, where the walk finds it.
pub(in crate::discover) fn members(reading: &Reading, manifest: &Manifest) -> Vec<(PathBuf, Diagnostic)> {
    let table = manifest.workspace();
    let pointer = manifest.package().and_then(|p| p.get("workspace")).and_then(toml::Value::as_str);
    let named = strings(table.and_then(|w| w.get("members"))).into_iter();
    let mut refused = Vec::new();
    for pattern in named.chain(pointer.map(str::to_owned)) {
        for dir in matching(&manifest.dir, &pattern) {
            if manifest.excludes(&dir) {
                continue;
            }
            let path = dir.join("Cargo.toml");
            if let Err(refusal @ (Refused::Outside | Refused::Special(_) | Refused::TooLarge(_))) =
                reading.files.check(&path)
            {
                let place = relative(&reading.root, &path);
                refused.push((path, refusal.diagnostic(Severity::Error).at(place)));
            }
        }
    }
    refused
}

/// The directory that is named; or links that a pattern may mean: each `*` counts as any name.
fn matching(dir: &Path, pattern: &str) -> Vec<PathBuf> {
    let is_glob = |part: &std::ffi::OsStr| part.to_string_lossy().contains(['*', '?', '[']);
    let whole = normalize(&dir.join(pattern));
    let literal: PathBuf = whole.components().take_while(|part| !is_glob(part.as_os_str())).collect();
    let Ok(rest) = whole.strip_prefix(&literal) else { return vec![whole] };
    let mut parts = rest.components();
    if parts.next().is_none() {
        return vec![whole];
    }
    let below: PathBuf = parts.collect();
    if literal.is_symlink() {
        return vec![literal];
    }
    let entries = std::fs::read_dir(&literal).into_iter().flatten().filter_map(Result::ok);
    let links = entries.filter(|e| e.file_type().is_ok_and(|t| t.is_symlink()));
    links.map(|e| e.path().join(&below)).collect()
}
