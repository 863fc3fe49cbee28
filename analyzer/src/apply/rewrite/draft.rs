//! A plan as changes of files: nothing is written here.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::build_script::build_scripts;
use super::companions::companions;
use super::layout::{Layout, LeftEdit, Widened};
use super::lead::Leads;
use super::manifest::{Facts, Package, manifests, parsed};
use super::named::Named;
use super::pass::{Passed, passed};
use super::public::test_support::TestSupport;
use super::public::widen::{listed_for_others, widen, widen_alternatives, widen_extended, widen_parted};
use super::public::written::export_written;
use super::targets::targets;
use super::text::line_at;
use super::todo::todos;
use super::users::{RewrittenUser, rewritten};
use super::write::{NewFile, Sources, Writer};
use crate::apply::Done;
use crate::apply::planned::{Planned, Tie};
use crate::apply::source::syntax::{Decl, DeclKind};
use crate::apply::source::tree::Tree;
use crate::ids::{IdVec, PlanCrateId, SourceModuleId};
use crate::report::{CutReport, LeftError, PlanEditReport, PlanItemReport, PlanReport};

/// Changes of files.
#[derive(Debug, Default)]
pub(in crate::apply) struct Draft {
    /// Files that move, whatever else becomes of them: from, to.
    pub(in crate::apply) renames: Vec<(PathBuf, PathBuf)>,
    /// Sources by their path, as they become.
    pub(in crate::apply) sources: BTreeMap<PathBuf, String>,
    /// Manifests by their path, as they become.
    pub(in crate::apply) manifests: BTreeMap<PathBuf, String>,
    /// Sources that are no more.
    pub(in crate::apply) gone: BTreeSet<PathBuf>,
    /// What is left for people.
    pub(in crate::apply) left: Vec<LeftEdit>,
    /// Crates that stay one because of cuts that are left, or since they do not compile apart.
    pub(in crate::apply) together: Vec<Vec<String>>,
    /// New crates of the plan in the order of their dependencies, with those that stay one together.
    pub(in crate::apply) order: Vec<Vec<String>>,
    /// Edits that changed code by its syntax, by their ids: methods became traits, callers pass something in. Whether the types fit,
    /// the compiler says.
    pub(in crate::apply) judged: BTreeSet<String>,
    /// The directory of each new crate, by its name.
    pub(in crate::apply) crates: BTreeMap<String, PathBuf>,
    /// Other packages, as they name the new crates themselves.
    pub(in crate::apply) users: Vec<RewrittenUser>,
}

