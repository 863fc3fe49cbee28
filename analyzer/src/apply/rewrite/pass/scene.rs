//! Who calls the code that gets something passed in, and what each of them writes.

use std::path::Path;

use quote::ToTokens;

use super::calls::{Call, Named, named};
use super::changes::Changes;
use super::parts::Parts;
use super::target::{Target, target};
use crate::apply::source::spans::{Splice, bytes, first_line};
use crate::apply::source::tokens::{Token, TokenKind};
use crate::apply::source::tree::Tree;
use crate::ids::{SourceFileId, SourceModuleId};
use crate::report::{CutReport, PlanEditReport, PlanItemReport, PlanReport};

/// A function and all that hand something on to it are no more than this. A choice: longer chains are for people to look at.
const MOST_BETWEEN: usize = 16;

/// The package, and who calls whom in it.
pub(super) struct Scene<'a> {
    pub(super) plan: &'a PlanReport,
    pub(super) tree: &'a Tree,
    root: &'a Path,
    pub(super) parts: Parts<'a>,
}

/// A free function whose signature changes.
pub(super) struct Function {
    pub(super) file: SourceFileId,
    pub(super) module: SourceModuleId,
    pub(super) parsed: syn::ItemFn,
}

impl Function {
    pub(super) fn name(&self) -> String {
        self.parsed.sig.ident.to_string()
    }

    pub(super) fn bytes(&self) -> std::ops::Range<usize> {
        bytes(&self.parsed.to_token_stream())
    }

    /// Where its parameters end, and whether it has none.
    fn parameters(&self) -> (usize, bool) {
        let signature = &self.parsed.sig;
        let last = signature.inputs.last().map(|last| bytes(&last.to_token_stream()).end);
        (last.unwrap_or_else(|| signature.paren_token.span.open().byte_range().end), last.is_none())
    }
}

impl<'a> Scene<'a> {
    pub(super) fn new(plan: &'a PlanReport, tree: &'a Tree, root: &'a Path) -> Self {
        Self { plan, tree, root, parts: Parts::new(plan, tree) }
    }

    /// What an edit changes.
    pub(super) fn pass(&self, edit: &PlanEditReport) -> Result<Changes, String> {
        let cuts: Vec<&CutReport> =
            edit.cuts.iter().filter_map(|&at| self.plan.cuts.get(at as usize)).collect();
        let first = cuts.first().ok_or("it removes no reference")?;
        if cuts.iter().any(|cut| cut.to != first.to) {
            return Err("it is about several things above".to_owned());
        }
        let mut takers: Vec<Function> = Vec::new();
        for item in &edit.items {
            takers.push(self.function(item)?);
        }
        let lowest = takers.iter().map(|taker| self.parts.entry(taker.module, &taker.name()));
        let target = target(&self.parts, &first.to, edit.kind == "pass-function", &lowest.collect())?;
        let mut changes = Changes::default();
        for (taker, item) in takers.iter().zip(&edit.items) {
            let references = cuts.iter().filter(|cut| cut.from == item.item).map(|cut| cut.references).sum();
            changes.replaced.extend(self.inside(taker, &target, references)?);
        }
        let mut at = 0;
        while at < takers.len() {
            if takers.len() > MOST_BETWEEN {
                return Err(format!("more than {MOST_BETWEEN} functions would hand it on"));
            }
            let (place, empty) = takers[at].parameters();
            let parameter = format!("{}: {}", target.parameter, target.written);
            changes.added.insert((takers[at].file, place), (empty, vec![parameter]));
            for call in self.calls(&takers[at])? {
                let argument = match self.caller(&call, &target)? {
                    None => target.argument.clone(),
                    Some(between) => {
                        let known =
                            |taker: &Function| taker.file == between.file && taker.bytes() == between.bytes();
                        if !takers.iter().any(known) {
                            if self.idents(&between, &target.parameter).next().is_some() {
                                return Err(format!(
                                    "`{}` has a `{}` of its own",
                                    between.name(),
                                    target.parameter
                                ));
                            }
                            takers.push(between);
                        }
                        target.parameter.clone()
                    }
                };
                changes.added.insert((call.file, call.end), (call.empty, vec![argument]));
            }
            at += 1;
        }
        Ok(changes)
    }

    /// The function that an item of the plan is.
    pub(super) fn function(&self, item: &PlanItemReport) -> Result<Function, String> {
        let path = self.root.join(&item.file);
        let found = self.tree.files.iter_enumerated().find(|(_, file)| file.path == path);
        let (file, _) = found.ok_or("its file was not read")?;
        let begins = |function: &Function| first_line(&function.parsed.to_token_stream()) == item.line;
        let function = self.functions(file)?.into_iter().find(begins);
        function.ok_or_else(|| format!("`{}` is no free function", item.item))
    }

