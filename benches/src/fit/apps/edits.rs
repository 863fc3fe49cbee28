//! `fit edits`: one statement more in the body of a function, file by file, and what an incremental build makes again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use split_analyzer::Codebase;
use split_analyzer::cost::{Costs, Mode};
use split_analyzer::discover::TargetKind;
use split_analyzer::ids::{CrateId, FileId};
use syn::spanned::Spanned;
use syn::visit::Visit;

use crate::fit::apps::build::{App, Build, Run, build, calls, commit, measured, name_and_dir, read_own};
use crate::fit::apps::wrapper::{Call, Variant};

/// What `fit edits` writes.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Edits {
    /// Name and commit of each application.
    pub(crate) apps: BTreeMap<String, String>,
    /// Each crate that was made again after an edit.
    pub(crate) rebuilds: Vec<Rebuilt>,
}

impl Edits {
    /// How many files were edited.
    pub(crate) fn edits(&self) -> usize {
        self.rebuilds.iter().map(|row| (&row.app, &row.file)).collect::<BTreeSet<_>>().len()
    }
}

/// A crate that was made again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Rebuilt {
    pub(crate) app: String,
    /// The file that was edited, and whether the function in it is `async` or has such a block.
    pub(crate) file: String,
    pub(crate) asynchronous: bool,
    /// The crate that was made again, and what it is.
    pub(crate) krate: String,
    pub(crate) kind: String,
    /// Whether the file is one of its own.
    pub(crate) own: bool,
    /// The part of the crate's code generation that the model has for the file, if it is its own.
    pub(crate) share: f64,
    /// Processor seconds of the first build, front end and code generation; then of the rebuild.
    pub(crate) full_s: (f64, f64),
    pub(crate) again_s: (f64, f64),
}

/// Builds each application incrementally, and again after each of `files` edits; rows of others in `out` stay there.
pub(crate) fn run(
    apps: &[String],
    arguments: &[String],
    files: usize,
    scratch: &Path,
    out: &Path,
) -> anyhow::Result<()> {
    std::fs::create_dir_all(scratch)?;
    let mut found: Edits = match std::fs::read_to_string(out) {
        Ok(text) => serde_json::from_str(&text).with_context(|| out.display().to_string())?,
        Err(_) => Edits::default(),
    };
    for named in apps {
        let (name, dir) = name_and_dir(named)?;
        let own = arguments.iter().filter_map(|a| a.strip_prefix(name.as_str())?.strip_prefix('='));
        let app = App {
            name: name.clone(),
            commit: commit(&dir)?,
            arguments: own.map(str::to_owned).collect(),
            held_out: false,
        };
        found.rebuilds.retain(|row| row.app != name);
        found.rebuilds.extend(edit_each(&app, &dir, files, scratch)?);
        found.apps.insert(name, app.commit);
        found.rebuilds.sort_by(|a, b| (&a.app, &a.file, &a.krate).cmp(&(&b.app, &b.file, &b.krate)));
        std::fs::write(out, text(&found)?).with_context(|| out.display().to_string())?;
    }
    Ok(())
}

/// One crate a line.
fn text(edits: &Edits) -> anyhow::Result<String> {
    let rows = edits.rebuilds.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>()?;
    Ok(format!(
        "{{\"apps\":{},\n\"rebuilds\":[\n{}\n]}}\n",
        serde_json::to_string(&edits.apps)?,
        rows.join(",\n")
    ))
}

fn edit_each(app: &App, dir: &Path, files: usize, scratch: &Path) -> anyhow::Result<Vec<Rebuilt>> {
    let copy = std::path::absolute(scratch.join(format!("{}-edited", app.name)))?;
    if !copy.exists() {
        let cloned = Command::new("git").args(["clone", "-q", "--shared"]).args([dir, &copy]).status()?;
        if !cloned.success() {
            bail!("{}: git clone failed", dir.display());
        }
    }
    let code = read_own(app, &copy)?;
    let costs = code.costs(&[Mode::Dev]).pop().context("seconds of a dev build")?;
    let record = scratch.join(format!("{}-edits.jsonl", app.name));
    let target = scratch.join("target");
    let build = |cargo: &[&str]| -> anyhow::Result<Vec<Call>> {
        let _ = std::fs::remove_file(&record);
        let how = Build { target: &target, record: &record, incremental: true, variant: None };
        build(app, &copy, &how, cargo)?;
        calls(&record)
    };
    let full = build(&["build"])?;
    let mut rows = Vec::new();
    for (file, krate) in chosen(&code, files) {
        let path = copy.join(&file);
        let before = std::fs::read_to_string(&path)?;
        let Some((changed, asynchronous)) = edited(&before) else { continue };
        std::fs::write(&path, changed)?;
        for call in build(&["build"])? {
            let first = full.iter().find(|f| f.hash == call.hash && f.src == call.src);
            let (Some(first), Some(again_s)) = (first.and_then(seconds), seconds(&call)) else { continue };
            let id = crate_at(&code, &copy, &call.src);
            let own = id == Some(krate);
            rows.push(Rebuilt {
                app: app.name.clone(),
                file: file.clone(),
                asynchronous,
                krate: call.krate.clone(),
                kind: call.kind.clone(),
                own,
                share: if own { share(&code, &costs, krate, &file) } else { 0.0 },
                full_s: first,
                again_s,
            });
        }
    }
    Ok(rows)
}

