//! `macro_rules!`: matching and transcription over token trees, without types or hygiene.
//!
//! Fragments are delimited by what the language lets follow them
//! (<https://doc.rust-lang.org/reference/macros-by-example.html#follow-set-ambiguity-restrictions>), not parsed.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use rustc_hash::FxHashMap;

/// Most tokens that one expansion may make; more is taken for endless. A choice: some 1 MB of source.
const MAX_TOKENS: usize = 250_000;

/// Prefix of a method's or field's name that stands in a macro's body: who calls the macro does not refer to it.
pub(super) const BODY_MEMBER: &str = "__split_body_";

/// A token tree that can be sent between threads and outlives its source.
#[derive(Debug, Clone, PartialEq)]
enum Tok {
    Ident(Box<str>),
    Punct(char, bool),
    Literal(Box<str>),
    Group(Delimiter, Vec<Tok>),
}

/// One `macro_rules!` definition.
#[derive(Debug)]
pub struct MacroRules {
    rules: Vec<(Vec<Matcher>, Vec<Tok>)>,
    pass_through: Option<PassThrough>,
}

/// A macro that gives back the items it is given, under attributes: `cfg_unix! { … }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PassThrough {
    /// Under these `cfg` predicates.
    Cfg(Vec<String>),
    /// Under the predicate that the call gives in `#![…]`.
    Argument,
}

#[derive(Debug, Clone, PartialEq)]
enum Matcher {
    Token(Tok),
    Group(Delimiter, Vec<Matcher>),
    Variable(Box<str>, Box<str>),
    Repeat { inner: Vec<Matcher>, separator: Vec<Tok>, most: char },
}

