//! See `split_analyzer::fuzzing::names`.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| split_analyzer::fuzzing::names(text));
