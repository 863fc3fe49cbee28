//! What the fuzz targets in `analyzer/fuzz` call: every door for text and bytes that a repository, a build or a user hands
//! over, without a disk. Only with `--cfg fuzzing` and in tests; nobody else may rely on it.
#![allow(missing_docs, reason = "each function is the target of its name")]

use std::path::Path;
use std::sync::OnceLock;

use crate::budget::Watch;
use crate::cluster::{ClusterOptions, ClusterReport, cluster, parse};
use crate::cost::built::built;
use crate::cost::import::{CostInput, parse_test_times};
use crate::cost::{Costs, Mode};
use crate::diagnostic::Code;
use crate::discover::{
    BuiltDir, BuiltDirs, CfgExpr, CfgSet, Dependency, DependencyKind, Edition, LockedPackage, Output,
    Package, Repository, Stamp, StampedUnit, Target, TargetKind, Workspace, fuzzing as discovered,
};
use crate::graph::{Level, item_graph};
use crate::ids::{IdVec, LockedId, PackageId, TargetId, WorkspaceId};
use crate::parse::SourceTree;
use crate::plan::{PlanFile, PlanInput, PlanOptions, WhatIfOptions, advise, levers, what_if};
use crate::report::{Report, ReportInput, Settings, SimulationReport, build, plan_file, plan_toml};
use crate::{Codebase, Diagnostic, Error, Result, SimulateOptions, deploy, history};

/// Files of a text: a line `//- path` begins one. What comes before the first is the file `first`.
fn files(text: &str, first: &str) -> Vec<(String, String)> {
    let mut files = vec![(first.to_owned(), String::new())];
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("//- ") {
            Some(path) => files.push((path.trim().to_owned(), String::new())),
            None => files.iter_mut().last().into_iter().for_each(|(_, text)| text.push_str(line)),
        }
    }
    files
}

/// Any: the mutator changes it with the length.
fn edition_of(text: &str) -> Edition {
    [Edition::E2015, Edition::E2018, Edition::E2021, Edition::E2024][text.len() % 4]
}

/// Two packages, `low` and `top` on top of it, with the files of a text.
fn codebase_of(text: &str, edition: Edition) -> Codebase {
    let files = files(text, "top/src/lib.rs");
    let repository = repository(edition, &files);
    let (sources, found) = SourceTree::of_texts(&files, edition);
    let (resolution, mut diagnostics) =
        crate::resolve::resolve_within(&repository, &sources, &Watch::default());
    diagnostics.extend(found);
    no_bug(&diagnostics);
    let graph = item_graph(&resolution);
    Codebase { repository, resolution, graph, built: Default::default(), diagnostics }
}

fn repository(edition: Edition, files: &[(String, String)]) -> Repository {
    let kinds = [
        ("low", "low", TargetKind::Lib, "low/src/lib.rs"),
        ("top", "top", TargetKind::Lib, "top/src/lib.rs"),
        ("top", "app", TargetKind::Bin, "top/src/main.rs"),
        ("top", "it", TargetKind::Test, "top/tests/it.rs"),
    ];
    let mut packages: IdVec<PackageId, Package> =
        ["low", "top"].map(|name| package(name, edition)).into_iter().collect();
    let mut targets: IdVec<TargetId, Target> = IdVec::new();
    for (of, name, kind, src) in kinds {
        if files.iter().any(|(path, _)| path == src) {
            let package = PackageId(u32::from(of == "top"));
            packages[package].targets.push(targets.push(target(package, name, kind, src, edition)));
        }
    }
    packages[PackageId(1)].dependencies.push(dependency());
    let locked = |name: &str, external: bool, dependencies: Vec<LockedId>| LockedPackage {
        source: external.then(|| "registry+https://github.com/rust-lang/crates.io-index".to_owned()),
        ..LockedPackage::new(name, "1.0.0", dependencies)
    };
    let mut lock: Vec<LockedPackage> = (0..20).map(|i| locked(&format!("e{i}"), true, vec![])).collect();
    for (id, name) in [(0, "low"), (1, "top")] {
        let package = Some(PackageId(id));
        let needs = if id == 0 { LockedId(0) } else { LockedId(20) };
        lock.push(LockedPackage { package, ..locked(name, false, vec![needs]) });
    }
    let workspace = Workspace {
        dir: String::new(),
        members: packages.ids().collect(),
        locked: lock.into(),
        profiles: Default::default(),
    };
    Repository {
        workspaces: vec![workspace].into(),
        packages,
        targets,
        rust_files: files.iter().map(|(path, _)| path.clone()).collect(),
        deployment_files: Vec::new(),
        cfg: CfgSet::for_triple("x86_64-unknown-linux-gnu"),
        ..Repository::default()
    }
}

