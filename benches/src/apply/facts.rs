//! What `apply` reads of a source file: modules declared in it, imports, and everything that has a visibility, each with
//! the bytes to change.

use std::ops::Range;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Attribute, Item, UseTree, Visibility};

use super::spans::{cfgs, first, first_of, last, line_of, visibility};

/// What stands in one module: a file, or the braces of an inline module.
#[derive(Debug, Default)]
pub(crate) struct Body {
    pub(crate) children: Vec<Child>,
    pub(crate) leaves: Vec<Leaf>,
    pub(crate) decls: Vec<Decl>,
    /// `extern crate` declarations, as text.
    pub(crate) extern_crates: Vec<String>,
}

/// `mod name;` or `mod name { … }`.
#[derive(Debug)]
pub(crate) struct Child {
    pub(crate) name: String,
    /// The whole declaration, attributes included.
    pub(crate) range: Range<usize>,
    /// Its `#[cfg(…)]`s, as text.
    pub(crate) cfgs: String,
    /// Its visibility, as text.
    pub(crate) vis: String,
    pub(crate) path: Option<String>,
    pub(crate) macro_use: bool,
    /// What is between the braces, and where.
    pub(crate) inline: Option<(Body, Range<usize>)>,
}

/// One name that a `use` brings in.
#[derive(Debug, Clone)]
pub(crate) struct Leaf {
    /// Segments with their lines; the last one is the name, or `*`.
    pub(crate) segments: Vec<(String, u32)>,
    pub(crate) rename: Option<String>,
    pub(crate) cfgs: String,
    pub(crate) vis: String,
    /// What has to go to be without it: the statement, or its place in a group with the comma.
    pub(crate) range: Range<usize>,
    leading_colon: bool,
}

impl Leaf {
    /// The import as a statement of its own.
    pub(crate) fn statement(&self) -> String {
        let mut path: Vec<&str> = self.segments.iter().map(|(text, _)| text.as_str()).collect();
        if path.len() > 1 && path.last() == Some(&"self") {
            path.pop();
        }
        let colon = if self.leading_colon { "::" } else { "" };
        let rename = self.rename.as_ref().map_or(String::new(), |name| format!(" as {name}"));
        format!("{}{} use {colon}{}{rename};", self.cfgs, self.vis, path.join("::")).trim().to_owned()
    }
}

/// Something with a visibility.
#[derive(Debug, Clone)]
pub(crate) struct Decl {
    /// Its name; of a tuple struct's field the number.
    pub(crate) name: String,
    /// The type whose field it is; what an import is called where it is from, if that is another name.
    pub(crate) owner: Option<String>,
    pub(crate) kind: DeclKind,
    /// First line of the item at module level that it belongs to, attributes included.
    pub(crate) item_line: u32,
    /// The line of its name.
    pub(crate) line: u32,
    /// The bytes of its visibility: empty where nothing is written.
    pub(crate) vis: Range<usize>,
    pub(crate) public: bool,
}

/// What a [`Decl`] declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DeclKind {
    Item,
    Field,
    /// A function, constant or type of an inherent `impl`.
    Member,
    Module,
    Import,
    Macro,
}

/// Facts of a list of items. Items in the arguments of macro calls count too, where the arguments are items.
pub(crate) fn body(items: &[Item]) -> Body {
    let mut body = Body::default();
    items.iter().for_each(|item| body.item(item));
    body
}

impl Body {
    fn item(&mut self, item: &Item) {
        match item {
            Item::Mod(module) => self.module(module),
            Item::Use(import) => self.import(import),
            Item::ExternCrate(krate) => self.extern_crates.push(krate.to_token_stream().to_string()),
            Item::Impl(block) if block.trait_.is_none() => self.members(block),
            Item::Struct(data) => {
                self.named(item, &data.vis, &data.ident);
                self.fields(item, &data.ident, &data.fields);
            }
            Item::Union(data) => {
                self.named(item, &data.vis, &data.ident);
                data.fields.named.iter().enumerate().for_each(|field| self.field(item, &data.ident, field));
            }
            Item::Fn(data) => self.named(item, &data.vis, &data.sig.ident),
            Item::Enum(data) => self.named(item, &data.vis, &data.ident),
            Item::Trait(data) => self.named(item, &data.vis, &data.ident),
            Item::Type(data) => self.named(item, &data.vis, &data.ident),
            Item::Const(data) => self.named(item, &data.vis, &data.ident),
            Item::Static(data) => self.named(item, &data.vis, &data.ident),
            Item::Macro(call) => self.macro_call(item, call),
            _ => {}
        }
    }

