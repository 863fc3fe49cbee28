//! `cargo check` on a tree that a plan was carried out on: the errors, each with its places.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::bail;
use serde::Deserialize;

/// An error of rustc.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CompileError {
    /// `E0603`; empty where rustc gives none.
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) primary: Vec<Spot>,
    /// Labelled places beside, and those of the notes below.
    pub(crate) others: Vec<Spot>,
}

/// A place that an error names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spot {
    pub(crate) file: PathBuf,
    pub(crate) line: u32,
    /// What is underlined, if it is on one line.
    pub(crate) marked: String,
    /// The label, or the note.
    pub(crate) label: String,
}

/// How cargo is called.
#[derive(Debug)]
pub(crate) struct Cargo<'a> {
    /// Of the package that is checked.
    pub(crate) manifest: PathBuf,
    /// Paths in messages are relative to it.
    pub(crate) workspace: PathBuf,
    pub(crate) target_directory: Option<&'a Path>,
    pub(crate) arguments: &'a [String],
}

impl Cargo<'_> {
    /// All errors of one check, sorted; crates above a crate with errors are not reached.
    pub(crate) fn check(&self, offline: bool) -> anyhow::Result<Vec<CompileError>> {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(["check", "--message-format=json", "--keep-going"]).stdin(Stdio::null());
        command.arg("--manifest-path").arg(&self.manifest).current_dir(&self.workspace);
        command.args(offline.then_some("--offline")).args(self.arguments);
        if let Some(directory) = self.target_directory {
            command.env("CARGO_TARGET_DIR", directory);
        }
        let output = command.output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let mut errors: Vec<CompileError> =
            text.lines().filter_map(|line| compile_error(line, &self.workspace)).collect();
        if errors.is_empty() && !output.status.success() {
            bail!("cargo check: {}", String::from_utf8_lossy(&output.stderr));
        }
        errors.sort();
        errors.dedup();
        Ok(errors)
    }
}

#[derive(Deserialize)]
struct Line {
    message: Option<Message>,
}

#[derive(Deserialize)]
struct Message {
    level: String,
    message: String,
    code: Option<Code>,
    spans: Vec<Span>,
    children: Vec<Message>,
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

#[derive(Deserialize, Clone)]
struct Span {
    file_name: String,
    line_start: u32,
    is_primary: bool,
    label: Option<String>,
    text: Vec<SpanText>,
    expansion: Option<Box<Expansion>>,
}

#[derive(Deserialize, Clone)]
struct Expansion {
    span: Span,
}

#[derive(Deserialize, Clone)]
struct SpanText {
    text: String,
    highlight_start: usize,
    highlight_end: usize,
}

/// One line of cargo's messages, if it is an error with a place.
fn compile_error(line: &str, root: &Path) -> Option<CompileError> {
    let message = serde_json::from_str::<Line>(line).ok()?.message?;
    if message.level != "error" || message.spans.is_empty() {
        return None;
    }
    let spots = |spans: &[Span], primary: bool, label: Option<&str>| -> Vec<Spot> {
        let of = spans.iter().filter(|span| span.is_primary == primary);
        of.map(|span| spot(span, root, label)).collect()
    };
    let mut others = spots(&message.spans, false, None);
    for child in &message.children {
        others.extend(spots(&child.spans, true, Some(&child.message)));
    }
    let primary = spots(&message.spans, true, None);
    let code = message.code.map(|c| c.code).unwrap_or_default();
    Some(CompileError { code, message: message.message, primary, others })
}

/// The place in the repository: of what a macro from elsewhere wrote, the call.
fn spot(span: &Span, root: &Path, label: Option<&str>) -> Spot {
    let mut at = span;
    while !root.join(&at.file_name).starts_with(root) || at.file_name.starts_with('<') {
        match &at.expansion {
            Some(expansion) => at = &expansion.span,
            None => break,
        }
    }
    let marked = match &at.text[..] {
        [only] => {
            let chars = only.text.chars().skip(only.highlight_start.saturating_sub(1));
            chars.take(only.highlight_end.saturating_sub(only.highlight_start)).collect()
        }
        _ => String::new(),
    };
    Spot {
        file: root.join(&at.file_name),
        line: at.line_start,
        marked,
        label: label.map(str::to_owned).or_else(|| span.label.clone()).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_read_with_their_places() {
        let line = r#"{"reason":"compiler-message","message":{"level":"error","message":"function `f` is private",
            "code":{"code":"E0603"},"spans":[{"file_name":"a/src/lib.rs","line_start":3,"is_primary":true,"label":"private function",
            "text":[{"text":"use b::f;","highlight_start":8,"highlight_end":9}],"expansion":null}],
            "children":[{"level":"note","message":"the function `f` is defined here","code":null,"children":[],
            "spans":[{"file_name":"b/src/lib.rs","line_start":7,"is_primary":true,"label":null,"text":[],"expansion":null}]}]}}"#;
        let error = compile_error(&line.replace('\n', ""), Path::new("/w")).unwrap();
        assert_eq!((error.code.as_str(), error.message.as_str()), ("E0603", "function `f` is private"));
        assert_eq!((error.primary[0].line, error.primary[0].marked.as_str()), (3, "f"));
        assert_eq!(error.others[0].file, Path::new("/w/b/src/lib.rs"));
        assert!(error.others[0].label.contains("defined here"));
    }

    #[test]
    fn warnings_and_other_lines_are_none() {
        let warning = r#"{"message":{"level":"warning","message":"","code":null,"spans":[],"children":[]}}"#;
        for line in ["", "{}", "nonsense", r#"{"reason":"build-finished","success":false}"#, warning] {
            assert!(compile_error(line, Path::new("/w")).is_none(), "{line}");
        }
    }
}
