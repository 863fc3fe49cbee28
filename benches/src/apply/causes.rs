//! What is made of each error: what lets the check go on behind it, and what it says about the plan.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::check::{CompileError, Spot};
use super::errors::{Cause, cause, last_segment, quoted};
use super::facts::{Decl, DeclKind, Leaf};
use super::layout::Layout;
use super::tree::Tree;
use super::write::{Changes, Output};

/// What was made of an error.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// An import that nobody needs any more, or a line of this bench's own: nothing to blame a plan for.
    Dropped,
    /// The plan's fault; the error is out of the way now.
    Mended(Cause, Vec<String>),
    /// The plan's fault, and what lies behind can't be seen.
    Left(Cause),
}

/// Errors are judged one by one; what mends them is added to `changes`.
pub(crate) struct Judge<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) layout: &'a Layout,
    pub(crate) output: &'a BTreeMap<PathBuf, Output>,
    /// Names of the package's dependencies as code writes them.
    pub(crate) externs: &'a [String],
    pub(crate) changes: Changes,
}

/// Codes of imports that lead nowhere, are private, or clash.
const IMPORT_CODES: [&str; 11] =
    ["", "E0432", "E0433", "E0603", "E0364", "E0365", "E0252", "E0254", "E0255", "E0463", "E0659"];

