//! Whether an analysed repository keeps to what it asks of itself.

use std::path::{Path, PathBuf};

use super::analyze::Analysis;
use crate::base::Refused;
use crate::bug::caught_anywhere;
use crate::config::{Configuration, FILE_NAME};
use crate::diagnostic::Diagnostic;
use crate::discover::Repository;
use crate::error::{Error, Result};
use crate::gate::{self, BASELINE_FILE, Baseline, BaselineReport, CheckInput, CheckReport};
use crate::report::{Code, Report};

/// Bytes of the configuration, and of a baseline: a choice. One of 100,000 entries has some 20 MB.
const MOST_BYTES: u64 = 64 << 20;

/// A check with what it was made from.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The answer.
    pub report: CheckReport,
    /// The baseline's file, there or not.
    pub file: PathBuf,
    baseline: Option<Baseline>,
    configuration: Configuration,
    problems: Vec<Diagnostic>,
}

impl Analysis {
    /// Checks a report of this analysis against `split-advisor.toml` and the baseline.
    ///
    /// # Errors
    /// [`Error::Unreadable`] for a configuration or baseline that is there and can't be read, [`Error::InvalidInput`] for a baseline
    /// that is none. What is wrong with the configuration is in [`CheckReport::diagnostics`].
    pub fn check(&self, report: &Report) -> Result<Checked> {
        let repository = &self.codebase.repository;
        let text = text_of(repository, FILE_NAME)?.unwrap_or_default();
        let (configuration, problems) = Configuration::parse(FILE_NAME, &text);
        let name = configuration.check.baseline.as_ref().map_or(BASELINE_FILE, |name| &name.value);
        let baseline = text_of(repository, name)?;
        let baseline = baseline.map(|text| Baseline::parse(Path::new(name), &text)).transpose()?;
        let file = repository.root.join(name);
        self.decide(report, file, baseline, (configuration, problems))
    }

    /// The same check with what is new accepted, for a reason.
    ///
    /// # Errors
    /// [`Error::Bug`] alone.
    pub fn accept(&self, report: &Report, checked: &Checked, reason: &str) -> Result<(Checked, Baseline)> {
        self.again(report, checked, |old, state, code| {
            old.accept(&checked.report.findings, state, reason, code)
        })
    }

    /// The same check without what is gone.
    ///
    /// # Errors
    /// Likewise.
    pub fn prune(&self, report: &Report, checked: &Checked) -> Result<(Checked, Baseline)> {
        self.again(report, checked, |old, state, code| old.prune(&checked.report.findings, state, code))
    }

    fn again(
        &self,
        report: &Report,
        checked: &Checked,
        change: impl FnOnce(Baseline, &BaselineReport, &Code<'_>) -> Baseline,
    ) -> Result<(Checked, Baseline)> {
        let state = checked.report.baseline.clone().unwrap_or_default();
        let baseline = change(checked.baseline.clone().unwrap_or_default(), &state, &self.code());
        let settings = (checked.configuration.clone(), checked.problems.clone());
        let again = self.decide(report, checked.file.clone(), Some(baseline.clone()), settings)?;
        Ok((again, baseline))
    }

    fn decide(
        &self,
        report: &Report,
        file: PathBuf,
        baseline: Option<Baseline>,
        (configuration, problems): (Configuration, Vec<Diagnostic>),
    ) -> Result<Checked> {
        let root = &self.codebase.repository.root;
        let name = file.strip_prefix(root).unwrap_or(&file).display().to_string();
        let checked = caught_anywhere(|| {
            gate::check(&CheckInput {
                report,
                code: &self.code(),
                configuration: &configuration,
                problems: &problems,
                baseline: baseline.as_ref().map(|baseline| (name.as_str(), baseline)),
            })
        });
        let report = checked.map_err(|bug| bug.error("checking"))?;
        Ok(Checked { report, file, baseline, configuration, problems })
    }

    fn code(&self) -> Code<'_> {
        Code::for_rules(&self.codebase.repository, &self.codebase.resolution, &self.history)
    }
}

/// `None` for what isn't there.
fn text_of(repository: &Repository, name: &str) -> Result<Option<String>> {
    match repository.files.read_text_within(&repository.root.join(name), MOST_BYTES) {
        Ok(text) => Ok(Some(text)),
        Err(Refused::Absent) => Ok(None),
        Err(refused) => Err(Error::Unreadable { path: name.into(), source: refused.into() }),
    }
}
