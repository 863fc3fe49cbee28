//! The pages of this repository say what is so: options exist and none is left out, links lead somewhere, files are where a
//! page says.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const COMMANDS: [&str; 17] = [
    "analyze",
    "apply",
    "verify",
    "check",
    "what-if",
    "simulate",
    "measure",
    "graph",
    "explain",
    "affected",
    "services",
    "diff",
    "trend",
    "init",
    "cluster",
    "completions",
    "man",
];
/// Folders below which a page may name a file without saying which.
const ROOTS: [&str; 6] = ["", "analyzer", "analyzer/src", "cli/src", "benches", "benches/src"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The pages, by their path from the root.
fn pages() -> BTreeMap<PathBuf, String> {
    let mut paths: Vec<PathBuf> = ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "benches/README.md"]
        .map(PathBuf::from)
        .into_iter()
        .collect();
    let docs = fs::read_dir(root().join("docs")).unwrap();
    paths.extend(docs.map(|entry| Path::new("docs").join(entry.unwrap().file_name())));
    paths.into_iter().map(|path| (path.clone(), fs::read_to_string(root().join(path)).unwrap())).collect()
}

fn long_options(text: &str) -> BTreeSet<&str> {
    let word = |c: char| c.is_ascii_lowercase() || c == '-';
    let after = |(at, _): (usize, &str)| {
        let before = text[..at].chars().next_back();
        let end = text[at + 2..].find(|c| !word(c)).map_or(text.len(), |end| at + 2 + end);
        let name = text[at + 2..end].trim_end_matches('-');
        let begins = name.starts_with(|c: char| c.is_ascii_lowercase()) && !before.is_some_and(word);
        (begins && !name.is_empty()).then_some(name)
    };
    text.match_indices("--").filter_map(after).collect()
}

