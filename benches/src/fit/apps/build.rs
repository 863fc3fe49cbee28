//! `fit apps`: builds applications under the wrapper, reads their sources and those of all they depend on, and writes
//! down figures: what each crate took, and what the cost model reads of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use split_analyzer::cost::{Mode, dependency_counts};
use split_analyzer::discover::{DependencyKind, DiscoverOptions, TargetKind};
use split_analyzer::parse::ItemFeatures;
use split_analyzer::{Codebase, Options};

use crate::fit::apps::below::Below;
use crate::fit::apps::harness;
use crate::fit::apps::merge;
use crate::fit::apps::wrapper;
use crate::fit::apps::wrapper::{Call, Variant};
use crate::fit::features;
use crate::fit::features::Published;

/// Figures of applications, as they are kept in `benches/data/apps.json`.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Apps {
    /// `rustc -V`.
    pub(crate) rustc: String,
    /// Number of processors.
    pub(crate) cores: usize,
    /// What was built.
    pub(crate) apps: Vec<App>,
    /// The names of [`Crate::counts`], in their order.
    pub(crate) counts: Vec<String>,
    /// Each application's own crates, and every other crate once for each version and set of features.
    pub(crate) crates: Vec<Crate>,
}

/// An application.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct App {
    /// The repository's name.
    pub(crate) name: String,
    /// The commit that was built.
    pub(crate) commit: String,
    /// Arguments of `cargo build`.
    pub(crate) arguments: Vec<String>,
    /// Whether it is left out of every fit, to prove it.
    pub(crate) held_out: bool,
}

/// What a crate is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    Lib,
    Bin,
    ProcMacro,
    /// An integration test.
    Test,
    /// The unit tests of a library, or of a program, with all of its own code.
    LibHarness,
    BinHarness,
}

impl Kind {
    /// Whether only `cargo test` builds it.
    pub(crate) const fn is_test(self) -> bool {
        matches!(self, Kind::Test | Kind::LibHarness | Kind::BinHarness)
    }
}

/// What cargo is asked for, besides `cargo build`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Further {
    /// `cargo build --release`.
    Release,
    /// `cargo test --no-run`.
    Tests,
}

/// A crate, what is known of it, and what it took.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Crate {
    /// The application that it was built for.
    pub(crate) app: String,
    /// Whether it is the application's own.
    pub(crate) member: bool,
    pub(crate) package: String,
    pub(crate) version: String,
    pub(crate) kind: Kind,
    /// Its name as a crate.
    pub(crate) name: String,
    pub(crate) features: Vec<String>,
    /// Packages that its own names in `[dependencies]`.
    pub(crate) direct: Vec<String>,
    /// Packages that it loads, as the cost model counts them.
    pub(crate) dependencies: usize,
    /// Lines of its items.
    pub(crate) lines: u32,
    /// Sums over its items, of tests over all of them.
    pub(crate) counts: Vec<u32>,
    /// Sums over those items of a harness that exist for tests only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) test_counts: Vec<u32>,
    pub(crate) runs: Vec<Run>,
}

/// What one call of rustc took, in processor seconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Run {
    pub(crate) mode: Mode,
    pub(crate) incremental: bool,
    /// `-C debuginfo`, 0 to 2.
    pub(crate) debuginfo: u8,
    pub(crate) frontend_s: f64,
    /// Absent where no code was generated, and the linker was not called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) codegen_s: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) link_s: Option<f64>,
}

/// What the model reads of a crate.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    pub(crate) direct: Vec<String>,
    pub(crate) dependencies: usize,
    pub(crate) lines: u32,
    pub(crate) counts: ItemFeatures,
    pub(crate) test_counts: ItemFeatures,
}

/// `NAME=DIR` with what was recorded while it was built.
pub(crate) struct Built<'a> {
    pub(crate) app: App,
    pub(crate) dir: &'a Path,
    pub(crate) calls: Vec<Call>,
}

/// Builds what has no records yet, reads all sources, and writes the figures; those of other applications that stand in `out`
/// stay there.
pub(crate) fn run(
    apps: &[String],
    held_out: &[String],
    arguments: &[String],
    further: &[Further],
    data: &Path,
    scratch: &Path,
    out: &Path,
) -> anyhow::Result<()> {
    std::fs::create_dir_all(scratch)?;
    let dirs = apps.iter().map(|text| name_and_dir(text)).collect::<anyhow::Result<Vec<_>>>()?;
    let mut built = Vec::new();
    for (name, dir) in &dirs {
        let own = arguments.iter().filter_map(|a| a.strip_prefix(name.as_str())?.strip_prefix('='));
        let app = App {
            name: name.clone(),
            commit: commit(dir)?,
            arguments: own.map(str::to_owned).collect(),
            held_out: held_out.contains(name),
        };
        let record = scratch.join(format!("{name}.jsonl"));
        if !record.exists() {
            let target = scratch.join("target");
            let how = Build::of(&app, &target, &record);
            build(&app, dir, &how, &["build"])?;
            for more in further {
                let command: &[&str] = match more {
                    Further::Release => &["build", "--release"],
                    Further::Tests => &["test", "--no-run"],
                };
                build(&app, dir, &how, command)?;
            }
        }
        built.push(Built { app, dir, calls: calls(&record)? });
    }
    let mut figures = collect(&built)?;
    if out.exists() {
        figures = merge::merged(read(out)?, figures)?;
    } else {
        figures.crates.extend(published(&crate::fit::solve::fit::read(data)?, &figures.crates));
    }
    write(&figures, out)
}

