//! What stops an analysis. Anything less is a [`Diagnostic`](crate::Diagnostic).

use std::path::PathBuf;

use crate::budget::StopCause;

/// Why an analysis could not be done at all. Every variant names its path.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The path given does not exist or can't be read.
    #[error("cannot read {path}")]
    Unreadable {
        /// The path as given.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The path given is not a directory (nor a `Cargo.toml`).
    #[error("{path} is not a directory")]
    NotADirectory {
        /// The path as given.
        path: PathBuf,
    },
    /// No `Cargo.toml` in or below the directory.
    #[error("no Cargo.toml in {path} or below it: nothing to analyse")]
    NoManifest {
        /// The directory searched.
        path: PathBuf,
    },
    /// Manifests were found, but not one of them could be read.
    #[error("no usable package in {path}; the first problem is: {first}")]
    NoPackage {
        /// The directory searched.
        path: PathBuf,
        /// The first manifest's problem, with its path and line.
        first: String,
    },
    /// No package has the name that the options give.
    #[error("no package named `{name}` in {path}; there are: {available}")]
    UnknownPackage {
        /// That name.
        name: String,
        /// The directory searched.
        path: PathBuf,
        /// The packages there are, comma separated; of many, those that are like it.
        available: String,
    },
    /// Several packages have the name that the options give.
    #[error("several packages in {path} are named `{name}`: name one by its directory or manifest, {places}")]
    AmbiguousPackage {
        /// That name.
        name: String,
        /// The directory searched.
        path: PathBuf,
        /// Their manifests.
        places: String,
    },
    /// No one target is meant.
    #[error("no {target} can be planned: {message}")]
    UnknownTarget {
        /// What was asked for: `library`, or a binary with its name.
        target: String,
        /// What there is.
        message: String,
    },
    /// An option has a value that means nothing.
    #[error("`{value}` is no {option}: {expected} is expected")]
    InvalidOption {
        /// What the option says.
        option: &'static str,
        /// The value given.
        value: String,
        /// What it may be.
        expected: &'static str,
    },
    /// Two commits can't be compared.
    #[error("{path}: {message}")]
    NoComparison {
        /// The analysed directory.
        path: PathBuf,
        /// What git lacks, and how it can be had.
        message: String,
    },
    /// A plan can't be carried out.
    #[error("{path}: {message}")]
    NotApplied {
        /// The analysed directory.
        path: PathBuf,
        /// What is in the way.
        message: String,
    },
    /// No one thing in the repository is meant by a name.
    #[error("{}", unknown_name(name, *close, shown))]
    UnknownName {
        /// The name given.
        name: String,
        /// How many things have a name that ends like it.
        close: usize,
        /// Some of them, comma separated; without any, names that are like it.
        shown: String,
    },
    /// A mistake in the analysis itself left nothing to answer with.
    #[error("a bug in split-advisor while {doing}; please report it ({said})")]
    Bug {
        /// What it was doing.
        doing: &'static str,
        /// What the panic said, and where.
        said: String,
    },
    /// The analysis was stopped, by its [budget](crate::budget::Budget) or its token. Nothing of it is left.
    #[error("{path}: stopped while {doing}, since {cause}; nothing is reported")]
    Stopped {
        /// The path as given.
        path: PathBuf,
        /// What was being done.
        doing: String,
        /// Why.
        cause: StopCause,
    },
    /// An input file (graph, costs, plan, configuration) has the wrong form.
    #[error("{}: {message}", place(path, *line))]
    InvalidInput {
        /// The input file.
        path: PathBuf,
        /// Line, from 1; 0 when not known.
        line: usize,
        /// What is wrong.
        message: String,
    },
}

fn place(path: &std::path::Path, line: usize) -> String {
    if line == 0 { path.display().to_string() } else { format!("{}:{line}", path.display()) }
}

fn unknown_name(name: &str, close: usize, shown: &str) -> String {
    if close == 0 && shown.is_empty() {
        return format!(
            "nothing here is named `{name}`: give the path of a module, item or file, or a package"
        );
    }
    if close == 0 {
        return format!("nothing here is named `{name}`; did you mean {shown}?");
    }
    format!("`{name}` may mean {close} things: {shown}; give more of the path")
}

/// The result of a stage that can fail as a whole.
pub type Result<T, E = Error> = std::result::Result<T, E>;
