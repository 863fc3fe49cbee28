//! What the cost model reads of a published crate, from its sources in cargo's registry cache.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use split_analyzer::cost::{EXPLANATORY, explanatory};
use split_analyzer::discover::{DiscoverOptions, Repository, TargetKind, discover, eval_cfg};
use split_analyzer::ids::PackageId;
use split_analyzer::parse::tree::{MacroArgs, Name, NodeId, NodeKind};
use split_analyzer::parse::{ItemTree, Location, SourceTree, load};

use crate::fit_measure::Measured;

/// A crate as the model sees it.
pub(crate) struct Explained {
    /// The sum of its items' explanatory variables.
    pub(crate) variables: [f64; EXPLANATORY],
    /// Lines of the files that make it up: the naive model.
    pub(crate) lines: u32,
}

/// Reads the library of a measured crate, with the features that it was built with.
pub(crate) fn explain(krate: &Measured) -> anyhow::Result<Explained> {
    let dir = sources(&krate.name, &krate.version)?;
    let options = DiscoverOptions {
        features: krate.features.clone(),
        no_default_features: true,
        ..DiscoverOptions::default()
    };
    let (repository, _) = discover(&dir, &options)?;
    let (sources, _) = load(&repository);
    let package = repository.packages.ids().find(|&p| repository.packages[p].name == krate.name);
    let package = package.context("the package")?;
    let targets = repository.packages[package].targets.iter().map(|&t| &repository.targets[t]);
    let root = targets.clone().find(|t| t.kind == TargetKind::Lib).context("a library")?.src.clone();
    let mut sum = Sum {
        repository: &repository,
        package,
        sources: &sources,
        explained: Explained { variables: [0.0; EXPLANATORY], lines: 0 },
    };
    sum.file(&root, true);
    let reached = f64::from(sum.explained.lines) / lines_below(&dir, &root)?.max(1.0);
    if reached < LEAST_REACHED {
        bail!("only {:.0} % of the lines of {} are reached", reached * 100.0, krate.name);
    }
    Ok(sum.explained)
}

/// The share of the lines beside a crate's root that must be reached from it: where it is less, macros declare the
/// modules, or the features and the platform leave most of them out, and nothing is learnt from the crate.
const LEAST_REACHED: f64 = 0.3;

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
fn sources(name: &str, version: &str) -> anyhow::Result<PathBuf> {
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

/// Adds up the items of a crate, file after file.
struct Sum<'a> {
    repository: &'a Repository,
    package: PackageId,
    sources: &'a SourceTree,
    explained: Explained,
}

impl Sum<'_> {
    fn file(&mut self, path: &str, owner: bool) -> bool {
        let sources = self.sources;
        let Some(id) = sources.file(path) else { return false };
        let file = &sources.files[id];
        if self.holds(&file.tree.cfgs) {
            self.explained.lines += file.lines;
            self.items(&file.tree, &file.tree.top, &Location::of_file(path, owner));
        }
        true
    }

    fn items(&mut self, tree: &ItemTree, items: &[NodeId], location: &Location) {
        for &id in items {
            let node = &tree[id];
            if node.flags.test || !self.holds(&node.cfgs) {
                continue;
            }
            // `cfg_x! { mod a; … }`: the items stand for themselves.
            if let NodeKind::Call(call) = &node.kind
                && let MacroArgs::Items(inner) = &tree[*call].args
            {
                self.items(tree, inner, location);
                continue;
            }
            let NodeKind::Module(module) = &node.kind else {
                for (sum, variable) in self.explained.variables.iter_mut().zip(explanatory(&node.features)) {
                    *sum += variable;
                }
                continue;
            };
            let name = node.name.as_str();
            match &module.content {
                Some(content) => self.items(tree, content, &location.inline(name, &module.paths)),
                None => self.module(name, &module.paths, location),
            }
        }
    }

    fn module(&mut self, name: &str, paths: &[(Option<Name>, Box<str>)], location: &Location) {
        let path = paths
            .iter()
            .find(|(cfg, _)| cfg.is_none_or(|cfg| self.holds(&[cfg])))
            .map(|(_, path)| path.as_ref());
        for (candidate, owner) in location.candidates(name, path) {
            if self.file(&candidate, owner) {
                return;
            }
        }
    }

    /// Whether all predicates hold outside of tests; what can't be known is taken to hold.
    fn holds(&self, cfgs: &[Name]) -> bool {
        let features = &self.repository.packages[self.package].enabled_features;
        cfgs.iter().all(|cfg| eval_cfg(cfg, &self.repository.cfg, features, Some(false)) != Some(false))
    }
}
