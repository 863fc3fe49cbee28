//! One file's text to facts, saving what can be saved when it does not parse.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream};
use ustr::ustr;

use super::ItemFeatures;
use super::lex::{Scan, scan};
use super::lower::Lower;
use super::tree::{ItemTree, MacroId, ModNode, Node, NodeFlags, NodeId, NodeKind, Vis};
use crate::diagnostic::{Code, Diagnostic, Severity};

/// Deepest nesting of brackets, and longest run of prefix operators, given to the parser, which recurses. A choice: no
/// code that people write comes near it, and a test holds that the threads' stack carries it in a debug build.
const MAX_DEPTH: u32 = 2_000;

/// What came out of one file.
pub(super) struct Parsed {
    pub(super) tree: ItemTree,
    pub(super) lines: u32,
    pub(super) problems: Vec<Diagnostic>,
}

/// Parses a file's text.
pub(super) fn parse(text: &str) -> Parsed {
    let scan = scan(text);
    let lines = scan.lines();
    if scan.depth > MAX_DEPTH || scan.prefixes > MAX_DEPTH {
        let message =
            format!("is nested {} levels deep (at most {MAX_DEPTH} are read)", scan.depth.max(scan.prefixes));
        let problem = Diagnostic::new(Severity::Error, Code::TooDeep, message);
        return Parsed { tree: modules_only(text), lines, problems: vec![problem.line(scan.deepest_line)] };
    }
    let (tree, problems) = match syn::parse_file(text) {
        Ok(file) => (Lower::new(text, &scan, None).file(&file), Vec::new()),
        Err(error) => {
            let line = u32::try_from(error.span().start().line).unwrap_or(1);
            let problem =
                Diagnostic::new(Severity::Error, Code::SyntaxError, format!("syntax error: {error}"));
            (salvage(text, &scan), vec![problem.line(line.max(1))])
        }
    };
    // Every parsed source stays in a thread-local map otherwise.
    proc_macro2::extra::invalidate_current_thread_spans();
    Parsed { tree, lines, problems }
}

/// The items of a file that do parse.
fn salvage(text: &str, scan: &Scan) -> ItemTree {
    match syn::parse_str::<Lenient>(text) {
        Ok(Lenient(items)) => {
            let file = syn::File { frontmatter: None, shebang: None, attrs: Vec::new(), items };
            Lower::new(text, scan, None).file(&file)
        }
        Err(_) => modules_only(text),
    }
}

/// Items, with everything that isn't one skipped.
struct Lenient(Vec<syn::Item>);

impl Parse for Lenient {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        use syn::parse::discouraged::Speculative as _;
        let mut items = Vec::new();
        while !input.is_empty() {
            let fork = input.fork();
            if let Ok(item) = fork.parse::<syn::Item>() {
                input.advance_to(&fork);
                items.push(item);
            } else {
                skip_item(input)?;
            }
        }
        Ok(Self(items))
    }
}

/// To behind the next `;` or braces.
fn skip_item(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() {
        match input.parse::<TokenTree>()? {
            TokenTree::Punct(p) if p.as_char() == ';' => break,
            TokenTree::Group(g) if g.delimiter() == Delimiter::Brace => break,
            _ => {}
        }
    }
    Ok(())
}

/// `mod x;` declarations found line by line, so that the files below an unreadable one are still analysed.
fn modules_only(text: &str) -> ItemTree {
    let mut tree = ItemTree::default();
    for (i, line) in text.lines().enumerate() {
        let Some((vis, module)) = module_declaration(line) else { continue };
        let line = u32::try_from(i + 1).unwrap_or(u32::MAX);
        tree.top.push(NodeId(u32::try_from(tree.items.len()).unwrap_or(0)));
        tree.items.push(Node {
            name: ustr(module),
            kind: NodeKind::Module(Box::new(ModNode { content: None, paths: Box::new([]) })),
            vis,
            line,
            end_line: line,
            cfgs: Box::new([]),
            attributes: Box::new([]),
            flags: NodeFlags::NONE,
            generics: None,
            features: ItemFeatures::default(),
        });
    }
    tree
}

