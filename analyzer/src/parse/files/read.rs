//! One file from the disk to its facts.

use std::path::Path;

use super::written::is_generated;
use crate::base::{FileTree, Refused};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::discover::Edition;
use crate::parse::text;
use crate::parse::tree::ItemTree;

/// What a file holds.
pub(in crate::parse) struct ReadFile {
    pub(in crate::parse) lines: u32,
    /// Size in bytes.
    pub(in crate::parse) bytes: u32,
    pub(in crate::parse) tree: ItemTree,
    /// Whether a program wrote it.
    pub(in crate::parse) generated: bool,
    /// What is wrong with it; the path is for the caller to add.
    pub(in crate::parse) problems: Vec<Diagnostic>,
}

/// Reads and parses a file; what is no UTF-8 with replacement characters.
pub(in crate::parse) fn read(files: &FileTree, path: &Path, edition: Edition) -> Result<ReadFile, Refused> {
    let bytes = files.read(path)?;
    let size = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    let mut problems = Vec::new();
    let text = String::from_utf8(bytes).unwrap_or_else(|e| {
        let valid = e.utf8_error().valid_up_to();
        let line = e.as_bytes()[..valid].iter().filter(|&&b| b == b'\n').count() + 1;
        let message = "is not UTF-8: read with replacement characters";
        let problem = Diagnostic::new(Severity::Warning, Code::NotUtf8, message);
        problems.push(problem.line(u32::try_from(line).unwrap_or(u32::MAX)));
        String::from_utf8_lossy(e.as_bytes()).into_owned()
    });
    let parsed = text::parse(&text, parser_edition(edition));
    problems.extend(parsed.problems);
    let generated = is_generated(&path.to_string_lossy().replace('\\', "/"), &text);
    Ok(ReadFile { lines: parsed.lines, bytes: size, tree: parsed.tree, generated, problems })
}

pub(in crate::parse) fn parser_edition(edition: Edition) -> crate::parse::syntax::parser::Edition {
    match edition {
        Edition::E2015 => crate::parse::syntax::parser::Edition::Edition2015,
        Edition::E2018 => crate::parse::syntax::parser::Edition::Edition2018,
        Edition::E2021 => crate::parse::syntax::parser::Edition::Edition2021,
        Edition::E2024 => crate::parse::syntax::parser::Edition::Edition2024,
    }
}
