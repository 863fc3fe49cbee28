//! Whether something else took the processors while a build was measured: its seconds would be too long.

use crate::cost::measured::{BuildRecord, UnitCost};
use crate::diagnostic::{Code, Diagnostic, Severity};

/// A front end is one thread: alone on its processor, its processor time is its time on the wall but for what it waits for
/// files. Below this share something else had the processor. A choice: above a fifth, a measurement is worth repeating.
const LEAST_SHARE: f64 = 0.8;
/// Processors that may be busy before the start: the average decays over a minute, and no machine is idle. A choice.
const IDLE_LOAD: f64 = 0.5;

/// Processor seconds of all front ends / their seconds on the wall. `None` where neither is known, or where more jobs ran
/// than there are processors, so that they wait for each other.
pub(super) fn processor_share(build: &BuildRecord, units: &[UnitCost]) -> Option<f64> {
    if build.jobs? > build.cores? {
        return None;
    }
    let times = |unit: &UnitCost| {
        let end = unit.metadata_s.or(unit.codegen_start_s).or(unit.end_s)?;
        Some((unit.cpu?.frontend_s, end - unit.start_s))
    };
    let sum = |sum: (f64, f64), (cpu, wall): (f64, f64)| (sum.0 + cpu, sum.1 + wall);
    let (cpu_s, wall_s) = units.iter().filter_map(times).fold((0.0, 0.0), sum);
    (wall_s > 0.0).then(|| (cpu_s / wall_s).min(1.0))
}

/// What the reader should know of the machine's load.
pub(super) fn trouble(build: &BuildRecord) -> Option<Diagnostic> {
    let again = "measure again when nothing else runs";
    let message = match (build.processor_share, build.load_before) {
        (Some(share), _) if share < LEAST_SHARE => format!(
            "the compiler had a processor to itself only {:.0} % of its time, so that the seconds are too long: {again}",
            100.0 * share
        ),
        (_, Some(load)) if load > IDLE_LOAD + spare(build) => format!(
            "{load:.1} processors were busy in the minute before the build, so that the seconds may be too long: {again}"
        ),
        _ => return None,
    };
    Some(Diagnostic::new(Severity::Warning, Code::BusyMachine, message))
}

/// Processors that the build leaves to others.
fn spare(build: &BuildRecord) -> f64 {
    f64::from(build.cores.unwrap_or(0).saturating_sub(build.jobs.unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::measured::CpuSeconds;

    fn build(cores: u32, jobs: u32) -> BuildRecord {
        BuildRecord { cores: Some(cores), jobs: Some(jobs), ..BuildRecord::default() }
    }

    fn unit(cpu_s: f64, metadata_s: Option<f64>, end_s: f64) -> UnitCost {
        let cpu = Some(CpuSeconds { frontend_s: cpu_s, codegen_s: 5.0, ..CpuSeconds::default() });
        UnitCost { start_s: 1.0, metadata_s, end_s: Some(end_s), cpu, ..UnitCost::default() }
    }

    #[test]
    fn front_ends_tell_how_much_of_a_processor_they_had() {
        let units = [unit(1.0, Some(3.0), 9.0), unit(2.0, None, 5.0), UnitCost::default()];
        let cases = [((2, 2), Some(0.5)), ((4, 1), Some(0.5)), ((2, 3), None)];
        for ((cores, jobs), expected) in cases {
            assert_eq!(processor_share(&build(cores, jobs), &units), expected);
        }
        assert_eq!(processor_share(&build(2, 2), &[]), None);
    }

    #[test]
    fn a_busy_machine_is_reported() {
        let cases = [
            (Some(0.95), Some(0.2), 2, None),
            (Some(0.95), None, 2, None),
            (None, None, 2, None),
            (Some(0.6), None, 2, Some("only 60 %")),
            (Some(0.95), Some(1.4), 2, Some("1.4 processors were busy")),
            (None, Some(1.4), 2, Some("1.4 processors were busy")),
            // With one job of two the other processor may be busy.
            (Some(0.95), Some(1.4), 1, None),
        ];
        for (processor_share, load_before, jobs, expected) in cases {
            let found = trouble(&BuildRecord { processor_share, load_before, ..build(2, jobs) });
            let said = found.as_ref().map(|d| d.message.as_str());
            match expected {
                Some(part) => assert!(said.is_some_and(|said| said.contains(part)), "{said:?}"),
                None => assert_eq!(said, None),
            }
        }
    }
}
