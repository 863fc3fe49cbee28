//! A table of the file, read key by key: what was not asked for is unknown, what is of another kind is wrong, and both are said at
//! their line.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::model::At;
use crate::base::likeness::{did_you_mean, nearest};
use crate::diagnostic::{Code, Diagnostic, Severity};

/// The text, and what is wrong with it.
pub(super) struct Source<'a> {
    path: &'a str,
    /// Where each line begins.
    lines: Vec<usize>,
    pub(super) problems: Vec<Diagnostic>,
}

impl<'a> Source<'a> {
    pub(super) fn new(path: &'a str, text: &str) -> Self {
        let lines =
            std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect::<Vec<_>>();
        Self { path, lines, problems: Vec::new() }
    }

    pub(super) fn line(&self, at: usize) -> u32 {
        u32::try_from(self.lines.partition_point(|&start| start <= at)).unwrap_or(u32::MAX)
    }

    pub(super) fn wrong(&mut self, line: u32, message: String) {
        let problem = Diagnostic::new(Severity::Error, Code::InvalidConfig, message);
        self.problems.push(problem.at(self.path).line(line));
    }
}

/// A value with its place.
#[derive(Clone, Copy)]
pub(super) struct Field<'t, 'i> {
    /// What it is called in messages: `budgets.rebuild-p90`.
    name: &'t str,
    value: &'t Spanned<DeValue<'i>>,
}

/// A table of which each key is asked for once.
pub(super) struct Fields<'t, 'i> {
    /// Its name with a dot behind it, empty for the file.
    prefix: String,
    pub(super) line: u32,
    left: Vec<(&'t Spanned<std::borrow::Cow<'i, str>>, &'t Spanned<DeValue<'i>>)>,
    known: Vec<&'static str>,
}

