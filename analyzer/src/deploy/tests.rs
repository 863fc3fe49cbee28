//! What a program reaches from its `main`: functions and methods, by what was followed and by names.

use super::entry::Entries;
use super::reach::{Reach, Start};
use crate::ids::{CrateId, DefinitionId};
use crate::resolve::tests::read;
use crate::resolve::{ItemKind, Resolution};

fn name(resolution: &Resolution, id: DefinitionId) -> String {
    let definition = &resolution.uses.definitions[id];
    let item = &resolution.items[definition.item];
    let path = item.path.trim_start_matches("k::");
    match resolution.uses.members(definition.item).any(|member| member == id) {
        true => format!("{path}.{}", definition.name),
        false => path.to_owned(),
    }
}

/// What is reached from `main`, or from all of the program: modules and `main` aside.
fn reached(text: &str) -> Vec<String> {
    let (_, resolution) = read(text);
    let start = Entries::new(&resolution).program(CrateId(0));
    names(&resolution, &start)
}

fn names(resolution: &Resolution, start: &Start) -> Vec<String> {
    let reached = Reach::new(resolution).from(start, &|krate| krate == CrateId(0));
    let is_shown = |&id: &DefinitionId| {
        let item = &resolution.items[resolution.uses.definitions[id].item];
        item.kind != ItemKind::Module && item.name != "main"
    };
    let mut names: Vec<String> =
        reached.definitions().filter(is_shown).map(|id| name(resolution, id)).collect();
    names.sort();
    names
}

#[track_caller]
fn check(main: &str, rest: &str, expected: &[&str]) {
    let text = format!("fn main() {{ {main} }}\n{rest}");
    let mut expected: Vec<&str> = expected.to_vec();
    expected.sort_unstable();
    assert_eq!(reached(&text), expected, "{main}");
}

#[test]
fn a_call_reaches_a_method_and_not_the_block_around_it() {
    let context = "struct Context;
        impl Context { fn new() -> Self { Context } fn serve(&self) { serve() } fn work(&self) { self.step() }
            fn step(&self) { work() } }
        fn serve() {} fn work() {}";
    let types = ["Context", "<impl Context>", "<impl Context>.new"];
    check("Context::new().serve()", context, &[&types[..], &["<impl Context>.serve", "serve"]].concat());
    let work = ["<impl Context>.step", "<impl Context>.work", "work"];
    check("Context::new().work()", context, &[&types[..], &work].concat());
    check("let _: Option<Context> = None;", context, &["Context"]);
}

#[test]
fn a_call_of_a_traits_method_reaches_the_impls_of_types_that_are_reached() {
    let store = "trait Store { fn get(&self); fn put(&self) { self.get() } fn drop_all(&self); }
        struct A; impl Store for A { fn get(&self) { a() } fn drop_all(&self) { never() } }
        struct B; impl Store for B { fn get(&self) { b() } fn drop_all(&self) { never() } }
        fn read(store: &dyn Store) { store.get() }
        fn write(store: impl Store) { store.put() }
        fn clear(store: impl Store) { store.drop_all() }
        fn a() {} fn b() {} fn never() {}";
    let of_a = ["A", "Store", "<impl Store for A>", "<impl Store for A>.get", "Store.get", "a"];
    check("read(&A)", store, &[&of_a[..], &["read"]].concat());
    check("write(A)", store, &[&of_a[..], &["write", "Store.put"]].concat());
    let of_b = ["B", "<impl Store for B>", "<impl Store for B>.get", "b"];
    check("read(&A); other::keep(B);", store, &[&of_a[..], &of_b, &["read"]].concat());
    // Of a type that is only named there is no value.
    check("read(&A); let _: Option<B> = None;", store, &[&of_a[..], &["B", "read"]].concat());
    // A type is told by its receiver: the other one is not asked.
    check(
        "A.get(); let _: Option<B> = None;",
        store,
        &["A", "B", "Store", "<impl Store for A>", "<impl Store for A>.get", "a"],
    );
}

