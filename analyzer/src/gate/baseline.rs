//! What was accepted, by items: a committed file, one entry a line, so that branches merge.

use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;

use super::model::{Debt, Finding};
use crate::config::{Lint, LintLevel};
use crate::error::{Error, Result};
use crate::report::{Code, module_names, module_order};

/// Where it lies unless the configuration says otherwise.
pub const BASELINE_FILE: &str = "split-advisor-baseline.toml";
const VERSION: u32 = 1;

/// Findings that pass, and the order of modules that they were found in.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    version: u32,
    /// Sorted.
    #[serde(default)]
    pub(super) debt: Vec<Debt>,
    /// [`module_names`], dependents first.
    #[serde(default)]
    pub(super) order: Vec<String>,
}

type Key<'a> = (Lint, &'a str, Option<&'a str>);

impl Debt {
    fn key(&self) -> Key<'_> {
        (self.lint, &self.from, self.to.as_deref())
    }
}

impl Finding {
    fn key(&self) -> Key<'_> {
        (self.lint, &self.from, self.to.as_deref())
    }
}

impl Baseline {
    /// Reads the file.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] with the line.
    pub fn parse(path: &Path, text: &str) -> Result<Self> {
        let fail = |at: Option<usize>, message: String| {
            let before = &text.as_bytes()[..at.unwrap_or(0).min(text.len())];
            let line = at.map_or(0, |_| before.iter().filter(|&&byte| byte == b'\n').count() + 1);
            Error::InvalidInput { path: path.to_owned(), line, message }
        };
        let mut read: Self = toml::from_str(text)
            .map_err(|error| fail(error.span().map(|span| span.start), error.message().to_owned()))?;
        if read.version != VERSION {
            return Err(fail(Some(0), format!("version {} is not known: {VERSION} is", read.version)));
        }
        read.debt.sort_by(|a, b| a.key().cmp(&b.key()));
        Ok(read)
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.debt.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.debt.is_empty()
    }

    /// Marks findings that pass; a figure may be larger by a share of `slack`. What is no more is returned.
    pub(super) fn settle(&self, findings: &mut [Finding], slack: f64) -> Vec<Debt> {
        let mut found = vec![false; self.debt.len()];
        for finding in findings {
            let Ok(at) = self.debt.binary_search_by(|debt| debt.key().cmp(&finding.key())) else { continue };
            let debt = &self.debt[at];
            found[at] = true;
            let grown = match (finding.value, debt.value) {
                (Some(now), Some(then)) => now > then * (1.0 + slack),
                _ => false,
            };
            if grown {
                if let Some(then) = debt.value {
                    let _ = write!(finding.message, ", and {then} was accepted");
                }
                continue;
            }
            finding.accepted = true;
            finding.reason = debt.reason.clone().or(finding.reason.take());
        }
        self.debt.iter().zip(found).filter(|(_, found)| !found).map(|(debt, _)| debt.clone()).collect()
    }

    /// With the findings that don't pass yet, for a reason.
    #[must_use]
    pub fn accept(mut self, findings: &[Finding], reason: &str, code: &Code<'_>) -> Self {
        for finding in findings.iter().filter(|f| !f.accepted && f.level != LintLevel::Allow) {
            let (from, to) = (finding.from.clone(), finding.to.clone());
            let reason = Some(reason.to_owned()).filter(|reason| !reason.is_empty());
            let debt = Debt { lint: finding.lint, from, to, value: finding.value, reason };
            match self.debt.binary_search_by(|old| old.key().cmp(&debt.key())) {
                Ok(at) => self.debt[at] = debt,
                Err(at) => self.debt.insert(at, debt),
            }
        }
        self.reordered(code)
    }

    /// Without what is no more, and with figures as small as they are by now.
    #[must_use]
    pub fn prune(mut self, findings: &[Finding], gone: &[Debt], code: &Code<'_>) -> Self {
        self.debt.retain(|debt| !gone.iter().any(|gone| gone.key() == debt.key()));
        for debt in &mut self.debt {
            let now = findings.iter().find(|finding| finding.key() == debt.key());
            if let (Some(now), Some(then)) = (now.and_then(|finding| finding.value), debt.value) {
                debt.value = Some(now.min(then));
            }
        }
        self.reordered(code)
    }

    /// Modules that are new get their place in the order, those that are no more lose it.
    fn reordered(self, code: &Code<'_>) -> Self {
        let names = module_names(code);
        let order = module_order(code, &self.order).modules;
        let order = order.into_iter().map(|module| names[module as usize].clone()).collect();
        Self { version: VERSION, debt: self.debt, order }
    }

    /// The file.
    pub fn to_toml(&self) -> String {
        let mut text = String::from(
            "# What `split-advisor check` lets pass. Written by --accept and --prune; reasons may be edited by hand.\n",
        );
        let _ = writeln!(text, "version = {VERSION}\n\ndebt = [");
        for debt in &self.debt {
            let _ = write!(text, "  {{ lint = {}, from = {}", quoted(debt.lint.name()), quoted(&debt.from));
            if let Some(to) = &debt.to {
                let _ = write!(text, ", to = {}", quoted(to));
            }
            if let Some(value) = debt.value {
                let _ = write!(text, ", value = {value:?}");
            }
            if let Some(reason) = &debt.reason {
                let _ = write!(text, ", reason = {}", quoted(reason));
            }
            text.push_str(" },\n");
        }
        text.push_str("]\n\n# Modules, dependents first: what refers against this order and closes a cycle is a back edge.\norder = [\n");
        for path in &self.order {
            let _ = writeln!(text, "  {},", quoted(path));
        }
        text.push_str("]\n");
        text
    }
}

/// A basic string of TOML, on one line.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            // Marks that turn text round would mislead who reads the file.
            c if c.is_control()
                || matches!(c, '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}') =>
            {
                let _ = write!(quoted, "\\U{:08X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
