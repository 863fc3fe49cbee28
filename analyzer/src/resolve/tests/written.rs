//! Who wrote a name: the file, or the body of a macro.

use super::super::Confidence;
use super::resolved;

/// The references from `k::f` that count as written there, by the last name of what they refer to.
fn written(fixture: &str) -> Vec<String> {
    let resolution = resolved(fixture);
    let own = resolution
        .references
        .iter()
        .filter(|r| resolution.items[r.from].path == "k::f" && r.confidence == Confidence::Exact);
    let mut names: Vec<String> = own.map(|r| resolution.items[r.to].name.clone()).collect();
    names.dedup();
    names
}

#[test]
fn what_a_body_names_is_not_written_where_it_is_called() {
    for (name, body, args, expected) in [
        ("a plain path", "() => { g() }", "", &["m"][..]),
        ("a path from the crate's root", "() => { crate::g() }", "", &["m"]),
        ("an argument", "($e:expr) => { $e }", "g()", &["g", "m"]),
        ("an argument behind a path of the body", "($e:ident) => { crate::$e() }", "g", &["g", "m"]),
        ("a field of a literal", "() => { S { x: 1 } }", "", &["m"]),
        ("a literal of the caller", "($e:expr) => { $e }", "S { x: 1 }", &["S", "m"]),
        ("a macro inside", "() => { n!() }", "", &["m"]),
        ("an argument through a macro inside", "($e:expr) => { n!($e) }", "g()", &["g", "m"]),
    ] {
        let fixture = format!(
            "fn g() {{}}\nstruct S {{ x: u8 }}\nmacro_rules! n {{ ($($e:expr)?) => {{ $($e)? }} }}\n\
             macro_rules! m {{ {body} }}\nfn f() {{ m!({args}); }}\n"
        );
        let mut found = written(&fixture);
        found.sort();
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn what_a_body_defines_is_not_written_where_it_is_called() {
    for (name, body, args, call, expected) in [
        (
            "a method named by the body",
            "($t:ident) => { impl $t { fn own(&self) {} } }",
            "S",
            "s.own()",
            false,
        ),
        (
            "a method named by the caller",
            "($n:ident) => { impl S { fn $n(&self) {} } }",
            "own",
            "s.own()",
            true,
        ),
        (
            "the second item of one name",
            "($n:ident) => { fn $n() {} impl S { fn $n(&self) {} } }",
            "own",
            "s.own()",
            false,
        ),
        (
            "the first item of one name",
            "($n:ident) => { fn $n() {} impl S { fn $n(&self) {} } }",
            "own",
            "own()",
            true,
        ),
        ("a variant of the caller's", "($n:ident) => { enum E { $n } }", "V", "E::V", true),
        ("a variant of the body's", "() => { enum E { V } }", "", "E::V", false),
        ("a field of the caller's", "($n:ident) => { struct T { $n: u8 } }", "v", "(t as T).v", true),
    ] {
        let fixture =
            format!("struct S;\nmacro_rules! m {{ {body} }}\nm!({args});\nfn f(s: S) {{ {call}; }}\n");
        let found = written(&fixture);
        let own = ["own", "impl S", "E", "T"];
        assert_eq!(found.iter().any(|f| own.contains(&f.as_str())), expected, "{name}: {found:?}");
    }
}
