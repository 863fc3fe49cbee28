//! See `split_analyzer::fuzzing::source`.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| split_analyzer::fuzzing::source(text));
