//! The layer rule: a stage's imports go only to the stages before it.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What each folder or file under `src` may import, itself aside. `budget`, `ids`, `error`, `diagnostic` and `base` are open
/// to all and see nothing but each other.
const LAYERS: &[(&str, &[&str])] = &[
    ("budget", &[]),
    ("ids", &[]),
    ("error", &[]),
    ("diagnostic", &[]),
    ("bug", &[]),
    ("base", &[]),
    ("discover", &[]),
    ("history", &["discover"]),
    ("parse", &["discover"]),
    ("resolve", &["discover", "parse"]),
    ("graph", &["discover", "parse", "resolve"]),
    ("cluster", &["graph"]),
    ("cost", &["discover", "parse", "resolve", "graph"]),
    ("measure", &["discover", "cost"]),
    ("simulate", &["discover", "resolve", "cost"]),
    ("plan", &["discover", "history", "parse", "resolve", "graph", "cluster", "cost", "simulate"]),
    ("report", &["discover", "history", "parse", "resolve", "graph", "cluster", "cost", "simulate", "plan"]),
];

/// Open to every stage.
const BASE: &[&str] =
    &["base", "budget", "bug", "ids", "error", "diagnostic", "Diagnostic", "Error", "Result"];

/// Where everything meets.
const WIRING: &[&str] = &["lib", "analysis", "builds", "codebase", "options", "progress", "what_if"];

#[test]
fn imports_go_only_to_earlier_stages() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    let mut imports = 0;
    for file in rust_files(&src) {
        let stage = stage_of(&src, &file);
        // Fixtures in tests are Rust too, with crates of their own.
        if is_test(file.strip_prefix(&src).unwrap()) {
            continue;
        }
        if WIRING.contains(&stage.as_str()) {
            continue;
        }
        let (_, allowed) = LAYERS
            .iter()
            .find(|(name, _)| *name == stage)
            .unwrap_or_else(|| panic!("{stage} has no place in the layer rule"));
        for import in crate_imports(&fs::read_to_string(&file).unwrap()) {
            imports += 1;
            let fine = import == stage || BASE.contains(&&*import) || allowed.contains(&&*import);
            if !fine {
                wrong.push(format!("{} sees {import}", file.strip_prefix(&src).unwrap().display()));
            }
        }
    }
    assert!(imports > 50, "only {imports} imports found: is the scan broken?");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `cluster` must stay usable on graphs of anything, and `simulate` on builds of anything.
#[test]
fn clustering_and_simulation_know_no_items() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for stage in ["cluster", "simulate"] {
        let dir = src.join(stage);
        let files: Vec<_> =
            rust_files(&dir).iter().map(|f| f.strip_prefix(&dir).unwrap().to_path_buf()).collect();
        assert!(!files.is_empty());
        for file in files.iter().filter(|f| !is_test(f)) {
            let code = without_comments(&fs::read_to_string(dir.join(file)).unwrap());
            let word = ["ItemId", "ItemKind", ".items", "Reference"].iter().find(|w| code.contains(**w));
            assert_eq!(word, None, "in {}", file.display());
        }
    }
}

/// Tests may build their input from items.
fn is_test(file: &Path) -> bool {
    file.components().any(|part| part.as_os_str() == "tests") || file.ends_with("tests.rs")
}

#[test]
fn the_scan_understands_nested_imports() {
    let source = "use crate::a::{B, C};\nuse crate::{d::E, f::{G, H}, I};\npub use crate::j::K;\n\
                  fn f() { crate::l::m(); }\n//! [`N`](crate::n::N)\n// crate::o\n";
    let found: Vec<_> = crate_imports(source).into_iter().collect();
    assert_eq!(found, ["I", "a", "d", "f", "j", "l"]);
}

fn rust_files(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The first folder under `src`, or the file's own name.
fn stage_of(src: &Path, file: &Path) -> String {
    let first = file.strip_prefix(src).unwrap().components().next().unwrap();
    let name = first.as_os_str().to_str().unwrap();
    name.strip_suffix(".rs").unwrap_or(name).to_owned()
}

/// The first segment of everything named by `crate::…`, comments left out.
fn crate_imports(source: &str) -> BTreeSet<String> {
    let code = without_comments(source);
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let standalone = code[..at]
            .chars()
            .next_back()
            .is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '$' && c != '"');
        let rest = &code[at + "crate::".len()..];
        if !standalone {
            continue;
        }
        match rest.strip_prefix('{') {
            Some(group) => found.extend(group_heads(group)),
            None => found.extend(head(rest)),
        }
    }
    found
}

fn head(path: &str) -> Option<String> {
    let word: String = path.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!word.is_empty()).then_some(word)
}

/// The first segments of the paths of a `{…}` group, up to its closing brace.
fn group_heads(group: &str) -> Vec<String> {
    let (mut depth, mut start, mut heads) = (0, 0, Vec::new());
    for (i, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                heads.extend(head(&group[start..i]));
                start = i + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    heads
}

/// Good enough for imports: `//` within a string cuts the line as well.
fn without_comments(source: &str) -> String {
    source.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}
