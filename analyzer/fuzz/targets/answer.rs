//! See `split_analyzer::fuzzing::answer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| split_analyzer::fuzzing::answer(text));
