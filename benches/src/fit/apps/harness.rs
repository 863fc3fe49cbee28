//! What `cargo test` compiles of an application, as the analyzer reads it.

use std::collections::BTreeMap;
use std::path::Path;

use split_analyzer::Codebase;
use split_analyzer::cost::dependency_counts;
use split_analyzer::discover::TargetKind;
use split_analyzer::ids::{CrateId, IdVec};

use crate::fit::apps::build::{Kind, Known};

/// What `cargo test` compiles, by the root file: integration tests, and harnesses with all of the code beside their tests.
pub(crate) fn tests_of(code: &Codebase, dir: &Path) -> anyhow::Result<BTreeMap<String, (Kind, Known)>> {
    let (repository, resolution) = (&code.repository, &code.resolution);
    let counts = dependency_counts(repository);
    let mut tests: IdVec<CrateId, Option<(Kind, Known)>> = resolution
        .crates
        .iter()
        .map(|krate| {
            let target = &repository.targets[krate.target];
            let kind = match target.kind {
                TargetKind::Lib | TargetKind::ProcMacro => Kind::LibHarness,
                TargetKind::Bin => Kind::BinHarness,
                TargetKind::Test => Kind::Test,
                _ => return None,
            };
            let dependencies = counts[target.package];
            Some((kind, Known { dependencies, ..Known::default() }))
        })
        .collect();
    for item in resolution.items.iter().filter(|item| item.compiled) {
        let Some((kind, known)) = &mut tests[resolution.modules[item.module].krate] else { continue };
        if item.test && *kind != Kind::Test {
            known.test_counts += item.features;
        } else {
            known.counts += item.features;
        }
        if item.kind != split_analyzer::resolve::ItemKind::Module {
            known.lines += item.end_line + 1 - item.line;
        }
    }
    let dir = std::path::absolute(dir)?;
    let roots = resolution.crates.iter().map(|krate| dir.join(&repository.targets[krate.target].src));
    let named = roots.zip(tests.iter().cloned());
    Ok(named.filter_map(|(src, test)| Some((src.to_string_lossy().into_owned(), test?))).collect())
}
