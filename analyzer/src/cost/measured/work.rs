//! Work out of the clock on the wall: what each unit of a build would have taken alone, on one thread.
//!
//! Processor time is work already. Where there is only the clock (pages of `--timings`, stamps of a target directory),
//! what ran at the same time is known from the other units. At each moment the free jobs are threads of the units that
//! generate code, in equal parts; each thread has the speed that the busy cores leave it. These are the simulator's own
//! rules (`cost/parallel.rs`) read backwards: simulating the work gives the times that were seen.

use crate::cost::Cost;
use crate::cost::parallel::{CONTENTION, UNOPTIMIZED_SERIAL, codegen_speed, speed};

use super::{CostsFile, UnitCost, UnitMode, UnitStatus};

/// Core seconds of one unit.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Work {
    /// Until metadata or code generation; of everything where the phases aren't known.
    pub(super) frontend_s: f64,
    pub(super) codegen_s: f64,
    pub(super) link_s: f64,
    /// Whether `frontend_s` is all of a unit that also generates code and links.
    pub(super) lumped: bool,
}

impl Work {
    /// Front end and code generation; of a lump all but linking.
    pub(super) fn total_s(self) -> f64 {
        self.frontend_s + self.codegen_s
    }

    /// The phases; a lump, less so many seconds of linking, is shared out as `like` is.
    pub(super) fn phases(self, link_s: f64, like: Cost) -> Cost {
        if !self.lumped || like.total_s() <= 0.0 {
            return Cost { frontend_s: self.frontend_s, codegen_s: self.codegen_s };
        }
        let factor = (self.frontend_s - link_s).max(0.0) / like.total_s();
        Cost { frontend_s: like.frontend_s * factor, codegen_s: like.codegen_s * factor }
    }
}

/// The work of each unit of a file; `None` for those that did not end well. `threads` is how many a unit's code generation
/// can use.
pub(super) fn work(file: &CostsFile, threads: &dyn Fn(&UnitCost) -> u32) -> Vec<Option<Work>> {
    let spans: Vec<Span> = file.units.iter().filter_map(|unit| Span::new(unit, threads(unit))).collect();
    let jobs = file.build.jobs.or(file.build.cores).unwrap_or_else(|| most_at_once(&spans)).max(1);
    let cores = file.build.cores.unwrap_or(jobs);
    let optimized = matches!(file.build.profile.as_str(), "release" | "bench");
    let serial = if optimized { 0.0 } else { UNOPTIMIZED_SERIAL };
    let mut walled = alone(&spans, jobs, cores, serial).into_iter();
    let of = |unit: &UnitCost| {
        let walled = if unit.end_s.is_some() { walled.next() } else { None };
        let work = unit.cpu.map(|cpu| of_cpu(unit, cpu)).or(walled);
        work.filter(|_| unit.status == UnitStatus::Done)
    };
    file.units.iter().map(of).collect()
}

fn of_cpu(unit: &UnitCost, cpu: super::CpuSeconds) -> Work {
    // What a build script's children do side by side isn't known, nor what it waits for.
    if unit.mode == UnitMode::Run {
        return Work { frontend_s: unit.duration_s().unwrap_or_default(), ..Work::default() };
    }
    Work { frontend_s: cpu.frontend_s, codegen_s: cpu.codegen_s, link_s: cpu.link_s, lumped: false }
}

/// When the phases of a unit end on the wall.
struct Span {
    start_s: f64,
    frontend_s: f64,
    codegen_s: f64,
    end_s: f64,
    threads: u32,
    /// Of its own call of cargo, where that is known.
    jobs: Option<u32>,
    lumped: bool,
}

impl Span {
    /// `None` if it did not end.
    fn new(unit: &UnitCost, threads: u32) -> Option<Self> {
        let end_s = unit.end_s?;
        let codegen_s = unit.link_start_s.unwrap_or(end_s).min(end_s);
        let phases = unit.metadata_s.or(unit.codegen_start_s);
        let frontend_s = phases.unwrap_or(codegen_s).min(codegen_s);
        let lumped = matches!(unit.mode, UnitMode::Build | UnitMode::Test)
            && phases.is_none()
            && unit.link_start_s.is_none();
        Some(Self {
            start_s: unit.start_s,
            frontend_s,
            codegen_s,
            end_s,
            threads: threads.max(1),
            jobs: unit.jobs,
            lumped,
        })
    }
}

