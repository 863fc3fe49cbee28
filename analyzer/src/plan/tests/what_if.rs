//! Described splits of small worlds: what is refused, with which places, and what is predicted.

use std::path::Path;

use super::crates::World;
use crate::cost::{Cost, Mode};
use crate::ids::TargetId;
use crate::plan::{Outcome, PlanFile, PlanNoteKind, Scenario, TestMoveCause, WhatIf, WhatIfOptions, what_if};

/// `Error` in the root, two domains over a foundation, a misplaced impl.
const SHOP: &str = "
    enum Error 20
    impl Error
    fn run 30 -> billing::bill catalog::find
    mod money
    struct Cents 300
    impl Cents 100
    mod catalog
    struct Product 500 -> money::Cents
    fn find 1500 -> Product*4 Error*3
    test fn check -> billing::bill
    mod catalog::search
    fn index 200 -> catalog::Product
    mod billing
    struct Invoice 600 -> catalog::Product
    fn bill 1400 -> Invoice*5 catalog::find Error*4
    mod labels
    trait Label 10
    impl Display for money::Cents 10
    impl Label for catalog::Product 10";

/// A plan in a line per crate: `name: module … +item …`, all from `app`.
fn plan(text: &str) -> PlanFile {
    let mut toml = String::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (name, words) = line.split_once(':').unwrap();
        let quoted = |items: bool| -> String {
            let words =
                words.split(", ").map(str::trim).filter(|w| !w.is_empty() && w.starts_with('+') == items);
            words.map(|w| format!("\"app::{}\",", w.trim_start_matches('+'))).collect()
        };
        toml += &format!(
            "[[crate]]\nname = \"{name}\"\nfrom = \"app\"\nmodules = [{}]\nitems = [{}]\n",
            quoted(false),
            quoted(true)
        );
    }
    PlanFile::parse(Path::new("plan.toml"), &toml).unwrap()
}

fn judge(world: &World, text: &str, assume_cuts: bool) -> WhatIf {
    let options = WhatIfOptions { assume_cuts, jobs: vec![8], ..WhatIfOptions::default() };
    what_if(&world.input(), &plan(text), &options)
}

/// `kind file:line file:line…`, a line per reason; or the crates.
fn show(world: &World, answer: &WhatIf) -> String {
    if answer.refusals.is_empty() {
        return answer.splits.iter().map(|split| world.show(&split.plan)).collect();
    }
    let line = |refusal: &crate::plan::Refusal| {
        let places: Vec<String> =
            refusal.places.iter().map(|place| format!(" {}:{}", place.file, place.line)).collect();
        format!("{:?}{}\n", refusal.kind, places.concat())
    };
    answer.refusals.iter().map(line).collect()
}

#[test]
fn legal_plans_become_crates_in_their_order() {
    let cases = [
        // A module goes with everything below it, an item with the impls beside it; what nothing names stays.
        (
            "bill: billing\nbase: money, +Error, +labels::impl Display for money::Cents\ncat: catalog",
            "base: money +Error +impl Error +labels::impl Display for money::Cents -> \n\
             cat: catalog -> base\n\
             bill: billing -> base cat\n\
             app: crate -> base cat bill\n",
        ),
        // What is named under the package's own name stays, though the module around it leaves.
        (
            "base: money, +Error, +labels::impl Display for money::Cents\ncat: catalog\napp: catalog::search",
            "base: money +Error +impl Error +labels::impl Display for money::Cents -> \n\
             cat: catalog -> base\n\
             app: crate catalog::search -> base cat\n",
        ),
        // What needs what stays lies above it: the package can't re-export it.
        ("bill: billing", "app: crate -> \nbill: billing -> app\n"),
    ];
    let mut world = World::new(SHOP);
    // Nothing in the root calls billing, so that it may lie above.
    for (i, (text, expected)) in cases.iter().enumerate() {
        if i == 2 {
            world = World::new(&SHOP.replace("-> billing::bill catalog::find", "-> catalog::find"));
        }
        let answer = judge(&world, text, false);
        assert_eq!(show(&world, &answer), *expected, "case {i}");
        assert!(!answer.forecasts.is_empty(), "case {i}");
    }
}