fn module_declaration(line: &str) -> Option<(Vis, &str)> {
    let line = line.trim();
    let (vis, rest) = match line.strip_prefix("pub") {
        Some(rest) if rest.starts_with('(') => (Vis::In(Box::new([ustr("crate")])), rest.split_once(')')?.1),
        Some(rest) => (Vis::Public, rest),
        None => (Vis::Inherited, line),
    };
    let name = rest.trim_start().strip_prefix("mod ")?.split(';').next()?.trim();
    let ident = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    (ident && line.contains(';')).then_some((vis, name))
}

/// What a macro's expansion is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fragment {
    /// Items.
    Items,
    /// Items of an `impl` or `trait`.
    AssocItems,
    /// Statements or an expression.
    Block,
}

/// Parses text that a macro made; everything gets the line of the call. `None` when it does not parse.
///
/// For [`Fragment::Block`] the last expression of the tree is the block.
pub fn parse_fragment(text: &str, fragment: Fragment, line: u32) -> Option<ItemTree> {
    let scan = scan(text);
    if scan.depth > MAX_DEPTH || scan.prefixes > MAX_DEPTH {
        return None;
    }
    let tokens: TokenStream = text.parse().ok()?;
    let lower = Lower::new(text, &scan, Some(line));
    let tree = match fragment {
        Fragment::Items => syn::parse2::<syn::File>(tokens).ok().map(|f| lower.file(&f)),
        Fragment::AssocItems => syn::parse2::<ImplItems>(tokens).ok().map(|i| lower.assoc_items(&i.0)),
        Fragment::Block => {
            let parser = syn::Block::parse_within;
            syn::parse::Parser::parse2(parser, tokens).ok().map(|s| lower.statements(&s).0)
        }
    };
    proc_macro2::extra::invalidate_current_thread_spans();
    tree
}

/// Reads the arguments of a call of macro `name` that begins on `line`; `fixed`: everything stands on that line.
pub fn parse_macro_arguments(name: &str, raw: &str, line: u32, fixed: bool) -> Option<(ItemTree, MacroId)> {
    // Empty lines in front keep the line numbers right.
    let lines = if fixed { 0 } else { line.saturating_sub(1) as usize };
    let text = format!("{}{name}!{{{raw}}}", "\n".repeat(lines));
    let call = syn::parse_str::<syn::ExprMacro>(&text).ok()?;
    let scan = Scan { tokens: vec![0], ..Scan::default() };
    let read = Lower::new(&text, &scan, fixed.then_some(line)).macro_arguments(&call.mac);
    proc_macro2::extra::invalidate_current_thread_spans();
    Some(read)
}

/// Items of an `impl` block.
struct ImplItems(Vec<syn::ImplItem>);

impl Parse for ImplItems {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut items = Vec::new();
        while !input.is_empty() {
            items.push(input.parse()?);
        }
        Ok(Self(items))
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_DEPTH, parse};
    use crate::diagnostic::Code;
    use crate::parse::with_deep_stack;

    /// `open` and `close` around `core`, as deep as is read, in a function or type.
    fn nested(before: &str, open: &str, core: &str, close: &str, after: &str) -> String {
        let depth = MAX_DEPTH as usize - 10;
        format!("{before}{}{core}{}{after}", open.repeat(depth), close.repeat(depth))
    }

    #[test]
    fn the_stack_carries_the_deepest_nesting_that_is_read() {
        for text in [
            nested("fn f() -> u32 { ", "(", "1", ")", " }"),
            nested("fn f() { ", "{", "", "}", " }"),
            nested("fn f() { let x = ", "[", "", "]", "; }"),
            nested("fn f() -> bool { ", "!", "true", "", " }"),
            nested("fn f() { let ", "(", "_", ")", " = 1; }"),
            nested("type T = ", "(", "u8", ",)", ";"),
            nested("m! { ", "(", "", ")", " }"),
        ] {
            let problems = with_deep_stack(|| parse(&text).problems);
            assert_eq!(problems, [], "{}…", &text[..40]);
        }
    }

    #[test]
    fn deeper_nesting_is_told_with_its_line() {
        let deep = format!("fn f() {{}}\nfn g() {{\n{}1{}\n}}\n", "(".repeat(10_000), ")".repeat(10_000));
        let problems = parse(&deep).problems;
        assert_eq!((problems[0].code, problems[0].line), (Code::TooDeep, Some(3)));
    }
}
