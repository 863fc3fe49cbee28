//! The contract of `affected --format json`: what a change compiles, tests and deploys again.

use serde::{Deserialize, Serialize};

use super::model::{DeployableKind, SCHEMA_VERSION};
use super::numbers::round;
use crate::affected::{Affected, Cause, Job, Part, TestKind};
use crate::base::number::count;
use crate::deploy::Standing;
use crate::diagnostic::Diagnostic;
use crate::discover::Repository;
use crate::history::Changes;

/// What a change affects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AffectedReport {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// Hash of the commit that is compared with: the one at which the two parted, unless asked otherwise.
    pub base: String,
    /// Hash of the newer commit.
    pub head: String,
    /// Whether a single cause concerns every package.
    pub everything: bool,
    /// That cause.
    pub because: Option<Reason>,
    /// What differs: paths relative to the analysed directory, sorted. Of a renamed file both paths are there.
    pub changed_files: Vec<String>,
    /// How many packages there are.
    pub packages_in_all: u32,
    /// Packages of which cargo compiles something again, by distance, then by manifest.
    pub packages: Vec<AffectedPackageReport>,
    /// Targets whose tests are worth running again.
    pub tests: Vec<AffectedTestReport>,
    /// Programs that are no longer the same.
    pub deployables: Vec<AffectedDeployableReport>,
    /// The packages with something to check or to test, spread over jobs of about equal predicted seconds; where asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jobs: Option<Vec<AffectedJob>>,
    /// What could not be read or understood.
    pub diagnostics: Vec<Diagnostic>,
}

/// Why something is affected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reason {
    /// A changed file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Of the changed lock file or manifest: a package from elsewhere, with its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locked: Option<String>,
    /// An affected package that it depends on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package: Option<String>,
}

/// A package that is compiled again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AffectedPackageReport {
    /// Its name.
    pub name: String,
    /// Its manifest.
    pub manifest: String,
    /// How much of it: everything that depends on it is affected only by its library.
    pub part: Part,
    /// Dependencies between it and what changed; 0 for what itself changed.
    pub distance: u32,
    /// Why: changed files, or the packages one nearer to the change, which lead on to it by the shortest way.
    pub because: Vec<Reason>,
    /// Whether it can run code that changed; only known with `--reach`, and no more than advice: cargo compiles it all the
    /// same.
    pub runs_changed_code: Option<bool>,
}

/// A target whose tests are worth running again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AffectedTestReport {
    /// Its package.
    pub package: String,
    /// What of it is run.
    pub kind: TestKind,
    /// Its name.
    pub target: String,
}

/// A program that is no longer the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AffectedDeployableReport {
    /// The binary's name; of a role with the role's behind it.
    pub name: String,
    /// Whether it is a binary, or a role of one that deployment files start with arguments of its own.
    #[serde(default)]
    pub kind: DeployableKind,
    /// Its package.
    pub package: String,
    /// The bin target's name.
    #[serde(default)]
    pub target: String,
    /// The role: what the arguments say. Absent for a binary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// What deployment files call it where they start it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<String>,
    /// Why.
    pub because: Vec<Reason>,
    /// Whether it can run code that changed; only known with `--reach`, and no more than advice.
    pub runs_changed_code: Option<bool>,
}

/// Packages that one job takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AffectedJob {
    /// Their names.
    pub packages: Vec<String>,
    /// Core seconds that compiling them with their tests is predicted to take.
    pub seconds: f64,
}

impl AffectedReport {
    /// Names in the place of ids.
    pub(crate) fn new(
        repository: &Repository,
        changes: &Changes,
        (affected, standing): (&Affected, &Standing),
        diagnostics: Vec<Diagnostic>,
    ) -> Self {
        let reasons = |causes: &[Cause]| {
            let mut reasons: Vec<Reason> = causes.iter().map(|cause| reason(repository, cause)).collect();
            // A package of the lock file may concern several dependencies: neighbours, as they are sorted.
            reasons.dedup();
            reasons
        };
        let name = |target| &repository.targets[target].name;
        let package = |target| repository.packages[repository.targets[target].package].name.clone();
        Self {
            schema_version: SCHEMA_VERSION,
            base: changes.base.clone(),
            head: changes.head.clone(),
            everything: affected.everything.is_some(),
            because: affected.everything.as_ref().map(|cause| reason(repository, cause)),
            changed_files: changes.files.iter().map(|file| file.path.clone()).collect(),
            packages_in_all: count(repository.packages.len()),
            packages: affected
                .packages
                .iter()
                .map(|affected| AffectedPackageReport {
                    name: repository.packages[affected.package].name.clone(),
                    manifest: repository.packages[affected.package].manifest.clone(),
                    part: affected.part,
                    distance: affected.distance,
                    because: reasons(&affected.because),
                    runs_changed_code: affected.runs_changed_code,
                })
                .collect(),
            tests: affected
                .tests
                .iter()
                .map(|test| AffectedTestReport {
                    package: package(test.target),
                    kind: test.kind,
                    target: name(test.target).clone(),
                })
                .collect(),
            deployables: affected
                .deployables
                .iter()
                .flat_map(|affected| {
                    let programs =
                        standing.deployed.iter().filter(|program| program.target == affected.target);
                    programs.map(|program| AffectedDeployableReport {
                        name: program.name.clone(),
                        kind: program.role.as_ref().map_or(DeployableKind::Binary, |_| DeployableKind::Role),
                        package: package(affected.target),
                        target: name(affected.target).clone(),
                        role: program.role.clone(),
                        services: program.services.clone(),
                        because: reasons(&affected.because),
                        runs_changed_code: affected.runs_changed_code,
                    })
                })
                .collect(),
            jobs: None,
            diagnostics,
        }
    }

    /// The packages with something to check or to test, by name.
    pub fn concerned(&self) -> Vec<&str> {
        let packages = self.packages.iter().map(|package| package.name.as_str());
        let mut names: Vec<&str> =
            packages.chain(self.tests.iter().map(|test| test.package.as_str())).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Adds the jobs; `names` are those that the indices mean.
    pub(crate) fn set_jobs(&mut self, names: &[String], jobs: &[Job]) {
        let job = |job: &Job| AffectedJob {
            packages: job.packages.iter().map(|&index| names[index].clone()).collect(),
            seconds: round(job.seconds, 2),
        };
        self.jobs = Some(jobs.iter().map(job).collect());
    }
}

fn reason(repository: &Repository, cause: &Cause) -> Reason {
    let none = Reason { file: None, locked: None, package: None };
    match cause {
        Cause::File(path) => Reason { file: Some(path.clone()), ..none },
        Cause::Locked { file, package, .. } => {
            Reason { file: Some(file.clone()), locked: Some(package.clone()), ..none }
        }
        Cause::Package(id) => Reason { package: Some(repository.packages[*id].name.clone()), ..none },
    }
}
