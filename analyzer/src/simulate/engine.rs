//! The discrete-event simulation itself.
//!
//! The rules are cargo's and rustc's (cargo `job_queue/mod.rs`, rustc `rustc_codegen_ssa/src/back/write.rs`):
//!
//! * A unit is *pending* once every artifact it waits for is there. Cargo starts the pending unit of the
//!   highest [priority](super::priority) as soon as it holds a token. Among equals the one that became pending
//!   last goes first (`DrainState::spawn_work_if_possible` takes from the end of a list sorted by priority, behind
//!   whose equals it inserts); among those of one moment, where cargo follows the random order of a hash map, the
//!   lowest index does here.
//! * There are `jobs` tokens. Each running unit holds one. When a unit ends, cargo keeps its token if a unit
//!   is pending, and else returns it to the jobserver.
//! * In code generation (and in thin link-time optimisation) a rustc asks the jobserver for a token per further thread, and keeps each until it
//!   has no code left to generate. Whoever asked first is served first; who gets a token and wants another
//!   queues up again. Cargo stands in the same queue.
//! * Link-time optimisation comes after a unit's own code generation and before the linker: `thin` asks for further
//!   threads as code generation does, `fat` has one.
//! * Fresh units take no time and no token.
//! * The [`Machine`] says what cargo itself takes per unit, and how much slower everything gets the more threads are
//!   busy. All threads are slowed down alike, so time is kept on a clock that runs slower with them.
//!
//! Tokens are handed out one by one (discrete), as the jobserver does; the work *within* one unit's code
//! generation is fluid: `k` threads do `k` core seconds a second, less what one has to do alone. Real code-generation units have sizes, so
//! the last ones leave threads idle; with some tens of them to a crate that is a small share of its time,
//! and the discrete model would need their sizes, which nobody knows before the build.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use crate::ids::{Id, IdVec, UnitId};

use super::edges::Edges;
use super::priority::priorities;
use super::{Awaited, Machine, Schedule, Span, Unit, UnitGraph};

/// Simulates a build of `graph` with `jobs` parallel jobs (`cargo -j`; 0 counts as 1), each on a core of its own.
///
/// Deterministic; its own time grows with edges + units × jobs, and with edges × units / 64 for the priorities.
/// Units in a dependency cycle, and what depends on them, never start: their spans stay zero.
pub fn simulate(graph: &UnitGraph, jobs: u32) -> Schedule {
    simulate_on(graph, jobs, &Machine::IDEAL)
}

/// The same on a machine whose cores have to be shared.
pub fn simulate_on(graph: &UnitGraph, jobs: u32, machine: &Machine) -> Schedule {
    let edges = Edges::new(graph);
    let mut state = State::new(graph, &edges, jobs.max(1), *machine);
    state.run();
    let makespan_s = state.spans.iter().fold(0.0, |latest: f64, span| latest.max(span.end_s));
    Schedule {
        makespan_s,
        critical_path: state.critical_path(),
        work_s: graph.units.iter().filter(|u| !u.fresh).map(Unit::work_s).sum(),
        spans: state.spans,
    }
}

/// What a running unit is doing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Frontend,
    Codegen,
    Lto,
    Link,
}

impl Phase {
    /// The one after it.
    fn next(self) -> Option<Self> {
        match self {
            Self::Frontend => Some(Self::Codegen),
            Self::Codegen => Some(Self::Lto),
            Self::Lto => Some(Self::Link),
            Self::Link => None,
        }
    }

    /// What a unit has to do in it, in core seconds; a front end is entered when its unit starts.
    fn work_s(self, unit: &Unit) -> f64 {
        match self {
            Self::Frontend => unit.frontend_s,
            Self::Codegen => unit.codegen_s,
            Self::Lto => unit.lto_s,
            Self::Link => unit.link_s,
        }
    }

    /// Most threads that a unit uses in it.
    fn threads(self, unit: &Unit) -> u32 {
        match self {
            Self::Frontend | Self::Link => 1,
            Self::Codegen => unit.codegen_threads.max(1),
            Self::Lto => unit.lto_threads.max(1),
        }
    }

    /// Core seconds that so many threads do in a second.
    fn speed(self, unit: &Unit, threads: u32) -> f64 {
        if self == Self::Codegen { unit.codegen_speed(threads) } else { f64::from(threads.max(1)) }
    }
}

/// A unit that holds a token.
struct Running {
    unit: UnitId,
    phase: Phase,
    /// When the phase ends, on the clock of work, if its number of threads stays as it is.
    until_s: f64,
    /// Threads generating code; each but the first holds a token of its own.
    threads: u32,
}

/// Who waits for a token of the jobserver.
enum Waiter {
    Cargo,
    /// A unit that wants one more thread for a phase.
    Threads(UnitId, Phase),
}

