//! A described split: the whole pipeline up to its forecast.

use super::codebase::{discovered, go_on, release};
use super::gather::{Gathered, Past, gather, plan_input};
use super::options::Options;
use super::progress::Stage;
use crate::budget::Watch;
use crate::bug::caught_anywhere;
use crate::error::Result;
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
    let input = plan_input(&codebase, &history, &costs);
    let times = options.test_times.as_ref();
    let answer =
        caught_anywhere(|| judge(&input, file, asked, times)).map_err(|bug| bug.error("judging the plan"))?;
    release(sources);
    go_on(&watch, options, Stage::Plan)?;
    let read = (&codebase.repository, &codebase.resolution);
    let mut report = WhatIfReport::new(read, &costs, &answer, asked, &diagnostics);
    add_built(&mut report.costs, &codebase.built, &codebase.repository, !options.costs.is_empty());
    Ok(report)
}
