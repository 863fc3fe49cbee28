//! Every format on hand-made reports.

use std::collections::BTreeMap;
use std::io::{self, Write};

use split_analyzer::cost::{Basis, CostSource, Mode};
use split_analyzer::deploy::{EvidenceKind, RoleKind};
use split_analyzer::diagnostic::{Code, Diagnostic, Severity};
use split_analyzer::graph::{Level, TieCause};
use split_analyzer::plan::{
    Candidate, Cause, CauseKind, Fix, Interval, LeverKind, Saving, Scenario, Settle, Verdict, VerdictKind,
    Week,
};
use split_analyzer::replay::{Distribution, ReplayedScenario, TogetherPair};
use split_analyzer::report::*;
use split_analyzer::resolve::{Confidence, RefKind};
use split_analyzer::simulate::Cache;

use super::graph::{dot, graphml, mermaid};
use super::prose::provenance;
use super::prose::{sentences, words};
use super::terminal::Screen;
use super::{escape, json, markdown, terminal};

/// What the function writes, colours taken out.
fn plain(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> String {
    let mut stream = anstream::StripStream::new(Vec::new());
    write(&mut stream).unwrap();
    String::from_utf8(stream.into_inner()).unwrap()
}

fn interval(p50: f64) -> Interval {
    let (a, b) = (p50 * 0.8, p50 * 1.2);
    Interval { p10: a.min(b), p50, p90: a.max(b) }
}

fn saving(scenario: Scenario, mode: Mode, pct: f64) -> Saving {
    Saving {
        scenario,
        mode,
        jobs: 8,
        before_s: interval(40.0),
        after_s: interval(40.0 - pct * 0.4),
        saved_pct: interval(pct),
        significant: pct >= 5.0,
        without_lto: false,
    }
}

fn krate(name: &str, modules: &[&str], items: &[&str], depends_on: &[&str]) -> PlanCrateReport {
    let owned = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
    PlanCrateReport {
        name: name.into(),
        residual: false,
        modules: owned(modules),
        items: owned(items),
        impls: Vec::new(),
        files: Vec::new(),
        lines: 1234,
        cost_share: 0.123,
        depends_on: owned(depends_on),
        dependencies: Vec::new(),
        features: Vec::new(),
    }
}

fn cut(n: u32) -> CutReport {
    CutReport {
        from: format!("shop::orders::place::<impl Handler for Order{n}>"),
        to: "shop::billing::invoice::Invoice".into(),
        from_crate: Some("shop-orders".into()),
        to_crate: Some("shop-billing".into()),
        file: "src/orders/place.rs".into(),
        line: 10 + n,
        lines: vec![10 + n, 40],
        references: 1 + n % 2,
        fix: Fix::MoveItem,
        detail: MOVE.into(),
        edit: format!("e{}", n / 2 + 1),
    }
}

const MOVE: &str = "move `Invoice` (12 lines) down to `shop-core`: it uses nothing above `shop-core`";

/// Moves that remove two cuts each.
fn edits(cuts: u32) -> Vec<PlanEditReport> {
    let item = |n: u32| PlanItemReport {
        item: format!("shop::billing::invoice::Invoice{n}"),
        file: "src/billing/invoice.rs".into(),
        line: 3,
        end_line: 14,
    };
    let edit = |n: u32| PlanEditReport {
        id: format!("e{}", n + 1),
        kind: "move-items".into(),
        krate: "shop-core".into(),
        from_crate: Some("shop-billing".into()),
        items: vec![item(n)],
        lines: 12,
        cuts: (2 * n..cuts.min(2 * n + 2)).collect(),
        from: None,
        to: None,
        manifest: None,
        detail: MOVE.into(),
    };
    (0..cuts.div_ceil(2)).map(edit).collect()
}

fn plan(crates: usize, cuts: u32) -> PlanReport {
    let mut list = vec![krate("shop-core", &["shop::error", "shop::money"], &["shop::Config"], &[])];
    for i in 1..crates - 1 {
        let (name, module) = (format!("shop-domain-{i}"), format!("shop::domain_{i}"));
        list.push(krate(&name, &[&module, "shop::a::rather::deep::module", "shop::c"], &[], &["shop-core"]));
    }
    let names: Vec<_> = list.iter().map(|c| c.name.clone()).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    list.push(PlanCrateReport { residual: true, ..krate("shop", &["shop"], &[], &names) });
    let widening = WideningReport {
        item: "shop::money::round".into(),
        file: "src/money.rs".into(),
        line: 3,
        references: 1,
        tests_only: false,
    };
    let blocker = BlockerReport {
        cause: TieCause::Cycle,
        item: "shop::Knot".into(),
        file: "src/lib.rs".into(),
        line: 9,
        detail: "`Knot` and `Tie` refer to each other".into(),
    };
    PlanReport {
        crates: list,
        cuts: (0..cuts).map(cut).collect(),
        edits: edits(cuts),
        visibility: vec![widening],
        blockers: if cuts > 12 { vec![blocker] } else { Vec::new() },
        note: None,
        statics: Vec::new(),
        paths: Vec::new(),
        test_moves: Vec::new(),
        test_support: Vec::new(),
        build_script: Vec::new(),
        silent: Vec::new(),
        facade: Vec::new(),
        other_paths: Vec::new(),
    }
}

/// A week of thirty commits that saves so many minutes of two hours.
fn week(saved_min: f64, asked_min: f64) -> Week {
    Week {
        commits: 30.0,
        counted: true,
        package_commits: 12.0,
        edits_per_commit: 10.0,
        before_min: 120.0,
        after_min: 120.0 - saved_min,
        asked_min,
        work_h: 4.0,
        payback_weeks: 52.0,
    }
}

fn package(name: &str, kind: VerdictKind, plan: Option<PlanReport>) -> PackageReport {
    let cause = |kind, detail: &str| Cause { kind, detail: detail.into() };
    let mut savings = Vec::new();
    for (scenario, factor) in [(Scenario::Clean, 1.0), (Scenario::Edit, 1.5)] {
        for (mode, pct) in [(Mode::Check, 30.0), (Mode::Dev, 12.5), (Mode::Release, -2.0)] {
            savings.push(saving(scenario, mode, pct * factor));
        }
    }
    let causes = match kind {
        VerdictKind::Split => vec![cause(CauseKind::Pays, "5 crates save 45 % of the rebuild after an edit")],
        VerdictKind::UntangleFirst => vec![
            cause(CauseKind::Pays, "5 crates save 45 % of the rebuild after an edit"),
            cause(CauseKind::Tangled, "90 references in 30 pairs of items run against the order"),
        ],
        VerdictKind::MeasureFirst => vec![cause(CauseKind::Unsure, "5 crates save 12 min of the 2.1 h")],
        VerdictKind::Keep => vec![cause(CauseKind::FineAsIs, "120 lines: too small to gain from a split")],
    };
    let weighed = kind != VerdictKind::Keep;
    let week = weighed.then_some(week(12.0, 4.6));
    let settle = (kind == VerdictKind::MeasureFirst).then(|| Settle {
        commands: vec!["split-advisor measure".into(), "split-advisor analyze --costs costs.json".into()],
        scenario: Scenario::Clean,
        mode: Mode::Dev,
        predicted_s: 5.2,
        above_s: Some(12.0),
    });
    PackageReport {
        name: name.into(),
        auxiliary: false,
        target: None,
        other_targets: Vec::new(),
        manifest: format!("{name}/Cargo.toml"),
        lines: 45_200,
        cost_share: 0.31,
        verdict: Verdict { kind, causes, pays_share: weighed.then_some(0.43), week, settle },
        frontier: Vec::new(),
        savings: if plan.is_some() { savings } else { Vec::new() },
        plan,
        tied_types: Vec::new(),
        direct_users: None,
        generated: None,
    }
}

fn mode_cost(mode: Mode) -> ModeCost {
    ModeCost {
        mode,
        frontend_s: 1.0,
        codegen_s: 1.0,
        error_factor: 1.6,
        source: CostSource::Modelled,
        calibration: None,
        measured_modules: 0,
        bases: Default::default(),
        scaled: Vec::new(),
        crates: Vec::new(),
    }
}

fn crate_cost(target: &str, source: CostSource) -> CrateCost {
    crate_cost_on(
        target,
        source,
        if source == CostSource::Modelled { Basis::OtherCrates } else { Basis::Known },
    )
}

fn crate_cost_on(target: &str, source: CostSource, basis: Basis) -> CrateCost {
    let (package, target) = (target.into(), target.into());
    CrateCost { package, target, frontend_s: 1.0, codegen_s: 0.0, source, basis, error_factor: 1.5 }
}

#[test]
fn seconds_say_where_they_come_from() {
    use CostSource::{Imported, Measured, Modelled};
    let known = |mode, sources: &[CostSource]| ModeCost {
        calibration: Some(1.314),
        measured_modules: 0,
        crates: sources.iter().map(|&source| crate_cost("a", source)).collect(),
        ..mode_cost(mode)
    };
    let cases = [
        (vec![mode_cost(Mode::Check)], "Seconds are modelled from the source, not measured: 8 in 10"),
        (vec![known(Mode::Check, &[Measured])], "Seconds of `cargo check` are measured."),
        (
            vec![known(Mode::Dev, &[Imported, Imported, Modelled])],
            "Seconds of `cargo build` are those of cargo's own records for 2 of 3 crates; the rest is modelled, times 1.31 \
             to fit them.",
        ),
        (
            vec![known(Mode::Check, &[Measured]), mode_cost(Mode::Dev), mode_cost(Mode::Release)],
            "Seconds of `cargo check` are measured. Those of `cargo build` and `cargo build --release` are modelled, not",
        ),
    ];
    let wide = |mode, error_factor| ModeCost { error_factor, ..mode_cost(mode) };
    let text = provenance::source_of_seconds(&CostsReport {
        source: Modelled,
        modes: vec![
            wide(Mode::Check, 2.2),
            wide(Mode::Dev, 2.6),
            wide(Mode::Test, 2.6),
            wide(Mode::Release, 3.9),
        ],
        ..CostsReport::default()
    });
    let factors =
        "2.2 (`cargo check`), 2.6 (`cargo build` and `cargo test --no-run`) or 3.9 (`cargo build --release`)";
    assert!(text.contains(&format!("right within a factor of {factors}.")), "{text}");
    let scaled = |basis| ModeCost {
        calibration: Some(6.2),
        error_factor: 1.5,
        crates: vec![crate_cost_on("a", Modelled, basis)],
        ..mode_cost(Mode::Check)
    };
    let of_basis = [
        (
            Basis::OtherBuilds,
            "times 6.20 to fit other builds of the same crates: 8 in 10 builds take between 1/1.5",
        ),
        (Basis::OtherCrates, "times 6.20 to fit other crates: 8 in 10"),
        (
            Basis::Machine,
            "times 6.20 to fit the speed of this machine, as packages from elsewhere show it: 8 in 10",
        ),
    ];
    for (basis, said) in of_basis {
        let sentence = provenance::source_of_seconds(&CostsReport {
            source: Modelled,
            modes: vec![scaled(basis)],
            ..CostsReport::default()
        });
        assert!(sentence.starts_with("Seconds of `cargo check` are modelled, "), "{sentence}");
        assert!(sentence.contains(said), "{sentence}");
    }
    for (modes, said) in cases {
        let costs = CostsReport { source: Modelled, modes, ..CostsReport::default() };
        let text = provenance::source_of_seconds(&costs);
        assert!(text.starts_with(said), "{text}");
    }
}

fn report(packages: Vec<PackageReport>) -> Report {
    Report {
        schema_version: SCHEMA_VERSION,
        tool: Tool { name: "split-advisor".into(), version: "0.0.0".into() },
        settings: Settings {
            target: "x".into(),
            jobs: 8,
            seed: 0,
            package: None,
            crates: None,
            ..Settings::default()
        },
        repository: RepositorySummary {
            workspaces: vec![WorkspaceSummary { dir: ".".into(), packages: 42, locked: 300 }],
            packages: 42,
            targets: 60,
            files: 1200,
            lines: 234_567,
            modules: 1500,
            items: 30_000,
            references: ReferenceSummary {
                resolved: 200_000,
                guessed: 500,
                external: 90_000,
                unresolved: 10_000,
                unresolved_by_cause: Vec::new(),
                followed_share: 0.9667,
            },
        },
        packages,
        levers: vec![LeverReport {
            workspace: ".".into(),
            packages: Vec::new(),
            kind: LeverKind::Lto,
            profile: "release".into(),
            by_default: false,
            detail: "`lto = \"fat\"` compiles everything again while linking, which no split shortens".into(),
            saved_pct: None,
            edit_saved_pct: None,
        }],
        commits: None,
        deploys: None,
        deployables: ["api", "worker", "admin", "cli", "cron"]
            .into_iter()
            .map(|name| DeployableReport {
                name: name.into(),
                package: name.into(),
                packages: vec!["a".into(), "b".into()],
                modules: vec!["a::b".into()],
                cost_share: 0.4,
                ..DeployableReport::default()
            })
            .collect(),
        other_binaries: Vec::new(),
        candidate_services: Vec::new(),
        costs: CostsReport {
            source: CostSource::Modelled,
            modes: vec![mode_cost(Mode::Check)],
            ..CostsReport::default()
        },
        structure: None,
        builds: Vec::new(),
        diagnostics: vec![
            Diagnostic::new(Severity::Error, Code::SyntaxError, "expected `{`").at("src/x.rs").line(3),
        ],
    }
}

/// As much of everything as there can be.
fn large(kind: VerdictKind) -> Report {
    let mut packages = vec![package("shop", kind, Some(plan(12, 30)))];
    for i in 0..6 {
        packages.push(package(&format!("with-a-long-name-{i}"), VerdictKind::Split, Some(plan(3, 0))));
        packages.push(package(&format!("tangled-{i}"), VerdictKind::UntangleFirst, None));
        packages.push(package(&format!("small-{i}"), VerdictKind::Keep, None));
    }
    report(packages)
}

/// Two programs, one with a role that runs nothing of its own, and what commits deploy of them.
fn with_deploys() -> Report {
    let counts = |redeployed_today, needed| DeployCommitsReport {
        replayed: 100,
        redeployed_today,
        needed,
        after_plan: None,
    };
    let program = |name: &str, commits, own: &[&str]| DeployableReport {
        name: name.into(),
        target: name.into(),
        package: name.into(),
        files: vec!["src/main.rs".into(), "src/lib.rs".into()],
        own_files: own.iter().map(|&file| file.into()).collect(),
        commits: Some(commits),
        ..DeployableReport::default()
    };
    let role = DeployableReport {
        kind: DeployableKind::Role,
        role: Some("loop".into()),
        ..program("web loop", counts(60, 5), &[])
    };
    let deploys = DeploysReport {
        week: None,
        pipeline: None,
        replayed: 100,
        per_week: Some(50.0),
        programs: 2,
        deploys_today: 120,
        deploys_needed: 50,
        redeployed_today: 1.2,
        needed: 0.5,
        after_plan: None,
        needless: Vec::new(),
        splits: Vec::new(),
    };
    let web = program("web", counts(60, 30), &["src/main.rs"]);
    let deployables = vec![web, program("worker", counts(60, 20), &["src/main.rs"]), role];
    Report { deployables, deploys: Some(deploys), ..report(Vec::new()) }
}

#[test]
fn splits_that_save_deploys_are_shown_with_their_crates_and_cuts() {
    let mut report = with_deploys();
    report.deployables[0].does = vec![RoleKind::Server];
    let krate = |name: &str, lines, programs: &[&str]| DeploySplitCrateReport {
        name: name.into(),
        modules: Vec::new(),
        lines,
        programs: programs.iter().map(|&name| name.to_owned()).collect(),
    };
    let split = DeploySplitReport {
        package: "common".into(),
        manifest: "common/Cargo.toml".into(),
        verdict: VerdictKind::Split,
        programs: 2,
        crates: vec![
            krate("common-web", 90, &["web"]),
            krate("common-jobs", 10, &["worker"]),
            krate("common", 0, &[]),
        ],
        cuts: Vec::new(),
        edits: 2,
        blockers: 0,
        redeployed_today: 1.2,
        after_split: 0.8,
        needed: 0.5,
        week: DeploySplitWeek {
            deploys: 20.0,
            saved_min: 40.0,
            deploy_s: 120.0,
            deploy_s_assumed: true,
            asked_min: 5.4,
            work_h: 4.7,
            payback_weeks: 52.0,
        },
    };
    report.deploys.as_mut().unwrap().splits = vec![split];
    let text = plain(|out| terminal::analysis(&report, &mut Screen::new(out, 100)));
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    let said = "apart by who runs what, `common` saves 20 deploys a week, at 2 min 0 s (assumed) each; that gives its work back.";
    assert!(text.contains(said), "{text}");
    assert!(text.contains("common common-web: 1, common-jobs: 1 0 20.0 40 5"), "{text}");
}

#[test]
fn deploys_are_for_services_and_roles_for_those_with_code_of_their_own() {
    let screen = |report: &Report| plain(|out| terminal::analysis(report, &mut Screen::new(out, 100)));
    let mut report = with_deploys();
    // Nothing says that these are more than tools that people install.
    assert!(!screen(&report).contains("Deploys"));
    report.deployables[0].does = vec![RoleKind::Server];
    let text = screen(&report);
    assert!(text.contains("An average commit deploys 1.2 of 2 programs again"), "{text}");
    assert!(text.contains("worker             30.0    10.0     1 of 2"), "{text}");
    assert!(!text.contains("web loop") && text.contains("… and 1 more"), "{text}");
    report.deployables[0].does = Vec::new();
    let what = "CMD [\"web\", \"loop\"]".to_owned();
    let evidence =
        EvidenceReport { file: "Dockerfile".into(), line: 3, what, kind: Some(EvidenceKind::Starts) };
    report.deployables[2].evidence = vec![evidence];
    let text = screen(&report);
    assert!(text.contains("web loop") && !text.contains("1 more"), "{text}");
}

#[test]
fn roles_that_are_started_come_first_then_those_that_serve_then_the_larger() {
    let mut report = with_deploys();
    let loops = report.deployables.pop().unwrap();
    let evidence = |kind| EvidenceReport { file: "compose.yml".into(), line: 3, what: String::new(), kind };
    for (name, does, started, files) in [
        ("ticker", RoleKind::Scheduler, false, 90),
        ("small", RoleKind::Server, false, 10),
        ("large", RoleKind::Consumer, false, 20),
        ("worker", RoleKind::Scheduler, true, 5),
    ] {
        report.deployables.push(DeployableReport {
            name: format!("web {name}"),
            role: Some(name.into()),
            does: vec![does],
            evidence: vec![evidence(started.then_some(EvidenceKind::Starts))],
            files: (0..files).map(|n| format!("src/{n}.rs")).collect(),
            own_files: vec!["src/0.rs".into()],
            ..loops.clone()
        });
    }
    let all = split_analyzer::report::most_needless_deploys(&report);
    let names: Vec<&str> = all.iter().map(|(of, _)| of.name.as_str()).collect();
    assert_eq!(names[2..], ["web worker", "web large", "web small", "web ticker"]);
}

#[test]
fn a_split_on_the_terminal() {
    let report = report(vec![
        package("shop", VerdictKind::Split, Some(plan(4, 2))),
        package("tools", VerdictKind::Keep, None),
    ]);
    insta::assert_snapshot!(plain(|out| terminal::analysis(&report, &mut Screen::new(out, 100))));
}

#[test]
fn a_large_tangle_on_the_terminal() {
    insta::assert_snapshot!(plain(|out| terminal::analysis(
        &large(VerdictKind::UntangleFirst),
        &mut Screen::new(out, 100)
    )));
}

#[test]
fn nothing_to_do_on_the_terminal() {
    let packages = (0..12).map(|i| package(&format!("small-{i}"), VerdictKind::Keep, None)).collect();
    let mut report = report(packages);
    report.deployables.clear();
    report.diagnostics.clear();
    report.levers.clear();
    insta::assert_snapshot!(plain(|out| terminal::analysis(&report, &mut Screen::new(out, 100))));
}

#[test]
fn a_plan_that_was_asked_for_is_shown_whatever_the_verdict() {
    let report = report(vec![package("shop", VerdictKind::Keep, Some(plan(3, 0)))]);
    let text = plain(|out| terminal::analysis(&report, &mut Screen::new(out, 100)));
    assert!(text.starts_with("Keep `shop` in one piece. 120 lines: too small"), "{text}");
    assert!(text.contains("all the same") && text.contains("shop-core"), "{text}");
    assert_eq!(text.matches("too small").count(), 1, "{text}");
}

#[test]
fn no_package_at_all() {
    let text = plain(|out| terminal::analysis(&report(Vec::new()), &mut Screen::new(out, 100)));
    assert!(text.starts_with("Nothing to split"), "{text}");
}

#[test]
fn the_terminal_answer_fits_one_screen() {
    use VerdictKind::{Keep, MeasureFirst, Split, UntangleFirst};
    for kind in [Split, UntangleFirst, MeasureFirst, Keep] {
        let text = plain(|out| terminal::analysis(&large(kind), &mut Screen::new(out, 100)));
        let lines: Vec<_> = text.lines().collect();
        assert!(lines.len() <= 40, "{} lines for {kind:?}:\n{text}", lines.len());
        for line in lines {
            assert!(line.chars().count() <= 100, "too wide: {line}");
        }
    }
}

#[test]
fn an_open_answer_says_what_settles_it() {
    let commands = "Run `split-advisor measure`, then `analyze --costs costs.json`: ";
    let mut open = package("shop", VerdictKind::MeasureFirst, Some(plan(3, 0)));
    let odds = "Measure before you split `shop`. It pays in 43 % of the cases that the errors of the figures allow. ";
    type Change = fn(&mut Settle);
    let cases: [(Change, String); 3] = [
        (
            |_| {},
            format!(
                "{odds}{commands}if a clean `cargo build` of the crates here takes more than 12.0 s (5.2 s predicted), \
                 split it into 3 crates, else keep it."
            ),
        ),
        (
            |settle| settle.above_s = None,
            format!(
                "{odds}{commands}how the seconds fall on its modules decides, and the answer will be to split it into 3 \
                 crates or to keep it."
            ),
        ),
        (
            |settle| settle.commands.clear(),
            format!(
                "{odds}Everything is measured that can be: split it into 3 crates on a branch, and time a clean \
                 `cargo build` (5.2 s today)."
            ),
        ),
    ];
    for (change, expected) in cases {
        change(open.verdict.settle.as_mut().unwrap());
        assert_eq!(sentences::headline(&report(vec![open.clone()])), expected);
    }
}

#[test]
fn at_any_width_lines_fit_and_names_are_whole() {
    let mut package = package("shop", VerdictKind::UntangleFirst, Some(plan(4, 4)));
    let plan = package.plan.as_mut().unwrap();
    plan.crates[1].name = "shop-with-a-name-that-is-longer-than-most".into();
    plan.crates[2].depends_on = vec![plan.crates[1].name.clone()];
    let (long, cut) = (plan.crates[1].name.clone(), plan.cuts[0].clone());
    let report = report(vec![package]);
    for columns in [60, 80, 100, 140, 200, 1000] {
        let text = plain(|out| terminal::analysis(&report, &mut Screen::new(out, columns)));
        let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= columns.min(200), "{widest} of {columns}:\n{text}");
        assert!(!text.lines().any(|line| line.ends_with('…')), "{columns}:\n{text}");
        // Where a line has no room, a name goes on in the next one.
        let joined: String = text.lines().map(str::trim).collect();
        for name in [&cut.from, &cut.to].map(|name| name.replace(' ', "")) {
            assert!(joined.replace(' ', "").contains(&name), "{columns}: {name}\n{text}");
        }
        assert!(columns < 100 || text.contains(&long), "{columns}:\n{text}");
    }
}

