//! What a program reaches from the function `run`: modules, by what was followed and by names.

use super::reach::Reach;
use crate::ids::{CrateId, ItemId};
use crate::plan::tests::World;
use crate::resolve::OpenMethod;

/// The modules reached, the root aside. `methods`: `name: callers > items`, by path.
fn reached(text: &str, methods: &str) -> String {
    let mut world = World::new(text);
    let item = |world: &World, path: &str| -> ItemId {
        let is = |&id: &ItemId| world.path(id) == path.replace('+', " ");
        world.resolution.items.ids().find(is).unwrap_or_else(|| panic!("no item {path}"))
    };
    let open = |line: &str| {
        let (name, rest) = line.split_once(": ").unwrap();
        let (callers, items) = rest.split_once(" > ").unwrap();
        let all = |list: &str| list.split_whitespace().map(|path| item(&world, path)).collect();
        OpenMethod { name: name.to_owned(), callers: all(callers), items: all(items) }
    };
    let methods = methods.lines().map(open).collect();
    world.resolution.open_methods = methods;
    let input = world.input();
    let run = item(&world, "run");
    let modules = Reach::new(input.resolution, input.graph).modules(&[run], &|krate| krate == CrateId(0));
    let names = modules.iter().map(|&module| world.resolution.modules[module].name.as_str());
    names.filter(|&name| name != "app").collect::<Vec<_>>().join(" ")
}

#[test]
fn by_references_impls_and_names() {
    // `Cli` is an argument parser; `cmd` its code; `out` has a trait with impls; `rest` is not named by anybody.
    let text = |run: &str| {
        format!(
            "fn run 9 -> {run}
             mod cli\nstruct Cli 9\nfn help 9 -> out::Show
             mod cmd\nimpl cli::Cli 9 -> work::go cli::Cli
             mod work\nfn go 9
             mod out\ntrait Show 9\nfn all 9
             mod plain\nimpl out::Show for cli::Cli 9
             mod rest\nstruct Other 9\nimpl out::Show for Other 9\nfn never 9"
        )
    };
    let call = "run: run > cmd::impl+cli::Cli";
    let cases = [
        ("work::go", "", "work"),
        // A type alone brings none of its own methods.
        ("cli::Cli", "", "cli"),
        // A call by name does, on a type that is there.
        ("cli::Cli", call, "cli cmd work"),
        ("work::go", call, "work"),
        ("cli::Cli", "run: work::go > cmd::impl+cli::Cli", "cli"),
        // A trait's impl needs both.
        ("out::all", "", "out"),
        ("cli::Cli out::Show", "", "cli out plain"),
        ("cli::help", "", "cli out"),
        ("cli::help cli::Cli", "", "cli out plain"),
        // What can't be seen of a module may need all that is in it.
        ("mod:cli", "", "cli out plain"),
        ("test:rest::never work::go", "", "work"),
    ];
    for (run, methods, expected) in cases {
        assert_eq!(reached(&text(run), methods), expected, "{run} {methods}");
    }
}

#[test]
fn an_impl_of_another_packages_trait_comes_with_its_type() {
    let text = |run: &str| {
        format!("fn run 9 -> {run}\nmod a\nstruct T 9\nmod b\nimpl Display for a::T 9 -> c::f\nmod c\nfn f 9")
    };
    assert_eq!(reached(&text("a::T"), ""), "a b c");
    assert_eq!(reached(&text("c::f"), ""), "c");
}

#[test]
fn an_import_that_nothing_follows_comes_with_its_module() {
    let text = "fn run 9 -> a::f\nmod a\nuse b::Ext\nfn f 9\nmod b\ntrait Ext 9\nimpl Ext for u8 9 -> c::g\nmod c\nfn g 9";
    assert_eq!(reached(text, ""), "a b c");
}
