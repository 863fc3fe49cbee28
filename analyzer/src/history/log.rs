//! From git's raw log to commits.

use std::collections::{BTreeMap, BTreeSet};

use super::git::HEADER;
use super::model::{Commit, GitObject, History};
use super::renames::renames;
use crate::ids::{AuthorId, Id, IdVec, PathId};

/// A commit with its paths still spelled out.
struct Entry<'a> {
    hash: &'a str,
    time: i64,
    email: String,
    paths: BTreeMap<&'a str, [Option<GitObject>; 2]>,
}

impl Entry<'_> {
    fn commit(self, author: AuthorId, ids: &BTreeMap<&str, PathId>) -> Commit {
        let (paths, objects) = self.paths.into_iter().map(|(path, objects)| (ids[path], objects)).unzip();
        Commit { hash: self.hash.to_owned(), time: self.time, author, paths, objects }
    }
}

/// Reads the output of [`git::log`](super::git::log), and that of commits which are newer and of which renames alone are taken;
/// commits listed in `shallow` are dropped. Co-changes are left empty.
///
/// # Errors
/// Says what is wrong with output that is no such log.
pub(super) fn parse(
    output: &[u8],
    newer: &[u8],
    shallow: &BTreeSet<String>,
) -> Result<History, &'static str> {
    let [text, newer] = [output, newer].map(String::from_utf8_lossy);
    let read = |text| {
        let mut entries = entries(text)?;
        entries.retain(|e| !e.paths.is_empty() && !shallow.contains(e.hash));
        Some(entries)
    };
    let both = read(&text).zip(read(&newer));
    let (entries, newer) = both.ok_or("git printed what is no log")?;
    let all = || newer.iter().chain(&entries);
    let spelled: BTreeSet<&str> = all().flat_map(|e| e.paths.keys().copied()).collect();
    let ids: BTreeMap<&str, PathId> =
        spelled.iter().enumerate().map(|(i, p)| (*p, PathId::from_index(i))).collect();
    let mut history = History {
        paths: spelled.iter().map(|p| (*p).to_owned()).collect(),
        changes: IdVec::from_elem(0, spelled.len()),
        ..History::default()
    };
    // Newest first: the last rename of a path is the one that counts.
    let renamed = |commit: &Commit, history: &mut History| {
        for (from, to) in renames(commit, &history.paths) {
            history.renamed.entry(from).or_insert(to);
        }
    };
    for entry in newer {
        renamed(&entry.commit(AuthorId::from_index(0), &ids), &mut history);
    }
    let mut authors: BTreeMap<String, AuthorId> = BTreeMap::new();
    for mut entry in entries {
        let next = AuthorId::from_index(authors.len());
        let author = *authors.entry(std::mem::take(&mut entry.email)).or_insert(next);
        let commit = entry.commit(author, &ids);
        commit.paths.iter().for_each(|p| history.changes[*p] += 1);
        renamed(&commit, &mut history);
        history.commits.push(commit);
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
            entries.push(Entry { hash, time: time.parse().unwrap_or(0), email, paths: BTreeMap::new() });
        } else if let Some(fields) = token.strip_prefix(':') {
            // Modes, hashes and the status letter; the path is the next token.
            let path = tokens.next().filter(|path| !path.is_empty())?;
            let mut fields = fields.split(' ');
            let mut field = || fields.next().unwrap_or_default();
            let (modes, hashes) = ([field(), field()], [field(), field()]);
            let objects = [0, 1].map(|at| GitObject::of_mode(modes[at], hashes[at]));
            entries.last_mut()?.paths.insert(path, objects);
        } else if !token.is_empty() {
            return None;
        }
    }
    Some(entries)
}
