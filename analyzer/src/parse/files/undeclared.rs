//! Modules that a macro declares from what a directory holds: `automod::dir!("src/rules")`.
//!
//! Such a macro is procedural, so that its output isn't known, and its files are in no `mod`. They are taken for modules of
//! whoever calls it, if they lie where rustc looks for his children and nothing else reaches them.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;
use ustr::ustr;

use super::location::Location;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::discover::{above, is_auxiliary_dir, is_fixture_dir};
use crate::parse::ItemFeatures;
use crate::parse::declared::declared_items;
use crate::parse::tree::{
    ItemTree, MacroArgs, MacroCall, ModNode, Name, Node, NodeFlags, NodeId, NodeKind, Vis,
};

/// What is known of the repository's files when no `mod` leads to another one.
pub(super) struct Undeclared<'a> {
    /// Directories of packages.
    packages: &'a BTreeSet<&'a str>,
    /// Roots of targets.
    roots: FxHashSet<&'a str>,
    /// Files that nothing reaches, by the directory that their parent has its children in: name and path.
    children: BTreeMap<&'a str, Vec<(&'a str, &'a str)>>,
    /// Such directories of files that something reaches, with these.
    reached: BTreeMap<&'a str, Vec<&'a str>>,
}

/// Files that one module got.
pub(super) struct Adopted {
    /// The file of the module.
    pub(super) file: String,
    /// The macro that is supposed to declare them, and the line of its call.
    pub(super) by: Name,
    pub(super) line: u32,
    /// How many they are.
    pub(super) files: usize,
}

/// A call, and what it is taken to declare.
struct Found<'a> {
    /// The inline module that it stands in; `None` for the file itself.
    module: Option<NodeId>,
    call: NodeId,
    by: Name,
    names: Vec<&'a str>,
}

impl<'a> Undeclared<'a> {
    pub(super) fn new(
        rust_files: &'a [String],
        is_reached: impl Fn(&str) -> bool,
        packages: &'a BTreeSet<&'a str>,
        roots: &[&'a str],
    ) -> Self {
        let roots = roots.iter().copied().collect();
        let mut all = Self { packages, roots, children: BTreeMap::new(), reached: BTreeMap::new() };
        for path in rust_files {
            let Some((dir, name)) = as_child(path) else { continue };
            if is_reached(path) {
                all.reached.entry(dir).or_default().push(path);
            } else {
                all.children.entry(dir).or_default().push((name, path));
            }
        }
        all
    }

    /// Writes into each file the modules that its calls are taken to declare. `places`: where a file's children may lie.
    pub(super) fn adopt(
        &self,
        files: &mut [(&str, &mut ItemTree)],
        places: impl Fn(&str) -> Vec<Location>,
    ) -> Vec<Adopted> {
        if self.children.is_empty() {
            return Vec::new();
        }
        let own = own_macros(files);
        let mut adopted = Vec::new();
        for (file, tree) in files {
            let mut found = Vec::new();
            for location in places(file) {
                let scan = Scan { all: self, own: &own, file, tree };
                scan.module(None, &tree.top, &location, &mut found);
            }
            for found in found {
                let (line, count) = (tree[found.call].line, found.names.len());
                adopted.push(Adopted { file: (*file).to_owned(), by: found.by, line, files: count });
                declare(tree, &found);
            }
        }
        adopted.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
        adopted
    }

    fn package(&self, file: &str) -> Option<&'a str> {
        above(file).find_map(|dir| self.packages.get(dir).copied())
    }
}

/// One sentence for each package.
pub(super) fn report(adopted: &[Adopted], packages: &BTreeSet<&str>) -> Vec<Diagnostic> {
    let mut of_package: BTreeMap<Option<&str>, Vec<&Adopted>> = BTreeMap::new();
    for one in adopted {
        let package = above(&one.file).find_map(|dir| packages.get(dir).copied());
        of_package.entry(package).or_default().push(one);
    }
    let said = |all: Vec<&Adopted>| {
        let count: usize = all.iter().map(|one| one.files).sum();
        let macros: BTreeSet<String> = all.iter().map(|one| format!("`{}!`", one.by)).collect();
        let declare = if macros.len() == 1 { "declares" } else { "declare" };
        let files = if count == 1 { "1 file is" } else { &format!("{count} files are") };
        let macros = Vec::from_iter(macros).join(", ");
        let message = format!(
            "{files} in no `mod`: read as modules that {macros} {declare} from the directory, since what a procedural macro \
             makes can't be known"
        );
        let first = all.iter().min_by_key(|one| (&one.file, one.line))?;
        let problem = Diagnostic::new(Severity::Info, Code::UndeclaredModules, message);
        Some(problem.at(first.file.clone()).line(first.line))
    };
    of_package.into_values().filter_map(said).collect()
}

/// The directory in which a file's parent has its children, and the name of the module that it would be.
fn as_child(path: &str) -> Option<(&str, &str)> {
    let parts = |path| str::rsplit_once(path, '/').unwrap_or(("", path));
    let (dir, file) = parts(path);
    let (dir, name) = match file.strip_suffix(".rs")? {
        "mod" if !dir.is_empty() => parts(dir),
        "mod" | "lib" | "main" => return None,
        name => (dir, name),
    };
    let is_name = !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    is_name.then_some((dir, name))
}

