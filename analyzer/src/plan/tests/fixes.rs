//! The fix of each sort of reference against the order, on two crates: `low` and, above it, `high`.

use super::World;
use super::crates::uses;
use crate::graph::item_graph;
use crate::ids::{CrateId, GroupId, Id, IdVec, ItemId, LevelId, ModuleId, PackageId, PlanCrateId};
use crate::plan::cuts::choose::{Step, choose};
use crate::plan::cuts::methods::follow_methods;
use crate::plan::cuts::settle::settled;
use crate::plan::cuts::work::work;
use crate::plan::index::Index;
use crate::plan::partition::assemble::assemble;
use crate::plan::partition::groups::Groups;
use crate::plan::partition::place::Placement;
use crate::plan::{Cut, Fix, Plan, Prices};
use crate::report::sentence;
use crate::resolve::{
    Item, Making, PassedMeaning, PassedName, ReExport, RefKind, Reference, Resolution, Taker, Uses,
    Visibility,
};

/// The groups of a world, and the crate of each by its module.
fn placed(world: &World) -> (Groups, IdVec<GroupId, LevelId>) {
    let (input, index) = (world.input(), Index::new(&world.repository, &world.resolution));
    let groups = Groups::new(&input, &index, CrateId(0));
    let level = |group: GroupId| match &world.resolution.modules[groups.module[group]].path {
        path if path.starts_with("app::low") => LevelId(0),
        path if path.starts_with("app::high") => LevelId(1),
        _ => LevelId(2),
    };
    let levels = groups.ids().map(level).collect();
    (groups, levels)
}

/// The fixes of `low`'s references to `high`, with their reasons.
fn fixes(text: &str) -> Vec<(Fix, String)> {
    fixes_of(&World::new(text))
}

fn fixes_of(world: &World) -> Vec<(Fix, String)> {
    let (groups, levels) = placed(world);
    let plan = plan_of(world, &groups, levels);
    let read = (&world.repository, &world.resolution);
    let of = |cut: &Cut| (plan.edits[cut.edit].kind.fix(), sentence(read, &plan, cut.edit));
    plan.cuts.iter().map(of).collect()
}

fn plan_of(world: &World, groups: &Groups, levels: IdVec<GroupId, LevelId>) -> Plan {
    let (input, index) = (world.input(), Index::new(&world.repository, &world.resolution));
    let placement = Placement::described(levels, 3, LevelId(2));
    let assembled = assemble(&input, &index, (PackageId(0), CrateId(0)), groups, &placement);
    let (cuts, edits) = work(&input, groups, &placement, &assembled, &choose(&input, groups, &placement));
    Plan { crates: assembled.crates, cuts, edits, ..Plan::default() }
}

/// What is derived for a type asks the same of what it holds: `clap::Args`, `Clone`. No trait object gives that.
#[test]
fn a_holder_with_derives_takes_a_type_parameter() {
    for (derives, expected) in
        [(0, "hold a `Box<dyn BigAccess>`"), (1, "hold a type parameter with the bound `BigAccess`")]
    {
        let mut world = World::new("mod low\nstruct Holder 500 -> high::Big\nmod high\nstruct Big 900");
        let items = &mut world.resolution.items;
        let holder = items.ids().find(|&id| items[id].path == "app::low::Holder").unwrap();
        items[holder].features.derives = derives;
        let found = fixes_of(&world);
        assert!(found[0].1.contains(expected), "{found:?}");
    }
}

/// The fix of `impl T`, which needs `high::big`, where an item calls its method.
fn fix_of_called(more: &str, caller: &str) -> (Fix, String) {
    let text =
        format!("mod low\nstruct T 10\nimpl T 300 -> high::big T\n{more}\nmod high\nfn big 900 -> low::T");
    fixes_of(&with_call(&text, caller)).remove(0)
}

/// A world in which an item calls a method of `impl T`.
fn with_call(text: &str, caller: &str) -> World {
    let mut world = World::new(text);
    let resolution = &mut world.resolution;
    let find = |path: &str| resolution.items.ids().find(|&id| resolution.items[id].path == path).unwrap();
    let (from, to) = (find(caller), find("app::low::impl T"));
    let line = resolution.items[from].line;
    let call = Reference { from, to, line, kind: RefKind::Method, ..resolution.references[0] };
    resolution.references.push(call);
    resolution.references.sort_unstable();
    resolution.uses = uses(resolution);
    world.graph = item_graph(&world.resolution);
    world
}