/// How an application is built.
pub(crate) struct Build<'a> {
    /// Where cargo's files go.
    pub(crate) target: &'a Path,
    /// Where calls of rustc are written down.
    pub(crate) record: &'a Path,
    pub(crate) incremental: bool,
    /// In which further way its own crates are compiled.
    pub(crate) variant: Option<Variant>,
}

impl<'a> Build<'a> {
    /// Held-out applications are measured as people build them.
    fn of(app: &App, target: &'a Path, record: &'a Path) -> Self {
        let variant = if app.held_out { Variant::CheckIncremental } else { Variant::Check };
        Self { target, record, incremental: app.held_out, variant: Some(variant) }
    }
}

/// Builds an application with a command of cargo, and appends the calls of rustc to its record.
pub(crate) fn build(app: &App, dir: &Path, how: &Build<'_>, cargo: &[&str]) -> anyhow::Result<()> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .args(cargo)
        .args(["--ignore-rust-version", "--target", &host()?])
        .args(&app.arguments)
        .current_dir(dir);
    command.env("RUSTC_WRAPPER", std::env::current_exe()?);
    command.env(wrapper::RECORD, std::path::absolute(how.record)?).env(wrapper::NO_CODE, "1");
    command.env(wrapper::VARIANTS, how.variant.map_or("", Variant::name));
    command.env("CARGO_INCREMENTAL", if how.incremental { "1" } else { "0" });
    command.env("CARGO_TARGET_DIR", std::path::absolute(how.target)?);
    if !command.status()?.success() {
        bail!("{}: cargo {} failed", dir.display(), cargo.join(" "));
    }
    Ok(())
}

fn host() -> anyhow::Result<String> {
    let output = Command::new("rustc").arg("-vV").output()?;
    let text = String::from_utf8(output.stdout)?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("the host's triple")?.to_owned())
}

/// The calls in a file of records.
pub(crate) fn calls(record: &Path) -> anyhow::Result<Vec<Call>> {
    let text = std::fs::read_to_string(record).with_context(|| record.display().to_string())?;
    text.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}

/// What the application of crates is called that `fit measure` built.
const PUBLISHED: &str = "published crates";

/// The crates that `fit measure` built, those whose sources can be read. How many packages they load was not written
/// down: as many as an application's version of the same package does, or else those that it declares.
fn published(data: &crate::fit::crates::measure::Data, others: &[Crate]) -> Vec<Crate> {
    let known: BTreeMap<String, usize> =
        others.iter().filter(|c| !c.member).map(|c| (c.package.clone(), c.dependencies)).collect();
    let rows = data.crates.par_iter().filter_map(|krate| {
        let (lines, counts, declared) = features::sums(krate.published()).ok()?;
        let runs = krate.seconds.iter().map(|(&mode, &(frontend_s, codegen_s))| Run {
            mode,
            incremental: false,
            debuginfo: if mode == Mode::Dev { 2 } else { 0 },
            frontend_s,
            codegen_s: (mode != Mode::Check).then_some(codegen_s),
            link_s: None,
        });
        Some(Crate {
            app: PUBLISHED.to_owned(),
            member: false,
            package: krate.name.clone(),
            version: krate.version.clone(),
            kind: Kind::Lib,
            name: krate.name.replace('-', "_"),
            features: krate.features.clone(),
            direct: Vec::new(),
            dependencies: known.get(&krate.name).copied().unwrap_or(declared),
            lines,
            counts: numbers(&counts),
            test_counts: Vec::new(),
            runs: runs.collect(),
        })
    });
    rows.collect()
}

