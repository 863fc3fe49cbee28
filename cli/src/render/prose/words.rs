//! Numbers, plurals and names as people read them.

use std::borrow::Cow;

use split_analyzer::plan::{Interval, Scenario, VerdictKind};

/// `1 crate`, `2 crates`, `2 dependencies`; for nouns with a regular plural.
pub(crate) fn counted(n: impl Into<u64>, noun: &str) -> String {
    match (n.into(), noun.strip_suffix("cy")) {
        (1, _) => format!("1 {noun}"),
        (n, Some(stem)) => format!("{} {stem}cies", number(n)),
        (n, None) => format!("{} {noun}s", number(n)),
    }
}

/// `999`, `4.5 k`, `45 k`, `1.2 M`.
pub(crate) fn number(n: impl Into<u64>) -> String {
    let n = n.into();
    let x = n as f64;
    match n {
        0..1_000 => n.to_string(),
        1_000..9_950 => format!("{:.1} k", x / 1e3),
        9_950..999_500 => format!("{:.0} k", x / 1e3),
        _ => format!("{:.1} M", x / 1e6),
    }
}

/// `0.4 s`, `12.3 s`, `2 min 5 s`.
pub(crate) fn seconds(s: f64) -> String {
    // The sum of nothing is −0.
    match s + 0.0 {
        s if s < 0.095 => format!("{:.0} ms", s * 1e3),
        s if s < 99.95 => format!("{s:.1} s"),
        s => format!("{:.0} min {:.0} s", ((s.round()) / 60.0).floor(), s.round() % 60.0),
    }
}

/// `0.4 min`, `12 min`, `3.1 h`
pub(crate) fn minutes(min: f64) -> String {
    match min + 0.0 {
        m if m.abs() < 9.95 => format!("{m:.1} min"),
        m if m.abs() < 119.5 => format!("{m:.0} min"),
        m => format!("{:.1} h", m / 60.0),
    }
}

/// `430→360 ms`, `8.9→6.1 s`, `40→28 s`: before and after.
pub(crate) fn change_s(before: f64, after: f64) -> String {
    match before.max(after) {
        s if s < 0.9995 => format!("{:.0}→{:.0} ms", before * 1e3, after * 1e3),
        s if s < 9.95 => format!("{before:.1}→{after:.1} s"),
        _ => format!("{before:.0}→{after:.0} s"),
    }
}

/// A share from 0 to 1 as `31 %`.
pub(crate) fn share(share: f64) -> String {
    percent(share * 100.0)
}

/// `31 %`, `0.4 %`, `−3 %`.
pub(crate) fn percent(p: f64) -> String {
    format!("{} %", bare_percent(p))
}

fn bare_percent(p: f64) -> String {
    let magnitude = p.abs();
    let text = if magnitude < 0.05 {
        return "0".to_owned();
    } else if magnitude < 0.95 {
        format!("{magnitude:.1}")
    } else {
        format!("{magnitude:.0}")
    };
    if p < 0.0 { format!("−{text}") } else { text }
}

/// `+12 %`, `−45 %`: what a saving of `p` percent does to the time.
pub(crate) fn change_percent(saved: f64) -> String {
    let change = percent(-saved);
    if saved < -0.05 { format!("+{change}") } else { change }
}

/// `15 to 36 %`.
pub(crate) fn percent_range(interval: Interval) -> String {
    let (low, high) = (interval.p10.min(interval.p90), interval.p10.max(interval.p90));
    let (low, high) = (bare_percent(low), bare_percent(high));
    if low == high { format!("{low} %") } else { format!("{low} to {high} %") }
}

/// A scenario in a table.
pub(crate) fn scenario(scenario: Scenario) -> &'static str {
    match scenario {
        Scenario::Cold => "cold build",
        Scenario::Clean => "clean build",
        Scenario::Edit => "after an edit",
    }
}

/// A verdict in a table.
pub(crate) fn verdict(kind: VerdictKind) -> &'static str {
    match kind {
        VerdictKind::Split => "split",
        VerdictKind::UntangleFirst => "untangle first",
        VerdictKind::MeasureFirst => "measure first",
        VerdictKind::Keep => "keep",
    }
}

