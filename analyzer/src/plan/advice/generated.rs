//! Packages whose code is nearly all generated: no plan moves it, what generates it has to.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::words::and_more;
use crate::ids::{CrateId, FileId};
use crate::parse::tree::FilePathKind;
use crate::plan::index::Index;
use crate::plan::input::PlanInput;
use crate::plan::model::{Cause, CauseKind, GeneratedCode};

/// From this share of the lines on, code is nearly all generated. A choice.
const NEARLY_ALL: f64 = 0.8;
/// Files that a sentence names.
const NAMED: usize = 3;
/// Where people wrote fewer lines for each file that is included, these files are what the crate is for. A choice.
const FEW_LINES: u32 = 20;

/// What of a crate was generated; `None` where nothing was.
pub(super) fn generated_code(input: &PlanInput<'_>, index: &Index, krate: CrateId) -> Option<GeneratedCode> {
    let resolution = input.resolution;
    let mut files: BTreeMap<FileId, u32> = BTreeMap::new();
    let mut all = 0;
    for &id in &index.items[krate] {
        all += index.own_lines[id];
        let file = resolution.items[id].file;
        if resolution.files[file].generated {
            *files.entry(file).or_default() += index.own_lines[id];
        }
    }
    let lines: u32 = files.values().sum();
    let own: BTreeSet<FileId> =
        index.modules[krate].iter().map(|&module| resolution.modules[module].file).collect();
    let includes = own.into_iter().flat_map(|file| {
        let calls = resolution.files[file].paths.iter();
        let included =
            calls.filter(|path| path.kind == FilePathKind::BuildScript && path.call.starts_with("include!"));
        included.map(move |path| (file, path.line))
    });
    let mut largest: Vec<(FileId, u32)> = files.into_iter().collect();
    largest.sort_by_key(|&(file, lines)| (std::cmp::Reverse(lines), file));
    let found = GeneratedCode {
        lines,
        written_lines: all - lines,
        share: if all > 0 { f64::from(lines) / f64::from(all) } else { 0.0 },
        files: largest.into_iter().map(|(file, _)| file).collect(),
        includes: includes.collect(),
    };
    (!found.files.is_empty() || !found.includes.is_empty()).then_some(found)
}

/// What helps where nearly all is generated; `None` where it isn't.
pub(super) fn cause(input: &PlanInput<'_>, found: &GeneratedCode) -> Option<Cause> {
    let path = |file: FileId| input.resolution.files[file].path.as_str();
    // Of what was not seen the lines aren't known: where there is hardly anything else, it is nearly all.
    let unseen = found.includes.len() as u32;
    let (what, places): (String, Vec<String>) = if found.share >= NEARLY_ALL {
        let files = found.files.iter().map(|&file| path(file).to_owned()).collect();
        (format!("{:.0} % of its lines are generated", 100.0 * found.share), files)
    } else if unseen > 0 && found.written_lines < FEW_LINES * unseen {
        let places = found.includes.iter().map(|&(file, line)| format!("{}:{line}", path(file))).collect();
        ("its build script writes nearly all of its code".to_owned(), places)
    } else {
        return None;
    };
    let detail = format!(
        "{what} ({}): what generates it has to write each part into a crate of its own, or each module behind a \
         feature, so that users compile only what they use",
        and_more(&places, NAMED),
    );
    Some(Cause { kind: CauseKind::Generated, detail })
}
