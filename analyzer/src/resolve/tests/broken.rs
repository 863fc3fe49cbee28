//! What error recovery leaves, and what is deeper than a stack: no case of it may stop the rest.

use super::broken as resolved;
use crate::diagnostic::Code;
use crate::parse::MAX_DEPTH;

/// Pieces whose syntax is broken where a path, type, name or value would be.
const BROKEN: &[&str] = &[
    "type A = <;",
    "type A = <u8>;",
    "type A = <u8 as >;",
    "type A = <u8 as X>;",
    "type A = ::;",
    "type A = a::;",
    "type A = &;",
    "type A = dyn;",
    "type A = impl ::;",
    "type A = [;",
    "type = u8;",
    "struct S { a: < }",
    "struct S { a: <, }",
    "struct S { a b }",
    "struct S(<);",
    "struct;",
    "struct S<T: < = ::>;",
    "union U { a: :: }",
    "enum E { A(<) }",
    "enum E { A { x: < } }",
    "enum E { A = < }",
    "enum E { A = ::, , }",
    "enum { A }",
    "fn f(x: ::) {}",
    "fn f(x: <) {}",
    "fn f(<: u8) {}",
    "fn f() -> < {}",
    "fn f() -> :: {}",
    "fn f<T: ::>() where ::: ::, T: < {}",
    "fn f<const N: <>() {}",
    "fn (x: u8) {}",
    "fn f(&) {}",
    "fn f(self: <) {}",
    "impl < {}",
    "impl <> for <> {}",
    "impl :: for :: {}",
    "impl X for {}",
    "impl for X {}",
    "impl {}",
    "trait T: < { type A: <; fn f(x: ::) -> <; }",
    "trait { }",
    "mod { fn f() {} }",
    "mod ;",
    "use ;",
    "use ::;",
    "use *;",
    "use {};",
    "use a::{self, ::, *, {}} as ;",
    "use self::self::super;",
    "use super::super::super::x;",
    "extern crate ;",
    "extern { fn ; type ; static : <; }",
    "const : < = <;",
    "const X: <;",
    "static = ::;",
    "macro_rules! { }",
    "macro_rules! m { ($) => {}; ($(",
    "macro m",
    "::! {}",
    "<>! {}",
    "! {}",
    "m!",
    "#[]struct S;",
    "#[::] struct S;",
    "#[derive(::, <, ,)] struct S;",
    "#[cfg()] struct S;",
    "#[cfg_attr()] struct S;",
    "#[cfg_attr(a, )] struct S;",
    "#[serde(default = \"\", with = \"::\", =)] struct S;",
    "#[path] mod x;",
    "#[path = ] mod x;",
    "#[",
    "pub(in ::) fn f() {}",
    "pub(in) fn f() {}",
    "fn f() { <>::; }",
    "fn f() { <u8 as >::x(); }",
    "fn f() { ::! {} }",
    "fn f() { ::(); }",
    "fn f() { x.; x..; x.(); x.::<>(); x.0.; x.0.0.0; 1.; 1..; }",
    "fn f() { :: { a: 1, .. }; <> { } }",
    "fn f() { let = ; let < = <; let :: = 1; let ::(x) = 1; let ::{ x } = 1; }",
    "fn f() { match { } match x { < => , :: => {} | => 1, _ if => } }",
    "fn f() { if {} else if else {} while {} for in {} for x {} loop }",
    "fn f() { |<| ; |::| x; |x: <| -> < {} ; || }",
    "fn f() { &; *; !; -; x +; + x; x as; x as <; x as ::; x = ; = x; x?? .await; return < }",
    "fn f() { [; ]; [x; <]; (,); x[ ; f(,,); }",
    "fn f() { a::<<>::b; a::<{ < }>; a::<::>(); }",
    "fn f() { vec![<, ::; ]; matches!(x, <); matches!(, ); println!(\"{A}\", <, a = ::); }",
    "fn f() { m!(< :: a:: , => , ; $ $crate:: crate:: ::x); }",
    "fn f() { 'a: ; break 'a <; 'a; }",
    "fn f() { async ; async move ; unsafe ; const ; static || ; }",
    "fn f() { struct ; impl < ; use :: ; macro_rules! { } }",
    "}",
    ")",
    "]]]",
    "{{{",
    "'",
    "\"",
    "r#\"",
    "/*",
    "0x",
    "1e",
    "\u{feff}",
    "fn f() { \u{202e} }",
    "#!",
    "r#",
    "b'",
    "c\"",
    "@ ~ ` \\ \u{0}",
    "---\nfrontmatter\n---",
];

#[test]
fn broken_syntax_costs_no_more_than_itself() {
    for broken in BROKEN {
        // On both sides, at the top, in a module, in a body; what it breaks of its surroundings is its own affair.
        let whole = format!("fn g() {{ h(); }}\nfn h() {{}}\n{broken}\n");
        for text in [
            broken.to_string(),
            whole.clone(),
            format!("mod m {{ {broken} }}\n{whole}"),
            format!("fn x() {{ {broken} }}\n{whole}"),
            format!("impl S {{ {broken} }}\n{whole}"),
            format!("macro_rules! w {{ ($($t:tt)*) => {{ $($t)* {broken} }} }}\nw! {{ {broken} }}\n{whole}"),
        ] {
            let (_, problems) = resolved(&text);
            let bug = problems.iter().find(|problem| problem.code == Code::Bug);
            assert_eq!(bug, None, "{text}");
        }
        let (found, _) = resolved(&whole);
        assert!(found.contains("k::g -> k::h call"), "{broken}\n{found:?}");
    }
}

