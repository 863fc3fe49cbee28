//! The module tree of a crate as its files say, whatever is switched off.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit::Visit;

use super::spans::bytes;
use super::syntax::{Body, Child, Use, body, import};
use super::test_only::{TestOnly, test_code, test_only};
use super::tokens::{Token, flat};
use crate::apply::Done;
use crate::discover::normalize;
use crate::ids::{Id, IdVec, SourceFileId, SourceModuleId};

/// A source file.
#[derive(Debug)]
pub(in crate::apply) struct SourceFile {
    pub(in crate::apply) path: PathBuf,
    pub(in crate::apply) text: String,
    pub(in crate::apply) tokens: Vec<Token>,
    /// Inner attributes, as text with their place.
    pub(in crate::apply) attributes: Vec<(String, Range<usize>)>,
    /// Imports in function bodies.
    pub(in crate::apply) inner_uses: Vec<Use>,
    /// What is compiled for tests alone, but for modules.
    pub(in crate::apply) test_only: Vec<TestOnly>,
    /// The bytes of all that is, modules and tests included.
    pub(in crate::apply) test_code: Vec<Range<usize>>,
    /// Every module that has a file of its own, or lies in one.
    pub(in crate::apply) modules: Vec<SourceModuleId>,
}

impl SourceFile {
    /// `#![cfg(…)]` of the file as its declaration would have it, a line each: without it there is no such module.
    fn inner_cfgs(&self) -> String {
        let of_file = self.attributes.iter().map(|(_, bytes)| &self.text[bytes.clone()]);
        let cfgs = of_file.filter_map(|text| text.strip_prefix("#![cfg("));
        cfgs.map(|rest| format!("#[cfg({rest}\n")).collect()
    }
}

/// A module.
#[derive(Debug)]
pub(in crate::apply) struct SourceModule {
    /// `a::x`, the crate's name first.
    pub(in crate::apply) path: String,
    pub(in crate::apply) parent: Option<SourceModuleId>,
    pub(in crate::apply) children: Vec<SourceModuleId>,
    /// Its declaration; `None` for the root. Of several the most visible one.
    pub(in crate::apply) decl: Option<Child>,
    /// Others that make the same file the same module, each under a `cfg`.
    pub(in crate::apply) others: Vec<Child>,
    pub(in crate::apply) file: SourceFileId,
    /// What is between the braces of an inline module.
    pub(in crate::apply) inside: Option<Range<usize>>,
    pub(in crate::apply) body: Body,
    /// Whether the analysed build has it.
    pub(in crate::apply) compiled: bool,
    /// Where the files of its children lie.
    pub(in crate::apply) directory: PathBuf,
}

/// A crate's modules, parents first, and their files.
#[derive(Debug, Default)]
pub(in crate::apply) struct Tree {
    /// The directory of the root file.
    pub(in crate::apply) source: PathBuf,
    pub(in crate::apply) files: IdVec<SourceFileId, SourceFile>,
    pub(in crate::apply) modules: IdVec<SourceModuleId, SourceModule>,
    /// Files that are not there, or no Rust: their modules are left out.
    pub(in crate::apply) unread: Vec<String>,
}

/// The root.
pub(in crate::apply) const ROOT: SourceModuleId = SourceModuleId(0);

impl SourceModule {
    /// All declarations of it.
    pub(in crate::apply) fn declarations(&self) -> impl Iterator<Item = &Child> {
        self.decl.iter().chain(&self.others)
    }

    /// The `cfg`s that it is compiled under, a line each: of several declarations any.
    pub(in crate::apply) fn cfgs(&self) -> String {
        any_cfg(&self.declarations().map(|decl| decl.attributes.as_str()).collect::<Vec<_>>())
    }

    fn declare_again(&mut self, mut child: Child) {
        let Some(first) = &mut self.decl else { return };
        first.for_tests &= child.for_tests;
        child.for_tests = first.for_tests;
        if child.vis == "pub" {
            std::mem::swap(first, &mut child);
        }
        self.others.push(child);
    }
}

