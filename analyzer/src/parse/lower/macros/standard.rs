//! Macros of the standard library, and what their format strings name.

/// The `NAME`s in `{NAME}` and `{NAME:…}` of a format string. Other names there are locals, which are no references.
pub(in crate::parse::lower) fn inline_constants(format: &str) -> Vec<String> {
    let plain = format.replace("{{", "").replace("\\u{", "");
    let inside = plain.split('{').skip(1).filter_map(|rest| rest.split(['}', ':']).next());
    let constants = inside.filter(|name| {
        name.starts_with(|c: char| c.is_ascii_uppercase())
            && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    });
    constants.map(str::to_owned).collect()
}

/// A `{…}` of a format string: which argument it shows, and by which trait of `std::fmt`.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::parse::lower) struct Placeholder<'f> {
    pub(in crate::parse::lower) argument: Argument<'f>,
    pub(in crate::parse::lower) by: &'static str,
}

/// An argument of a format string.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::parse::lower) enum Argument<'f> {
    Position(usize),
    Name(&'f str),
}

/// The placeholders of a format string (<https://doc.rust-lang.org/std/fmt/index.html#syntax>).
pub(in crate::parse::lower) fn placeholders(format: &str) -> Vec<Placeholder<'_>> {
    let (mut found, mut next, mut rest) = (Vec::new(), 0, format);
    while let Some(open) = rest.find('{') {
        rest = &rest[open + 1..];
        if let Some(after) = rest.strip_prefix('{') {
            rest = after;
            continue;
        }
        let Some(close) = rest.find('}') else { break };
        let (argument, how) = rest[..close].split_once(':').unwrap_or((&rest[..close], ""));
        rest = &rest[close + 1..];
        // The precision is an argument of its own, in front.
        next += usize::from(how.contains(".*"));
        let argument = match argument.trim() {
            "" => {
                next += 1;
                Argument::Position(next - 1)
            }
            name => name.parse().map_or(Argument::Name(name), Argument::Position),
        };
        found.extend(shown_by(how.trim_end()).map(|by| Placeholder { argument, by }));
    }
    found
}

/// The trait that the end of a format specification means.
fn shown_by(how: &str) -> Option<&'static str> {
    let is_flag = |c: char| !c.is_ascii_alphabetic() && c != '?';
    // What comes after the last flag, width (`width$`) or precision.
    let kind = how.rsplit(is_flag).next().unwrap_or_default();
    Some(match kind {
        // Without a kind, or a fill like `x>8`.
        "" => "Display",
        "?" | "x?" | "X?" => "Debug",
        "x" => "LowerHex",
        "X" => "UpperHex",
        "o" => "Octal",
        "b" => "Binary",
        "e" => "LowerExp",
        "E" => "UpperExp",
        "p" => "Pointer",
        _ => return None,
    })
}

/// Macros that read their strings as formats.
pub(in crate::parse::lower) fn formats(name: &str) -> bool {
    matches!(
        name,
        "assert"
            | "assert_eq"
            | "assert_ne"
            | "debug_assert"
            | "debug_assert_eq"
            | "debug_assert_ne"
            | "eprint"
            | "eprintln"
            | "format"
            | "format_args"
            | "panic"
            | "print"
            | "println"
            | "todo"
            | "unimplemented"
            | "unreachable"
            | "write"
            | "writeln"
            // Of log, tracing and anyhow, where the repository has none of the name.
            | "anyhow"
            | "bail"
            | "debug"
            | "ensure"
            | "error"
            | "info"
            | "log"
            | "trace"
            | "warn"
    )
}

/// Macros of the standard library: nobody expands them, so that their text need not be kept.
pub(in crate::parse) fn is_std(name: &str) -> bool {
    matches!(
        name,
        "assert"
            | "assert_eq"
            | "assert_ne"
            | "cfg"
            | "column"
            | "compile_error"
            | "concat"
            | "dbg"
            | "debug_assert"
            | "debug_assert_eq"
            | "debug_assert_ne"
            | "env"
            | "eprint"
            | "eprintln"
            | "file"
            | "format"
            | "format_args"
            | "include_bytes"
            | "include_str"
            | "line"
            | "matches"
            | "module_path"
            | "option_env"
            | "panic"
            | "print"
            | "println"
            | "stringify"
            | "todo"
            | "unimplemented"
            | "unreachable"
            | "vec"
            | "write"
            | "writeln"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_format_string_shows() {
        let cases = [
            ("", ""),
            ("{}", "0 Display"),
            ("{} {:?} {x}", "0 Display, 1 Debug, x Display"),
            ("{{}} {{{}}}", "0 Display"),
            ("{1} {} {0:#?} {}", "1 Display, 0 Display, 0 Debug, 1 Display"),
            ("{:>8} {:08.3} {x:>width$.prec$} {:x>4}", "0 Display, 1 Display, x Display, 2 Display"),
            ("{:.*} {:#x} {:02X?} {:p}", "1 Display, 2 LowerHex, 3 Debug, 4 Pointer"),
            ("{:e} {:E} {:o} {:b} {:X}", "0 LowerExp, 1 UpperExp, 2 Octal, 3 Binary, 4 UpperHex"),
            ("{", ""),
        ];
        for (format, expected) in cases {
            let show = |shown: &Placeholder<'_>| match shown.argument {
                Argument::Position(at) => format!("{at} {}", shown.by),
                Argument::Name(name) => format!("{name} {}", shown.by),
            };
            let found: Vec<String> = placeholders(format).iter().map(show).collect();
            assert_eq!(found.join(", "), expected, "{format}");
        }
    }
}
