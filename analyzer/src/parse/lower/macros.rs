//! Arguments of macro calls: read as expressions, items, statements or patterns where they parse, else paths
//! picked out of the tokens.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::Token;
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::punctuated::Punctuated;

use super::{Lower, name};
use crate::parse::tree::{Expr, MacroArgs, MacroCall, MacroId, MacroPart, Path, PathId, Segment};

impl Lower<'_> {
    /// A macro call in expression, type, pattern or statement position. Macros that the repository may define are
    /// read when it is known whether it does.
    pub(super) fn expr_macro(&mut self, mac: &syn::Macro) -> MacroId {
        let last = mac.path.segments.last();
        if !self.read_all && !last.is_some_and(|s| is_std(&s.ident.to_string())) {
            return self.call(mac, Some(MacroArgs::Unread));
        }
        let args = self.known(mac).or_else(|| self.as_exprs(mac)).or_else(|| self.as_block(mac));
        self.call(mac, args)
    }

    /// A macro call in item position.
    pub(super) fn items_macro(&mut self, mac: &syn::Macro) -> MacroId {
        let name = mac.path.segments.last().map(|s| s.ident.to_string()).unwrap_or_default();
        let branches = match name.as_str() {
            "cfg_if" => self.cfg_if(&mac.tokens),
            "cfg_select" => self.cfg_select(&mac.tokens),
            _ => None,
        };
        let args = branches.map(|items| MacroArgs::Items(items.into())).or_else(|| self.as_items(mac));
        self.call(mac, args)
    }

    fn call(&mut self, mac: &syn::Macro, args: Option<MacroArgs>) -> MacroId {
        let path = self.path(&mac.path);
        let args = args.unwrap_or_else(|| {
            let mut parts = Vec::new();
            self.chunks(mac.tokens.clone(), &mut parts);
            if parts.is_empty() { MacroArgs::Empty } else { MacroArgs::Parts(parts.into()) }
        });
        let std = mac.path.segments.last().is_some_and(|s| is_std(&s.ident.to_string()));
        let raw = if std { None } else { self.raw_tokens(mac) };
        self.macro_id(MacroCall { path, args, raw })
    }

    /// The text between a macro call's delimiters.
    pub(super) fn raw_tokens(&self, mac: &syn::Macro) -> Option<Box<str>> {
        let span = mac.delimiter.span();
        let (open, close) = (span.open().byte_range(), span.close().byte_range());
        self.source.get(open.end..close.start).map(Into::into)
    }

    fn known(&mut self, mac: &syn::Macro) -> Option<MacroArgs> {
        match mac.path.segments.last()?.ident.to_string().as_str() {
            "matches" | "assert_matches" | "debug_assert_matches" => {
                let m = mac.parse_body::<Matches>().ok()?;
                let value = self.expr(&m.value);
                let pat = self.pat(&m.pat);
                let guard = m.guard.map(|g| self.expr(&g));
                Some(MacroArgs::Parts(Box::new([MacroPart::Match(pat, Some(value), guard)])))
            }
            "cfg" | "concat" | "env" | "option_env" | "stringify" | "line" | "file" | "include_str" => {
                Some(MacroArgs::Empty)
            }
            "vec" => {
                let r = mac.parse_body::<Repeat>().ok()?;
                let parts = [MacroPart::Expr(self.expr(&r.0)), MacroPart::Expr(self.expr(&r.1))];
                Some(MacroArgs::Parts(Box::new(parts)))
            }
            _ => None,
        }
    }

    fn as_exprs(&mut self, mac: &syn::Macro) -> Option<MacroArgs> {
        if mac.tokens.is_empty() {
            return Some(MacroArgs::Empty);
        }
        let exprs = mac.parse_body_with(Punctuated::<syn::Expr, Token![,]>::parse_terminated).ok()?;
        let mut parts: Vec<MacroPart> = exprs.iter().map(|e| MacroPart::Expr(self.macro_arg(e))).collect();
        let formats = mac.path.segments.last().is_some_and(|s| formats(&s.ident.to_string()));
        for literal in exprs.iter().filter_map(text_of).filter(|_| formats) {
            for constant in inline_constants(&literal.value()) {
                let ident = syn::Ident::new(&constant, literal.span());
                let path = syn::ExprPath { attrs: Vec::new(), qself: None, path: ident.into() };
                parts.push(MacroPart::Expr(self.expr(&syn::Expr::Path(path))));
            }
        }
        Some(MacroArgs::Parts(parts.into()))
    }

    /// `name = value` in macro arguments names nothing.
    fn macro_arg(&mut self, e: &syn::Expr) -> crate::parse::tree::ExprId {
        match e {
            syn::Expr::Assign(a) if matches!(&*a.left, syn::Expr::Path(p) if p.path.get_ident().is_some()) => {
                self.expr(&a.right)
            }
            other => self.expr(other),
        }
    }

    fn as_block(&mut self, mac: &syn::Macro) -> Option<MacroArgs> {
        let stmts = mac.parse_body_with(syn::Block::parse_within).ok()?;
        let meaningful = stmts.iter().any(|s| !matches!(s, syn::Stmt::Expr(syn::Expr::Verbatim(_), _)));
        meaningful.then(|| MacroArgs::Block(Box::new(self.stmts(&stmts))))
    }

    fn as_items(&mut self, mac: &syn::Macro) -> Option<MacroArgs> {
        if mac.tokens.is_empty() {
            return Some(MacroArgs::Empty);
        }
        // An inner attribute (`#![any(…)]`) may stand in front, as an argument to the macro.
        let file = mac.parse_body::<syn::File>().ok().or_else(|| statics(mac))?;
        if file.items.is_empty() || file.items.iter().any(|i| matches!(i, syn::Item::Verbatim(_))) {
            return None;
        }
        Some(MacroArgs::Items(self.items(&file.items)))
    }

    /// Splits tokens at `,`, `;` and `=>` and reads each piece as well as it can.
    fn chunks(&mut self, tokens: TokenStream, out: &mut Vec<MacroPart>) {
        let mut chunk: Vec<TokenTree> = Vec::new();
        let mut trees = tokens.into_iter().peekable();
        let mut before_arrow = false;
        while let Some(tree) = trees.next() {
            if let TokenTree::Punct(p) = &tree {
                let arrow = p.as_char() == '='
                    && matches!(trees.peek(), Some(TokenTree::Punct(n)) if n.as_char() == '>');
                if arrow {
                    trees.next();
                    self.chunk(std::mem::take(&mut chunk), true, out);
                    before_arrow = true;
                    continue;
                }
                if matches!(p.as_char(), ',' | ';') {
                    self.end_chunk(&mut chunk, &mut before_arrow, out);
                    continue;
                }
            }
            let brace = matches!(&tree, TokenTree::Group(g) if g.delimiter() == Delimiter::Brace);
            chunk.push(tree);
            if brace && before_arrow && chunk.len() == 1 {
                self.end_chunk(&mut chunk, &mut before_arrow, out);
            }
        }
        self.end_chunk(&mut chunk, &mut before_arrow, out);
    }

    fn end_chunk(&mut self, chunk: &mut Vec<TokenTree>, after_arrow: &mut bool, out: &mut Vec<MacroPart>) {
        let start = out.len();
        self.chunk(std::mem::take(chunk), false, out);
        if std::mem::take(after_arrow)
            && let [MacroPart::Expr(body)] = out[start..]
            && start > 0
            && let MacroPart::Match(_, _, slot @ None) = &mut out[start - 1]
        {
            *slot = Some(body);
            out.truncate(start);
        }
    }

    fn chunk(&mut self, chunk: Vec<TokenTree>, before_arrow: bool, out: &mut Vec<MacroPart>) {
        if chunk.is_empty() {
            return;
        }
        let tokens: TokenStream = chunk.iter().cloned().collect();
        if before_arrow {
            if let Ok(arm) = syn::parse2::<PatAssign>(tokens.clone()) {
                let value = self.expr(&arm.value);
                let line = self.line(arm.eq);
                let value = self.expr_id(Expr::Await(value, line));
                let pat = self.pat(&arm.pat);
                if let Some(guard) = arm.guard {
                    out.push(MacroPart::Expr(self.expr(&guard)));
                }
                out.push(MacroPart::Match(pat, Some(value), None));
                return;
            }
            if let Ok(pat) = syn::Pat::parse_multi_with_leading_vert.parse2(tokens.clone()) {
                let pat = self.pat(&pat);
                out.push(MacroPart::Match(pat, None, None));
                return;
            }
        }
        if let Ok(e) = syn::parse2::<syn::Expr>(tokens.clone()) {
            let e = self.macro_arg(&e);
            out.push(MacroPart::Expr(e));
        } else if let Ok(stmts) = syn::Block::parse_within.parse2(tokens.clone())
            && !stmts.iter().any(|s| matches!(s, syn::Stmt::Expr(syn::Expr::Verbatim(_), _)))
        {
            let block = self.stmts(&stmts);
            let e = self.expr_id(Expr::Block(Box::new(block)));
            out.push(MacroPart::Expr(e));
        } else if let Ok(ty) = syn::parse2::<syn::Type>(tokens) {
            let ty = self.ty(&ty);
            out.push(MacroPart::Type(ty));
        } else {
            self.loose(&chunk, &|_| true, out);
        }
    }

    /// Paths among tokens that could not be read, groups searched as chunks of their own.
    fn loose(&mut self, trees: &[TokenTree], keep: &dyn Fn(&[String]) -> bool, out: &mut Vec<MacroPart>) {
        let paths = self.token_paths(trees, keep);
        out.extend(paths.into_iter().map(MacroPart::Loose));
        for tree in trees {
            if let TokenTree::Group(g) = tree {
                self.chunks(g.stream(), out);
            }
        }
    }

    /// `a::b::c` runs in one level of tokens; single names only when they look like an item's.
    fn token_paths(&mut self, trees: &[TokenTree], keep: &dyn Fn(&[String]) -> bool) -> Vec<PathId> {
        let (mut out, mut i) = (Vec::new(), 0);
        let punct = |i: usize, c: char| matches!(trees.get(i), Some(TokenTree::Punct(p)) if p.as_char() == c);
        while i < trees.len() {
            let TokenTree::Ident(first) = &trees[i] else {
                i += 1;
                continue;
            };
            let after_dot = i > 0 && punct(i - 1, '.') && !(i > 1 && punct(i - 2, '.'));
            let mut idents = vec![first.clone()];
            let mut end = i + 1;
            while punct(end, ':') && punct(end + 1, ':') {
                let Some(TokenTree::Ident(next)) = trees.get(end + 2) else { break };
                idents.push(next.clone());
                end += 3;
            }
            let dollar = i > 0 && punct(i - 1, '$');
            i = end;
            let mut texts: Vec<String> = idents.iter().map(ToString::to_string).collect();
            if after_dot || (dollar && texts[0] != "crate") {
                continue;
            }
            if dollar {
                texts[0] = "$crate".into();
            }
            let item_like = texts.len() > 1 || texts[0].starts_with(|c: char| c.is_ascii_uppercase());
            if item_like && keep(&texts) {
                let line = self.line(idents[0].span());
                let segments = idents.iter().zip(&texts).map(|(ident, text)| Segment {
                    name: if text == "$crate" { ustr::ustr("$crate") } else { name(ident) },
                    args: None,
                });
                let segments = segments.collect();
                out.push(self.path_id(Path { line, global: false, qself: None, segments }));
            }
        }
        out
    }

    /// `$crate::…` and `crate::…` paths in the transcribers of a `macro_rules!`.
    pub(super) fn transcriber_paths(&mut self, rules: &TokenStream) -> Vec<PathId> {
        let mut out = Vec::new();
        self.crate_paths(&rules.clone().into_iter().collect::<Vec<_>>(), &mut out);
        out
    }

    fn crate_paths(&mut self, trees: &[TokenTree], out: &mut Vec<PathId>) {
        out.extend(self.token_paths(trees, &|p| p.len() > 1 && (p[0] == "$crate" || p[0] == "crate")));
        for tree in trees {
            if let TokenTree::Group(g) = tree {
                self.crate_paths(&g.stream().into_iter().collect::<Vec<_>>(), out);
            }
        }
    }
}

