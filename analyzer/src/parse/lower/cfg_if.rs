//! Items under conditions: `cfg_select! { predicate => { items } _ => { items } }` of the standard library, and
//! `cfg_if! { if #[cfg(…)] { items } else { items } }`, another package's macro, but so common that its items are read.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use ustr::{Ustr, ustr};

use super::Lower;
use crate::parse::tree::NodeId;

impl Lower<'_> {
    /// The items of all branches of `cfg_if!`, each under its branch's predicate. `None` when it isn't of that form.
    pub(super) fn cfg_if(&mut self, tokens: &TokenStream) -> Option<Vec<NodeId>> {
        let mut branches = Vec::new();
        let mut trees = tokens.clone().into_iter();
        while let Some(tree) = trees.next() {
            branches.push(match tree {
                TokenTree::Ident(word) if word == "if" => {
                    (Some(predicate(&mut trees)?), brace(trees.next()?)?)
                }
                group @ TokenTree::Group(_) => (None, brace(group)?),
                _ => return None,
            });
            match trees.next() {
                Some(TokenTree::Ident(word)) if word == "else" => {}
                None => break,
                Some(_) => return None,
            }
        }
        self.branches(branches)
    }

    /// The items of all branches of `cfg_select!`, likewise.
    pub(super) fn cfg_select(&mut self, tokens: &TokenStream) -> Option<Vec<NodeId>> {
        let mut branches = Vec::new();
        let mut condition: Vec<TokenTree> = Vec::new();
        let mut arrow = false;
        for tree in tokens.clone() {
            match &tree {
                TokenTree::Group(g) if arrow && g.delimiter() == Delimiter::Brace => {
                    // The two characters of the arrow are in front.
                    condition.truncate(condition.len().saturating_sub(2));
                    let text = condition.drain(..).collect::<TokenStream>().to_string();
                    branches.push(((text != "_").then_some(text), g.stream()));
                    arrow = false;
                }
                TokenTree::Punct(p) if p.as_char() == ',' && condition.is_empty() => {}
                _ => {
                    arrow = matches!(&tree, TokenTree::Punct(p) if p.as_char() == '>');
                    condition.push(tree);
                }
            }
        }
        if condition.is_empty() { self.branches(branches) } else { None }
    }

    fn branches(&mut self, branches: Vec<(Option<String>, TokenStream)>) -> Option<Vec<NodeId>> {
        let mut out = Vec::new();
        let mut before: Vec<String> = Vec::new();
        for (own, body) in branches {
            let all = before.iter().map(|p| format!("not({p})")).chain(own.clone()).collect::<Vec<_>>();
            let cfg = ustr(&format!("all({})", all.join(", ")));
            let file = syn::parse2::<syn::File>(body).ok()?;
            for item in self.items(&file.items) {
                self.under(item, cfg);
                out.push(item);
            }
            before.extend(own);
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
