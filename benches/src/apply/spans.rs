//! Bytes and lines of syntax, for `apply`'s facts.

use std::ops::Range;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, Visibility};

/// Where `pub` goes: over what is written, or before the first token after the outer attributes.
pub(crate) fn visibility(attrs: &[Attribute], whole: &TokenStream, vis: &Visibility) -> Range<usize> {
    let written = vis.to_token_stream();
    if !written.is_empty() {
        return first_of(&written).start..last(&written).end;
    }
    let outer = attrs.iter().filter(|a| matches!(a.style, syn::AttrStyle::Outer));
    let skipped: usize = outer.map(|a| a.to_token_stream().into_iter().count()).sum();
    let start = whole.clone().into_iter().nth(skipped).map_or(0, |t| t.span().byte_range().start);
    start..start
}

pub(crate) fn cfgs(attrs: &[Attribute]) -> String {
    let cfgs = attrs.iter().filter(|a| a.path().is_ident("cfg"));
    cfgs.map(|a| a.to_token_stream().to_string() + " ").collect()
}

pub(crate) fn first(item: &impl ToTokens) -> Range<usize> {
    first_of(&item.to_token_stream())
}

pub(crate) fn first_of(tokens: &TokenStream) -> Range<usize> {
    tokens.clone().into_iter().next().map_or(0..0, |t| t.span().byte_range())
}

pub(crate) fn last(tokens: &TokenStream) -> Range<usize> {
    tokens.clone().into_iter().last().map_or(0..0, |t| t.span().byte_range())
}

pub(crate) fn line_of(tokens: &TokenStream) -> u32 {
    tokens.clone().into_iter().next().map_or(0, |t| t.span().start().line as u32)
}
