//! Which programs deployment files say are deployed, and what says so.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::TargetId;

/// A line of a deployment file that names a program.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Evidence {
    /// The file, relative to the analysed directory.
    pub file: String,
    /// Its line, from 1.
    pub line: u32,
    /// What it says: a command, an instruction, a service's name.
    pub what: String,
    /// What it does with the program.
    pub kind: EvidenceKind,
}

/// What a line does with a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum EvidenceKind {
    /// Starts it: an entrypoint, a command of Compose or Kubernetes, a unit of systemd.
    Starts,
    /// Puts it into an image.
    Packs,
    /// Takes it where it runs, or gives it away: a release, an upload, a Lambda function.
    Ships,
    /// Builds it: by itself no sign that it is deployed.
    Builds,
    /// Names it in a list of services.
    Lists,
}

/// Why a program is none of those that are deployed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NotDeployed {
    /// No deployment file names it, though they name others.
    NotNamed,
    /// They only build it: nothing is seen to take it where it runs.
    OnlyBuilt,
    /// It lies among tests, benchmarks, fuzz targets or examples.
    Development,
    /// Its name says that it makes code or runs tasks.
    Tool,
    /// Only files of tests or for development name it.
    Tests,
    /// The configuration leaves it out.
    Dropped,
}

/// A program or role that is deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeployedProgram {
    /// The bin target.
    pub target: TargetId,
    /// What it is called.
    pub name: String,
    /// What arguments make of it.
    pub role: Option<String>,
    /// What it is called where it is started.
    pub services: Vec<String>,
    /// What says so, sorted.
    pub evidence: Vec<Evidence>,
}

/// A program that is not deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherProgram {
    /// The bin target.
    pub target: TargetId,
    /// Why.
    pub why: NotDeployed,
    /// What names it all the same.
    pub evidence: Vec<Evidence>,
}

/// What deployment files say of a repository's programs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Standing {
    /// By target, then role. Where no file names any program, all that could be deployed, without evidence.
    pub deployed: Vec<DeployedProgram>,
    /// The rest, by target.
    pub others: Vec<OtherProgram>,
    /// Whether deployment files name programs.
    pub named_by_files: bool,
    /// Seconds that a deploy takes, by name, as the configuration says; `default` for all others.
    pub deploy_seconds: BTreeMap<String, f64>,
}

/// Seconds of a deploy of which nothing is said. A choice, stated beside every figure that it is in.
const DEPLOY_S: f64 = 120.0;

/// How long a deploy of a program takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DeploySeconds {
    /// Seconds.
    pub seconds: f64,
    /// Whether they are assumed, since no configuration says them.
    pub assumed: bool,
}

impl Standing {
    /// How long a deploy of what has this name takes.
    pub fn deploy_s(&self, name: &str) -> DeploySeconds {
        let said = self.deploy_seconds.get(name).or_else(|| self.deploy_seconds.get("default"));
        DeploySeconds { seconds: said.copied().unwrap_or(DEPLOY_S), assumed: said.is_none() }
    }

    /// What a program is called among those that are deployed; `otherwise` where it isn't.
    pub fn name_of(&self, target: TargetId, otherwise: &str) -> String {
        let own = self.deployed.iter().find(|program| program.target == target && program.role.is_none());
        own.map_or_else(|| otherwise.to_owned(), |program| program.name.clone())
    }
}
