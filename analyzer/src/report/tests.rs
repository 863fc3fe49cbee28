//! Reports built from hand-made analyses.

use std::collections::BTreeMap;

use petgraph::graph::{DiGraph, NodeIndex};

use super::*;
use crate::cost::{Cost, CostSource, Costs, Mode, Overhead};
use crate::deploy::{Deployable, Running};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::discover::{Edition, Package, Repository, Target, TargetKind, Workspace};
use crate::graph::{Coupling, Level, Quotient, QuotientNode};
use crate::ids::{CrateId, EditId, FileId, ItemId, ModuleId, PackageId, PlanCrateId, TargetId, WorkspaceId};
use crate::plan::{
    Cause, CauseKind, Cut, Edit, EditKind, Interval, Move, PackageAdvice, Plan, PlanCrate, Saving, Scenario,
    Verdict, VerdictKind, Widening,
};
use crate::resolve::{
    Confidence, Crate, File, Item, ItemKind, Module, RefKind, Reference, Resolution, Unresolved,
    UnresolvedCause, Visibility,
};

/// Package `a`: modules `a` (lib.rs), `a::x` (x.rs), `a::y` (y.rs, imports only), `a::z` (z.rs, tests only).
fn repository() -> Repository {
    let mut repository = Repository::default();
    repository.workspaces.push(Workspace {
        dir: String::new(),
        members: vec![PackageId(0)],
        locked: Default::default(),
        profiles: BTreeMap::new(),
    });
    repository.packages.push(Package {
        name: "a".into(),
        version: "1.0.0".into(),
        manifest: "Cargo.toml".into(),
        dir: String::new(),
        workspace: WorkspaceId(0),
        edition: Edition::E2024,
        features: BTreeMap::new(),
        enabled_features: Default::default(),
        dependencies: Vec::new(),
        targets: vec![TargetId(0)],
        publishable: true,
        links: None,
    });
    repository.targets.push(Target {
        package: PackageId(0),
        name: "a".into(),
        crate_name: "a".into(),
        kind: TargetKind::Lib,
        src: "src/lib.rs".into(),
        edition: Edition::E2024,
        required_features: Vec::new(),
        enabled: true,
        tested: true,
        doctested: true,
    });
    repository
}

fn resolution() -> Resolution {
    let mut r = Resolution::default();
    r.crates.push(Crate { target: TargetId(0), name: "a".into(), root: ModuleId(0), reruns: false });
    for (path, lines) in [("src/lib.rs", 30), ("src/x.rs", 20), ("src/y.rs", 2), ("src/z.rs", 9)] {
        r.files.push(File { path: path.into(), lines, bytes: lines * 30, ..File::default() });
    }
    for (i, path) in ["a", "a::x", "a::y", "a::z"].into_iter().enumerate() {
        let item = r.items.push(item(ModuleId(i as u32), ItemKind::Module, path, (1, 1)));
        r.modules.push(Module {
            krate: CrateId(0),
            parent: (i > 0).then_some(ModuleId(0)),
            name: path.rsplit(':').next().unwrap().into(),
            path: path.into(),
            file: FileId(i as u32),
            inline: false,
            test: i == 3,
            visibility: Visibility::Public,
            item,
            children: if i == 0 { vec![ModuleId(1), ModuleId(2), ModuleId(3)] } else { Vec::new() },
            items: Vec::new(),
        });
    }
    for (module, kind, path, lines) in [
        (0, ItemKind::Fn, "a::main_loop", (5, 24)),
        (0, ItemKind::Enum, "a::Error", (25, 29)),
        (1, ItemKind::Fn, "a::x::f", (2, 12)),
        (1, ItemKind::Struct, "a::x::T", (13, 20)),
    ] {
        let id = r.items.push(item(ModuleId(module), kind, path, lines));
        r.modules[ModuleId(module)].items.push(id);
    }
    let reference = |from, line, to, kind, test| Reference {
        from: ItemId(from),
        line,
        to: ItemId(to),
        kind,
        test,
        confidence: Confidence::Exact,
        restricted: false,
        structural: kind != RefKind::Import,
        shown: false,
        member: None,
    };
    r.references = vec![
        reference(2, 1, 7, RefKind::Import, false),
        reference(4, 6, 2, RefKind::Import, false),
        reference(6, 4, 5, RefKind::Type, false),
        reference(6, 9, 5, RefKind::Call, true),
    ];
    r.external_references = 3;
    let unresolved = |line, text: &str, cause| Unresolved { file: FileId(1), line, text: text.into(), cause };
    r.unresolved = vec![
        unresolved(8, "t.g()", UnresolvedCause::UnknownReceiver),
        unresolved(3, "lost::path", UnresolvedCause::UnknownName),
        unresolved(7, "t.h()", UnresolvedCause::UnknownReceiver),
    ];
    r
}

