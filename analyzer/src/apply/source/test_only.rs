//! What a file compiles for tests alone, but for modules: items, members, fields, statements under a `cfg` that asks for `test`.

use std::ops::Range;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, Item, Meta, Stmt, Token};

use super::cfgs::{feature_beside_tests, holds_elsewhere, holds_in_tests, may_hold};
use super::spans::bytes;
use super::syntax::{import, item_attributes};

/// Something that is compiled only where a `cfg` says so that names `test`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::apply) struct TestOnly {
    /// What it declares, with the line of each name; nothing of a statement or a field's value.
    pub(in crate::apply) names: Vec<(String, u32)>,
    /// All of it, attributes included.
    pub(in crate::apply) node: Range<usize>,
    /// Each `test` in its `cfg`s.
    pub(in crate::apply) conditions: Vec<Range<usize>>,
    /// Whether it is a field.
    pub(in crate::apply) is_field: bool,
    /// Whether it is a type that is always there, and derives more for tests.
    pub(in crate::apply) derives: bool,
    /// Whether it is what there is without tests: `#[cfg(not(test))]`.
    pub(in crate::apply) without_tests: bool,
    /// The feature that it is there for as well: `#[cfg(any(test, feature = "x"))]`.
    pub(in crate::apply) or_feature: Option<String>,
}

/// All of a file, in its order. What lies in a module for tests, or in a test, is no part of it.
pub(in crate::apply) fn test_only(file: &syn::File) -> Vec<TestOnly> {
    let mut finder = Finder::default();
    finder.visit_file(file);
    finder.found.sort_by_key(|found| found.node.start);
    finder.found
}

/// The bytes of what is compiled for tests alone, modules and tests included.
pub(in crate::apply) fn test_code(file: &syn::File) -> Vec<Range<usize>> {
    let mut finder = TestCode::default();
    finder.visit_file(file);
    finder.0
}

#[derive(Default)]
struct TestCode(Vec<Range<usize>>);

impl<'ast> Visit<'ast> for TestCode {
    fn visit_item(&mut self, item: &'ast Item) {
        let attrs = item_attributes(item);
        if matches!(item, Item::Fn(_)) && is_test(attrs) {
            self.0.push(bytes(&item.to_token_stream()));
            return;
        }
        if attrs.iter().all(holds_elsewhere) {
            visit::visit_item(self, item);
        } else {
            self.0.push(bytes(&item.to_token_stream()));
        }
    }
}

/// Whether it is a test, by its attribute: `#[test]`, `#[tokio::test]`.
fn is_test(attrs: &[Attribute]) -> bool {
    attrs.iter().any(|a| a.path().segments.last().is_some_and(|last| last.ident == "test"))
}

/// Each `test` of the `cfg`s among attributes.
fn conditions(attrs: &[Attribute]) -> Vec<Range<usize>> {
    let cfgs = attrs.iter().filter(|a| a.path().is_ident("cfg"));
    let mut found = Vec::new();
    for list in cfgs.filter_map(|a| a.meta.require_list().ok()) {
        collect(list.tokens.clone(), &mut found);
    }
    found
}

fn collect(stream: TokenStream, found: &mut Vec<Range<usize>>) {
    for tree in stream {
        match tree {
            TokenTree::Ident(ident) if ident == "test" => found.push(ident.span().byte_range()),
            TokenTree::Group(group) => collect(group.stream(), found),
            _ => {}
        }
    }
}

#[derive(Default)]
struct Finder {
    found: Vec<TestOnly>,
}

impl Finder {
    fn note(&mut self, attrs: &[Attribute], node: &dyn ToTokens, names: &[&syn::Ident]) {
        let conditions = conditions(attrs);
        if !conditions.is_empty() {
            let names =
                names.iter().map(|name| (name.to_string(), name.span().start().line as u32)).collect();
            let node = bytes(&node.to_token_stream());
            let without_tests = !attrs.iter().all(holds_in_tests);
            let or_feature = feature_beside_tests(attrs);
            let found =
                TestOnly { names, node, conditions, without_tests, or_feature, ..TestOnly::default() };
            self.found.push(found);
        }
    }

