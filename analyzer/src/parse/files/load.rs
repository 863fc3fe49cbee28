//! Reads files: from every target's root along `mod x;` and `include!`, each file once, in parallel.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use rustc_hash::{FxHashMap, FxHashSet};

use super::ahead::{Ahead, FilesAhead};
use super::editions::Editions;
use super::generated::Generated;
use super::location;
use super::location::Location;
use super::made_modules::{ModuleMakers, SharedMakers};
use super::read::{ReadFile, read};
use super::undeclared::{Undeclared, report};
use crate::base::{FileTree, Refused};
use crate::budget::Watch;
use crate::diagnostic::{Diagnostic, Severity};
use crate::discover::Repository;
use crate::ids::{FileId, IdVec};
use crate::parse::stack::with_deep_stack;
use crate::parse::tree::{ItemTree, NodeId, NodeKind};

/// A file that was read, or the root of a target that was not.
#[derive(Debug)]
pub struct SourceFile {
    /// Relative to the repository's root, with `/`.
    pub path: String,
    /// Number of lines.
    pub lines: u32,
    /// Size in bytes.
    pub bytes: u32,
    /// Its facts; what could be saved of them when it doesn't parse.
    pub tree: ItemTree,
    /// Whether a program wrote it, by its name, its place or the comments at its top.
    pub generated: bool,
    /// Whether it is the root of a target that is missing or may not be read. Then it is empty: every crate has a file.
    pub unread: bool,
}

/// All files that targets reach.
#[derive(Debug, Default)]
pub struct SourceTree {
    /// The files, sorted by path.
    pub files: IdVec<FileId, SourceFile>,
    by_path: FxHashMap<String, FileId>,
    generated: Generated,
    /// Files that are there and may not be read.
    refused: FxHashSet<String>,
    /// Which file names which, sorted.
    pub(in crate::parse) links: Vec<Link>,
}

/// A file's `mod x;` or `include!`: another file, which need not be there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::parse) struct Link {
    pub(in crate::parse) from: String,
    pub(in crate::parse) to: String,
    /// It is there for tests only.
    pub(in crate::parse) test: bool,
}

impl SourceFile {
    fn unread(path: &str) -> Self {
        let (path, tree) = (path.to_owned(), ItemTree::default());
        Self { path, lines: 0, bytes: 0, tree, generated: false, unread: true }
    }
}

impl SourceTree {
    /// Whether there is such a file that may not be read, or can't be.
    pub(crate) fn is_refused(&self, path: &str) -> bool {
        self.refused.contains(path)
    }

    /// The file at a path relative to the root, if it was read.
    pub fn file(&self, path: &str) -> Option<FileId> {
        self.root(path).filter(|&file| !self.files[file].unread)
    }

    /// Likewise, read or not. What [`load`] made has one for every target of its repository.
    pub fn root(&self, path: &str) -> Option<FileId> {
        self.by_path.get(path).copied()
    }

    /// The files an `include!` may mean; see [`Generated`].
    pub fn included(&self, file: &str, argument: &str) -> Vec<String> {
        location::include_candidates(file, argument, &self.generated)
    }
}

#[cfg(any(fuzzing, test))]
impl SourceTree {
    /// Files that are not on disk, as if targets reached all of them.
    pub(crate) fn of_texts(
        texts: &[(String, String)],
        edition: crate::discover::Edition,
    ) -> (Self, Vec<Diagnostic>) {
        let mut problems = Vec::new();
        let one = |(path, text): &(String, String)| {
            let parsed = crate::parse::text::parse(text, super::read::parser_edition(edition));
            problems.extend(parsed.problems);
            SourceFile {
                path: path.clone(),
                lines: parsed.lines,
                bytes: text.len() as u32,
                tree: parsed.tree,
                generated: super::written::is_generated(path, text),
                unread: false,
            }
        };
        let mut files: Vec<SourceFile> = texts.iter().map(one).collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|a, b| a.path == b.path);
        let files: IdVec<FileId, SourceFile> = files.into();
        let by_path = files.iter_enumerated().map(|(id, f)| (f.path.clone(), id)).collect();
        (Self { files, by_path, ..Self::default() }, problems)
    }
}