fn item(module: ModuleId, kind: ItemKind, path: &str, (line, end_line): (u32, u32)) -> Item {
    Item {
        module,
        file: FileId(module.0),
        kind,
        name: path.rsplit(':').next().unwrap().into(),
        path: path.into(),
        line,
        end_line,
        visibility: Visibility::Public,
        test: false,
        imp: None,
        macro_export: false,
        signature: None,
        by_macro: false,
        compiled: true,
        generic: false,
        features: Default::default(),
    }
}

fn plan() -> Plan {
    let mut plan = Plan::default();
    plan.crates.push(PlanCrate {
        name: "a-x".into(),
        modules: vec![ModuleId(1)],
        items: vec![],
        all_items: vec![ItemId(1), ItemId(6), ItemId(7)],
        lines: 20,
        cost_share: 0.25,
        ..PlanCrate::default()
    });
    plan.crates.push(PlanCrate {
        name: "a".into(),
        residual: true,
        modules: vec![ModuleId(0)],
        all_items: vec![ItemId(0), ItemId(2), ItemId(4), ItemId(5)],
        depends_on: vec![PlanCrateId(0)],
        lines: 32,
        cost_share: 0.75,
        ..PlanCrate::default()
    });
    plan.cuts.push(Cut { from: ItemId(6), to: ItemId(5), lines: vec![4], edit: EditId(0) });
    plan.edits.push(Edit {
        kind: EditKind::MoveItems(Move {
            from: PlanCrateId(1),
            up: false,
            users: 1,
            outside: Vec::new(),
            keeps: 0,
            unseen: Vec::new(),
        }),
        krate: PlanCrateId(0),
        items: vec![ItemId(5)],
        lines: 1,
        cuts: vec![0],
    });
    plan.visibility.push(Widening {
        item: ItemId(7),
        re_export: None,
        member: None,
        references: 2,
        tests_only: false,
    });
    plan
}

fn interval(p50: f64) -> Interval {
    Interval { p10: p50 * 0.9, p50, p90: p50 * 1.1 }
}

fn saving(pct: f64, significant: bool) -> Saving {
    Saving {
        scenario: Scenario::Clean,
        mode: Mode::Check,
        jobs: 8,
        before_s: interval(10.0),
        after_s: interval(10.0 - pct / 10.0),
        saved_pct: interval(pct),
        significant,
        without_lto: false,
    }
}

fn advice(kind: VerdictKind, savings: Vec<Saving>, plan: Option<Plan>) -> PackageAdvice {
    PackageAdvice {
        package: PackageId(0),
        krate: CrateId(0),
        other_targets: Vec::new(),
        auxiliary: false,
        lines: 52,
        cost_share: 1.0,
        verdict: Verdict {
            kind,
            causes: vec![Cause { kind: CauseKind::Pays, detail: "It pays.".into() }],
            pays_share: None,
            week: None,
            settle: None,
        },
        plan,
        frontier: Vec::new(),
        layouts: Vec::new(),
        savings,
        tied_types: Vec::new(),
        direct_users: None,
        generated: None,
    }
}

fn costs() -> Costs {
    let cost = Cost { frontend_s: 1.234_56, codegen_s: 2.0 };
    Costs {
        mode: Mode::Check,
        source: CostSource::Modelled,
        crate_sources: vec![CostSource::Modelled].into(),
        calibration: None,
        machine: 1.0,
        measured_modules: 0,
        items: vec![Cost::default(); 8].into(),
        crates: vec![cost].into(),
        host_crates: vec![cost].into(),
        twice_in_dev: Vec::new(),
        test_items: crate::ids::IdVec::new(),
        harnesses: crate::ids::IdVec::new(),
        overhead: Overhead { crate_s: 0.1, ..Overhead::default() },
        loaded: Default::default(),
        known: Default::default(),
        error_factor: 1.6,
        build_factor: 1.6,
    }
}

