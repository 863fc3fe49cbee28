//! What the cost model reads of a published crate, from its sources in cargo's registry cache: as the analyzer reads a
//! repository, names resolved and macros expanded.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use rayon::prelude::*;
use split_analyzer::cost::{EXPLANATORY, dependency_counts, explanatory};
use split_analyzer::discover::{DiscoverOptions, TargetKind};
use split_analyzer::ids::CrateId;
use split_analyzer::parse::ItemFeatures;
use split_analyzer::resolve::{Item, ItemKind, Resolution};
use split_analyzer::{Codebase, Options};

/// A published crate as it was built.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Published<'a> {
    pub(crate) name: &'a str,
    pub(crate) version: &'a str,
    pub(crate) features: &'a [String],
}

/// A crate as the model sees it.
pub(crate) struct Explained {
    /// By path, modules below left out.
    pub(crate) modules: BTreeMap<String, Part>,
}

/// A crate or a module of one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Part {
    /// The sum of its items' explanatory variables.
    pub(crate) variables: [f64; EXPLANATORY],
    /// Lines of its items: the naive model.
    pub(crate) lines: u32,
}

impl Part {
    fn add(&mut self, other: &Part) {
        for (sum, more) in self.variables.iter_mut().zip(other.variables) {
            *sum += more;
        }
        self.lines += other.lines;
    }
}

/// Reads the libraries of published crates. One that can't be read is `None`, and why is told.
pub(crate) fn explain_all(crates: &[Published<'_>]) -> Vec<Option<Explained>> {
    let read: Vec<anyhow::Result<Explained>> = crates.par_iter().map(|&krate| explain(krate)).collect();
    let mut told = BTreeSet::new();
    for (krate, explained) in crates.iter().zip(&read) {
        if let Err(error) = explained
            && told.insert((krate.name, krate.version))
        {
            note(format_args!("left out: {} {}: {error:#}", krate.name, krate.version));
        }
    }
    read.into_iter().map(Result::ok).collect()
}

#[expect(clippy::print_stderr, reason = "stdout is the table")]
fn note(what: std::fmt::Arguments<'_>) {
    eprintln!("{what}");
}

/// Lines and counts of a published library, and how many packages it declares.
pub(crate) fn sums(krate: Published<'_>) -> anyhow::Result<(u32, ItemFeatures, usize)> {
    let (code, id) = read(krate)?;
    let (mut lines, mut counts) = (0, ItemFeatures::default());
    for item in items(&code.resolution, id) {
        counts += item.features;
        if item.kind != ItemKind::Module {
            lines += item.end_line + 1 - item.line;
        }
    }
    let package = code.repository.targets[code.resolution.crates[id].target].package;
    Ok((lines, counts, dependency_counts(&code.repository)[package]))
}

/// Reads the library of a published crate, with the features that it was built with.
fn explain(krate: Published<'_>) -> anyhow::Result<Explained> {
    let (code, id) = read(krate)?;
    let mut modules: BTreeMap<String, Part> = BTreeMap::new();
    for item in items(&code.resolution, id) {
        let lines = if item.kind == ItemKind::Module { 0 } else { item.end_line + 1 - item.line };
        let part = Part { variables: explanatory(&item.features), lines };
        modules.entry(code.resolution.modules[item.module].path.clone()).or_default().add(&part);
    }
    Ok(Explained { modules })
}

/// The code of a published crate, and which of its crates is the library.
fn read(krate: Published<'_>) -> anyhow::Result<(Codebase, CrateId)> {
    let dir = sources(krate.name, krate.version)?;
    let options = Options {
        path: dir.clone(),
        discover: DiscoverOptions {
            features: krate.features.to_vec(),
            no_default_features: true,
            ..DiscoverOptions::default()
        },
        ..Options::default()
    };
    let code = split_analyzer::read(&options)?;
    let (id, root) = library(&code, krate.name).context("a library")?;
    let reached = reached_lines(&code.resolution, id) / lines_below(&dir, &root)?.max(1.0);
    if reached < LEAST_REACHED {
        bail!("only {:.0} % of the lines of {} are reached", reached * 100.0, krate.name);
    }
    Ok((code, id))
}

/// The library of a package and the path of its root file.
pub(crate) fn library(code: &Codebase, package: &str) -> Option<(CrateId, String)> {
    let mut crates = code.resolution.crates.iter_enumerated();
    crates.find_map(|(id, krate)| {
        let target = &code.repository.targets[krate.target];
        let library = matches!(target.kind, TargetKind::Lib | TargetKind::ProcMacro);
        let ours = library && code.repository.packages[target.package].name == package;
        ours.then(|| (id, target.src.clone()))
    })
}

/// What is compiled of a crate.
fn items(resolution: &Resolution, krate: CrateId) -> impl Iterator<Item = &Item> {
    let ours = move |item: &&Item| resolution.modules[item.module].krate == krate;
    resolution.items.iter().filter(|item| !item.test && item.compiled).filter(ours)
}

/// The share of the lines beside a crate's root that must be reached from it: where it is less, macros declare the
/// modules, or the features and the platform leave most of them out, and nothing is learnt from the crate.
const LEAST_REACHED: f64 = 0.3;

/// Lines of the files that hold something compiled.
fn reached_lines(resolution: &Resolution, krate: CrateId) -> f64 {
    let files: BTreeSet<_> = items(resolution, krate).map(|item| item.file).collect();
    files.iter().map(|&file| f64::from(resolution.files[file].lines)).sum()
}

/// Lines of all `.rs` files in the directory of a crate's root and below.
fn lines_below(package: &Path, root: &str) -> anyhow::Result<f64> {
    let dir = package.join(root);
    let mut lines = 0;
    for entry in walkdir::WalkDir::new(dir.parent().context("the root's directory")?) {
        let entry = entry?;
        if entry.path().extension().is_some_and(|e| e == "rs") {
            lines += std::fs::read_to_string(entry.path())?.lines().count();
        }
    }
    Ok(lines as f64)
}

/// The directory of a package in cargo's registry cache.
pub(crate) fn sources(name: &str, version: &str) -> anyhow::Result<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|h| h.join(".cargo"))).context("a home directory")?;
    for registry in std::fs::read_dir(home.join("registry/src"))? {
        let dir = registry?.path().join(format!("{name}-{version}"));
        if dir.is_dir() {
            return Ok(dir);
        }
    }
    bail!("{name} {version} is not in cargo's registry cache: run `fit measure` first")
}
