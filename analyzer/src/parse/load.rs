//! Reads files: from every target's root along `mod x;` and `include!`, each file once, in parallel.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

use rustc_hash::{FxHashMap, FxHashSet};

use super::location::{self, Location};
use super::text;
use super::tree::{ItemTree, NodeId, NodeKind};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::discover::{Edition, Repository};
use crate::ids::{FileId, IdVec};

/// Bytes of stack for each parsing thread: the parser recurses. Only what is touched is ever backed by memory.
const STACK: usize = 512 << 20;

/// A file that was read.
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
}

/// All files that targets reach.
#[derive(Debug, Default)]
pub struct SourceTree {
    /// The files, sorted by path.
    pub files: IdVec<FileId, SourceFile>,
    by_path: FxHashMap<String, FileId>,
    generated: Generated,
}

impl SourceTree {
    /// The file at a path relative to the root.
    pub fn file(&self, path: &str) -> Option<FileId> {
        self.by_path.get(path).copied()
    }

    /// The files an `include!` may mean; see [`Generated`].
    pub fn included(&self, file: &str, argument: &str) -> Vec<String> {
        location::include_candidates(file, argument, &self.generated)
    }
}

/// Files that build scripts wrote earlier: name → paths, newest first.
#[derive(Debug, Default)]
pub struct Generated {
    by_name: BTreeMap<String, Vec<String>>,
}

impl Generated {
    /// Looks into `target/*/build/*/out` of the repository's workspaces.
    fn find(repository: &Repository) -> Self {
        let mut found: Vec<(std::time::SystemTime, String, String)> = Vec::new();
        for workspace in &repository.workspaces {
            let dir =
                if workspace.dir.is_empty() { "target".into() } else { format!("{}/target", workspace.dir) };
            for profile in ["debug", "release"] {
                let build = format!("{dir}/{profile}/build");
                let Ok(entries) = std::fs::read_dir(repository.root.join(&build)) else { continue };
                for unit in entries.flatten() {
                    let out = format!("{build}/{}/out", unit.file_name().to_string_lossy());
                    let Ok(files) = std::fs::read_dir(repository.root.join(&out)) else { continue };
                    for file in files.flatten() {
                        let name = file.file_name().to_string_lossy().into_owned();
                        if name.ends_with(".rs") {
                            let time = file.metadata().and_then(|m| m.modified());
                            let path = format!("{out}/{name}");
                            found.push((time.unwrap_or(std::time::UNIX_EPOCH), path, name));
                        }
                    }
                }
            }
        }
        found.sort_by(|a, b| b.cmp(a));
        let mut by_name: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (_, path, name) in found {
            by_name.entry(name).or_default().push(path);
        }
        Self { by_name }
    }

    /// The newest file of this name.
    pub(super) fn newest(&self, name: &str) -> Option<&String> {
        self.by_name.get(name).and_then(|paths| paths.first())
    }
}

/// Runs `work` on threads with room for deeply nested code, as many as rayon would use here.
pub fn with_deep_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(rayon::current_num_threads())
        .stack_size(STACK)
        .thread_name(|i| format!("analyse-{i}"))
        .build();
    match pool {
        Ok(pool) => pool.install(work),
        // Without a pool of its own it still works, with less room.
        Err(_) => work(),
    }
}

/// Reads and parses every file that a target of the repository reaches.
///
/// Problems with single files are diagnostics; the rest goes on. A `mod x;` without a file is left to resolution,
/// which knows whether its `cfg` holds.
pub fn load(repository: &Repository) -> (SourceTree, Vec<Diagnostic>) {
    let loader = Loader {
        root: &repository.root,
        editions: editions(repository),
        generated: Generated::find(repository),
        seen: Mutex::new(FxHashSet::default()),
        parsed: Mutex::new(FxHashMap::default()),
        out: Mutex::new((Vec::new(), Vec::new())),
    };
    let roots: Vec<&str> = repository.targets.iter().map(|t| t.src.as_str()).collect();
    with_deep_stack(|| {
        rayon::scope(|scope| {
            for root in &roots {
                loader.spawn(scope, (*root).to_owned(), true, &[]);
            }
        });
    });
    loader.finish()
}

/// The packages' directories with their editions, shortest first.
fn editions(repository: &Repository) -> Vec<(&str, Edition)> {
    let mut editions: Vec<_> = repository.packages.iter().map(|p| (p.dir.as_str(), p.edition)).collect();
    editions.sort_by_key(|(dir, _)| (dir.len(), *dir));
    editions
}

