//! Macro calls, and their arguments read as expressions, items, statements or patterns where they are any.

mod cfg_if;
mod chunks;
pub(in crate::parse::lower) mod standard;

use std::ops::Range;

use ustr::ustr;

use crate::parse::syntax::parser::PrefixEntryPoint;
use crate::parse::syntax::parser::SyntaxKind::*;

use super::Lower;
use crate::parse::lower::attrs::unquote;
use crate::parse::syntax::flat::Node;
use crate::parse::syntax::grammar::Entry;
use crate::parse::tree::{
    Expr, ExprId, FilePath, FilePathKind, MacroArgs, MacroCall, MacroId, MacroPart, Name, Path, PathId,
    Shown, ShownValue,
};
use standard::{Argument, formats, inline_constants, is_std, placeholders};

impl Lower<'_> {
    /// A macro call in expression, type, pattern or statement position. Macros that the repository may define are
    /// read when it is known whether it does. `None` for a call of nothing.
    pub(in crate::parse::lower) fn expr_macro(&mut self, call: Node<'_>) -> Option<MacroId> {
        let path = self.path_in(call)?;
        let name = self.tree[path].segments.last().name;
        let args = match is_std(name.as_str()) {
            true => self.read_arguments(name.as_str(), self.arguments(call)),
            false => {
                self.file_paths_in(self.arguments(call));
                MacroArgs::Unread
            }
        };
        Some(self.call(call, path, name, args))
    }

    /// A macro call in item position.
    pub(in crate::parse::lower) fn items_macro(&mut self, call: Node<'_>) -> Option<MacroId> {
        let path = self.path_in(call)?;
        let (name, range) = (self.tree[path].segments.last().name, self.arguments(call));
        let branches = match name.as_str() {
            "cfg_if" => self.cfg_if(range.clone()),
            "cfg_select" => self.cfg_select(range.clone()),
            _ => None,
        };
        let args = branches.map(|items| MacroArgs::Items(items.into())).or_else(|| self.as_items(&range));
        let args = args.unwrap_or_else(|| self.as_parts(range));
        Some(self.call(call, path, name, args))
    }

    fn call(&mut self, call: Node<'_>, path: PathId, name: Name, args: MacroArgs) -> MacroId {
        self.file_path(call, name);
        let (is_std, arguments) = (is_std(name.as_str()), self.arguments(call));
        let count = self.count();
        count.std_macro_calls += u32::from(is_std);
        if !is_std {
            count.macro_tokens += arguments.end.saturating_sub(arguments.start);
        }
        let tokens = (!is_std).then(|| self.keep(arguments));
        self.macro_id(MacroCall { path, args, tokens })
    }

    /// Notes a call that reads what lies outside of the code.
    fn file_path(&mut self, call: Node<'_>, name: Name) {
        match name.as_str() {
            "println" | "print" | "writeln" | "write" => self.set_cfgs(call),
            name => self.file_path_of(name, self.arguments(call), self.line(call.token())),
        }
    }

    /// The same of calls among arguments that are not read yet: where they stand doesn't depend on what is made of them.
    fn file_paths_in(&mut self, arguments: Range<u32>) {
        let mut at = arguments.start;
        while at + 2 < arguments.end {
            let (name, inside) = (self.tokens.text(at).to_owned(), at + 3);
            at += 1;
            if self.tokens.kind(at - 1) != IDENT
                || self.tokens.kind(at) != BANG
                || !matches!(self.tokens.kind(at + 1), L_PAREN | L_BRACK | L_CURLY)
            {
                continue;
            }
            let close = self.tokens.close(at + 1).min(arguments.end);
            self.file_path_of(&name, inside..close, self.line(at - 1));
            // What a path is put together of is one.
            if name == "concat" {
                at = close;
            }
        }
    }

    fn file_path_of(&mut self, name: &str, arguments: Range<u32>, line: u32) {
        if name == "cfg" {
            let predicate = ustr(&self.tokens.print(arguments));
            return self.tree.cfg_calls.push((line, predicate));
        }
        let includes = matches!(name, "include" | "include_bytes" | "include_str");
        let generated = INCLUDES_GENERATED.contains(&name);
        if !includes && !generated && !matches!(name, "env" | "option_env" | "concat") {
            return;
        }
        let arguments: String = arguments.map(|token| self.tokens.text(token)).collect();
        let kind = match name {
            _ if generated => Some(FilePathKind::BuildScript),
            "concat" => arguments.split("env!(").skip(1).find_map(|variable| reads(false, variable)),
            _ => reads(includes, &arguments),
        };
        if let Some(kind) = kind {
            let call = FilePath { line, call: format!("{name}!({arguments})"), kind };
            self.tree.file_paths.push(call);
        }
    }

    /// The tokens between the delimiters of a call or definition.
    pub(in crate::parse::lower) fn arguments(&self, call: Node<'_>) -> Range<u32> {
        let Some(tree) = call.child(TOKEN_TREE) else { return 0..0 };
        let (open, last) = (tree.token(), tree.last_token());
        let closed = last > open && crate::parse::tree::token::is_closing(self.tokens.kind(last));
        open + 1..if closed { last } else { last + 1 }
    }

    /// Names that a message for cargo sets as a `cfg`, as far as they are written out.
    fn set_cfgs(&mut self, call: Node<'_>) {
        let texts = self.arguments(call).filter(|&token| self.tokens.kind(token) == STRING);
        let set: Vec<Name> = texts.filter_map(|token| set_cfg(self.tokens.text(token))).collect();
        self.tree.set_cfgs.extend(set);
    }

    /// The rules of a macro: all between the braces, or `(…) {…}` of a `macro` that has only one.
    pub(in crate::parse::lower) fn rules(&self, definition: Node<'_>) -> Range<u32> {
        let mut trees = definition.children().filter(|child| child.kind() == TOKEN_TREE);
        match (trees.next(), trees.next()) {
            (Some(arguments), Some(body)) => arguments.token()..body.last_token() + 1,
            _ => self.arguments(definition),
        }
    }

    /// Reads the arguments of a macro in a body.
    pub(in crate::parse::lower) fn read_arguments(&mut self, name: &str, range: Range<u32>) -> MacroArgs {
        self.known(name, &range)
            .or_else(|| self.as_exprs(name, &range))
            .or_else(|| self.as_block(&range))
            .unwrap_or_else(|| self.as_parts(range))
    }

    fn known(&mut self, name: &str, range: &Range<u32>) -> Option<MacroArgs> {
        match name {
            "matches" | "assert_matches" | "debug_assert_matches" => self.as_match(range),
            "cfg" | "concat" | "env" | "option_env" | "stringify" | "line" | "file" | "include_str" => {
                Some(MacroArgs::Empty)
            }
            _ => None,
        }
    }

    /// `value, pattern if guard, message`.
    fn as_match(&mut self, range: &Range<u32>) -> Option<MacroArgs> {
        let value = self.tokens.parse_prefix(range.clone(), &PrefixEntryPoint::Expr)?;
        let comma = range.start + value.used;
        let pat = self.after(COMMA, comma, range, &PrefixEntryPoint::PatTop)?;
        let next = comma + 1 + pat.used;
        let guard = self.after(IF_KW, next, range, &PrefixEntryPoint::Expr);
        let end = next + guard.as_ref().map_or(0, |g| g.used + 1);
        if end < range.end && self.tokens.kind(end) != COMMA {
            return None;
        }
        let value = self.expr(value.root()?);
        let pat = self.pat(pat.root()?);
        let guard = guard.as_ref().and_then(|g| g.root()).map(|g| self.expr(g));
        Some(MacroArgs::Parts(Box::new([MacroPart::Match(pat, Some(value), guard)])))
    }

    fn as_exprs(&mut self, name: &str, range: &Range<u32>) -> Option<MacroArgs> {
        if range.is_empty() {
            return Some(MacroArgs::Empty);
        }
        let array = self.tokens.parse(range.clone(), Entry::Exprs)?;
        let array = array.root()?;
        if array.has(SEMICOLON) && name != "vec" {
            return None;
        }
        let mut parts: Vec<MacroPart> = array.exprs().map(|e| MacroPart::Expr(self.macro_arg(e))).collect();
        let texts = array.exprs().filter(|e| formats(name) && e.kind() == LITERAL);
        for text in texts.filter_map(|e| e.child(STRING)) {
            for constant in inline_constants(&unquote(self.tokens.text(text.token()))) {
                self.count().exprs += 1;
                let path = self.path_id(Path::single(Name::from(&constant), self.line(text.token())));
                parts.push(MacroPart::Expr(self.expr_id(Expr::Path(path))));
            }
        }
        if formats(name) {
            parts.extend(self.shows(array));
        }
        Some(MacroArgs::Parts(parts.into()))
    }

    /// What the first text among some arguments shows of those behind it, and of variables.
    fn shows(&self, array: Node<'_>) -> Option<MacroPart> {
        let text_of = |e: Node<'_>| (e.kind() == LITERAL).then(|| e.child(STRING))?.map(|s| s.token());
        let (at, text) = array.exprs().enumerate().find_map(|(at, e)| Some((at, text_of(e)?)))?;
        let text = unquote(self.tokens.text(text));
        let named: Vec<Option<Name>> = array.exprs().skip(at + 1).map(|e| self.argument_name(e)).collect();
        let part = |position: usize| ShownValue::Part((at + 1 + position) as u32);
        let shown = placeholders(&text).into_iter().filter_map(|placeholder| {
            let value = match placeholder.argument {
                Argument::Position(position) => (position < named.len()).then(|| part(position))?,
                Argument::Name(name) => {
                    let known = named.iter().position(|own| own.is_some_and(|own| own == name));
                    known.map_or_else(|| ShownValue::Variable(Name::from(name)), part)
                }
            };
            Some(Shown { value, by: placeholder.by })
        });
        let shown: Box<[Shown]> = shown.collect();
        (!shown.is_empty()).then_some(MacroPart::Shows(shown))
    }

    /// The name in `name = value`.
    fn argument_name(&self, e: Node<'_>) -> Option<Name> {
        let name = e.exprs().next().filter(|_| e.kind() == BIN_EXPR && e.has(EQ))?;
        (name.kind() == PATH_EXPR && name.token() == name.last_token())
            .then(|| self.tokens.name(name.token()))
    }

    /// `name = value` in macro arguments names nothing.
    pub(in crate::parse::lower) fn macro_arg(&mut self, e: Node<'_>) -> ExprId {
        if e.kind() == BIN_EXPR && e.has(EQ) {
            let mut sides = e.exprs();
            if let (Some(name), Some(value)) = (sides.next(), sides.next())
                && name.kind() == PATH_EXPR
                && self.tokens.kind(name.token()) == IDENT
                && name.token() == name.last_token()
            {
                return self.expr(value);
            }
        }
        self.expr(e)
    }

    fn as_block(&mut self, range: &Range<u32>) -> Option<MacroArgs> {
        let syntax = self.tokens.parse(range.clone(), Entry::Statements)?;
        let root = syntax.root()?;
        Some(MacroArgs::Block(Box::new(self.stmts(root))))
    }

    fn as_items(&mut self, range: &Range<u32>) -> Option<MacroArgs> {
        if range.is_empty() {
            return Some(MacroArgs::Empty);
        }
        // An inner attribute (`#![any(…)]`) may stand in front, as an argument to the macro.
        let syntax = self.tokens.parse(range.clone(), Entry::Items).or_else(|| self.statics(range))?;
        let items = self.items(syntax.root()?);
        (!items.is_empty()).then(|| MacroArgs::Items(items.into()))
    }

    /// `thread_local!` takes statics, the last one without its semicolon if need be; `lazy_static!` writes
    /// `static ref NAME`.
    fn statics(&self, range: &Range<u32>) -> Option<crate::parse::syntax::flat::Syntax> {
        if !range.clone().any(|i| self.tokens.kind(i) == STATIC_KW) {
            return None;
        }
        let is_ref =
            |i: u32| i > range.start && self.tokens.kind(i) == REF_KW && self.tokens.kind(i - 1) == STATIC_KW;
        let picked: Vec<u32> = range.clone().filter(|&i| !is_ref(i)).collect();
        let ended = picked.last().is_some_and(|&last| self.tokens.kind(last) == SEMICOLON);
        self.tokens.parse_picked(&picked, (!ended).then_some(SEMICOLON))
    }
}