impl Judge<'_> {
    pub(crate) fn judge(&mut self, error: &CompileError) -> Verdict {
        let mut dropped = false;
        for spot in &error.primary {
            dropped |= IMPORT_CODES.contains(&error.code.as_str()) && self.drop_generated(spot);
        }
        if dropped {
            return Verdict::Dropped;
        }
        if let Some(name) = self.missing_dependency(error) {
            let krate = error.primary.iter().find_map(|spot| Some(self.output.get(&spot.file)?.krate));
            if let Some(krate) = krate {
                self.changes.dependencies.insert((krate, name.clone()));
                return Verdict::Mended(Cause::Dependency, vec![name]);
            }
        }
        let cause = cause(error);
        let widened = match cause {
            Cause::Private => self.widen(error),
            Cause::Macro => self.export(error),
            Cause::Unresolved => {
                if error.code.starts_with("E043") && self.drop_imports(error) {
                    return Verdict::Dropped;
                }
                if let Some(found) = self.behind_imports(error) {
                    return found;
                }
                Vec::new()
            }
            _ => Vec::new(),
        };
        if widened.is_empty() { Verdict::Left(cause) } else { Verdict::Mended(cause, widened) }
    }

    /// The original file and line of a place in the tree that was written.
    pub(crate) fn original(&self, spot: &Spot) -> Option<(PathBuf, u32)> {
        match self.output.get(&spot.file) {
            Some(output) if spot.line < output.generated_from => Some((output.original.clone()?, spot.line)),
            Some(_) => None,
            None => Some((spot.file.clone(), spot.line)),
        }
    }

    fn drop_generated(&mut self, spot: &Spot) -> bool {
        let Some(output) = self.output.get(&spot.file).filter(|o| spot.line >= o.generated_from) else {
            return false;
        };
        let Some(line) = output.text.lines().nth(spot.line as usize - 1) else { return false };
        // A module of the crate's own is no choice.
        let import = !line.contains("pub mod ");
        import && self.changes.dropped_lines.insert((output.krate, line.to_owned()))
    }

    /// `use of unresolved module or unlinked crate`, where that is a dependency of the package.
    fn missing_dependency(&self, error: &CompileError) -> Option<String> {
        if !["E0432", "E0433", "E0463"].contains(&error.code.as_str()) {
            return None;
        }
        let known = |name: &&str| self.externs.iter().any(|other| other == name);
        let unlinked = ["unlinked crate", "can't find crate", "undeclared crate", "unresolved module"];
        let labels = error.primary.iter().map(|spot| spot.label.as_str());
        let mut said = labels.chain([error.message.as_str()]);
        let text = said.find(|text| unlinked.iter().any(|words| text.contains(words)))?;
        quoted(text).iter().copied().find(known).map(str::to_owned)
    }

    fn drop_imports(&mut self, error: &CompileError) -> bool {
        let mut found = false;
        for spot in &error.primary {
            let Some((file, line)) = self.original(spot) else { continue };
            let marked: Vec<&str> = spot.marked.split("::").map(str::trim).collect();
            let at = |leaf: &&Leaf| {
                leaf.segments.iter().any(|(name, of)| *of == line && marked.last() == Some(&name.as_str()))
            };
            let leaves = self.in_file(&file).flat_map(|m| m.body.leaves.iter().filter(at));
            let ranges: Vec<_> = leaves.map(|leaf| leaf.range.clone()).collect();
            for range in ranges {
                found |= self.changes.dropped.insert((file.clone(), range.start, range.end));
            }
        }
        found
    }

    /// Makes public what the error calls private; the names of it, empty where it was not found.
    fn widen(&mut self, error: &CompileError) -> Vec<String> {
        let words = ["private", "defined here", "inaccessible", "not accessible", "re-exported"];
        let places: Vec<(PathBuf, u32)> = error
            .others
            .iter()
            .filter(|spot| words.iter().any(|word| spot.label.contains(word)))
            .filter_map(|spot| self.original(spot))
            .collect();
        let names = quoted(&error.message);
        let named = |decl: &Decl| names.iter().any(|name| last_segment(name) == decl.name);
        let mut found: Vec<(PathBuf, Decl)> = Vec::new();
        for (file, line) in &places {
            let here =
                || self.in_file(file).flat_map(|m| &m.body.decls).filter(|d| d.line == *line && !d.public);
            let exact: Vec<&Decl> = here().filter(|d| named(d)).collect();
            let chosen: Vec<&Decl> = if exact.is_empty() { here().collect() } else { exact };
            found.extend(chosen.into_iter().map(|decl| (file.clone(), decl.clone())));
        }
        if found.is_empty() && error.code.is_empty() {
            let modules = self.tree.modules.iter();
            let decls = modules.flat_map(|m| m.body.decls.iter().map(move |d| (m.file, d)));
            let of = decls.filter(|(_, d)| d.kind == DeclKind::Item && named(d) && !d.public);
            found.extend(of.map(|(file, d)| (self.tree.files[file].path.clone(), d.clone())));
        }
        if let ("E0616" | "E0451", [field, .., owner]) = (error.code.as_str(), &names[..]) {
            found.extend(self.fields(field, last_segment(owner)));
        }
        self.make_public(found)
    }

    /// A name that nobody finds because of an import that had to be dropped, or that passes over it without a word: it
    /// leads to a dependency that the crate lacks, or to what is not public in a crate below. Both are made good, and the
    /// import comes back.
    fn behind_imports(&mut self, error: &CompileError) -> Option<Verdict> {
        let name = last_segment(quoted(&error.message).first()?).to_owned();
        let krate = error.primary.iter().find_map(|spot| Some(self.output.get(&spot.file)?.krate))?;
        let (cause, names) = match self.dropped_dependency(krate, &name) {
            Some(dependency) => (Cause::Dependency, vec![dependency]),
            None => (Cause::Private, self.hidden(krate, &name)),
        };
        if names.is_empty() {
            // Mended by another name of the same import.
            return (self.mended(krate, &name) && self.restore(krate, &name)).then_some(Verdict::Dropped);
        }
        self.restore(krate, &name);
        Some(Verdict::Mended(cause, names))
    }

    /// Whether something of this name in a crate below has been made public.
    fn mended(&self, krate: usize, name: &str) -> bool {
        let below = &self.layout.crates[krate].deps;
        let modules =
            self.tree.modules.iter().zip(&self.layout.home).filter(|(_, home)| below.contains(home));
        modules.flat_map(|(m, _)| m.body.decls.iter().map(move |d| (m.file, d))).any(|(file, decl)| {
            let place = (self.tree.files[file].path.clone(), decl.vis.start);
            decl.name == name && self.changes.widened.contains(&place)
        })
    }

    /// The dependency that a dropped line of the crate imported the name from.
    fn dropped_dependency(&mut self, krate: usize, name: &str) -> Option<String> {
        let imports = |line: &str| {
            if let Some((_, named)) = line.trim_end_matches([';', ' ']).split_once("extern crate ") {
                let (krate, alias) = named.split_once(" as ").unwrap_or((named, named));
                return (alias == name && self.externs.iter().any(|e| e == krate)).then(|| krate.to_owned());
            }
            let path = line.trim_end_matches(';').rsplit_once("use ")?.1.trim_start_matches("::");
            let leads = path.rsplit("::").next()?.split(" as ").any(|word| word == name);
            let first = path.split("::").next()?.to_owned();
            (leads && self.externs.contains(&first)).then_some(first)
        };
        let mut lines = self.changes.dropped_lines.iter().filter(|(of, _)| *of == krate);
        let found = lines.find_map(|(_, line)| imports(line))?;
        self.changes.dependencies.insert((krate, found.clone())).then_some(found)
    }

    /// Makes public what has this name in a crate below.
    fn hidden(&mut self, krate: usize, name: &str) -> Vec<String> {
        let below = &self.layout.crates[krate].deps;
        let restricted = |d: &&Decl| match d.kind {
            DeclKind::Import => !d.vis.is_empty(),
            DeclKind::Item => true,
            _ => false,
        };
        let modules =
            self.tree.modules.iter().zip(&self.layout.home).filter(|(_, home)| below.contains(home));
        let decls = modules.flat_map(|(m, _)| {
            let found = m.body.decls.iter().filter(restricted).filter(|d| d.name == name && !d.public);
            found.map(|d| (self.tree.files[m.file].path.clone(), d.clone()))
        });
        let found = decls.collect();
        self.make_public(found)
    }

    /// Whether there was something to bring back.
    fn restore(&mut self, krate: usize, name: &str) -> bool {
        let before = self.changes.dropped.len() + self.changes.dropped_lines.len();
        let word = |line: &str| line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|w| w == name);
        self.changes.dropped_lines.retain(|(of, line)| *of != krate || !word(line));
        let tree = self.tree;
        self.changes.dropped.retain(|(file, start, end)| {
            let text = tree.files.iter().find(|f| f.path == *file).map(|f| &f.text[*start..*end]);
            !text.is_some_and(word)
        });
        self.changes.dropped.len() + self.changes.dropped_lines.len() < before
    }

    fn fields(&self, field: &str, owner: &str) -> Vec<(PathBuf, Decl)> {
        let of = |decl: &&Decl| {
            decl.kind == DeclKind::Field
                && decl.name == field
                && decl.owner.as_deref() == Some(owner)
                && !decl.public
        };
        let modules = self.tree.modules.iter();
        let fields = modules.flat_map(|m| m.body.decls.iter().filter(of).map(move |d| (m.file, d.clone())));
        fields.map(|(file, decl)| (self.tree.files[file].path.clone(), decl)).collect()
    }

    fn export(&mut self, error: &CompileError) -> Vec<String> {
        let name = quoted(&error.message).first().copied().unwrap_or_default().to_owned();
        let of = |decl: &&Decl| decl.kind == DeclKind::Macro && decl.name == name && !decl.public;
        let modules = self.tree.modules.iter();
        let found = modules.flat_map(|m| m.body.decls.iter().filter(of).map(move |d| (m.file, d.clone())));
        let found = found.map(|(file, decl)| (self.tree.files[file].path.clone(), decl)).collect();
        self.make_public(found)
    }

    fn make_public(&mut self, found: Vec<(PathBuf, Decl)>) -> Vec<String> {
        let mut names = Vec::new();
        for (file, decl) in found {
            if self.changes.widened.insert((file.clone(), decl.vis.start)) {
                let owner = decl.owner.map_or(String::new(), |owner| owner + ".");
                let kind = format!("{:?}", decl.kind).to_lowercase();
                names.push(format!("{kind} {owner}{} ({}:{})", decl.name, file.display(), decl.line));
            }
        }
        names
    }

    fn in_file<'a>(&'a self, file: &Path) -> impl Iterator<Item = &'a super::tree::Mod> + use<'a> {
        let tree = self.tree;
        let at = tree.files.iter().position(|f| f.path == file);
        tree.modules.iter().filter(move |m| Some(m.file) == at)
    }
}
