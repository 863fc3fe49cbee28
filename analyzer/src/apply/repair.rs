//! What a check shows to be missing, made good where the compiler says how, or where it takes a `pub` or a dependency.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cargo_metadata::diagnostic::{Applicability, Diagnostic, DiagnosticLevel, DiagnosticSpan};

use super::Done;
use super::check::Checked;
use super::source::spans::{Splice, edited};
use super::source::syntax::{Decl, DeclKind, body};
use super::source::test_only::test_code;
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
    pub(super) externs: &'a BTreeSet<String>,
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
                self.widen(diagnostic, code, &mut splices, &mut round.done);
                continue;
            }
            if error && self.dependency(diagnostic, code, &mut round) {
                continue;
            }
            if code == "unused_imports" && self.macro_use(diagnostic, &mut splices, &mut round.done) {
                continue;
            }
            // For a name that is not found the compiler offers any that resembles it.
            if code != "E0433" {
                self.suggestion(diagnostic, &mut splices, &mut round.done);
            }
        }
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
        let name = said.and_then(|text| quoted(text).find(|name| self.externs.contains(*name)));
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
    ) {
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
        for (path, decl) in found {
            let here = splices.entry(path.clone()).or_default();
            if here.iter().any(|splice| splice.bytes.start == decl.vis.start) {
                continue;
            }
            here.push(Splice::new(decl.vis.clone(), if decl.vis.is_empty() { "pub " } else { "pub" }));
            done.push(Repair {
                kind: RepairKind::Widened,
                file: self.relative(&path),
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
        let sources = self.crates.values().flat_map(|dir| {
            let walk = walkdir::WalkDir::new(dir.join("src")).sort_by_file_name().into_iter().flatten();
            walk.map(walkdir::DirEntry::into_path).filter(|path| path.extension().is_some_and(|e| e == "rs"))
        });
        let mut found = Vec::new();
        for path in sources {
            let mentions = (self.read)(&path).is_ok_and(|text| text.contains(owner) && text.contains(field));
            if !mentions {
                continue;
            }
            let of = |d: &Decl| {
                d.kind == DeclKind::Field && d.name == field && d.owner.as_deref() == Some(owner) && !d.public
            };
            found.extend(self.decls(&path).into_iter().filter(of).map(|decl| (path.clone(), decl)));
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
