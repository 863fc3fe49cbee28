//! The unit graph of an observed build.

use crate::cost::measured::{CostsFile, UnitCost, UnitMode};
use crate::ids::UnitId;

use super::{Unit, UnitGraph};

/// Which of a unit's measured figures its durations are taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seconds {
    /// The clock on the wall, as the unit was seen to run: what a replay of this very build takes, code generation on
    /// one thread.
    Wall,
    /// Processor time, where it was measured: the work there is, whatever else the machine was doing.
    Processor,
}

/// The unit graph of an observed build; a unit's id is its position in the file.
///
/// Units without dependencies in the file (a source that doesn't tell them) wait for nothing. Units that did not end
/// take no time.
pub fn measured_graph(file: &CostsFile, seconds: Seconds) -> UnitGraph {
    let units = file.units.iter().map(|unit| {
        let (frontend_s, codegen_s, link_s) = match seconds {
            Seconds::Wall => wall(unit),
            Seconds::Processor => processor(unit).unwrap_or_else(|| wall(unit)),
        };
        let dependencies = unit.dependencies.iter().flatten().map(|d| (UnitId(d.unit), d.artifact));
        Unit {
            name: unit.title(),
            frontend_s,
            codegen_s,
            codegen_threads: if seconds == Seconds::Wall { 1 } else { codegen_threads(unit) },
            link_s,
            dependencies: dependencies.collect(),
            fresh: false,
        }
    });
    UnitGraph { units: units.collect() }
}

/// Front end, code generation, linking as they were seen.
fn wall(unit: &UnitCost) -> (f64, f64, f64) {
    let all_s = unit.duration_s().unwrap_or_default();
    let link_s = unit.link_s().unwrap_or_default().min(all_s);
    let frontend_s = unit.frontend_s().unwrap_or(all_s - link_s).min(all_s - link_s);
    (frontend_s, all_s - link_s - frontend_s, link_s)
}

fn processor(unit: &UnitCost) -> Option<(f64, f64, f64)> {
    let cpu = unit.cpu?;
    // A build script may wait for others (a download), and its children may run side by side.
    if unit.mode == UnitMode::Run {
        return None;
    }
    Some((cpu.frontend_s, cpu.codegen_s, cpu.link_s))
}

/// Rustc's number of code-generation units where it is not told another (`Session::codegen_units`).
const DEFAULT_UNITS: u32 = 16;
const INCREMENTAL_UNITS: u32 = 256;

fn codegen_threads(unit: &UnitCost) -> u32 {
    let Some(rustc) = &unit.rustc else { return 1 };
    let default = if rustc.incremental { INCREMENTAL_UNITS } else { DEFAULT_UNITS };
    rustc.codegen_units.unwrap_or(default).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::Artifact;
    use crate::cost::measured::{CpuSeconds, RustcArguments, UnitDependency};
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
        for (unit, wall, processor, threads) in cases {
            let file = CostsFile { units: vec![unit], ..CostsFile::default() };
            let parts = |seconds| {
                let unit = &measured_graph(&file, seconds).units[UnitId(0)];
                ((unit.frontend_s, unit.codegen_s, unit.link_s), unit.codegen_threads)
            };
            assert_eq!(parts(Seconds::Wall), (wall, 1), "{file:?}");
            assert_eq!(parts(Seconds::Processor), (processor, threads), "{file:?}");
        }
    }

    #[test]
    fn edges_make_the_schedule() {
        let mut above = unit(2.0, Some(3.0), None, 5.0);
        above.dependencies = Some(vec![UnitDependency { unit: 0, artifact: Artifact::Metadata }]);
        let file = CostsFile { units: vec![unit(0.0, Some(2.0), None, 4.0), above], ..CostsFile::default() };
        let graph = measured_graph(&file, Seconds::Wall);
        assert_eq!(simulate(&graph, 2).makespan_s, 5.0);
        assert_eq!(simulate(&graph, 1).makespan_s, 7.0);
    }
}
