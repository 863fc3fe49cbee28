//! What is deployed, what says so, and which of it a change affects.

use super::affected::{AffectedOptions, Past, Read, report};
use super::codebase::{Codebase, discovered, go_on, release};
use super::options::Options;
use super::progress::Stage;
use super::standing::standing;
use crate::affected::Rules;
use crate::budget::Watch;
use crate::bug::{caught, caught_anywhere};
use crate::cost::Mode;
use crate::deploy::{candidates, deployables};
use crate::error::Result;
use crate::plan::PlanInput;
use crate::report::{ServicesReport, candidate_reports, deployable_reports, place_programs};

/// Says which programs are deployed, with the lines that say so, and what each needs of the repository.
///
/// With `change`, also which of them it affects.
///
/// ```no_run
/// use split_analyzer::{Options, services};
///
/// for deployable in services(&Options::new("."), None)?.deployables {
///     println!("{}: {} lines say so", deployable.name, deployable.evidence.len());
/// }
/// # Ok::<(), split_analyzer::Error>(())
/// ```
///
/// # Errors
/// Those of [`discover`](crate::discover::discover); with a change those of [`affected`](crate::affected()).
pub fn services(options: &Options, change: Option<&AffectedOptions>) -> Result<ServicesReport> {
    let watch = Watch::begin(&options.budget);
    let rules = change.map(|change| Rules::new(&change.ignore)).transpose()?;
    let past = change.map(|change| Past::begin(options, change, &watch));
    let discovered = discovered(options, &watch)?;
    let (standing, found) = standing(&discovered.repository);
    let (codebase, sources) = Codebase::new(discovered, options, &watch)?;
    let costs =
        caught_anywhere(|| codebase.costs(&[Mode::Check])).map_err(|bug| bug.error("estimating costs"))?;
    let input = PlanInput {
        repository: &codebase.repository,
        resolution: &codebase.resolution,
        graph: &codebase.graph,
        costs: &costs,
        history: None,
    };
    let mut diagnostics = codebase.diagnostics.clone();
    diagnostics.extend(found);
    let programs = caught_anywhere(|| deployables(&input)).unwrap_or_else(|bug| {
        diagnostics.push(bug.diagnostic("looking at binaries"));
        Vec::new()
    });
    let proposed =
        caught_anywhere(|| candidates(&codebase.repository, &codebase.resolution, &programs, &standing));
    let proposed = proposed.unwrap_or_else(|bug| {
        diagnostics.push(bug.diagnostic("looking for services"));
        Vec::new()
    });
    let proposed = candidate_reports(&codebase.repository, &codebase.resolution, &proposed);
    let mut reports = deployable_reports(&codebase.repository, &codebase.resolution, &programs);
    let others = place_programs(&codebase.repository, &standing, &mut reports);
    go_on(&watch, options, Stage::Plan)?;
    let affected = match change.zip(past).zip(rules) {
        None => None,
        Some(((change, past), rules)) => {
            let changes = past.end()?;
            let Codebase { repository, resolution, .. } = codebase;
            let read =
                Read { repository, sources, diagnostics: Vec::new(), standing, names: Some(resolution) };
            let report = caught(|| report(&read, &changes, &rules, options, change))
                .map_err(|bug| bug.error("looking for what is affected"))?;
            release(read.sources);
            Some(report)
        }
    };
    go_on(&watch, options, Stage::Plan)?;
    Ok(ServicesReport::new(reports, (others, proposed), affected.as_ref(), diagnostics))
}
