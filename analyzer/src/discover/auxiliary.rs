//! What only serves the development of the rest: fixtures, examples, benches, programs for tests.

use super::Repository;
use crate::ids::TargetId;

/// Directories and parts of package names that say what an unpublished package is for.
const AUXILIARY: [&str; 9] =
    ["bench", "benches", "benchmark", "benchmarks", "example", "examples", "fuzz", "test", "tests"];
/// Directories of code that tests read.
const FIXTURES: [&str; 6] = ["fixture", "fixtures", "test-data", "test_data", "testdata", "tests-data"];

/// Whether a binary only serves the development of the rest: its source or its package lies among tests, benches or
/// examples, or its package is not to be published and says so in its name (`stress-test`).
pub(crate) fn is_auxiliary_target(repository: &Repository, target: TargetId) -> bool {
    let target = &repository.targets[target];
    let package = &repository.packages[target.package];
    let source = target.src.strip_prefix(&package.dir).unwrap_or(&target.src);
    let among = source.rsplit_once('/').is_some_and(|(above, _)| above.split('/').any(says));
    let named = !package.publishable && package.name.split(['-', '_']).any(says);
    among || is_auxiliary_dir(&package.dir) || named
}

/// Whether a package in this directory does: it lies among fixtures, tests, benches or examples.
pub(crate) fn is_auxiliary_dir(dir: &str) -> bool {
    is_fixture_dir(dir) || dir.split('/').any(|word| word.split(['-', '_']).all(says))
}

/// Whether it lies among what tests read.
pub(crate) fn is_fixture_dir(dir: &str) -> bool {
    dir.split('/').any(|word| FIXTURES.contains(&word))
}

fn says(word: &str) -> bool {
    AUXILIARY.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_says_what_a_package_is_for() {
        let cases = [
            ("", false),
            ("crates/core", false),
            ("fixtures/shop", true),
            ("tests", true),
            ("crates/core/examples/plain", true),
            ("contest", false),
            ("tests-integration", false),
            ("tests-fuzz", true),
            ("tooling/testdata/a", true),
        ];
        for (dir, auxiliary) in cases {
            assert_eq!(is_auxiliary_dir(dir), auxiliary, "{dir}");
        }
    }
}
