//! Plans of small worlds, and properties of plans of random ones.

pub(crate) mod crates;
mod fixes;
mod manifests;
mod numbers;
mod passages;
mod properties;
mod re_exports;
mod what_if;
mod workbench;

pub(crate) use crates::World;

use super::index::Index;
use super::levers;
use super::partition::blocks::Blocks;
use super::partition::groups::Groups;
use super::partition::layering::{Layering, Objective, Reach, Target};
use super::{CauseKind, PlanCrate, PlanInput, PlanOptions, Prices, Scenario, VerdictKind};
use crate::cost::{Cost, CostSource, Mode};
use crate::deploy::deployables;
use crate::discover::TargetKind;
use crate::graph::TieCause;
use crate::history::{CoChange, History};
use crate::ids::{BlockId, CrateId, LevelId, ModuleId, PackageId, PathId};

/// Three domains over a foundation, as heavy as a second each, and whatever `more` adds.
fn shop(more: &str) -> World {
    World::new(&format!(
        "enum Error 20
         fn run 30 -> billing::bill shipping::ship catalog::find
         mod catalog
         struct Product 500
         fn find 1500 -> Product*4 Error*3
         mod billing
         struct Invoice 600 -> catalog::Product
         fn bill 1400 -> Invoice*5 catalog::find catalog::Product*2 Error*4
         mod shipping
         struct Parcel 800 -> catalog::Product
         fn ship 1200 -> Parcel*6 catalog::find catalog::Product Error*4
         {more}"
    ))
}

#[test]
fn domains_become_crates_and_the_misplaced_error_moves_down() {
    let world = shop("");
    let advice = world.advise(&PlanOptions::default());
    assert_eq!(advice.verdict.kind, VerdictKind::Split, "{:?}", advice.verdict);
    assert_eq!(advice.verdict.causes[0].kind, CauseKind::Pays);
    let plan = advice.plan.unwrap();
    assert_eq!(
        world.show(&plan),
        "app-catalog: catalog +Error -> \n\
         app-billing: billing -> app-catalog\n\
         app-shipping: shipping -> app-catalog\n\
         app: crate -> app-catalog app-billing app-shipping\n"
    );
    assert!(plan.cuts.is_empty(), "{}", world.show_cuts(&plan));
}

#[test]
fn test_references_are_never_cut() {
    let world =
        shop("test fn check -> billing::bill\nmod catalog::more\nfn more 100 -> test:shipping::ship*9");
    assert!(world.plan(None).cuts.is_empty());
}

/// Four crates of modules that are dear to part with what is around them, so that a cut is what remains.
fn whole_modules() -> PlanOptions {
    let prices = Prices { tree: 20.0, ..Prices::default() };
    PlanOptions { package: Some(PackageId(0)), crates: Some(4), prices, ..PlanOptions::default() }
}

#[test]
fn cuts_name_the_cheapest_fix() {
    let cases = [
        // A small leaf beside its heavy user moves down rather than being cut.
        ("mod zone\nfn tax 20\nfn zones 1200 -> billing::bill*3 tax", "", ""),
        // A value that hangs on what is above is passed in.
        (
            "mod up\nfn x 900 -> billing::bill*2\nconst RATE 300 -> billing::bill x\nmod catalog::c\nfn c 400 -> up::RATE",
            "catalog::c::c -> up::RATE: PassValue\n",
            "",
        ),
    ];
    for (more, expected, _) in cases {
        let world = shop(more);
        let plan = world.advise(&whole_modules()).plan.unwrap();
        assert_eq!(world.show_cuts(&plan), expected, "{}", world.show(&plan));
    }
}