/// `thread_local!` takes statics, the last one without its semicolon if need be.
fn statics(mac: &syn::Macro) -> Option<syn::File> {
    let mut trees: Vec<TokenTree> = mac.tokens.clone().into_iter().collect();
    let is_static = trees.iter().any(|t| matches!(t, TokenTree::Ident(i) if i == "static"));
    if !is_static {
        return None;
    }
    // `lazy_static!` writes `static ref NAME`.
    let reference = |w: &[TokenTree]| matches!(w, [TokenTree::Ident(s), TokenTree::Ident(r)] if s == "static" && r == "ref");
    let refs: Vec<usize> =
        trees.windows(2).enumerate().filter(|(_, w)| reference(w)).map(|(i, _)| i + 1).collect();
    for i in refs.into_iter().rev() {
        trees.remove(i);
    }
    if !matches!(trees.last(), Some(TokenTree::Punct(p)) if p.as_char() == ';') {
        trees.push(proc_macro2::Punct::new(';', proc_macro2::Spacing::Alone).into());
    }
    syn::parse2(trees.into_iter().collect()).ok()
}

/// `value, pattern` and what may follow.
struct Matches {
    value: syn::Expr,
    pat: syn::Pat,
    guard: Option<syn::Expr>,
}

impl Parse for Matches {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let value = input.parse()?;
        input.parse::<Token![,]>()?;
        let pat = syn::Pat::parse_multi_with_leading_vert(input)?;
        let guard = if input.peek(Token![if]) {
            input.parse::<Token![if]>()?;
            Some(input.parse()?)
        } else {
            None
        };
        if input.peek(Token![,]) {
            // A message.
            input.parse::<TokenStream>()?;
        }
        Ok(Self { value, pat, guard })
    }
}

