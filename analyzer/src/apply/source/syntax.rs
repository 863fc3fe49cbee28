//! What a source file declares: modules, imports, and everything that has a visibility, each with the bytes to change.

use std::ops::Range;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Attribute, Item, UseTree, Visibility};

use super::cfgs::holds_elsewhere;
use super::declared::{Declared, declared};
use super::spans::{after_attributes, bytes, first_line, tidy, visibility};

/// What stands in one module: a file, or the braces of an inline module.
#[derive(Debug, Default)]
pub(in crate::apply) struct Body {
    pub(in crate::apply) children: Vec<Child>,
    pub(in crate::apply) decls: Vec<Decl>,
    pub(in crate::apply) uses: Vec<Use>,
    /// `extern crate` declarations, as text.
    pub(in crate::apply) extern_crates: Vec<String>,
    /// What is between the braces of each `macro_rules!`, with its name.
    pub(in crate::apply) macros: Vec<(String, Range<usize>)>,
}

/// `mod name;` or `mod name { … }`.
#[derive(Debug)]
pub(in crate::apply) struct Child {
    pub(in crate::apply) name: String,
    /// The whole declaration, attributes included.
    pub(in crate::apply) whole: Range<usize>,
    /// Without attributes.
    pub(in crate::apply) bare: Range<usize>,
    /// Attributes that are wanted wherever the module is declared: `#[cfg]`s and documentation, as text.
    pub(in crate::apply) attributes: String,
    /// Its visibility, as text.
    pub(in crate::apply) vis: String,
    pub(in crate::apply) path: Option<String>,
    pub(in crate::apply) macro_use: bool,
    /// Whether it is compiled for tests alone.
    pub(in crate::apply) for_tests: bool,
    /// What is between the braces, and where.
    pub(in crate::apply) inline: Option<(Body, Range<usize>)>,
    /// Attributes at the head of the braces.
    pub(in crate::apply) inner: Vec<Range<usize>>,
    /// Its documentation, before it.
    pub(in crate::apply) docs: Vec<Range<usize>>,
}

/// A `use` statement.
#[derive(Debug, Clone)]
pub(in crate::apply) struct Use {
    /// Without attributes.
    pub(in crate::apply) bytes: Range<usize>,
    /// Attributes included.
    pub(in crate::apply) whole: Range<usize>,
    /// `#[cfg]`s, as text.
    pub(in crate::apply) cfgs: String,
    /// Its visibility, as text.
    pub(in crate::apply) vis: String,
    pub(in crate::apply) leaves: Vec<Leaf>,
    /// Whether it begins with `::`.
    pub(in crate::apply) colon: bool,
}

/// One name that a `use` brings in.
#[derive(Debug, Clone)]
pub(in crate::apply) struct Leaf {
    /// The last one is the name, `self` or `*`.
    pub(in crate::apply) segments: Vec<Segment>,
    pub(in crate::apply) rename: Option<String>,
}

/// A segment of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::apply) struct Segment {
    pub(in crate::apply) name: String,
    pub(in crate::apply) bytes: Range<usize>,
}

impl Leaf {
    /// The name that it brings in; `*` of a glob.
    pub(in crate::apply) fn name(&self) -> &str {
        let named = self.segments.iter().rev().find(|s| s.name != "self");
        self.rename.as_deref().or(named.map(|s| s.name.as_str())).unwrap_or_default()
    }

    pub(in crate::apply) fn is_glob(&self) -> bool {
        self.segments.last().is_some_and(|s| s.name == "*")
    }
}

/// Something with a visibility.
#[derive(Debug, Clone)]
pub(in crate::apply) struct Decl {
    /// Its name; of a tuple struct's field the number.
    pub(in crate::apply) name: String,
    /// The type whose field it is.
    pub(in crate::apply) owner: Option<String>,
    pub(in crate::apply) kind: DeclKind,
    /// The item at module level that it belongs to, attributes and documentation included.
    pub(in crate::apply) item: Range<usize>,
    /// First line of that.
    pub(in crate::apply) item_line: u32,
    /// The line of its name.
    pub(in crate::apply) line: u32,
    /// The bytes of its visibility: empty where nothing is written.
    pub(in crate::apply) vis: Range<usize>,
    pub(in crate::apply) public: bool,
    pub(in crate::apply) is_trait: bool,
    /// The `cfg`s that it is under, each on a line; of an item alone.
    pub(in crate::apply) cfgs: String,
}