#[test]
fn traits_from_outside_and_those_that_nobody_calls_come_with_the_type() {
    let shown =
        "struct T; impl std::fmt::Display for T { fn fmt(&self, f: &mut F) { shown() } } fn shown() {}
        impl Drop for T { fn drop(&mut self) { dropped() } } fn dropped() {}";
    check(
        "let _ = T;",
        shown,
        &[
            "T",
            "<impl Display for T>",
            "<impl Display for T>.fmt",
            "shown",
            "<impl Drop for T>",
            "<impl Drop for T>.drop",
            "dropped",
        ],
    );
    check("shown()", shown, &["shown"]);
    let plugin =
        "trait Plugin { fn start(&self); } struct P; impl Plugin for P { fn start(&self) { started() } }
        fn started() {} fn load<T: Plugin>(_: T) {}";
    check(
        "load(P)",
        plugin,
        &[
            "load",
            "P",
            "Plugin",
            "Plugin.start",
            "<impl Plugin for P>",
            "<impl Plugin for P>.start",
            "started",
        ],
    );
}

#[test]
fn a_name_on_a_receiver_of_unknown_type_means_methods_of_types_that_are_reached() {
    let code = "struct S; impl S { fn go(&self) { gone() } fn stay(&self) { stayed() } }
        struct R; impl R { fn go(&self) { never() } }
        fn gone() {} fn stayed() {} fn never() {} fn named(_: S) {}";
    check("other::make().go(); named(S)", code, &["named", "S", "<impl S>", "<impl S>.go", "gone"]);
    check("other::make().go()", code, &[]);
    check("named(other::make())", code, &["named", "S"]);
}

#[test]
fn methods_need_a_value_that_something_makes() {
    let code = "trait Runs { fn run(&self); fn name() -> u8; }
        struct T(u8); impl Runs for T { fn run(&self) { ran() } fn name() -> u8 { named() } } fn ran() {} fn named() -> u8 { 1 }
        impl T { fn new() -> Self { Self(1) } }
        enum E { A } impl Runs for E { fn run(&self) { ran() } fn name() -> u8 { 2 } }
        #[derive(Default)] struct D; impl Runs for D { fn run(&self) { ran() } fn name() -> u8 { 3 } }
        fn run<R: Runs>(r: R) { r.run(); R::name(); } fn take(_: Option<T>, _: Option<E>, _: Option<D>) {}
        macro_rules! make { () => { $crate::T(2) } }";
    let runs = |main: &str, of: &str| {
        reached(&format!("fn main() {{ run(other()); {main} }}\n{code}"))
            .contains(&format!("<impl Runs for {of}>.run"))
    };
    for (main, of, expected) in [
        ("take(None, None, None)", "T", false),
        ("take(None, None, None)", "E", false),
        // A macro may make one.
        ("take(None, None, None)", "D", true),
        ("T(1);", "T", true),
        ("let make = T;", "T", true),
        ("T::new();", "T", true),
        ("make!();", "T", true),
        ("E::A;", "E", true),
        ("if let E::A = other() {}", "E", false),
        ("unheard_of! { x -> T };", "T", true),
    ] {
        assert_eq!(runs(main, of), expected, "{main}");
    }
    // What needs no value comes with the type.
    let named = "fn main() { run(other()); take(None, None, None) }";
    assert!(reached(&format!("{named}\n{code}")).contains(&"<impl Runs for T>.name".to_owned()));
    // Beside others of its process a task may be given what these make.
    let (_, resolution) = read(&format!("fn main() {{ run(other()); take(None, None, None) }}\n{code}"));
    let main = Entries::new(&resolution).main(CrateId(0)).unwrap();
    let part = names(&resolution, &Start::of(main));
    assert!(part.contains(&"<impl Runs for T>.run".to_owned()), "{part:?}");
}

