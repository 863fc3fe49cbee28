//! Partial trouble as data: what could not be read or understood, and where.

use serde::{Deserialize, Serialize};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Part of the input is missing from the analysis.
    Error,
    /// The analysis may be slightly off.
    Warning,
    /// Worth knowing.
    Info,
}

/// What kind of trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Code {
    /// A `Cargo.toml` that cargo rejects.
    InvalidManifest,
    /// A `Cargo.lock` that can't be read.
    InvalidLockFile,
    /// No `Cargo.lock`: external packages are known by their direct dependencies only.
    NoLockFile,
    /// Packages of a lock file that cargo's index lacks on this machine: all of what the file lists for them counts.
    NotInIndex,
    /// Two packages of one name in different workspaces.
    DuplicatePackage,
    /// A directory or file that can't be read.
    Unreadable,
    /// A link or a path that leads out of the analysed directory: not followed.
    Outside,
    /// A pipe, device or socket where a file should be: not read.
    NotAFile,
    /// A file larger than the limit: not read.
    TooLarge,
    /// A symbolic link that leads back to a parent.
    SymlinkLoop,
    /// A file that is not UTF-8; read with replacement characters.
    NotUtf8,
    /// A file that does not parse.
    SyntaxError,
    /// A file nested deeper than the parser accepts.
    TooDeep,
    /// Modules nested deeper than is followed: what lies below is left out.
    ModuleLimit,
    /// `mod x;` without a file.
    MissingModule,
    /// Files in no `mod`, taken for modules that a macro declares.
    UndeclaredModules,
    /// A library of which the chosen features, cfgs and target leave the larger part out.
    LeftOut,
    /// Code made by a build script that hasn't been run.
    GeneratedCode,
    /// Macros that make items without end: the rest of their calls is not expanded.
    MacroLimit,
    /// More than an analysis takes on: the rest of it is left out.
    LimitReached,
    /// No git, or not a repository: history is left out.
    NoHistory,
    /// The configuration file has a problem.
    InvalidConfig,
    /// Single modules could not be measured.
    NoModuleCosts,
    /// Something else ran while a build was measured.
    BusyMachine,
    /// A mistake in the analysis itself, caught where it cost one file, crate or stage.
    Bug,
    /// What earlier builds have left in a target directory, or part of it, is not used.
    BuiltDirectory,
    /// What a deployment file says is not understood, or means no program of this repository.
    Deployment,
}

impl Code {
    /// A file that may not be read, for where it is or what it is.
    pub(crate) fn is_of_reading(self) -> bool {
        matches!(self, Self::Outside | Self::NotAFile | Self::TooLarge)
    }
}

/// One thing that went wrong, or that the reader should know.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What kind of trouble.
    pub code: Code,
    /// The file concerned, relative to the analysed root, with `/`.
    pub path: Option<String>,
    /// Line, from 1.
    pub line: Option<u32>,
    /// One sentence.
    pub message: String,
}

impl Diagnostic {
    /// A diagnostic without a place.
    pub fn new(severity: Severity, code: Code, message: impl Into<String>) -> Self {
        Self { severity, code, path: None, line: None, message: message.into() }
    }

    /// The same, at a path.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// The same, at a line.
    #[must_use]
    pub fn line(mut self, line: u32) -> Self {
        self.line = Some(line);
        self
    }
}

impl std::fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (&self.path, self.line) {
            (Some(path), Some(line)) => write!(f, "{path}:{line}: {}", self.message),
            (Some(path), None) => write!(f, "{path}: {}", self.message),
            _ => f.write_str(&self.message),
        }
    }
}