/// Several texts of `cfg`s, each of which is enough, as one.
fn any_cfg(each: &[&str]) -> String {
    if let [] | [_] = each {
        return each.concat();
    }
    let condition = |text: &&str| {
        let lines = text.lines().filter_map(|line| line.strip_prefix("#[cfg(")?.strip_suffix(")]"));
        let all: Vec<&str> = lines.collect();
        if let [only] = all[..] { only.to_owned() } else { format!("all({})", all.join(", ")) }
    };
    let any: Vec<String> = each.iter().map(condition).collect();
    // One of two that exclude each other always holds.
    let always = any.iter().any(|one| one == "all()" || any.contains(&format!("not({one})")));
    if always { String::new() } else { format!("#[cfg(any({}))]\n", any.join(", ")) }
}

/// Where a module hangs.
struct NewModule {
    path: String,
    parent: Option<SourceModuleId>,
    directory: PathBuf,
}

/// Modules of one crate nest no deeper.
const MOST_NESTED: usize = 256;

impl Tree {
    /// Reads a crate from its root file, each file by `read`; `name` begins the paths of its modules.
    pub(in crate::apply) fn read(
        root: &Path,
        name: &str,
        read: &dyn Fn(&Path) -> Done<String>,
    ) -> Done<Self> {
        let source = root.parent().unwrap_or(Path::new("")).to_owned();
        let mut tree = Self { source: source.clone(), ..Self::default() };
        let (file, body) = tree.file(root, read)?;
        let place = NewModule { path: name.to_owned(), parent: None, directory: source };
        tree.add(place, None, file, (body, None), read);
        Ok(tree)
    }

    /// Puts what is compiled before what is not, among the modules in one: of several of a name it is what the name means.
    pub(in crate::apply) fn prefer(&mut self, compiled: &BTreeSet<(PathBuf, Option<u32>)>) {
        let is_compiled = |id: SourceModuleId| {
            let (data, source) = (&self.modules[id], self.file_of(id));
            let Some(decl) = data.decl.as_ref().filter(|_| data.inside.is_some()) else {
                return compiled.contains(&(source.path.clone(), None));
            };
            let line = |byte: usize| 1 + source.text[..byte].matches('\n').count() as u32;
            let mut lines = line(decl.whole.start)..=line(decl.bare.start);
            lines.any(|line| compiled.contains(&(source.path.clone(), Some(line))))
        };
        let first: IdVec<SourceModuleId, bool> = self.modules.ids().map(is_compiled).collect();
        for id in first.ids() {
            let module = &mut self.modules[id];
            module.compiled = first[id];
            module.children.sort_by_key(|child| !first[*child]);
        }
    }

    /// The module as users of the crate write it, without the crate's name: `a::b`, empty for the root.
    pub(in crate::apply) fn inner_path(&self, module: SourceModuleId) -> &str {
        self.modules[module].path.split_once("::").map_or("", |(_, inner)| inner)
    }

    /// The child of a module with this name. Of several (each under a `cfg`) the first.
    pub(in crate::apply) fn child(&self, module: SourceModuleId, name: &str) -> Option<SourceModuleId> {
        let named = |child: &&SourceModuleId| {
            self.modules[**child].decl.as_ref().is_some_and(|decl| decl.name == name)
        };
        self.modules[module].children.iter().find(named).copied()
    }

    pub(in crate::apply) fn file_of(&self, module: SourceModuleId) -> &SourceFile {
        &self.files[self.modules[module].file]
    }

    /// The module that a place of a file lies in: the innermost.
    pub(in crate::apply) fn module_at(&self, file: SourceFileId, at: usize) -> Option<SourceModuleId> {
        let around = |module: &&SourceModuleId| {
            self.modules[**module].inside.as_ref().is_none_or(|inside| inside.contains(&at))
        };
        let size = |module: &&SourceModuleId| {
            self.modules[**module].inside.as_ref().map_or(usize::MAX, ExactSizeIterator::len)
        };
        self.files[file].modules.iter().filter(around).min_by_key(size).copied()
    }

