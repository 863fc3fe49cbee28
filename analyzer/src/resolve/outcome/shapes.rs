//! What of signatures and types can't be sent to another process, and what keeps state in memory: read off what is written.

use std::collections::BTreeMap;

use super::print::type_text;
use crate::ids::{DefinitionId, IdVec, ItemId};
use crate::parse::tree::{
    FieldNode, FnNode, Generics, ItemTree, Name, Node, NodeKind, PathId, TypeId, TypeRef,
};
use crate::resolve::model::{Obstacle, ObstacleKind, Shape, State, StateKind};
use crate::resolve::names::def::{DefId, World};

/// Traits that anything may stand for which is sent: a caller converts before it calls.
const CONVERSIONS: [&str; 9] =
    ["AsRef", "Borrow", "Debug", "Display", "Into", "IntoIterator", "Iterator", "ToString", "TryInto"];

/// Traits of functions.
const CLOSURES: [&str; 6] = ["AsyncFn", "AsyncFnMut", "AsyncFnOnce", "Fn", "FnMut", "FnOnce"];

/// What belongs to the process that opened it: connections and transactions, ends of channels, locks, tasks and files.
const HANDLES: [&str; 26] = [
    "AsyncConnection",
    "AsyncPgConnection",
    "Child",
    "Connection",
    "ConnectionTrait",
    "DatabaseTransaction",
    "Executor",
    "File",
    "JoinHandle",
    "MutexGuard",
    "PgConnection",
    "PgExecutor",
    "PoolConnection",
    "PooledConnection",
    "Receiver",
    "RwLockReadGuard",
    "RwLockWriteGuard",
    "Sender",
    "SqliteConnection",
    "SqliteExecutor",
    "TcpStream",
    "Transaction",
    "UnboundedReceiver",
    "UnboundedSender",
    "UnixStream",
    "WebSocket",
];

/// What changes behind a shared reference.
const CHANGING: [&str; 22] = [
    "ArcSwap",
    "ArcSwapAny",
    "ArcSwapOption",
    "AtomicBool",
    "AtomicI32",
    "AtomicI64",
    "AtomicPtr",
    "AtomicU16",
    "AtomicU32",
    "AtomicU64",
    "AtomicU8",
    "AtomicUsize",
    "Cache",
    "DashMap",
    "DashSet",
    "LruCache",
    "Mutex",
    "RwLock",
    "Semaphore",
    "SkipMap",
    "SyncMutex",
    "TtlCache",
];

/// What somebody sets once in each process. What sets itself up when it is asked for (`LazyLock`) does so in any of them.
const ONCE: [&str; 2] = ["OnceCell", "OnceLock"];

/// Ends of channels.
const CHANNELS: [&str; 6] =
    ["Sender", "Receiver", "UnboundedSender", "UnboundedReceiver", "SyncSender", "BroadcastSender"];

/// Pools of connections.
const POOLS: [&str; 8] =
    ["DatabaseConnection", "DbPool", "MySqlPool", "PgPool", "Pool", "SqlitePool", "AnyPool", "DbConn"];

/// What signatures and types have that doesn't cross, and what keeps state.
pub(super) fn shapes(
    world: &World<'_>,
    ids: &IdVec<DefId, ItemId>,
    numbers: &IdVec<DefId, Option<DefinitionId>>,
) -> (BTreeMap<DefinitionId, Shape>, Vec<State>) {
    let (mut shapes, mut states) = (BTreeMap::new(), Vec::new());
    for (def, data) in world.defs.iter_enumerated() {
        let Some(number) = numbers[def].filter(|_| !data.test) else { continue };
        let (tree, node) = (world.tree(data.tree), world.node(def));
        let shape = shape(tree, node);
        if shape != Shape::default() {
            shapes.insert(number, shape);
        }
        states.extend(states_of(tree, node, ids[def]));
    }
    states.sort();
    (shapes, states)
}

