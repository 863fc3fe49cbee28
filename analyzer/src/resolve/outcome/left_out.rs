//! Files that the analysed build leaves out: behind a feature, a `cfg` or a target that is off, or in no module at all.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::discover::{Repository, TargetKind};
use crate::ids::{FileId, IdVec};
use crate::resolve::model::{Item, ItemKind, Resolution};

/// A package is said to be read in part where at least this share of its files is left out, and so many. Choices.
const LARGE_SHARE: f64 = 0.5;
const MANY_FILES: usize = 10;

/// The `.rs` files of which no module has anything. A file may have been read and then left out by a `cfg`: what counts is
/// that something of it is there.
pub fn unlinked_files(repository: &Repository, resolution: &Resolution) -> Vec<String> {
    let of_modules = resolution.modules.iter().map(|module| module.file);
    let of_items = resolution.items.iter().map(|item| item.file);
    let mut has_items = IdVec::<FileId, bool>::from_elem(false, resolution.files.len());
    of_modules.chain(of_items).for_each(|file| has_items[file] = true);
    let files = resolution.files.iter_enumerated().filter(|(file, _)| has_items[*file]);
    let linked: BTreeSet<&str> = files.map(|(_, file)| file.path.as_str()).collect();
    repository.rust_files.iter().filter(|path| !linked.contains(path.as_str())).cloned().collect()
}

/// Says which libraries are read in small part only: a plan for them, and its seconds, are of that part.
///
/// `found` is what the stages before have to say: modules may be left out for their depth, too.
pub fn read_in_part(
    repository: &Repository,
    resolution: &Resolution,
    found: &[Diagnostic],
) -> Vec<Diagnostic> {
    // A module may hold nothing but re-exports of another package's items.
    let is_there = |item: &&Item| item.kind != ItemKind::Module || item.compiled;
    let there: BTreeSet<&str> = resolution
        .items
        .iter()
        .filter(is_there)
        .map(|item| resolution.files[item.file].path.as_str())
        .chain(
            resolution
                .modules
                .iter()
                .filter(|m| is_there(&&resolution.items[m.item]))
                .map(|m| resolution.files[m.file].path.as_str()),
        )
        .collect();
    let files = repository.rust_files.iter();
    let empty: Vec<String> = files.filter(|path| !there.contains(path.as_str())).cloned().collect();
    let below = |dir: &str, path: &str| path.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'));
    let count = |dir: &str, paths: &[String]| {
        // Sorted: the files below a directory stand together.
        let start = paths.partition_point(|path| path.as_str() < dir);
        paths[start..].iter().take_while(|path| path.starts_with(dir)).filter(|path| below(dir, path)).count()
    };
    let read: BTreeSet<&str> = resolution.files.iter().map(|file| file.path.as_str()).collect();
    let (off, unread): (Vec<String>, Vec<String>) =
        empty.iter().cloned().partition(|path| read.contains(path.as_str()));
    let libraries = repository.targets.iter().filter(|t| matches!(t.kind, TargetKind::Lib) && t.enabled);
    let part = |src: &str| {
        let (dir, _) = src.rsplit_once('/')?;
        let (all, out) = (count(dir, &repository.rust_files), count(dir, &empty));
        (out >= MANY_FILES && out as f64 >= LARGE_SHARE * all as f64).then_some((all, out))
    };
    let said = |src: &str, name: &str| {
        let (all, out) = part(src)?;
        let (dir, _) = src.rsplit_once('/')?;
        let deep = found
            .iter()
            .any(|d| d.code == Code::ModuleLimit && d.path.as_ref().is_some_and(|path| below(dir, path)));
        let why = why(count(dir, &off), count(dir, &unread), deep);
        let message = format!(
            "{out} of {all} files of `{name}` are left out: {why}, and what is said of the package is said of the rest"
        );
        Some(Diagnostic::new(Severity::Warning, Code::LeftOut, message).at(src))
    };
    libraries.filter_map(|t| said(&t.src, &repository.packages[t.package].name)).collect()
}

/// Why files are left out: those that a `mod` leads to, and those that none does. `deep`: some may be for their depth.
fn why(off: usize, unread: usize, deep: bool) -> String {
    let nested = if deep { "their modules are nested too deep, or " } else { "" };
    let switch = "need features, cfgs or a target that are off (--features, --cfg, --target)";
    let found = "no `mod` that could be read leads to";
    match (off, unread) {
        (_, 0) => format!("{nested}they {switch}"),
        (0, _) => format!("{nested}{found} them"),
        _ => format!("{nested}{off} {switch}, {found} {unread}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::tests::read;

    /// What is said of a library of twelve modules in files of their own, each declared and filled in one way.
    fn told(attribute: &str, text: &str) -> Vec<String> {
        let names: Vec<String> = (0..12).map(|n| format!("m{n}")).collect();
        let declared: String = names.iter().map(|name| format!("{attribute} pub mod {name};\n")).collect();
        let files: String = names.iter().map(|name| format!("//- /l/src/{name}.rs\n{text}\n")).collect();
        let (mut repository, resolution) = read(&format!("//- /l/src/lib.rs crate:l\n{declared}{files}"));
        let paths = names.iter().map(|name| format!("l/src/{name}.rs"));
        repository.rust_files = paths.chain(["l/src/lib.rs".to_owned()]).collect();
        repository.rust_files.sort();
        read_in_part(&repository, &resolution, &[]).into_iter().map(|d| d.message).collect()
    }

    #[test]
    fn files_that_only_re_export_are_there() {
        assert_eq!(told("", "pub use std::vec::*;"), Vec::<String>::new());
        assert_eq!(told("", "fn f() {}"), Vec::<String>::new());
        let off = told("#[cfg(windows)]", "pub use std::vec::*;");
        assert!(off.len() == 1 && off[0].starts_with("12 of 13 files of `l` are left out"), "{off:?}");
    }

    #[test]
    fn only_what_is_known_is_given_as_the_reason() {
        for (declared, expected) in [
            ("#[cfg(windows)]", "they need features, cfgs"),
            ("// No", "no `mod` that could be read leads to them,"),
        ] {
            let said = told(declared, "fn f() {}").pop().unwrap_or_default();
            assert!(said.contains(expected), "{declared}: {said}");
        }
        assert!(why(3, 9, false).starts_with("3 need features"));
        assert!(why(3, 9, false).ends_with("leads to 9"));
    }
}