    /// Whether a module, or one around it, is compiled for tests alone.
    pub(in crate::apply) fn is_module_for_tests(&self, module: SourceModuleId) -> bool {
        let parent = |id: &SourceModuleId| self.modules[*id].parent;
        let of_tests = |id: SourceModuleId| self.modules[id].decl.as_ref().is_some_and(|decl| decl.for_tests);
        std::iter::successors(Some(module), parent).any(of_tests)
    }

    /// Whether what stands at a place of a file is compiled for tests alone.
    pub(in crate::apply) fn is_for_tests(&self, file: SourceFileId, at: usize) -> bool {
        self.files[file].test_code.iter().any(|bytes| bytes.contains(&at))
            || self.module_at(file, at).is_some_and(|module| self.is_module_for_tests(module))
    }

    fn file(&mut self, path: &Path, read: &dyn Fn(&Path) -> Done<String>) -> Done<(SourceFileId, Body)> {
        let text = read(path)?;
        let parsed = syn::parse_file(&text)
            .map_err(|error| format!("{}:{}: {error}", path.display(), error.span().start().line))?;
        let stream: proc_macro2::TokenStream =
            text.parse().map_err(|error| format!("{}: {error}", path.display()))?;
        let attributes = parsed.attrs.iter().map(|a| {
            let tokens = a.to_token_stream();
            (tokens.to_string(), bytes(&tokens))
        });
        let attributes = attributes.collect();
        let mut inner = InnerUses::default();
        inner.visit_file(&parsed);
        let tokens = flat(stream);
        let id = SourceFileId::from_index(self.files.len());
        let path = path.to_owned();
        let inner_uses = inner.found;
        let (test_only, test_code) = (test_only(&parsed), test_code(&parsed));
        let modules = Vec::new();
        self.files.push(SourceFile {
            path,
            text,
            tokens,
            attributes,
            inner_uses,
            test_only,
            test_code,
            modules,
        });
        Ok((id, body(&parsed.items)))
    }

    fn add(
        &mut self,
        place: NewModule,
        decl: Option<Child>,
        file: SourceFileId,
        (mut body, inside): (Body, Option<Range<usize>>),
        read: &dyn Fn(&Path) -> Done<String>,
    ) {
        let id = SourceModuleId::from_index(self.modules.len());
        let children = std::mem::take(&mut body.children);
        if let Some(parent) = place.parent {
            self.modules[parent].children.push(id);
        }
        let NewModule { path, parent, directory } = place;
        self.files[file].modules.push(id);
        let nested = path.matches("::").count();
        self.modules.push(SourceModule {
            path: path.clone(),
            parent,
            children: Vec::new(),
            decl,
            others: Vec::new(),
            file,
            inside,
            body,
            compiled: true,
            directory: directory.clone(),
        });
        if nested > MOST_NESTED {
            self.unread.push(format!("{path} is nested too deep"));
            return;
        }
        for mut child in children {
            let name = child.name.trim_start_matches("r#").to_owned();
            let place = |directory: PathBuf| NewModule {
                path: format!("{path}::{name}"),
                parent: Some(id),
                directory,
            };
            let own = directory.join(&name);
            if let Some((body, inside)) = child.inline.take() {
                self.add(place(own), Some(child), file, (body, Some(inside)), read);
                continue;
            }
            let found = self.find(&child, &own, file);
            if let Some(again) = found.as_ref().and_then(|(file, _)| self.declared(id, &child.name, file)) {
                self.modules[again].declare_again(child);
                continue;
            }
            match found {
                Some((found, directory)) => match self.file(&found, read) {
                    Ok((file, body)) => {
                        child.attributes += &self.files[file].inner_cfgs();
                        self.add(place(directory), Some(child), file, (body, None), read);
                    }
                    Err(error) => self.unread.push(error),
                },
                None => self.unread.push(format!("no file for module {path}::{name}")),
            }
        }
    }

    /// The module that a file is by this name.
    fn declared(&self, around: SourceModuleId, name: &str, path: &Path) -> Option<SourceModuleId> {
        let child = self.child(around, name)?;
        (self.modules[child].inside.is_none() && self.file_of(child).path == path).then_some(child)
    }

