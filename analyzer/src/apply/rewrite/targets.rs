//! Other targets of the package: what of their modules is in files that move.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::lead::Leads;
use super::manifest::relative;
use crate::apply::Done;
use crate::apply::source::spans::{Splice, edited};
use crate::apply::source::syntax::{Child, body};
use crate::apply::source::tree::{ROOT, Tree};
use crate::discover::normalize;
use crate::ids::SourceModuleId;

/// The root files of targets that declare moved files as modules of their own, as they become: a module that other crates may name
/// is taken from the crate that has it; of another the path is changed. What isn't read says why.
pub(in crate::apply) fn targets(
    roots: &[PathBuf],
    renames: &[(PathBuf, PathBuf)],
    leads: &Leads<'_>,
    text: &dyn Fn(&Path) -> Done<String>,
) -> (BTreeMap<PathBuf, String>, Vec<String>) {
    let moved: BTreeMap<&Path, &Path> =
        renames.iter().map(|(from, to)| (from.as_path(), to.as_path())).collect();
    let (mut out, mut unread) = (BTreeMap::new(), Vec::new());
    for root in roots {
        let read = text(root).and_then(|text| {
            let file = syn::parse_file(&text)
                .map_err(|error| format!("{}:{}: {error}", root.display(), error.span().start().line))?;
            Ok((text, body(&file.items)))
        });
        let (text, body) = match read {
            Ok(read) => read,
            Err(why) => {
                unread.push(why);
                continue;
            }
        };
        let directory = root.parent().unwrap_or(Path::new(""));
        let mut edits = Vec::new();
        let mut exported = BTreeSet::new();
        for child in body.children.iter().filter(|child| child.inline.is_none()) {
            let candidates = match &child.path {
                Some(path) => vec![normalize(&directory.join(path))],
                None => {
                    let own = directory.join(child.name.trim_start_matches("r#"));
                    vec![own.with_extension("rs"), own.join("mod.rs")]
                }
            };
            let Some((file, to)) = candidates.iter().find_map(|file| moved.get_key_value(file.as_path()))
            else {
                continue;
            };
            edits.push(match module_of(leads.tree, file).filter(|&module| is_shown(leads, module)) {
                Some(module) => {
                    let krate = leads.layout.home[module];
                    if child.macro_use {
                        exported.insert(leads.layout.crates[krate].lib_name());
                    }
                    Splice::new(child.whole.clone(), taken(child, &leads.path_in(krate, module)))
                }
                None => {
                    let path = relative(directory, to);
                    let line = format!("{}#[path = {path:?}]\n", child.attributes);
                    let declared = text[child.bare.clone()].to_owned();
                    Splice::new(child.whole.clone(), line + &declared)
                }
            });
        }
        if edits.is_empty() {
            continue;
        }
        if let (Some(first), false) = (edits.first_mut(), exported.is_empty()) {
            let crates = exported.iter().map(|name| format!("#[macro_use]\nextern crate {name};\n"));
            first.new.insert_str(0, &crates.collect::<String>());
        }
        out.insert(root.clone(), edited(&text, &edits));
    }
    (out, unread)
}

/// The module that a file is.
fn module_of(tree: &Tree, file: &Path) -> Option<SourceModuleId> {
    tree.modules.ids().find(|&id| tree.modules[id].inside.is_none() && tree.file_of(id).path == file)
}

/// Whether other crates may name a module where it lies: all of its way is public, and no module is for tests alone.
fn is_shown(leads: &Leads<'_>, module: SourceModuleId) -> bool {
    let parent = |module: &SourceModuleId| leads.tree.modules[*module].parent;
    let mut way = std::iter::successors(Some(module), parent);
    !leads.tree.is_module_for_tests(module) && way.all(|id| id == ROOT || leads.is_public(id))
}

/// The import in place of a declaration.
fn taken(child: &Child, path: &str) -> String {
    let renamed = path.rsplit("::").next() != Some(child.name.as_str());
    let rename = if renamed { format!(" as {}", child.name) } else { String::new() };
    let line = format!("{} use {path}{rename};", child.vis);
    format!("{}{}", child.attributes, line.trim_start())
}