/// `value; count`.
struct Repeat(syn::Expr, syn::Expr);

impl Parse for Repeat {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let value = input.parse()?;
        input.parse::<Token![;]>()?;
        Ok(Self(value, input.parse()?))
    }
}

/// `pattern = value, if guard` in front of an arrow, as in `select!`.
struct PatAssign {
    eq: proc_macro2::Span,
    pat: syn::Pat,
    value: syn::Expr,
    guard: Option<syn::Expr>,
}

impl Parse for PatAssign {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let pat = syn::Pat::parse_multi_with_leading_vert(input)?;
        let eq = input.parse::<Token![=]>()?.span;
        let value = input.parse()?;
        let guard = if input.peek(Token![,]) {
            input.parse::<Token![,]>()?;
            input.parse::<Token![if]>()?;
            Some(input.parse()?)
        } else {
            None
        };
        Ok(Self { eq, pat, value, guard })
    }
}

fn text_of(e: &syn::Expr) -> Option<&syn::LitStr> {
    match e {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text),
        _ => None,
    }
}

/// The `NAME`s in `{NAME}` and `{NAME:…}` of a format string. Other names there are locals, which are no references.
fn inline_constants(format: &str) -> Vec<String> {
    let plain = format.replace("{{", "");
    let inside = plain.split('{').skip(1).filter_map(|rest| rest.split(['}', ':']).next());
    let constants = inside.filter(|name| {
        name.starts_with(|c: char| c.is_ascii_uppercase())
            && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    });
    constants.map(str::to_owned).collect()
}

