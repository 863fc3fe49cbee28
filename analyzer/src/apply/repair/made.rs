//! Values of `#[non_exhaustive]` structs that code of another crate makes: it may not write them down there.

use std::collections::BTreeMap;
use std::path::PathBuf;

use cargo_metadata::diagnostic::Diagnostic;
use quote::ToTokens;
use syn::visit::Visit;
use syn::{ExprStruct, Fields, GenericParam, Generics, ItemStruct, Member};

use super::{Edits, Repairs};
use crate::apply::rewrite::text::{indent_at, line_at};
use crate::apply::source::spans::{Splice, bytes};

/// The function that makes one of all its fields.
const MAKER: &str = "from_fields";

impl Repairs<'_> {
    /// Sets the fields of what the expression takes the rest from; or has the struct made by a function beside its declaration.
    pub(super) fn made_elsewhere(&self, diagnostic: &Diagnostic, edits: &mut Edits) -> bool {
        // It may stand in a macro, or among its arguments, so that it is read by itself.
        let Some((span, path, text)) = self.place(diagnostic) else { return false };
        let place = span.byte_start as usize..span.byte_end as usize;
        let Some(written) = text.get(place.clone()) else { return false };
        let Ok(made) = syn::parse_str::<ExprStruct>(written) else { return false };
        if made.qself.is_some() {
            return false;
        }
        let said = |node: &dyn ToTokens| written[bytes(&node.to_token_stream())].to_owned();
        let fields: Option<Vec<(String, String)>> = made
            .fields
            .iter()
            .map(|field| match &field.member {
                Member::Named(name) if field.attrs.is_empty() => Some((name.to_string(), said(&field.expr))),
                _ => None,
            })
            .collect();
        let Some(fields) = fields else { return false };
        let of_type = said(&made.path);
        let indent = indent_at(&text, place.start).to_owned();
        let borrowed = made.rest.as_deref().and_then(|rest| match rest {
            syn::Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Deref(_)) => Some(&*unary.expr),
            _ => None,
        });
        let new = if let Some(rest) = borrowed {
            // What is borrowed gives its fields, not itself. It is written once for each, and values in the order of the fields.
            if !is_place(rest) {
                return false;
            }
            let Some(order) = self.maker(&of_type, &mut edits.splices) else { return false };
            let written = order.iter().filter_map(|name| fields.iter().position(|(own, _)| own == name));
            if !written.is_sorted() {
                return false;
            }
            let rest = said(rest);
            let value = |name: &String| {
                let set = fields.iter().find(|(own, _)| own == name);
                set.map_or_else(|| format!("{rest}.{name}"), |(_, value)| value.clone())
            };
            let values: Vec<String> = order.iter().map(value).collect();
            format!("{of_type}::{MAKER}({})", values.join(", "))
        } else if let Some(rest) = &made.rest {
            // No value may mean something of this name.
            let mut value = "made".to_owned();
            while written.contains(&value) {
                value.push('_');
            }
            let sets: String =
                fields.iter().map(|(name, of)| format!("{indent}    {value}.{name} = {of};\n")).collect();
            let start = format!("let mut {value}: {of_type} = {};", said(rest));
            format!("{{\n{indent}    {start}\n{sets}{indent}    {value}\n{indent}}}")
        } else {
            let Some(order) = self.maker(&of_type, &mut edits.splices) else { return false };
            let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
            let values: Vec<&str> = fields.iter().map(|(_, value)| value.as_str()).collect();
            if order.len() != fields.len() {
                return false;
            }
            if order.iter().eq(names.iter()) {
                format!("{of_type}::{MAKER}({})", values.join(", "))
            } else {
                // The values are worked out in the order that they are written in, and none sees another's name.
                let all = format!("let ({}) = ({});", names.join(", "), values.join(", "));
                format!(
                    "{{\n{indent}    {all}\n{indent}    {of_type}::{MAKER}({})\n{indent}}}",
                    order.join(", ")
                )
            }
        };
        edits.splices.entry(path.clone()).or_default().push(Splice::new(place.clone(), new));
        edits.adjusted(
            self.relative(&path),
            line_at(&text, place.start),
            format!("`{of_type}` is `#[non_exhaustive]`: made without a struct expression"),
        );
        true
    }

    /// Likewise of a struct without names of fields, or without fields, whose own name stands for the function.
    pub(super) fn made_of_name(&self, diagnostic: &Diagnostic, edits: &mut Edits) -> bool {
        let Some((span, path, text)) = self.place(diagnostic).filter(|(span, ..)| span.expansion.is_none())
        else {
            return false;
        };
        let place = span.byte_start as usize..span.byte_end as usize;
        let Some(of_type) = text.get(place.clone()) else { return false };
        if syn::parse_str::<syn::Path>(of_type).is_err() {
            return false;
        }
        let Some(fields) = self.maker(of_type, &mut edits.splices) else { return false };
        let call = if fields.is_empty() { "()" } else { "" };
        edits
            .splices
            .entry(path.clone())
            .or_default()
            .push(Splice::new(place.end..place.end, format!("::{MAKER}{call}")));
        edits.adjusted(
            self.relative(&path),
            line_at(&text, place.start),
            format!("`{of_type}` is `#[non_exhaustive]`: made by a function"),
        );
        true
    }

    /// Writes the function beside the struct's declaration, if only one struct has the name: its fields, in their order.
    fn maker(&self, of_type: &str, splices: &mut BTreeMap<PathBuf, Vec<Splice>>) -> Option<Vec<String>> {
        let name = of_type.split('<').next()?.trim().rsplit("::").next()?.trim();
        let mut found: Vec<(PathBuf, String, ItemStruct)> = Vec::new();
        for path in self.sources() {
            let Ok(text) = (self.read)(&path) else { continue };
            if !text.contains(name) || !text.contains("non_exhaustive") {
                continue;
            }
            let Ok(file) = syn::parse_file(&text) else { continue };
            let mut structs = Structs { name, found: Vec::new() };
            structs.visit_file(&file);
            found.extend(structs.found.into_iter().map(|one| (path.clone(), text.clone(), one)));
        }
        let [(path, text, one)] = &found[..] else { return None };
        if one.fields.iter().any(|field| field.attrs.iter().any(|a| a.path().is_ident("cfg"))) {
            return None;
        }
        let name_of = |(at, field): (usize, &syn::Field)| {
            field.ident.as_ref().map_or_else(|| format!("field{at}"), ToString::to_string)
        };
        let order: Vec<String> = one.fields.iter().enumerate().map(name_of).collect();
        let made = match &one.fields {
            Fields::Named(_) => format!("Self {{ {} }}", order.join(", ")),
            Fields::Unnamed(_) => format!("Self({})", order.join(", ")),
            Fields::Unit => "Self".to_owned(),
        };
        let end = bytes(&one.to_token_stream()).end;
        let here = splices.entry(path.clone()).or_default();
        if here.iter().any(|splice| splice.bytes == (end..end)) || text.contains(&format!("pub fn {MAKER}("))
        {
            return Some(order);
        }
        let said = |node: &dyn ToTokens| text[bytes(&node.to_token_stream())].to_owned();
        let types = one.fields.iter().map(|field| said(&field.ty));
        let arguments: Vec<String> =
            order.iter().zip(types).map(|(name, of_type)| format!("{name}: {of_type}")).collect();
        let bounds = one.generics.where_clause.as_ref().map(|bounds| format!(" {}", said(bounds)));
        let indent = indent_at(text, bytes(&one.to_token_stream()).start).to_owned();
        let (generics, parameters) = generics(&one.generics, &said);
        let lines = [
            format!("impl{generics} {}{parameters}{} {{", one.ident, bounds.unwrap_or_default()),
            "    /// One of all its fields, for the crates that make some.".to_owned(),
            "    #[doc(hidden)]".to_owned(),
            format!("    pub fn {MAKER}({}) -> Self {{", arguments.join(", ")),
            format!("        {made}"),
            "    }".to_owned(),
            "}".to_owned(),
        ];
        let block: String = lines.iter().map(|line| format!("\n{indent}{line}")).collect();
        here.push(Splice::new(end..end, format!("\n{block}")));
        Some(order)
    }
}

