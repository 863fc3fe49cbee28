//! The work at a plan's boundaries in words, for all formats.

use split_analyzer::plan::TestMoveCause;
use split_analyzer::report::TestSupportReport;

/// What is to be done with what tests of another crate use.
pub(crate) fn test_support(support: &TestSupportReport, name: &dyn Fn(&str) -> String) -> String {
    let users: Vec<String> = support.users.iter().map(|user| name(user)).collect();
    let item = name(&support.item);
    match &support.to_crate {
        Some(to) => format!("{item} to move to {}, whose tests use it", name(to)),
        None => format!(
            "{item} to share with tests of {}: doubled, behind a feature, or in a crate of its own",
            users.join(", ")
        ),
    }
}

/// Why a test moves.
pub(crate) fn cause(cause: TestMoveCause) -> &'static str {
    match cause {
        TestMoveCause::TwoCopies => "a dev-dependency would bring a second copy of its own crate's types",
        TestMoveCause::NoLibrary => "nothing can depend on a package without a library",
    }
}
