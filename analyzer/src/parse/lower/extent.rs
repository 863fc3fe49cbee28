//! First and last token of each kind of item.
//!
//! `Spanned::span` would print the whole item to tokens to find them, which costs more than parsing it.

use proc_macro2::Span;

/// Where an item begins (attributes and visibility aside) and ends.
pub(super) trait Extent {
    /// The spans of a token at its beginning and of its last token.
    fn extent(&self) -> (Span, Span);
}

macro_rules! extents {
    ($($ty:ident: |$i:ident| $first:expr, $last:expr;)*) => {$(
        impl Extent for syn::$ty {
            fn extent(&self) -> (Span, Span) {
                let $i = self;
                ($first, $last)
            }
        }
    )*};
}

extents! {
    ItemFn: |i| signature(&i.sig), i.block.brace_token.span.close();
    ItemStruct: |i| i.struct_token.span, fields(&i.fields, i.semi_token.as_ref(), i.ident.span());
    ItemUnion: |i| i.union_token.span, i.fields.brace_token.span.close();
    ItemEnum: |i| i.enum_token.span, i.brace_token.span.close();
    ItemTrait: |i| i.unsafety.map_or(i.trait_token.span, |u| u.span), i.brace_token.span.close();
    ItemTraitAlias: |i| i.trait_token.span, i.semi_token.span;
    ItemImpl: |i| i.unsafety.map_or(i.impl_token.span, |u| u.span), i.brace_token.span.close();
    ItemType: |i| i.type_token.span, i.semi_token.span;
    ItemConst: |i| i.const_token.span, i.semi_token.span;
    ItemStatic: |i| i.static_token.span, i.semi_token.span;
    ItemMod: |i| i.mod_token.span, match (&i.content, &i.semi) {
        (Some((brace, _)), _) => brace.span.close(),
        (None, Some(semi)) => semi.span,
        (None, None) => i.ident.span(),
    };
    ItemUse: |i| i.use_token.span, i.semi_token.span;
    ItemExternCrate: |i| i.extern_token.span, i.semi_token.span;
    ItemForeignMod: |i| i.abi.extern_token.span, i.brace_token.span.close();
    ItemMacro: |i| call(&i.mac), i.semi_token.map_or_else(|| i.mac.delimiter.span().close(), |s| s.span);
    ImplItemFn: |i| signature(&i.sig), i.block.brace_token.span.close();
    ImplItemConst: |i| i.const_token.span, i.semi_token.span;
    ImplItemType: |i| i.type_token.span, i.semi_token.span;
    ImplItemMacro: |i| call(&i.mac), i.semi_token.map_or_else(|| i.mac.delimiter.span().close(), |s| s.span);
    TraitItemFn: |i| signature(&i.sig), match (&i.default, &i.semi_token) {
        (Some(block), _) => block.brace_token.span.close(),
        (None, Some(semi)) => semi.span,
        (None, None) => i.sig.paren_token.span.close(),
    };
    TraitItemConst: |i| i.const_token.span, i.semi_token.span;
    TraitItemType: |i| i.type_token.span, i.semi_token.span;
    TraitItemMacro: |i| call(&i.mac), i.semi_token.map_or_else(|| i.mac.delimiter.span().close(), |s| s.span);
    ForeignItemFn: |i| signature(&i.sig), i.semi_token.span;
    ForeignItemStatic: |i| i.static_token.span, i.semi_token.span;
    ForeignItemType: |i| i.type_token.span, i.semi_token.span;
}

fn signature(sig: &syn::Signature) -> Span {
    let constness = sig.constness.map(|t| t.span);
    constness.or_else(|| sig.asyncness.map(|t| t.span)).unwrap_or(sig.fn_token.span)
}

fn fields(fields: &syn::Fields, semi: Option<&syn::Token![;]>, name: Span) -> Span {
    match (semi, fields) {
        (Some(semi), _) => semi.span,
        (None, syn::Fields::Named(f)) => f.brace_token.span.close(),
        (None, syn::Fields::Unnamed(f)) => f.paren_token.span.close(),
        (None, syn::Fields::Unit) => name,
    }
}

fn call(mac: &syn::Macro) -> Span {
    mac.path.segments.first().map_or(mac.bang_token.span, |s| s.ident.span())
}