/// What a trait of another package calls can't be passed in; what a trait of this one calls can, but by people alone. Where a number
/// of crates is asked for, references of free functions are cut in place of both.
#[test]
fn what_a_fixed_signature_needs_is_not_parted() {
    for (own, cut) in [("", false), ("trait Show 5", true)] {
        let world = shop(&format!(
            "mod up
             fn x 900 -> billing::bill*2
             fn big 900 -> billing::bill x
             mod catalog::c
             {own}
             struct C 400
             impl Show for C 60 -> up::big C"
        ));
        let plan = world.advise(&whole_modules()).plan.unwrap();
        let cuts = world.show_cuts(&plan);
        assert!(cuts.contains("up::x -> billing::bill: PassFunction"), "{own}: {cuts}");
        assert!(!cuts.contains("impl Show"), "{own}: {cuts}");
        let plan = world.advise(&PlanOptions { crates: None, ..whole_modules() }).plan.unwrap();
        let cuts = world.show_cuts(&plan);
        assert_eq!(cuts.contains("KeepTogether"), !cut, "{own}: {cuts}");
        assert_eq!(cuts.contains("impl Show for C -> up::big: PassFunction"), cut, "{own}: {cuts}");
    }
}

#[test]
fn an_impl_goes_with_its_type_or_its_trait() {
    let world = shop(
        "impl reporting::Tabular for Parcel 20
         mod reporting
         trait Tabular 10
         fn report 2000 -> Tabular*3 shipping::Parcel*2 billing::Invoice*2",
    );
    let plan = world.plan(Some(5));
    let text = world.show(&plan);
    assert!(plan.cuts.is_empty(), "{text}{}", world.show_cuts(&plan));
    let home = plan.crates.iter().find(|c| c.items.iter().any(|&i| world.path(i).contains("Tabular")));
    assert!(home.is_some(), "{text}");
}

#[test]
fn what_crosses_a_boundary_is_to_be_widened() {
    let world = shop(
        "mod catalog::hidden\npub(crate) fn secret 50\nmod report\nfn report 1900 -> catalog::hidden::secret*3 billing::bill*5",
    );
    let plan = world.plan(None);
    let widened: Vec<(&str, u32)> =
        plan.visibility.iter().map(|w| (world.path(w.item), w.references)).collect();
    assert_eq!(widened, [("catalog::hidden::secret", 3)], "{}", world.show(&plan));
}

#[test]
fn small_packages_are_left_alone_unless_asked_for() {
    let world = World::new("mod a\nfn f 100\nmod b\nfn g 100 -> a::f");
    let advice = world.advise(&PlanOptions::default());
    assert_eq!(
        (advice.verdict.kind, advice.verdict.causes[0].kind),
        (VerdictKind::Keep, CauseKind::FineAsIs)
    );
    assert!(advice.plan.is_none());
    let asked = world.advise(&PlanOptions { package: Some(PackageId(0)), ..PlanOptions::default() });
    assert_eq!(asked.verdict.kind, VerdictKind::Keep);
    assert!(asked.plan.is_some());
}

#[test]
fn the_number_of_crates_can_be_chosen() {
    let world = shop("");
    for wanted in 2..=4 {
        assert_eq!(world.plan(Some(wanted)).crates.len(), wanted as usize);
    }
}

#[test]
fn a_serial_chain_does_not_pay() {
    // Everything sits in one function: whatever goes elsewhere, the rest waits for it.
    let world = World::new("fn main_thing 9000\nmod a\nfn f 60 -> g\nfn g 60\nmod b\nfn h 60 -> a::f");
    let advice = world.advise(&PlanOptions::default());
    assert_eq!(advice.verdict.kind, VerdictKind::Keep, "{:?}", advice.verdict);
    assert_eq!(advice.verdict.causes[0].kind, CauseKind::BelowNoise);
}

#[test]
fn levers_come_from_the_profiles() {
    let mut world = shop("");
    let profile =
        world.repository.workspaces[crate::ids::WorkspaceId(0)].profiles.get_mut("release").unwrap();
    profile.lto = "fat".into();
    profile.codegen_units = 1;
    let found = levers(&world.input(), &PlanOptions::default());
    // What everybody has comes last, with what it means here: the worlds' code generation takes as long as their front ends.
    let default = found.last().unwrap();
    assert!(default.by_default && default.detail.contains("cargo's default"), "{default:?}");
    assert!(
        default.detail.starts_with("50 % of the work") || default.detail.starts_with("49 %"),
        "{default:?}"
    );
    let kinds: Vec<_> = found.into_iter().map(|l| (l.kind, l.profile)).collect();
    use super::LeverKind::{CodegenUnits, DebugInfo, Lto};
    assert_eq!(
        kinds,
        [(Lto, "release".to_owned()), (CodegenUnits, "release".to_owned()), (DebugInfo, "dev".to_owned())]
    );
}

