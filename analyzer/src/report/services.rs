//! The contract of `services --format json`: what is deployed, what says so, and which of it a change affects.

use serde::{Deserialize, Serialize};

use super::affected::{AffectedReport, Reason};
use super::model::{
    CandidateReport, DeployableKind, DeployableReport, DeploysReport, OtherBinaryReport, SCHEMA_VERSION, Tool,
};
use crate::deploy::EvidenceKind;
use crate::diagnostic::Diagnostic;

/// What a repository deploys.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ServicesReport {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// What made the report.
    pub tool: Tool,
    /// How many files say that a binary is deployed. With none of them, `deployables` has all binaries that could be.
    pub deployment_files: u32,
    /// Binaries that are deployed and what they need, most costly first, each followed by its roles.
    pub deployables: Vec<DeployableReport>,
    /// What the latest commits deploy again. Absent without any, and where what a change affects is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deploys: Option<DeploysReport>,
    /// Parts of binaries that could be services of their own. Empty where there is no seam.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidate_services: Vec<CandidateReport>,
    /// The other binaries, and why they are none of these.
    pub other_binaries: Vec<OtherBinaryReport>,
    /// Those among them that a change affects; absent if none was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub affected: Option<Vec<AffectedServiceReport>>,
    /// What could not be read or understood.
    pub diagnostics: Vec<Diagnostic>,
}

/// A deployable that a change affects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AffectedServiceReport {
    /// Its name among the deployables.
    pub name: String,
    /// Why it is no longer the same.
    pub because: Vec<Reason>,
    /// Whether it can run code that changed; advice only.
    pub runs_changed_code: Option<bool>,
}

/// What is found of a repository's programs.
#[derive(Debug, Default)]
pub(crate) struct FoundServices {
    pub(crate) deployables: Vec<DeployableReport>,
    pub(crate) other_binaries: Vec<OtherBinaryReport>,
    pub(crate) candidates: Vec<CandidateReport>,
    pub(crate) deploys: Option<DeploysReport>,
}

impl ServicesReport {
    pub(crate) fn new(
        found: FoundServices,
        affected: Option<&AffectedReport>,
        mut diagnostics: Vec<Diagnostic>,
    ) -> Self {
        let FoundServices { deployables, other_binaries, candidates, deploys } = found;
        let mut files: Vec<&str> = deployables
            .iter()
            .flat_map(|of| &of.evidence)
            // Where a role begins in the code is none.
            .filter(|evidence| evidence.kind.is_some())
            .map(|evidence| evidence.file.as_str())
            .collect();
        files.sort_unstable();
        files.dedup();
        diagnostics.extend(affected.iter().flat_map(|affected| affected.diagnostics.iter().cloned()));
        diagnostics.sort();
        diagnostics.dedup();
        let service = |of: &super::affected::AffectedDeployableReport| AffectedServiceReport {
            name: of.name.clone(),
            because: of.because.clone(),
            runs_changed_code: of.runs_changed_code,
        };
        Self {
            schema_version: SCHEMA_VERSION,
            tool: Tool::current(),
            deployment_files: crate::base::number::count(files.len()),
            affected: affected.map(|affected| affected.deployables.iter().map(service).collect()),
            deployables,
            deploys,
            candidate_services: candidates,
            other_binaries,
            diagnostics,
        }
    }

    /// What is deployed as one thing each: the roles of a program that deployment files start in several, or the program; of a
    /// change those that it affects.
    pub fn units(&self) -> Vec<&DeployableReport> {
        let started = |of: &DeployableReport| {
            of.kind == DeployableKind::Role
                && of.evidence.iter().any(|evidence| evidence.kind == Some(EvidenceKind::Starts))
        };
        let has_roles = |of: &DeployableReport| {
            let same = |other: &&DeployableReport| other.target == of.target && other.manifest == of.manifest;
            self.deployables.iter().filter(same).any(started)
        };
        let is_unit = |of: &&DeployableReport| match of.kind {
            DeployableKind::Role => started(of),
            DeployableKind::Binary => !has_roles(of) || !of.services.is_empty(),
        };
        let concerned = |of: &&DeployableReport| match &self.affected {
            Some(affected) => affected.iter().any(|one| one.name == of.name),
            None => true,
        };
        self.deployables.iter().filter(is_unit).filter(concerned).collect()
    }
}
