//! The work at a plan's boundaries in words, for all formats.

use split_analyzer::plan::TestMoveCause;
use split_analyzer::report::{PlanReport, SilentReport, TestSupportReport};

/// What is to be done with what tests of another crate use.
pub(crate) fn test_support(support: &TestSupportReport, name: &dyn Fn(&str) -> String) -> String {
    let users: Vec<String> = support.users.iter().map(|user| name(user)).collect();
    let item = name(&support.item);
    match &support.to_crate {
        Some(to) => format!("{item} to move to {}, whose tests use it", name(to)),
        None if support.bound => {
            format!("{item} to compile under a feature that tests of {} ask for", users.join(", "))
        }
        None if support.needs_above => format!(
            "{item} to share with tests of {}: behind a feature, or in a crate of its own (it needs what lies above them)",
            users.join(", ")
        ),
        None => format!(
            "{item} to share with tests of {}: doubled, behind a feature, or in a crate of its own",
            users.join(", ")
        ),
    }
}

/// What changes without an error, in short: the first of each kind, and how many more there are.
pub(crate) fn silent(plan: &PlanReport) -> Option<String> {
    /// Kinds that are named.
    const NAMED: usize = 2;
    let mut kinds: Vec<&SilentReport> = Vec::new();
    for change in &plan.silent {
        if kinds.iter().all(|known| known.kind != change.kind) {
            kinds.push(change);
        }
    }
    let named = |change: &&SilentReport| format!("{} ({}:{})", change.detail, change.file, change.line);
    let texts: Vec<String> = kinds.iter().take(NAMED).map(named).collect();
    let more = plan.silent.len() - texts.len();
    let rest = if more > 0 { format!("; and {more} more, see --format json") } else { String::new() };
    (!texts.is_empty()).then(|| format!("without an error of the compiler: {}{rest}.", texts.join("; ")))
}

/// Why a test moves.
pub(crate) fn cause(cause: TestMoveCause) -> &'static str {
    match cause {
        TestMoveCause::TwoCopies => "a dev-dependency would bring a second copy of its own crate's types",
        TestMoveCause::NoLibrary => "nothing can depend on a package without a library",
        TestMoveCause::AllAbove => "all that it needs lies above",
    }
}
