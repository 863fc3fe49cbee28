//! Inherent methods that need what lies above their type's crate: they become an extension trait in the crate above.

mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;

use quote::ToTokens;
use syn::spanned::Spanned;

use crate::apply::rewrite::layout::entries::{entries_of_modules, reach};
use crate::apply::source::spans::{bytes, first_line};
use crate::apply::source::syntax::DeclKind;
use crate::apply::source::tokens::{Token, TokenKind};
use crate::apply::source::tree::Tree;
use crate::ids::{PlanCrateId, SourceModuleId};
use crate::report::{PlanEditReport, PlanReport};

/// Methods of one `impl` block as a trait.
#[derive(Debug, Clone)]
pub(in crate::apply) struct Extension {
    /// The edit that asks for it, by its id.
    pub(in crate::apply) edit: String,
    /// The module of the block.
    pub(in crate::apply) module: SourceModuleId,
    /// The entry of the plan that gets the trait, and later its crate.
    pub(in crate::apply) entry: usize,
    pub(in crate::apply) krate: PlanCrateId,
    pub(in crate::apply) name: String,
    /// `<T: Bound>`, `<T>` and the `where` clause, as text; empty where there is none.
    pub(in crate::apply) generics: String,
    pub(in crate::apply) arguments: String,
    pub(in crate::apply) bounds: String,
    /// The block without its attributes and what is between its braces.
    pub(in crate::apply) header: Range<usize>,
    /// The whole block, where nothing else is in it.
    pub(in crate::apply) emptied: Option<Range<usize>>,
    /// The type that the block is for: as it is written, and its name.
    pub(in crate::apply) of: Range<usize>,
    pub(in crate::apply) of_name: String,
    pub(in crate::apply) methods: Vec<Method>,
}

/// A method of it; all bytes are of the block's file.
#[derive(Debug, Clone)]
pub(in crate::apply) struct Method {
    pub(in crate::apply) name: String,
    /// Attributes and documentation included.
    pub(in crate::apply) whole: Range<usize>,
    pub(in crate::apply) docs: Vec<Range<usize>>,
    pub(in crate::apply) attributes: Vec<Range<usize>>,
    /// From `fn`, or what stands before it, to the end of its signature, and of its body.
    pub(in crate::apply) signature: Range<usize>,
    pub(in crate::apply) end: usize,
    /// Parts of the signature that a declaration without a body can't have, with what it has in their place.
    pub(in crate::apply) patterns: Vec<(Range<usize>, String)>,
}

/// What the plan's `split-impl` edits come to: traits, and the ids of edits that are left, each with the reason.
pub(in crate::apply) fn extensions(
    plan: &PlanReport,
    unasked: &BTreeMap<String, &'static str>,
    tree: &Tree,
    root: &Path,
) -> (Vec<Extension>, Vec<(String, String)>) {
    let (mut found, mut left) = (Vec::new(), Vec::new());
    for edit in plan.edits.iter().filter(|e| e.kind == "split-impl" && !unasked.contains_key(&e.id)) {
        match extension(plan, edit, tree, root) {
            Ok(extension) => found.push(extension),
            Err(why) => left.push((edit.id.clone(), why)),
        }
    }
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for module in &tree.modules {
        taken.extend(module.body.decls.iter().map(|decl| decl.name.clone()));
    }
    for extension in &mut found {
        let plain = extension.name.clone();
        let numbered = (2..).map(|number| format!("{plain}{number}"));
        let free = std::iter::once(plain.clone()).chain(numbered).find(|name| !taken.contains(name));
        extension.name = free.unwrap_or(plain);
        taken.insert(extension.name.clone());
    }
    (found, left)
}

fn extension(
    plan: &PlanReport,
    edit: &PlanEditReport,
    tree: &Tree,
    root: &Path,
) -> Result<Extension, String> {
    let item = edit.items.first().ok_or("it names no block")?;
    let file = root.join(&item.file);
    let source = tree.files.iter().find(|f| f.path == file).ok_or("its file was not read")?;
    let module = source.modules.iter().copied().find(|&id| {
        let decls = &tree.modules[id].body.decls;
        decls.iter().any(|d| d.kind == DeclKind::Nameless && d.item_line == item.line)
    });
    let module = module.ok_or("the block was not found")?;
    let parsed = syn::parse_file(&source.text).map_err(|error| error.to_string())?;
    let mut block = None;
    find_block(&parsed.items, item.line, &mut block);
    let block = block.filter(|block| block.trait_.is_none()).ok_or("the block was not found")?;
    let cuts: Vec<_> = edit.cuts.iter().filter_map(|&at| plan.cuts.get(at as usize)).collect();
    let entry = upper(plan, cuts.iter().filter_map(|cut| cut.to_crate.as_deref()))?;
    let lines: BTreeSet<u32> = cuts.iter().flat_map(|cut| cut.lines.iter().copied()).collect();
    let methods = methods(block, &lines, &source.tokens)?;
    let names: BTreeSet<&str> = methods.iter().map(|method| method.name.as_str()).collect();
    if let Some(place) = caller_below(plan, tree, entry, (module, block), &names) {
        return Err(format!("{place} calls it and stays below"));
    }
    let generics = &block.generics;
    let (_, arguments, bounds) = generics.split_for_impl();
    let text = |tokens: &dyn ToTokens| {
        let range = bytes(&tokens.to_token_stream());
        source.text.get(range).unwrap_or_default().to_owned()
    };
    let of = bytes(&block.self_ty.to_token_stream());
    let emptied = (methods.len() == block.items.len()).then(|| bytes(&block.to_token_stream()));
    let of_name = type_name(block).ok_or("its type has no name")?;
    Ok(Extension {
        edit: edit.id.clone(),
        module,
        entry,
        krate: PlanCrateId(0),
        name: format!("{of_name}Ext"),
        generics: if generics.params.is_empty() {
            String::new()
        } else {
            format!("<{}>", text(&generics.params))
        },
        arguments: arguments.to_token_stream().to_string().replace(' ', "").replace(",", ", "),
        bounds: bounds.map_or(String::new(), |bounds| format!(" {}", text(bounds))),
        header: block.impl_token.span.byte_range().start..block.brace_token.span.open().byte_range().start,
        emptied,
        of,
        of_name,
        methods,
    })
}