#[test]
fn what_is_kept_says_how_near_it_was() {
    let weighed = |name: &str, saved_min| {
        let mut package = package(name, VerdictKind::Keep, None);
        package.verdict.week = Some(week(saved_min, 4.6));
        package
    };
    let report =
        report(vec![weighed("far", 0.3), weighed("near", 3.1), package("small", VerdictKind::Keep, None)]);
    assert_eq!(
        sentences::headline(&report),
        "Keep it as it is: no split of any of the 3 packages with a library or a program would pay. The nearest is `near`: it saves 3.1 of the 4.6 min \
         a week that would pay for its work."
    );
}

#[test]
fn a_report_in_markdown() {
    let report = report(vec![
        package("shop", VerdictKind::UntangleFirst, Some(plan(4, 13))),
        package("tools", VerdictKind::Keep, None),
    ]);
    insta::assert_snapshot!(plain(|out| markdown::analysis(&report, out)));
}

#[test]
fn a_summary_fits_a_pull_request() {
    let hostile = "<details>|`@user #1 ".repeat(200);
    let mut wild = package(&hostile, VerdictKind::UntangleFirst, Some(plan(40, 90)));
    wild.plan.as_mut().unwrap().crates.iter_mut().for_each(|krate| krate.name = hostile.clone());
    let many: Vec<_> = (0..300).map(|_| package(&hostile, VerdictKind::Keep, None)).collect();
    let usual = vec![
        package("shop", VerdictKind::UntangleFirst, Some(plan(4, 13))),
        package("tools", VerdictKind::Keep, None),
    ];
    for (packages, whole) in [(usual, true), (vec![wild], false), (many, false), (Vec::new(), false)] {
        let report = report(packages);
        let text = plain(|out| markdown::summary(&report, out));
        assert!(text.len() < 4_000, "{} bytes:\n{text}", text.len());
        let folds = |tag: &str| text.lines().filter(|line| line.starts_with(tag)).count();
        assert_eq!(folds("<details>"), folds("</details>"), "{text}");
        if whole {
            insta::assert_snapshot!("a_summary_in_markdown", text);
        }
    }
}

