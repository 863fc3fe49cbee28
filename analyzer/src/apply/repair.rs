//! What a check shows to be missing, made good where the compiler says how, or where it takes a `pub` or a dependency.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cargo_metadata::diagnostic::{Applicability, Diagnostic, DiagnosticLevel, DiagnosticSpan};

use super::Done;
use super::check::Checked;
use super::rewrite::statements::{Import, named, statements};
use super::rewrite::text::indent_at;
use super::source::spans::{Splice, edited};
use super::source::syntax::{Decl, DeclKind, Leaf, Use, body};
use super::source::test_only::test_code;
use super::source::tokens::{TokenKind, flat};
use crate::report::{LeftError, Repair, RepairKind};

/// Where repairs may be made, and with what.
pub(super) struct Repairs<'a> {
    /// Paths of diagnostics are relative to it.
    pub(super) workspace: &'a Path,
    /// What paths are told relative to.
    pub(super) top: &'a Path,
    /// Directories of the plan's crates: nothing else is changed.
    pub(super) crates: &'a BTreeMap<String, PathBuf>,
    /// The package's dependencies as code names them.
    pub(super) externs: &'a BTreeMap<String, String>,
    pub(super) read: &'a dyn Fn(&Path) -> Done<String>,
}

/// One round's repairs: files as they become, dependencies that crates get.
#[derive(Debug, Default)]
pub(super) struct Round {
    pub(super) files: BTreeMap<PathBuf, String>,
    pub(super) dependencies: BTreeSet<(String, String)>,
    pub(super) done: Vec<Repair>,
}

/// Codes of errors that a visibility is behind.
const PRIVATE: [&str; 8] = ["E0603", "E0616", "E0624", "E0451", "E0364", "E0365", "E0423", "E0532"];
/// Those of re-exports.
const RE_EXPORTED: [&str; 2] = ["E0364", "E0365"];
/// What rustc says of a `#[non_exhaustive]` type, of which a match in another crate needs an arm for what may come.
const NON_EXHAUSTIVE: &str = "is marked as non-exhaustive";
/// Warnings that a split itself leads to.
const OWN_WARNINGS: [&str; 1] = ["unused_imports"];

