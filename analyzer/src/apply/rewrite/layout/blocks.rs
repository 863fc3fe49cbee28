//! `impl` blocks by what a plan calls them.

use std::ops::Range;

use crate::apply::rewrite::text::words;
use crate::apply::source::syntax::DeclKind;
use crate::apply::source::tree::Tree;
use crate::ids::SourceModuleId;

/// The one `impl` of a module that is called `a::m::<impl Trait for Type>`.
pub(in crate::apply) fn find_impl(tree: &Tree, item: &str) -> Option<(SourceModuleId, Range<usize>)> {
    let (path, head) = item.split_once("::<impl ")?;
    let head = head.strip_suffix('>')?;
    let (written_as, head) = (head, tight(head));
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
        (None, _) => call_for(tree, id, written_as).map(|bytes| (id, bytes)),
        _ => None,
    }
}

/// The one call of a macro in a module that names the trait and the type of an `impl`, and so writes it.
fn call_for(tree: &Tree, id: SourceModuleId, head: &str) -> Option<Range<usize>> {
    let first = |text: &str| {
        let path = text.trim_start_matches(['&', '(']).split(['<', ',', ')']).next().unwrap_or_default();
        path.rsplit("::").next().unwrap_or_default().to_owned()
    };
    let (of_trait, of_type) =
        head.split_once(" for ").map(|(of_trait, of_type)| (first(of_trait), first(of_type)))?;
    let file = tree.file_of(id);
    let names = |bytes: &Range<usize>, name: &str| words(&file.tokens, bytes, &[]).contains(name);
    let writes = |bytes: &Range<usize>| {
        let block = names(bytes, "impl") && file.text[bytes.clone()].contains('{');
        !block && names(bytes, &of_trait) && names(bytes, &of_type)
    };
    let decls = tree.modules[id].body.decls.iter().filter(|decl| decl.kind == DeclKind::Nameless);
    let mut calls = decls.map(|decl| &decl.item).filter(|bytes| writes(bytes));
    calls.next().filter(|_| calls.next().is_none()).cloned()
}

/// A type or a trait without blanks, and of each path the last name.
fn tight(text: &str) -> String {
    let mut out = String::new();
    for part in text.split_inclusive("::") {
        out += part;
        let kept =
            part.strip_suffix("::").map(|around| around.len() - around.trim_end_matches(is_word).len());
        // `<T as Trait>::Item` has no name before it.
        if let Some(word) = kept.filter(|&word| word > 0) {
            out.truncate(out.len() - word - "::".len());
        }
    }
    out.split_whitespace().collect()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
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
        let text = "Read! { by_deref [Shelf<T>] } Read! { by_deref [Doc] } impl Write for Shelf<u8> {}";
        let tree = Tree::read(Path::new("src/lib.rs"), "a", &|_| Ok(text.to_owned())).unwrap();
        let call = find_impl(&tree, "a::<impl Read for Shelf<T>>").map(|(_, bytes)| &text[bytes]);
        assert_eq!(call, Some("Read! { by_deref [Shelf<T>] }"));
        assert_eq!(find_impl(&tree, "a::<impl Read for Box<T>>"), None);
        // A path is as good as a name.
        let text = "impl shelf::Read for crate::doc::Doc<x::A> {} impl Read for <Doc as Own>::Kept {}";
        let tree = Tree::read(Path::new("src/lib.rs"), "a", &|_| Ok(text.to_owned())).unwrap();
        let found = |item: &str| find_impl(&tree, item).map(|(_, bytes)| bytes.start);
        assert_eq!(found("a::<impl Read for Doc<A>>"), Some(0));
        assert_eq!(found("a::<impl Read for <Doc as Own>::Kept>"), text.find("impl Read"));
    }

    #[test]
    fn no_block_of_another_name() {
        let text = "impl Doc {} impl Twice {} impl Twice {} impl Read for Shelf<u8> {}";
        let tree = Tree::read(Path::new("src/lib.rs"), "a", &|_| Ok(text.to_owned())).unwrap();
        let found = |item: &str| find_impl(&tree, item);
        for none in ["a::<impl Read for Doc>", "a::<impl Twice>", "a::m::<impl Doc>", "a::Doc"] {
            assert_eq!(found(none), None, "{none}");
        }
    }
}
