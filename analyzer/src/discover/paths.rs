//! Paths as the model gives them: relative to the analysed root, with `/`.

use std::path::{Component, Path, PathBuf};

/// `path` relative to `root`: `""` for the root itself, `../x` for what lies beside it, absolute on another drive.
pub(crate) fn relative(root: &Path, path: &Path) -> String {
    if let Ok(inside) = path.strip_prefix(root) {
        return slashed(inside);
    }
    let common = root.components().zip(path.components()).take_while(|(a, b)| a == b).count();
    if common == 0 {
        return slashed(path);
    }
    let up = root.components().skip(common).map(|_| Component::ParentDir);
    slashed(&up.chain(path.components().skip(common)).collect::<PathBuf>())
}

/// The path of a file in a directory.
pub(crate) fn in_dir(dir: &str, name: &str) -> String {
    if dir.is_empty() { name.to_owned() } else { format!("{dir}/{name}") }
}

/// The directories above a relative path, the nearest first, down to the root (`""`); down to the last `..` for what lies
/// outside of it.
pub(crate) fn above(path: &str) -> impl Iterator<Item = &str> {
    let outside = path.starts_with("../");
    std::iter::successors(Some(path), |path| parent(path))
        .skip(1)
        .take_while(move |dir| !outside || !dir.is_empty())
}

fn parent(path: &str) -> Option<&str> {
    match path.rsplit_once('/') {
        Some((dir, _)) => Some(dir),
        None => (!path.is_empty()).then_some(""),
    }
}

/// `path` with `.` and `..` resolved by their spelling, as cargo does it (symbolic links are not followed).
pub(crate) fn normalize(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_paths() {
        let cases = [
            ("/a/b", "/a/b", ""),
            ("/a/b", "/a/b/c/d.rs", "c/d.rs"),
            ("/a/b", "/a/x/y", "../x/y"),
            ("/a/b", "/a", ".."),
            ("/a/b/c", "/a/bc", "../../bc"),
        ];
        for (root, path, expected) in cases {
            assert_eq!(relative(Path::new(root), Path::new(path)), expected);
        }
        assert_eq!(above("a/b/c").collect::<Vec<_>>(), ["a/b", "a", ""]);
        assert_eq!(above("../b/c").collect::<Vec<_>>(), ["../b", ".."]);
        assert_eq!(normalize(Path::new("/a/./b/../c")), Path::new("/a/c"));
    }
}
