//! Whether what was read is enough to say that nothing is wrong.

use std::collections::BTreeSet;

use super::model::Degraded;
use crate::config::CheckSettings;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::report::Report;

/// Share of references that have to be followed, unless the configuration says otherwise. A choice: on the repositories of
/// `benches/README.md` it is 0.95 and more, and what lies below hints at code that was not there to be read.
const MIN_FOLLOWED: f64 = 0.9;

/// What the data lack.
pub(super) fn lacking(report: &Report, settings: &CheckSettings) -> Vec<Degraded> {
    let mut lacking = Vec::new();
    let mut lacks = |message: String| lacking.push(Degraded { lint: None, message });
    let references = &report.repository.references;
    let least = settings.min_followed.as_ref().map_or(MIN_FOLLOWED, |least| least.value);
    if references.followed_share < least {
        let followed = references.followed_share * 100.0;
        lacks(format!(
            "{followed:.1} % of the references were followed, {:.1} % are asked for",
            least * 100.0
        ));
    }
    let unread: BTreeSet<&str> = report
        .diagnostics
        .iter()
        .filter(|found| is_unread(found))
        .filter_map(|found| found.path.as_deref())
        .collect();
    let most = settings.max_unread_files.as_ref().map_or(0, |most| most.value);
    if unread.len() > most as usize {
        let first = unread.first().copied().unwrap_or_default();
        let what = crate::base::words::counted(unread.len() as u64, "file");
        lacks(format!("{what} could not be read, {first} first; {most} may be"));
    }
    if let Some(bug) = report.diagnostics.iter().find(|found| found.code == Code::Bug) {
        lacks(format!("a bug left a part out: {bug}"));
    }
    lacking
}

/// Code or a manifest of which nothing was read.
fn is_unread(found: &Diagnostic) -> bool {
    let unread = match found.code {
        Code::Unreadable | Code::NotAFile | Code::TooLarge | Code::TooDeep | Code::InvalidManifest => true,
        Code::Outside | Code::MissingModule => found.severity == Severity::Error,
        _ => false,
    };
    unread && found.path.as_ref().is_some_and(|path| path.ends_with(".rs") || path.ends_with("Cargo.toml"))
}