/// Names that try to break out of each format.
const HOSTILE: &str = "a\u{1b}[31m\u{202e}\"]; x -> y\n<script>|`*_#@user&\\";

fn hostile_graph() -> GraphReport {
    let node = |id, path: &str| GraphNode {
        id,
        path: path.into(),
        name: None,
        package: HOSTILE.into(),
        kind: Some("fn".into()),
        file: Some(HOSTILE.into()),
        line: Some(1),
        lines: 12,
        fan_in: 1,
        fan_out: 1,
        fan_in_below: None,
        fan_out_below: None,
    };
    let edge = |from, to, test_weight| GraphEdge {
        from,
        to,
        weight: 3,
        test_weight,
        guessed: 0,
        kinds: BTreeMap::from([("call".to_owned(), 3)]),
    };
    GraphReport {
        schema_version: SCHEMA_VERSION,
        level: Level::Item,
        root: ".".into(),
        nodes: vec![node(0, "a::f"), node(1, HOSTILE)],
        edges: vec![edge(0, 1, 0), edge(1, 0, 3)],
        unresolved: None,
    }
}

#[test]
fn graphs_in_every_format() {
    let graph = hostile_graph();
    insta::assert_snapshot!("graph.dot", plain(|out| dot::write(&graph, out)));
    insta::assert_snapshot!("graph.mermaid", plain(|out| mermaid::write(&graph, out)));
    insta::assert_snapshot!("graph.graphml", plain(|out| graphml::write(&graph, out)));
    let text = plain(|out| json::write_compact(&graph, out));
    assert_eq!(serde_json::from_str::<GraphReport>(&text).unwrap(), graph);
}