fn seconds(call: &Call) -> Option<(f64, f64)> {
    let run: Run = measured(call).filter(|_| call.variant == Variant::Build)?;
    Some((run.frontend_s, run.codegen_s?))
}

/// The crate with this root file.
fn crate_at(code: &Codebase, dir: &Path, src: &str) -> Option<CrateId> {
    let root = |id: &CrateId| {
        let target = &code.repository.targets[code.resolution.crates[*id].target];
        let src = PathBuf::from(src);
        src == dir.join(&target.src) || src == Path::new(&target.src)
    };
    code.resolution.crates.ids().find(root)
}

/// Files of libraries and programs, so many, at even distances along all their lines.
fn chosen(code: &Codebase, files: usize) -> Vec<(String, CrateId)> {
    let resolution = &code.resolution;
    let mut lines: BTreeMap<(CrateId, FileId), u64> = BTreeMap::new();
    for item in resolution.items.iter().filter(|item| !item.test && item.compiled) {
        let krate = resolution.modules[item.module].krate;
        let kind = code.repository.targets[resolution.crates[krate].target].kind;
        if matches!(kind, TargetKind::Lib | TargetKind::Bin) && item.end_line > item.line {
            *lines.entry((krate, item.file)).or_default() += u64::from(item.end_line - item.line);
        }
    }
    let all: u64 = lines.values().sum();
    let mut chosen = Vec::new();
    let (mut passed, mut next) = (0, 0);
    for ((krate, file), lines) in lines {
        passed += lines;
        if next < files && passed * 2 * files as u64 > all * (2 * next as u64 + 1) {
            chosen.push((resolution.files[file].path.clone(), krate));
            while next < files && passed * 2 * files as u64 > all * (2 * next as u64 + 1) {
                next += 1;
            }
        }
    }
    chosen
}

/// The part of a crate's code generation that its items in a file have.
fn share(code: &Codebase, costs: &Costs, krate: CrateId, file: &str) -> f64 {
    let (mut all, mut own) = (0.0, 0.0);
    for (id, item) in code.resolution.items.iter_enumerated() {
        if !item.test && code.resolution.modules[item.module].krate == krate {
            let code_s = costs.items[id].codegen_s;
            all += code_s;
            if code.resolution.files[item.file].path == file {
                own += code_s;
            }
        }
    }
    if all > 0.0 { own / all } else { 0.0 }
}

/// A source with one statement more in its longest function outside of tests, and whether that is asynchronous.
fn edited(source: &str) -> Option<(String, bool)> {
    let mut functions = Functions::default();
    functions.visit_file(&syn::parse_file(source).ok()?);
    let (_, at, asynchronous) = functions.longest?;
    let (before, after) = source.split_at_checked(at)?;
    Some((format!("{before} let _edited = ::core::hint::black_box(1_u8); {after}"), asynchronous))
}

/// The longest function's lines, where its body begins, and whether it is asynchronous.
#[derive(Default)]
struct Functions {
    longest: Option<(usize, usize, bool)>,
}

impl Functions {
    fn take(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let (open, close) = (block.brace_token.span.open(), block.brace_token.span.close());
        let lines = close.end().line - open.start().line;
        if signature.constness.is_none() && self.longest.is_none_or(|(most, ..)| lines > most) {
            let mut asynchronous = Asynchronous(signature.asyncness.is_some());
            asynchronous.visit_block(block);
            self.longest = Some((lines, open.byte_range().end, asynchronous.0));
        }
    }
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let path = attribute.path();
        let cfg = path.is_ident("cfg") && attribute.span().source_text().is_some_and(|t| t.contains("test"));
        cfg || path.segments.last().is_some_and(|last| last.ident == "test")
    })
}

impl<'a> Visit<'a> for Functions {
    fn visit_item_mod(&mut self, module: &'a syn::ItemMod) {
        if !is_test(&module.attrs) {
            syn::visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, function: &'a syn::ItemFn) {
        if !is_test(&function.attrs) {
            self.take(&function.sig, &function.block);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'a syn::ImplItemFn) {
        if !is_test(&function.attrs) {
            self.take(&function.sig, &function.block);
        }
    }
}

struct Asynchronous(bool);

impl<'a> Visit<'a> for Asynchronous {
    fn visit_expr_async(&mut self, _: &'a syn::ExprAsync) {
        self.0 = true;
    }
}

#[cfg(test)]
mod tests {
    use super::edited;

    #[test]
    fn the_longest_function_outside_of_tests_gets_a_statement() {
        let cases = [
            ("fn a() {}\nfn b() {\n}\n", "fn b() { let", false),
            ("struct S;\nimpl S {\n    async fn a() {\n    }\n}\n", "async fn a() { let", true),
            ("fn a() {}\n#[cfg(test)]\nmod tests {\n    fn t() {\n    }\n}\n", "fn a() { let", false),
            ("const fn c() {\n}\nfn a() { async {}; }\n", "fn a() { let", true),
        ];
        for (source, expected, asynchronous) in cases {
            let (text, found) = edited(source).unwrap();
            assert!(text.contains(expected), "{text}");
            assert_eq!(found, asynchronous, "{source}");
        }
        assert_eq!(edited("struct S;"), None);
    }
}
