//! What code below reaches up for: callers above pass functions and values in, and what lies between hands them on; a trait
//! stands for a type.
//!
//! This is done to the package before anything moves, so that what is written is led to where it lies like all other paths. No
//! line is added or taken away but at the ends of files: the plan's lines go on meaning what they did.

mod calls;
mod changes;
mod invert;
mod parts;
mod scene;
mod target;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use self::changes::Changes;
use self::scene::Scene;
use crate::apply::source::spans::{Splice, edited};
use crate::apply::source::tree::Tree;
use crate::ids::SourceFileId;
use crate::report::{PlanEditReport, PlanReport};

/// What the plan's edits come to that pass something in, or write a trait.
#[derive(Debug, Default)]
pub(in crate::apply) struct Passed {
    /// Files that change, as they become.
    pub(in crate::apply) texts: BTreeMap<PathBuf, String>,
    /// Edits that are carried out, by their ids.
    pub(in crate::apply) done: BTreeSet<String>,
    /// Edits that are left, each with the reason.
    pub(in crate::apply) refused: Vec<(String, String)>,
}

/// Carries these edits out as far as that is mechanical; `unasked` are left.
pub(in crate::apply) fn passed(
    plan: &PlanReport,
    unasked: &BTreeMap<String, &'static str>,
    tree: &Tree,
    root: &Path,
) -> Passed {
    let (mut out, mut all) = (Passed::default(), Changes::default());
    let passes =
        |edit: &&PlanEditReport| ["pass-function", "pass-value", "invert"].contains(&edit.kind.as_str());
    let mut wanted = plan.edits.iter().filter(passes).filter(|e| !unasked.contains_key(&e.id)).peekable();
    if wanted.peek().is_none() {
        return out;
    }
    let scene = Scene::new(plan, tree, root);
    for edit in wanted {
        let changes = if edit.kind == "invert" { scene.invert(edit) } else { scene.pass(edit) };
        match changes.and_then(|changes| all.with(changes)) {
            Ok(()) => {
                out.done.insert(edit.id.clone());
            }
            Err(why) => out.refused.push((edit.id.clone(), why)),
        }
    }
    let mut splices: BTreeMap<SourceFileId, Vec<Splice>> = BTreeMap::new();
    for (file, splice) in all.replaced {
        splices.entry(file).or_default().push(splice);
    }
    for ((file, at), (empty, texts)) in all.added {
        let start = if empty { "" } else { ", " };
        splices.entry(file).or_default().push(Splice::new(at..at, start.to_owned() + &texts.join(", ")));
    }
    for (file, text) in all.appended {
        let end = tree.files[file].text.len();
        splices.entry(file).or_default().push(Splice::new(end..end, text));
    }
    for (file, splices) in splices {
        let source = &tree.files[file];
        out.texts.insert(source.path.clone(), edited(&source.text, &splices));
    }
    out
}