#[test]
fn illegal_plans_are_refused_with_their_places() {
    let base = "base: money, +Error, +labels::impl Display for money::Cents";
    let cases: &[(&str, &str)] = &[
        ("cat: katalog", "UnknownModule plan.toml:4\n"),
        ("cat: +catalog::Produkt", "UnknownItem plan.toml:5\n"),
        ("cat: catalog, catalog", "NamedTwice plan.toml:4\n"),
        ("cat: catalog\ndog: catalog", "NamedTwice plan.toml:9\n"),
        ("cat: +catalog::find\ndog: +catalog::find", "NamedTwice plan.toml:10\n"),
        ("c-t: catalog\nc_t: billing", "NameTaken plan.toml:7\n"),
        ("1st: catalog", "InvalidName plan.toml:2\n"),
        ("cat:", "EmptyCrate plan.toml:2\n"),
        // A foreign trait's impl that stays behind, and one of a local trait that may be with either.
        ("base: money, +Error", "OrphanedImpl src/labels.rs:11 src/money.rs:1\n"),
        (
            &format!("{base}\nlabel: +labels::Label\ncat: catalog"),
            "OrphanedImpl src/labels.rs:21 src/catalog.rs:1 src/labels.rs:1\n",
        ),
        // Two crates need each other by way of what stays.
        (&format!("{base}\ncat: +catalog::Product, +catalog::find"), ""),
        (
            "cat: catalog, money, +labels::impl Display for money::Cents",
            "Cycle src/catalog.rs:501 src/catalog.rs:502 src/catalog.rs:503 src/lib.rs:31\n",
        ),
    ];
    let world = World::new(SHOP);
    for (text, expected) in cases {
        let answer = judge(&world, text, false);
        if expected.is_empty() {
            assert!(answer.refusals.is_empty(), "{text}: {}", show(&world, &answer));
            continue;
        }
        assert_eq!(show(&world, &answer), *expected, "{text}");
        assert!(answer.forecasts.is_empty(), "{text}");
    }
}

#[test]
fn what_a_name_comes_close_to_is_told() {
    let world = World::new(SHOP);
    let cases = [
        ("cat: katalog", "did you mean `app::catalog`"),
        ("cat: find", "there is no module `app::find`; did you mean"),
        ("cat: catalog::Product", "it is an item, name it in `items`"),
        ("cat: +catalog", "it is a module, name it in `modules`"),
        ("cat: qqqqqqqq", "there is no module `app::qqqqqqqq`"),
    ];
    for (text, said) in cases {
        let answer = judge(&world, text, false);
        assert!(answer.refusals[0].detail.contains(said), "{text}: {}", answer.refusals[0].detail);
    }
}

#[test]
fn assumed_cuts_are_listed_and_the_rest_is_predicted() {
    let world = World::new(SHOP);
    let text = "cat: catalog, money";
    assert!(!judge(&world, text, false).refusals.is_empty());
    let answer = judge(&world, text, true);
    assert!(answer.refusals.is_empty() && !answer.forecasts.is_empty());
    assert_eq!(world.show_cuts(&answer.splits[0].plan), "catalog::find -> Error: MoveItem\n");
    let notes: Vec<&str> = answer.notes.iter().map(|note| note.detail.as_str()).collect();
    assert!(notes.iter().any(|note| note.contains("taken to be moved from `app` to `cat`")), "{notes:?}");
    // What means nothing can't be cut.
    assert!(!judge(&world, "cat: katalog", true).refusals.is_empty());
}

#[test]
fn the_package_stays_on_top_of_what_needs_little_of_it() {
    // What stays: an error type and a long `main` of it, or that and little else, or a domain that another one needs.
    let long = SHOP.replace("fn run 30 ", "fn run 900 ");
    let small = "base: money, +labels::impl Display for money::Cents\ncat: catalog\nbill: billing";
    let domain = "base: money, +Error, +labels::impl Display for money::Cents\nbill: billing";
    let cases = [(&*long, small, true, true), (&*long, small, false, false), (SHOP, domain, true, false)];
    for (world, text, assume_cuts, on_top) in cases {
        let answer = judge(&World::new(world), text, assume_cuts);
        let below = answer.notes.iter().any(|note| note.kind == PlanNoteKind::NotReexported);
        let top = answer.splits[0].plan.crates.iter().last().unwrap();
        assert_eq!((top.name == "app", below), (on_top, !on_top), "{text} {assume_cuts}");
        // What it needs is then listed to be cut.
        assert!(!on_top || !answer.splits[0].plan.cuts.is_empty(), "{text} {assume_cuts}");
        // Where the file says so, it stays there whatever it is.
        let options = WhatIfOptions { assume_cuts, jobs: vec![8], ..WhatIfOptions::default() };
        let file = PlanFile { on_top: true, ..plan(text) };
        let told = what_if(&World::new(world).input(), &file, &options);
        assert_eq!(told.splits[0].plan.crates.iter().last().unwrap().name, "app", "{text} {assume_cuts}");
    }
}

#[test]
fn a_helper_of_tests_that_needs_all_is_not_doubled_and_takes_tests_with_own_types_up() {
    // `start` is a helper in the root that starts everything; one test hands it nothing of its crate, one a type.
    let helper = "    test fn start 10 -> catalog::find billing::bill\n";
    let tests = [
        ("check -> start catalog::find", vec![], true),
        ("check -> start catalog::Product", vec![TestMoveCause::TwoCopies], false),
    ];
    for (test, causes, shared) in tests {
        let text = SHOP
            .replace("    fn run 30 ", &format!("{helper}    fn run 30 "))
            .replace("test fn check -> billing::bill", &format!("test fn {test}"));
        let answer = judge(
            &World::new(&text),
            "base: money, +Error, +labels::impl Display for money::Cents\ncat: catalog",
            false,
        );
        let plan = &answer.splits[0].plan;
        let found: Vec<TestMoveCause> = plan.test_moves.iter().map(|test| test.cause).collect();
        assert_eq!(found, causes, "{test}");
        let support: Vec<bool> = plan.test_support.iter().map(|support| support.needs_above).collect();
        assert_eq!(support, if shared { vec![true] } else { vec![] }, "{test}");
    }
}

