//! What earlier builds have left, as the report has it.

use crate::cost::CostSource;
use crate::cost::built::{Built, BuiltCosts, MeasuredEdit};
use crate::discover::Repository;
use crate::report::model::{BuiltReport, CostsReport, EditReport, RefusedReport};
use crate::report::numbers::round;

/// Adds it to a report of costs; `files` says whether some were given, whose seconds win.
pub(crate) fn add_built(report: &mut CostsReport, built: &Built, repository: &Repository, files: bool) {
    let best = built.best(repository);
    let is_of = |build: &BuiltCosts, source: CostSource| match source {
        CostSource::Built => !build.is_page(),
        CostSource::Imported => build.is_page() && !files,
        CostSource::Measured | CostSource::Modelled => false,
    };
    let used = |build: &BuiltCosts| {
        let chosen = best.iter().any(|best| std::ptr::eq(*best, build));
        let mode = build.costs.cost_mode();
        let of_mode = report.modes.iter().filter(|costs| Some(costs.mode) == mode);
        chosen && of_mode.flat_map(|costs| &costs.crates).any(|krate| is_of(build, krate.source))
    };
    report.built = built.builds.iter().map(|build| of_build(build, used(build))).collect();
    report.measured_edits = built.edits.iter().map(of_edit).collect();
    let refused = built.refused.iter().map(|refusal| RefusedReport {
        directory: refusal.directory.clone(),
        reason: refusal.reason,
        units: refusal.units,
        example: refusal.example.clone(),
    });
    report.refused = refused.collect();
}

fn of_build(build: &BuiltCosts, used: bool) -> BuiltReport {
    BuiltReport {
        directory: build.place.directory.clone(),
        triple: build.place.triple.clone(),
        profile: build.place.profile.clone(),
        mode: build.costs.build.mode,
        ended: utc(build.newest),
        units: build.counts,
        used,
    }
}

fn of_edit(edit: &MeasuredEdit) -> EditReport {
    let edited = edit.edited.iter().filter_map(|&at| edit.costs.units.get(at as usize));
    EditReport {
        directory: edit.place.directory.clone(),
        profile: edit.place.profile.clone(),
        mode: edit.costs.build.mode,
        ended: utc(edit.ended),
        wall_s: round(edit.costs.build.wall_s.unwrap_or_default(), 3),
        edited: edited.map(|unit| unit.title()).collect(),
        units: edit.costs.units.len() as u64,
        complete: edit.complete,
    }
}

/// A moment in the form of RFC 3339; the day by the method of Howard Hinnant's `civil_from_days` ("chrono-Compatible
/// Low-Level Date Algorithms", 2013).
pub(crate) fn utc(seconds: i64) -> String {
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::utc;

    #[test]
    fn moments() {
        let cases = [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_700_000_000, "2023-11-14T22:13:20Z"),
            (4_102_444_799, "2099-12-31T23:59:59Z"),
            (-1, "1969-12-31T23:59:59Z"),
        ];
        for (seconds, expected) in cases {
            assert_eq!(utc(seconds), expected);
        }
    }
}
