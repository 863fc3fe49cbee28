//! Modules that procedural macros declare from what a directory holds.

use super::fixture;
use crate::diagnostic::Code;
use crate::parse;
use crate::resolve::resolve;

/// The modules that files become, sorted, and what is said of files in no `mod`.
fn modules(fixture: &str) -> (Vec<String>, Vec<String>) {
    let dir = tempfile::tempdir().unwrap();
    let mut repository = fixture::repository(dir.path(), fixture);
    repository.rust_files.sort();
    let (sources, mut problems) = parse::load(&repository);
    let (resolution, found) = resolve(&repository, &sources);
    problems.extend(found);
    let others: Vec<_> = problems.iter().filter(|d| d.code != Code::UndeclaredModules).collect();
    assert!(others.is_empty(), "{others:?}");
    let of_files = resolution.modules.iter().filter(|module| !module.inline && module.parent.is_some());
    let mut names: Vec<String> =
        of_files.map(|module| resolution.items[module.item].path.to_string()).collect();
    names.sort();
    (names, problems.into_iter().map(|d| d.to_string()).collect())
}

#[test]
fn files_that_only_a_macro_can_declare_are_modules() {
    // What `/l/src/a.rs` holds; the files beside it that become modules.
    let cases = [
        ("use m::list; list! { group: \"a\" }", "a a::x a::x::deep a::y"),
        ("m::list!();", "a a::x a::x::deep a::y"),
        // Another module is declared by hand: only if the macro is given the directory.
        ("mod x; m::list!(\"src/a/\");", "a a::x a::x::deep a::y"),
        ("mod x; m::list!();", "a a::x a::x::deep"),
        // It isn't compiled, like the call.
        ("#[cfg(windows)] m::list!(\"a\");", "a"),
        // The repository's own macros are expanded, and these declare something else.
        ("macro_rules! list { () => {} } list!();", "a"),
        ("lazy_static! { static ref A: u8 = 1; }", "a"),
        ("bitflags! { struct A: u8 { const B = 1; } }", "a"),
        ("tonic::include_proto!(\"a\");", "a"),
        ("fn f() { m::list!(\"a\"); }", "a"),
        ("", "a"),
    ];
    for (code, expected) in cases {
        let (found, _) = modules(&format!(
            "//- /l/src/lib.rs crate:l\npub mod a;\n//- /l/src/a.rs\n{code}\n//- /l/src/a/x.rs\nmod deep;\n\
             //- /l/src/a/x/deep.rs\n//- /l/src/a/y/mod.rs\n//- /l/src/a/not-a-name.rs\n"
        ));
        let expected: Vec<String> = expected.split(' ').map(|name| format!("l::{name}")).collect();
        assert_eq!(found, expected, "{code}");
    }
}

#[test]
fn what_others_declare_or_tests_read_is_left_to_them() {
    let cases = [
        // Beside a root may lie anything, unless the macro is given the directory.
        ("//- /l/src/lib.rs crate:l\nm::list!();\n//- /l/src/old.rs\n", ""),
        ("//- /l/src/lib.rs crate:l\nm::list!(\"src\");\n//- /l/src/a.rs\n", "l::a"),
        ("//- /l/src/lib.rs crate:l\nmod a { m::list!(\"src/a\"); }\n//- /l/src/a/x.rs\n", "l::a::x"),
        (
            "//- /l/src/lib.rs crate:l\nmod a;\n#[path = \"a/x.rs\"] mod z;\n//- /l/src/a.rs\nm::list!(\"a\");\n\
             //- /l/src/a/x.rs\n//- /l/src/a/y.rs\n",
            "l::a l::a::y l::z",
        ),
        (
            "//- /l/src/lib.rs crate:l\nmod fixtures { m::list!(\"fixtures\"); }\n//- /l/src/fixtures/x.rs\n",
            "",
        ),
        (
            "//- /l/src/lib.rs crate:l\nmod a;\n//- /l/src/a.rs\nm::list!();\n//- /l/src/a/x/mod.rs crate:o\n",
            "l::a",
        ),
    ];
    for (fixture, expected) in cases {
        assert_eq!(modules(fixture).0.join(" "), expected, "{fixture}");
    }
}

#[test]
fn each_package_says_once_which_macro_and_how_many_files() {
    let (_, said) = modules(
        "//- /l/src/lib.rs crate:l\nmod a;\nmod b;\n//- /l/src/a.rs\n\nm::list!();\n//- /l/src/a/x.rs\n\
         //- /l/src/a/y.rs\n//- /l/src/b.rs\nm::rules!();\n//- /l/src/b/x.rs\n",
    );
    let expected = "l/src/a.rs:2: 3 files are in no `mod`: read as modules that `list!`, `rules!` declare from the \
        directory, since what a procedural macro makes can't be known";
    assert_eq!(said, [expected]);
}
