//! The module tree of a crate as its files say, whatever is switched off: what `apply` moves.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::facts::{Body, Child, body};

/// A source file.
#[derive(Debug)]
pub(crate) struct SourceFile {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
    /// Inner attributes, as text with their place.
    pub(crate) attributes: Vec<(String, std::ops::Range<usize>)>,
}

/// A module.
#[derive(Debug)]
pub(crate) struct Mod {
    /// `a::x`, the crate's name first.
    pub(crate) path: String,
    pub(crate) parent: Option<usize>,
    pub(crate) children: Vec<usize>,
    /// Its declaration; `None` for the root.
    pub(crate) decl: Option<Child>,
    pub(crate) file: usize,
    /// What is between the braces of an inline module.
    pub(crate) inside: Option<std::ops::Range<usize>>,
    pub(crate) body: Body,
    /// Where the files of its children lie.
    pub(crate) directory: PathBuf,
}

/// A crate's modules, parents first, and their files.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    /// The directory of the root file.
    pub(crate) source: PathBuf,
    pub(crate) files: Vec<SourceFile>,
    pub(crate) modules: Vec<Mod>,
    /// Files that are not there, or no Rust: their modules are left out.
    pub(crate) unread: Vec<String>,
}

impl Tree {
    /// Reads a crate from its root file; `name` begins the paths of its modules.
    pub(crate) fn read(root: &Path, name: &str) -> anyhow::Result<Self> {
        let source = root.parent().unwrap_or(Path::new("")).to_owned();
        let mut tree = Self { source: source.clone(), ..Self::default() };
        let (file, body) = tree.file(root).with_context(|| root.display().to_string())?;
        tree.add(
            NewModule { path: name.to_owned(), parent: None, directory: source },
            None,
            file,
            body,
            None,
        );
        Ok(tree)
    }

    /// The module as users of the crate write it, without the crate's name: `a::b`, empty for the root.
    pub(crate) fn inner_path(&self, module: usize) -> &str {
        self.modules[module].path.split_once("::").map_or("", |(_, inner)| inner)
    }

    fn file(&mut self, path: &Path) -> anyhow::Result<(usize, Body)> {
        let text = fs::read_to_string(path)?;
        let parsed = syn::parse_file(&text)?;
        let attributes = parsed.attrs.iter().map(|a| {
            let tokens = quote::ToTokens::to_token_stream(a);
            let ends: Vec<_> = tokens.clone().into_iter().map(|t| t.span().byte_range()).collect();
            let range = ends.first().map_or(0, |r| r.start)..ends.last().map_or(0, |r| r.end);
            (tokens.to_string(), range)
        });
        let attributes = attributes.collect();
        self.files.push(SourceFile { path: path.to_owned(), text, attributes });
        Ok((self.files.len() - 1, body(&parsed.items)))
    }

    fn add(
        &mut self,
        place: NewModule,
        decl: Option<Child>,
        file: usize,
        mut body: Body,
        inside: Option<std::ops::Range<usize>>,
    ) {
        let id = self.modules.len();
        let children = std::mem::take(&mut body.children);
        if let Some(parent) = place.parent {
            self.modules[parent].children.push(id);
        }
        let NewModule { path, parent, directory } = place;
        self.modules.push(Mod {
            path: path.clone(),
            parent,
            children: Vec::new(),
            decl,
            file,
            inside,
            body,
            directory: directory.clone(),
        });
        for mut child in children {
            let place = |directory: PathBuf| NewModule {
                path: format!("{path}::{}", child.name.trim_start_matches("r#")),
                parent: Some(id),
                directory,
            };
            let own = directory.join(child.name.trim_start_matches("r#"));
            if let Some((body, inside)) = child.inline.take() {
                let place = place(own);
                self.add(place, Some(child), file, body, Some(inside));
                continue;
            }
            match self.find(&child, &own, file) {
                Some((found, directory)) => match self.file(&found) {
                    Ok((file, body)) => {
                        let place = place(directory);
                        self.add(place, Some(child), file, body, None);
                    }
                    Err(error) => self.unread.push(format!("{}: {error}", found.display())),
                },
                None => self.unread.push(format!("no file for module {path}::{}", child.name)),
            }
        }
    }

    /// The file of `mod x;`, and the directory of its children.
    fn find(&self, child: &Child, own: &Path, file: usize) -> Option<(PathBuf, PathBuf)> {
        if let Some(path) = &child.path {
            let found = self.files[file].path.parent()?.join(path);
            let directory = found.parent()?.to_owned();
            return found.is_file().then_some((found, directory));
        }
        let candidates = [own.with_extension("rs"), own.join("mod.rs")];
        candidates.into_iter().find(|path| path.is_file()).map(|path| (path, own.to_owned()))
    }
}

/// Where a module hangs.
struct NewModule {
    path: String,
    parent: Option<usize>,
    directory: PathBuf,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_found_as_rustc_finds_them() {
        let dir = tempfile::tempdir().unwrap();
        let files = [
            (
                "lib.rs",
                "mod a; mod b { pub mod c; }\n#[cfg(windows)] mod w;\n#[path = \"odd.rs\"] mod d; mod gone;",
            ),
            ("a/mod.rs", "pub mod deep;"),
            ("a/deep.rs", "cfg_x! { mod wrapped; }"),
            ("a/deep/wrapped.rs", ""),
            ("b/c.rs", ""),
            ("w.rs", ""),
            ("odd.rs", "mod e;"),
            ("e.rs", ""),
        ];
        for (path, text) in files {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let tree = Tree::read(&dir.path().join("lib.rs"), "k").unwrap();
        let mut paths: Vec<&str> = tree.modules.iter().map(|m| m.path.as_str()).collect();
        paths.sort_unstable();
        let expected =
            ["k", "k::a", "k::a::deep", "k::a::deep::wrapped", "k::b", "k::b::c", "k::d", "k::d::e", "k::w"];
        assert_eq!(paths, expected);
        assert_eq!(tree.unread, ["no file for module k::gone"]);
    }
}
