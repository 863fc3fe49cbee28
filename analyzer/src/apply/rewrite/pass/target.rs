//! What is passed in: its type as code below can write it.

use std::collections::BTreeSet;
use std::ops::Range;

use quote::ToTokens;
use syn::visit::Visit;

use super::calls::close_of;
use super::parts::Parts;
use crate::apply::source::spans::{Splice, bytes, edited};
use crate::apply::source::syntax::DeclKind;
use crate::apply::source::tokens::{Token, TokenKind};
use crate::ids::SourceModuleId;

/// A function or a value above.
pub(super) struct Target {
    pub(super) name: String,
    /// The entry of the plan that has it.
    pub(super) entry: usize,
    /// What it is called below, and its type there.
    pub(super) parameter: String,
    pub(super) written: String,
    /// What callers above write.
    pub(super) argument: String,
    /// Whether it is a call without arguments that stands for the value.
    called: bool,
}

impl Target {
    /// The bytes that the parameter takes the place of, of a path that ends at a token.
    pub(super) fn replaced(&self, tokens: &[Token], at: usize) -> Result<Range<usize>, String> {
        let colon = |at: usize| tokens[at].kind == TokenKind::Punct(':');
        let mut start = at;
        while start >= 2 && colon(start - 1) && colon(start - 2) {
            let before = start.checked_sub(3).filter(|&b| matches!(tokens[b].kind, TokenKind::Ident(_)));
            start = before.ok_or("its path does not begin with a name")?;
        }
        let end = if self.called {
            let close = close_of(tokens, at + 1).filter(|&close| close == at + 2);
            close.ok_or_else(|| format!("`{}` is not always called", self.name))?
        } else {
            at
        };
        Ok(tokens[start].bytes.start..tokens[end].bytes.end)
    }
}

/// What a plan names by its path, for code of the entries `lowest`.
pub(super) fn target(
    parts: &Parts<'_>,
    path: &str,
    function: bool,
    lowest: &BTreeSet<usize>,
) -> Result<Target, String> {
    let not_found = || format!("`{path}` is no function and no value of a module");
    let (module_path, name) = path.rsplit_once("::").ok_or_else(not_found)?;
    let tree = parts.tree;
    let module = tree.modules.ids().find(|&id| tree.modules[id].path == module_path);
    let module = module.ok_or_else(not_found)?;
    let text = tree.file_of(module).text.as_str();
    let parsed = syn::parse_file(text).map_err(|error| error.to_string())?;
    let item = find(parts, module, parsed.items, name).ok_or_else(not_found)?;
    let types = Types { parts, module, lowest };
    let (parameter, written, called, reference) = match item {
        syn::Item::Fn(item) => {
            let signature = &item.sig;
            let plain = signature.generics.params.is_empty()
                && signature.generics.where_clause.is_none()
                && signature.asyncness.is_none()
                && matches!(signature.safety, syn::Safety::Default)
                && signature.abi.is_none();
            if !plain || has_cfg(&item.attrs) {
                return Err(format!("`{name}` is generic, async, unsafe or compiled at times only"));
            }
            let returns = match &signature.output {
                syn::ReturnType::Default => String::new(),
                syn::ReturnType::Type(_, ty) => types.text(ty)?,
            };
            if function {
                let mut takes = Vec::new();
                for input in &signature.inputs {
                    let syn::FnArg::Typed(typed) = input else { return Err(not_found()) };
                    takes.push(types.text(&typed.ty)?);
                }
                let returns = if returns.is_empty() { returns } else { format!(" -> {returns}") };
                (name.to_owned(), format!("fn({}){returns}", takes.join(", ")), false, "")
            } else if is_fixed(&item) {
                (name.to_owned(), returns, true, "")
            } else {
                (name.to_owned(), format!("fn() -> {returns}"), false, "")
            }
        }
        syn::Item::Const(item) if !function && !has_cfg(&item.attrs) => {
            (name.to_lowercase(), types.lasting(&item.ty)?, false, "")
        }
        syn::Item::Static(item) if !function && !has_cfg(&item.attrs) => {
            if matches!(item.mutability, syn::StaticMutability::Mut(_)) {
                return Err(format!("`{name}` is a `static mut`"));
            }
            (name.to_lowercase(), format!("&'static {}", types.lasting(&item.ty)?), false, "&")
        }
        _ => return Err(not_found()),
    };
    let inner = tree.inner_path(module);
    let inner = if inner.is_empty() { String::new() } else { format!("{inner}::") };
    let call = if called { "()" } else { "" };
    Ok(Target {
        name: name.to_owned(),
        entry: parts.entry(module, name),
        parameter,
        written,
        argument: format!("{reference}crate::{inner}{name}{call}"),
        called,
    })
}

