//! `macro_rules!`: textual and path-based scope, `$crate`, what expansions define and mention.

use super::{check, references};
use crate::resolve::UnresolvedCause;

#[test]
fn macro_in_textual_order() {
    check(
        r"
macro_rules! m { () => {} }
fn f() { m!(); }
",
        "
        k::f -> k::m macro
        ",
    );
}

#[test]
fn later_definition_shadows_the_earlier() {
    check(
        r"
macro_rules! m { () => { fn a() {} } }
m!();
macro_rules! m { () => { fn b() {} } }
m!();
fn f() { a(); b(); }
",
        "
        k::a -> k::m macro
        k::b -> k::m macro
        k::f -> k::a call
        k::f -> k::b call
        ",
    );
}

#[test]
fn textual_scope_reaches_child_modules() {
    check(
        r"
macro_rules! m { () => {} }
mod a { fn f() { m!(); } }
",
        "
        k::a::f -> k::m macro
        ",
    );
}

#[test]
fn textual_scope_ends_with_its_module() {
    check(
        r"
mod a { macro_rules! m { () => {} } }
mod b { macro_rules! m { () => {} } fn f() { m!(); } }
",
        "
        k::b::f -> k::b::m macro
        ",
    );
}

#[test]
fn macro_use_module() {
    check(
        r"
#[macro_use]
mod a { macro_rules! m { () => {} } }
mod b { fn f() { m!(); } }
",
        "
        k::b::f -> k::a::m macro
        ",
    );
}

#[test]
fn macro_use_module_in_a_file() {
    check(
        r"
//- /lib.rs crate:k
#[macro_use]
mod a;
mod b;
//- /a.rs
macro_rules! m { () => {} }
//- /b.rs
fn f() { m!(); }
",
        "
        k::b::f -> k::a::m macro
        ",
    );
}

#[test]
fn macro_use_inside_the_module() {
    for (lib, file) in [
        ("mod a;", "#![macro_use]\nmacro_rules! m { () => {} }"),
        ("mod a { #![macro_use] macro_rules! m { () => {} } }", ""),
        ("mod a { #![macro_use] mod c { #![macro_use] macro_rules! m { () => {} } } }", ""),
        ("#[macro_use] mod x { #[path = \"../a.rs\"] mod a; }", "#![macro_use]\nmacro_rules! m { () => {} }"),
    ] {
        let fixture =
            format!("//- /lib.rs crate:k\n{lib}\nmod b;\n//- /a.rs\n{file}\n//- /b.rs\nfn f() {{ m!(); }}\n");
        let found = references(&fixture);
        assert_eq!(found.len(), 1, "{lib}: {found:?}");
        assert!(
            found.iter().all(|line| line.starts_with("k::b::f -> k::") && line.ends_with("::m macro")),
            "{lib}: {found:?}"
        );
    }
}

#[test]
fn macro_use_of_a_file_reaches_no_module_before_it() {
    check(
        r"
//- /lib.rs crate:k
mod b;
mod a;
//- /a.rs
#![macro_use]
macro_rules! m { () => {} }
//- /b.rs
fn f() { m!(); }
",
        "",
    );
}

