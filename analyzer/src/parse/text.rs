//! One file's text, or a macro's tokens, to facts.

use crate::parse::syntax::parser::Edition;
use ustr::ustr;

use super::ItemFeatures;
use super::lower::{Lower, MAX_DEPTH};
use super::syntax::grammar::{Entry, Tokens};
use super::syntax::lex::lex;
use super::syntax::nesting::Nesting;
use super::tree::token::Token;
use super::tree::{ItemTree, MacroId, ModNode, Name, Node, NodeFlags, NodeId, NodeKind, Vis};
use crate::bug::caught;
use crate::diagnostic::{Code, Diagnostic, Severity};

/// The edition that macros' tokens are read by: what is a keyword was decided where they were written.
const MACRO_EDITION: Edition = Edition::Edition2021;

/// What came out of one file.
pub(super) struct Parsed {
    pub(super) tree: ItemTree,
    pub(super) lines: u32,
    pub(super) problems: Vec<Diagnostic>,
}

/// Parses a file's text. After a syntax error the items that are left are still facts.
pub(super) fn parse(text: &str, edition: Edition) -> Parsed {
    caught(|| read(text, edition)).unwrap_or_else(|bug| {
        let lines = u32::try_from(text.lines().count()).unwrap_or(u32::MAX);
        Parsed { tree: modules_only(text), lines, problems: vec![bug.diagnostic("reading this file")] }
    })
}

fn read(text: &str, edition: Edition) -> Parsed {
    #[cfg(test)]
    crate::bug::trip(text, "parse");
    let lexed = lex(text, edition);
    if let Some((message, line)) = &lexed.nesting.too_deep {
        let message = format!("{message}: only its `mod` declarations are read");
        let problem = Diagnostic::new(Severity::Error, Code::TooDeep, message).line(*line);
        return Parsed { tree: modules_only(text), lines: lexed.lines, problems: vec![problem] };
    }
    let tokens = Tokens { list: &lexed.tokens, source: Some((text, &lexed.texts)), edition };
    let syntax = lexed.input.as_ref().map(Tokens::parse_file).unwrap_or_default();
    let error = syntax.error.as_ref().map(|(message, token)| (message.as_str(), tokens.line(*token)));
    let first = lexed.error.into_iter().chain(error);
    let problem = first.min_by_key(|(_, line)| *line).map(|(message, line)| {
        let message = format!("syntax error: {}", message.lines().next().unwrap_or_default());
        Diagnostic::new(Severity::Error, Code::SyntaxError, message).line(line)
    });
    let mut tree = syntax.root().map(|root| Lower::new(&tokens).file(root)).unwrap_or_default();
    tree.doc_examples = lexed.examples.names();
    let deep = tree.too_deep.map(|line| {
        let message =
            format!("is nested more than {MAX_DEPTH} levels deep: of what is deeper only paths are read");
        Diagnostic::new(Severity::Warning, Code::TooDeep, message).line(line)
    });
    Parsed { tree, lines: lexed.lines, problems: problem.into_iter().chain(deep).collect() }
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
            helpers: Box::new([]),
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

/// Reads what a macro made. `None` when it is no such thing, or nested too deeply.
///
/// For [`Fragment::Block`] the last expression of the tree is the block.
pub fn parse_fragment(tokens: &[Token], fragment: Fragment) -> Option<ItemTree> {
    let tokens = shallow(tokens)?;
    let entry = if fragment == Fragment::Block { Entry::Statements } else { Entry::Items };
    let syntax = tokens.parse(0..tokens.len(), entry)?;
    let (root, lower) = (syntax.root()?, Lower::new(&tokens));
    Some(match fragment {
        Fragment::Items => lower.file(root),
        Fragment::AssocItems => lower.assoc_items(root),
        Fragment::Block => lower.statements(root),
    })
}

/// Reads the arguments of a call of macro `name` that begins on `line`.
pub fn parse_macro_arguments(name: Name, arguments: &[Token], line: u32) -> Option<(ItemTree, MacroId)> {
    let tokens = shallow(arguments)?;
    Some(Lower::new(&tokens).macro_arguments(name, line))
}

fn shallow(list: &[Token]) -> Option<Tokens<'_>> {
    let mut nesting = Nesting::default();
    for token in list {
        nesting.pass(token.kind, token.joint, token.line);
    }
    nesting.too_deep.is_none().then_some(Tokens { list, source: None, edition: MACRO_EDITION })
}

#[cfg(test)]
mod tests {
    use crate::parse::syntax::parser::Edition;

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
            let problems = with_deep_stack(|| parse(&text, Edition::Edition2021).problems);
            assert_eq!(problems, [], "{}…", &text[..40]);
        }
    }

    #[test]
    fn deeper_nesting_is_told_with_its_line() {
        let deep = format!("fn f() {{}}\nfn g() {{\n{}1{}\n}}\n", "(".repeat(10_000), ")".repeat(10_000));
        let problems = parse(&deep, Edition::Edition2021).problems;
        assert_eq!((problems[0].code, problems[0].line), (Code::TooDeep, Some(3)));
    }

    #[test]
    fn items_around_a_syntax_error_are_kept() {
        let parsed = parse("mod a;\nfn f( {\n}\nstruct S;\nuse x::y;\n", Edition::Edition2021);
        assert_eq!((parsed.problems[0].code, parsed.problems[0].line), (Code::SyntaxError, Some(2)));
        let names: Vec<&str> = parsed.tree.top.iter().map(|&id| parsed.tree[id].name.as_str()).collect();
        assert!(names.contains(&"a") && names.contains(&"S"), "{names:?}");
    }
}