struct State<'a> {
    graph: &'a UnitGraph,
    edges: &'a Edges,
    machine: Machine,
    /// The clock on the wall.
    now_s: f64,
    /// The clock of work: what one thread has done that ran from the start on.
    work_s: f64,
    /// Counts the moments at which units became pending.
    moment: u64,
    /// Artifacts that each unit still waits for.
    missing: Vec<u32>,
    /// Of a unit and its direct dependencies, how many have not yet ended with all below them.
    unfinished: Vec<u32>,
    priority: IdVec<UnitId, u64>,
    pending: BinaryHeap<(u64, u64, Reverse<UnitId>)>,
    running: Vec<Running>,
    waiters: VecDeque<Waiter>,
    cargo_waits: bool,
    /// Tokens of units that ended in this instant, still in cargo's hands.
    kept_tokens: u32,
    /// Tokens in the jobserver.
    free_tokens: u32,
    spans: IdVec<UnitId, Span>,
    /// The unit whose artifact made each unit ready, and when.
    readied_by: Vec<Option<UnitId>>,
    ready_s: Vec<f64>,
    /// The unit that each unit followed without a gap.
    follows: Vec<Option<UnitId>>,
    /// The unit that gave a token back last.
    last_release: Option<UnitId>,
    last_end: Option<UnitId>,
}

impl<'a> State<'a> {
    fn new(graph: &'a UnitGraph, edges: &'a Edges, jobs: u32, machine: Machine) -> Self {
        let count = graph.units.len();
        Self {
            graph,
            edges,
            machine,
            now_s: machine.before_s,
            work_s: 0.0,
            moment: 0,
            missing: graph.units.iter().map(|u| u.dependencies.len() as u32).collect(),
            unfinished: graph.units.iter().map(|u| u.dependencies.len() as u32 + 1).collect(),
            priority: priorities(graph, edges),
            pending: BinaryHeap::new(),
            running: Vec::new(),
            waiters: VecDeque::new(),
            cargo_waits: false,
            kept_tokens: 0,
            free_tokens: jobs,
            spans: IdVec::from_elem(Span::default(), count),
            readied_by: vec![None; count],
            ready_s: vec![0.0; count],
            follows: vec![None; count],
            last_release: None,
            last_end: None,
        }
    }

    fn run(&mut self) {
        let mut ready: Vec<UnitId> =
            self.graph.units.ids().filter(|u| self.missing[u.index()] == 0).collect();
        self.admit(&mut ready);
        self.hand_out_tokens();
        while let Some(next_s) = self.running.iter().map(|r| r.until_s).min_by(f64::total_cmp) {
            self.advance(next_s);
            self.finish_phases();
            self.hand_out_tokens();
        }
    }

    /// Lets the time pass until the clock of work shows `work_s`.
    fn advance(&mut self, work_s: f64) {
        let busy = self.running.iter().map(|r| r.threads).sum();
        let speed = self.machine.speed(busy);
        if work_s > self.work_s {
            // Where both clocks show the same, they are to do so exactly.
            let together = speed == 1.0 && self.now_s == self.work_s;
            self.now_s = if together { work_s } else { self.now_s + (work_s - self.work_s) / speed };
            self.work_s = work_s;
        }
        self.moment += 1;
    }

    /// Ends every phase that ends now, before any token is handed out.
    fn finish_phases(&mut self) {
        let mut due: Vec<UnitId> =
            self.running.iter().filter(|r| r.until_s <= self.work_s).map(|r| r.unit).collect();
        due.sort_unstable();
        for unit in due {
            self.next_phase(unit);
        }
    }

    /// Moves a running unit to the next phase that takes time, or ends it.
    fn next_phase(&mut self, unit: UnitId) {
        let Some(slot) = self.running.iter().position(|r| r.unit == unit) else { return };
        let data = &self.graph.units[unit];
        let running = &mut self.running[slot];
        let done = running.phase;
        // Threads beside the first give their tokens back.
        self.free_tokens += running.threads - 1;
        running.threads = 1;
        if done == Phase::Frontend {
            self.spans[unit].metadata_s = self.now_s;
            self.release(unit, &[Awaited::Metadata]);
        } else {
            self.last_release = Some(unit);
        }
        match std::iter::successors(done.next(), |p| p.next()).find(|p| p.work_s(data) > 0.0) {
            Some(phase) => self.enter(slot, phase),
            None => {
                self.last_release = Some(unit);
                self.running.swap_remove(slot);
                self.kept_tokens += 1;
                self.end(unit);
            }
        }
    }

    fn enter(&mut self, slot: usize, phase: Phase) {
        let running = &mut self.running[slot];
        let data = &self.graph.units[running.unit];
        running.phase = phase;
        running.until_s = self.work_s + phase.work_s(data);
        if phase.threads(data) > 1 {
            self.waiters.push_back(Waiter::Threads(running.unit, phase));
        }
    }

    /// Records the end of a unit and makes ready what waited for it.
    fn end(&mut self, unit: UnitId) {
        self.spans[unit].end_s = self.now_s;
        if !self.graph.units[unit].fresh {
            self.last_end = Some(unit);
        }
        self.release(unit, &[Awaited::All, Awaited::Closure]);
    }

    /// Gives these artifacts of `unit` to the units that wait for them.
    fn release(&mut self, unit: UnitId, artifacts: &[Awaited]) {
        let mut ready = Vec::new();
        for &artifact in artifacts {
            self.note(unit, artifact, &mut ready);
        }
        self.admit(&mut ready);
    }

