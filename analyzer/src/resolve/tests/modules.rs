//! The module tree: files, `#[path]`, `cfg`.

use super::check;

#[test]
fn inline_module() {
    check(
        r"
mod a { pub fn f() {} }
fn g() { a::f(); }
",
        "
        k::g -> k::a::f call
        ",
    );
}

#[test]
fn module_in_a_file_beside() {
    check(
        r"
//- /lib.rs crate:k
mod a;
fn g() { a::f(); }
//- /a.rs
pub fn f() {}
",
        "
        k::g -> k::a::f call
        ",
    );
}

#[test]
fn module_in_mod_rs() {
    check(
        r"
//- /lib.rs crate:k
mod a;
fn g() { a::f(); }
//- /a/mod.rs
pub fn f() {}
",
        "
        k::g -> k::a::f call
        ",
    );
}

#[test]
fn module_of_a_module_file() {
    check(
        r"
//- /lib.rs crate:k
mod a;
fn g() { a::b::f(); }
//- /a.rs
pub mod b;
//- /a/b.rs
pub fn f() {}
",
        "
        k::g -> k::a::b::f call
        ",
    );
}

#[test]
fn file_module_inside_an_inline_module() {
    check(
        r"
//- /lib.rs crate:k
mod a { pub mod b; }
fn g() { a::b::f(); }
//- /a/b.rs
pub fn f() {}
",
        "
        k::g -> k::a::b::f call
        ",
    );
}

#[test]
fn path_attribute_on_a_file_module() {
    check(
        r#"
//- /lib.rs crate:k
#[path = "other/name.rs"]
mod a;
fn g() { a::f(); }
//- /other/name.rs
pub fn f() {}
"#,
        "
        k::g -> k::a::f call
        ",
    );
}

#[test]
fn path_attribute_on_an_inline_module() {
    check(
        r#"
//- /lib.rs crate:k
#[path = "other"]
mod a { pub mod b; }
fn g() { a::b::f(); }
//- /other/b.rs
pub fn f() {}
"#,
        "
        k::g -> k::a::b::f call
        ",
    );
}

#[test]
fn path_attribute_inside_an_inline_module() {
    check(
        r#"
//- /lib.rs crate:k
mod a {
    #[path = "c.rs"]
    pub mod b;
}
fn g() { a::b::f(); }
//- /a/c.rs
pub fn f() {}
"#,
        "
        k::g -> k::a::b::f call
        ",
    );
}

#[test]
fn cfg_attr_path_that_holds() {
    check(
        r#"
//- /lib.rs crate:k
#[cfg_attr(unix, path = "unix.rs")]
#[cfg_attr(windows, path = "windows.rs")]
mod sys;
fn g() { sys::f(); }
//- /unix.rs
pub fn f() { crate::u(); }
//- /windows.rs
pub fn f() { crate::w(); }
"#,
        "
        k::g -> k::sys::f call
        k::sys::f -> k value unseen
        ",
    );
}

#[test]
fn one_file_as_two_modules() {
    check(
        r#"
//- /lib.rs crate:k
#[path = "x.rs"]
mod a;
#[path = "x.rs"]
mod b;
fn g() { a::f(); }
fn h() { b::f(); }
//- /x.rs
pub fn f() {}
"#,
        "
        k::g -> k::a::f call
        k::h -> k::b::f call
        ",
    );
}

#[test]
fn item_under_a_cfg_that_fails_is_not_named_but_names() {
    check(
        r"
#[cfg(windows)]
fn f() { h(); }
#[cfg(unix)]
fn f() {}
fn g() { f(); }
fn h() {}
",
        "
        k::f -> k::h call
        k::g -> k::f call
        ",
    );
}

#[test]
fn module_under_a_cfg_that_fails_is_not_there() {
    check(
        r"
#[cfg(windows)]
mod a { pub fn f() { crate::h(); } }
#[cfg(not(windows))]
mod a { pub fn f() {} }
fn g() { a::f(); }
fn h() {}
",
        "
        k::g -> k::a::f call
        ",
    );
}

#[test]
fn cfg_of_a_feature_that_is_on() {
    check(
        r#"
//- /lib.rs crate:k features:fast
#[cfg(feature = "fast")]
fn f() { h(); }
#[cfg(feature = "slow")]
fn f() { i(); }
fn h() {}
fn i() {}
"#,
        "
        k::f -> k::i call
        k::f -> k::h call
        ",
    );
}

#[test]
fn cfg_attr_that_holds_gives_a_cfg() {
    check(
        r"
#[cfg_attr(unix, cfg(windows))]
fn f() { g(); }
fn g() {}
",
        "
        k::f -> k::g call
        ",
    );
}

#[test]
fn inner_cfg_of_a_file() {
    check(
        r"
//- /lib.rs crate:k
mod a;
fn g() {}
//- /a.rs
#![cfg(windows)]
fn f() { crate::g(); }
",
        "",
    );
}

#[test]
fn cfg_test_marks_references() {
    check(
        r"
#[cfg(test)]
mod tests {
    fn f() { super::g(); }
}
fn g() {}
",
        "
        k::tests::f -> k::g call test
        ",
    );
}

