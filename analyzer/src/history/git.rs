//! The `git` command, hardened: a hostile repository's configuration may name programs, and none of them is run.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

/// Marks a token of the log as a commit's header. Paths can't be mistaken for it: they follow a token of their own.
pub(super) const HEADER: char = '\u{1}';

/// The raw log of the latest commits: per commit a header `HASH TIME EMAIL`, then status and path of each file, all
/// ended by NUL. `Err` is git's reason.
pub(super) fn log(root: &Path, max_commits: usize) -> Result<Vec<u8>, String> {
    let count = format!("--max-count={max_commits}");
    let format = format!("--format=tformat:{HEADER}%H %ct %aE");
    // `--relative` drops what lies outside of the directory. Renames aren't looked for: that may fetch file contents
    // on a partial clone. Hashes stay whole: shortening each takes a search for others that begin alike.
    let fixed = ["--no-merges", "--raw", "-z", "--no-abbrev", "--no-renames", "--relative", "--no-ext-diff"];
    let rest = ["--no-textconv", "--no-color", &count, &format, "HEAD", "--"];
    let arguments = ["log"].into_iter().chain(fixed).chain(rest);
    run(root, arguments)
}

/// Commits at the edge of a shallow clone.
pub(super) fn shallow_commits(root: &Path) -> BTreeSet<String> {
    let path = run(root, ["rev-parse", "--git-path", "shallow"]).unwrap_or_default();
    let path = String::from_utf8_lossy(&path);
    // Relative to the directory git was called in.
    let text = std::fs::read_to_string(root.join(path.trim_end())).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

fn run<'a>(root: &Path, arguments: impl IntoIterator<Item = &'a str>) -> Result<Vec<u8>, String> {
    let mut command = Command::new("git");
    command.arg("-C").arg(root).arg("--no-pager").arg("--literal-pathspecs");
    // Each of these settings can name a program; `log.showSignature` runs `gpg.program`.
    for setting in ["log.showSignature=false", "core.fsmonitor=false", "core.hooksPath=/dev/null"] {
        command.args(["-c", setting]);
    }
    // Where this runs under a hook, git's own variables point at another repository.
    for variable in
        ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX"]
    {
        command.env_remove(variable);
    }
    command.envs([("GIT_NO_LAZY_FETCH", "1"), ("GIT_OPTIONAL_LOCKS", "0"), ("GIT_TERMINAL_PROMPT", "0")]);
    // Its messages are shown to the user; they are matched nowhere.
    command.env("LC_ALL", "C").args(arguments).stdin(Stdio::null());
    let output = command.output().map_err(|e| format!("cannot run git: {e}"))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    let line = stderr.lines().next().unwrap_or("git failed");
    Err(line.trim_start_matches("fatal: ").to_owned())
}
