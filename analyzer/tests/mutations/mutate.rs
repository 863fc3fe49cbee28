//! Sources made wrong at random: tokens deleted, doubled, swapped, replaced, put in, cut off, taken from elsewhere.

/// Words and marks that mean something to a parser, to be put in anywhere.
const DICTIONARY: &[&str] = &[
    "<",
    ">",
    "::",
    ":",
    ";",
    ",",
    ".",
    "..",
    "..=",
    "=",
    "==",
    "=>",
    "->",
    "&",
    "&&",
    "|",
    "||",
    "!",
    "?",
    "#",
    "$",
    "@",
    "*",
    "+",
    "-",
    "/",
    "%",
    "^",
    "~",
    "'",
    "\"",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "<>",
    "<<",
    ">>=",
    "::<",
    "#[",
    "#![",
    "r#\"",
    "b'",
    "/*",
    "//",
    "'a",
    "_",
    "0",
    "1.",
    "1.0.0",
    "1e",
    "0x",
    "\"x\"",
    "x",
    "Self",
    "self",
    "super",
    "crate",
    "$crate",
    "as",
    "async",
    "await",
    "break",
    "const",
    "continue",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "fn",
    "for",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "macro",
    "macro_rules!",
    "match",
    "mod",
    "move",
    "mut",
    "pub",
    "pub(in",
    "ref",
    "return",
    "static",
    "struct",
    "trait",
    "type",
    "union",
    "unsafe",
    "use",
    "where",
    "while",
    "yield",
    "m!",
    "vec!",
    "matches!",
    "include!",
    "cfg_if!",
    "#[derive(",
    "#[cfg(",
    "#[cfg_attr(",
    "#[path = ",
    "$x:expr",
    "$(",
    ")*",
    "for<'a>",
    "T: ",
    "impl X for",
];

/// A generator of numbers that look random (splitmix64, <https://prng.di.unimi.it/splitmix64.c>): the same seed, the same numbers.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`; 0 if that is 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % (end.max(1) as u64)) as usize
    }
}

/// One to six changes of a text, pieces of `other` among them.
pub(crate) fn mutate(text: &str, other: &str, random: &mut Random) -> String {
    let mut tokens = split(text);
    let others = split(other);
    for _ in 0..=random.below(6) {
        change(&mut tokens, &others, random);
    }
    tokens.concat()
}

fn change<'t>(tokens: &mut Vec<&'t str>, others: &[&'t str], random: &mut Random) {
    let at = random.below(tokens.len());
    let len = 1 + random.below(8);
    let end = (at + len).min(tokens.len());
    let word = DICTIONARY[random.below(DICTIONARY.len())];
    match random.below(9) {
        0 => drop(tokens.drain(at..(at + 1).min(tokens.len()))),
        1 => drop(tokens.drain(at..end)),
        2 => {
            let doubled: Vec<&str> = tokens[at..end].to_vec();
            tokens.splice(at..at, doubled);
        }
        3 if !tokens.is_empty() => {
            let with = random.below(tokens.len());
            tokens.swap(at, with);
        }
        4 => tokens.insert(at, word),
        5 if !tokens.is_empty() => tokens[at] = word,
        6 => tokens.truncate(at),
        7 => {
            let times = 1 + random.below(40);
            tokens.splice(at..at, std::iter::repeat_n(word, times));
        }
        _ => {
            let from = random.below(others.len());
            let piece = others[from..(from + 3 * len).min(others.len())].to_vec();
            tokens.splice(at..at, piece);
        }
    }
}

/// Words, numbers, runs of white space, and everything else one by one.
fn split(text: &str) -> Vec<&str> {
    let class = |c: char| match c {
        c if c.is_alphanumeric() || c == '_' => 1,
        c if c.is_whitespace() => 2,
        _ => 0,
    };
    let (mut tokens, mut start, mut before) = (Vec::new(), 0, 0);
    for (at, c) in text.char_indices() {
        let own = class(c);
        if own == 0 || own != before {
            tokens.push(&text[start..at]);
            start = at;
        }
        before = own;
    }
    tokens.push(&text[start..]);
    tokens.retain(|token| !token.is_empty());
    tokens
}