fn package(name: &str, edition: Edition) -> Package {
    Package {
        name: name.to_owned(),
        version: "1.0.0".to_owned(),
        manifest: format!("{name}/Cargo.toml"),
        dir: name.to_owned(),
        workspace: WorkspaceId(0),
        edition,
        features: [("on".to_owned(), Vec::new()), ("off".to_owned(), Vec::new())].into(),
        enabled_features: ["on".to_owned()].into(),
        dependencies: Vec::new(),
        targets: Vec::new(),
        publishable: true,
        links: None,
    }
}

fn target(package: PackageId, name: &str, kind: TargetKind, src: &str, edition: Edition) -> Target {
    Target {
        package,
        name: name.to_owned(),
        crate_name: name.to_owned(),
        kind,
        src: src.to_owned(),
        edition,
        required_features: Vec::new(),
        enabled: true,
        tested: true,
        doctested: true,
    }
}

fn dependency() -> Dependency {
    Dependency {
        extern_name: "low".to_owned(),
        package: "low".to_owned(),
        local: Some(PackageId(0)),
        kind: DependencyKind::Normal,
        optional: false,
        enabled: true,
        target: None,
        features: Vec::new(),
        default_features: true,
        switched_features: Vec::new(),
    }
}

/// A codebase for what needs one.
fn shop() -> &'static Codebase {
    static SHOP: OnceLock<Codebase> = OnceLock::new();
    SHOP.get_or_init(|| apart(|| codebase_of(include_str!("../fuzz/seeds/source/shop"), Edition::E2024)))
}

/// On a thread of no pool. A pool's thread takes up other work while it waits for a part of its own, and other work that
/// needs the very value which is being made would wait for ever.
#[cfg(not(fuzzing))]
fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| scope.spawn(work).join()).expect("it made the value")
}

/// Where a target runs there is no other work.
#[cfg(fuzzing)]
fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    alone();
    work()
}

/// Makes libFuzzer's thread the only one of the pool. An input takes less time than handing work to another thread and waiting for
/// a processor, and one thread does things in the same order each time.
#[cfg(fuzzing)]
fn alone() {
    static ALONE: OnceLock<()> = OnceLock::new();
    ALONE.get_or_init(|| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global();
        pool.expect("no pool before");
    });
}

fn costs(codebase: &Codebase) -> Vec<Costs> {
    codebase.costs(&Mode::FITTED)
}

fn input<'a>(codebase: &'a Codebase, costs: &'a [Costs]) -> PlanInput<'a> {
    let Codebase { repository, resolution, graph, .. } = codebase;
    PlanInput { repository, resolution, graph, costs, history: None }
}

fn simulate(codebase: &Codebase, costs: Vec<CostInput>) {
    let options = SimulateOptions { jobs: vec![1, 4], costs, ..SimulateOptions::default() };
    simulated(codebase.simulate(&options, None));
}

fn simulated(result: Result<SimulationReport>) {
    match result {
        Ok(report) => drop(json(&report)),
        Err(bug @ Error::Bug { .. }) => panic!("{bug}"),
        Err(_) => {}
    }
}

/// Stages catch their own panics.
fn no_bug(diagnostics: &[Diagnostic]) {
    let bug = diagnostics.iter().find(|problem| problem.code == Code::Bug);
    assert!(bug.is_none(), "{bug:?}");
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("reports are JSON")
}

/// With room for deeply nested code: on a thread that is always the same, since making one takes longer than most inputs.
#[cfg(not(fuzzing))]
fn deep(work: impl FnOnce() + Send) {
    static POOL: OnceLock<rayon::ThreadPool> = OnceLock::new();
    let pool = || rayon::ThreadPoolBuilder::new().num_threads(1).stack_size(512 << 20).build();
    POOL.get_or_init(|| pool().expect("a thread")).install(work);
}

/// The process is started with such a stack (`split-benches fuzz`).
#[cfg(fuzzing)]
fn deep(work: impl FnOnce() + Send) {
    alone();
    work();
}

/// Source to references.
pub fn source(text: &str) {
    deep(|| references(text));
}

fn references(text: &str) {
    let codebase = codebase_of(text, edition_of(text));
    for level in [Level::Item, Level::Module, Level::File, Level::Crate] {
        json(&codebase.graph_report(level, true));
    }
    let _ = codebase.explain("top", "low");
}