/// What happens at a moment.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    End,
    Link,
    Codegen,
    Start,
}

fn events(spans: &[Span]) -> Vec<(f64, Event, usize)> {
    let of = |(i, s): (usize, &Span)| {
        [
            (s.start_s, Event::Start, i),
            (s.frontend_s, Event::Codegen, i),
            (s.codegen_s, Event::Link, i),
            (s.end_s, Event::End, i),
        ]
    };
    let mut events: Vec<_> = spans.iter().enumerate().flat_map(of).collect();
    // Of one unit all events may be at the same moment: they have to come in order.
    events.sort_by(|a, b| a.0.total_cmp(&b.0));
    events
}

fn most_at_once(spans: &[Span]) -> u32 {
    let (mut now, mut most) = (0u32, 0);
    for (_, event, _) in in_turn(spans) {
        match event {
            Event::Start => now += 1,
            Event::End => now = now.saturating_sub(1),
            Event::Codegen | Event::Link => {}
        }
        most = most.max(now);
    }
    most
}

/// Events with ends before starts where both are at one moment.
fn in_turn(spans: &[Span]) -> Vec<(f64, Event, usize)> {
    let mut events = events(spans);
    events.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    events
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Frontend,
    Codegen,
    Link,
}

/// Sweeps over the build and gives each running unit its part of every interval.
fn alone(spans: &[Span], jobs: u32, cores: u32, serial: f64) -> Vec<Work> {
    let mut works: Vec<Work> =
        spans.iter().map(|span| Work { lumped: span.lumped, ..Work::default() }).collect();
    let mut running: Vec<(usize, Phase)> = Vec::new();
    let mut before_s = 0.0;
    for (at_s, event, unit) in events(spans) {
        let passed_s = at_s - before_s;
        if passed_s > 0.0 {
            progress(&running, passed_s, (spans, jobs, cores, serial), &mut works);
        }
        before_s = at_s;
        match event {
            Event::Start => running.push((unit, Phase::Frontend)),
            Event::End => running.retain(|r| r.0 != unit),
            Event::Codegen | Event::Link => {
                let phase = if event == Event::Link { Phase::Link } else { Phase::Codegen };
                running.iter_mut().filter(|r| r.0 == unit).for_each(|r| r.1 = phase);
            }
        }
    }
    works
}

