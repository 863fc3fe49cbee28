//! Code that needs the package's build script: where it moves, the script has to go along.

use std::collections::BTreeSet;

use crate::discover::TargetKind;
use crate::ids::PackageId;
use crate::parse::tree::FilePathKind;
use crate::plan::input::PlanInput;
use crate::plan::model::BuildScriptNeed;
use crate::plan::partition::assemble::Assembled;
use crate::resolve::ItemKind;

/// Calls that read what a build script wrote or set, in what leaves the package; none where it has no build script.
pub(in crate::plan) fn build_script_needs(
    input: &PlanInput<'_>,
    package: PackageId,
    assembled: &Assembled,
) -> Vec<BuildScriptNeed> {
    let targets = &input.repository.packages[package].targets;
    if !targets.iter().any(|&target| input.repository.targets[target].kind == TargetKind::BuildScript) {
        return Vec::new();
    }
    let resolution = input.resolution;
    let mut found: BTreeSet<BuildScriptNeed> = BTreeSet::new();
    for (&module, &krate) in &assembled.of_module {
        let data = &resolution.modules[module];
        if assembled.crates[krate].residual {
            continue;
        }
        // A call at module level is no item's, and may be all that a module has.
        let calls =
            resolution.files[data.file].paths.iter().filter(|path| path.kind == FilePathKind::BuildScript);
        let (first, last) = (resolution.items[data.item].line, resolution.items[data.item].end_line);
        found.extend(calls.filter(|path| !data.inline || (first..=last).contains(&path.line)).map(|path| {
            BuildScriptNeed { file: data.file, line: path.line, call: path.call.clone(), krate }
        }));
    }
    for &(id, krate) in &assembled.of_item {
        let item = &resolution.items[id];
        let elsewhere = assembled.of_module.get(&item.module) != Some(&krate);
        if assembled.crates[krate].residual || item.kind == ItemKind::Module || !elsewhere {
            continue;
        }
        let lines = item.line..=item.end_line;
        let calls = resolution.files[item.file].paths.iter();
        found.extend(
            calls.filter(|path| path.kind == FilePathKind::BuildScript && lines.contains(&path.line)).map(
                |path| BuildScriptNeed { file: item.file, line: path.line, call: path.call.clone(), krate },
            ),
        );
    }
    found.into_iter().collect()
}
