//! What means something else in another crate, and says nothing when it moves: found in macro calls, attributes and the calls
//! that read a package's variables, never in text.

use std::collections::{BTreeMap, BTreeSet};

use super::macro_use::MacroUse;
use crate::parse::SourceFile;
use crate::parse::tree::{FilePathKind, ItemTree, Name, NodeKind, PathId, TokenRange};
use crate::resolve::model::{BoundKind, CrateBound};

/// Macros and attributes of other packages, by the crate that defines them.
const KNOWN: &[(&str, &[&str], BoundKind)] = &[
    ("inventory", &["submit", "collect"], BoundKind::LinkTimeRegistry),
    ("linkme", &["distributed_slice"], BoundKind::LinkTimeRegistry),
    ("typetag", &["serde", "serialize", "deserialize"], BoundKind::LinkTimeRegistry),
    ("ctor", &["ctor", "dtor"], BoundKind::LinkTimeRegistry),
    ("log", LOG, BoundKind::LogTarget),
    ("tracing", LOG, BoundKind::LogTarget),
    ("sqlx", QUERIES, BoundKind::OfflineQueries),
    ("sqlx", &["migrate"], BoundKind::ManifestDir),
    ("refinery", &["embed_migrations"], BoundKind::ManifestDir),
    ("diesel_migrations", &["embed_migrations"], BoundKind::ManifestDir),
    ("insta", SNAPSHOTS, BoundKind::TestData),
    ("proptest", &["proptest"], BoundKind::TestData),
];

/// Macros that compare with a file named after the module, unless they are given the text (`insta`'s documentation).
const SNAPSHOTS: &[&str] = &[
    "assert_snapshot",
    "assert_debug_snapshot",
    "assert_compact_debug_snapshot",
    "assert_json_snapshot",
    "assert_compact_json_snapshot",
    "assert_yaml_snapshot",
    "assert_toml_snapshot",
    "assert_ron_snapshot",
    "assert_csv_snapshot",
    "assert_binary_snapshot",
];

/// Macros whose target is the module that calls them, unless they are given another (the documentation of `log` and of
/// `tracing`).
const LOG: &[&str] = &[
    "trace",
    "debug",
    "info",
    "warn",
    "error",
    "log",
    "event",
    "span",
    "trace_span",
    "debug_span",
    "info_span",
    "warn_span",
    "error_span",
    "instrument",
];

/// Macros that read what `cargo sqlx prepare` has written, where no database is at hand.
const QUERIES: &[&str] = &[
    "query",
    "query_unchecked",
    "query_as",
    "query_as_unchecked",
    "query_scalar",
    "query_scalar_unchecked",
    "query_file",
    "query_file_unchecked",
    "query_file_as",
    "query_file_as_unchecked",
    "query_file_scalar",
    "query_file_scalar_unchecked",
];

/// What of a file is bound to its crate, by line.
pub(super) fn bound_of(file: &SourceFile, macro_use: &MacroUse) -> Vec<CrateBound> {
    let scope =
        Scope { tree: &file.tree, imports: imports(&file.tree), macro_use: macro_use.crates(&file.path) };
    let mut found: BTreeSet<CrateBound> = BTreeSet::new();
    scope.calls(&mut found);
    scope.attributes(&mut found);
    scope.variables(&mut found);
    let examples = file.tree.doc_examples.iter();
    found.extend(examples.map(|&(line, name)| CrateBound {
        line,
        kind: BoundKind::DocTest,
        what: name.to_string(),
    }));
    found.into_iter().collect()
}

/// What a name means by the imports of a file: the crate, and its name there. Glob imports by their crate.
struct Imports {
    names: BTreeMap<Name, (Name, Name)>,
    globs: BTreeSet<&'static str>,
}

