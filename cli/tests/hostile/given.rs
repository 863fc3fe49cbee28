//! Files that the user names: costs, pages, logs, plans, graphs. They may be pipes, but end they must.

use super::case::{Case, case};

const LARGE: &str = "is larger than 256 MiB";

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for option in ["--costs", "--timings", "--build-analysis"] {
        let input = |what: &str, file: &str| case(format!("{option}: {what}")).arg(&[option, file]).fails();
        cases.extend([
            input("directory", "src").says("is a directory, not a file"),
            input("nothing", "gone").says("cannot read gone"),
            input("ten gigabytes", "large").sparse("large").says(LARGE),
            input("device", "/dev/zero").arg(&["--max-file-size", "1"]).says("is larger than 1 MiB"),
            input("empty", "/dev/null").says("/dev/null"),
        ]);
    }
    let plan =
        |what: &str, file: &str| case(format!("plan: {what}")).args(&["what-if", "--plan", file]).fails();
    let graph = |what: &str, file: &str| case(format!("graph: {what}")).args(&["cluster", file]).fails();
    cases.extend([
        plan("directory", "src").says("is a directory, not a file"),
        plan("ten gigabytes", "large").sparse("large").says(LARGE),
        plan("device", "/dev/zero").arg(&["--max-file-size", "1"]).says("is larger than 1 MiB"),
        plan("not UTF-8", "bad").file("bad", b"\xff".to_vec()).says("not UTF-8"),
        graph("directory", "src").says("is a directory, not a file"),
        graph("ten gigabytes", "large").sparse("large").says(LARGE),
        graph("device", "/dev/zero").arg(&["--max-file-size", "1"]).says("is larger than 1 MiB"),
        graph("not UTF-8", "-").stdin("\u{0}").says("<stdin>"),
        graph("nothing on stdin", "-").says("<stdin>"),
        graph("nested", "-").stdin(&"[".repeat(100_000)).says("<stdin>"),
    ]);
    cases
}
