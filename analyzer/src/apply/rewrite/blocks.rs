//! `impl` blocks by what a plan calls them.

use std::ops::Range;

use crate::apply::source::syntax::DeclKind;
use crate::apply::source::tree::Tree;
use crate::ids::SourceModuleId;

/// The one `impl` of a module that is called `a::m::<impl Trait for Type>`.
pub(super) fn find_impl(tree: &Tree, item: &str) -> Option<(SourceModuleId, Range<usize>)> {
    let (path, head) = item.split_once("::<impl ")?;
    let head = tight(head.strip_suffix('>')?);
    let (id, module) = tree.modules.iter_enumerated().find(|(_, module)| module.path == path)?;
    let text = &tree.file_of(id).text;
    let named = |bytes: &Range<usize>| {
        // Attributes and documentation may hold the word, too: the last one before the brace counts.
        let head_of = text[bytes.clone()].split('{').next().unwrap_or_default();
        let written = &head_of[head_of.rfind("impl").unwrap_or(0)..];
        let written = tight(written.split("where").next().unwrap_or_default());
        let rest = written.strip_suffix(&head).and_then(|rest| rest.strip_prefix("impl"));
        // Before the name of a trait or type at most generics of the block.
        rest.is_some_and(|rest| rest.is_empty() || (rest.starts_with('<') && rest.ends_with('>')))
    };
    let blocks = module.body.decls.iter().filter(|decl| decl.kind == DeclKind::Nameless && named(&decl.item));
    let mut blocks = blocks.map(|decl| decl.item.clone());
    match (blocks.next(), blocks.next()) {
        (Some(bytes), None) => Some((id, bytes)),
        _ => None,
    }
}

fn tight(text: &str) -> String {
    text.split_whitespace().collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_block_by_its_head_where_only_one_has_it() {
        let text = "
            impl Doc { fn a() {} }
            /// An impl of nothing.
            impl<T: Clone> Read for Shelf<T>
            where
                T: Copy,
            {
            }
            impl MyRead for Doc {}
            impl Twice {}
            impl Twice {}
        ";
        let tree = Tree::read(Path::new("src/lib.rs"), "a", &|_| Ok(text.to_owned())).unwrap();
        let found = |item: &str| {
            find_impl(&tree, item).map(|(_, bytes)| text[bytes].split_whitespace().collect::<String>())
        };
        assert_eq!(found("a::<impl Doc>").as_deref(), Some("implDoc{fna(){}}"));
        assert!(found("a::<impl Read for Shelf<T>>").is_some_and(|text| text.contains("ReadforShelf")));
        for none in ["a::<impl Read for Doc>", "a::<impl Twice>", "a::m::<impl Doc>", "a::Doc"] {
            assert_eq!(found(none), None, "{none}");
        }
    }
}