#[test]
fn a_flag_is_a_lever_where_it_is_written() {
    let mut world = shop("");
    let release =
        world.repository.workspaces[crate::ids::WorkspaceId(0)].profiles.get_mut("release").unwrap();
    let flags = &mut release.overrides.flags;
    flags.settings.codegen_units = Some(1);
    let place = ("-C codegen-units=1".to_owned(), "`build.rustflags` of `.cargo/config.toml`".to_owned());
    flags.places.insert("codegen-units".to_owned(), place);
    let found = levers(&world.input(), &PlanOptions::default());
    let lever = found.iter().find(|lever| lever.kind == super::LeverKind::CodegenUnits).unwrap();
    let expected = "`-C codegen-units=1` (`build.rustflags` of `.cargo/config.toml`) leaves code generation";
    assert!(lever.detail.starts_with(expected), "{}", lever.detail);
}

#[test]
fn what_settings_cost_is_a_measured_figure() {
    use super::LeverKind::{DebugInfo, Lto, OptLevel};
    let lever = |lto: &str, opt_level: &str, kind: super::LeverKind| {
        let mut world = shop("");
        let profiles = &mut world.repository.workspaces[crate::ids::WorkspaceId(0)].profiles;
        profiles.get_mut("release").unwrap().lto = lto.into();
        profiles.get_mut("dev").unwrap().opt_level = opt_level.into();
        levers(&world.input(), &PlanOptions::default()).into_iter().find(|lever| lever.kind == kind)
    };
    // The settings, whether there is a lever, and which of its two figures it has.
    let cases = [
        ("false", "0", DebugInfo, Some((true, false))),
        ("thin", "0", Lto, Some((true, true))),
        ("fat", "0", Lto, Some((false, true))),
        ("true", "0", Lto, Some((false, true))),
        ("false", "0", Lto, None),
        ("off", "0", Lto, None),
        ("false", "1", OptLevel, Some((true, false))),
        ("false", "3", OptLevel, Some((true, false))),
        ("false", "2", OptLevel, Some((true, false))),
        ("false", "s", OptLevel, Some((false, false))),
        ("false", "0", OptLevel, None),
    ];
    for (lto, opt_level, kind, expected) in cases {
        let found = lever(lto, opt_level, kind);
        let figures = found.as_ref().map(|l| (l.saved_pct.is_some(), l.edit_saved_pct.is_some()));
        assert_eq!(figures, expected, "{lto} {opt_level} {kind:?}");
        for saved in found.iter().flat_map(|l| [l.saved_pct, l.edit_saved_pct]).flatten() {
            assert!(saved.p10 <= saved.p50 && saved.p50 <= saved.p90 && saved.p90 < 100.0, "{saved:?}");
            assert!(saved.p90 > 0.0, "{saved:?}");
        }
    }
}

/// Who has an optimised profile without link-time optimisation needs no advice to make one.
#[test]
fn a_profile_without_lto_is_the_lever_taken() {
    let mut world = shop("");
    let workspace = crate::ids::WorkspaceId(0);
    let mut with = |name: &str, lto: &str, opt_level: &str| {
        let profiles = &mut world.repository.workspaces[workspace].profiles;
        profiles.retain(|name, _| ["dev", "release"].contains(&name.as_str()));
        let mut own = profiles["release"].clone();
        profiles.get_mut("release").unwrap().lto = "thin".into();
        (own.lto, own.opt_level) = (lto.into(), opt_level.into());
        profiles.insert(name.to_owned(), own);
        let found = levers(&world.input(), &PlanOptions::default());
        found.into_iter().any(|lever| lever.kind == super::LeverKind::Lto)
    };
    assert!(!with("ci", "false", "3"));
    assert!(with("ci", "fat", "3"), "it has it too");
    assert!(with("ci", "false", "0"), "not optimised");
    assert!(with("bench", "false", "3"), "cargo's own");
}