    /// What a type derives for tests alone, of what comes with the language: another derive may be a dev-dependency's.
    fn note_derives(&mut self, attrs: &[Attribute], node: &dyn ToTokens, name: &syn::Ident) {
        let mut conditions = Vec::new();
        for list in attrs.iter().filter(|a| a.path().is_ident("cfg_attr")) {
            let parts = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
            let Ok(parts) = parts else { continue };
            let mut parts = parts.iter();
            let Some(predicate) = parts.next() else { continue };
            if !may_hold(predicate) && parts.all(derives_of_language) {
                collect(predicate.to_token_stream(), &mut conditions);
            }
        }
        if !conditions.is_empty() {
            let names = vec![(name.to_string(), name.span().start().line as u32)];
            let node = bytes(&node.to_token_stream());
            self.found.push(TestOnly { names, node, conditions, derives: true, ..TestOnly::default() });
        }
    }
}

/// Whether it is a `derive` of traits of the language.
fn derives_of_language(meta: &Meta) -> bool {
    const TRAITS: [&str; 9] =
        ["Clone", "Copy", "Debug", "Default", "Eq", "Hash", "Ord", "PartialEq", "PartialOrd"];
    let Some(list) = meta.require_list().ok().filter(|list| list.path.is_ident("derive")) else {
        return false;
    };
    let paths = list.parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated);
    paths.is_ok_and(|paths| paths.iter().all(|path| TRAITS.iter().any(|name| path.is_ident(name))))
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_item(&mut self, item: &'ast Item) {
        match item {
            // One that is there for a feature too is no module for tests.
            Item::Mod(module) if module.attrs.iter().all(holds_elsewhere) => {
                self.note(&module.attrs, item, &[&module.ident]);
            }
            Item::Mod(module) if !conditions(&module.attrs).is_empty() => return,
            Item::Fn(function) if is_test(&function.attrs) => return,
            Item::Fn(i) => self.note(&i.attrs, item, &[&i.sig.ident]),
            Item::Struct(i) => {
                self.note(&i.attrs, item, &[&i.ident]);
                self.note_derives(&i.attrs, item, &i.ident);
            }
            Item::Enum(i) => {
                self.note(&i.attrs, item, &[&i.ident]);
                self.note_derives(&i.attrs, item, &i.ident);
            }
            Item::Union(i) => self.note(&i.attrs, item, &[&i.ident]),
            Item::Trait(i) => self.note(&i.attrs, item, &[&i.ident]),
            Item::Type(i) => self.note(&i.attrs, item, &[&i.ident]),
            Item::Const(i) => self.note(&i.attrs, item, &[&i.ident]),
            Item::Static(i) => self.note(&i.attrs, item, &[&i.ident]),
            Item::Impl(block) => {
                let members = block.items.iter().filter_map(|member| match member {
                    syn::ImplItem::Fn(f) => Some(&f.sig.ident),
                    syn::ImplItem::Const(c) => Some(&c.ident),
                    syn::ImplItem::Type(t) => Some(&t.ident),
                    _ => None,
                });
                self.note(&block.attrs, item, &members.collect::<Vec<_>>());
            }
            Item::Use(statement) => {
                let conditions = conditions(&statement.attrs);
                if !conditions.is_empty() {
                    let line = statement.use_token.span.start().line as u32;
                    let leaves = import(statement).leaves;
                    let names = leaves.iter().map(|leaf| (leaf.name().to_owned(), line)).collect();
                    let node = bytes(&statement.to_token_stream());
                    let without_tests = !statement.attrs.iter().all(holds_in_tests);
                    self.found.push(TestOnly {
                        names,
                        node,
                        conditions,
                        without_tests,
                        or_feature: feature_beside_tests(&statement.attrs),
                        ..TestOnly::default()
                    });
                }
            }
            _ => {}
        }
        visit::visit_item(self, item);
    }

    fn visit_impl_item(&mut self, member: &'ast syn::ImplItem) {
        match member {
            syn::ImplItem::Fn(f) => self.note(&f.attrs, member, &[&f.sig.ident]),
            syn::ImplItem::Const(c) => self.note(&c.attrs, member, &[&c.ident]),
            _ => {}
        }
        visit::visit_impl_item(self, member);
    }

    fn visit_trait_item(&mut self, member: &'ast syn::TraitItem) {
        match member {
            syn::TraitItem::Fn(f) => self.note(&f.attrs, member, &[&f.sig.ident]),
            syn::TraitItem::Const(c) => self.note(&c.attrs, member, &[&c.ident]),
            _ => {}
        }
        visit::visit_trait_item(self, member);
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        let before = self.found.len();
        self.note(&field.attrs, field, &field.ident.iter().collect::<Vec<_>>());
        self.found[before..].iter_mut().for_each(|found| found.is_field = true);
        visit::visit_field(self, field);
    }

    fn visit_variant(&mut self, variant: &'ast syn::Variant) {
        self.note(&variant.attrs, variant, &[&variant.ident]);
        visit::visit_variant(self, variant);
    }

    fn visit_field_value(&mut self, value: &'ast syn::FieldValue) {
        self.note(&value.attrs, value, &[]);
        visit::visit_field_value(self, value);
    }

    fn visit_field_pat(&mut self, pattern: &'ast syn::FieldPat) {
        self.note(&pattern.attrs, pattern, &[]);
        visit::visit_field_pat(self, pattern);
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        self.note(&arm.attrs, arm, &[]);
        visit::visit_arm(self, arm);
    }

    fn visit_stmt(&mut self, statement: &'ast Stmt) {
        match statement {
            Stmt::Local(local) => self.note(&local.attrs, statement, &[]),
            Stmt::Macro(call) => self.note(&call.attrs, statement, &[]),
            Stmt::Expr(expression, _) => self.note(attributes(expression), statement, &[]),
            Stmt::Item(_) => {}
        }
        visit::visit_stmt(self, statement);
    }
}