/// Source to verdict, plan and report.
pub fn answer(text: &str) {
    deep(|| answered(text));
}

fn answered(text: &str) {
    let codebase = codebase_of(text, edition_of(text));
    let costs = costs(&codebase);
    let input = input(&codebase, &costs);
    let options = PlanOptions { package: Some(PackageId(1)), ..PlanOptions::default() };
    let (advice, diagnostics) = advise(&input, &options);
    no_bug(&diagnostics);
    let settings = Settings::default();
    let report = build(&ReportInput {
        candidate_services: &[],
        repository: &codebase.repository,
        resolution: &codebase.resolution,
        costs: &costs,
        advice: &advice,
        deployables: &deploy::deployables(&input),
        deploys: None,
        deploy_splits: &[],
        replay: None,
        levers: &levers(&input, &options),
        diagnostics: &diagnostics,
        settings: &settings,
    });
    json(&report);
    there_and_back(&report);
}

/// What is written of a report's plan can be read again.
fn there_and_back(report: &Report) {
    for package in &report.packages {
        let (Some(file), Some(text)) = (plan_file(Path::new("plan"), package), plan_toml(report, package))
        else {
            continue;
        };
        let read = PlanFile::parse(Path::new("plan"), &text).expect("what was written is a plan");
        assert_eq!(read.crates.len(), file.crates.len());
        planned(&file);
    }
}

/// A report that `what-if` takes a plan from.
pub fn report(text: &str) {
    if let Ok(report) = serde_json::from_str(text) {
        there_and_back(&report);
    }
}

/// What `cargo metadata` prints; on stderr if it begins with `error`.
pub fn metadata(text: &str) {
    if text.starts_with("error") {
        discovered::refusal(text);
    } else {
        discovered::metadata(text);
    }
}

/// Manifests, read without cargo.
pub fn manifests(text: &str) {
    discovered::manifests(&files(text, ""));
}

/// A lock file.
pub fn lock(text: &str) {
    discovered::locked(text);
}

/// `.cargo/config.toml`, and a manifest's profiles after it.
pub fn configuration(text: &str) {
    let files = files(text, "");
    discovered::configured(&files[0].1, files.get(1).map_or("", |(_, text)| text));
}

/// `plan.toml`.
pub fn plan(text: &str) {
    if let Ok(file) = PlanFile::parse(Path::new("plan.toml"), text) {
        planned(&file);
    }
}

fn planned(file: &PlanFile) {
    let codebase = shop();
    static COSTS: OnceLock<Vec<Costs>> = OnceLock::new();
    let costs = COSTS.get_or_init(|| apart(|| costs(codebase)));
    for assume_cuts in [false, true] {
        what_if(&input(codebase, costs), file, &WhatIfOptions { assume_cuts, ..WhatIfOptions::default() });
    }
}

/// `costs.json`.
pub fn costs_file(bytes: &[u8]) {
    simulate(shop(), vec![CostInput::Costs { path: "costs.json".into(), bytes: bytes.to_vec() }]);
}

/// A page of `cargo build --timings`, with the output of `-v` after a line `//- log`.
pub fn timings(text: &str) {
    let mut files = files(text, "").into_iter().map(|(_, text)| text.into_bytes());
    let (page, log) = (files.next().unwrap_or_default(), files.next());
    let log = log.map(|log| ("log".into(), log));
    simulate(shop(), vec![CostInput::Timings { path: "page".into(), bytes: page, log }]);
}

/// The log of `cargo -Zbuild-analysis`.
pub fn build_analysis(bytes: &[u8]) {
    simulate(shop(), vec![CostInput::BuildAnalysis { path: "log".into(), bytes: bytes.to_vec() }]);
}

/// JUnit, and lines of libtest.
pub fn test_times(bytes: &[u8]) {
    let Ok(times) = parse_test_times(Path::new("times"), bytes) else { return };
    let options = SimulateOptions { test_times: Some(times), ..SimulateOptions::default() };
    simulated(shop().simulate(&options, None));
}

/// What `git log` prints; `|` stands for NUL and `%` for the mark of a commit.
pub fn git_log(bytes: &[u8]) {
    let marked = |byte: &u8| match byte {
        b'|' => 0,
        b'%' => 1,
        other => *other,
    };
    history::of_log(&bytes.iter().map(marked).collect::<Vec<u8>>());
}

