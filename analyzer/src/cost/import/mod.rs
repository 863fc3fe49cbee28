//! Seconds that cargo itself wrote down, brought into the form of [`CostsFile`].
//!
//! `cargo build --timings` writes a page (`timings`), `cargo -Zbuild-analysis` a log (`build_analysis`). Neither says
//! what a build that ran before left fresh, nor (the page) what depends on what: a unit without a figure is left out
//! and falls back on the model, and the graph is that of the manifests and the lock file. The output of `cargo -v`
//! (`verbose_log`) beside a page adds how rustc was called. Every figure keeps its
//! [`Origin`](crate::cost::measured::Origin).

mod build_analysis;
mod test_times;
mod timings;
mod units;
mod verbose_log;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

pub use test_times::{TestBinary, TestSuite, TestTime, TestTimes, parse_test_times};

use crate::discover::Repository;
use crate::error::{Error, Result};

use super::measured::{CostsFile, check, parse_costs};

/// A file with seconds, as bytes: the library opens none of them itself. Paths are for messages.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CostInput {
    /// `costs.json`, written by `split-advisor measure`.
    Costs {
        /// The file.
        path: PathBuf,
        /// Its contents.
        bytes: Vec<u8>,
    },
    /// The page of `cargo build --timings`.
    Timings {
        /// The page.
        path: PathBuf,
        /// Its contents.
        bytes: Vec<u8>,
        /// The output (stderr) of the same build with `-v`: its path and contents.
        log: Option<(PathBuf, Vec<u8>)>,
    },
    /// The log of `cargo -Zbuild-analysis`, one JSON object a line.
    BuildAnalysis {
        /// The log.
        path: PathBuf,
        /// Its contents.
        bytes: Vec<u8>,
    },
}

impl CostInput {
    /// The file, for messages.
    pub fn path(&self) -> &Path {
        match self {
            CostInput::Costs { path, .. }
            | CostInput::Timings { path, .. }
            | CostInput::BuildAnalysis { path, .. } => path,
        }
    }

    /// Reads it. Units are matched to the targets of `repository` by package and target name.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] with path and line when it is not what it should be.
    pub fn read(&self, repository: &Repository) -> Result<CostsFile> {
        let file = match self {
            CostInput::Costs { path, bytes } => return parse_costs(path, bytes),
            CostInput::Timings { path, bytes, log } => {
                let mut file = timings::read(path, bytes, repository)?;
                if let Some((path, bytes)) = log {
                    verbose_log::add(path, bytes, &mut file)?;
                }
                file
            }
            CostInput::BuildAnalysis { path, bytes } => build_analysis::read(path, bytes, repository)?,
        };
        // What each figure may be is checked where it is read; here, how they go together.
        check(&file).map_err(|message| Error::InvalidInput {
            path: self.path().to_owned(),
            line: 0,
            message,
        })?;
        Ok(file)
    }
}
