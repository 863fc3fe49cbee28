//! Paths in helper attributes, which a derive writes into what it makes: `#[serde(default = "crate::f")]`,
//! `#[arg(value_parser = f)]`.
//!
//! Such a path ends up in the code that the derive puts beside the item, and has to resolve from there: it becomes a reference
//! of the type. Which strings are paths is a table by attribute and key. Tokens count behind `=`, and anywhere if they begin
//! with `crate`, `self` or `super`. `with` means `serialize` and `deserialize` of the module, or else the module. A derive may
//! give any other meaning to what it reads, so that a path that leads nowhere counts as nothing, not as unresolved. What stands
//! behind `=>` is code in the grammar of any attribute macro: `#[routes("/users" => [get(list), post(create)])]`.

use std::ops::Range;

use crate::parse::syntax::parser::SyntaxKind::*;

use super::unquote;
use crate::parse::lower::Lower;
use crate::parse::tree::{HelperMeans, HelperPath, Name, Path, Segments};

impl Lower<'_> {
    /// The paths among the arguments of a helper attribute.
    pub(in crate::parse::lower) fn helper_paths(
        &mut self,
        attribute: &str,
        inside: Range<u32>,
        out: &mut Vec<HelperPath>,
    ) {
        self.paths_under((attribute, ""), inside, out);
    }

    /// The same of what stands in the parentheses of a key.
    fn paths_under(
        &mut self,
        (attribute, under): (&str, &str),
        inside: Range<u32>,
        out: &mut Vec<HelperPath>,
    ) {
        for part in self.split_commas(inside) {
            let key = self.meta(part);
            let value = key.rest.start + 1;
            if key.rest.is_empty() {
                let rooted = matches!(self.tokens.text(key.path.start), "crate" | "self" | "super");
                if (rooted && key.names > 1 && attribute != "serde") || takes_function(attribute, under) {
                    let path = self.plain_path(&key);
                    out.extend(path.map(|path| HelperPath { path, means: HelperMeans::Value }));
                }
            } else if self.tokens.kind(key.rest.start) == EQ && value < key.rest.end {
                if self.tokens.kind(value) == STRING {
                    if let Some(means) = meaning(attribute, self.tokens.text(key.path.start)) {
                        self.string_paths(value, means, out);
                    }
                    continue;
                }
                let value = self.meta(value..key.rest.end);
                let is_macro = value.rest.clone().next().is_some_and(|next| self.tokens.kind(next) == BANG);
                if !is_macro && let Some(path) = self.plain_path(&value) {
                    out.push(HelperPath { path, means: HelperMeans::Value });
                }
            } else if let Some(inside) = self.parenthesized(&key.rest)
                && attribute != "serde"
            {
                let under = self.tokens.text(key.path.start).to_owned();
                self.paths_under((attribute, &under), inside, out);
            }
        }
    }

    /// The paths behind each `=>` among the arguments of an attribute, up to the comma that ends it.
    pub(in crate::parse::lower) fn arrow_paths(&mut self, inside: Range<u32>, out: &mut Vec<HelperPath>) {
        let kind = |at: u32| (at < inside.end).then(|| self.tokens.kind(at));
        let mut found: Vec<Range<u32>> = Vec::new();
        let mut at = inside.start;
        while at < inside.end {
            if !(kind(at) == Some(EQ) && kind(at + 1) == Some(R_ANGLE)) {
                at += 1;
                continue;
            }
            let mut end = at + 2;
            while end < inside.end && !matches!(self.tokens.kind(end), COMMA | R_PAREN | R_BRACK | R_CURLY) {
                end = self.tokens.close(end).max(end) + 1;
            }
            found.push(at + 2..end.min(inside.end));
            at = end;
        }
        for value in found {
            let mut at = value.start;
            while at < value.end {
                let path = self.meta(at..value.end);
                if path.names > 0 && self.tokens.kind(path.path.start) == IDENT {
                    let path_id = self.plain_path(&path);
                    out.extend(path_id.map(|path| HelperPath { path, means: HelperMeans::Value }));
                }
                at = path.path.end.max(at + 1);
            }
        }
    }

    /// The paths in a string literal; those behind the first are generic arguments.
    fn string_paths(&mut self, token: u32, means: HelperMeans, out: &mut Vec<HelperPath>) {
        let (line, from_body) = (self.line(token), self.is_from_body(token));
        let text = unquote(self.tokens.text(token));
        for (i, (global, names)) in paths_in(&text).into_iter().enumerate() {
            let means = if i == 0 && !text.trim_start().starts_with('<') { means } else { HelperMeans::Type };
            if let Some(segments) = Segments::of_names(names) {
                let path = self.path_id(Path { line, from_body, global, qself: None, segments });
                out.push(HelperPath { path, means });
            }
        }
    }
}

