//! The `git` command, hardened: a hostile repository's configuration may name programs and files, and none of them is run
//! or read.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::AtomicBool;

use super::Reason;
use super::directory::GitDirectory;
use super::model::HistoryOptions;
use crate::base::{FileTree, ToolOptions, programs};

/// Marks a token of the log as a commit's header. Paths can't be mistaken for it: they follow a token of their own.
pub(super) const HEADER: char = '\u{1}';

/// Settings that can name a program (`log.showSignature` runs `gpg.program`), a file that git then waits for, or an
/// encoding that nobody can read.
const SETTINGS: [&str; 9] = [
    "log.showSignature=false",
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.excludesFile=/dev/null",
    "core.attributesFile=/dev/null",
    "diff.orderFile=/dev/null",
    "mailmap.file=/dev/null",
    "mailmap.blob=",
    "i18n.logOutputEncoding=UTF-8",
];

/// Where this runs under a hook, git's own variables point at another repository.
const VARIABLES: [&str; 6] =
    ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX"];

/// The raw log of the latest commits: per commit a header `HASH TIME EMAIL`, then status and path of each file, all
/// ended by NUL. `commits` is a hash, `HASH..HASH`, or `HEAD`. `Err` is git's reason.
pub(super) fn log(
    root: &Path,
    directory: &GitDirectory,
    options: &HistoryOptions,
    commits: &str,
) -> Result<Vec<u8>, Reason> {
    let count = format!("--max-count={}", options.max_commits);
    // Without a readable `.mailmap` a person counts once for each address.
    let (email, mailmap) =
        if directory.mailmap { ("%aE", "--use-mailmap") } else { ("%ae", "--no-use-mailmap") };
    let format = format!("--format=tformat:{HEADER}%H %ct {email}");
    // `--relative` drops what lies outside of the directory. Renames aren't looked for: that may fetch file contents
    // on a partial clone. Hashes stay whole: shortening each takes a search for others that begin alike.
    let fixed = ["--no-merges", "--raw", "-z", "--no-abbrev", "--no-renames", "--relative", "--no-ext-diff"];
    let rest = ["--no-textconv", "--no-color", mailmap, &count, &format, commits, "--"];
    let since = options.since.as_ref().map(|since| format!("--since={since}"));
    let arguments = ["log"].into_iter().chain(since.as_deref()).chain(fixed).chain(rest);
    run(root, &options.tools, arguments)
}

/// The commit that is checked out, and those at the edge of a shallow clone.
pub(super) fn head_and_edge(root: &Path, options: &HistoryOptions) -> (Option<String>, BTreeSet<String>) {
    let said = run(root, &options.tools, ["rev-parse", "--git-path", "shallow", "HEAD"]).unwrap_or_default();
    let said = String::from_utf8_lossy(&said);
    let mut lines = said.lines();
    let (path, head) = (lines.next().unwrap_or_default(), lines.next().map(str::to_owned));
    // Relative to the directory git was called in.
    let text = FileTree::everywhere(&options.reading).read(&root.join(path)).unwrap_or_default();
    (head, String::from_utf8_lossy(&text).lines().map(str::to_owned).collect())
}

/// What git says in `root`. `Err` is its reason.
pub(super) fn run<'a>(
    root: &Path,
    tools: &ToolOptions,
    arguments: impl IntoIterator<Item = &'a str>,
) -> Result<Vec<u8>, Reason> {
    run_with(root, tools, arguments, Vec::new())
}

/// The same with something for git to read.
pub(super) fn run_with<'a>(
    root: &Path,
    tools: &ToolOptions,
    arguments: impl IntoIterator<Item = &'a str>,
    input: Vec<u8>,
) -> Result<Vec<u8>, Reason> {
    let mut command = hardened(root).map_err(|why| Reason::Asked(why.to_string()))?;
    command.args(arguments);
    let said = programs::run_with(&mut command, input, tools, &AtomicBool::new(false))
        .map_err(|why| Reason::Broken(format!("git was asked, but {why}")))?;
    if said.status.success() {
        return Ok(said.stdout);
    }
    let stderr = String::from_utf8_lossy(&said.stderr);
    let line = stderr.lines().next().unwrap_or("git failed without a reason");
    Err(Reason::Asked(line.trim_start_matches("fatal: ").to_owned()))
}

/// Git in a directory, to be given its arguments.
pub(crate) fn hardened(root: &Path) -> Result<Command, programs::NoAnswer> {
    let mut command = programs::command("git")?;
    command.arg("-C").arg(root).arg("--no-pager").arg("--literal-pathspecs");
    for setting in SETTINGS {
        command.args(["-c", setting]);
    }
    for variable in VARIABLES {
        command.env_remove(variable);
    }
    command.envs([("GIT_NO_LAZY_FETCH", "1"), ("GIT_OPTIONAL_LOCKS", "0"), ("GIT_TERMINAL_PROMPT", "0")]);
    // Its messages are shown to the user; they are matched nowhere.
    command.env("LC_ALL", "C");
    Ok(command)
}
