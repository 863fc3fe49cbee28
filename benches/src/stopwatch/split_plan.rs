//! A split that maintainers carried out, as a `plan.toml` for `what-if`: which crate each file ended up in.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use serde::Deserialize;
use split_analyzer::discover::{DiscoverOptions, TargetKind};
use split_analyzer::ids::ModuleId;
use split_analyzer::resolve::ItemKind;
use split_analyzer::{Codebase, Options, read};

/// Arguments of `split-plan`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The case: a JSON file with `package_before`, `residual_crate` and `mapping` (file before to crate after)
    case: PathBuf,
    /// The repository at the commit before
    repository: PathBuf,
    /// The repository at the commit after: items that went to another crate than the file around them are named too
    #[arg(long)]
    after: Option<PathBuf>,
    /// Features to switch on
    #[arg(long, value_delimiter = ',')]
    features: Vec<String>,
    /// Switch every feature on
    #[arg(long)]
    all_features: bool,
    /// Leave default features off
    #[arg(long)]
    no_default_features: bool,
    /// Leave these paths out, in .gitignore's syntax
    #[arg(long)]
    exclude: Vec<String>,
}

/// What is read of a case.
#[derive(Deserialize)]
struct Case {
    package_before: String,
    residual_crate: String,
    mapping: BTreeMap<String, String>,
}

/// Prints the plan.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let text = fs::read_to_string(&args.case).with_context(|| args.case.display().to_string())?;
    let case: Case = serde_json::from_str(&text).with_context(|| args.case.display().to_string())?;
    let discover = DiscoverOptions {
        features: args.features.clone(),
        all_features: args.all_features,
        no_default_features: args.no_default_features,
        exclude: args.exclude.clone(),
        ..DiscoverOptions::default()
    };
    let of = |repository: &PathBuf| read(&Options { discover: discover.clone(), ..Options::new(repository) });
    let after = args.after.as_ref().map(of).transpose()?;
    print!("{}", plan(&of(&args.repository)?, after.as_ref(), &case)?);
    Ok(())
}

/// Each module goes where its file went; one without a file of its own, or whose file is gone, goes with the module
/// around it. Listed are the modules whose crate is not that of the module around them.
fn plan(codebase: &Codebase, after: Option<&Codebase>, case: &Case) -> anyhow::Result<String> {
    let (resolution, repository) = (&codebase.resolution, &codebase.repository);
    let krate = resolution
        .crates
        .iter_enumerated()
        .find(|(_, krate)| {
            let target = &repository.targets[krate.target];
            target.kind == TargetKind::Lib && repository.packages[target.package].name == case.package_before
        })
        .map(|(id, _)| id)
        .with_context(|| format!("no library of a package `{}`", case.package_before))?;
    let mut of_module: BTreeMap<ModuleId, &str> = BTreeMap::new();
    let mut listed: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (id, module) in resolution.modules.iter_enumerated().filter(|(_, m)| m.krate == krate) {
        let Some(parent) = module.parent else {
            of_module.insert(id, &case.residual_crate);
            continue;
        };
        let mapped = case.mapping.get(&resolution.files[module.file].path).filter(|_| !module.inline);
        let around = of_module[&parent];
        let own = mapped.map_or(around, String::as_str);
        of_module.insert(id, own);
        if own != around && !module.test {
            listed.entry(own).or_default().push(&module.path);
        }
    }
    let mut items: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let moved = after.map(|after| Definitions::new(after, case)).unwrap_or_default();
    for item in resolution.items.iter().filter(|item| !item.test) {
        let Some(own) = of_module.get(&item.module) else { continue };
        if let Some(elsewhere) = moved.elsewhere(item.kind, &item.name, own) {
            items.entry(elsewhere).or_default().push(&item.path);
        }
    }
    let names: BTreeSet<&str> = listed.keys().chain(items.keys()).copied().collect();
    let mut toml = String::new();
    for name in names {
        let (modules, items) =
            (listed.remove(name).unwrap_or_default(), items.remove(name).unwrap_or_default());
        // What stays though the module around it leaves is named under the package's own name.
        let name = if name == case.residual_crate { &case.package_before } else { name };
        toml += &format!("[[crate]]\nname = \"{name}\"\nfrom = \"{}\"\nmodules = [\n", case.package_before);
        for module in modules {
            toml += &format!("    \"{module}\",\n");
        }
        toml += "]\nitems = [\n";
        for item in items {
            toml += &format!("    \"{item}\",\n");
        }
        toml += "]\n\n";
    }
    Ok(toml)
}

/// Which of the crates after the split define what.
#[derive(Default)]
struct Definitions(BTreeMap<(ItemKind, String), BTreeSet<String>>);

impl Definitions {
    fn new(after: &Codebase, case: &Case) -> Self {
        let (resolution, repository) = (&after.resolution, &after.repository);
        let crates: BTreeSet<&str> =
            case.mapping.values().chain([&case.residual_crate]).map(String::as_str).collect();
        let mut found: BTreeMap<(ItemKind, String), BTreeSet<String>> = BTreeMap::new();
        for item in resolution.items.iter() {
            let target = &repository.targets[resolution.crates[resolution.modules[item.module].krate].target];
            let package = repository.packages[target.package].name.as_str();
            if target.kind == TargetKind::Lib && crates.contains(package) {
                found.entry((item.kind, item.name.clone())).or_default().insert(package.to_owned());
            }
        }
        Self(found)
    }

    /// The only crate that defines an item of this kind and name, if that is not `own`.
    fn elsewhere(&self, kind: ItemKind, name: &str, own: &str) -> Option<&str> {
        if matches!(kind, ItemKind::Module | ItemKind::Impl | ItemKind::Macro) {
            return None;
        }
        let crates = self.0.get(&(kind, name.to_owned()))?;
        let only = crates.first().filter(|_| crates.len() == 1)?;
        (only != own).then_some(only)
    }
}