/// Macros of well-known crates that include what the package's build script wrote into `OUT_DIR`: tonic, slint, lalrpop, UniFFI.
/// By their documentation.
const INCLUDES_GENERATED: [&str; 5] =
    ["include_proto", "include_file_descriptor_set", "include_modules", "lalrpop_mod", "include_scaffolding"];

/// `fast` of `"cargo:rustc-cfg=fast"` and `"cargo::rustc-cfg=fast=\"yes\""`.
fn set_cfg(message: &str) -> Option<Name> {
    let (_, rest) = message.split_once("cargo:")?.1.split_once("rustc-cfg=")?;
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
    let whole = !rest[end..].starts_with('{') && end > 0;
    whole.then(|| ustr(&rest[..end]))
}

/// What a call with these arguments reads, as far as it changes with the package.
fn reads(includes: bool, arguments: &str) -> Option<FilePathKind> {
    let variable = arguments.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next());
    match variable {
        _ if arguments.contains("OUT_DIR") => Some(FilePathKind::BuildScript),
        _ if includes || arguments.contains("CARGO_MANIFEST_DIR") => Some(FilePathKind::File),
        Some(name) if name.starts_with("CARGO_PKG_") => Some(FilePathKind::Manifest),
        Some(name) if name.starts_with("CARGO") => None,
        Some(_) => Some(FilePathKind::BuildScript),
        None => None,
    }
}