impl Repairs<'_> {
    /// What can be done about these.
    pub(super) fn round(&self, checked: &Checked) -> Round {
        let diagnostics = &checked.diagnostics;
        let mut round = Round::default();
        let mut splices: BTreeMap<PathBuf, Vec<Splice>> = BTreeMap::new();
        let mut narrowed: BTreeSet<(PathBuf, usize)> = BTreeSet::new();
        // What is not used yet may be missed by code that does not compile yet.
        let errors = diagnostics.iter().any(|d| matches!(d.level, DiagnosticLevel::Error));
        for (at, diagnostic) in diagnostics.iter().enumerate() {
            let code = diagnostic.code.as_ref().map_or("", |code| code.code.as_str());
            let error = matches!(diagnostic.level, DiagnosticLevel::Error);
            // What the code does not want its tests may.
            let wanted = || checked.once.contains(&at) && !self.is_for_tests(diagnostic);
            if !error && (errors || !OWN_WARNINGS.contains(&code) || wanted()) {
                continue;
            }
            if error && PRIVATE.contains(&code) {
                let found = self.widen(diagnostic, code, &mut splices, &mut round.done);
                if !found && RE_EXPORTED.contains(&code) {
                    narrowed.extend(self.re_exported(diagnostic));
                }
                continue;
            }
            if error && code == "E0658" && self.hidden_method(diagnostic, &mut splices, &mut round.done) {
                continue;
            }
            if error && self.dependency(diagnostic, code, &mut round) {
                continue;
            }
            if code == "unused_imports" && self.macro_use(diagnostic, &mut splices, &mut round.done) {
                continue;
            }
            if code == "E0432" && self.needless_import(diagnostic, &mut splices, &mut round.done) {
                continue;
            }
            // For a name that is not found the compiler offers any that resembles it.
            if code != "E0433" {
                self.suggestion(diagnostic, &mut splices, &mut round.done);
            }
        }
        self.narrow(narrowed, &mut splices, &mut round.done);
        for (path, splices) in splices {
            if let Ok(text) = (self.read)(&path) {
                round.files.insert(path, edited(&text, &splices));
            }
        }
        round
    }

    /// The crate of the plan that a file belongs to.
    fn owner(&self, path: &Path) -> Option<&String> {
        self.crates
            .iter()
            .filter(|(_, dir)| path.starts_with(dir))
            .max_by_key(|(_, dir)| dir.components().count())
            .map(|(name, _)| name)
    }

    fn path(&self, span: &DiagnosticSpan) -> Option<PathBuf> {
        let path = self.workspace.join(&span.file_name);
        self.owner(&path).map(|_| path)
    }

    fn relative(&self, path: &Path) -> String {
        path.strip_prefix(self.top).unwrap_or(path).display().to_string()
    }

    /// Takes away `#[macro_use] extern crate` for a crate of the plan whose macros are all found without it.
    fn macro_use(
        &self,
        diagnostic: &Diagnostic,
        splices: &mut BTreeMap<PathBuf, Vec<Splice>>,
        done: &mut Vec<Repair>,
    ) -> bool {
        let span = diagnostic.spans.iter().find(|span| span.is_primary);
        let of_attribute =
            |span: &&DiagnosticSpan| span.text.iter().any(|line| line.text.trim() == "#[macro_use]");
        let Some((span, path)) = span.filter(of_attribute).and_then(|span| Some((span, self.path(span)?)))
        else {
            return false;
        };
        let Ok(text) = (self.read)(&path) else { return false };
        let rest = &text[(span.byte_end as usize).min(text.len())..];
        let Some((declared, after)) = rest.trim_start().split_once(';') else { return false };
        let name = declared.strip_prefix("extern crate ");
        if !name.is_some_and(|name| self.crates.keys().any(|krate| krate.replace('-', "_") == name)) {
            return false;
        }
        let bytes = span.byte_start as usize..text.len() - after.len();
        splices.entry(path.clone()).or_default().push(Splice::remove(&text, bytes));
        done.push(Repair {
            kind: RepairKind::Suggestion,
            file: self.relative(&path),
            line: span.line_start as u32,
            what: format!("{}: remove `#[macro_use] {declared}`", diagnostic.message),
        });
        true
    }

    /// Whether it is about code that is compiled for tests alone, as its file says.
    fn is_for_tests(&self, diagnostic: &Diagnostic) -> bool {
        let span = diagnostic.spans.iter().find(|span| span.is_primary);
        let Some((span, path)) = span.and_then(|span| Some((span, self.path(span)?))) else { return false };
        let parsed = (self.read)(&path).ok().and_then(|text| syn::parse_file(&text).ok());
        let ranges = parsed.map(|file| test_code(&file)).unwrap_or_default();
        ranges.iter().any(|range| range.contains(&(span.byte_start as usize)))
    }

    fn suggestion(
        &self,
        diagnostic: &Diagnostic,
        splices: &mut BTreeMap<PathBuf, Vec<Splice>>,
        done: &mut Vec<Repair>,
    ) {
        // Its variants are all there in the match; only the rule for other crates asks for one arm more.
        let of_outsider = diagnostic.children.iter().any(|child| child.message.contains(NON_EXHAUSTIVE));
        let applicable = |child: &&Diagnostic| {
            let by_machine = |span: &DiagnosticSpan| match span.suggestion_applicability {
                Some(Applicability::MachineApplicable) => true,
                Some(Applicability::HasPlaceholders) => of_outsider,
                _ => false,
            };
            !child.spans.is_empty() && child.spans.iter().all(by_machine)
        };
        let Some(child) = diagnostic.children.iter().find(applicable) else { return };
        let mut here = Vec::new();
        for span in &child.spans {
            let (Some(path), Some(new)) = (self.path(span), &span.suggested_replacement) else { return };
            let bytes = span.byte_start as usize..span.byte_end as usize;
            let text = if new.is_empty() { (self.read)(&path).ok() } else { None };
            let splice = match text {
                Some(text) if bytes.end <= text.len() => Splice::remove(&text, bytes),
                // The arm is one that no value gets to: the compiler leaves open what it does.
                _ if of_outsider => Splice::new(bytes, new.replace("todo!()", "unreachable!()")),
                _ => Splice::new(bytes, new.clone()),
            };
            here.push((path, splice, span.line_start));
        }
        let Some((first, line)) = here.first().map(|(path, _, line)| (path.clone(), *line)) else { return };
        for (path, splice, _) in here {
            splices.entry(path).or_default().push(splice);
        }
        done.push(Repair {
            kind: RepairKind::Suggestion,
            file: self.relative(&first),
            line: line as u32,
            what: format!("{}: {}", diagnostic.message, child.message),
        });
    }

    /// Makes a method public that another one of the same name, of the standard library and unstable, stands in for.
    fn hidden_method(
        &self,
        diagnostic: &Diagnostic,
        splices: &mut BTreeMap<PathBuf, Vec<Splice>>,
        done: &mut Vec<Repair>,
    ) -> bool {
        let span = diagnostic.spans.iter().find(|span| span.is_primary);
        let name = span.and_then(|span| {
            let text = (self.read)(&self.path(span)?).ok()?;
            Some(text.get(span.byte_start as usize..span.byte_end as usize)?.to_owned())
        });
        let Some(name) = name.filter(|name| name.chars().all(|c| c.is_alphanumeric() || c == '_')) else {
            return false;
        };
        let method = |d: &Decl| d.kind == DeclKind::Member && d.name == name && !d.public;
        let found = self.declared(&[&format!("fn {name}")], &method);
        self.make_public(&found, splices, done);
        !found.is_empty()
    }

    /// Takes away an import of something that is not there any more, where nothing in its file has the name.
    fn needless_import(
        &self,
        diagnostic: &Diagnostic,
        splices: &mut BTreeMap<PathBuf, Vec<Splice>>,
        done: &mut Vec<Repair>,
    ) -> bool {
        let Some(span) = diagnostic.spans.iter().find(|span| span.is_primary) else { return false };
        let text = self.path(span).and_then(|path| Some(((self.read)(&path).ok()?, path)));
        let Some((text, path)) = text else { return false };
        let Some(file) = syn::parse_file(&text).ok() else { return false };
        let at = span.byte_start as usize;
        let import = uses(&body(&file.items)).into_iter().find(|u| u.bytes.contains(&at));
        let Some(import) = import.filter(|u| u.vis.is_empty() && u.leaves.len() == 1) else { return false };
        let name = import.leaves[0].name().to_owned();
        let stream: proc_macro2::TokenStream = text.parse().unwrap_or_default();
        let named = flat(stream).into_iter().any(|token| {
            token.kind == TokenKind::Ident(name.clone()) && !import.whole.contains(&token.bytes.start)
        });
        if named || import.leaves[0].is_glob() {
            return false;
        }
        splices.entry(path.clone()).or_default().push(Splice::remove(&text, import.whole.clone()));
        done.push(Repair {
            kind: RepairKind::Suggestion,
            file: self.relative(&path),
            line: span.line_start as u32,
            what: format!("{}: nothing uses `{name}` there", diagnostic.message),
        });
        true
    }

    /// `use of unresolved module or unlinked crate`, where the package depends on that.
    fn dependency(&self, diagnostic: &Diagnostic, code: &str, round: &mut Round) -> bool {
        if !["E0432", "E0433", "E0463"].contains(&code) {
            return false;
        }
        let labels = diagnostic.spans.iter().filter_map(|span| span.label.as_deref());
        let said = labels.chain([diagnostic.message.as_str()]).find(|text| {
            ["unlinked crate", "can't find crate", "undeclared crate", "in the crate root"]
                .iter()
                .any(|words| text.contains(words))
        });
        let name = said.and_then(|text| quoted(text).find(|name| self.externs.contains_key(*name)));
        let place = diagnostic.spans.iter().find(|span| span.is_primary);
        let (Some(name), Some(span)) = (name, place) else { return false };
        let Some(path) = self.path(span) else { return false };
        let Some(owner) = self.owner(&path) else { return false };
        if round.dependencies.insert((owner.clone(), name.to_owned())) {
            round.done.push(Repair {
                kind: RepairKind::Dependency,
                file: self.relative(&path),
                line: span.line_start as u32,
                what: format!("`{owner}` depends on `{name}`"),
            });
        }
        true
    }

    /// Makes public what an error calls private.
    fn widen(
        &self,
        diagnostic: &Diagnostic,
        code: &str,
        splices: &mut BTreeMap<PathBuf, Vec<Splice>>,
        done: &mut Vec<Repair>,
    ) -> bool {
        let names: Vec<&str> = quoted(&diagnostic.message).collect();
        let children = diagnostic.children.iter().flat_map(|child| {
            let said = child.message.clone();
            child.spans.iter().map(move |span| (span, said.clone()))
        });
        let own = diagnostic.spans.iter().map(|span| (span, span.label.clone().unwrap_or_default()));
        let words = ["private", "defined here", "not accessible", "re-exported", "marking"];
        let places = own.chain(children).filter(|(span, said)| {
            let label = span.label.clone().unwrap_or_default();
            words.iter().any(|word| said.contains(word) || label.contains(word))
        });
        let mut found: Vec<(PathBuf, Decl)> = Vec::new();
        for (span, _) in places {
            let Some(path) = self.path(span) else { continue };
            let here =
                self.decls(&path).into_iter().filter(|d| d.line == span.line_start as u32 && !d.public);
            let here: Vec<Decl> = here.collect();
            let field =
                |d: &Decl| d.kind == DeclKind::Field && span.label.as_deref() == Some("private field");
            let named: Vec<&Decl> =
                here.iter().filter(|d| field(d) || names.iter().any(|n| last(n) == d.name)).collect();
            found.extend(named.into_iter().map(|decl| (path.clone(), decl.clone())));
        }
        if let ("E0616" | "E0451", [field, .., owner]) = (code, &names[..]) {
            found.extend(self.fields(field, last(owner)));
        }
        self.make_public(&found, splices, done);
        !found.is_empty()
    }

    /// Where a name stands in a `pub use` that may not show it.
    fn re_exported(&self, diagnostic: &Diagnostic) -> Option<(PathBuf, usize)> {
        let span = diagnostic.spans.iter().find(|span| span.is_primary)?;
        Some((self.path(span)?, span.byte_start as usize))
    }

    /// Gives names of `pub use` statements that may not be shown to other crates a statement of their own.
    fn narrow(
        &self,
        places: BTreeSet<(PathBuf, usize)>,
        splices: &mut BTreeMap<PathBuf, Vec<Splice>>,
        done: &mut Vec<Repair>,
    ) {
        let mut of_file: BTreeMap<PathBuf, Vec<usize>> = BTreeMap::new();
        places.into_iter().for_each(|(path, at)| of_file.entry(path).or_default().push(at));
        for (path, places) in of_file {
            let Some(text) = (self.read)(&path).ok() else { continue };
            let Ok(file) = syn::parse_file(&text) else { continue };
            for import in uses(&body(&file.items)) {
                let is_named = |leaf: &&Leaf| {
                    leaf.segments.last().is_some_and(|last| places.contains(&last.bytes.start))
                        || leaf.segments.first().is_some_and(|first| places.contains(&first.bytes.start))
                };
                let (hidden, shown): (Vec<&Leaf>, Vec<&Leaf>) = import.leaves.iter().partition(is_named);
                if hidden.is_empty() || import.vis != "pub" {
                    continue;
                }
                let statements = |vis: &str, leaves: &[&Leaf]| {
                    let names: Vec<Import> = leaves.iter().map(|leaf| named(&import, leaf, None)).collect();
                    statements(vis, &names)
                };
                let indent = indent_at(&text, import.bytes.start);
                let cfgs = import.cfgs.replace('\n', &format!("\n{indent}"));
                let lines = [statements("pub", &shown), statements("pub(crate)", &hidden)].concat();
                let new = lines.join(&format!("\n{indent}{cfgs}"));
                splices.entry(path.clone()).or_default().push(Splice::new(import.bytes.clone(), new));
                let line = text[..import.bytes.start].matches('\n').count() as u32 + 1;
                let names: Vec<String> = hidden.iter().map(|leaf| format!("`{}`", leaf.name())).collect();
                done.push(Repair {
                    kind: RepairKind::Suggestion,
                    file: self.relative(&path),
                    line,
                    what: format!("re-exported within the crate alone: {}", names.join(", ")),
                });
            }
        }
    }

    fn make_public(
        &self,
        found: &[(PathBuf, Decl)],
        splices: &mut BTreeMap<PathBuf, Vec<Splice>>,
        done: &mut Vec<Repair>,
    ) {
        for (path, decl) in found {
            let here = splices.entry(path.clone()).or_default();
            if here.iter().any(|splice| splice.bytes.start == decl.vis.start) {
                continue;
            }
            here.push(Splice::new(decl.vis.clone(), if decl.vis.is_empty() { "pub " } else { "pub" }));
            done.push(Repair {
                kind: RepairKind::Widened,
                file: self.relative(path),
                line: decl.line,
                what: format!("`{}`", decl.name),
            });
        }
    }

    fn decls(&self, path: &Path) -> Vec<Decl> {
        let parsed = (self.read)(path).ok().and_then(|text| syn::parse_file(&text).ok());
        parsed.map(|file| all(body(&file.items))).unwrap_or_default()
    }

    /// A field by the name of its type.
    fn fields(&self, field: &str, owner: &str) -> Vec<(PathBuf, Decl)> {
        let of = |d: &Decl| {
            d.kind == DeclKind::Field && d.name == field && d.owner.as_deref() == Some(owner) && !d.public
        };
        self.declared(&[owner, field], &of)
    }

    /// What the plan's crates declare, in files that have these words.
    fn declared(&self, words: &[&str], of: &dyn Fn(&Decl) -> bool) -> Vec<(PathBuf, Decl)> {
        let sources = self.crates.values().flat_map(|dir| {
            let walk = walkdir::WalkDir::new(dir.join("src")).sort_by_file_name().into_iter().flatten();
            walk.map(walkdir::DirEntry::into_path).filter(|path| path.extension().is_some_and(|e| e == "rs"))
        });
        let mut found = Vec::new();
        for path in sources {
            let mentions = (self.read)(&path).is_ok_and(|text| words.iter().all(|word| text.contains(word)));
            if !mentions {
                continue;
            }
            let decls = self.decls(&path).into_iter().filter(|decl| of(decl));
            found.extend(decls.map(|decl| (path.clone(), decl)));
        }
        found
    }
}