/// Reads the sources of everything that was built.
fn collect(built: &[Built<'_>]) -> anyhow::Result<Apps> {
    let mut crates = Vec::new();
    let mut seen = BTreeSet::new();
    for app in built {
        let code = read_own(&app.app, app.dir)?;
        let (own, tests) = (crates_of(&code), harness::tests_of(&code, app.dir)?);
        let below = Below::new(&app.calls);
        let mut rows: BTreeMap<String, (usize, Vec<Run>)> = BTreeMap::new();
        for (i, call) in app.calls.iter().enumerate() {
            if let Some(run) = measured(call) {
                // An own crate is one however often, and how, it was built.
                let key = if call.is_member() {
                    let root = if call.kind == "test" { &call.src } else { &call.krate };
                    format!("{} {} {root}", call.package, call.kind)
                } else {
                    call.hash.clone()
                };
                rows.entry(key).or_insert((i, Vec::new())).1.push(run);
            }
        }
        let mut rows: Vec<(usize, Vec<Run>)> = rows.into_values().collect();
        rows.sort_by_key(|row| row.0);
        rows.retain(|(i, _)| {
            let call = &app.calls[*i];
            call.is_member()
                || seen.insert((
                    call.package.clone(),
                    call.version.clone(),
                    call.features.clone(),
                    call.kind.clone(),
                ))
        });
        let read: Vec<Option<Crate>> = rows
            .into_par_iter()
            .map(|(i, runs)| {
                let call = &app.calls[i];
                let (kind, known) = if call.kind == "test" {
                    tests.get(&call.src).filter(|_| call.is_member()).cloned()?
                } else {
                    (kind(call)?, Known::default())
                };
                let known = if kind.is_test() {
                    known
                } else if call.is_member() {
                    own.get(&(call.package.clone(), kind, call.krate.clone())).cloned()?
                } else if kind == Kind::Bin {
                    return None;
                } else {
                    let published =
                        Published { name: &call.package, version: &call.version, features: &call.features };
                    let (lines, counts, _) = features::sums(published).ok()?;
                    let (direct, dependencies) = (below.direct(i), below.count(i));
                    Known { direct, dependencies, lines, counts, test_counts: ItemFeatures::default() }
                };
                Some(Crate {
                    app: app.app.name.clone(),
                    member: call.is_member(),
                    package: call.package.clone(),
                    version: call.version.clone(),
                    kind,
                    name: call.krate.clone(),
                    features: call.features.clone(),
                    direct: known.direct,
                    dependencies: known.dependencies,
                    lines: known.lines,
                    counts: numbers(&known.counts),
                    test_counts: if kind.is_test() { numbers(&known.test_counts) } else { Vec::new() },
                    runs,
                })
            })
            .collect();
        crates.extend(read.into_iter().flatten().filter(|krate| krate.member || is_seen(krate)));
    }
    let names = names(&ItemFeatures::default());
    Ok(Apps {
        rustc: crate::fit::crates::measure::version()?,
        cores: std::thread::available_parallelism()?.get(),
        apps: built.iter().map(|b| b.app.clone()).collect(),
        counts: names,
        crates,
    })
}

/// Published crates that took more than this for each token of their sources are mostly code that a build script writes: a
/// hundred times what is usual.
const MOST_S_PER_TOKEN: f64 = 2e-3;

/// Whether a crate's sources are what was compiled, as far as its seconds say.
fn is_seen(krate: &Crate) -> bool {
    let tokens = names(&ItemFeatures::default()).iter().position(|name| name == "tokens");
    let tokens = tokens.and_then(|at| krate.counts.get(at)).copied().unwrap_or_default();
    let seconds = |run: &Run| run.frontend_s + run.codegen_s.unwrap_or_default();
    krate.runs.iter().all(|run| seconds(run) <= 0.1 + MOST_S_PER_TOKEN * f64::from(tokens))
}

fn map(features: &ItemFeatures) -> serde_json::Map<String, serde_json::Value> {
    match serde_json::to_value(features) {
        Ok(serde_json::Value::Object(map)) => map,
        _ => serde_json::Map::new(),
    }
}

fn names(features: &ItemFeatures) -> Vec<String> {
    map(features).keys().cloned().collect()
}

fn numbers(features: &ItemFeatures) -> Vec<u32> {
    map(features).values().map(|v| v.as_u64().and_then(|n| u32::try_from(n).ok()).unwrap_or(0)).collect()
}

fn kind(call: &Call) -> Option<Kind> {
    let script = call.krate.starts_with("build_script_");
    match call.kind.as_str() {
        "bin" if !script => Some(Kind::Bin),
        "proc-macro" => Some(Kind::ProcMacro),
        kind if kind.split('+').any(|k| matches!(k, "lib" | "rlib")) => Some(Kind::Lib),
        _ => None,
    }
}

pub(crate) fn measured(call: &Call) -> Option<Run> {
    let mode = match (call.variant, call.opt_level.as_str()) {
        // A check of an optimised build knows no debugging assertions: next to nothing, but it is no check that people run.
        (Variant::Check | Variant::CheckIncremental, _) if call.release => return None,
        (Variant::Check | Variant::CheckIncremental, _) => Mode::Check,
        (_, "3") if call.release => Mode::Release,
        (_, "" | "0") => Mode::Dev,
        // What runs while building may be optimised in a `dev` build; that is no release build.
        _ => return None,
    };
    let frontend_s = if mode == Mode::Check { call.cpu_s } else { call.frontend_s };
    (mode == Mode::Check || call.frontend_known).then(|| Run {
        mode,
        incremental: call.incremental,
        debuginfo: match call.debuginfo.as_str() {
            "2" | "full" => 2,
            "" | "0" | "none" => 0,
            _ => 1,
        },
        frontend_s: millis(frontend_s),
        codegen_s: (mode != Mode::Check && call.variant != Variant::BuildNoCode)
            .then(|| millis(call.cpu_s - frontend_s)),
        link_s: (call.link_s > 0.0 && call.variant == Variant::Build).then(|| millis(call.link_s)),
    })
}

fn millis(seconds: f64) -> f64 {
    (seconds * 1e3).round() / 1e3
}

type Own = BTreeMap<(String, Kind, String), Known>;

/// An application as the analyzer reads it, features as cargo was told.
pub(crate) fn read_own(app: &App, dir: &Path) -> anyhow::Result<Codebase> {
    let options = Options { path: dir.to_owned(), discover: features_of(app), ..Options::default() };
    Ok(split_analyzer::read(&options)?)
}

/// The features that cargo was told of.
pub(crate) fn features_of(app: &App) -> DiscoverOptions {
    let features = app.arguments.iter().skip_while(|a| *a != "--features").nth(1);
    DiscoverOptions {
        features: features.cloned().into_iter().collect(),
        no_default_features: app.arguments.iter().any(|a| a == "--no-default-features"),
        ..DiscoverOptions::default()
    }
}

/// Every library and program of a repository.
pub(crate) fn crates_of(code: &Codebase) -> Own {
    let (repository, resolution) = (&code.repository, &code.resolution);
    let counts = dependency_counts(repository);
    let mut own = Own::new();
    let mut keys = BTreeMap::new();
    for (id, krate) in resolution.crates.iter_enumerated() {
        let target = &repository.targets[krate.target];
        let kind = match target.kind {
            TargetKind::Lib => Kind::Lib,
            TargetKind::ProcMacro => Kind::ProcMacro,
            TargetKind::Bin => Kind::Bin,
            _ => continue,
        };
        let package = &repository.packages[target.package];
        let direct = package.dependencies.iter().filter(|d| d.enabled && d.kind == DependencyKind::Normal);
        let direct: BTreeSet<String> = direct.map(|d| d.package.clone()).collect();
        let known = Known {
            direct: direct.into_iter().collect(),
            dependencies: counts[target.package],
            ..Known::default()
        };
        let key = (package.name.clone(), kind, target.crate_name.clone());
        own.insert(key.clone(), known);
        keys.insert(id, key);
    }
    for item in resolution.items.iter().filter(|item| !item.test && item.compiled) {
        let Some(known) = keys.get(&resolution.modules[item.module].krate).and_then(|key| own.get_mut(key))
        else {
            continue;
        };
        known.counts += item.features;
        if item.kind != split_analyzer::resolve::ItemKind::Module {
            known.lines += item.end_line + 1 - item.line;
        }
    }
    own
}

/// One crate a line.
pub(crate) fn write(apps: &Apps, path: &Path) -> anyhow::Result<()> {
    let mut text = format!(
        "{{\"rustc\":{},\"cores\":{},\"counts\":{},\n\"apps\":[\n",
        serde_json::to_string(&apps.rustc)?,
        apps.cores,
        serde_json::to_string(&apps.counts)?
    );
    let rows = |rows: Vec<String>| rows.join(",\n");
    text += &rows(apps.apps.iter().map(|a| serde_json::to_string(a).unwrap_or_default()).collect());
    text += "\n],\n\"crates\":[\n";
    text += &rows(apps.crates.iter().map(|c| serde_json::to_string(c).unwrap_or_default()).collect());
    text += "\n]}\n";
    std::fs::write(path, text).with_context(|| path.display().to_string())
}

/// Reads what [`write()`] wrote.
pub(crate) fn read(path: &Path) -> anyhow::Result<Apps> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    Ok(serde_json::from_str(&text)?)
}

/// `NAME=DIR`.
pub(crate) fn name_and_dir(text: &str) -> anyhow::Result<(String, PathBuf)> {
    let (name, dir) = text.split_once('=').context("NAME=DIR")?;
    Ok((name.to_owned(), dir.into()))
}

/// The commit that a directory is at.
pub(crate) fn commit(dir: &Path) -> anyhow::Result<String> {
    let output = Command::new("git").arg("-C").arg(dir).args(["rev-parse", "HEAD"]).output()?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
