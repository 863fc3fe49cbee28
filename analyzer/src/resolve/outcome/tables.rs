//! Tables of databases that code names by paths: diesel's `table!` makes a module of each, sea-orm's derive an `Entity`. Added to those
//! that texts name.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::parse::tree::{Expr, ExprId, ItemTree, Name, NodeKind, PathId, TableAccess, TableUse, Token};
use crate::parse::{SourceFile, SourceTree};

/// What sea-orm's derive makes beside the struct.
const ENTITY_NAMES: [&str; 6] = ["Entity", "ActiveModel", "Column", "Model", "Relation", "PrimaryKey"];

/// diesel's functions that write.
const WRITERS: [&str; 5] = ["insert_into", "insert_or_ignore_into", "replace_into", "update", "delete"];

/// How code names tables.
pub(super) struct TableNames {
    /// Modules that `table!` makes.
    modules: FxHashSet<Name>,
    /// Modules with an entity, by name: the table.
    entities: FxHashMap<Name, Name>,
    /// What imports call an entity: `use super::user::Entity as Users`.
    aliases: FxHashMap<Name, Name>,
}

impl TableNames {
    pub(super) fn of(sources: &SourceTree) -> Self {
        let mut names = Self {
            modules: FxHashSet::default(),
            entities: FxHashMap::default(),
            aliases: FxHashMap::default(),
        };
        let mut known: BTreeMap<&str, Name> = BTreeMap::new();
        for file in &sources.files {
            names.modules.extend(declared(&file.tree).map(|(_, table)| table));
            // The struct of an entity stands alone in its file.
            if has_entity(&file.tree)
                && let Some(rows) = file.tree.tables.iter().find(|own| own.access == TableAccess::Rows)
            {
                known.insert(module_name(&file.path), rows.table);
            }
        }
        names.entities.extend(known.into_iter().map(|(module, table)| (Name::from(module), table)));
        if !names.entities.is_empty() {
            names.find_aliases(sources);
        }
        names
    }

    fn find_aliases(&mut self, sources: &SourceTree) {
        for node in sources.files.iter().flat_map(|file| &file.tree.items) {
            let NodeKind::Use(imports) = &node.kind else { continue };
            for import in imports {
                if let [.., module, last] = &*import.path
                    && last.as_str() == "Entity"
                    && import.alias.as_str() != "_"
                    && let Some(&table) = self.entities.get(module)
                {
                    self.aliases.insert(import.alias, table);
                }
            }
        }
        self.aliases.remove(&Name::from("Entity"));
    }

    /// The tables that a file names, by line.
    pub(super) fn of_file(&self, file: &SourceFile) -> Vec<TableUse> {
        let tree = &file.tree;
        let mut found = tree.tables.clone();
        found.extend(declared(tree).map(|(line, table)| TableUse {
            line,
            table,
            access: TableAccess::Makes,
        }));
        if !self.modules.is_empty() || !self.entities.is_empty() {
            let writes = written(tree);
            let opened = self.opened(tree);
            for (at, path) in tree.paths.iter().enumerate() {
                let names = path.segments.names();
                if let Some((table, writes_by_name)) = self.named(&names, &opened) {
                    let writes = writes_by_name || writes.contains(&PathId(at as u32));
                    let access = if writes { TableAccess::Writes } else { TableAccess::Reads };
                    found.push(TableUse { line: path.line, table, access });
                }
            }
        }
        found.sort();
        found.dedup();
        found
    }

    /// Tables whose names stand alone in a file, since their `dsl` is brought in.
    fn opened(&self, tree: &ItemTree) -> FxHashSet<Name> {
        let imports = tree.items.iter().filter_map(|node| match &node.kind {
            NodeKind::Use(imports) => Some(imports),
            _ => None,
        });
        let dsl = |path: &[Name]| path.iter().rev().nth(1).copied();
        let opened = imports.flatten().filter_map(|import| match &*import.path {
            [.., last] if last.as_str() == "dsl" && import.glob => dsl(&import.path),
            [.., table, dsl, last] if dsl.as_str() == "dsl" && table == last => Some(*table),
            _ => None,
        });
        opened.filter(|name| self.modules.contains(name)).collect()
    }

