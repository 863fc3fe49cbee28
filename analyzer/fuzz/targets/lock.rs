//! See `split_analyzer::fuzzing::lock`.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| split_analyzer::fuzzing::lock(text));