/// What a [`Decl`] declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::apply) enum DeclKind {
    Item,
    Field,
    /// A function, constant or type of an inherent `impl`.
    Member,
    Module,
    Import,
    Macro,
    /// An `impl` block, or a macro's call.
    Nameless,
}

/// Facts of a list of items. Items in the arguments of macro calls count too, where the arguments are items.
pub(in crate::apply) fn body(items: &[Item]) -> Body {
    let mut body = Body::default();
    items.iter().for_each(|item| body.item(item));
    body
}

/// An import with its names.
pub(in crate::apply) fn import(import: &syn::ItemUse) -> Use {
    let whole = import.to_token_stream();
    let all = bytes(&whole);
    let mut leaves = Vec::new();
    tree(&import.tree, Vec::new(), &mut leaves);
    Use {
        bytes: after_attributes(&import.attrs, &whole)..all.end,
        whole: all,
        cfgs: attributes_text(&import.attrs, &["cfg"]),
        vis: tidy(&import.vis.to_token_stream()),
        leaves,
        colon: import.leading_colon.is_some(),
    }
}

fn tree(tree_of: &UseTree, mut above: Vec<Segment>, leaves: &mut Vec<Leaf>) {
    let segment = |ident: &syn::Ident| Segment { name: ident.to_string(), bytes: ident.span().byte_range() };
    match tree_of {
        UseTree::Path(path) => {
            above.push(segment(&path.ident));
            tree(&path.tree, above, leaves);
        }
        UseTree::Name(name) => {
            above.push(segment(&name.ident));
            leaves.push(Leaf { segments: above, rename: None });
        }
        UseTree::Rename(rename) => {
            above.push(segment(&rename.ident));
            let rename = Some(rename.rename.to_token_stream().to_string());
            leaves.push(Leaf { segments: above, rename });
        }
        UseTree::Glob(glob) => {
            above.push(Segment { name: "*".to_owned(), bytes: glob.span().byte_range() });
            leaves.push(Leaf { segments: above, rename: None });
        }
        UseTree::Group(group) => {
            group.items.iter().for_each(|item| tree(item, above.clone(), leaves));
        }
    }
}

fn inner_attributes(attrs: &[Attribute]) -> Vec<Range<usize>> {
    let inner = attrs.iter().filter(|a| matches!(a.style, syn::AttrStyle::Inner(_)));
    inner.map(|a| bytes(&a.to_token_stream())).collect()
}

fn outer_docs(attrs: &[Attribute]) -> Vec<Range<usize>> {
    let docs = attrs.iter().filter(|a| matches!(a.style, syn::AttrStyle::Outer) && a.path().is_ident("doc"));
    docs.map(|a| bytes(&a.to_token_stream())).collect()
}

/// Attributes of these names, as they are printed, each followed by a line's end.
fn attributes_text(attrs: &[Attribute], names: &[&str]) -> String {
    let wanted = attrs.iter().filter(|a| names.iter().any(|name| a.path().is_ident(name)));
    wanted.map(|a| tidy(&a.to_token_stream()) + "\n").collect()
}

impl Body {
    fn item(&mut self, item: &Item) {
        match item {
            Item::Mod(module) => self.module(module),
            Item::Use(statement) => self.import(statement),
            Item::ExternCrate(krate) => {
                self.extern_crates.push(tidy(&krate.to_token_stream()).replace(" ;", ";"))
            }
            Item::Impl(block) => {
                self.nameless(item);
                if block.trait_.is_none() {
                    self.members(item, block);
                }
            }
            Item::Struct(data) => {
                self.named(item, &data.vis, &data.ident);
                data.fields.iter().enumerate().for_each(|field| self.field(item, &data.ident, field));
            }
            Item::Union(data) => {
                self.named(item, &data.vis, &data.ident);
                data.fields.named.iter().enumerate().for_each(|field| self.field(item, &data.ident, field));
            }
            Item::Fn(data) => self.named(item, &data.vis, &data.sig.ident),
            Item::Enum(data) => self.named(item, &data.vis, &data.ident),
            Item::Trait(data) => {
                self.named(item, &data.vis, &data.ident);
                self.decls.last_mut().expect("pushed").is_trait = true;
            }
            Item::TraitAlias(data) => self.named(item, &data.vis, &data.ident),
            Item::Type(data) => self.named(item, &data.vis, &data.ident),
            Item::Const(data) => self.named(item, &data.vis, &data.ident),
            Item::Static(data) => self.named(item, &data.vis, &data.ident),
            Item::Macro(call) => self.macro_call(item, call),
            _ => {}
        }
    }

