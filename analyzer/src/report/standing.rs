//! What deployment files say, put to the programs of a report.

use super::model::{DeployableKind, DeployableReport, EvidenceReport, OtherBinaryReport};
use crate::deploy::{DeployedProgram, Evidence, Standing};
use crate::discover::Repository;
use crate::ids::TargetId;

/// Leaves those that are deployed among `reports`, with what says so, and adds the roles that deployment files start; gives the
/// others.
pub(crate) fn place_programs(
    repository: &Repository,
    standing: &Standing,
    reports: &mut Vec<DeployableReport>,
) -> Vec<OtherBinaryReport> {
    let mut known = std::mem::take(reports);
    let is_of = |report: &DeployableReport, target: TargetId| {
        let target = &repository.targets[target];
        report.target == target.name && report.manifest == repository.packages[target.package].manifest
    };
    let mut targets: Vec<TargetId> = standing.deployed.iter().map(|program| program.target).collect();
    targets.dedup();
    // As the reports are ordered; programs that the enabled features leave out come last.
    let place =
        |target: &TargetId| known.iter().position(|report| is_of(report, *target)).unwrap_or(usize::MAX);
    targets.sort_by_key(place);
    for target in targets {
        let own: Vec<&DeployedProgram> =
            standing.deployed.iter().filter(|program| program.target == target).collect();
        let mut of_target: Vec<DeployableReport> = Vec::new();
        while let Some(at) = known.iter().position(|report| is_of(report, target)) {
            of_target.push(known.remove(at));
        }
        if of_target.is_empty() {
            of_target.push(left_out(repository, target));
        }
        reports.extend(with_evidence(of_target, &own));
    }
    let other = |program: &crate::deploy::OtherProgram| {
        let target = &repository.targets[program.target];
        OtherBinaryReport {
            name: target.name.clone(),
            package: repository.packages[target.package].name.clone(),
            because: program.why,
            evidence: program.evidence.iter().map(evidence).collect(),
        }
    };
    standing.others.iter().map(other).collect()
}

/// A program of which nothing is known but its name.
fn left_out(repository: &Repository, target: TargetId) -> DeployableReport {
    let target = &repository.targets[target];
    let package = repository.packages[target.package].name.clone();
    let manifest = repository.packages[target.package].manifest.clone();
    let (name, packages) = (target.name.clone(), vec![package.clone()]);
    DeployableReport {
        name: name.clone(),
        target: name,
        package,
        manifest,
        packages,
        ..DeployableReport::default()
    }
}

/// The program and its roles, each with its evidence.
fn with_evidence(mut reports: Vec<DeployableReport>, own: &[&DeployedProgram]) -> Vec<DeployableReport> {
    let has_roles = own.iter().any(|program| program.role.is_some());
    let program = reports[0].clone();
    for found in own {
        let same = reports.iter().position(|report| report.role == found.role);
        let at = same.unwrap_or_else(|| {
            reports.push(DeployableReport { evidence: Vec::new(), ..program.clone() });
            reports.len() - 1
        });
        let report = &mut reports[at];
        report.name = found.name.clone();
        report.kind = if found.role.is_some() { DeployableKind::Role } else { DeployableKind::Binary };
        report.role = found.role.clone();
        report.services = found.services.clone();
        report.evidence.extend(found.evidence.iter().map(evidence));
    }
    if has_roles {
        // What holds for all roles says that the binary is deployed, too.
        let mut all: Vec<&Evidence> = own.iter().flat_map(|program| &program.evidence).collect();
        all.sort();
        all.dedup();
        reports[0].evidence = all.into_iter().map(evidence).collect();
    }
    reports
}

fn evidence(of: &Evidence) -> EvidenceReport {
    EvidenceReport { file: of.file.clone(), line: of.line, what: of.what.clone(), kind: Some(of.kind) }
}
