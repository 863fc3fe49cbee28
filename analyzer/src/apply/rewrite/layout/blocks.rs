//! `impl` blocks and tests by what a plan calls them.

use std::ops::Range;

use crate::apply::rewrite::text::words;
use crate::apply::source::syntax::{Decl, DeclKind};
use crate::apply::source::tree::Tree;
use crate::ids::SourceModuleId;

/// The `impl`s of a module that are called `a::m::<impl Trait for Type>`: several where types of other modules have one name, or
/// a type has several blocks.
pub(in crate::apply) fn find_impls(tree: &Tree, item: &str) -> Vec<(SourceModuleId, Range<usize>)> {
    let parts = item.split_once("::<impl ").and_then(|(path, head)| Some((path, head.strip_suffix('>')?)));
    let Some((path, head)) = parts else { return Vec::new() };
    let Some((id, module)) = tree.modules.iter_enumerated().find(|(_, module)| module.path == path) else {
        return Vec::new();
    };
    let text = &tree.file_of(id).text;
    let wanted: String = head.split_whitespace().collect();
    let named = |bytes: &Range<usize>, whole: bool| {
        let block = text.get(bytes.clone()).and_then(|text| syn::parse_str::<syn::ItemImpl>(text).ok());
        block.is_some_and(|block| head_of(&block, whole).split_whitespace().collect::<String>() == wanted)
    };
    let all = |whole: bool| -> Vec<Range<usize>> {
        let decls = module.body.decls.iter().filter(|decl| decl.kind == DeclKind::Nameless);
        decls.map(|decl| decl.item.clone()).filter(|bytes| named(bytes, whole)).collect()
    };
    // By whole paths where the module has others that are called the same without them.
    let mut blocks = all(false);
    if blocks.len() != 1 {
        blocks = Some(all(true)).filter(|whole| !whole.is_empty()).unwrap_or(blocks);
    }
    if blocks.is_empty() {
        blocks.extend(call_for(tree, id, head));
    }
    blocks.into_iter().map(|bytes| (id, bytes)).collect()
}

/// A test, or what is there for tests, by its path.
pub(in crate::apply) fn find_test<'t>(tree: &'t Tree, item: &str) -> Option<(SourceModuleId, &'t Decl)> {
    let (path, name) = item.rsplit_once("::")?;
    let modules = tree.modules.iter_enumerated().filter(|(_, module)| module.path == path);
    let mut decls = modules.flat_map(|(id, module)| module.body.decls.iter().map(move |decl| (id, decl)));
    decls.find(|(id, decl)| {
        let file = tree.modules[*id].file;
        decl.kind == DeclKind::Item && decl.name == name && tree.is_for_tests(file, decl.item.start)
    })
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

/// `Trait for Type` or `Type`, as the plan writes it: of each path the last name, without lifetimes, lengths and `mut`.
fn head_of(block: &syn::ItemImpl, whole: bool) -> String {
    let mut out = Heading { text: String::new(), whole };
    if let Some((path, _)) = &block.trait_ {
        of_path(path, &mut out);
        out.text.push_str(" for ");
    }
    of_type(&block.self_ty, &mut out);
    out.text
}

/// The text of a head, with whole paths or their last names.
struct Heading {
    text: String,
    whole: bool,
}

fn of_type(ty: &syn::Type, out: &mut Heading) {
    let around = |before: &str, inner: &syn::Type, after: &str, out: &mut Heading| {
        out.text.push_str(before);
        of_type(inner, out);
        out.text.push_str(after);
    };
    match ty {
        syn::Type::Path(path) => {
            let whole = out.whole;
            out.whole = whole && path.qself.is_none();
            of_path(&path.path, out);
            out.whole = whole;
        }
        syn::Type::Reference(reference) => around("&", &reference.elem, "", out),
        syn::Type::Ptr(pointer) => around("*", &pointer.elem, "", out),
        syn::Type::Slice(slice) => around("[", &slice.elem, "]", out),
        syn::Type::Array(array) => around("[", &array.elem, "]", out),
        syn::Type::Paren(inner) => of_type(&inner.elem, out),
        syn::Type::Group(inner) => of_type(&inner.elem, out),
        syn::Type::Tuple(tuple) => {
            out.text.push('(');
            list(tuple.elems.iter(), out);
            out.text.push(')');
        }
        syn::Type::FnPtr(_) => out.text.push_str("fn"),
        syn::Type::ImplTrait(of) => bounds("impl ", of.bounds.iter(), out),
        syn::Type::TraitObject(of) => bounds("dyn ", of.bounds.iter(), out),
        syn::Type::Never(_) => out.text.push('!'),
        _ => out.text.push('_'),
    }
}

fn bounds<'a>(word: &str, all: impl Iterator<Item = &'a syn::TypeParamBound>, out: &mut Heading) {
    out.text.push_str(word);
    let traits = all.filter_map(|bound| match bound {
        syn::TypeParamBound::Trait(bound) => Some(&bound.path),
        _ => None,
    });
    for (i, path) in traits.enumerate() {
        if i > 0 {
            out.text.push_str(" + ");
        }
        of_path(path, out);
    }
}

