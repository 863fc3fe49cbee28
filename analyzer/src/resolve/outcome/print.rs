//! Names of `impl` blocks, as people write them.

use crate::parse::tree::{GenericArgs, ImplNode, ItemTree, PathId, TypeId, TypeRef};

/// How much of a path is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::resolve) enum Paths {
    /// Its last name.
    Last,
    /// All of it, as it stands in the source.
    Whole,
}

/// `impl Type`, `impl Trait for Type`.
pub(in crate::resolve) fn impl_name(tree: &ItemTree, imp: &ImplNode, paths: Paths) -> String {
    let mut out = String::from("impl ");
    let mut printer = Printer { tree, paths, out: &mut out };
    if let Some(path) = imp.trait_path {
        printer.path_name(path);
        printer.out.push_str(" for ");
    }
    printer.type_name(imp.self_ty);
    out
}

/// A type, as people write it.
pub(in crate::resolve) fn type_text(tree: &ItemTree, id: TypeId) -> String {
    let mut out = String::new();
    Printer { tree, paths: Paths::Last, out: &mut out }.type_name(id);
    out
}

struct Printer<'a> {
    tree: &'a ItemTree,
    paths: Paths,
    out: &'a mut String,
}

impl Printer<'_> {
    fn type_name(&mut self, id: TypeId) {
        let tree = self.tree;
        match &tree[id] {
            TypeRef::Path(path) => self.path_name(*path),
            TypeRef::Ref(inner) => {
                self.out.push('&');
                self.type_name(*inner);
            }
            TypeRef::Ptr(inner) => {
                self.out.push('*');
                self.type_name(*inner);
            }
            TypeRef::Slice(inner) | TypeRef::Array(inner, _) => {
                self.out.push('[');
                self.type_name(*inner);
                self.out.push(']');
            }
            TypeRef::Tuple(items) => {
                self.out.push('(');
                self.list(items);
                self.out.push(')');
            }
            TypeRef::Fn(..) => self.out.push_str("fn"),
            TypeRef::Impl(bounds) | TypeRef::Dyn(bounds) => {
                self.out.push_str(if matches!(tree[id], TypeRef::Dyn(_)) { "dyn " } else { "impl " });
                for (i, bound) in bounds.iter().enumerate() {
                    if i > 0 {
                        self.out.push_str(" + ");
                    }
                    self.path_name(*bound);
                }
            }
            TypeRef::Macro(_) | TypeRef::Infer => self.out.push('_'),
            TypeRef::Never => self.out.push('!'),
        }
    }

    fn list(&mut self, items: &[TypeId]) {
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                self.out.push_str(", ");
            }
            self.type_name(*item);
        }
    }

    fn path_name(&mut self, id: PathId) {
        let path = &self.tree[id];
        let last = path.segments.last();
        if self.paths == Paths::Whole && path.qself.is_none() {
            for segment in path.segments.iter().take(path.segments.len() - 1) {
                self.out.push_str(segment.name.as_str());
                self.out.push_str("::");
            }
        }
        self.out.push_str(last.name.as_str());
        if let Some(GenericArgs { types, .. }) = last.args.as_deref()
            && !types.is_empty()
        {
            self.out.push('<');
            self.list(types);
            self.out.push('>');
        }
    }
}