#[test]
fn the_trait_of_a_qualified_path_without_a_name() {
    let (found, _) = resolved("trait T {}\ntype A = <u8 as T>;\n");
    assert!(found.contains("k::A -> k::T type"), "{found:?}");
}

#[test]
fn chains_are_no_deeper_than_a_stack() {
    let long = 20 * MAX_DEPTH as usize;
    for (before, part, after) in [
        ("fn f() { a", " + h()", "; }"),
        ("fn f() { a", " || h()", "; }"),
        ("fn f() { a", " < h()", "; }"),
        ("fn f() { a", "..h()", "; }"),
        ("fn f() { a", ".m()", "; }"),
        ("fn f() { a", ".m(|| h())", "; }"),
        ("fn f() { a", ".x", "; }"),
        ("fn f() { a", "?", "; }"),
        ("fn f() { a", ".await", "; }"),
        ("fn f() { a", " as u8", "; }"),
        ("fn f() { a", "[h()]", "; }"),
        ("fn f() { a", "()", "; }"),
        ("const A: u8 = 1", " + 1", ";"),
        ("enum E { A = 1", " + 1", " }"),
        ("struct S([u8; 1", " + 1", "]);"),
        ("fn f() { m!(1", " + h()", "); }"),
        ("fn f() { vec![1", " + h()", "]; }"),
        ("type A = a", "::a", ";"),
        ("use a", "::a", ";"),
        ("fn f() { a", "::a", "(); }"),
        ("fn f() { let A", " | A", " = 1; }"),
        ("fn f() { x; ", "h(); ", "}"),
        ("type A = dyn T", " + T", ";"),
        ("fn f<T: A", " + A", ">() {}"),
        ("fn f() ", "{} fn f() ", "{}"),
    ] {
        let text = format!("fn g() {{ h(); }}\nfn h() {{}}\n{before}{}{after}\n", part.repeat(long));
        let (found, problems) = resolved(&text);
        let bug = problems.iter().find(|problem| problem.code == Code::Bug);
        assert_eq!(bug, None, "{before}{part}");
        assert!(found.contains("k::g -> k::h call"), "{before}{part}");
    }
}

#[test]
fn of_what_is_too_deep_paths_are_kept() {
    let long = 4 * MAX_DEPTH as usize;
    let text = format!("fn g() {{ h(){}; }}\nfn h() {{}}\nfn a() {{}}\n", " + a()".repeat(long));
    let (found, problems) = resolved(&text);
    assert_eq!(problems.iter().map(|p| (p.code, p.line)).collect::<Vec<_>>(), [(Code::TooDeep, Some(1))]);
    assert!(found.contains("k::g -> k::h call") && found.contains("k::g -> k::a call"), "{found:?}");
}

#[test]
fn nesting_is_no_deeper_than_a_stack() {
    for (before, open, core, close, after) in [
        ("fn f() { ", "(", "1", ")", "; }"),
        ("fn f() { ", "{", "", "}", " }"),
        ("fn f() { ", "[", "1", "]", "; }"),
        ("fn f() { ", "a(", "1", ")", "; }"),
        ("fn f() { ", "if ", "x", " {}", " }"),
        ("fn f() { if a", " && let Some(x) = h()", "", "", " {} }"),
        ("fn f() { ", "if x {} else ", "{}", "", " }"),
        ("fn f() { ", "|x| ", "1", "", "; }"),
        ("fn f() { ", "!", "x", "", "; }"),
        ("fn f() { ", "a = ", "x", "", "; }"),
        ("fn f() { ", "m!(", "x", ")", "; }"),
        ("fn f() { ", "vec![", "x", "]", "; }"),
        ("fn f() { ", "a.b(|| ", "x", ")", "; }"),
        ("fn f() { let ", "&", "x", "", " = 1; }"),
        ("fn f() { let ", "x @ ", "x", "", " = 1; }"),
        ("fn f() { let ", "S(", "x", ")", " = 1; }"),
        ("fn f() { ", "fn f() { ", "", "}", " }"),
        ("", "mod a { ", "", "}", ""),
        ("", "m! { ", "", "}", ""),
        ("use ", "a::{", "b", "}", ";"),
        ("type A = ", "Box<", "u8", ">", ";"),
        ("type A = ", "&", "u8", "", ";"),
        ("type A = ", "(", "u8", ",)", ";"),
        ("type A = ", "fn(", "u8", ")", ";"),
        ("type A = ", "impl Fn() -> ", "u8", "", ";"),
        ("type A = ", "impl T<A = ", "u8", ">", ";"),
        ("type A = ", "<", "u8", " as T>::A", ";"),
        ("#[", "cfg_attr(a, ", "b", ")", "] struct S;"),
        ("#[", "a(", "b", ")", "] struct S;"),
        ("#[cfg(", "all(", "b", ")", ")] struct S;"),
    ] {
        for times in [MAX_DEPTH as usize - 100, 3 * MAX_DEPTH as usize, 50 * MAX_DEPTH as usize] {
            let (open, close) = (open.repeat(times), close.repeat(times));
            let text = format!("{before}{open}{core}{close}{after}\nfn g() {{ h(); }}\nfn h() {{}}\n");
            let (_, problems) = resolved(&text);
            let bug = problems.iter().find(|problem| problem.code == Code::Bug);
            assert_eq!(bug, None, "{before}{}…", &open[..open.len().min(20)]);
        }
    }
}
