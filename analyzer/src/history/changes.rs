//! What differs between two commits: paths with their contents' names. Renames are a deleted and an added path, so that
//! both are there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::directory::GitDirectory;
use super::model::GitObject;
use super::{Reason, git, objects};
use crate::base::{ReadOptions, ToolOptions};
use crate::error::{Error, Result};

/// Which commits to compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangesOptions {
    /// The older end: anything that `git rev-parse` knows.
    pub since: String,
    /// The newer end; `HEAD` without it.
    pub head: Option<String>,
    /// Compare with `since` itself, not with the commit at which the two parted.
    pub direct: bool,
    /// Which of git's own files may be read.
    pub reading: ReadOptions,
    /// How git is run.
    pub tools: ToolOptions,
}

impl ChangesOptions {
    /// The changes of `HEAD` since it parted from `since`.
    pub fn since(since: impl Into<String>) -> Self {
        Self {
            since: since.into(),
            head: None,
            direct: false,
            reading: ReadOptions::default(),
            tools: ToolOptions::default(),
        }
    }
}

/// The difference between two commits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// Hash of the commit that is compared with.
    pub base: String,
    /// Hash of the newer commit.
    pub head: String,
    /// Whether the newer commit is the one that is checked out.
    pub checked_out: bool,
    /// What changed, sorted by path.
    pub files: Vec<ChangedFile>,
    source: Source,
}

/// Where contents are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Source {
    root: PathBuf,
    tools: ToolOptions,
}

/// A path that differs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChangedFile {
    /// Relative to the analysed directory, with `/`; begins with `../` outside of it.
    pub path: String,
    /// What it was; `None` for a new path.
    pub before: Option<GitObject>,
    /// What it is; `None` for a deleted path.
    pub after: Option<GitObject>,
}

impl ChangedFile {
    /// Whether it is or was a submodule: then anything below the path may differ.
    pub fn is_submodule(&self) -> bool {
        let is = |object: &Option<GitObject>| matches!(object, Some(GitObject::Submodule(_)));
        is(&self.before) || is(&self.after)
    }
}

impl Changes {
    /// The text of a file in one of the commits; `None` for what is no file, is no text, or isn't there (a partial clone).
    pub fn text(&self, object: &GitObject) -> Option<String> {
        let GitObject::Blob(hash) = object else { return None };
        let Source { root, tools } = &self.source;
        let bytes = git::run(root, tools, ["cat-file", "blob", hash]).ok()?;
        String::from_utf8(bytes).ok()
    }

    /// The texts of several files, by hash: as many of them, in their order, as take no more than `most` bytes. None where git
    /// fails.
    pub(crate) fn texts(&self, hashes: &[&str], most: u64) -> BTreeMap<String, String> {
        let Source { root, tools } = &self.source;
        objects::texts(root, tools, hashes, most).unwrap_or_default()
    }
}

/// Compares two commits of the repository that `root` (canonical) lies in. What is not committed plays no part.
///
/// ```no_run
/// use split_analyzer::history::{ChangesOptions, changes};
///
/// let found = changes(std::path::Path::new("/src/shop"), &ChangesOptions::since("origin/main"))?;
/// for file in &found.files {
///     println!("{} {}", if file.after.is_some() { "there" } else { "gone" }, file.path);
/// }
/// # Ok::<(), split_analyzer::Error>(())
/// ```
///
/// # Errors
/// [`Error::NoComparison`] without git or a repository, for a commit that isn't there, for two without a common one, and
/// where a clone lacks what has to be compared; it says what to fetch. There is no empty answer in their place.
pub fn changes(root: &Path, options: &ChangesOptions) -> Result<Changes> {
    let fail = |message: String| Error::NoComparison { path: root.to_owned(), message };
    GitDirectory::look(root, &options.reading).map_err(fail)?;
    let ask = Ask { root, tools: &options.tools };
    let prefix = ask.line(&["rev-parse", "--show-prefix"]).map_err(|why| fail(no_repository(why)))?;
    let since = ask.commit(&options.since).map_err(fail)?;
    let head = ask.commit(options.head.as_deref().unwrap_or("HEAD")).map_err(fail)?;
    let base = if options.direct { since } else { ask.merge_base(&since, &head, options).map_err(fail)? };
    let raw = ask.difference(&base, &head).map_err(fail)?;
    let mut files = parse(&String::from_utf8_lossy(&raw), &prefix)
        .ok_or_else(|| fail("git printed what is no list of changes".to_owned()))?;
    files.sort();
    let checked_out = ask.commit("HEAD").is_ok_and(|now| now == head);
    let source = Source { root: root.to_owned(), tools: options.tools.clone() };
    Ok(Changes { base, head, checked_out, files, source })
}

pub(super) struct Ask<'a> {
    pub(super) root: &'a Path,
    pub(super) tools: &'a ToolOptions,
}

