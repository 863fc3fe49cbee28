//! The unit graph of an observed build.

use crate::cost::measured::{CostsFile, UnitCost, UnitMode};
use crate::cost::parallel::UNOPTIMIZED_SERIAL;
use crate::ids::UnitId;

use super::{Unit, UnitGraph};

/// How durations are made of what was measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Seconds {
    /// The clock on the wall, as each unit was seen to run: what a replay of this very build takes, code generation on
    /// one thread.
    Replay,
    /// The work there is: what each unit would take if nothing else ran.
    ///
    /// With one job that is the clock on the wall. With more, units slowed each other down: then it is processor time
    /// (as far as it was measured), less [`Machine::contention`](super::Machine::contention) for the share of its time
    /// that a unit was not alone.
    Work {
        /// The contention on the machine that was measured on.
        contention: f64,
    },
}

/// The unit graph of an observed build; a unit's id is its position in the file.
///
/// Link-time optimisation is in the code generation of the units that link, as it was measured.
/// Units without dependencies in the file (a source that doesn't have them) wait for nothing. Units that did not end
/// take no time.
pub fn measured_graph(file: &CostsFile, seconds: Seconds) -> UnitGraph {
    let alone = file.build.jobs == Some(1);
    let crowded = if alone { vec![0.0; file.units.len()] } else { crowded_shares(file) };
    let units = file.units.iter().zip(crowded).map(|(unit, crowded)| {
        let (frontend_s, codegen_s, link_s) = match seconds {
            Seconds::Work { contention } if !alone => work(unit, 1.0 + contention * crowded),
            Seconds::Work { .. } | Seconds::Replay => wall(unit),
        };
        let dependencies = unit.dependencies.iter().flatten().map(|d| (UnitId(d.unit), d.artifact.into()));
        Unit {
            name: unit.title(),
            frontend_s,
            codegen_s,
            codegen_threads: if seconds == Seconds::Replay { 1 } else { codegen_threads(unit) },
            codegen_serial: if optimized(unit) { 0.0 } else { UNOPTIMIZED_SERIAL },
            link_s,
            again: None,
            from_scratch: unit.rustc.as_ref().is_none_or(|rustc| !rustc.incremental),
            dependencies: dependencies.collect(),
            ..Unit::default()
        }
    });
    UnitGraph { units: units.collect() }
}

/// For each unit, the mean share of the machine's other cores that were busy while it ran.
fn crowded_shares(file: &CostsFile) -> Vec<f64> {
    let others = file.build.cores.unwrap_or(1).saturating_sub(1);
    let spans: Vec<(f64, f64)> =
        file.units.iter().map(|u| (u.start_s, u.end_s.unwrap_or(u.start_s))).collect();
    let mut changes: Vec<(f64, i32)> =
        spans.iter().flat_map(|&(start, end)| [(start, 1), (end, -1)]).collect();
    changes.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    // Seconds × busy other cores, summed up from the start of the build, at each change.
    let mut sums = vec![(0.0, 0.0)];
    let (mut running, mut sum) = (0, 0.0);
    for (at, change) in changes {
        let before = sums.last().map_or(0.0, |s: &(f64, f64)| s.0);
        sum += (at - before) * f64::from((running - 1).clamp(0, i32::try_from(others).unwrap_or(i32::MAX)));
        running += change;
        sums.push((at, sum));
    }
    let until = |at: f64| {
        let next = sums.partition_point(|s| s.0 < at);
        sums.get(next).map_or(sum, |s| s.1)
    };
    let share = |&(start, end): &(f64, f64)| {
        let all = (end - start) * f64::from(others);
        if all > 0.0 { ((until(end) - until(start)) / all).clamp(0.0, 1.0) } else { 0.0 }
    };
    spans.iter().map(share).collect()
}

/// Front end, code generation, linking as they were seen.
fn wall(unit: &UnitCost) -> (f64, f64, f64) {
    let all_s = unit.duration_s().unwrap_or_default();
    let link_s = unit.link_s().unwrap_or_default().min(all_s);
    let frontend_s = unit.frontend_s().unwrap_or(all_s - link_s).min(all_s - link_s);
    (frontend_s, all_s - link_s - frontend_s, link_s)
}

/// Processor seconds, or those on the wall, less what others slowed it down by.
fn work(unit: &UnitCost, slowdown: f64) -> (f64, f64, f64) {
    // A build script may wait for others (a download), and its children may run side by side.
    let cpu = unit.cpu.filter(|_| unit.mode != UnitMode::Run);
    let (frontend_s, codegen_s, link_s) =
        cpu.map_or_else(|| wall(unit), |cpu| (cpu.frontend_s, cpu.codegen_s, cpu.link_s));
    (frontend_s / slowdown, codegen_s / slowdown, link_s / slowdown)
}

/// Rustc's number of code-generation units where no option sets another (`Session::codegen_units`).
const DEFAULT_UNITS: u32 = 16;
const INCREMENTAL_UNITS: u32 = 256;

