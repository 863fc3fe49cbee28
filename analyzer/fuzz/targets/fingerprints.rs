//! See `split_analyzer::fuzzing::fingerprints`.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| split_analyzer::fuzzing::fingerprints(text));