#[test]
fn a_cycle_that_only_tests_make_blocks_nothing() {
    let text = "base: money, +Error, +labels::impl Display for money::Cents\ncat: catalog";
    // A test that needs nothing of its own crate lies above as well.
    let answer = judge(&World::new(SHOP), text, false);
    let causes: Vec<TestMoveCause> = answer.splits[0].plan.test_moves.iter().map(|test| test.cause).collect();
    assert_eq!((causes, answer.notes.len()), (vec![TestMoveCause::AllAbove], 0));
    let own = SHOP.replace("test fn check ->", "fn stock 10\n    test fn check -> catalog::stock");
    let answer = judge(&World::new(&own), text, false);
    assert!(answer.refusals.is_empty());
    let notes: Vec<(&str, &str)> =
        answer.notes.iter().map(|note| (note.detail.as_str(), note.places[0].file.as_str())).collect();
    let said =
        "only tests of `cat` need `app` (1 reference): a dev-dependency, for which cargo allows the cycle";
    assert_eq!(notes, [(said, "src/catalog.rs")]);
}

#[test]
fn edits_are_forecast_crate_by_crate_and_intervals_hold_the_median() {
    let world = World::new(SHOP);
    let answer = judge(
        &world,
        "base: money, +Error, +labels::impl Display for money::Cents\ncat: catalog\nbill: billing",
        false,
    );
    let scenarios: Vec<Scenario> = answer.forecasts.iter().map(|f| f.scenario).collect();
    assert_eq!(scenarios.len(), 3 * world.costs.len());
    for f in &answer.forecasts {
        for time in [f.before.time_s, f.after.time_s] {
            assert!(time.p10 < time.p50 && time.p50 < time.p90, "{f:?}");
        }
        assert!(f.saved_pct.p10 <= f.saved_pct.p50 && f.saved_pct.p50 <= f.saved_pct.p90, "{f:?}");
        assert_eq!(f.edits.len(), if f.scenario == Scenario::Edit { 4 } else { 0 });
        if f.scenario == Scenario::Edit {
            let weights: f64 = f.edits.iter().map(|e| e.weight).sum();
            let mean: f64 = f.edits.iter().map(|e| e.weight * e.after_s).sum();
            assert!((weights - 1.0).abs() < 1e-9 && (mean - f.after.time_s.p50).abs() < 1e-9);
            // The top is rebuilt faster than the bottom with all that hangs on it.
            let after = |name: &str| f.edits.iter().find(|e| e.krate == name).unwrap().after_s;
            assert!(after("bill") < after("base"));
        }
    }
    let clean = answer.forecasts.iter().find(|f| f.scenario == Scenario::Clean).unwrap();
    assert_eq!((clean.before.units, clean.after.units), (1, 4));
    assert!(clean.after.work_s > clean.before.work_s);
}

#[test]
fn a_change_below_the_floor_is_none() {
    let world = World::new(SHOP);
    let text = "base: money, +Error, +labels::impl Display for money::Cents\ncat: catalog";
    for (pct, s, none) in [(2.0, 0.1, false), (99.0, 0.0, true), (0.0, 1e6, true)] {
        let options = WhatIfOptions {
            noise_floor_pct: pct,
            noise_floor_s: s,
            jobs: vec![8],
            ..WhatIfOptions::default()
        };
        let answer = what_if(&world.input(), &plan(text), &options);
        let all_none = answer.forecasts.iter().all(|f| f.outcome == Outcome::None);
        assert_eq!(all_none, none, "{pct} %, {s} s: {:?}", answer.forecasts);
    }
}

/// In a test build the package's harness becomes one for each crate, each linked with what is below it; an edit of the
/// uppermost compiles no other's tests.
#[test]
fn harnesses_are_split_too() {
    let mut world = World::new(SHOP);
    let mut costs = world.costs[1].clone();
    costs.mode = Mode::Test;
    costs.test_items = world.resolution.items.iter().map(|_| Cost::default()).collect();
    costs.harnesses = costs.crates.clone();
    costs.overhead.link_s = 0.5;
    world.costs = vec![costs];
    let target = &mut world.repository.targets[TargetId(0)];
    (target.tested, target.doctested) = (true, true);
    let answer = judge(&world, "base: money, +Error, +labels::impl Display for money::Cents", false);
    let of = |scenario: Scenario| answer.forecasts.iter().find(|f| f.scenario == scenario).unwrap();
    let clean = of(Scenario::Clean);
    assert_eq!((clean.before.units, clean.after.units), (2, 4), "{:?}", clean.after);
    // One more linker, and what each new crate costs.
    assert!(clean.after.work_s > clean.before.work_s + 0.5, "{clean:?}");
    let edits = &of(Scenario::Edit).edits;
    let after = |name: &str| edits.iter().find(|e| e.krate == name).unwrap().after_s;
    assert!(after("app") < after("base"), "{edits:?}");
}
