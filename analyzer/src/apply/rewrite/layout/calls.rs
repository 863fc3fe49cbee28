//! Calls of macros that have items among their arguments.

use std::collections::BTreeSet;
use std::ops::Range;

use super::Moved;
use crate::apply::source::syntax::{Body, Decl, DeclKind};
use crate::apply::source::tree::Tree;
use crate::ids::{PlanCrateId, SourceModuleId};

/// The call of a macro whose arguments declare this and nothing else.
pub(super) fn call_of(body: &Body, decl: &Decl) -> Option<Range<usize>> {
    let within = |around: &Range<usize>, inner: &Range<usize>| {
        around != inner && around.start <= inner.start && inner.end <= around.end
    };
    let calls = body.decls.iter().filter(|d| d.kind == DeclKind::Nameless && within(&d.item, &decl.item));
    let call = calls.map(|d| &d.item).min_by_key(|bytes| bytes.len())?;
    let items = body.decls.iter().filter(|d| d.kind == DeclKind::Item && within(call, &d.item));
    (decl.kind == DeclKind::Item && items.count() == 1).then(|| call.clone())
}

/// Items that a macro's call has among its arguments go with the call where all of them go to one crate: what it puts around them
/// (`cfg_if!`) is theirs.
pub(super) fn with_calls(tree: &Tree, mut moved: Vec<Moved>) -> Vec<Moved> {
    let modules: BTreeSet<SourceModuleId> = moved.iter().map(|item| item.module).collect();
    for module in modules {
        let body = &tree.modules[module].body;
        let text = &tree.file_of(module).text;
        for call in body.decls.iter().filter(|d| d.kind == DeclKind::Nameless).map(|d| &d.item) {
            let within =
                |bytes: &Range<usize>| bytes != call && call.start <= bytes.start && bytes.end <= call.end;
            let items: Vec<&Decl> =
                body.decls.iter().filter(|d| d.kind == DeclKind::Item && within(&d.item)).collect();
            let here = |item: &Moved| item.module == module && within(&item.bytes);
            let crates: BTreeSet<PlanCrateId> =
                moved.iter().filter(|item| here(item)).map(|item| item.krate).collect();
            let all = items.iter().all(|d| moved.iter().any(|item| here(item) && item.bytes == d.item));
            let is_call = text[call.clone()].parse::<proc_macro2::TokenStream>().is_ok_and(is_macro_call);
            let (Some(&krate), true) =
                (crates.first(), crates.len() == 1 && items.len() > 1 && all && is_call)
            else {
                continue;
            };
            moved.retain(|item| !here(item));
            moved.push(Moved {
                module,
                name: String::new(),
                kind: DeclKind::Nameless,
                bytes: call.clone(),
                krate,
                written: items.iter().map(|decl| decl.name.clone()).collect(),
            });
        }
    }
    moved.sort_by_key(|item| (item.module, item.bytes.start));
    moved
}

/// Whether it is the call of a macro, and no `impl`.
fn is_macro_call(tokens: proc_macro2::TokenStream) -> bool {
    syn::parse2::<syn::ItemMacro>(tokens).is_ok()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::apply::source::tree::ROOT;

    #[test]
    fn items_of_a_call_go_with_it_where_all_of_them_go() {
        let text = "cfg_if! {\n    if #[cfg(unix)] {\n        fn a() {}\n    } else {\n        fn b() {}\n    }\n}\nfn c() {}\n";
        let tree = Tree::read(Path::new("src/lib.rs"), "a", &|_| Ok(text.to_owned())).unwrap();
        let moved = |name: &str, krate: u32| {
            let decl = tree.modules[ROOT].body.decls.iter().find(|d| d.name == name).unwrap();
            Moved {
                module: ROOT,
                name: name.to_owned(),
                kind: DeclKind::Item,
                bytes: decl.item.clone(),
                krate: PlanCrateId(krate),
                written: BTreeSet::new(),
            }
        };
        // What goes where, and the text of what goes then.
        let call = &text[..text.find("fn c").unwrap() - 1];
        let cases = [
            ("a1 b1 c1", [call, "fn c() {}"]),
            ("a1 b2", ["fn a() {}", "fn b() {}"]),
            ("a1 c1", ["fn a() {}", "fn c() {}"]),
        ];
        for (items, expected) in cases {
            let items = items.split(' ').map(|item| moved(&item[..1], item[1..].parse().unwrap())).collect();
            let found = with_calls(&tree, items);
            let texts: Vec<&str> = found.iter().map(|item| &text[item.bytes.clone()]).collect();
            assert_eq!(texts, expected);
        }
    }
}