/// `user` calls a method that goes up to `high`, of which it names nothing else.
#[test]
fn who_calls_a_method_depends_on_the_crate_that_it_goes_to() {
    let world = with_call(
        "mod low\nstruct T 10\nimpl T 300 -> high::big T\nmod high\nfn big 900 -> low::T\nmod user\nfn u 900 -> low::T",
        "app::user::u",
    );
    let (input, index) = (world.input(), Index::new(&world.repository, &world.resolution));
    let groups = Groups::new(&input, &index, CrateId(0));
    let order = ["app::low", "app::high", "app::user"];
    let level = |group: GroupId| {
        let module = &world.resolution.modules[groups.module[group]].path;
        LevelId::from_index(order.iter().position(|path| path == module).unwrap_or(order.len()))
    };
    let placement = Placement::described(groups.ids().map(level).collect(), 4, LevelId(3));
    let assembled = assemble(&input, &index, (PackageId(0), CrateId(0)), &groups, &placement);
    let (cuts, edits) = work(&input, &groups, &placement, &assembled, &choose(&input, &groups, &placement));
    assert_eq!(edits.iter().map(|edit| edit.kind.fix()).collect::<Vec<_>>(), [Fix::SplitImpl]);
    let mut after = assembled.after(&groups, &edits);
    assert_eq!(after.crates[PlanCrateId(2)].depends_on, [PlanCrateId(0)]);
    follow_methods(&input, &groups, (&cuts, &edits), &mut after);
    assert_eq!(after.crates[PlanCrateId(2)].depends_on, [PlanCrateId(0), PlanCrateId(1)]);
}

/// What remains of a package may be left with nothing where that is little: no trait is made for an alias.
#[test]
fn a_handful_of_lines_may_leave_what_remains() {
    let rest = |lines: u32| {
        format!("mod low\nfn f 500 -> rest::alias\nmod rest\nfn alias {lines} -> size\nfn size {lines}")
    };
    assert_eq!(fixes(&rest(1))[0].0, Fix::MoveItem);
    assert_ne!(fixes(&rest(4))[0].0, Fix::MoveItem);
}

/// Who calls a method that goes up has to lie above as well.
#[test]
fn methods_go_up_where_nobody_below_calls_them() {
    let cases = [
        (
            "fn g 500 -> T",
            "app::high::big",
            Fix::SplitImpl,
            "`m11` (line 11) of `impl T` up, as an extension trait",
        ),
        ("fn g 500 -> T", "app::low::g", Fix::PassFunction, "take `big` as an argument of `impl T`"),
    ];
    for (more, caller, fix, reason) in cases {
        let found = fix_of_called(more, caller);
        assert_eq!(found.0, fix, "{caller}: {}", found.1);
        assert!(found.1.contains(reason), "{caller}: {}", found.1);
    }
}

/// What a method needs goes up with it: nothing is passed in for the sake of a method that isn't there.
#[test]
fn what_methods_that_leave_need_is_no_more_work() {
    let text = "mod low\nstruct T 10\nimpl T 300 -> high::big high::RATE T\nfn g 500 -> T\nmod high\nfn big 900\nconst RATE 300 -> big";
    // Where `RATE` is named: in a method of its own, or in the one that calls `big`.
    for (line, fix) in [(40, Fix::PassValue), (11, Fix::SplitImpl)] {
        let mut world = World::new(text);
        let resolution = &mut world.resolution;
        let find = |path: &str| resolution.items.ids().find(|&id| resolution.items[id].path == path).unwrap();
        let (block, rate) = (find("app::low::impl T"), find("app::high::RATE"));
        for reference in resolution.references.iter_mut().filter(|r| r.from == block) {
            reference.line = if reference.to == rate { line } else { 11 };
        }
        resolution.references.sort_unstable();
        resolution.uses = uses(resolution);
        let found = fixes_of(&world);
        assert_eq!(found.iter().map(|(fix, _)| *fix).collect::<Vec<_>>(), [Fix::SplitImpl, fix]);
        assert_eq!(found[0] == found[1], fix == Fix::SplitImpl, "{found:?}");
    }
}