    fn module(&mut self, module: &syn::ItemMod) {
        let outer: Vec<&Attribute> =
            module.attrs.iter().filter(|a| matches!(a.style, syn::AttrStyle::Outer)).collect();
        let path = module.attrs.iter().find(|a| a.path().is_ident("path"));
        let path =
            path.and_then(|a| Some(a.meta.require_name_value().ok()?.value.to_token_stream().to_string()));
        let start = outer.first().map_or_else(|| first(module).start, |a| first(a).start);
        let inline = module.content.as_ref().map(|(brace, items)| {
            let inside = brace.span.open().byte_range().end..brace.span.close().byte_range().start;
            (body(items), inside)
        });
        let whole = module.to_token_stream();
        self.children.push(Child {
            name: module.ident.to_string(),
            range: start..last(&whole).end,
            cfgs: cfgs(&module.attrs),
            vis: module.vis.to_token_stream().to_string(),
            macro_use: module.attrs.iter().any(|a| a.path().is_ident("macro_use")),
            path: path.map(|literal| literal.trim_matches('"').to_owned()),
            inline,
        });
        self.push(&module.attrs, &whole, &module.vis, &module.ident, DeclKind::Module);
    }

    fn import(&mut self, import: &syn::ItemUse) {
        let whole = import.to_token_stream();
        let statement = first(import).start..last(&whole).end;
        let leaf = Leaf {
            segments: Vec::new(),
            rename: None,
            cfgs: cfgs(&import.attrs),
            vis: import.vis.to_token_stream().to_string(),
            range: statement,
            leading_colon: import.leading_colon.is_some(),
        };
        let from = self.leaves.len();
        self.tree(&import.tree, leaf);
        let names: Vec<(Option<String>, String, u32)> = self.leaves[from..]
            .iter()
            .filter_map(|leaf| {
                let (name, line) = leaf.segments.last()?.clone();
                Some((leaf.rename.as_ref().map(|_| name.clone()), leaf.rename.clone().unwrap_or(name), line))
            })
            .collect();
        let spot = visibility(&import.attrs, &whole, &import.vis);
        for (owner, name, line) in names {
            self.decls.push(Decl {
                name,
                owner,
                kind: DeclKind::Import,
                item_line: line_of(&whole),
                line,
                vis: spot.clone(),
                public: matches!(import.vis, Visibility::Public(_)),
            });
        }
    }

    fn tree(&mut self, tree: &UseTree, mut leaf: Leaf) {
        let segment = |ident: &syn::Ident| (ident.to_string(), ident.span().start().line as u32);
        match tree {
            UseTree::Path(path) => {
                leaf.segments.push(segment(&path.ident));
                self.tree(&path.tree, leaf);
            }
            UseTree::Name(name) => {
                leaf.segments.push(segment(&name.ident));
                self.leaves.push(leaf);
            }
            UseTree::Rename(rename) => {
                leaf.segments.push(segment(&rename.ident));
                leaf.rename = Some(rename.rename.to_token_stream().to_string());
                self.leaves.push(leaf);
            }
            UseTree::Glob(glob) => {
                leaf.segments.push(("*".to_owned(), glob.span().start().line as u32));
                self.leaves.push(leaf);
            }
            UseTree::Group(group) => {
                for pair in group.items.pairs() {
                    let whole = pair.to_token_stream();
                    let range = first_of(&whole).start..last(&whole).end;
                    self.tree(pair.value(), Leaf { range, ..leaf.clone() });
                }
            }
        }
    }

