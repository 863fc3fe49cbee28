//! What code says of the programs that run it: calls, commands, state, and what can be sent to another process.

use serde::{Deserialize, Serialize};

use crate::ids::ItemId;
use crate::parse::tree::{Name, NamedCall};

/// A call whose name may say what a program does, with whose name it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalCall {
    /// The call.
    pub call: NamedCall,
    /// The dependency that its path begins with, imports of the file followed, as code writes it; `None` where it isn't known to be
    /// one: methods and most attributes.
    pub krate: Option<Name>,
}

/// An enum whose variants may be the commands of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandEnum {
    /// The enum.
    pub item: ItemId,
    /// Whether a parser of command lines is derived for it.
    pub derived: bool,
    /// Whether a configuration chooses one of its variants, going by its name and its derives: `Role`, `RunMode`.
    pub configured: bool,
    /// Whether its name says that its variants are parts of a program which may be switched on: `NodeService`, `Role`.
    pub switched: bool,
    /// Its variants, in their order.
    pub variants: Vec<CommandVariant>,
}

/// A variant of a [`CommandEnum`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandVariant {
    /// Its name.
    pub name: Name,
    /// What the command line calls it, where an attribute says so.
    pub command: Option<Name>,
    /// Whether the command line has the commands that it holds in its place.
    pub flattened: bool,
    /// Its lines, the first and the last, from 1.
    pub lines: (u32, u32),
}

/// What a function's signature, or a type, is to another process.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shape {
    /// What can't be sent, sorted.
    pub obstacles: Vec<Obstacle>,
    /// Of a type: whether a derive writes it out.
    pub serializes: bool,
    /// Of a type: whether a derive reads it in.
    pub deserializes: bool,
}

/// What can't be sent to another process.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Obstacle {
    /// Its line, from 1.
    pub line: u32,
    /// What it is.
    pub kind: ObstacleKind,
    /// As it is written: `impl Fn`, `&User`, `T`.
    pub what: String,
}

/// Why something can't be sent to another process as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ObstacleKind {
    /// Code: a closure, a function pointer.
    Closure,
    /// A value of a type that is chosen while it runs.
    Dyn,
    /// What the process has open: a connection, a transaction, an end of a channel, a lock.
    Handle,
    /// Part of a value that lives elsewhere.
    Borrow,
    /// A type that each caller chooses.
    Generic,
    /// An address.
    Pointer,
}

/// What keeps state in memory: a static, or a field of a struct.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct State {
    /// The static or the struct.
    pub item: ItemId,
    /// The field; `None` for a static.
    pub field: Option<Name>,
    /// Its line, from 1.
    pub line: u32,
    /// What it keeps.
    pub kind: StateKind,
    /// Its type, as it is written.
    pub ty: String,
}

/// What something keeps in memory, what is most in the way first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StateKind {
    /// What changes behind a shared reference.
    Changing,
    /// An end of a channel.
    Channel,
    /// A pool of connections.
    Pool,
    /// What is set once.
    Once,
}
