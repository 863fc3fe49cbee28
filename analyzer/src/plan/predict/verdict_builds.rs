//! Builds before and after a plan as its verdict weighs them.

use super::evaluate::Prediction;
use super::uncertainty::{SAMPLES, Spread, Times, common_error, disturb, seconds, shares};
use crate::cost::Costs;
use crate::plan::input::{PlanInput, PlanOptions};
use crate::plan::model::Saving;
use crate::plan::predict::model::Build;
use crate::plan::predict::model::Forecast;
use crate::plan::predict::model::Outcome;
use crate::simulate::Scenario;

/// In each scenario and mode, simulated with the costs off by as much as they may be.
pub(in crate::plan) fn described(input: &PlanInput<'_>, forecasts: Vec<Forecast>) -> Vec<Build> {
    let of_mode = |mode| input.costs.iter().find(|costs| costs.mode == mode);
    let build = |forecast: Forecast| Build {
        common_error: of_mode(forecast.mode).map_or(0.0, common_error),
        saving: Saving {
            scenario: forecast.scenario,
            mode: forecast.mode,
            jobs: forecast.jobs,
            before_s: forecast.before.time_s,
            after_s: forecast.after.time_s,
            saved_pct: forecast.saved_pct,
            significant: forecast.outcome == Outcome::Faster,
            without_lto: forecast.without_lto,
        },
        cases: forecast.cases,
    };
    forecasts.into_iter().map(build).collect()
}

/// The same without a simulation of each case: with what costs don't explain alone. In the order of [`described`]; `split_share`
/// is the package's share of a clean build's work.
pub(in crate::plan) fn rough(
    input: &PlanInput<'_>,
    predictions: &[Prediction],
    options: &PlanOptions,
    split_share: f64,
) -> Vec<Build> {
    let of = |scenario, times: Times, costs: &Costs| {
        let case = |sample| {
            let mut runs = [times];
            disturb(&mut runs, scenario, sample, if scenario == Scenario::Edit { 1.0 } else { split_share });
            runs[0]
        };
        let cases: Vec<Times> = (0..SAMPLES).map(case).collect();
        let spread = Spread::new(times, cases.iter().copied());
        let (before_s, after_s) = seconds(costs, times, &spread);
        let saving = Saving {
            scenario,
            mode: costs.mode,
            jobs: options.jobs,
            before_s,
            after_s,
            saved_pct: shares(times, &spread),
            significant: false,
            without_lto: false,
        };
        Build { saving, common_error: common_error(costs), cases }
    };
    let both = |(costs, p): (&Costs, &Prediction)| {
        [
            of(Scenario::Clean, (p.before.clean_s, p.after.clean_s), costs),
            of(Scenario::Edit, (p.before.edit_s, p.after.edit_s), costs),
        ]
    };
    input.costs.iter().zip(predictions).flat_map(both).collect()
}
