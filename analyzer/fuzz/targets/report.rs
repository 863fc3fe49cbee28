//! See `split_analyzer::fuzzing::report`.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| split_analyzer::fuzzing::report(text));