/// Where a value is made or a field read, a trait object handed in for a reference doesn't do.
#[test]
fn a_trait_is_asked_for_as_the_language_lets_it() {
    let text = "mod low\nfn f 500 -> high::Big\nmod high\nstruct Big 900";
    let with = |change: &dyn Fn(&mut Resolution, ItemId, ItemId)| {
        let mut world = World::new(text);
        let find = |path: &str| {
            world.resolution.items.ids().find(|&id| world.resolution.items[id].path == path).unwrap()
        };
        let (by, what) = (find("app::low::f"), find("app::high::Big"));
        change(&mut world.resolution, by, what);
        fixes_of(&world).remove(0).1
    };
    assert!(with(&|_, _, _| ()).ends_with("take it as `&dyn BigAccess` or a type parameter"));
    let made = with(&|resolution, by, what| {
        resolution.makings.push(Making { by: Uses::of_item(by), what, line: 1 });
    });
    assert!(
        made.ends_with("have it handed in, as `Box<dyn BigAccess>` or by a function that makes it"),
        "{made}"
    );
    let fields = with(&|resolution, by, _| {
        resolution.references.iter_mut().filter(|r| r.from == by).for_each(|r| r.kind = RefKind::Field);
    });
    assert!(fields.contains("of `Big` (methods in place of fields), implement"), "{fields}");
    let imported = with(&|resolution, by, _| {
        resolution.references.iter_mut().filter(|r| r.from == by).for_each(|r| r.kind = RefKind::Import);
    });
    assert!(imported.starts_with("drop the import of `Big` from `f`"), "{imported}");
}

/// What lies elsewhere than its module, and has to go further for the sake of a cut, goes there at once.
#[test]
fn nothing_moves_twice() {
    let world = World::new(
        "mod low\nfn f 500 -> high::top\nmod mid\nfn m 600 -> low::f\nmod high\nfn top 20\nfn big 900 -> mid::m",
    );
    let (input, index) = (world.input(), Index::new(&world.repository, &world.resolution));
    let groups = Groups::new(&input, &index, CrateId(0));
    let named = |name: &str| {
        let item = world.resolution.items.ids().find(|&id| world.resolution.items[id].path == name).unwrap();
        groups.of(item).unwrap()
    };
    let order = ["app::low", "app::mid", "app::high"];
    let level = |group: GroupId| {
        let module = &world.resolution.modules[groups.module[group]].path;
        LevelId::from_index(order.iter().position(|path| path == module).unwrap_or(order.len()))
    };
    let mut placement = Placement::described(groups.ids().map(level).collect(), 4, LevelId(3));
    let top = named("app::high::top");
    placement.level[top] = LevelId(1);
    let moves = |placement: &Placement| {
        let choice = choose(&input, &groups, placement);
        choice.steps.iter().filter(|(step, _)| matches!(step, Step::Move { .. })).count()
    };
    assert_eq!(moves(&placement), 1);
    let target = (PackageId(0), CrateId(0));
    let (after, assembled) = settled(&input, &index, target, &groups, placement.clone());
    assert_eq!((after.level[top], moves(&after)), (LevelId(0), 0));
    assert_eq!(assembled.of_group[top], PlanCrateId(0));
    // What lies where its module does is moved by the work on the cut, as ever.
    placement.level[top] = LevelId(2);
    let (after, _) = settled(&input, &index, target, &groups, placement.clone());
    assert_eq!(after, placement);
}

/// What a trait of another package calls can neither go up nor be passed in.
#[test]
fn what_a_fixed_signature_needs_is_kept_together() {
    let direct =
        fixes("mod low\nstruct T 10\nimpl Show for T 30 -> high::big T\nfn g 700 -> T\nmod high\nfn big 900");
    let by_method = fix_of_called("impl Show for T 20 -> T\nfn g 500 -> T", "app::low::impl Show for T");
    let found = [direct[0].clone(), by_method];
    let reasons = [
        "keep `impl Show for T` and `big` in one crate: `impl Show for T` needs it",
        "keep `impl T` and `big` in one crate: `impl Show for T` calls what needs it",
    ];
    for ((fix, detail), reason) in found.iter().zip(reasons) {
        assert_eq!(*fix, Fix::KeepTogether, "{detail}");
        assert!(detail.starts_with(reason), "{detail}");
    }
    // A trait of this package can change.
    let own = fix_of_called("trait Own 5\nimpl Own for T 20 -> T\nfn g 500 -> T", "app::low::impl Own for T");
    assert_eq!(own.0, Fix::PassFunction, "{}", own.1);
}

