//! `cfg_if! { if #[cfg(…)] { items } else { items } }`: another package's macro, so common that its items are read.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use ustr::{Ustr, ustr};

use super::Lower;
use crate::parse::tree::NodeId;

impl Lower<'_> {
    /// The items of all branches, each under its branch's predicate. `None` when it isn't of that form.
    pub(super) fn cfg_if(&mut self, tokens: &TokenStream) -> Option<Vec<NodeId>> {
        let mut out = Vec::new();
        let mut before: Vec<String> = Vec::new();
        let mut trees = tokens.clone().into_iter().peekable();
        while let Some(tree) = trees.next() {
            let (own, body) = match tree {
                TokenTree::Ident(word) if word == "if" => {
                    let predicate = predicate(&mut trees)?;
                    (Some(predicate), brace(trees.next()?)?)
                }
                group @ TokenTree::Group(_) => (None, brace(group)?),
                _ => return None,
            };
            let all = before.iter().map(|p| format!("not({p})")).chain(own.clone()).collect::<Vec<_>>();
            let cfg = ustr(&format!("all({})", all.join(", ")));
            let file = syn::parse2::<syn::File>(body).ok()?;
            for item in self.items(&file.items) {
                self.under(item, cfg);
                out.push(item);
            }
            before.extend(own);
            match trees.next() {
                Some(TokenTree::Ident(word)) if word == "else" => {}
                None => return Some(out),
                Some(_) => return None,
            }
        }
        Some(out)
    }

    fn under(&mut self, item: NodeId, cfg: Ustr) {
        let node = &mut self.tree.items[item.index()];
        node.cfgs = node.cfgs.iter().copied().chain([cfg]).collect();
    }
}

/// `#[cfg(predicate)]`.
fn predicate(trees: &mut impl Iterator<Item = TokenTree>) -> Option<String> {
    let TokenTree::Punct(hash) = trees.next()? else { return None };
    let TokenTree::Group(attribute) = trees.next()? else { return None };
    if hash.as_char() != '#' {
        return None;
    }
    let mut inner = attribute.stream().into_iter();
    match (inner.next()?, inner.next()?) {
        (TokenTree::Ident(name), TokenTree::Group(list)) if name == "cfg" => Some(list.stream().to_string()),
        _ => None,
    }
}

fn brace(tree: TokenTree) -> Option<TokenStream> {
    match tree {
        TokenTree::Group(g) if g.delimiter() == Delimiter::Brace => Some(g.stream()),
        _ => None,
    }
}
