//! The order of the house: a stage's imports go only to the stages before it, a room's to the rooms before it, and no two
//! files import each other in a circle.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

mod sources;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use sources::rust_files;

/// What each folder under `src` may import, itself and `base` aside.
const STAGES: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("discover", &[]),
    ("history", &["discover"]),
    ("parse", &["discover"]),
    ("affected", &["discover", "history", "parse"]),
    ("resolve", &["discover", "parse"]),
    ("graph", &["discover", "parse", "resolve"]),
    ("cluster", &["graph"]),
    ("cost", &["discover", "parse", "resolve", "graph"]),
    ("config", &["cost"]),
    ("measure", &["discover", "cost"]),
    ("simulate", &["discover", "resolve", "cost"]),
    ("plan", &["discover", "history", "parse", "resolve", "graph", "cluster", "cost", "simulate"]),
    ("replay", &["discover", "history", "parse", "affected", "resolve", "graph", "cost", "simulate", "plan"]),
    (
        "deploy",
        &["discover", "history", "parse", "affected", "resolve", "graph", "cost", "config", "plan", "replay"],
    ),
    (
        "report",
        &[
            "discover", "history", "parse", "affected", "resolve", "graph", "cluster", "cost", "simulate",
            "plan", "replay", "deploy",
        ],
    ),
    ("apply", &["discover", "history", "cost", "simulate", "plan", "report"]),
    ("gate", &["cost", "config", "plan", "replay", "report"]),
    (
        "pipeline",
        &[
            "discover", "history", "parse", "affected", "resolve", "graph", "cluster", "cost", "config",
            "measure", "simulate", "plan", "replay", "deploy", "report", "gate", "apply",
        ],
    ),
    // Only for fuzz targets and tests.
    (
        "fuzzing",
        &[
            "discover", "history", "parse", "resolve", "graph", "cluster", "cost", "simulate", "plan",
            "deploy", "report", "pipeline",
        ],
    ),
];

/// The rooms of a stage, lowest first: files and folders see those of lower lines, and not the others of their own.
const ROOMS: &[(&str, &[&[&str]])] = &[
    ("resolve", &[&["uses"], &["model"], &["names"], &["types"], &["bodies"], &["outcome"]]),
    (
        "plan",
        &[
            &["describe", "edit"],
            &["model"],
            &["input"],
            &["targets"],
            &["index"],
            &["users"],
            &["partition"],
            &["sharers"],
            &["boundary", "cuts", "predict"],
            &["draft"],
            &["advice", "what_if"],
            &["workbench"],
        ],
    ),
];

type Module = Vec<String>;

