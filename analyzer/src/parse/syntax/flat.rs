//! A flat concrete syntax tree: the parser's steps in one array, in preorder.

use std::cell::RefCell;

use crate::parse::syntax::parser::SyntaxKind::*;
use crate::parse::syntax::parser::{Output, Step, SyntaxKind};

/// One tree.
#[derive(Debug, Default)]
pub(in crate::parse) struct Syntax {
    elements: Vec<Element>,
    /// The first error: message, and the token it stands at.
    pub(in crate::parse) error: Option<(String, u32)>,
    /// How many tokens the parser took.
    pub(in crate::parse) used: u32,
}

#[derive(Debug, Clone, Copy)]
struct Element {
    kind: SyntaxKind,
    part: Part,
    /// The (first) token.
    token: u32,
    /// Where the next element that isn't part of this one lies.
    end: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::parse) enum Part {
    /// A node, not a token.
    Node,
    /// A token, or several that make one operator.
    Whole,
    /// What stands before the dot of a float that is two field accesses: `x.0.1`.
    BeforeDot,
    /// What stands after it.
    AfterDot,
}

/// A node or token of a tree.
#[derive(Debug, Clone, Copy)]
pub(in crate::parse) struct Node<'s> {
    elements: &'s [Element],
    at: u32,
}

thread_local! {
    /// Arrays of trees that are no more: files come one after another, each with a tree of megabytes.
    static SPARE: RefCell<Vec<Vec<Element>>> = const { RefCell::new(Vec::new()) };
}

impl Drop for Syntax {
    fn drop(&mut self) {
        let mut elements = std::mem::take(&mut self.elements);
        elements.clear();
        // A thread that ends has no use for it.
        let _ = SPARE.try_with(|spare| spare.borrow_mut().push(elements));
    }
}

impl Syntax {
    /// Builds the tree. `token` gives the index of the n-th token that the parser was given.
    pub(in crate::parse) fn build(output: &Output, tokens: usize, token: impl Fn(u32) -> u32) -> Self {
        let mut elements = SPARE.with_borrow_mut(Vec::pop).unwrap_or_default();
        elements.reserve(tokens * 3 + 4);
        let mut builder = Builder {
            syntax: Syntax { elements, error: None, used: 0 },
            open: Vec::with_capacity(64),
            token,
        };
        for step in output.iter() {
            match step {
                Step::Enter { kind } => builder.enter(kind),
                Step::Exit => builder.exit(),
                Step::Token { kind, n_input_tokens } => {
                    builder.leaf(kind, Part::Whole);
                    builder.syntax.used += u32::from(n_input_tokens);
                }
                Step::FloatSplit { ends_in_dot } => builder.split_float(ends_in_dot),
                Step::Error { msg } => builder.error(msg),
            }
        }
        builder.syntax
    }

    /// Whether a comparison is compared: `a < b > c` is no expression, but often a type that looks like one.
    pub(in crate::parse) fn compares_comparison(&self) -> bool {
        let nodes = (0..).zip(&self.elements).filter(|(_, element)| element.kind == BIN_EXPR);
        let mut nodes = nodes.map(|(at, _)| Node { elements: &self.elements, at });
        nodes.any(|node| is_comparison(node) && node.expr().is_some_and(is_comparison))
    }

    /// The tree's root, if there is exactly one.
    pub(in crate::parse) fn root(&self) -> Option<Node<'_>> {
        let root = self.elements.first()?;
        (root.end as usize == self.elements.len()).then_some(Node { elements: &self.elements, at: 0 })
    }
}

struct Builder<F> {
    syntax: Syntax,
    open: Vec<usize>,
    token: F,
}

impl<F: Fn(u32) -> u32> Builder<F> {
    fn push(&mut self, kind: SyntaxKind, part: Part) {
        let token = (self.token)(self.syntax.used);
        let end = self.len() + 1;
        self.syntax.elements.push(Element { kind, part, token, end });
    }

    fn len(&self) -> u32 {
        u32::try_from(self.syntax.elements.len()).unwrap_or(u32::MAX)
    }

    fn enter(&mut self, kind: SyntaxKind) {
        self.open.push(self.syntax.elements.len());
        self.push(kind, Part::Node);
    }

    fn exit(&mut self) {
        if let Some(at) = self.open.pop() {
            self.syntax.elements[at].end = self.len();
        }
    }

    fn leaf(&mut self, kind: SyntaxKind, part: Part) {
        self.push(kind, part);
    }

    fn error(&mut self, message: &str) {
        if self.syntax.error.is_none() {
            self.syntax.error = Some((message.to_owned(), (self.token)(self.syntax.used)));
        }
    }

    /// `x.0.1`: the lexer saw a float. The parser has entered the outer field access and, unless the float ends in
    /// its dot, the inner one; it leaves their ends to us.
    fn split_float(&mut self, ends_in_dot: bool) {
        self.index(Part::BeforeDot);
        self.exit();
        self.leaf(DOT, Part::Whole);
        if !ends_in_dot {
            self.index(Part::AfterDot);
            self.exit();
        }
        self.syntax.used += 1;
    }

    fn index(&mut self, part: Part) {
        self.enter(NAME_REF);
        self.leaf(INT_NUMBER, part);
        self.exit();
    }
}

impl<'s> Node<'s> {
    fn element(self) -> Element {
        self.elements[self.at as usize]
    }

    pub(in crate::parse) fn kind(self) -> SyntaxKind {
        self.element().kind
    }

    pub(in crate::parse) fn part(self) -> Part {
        self.element().part
    }