fn of_path(path: &syn::Path, out: &mut Heading) {
    let Some(last) = path.segments.last() else { return };
    if out.whole {
        for segment in path.segments.iter().take(path.segments.len() - 1) {
            out.text.push_str(&format!("{}::", segment.ident));
        }
    }
    out.text.push_str(&last.ident.to_string());
    if let syn::PathArguments::AngleBracketed(arguments) = &last.arguments {
        let types = arguments.args.iter().filter_map(|argument| match argument {
            syn::GenericArgument::Type(ty) => Some(ty),
            _ => None,
        });
        let mut types = types.peekable();
        if types.peek().is_some() {
            out.text.push('<');
            list(types, out);
            out.text.push('>');
        }
    }
}

fn list<'a>(types: impl Iterator<Item = &'a syn::Type>, out: &mut Heading) {
    for (i, ty) in types.enumerate() {
        if i > 0 {
            out.text.push_str(", ");
        }
        of_type(ty, out);
    }
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
            find_impls(&tree, item)
                .first()
                .map(|(_, bytes)| text[bytes.clone()].split_whitespace().collect::<String>())
        };
        assert_eq!(found("a::<impl Doc>").as_deref(), Some("implDoc{fna(){}}"));
        assert!(found("a::<impl Read for Shelf<T>>").is_some_and(|text| text.contains("ReadforShelf")));
        let text = "Read! { by_deref [Shelf<T>] } Read! { by_deref [Doc] } impl Write for Shelf<u8> {}";
        let tree = Tree::read(Path::new("src/lib.rs"), "a", &|_| Ok(text.to_owned())).unwrap();
        let call = find_impls(&tree, "a::<impl Read for Shelf<T>>");
        assert_eq!(&text[call[0].1.clone()], "Read! { by_deref [Shelf<T>] }");
        assert_eq!(find_impls(&tree, "a::<impl Read for Box<T>>"), []);
    }

    #[test]
    fn what_a_plan_does_not_write_makes_no_difference() {
        let cases = [
            ("impl shelf::Read for crate::doc::Doc<x::A> {}", "Read for Doc<A>"),
            ("impl Read for <Doc as Own>::Kept {}", "Read for Kept"),
            ("impl<'de> de::Deserializer<'de> for Config { any! {} }", "Deserializer for Config"),
            ("impl<'a, T: 'a> Iterator for Items<'a, T> { type Item = &'a T; }", "Iterator for Items<T>"),
            ("impl<const N: usize> Read for &mut [u8; N] {}", "Read for &[u8]"),
            ("impl From<Box<dyn a::Error + Send + 'static>> for E {}", "From<Box<dyn Error + Send>> for E"),
            ("/// An `impl Read for X {`.\n#[cfg(unix)]\nunsafe impl Read for Y {}", "Read for Y"),
        ];
        for (text, head) in cases {
            let tree = Tree::read(Path::new("src/lib.rs"), "a", &|_| Ok(text.to_owned())).unwrap();
            assert_eq!(find_impls(&tree, &format!("a::<impl {head}>")).len(), 1, "{text}");
        }
        // Whole paths tell two apart.
        let text =
            "impl From<a::Error> for E {}\nimpl From<Error> for E {}\nimpl From<crate::b::Error> for E {}";
        let tree = Tree::read(Path::new("src/lib.rs"), "a", &|_| Ok(text.to_owned())).unwrap();
        let cases =
            [("From<Error> for E", 1), ("From<a::Error> for E", 0), ("From<crate::b::Error> for E", 2)];
        for (head, line) in cases {
            let found = find_impls(&tree, &format!("a::<impl {head}>"));
            let lines: Vec<usize> =
                found.iter().map(|(_, bytes)| text[..bytes.start].matches('\n').count()).collect();
            assert_eq!(lines, [line], "{head}");
        }
        // Two of one name go together.
        let text = "impl Sealed for one::N {} impl Sealed for two::N {}";
        let tree = Tree::read(Path::new("src/lib.rs"), "a", &|_| Ok(text.to_owned())).unwrap();
        assert_eq!(find_impls(&tree, "a::<impl Sealed for N>").len(), 2);
    }

    #[test]
    fn no_block_of_another_name() {
        let text = "impl Doc {} impl Twice {} impl Twice {} impl Read for Shelf<u8> {}";
        let tree = Tree::read(Path::new("src/lib.rs"), "a", &|_| Ok(text.to_owned())).unwrap();
        for none in ["a::<impl Read for Doc>", "a::m::<impl Doc>", "a::Doc"] {
            assert_eq!(find_impls(&tree, none), [], "{none}");
        }
    }
}
