//! A build script that goes along: its crate has a copy of it, with the build-dependencies. The package keeps its own, which may do
//! more than what its code shows.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use toml_edit::{DocumentMut, Item};

use super::layout::Layout;
use crate::apply::Done;
use crate::ids::PlanCrateId;
use crate::report::PlanReport;

/// Build scripts for crates of a plan.
#[derive(Debug, Default)]
pub(in crate::apply) struct BuildScripts {
    /// The crates that have it, and their build script's file with its text.
    pub(in crate::apply) of_crates: BTreeMap<PlanCrateId, (PathBuf, String)>,
    /// Edits that are carried out by this.
    pub(in crate::apply) done: BTreeSet<String>,
    /// Edits that are not, and why.
    pub(in crate::apply) refused: Vec<(String, String)>,
}

/// What the edits of a plan ask for. `directory` has the package, `read` reads its files.
pub(in crate::apply) fn build_scripts(
    plan: &PlanReport,
    layout: &Layout,
    (directory, manifest): (&Path, &DocumentMut),
    to: impl Fn(PlanCrateId) -> PathBuf,
    read: &dyn Fn(&Path) -> Done<String>,
) -> BuildScripts {
    let mut found = BuildScripts::default();
    for edit in plan.edits.iter().filter(|edit| edit.kind == "build-script") {
        let entry = plan.crates.iter().position(|krate| krate.name == edit.krate);
        let krate = layout
            .crates
            .iter_enumerated()
            .find(|(_, krate)| !krate.residual && entry.is_some_and(|entry| krate.entries.contains(&entry)));
        let Some((krate, _)) = krate else { continue };
        match script(directory, manifest, read) {
            Ok((file, text)) => {
                found.of_crates.insert(krate, (to(krate).join(file), text));
                found.done.insert(edit.id.clone());
            }
            Err(why) => found.refused.push((edit.id.clone(), why)),
        }
    }
    found
}

/// The package's build script, where a copy of it does the same elsewhere.
fn script(
    directory: &Path,
    manifest: &DocumentMut,
    read: &dyn Fn(&Path) -> Done<String>,
) -> Done<(String, String)> {
    let package = manifest.get("package").and_then(Item::as_table_like);
    let key = |name: &str| package.and_then(|package| package.get(name)).and_then(Item::as_str);
    if key("links").is_some() {
        return Err("the package `links` a library, which only one package may".to_owned());
    }
    let file = key("build").unwrap_or("build.rs");
    let text = read(&directory.join(file))?;
    let stream: TokenStream = text.parse().map_err(|error| format!("{file}: {error}"))?;
    let mut strings = Vec::new();
    let mut modules = false;
    let mut previous = String::new();
    read_tokens(stream, &mut |tree| {
        if let TokenTree::Literal(literal) = tree
            && let Ok(string) = syn::parse_str::<syn::LitStr>(&literal.to_string())
        {
            strings.push(string.value());
        }
        modules |= previous == "mod" && matches!(tree, TokenTree::Ident(_));
        previous = tree.to_string();
    });
    if modules {
        return Err(format!("`{file}` has modules"));
    }
    // A file of the package that it reads, or looks at.
    let of_package = strings.iter().map(|string| string.rsplit('=').next().unwrap_or(string)).find(|path| {
        let own = *path == file || *path == "build.rs" || path.is_empty() || path.contains(['{', '*']);
        !own && (directory.join(path).is_dir() || read(&directory.join(path)).is_ok())
    });
    match of_package {
        Some(path) => Err(format!("`{file}` reads `{path}` of the package")),
        None => Ok((file.to_owned(), text)),
    }
}

/// Every token but the groups themselves.
fn read_tokens(stream: TokenStream, each: &mut dyn FnMut(&TokenTree)) {
    let mut open = vec![stream.into_iter()];
    while let Some(last) = open.last_mut() {
        match last.next() {
            Some(TokenTree::Group(group)) => open.push(group.stream().into_iter()),
            Some(tree) => each(&tree),
            None => {
                open.pop();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_copied_where_it_does_the_same_elsewhere() {
        let cases = [
            ("[package]\n", "fn main() { println!(\"cargo::rustc-cfg=fast\"); }", Ok("build.rs")),
            ("[package]\nbuild = \"b/gen.rs\"\n", "fn main() {}", Ok("b/gen.rs")),
            ("[package]\n", "fn main() { r(\"cargo:rerun-if-changed=build.rs\") }", Ok("build.rs")),
            ("[package]\nlinks = \"z\"\n", "fn main() {}", Err("`links`")),
            ("[package]\n", "mod more; fn main() {}", Err("modules")),
            ("[package]\n", "fn main() { compile(&[\"proto/a.proto\"]) }", Err("`proto/a.proto`")),
            (
                "[package]\n",
                "fn main() { r(\"cargo:rerun-if-changed=proto/a.proto\") }",
                Err("`proto/a.proto`"),
            ),
        ];
        for (manifest, text, expected) in cases {
            let read = |path: &Path| match path.to_str() {
                Some("/p/build.rs" | "/p/b/gen.rs") => Ok(text.to_owned()),
                Some("/p/proto/a.proto") => Ok(String::new()),
                _ => Err("not there".to_owned()),
            };
            let found = script(Path::new("/p"), &manifest.parse().unwrap(), &read);
            match expected {
                Ok(file) => assert_eq!(found, Ok((file.to_owned(), text.to_owned())), "{text}"),
                Err(word) => assert!(found.unwrap_err().contains(word), "{text}"),
            }
        }
    }
}
