//! Examples in doc comments, which are tests: what they name crates by.

use crate::parse::tree::Name;

/// What was found so far, and whether the last line was in an example.
#[derive(Debug, Default)]
pub(in crate::parse) struct Examples {
    names: Vec<(u32, Name)>,
    /// The line that the next one would have to be.
    next: u32,
    fence: Fence,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Fence {
    /// Text.
    #[default]
    None,
    /// Code that is compiled as a test.
    Test,
    /// Code that isn't.
    Other,
}

impl Examples {
    /// Reads a doc comment. Examples in blocks (`/** … */`) are rare, and left out.
    pub(super) fn read(&mut self, line: u32, comment: &str) {
        let Some(text) = comment.strip_prefix("///").or_else(|| comment.strip_prefix("//!")) else { return };
        if line != self.next {
            self.fence = Fence::None;
        }
        self.next = line + 1;
        let text = text.trim();
        match (text.strip_prefix("```").or_else(|| text.strip_prefix("~~~")), self.fence) {
            (Some(info), Fence::None) => self.fence = if is_test(info) { Fence::Test } else { Fence::Other },
            (Some(_), _) => self.fence = Fence::None,
            (None, Fence::Test) => self.code(line, text),
            (None, _) => {}
        }
    }

    /// The first name of a path on a line of code. A line that begins with `#` is hidden, and code all the same.
    fn code(&mut self, line: u32, text: &str) {
        let text = text.strip_prefix('#').unwrap_or(text);
        let code = text.split("//").next().unwrap_or_default();
        for (at, _) in code.match_indices("::") {
            let before = &code[..at];
            let begins = before.rfind(|c: char| !(c.is_alphanumeric() || c == '_')).map_or(0, |i| i + 1);
            let first = !before[..begins].ends_with(':') && begins < at;
            if first && code[begins..].starts_with(|c: char| c.is_lowercase()) {
                self.names.push((line, Name::from(&before[begins..])));
            }
        }
    }

    /// Lines and names, in their order.
    pub(in crate::parse) fn names(&self) -> Vec<(u32, Name)> {
        self.names.clone()
    }
}

/// Whether rustdoc compiles a block with this info string (the rustdoc book, "Documentation tests").
fn is_test(info: &str) -> bool {
    let mut words = info.split([',', ' ', '{', '}']).map(str::trim).filter(|word| !word.is_empty());
    words.all(|word| {
        matches!(word, "rust" | "no_run" | "should_panic" | "compile_fail" | "standalone_crate")
            || word.starts_with("edition")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_examples_are_found_and_others_are_not() {
        type Case = (&'static [&'static str], &'static [(u32, &'static str)]);
        let cases: &[Case] = &[
            (
                &[
                    "/// app::not",
                    "/// ```",
                    "/// use app::db;",
                    "/// # app::f(std::mem::take(x));",
                    "/// ```",
                    "/// app::no",
                ],
                &[(3, "app"), (4, "app"), (4, "std")],
            ),
            (&["//! ```rust,no_run", "//! let x = app::f(); // other::g", "//! ```"], &[(2, "app")]),
            (&["/// ```text", "/// app::f", "/// ```"], &[]),
            (&["/// ```ignore", "/// app::f", "/// ```"], &[]),
            (&["/// ```", "/// Self::f(); <T as x::Y>::z(); Vec::new()"], &[(2, "x")]),
        ];
        for (lines, expected) in cases {
            let mut examples = Examples::default();
            for (line, text) in (1..).zip(*lines) {
                examples.read(line, text);
            }
            let found = examples.names();
            let found: Vec<(u32, &str)> = found.iter().map(|(line, name)| (*line, name.as_str())).collect();
            assert_eq!(found, *expected, "{lines:?}");
        }
        let mut apart = Examples::default();
        apart.read(1, "/// ```");
        apart.read(9, "/// app::f");
        assert!(apart.names().is_empty(), "another comment");
    }
}
