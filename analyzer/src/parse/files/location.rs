//! Where `mod x;` and `include!` look for files, by rustc's rules.
//!
//! <https://doc.rust-lang.org/reference/items/modules.html#the-path-attribute>

use super::generated::Generated;
use crate::parse::tree::Name;

/// Where a module's children are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// Directory of `x.rs` for a child `mod x;`.
    children: String,
    /// Directory that a child's `#[path]` is relative to.
    base: String,
}

impl Location {
    /// The location of a file's root module. `owner`: its children lie beside it (`mod.rs`, crate roots, files named
    /// by `#[path]`), not in a directory of its own name.
    pub fn of_file(path: &str, owner: bool) -> Self {
        let (dir, file) = split(path);
        let stem = file.strip_suffix(".rs").unwrap_or(file);
        let children = if owner { dir.to_owned() } else { join(dir, stem) };
        Self { children, base: dir.to_owned() }
    }

    /// The directory of its children.
    pub(super) fn children(&self) -> &str {
        &self.children
    }

    /// The location of an inline module `mod name { … }`; an empty name is a block that is no module.
    pub fn inline(&self, name: &str, paths: &[(Option<Name>, Box<str>)]) -> Self {
        if name.is_empty() {
            return self.clone();
        }
        let dir = match paths.first() {
            Some((_, path)) => join(&self.base, path),
            None => join(&self.children, name),
        };
        Self { children: dir.clone(), base: dir }
    }

    /// The files a `mod name;` may mean, first choice first, each with whether it owns its directory.
    pub fn candidates(&self, name: &str, path: Option<&str>) -> Vec<(String, bool)> {
        match path {
            Some(path) => vec![(join(&self.base, path), true)],
            None => vec![
                (join(&self.children, &format!("{name}.rs")), false),
                (join(&self.children, &format!("{name}/mod.rs")), true),
            ],
        }
    }
}

/// The files that `include!(argument)` in `file` may mean: a path beside the file, or one that a build script wrote.
pub(in crate::parse) fn include_candidates(file: &str, argument: &str, generated: &Generated) -> Vec<String> {
    let literals: Vec<&str> = argument.split('"').skip(1).step_by(2).collect();
    let Some(last) = literals.last().filter(|l| l.ends_with(".rs")) else { return Vec::new() };
    if argument.contains("OUT_DIR") {
        let name = last.rsplit('/').next().unwrap_or(last);
        return generated.newest(name).cloned().into_iter().collect();
    }
    if argument.trim_start().starts_with('"') {
        return vec![join(split(file).0, last)];
    }
    Vec::new()
}

fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// Joins and normalises; an absolute second part wins.
pub(in crate::parse) fn join(dir: &str, path: &str) -> String {
    let absolute = path.starts_with('/') || (dir.starts_with('/') && !path.starts_with('/'));
    let whole =
        if path.starts_with('/') || dir.is_empty() { path.to_owned() } else { format!("{dir}/{path}") };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|p| *p != "..") => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    let joined = parts.join("/");
    if absolute { format!("/{joined}") } else { joined }
}

#[cfg(test)]
mod tests {
    use super::Location;

    fn first_choice(file: &str, owner: bool, inline: &[&str], name: &str, path: Option<&str>) -> String {
        let location = Location::of_file(file, owner);
        let location = inline.iter().fold(location, |l, name| l.inline(name, &[]));
        location.candidates(name, path).swap_remove(0).0
    }

    #[test]
    fn follows_the_reference() {
        for (file, owner, inline, name, path, want) in [
            ("src/lib.rs", true, &[][..], "c", None, "src/c.rs"),
            ("src/a/mod.rs", true, &[], "c", None, "src/a/c.rs"),
            ("src/a.rs", false, &[], "c", None, "src/a/c.rs"),
            ("src/a/b.rs", false, &[], "c", Some("foo.rs"), "src/a/foo.rs"),
            ("src/a/mod.rs", true, &[], "c", Some("foo.rs"), "src/a/foo.rs"),
            ("src/a/b.rs", false, &["inline"], "c", Some("other.rs"), "src/a/b/inline/other.rs"),
            ("src/a/mod.rs", true, &["inline"], "c", Some("other.rs"), "src/a/inline/other.rs"),
            ("src/a.rs", false, &["x", "y"], "c", None, "src/a/x/y/c.rs"),
            ("src/lib.rs", true, &[], "c", Some("../shared/c.rs"), "shared/c.rs"),
            ("lib.rs", true, &[], "c", None, "c.rs"),
            ("../other/lib.rs", true, &[], "c", None, "../other/c.rs"),
            ("/abs/lib.rs", true, &[], "c", None, "/abs/c.rs"),
        ] {
            assert_eq!(
                first_choice(file, owner, inline, name, path),
                want,
                "{file} {inline:?} {name} {path:?}"
            );
        }
    }
}