/// What a variable was bound to.
#[derive(Debug)]
enum Bound<'i> {
    One { tokens: &'i [Tok], group: bool },
    Many(Vec<Bindings<'i>>),
}

type Bindings<'i> = FxHashMap<&'i str, Bound<'i>>;

/// Bindings in force, innermost repetition last.
type Frames<'f, 'i> = Vec<&'f Bindings<'i>>;

fn bound<'f, 'i>(frames: &Frames<'f, 'i>, name: &str) -> Option<&'f Bound<'i>> {
    frames.iter().rev().find_map(|frame| frame.get(name))
}

impl MacroRules {
    /// Reads the rules of a definition: the text between its braces. `None` when they can't be understood.
    pub fn parse(text: &str) -> Option<Self> {
        let tokens = convert(text.parse::<TokenStream>().ok()?);
        let mut rules = Vec::new();
        for rule in tokens.split(|t| *t == Tok::Punct(';', false)) {
            if rule.is_empty() {
                continue;
            }
            let [Tok::Group(_, matcher), Tok::Punct('=', _), Tok::Punct('>', _), Tok::Group(_, body)] = rule
            else {
                return None;
            };
            rules.push((matchers(matcher)?, body.clone()));
        }
        let pass_through = pass_through(&rules);
        Some(Self { rules, pass_through })
    }

    /// Whether the macro only puts attributes around the items it is given.
    pub fn pass_through(&self) -> Option<&PassThrough> {
        self.pass_through.as_ref()
    }

    /// Expands a call with these arguments (the text between its delimiters); `$crate` becomes `marker`.
    /// `None` when no rule matches.
    pub fn expand(&self, arguments: &str, marker: &str) -> Option<String> {
        let input = convert(arguments.parse::<TokenStream>().ok()?);
        for (matcher, body) in &self.rules {
            let mut bindings = Bindings::default();
            if match_all(matcher, &input, &mut bindings) == Some(input.len()) {
                let mut out = Vec::new();
                transcribe(body, &mut vec![&bindings], marker, &mut out)?;
                let mut text = String::new();
                print(&out, &mut text);
                return Some(text);
            }
        }
        None
    }
}

fn convert(tokens: TokenStream) -> Vec<Tok> {
    let trees = tokens.into_iter().map(|tree| match tree {
        TokenTree::Ident(i) => Tok::Ident(i.to_string().into()),
        TokenTree::Punct(p) => Tok::Punct(p.as_char(), p.spacing() == Spacing::Joint && p.as_char() != ';'),
        TokenTree::Literal(l) => Tok::Literal(l.to_string().into()),
        TokenTree::Group(g) => Tok::Group(g.delimiter(), convert(g.stream())),
    });
    trees.collect()
}

fn matchers(tokens: &[Tok]) -> Option<Vec<Matcher>> {
    let (mut out, mut i) = (Vec::new(), 0);
    while i < tokens.len() {
        match &tokens[i..] {
            [Tok::Punct('$', _), Tok::Ident(name), Tok::Punct(':', _), Tok::Ident(kind), ..] => {
                out.push(Matcher::Variable(name.clone(), kind.clone()));
                i += 4;
            }
            [Tok::Punct('$', _), Tok::Group(Delimiter::Parenthesis, inner), rest @ ..] => {
                let (separator, most, used) = repetition(rest)?;
                out.push(Matcher::Repeat { inner: matchers(inner)?, separator, most });
                i += 2 + used;
            }
            [Tok::Group(d, inner), ..] => {
                out.push(Matcher::Group(*d, matchers(inner)?));
                i += 1;
            }
            [token, ..] => {
                out.push(Matcher::Token(token.clone()));
                i += 1;
            }
            [] => break,
        }
    }
    Some(out)
}

/// `sep? op` after `$(…)`: the separator, the operator, the number of tokens.
fn repetition(rest: &[Tok]) -> Option<(Vec<Tok>, char, usize)> {
    let op = |t: Option<&Tok>| match t {
        Some(Tok::Punct(c @ ('*' | '+' | '?'), _)) => Some(*c),
        _ => None,
    };
    // `+` may itself be the separator: `$(…)+*`; an operator directly behind decides.
    for len in 0..=3 {
        if let Some(c) = op(rest.get(len)) {
            let separator = rest[..len].to_vec();
            if len == 0 && c == '+' && matches!(op(rest.get(1)), Some('*' | '+')) && joined(&rest[0]) {
                continue;
            }
            return Some((separator, c, len + 1));
        }
    }
    None
}

fn joined(token: &Tok) -> bool {
    matches!(token, Tok::Punct(_, true))
}

/// Matches all of `matcher` against the front of `input`; the number of tokens used.
fn match_all<'i>(matcher: &'i [Matcher], input: &'i [Tok], bindings: &mut Bindings<'i>) -> Option<usize> {
    let mut at = 0;
    for (i, m) in matcher.iter().enumerate() {
        match m {
            Matcher::Token(token) => {
                if !same(token, input.get(at)?) {
                    return None;
                }
                at += 1;
            }
            Matcher::Group(delimiter, inner) => {
                let Tok::Group(d, tokens) = input.get(at)? else { return None };
                if d != delimiter || match_all(inner, tokens, bindings)? != tokens.len() {
                    return None;
                }
                at += 1;
            }
            Matcher::Variable(name, kind) => {
                let len = fragment_len(kind, &input[at..])?;
                let group = matches!(&**kind, "expr" | "expr_2021") && len > 1;
                bindings.insert(name, Bound::One { tokens: &input[at..at + len], group });
                at += len;
            }
            Matcher::Repeat { inner, separator, most } => {
                at += match_repeat(
                    inner,
                    separator.as_ref(),
                    *most,
                    &matcher[i + 1..],
                    &input[at..],
                    bindings,
                )?;
            }
        }
    }
    Some(at)
}

fn match_repeat<'i>(
    inner: &'i [Matcher],
    separator: &[Tok],
    most: char,
    after: &[Matcher],
    input: &'i [Tok],
    bindings: &mut Bindings<'i>,
) -> Option<usize> {
    let (mut at, mut rounds) = (0, Vec::new());
    loop {
        if most == '?' && !rounds.is_empty() {
            break;
        }
        let mut start = at;
        if !separator.is_empty() && !rounds.is_empty() {
            let fits = input[at..].len() >= separator.len()
                && separator.iter().zip(&input[at..]).all(|(a, b)| same(a, b));
            if !fits {
                break;
            }
            start += separator.len();
        }
        if start >= input.len() {
            break;
        }
        // What follows the repetition literally ends it, where the repetition doesn't start with the same.
        if let (Some(Matcher::Token(next)), true) = (after.first(), separator.is_empty())
            && same(next, &input[start])
            && !matches!(inner.first(), Some(Matcher::Token(own)) if own == next)
        {
            break;
        }
        let mut round = Bindings::default();
        match match_all(inner, &input[start..], &mut round) {
            Some(used) if used > 0 => {
                at = start + used;
                rounds.push(round);
            }
            _ => break,
        }
    }
    if most == '+' && rounds.is_empty() {
        return None;
    }
    let mut names = Vec::new();
    variables(inner, &mut names);
    for name in names {
        let own = rounds.iter_mut().map(|round| round.remove(name).map(|b| (name, b)).into_iter().collect());
        let own = own.collect();
        bindings.insert(name, Bound::Many(own));
    }
    Some(at)
}