#[test]
fn more_codegen_units_pay_only_where_cores_are_idle() {
    let mut world = shop("");
    let release = crates::costs(&world.resolution, Mode::Release);
    world.costs.push(release);
    let profiles = &mut world.repository.workspaces[crate::ids::WorkspaceId(0)].profiles;
    profiles.get_mut("release").unwrap().codegen_units = 1;
    let saved = |jobs: u32| {
        let all = levers(&world.input(), &PlanOptions { jobs, ..PlanOptions::default() });
        all.into_iter().find(|l| l.kind == super::LeverKind::CodegenUnits).map(|l| l.saved_pct.unwrap().p50)
    };
    assert_eq!(saved(1), None, "16 units are more work than one");
    assert!(saved(8).unwrap() > 10.0, "{:?}", saved(8));
}

#[test]
fn files_that_change_together_are_coupled_where_that_is_asked_for() {
    let world = World::new("mod a\nfn f 100\nmod b\nfn g 100\nmod c\nfn h 100");
    let changed = |b: u32, commits: u32| CoChange { a: PathId(0), b: PathId(b), commits };
    let history = History {
        paths: ["src/a.rs", "src/b.rs", "src/c.rs"].map(str::to_owned).to_vec().into(),
        changes: vec![5, 4, 9].into(),
        // Two commits are chance.
        co_changes: vec![changed(1, 4), changed(2, 2)],
        ..History::default()
    };
    let input = PlanInput { history: Some(&history), ..world.input() };
    let index = Index::new(&world.repository, &world.resolution);
    let groups = Groups::new(&input, &index, CrateId(0));
    let coupled = |co_change: f64| {
        let prices = Prices { co_change, ..Prices::default() };
        let blocks = Blocks::new(&input, &index, CrateId(0), &groups, &prices);
        blocks.out.arcs().map(|(from, to, weight)| (from, to, weight.affinity)).collect::<Vec<_>>()
    };
    assert_eq!(coupled(0.0), []);
    // Four commits of the five that changed either.
    assert_eq!(coupled(2.0), [(BlockId(1), BlockId(2), 1.6)]);
    // That weighs, but it opens no place: what nothing in the code binds to a crate doesn't go there.
    let prices = Prices { co_change: 2.0, ..Prices::default() };
    let blocks = Blocks::new(&input, &index, CrateId(0), &groups, &prices);
    let apart = Layering::new([3, 0, 1, 2].map(LevelId).into_iter().collect(), &blocks);
    let step = Objective::new(&blocks, prices).best_place(&apart, &[BlockId(1)], Reach::Merge).unwrap();
    assert_eq!(step.place, Target::In(LevelId(3)));
}

#[test]
fn a_plan_does_not_hang_on_the_last_digits() {
    let world = shop("mod zone\nfn tax 20\nfn zones 1200 -> billing::bill*3 tax");
    let plan = |jitter: f64, seed: u64| {
        let prices = Prices { jitter, ..Prices::default() };
        let package = Some(PackageId(0));
        let advice = world.advise(&PlanOptions { package, prices, seed, ..PlanOptions::default() });
        world.show(&advice.plan.unwrap())
    };
    let counted = plan(0.0, 0);
    for seed in 0..8 {
        assert_eq!(plan(1e-4, seed), counted);
    }
}