/// Attributes of an expression that stands as a statement.
fn attributes(expression: &Expr) -> &[Attribute] {
    match expression {
        Expr::Assign(e) => &e.attrs,
        Expr::Binary(e) => &e.attrs,
        Expr::Block(e) => &e.attrs,
        Expr::Call(e) => &e.attrs,
        Expr::ForLoop(e) => &e.attrs,
        Expr::If(e) => &e.attrs,
        Expr::Loop(e) => &e.attrs,
        Expr::Macro(e) => &e.attrs,
        Expr::Match(e) => &e.attrs,
        Expr::MethodCall(e) => &e.attrs,
        Expr::Return(e) => &e.attrs,
        Expr::Unsafe(e) => &e.attrs,
        Expr::While(e) => &e.attrs,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, Vec<String>)> {
        let file = syn::parse_file(text).unwrap();
        let of = |found: TestOnly| {
            let conditions = found.conditions.iter().map(|range| text[range.clone()].to_owned());
            (
                found.names.into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(" "),
                conditions.collect(),
            )
        };
        test_only(&file).into_iter().map(of).collect()
    }

    #[test]
    fn everything_under_a_cfg_that_names_test_but_modules_and_tests() {
        let text = "
            #[cfg(test)] use a::{b, c as d};
            pub struct S { #[cfg(all(unix, test))] field: u8, other: u8 }
            impl S {
                #[cfg(test)] pub(crate) fn helper(&self) {}
                fn new() -> S { S { #[cfg(test)] field: 1, other: 2 } }
            }
            #[cfg(test)] impl S { fn one() {} const TWO: u8 = 2; }
            fn f() { #[cfg(test)] count(); #[cfg(not(test))] { real() } }
            #[cfg(unix)] fn unix() {}
            #[test] fn a_test() { #[cfg(test)] let x = 1; }
            #[cfg(test)] mod tests { #[cfg(test)] fn inside() {} }
        ";
        let names: Vec<String> = found(text).into_iter().map(|(names, _)| names).collect();
        assert_eq!(names, ["b d", "field", "helper", "", "one TWO", "", ""]);
        assert!(found(text).iter().all(|(_, conditions)| conditions == &["test"]));
    }

    #[test]
    fn code_for_tests_alone_cannot_be_built_without_them() {
        let text = "
            #[test] fn one() {}
            #[cfg(test)] const TWO: u8 = 2;
            #[cfg(all(unix, test))] struct Three;
            #[cfg(not(test))] fn no_test() {}
            #[cfg(any(test, feature = \"x\"))] fn at_times() {}
            #[cfg(any(test, all(test, unix)))] macro_rules! four { () => {} }
            fn plain() {}
        ";
        let file = syn::parse_file(text).unwrap();
        let names = ["one", "TWO", "Three", "no_test", "at_times", "four", "plain"];
        let of_tests = test_code(&file).into_iter().map(|bytes| {
            let item = &text[bytes];
            names.into_iter().find(|name| item.contains(name)).unwrap_or_default()
        });
        assert_eq!(of_tests.collect::<Vec<_>>(), ["one", "TWO", "Three", "four"]);
    }
}