/// A graph for `cluster`.
pub fn graph(text: &str) {
    let Ok(graph) = parse(text) else { return };
    for (acyclic, count) in [(true, None), (false, None), (true, Some(2)), (false, Some(3))] {
        let options = ClusterOptions { acyclic, count, ..ClusterOptions::default() };
        json(&ClusterReport::new(&graph, &cluster(&graph.graph, &options)));
    }
}

/// Fingerprints in a target directory, one a line: package, file, hash, start, metadata, end, output, cargo's JSON.
pub fn fingerprints(text: &str) {
    let units: Vec<StampedUnit> = text.lines().filter_map(unit).collect();
    let dir = |profile: &str| BuiltDir {
        target_dir: "target".to_owned(),
        workspaces: vec![WorkspaceId(0)],
        profile_dir: profile.to_owned(),
        rustc: "rustc 1.95.0".to_owned(),
        units: units.clone(),
        ..BuiltDir::default()
    };
    let dirs = BuiltDirs { dirs: vec![dir("debug"), dir("release")], ..BuiltDirs::default() };
    let shop = shop();
    let mut found = shop.clone();
    found.built = built(&dirs, &shop.repository);
    simulate(&found, Vec::new());
}

fn unit(line: &str) -> Option<StampedUnit> {
    let mut words = line.splitn(8, ' ');
    let (package, file) = (words.next()?.to_owned(), words.next()?.to_owned());
    let hash = words.next()?.to_owned();
    let fingerprint = u64::from_str_radix(hash.get(..16.min(hash.len()))?, 16).ok()?;
    let mut stamp = || words.next()?.parse().ok().map(Stamp);
    let (started, metadata, ended) = (stamp(), stamp(), stamp()?);
    let output = match words.next()? {
        "metadata" => Output::Metadata,
        "code" => Output::Code,
        "dynamic" => Output::Dynamic,
        _ => Output::Gone,
    };
    let details = words.next()?.as_bytes().to_vec();
    let unit = StampedUnit {
        package,
        hash,
        file,
        fingerprint,
        details,
        started,
        ended,
        metadata,
        output,
        ..Default::default()
    };
    Some(unit)
}

/// A `cfg`.
pub fn cfg(text: &str) {
    let expression = CfgExpr::parse(text);
    expression.needs_test();
    let features = ["on".to_owned()].into();
    for triple in ["x86_64-unknown-linux-gnu", "x86_64-pc-windows-msvc", "nobody-knows"] {
        for test in [None, Some(true), Some(false)] {
            expression.eval(&CfgSet::for_triple(triple), &features, test);
        }
    }
}