    /// The table that a path names, and whether the path says that it is written.
    fn named(&self, names: &[Name], opened: &FxHashSet<Name>) -> Option<(Name, bool)> {
        let (last, before) = names.split_last()?;
        if before.is_empty() {
            return opened.contains(last).then_some((*last, false));
        }
        if let Some(table) = before.iter().rev().find(|name| self.modules.contains(*name)) {
            return Some((*table, false));
        }
        let writes = || ["insert", "update", "delete"].iter().any(|verb| last.as_str().starts_with(verb));
        for (at, name) in names.iter().enumerate() {
            let next = names.get(at + 1).map_or("", |next| next.as_str());
            if let Some(&table) = self.entities.get(name)
                && ENTITY_NAMES.contains(&next)
            {
                return Some((table, next == "ActiveModel" || writes()));
            }
            if at + 1 < names.len()
                && let Some(&table) = self.aliases.get(name)
            {
                return Some((table, writes()));
            }
        }
        None
    }
}

fn module_name(path: &str) -> &str {
    let (dir, file) = path.rsplit_once('/').unwrap_or(("", path));
    match file.trim_end_matches(".rs") {
        "mod" | "lib" | "main" => dir.rsplit('/').next().unwrap_or(dir),
        name => name,
    }
}

/// Whether sea-orm's derive stands in it.
fn has_entity(tree: &ItemTree) -> bool {
    let derives = tree.items.iter().flat_map(|node| node.attributes.iter());
    derives.into_iter().any(|&path| tree[path].segments.last().name.as_str() == "DeriveEntityModel")
}

/// The tables of `diesel::table! { … }`, each with its line.
fn declared(tree: &ItemTree) -> impl Iterator<Item = (u32, Name)> {
    let of_table = |path: PathId| {
        let segments = &tree[path].segments;
        let of_diesel = segments.len() == 1 || segments.first().name.as_str() == "diesel";
        of_diesel && segments.last().name.as_str() == "table"
    };
    let calls = tree.macros.iter().filter(move |call| of_table(call.path));
    calls.filter_map(|call| {
        let name = table_of(tree.tokens(call.tokens?))?;
        Some((tree[call.path].line, name))
    })
}

/// `users` of `use …; #[…] schema.users (id) { … }`: the last name in front of the first bracket that is a column list.
fn table_of(tokens: &[Token]) -> Option<Name> {
    let brackets = tokens.windows(2).filter(|two| two[1].is("(") || two[1].is("{"));
    let is_name = |token: &Token| token.is_name();
    brackets.map(|two| two[0]).find(is_name).map(|token| token.name())
}

/// Paths that are given to a function which writes.
fn written(tree: &ItemTree) -> FxHashSet<PathId> {
    let calls = tree.exprs.iter().filter_map(|expr| match expr {
        Expr::Call(callee, args) => Some((*callee, *args.first()?)),
        _ => None,
    });
    let is_writer = |callee: ExprId| match &tree[callee] {
        Expr::Path(path) => WRITERS.contains(&tree[*path].segments.last().name.as_str()),
        _ => false,
    };
    calls.filter(|&(callee, _)| is_writer(callee)).filter_map(|(_, arg)| begins_with(tree, arg)).collect()
}

/// The path that a chain of calls begins with: `users::table` of `users::table.find(id)`.
fn begins_with(tree: &ItemTree, expr: ExprId) -> Option<PathId> {
    let mut at = expr;
    loop {
        match &tree[at] {
            Expr::Path(path) => return Some(*path),
            Expr::Method(call) => at = call.receiver,
            Expr::Ref(inner) | Expr::Field(inner, ..) => at = *inner,
            Expr::Call(callee, _) => at = *callee,
            _ => return None,
        }
    }
}
