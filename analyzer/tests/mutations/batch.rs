//! Many sources read at once: each is the root of a binary of one package.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use split_analyzer::diagnostic::{Code, Diagnostic};
use split_analyzer::discover::{DiscoverOptions, discover};
use split_analyzer::resolve::resolve;
use split_analyzer::{Options, analyze, parse};

/// How far the sources are followed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// To the references.
    References,
    /// To the report.
    Report,
}

/// What went wrong with a batch.
pub(crate) enum Wrong {
    /// A panic that a stage has caught, or that none has.
    Panic(String),
    /// There was no answer in time.
    Hang,
}

/// Reads sources in `dir`, which is made anew; at most `limit` long.
pub(crate) fn read(dir: &Path, texts: &[String], depth: Depth, limit: Duration) -> Result<(), Wrong> {
    write(dir, texts).map_err(|error| Wrong::Panic(format!("{}: {error}", dir.display())))?;
    let (send, receive) = channel();
    let place = dir.to_owned();
    std::thread::spawn(move || send.send(problems(&place, depth)));
    match receive.recv_timeout(limit) {
        Ok(found) => match found.iter().find(|problem| problem.code == Code::Bug) {
            Some(bug) => Err(Wrong::Panic(bug.to_string())),
            None => Ok(()),
        },
        Err(RecvTimeoutError::Timeout) => Err(Wrong::Hang),
        Err(RecvTimeoutError::Disconnected) => Err(Wrong::Panic("not caught by any stage".to_owned())),
    }
}

fn write(dir: &Path, texts: &[String]) -> std::io::Result<()> {
    if dir.exists() {
        fs::remove_dir_all(dir)?;
    }
    fs::create_dir_all(dir)?;
    let mut manifest =
        "[workspace]\n[package]\nname = \"mutants\"\nversion = \"0.1.0\"\nedition = \"2021\"\n".to_owned();
    for (i, text) in texts.iter().enumerate() {
        let _ = write!(manifest, "[[bin]]\nname = \"m{i}\"\npath = \"m{i}.rs\"\n");
        fs::write(dir.join(format!("m{i}.rs")), text)?;
    }
    fs::write(dir.join("Cargo.toml"), manifest)
}

fn problems(dir: &Path, depth: Depth) -> Vec<Diagnostic> {
    if depth == Depth::Report {
        return match analyze(&Options::new(dir)) {
            Ok(analysis) => analysis.report().diagnostics,
            Err(error) => vec![said(&error)],
        };
    }
    match discover(dir, &DiscoverOptions::default()) {
        Ok((repository, mut problems)) => {
            let (sources, found) = parse::load(&repository);
            problems.extend(found);
            problems.extend(resolve(&repository, &sources).1);
            problems
        }
        Err(error) => vec![said(&error)],
    }
}

/// The sources are there and so is the manifest: an error is as bad as a bug.
fn said(error: &split_analyzer::Error) -> Diagnostic {
    Diagnostic::new(split_analyzer::diagnostic::Severity::Error, Code::Bug, error.to_string())
}
