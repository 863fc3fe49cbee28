//! See `split_analyzer::fuzzing::costs_file`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| split_analyzer::fuzzing::costs_file(bytes));
