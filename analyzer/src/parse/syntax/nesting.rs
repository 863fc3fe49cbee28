//! How deeply a recursive parser has to descend, read off the tokens before it does.
//!
//! Each open bracket is a level, and so is each token that has to be followed by something of its own: a prefix operator, a
//! keyword, `=`, `->`, `<`, `@`. Such a token counts until what it began must have ended: at `;`, at `,`, or where a statement
//! or an item begins behind `}`. The last two mean nothing where a `<` is open, which may be generic arguments. So the count may
//! be too high, never too low. Operators between two operands and calls cost the parser nothing: it goes on in a loop.

use crate::parse::syntax::parser::SyntaxKind;
use crate::parse::syntax::parser::SyntaxKind::*;

use crate::parse::tree::token::{closing, is_closing};

/// Most brackets in each other. A choice: no code that people write comes near it. What macros are given is read again on
/// each level, so that the work grows with the square.
pub(in crate::parse) const MAX_BRACKETS: u32 = 2_000;

/// Most levels in all. A choice; a test holds that the threads' stack carries them in a debug build.
pub(in crate::parse) const MAX_LEVELS: u32 = 10_000;

/// What has been seen so far.
#[derive(Debug)]
pub(in crate::parse) struct Nesting {
    /// Levels that are open.
    levels: u32,
    /// What stands around the innermost bracket, outermost first.
    around: Vec<Steps>,
    /// Since the innermost bracket.
    own: Steps,
    before: SyntaxKind,
    /// Whether the token before goes together with the next.
    joint: bool,
    /// The operator between two operands that the token before has begun.
    infix: bool,
    /// The first place that is too deep: what it is, and its line.
    pub(in crate::parse) too_deep: Option<(String, u32)>,
}

/// Levels that tokens have opened, not brackets.
#[derive(Debug, Default, Clone, Copy)]
struct Steps {
    all: u32,
    /// `<` that no `>` has closed.
    angles: u32,
}

impl Default for Nesting {
    fn default() -> Self {
        let (around, own) = (Vec::new(), Steps::default());
        Self { levels: 0, around, own, before: SEMICOLON, joint: false, infix: false, too_deep: None }
    }
}

impl Nesting {
    /// Takes in the next token.
    pub(in crate::parse) fn pass(&mut self, kind: SyntaxKind, joint: bool, line: u32) {
        if self.before == R_CURLY && self.own.angles == 0 && begins_statement(kind) {
            self.reset();
        }
        let infix = match kind {
            IDENT => false,
            SEMICOLON => {
                self.reset();
                false
            }
            COMMA if self.own.angles == 0 => {
                self.reset();
                false
            }
            _ if closing(kind).is_some() => {
                self.around.push(std::mem::take(&mut self.own));
                self.open(line);
                false
            }
            _ if is_closing(kind) => {
                self.levels = self.levels.saturating_sub(self.own.all + 1);
                self.own = self.around.pop().unwrap_or_default();
                false
            }
            _ => self.operator(kind, line),
        };
        (self.before, self.joint, self.infix) = (kind, joint, infix);
    }

    /// A token that is no bracket and ends nothing; whether it is between two operands.
    fn operator(&mut self, kind: SyntaxKind, line: u32) -> bool {
        let before = if self.joint { self.before } else { EOF };
        match (before, kind) {
            // `==` and `=>` are no assignments, `<=` opens nothing.
            (EQ, EQ) => self.undo(),
            (EQ, R_ANGLE) => self.undo(),
            (L_ANGLE, EQ) => self.own.angles = self.own.angles.saturating_sub(1),
            (BANG | DOT, EQ) => {}
            (MINUS, R_ANGLE) => self.step(line),
            (_, R_ANGLE) => self.own.angles = self.own.angles.saturating_sub(1),
            (AMP, AMP) | (PIPE, PIPE) | (DOT, DOT) if self.infix => {}
            (L_ANGLE, L_ANGLE) if self.infix => {}
            // Generic arguments never stand behind these.
            (_, L_ANGLE)
                if self.before.is_literal() || matches!(self.before, R_PAREN | R_BRACK | QUESTION) =>
            {
                return true;
            }
            (_, L_ANGLE) => {
                self.own.angles += 1;
                self.step(line);
            }
            (_, AMP | STAR | BANG | MINUS | PIPE | DOT) if ends_operand(self.before) => return true,
            (_, AMP | STAR | BANG | MINUS | PIPE | DOT | EQ | AT) => self.step(line),
            _ if kind.is_keyword(crate::parse::syntax::parser::Edition::LATEST) && !is_neutral(kind) => {
                self.step(line)
            }
            _ => {}
        }
        false
    }

    fn step(&mut self, line: u32) {
        self.own.all += 1;
        self.open(line);
    }

    fn undo(&mut self) {
        if self.own.all > 0 {
            self.own.all -= 1;
            self.levels -= 1;
        }
    }

    fn open(&mut self, line: u32) {
        self.levels += 1;
        if self.too_deep.is_some() {
            return;
        }
        if self.around.len() > MAX_BRACKETS as usize {
            self.too_deep = Some((format!("has more than {MAX_BRACKETS} brackets in each other"), line));
        } else if self.levels > MAX_LEVELS {
            self.too_deep = Some((format!("is nested more than {MAX_LEVELS} levels deep"), line));
        }
    }

