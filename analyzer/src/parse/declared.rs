//! What the arguments of another package's macro declare, where they are no items: `bitflags! { struct A: u8 { … } }`,
//! diesel's `table! { users (id) { … } }`, criterion's `criterion_group!(benches, f)`.
//!
//! Such a macro's rules can't be read, but its users write the names of what it makes as they would write them in an item.
//! Only names are taken: what is made beyond them stays unknown, which costs an edge and never invents one.

use crate::parse::syntax::parser::SyntaxKind;
use crate::parse::syntax::parser::SyntaxKind::*;

use super::tree::token::{Token, closers};

/// Items that stand for what a macro of this name is given to declare, as tokens to be parsed; empty for none.
pub fn declared_items(name: &str, arguments: &[Token]) -> Vec<Token> {
    let Some(close) = closers(arguments) else { return Vec::new() };
    let scan = Scan { tokens: arguments, close: &close };
    let mut out = Vec::new();
    match name {
        "table" => scan.table(&mut out),
        "criterion_group" => scan.group(&mut out),
        _ => scan.declarations(&mut out),
    }
    out
}

struct Scan<'t> {
    tokens: &'t [Token],
    close: &'t [u32],
}

impl Scan<'_> {
    fn kind(&self, at: usize) -> SyntaxKind {
        self.tokens.get(at).map_or(EOF, |t| t.kind)
    }

    /// The token after the one at `at` and all that it encloses.
    fn after(&self, at: usize) -> usize {
        self.close.get(at).map_or(at, |end| *end as usize) + 1
    }

    /// `vis keyword NAME …` at the outermost level, where an item may begin.
    fn declarations(&self, out: &mut Vec<Token>) {
        let (mut at, mut fresh) = (0, true);
        while at < self.tokens.len() {
            let start = at;
            if self.kind(at) == PUB_KW {
                at += 1;
                if self.kind(at) == L_PAREN {
                    at = self.after(at);
                }
            }
            let keyword = self.kind(at);
            if fresh && starts_item(keyword) && self.kind(at + 1) == IDENT {
                out.extend_from_slice(&self.tokens[start..at]);
                self.declare(at, out);
                at += 2;
                fresh = false;
                continue;
            }
            at = start;
            let last = self.kind(at);
            at = self.after(at);
            // After a block, a statement or an attribute the next item may begin.
            fresh = matches!(last, SEMICOLON | L_CURLY | L_BRACK) || (fresh && last == POUND);
        }
    }

    /// The item whose keyword is at `at`.
    fn declare(&self, at: usize, out: &mut Vec<Token>) {
        let name = self.tokens[at + 1];
        let made = |kind| Token { kind, joint: false, from_body: false, copy: false, ..name };
        match self.kind(at) {
            FN_KW => {
                out.extend([made(FN_KW), name, made(L_PAREN), made(R_PAREN), made(L_CURLY), made(R_CURLY)])
            }
            TRAIT_KW => out.extend([made(TRAIT_KW), name, made(L_CURLY), made(R_CURLY)]),
            keyword @ (CONST_KW | STATIC_KW) => {
                out.extend([made(keyword), name]);
                let mut end = at + 2;
                while end < self.tokens.len() && !matches!(self.kind(end), EQ | SEMICOLON) {
                    end = self.after(end);
                }
                if self.kind(at + 2) == COLON {
                    out.extend_from_slice(&self.tokens[at + 2..end.min(self.tokens.len())]);
                } else {
                    out.extend([made(COLON), made(UNDERSCORE)]);
                }
                out.extend([made(EQ), made(L_PAREN), made(R_PAREN), made(SEMICOLON)]);
            }
            _ => {
                out.extend([made(STRUCT_KW), name, made(SEMICOLON)]);
                self.flags(at + 2, name, out);
            }
        }
    }

    /// `{ const A = …; const B = …; }` after a struct's name: constants of the type.
    fn flags(&self, mut at: usize, name: Token, out: &mut Vec<Token>) {
        while at < self.tokens.len() && !matches!(self.kind(at), L_CURLY | SEMICOLON) {
            at = self.after(at);
        }
        if self.kind(at) != L_CURLY {
            return;
        }
        let inside = at + 1..self.close[at] as usize;
        let constants: Vec<Token> = inside
            .filter(|&i| self.kind(i) == CONST_KW && self.kind(i + 1) == IDENT)
            .map(|i| self.tokens[i + 1])
            .collect();
        if constants.is_empty() {
            return;
        }
        let made = |like: Token, kind| Token { kind, joint: false, from_body: false, copy: false, ..like };
        out.extend([made(name, IMPL_KW), name, made(name, L_CURLY)]);
        for constant in constants {
            let kinds = |kind| made(constant, kind);
            out.extend([kinds(PUB_KW), kinds(CONST_KW), constant, kinds(COLON)]);
            out.extend([name, kinds(EQ), name, kinds(SEMICOLON)]);
        }
        out.push(made(name, R_CURLY));
    }

    /// `schema.name (key) { columns }`, with `use` and attributes in front: a name that everything below hangs on.
    fn table(&self, out: &mut Vec<Token>) {
        let mut at = 0;
        while at < self.tokens.len() {
            if self.kind(at) == IDENT && matches!(self.kind(at + 1), L_PAREN | L_CURLY) {
                let name = self.tokens[at];
                let made = |kind| Token { kind, joint: false, from_body: false, copy: false, ..name };
                out.extend([made(PUB_KW), made(STRUCT_KW), name, made(SEMICOLON)]);
                return;
            }
            at = if self.kind(at) == USE_KW { self.end_of_statement(at) } else { self.after(at) };
        }
    }

    /// `name, functions…` or `name = name; …`: a function that runs the group.
    fn group(&self, out: &mut Vec<Token>) {
        let named = self.kind(1) == EQ;
        let Some(&name) = self.tokens.get(if named { 2 } else { 0 }).filter(|t| t.kind == IDENT) else {
            return;
        };
        let made = |kind| Token { kind, joint: false, from_body: false, copy: false, ..name };
        out.extend([
            made(PUB_KW),
            made(FN_KW),
            name,
            made(L_PAREN),
            made(R_PAREN),
            made(L_CURLY),
            made(R_CURLY),
        ]);
    }

    fn end_of_statement(&self, mut at: usize) -> usize {
        while at < self.tokens.len() && self.kind(at) != SEMICOLON {
            at = self.after(at);
        }
        at + 1
    }
}