fn imports(tree: &ItemTree) -> Imports {
    let mut found = Imports { names: BTreeMap::new(), globs: BTreeSet::new() };
    for node in &tree.items {
        let NodeKind::Use(imports) = &node.kind else { continue };
        for import in imports {
            let (Some(&first), Some(&last)) = (import.path.first(), import.path.last()) else { continue };
            if import.glob {
                found.globs.insert(first.as_str());
            } else {
                found.names.insert(import.alias, (first, last));
            }
        }
    }
    found
}

struct Scope<'a> {
    tree: &'a ItemTree,
    imports: Imports,
    macro_use: BTreeSet<&'static str>,
}

impl Scope<'_> {
    fn calls(&self, found: &mut BTreeSet<CrateBound>) {
        for call in &self.tree.macros {
            let path = &self.tree[call.path];
            if path.from_body {
                continue;
            }
            let name = path.segments.last().name;
            let kind = match self.meaning(call.path) {
                _ if name.as_str() == "module_path" => BoundKind::ModulePath,
                Some(BoundKind::LogTarget) if self.has_target(call.tokens) => continue,
                Some(BoundKind::TestData) if self.is_inline(call.tokens) => continue,
                Some(kind) => kind,
                None => continue,
            };
            found.insert(CrateBound { line: path.line, kind, what: format!("{}!", self.written(call.path)) });
        }
    }

    fn attributes(&self, found: &mut BTreeSet<CrateBound>) {
        for node in &self.tree.items {
            for &attribute in &node.attributes {
                let Some(kind) = self.meaning(attribute) else { continue };
                let (line, what) = (self.tree[attribute].line, format!("#[{}]", self.written(attribute)));
                found.insert(CrateBound { line, kind, what });
            }
        }
    }

    /// `env!` and `option_env!` of what the manifest or a build script says.
    fn variables(&self, found: &mut BTreeSet<CrateBound>) {
        for path in &self.tree.file_paths {
            let kind = match path.kind {
                FilePathKind::Manifest => BoundKind::PackageVariable,
                FilePathKind::File if path.call.contains("CARGO_MANIFEST_DIR") => BoundKind::ManifestDir,
                // Of `env!` and `include!` the compiler says that it is missing.
                FilePathKind::BuildScript if path.call.starts_with("option_env!") => BoundKind::BuildVariable,
                FilePathKind::File | FilePathKind::BuildScript => continue,
            };
            found.insert(CrateBound { line: path.line, kind, what: path.call.clone() });
        }
    }

    /// What a macro or attribute is, if it is one of those that are known.
    fn meaning(&self, path: PathId) -> Option<BoundKind> {
        let segments = &self.tree[path].segments;
        let (first, last) = (segments.first().name, segments.last().name);
        let of = |krate: &str, name: &str| {
            let known = KNOWN.iter().find(|(of, names, _)| *of == krate && names.contains(&name));
            known.map(|&(_, _, kind)| kind)
        };
        if segments.len() > 1 {
            return of(first.as_str(), last.as_str());
        }
        match self.imports.names.get(&first) {
            Some((krate, name)) => of(krate.as_str(), name.as_str()),
            None => {
                let scopes = self.imports.globs.iter().chain(&self.macro_use);
                scopes.into_iter().find_map(|krate| of(krate, first.as_str()))
            }
        }
    }

    /// Whether a log macro is given a target: `target: "app"`.
    fn has_target(&self, arguments: Option<TokenRange>) -> bool {
        let tokens = arguments.map(|range| self.tree.tokens(range)).unwrap_or_default();
        matches!(tokens, [name, colon, ..] if name.is("target") && colon.is(":"))
    }

    /// Whether a snapshot is written where it is compared: `@"text"`.
    fn is_inline(&self, arguments: Option<TokenRange>) -> bool {
        let tokens = arguments.map(|range| self.tree.tokens(range)).unwrap_or_default();
        tokens.iter().any(|token| token.is("@"))
    }

    fn written(&self, path: PathId) -> String {
        let segments = self.tree[path].segments.iter().map(|segment| segment.name.as_str());
        segments.collect::<Vec<_>>().join("::")
    }
}
