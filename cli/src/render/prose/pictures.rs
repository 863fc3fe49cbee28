//! What is said of a picture that is too large to help.

use split_analyzer::graph::Level;
use split_analyzer::report::{PICTURE_NODES, SmallerPicture};

/// How large it is, and what to ask for.
pub(crate) fn too_large(nodes: usize, smaller: &[SmallerPicture]) -> String {
    let named: Vec<String> =
        smaller.iter().map(|p| format!("`{}` ({} nodes)", options(p), p.nodes)).collect();
    let instead = match &named[..] {
        [] => "`--package NAME` and `--depth N` draw parts of it, and `explain` answers why one part needs another".to_owned(),
        all => format!("ask for {}", all.join(" or ")),
    };
    format!("{nodes} nodes are too many for a picture to help (more than {PICTURE_NODES}): {instead}")
}

/// What to add to `graph`.
fn options(picture: &SmallerPicture) -> String {
    let level = match picture.level {
        Level::Crate => "--level crate".to_owned(),
        Level::Module | Level::File | Level::Item => String::new(),
    };
    let package = picture.package.as_ref().map(|name| format!("--package {name}"));
    let depth = picture.depth.map(|depth| format!("--depth {depth}"));
    let parts = [Some(level).filter(|level| !level.is_empty()), package, depth];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_to_ask_instead_is_said() {
        let of = |level, package: Option<&str>, depth, nodes| SmallerPicture {
            level,
            package: package.map(str::to_owned),
            depth,
            nodes,
        };
        let smaller = [of(Level::Module, Some("shop"), Some(1), 12), of(Level::Crate, None, None, 4)];
        assert_eq!(
            too_large(320, &smaller),
            "320 nodes are too many for a picture to help (more than 60): ask for `--package shop --depth 1` (12 nodes) or \
             `--level crate` (4 nodes)"
        );
        assert!(too_large(61, &[]).contains("`--package NAME`"));
    }
}
