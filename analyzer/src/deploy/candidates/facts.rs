//! What functions do with what outlives a call: tables, transactions, state in memory, the environment. Found once for all programs.

use std::collections::{BTreeMap, BTreeSet};

use crate::deploy::roles::Places;
use crate::ids::{DefinitionId, FileId, IdVec, ItemId, ModuleId};
use crate::parse::tree::{CallForm, Name, TableAccess};
use crate::resolve::{DefinitionKind, File, ItemKind, Resolution, StateKind, Uses};

/// Crates by whose names it is known that `begin` begins a transaction.
const DATABASES: [&str; 12] = [
    "deadpool_postgres",
    "diesel",
    "diesel_async",
    "libsql",
    "mysql_async",
    "postgres",
    "rusqlite",
    "sea_orm",
    "sqlx",
    "tokio_postgres",
    "tokio_rusqlite",
    "turso",
];

/// Traits whose impls work around handlers, by the crates' documentation: extractors of axum, actix-web, rocket and poem, and what wraps
/// handlers.
const AROUND: [&str; 8] = [
    "Fairing",
    "FromRequest",
    "FromRequestParts",
    "Middleware",
    "OptionalFromRequest",
    "OptionalFromRequestParts",
    "RequestExtractor",
    "Transform",
];

/// Calls that are followed from a transaction, or from a function to its tables. A choice: what is called deeper rarely is given the
/// transaction.
const DEPTH: u32 = 3;

/// A place that uses a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TableAt {
    pub(super) table: Name,
    pub(super) reads: bool,
    pub(super) file: FileId,
    pub(super) line: u32,
}

/// What is made in a function, to be handed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Made {
    pub(super) kind: StateKind,
    pub(super) what: String,
    pub(super) file: FileId,
    pub(super) line: u32,
}

/// What is known of functions.
pub(super) struct Facts {
    pub(super) tables: BTreeMap<DefinitionId, Vec<TableAt>>,
    /// Lines where transactions begin.
    pub(super) begins: BTreeMap<DefinitionId, Vec<u32>>,
    /// Fields that keep state, by line.
    pub(super) fields: BTreeMap<DefinitionId, Vec<(Name, u32)>>,
    pub(super) made: BTreeMap<DefinitionId, Vec<Made>>,
    /// Variables of the environment, by what asks for them.
    pub(super) variables: BTreeMap<DefinitionId, Vec<(Name, FileId, u32)>>,
    /// Functions that are given to a router as middleware, and impls that work around handlers.
    pub(super) around: BTreeSet<DefinitionId>,
    /// Who names a function or constant, tests aside.
    pub(super) users: BTreeMap<DefinitionId, Vec<DefinitionId>>,
    /// Functions and constants that come to a table, by themselves or by what they name.
    pub(super) touching: BTreeSet<DefinitionId>,
    /// The module that each file is.
    pub(super) modules: BTreeMap<FileId, ModuleId>,
}

impl Facts {
    pub(super) fn new(resolution: &Resolution, places: &Places) -> Self {
        let mut facts = Self {
            tables: BTreeMap::new(),
            begins: BTreeMap::new(),
            fields: BTreeMap::new(),
            made: BTreeMap::new(),
            variables: BTreeMap::new(),
            around: around(resolution),
            users: users(resolution),
            touching: BTreeSet::new(),
            modules: BTreeMap::new(),
        };
        for (id, module) in resolution.modules.iter_enumerated().filter(|(_, module)| !module.inline) {
            facts.modules.entry(module.file).or_insert(id);
        }
        let items = items_of(resolution);
        for (id, file) in resolution.files.iter_enumerated() {
            facts.read(resolution, places, &items[id], id, file);
        }
        facts.touching = facts.find_touching();
        facts
    }

