//! From git's raw log to commits.

use std::collections::{BTreeMap, BTreeSet};

use super::git::HEADER;
use super::model::{Commit, History};
use crate::ids::{AuthorId, Id, IdVec, PathId};

/// A commit with its paths still spelled out.
struct Entry<'a> {
    hash: &'a str,
    time: i64,
    email: String,
    paths: BTreeSet<&'a str>,
}

/// Reads the output of [`git::log`](super::git::log); commits listed in `shallow` are dropped. Co-changes are left
/// empty.
///
/// # Errors
/// Says what is wrong with output that is no such log.
pub(super) fn parse(output: &[u8], shallow: &BTreeSet<String>) -> Result<History, &'static str> {
    let text = String::from_utf8_lossy(output);
    let mut entries = entries(&text).ok_or("git printed what is no log")?;
    entries.retain(|e| !e.paths.is_empty() && !shallow.contains(e.hash));
    let spelled: BTreeSet<&str> = entries.iter().flat_map(|e| e.paths.iter().copied()).collect();
    let ids: BTreeMap<&str, PathId> =
        spelled.iter().enumerate().map(|(i, p)| (*p, PathId::from_index(i))).collect();
    let mut history = History {
        paths: spelled.iter().map(|p| (*p).to_owned()).collect(),
        changes: IdVec::from_elem(0, spelled.len()),
        ..History::default()
    };
    let mut authors: BTreeMap<&str, AuthorId> = BTreeMap::new();
    for entry in &entries {
        let next = AuthorId::from_index(authors.len());
        let author = *authors.entry(&entry.email).or_insert(next);
        let paths: Vec<PathId> = entry.paths.iter().map(|p| ids[p]).collect();
        paths.iter().for_each(|p| history.changes[*p] += 1);
        history.commits.push(Commit { hash: entry.hash.to_owned(), time: entry.time, author, paths });
    }
    history.authors = u32::try_from(authors.len()).unwrap_or(u32::MAX);
    Ok(history)
}

fn entries(text: &str) -> Option<Vec<Entry<'_>>> {
    let mut entries: Vec<Entry<'_>> = Vec::new();
    let mut tokens = text.split('\0');
    while let Some(token) = tokens.next() {
        let token = token.trim_start_matches('\n');
        if let Some(header) = token.strip_prefix(HEADER) {
            let mut fields = header.splitn(3, ' ');
            let (hash, time) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
            let email = fields.next()?.to_lowercase();
            if hash.len() < 40 || !hash.bytes().all(|b| b.is_ascii_hexdigit()) {
                return None;
            }
            // Git takes any date from a commit, and so is this one no reason to leave the log.
            entries.push(Entry { hash, time: time.parse().unwrap_or(0), email, paths: BTreeSet::new() });
        } else if token.starts_with(':') {
            // Modes, hashes and the status letter; the path is the next token.
            let path = tokens.next().filter(|path| !path.is_empty())?;
            entries.last_mut()?.paths.insert(path);
        } else if !token.is_empty() {
            return None;
        }
    }
    Some(entries)
}
