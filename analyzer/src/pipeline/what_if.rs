//! A described split: the whole pipeline up to its forecast.

use super::analyze::Analysis;
use super::codebase::{Codebase, discovered, go_on, release};
use super::gather::{Gathered, Past, gather, plan_input};
use super::options::Options;
use super::progress::Stage;
use crate::budget::Watch;
use crate::bug::caught_anywhere;
use crate::cost::Costs;
use crate::cost::import::TestTimes;
use crate::diagnostic::Diagnostic;
use crate::error::Result;
use crate::history::History;
use crate::plan::{PlanFile, WhatIfOptions, what_if_with_tests as judge};
use crate::report::{WhatIfReport, add_built};

/// Judges a split that the user describes, and predicts the builds before and after it.
///
/// Reads the repository as [`analyze`](crate::analyze) does, and ignores `package`, `crates`, `jobs` and `seed` of
/// `options`. A plan that can't be done is no error: [`WhatIfReport::refusals`] says why, and there are no forecasts.
///
/// # Errors
/// Those of [`discover`](crate::discover::discover) and [`Codebase::costs_from`](crate::Codebase::costs_from).
pub fn what_if(options: &Options, file: &PlanFile, asked: &WhatIfOptions) -> Result<WhatIfReport> {
    let watch = Watch::begin(&options.budget);
    let past = Past::begin(options, &watch);
    let Gathered { codebase, history, costs, diagnostics, sources } =
        gather(discovered(options, &watch)?, past, options, &watch)?;
    let _span = options.on_stage.begin(Stage::Plan);
    let known = Known {
        codebase: &codebase,
        history: &history,
        costs: &costs,
        diagnostics: &diagnostics,
        times: options.test_times.as_ref(),
        files: !options.costs.is_empty(),
    };
    let report = known.judged(file, asked)?;
    release(sources);
    go_on(&watch, options, Stage::Plan)?;
    Ok(report)
}

impl Analysis {
    /// Judges a described split as [`what_if`] does, of the repository that is read already and with the options of this analysis.
    /// Its diagnostics are those of the analysis.
    ///
    /// # Errors
    /// [`Error::Bug`](crate::Error::Bug) alone.
    pub fn what_if(&self, file: &PlanFile, asked: &WhatIfOptions) -> Result<WhatIfReport> {
        let known = Known {
            codebase: &self.codebase,
            history: &self.history,
            costs: &self.costs,
            diagnostics: &self.diagnostics,
            times: self.test_times.as_ref(),
            files: self.files,
        };
        known.judged(file, asked)
    }
}

/// What a plan is judged by.
pub(super) struct Known<'a> {
    pub(super) codebase: &'a Codebase,
    pub(super) history: &'a History,
    pub(super) costs: &'a [Costs],
    pub(super) diagnostics: &'a [Diagnostic],
    pub(super) times: Option<&'a TestTimes>,
    /// Whether files with seconds were given.
    pub(super) files: bool,
}

impl Known<'_> {
    pub(super) fn judged(&self, file: &PlanFile, asked: &WhatIfOptions) -> Result<WhatIfReport> {
        let input = plan_input(self.codebase, self.history, self.costs);
        let answer = caught_anywhere(|| judge(&input, file, asked, self.times))
            .map_err(|bug| bug.error("judging the plan"))?;
        let Codebase { repository, resolution, built, .. } = self.codebase;
        let mut report =
            WhatIfReport::new((repository, resolution), self.costs, &answer, asked, self.diagnostics);
        add_built(&mut report.costs, built, repository, self.files);
        Ok(report)
    }
}