fn variables<'i>(matchers: &'i [Matcher], out: &mut Vec<&'i str>) {
    for m in matchers {
        match m {
            Matcher::Variable(name, _) => out.push(name),
            Matcher::Group(_, inner) | Matcher::Repeat { inner, .. } => variables(inner, out),
            Matcher::Token(_) => {}
        }
    }
}

fn same(a: &Tok, b: &Tok) -> bool {
    match (a, b) {
        (Tok::Punct(a, _), Tok::Punct(b, _)) => a == b,
        (a, b) => a == b,
    }
}

/// How many tokens at the front of `input` a fragment takes.
fn fragment_len(kind: &str, input: &[Tok]) -> Option<usize> {
    let first = input.first();
    let ident = |t: Option<&Tok>| matches!(t, Some(Tok::Ident(i)) if &**i != "_");
    match kind {
        "ident" => ident(first).then_some(1),
        "tt" => match input {
            [] => None,
            [Tok::Punct('\'', _), Tok::Ident(_), ..] => Some(2),
            _ => Some(1),
        },
        "lifetime" => matches!(input, [Tok::Punct('\'', _), Tok::Ident(_), ..]).then_some(2),
        "literal" => match input {
            [Tok::Literal(_), ..] => Some(1),
            [Tok::Punct('-', _), Tok::Literal(_), ..] => Some(2),
            [Tok::Ident(i), ..] if matches!(&**i, "true" | "false") => Some(1),
            _ => None,
        },
        "block" => matches!(first, Some(Tok::Group(Delimiter::Brace, _))).then_some(1),
        "vis" => Some(match input {
            [Tok::Ident(p), Tok::Group(Delimiter::Parenthesis, inner), ..]
                if &**p == "pub"
                    && matches!(inner.first(), Some(Tok::Ident(i)) if matches!(&**i, "crate" | "self" | "super" | "in")) =>
            {
                2
            }
            [Tok::Ident(p), ..] if &**p == "pub" => 1,
            _ => 0,
        }),
        "meta" => match input {
            [] => None,
            _ => {
                let path = until(input, |t, _| !matches!(t, Tok::Ident(_) | Tok::Punct(':', _)));
                match &input[path..] {
                    [Tok::Group(..), ..] => Some(path + 1),
                    [Tok::Punct('=', false), _, ..] => Some(path + 2),
                    _ => (path > 0).then_some(path),
                }
            }
        },
        "path" | "ty" => {
            let len = until(input, |t, next| match t {
                Tok::Punct(',' | ';' | '|', _) => true,
                Tok::Punct('=', _) => true,
                Tok::Punct(':', joint) => !joint && !matches!(next, Some(Tok::Punct(':', _))),
                Tok::Group(Delimiter::Brace, _) => true,
                Tok::Ident(i) => matches!(&**i, "as" | "where"),
                _ => false,
            });
            (len > 0).then_some(len)
        }
        "pat" | "pat_param" => {
            let len = until(input, |t, next| match t {
                Tok::Punct(',', _) => true,
                Tok::Punct('=', _) => !matches!(next, Some(Tok::Punct('=', _))),
                Tok::Ident(i) => matches!(&**i, "if" | "in"),
                _ => false,
            });
            (len > 0).then_some(len)
        }
        "expr" | "expr_2021" | "stmt" => {
            let starts =
                !matches!(first, None | Some(Tok::Punct(',' | ';' | '=' | '.' | '?' | ':' | '#', _)));
            let len = until(input, |t, next| match t {
                Tok::Punct(',' | ';', _) => true,
                Tok::Punct('=', true) => matches!(next, Some(Tok::Punct('>', _))),
                _ => false,
            });
            (starts && len > 0).then_some(len)
        }
        "item" => item_len(input),
        _ => None,
    }
}

