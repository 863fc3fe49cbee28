//! See `split_analyzer::fuzzing::timings`.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| split_analyzer::fuzzing::timings(text));
