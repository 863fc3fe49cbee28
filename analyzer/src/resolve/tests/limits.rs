//! Code that grows without end: what is beyond a limit is reported with its place, the rest is analysed. Counts decide, so that
//! each case ends in the same way on every machine.

use super::fixture;
use crate::budget::{Budget, Limits, Watch};
use crate::diagnostic::{Code, Diagnostic};
use crate::parse;
use crate::resolve::{Resolution, resolve_within};

fn within(limits: Limits, fixture: &str) -> (Resolution, Vec<Diagnostic>) {
    let dir = tempfile::tempdir().unwrap();
    let repository = fixture::repository(dir.path(), fixture);
    let (sources, _) = parse::load(&repository);
    resolve_within(&repository, &sources, &Watch::begin(&Budget { limits, ..Budget::default() }))
}

/// Far below the defaults, so that an unoptimised build ends soon.
fn small() -> Limits {
    Limits {
        items: 10_000,
        copied_items: 200,
        glob_names: 2_000,
        call_expansions: 100,
        call_tokens: 5_000,
        tokens: 20_000,
        body_tokens: 50_000,
        body_steps: 500_000,
        ..Limits::default()
    }
}

/// Checks that all that is beyond `limits` is reported as `code` at `place`, and that `k::last -> k::end` is found all the
/// same.
#[track_caller]
fn check(fixture: &str, code: Code, place: &str) {
    let end = "\npub fn end() {}\npub fn last() { end() }\n";
    let (head, rest) =
        fixture.split_once("\n//- ").map_or((fixture, None), |(head, rest)| (head, Some(rest)));
    let fixture =
        format!("//- /src/lib.rs crate:k\n{head}{end}{}", rest.map_or(String::new(), |r| format!("//- {r}")));
    let (resolution, diagnostics) = within(small(), &fixture);
    let places: Vec<String> = diagnostics
        .iter()
        .filter(|d| d.code == code)
        .map(|d| format!("{}:{}", d.path.as_deref().unwrap_or_default(), d.line.unwrap_or(0)))
        .collect();
    assert_eq!(places, [place], "{diagnostics:?}");
    let path = |id| resolution.items[id].path.as_str();
    let found = resolution.references.iter().any(|r| (path(r.from), path(r.to)) == ("k::last", "k::end"));
    assert!(found, "the rest is analysed");
}

#[test]
fn a_module_is_not_its_own_file_again() {
    check("#[path = \"lib.rs\"] mod a;", Code::LimitReached, "src/lib.rs:1");
    check("mod x { #[path = \"../lib.rs\"] mod a; }", Code::LimitReached, "src/lib.rs:1");
}

#[test]
fn files_that_are_modules_twice_end() {
    let level = |i: usize| {
        format!("//- /src/m{i}.rs\n#[path = \"m{0}.rs\"] mod a;\n#[path = \"m{0}.rs\"] mod b;\n", i + 1)
    };
    let files: String = (0..40).map(level).collect();
    let fixture = format!("#[path = \"m0.rs\"] mod a;\n{files}//- /src/m40.rs\npub struct S;\n");
    let (resolution, diagnostics) = within(small(), &format!("//- /src/lib.rs crate:k\n{fixture}"));
    assert!(resolution.modules.len() < 1_000, "{}", resolution.modules.len());
    assert!(diagnostics.iter().any(|d| d.code == Code::LimitReached && d.path.is_some()), "{diagnostics:?}");
}

#[test]
fn names_that_globs_copy_end() {
    let module = |i: usize| format!("mod m{i} {{ use super::E::*; }}\n");
    let modules: String = (0..30).map(module).collect();
    let variants: Vec<String> = (0..100).map(|i| format!("V{i}")).collect();
    // The twenty-first module: two lines of the enum come first.
    check(
        &format!("pub enum E {{ {} }}\n{modules}", variants.join(", ")),
        Code::LimitReached,
        "src/lib.rs:22",
    );
    let globs = |i: usize| {
        (0..20).map(|j| format!("pub use super::m{j}::*; ")).collect::<String>()
            + &format!("pub struct S{i};")
    };
    let circle: String = (0..20)
        .map(|i| {
            format!(
                "pub mod m{i} {{ {} }}\n",
                (0..20).map(|n| format!("pub struct S{i}_{n};")).collect::<String>() + &globs(i)
            )
        })
        .collect();
    check(&circle, Code::LimitReached, "src/lib.rs:6");
}