    fn read(
        &mut self,
        resolution: &Resolution,
        places: &Places,
        items: &[(u32, u32, ItemId)],
        id: FileId,
        file: &File,
    ) {
        for used in &file.tables {
            let reads = match used.access {
                TableAccess::Reads => true,
                TableAccess::Writes => false,
                TableAccess::Makes | TableAccess::Rows => continue,
            };
            let at = TableAt { table: used.table, reads, file: id, line: used.line };
            places.at(id, used.line).into_iter().for_each(|of| self.tables.entry(of).or_default().push(at));
        }
        for &(line, name) in &file.field_uses {
            places
                .at(id, line)
                .into_iter()
                .for_each(|of| self.fields.entry(of).or_default().push((name, line)));
        }
        for &(line, name) in &file.variables {
            let around = items.iter().filter(|(first, last, _)| (*first..=*last).contains(&line));
            if let Some(&(.., item)) = around.min_by_key(|(first, last, _)| last - first) {
                self.variables.entry(Uses::of_item(item)).or_default().push((name, id, line));
            }
        }
        let is_database = file.dependencies.iter().any(|own| DATABASES.contains(&own.as_str()));
        for external in &file.named_calls {
            let call = &external.call;
            let owners = || places.at(id, call.line);
            match (call.form, call.name()) {
                (CallForm::Path, "var" | "var_os") => {
                    if let Some(name) = call.text {
                        owners().into_iter().for_each(|of| {
                            self.variables.entry(of).or_default().push((name, id, call.line));
                        });
                    }
                }
                (CallForm::Method, "begin" | "transaction") => {
                    for of in owners() {
                        let definition = &resolution.uses.definitions[of];
                        let lines = definition.line..=definition.end_line;
                        let commits = || {
                            let calls = file.named_calls.iter().map(|other| &other.call);
                            calls
                                .into_iter()
                                .any(|other| other.name() == "commit" && lines.contains(&other.line))
                        };
                        if is_database || commits() {
                            self.begins.entry(of).or_default().push(call.line);
                        }
                    }
                }
                (CallForm::Path, name) => {
                    if let Some(kind) = made(call.on(), name) {
                        let what = call.path.iter().map(|name| name.as_str()).collect::<Vec<_>>().join("::");
                        let made = Made { kind, what, file: id, line: call.line };
                        owners()
                            .into_iter()
                            .for_each(|of| self.made.entry(of).or_default().push(made.clone()));
                    }
                    if matches!(name, "from_fn" | "from_fn_with_state") {
                        for of in owners() {
                            let lines = call.line..=call.end_line;
                            let used =
                                resolution.uses.of(of).iter().filter(|used| lines.contains(&used.line));
                            let named = used.filter(|used| {
                                call.has(resolution.uses.definitions[used.to].name)
                                    && is_function(resolution, used.to)
                            });
                            self.around.extend(named.map(|used| used.to));
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// Backwards from what names a table.
    fn find_touching(&self) -> BTreeSet<DefinitionId> {
        let users = |id: DefinitionId| self.users.get(&id).into_iter().flatten().copied();
        let mut open: Vec<DefinitionId> = self.tables.keys().copied().collect();
        let mut touching = BTreeSet::new();
        while let Some(id) = open.pop() {
            if touching.insert(id) {
                open.extend(users(id));
            }
        }
        touching
    }
}

impl Facts {
    /// The tables that a function and what it calls name from a line on, some calls deep.
    pub(super) fn tables_below(
        &self,
        resolution: &Resolution,
        of: DefinitionId,
        line: u32,
    ) -> BTreeSet<Name> {
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::from([of]);
        let mut open = vec![(of, line, 0)];
        while let Some((id, from, depth)) = open.pop() {
            let own = self.tables.get(&id).into_iter().flatten().filter(|used| used.line >= from);
            found.extend(own.map(|used| used.table));
            if depth == DEPTH {
                continue;
            }
            let used = resolution.uses.of(id).iter().filter(|used| used.line >= from);
            for next in used.map(|used| used.to).filter(|to| self.touching.contains(to)) {
                if seen.insert(next) {
                    open.push((next, 0, depth + 1));
                }
            }
        }
        found
    }
}

/// What a call makes that is handed on.
fn made(on: &str, name: &str) -> Option<StateKind> {
    match (on, name) {
        ("Mutex" | "RwLock", "new") => Some(StateKind::Changing),
        ("PgPool" | "SqlitePool" | "Database" | "Pool", "connect" | "connect_lazy" | "builder" | "new")
        | ("PgPoolOptions", "new") => Some(StateKind::Pool),
        (_, "unbounded_channel")
        | (
            "mpsc" | "broadcast" | "watch" | "flume" | "async_channel" | "kanal",
            "channel" | "bounded" | "unbounded",
        )
        | ("crossbeam_channel" | "channel", "bounded" | "unbounded") => Some(StateKind::Channel),
        _ => None,
    }
}

pub(super) fn is_function(resolution: &Resolution, id: DefinitionId) -> bool {
    let definition = &resolution.uses.definitions[id];
    match definition.kind {
        DefinitionKind::Item => resolution.items[definition.item].kind == ItemKind::Fn,
        DefinitionKind::Function => true,
        DefinitionKind::Constant | DefinitionKind::Type => false,
    }
}

/// Functions and constants, by what they name.
fn users(resolution: &Resolution) -> BTreeMap<DefinitionId, Vec<DefinitionId>> {
    let mut users: BTreeMap<DefinitionId, Vec<DefinitionId>> = BTreeMap::new();
    for (from, definition) in resolution.uses.definitions.iter_enumerated() {
        let has_code = match definition.kind {
            DefinitionKind::Item => {
                matches!(
                    resolution.items[definition.item].kind,
                    ItemKind::Fn | ItemKind::Const | ItemKind::Static
                )
            }
            DefinitionKind::Function | DefinitionKind::Constant => true,
            DefinitionKind::Type => false,
        };
        if !has_code || definition.test {
            continue;
        }
        for used in resolution.uses.of(from) {
            users.entry(used.to).or_default().push(from);
        }
    }
    users
}

/// Impls of traits that work around handlers.
fn around(resolution: &Resolution) -> BTreeSet<DefinitionId> {
    let items =
        resolution.items.iter_enumerated().filter(|(_, item)| item.kind == ItemKind::Impl && !item.test);
    let is_around = |name: &str| {
        let of = name.trim_start_matches("impl ").split_once(" for ").map_or("", |(of, _)| of);
        AROUND.contains(&of.split('<').next().unwrap_or(of))
    };
    items.filter(|(_, item)| is_around(&item.name)).map(|(id, _)| Uses::of_item(id)).collect()
}

/// The items of each file with their lines.
fn items_of(resolution: &Resolution) -> IdVec<FileId, Vec<(u32, u32, ItemId)>> {
    let mut of_file = IdVec::from_elem(Vec::new(), resolution.files.len());
    for (id, item) in resolution.items.iter_enumerated().filter(|(_, item)| item.kind != ItemKind::Module) {
        of_file[item.file].push((item.line, item.end_line, id));
    }
    of_file
}
