//! The files of a commit, as git keeps them: no checkout, so that no hook, filter or attribute of the repository is run.

use std::path::Path;

use super::changes::Ask;
use super::directory::GitDirectory;
use super::{Reason, git};
use crate::base::{ReadOptions, ToolOptions};
use crate::error::{Error, Result};
use crate::history::texts;

/// Bytes of all files together: a choice. The sources of the largest repositories known have 150 MB.
const MOST_BYTES: u64 = 512 << 20;
/// Names of so many files are asked for at once, so that git's answer stays below its limit.
const AT_ONCE: usize = 2_000;

/// The texts of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Its hash.
    pub commit: String,
    /// Path below the analysed directory, with `/`, and text; sorted. No path leads out of it.
    pub files: Vec<(String, String)>,
}

/// Reads the files of a commit that lie in or below `root` (canonical) and are `wanted`. Links and submodules are left out, and so is
/// what is no text.
///
/// # Errors
/// [`Error::NoComparison`] without git or a repository, for a commit that isn't there, and where a clone lacks its files.
pub fn snapshot(
    root: &Path,
    revision: &str,
    wanted: impl Fn(&str) -> bool,
    (reading, tools): (&ReadOptions, &ToolOptions),
) -> Result<Snapshot> {
    let fail = |message: String| Error::NoComparison { path: root.to_owned(), message };
    GitDirectory::look(root, reading).map_err(fail)?;
    let commit = Ask { root, tools }.commit(revision).map_err(fail)?;
    // Called in a directory, git lists what lies below it, relative to it.
    let list =
        git::run(root, tools, ["ls-tree", "-r", "-z", &commit, "--"]).map_err(|why| fail(said(why)))?;
    let list = String::from_utf8_lossy(&list);
    let mut entries: Vec<(&str, &str)> =
        list.split('\0').filter_map(entry).filter(|(path, _)| is_inside(path) && wanted(path)).collect();
    entries.sort_unstable();
    let mut files = Vec::with_capacity(entries.len());
    let mut left = MOST_BYTES;
    for part in entries.chunks(AT_ONCE) {
        let hashes: Vec<&str> = part.iter().map(|(_, hash)| *hash).collect();
        let found = texts(root, tools, &hashes, left).map_err(fail)?;
        for (path, hash) in part {
            let Some(text) = found.get(*hash) else { continue };
            left = left.saturating_sub(text.len() as u64);
            files.push(((*path).to_owned(), text.clone()));
        }
    }
    if files.is_empty() {
        return Err(fail(format!("`{revision}` has no file here, or this clone lacks them")));
    }
    Ok(Snapshot { commit, files })
}

/// The newest commit that two (hashes) have in common; `None` where the clone has none.
pub fn common_commit(root: &Path, commits: [&str; 2], tools: &ToolOptions) -> Option<String> {
    let [old, new] = commits;
    let said = git::run(root, tools, ["merge-base", old, new]).ok()?;
    let line = String::from_utf8_lossy(&said).lines().next()?.to_owned();
    (line.len() >= 40).then_some(line)
}

fn said(why: Reason) -> String {
    let (Reason::Asked(why) | Reason::Broken(why)) = why;
    why
}

/// Path and hash of `MODE TYPE HASH\tPATH`, for files alone.
fn entry(line: &str) -> Option<(&str, &str)> {
    let (head, path) = line.split_once('\t')?;
    let mut fields = head.split(' ');
    let (mode, _, hash) = (fields.next()?, fields.next()?, fields.next()?);
    matches!(mode, "100644" | "100755" | "100664").then_some((path, hash))
}

/// Git takes any name into a tree, even one that leads out of it.
fn is_inside(path: &str) -> bool {
    let fine = |part: &str| !matches!(part, "" | "." | "..") && !part.eq_ignore_ascii_case(".git");
    !path.contains(['\\', '\u{fffd}']) && !path.contains(char::is_control) && path.split('/').all(fine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_alone_are_taken() {
        for (line, expected) in [
            ("100644 blob aa\tsrc/x y.rs", Some(("src/x y.rs", "aa"))),
            ("100755 blob bb\trun.sh", Some(("run.sh", "bb"))),
            ("120000 blob cc\tlink", None),
            ("160000 commit dd\tvendor", None),
            ("", None),
        ] {
            assert_eq!(entry(line), expected, "{line}");
        }
    }

    #[test]
    fn no_path_leads_out() {
        for (path, inside) in [
            ("src/lib.rs", true),
            ("..rs/x", true),
            ("../x", false),
            ("a/../../x", false),
            ("/etc/x", false),
            ("a//x", false),
            ("./x", false),
            (".git/hooks/x", false),
            ("a/.GIT/config", false),
            ("a\\..\\x", false),
            ("a\nb", false),
        ] {
            assert_eq!(is_inside(path), inside, "{path:?}");
        }
    }
}
