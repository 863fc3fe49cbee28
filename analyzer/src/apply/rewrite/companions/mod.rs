//! Files beside the sources that code means by their place: they go along with it.

mod of_package;
mod templates;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

use self::of_package::{of_package, prepared_queries};
use self::templates::templates;
use super::layout::{Layout, LeftEdit};
use super::manifest::relative;
use super::text::line_start;
use crate::apply::Done;
use crate::apply::planned::Planned;
use crate::apply::source::tokens::TokenKind;
use crate::apply::source::tree::Tree;
use crate::discover::normalize;
use crate::ids::{IdVec, PlanCrateId, SourceFileId};
use crate::report::{MovedPathReport, PlanEditReport, PlanItemReport};

/// Literals that name such a file where it stays, by the file and the first byte of each, as they become.
pub(in crate::apply) type Named = BTreeMap<(SourceFileId, usize), (Range<usize>, String)>;

/// What calls that mean a template begin with.
const TEMPLATE: &str = "#[template";

/// What becomes of them.
#[derive(Debug, Default)]
pub(super) struct Companions {
    pub(super) renames: Vec<(PathBuf, PathBuf)>,
    /// Files that are written.
    pub(super) files: Vec<(PathBuf, String)>,
    pub(super) named: Named,
    pub(super) left: Vec<LeftEdit>,
}

/// A call that means a file, with the edits of the plan that ask for that.
struct Call<'p> {
    path: Option<&'p MovedPathReport>,
    edits: Vec<String>,
}

