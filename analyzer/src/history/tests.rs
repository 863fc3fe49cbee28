//! History on made-up logs and on small repositories made by the real git.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::*;
use crate::base::ToolOptions;

/// Runs git in a directory as nobody in particular; it has to succeed.
pub(crate) fn git(dir: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(dir).args([
        "-c",
        "user.name=n",
        "-c",
        "user.email=n@x",
        "-c",
        "commit.gpgSign=false",
    ]);
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(variable);
    }
    let output = command.args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn commit(dir: &Path, author: &str, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = dir.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    git(dir, &["add", "-A"]);
    git(dir, &["commit", "-q", "--allow-empty", "-m", "m", "--author", &format!("{author} <{author}@x>")]);
}

/// Five commits: two touch `a` and `b` together, one is empty, one has odd names, one deletes.
fn repository() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    git(dir.path(), &["init", "-q"]);
    commit(dir.path(), "zoe", &[("src/a.rs", "1"), ("src/b.rs", "1"), ("README.md", "1")]);
    commit(dir.path(), "max", &[("src/a.rs", "2"), ("src/b.rs", "2")]);
    commit(dir.path(), "max", &[]);
    commit(dir.path(), "zoe", &[("src/ü \"c\"\n.rs", "1"), ("docs/x.md", "1")]);
    fs::remove_file(dir.path().join("src/b.rs")).unwrap();
    commit(dir.path(), "Zoe", &[]);
    dir
}

fn shown(history: &History) -> Vec<(u32, Vec<&str>)> {
    let paths = |c: &Commit| c.paths.iter().map(|p| history.paths[*p].as_str()).collect();
    history.commits.iter().map(|c| (c.author.0, paths(c))).collect()
}

#[test]
fn commits_newest_first() {
    let dir = repository();
    let (history, diagnostics) = history(dir.path(), &HistoryOptions::default());
    assert_eq!(diagnostics, []);
    let expected = [
        (0, vec!["src/b.rs"]),
        (0, vec!["docs/x.md", "src/ü \"c\"\n.rs"]),
        (1, vec!["src/a.rs", "src/b.rs"]),
        (0, vec!["README.md", "src/a.rs", "src/b.rs"]),
    ];
    assert_eq!(shown(&history), expected);
    assert_eq!(history.authors, 2);
    let (a, b) = (history.path_id("src/a.rs").unwrap(), history.path_id("src/b.rs").unwrap());
    assert_eq!(history.co_changes, [CoChange { a, b, commits: 2 }]);
    assert_eq!((history.changes[a], history.changes[b]), (2, 3));
    assert!(history.commits.iter().all(|c| c.time > 1_600_000_000 && c.hash.len() >= 40));
    assert_eq!(history.head.as_ref(), Some(&history.commits[0].hash));
}

#[test]
fn the_head_is_what_is_checked_out_whatever_it_changed() {
    let dir = repository();
    commit(dir.path(), "max", &[]);
    let (history, _) = history(dir.path(), &HistoryOptions::default());
    assert!(history.head.is_some_and(|head| head.len() >= 40 && head != history.commits[0].hash));
}

#[test]
fn a_directory_sees_its_own_part() {
    let dir = repository();
    let (history, _) = history(&dir.path().join("src"), &HistoryOptions::default());
    assert_eq!(history.paths.as_slice(), ["a.rs", "b.rs", "ü \"c\"\n.rs"]);
    assert_eq!(history.commits.len(), 4);
}

#[test]
fn bounds() {
    let dir = repository();
    let (two, _) = history(dir.path(), &HistoryOptions { max_commits: 2, ..HistoryOptions::default() });
    assert_eq!(two.commits.len(), 2);
    let (small, _) =
        history(dir.path(), &HistoryOptions { max_files_per_commit: 2, ..HistoryOptions::default() });
    assert_eq!(small.co_changes.iter().map(|c| c.commits).collect::<Vec<_>>(), [1]);
}

#[test]
fn merges_are_skipped() {
    let dir = repository();
    git(dir.path(), &["checkout", "-q", "-b", "side", "HEAD~1"]);
    commit(dir.path(), "max", &[("side.rs", "1")]);
    git(dir.path(), &["merge", "-q", "--no-ff", "-m", "merge", "-"]);
    let (history, _) = history(dir.path(), &HistoryOptions::default());
    assert_eq!(history.commits.len(), 5);
}