#[test]
fn macro_export_by_path() {
    check(
        r"
mod a { #[macro_export] macro_rules! m { () => {} } }
fn f() { crate::m!(); }
",
        "
        k::f -> k::a::m macro
        ",
    );
}

#[test]
fn macro_export_by_path_before_its_definition() {
    check(
        r"
fn f() { crate::m!(); }
#[macro_export]
macro_rules! m { () => {} }
",
        "
        k::f -> k::m macro
        ",
    );
}

#[test]
fn macro_export_across_crates() {
    check(
        r"
//- /k/lib.rs crate:k deps:b
fn f() { b::m!(); }
//- /b/lib.rs crate:b
mod inner { #[macro_export] macro_rules! m { () => {} } }
",
        "
        k::f -> b::inner::m macro
        ",
    );
}

#[test]
fn imported_macro_of_another_crate() {
    check(
        r"
//- /k/lib.rs crate:k deps:b
use b::m;
fn f() { m!(); }
//- /b/lib.rs crate:b
#[macro_export] macro_rules! m { () => {} }
",
        "
        k -> b::m import
        k::f -> b::m macro
        ",
    );
}

#[test]
fn macro_use_extern_crate() {
    check(
        r"
//- /k/lib.rs crate:k deps:b
#[macro_use]
extern crate b;
mod a { fn f() { m!(); } }
//- /b/lib.rs crate:b
#[macro_export] macro_rules! m { () => {} }
",
        "
        k::a::f -> b::m macro
        ",
    );
}

#[test]
fn macro_reexported_by_use() {
    check(
        r"
mod a { macro_rules! m { () => {} } pub(crate) use m; }
mod b { fn f() { crate::a::m!(); } }
",
        "
        k::b::f -> k::a::m macro
        ",
    );
}

#[test]
fn macro_and_function_of_one_name() {
    check(
        r"
fn m() {}
macro_rules! m { () => {} }
fn f() { m!(); m(); }
",
        "
        k::f -> k::m call
        k::f -> k::m macro
        ",
    );
}

#[test]
fn macro_defines_items() {
    check(
        r"
struct A;
macro_rules! make { ($n:ident, $t:ty) => { fn $n(x: $t) {} } }
make!(f, A);
fn g(a: A) { f(a); }
",
        "
        k::f -> k::make macro
        k::f -> k::A type
        k::g -> k::A type
        k::g -> k::f call
        ",
    );
}

#[test]
fn macro_defines_items_by_repetition() {
    check(
        r"
macro_rules! make { ($($n:ident),* $(,)?) => { $(pub struct $n;)* } }
make!(A, B,);
fn g(a: A, b: B) {}
",
        "
        k::A -> k::make macro
        k::g -> k::A type
        k::g -> k::B type
        ",
    );
}

#[test]
fn nested_repetition() {
    check(
        r"
macro_rules! make { ($($m:ident { $($n:ident)* })*) => { $(mod $m { $(pub fn $n() {})* })* } }
make!(a { f g } b { h });
fn x() { a::g(); b::h(); }
",
        "
        k -> k::make macro
        k::x -> k::a::g call
        k::x -> k::b::h call
        ",
    );
}

#[test]
fn macro_defines_a_module() {
    check(
        r"
macro_rules! make { ($n:ident) => { mod $n { pub fn f() {} } } }
make!(a);
fn g() { a::f(); }
",
        "
        k -> k::make macro
        k::g -> k::a::f call
        ",
    );
}

#[test]
fn macro_defines_impl_items() {
    check(
        r"
struct S;
macro_rules! getter { ($n:ident) => { fn $n(&self) {} } }
impl S { getter!(m); }
fn f(s: S) { s.m(); }
",
        "
        k::<impl S> -> k::getter macro
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn macro_defines_impls() {
    check(
        r"
struct A;
struct B;
trait T { fn m(&self); }
macro_rules! imp { ($($t:ty),*) => { $(impl T for $t { fn m(&self) {} })* } }
imp!(A, B);
fn f(a: A) { a.m(); }
",
        "
        k::<impl T for A> -> k::imp macro
        k::<impl T for A> -> k::A impl
        k::<impl T for A> -> k::T impl
        k::<impl T for B> -> k::B impl
        k::<impl T for B> -> k::T impl
        k::f -> k::<impl T for A> method
        k::f -> k::A type
        ",
    );
}

#[test]
fn macro_defines_a_macro() {
    check(
        r"
macro_rules! outer { ($n:ident) => { macro_rules! $n { () => { fn made() {} } } } }
outer!(inner);
inner!();
fn f() { made(); }
",
        "
        k::made -> k::inner macro
        k -> k::outer macro
        k::f -> k::made call
        ",
    );
}

#[test]
fn macro_calls_a_macro() {
    check(
        r"
macro_rules! a { ($n:ident) => { fn $n() {} } }
macro_rules! b { ($n:ident) => { a!($n); } }
b!(f);
fn g() { f(); }
",
        "
        k::f -> k::a macro
        k::f -> k::b macro
        k::g -> k::f call
        ",
    );
}

#[test]
fn arguments_of_a_macro_are_the_callers() {
    check(
        r"
macro_rules! twice { ($e:expr) => { ($e, $e) } }
fn f() { twice!(g()); }
fn g() {}
",
        "
        k::f -> k::g call
        k::f -> k::twice macro
        ",
    );
}

#[test]
fn value_of_an_expansion_is_typed() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
macro_rules! same { ($e:expr) => { $e } }
fn f(s: S) { same!(s).m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        k::f -> k::same macro
        ",
    );
}

#[test]
fn macro_defined_in_a_function() {
    check(
        r"
fn f() {
    macro_rules! m { ($e:expr) => { $e } }
    m!(g());
}
fn g() {}
",
        "
        k::f -> k::g call
        ",
    );
}

#[test]
fn macro_in_a_function_shadows_the_one_outside() {
    check(
        r"
macro_rules! m { () => {} }
fn f() {
    macro_rules! m { () => {} }
    m!();
}
",
        "",
    );
}

#[test]
fn macro_call_in_a_type_position() {
    check(
        r"
struct S;
macro_rules! ty { () => { S } }
fn f(x: ty!()) {}
",
        "
        k::f -> k::S type
        k::f -> k::ty macro
        ",
    );
}

#[test]
fn cfg_macro_passes_items_through() {
    check(
        r"
macro_rules! on_unix { ($($i:item)*) => { $(#[cfg(unix)] $i)* } }
macro_rules! on_windows { ($($i:item)*) => { $(#[cfg(windows)] $i)* } }
on_unix! { pub fn f() { g(); } }
on_windows! { pub fn f() { h(); } }
fn g() {}
fn h() {}
",
        "
        k::f -> k::h call
        k -> k::on_unix macro
        k -> k::on_windows macro
        k::f -> k::g call
        ",
    );
}

#[test]
fn cfg_macro_passes_modules_through() {
    check(
        r#"
//- /lib.rs crate:k features:net
macro_rules! cfg_net { ($($i:item)*) => { $(#[cfg(feature = "net")] $i)* } }
cfg_net! { pub mod net; }
fn g() { net::f(); }
//- /net.rs
pub fn f() {}
"#,
        "
        k -> k::cfg_net macro
        k::g -> k::net::f call
        ",
    );
}

#[test]
fn recursive_macro() {
    check(
        r"
macro_rules! all { () => {}; ($n:ident $($rest:ident)*) => { fn $n() {} all!($($rest)*); } }
all!(a b c);
fn f() { a(); c(); }
",
        "
        k -> k::all macro
        k::a -> k::all macro
        k::b -> k::all macro
        k::c -> k::all macro
        k::f -> k::a call
        k::f -> k::c call
        ",
    );
}

#[test]
fn endless_recursion_ends() {
    check(
        r"
macro_rules! again { ($($t:tt)*) => { again!($($t)*); } }
again!(x);
fn f() { g(); }
fn g() {}
",
        "
        k -> k::again macro
        k::f -> k::g call
        ",
    );
}

#[test]
fn macro_with_several_rules() {
    check(
        r"
macro_rules! m { (fn $n:ident) => { fn $n() {} }; (struct $n:ident) => { struct $n; } }
m!(fn f);
m!(struct S);
fn g(s: S) { f(); }
",
        "
        k::S -> k::m macro
        k::f -> k::m macro
        k::g -> k::S type
        k::g -> k::f call
        ",
    );
}

#[test]
fn formatting_macro_arguments() {
    check(
        r#"
struct S { x: u8 }
fn f(s: S) { println!("{} {y}", s.x, y = g()); }
fn g() -> u8 { 1 }
"#,
        "
        k::f -> k::S field
        k::f -> k::S type
        k::f -> k::g call
        ",
    );
}

#[test]
fn vec_macro_types_its_elements() {
    check(
        r"
struct S;
impl S { fn m(&self) {} }
fn f() { let v = vec![S, S]; v[0].m(); }
",
        "
        k::f -> k::<impl S> method
        k::f -> k::S type
        ",
    );
}

#[test]
fn matches_macro_pattern() {
    check(
        r"
enum E { A, B }
fn f(e: u8) -> bool { matches!(g(), E::A if h()) }
fn g() -> E { E::B }
fn h() -> bool { true }
",
        "
        k::f -> k::E type
        k::f -> k::g call
        k::f -> k::h call
        k::g -> k::E type
        ",
    );
}

#[test]
fn assert_macro_arguments() {
    check(
        r#"
fn f() { assert_eq!(g(), h(), "message {}", i()); }
fn g() -> u8 { 1 }
fn h() -> u8 { 1 }
fn i() -> u8 { 1 }
"#,
        "
        k::f -> k::g call
        k::f -> k::h call
        k::f -> k::i call
        ",
    );
}

#[test]
fn macro_in_a_pattern() {
    check(
        r"
struct S(u8);
macro_rules! p { ($n:ident) => { S($n) } }
fn f(s: S) { let p!(x) = s; }
",
        "
        k::f -> k::S type
        k::f -> k::S field
        k::f -> k::p macro
        ",
    );
}

#[test]
fn thread_local_macro() {
    check(
        r"
struct S;
impl S { fn new() -> S { S } }
thread_local! { static CELL: S = S::new(); }
fn f() { CELL.with(|s| g()); }
fn g() {}
",
        "
        k::<impl S> -> k::S type
        k::CELL -> k::<impl S> call
        k::CELL -> k::S type
        k::f -> k::CELL value
        k::f -> k::g call
        ",
    );
}

#[test]
fn cfg_if_takes_the_branch_that_holds() {
    check(
        r#"
cfg_if::cfg_if! {
    if #[cfg(feature = "none")] { fn g() { off(); } }
    else if #[cfg(unix)] { fn g() { on(); } }
    else { fn g() { off(); } }
}
fn on() {}
fn off() {}
fn f() { g(); }
"#,
        "
        k::g -> k::off call
        k::f -> k::g call
        k::g -> k::on call
        ",
    );
}

#[test]
fn cfg_select_takes_the_first_branch_that_holds() {
    check(
        r#"
cfg_select! {
    feature = "none" => { fn g() { off(); } }
    any(unix, windows) => { fn g() { on(); } }
    _ => { fn g() { off(); } }
}
fn on() {}
fn off() {}
fn f() { g(); }
"#,
        "
        k::g -> k::off call
        k::f -> k::g call
        k::g -> k::on call
        ",
    );
}

#[test]
fn another_packages_macro_makes_what_its_arguments_declare() {
    check(
        r"
//- /lib.rs crate:k deps:bitflags
pub mod flags;
fn f(a: flags::A) -> bool { a == flags::A::X && a.own() }
//- /flags.rs
use bitflags::bitflags;
bitflags! {
    #[derive(PartialEq)]
    pub struct A: u32 { const X = 1; const Y = Self::X.bits() << 1; }
}
impl A { pub fn own(&self) -> bool { true } }
",
        "
        k::f -> k::flags::A type
        k::f -> k::flags::<impl A> value
        k::f -> k::flags::<impl A> method
        k::flags -> k::flags::A type guess
        k::flags::<impl A> -> k::flags::A type
        ",
    );
}

#[test]
fn what_hangs_on_a_table_refers_to_it() {
    check(
        r"
//- /lib.rs crate:k deps:diesel
pub mod schema;
use crate::schema::users;
fn f() { users::table.filter(users::name.eq(1)); }
fn g() { use crate::schema::users::dsl::*; }
//- /schema.rs
diesel::table! { users (id) { id -> Int4, name -> Text, } }
",
        "
        k -> k::schema::users import
        k::f -> k::schema::users type
        k::g -> k::schema::users import
        ",
    );
}

#[test]
fn macros_that_call_themselves_end() {
    for code in [
        "macro_rules! m { () => { m!() } } fn f() { m!(); g(); }",
        "macro_rules! m { () => { m!() + m!() } } fn f() { m!(); g(); }",
        "fn f() { macro_rules! m { () => { m!() } } m!(); g(); }",
        "fn f() { macro_rules! m { () => { m!() + m!() } } m!(); g(); }",
    ] {
        let resolution = super::resolved(&format!("{code} fn g() {{}}"));
        let to_g = resolution.references.iter().filter(|r| resolution.items[r.to].name == "g").count();
        assert_eq!(to_g, 1, "{code}");
        let told = resolution.unresolved.iter().filter(|u| u.cause == UnresolvedCause::MacroLimit).count();
        assert_eq!(told, 1, "{code}");
    }
}

#[test]
fn calls_through_a_trait_may_nest() {
    let depth = 48;
    let code = format!("{}S{}", "T::t(".repeat(depth), ")".repeat(depth));
    let code = format!(
        "trait T {{ fn t(self) -> S; }} struct S; impl T for S {{ fn t(self) -> S {{ S }} }}\nfn f() {{ {code}; }}"
    );
    let resolution = super::resolved(&code);
    let calls = resolution.references.iter().filter(|r| r.kind == crate::resolve::RefKind::Call).count();
    assert_eq!(calls, depth);
}

#[test]
fn what_paste_puts_together_is_declared() {
    check(
        "
//- /a.rs crate:k deps:paste
macro_rules! getter { ($name:ident) => { paste::paste! { pub fn [<get_ $name>]() -> [<$name:camel Row>] { loop {} } } } }
getter!(user);
pub struct UserRow;
struct S;
impl S { paste::paste! { fn [<of_ user>]() -> UserRow { [<get_ user>]() } } }
fn f() { get_user(); }
fn g() { paste::paste! { [<get_ user>]() }; }
",
        "
        k::get_user -> k::getter macro
        k::get_user -> k::UserRow type
        k::<impl S> -> k::UserRow type
        k::<impl S> -> k::get_user call
        k::f -> k::get_user call
        k::g -> k::get_user call
        ",
    );
}

#[test]
fn macros_may_call_themselves_through_paste_for_each_argument() {
    let arguments: String = (0..60).map(|i| format!("A{i} = {i}, ")).collect();
    let code = format!(
        "//- /a.rs crate:k deps:paste
macro_rules! m {{
    (@all [] -> [$($body:tt)*]) => {{ pub enum All {{ $($body)* }} }};
    (@all [$n:ident = $id:literal, $($tail:tt)*] -> [$($body:tt)*]) => {{
        paste::paste! {{ m!(@all [$($tail)*] -> [[<$n Message>], $($body)*]); }}
    }};
    (@from [] -> [$($n:ident, $id:literal,)*]) => {{ pub fn from() {{ $(All::$n;)* }} }};
    (@from [$n:ident = $id:literal, $($tail:tt)*] -> [$($body:tt)*]) => {{
        paste::paste! {{ m!(@from [$($tail)*] -> [[<$n Message>], $id, $($body)*]); }}
    }};
    ($($t:tt)*) => {{ m!(@all [$($t)*] -> []); m!(@from [$($t)*] -> []); }};
}}
m!({arguments});
fn f() {{ All::A59Message; from() }}
"
    );
    check(
        &code,
        "
        k::All -> k::m macro
        k::from -> k::m macro
        k::f -> k::All type
        k::f -> k::from call
        k::from -> k::All type
        ",
    );
}

#[test]
fn macros_that_an_exported_one_calls_by_name_are_of_its_crate() {
    let macros = |attribute: &str| {
        format!(
            "
//- /a.rs crate:a
{attribute}
macro_rules! outer {{ ($e:expr) => {{ inner!($e); assert!(true); }} }}
#[macro_export]
macro_rules! inner {{ ($e:expr) => {{ $crate::deep($e) }} }}
pub fn deep(_: u8) {{}}
//- /b.rs crate:b deps:a
fn own() -> u8 {{ 1 }}
fn f() {{ a::outer!(own()); }}
"
        )
    };
    check(
        &macros("#[macro_export(local_inner_macros)]"),
        "
        b::f -> a::outer macro
        b::f -> b::own call
        a::outer -> a::inner macro
        a::inner -> a::deep macro
        ",
    );
}

#[test]
fn what_another_package_s_macro_is_given_names_imports() {
    check(
        r"
//- /k/lib.rs crate:k deps:other
mod low { pub struct Missing; pub struct Unsaid; }
mod high {
    pub use crate::low::{Missing, Unsaid};
    other::rejection! { pub enum Rejection { Missing, Invalid } }
}
",
        "
        k::high -> k::low::Missing import
        k::high -> k::low::Unsaid import
        k::high::Rejection -> k::low::Missing type guess
        ",
    );
}

#[test]
fn macros_of_other_packages_that_no_import_names_need_their_package() {
    let text = r#"
//- /k/lib.rs crate:k deps:log,odd,pest_derive
#[macro_use]
extern crate log;
#[macro_use]
extern crate odd;
#[macro_use]
extern crate pest_derive;
mod logs;
mod grammar;
mod plain;
//- /k/logs.rs
fn f() { info!("x"); println!("y"); }
//- /k/grammar.rs
#[derive(Debug, Parser)]
#[grammar = "a.pest"]
struct P;
//- /k/plain.rs
use other::strange;
fn f() { strange!(); own!(); vec![1]; }
macro_rules! own { () => {} }
"#;
    let (_, resolution) = super::read(text);
    let of = |name: &str| resolution.files.iter().find(|file| file.path.ends_with(name)).unwrap();
    // `grammar` may be an attribute of a crate whose exports nobody knows.
    let cases: [(&str, &[&str]); 3] =
        [("logs.rs", &["log"]), ("grammar.rs", &["odd", "pest_derive"]), ("plain.rs", &[])];
    for (file, expected) in cases {
        assert_eq!(of(file).dependencies, expected, "{file}");
    }
    let paths: Vec<&str> = of("grammar.rs").paths.iter().map(|path| path.call.as_str()).collect();
    assert_eq!(paths, ["#[grammar = \"a.pest\"]"]);
}

/// Whatever a macro makes of its arguments: a file is meant by where its name stands.
#[test]
fn files_are_named_in_arguments_of_other_macros() {
    let text = r#"
//- /k/lib.rs crate:k
macro_rules! all { [$($each:expr),*] => { [$($each),*] } }
fn f() {
    all![1, std::include_str!("a.txt"), b!(include_bytes!("b.bin"))];
    strange! { x => include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/c.txt")), include_str, env!() }
    println!("{}", include_str!("d.txt"));
}
"#;
    let (_, resolution) = super::read(text);
    let paths: Vec<(u32, &str)> =
        resolution.files.iter().flat_map(|f| &f.paths).map(|path| (path.line, path.call.as_str())).collect();
    let concat = "include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"),\"/c.txt\"))";
    assert_eq!(
        paths,
        [
            (3, "include_bytes!(\"b.bin\")"),
            (3, "include_str!(\"a.txt\")"),
            (4, concat),
            (5, "include_str!(\"d.txt\")")
        ]
    );
}