fn report_of(advice: &[PackageAdvice]) -> Report {
    let settings =
        Settings { target: "t".into(), jobs: 8, seed: 0, package: None, crates: None, ..Settings::default() };
    let deployable = Deployable {
        package: PackageId(0),
        target: TargetId(0),
        name: "run".into(),
        auxiliary: false,
        packages: vec![PackageId(0)],
        modules: vec![ModuleId(0), ModuleId(1)],
        entry: None,
        running: Running { cost_share: 0.5, ..Running::default() },
        roles: Vec::new(),
        commands: Vec::new(),
    };
    let note =
        Diagnostic::new(Severity::Warning, Code::MissingModule, "`mod q;` has no file").at("src/lib.rs");
    build(&ReportInput {
        repository: &repository(),
        resolution: &resolution(),
        costs: &[costs()],
        advice,
        deployables: &[deployable],
        candidate_services: &[],
        deploys: None,
        deploy_splits: &[],
        replay: None,
        levers: &[],
        diagnostics: &[note.clone(), note],
        settings: &settings,
    })
}

#[test]
fn a_report_names_everything() {
    let report = report_of(&[advice(VerdictKind::Split, vec![saving(30.0, true)], Some(plan()))]);
    insta::assert_json_snapshot!(report);
}

#[test]
fn a_file_goes_where_most_of_its_lines_go() {
    let (resolution, mut plan) = (resolution(), plan());
    let files = |plan: &Plan| super::plans::files::files_of_plan(&resolution, plan);
    assert_eq!(files(&plan), [vec!["src/x.rs"], vec!["src/lib.rs", "src/y.rs", "src/z.rs"]]);
    // `main_loop` (20 lines of 25) moves, and lib.rs with it.
    plan.crates[PlanCrateId(0)].all_items.push(ItemId(4));
    plan.crates[PlanCrateId(1)].all_items.retain(|&i| i != ItemId(4));
    assert_eq!(files(&plan), [vec!["src/lib.rs", "src/x.rs"], vec!["src/y.rs", "src/z.rs"]]);
    // A test module follows the module around it.
    plan.crates[PlanCrateId(0)].modules.push(ModuleId(3));
    assert_eq!(files(&plan)[0], ["src/lib.rs", "src/x.rs", "src/z.rs"]);
}

#[test]
fn the_most_worthwhile_package_comes_first() {
    let keep = advice(VerdictKind::Keep, vec![saving(90.0, false)], None);
    let small = advice(VerdictKind::Split, vec![saving(5.0, true)], None);
    let large = advice(VerdictKind::Split, vec![saving(1.0, true), saving(40.0, true)], None);
    let tangled = advice(VerdictKind::UntangleFirst, vec![saving(60.0, true)], None);
    let report = report_of(&[keep.clone(), small.clone(), tangled.clone(), large.clone()]);
    let order: Vec<_> = report.packages.iter().map(|p| (p.verdict.kind, p.savings.len())).collect();
    let expected = [&large, &small, &tangled, &keep].map(|a| (a.verdict.kind, a.savings.len()));
    assert_eq!(order, expected);
    assert_eq!(report, report_of(&[large, tangled, small, keep]), "the order given doesn't matter");
}

#[test]
fn the_report_states_its_own_recall() {
    let references = report_of(&[]).repository.references;
    assert_eq!((references.resolved, references.external, references.unresolved), (4, 3, 3));
    assert_eq!(references.followed_share, 0.7);
    let causes: Vec<_> = references.unresolved_by_cause.iter().map(|c| (c.cause, c.count)).collect();
    assert_eq!(causes, [(UnresolvedCause::UnknownReceiver, 2), (UnresolvedCause::UnknownName, 1)]);
}

#[test]
fn numbers_that_json_cannot_hold_are_kept_out() {
    for (x, expected) in [(f64::NAN, 0.0), (f64::INFINITY, 0.0), (-0.000_01, 0.0), (1.234_56, 1.235)] {
        let rounded = super::numbers::round(x, 3);
        assert_eq!(rounded, expected);
        assert!(rounded.is_sign_positive(), "{x}");
    }
}

#[test]
fn a_file_graph_follows_the_contract() {
    let (repository, resolution) = (repository(), resolution());
    let mut quotient: Quotient = DiGraph::default();
    for file in resolution.files.ids() {
        quotient.add_node(QuotientNode::File(file));
    }
    let mut coupling = Coupling { weight: 2, test_weight: 1, ..Coupling::default() };
    coupling.kinds[RefKind::Type as usize] = 1;
    coupling.kinds[RefKind::Call as usize] = 1;
    quotient.add_edge(NodeIndex::new(1), NodeIndex::new(0), coupling);
    quotient.add_edge(NodeIndex::new(0), NodeIndex::new(2), coupling);
    let report = graph_report(&repository, &resolution, Level::File, &quotient, true);
    insta::assert_json_snapshot!(report);
}