/// Reads and parses every file that a target of the repository reaches.
///
/// Problems with single files are diagnostics; the rest goes on. A `mod x;` without a file is left to resolution,
/// which knows whether its `cfg` holds.
pub fn load(repository: &Repository) -> (SourceTree, Vec<Diagnostic>) {
    load_after(repository, Ahead::default(), &Watch::default())
}

/// Likewise, with what was read ahead; if the watch stops it, some files are missing.
pub(crate) fn load_after(
    repository: &Repository,
    ahead: Ahead,
    watch: &Watch,
) -> (SourceTree, Vec<Diagnostic>) {
    let loader = Loader {
        root: &repository.root,
        files: &repository.files,
        watch,
        editions: Editions::new(repository.packages.iter().map(|p| (p.dir.as_str(), p.edition))),
        generated: Generated::find(repository),
        ahead: Mutex::new(ahead.end()),
        seen: Mutex::new(FxHashSet::default()),
        parsed: Mutex::new(FxHashMap::default()),
        refused: Mutex::default(),
        links: Mutex::default(),
        out: Mutex::new((Vec::new(), Vec::new())),
        read: [AtomicU64::new(0), AtomicU64::new(0)],
    };
    let roots: Vec<&str> = repository.targets.iter().map(|t| t.src.as_str()).collect();
    with_deep_stack(|| {
        rayon::scope(|scope| {
            for root in &roots {
                loader.spawn(scope, (*root).to_owned(), true, &[]);
            }
        });
        let packages = repository.packages.iter().map(|package| package.dir.as_str()).collect();
        loader.made_elsewhere(&packages);
        loader.undeclared(&repository.rust_files, &packages, &roots);
    });
    loader.finish(&roots)
}

