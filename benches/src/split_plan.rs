//! A split that maintainers carried out, as a `plan.toml` for `what-if`: which crate each file ended up in.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use serde::Deserialize;
use split_analyzer::discover::{DiscoverOptions, TargetKind};
use split_analyzer::ids::ModuleId;
use split_analyzer::{Codebase, Options, read};

/// Arguments of `split-plan`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The case: a JSON file with `package_before`, `residual_crate` and `mapping` (file before to crate after)
    case: PathBuf,
    /// The repository at the commit before
    repository: PathBuf,
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
    let codebase = read(&Options { discover, ..Options::new(&args.repository) })?;
    print!("{}", plan(&codebase, &case)?);
    Ok(())
}

/// Each module goes where its file went; one without a file of its own, or whose file is gone, goes with the module
/// around it. Listed are the modules whose crate is not that of the module around them.
fn plan(codebase: &Codebase, case: &Case) -> anyhow::Result<String> {
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
    let mut toml = String::new();
    for (name, modules) in listed {
        // What stays though the module around it leaves is named under the package's own name.
        let name = if name == case.residual_crate { &case.package_before } else { name };
        toml += &format!("[[crate]]\nname = \"{name}\"\nfrom = \"{}\"\nmodules = [\n", case.package_before);
        for module in modules {
            toml += &format!("    \"{module}\",\n");
        }
        toml += "]\n\n";
    }
    Ok(toml)
}
