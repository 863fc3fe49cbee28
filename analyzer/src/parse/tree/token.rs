//! Tokens that outlive their file: what macro calls and definitions are made of.

use crate::parse::syntax::parser::SyntaxKind;
use crate::parse::syntax::parser::SyntaxKind::*;

use super::Name;

/// One token; a bracket is a token of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    pub(in crate::parse) kind: SyntaxKind,
    /// Whether the next token belongs to the same operator; of a float, whether it has a fraction.
    pub(in crate::parse) joint: bool,
    /// Whether a macro's body wrote it: who calls the macro does not name it.
    pub(in crate::parse) from_body: bool,
    /// Whether it is in an expansion for the second time.
    pub(in crate::parse) copy: bool,
    /// Line, from 1.
    pub(in crate::parse) line: u32,
    /// The name of identifiers and of `self`, `super`, `crate`, `Self`; the text of literals in macros.
    pub(in crate::parse) text: Name,
}

/// A run of tokens in [`ItemTree::tokens`](super::ItemTree::tokens).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenRange {
    pub(in crate::parse) start: u32,
    pub(in crate::parse) end: u32,
}

impl Token {
    /// Whether it is a name.
    pub(crate) fn is_name(&self) -> bool {
        self.kind == IDENT
    }

    /// Its line, from 1.
    pub(crate) fn line(&self) -> u32 {
        self.line
    }

    /// The name, if it is one.
    pub(crate) fn name(&self) -> Name {
        self.text
    }

    /// Whether it is written so.
    pub fn is(&self, text: &str) -> bool {
        self.as_str() == text
    }

    /// The token as it is written; `""` for literals of a file, whose text is in the file.
    pub(in crate::parse) fn as_str(&self) -> &'static str {
        fixed_text(self.kind).unwrap_or_else(|| self.text.as_str())
    }
}

/// What every token of the kind is written as; `None` where each has a text of its own.
#[expect(clippy::disallowed_methods, reason = "the one place that asks only for kinds which have a text")]
pub(in crate::parse) fn fixed_text(kind: SyntaxKind) -> Option<&'static str> {
    (!has_text(kind)).then(|| kind.text())
}

/// Whether the kind alone does not say the text.
pub(in crate::parse) fn has_text(kind: SyntaxKind) -> bool {
    matches!(kind, IDENT | LIFETIME_IDENT | ERROR | SHEBANG | FRONTMATTER)
        || matches!(kind, COMMENT | NEWLINE | WHITESPACE)
        || kind.is_literal()
}

/// An opening bracket's closing one.
pub(in crate::parse) fn closing(kind: SyntaxKind) -> Option<SyntaxKind> {
    match kind {
        L_PAREN => Some(R_PAREN),
        L_BRACK => Some(R_BRACK),
        L_CURLY => Some(R_CURLY),
        _ => None,
    }
}

pub(in crate::parse) fn is_closing(kind: SyntaxKind) -> bool {
    matches!(kind, R_PAREN | R_BRACK | R_CURLY)
}

/// Where each bracket closes; other tokens close themselves. `None` when brackets don't match.
pub(in crate::parse) fn closers(tokens: &[Token]) -> Option<Box<[u32]>> {
    let mut close: Box<[u32]> = (0..u32::try_from(tokens.len()).ok()?).collect();
    let mut open = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        if closing(token.kind).is_some() {
            open.push(i);
        } else if is_closing(token.kind) {
            let start = open.pop()?;
            if closing(tokens[start].kind) != Some(token.kind) {
                return None;
            }
            close[start] = u32::try_from(i).ok()?;
        }
    }
    open.is_empty().then_some(close)
}

/// Tokens as text, with as few spaces as keep them apart.
pub(in crate::parse) fn print<'t>(tokens: impl IntoIterator<Item = (SyntaxKind, &'t str)>) -> String {
    let mut out = String::new();
    let mut before = None;
    for (kind, text) in tokens {
        let tight = matches!(before, None | Some(L_PAREN | L_BRACK))
            || matches!(kind, R_PAREN | R_BRACK | COMMA)
            || (kind == L_PAREN && before == Some(IDENT));
        if !tight {
            out.push(' ');
        }
        out.push_str(text);
        before = Some(kind);
    }
    out
}
