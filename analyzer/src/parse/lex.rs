//! A scan over source bytes that needs no parser: tokens per line and nesting depth.

/// What the scan finds.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// `tokens[l]`: tokens on the lines before line `l + 1`; one entry more than there are lines.
    pub(super) tokens: Vec<u32>,
    /// The deepest nesting of brackets.
    pub(super) depth: u32,
    /// The longest run of prefix operators (`!`, `-`, `&`, `*`), each a level of recursion for a parser.
    pub(super) prefixes: u32,
    /// The line of whichever of the two is larger, from 1.
    pub(super) deepest_line: u32,
}

impl Scan {
    /// Tokens between two lines, both inclusive, from 1.
    pub(super) fn between(&self, first: u32, last: u32) -> u32 {
        let at = |line: usize| self.tokens[line.min(self.tokens.len() - 1)];
        at(last as usize) - at((first as usize).saturating_sub(1)).min(at(last as usize))
    }

    fn deepen(&mut self, depth: u32, prefixes: u32) {
        if depth.max(prefixes) > self.depth.max(self.prefixes) {
            self.deepest_line = u32::try_from(self.tokens.len()).unwrap_or(u32::MAX);
        }
        self.depth = self.depth.max(depth);
        self.prefixes = self.prefixes.max(prefixes);
    }

    /// The number of lines.
    pub(super) fn lines(&self) -> u32 {
        u32::try_from(self.tokens.len()).unwrap_or(u32::MAX).saturating_sub(1)
    }
}

/// Scans `src`. Approximate where approximation can't matter (a lifetime and a char both count as one token).
pub(super) fn scan(src: &str) -> Scan {
    let b = src.as_bytes();
    let mut s = Scan { tokens: vec![0], ..Scan::default() };
    let (mut i, mut tokens, mut depth, mut prefixes) = (0, 0u32, 0u32, 0u32);
    while i < b.len() {
        let c = b[i];
        match c {
            b'\n' => {
                s.tokens.push(tokens);
                i += 1;
            }
            b' ' | b'\t' | b'\r' => i += 1,
            b'/' if b.get(i + 1) == Some(&b'/') => i += line_len(&b[i..]),
            b'/' if b.get(i + 1) == Some(&b'*') => {
                let end = i + block_comment_len(&b[i..]);
                push_newlines(&b[i..end], tokens, &mut s.tokens);
                i = end;
            }
            b'"' => {
                let end = i + string_len(&b[i..]);
                push_newlines(&b[i..end], tokens, &mut s.tokens);
                (i, tokens, prefixes) = (end, tokens + 1, 0);
            }
            b'\'' => {
                (i, tokens, prefixes) = (i + char_len(&b[i..]), tokens + 1, 0);
            }
            b'r' | b'b' | b'c' if raw_string_len(&b[i..]) > 0 => {
                let end = i + raw_string_len(&b[i..]);
                push_newlines(&b[i..end], tokens, &mut s.tokens);
                (i, tokens, prefixes) = (end, tokens + 1, 0);
            }
            _ if is_ident(c) => {
                while i < b.len() && is_ident(b[i]) {
                    i += 1;
                }
                (tokens, prefixes) = (tokens + 1, 0);
            }
            _ => {
                match c {
                    b'(' | b'[' | b'{' => {
                        depth += 1;
                        s.deepen(depth, prefixes);
                    }
                    b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                if matches!(c, b'!' | b'-' | b'&' | b'*' | b'|' | b'<') {
                    prefixes += 1;
                    s.deepen(depth, prefixes);
                } else {
                    prefixes = 0;
                }
                (i, tokens) = (i + 1, tokens + 1);
            }
        }
    }
    if b.last().is_some_and(|&c| c != b'\n') {
        s.tokens.push(tokens);
    }
    s
}

fn is_ident(c: u8) -> bool {
    c.is_ascii_alphanumeric() || c == b'_' || c >= 0x80
}

fn push_newlines(part: &[u8], tokens: u32, out: &mut Vec<u32>) {
    out.extend(part.iter().filter(|&&c| c == b'\n').map(|_| tokens));
}

fn line_len(b: &[u8]) -> usize {
    b.iter().position(|&c| c == b'\n').unwrap_or(b.len())
}

fn block_comment_len(b: &[u8]) -> usize {
    let (mut i, mut depth) = (0, 0);
    while i + 1 < b.len() {
        match (b[i], b[i + 1]) {
            (b'/', b'*') => (depth, i) = (depth + 1, i + 2),
            (b'*', b'/') => {
                (depth, i) = (depth - 1, i + 2);
                if depth == 0 {
                    return i;
                }
            }
            _ => i += 1,
        }
    }
    b.len()
}

fn string_len(b: &[u8]) -> usize {
    let mut i = 1;
    while i < b.len() {
        match b[i] {
            b'\\' => i += 2,
            b'"' => return i + 1,
            _ => i += 1,
        }
    }
    b.len()
}

/// `'a'`, `'\n'`, or a lifetime.
fn char_len(b: &[u8]) -> usize {
    if b.get(1) == Some(&b'\\') {
        let rest = b.get(3..).unwrap_or_default();
        return rest.iter().take(16).position(|&c| c == b'\'').map_or(2, |p| p + 4).min(b.len());
    }
    let first = b.get(1).copied().unwrap_or(0);
    let width = match first {
        0..0x80 => 1,
        0x80..0xe0 => 2,
        0xe0..0xf0 => 3,
        _ => 4,
    };
    if b.get(1 + width) == Some(&b'\'') {
        return 2 + width;
    }
    1 + b[1..].iter().take_while(|&&c| is_ident(c)).count()
}

/// Length of a raw string (`r"…"`, `r#"…"#`, `br"…"`, `cr"…"`); 0 if it isn't one.
fn raw_string_len(b: &[u8]) -> usize {
    let start = match b {
        [b'r', ..] => 1,
        [b'b' | b'c', b'r', ..] => 2,
        _ => return 0,
    };
    let hashes = b[start..].iter().take_while(|&&c| c == b'#').count();
    if b.get(start + hashes) != Some(&b'"') {
        return 0;
    }
    let mut i = start + hashes + 1;
    while i < b.len() {
        if b[i] == b'"' && b[i + 1..].len() >= hashes && b[i + 1..i + 1 + hashes].iter().all(|&c| c == b'#') {
            return i + 1 + hashes;
        }
        i += 1;
    }
    b.len()
}

#[cfg(test)]
mod tests {
    use super::scan;

    #[test]
    fn counts_tokens_lines_and_depth() {
        for (src, tokens, lines, depth) in [
            ("", 0, 0, 0),
            ("fn f() {}\n", 6, 1, 1),
            ("// fn f()\nlet x = 1;", 5, 2, 0),
            ("/* a /* b\n */ \n*/ x", 1, 3, 0),
            ("\"a\n\\\"b\" 'c' 'a r#\"x\"#", 4, 2, 0),
            ("((([])))", 8, 1, 4),
            ("'\\'' '\\u{1f600}' '\u{e9}'", 3, 1, 0),
        ] {
            let s = scan(src);
            assert_eq!((s.between(1, s.lines()), s.lines(), s.depth), (tokens, lines, depth), "{src:?}");
        }
    }

    #[test]
    fn counts_between_lines() {
        let s = scan("a b\nc\n\nd e f\n");
        assert_eq!((s.between(1, 1), s.between(2, 3), s.between(2, 4), s.between(1, 4)), (2, 1, 4, 6));
    }
}