    /// The file of `mod x;`, and the directory of its children.
    fn find(&self, child: &Child, own: &Path, file: SourceFileId) -> Option<(PathBuf, PathBuf)> {
        if let Some(path) = &child.path {
            // The same file by another path is the same.
            let found = normalize(&self.files[file].path.parent()?.join(path));
            let directory = found.parent()?.to_owned();
            return found.is_file().then_some((found, directory));
        }
        let candidates = [own.with_extension("rs"), own.join("mod.rs")];
        candidates.into_iter().find(|path| path.is_file()).map(|path| (path, own.to_owned()))
    }
}

/// Imports that stand in blocks.
#[derive(Default)]
struct InnerUses {
    found: Vec<Use>,
    depth: u32,
}

impl<'ast> Visit<'ast> for InnerUses {
    fn visit_block(&mut self, block: &'ast syn::Block) {
        self.depth += 1;
        syn::visit::visit_block(self, block);
        self.depth -= 1;
    }

    fn visit_item_use(&mut self, statement: &'ast syn::ItemUse) {
        if self.depth > 0 {
            self.found.push(import(statement));
        }
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        lists_in(call.tokens.clone(), &mut self.found);
    }
}

/// Imports with lists of names in a macro's tokens, be they its rules or what it is given. A single name's path is one of the
/// file's paths. Those of `$crate` are not read.
fn lists_in(tokens: TokenStream, found: &mut Vec<Use>) {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let is = |tree: &TokenTree, word: &str| matches!(tree, TokenTree::Ident(ident) if ident == word);
    let is_list = |tree: &TokenTree| matches!(tree, TokenTree::Group(g) if g.delimiter() == Delimiter::Brace);
    for (at, tree) in trees.iter().enumerate() {
        if let TokenTree::Group(group) = tree {
            lists_in(group.stream(), found);
        }
        let ends = |tree: &TokenTree| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == ';');
        let Some(length) = is(tree, "use").then(|| trees[at..].iter().position(ends)).flatten() else {
            continue;
        };
        let statement = &trees[at..=at + length];
        let restricted = at > 1 && is(&trees[at - 2], "pub") && matches!(&trees[at - 1], TokenTree::Group(_));
        let start = match at.checked_sub(1).map(|before| &trees[before]) {
            Some(before) if is(before, "pub") => at - 1,
            _ if restricted => at - 2,
            _ => at,
        };
        // What `super` means depends on where the macro is called.
        if statement.get(1).is_some_and(|t| is(t, "crate")) && statement.iter().any(is_list) {
            let stream = trees[start..=at + length].iter().cloned().collect();
            found.extend(syn::parse2::<syn::ItemUse>(stream).ok().as_ref().map(import));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{any_cfg, lists_in};

    #[test]
    fn lists_of_names_in_macros_are_imports() {
        let text = "(a) => { mod t { pub(crate) use crate::{a::B, c}; use super::d; use $x::{y}; } };";
        let mut found = Vec::new();
        lists_in(text.parse().unwrap(), &mut found);
        let said: Vec<_> = found.iter().map(|u| (&text[u.bytes.clone()], u.leaves.len())).collect();
        assert_eq!(said, [("pub(crate) use crate::{a::B, c};", 2)]);
    }

    #[test]
    fn one_of_several_cfgs_is_enough() {
        let cases: [(&[&str], &str); 6] = [
            (&[], ""),
            (&["#[cfg(a)]\n#[cfg(b)]\n"], "#[cfg(a)]\n#[cfg(b)]\n"),
            (&["#[cfg(a)]\n", "#[cfg(b)]\n#[cfg(c)]\n"], "#[cfg(any(a, all(b, c)))]\n"),
            (&["#[cfg(a)]\n", "#[cfg(not(a))]\n"], ""),
            (&["#[cfg(not(all(a, b)))]\n", "#[cfg(a)]\n#[cfg(b)]\n"], ""),
            (&["#[cfg(a)]\n", ""], ""),
        ];
        for (each, expected) in cases {
            assert_eq!(any_cfg(each), expected, "{each:?}");
        }
    }
}