fn progress(
    running: &[(usize, Phase)],
    passed_s: f64,
    (spans, jobs, cores, serial): (&[Span], u32, u32, f64),
    works: &mut [Work],
) {
    // What runs at one moment is of one call.
    let jobs = running.iter().find_map(|&(unit, _)| spans[unit].jobs).unwrap_or(jobs).max(1);
    // With one job nothing ran beside anything, whatever the times say.
    let cores = if jobs == 1 { u32::MAX } else { cores };
    let at_work = running.len() as u32;
    let generating = running.iter().filter(|r| r.1 == Phase::Codegen).count() as f64;
    let free = f64::from(jobs.saturating_sub(at_work));
    let threads = |unit: usize, phase: Phase| match phase {
        Phase::Codegen => (1.0 + free / generating).min(f64::from(spans[unit].threads)),
        Phase::Frontend | Phase::Link => 1.0,
    };
    let busy: f64 = running.iter().map(|&(unit, phase)| threads(unit, phase)).sum();
    let speed = speed(cores, CONTENTION, busy.round() as u32);
    for &(unit, phase) in running {
        let done_s = passed_s * speed;
        let work = &mut works[unit];
        match phase {
            Phase::Frontend => work.frontend_s += done_s,
            Phase::Codegen => work.codegen_s += done_s * codegen_speed(threads(unit, phase), serial),
            Phase::Link => work.link_s += done_s,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{BuildRecord, CpuSeconds, UnitTarget, UnitTargetKind};
    use super::*;

    fn unit(start_s: f64, metadata_s: Option<f64>, end_s: f64) -> UnitCost {
        UnitCost { start_s, metadata_s, end_s: Some(end_s), ..UnitCost::default() }
    }

    fn file(jobs: u32, units: Vec<UnitCost>) -> CostsFile {
        let build = BuildRecord {
            jobs: Some(jobs),
            cores: Some(jobs),
            profile: "dev".into(),
            ..BuildRecord::default()
        };
        CostsFile { build, units, ..CostsFile::default() }
    }

    /// A unit of a call with one job, in a file of calls with two: nobody helped it.
    #[test]
    fn each_call_has_its_own_jobs() {
        let crowded = codegen_speed(2.0, UNOPTIMIZED_SERIAL) / (1.0 + CONTENTION);
        let alone = UnitCost { jobs: Some(1), ..unit(9.0, Some(11.0), 14.0) };
        let file = file(2, vec![unit(0.0, Some(2.0), 5.0), alone]);
        let found: Vec<f64> = work(&file, &|_| 16).iter().flatten().map(|work| work.codegen_s).collect();
        let near = |(found, expected): (&f64, f64)| (found - expected).abs() < 1e-9;
        assert!(found.iter().zip([3.0 * crowded, 3.0]).all(near), "{found:?}");
    }

    /// Jobs, units as (start, metadata, end), and the work of each as (front end, code generation).
    #[test]
    fn walls_become_work() {
        let crowded = 1.0 / (1.0 + CONTENTION);
        let two = crowded * codegen_speed(2.0, UNOPTIMIZED_SERIAL);
        type Case<'a> = (u32, &'a [(f64, f64, f64)], &'a [(f64, f64)]);
        let cases: [Case<'_>; 5] = [
            (1, &[(0.0, 2.0, 5.0)], &[(2.0, 3.0)]),
            // Nobody else wants the second core: code generation has it.
            (2, &[(0.0, 2.0, 5.0)], &[(2.0, 3.0 * two)]),
            (2, &[(0.0, 2.0, 4.0), (0.0, 4.0, 4.0)], &[(2.0 * crowded, 2.0 * crowded), (4.0 * crowded, 0.0)]),
            (2, &[(0.0, 2.0, 2.0), (2.0, 3.0, 3.0)], &[(2.0, 0.0), (1.0, 0.0)]),
            (1, &[(1.0, 1.0, 1.0)], &[(0.0, 0.0)]),
        ];
        for (jobs, units, expected) in cases {
            let file = file(jobs, units.iter().map(|&(s, m, e)| unit(s, Some(m), e)).collect());
            let found = work(&file, &|_| 16);
            for (found, expected) in found.iter().flatten().zip(expected) {
                let near = (found.frontend_s - expected.0).abs() < 1e-9
                    && (found.codegen_s - expected.1).abs() < 1e-9;
                assert!(near, "{jobs} {units:?}: {found:?}");
            }
        }
    }

    #[test]
    fn one_thread_is_enough_for_one_module() {
        let file = file(4, vec![unit(0.0, Some(1.0), 3.0)]);
        assert_eq!(work(&file, &|_| 1)[0].unwrap().codegen_s, 2.0);
    }

    #[test]
    fn processor_time_is_work_and_failures_are_none() {
        let cpu = CpuSeconds { frontend_s: 1.0, codegen_s: 2.0, link_s: 0.5 };
        let units = vec![
            UnitCost { cpu: Some(cpu), ..unit(0.0, Some(3.0), 9.0) },
            UnitCost { status: UnitStatus::Failed, ..unit(0.0, Some(3.0), 9.0) },
            UnitCost { end_s: None, ..unit(0.0, None, 9.0) },
        ];
        let found = work(&file(2, units), &|_| 1);
        assert_eq!(found[0], Some(Work { frontend_s: 1.0, codegen_s: 2.0, link_s: 0.5, lumped: false }));
        assert_eq!(found[1..], [None, None]);
    }

    #[test]
    fn a_binary_without_phases_is_a_lump() {
        let bin = |link_start_s| UnitCost {
            target: UnitTarget::new(UnitTargetKind::Bin, "a"),
            link_start_s,
            ..unit(0.0, None, 4.0)
        };
        let found = work(&file(1, vec![bin(None), bin(Some(3.0))]), &|_| 1);
        let [Some(lump), Some(told)] = found[..] else { panic!("{found:?}") };
        assert!(lump.lumped && !told.lumped && told.link_s > 0.0);
    }
}