#[test]
fn jitter_changes_both_ends_of_what_couples_alike() {
    let world = shop("");
    let index = Index::new(&world.repository, &world.resolution);
    let groups = Groups::new(&world.input(), &index, CrateId(0));
    let new = || Blocks::new(&world.input(), &index, CrateId(0), &groups, &Prices::default());
    let (counted, mut jittered) = (new(), new());
    jittered.jitter(0.1, 7);
    let mut into: Vec<_> = jittered.into.arcs().map(|(to, from, weight)| (from, to, weight)).collect();
    into.sort_by_key(|&(from, to, _)| (from, to));
    assert_eq!(jittered.out.arcs().collect::<Vec<_>>(), into);
    let factors: Vec<f64> = jittered
        .out
        .arcs()
        .zip(counted.out.arcs())
        .filter(|(_, counted)| counted.2.references > 0.0)
        .map(|(jittered, counted)| jittered.2.references / counted.2.references)
        .collect();
    assert!(factors.iter().all(|factor| (0.9..=1.1).contains(factor)), "{factors:?}");
    assert!(factors.windows(2).any(|pair| pair[0] != pair[1]), "{factors:?}");
}

#[test]
fn a_workspace_of_which_nothing_was_read_has_no_levers() {
    for (text, expected) in [("", 0), ("fn main 3", 1), ("mod a", 1)] {
        let world = World::new(text);
        assert_eq!(levers(&world.input(), &PlanOptions::default()).len(), expected, "{text}");
    }
}

#[test]
fn items_of_one_macro_call_share_its_lines() {
    let mut world = World::new("fn f 10\nmod a\nfn g 10\nfn h 5\nfn i 30\ntest fn t 7");
    // `g` and `h` come out of the call on lines 3 to 6, `i` begins in its last line.
    let places = [("f", 1, 10), ("g", 3, 6), ("h", 3, 6), ("i", 6, 9), ("t", 10, 16)];
    let mut ids = Vec::new();
    for (name, line, end_line) in places {
        let id = world.resolution.items.ids().find(|&id| world.resolution.items[id].name == name).unwrap();
        (world.resolution.items[id].line, world.resolution.items[id].end_line) = (line, end_line);
        ids.push(id);
    }
    let own = Index::new(&world.repository, &world.resolution).own_lines;
    let lines: Vec<u32> = ids.into_iter().map(|id| own[id]).collect();
    assert_eq!(lines, [10, 4, 0, 3, 0]);
}

#[test]
fn a_library_is_not_deployable() {
    assert!(deployables(&shop("").input()).is_empty());
}

#[test]
fn files_that_the_build_leaves_out_go_with_the_module_around_them() {
    let mut world = shop("");
    let left_out = ["src/billing/off.rs", "src/gone.rs", "src/shipping.rs", "tests/it.rs"];
    world.repository.rust_files = left_out.iter().map(|path| (*path).to_owned()).collect();
    let plan = world.plan(Some(4));
    let found: Vec<(&str, &[String])> = plan
        .crates
        .iter()
        .filter(|krate| !krate.unlinked.is_empty())
        .map(|krate| (krate.name.as_str(), krate.unlinked.as_slice()))
        .collect();
    let expected: [(&str, &[String]); 2] =
        [("app-billing", &["src/billing/off.rs".to_owned()]), ("app", &["src/gone.rs".to_owned()])];
    assert_eq!(found, expected);
}

#[test]
fn what_no_move_dissolves_blocks() {
    // `Pair` and its trait lie in catalog, `Parcel` above: the orphan rule keeps the impl below.
    let world = shop(
        "mod catalog::pairs
         struct Pair 400 -> catalog::Product*9
         trait Show 400 -> catalog::Product*9
         mod shipping::shown
         impl catalog::pairs::Show for Pair<Parcel> 20 -> shipping::Parcel catalog::pairs::Pair catalog::pairs::Show",
    );
    let plan = world.advise(&whole_modules()).plan.unwrap();
    let found: Vec<(TieCause, &str)> = plan.blockers.iter().map(|b| (b.cause, world.path(b.item))).collect();
    assert_eq!(
        found,
        [(TieCause::OrphanRule, "shipping::shown::impl catalog::pairs::Show for Pair<Parcel>")],
        "{}{}",
        world.show(&plan),
        world.show_cuts(&plan)
    );
    assert!(shop("").plan(Some(4)).blockers.is_empty());
}