fn optimized(unit: &UnitCost) -> bool {
    unit.rustc.as_ref().is_some_and(|rustc| !matches!(rustc.opt_level.as_str(), "" | "0"))
}

fn codegen_threads(unit: &UnitCost) -> u32 {
    let Some(rustc) = &unit.rustc else { return 1 };
    let default = if rustc.incremental { INCREMENTAL_UNITS } else { DEFAULT_UNITS };
    rustc.codegen_units.unwrap_or(default).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::Artifact;
    use crate::cost::measured::{BuildRecord, CpuSeconds, RustcArguments, UnitDependency};
    use crate::simulate::simulate;

    fn unit(start_s: f64, metadata_s: Option<f64>, link_s: Option<f64>, end_s: f64) -> UnitCost {
        UnitCost {
            start_s,
            metadata_s,
            link_start_s: link_s,
            end_s: Some(end_s),
            cpu: Some(CpuSeconds { frontend_s: 0.5, codegen_s: 2.0, link_s: 0.25 }),
            rustc: Some(RustcArguments::default()),
            ..UnitCost::default()
        }
    }

    fn file(jobs: u32, units: Vec<UnitCost>) -> CostsFile {
        let build = BuildRecord { jobs: Some(jobs), cores: Some(2), ..BuildRecord::default() };
        CostsFile { build, units, ..CostsFile::default() }
    }

    #[test]
    fn durations_of_units() {
        let run = UnitCost { mode: UnitMode::Run, rustc: None, ..unit(1.0, None, None, 4.0) };
        let stopped = UnitCost { end_s: None, cpu: None, ..unit(1.0, None, None, 0.0) };
        let one = UnitCost {
            rustc: Some(RustcArguments { codegen_units: Some(1), ..RustcArguments::default() }),
            ..unit(1.0, Some(2.0), None, 5.0)
        };
        // Front end, code generation, linking on the wall; then the same in processor time, and threads.
        let cases = [
            (unit(1.0, Some(2.0), None, 5.0), (1.0, 3.0, 0.0), (0.5, 2.0, 0.25), 16),
            (unit(1.0, Some(2.0), Some(4.5), 5.0), (1.0, 2.5, 0.5), (0.5, 2.0, 0.25), 16),
            (unit(1.0, None, Some(4.5), 5.0), (3.5, 0.0, 0.5), (0.5, 2.0, 0.25), 16),
            (run, (3.0, 0.0, 0.0), (3.0, 0.0, 0.0), 1),
            (stopped, (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), 16),
            (one, (1.0, 3.0, 0.0), (0.5, 2.0, 0.25), 1),
        ];
        let work = Seconds::Work { contention: 0.5 };
        for (unit, wall, processor, threads) in cases {
            let parts = |jobs, seconds| {
                let unit = &measured_graph(&file(jobs, vec![unit.clone()]), seconds).units[UnitId(0)];
                ((unit.frontend_s, unit.codegen_s, unit.link_s), unit.codegen_threads)
            };
            assert_eq!(parts(2, Seconds::Replay), (wall, 1), "{unit:?}");
            assert_eq!(parts(1, work), (wall, threads), "{unit:?}");
            assert_eq!(parts(2, work), (processor, threads), "{unit:?}");
        }
    }

    #[test]
    fn what_others_slowed_down_is_taken_off() {
        // 0 runs from 0 to 4, 1 from 3 to 5: a quarter of 0 and half of 1 are crowded.
        let units = vec![unit(0.0, Some(2.0), None, 4.0), unit(3.0, Some(4.0), None, 5.0)];
        let graph = measured_graph(&file(2, units), Seconds::Work { contention: 0.8 });
        let frontends: Vec<f64> = graph.units.iter().map(|u| u.frontend_s).collect();
        assert_eq!(frontends, [0.5 / 1.2, 0.5 / 1.4]);
    }

    #[test]
    fn unoptimized_code_is_partly_generated_on_one_thread() {
        for (opt_level, serial) in
            [("", UNOPTIMIZED_SERIAL), ("0", UNOPTIMIZED_SERIAL), ("s", 0.0), ("3", 0.0)]
        {
            let rustc = RustcArguments { opt_level: opt_level.into(), ..RustcArguments::default() };
            let unit = UnitCost { rustc: Some(rustc), ..unit(0.0, Some(2.0), None, 4.0) };
            let graph = measured_graph(&file(1, vec![unit]), Seconds::Replay);
            assert_eq!(graph.units[UnitId(0)].codegen_serial, serial, "{opt_level}");
        }
    }

    #[test]
    fn edges_make_the_schedule() {
        let mut above = unit(2.0, Some(3.0), None, 5.0);
        above.dependencies = Some(vec![UnitDependency { unit: 0, artifact: Artifact::Metadata }]);
        let file = file(2, vec![unit(0.0, Some(2.0), None, 4.0), above]);
        let graph = measured_graph(&file, Seconds::Replay);
        assert_eq!(simulate(&graph, 2).makespan_s, 5.0);
        assert_eq!(simulate(&graph, 1).makespan_s, 7.0);
    }
}