fn starts_item(kind: SyntaxKind) -> bool {
    matches!(kind, STRUCT_KW | ENUM_KW | TYPE_KW | TRAIT_KW | FN_KW | CONST_KW | STATIC_KW)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::syntax::lex::lex;
    use crate::parse::tree::token::print;

    fn declared(name: &str, text: &str) -> String {
        let lexed = lex(text, crate::parse::syntax::parser::Edition::Edition2024);
        let tokens: Vec<Token> = lexed.tokens.clone();
        print(declared_items(name, &tokens).iter().map(|t| (t.kind, t.as_str())))
    }

    #[test]
    fn names_that_arguments_declare() {
        for (name, text, want) in [
            ("bitflags", "struct A: u8 { const X = 1; }", "struct A ; impl A { pub const X : A = A ; }"),
            (
                "bitflags",
                "#[derive(Clone)] pub struct A: u8 { const X = 1; } pub(crate) struct B: u8 { }",
                "pub struct A ; impl A { pub const X : A = A ; } pub (crate) struct B ;",
            ),
            ("quick_error", "pub enum E { Io(e: Error) { from() } }", "pub struct E ;"),
            ("make", "static N: u8 = 1, 2", "static N : u8 = () ;"),
            ("make", "fn f -> u8 { struct Inner; }", "fn f() { }"),
            ("make", "a struct B", ""),
            ("make", "x => struct Y", ""),
            ("table", "use diesel::sql_types::*; users (id) { id -> Int4, }", "pub struct users ;"),
            ("table", "#[sql_name = \"u\"] s.users { id -> Int4, }", "pub struct users ;"),
            ("table", "", ""),
            ("criterion_group", "benches, a, b", "pub fn benches() { }"),
            ("criterion_group", "name = benches; config = c(); targets = a", "pub fn benches() { }"),
            ("criterion_group", "", ""),
        ] {
            assert_eq!(declared(name, text), want, "{name}! {{ {text} }}");
        }
    }
}