/// The inherent or other block that begins at a line.
fn find_block<'a>(items: &'a [syn::Item], line: u32, found: &mut Option<&'a syn::ItemImpl>) {
    for item in items {
        match item {
            syn::Item::Impl(block) if first_line(&block.to_token_stream()) == line => *found = Some(block),
            syn::Item::Mod(module) => {
                let inner = module.content.as_ref().map(|(_, items)| &items[..]);
                find_block(inner.unwrap_or_default(), line, found);
            }
            _ => {}
        }
    }
}

fn type_name(block: &syn::ItemImpl) -> Option<String> {
    let syn::Type::Path(path) = &*block.self_ty else { return None };
    path.path.segments.last().map(|last| last.ident.to_string())
}

/// The crate of the plan that has all others of these below it, or is the only one.
fn upper<'p>(plan: &'p PlanReport, crates: impl Iterator<Item = &'p str>) -> Result<usize, String> {
    let at = |name: &str| plan.crates.iter().position(|krate| krate.name == name);
    let wanted: BTreeSet<usize> = crates.filter_map(at).collect();
    let reach = reach(&arcs(plan));
    let above = |&entry: &usize| wanted.iter().all(|other| *other == entry || reach[entry].contains(other));
    wanted
        .iter()
        .copied()
        .find(|entry| above(entry))
        .ok_or_else(|| "it needs several crates above".to_owned())
}

/// What each entry of the plan depends on, by the plan.
fn arcs(plan: &PlanReport) -> Vec<BTreeSet<usize>> {
    let at = |name: &String| plan.crates.iter().position(|krate| krate.name == *name);
    plan.crates.iter().map(|krate| krate.depends_on.iter().filter_map(at).collect()).collect()
}

/// The methods in which these lines lie, and all that call them in the same block.
fn methods(block: &syn::ItemImpl, lines: &BTreeSet<u32>, tokens: &[Token]) -> Result<Vec<Method>, String> {
    let mut chosen: BTreeMap<usize, &syn::ImplItemFn> = BTreeMap::new();
    let span = |member: &syn::ImplItem| {
        let span = member.span();
        span.start().line as u32..=span.end().line as u32
    };
    for (at, member) in block.items.iter().enumerate() {
        if lines.iter().any(|line| span(member).contains(line)) {
            let syn::ImplItem::Fn(method) = member else {
                return Err("it is no method that needs them".to_owned());
            };
            chosen.insert(at, method);
        }
    }
    if chosen.is_empty() {
        return Err("no method stands at the plan's lines".to_owned());
    }
    loop {
        let names: BTreeSet<String> = chosen.values().map(|method| method.sig.ident.to_string()).collect();
        let names: BTreeSet<&str> = names.iter().map(String::as_str).collect();
        let calls = |member: &syn::ImplItem| {
            calls(tokens, &bytes(&member.to_token_stream()), &names).next().is_some()
        };
        let next =
            block.items.iter().enumerate().find(|(at, member)| !chosen.contains_key(at) && calls(member));
        match next {
            Some((at, syn::ImplItem::Fn(method))) => chosen.insert(at, method),
            Some(_) => return Err("something else than a method calls it".to_owned()),
            None => break,
        };
    }
    chosen.into_values().map(method).collect()
}

