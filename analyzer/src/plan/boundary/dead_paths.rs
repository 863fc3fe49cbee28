//! Paths into a package that lead nowhere: what a macro or a build script writes, and what is switched off.
//!
//! Such a path counts as a reference to the module that it leads into, whose text holds what writes the rest. What that
//! needs in turn nobody sees.

use std::collections::BTreeSet;

use crate::ids::{CrateId, FileId};
use crate::plan::input::PlanInput;
use crate::resolve::{Unresolved, UnresolvedCause};

/// Fewer are not worth a sentence: a choice. Packages whose code is all there have none or a handful.
const WORTH_TELLING: usize = 10;

/// The paths into the crate itself that end in a module that has nothing of that name, in the order of files.
pub(in crate::plan) fn dead_paths<'a>(input: &PlanInput<'a>, krate: CrateId) -> Vec<&'a Unresolved> {
    let resolution = input.resolution;
    let modules = resolution.modules.iter().filter(|module| module.krate == krate && !module.test);
    let files: BTreeSet<FileId> = modules.map(|module| module.file).collect();
    let dead = |miss: &&Unresolved| {
        miss.cause == UnresolvedCause::MissingInModule
            && ["crate::", "super::", "self::"].iter().any(|start| miss.text.starts_with(start))
            && files.contains(&miss.file)
    };
    let mut found: Vec<&Unresolved> = resolution.unresolved.iter().filter(dead).collect();
    found.sort_by_key(|miss| (miss.file, miss.line, &miss.text));
    found
}

/// A sentence about them, if there are so many that a plan should not be trusted without a look.
pub(in crate::plan) fn warning(input: &PlanInput<'_>, dead: &[&Unresolved]) -> Option<String> {
    let first = dead.first().filter(|_| dead.len() >= WORTH_TELLING)?;
    Some(format!(
        "{} paths into this package lead to nothing that was found (the first: `{}`, {}:{}): a macro or a build script \
         writes it, or it is switched off. Each counts as a reference to the module that it leads into; what it names there \
         may need more than is seen",
        dead.len(),
        first.text,
        input.resolution.files[first.file].path,
        first.line
    ))
}