#[test]
fn each_sort_has_its_fix() {
    let cases = [
        // A leaf moves down.
        ("fn f 30 -> high::leaf", "fn leaf 20", Fix::MoveItem, "move `leaf` (20 lines) down"),
        // Those who stay above keep its path.
        (
            "fn f 30 -> high::leaf",
            "fn leaf 20\nfn g 900 -> leaf*2",
            Fix::MoveItem,
            "`pub use` in `app::high`",
        ),
        // What a function needs goes down with it.
        (
            "fn f 500 -> high::top\nfn g 90 -> f",
            "fn top 60 -> a\nfn a 70 -> Pair*2\nstruct Pair 60\nfn user 800 -> top Pair",
            Fix::MoveItem,
            "(`a`, `Pair`; 190 lines together)",
        ),
        // An impl that only the moved type can host follows, and takes what it needs along.
        (
            "trait Own 5\nfn f 500 -> high::Leaf",
            "struct Leaf 20\nimpl From<Leaf> for Leaf 30 -> Leaf deep\nfn deep 40\nfn user 500 -> Leaf deep",
            Fix::MoveItem,
            "90 lines together",
        ),
        // A caller that nothing below needs goes up to what is too big to move.
        ("fn f 20 -> high::big", "fn big 900", Fix::MoveUp, "nothing uses it"),
        (
            "fn f 20 -> high::big\nfn g 50 -> f\nfn rest 400",
            "fn big 900",
            Fix::MoveUp,
            "(`g`; 70 lines together)",
        ),
        // An impl can't leave its type behind: with the type, too much would have to move.
        (
            "trait Own 5\nstruct T 10\nimpl Own for T 30 -> high::big Own T\nfn g 700 -> T",
            "fn big 900",
            Fix::PassFunction,
            "take `big` as an argument of `impl Own for T` (a closure or a function pointer, 1 call)",
        ),
        // Values are passed in.
        ("fn f 500 -> high::RATE", "const RATE 300 -> big\nfn big 900", Fix::PassValue, "what `RATE` holds"),
        (
            "fn f 500 -> high::rate",
            "fn rate 5 -> RATES\nstatic RATES 300 -> big\nfn big 900",
            Fix::PassValue,
            "all it does is to read `RATES`",
        ),
        // The methods of an impl that reach up leave it.
        (
            "struct T 10\nimpl T 300 -> high::big T\nfn g 500 -> T",
            "fn big 900",
            Fix::SplitImpl,
            "`m11` (line 11) of `impl T` up",
        ),
        // A plain function is passed in; a trait would be made for it alone.
        ("fn f 500 -> high::big*3", "fn big 900", Fix::PassFunction, "function pointer, 3 calls"),
        // A type is stood for by a trait.
        ("fn f 500 -> high::Big", "struct Big 900", Fix::InvertThroughTrait, "as `&dyn BigAccess`"),
        (
            "struct Holder 500 -> high::Big",
            "struct Big 900",
            Fix::InvertThroughTrait,
            "a `Box<dyn BigAccess>`",
        ),
        // A trait goes down without its impls.
        ("fn f 500 -> high::Wide", "trait Wide 900", Fix::MoveItem, "leave its impls above"),
        // What nobody sees stays in its module, so that the path to it goes up, or is given what it means.
        ("fn f 20 -> mod:high\nfn g 500", "fn big 900", Fix::MoveUp, "move `f` (20 lines) up to `app-high`"),
        (
            "fn f 500 -> mod:high",
            "fn big 900",
            Fix::PassValue,
            "what a path names in the module `app::high` can't be seen",
        ),
        // An import leaves its module as little.
        ("fn f 20\nuse high::Own", "trait Own 20", Fix::MoveItem, "move `Own` (20 lines) down"),
        ("fn f 20\nuse high::Own", "trait Own 900", Fix::MoveItem, "leave its impls above"),
        // What only tests use is no part of the crate.
        (
            "pub(crate) fn sample 500 -> high::big\ntest fn check -> sample*2",
            "fn big 900",
            Fix::DevCrate,
            "only tests use it (2 references)",
        ),
    ];
    for (low, high, fix, reason) in cases {
        let found = fixes(&format!("mod low\n{low}\nmod high\n{high}"));
        let [(first, detail)] = &found[..] else { panic!("{low}: {found:?}") };
        assert_eq!(*first, fix, "{low}: {detail}");
        assert!(detail.contains(reason), "{low}: `{reason}` is not in `{detail}`");
    }
}

