//! What was accepted, by items: a committed file, one entry a line, so that branches merge.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;

use super::model::{BaselineReport, Debt, Finding, RenamedDebt};
use super::renames::{ModuleNames, renamed};
use crate::base::number::count;
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

    /// An entry lets it pass.
    fn pass(&mut self, debt: &Debt) {
        self.accepted = true;
        self.reason = debt.reason.clone().or(self.reason.take());
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

    /// Marks findings that pass; a figure may be larger by a share of `slack`. Says what is no more, and what has another name.
    pub(super) fn settle(
        &self,
        file: &str,
        findings: &mut [Finding],
        slack: f64,
        (code, names): (&Code<'_>, &ModuleNames),
    ) -> BaselineReport {
        let mut found = vec![false; self.debt.len()];
        let mut known = vec![false; findings.len()];
        for (finding, known) in findings.iter_mut().zip(&mut known) {
            let Ok(at) = self.debt.binary_search_by(|debt| debt.key().cmp(&finding.key())) else { continue };
            let debt = &self.debt[at];
            (found[at], *known) = (true, true);
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
            finding.pass(debt);
        }
        let gone: Vec<(usize, &Debt)> = self.debt.iter().enumerate().filter(|&(at, _)| !found[at]).collect();
        let open: Vec<(usize, &Finding)> =
            findings.iter().enumerate().filter(|&(at, _)| !known[at]).collect();
        let mut others = Vec::new();
        for (at, finding) in renamed(&gone, &open, code, names) {
            found[at] = true;
            let (entry, finding) = (self.debt[at].clone(), &mut findings[finding]);
            finding.pass(&entry);
            others.push(RenamedDebt { entry, from: finding.from.clone(), to: finding.to.clone() });
        }
        let gone = self.debt.iter().zip(found).filter(|(_, found)| !found).map(|(debt, _)| debt.clone());
        BaselineReport {
            file: file.to_owned(),
            entries: count(self.len()),
            gone: gone.collect(),
            renamed: others,
        }
    }

    /// With the findings that don't pass yet, for a reason.
    #[must_use]
    pub fn accept(self, findings: &[Finding], state: &BaselineReport, reason: &str, code: &Code<'_>) -> Self {
        let mut new = self.with_names_of_today(state);
        for finding in findings.iter().filter(|f| !f.accepted && f.level != LintLevel::Allow) {
            let (from, to) = (finding.from.clone(), finding.to.clone());
            let reason = Some(reason.to_owned()).filter(|reason| !reason.is_empty());
            let debt =
                Debt { lint: finding.lint, from, to, value: finding.value, reason, shapes: Vec::new() };
            match new.debt.binary_search_by(|old| old.key().cmp(&debt.key())) {
                Ok(at) => new.debt[at] = debt,
                Err(at) => new.debt.insert(at, debt),
            }
        }
        new.brought_up_to(code)
    }

    /// Without what is no more, and with figures as small as they are by now.
    #[must_use]
    pub fn prune(self, findings: &[Finding], state: &BaselineReport, code: &Code<'_>) -> Self {
        let gone: BTreeSet<Key<'_>> = state.gone.iter().map(Debt::key).collect();
        let now: BTreeMap<Key<'_>, &Finding> =
            findings.iter().map(|finding| (finding.key(), finding)).collect();
        let mut new = self;
        new.debt.retain(|debt| !gone.contains(&debt.key()));
        for debt in &mut new.debt {
            let now = now.get(&debt.key()).and_then(|finding| finding.value);
            if let (Some(now), Some(then)) = (now, debt.value) {
                debt.value = Some(now.min(then));
            }
        }
        new.with_names_of_today(state).brought_up_to(code)
    }

    /// Entries of what was renamed say what it is called today.
    fn with_names_of_today(mut self, state: &BaselineReport) -> Self {
        let others: BTreeMap<Key<'_>, &RenamedDebt> =
            state.renamed.iter().map(|other| (other.entry.key(), other)).collect();
        for debt in &mut self.debt {
            if let Some(other) = others.get(&debt.key()) {
                (debt.from, debt.to) = (other.from.clone(), other.to.clone());
            }
        }
        self.debt.sort_by(|a, b| a.key().cmp(&b.key()));
        self
    }

    /// Modules that are new get their place in the order, those that are no more lose it; shapes are those of today.
    fn brought_up_to(self, code: &Code<'_>) -> Self {
        let names = module_names(code);
        let written = ModuleNames::find(code, &self.order).order(&self.order);
        let order = module_order(code, &written).modules;
        let order = order.into_iter().map(|module| names[module as usize].clone()).collect();
        let mut debt = self.debt;
        for debt in &mut debt {
            let shape =
                |path: &str| code.items_of(path).first().map(|item| item.shape.clone()).unwrap_or_default();
            let shapes: Vec<String> = debt.to.iter().flat_map(|to| [shape(&debt.from), shape(to)]).collect();
            // What is not there today keeps what was known of it.
            if shapes.iter().any(|shape| !shape.is_empty()) {
                debt.shapes = shapes;
            }
        }
        Self { version: VERSION, debt, order }
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
            if let [first, rest @ ..] = debt.shapes.as_slice() {
                let _ = write!(text, ", shapes = [{}", quoted(first));
                for shape in rest {
                    let _ = write!(text, ", {}", quoted(shape));
                }
                text.push(']');
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