fn method(method: &syn::ImplItemFn) -> Result<Method, String> {
    let signature = &method.sig;
    if signature.constness.is_some() {
        return Err(format!("`{}` is a `const fn`, which no trait can have", signature.ident));
    }
    let (docs, attributes): (Vec<_>, Vec<_>) = method.attrs.iter().partition(|a| a.path().is_ident("doc"));
    let mut patterns = Vec::new();
    for (at, input) in signature.inputs.iter().enumerate() {
        match input {
            syn::FnArg::Receiver(receiver) => {
                let mutable = receiver.mutability.map(|token| token.span.byte_range());
                patterns.extend(mutable.map(|range| (range.start..range.end + 1, String::new())));
            }
            syn::FnArg::Typed(typed) => {
                let range = bytes(&typed.pat.to_token_stream());
                match &*typed.pat {
                    syn::Pat::Ident(name) if name.by_ref.is_none() && name.subpat.is_none() => {
                        patterns.push((range, name.ident.to_string()));
                    }
                    syn::Pat::Wild(_) => {}
                    _ => patterns.push((range, format!("_argument{at}"))),
                }
            }
        }
    }
    let start = bytes(&signature.to_token_stream());
    Ok(Method {
        name: signature.ident.to_string(),
        whole: bytes(&method.to_token_stream()),
        docs: docs.iter().map(|a| bytes(&a.to_token_stream())).collect(),
        attributes: attributes.iter().map(|a| bytes(&a.to_token_stream())).collect(),
        signature: start.start..start.end,
        end: bytes(&method.block.to_token_stream()).end,
        patterns,
    })
}

/// The tokens of a range that call a method of these, after a dot, or name it, after two colons: a field or a macro of the name is
/// another thing.
pub(in crate::apply) fn calls<'t>(
    tokens: &'t [Token],
    range: &Range<usize>,
    names: &BTreeSet<&str>,
) -> impl Iterator<Item = &'t Token> {
    let punct = |at: usize, c: char| tokens.get(at).is_some_and(|token| token.kind == TokenKind::Punct(c));
    let opens = |at: usize| tokens.get(at).is_some_and(|token| matches!(token.kind, TokenKind::Open(_)));
    (1..tokens.len()).filter_map(move |at| {
        let TokenKind::Ident(name) = &tokens[at].kind else { return None };
        let called = punct(at - 1, '.') && (opens(at + 1) || punct(at + 1, ':'));
        let on = punct(at + 1, ':') && punct(at + 2, ':') && !punct(at + 3, '<');
        let path = called || (punct(at - 1, ':') && !on && !(punct(at + 1, '!') && opens(at + 2)));
        (path && names.contains(name.as_str()) && range.contains(&tokens[at].bytes.start))
            .then_some(&tokens[at])
    })
}

/// A place that calls one of these methods in a crate that neither is the upper one nor lies above that. Of a name that others
/// have as well, only calls with the type's name, or in its own blocks, count.
fn caller_below(
    plan: &PlanReport,
    tree: &Tree,
    entry: usize,
    (own, block): (SourceModuleId, &syn::ItemImpl),
    names: &BTreeSet<&str>,
) -> Option<String> {
    let of_module = entries_of_modules(plan, tree);
    let reach = reach(&arcs(plan));
    let whole = bytes(&block.to_token_stream());
    let declared = |name: &str| {
        let all = tree.modules.iter().flat_map(|module| &module.body.decls);
        all.filter(|d| d.name == name && matches!(d.kind, DeclKind::Member | DeclKind::Item)).count()
    };
    let unique: BTreeSet<&str> = names.iter().copied().filter(|name| declared(name) <= 1).collect();
    for (id, module) in tree.modules.iter_enumerated() {
        let at = of_module[id];
        if at == entry || reach[at].contains(&entry) {
            continue;
        }
        let source = &tree.files[module.file];
        let all = module.inside.clone().unwrap_or(0..source.text.len());
        let here = |token: &&Token| tree.module_at(module.file, token.bytes.start) == Some(id);
        let elsewhere = |token: &&Token| id != own || !whole.contains(&token.bytes.start);
        if let Some(token) = calls(&source.tokens, &all, &unique).filter(here).find(elsewhere) {
            let line = source.text[..token.bytes.start].matches('\n').count() + 1;
            return Some(format!("line {line} of {}", module.path));
        }
    }
    None
}

/// The bytes of the methods that left a module, or of their blocks where nothing of these stays.
pub(in crate::apply) fn left_behind(
    extensions: &[Extension],
    module: SourceModuleId,
) -> impl Iterator<Item = &Range<usize>> {
    let here = extensions.iter().filter(move |extension| extension.module == module);
    here.flat_map(|extension| match &extension.emptied {
        Some(block) => vec![block],
        None => extension.methods.iter().map(|method| &method.whole).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apply::source::tokens::flat;

    #[test]
    fn a_field_or_a_macro_is_no_call() {
        let cases = [
            ("self.lines()", 1),
            ("Table::lines(&table)", 1),
            ("all.map(Table::lines)", 1),
            ("table.lines::<u8>()", 1),
            ("table.lines + 1", 0),
            ("crate::lines!(1)", 0),
            ("Table::lines != other", 1),
            ("lines(1)", 0),
            ("crate::lines::all()", 0),
            ("Table::lines::<u8>(&table)", 1),
        ];
        for (text, expected) in cases {
            let tokens = flat(text.parse().unwrap());
            let found = calls(&tokens, &(0..text.len()), &BTreeSet::from(["lines"])).count();
            assert_eq!(found, expected, "{text}");
        }
    }
}