    fn members(&mut self, block: &syn::ItemImpl) {
        let whole = block.to_token_stream();
        for member in &block.items {
            let (attrs, vis, ident) = match member {
                syn::ImplItem::Fn(f) => (&f.attrs, &f.vis, &f.sig.ident),
                syn::ImplItem::Const(c) => (&c.attrs, &c.vis, &c.ident),
                syn::ImplItem::Type(t) => (&t.attrs, &t.vis, &t.ident),
                _ => continue,
            };
            let spot = visibility(attrs, &member.to_token_stream(), vis);
            self.decls.push(Decl {
                name: ident.to_string(),
                owner: None,
                kind: DeclKind::Member,
                item_line: line_of(&whole),
                line: ident.span().start().line as u32,
                vis: spot,
                public: matches!(vis, Visibility::Public(_)),
            });
        }
    }

    fn fields(&mut self, item: &Item, owner: &syn::Ident, fields: &syn::Fields) {
        fields.iter().enumerate().for_each(|field| self.field(item, owner, field));
    }

    fn field(&mut self, item: &Item, owner: &syn::Ident, (index, field): (usize, &syn::Field)) {
        let (own, whole) = (field.to_token_stream(), item.to_token_stream());
        let name = field.ident.as_ref().map_or_else(|| index.to_string(), syn::Ident::to_string);
        let at = field.ident.as_ref().map_or_else(|| field.ty.span(), Spanned::span);
        self.decls.push(Decl {
            name,
            owner: Some(owner.to_string()),
            kind: DeclKind::Field,
            item_line: line_of(&whole),
            line: at.start().line as u32,
            vis: visibility(&field.attrs, &own, &field.vis),
            public: matches!(field.vis, Visibility::Public(_)),
        });
    }

    fn named(&mut self, item: &Item, vis: &Visibility, ident: &syn::Ident) {
        self.push(attributes(item), &item.to_token_stream(), vis, ident, DeclKind::Item);
    }

    fn push(
        &mut self,
        attrs: &[Attribute],
        whole: &TokenStream,
        vis: &Visibility,
        ident: &syn::Ident,
        kind: DeclKind,
    ) {
        self.decls.push(Decl {
            name: ident.to_string(),
            owner: None,
            kind,
            item_line: line_of(whole),
            line: ident.span().start().line as u32,
            vis: visibility(attrs, whole, vis),
            public: matches!(vis, Visibility::Public(_)),
        });
    }

    fn macro_call(&mut self, item: &Item, call: &syn::ItemMacro) {
        let Some(ident) = &call.ident else {
            items_in(call.mac.tokens.clone()).iter().for_each(|item| self.item(item));
            return;
        };
        let start = first_of(&call.mac.to_token_stream()).start;
        let whole = item.to_token_stream();
        self.decls.push(Decl {
            name: ident.to_string(),
            owner: None,
            kind: DeclKind::Macro,
            item_line: line_of(&whole),
            line: ident.span().start().line as u32,
            vis: start..start,
            public: call.attrs.iter().any(|a| a.path().is_ident("macro_export")),
        });
    }
}

/// Items among a macro's arguments: all of them are, or those in its braces.
fn items_in(tokens: TokenStream) -> Vec<Item> {
    if let Ok(file) = syn::parse2::<syn::File>(tokens.clone()) {
        return file.items;
    }
    let groups = tokens.into_iter().filter_map(|tree| match tree {
        proc_macro2::TokenTree::Group(g) if g.delimiter() == proc_macro2::Delimiter::Brace => {
            syn::parse2::<syn::File>(g.stream()).ok()
        }
        _ => None,
    });
    groups.flat_map(|file| file.items).collect()
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Fn(i) => &i.attrs,
        Item::Struct(i) => &i.attrs,
        Item::Enum(i) => &i.attrs,
        Item::Union(i) => &i.attrs,
        Item::Trait(i) => &i.attrs,
        Item::Type(i) => &i.attrs,
        Item::Const(i) => &i.attrs,
        Item::Static(i) => &i.attrs,
        _ => &[],
    }
}