fn own_macros(files: &[(&str, &mut ItemTree)]) -> FxHashSet<Name> {
    let nodes = files.iter().flat_map(|(_, tree)| &tree.items);
    nodes.filter(|node| matches!(node.kind, NodeKind::Macro(_))).map(|node| node.name).collect()
}

/// A file that is looked through.
struct Scan<'s, 'a> {
    all: &'s Undeclared<'a>,
    own: &'s FxHashSet<Name>,
    file: &'s str,
    tree: &'s ItemTree,
}

impl<'a> Scan<'_, 'a> {
    /// The module of these items, and those inline in it.
    fn module(
        &self,
        module: Option<NodeId>,
        items: &[NodeId],
        location: &Location,
        found: &mut Vec<Found<'a>>,
    ) {
        found.extend(self.declared(module, items, location));
        for &id in items {
            let node = &self.tree[id];
            if let NodeKind::Module(inner) = &node.kind
                && let Some(content) = &inner.content
                && !node.name.is_empty()
            {
                let inside = location.inline(node.name.as_str(), &inner.paths);
                self.module(Some(id), content, &inside, found);
            }
        }
    }

    fn declared(&self, module: Option<NodeId>, items: &[NodeId], location: &Location) -> Option<Found<'a>> {
        let dir = location.children();
        let children = self.all.children.get(dir).filter(|_| !is_fixture_dir(dir))?;
        let package = self.all.package(self.file);
        let names: Vec<&str> = children
            .iter()
            .filter(|(_, path)| self.all.package(path) == package)
            .map(|(name, _)| *name)
            .collect();
        if names.is_empty() {
            return None;
        }
        let calls: Vec<(NodeId, &MacroCall)> = items.iter().filter_map(|&id| self.foreign(id)).collect();
        let says = calls.iter().find(|(_, call)| self.says(call, dir));
        let only = || calls.iter().find(|(_, call)| self.may_declare(call)).filter(|_| self.has_none(dir));
        let (call, data) = says.or_else(only)?;
        let by = self.tree[data.path].segments.last().name;
        Some(Found { module, call: *call, by, names })
    }

    /// A call of a macro that can't be expanded and doesn't include what a build script wrote.
    fn foreign(&self, id: NodeId) -> Option<(NodeId, &MacroCall)> {
        let NodeKind::Call(call) = self.tree[id].kind else { return None };
        let call = &self.tree[call];
        let name = self.tree[call.path].segments.last().name;
        let known = self.own.contains(&name) || name.as_str().starts_with("include");
        (!known && call.tokens.is_some()).then_some((id, call))
    }

    /// Whether a text among the arguments names the directory.
    fn says(&self, call: &MacroCall, dir: &str) -> bool {
        let last = dir.rsplit('/').next().unwrap_or(dir);
        let tokens = call.tokens.map(|range| self.tree.tokens(range)).unwrap_or_default();
        let names = |text: &str| {
            let text = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            text.is_some_and(|text| text.trim_end_matches('/').rsplit('/').next() == Some(last))
        };
        !last.is_empty() && tokens.iter().any(|token| names(token.as_str()))
    }

    /// Whether nothing speaks against it: its arguments declare nothing themselves.
    fn may_declare(&self, call: &MacroCall) -> bool {
        let name = self.tree[call.path].segments.last().name;
        let tokens = call.tokens.map(|range| self.tree.tokens(range)).unwrap_or_default();
        !matches!(call.args, MacroArgs::Items(_)) && declared_items(name.as_str(), tokens).is_empty()
    }

    /// Whether the directory is this module's alone, and no file of it is declared otherwise. What lies beside a
    /// target's root, or among tests, may be anything.
    fn has_none(&self, dir: &str) -> bool {
        let others = self.all.reached.get(dir).into_iter().flatten();
        let declared = others.filter(|path| **path != self.file).count();
        declared == 0 && !self.all.roots.contains(self.file) && !is_auxiliary_dir(dir)
    }
}

/// Adds `pub mod name;` after the call, under the call's conditions.
fn declare(tree: &mut ItemTree, found: &Found<'_>) {
    let Node { line, end_line, cfgs, .. } = tree[found.call].clone();
    let mut made = Vec::new();
    for name in &found.names {
        made.push(NodeId(u32::try_from(tree.items.len()).unwrap_or(u32::MAX)));
        tree.items.push(Node {
            name: ustr(name),
            kind: NodeKind::Module(Box::new(ModNode { content: None, paths: Box::default() })),
            vis: Vis::Public,
            line,
            end_line,
            cfgs: cfgs.clone(),
            attributes: Box::default(),
            helpers: Box::default(),
            flags: NodeFlags::default(),
            generics: None,
            features: ItemFeatures::default(),
        });
    }
    let after = |items: &[NodeId]| {
        let at = items.iter().position(|id| *id == found.call).map_or(items.len(), |at| at + 1);
        [&items[..at], &made, &items[at..]].concat()
    };
    match found.module.map(|module| &mut tree.items[module.index()].kind) {
        Some(NodeKind::Module(module)) => module.content = module.content.as_deref().map(|c| after(c).into()),
        _ => tree.top = after(&tree.top),
    }
}