/// Files that code includes go along, where nobody else includes them; others stay, and their paths change.
pub(super) fn companions(
    target: &Planned,
    tree: &Tree,
    layout: &Layout,
    sources: &IdVec<PlanCrateId, PathBuf>,
    read: &dyn Fn(&Path) -> Done<String>,
) -> Companions {
    let directory = target.manifest.parent().unwrap_or(&target.root);
    let named_by_tests = package_directory(target, tree, layout, sources);
    let mut out = Companions { named: named_by_tests, ..Companions::default() };
    out.named.extend(of_package(target, tree, layout, sources));
    out.renames.extend(prepared_queries(target, tree, layout));
    let templates = templates(target, tree, layout, sources, read);
    out.renames.extend(templates.renames.iter().cloned());
    out.files.extend(templates.files.iter().cloned());
    let mut users: BTreeMap<PathBuf, (BTreeSet<PlanCrateId>, Vec<Call<'_>>)> = BTreeMap::new();
    let left = |edits: Vec<String>, why: String| LeftEdit { edits, kind: "move-file", why };
    for path in &target.plan.paths {
        let asks = |edit: &&PlanEditReport| {
            let within =
                |i: &PlanItemReport| i.file == path.file && (i.line..=i.end_line).contains(&path.line);
            edit.kind == "move-file" && edit.krate == path.krate && edit.items.first().is_some_and(within)
        };
        let edits: Vec<String> = target.plan.edits.iter().filter(asks).map(|edit| edit.id.clone()).collect();
        let is_it = |entry: &usize| target.plan.crates[*entry].name == path.krate;
        let krate = layout.crates.iter_enumerated().find(|(_, krate)| krate.entries.iter().any(is_it));
        // What tests make of the package's directory stays where it is.
        let source = tree.files.iter_enumerated().find(|(_, s)| s.path == target.root.join(&path.file));
        let by_tests = source.is_some_and(|(file, source)| {
            let line = line_start(&source.text, path.line)..line_start(&source.text, path.line + 1);
            let mut calls = out.named.range((file, line.start)..(file, line.end));
            (path.call.contains("CARGO_MANIFEST_DIR") || path.call.contains("concat!"))
                && calls.next().is_some()
        });
        if by_tests {
            continue;
        }
        if path.call.starts_with(TEMPLATE) {
            let why = krate.and_then(|(krate, _)| templates.left(krate, &path.call));
            out.left.extend(why.map(|why| left(edits, why)));
            continue;
        }
        let Some((found, (krate, _))) = meant(target, directory, path).zip(krate) else {
            let why = format!("`{}` ({}:{}) means no plain file", path.call, path.file, path.line);
            out.left.push(left(edits, why));
            continue;
        };
        // Both crates may have stayed one.
        if layout.crates[krate].residual {
            continue;
        }
        let (crates, calls) = users.entry(found).or_default();
        crates.insert(krate);
        calls.push(Call { path: Some(path), edits });
    }
    for (file, krate) in included(tree, layout) {
        let (crates, calls) = users.entry(file).or_default();
        crates.insert(krate);
        calls.push(Call { path: None, edits: Vec::new() });
    }
    for (file, (crates, calls)) in users {
        let one = crates.first().copied().filter(|_| crates.len() == 1);
        // Sources keep their place in a package, so that what lies beside them is found by the same path.
        let standard = tree.source == directory.join("src");
        let inner =
            if standard { file.strip_prefix(directory) } else { file.strip_prefix(&tree.source) }.ok();
        if !file.is_file() {
            let edits = calls.into_iter().flat_map(|call| call.edits).collect();
            out.left.push(left(edits, format!("there is no file {}", file.display())));
            continue;
        }
        if let (Some(id), Some(inner)) = (one, inner)
            && !is_named_by_others(tree, layout, &file, id)
        {
            let source = &sources[id];
            let base = if standard { source.parent().unwrap_or(source) } else { source };
            out.renames.push((file.clone(), base.join(inner)));
            continue;
        }
        for call in calls {
            let named = call.path.and_then(|path| named(target, tree, layout, sources, (path, &file)));
            match named {
                Some((place, new, for_tests)) => {
                    out.named.insert((place.0, place.1.start), (place.1, new));
                    if !for_tests {
                        let why = format!(
                            "{} stays with the package, and a crate that is published does not have it",
                            file.display()
                        );
                        out.left.push(left(call.edits, why));
                    }
                }
                None => {
                    let why = format!("{} is included by several crates, or lies elsewhere", file.display());
                    out.left.push(left(call.edits, why));
                }
            }
        }
    }
    out
}

/// The package's directory, as tests in another crate have to write it where they make a path of it themselves: what they read has
/// stayed where it was.
fn package_directory(
    target: &Planned,
    tree: &Tree,
    layout: &Layout,
    sources: &IdVec<PlanCrateId, PathBuf>,
) -> Named {
    let directory = target.manifest.parent().unwrap_or(&target.root);
    let mut named = Named::new();
    for (file, source) in tree.files.iter_enumerated() {
        let is = |at: usize, kind: &TokenKind| source.tokens.get(at).is_some_and(|token| token.kind == *kind);
        let literal = |at: usize| {
            let token = source.tokens.get(at)?;
            let text = &source.text[token.bytes.clone()];
            (matches!(token.kind, TokenKind::Literal(_)) && text == "\"CARGO_MANIFEST_DIR\"").then_some(())
        };
        let calls = (0..source.tokens.len()).filter(|&at| {
            is(at, &TokenKind::Ident("env".to_owned()))
                && is(at + 1, &TokenKind::Punct('!'))
                && literal(at + 3).is_some()
        });
        let mut calls: Vec<Range<usize>> = calls
            .filter_map(|at| Some(source.tokens[at].bytes.start..source.tokens.get(at + 4)?.bytes.end))
            .collect();
        // A call whose file is known is led to that.
        for path in target.plan.paths.iter().filter(|path| source.path == target.root.join(&path.file)) {
            if path.call.contains("CARGO_MANIFEST_DIR") && meant(target, directory, path).is_some() {
                let start = line_start(&source.text, path.line);
                if let Some(at) = calls.iter().position(|bytes| bytes.start >= start) {
                    calls.remove(at);
                }
            }
        }
        for bytes in calls {
            let at = bytes.start;
            let moved = layout.moved_test_at(tree, file, at);
            if moved.is_none() && !tree.is_for_tests(file, at) {
                continue;
            }
            let krate = moved.map(|test| test.krate).or_else(|| layout.owner_at(tree, file, at));
            let Some(krate) = krate.filter(|&krate| !layout.crates[krate].residual) else { continue };
            let here = sources[krate].parent().unwrap_or(&sources[krate]);
            let new = format!("concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/{}\")", relative(here, directory));
            named.insert((file, at), (bytes, new));
        }
    }
    named
}

/// The literal of a call that names a file, how it becomes, and whether tests alone have it.
fn named(
    target: &Planned,
    tree: &Tree,
    layout: &Layout,
    sources: &IdVec<PlanCrateId, PathBuf>,
    (path, file): (&MovedPathReport, &Path),
) -> Option<((SourceFileId, Range<usize>), String, bool)> {
    let written = target.root.join(&path.file);
    let last = path.call.split('"').skip(1).step_by(2).last()?;
    let (id, source) = tree.files.iter_enumerated().find(|(_, source)| source.path == written)?;
    let line = line_start(&source.text, path.line)..line_start(&source.text, path.line + 1);
    let call = source.tokens.iter().position(|token| {
        let includes = matches!(&token.kind, TokenKind::Ident(name) if name.starts_with("include"));
        includes && line.contains(&token.bytes.start)
    })?;
    let rest = &source.tokens[call..];
    let literal = rest.iter().find(|token| {
        matches!(token.kind, TokenKind::Literal(_)) && source.text[token.bytes.clone()] == format!("{last:?}")
    })?;
    let at = literal.bytes.start;
    let moved = layout.moved_test_at(tree, id, at);
    let krate = moved.map(|test| test.krate).or_else(|| layout.owner_at(tree, id, at))?;
    let inner = written.parent()?.strip_prefix(&tree.source).ok()?;
    let directory = if moved.is_some() { sources[krate].clone() } else { sources[krate].join(inner) };
    let new = if path.call.contains("CARGO_MANIFEST_DIR") {
        format!("/{}", relative(sources[krate].parent()?, file))
    } else {
        relative(&directory, file)
    };
    let for_tests = moved.is_some() || tree.is_for_tests(id, at);
    Some(((id, literal.bytes.clone()), format!("{new:?}"), for_tests))
}

/// The file that a call means.
fn meant(target: &Planned, directory: &Path, path: &MovedPathReport) -> Option<PathBuf> {
    let reads = ["include", "#[grammar"].iter().any(|start| path.call.starts_with(start));
    let quoted: Vec<&str> = path.call.split('"').skip(1).step_by(2).collect();
    let file = target.root.join(&path.file);
    // By the documentation of pest.
    let base = match path.call.as_str() {
        call if call.starts_with("#[grammar") => directory.join("src"),
        _ => file.parent().unwrap_or(&target.root).to_owned(),
    };
    match quoted[..] {
        _ if !reads => None,
        [literal] => Some(normalize(&base.join(literal))),
        ["CARGO_MANIFEST_DIR", inner] if path.call.contains("(concat!(env!(") && inner.starts_with('/') => {
            Some(normalize(&directory.join(inner.trim_start_matches('/'))))
        }
        _ => None,
    }
}

/// Files of code that modules of new crates include: the analysis reads them as a part of their module.
fn included(tree: &Tree, layout: &Layout) -> Vec<(PathBuf, PlanCrateId)> {
    let mut found = Vec::new();
    for (id, file) in tree.files.iter_enumerated() {
        for call in file.tokens.windows(4) {
            let [name, bang, open, literal] = call else { continue };
            let included = name.kind == TokenKind::Ident("include".to_owned())
                && bang.kind == TokenKind::Punct('!')
                && matches!(open.kind, TokenKind::Open(_))
                && matches!(literal.kind, TokenKind::Literal(_));
            let owner = layout.owner_at(tree, id, name.bytes.start).filter(|_| included);
            let Some(krate) = owner.filter(|&krate| !layout.crates[krate].residual) else { continue };
            let text = file.text[literal.bytes.clone()].trim_matches('"');
            let directory = file.path.parent().unwrap_or(Path::new(""));
            found.push((normalize(&directory.join(text)), krate));
        }
    }
    found
}

/// Whether code of another crate has a file's name in its text.
fn is_named_by_others(tree: &Tree, layout: &Layout, file: &Path, krate: PlanCrateId) -> bool {
    let Some(name) = file.file_name().and_then(|name| name.to_str()) else { return true };
    let mut others = tree.modules.iter_enumerated().filter(|(id, _)| layout.home[*id] != krate);
    others.any(|(_, module)| {
        let text = &tree.files[module.file].text;
        text[module.inside.clone().unwrap_or(0..text.len())].contains(name)
    })
}