/// Tokens before the first for which `stop` holds, outside of angle brackets and closure parameters.
fn until(input: &[Tok], stop: impl Fn(&Tok, Option<&Tok>) -> bool) -> usize {
    let (mut angle, mut i) = (0usize, 0);
    while i < input.len() {
        let t = &input[i];
        let arrow = i > 0 && matches!((&input[i - 1], t), (Tok::Punct('-' | '=', true), Tok::Punct('>', _)));
        if angle == 0 && stop(t, input.get(i + 1)) && !(i > 0 && second_of_pair(&input[i - 1], t)) {
            return i;
        }
        match t {
            // `<` opens generics after a path separator or a type's name; in an expression `a < b` it does not.
            Tok::Punct('<', _) if angle > 0 || opens_generics(input, i) => angle += 1,
            Tok::Punct('>', _) if angle > 0 && !arrow => angle -= 1,
            Tok::Punct('|', false) if i == 0 || matches!(&input[i - 1], Tok::Ident(m) if &**m == "move") => {
                // The parameters of a closure.
                i += 1;
                while i < input.len() && !matches!(input[i], Tok::Punct('|', _)) {
                    i += 1;
                }
            }
            _ => {}
        }
        i += 1;
    }
    input.len()
}

/// `::` and `==`, `=>`, `<=`…: the second character never ends a fragment by itself.
fn second_of_pair(before: &Tok, t: &Tok) -> bool {
    matches!(
        (before, t),
        (Tok::Punct(':', true), Tok::Punct(':', _))
            | (Tok::Punct('=' | '!' | '<' | '>' | '.', true), Tok::Punct('=', _))
    )
}

fn opens_generics(input: &[Tok], i: usize) -> bool {
    match i.checked_sub(1).map(|p| &input[p]) {
        None => true,
        Some(Tok::Punct(':', _) | Tok::Punct('&' | '<' | ',', _)) => true,
        Some(Tok::Ident(name)) => {
            name.starts_with(|c: char| c.is_uppercase()) || &**name == "dyn" || &**name == "impl"
        }
        _ => false,
    }
}

fn item_len(input: &[Tok]) -> Option<usize> {
    let mut i = 0;
    while matches!(&input[i..], [Tok::Punct('#', _), Tok::Group(Delimiter::Bracket, _), ..]) {
        i += 2;
    }
    let value = matches!(
        input[i..].iter().find(|t| !matches!(t, Tok::Ident(k) if &**k == "pub") && !matches!(t, Tok::Group(..))),
        Some(Tok::Ident(k)) if matches!(&**k, "const" | "static" | "use" | "type")
    );
    let function = input[i..].iter().take(8).any(|t| matches!(t, Tok::Ident(k) if &**k == "fn"));
    while i < input.len() {
        match &input[i] {
            Tok::Punct(';', _) => return Some(i + 1),
            Tok::Group(Delimiter::Brace, _) if !value || function => return Some(i + 1),
            _ => i += 1,
        }
    }
    None
}

fn transcribe(body: &[Tok], frames: &mut Frames<'_, '_>, marker: &str, out: &mut Vec<Tok>) -> Option<()> {
    let mut i = 0;
    while i < body.len() {
        if out.len() > MAX_TOKENS {
            return None;
        }
        match &body[i..] {
            [Tok::Punct('$', _), Tok::Ident(name), ..] => {
                i += 2;
                if &**name == "crate" {
                    out.push(Tok::Ident(marker.into()));
                    continue;
                }
                match bound(frames, name) {
                    Some(Bound::One { tokens, group: true }) => {
                        out.push(Tok::Group(Delimiter::Parenthesis, tokens.to_vec()));
                    }
                    Some(Bound::One { tokens, .. }) => out.extend(tokens.iter().cloned()),
                    Some(Bound::Many(_)) => return None,
                    // A macro that defines a macro: its variables are not ours.
                    None => out.extend([Tok::Punct('$', false), Tok::Ident(name.clone())]),
                }
            }
            [Tok::Punct('$', _), Tok::Group(Delimiter::Parenthesis, inner), rest @ ..] => {
                let (separator, _, used) = repetition(rest)?;
                i += 2 + used;
                repeat(inner, &separator, frames, marker, out)?;
            }
            [Tok::Group(d, inner), ..] => {
                let mut nested = Vec::new();
                transcribe(inner, frames, marker, &mut nested)?;
                out.push(Tok::Group(*d, nested));
                i += 1;
            }
            [Tok::Ident(name), ..] if i > 0 && is_dot(body, i - 1) && &**name != "await" => {
                out.push(Tok::Ident(format!("{BODY_MEMBER}{name}").into()));
                i += 1;
            }
            [token, ..] => {
                out.push(token.clone());
                i += 1;
            }
            [] => break,
        }
    }
    Some(())
}

