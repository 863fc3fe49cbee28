//! What a check shows to be missing, made good where the compiler says how, or where it takes a `pub` or a dependency.

mod helpers;
mod imports;
mod made;
#[cfg(test)]
mod tests;
mod visibility;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cargo_metadata::diagnostic::{Applicability, Diagnostic, DiagnosticLevel, DiagnosticSpan};

use super::Done;
use super::check::Checked;
use super::rewrite::lead::MOVED_TESTS;
use super::source::spans::{Splice, edited};
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

/// Changes of files, and what is said of them.
#[derive(Debug, Default)]
struct Edits {
    splices: BTreeMap<PathBuf, Vec<Splice>>,
    done: Vec<Repair>,
}

impl Edits {
    /// Says of a change that it made something public.
    fn widened(&mut self, file: String, line: u32, name: &str) {
        self.done.push(Repair { kind: RepairKind::Widened, file, line, what: format!("`{name}`") });
    }

    /// Says of a change that it is one of what the split left over.
    fn adjusted(&mut self, file: String, line: u32, what: String) {
        self.done.push(Repair { kind: RepairKind::Adjusted, file, line, what });
    }
}

/// Codes of errors that a visibility is behind.
const PRIVATE: [&str; 9] = ["E0446", "E0603", "E0616", "E0624", "E0451", "E0364", "E0365", "E0423", "E0532"];
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
        let mut edits = Edits::default();
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
            let macro_kept = code == "E0603" && diagnostic.message.starts_with("macro ");
            if error && macro_kept && self.needless_import(diagnostic, &mut edits) {
                continue;
            }
            if error && PRIVATE.contains(&code) {
                let found = self.widen(diagnostic, code, &mut edits);
                if !found && RE_EXPORTED.contains(&code) {
                    narrowed.extend(self.re_exported(diagnostic));
                }
                if !found && code == "E0423" {
                    self.made_of_name(diagnostic, &mut edits);
                }
                continue;
            }
            if error && code.is_empty() && self.unnamed(diagnostic, &mut edits) {
                continue;
            }
            if error && code == "E0639" && self.made_elsewhere(diagnostic, &mut edits) {
                continue;
            }
            if error && code == "dead_code" && self.unneeded_helper(diagnostic, &mut edits) {
                continue;
            }
            if error && code == "missing_docs" {
                self.undocumented(diagnostic, &mut edits);
                continue;
            }
            if error && code == "E0658" && self.hidden_method(diagnostic, &mut edits) {
                continue;
            }
            if error && code == "unused_crate_dependencies" && self.unused_package(diagnostic, &mut edits) {
                continue;
            }
            if error && self.dependency(diagnostic, code, &mut round) {
                continue;
            }
            if code == "unused_imports" && self.macro_use(diagnostic, &mut edits) {
                continue;
            }
            if code == "unused_imports" && self.import_in_call(diagnostic, &mut edits) {
                continue;
            }
            if code == "E0432" && self.needless_import(diagnostic, &mut edits) {
                continue;
            }
            // For a name that is not found the compiler offers any that resembles it.
            if code != "E0433" {
                self.suggestion(diagnostic, &mut edits);
            }
        }
        self.narrow(narrowed, &mut edits);
        round.done.extend(edits.done);
        for (path, splices) in edits.splices {
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

    /// Where a diagnostic stands: the span, its file and the file's text.
    fn place<'d>(&self, diagnostic: &'d Diagnostic) -> Option<(&'d DiagnosticSpan, PathBuf, String)> {
        let span = diagnostic.spans.iter().find(|span| span.is_primary)?;
        let path = self.path(span)?;
        let text = (self.read)(&path).ok()?;
        Some((span, path, text))
    }

    fn relative(&self, path: &Path) -> String {
        path.strip_prefix(self.top).unwrap_or(path).display().to_string()
    }

    /// Whether it is about code that is compiled for tests alone, as its file says.
    fn is_for_tests(&self, diagnostic: &Diagnostic) -> bool {
        let Some((span, path, text)) = self.place(diagnostic) else { return false };
        // Its declaration says so.
        if path.file_stem().is_some_and(|stem| stem == MOVED_TESTS) {
            return true;
        }
        let ranges = syn::parse_file(&text).map(|file| test_code(&file)).unwrap_or_default();
        ranges.iter().any(|range| range.contains(&(span.byte_start as usize)))
    }

    fn suggestion(&self, diagnostic: &Diagnostic, edits: &mut Edits) {
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
        // What a macro made of code is no place to change: the place may be in the macro.
        let made = |span: &DiagnosticSpan| span.expansion.is_some();
        if diagnostic.spans.iter().any(|span| span.is_primary && made(span)) || child.spans.iter().any(made) {
            return;
        }
        let mut here = Vec::new();
        for span in &child.spans {
            let (Some(path), Some(new)) = (self.path(span), &span.suggested_replacement) else { return };
            let bytes = span.byte_start as usize..span.byte_end as usize;
            let text = if new.is_empty() || of_outsider { (self.read)(&path).ok() } else { None };
            let splice = match text {
                Some(text) if new.is_empty() && bytes.end <= text.len() => Splice::remove(&text, bytes),
                Some(text) if of_outsider => {
                    let arm = last_arm(new, text.get(bytes.end..).unwrap_or_default());
                    Splice::new(bytes, arm)
                }
                _ => Splice::new(bytes, new.clone()),
            };
            here.push((path, splice, span.line_start));
        }
        let Some((first, line)) = here.first().map(|(path, _, line)| (path.clone(), *line)) else { return };
        for (path, splice, _) in here {
            edits.splices.entry(path).or_default().push(splice);
        }
        edits.done.push(Repair {
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
        let mut said = labels.chain([diagnostic.message.as_str()]).filter(|text| {
            ["unlinked crate", "can't find crate", "undeclared crate", "in the crate root"]
                .iter()
                .any(|words| text.contains(words))
        });
        let name = said.find_map(|text| quoted(text).find(|name| self.externs.contains_key(*name)));
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
}

/// What stands between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
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

/// The arm that the compiler puts last, which is one that no value gets to: what it does is left open. Arms under a `cfg` that fails,
/// which the compiler doesn't see, may follow.
fn last_arm(new: &str, rest: &str) -> String {
    let ends = new.ends_with(',') || rest.trim_start().starts_with(['}', ',']);
    new.replace("todo!()", "unreachable!()") + if ends { "" } else { "," }
}