#[test]
fn a_name_on_a_receiver_from_outside_means_nothing_of_the_repository() {
    let code = "struct Job; trait Runs { fn run(&self, with: u8); } impl Runs for Job { fn run(&self, with: u8) { ran() } }
        fn ran() {} fn enqueue(_: Job) {} fn work(job: Job) { job.run(1) } fn next(next: std::thread::Thread) { next.run(1) }";
    check("enqueue(Job); next(std::thread::current())", code, &["enqueue", "next", "Job"]);
    let ran = ["<impl Runs for Job>", "<impl Runs for Job>.run", "ran"];
    check("work(Job)", code, &[&["work", "Job", "Runs"][..], &ran].concat());
}

#[test]
fn what_is_known_to_run_is_not_run_by_name_alone() {
    let known = |code: &str| {
        let (_, resolution) =
            read(&format!("fn main() {{ other::make().go(); named(S) }}\nfn named(_: S) {{}}\n{code}"));
        let start = Entries::new(&resolution).program(CrateId(0));
        let known = Reach::new(&resolution).known_from(&start, &|_| true);
        let mut found: Vec<String> = known.definitions().map(|id| name(&resolution, id)).collect();
        found.sort();
        found.join(" ")
    };
    let one = "struct S; impl S { fn go(&self) { gone() } } fn gone() {}";
    assert_eq!(known(&format!("{one} struct R; impl R {{ fn go(&self) {{}} }}")), "S k main named");
    // A name that one method has means that one.
    assert_eq!(known(one), "<impl S> <impl S>.go S gone k main named");
}

#[test]
fn constants_statics_macros_and_associated_types_are_followed() {
    let code = "const C: fn() = made; static S: u8 = first(); fn made() {} const fn first() -> u8 { 1 }
        macro_rules! call { () => { $crate::expanded() } } fn expanded() {}
        trait Has { type Of; } struct H; struct Inner; impl Has for H { type Of = Inner; } fn has<T: Has>(_: T) {}
        fn rest() {}";
    check("C();", code, &["C", "made"]);
    check("let _ = S;", code, &["S", "first"]);
    check("call!()", code, &["call", "expanded"]);
    check("has(H)", code, &["<impl Has for H>", "<impl Has for H>.Of", "H", "Has", "Has.Of", "Inner", "has"]);
}

#[test]
fn what_stands_in_the_arms_of_others_is_left_out() {
    let text = "enum Command { Serve, Work, Help }
fn main() {
    start();
    match parse() {
        Command::Serve => serve(),
        Command::Work => {
            work();
            S.unknown();
        }
        Command::Help => {}
    }
}
fn parse() -> Command { other::parse() }
fn start() {} fn serve() {} fn work() {}
struct S;";
    let (_, resolution) = read(text);
    let entries = Entries::new(&resolution);
    let main = entries.main(CrateId(0)).unwrap();
    let mut start = entries.program(CrateId(0));
    start.without.insert(main, vec![6..=9]);
    assert_eq!(names(&resolution, &start), ["Command", "parse", "serve", "start"]);
    start.without.insert(main, vec![5..=5, 10..=10]);
    assert_eq!(names(&resolution, &start), ["Command", "S", "parse", "start", "work"]);
}

#[test]
fn a_program_whose_main_something_else_makes_is_all_of_it() {
    assert_eq!(
        reached("other::program!();\nfn a() {}\n#[test] fn t() {}\nmod m { fn b() {} }"),
        ["a", "m::b"]
    );
    assert_eq!(reached("fn main() {}\nfn a() {}"), Vec::<String>::new());
}

#[test]
fn what_nobody_sees_in_a_module_may_be_anything_beside_it() {
    let text = "mod m { include!(concat!(env!(\"OUT_DIR\"), \"/x.rs\")); pub struct S; impl S { fn f() {} } pub fn g() {} }";
    check("m::Made::new()", text, &["m::<impl S>", "m::<impl S>.f", "m::S", "m::g"]);
    check("m::g()", text, &["m::g"]);
}
