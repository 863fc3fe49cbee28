//! Files are read, and programs run, through the doors in `base` alone.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

mod sources;

use std::fs;
use std::path::Path;

use sources::rust_files;

/// What opens a file or starts a program.
const OPENS: [&str; 8] = [
    "fs::read(",
    "fs::read_to_string(",
    "File::open(",
    ".read_to_string(",
    "io::read_to_string(",
    "OpenOptions::new(",
    "Command::new(",
    "Gitignore::new(",
];

/// Who may all the same, and why.
const EXCEPT: [(&str, &str); 12] = [
    ("apply/stopwatch.rs", "builds; reads what it edits in its own working tree"),
    ("base/read.rs", "is the door to files"),
    ("base/programs.rs", "is the door to programs"),
    ("base/budget.rs", "reads from /proc how much memory this process has"),
    ("measure/build.rs", "builds: cargo runs as long as it takes, and its messages are shown"),
    ("measure/child.rs", "reads what cargo has to say while it builds"),
    ("measure/invocation.rs", "builds; the program is found by the door"),
    ("base/load.rs", "reads the load of this machine from /proc"),
    ("measure/modules.rs", "asks the compiler that the build has used"),
    ("measure/profiled.rs", "stands in the place of the compiler"),
    ("measure/watch.rs", "reads what the kernel says of its own child in /proc"),
    ("measure/wrapper.rs", "stands in the place of the compiler"),
];

#[test]
fn nobody_else_opens_files_or_runs_programs() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wrong = Vec::new();
    let mut excepted = Vec::new();
    for src in [top.join("src"), top.join("../cli/src")] {
        for file in rust_files(&src) {
            let name = file.strip_prefix(&src).unwrap().display().to_string();
            let text = fs::read_to_string(&file).unwrap();
            let code = text.split("#[cfg(test)]\nmod").next().unwrap_or_default();
            let code = code.split("#[cfg(all(test").next().unwrap_or_default();
            let code = code.split("#[cfg(test)]\n#[cfg(unix)]\nmod").next().unwrap_or_default();
            let code = code.lines().filter(|line| !line.trim_start().starts_with("//"));
            let found: Vec<_> = code.filter(|line| OPENS.iter().any(|call| line.contains(call))).collect();
            if found.is_empty() || name.ends_with("tests.rs") || name.contains("tests/") {
                continue;
            }
            match EXCEPT.iter().find(|(file, _)| *file == name) {
                Some((file, _)) => excepted.push(*file),
                None => wrong.push(format!("{name}: {}", found.join(" | "))),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let idle: Vec<_> = EXCEPT.iter().filter(|(file, _)| !excepted.contains(file)).collect();
    assert!(idle.is_empty(), "needed no more: {idle:?}");
}
