//! Sentences that a page shares with the other formats.

use std::collections::BTreeMap;

use serde::Serialize;
use split_analyzer::plan::VerdictKind;
use split_analyzer::report::{Report, holding_crates, package_label};

use crate::render::prose::{commits, deploys, kept, provenance, sentences, services, work};

/// The sentences, as plain text with names between backticks.
#[derive(Serialize)]
pub(super) struct Words {
    headline: String,
    others: Vec<String>,
    levers: Vec<String>,
    limits: Option<String>,
    hub: Option<String>,
    commits: Option<String>,
    services: Option<String>,
    deploys: Option<String>,
    binaries: String,
    provenance: Vec<String>,
    real: Option<String>,
    input: Option<String>,
    /// By manifest.
    packages: BTreeMap<String, PackageWords>,
}

/// Of one package.
#[derive(Serialize)]
struct PackageWords {
    label: String,
    because: String,
    alternatives: Option<String>,
    work: Option<String>,
    holding: usize,
}

impl Words {
    pub(super) fn new(report: &Report) -> Self {
        let deployables = sentences::deployables(report);
        let of_package = |package: &split_analyzer::report::PackageReport| {
            let because = match package.verdict.kind {
                VerdictKind::Keep => kept::because(package),
                _ => package.verdict.causes.first().map(|cause| cause.detail.clone()).unwrap_or_default(),
            };
            let words = PackageWords {
                label: package_label(report, package),
                because,
                alternatives: sentences::alternatives(package),
                work: package.plan.as_ref().map(work::in_short),
                holding: package.plan.as_ref().map_or(0, holding_crates),
            };
            (package.manifest.clone(), words)
        };
        Self {
            headline: sentences::headline(report),
            others: sentences::others(report),
            levers: sentences::levers(report),
            limits: kept::limits(report),
            hub: kept::hub(report),
            commits: commits::summary(report),
            services: services::summary(report),
            deploys: deploys::summary(report),
            binaries: deployables,
            provenance: provenance::provenance(report),
            real: provenance::real(report),
            input: sentences::diagnostics(report),
            packages: report.packages.iter().map(of_package).collect(),
        }
    }
}