/// A dot that is no part of a range.
fn is_dot(body: &[Tok], i: usize) -> bool {
    matches!(body[i], Tok::Punct('.', _)) && !(i > 0 && matches!(body[i - 1], Tok::Punct('.', _)))
}

fn repeat(
    inner: &[Tok],
    separator: &[Tok],
    frames: &mut Frames<'_, '_>,
    marker: &str,
    out: &mut Vec<Tok>,
) -> Option<()> {
    let mut used = Vec::new();
    used_variables(inner, &mut used);
    let repeated: Vec<_> = used
        .iter()
        .filter_map(|name| match bound(frames, name) {
            Some(Bound::Many(rounds)) => Some(rounds),
            _ => None,
        })
        .collect();
    let rounds = repeated.iter().map(|rounds| rounds.len()).max()?;
    let depth = frames.len();
    for round in 0..rounds {
        frames.extend(repeated.iter().filter_map(|rounds| rounds.get(round)));
        if round > 0 {
            out.extend_from_slice(separator);
        }
        let done = transcribe(inner, frames, marker, out);
        frames.truncate(depth);
        done?;
    }
    Some(())
}

fn used_variables<'b>(body: &'b [Tok], out: &mut Vec<&'b str>) {
    for (i, token) in body.iter().enumerate() {
        match token {
            Tok::Punct('$', _) => {
                if let Some(Tok::Ident(name)) = body.get(i + 1)
                    && !out.contains(&&**name)
                {
                    out.push(name);
                }
            }
            Tok::Group(_, inner) => used_variables(inner, out),
            _ => {}
        }
    }
}

fn print(tokens: &[Tok], out: &mut String) {
    for token in tokens {
        match token {
            Tok::Ident(text) | Tok::Literal(text) => {
                out.push_str(text);
                out.push(' ');
            }
            Tok::Punct(c, joint) => {
                out.push(*c);
                if !joint {
                    out.push(' ');
                }
            }
            Tok::Group(delimiter, inner) => {
                let (open, close) = match delimiter {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::None => ("", ""),
                };
                out.push_str(open);
                print(inner, out);
                out.push_str(close);
                out.push(' ');
            }
        }
    }
}

/// Recognises `($($item:item)*) => { $( #[cfg(…)] $item )* }` and the like.
fn pass_through(rules: &[(Vec<Matcher>, Vec<Tok>)]) -> Option<PassThrough> {
    let [(matcher, body)] = rules else { return None };
    let argument = match &matcher[..] {
        [Matcher::Repeat { inner, .. }] => item_variable(inner).then_some(false)?,
        [
            Matcher::Token(Tok::Punct('#', _)),
            Matcher::Token(Tok::Punct('!', _)),
            Matcher::Group(Delimiter::Bracket, meta),
            Matcher::Repeat { inner, .. },
        ] => {
            let [Matcher::Variable(_, kind)] = &meta[..] else { return None };
            (&**kind == "meta" && item_variable(inner)).then_some(true)?
        }
        _ => return None,
    };
    let [Tok::Punct('$', _), Tok::Group(Delimiter::Parenthesis, inner), Tok::Punct('*', _)] = &body[..]
    else {
        return None;
    };
    let (mut cfgs, mut i, mut by_argument) = (Vec::new(), 0, false);
    while let [Tok::Punct('#', _), Tok::Group(Delimiter::Bracket, attr), ..] = &inner[i..] {
        if let [Tok::Ident(name), Tok::Group(_, predicate)] = &attr[..]
            && &**name == "cfg"
        {
            if matches!(&predicate[..], [Tok::Punct('$', _), Tok::Ident(_)]) {
                by_argument = true;
            } else {
                let mut text = String::new();
                print(predicate, &mut text);
                cfgs.push(text);
            }
        }
        i += 2;
    }
    if !matches!(&inner[i..], [Tok::Punct('$', _), Tok::Ident(_)]) || by_argument != argument {
        return None;
    }
    Some(if argument { PassThrough::Argument } else { PassThrough::Cfg(cfgs) })
}