/// What the string that a key of an attribute is given means, if it is a path.
///
/// <https://serde.rs/attributes.html>, <https://graham.cool/schemars/deriving/attributes/>,
/// <https://docs.rs/serde_with/latest/serde_with/guide/serde_as/index.html>, and the documentation of borsh, darling, derivative,
/// derive_builder, prost, pyo3, structopt, strum and validator.
fn meaning(attribute: &str, key: &str) -> Option<HelperMeans> {
    Some(match (attribute, key) {
        ("serde", "with") => HelperMeans::With,
        ("serde", "default" | "serialize_with" | "deserialize_with" | "skip_serializing_if" | "getter")
        | ("schemars", "default" | "schema_with" | "skip_serializing_if")
        | ("borsh", "serialize_with" | "deserialize_with")
        | ("builder", "validate")
        | ("darling", "default" | "with" | "map" | "and_then")
        | ("derivative", "format_with" | "compare_with" | "hash_with" | "clone_with")
        | ("pyo3", "from_py_with")
        | ("structopt", "from_str" | "try_from_str" | "from_os_str" | "try_from_os_str")
        | ("strum", "default_with")
        | ("validate", "function" | "custom" | "regex" | "path") => HelperMeans::Value,
        ("serde", "from" | "into" | "try_from" | "remote")
        | ("schemars", "with")
        | ("prost", "enumeration" | "oneof")
        | ("serde_as", "as" | "serialize_as" | "deserialize_as") => HelperMeans::Type,
        _ => return None,
    })
}

/// Whether a bare name in the parentheses of a key is a function, and no word of the derive's own: by the documentation of garde, argh
/// and bpaf.
fn takes_function(attribute: &str, under: &str) -> bool {
    matches!(
        (attribute, under),
        ("garde", "custom") | ("argh", "from_str_fn") | ("bpaf", "external" | "parse" | "map")
    )
}

/// What stands in front of a piece of a text.
#[derive(Clone, Copy)]
enum Before {
    Name,
    /// Generic arguments, or what hangs on them.
    Arguments,
    NameAndSeparator,
    ArgumentsAndSeparator,
    Separator,
    Quote,
    Other,
}

/// The runs `a::b` in a text, each with whether `::` stands in front. What follows generic arguments (`V::<T>::new`)
/// hangs on the type in front, and is left out.
fn paths_in(text: &str) -> Vec<(bool, Vec<Name>)> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let text = text.replace("r#", "");
    let mut out: Vec<(bool, Vec<Name>)> = Vec::new();
    let (mut rest, mut before) = (text.trim(), Before::Other);
    while let Some(first) = rest.chars().next() {
        let word = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        let len = if rest.starts_with("::") { 2 } else { word.max(first.len_utf8()) };
        let (piece, behind) = rest.split_at(len);
        rest = behind.trim_start();
        before = match (piece, before) {
            ("::", Before::Name) => Before::NameAndSeparator,
            ("::", Before::Arguments) => Before::ArgumentsAndSeparator,
            ("::", _) => Before::Separator,
            (">", _) => Before::Arguments,
            ("'", _) => Before::Quote,
            (_, Before::ArgumentsAndSeparator) if word > 0 => Before::Arguments,
            ("as" | "_", _) | (_, Before::Quote) => Before::Other,
            _ if word == 0 || first.is_numeric() => Before::Other,
            (name, Before::NameAndSeparator) => {
                out.last_mut().into_iter().for_each(|(_, names)| names.push(Name::from(name)));
                Before::Name
            }
            (name, before) => {
                out.push((matches!(before, Before::Separator), vec![Name::from(name)]));
                Before::Name
            }
        };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::paths_in;

    #[test]
    fn paths_in_strings() {
        let cases = [
            ("f", "f"),
            ("crate::a::f", "crate::a::f"),
            (" ::a :: b ", "::a::b"),
            ("Vec::<B>::new", "Vec, B"),
            ("<A as b::C>::f", "A, b::C"),
            ("M<'a, [u8; 4], r#B>", "M, u8, B"),
            ("Option<_>", "Option"),
            ("", ""),
            ("é::", "é"),
            ("::", ""),
            ("a, b", "a, b"),
        ];
        for (text, expect) in cases {
            let found = paths_in(text).into_iter().map(|(global, names)| {
                let names: Vec<&str> = names.iter().map(|n| n.as_str()).collect();
                format!("{}{}", if global { "::" } else { "" }, names.join("::"))
            });
            assert_eq!(found.collect::<Vec<_>>().join(", "), expect, "{text:?}");
        }
    }
}