#[test]
fn shallow_edges_are_dropped() {
    let dir = repository();
    let clone = tempfile::tempdir().unwrap();
    let url = format!("file://{}", dir.path().display());
    git(clone.path(), &["clone", "-q", "--depth", "2", &url, "c"]);
    let (history, diagnostics) = history(&clone.path().join("c"), &HistoryOptions::default());
    assert_eq!(diagnostics, []);
    assert_eq!(shown(&history), [(0, vec!["src/b.rs"])]);
}

#[test]
fn no_history_is_a_diagnostic() {
    let plain = tempfile::tempdir().unwrap();
    let unborn = tempfile::tempdir().unwrap();
    git(unborn.path(), &["init", "-q"]);
    let absent = plain.path().join("absent");
    for dir in [plain.path(), unborn.path(), &absent] {
        let (found, diagnostics) = history(dir, &HistoryOptions::default());
        assert_eq!(found, History::default());
        let codes: Vec<_> = diagnostics.iter().map(|d| (d.severity, d.code)).collect();
        assert_eq!(codes, [(Severity::Info, Code::NoHistory)]);
    }
}

#[cfg(unix)]
fn script(path: &Path, body: &str) -> String {
    use std::os::unix::fs::PermissionsExt;
    fs::write(path, format!("#!/bin/sh\n{body}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    path.to_str().unwrap().to_owned()
}

/// A configuration that names a program wherever git would run one on the way, and a signed commit: showing its
/// signature is what runs `gpg.program`.
#[cfg(unix)]
#[test]
fn a_hostile_configuration_runs_nothing() {
    let dir = repository();
    let trace = dir.path().join("ran");
    let signer = script(
        &dir.path().join("sign.sh"),
        "cat > /dev/null\nprintf '\\n[GNUPG:] SIG_CREATED \\n' >&2\n\
         printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nAA==\\n-----END PGP SIGNATURE-----\\n'",
    );
    let trap = script(&dir.path().join("trap.sh"), &format!("touch '{}'", trace.display()));
    fs::write(dir.path().join(".gitattributes"), "*.rs diff=x\n").unwrap();
    git(dir.path(), &["add", "-A"]);
    git(dir.path(), &["-c", &format!("gpg.program={signer}"), "commit", "-q", "-S", "-m", "signed"]);
    for key in [
        "core.fsmonitor",
        "core.pager",
        "pager.log",
        "gpg.program",
        "diff.external",
        "diff.x.textconv",
        "diff.x.command",
        "alias.log",
    ] {
        git(dir.path(), &["config", key, &trap]);
    }
    git(dir.path(), &["config", "log.showSignature", "true"]);
    let (history, diagnostics) = history(dir.path(), &HistoryOptions::default());
    assert_eq!((history.commits.len(), diagnostics), (5, Vec::new()));
    assert!(!trace.exists());
}

/// Git refuses a repository of someone else's. Giving one away takes an administrator: others can't make the case.
#[cfg(unix)]
#[test]
fn a_foreign_owner_is_a_diagnostic() {
    let dir = repository();
    let other = Some(4_242);
    let given_away = [dir.path().to_owned(), dir.path().join(".git")];
    if given_away.iter().any(|d| std::os::unix::fs::chown(d, other, other).is_err()) {
        return;
    }
    let (found, diagnostics) = history(dir.path(), &HistoryOptions::default());
    assert_eq!(found, History::default());
    assert!(diagnostics[0].message.contains("dubious ownership"), "{}", diagnostics[0]);
}

#[test]
fn odd_logs() {
    let cases: &[(&str, Option<usize>)] = &[
        ("", Some(0)),
        ("\0\0", Some(0)),
        (":1 2 3 4 M\0orphan.rs\0", None),
        ("\u{1}H 5 e\0\n:1 2 3 4 M\0a.rs\0", Some(1)),
        ("\u{1}H x e\0\n:1 2 3 4 M\0\u{1}odd.rs\0", Some(1)),
        ("\u{1}H 5 e\0\n:1 2 3 4 M", None),
        ("\u{1}H 5\0", None),
        ("\u{1}h 5 e\0", None),
        ("usage: git [--version]\n", None),
        ("\u{fffd}\0", None),
    ];
    for (text, commits) in cases {
        let text = text.replace('H', &"0123456789".repeat(4));
        let found = log::parse(text.as_bytes(), b"", &BTreeSet::new());
        assert_eq!(found.ok().map(|h| h.commits.len()), *commits, "{text:?}");
    }
}

#[test]
fn renames_lead_to_what_a_file_is_called_now() {
    let dir = tempfile::tempdir().unwrap();
    let rename = |from: &str, to: &str| {
        fs::create_dir_all(dir.path().join(to).parent().unwrap()).unwrap();
        fs::rename(dir.path().join(from), dir.path().join(to)).unwrap();
    };
    git(dir.path(), &["init", "-q"]);
    commit(dir.path(), "zoe", &[("a/x.rs", "1"), ("a/y.rs", "2"), ("gone.rs", "3")]);
    rename("a/x.rs", "b/x.rs");
    commit(dir.path(), "zoe", &[("b/x.rs", "edited on the way")]);
    rename("b/x.rs", "b/z.rs");
    fs::remove_file(dir.path().join("gone.rs")).unwrap();
    commit(dir.path(), "zoe", &[]);
    let (history, diagnostics) = history(dir.path(), &HistoryOptions::default());
    assert_eq!(diagnostics, []);
    for (before, now) in
        [("a/x.rs", "b/z.rs"), ("b/x.rs", "b/z.rs"), ("a/y.rs", "a/y.rs"), ("gone.rs", "gone.rs")]
    {
        let path = history.path_id(before).unwrap();
        let found = history.now(path, |path| dir.path().join(path).exists());
        assert_eq!(history.paths[found], now, "{before}");
    }
    let objects: Vec<_> = history.commits.iter().map(|c| c.objects.len() == c.paths.len()).collect();
    assert_eq!(objects, [true; 3]);
}

#[test]
fn contents_of_old_files_are_read_as_far_as_the_limit_goes() {
    let dir = repository();
    let (history, _) = history(dir.path(), &HistoryOptions::default());
    let objects = history.commits.iter().flat_map(|commit| commit.objects.iter().flatten().flatten());
    let mut hashes: Vec<&str> = objects
        .filter_map(|object| match object {
            GitObject::Blob(hash) => Some(hash.as_str()),
            GitObject::Submodule(_) => None,
        })
        .collect();
    let absent = "0123456789012345678901234567890123456789";
    hashes.push(absent);
    let tools = ToolOptions::default();
    let all = texts(dir.path(), &tools, &hashes, 1 << 20).unwrap();
    let mut found: Vec<&str> = all.values().map(String::as_str).collect();
    found.sort_unstable();
    assert_eq!(found, ["1", "2"], "the same content is one object");
    assert_eq!(texts(dir.path(), &tools, &hashes, 0).unwrap().len(), 0);
    assert!(texts(dir.path(), &tools, &[], 9).unwrap().is_empty());
}

#[test]
fn files_written_elsewhere_have_the_history_that_is_named() {
    let (dir, elsewhere) = (repository(), tempfile::tempdir().unwrap());
    let hash = |revision: &str| {
        let output =
            Command::new("git").current_dir(dir.path()).args(["rev-parse", revision]).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    fs::rename(dir.path().join("src/a.rs"), dir.path().join("src/z.rs")).unwrap();
    commit(dir.path(), "max", &[]);
    let (before, after) = (hash("HEAD~1"), hash("HEAD"));
    let tools = ToolOptions::default();
    assert_eq!(common_commit(dir.path(), [&before, &after], &tools).as_ref(), Some(&before));
    let mut found = Vec::new();
    for files in [&before, &after] {
        let of = HistoryOf { root: dir.path().to_owned(), newest: before.clone(), files: files.clone() };
        let options = HistoryOptions { of: Some(of), ..HistoryOptions::default() };
        let (history, diagnostics) = history(elsewhere.path(), &options);
        assert_eq!((diagnostics.len(), history.head.as_ref()), (0, Some(files)));
        let path = history.path_id("src/a.rs").unwrap();
        assert_eq!(history.changes[path], 2, "a rename alone is no change that is counted");
        let now = history.now(path, |path| path == "src/z.rs" && files == &after);
        found.push((history.commits.len(), history.authors, history.paths[now].clone()));
    }
    assert_eq!(found, [(4, 2, "src/a.rs".to_owned()), (4, 2, "src/z.rs".to_owned())]);
}