fn shape(tree: &ItemTree, node: &Node) -> Shape {
    let mut reader = Reader { tree, line: node.line, found: Vec::new() };
    match &node.kind {
        NodeKind::Fn(function) => reader.function(function, node.generics.as_deref()),
        NodeKind::Struct(fields) => reader.fields(fields, node.generics.as_deref()),
        NodeKind::Enum(variants) => {
            reader.generics(node.generics.as_deref());
            variants.iter().for_each(|variant| reader.fields(&variant.fields, None));
        }
        _ => return Shape::default(),
    }
    let mut obstacles = reader.found;
    obstacles.sort();
    obstacles.dedup();
    let derives = |names: &[&str]| {
        let attributes = node.attributes.iter();
        attributes.into_iter().any(|&path| names.contains(&tree[path].segments.last().name.as_str()))
    };
    // What other formats derive goes both ways.
    let both = derives(&["Message", "Archive", "BorshSerialize", "Encode", "SimpleObject"]);
    Shape {
        obstacles,
        serializes: both || derives(&["Serialize", "Serialize_repr", "SerializeDisplay"]),
        deserializes: both || derives(&["Deserialize", "Deserialize_repr", "DeserializeFromStr"]),
    }
}

struct Reader<'a> {
    tree: &'a ItemTree,
    line: u32,
    found: Vec<Obstacle>,
}

impl Reader<'_> {
    fn function(&mut self, function: &FnNode, generics: Option<&Generics>) {
        self.generics(generics);
        for &(_, ty) in &function.params {
            self.ty(ty);
        }
        if let Some(ret) = function.ret {
            self.lent(ret);
            self.ty(ret);
        }
    }

    fn fields(&mut self, fields: &[FieldNode], generics: Option<&Generics>) {
        self.generics(generics);
        if let Some(lifetimes) = generics.map(|of| of.lifetimes).filter(|&lifetimes| lifetimes > 0) {
            let what = if lifetimes == 1 { "a lifetime" } else { "lifetimes" };
            self.note(ObstacleKind::Borrow, what.to_owned());
        }
        for field in fields {
            self.line = field.line.max(1);
            self.ty(field.ty);
        }
    }

    fn note(&mut self, kind: ObstacleKind, what: String) {
        self.found.push(Obstacle { line: self.line, kind, what });
    }

    /// A closure is known by its bounds; a parameter that only wants a conversion is none in the way.
    fn generics(&mut self, generics: Option<&Generics>) {
        let Some(generics) = generics else { return };
        for param in &generics.types {
            let wheres = generics.wheres.iter().filter(|(ty, _)| self.is_name(*ty, param.name));
            let bounds: Vec<PathId> = wheres
                .flat_map(|(_, bounds)| bounds.iter().copied())
                .chain(param.bounds.iter().copied())
                .collect();
            self.bounds(&bounds, param.name.as_str());
        }
    }

    fn is_name(&self, ty: TypeId, name: Name) -> bool {
        match &self.tree[ty] {
            TypeRef::Path(path) => self.tree[*path].segments.names() == [name],
            _ => false,
        }
    }

    fn bounds(&mut self, bounds: &[PathId], written: &str) {
        let names: Vec<&str> =
            bounds.iter().map(|&bound| self.tree[bound].segments.last().name.as_str()).collect();
        if names.iter().any(|name| CLOSURES.contains(name)) {
            self.note(ObstacleKind::Closure, written.to_owned());
        } else if names.iter().any(|name| HANDLES.contains(name)) {
            self.note(ObstacleKind::Handle, written.to_owned());
        } else if !names.iter().any(|name| CONVERSIONS.contains(name)) {
            self.note(ObstacleKind::Generic, written.to_owned());
        }
    }

    /// What a function lends to its caller; texts may be static.
    fn lent(&mut self, ty: TypeId) {
        let mut open = vec![ty];
        while let Some(ty) = open.pop() {
            match &self.tree[ty] {
                TypeRef::Ref(inner) if type_text(self.tree, *inner) == "str" => {}
                TypeRef::Ref(_) => self.note(ObstacleKind::Borrow, type_text(self.tree, ty)),
                TypeRef::Path(path) => {
                    let args = self.tree[*path].segments.last().args.as_deref();
                    open.extend(args.into_iter().flat_map(|args| args.types.iter().copied()));
                }
                TypeRef::Tuple(parts) => open.extend(parts.iter().copied()),
                _ => {}
            }
        }
    }

    fn ty(&mut self, ty: TypeId) {
        let mut open = vec![ty];
        while let Some(ty) = open.pop() {
            match &self.tree[ty] {
                TypeRef::Path(path) => {
                    let last = self.tree[*path].segments.last();
                    if HANDLES.contains(&last.name.as_str()) {
                        self.note(ObstacleKind::Handle, type_text(self.tree, ty));
                        continue;
                    }
                    open.extend(last.args.iter().flat_map(|args| args.types.iter().copied()));
                }
                TypeRef::Ref(inner) | TypeRef::Slice(inner) | TypeRef::Array(inner, _) => open.push(*inner),
                TypeRef::Ptr(_) => self.note(ObstacleKind::Pointer, type_text(self.tree, ty)),
                TypeRef::Tuple(parts) => open.extend(parts.iter().copied()),
                TypeRef::Fn(..) => self.note(ObstacleKind::Closure, type_text(self.tree, ty)),
                TypeRef::Impl(bounds) => self.bounds(bounds, &type_text(self.tree, ty)),
                TypeRef::Dyn(bounds) => {
                    let names = bounds.iter().map(|&bound| self.tree[bound].segments.last().name);
                    let closure = names.into_iter().any(|name| CLOSURES.contains(&name.as_str()));
                    let kind = if closure { ObstacleKind::Closure } else { ObstacleKind::Dyn };
                    self.note(kind, type_text(self.tree, ty));
                }
                TypeRef::Macro(_) | TypeRef::Infer | TypeRef::Never => {}
            }
        }
    }
}

