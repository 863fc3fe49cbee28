//! A type above that functions below take by reference, for nothing but its methods: they take a trait object, the trait stands
//! below, and the type implements it above.
//!
//! A trait object rather than a type parameter, so that the code below is generated where it is written, and not in each crate
//! that calls it.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens;

use super::calls::close_of;
use super::changes::Changes;
use super::scene::{Function, Scene};
use super::target::{Types, has_cfg};
use crate::apply::source::spans::{Splice, bytes};
use crate::apply::source::tokens::TokenKind;
use crate::ids::SourceModuleId;
use crate::report::{CutReport, PlanEditReport};

/// A type above, by its module.
struct Subject {
    module: SourceModuleId,
    name: String,
}

/// A function below that takes the type.
struct Taker {
    function: Function,
    /// The type's path, of each parameter that is a reference to it.
    types: Vec<std::ops::Range<usize>>,
    /// The names of these parameters.
    names: BTreeSet<String>,
}

impl Scene<'_> {
    /// What an edit changes.
    pub(super) fn invert(&self, edit: &PlanEditReport) -> Result<Changes, String> {
        let cuts: Vec<&CutReport> =
            edit.cuts.iter().filter_map(|&at| self.plan.cuts.get(at as usize)).collect();
        let subject = self.subject(&cuts)?;
        let mut takers = Vec::new();
        for item in &edit.items {
            let function = self.function(item)?;
            let of_type = |cut: &&&CutReport| cut.from == item.item && !cut.to.contains('<');
            let references = cuts.iter().filter(of_type).map(|cut| cut.references).sum();
            takers.push(self.taker(function, &subject, references)?);
        }
        let mut called = BTreeSet::new();
        for taker in &takers {
            called.extend(self.called(taker, &takers)?);
        }
        let home = takers.first().map(|taker| taker.function.module).ok_or("it is about no function")?;
        let entries: BTreeSet<usize> =
            takers.iter().map(|t| self.parts.entry(t.function.module, &t.function.name())).collect();
        if entries != BTreeSet::from([self.parts.of_module(home)]) {
            return Err("the functions lie in several crates".to_owned());
        }
        let name = format!("{}Access", subject.name);
        let tree = self.tree;
        let is_whole = |module: SourceModuleId| tree.modules[module].inside.is_none();
        if !is_whole(home) || !is_whole(subject.module) {
            return Err("a module of a few lines within another one has it".to_owned());
        }
        let named = |module: &crate::apply::source::tree::SourceModule| {
            module.body.decls.iter().any(|decl| decl.name == name)
        };
        if tree.modules.iter().any(named) {
            return Err(format!("there is a `{name}` already"));
        }
        let written = self.methods(&subject, &called, &entries)?;
        let mut changes = Changes::default();
        for taker in &takers {
            self.calls(&taker.function)?;
            let path = match taker.function.module == home {
                true => name.clone(),
                false => self.path(home, &name),
            };
            let object = |range: &std::ops::Range<usize>| Splice::new(range.clone(), format!("dyn {path}"));
            changes.replaced.extend(taker.types.iter().map(|range| (taker.function.file, object(range))));
        }
        let declared: String = written.iter().map(|(signature, _)| format!("    {signature};\n")).collect();
        changes.appended.push((
            tree.modules[home].file,
            format!(
                "\n/// What is needed here of `{}`, which lies above.\npub trait {name} {{\n{declared}}}\n",
                subject.name
            ),
        ));
        let bodies: Vec<String> = written
            .iter()
            .map(|(signature, call)| format!("    {signature} {{\n        {call}\n    }}\n"))
            .collect();
        changes.appended.push((
            tree.modules[subject.module].file,
            format!("\nimpl {} for {} {{\n{}}}\n", self.path(home, &name), subject.name, bodies.join("\n")),
        ));
        Ok(changes)
    }

    fn path(&self, module: SourceModuleId, name: &str) -> String {
        let inner = self.tree.inner_path(module);
        if inner.is_empty() { format!("crate::{name}") } else { format!("crate::{inner}::{name}") }
    }

    /// The type that all references are about: itself, or its own methods.
    fn subject(&self, cuts: &[&CutReport]) -> Result<Subject, String> {
        let mut all = BTreeSet::new();
        for cut in cuts {
            let (module, name) = match cut.to.split_once("::<impl ") {
                Some((module, of)) => (module, of.trim_end_matches('>')),
                None => cut.to.rsplit_once("::").ok_or("it is about no type")?,
            };
            all.insert((module, name));
        }
        let (Some((path, name)), 1) = (all.first(), all.len()) else {
            return Err("it is about several things above".to_owned());
        };
        let module = self.tree.modules.ids().find(|&id| self.tree.modules[id].path == **path);
        let module = module.ok_or_else(|| format!("`{path}` was not read"))?;
        if self.parts.entry(module, name) != self.parts.of_module(module) {
            return Err(format!("`{name}` leaves its module"));
        }
        Ok(Subject { module, name: (*name).to_owned() })
    }

    /// A function that names the type nowhere but as `&Type` and `&mut Type` of parameters.
    fn taker(&self, function: Function, subject: &Subject, references: u32) -> Result<Taker, String> {
        let (name, of) = (function.name(), &subject.name);
        let signature = &function.parsed.sig;
        if signature.asyncness.is_some() || signature.constness.is_some() {
            return Err(format!("`{name}` is async or const"));
        }
        let (mut types, mut names) = (Vec::new(), BTreeSet::new());
        for input in &signature.inputs {
            let syn::FnArg::Typed(typed) = input else { continue };
            let syn::Type::Reference(reference) = &*typed.ty else { continue };
            let syn::Type::Path(path) = &*reference.elem else { continue };
            let plain = path.qself.is_none()
                && path.path.segments.last().is_some_and(|s| s.ident == *of && s.arguments.is_empty());
            match &*typed.pat {
                syn::Pat::Ident(pattern) if plain && pattern.subpat.is_none() => {
                    names.insert(pattern.ident.to_string());
                    types.push(bytes(&path.to_token_stream()));
                }
                _ => {}
            }
        }
        let named = self.idents(&function, of).count();
        if names.is_empty() || named != types.len() || references as usize != named {
            return Err(format!("`{name}` names `{of}` elsewhere than as a reference that it takes"));
        }
        Ok(Taker { function, types, names })
    }

    /// The methods that a function calls on what it takes, which it does nothing else with but hand it to another of them.
    fn called(&self, taker: &Taker, all: &[Taker]) -> Result<BTreeSet<String>, String> {
        let source = &self.tree.files[taker.function.file];
        let tokens = &source.tokens;
        let ident = |at: usize| match tokens.get(at).map(|token| &token.kind) {
            Some(TokenKind::Ident(name)) => Some(name.to_string()),
            _ => None,
        };
        let punct = |at: Option<usize>, c: char| {
            at.and_then(|at| tokens.get(at)).is_some_and(|token| token.kind == TokenKind::Punct(c))
        };
        let mut found = BTreeSet::new();
        let body = bytes(&taker.function.parsed.block.to_token_stream());
        let text = source.text.get(body.clone()).unwrap_or_default();
        for name in &taker.names {
            let other =
                || format!("`{}` does more with `{name}` than to call its methods", taker.function.name());
            if text.contains(&format!("{{{name}")) {
                return Err(other());
            }
            for at in self.idents(&taker.function, name).filter(|&at| body.contains(&tokens[at].bytes.start))
            {
                let method =
                    ident(at + 2).filter(|_| punct(Some(at + 1), '.') && close_of(tokens, at + 3).is_some());
                if let Some(method) = method {
                    found.insert(method);
                    continue;
                }
                let is_argument = |at: usize| {
                    let opens = matches!(
                        tokens.get(at.wrapping_sub(1)).map(|token| &token.kind),
                        Some(TokenKind::Open(proc_macro2::Delimiter::Parenthesis))
                    );
                    let ends = tokens.get(at + 1).is_some_and(|t| t.kind == TokenKind::Close)
                        || punct(Some(at + 1), ',');
                    let callee = at.checked_sub(2).and_then(ident);
                    opens && ends && callee.is_some_and(|callee| first_takes(all, &callee))
                };
                if !is_argument(at) {
                    return Err(other());
                }
            }
        }
        Ok(found)
    }

    /// Methods of the type as a trait has them, each with the call of the type's own.
    fn methods(
        &self,
        subject: &Subject,
        called: &BTreeSet<String>,
        lowest: &BTreeSet<usize>,
    ) -> Result<Vec<(String, String)>, String> {
        let file = self.tree.modules[subject.module].file;
        let parsed = syn::parse_file(&self.tree.files[file].text).map_err(|error| error.to_string())?;
        let mut own: BTreeMap<String, Vec<&syn::ImplItemFn>> = BTreeMap::new();
        for item in &parsed.items {
            let syn::Item::Impl(block) = item else { continue };
            let is_type =
                matches!(&*block.self_ty, syn::Type::Path(path) if path.path.is_ident(&subject.name));
            let plain = block.trait_.is_none() && block.generics.params.is_empty() && !has_cfg(&block.attrs);
            for member in block.items.iter().filter(|_| is_type && plain) {
                if let syn::ImplItem::Fn(method) = member {
                    own.entry(method.sig.ident.to_string()).or_default().push(method);
                }
            }
        }
        let types = Types { parts: &self.parts, module: subject.module, lowest };
        let of = &subject.name;
        let mut found = Vec::new();
        for name in called {
            let Some([method]) = own.get(name).map(Vec::as_slice) else {
                return Err(format!("`{name}` is no plain method of `{of}`, written where that is"));
            };
            let signature = &method.sig;
            let receiver = match signature.inputs.first() {
                Some(syn::FnArg::Receiver(receiver)) => match &receiver.kind {
                    syn::ReceiverKind::Reference(_, None, None) => "&self",
                    syn::ReceiverKind::Reference(_, None, Some(_)) => "&mut self",
                    _ => return Err(format!("`{name}` of `{of}` does not borrow it")),
                },
                _ => return Err(format!("`{name}` of `{of}` does not borrow it")),
            };
            let plain = signature.generics.params.is_empty()
                && signature.generics.where_clause.is_none()
                && signature.asyncness.is_none()
                && matches!(signature.safety, syn::Safety::Default)
                && signature.abi.is_none();
            if !plain || has_cfg(&method.attrs) {
                return Err(format!(
                    "`{name}` of `{of}` is generic, async, unsafe or compiled at times only"
                ));
            }
            let (mut takes, mut arguments) = (vec![receiver.to_owned()], vec!["self".to_owned()]);
            for (at, input) in signature.inputs.iter().enumerate().skip(1) {
                let syn::FnArg::Typed(typed) = input else { continue };
                let argument = match &*typed.pat {
                    syn::Pat::Ident(pattern) if pattern.subpat.is_none() => pattern.ident.to_string(),
                    _ => format!("argument{at}"),
                };
                takes.push(format!("{argument}: {}", types.text(&typed.ty)?));
                arguments.push(argument);
            }
            let returns = match &signature.output {
                syn::ReturnType::Default => String::new(),
                syn::ReturnType::Type(_, ty) => format!(" -> {}", types.text(ty)?),
            };
            found.push((
                format!("fn {name}({}){returns}", takes.join(", ")),
                format!("{of}::{name}({})", arguments.join(", ")),
            ));
        }
        Ok(found)
    }
}

/// Whether the first parameter of one of these functions is the type.
fn first_takes(all: &[Taker], callee: &str) -> bool {
    let first = |taker: &Taker| match taker.function.parsed.sig.inputs.first() {
        Some(syn::FnArg::Typed(typed)) => match &*typed.pat {
            syn::Pat::Ident(pattern) => taker.names.contains(&pattern.ident.to_string()),
            _ => false,
        },
        _ => false,
    };
    all.iter().any(|taker| taker.function.name() == callee && first(taker))
}
