//! Reads files while cargo is still being asked: a file's facts don't depend on which target reaches it, so that a core that
//! would wait can begin.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use rustc_hash::FxHashMap;

use super::editions::Editions;
use super::read::{ReadFile, read};
use crate::discover::{Edition, Glimpse};
use crate::parse::stack::STACK;

/// A thread that reads files until it is needed no more.
#[derive(Default)]
pub(crate) struct Ahead {
    reader: Option<JoinHandle<FilesAhead>>,
    enough: Arc<AtomicBool>,
}

/// The largest file that is read ahead: a choice, some 20 ms of parsing.
const MOST_BYTES: u64 = 1 << 20;

/// Files that were read, by path, with the edition that they were read by.
pub(in crate::parse) type FilesAhead = FxHashMap<String, (Edition, ReadFile)>;

impl Ahead {
    /// Begins with the files that the walk has found. Which of them count is only known once cargo has answered; what is
    /// read in vain is dropped.
    pub(crate) fn begin(&mut self, glimpse: Glimpse) {
        let enough = Arc::clone(&self.enough);
        let reader = std::thread::Builder::new().name("ahead".to_owned()).stack_size(STACK);
        // Without a thread of its own everything is read later.
        self.reader = reader.spawn(move || read_some(&glimpse, &enough)).ok();
    }

    /// What was read so far; the file at hand is finished first.
    pub(in crate::parse) fn end(mut self) -> FilesAhead {
        self.enough.store(true, Ordering::Relaxed);
        // A file that makes the parser panic does so again where it is missed.
        self.reader.take().and_then(|reader| reader.join().ok()).unwrap_or_default()
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        self.enough.store(true, Ordering::Relaxed);
    }
}

fn read_some(glimpse: &Glimpse, enough: &AtomicBool) -> FilesAhead {
    let editions = Editions::new(glimpse.editions.iter().map(|(dir, edition)| (dir.as_str(), *edition)));
    let files = glimpse.rust_files.iter().take_while(|_| !enough.load(Ordering::Relaxed));
    let one = |path: &String| {
        let edition = editions.of(path);
        let place = glimpse.root.join(Path::new(path));
        // Perhaps nothing reaches it: a link is not followed for that, and a large file would be waited for.
        place.symlink_metadata().ok().filter(|data| data.is_file() && data.len() <= MOST_BYTES)?;
        Some((path.clone(), (edition, read(&glimpse.files, &place, edition).ok()?)))
    };
    files.filter_map(one).collect()
}
