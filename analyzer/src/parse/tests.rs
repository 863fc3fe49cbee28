//! What is read of the sources of our dependencies, compared with what syn reads of them: items with their kinds and names by
//! module, and imports. So a later version of the parser that reads something else does not go unseen.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::syntax::parser::Edition;
use super::text::parse;
use super::tree::{ItemTree, NodeId, NodeKind};

/// How often each fact is there.
type Facts = BTreeMap<String, u32>;

#[test]
fn syn_reads_the_same_of_our_dependencies() {
    let (mut files, mut facts, mut wrong) = (0, 0, Vec::new());
    for (file, edition) in sources() {
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        let Ok(syntax) = syn::parse_file(&text) else { continue };
        let (mut theirs, mut ours) = (Facts::new(), Facts::new());
        of_syn(&syntax.items, "", &mut theirs);
        let tree = parse(&text, edition).tree;
        of_tree(&tree, &tree.top, "", &mut ours);
        // Items that a known macro's call holds are read with the call.
        let calls = theirs.remove("calls").unwrap_or_default() > 0;
        let missing = theirs.iter().find(|(fact, n)| ours.get(*fact).is_none_or(|own| own < *n));
        let more = ours.iter().find(|(fact, n)| !calls && theirs.get(*fact).is_none_or(|other| other < *n));
        files += 1;
        facts += theirs.values().sum::<u32>();
        if let Some((fact, n)) = missing.or(more) {
            wrong.push(format!("{}: {n} times `{fact}`", file.display()));
        }
    }
    assert!(files > 500, "only {files} files found");
    assert!(facts > 20_000, "only {facts} facts found");
    // What syn doesn't know (it keeps the tokens) is counted by nobody.
    assert!(wrong.len() * 1000 <= files, "{} of {files} files:\n{}", wrong.len(), wrong.join("\n"));
}

/// The `.rs` files below `src` of the packages that this one is built of, with their editions, sorted. Large ones are
/// tables and bindings, which say the same over and over.
fn sources() -> Vec<(PathBuf, Edition)> {
    let arguments =
        ["metadata", "--offline", "--format-version", "1", "--filter-platform", "x86_64-unknown-linux-gnu"];
    let output = Command::new("cargo").args(arguments).output().unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    let built: Vec<&serde_json::Value> = nodes.iter().map(|node| &node["id"]).collect();
    let packages = metadata["packages"].as_array().unwrap();
    let mut files = Vec::new();
    let foreign = |package: &&serde_json::Value| !package["source"].is_null();
    for package in packages.iter().filter(foreign).filter(|package| built.contains(&&package["id"])) {
        let edition = match package["edition"].as_str().unwrap() {
            "2015" => Edition::Edition2015,
            "2018" => Edition::Edition2018,
            "2021" => Edition::Edition2021,
            _ => Edition::Edition2024,
        };
        let manifest = Path::new(package["manifest_path"].as_str().unwrap());
        let mut own = Vec::new();
        rust_files(&manifest.with_file_name("src"), &mut own);
        files.extend(own.into_iter().map(|file| (file, edition)));
    }
    files.sort_by(|a, b| a.0.cmp(&b.0));
    files
}

const MOST_BYTES: u64 = 20_000;

fn rust_files(dir: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    for path in entries.map(|entry| entry.unwrap().path()) {
        let small = path.metadata().is_ok_and(|data| data.len() < MOST_BYTES);
        if path.is_dir() {
            rust_files(&path, files);
        } else if small && path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}

fn add(facts: &mut Facts, module: &str, kind: &str, name: &str) {
    *facts.entry(format!("{module}{kind} {name}")).or_default() += 1;
}

fn of_syn(items: &[syn::Item], module: &str, facts: &mut Facts) {
    use syn::Item;
    for item in items {
        let mut named = |kind: &str, name: &syn::Ident| {
            let name = name.to_string();
            add(facts, module, kind, name.strip_prefix("r#").unwrap_or(&name));
        };
        match item {
            Item::Fn(item) => named("fn", &item.sig.ident),
            Item::Struct(item) => named("struct", &item.ident),
            Item::Enum(item) => named("enum", &item.ident),
            Item::Union(item) => named("union", &item.ident),
            Item::Trait(item) => named("trait", &item.ident),
            Item::TraitAlias(item) => named("trait", &item.ident),
            Item::Type(item) => named("type", &item.ident),
            Item::Const(item) if item.ident != "_" => named("const", &item.ident),
            Item::Static(item) => named("static", &item.ident),
            Item::Impl(_) => add(facts, module, "impl", ""),
            Item::Use(item) => of_use(&item.tree, String::new(), module, facts),
            Item::Macro(item) => match &item.ident {
                Some(name) => named("macro", name),
                None => *facts.entry("calls".to_owned()).or_default() += 1,
            },
            Item::Mod(item) => {
                named("mod", &item.ident);
                if let Some((_, items)) = &item.content {
                    of_syn(items, &format!("{module}{}::", item.ident), facts);
                }
            }
            // Kept as tokens: an item that syn doesn't know.
            Item::Verbatim(_) => *facts.entry("calls".to_owned()).or_default() += 1,
            _ => {}
        }
    }
}

fn of_use(tree: &syn::UseTree, prefix: String, module: &str, facts: &mut Facts) {
    let join = |name: &syn::Ident| {
        let name = name.to_string();
        let name = name.strip_prefix("r#").unwrap_or(&name).to_owned();
        if prefix.is_empty() { name } else { format!("{prefix}::{name}") }
    };
    match tree {
        syn::UseTree::Path(path) => of_use(&path.tree, join(&path.ident), module, facts),
        syn::UseTree::Name(name) if name.ident == "self" => add(facts, module, "use", &prefix),
        syn::UseTree::Name(name) => add(facts, module, "use", &join(&name.ident)),
        syn::UseTree::Rename(name) if name.ident == "self" => add(facts, module, "use", &prefix),
        syn::UseTree::Rename(name) => add(facts, module, "use", &join(&name.ident)),
        syn::UseTree::Glob(_) => add(facts, module, "use", &format!("{prefix}::*")),
        syn::UseTree::Group(group) => {
            group.items.iter().for_each(|tree| of_use(tree, prefix.clone(), module, facts));
        }
    }
}

fn of_tree(tree: &ItemTree, items: &[NodeId], module: &str, facts: &mut Facts) {
    for &id in items {
        let node = &tree[id];
        let kind = match &node.kind {
            NodeKind::Fn(_) => "fn",
            NodeKind::Struct(_) => "struct",
            NodeKind::Enum(_) => "enum",
            NodeKind::Union(_) => "union",
            NodeKind::Trait(..) => "trait",
            NodeKind::TypeAlias(..) => "type",
            NodeKind::Const(..) if node.name != "_" => "const",
            NodeKind::Static(..) => "static",
            NodeKind::Macro(_) => "macro",
            NodeKind::Impl(_) => "impl",
            // A block of foreign items.
            NodeKind::Module(_) if node.name.is_empty() => continue,
            NodeKind::Module(inner) => {
                let inside = format!("{module}{}::", node.name);
                of_tree(tree, inner.content.as_deref().unwrap_or_default(), &inside, facts);
                "mod"
            }
            NodeKind::Use(imports) => {
                for import in imports {
                    let path: Vec<&str> = import.path.iter().map(|name| name.as_str()).collect();
                    let glob = if import.glob { "::*" } else { "" };
                    add(facts, module, "use", &format!("{}{glob}", path.join("::")));
                }
                continue;
            }
            _ => continue,
        };
        add(facts, module, kind, if kind == "impl" { "" } else { node.name.as_str() });
    }
}