struct Loader<'a> {
    root: &'a Path,
    files: &'a FileTree,
    watch: &'a Watch,
    editions: Editions<'a>,
    generated: Generated,
    ahead: Mutex<FilesAhead>,
    /// Files by path and by whether their children lie beside them.
    seen: Mutex<FxHashSet<(String, bool)>>,
    /// Child declarations of files that are parsed, for the second role of a file.
    parsed: Mutex<FxHashMap<String, bool>>,
    refused: Mutex<FxHashSet<String>>,
    links: Mutex<Vec<Link>>,
    out: Mutex<(Vec<SourceFile>, Vec<Diagnostic>)>,
    /// Files and bytes so far.
    read: [AtomicU64; 2],
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl<'a> Loader<'a> {
    /// A file's facts, if it was read ahead those.
    fn read(&self, path: &str) -> Result<ReadFile, Refused> {
        let edition = self.editions.of(path);
        let ahead = lock(&self.ahead).remove(path);
        match ahead {
            Some((by, file)) if by == edition => Ok(file),
            _ => read(self.files, &self.root.join(path), edition),
        }
    }

    /// Reads `path`, or the first of `others` that exists.
    fn spawn<'s>(&'s self, scope: &rayon::Scope<'s>, path: String, owner: bool, others: &[(String, bool)]) {
        let others = others.to_vec();
        scope.spawn(move |scope| {
            for (path, owner) in std::iter::once((path, owner)).chain(others) {
                if self.visit(scope, &path, owner) {
                    break;
                }
            }
        });
    }

    /// Whether there is such a file.
    fn visit<'s>(&'s self, scope: &rayon::Scope<'s>, path: &str, owner: bool) -> bool {
        if self.watch.stopped() {
            return true;
        }
        // One lock for both: of two visits at a time one has to be the first.
        let (new, first) = {
            let mut seen = lock(&self.seen);
            let new = seen.insert((path.to_owned(), owner));
            (new, !seen.contains(&(path.to_owned(), !owner)))
        };
        if !new {
            return lock(&self.parsed).get(path).copied().unwrap_or(true);
        }
        let file = match self.read(path) {
            Ok(file) => file,
            Err(refused) => {
                let missing = matches!(refused, Refused::Absent);
                lock(&self.parsed).insert(path.to_owned(), !missing);
                if !missing {
                    lock(&self.refused).insert(path.to_owned());
                    lock(&self.out).1.push(refused.diagnostic(Severity::Error).at(path));
                }
                return !missing;
            }
        };
        lock(&self.parsed).insert(path.to_owned(), true);
        let location = Location::of_file(path, owner);
        let from = From { file: path, test: false };
        let mut makers = ModuleMakers::of(&file.tree);
        self.children(scope, (&file.tree, &mut makers), &file.tree.top, &location, from);
        if first {
            let [files, bytes] = [(0, 1), (1, u64::from(file.bytes))]
                .map(|(at, more)| self.read[at].fetch_add(more, Ordering::Relaxed) + more);
            self.watch.has_read(files, bytes);
            let mut out = lock(&self.out);
            out.1.extend(file.problems.into_iter().map(|d| d.at(path)));
            out.0.push(SourceFile {
                path: path.to_owned(),
                lines: file.lines,
                bytes: file.bytes,
                tree: file.tree,
                generated: file.generated,
                unread: false,
            });
        }
        true
    }

    /// Reads the modules that macros of other files declare, until there are no more.
    fn made_elsewhere(&self, packages: &BTreeSet<&str>) {
        for _ in 0..MAX_ROUNDS {
            let files = std::mem::take(&mut lock(&self.out).0);
            if let Some(shared) =
                SharedMakers::of(files.iter().map(|file| (file.path.as_str(), &file.tree)), packages)
            {
                rayon::scope(|scope| files.iter().for_each(|file| self.made_in(scope, &shared, file)));
            }
            let mut out = lock(&self.out);
            let done = out.0.is_empty();
            out.0.extend(files);
            if done {
                return;
            }
        }
    }

    fn made_in<'s>(&'s self, scope: &rayon::Scope<'s>, shared: &SharedMakers<'_>, file: &SourceFile) {
        if let Some(mut makers) = shared.for_file(&file.path, &file.tree) {
            self.again(scope, &mut makers, file);
        }
    }

    /// Reads the modules that macros declare from directories, until there are no more.
    fn undeclared(&self, rust_files: &[String], packages: &BTreeSet<&str>, roots: &[&str]) {
        let mut adopted = Vec::new();
        for _ in 0..MAX_ROUNDS {
            let mut files = std::mem::take(&mut lock(&self.out).0);
            files.sort_by(|a, b| a.path.cmp(&b.path));
            let is_reached = |path: &str| !self.locations(path).is_empty();
            let mut trees: Vec<_> = files.iter_mut().map(|f| (f.path.as_str(), &mut f.tree)).collect();
            let more = Undeclared::new(rust_files, is_reached, packages, roots)
                .adopt(&mut trees, |path| self.locations(path));
            let parents: BTreeSet<&str> = more.iter().map(|one| one.file.as_str()).collect();
            let parents = files.iter().filter(|file| parents.contains(file.path.as_str()));
            rayon::scope(|scope| {
                parents.for_each(|file| self.again(scope, &mut ModuleMakers::default(), file))
            });
            lock(&self.out).0.extend(files);
            if more.is_empty() {
                break;
            }
            self.made_elsewhere(packages);
            adopted.extend(more);
        }
        lock(&self.out).1.extend(report(&adopted, packages));
    }

    /// Where the children of a file lie, once for each of its roles; nowhere if it wasn't looked for.
    fn locations(&self, path: &str) -> Vec<Location> {
        let seen = lock(&self.seen);
        let roles = [true, false].into_iter().filter(|&owner| seen.contains(&(path.to_owned(), owner)));
        roles.map(|owner| Location::of_file(path, owner)).collect()
    }

    /// Reads what a file names once more.
    fn again<'s>(&'s self, scope: &rayon::Scope<'s>, makers: &mut ModuleMakers, file: &SourceFile) {
        for location in self.locations(&file.path) {
            let from = From { file: &file.path, test: false };
            self.children(scope, (&file.tree, makers), &file.tree.top, &location, from);
        }
    }

    /// Reads what a file names, and notes that it does.
    fn follow<'s>(
        &'s self,
        scope: &rayon::Scope<'s>,
        from: From<'_>,
        (path, owner): &(String, bool),
        others: &[(String, bool)],
    ) {
        let paths = std::iter::once(path).chain(others.iter().map(|(path, _)| path));
        let link = |to: &String| Link { from: from.file.to_owned(), to: to.clone(), test: from.test };
        lock(&self.links).extend(paths.map(link));
        self.spawn(scope, path.clone(), *owner, others);
    }

    fn children<'s>(
        &'s self,
        scope: &rayon::Scope<'s>,
        (tree, makers): (&ItemTree, &mut ModuleMakers),
        items: &[NodeId],
        location: &Location,
        from: From<'_>,
    ) {
        for &id in items {
            let node = &tree[id];
            let from =
                From { test: from.test || node.cfgs.iter().any(|cfg| needs_test(cfg.as_str())), ..from };
            match &node.kind {
                NodeKind::Module(module) => match &module.content {
                    Some(content) => {
                        let inner = location.inline(node.name.as_str(), &module.paths);
                        self.children(scope, (tree, makers), content, &inner, from);
                    }
                    None => {
                        // Every variant under `cfg_attr(…, path = …)` is read; resolution picks one.
                        let plain: Vec<_> = location.candidates(node.name.as_str(), None);
                        for (_, path) in &module.paths {
                            if let [first, rest @ ..] = &location.candidates("", Some(path))[..] {
                                self.follow(scope, from, first, rest);
                            }
                        }
                        let always = module.paths.iter().any(|(condition, _)| condition.is_none());
                        if let (false, [first, rest @ ..]) = (always, &plain[..]) {
                            self.follow(scope, from, first, rest);
                        }
                    }
                },
                NodeKind::Call(id) => {
                    let call = &tree[*id];
                    if let crate::parse::tree::MacroArgs::Items(items) = &call.args {
                        self.children(scope, (tree, makers), items, location, from);
                    }
                    makers.expand(tree, *id, |makers, made| {
                        self.children(scope, (made, makers), &made.top, location, from);
                    });
                    if let Some(tokens) = call.tokens
                        && tree[call.path].segments.last().name == "include"
                    {
                        let argument = tree.text(tokens);
                        for path in location::include_candidates(from.file, &argument, &self.generated) {
                            self.follow(scope, from, &(path, true), &[]);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn finish(self, roots: &[&str]) -> (SourceTree, Vec<Diagnostic>) {
        let (mut files, mut problems) =
            self.out.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut unread: BTreeSet<&str> = roots.iter().copied().collect();
        for file in &files {
            unread.remove(file.path.as_str());
        }
        let unread: Vec<SourceFile> = unread.into_iter().map(SourceFile::unread).collect();
        files.extend(unread);
        files.sort_by(|a, b| a.path.cmp(&b.path));
        problems.sort();
        let files: IdVec<FileId, SourceFile> = files.into();
        let by_path = files.iter_enumerated().map(|(id, f)| (f.path.clone(), id)).collect();
        let refused = self.refused.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut links = self.links.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        links.sort_unstable();
        links.dedup();
        (SourceTree { files, by_path, generated: self.generated, refused, links }, problems)
    }
}

/// Files that macros declare may call macros that declare files: as often as this, at most. A choice.
const MAX_ROUNDS: usize = 8;

/// Where a declaration stands.
#[derive(Clone, Copy)]
struct From<'a> {
    file: &'a str,
    test: bool,
}

/// Whether a `cfg` holds for tests only: `test`, or that and more.
fn needs_test(cfg: &str) -> bool {
    let cfg: String = cfg.split_whitespace().collect();
    let parts = cfg.strip_prefix("all(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(&cfg);
    // Parts in parentheses of their own say something else; `all(all(test))` is nobody's way to write it.
    !parts.contains('(') && parts.split(',').any(|part| part == "test")
}
