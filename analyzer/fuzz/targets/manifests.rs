//! See `split_analyzer::fuzzing::manifests`.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| split_analyzer::fuzzing::manifests(text));
