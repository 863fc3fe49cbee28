//! See `split_analyzer::fuzzing::graph`.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| split_analyzer::fuzzing::graph(text));