struct Loader<'a> {
    root: &'a Path,
    /// Directories of packages with their editions, innermost last.
    editions: Vec<(&'a str, Edition)>,
    generated: Generated,
    /// Files by path and by whether their children lie beside them.
    seen: Mutex<FxHashSet<(String, bool)>>,
    /// Child declarations of files that are parsed, for the second role of a file.
    parsed: Mutex<FxHashMap<String, bool>>,
    out: Mutex<(Vec<SourceFile>, Vec<Diagnostic>)>,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl<'a> Loader<'a> {
    /// The edition of the package that a file lies in: what is a keyword depends on it. Of a file outside of all
    /// packages, the one that most code is written in.
    fn edition(&self, path: &str) -> ra_ap_parser::Edition {
        let holds =
            |dir: &str| dir.is_empty() || path.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'));
        match self.editions.iter().rev().find(|(dir, _)| holds(dir)).map(|(_, edition)| *edition) {
            Some(Edition::E2015) => ra_ap_parser::Edition::Edition2015,
            Some(Edition::E2018) => ra_ap_parser::Edition::Edition2018,
            Some(Edition::E2021) | None => ra_ap_parser::Edition::Edition2021,
            Some(Edition::E2024) => ra_ap_parser::Edition::Edition2024,
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
        if !lock(&self.seen).insert((path.to_owned(), owner)) {
            return lock(&self.parsed).get(path).copied().unwrap_or(true);
        }
        let first = !lock(&self.seen).contains(&(path.to_owned(), !owner));
        let bytes = match std::fs::read(self.root.join(path)) {
            Ok(bytes) => bytes,
            Err(e) => {
                let missing =
                    e.kind() == std::io::ErrorKind::NotFound || e.kind() == std::io::ErrorKind::NotADirectory;
                lock(&self.parsed).insert(path.to_owned(), !missing);
                if !missing {
                    let problem =
                        Diagnostic::new(Severity::Error, Code::Unreadable, format!("cannot be read: {e}"));
                    lock(&self.out).1.push(problem.at(path));
                }
                return !missing;
            }
        };
        lock(&self.parsed).insert(path.to_owned(), true);
        let size = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let text = String::from_utf8(bytes).unwrap_or_else(|e| {
            if first {
                let valid = e.utf8_error().valid_up_to();
                let line = e.as_bytes()[..valid].iter().filter(|&&b| b == b'\n').count() + 1;
                let message = "is not UTF-8: read with replacement characters";
                let problem = Diagnostic::new(Severity::Warning, Code::NotUtf8, message).at(path);
                lock(&self.out).1.push(problem.line(u32::try_from(line).unwrap_or(u32::MAX)));
            }
            String::from_utf8_lossy(e.as_bytes()).into_owned()
        });
        let parsed = text::parse(&text, self.edition(path));
        let location = Location::of_file(path, owner);
        self.children(scope, &parsed.tree, &parsed.tree.top, &location, path);
        if first {
            let mut out = lock(&self.out);
            out.1.extend(parsed.problems.into_iter().map(|d| d.at(path)));
            out.0.push(SourceFile {
                path: path.to_owned(),
                lines: parsed.lines,
                bytes: size,
                tree: parsed.tree,
            });
        }
        true
    }

    fn children<'s>(
        &'s self,
        scope: &rayon::Scope<'s>,
        tree: &ItemTree,
        items: &[NodeId],
        location: &Location,
        file: &str,
    ) {
        for &id in items {
            let node = &tree[id];
            match &node.kind {
                NodeKind::Module(module) => match &module.content {
                    Some(content) => {
                        let inner = location.inline(node.name.as_str(), &module.paths);
                        self.children(scope, tree, content, &inner, file);
                    }
                    None => {
                        // Every variant under `cfg_attr(…, path = …)` is read; resolution picks one.
                        let plain: Vec<_> = location.candidates(node.name.as_str(), None);
                        for (_, path) in &module.paths {
                            if let [(path, owner), rest @ ..] = &location.candidates("", Some(path))[..] {
                                self.spawn(scope, path.clone(), *owner, rest);
                            }
                        }
                        let always = module.paths.iter().any(|(condition, _)| condition.is_none());
                        if let (false, [(path, owner), rest @ ..]) = (always, &plain[..]) {
                            self.spawn(scope, path.clone(), *owner, rest);
                        }
                    }
                },
                NodeKind::Call(call) => {
                    let call = &tree[*call];
                    if let super::tree::MacroArgs::Items(items) = &call.args {
                        self.children(scope, tree, items, location, file);
                    }
                    if let (Some(tokens), Some(last)) = (call.tokens, tree[call.path].segments.last())
                        && last.name == "include"
                    {
                        let argument = tree.text(tokens);
                        for path in location::include_candidates(file, &argument, &self.generated) {
                            self.spawn(scope, path, true, &[]);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn finish(self) -> (SourceTree, Vec<Diagnostic>) {
        let (mut files, mut problems) =
            self.out.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        files.sort_by(|a, b| a.path.cmp(&b.path));
        problems.sort();
        let files: IdVec<FileId, SourceFile> = files.into();
        let by_path = files.iter_enumerated().map(|(id, f)| (f.path.clone(), id)).collect();
        (SourceTree { files, by_path, generated: self.generated }, problems)
    }
}