#[test]
fn includes_that_fan_out_end() {
    let level =
        |i: usize| format!("//- /src/m{i}.rs\ninclude!(\"m{0}.rs\");\ninclude!(\"m{0}.rs\");\n", i + 1);
    let files: String = (0..40).map(level).collect();
    let fixture = format!("include!(\"m0.rs\");\n{files}//- /src/m40.rs\nfn f() {{}}\n");
    let (resolution, diagnostics) = within(small(), &format!("//- /src/lib.rs crate:k\n{fixture}"));
    assert!(resolution.items.len() < 1_000, "{}", resolution.items.len());
    assert!(diagnostics.iter().any(|d| d.code == Code::LimitReached && d.path.is_some()), "{diagnostics:?}");
}

#[test]
fn macros_that_call_themselves_twice_end() {
    check(
        "macro_rules! m { (stop) => {}; ($($t:tt)*) => { m!(a $($t)*); m!(b $($t)*); }; }\nm!(x);",
        Code::MacroLimit,
        "src/lib.rs:2",
    );
    // What no rule but the last takes begins all over again.
    check(
        "macro_rules! m { (@a [] $($x:ident)*) => {}; ($($t:tt)*) => { m!(@a [$($t)*] 1); m!(@a [$($t)*] 2); }; }\nm!(x);",
        Code::MacroLimit,
        "src/lib.rs:2",
    );
    // Each call is twice as long as the one before.
    check(
        "macro_rules! m { ($($t:tt)*) => { m!($($t)* $($t)*); }; }\nm!(x);",
        Code::MacroLimit,
        "src/lib.rs:2",
    );
    check("macro_rules! m { () => { m!(); }; }\n\nm!();", Code::MacroLimit, "src/lib.rs:3");
    check(
        "macro_rules! m { () => { m!(); m!(); }; }\nstruct S;\nimpl S { m!(); }",
        Code::MacroLimit,
        "src/lib.rs:3",
    );
}

#[test]
fn a_body_that_takes_too_many_steps_ends() {
    let macros = "macro_rules! m { ($($t:tt)*) => { m!($($t)* $($t)* $($t)*) }; }";
    check(&format!("{macros}\nfn f() {{ m!(x + y + z + u + v) }}"), Code::LimitReached, "src/lib.rs:2");
}

#[test]
fn types_that_double_stay_small() {
    let tuples: String = (0..60).map(|i| format!("let a{} = (a{i}, a{i});\n", i + 1)).collect();
    let closures: String = (0..60).map(|i| format!("let f{} = |x| (f{i}(x), f{i}(x));\n", i + 1)).collect();
    let calls = ".twice()".repeat(60);
    let nested = |of: &str| {
        (0..60)
            .map(|i| format!("type T{} = {};\n", i + 1, of.replace('#', &format!("T{i}"))))
            .collect::<String>()
    };
    for code in [
        format!("fn f() {{ let a0 = S; {tuples} }}"),
        format!("fn f() {{ let f0 = |x| S; {closures} }}"),
        format!(
            "struct W<T>(T); impl<T> W<T> {{ fn twice(self) -> W<(T, T)> {{ loop {{}} }} }} fn f() {{ W(S){calls}; }}"
        ),
        format!(
            "trait Twice {{ fn twice(self) -> (Self, Self); }} impl<T> Twice for T {{ fn twice(self) -> (T, T) {{ loop {{}} }} }} fn f() {{ S{calls}; }}"
        ),
        format!("type T0 = S;\n{}fn f(x: T60) {{}}", nested("(#, #)")),
        format!("type T0 = S;\n{}fn f(x: T60) {{}}", nested("(#, #, #, #, #, #, #, #)")),
        format!("type T0 = S;\n{}fn f(x: T60) {{}}", nested("fn(#) -> #")),
        format!("struct P<A, B>(A, B); type T0 = S;\n{}fn f(x: T60) {{}}", nested("P<#, #>")),
    ] {
        let code =
            format!("//- /src/lib.rs crate:k\npub struct S; pub fn end() {{}} fn last() {{ end() }}\n{code}");
        let (resolution, _) = within(small(), &code);
        let path = |id| resolution.items[id].path.as_str();
        assert!(resolution.references.iter().any(|r| path(r.to) == "k::end"), "{code}");
    }
}