/// Link-time optimisation comes at the end of a release build, whatever the split: it makes the build longer, and what a
/// split saves counts all the same. Measured seconds have it.
#[test]
fn release_builds_end_with_lto() {
    let workspace = crate::ids::WorkspaceId(0);
    let clean = |lto: &str, measured: bool| {
        let mut world = shop("");
        world.repository.targets[crate::ids::TargetId(0)].kind = TargetKind::Bin;
        world.costs = vec![crates::costs(&world.resolution, Mode::Release)];
        if measured {
            world.costs[0].crate_sources =
                world.resolution.crates.iter().map(|_| CostSource::Measured).collect();
        }
        world.repository.workspaces[workspace].profiles.get_mut("release").unwrap().lto = lto.into();
        let advice = world.advise(&PlanOptions::default());
        let clean = advice.savings.iter().find(|s| s.scenario == Scenario::Clean).unwrap();
        (clean.before_s.p50, clean.before_s.p50 - clean.after_s.p50)
    };
    let without = clean("false", false);
    assert!(without.1 > 1.0, "{without:?}");
    for lto in ["thin", "fat"] {
        let with = clean(lto, false);
        assert!(
            with.0 > without.0 + 1.0 && (with.1 - without.1).abs() < 0.5 * without.1,
            "{lto}: {with:?} {without:?}"
        );
    }
    assert_eq!(clean("off", false), without);
    assert_eq!(clean("fat", true), without);
}

/// What `analyze` says of its plan is what `what-if` says of it.
#[test]
fn any_plan_of_the_frontier_can_be_had_by_its_number_and_is_predicted_alike() {
    let world = shop("");
    let free = world.advise(&PlanOptions::default());
    let chosen = free.frontier.iter().find(|candidate| candidate.recommended).unwrap();
    let asked = world.advise(&PlanOptions { crates: Some(chosen.crates), ..PlanOptions::default() });
    assert_eq!(asked.savings, free.savings);
    for candidate in &free.frontier {
        let asked = world.advise(&PlanOptions { crates: Some(candidate.crates), ..PlanOptions::default() });
        let found = asked.frontier.iter().find(|other| other.recommended).unwrap();
        assert_eq!(found.crates, candidate.crates);
        assert!(found.gain() >= candidate.gain(), "{found:?} {candidate:?}");
    }
    for saving in &free.savings {
        assert!(saving.saved_pct.p10 <= saving.saved_pct.p50 && saving.saved_pct.p50 <= saving.saved_pct.p90);
    }
}

/// `mod generated { include!(…) }` in `lib.rs`: those who use it shall not be kept above all others for it.
#[test]
fn a_generated_module_of_the_root_may_go_below() {
    let mut world =
        World::new("mod generated\nmod a\nfn f 900 -> mod:generated\nmod b\nfn g 900 -> a::f mod:generated");
    world.resolution.modules[ModuleId(1)].inline = true;
    let input = world.input();
    let index = Index::new(input.repository, input.resolution);
    let groups = Groups::new(&input, &index, CrateId(0));
    let blocks = Blocks::new(&input, &index, CrateId(0), &groups, &Prices::default());
    let block = |module: u32| {
        let item = world.resolution.modules[ModuleId(module)].item;
        blocks.of_group[groups.of(item).unwrap()]
    };
    assert_eq!(block(0), Blocks::ROOT, "the root stays");
    assert_ne!(block(1), Blocks::ROOT, "the generated module is a block of its own");
}

/// Modules in a chain: only who edits with optimisation would gain.
#[test]
fn what_gains_and_is_no_reason_is_said() {
    let mut world = World::new(
        "mod a\nfn f 4000\nmod b\nfn g 4000 -> a::f*40\nmod c\nfn h 4000 -> b::g*40\nmod d\nfn i 4000 -> c::h*40",
    );
    world.costs = vec![crates::costs(&world.resolution, Mode::Release)];
    let costs = &mut world.costs[0];
    costs.items.iter_mut().chain(costs.crates.iter_mut()).for_each(|cost| cost.codegen_s = 0.0);
    let advice = world.advise(&PlanOptions { package: Some(PackageId(0)), ..PlanOptions::default() });
    assert_eq!(advice.verdict.kind, VerdictKind::Keep, "{advice:?}");
    let certain: Vec<_> = advice.savings.iter().filter(|s| s.significant).map(|s| s.scenario).collect();
    assert_eq!(certain, [Scenario::Edit], "{:?}", advice.savings);
    let cause = advice.verdict.causes.iter().find(|cause| cause.kind == CauseKind::NotCounted).unwrap();
    assert!(cause.detail.starts_with("only `cargo build --release` after an edit gains "), "{cause:?}");
}