#[test]
fn cfg_any_test_is_no_mark() {
    check(
        r"
#[cfg(any(test, unix))]
fn f() { g(); }
fn g() {}
",
        "
        k::f -> k::g call
        ",
    );
}

#[test]
fn test_attribute_marks_references() {
    check(
        r"
#[test]
fn t() { g(); }
fn g() {}
",
        "
        k::t -> k::g call test
        ",
    );
}

#[test]
fn cfg_not_test_stays_the_definition() {
    check(
        r"
#[cfg(test)]
fn f() {}
#[cfg(not(test))]
fn f() { h(); }
fn h() {}
",
        "
        k::f -> k::h call
        ",
    );
}

#[test]
fn cfg_test_import_is_marked() {
    check(
        r"
mod a { pub struct S; }
#[cfg(test)]
use a::S;
",
        "
        k -> k::a::S import test
        ",
    );
}

#[test]
fn cfg_test_impl_is_marked() {
    check(
        r"
struct S;
fn g() {}
#[cfg(test)]
impl S { fn f() { g(); } }
",
        "
        k::<impl S> -> k::S impl test
        k::<impl S> -> k::g call test
        ",
    );
}

#[test]
fn integration_test_is_test_code() {
    check(
        r"
//- /src/lib.rs crate:k
pub fn f() {}
//- /tests/t.rs crate:t package:k kind:test
fn g() { k::f(); }
",
        "
        t::g -> k::f call test
        ",
    );
}

#[test]
fn binary_sees_its_own_library() {
    check(
        r"
//- /src/lib.rs crate:k
pub fn f() {}
//- /src/main.rs crate:app package:k kind:bin
fn main() { k::f(); }
",
        "
        app::main -> k::f call
        ",
    );
}

#[test]
fn nested_modules_in_several_files() {
    check(
        r"
//- /lib.rs crate:k
mod a;
//- /a/mod.rs
pub mod b;
fn f() { b::c::g(); }
//- /a/b/mod.rs
pub mod c { pub fn g() { super::super::f(); } }
",
        "
        k::a::b::c::g -> k::a::f call
        k::a::f -> k::a::b::c::g call
        ",
    );
}

#[test]
fn module_and_function_share_a_name() {
    check(
        r"
mod a { pub fn f() {} }
fn a() {}
fn g() { a(); a::f(); }
",
        "
        k::g -> k::a call
        k::g -> k::a::f call
        ",
    );
}

#[test]
fn raw_identifiers_are_the_plain_names() {
    check(
        r"
mod r#a { pub fn r#match() {} }
fn g() { a::r#match(); }
",
        "
        k::g -> k::a::match call
        ",
    );
}

#[test]
fn path_attribute_on_an_inline_module_that_a_macro_makes() {
    let module = |path: &str, file: &str| {
        format!(
            "
//- /src/lib.rs crate:k
macro_rules! all {{ ($m:tt) => {{ $m!(a); }} }}
macro_rules! group {{ ($name:ident) => {{ {path} pub mod $name {{ pub mod b; }} }} }}
all! {{ group }}
fn g() {{ a::b::f(); }}
//- /src/{file}
pub fn f() {{}}
"
        )
    };
    for (path, file) in [("#[path = \".\"]", "b.rs"), ("#[path = \"other\"]", "other/b.rs"), ("", "a/b.rs")] {
        check(&module(path, file), "k -> k::all macro\nk -> k::group macro\nk::g -> k::a::b::f call");
    }
}

#[test]
fn modules_that_a_macro_of_another_file_declares() {
    let makes = "macro_rules! modules { ($($name:ident),*) => { $(pub mod $name;)* } }";
    let exported = format!("#[macro_export]\n{makes}");
    let cases = [
        // Of the same crate, by textual order and by a path.
        (
            "//- /lib.rs crate:k\n#[macro_use]\nmod m;\nmodules!(a, b);\n",
            format!("//- /m.rs\n{makes}\n"),
            "k -> k::m::modules macro",
        ),
        (
            "//- /lib.rs crate:k\nmod m;\ncrate::modules! { a, b }\n",
            format!("//- /m.rs\n{exported}\n"),
            "k -> k::m::modules macro",
        ),
        // Of another package.
        (
            "//- /lib.rs crate:k deps:o\no::modules!(a, b);\n",
            format!("//- /o/lib.rs crate:o\n{exported}\n"),
            "k -> o::modules macro",
        ),
        (
            "//- /lib.rs crate:k deps:o\nuse o::modules;\nmodules!(a, b);\n",
            format!("//- /o/lib.rs crate:o\n{exported}\n"),
            "k -> o::modules import\nk -> o::modules macro",
        ),
    ];
    for (root, other, call) in cases {
        let modules = "//- /a.rs\npub fn f() { super::b::g(); }\n//- /b.rs\npub fn g() {}\n";
        check(&format!("{root}{other}{modules}"), &format!("{call}\nk::a::f -> k::b::g call"));
    }
}