    fn module(&mut self, module: &syn::ItemMod) {
        let whole = module.to_token_stream();
        let path = module.attrs.iter().find(|a| a.path().is_ident("path"));
        let path =
            path.and_then(|a| Some(a.meta.require_name_value().ok()?.value.to_token_stream().to_string()));
        let inline = module.content.as_ref().map(|(brace, items)| {
            let inside = brace.span.open().byte_range().end..brace.span.close().byte_range().start;
            (body(items), inside)
        });
        let all = bytes(&whole);
        self.children.push(Child {
            name: module.ident.to_string(),
            bare: after_attributes(&module.attrs, &whole)..all.end,
            whole: all,
            attributes: attributes_text(&module.attrs, &["cfg"]),
            vis: tidy(&module.vis.to_token_stream()),
            macro_use: module.attrs.iter().any(|a| a.path().is_ident("macro_use")),
            for_tests: !module.attrs.iter().all(holds_elsewhere),
            path: path.map(|literal| literal.trim_matches('"').to_owned()),
            inline,
            inner: inner_attributes(&module.attrs),
            docs: outer_docs(&module.attrs),
        });
        let of = (&module.attrs[..], &module.vis, &module.ident);
        self.push(whole, of, DeclKind::Module);
    }

    fn import(&mut self, statement: &syn::ItemUse) {
        let whole = statement.to_token_stream();
        let (item, item_line) = (bytes(&whole), first_line(&whole));
        let vis = visibility(&statement.attrs, &whole, &statement.vis);
        let public = matches!(statement.vis, Visibility::Public(_));
        let read = import(statement);
        let mut names = Vec::new();
        lines(&statement.tree, &mut names);
        for (name, line) in names {
            let (item, vis) = (item.clone(), vis.clone());
            let kind = DeclKind::Import;
            self.decls.push(Decl {
                name,
                owner: None,
                kind,
                item,
                item_line,
                line,
                vis,
                public,
                is_trait: false,
                cfgs: String::new(),
            });
        }
        self.uses.push(read);
    }

    fn members(&mut self, item: &Item, block: &syn::ItemImpl) {
        let whole = item.to_token_stream();
        for member in &block.items {
            let (attrs, vis, ident) = match member {
                syn::ImplItem::Fn(f) => (&f.attrs, &f.vis, &f.sig.ident),
                syn::ImplItem::Const(c) => (&c.attrs, &c.vis, &c.ident),
                syn::ImplItem::Type(t) => (&t.attrs, &t.vis, &t.ident),
                _ => continue,
            };
            self.decls.push(Decl {
                name: ident.to_string(),
                owner: None,
                kind: DeclKind::Member,
                item: bytes(&whole),
                item_line: first_line(&whole),
                line: ident.span().start().line as u32,
                vis: visibility(attrs, &member.to_token_stream(), vis),
                public: matches!(vis, Visibility::Public(_)),
                is_trait: false,
                cfgs: String::new(),
            });
        }
    }

    fn field(&mut self, item: &Item, owner: &syn::Ident, (index, field): (usize, &syn::Field)) {
        let whole = item.to_token_stream();
        let at = field.ident.as_ref().map_or_else(|| field.ty.span(), Spanned::span);
        self.decls.push(Decl {
            name: field.ident.as_ref().map_or_else(|| index.to_string(), syn::Ident::to_string),
            owner: Some(owner.to_string()),
            kind: DeclKind::Field,
            item: bytes(&whole),
            item_line: first_line(&whole),
            line: at.start().line as u32,
            vis: visibility(&field.attrs, &field.to_token_stream(), &field.vis),
            public: matches!(field.vis, Visibility::Public(_)),
            is_trait: false,
            cfgs: String::new(),
        });
    }