#[test]
fn the_graphml_can_be_read_back() {
    let text = plain(|out| graphml::write(&hostile_graph(), out));
    let mut reader = quick_xml::Reader::from_str(&text);
    let mut names = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Start(tag) => names.push(tag.name().as_ref().to_owned()),
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(names.iter().filter(|n| *n == "node").count(), 2);
    assert_eq!(names.iter().filter(|n| *n == "edge").count(), 2);
}

#[test]
fn hostile_names_stay_text() {
    let mut report = report(vec![package(HOSTILE, VerdictKind::Split, Some(plan(3, 1)))]);
    report.packages[0].verdict.causes[0].detail = HOSTILE.into();
    report.diagnostics[0].message = HOSTILE.into();
    let text = plain(|out| terminal::analysis(&report, &mut Screen::new(out, 100)));
    assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text}");
    let text = plain(|out| markdown::analysis(&report, out));
    assert!(!text.contains("<script>|"), "{text}");
    for line in text.lines().filter(|l| l.contains("script")) {
        let outside: String = line.split('`').step_by(2).collect();
        assert!(!outside.contains("<script>") || line.contains("`` "), "{line}");
    }
}

#[test]
fn text_is_escaped_for_markdown() {
    for (text, escaped) in [
        ("a_b*c", "a\\_b\\*c"),
        ("<b>&", "&lt;b&gt;&amp;"),
        ("x|y", "x\\|y"),
        ("@team #12", "&#64;team &#35;12"),
        ("a\nb\u{7}", "a b\u{fffd}"),
        ("http://x", "http:&#47;/x"),
    ] {
        assert_eq!(escape::markdown(text), escaped);
    }
    for (text, code) in
        [("a::b", "`a::b`"), ("a`b", "`` a`b ``"), ("a``b", "``` a``b ```"), ("a|b", "`a\\|b`")]
    {
        assert_eq!(escape::code(text), code);
    }
}

