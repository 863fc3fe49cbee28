//! Names of `impl` blocks, as people write them.

use crate::parse::tree::{GenericArgs, ImplNode, ItemTree, PathId, TypeId, TypeRef};

/// `impl Type`, `impl Trait for Type`.
pub(in crate::resolve) fn impl_name(tree: &ItemTree, imp: &ImplNode) -> String {
    let mut out = String::from("impl ");
    if let Some(path) = imp.trait_path {
        path_name(tree, path, &mut out);
        out.push_str(" for ");
    }
    type_name(tree, imp.self_ty, &mut out);
    out
}

/// A type, as people write it.
pub(in crate::resolve) fn type_text(tree: &ItemTree, id: TypeId) -> String {
    let mut out = String::new();
    type_name(tree, id, &mut out);
    out
}

fn type_name(tree: &ItemTree, id: TypeId, out: &mut String) {
    match &tree[id] {
        TypeRef::Path(path) => path_name(tree, *path, out),
        TypeRef::Ref(inner) => {
            out.push('&');
            type_name(tree, *inner, out);
        }
        TypeRef::Ptr(inner) => {
            out.push('*');
            type_name(tree, *inner, out);
        }
        TypeRef::Slice(inner) | TypeRef::Array(inner, _) => {
            out.push('[');
            type_name(tree, *inner, out);
            out.push(']');
        }
        TypeRef::Tuple(items) => {
            out.push('(');
            list(tree, items, out);
            out.push(')');
        }
        TypeRef::Fn(..) => out.push_str("fn"),
        TypeRef::Impl(bounds) | TypeRef::Dyn(bounds) => {
            out.push_str(if matches!(tree[id], TypeRef::Dyn(_)) { "dyn " } else { "impl " });
            for (i, bound) in bounds.iter().enumerate() {
                if i > 0 {
                    out.push_str(" + ");
                }
                path_name(tree, *bound, out);
            }
        }
        TypeRef::Macro(_) | TypeRef::Infer => out.push('_'),
        TypeRef::Never => out.push('!'),
    }
}

fn list(tree: &ItemTree, items: &[TypeId], out: &mut String) {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        type_name(tree, *item, out);
    }
}

fn path_name(tree: &ItemTree, id: PathId, out: &mut String) {
    let last = tree[id].segments.last();
    out.push_str(last.name.as_str());
    if let Some(GenericArgs { types, .. }) = last.args.as_deref()
        && !types.is_empty()
    {
        out.push('<');
        list(tree, types, out);
        out.push('>');
    }
}