    /// The (first) token.
    pub(in crate::parse) fn token(self) -> u32 {
        self.element().token
    }

    /// The last token.
    pub(in crate::parse) fn last_token(self) -> u32 {
        let inside = &self.elements[self.at as usize..self.element().end as usize];
        inside.iter().rev().find(|e| e.part != Part::Node).map_or(self.element().token, |e| e.token)
    }

    /// Nodes and tokens directly below.
    pub(in crate::parse) fn children(self) -> Children<'s> {
        let end = if self.part() == Part::Node { self.element().end } else { self.at + 1 };
        Children { elements: self.elements, at: self.at + 1, end }
    }

    /// The first child of a kind.
    pub(in crate::parse) fn child(self, kind: SyntaxKind) -> Option<Node<'s>> {
        self.children().find(|c| c.kind() == kind)
    }

    pub(in crate::parse) fn has(self, kind: SyntaxKind) -> bool {
        self.child(kind).is_some()
    }

    /// The nodes of a kind inside of this one, itself included, that are in no other of the kind.
    pub(in crate::parse) fn outermost(self, kind: SyntaxKind) -> impl Iterator<Item = Node<'s>> {
        let (elements, end) = (self.elements, self.element().end);
        let mut at = self.at;
        std::iter::from_fn(move || {
            while at < end {
                let node = Node { elements, at };
                at = if node.kind() == kind { node.element().end } else { at + 1 };
                if node.kind() == kind {
                    return Some(node);
                }
            }
            None
        })
    }

    /// The children that are expressions.
    pub(in crate::parse) fn exprs(self) -> impl Iterator<Item = Node<'s>> {
        self.children().filter(|c| is_expr(c.kind()))
    }

    pub(in crate::parse) fn expr(self) -> Option<Node<'s>> {
        self.exprs().next()
    }

    /// The children that are patterns.
    pub(in crate::parse) fn pats(self) -> impl Iterator<Item = Node<'s>> {
        self.children().filter(|c| is_pat(c.kind()))
    }

    pub(in crate::parse) fn pat(self) -> Option<Node<'s>> {
        self.pats().next()
    }

    /// The children that are types.
    pub(in crate::parse) fn types(self) -> impl Iterator<Item = Node<'s>> {
        self.children().filter(|c| is_type(c.kind()))
    }

    pub(in crate::parse) fn ty(self) -> Option<Node<'s>> {
        self.types().next()
    }
}

/// See [`Node::children`].
#[derive(Debug, Clone)]
pub(in crate::parse) struct Children<'s> {
    elements: &'s [Element],
    at: u32,
    end: u32,
}

impl<'s> Iterator for Children<'s> {
    type Item = Node<'s>;

    fn next(&mut self) -> Option<Node<'s>> {
        if self.at >= self.end {
            return None;
        }
        let node = Node { elements: self.elements, at: self.at };
        self.at = node.element().end;
        Some(node)
    }
}

fn is_comparison(node: Node<'_>) -> bool {
    let compares = |kind| matches!(kind, EQ2 | NEQ | L_ANGLE | R_ANGLE | LTEQ | GTEQ);
    node.kind() == BIN_EXPR && node.children().any(|c| compares(c.kind()))
}

/// Whether a node is an expression.
pub(in crate::parse) fn is_expr(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        ARRAY_EXPR
            | ASM_EXPR
            | AWAIT_EXPR
            | BECOME_EXPR
            | BIN_EXPR
            | BLOCK_EXPR
            | BREAK_EXPR
            | CALL_EXPR
            | CAST_EXPR
            | CLOSURE_EXPR
            | CONTINUE_EXPR
            | FIELD_EXPR
            | FORMAT_ARGS_EXPR
            | FOR_EXPR
            | IF_EXPR
            | INCLUDE_BYTES_EXPR
            | INDEX_EXPR
            | LET_EXPR
            | LITERAL
            | LOOP_EXPR
            | MACRO_EXPR
            | MATCH_EXPR
            | METHOD_CALL_EXPR
            | OFFSET_OF_EXPR
            | PAREN_EXPR
            | PATH_EXPR
            | PREFIX_EXPR
            | RANGE_EXPR
            | RECORD_EXPR
            | REF_EXPR
            | RETURN_EXPR
            | TRY_EXPR
            | TUPLE_EXPR
            | UNDERSCORE_EXPR
            | WHILE_EXPR
            | YEET_EXPR
            | YIELD_EXPR
    )
}

fn is_pat(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        BOX_PAT
            | CONST_BLOCK_PAT
            | DEREF_PAT
            | IDENT_PAT
            | LITERAL_PAT
            | MACRO_PAT
            | NOT_NULL
            | OR_PAT
            | PAREN_PAT
            | PATH_PAT
            | RANGE_PAT
            | RECORD_PAT
            | REF_PAT
            | REST_PAT
            | SLICE_PAT
            | TUPLE_PAT
            | TUPLE_STRUCT_PAT
            | WILDCARD_PAT
    )
}

fn is_type(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        ARRAY_TYPE
            | DYN_TRAIT_TYPE
            | FN_PTR_TYPE
            | FOR_TYPE
            | IMPL_TRAIT_TYPE
            | INFER_TYPE
            | MACRO_TYPE
            | NEVER_TYPE
            | PAREN_TYPE
            | PATH_TYPE
            | PATTERN_TYPE
            | PTR_TYPE
            | REF_TYPE
            | SLICE_TYPE
            | TUPLE_TYPE
    )
}