#[test]
fn numbers_are_for_people() {
    for (n, text) in [
        (0_u32, "0"),
        (999, "999"),
        (1000, "1.0 k"),
        (9_949, "9.9 k"),
        (9_950, "10 k"),
        (45_200, "45 k"),
        (999_499, "999 k"),
        (1_234_567, "1.2 M"),
    ] {
        assert_eq!(words::number(n), text);
    }
    for (s, text) in [
        (0.0, "0 ms"),
        (-0.0, "0 ms"),
        (0.04, "40 ms"),
        (0.1, "0.1 s"),
        (12.34, "12.3 s"),
        (99.9, "99.9 s"),
        (99.96, "1 min 40 s"),
        (119.7, "2 min 0 s"),
    ] {
        assert_eq!(words::seconds(s), text);
    }
    for (p, text) in
        [(0.0, "0 %"), (0.04, "0 %"), (0.5, "0.5 %"), (0.96, "1 %"), (31.4, "31 %"), (-3.0, "−3 %")]
    {
        assert_eq!(words::percent(p), text);
    }
    for (before, after, text) in
        [(0.69, 0.284, "690→284 ms"), (8.94, 6.1, "8.9→6.1 s"), (40.4, 9.6, "40→10 s")]
    {
        assert_eq!(words::change_s(before, after), text);
    }
    assert_eq!(words::change_percent(12.4), "−12 %");
    assert_eq!(words::change_percent(-12.4), "+12 %");
    assert_eq!(words::sentence("it pays"), "It pays.");
    assert_eq!(words::sentence("`a` pays."), "`a` pays.");
    assert_eq!(words::counted(1_u32, "dependency"), "1 dependency");
    assert_eq!(words::counted(2_u32, "dependency"), "2 dependencies");
    assert_eq!(words::counted(0_u32, "crate"), "0 crates");
}

