//! See `split_analyzer::fuzzing::build_analysis`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| split_analyzer::fuzzing::build_analysis(bytes));
