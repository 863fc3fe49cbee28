//! Reading within bounds: plain files and real directories only.

use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};

use super::{Limits, Stamp};
use crate::base::read;

/// The largest single file that is read: a page of timings of a thousand units has about one megabyte.
const LARGEST: u64 = 8 << 20;

/// What may still be read.
pub(super) struct Budget {
    left: Limits,
}

impl Budget {
    pub(super) fn new(limits: Limits) -> Self {
        Self { left: limits }
    }

    /// Whether nothing more may be read.
    pub(super) fn is_spent(&self) -> bool {
        self.left.entries == 0 || self.left.bytes == 0
    }

    /// The entries of a real directory, sorted by name; names that are not UTF-8 are no work of cargo's.
    pub(super) fn entries(&mut self, dir: &Path) -> Vec<String> {
        if self.is_spent() || !is_real_dir(dir) {
            return Vec::new();
        }
        let Ok(entries) = fs::read_dir(dir) else { return Vec::new() };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut names: Vec<String> = names.take(self.left.entries).collect();
        self.left.entries -= names.len();
        names.sort_unstable();
        names
    }

    /// The real directories among the entries.
    pub(super) fn directories(&mut self, dir: &Path) -> Vec<(String, PathBuf)> {
        let paths = self.entries(dir).into_iter().map(|name| (name.clone(), dir.join(name)));
        paths.filter(|(_, path)| is_real_dir(path)).collect()
    }

    /// A plain file's contents, if it isn't too large.
    pub(super) fn read(&mut self, path: &Path) -> Option<Vec<u8>> {
        let size = plain(path)?.len();
        if size > LARGEST { None } else { self.head(path, size) }
    }

    /// The first bytes of a plain file.
    pub(super) fn head(&mut self, path: &Path, most: u64) -> Option<Vec<u8>> {
        plain(path)?;
        let most = most.min(self.left.bytes);
        let bytes = read::head(path, most).ok()?;
        self.left.bytes -= bytes.len() as u64;
        Some(bytes)
    }
}

/// A plain file's metadata; links and special files have none.
pub(super) fn plain(path: &Path) -> Option<Metadata> {
    fs::symlink_metadata(path).ok().filter(Metadata::is_file)
}

/// When a plain file was last written.
pub(super) fn written(path: &Path) -> Option<Stamp> {
    Some(Stamp::of(plain(path)?.modified().ok()?))
}

pub(super) fn is_real_dir(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_dir())
}