impl<'t, 'i> Fields<'t, 'i> {
    pub(super) fn new(prefix: &str, line: u32, table: &'t DeTable<'i>) -> Self {
        let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}.") };
        Self { prefix, line, left: table.iter().collect(), known: Vec::new() }
    }

    fn take(&mut self, key: &'static str) -> Option<(String, &'t Spanned<DeValue<'i>>)> {
        self.known.push(key);
        let at = self.left.iter().position(|(name, _)| name.get_ref() == key)?;
        Some((format!("{}{key}", self.prefix), self.left.swap_remove(at).1))
    }

    /// Reads a key, if it is there and right.
    pub(super) fn read<T>(
        &mut self,
        source: &mut Source<'_>,
        key: &'static str,
        read: impl FnOnce(&mut Source<'_>, Field<'_, 'i>) -> Option<T>,
    ) -> Option<T> {
        let (name, value) = self.take(key)?;
        read(source, Field { name: &name, value })
    }

    /// The same for a key that has to be there.
    pub(super) fn need<T>(
        &mut self,
        source: &mut Source<'_>,
        key: &'static str,
        read: impl FnOnce(&mut Source<'_>, Field<'_, 'i>) -> Option<T>,
    ) -> Option<T> {
        if !self.left.iter().any(|(name, _)| name.get_ref() == key) {
            self.known.push(key);
            let message = format!("`{}{key}` is missing", self.prefix);
            source.wrong(self.line, message);
            return None;
        }
        self.read(source, key, read)
    }

    /// Says what nobody asked for.
    pub(super) fn end(self, source: &mut Source<'_>) {
        let mut unknown = self.left;
        unknown.sort_by_key(|(name, _)| name.span().start);
        for (name, _) in unknown {
            let line = source.line(name.span().start);
            let near = nearest(name.get_ref(), self.known.iter().copied());
            let hint = match near.is_empty() {
                true => format!("; known are {}", self.known.join(", ")),
                false => did_you_mean(&near[..1]),
            };
            source.wrong(line, format!("unknown key `{}{}`{hint}", self.prefix, name.get_ref()));
        }
    }
}

impl<'t, 'i> Field<'t, 'i> {
    pub(super) fn line(self, source: &Source<'_>) -> u32 {
        source.line(self.value.span().start)
    }

    fn is_no<T>(self, source: &mut Source<'_>, what: &str) -> Option<T> {
        let line = self.line(source);
        source.wrong(line, format!("`{}` has to be {what}", self.name));
        None
    }

    /// A text with something in it.
    pub(super) fn text(self, source: &mut Source<'_>) -> Option<At<String>> {
        match self.value.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() => {
                Some(At { value: text.trim().to_owned(), line: self.line(source) })
            }
            _ => self.is_no(source, "a text"),
        }
    }

    /// A file within the directory: this file must not name another one to write.
    pub(super) fn file(self, source: &mut Source<'_>) -> Option<At<String>> {
        let name = self.text(source)?;
        let fine = |part: &str| !matches!(part, "" | "." | "..");
        match name.value.ends_with(".toml") && name.value.split('/').all(fine) && !name.value.contains('\\') {
            true => Some(name),
            false => self.is_no(source, "the path of a .toml file in this directory"),
        }
    }

    /// A number from 0 to `most`.
    pub(super) fn number(self, source: &mut Source<'_>, most: f64) -> Option<At<f64>> {
        let value = match self.value.get_ref() {
            DeValue::Float(float) => float.as_str().replace('_', "").parse::<f64>().ok(),
            DeValue::Integer(_) => self.integer().map(f64::from),
            _ => None,
        };
        match value.filter(|value| (0.0..=most).contains(value)) {
            Some(value) => Some(At { value, line: self.line(source) }),
            None => self.is_no(source, &format!("a number from 0 to {most}")),
        }
    }

    fn integer(self) -> Option<u32> {
        match self.value.get_ref() {
            DeValue::Integer(integer) => u32::from_str_radix(integer.as_str(), integer.radix()).ok(),
            _ => None,
        }
    }

    /// A whole number, zero or more.
    pub(super) fn count(self, source: &mut Source<'_>) -> Option<At<u32>> {
        match self.integer() {
            Some(value) => Some(At { value, line: self.line(source) }),
            None => self.is_no(source, "a whole number from 0 to 4294967295"),
        }
    }

    /// One of some words.
    pub(super) fn word<T: Copy>(self, source: &mut Source<'_>, words: &[(&'static str, T)]) -> Option<At<T>> {
        let said = self.text(source)?;
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == said.value) {
            return Some(At { value: *value, line: said.line });
        }
        let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let near = nearest(&said.value, all.iter().copied());
        let hint = did_you_mean(&near[..near.len().min(1)]);
        let what = format!("`{}` has to be one of {}, not `{}`{hint}", self.name, all.join(", "), said.value);
        source.wrong(said.line, what);
        None
    }

    /// The parts of a list that are right.
    pub(super) fn list<T>(
        self,
        source: &mut Source<'_>,
        read: impl Fn(&mut Source<'_>, Field<'_, 'i>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let DeValue::Array(array) = self.value.get_ref() else { return self.is_no(source, "a list") };
        Some(array.iter().filter_map(|value| read(source, Field { name: self.name, value })).collect())
    }

    /// A list of texts, or one text.
    pub(super) fn texts(self, source: &mut Source<'_>) -> Option<Vec<At<String>>> {
        match self.value.get_ref() {
            DeValue::Array(_) => self.list(source, |source, field| field.text(source)),
            _ => self.text(source).map(|text| vec![text]),
        }
    }

    /// A table.
    pub(super) fn table(self, source: &mut Source<'_>) -> Option<Fields<'t, 'i>> {
        let line = self.line(source);
        match self.value.get_ref() {
            DeValue::Table(table) => Some(Fields::new(self.name, line, table)),
            _ => self.is_no(source, "a table"),
        }
    }

    /// Names with numbers, zero or more.
    pub(super) fn numbers(self, source: &mut Source<'_>, most: f64) -> Option<Vec<(String, At<f64>)>> {
        let DeValue::Table(table) = self.value.get_ref() else { return self.is_no(source, "a table") };
        let entry = |(key, value): (&Spanned<std::borrow::Cow<'i, str>>, &Spanned<DeValue<'i>>)| {
            let name = format!("{}.{}", self.name, key.get_ref());
            Some((key.get_ref().to_string(), Field { name: &name, value }.number(source, most)?))
        };
        Some(table.iter().filter_map(entry).collect())
    }

    /// A table of any keys with texts.
    pub(super) fn dictionary(self, source: &mut Source<'_>) -> Option<Vec<(String, At<String>)>> {
        let DeValue::Table(table) = self.value.get_ref() else { return self.is_no(source, "a table") };
        let entry = |(key, value): (&Spanned<std::borrow::Cow<'i, str>>, &Spanned<DeValue<'i>>)| {
            let name = format!("{}.{}", self.name, key.get_ref());
            Some((key.get_ref().to_string(), Field { name: &name, value }.text(source)?))
        };
        Some(table.iter().filter_map(entry).collect())
    }
}
