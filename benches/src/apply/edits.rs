//! Changes of a text that keep every line where it is, so that an error's line is a line of the original.

use std::ops::Range;

/// What replaces a range of bytes.
pub(crate) type Edit = (Range<usize>, String);

/// The text with `edits` made. What is replaced loses no line; of two edits at one place the one that comes first in the
/// list counts.
pub(crate) fn edited(text: &str, edits: &[Edit]) -> String {
    let mut kept: Vec<&Edit> = Vec::new();
    for edit in edits {
        let (start, end) = (edit.0.start, edit.0.end);
        let meets = |other: &&Edit| start == other.0.start || (start < other.0.end && other.0.start < end);
        if !kept.iter().any(meets) {
            kept.push(edit);
        }
    }
    kept.sort_by_key(|(range, _)| range.start);
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for (range, new) in kept {
        out += &text[at..range.start];
        out += new;
        let lines = |text: &str| text.matches('\n').count();
        let lost = lines(&text[range.clone()]).saturating_sub(lines(new));
        out.extend(std::iter::repeat_n('\n', lost));
        at = range.end;
    }
    out += &text[at..];
    out
}

/// The text with only these lines (first and last, from 1) left; the others are empty.
pub(crate) fn only_lines(text: &str, kept: &[(u32, u32)]) -> String {
    let keep = |at: usize| kept.iter().any(|&(first, last)| (first..=last).contains(&(at as u32 + 1)));
    let lines = text.lines().enumerate().map(|(at, line)| if keep(at) { line } else { "" });
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// The bytes of whole lines, without the last line's end.
pub(crate) fn bytes_of_lines(text: &str, (first, last): (u32, u32)) -> Range<usize> {
    let start = |line: u32| -> usize {
        let before = (line as usize).saturating_sub(1);
        text.split_inclusive('\n').take(before).map(str::len).sum()
    };
    let end = start(last + 1);
    let end = if text[..end].ends_with('\n') { end - 1 } else { end };
    start(first).min(end)..end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_where_they_are() {
        let text = "mod a;\nfn f() {\n}\nstruct S;\n";
        let cases: &[(&[Edit], &str)] = &[
            (&[], text),
            (&[(0..6, String::new())], "\nfn f() {\n}\nstruct S;\n"),
            (&[(7..17, "use b::f;".to_owned())], "mod a;\nuse b::f;\n\nstruct S;\n"),
            // An insertion, and one within what has gone.
            (
                &[(7..17, String::new()), (7..7, "pub ".to_owned()), (18..18, "pub ".to_owned())],
                "mod a;\n\n\npub struct S;\n",
            ),
        ];
        for (edits, expected) in cases {
            assert_eq!(&edited(text, edits), expected, "{edits:?}");
        }
    }

    #[test]
    fn lines_and_their_bytes() {
        let text = "a\nbb\nccc";
        assert_eq!(only_lines(text, &[(2, 2)]), "\nbb\n\n");
        let cases = [((1, 1), "a"), ((2, 3), "bb\nccc"), ((1, 2), "a\nbb"), ((3, 3), "ccc")];
        for (lines, expected) in cases {
            assert_eq!(&text[bytes_of_lines(text, lines)], expected, "{lines:?}");
        }
    }
}
