//! What tests of packages come to.

use std::path::Path;
use std::process::Command;

use anyhow::Context;

/// Tests that passed and failed; whether all of them could be compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tested {
    pub(super) passed: u32,
    pub(super) failed: u32,
    pub(super) compiled: bool,
}

impl Tested {
    pub(super) fn in_words(self) -> String {
        let failed = if self.failed > 0 { format!(" ({} fail)", self.failed) } else { String::new() };
        if self.compiled { format!("{}{failed}", self.passed) } else { "don't compile".to_owned() }
    }
}

/// Runs the tests of packages in a directory, those of the documentation as well.
pub(super) fn test(dir: &Path, packages: &[&str], target: &Path, more: &[String]) -> anyhow::Result<Tested> {
    let run = |arguments: &[&str]| {
        let mut command = Command::new("cargo");
        command.current_dir(dir).arg("test").arg("--target-dir").arg(target);
        packages.iter().for_each(|package| {
            command.args(["--package", package]);
        });
        command.args(more).args(arguments).env("CARGO_TERM_COLOR", "never");
        command.output().context("cargo can't be run")
    };
    // A failing test and one that doesn't compile end with the same exit code.
    let compiled = run(&["--no-run", "--quiet"])?.status.success();
    if !compiled {
        return Ok(Tested::default());
    }
    let output = run(&["--no-fail-fast"])?;
    let (passed, failed) = counted(&String::from_utf8_lossy(&output.stdout));
    Ok(Tested { passed, failed, compiled })
}

/// Sums up the last line of each test binary.
fn counted(output: &str) -> (u32, u32) {
    let of = |part: &str, word: &str| -> u32 {
        let number = part.trim().strip_suffix(word).and_then(|number| number.trim().parse().ok());
        number.unwrap_or(0)
    };
    let (mut passed, mut failed) = (0, 0);
    for line in output.lines().filter_map(|line| line.strip_prefix("test result: ")) {
        for part in line.split([';', '.']) {
            passed += of(part, "passed");
            failed += of(part, "failed");
        }
    }
    (passed, failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_all_binaries_are_summed_up() {
        let output = "test a ... ok\ntest result: ok. 11 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
                      test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n";
        assert_eq!(counted(output), (13, 3));
        assert_eq!(counted("error: no such package"), (0, 0));
    }
}