/// Names that users give to `explain`.
pub fn names(text: &str) {
    let (from, to) = text.split_once('\n').unwrap_or((text, "top"));
    let _ = shop().explain(from, to);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;

    use super::*;
    use crate::base::random::Random;

    enum Door {
        Text(fn(&str)),
        Bytes(fn(&[u8])),
    }

    /// Each target by its name.
    const DOORS: [(&str, Door); 17] = [
        ("answer", Door::Text(answer)),
        ("build_analysis", Door::Bytes(build_analysis)),
        ("cfg", Door::Text(cfg)),
        ("configuration", Door::Text(configuration)),
        ("costs_file", Door::Bytes(costs_file)),
        ("fingerprints", Door::Text(fingerprints)),
        ("git_log", Door::Bytes(git_log)),
        ("graph", Door::Text(graph)),
        ("lock", Door::Text(lock)),
        ("manifests", Door::Text(manifests)),
        ("metadata", Door::Text(metadata)),
        ("names", Door::Text(names)),
        ("plan", Door::Text(plan)),
        ("report", Door::Text(report)),
        ("source", Door::Text(source)),
        ("test_times", Door::Bytes(test_times)),
        ("timings", Door::Text(timings)),
    ];

    /// Seeds, and what targets have found once: without nightly, each once.
    #[test]
    fn every_seed_passes_its_door() {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
        for (name, door) in &DOORS {
            let mut seeds = 0;
            for seed in fs::read_dir(dir.join("seeds").join(name)).unwrap() {
                let bytes = fs::read(seed.unwrap().path()).unwrap();
                match door {
                    Door::Text(door) => door(std::str::from_utf8(&bytes).unwrap()),
                    Door::Bytes(door) => door(&bytes),
                }
                seeds += 1;
            }
            assert!(seeds > 0, "{name} has no seed");
            assert!(dir.join(format!("targets/{name}.rs")).is_file(), "{name} is no target");
        }
        let targets = fs::read_dir(dir.join("targets")).unwrap();
        let names: BTreeSet<_> = targets.map(|target| target.unwrap().file_name()).collect();
        assert_eq!(names.len(), DOORS.len(), "{names:?}");
    }

    /// Seeds made wrong at random, blindly: libFuzzer finds more, and needs nightly.
    #[test]
    fn mutants_of_seeds_stop_at_no_door() {
        mutants(30, 1);
    }

    #[test]
    #[ignore = "takes long: for a machine without nightly"]
    fn many_mutants_of_seeds_stop_at_no_door() {
        mutants(20_000, 2);
    }

    fn below(random: &mut Random, count: usize) -> usize {
        (random.next() % count as u64) as usize
    }

    fn mutants(runs: usize, seed: u64) {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
        let files = |dir: &Path| -> Vec<Vec<u8>> {
            let mut paths: Vec<_> = fs::read_dir(dir).unwrap().map(|file| file.unwrap().path()).collect();
            paths.sort();
            paths.iter().map(|path| fs::read(path).unwrap()).collect()
        };
        let mut words: Vec<Vec<u8>> = files(&dir.join("dictionaries"))
            .iter()
            .flat_map(|file| file.split(|byte| *byte == b'\n'))
            .map(|line| {
                line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line).to_vec()
            })
            .collect();
        words.extend([b"\n".to_vec(), b"\"".to_vec(), vec![0xff]]);
        for (name, door) in &DOORS {
            let seeds = files(&dir.join("seeds").join(name));
            let mut random = Random::new(seed);
            for run in 0..runs {
                let mut bytes = seeds[below(&mut random, seeds.len())].clone();
                for _ in 0..=below(&mut random, 5) {
                    let other = match below(&mut random, 3) {
                        0 => &words[below(&mut random, words.len())],
                        1 => &seeds[below(&mut random, seeds.len())],
                        _ => &Vec::new(),
                    };
                    // What stands between two places gives way to a piece of the other.
                    let (at, from) =
                        (below(&mut random, bytes.len() + 1), below(&mut random, other.len() + 1));
                    let until = (at + below(&mut random, 12)).min(bytes.len());
                    let to = if other.len() < 30 {
                        other.len()
                    } else {
                        from + below(&mut random, other.len() - from + 1)
                    };
                    let from = if other.len() < 30 { 0 } else { from };
                    bytes.splice(at..until, other[from..to].iter().copied());
                }
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let through = std::panic::catch_unwind(|| match door {
                    Door::Text(door) => door(&text),
                    Door::Bytes(door) => door(&bytes),
                });
                assert!(through.is_ok(), "{name}, run {run}: {text}");
            }
        }
    }

    /// Seeds that don't get far show nothing: what well-formed ones lead to.
    #[test]
    fn seeds_get_behind_the_door() {
        let shop = shop();
        assert_eq!(shop.diagnostics, []);
        assert!(shop.resolution.references.len() > 50, "{}", shop.resolution.references.len());
        let seed = |name: &str| {
            fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(name)).unwrap()
        };
        let metadata = discovered::metadata(&seed("metadata/two")).unwrap();
        assert_eq!((metadata.packages.len(), metadata.targets.len()), (2, 2));
        let manifests = discovered::manifests(&files(&seed("manifests/workspace"), ""));
        assert_eq!(manifests.packages.len(), 2);
        assert_eq!(discovered::locked(&seed("lock/two")), 4);
        assert_eq!(discovered::configured("[profile.x]", "[profile.y]"), 5);
        assert_eq!(history::of_log(&[]).unwrap().commits.len(), 0);
        let plan = PlanFile::parse(Path::new("plan"), &seed("plan/split")).unwrap();
        let costs = costs(shop);
        let answer =
            what_if(&input(shop, &costs), &plan, &WhatIfOptions { assume_cuts: true, ..Default::default() });
        assert!(!answer.forecasts.is_empty(), "{:?}", answer.refusals);
        let page =
            CostInput::Timings { path: "page".into(), bytes: seed("timings/page").into_bytes(), log: None };
        let log =
            CostInput::BuildAnalysis { path: "log".into(), bytes: seed("build_analysis/log").into_bytes() };
        let file = CostInput::Costs { path: "costs".into(), bytes: seed("costs_file/build").into_bytes() };
        for input in [page, log, file] {
            let read = input.read(&shop.repository).unwrap();
            assert!(read.units.len() > 1, "{}: {}", input.path().display(), read.units.len());
            shop.costs_from(&Mode::FITTED, &[input]).unwrap();
        }
        let units: Vec<StampedUnit> = seed("fingerprints/build").lines().filter_map(unit).collect();
        assert_eq!(units.len(), 24);
    }
}
