//! How parallel work is slowed down and sped up: what simulating a build and reading the clock of a real one have in common.

/// How much longer everything takes when all cores are busy than when one is. With two jobs on two cores the same front ends
/// took this much longer on the wall (`benches/README.md`, "predict").
pub(crate) const CONTENTION: f64 = 0.07;

/// The share of code generation that one thread does alone, without optimization: where a library alone generated code, two
/// threads did the work of 1.40 (tokio), 1.67 (arrow), 1.70 (this library) and 1.72 (typst); the median, less what two busy
/// cores slow each other down by (`benches/README.md`, "What a split does to the work"). With optimization LLVM's part is by
/// far the larger one, and none is assumed.
pub(crate) const UNOPTIMIZED_SERIAL: f64 = 0.11;

/// The share of a core's undisturbed speed that each of `busy` threads has on so many cores: more threads than cores share
/// these evenly, and busy cores slow each other down.
pub(crate) fn speed(cores: u32, contention: f64, busy: u32) -> f64 {
    let cores = cores.max(1);
    let working = busy.clamp(1, cores);
    let others = if cores > 1 { f64::from(working - 1) / f64::from(cores - 1) } else { 0.0 };
    let share = f64::from(working) / f64::from(busy.max(1));
    share / (1.0 + contention * others)
}

/// Core seconds of code generation that so many threads do in a second, if one does `serial` of it alone (Amdahl 1967).
pub(crate) fn codegen_speed(threads: f64, serial: f64) -> f64 {
    let threads = threads.max(1.0);
    threads / (1.0 + serial * (threads - 1.0))
}