impl Ask<'_> {
    fn line(&self, arguments: &[&str]) -> Result<String, Reason> {
        let bytes = git::run(self.root, self.tools, arguments.iter().copied())?;
        Ok(String::from_utf8_lossy(&bytes).trim_end_matches('\n').to_owned())
    }

    pub(super) fn commit(&self, revision: &str) -> Result<String, String> {
        let wanted = format!("{revision}^{{commit}}");
        let is_option = revision.is_empty() || revision.starts_with('-');
        let found =
            if is_option { None } else { self.line(&["rev-parse", "--verify", "--quiet", &wanted]).ok() };
        found
            .filter(|hash| hash.len() >= 40)
            .ok_or_else(|| format!("git knows no commit `{revision}` here; {}", self.fetching(revision)))
    }

    /// How commits that are missing can be had.
    fn fetching(&self, revision: &str) -> String {
        if self.is_shallow() {
            return "this clone is shallow: `git fetch --unshallow origin` (GitHub's checkout: `fetch-depth: 0`; GitLab: \
                    `GIT_DEPTH: 0`)"
                .to_owned();
        }
        match revision.split_once('/') {
            Some((remote, branch)) if is_plain(remote) && is_plain(branch) => {
                format!("`git fetch {remote} {branch}` may bring it")
            }
            _ => "`git fetch origin` may bring it".to_owned(),
        }
    }

    fn is_shallow(&self) -> bool {
        self.line(&["rev-parse", "--is-shallow-repository"]).is_ok_and(|said| said == "true")
    }

    fn merge_base(&self, since: &str, head: &str, options: &ChangesOptions) -> Result<String, String> {
        let found = self.line(&["merge-base", since, head]).ok();
        found.filter(|hash| hash.len() >= 40).ok_or_else(|| {
            let head = options.head.as_deref().unwrap_or("HEAD");
            let cure = match self.is_shallow() {
                true => self.fetching(&options.since),
                false => "--direct compares the two as they are".to_owned(),
            };
            format!("`{}` and `{head}` have no commit in common here; {cure}", options.since)
        })
    }

    fn difference(&self, base: &str, head: &str) -> Result<Vec<u8>, String> {
        // Renames aren't looked for: both paths are listed anyway, and a partial clone may lack the contents to compare.
        let fixed = ["diff-tree", "-r", "--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff"];
        let rest = ["--no-textconv", "--ignore-submodules=none", base, head, "--"];
        git::run(self.root, self.tools, fixed.into_iter().chain(rest)).map_err(|why| {
            let (Reason::Asked(why) | Reason::Broken(why)) = why;
            format!(
                "git can't compare {base} with {head}: {why}; where the clone lacks trees, `git fetch --refetch \
                 --filter=blob:none origin` brings them"
            )
        })
    }
}

fn no_repository(why: Reason) -> String {
    let (Reason::Asked(why) | Reason::Broken(why)) = why;
    format!("no commits to compare: {why}")
}

/// A name that can be pasted into a shell.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "/_.-".contains(c))
}

/// Reads the raw format: `:MODE MODE HASH HASH STATUS`, then the path, each ended by NUL. `prefix` is the analysed directory
/// below the top of the work tree.
fn parse(raw: &str, prefix: &str) -> Option<Vec<ChangedFile>> {
    let mut files = Vec::new();
    let mut tokens = raw.split('\0').filter(|token| !token.is_empty());
    while let Some(token) = tokens.next() {
        let fields: Vec<&str> = token.strip_prefix(':')?.split(' ').collect();
        let [mode_before, mode_after, before, after, _] = fields[..] else { return None };
        let path = relative(tokens.next()?, prefix);
        files.push(ChangedFile {
            path,
            before: GitObject::of_mode(mode_before, before),
            after: GitObject::of_mode(mode_after, after),
        });
    }
    Some(files)
}

/// A path of the work tree as seen from the directory `prefix` (empty, or with `/` at its end).
fn relative(path: &str, prefix: &str) -> String {
    let mut rest = prefix;
    let mut ups = String::new();
    loop {
        if let Some(inside) = path.strip_prefix(rest) {
            return ups + inside;
        }
        let above = rest.trim_end_matches('/');
        rest = above.rfind('/').map_or("", |at| &above[..=at]);
        ups.push_str("../");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_as_seen_from_a_directory() {
        for (path, prefix, expected) in [
            ("a/b.rs", "", "a/b.rs"),
            ("a/b.rs", "a/", "b.rs"),
            ("Cargo.toml", "a/b/", "../../Cargo.toml"),
            ("a/c/x", "a/b/", "../c/x"),
            ("ab/x", "a/", "../ab/x"),
        ] {
            assert_eq!(relative(path, prefix), expected, "{path} {prefix}");
        }
    }

    #[test]
    fn the_raw_format() {
        let raw =
            ":100644 100644 a b M\0src/x y.rs\0:000000 160000 0 c A\0vendor\0:100644 000000 d 0 D\0gone.rs\0";
        let found = parse(raw, "").unwrap();
        let shown: Vec<_> =
            found.iter().map(|f| (f.path.as_str(), f.is_submodule(), f.after.is_some())).collect();
        assert_eq!(shown, [("src/x y.rs", false, true), ("vendor", true, true), ("gone.rs", false, false)]);
        assert_eq!(parse("", "").unwrap(), []);
        for odd in ["x", ":1 2 3", ":100644 100644 a b M\0"] {
            assert_eq!(parse(odd, ""), None, "{odd:?}");
        }
    }
}
