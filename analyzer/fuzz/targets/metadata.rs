//! See `split_analyzer::fuzzing::metadata`.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| split_analyzer::fuzzing::metadata(text));