#[test]
fn long_text_is_cut_and_wrapped() {
    assert_eq!(words::end_cut("abcdef", 4), "abc…");
    assert_eq!(words::wrap("one two three", 7), ["one two", "three"]);
    assert_eq!(words::wrap("", 7), [""]);
    // Nothing is lost at any width, numbers keep their units, and long names break at their joints.
    assert_eq!(words::wrap("saves 31 % of 1.4 s.", 10), ["saves 31 %", "of 1.4 s."]);
    assert_eq!(words::wrap("in a::bcd::efg", 8), ["in", "a::bcd::", "efg"]);
    assert_eq!(words::wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
    assert_eq!(words::listed(&["a", "b", "c"], 2), "a, b (+1)");
}

fn explanation(references: Vec<Place>, chain: Vec<Place>) -> ExplainReport {
    let side = |name: &str| Explained { name: name.into(), kind: SelectionKind::Module, items: 3 };
    ExplainReport {
        schema_version: SCHEMA_VERSION,
        from: side("shop::orders"),
        to: side("shop::billing"),
        references,
        modules: Vec::new(),
        names_taken: Vec::new(),
        chain,
    }
}

fn taking(names: &[u32], explained: ExplainReport) -> ExplainReport {
    let name = |line: u32| NameTaken {
        file: "src/orders.rs".into(),
        line,
        from: "shop::orders::place".into(),
        module: "shop::billing".into(),
        test: line > 9,
    };
    ExplainReport { names_taken: names.iter().copied().map(name).collect(), ..explained }
}

fn place(line: u32, test: bool) -> Place {
    Place {
        file: "src/orders.rs".into(),
        line,
        from: "shop::orders::place".into(),
        to: "shop::billing::Invoice".into(),
        kind: RefKind::Type,
        test,
        confidence: if line > 9 { Confidence::Guess } else { Confidence::Exact },
    }
}

#[test]
fn explanations() {
    let shown = |report: &ExplainReport| {
        plain(|out| terminal::explanation(report, false, &mut Screen::new(out, 100)))
    };
    let both = explanation(vec![place(4, false), place(12, true)], Vec::new());
    let takes = taking(&[5, 11], both.clone());
    let texts = [
        shown(&both),
        shown(&takes),
        shown(&taking(&[5], explanation(Vec::new(), Vec::new()))),
        shown(&taking(&[5], explanation(Vec::new(), vec![place(4, false)]))),
        plain(|out| markdown::explanation(&takes, out)),
        shown(&explanation(vec![place(4, true)], Vec::new())),
        shown(&explanation(Vec::new(), vec![place(4, false)])),
        shown(&explanation(Vec::new(), Vec::new())),
        plain(|out| markdown::explanation(&both, out)),
    ];
    insta::assert_snapshot!(texts.join("----\n"));
}

#[test]
fn many_references_are_summed_up_and_listed_only_if_asked_for() {
    let pair = |n: u32| ModuleReferences {
        from: format!("shop::orders::m{n}"),
        to: "shop::billing".into(),
        references: 41 - n,
        tests: n,
        file: "src/orders.rs".into(),
        line: 3,
    };
    let few =
        ExplainReport { modules: vec![pair(0), pair(1)], ..explanation(vec![place(4, false)], Vec::new()) };
    let many = ExplainReport { references: (1..=425).map(|n| place(n, false)).collect(), ..few.clone() };
    for (report, all, columns, lines, sums) in [
        (&few, false, 100, 1, true),
        (&many, false, 100, 0, true),
        (&many, false, 60, 0, true),
        (&many, true, 100, 425, true),
    ] {
        let text = plain(|out| terminal::explanation(report, all, &mut Screen::new(out, columns)));
        assert_eq!(text.lines().filter(|line| line.contains("→")).count(), lines, "{text}");
        assert_eq!(text.contains("shop::orders::m1"), sums, "{text}");
        assert_eq!(
            text.contains("--all lists the 425 references"),
            report.references.len() > 40 && !all,
            "{text}"
        );
        assert!(text.lines().all(|line| line.chars().count() <= columns), "{text}");
    }
}

#[test]
fn simulated_builds() {
    let mut builds = Vec::new();
    for (mode, work) in [(Mode::Check, 20.0), (Mode::Release, 90.0)] {
        for jobs in [1, 8] {
            builds.push(SimulatedBuild {
                workspace: ".".into(),
                scenario: Scenario::Clean,
                mode,
                jobs,
                units: 42,
                makespan_s: interval(work / f64::from(jobs) + 2.0),
                work_s: work,
                parallelism: 3.4,
                critical_path: vec![CriticalUnit {
                    name: "core (lib)".into(),
                    start_s: 0.0,
                    metadata_s: 1.0,
                    end_s: 2.0,
                }],
            });
        }
    }
    let report = SimulationReport {
        tests: None,
        schema_version: SCHEMA_VERSION,
        source: CostSource::Modelled,
        costs: CostsReport {
            source: CostSource::Modelled,
            modes: vec![mode_cost(Mode::Check), mode_cost(Mode::Release)],
            ..CostsReport::default()
        },
        cache: Cache::None,
        edits_by_history: false,
        builds,
    };
    let terminal = plain(|out| terminal::simulation(&report, &mut Screen::new(out, 100)));
    let markdown = plain(|out| markdown::simulation(&report, out));
    insta::assert_snapshot!(format!("{terminal}----\n{markdown}"));
}

#[test]
fn candidates_are_listed_in_markdown() {
    let mut package = package("shop", VerdictKind::Split, Some(plan(3, 0)));
    package.frontier = vec![Candidate { crates: 3, recommended: true, ..candidate() }];
    let text = plain(|out| markdown::analysis(&report(vec![package]), out));
    assert!(text.contains("| 3 | 0 | 1 | 2 | 0 | 4 | 0 | 20 % | 30 % | **recommended** |"), "{text}");
}

#[test]
fn what_lies_among_fixtures_is_no_headline() {
    let auxiliary = |name: &str, kind| PackageReport {
        auxiliary: true,
        savings: vec![saving(Scenario::Clean, Mode::Check, 30.0)],
        ..package(name, kind, None)
    };
    let keep = || package("shop", VerdictKind::Keep, None);
    let cases = [
        (
            vec![keep(), keep()],
            "Keep it as it is: no split of any of the 2 packages with a library or a program would pay.",
        ),
        (
            vec![keep(), keep(), auxiliary("tangled", VerdictKind::Keep)],
            "Keep it as it is: no split of any of the 3 packages with a library or a program would pay.",
        ),
        (
            vec![keep(), keep(), auxiliary("tangled", VerdictKind::UntangleFirst)],
            "Keep it as it is: no split of any of the 2 packages would pay, tests, fixtures and examples aside. To be \
             untangled first: `tangled` in `tangled` (a clean `cargo check` −30 %).",
        ),
    ];
    for (packages, expected) in cases {
        let report = report(packages);
        let mut said = vec![sentences::headline(&report)];
        said.extend(sentences::others(&report));
        assert_eq!(said.join(" "), expected);
    }
}

#[test]
fn alternatives_are_the_small_plan_with_most_of_the_gain_and_the_larger_one_that_gains_more() {
    let of = |crates, clean_saved_pct, recommended| Candidate {
        crates,
        cuts: 0,
        clean_saved_pct,
        edit_saved_pct: 0.0,
        recommended,
        ..candidate()
    };
    let cases: [(&[Candidate], Option<&str>); 5] = [
        (&[of(9, 20.0, true)], None),
        (
            &[
                of(2, 3.0, false),
                of(5, 17.0, false),
                of(8, 19.0, false),
                of(9, 20.0, true),
                of(12, 20.4, false),
            ],
            Some("`--crates 5`, nothing to cut: clean build −17 %, after an edit 0 %."),
        ),
        (
            &[of(2, 3.0, false), of(4, 9.0, false), of(9, 20.0, true), of(12, 25.0, false)],
            Some(
                "`--crates 4`, nothing to cut: clean build −9 %, after an edit 0 %; `--crates 12`, nothing to cut: clean \
                 build −25 %, after an edit 0 %.",
            ),
        ),
        (&[of(2, -3.0, false), of(9, 20.0, true)], None),
        (&[of(2, -3.0, false), of(9, -5.0, true), of(12, -7.0, false)], None),
    ];
    for (frontier, expected) in cases {
        let mut package = package("shop", VerdictKind::Split, Some(plan(3, 0)));
        package.frontier = frontier.to_vec();
        assert_eq!(sentences::alternatives(&package).as_deref(), expected);
    }
}

fn candidate() -> Candidate {
    Candidate {
        crates: 2,
        cuts: 1,
        edits: 0,
        re_exports: 0,
        cut_references: 2,
        items_moved: 0,
        visibility: 4,
        blockers: 0,
        back_edge_share: 0.01,
        clean_saved_pct: 20.0,
        edit_saved_pct: 30.0,
        recommended: false,
    }
}

/// A plan leaves half of it, of so many programs.
fn repeated(mode: Mode, count: f64, planned: Option<u32>) -> RepeatedReport {
    let work = |all, factor: f64| RepeatedWorkReport {
        all,
        programs: Distribution { p50: factor * count, p90: 2.0 * factor * count, mean: factor * count },
        seconds: Distribution { p50: 3.0 * factor, p90: 9.0 * factor, mean: 4.0 * factor },
        week_min: Some(30.0 * factor),
    };
    RepeatedReport { mode, today: work(9, 1.0), planned: planned.map(|all| work(all, 0.5)) }
}

/// Commits of a repository with a plan; `everything` for one whose root manifest dominates.
fn commits(planned: bool, everything: bool) -> CommitsReport {
    let distribution = |p50: f64| Distribution { p50, p90: 3.0 * p50, mean: 1.5 * p50 };
    let build = |scenario, mode, s: f64| ReplayedBuildReport {
        scenario,
        mode,
        today: distribution(s),
        planned: planned.then(|| distribution(0.5 * s)),
    };
    let file = |path: &str, commits| CostlyFileReport {
        path: path.into(),
        commits,
        packages: 12,
        ci_s: 9.5,
        share: 0.25,
    };
    CommitsReport {
        replayed: 480,
        looked_at: 900,
        of_nothing: 20,
        gone_files: 3,
        unplaced: 0,
        first_time: 1_700_000_000,
        last_time: 1_710_000_000,
        per_week: Some(23.0),
        edits_per_commit: 10.0,
        cache: split_analyzer::simulate::Cache::Crate,
        packages: 12,
        packages_rebuilt: distribution(3.0),
        packages_rebuilt_planned: planned.then(|| distribution(2.0)),
        tests: distribution(5.0),
        programs: distribution(1.0),
        retests: Some(repeated(Mode::Test, 4.0, planned.then_some(11))),
        relinks: Some(repeated(Mode::Dev, 2.0, planned.then_some(9))),
        plans: if planned { vec!["shop".into()] } else { Vec::new() },
        builds: vec![
            build(ReplayedScenario::Edit, Mode::Check, 2.0),
            build(ReplayedScenario::Ci, Mode::Check, 8.0),
        ],
        week: Some(ReplayedWeek {
            edits_min: 52.0,
            ci_min: 41.0,
            edits_planned_min: planned.then_some(26.0),
            ci_planned_min: planned.then_some(20.5),
        }),
        files: vec![file("Cargo.lock", 99), file("src/lib.rs", 1)],
        costly_packages: Vec::new(),
        everything: if everything { vec![file("Cargo.toml", 60)] } else { Vec::new() },
        everything_share: if everything { 0.62 } else { 0.1 },
        owners: planned.then(|| OwnersReport {
            file: Some(".github/CODEOWNERS".into()),
            skipped: 0,
            crossing: Some(40),
            crossing_planned: Some(25),
            crates: Vec::new(),
            parted: Vec::new(),
        }),
        together: Some(TogetherReport {
            least_commits: 5,
            least_share: 0.5,
            bulk_files: 30,
            bulk_commits: 7,
            found: 4,
            pairs: vec![TogetherPair {
                files: ["src/a.rs".into(), "src/b.rs".into()],
                commits: 9,
                share: 0.75,
                tied: false,
                parted: planned,
            }],
        }),
    }
}

#[test]
fn commits_in_sentences() {
    let said = |commits: CommitsReport| {
        let mut report = report(vec![package("shop", VerdictKind::Keep, None)]);
        report.commits = Some(commits);
        super::prose::commits::summary(&report).unwrap()
    };
    assert_eq!(
        said(commits(true, false)),
        "Of the last 480 that concern a build (23 a week), a median one compiles 3 of the 12 packages of its workspace again, one in ten 9 or more. \
         After it `cargo check` takes 2.0 s (one in ten: 6.0 s) incrementally, and 8.0 s (24.0 s) in CI that keeps what did not \
         change; with the plan 1.0 s (3.0 s) and 4.0 s (12.0 s). A week of edits takes 52 min → 26 min (10 for each commit), one \
         of CI 41 min → 20 min. `cargo test --no-run` builds 4 of 9 test programs again (one in ten: 8) in 3.0 s, 30 min a week; with \
         the plan 2 of 11 test programs again (one in ten: 4) in 1.5 s, 15 min a week. `cargo build` links 2 of 9 programs (one in \
         ten: 4) in 3.0 s, 30 min a week; with the plan 1 of 9 programs (one in ten: 2) in 1.5 s, 15 min a week. Most costly to change: `Cargo.lock` (99 commits, up to 12 packages), `src/lib.rs` (1 commit, up \
         to 12 packages). By `.github/CODEOWNERS` 40 of them change packages of several owners, with the plan 25. The plan parts \
         1 pair of files that change together (in 5 commits or more and 50 % of those of the one that changes less often; 7 commits of \
         more than 30 files left out): `src/a.rs` and `src/b.rs` (9 commits)."
    );
    let without = said(commits(false, true));
    let everything = "62 % of the cost are commits of which one file alone compiles everything again: `Cargo.toml` (60 commits, \
                      up to 12 packages).";
    assert!(without.contains(everything), "{without}");
    assert!(!without.contains("plan") && !without.contains("together"), "{without}");
    let mut single = commits(false, false);
    (single.replayed, single.packages, single.per_week, single.week) = (1, 1, None, None);
    single.packages_rebuilt = Distribution { p50: 1.0, p90: 1.0, mean: 1.0 };
    let single = said(single);
    assert!(
        single.starts_with("The last one that concerns a build compiles its package again. After it"),
        "{single}"
    );
    let mut report = report(vec![package("shop", VerdictKind::Keep, None)]);
    report.commits = Some(commits(true, false));
    let text = plain(|out| markdown::analysis(&report, out));
    for part in [
        "## What commits compile again",
        "| CI, in full | `cargo check` | 8.0 s | 24.0 s | 4.0 s | 12.0 s |",
        "| `Cargo.lock` | 99 | 12 | 9.5 s | 25 % |",
        "4 pairs of files change together, though neither refers to the other or a plan parts them (in 5 commits or more",
        "| tests built again, with the plan | 11 | 2 | 4 | 1.5 s | 4.5 s | 15 min |",
        "| `src/a.rs` | `src/b.rs` | 9 | 75 % | parted by the plan |",
    ] {
        assert!(text.contains(part), "{text}");
    }
}
