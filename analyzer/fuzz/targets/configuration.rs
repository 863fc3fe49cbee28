//! See `split_analyzer::fuzzing::configuration`.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| split_analyzer::fuzzing::configuration(text));
