//! What a baseline knows by another name: modules and items that were renamed or moved since it was written are no new debt.
//!
//! An entry passes for one finding at most, so that debt can't grow this way.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::model::{Debt, Finding};
use crate::config::Lint;
use crate::report::{Code, module_names};

/// Findings that are looked at for one entry: a choice, met by nothing but input made for it.
const MOST_CANDIDATES: usize = 1_000;

/// Modules of a baseline by their names of today.
#[derive(Debug, Default)]
pub(super) struct ModuleNames {
    now: BTreeMap<String, String>,
}

impl ModuleNames {
    /// Of the modules in a written order those that are no more, with the new ones that they are: below one that was renamed; by
    /// a rename that git saw; the only one of its last name; or alone to be gone and new in one module.
    pub(super) fn find(code: &Code<'_>, order: &[String]) -> Self {
        let names = module_names(code);
        let known: BTreeSet<&str> = names.iter().map(String::as_str).collect();
        let old: BTreeSet<&str> = order.iter().map(String::as_str).collect();
        // A path that a library and a program share has its file behind it: rare, and left alone.
        let plain = |name: &&str| !name.contains(' ');
        let mut search = Search {
            gone: old.difference(&known).copied().filter(plain).collect(),
            new: known.difference(&old).copied().filter(plain).collect(),
            now: BTreeMap::new(),
        };
        if search.gone.is_empty() || search.new.is_empty() {
            return Self::default();
        }
        let by_git = by_git(code);
        let depths: BTreeSet<usize> = search.gone.iter().map(|name| depth(name)).collect();
        for level in depths {
            search.below_renamed(level);
            search.seen_by_git(level, &by_git);
            search.by_last_name(level);
            search.alone(level);
        }
        let now = search.now.into_iter().map(|(old, new)| (old.to_owned(), new.to_owned()));
        Self { now: now.collect() }
    }

    /// A path as it begins today.
    pub(super) fn of<'p>(&self, path: &'p str) -> Cow<'p, str> {
        if self.now.is_empty() {
            return Cow::Borrowed(path);
        }
        let ends = path.match_indices("::").map(|(at, _)| at).chain([path.len()]);
        let found = ends.filter_map(|end| Some((end, self.now.get(&path[..end])?))).last();
        found.map_or(Cow::Borrowed(path), |(end, now)| Cow::Owned(format!("{now}{}", &path[end..])))
    }

    /// A written order with the names of today.
    pub(super) fn order(&self, order: &[String]) -> Vec<String> {
        order.iter().map(|name| self.now.get(name).unwrap_or(name).clone()).collect()
    }
}

/// Modules that are gone and new, and what was found of them.
struct Search<'a> {
    gone: BTreeSet<&'a str>,
    new: BTreeSet<&'a str>,
    now: BTreeMap<&'a str, &'a str>,
}

impl<'a> Search<'a> {
    fn pair(&mut self, old: &'a str, new: &'a str) {
        self.gone.remove(old);
        self.new.remove(new);
        self.now.insert(old, new);
    }

    fn at(&self, level: usize) -> Vec<&'a str> {
        self.gone.iter().copied().filter(|name| depth(name) == level).collect()
    }

    fn below_renamed(&mut self, level: usize) {
        for old in self.at(level) {
            let Some((above, last)) = old.rsplit_once("::") else { continue };
            let Some(above) = self.now.get(above) else { continue };
            let expected = format!("{above}::{last}");
            if let Some(&new) = self.new.get(expected.as_str()) {
                self.pair(old, new);
            }
        }
    }

    fn seen_by_git(&mut self, level: usize, by_git: &BTreeMap<String, &'a str>) {
        for old in self.at(level) {
            if let Some(&new) = by_git.get(old).filter(|new| self.new.contains(*new)) {
                self.pair(old, new);
            }
        }
    }

    fn by_last_name(&mut self, level: usize) {
        for old in self.at(level) {
            let same = |name: &&&str| last(name) == last(old);
            let alone = self.gone.iter().filter(same).count() == 1;
            let mut new = self.new.iter().filter(same);
            if let (true, Some(&first), None) = (alone, new.next(), new.next()) {
                self.pair(old, first);
            }
        }
    }

    fn alone(&mut self, level: usize) {
        for old in self.at(level) {
            let above = parent(old).map(|above| self.now.get(above).copied().unwrap_or(above));
            let alone = self.at(level).into_iter().filter(|name| parent(name) == parent(old)).count() == 1;
            let mut new = self.new.iter().filter(|name| depth(name) == level && parent(name) == above);
            if let (true, Some(&first), None) = (alone, new.next(), new.next()) {
                self.pair(old, first);
            }
        }
    }
}

