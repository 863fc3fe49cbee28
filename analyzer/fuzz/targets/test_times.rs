//! See `split_analyzer::fuzzing::test_times`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| split_analyzer::fuzzing::test_times(bytes));