/// Control characters, and marks that are not seen and change the direction of text (Unicode's `Bidi_Control`), its lines
/// or its beginning. All formats keep them out, each in its way.
pub(crate) fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
        )
}

/// Text of the repository without what could confuse a terminal: control characters (escape sequences, line
/// breaks) and marks that change the direction of text.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    let harmless = |c: char| match c {
        '\n' | '\t' => ' ',
        c if is_harmful(c) => '\u{fffd}',
        c => c,
    };
    if text.contains(is_harmful) {
        Cow::Owned(text.chars().map(harmless).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// At most `width` characters, `…` in place of what is cut from the end.
pub(crate) fn end_cut(text: &str, width: usize) -> String {
    let length = text.chars().count();
    if length <= width {
        return text.to_owned();
    }
    text.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}

/// Lines of at most `width` characters, broken at spaces; a word that has no room on a line is broken within.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in with_units(text) {
        let line = lines.last().map_or(0, |l| l.chars().count());
        let fits = line + usize::from(line > 0) + word.chars().count() <= width;
        for (i, piece) in pieces(&word, width).into_iter().enumerate() {
            match lines.last_mut() {
                Some(last) if last.is_empty() => last.push_str(&piece),
                Some(last) if i == 0 && fits => {
                    last.push(' ');
                    last.push_str(&piece);
                }
                _ => lines.push(piece),
            }
        }
    }
    lines
}

/// The words of a text; a unit stays with its number.
fn with_units(text: &str) -> Vec<String> {
    const UNITS: [&str; 7] = ["%", "s", "ms", "min", "h", "k", "M"];
    let mut words: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let unit =
            UNITS.contains(&word.trim_end_matches([',', '.', ';', ':', ')', '('])) || word.starts_with('%');
        match words.last_mut() {
            Some(last) if unit && last.ends_with(|c: char| c.is_ascii_digit()) => {
                last.push(' ');
                last.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
}

/// A word in pieces of at most `width` characters, broken where a path or a name has a joint, if it has one.
fn pieces(word: &str, width: usize) -> Vec<String> {
    let mut rest: Vec<char> = word.chars().collect();
    let mut pieces = Vec::new();
    while rest.len() > width.max(1) {
        let joint = |&at: &usize| {
            let (before, after) = (rest[at - 1], rest[at]);
            matches!(before, '/' | '-' | '_' | ',' | ' ') || (before == ':' && after != ':')
        };
        let end = (width / 2 + 1..=width).rev().find(joint).unwrap_or(width.max(1));
        let piece: String = rest.drain(..end).collect();
        pieces.push(piece.trim_end().to_owned());
    }
    pieces.push(rest.into_iter().collect());
    pieces
}

/// The same, its first letter large.
pub(crate) fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(char::to_uppercase).into_iter().flatten().chain(chars).collect()
}

/// A fragment as a sentence: a capital at the start, a stop at the end. One that starts with a name in
/// backquotes stays as it is.
pub(crate) fn sentence(fragment: &str) -> String {
    let mut text = capitalized(fragment.trim());
    if !text.is_empty() && !text.ends_with(['.', '!', '?', ':']) {
        text.push('.');
    }
    text
}

/// The first `shown` of some names, and how many are left: `a, b, c (+4)`.
pub(crate) fn listed<S: AsRef<str>>(names: &[S], shown: usize) -> String {
    let mut text = names.iter().take(shown).map(|n| n.as_ref()).collect::<Vec<_>>().join(", ");
    if names.len() > shown {
        text.push_str(&format!(" (+{})", names.len() - shown));
    }
    text
}

/// All of some names: `a, b and c`, with the word that stands before the last.
pub(super) fn series(names: &[String], word: &str) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}

/// `split-advisor measure`, then `analyze --costs costs.json`
pub(super) fn in_turn<S: AsRef<str>>(commands: &[S]) -> String {
    let name = |(at, command): (usize, &S)| match command.as_ref().strip_prefix("split-advisor ") {
        Some(rest) if at > 0 => format!("`{rest}`"),
        _ => format!("`{}`", command.as_ref()),
    };
    commands.iter().enumerate().map(name).collect::<Vec<_>>().join(", then ")
}
