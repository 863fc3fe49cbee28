//! Repairs of one file, by what the compiler says of places in it.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::diagnostic::Diagnostic;
use serde_json::{Value, json};

use super::Repairs;
use crate::apply::check::Checked;
use crate::report::{Repair, RepairKind};

/// A span over words of the file; `made`: by a macro.
fn span(text: &str, word: &str, made: bool) -> Value {
    let at = text.find(word).unwrap();
    let line = text[..at].matches('\n').count() + 1;
    let mut span = json!({
        "file_name": "a/src/lib.rs", "byte_start": at, "byte_end": at + word.len(), "line_start": line, "line_end": line,
        "column_start": 1, "column_end": 1, "is_primary": true, "text": [], "label": null,
        "suggested_replacement": null, "suggestion_applicability": null, "expansion": null,
    });
    if made {
        let call = span.clone();
        span["expansion"] = json!({"span": call, "macro_decl_name": "m!", "def_site_span": null});
        span["suggested_replacement"] = json!("");
        span["suggestion_applicability"] = json!("MachineApplicable");
    }
    span
}

/// What a round makes of a file with errors at these words of it.
fn repaired(text: &str, errors: &[(&str, &str, &str)]) -> Option<String> {
    repaired_with(text, "", errors)
}

/// The same where the package has a manifest.
fn repaired_with(text: &str, manifest: &str, errors: &[(&str, &str, &str)]) -> Option<String> {
    let said = errors.iter().map(|&(code, message, word)| {
        let code = if code.is_empty() { Value::Null } else { json!({"code": code, "explanation": null}) };
        json!({
            "message": message, "code": code, "level": "error", "spans": [span(text, word, false)], "children": [],
            "rendered": null,
        })
    });
    round_with(text, manifest, &said.collect::<Vec<_>>()).0
}

fn round(text: &str, said: &[Value]) -> Option<String> {
    whole_round(text, said).0
}

/// What becomes of the file, and all that is said of the round.
fn whole_round(text: &str, said: &[Value]) -> (Option<String>, Vec<Repair>) {
    round_with(text, "", said)
}

fn round_with(text: &str, manifest: &str, said: &[Value]) -> (Option<String>, Vec<Repair>) {
    let diagnostic = |said: &Value| -> Diagnostic { serde_json::from_value(said.clone()).unwrap() };
    let checked = Checked {
        success: false,
        diagnostics: said.iter().map(diagnostic).collect(),
        once: BTreeSet::new(),
        cargo: String::new(),
    };
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    std::fs::create_dir_all(root.join("a/src")).unwrap();
    std::fs::write(root.join("a/src/lib.rs"), text).unwrap();
    std::fs::write(root.join("a/Cargo.toml"), manifest).unwrap();
    let repairs = Repairs {
        workspace: root,
        top: root,
        crates: &BTreeMap::from([("a".to_owned(), root.join("a"))]),
        externs: &BTreeMap::from([("log".to_owned(), "log".to_owned())]),
        read: &|path| std::fs::read_to_string(path).map_err(|error| error.to_string()),
    };
    let mut round = repairs.round(&checked);
    (round.files.remove(&root.join("a/src/lib.rs")), round.done)
}

#[test]
fn a_dependency_is_told_beside_what_changes_in_files() {
    let text = "#[cfg(test)]\nfn made() {}\nfn f() { log::info() }\n";
    let said = [
        ("E0433", "use of unresolved module or unlinked crate `log`", "log"),
        ("dead_code", "function `made` is never used", "made"),
    ];
    let said = said.map(|(code, message, word)| {
        json!({
            "message": message, "code": {"code": code, "explanation": null}, "level": "error",
            "spans": [span(text, word, false)], "children": [], "rendered": null,
        })
    });
    let (file, done) = whole_round(text, &said);
    assert_eq!(file.as_deref(), Some("fn f() { log::info() }\n"));
    assert_eq!(
        done.iter().map(|repair| repair.kind).collect::<Vec<_>>(),
        [RepairKind::Dependency, RepairKind::Adjusted]
    );
}