/// Whether an expression is a name or a field of one: to write it again changes nothing.
fn is_place(expression: &syn::Expr) -> bool {
    match expression {
        syn::Expr::Path(_) => true,
        syn::Expr::Field(field) => is_place(&field.base),
        _ => false,
    }
}

/// What an `impl` says of a struct's parameters, and what it names of them.
fn generics(generics: &Generics, said: &dyn Fn(&dyn ToTokens) -> String) -> (String, String) {
    let of = |parameter: &GenericParam| match parameter {
        GenericParam::Lifetime(one) => (said(one), said(&one.lifetime)),
        GenericParam::Type(one) => {
            let whole = said(one);
            let bounded = one.default.is_none();
            let plain = || whole.split('=').next().unwrap_or_default().trim().to_owned();
            (if bounded { whole.clone() } else { plain() }, one.ident.to_string())
        }
        GenericParam::Const(one) => {
            (format!("const {}: {}", one.ident, said(&one.ty)), one.ident.to_string())
        }
    };
    let (declared, named): (Vec<String>, Vec<String>) = generics.params.iter().map(of).unzip();
    let list = |all: &[String]| if all.is_empty() { String::new() } else { format!("<{}>", all.join(", ")) };
    (list(&declared), list(&named))
}

/// `#[non_exhaustive]` structs of a name.
struct Structs<'a> {
    name: &'a str,
    found: Vec<ItemStruct>,
}

impl<'ast> Visit<'ast> for Structs<'_> {
    fn visit_item_struct(&mut self, one: &'ast ItemStruct) {
        if one.ident == self.name && one.attrs.iter().any(|a| a.path().is_ident("non_exhaustive")) {
            self.found.push(one.clone());
        }
    }
}