    fn named(&mut self, item: &Item, vis: &Visibility, ident: &syn::Ident) {
        self.push(item.to_token_stream(), (item_attributes(item), vis, ident), DeclKind::Item);
    }

    fn nameless(&mut self, item: &Item) {
        let whole = item.to_token_stream();
        let item = bytes(&whole);
        self.decls.push(Decl {
            name: String::new(),
            owner: None,
            kind: DeclKind::Nameless,
            vis: item.start..item.start,
            item,
            item_line: first_line(&whole),
            line: first_line(&whole),
            public: true,
            is_trait: false,
            cfgs: String::new(),
        });
    }

    /// What a macro's arguments declare that are no items by themselves. Without a visibility it is the macro's, and counts as
    /// public.
    fn written(&mut self, call: &Item, arguments: &TokenStream) {
        let whole = call.to_token_stream();
        for Declared { name, line, vis, restricted, is_trait } in declared(arguments) {
            self.decls.push(Decl {
                name,
                owner: None,
                kind: DeclKind::Item,
                item: bytes(&whole),
                item_line: first_line(&whole),
                line,
                vis,
                public: !restricted,
                is_trait,
                cfgs: String::new(),
            });
        }
    }

    fn push(
        &mut self,
        whole: TokenStream,
        (attrs, vis, ident): (&[Attribute], &Visibility, &syn::Ident),
        kind: DeclKind,
    ) {
        self.decls.push(Decl {
            name: ident.to_string(),
            owner: None,
            kind,
            item: bytes(&whole),
            item_line: first_line(&whole),
            line: ident.span().start().line as u32,
            vis: visibility(attrs, &whole, vis),
            public: matches!(vis, Visibility::Public(_)),
            is_trait: false,
            cfgs: attributes_text(attrs, &["cfg"]),
        });
    }

    fn macro_call(&mut self, item: &Item, call: &syn::ItemMacro) {
        let Some(ident) = &call.ident else {
            self.nameless(item);
            let items = items_in(call.mac.tokens.clone());
            items.iter().for_each(|item| self.item(item));
            if items.is_empty() {
                self.written(item, &call.mac.tokens);
            }
            return;
        };
        let whole = item.to_token_stream();
        let start = after_attributes(&call.attrs, &whole);
        self.macros.push((ident.to_string(), bytes(&call.mac.tokens)));
        self.decls.push(Decl {
            name: ident.to_string(),
            owner: None,
            kind: DeclKind::Macro,
            item: bytes(&whole),
            item_line: first_line(&whole),
            line: ident.span().start().line as u32,
            vis: start..start,
            public: call.attrs.iter().any(|a| a.path().is_ident("macro_export")),
            is_trait: false,
            cfgs: String::new(),
        });
    }
}

/// Names that an import brings in, with their lines.
fn lines(tree: &UseTree, found: &mut Vec<(String, u32)>) {
    let line = |span: proc_macro2::Span| span.start().line as u32;
    match tree {
        UseTree::Path(path) => lines(&path.tree, found),
        UseTree::Name(name) => found.push((name.ident.to_string(), line(name.ident.span()))),
        UseTree::Rename(rename) => {
            found.push((rename.rename.to_token_stream().to_string(), line(rename.ident.span())));
            found.push((rename.ident.to_string(), line(rename.ident.span())));
        }
        UseTree::Glob(glob) => found.push(("*".to_owned(), line(glob.span()))),
        UseTree::Group(group) => group.items.iter().for_each(|item| lines(item, found)),
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

pub(super) fn item_attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Mod(i) => &i.attrs,
        Item::Impl(i) => &i.attrs,
        Item::Use(i) => &i.attrs,
        Item::Macro(i) => &i.attrs,
        Item::Fn(i) => &i.attrs,
        Item::Struct(i) => &i.attrs,
        Item::Enum(i) => &i.attrs,
        Item::Union(i) => &i.attrs,
        Item::Trait(i) => &i.attrs,
        Item::TraitAlias(i) => &i.attrs,
        Item::Type(i) => &i.attrs,
        Item::Const(i) => &i.attrs,
        Item::Static(i) => &i.attrs,
        _ => &[],
    }
}
