//! What deployment files say of a repository's programs.

use crate::bug::caught;
use crate::deploy::{Standing, evidence};
use crate::diagnostic::Diagnostic;
use crate::discover::{Repository, deployment_files};

/// Reads the files and joins what they say.
pub(super) fn standing(repository: &Repository) -> (Standing, Vec<Diagnostic>) {
    let _span = tracing::info_span!("deployment files").entered();
    let found = caught(|| {
        let (files, mut diagnostics) = deployment_files(repository);
        let (standing, found) = evidence(repository, &files);
        diagnostics.extend(found);
        (standing, diagnostics)
    });
    found.unwrap_or_else(|bug| {
        let (standing, _) = evidence(repository, &[]);
        (standing, vec![bug.diagnostic("reading deployment files")])
    })
}