/// What the binary says on stdout.
fn said(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_split-advisor")).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The long options of a command, as its own `--help` lists them.
fn options_of(command: &str) -> BTreeSet<String> {
    let help = said(&[command, "--help"]);
    // Possible values stand behind a dash and a space.
    let listed = |line: &&str| line.trim_start().starts_with('-') && !line.trim_start().starts_with("- ");
    help.lines().filter(listed).flat_map(long_options).map(str::to_owned).collect()
}

#[test]
fn commands_page_names_every_option_of_every_command() {
    let page = &pages()[Path::new("docs/commands.md")];
    let named = long_options(page);
    for command in COMMANDS {
        let options = options_of(command);
        let missing: Vec<_> =
            options.iter().filter(|name| *name != "help" && !named.contains(name.as_str())).collect();
        assert!(!options.is_empty() && missing.is_empty(), "{command}: docs/commands.md lacks {missing:?}");
    }
}

#[test]
fn command_lines_and_options_in_pages_exist() {
    let mut wrong = Vec::new();
    for (path, page) in pages().iter().filter(|(path, _)| !path.starts_with("benches")) {
        for line in page.lines() {
            let words: Vec<&str> = line.trim_start_matches("$ ").split_whitespace().collect();
            let ["split-advisor", command, ..] = words[..] else { continue };
            let line = line.split(" # ").next().unwrap_or_default().split(" -- ").next().unwrap_or_default();
            let options = options_of(command);
            let unknown = long_options(line).into_iter().filter(|name| !options.contains(*name));
            wrong.extend(unknown.map(|name| format!("{}: {command} has no --{name}", path.display())));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_command_is_on_the_page_and_has_examples() {
    let help = said(&["--help"]);
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let names: BTreeSet<&str> = listed
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    assert_eq!(names, COMMANDS.into_iter().collect());
    let page = &pages()[Path::new("docs/commands.md")];
    for command in COMMANDS {
        assert!(page.contains(&format!("| [`{command}")), "docs/commands.md: {command}");
        let help = said(&[command, "--help"]);
        assert!(
            help.contains(&format!("Examples:\n  split-advisor {command}")) || command == "apply",
            "{help}"
        );
    }
}

/// What bash offers for a line that is being typed; `None` without bash.
fn completed(words: &[&str]) -> Option<Vec<String>> {
    let script = "source \"$0\"; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); \
                  _split__advisor split-advisor \"${COMP_WORDS[COMP_CWORD]}\" \"${COMP_WORDS[COMP_CWORD-1]}\"; \
                  printf '%s\\n' \"${COMPREPLY[@]}\"";
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), said(&["completions", "bash"])).unwrap();
    let output =
        Command::new("bash").args(["--norc", "-c", script]).arg(file.path()).args(words).output().ok()?;
    assert!(output.status.success() && output.stderr.is_empty(), "{words:?}: {output:?}");
    Some(String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect())
}

#[test]
fn bash_completes_commands_options_and_words() {
    for (words, expected) in [
        (&["split-advisor", "che"][..], &["check"][..]),
        (&["split-advisor", "check", "--allow"], &["--allow-degraded"]),
        (&["split-advisor", "check", "--format", "ju"], &["junit"]),
        (&["split-advisor", "what-if", "--assume"], &["--assume-cuts"]),
        (&["split-advisor", "completions", "z"], &["zsh"]),
    ] {
        if let Some(offered) = completed(words) {
            assert_eq!(offered, expected, "{words:?}");
        }
    }
}

#[test]
fn pages_of_the_manual_are_taken_by_groff_without_a_warning() {
    let dir = tempfile::tempdir().unwrap();
    said(&["man", "--out", &dir.path().display().to_string()]);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), COMMANDS.len() + 1);
    assert_eq!(
        fs::read_to_string(dir.path().join("split-advisor-check.1")).unwrap(),
        said(&["man", "check"])
    );
    for command in COMMANDS {
        let page = dir.path().join(format!("split-advisor-{command}.1"));
        let groff =
            Command::new("groff").args(["-man", "-Tutf8", "-Kutf8", "-ww", "-rLL=100n"]).arg(page).output();
        let Ok(output) = groff else { return };
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() && said.is_empty(), "{command}: {said}");
        assert!(String::from_utf8_lossy(&output.stdout).contains("split-advisor"), "{command}");
    }
}

/// GitHub's anchor of a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().to_lowercase();
    kept.chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .collect::<String>()
        .replace(' ', "-")
}

#[test]
fn links_lead_somewhere() {
    let pages = pages();
    let mut broken = Vec::new();
    for (path, page) in &pages {
        for (at, _) in page.match_indices("](") {
            let target = page[at + 2..].split(')').next().unwrap();
            if target.starts_with("http") {
                continue;
            }
            let (file, part) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() {
                root().join(path)
            } else {
                root().join(path).with_file_name("").join(file)
            };
            let text = fs::read_to_string(&file).unwrap_or_default();
            let mut headings = text.lines().filter(|line| line.starts_with('#'));
            let found = part.is_empty() || headings.any(|line| anchor(line.trim_start_matches('#')) == part);
            if !file.exists() || !found {
                broken.push(format!("{}: {target}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn files_that_pages_name_exist() {
    let source = |word: &&str| word.ends_with(".rs") && word.contains('/') && !word.starts_with("src/");
    let mut gone = Vec::new();
    for (path, page) in pages().iter().filter(|(path, _)| *path != Path::new("CHANGELOG.md")) {
        // What stands between single back quotes, outside of fences; tables name files of other repositories.
        let prose = page.split("```").step_by(2).flat_map(str::lines).filter(|line| !line.starts_with('|'));
        for word in prose.flat_map(|line| line.split('`').skip(1).step_by(2)).filter(source) {
            if !ROOTS.iter().any(|folder| root().join(folder).join(word).exists()) {
                gone.push(format!("{}: {word}", path.display()));
            }
        }
    }
    assert!(gone.is_empty(), "{gone:#?}");
}
