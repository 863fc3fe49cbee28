//! What every item has: name, visibility, extent, attributes, generics.

use crate::parse::syntax::parser::SyntaxKind::*;

use crate::parse::ItemFeatures;
use crate::parse::lower::Lower;
use crate::parse::lower::attrs::Attrs;
use crate::parse::lower::types::qualified;
use crate::parse::syntax::flat::Node;
use crate::parse::tree::{self, Generics, Name, NodeFlags, NodeId, NodeKind, Vis};

/// What an item needs besides its kind.
pub(in crate::parse::lower) struct Head {
    pub(in crate::parse::lower) name: Name,
    pub(in crate::parse::lower) vis: Vis,
    lines: (u32, u32),
    tokens: u32,
    pub(in crate::parse::lower) attrs: Attrs,
    generics: Option<Box<Generics>>,
}

impl Lower<'_> {
    pub(in crate::parse::lower) fn head(&mut self, item: Node<'_>) -> Head {
        let (first, last) = (item.token(), item.last_token());
        let name = self.own_name(item);
        let inner = item.children().filter(|c| holds_inner_attributes(c.kind()));
        let inner = inner.map(|c| c.child(STMT_LIST).unwrap_or(c));
        let inner = inner.flat_map(|c| c.children().skip(1).take_while(|a| a.kind() == ATTR));
        let mut attrs = self.attrs(item.children().chain(inner));
        if attrs.is_proc_macro && !name.is_empty() {
            attrs.flags.proc_macro = attrs.flags.proc_macro.or(Some(name));
        }
        attrs.flags.from_body =
            item.child(NAME).is_some_and(|n| self.is_from_body(n.token()) || self.is_copy(n.token()));
        Head {
            name,
            vis: self.vis(item),
            lines: (self.first_line(first), self.line(last)),
            // Of what macros make, only the calls cost something where they stand.
            tokens: if self.tokens.source.is_some() { last + 1 - first } else { 0 },
            attrs,
            generics: self.generics(item),
        }
    }

    /// Whether an expansion has given this name of its caller's to another item before: that is the one that the caller
    /// wrote.
    fn is_copy(&mut self, token: u32) -> bool {
        if self.tokens.source.is_some() {
            return false;
        }
        let (name, copy) = (self.tokens.name(token), self.tokens.list[token as usize].copy);
        let known = copy && self.named.contains(&name);
        if !copy {
            self.named.insert(name);
        }
        known
    }

    pub(in crate::parse::lower) fn finish(
        &mut self,
        head: Head,
        kind: NodeKind,
        mut features: ItemFeatures,
    ) -> NodeId {
        let derives = head.attrs.derives;
        features.derives += derives.all();
        features.std_derived += derives.std * (1 + features.fields);
        features.serde_derived += derives.serde * (1 + features.fields);
        features.other_derived += derives.other * (1 + features.fields);
        // On a type they are helpers of its derives.
        if matches!(kind, NodeKind::Fn(_) | NodeKind::Impl(_) | NodeKind::Trait(..)) {
            features.attribute_macros += head.attrs.macros;
        }
        *self.count() += ItemFeatures { tokens: 0, ..features };
        features.tokens = head.tokens;
        self.node_id(tree::Node {
            name: head.name,
            kind,
            vis: head.vis,
            line: head.lines.0,
            end_line: head.lines.1,
            cfgs: head.attrs.cfgs,
            attributes: head.attrs.paths,
            helpers: head.attrs.helpers,
            flags: head.attrs.flags,
            generics: head.generics,
            features,
        })
    }

    /// The line of a token, or of the doc comments in front of it.
    fn first_line(&self, token: u32) -> u32 {
        let docs = self.tokens.source.map_or(&[][..], |(_, texts)| texts.docs(token..token + 1));
        docs.iter().find(|d| !d.inner).map_or_else(|| self.line(token), |d| d.line)
    }

    pub(in crate::parse::lower) fn vis(&self, item: Node<'_>) -> Vis {
        let Some(vis) = item.child(VISIBILITY) else { return Vis::Inherited };
        match vis.child(VISIBILITY_INNER).and_then(|inner| inner.child(PATH)) {
            None => Vis::Public,
            Some(path) => {
                let mut names = Vec::new();
                self.path_names(path, &mut names);
                Vis::In(names.into())
            }
        }
    }

    /// The names of a path without arguments.
    pub(in crate::parse::lower) fn path_names(&self, path: Node<'_>, out: &mut Vec<Name>) {
        for part in qualified(path).into_iter().rev() {
            let segment = part.child(PATH_SEGMENT).and_then(|s| s.child(NAME_REF));
            out.extend(segment.map(|s| self.name(s)));
        }
    }
}

fn holds_inner_attributes(kind: crate::parse::syntax::parser::SyntaxKind) -> bool {
    matches!(kind, ITEM_LIST | ASSOC_ITEM_LIST | EXTERN_ITEM_LIST | BLOCK_EXPR)
}

impl NodeFlags {
    /// Neither a test nor about macros.
    pub const NONE: NodeFlags = NodeFlags {
        test: false,
        macro_use: false,
        macro_export: false,
        local_inner_macros: false,
        proc_macro: None,
        from_body: false,
        mutable: false,
    };
}