fn states_of(tree: &ItemTree, node: &Node, item: ItemId) -> Vec<State> {
    match &node.kind {
        NodeKind::Static(ty, _) => {
            let kind = match ty {
                _ if node.flags.mutable => Some(StateKind::Changing),
                Some(ty) => state_kind(tree, *ty),
                None => None,
            };
            let written = || ty.map_or_else(String::new, |ty| type_text(tree, ty));
            kind.map(|kind| State { item, field: None, line: node.line, kind, ty: written() })
                .into_iter()
                .collect()
        }
        NodeKind::Struct(fields) => {
            let of_field = |field: &FieldNode| {
                let kind = state_kind(tree, field.ty).filter(|kind| *kind != StateKind::Once)?;
                let (field, line, ty) = (Some(field.name), field.line, type_text(tree, field.ty));
                Some(State { item, field, line, kind, ty })
            };
            fields.iter().filter_map(of_field).collect()
        }
        _ => Vec::new(),
    }
}

/// Fields of a file that keep state.
pub(super) fn state_fields(tree: &ItemTree) -> impl Iterator<Item = Name> {
    let fields = tree.items.iter().flat_map(|node| match &node.kind {
        NodeKind::Struct(fields) => &**fields,
        _ => &[],
    });
    fields
        .filter(|field| state_kind(tree, field.ty).is_some_and(|kind| kind != StateKind::Once))
        .map(|field| field.name)
}

/// What a type keeps: by the names that are written in it.
fn state_kind(tree: &ItemTree, ty: TypeId) -> Option<StateKind> {
    let (mut open, mut kind) = (vec![ty], None);
    while let Some(ty) = open.pop() {
        match &tree[ty] {
            TypeRef::Path(path) => {
                let last = tree[*path].segments.last();
                let name = last.name.as_str();
                let own = match () {
                    () if CHANGING.contains(&name) => Some(StateKind::Changing),
                    () if CHANNELS.contains(&name) => Some(StateKind::Channel),
                    () if POOLS.contains(&name) => Some(StateKind::Pool),
                    () if ONCE.contains(&name) => Some(StateKind::Once),
                    () => None,
                };
                // The first in this order says most.
                kind = [kind, own].into_iter().flatten().min();
                open.extend(last.args.iter().flat_map(|args| args.types.iter().copied()));
            }
            TypeRef::Ref(inner) | TypeRef::Slice(inner) | TypeRef::Array(inner, _) => open.push(*inner),
            TypeRef::Tuple(parts) => open.extend(parts.iter().copied()),
            _ => {}
        }
    }
    kind
}
