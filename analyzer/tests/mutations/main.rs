//! Sources made wrong at random, read to their references and, some of them, to the report: nothing panics and all ends.
//!
//! The seed is fixed, so that a failure comes again; `split-benches mutate` runs any number on sources of all sorts.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

mod batch;
mod mutate;

use std::path::{Path, PathBuf};
use std::time::Duration;

use batch::{Depth, Wrong, read};
use mutate::{Random, mutate};

const SEED: u64 = 2024;
/// Sources in one repository.
const BATCH: usize = 150;
/// Larger files hold the same code more often.
const MOST_BYTES: usize = 12_000;
/// Far more than any batch takes: this is about work without end.
const LIMIT: Duration = Duration::from_secs(300);

/// The project's own sources and those of its fixtures.
fn sources() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files: Vec<PathBuf> = Vec::new();
    for dir in ["analyzer/src", "cli/src", "fixtures"] {
        rust_files(&root.join(dir), &mut files);
    }
    files.sort();
    // Some fixtures are no UTF-8 on purpose.
    let texts = files.iter().map(|file| String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned());
    texts.filter(|text| text.len() <= MOST_BYTES).collect()
}

fn rust_files(dir: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

#[test]
fn no_mutant_stops_the_analysis() {
    let sources = sources();
    assert!(sources.len() > 200, "only {} sources found", sources.len());
    let mut random = Random::new(SEED);
    let dir = tempfile::tempdir().unwrap();
    for number in 0..12 {
        let mutants: Vec<String> = (0..BATCH)
            .map(|_| {
                let (text, other) = (random.below(sources.len()), random.below(sources.len()));
                mutate(&sources[text], &sources[other], &mut random)
            })
            .collect();
        let depth = if number % 4 == 0 { Depth::Report } else { Depth::References };
        match read(&dir.path().join("mutants"), &mutants, depth, LIMIT) {
            Ok(()) => {}
            Err(Wrong::Hang) => panic!("batch {number} takes more than {LIMIT:?}"),
            Err(Wrong::Panic(said)) => panic!("batch {number}: {said}"),
        }
    }
}