#[test]
fn names_that_may_not_be_shown_get_a_statement_of_their_own() {
    let text = "#[cfg(unix)]\npub use self::unix::{open, size, wide};\n";
    let hidden = |word| ("E0364", "`x` is only public within the crate", word);
    let expected =
        "#[cfg(unix)]\npub use self::unix::open;\n#[cfg(unix)]\npub(crate) use self::unix::{size, wide};\n";
    assert_eq!(repaired(text, &[hidden("size"), hidden("wide")]).as_deref(), Some(expected));
    assert_eq!(repaired("pub(crate) use self::unix::{open, size};\n", &[hidden("size")]), None);
}

#[test]
fn an_import_of_what_has_gone_is_taken_away_where_nothing_names_it() {
    let error = |word| ("E0432", "unresolved import `crate::gone`", word);
    let kept = "use crate::here::B;\nfn f(_: B) {}\n";
    let text = format!("use crate::gone::A;\n{kept}");
    assert_eq!(repaired(&text, &[error("crate::gone::A")]).as_deref(), Some(kept));
    for used in ["use crate::gone::A;\nfn f(_: A) {}\n", "pub use crate::gone::A;\n", "use crate::gone::*;\n"]
    {
        assert_eq!(repaired(used, &[error("crate::gone")]), None, "{used}");
    }
}

#[test]
fn an_import_of_a_macro_that_is_kept_below_is_taken_away_where_nothing_calls_it() {
    let error = |word| ("E0603", "macro `made` is private", word);
    let text = "use crate::here::{Kept, made, other};\nfn f(_: Kept) { other!(); }\n";
    let expected = text.replace("Kept, made, other", "Kept, other");
    assert_eq!(repaired(text, &[error("made")]), Some(expected));
    let used = "use crate::here::{Kept, made};\nmade!(Kept);\n";
    assert_eq!(repaired(used, &[error("made")]), None);
    // Nothing has the name of a trait whose methods are called.
    let shown = ("E0603", "trait `Shown` is private", "Shown");
    assert_eq!(repaired("use crate::here::Shown;\nfn f() { 1.show(); }\n", &[shown]), None);
}

#[test]
fn a_method_that_an_unstable_one_stands_in_for_becomes_public() {
    let text = "fn f(a: A) { a.as_str(); }\nimpl A {\n    pub(crate) fn as_str(&self) {}\n    fn as_bytes(&self) {}\n}\n";
    let error = ("E0658", "use of unstable library feature `str_as_str`", "as_str");
    let expected = text.replace("pub(crate) fn", "pub fn");
    assert_eq!(repaired(text, &[error]), Some(expected));
    assert_eq!(repaired("fn f(a: A) { a.as_str(); }\n", &[error]), None);
}

#[test]
fn an_import_in_a_call_goes_and_the_macro_stays() {
    let text = "macro_rules! m { ($($i:item)*) => { $($i)* } }\nm! {\n    use crate::a::b;\n    use crate::a::{c, d};\n}\n";
    let unused = |place: &str| {
        let child = json!({
            "message": "remove the whole `use` item", "code": null, "level": "help",
            "spans": [span(text, "$($i)*", true)], "children": [], "rendered": null,
        });
        json!({
            "message": "unused import", "code": {"code": "unused_imports", "explanation": null}, "level": "error",
            "spans": [span(text, place, false)], "children": [child], "rendered": null,
        })
    };
    let expected = text.replace("    use crate::a::b;\n", "");
    assert_eq!(round(text, &[unused("crate::a::b")]), Some(expected));
    assert_eq!(round(text, &[unused("d}")]), None);
}

#[test]
fn what_became_public_without_docs_is_hidden_there() {
    let text = "/// A.\npub struct A;\nimpl A {\n    #[cold]\n    pub fn f(&self) {}\n}\n";
    let error = ("missing_docs", "missing documentation for a method", "pub fn f(&self)");
    let expected = text.replace("    pub fn", "    #[doc(hidden)]\n    pub fn");
    assert_eq!(repaired(text, &[error]), Some(expected));
}