    /// What the tokens since the innermost bracket began has ended.
    fn reset(&mut self) {
        self.levels = self.levels.saturating_sub(self.own.all);
        self.own = Steps::default();
    }
}

/// Whether nothing that stands behind `}` and belongs to what is in front of it begins so.
fn begins_statement(kind: SyntaxKind) -> bool {
    match kind {
        ELSE_KW | AS_KW => false,
        IDENT | POUND | LIFETIME_IDENT => true,
        _ => kind.is_literal() || kind.is_keyword(crate::parse::syntax::parser::Edition::LATEST),
    }
}

/// Whether an operand may end so, and an operator behind it stands between two.
fn ends_operand(kind: SyntaxKind) -> bool {
    match kind {
        IDENT | R_PAREN | R_BRACK | QUESTION | UNDERSCORE => true,
        SELF_KW | SELF_TYPE_KW | SUPER_KW | CRATE_KW | TRUE_KW | FALSE_KW | AWAIT_KW => true,
        _ => kind.is_literal(),
    }
}

/// Keywords that begin nothing, or an item.
fn is_neutral(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        SELF_KW
            | SELF_TYPE_KW
            | SUPER_KW
            | CRATE_KW
            | TRUE_KW
            | FALSE_KW
            | PUB_KW
            | USE_KW
            | MOD_KW
            | AS_KW
            | AWAIT_KW
            | IN_KW
            | MUT_KW
            | REF_KW
            | WHERE_KW
            | STRUCT_KW
            | ENUM_KW
            | TRAIT_KW
            | TYPE_KW
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::syntax::lex::lex;

    fn too_deep(text: &str) -> bool {
        lex(text, crate::parse::syntax::parser::Edition::Edition2024).nesting.too_deep.is_some()
    }

    #[test]
    fn what_recurses_is_counted() {
        for (before, part, after) in [
            ("fn f() { ", "!", "x }"),
            ("fn f() { ", "& ", "x }"),
            ("fn f() { ", "&&", "x }"),
            ("fn f() { ", "*-", "x }"),
            ("fn f() { ", "a = ", "x }"),
            ("fn f() { ", "a += ", "x }"),
            ("fn f() { ", "a >>= ", "x }"),
            ("fn f() { ", "|a| ", "x }"),
            ("fn f() { ", "move || ", "x }"),
            ("fn f() { ", "return ", "x }"),
            ("fn f() { ", ".. ", "x }"),
            ("fn f() { ", "if ", "x }"),
            ("fn f() { ", "if a {} else ", "{} }"),
            ("fn f() { let ", "a @ ", "x = 1; }"),
            ("fn f() { let ", "&", "x = 1; }"),
            ("type T = ", "Box<", "u8;"),
            ("type T = ", "Map<u8, ", "u8;"),
            ("type T = ", "Map<{1}, ", "u8;"),
            ("type T = ", "Map<{1} a::", "u8;"),
            ("type T = ", "*const ", "u8;"),
            ("type T = ", "&'a mut ", "u8;"),
            ("type T = ", "impl Fn() -> ", "u8;"),
            ("type T = ", "for<'a> ", "u8;"),
            ("type T = ", "dyn ", "u8;"),
            ("fn f() { ", "&&&& Box<{1} a::", "x }"),
        ] {
            let text = |times: u32| format!("{before}{}{after}", part.repeat(times as usize));
            assert!(too_deep(&text(MAX_LEVELS)), "{before}{part}…");
            assert!(!too_deep(&text(MAX_LEVELS / 20)), "{before}{part}…");
        }
    }

    #[test]
    fn what_the_parser_reads_in_a_loop_is_not() {
        for (before, part, after) in [
            ("fn f() { a", " + b", "; }"),
            ("fn f() { a", " && b", "; }"),
            ("fn f() { a", " || b == c", "; }"),
            ("fn f() { a", ".m()?", "; }"),
            ("fn f() { a", ".await", "; }"),
            ("fn f() { a", " as u8", "; }"),
            ("fn f() { a", "[0](1)", "; }"),
            ("fn f() { a", " - 1..b * 2", "; }"),
            ("", "fn f() -> Vec<u8> { if a < b {} else {} } ", ""),
            ("", "impl A<B> for C { type D = &'static E; } ", ""),
            ("fn f() { ", "if a == 1 {} ", "}"),
            ("fn f() { ", "*a = -b; ", "}"),
            ("fn f() { match a { ", "A | B => &c, ", "} }"),
            ("fn f() { match a { ", "A if b != 1 => {} ", "} }"),
            ("const A: [i8; 9] = [", "-1, ", "];"),
            ("const A: [u8; 9] = [", "1 << 3, ", "];"),
            ("use a::", "b::", "c;"),
            ("m! { ", "a => b, ", "}"),
        ] {
            let text = format!("{before}{}{after}", part.repeat(2 * MAX_LEVELS as usize));
            assert!(!too_deep(&text), "{before}{part}…");
        }
    }

    #[test]
    fn brackets_have_a_limit_of_their_own() {
        let text = |depth: u32| format!("m! {}{}", "(".repeat(depth as usize), ")".repeat(depth as usize));
        assert!(too_deep(&text(MAX_BRACKETS + 1)));
        assert!(!too_deep(&text(MAX_BRACKETS)));
    }
}
