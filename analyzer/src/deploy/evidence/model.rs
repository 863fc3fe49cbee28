//! What deployment files say, before it is known which programs are meant.

use std::collections::{BTreeMap, BTreeSet};

use super::commands::shell::{Command, Env};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::ids::TargetId;

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) file: String,
    pub(super) line: u32,
}

impl Place {
    pub(super) fn new(file: &str, line: u32) -> Self {
        Self { file: file.to_owned(), line: line.max(1) }
    }
}

/// An image is built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ImageBuild {
    pub(super) place: Place,
    /// What says so, as people read it: `compose service web`.
    pub(super) what: String,
    /// Its recipe, relative to the root.
    pub(super) dockerfile: String,
    /// The directory that it is built from, relative to the root.
    pub(super) context: String,
    pub(super) target: Option<String>,
    pub(super) args: Env,
    /// Names that the image gets.
    pub(super) images: Vec<String>,
    /// What chose the arguments: values of a matrix.
    pub(super) chosen: Vec<(Place, String)>,
}

/// A container is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ContainerStart {
    pub(super) place: Place,
    /// `compose service web`
    pub(super) what: String,
    /// What the service is called there.
    pub(super) service: String,
    pub(super) image: ImageOf,
    /// In the place of the image's `ENTRYPOINT`.
    pub(super) entrypoint: Option<Vec<String>>,
    /// In the place of its `CMD`.
    pub(super) command: Option<Vec<String>>,
    pub(super) env: Env,
}

/// Which image a container is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ImageOf {
    /// One that is built here: its index among [`Findings::image_builds`].
    Built(usize),
    /// By its name.
    Named(String),
    /// Nobody says.
    Unknown,
}

/// A program is started without a container: systemd, a Procfile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ProgramStart {
    pub(super) place: Place,
    pub(super) what: String,
    pub(super) service: Option<String>,
    pub(super) command: Command,
}

/// A command of a workflow or recipe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) place: Place,
    pub(super) command: Command,
    /// What takes what it builds elsewhere: `uploads to a release`. Without it, it only builds.
    pub(super) ships: Option<String>,
    /// Values of a matrix that it was made with.
    pub(super) chosen: Vec<(Place, String)>,
}

/// A name stands where programs of this repository are meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Named {
    pub(super) place: Place,
    pub(super) name: String,
    pub(super) what: String,
}

/// All that the files say.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) image_builds: Vec<ImageBuild>,
    pub(super) starts: Vec<ContainerStart>,
    pub(super) programs: Vec<ProgramStart>,
    pub(super) steps: Vec<Step>,
    pub(super) named: Vec<Named>,
    /// Elements of lists, by the name of a program or of its package.
    pub(super) listed: Vec<Named>,
    /// Lists that count if all of their elements are names of programs.
    pub(super) lists: Vec<(Place, Vec<String>)>,
    /// What is not understood, by kind: how often, and the first place.
    pub(super) missed: BTreeMap<Missed, (u64, Place)>,
    /// Features that programs are built with.
    pub(super) features: BTreeSet<BuiltWith>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Features that a command chooses for a program.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct BuiltWith {
    pub(super) target: TargetId,
    pub(super) features: BTreeSet<String>,
    /// `--no-default-features`
    pub(super) no_default: bool,
    pub(super) place: Place,
}

/// What is not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Missed {
    /// A template of a chart.
    HelmTemplate,
    /// A matrix that is worked out when the workflow runs.
    Matrix,
    /// A name of a program in a command of cargo that depends on a variable.
    Variable,
    /// A program that no package here builds.
    Foreign,
    /// A recipe of an image that is not there.
    Recipe,
    /// Several packages build a program of this name.
    Ambiguous,
}

impl Findings {
    /// Counts something that is not understood.
    pub(super) fn miss(&mut self, missed: Missed, place: Place) {
        self.missed.entry(missed).or_insert((0, place)).0 += 1;
    }

    /// A file whose syntax is wrong.
    pub(super) fn broken(&mut self, file: &str, line: u32, message: &str) {
        let message = format!("not understood as a deployment file from here on: {message}");
        let diagnostic = Diagnostic::new(Severity::Warning, Code::SyntaxError, message);
        self.diagnostics.push(diagnostic.at(file).line(line.max(1)));
    }

    /// What was counted, as diagnostics.
    pub(super) fn counted(&self) -> Vec<Diagnostic> {
        let of = |(missed, (count, place)): (&Missed, &(u64, Place))| {
            let what = match missed {
                Missed::HelmTemplate => "templates of Helm charts are not understood: they are no YAML",
                Missed::Matrix => {
                    "matrices are worked out when the workflow runs: what they deploy is not known"
                }
                Missed::Variable => "commands of cargo name their program by a variable of unknown value",
                Missed::Foreign => "programs are started that no package here builds",
                Missed::Recipe => "images are built by a Dockerfile that is not here",
                Missed::Ambiguous => "programs are named that several packages build",
            };
            let message = format!("{what} ({count}, the first one here)");
            Diagnostic::new(Severity::Info, Code::Deployment, message).at(place.file.clone()).line(place.line)
        };
        self.missed.iter().map(of).collect()
    }
}