#[test]
fn a_type_that_is_had_without_its_name_becomes_public_if_it_is_the_only_one() {
    let text = "mod a {\n    pub(crate) struct Made;\n}\npub fn f() { make(); }\n";
    let error = ("", "type `a::Made<'_, b::T>` is private", "make()");
    assert_eq!(repaired(text, &[error]), Some(text.replace("pub(crate) struct", "pub struct")));
    let two = text.replace("pub fn f", "struct Made;\npub fn f");
    assert_eq!(repaired(&two, &[error]), None);
    assert_eq!(repaired(text, &[("", "cannot find macro `a::Made` is private", "make()")]), None);
}

#[test]
fn what_a_glob_that_all_may_use_does_not_show() {
    let text = "pub use self::inner::*;\nmod inner {\n    pub(crate) struct A;\n}\n";
    // The module is one of this file: there is nothing to be found behind it.
    let error = |place: &str| {
        let note = json!({
            "message": "the struct `A` is defined here", "code": null, "level": "note",
            "spans": [span(text, place, false)], "children": [], "rendered": null,
        });
        json!({
            "message": "struct `A` is private", "code": {"code": "E0603", "explanation": null}, "level": "error",
            "spans": [span(text, "mod inner", false)], "children": [note], "rendered": null,
        })
    };
    assert_eq!(round(text, &[error("self::inner")]), None);
    let shown = text.replace("pub(crate) struct A", "pub struct A");
    assert_eq!(round(text, &[error("struct A")]), Some(shown));
}

#[test]
fn a_struct_that_others_may_not_write_down_is_made_by_its_fields() {
    let error = |made| ("E0639", "cannot create non-exhaustive struct using struct expression", made);
    let declared = "#[non_exhaustive]\npub struct A<T: Copy> {\n    pub x: T,\n    pub y: u8,\n}\n";
    let maker = "\nimpl<T: Copy> A<T> {\n    /// One of all its fields, for the crates that make some.\n    #[doc(hidden)]\n    \
                 pub fn from_fields(x: T, y: u8) -> Self {\n        Self { x, y }\n    }\n}\n";
    let cases = [
        // In its order, in another one, with what another value has for the rest.
        ("A { x: 1, y }", "A::from_fields(1, y)", true),
        ("A { y: x, x: y }", "{\n    let (y, x) = (x, y);\n    A::from_fields(x, y)\n}", true),
        (
            "A { x: made(), ..old() }",
            "{\n    let mut made_: A = old();\n    made_.x = made();\n    made_\n}",
            false,
        ),
        ("A { x: 1, ..*old }", "A::from_fields(1, old.y)", true),
    ];
    for (written, expected, by_maker) in cases {
        let text = format!("{declared}fn f() {{ g({written}) }}\n");
        let block = if by_maker { maker } else { "" };
        let expected = format!("{declared}{block}fn f() {{ g({expected}) }}\n");
        assert_eq!(repaired(&text, &[error(written)]), Some(expected), "{written}");
    }
    // What is borrowed is not made anew for each field, nor are values in another order.
    for written in ["A { x: 1, ..*old() }", "A { y: a(), x: b(), ..*old }"] {
        let text = format!("{declared}fn f() {{ g({written}) }}\n");
        let repaired = repaired(&text, &[error(written)]);
        assert!(repaired.is_none_or(|text| text.contains(written)), "{written}");
    }
    // Not all fields are there always, or nobody declares it.
    let at_times = declared.replace("    pub y", "    #[cfg(unix)]\n    pub y");
    for declared in [at_times.as_str(), ""] {
        let text = format!("{declared}fn f() {{ g(A {{ x: 1, y: 2 }}) }}\n");
        assert_eq!(repaired(&text, &[error("A { x: 1, y: 2 }")]), None, "{declared}");
    }
}

