//! A described split: the whole pipeline up to its forecast.

use crate::analysis::past;
use crate::codebase::{Codebase, discovered};
use crate::error::Result;
use crate::options::Options;
use crate::plan::{PlanFile, PlanInput, WhatIfOptions, what_if as judge};
use crate::progress::Stage;
use crate::report::WhatIfReport;

/// Judges a split that the user describes, and predicts the builds before and after it.
///
/// Reads the repository as [`analyze`](crate::analyze) does; of `options`, `package`, `crates`, `jobs` and `seed` play
/// no part. A plan that can't be done is no error: [`WhatIfReport::refusals`] says why, and there are no forecasts.
///
/// # Errors
/// Those of [`discover`](crate::discover::discover) and [`Codebase::costs_from`].
pub fn what_if(options: &Options, file: &PlanFile, asked: &WhatIfOptions) -> Result<WhatIfReport> {
    let (repository, diagnostics) = discovered(options)?;
    let root = repository.root.clone();
    let (codebase, (history, found)) =
        rayon::join(|| Codebase::new(repository, diagnostics, options), || past(&root, &options.history));
    let costs = {
        let _span = options.on_stage.begin(Stage::Cost);
        codebase.costs_from(&options.modes, &options.costs)?
    };
    let _span = options.on_stage.begin(Stage::Plan);
    let input = PlanInput {
        repository: &codebase.repository,
        resolution: &codebase.resolution,
        graph: &codebase.graph,
        costs: &costs,
        history: Some(&history).filter(|h| !h.commits.is_empty()),
    };
    let answer = judge(&input, file, asked);
    let diagnostics: Vec<_> = codebase.diagnostics.iter().cloned().chain(found).collect();
    Ok(WhatIfReport::new((&codebase.repository, &codebase.resolution), &costs, &answer, asked, &diagnostics))
}