    /// The free functions of a file, those of its inline modules as well.
    pub(super) fn functions(&self, file: SourceFileId) -> Result<Vec<Function>, String> {
        let parsed = syn::parse_file(&self.tree.files[file].text).map_err(|error| error.to_string())?;
        let (mut next, mut found) = (parsed.items, Vec::new());
        while let Some(item) = next.pop() {
            match item {
                syn::Item::Mod(module) => {
                    next.extend(module.content.into_iter().flat_map(|(_, items)| items))
                }
                syn::Item::Fn(parsed) => {
                    let start = parsed.sig.ident.span().byte_range().start;
                    let module = self.tree.module_at(file, start).ok_or("its module was not read")?;
                    found.push(Function { file, module, parsed });
                }
                _ => {}
            }
        }
        Ok(found)
    }

    /// Identifiers of a function that are no members of anything.
    pub(super) fn idents<'s>(
        &'s self,
        function: &Function,
        name: &'s str,
    ) -> impl Iterator<Item = usize> + 's {
        let (tokens, range) = (&self.tree.files[function.file].tokens, function.bytes());
        let is = move |token: &Token| matches!(&token.kind, TokenKind::Ident(ident) if ident == name);
        let member =
            |at: usize| at.checked_sub(1).is_some_and(|before| tokens[before].kind == TokenKind::Punct('.'));
        (0..tokens.len())
            .filter(move |&at| is(&tokens[at]) && range.contains(&tokens[at].bytes.start) && !member(at))
    }

    /// The places of a function that name what is passed in, as they become.
    fn inside(
        &self,
        function: &Function,
        target: &Target,
        references: u32,
    ) -> Result<Vec<(SourceFileId, Splice)>, String> {
        let source = &self.tree.files[function.file];
        let other = target.parameter != target.name;
        if other && self.idents(function, &target.parameter).next().is_some() {
            return Err(format!("`{}` has a `{}` of its own", function.name(), target.parameter));
        }
        let mut found = Vec::new();
        for at in self.idents(function, &target.name) {
            let range = target.replaced(&source.tokens, at)?;
            if source.text[range.clone()].contains('\n') {
                return Err("its path goes over several lines".to_owned());
            }
            found.push((function.file, Splice::new(range, target.parameter.clone())));
        }
        if found.len() as u32 != references {
            return Err(format!("`{}` is not always named so in `{}`", target.name, function.name()));
        }
        Ok(found)
    }

    /// All calls of a function.
    pub(super) fn calls(&self, function: &Function) -> Result<Vec<Call>, String> {
        let name = function.name();
        if self.is_offered(function) {
            return Err(format!("`{name}` is part of what the package offers"));
        }
        let (mut found, mut declared) = (Vec::new(), 0);
        for file in self.tree.files.ids() {
            for named in named(self.tree, file, &name) {
                match named {
                    Named::Declared => declared += 1,
                    Named::Imported => {}
                    Named::Called(call) => found.push(call),
                    Named::Other(line) => {
                        let path = self.tree.files[file].path.strip_prefix(self.root).ok();
                        let shown = path.unwrap_or(&self.tree.files[file].path).display();
                        return Err(format!("{shown}:{line} names `{name}` in another way than by a call"));
                    }
                }
            }
        }
        if declared != 1 {
            return Err(format!("several functions are called `{name}`"));
        }
        Ok(found)
    }

    /// Whether other packages can call a function.
    fn is_offered(&self, function: &Function) -> bool {
        let root = &self.tree.files[self.tree.modules[crate::apply::source::tree::ROOT].file].path;
        let is_public = matches!(function.parsed.vis, syn::Visibility::Public(_));
        if !is_public || root.file_name().is_some_and(|name| name == "main.rs") {
            return false;
        }
        let parent = |module: &SourceModuleId| self.tree.modules[*module].parent;
        let mut around = std::iter::successors(Some(function.module), parent);
        let open = around.all(|id| self.tree.modules[id].decl.as_ref().is_none_or(|d| d.vis == "pub"));
        let name = function.name();
        let own = self.tree.modules[function.module].path.rsplit("::").next().unwrap_or_default();
        let brings = |leaf: &crate::apply::source::syntax::Leaf| {
            let before = leaf.segments.iter().rev().nth(1);
            leaf.name() == name || (leaf.is_glob() && before.is_some_and(|segment| segment.name == own))
        };
        let uses = self.tree.modules.iter().flat_map(|module| &module.body.uses);
        open || uses.filter(|u| u.vis == "pub").any(|u| u.leaves.iter().any(brings))
    }

    /// The function between that calls; none where the caller sees what is passed in.
    fn caller(&self, call: &Call, target: &Target) -> Result<Option<Function>, String> {
        let module = self.tree.module_at(call.file, call.at).ok_or("its caller's module was not read")?;
        let decls = &self.tree.modules[module].body.decls;
        let around = decls.iter().find(|decl| decl.item.contains(&call.at));
        let entry = self.parts.entry(module, around.map_or("", |decl| &decl.name));
        if self.parts.sees(entry, target.entry) {
            return Ok(None);
        }
        if self.tree.is_for_tests(call.file, call.at) {
            return Err(format!("tests of {} call it", self.tree.modules[module].path));
        }
        let mut functions = self.functions(call.file)?.into_iter();
        let between = functions.find(|function| function.bytes().contains(&call.at));
        let path = &self.tree.modules[module].path;
        between.map(Some).ok_or_else(|| format!("something else than a free function of {path} calls it"))
    }
}
