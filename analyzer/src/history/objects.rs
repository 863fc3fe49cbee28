//! Contents of old files, read by one call of git.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Reason, git};
use crate::base::ToolOptions;

/// The texts of blobs, by hash: as many of them, in their order, as take no more than `most` bytes. What is no text or isn't
/// there (a partial clone) is left out. `Err` is git's reason.
pub(crate) fn texts(
    root: &Path,
    tools: &ToolOptions,
    hashes: &[&str],
    most: u64,
) -> Result<BTreeMap<String, String>, String> {
    if hashes.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ask = |format: &str, hashes: &[&str]| {
        let list = hashes.iter().map(|hash| format!("{hash}\n")).collect::<String>();
        git::run_with(root, tools, ["cat-file", format], list.into_bytes()).map_err(|why| {
            let (Reason::Asked(why) | Reason::Broken(why)) = why;
            why
        })
    };
    let sizes = ask("--batch-check=%(objectname) %(objecttype) %(objectsize)", hashes)?;
    let mut left = most;
    let mut wanted = Vec::new();
    for (line, &hash) in String::from_utf8_lossy(&sizes).lines().zip(hashes) {
        let fields: Vec<&str> = line.split(' ').collect();
        let ["blob", size] = fields[1..] else { continue };
        let Some(rest) = size.parse().ok().and_then(|size| left.checked_sub(size)) else { break };
        left = rest;
        wanted.push(hash);
    }
    Ok(parse(&ask("--batch", &wanted)?))
}

/// Reads `HASH blob SIZE`, the content, and a line's end, again and again.
fn parse(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut rest = bytes;
    while let Some(end) = rest.iter().position(|&byte| byte == b'\n') {
        let head = String::from_utf8_lossy(&rest[..end]).into_owned();
        rest = &rest[end + 1..];
        let fields: Vec<&str> = head.split(' ').collect();
        let [hash, "blob", size] = fields[..] else { continue };
        let Some(content) = size.parse().ok().and_then(|size: usize| rest.get(..size)) else { break };
        if let Ok(text) = std::str::from_utf8(content) {
            found.insert(hash.to_owned(), text.to_owned());
        }
        rest = rest.get(content.len() + 1..).unwrap_or_default();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_content_after_the_other() {
        let said = b"aa blob 3\nx\ny\nbb missing\ncc blob 0\n\ndd blob 2\n\xff\xfe\nee blob 9\nshort\n";
        let found = parse(said);
        let shown: Vec<(&str, &str)> =
            found.iter().map(|(hash, text)| (hash.as_str(), text.as_str())).collect();
        assert_eq!(shown, [("aa", "x\ny"), ("cc", "")]);
        assert!(parse(b"").is_empty());
    }
}