/// Macros that read their strings as formats.
fn formats(name: &str) -> bool {
    matches!(
        name,
        "assert"
            | "assert_eq"
            | "assert_ne"
            | "debug_assert"
            | "debug_assert_eq"
            | "debug_assert_ne"
            | "eprint"
            | "eprintln"
            | "format"
            | "format_args"
            | "panic"
            | "print"
            | "println"
            | "todo"
            | "unimplemented"
            | "unreachable"
            | "write"
            | "writeln"
    )
}

/// Macros of the standard library: nobody expands them, so that their text need not be kept.
fn is_std(name: &str) -> bool {
    matches!(
        name,
        "assert"
            | "assert_eq"
            | "assert_ne"
            | "cfg"
            | "column"
            | "compile_error"
            | "concat"
            | "dbg"
            | "debug_assert"
            | "debug_assert_eq"
            | "debug_assert_ne"
            | "env"
            | "eprint"
            | "eprintln"
            | "file"
            | "format"
            | "format_args"
            | "include_bytes"
            | "include_str"
            | "line"
            | "matches"
            | "module_path"
            | "option_env"
            | "panic"
            | "print"
            | "println"
            | "stringify"
            | "todo"
            | "unimplemented"
            | "unreachable"
            | "vec"
            | "write"
            | "writeln"
    )
}