    fn note(&mut self, unit: UnitId, artifact: Awaited, ready: &mut Vec<UnitId>) {
        // A fresh unit takes no time: look through it to the unit that really ended.
        let by = if self.graph.units[unit].fresh { self.readied_by[unit.index()] } else { Some(unit) };
        if artifact == Awaited::Closure {
            self.note_closures(unit, by, ready);
        } else {
            self.note_users(self.edges.waiting_for(unit, artifact), by, ready);
        }
    }

    /// `unit` has ended: it is finished with all below it if that has ended too, and then so may be who uses it.
    fn note_closures(&mut self, unit: UnitId, by: Option<UnitId>, ready: &mut Vec<UnitId>) {
        let edges = self.edges;
        let mut open = vec![unit];
        while let Some(unit) = open.pop() {
            self.unfinished[unit.index()] -= 1;
            if self.unfinished[unit.index()] == 0 {
                self.note_users(edges.waiting_for(unit, Awaited::Closure), by, ready);
                open.extend(edges.users(unit));
            }
        }
    }

    /// Takes one artifact off what these units wait for.
    fn note_users(&mut self, users: &[UnitId], by: Option<UnitId>, ready: &mut Vec<UnitId>) {
        for &user in users {
            self.missing[user.index()] -= 1;
            if self.missing[user.index()] == 0 {
                self.readied_by[user.index()] = by;
                self.ready_s[user.index()] = self.now_s;
                ready.push(user);
            }
        }
    }

    /// Queues units that have become ready; fresh ones are done at once, and what they unblock joins the list.
    fn admit(&mut self, ready: &mut Vec<UnitId>) {
        while let Some(unit) = ready.pop() {
            if self.graph.units[unit].fresh {
                self.spans[unit] = Span { start_s: self.now_s, metadata_s: self.now_s, end_s: self.now_s };
                for artifact in [Awaited::Metadata, Awaited::All, Awaited::Closure] {
                    self.note(unit, artifact, ready);
                }
                continue;
            }
            self.pending.push((self.priority[unit], self.moment, Reverse(unit)));
            if !self.cargo_waits {
                self.cargo_waits = true;
                self.waiters.push_back(Waiter::Cargo);
            }
        }
    }

    /// Gives the tokens there are to whom they are due, until none is left or nobody wants one.
    fn hand_out_tokens(&mut self) {
        loop {
            while self.kept_tokens > 0 && !self.pending.is_empty() {
                self.kept_tokens -= 1;
                self.start_next();
            }
            self.free_tokens += std::mem::take(&mut self.kept_tokens);
            if self.free_tokens == 0 {
                return;
            }
            match self.waiters.pop_front() {
                None => return,
                Some(Waiter::Cargo) => self.serve_cargo(),
                Some(Waiter::Threads(unit, phase)) => self.serve_threads(unit, phase),
            }
        }
    }

    fn serve_cargo(&mut self) {
        if !self.pending.is_empty() {
            self.free_tokens -= 1;
            self.start_next();
        }
        self.cargo_waits = !self.pending.is_empty();
        if self.cargo_waits {
            self.waiters.push_back(Waiter::Cargo);
        }
    }

    /// One more thread for a phase of a unit, if it is still at it.
    fn serve_threads(&mut self, unit: UnitId, phase: Phase) {
        let Some(slot) = self.running.iter().position(|r| r.unit == unit && r.phase == phase) else {
            return;
        };
        let running = &mut self.running[slot];
        let data = &self.graph.units[unit];
        let left_s = (running.until_s - self.work_s) * phase.speed(data, running.threads);
        running.threads += 1;
        running.until_s = self.work_s + left_s / phase.speed(data, running.threads);
        self.free_tokens -= 1;
        if running.threads < phase.threads(data) {
            self.waiters.push_back(Waiter::Threads(unit, phase));
        }
    }

    /// Starts the pending unit of the highest priority.
    fn start_next(&mut self) {
        let Some((_, _, Reverse(unit))) = self.pending.pop() else { return };
        let waited_for_token = self.ready_s[unit.index()] < self.now_s;
        self.follows[unit.index()] =
            if waited_for_token { self.last_release } else { self.readied_by[unit.index()] };
        self.spans[unit].start_s = self.now_s;
        let until_s = self.work_s + self.machine.start_s + self.graph.units[unit].frontend_s;
        self.running.push(Running { unit, phase: Phase::Frontend, until_s, threads: 1 });
        if until_s <= self.work_s {
            self.next_phase(unit);
        }
    }

    /// The chain of units that ends with the last one, each started by an artifact or a token of the one
    /// before it. What is fresh takes no time, and holds up nothing.
    fn critical_path(&self) -> Vec<UnitId> {
        let chain = std::iter::successors(self.last_end, |unit| self.follows[unit.index()]);
        let mut path: Vec<UnitId> = chain.filter(|&unit| !self.graph.units[unit].fresh).collect();
        path.reverse();
        path
    }
}