/// The same plan pays or not as often as is built, and as its work may take to come back.
#[test]
fn the_pace_decides() {
    let world = shop("");
    let kind = |options: PlanOptions| world.advise(&options).verdict.kind;
    let of = |commits: f64, edits_per_commit, payback_weeks| {
        kind(PlanOptions {
            commits_per_week: Some(commits),
            edits_per_commit,
            payback_weeks,
            ..PlanOptions::default()
        })
    };
    assert_eq!(of(25.0, 10.0, 52.0), VerdictKind::Split);
    assert_eq!(of(0.1, 10.0, 52.0), VerdictKind::Keep);
    assert_eq!(of(25.0, 10.0, 0.1), VerdictKind::Keep);
}

/// Between what pays for certain and what certainly doesn't there are seconds to be measured.
#[test]
fn seconds_that_nobody_has_measured_leave_the_answer_open() {
    let mut world = shop("");
    let asked = world.advise(&PlanOptions::default()).verdict.week.unwrap();
    // So many commits that the medians just pay.
    let commits = 25.0 * asked.asked_min / (asked.before_min - asked.after_min);
    let options = PlanOptions { commits_per_week: Some(commits), ..PlanOptions::default() };
    let open = world.advise(&options).verdict;
    assert_eq!(open.kind, VerdictKind::MeasureFirst, "{open:?}");
    assert!((open.pays_share.unwrap() - 0.5).abs() < 0.2, "{open:?}");
    let settle = open.settle.unwrap();
    let above_s = settle.above_s.unwrap();
    assert!((above_s / settle.predicted_s - 1.0).abs() < 0.25, "{settle:?}");
    // Known seconds that are much longer, or much shorter, decide.
    for (factor, expected) in [(4.0, VerdictKind::Split), (0.25, VerdictKind::Keep)] {
        for costs in &mut world.costs {
            costs.calibration = Some(factor);
            costs.items.iter_mut().for_each(|cost| *cost = times(*cost, factor));
            costs.crates.iter_mut().for_each(|cost| *cost = times(*cost, factor));
        }
        let known = world.advise(&options).verdict;
        assert_eq!(known.kind, expected, "{known:?}");
        for costs in &mut world.costs {
            costs.items.iter_mut().for_each(|cost| *cost = times(*cost, 1.0 / factor));
            costs.crates.iter_mut().for_each(|cost| *cost = times(*cost, 1.0 / factor));
        }
    }
}

fn times(cost: Cost, factor: f64) -> Cost {
    Cost { frontend_s: cost.frontend_s * factor, codegen_s: cost.codegen_s * factor }
}

/// A type that has gone below and leaves an `impl` where its trait is: who describes the plan by its names has to say so.
#[test]
fn impls_that_stay_without_their_type_are_named() {
    let world = World::new(
        "mod ast
         fn show 1500 -> dialects::Plain*6
         mod dialects
         trait Dialect 300
         struct Plain 5
         impl Dialect for Plain 200 -> parse::parse
         mod parse
         fn parse 1500 -> dialects::Dialect*4 ast::show*9",
    );
    let plan = world.plan(Some(2));
    let staying = |krate: &PlanCrate| krate.impls.iter().map(|&imp| world.path(imp)).collect::<Vec<_>>();
    let all: Vec<_> = plan.crates.iter().map(staying).collect();
    assert_eq!(all, [vec![], vec!["dialects::impl Dialect for Plain"], vec![]], "{}", world.show(&plan));
    assert_eq!(plan.cuts, []);
}
