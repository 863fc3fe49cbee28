//! JSON: the library's reports as they are, with what would mislead a reader of the raw text escaped.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use super::answer::Answer;
use super::prose::words::is_harmful;

/// An answer as its report; clusters, which may be of a million nodes, on one line.
pub(super) fn answer(answer: &Answer<'_>, out: &mut dyn Write) -> io::Result<()> {
    match *answer {
        Answer::Analysis { report, .. } => write(report, out),
        Answer::Explanation { report, .. } => write(report, out),
        Answer::Clusters { report, .. } => write_compact(report, out),
        Answer::Simulation(report) => write(report, out),
        Answer::WhatIf(report) => write(report, out),
    }
}

/// Writes a report, indented, with a line break at the end.
pub(crate) fn write(report: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    write_by(PrettyFormatter::new(), report, out)
}

/// Writes a report on one line: a graph may have a million edges.
pub(crate) fn write_compact(report: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    write_by(CompactFormatter, report, out)
}

fn write_by<F: Formatter>(formatter: F, report: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    report.serialize(&mut Serializer::with_formatter(&mut *out, Harmless(formatter)))?;
    writeln!(out)
}

/// Escapes what turns text round or controls a terminal; the value stays the same.
struct Harmless<F>(F);

impl<F: Formatter> Formatter for Harmless<F> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        if fragment.is_ascii() && !fragment.contains('\u{7f}') {
            return out.write_all(fragment.as_bytes());
        }
        let mut rest = fragment;
        while let Some(at) = rest.find(is_harmful) {
            let (fine, from) = rest.split_at(at);
            out.write_all(fine.as_bytes())?;
            let mut chars = from.chars();
            let harmful = chars.next().unwrap_or_default();
            // All of them are in the basic plane: one escape is enough.
            write!(out, "\\u{:04x}", u32::from(harmful))?;
            rest = chars.as_str();
        }
        out.write_all(rest.as_bytes())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_misleads_is_escaped_and_means_the_same() {
        for (text, expected) in [
            ("plain ü", r#""plain ü""#),
            ("a\u{202e}b\u{2066}", r#""a\u202eb\u2066""#),
            ("\u{7f}\u{9b}\u{61c}", r#""\u007f\u009b\u061c""#),
            ("\u{1b}\n\"", r#""\u001b\n\"""#),
            ("\u{feff}x\u{2028}", r#""\ufeffx\u2028""#),
        ] {
            let (mut pretty, mut compact) = (Vec::new(), Vec::new());
            write(&text, &mut pretty).unwrap();
            write_compact(&text, &mut compact).unwrap();
            assert_eq!(String::from_utf8(compact.clone()).unwrap().trim_end(), expected);
            assert_eq!(pretty, compact);
            assert_eq!(serde_json::from_slice::<String>(&pretty).unwrap(), text);
        }
    }

    #[test]
    fn indents_as_before() {
        let value = serde_json::json!({"a": [1, {"b": []}], "c": {}});
        let mut out = Vec::new();
        write(&value, &mut out).unwrap();
        let expected = serde_json::to_string_pretty(&value).unwrap() + "\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
