//! The facts of one file: items, imports and bodies, lowered from syntax into flat arenas.
//!
//! Nothing here depends on where the file hangs in a module tree. Names are interned ([`Ustr`]), so that all
//! trees are `Send`, cheap to compare, and free of the source text.

mod body;
mod data;
mod entries;
mod item;
mod operator;
mod path;
pub(super) mod token;

use ustr::Ustr;

use super::tree::token::print;

pub use super::tree::token::{Token, TokenRange};
pub use body::{
    Block, Closure, Expr, Literal, MacroArgs, MacroCall, MacroPart, MethodCall, NUMBER_TYPES, Pat, Shown,
    ShownValue, Stmt, StructLiteral,
};
pub use data::{TableAccess, TableUse};
pub use entries::{ArgName, Arm, ArmLabel, Binding, CallForm, Dispatch, NamedCall, Task};
pub use item::{
    FieldNode, FnNode, GenericParam, Generics, HelperMeans, HelperPath, ImplNode, Import, ModNode, Node,
    NodeFlags, NodeKind, VariantNode, Vis,
};
pub use operator::Operator;
pub(in crate::parse) use operator::{OperatorKind, infix};
pub use path::{GenericArgs, Path, Segment, Segments, TypeRef};

/// An interned name.
pub type Name = Ustr;

macro_rules! local_ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(pub u32);
        impl $name {
            /// The position in its arena.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

local_ids! {
    /// An item of this tree.
    NodeId,
    /// An expression of this tree.
    ExprId,
    /// A pattern of this tree.
    PatId,
    /// A type of this tree.
    TypeId,
    /// A path of this tree.
    PathId,
    /// A macro call of this tree.
    MacroId,
}

/// A call that reads what lies outside of the code: a file, what a build script left, what the manifest says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FilePath {
    /// Its line, from 1.
    pub line: u32,
    /// The call: `include_str!("data.txt")`, `env!("CARGO_MANIFEST_DIR")`.
    pub call: String,
    /// What it depends on.
    pub kind: FilePathKind,
}

/// What a call reads when code is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FilePathKind {
    /// A file, by where the source file or the package lies.
    File,
    /// What a build script wrote (`OUT_DIR`), a variable that one may have set (any that isn't cargo's own), a `cfg` that one sets.
    BuildScript,
    /// What the manifest says of the package: `CARGO_PKG_VERSION`.
    Manifest,
}

/// The facts of one file (or of one macro expansion).
#[derive(Debug, Default)]
pub struct ItemTree {
    /// Items at the top of the file.
    pub top: Vec<NodeId>,
    /// `#![cfg(…)]` of the file: all must hold.
    pub cfgs: Box<[Name]>,
    /// `#![attribute]` paths of the file that may name a macro.
    pub attributes: Box<[PathId]>,
    /// `#![macro_use]` of the file: its macros are in scope after the module that it is.
    pub macro_use: bool,
    /// Items, nested ones too.
    pub items: Vec<Node>,
    /// Expressions.
    pub exprs: Vec<Expr>,
    /// Patterns.
    pub pats: Vec<Pat>,
    /// Types.
    pub types: Vec<TypeRef>,
    /// Paths.
    pub paths: Vec<Path>,
    /// Macro calls.
    pub macros: Vec<MacroCall>,
    /// Tokens of macro calls and definitions.
    pub tokens: Vec<Token>,
    /// Calls that read what lies outside, in the order of the calls' ends.
    pub file_paths: Vec<FilePath>,
    /// Names that messages for cargo set as a `cfg`: `println!("cargo:rustc-cfg=fast")`.
    pub set_cfgs: Vec<Name>,
    /// `cfg!(…)` calls: line and predicate.
    pub cfg_calls: Vec<(u32, Name)>,
    /// Matches that tell commands apart, by line.
    pub dispatches: Vec<Dispatch>,
    /// Calls by whose names servers, consumers and commands are known.
    pub named_calls: Vec<NamedCall>,
    /// Variables, where the file has tasks or nests routers, by line.
    pub bindings: Vec<Binding>,
    /// What runs beside the rest, by line.
    pub tasks: Vec<Task>,
    /// Tables that texts and attributes name.
    pub tables: Vec<TableUse>,
    /// Variables of the environment that attributes name, with the line: `PORT` of `#[arg(env = "PORT")]`.
    pub variables: Vec<(u32, Name)>,
    /// What examples in docs name a crate by, with the line: `app` of `use app::db;`.
    pub doc_examples: Vec<(u32, Name)>,
    /// The line of the first place that is nested too deeply to be read, from 1; of what is in it only paths are there.
    pub too_deep: Option<u32>,
}

impl ItemTree {
    /// The tokens of a range.
    pub fn tokens(&self, range: TokenRange) -> &[Token] {
        &self.tokens[range.start as usize..range.end as usize]
    }

    /// The tokens of a range as text.
    pub fn text(&self, range: TokenRange) -> String {
        print(self.tokens(range).iter().map(|t| (t.kind, t.as_str())))
    }
}

macro_rules! arena {
    ($($id:ident => $field:ident: $ty:ty),* $(,)?) => {$(
        impl std::ops::Index<$id> for ItemTree {
            type Output = $ty;
            fn index(&self, id: $id) -> &$ty {
                &self.$field[id.index()]
            }
        }
    )*};
}

arena! {
    NodeId => items: Node,
    ExprId => exprs: Expr,
    PatId => pats: Pat,
    TypeId => types: TypeRef,
    PathId => paths: Path,
    MacroId => macros: MacroCall,
}