#[test]
fn nodes_of_every_level_have_names() {
    let (repository, resolution) = (repository(), resolution());
    let node = |level, node| {
        let mut quotient: Quotient = DiGraph::default();
        quotient.add_node(node);
        let report = graph_report(&repository, &resolution, level, &quotient, false);
        assert_eq!(report.unresolved, None);
        report.nodes[0].clone()
    };
    let item = node(Level::Item, QuotientNode::Item(ItemId(6)));
    assert_eq!(
        (&*item.path, item.kind.as_deref(), item.line, item.lines),
        ("a::x::f", Some("fn"), Some(2), 11)
    );
    let module = node(Level::Module, QuotientNode::Module(ModuleId(1)));
    assert_eq!((&*module.path, module.file.as_deref(), module.lines), ("a::x", Some("src/x.rs"), 19));
    let krate = node(Level::Crate, QuotientNode::Crate(CrateId(0)));
    assert_eq!((krate.label(), &*krate.path, krate.lines), ("a", "src/lib.rs", 61));
    assert!([&item, &module, &krate].iter().all(|n| n.package == "a"));
}

#[test]
fn names_are_found_exactly_or_by_their_end() {
    let (repository, resolution) = (repository(), resolution());
    let find = |query: &str| select(&repository, &resolution, query).map(|s| (s.name, s.kind, s.items.len()));
    let ok = |name: &str, kind, items| Ok::<_, String>((name.to_owned(), kind, items));
    for (query, expected) in [
        ("a::x::f", ok("a::x::f", SelectionKind::Item, 1)),
        ("a::x", ok("a::x", SelectionKind::Module, 3)),
        ("x", ok("a::x", SelectionKind::Module, 3)),
        ("x::T", ok("a::x::T", SelectionKind::Item, 1)),
        ("src/x.rs", ok("src/x.rs", SelectionKind::File, 3)),
        ("./src/x.rs", ok("src/x.rs", SelectionKind::File, 3)),
        ("lib.rs", ok("src/lib.rs", SelectionKind::File, 3)),
        ("a", ok("a", SelectionKind::Package, 8)),
    ] {
        assert_eq!(find(query).map_err(|e| e.to_string()), expected, "{query}");
    }
    for query in ["nothing", "", "ib.rs", "::x"] {
        let message = find(query).unwrap_err().to_string();
        assert!(message.contains("nothing here is named"), "{query}: {message}");
    }
}

#[test]
fn an_ambiguous_name_is_an_error_that_lists_what_it_may_mean() {
    let (repository, mut resolution) = (repository(), resolution());
    resolution.items[ItemId(4)].path = "a::y::f".into();
    let message = select(&repository, &resolution, "f").unwrap_err().to_string();
    assert_eq!(message, "`f` may mean 2 things: `a::y::f`, `a::x::f`; give more of the path");
}

fn explained(from: &str, to: &str) -> ExplainReport {
    let (repository, resolution) = (repository(), resolution());
    let selection = |query| select(&repository, &resolution, query).unwrap();
    explain(&resolution, &selection(from), &selection(to))
}

#[test]
fn an_explanation_lists_every_reference() {
    let report = explained("a::x", "a::Error");
    let places: Vec<_> = report.references.iter().map(|r| (&*r.file, r.line, r.kind, r.test)).collect();
    assert_eq!(places, [("src/x.rs", 4, RefKind::Type, false), ("src/x.rs", 9, RefKind::Call, true)]);
    assert!(report.chain.is_empty());
}

#[test]
fn an_explanation_is_summed_up_by_module() {
    let pairs = |report: ExplainReport| {
        let pairs = report.modules.into_iter();
        pairs.map(|p| (p.from, p.to, p.references, p.tests, p.line)).collect::<Vec<_>>()
    };
    assert_eq!(pairs(explained("a::x", "a::Error")), [("a::x".into(), "a".into(), 2, 1, 4)]);
    assert_eq!(pairs(explained("a::x::T", "a::Error")), []);
}

#[test]
fn of_a_part_and_its_whole_only_what_leaves_the_part_counts() {
    assert_eq!(explained("a::x", "a").references.len(), 2);
    assert_eq!(explained("a", "a::x").references.len(), 1);
    assert_eq!(explained("a", "a").references.len(), 0);
}

#[test]
fn an_indirect_dependency_is_explained_by_its_shortest_chain() {
    let report = explained("a::main_loop", "a::x::T");
    assert!(report.references.is_empty());
    let hops: Vec<_> = report.chain.iter().map(|h| (&*h.from, &*h.to)).collect();
    assert_eq!(hops, [("a::main_loop", "a::y"), ("a::y", "a::x::T")]);
    assert!(explained("a::x::T", "a::Error").chain.is_empty());
}