/// Draws a plan up; `read` gets the text of a file.
pub(in crate::apply) fn draft(target: &Planned, read: &dyn Fn(&Path) -> Done<String>) -> Done<Draft> {
    let plan = &target.plan;
    let first = plan.crates.iter().flat_map(|krate| &krate.modules).next().ok_or("the plan has no module")?;
    let name = first.split("::").next().unwrap_or(first);
    let mut tree = Tree::read(&target.crate_root, name, read)?;
    tree.prefer(&target.compiled);
    let (passed, layout) = laid_out(target, &tree)?;
    let changed = |path: &Path| passed.texts.get(path).cloned().map_or_else(|| read(path), Ok);
    let (tree, layout) = if passed.texts.is_empty() {
        (tree, layout)
    } else {
        let mut tree = Tree::read(&target.crate_root, name, &changed)?;
        tree.prefer(&target.compiled);
        let layout = Layout::new(plan, (&target.unasked, &target.tied), &passed, &tree, &target.root)?;
        (tree, layout)
    };
    let directory = target.manifest.parent().unwrap_or(&target.root);
    let directories = directories(&layout, directory, target.workspace.parent().unwrap_or(directory));
    let mut left = layout.left.clone();
    let mut widened = Widened::new();
    let wanted = listed_for_others(&tree, &layout, plan);
    for listed in wanted {
        if !widen(&tree, &target.root, listed, &mut widened) {
            let why = format!("{} ({}:{}) was not found", listed.item, listed.file, listed.line);
            left.push(LeftEdit::asked(plan, "widen", &listed.item, listed.line, why));
        }
    }
    let written_macros = export_written(&tree, plan, &mut widened);
    widen_parted(&tree, &layout, &mut widened);
    widen_extended(&tree, &layout, &mut widened);
    widen_alternatives(&tree, &layout, &mut widened);
    let test_support = TestSupport::of(&tree, &layout, plan, &mut widened);
    let exported = |module: SourceModuleId, name: &str| {
        let data = &tree.modules[module];
        let mut macros = data.body.decls.iter().filter(|d| d.kind == DeclKind::Macro && d.name == name);
        macros.any(|d| d.public || widened.contains(&(data.file, d.vis.start)))
            || written_macros.contains(&(module, name.to_owned()))
    };
    let leads = Leads {
        tree: &tree,
        layout: &layout,
        widened: &widened,
        exported: &exported,
        written_macros: &written_macros,
        of_packages: &of_packages(plan, name, &tree),
        aliased: RefCell::new(BTreeSet::new()),
        tests: Cell::new(false),
        quiet: Cell::new(false),
        above_tests: RefCell::default(),
        doubled: RefCell::new(BTreeSet::new()),
        doubled_macros: RefCell::new(BTreeSet::new()),
        doubled_items: RefCell::new(BTreeSet::new()),
    };
    let sources: IdVec<PlanCrateId, PathBuf> = {
        let mut all = IdVec::new();
        for (id, krate) in layout.crates.iter_enumerated() {
            all.push(if krate.residual { tree.source.clone() } else { directories[id].join("src") });
        }
        all
    };
    let about = about(&target.package, plan, &layout);
    let companions = companions(target, &tree, &layout, &sources, read);
    let writer = Writer {
        leads: &leads,
        widened: &widened,
        test_support: &test_support,
        named_files: &companions.named,
        todos: &todos(plan, &layout.left, &tree, &target.root),
        directories: &sources,
        about: &about,
        out: Sources::default(),
    };
    let mut written = writer.write();
    written.above_tests.extend(leads.above_tests.take());
    written
        .files
        .extend(companions.files.into_iter().map(|(path, text)| (path, NewFile { text, from: None })));
    // A path may have been looked for in code that is no more.
    let names = |krate: PlanCrateId, name: &str| {
        let here = written.files.iter().filter(|(path, _)| path.starts_with(&sources[krate]));
        here.into_iter().any(|(_, file)| file.text.contains(name))
    };
    written.above_tests.retain(|&(krate, above)| names(krate, &layout.crates[above].lib_name()));
    // Examples in docs name the package as its users do, who find everything there still.
    let residual = layout.residual();
    for krate in layout.crates.ids().filter(|&krate| krate != residual) {
        let here = written.files.iter().filter(|(path, _)| path.starts_with(&sources[krate]));
        if here.into_iter().any(|(_, file)| has_example_of(&file.text, name)) {
            written.above_tests.insert((krate, residual));
        }
    }
    // Helpers for tests that every crate has which uses them.
    let supported = |edit: &PlanEditReport| {
        let has = |item: &PlanItemReport| {
            written.supported.iter().chain(&test_support.supported).any(|path| {
                item.item
                    .strip_prefix(path.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
            })
        };
        // An `impl` in a module for tests goes where its type does.
        let with_type = |item: &PlanItemReport| {
            item.item.rsplit_once("::<impl ").is_some_and(|(around, head)| {
                let name = head.split(['<', '>', ' ']).next().unwrap_or_default();
                written.supported.contains(&format!("{around}::{name}"))
            })
        };
        // A macro is text that stays with its callers.
        let is_macro = |item: &PlanItemReport| {
            let mut modules = tree.modules.iter();
            item.item.rsplit_once("::").is_some_and(|(around, name)| {
                let declared = |d: &Decl| d.kind == DeclKind::Macro && d.name == name;
                modules.any(|m| m.path == around && m.body.decls.iter().any(declared))
            })
        };
        // What stays with its type: a `cfg` in its lines, or right below its docs, asks for the feature too.
        let gated = |item: &PlanItemReport| {
            test_support.conditions.keys().any(|&(file, at)| {
                let source = &tree.files[file];
                let line = line_at(&source.text, at);
                let below = source.text.lines().skip(item.line as usize - 1);
                let docs = below.take_while(|line| line.trim_start().starts_with("//")).count() as u32;
                let last = item.end_line.max(item.line + docs);
                source.path.ends_with(&item.file) && (item.line..=last).contains(&line)
            })
        };
        match edit.kind.as_str() {
            "test-support" => edit.items.first().is_some_and(|item| has(item) || is_macro(item)),
            "test-feature" => {
                edit.items.first().is_some_and(|item| has(item) || gated(item) || with_type(item))
            }
            _ => false,
        }
    };
    let own = read(&target.manifest)?;
    let scripts =
        build_scripts(plan, &layout, (directory, &parsed(&own)?), |krate| directories[krate].clone(), read);
    let mut done: BTreeSet<&str> =
        plan.edits.iter().filter(|e| supported(e)).map(|e| e.id.as_str()).collect();
    done.extend(scripts.done.iter().map(String::as_str));
    left.retain(|left| !left.edits.iter().any(|id| done.contains(id.as_str())));
    for (id, why) in &scripts.refused {
        left.iter_mut().filter(|left| left.edits.contains(id)).for_each(|left| left.why.clone_from(why));
    }
    let named = of_each_crate(target, &layout, &written, &sources);
    let mut out = Draft::default();
    // A file of several modules may go to several crates, or stay too.
    let at_home = |module: &SourceModuleId| layout.home[*module] == residual;
    let stays: BTreeSet<&PathBuf> = tree
        .modules
        .ids()
        .filter(|module| tree.modules[*module].inside.is_none() && at_home(module))
        .map(|module| &tree.file_of(module).path)
        .collect();
    let mut moved: BTreeSet<PathBuf> = BTreeSet::new();
    for (path, file) in written.files {
        if let Some(from) = file.from.filter(|from| !stays.contains(from) && moved.insert(from.clone())) {
            out.renames.push((from, path.clone()));
        }
        out.sources.insert(path, file.text);
    }
    out.gone = written.gone.into_iter().filter(|path| !moved.contains(path)).collect();
    let new = layout.crates.iter_enumerated().filter(|(_, krate)| !krate.residual);
    out.crates = new.map(|(id, krate)| (krate.package.clone(), directories[id].clone())).collect();
    let of_crates = scripts.of_crates.values().map(|(path, text)| (path.clone(), text.clone()));
    out.sources.extend(of_crates);
    let root = if target.workspace == target.manifest { None } else { Some(read(&target.workspace)?) };
    let package = Package {
        directory,
        manifest: &own,
        root: root.as_ref().map(|text| (target.workspace.as_path(), text.as_str())),
    };
    out.manifests = manifests(
        &package,
        plan,
        &layout,
        &directories,
        &Facts {
            about: &about,
            named: &named,
            build_scripts: &scripts,
            test_support: &test_support,
            above_tests: &written.above_tests,
        },
    )?
    .into_iter()
    .collect();
    out.users = rewritten(target, &leads, &directories, read)?;
    out.renames.extend(companions.renames);
    out.left.extend(companions.left);
    let as_it_becomes = |path: &Path| out.sources.get(path).cloned().map_or_else(|| read(path), Ok);
    let (of_targets, unread) = targets(&target.targets, &out.renames, &leads, &as_it_becomes);
    out.sources.extend(of_targets);
    // Modules that several targets declare are declared once.
    let shared = |id: &String| plan.edits.iter().any(|edit| edit.id == *id && edit.kind == "share-files");
    left.retain(|left| !unread.is_empty() || !left.edits.iter().any(shared));
    out.left.extend(left);
    out.left.extend(unread.into_iter().map(|why| LeftEdit { edits: Vec::new(), kind: "unread", why }));
    let unread = |why: &String| LeftEdit { edits: Vec::new(), kind: "unread", why: why.clone() };
    out.left.extend(tree.unread.iter().map(unread));
    out.left.extend(target.tied.iter().map(tied));
    out.together = layout.together.clone();
    out.order = layout.order(plan);
    out.judged = layout.extensions.iter().map(|extension| extension.edit.clone()).collect();
    out.judged.extend(passed.done);
    Ok(out)
}

/// Names of other packages that modules have by imports, with the paths to write in crates that do not see these modules.
fn of_packages(plan: &PlanReport, own: &str, tree: &Tree) -> BTreeMap<(SourceModuleId, String), String> {
    let mut all = BTreeMap::new();
    for path in &plan.other_paths {
        let (Some(write), Some((around, name))) = (&path.write, path.name.rsplit_once("::")) else {
            continue;
        };
        let of_package = write.split("::").next() != Some(own);
        let named = tree.modules.iter_enumerated().filter(|(_, module)| module.path == around);
        let module = named.max_by_key(|(_, module)| module.compiled);
        if let Some((module, _)) = module.filter(|_| of_package) {
            all.insert((module, name.to_owned()), write.clone());
        }
    }
    all
}

/// Crates that do not compile apart are work for people, too.
fn tied(tie: &Tie) -> LeftEdit {
    let [one, other] = &tie.crates;
    let LeftError { file, code, message, .. } = &tie.because;
    let said: Vec<&str> =
        [file, code, message].into_iter().map(String::as_str).filter(|s| !s.is_empty()).collect();
    let why = format!("`{one}` and `{other}` do not compile apart: {}", said.join(" "));
    LeftEdit { edits: Vec::new(), kind: "together", why }
}

/// What the files of each crate name, by the directory that they lie in.
fn of_each_crate(
    target: &Planned,
    layout: &Layout,
    written: &Sources,
    directories: &IdVec<PlanCrateId, PathBuf>,
) -> IdVec<PlanCrateId, Named> {
    let mut all = IdVec::from_elem(Named::default(), directories.len());
    let mut externs = target.externs.clone();
    externs.extend(layout.crates.iter().map(|krate| (krate.lib_name(), krate.package.clone())));
    for (path, file) in &written.files {
        let around = directories.iter_enumerated().filter(|(_, dir)| path.starts_with(dir));
        if let Some((krate, _)) = around.max_by_key(|(_, dir)| dir.components().count()) {
            all[krate].add(&file.text, &externs);
        }
    }
    all
}

/// Whether code in the docs of a file names a crate.
fn has_example_of(text: &str, krate: &str) -> bool {
    let (mut fenced, mut block) = (false, false);
    text.lines().any(|line| {
        let line = line.trim_start();
        let starts = |marks: [&str; 2]| marks.into_iter().find_map(|mark| line.strip_prefix(mark));
        block |= starts(["/*!", "/**"]).is_some();
        let docs = if block { Some(line) } else { starts(["///", "//!"]) };
        block &= !line.contains("*/");
        let Some(docs) = docs.map(str::trim) else {
            fenced = false;
            return false;
        };
        if docs.starts_with("```") {
            fenced = !fenced;
        }
        let named = |at: usize| {
            let (before, after) = (&docs[..at], &docs[at + krate.len()..]);
            let begins = !before.ends_with(|c: char| c.is_alphanumeric() || "_:$".contains(c));
            let whole = before.ends_with("use ") || before.ends_with("extern crate ");
            begins && (after.starts_with("::") || (whole && after.starts_with([';', ' '])))
        };
        fenced && docs.match_indices(krate).any(|(at, _)| named(at))
    })
}

/// What is passed in, and who takes what then. What would part crates that stay one for other reasons stays as it is.
fn laid_out(target: &Planned, tree: &Tree) -> Done<(Passed, Layout)> {
    let plan = &target.plan;
    let laid_out = |unasked| -> Done<(Passed, Layout)> {
        let passed = passed(plan, unasked, tree, &target.root);
        let layout = Layout::new(plan, (unasked, &target.tied), &passed, tree, &target.root)?;
        Ok((passed, layout))
    };
    let (passed, layout) = laid_out(&target.unasked)?;
    let stays = |cut: &CutReport| {
        let within =
            |name: &Option<String>, crates: &[String]| name.as_ref().is_some_and(|n| crates.contains(n));
        layout.together.iter().any(|crates| within(&cut.from_crate, crates) && within(&cut.to_crate, crates))
    };
    let frees_none = |edit: &&PlanEditReport| {
        passed.done.contains(&edit.id)
            && edit.cuts.iter().all(|&cut| plan.cuts.get(cut as usize).is_some_and(stays))
    };
    let needless: Vec<String> = plan.edits.iter().filter(frees_none).map(|edit| edit.id.clone()).collect();
    if needless.is_empty() {
        return Ok((passed, layout));
    }
    let mut unasked = target.unasked.clone();
    unasked.extend(needless.into_iter().map(|id| (id, "its crates stay one for another reason")));
    laid_out(&unasked)
}

/// What each crate is, in a sentence.
fn about(package: &str, plan: &PlanReport, layout: &Layout) -> IdVec<PlanCrateId, String> {
    let mut all = IdVec::new();
    for krate in &layout.crates {
        let modules = krate.entries.iter().flat_map(|&entry| &plan.crates[entry].modules);
        let inner: Vec<&str> =
            modules.map(|m| m.split_once("::").map_or(m.as_str(), |(_, inner)| inner)).collect();
        let items = krate.entries.iter().flat_map(|&entry| &plan.crates[entry].items);
        let around = items.filter_map(|item| item.split_once("::<").or_else(|| item.rsplit_once("::")));
        let parts: BTreeSet<String> = around
            .map(|(path, _)| path.split_once("::").map_or(path, |(_, inner)| inner))
            .map(|path| format!("items of {path}"))
            .collect();
        let names = if inner.is_empty() { parts.iter().map(String::as_str).collect() } else { inner };
        let more = if names.len() > SHOWN_MODULES { " and more" } else { "" };
        let shown = &names[..names.len().min(SHOWN_MODULES)];
        all.push(format!("Part of {package}: {}{more}.", shown.join(", ")));
    }
    all
}

/// Modules that the description of a crate names.
const SHOWN_MODULES: usize = 4;

/// New crates lie beside the package; those of a package in the workspace's root in its `crates`.
fn directories(layout: &Layout, package: &Path, workspace: &Path) -> IdVec<PlanCrateId, PathBuf> {
    let beside = if package == workspace {
        workspace.join("crates")
    } else {
        package.parent().unwrap_or(workspace).to_owned()
    };
    let mut all = IdVec::new();
    for krate in &layout.crates {
        all.push(if krate.residual { package.to_owned() } else { beside.join(&krate.package) });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_is_named_in_the_code_of_docs() {
        let cases = [
            ("/// ```\n/// use shop::Cart;\n/// ```\nfn f() {}", true),
            ("//! ```rust,no_run\n//! let x = shop::cart();\n//! ```", true),
            ("/// ```\n/// # use shop as store;\n/// ```", true),
            ("/// ```\n/// # extern crate shop;\n/// ```", true),
            ("/// See shop::Cart.\nfn f() {}", false),
            ("/// ```\n/// use my_shop::Cart;\n/// use crate::shop::Cart;\n/// ```", false),
            ("/// ```\n/// let x = 1;\n/// ```\n/// Of shop::Cart.", false),
            ("/*!\nA shop.\n\n```\nuse shop::Cart;\n```\n*/", true),
            ("/** A shop. */\nuse shop::Cart;", false),
            ("use shop::Cart;", false),
        ];
        for (text, expected) in cases {
            assert_eq!(has_example_of(text, "shop"), expected, "{text}");
        }
    }
}