#[test]
fn imports_go_only_to_earlier_stages() {
    let house = House::read();
    let mut wrong = Vec::new();
    let mut imports = 0;
    for (module, targets) in &house.imports {
        let Some(stage) = module.first() else { continue };
        let (_, allowed) = STAGES
            .iter()
            .find(|(name, _)| name == stage)
            .unwrap_or_else(|| panic!("{stage} has no place in the order of stages"));
        for to in targets.iter().filter_map(|target| target.first()) {
            imports += 1;
            if to != stage && to != "base" && !allowed.contains(&&**to) {
                wrong.push(format!("{} sees {to}", module.join("::")));
            }
        }
    }
    assert!(imports > 500, "only {imports} imports found: is the scan broken?");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rooms_see_only_those_below_them() {
    let house = House::read();
    let mut wrong = Vec::new();
    let mut imports = 0;
    for (stage, floors) in ROOMS {
        let floor = |module: &Module| {
            let room = module.get(1).filter(|_| module[0] == *stage)?;
            let at = floors.iter().position(|rooms| rooms.contains(&&**room));
            Some((at.unwrap_or_else(|| panic!("{stage}::{room} has no floor")), room.clone()))
        };
        for (module, targets) in &house.imports {
            for target in targets {
                let (Some((from, own)), Some((to, other))) = (floor(module), floor(target)) else { continue };
                imports += 1;
                if to > from || (to == from && own != other) {
                    wrong.push(format!("{} sees {}", module.join("::"), target.join("::")));
                }
            }
        }
    }
    assert!(imports > 100, "only {imports} imports found: is the scan broken?");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A folder's `mod.rs` names its files, and they name what it defines: that is no circle.
#[test]
fn no_files_import_each_other_in_a_circle() {
    let house = House::read();
    let mut reached: BTreeMap<&Module, BTreeSet<&Module>> = BTreeMap::new();
    for module in house.imports.keys() {
        let mut seen = BTreeSet::new();
        let mut stack: Vec<&Module> = vec![module];
        while let Some(at) = stack.pop() {
            let inside = |to: &Module| to.len() > at.len() && to.starts_with(at);
            stack.extend(house.imports[at].iter().filter(|to| !inside(to) && seen.insert(*to)));
        }
        reached.insert(module, seen);
    }
    let circles: Vec<String> = reached
        .iter()
        .filter(|(module, seen)| seen.contains(*module))
        .map(|(module, seen)| {
            let others = seen.iter().filter(|other| *other != module && reached[*other].contains(*module));
            let others: Vec<String> = others.map(|other| other.join("::")).collect();
            format!("{} with {}", module.join("::"), others.join(", "))
        })
        .collect();
    assert!(circles.is_empty(), "{}", circles.join("\n"));
}

/// `cluster` must stay usable on graphs of anything, and `simulate` on builds of anything.
#[test]
fn clustering_and_simulation_know_no_items() {
    let src = src();
    for stage in ["cluster", "simulate"] {
        let dir = src.join(stage);
        let files = rust_files(&dir);
        assert!(!files.is_empty());
        for file in files.iter().filter(|file| !is_test(file.strip_prefix(&dir).unwrap())) {
            let code = without_comments(&fs::read_to_string(file).unwrap());
            let word = ["ItemId", "ItemKind", ".items", "Reference"].iter().find(|w| code.contains(**w));
            assert_eq!(word, None, "in {}", file.display());
        }
    }
}

#[test]
fn the_scan_understands_nested_imports() {
    let source = "use crate::a::{B, C};\nuse crate::{d::E, f::{G, H as I}};\npub use super::j::K;\nuse std::fs;\n\
                  fn f() { crate::l::m(); self::n() }\n//! [`N`](crate::n::N)\n// crate::o\n";
    let found: Vec<String> = paths(source).iter().map(|path| path.join("::")).collect();
    let expected =
        ["crate::a::B", "crate::a::C", "crate::d::E", "crate::f::G", "crate::f::H", "super::j::K", "std::fs"];
    assert_eq!(found[..7], expected);
    assert_eq!(found[7..], ["crate::l::m", "self::n"]);
}

/// Which modules each file outside of tests names; paths through a `pub use` lead to what it names.
struct House {
    imports: BTreeMap<Module, BTreeSet<Module>>,
}

impl House {
    fn read() -> Self {
        let src = src();
        let mut found: BTreeMap<Module, Vec<Module>> = BTreeMap::new();
        let mut renamed: BTreeMap<Module, Module> = BTreeMap::new();
        let files = rust_files(&src);
        let modules: BTreeSet<Module> =
            files.iter().map(|file| module_of(file.strip_prefix(&src).unwrap())).collect();
        for file in files.iter().filter(|file| !is_test(file.strip_prefix(&src).unwrap())) {
            let module = module_of(file.strip_prefix(&src).unwrap());
            let text = without_comments(&fs::read_to_string(file).unwrap());
            let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
            let absolute: Vec<Module> =
                paths(code).iter().filter_map(|path| absolute(path, &module, &modules)).collect();
            for path in paths(&re_exports(code)) {
                if let Some(to) = absolute_of_re_export(&path, &module, &modules) {
                    let name = [module.clone(), vec![path.last().unwrap().clone()]].concat();
                    renamed.insert(name, to);
                }
            }
            found.insert(module, absolute);
        }
        let target = |path: &Module| {
            let mut path = path.clone();
            for _ in 0..4 {
                // What is a module itself is meant as one: a function may have its name.
                let is_name = |n: &usize| renamed.contains_key(&path[..*n]) && !modules.contains(&path[..*n]);
                let known = (1..=path.len()).rev().find(is_name);
                let Some(n) = known else { break };
                path = [renamed[&path[..n]].clone(), path[n..].to_vec()].concat();
            }
            (0..=path.len()).rev().map(|n| path[..n].to_vec()).find(|prefix| modules.contains(prefix))
        };
        let imports = found.iter().map(|(module, paths)| {
            let targets =
                paths.iter().filter_map(&target).filter(|to| to != module && found.contains_key(to));
            (module.clone(), targets.collect())
        });
        Self { imports: imports.collect() }
    }
}

fn absolute_of_re_export(path: &[String], module: &Module, modules: &BTreeSet<Module>) -> Option<Module> {
    let to = absolute(path, module, modules)?;
    let own = [module.clone(), vec![path.last()?.clone()]].concat();
    (to != own).then_some(to)
}

/// From the crate's root on; nothing for paths into other crates.
fn absolute(path: &[String], module: &Module, modules: &BTreeSet<Module>) -> Option<Module> {
    let mut from = module.clone();
    let child = |name: &String| modules.contains(&[module.clone(), vec![name.clone()]].concat());
    let rest = match path[0].as_str() {
        "crate" => return Some(path[1..].to_vec()),
        "self" => &path[1..],
        "super" => {
            let ups = path.iter().take_while(|segment| *segment == "super").count();
            from.truncate(module.len().checked_sub(ups)?);
            &path[ups..]
        }
        _ if child(&path[0]) => path,
        _ => return None,
    };
    Some([from, rest.to_vec()].concat())
}

/// The statements that re-export.
fn re_exports(code: &str) -> String {
    let uses = code.split(';').filter_map(|statement| {
        let at = statement.rfind("pub ").or_else(|| statement.rfind("pub("))?;
        let rest = &statement[at..];
        let at = rest.find("use ")?;
        (!rest[..at].contains("fn ")).then(|| format!("{};", &rest[at..]))
    });
    uses.collect()
}

/// The paths of all imports, then those in code that begin with `crate`, `super` or `self`.
fn paths(source: &str) -> Vec<Module> {
    let code = without_comments(source);
    let mut found = Vec::new();
    let mut rest = String::new();
    for statement in code.split_inclusive(';') {
        let at = statement.rfind("use ").filter(|&at| {
            let before = statement[..at].chars().next_back();
            before.is_none_or(char::is_whitespace) && statement.ends_with(';')
        });
        match at {
            Some(at) => {
                rest.push_str(&statement[..at]);
                leaves(&statement[at + 4..statement.len() - 1], &[], &mut found);
            }
            None => rest.push_str(statement),
        }
    }
    for word in ["crate::", "super::", "self::"] {
        for (at, _) in rest.match_indices(word) {
            let before = rest[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || "_$\":".contains(c)) {
                continue;
            }
            let path = rest[at..].split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).next();
            found.push(segments(path.unwrap_or_default()));
        }
    }
    found
}

/// The paths of a `use` tree.
fn leaves(tree: &str, prefix: &[String], found: &mut Vec<Module>) {
    let tree = tree.trim();
    let Some(open) = tree.find('{') else {
        let path = tree.split(" as ").next().unwrap_or_default();
        found.push([prefix, &segments(path)].concat());
        return;
    };
    let prefix = [prefix, &segments(&tree[..open])].concat();
    let inner = &tree[open + 1..tree.rfind('}').unwrap_or(tree.len())];
    let (mut depth, mut start) = (0, 0);
    for (at, c) in inner.char_indices().chain([(inner.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                if !inner[start..at].trim().is_empty() {
                    leaves(&inner[start..at], &prefix, found);
                }
                start = at + 1;
            }
            _ => {}
        }
    }
}

fn segments(path: &str) -> Module {
    path.split("::").map(|segment| segment.trim().to_owned()).filter(|segment| !segment.is_empty()).collect()
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Of a file below `src`.
fn module_of(file: &Path) -> Module {
    let mut module: Module =
        file.with_extension("").iter().map(|part| part.to_str().unwrap().to_owned()).collect();
    if module.last().is_some_and(|last| last == "mod" || last == "lib") {
        module.pop();
    }
    module
}

/// Tests may build their input from anything, and hold fixtures with crates of their own.
fn is_test(file: &Path) -> bool {
    file.components().any(|part| part.as_os_str() == "tests") || file.ends_with("tests.rs")
}

/// Comments and what stands in strings are left out: line by line, which is good enough for imports.
fn without_comments(source: &str) -> String {
    let code = |line: &str| {
        let mut kept = String::new();
        for (i, part) in line.split('"').enumerate() {
            let comment = part.find("//").filter(|_| i % 2 == 0);
            let end = comment.unwrap_or(if i % 2 == 0 { part.len() } else { 0 });
            kept.push_str(&part[..end]);
            if comment.is_some() {
                break;
            }
        }
        kept
    };
    source.lines().map(code).collect::<Vec<_>>().join("\n")
}