#[test]
fn a_struct_without_names_of_fields_is_made_by_a_function() {
    let error = |made| ("E0423", "expected value, found struct `A`", made);
    let cases = [
        ("struct A;", "A", "A::from_fields()", "", "Self"),
        (
            "struct A(pub u8, pub u16);",
            "A(1, 2)",
            "A::from_fields(1, 2)",
            "field0: u8, field1: u16",
            "Self(field0, field1)",
        ),
    ];
    for (declared, written, expected, takes, body) in cases {
        let declared = format!("#[non_exhaustive]\npub {declared}\n");
        let maker = format!(
            "\nimpl A {{\n    /// One of all its fields, for the crates that make some.\n    #[doc(hidden)]\n    \
             pub fn from_fields({takes}) -> Self {{\n        {body}\n    }}\n}}\n"
        );
        let text = format!("fn f() {{ g({written}) }}\n{declared}");
        let expected = format!("fn f() {{ g({expected}) }}\n{declared}{maker}");
        assert_eq!(repaired(&text, &[error("A")]), Some(expected), "{written}");
    }
    // It is another error where it has private fields.
    let text = "fn f() { g(A(1)) }\npub struct A(u8);\n";
    assert_eq!(repaired(text, &[error("A")]), None);
}

#[test]
fn a_helper_goes_where_no_test_is_left_for_it() {
    let error = ("dead_code", "function `made` is never used", "made");
    let text = "fn used() {}\n\n// For tests.\n#[cfg(test)]\nfn made() {}\n";
    assert_eq!(repaired(text, &[error]).as_deref(), Some("fn used() {}\n\n"));
    // What is no helper of tests was unused before, or is a mistake.
    assert_eq!(repaired("fn made() {}\n", &[error]), None);
}

#[test]
fn a_dependency_that_nothing_is_left_for_is_kept_where_that_is_denied() {
    let text = "//! About.\n#![deny(unused_crate_dependencies)]\n\nfn f() {}\n";
    let error = ("unused_crate_dependencies", "extern crate `one_more` is unused in crate `a`", "//! About.");
    let cases = [
        ("[dependencies]\none-more = \"1\"\n", "use one_more as _;\n"),
        ("[dev-dependencies]\none_more = \"1\"\n", "#[cfg(test)]\nuse one_more as _;\n"),
    ];
    for (manifest, expected) in cases {
        let new = repaired_with(text, manifest, &[error]).unwrap();
        assert_eq!(new.replace(expected, ""), text);
        assert!(new.contains(expected), "{new}");
    }
}

#[test]
fn a_type_that_a_macro_is_given_becomes_public() {
    let cases = [
        (
            "wrap! {\n    pub(crate) struct Later<F> { f: F }\n}\n",
            "pub(crate) struct Later<F>",
            "pub struct Later<F>",
        ),
        ("wrap! {\n    struct Later { f: u8 }\n}\n", "struct Later", "pub struct Later"),
    ];
    for (text, declared, becomes) in cases {
        let mut place = span(text, declared, false);
        place["label"] = json!("`Later` declared as crate-private");
        let said = json!({
            "message": "crate-private type `a::Later<b::T>` in public interface", "code": {"code": "E0446", "explanation": null},
            "level": "error", "spans": [place], "children": [], "rendered": null,
        });
        let (new, done) = whole_round(text, &[said]);
        assert_eq!(new.unwrap(), text.replace(declared, becomes));
        assert_eq!(done[0].what, "`Later`");
    }
}

#[test]
fn arms_that_the_compiler_does_not_see_may_follow_the_last_one() {
    let arm = "},\n    _ => todo!()";
    assert_eq!(
        super::last_arm(arm, "\n    #[cfg(windows)]\n    Kind::B => 1"),
        "},\n    _ => unreachable!(),"
    );
    assert_eq!(super::last_arm(arm, "\n}"), "},\n    _ => unreachable!()");
    assert_eq!(super::last_arm("\n    _ => todo!(),", "\n    other"), "\n    _ => unreachable!(),");
}