/// Whether a function returns the same whenever it is called: a constant, a static, or a reference to one. What is read each time
/// anew, of an atomic or a lock, has to be read when it was.
fn is_fixed(item: &syn::ItemFn) -> bool {
    let mut value = match &item.block.stmts[..] {
        [syn::Stmt::Expr(value, None)] => value,
        _ => return false,
    };
    if let syn::Expr::Reference(reference) = value {
        value = &reference.expr;
    }
    matches!(value, syn::Expr::Path(_))
}

pub(super) fn has_cfg(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|a| a.path().is_ident("cfg") || a.path().is_ident("cfg_attr"))
}

/// The function or value of a module with this name, if it is one alone.
fn find(parts: &Parts<'_>, module: SourceModuleId, items: Vec<syn::Item>, name: &str) -> Option<syn::Item> {
    let file = parts.tree.modules[module].file;
    let (mut next, mut found) = (items, Vec::new());
    while let Some(item) = next.pop() {
        let ident = match &item {
            syn::Item::Fn(item) => &item.sig.ident,
            syn::Item::Const(item) => &item.ident,
            syn::Item::Static(item) => &item.ident,
            syn::Item::Mod(_) => {
                if let syn::Item::Mod(inner) = item {
                    next.extend(inner.content.into_iter().flat_map(|(_, items)| items));
                }
                continue;
            }
            _ => continue,
        };
        let here = parts.tree.module_at(file, ident.span().byte_range().start) == Some(module);
        if here && ident == name {
            found.push(item);
        }
    }
    if found.len() == 1 { found.pop() } else { None }
}

/// Types of a module, for code of other modules.
pub(super) struct Types<'a> {
    pub(super) parts: &'a Parts<'a>,
    pub(super) module: SourceModuleId,
    pub(super) lowest: &'a BTreeSet<usize>,
}

/// Names that all code has, as far as signatures need them.
const EVERYWHERE: [&str; 24] = [
    "bool", "char", "str", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128",
    "isize", "f32", "f64", "String", "Vec", "Option", "Result", "Box", "ToString", "Fn",
];

