//! See `split_analyzer::fuzzing::cfg`.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| split_analyzer::fuzzing::cfg(text));