fn item_variable(inner: &[Matcher]) -> bool {
    matches!(inner, [Matcher::Variable(_, kind)] if matches!(&**kind, "item" | "tt"))
}

#[cfg(test)]
mod tests {
    use super::{MacroRules, PassThrough};

    fn expand(rules: &str, arguments: &str) -> String {
        let text = MacroRules::parse(rules).expect("rules").expand(arguments, "KRATE");
        text.map_or_else(|| "no match".into(), |t| t.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn expands() {
        for (rules, arguments, want) in [
            ("() => { 1 }", "", "1"),
            ("($x:ident) => { struct $x; }", "A", "struct A ;"),
            ("($($x:ident),*) => { $(fn $x() {})* }", "a, b", "fn a () {} fn b () {}"),
            ("($($x:ident),* $(,)?) => { $($x)+* }", "a, b,", "a + b"),
            ("($a:expr, $b:expr) => { f($a, $b) }", "1 + 2, g(3, 4)", "f (( 1 + 2 ), ( g ( 3 , 4 ) ) )"),
            ("($t:ty => $e:expr) => { <$t>::f($e) }", "Vec<u8, A> => x", "< Vec < u8 , A > >::f ( x )"),
            (
                "($($k:expr => $v:expr),*) => { $( $crate::put($k, $v); )* }",
                "1 => 2",
                "KRATE ::put ( 1 , 2 ) ;",
            ),
            ("(@a $x:tt) => { A $x }; ($x:tt) => { B $x }", "q", "B q"),
            ("(@a $x:tt) => { A $x }; ($x:tt) => { B $x }", "@a q", "A q"),
            (
                "($(#[$m:meta])* $v:vis fn $n:ident) => { $(#[$m])* $v fn $n() {} }",
                "#[inline] pub fn f",
                "# [ inline ] pub fn f () {}",
            ),
            (
                "($($i:item)*) => { mod m { $($i)* } }",
                "fn a() {} struct B; use c::d;",
                "mod m { fn a () {} struct B ; use c ::d ; }",
            ),
            ("($x:literal) => { $x }", "x", "no match"),
            ("($($x:ident)::+) => { $($x)::+ }", "a::b", "a :: b"),
            ("($x:expr) => { $x.f(0..1) }", "a", "a .__split_body_f ( 0 ..1 )"),
            ("($l:lifetime $x:path) => { $x }", "'a b::c", "b ::c"),
            (
                "($($n:ident : [$($t:ty),*]);* $(;)?) => { $( fn $n($( _: $t ),*) {} )* }",
                "a: [u8, T<u8>]; b: [];",
                "fn a (_ : u8 , _ : T < u8 > ) {} fn b () {}",
            ),
        ] {
            let (got, want): (String, String) =
                (expand(rules, arguments).split_whitespace().collect(), want.split_whitespace().collect());
            assert_eq!(got, want, "{rules} with {arguments}");
        }
    }

    #[test]
    fn recognises_pass_through() {
        let cfg = |p: &str| Some(PassThrough::Cfg(vec![p.to_owned()]));
        for (rules, want) in [
            ("($($i:item)*) => { $( #[cfg(unix)] #[cfg_attr(docsrs, doc(cfg(unix)))] $i )* }", cfg("unix ")),
            ("(#![$m:meta] $($i:item)*) => { $( #[cfg($m)] $i )* }", Some(PassThrough::Argument)),
            ("($($i:item)*) => { $( $i )* }", Some(PassThrough::Cfg(vec![]))),
            ("($($i:item)*) => { $( #[cfg(unix)] mod x { $i } )* }", None),
            ("($($i:expr)*) => { $( $i )* }", None),
        ] {
            assert_eq!(MacroRules::parse(rules).expect("rules").pass_through(), want.as_ref(), "{rules}");
        }
    }
}
