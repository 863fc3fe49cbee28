//! See `split_analyzer::fuzzing::plan`.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| split_analyzer::fuzzing::plan(text));