fn all(body: super::source::syntax::Body) -> Vec<Decl> {
    let mut decls = body.decls;
    for child in body.children {
        decls.extend(child.inline.map(|(inner, _)| all(inner)).unwrap_or_default());
    }
    decls
}

/// Imports of a list of items, those of inline modules as well.
fn uses(body: &super::source::syntax::Body) -> Vec<Use> {
    let inner = body.children.iter().filter_map(|child| child.inline.as_ref());
    body.uses.iter().cloned().chain(inner.flat_map(|(inner, _)| uses(inner))).collect()
}

/// What stands between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn last(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

/// The errors of a check, as they are reported.
pub(super) fn errors(diagnostics: &[Diagnostic], workspace: &Path, top: &Path) -> Vec<LeftError> {
    let errors =
        diagnostics.iter().filter(|d| matches!(d.level, DiagnosticLevel::Error | DiagnosticLevel::Ice));
    let mut left: Vec<LeftError> = errors
        .filter(|d| !d.message.starts_with("aborting due to"))
        .map(|d| {
            let span = d.spans.iter().find(|span| span.is_primary).or(d.spans.first());
            let path = span.map(|span| workspace.join(&span.file_name));
            LeftError {
                file: path.map_or(String::new(), |p| p.strip_prefix(top).unwrap_or(&p).display().to_string()),
                line: span.map_or(0, |span| span.line_start as u32),
                code: d.code.as_ref().map_or(String::new(), |code| code.code.clone()),
                message: d.message.clone(),
            }
        })
        .collect();
    left.sort();
    left.dedup();
    left
}
