//! `paste!`: identifiers put together, `[<get_ $name>]`. A macro of another package, but nearly all that macros make in item
//! position under a name of their own goes through it, and what it does can be read off its arguments.
//!
//! <https://docs.rs/paste>

use crate::parse::syntax::parser::SyntaxKind;
use crate::parse::syntax::parser::SyntaxKind::*;

use super::tree::Name;
use super::tree::token::{Token, closers, fixed_text};

/// Whether a macro of this name, if it isn't the repository's own, does what `paste!` does (its successors keep the name).
pub fn is_paste(name: Name) -> bool {
    name == "paste"
}

/// The arguments of `paste!` with each `[<…>]` made one identifier; one that can't be is left as it stands.
pub fn pasted(arguments: &[Token]) -> Vec<Token> {
    let Some(close) = closers(arguments) else { return arguments.to_vec() };
    let mut out = Vec::with_capacity(arguments.len());
    let mut at = 0;
    while at < arguments.len() {
        let end = close[at] as usize;
        let identifier = match &arguments[at..=end] {
            [open, less, parts @ .., greater, _]
                if (open.kind, less.kind, greater.kind) == (L_BRACK, L_ANGLE, R_ANGLE) =>
            {
                concatenated(parts)
            }
            _ => None,
        };
        match identifier {
            Some(identifier) => {
                out.push(identifier);
                at = end + 1;
            }
            None => {
                out.push(arguments[at]);
                at += 1;
            }
        }
    }
    out
}

/// `get_ $name:snake` as one identifier.
fn concatenated(parts: &[Token]) -> Option<Token> {
    let first = parts.first()?;
    let (mut text, mut at) = (String::new(), 0);
    while let Some(part) = parts.get(at) {
        let mut piece = piece(part)?;
        at += 1;
        while let [colon, modifier, ..] = &parts[at..]
            && colon.kind == COLON
        {
            piece = modified(&piece, modifier.as_str())?;
            at += 2;
        }
        text.push_str(&piece);
    }
    let lifetime = first.kind == LIFETIME_IDENT;
    let named = text.trim_start_matches('\'').starts_with(|c: char| c.is_alphabetic() || c == '_');
    named.then(|| Token {
        kind: if lifetime { LIFETIME_IDENT } else { IDENT },
        joint: false,
        from_body: parts.iter().all(|part| part.from_body),
        copy: parts.iter().any(|part| part.copy),
        line: first.line,
        text: Name::from(&text),
    })
}

fn piece(part: &Token) -> Option<String> {
    let text = part.as_str();
    Some(match part.kind {
        STRING | CHAR => text.get(1..text.len().checked_sub(1)?)?.to_owned(),
        LIFETIME_IDENT => text.to_owned(),
        kind if is_word(kind) => text.trim_start_matches("r#").to_owned(),
        _ => return None,
    })
}

fn is_word(kind: SyntaxKind) -> bool {
    kind.is_any_identifier()
        || kind == INT_NUMBER
        || kind == UNDERSCORE
        || fixed_text(kind).is_some_and(|text| text.starts_with(char::is_alphabetic))
}

fn modified(piece: &str, modifier: &str) -> Option<String> {
    Some(match modifier {
        "lower" => piece.to_lowercase(),
        "upper" => piece.to_uppercase(),
        "snake" => snake(piece),
        "camel" => camel(piece),
        _ => return None,
    })
}

/// An underscore in front of each capital that follows something else than one, all in small letters.
fn snake(piece: &str) -> String {
    let mut out = String::new();
    let mut before = '_';
    for c in piece.chars() {
        if c.is_uppercase() && before != '_' {
            out.push('_');
        }
        before = c;
        out.extend(c.to_lowercase());
    }
    out
}

/// Words between underscores, each with a capital.
fn camel(piece: &str) -> String {
    let mut out = String::new();
    let mut before = '_';
    for c in piece.chars() {
        if c != '_' {
            if before == '_' {
                out.extend(c.to_uppercase());
            } else if before.is_uppercase() {
                out.extend(c.to_lowercase());
            } else {
                out.push(c);
            }
        }
        before = c;
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::parse::syntax::parser::Edition;

    use super::pasted;
    use crate::parse::syntax::grammar::Tokens;
    use crate::parse::syntax::lex::lex;
    use crate::parse::tree::token::print;

    fn paste(text: &str) -> String {
        let lexed = lex(text, Edition::Edition2021);
        let tokens =
            Tokens { list: &lexed.tokens, source: Some((text, &lexed.texts)), edition: Edition::Edition2021 };
        let mut list = Vec::new();
        tokens.copy(0..tokens.len(), &mut list);
        print(pasted(&list).iter().map(|t| (t.kind, t.as_str()))).split_whitespace().collect()
    }

    #[test]
    fn identifiers_are_put_together() {
        for (given, want) in [
            ("fn [<get_ name>]() {}", "fnget_name(){}"),
            ("[<A B>] [<a 1>]", "ABa1"),
            ("[<with_ Kind:snake _now>]", "with_kind_now"),
            ("[<get_lazy_state:camel Command>]", "GetLazyStateCommand"),
            ("[<NAME:lower>] [<name:upper>] [<Name:snake:upper>]", "nameNAMENAME"),
            ("[<\"as_\" type>] [<'a b>]", "as_type'ab"),
            ("{ m! { [<A B>]::f([<a b>]) } }", "{m!{AB::f(ab)}}"),
            // No identifiers: left as they stand.
            ("[<T as A>::B; 3] [< $a b >] [<1 a>]", "[<TasA>::B;3][<$ab>][<1a>]"),
            ("[<a:unknown>]", "[<a:unknown>]"),
            ("[<a 1eid>] [<a \u{b7}>] [<a 1.5>] [<a 0b12 c>]", "[<a1eid>][<a\u{b7}>][<a1.5>]a0b12c"),
        ] {
            let want: String = want.split_whitespace().collect();
            assert_eq!(paste(given), want, "{given}");
        }
    }
}