impl Types<'_> {
    /// The type of a constant, whose references last.
    fn lasting(&self, ty: &syn::Type) -> Result<String, String> {
        let text = self.text(ty)?;
        let short = matches!(ty, syn::Type::Reference(reference) if reference.lifetime.is_none());
        Ok(if short { text.replacen('&', "&'static ", 1) } else { text })
    }

    /// A type with the paths that mean the same everywhere in the package.
    pub(super) fn text(&self, ty: &syn::Type) -> Result<String, String> {
        let mut paths = Paths::default();
        paths.visit_type(ty);
        let range = bytes(&ty.to_token_stream());
        let shown = || ty.to_token_stream().to_string();
        if paths.odd {
            return Err(format!("the type `{}` is not plain", shown()));
        }
        let text = self.parts.tree.file_of(self.module).text.get(range.clone()).unwrap_or_default();
        let mut splices = Vec::new();
        for path in paths.found {
            if let Some(first) = path.segments.first() {
                let at = first.ident.span().byte_range();
                if let Some(new) = self.first(&path)? {
                    splices.push(Splice::new(at.start - range.start..at.end - range.start, new));
                }
            }
        }
        let out = edited(text, &splices);
        if out.contains('\n') {
            Err(format!("the type `{}` goes over several lines", shown()))
        } else {
            Ok(out)
        }
    }

    /// What is written in the place of a path's first segment; nothing if it means the same everywhere.
    fn first(&self, path: &syn::Path) -> Result<Option<String>, String> {
        let tree = self.parts.tree;
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let body = &tree.modules[self.module].body;
        let unknown = || format!("the type `{}` can't be written below", names.join("::"));
        if path.leading_colon.is_some() {
            return Ok(None);
        }
        if names[0] == "crate" {
            return self.below(&names[1..]).then_some(None).ok_or_else(unknown);
        }
        let declares = |name: &str| body.decls.iter().any(|d| d.kind == DeclKind::Item && d.name == name);
        if declares(&names[0]) {
            let inner = tree.inner_path(self.module);
            let mut whole: Vec<String> =
                inner.split("::").filter(|s| !s.is_empty()).map(str::to_owned).collect();
            whole.push(names[0].clone());
            return self
                .below(&whole)
                .then(|| Some(format!("crate::{}", whole.join("::"))))
                .ok_or_else(unknown);
        }
        let mut leaves = body.uses.iter().flat_map(|u| &u.leaves).filter(|leaf| !leaf.is_glob());
        if let Some(leaf) = leaves.find(|leaf| leaf.name() == names[0]) {
            let segments: Vec<String> =
                leaf.segments.iter().filter(|s| s.name != "self").map(|s| s.name.clone()).collect();
            let start = segments.first().map_or("", String::as_str);
            let of_package = start == "crate" || tree.child(self.module, start).is_some() || declares(start);
            let fits = match start {
                "crate" => self.below(&segments[1..]),
                _ => {
                    !of_package && leaf.segments.first().is_some_and(|s| s.name != "self") && start != "super"
                }
            };
            return fits.then(|| Some(segments.join("::"))).ok_or_else(unknown);
        }
        // A glob may bring in another one of the name; the compiler says so.
        let known = names.len() == 1 && EVERYWHERE.contains(&names[0].as_str());
        (known || names[0] == "std" || names[0] == "core").then_some(None).ok_or_else(unknown)
    }

    /// Whether code of all lower entries has what a path of the package declares.
    fn below(&self, inner: &[String]) -> bool {
        let Some((name, modules)) = inner.split_last() else { return false };
        let tree = self.parts.tree;
        let mut at = crate::apply::source::tree::ROOT;
        for part in modules {
            match tree.child(at, part) {
                Some(child) => at = child,
                None => return false,
            }
        }
        let declared =
            tree.modules[at].body.decls.iter().any(|d| d.kind == DeclKind::Item && d.name == *name);
        let entry = self.parts.entry(at, name);
        declared && self.lowest.iter().all(|&lower| self.parts.sees(lower, entry))
    }
}

/// Paths of a type, and whether it has something that no function pointer can have.
#[derive(Default)]
struct Paths {
    found: Vec<syn::Path>,
    odd: bool,
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_type(&mut self, ty: &'ast syn::Type) {
        self.odd |= matches!(
            ty,
            syn::Type::ImplTrait(_) | syn::Type::TraitObject(_) | syn::Type::Macro(_) | syn::Type::Array(_)
        );
        syn::visit::visit_type(self, ty);
    }

    fn visit_type_path(&mut self, path: &'ast syn::TypePath) {
        self.odd |= path.qself.is_some();
        self.found.push(path.path.clone());
        syn::visit::visit_type_path(self, path);
    }

    fn visit_lifetime(&mut self, lifetime: &'ast syn::Lifetime) {
        self.odd |= lifetime.ident != "static" && lifetime.ident != "_";
    }
}
