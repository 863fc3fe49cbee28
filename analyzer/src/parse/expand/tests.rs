//! Tests of macro expansion.

use crate::parse::syntax::parser::Edition;

use super::{MacroRules, PassThrough};
use crate::parse::syntax::grammar::Tokens;
use crate::parse::syntax::lex::{Texts, lex};
use crate::parse::tree::Name;
use crate::parse::tree::token::{Token, print};

/// The tokens of a text, as a macro's.
fn tokens(text: &str) -> Vec<Token> {
    let lexed = lex(text, Edition::Edition2021);
    let texts: &Texts = &lexed.texts;
    let tokens = Tokens { list: &lexed.tokens, source: Some((text, texts)), edition: Edition::Edition2021 };
    let mut out = Vec::new();
    tokens.copy(0..tokens.len(), &mut out);
    out
}

fn expand(rules: &str, arguments: &str) -> String {
    let rules = MacroRules::parse(&tokens(rules)).expect("rules");
    let expanded = rules.expand(&tokens(arguments), Name::from("KRATE"), 1);
    let mark = |t: &Token| (t.kind, t.as_str());
    expanded.map_or_else(|| "no match".into(), |t| print(t.iter().map(mark)))
}

#[test]
fn expands() {
    for (rules, arguments, want) in [
        ("() => { 1 }", "", "1"),
        // Angle brackets around a type end it.
        (
            "($($n:ident $(<$($g:ident $(= $d:ty)?),*>)?)*) => { $(struct $n $(<$($g $(= $d)?),*>)?;)* }",
            "A B<H = V<u8>> C<H, I = fn(A) -> B>",
            "struct A ; struct B <H = V < u8 > >; struct C < H , I = fn ( A ) -> B >;",
        ),
        // The two forms of a `macro`.
        ("($x:ident) { struct $x; }", "A", "struct A ;"),
        ("($x:ident) => { struct $x; }, () => { 1 }", "", "1"),
        ("($x:ident) => { struct $x; }", "A", "struct A ;"),
        ("($($x:ident),*) => { $(fn $x() {})* }", "a, b", "fn a () {} fn b () {}"),
        ("($($x:ident),* $(,)?) => { $($x)+* }", "a, b,", "a + b"),
        ("($a:expr, $b:expr) => { f($a, $b) }", "1 + 2, g(3, 4)", "f (( 1 + 2 ), ( g ( 3 , 4 ) ) )"),
        ("($t:ty => $e:expr) => { <$t>::f($e) }", "Vec<u8, A> => x", "< Vec < u8 , A > >::f ( x )"),
        ("($($k:expr => $v:expr),*) => { $( $crate::put($k, $v); )* }", "1 => 2", "KRATE ::put ( 1 , 2 ) ;"),
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
        ("($o:tt, $a:tt, $n:ident) => { a $o b; a $a b }", "+, <<=, n", "a + b ; a < < = b"),
        ("($($t:tt)*) => { f($($t)*) }", "a..=b && &c", "f ( a ..= b && & c )"),
        ("($($x:ident)::+) => { $($x)::+ }", "a::b", "a :: b"),
        ("($x:expr) => { $x.f(0..1) }", "a", "a .f ( 0 ..1 )"),
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
        ("($($i:item)*) => { $( #[cfg(unix)] #[cfg_attr(docsrs, doc(cfg(unix)))] $i )* }", cfg("unix")),
        ("(#![$m:meta] $($i:item)*) => { $( #[cfg($m)] $i )* }", Some(PassThrough::Argument)),
        ("($($i:item)*) => { $( $i )* }", Some(PassThrough::Cfg(vec![]))),
        ("($($i:item)*) => { $( #[cfg(unix)] mod x { $i } )* }", None),
        ("($($i:expr)*) => { $( $i )* }", None),
    ] {
        assert_eq!(
            MacroRules::parse(&tokens(rules)).expect("rules").pass_through(),
            want.as_ref(),
            "{rules}"
        );
    }
}