#[test]
fn a_move_that_takes_most_of_a_crate_along_undoes_the_split() {
    let high = "mod high\nfn top 60 -> a\nfn a 70 -> b\nfn b 60";
    let found = fixes(&format!("mod low\nfn f 500 -> high::top\n{high}"));
    assert_eq!(found[0].0, Fix::PassFunction, "{found:?}");
}

#[test]
fn a_short_item_that_would_drag_much_along_stays() {
    let found = fixes("mod low\nfn f 500 -> high::short\nmod high\nfn short 5 -> long\nfn long 900");
    assert_eq!(found[0].0, Fix::PassFunction, "{found:?}");
}

#[test]
fn what_stands_for_a_module_stays_with_most_of_its_code() {
    // Where the module's own item lies after items have moved, and how many references are left to cut.
    let cases = [
        (
            "fn f 500\nuse high::big\nuse high::huge",
            "fn big 900\nfn huge 900 -> big\nfn back 500 -> low::f",
            0,
            2,
        ),
        ("fn f 500 -> mod:high mod:high\nfn g 9 -> f", "fn big 900\nfn back 500 -> low::f", 0, 2),
        ("fn f 20 -> high::big*9\nuse high::big", "fn big 900", 1, 0),
    ];
    for (low, high, level, back) in cases {
        let world = World::new(&format!("mod low\n{low}\nmod high\n{high}"));
        let (groups, levels) = placed(&world);
        let placement = Placement::new(&groups, levels, 3, &Prices::default());
        let own = groups.of(world.resolution.modules[ModuleId(1)].item).unwrap();
        let found = (placement.level[own].0, placement.back_arcs(&groups).map(|arc| arc.2).sum());
        assert_eq!(found, (level, back), "{low}");
    }
}

#[test]
fn a_module_that_only_brings_names_in_lies_where_all_find_it() {
    // Whose names it has: of another package, or of a crate of the plan; who takes them; where it comes to lie.
    let cases: [(&str, &[&str], u32); 4] =
        [("", &["low::f", "high::b"], 0), ("", &["high::b"], 1), ("high::b", &["low::f"], 1), ("", &[], 2)];
    for (brought, takers, level) in cases {
        let mut world = World::new("mod low\nfn f 500\nmod high\nfn b 500 -> low::f\nmod io");
        let (resolution, io) = (&mut world.resolution, ModuleId(3));
        let item = |resolution: &Resolution, path: &str| {
            let named = |item: &Item| item.path == format!("app::{path}");
            resolution.items.iter_enumerated().find(|(_, item)| named(item)).unwrap().0
        };
        let takers = takers.iter().map(|path| Taker { item: item(resolution, path), line: 1, test: false });
        let takers: Vec<Taker> = takers.collect();
        if !takers.is_empty() {
            let meant = PassedMeaning::Outside(Some("std::io::Read".to_owned()));
            let (name, visibility) = ("Read".to_owned(), Visibility::Public);
            resolution.passed_names.push(PassedName { module: io, name, visibility, meant, takers });
        }
        if !brought.is_empty() {
            let to = item(resolution, brought);
            let visibility = Visibility::Public;
            let re_export = ReExport { module: io, line: 1, to, glob: false, visibility, test: false };
            resolution.re_exports.push(re_export);
        }
        let (groups, levels) = placed(&world);
        let placement = Placement::new(&groups, levels, 3, &Prices::default());
        let own = groups.of(world.resolution.modules[io].item).unwrap();
        assert_eq!(placement.level[own].0, level, "{brought} {level}");
    }
}
