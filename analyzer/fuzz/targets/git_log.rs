//! See `split_analyzer::fuzzing::git_log`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| split_analyzer::fuzzing::git_log(bytes));