/// Old names of modules with the new ones, by the renames of files in git's log, where both lie as rustc looks for them.
fn by_git<'a>(code: &Code<'a>) -> BTreeMap<String, &'a str> {
    let roots: BTreeMap<u32, (&str, &str)> = code
        .modules
        .iter()
        .filter(|module| !module.path.contains("::"))
        .map(|module| (module.krate, (module.path, module.file.rsplit_once('/').map_or("", |(dir, _)| dir))))
        .collect();
    let old_name = |krate: u32, file: &str| {
        let (root, dir) = roots.get(&krate)?;
        let inside = if dir.is_empty() { file } else { file.strip_prefix(dir)?.strip_prefix('/')? };
        let inside = inside.strip_suffix(".rs")?;
        let inside = inside.strip_suffix("/mod").unwrap_or(inside);
        Some(format!("{root}::{}", inside.replace('/', "::")))
    };
    let named = code.modules.iter().filter_map(|module| {
        let &before = code.renamed_files.get(module.file)?;
        Some((old_name(module.krate, before)?, module.path))
    });
    named.collect()
}

fn depth(name: &str) -> usize {
    name.matches("::").count()
}

fn last(name: &str) -> &str {
    name.rsplit("::").next().unwrap_or(name)
}

fn parent(name: &str) -> Option<&str> {
    name.rsplit_once("::").map(|(above, _)| above)
}

/// Pairs of an entry that nothing was found for and a finding that no entry has, by position, where both are about the same items.
pub(super) fn renamed(
    gone: &[(usize, &Debt)],
    open: &[(usize, &Finding)],
    code: &Code<'_>,
    names: &ModuleNames,
) -> Vec<(usize, usize)> {
    let open: Vec<(usize, &Finding)> =
        open.iter().copied().filter(|(_, finding)| finding.to.is_some()).collect();
    let (mut taken, mut settled): (BTreeSet<usize>, BTreeSet<usize>) = Default::default();
    let mut pairs = Vec::new();
    let candidates = Candidates::new(&open);
    // What only lies in a module of another name comes first: it is certain.
    for exact in [true, false] {
        for &(at, debt) in gone {
            let Some(to) = debt.to.as_deref() else { continue };
            if settled.contains(&at) {
                continue;
            }
            let ends = [names.of(&debt.from), names.of(to)];
            let fits = |&&candidate: &&usize| {
                let finding = open[candidate].1;
                let now = [finding.from.as_str(), finding.to.as_deref().unwrap_or_default()];
                let fits = |end: usize| {
                    now[end] == ends[end].as_ref()
                        || (!exact && is_same(code, debt, end, &ends[end], now[end]))
                };
                !taken.contains(&candidate) && fits(0) && fits(1)
            };
            let of = candidates.of(debt.lint, &ends);
            if let Some(&candidate) = of.iter().take(MOST_CANDIDATES).find(fits) {
                taken.insert(candidate);
                settled.insert(at);
                pairs.push((at, open[candidate].0));
            }
        }
    }
    pairs.sort_unstable();
    pairs
}

/// Whether an end of an entry is an item of another name by now: its own path is gone, what has the new one looks the same, and
/// either its last name or its module is the same.
fn is_same(code: &Code<'_>, debt: &Debt, end: usize, old: &str, new: &str) -> bool {
    if !code.items_of(old).is_empty() {
        return false;
    }
    let (named, beside) = (last(old) == last(new), parent(old) == parent(new));
    match debt.shapes.get(end).filter(|shape| !shape.is_empty()) {
        Some(shape) => (named || beside) && code.items_of(new).iter().any(|item| item.shape == *shape),
        // Of an entry that was written by hand the name alone is known.
        None => named && code.items_of(new).iter().any(|item| !item.shape.is_empty()),
    }
}

/// Findings by what they may have in common with an entry.
struct Candidates<'f> {
    by_from: BTreeMap<(Lint, &'f str), Vec<usize>>,
    by_to: BTreeMap<(Lint, &'f str), Vec<usize>>,
    by_names: BTreeMap<(Lint, &'f str, &'f str), Vec<usize>>,
}

impl<'f> Candidates<'f> {
    fn new(open: &[(usize, &'f Finding)]) -> Self {
        let mut new = Self { by_from: BTreeMap::new(), by_to: BTreeMap::new(), by_names: BTreeMap::new() };
        for (at, &(_, finding)) in open.iter().enumerate() {
            let (lint, from, to) =
                (finding.lint, finding.from.as_str(), finding.to.as_deref().unwrap_or_default());
            new.by_from.entry((lint, from)).or_default().push(at);
            new.by_to.entry((lint, to)).or_default().push(at);
            new.by_names.entry((lint, last(from), last(to))).or_default().push(at);
        }
        new
    }

    fn of(&self, lint: Lint, ends: &[Cow<'_, str>; 2]) -> Vec<usize> {
        let [from, to] = ends;
        let all = [
            self.by_names.get(&(lint, last(from), last(to))),
            self.by_from.get(&(lint, from.as_ref())),
            self.by_to.get(&(lint, to.as_ref())),
        ];
        all.into_iter().flatten().flat_map(|some| some.iter().copied().take(MOST_CANDIDATES)).collect()
    }
}
